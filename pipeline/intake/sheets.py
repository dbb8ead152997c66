"""Which sheets of a file are counted: what is no list is left out, and of a sheet and its copy one is read.

What does not belong here: reading a sheet.
"""

import re
from collections import Counter
from collections.abc import Sequence, Sized
from functools import lru_cache, partial

from pipeline.codes import fold
from pipeline.intake.headers import Header
from pipeline.intake.layout import Layout
from pipeline.intake.readings import Note, Reading, Table
from pipeline.intake.rows import RUNNING, plain
from pipeline.intake.sections import in_full, section_of_office
from pipeline.titles import is_proposal, years_said


def keep_lists(reading: Reading, supposed: set[str]) -> None:
    """Take out what is no list: a summary, and a sheet without its columns that hardly anything but its name called one."""
    whole = {(t.dataset, t.sheet) for t in reading.tables if not t.missing and t.is_list}
    for table in list(reading.tables):
        is_whole_elsewhere = any(dataset == table.dataset and sheet != table.sheet for dataset, sheet in whole)
        if not table.is_list or (table.missing and table.sheet in supposed and is_whole_elsewhere):
            reading.tables.remove(table)
            reading.notes.append(Note("sheet_known" if table.is_list else "sheet_is_a_list", table.sheet, table.header_row))


def keep_originals(reading: Reading, layout: Layout) -> None:
    """Of a sheet and its copy or its older version one is read: the one that is not called a copy, else the one that says what was decided, else the one that
    knows units, else the one that is called as its list, else the first. Whoever stands in no other is read all the same: a summary of some cells' sheets holds the other cells' people. In a sheet
    that calls itself a copy, which may hold who left, they are told."""
    by_dataset: dict[str, list[Table]] = {}
    for table in reading.tables:
        by_dataset.setdefault(table.dataset, []).append(table)
    for tables in by_dataset.values():
        standing: list[Table] = []
        for table in sorted((t for t in tables if not t.not_counted), key=partial(_comes_after, layout)):
            originals = [t for t in standing if t.sheet != table.sheet and _is_copy(table, t, layout)]
            if originals:
                originals[0].notes.append(Note("sheet_counted_once", table.sheet, table.header_row))
                _take_out(table, originals, layout)
            if originals and (_is_called_copy(table) or not table.row_count):
                if table.row_count:
                    originals[0].notes.append(Note("copy_has_nobody_else", table.sheet, table.rows[0][0]))
                reading.tables.remove(table)
            else:
                standing.append(table)


def _comes_after(layout: Layout, table: Table) -> tuple[bool, ...]:
    knows_units, is_called = any(table.values.get("unit", ())), layout.mentioned(table.sheet) == table.dataset
    decided = next(iter(layout.marks.get(table.dataset, ())), None)
    is_undecided = decided is not None and not any(table.values.get(decided, ()))
    return _is_called_copy(table), bool(table.missing), is_undecided, not knows_units, not is_called


def _is_called_copy(table: Table) -> bool:
    return bool(COPY.search(plain(table.sheet)))


def _take_out(table: Table, originals: list[Table], layout: Layout) -> None:
    """Leave of a table the rows of whoever stands in none of the others; of namesakes as many as there are more."""
    left = list(range(table.row_count))
    for other in originals:
        who = who_is(table, other, layout)
        theirs = Counter(_key(other, who, n) for n in range(other.row_count))
        for n in list(left):
            key = _key(table, who, n)
            if theirs[key] > 0 and any(key):
                theirs[key] -= 1
                left.remove(n)
    table.rows = [table.rows[n] for n in left]
    table.values = {column: [values[n] for n in left] for column, values in table.values.items()}
    table.row_count = len(left)


def keep_decided(reading: Reading, layout: Layout, file: str) -> None:
    """Of a proposal and what was decided of the same people the decision is read; a proposal alone is read, and told."""
    for dataset, columns in layout.marks.items():
        tables = [t for t in reading.tables if t.dataset == dataset and any(any(t.values.get(c, ())) for c in columns)]
        decided = [t for t in tables if not t.is_proposal]
        for table in tables:
            of_same = next((t for t in decided if table.is_proposal and same_people(table, t, layout)), None)
            if of_same:
                reading.tables.remove(table)
                of_same.notes.append(Note("proposal_beside_decision", table.sheet, table.header_row))
            elif table.is_proposal or (len(decided) == len(tables) and is_proposal(file, True)):
                table.notes.append(Note("list_is_decided", table.sheet, table.header_row))


def without_dataset(sheet: str) -> str:
    """A sheet's name without what list it is of.

    >>> without_dataset("XL-CB1"), without_dataset("DS - Công an"), without_dataset("XLCB1")
    ('CB1', 'Công an', 'XLCB1')
    """
    return OF_DATASET.sub("", sheet)


def ask_offices(reading: Reading) -> None:
    """Where a file's sheets each are called like an office and their rows name no unit: perhaps it is theirs, and not the sender's."""
    sheets = {(table.dataset, table.sheet) for table in reading.tables}
    for table in reading.tables if len(sheets) > len({dataset for dataset, _ in sheets}) else ():
        name = plain(without_dataset(table.sheet))
        is_office = section_of_office([(0, name)]) and not COPY.search(name) and not NO_OFFICE.match(name)
        if not is_office or not table.row_count or any(table.values.get("unit", ())):
            continue
        is_one_of_several = any(dataset == table.dataset and sheet != table.sheet for dataset, sheet in sheets)
        if is_one_of_several and all(note.rule != "title_names_a_unit" for note in table.notes):
            table.notes.append(Note("title_names_a_unit", table.sheet, table.header_row, "unit"))


