"""What names of files and sheets, titles and headings say of the rows below them: another period, another rating system, that people have left.

What does not belong here: where titles stand, and what a row says in its own columns.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from unicodedata import normalize

from pipeline.codes import code_lists, fold, spellings
from pipeline.spoken_time import days_said, in_numbers
from pipeline.title_words import line, of_lines, whom
from pipeline.values import QUARTER, QUARTERS

LATER = dt.timedelta(days=92)  # a list may be made so long after its period and still be of it
# Folded. Documents, and what happened to people, have years of their own; whatever follows them is not the list's.
ASIDE = re.compile(
    r"\A(?:so|mau|bieu) [0-9]|\b(?:can cu|so voi|kem theo|ban hanh|thanh lap|ket nap|tuyen dung|bo nhiem|sinh nam|phuong huong|nhiem vu (?:trong tam )?nam)\b"
    r"|\b(?:theo|thuc hien) (?:quyet dinh|huong dan|nghi quyet|nghi dinh|thong tu|quy dinh|chi thi|ket luan|cong van|ke hoach|bao cao|danh sach|so [0-9])"
    r"|\b(?:quyet dinh|huong dan|nghi quyet|nghi dinh|thong tu|quy dinh|chi thi|ket luan|cong van|qd|hd|nq|nd|tt) (?:so )?[0-9]"
    r"|\b(?:ke hoach|bao cao|to trinh) so [0-9]"
)
SPOKEN = re.compile(
    r"\b(?P<to>den )?(?:het )?(?:ngay )?(?P<day>[0-9]{1,2}) (?:thang )?(?P<month>[0-9]{1,2}) (?:nam )?(?P<day_of>20[0-9]{2})\b"
    r"|\bngay (?:[0-9]{1,2} )?thang (?:[0-9]{1,2} )?nam 20[0-9]{2}\b"  # a signature's, its day left open
    r"|\b(?:nhiem ky|giai doan|quy hoach)(?: nam)? 20[0-9]{2}(?: (?:den )?(?:nam )?20[0-9]{2})?\b"
    r"|\b(?:(?P<up_to>den )(?:het )?)?thang [0-9]{1,2} (?:nam )?(?P<month_of>20[0-9]{2})\b"
    r"|\b(?:nam )?(?P<turned_of>20[0-9]{2}) q(?P<turned>[1-4])\b"
    rf"|\b(?:qu[yi]|(?P<short>q)) ?(?P<quarter>{QUARTER})\b(?: (?:nam )?(?P<quarter_of>20[0-9]{{2}})\b)?"
    r"|(?P<half>\b[369] thang (?:dau|cuoi)\b)(?: nam\b)?(?: (?P<half_of>20[0-9]{2})\b)?"
    r"|(?P<named>\b(?:nam|nam hoc|nien hoc|nien khoa|nien do) )?(?P<since>(?<![0-9])20[0-9]{2})(?: (?:den )?(?:nam )?(?P<until>20[0-9]{2}))?(?![0-9])",
    re.ASCII,
)

# Folded: a quarter in which a year's list was made, or beside the year; of which the list is nobody can say.
BESIDE_A_YEAR = re.compile(
    rf"\bqu[yi] (?:{QUARTER})(?: (?:nam )?20[0-9]{{2}})? (?:va|voi|cung) (?:ca |het |toan )?nam\b|\b(?:ca|toan) nam\b"
    rf"|\bnam 20[0-9]{{2}} (?:va|voi|cung) qu[yi] (?:{QUARTER})\b"
    r"|\b(?:thuc hien|to chuc|tien hanh|hop|xet|nop|gui|cong bo|ban hanh|thong qua|phe duyet|lap|xong|quyet dinh|cong nhan)(?: [a-z]+){0,3} qu[yi] "
    rf"|\b(?:trong|vao|tai|cuoi|dau|truoc|sau|ke tu|tu) qu[yi] (?:{QUARTER})\b",
    re.ASCII,
)


def says_other_period(period: str, names: list[str], titles: list[str], of_quarters: bool) -> bool:
    """Whether the name of a file or a sheet, or a title, speaks of another year than the folder's, or of a part of it that the folder is not.

    Each speaks for itself: a file that bears the right year does not excuse the title of an old list.

    >>> says_other_period("2021", ["Xếp loại 2020"], [], True), says_other_period("2021", [], ["Kết quả năm 2021, so với năm 2020"], True)
    (True, False)
    >>> says_other_period("2021", ["Xếp loại 2021"], ["XẾP LOẠI ĐẢNG VIÊN 2020"], True), says_other_period("2021", [], ["NĂM HỌC 2020-2021"], True)
    (True, False)
    >>> says_other_period("2021", [], ["QUÝ I NĂM 2021"], True), says_other_period("2021-Q1", [], ["QUÝ I NĂM 2021"], True)
    (True, False)
    >>> says_other_period("2021", [], ["Cần Thơ, ngày 5 tháng 1 năm 2022"], True), says_other_period("2021", [], ["Tính đến 31/12/2020"], False)
    (False, True)
    """
    said = [_periods_of(name, period, True) for name in names] + [_periods_of(title, period, False) for title in titles]
    if any(years and period[:4] not in years for years, _, _ in said):
        return True
    if not of_quarters:
        return False
    parts = [parts for _, parts, _ in said if parts]
    is_whole = "-Q" in period and not parts and any(is_year for *_, is_year in said)
    return is_whole or any(period not in of for of in parts)


def years_said(period: str, names: list[str], titles: list[str]) -> frozenset[str]:
    """The years, and days of other years than the folder's, that names and titles speak of as their own.

    >>> years_said("2021", ["XL 2020"], []), years_said("2021", ["Sheet1"], ["Cần Thơ, ngày 5 tháng 1 năm 2022"])
    (frozenset({'2020'}), frozenset())
    """
    said = [_periods_of(name, period, True) for name in names] + [_periods_of(title, period, False) for title in titles]
    return frozenset[str]().union(*(years for years, _, _ in said))


def period_said(period: str, names: list[str], titles: list[str]) -> str | None:
    """The folder's period, where a title says it and no other, nor a name, says another; or the one quarter of the folder's year that they speak of.

    >>> period_said("2021", [], ["XẾP LOẠI NĂM 2021"]), period_said("2021-Q1", ["Quý I"], ["QUÝ I/2021"]), period_said("2021", [], ["QUÝ I/2021"])
    ('2021', '2021-Q1', '2021-Q1')
    >>> period_said("2021", [], ["QUÝ I"]), period_said("2021", ["Xếp loại quý II"], ["QUÝ I/2021"]), period_said("2021", [], ["QUÝ I/2022"])
    (None, None, None)
    >>> [period_said("2021", [], [f"XẾP LOẠI {of}"]) for of in ("QUÝ IV VÀ CẢ NĂM 2021", "QUÝ 4 VÀ NĂM 2021", "NĂM 2021 (thực hiện trong quý IV/2021)")]
    [None, None, None]
    >>> period_said("2021", ["Xếp loại 2020"], ["XẾP LOẠI NĂM 2021"]), period_said("2021", ["Xếp loại 2021"], ["XẾP LOẠI"])
    (None, None)
    """
    if not period:
        return None
    of_titles = [_periods_of(title, period, False) for title in titles]
    said = [_periods_of(name, period, True) for name in names] + of_titles
    years, parts = (frozenset[str]().union(*of) for of in ([y for y, _, _ in said], [p for _, p, _ in said]))
    if not any(y or p for y, p, _ in of_titles):
        return None
    if "-Q" in period:
        return period if parts == {period} and years <= {period[:4]} else None
    quarter = next(iter(parts)) if len(parts) == 1 else ""
    of_year = not parts or re.fullmatch(rf"{period}-Q[1-4]", quarter)
    return (quarter or period) if of_year and years == {period} else None


def times_said(titles: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The years that titles speak of as their own, and the parts of a year.

    >>> times_said(["XẾP LOẠI ĐẢNG VIÊN QUÝ III NĂM 2025"]), times_said(["DANH SÁCH (theo Quyết định số 5 năm 2024)"])
    ((frozenset({'2025'}), frozenset({'2025-Q3'})), (frozenset(), frozenset()))
    """
    said = [_periods_of(title, "", False) for title in titles]
    return frozenset[str]().union(*(years for years, _, _ in said)), frozenset[str]().union(*(parts for _, parts, _ in said))


