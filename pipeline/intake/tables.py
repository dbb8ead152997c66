"""Cells to a dataset's columns: which sheet is which dataset, where its tables are, which rows are details.

What does not belong here: types, rules, verdicts, and how many files are read at once.
"""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from pathlib import Path

import polars as pl

from pipeline.codes import INVISIBLE, fold
from pipeline.intake import explanations
from pipeline.intake.archive import Lost, read_version
from pipeline.intake.cells import Sheet, Unreadable, is_nearly_next, read_cells
from pipeline.intake.headers import (
    MARKED,
    Header,
    Headers,
    Layout,
    find_header,
    groups_of,
    ignored,
    is_known_group,
    match,
    nearest,
    take_likely,
)
from pipeline.intake.rows import (
    IDENTITY,
    RUNNING,
    Classifier,
    Filled,
    Row,
    RowClass,
    filled,
    is_code,
    is_in_english,
    looks_like_person,
    may_be_person,
    plain,
    section_code,
    section_count,
    section_level,
    section_of_office,
    section_of_people,
    section_of_rows,
    section_unit,
    section_words,
)
from pipeline.sealed import Seal
from pipeline.values import DITTO, MARKS, NO_MARK, SERIAL, SEVERAL, SINCE_1904, read_number

UNCALCULATED = "#GETTING_DATA"  # Excel's own word for a value that is not there yet


@dataclass(frozen=True)
class Source:
    """A file to read: where its bytes lie, what the sender called it, and who the sender is."""

    number: int
    blob: Path
    name: str
    sender: str = ""
    content_hash: str = ""  # of a version on record: what its bytes must be
    period: str = ""
    seal: Seal | None = None  # what opens them

    def read(self) -> bytes:
        return read_version(self.blob, self.content_hash, self.seal) if self.content_hash else self.blob.read_bytes()


@dataclass(frozen=True)
class Note:
    """A fault that reading finds: which rule, where, and what was found (restricted)."""

    rule: str
    sheet: str = ""
    row_no: int | None = None
    column: str | None = None
    cell: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Heading:
    """A line of words among the rows of a table, and the columns in which every row below it says something."""

    row_no: int
    text: str
    filled: frozenset[str]


@dataclass
class Table:
    """One dataset on one sheet: where its header stands, which column is where, how many rows follow."""

    dataset: str
    sheet: str
    header_row: int
    letters: dict[str, str]  # column → its letter
    missing: dict[str, str | None]  # required and wanted columns without a header → the header that is most like it
    rows: list[tuple[int, Row]]  # sheet row and cells; emptied when they go into the chunk's frame
    row_count: int = 0
    left: dict[int, str] = field(default_factory=dict)  # position → header that means no column
    values: dict[str, list[str | None]] = field(default_factory=dict)  # column → its text, row by row
    notes: list[Note] = field(default_factory=list)
    is_list: bool = True  # a summary of counts is none
    titles: list[str] = field(default_factory=list)  # what stands above the header, row by row
    headings: list[Heading] = field(default_factory=list)  # what stands among the rows, a second table's titles as well
    filled: frozenset[str] = frozenset()  # columns in which every row says something


@dataclass
class Reading:
    """What one file gave. `refused` names the rule when it gave nothing."""

    source: Source
    refused: str | None = None
    lost: str = ""  # what is wrong with the archive's bytes: nothing was read, and the file is not to blame
    dataset: str | None = None  # from the file's name, when nothing inside says it
    tables: list[Table] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    class_counts: dict[str, Counter[RowClass]] = field(default_factory=dict)  # sheet → how many rows are what
    classes: dict[str, list[RowClass]] = field(default_factory=dict)  # sheet → what each row is; only where it was asked for
    sheets: dict[str, int] = field(default_factory=dict)  # named sheet → which one of the file it is
    reasons: dict[str, str] = field(default_factory=dict)  # explanation key → what the unit wrote


@dataclass
class Chunk:
    """What some files gave: a reading each, and per dataset one frame of text (number of the file, sheet, row_no, columns)."""

    readings: list[Reading]
    frames: dict[str, pl.DataFrame]


def read_file(source: Source, layout: Layout, explain: bool = False) -> Reading:
    """One file's tables. Never raises for what a unit may have done to its file: whatever that makes the reader raise refuses it."""
    stem = Path(source.name).stem
    named = layout.named(stem)
    mentioned = named or layout.mentioned(stem)
    try:
        data = source.read()
    except Lost as error:
        return Reading(source, lost=str(error))
    try:
        return _read_file(source, data, layout, named, mentioned, explain)
    except Unreadable as error:
        return Reading(source, refused=error.rule, dataset=mentioned)
    except MemoryError:
        raise  # its worker has none left
    except Exception:
        return Reading(source, refused="file_readable", dataset=mentioned)


def _read_file(source: Source, data: bytes, layout: Layout, named: str | None, mentioned: str | None, explain: bool) -> Reading:
    sheets, reasons = explanations.take(read_cells(data))
    named_sheets = {sheet.name: number for number, sheet in reversed([*enumerate(sheets, start=1)]) if sheet.name}
    reading = Reading(source, dataset=mentioned, sheets=named_sheets, reasons=reasons)
    if "\\" in source.name:  # what cannot be shown of a name stands as its bytes
        reading.notes.append(Note("file_named_plainly"))
    supposed: set[str] = set()  # sheets whose dataset only a word of a name told
    for sheet in sheets:
        if fold(sheet.name) in layout.ours or not any(any(row) for row in sheet.rows):
            continue
        dataset = _dataset_of(sheet, named, layout, source.sender)
        if dataset is None and (dataset := layout.mentioned(sheet.name) or mentioned):
            if len(find_header(sheet.rows, 0, dataset, layout, source.sender)) < SUPPOSED:
                dataset = None
            supposed.add(sheet.name)
        if dataset is None:
            reading.notes.append(Note("sheet_known", sheet.name))
            continue
        tables, classes = _read_sheet(sheet, dataset, layout, source)
        reading.tables += tables
        reading.class_counts[sheet.name] = Counter(classes)
        if explain:
            reading.classes[sheet.name] = classes
    _keep_lists(reading, supposed)
    _keep_originals(reading, layout)
    if not reading.tables:
        reading.refused = "known_dataset_present"
    return reading


