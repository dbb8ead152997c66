"""Text to values: dates, numbers, identity numbers, periods as Vietnamese offices write them.

What does not belong here: columns, rules, and what is done when a value cannot be read (None says so).
"""

import datetime as dt
import re
import unicodedata
from functools import lru_cache
from typing import TypeGuard

from pipeline import codes

# How offices write: the same as in the row above; this one, and not this one.
DITTO: frozenset[str | None] = frozenset(  # asked for cells, which may be blank
    spelled
    for word in ("nt", "n/t", "-nt-", "- nt -", '"nt"', "như trên", "-như trên-", "//", "-//-", "- // -", "''", '"', "〃", "”")
    for spelled in (word, word.upper(), word.capitalize())
)
DOTS: frozenset[str | None] = frozenset(
    ("…", "……", "………", "…..", *("." * n for n in range(2, 11)), ". . .", "· · ·")
)  # as above, or nothing? Below a unit it is asked
MARKS = frozenset(["x", "v", "1", "✓", "✔", "√", "☑", "☒", "●", "•", "■", "*", "+", "×", "⨯", "có", "\uf0fe", "\uf0fc", "\uf0fb", "þ", "ü"])
NO_MARK = frozenset(
    ("", "0", "khong", "o", *"☐□▢◻⬜❏❑○◯\uf0a8\uf0a3\uf06f¨")
)  # as codes.fold leaves them; boxes of symbol fonts among them
SEVERAL = " + "  # between what two marks in one row say

# How offices and programs write that a cell says nothing, beside leaving it blank.
NULLS = frozenset(
    spelled for word in ("null", "n/a", "NaN", "NaT", "None", r"\N", "(blank)", "(trống)") for spelled in (word, word.upper(), word.lower())
)
NOTHING = re.compile(r"[-\u2010-\u2015\u2212_./\\|…·#~,;:()\[\]<>\s]+")
NO_DAY = re.compile(r"[0_./:\- ]+", re.ASCII)  # 0, 00/00/0000, __/__/____
NONE_GIVEN = frozenset(("khong", "khong co", "khong ro", "ko", "ko co", "chua", "chua co"))  # as codes.fold leaves them
STILL_RUNNING = frozenset(("nay", "den nay", "toi nay", "hien nay", "den hien nay", "hien tai", "den hien tai", "hien dang cong tac"))


def mark_of(cell: str) -> str:
    """A mark without what is written around it, or once more.

    >>> mark_of("[X]"), mark_of("x."), mark_of("( x )"), mark_of("xx"), mark_of("✔\ufe0f"), mark_of("(có)")
    ('x', 'x', 'x', 'x', '✔', 'có')
    """
    bare = cell.lower().replace("\ufe0f", "").strip(" .[](){}")
    return bare[:1] if len(set(bare.replace(" ", ""))) == 1 else bare


def is_mark(cell: str | None) -> TypeGuard[str]:
    """Whether a cell of the mark layout is marked."""
    return bool(cell) and codes.fold(cell) not in NO_MARK


def says_nothing(text: str, none_given: bool = False, no_day: bool = False, ends: bool = False) -> bool:
    """Whether a text that its kind's reader cannot read stands for a blank. A ditto mark does not: it says something, if not here.
    `none_given`: so do 0 and “chưa có”; `no_day`: so does 00/00/0000; `ends`: so does “đến nay”.

    What is a value somewhere (0 of a number, “không” of a code list) is no blank there: the readers are asked first.

    >>> says_nothing("…"), says_nothing("//"), says_nothing("đến nay", no_day=True), says_nothing("đến nay", no_day=True, ends=True)
    (True, False, False, True)
    """
    if text in DITTO:
        return False
    if text in NULLS or NOTHING.fullmatch(text):
        return True
    if (no_day and NO_DAY.fullmatch(text)) or (ends and codes.fold(text) in STILL_RUNNING):
        return True
    return none_given and (text == "0" or codes.fold(text) in NONE_GIVEN)


