"""`discipline`: one row per decision and subject. What does not belong here: what discipline means for a rating."""

import re

import polars as pl

from pipeline.law import Version
from pipeline.schemas.card import Card, Claim, Receipt
from pipeline.schemas.columns import APART, DAY_DECIDED, NOTE, POSTS, column, dataset, decision_no, person, unit
from pipeline.schemas.days import DAY, earliest, latest
from pipeline.schemas.of_people import DEGREES, WHO_IT_IS, what_agrees
from pipeline.schemas.rules import belongs_to_folder_year, lawful, one_person_named, rule
from pipeline.spoken_lists import Spoken

c = pl.col
A_PERSON = c("subject_kind_code") == "PERSON"
FORM, PARTY = c("discipline_form_code"), c("discipline_system_code") == "PARTY"
HAS_A_SEAT = c("committee_level_code") != "NONE"
# examples of rows
OF_AN_ORGANISATION = {"subject_kind_code": "ORGANISATION", "identity_number": None}
IN_AUTUMN = {"signed_on": DAY(2021, 9, 10), "announced_on": DAY(2021, 9, 20)}
IN_2023 = {"folder_year": 2023, "signed_on": DAY(2023, 6, 10), "announced_on": DAY(2023, 6, 20)}
IN_2026 = {"folder_year": 2026, "signed_on": DAY(2026, 8, 20), "announced_on": DAY(2026, 8, 25)}


def _form_allowed(law: Version) -> pl.Expr:
    """Whether the law knows the form, and a removal something to be removed from: a post that it names, or a seat; unknown while one is blank."""
    is_known = FORM.is_in(law["allowed_codes"])
    posts = law.parameters.get("post_codes")
    return is_known & ((FORM != "REMOVAL") | c("post_code").is_in(posts) | HAS_A_SEAT) if posts else is_known


def _effect_ends(months: int, begins: str) -> pl.Expr:
    """Whether the last day of effect is so many months after the decision took effect, give or take the day itself.

    Where decisions take effect with their signature, those of a cell still do with their announcement (QĐ 21): the forms do not say who
    decided, so either day is good enough. Of an announcement that is a month, a year or blank it is known that no signature comes after it.
    Null where both answers are possible.
    """
    is_day = c("announced_on_precision_code") == "DAY"
    announced = pl.when(is_day).then(c("announced_on")).otherwise(pl.max_horizontal("signed_on", "announced_on"))

    def after(first: pl.Expr, last: pl.Expr) -> pl.Expr:
        first, last = (day.dt.offset_by(f"{months}mo") for day in (first, last))
        is_right = (c("effect_end_on") <= first) & (earliest("effect_end_on") >= last.dt.offset_by("-1d"))
        may_be = (c("effect_end_on") >= first.dt.offset_by("-1d")) & (earliest("effect_end_on") <= last)
        return pl.when(is_right).then(True).when(may_be.not_()).then(False)

    after_announcement = after(announced, latest("announced_on"))
    return after_announcement if begins == "ANNOUNCED" else after(c("signed_on"), latest("signed_on")) | after_announcement


