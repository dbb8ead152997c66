"""`training`: one row per person and course. What does not belong here: yearly minimums, which need every file of a person."""

import re

import polars as pl

from pipeline.schemas.card import Card, Claim, Receipt
from pipeline.schemas.columns import APART, NOTE, below, column, dataset, person, unit
from pipeline.schemas.days import DAY
from pipeline.schemas.of_people import POST_HELD, WHO_IT_IS, what_agrees
from pipeline.schemas.rules import lawful, one_person_named, rule
from pipeline.spoken_lists import Spoken
from pipeline.titles import COURSES

c = pl.col
IN_2022 = {"folder_year": 2022, "training_from": DAY(2022, 4, 1), "training_to": DAY(2022, 5, 1)}

SPANS = ("Thời gian", "Thời gian học", "Thời gian đào tạo", "Thời gian đào tạo, bồi dưỡng", "Thời gian bồi dưỡng", "Thời gian tổ chức")

TRAINING = dataset(
    "training",
    title="Đào tạo",
    description="Đào tạo, bồi dưỡng: mỗi dòng là một người, một chương trình, tại một cơ sở, từ một ngày.",
    columns={
        "unit": unit("Unit of the learner: its code, or its name below the sender; blank is the sender."),
        **person(named=True, numbered=True),
        "programme": column(
            "Chương trình",
            "Tên chương trình",
            "Tên lớp",
            "Khóa học",
            "Nội dung đào tạo",
            "Nội dung bồi dưỡng",
            "Tên khóa bồi dưỡng",
            "Lớp bồi dưỡng",
            "Lớp đào tạo, bồi dưỡng",
            "Nội dung đào tạo, bồi dưỡng",
            "Tên lớp bồi dưỡng",
            "Khóa bồi dưỡng",
            "Tên lớp đào tạo, bồi dưỡng",
            kind="key",
            wanted=True,
            restricted=True,
            catalogue="programmes",
            description="Name of the programme; lands as a key, the words stay restricted.",
        ),
        "programme_type_code": column(
            "Loại chương trình",
            "Loại hình đào tạo",
            "Loại hình bồi dưỡng",
            "Loại hình đào tạo, bồi dưỡng",
            "Loại",
            kind="code",
            codes_of="programme_type",
            wanted=True,
            description="Type of programme.",
        ),
        "provider": column(
            "Cơ sở đào tạo",
            "Đơn vị tổ chức",
            "Nơi đào tạo",
            "Cơ sở đào tạo, bồi dưỡng",
            kind="key",
            restricted=True,
            catalogue="providers",
            description="Who teaches; lands as a key, the words stay restricted.",
        ),
        "training_from": column(
            "Từ ngày",
            "Ngày bắt đầu",
            "Ngày khai giảng",
            "Thời gian từ",
            "Thời gian đào tạo từ",
            *SPANS,
            *below(SPANS, ("từ", "từ ngày", "từ tháng, năm")),
            kind="date",
            wanted=True,
            until="training_to",
            description="First day.",
        ),
        "training_to": column(
            "Đến ngày",
            "Ngày kết thúc",
            "Ngày bế giảng",
            "Thời gian đến",
            "Thời gian đào tạo đến",
            *below(SPANS, ("đến", "đến ngày", "đến tháng, năm")),
            kind="date",
            ends=True,
            description="Last day; blank while it runs.",
        ),
        "hours": column(
            "Số tiết",
            "Tổng số tiết",
            "Số giờ",
            "Thời lượng (tiết)",
            "Thời lượng",
            kind="number",
            between=(1, 10000),
            units=("tiết", "giờ", "tiếng", "h"),
            description="Class hours (tiết).",
        ),
        "training_result_code": column(
            "Kết quả",
            "Kết quả học tập",
            "KQ",
            "Xếp loại tốt nghiệp",
            "Xếp loại học tập",
            "Xếp loại",
            "Kết quả xếp loại",
            kind="code",
            codes_of="training_result",
            description="Result.",
        ),
        "certificate_code": column(
            "Văn bằng, chứng chỉ",
            "Chứng chỉ",
            "Văn bằng",
            "Chứng nhận/chứng chỉ",
            "Chứng chỉ, chứng nhận",
            "Bằng, chứng chỉ",
            "Văn bằng/Chứng chỉ được cấp",
            "Văn bằng, chứng chỉ được cấp",
            flags=(("Số chứng chỉ", "CERTIFICATE", None), ("Số hiệu chứng chỉ", "CERTIFICATE", None)),
            kind="code",
            codes_of="certificate",
            description="Paper received.",
        ),
        "cost_bearer_code": column(
            "Nguồn kinh phí",
            "Kinh phí",
            "Kinh phí đào tạo",
            "Nguồn kinh phí đào tạo",
            kind="code",
            codes_of="cost_bearer",
            description="Who bears the cost.",
        ),
        **APART,
        "note": NOTE,
        **WHO_IT_IS,
        **POST_HELD,
    },
    rules=[
        one_person_named(),
        rule(
            "training_open_in_year",
            (c("training_from").dt.year() <= c("folder_year")) & (c("training_to").dt.year().fill_null(9999) >= c("folder_year")),
            on="training_from",
            says="Dòng này thuộc năm khác; hãy gửi trong thư mục của đúng năm.",
            says_en="A course must be open on a day of the folder's year.",
            basis="form",
            bad={"training_to": DAY(2020, 5, 1), "training_from": DAY(2020, 4, 1)},
        ),
        rule(
            "training_period_order",
            c("training_to") >= c("training_from"),
            applies=c("training_to").is_not_null(),
            on="training_to",
            says="“Đến ngày” phải bằng hoặc sau “Từ ngày”.",
            says_en="A course ends on or after its first day.",
            severity="WARNING",
            unknown=("training_to",),
            bad={"training_from": DAY(2021, 6, 1), "training_to": DAY(2021, 5, 1)},
        ),
        *(
            check
            for name, examples in (
                ("digital_programme_since_2025", {"T01": ({}, {"programme_type_code": "DIGITAL"})}),
                ("language_programmes_until_2021", {"T02": (IN_2022, IN_2022 | {"programme_type_code": "IT"})}),
            )
            for check in lawful(
                name, lambda law: c("programme_type_code").is_in(law.subjects).not_(), on="programme_type_code", examples=examples
            )
        ),
        *what_agrees(),
    ],
    card=Card(
        claim=Claim(
            key="training_key",
            by=("r.programme_key", "r.provider_key", "r.training_from"),
            on="greatest(coalesce(r.training_from, v.period_from), v.period_from)",
        ),
        happened=("training_from",),
        reports=("rpt_training_summary",),
        receipt=Receipt(("persons", "attendances", "hours")),
        spoken=Spoken(
            calls=COURSES,
            matter=re.compile(
                r"\b(?:lop|khoa hoc|khoa dao tao|khoa boi duong|boi duong|dao tao|tap huan|chuyen nganh|nganh hoc|truong (?:hoc|dao tao)|hoc vien|mon hoc)\b"
                r"|\A(?:ten )?truong\Z"
            ),
            from_title=("programme", "programme_type_code", "provider", "training_from", "training_to", "training_result_code"),
            from_section=("training_result_code", "programme_type_code"),
            in_sections=re.compile(
                r"\b(?:cac|lop|khoa|ve|boi duong|dao tao|kien thuc|nganh|linh vuc|chuong trinh|trong nam|nam 20[0-9]{2})\b"
            ),
            undone=("training_result_code",),
        ),
        plain_fact="Đào tạo, bồi dưỡng / Training of record. One row per person × programme × provider × first day.",
    ),
    example={
        "unit": None,
        "full_name": "Nguyễn Văn Mẫu",
        "identity_number": "092080000001",
        "programme": "Bồi dưỡng chuyên viên",
        "programme_type_code": "STATE_MGMT",
        "provider": "Trường Chính trị",
        "training_from": DAY(2021, 4, 1),
        "training_to": DAY(2021, 5, 1),
        "hours": 160.0,
        "training_result_code": "PASSED",
        "certificate_code": "CERTIFICATE",
        "cost_bearer_code": "STATE_BUDGET",
    },
)