def _dataset_of(sheet: Sheet, named: str | None, layout: Layout, sender: str) -> str | None:
    """What the sheet's name says, else the file's, else the header: it also goes before a name whose columns it lacks where it is another's."""
    said = layout.named(sheet.name) or named
    own = find_header(sheet.rows, 0, said, layout, sender) if said else None
    if said and own.knows(layout.required[said]):
        return said
    other = _dataset_of_header(sheet.rows, 0, layout, sender)
    return other if own is None or (other and len(find_header(sheet.rows, 0, other, layout, sender)) > len(own)) else said


SUPPOSED = 3  # columns that a sheet must have before a word of a name is believed


def _keep_lists(reading: Reading, supposed: set[str]) -> None:
    """Take out what is no list: a summary, and a sheet without its columns that only a word of its name called one."""
    whole = {(t.dataset, t.sheet) for t in reading.tables if not t.missing and t.is_list}
    for table in list(reading.tables):
        is_whole_elsewhere = any(dataset == table.dataset and sheet != table.sheet for dataset, sheet in whole)
        if not table.is_list or (table.missing and table.sheet in supposed and is_whole_elsewhere):
            reading.tables.remove(table)
            reading.notes.append(Note("sheet_known" if table.is_list else "sheet_is_a_list", table.sheet, table.header_row))


def _keep_originals(reading: Reading, layout: Layout) -> None:
    """Of a sheet and its copy or its older version one is read: the one that is not called a copy, else the first."""
    by_dataset: dict[str, list[Table]] = {}
    for table in reading.tables:
        by_dataset.setdefault(table.dataset, []).append(table)
    for tables in by_dataset.values():
        standing: list[Table] = []
        for table in sorted(tables, key=lambda t: (bool(COPY.search(plain(t.sheet))), bool(t.missing))):
            original = next((t for t in standing if t.sheet != table.sheet and _is_copy(table, t, layout)), None)
            if original is None:
                standing.append(table)
            else:
                reading.tables.remove(table)
                original.notes.append(Note("sheet_counted_once", table.sheet, table.header_row))


COPY = re.compile(r"\(\d+\)\Z|\b(?:cũ|cu|old|copy|bản sao|ban sao|sao lưu|backup|nháp|bản nháp)\b")
ALIKE = 0.5  # of the smaller sheet's people so many stand in the other, most of them with mostly the same cells


def _is_copy(table: Table, original: Table, layout: Layout) -> bool:
    """Does it say again what the other said of the same people? Other courses or another quarter of them are no copy."""
    people = layout.anchors.get(table.dataset, frozenset()) | layout.people.get(table.dataset, frozenset())
    shared = sorted(table.values.keys() & original.values.keys())
    who = [c for c in shared if c in layout.anchors.get(table.dataset, ())] or [c for c in shared if c in people]
    mine, theirs = (_rows_by(t, who, [c for c in shared if c not in people]) for t in (table, original))
    same = mine.keys() & theirs.keys()
    if not same or len(same) < ALIKE * min(len(mine), len(theirs)):
        return False
    alike = sum(_is_alike(mine[key], theirs[key]) for key in same)
    return alike > ALIKE * len(same)


def _rows_by(table: Table, who: list[str], said: list[str]) -> dict[tuple[str | None, ...], tuple[str | None, ...]]:
    """Of each person the first row."""
    rows: dict[tuple[str | None, ...], tuple[str | None, ...]] = {}
    for number in range(table.row_count):
        key = tuple(table.values[c][number] for c in who)
        if any(key):
            rows.setdefault(key, tuple(table.values[c][number] for c in said))
    return rows


def _is_alike(row: tuple[str | None, ...], other: tuple[str | None, ...]) -> bool:
    given = [(a, b) for a, b in zip(row, other, strict=True) if a or b]
    return sum(a == b for a, b in given) * 2 > len(given) or not given


def read_chunk(sources: list[Source], layout: Layout) -> Chunk:
    """Some files, in this process."""
    readings = [read_file(source, layout) for source in sources]
    return Chunk(readings, _frames(readings, layout))


def _dataset_of_header(rows: list[Row], start: int, layout: Layout, sender: str) -> str | None:
    """The dataset all of whose required headers stand in the first header; of several, the one with most; of equals, none."""
    fitting = {}
    for dataset in layout.headers:
        header = find_header(rows, start, dataset, layout, sender)
        if len(header) > 1 and header.knows(layout.required[dataset]):
            fitting[dataset] = (-header.top, len(header))
    best = [d for d, rank in fitting.items() if rank == max(fitting.values())]
    return best[0] if len(best) == 1 else None


# ── one sheet ────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_sheet(sheet: Sheet, dataset: str, layout: Layout, source: Source) -> tuple[list[Table], list[RowClass]]:
    """Every table of a sheet, one below another, and what each row is."""
    for (number, position), text in sheet.errors.items():
        _place(sheet.rows, number, position, text)  # a formula that failed is no blank cell
    _place_uncalculated(sheet, dataset, layout, source.sender)
    rows, tables, classes = sheet.rows, [], [RowClass.BLANK] * len(sheet.rows)
    start: int | None = 0
    while start is not None:
        end, own = _first_of(rows, start, dataset, layout, source.sender)
        start, table = _read_table(sheet, start, end, own, layout, source, classes)
        tables.append(table)
        if start is not None:
            dataset = _dataset_below(rows, start, own, layout, source.sender) or dataset
    for number in sheet.stray_quotes:
        tables[0].notes.append(Note("quotes_read_as_text" if sheet.is_whole else "quotes_in_pairs", sheet.name, number))
    if sheet.is_hidden:
        tables[0].notes.append(Note("sheet_shown", sheet.name))
    return _together(tables), classes


