"""Months, halves of a year, first and last days as titles write them: in words, in letters, from one to another.

What does not belong here: which year or part of one a list is of (titles.py, spans.py).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import normalize

from pipeline.codes import fold

MONTHS = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12,
    "chạp": 12, "năm(?= năm)": 5,
}  # fmt: skip
A_WORD = re.compile(rf"\btháng (?:{'|'.join(f'({word})' for word in sorted(MONTHS, key=len, reverse=True))})\b")
A_COUNT = re.compile(r"\b(ba|sáu|chín) tháng\b")
A_LETTER = re.compile(r"(?<![\w.])t\.?\s?(0?[1-9]|1[0-2])(?=\s*(?:[./\-–]|năm|nam)?\s*20[0-9]{2}\b|\s*\Z)")
A_SHORT_YEAR = re.compile(r"\bnăm\s*['’]?(2[0-9])(?=\s*(?:[-–(,;.]|\Z))")
A_TERM = re.compile(r"\bhk\s?(?=(?:[12]|i{1,2})\b)")


@lru_cache(maxsize=10_000)  # the same words in many files
def in_numbers(text: str) -> str:
    """A text folded, with its months, and halves of a year, in numbers and in full.

    >>> in_numbers("XẾP LOẠI T4/2025"), in_numbers("THÁNG TƯ NĂM 2025"), in_numbers("6T NĂM 2025"), in_numbers("HK1"), in_numbers("Tổ T4, khóm 2")
    ('xep loai thang 4 2025', 'thang 4 nam 2025', '6 thang nam 2025', 'hoc ky 1', 'to t4 khom 2')
    """
    text = A_SHORT_YEAR.sub(r"năm 20\1", normalize("NFC", text).lower())
    if "t" in text or "h" in text:
        words = sorted(MONTHS, key=len, reverse=True)
        text = A_WORD.sub(lambda found: f"tháng {MONTHS[words[(found.lastindex or 1) - 1]]}", text)
        text = A_COUNT.sub(lambda found: f"{MONTHS[found[1]]} tháng", text)
        text = A_TERM.sub("học kỳ ", re.sub(r"\b(0?[369])t\b", r"\1 tháng", A_LETTER.sub(r"tháng \1", text)))
    return fold(text)


FROM_TO = re.compile(
    r"\b(?P<tu>tu )?(?:dau )?(?:ngay )?(?:(?P<d1>[0-9]{1,2}) )?(?P<thang>thang )?(?P<m1>[0-9]{1,2})(?: (?:nam )?(?P<y1>20[0-9]{2}))?"
    r" (?:(?:den|toi) )?(?:het |cuoi )?(?:ngay )?(?:(?P<d2>[0-9]{1,2}) )?(?:thang )?(?P<m2>[0-9]{1,2})(?: (?:nam )?(?P<y2>20[0-9]{2}))?\b",
    re.ASCII,
)


def days_said(text: str) -> Iterator[tuple[re.Match[str], float, bool]]:
    """The first and last days, or months, that a folded text speaks of; how many months they are, and whether of two years."""
    for found in FROM_TO.finditer(text):
        first, last = int(found["m1"]), int(found["m2"])
        is_said = found["thang"] or (found["d1"] and found["d2"]) or found["y1"] or found["y2"]
        if (
            not (found["tu"] or ((found["d1"] or found["y1"]) and found["y2"]))
            or not is_said
            or not 1 <= first <= 12
            or not 1 <= last <= 12
        ):
            continue
        until = int(found["y2"] or found["y1"] or 2000)
        since = int(found["y1"] or until - (last < first))
        yield found, (until - since) * 12 + last - first + (int(found["d2"] or 30) - int(found["d1"] or 1) + 1) / 30, since < until


UP_TO = re.compile(
    r"(?<!chuyen )(?<!hoat )(?<!nop )(?<!gui )(?<!han )(?<!cu )(?<!moi )(?<!cham nhat )\b(?:den|toi) (?:het |cuoi )*"
    r"(?:qu[yi] (?P<quarter>iv|i{1,3}|[1-4])|(?:ngay )?(?:(?P<day>[0-9]{1,2}) )?(?P<thang>thang )?(?P<month>[0-9]{1,2}))(?: (?:nam )?(?P<year>20[0-9]{2}))?\b",
    re.ASCII,
)
QUARTERS = ("i", "ii", "iii", "iv")


def up_to(text: str) -> Iterator[tuple[re.Match[str], float, str]]:
    """The days, months and quarters up to which a folded text goes without saying since when; how many months of their year that is, and which year, if said.

    >>> [(round(months, 1), year) for _, months, year in up_to("tinh den 30 9 2025")], [months for _, months, _ in up_to("den het quy iii")]
    ([(9.0, '2025')], [9.0])
    >>> [*up_to("chuyen den thang 9")], [*up_to("den 5")]
    ([], [])
    """
    for found in UP_TO.finditer(text):
        if quarter := found["quarter"]:
            yield found, 3.0 * (int(quarter) if quarter.isdigit() else QUARTERS.index(quarter) + 1), found["year"] or ""
        elif 1 <= (month := int(found["month"])) <= 12 and (found["day"] or found["thang"] or found["year"]):
            yield found, month - 1 + int(found["day"] or 30) / 30, found["year"] or ""