GRAVE, ACUTE, TILDE, HOOK, DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
TONES = GRAVE + ACUTE + TILDE + HOOK + DOT
ETH = str.maketrans("ðÐ", "đĐ")  # the Icelandic letter that old fonts showed for đ
UNSEEN = codes.INVISIBLE | ETH
# Control characters, a mark that no letter bears, and every alphabet but the Latin one: Greek, Cyrillic, Lao, Chinese, Korean, full width.
FOREIGN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u0300-\u1dff\u2e80-\ud7ff\uf900-\ufaff\uff01-\uffee]")
LOST = re.compile(r"\ufffd|\w\?|\?\w")  # what stands where a letter could not be converted
AS_TEXT = re.compile(r'=? ?"((?:[^"]|"")*)"|“([^“”]*)”')  # ="092…" keeps a zero in a CSV; or quoted whole


def has_foreign_letter(text: str) -> bool:
    """A letter that only looks like one of ours, or what is left of one: nobody who types the name finds it again.

    >>> has_foreign_letter("Nguyễn Vаn"), has_foreign_letter("Nguyễn Văn Đức"), has_foreign_letter("\u0301An")
    (True, False, True)
    """
    return bool(FOREIGN.search(text))


def has_lost_letter(text: str) -> bool:
    """A letter that did not survive a conversion: a replacement character, or a question mark within a word.

    >>> has_lost_letter("Nguy?n V\ufffdn A"), has_lost_letter("Nguyễn Văn A"), has_lost_letter("Ai ?")
    (True, False, False)
    """
    return ("?" in text or "\ufffd" in text) and bool(LOST.search(text))


def clean_text(text: str) -> str | None:
    """A cell's text without what nobody sees, and without what only tells a spreadsheet that it is text.

    >>> clean_text("  Hoa\u0300n\u00a0 thành "), clean_text('="092080000001"'), clean_text("'5/2/1980")
    ('Hoàn thành', '092080000001', '5/2/1980')
    """
    text = " ".join(unicodedata.normalize("NFC", text.translate(UNSEEN)).split())
    if text in DITTO:
        return text
    text = text.lstrip("'’` ")
    if quoted := AS_TEXT.fullmatch(text):
        return clean_text((quoted[1] or quoted[2] or "").replace('""', '"'))
    return text or None


def is_formula_error(text: str) -> bool:
    """
    >>> is_formula_error("#REF!"), is_formula_error("#1")
    (True, False)
    """
    return text.startswith("#") and bool(re.fullmatch(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)", text))


def read_words(text: str) -> str | None:
    """
    >>> read_words("Sở Nội vụ"), read_words("-"), read_words("#REF!")
    ('Sở Nội vụ', None, None)
    """
    return None if text in UNSAID or is_formula_error(text) or says_nothing(text) else text


UNSAID = NULLS | DITTO  # letters that are no words

SEPARATOR = re.compile(r" ?[/.\\\-\u2010-\u2015\u2212] ?")
DATE = re.compile(r"(?:(?:([0-9]{1,2})/)?([0-9]{1,2})/)?((?:19|20)[0-9]{2})\Z", re.ASCII)
# A day, or a day and a month, left open before what is known: …/02/1980, ../../1980, --/--/1980, __/__/1980, ?/?/1980, xx/xx/1980.
LEFT_OPEN = re.compile(r"(?:(?:[.…]+|_+|-+|\?+|[xX]{1,2}) ?/ ?){1,2}")
YEAR_AS_DECIMAL = re.compile(r"((?:19|20)[0-9]{2})[.,]0\Z", re.ASCII)  # of a program that keeps a column with blanks as decimal numbers
SHORT_YEAR = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{2})\Z", re.ASCII)
YEAR_FIRST = re.compile(r"((?:19|20)[0-9]{2})/([0-9]{1,2})(?:/([0-9]{1,2}))?\Z", re.ASCII)
IN_WORDS = re.compile(  # folded
    r"(?:(?:(?:ngay )?([0-9]{1,2}) )?(?:(?:thang|thg|th|t) ?)?([0-9]{1,2}) )?(?:nam )?((?:19|20)[0-9]{2})\Z", re.ASCII
)
SHORT_IN_WORDS = re.compile(r"([0-9]{1,2}) (?:thang|thg|th) ?([0-9]{1,2}) ([0-9]{2})\Z", re.ASCII)  # folded; 05-Thg2-80
VIETNAMESE = "gieng hai ba tu nam sau bay tam chin muoi"  # “tháng năm” may be May, or a year whose month was left open
ENGLISH = "january february march april may june july august september october november december"
MONTHS = {  # folded
    **{f"thang {name}": n for n, name in enumerate(VIETNAMESE.split(), start=1) if name != "nam"},
    "thang mot": 1,
    "thang muoi mot": 11,
    "thang muoi hai": 12,
    "thang chap": 12,
    **{written: n for n, name in enumerate(ENGLISH.split(), start=1) for written in (name, name[:3])},
}
NAMED_MONTH = re.compile(rf"\b(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b")
# A time behind a day. None with AM or PM: where these are written the month comes first.
TIME = re.compile(r"(?:T|,? )((?:[01]?[0-9]|2[0-3]):[0-5][0-9])(?::[0-5][0-9](?:[.,][0-9]+)?)?(?: (?:SA|CH))?\Z", re.ASCII)
SERIAL = re.compile(r"[1-5][0-9]{4}\Z", re.ASCII)
PIVOT = 30  # 05/02/31 is of 1931, 05/02/30 of 2030: nobody in service was born before 1931
EPOCH = dt.date(1899, 12, 30)  # day 0 of a spreadsheet's serial days
SINCE_1904 = 1462  # days between that and day 0 of a workbook that counts from 1904