def _place(rows: list[Row], number: int, position: int, text: str) -> None:
    rows += [[] for _ in range(number - len(rows))]
    row = rows[number - 1]
    row += [None] * (position + 1 - len(row))
    row[position] = text


def _place_uncalculated(sheet: Sheet, dataset: str, layout: Layout, sender: str) -> None:
    """A formula without a value is no blank cell and no 0, but cannot be read; rows that only wait for a person stay blank."""
    if not sheet.uncalculated:
        return
    for number, position in sheet.uncalculated:
        if number <= len(sheet.rows) and position < len(sheet.rows[number - 1]):
            sheet.rows[number - 1][position] = None
    header = find_header(sheet.rows, 0, dataset, layout, sender)
    anchors = {header.columns[c] for c in layout.anchors.get(dataset, ()) if c in header.columns}
    begun = {n for n, row in enumerate(sheet.rows, start=1) if any(row)} | {n for n, position in sheet.uncalculated if position in anchors}
    for number, position in sorted(sheet.uncalculated):
        if number in begun:
            _place(sheet.rows, number, position, UNCALCULATED)


def _fill_merged(sheet: Sheet, header: Header, end: int, headers: dict[str, str], person: tuple[int, ...]) -> list[tuple[int, int]]:
    """Below the header a cell that is merged over rows stands in each of them that holds anything, as Excel shows it.

    Not so what identifies a person: where two rows share a name or a number, which is it? Returned are those cells, row from 0.
    """
    asked = []
    for first, last, position in sheet.merged:
        value = sheet.rows[first][position] if header.bottom < first < end and position < len(sheet.rows[first]) else None
        below = [row for row in sheet.rows[first + 1 : last + 1] if any(row)] if value and fold(value) not in headers else []
        if position in person:
            asked += [(first, position)] * bool(below)
            continue
        for row in below:
            row += [None] * (position + 1 - len(row))
            row[position] = value  # whatever lies below the merge, nobody sees it
    return asked


def _first_of(rows: list[Row], start: int, dataset: str, layout: Layout, sender: str) -> tuple[int, str]:
    """Where the first table from a row on ends, and its dataset: people above the header that says most have one of their own above them."""
    end = len(rows)
    header = find_header(rows, start, dataset, layout, sender)
    number = start
    while number < header.top - 1:
        if _is_header(rows[number], layout):
            own = _dataset_below(rows, number, dataset, layout, sender) or dataset
            above = find_header(rows[: header.top], number, own, layout, sender)
            places = _Places.of(above, rows, own, layout)
            if any(map(places.hold_somebody, rows[above.bottom + 1 : header.top])):
                end, dataset = header.top, own
                rows = rows[:end]
                header = find_header(rows, start, dataset, layout, sender)
                number = start - 1
        number += 1
    return end, dataset


