"""Where a table's header stands and which column is which: one to three rows, aliases as data, nothing guessed silently.

What does not belong here: rows below the header, and types.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from pipeline.codes import fold
from pipeline.intake.rows import HEADER_ROWS, Row, plain
from pipeline.values import read_period

IGNORED = {"stt", "tt", "so tt", "so thu tu"}  # row numbers: read, never kept
CERTAIN = 0.92  # a header as like as this to one alias, and to no other column's, is taken for it and reported
NEAR = 0.6  # what is less like is not worth naming
WHO = {"danh sach", "dang vien", "danh sach dang vien", "ds dang vien", "ho so"}  # beside another dataset's name they only say whose
MEN, WOMEN = "nam", "nữ"  # below a birth date: its column says the sex as well
REMEMBERED = 10_000  # texts, of a dataset
MARKED = 3  # so many levels side by side are a header of marks
# Folded: what parts a column by time, below the header that says what it is.
TIME = re.compile(
    r"(?:nam )?20[0-9]{2}|ca nam|(?:qu[yi]|q) ?(?:iv|i{1,3}|[1-4])(?: (?:nam )?20[0-9]{2})?|(?:lan|dot) [0-9]|0?[369] thang(?: (?:dau|cuoi)(?: nam)?)?|[369]t|thang [0-9]{1,2}"
)
# Headers that mean a column only by what stands above them, and what may stand above them without changing that.
BARE = {
    "tu",
    "den",
    "tu ngay",
    "den ngay",
    "so",
    "ngay",
    "so quyet dinh",
    "ngay quyet dinh",
    "so qd",
    "ngay qd",
    "diem",
    "tong diem",
    "diem so",
    "xep loai",
    "muc xep loai",
    "ket qua",
    "muc",
    "ly do",
}
_SAYS_NOTHING = (
    "thong tin|noi dung|chi tiet|chung|rieng|co ban|theo|trong|nam|quy|ho so|ly lich|so yeu|phan|thu nhat|thu hai|thu ba|thoi gian|ket qua|danh gia|xep loai|"
    "phan loai|chat luong|muc do|muc|tong|diem|hoan thanh|nhiem vu|cua|va|dang vien|ca nhan|tap the|can bo|cong chuc|vien chuc|dang uy|cap uy|cap|tham quyen|"
    "co tham quyen|quyet dinh|qd|cong tac|sinh hoat|tai chi bo|tai don vi|tai|don vi|dang|khoa hoc|khoa|lop|o|vao|tu|den|20[0-9]{2}|[0-9]|"
    "nguoi duoc|nguoi bi|nguoi hoc|nguoi lao dong|nguoi vi pham|hoc vien|nhan vien|nhan than|ban than|doi tuong|duoc|bi|"
    "hien nay|hien tai|nam nay|ca nam|cap tren|dinh danh|giay to tuy than|trong do|chia ra|bao gom|so luong|tong so"
)
# the longest that fits is taken and never given back: a text made for it cannot make it slow
_NEUTRAL = rf"(?:{'|'.join(sorted(_SAYS_NOTHING.split('|'), key=len, reverse=True))})(?: |\Z)"
SOMEBODY = {"tự", "tu", "bố", "má"}  # as written: who judges himself, and parents, whom only a mark tells from words that add nothing


class Headers(dict[str, str]):
    """Headers by their folded text, asked with the text as it stands: letters decide where a word without its marks is another one."""

    def __init__(self, headers: dict[str, str], unlike: frozenset[str]):
        super().__init__(headers)
        self.unlike = unlike  # words that are no header, although one is written with the same letters but for their marks
        self._asked: dict[str, str | None] = {}  # a header and a title stand in many sheets, and are asked for several times in each
        self._matched: dict[tuple[str | None, ...], dict[str, int]] = {}

    def of(self, text: str) -> str | None:
        if text in self._asked:
            return self._asked[text]
        column = self.get(fold(text))
        column = None if column is None or plain(text) in self.unlike else column
        if len(self._asked) < REMEMBERED:
            self._asked[text] = column
        return column

    def matched(self, row: tuple[str | None, ...]) -> dict[str, int]:
        """Column → position, the first one where a header stands twice; not to be changed."""
        if row in self._matched:
            return self._matched[row]
        found: dict[str, int] = {}
        for position, cell in enumerate(row):
            if cell and (column := self.of(cell)):
                found.setdefault(column, position)
        if found and len(self._matched) < REMEMBERED:
            self._matched[row] = found
        return found


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
    # dataset → column that can be added up → how its cells are read
    numbers: dict[str, dict[str, Callable[[str], float | None]]] = field(default_factory=dict)
    needed: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → those of them without which a table is refused
    ours: frozenset[str] = frozenset()  # sheets that a template brings along: nothing of the unit's
    people: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns that hold a person's name
    words: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)  # dataset → code column → its words, folded
    own: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)  # sender → dataset → its own header → column, "" for none

    @cached_property
    def known(self) -> frozenset[str]:
        """Every dataset's headers."""
        return frozenset().union(*self.headers.values())

    @cached_property
    def whose(self) -> frozenset[str]:
        """Headers of the columns that say who it is."""
        return frozenset(h for name, own in self.headers.items() for h, column in own.items() if column in self.person.get(name, ()))

    @cached_property
    def levels(self) -> dict[str, str]:
        """A level's spelling → its label."""
        return {
            spelling: label for of in [*self.marks.values()][::-1] for labels in [*of.values()][::-1] for spelling, label in labels.items()
        }

    @cached_property
    def codes(self) -> dict[str, frozenset[str]]:
        """Dataset → the words of all its code lists."""
        return {name: frozenset().union(*words.values()) for name, words in self.words.items()}

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
    by_time: dict[str, dict[int, str]] = field(default_factory=dict)  # column → position → the year, quarter or turn that it is of
    spare: int = 0  # marks of levels that stand in a column of their own as well
    groups: dict[int, str] = field(default_factory=dict)  # position of a column that its leaf alone named → what stands above it
    foreign: dict[int, tuple[str, str]] = field(default_factory=dict)  # not read: position → what its leaf says → what else stands above it

    def copy(self) -> "Header":
        """The same header, to be told more of."""
        return replace(self, columns=dict(self.columns), marks=dict(self.marks), guessed={}, beside={})

    def knows(self, required: frozenset[str]) -> bool:
        return required <= self.columns.keys() | self.marks.keys() | self.by_time.keys()

    def take_period(self, period: str) -> None:
        """Of a column that stands once per year or quarter the one that is the folder's, where that is certain."""
        for column, times in self.by_time.items():
            of = [position for position, time in times.items() if period and _is_of(fold(time), period)]
            if len(of) == 1 and column not in self.columns and column not in self.marks:
                self.columns[column] = of[0]

    def __len__(self) -> int:
        """How many positions it explains."""
        columns = self.columns.keys() | {column for column, _ in self.foreign.values()} - self.marks.keys()
        return len(columns) + sum(map(len, [*self.marks.values(), *self.by_time.values()])) + 2 * len(self.by_sex) + self.spare