def is_bare_period(heading: str) -> bool:
    """Is a heading nothing but a year, or a part of one?

    >>> is_bare_period("II. NĂM 2024"), is_bare_period("QUÝ III NĂM 2025"), is_bare_period("Năm kết nạp 2024")
    (True, True, False)
    """
    return bool(SPOKEN.fullmatch(NUMBERED.sub("", fold(heading))))


@lru_cache(maxsize=10_000)  # the same words in many files
def _periods_of(said_there: str, period: str, is_name: bool) -> tuple[frozenset[str], frozenset[str], bool]:
    """The years that a name or a title speaks of, the parts of a year, and whether it says that it is of a whole year."""
    text = in_numbers(said_there) if is_name else ASIDE.split(in_numbers(said_there))[0]
    for found, *_ in reversed([*days_said(text)]):  # up to when a list goes, and not from when
        day = f"{found['d2'] or ''} {'' if found['d2'] else 'thang'} {found['m2']} {found['y2'] or ''}"
        text = " ".join([*text[: found.start()].split(), "den", *day.split(), *text[found.end() :].split()])
    year = period[:4]
    years, parts, is_year = set(), set(), False
    for found in SPOKEN.finditer(text):
        said = found.groupdict()
        if said["day_of"]:
            years |= _year_of_day(said, period)
        elif of := said["month_of"]:
            years.add(of)
            parts |= set() if said["up_to"] else {f"{of} {found[0]}"}
        elif said["turned"]:
            years.add(said["turned_of"])
            parts.add(f"{said['turned_of']}-Q{said['turned']}")
        elif quarter := said["quarter"]:
            of = said["quarter_of"]
            if said["short"] and not of and not is_name:
                continue  # a district, as well
            years |= {of} if of else set()
            parts.add(f"{of or year}-Q{QUARTERS.get(quarter, quarter)}{' or a year' if BESIDE_A_YEAR.search(text) else ''}")
        elif said["half"]:
            years |= {said["half_of"]} if said["half_of"] else set()
            parts.add(said["half"])
        elif since := said["since"]:
            if not (is_name or said["named"]) and re.search("(?:^| )[0-9]+ $", text[: found.start()]):
                continue  # the number of a document
            years |= set(map(str, range(int(since), int(said["until"] or since) + 1)))
            is_year = is_year or bool(said["named"])
    return frozenset(years), frozenset(parts), is_year


