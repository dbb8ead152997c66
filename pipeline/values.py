"""Text to values: dates, numbers, identity numbers, periods as Vietnamese offices write them.

What does not belong here: columns, rules, and what is done when a value cannot be read (None says so).
"""

import datetime as dt
import re
import unicodedata
from functools import lru_cache

from pipeline import codes

# How offices write: the same as in the row above; this one, and not this one.
DITTO = frozenset(
    spelled
    for word in ("nt", "n/t", "-nt-", "- nt -", '"nt"', "như trên", "-như trên-", "//", "-//-", "- // -", "''", '"', "〃", "”")
    for spelled in (word, word.upper(), word.capitalize())
)
MARKS = frozenset(["x", "v", "1", "✓", "✔", "√", "☑", "☒", "●", "•", "■", "*", "+", "×", "⨯", "có"])
NO_MARK = frozenset(("", "0", "–", "—", "khong", "o"))  # as codes.fold leaves them
SEVERAL = " + "  # between what two marks in one row say


ETH = str.maketrans("ðÐ", "đĐ")  # the Icelandic letter that old fonts showed for đ
UNSEEN = codes.INVISIBLE | ETH
FOREIGN = re.compile(r"[\u0370-\u058f\u0e80-\u0eff]")  # Greek, Cyrillic, Armenian, Lao
LOST = re.compile(r"\ufffd|\w\?|\?\w")  # what stands where a letter could not be converted


def has_foreign_letter(text: str) -> bool:
    """A letter that only looks like one of ours: nobody who types the name finds it again.

    >>> has_foreign_letter("Nguyễn Vаn"), has_foreign_letter("Nguyễn Văn Đức")
    (True, False)
    """
    return not text.isascii() and bool(FOREIGN.search(text))


def has_lost_letter(text: str) -> bool:
    """A letter that did not survive a conversion: a replacement character, or a question mark within a word.

    >>> has_lost_letter("Nguy?n V\ufffdn A"), has_lost_letter("Nguyễn Văn A"), has_lost_letter("Ai ?")
    (True, False, False)
    """
    return bool(LOST.search(text))


def clean_text(text: str) -> str | None:
    """
    >>> clean_text("  Hoa\u0300n\u00a0 thành ")
    'Hoàn thành'
    """
    if text.isascii():
        return " ".join(text.split()) or None
    return " ".join(unicodedata.normalize("NFC", text.translate(UNSEEN)).split()) or None


def is_formula_error(text: str) -> bool:
    """
    >>> is_formula_error("#REF!"), is_formula_error("#1")
    (True, False)
    """
    return text[0] == "#" and bool(re.fullmatch(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)", text))


DATE = re.compile(r"(?:(?:([0-9]{1,2})[/.\-])?([0-9]{1,2})[/.\-])?((?:19|20)[0-9]{2})\Z", re.ASCII)
SHORT_YEAR = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{2})\Z", re.ASCII)
IN_WORDS = re.compile(r"(?:(?:ngay )?([0-9]{1,2}) )?(?:thang ([0-9]{1,2}) )?nam ((?:19|20)[0-9]{2})\Z", re.ASCII)  # folded
SERIAL = re.compile(r"[1-5][0-9]{4}\Z", re.ASCII)
PIVOT = 30  # 05/02/31 is of 1931, 05/02/30 of 2030: nobody in service was born before 1931
EPOCH = dt.date(1899, 12, 30)  # day 0 of a spreadsheet's serial days
SINCE_1904 = 1462  # days between that and day 0 of a workbook that counts from 1904
ISO = re.compile(r"((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})(?:[ T]00:00(?::00)?)?\Z", re.ASCII)


