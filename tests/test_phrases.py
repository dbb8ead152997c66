"""What words of optional lists mean: understood whole, or not at all."""

import pytest

from pipeline.codes import meaning_of

UNDERSTOOD = {
    "violation": {
        "Sinh con thứ ba, vi phạm chính sách dân số": "POPULATION",
        "Thiếu trách nhiệm trong lãnh đạo, chỉ đạo": "DUTY",
        "Vi phạm Điều 3 Quy định về những điều đảng viên không được làm": "PROHIBITED_ACTS",
        "Vi phạm phẩm chất đạo đức, lối sống": "LIFESTYLE",
        "Vi phạm nguyên tắc tập trung dân chủ": "PRINCIPLE",
        "Vi phạm về quản lý đất đai": "LAND_FINANCE",
    },
    "programme_type": {
        "Bồi dưỡng kiến thức quản lý nhà nước ngạch chuyên viên, khóa 12": "STATE_MGMT",
        "Lớp Trung cấp lý luận chính trị, hệ tập trung": "POL_THEORY",
        "Tập huấn kỹ năng số cho công chức cấp xã": "DIGITAL",
        "Bồi dưỡng kiến thức quốc phòng và an ninh đối tượng 4": "DEFENCE",
        "Bồi dưỡng lãnh đạo, quản lý cấp phòng": "LEADERSHIP",
    },
    "not_rated_reason": {"Mới công tác chưa đủ 06 tháng": "WORKED_LT_6M", "Công tác chưa đủ 6 tháng (chuyển đến)": None},
    "education": {"CĐSP Âm nhạc": "COLLEGE", "ĐHSP Toán": "UNIVERSITY"},
    "political_theory": {"Cao cấp lý luận chính trị-hành chính": "ADVANCED", "TC LLCT": "INTERMEDIATE"},
    "member_status": {
        "ĐV chính thức": "FULL",
        "Là đảng viên chính thức": "FULL",
        "ĐV DB": "PROBATIONARY",
        "Chưa kết nạp Đảng": "NONE",
        "Không phải đảng viên": "NONE",
        "Cảm tình Đảng": "NONE",
    },
    "ethnicity": {
        "Dân tộc Kinh": "KINH",
        "DT Khmer": "KHMER",
        "Người Hoa": "HOA",
        "DTTS Chăm": "CHAM",
        "Khmer Nam Bộ": "KHMER",
        "Kinh (Việt)": "KINH",
        "Thái đen": "THAI",
    },
    "discipline_form": {
        "Kỷ luật khiển trách": "REPRIMAND",
        "Hình thức cảnh cáo": "WARNING",
        "Thi hành kỷ luật bằng hình thức cảnh cáo": "WARNING",
        "Bị khai trừ đảng tịch": "EXPULSION",
        "Khai trừ ra khỏi Đảng Cộng sản Việt Nam": "EXPULSION",
        "Cách hết các chức vụ": "REMOVAL",
        "Hạ 01 bậc lương": "SALARY_DOWNGRADE",
        "Giải tán tổ chức đảng": "DISSOLUTION",
    },
}
UNKNOWN = {
    "violation": [
        "Không vi phạm",
        "Thiếu trách nhiệm, tham ô tài sản",
        "Thiếu trách nhiệm, nhận hối lộ",
        "Vi phạm",
        "Sinh con thứ ba (không xử lý)",
    ],
    "programme_type": ["Bồi dưỡng", "Lớp", "Bồi dưỡng kiến thức quản lý nhà nước về y tế", "Trung cấp Kế toán", "Không"],
    "not_rated_reason": ["Mới về", "Đủ 06 tháng", "Chưa rõ"],
    "political_theory": ["Cao cấp (đang học)", "Trung cấp Kế toán"],
    "member_status": [
        "Đảng viên",
        "Là đảng viên",
        "Dự bị, chính thức",
        "Dự bị (chưa chuyển chính thức)",
        "Chính thức, chưa kết nạp",
        "Chưa kết nạp lại",
        "Đoàn viên",
        "Đảng viên chính thức (đã chuyển đi)",
    ],
    "ethnicity": ["Dân tộc", "Dân tộc thiểu số", "Kinh tế", "Khmer, Kinh", "Người Thái Lan", "Kinh Hoa", "Người Việt gốc Hoa", "Hoa Kỳ"],
    "discipline_form": [
        "Kỷ luật",
        "Không bị kỷ luật",
        "Đề nghị kỷ luật cảnh cáo",
        "Khiển trách, khai trừ",
        "Khiển trách Đảng, cảnh cáo chính quyền",
        "Cảnh cáo về Đảng",  # whose discipline it is, another column says, or the title
        "Cảnh cáo (đã hết hiệu lực)",
        "Khai trừ, chưa thi hành",
        "Cách chức vụ Bí thư",
        "Phê bình",
    ],
}


@pytest.mark.parametrize(("name", "text", "code"), [(name, text, code) for name, said in UNDERSTOOD.items() for text, code in said.items()])
def test_words_mean_the_code_that_a_person_reads(name: str, text: str, code: str | None) -> None:
    assert meaning_of(name, text) == code


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in UNKNOWN.items() for text in texts])
def test_what_could_say_otherwise_stays_unknown(name: str, text: str) -> None:
    assert meaning_of(name, text) is None
