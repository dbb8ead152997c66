"""Where a table's header stands and which column is which: one to three rows, aliases as data, nothing guessed silently.

What does not belong here: rows below the header, and types.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from pipeline.codes import fold
from pipeline.intake.rows import HEADER_ROWS, Row, plain

IGNORED = {"stt", "tt", "so tt", "so thu tu"}  # row numbers: read, never kept
CERTAIN = 0.92  # a header as like as this to one alias, and to no other column's, is taken for it and reported
NEAR = 0.6  # what is less like is not worth naming
WHO = {"danh sach", "dang vien", "danh sach dang vien", "ds dang vien", "ho so"}  # beside another dataset's name they only say whose
MEN, WOMEN = "nam", "nữ"  # below a birth date: its column says the sex as well
MARKED = 3  # so many levels side by side are a header of marks


class Headers(dict[str, str]):
    """Headers by their folded text, asked with the text as it stands: letters decide where a word without its marks is another one."""

    def __init__(self, headers: dict[str, str], unlike: frozenset[str]):
        super().__init__(headers)
        self.unlike = unlike  # words that are no header, although one is written with the same letters but for their marks

    def of(self, text: str) -> str | None:
        return None if plain(text) in self.unlike else self.get(fold(text))


@dataclass(frozen=True)
class Layout:
    """What the reader must know of the datasets, from the schemas; headers and names are folded."""

    names: dict[str, str]  # file or sheet name → dataset
    headers: dict[str, Headers]  # dataset → header → column
    required: dict[str, frozenset[str]]  # dataset → columns whose headers together say that a table is one
    # dataset → column → a level's spelling → its label; marks below no group's name are the first column's
    marks: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    anchors: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns that only a detail row fills
    person: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns that say who it is
    ditto: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns where “nt” means: as above
    dates: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns that hold days
    numbers: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns that can be added up
    needed: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → those of them without which a table is refused
    ours: frozenset[str] = frozenset()  # sheets that a template brings along: nothing of the unit's
    people: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns that hold a person's name
    words: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)  # dataset → code column → its words, folded
    own: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)  # sender → dataset → its own header → column, "" for none

    def named(self, name: str) -> str | None:
        """The dataset that a file's or a sheet's name is."""
        return self.names.get(fold(name))

    def mentioned(self, name: str) -> str | None:
        """The dataset that a name speaks of among other words: "DS Xếp loại Q1"; none where it speaks of two."""
        text = f" {fold(name)} "
        said = {word for word in self.names if f" {word} " in text}
        found = {self.names[word] for word in said - WHO or said}
        return found.pop() if len(found) == 1 else None

    def headers_of(self, dataset: str, sender: str) -> Headers:
        """Headers as this sender writes them: what the city confirmed goes before what everybody means."""
        own = self.own.get(sender, {}).get(dataset)
        headers = self.headers[dataset]
        return Headers(headers | own, headers.unlike - own.keys()) if own else headers


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

    def knows(self, required: frozenset[str]) -> bool:
        return required <= self.columns.keys() | self.marks.keys()

    def __len__(self) -> int:
        """How many positions it explains."""
        return len(self.columns) + sum(map(len, self.marks.values())) + 2 * len(self.by_sex)


def find_header(rows: Sequence[Row], start: int, dataset: str, layout: Layout, sender: str = "") -> Header:
    """The first row that names every required column, with the rows that belong to it; else the best that there is."""
    headers, required = layout.headers_of(dataset, sender), layout.required[dataset]
    best = Header(start, start, {})
    for number in range(start, min(start + HEADER_ROWS, len(rows))):
        found = match(rows[number], headers)
        if len(found) > len(best.columns):
            best = Header(number, number, found)
        if len(found) > 1 and required <= found.keys():
            break
    return _with_neighbours(rows, best, start, dataset, layout, headers)


def match(row: Row, headers: Headers) -> dict[str, int]:
    """Column → position, the first one where a header stands twice."""
    found: dict[str, int] = {}
    for position, cell in enumerate(row):
        if cell and (column := headers.of(cell)):
            found.setdefault(column, position)
    return found


def _with_neighbours(rows: Sequence[Row], best: Header, start: int, dataset: str, layout: Layout, headers: Headers) -> Header:
    """A header may take two or three rows: groups above their columns. The span that says most is the header."""
    marks = layout.marks.get(dataset, {})
    if (
        best.knows(layout.required[dataset])
        and not _goes_on(rows, best, headers, marks)
        and not _has_leaves(rows, best.bottom)
        and not _began_above(rows, best, start, headers)
    ):
        return best
    candidates = [best]
    for top in range(max(start, best.top - 2), min(best.top + 3, len(rows))):
        for bottom in range(top, min(top + 3, len(rows))):
            if not any(rows[bottom]) or not any(rows[top]):
                continue
            made = _joined(rows, top, bottom, headers, marks)
            candidates.append(made)
    # what no row of leaves is cut from, then what explains most, then the fewest rows, then the first
    return min(candidates, key=lambda h: (_has_leaves(rows, h.bottom), -len(h), h.bottom - h.top, h.top))


def _goes_on(rows: Sequence[Row], best: Header, headers: Headers, marks: dict) -> bool:
    """Do the rows below still name columns? Then every cell of one of the next two does, and nothing stands between."""
    spellings = {s for labels in marks.values() for s in labels}
    named = set(best.columns.values())
    for below in rows[best.bottom + 1 : best.bottom + 3]:
        words = [(p, cell) for p, cell in enumerate(below) if cell]
        above = _across(rows[best.bottom], len(below))
        if words and all(headers.of(c) or fold(c) in spellings or fold(f"{above[p] or ''} {c}") in headers for p, c in words):
            return True
        if not words or any(p in named for p, _ in words):
            return False
    return False


def _has_leaves(rows: Sequence[Row], number: int) -> bool:
    """Does the next row hold nothing but words below groups of this one? A leaf that nobody knows stops none of the others."""
    below = rows[number + 1] if number + 1 < len(rows) else ()
    words = [(p, cell) for p, cell in enumerate(below) if cell]
    if len(words) < 2 or any(re.search("[0-9]", cell) for _, cell in words):
        return False
    return {p for p, _ in words} <= _grouped(rows[number], below)


def _grouped(row: Row, below: Row) -> set[int]:
    """Positions below a text that reaches over two or more of them: what stands there is no row of values."""
    groups: dict[int, set[int]] = {}
    last = None
    for position, cell in enumerate(below):
        if position < len(row) and row[position]:
            last = position
        if cell and last is not None:
            groups.setdefault(last, set()).add(position)
    return {p for first, positions in groups.items() if len(positions) > 1 and first in positions for p in positions}


def _began_above(rows: Sequence[Row], best: Header, start: int, headers: Headers) -> bool:
    """Does one of the two rows above name a column where the header says nothing? Then that cell reaches down into it."""
    own = rows[best.top]
    return any(
        cell and not (position < len(own) and own[position]) and headers.of(cell)
        for above in rows[max(start, best.top - 2) : best.top]
        for position, cell in enumerate(above)
    )


def _across(row: Row, width: int) -> list[str | None]:
    """A merged cell's text stands in its first cell only: spread it to the right."""
    spread, last = [], None
    for position in range(max(width, len(row))):
        last = (row[position] if position < len(row) else None) or last
        spread.append(last)
    return spread