def _read_table(
    sheet: Sheet, start: int, end: int, dataset: str, layout: Layout, source: Source, classes: list[RowClass]
) -> tuple[int | None, Table]:
    """The table whose header is looked for from row `start`, above row `end`; and where the next one begins, if there is one."""
    rows, sender = sheet.rows[:end], source.sender
    header = find_header(rows, start, dataset, layout, sender)
    header.take_period(source.period)
    headers = layout.headers_of(dataset, sender)
    left = take_likely(rows, header, headers)
    places = _Places.of(header, rows, dataset, layout)
    anchors, numbers, words = places.anchors, places.numbers, places.words
    person = tuple(header.columns[c] for c in sorted(layout.person.get(dataset, ())) if c in header.columns)
    asked = _fill_merged(sheet, header, end, headers, person) if sheet.merged else []
    classifier = Classifier(len(header), anchors, numbers, frozenset(header.columns.values()), words)
    odd: list[Note] = []
    for number in range(start, header.bottom + 1):
        classes[number] = RowClass.HEADER if number >= header.top else RowClass.TITLE if any(rows[number]) else RowClass.BLANK
        if classes[number] is RowClass.TITLE and places.may_hold_somebody(RowClass.TITLE, rows[number]):
            odd.append(Note("row_is_no_person", sheet.name, number + 1))
    details: list[tuple[int, Row]] = []
    parts = _Parts(sections=_cell_above(rows, header.top, classes))
    following = end if end < len(sheet.rows) else None
    for number in range(header.bottom + 1, end):
        row = rows[number]
        for position in anchors if parts.began else ():
            if position < len(row) and (cell := row[position]) and "0" <= cell[0] <= "9":
                break  # most rows: an identity number makes a detail, and nothing else has to be asked
        else:
            if all(not cell or not cell.translate(INVISIBLE).strip() for cell in row):
                continue  # nothing that anybody sees
            if not parts.began and is_in_english(row):
                classes[number] = RowClass.HEADER
                continue
            kind = classifier.kind(row)
            if kind is RowClass.DETAIL and _is_header(row, layout):
                if _repeats(row, header, headers, layout):
                    kind = RowClass.HEADER  # printed again on the next page
                elif _dataset_below(rows, number, dataset, layout, sender):
                    following = number
                    break
            if kind is not RowClass.DETAIL:
                classes[number] = kind
                if places.may_hold_somebody(kind, row):
                    odd.append(Note("row_is_no_person", sheet.name, number + 1))
                    if kind is RowClass.SECTION and not section_unit(filled(row)):
                        continue  # a person in one cell is no heading
                parts.take(kind, number, row, len(details), numbers)
                continue
        classes[number] = RowClass.DETAIL
        parts.began = True
        details.append((number + 1, row))
    _take_beside(header, rows, details, places.names)
    who = {header.columns[c] for c in ("unit", "full_name", *layout.anchors.get(dataset, ())) if c in header.columns}
    if placeholders := _placeholders(details, who, words, numbers):
        for number, _ in details[-placeholders:]:
            classes[number - 1] = RowClass.PLACEHOLDER
        odd.append(Note("row_filled_in", sheet.name, details[-placeholders][0]))
        del details[-placeholders:]
    table = Table(
        dataset,
        sheet.name,
        header.bottom + 1,
        letters={c: letter(p) for c, p in header.columns.items()} | {c: letter(min(ps)) for c, ps in header.marks.items()},
        missing={c: None for c in sorted(layout.required[dataset] - header.columns.keys() - header.marks.keys())},
        rows=details,
        row_count=len(details),
        titles=[" ".join(cells) for row in rows[_first_title(classes, start) : header.top] if (cells := [cell for cell in row if cell])],
    )
    cells = list(zip_longest(*(row for _, row in details)))  # column by column; a CSV's rows need not be of one length
    for column, position in header.columns.items():
        values = list(cells[position]) if position < len(cells) else [None] * len(details)
        if column in header.beside:
            rest = cells[header.beside[column]] if header.beside[column] < len(cells) else [None] * len(details)
            values = [" ".join(filter(None, parts_of)) or None for parts_of in zip(values, rest, strict=True)]
        table.values[column] = _filled_down(table, column, values, layout)
    for column, places in header.by_sex.items():
        men, women = ([row[p] if p < len(row) else None for _, row in details] for p in places)
        table.values[column] = [(m and w and f"{m}{SEVERAL}{w}") or m or w for m, w in zip(men, women, strict=True)]
        if "sex_code" in headers.values() and "sex_code" not in table.values:
            table.values["sex_code"] = [None if m and w else "Nam" if m else "Nữ" if w else None for m, w in zip(men, women, strict=True)]
    for column in layout.dates.get(dataset, frozenset()) & table.values.keys():
        table.values[column] = _numbers_asked(table.values[column])
    for column in layout.dates.get(dataset, frozenset()) & table.values.keys() if sheet.is_1904 else ():
        table.values[column] = [str(int(v) + SINCE_1904) if v and SERIAL.match(v) else v for v in table.values[column]]
    for column, positions in header.marks.items():
        spelled, levels = layout.marks[dataset][column], layout.words[dataset][column]
        table.values[column] = [_marked(row, positions, spelled, levels) for _, row in details]
    own = table.values.get("unit", [None] * len(details))
    named, unnamed = parts.units_of(own)
    if named != own and "unit" in headers.values():
        table.values["unit"] = named
    elif (number := _first_below_unit(table)) is not None:
        table.notes.append(Note("unit_in_each_row", sheet.name, number, "unit", f"{table.letters['unit']}{number}"))
    elif "unit" in headers.values() and (unit := section_unit([(0, sheet.name)])) and not any(table.values.get("unit", ())):
        table.values["unit"] = [unit] * len(details)
        if details:
            table.notes.append(Note("unit_from_sheet", sheet.name, table.header_row, "unit"))
            unnamed = []
    if unnamed:
        table.notes.append(Note("section_is_a_unit", sheet.name, unnamed[0] + 1))
    table.filled = _filled(table.values, 0, len(details))
    table.headings = [Heading(n, text, _filled(table.values, *span)) for n, text, span in parts.headings_of(len(details))]
    _note_groups(table, rows, header, [name for name, of in layout.names.items() if of == dataset])
    table.is_list = not _counts(table, header)
    table.notes += odd
    _note_header(table, header, headers, left, layout.needed.get(dataset, layout.required[dataset]))
    _note_untitled(table, rows, header, is_csv=not sheet.typed)
    _note_wide(table, sheet, header)
    decide = {"unit"}.union(*(which.get(dataset, ()) for which in (layout.words, layout.dates, layout.numbers, layout.required)))
    _note_sheet(table, sheet, header, person, decide)
    _note_days(table, sheet, {c: header.columns[c] for c in sorted(layout.dates.get(dataset, frozenset()) & header.columns.keys())})
    table.notes += [Note("person_not_merged", sheet.name, n + 1, _column(header, p), f"{letter(p)}{n + 1}") for n, p in asked]
    table.notes += parts.wrong_totals(table, header, layout)
    return following, table


def _first_title(classes: list[RowClass], start: int) -> int:
    """Where the titles of a table begin: those of a second one stand below the details of the first, and were taken for its headings."""
    while start and classes[start - 1] in (RowClass.SECTION, RowClass.BLANK):
        start -= 1
    return start


def _filled(values: dict[str, list[str | None]], first: int, last: int) -> frozenset[str]:
    return frozenset(column for column, said in values.items() if None not in said[first:last])


def _first_below_unit(table: Table) -> int | None:
    """The first row without a unit, where each unit seems written once for all of its rows: it stands once, from the first row on, most rows have
    none, and two of them or more follow a unit. Where units stand again and again, or one row alone has one, a blank is the sender."""
    units = table.values.get("unit", [])
    named = [fold(unit) for unit in units if unit]
    if not named or not units[0] or len(set(named)) < len(named) or len(named) * 2 > len(units):
        return None
    below = [number for (number, _), above, unit in zip(table.rows[1:], units, units[1:], strict=False) if above and not unit]
    return below[0] if len(below) > 1 else None


