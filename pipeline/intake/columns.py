"""Details to the text of each column: levels by their marks, names in two cells, dittos filled down, numbers among days.

What does not belong here: which rows are details, units that rows do not name (units), and what a text means (values.py).
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import zip_longest

from pipeline.codes import fold
from pipeline.intake.cells import Sheet
from pipeline.intake.header_trees import CHOSEN, OTHERWISE
from pipeline.intake.headers import Header
from pipeline.intake.layout import Flag, Headers, Layout
from pipeline.intake.readings import Note, Table, letter
from pipeline.intake.rows import DIGIT, Row
from pipeline.ledger.find import period_days
from pipeline.values import DITTO, MARKS, SERIAL, SEVERAL, SINCE_1904, clean_text, is_mark, mark_of, read_date, split_decision, split_span


def take_values(table: Table, sheet: Sheet, header: Header, headers: Headers, layout: Layout, period: str) -> None:
    """The text of each column, row by row."""
    dataset, details = table.dataset, table.rows
    cells = list(zip_longest(*(row for _, row in details)))  # column by column; a CSV's rows need not be of one length
    for column, position in header.columns.items():
        values = list(cells[position]) if position < len(cells) else [None] * len(details)
        if column in header.beside and column in layout.parts.get(dataset, {}) and _are_swapped(values, cells, header.beside[column]):
            at = header.columns[column]
            table.notes.append(Note("column_holds_what_it_says", table.sheet, table.header_row, column, f"{letter(at)}{table.header_row}"))
            table.values[column] = [None] * len(details)
            continue
        for place in header.then.get(column, ()):
            values = [v or (row[place] if place < len(row) else None) for v, (_, row) in zip(values, details, strict=True)]
        if column in header.beside:
            rest = cells[header.beside[column]] if header.beside[column] < len(cells) else [None] * len(details)
            values = [" ".join(filter(None, parts_of)) or None for parts_of in zip(values, rest, strict=True)]
        table.values[column] = _filled_down(table, column, values, layout)
    _take_several(table, header, headers)
    for column, ways in layout.implied.get(dataset, {}).items():
        if column not in table.values.keys() | header.marks.keys() or column in header.flags:
            take_implied(table, column, ways, period)
    for first, last in layout.until.get(dataset, {}).items():
        if last not in table.values and first in table.values:
            take_parted(table, first, last, split_span)
    for day, number in layout.behind.get(dataset, {}).items():
        if day not in table.values and number in table.values:
            take_parted(table, number, day, split_decision)
    for column in layout.dates.get(dataset, frozenset()) & table.values.keys():
        table.values[column] = _numbers_asked(table.values[column])
    for column in layout.dates.get(dataset, frozenset()) & table.values.keys() if sheet.is_1904 else ():
        table.values[column] = [str(int(v) + SINCE_1904) if v and SERIAL.match(v) else v for v in table.values[column]]
    for column, positions in header.marks.items():
        if column in layout.marks.get(dataset, {}):
            spelled, levels = layout.marks[dataset][column], layout.words[dataset][column]
            table.values[column] = [_marked(row, positions, spelled, levels) for _, row in details]
        else:
            said_by = partial(layout.label_of, dataset, column)
            chosen = {p: label for p, label in positions.items() if not _is_beside(label, [row[p] for _, row in details if p < len(row)])}
            table.values[column] = [_chosen(row, chosen, said_by) for _, row in details]
    for column, flag in header.flags.items():
        table.values[column] = _flagged(column, flag, table.values[column])


def _take_several(table: Table, header: Header, headers: Headers) -> None:
    """Days in a column for each sex, or in three; and where each row's value stands, of all columns that are read from several places."""
    details, several = table.rows, header.several
    for column, places in several.items():
        filled = ((number, next((p for p in places if p < len(row) and row[p]), None)) for number, row in details)
        table.put(column, ((number, letter(p)) for number, p in filled if p is not None))
    for column, both in header.by_sex.items():
        if column not in several:
            continue  # somebody else's
        men, women = ([row[p] if p < len(row) else None for _, row in details] for p in both)
        table.values[column] = [(m and w and f"{m}{SEVERAL}{w}") or m or w for m, w in zip(men, women, strict=True)]
        if "sex_code" in headers.values() and "sex_code" not in table.values:
            table.values["sex_code"] = [None if m and w else "Nam" if m else "Nữ" if w else None for m, w in zip(men, women, strict=True)]
            table.stand_with("sex_code", column)
    for column, parts in header.by_day.items():
        if column in several:
            table.values[column] = [_in_one([row[p] if p < len(row) else None for p in parts]) for _, row in details]


