"""`discipline`: one row per decision and subject. What does not belong here: what discipline means for a rating."""

import polars as pl

from pipeline.schemas.columns import DAY, NOTE, belongs_to_folder_year, column, dataset, decision_no, full_name, identity_number, rule, unit

c = pl.col
FORM, PARTY, PERSON = c("discipline_form_code"), c("discipline_system_code") == "PARTY", c("subject_kind_code") == "PERSON"

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
        "full_name": full_name(wanted=False),
        "identity_number": identity_number(required=False),
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
            kind="code",
            codes_of="discipline_form",
            wanted=True,
            description="Form of discipline.",
        ),
        "violation_code": column("Nội dung vi phạm", kind="code", codes_of="violation", description="Content of the violation."),
        "decision_no": decision_no(wanted=True),
        "signed_on": column(
            "Ngày ký", "Ngày quyết định", "Ngày QĐ", kind="date", come_by="0d", wanted=True, description="Day of signature."
        ),
        "announced_on": column("Ngày công bố", kind="date", description="Day of announcement; party decisions take effect on it."),
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
            kind="code",
            codes_of="committee_level",
            description="Highest committee at the decision.",
        ),
        "post_code": column("Chức vụ", "Chức danh", kind="code", codes_of="post", description="Post at the decision."),
        "discipline_status_code": column(
            "Tình trạng",
            "Trạng thái",
            "Hiệu lực",
            kind="code",
            codes_of="discipline_status",
            default="ACTIVE",
            description="Status; blank is in effect.",
        ),
        "note": NOTE,
    },
    rules=[
        belongs_to_folder_year("announced_on", "signed_on", bad={"announced_on": DAY(2020, 6, 20), "signed_on": DAY(2020, 6, 10)}),
        rule(
            "person_identified",
            (c("subject_kind_code") == "ORGANISATION") | c("identity_number").is_not_null(),
            on="identity_number",
            says="Cá nhân bị kỷ luật phải có số CCCD; chỉ tổ chức mới được để trống.",
            says_en="A disciplined person has an identity number.",
            basis="form",
            bad={"identity_number": None},
        ),
        rule(
            "signed_before_announced",
            c("announced_on") >= c("signed_on"),
            on="announced_on",
            says="Ngày công bố phải bằng hoặc sau ngày ký.",
            says_en="A decision is announced on or after its signature.",
            severity="WARNING",
            bad={"announced_on": DAY(2021, 6, 1)},
        ),
        rule(
            "discipline_form_allowed",
            pl.when(c("discipline_status_code") != "ANNULLED_WRONGFUL").then(
                pl.when(PARTY & PERSON)
                .then(
                    FORM.is_in(["REPRIMAND", "WARNING", "EXPULSION"])
                    | ((FORM == "REMOVAL") & (c("post_code").fill_null("?") != "NONE"))
                    | ((FORM == "REMOVAL") & (c("committee_level_code").fill_null("?") != "NONE"))
                )
                .when(PARTY)
                .then(FORM.is_in(["REPRIMAND", "WARNING", "DISSOLUTION"]))
            ),
            on="discipline_form_code",
            says="Hình thức kỷ luật đảng: cá nhân khiển trách, cảnh cáo, cách chức (khi có chức vụ), khai trừ; tổ chức khiển trách, cảnh cáo, giải tán.",
            says_en="The form is one that party discipline knows for this subject.",
            basis="QĐ 102, QĐ 07; QĐ 69 Điều 7",
            during=("signed_on", None, DAY(2026, 8, 16)),
            bad={"discipline_form_code": "DISMISSAL"},
        ),
        rule(
            "state_form_allowed",
            pl.when(c("discipline_system_code") == "STATE").then(FORM.is_in(["SALARY_DOWNGRADE", "DEMOTION"]).not_()),
            on="discipline_form_code",
            says="Từ 01/07/2025 không còn hình thức hạ bậc lương, giáng chức.",
            says_en="Salary downgrade and demotion ended on 2025-07-01.",
            basis="NĐ 172/2025",
            during=("signed_on", DAY(2025, 7, 1), None),
            good={"discipline_system_code": "STATE", "signed_on": DAY(2025, 7, 10)},
            bad={"discipline_system_code": "STATE", "signed_on": DAY(2025, 7, 10), "discipline_form_code": "DEMOTION"},
        ),
        rule(
            "discipline_effect_ends_after_12_months",
            pl.when(PARTY, FORM.is_in(["EXPULSION", "DISSOLUTION"]).not_(), c("announced_on_precision_code") == "DAY").then(
                (c("effect_end_on") - c("announced_on").dt.offset_by("12mo")).dt.total_days().is_between(-1, 0)
            ),
            on="effect_end_on",
            says="Quyết định kỷ luật hết hiệu lực sau 12 tháng kể từ ngày công bố; đề nghị kiểm tra ngày hết hiệu lực.",
            says_en="The effect ends 12 months after the announcement.",
            severity="WARNING",
            basis="QĐ 69 Điều 2(5)",
            during=("announced_on", DAY(2022, 7, 6), DAY(2026, 4, 10)),
            good={"signed_on": DAY(2023, 6, 10), "announced_on": DAY(2023, 6, 20), "effect_end_on": DAY(2024, 6, 20)},
            bad={"signed_on": DAY(2023, 6, 10), "announced_on": DAY(2023, 6, 20), "effect_end_on": DAY(2025, 6, 20)},
        ),
    ],
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
