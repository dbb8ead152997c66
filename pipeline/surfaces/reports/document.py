"""A report as it is drawn: whose it is, its text, its tables with groups of columns, who signs. Built once; each writer draws the same.

What does not belong here: where figures come from, and any one format.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from pipeline.presentation import figure, number, percent

PARTY, STATE = "PARTY", "STATE"
UNKNOWN, HIDDEN, NONE = "…", "(ẩn)", "–"


@dataclass(frozen=True)
class Mark:
    """What stands in the place of a figure that is not known, is not told, or cannot be: a share of nobody."""

    text: str


Value = int | float | str | Mark | None


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    title: str
    width: float  # millimetres, of what the page has: all columns together are stretched to it
    name: str = ""
    group: str = ""  # what stands above it and its neighbours
    shown_as: str = "count"  # text, count, share, number, change
    of: tuple[int, int] | None = None  # the columns that a share divides: above, below
    adds: bool = True  # its last line is the sum of those above


@dataclass(frozen=True)
class Row:
    """A line of a table: a value for each column."""

    values: tuple[Value, ...]
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """A table under its title."""

    label: str  # Biểu số 1
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def groups(self) -> list[tuple[str, int, int]]:
        """(what stands above, first column, how many): neighbours under one word together."""
        found, at = [], 0
        for word, columns in groupby(self.columns, key=lambda column: column.group or None):
            count = len(list(columns))
            found += [(word, at, count)] if word else [("", n, 1) for n in range(at, at + count)]
            at += count
        return found

    @property
    def is_wide(self) -> bool:
        """Whether a page must lie on its side."""
        return sum(column.width for column in self.columns) > 165

    def numbers(self) -> list[str]:
        """The line of numbers under the heads, which says what a share divides.

        >>> Table("", "", (Column("a", 1), Column("b", 1), Column("c", 1, of=(1, 0))), ()).numbers()
        ['(1)', '(2)', '(3)=(2):(1)']
        """
        return [f"({n})" + (f"=({c.of[0] + 1}):({c.of[1] + 1})" if c.of else "") for n, c in enumerate(self.columns, start=1)]

    def sums(self, c: int) -> bool:
        """Whether the last line of a column is what those above it come to: then a program may reckon it."""
        *above, last = [row.values[c] for row in self.rows]
        column = self.columns[c]
        if not (column.adds and column.shown_as == "count" and above and self.rows[-1].is_total):
            return False
        return all(isinstance(value, int) for value in above) and sum(v for v in above if isinstance(v, int)) == last


@dataclass(frozen=True)
class Instruction:
    """How a document must look: a row of instructions.yml."""

    code: str
    side: str
    document: str
    valid_from: dt.date
    valid_to: dt.date | None
    motto: tuple[str, ...]
    star: str
    number: str
    end: str
    font: str
    size: float
    line: float  # points from line to line
    first_line: float  # millimetres
    margins: tuple[float, float, float, float]  # top, right, bottom, left


@dataclass(frozen=True)
class Letterhead:
    """What stands at the top."""

    above: str  # whom the issuer stands under
    issuer: str
    number: str
    place_and_day: str


@dataclass(frozen=True)
class Signature:
    """What stands at the end."""

    authority: tuple[str, ...]  # T/M BAN THƯỜNG VỤ
    post: str
    name: str
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A whole report."""

    stem: str  # of its files
    title: str
    about: str
    source: str  # of which version, and as of when
    letterhead: Letterhead
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]
    signature: Signature
    instruction: Instruction
    day: dt.date
    is_public: bool

    @property
    def last_words(self) -> str:
        """What ends the text: of what its figures are, with the mark by which the instruction ends a text."""
        return self.source.removesuffix(".") + self.instruction.end


def exact(value: float, digits: int) -> str:
    """A share in hundredths, with as many digits as it takes that a part is not said to be all, or nothing.

    >>> exact(0.18431, 2), exact(0.9999, 1), exact(1.0, 2), exact(0.00001, 2)
    ('18,43%', '99,99%', '100,00%', '0,001%')
    """
    return percent(value, digits_of(value, digits))


def digits_of(value: float, digits: int) -> int:
    """How many digits that takes."""
    while value not in (0, 1) and digits < 9 and percent(value, digits) in (percent(0, digits), percent(1, digits)):
        digits += 1
    return digits


def shown(value: Value, column: Column) -> str:
    """A value as it stands on paper.

    >>> shown(0.18431, Column("", 1, shown_as="share")), shown(8715, Column("", 1)), shown(Mark(UNKNOWN), Column("", 1)), shown(27.5, Column("", 1, shown_as="number"))
    ('18,43%', '8.715', '…', '27,5')
    """
    if isinstance(value, Mark):
        return value.text
    if isinstance(value, str) or value is None:
        return value or ""
    if column.shown_as == "change":
        return f"{'+' if value > 0 else '-' if value < 0 else ''}{number(abs(value))}"
    if column.shown_as == "number":
        return number(value) if float(value).is_integer() else figure(value, "rate").rstrip("0")
    return exact(value, 2) if column.shown_as == "share" else number(value)
