"""A table laid out on a sheet: lines above, header rows, rows with lines between, lines below; written as XLSX or CSV.

Whoever changes the layout changes the plan; where each row came to stand, and so what is due where, follows when it is written.
What does not belong here: which kinds of dirt there are.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import xlsxwriter
from clean import Row, Table, meta_of, read_as, text_of

from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns

EPOCH = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}


@dataclass(frozen=True)
class Styled:
    """A cell's value with xlsxwriter's format properties; a CSV shows what the format would show, given by the writer of the kind."""

    value: Any
    style: tuple[tuple[str, Any], ...]
    shown: str


@dataclass(frozen=True)
class Fault:
    """A formula that came to nothing: #REF! and its kin, or the 0 of a writer that cannot calculate."""

    shown: str | int


Cell = str | int | float | dt.date | Styled | Fault | None
Line = list[Cell]


@dataclass(frozen=True)
class Due:
    """A finding that should be there: one of `rules`, at a row of the table (or its header, or nowhere), at a column.

    `drops`: the row is set aside. `must` is false where the finding may be given or not.
    """

    rules: tuple[str, ...]
    row: int | str | None = None  # a row of the table, "header", or None: wherever
    column: str | None = None
    drops: bool = False
    must: bool = True


@dataclass(frozen=True)
class Place:
    """A due finding where it stands in the file. None: the place is not asked."""

    rules: tuple[str, ...]
    sheet: str | None
    row_no: int | None
    cell: str | None
    must: bool


@dataclass(frozen=True)
class Expected:
    """What one file should give."""

    rows: dict[tuple[str, str, int], Row] = field(default_factory=dict)  # dataset, sheet, row → values
    findings: tuple[Place, ...] = ()
    refused: tuple[str, ...] = ()  # the file gives nothing; one of these rules says why
    or_refused: tuple[str, ...] = ()  # reading it right is right, and so is refusing it by one of these


@dataclass
class Sheet:
    """One table and how it stands on its sheet. Its first column is a row number."""

    dataset: str
    name: str
    columns: list[str]
    truth: list[Row]  # what should be read
    cells: list[dict[str, Cell]]  # what is written
    head: list[dict[str, str]]  # header rows, each column → text
    above: list[Line] = field(default_factory=list)
    numbers: Line | None = None  # a row of column numbers under the header
    between: dict[int, list[Line]] = field(default_factory=dict)  # lines before a row; before len(rows): under the last
    below: list[Line] = field(default_factory=list)
    counter: str = "STT"
    merges: list[tuple[int, str, int, str]] = field(default_factory=list)  # header rows and columns, both ends included
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[str] = field(default_factory=set)
    hidden: bool = False
    due: list[Due] = field(default_factory=list)
    under: "Sheet | None" = None  # another table on the same sheet, below this one

    def add(self, column: str, header: str, cells: list[Cell], at: int) -> None:
        """A column that is none of the dataset's."""
        self.columns.insert(at, column)
        self.head[-1][column] = header
        for row, cell in zip(self.cells, cells, strict=True):
            row[column] = cell

    def remove(self, column: str) -> None:
        """A column that this office does not have: its values are not in the file."""
        if column in self.columns:
            self.columns.remove(column)
        for row in self.truth:
            row[column] = None

    def texts(self, change: Callable[[str], Cell], head: bool = True) -> None:
        """Change every text that is written, not what it means."""
        for cells in self.cells:
            for column, cell in cells.items():
                if isinstance(cell, str):
                    cells[column] = change(cell)
        if head:
            self.head = [{c: change(t) for c, t in row.items()} for row in self.head]
            self.counter = change(self.counter)


@dataclass
class Book:
    """A file to be."""

    sheets: list[Sheet]
    name: str = "Báo cáo năm 2021"
    extension: str = "xlsx"
    is_csv: bool = False
    delimiter: str = ","
    encode: Callable[[str], bytes] = str.encode
    font: str | None = None
    is_1904: bool = False
    refused: tuple[str, ...] = ()
    or_refused: tuple[str, ...] = ()
    change: Callable[[bytes], bytes] = lambda data: data  # what is done to the written bytes

    @property
    def sheet(self) -> Sheet:
        return self.sheets[0]


def plain(table: Table) -> Sheet:
    """The table under its titles, everything as text but numbers."""
    own = own_columns(SCHEMAS[table.dataset])
    cells: list[dict[str, Cell]] = []
    for row in table.rows:
        written: dict[str, Cell] = {c: text_of(table.dataset, c, row.get(c)) for c in table.columns}
        written |= {c: row.get(c) for c in table.columns if meta_of(table.dataset, c).kind.name == "number"}
        cells.append(written)
    head = [{c: own[c].title for c in table.columns}]
    return Sheet(table.dataset, SCHEMAS[table.dataset].title, list(table.columns), [dict(r) for r in table.rows], cells, head)


