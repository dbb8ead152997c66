"""`rotation`: one row per posting (luân chuyển, điều động, biệt phái, chuyển đổi vị trí). What does not belong here: overlaps between files."""

import re

import polars as pl

from pipeline.schemas.card import Card, Claim, Receipt
from pipeline.schemas.columns import APART, DECIDED_ON, NOTE, below, column, dataset, decision_no, person, unit
from pipeline.schemas.days import DAY, lasts_at_least
from pipeline.schemas.of_people import DEGREES, WHO_IT_IS, what_agrees
from pipeline.schemas.rules import lawful, one_person_named, rule
from pipeline.spoken_lists import Spoken

c = pl.col
# examples of rows
FOR_THREE_YEARS = {"posting_from": DAY(2022, 5, 1), "posting_to": DAY(2025, 4, 30), "rotation_end_reason_code": "COMPLETED"}
IN_2022, IN_2025 = {"folder_year": 2022, "posting_from": DAY(2022, 5, 1)}, {"folder_year": 2025}
BY_PLACE = {"rotation_kind_code": "POSITION_CHANGE", "is_in_planning": None}

# Groups of two header rows, and what stands below them.
LEFT = ("Nơi đi", "Đơn vị đi", "Trước khi luân chuyển", "Trước khi điều động", "Trước luân chuyển", "Nơi công tác cũ", "Trước", "Cũ")
TAKEN = ("Nơi đến", "Đơn vị đến", "Sau khi luân chuyển", "Sau khi điều động", "Sau luân chuyển", "Nơi công tác mới", "Sau", "Mới")
UNITS, POSTS = ("Đơn vị", "Tên đơn vị", "Cơ quan", "Đơn vị công tác", "Cơ quan, đơn vị"), ("Chức vụ", "Chức danh", "Chức vụ, chức danh")
SPANS = (
    "Thời gian",
    "Thời hạn",
    "Thời gian luân chuyển",
    "Thời gian điều động",
    "Thời gian biệt phái",
    "Thời gian thực hiện",
    "Thời hạn luân chuyển",
)
STEPS = ("", "luân chuyển ", "điều động ", "biệt phái ")