@lru_cache(maxsize=100_000)  # the same days stand in many columns
def read_date(text: str, ends: bool = False) -> tuple[dt.date | None, str | None]:
    """Day first, never month first; a month or a year is its first day, or its last where the column ends something.

    >>> read_date("5/2/1980"), read_date("02/1980"), read_date("1980", ends=True)
    ((datetime.date(1980, 2, 5), 'DAY'), (datetime.date(1980, 2, 1), 'MONTH'), (datetime.date(1980, 12, 31), 'YEAR'))
    >>> read_date("31/02/1980"), read_date("1/2/65"), read_date("29221"), read_date("ngày 5 tháng 2 năm 1980")[1]
    ((None, None), (datetime.date(1965, 2, 1), 'DAY'), (datetime.date(1980, 1, 1), 'DAY'), 'DAY')
    """
    text = text.lstrip("'’`")  # how a spreadsheet says that this is text
    if iso := ISO.match(text):
        year, month, day = (int(g) for g in iso.groups())
    elif match := DATE.match(text):
        day, month, year = (int(g) if g is not None else None for g in match.groups())
    elif short := SHORT_YEAR.match(text):
        day, month, year = (int(g) for g in short.groups())
        year += 2000 if year <= PIVOT else 1900
    elif SERIAL.match(text):
        return EPOCH + dt.timedelta(days=int(text)), "DAY"
    elif words := IN_WORDS.match(codes.fold(text)):
        day, month, year = (int(g) if g is not None else None for g in words.groups())
        if day is not None and month is None:
            return None, None
    else:
        return None, None
    try:
        if day is not None:
            return dt.date(year, month, day), "DAY"
        if month is not None:
            first, following = dt.date(year, month, 1), dt.date(year + month // 12, month % 12 + 1, 1)
            return (following - dt.timedelta(days=1) if ends else first), "MONTH"
        return (dt.date(year, 12, 31) if ends else dt.date(year, 1, 1)), "YEAR"
    except ValueError:
        return None, None


# A number, then letters. Never a sentence, so never a name.
SHAPE = re.compile(r"[0-9]{1,6}[a-zA-Z]?(?:[-/.][0-9A-Za-zĐđÂÊÔƠƯĂ]+)*\Z")


def read_shape(text: str) -> str | None:
    """An identifier that is written in one piece.

    >>> read_shape("12-QĐ/ĐU"), read_shape("05-QĐ/UBKT.2021"), read_shape("Nguyễn Văn Mẫu")
    ('12-QĐ/ĐU', '05-QĐ/UBKT.2021', None)
    """
    return text if SHAPE.match(text) else None


def read_number(text: str) -> float | None:
    """A number in Vietnamese or in plain writing; a dot before three digits parts thousands.

    >>> read_number("1.236"), read_number("18,43 %"), read_number("88.5"), read_number("1.236,5"), read_number("'12")
    (1236.0, 18.43, 88.5, 1236.5, 12.0)
    """
    text = text.lstrip("'’`").removesuffix("%").rstrip()
    if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", text, re.ASCII):
        text = text.replace(".", "")
    text = text.replace(",", ".")
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text, re.ASCII) else None


def read_identity(text: str) -> tuple[str | None, bool]:
    """Twelve digits, or nine of an old card; zeros that Excel took from the front come back, with a remark.

    Eleven digits lost one zero. Ten lost two, and only the provinces 001 to 008 begin so.

    >>> read_identity("92080000001"), read_identity("1234")
    (('092080000001', True), (None, False))
    """
    if len(text) == 12 and text.isascii() and text.isdigit():
        return text, False
    digits = re.sub(r"[\s.'’]", "", text)
    if not re.fullmatch(r"[0-9]+", digits, re.ASCII):
        return None, False
    if len(digits) in (9, 12):
        return digits, False
    if len(digits) == 11 or (len(digits) == 10 and digits[0] in "12468"):
        return digits.zfill(12), True
    return None, False


def read_period(text: str) -> str | None:
    """
    >>> read_period("2021"), read_period("Năm 2021"), read_period("Quý 1/2021"), read_period("2021-Q3"), read_period("Q III/2021")
    ('2021', '2021', '2021-Q1', '2021-Q3', '2021-Q3')
    """
    folded = codes.fold(text)
    if year := re.fullmatch(r"(?:nam )?(20[0-9]{2})", folded):
        return year[1]
    quarter = re.fullmatch(r"(?:quy|q) ?(iv|i{1,3}|[1-4]) (?:nam )?(20[0-9]{2})", folded)
    if quarter:
        return f"{quarter[2]}-Q{ {'i': 1, 'ii': 2, 'iii': 3, 'iv': 4}.get(quarter[1], quarter[1]) }"
    turned = re.fullmatch(r"(20[0-9]{2}) q([1-4])", folded)
    return f"{turned[1]}-Q{turned[2]}" if turned else None
