"""What a list says of its people whatever it is about: sex, ethnic group, post, degrees, days of the Party. A roster's own columns; others say them besides.

Said besides (`Meta.is_besides`), they tell nobody which list it is, stand in no template and in no fact, and make nobody a roster's: they tell people
apart, and fill `dim_person` where no roster says anything.
What does not belong here: names and numbers (columns), and what a roster alone says.
"""

from dataclasses import replace

import pandera.polars as pa

from pipeline import law
from pipeline.schemas.columns import POSTS, below, column
from pipeline.schemas.kinds import meta

OF_AGE = min(version["years"] for version in law.versions("admitted_at_18_or_older"))  # a column in which many were younger is another one
OF_PARTY = (
    "Vào Đảng",
    "Ngày vào Đảng",
    "Ngày vào Đảng CSVN",
    "Ngày, tháng, năm vào Đảng",
    "Ngày vào Đảng Cộng sản Việt Nam",
    "Năm vào Đảng",
)

SEX = column(
    "Giới tính",
    "Phái",
    "Giới",
    "Nam/Nữ",
    kind="code",
    codes_of="sex",
    flags=(*((header, "FEMALE", "MALE") for header in ("Nữ", "Phái nữ", "Giới tính nữ", "Là nữ")), ("Nam", "MALE", "FEMALE")),
    description="Sex.",
)
ETHNICITY = column("Dân tộc", "Thành phần dân tộc", kind="code", codes_of="ethnicity", description="Ethnic group, by label.")
POST = column(
    "Chức vụ",
    *POSTS,
    kind="words",
    codes_of="post",
    catalogue="posts",
    description="Post held.",
)
EDUCATION = column(
    "Trình độ chuyên môn",
    "Chuyên môn",
    "Trình độ",
    "Trình độ CM",
    "Trình độ CMNV",
    "Trình độ chuyên môn, nghiệp vụ",
    "Chuyên môn, nghiệp vụ",
    "Trình độ chuyên môn cao nhất",
    "Trình độ đào tạo",
    "Bậc đào tạo",
    "Bằng cấp chuyên môn",
    "Bằng cấp",
    *below(("Trình độ chuyên môn", "Chuyên môn", "Trình độ CM", "Trình độ"), ("bậc đào tạo", "trình độ", "bằng cấp", "bậc")),
    kind="code",
    codes_of="education",
    description="Highest degree.",
)
POLITICAL_THEORY = column(
    "Lý luận chính trị",
    "LLCT",
    "Trình độ LLCT",
    "Trình độ lý luận chính trị",
    "Trình độ lý luận",
    "Lý luận CT",
    "Trình độ chính trị",
    "Chính trị",
    kind="code",
    codes_of="political_theory",
    description="Level of political theory.",
)
PARTY_JOINED_ON = column(
    "Ngày vào Đảng",
    "Ngày kết nạp",
    "Ngày vào Đảng dự bị",
    "Vào Đảng dự bị",
    "Vào Đảng ngày",
    "Vào Đảng",
    "Ngày vào Đảng CSVN",
    "Ngày vào ĐCSVN",
    "Ngày, tháng, năm vào Đảng",
    "Ngày kết nạp Đảng",
    "Ngày kết nạp vào Đảng",
    "Ngày, tháng, năm kết nạp",
    "Năm vào Đảng",
    "Năm kết nạp",
    *below(OF_PARTY, ("kết nạp", "dự bị", "vào Đảng")),
    kind="date",
    of_age=OF_AGE,
    come_by="0d",
    description="Day of admission to the Party.",
)
PARTY_OFFICIAL_ON = column(
    "Ngày chính thức",
    "Ngày CT",
    "Ngày vào Đảng chính thức",
    "Vào Đảng chính thức",
    "Chính thức ngày",
    "Ngày chuyển chính thức",
    "Ngày công nhận chính thức",
    "Ngày, tháng, năm chính thức",
    *below(OF_PARTY, ("chính thức",)),
    kind="date",
    of_age=OF_AGE,
    come_by="0d",
    description="Day of full membership.",
)


def _besides(**columns: pa.Column) -> dict[str, pa.Column]:
    return {
        name: pa.Column(
            col.dtype, nullable=True, title=col.title, description=col.description, metadata={"meta": replace(meta(col), is_besides=True)}
        )
        for name, col in columns.items()
    }


# The same columns of lists that are about something else.
DAYS_OF_PARTY = {"party_joined_on": PARTY_JOINED_ON, "party_official_on": PARTY_OFFICIAL_ON}
WHO_IT_IS = _besides(sex_code=SEX, ethnicity_code=ETHNICITY, **DAYS_OF_PARTY)
DEGREES = _besides(education_code=EDUCATION, political_theory_code=POLITICAL_THEORY)
POST_HELD = _besides(post_code=POST)
