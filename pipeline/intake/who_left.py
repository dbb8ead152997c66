"""Who left a unit, is exempt or suspended, where a roster says so in a note, or in a column of its own, and not in the template's columns.

Only what a cell says as a whole is taken, and it is told; what is yet to come is not. Who retired may well be there still: that is asked (schemas/rules.py).
What does not belong here: headings that say so of the rows below them (judging/titled).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.codes import fold, labels
from pipeline.intake.readings import Note, Table, letter
from pipeline.ledger.find import period_days
from pipeline.values import clean_text, is_mark, read_date

TO, REASON, EXEMPT, SUSPENDED = "spell_to", "leaving_reason_code", "exempt_from", "suspended_from"
# Folded: what happened → the reason of leaving, or the column of its first day.
HAPPENED = {
    "MOVED": r"(?:da |duoc )*chuyen (?:(?:sinh hoat dang|sinh hoat|sh dang|shd|sh|cong tac|ct|don vi) )?di(?: (?:noi|don vi|co quan|dang bo|chi bo) khac)?"
    r"|da chuyen(?: (?:sinh hoat dang|sinh hoat|sh dang|shd|sh|cong tac|ct|don vi))?|(?:da )?(?:sinh hoat dang|sinh hoat|sh dang|shd|sh|cong tac|ct) di"
    r"|(?:da )?cat (?:chuyen )?(?:sinh hoat dang|sinh hoat|sh dang|shd|sh)|(?:da )?roi (?:khoi )?(?:chi bo|don vi|co quan|dang bo)",
    "DIED": r"(?:da |bi )*(?:mat|tu tran|qua doi|chet|hy sinh)",
    "EXPELLED": r"(?:da |bi )*khai tru(?: (?:ra )?khoi dang| dang)?",
    "STRUCK_OFF": r"(?:da |bi )*xoa ten(?: (?:trong danh sach )?dang vien| khoi danh sach dang vien)?",
    "LEFT_PARTY": r"(?:da )?(?:xin )?ra khoi dang",
    "RESIGNED": r"(?:da )?(?:buoc )?(?:nghi|thoi) viec",
    EXEMPT: r"(?:da |dang |duoc |dv |dang vien |thuoc |dien )*mien (?:cong tac (?:va )?)?(?:sinh hoat dang|sinh hoat|shd|sh)",
    SUSPENDED: r"(?:da |dang |bi )*dinh chi (?:sinh hoat dang|sinh hoat|shd|sh)",
}
PATTERNS = {what: re.compile(rf"(?:{phrase})") for what, phrase in HAPPENED.items()}
# before a day, and before what a column of days is of
SINCE = re.compile(r"(?: (?:ke tu|tu|vao|trong|hoi|luc|ngay|thang|nam))+\Z")
OF_DAYS = re.compile(r"\A(?:ngay(?:,? thang,? nam| thang nam)?|thoi gian|thoi diem|thang nam) ")
MATTERS = re.compile(
    r"\b(?:mien (?:cong tac|sinh hoat|shd?)|dinh chi|nghi (?:huu|viec)|ve huu|thoi viec|tu tran|qua doi|ngay mat|da mat|chuyen (?:sinh hoat )?di|da chuyen|khai tru|xoa ten|"
    r"ra khoi dang|roi (?:don vi|chi bo)|tinh trang|trang thai)\b"
)
DAY_BEGINS = re.compile(r"[0-9]")


def matters(header: str) -> bool:
    """Does a column that is not read speak of whether its people are still there, and are to be rated?

    >>> matters("Ngày nghỉ hưu"), matters("Miễn sinh hoạt"), matters("Quê quán")
    (True, True, False)
    """
    return bool(MATTERS.search(fold(header)))


def take_who_left(table: Table, left: dict[int, str], period: str) -> None:
    """Fill a roster's last days, reasons of leaving, first days of exemption and suspension that its own columns leave blank."""
    found: dict[str, list[str | None]] = {}
    places: dict[str, str] = {}
    for place, header, cells in _said(table, left):
        is_used = False
        for number, cell in enumerate(cells):
            if not cell or not (said := happened(cell, header)):
                continue
            what, day = said
            read, precision = read_date(clean_text(day) or "", ends=what not in (EXEMPT, SUSPENDED))[:2]
            if read and period and read > period_days(period)[1]:
                continue
            first = what if what in (EXEMPT, SUSPENDED) else TO
            if first == TO and read and period and read == period_days(period)[1] and precision != "DAY":
                day = ""  # a month or a year that ends with the period: that he was there on its last day nobody says, and the missing day is asked
            for column, text in ((first, day), (REASON, labels("leaving_reason").get(what))):
                if text and not (table.values.get(column) or [None] * table.row_count)[number]:
                    found.setdefault(column, [None] * table.row_count)[number] = text
                    places.setdefault(column, place)
                    is_used = True
        if is_used and header:
            left.pop(next(p for p, text in left.items() if text == header and letter(p) == place))
    for column, texts in found.items():
        before = table.values.get(column) or [None] * table.row_count
        table.values[column] = [have or text for have, text in zip(before, texts, strict=True)]
        if places[column] != table.letters.get("note"):  # what else is asked of the column is no question about notes
            table.letters.setdefault(column, places[column])
        table.missing.pop(column, None)
        table.notes.append(Note("column_follows_from_others", table.sheet, table.header_row, column, f"{places[column]}{table.header_row}"))


def _said(table: Table, left: dict[int, str]) -> Iterator[tuple[str, str, list[str | None]]]:
    """The cells that may say so: where they stand, below which header (none for a note's), row by row."""
    if (notes := table.values.get("note")) is not None:
        yield table.letters["note"], "", notes
    for position, header in [*left.items()]:
        if _happened(OF_DAYS.sub("", fold(header)), "1/2000"):
            yield letter(position), header, [row[position] if position < len(row) else None for _, row in table.rows]


@lru_cache(maxsize=10_000)  # notes of a city are mostly the same words
def happened(cell: str, header: str = "") -> tuple[str, str] | None:
    """What a cell says to have happened to its person, and from which day; below a header that says what, the day or a mark alone.

    >>> happened("Nghỉ việc 3/2025"), happened("Chuyển sinh hoạt đi từ tháng 5/2025"), happened("Đã mất"), happened("Chuyển đến 3/2025")
    (('RESIGNED', '3/2025'), ('MOVED', '5/2025'), None, None)
    >>> happened("01/06/2025", "Ngày mất"), happened("x", "Đã chuyển"), happened("Miễn sinh hoạt từ 02/2025"), happened("Nghỉ hưu 3/2025")
    (('DIED', '01/06/2025'), ('MOVED', ''), ('exempt_from', '02/2025'), None)
    """
    if header:
        what = OF_DAYS.sub("", fold(header))
        if read_date(clean_text(cell) or "")[0]:
            return _happened(what, cell)
        if is_mark(cell) and len(cell) <= 1 and _happened(what, "") and what == fold(header):
            return _happened(what, "")
    begins = DAY_BEGINS.search(cell)
    said, day = (cell[: begins.start()], cell[begins.start() :].strip(" .,;)]")) if begins else (cell, "")
    return _happened(SINCE.sub("", fold(said)), day) if day else None  # without a day the note is asked about


def _happened(said: str, day: str) -> tuple[str, str] | None:
    what = next((what for what, pattern in PATTERNS.items() if pattern.fullmatch(said)), None)
    if what is None or (day and read_date(clean_text(day) or "")[0] is None):
        return None
    return None if what in (EXEMPT, SUSPENDED) and not day else (what, day)