DISCIPLINE = dataset(
    "discipline",
    title="Kỷ luật",
    description="Kỷ luật: mỗi dòng là một quyết định đối với một người hoặc một tổ chức.",
    columns={
        "unit": unit("Unit of the subject on the day of the decision: code, or name below the sender; blank is the sender."),
        "subject_kind_code": column(
            "Loại đối tượng",
            "Cá nhân/Tổ chức",
            kind="code",
            codes_of="subject_kind",
            default="PERSON",
            decides=True,
            description="Person or organisation; blank is person.",
        ),
        **person(where=A_PERSON),
        "discipline_system_code": column(
            "Hệ kỷ luật",
            "Kỷ luật đảng/chính quyền/đoàn thể",
            "Hệ thống",
            kind="code",
            codes_of="discipline_system",
            wanted=True,
            description="Party, state, or Front and unions.",
        ),
        "discipline_form_code": column(
            "Hình thức kỷ luật",
            "Hình thức",
            "Hình thức thi hành kỷ luật",
            "Hình thức xử lý",
            "Hình thức xử lý kỷ luật",
            "Mức kỷ luật",
            kind="code",
            codes_of="discipline_form",
            wanted=True,
            description="Form of discipline.",
        ),
        "violation_code": column(
            "Nội dung vi phạm",
            "Hành vi vi phạm",
            "Lý do kỷ luật",
            "Lý do vi phạm",
            "Nội dung sai phạm",
            kind="code",
            codes_of="violation",
            description="Content of the violation.",
        ),
        "decision_no": decision_no(wanted=True),
        "signed_on": column(
            "Ngày ký",
            *DAY_DECIDED,
            kind="date",
            come_by="0d",
            wanted=True,
            behind="decision_no",
            description="Day of signature.",
        ),
        "announced_on": column("Ngày công bố", kind="date", description="Day of announcement."),
        "effect_end_on": column("Ngày hết hiệu lực", "Hết hiệu lực ngày", kind="date", ends=True, description="Last day of effect."),
        "case_no": column(
            "Mã vụ việc", "Vụ việc", "Số hồ sơ vụ việc", kind="shape", description="Case: one act punished twice carries one number."
        ),
        "is_counted_elsewhere": column(
            "Đã tính ở năm khác",
            "Đã tính một lần",
            kind="boolean",
            description="Counted once: the act already counted in the rating of another year.",
        ),
        "committee_level_code": column(
            "Cấp ủy",
            "Cấp ủy viên",
            "Chức danh Đảng",
            "Chức vụ Đảng",
            "Chức vụ trong Đảng",
            "Chức vụ về Đảng",
            kind="code",
            codes_of="committee_level",
            description="Highest committee at the decision.",
        ),
        "post_code": column("Chức vụ", *POSTS, kind="words", codes_of="post", catalogue="posts", description="Post at the decision."),
        "discipline_status_code": column(
            "Tình trạng",
            "Trạng thái",
            "Hiệu lực",
            kind="code",
            codes_of="discipline_status",
            default="ACTIVE",
            description="Status; blank is in effect.",
        ),
        **APART,
        "note": NOTE,
        **WHO_IT_IS,
        **DEGREES,
    },
    rules=[
        one_person_named(A_PERSON),
        belongs_to_folder_year("announced_on", "signed_on", bad={"announced_on": DAY(2020, 6, 20), "signed_on": DAY(2020, 6, 10)}),
        rule(
            "signed_before_announced",
            latest("announced_on") >= c("signed_on"),
            on="announced_on",
            says="Ngày công bố phải bằng hoặc sau ngày ký.",
            says_en="A decision is announced on or after its signature.",
            severity="WARNING",
            bad={"announced_on": DAY(2021, 6, 1)},
        ),
        *lawful(
            "discipline_form_allowed",
            _form_allowed,
            subject="subject_kind_code",
            applies=PARTY & (c("discipline_status_code") != "ANNULLED_WRONGFUL"),
            on="discipline_form_code",
            examples={
                "R17a": ({"discipline_form_code": "REMOVAL", "post_code": "HEAD"}, {"discipline_form_code": "REMOVAL"}),
                "R17a-TC": (OF_AN_ORGANISATION, OF_AN_ORGANISATION | {"discipline_form_code": "EXPULSION"}),
                "R17d": (IN_2026, IN_2026 | {"discipline_form_code": "DISSOLUTION"}),
                "R17d-TC": (OF_AN_ORGANISATION | IN_2026, OF_AN_ORGANISATION | IN_2026 | {"discipline_form_code": "EXPULSION"}),
            },
        ),
        *lawful(
            "discipline_effect_ends_after_12_months",
            lambda law: _effect_ends(law["months"], law["scope_code"]),
            subject="discipline_system_code",
            applies=lambda law: FORM.is_in(law["allowed_codes"]) & c("effect_end_on").is_not_null(),
            on="effect_end_on",
            examples={
                "R18-QD30": ({"effect_end_on": DAY(2022, 6, 20)}, {"effect_end_on": DAY(2023, 6, 20)}),
                "R18-QD22": (IN_AUTUMN | {"effect_end_on": DAY(2022, 9, 20)}, IN_AUTUMN | {"effect_end_on": DAY(2023, 9, 20)}),
                "R18a": (IN_2023 | {"effect_end_on": DAY(2024, 6, 20)}, IN_2023 | {"effect_end_on": DAY(2025, 6, 20)}),
                "R18b": (IN_2026 | {"effect_end_on": DAY(2027, 8, 20)}, IN_2026 | {"effect_end_on": DAY(2028, 8, 20)}),
            },
        ),
        *what_agrees(),
    ],
    card=Card(
        claim=Claim(
            key="discipline_key",
            by=("r.subject_kind_code", "r.discipline_system_code", "r.decision_no", "r.signed_on"),
            on="coalesce(r.announced_on, r.signed_on, v.period_to)",
            may_end_from="date '0001-01-01'",  # a dissolved unit can still be disciplined (QĐ 69)
            of_unit="r.subject_kind_code <> 'PERSON'",
        ),
        happened=("signed_on", "announced_on"),
        reports=("rpt_discipline_summary",),
        receipt=Receipt(("persons_disciplined", "reprimand", "warning", "removal", "expulsion")),
        spoken=Spoken(
            calls=re.compile(r"\bk[yi] luat\b"),
            matter=re.compile(r"\b(?:k[yi] luat|vi pham|khien trach|canh cao)\b"),
            from_title=("discipline_system_code", "subject_kind_code"),
            from_section=("discipline_system_code", "discipline_status_code", "discipline_form_code", "subject_kind_code"),
            in_sections=re.compile(
                r"\b(?:cac|dong chi|truong hop|bi|ky luat|xu ly|thi hanh|ve|hinh thuc|can bo|cong chuc|vien chuc|trong nam|nam 20[0-9]{2}|bang|mat)\b"
            ),
            undone=(),
            became="discipline_status_code",
            kind="discipline_form_code",
        ),
    ),
    example={
        "unit": None,
        "subject_kind_code": "PERSON",
        "full_name": "Nguyễn Văn Mẫu",
        "identity_number": "092080000001",
        "discipline_system_code": "PARTY",
        "discipline_form_code": "REPRIMAND",
        "violation_code": "DUTY",
        "decision_no": "12-QĐ/UBKT",
        "signed_on": DAY(2021, 6, 10),
        "signed_on_precision_code": "DAY",
        "announced_on": DAY(2021, 6, 20),
        "announced_on_precision_code": "DAY",
        "effect_end_on": None,
        "committee_level_code": "NONE",
        "post_code": "SPECIALIST",
        "discipline_status_code": "ACTIVE",
    },
)
