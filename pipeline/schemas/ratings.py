"""`ratings`: one row per rated subject, system and period. What does not belong here: caps and what needs a roster."""

import datetime as dt
import re
from typing import Any

import polars as pl

from pipeline import codes
from pipeline.law import Version
from pipeline.schemas.card import Card, Claim, Receipt, Roster
from pipeline.schemas.columns import APART, DECIDED_ON, NOTE, RATING_LEVELS, below, column, dataset, decision_no, person, unit
from pipeline.schemas.days import DAY
from pipeline.schemas.of_people import DEGREES, POST_HELD, WHO_IT_IS, what_agrees
from pipeline.schemas.rules import lawful, leaving_in_its_column, one_person_named, rule
from pipeline.spoken_lists import Spoken

c = pl.col
A_PERSON = c("rating_system_code") != "COLLECTIVE"
RATED = c("decided_level_code") != "NOT_RATED"
OFFICIALS = ("CIVIL_SERVANT", "PUBLIC_EMPLOYEE")
LEVEL_RANK = c("decided_level_code").replace_strict(codes.ranks(RATING_LEVELS), return_dtype=pl.Int32)
FIGURES = (
    "population", "left_after_rating", "rated", "excellent", "good_exclusive", "completed", "not_completed", "not_rated", "unexplained",
    "rated_outside_roster",
)  # fmt: skip
# examples of rows
IN_2016 = {"folder_year": 2016, "folder_to": DAY(2016, 12, 31), "period": "2016"}
A_COLLECTIVE_OF_2016 = IN_2016 | {"rating_system_code": "COLLECTIVE"}
AN_OFFICIAL_OF_2016 = IN_2016 | {"rating_system_code": "CIVIL_SERVANT"}
IN_2025 = {"folder_year": 2025, "folder_to": DAY(2025, 12, 31), "period": "2025"}
IN_2026 = {"folder_year": 2026, "folder_to": DAY(2026, 12, 31), "period": "2026"}
SCORED = {
    versions: dict(zip((f"R11{v}" for v in versions), (IN_2025, *(IN_2026 | {"rating_system_code": s} for s in OFFICIALS)), strict=True))
    for versions in ("abc", "def")
}


def _band(law: Version) -> pl.Expr:
    """The rank of the level that a score is good for."""
    points, score = (law["points_excellent"], law["points_good"], law["points_completed"], 0), c("score")
    return pl.coalesce([pl.when(score >= least).then(rank) for rank, least in enumerate(points, start=1)])


def _members(roster: Roster, period: str, last: dt.date) -> list[dict[str, Any]]:
    """A row to be filled in for each member of the Party who was there on the period's last day."""
    members = {
        row["person_key"]: row  # of two primary spells the one begun last counts, as in the headcount
        for row in sorted(roster.rows, key=lambda r: r["spell_from"] or dt.date(roster.year, 1, 1))
        if row["spell_kind_code"] != "SECONDARY" and row["member_status_code"] != "NONE" and (row["spell_to"] or last) >= last
    }
    same = {"rating_system_code": "PARTY_MEMBER", "period": period, "period_type_code": "QUARTER" if "-" in period else "YEAR"}
    who, born = ("unit", "full_name", "identity_number"), ("birth_date", "birth_date_precision_code")
    return [
        {c: row[c] for c in (who if row["identity_number"] else (*who, *born))} | same  # whoever has no number is found again by the day
        for row in roster.rows
        if members.get(row["person_key"]) is row
    ]