def write(book: Book) -> tuple[str, bytes, Expected]:
    """The file's name, its bytes, and what they should give."""
    grids = [_Grid(sheet, "" if book.is_csv else sheet.name) for sheet in book.sheets]
    name = book.name if not book.is_csv else book.sheet.name
    data = _csv(book, grids[0]) if book.is_csv else _xlsx(book, grids)
    rows = {key: row for grid in grids for key, row in grid.rows.items()}
    places = tuple(place for grid in grids for place in grid.places)
    expected = Expected(refused=book.refused) if book.refused else Expected(rows, places, or_refused=book.or_refused)
    return f"{name}.{book.extension}", book.change(data), expected


class _Grid:
    """A sheet's cells at their places."""

    def __init__(self, sheet: Sheet, name: str):
        self.sheet, self.name = sheet, name
        self.lines: list[Line] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self.rows: dict[tuple[str, str, int], Row] = {}
        self.hidden_rows: list[int] = []
        self.places: list[Place] = []
        part: Sheet | None = sheet
        while part:
            self._lay(part)
            part = part.under

    def _lay(self, sheet: Sheet) -> None:
        position = {c: n for n, c in enumerate(sheet.columns, start=1)}
        self.lines += sheet.above
        top = len(self.lines)
        for n, texts in enumerate(sheet.head):
            self.lines.append([sheet.counter if n == 0 else None, *(texts.get(c) for c in sheet.columns)])
        self.merges += [(top + r1, position[c1], top + r2, position[c2]) for r1, c1, r2, c2 in sheet.merges]
        self.merges += [(top, 0, top + len(sheet.head) - 1, 0)] if sheet.merges else []
        header_row = len(self.lines)
        if sheet.numbers:
            self.lines.append(sheet.numbers)
        stands: dict[int | str | None, int | None] = {None: None, "header": header_row}
        dropped = {due.row for due in sheet.due if due.drops}
        for n, cells in enumerate(sheet.cells):
            self.lines += sheet.between.get(n, [])
            self.lines.append([n + 1, *(cells.get(c) for c in sheet.columns)])
            stands[n] = len(self.lines)
            if n in sheet.hidden_rows:
                self.hidden_rows.append(len(self.lines) - 1)
            if n not in dropped:
                self.rows[sheet.dataset, self.name, len(self.lines)] = read_as(sheet.dataset, sheet.truth[n])
        self.lines += sheet.between.get(len(sheet.cells), [])
        self.lines += sheet.below
        for due in sheet.due:
            row_no = stands[due.row]
            cell = f"{letter(position[due.column])}{row_no}" if due.column and row_no else None
            self.places.append(Place(due.rules, self.name if row_no else None, row_no, cell, due.must))


def letter(position: int) -> str:
    return xlsxwriter.utility.xl_col_to_name(position)


def _csv(book: Book, grid: _Grid) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=book.delimiter, lineterminator="\r\n").writerows([_shown(c) for c in line] for line in grid.lines)
    return book.encode(text.getvalue())


def _shown(cell: Cell) -> str:
    if isinstance(cell, Styled | Fault):
        return str(cell.shown)
    if isinstance(cell, dt.date):
        return f"{cell.day:02}/{cell.month:02}/{cell.year}"
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", ",")
    return "" if cell is None else str(cell)


def _xlsx(book: Book, grids: Iterable[_Grid]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": book.is_1904}) as made:
        made.set_properties({"created": dt.datetime(2022, 1, 10, 8, 0)})
        formats: dict[tuple, Any] = {}

        def style(properties: tuple[tuple[str, Any], ...]) -> Any:
            whole = {"font_name": book.font} | dict(properties) if book.font else dict(properties)
            return formats.setdefault(tuple(whole.items()), made.add_format(whole) if whole else None)

        for grid in grids:
            target = made.add_worksheet(grid.name)
            for r, line in enumerate(grid.lines):
                for c, cell in enumerate(line):
                    if isinstance(cell, Fault):
                        target.write_formula(r, c, "=1/0", style(()), cell.shown)
                        continue
                    if isinstance(cell, Styled):
                        cell, chosen = cell.value, style(cell.style)
                    elif isinstance(cell, dt.date):
                        cell, chosen = (cell - EPOCH[book.is_1904]).days, style((("num_format", "dd/mm/yyyy"),))
                    else:
                        chosen = style(())
                    if isinstance(cell, str):
                        target.write_string(r, c, cell, chosen)
                    elif cell is not None:
                        target.write_number(r, c, cell, chosen)
            for merge in grid.merges:
                if merge[:2] != merge[2:]:
                    value = grid.lines[merge[0]][merge[1]]
                    target.merge_range(*merge, value, style((("align", "center"),)))
            for r in grid.hidden_rows:
                target.set_row(r, None, None, {"hidden": True})
            for column in grid.sheet.hidden_columns:
                c = grid.sheet.columns.index(column) + 1
                target.set_column(c, c, None, None, {"hidden": True})
            if grid.sheet.hidden:
                target.hide()
    return buffer.getvalue()


def pick_rows(rng: Random, sheet: Sheet, count: int) -> list[int]:
    return sorted(rng.sample(range(len(sheet.cells)), count))
