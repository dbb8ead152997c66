"""Spans of time that titles and names say ratings to be of, which are neither a year nor a quarter: a month, a half of a year, a term of office.

What does not belong here: which years and quarters they speak of (titles.py), and where titles stand.
"""

import re
from itertools import pairwise

from pipeline.spoken_time import UP_TO, days_said, in_numbers, up_to
from pipeline.titles import ASIDE
from pipeline.values import QUARTER

A_DAY = re.compile(
    r"\bngay (?:[0-9]{1,2} )?thang (?:[0-9]{1,2} )?nam 20[0-9]{2}\b|\b[0-9]{1,2} [0-9]{1,2} 20[0-9]{2}\b"
)  # when it was signed
A_MONTH = re.compile(  # what it says of ratings, and not when something was done with them
    r"(?:\A|\b(?:xep loai|danh gia|phan loai|ket qua)(?: (?!(?:tu|den|het|truoc|sau|nop|gui|dot|hop|ban|hanh|cap|nhat)\b)[a-z]+){0,8} )"
    r"thang (?P<month>0?[1-9]|1[0-2])(?: (?:va |den |toi )?(?:thang )?(?:0?[1-9]|1[01])\b)?(?: (?:nam )?(?P<year>20[0-9]{2}))?"
    r"(?: [0-9]| (?:cua|chi bo|dang bo|doi voi|dang vien|can bo|cong chuc|vien chuc|phong|truong|tai|toan)\b.*)?\Z",
    re.ASCII,
)
OF_RATINGS = re.compile(r"\b(?:xep loai|xep muc|xl|xldv|danh gia|phan loai|binh xet)\b")
A_YEAR = r"(?: (?:cua |trong )?(?:nam )?20[0-9]{2})"
TO = r"(?: (?:den |toi )?(?:nam )?20[0-9]{2})"
# Folded. A term is a committee's as well, and years belong to plans; a part of a year is nothing but one.
OF_YEARS = re.compile(
    r"\b(?:(?:dau|giua|cuoi|ca|het) )?(?:nhiem ky|giai doan|thoi ky)\b(?: (?:nam |tu nam )?20[0-9]{2}(?! [0-9]{1,2} [0-9])" + TO + "?)?"
    r"|(?<!hoc )(?<!khoa )(?<!do )\b(?:tu )?(?:nam )?(?P<since>20[0-9]{2})(?: (?:den |toi )?(?:nam )?(?P<until>20[0-9]{2}))\b"
    rf"|\b0?[2-9] nam (?:lien(?: tiep| tuc)?|qua|gan (?:day|nhat))\b{TO}?",
    re.ASCII,
)
SCHOOL_YEAR = re.compile(
    r"\b(?:nam hoc|nien hoc|nien khoa)(?: tu)?(?: nam)? 20[0-9]{2}(?: (?:den )?(?:nam )?(?P<until>20[0-9]{2}))?", re.ASCII
)
OF_PARTS = re.compile(
    rf"(?<!du )(?<!tren )(?<!duoi )(?<!ngay )\b(?:(?:0?[2-9]|1[01]) thang(?: (?:dau|cuoi|giua))?(?: (?:cua )?nam\b|(?= 20[0-9]{{2}})|\Z)|(?:ba|sau|chin) thang (?:dau|cuoi)\b(?: nam\b)?"
    rf"|0?[369] thang (?:dau|cuoi)\b|(?:nua(?: dau| cuoi)?|giua) nam\b|ban nien\b|hoc k[yi]\b(?: (?:{QUARTER}|he))?(?: nam hoc 20[0-9]{{2}} 20[0-9]{{2}})?"
    rf"|(?<!nhiem )(?<!dinh )(?<!hoc )(?<!thoi )ky (?:{QUARTER})\b"
    rf"|tuan (?:thu )?[0-9]{{1,2}}\b|qu[yi] (?:{QUARTER})(?: (?:va |den |toi |(?:va |den )?qu[yi] )*(?:{QUARTER})\b)+(?! 20[0-9]{{2}} [0-9])){A_YEAR}?",
    re.ASCII,
)

ALONE = re.compile(
    r"(?:(?:ket qua|kq|bang|ds|danh sach) )?(?:(?:xl|xldv|xep loai|danh gia) )?thang (?P<month>0?[1-9]|1[0-2])(?: (?:nam )?(?P<year>20[0-9]{2}))?",
    re.ASCII,
)
BARE = re.compile(
    r"\b(?:loai|gia|dang vien|chuc|can bo|luong|dv) (?P<month>0?[1-9]|1[0-2]) (?P<year>20[0-9]{2})\Z", re.ASCII
)  # “XẾP LOẠI ĐẢNG VIÊN 04.2025”; “Chi bộ 2 - 2025” is a cell's
A_DISTRICT = re.compile(r"\b(?:loai|dang vien|chuc|can bo) q ?[1-4]\Z", re.ASCII)  # or a quarter
WHEN_DECIDED = ("1", "11", "12")  # months in which a year's ratings are decided: beside the year such a month may be no more than that
OF_A_YEAR = re.compile(r"\b(?:ca nam|cuoi nam|tong ket(?: cong tac)? nam)\b")
WHOLE, SCHOOLS = 10.5, 8.5  # months that a year's ratings are of at the least; a school's year is over two