@lru_cache(maxsize=100_000)  # the same days stand in many columns
def read_date(text: str, ends: bool = False) -> tuple[dt.date | None, str | None]:
    """Day first, never month first; a month or a year is its first day, or its last where the column ends something.

    >>> read_date("5/2/1980"), read_date("02/1980"), read_date("1980", ends=True)
    ((datetime.date(1980, 2, 5), 'DAY'), (datetime.date(1980, 2, 1), 'MONTH'), (datetime.date(1980, 12, 31), 'YEAR'))
    >>> read_date("31/02/1980"), read_date("1/2/65"), read_date("29221"), read_date("ngày 5 tháng 2 năm 1980")[1]
    ((None, None), (datetime.date(1965, 2, 1), 'DAY'), (datetime.date(1980, 1, 1), 'DAY'), 'DAY')
    >>> read_date("05-Thg2-1980 00:00") == read_date("5 / 2 / 1980"), read_date("00/02/1980") == read_date("tháng 2/1980")
    (True, True)
    """
    if SERIAL.match(text):
        return EPOCH + dt.timedelta(days=int(text)), "DAY"
    plain = DATE.match(text)  # as nearly all are written
    parts = (plain[1], plain[2], plain[3]) if plain else _day_month_year(text, ends)
    if parts is None:
        return None, None
    day, month = (int(part) if part is not None else None for part in parts[:2])
    year = int(parts[2])
    if day == 0:  # 00/00/1978: how a form says that the day, or the month too, is not known
        day, month = None, month or None
    try:
        if month is None:
            return (dt.date(year, 12, 31) if ends else dt.date(year, 1, 1)), "YEAR"
        if day is None:
            first, following = dt.date(year, month, 1), dt.date(year + month // 12, month % 12 + 1, 1)
            return (following - dt.timedelta(days=1) if ends else first), "MONTH"
        return dt.date(year, month, day), "DAY"
    except ValueError:
        return None, None


def _day_month_year(text: str, ends: bool) -> tuple[str | None, str | None, str] | None:
    """The digits of each part, however they are written; the day, or the day and the month, may be absent."""
    time = TIME.search(text)
    if time:
        if time[1] == "23:59" and not ends:
            return None  # the next day, perhaps, short of the minute that a spreadsheet lost
        text = text[: time.start()]
    known = LEFT_OPEN.sub("", text, count=1) if LEFT_OPEN.match(text) else text
    text, is_open = SEPARATOR.sub("/", YEAR_AS_DECIMAL.sub(r"\1", known.rstrip(" .,;"))), known != text
    if len(text) == 8 and text.isascii() and text.isdigit():  # a month is never 19 or 20, so no two readings
        cuts = (2, 4) if text[4:6] in ("19", "20") else (4, 6)
        text = f"{text[: cuts[0]]}/{text[cuts[0] : cuts[1]]}/{text[cuts[1] :]}"
    if match := DATE.match(text):
        day, month, year = match.groups()
    elif match := SHORT_YEAR.match(text):
        day, month, year = _with_century(match)
    elif match := YEAR_FIRST.match(text):
        year, month, day = match.groups()
        if day is None and int(month) == (int(year) + 1) % 100:
            return None  # 2010-11 is a school year as well as a month
    elif ":" in text or not (" " in text or any(map(str.isalpha, text))):
        return None
    else:
        words = NAMED_MONTH.sub(lambda name: f"thang {MONTHS[name[0]]}", codes.fold(text))
        if match := IN_WORDS.match(words):
            day, month, year = match.groups()
        elif match := SHORT_IN_WORDS.match(words):
            day, month, year = _with_century(match)
        else:
            return None
    return None if (time and day is None) or (is_open and day is not None) else (day, month, year)


def _with_century(match: re.Match[str]) -> tuple[str, str, str]:
    year = int(match[3])
    return match[1], match[2], str(year + (2000 if year <= PIVOT else 1900))


# A number, then letters. Never a sentence, so never a name.
SHAPE = re.compile(r"[0-9]{1,6}[a-zA-Z]?(?:[-/.][0-9A-Za-zĐđÂÊÔƠƯĂ]+)*\Z")


A_DAY = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/(?:19|20)[0-9]{2}\Z", re.ASCII)


def read_shape(text: str) -> str | None:
    """An identifier that is written in one piece; a dash that a word processor made long, or spaced, is still one.

    A day is none: spreadsheets make one of a number like 12/2021.

    >>> read_shape("12-QĐ/ĐU"), read_shape("05 – QĐ/UBKT.2021"), read_shape("Nguyễn Văn Mẫu"), read_shape("01/12/2021")
    ('12-QĐ/ĐU', '05-QĐ/UBKT.2021', None, None)
    """
    text = SPACED.sub(lambda sign: sign[1] or "-", text)
    return text if SHAPE.match(text) and text.strip("0") and not A_DAY.match(text) else None


SPACED = re.compile(r" ?(?:([-/])|[\u2010-\u2015\u2212]) ?")


def read_number(text: str, between: tuple[int, int | None] | None = None, units: tuple[str, ...] = ()) -> float | None:
    """A number in Vietnamese or in plain writing; a dot before three digits parts thousands. Behind it may stand one of its column's units.

    Three digits behind one comma may be decimals, or thousands as English writes them: the column's range decides, or nobody can.

    >>> read_number("1.236"), read_number("18,43 %"), read_number("88.5"), read_number("1.236,5"), read_number("1,236.5"), read_number("1 236")
    (1236.0, 18.43, 88.5, 1236.5, 1236.5, 1236.0)
    >>> read_number("1,200", (1, 10_000)), read_number("88,125", (0, 100)), read_number("88.125", (0, 100)), read_number("1,236")
    (None, 88.125, 88.125, 1.236)
    >>> read_number("8 giờ", units=("giờ", "h")), read_number("8h", units=("giờ", "h")), read_number("5 ngày", units=("giờ", "h"))
    (8.0, 8.0, None)
    """
    text = text.removesuffix("%").rstrip()
    unit = next((unit for unit in units if text[-len(unit) :].lower() == unit), "")
    text = text[: len(text) - len(unit)].rstrip()
    if three := THREE_DIGITS.fullmatch(text):
        thousands, decimal = float(text.replace(three[1], "")), float(text.replace(",", "."))
        possible = [n for n in (thousands, decimal) if between is None or between[0] <= n <= (n if between[1] is None else between[1])]
        if three[1] == ",":
            return decimal if between is None or not possible else possible[0] if len(possible) == 1 else None
        return possible[0] if possible else thousands
    if grouped := GROUPS.fullmatch(text):
        text = text.replace(grouped[1] or grouped[2], "")
    text = text.replace(",", ".")
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text, re.ASCII) else None


