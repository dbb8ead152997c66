"""A table's header: which column is which, what it leaves unsaid, and which rows below it are headers again. Aliases are data.

What does not belong here: where a header stands (header_search), how several rows are one (header_trees), rows below the header, and types.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.codes import fold
from pipeline.intake.header_rows import without_how
from pipeline.intake.layout import Flag, Form, Headers, Layout
from pipeline.intake.rows import Row
from pipeline.values import QUARTER, read_period

# Folded: what parts a column by time, below the header that says what it is.
TIME = re.compile(
    rf"(?:nam )?20[0-9]{{2}}|ca nam|(?:qu[yi]|q) ?(?:{QUARTER})(?: (?:nam )?20[0-9]{{2}})?|(?:lan|dot) [0-9]|0?[369] thang(?: (?:dau|cuoi)(?: nam)?)?|[369]t|thang [0-9]{{1,2}}"
)
IGNORED = {"stt", "tt", "so tt", "so thu tu"}  # row numbers: read, never kept
MARKED = 3  # so many levels side by side are a header of marks


@dataclass
class Header:
    """A header: its rows (from 0), and what each position means."""

    top: int
    bottom: int
    columns: dict[str, int]
    marks: dict[str, dict[int, str]] = field(default_factory=dict)  # column → position → label of the level marked there
    guessed: dict[int, str] = field(default_factory=dict)  # position → column, taken for its likeness
    beside: dict[str, int] = field(default_factory=dict)  # column → the position that holds the rest of it
    by_sex: dict[str, tuple[int, int]] = field(default_factory=dict)  # column → where it stands for men and for women
    by_day: dict[str, tuple[int, int, int]] = field(default_factory=dict)  # column → where its day, its month and its year stand
    by_time: dict[str, dict[int, str]] = field(default_factory=dict)  # column → position → the year, quarter or turn that it is of
    marked_of: dict[str, str] = field(default_factory=dict)  # column of marks → the year or quarter that its group says
    marked_at: dict[int, str] = field(default_factory=dict)  # position of a mark → the year or quarter that a group above it says, folded
    flags: dict[str, Flag] = field(default_factory=dict)  # column → what a mark below its header says
    spare: int = 0  # marks of levels that stand in a column of their own as well
    groups: dict[int, str] = field(default_factory=dict)  # position of a column that its leaf alone named → what stands above it
    foreign: dict[int, tuple[str, str]] = field(default_factory=dict)  # not read: position → what its leaf says → what else stands above it
    then: dict[str, tuple[int, ...]] = field(default_factory=dict)  # column → where it stands when it is blank in its place, in this order
    levels: dict[int, tuple[int, str, bool]] = field(default_factory=dict)  # columns that may be the level (level_columns)
    follows: frozenset[str] = frozenset()  # columns that the places of others say
    unsure: int | None = None  # the first of levels to be marked of which nobody knows whether they are levels of work
    confirmed: Form | None = None  # the city said what each of its columns means

    def at(self, top: int, bottom: int) -> "Header":
        """The same header in other rows; what it says is shared, and not to be changed."""
        moved = object.__new__(Header)
        moved.__dict__.update(self.__dict__, top=top, bottom=bottom)
        return moved

    def copy(self) -> "Header":
        """The same header, to be told more of."""
        copied = self.at(self.top, self.bottom)
        copied.columns, copied.marks, copied.guessed, copied.foreign = dict(self.columns), dict(self.marks), {}, dict(self.foreign)
        copied.beside, copied.flags = dict(self.beside), dict(self.flags)
        return copied

    def texts(self, rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
        """What its rows say, from above: position and text."""
        for row in without_how(rows[self.top : self.bottom + 1]):
            for position, cell in enumerate(row):
                if cell:
                    yield position, cell

    def leaf_of(self, rows: Sequence[Row], position: int) -> int:
        """Its lowest row (from 0) that says something at a position."""
        own = without_how(rows[self.top : self.bottom + 1])
        return self.top + next(n for n in range(len(own) - 1, -1, -1) if position < len(own[n]) and own[n][position])

    @property
    def said(self) -> frozenset[str]:
        """The columns that it names."""
        return frozenset(self.columns.keys() | self.marks.keys() | self.by_time.keys())

    @property
    def positions(self) -> frozenset[int]:
        """Where it says something that is read."""
        several = (ps for of in (self.marks, self.by_sex, self.by_day, self.by_time, self.then) for ps in of.values())
        return frozenset([*self.columns.values(), *self.beside.values(), *(p for ps in several for p in ps)])

    @property
    def several(self) -> dict[str, tuple[int, ...]]:
        """Columns that are read from several places, and these in the order in which they are looked at."""
        first = self.columns
        own = {c: (first[c], *places) for c, places in self.then.items() if c in first}
        own |= {c: (*own.get(c, (first[c],)), last) for c, last in self.beside.items() if c in first}
        of_days = {c: tuple(sorted(parts)) for c, parts in self.by_day.items() if c in first}
        return own | {c: both for c, both in self.by_sex.items() if c in first} | of_days

    def knows(self, required: frozenset[str]) -> bool:
        """Whether it says all that a dataset requires, or that follows from what it says."""
        return required <= self.said | self.follows

    def take_period(self, period: str) -> None:
        """Of a column that stands once per year or quarter the one that is the folder's, where that is certain; marks of another are not of it."""
        for column, positions in list(self.marks.items()) if period else ():
            times = {p: time for p in positions if (time := self.marked_at.get(p))}
            if len({*times.values()}) > 1:  # levels to be marked once for each year
                mine = {p: label for p, label in positions.items() if p in times and is_of(times[p], period)}
                if mine:
                    self.marks[column] = mine
                    self.by_time = self.by_time | {column: self.by_time.get(column, {}) | {p: t for p, t in times.items() if p not in mine}}
                self.marked_of = {c: time for c, time in self.marked_of.items() if c != column} | ({} if mine else {column: SEVERAL_TIMES})
        others = {column for column, time in self.marked_of.items() if period and not is_of(time, period)}
        self.marks = {column: positions for column, positions in self.marks.items() if column not in others}
        for column, times in self.by_time.items():
            of = [position for position, time in times.items() if period and is_of(fold(time), period)]
            if len(of) == 1 and column not in self.columns and column not in self.marks:
                self.columns[column] = of[0]

    def __len__(self) -> int:
        """How many positions it explains."""
        return self.size(frozenset())

    def size(self, besides: frozenset[str]) -> int:
        """How many positions it explains without these columns."""
        columns = self.columns.keys() | {column for column, _ in self.foreign.values()} - self.marks.keys()
        return (
            len(columns - besides)
            + sum(len(places) for of in (self.marks, self.by_time) for column, places in of.items() if column not in besides)
            + 2 * len(self.by_sex.keys() - besides)
            + 2 * len(self.by_day.keys() - besides)
            + len(self.beside.keys() - besides)
            + self.spare
        )