def _take_beside(header: Header, rows: list[Row], details: list[tuple[int, Row]], names: frozenset[int]) -> None:
    """A name's second column: nothing stands above it, as its header is merged over both, and words stand below."""
    titled = {p for n in range(header.top, header.bottom + 1) for p, cell in enumerate(rows[n]) if cell}
    for column, position in header.columns.items():
        if position in names and position + 1 not in titled:
            beside = [row[position + 1] for _, row in details if position + 1 < len(row) and row[position + 1]]
            given = [
                cell for cell in beside if " " not in cell.strip() and fold(cell) not in ("nam", "nu", "x")
            ]  # a given name is one word
            if len(given) * 2 > len(details) and len(given) * 5 >= len(beside) * 4 and not any(re.search("[0-9]", c) for c in beside):
                header.beside[column] = position + 1


def _placeholders(details: list[tuple[int, Row]], who: set[int], words: dict[int, frozenset[str]], numbers: frozenset[int]) -> int:
    """How many of the last rows are one row of defaults filled down: nobody is named, and nothing but codes and zeros stands there."""
    count, first = 0, None
    for _, row in reversed(details):
        cells = [(p, cell) for p, cell in filled(row, numbers) if fold(cell) != "0"]
        if any(p in who or not is_code(cell, words.get(p, frozenset())) for p, cell in cells) or (first is not None and cells != first):
            break
        count, first = count + 1, cells
    return count if count > 1 or (count and not first) else 0


def _counts(table: Table, header: Header) -> bool:
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


@dataclass(frozen=True)
class _Places:
    """Where below a header stands what tells a person's row from the rows around it."""

    anchors: tuple[int, ...]
    names: frozenset[int]
    days: frozenset[int]
    numbers: frozenset[int]  # the running number's columns
    words: dict[int, frozenset[str]]  # code and mark columns → what stands there

    @classmethod
    def of(cls, header: Header, rows: list[Row], dataset: str, layout: Layout) -> "_Places":
        anchors, names, days = (
            tuple(header.columns[c] for c in which.get(dataset, ()) if c in header.columns)
            for which in (layout.anchors, layout.people, layout.dates)
        )
        words = {p: layout.words.get(dataset, {}).get(c, frozenset()) for c, p in header.columns.items()}
        words |= {p: MARKS for positions in header.marks.values() for p in positions}
        return cls(anchors, frozenset(names), frozenset(days), ignored(rows, header), words)

    def hold_somebody(self, row: Row) -> bool:
        """Is the row one of people, wherever it stands?"""
        cells = filled(row)
        numbered = any(p in self.anchors and IDENTITY.match(cell) for p, cell in cells)
        return numbered or may_be_person(RowClass.DETAIL, cells, self.names, self.numbers, self.words)

    def may_hold_somebody(self, kind: RowClass, row: Row) -> bool:
        """Does a row that is taken for something else look like a person?"""
        return looks_like_person(row, self.names, self.days) or may_be_person(kind, filled(row), self.names, self.numbers, self.words)


def _is_header(row: Row, layout: Layout) -> bool:
    """Could this row name columns? Two of its cells and half of them do, or are levels to be marked below."""
    cells = [fold(cell) for cell in row if cell]
    known = sum(any(cell in headers for headers in layout.headers.values()) for cell in cells)
    levels = [level for cell in cells if (level := _level(cell, layout))]
    if known and len(set(levels)) >= MARKED and not any(cell[0].isdigit() for cell in cells if cell):
        known += len(levels)  # a person's own row may say three levels too
    return known >= 2 and known * 2 >= len(cells)


def _level(folded: str, layout: Layout) -> str | None:
    return next((labels[folded] for of in layout.marks.values() for labels in of.values() if folded in labels), None)


def _repeats(row: Row, header: Header, headers: Headers, layout: Layout) -> bool:
    """Is it the header once more, as it is printed on the next page?"""
    marks = {p: level for positions in header.marks.values() for p, level in positions.items()}
    again = {p: level for p, cell in enumerate(row) if cell and (level := _level(fold(cell), layout))}
    return match(row, headers) == header.columns and (not again or again == marks)


def _dataset_below(rows: list[Row], number: int, dataset: str, layout: Layout, sender: str) -> str | None:
    """The dataset of the header that begins at a row: the one that explains most of it, of equals the sheet's own."""
    here = rows[number : number + 3]
    own = find_header(here, 0, dataset, layout, sender)
    other = _dataset_of_header(here, 0, layout, sender)
    if own.knows(layout.required[dataset]) and (other is None or len(own) >= len(find_header(here, 0, other, layout, sender))):
        return dataset
    return other


def _together(tables: list[Table]) -> list[Table]:
    """A table that goes on below a second header of the same columns is one table."""
    whole: list[Table] = []
    for table in tables:
        before = next(
            (t for t in whole if t.dataset == table.dataset and t.letters == table.letters and t.values.keys() == table.values.keys()), None
        )
        if before is None:
            whole.append(table)
            continue
        before.rows += table.rows
        before.row_count += table.row_count
        before.headings += [Heading(table.header_row, title, table.filled) for title in table.titles] + table.headings
        before.filled &= table.filled
        for column, values in table.values.items():
            before.values[column] += values
        before.notes += [n for n in table.notes if n not in before.notes]
    return whole


def _cell_above(rows: list[Row], top: int, classes: list[RowClass]) -> list[tuple[int, int, Filled, str | None]]:
    """The line right above a header, where it names a cell, is the first section: over a second table the same line would be one.

    A committee's name there is mostly the sender's own.
    """
    number = next((n for n in range(top - 1, -1, -1) if any(rows[n])), 0)
    cells = filled(rows[number]) if classes[number] in (RowClass.TITLE, RowClass.SECTION) else []
    unit = section_unit(cells) if len(cells) <= 2 else None
    return [(0, number, cells, section_level(cells))] if unit and plain(unit).startswith(("chi bộ", "tổ đảng")) else []


