"""Cells to a dataset's columns: which sheet is which dataset, where its tables are, which rows are details.

What does not belong here: types, rules, verdicts, and how many files are read at once.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from pathlib import Path

import polars as pl

from pipeline.codes import fold
from pipeline.intake import explanations
from pipeline.intake.cells import Sheet, Unreadable, read_cells
from pipeline.intake.headers import Header, Layout, find_header, ignored, match, nearest, take_likely
from pipeline.intake.rows import RUNNING, Classifier, Row, RowClass, filled, section_unit
from pipeline.values import DITTO, MARKS, NO_MARK, SERIAL, SEVERAL, SINCE_1904, read_number


@dataclass(frozen=True)
class Source:
    """A file to read: where its bytes lie, what the sender called it, and who the sender is."""

    number: int
    blob: Path
    name: str
    sender: str = ""


@dataclass(frozen=True)
class Note:
    """A fault that reading finds: which rule, where, and what was found (restricted)."""

    rule: str
    sheet: str = ""
    row_no: int | None = None
    column: str | None = None
    cell: str | None = None
    value: str | None = None


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


@dataclass
class Reading:
    """What one file gave. `refused` names the rule when it gave nothing."""

    source: Source
    refused: str | None = None
    dataset: str | None = None  # from the file's name, when nothing inside says it
    tables: list[Table] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    classes: dict[str, list[RowClass]] = field(default_factory=dict)  # sheet → what each row is; only where it was asked for
    reasons: dict[str, str] = field(default_factory=dict)  # explanation key → what the unit wrote


@dataclass
class Chunk:
    """What some files gave: a reading each, and per dataset one frame of text (number of the file, sheet, row_no, columns)."""

    readings: list[Reading]
    frames: dict[str, pl.DataFrame]


def read_file(source: Source, layout: Layout, explain: bool = False) -> Reading:
    """One file's tables. Never raises for what a unit may have done to its file."""
    named = layout.names.get(fold(Path(source.name).stem))
    try:
        sheets = read_cells(source.blob.read_bytes())
    except Unreadable as error:
        return Reading(source, refused=error.rule, dataset=named)
    sheets, reasons = explanations.take(sheets)
    reading = Reading(source, dataset=named, reasons=reasons)
    for sheet in sheets:
        if fold(sheet.name) in layout.ours or not any(any(row) for row in sheet.rows):
            continue
        dataset = layout.names.get(fold(sheet.name)) or named or _dataset_of_header(sheet.rows, 0, layout, source.sender)
        if dataset is None:
            reading.notes.append(Note("sheet_known", sheet.name))
            continue
        tables, classes = _read_sheet(sheet, dataset, layout, source.sender)
        reading.tables += tables
        if explain:
            reading.classes[sheet.name] = classes
    if not reading.tables:
        reading.refused = "known_dataset_present"
    return reading


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


def _read_sheet(sheet: Sheet, dataset: str, layout: Layout, sender: str) -> tuple[list[Table], list[RowClass]]:
    """Every table of a sheet, one below another, and what each row is."""
    for (number, position), text in sheet.errors.items():
        row = sheet.rows[number - 1]
        row += [None] * (position + 1 - len(row))
        row[position] = text  # a formula that failed is no blank cell
    rows, tables, classes = sheet.rows, [], [RowClass.BLANK] * len(sheet.rows)
    start: int | None = 0
    while start is not None:
        start, table = _read_table(sheet, start, dataset, layout, sender, classes)
        tables.append(table)
        if start is not None:
            dataset = _dataset_below(rows, start, dataset, layout, sender) or dataset
    if sheet.is_hidden:
        tables[0].notes.append(Note("sheet_shown", sheet.name))
    return _together(tables), classes