SEVERAL_TIMES = "nhieu ky"  # no period is that


def is_of(time: str, period: str) -> bool:
    """
    >>> is_of("nam 2021", "2021"), is_of("ca nam", "2021"), is_of("quy ii", "2021-Q2"), is_of("nam 2020", "2021"), is_of("lan 1", "2021")
    (True, True, True, False, False)
    """
    return period in (read_period(time), read_period(f"{time} {period[:4]}"), time == "ca nam" and period[:4])


def match(row: Row, headers: Headers) -> dict[str, int]:
    """Column → position, the first one where a header stands twice."""
    return dict(headers.matched(tuple(row)))


def is_header(row: Row, layout: Layout) -> bool:
    """Could this row name columns? Two of its cells and half of them do, or are levels to be marked below."""
    cells = [fold(cell) for cell in row if cell]
    known = sum(cell in layout.known for cell in cells)
    levels = [level for cell in cells if (level := layout.levels.get(cell))]
    if known and len(set(levels)) >= MARKED and not any(cell[0].isdigit() for cell in cells if cell):
        known += len(levels)  # a person's own row may say three levels too
    return known >= 2 and known * 2 >= len(cells)


def repeats(row: Row, header: Header, headers: Headers, layout: Layout) -> bool:
    """Is it the header once more, as it is printed on the next page?"""
    marks = {p: level for positions in header.marks.values() for p, level in positions.items()}
    again = {p: level for p, cell in enumerate(row) if cell and (level := layout.levels.get(fold(cell)))}
    return match(row, headers) == header.columns and (not again or again == marks)


def names_again(row: Row, header: Header, headers: Headers) -> tuple[bool, int | None]:
    """Whether every cell of a row is a header's word, as in no row of values; and the first position that one of them calls otherwise."""
    other, at = None, {position: column for column, position in header.columns.items()}
    for position, cell in enumerate(row):
        if not cell:
            continue
        column = headers.of(cell)
        if column is None and fold(cell) not in IGNORED:
            return False, None
        if other is None and column and at.get(position, column) != column:
            other = position
    return True, other


def named_twice(rows: Sequence[Row], header: Header, headers: Headers) -> list[int]:
    """Positions of which two header rows say two columns, one of them nowhere else: the lower one was believed. A group has more than one leaf."""
    found, at = [], {position: column for column, position in header.columns.items()}
    for upper, lower in zip(rows[header.top : header.bottom], rows[header.top + 1 : header.bottom + 1], strict=True):
        for position, cell in enumerate(lower):
            above = upper[position] if cell and position < len(upper) else None
            column = headers.of(above) if above else None
            is_alone = position + 1 >= len(upper) or bool(upper[position + 1]) or position + 1 >= len(lower) or not lower[position + 1]
            if column and is_alone and headers.of(cell or "") == at.get(position) is not None and not header.knows(frozenset([column])):
                found.append(position)
    return found


def unknown(rows: Sequence[Row], header: Header, headers: Headers) -> dict[int, str]:
    """Positions whose text means no column, and is not said to mean none: position → text."""
    if header.confirmed:
        return {}
    taken = header.positions - {p for ps in header.by_time.values() for p in ps} | header.foreign.keys() | {*header.columns.values()}
    return {
        position: cell  # of several rows the lowest
        for position, cell in header.texts(rows)
        if position not in taken and fold(cell) not in IGNORED and headers.of(cell) != ""
    }


def groups_of(rows: Sequence[Row], header: Header) -> list[tuple[int, str]]:
    """What stands above columns that their own leaf named: row of its first leaf (from 0), and its text. Only what has leaves of its own."""
    found: dict[str, int] = {}
    read = {*header.columns.values(), *(p for ps in header.marks.values() for p in ps)}
    for position, text in sorted(header.groups.items()):
        if position not in read:
            continue
        depth = header.leaf_of(rows, position)
        above = max((p for p in range(min(position + 1, len(rows[depth - 1]))) if rows[depth - 1][p]), default=position)
        if above < len(rows[depth]) and rows[depth][above]:
            found.setdefault(text, depth)
    return [(depth, text) for text, depth in found.items()]


def ignored(rows: Sequence[Row], header: Header) -> frozenset[int]:
    """Positions of running numbers."""
    return frozenset(position for position, cell in header.texts(rows) if fold(cell) in IGNORED)