def _is_of(time: str, period: str) -> bool:
    """
    >>> _is_of("nam 2021", "2021"), _is_of("ca nam", "2021"), _is_of("quy ii", "2021-Q2"), _is_of("nam 2020", "2021"), _is_of("lan 1", "2021")
    (True, True, True, False, False)
    """
    return period in (read_period(time), read_period(f"{time} {period[:4]}"), time == "ca nam" and period[:4])


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


class Search:
    """Headers among a sheet's rows, each looked for once: a sheet's own is asked for when it is told what it is, and when it is read."""

    def __init__(self, rows: Sequence[Row], layout: Layout, sender: str):
        self.rows, self.layout, self.sender = rows, layout, sender
        self._found: dict[tuple[str, int, int], Header] = {}

    def header(self, dataset: str, start: int = 0, end: int | None = None) -> Header:
        """The header of a dataset among the rows from `start` to `end`; not to be changed."""
        end = len(self.rows) if end is None else min(end, len(self.rows))
        found = self._found.get((dataset, start, end))
        if found is None:
            rows = self.rows if end == len(self.rows) else self.rows[:end]
            found = self._found[dataset, start, end] = find_header(rows, start, dataset, self.layout, self.sender)
        return found

    def forget(self) -> None:
        """The rows were changed."""
        self._found.clear()

    def dataset(self, start: int = 0, end: int | None = None) -> str | None:
        """The dataset all of whose required headers stand in the first header; of several, the one with most; of equals, none."""
        fitting = {}
        for dataset, required in self.layout.required.items():
            header = self.header(dataset, start, end)
            if len(header) > 1 and header.knows(required):
                fitting[dataset] = (-header.top, len(header))
        best = [d for d, rank in fitting.items() if rank == max(fitting.values())]
        return best[0] if len(best) == 1 else None

    def dataset_below(self, number: int, dataset: str) -> str | None:
        """The dataset of the header that begins at a row: the one that explains most of it, of equals the sheet's own."""
        own, other = self.header(dataset, number, number + 3), self.dataset(number, number + 3)
        if own.knows(self.layout.required[dataset]) and (other is None or len(own) >= len(self.header(other, number, number + 3))):
            return dataset
        return other


