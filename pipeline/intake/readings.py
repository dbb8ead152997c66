"""What reading a file gives: its tables, its notes, what each of its rows was taken for.

What does not belong here: how any of it is found.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline.intake.forms import FormRead
from pipeline.intake.rows import Row, RowClass
from pipeline.ledger.archive import read_version
from pipeline.ledger.sealed import Seal


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

    @cached_property
    def stem(self) -> str:
        """The file's name without its ending."""
        return Path(self.name).stem

    def read(self) -> bytes:
        """Its bytes. Raises Lost where they are not those on record."""
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
    about: str = ""  # another dataset that it speaks of


@dataclass(frozen=True)
class Heading:
    """A line of words among the rows of a table, and the columns in which every row below it says something, and the levels that they have."""

    row_no: int
    text: str
    filled: frozenset[str]
    levels: frozenset[str | None] = frozenset()  # as they are written in these rows, where there are any
    is_contradicted: bool = False  # by the columns of these rows


class TitleLine(NamedTuple):
    """A line of a cell above a header: its row, its cell, how many cells that row has besides, and whether the header is right below it."""

    row_no: int
    cell: str
    text: str
    beside: int
    is_last: bool


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
    places: dict[str, dict[int, str]] = field(default_factory=dict)  # column → row → the letter where its value stands, if not its own
    notes: list[Note] = field(default_factory=list)
    is_list: bool = True  # a summary of counts is none
    is_by_time: bool = False  # of several years or quarters side by side its header says which is read
    rated: str = ""  # what the column of its levels is called, with the groups above it
    step: int | None = None  # of its levels, where their column's header says whose they are (level_headers.Step)
    is_proposal: bool = False  # its own sheet's name or title says so
    titles: list[str] = field(default_factory=list)  # what stands above the header, row by row
    lines: list[TitleLine] = field(default_factory=list)  # the same, line by line of each cell, above a second table's header as well
    above: list[Row] = field(default_factory=list)  # the same, as rows
    legend: frozenset[str] = frozenset()  # lines that say what letters of levels mean
    goes_on: bool = False  # below another header of the same list, whose titles are its own
    not_counted: list[str] = field(default_factory=list)  # rules by which its names and titles refuse it
    headings: list[Heading] = field(default_factory=list)  # what stands among the rows, a second table's titles as well
    said_above: dict[str, str] = field(default_factory=dict)  # column that the titles alone say → what they say of all rows
    assumed: set[str] = field(default_factory=set)  # columns that a title only confirms: it is still asked what other titles say of them
    filled: frozenset[str] = frozenset()  # columns in which every row says something
    levels: frozenset[str | None] = frozenset()  # as they are written in its rows
    form: FormRead | None = None  # what its header was taken for
    said_besides: dict[str, str] = field(
        default_factory=dict
    )  # column that no column of the form holds → what titles, or others, say of it
    aside: list[int] = field(default_factory=list)  # positions that mean something, of another period

    def put(self, column: str, found: Iterable[tuple[int, str]]) -> None:
        """Where rows' values of a column stand that is read from several places."""
        self.places[column] = {number: at for number, at in found if at != self.letters[column]}

    def stand_with(self, column: str, other: str) -> None:
        """A column's values stand in the cells of another one's."""
        self.letters[column] = self.letters[other]
        if other in self.places:
            self.places[column] = self.places[other]

    def place_of(self, column: str, number: int) -> str:
        """The cell in which a row's value of a column stands."""
        return f"{self.places.get(column, {}).get(number, self.letters[column])}{number}"


@dataclass
class Reading:
    """What one file gave. `refused` names the rule when it gave nothing."""

    source: Source
    refused: str | None = None
    lost: str = ""  # what is wrong with the archive's bytes: nothing was read, and the file is not to blame
    dataset: str | None = None  # from the file's name, when nothing inside says it
    tables: list[Table] = field(default_factory=list)
    unread: list[FormRead] = field(default_factory=list)  # headers of sheets that nobody knew
    notes: list[Note] = field(default_factory=list)
    class_counts: dict[str, Counter[RowClass]] = field(default_factory=dict)  # sheet → how many rows are what
    classes: dict[str, list[RowClass]] = field(default_factory=dict)  # sheet → what each row is; only where it was asked for
    sheets: dict[str, int] = field(default_factory=dict)  # named sheet → which one of the file it is
    reasons: dict[str, str] = field(default_factory=dict)  # explanation key → what the unit wrote
    objections: list[tuple[str, str, str]] = field(default_factory=list)  # form, header, what the unit says that it means


@dataclass
class Chunk:
    """What some files gave: a reading each, and per dataset one frame of text (number of the file, sheet, row_no, columns)."""

    readings: list[Reading]
    frames: dict[str, pl.DataFrame]


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


def position_of(name: str) -> int:
    """AA → 26.

    >>> position_of("A"), position_of("AA")
    (0, 26)
    """
    position = 0
    for character in name:
        position = position * 26 + ord(character) - 64
    return position - 1