ROTATION = dataset(
    "rotation",
    title="Luân chuyển",
    description="Luân chuyển, điều động, biệt phái, chuyển đổi vị trí công tác: mỗi dòng là một lần, theo một quyết định.",
    columns={
        "unit": unit("Unit that reports the posting: its code, or its name below the sender; blank is the sender."),
        **person(named=True, numbered=True),
        "rotation_kind_code": column(
            "Hình thức",
            "Loại hình",
            "Loại",
            kind="code",
            codes_of="rotation_kind",
            wanted=True,
            description="Kind of movement.",
        ),
        "from_unit": column(
            "Đơn vị đi",
            "Từ đơn vị",
            "Nơi đi",
            *below(LEFT, UNITS),
            *below(UNITS, LEFT[2:]),
            kind="unit",
            description="Unit left, by code or name; anywhere in the city or outside.",
        ),
        "to_unit": column(
            "Đơn vị đến",
            "Nơi đến",
            *below(TAKEN, UNITS),
            *below(UNITS, TAKEN[2:]),
            kind="unit",
            description="Destination, by code or name; anywhere in the city or outside.",
        ),
        "from_post_code": column(
            "Chức vụ trước",
            "Chức vụ cũ",
            *below(LEFT, (*POSTS, "Chức vụ cũ")),
            *below(POSTS, LEFT[2:]),
            kind="words",
            codes_of="post",
            catalogue="posts",
            description="Post left.",
        ),
        "to_post_code": column(
            "Chức vụ sau",
            "Chức vụ mới",
            *below(TAKEN, (*POSTS, "Chức vụ mới")),
            *below(POSTS, TAKEN[2:]),
            kind="words",
            codes_of="post",
            catalogue="posts",
            description="Post taken.",
        ),
        "posting_from": column(
            "Từ ngày",
            "Ngày bắt đầu",
            "Ngày đi",
            "Từ tháng, năm",
            *SPANS,
            *below(SPANS, ("từ", "từ ngày", "từ tháng, năm")),
            *(f"Thời gian {of}{since}" for of in STEPS for since in ("từ", "từ ngày", "từ tháng, năm")),
            kind="date",
            wanted=True,
            until="posting_to",
            description="First day at the destination.",
        ),
        "posting_to": column(
            "Đến ngày",
            "Ngày kết thúc",
            "Đến tháng, năm",
            *below(SPANS, ("đến", "đến ngày", "đến tháng, năm")),
            *(f"Thời gian {of}{until}" for of in STEPS for until in ("đến", "đến ngày", "đến tháng, năm")),
            kind="date",
            ends=True,
            description="Last day; blank while it runs.",
        ),
        "rotation_end_reason_code": column(
            "Lý do kết thúc",
            kind="code",
            codes_of="rotation_end_reason",
            description="Why the posting ended.",
        ),
        "is_in_planning": column(
            "Trong quy hoạch",
            "Quy hoạch",
            "Thuộc quy hoạch",
            kind="boolean",
            description="Whether the person was in planning at the start.",
        ),
        "planning_exception_code": column(
            "Trường hợp ngoài quy hoạch",
            kind="code",
            codes_of="planning_exception",
            description="Ground for rotating outside planning.",
        ),
        "decision_no": decision_no(wanted=False),
        "decided_on": DECIDED_ON,
        **APART,
        "note": NOTE,
        **WHO_IT_IS,
        **DEGREES,
    },
    rules=[
        one_person_named(),
        rule(
            "posting_open_in_year",
            (c("posting_from").dt.year() <= c("folder_year")) & (c("posting_to").dt.year().fill_null(9999) >= c("folder_year")),
            on="posting_from",
            says="Dòng này thuộc năm khác; hãy gửi trong thư mục của đúng năm.",
            says_en="A posting must be open on a day of the folder's year.",
            basis="form",
            bad={"posting_from": DAY(2022, 2, 1)},
        ),
        rule(
            "movement_period_order",
            c("posting_to") >= c("posting_from"),
            applies=c("posting_to").is_not_null(),
            on="posting_to",
            says="“Đến ngày” phải bằng hoặc sau “Từ ngày”.",
            says_en="A posting ends on or after its first day.",
            severity="WARNING",
            unknown=("posting_to",),
            good={"posting_to": DAY(2021, 12, 1)},
            bad={"posting_from": DAY(2021, 6, 1), "posting_to": DAY(2021, 5, 1)},
        ),
        rule(
            "ended_posting_has_reason",
            c("rotation_end_reason_code").is_not_null() | c("posting_to").is_null(),
            on="rotation_end_reason_code",
            says="Lần luân chuyển đã kết thúc phải có lý do kết thúc.",
            says_en="A closed posting names why it ended.",
            severity="WARNING",
            basis="form",
            bad={"posting_to": DAY(2021, 12, 1), "rotation_end_reason_code": None},
        ),
        *lawful(
            "rotation_at_least_36_months",
            lambda law: lasts_at_least(law["months"], "posting_from", "posting_to"),
            subject="rotation_kind_code",
            applies=lambda law: c("posting_to").is_not_null() & c("rotation_end_reason_code").is_in(law["allowed_codes"]).not_(),
            on="posting_to",
            examples={"R19b": (IN_2025 | FOR_THREE_YEARS, IN_2025 | FOR_THREE_YEARS | {"posting_from": DAY(2023, 5, 1)})},
        ),
        *lawful(
            "rotated_cadre_is_planned",
            lambda law: pl.when(c("is_in_planning").is_not_null()).then(c("is_in_planning") | c("planning_exception_code").is_not_null()),
            subject="rotation_kind_code",
            on="is_in_planning",
            examples={"N01": (IN_2022, IN_2022 | {"is_in_planning": False})},
        ),
        *lawful(
            "position_change_is_written",
            lambda law: c("decision_no").is_not_null(),
            subject="rotation_kind_code",
            on="decision_no",
            examples={"N10": (BY_PLACE, BY_PLACE | {"decision_no": None})},
        ),
        *what_agrees(),
    ],
    card=Card(
        claim=Claim(
            key="rotation_key",
            by=("r.rotation_kind_code", "r.posting_from", "r.decision_no"),
            on="greatest(coalesce(r.posting_from, v.period_from), v.period_from)",
        ),
        happened=("posting_from", "decided_on"),
        reports=("rpt_rotation_summary",),
        receipt=Receipt(("started", "ended", "running")),
        spoken=Spoken(
            calls=re.compile(r"\b(?:luan chuyen|dieu dong|biet phai|chuyen doi vi tri)\b"),
            matter=re.compile(r"\b(?:biet phai|luan chuyen|dieu dong|tang cuong)\b"),
            from_title=("rotation_kind_code", "decision_no", "decided_on"),
            from_section=("rotation_kind_code",),
            in_sections=re.compile(
                r"\b(?:cac|dong chi|truong hop|duoc|can bo|cong chuc|vien chuc|lanh dao|quan ly|trong nam|nam 20[0-9]{2}|danh sach|ve|doi voi)\b"
            ),
            undone=("rotation_end_reason_code",),
            kind="rotation_kind_code",
            kinds="rotation_kind",
        ),
    ),
    example={
        "unit": None,
        "full_name": "Nguyễn Văn Mẫu",
        "identity_number": "092080000001",
        "rotation_kind_code": "ROTATION",
        "from_unit": None,
        "to_unit": None,
        "from_post_code": "DEPUTY_HEAD",
        "to_post_code": "HEAD",
        "posting_from": DAY(2021, 3, 1),
        "posting_to": None,
        "rotation_end_reason_code": None,
        "is_in_planning": True,
        "planning_exception_code": None,
        "decision_no": "12-QĐ/ĐU",
    },
)
