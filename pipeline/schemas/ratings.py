"""`ratings`: one row per rated subject, system and period. What does not belong here: caps and what needs a roster."""

import polars as pl

from pipeline.schemas.columns import DECIDED_ON, NOTE, column, dataset, decision_no, full_name, identity_number, rule, unit

c = pl.col
RATED = c("decided_level_code").is_in(["EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED"])
BAND = pl.when(c("score") >= 90).then(1).when(c("score") >= 70).then(2).when(c("score") >= 50).then(3).when(c("score") >= 0).then(4)
LEVEL_RANK = c("decided_level_code").replace_strict(
    {"EXCELLENT": 1, "GOOD": 2, "COMPLETED": 3, "NOT_COMPLETED": 4}, default=None, return_dtype=pl.Int32
)
PARTY_SYSTEM = c("rating_system_code").is_in(["PARTY_MEMBER", "LEADER", "COLLECTIVE"])

RATINGS = dataset(
    "ratings",
    title="Xếp loại",
    description="Kết quả đánh giá, xếp loại chất lượng: mỗi dòng là một người hoặc một tập thể, một hệ xếp loại, một kỳ.",
    columns={
        "unit": unit("Unit where the rating is made: its code, or its name below the sender; blank is the sender."),
        "full_name": full_name("Tên tập thể", "Họ và tên / Tập thể", wanted=False),
        "identity_number": identity_number(required=False),
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
            "Tự xếp loại", "Cá nhân tự xếp loại", kind="code", codes_of="rating_level", description="Level of the self-rating."
        ),
        "proposed_level_code": column(
            "Đề nghị xếp loại", "Đề nghị", "Chi bộ đề nghị", kind="code", codes_of="rating_level", description="Level proposed."
        ),
        "decided_level_code": column(
            "Mức xếp loại",
            "Xếp loại",
            "Kết quả xếp loại",
            "Cấp có thẩm quyền quyết định",
            "Xếp loại chất lượng",
            "Kết quả",
            kind="code",
            codes_of="rating_level",
            required=True,
            beside=("not_rated_reason_code", "NOT_RATED"),
            description="Level decided by the competent body, or not rated; blank beside a reason is not rated.",
        ),
        "score": column("Điểm", "Tổng điểm", "Điểm số", kind="number", between=(0, 100), description="Score, 0 to 100."),
        "not_rated_reason_code": column(
            "Lý do không xếp loại",
            "Lý do",
            "Lý do chưa xếp loại",
            kind="code",
            codes_of="not_rated_reason",
            decides_where=("decided_level_code", "NOT_RATED"),
            description="Why not rated.",
        ),
        "decision_no": decision_no(wanted=False),
        "decided_on": DECIDED_ON,
        "note": NOTE,
    },
    rules=[
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
        rule(
            "person_identified",
            (c("rating_system_code") == "COLLECTIVE") | c("identity_number").is_not_null(),
            on="identity_number",
            says="Cá nhân được xếp loại phải có số CCCD; chỉ tập thể mới được để trống.",
            says_en="A rated person has an identity number.",
            basis="form",
            bad={"identity_number": None},
        ),
        rule(
            "person_named",
            (c("rating_system_code") == "COLLECTIVE") | c("full_name").is_not_null(),
            on="full_name",
            says="Cá nhân được xếp loại phải có họ và tên.",
            says_en="A rated person has a name.",
            severity="WARNING",
            basis="form",
            bad={"full_name": None},
        ),
        rule(
            "unrated_row_has_reason",
            (c("decided_level_code") != "NOT_RATED") | c("not_rated_reason_code").is_not_null(),
            on="not_rated_reason_code",
            says="Người không xếp loại phải có lý do không xếp loại.",
            says_en="A row not rated names the reason.",
            basis="QĐ 132, HD 21 mục II.6; QĐ 124 Điều 5(2)",
            bad={"decided_level_code": "NOT_RATED", "not_rated_reason_code": None},
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
        rule(
            "score_not_below_level",
            pl.when(PARTY_SYSTEM).then(LEVEL_RANK >= BAND),
            on="decided_level_code",
            says="Mức xếp loại không được cao hơn khung điểm: từ 90 xuất sắc, từ 70 tốt, từ 50 hoàn thành, dưới 50 không hoàn thành.",
            says_en="The level is not above the band of the score.",
            basis="QĐ 366 Điều 11",
            during=("folder_year", 2025, None),
            good={"folder_year": 2025, "period": "2025", "score": 92.0},
            bad={"folder_year": 2025, "period": "2025", "score": 60.0},
        ),
        rule(
            "score_not_above_level",
            pl.when(PARTY_SYSTEM).then(LEVEL_RANK <= BAND),
            on="decided_level_code",
            says="Mức xếp loại thấp hơn khung điểm; đề nghị kiểm tra lại.",
            says_en="The level is not below the band of the score.",
            severity="WARNING",
            basis="QĐ 366 Điều 11",
            during=("folder_year", 2025, None),
            good={"folder_year": 2025, "period": "2025", "score": 75.0},
            bad={"folder_year": 2025, "period": "2025", "score": 95.0},
        ),
        rule(
            "fourth_quarter_is_in_the_year",
            pl.when(c("rating_system_code") == "LEADER").then(c("period").str.contains("-Q4").not_()),
            on="period",
            says="Quý IV không xếp loại riêng mà gộp vào xếp loại năm.",
            says_en="Quarter four is rated within the year.",
            severity="WARNING",
            basis="HD 43-HD/BTCTW",
            during=("folder_year", 2025, None),
            good={"rating_system_code": "LEADER", "folder_year": 2025, "period": "2025-Q3"},
            bad={"rating_system_code": "LEADER", "folder_year": 2025, "period": "2025-Q4"},
        ),
    ],
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
