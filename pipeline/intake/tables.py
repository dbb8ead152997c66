"""Cells to a dataset's columns: which sheet is which dataset, where its header row is, which column is which.

What does not belong here: types, rules, verdicts, and how many files are read at once.
"""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.codes import fold
from pipeline.intake import explanations
from pipeline.intake.cells import Sheet, Unreadable, read_cells

HEADER_ROWS = 40  # a header further down than this is not looked for
IGNORED = {"stt", "tt", "so tt", "so thu tu"}  # row numbers: read, never kept


@dataclass(frozen=True)
class Layout:
    """What the reader must know of the datasets: folded names and headers. Made from the schemas."""

    names: dict[str, str]  # folded file or sheet name → dataset
    headers: dict[str, dict[str, str]]  # dataset → folded header → column
    required: dict[str, frozenset[str]]  # dataset → columns whose header must be there


@dataclass(frozen=True)
class Source:
    """A file to read: where its bytes lie, and what the sender called it."""

    number: int
    blob: Path
    name: str


@dataclass(frozen=True)
class Note:
    """A fault that reading finds: which rule, where."""

    rule: str
    sheet: str = ""
    row_no: int | None = None
    column: str | None = None
    cell: str | None = None


@dataclass
class Table:
    """One dataset on one sheet: where its header stands, which column is where, how many rows follow."""

    dataset: str
    sheet: str
    header_row: int
    letters: dict[str, str]  # column → its letter
    missing: list[str]  # required columns without a header
    rows: list[tuple[int, list[str | None]]]  # sheet row and cells; emptied when they go into the chunk's frame
    row_count: int
    notes: list[Note] = field(default_factory=list)


@dataclass
class Reading:
    """What one file gave. `refused` names the rule when it gave nothing."""

    source: Source
    refused: str | None = None
    dataset: str | None = None  # from the file's name, when nothing inside says it
    tables: list[Table] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)  # explanation key → what the unit wrote


@dataclass
class Chunk:
    """What some files gave: a reading each, and per dataset one frame of text (number of the file, sheet, row_no, columns)."""

    readings: list[Reading]
    frames: dict[str, pl.DataFrame]


def read_file(source: Source, layout: Layout) -> Reading:
    """One file's tables. Never raises for what a unit may have done to its file."""
    named = layout.names.get(fold(Path(source.name).stem))
    try:
        sheets = read_cells(source.blob.read_bytes())
    except Unreadable as error:
        return Reading(source, refused=error.rule, dataset=named)
    sheets, reasons = explanations.take(sheets)
    reading = Reading(source, dataset=named, reasons=reasons)
    for sheet in sheets:
        if not any(any(row) for row in sheet.rows):
            continue
        dataset = layout.names.get(fold(sheet.name)) or named or _dataset_of_header(sheet, layout)
        if dataset is None:
            reading.notes.append(Note("sheet_known", sheet.name))
        else:
            reading.tables.append(_table(sheet, dataset, layout))
    if not reading.tables:
        reading.refused = "known_dataset_present"
    return reading


def read_chunk(sources: list[Source], layout: Layout) -> Chunk:
    """Some files, in this process."""
    readings = [read_file(source, layout) for source in sources]
    return Chunk(readings, _frames(readings, layout))


def _matches(row: list[str | None], headers: dict[str, str]) -> dict[str, int]:
    """Column → position, the first one where a header stands twice."""
    found: dict[str, int] = {}
    for position, cell in enumerate(row):
        column = headers.get(fold(cell)) if cell else None
        if column:
            found.setdefault(column, position)
    return found


def _header(sheet: Sheet, headers: dict[str, str], required: frozenset[str]) -> tuple[int, dict[str, int]]:
    """The first row that names every required column; else the row that names most columns, the first of equals."""
    best: tuple[int, dict[str, int]] = (0, {})
    for number, row in enumerate(sheet.rows[:HEADER_ROWS]):
        found = _matches(row, headers)
        if len(found) > len(best[1]):
            best = (number, found)
        if len(found) > 1 and required <= found.keys():
            break
    return best


def _dataset_of_header(sheet: Sheet, layout: Layout) -> str | None:
    """The one dataset all of whose required headers stand in one row; of several, none."""
    fitting = {}
    for dataset, headers in layout.headers.items():
        found = _header(sheet, headers, layout.required[dataset])[1]
        if layout.required[dataset] <= found.keys():
            fitting[dataset] = len(found)
    best = [d for d, n in fitting.items() if n == max(fitting.values())]
    return best[0] if len(best) == 1 else None


def _table(sheet: Sheet, dataset: str, layout: Layout) -> Table:
    headers = layout.headers[dataset]
    header_row, found = _header(sheet, headers, layout.required[dataset])
    ignored = {p for p, cell in enumerate(sheet.rows[header_row]) if cell and fold(cell) in IGNORED}
    rows = [
        (number, row)
        for number, row in enumerate(sheet.rows[header_row + 1 :], start=header_row + 2)
        if any(cell and position not in ignored for position, cell in enumerate(row))
    ]
    table = Table(
        dataset,
        sheet.name,
        header_row + 1,
        letters={c: letter(p) for c, p in found.items()},
        missing=sorted(layout.required[dataset] - found.keys()),
        rows=rows,
        row_count=len(rows),
    )
    for position, cell in enumerate(sheet.rows[header_row]):
        if cell and position not in found.values() and position not in ignored and not table.missing:
            rule = "column_once" if fold(cell) in headers else "column_known"
            table.notes.append(Note(rule, sheet.name, header_row + 1, None, f"{letter(position)}{header_row + 1}"))
    return table


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
                position = position_of(table.letters.get(name))
                lists[name] += [row[position] if position is not None and position < len(row) else None for _, row in table.rows]
            table.rows = []
    types = {"number": pl.Int32, "row_no": pl.Int32}
    return {
        dataset: pl.DataFrame({c: pl.Series(c, v, dtype=types.get(c, pl.String)) for c, v in lists.items()})
        for dataset, lists in gathered.items()
    }


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