def _joined(rows: Sequence[Row], top: int, bottom: int, headers: Headers, marks: dict) -> Header:
    """The header of rows top..bottom: of each position the lowest text with the groups above it, else alone."""
    width = max(len(rows[n]) for n in range(top, bottom + 1))
    own = [[rows[n][p] if p < len(rows[n]) else None for p in range(width)] for n in range(top, bottom + 1)]
    spread = [_across(row, width) for row in own]
    made, levels = Header(top, bottom, {}), {}
    for position in range(width):
        depth = max((i for i, row in enumerate(own) if row[position]), default=None)
        if depth is None:
            continue
        lowest = own[depth][position]
        above = [g for row in spread[:depth] if (g := row[position])]
        readings = [" ".join([*above[i:], lowest]) for i in range(len(above) + 1)]  # “Miễn sinh hoạt từ ngày” before “Từ ngày”
        level = next((labels[fold(lowest)] for labels in marks.values() if fold(lowest) in labels), None)
        if level:
            group = next((headers[f] for f in map(fold, reversed(above)) if headers.get(f) in marks), next(iter(marks)))
            levels.setdefault(group, {})[position] = level
        elif column := next((c for r in readings if (c := headers.of(r))), None):
            made.columns.setdefault(column, position)
        elif above and plain(lowest) == MEN and position + 1 < width and plain(own[depth][position + 1] or "") == WOMEN:
            group = headers.of(above[-1])
            if group and group not in made.columns:
                made.columns[group], made.by_sex[group] = position, (position, position + 1)
    made.marks = {c: positions for c, positions in levels.items() if len(positions) >= MARKED and c not in made.columns}
    return made


def unknown(rows: Sequence[Row], header: Header, headers: Headers) -> dict[int, str]:
    """Positions whose text means no column, and is not said to mean none: position → text."""
    taken = {*header.columns.values(), *(p for ps in header.marks.values() for p in ps), *(p for ps in header.by_sex.values() for p in ps)}
    return {
        position: cell  # of several rows the lowest
        for number in range(header.top, header.bottom + 1)
        for position, cell in enumerate(rows[number])
        if cell and position not in taken and fold(cell) not in IGNORED and headers.of(cell) != ""
    }


def ignored(rows: Sequence[Row], header: Header) -> frozenset[int]:
    """Positions of running numbers."""
    return frozenset(p for n in range(header.top, header.bottom + 1) for p, cell in enumerate(rows[n]) if cell and fold(cell) in IGNORED)


def without_brackets(text: str) -> str:
    """
    >>> without_brackets("Số CCCD (12 số)")
    'Số CCCD'
    """
    return re.sub(r"\s*\([^)]*\)\s*", " ", text).strip()


def nearest(text: str, headers: dict[str, str]) -> tuple[str, float] | None:
    """The column whose header is most like a text, and how like: 1 is equal. None where nothing is near.

    >>> nearest("Họ va tênn", {"ho va ten": "full_name", "ghi chu": "note"})
    ('full_name', 0.947...)
    """
    folded = fold(without_brackets(text))
    if not folded:
        return None
    if folded in headers:
        return headers[folded], 1.0
    scores: dict[str, float] = {}
    for header, column in headers.items():
        score = SequenceMatcher(None, folded, header, autojunk=False).ratio()
        scores[column] = max(scores.get(column, 0), score)
    column = max(scores, key=scores.__getitem__)
    return (column, scores[column]) if scores[column] >= NEAR else None


def take_likely(rows: Sequence[Row], header: Header, headers: Headers) -> dict[int, str]:
    """Take unknown headers that are almost an alias for the column that they mean; returns the texts still unknown."""
    left = {}
    for position, text in unknown(rows, header, headers).items():
        found = None if plain(text) in headers.unlike else nearest(text, headers)
        if found and found[1] >= CERTAIN and found[0] and found[0] not in header.columns and found[0] not in header.marks:
            header.columns[found[0]] = position
            header.guessed[position] = found[0]
        else:
            left[position] = text
    return left
