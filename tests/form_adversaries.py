"""Forms that look like what they are not, as data: a payroll, a list of telephones, two columns that may both be the birth date.

The right answer is a refusal or a question, and never a wrong value. What does not belong here: forms that say plainly what they are
(form_grammar.py).
"""

# ruff: noqa: E731 (a grammar is read as lines of words)
# fmt: off

import datetime as dt
from dataclasses import dataclass

from form_grammar import LEVEL_CODES, LEVELS, WORDS, Way, Year, col

NOTHING = (frozenset(),)  # no dataset is accepted


@dataclass(frozen=True)
class Adversary:
    """What it is called, what it shows (a way that is `only` sometimes there), and which datasets may be accepted from it."""

    name: str
    titles: tuple[str, ...]
    ways: tuple[Way, ...]
    outcomes: tuple[frozenset[str], ...] = NOTHING
    dataset: str = "personnel"
    flavour: str = "officials"
    is_nobody: bool = True  # no value of it is asked for
    is_untitled: bool = False


def shows(heads: str, *gets: object, only: str = "") -> Way:
    """Columns of which nothing is to be taken."""
    return Way("", heads, lambda p: [get(p) for get in gets], lambda p: {}, only)


NAME = col("name", "full_name", "Họ và tên; Họ tên", lambda p: p["name"])
NUMBER = col("", "identity_number", "Số CCCD; Căn cước công dân", lambda p: p["number"])
UNIT = shows("Đơn vị; Nơi công tác; Phòng, ban", lambda p: p["office"], only="often")
POST = shows("Chức vụ; Chức danh", lambda p: p["post"], only="often")
BORN = shows("Ngày sinh; Năm sinh", lambda p: p["born"], only="often")
OTHER_DAY = lambda p: p["born"].replace(year=p["born"].year + 1, day=p["pick"] % 28 + 1)
EITHER = lambda *datasets: tuple(frozenset(d) for d in ((), *((d,) for d in datasets)))
POSTS = Way("", "Chức vụ", lambda p: [p["post"]], lambda p: {"post_code": f"{p['post_code']}|" if p["post"] else "|NONE", "post_text": f"{p['post']}|"})
SALARY = lambda p: round(2.34 + p["pick"] % 12 * 0.33, 2)
LEVEL = dict(zip(LEVEL_CODES, LEVELS["abbreviations"], strict=True))