def _year_of_day(said: dict[str, str | None], period: str) -> set[str]:
    """The year of a day, where it says that the list is of another time: up to which it goes, or long before the folder's period."""
    if not period:
        return set()
    year, quarter = int(period[:4]), int(period[6:] or 0)
    first = dt.date(year, quarter * 3 - 2 if quarter else 1, 1)
    last = dt.date(year, quarter * 3 if quarter else 12, 28)
    try:
        day = dt.date(int(said["day_of"] or 0), int(said["month"] or 0), int(said["day"] or 0))
    except ValueError:
        return set()
    is_other = not first <= day <= last + LATER if said["to"] else day.year < year
    return {f"{day}"} if is_other else set()


def other_system(names: list[str], titles: list[str]) -> bool:
    """Whether titles, or names where no title says whom it is of, speak of others than party members, whom a list without a column rates.

    >>> other_system(["Xếp loại viên chức"], []), other_system([], ["ĐÁNH GIÁ, XẾP LOẠI ĐẢNG VIÊN LÀ CÔNG CHỨC"]), other_system(["Phòng Cán bộ"], [])
    (True, False, False)
    >>> other_system(["Bao cao", "Công chức"], []), other_system([], ["ĐÁNH GIÁ, XẾP LOẠI", "CÔNG CHỨC NĂM 2021"]), other_system([], ["XẾP LOẠI CBCCVC"])
    (True, True, True)
    >>> [other_system([], [f"XẾP LOẠI {of}"]) for of in ("ĐOÀN VIÊN CÔNG ĐOÀN", "ĐẢNG VIÊN, ĐOÀN VIÊN", "GIÁO VIÊN", "CHI BỘ NĂM 2025", "CHI BỘ 2 NĂM 2025")]
    [True, True, True, True, False]
    >>> other_system([], ["ĐÁNH GIÁ, XẾP LOẠI TỔ CHỨC ĐẢNG, ĐẢNG VIÊN"]), other_system([], ["PHÒNG TỔ CHỨC CÁN BỘ", "KẾT QUẢ XẾP LOẠI"])
    (False, False)
    """
    of_titles = whom(line(text, "ratings") for text in titles)
    if of_titles:
        return of_titles != {"PARTY_MEMBER"}
    named = [line(name, "ratings") for name in names]
    return bool(whom(of for of in named if of.does("RATED") or not of.unknown) - {"PARTY_MEMBER"})


