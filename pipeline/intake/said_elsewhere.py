"""What other cells of a row, or the groups of its header, say of a column: a reason in a note, that a punishment has ended, whose discipline it is.

Only what a cell says as a whole is taken, and it is told. What does not belong here: titles and sections (above), what days say (columns).
"""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.codes import code_of, fold, labels, meaning_of, spellings
from pipeline.intake.forms import read_next
from pipeline.intake.header_rows import paths_of
from pipeline.intake.header_texts import OF_GROUPS, forms_by_system
from pipeline.intake.headers import Header
from pipeline.intake.level_notes import ask_level_notes
from pipeline.intake.readings import Note, Source, Table, letter
from pipeline.intake.rows import Row
from pipeline.intake.undone import NOT_PUNISHED
from pipeline.intake.who_left import take_who_left
from pipeline.ledger.find import period_days
from pipeline.values import clean_text, is_mark, read_date, read_number, read_period, read_words

PERIOD = "period"
DECIDED, REASON, REASONS = "decided_level_code", "not_rated_reason_code", "not_rated_reason"
STATUSES = "discipline_status"
STATUS, SYSTEM, FORM = "discipline_status_code", "discipline_system_code", "discipline_form_code"
# Folded: how a cell or a header says that a punishment is no more.
ENDED = re.compile(
    r"(?:ngay )?(?:(?:da|duoc|dang) )*(?:xoa|huy|thu hoi|het hieu luc|het thoi (?:han|hieu)|het han|cham dut hieu luc)(?: (?:bo|ky luat|quyet dinh|qd|hieu luc|thi hanh|ve|cua|oan|sai|"
    r"an ky luat|thoi han))*(?: (?:tu |ngay |theo |do |vi ).*)?"
)
UNITS, NEARLY_ALL = ("unit", "from_unit", "to_unit"), 0.8
A_CODE = re.compile(
    r"[0-9]{5,}"
)  # the state numbers its communes with five digits, whoever has a budget with seven: a registry may have such codes


def take_elsewhere(table: Table, header: Header, rows: Sequence[Row], left: dict[int, str], source: Source) -> None:
    """What is said of a table's columns elsewhere than in them; taken from `left` is what is read so."""
    if not table.row_count:
        return
    period = source.period
    _leave_numbered_units(table, source.sender)
    if header.confirmed:
        if FORM in header.then:
            _take_forms(table, header, rows, left)
        return
    if table.dataset == "personnel":
        take_who_left(table, left, period)
    elif table.dataset == "ratings":
        _take_quarters(table, left, period)
        _take_levels_that_are_reasons(table)
        _take_reasons(table)
        ask_level_notes(table, DECIDED, left)
    elif table.dataset == "discipline":
        _take_forms(table, header, rows, left)
        _ask_later_forms(table, left)
        _take_ends(table, left, period)
        _take_system(table, header, rows)


def _leave_numbered_units(table: Table, sender: str) -> None:
    """A column of numbers names no unit, unless they may be codes: nearly all of its cells are numbers, whatever its header was taken for."""
    if fold(sender).replace(" ", "").isdigit():
        return  # in this city codes are numbers; which ones it has, no reading of a file knows
    for column in UNITS:
        said = Counter(unit for unit in table.values.get(column, ()) if unit and read_words(unit))
        numbers = sum(count for unit, count in said.items() if _is_mere_number(unit))
        if not said or numbers < NEARLY_ALL * said.total():
            continue
        table.values[column] = [None] * table.row_count
        place = table.letters.get(column)
        where = f"{place}{table.header_row}" if place else None
        table.notes.append(Note("column_holds_what_it_says", table.sheet, table.header_row, column, where))


def _is_mere_number(unit: str) -> bool:
    """
    >>> _is_mere_number("1."), _is_mere_number("1.250"), _is_mere_number("2,5"), _is_mere_number("31117"), _is_mere_number("Chi bộ 1")
    (True, True, True, False, False)
    """
    bare = unit.strip().rstrip(".")
    return not A_CODE.fullmatch(bare) and read_number(bare) is not None


OF_QUARTERS = re.compile(r"(?:qu[yi]|ky|thoi gian)(?: (?:xep loai|danh gia|binh xet))?")  # folded
YEARLY = ("nam", "ca nam")


def _take_quarters(table: Table, left: dict[int, str], period: str) -> None:
    """Each row's quarter in a column of its own that bears no year: it is of the folder's. “Quý” over “I”, “II”, “Cả năm”"""
    cells = table.values.get(PERIOD, ())
    at = next((p for p, text in left.items() if OF_QUARTERS.fullmatch(fold(text))), None) if not any(cells) else None
    if at is not None:
        cells = [row[at] if at < len(row) else None for _, row in table.rows]
    is_named = at is not None and fold(left[at]).startswith("qu")  # “I” below “Kỳ” may be half a year
    of_year = {text: _of_year(text, period[:4], is_named) for text in {*cells} if text} if period else {}
    if all(map(read_period, of_year)) or not all(map(read_period, of_year.values())):
        return
    found = [of_year[text] if text else None for text in cells]
    if at is not None:
        left.pop(at)
    table.assumed.add(PERIOD)  # a title may say another year
    table.values[PERIOD] = [None] * table.row_count
    _fill(table, PERIOD, found, table.letters.get(PERIOD) or letter(at or 0))