def _read_table(sheet: Sheet, start: int, dataset: str, layout: Layout, sender: str, classes: list[RowClass]) -> tuple[int | None, Table]:
    """The table whose header is looked for from row `start`; and where the next one begins, if there is one."""
    rows = sheet.rows
    header = find_header(rows, start, dataset, layout, sender)
    headers = layout.headers_of(dataset, sender)
    left = take_likely(rows, header, headers)
    numbers = ignored(rows, header)
    anchors = tuple(header.columns[c] for c in layout.anchors.get(dataset, ()) if c in header.columns)
    classifier = Classifier(len(header), anchors, numbers, frozenset(header.columns.values()))
    for number in range(start, header.bottom + 1):
        classes[number] = RowClass.HEADER if number >= header.top else RowClass.TITLE if any(rows[number]) else RowClass.BLANK
    details: list[tuple[int, Row]] = []
    parts = _Parts()
    following = None
    for number in range(header.bottom + 1, len(rows)):
        row = rows[number]
        for position in anchors if parts.began else ():
            if position < len(row) and (cell := row[position]) and "0" <= cell[0] <= "9":
                break  # most rows: an identity number makes a detail, and nothing else has to be asked
        else:
            kind = classifier.kind(row)
            if kind is RowClass.DETAIL and _is_header(row, layout):
                if match(row, headers) == header.columns:
                    kind = RowClass.HEADER  # printed again on the next page
                elif _dataset_below(rows, number, dataset, layout, sender):
                    following = number
                    break
            if kind is not RowClass.DETAIL:
                classes[number] = kind
                parts.take(kind, number, row, len(details), numbers)
                continue
        classes[number] = RowClass.DETAIL
        parts.began = True
        details.append((number + 1, row))
    table = Table(
        dataset,
        sheet.name,
        header.bottom + 1,
        letters={c: letter(p) for c, p in header.columns.items()} | {c: letter(min(ps)) for c, ps in header.marks.items()},
        missing={c: None for c in sorted(layout.required[dataset] - header.columns.keys() - header.marks.keys())},
        rows=details,
        row_count=len(details),
    )
    cells = list(zip_longest(*(row for _, row in details)))  # column by column; a CSV's rows need not be of one length
    for column, position in header.columns.items():
        values = list(cells[position]) if position < len(cells) else [None] * len(details)
        table.values[column] = _filled_down(table, column, values, layout)
    for column in layout.dates.get(dataset, frozenset()) & table.values.keys() if sheet.is_1904 else ():
        table.values[column] = [str(int(v) + SINCE_1904) if v and SERIAL.match(v) else v for v in table.values[column]]
    for column, positions in header.marks.items():
        table.values[column] = [_marked(row, positions) for _, row in details]
    if parts.units and "unit" in headers.values():
        named = parts.units_of(len(details))
        table.values["unit"] = [own or unit for own, unit in zip(table.values.get("unit", named), named, strict=True)]
    _note_header(table, header, headers, left, layout.needed.get(dataset, layout.required[dataset]))
    _note_untitled(table, rows, header)
    _note_sheet(table, sheet, header)
    table.notes += parts.wrong_totals(table, header, layout)
    return following, table


def _is_header(row: Row, layout: Layout) -> bool:
    """Could this row name columns? Two of its cells and half of them do."""
    cells = [cell for cell in row if cell]
    known = sum(any(fold(cell) in headers for headers in layout.headers.values()) for cell in cells)
    return known >= 2 and known * 2 >= len(cells)


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
        for column, values in table.values.items():
            before.values[column] += values
        before.notes += [n for n in table.notes if n not in before.notes]
    return whole


@dataclass
class _Parts:
    """What stands around the details: units named by section rows, totals to check."""

    began: bool = False
    units: list[tuple[int, str | None]] = field(default_factory=list)  # (details before it, unit of the rows that follow)
    totals: list[tuple[RowClass, int, Row, int, int]] = field(default_factory=list)  # class, row, cells, first and last detail
    section_from: int = 0

    def take(self, kind: RowClass, number: int, row: Row, count: int, numbers: frozenset[int]) -> None:
        if kind is RowClass.SECTION:
            unit = section_unit(filled(row, numbers))
            if unit or self.units:
                self.units.append((count, unit))
            self.section_from = count
        elif kind is RowClass.SUBTOTAL:
            self.totals.append((kind, number, row, self.section_from, count))
        elif kind is RowClass.TOTAL:
            self.totals.append((kind, number, row, 0, -1))

    def units_of(self, count: int) -> list[str | None]:
        named: list[str | None] = [None] * count
        for (begin, unit), end in zip(self.units, [*(b for b, _ in self.units[1:]), count], strict=True):
            named[begin:end] = [unit] * (end - begin)
        return named

    def wrong_totals(self, table: Table, header: Header, layout: Layout) -> list[Note]:
        """Totals that the details do not add up to."""
        wrong = []
        summed = {header.columns[c]: c for c in layout.numbers.get(table.dataset, ()) if c in header.columns}
        marked = {p: c for c, positions in header.marks.items() for p in positions}
        for kind, number, row, first, last in self.totals:
            details = [cells for _, cells in table.rows]
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