def systems_of_column(called: str) -> set[str]:
    """Whom a column of levels rates, by what it is called: codes of rating systems, or that they are several or others. Cells and leaders are as often who
    rates, and say nothing.

    >>> [sorted(systems_of_column(called)) for called in ("Xếp loại công chức", "Xếp loại đảng viên", "Mức xếp loại của chi bộ", "Xếp loại CB, CC")]
    [['CIVIL_SERVANT'], ['PARTY_MEMBER'], [], ['CADRE', 'CIVIL_SERVANT']]
    """
    return whom([line(called, "ratings")]) - {"COLLECTIVE", "LEADER"} if called else set()


def of_courses(names: list[str], titles: list[str]) -> bool:
    """Whether a list is called one of people who took a course, and never one of ratings: what they reached there is no rating of their work.

    Offices are called after courses too: a name says it only where it begins with it.

    >>> of_courses([], ["DANH SÁCH HỌC VIÊN HOÀN THÀNH", "Lớp bồi dưỡng kiến thức"]), of_courses(["dao tao 2025"], ["KẾT QUẢ"])
    (True, True)
    >>> of_courses([], ["TRUNG TÂM BỒI DƯỠNG CHÍNH TRỊ"]), of_courses(["Xếp loại"], ["LỚP BỒI DƯỠNG"]), of_courses(["Tổ Đào tạo"], [])
    (False, False, False)
    >>> of_courses([], ["HỌC VIỆN CHÍNH TRỊ KHU VỰC IV", "KẾT QUẢ"]), of_courses([], ["NGÀNH GIÁO DỤC VÀ ĐÀO TẠO"]), of_courses(["XL 2025"], ["ĐẢNG VIÊN LÀ HỌC VIÊN"])
    (False, False, False)
    """
    called, said = [fold(name) for name in names], [marked for title in titles if not OFFICE.match(marked := fold(title))]
    is_of_courses = any(CALLED_COURSES.match(name) for name in called) or any(COURSES.search(text) for text in said)
    return is_of_courses and not any(OF_RATINGS.search(text) for text in (*called, *map(fold, titles)))


def of_others(titles: list[str]) -> bool:
    """Does a title say that a list is of people, or of things, whom the department does not answer for?

    >>> of_others(["DANH SÁCH HỌC SINH LỚP 5A"]), of_others(["DANH SÁCH GIÁO VIÊN TRƯỜNG TIỂU HỌC"]), of_others(["BÌNH XÉT GIA ĐÌNH VĂN HÓA NĂM 2025"])
    (True, False, True)
    >>> of_others(["CHI BỘ PHÒNG CẢNH SÁT GIAO THÔNG"]), of_others(["TRƯỜNG HOA MAI, DANH SÁCH HỌC SINH"])
    (False, True)
    """
    said = [(text, of) for text in titles for of in of_lines([text], "elsewhere")]
    return any(of.does("OTHERS") and (of.does("CALLS", "RATED") or not OFFICE.match(fold(text))) for text, of in said)


MONEY = re.compile(
    r"\b(?:thanh tien|so tien|tong tien|tien (?:luong|thuong|linh|nhan|an|cong)|muc (?:thuong|chi|huong|luong)|thuc (?:nhan|linh|chi|lanh)|con nhan|ky nhan|so tai khoan"
    r"|don gia|thu nhap)\b"
)
OF_QUALITY = re.compile(
    r"\b(?:xep loai|danh gia|phan loai|xep muc)(?: (?:xep loai|phan loai|va|ket qua|muc|do))*"
    r" (?:chat luong|hoan thanh|dang vien|can bo|cong chuc|vien chuc|cb|cbcc|cbccvc|dv|to chuc dang|tap the|lanh dao|cap uy|nam|quy)\b"
)


