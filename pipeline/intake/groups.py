"""Whether a text says a group of people, and names nobody: “Đảng viên nữ”, “Trên 60 tuổi”, “Cao cấp chính trị”. Such rows are a list's statistics.

What does not belong here: whether a row counts them (classifier), and sections of people (sections).
"""

import re
from functools import lru_cache
from unicodedata import normalize

from pipeline.codes import code_of
from pipeline.intake.rows import DIGIT, plain, says

LISTS = (
    "sex",
    "ethnicity",
    "member_status",
    "staff_kind",
    "education",
    "political_theory",
    "committee_level",
    "post",
    "rating_level",
    "not_rated_reason",
    "leaving_reason",
    "training_result",
    "discipline_form",
    "discipline_system",
    "rotation_kind",
)
# Plain phrases of which the name of a group is made; a group is nothing else. “Cao” and “Lý” begin names, “cao cấp” and “lý luận” do not.
PHRASES = re.compile(
    r"(?:(?:trong đó|trong số đó|chia ra|bao gồm|gồm|có|là|số|số lượng|tổng số|người|đảng viên|đv|đảng|đoàn viên|đồng chí|đ/c|cán bộ|công chức|viên chức|cbccvc|cb|cc|vc|nhân viên|"
    r"người lao động|lao động|hợp đồng|nam|nữ|nữ giới|nam giới|dân tộc|dân tộc thiểu số|dtts|tôn giáo|có đạo|phật giáo|công giáo|thiên chúa giáo|tin lành|kinh|khmer|hoa|chăm|"
    r"dự bị|chính thức|dbị|kết nạp|mới|mới kết nạp|chuyển đến|chuyển đi|chuyển|đến|đi|từ trần|miễn|được|sinh hoạt|công tác|shđ|sh|đình chỉ|bị|kỷ luật|xóa tên|khai trừ|"
    r"khiển trách|cảnh cáo|cách chức|hưu trí|nghỉ hưu|hưu|cao tuổi|trẻ|tuổi|tuổi đời|tuổi đảng|bình quân|trung bình|trở lên|trở xuống|từ|trên|dưới|đến dưới|huy hiệu|năm|"
    r"trình độ|chuyên môn|học vấn|văn hóa|văn hoá|lý luận|llct|chính trị|lý luận chính trị|cao cấp|trung cấp|sơ cấp|cử nhân|thạc sĩ|thạc sỹ|tiến sĩ|tiến sỹ|đại học|sau đại học|"
    r"cao đẳng|trung học|thpt|thcs|tiểu học|phổ thông|quản lý nhà nước|qlnn|ngoại ngữ|tin học|cấp ủy|cấp uỷ|cấp ủy viên|cấp uỷ viên|đảng ủy viên|chi ủy viên|bí thư|phó bí thư|"
    r"chi bộ|lãnh đạo|quản lý|trưởng|phó|phòng|xuất sắc|hoàn thành|không|tốt|nhiệm vụ|xếp loại|chưa|htxsnv|httnv|htnv|khtnv|khối|cơ quan|ấp|khu phố|thương binh|cựu chiến binh|"
    r"và|trở|tương đương|loại|diện|thuộc|độ tuổi|[0-9]{1,3}|[abcd])(?:[ ,;:/\-–]+|\Z))+"
)
# What begins a name, with its marks: whatever follows it may be one.
SURNAMES = re.compile(
    r"nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|trương|đinh|lâm|trịnh|thạch|danh|sơn|quách|tăng"
    r"|châu|cao|mai|đào|đoàn|hà|hứa|kiều|kim|la|lại|lục|lương|lưu|mạc|mã|nghiêm|ông|phùng|phó|tạ|thái|thân|thi|tô|tôn|tống"
    r"|triệu|từ|văn|viên|vương|chu|chung|chế|cù|diệp|đồng|giang|giàng|hàng|hoa|khổng|khương|liêu|lò|lù|lường|ma|ngụy|nhan"
    r"|nông|ninh|phí|quan|sầm|sùng|tiêu|tòng|trà|trang|trưng|ung|vàng|vi|xa|y|âu|ôn|đàm|đàng|đậu|đường|an|bá|bạch|bành|cát"
    r"|cầm|h|hầu|hờ|kha|lầu|mông|mùa|thào"
)

COLLECTIVE = re.compile(r"(?:tập thể|công đoàn|liên đoàn|khối|nhà trường|lãnh đạo|cấp [uủ][ỷy]$)\b")


@lru_cache(maxsize=10_000)
def says_a_group(text: str) -> bool:
    """Does a text name a group and nobody? Several words with capitals that begin as a name does are somebody's.

    >>> [says_a_group(t) for t in ("Dân tộc", "Trên 60 tuổi", "Đảng viên nữ", "- Cao cấp chính trị", "Nữ", "DỰ BỊ", "Người có công")]
    [True, True, True, True, True, True, True]
    >>> [says_a_group(t) for t in ("Phòng Tài chính", "Chi bộ 1", "Tập thể lãnh đạo", "Đảng ủy xã")]
    [False, False, False, False]
    >>> [says_a_group(t) for t in ("Nguyễn Văn An", "Nguyễn văn an", "Cao Nam", "Hoa Nữ", "Đặng Viên", "An", "Danh Kinh", "Thu Hà")]
    [False, False, False, False, False, False, False, False]
    >>> says_a_group("…") or says_a_group("-")
    False
    """
    own = normalize("NFC", text).strip(" .:*+-–•()")
    words = own.split()
    said = plain(own)
    if not words:
        return False
    if any(says(name, "start", said) for name in ("OFFICE", "UNIT", "TOTAL", "SUBTOTAL")) or COLLECTIVE.match(said):
        return False  # a sum is held against the list; a collective may be rated, and have nothing but points yet
    begins = bool(SURNAMES.fullmatch(plain(words[0])))
    if len(words) > 1 and begins and all(word[0].isupper() for word in words) and not own.isupper():
        return False
    if PHRASES.fullmatch(said) or any(code_of(name, own) for name in LISTS):
        return True
    return len(words) > 1 and not begins and words[0][0].isupper() and (words[-1][0].islower() or bool(DIGIT.search(own)))