THREE_DIGITS = re.compile(r"-?[1-9][0-9]{0,2}([.,])[0-9]{3}", re.ASCII)
# Thousands that are parted all by one sign, and decimals behind another.
GROUPS = re.compile(r"-?[1-9][0-9]{0,2}(?:(?=([ .]))(?:\1[0-9]{3})+(?:,[0-9]+)?|(?=([, ]))(?:\2[0-9]{3})+(?:\.[0-9]+)?)", re.ASCII)


IDENTITY_DIGITS = "(?:[0-9]{9}|[0-9]{12})"  # an identity number in one piece: of an old card, or a person's own


# How offices number a year's quarters; folded.
QUARTER = "iv|i{1,3}|[1-4]"
QUARTERS = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def read_period(text: str) -> str | None:
    """
    >>> read_period("2021"), read_period("Năm 2021"), read_period("Quý 1/2021"), read_period("2021-Q3"), read_period("Q III/2021")
    ('2021', '2021', '2021-Q1', '2021-Q3', '2021-Q3')
    >>> read_period("Năm học 2020-2021"), read_period("Tháng 4/2025"), read_period("6 tháng đầu năm 2025")
    (None, None, None)
    """
    folded = codes.fold(text)
    if year := re.fullmatch(r"(?:nam )?(20[0-9]{2})", folded):
        return year[1]
    quarter = re.fullmatch(rf"(?:qu[yi]|q) ?({QUARTER}) (?:nam )?(20[0-9]{{2}})", folded)
    if quarter:
        return f"{quarter[2]}-Q{QUARTERS.get(quarter[1], quarter[1])}"
    turned = re.fullmatch(r"(20[0-9]{2}) q([1-4])", folded)
    return f"{turned[1]}-Q{turned[2]}" if turned else None