def match(row: Row, headers: Headers) -> dict[str, int]:
    """Column → position, the first one where a header stands twice."""
    return dict(headers.matched(tuple(row)))


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
            candidates.append(_joined(rows, top, bottom, headers, dataset, layout))
    # what no row of leaves is cut from, then what explains most, then the fewest rows, then the first
    return min(candidates, key=lambda h: (_has_leaves(rows, h.bottom), -len(h), h.bottom - h.top, h.top))


def _goes_on(rows: Sequence[Row], best: Header, headers: Headers, marks: dict[str, dict[str, str]]) -> bool:
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
    if len(words) < 2 or any(re.search("[0-9]", cell) and not TIME.fullmatch(fold(cell)) for _, cell in words):
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


def _joined(rows: Sequence[Row], top: int, bottom: int, headers: Headers, dataset: str, layout: Layout) -> Header:
    """The header of rows top..bottom: of each position the lowest text with the groups above it, else alone."""
    marks, names = layout.marks.get(dataset, {}), [name for name, of in layout.names.items() if of == dataset]
    one_only = layout.needed.get(dataset, frozenset()) | layout.person.get(dataset, frozenset())
    decided = next(iter(marks), "")
    width = max(len(rows[n]) for n in range(top, bottom + 1))
    own = [[rows[n][p] if p < len(rows[n]) else None for p in range(width)] for n in range(top, bottom + 1)]
    spread = [_across(row, width) for row in own]
    made = Header(top, bottom, {})
    levels: dict[str, dict[int, str]] = {}
    strange: dict[str, dict[int, str]] = {}
    for position in range(width):
        depth = max((i for i, row in enumerate(own) if row[position]), default=None)
        if depth is None or not (lowest := own[depth][position]):
            continue
        above = [g for row in spread[:depth] if (g := row[position])]
        readings = [" ".join([*above[i:], lowest]) for i in range(len(above) + 1)]  # “Miễn sinh hoạt từ ngày” before “Từ ngày”
        level = next((labels[fold(lowest)] for labels in marks.values() if fold(lowest) in labels), None)
        group = next((column for text in reversed(above) if (column := headers.of(text))), None)
        if level:
            of = group if group in marks else next((headers[f] for f in map(fold, reversed(above)) if headers.get(f) in marks), decided)
            if above and of != group:
                if not _is_known(own, depth, position, headers, names):
                    strange.setdefault(" ".join(above), {})[position] = of
                    continue
                made.groups[position] = " ".join(above)
            levels.setdefault(of, {})[position] = level
        elif found := next(((c, n) for n, r in enumerate(readings) if (c := headers.of(r))), None):
            column, cut = found
            text = " ".join(above) if cut == len(above) and group != column else ""
            if text and group in marks and column == decided:
                column = group  # “Tự đánh giá” over “Điểm” and “Xếp loại”: the level is that group's, and nothing else of it is known
                made.columns.setdefault(column, position)
            elif (
                text
                and not (group and group == decided)
                and (group in marks or not _is_known(own, depth, position, headers, names, column))
            ):
                made.foreign[position] = (column, text)
            elif (first := made.columns.setdefault(column, position)) == position:
                made.groups |= {position: text} if text else {}
            elif text and column in one_only and made.groups.get(first, text) != text:
                made.foreign |= {first: (column, made.groups[first]), position: (column, text)}  # whose of the two?
        elif group and TIME.fullmatch(fold(lowest)):
            made.by_time.setdefault(group, {})[position] = lowest
        elif (
            group
            and group not in made.columns
            and plain(lowest) == MEN
            and [plain(t or "") for t in own[depth][position + 1 : position + 2]] == [WOMEN]
        ):
            made.columns[group], made.by_sex[group] = position, (position, position + 1)
    made.columns = {column: position for column, position in made.columns.items() if position not in made.foreign}
    made.marks = {c: positions for c, positions in levels.items() if len(positions) >= MARKED and c not in made.columns}
    marked = {text: positions for text, positions in strange.items() if len(positions) >= MARKED}
    made.foreign |= {position: (column, text) for text, positions in marked.items() for position, column in positions.items()}
    made.spare = sum(len(positions) for c, positions in levels.items() if len(positions) >= MARKED and c in made.columns)
    of_marks = {column for positions in marked.values() for column in positions.values()}
    made.spare += sum(map(len, marked.values())) - len(of_marks - made.columns.keys() - made.marks.keys())  # which are counted as columns
    return made