def _of_year(text: str, year: str, is_quarter: bool) -> str:
    """A quarter, or a whole year, with the year that it does not say.

    >>> _of_year("Quý III", "2025", False), _of_year("2", "2025", True), _of_year("Cả năm", "2025", True), _of_year("I", "2025", False)
    ('quy iii 2025', 'quy 2 2025', '2025', 'i')
    """
    folded = fold(text)
    if folded in YEARLY:
        return year
    number = re.sub(r"\Aq(?:u[yi])? ?", "", folded)
    return f"quy {number} {year}" if is_quarter or number != folded else folded


NOT_RATED = labels("rating_level")["NOT_RATED"]
# Before a reason in the column of levels; and what says of itself too little, but for whom a list rates.
UNRATED = re.compile(r"(?:(?:khong|chua) (?:xep loai|danh gia|phan loai|xl|dg)|kxl|ko xl)\b(?: (?:do|vi|ly do|la|thuoc dien))?")
SIX_MONTHS = re.compile(r"(?:moi )?chua du 0?6 thang|(?:duoi|moi) 0?6 thang")
BARELY = {
    "mien": "EXEMPT",
    "duoc mien": "EXEMPT",
    "dien mien": "EXEMPT",
    "mien xep loai": "EXEMPT",
    "mien danh gia": "EXEMPT",
    "mien sh": "EXEMPT",
    "mien shd": "EXEMPT",
}


def _take_levels_that_are_reasons(table: Table) -> None:
    """Whoever has a reason in the place of a level is not rated, for that reason: “Không xếp loại do mới vào Đảng”, “Miễn”."""
    levels = table.values.get(DECIDED)
    if not levels or any(table.values.get(REASON, ())):
        return
    meant = {text: _reason_in(text, table.titles) for text in {*levels} if text}
    found = [labels(REASONS)[code] if level and (code := meant[level]) else None for level in levels]
    if any(found):
        table.values[DECIDED] = [NOT_RATED if reason else level for level, reason in zip(levels, found, strict=True)]
        _fill(table, REASON, found, table.letters.get(DECIDED, "A"))


def _reason_in(text: str, titles: Sequence[str]) -> str | None:
    """The reason that a cell says in the place of a level.

    >>> _reason_in("Không xếp loại do mới vào Đảng", ()), _reason_in("KXL (miễn sinh hoạt)", ()), _reason_in("Miễn", ()), _reason_in("HTTNV", ())
    ('NEW_LT_6M', 'EXEMPT', 'EXEMPT', None)
    >>> _reason_in("Chưa đủ 6 tháng", ["XẾP LOẠI ĐẢNG VIÊN"]), _reason_in("Chưa đủ 6 tháng", ["ĐÁNH GIÁ CÔNG CHỨC"]), _reason_in("Chưa đủ 6 tháng", ())
    ('NEW_LT_6M', 'WORKED_LT_6M', None)
    """
    if code_of("rating_level", text):
        return None
    folded = fold(text)
    rest = UNRATED.sub("", folded).strip() if UNRATED.match(folded) else folded
    if not rest:
        return None
    if code := BARELY.get(rest) or meaning_of(REASONS, rest) or code_of(REASONS, rest):
        return code
    if not SIX_MONTHS.fullmatch(rest):
        return None
    said = fold(" ".join(titles))
    of_members, of_officials = "dang vien" in said, bool(re.search(r"\b(?:cong chuc|vien chuc|can bo|nguoi lao dong)\b", said))
    return None if of_members == of_officials else "NEW_LT_6M" if of_members else "WORKED_LT_6M"


def _take_reasons(table: Table) -> None:
    """Whoever is not rated, with a reason in the note that says nothing else."""
    notes = table.values.get("note")
    if notes is None or any(table.values.get(REASON, ())):
        return
    meant = {text: code_of(REASONS, text) for text in {*notes} if text}
    if not any(meant.values()):
        return
    levels = table.values.get(DECIDED, [None] * table.row_count)
    found = [
        note if note and meant[note] and (not level or code_of("rating_level", level) == "NOT_RATED") else None
        for note, level in zip(notes, levels, strict=True)
    ]
    if any(found):
        _fill(table, REASON, found, table.letters["note"])