NUMBER_AND_DAY = re.compile(
    r"(?:(?:quyết định|qđ)\s*)?(?:số\s*:?\s*)?(?P<number>[0-9]{1,5}\s*[-/]\s*[^\s,;()]+)\s*[,;(]?\s*(?:ký\s+)?(?:ngày\s*:?\s*)?"
    r"(?P<day>[0-9]{1,2}\s*[/.\-]\s*[0-9]{1,2}\s*[/.\-]\s*[0-9]{4})\s*\)?",
    re.IGNORECASE,
)


def split_span(text: str) -> tuple[str, str] | None:
    """The first and the last day of a time that one text says. A dash alone parts days that are written without one.

    >>> split_span("từ 5/2023 đến nay"), split_span("01/03/2024 - 01/03/2025"), split_span("Từ ngày 01-04-2025 đến ngày 30-04-2025")
    (('5/2023', 'nay'), ('01/03/2024', '01/03/2025'), ('01-04-2025', '30-04-2025'))
    >>> split_span("01/04-30/04/2025"), split_span("3 tháng"), split_span("5/2023")
    (None, None, None)
    """
    found = SPAN.fullmatch(" ".join(text.split()))
    return (found["first"], found["last"]) if found else None


SPAN = re.compile(
    r"(?:từ )?(?:ngày |tháng |năm )?(?P<first>(?:[0-9]{1,2}[/.-]){0,2}[0-9]{4})(?: ?(?:đến hết|đến|tới|→) ?| [-–—] |(?<=[/.][0-9]{4})[-–—])"
    r"(?:ngày |tháng |năm )?(?P<last>(?:[0-9]{1,2}[/.-]){0,2}[0-9]{4}|(?:hiện )?nay)",
    re.IGNORECASE,
)


def split_decision(text: str) -> tuple[str, str] | None:
    """A decision's number and its day, where one text holds both."""
    found = NUMBER_AND_DAY.search(" ".join(text.split()))
    return (re.sub(r"\s", "", found["number"]), found["day"]) if found else None