@dataclass
class _Parts:
    """What stands around the details: units named by section rows, totals to check."""

    began: bool = False
    sections: list[tuple[int, int, Filled, str | None]] = field(default_factory=list)  # details before it, row, cells, how it is numbered
    totals: list[tuple[RowClass, int, Row, int, int]] = field(default_factory=list)  # class, row, cells, first and last detail
    headings: list[tuple[int, str, int, str | None]] = field(default_factory=list)  # row, text, details before it, how it is numbered
    section_from: int = 0

    def take(self, kind: RowClass, number: int, row: Row, count: int, numbers: frozenset[int]) -> None:
        if kind is RowClass.SECTION:
            level = section_level(filled(row))
            self.sections.append((count, number, filled(row, numbers), level))
            if not section_unit(filled(row, numbers)):
                self.headings.append((number + 1, " ".join(cell for _, cell in filled(row)), count, level))
            self._close_section(count)
            self.section_from = count
            if section_count(filled(row, numbers)) is not None:
                self.totals.append((kind, number, row, count, -1))
        elif kind is RowClass.SUBTOTAL:
            self.totals.append((kind, number, row, self.section_from, count))
        elif kind is RowClass.TOTAL:
            self.totals.append((kind, number, row, 0, -1))

    def _close_section(self, count: int) -> None:
        if self.totals and self.totals[-1][0] is RowClass.SECTION and self.totals[-1][4] == -1:
            self.totals[-1] = (*self.totals[-1][:4], count)

    def units_of(self, own: list[str | None]) -> tuple[list[str | None], list[int]]:
        """Each detail's unit, its own before its section's; and the rows of sections that may be units and are taken for none.

        A section beside units, numbered as they are, is one. What is numbered below them is within, and what is not numbered ends them.
        Where no section is a unit, only an office may be one: lists are also parted by courses, levels and forms.
        """
        named, asked = list(own), []
        of_units = [level for _, _, cells, level in self.sections if section_code(cells) or section_unit(cells)]
        levels = set(filter(None, of_units))
        unit = level_of_unit = None
        ends = [begin for begin, *_ in self.sections[1:]]
        for (begin, number, cells, level), end in zip_longest(self.sections, ends, fillvalue=len(own)):
            is_people, is_group = section_of_people(cells), section_of_rows(cells)
            is_within = is_people and (level is None or level != level_of_unit)
            is_beside_units = level in levels and not is_people and not is_group
            if found := section_code(cells) or section_unit(cells) or (section_words(cells) if is_beside_units else None):
                unit, level_of_unit = found, level
            elif not is_within and (unit or ((of_units or section_of_office(cells)) and not is_people and not is_group)):
                unit = unit if level and DEPTHS.index(level) > DEPTHS.index(level_of_unit or "") else None
                if not all(own[begin:end]):
                    asked.append(number)
            named[begin:end] = [mine or unit for mine in own[begin:end]]
        return named, asked

    def headings_of(self, count: int) -> list[tuple[int, str, tuple[int, int]]]:
        """Each heading with the details below it: up to the next one that is numbered alike. One that nobody stands below says nothing of anybody."""
        found = []
        for n, (number, text, first, level) in enumerate(self.headings):
            last = next((at for _, _, at, sign in self.headings[n + 1 :] if sign == level and (at > first or level)), count)
            if last > first:
                found.append((number, text, (first, last)))
        return found

    def wrong_totals(self, table: Table, header: Header, layout: Layout) -> list[Note]:
        """Totals that the details do not add up to."""
        wrong = []
        summed = {header.columns[c]: c for c in layout.numbers.get(table.dataset, ()) if c in header.columns}
        marked = {p: c for c, positions in header.marks.items() for p in positions}
        for kind, number, row, first, last in self.totals:
            details = [cells for _, cells in table.rows]
            if kind is RowClass.SECTION:
                if section_count(filled(row)) != len(details[first : None if last == -1 else last]):
                    wrong.append(Note("total_matches_details", table.sheet, number + 1))
                continue
            # a subtotal is of its section; the last one may be of all
            parts = [details[first:last], details[:last]] if kind is RowClass.SUBTOTAL else [details]
            for position, cell in enumerate(row):
                said, counted = read_number(cell) if cell else None, COUNTED.search(cell) if cell else None
                if position in marked:
                    due = [sum(_is_mark(r[position]) for r in part if position < len(r)) for part in parts]
                elif position in summed:
                    due = [sum(read_number(r[position]) or 0 for r in part if position < len(r) and r[position]) for part in parts]
                elif counted:
                    said, due = read_number(counted[1]), [len(part) for part in parts]
                else:
                    continue
                if said is not None and all(abs(said - d) > 1e-6 for d in due):
                    column = marked.get(position) or summed.get(position)
                    wrong.append(Note("total_matches_details", table.sheet, number + 1, column, f"{letter(position)}{number + 1}", cell))
        return wrong


DEPTHS = ("", "A", "I", "1", "i", "a")  # how sections are numbered, from the outermost
COUNTED = re.compile(
    r"(?:cộng|tổng số|cong|tong so)\s*(?:danh sách có|gồm|có)?\s*[:=]?\s*([0-9][0-9.]*)\s*(?:đồng chí|đ/c|đảng viên|người|\Z)",
    re.IGNORECASE,
)


def _is_mark(cell: str | None) -> bool:
    return bool(cell) and fold(cell) not in NO_MARK


def _marked(row: Row, positions: dict[int, str], spelled: dict[str, str], levels: frozenset[str]) -> str | None:
    """The level of the column that bears the mark; several levels where several do; a text that is no mark stays itself.

    A letter that would be a level by itself, or another column's level, is not believed: which of both is meant is asked.
    """
    marked = []
    for position, level in positions.items():
        cell = row[position] if position < len(row) else None
        if _is_mark(cell):
            said = spelled.get(fold(cell))
            is_other = said in positions.values() if said else fold(cell) in levels
            marked.append(level if cell.lower() in MARKS or said == level else f"{level}{SEVERAL}{cell}" if is_other else cell)
    return SEVERAL.join(marked) or None