RATINGS = dataset(
    "ratings",
    title="Xếp loại",
    description="Kết quả đánh giá, xếp loại chất lượng: mỗi dòng là một người hoặc một tập thể, một hệ xếp loại, một kỳ.",
    columns={
        "unit": unit("Unit where the rating is made: its code, or its name below the sender; blank is the sender."),
        **person("Tên tập thể", "Họ và tên / Tập thể", where=A_PERSON),
        "rating_system_code": column(
            "Hệ xếp loại",
            "Đối tượng xếp loại",
            "Đối tượng",
            kind="code",
            codes_of="rating_system",
            default="PARTY_MEMBER",
            decides=True,
            description="Who is rated as what; blank is party member.",
        ),
        "period_type_code": column(
            "Loại kỳ",
            kind="code",
            codes_of="period_type",
            description="Year or quarter; follows the period where it is blank or cannot be read.",
        ),
        "period": column(
            "Kỳ xếp loại",
            "Kỳ đánh giá",
            "Kỳ",
            "Năm",
            "Năm xếp loại",
            kind="period",
            decides=True,
            description="Period rated; blank is the folder's.",
        ),
        "self_level_code": column(
            "Tự xếp loại",
            "Cá nhân tự xếp loại",
            "Tự đánh giá",
            "Cá nhân tự đánh giá",
            "Tự đánh giá, xếp loại",
            "Cá nhân tự đánh giá, xếp loại",
            "Tự nhận",
            "Cá nhân tự nhận",
            "Mức tự nhận",
            "Mức tự xếp loại",
            "Tự phân loại",
            "Cá nhân tự phân loại",
            kind="level",
            codes_of="rating_level",
            ditto=True,
            description="Level of the self-rating.",
        ),
        "proposed_level_code": column(
            "Đề nghị xếp loại",
            "Đề nghị",
            "Chi bộ đề nghị",
            "Chi bộ đề xuất",
            "Mức đề nghị",
            "Mức đề xuất",
            "Đề xuất xếp loại",
            "Tập thể đề nghị",
            "Cấp ủy đề nghị",
            kind="level",
            codes_of="rating_level",
            ditto=True,
            description="Level proposed.",
        ),
        "decided_level_code": column(
            "Mức xếp loại",
            "Xếp loại",
            "Kết quả xếp loại",
            "Cấp có thẩm quyền quyết định",
            "Xếp loại chất lượng",
            "Kết quả",
            "Cấp trên quyết định",
            "Cấp có thẩm quyền xếp loại",
            "Đảng ủy quyết định",
            "Đảng ủy xếp loại",
            "Kết quả đánh giá",
            "Kết quả đánh giá, xếp loại",
            "Kết quả xếp loại chất lượng",
            "Kết quả phân loại",
            "Mức phân loại",
            "Phân loại",
            "Mức độ hoàn thành nhiệm vụ",
            kind="level",
            codes_of="rating_level",
            required=True,
            ditto=True,
            beside=("not_rated_reason_code", "NOT_RATED"),
            description="Level decided by the competent body, or not rated; blank beside a reason is not rated.",
        ),
        "score": column(
            "Điểm",
            "Tổng điểm",
            "Điểm số",
            "Điểm quyết định",
            "Điểm đánh giá",
            "Điểm xếp loại",
            "Tổng số điểm",
            "Số điểm",
            *below(
                ("Điểm",), ("cấp có thẩm quyền", "cấp có thẩm quyền chấm", "cấp có thẩm quyền đánh giá", "tập thể chấm", "cấp trên chấm")
            ),
            kind="number",
            between=(0, 100),
            units=("điểm", "đ"),
            description="Score, 0 to 100.",
        ),
        "not_rated_reason_code": column(
            "Lý do không xếp loại",
            "Lý do",
            "Lý do chưa xếp loại",
            "Không xếp loại (lý do)",
            "Chưa xếp loại (lý do)",
            "Lý do không đánh giá",
            "Lý do không đánh giá, xếp loại",
            "Lý do không xếp loại chất lượng",
            kind="code",
            codes_of="not_rated_reason",
            decides_where=("decided_level_code", "NOT_RATED"),
            description="Why not rated.",
        ),
        "decision_no": decision_no(wanted=False),
        "decided_on": DECIDED_ON,
        **APART,
        "note": NOTE,
        **WHO_IT_IS,
        **DEGREES,
        **POST_HELD,
    },
    rules=[
        one_person_named(A_PERSON),
        rule(
            "rating_of_folder_year",
            c("period").str.slice(0, 4).cast(pl.Int32, strict=False) == c("folder_year"),
            on="period",
            says="Dòng xếp loại này thuộc năm khác; hãy gửi trong thư mục của đúng năm.",
            says_en="The rating must be of the folder's year.",
            basis="form",
            bad={"period": "2020"},
        ),
        rule(
            "period_matches_type",
            (c("period_type_code") == "QUARTER") == c("period").str.contains("-Q"),
            on="period_type_code",
            says="Loại kỳ phải khớp với kỳ xếp loại: năm (2021) hoặc quý (2021-Q1).",
            says_en="The period type agrees with the period.",
            basis="form",
            bad={"period_type_code": "QUARTER"},
        ),
        *lawful(
            "level_label_known_for_year",
            lambda law: c("decided_level_code").is_in(law["allowed_codes"]),
            subject="rating_system_code",
            applies=RATED,
            on="decided_level_code",
            examples={
                "R01a": ({}, {"decided_level_code": "CLEAN_STRONG"}),
                "R01b": (
                    A_COLLECTIVE_OF_2016 | {"decided_level_code": "CLEAN_STRONG"},
                    A_COLLECTIVE_OF_2016 | {"decided_level_code": "EXCELLENT"},
                ),
                "R01c": (AN_OFFICIAL_OF_2016 | {"decided_level_code": "LIMITED"}, AN_OFFICIAL_OF_2016 | {"decided_level_code": "WEAK"}),
                "R01a-CC": ({"rating_system_code": "CADRE"}, {"rating_system_code": "CADRE", "decided_level_code": "LIMITED"}),
            },
        ),
        *lawful(
            "unrated_row_has_reason",
            lambda law: c("not_rated_reason_code").is_not_null(),
            applies=c("decided_level_code") == "NOT_RATED",
            on="not_rated_reason_code",
            examples={
                "R05": (
                    {"decided_level_code": "NOT_RATED", "not_rated_reason_code": "EXEMPT"},
                    {"decided_level_code": "NOT_RATED", "not_rated_reason_code": None},
                )
            },
        ),
        rule(
            "rated_row_has_no_reason",
            RATED.not_() | c("not_rated_reason_code").is_null(),
            on="not_rated_reason_code",
            says="Người đã được xếp loại thì không ghi lý do không xếp loại.",
            says_en="A rated row names no reason for not rating.",
            severity="WARNING",
            basis="form",
            bad={"not_rated_reason_code": "EXEMPT"},
        ),
        leaving_in_its_column(
            RATED.not_() | c("not_rated_reason_code").is_not_null(),
            on="decided_level_code",
            says="Họ tên hoặc ghi chú nói người này đã chuyển đi, từ trần, nghỉ hưu, thôi việc hoặc ra khỏi Đảng, nhưng dòng vẫn được tính là đã xếp loại; "
            "nếu không xếp loại ở đơn vị này, hãy ghi “Không xếp loại” và lý do, hoặc bỏ dòng.",
            says_en="Whoever a name's brackets or a note says to have left is hardly rated here; the rating was counted.",
            good={"note": "đã chuyển đi tháng 5/2021", "decided_level_code": "NOT_RATED", "not_rated_reason_code": "WORKED_LT_6M"},
            bad={"note": "đã chuyển đi tháng 5/2021"},
        ),
        rule(
            "score_of_hundred",
            (c("score") == 0) | (c("score") > 1),
            on="score",
            says="Điểm phải theo thang 100 (ví dụ 88,5); điểm từ 0 đến 1 có thể là tỷ lệ phần trăm bị ghi thành số thập phân.",
            says_en="A score is one of a hundred; a part of one may be a percentage.",
            severity="WARNING",
            basis="form",
            unknown=("score",),
            good={"score": 88.5},
            bad={"score": 0.885},
        ),
        *lawful(
            "score_not_below_level",
            lambda law: _band(law) <= LEVEL_RANK,
            subject="rating_system_code",
            applies=RATED & c("score").is_not_null(),
            on="decided_level_code",
            examples={v: ({**row, "score": 75.0}, {**row, "score": 60.0}) for v, row in SCORED["abc"].items()},
        ),
        *lawful(
            "score_not_above_level",
            lambda law: _band(law) >= LEVEL_RANK,
            subject="rating_system_code",
            applies=RATED & c("score").is_not_null(),
            on="decided_level_code",
            examples={v: ({**row, "score": 75.0}, {**row, "score": 95.0}) for v, row in SCORED["def"].items()},
        ),
        *lawful(
            "fourth_quarter_is_in_the_year",
            lambda law: c("period").str.contains("-Q4").not_(),
            subject="rating_system_code",
            applies=c("period").str.contains("-Q"),
            on="period",
            examples={
                "Q01": (
                    IN_2025 | {"rating_system_code": "LEADER", "period_type_code": "QUARTER", "period": "2025-Q3"},
                    IN_2025 | {"rating_system_code": "LEADER", "period_type_code": "QUARTER", "period": "2025-Q4"},
                )
            },
        ),
        *what_agrees(),
    ],
    card=Card(
        claim=Claim(
            key="rating_key",
            by=("r.rating_system_code", "p.period_type_code", "r.period"),
            on="p.period_to",
            may_end_from="{{ rated_until('r', 'p.period_from', 'p.period_to') }}",
            of_unit="r.rating_system_code = 'COLLECTIVE'",
            period="r.period",
        ),
        happened=("decided_on",),
        reports=("rpt_rating_summary", "rpt_quota"),
        receipt=Receipt(FIGURES, by="rating_system_code"),
        needs_one=("rating_of_folder_year", "rating_of_folder_year_present"),
        waits={"identity_number": "decided_level_code", "rating_system_code": "decided_level_code"},
        prefilled=_members,
        spoken=Spoken(
            calls=re.compile(r"\b(?:xep loai|xep muc|danh gia|phan loai|binh xet)\b"),
            from_title=("rating_system_code", "period", "period_type_code", "decision_no", "decided_on"),
            one_row_each=True,
            is_apart_by_time=True,
        ),
    ),
    example={
        "unit": None,
        "full_name": "Nguyễn Văn Mẫu",
        "identity_number": "092080000001",
        "rating_system_code": "PARTY_MEMBER",
        "period_type_code": "YEAR",
        "period": "2021",
        "self_level_code": "GOOD",
        "proposed_level_code": "GOOD",
        "decided_level_code": "GOOD",
        "score": None,
        "not_rated_reason_code": None,
        "decision_no": "12-QĐ/ĐU",
    },
)