COUNTED = re.compile(
    r"(?:cộng|tổng số|cong|tong so)\s*(?:danh sách có|gồm|có)?\s*[:=]?\s*([0-9][0-9.]*)\s*(?:đồng chí|đ/c|đảng viên|người|\Z)",
    re.IGNORECASE,
)


def _is_mark(cell: str | None) -> bool:
    return bool(cell) and fold(cell) not in NO_MARK


def _marked(row: Row, positions: dict[int, str]) -> str | None:
    """The level of the column that bears the mark; several levels where several do; a text that is no mark stays itself."""
    levels = []
    for position, level in positions.items():
        cell = row[position] if position < len(row) else None
        if _is_mark(cell):
            levels.append(level if cell.lower() in MARKS else cell)
    return SEVERAL.join(levels) or None


def _filled_down(table: Table, column: str, values: list[str | None], layout: Layout) -> list[str | None]:
    """“nt”, “//”: as above. Where a column does not allow it the cell says nothing."""
    if DITTO.isdisjoint(values):
        return values
    allowed, above = column in layout.ditto.get(table.dataset, ()), None
    if allowed:
        table.notes.append(Note("cell_filled_down", table.sheet, table.header_row, column))
    filled_down = []
    for value in values:
        if value in DITTO:
            value = above if allowed else value if column in layout.anchors.get(table.dataset, ()) else None
        elif value:
            above = value
        filled_down.append(value)
    return filled_down


def _note_header(table: Table, header: Header, headers: dict[str, str], left: dict[int, str], needed: frozenset[str]) -> None:
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
            rule = "column_once" if fold(text) in headers else "column_known"
            table.notes.append(Note(rule, table.sheet, table.header_row, None, f"{letter(position)}{table.header_row}", text))


def _note_untitled(table: Table, rows: list[Row], header: Header) -> None:
    """Columns that hold values below a header that says nothing: they are not read. Running numbers need no header."""
    titled = {p for n in range(header.top, header.bottom + 1) for p, cell in enumerate(rows[n]) if cell}
    width = max((len(row) for _, row in table.rows), default=0)
    for position in sorted(set(range(width)) - titled):
        values = [row[position] for _, row in table.rows if position < len(row) and row[position]]
        running = [int(v.rstrip(".")) for v in values if RUNNING.match(v)]
        if values and (len(running) < len(values) or running != sorted(set(running))):
            table.notes.append(
                Note("column_titled", table.sheet, table.header_row, None, f"{letter(position)}{table.header_row}", values[0])
            )


def _note_sheet(table: Table, sheet: Sheet, header: Header) -> None:
    """What the reader saw of the sheet itself: hidden rows and columns, letters of an old encoding."""
    used = {p: c for c, p in header.columns.items()} | {p: c for c, ps in header.marks.items() for p in ps}
    hidden = [n for n, _ in table.rows if n in sheet.hidden_rows]
    if hidden:
        table.notes.append(Note("row_shown", sheet.name, hidden[0]))
    for position, column in used.items():
        where = (sheet.name, table.header_row, column, f"{letter(position)}{table.header_row}")
        if position in sheet.hidden_columns:
            table.notes.append(Note("column_shown", *where))
        if position in sheet.converted:
            table.notes.append(Note("text_in_unicode", *where))
        # a header that was understood needs no certainty, only what stands below it
        if position in sheet.unsure and any(value and not value.isascii() for value in table.values.get(column, ())):
            table.notes.append(Note("text_encoding_certain", *where))


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