def _without_days(text: str) -> tuple[bool, str]:
    """A folded text without the first and the last days, or months, that it speaks of; and whether they are those of a part of a year.

    >>> [_without_days(f"(tu {of})")[0] for of in ("01 01 2025 den 30 6 2025", "thang 7 den thang 12", "thang 12 2024 den thang 11 2025", "thang 9 2024 den thang 5 2025")]
    [True, True, False, False]
    >>> _without_days("nam 2025 tu ngay 01 thang 7 den ngay 31 thang 12 nam 2025"), _without_days("tu ngay 5 den 9")[0], _without_days("tu 1 den 3 2025")[0]
    ((True, 'nam 2025 '), False, True)
    """
    spans = [*days_said(text)]
    is_part = any(0 < months < (SCHOOLS if is_over_two else WHOLE) for _, months, is_over_two in spans)
    for found, *_ in reversed(spans):
        text = text[: found.start()] + text[found.end() :]
    return is_part, text


def of_a_month(period: str, names: list[str], titles: list[str]) -> bool:
    """Whether ratings are of one month of the folder's year: no rating of ours is. Where a name or a title speaks of the whole year besides, a month is when
    it was decided, sent or signed, but one that stands by itself and in which no year's ratings are decided.

    >>> of_a_month("2025", [], ["BẢNG XẾP LOẠI CÁN BỘ", "Tháng 4/2025"]), of_a_month("2025", ["Xếp loại tháng 4 (1)"], []), of_a_month("2025", [], ["THÁNG 12/2025"])
    (True, True, True)
    >>> [of_a_month("2025", [], [f"XẾP LOẠI ĐẢNG VIÊN THÁNG {m}"]) for m in (1, 11, 12)], of_a_month("2025", [], ["XẾP LOẠI NĂM 2025", "Tháng 11/2025"])
    ([True, True, True], False)
    >>> of_a_month("2025", [], ["XẾP LOẠI (theo Hướng dẫn ban hành tháng 4/2025)"]), of_a_month("2025-Q2", [], ["Tháng 4/2025"])
    (False, False)
    >>> of_a_month("2025", [], ["Tân An, ngày 15 tháng 12 năm 2025", "XẾP LOẠI ĐẢNG VIÊN THÁNG 5 NĂM 2025"])
    True
    >>> [of_a_month("2025", [sheet], ["XẾP LOẠI NĂM 2025", line]) for sheet, line in (("T4.2025", ""), ("Sheet1", "Tháng: 4"), ("T12", "Tháng 12"), ("S", "Tổ T4"))]
    [True, True, False, False]
    >>> of_a_month("2025", [], ["XẾP LOẠI NĂM HỌC 2024-2025", "Tháng 5/2025"]), of_a_month("2025", [], ["XẾP LOẠI", "Tháng 1/2026"])
    (False, False)
    """
    if "-" in period:
        return False
    said = [in_numbers(name) for name in names] + [ASIDE.split(in_numbers(title))[0] for title in titles]
    months = _months(period, said)
    if any(is_alone and month not in WHEN_DECIDED for month, is_alone in months):
        return True
    left = [A_DAY.sub("", BARE.sub("", A_MONTH.sub("", text))) for text in said if not ALONE.fullmatch(text)]
    is_beside = any(re.search(rf"\b{period}\b", text) or OF_A_YEAR.search(text) for text in left)
    return bool(months) and not is_beside


def _months(period: str, said: list[str]) -> list[tuple[str, bool]]:
    """The months of the folder's year that folded texts say of ratings, and whether each stands by itself. A school's year has months of its own."""
    is_schools = any(SCHOOL_YEAR.search(text) for text in said)
    alone = [] if is_schools else [found for text in said if (found := ALONE.fullmatch(text))]
    of = [(found, True) for found in alone] + [(found, False) for text in said if (found := A_MONTH.search(text) or BARE.search(text))]
    return [(found["month"].lstrip("0"), is_alone) for found, is_alone in of if found["year"] in (None, period[:4])]