def _is_known(own: Sequence[Row], depth: int, position: int, headers: Headers, names: list[str], column: str = "") -> bool:
    """Is every group above a leaf known? A text that nothing stands below is a column of its own, and no group of those beside it; nor is a header
    of ours with one word below it: that one may be believed (`named_twice`)."""
    said = frozenset(word for header, of in headers.items() if of == column for word in header.split())
    leaf = own[depth][position] or ""
    for number, row in enumerate(own[:depth], start=1):
        at = max((p for p in range(position + 1) if row[p]), default=None)
        if at is None or not (above := row[at]) or not any(lower[at] for lower in own[number:]):
            continue
        end = next((p for p in range(at + 1, len(row)) if row[p]), len(row))
        is_column = headers.of(above) and sum(map(bool, own[depth][at:end])) == 1
        if not is_column and not is_known_group(above, leaf, names, said):
            return False
    return True


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
    taken = {*header.columns.values(), *header.foreign, *(p for of in (header.marks, header.by_sex) for ps in of.values() for p in ps)}
    return {
        position: cell  # of several rows the lowest
        for number in range(header.top, header.bottom + 1)
        for position, cell in enumerate(rows[number])
        if cell and position not in taken and fold(cell) not in IGNORED and headers.of(cell) != ""
    }


def groups_of(rows: Sequence[Row], header: Header) -> list[tuple[int, str]]:
    """What stands above columns that their own leaf named: row of its first leaf (from 0), and its text. Only what has leaves of its own."""
    found: dict[str, int] = {}
    read = {*header.columns.values(), *(p for ps in header.marks.values() for p in ps)}
    for position, text in sorted(header.groups.items()):
        if position not in read:
            continue
        depth = next(n for n in range(header.bottom, header.top - 1, -1) if position < len(rows[n]) and rows[n][position])
        above = max((p for p in range(min(position + 1, len(rows[depth - 1]))) if rows[depth - 1][p]), default=position)
        if above < len(rows[depth]) and rows[depth][above]:
            found.setdefault(text, depth)
    return [(depth, text) for text, depth in found.items()]


def is_known_group(text: str, leaf: str, names: list[str], said: frozenset[str] = frozenset()) -> bool:
    """Does a column mean below this text what it means by itself? So it does where the text adds nothing: the names of its dataset add nothing, nor
    do the words of its own headers (`said`) where the leaf says by itself what it is. A level has none.

    >>> is_known_group("Thông tin chung", "Từ ngày", []), is_known_group("Thời gian giữ chức vụ", "Từ ngày", [])
    (True, False)
    >>> is_known_group("Thời gian luân chuyển", "Từ ngày", ["luan chuyen"]), is_known_group("Vợ (chồng)", "Ngày sinh", [], frozenset(["sinh"]))
    (True, False)
    >>> is_known_group("Kết nạp", "Ngày vào Đảng", [], frozenset(["ngay", "ket", "nap"])), is_known_group("Tự phân loại", "Mức xếp loại", [])
    (True, False)
    """
    added = f" {fold(text)} "
    for name in sorted(names, key=len, reverse=True):
        added = added.replace(f" {name} ", " ")
    own = "|".join(map(re.escape, sorted(said))) if fold(leaf) not in BARE else ""
    neutral = rf"(?>(?>{_NEUTRAL}|(?:{own})(?: |\Z))*)" if own else rf"(?>(?>{_NEUTRAL})*)"
    return SOMEBODY.isdisjoint(plain(text).split()) and bool(re.fullmatch(neutral, added.strip()))


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
        scores[column] = max(scores.get(column, 0), _likeness(folded, header))
    column = max(scores, key=scores.__getitem__)
    return (column, scores[column]) if scores[column] >= NEAR else None


@lru_cache(maxsize=100_000)  # the same unknown headers stand in many files
def _likeness(text: str, header: str) -> float:
    """How like a text is to a header; 0 where their lengths alone keep it from being near."""
    if 2 * min(len(text), len(header)) < NEAR * (len(text) + len(header)):
        return 0
    return SequenceMatcher(None, text, header, autojunk=False).ratio()


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
