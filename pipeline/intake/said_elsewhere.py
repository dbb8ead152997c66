"""What other cells of a row, or the groups of its header, say of a column: a reason in a note, that a punishment has ended, whose discipline it is.

Only what a cell says as a whole is taken, and it is told. What does not belong here: titles and sections (above), what days say (columns).
"""

import re
from collections.abc import Sequence

from pipeline.codes import code_of, fold, labels, spellings
from pipeline.intake.header_rows import paths_of
from pipeline.intake.headers import Header
from pipeline.intake.readings import Note, Table, letter
from pipeline.intake.rows import Row
from pipeline.intake.who_left import take_who_left
from pipeline.ledger.find import period_days
from pipeline.values import clean_text, is_mark, read_date

DECIDED, REASON, REASONS = "decided_level_code", "not_rated_reason_code", "not_rated_reason"
STATUS, SYSTEM, FORM = "discipline_status_code", "discipline_system_code", "discipline_form_code"
# Folded: how a cell or a header says that a punishment is no more.
ENDED = re.compile(
    r"(?:ngay )?(?:(?:da|duoc|dang) )*(?:xoa|huy|thu hoi|het hieu luc|het thoi (?:han|hieu)|het han|cham dut hieu luc)(?: (?:bo|ky luat|quyet dinh|qd|hieu luc|thi hanh|ve|cua|oan|sai|"
    r"an ky luat|thoi han))*(?: (?:tu |ngay |theo |do |vi ).*)?"
)
LASTS = re.compile(r"(?:ngay )?(?:da )?(?:het|cham dut)")  # a day below it may be yet to come
OF_GROUPS = re.compile(r"\b(?:ky luat|xu ly|hinh thuc|thi hanh|ve|noi dung|muc|bi|mat)\b")
NUMBERED = re.compile(r"[0-9]{1,2}\.?")


def take_elsewhere(table: Table, header: Header, rows: Sequence[Row], left: dict[int, str], period: str) -> None:
    """What is said of a table's columns elsewhere than in them; taken from `left` is what is read so."""
    if header.confirmed or not table.row_count:
        return
    _leave_numbered_units(table)
    if table.dataset == "personnel":
        take_who_left(table, left, period)
    elif table.dataset == "ratings":
        _take_reasons(table)
    elif table.dataset == "discipline":
        _take_ends(table, left, period)
        _take_system(table, header, rows)


def _leave_numbered_units(table: Table) -> None:
    """A column of bare numbers names no unit."""
    units = table.values.get("unit")
    if not units or not (said := {unit for unit in units if unit}) or not all(NUMBERED.fullmatch(unit.strip()) for unit in said):
        return
    table.values["unit"] = [None] * table.row_count
    where = f"{table.letters['unit']}{table.header_row}"
    table.notes.append(Note("column_holds_what_it_says", table.sheet, table.header_row, "unit", where))


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
    if at:
        _fill(table, STATUS, found, at)


def _end_said(text: str, header: str, is_own: bool, period: str) -> str | None:
    """What a cell says of its punishment's end: itself in words, or its header where it is marked or dated."""
    if ENDED.fullmatch(fold(text)):
        return text
    if not is_own or not is_mark(text):
        return None
    day = read_date(clean_text(text) or "")[0]
    is_to_come = day is not None and bool(LASTS.match(fold(header))) and bool(period) and day > period_days(period)[1]
    return None if is_to_come else header


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