def _take_ends(table: Table, left: dict[int, str], period: str) -> None:
    """Punishments that a note, or a column of its own, says to be no more: that text is their status, where it can be read."""
    if any(table.values.get(STATUS, ())):
        return
    found: list[str | None] = [None] * table.row_count
    at = None
    for position, header in [*left.items(), (None, "")]:
        cells = (
            table.values.get("note", ()) if position is None else [row[position] if position < len(row) else None for _, row in table.rows]
        )
        is_own = bool(ENDED.fullmatch(fold(header)))
        said = {text: _end_said(text, header, is_own, period) for text in {*cells} if text}
        if not any(said.values()):
            continue
        at = at or (table.letters["note"] if position is None else letter(position))
        found = [have or (said[cell] if cell else None) for have, cell in zip(found, cells, strict=True)]
        if is_own and position is not None:
            left.pop(position)
    if at:  # a blank is in effect; said so where else no cell of the column might be a status
        is_status = any(text and fold(text) in spellings(STATUSES) for text in found)
        _fill(table, STATUS, found if is_status else [text or labels(STATUSES)["ACTIVE"] for text in found], at)


def _end_said(text: str, header: str, is_own: bool, period: str) -> str | None:
    """What a cell says of its punishment's end: itself in words, or its header where it is marked or dated."""
    if ENDED.fullmatch(fold(text)):
        return text
    if not is_own or not is_mark(text):
        return None
    day = read_date(clean_text(text) or "")[0]
    is_to_come = day is not None and bool(period) and day > period_days(period)[1]
    return None if is_to_come else header


def _take_forms(table: Table, header: Header, rows: Sequence[Row], left: dict[int, str]) -> None:
    """The form of a punishment that stands in a column for each system: “Hình thức kỷ luật đảng”, “Hình thức kỷ luật chính quyền”. Of a row that fills
    several the first is read, and the others are told: each would be a row of its own."""
    systems = forms_by_system(header, rows)
    if header.columns.get(FORM) not in systems or len({*systems.values()}) < len(systems):
        return
    cells = {p: [None if p >= len(row) or NOT_PUNISHED.fullmatch(fold(row[p] or "")) else row[p] for _, row in table.rows] for p in systems}
    known = spellings("discipline_form")
    said = [cell for column in cells.values() for cell in column if is_mark(cell)]
    if not said or sum(fold(cell) in known for cell in said) * 2 < len(said):
        return
    forms: list[str | None] = [None] * table.row_count
    own: list[str | None] = [None] * table.row_count
    places: list[tuple[int, str]] = []
    for number in range(table.row_count):
        filled = [p for p in sorted(systems) if is_mark(cells[p][number])]
        if filled:
            forms[number], own[number] = cells[filled[0]][number], labels("discipline_system")[systems[filled[0]]]
            places.append((table.rows[number][0], letter(filled[0])))
        for p in filled[1:]:
            row_no = table.rows[number][0]
            table.notes.append(Note("one_decision_in_a_row", table.sheet, row_no, FORM, f"{letter(p)}{row_no}"))
    table.values[FORM] = forms
    table.put(FORM, places)
    if not any(table.values.get(SYSTEM, ())):
        _fill(table, SYSTEM, own, table.letters[FORM])
        table.put(SYSTEM, places)
    for position in systems:
        left.pop(position, None)
    if table.form and not header.confirmed:
        table.form = read_next(table.form, FORM, systems.keys() - {header.columns[FORM]})


LATER = re.compile(r"\b(?:sau|khieu nai|dieu chinh|thay doi|giai quyet|xem xet lai|phuc tra)\b")  # folded


def _ask_later_forms(table: Table, left: dict[int, str]) -> None:
    """Another form, in a column of what became of it later, may be the one that holds: its cell is asked."""
    forms = [code_of("discipline_form", text) if text else None for text in table.values.get(FORM, ())]
    for position in [p for p, text in left.items() if LATER.search(fold(text))]:
        for (number, row), form in zip(table.rows, forms, strict=False):
            cell = row[position] if position < len(row) else None
            if cell and form and (other := code_of("discipline_form", cell)) and other != form:
                table.notes.append(Note("event_holds", table.sheet, number, None, f"{letter(position)}{number}", cell))


def _take_system(table: Table, header: Header, rows: Sequence[Row]) -> None:
    """Whose discipline it is, where the group above its form says so: it goes before any title."""
    if any(table.values.get(SYSTEM, ())) or (at := header.columns.get(FORM)) is None:
        return
    above = dict(paths_of(rows[header.top : header.bottom + 1])).get(at, ())[:-1]
    known = spellings("discipline_system")
    codes = {code for text in above if (code := known.get(" ".join(OF_GROUPS.sub(" ", fold(text)).split())))}
    if len(codes) == 1:
        label = labels("discipline_system")[codes.pop()]
        found = [label if form else None for form in table.values.get(FORM, [None] * table.row_count)]
        if any(found):
            table.values[SYSTEM] = [*found]
            table.missing.pop(SYSTEM, None)
            table.notes.append(Note("column_said_above", table.sheet, table.header_row, SYSTEM))


def _fill(table: Table, column: str, found: Sequence[str | None], place: str) -> None:
    before = table.values.get(column) or [None] * table.row_count
    table.values[column] = [have or text for have, text in zip(before, found, strict=True)]
    table.letters.setdefault(column, place)
    table.missing.pop(column, None)
    table.notes.append(Note("column_follows_from_others", table.sheet, table.header_row, column, f"{place}{table.header_row}"))