def _flagged(column: str, flag: Flag, cells: list[str | None]) -> list[str | None]:
    """What a column to be marked says of each row; one in words says them, as any column."""
    if column == "sex_code" and all(not cell or YEAR.fullmatch(cell) for cell in cells):
        return cells  # “Nam” may be “Năm” without its mark: a year says nobody's sex
    # what is numbered or dated there is there; a column in which nobody is marked says nothing of all others
    marked = [is_mark(cell) and bool(mark_of(cell) in MARKS or DIGIT.search(cell)) for cell in cells]
    if not any(marked):
        return cells
    otherwise = flag.otherwise if any(mark_of(cell) in MARKS for cell in cells if cell) else None
    said = [flag.marked if is_marked else cell for is_marked, cell in zip(marked, cells, strict=True)]
    return [cell if is_mark(cell) else otherwise for cell in said]


YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def _in_one(parts: Sequence[str | None]) -> str | None:
    """A day whose day, month and year stand in a cell each: less exact where its first ones are blank. A part between blanks is none, and is told.

    >>> _in_one(["27", "4", "1976"]), _in_one([None, "4", "1976"]), _in_one([None, None, "1976"]), _in_one(["27", None, "1976"]), _in_one([None] * 3)
    ('27/4/1976', '4/1976', '1976', '27//1976', None)
    """
    return "/".join(part or "" for part in parts).lstrip("/") or None


def _are_swapped(first: Sequence[str | None], cells: Sequence[Sequence[str | None]], at: int) -> bool:
    """Do the two parts of names stand the other way round? A given name is one word, what stands before it seldom is."""
    last = cells[at] if at < len(cells) else ()
    both = [(len(a.split()), len(b.split())) for a, b in zip(first, last, strict=False) if a and b]
    return sum(a == 1 < b for a, b in both) * 2 > len(both)


def take_implied(table: Table, column: str, ways: Sequence[tuple[str, int | None, str]], period: str) -> None:
    """What days say of people where a table has no column for it: who has an official day is a full member."""
    last = period_days(period)[1] if period else None
    before = table.values.get(column)
    said = list(before or [None] * table.row_count)
    for day, months, label in ways:
        for number, text in enumerate(table.values.get(day, ())):
            if said[number] is None and text and (found := read_date(clean_text(text) or "")[0]):
                is_since = months is None or (last is not None and _months_between(found, last) < months)
                said[number] = label if is_since and (last is None or found <= last) else None
    if said != before and any(said):
        table.values[column] = said
        table.missing.pop(column, None)
        table.notes += [] if before else [Note("column_follows_from_others", table.sheet, table.header_row, column)]


def _months_between(first: dt.date, last: dt.date) -> int:
    """Whole months from one day to another.

    >>> [_months_between(dt.date(2020, 4, first), dt.date(2021, 3, 31)) for first in (1, 30)], _months_between(dt.date(2021, 1, 31), dt.date(2021, 3, 30))
    ([11, 11], 1)
    """
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def take_parted(table: Table, whole: str, rest: str, split: Callable[[str], tuple[str, str] | None]) -> None:
    """What stands in one cell with another column's text, parted: a decision's day behind its number, a last day behind the first."""
    parted = [split(cell) if cell else None for cell in table.values[whole]]
    if any(parted):
        table.values[whole] = [found[0] if found else cell for found, cell in zip(parted, table.values[whole], strict=True)]
        table.values[rest] = [found and found[1] for found in parted]
        table.stand_with(rest, whole)
        table.missing.pop(rest, None)