def of_another_span(period: str, names: list[str], titles: list[str]) -> bool:
    """Whether ratings are said to be of a term of office, of several years, or of a part of a year that is no quarter, and nothing speaks of the folder's
    year or quarter besides. Two years side by side may be a school's one: they are asked about (`may_be_of_another_span`).

    >>> [of_another_span("2025", [], [f"XẾP LOẠI ĐẢNG VIÊN {of}"]) for of in ("NHIỆM KỲ 2020-2025", "6 THÁNG NĂM 2025", "QUÝ I, II NĂM 2025", "NĂM 2024-2025")]
    [True, True, True, False]
    >>> of_another_span("2025", [], ["XẾP LOẠI ĐẢNG VIÊN", "Nhiệm kỳ 2020-2025"]), of_another_span("2025", ["XL hoc ky I"], ["XẾP LOẠI"])
    (True, True)
    >>> [of_another_span("2025", [], of) for of in (["BCH ĐẢNG BỘ NHIỆM KỲ 2020-2025", "XẾP LOẠI"], ["XẾP LOẠI CẤP ỦY NHIỆM KỲ 2020-2025, NĂM 2025"])]
    [False, False]
    """
    of_parts, of_years = _spans(period, names, titles)
    return (of_parts or any(not two for two in of_years)) and not _says_it(period, [*names, *titles])


def may_be_of_another_span(period: str, names: list[str], titles: list[str]) -> bool:
    """Whether a title or a name speaks of a part of a year; or of several years, and no title of the folder's: a file's name says not enough beside it.

    >>> [may_be_of_another_span("2025", ["XL 2025"], [of]) for of in ("XẾP LOẠI NHIỆM KỲ 2020-2025", "XẾP LOẠI NĂM 2024-2025", "XẾP LOẠI NĂM HỌC 2024-2025")]
    [True, True, False]
    >>> may_be_of_another_span("2024", [], ["XẾP LOẠI NĂM HỌC 2024-2025"]), may_be_of_another_span("2025", [], ["NHIỆM KỲ 2020-2025", "XẾP LOẠI NĂM 2025"])
    (True, False)
    """
    of_parts, of_years = _spans(period, names, titles)
    of_parts = of_parts or (
        "-" not in period and bool(_months(period, [*map(in_numbers, names), *(ASIDE.split(in_numbers(t))[0] for t in titles)]))
    )
    of_parts = of_parts or any(A_DISTRICT.search(in_numbers(title)) for title in titles)
    schools = {found["until"] for text in map(in_numbers, titles) for found in SCHOOL_YEAR.finditer(text) if found["until"]}
    return of_parts or ((bool(of_years) or bool(schools - {period[:4]})) and not _says_it(period, titles))


def _spans(period: str, names: list[str], titles: list[str]) -> tuple[bool, list[bool]]:
    """Whether a part of a year is spoken of; and of each span of years whether it is but two years."""
    lines = [ASIDE.split(in_numbers(title))[0] for title in titles]
    said = [_without_days(text) for text in (*map(in_numbers, names), *lines)]
    of_parts = any(is_part or OF_PARTS.search(A_DAY.sub("", text)) or _ends_early(period, text) for is_part, text in said)
    before = ["", *(above for above, _ in pairwise(lines))] if lines else []
    about = [("", in_numbers(name)) for name in names] + [*zip(before, lines, strict=True)]
    of_years = []
    for above, text in about:
        for found in OF_YEARS.finditer(SCHOOL_YEAR.sub("", A_DAY.sub("", text))):
            is_of_ratings = OF_RATINGS.search(text[: found.start()]) or (not text[: found.start()].strip() and OF_RATINGS.search(above))
            if is_of_ratings:
                since, until = found["since"], found["until"]
                of_years.append(bool(since and until) and int(until) - int(since) == 1)
    return of_parts, of_years


def other_year_of_months(period: str, titles: list[str]) -> bool:
    """Do titles say that ratings are of a month of another year?"""
    said = [ASIDE.split(in_numbers(title))[0] for title in titles]
    return any(found["year"] != period[:4] for text in said if (found := BARE.search(text)))


def _ends_early(period: str, text: str) -> bool:
    """Does a folded text go up to a day of the folder's year long before its end? A school's year ends there; up to December it is the year's; and “số liệu”
    may have been gathered before.

    >>> [_ends_early("2025", f"xep loai tinh den {of}") for of in ("thang 9", "30 9 2025", "31 12 2025", "30 11 2025", "30 9 2024")]
    [True, True, False, False, False]
    """
    if "-" in period or SCHOOL_YEAR.search(text):
        return False
    return any(months < WHOLE and year in ("", period) and "so lieu" not in text[: found.start()] for found, months, year in up_to(text))


def _says_it(period: str, texts: list[str]) -> bool:
    """Does one of them speak of the folder's year, or quarter, and not only within a span?"""
    year, _, quarter = period.partition("-Q")
    for text in texts:
        folded = UP_TO.sub("", _without_days(ASIDE.split(in_numbers(text))[0])[1])
        left = A_DAY.sub("", OF_PARTS.sub("", SCHOOL_YEAR.sub(lambda found: found["until"] or "", folded)))
        left = A_MONTH.sub("", OF_YEARS.sub("", left))
        if not quarter and (re.search(rf"\b{year}\b", left) or "ca nam" in left):
            return True
        roman = {"1": "i", "2": "ii", "3": "iii", "4": "iv"}.get(quarter, "")
        if quarter and re.search(rf"\bq(?:u[yi])? ?(?:{roman}|{quarter})\b", left):
            return True
    return False
