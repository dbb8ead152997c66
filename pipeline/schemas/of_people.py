"""What a list says of its people whatever it is about: sex, ethnic group, post, degrees, days of the Party. A roster's own columns; others say them besides.

Said besides (`Meta.is_besides`), they tell nobody which list it is, stand in no template and in no fact, and make nobody a roster's: they tell people
apart, and fill `dim_person` where no roster says anything.
What does not belong here: names and numbers (columns), and what a roster alone says.
"""

from dataclasses import replace

import pandera.polars as pa
import polars as pl

from pipeline import law
from pipeline.schemas.columns import POSTS, below, column
from pipeline.schemas.days import DAY, latest
from pipeline.schemas.kinds import meta
from pipeline.schemas.rules import lawful, rule

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


def what_agrees(is_roster: bool = False) -> list[pa.Check]:
    """What is said of a person twice, asked wherever a list says it: days of the Party in their order, and what a number of twelve digits says itself of
    sex and year of birth. A roster should say both; of other lists only rows that do are spoken of."""
    number, sex, born = pl.col("identity_number"), pl.col("sex_code"), pl.col("birth_date")
    is_new = number.str.len_chars() == 12  # an old one of nine digits says nothing of its person
    joined = {"party_joined_on": DAY(2010, 3, 1), "party_joined_on_precision_code": "DAY", "party_official_on_precision_code": "DAY"}
    return [
        rule(
            "official_after_joining",
            latest("party_official_on") >= pl.col("party_joined_on"),
            applies=pl.col("party_official_on").is_not_null(),
            on="party_official_on",
            says="Ngày chính thức phải bằng hoặc sau ngày vào Đảng.",
            says_en="Full membership comes on or after admission.",
            severity="WARNING",
            unknown=("party_official_on",),
            good=joined | {"party_official_on": DAY(2011, 3, 1)},
            bad=joined | {"party_official_on": DAY(2009, 3, 1)},
        ),
        *lawful(
            "identity_number_agrees_with_sex",
            lambda law: (number.str.slice(3, 1).cast(pl.Int32, strict=False) % 2 == 0) == (sex == "MALE"),
            applies=is_new if is_roster else is_new & sex.is_not_null(),
            on="identity_number",
            examples={"R15a": ({"sex_code": "MALE"}, {"sex_code": "FEMALE"})},
        ),
        *lawful(
            "identity_number_agrees_with_birth_year",
            lambda law: number.str.slice(4, 2) == born.dt.strftime("%y"),
            applies=is_new if is_roster else is_new & born.is_not_null(),
            on="identity_number",
            examples={"R15b": ({"birth_date": DAY(1980, 2, 5)}, {"birth_date": DAY(1981, 2, 5)})},
        ),
    ]