def of_other_ratings(names: list[str], titles: list[str], columns: Iterable[str]) -> bool:
    """Whether levels are those of a payroll, of an examination, of people's health: a title or a name says so, or no title and no name speaks of ratings
    and a column is one of money.

    >>> of_other_ratings([], ["BẢNG THANH TOÁN THU NHẬP TĂNG THÊM NĂM 2025"], []), of_other_ratings(["Book1"], ["DANH SÁCH CÁN BỘ"], ["Thành tiền"])
    (True, True)
    >>> of_other_ratings([], ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025"], ["Mức thưởng"]), of_other_ratings(["Xếp loại"], ["TRUNG TÂM CHI TRẢ BẢO HIỂM"], [])
    (False, False)
    >>> of_other_ratings([], ["KẾT QUẢ KHÁM SỨC KHỎE"], []), of_other_ratings([], ["XẾP LOẠI CHẤT LƯỢNG VIÊN CHỨC TRẠM CHĂM SÓC SỨC KHỎE"], [])
    (True, False)
    """
    said, named = of_lines(titles, "ratings"), [line(name, "ratings") for name in names]
    if any(of.does("PAY") for of in said) or any(of.begins == "PAY" for of in named):
        return True
    if any(is_of_quality(title) for title in titles):
        return False
    named = [] if any(of.does("RATED") for of in said) else named
    if any(of.does("MATTER") for of in (*said, *named)):
        return True
    texts = [*map(fold, names), *(ASIDE.split(fold(title))[0] for title in titles if not OFFICE.match(fold(title)))]
    return not any(OF_RATINGS.search(text) for text in texts) and any(MONEY.search(fold(column)) for column in columns)


def is_of_quality(title: str) -> bool:
    """Whether a title calls a list one of the quality of people's work.

    >>> is_of_quality("XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN"), is_of_quality("BÌNH XÉT THI ĐUA"), is_of_quality("PHÒNG ĐÁNH GIÁ CHẤT LƯỢNG")
    (True, False, False)
    """
    folded = fold(title)
    return not OFFICE.match(folded) and bool(OF_QUALITY.search(ASIDE.split(folded)[0]))


# Folded.
COURSES = re.compile(
    r"(?<!giao duc va )(?<!trinh do )\b(?:dao tao|boi duong|dtbd)\b|\b(?:tap huan|lop (?:hoc|trung cap|cao cap)|khoa hoc)\b|\bhoc vien (?!chinh tri|hanh chinh|bao chi|tu phap)"
    r"|\b(?:(?:di|dang|theo|cu|duoc cu|tham gia|moi) hoc(?! tap)|hoc (?:lop|cao hoc|nang cao|van bang)|cao hoc|nghien cuu sinh|du hoc|(?:da|vua|moi)? ?tot nghiep)\b"
)
CALLED_COURSES = re.compile(
    r"(?:(?:ds|danh sach|ket qua|tong hop|bao cao) )?(?:(?:lop|khoa) )?(?:dao tao|boi duong|tap huan|hoc vien)\b(?! chinh tri)"
)
OFFICE = re.compile(
    r"(?:phong|ban|so(?! (?:danh sach|dang vien|theo doi|quan ly)\b)|truong|trung tam|hoc vien|vien|khoa|to|nganh|bo|tt|p|chi bo|dang bo|dang uy|don vi|uy ban|ubnd|co quan|van phong) "
)
OF_RATINGS = re.compile(
    r"\b(?:xep loai|xep muc|xl|xldv|danh gia|phan loai|binh xet|chat luong|thi dua|muc do hoan thanh|hoan thanh (?:xuat sac |tot )?nhiem vu)\b"
)
NUMBERED = re.compile(r"\A(?:[ivx]{1,5}|[a-z]|[0-9]{1,2}(?! thang)) ")
NUMBER_OF = re.compile(r"(?: co| gom)? [0-9]{1,5}(?: (?:dong chi|d c|dang vien|dv|nguoi|tap the))?\Z")