def take_beside(header: Header, rows: Sequence[Row], details: list[tuple[int, Row]], names: frozenset[int]) -> None:
    """A name's second column: nothing stands above it, as its header is merged over both, and words stand below."""
    titled = {position for position, _ in header.texts(rows)}
    for column, position in header.columns.items():
        if position in names and position + 1 not in titled:
            beside = [cell for _, row in details if position + 1 < len(row) and (cell := row[position + 1])]
            given = [
                cell for cell in beside if " " not in cell.strip() and fold(cell) not in ("nam", "nu", "x")
            ]  # a given name is one word
            if len(given) * 2 > len(details) and len(given) * 5 >= len(beside) * 4 and not any(DIGIT.search(c) for c in beside):
                header.beside[column] = position + 1


def _marked(row: Row, positions: dict[int, str], spelled: dict[str, str], levels: frozenset[str]) -> str | None:
    """The level of the column that bears the mark; several levels where several do; a text that is no mark stays itself.

    A letter that would be a level by itself, or another column's level, is not believed: which of both is meant is asked.
    """
    marked = []
    for position, level in positions.items():
        cell = row[position] if position < len(row) else None
        if is_mark(cell):
            said = spelled.get(fold(cell))
            is_other = said in positions.values() if said else fold(cell) in levels
            marked.append(level if mark_of(cell) in MARKS or said == level else f"{level}{SEVERAL}{cell}" if is_other else cell)
    return SEVERAL.join(marked) or None


def _chosen(row: Row, positions: dict[int, str], said_by: Callable[[str], str | None]) -> str | None:
    """The code whose place bears the mark; a text in the place of a mark says more than that, and stays itself."""
    said = []
    for position, label in positions.items():
        cell = row[position] if position < len(row) else None
        if is_mark(cell):
            is_said = mark_of(cell) in MARKS or said_by(cell) == label or (label.startswith(CHOSEN) and label != OTHERWISE)
            said.append(label if is_said else cell)
    return SEVERAL.join(said) or None


def _is_beside(label: str, cells: Sequence[str | None]) -> bool:
    """Is what stands below an unknown word of a group no marks, and so another column?"""
    marked = [mark_of(cell) in MARKS for cell in cells if is_mark(cell)]
    return label.startswith(CHOSEN) and label != OTHERWISE and sum(marked) * 2 <= len(marked)


def _filled_down(table: Table, column: str, values: list[str | None], layout: Layout) -> list[str | None]:
    """“nt”, “//”: as above. Where a column does not allow it, or nothing stands above, the cell cannot be read, and is told."""
    if DITTO.isdisjoint(values):
        return values
    allowed, above = column in layout.ditto.get(table.dataset, ()), None
    if allowed:
        table.notes.append(Note("cell_filled_down", table.sheet, table.header_row, column))
    filled_down = []
    for value in values:
        if value in DITTO:
            value = (allowed and above) or value
        elif value:
            above = value
        filled_down.append(value)
    return filled_down


A_NUMBER = re.compile("\n" + SERIAL.pattern.replace(r"\Z", "$"), re.ASCII | re.MULTILINE)  # a letter is found faster than a line


def _numbers_asked(values: list[str | None]) -> list[str | None]:
    """A number of five digits among days that are written as days: a serial day, or a year with a digit too many? It cannot be read.

    A column of which most are numbers lost its format of days, and stays as it is.
    """
    said = "\n".join(["", *filter(None, values)])
    if not (numbers := len(A_NUMBER.findall(said))) or numbers * 2 >= sum(map(bool, values)):
        return values
    return [f"{value} (số)" if value and SERIAL.match(value) else value for value in values]