ADVERSARIES: dict[str, Adversary] = {a.name: a for a in (
    Adversary("two birth dates under one name", ("DANH SÁCH CÁN BỘ, CÔNG CHỨC NĂM 2025",), (
        NAME, Way("", "Ngày sinh | Ngày sinh", lambda p: [p["born"], OTHER_DAY(p)], lambda p: {"birth_date": ""}), NUMBER, POSTS,
    ), EITHER("personnel"), is_nobody=False),
    Adversary("a birth date over two columns", ("DANH SÁCH CÁN BỘ, CÔNG CHỨC NĂM 2025",), (
        NAME, Way("", "Ngày sinh > | ", lambda p: [p["born"], OTHER_DAY(p)], lambda p: {"birth_date": ""}), NUMBER, POSTS,
    ), EITHER("personnel"), is_nobody=False),
    Adversary("two birth dates of two sources", ("DANH SÁCH CÁN BỘ, CÔNG CHỨC NĂM 2025",), (
        NAME, Way("", "Ngày sinh > Theo giấy khai sinh; Theo hồ sơ gốc | Theo lý lịch đảng viên; Theo CCCD", lambda p: [p["born"], OTHER_DAY(p)], lambda p: {"birth_date": ""}), NUMBER, POSTS,
    ), EITHER("personnel"), is_nobody=False),
    Adversary("parts of the name exchanged", ("DANH SÁCH ĐẢNG VIÊN NĂM 2025",), (
        Way("name", "Họ và tên > Họ đệm | Tên", lambda p: [p["given"], p["family"]], lambda p: {"full_name": f"|{p['name']}"}), NUMBER, POSTS,
        col("", "birth_date", "Ngày sinh", lambda p: p["born"]),
    ), EITHER("personnel"), flavour="party", is_nobody=False),
    Adversary("payroll", ("BẢNG THANH TOÁN TIỀN LƯƠNG THÁNG 4/2025", "BẢNG LƯƠNG THÁNG 12 NĂM 2025", "DANH SÁCH CHI LƯƠNG VÀ PHỤ CẤP NĂM 2025"), (
        NAME, POST, UNIT, shows("Lương; Hệ số > Hệ số | Phụ cấp chức vụ | Thành tiền", SALARY, lambda p: p["pick"] % 5 / 10, lambda p: round(SALARY(p) * 2_340_000)),
        shows("Số tài khoản", lambda p: f"{p['pick'] + 10**9}", only="often"), shows("Thực nhận; Thực lĩnh", lambda p: round(SALARY(p) * 2_340_000 * 0.895)), shows("Ký nhận", lambda p: None),
    ), is_untitled=True),
    Adversary("telephones", ("DANH BẠ ĐIỆN THOẠI CƠ QUAN", "DANH SÁCH SỐ ĐIỆN THOẠI CÁN BỘ, CÔNG CHỨC NĂM 2025"), (
        NAME, POST, UNIT, shows("Điện thoại; Số điện thoại > Cơ quan | Di động", lambda p: f"0292{p['pick']:07}", lambda p: f"09{p['pick'] * 97 % 10**8:08}"), shows("Email", lambda p: f"a{p['pick']}@cantho.gov.vn", only="often"),
    ), is_untitled=True),
    Adversary("course that looks like a rating", ("DANH SÁCH HỌC VIÊN LỚP BỒI DƯỠNG ĐẢNG VIÊN MỚI NĂM 2025", "KẾT QUẢ LỚP BỒI DƯỠNG NGHIỆP VỤ CÔNG TÁC ĐẢNG NĂM 2025"), (
        NAME, NUMBER, BORN, UNIT, shows("Điểm", lambda p: 5.0 + p["pick"] % 50 / 10), shows("Kết quả; Xếp loại; Kết quả xếp loại", WORDS("Hoàn thành", "Xuất sắc", "Tốt", "Hoàn thành tốt")),
    ), EITHER("training"), dataset="training"),
    Adversary("course that looks like a rating, by marks", ("DANH SÁCH LỚP BỒI DƯỠNG LÝ LUẬN CHÍNH TRỊ HÈ NĂM 2025",), (
        NAME, NUMBER, BORN, UNIT, shows("Kết quả học tập; Xếp loại > Xuất sắc | Tốt | Hoàn thành | Không hoàn thành", *(lambda p, n=n: True if p["pick"] % 4 == n else None for n in range(4))),
    ), EITHER("training"), dataset="training"),
    Adversary("numbers of units", ("THỐNG KÊ CHẤT LƯỢNG ĐỘI NGŨ CÁN BỘ, ĐẢNG VIÊN NĂM 2025", "BIỂU TỔNG HỢP SỐ LƯỢNG ĐẢNG VIÊN"), (
        shows("Tên đơn vị; Chi bộ; Đơn vị", lambda p: p["unit"]), shows("Tổng số", lambda p: 20 + p["pick"] % 9), shows("Giới tính > Nam | Nữ", lambda p: 10 + p["pick"] % 5, lambda p: 10 + p["pick"] % 4),
        shows("Dân tộc > Kinh | Khmer", lambda p: 15, lambda p: 5 + p["pick"] % 9), shows("Trình độ chuyên môn > Thạc sĩ | Đại học | Cao đẳng", lambda p: p["pick"] % 3, lambda p: 12, lambda p: p["pick"] % 7),
    )),
    Adversary("numbers of units rated", ("TỔNG HỢP KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025", "THỐNG KÊ KẾT QUẢ XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN"), (
        shows("Chi bộ; Đơn vị; Tên tổ chức đảng", lambda p: p["unit"]), shows("Tổng số đảng viên", lambda p: 20 + p["pick"] % 9), shows("Xếp loại > HTXSNV | HTTNV | HTNV | KHTNV", lambda p: p["pick"] % 4, lambda p: 12, lambda p: p["pick"] % 5, lambda p: 1 if p["pick"] % 5 == 0 else None),
    ), dataset="ratings"),
    Adversary("levels that are no ratings of the year", ("DANH SÁCH ĐĂNG KÝ PHẤN ĐẤU CỦA ĐẢNG VIÊN NĂM 2025", "BẢN CAM KẾT CỦA ĐẢNG VIÊN NĂM 2025", "BÌNH XÉT THI ĐUA NĂM 2025", "DANH SÁCH DANH HIỆU THI ĐUA NĂM 2025", "KẾT QUẢ LẤY PHIẾU TÍN NHIỆM NĂM 2025", "BIÊN BẢN KIỂM PHIẾU XẾP LOẠI ĐẢNG VIÊN NĂM 2025", "KẾT QUẢ XẾP LOẠI LỚP 5A NĂM HỌC 2024 - 2025", "DANH SÁCH VÍ DỤ XẾP LOẠI ĐẢNG VIÊN NĂM 2025"), (
        NAME, NUMBER, POST, UNIT, shows("Xếp loại; Mức xếp loại", WORDS("A", "B", "C")),
    ), dataset="ratings"),
    Adversary("a part of the year", ("XẾP LOẠI ĐẢNG VIÊN T4/2025", "XẾP LOẠI ĐẢNG VIÊN THÁNG TƯ NĂM 2025", "KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025\nTháng: 4", "XẾP LOẠI ĐẢNG VIÊN 6T NĂM 2025", "XẾP LOẠI ĐẢNG VIÊN SÁU THÁNG ĐẦU NĂM", "XẾP LOẠI ĐẢNG VIÊN TỪ THÁNG 7 ĐẾN THÁNG 12 NĂM 2025", "KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN\n(từ 01/01/2025 đến 30/6/2025)", "SƠ KẾT, ĐÁNH GIÁ ĐẢNG VIÊN", "XẾP LOẠI ĐẢNG VIÊN HK1", "XẾP LOẠI ĐẢNG VIÊN TÍNH ĐẾN THÁNG 9", "XẾP LOẠI ĐẢNG VIÊN ĐẾN HẾT QUÝ III/2025", "XẾP LOẠI ĐẢNG VIÊN\n(tính đến 30/9/2025)"), (
        NAME, NUMBER, POST, UNIT, shows("Xếp loại; Mức xếp loại", lambda p: LEVEL[p["decided"]]),
    ), dataset="ratings"),
    Adversary("courses that nobody took", ("KẾ HOẠCH ĐÀO TẠO, BỒI DƯỠNG NĂM 2025", "NHU CẦU ĐÀO TẠO, BỒI DƯỠNG NĂM 2025", "DANH SÁCH CÁN BỘ ĐĂNG KÝ ĐÀO TẠO NĂM 2025", "DANH SÁCH CÔNG CHỨC CHƯA QUA BỒI DƯỠNG", "DANH SÁCH HỌC VIÊN VẮNG", "DANH SÁCH GIẢNG VIÊN LỚP BỒI DƯỠNG NĂM 2025", "DANH SÁCH DỰ KIẾN CỬ ĐI ĐÀO TẠO NĂM 2025"), (
        NAME, NUMBER, UNIT, shows("Tên lớp; Lớp", WORDS("Kỹ năng số", "Quản lý nhà nước ngạch chuyên viên")), shows("Thời gian > Từ ngày | Đến ngày", lambda p: p["signed"], lambda p: p["signed"] + dt.timedelta(days=5)), shows("Kết quả", lambda p: "Đạt"),
    ), dataset="training"),
    Adversary("postings that were not", ("KẾ HOẠCH LUÂN CHUYỂN CÁN BỘ NĂM 2025", "DANH SÁCH DỰ KIẾN LUÂN CHUYỂN CÁN BỘ", "DANH SÁCH CÁN BỘ KHÔNG LUÂN CHUYỂN NĂM 2025", "DANH SÁCH ĐỦ ĐIỀU KIỆN LUÂN CHUYỂN", "DANH SÁCH ĐỀ NGHỊ LUÂN CHUYỂN NĂM 2025"), (
        NAME, NUMBER, shows("Đơn vị cũ | Đơn vị mới", lambda p: p["from_office"], lambda p: p["to_office"]), shows("Quyết định > Số | Ngày", lambda p: p["decision"], lambda p: p["signed"]),
    ), dataset="rotation"),
    Adversary("punishments that are none, or no more", ("DANH SÁCH ĐẢNG VIÊN ĐỀ NGHỊ KỶ LUẬT NĂM 2025", "DANH SÁCH ĐẢNG VIÊN ĐANG XEM XÉT KỶ LUẬT", "DANH SÁCH XÓA KỶ LUẬT ĐẢNG VIÊN NĂM 2025", "DANH SÁCH ĐẢNG VIÊN HẾT THỜI HẠN KỶ LUẬT", "DANH SÁCH HỦY BỎ QUYẾT ĐỊNH KỶ LUẬT ĐẢNG VIÊN"), (
        NAME, NUMBER, UNIT, shows("Hình thức kỷ luật", WORDS("Khiển trách", "Cảnh cáo")), shows("Quyết định > Số | Ngày", lambda p: p["decision"], lambda p: p["signed"]),
    ), dataset="discipline"),
    Adversary("some of a unit's people", ("DANH SÁCH ĐẢNG VIÊN TẶNG HUY HIỆU 30 NĂM TUỔI ĐẢNG", "DANH SÁCH ĐẢNG VIÊN MỚI KẾT NẠP NĂM 2025", "DANH SÁCH ĐẢNG VIÊN ĐƯỢC KHEN THƯỞNG NĂM 2025", "DANH SÁCH ĐẢNG VIÊN ỨNG CỬ", "DANH SÁCH ĐẢNG VIÊN DỰ ĐẠI HỘI"), (
        NAME, BORN, NUMBER, POST, shows("Ngày vào Đảng | Ngày chính thức", lambda p: p["came"], lambda p: p["came"] + dt.timedelta(days=366)),
    )),
    Adversary("a month's rating", ("KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CÔNG CHỨC THÁNG 5/2025", "XẾP LOẠI ĐẢNG VIÊN THÁNG 11 NĂM 2025", "XẾP LOẠI ĐẢNG VIÊN\nTháng 12/2025", "XẾP LOẠI ĐẢNG VIÊN THÁNG 1", "XẾP LOẠI ĐẢNG VIÊN 04.2025"), (
        NAME, NUMBER, POST, UNIT, shows("Xếp loại; Kết quả xếp loại", lambda p: LEVEL[p["decided"]]),
    ), dataset="ratings"),
    Adversary("a quarter's rating in the year's folder", ("KẾT QUẢ XẾP LOẠI CÁN BỘ LÃNH ĐẠO, QUẢN LÝ QUÝ II/2025",), (
        NAME, NUMBER, POSTS, Way(
            "", "Xếp loại; Kết quả xếp loại", lambda p: [LEVEL[p["decided"]]],
            lambda p: {"decided_level_code": p["decided"], "period": "2025-Q2", "period_type_code": "QUARTER"},
        ),
    ), EITHER("ratings"), dataset="ratings", is_nobody=False),
    Adversary("ratings of another span", ("ĐÁNH GIÁ, XẾP LOẠI ĐẢNG VIÊN NHIỆM KỲ 2020 - 2025", "KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN 6 THÁNG ĐẦU NĂM 2025", "KẾT QUẢ XẾP LOẠI VIÊN CHỨC HỌC KỲ I NĂM HỌC 2024 - 2025"), (
        NAME, NUMBER, POST, UNIT, shows("Xếp loại; Kết quả xếp loại", lambda p: LEVEL[p["decided"]]),
    ), dataset="ratings"),
    Adversary("a bonus by letters", ("BẢNG THANH TOÁN THU NHẬP TĂNG THÊM NĂM 2025", "DANH SÁCH CHI THƯỞNG CUỐI NĂM 2025", "DANH SÁCH CÁN BỘ, CÔNG CHỨC NĂM 2025"), (
        NAME, NUMBER, POST, UNIT, shows("Hệ số", SALARY, only="often"), shows("Xếp loại", WORDS("A", "B", "C")), shows("Thành tiền; Số tiền; Thực nhận", lambda p: round(SALARY(p) * 1_000_000)),
    ), dataset="ratings"),
    Adversary("a course in a list of members", ("DANH SÁCH ĐẢNG VIÊN NĂM 2025",), (
        NAME, NUMBER, BORN, POST, shows("Lớp bồi dưỡng; Tên lớp; Khóa học", WORDS("QPAN đối tượng 3", "Chuyên viên")), shows("Từ ngày | Đến ngày", lambda p: p["signed"], lambda p: p["signed"] + dt.timedelta(days=5)),
    )),
    Adversary("people at school", ("DANH SÁCH CÁN BỘ ĐI HỌC NĂM 2025", "DANH SÁCH CÔNG CHỨC ĐANG HỌC CAO HỌC"), (
        NAME, NUMBER, shows("Tên lớp; Lớp", WORDS("Cao học Quản lý công", "Cao học Luật")), shows("Trình độ đào tạo", lambda p: "Thạc sĩ"), shows("Từ ngày", lambda p: p["signed"]), shows("Kết quả", lambda p: "Đang học"),
    ), EITHER("training"), dataset="training"),
    Adversary("letters that the list itself defines", ("KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025\nA: Không hoàn thành; B: Hoàn thành; C: Hoàn thành tốt; D: Hoàn thành xuất sắc", "XẾP LOẠI ĐẢNG VIÊN NĂM 2025\n(Ghi chú: D - HTXSNV, C - HTTNV, B - HTNV, A - KHTNV)"), (
        NAME, NUMBER, Way("", "Xếp loại; Mức xếp loại", lambda p: ["DCBA"[LEVEL_CODES.index(p["decided"])]], lambda p: {"decided_level_code": p["decided"]}),
    ), EITHER("ratings"), dataset="ratings", is_nobody=False),
    Adversary("members of another's cell", ("DANH SÁCH ĐẢNG VIÊN 213", "DANH SÁCH ĐẢNG VIÊN THEO QUY ĐỊNH 213", "DANH SÁCH ĐẢNG VIÊN GIỮ MỐI LIÊN HỆ NƠI CƯ TRÚ"), (
        NAME, BORN, NUMBER, POST, shows("Ngày vào Đảng | Ngày chính thức", lambda p: p["came"], lambda p: p["came"] + dt.timedelta(days=366)),
    )),
    Adversary("another year's rating", ("KẾT QUẢ XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN NĂM 2023",), (
        NAME, NUMBER, UNIT, shows("Xếp loại; Kết quả xếp loại", lambda p: LEVEL[p["decided"]]),
    ), dataset="ratings"),
    Adversary("who is planned for posts", ("DANH SÁCH QUY HOẠCH CÁN BỘ GIAI ĐOẠN 2025 - 2030", "DANH SÁCH NGUỒN QUY HOẠCH CẤP ỦY NHIỆM KỲ 2025 - 2030"), (
        NAME, BORN, shows("Chức vụ, đơn vị hiện tại; Hiện nay > Chức vụ | Đơn vị", lambda p: p["from_post"], lambda p: p["from_office"]), shows("Chức danh quy hoạch; Quy hoạch > Chức vụ | Đơn vị", lambda p: p["to_post"], lambda p: p["to_office"]),
    ), dataset="rotation"),
    Adversary("pay raised", ("DANH SÁCH NÂNG BẬC LƯƠNG THƯỜNG XUYÊN NĂM 2025",), (
        NAME, BORN, POST, UNIT, shows("Lương cũ; Trước khi nâng > Ngạch | Hệ số | Từ ngày", WORDS("01.003", "01.002"), SALARY, lambda p: p["came"]), shows("Lương mới; Sau khi nâng > Ngạch | Hệ số | Từ ngày", WORDS("01.003", "01.002"), lambda p: SALARY(p) + 0.33, lambda p: p["signed"]),
        shows("Quyết định > Số | Ngày", lambda p: p["decision"], lambda p: p["signed"]),
    ), dataset="rotation"),
    Adversary("two levels, and no word of which counts", ("KẾT QUẢ XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN NĂM 2025", "DANH SÁCH ĐẢNG VIÊN NĂM 2025"), (
        NAME, NUMBER, POST, UNIT, shows("Xếp loại; Mức xếp loại | Kết quả đánh giá; Mức độ HTNV", lambda p: LEVEL[LEVEL_CODES[p["pick"] % 2]], lambda p: LEVEL[LEVEL_CODES[2 + p["pick"] % 2]]),
    ), dataset="ratings"),
    Adversary("last year's level alone", ("KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN", "XẾP LOẠI ĐẢNG VIÊN"), (
        NAME, NUMBER, UNIT, shows("Xếp loại năm 2024; Kết quả đánh giá, xếp loại năm 2024; Xếp loại năm trước", lambda p: LEVEL[p["decided"]]),
    ), dataset="ratings"),
    Adversary("a level that somebody gave himself", ("KẾT QUẢ XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN NĂM 2025",), (
        NAME, NUMBER, UNIT, shows("Tự xếp loại; Cá nhân tự đánh giá, xếp loại; Đảng viên tự xếp loại", lambda p: LEVEL[p["decided"]]),
    ), dataset="ratings"),
    Adversary("who did not go to a course", ("DANH SÁCH CÁN BỘ, CÔNG CHỨC ĐƯỢC CỬ ĐI ĐÀO TẠO, BỒI DƯỠNG NĂM 2025",), (
        NAME, NUMBER, UNIT, shows("Tên lớp", WORDS("QLNN ngạch chuyên viên", "Chuyển đổi số")), shows("Từ ngày | Đến ngày", lambda p: p["start"], lambda p: p["end"]),
        shows("Kết quả; Ghi chú; Tình hình tham gia", WORDS("Vắng", "Không tham gia", "Bỏ học", "Hoãn", "Đăng ký", "Chưa học")),
    ), dataset="training"),
    Adversary("postings that were withdrawn", ("DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025",), (
        NAME, NUMBER, shows("Đơn vị cũ | Đơn vị mới", lambda p: p["from_office"], lambda p: p["to_office"]), shows("Quyết định > Số | Ngày", lambda p: p["decision"], lambda p: p["signed"]),
        shows("Ghi chú; Kết quả thực hiện; Tình hình thực hiện", WORDS("Thu hồi quyết định", "Không thực hiện", "Đã hủy quyết định", "Không nhận nhiệm vụ", "Rút quyết định")),
    ), dataset="rotation"),
    Adversary("a thin list that is no roster", ("DANH SÁCH ĐẢNG VIÊN NĂM 2025", "DANH SÁCH CÁN BỘ, CÔNG CHỨC NĂM 2025"), (
        shows("Họ tên; Tên đảng viên; Họ và tên", lambda p: p["name"]), shows("Ngày sinh; Chức vụ", lambda p: p["born"]),
        shows("Ký nhận; Số tiền; Có mặt; Phần quà; Lớp; Size áo", WORDS("1", "2", "x")),
    )),
    Adversary("awards", ("DANH SÁCH KHEN THƯỞNG ĐẢNG VIÊN NĂM 2025", "DANH SÁCH ĐỀ NGHỊ TẶNG HUY HIỆU ĐẢNG NĂM 2025"), (
        NAME, BORN, POST, UNIT, shows("Hình thức; Hình thức khen thưởng", WORDS("Giấy khen", "Bằng khen", "Huy hiệu 30 năm")), shows("Quyết định > Số | Ngày", lambda p: p["decision"], lambda p: p["signed"]), shows("Lý do; Thành tích", WORDS("Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ 5 năm liền")),
    ), dataset="discipline"),
    Adversary("who came to a meeting", ("DANH SÁCH ĐIỂM DANH HỘI NGHỊ NGÀY 12/12/2025",), (
        NAME, POST, UNIT, shows("Có mặt | Vắng", lambda p: True if p["pick"] % 3 else None, lambda p: None if p["pick"] % 3 else True), shows("Lý do vắng", WORDS("", "Đi học", "Bệnh"), only="often"), shows("Ký tên", lambda p: None),
    ), is_untitled=True),
    Adversary("children of the staff", ("DANH SÁCH CON CÁN BỘ, CÔNG CHỨC NHẬN QUÀ TRUNG THU NĂM 2025",), (
        shows("Họ và tên cháu; Họ tên con", lambda p: p["name"]), shows("Năm sinh; Ngày sinh", lambda p: Year(dt.date(2012 + p["pick"] % 9, 1, 1))), shows("Giới tính > Nam | Nữ", *(lambda p, s=s: True if p["sex"] == s else None for s in ("MALE", "FEMALE"))), shows("Con ông (bà); Họ tên cha (mẹ)", WORDS("Trần Văn Lực", "Lê Thị Mận")), UNIT,
    )),
    Adversary("a blank form", ("DANH SÁCH ĐẢNG VIÊN NĂM 2025",), (
        shows("Họ và tên", lambda p: None), shows("Ngày sinh", lambda p: None), shows("Giới tính > Nam | Nữ", lambda p: None, lambda p: None), shows("Ngày vào Đảng > Dự bị | Chính thức", lambda p: None, lambda p: None),
    ), EITHER("personnel")),
    Adversary("a time that is no posting's", ("KẾ HOẠCH NGHỈ PHÉP NĂM 2025 CỦA CÁN BỘ, CÔNG CHỨC", "LỊCH TRỰC LÃNH ĐẠO NĂM 2025"), (
        NAME, POST, UNIT, shows("Thời gian > Từ ngày | Đến ngày", lambda p: p["signed"], lambda p: p["signed"] + dt.timedelta(days=5)), shows("Số ngày", lambda p: 5), shows("Nơi đến; Nơi nghỉ", WORDS("Đà Lạt", "Cần Thơ", "Phú Quốc")),
    ), dataset="rotation", is_untitled=True),
)}