# Folded: what a heading over people in a list of ratings says of them, if they are in none.
TAKEN_OUT = re.compile(
    r" (?:(?:khong|chua) (?:duoc |phai |thuoc dien )*(?:tinh|danh gia|xep loai|phan loai|xet|du dieu kien|du 0?6 thang)"
    r"|da (?:mat|hy sinh|nghi viec)|(?:da )?(?:bi )?(?:khai tru|xoa ten)|da chuyen(?! (?:den|ve|chinh thuc|dang|sinh hoat (?:den|ve)|cong tac (?:den|ve)))) "
)
ARRIVED = r"(?!(?:dang )?(?:den|ve|tu) )"
EXCEPT = re.compile(r"\b(?:khong (?:tinh|ke|gom|bao gom)|tru|ngoai)\b")  # a title may say whom a list leaves out


@lru_cache(maxsize=10_000)  # the same words in many files
def takes_out(text: str, is_heading: bool) -> bool:
    """Whether a heading, a name or a title says of people in a list of ratings that they left or are not rated. Who retired may well be rated.

    >>> [takes_out(text, True) for text in ("II. Không tính", "Đã mất (01 đ/c)", "Chuyển sinh hoạt đi", "Ra khỏi Đảng", "Miễn sinh hoạt")]
    [True, True, True, True, True]
    >>> [takes_out(text, True) for text in ("Chuyển sinh hoạt đến", "Đảng viên nghỉ hưu", "Đảng viên mới kết nạp năm 2020", "Không hoàn thành nhiệm vụ")]
    [False, False, False, False]
    >>> takes_out("Xếp loại (không tính đảng viên đã chuyển đi)", False), takes_out("Đã chuyển đi", False)
    (False, True)
    """
    folded = f" {fold(text) if is_heading else ASIDE.split(fold(text))[0]} "
    if not is_heading and EXCEPT.search(folded):
        return False
    return bool(TAKEN_OUT.search(folded) or _unrated().search(folded))


@cache
def _unrated() -> re.Pattern[str]:
    """Several words of the codes of whoever left the unit, or is not rated there."""
    meant = [c for c in code_lists()["leaving_reason"] if c.code not in ("RETIRED", "OTHER")]
    meant += [c for c in code_lists()["not_rated_reason"] if c.code in ("EXEMPT", "SUSPENDED")]
    words = {word for c in meant for s in (c.label_vi, *c.aliases) if " " in (word := fold(s))}
    return re.compile(rf" (?:{'|'.join(sorted(words, key=len, reverse=True))}) {ARRIVED}")


RATED = frozenset(
    [
        "muc",
        "loai",
        "xep",
        "danh",
        "gia",
        "phan",
        "chat",
        "luong",
        "dat",
        "duoc",
        "dang",
        "vien",
        "dong",
        "chi",
        "cac",
        "nhom",
        "ket",
        "qua",
    ]
)  # who has a level, and that it is one


@lru_cache(maxsize=10_000)  # the same words in many files
def level_said(text: str, is_heading: bool) -> str | None:
    """The level of ratings that a heading, a name or a title is, with nothing but who has it and when. A letter alone is a numeral.

    >>> level_said("II. Hoàn thành tốt (05 đồng chí)", True), level_said("Đảng viên xếp loại A", True), level_said("B", True)
    ('GOOD', 'EXCELLENT', None)
    >>> level_said("DANH SÁCH ĐẢNG VIÊN HOÀN THÀNH XUẤT SẮC NHIỆM VỤ NĂM 2021", False), level_said("Hoàn thành tốt: 5 đồng chí", False)
    ('EXCELLENT', None)
    >>> level_said("Hoàn thành tốt: 5 đồng chí năm 2025", False), level_said("Hoàn thành tốt năm 2025", False)
    (None, 'GOOD')
    """
    said = SPOKEN.sub("", fold(text)).strip()
    if not is_heading and NUMBER_OF.search(said):
        return None  # how many have it
    words = subject(said).split()
    first = next((n for n, word in enumerate(words) if word not in RATED), len(words))
    level = " ".join(words[first:])
    code = spellings("rating_level").get(level) if len(level) > 1 or words[:first][-1:] == ["loai"] else None
    return None if code == "NOT_RATED" else code


def other_levels(text: str, levels: frozenset[str | None], is_heading: bool) -> bool:
    """Whether rows below a heading, a name or a title are rated otherwise than that says: at all, or at another level.

    >>> other_levels("Không tính", frozenset({"HTTNV"}), True), other_levels("Không tính", frozenset({"Không xếp loại", None}), True)
    (True, False)
    >>> other_levels("Hoàn thành tốt", frozenset({"HTTNV"}), True), other_levels("Hoàn thành tốt", frozenset({"HTTNV", "C"}), True)
    (False, True)
    """
    said = "NOT_RATED" if takes_out(text, is_heading) else level_said(text, is_heading)
    return bool(said) and bool({spellings("rating_level").get(fold(level)) for level in levels if level} - {said, None})