OF_DATASET = re.compile(r"\A(?:(?:xl|xếp loại|đánh giá|ds|danh sách|ns|nhân sự|đv|đảng viên|bc|báo cáo)[\s_.\-:]+)+(?=\S)", re.IGNORECASE)
NO_OFFICE = re.compile(r"(?:bản|ban) (?:chính|in|gốc|sao|cuối|đầu|tổng)|(?:đoàn|hội) viên|đội ngũ|hội nghị|tổ chức")
COPY = re.compile(r"\(\d+\)\Z|\b(?:cũ|cu|old|copy|bản sao|ban sao|sao lưu|backup|nháp|bản nháp)\b")
ALIKE = 0.5  # of the smaller sheet's people so many stand in the other, most of them with mostly the same cells


def _is_copy(table: Table, original: Table, layout: Layout) -> bool:
    """Does it say again what the other said of the same people? Other courses or another quarter of them are no copy."""
    if not of_one_fact(table, original):
        return False
    people = layout.anchors.get(table.dataset, frozenset()) | layout.people.get(table.dataset, frozenset())
    shared = sorted(table.values.keys() & original.values.keys())
    who = who_is(table, original, layout)
    mine, theirs = (_rows_by(t, who, [c for c in shared if c not in people]) for t in (table, original))
    same = mine.keys() & theirs.keys()
    if not _are_most(same, mine, theirs):
        return False
    alike = sum(_is_alike(mine[key], theirs[key]) for key in same)
    return alike > ALIKE * len(same)


OF_A_FACT = ("rating_system_code", "period_type_code", "period", "programme_code")  # by which one fact of a person is told from another


def of_one_fact(table: Table, other: Table) -> bool:
    """May two tables tell the same of somebody: in no column, and by no year of their titles, are they of another system, time or course?"""
    years = [years_said("", [t.sheet] if t.sheet else [], t.titles) for t in (table, other)]
    return not any(_say_otherwise(table, other, column) for column in OF_A_FACT) and not (all(years) and years[0].isdisjoint(years[1]))


def _say_otherwise(table: Table, other: Table, column: str) -> bool:
    """Do both say something in a column, and nothing of it twice?"""
    mine, theirs = (set(filter(None, t.values.get(column, ()))) for t in (table, other))
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def same_people(table: Table, other: Table, layout: Layout) -> bool:
    """Do most people of the smaller one stand in the other?"""
    who = who_is(table, other, layout)
    mine, theirs = (_rows_by(t, who, []) for t in (table, other))
    return _are_most(mine.keys() & theirs.keys(), mine, theirs)


def who_is(table: Table, other: Table, layout: Layout) -> list[str]:
    """By which columns of both people are known: their numbers, where both have some, else their names."""
    shared = sorted(table.values.keys() & other.values.keys())
    numbers, names = (which.get(table.dataset, frozenset()) for which in (layout.anchors, layout.people))
    said = [c for c in shared if c in numbers and any(table.values[c]) and any(other.values[c])]
    return said or [*(c for c in shared if c in names), *([UNIT] if _are_of_units(table, other) else [])]


UNIT, NEARLY_ALL, FEW = "unit", 0.8, 3


def _are_of_units(table: Table, other: Table) -> bool:
    """Does the unit tell people of one name apart? Not where a row names none, nor where nearly all of the smaller list, of three people or more, stand
    in the other by their names and hardly one in the same unit: there the two call their units differently."""
    if not all("full_name" in t.values and all(t.values.get(UNIT) or [None]) for t in (table, other)):
        return False
    named, placed = (
        [{_key(t, who, n) for n in range(t.row_count)} for t in (table, other)] for who in (["full_name"], ["full_name", UNIT])
    )
    same, both = len(named[0] & named[1]), len(placed[0] & placed[1])
    least = min(map(len, named))
    return both * 2 >= same or least < FEW or same < NEARLY_ALL * least


def _key(table: Table, who: Sequence[str], n: int) -> tuple[str | None, ...]:
    """Who a row is, by these columns; a unit as it is called in full, with its numeral's zeros or without."""
    return tuple(_unit_as_told(v) if v and c == UNIT else v for c in who for v in [table.values[c][n]])


@lru_cache(maxsize=10_000)
def _unit_as_told(text: str) -> str:
    return re.sub(r"\b0+(?=[0-9])", "", fold(in_full(text)))


def _are_most(same: Sized, mine: Sized, theirs: Sized) -> bool:
    return bool(same) and len(same) >= ALIKE * min(len(mine), len(theirs))


def _rows_by(table: Table, who: list[str], said: list[str]) -> dict[tuple[str | None, ...], tuple[str | None, ...]]:
    """Of each person the first row."""
    rows: dict[tuple[str | None, ...], tuple[str | None, ...]] = {}
    for number in range(table.row_count):
        key = _key(table, who, number)
        if any(key):
            rows.setdefault(key, tuple(table.values[c][number] for c in said))
    return rows


def _is_alike(row: tuple[str | None, ...], other: tuple[str | None, ...]) -> bool:
    given = [(a, b) for a, b in zip(row, other, strict=True) if a or b]
    return sum(a == b for a, b in given) * 2 > len(given) or not given


def counts(table: Table, header: Header) -> bool:
    """Are its levels counted and not marked? Then it is a summary by unit: numbers below the levels, and nobody's number beside them."""
    if not header.marks or "identity_number" in header.columns:
        return False
    positions = [p for ps in header.marks.values() for p in ps]
    said = [cell for _, row in table.rows for p in positions if p < len(row) and (cell := row[p])]
    return (
        bool(said)
        and all(RUNNING.match(cell) for cell in said)
        and ("full_name" not in header.columns or any(int(c.rstrip(".")) > 1 for c in said))
    )
