"""The kinds of forms of their own that offices of the sample city send, a short declaration each: lists, titles, columns.

What does not belong here: how a column is written (form_columns.py), and how a list is laid out (own_forms.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.codes import labels
from pipeline.sample.facts import Row
from pipeline.sample.form_columns import (
    Column,
    Pen,
    by_sex,
    course_section,
    flag,
    from_to,
    in_three,
    is_of_a_member,
    marks,
    name_parts,
    number_and_day,
    one_of,
    phone,
    place,
    plain,
    rated,
    strange,
    unit_section,
    words,
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """One list of a kind: whose rows stand in it, below which title, in which columns."""

    sheet: str
    title: str
    columns: tuple[Column, ...]
    of: Callable[[Row], bool] = lambda row: True
    sections: Callable[[Row, Pen], str] | None = None  # what the row of a section above a row says
    sheets: Callable[[Row, Pen], str] | None = None  # a sheet for each; its name
    letterhead: bool = True
    number_row: bool = False
    footer: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of form: together its lists hold every row of a dataset."""

    name: str
    dataset: str
    forms: tuple[Form, ...]

    @property
    def is_one_list(self) -> bool:
        """Whether it can be a CSV."""
        return len(self.forms) == 1 and self.forms[0].sheets is None


SHORT = {"EXCELLENT": "HTXSNV", "GOOD": "HTTNV", "COMPLETED": "HTNV", "NOT_COMPLETED": "KHTNV"}
IN_FULL = {code: labels("rating_level")[code] for code in (*SHORT, "NOT_RATED")}
LEVELS = " | ".join(SHORT.values())
SIGNED = "NGƯỜI LẬP BIỂU|T/M CẤP ỦY"
STAYS = (
    plain("Thời gian sinh hoạt > Từ ngày | Đến ngày", "spell_from", "spell_to"),
    plain("Lý do rời", "leaving_reason_code", if_any=True),
    plain("Miễn sinh hoạt > Từ ngày | Đến ngày", "exempt_from", "exempt_to", if_any=True),
    plain("Đình chỉ sinh hoạt > Từ ngày | Đến ngày", "suspended_from", "suspended_to", if_any=True),
    plain("Loại sinh hoạt", "spell_kind_code", if_any=True),
)
KINDS = (
    Kind("sổ đảng viên theo chi bộ", "personnel", (Form(
        "Sổ ĐV", "SỔ THEO DÕI ĐẢNG VIÊN, CÁN BỘ, CÔNG CHỨC\nNăm {period}", (
            plain("Họ và tên", "full_name"), by_sex("Ngày, tháng, năm sinh > Nam | Nữ"), plain("Số CCCD", "identity_number"),
            marks("Dân tộc > Kinh | Khmer | Hoa | Khác", "ethnicity_code", "KINH", "KHMER", "HOA"),
            strange("Quê quán", one_of("Phong Điền, Cần Thơ", "Kế Sách, Sóc Trăng", "Châu Thành, Hậu Giang")),
            plain("Chức vụ > Chính quyền | Cấp ủy", "post_code", "committee_level_code"),
            plain("Ngày vào Đảng > Kết nạp | Chính thức", "party_joined_on", "party_official_on"),
            plain("Tình trạng đảng viên", "member_status_code"), plain("Đối tượng", "staff_kind_code", if_any=True), *STAYS,
        ), sections=unit_section, number_row=True, footer=(SIGNED,),
    ),)),
    Kind("trích ngang, dấu x", "personnel", (Form(
        "Trích ngang", "DANH SÁCH TRÍCH NGANG\nCÁN BỘ, CÔNG CHỨC, ĐẢNG VIÊN NĂM {period}", (
            name_parts("Họ và tên > Họ đệm | Tên"), in_three("Ngày sinh > Ngày | Tháng | Năm", "birth_date"), flag("Nữ", "sex_code", "FEMALE"),
            place("Chi bộ"), plain("Căn cước công dân", "identity_number"),
            marks("Đảng viên > Chính thức | Dự bị | Ngoài đảng", "member_status_code", "FULL", "PROBATIONARY", "NONE"),
            marks("Trình độ > Chuyên môn > ThS | ĐH | CĐ | TC | Khác", "education_code", "MASTER", "UNIVERSITY", "COLLEGE", "INTERMEDIATE"),
            marks("Trình độ > Lý luận chính trị > CC | TC | SC", "political_theory_code", "ADVANCED", "INTERMEDIATE", "ELEMENTARY"),
            plain("Ngày vào Đảng", "party_joined_on"), plain("Chức vụ, chức danh", "post_code"), plain("Đối tượng", "staff_kind_code", if_any=True), *STAYS,
        ), number_row=True, footer=("* Danh sách tính đến ngày 31/12/{period}", SIGNED),
    ),)),
    Kind("kết xuất từ phần mềm", "personnel", (Form(
        "Export", "", (
            strange("Mã hồ sơ", lambda row: f"HS{row['identity_number'][-6:]}"), plain("Họ và tên khai sinh", "full_name"),
            plain("Ngày sinh", "birth_date"), plain("Giới tính", "sex_code"), plain("Số định danh cá nhân", "identity_number"),
            strange("Số điện thoại", phone), plain("Dân tộc", "ethnicity_code"), strange("Tôn giáo", one_of("Không", "Không", "Phật giáo")),
            place("Nơi sinh hoạt"), plain("Loại đảng viên", "member_status_code"), plain("Ngày kết nạp Đảng", "party_joined_on"),
            plain("Ngày công nhận chính thức", "party_official_on"), plain("Chức vụ hiện tại", "post_code"), plain("Chức vụ Đảng", "committee_level_code"),
            strange("Hệ số lương", lambda row: 2.34 + int(row["identity_number"][-1]) * 0.33), plain("Trình độ chuyên môn", "education_code"),
            plain("LLCT", "political_theory_code"), strange("Trình độ văn hóa", one_of("12/12")), plain("Ngày tuyển dụng", "service_joined_on"),
            plain("Đối tượng", "staff_kind_code"), plain("Ngày chuyển đến", "spell_from"), plain("Ngày chuyển đi", "spell_to"),
            *STAYS[1:],
        ), letterhead=False,
    ),)),
    Kind("mỗi chi bộ một trang", "personnel", (Form(
        "", "DANH SÁCH ĐẢNG VIÊN, CÁN BỘ NĂM {period}\n{section}", (
            plain("Họ và tên", "full_name"), plain("Năm sinh", "birth_date"), plain("Giới tính", "sex_code"), plain("CCCD", "identity_number"),
            plain("Chức vụ", "post_code"), plain("Loại đảng viên", "member_status_code"), plain("Ngày vào Đảng", "party_joined_on"),
            plain("Đối tượng", "staff_kind_code", if_any=True), *STAYS,
        ), sheets=unit_section, footer=("Danh sách có {count} người",),
    ),)),
    Kind("xếp loại ba bước, dấu x", "ratings", (
        Form("XL đảng viên", "TỔNG HỢP KẾT QUẢ\nĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN NĂM {period}", (
            plain("Họ và tên", "full_name"), plain("Số CCCD", "identity_number"), plain("Điểm", "score", if_any=True),
            *(marks(f"{who} > {LEVELS}", f"{step}_level_code", *SHORT, if_any=step != "decided") for step, who in
              (("self", "Cá nhân tự xếp loại"), ("proposed", "Chi bộ đề nghị"), ("decided", "Đảng ủy quyết định"))),
            plain("Lý do không xếp loại", "not_rated_reason_code", if_any=True),
        ), of=rated("PARTY_MEMBER"), sections=unit_section, number_row=True, footer=("Tổng cộng: {count}", SIGNED)),
        Form("XL lãnh đạo", "KẾT QUẢ XẾP LOẠI CÁN BỘ LÃNH ĐẠO, QUẢN LÝ NĂM {period}", (
            plain("Họ và tên", "full_name"), plain("Số CCCD", "identity_number"), plain("Điểm", "score", if_any=True),
            words("Tự xếp loại", "self_level_code", SHORT), words("Kết quả xếp loại", "decided_level_code", SHORT),
        ), of=rated("LEADER"), footer=(SIGNED,)),
        Form("XL tập thể", "KẾT QUẢ XẾP LOẠI TẬP THỂ NĂM {period}", (
            plain("Tên tập thể", "full_name"), words("Hệ xếp loại", "rating_system_code", labels("rating_system")), plain("Điểm", "score", if_any=True),
            words("Kết quả xếp loại", "decided_level_code", IN_FULL),
        ), of=rated("COLLECTIVE"), footer=(SIGNED,)),
    )),
    Kind("xếp loại bằng chữ viết tắt", "ratings", (Form(
        "Bảng XL", "BẢNG TỔNG HỢP ĐÁNH GIÁ, XẾP LOẠI NĂM {period}\n(Kèm theo Quyết định số {decision_no} ngày {decided_on} của cấp ủy)", (
            plain("Họ và tên / Tập thể", "full_name"), words("Đối tượng xếp loại", "rating_system_code", labels("rating_system")), plain("CCCD", "identity_number"),
            place("Chi bộ"), words("Cá nhân tự nhận", "self_level_code", SHORT), words("Chi bộ đề xuất", "proposed_level_code", SHORT),
            words("Cấp có thẩm quyền xếp loại", "decided_level_code", SHORT | {"NOT_RATED": "Không XL"}), plain("Lý do", "not_rated_reason_code", if_any=True),
            plain("Tổng điểm", "score", if_any=True),
        ), footer=("Cộng: {count}",),
    ),)),
    Kind("theo dõi luân chuyển", "rotation", (Form(
        "DS cán bộ", "THEO DÕI CÁN BỘ ĐIỀU ĐỘNG, LUÂN CHUYỂN, BIỆT PHÁI\nNăm {period}", (
            plain("Họ và tên", "full_name"), plain("Số CCCD", "identity_number"),
            marks("Hình thức > Luân chuyển | Điều động | Biệt phái | Chuyển đổi vị trí", "rotation_kind_code", "ROTATION", "TRANSFER", "SECONDMENT", "POSITION_CHANGE"),
            plain("Nơi đi > Chức vụ | Đơn vị", "from_post_code", "from_unit"), plain("Nơi đến > Chức vụ | Đơn vị", "to_post_code", "to_unit"),
            plain("Quyết định > Số | Ngày ký", "decision_no", "decided_on"), from_to("Thời gian", "posting_from", "posting_to"),
            plain("Lý do kết thúc", "rotation_end_reason_code", if_any=True), plain("Trong quy hoạch", "is_in_planning", if_any=True),
            plain("Trường hợp ngoài quy hoạch", "planning_exception_code", if_any=True),
        ), number_row=True, footer=(SIGNED,),
    ),)),
    Kind("mỗi lớp một nhóm dòng", "training", (Form(
        "ĐTBD", "DANH SÁCH CỬ ĐI ĐÀO TẠO, BỒI DƯỠNG NĂM {period}", (
            plain("Họ và tên", "full_name"), plain("Số CCCD", "identity_number"), place("Đơn vị công tác"),
            plain("Loại hình bồi dưỡng", "programme_type_code"), plain("Thời gian > Từ ngày | Đến ngày", "training_from", "training_to"),
            plain("Số tiết", "hours"), plain("Kết quả", "training_result_code"), plain("Văn bằng, chứng chỉ", "certificate_code"),
            marks("Kinh phí > Ngân sách | Đơn vị | Cá nhân | Khác", "cost_bearer_code", "STATE_BUDGET", "UNIT", "SELF"),
        ), sections=course_section, footer=("Cộng: {count} lượt người", SIGNED),
    ),)),
    Kind("một bảng cho các lớp", "training", (Form(
        "Tổng hợp", "TỔNG HỢP KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG NĂM {period}", (
            name_parts("Họ và tên đệm | Tên"), plain("CCCD/CMND", "identity_number"), place("Đơn vị"), plain("Tên lớp bồi dưỡng", "programme"),
            plain("Loại chương trình", "programme_type_code"), plain("Cơ sở đào tạo, bồi dưỡng", "provider"),
            from_to("Thời gian học", "training_from", "training_to"), plain("Thời lượng (tiết)", "hours"), plain("KQ", "training_result_code"),
            plain("Chứng chỉ", "certificate_code"), plain("Nguồn kinh phí", "cost_bearer_code"),
        ), number_row=True,
    ),)),
    Kind("kỷ luật, dấu x", "discipline", (
        Form("KL Đảng", "DANH SÁCH ĐẢNG VIÊN BỊ THI HÀNH KỶ LUẬT NĂM {period}", (
            plain("Họ và tên", "full_name"), plain("Số CCCD", "identity_number"), place("Chi bộ"),
            plain("Chức vụ > Đảng | Chính quyền", "committee_level_code", "post_code"),
            marks("Hình thức kỷ luật > Khiển trách | Cảnh cáo | Cách chức | Khai trừ", "discipline_form_code", "REPRIMAND", "WARNING", "REMOVAL", "EXPULSION"),
            plain("Nội dung vi phạm", "violation_code"), number_and_day("Số, ngày quyết định", "decision_no", "signed_on"),
            plain("Ngày công bố", "announced_on"), plain("Tình trạng", "discipline_status_code", if_any=True),
            plain("Vụ việc", "case_no", if_any=True), plain("Đã tính ở năm khác", "is_counted_elsewhere", if_any=True),
        ), of=is_of_a_member, number_row=True, footer=(SIGNED,)),
        Form("KL khác", "THEO DÕI KỶ LUẬT NĂM {period}", (
            plain("Họ tên", "full_name"), plain("Cá nhân/Tổ chức", "subject_kind_code"), plain("Số CCCD", "identity_number"), place("Đơn vị"),
            plain("Hệ kỷ luật", "discipline_system_code"), plain("Hình thức xử lý", "discipline_form_code"), plain("Lý do kỷ luật", "violation_code"),
            plain("Quyết định > Số | Ngày", "decision_no", "signed_on"), plain("Ngày công bố", "announced_on"), plain("Vụ việc", "case_no", if_any=True),
            plain("Chức vụ Đảng", "committee_level_code"), plain("Chức vụ", "post_code"), plain("Tình trạng", "discipline_status_code", if_any=True),
        ), of=lambda row: not is_of_a_member(row)),
    )),
    Kind("sổ kỷ luật", "discipline", (Form(
        "Sổ KL", "SỔ THEO DÕI THI HÀNH KỶ LUẬT\nNăm {period}", (
            plain("Họ và tên", "full_name"), plain("Loại đối tượng", "subject_kind_code"), plain("CCCD", "identity_number"),
            plain("Hệ kỷ luật", "discipline_system_code"), plain("Hình thức", "discipline_form_code"), plain("Hành vi vi phạm", "violation_code"),
            plain("Văn bản > Số | Ngày, tháng, năm", "decision_no", "signed_on"), plain("Ngày công bố", "announced_on"),
            plain("Tình trạng", "discipline_status_code", if_any=True), plain("Vụ việc", "case_no", if_any=True),
            plain("Đã tính ở năm khác", "is_counted_elsewhere", if_any=True), plain("Cấp ủy viên", "committee_level_code"), plain("Chức danh", "post_code"),
        ), sections=unit_section,
    ),)),
)  # fmt: skip