def subject(heading: str) -> str:
    """Whom a heading is about, folded: without its numeral, its count, and that it is a list.

    >>> subject("II. Công chức (05 người)"), subject("DANH SÁCH VIÊN CHỨC")
    ('cong chuc', 'vien chuc')
    """
    text = NUMBERED.sub("", fold(heading))
    return re.sub(r"\A(?:danh sach|ds|khoi|nhom|doi tuong) ", "", NUMBER_OF.sub("", text))


# Folded: who is no member, or on a list of another purpose; how such a list, or a part of one, is called.
OTHERS = re.compile(
    r"\b(?:quan chung (?:uu tu|tieu bieu|tich cuc|cam tinh|duoc gioi thieu|ngoai dang|vao dang|ket nap)|cam tinh dang|doi tuong (?:cam tinh )?dang"
    r"|(?:doi tuong|nguon) (?:duoc |xem xet |de nghi )*(?:ket nap|phat trien dang)"
    # who lives in a place and belongs to another's cell
    r"|(?<!tong so )(?:dang vien|dv) (?:dien |thuoc dien )?(?:theo )?(?:quy dinh |qd )?(?:so )?(?:213|76)(?! (?:dong chi|dang vien|nguoi|d c|dc|dv)\b)"
    r"|dang vien (?:dang cong tac )?(?:giu moi lien he|sinh hoat (?:tai )?noi cu tru|ve noi cu tru))\b"
)
PLANNED = re.compile(
    r"(?:(?:can bo|cong chuc|vien chuc|dang vien|nhan su|nguon|cap uy|lanh dao|quan ly|duoc|dua vao|trong|dien|thuoc|du bi|bo sung|ra soat|gioi thieu|phe duyet) )*"
    r"quy hoach(?! (?:va|do thi|xay dung|kien truc|dat|su dung|phat trien|tong the)\b)"
)
OF_UNIONS = re.compile(r"(?:doan vien|hoi vien)\b")


@lru_cache(maxsize=10_000)  # the same words in many files
def of_other_people(text: str, is_ratings: bool) -> bool:
    """Whether a name, a title or a heading speaks of people whom a list of its dataset is not of.

    >>> [of_other_people(t, True) for t in ("DANH SÁCH QUẦN CHÚNG ƯU TÚ", "II. Cảm tình Đảng", "Đối tượng kết nạp năm 2021", "Quần chúng")]
    [True, True, True, True]
    >>> [of_other_people(t, True) for t in ("ĐẢNG VIÊN 213", "ĐẢNG VIÊN THEO QUY ĐỊNH 213", "XẾP LOẠI ĐẢNG VIÊN (213 ĐẢNG VIÊN)", "ĐẢNG VIÊN 213 ĐỒNG CHÍ")]
    [True, True, False, False]
    >>> [of_other_people(t, False) for t in ("QUY HOẠCH CÁN BỘ 2020-2025", "DS cán bộ được quy hoạch", "Phòng Quy hoạch", "Đảng viên kết nạp năm 2021")]
    [True, True, False, False]
    >>> of_other_people("Danh sách đoàn viên", False), of_other_people("XẾP LOẠI (theo Kế hoạch số 2 về quần chúng ưu tú)", True)
    (True, False)
    """
    folded, about = fold(text), subject(text)
    if found := OTHERS.search(folded):
        aside = ASIDE.search(folded)
        return aside is None or aside.start() >= found.start()
    if is_ratings:
        return re.sub(r"\A(?:ket qua |danh gia |xep loai )+", "", about).startswith("quan chung")
    return bool(PLANNED.match(about) or OF_UNIONS.match(about))


# What a sheet or a file is called when it is no more, or not yet, the list; with its marks, for "nhập" is no "nháp" and "Củ Chi" is not old
SET_ASIDE = re.compile(r"\bcũ\W*\Z|\bnháp\b|\bbản sai\b|\btrước (?:khi )?điều chỉnh\b|\bdự phòng\b|\Abỏ\b")
OF_A_LIST = re.compile(r"\b(?:xep loai|danh gia|danh sach|ket qua|ky luat|bieu|bang)\b")