def _filled_down(table: Table, column: str, values: list[str | None], layout: Layout) -> list[str | None]:
    """“nt”, “//”: as above. Where a column does not allow it the cell cannot be read, and is told."""
    if DITTO.isdisjoint(values):
        return values
    allowed, above = column in layout.ditto.get(table.dataset, ()), None
    if allowed:
        table.notes.append(Note("cell_filled_down", table.sheet, table.header_row, column))
    filled_down = []
    for value in values:
        if value in DITTO:
            value = above if allowed else value
        elif value:
            above = value
        filled_down.append(value)
    return filled_down


def _note_header(table: Table, header: Header, headers: Headers, left: dict[int, str], needed: frozenset[str]) -> None:
    table.left = left
    for column in table.missing:
        likely = [
            (score, text)
            for text in left.values()
            if (found := nearest(text, {h: c for h, c in headers.items() if c == column}))
            for score in found[1:]
        ]
        table.missing[column] = max(likely)[1] if likely else None
    for position, column in header.guessed.items():
        table.notes.append(Note("column_named_exactly", table.sheet, table.header_row, column, f"{letter(position)}{table.header_row}"))
    if not needed & table.missing.keys():
        told = set(table.missing.values())  # of a column that is missing
        for position, text in left.items():
            if text in told:
                continue
            rule = "column_known" if headers.of(text) is None else "column_once"
            table.notes.append(Note(rule, table.sheet, table.header_row, None, f"{letter(position)}{table.header_row}", text))


def _width(rows: list[Row], header: Header) -> int:
    return max(len(rows[n]) for n in range(header.top, header.bottom + 1))


def _note_wide(table: Table, sheet: Sheet, header: Header) -> None:
    """Rows of a CSV with more cells than the header: a delimiter too many moved the cells behind it, also where the last are blank."""
    width = _width(sheet.rows, header) if table.rows and not sheet.typed else 0
    wide = [n for n, row in table.rows if len(row) > width > 0]
    for number in wide if len(wide) * 2 <= table.row_count else wide[:1]:
        table.notes.append(Note("row_as_wide_as_header", sheet.name, number, None, f"{letter(width)}{number}"))


def _note_groups(table: Table, rows: list[Row], header: Header, names: list[str]) -> None:
    """What stands above columns that were taken for what their own header says: asked as a title is, and told where it may change what they mean."""
    meant = {p: c for c, p in header.columns.items()} | {p: c for c, ps in header.marks.items() for p in ps}
    for depth, position, text in groups_of(rows, header):
        table.headings.append(Heading(depth, text, table.filled))
        is_level = any(position in positions for positions in header.marks.values())
        if position in meant and not is_known_group(text, rows[depth][position] or "", is_level, names):
            where = f"{letter(position)}{depth + 1}"
            table.notes.append(Note("column_below_known_group", table.sheet, depth + 1, meant[position], where, text))


def _note_untitled(table: Table, rows: list[Row], header: Header, is_csv: bool) -> None:
    """Columns that hold values below a header that says nothing: they are not read. Running numbers need no header."""
    titled = {p for n in range(header.top, header.bottom + 1) for p, cell in enumerate(rows[n]) if cell}
    width = _width(rows, header) if is_csv else max((len(row) for _, row in table.rows), default=0)
    for position in sorted(set(range(width)) - titled - set(header.beside.values())):
        values = [row[position] for _, row in table.rows if position < len(row) and row[position]]
        running = [int(v.rstrip(".")) for v in values if RUNNING.match(v)]
        is_running = position < max(titled, default=0) and len(running) == len(values) and running == sorted(set(running))
        if values and not is_running:
            table.notes.append(
                Note("column_titled", table.sheet, table.header_row, None, f"{letter(position)}{table.header_row}", values[0])
            )


def _column(header: Header, position: int) -> str | None:
    return next((column for column, at in header.columns.items() if at == position), None)


def _note_sheet(table: Table, sheet: Sheet, header: Header, person: tuple[int, ...], decide: set[str]) -> None:
    """What the reader saw of the sheet itself: what is hidden, struck through or not calculated, days, letters of an old encoding."""
    used = {p: c for c, p in header.columns.items()} | {p: c for c, ps in header.marks.items() for p in ps}
    hidden = [n for n, _ in table.rows if n in sheet.hidden_rows]
    if hidden:
        table.notes.append(Note("row_shown", sheet.name, hidden[0]))
    if sheet.is_blind:
        table.notes.append(Note("sheet_looked_into", sheet.name))
    waiting = sorted((n, p) for n, p in sheet.uncalculated if p in used and n > table.header_row)
    if waiting:
        (number, position), *_ = waiting
        table.notes.append(Note("formula_calculated", sheet.name, number, used[position], f"{letter(position)}{number}"))
    for number, _ in table.rows if sheet.struck else ():
        struck = [p for p in used if (number, p) in sheet.struck]
        somebody = [p for p in person if p in struck][:1]
        for position in somebody or [p for p in struck if used[p] in decide]:
            rule = "row_not_struck" if somebody else "value_not_struck"
            table.notes.append(Note(rule, sheet.name, number, used[position], f"{letter(position)}{number}"))
    for position, column in used.items():
        where = (sheet.name, table.header_row, column, f"{letter(position)}{table.header_row}")
        if position in sheet.hidden_columns:
            table.notes.append(Note("column_shown", *where))
        if position in sheet.converted:
            table.notes.append(Note("text_in_unicode", *where))
        # a header that was understood needs no certainty, only what stands below it
        if position in sheet.unsure and any(value and not value.isascii() for value in table.values.get(column, ())):
            table.notes.append(Note("text_encoding_certain", *where))