@lru_cache(maxsize=10_000)  # the same words in many files
def is_proposal(said_there: str, is_name: bool) -> bool:
    """Whether a name or a title says that the list is not decided yet, or no more.

    >>> is_proposal("Xếp loại (dự kiến)", True), is_proposal("DANH SÁCH ĐỀ NGHỊ XẾP LOẠI NĂM 2021", False)
    (True, True)
    >>> [is_proposal(name, True) for name in ("Xếp loại cũ", "Bản nháp", "Nhập liệu", "Đảng bộ xã Củ Chi", "xep loai cu")]
    [True, True, False, False, True]
    >>> [is_proposal(t, False) for t in ("CÁ NHÂN TỰ NHẬN XẾP LOẠI NĂM 2021", "BẢN NHÁP", "BẢN TỰ ĐÁNH GIÁ, XẾP LOẠI", "(Dự thảo)")]
    [True, True, True, True]
    >>> [is_proposal(t, False) for t in ("KẾT QUẢ XẾP LOẠI theo đề nghị của chi bộ", "Đề nghị các đơn vị kiểm tra")]
    [False, False]
    """
    if is_name and (
        SET_ASIDE.search(normalize("NFC", said_there).lower()) or (said_there.isascii() and said_there.lower().endswith(" cu"))
    ):
        return True
    said = line(said_there, "ratings")
    is_list = bool(said.does("CALLS", "RATED") or OF_A_LIST.search(fold(said_there)))
    is_alone = not said.unknown and {does for does, *_ in said.said} <= {"PROPOSED", "SAYS"}  # “(Dự thảo)”
    return any(is_name or is_list or is_alone for words in said.does("PROPOSED"))


def is_of_period(heading: str) -> bool:
    """Whether a heading within a table speaks of the list, or is nothing but a period. What else it says may be of people: when they were admitted.

    >>> is_of_period("II. QUÝ II"), is_of_period("KẾT QUẢ XẾP LOẠI NĂM 2020"), is_of_period("Tổ tình nguyện 2020")
    (True, True, False)
    """
    text = NUMBERED.sub("", fold(heading))
    return bool(SPOKEN.fullmatch(text) or re.search(r"\b(?:xep loai|danh gia|ket qua|danh sach|tinh den)\b", text))


@lru_cache(maxsize=10_000)  # the same words in many files
def columns_spoken_of(text: str) -> frozenset[str]:
    """The columns of a roster in which the people below a heading, a title or a sheet's name must have what it says of them.

    >>> [*columns_spoken_of("II. Đảng viên chuyển đi trong năm"), *columns_spoken_of("Đảng viên được miễn sinh hoạt"), *columns_spoken_of("I. Công chức")]
    ['spell_to', 'exempt_from', 'staff_kind_code']
    >>> [*columns_spoken_of("Đảng viên chuyển sinh hoạt đến"), *columns_spoken_of("DANH SÁCH ĐẢNG VIÊN")]
    []
    """
    about, folded = subject(text), f" {fold(text)} "
    found = {
        column for column, name in (("staff_kind_code", "staff_kind"), ("member_status_code", "member_status")) if about in spellings(name)
    }
    return frozenset(found | {column for column, happened in _happened().items() if happened.search(folded)})


@cache
def _happened() -> Mapping[str, re.Pattern[str]]:
    """Column → what says of people that it happened to them: several words of its codes, folded."""
    patterns = {}
    for column, name, codes in HAPPENED:
        meant = [c for c in code_lists()[name] if c.code != "OTHER" and (not codes or c.code in codes)]
        words = {word for c in meant for s in (c.label_vi, *c.aliases) if " " in (word := fold(s))}
        words |= {"da mat", "da hy sinh"} if column == "spell_to" else {"mien cong tac"} if column == "exempt_from" else set()
        patterns[column] = re.compile(rf" (?:{'|'.join(sorted(words))}) (?!den )")
    return patterns


HAPPENED = (
    ("spell_to", "leaving_reason", ()),
    ("exempt_from", "not_rated_reason", ("EXEMPT",)),
    ("suspended_from", "not_rated_reason", ("SUSPENDED",)),
)