A_NUMBER = re.compile(r"^[1-5][0-9]{4}$", re.ASCII | re.MULTILINE)


def _numbers_asked(values: list[str | None]) -> list[str | None]:
    """A number of five digits among days that are written as days: a serial day, or a year with a digit too many? It cannot be read.

    A column of which most are numbers lost its format of days, and stays as it is.
    """
    said = "\n".join(filter(None, values))
    if not (numbers := len(A_NUMBER.findall(said))) or numbers * 2 >= sum(map(bool, values)):
        return values
    return [f"{value} (số)" if value and SERIAL.match(value) else value for value in values]


def _note_days(table: Table, sheet: Sheet, columns: dict[str, int]) -> None:
    """Columns of days whose cells are of several kinds or written month first, or hold a time of the day."""
    typed, rows = sheet.typed, [n for n, _ in table.rows if n <= len(sheet.typed)]
    for column, position in columns.items():
        if MONTH_FIRST.search("\n".join(filter(None, table.values[column]))) and (
            number := _first_of_month_first(table, column, typed, position)
        ):
            table.notes.append(Note("days_in_one_order", sheet.name, number, column, f"{letter(position)}{number}"))
    for column, position in columns.items() if rows and typed else ():
        if position >= len(typed[0]):
            continue
        kinds = {type(typed[n - 1][position]) for n in rows}
        short = next((n for n in rows if is_nearly_next(typed[n - 1][position])), None) if dt.datetime in kinds else None
        is_mixed = str in kinds and not kinds.isdisjoint((dt.date, dt.datetime))
        swapped = _first_swapped([(n, typed[n - 1][position]) for n in rows]) if is_mixed else None
        for rule, number in (("day_without_time", short), ("days_in_one_order", swapped)):
            if number:
                table.notes.append(Note(rule, sheet.name, number, column, f"{letter(position)}{number}"))


MONTH_FIRST = re.compile(r"^(?:0?[1-9]|1[0-2])[/.\-](?:1[3-9]|2[0-9]|3[01])[/.\-](?:[0-9]{2}){1,2}$", re.ASCII | re.MULTILINE)
DAY_FIRST = re.compile(r"(?:1[3-9]|2[0-9]|3[01])[/.\-][0-9]{1,2}[/.\-](?:[0-9]{2}){1,2}\Z", re.ASCII)


def _first_of_month_first(table: Table, column: str, typed: list[list[object]], position: int) -> int | None:
    """The first row of a column some of whose text days can only be written month first, and none day first: then all of them may be."""
    texts = [
        (number, value)
        for (number, _), value in zip(table.rows, table.values[column], strict=True)
        if value and (number > len(typed) or position >= len(typed[number - 1]) or isinstance(typed[number - 1][position], str))
    ]
    if any(DAY_FIRST.match(value) for _, value in texts) or not any(MONTH_FIRST.match(value) for _, value in texts):
        return None
    return texts[0][0]


TEXT_DAY = re.compile(r"\s*([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-][0-9]{4}\s*\Z", re.ASCII)
UP_TO_TWELVE = 12 * 12 / 365  # of all days, those that read as a day in both orders
BY_CHANCE = 1 / 200


def _first_swapped(cells: list[tuple[int, object]]) -> int | None:
    """The row of the first date cell where an Excel that is set to months first seems to have typed the column.

    It makes "03/02/1980" the 2nd of March and leaves "25/03/1980" a text, so that all texts are of days after the 12th and all date cells of
    days up to it. A column that mixes both for another reason looks so by chance in 0.39 ** days x 0.61 ** texts of cases: 5 and 1 come
    to 1 in 180, 4 and 3 to 1 in 180, 5 and 3 to 1 in 460. Each day of the year counts once: many joined on 3 February.
    """
    days, texts = set(), set()
    for _, cell in cells:
        if isinstance(cell, dt.date):
            days.add((cell.day, cell.month))
            if cell.day > 12:
                return None
        elif isinstance(cell, str) and (match := TEXT_DAY.match(cell)):
            texts.add(day := (int(match[1]), int(match[2])))
            if day[0] <= 12 or day[1] > 12:
                return None
    if not days or not texts:
        return None
    if UP_TO_TWELVE ** len(days) * (1 - UP_TO_TWELVE) ** len(texts) > BY_CHANCE:
        return None
    return next(number for number, cell in cells if isinstance(cell, dt.date))


def _frames(readings: list[Reading], layout: Layout) -> dict[str, pl.DataFrame]:
    """The rows of all tables, one frame per dataset: one concatenation of lists is far cheaper than of many frames."""
    gathered: dict[str, dict[str, list]] = {}
    for reading in readings:
        for table in reading.tables:
            names = sorted(set(layout.headers[table.dataset].values()))
            lists = gathered.setdefault(table.dataset, {c: [] for c in ("number", "sheet", "row_no", *names)})
            lists["number"] += [reading.source.number] * table.row_count
            lists["sheet"] += [table.sheet] * table.row_count
            lists["row_no"] += [number for number, _ in table.rows]
            for name in names:
                lists[name] += table.values.get(name) or [None] * table.row_count
            table.rows, table.values = [], {}
    types = {"number": pl.Int32, "row_no": pl.Int32}
    return {
        dataset: pl.DataFrame({c: pl.Series(c, v, dtype=types.get(c, pl.String)) for c, v in lists.items()})
        for dataset, lists in gathered.items()
    }


@cache
def letter(position: int) -> str:
    """0 → A, 26 → AA.

    >>> letter(0), letter(25), letter(26), letter(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def position_of(name: str | None) -> int | None:
    """AA → 26.

    >>> position_of("A"), position_of("AA"), position_of(None)
    (0, 26, None)
    """
    if name is None:
        return None
    position = 0
    for character in name:
        position = position * 26 + ord(character) - 64
    return position - 1
