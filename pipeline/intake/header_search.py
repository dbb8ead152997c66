"""Where a table's header stands: one to five rows, the first that say what the dataset needs, else those that say most.

What does not belong here: what several rows say together (header_trees), and rows below the header.
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.codes import fold, written
from pipeline.intake.cells import Merge
from pipeline.intake.forms import confirmed, header_of, holds_values, unknown_header
from pipeline.intake.header_others import leave_others
from pipeline.intake.header_rows import across
from pipeline.intake.header_trees import KIN, TIME, joined
from pipeline.intake.headers import IGNORED, MARKED, Header, is_header, match, unknown
from pipeline.intake.layout import Form, Headers, Layout
from pipeline.intake.rows import DIGIT, HEADER_ROWS, Row, plain, says_how
from pipeline.titles import called
from pipeline.values import IDENTITY_DIGITS, MARKS, mark_of

NONE: Mapping[int, bool] = {}
NO_HEADERS = Headers({}, frozenset())
DEEPEST = 5  # rows that a header may have
BLANKS = 1  # blank ones between them
OWN = {"personnel": 2}  # columns of one dataset alone that tell a list of it, though others are missing; of the other datasets one


def find_header(
    rows: Sequence[Row],
    start: int,
    dataset: str,
    layout: Layout,
    sender: str = "",
    spoken: dict[int, list[int]] | None = None,
    groups: Mapping[int, bool] = NONE,
) -> Header:
    """The first row that names every required column, with the rows that belong to it; else the best that there is. `spoken` remembers which cells of
    rows could name a column of any dataset; `groups`: rows in which a merged cell stands over several columns (_groups_among)."""
    spoken = {} if spoken is None else spoken
    headers, required = layout.headers_of(dataset, sender), layout.required[dataset]
    best = Header(start, start, {})
    is_everybodys = headers is layout.headers[dataset]
    for number in range(start, min(start + HEADER_ROWS, len(rows))):
        if is_everybodys:  # most cells are of people, and are asked once and not of every dataset
            if (places := spoken.get(number)) is None:
                places = spoken[number] = layout.may_name(rows[number])
            if not places:
                continue
            found = headers.named_at(rows[number], places)
        else:
            found = match(rows[number], headers)
        if len(found) > len(best.columns):
            best = Header(number, number, found)
        if len(found) > 1 and required <= found.keys():
            break
    return _completed(_with_neighbours(rows, best, start, dataset, layout, headers, groups), rows, dataset, layout, headers)


def _completed(header: Header, rows: Sequence[Row], dataset: str, layout: Layout, headers: Headers) -> Header:
    """What single texts of a header say beside the column that they name: that its cells are marks, or hold a part of it."""
    lowest = dict(header.texts(rows))
    for column, position in header.columns.items():
        flag = headers.flags.get(written(lowest.get(position, "")))
        if flag and flag.column == column:
            header.flags[column] = flag
    for column, (first, last) in layout.parts.get(dataset, {}).items():
        at = next((p for p, text in lowest.items() if fold(text) in first and fold(lowest.get(p + 1, "")) in last), None)
        if at is not None and header.columns.setdefault(column, at) == at:
            header.beside[column] = at + 1
        if column not in header.columns and (at := _of_names(header, lowest, last, rows)) is not None:
            header.columns[column] = at
            header.guessed[at] = column
    _take_lists(header, rows, dataset, layout, headers)
    leave_others(header, lowest, dataset, layout, headers)
    return header


def _take_lists(header: Header, rows: Sequence[Row], dataset: str, layout: Layout, headers: Headers) -> None:
    """Codes of one list side by side, without a group that names it: “Đại học”, “Cao đẳng”, “Trung cấp” over marks and nothing else."""
    alone = {p: text for p, text in unknown(rows, header, headers).items() if header.leaf_of(rows, p) == header.top}
    below = rows[header.bottom + 1 : header.bottom + 1 + HEADER_ROWS]
    runs: list[list[int]] = []
    for position in sorted(alone):
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    for run in runs:
        if not MARKED <= len(run) <= HEADER_ROWS:
            continue
        cells = [cell for row in below for p in run if p < len(row) and (cell := row[p])]
        if not cells or any(mark_of(cell) not in MARKS for cell in cells):
            continue
        fitting = {}
        for column in layout.lists.get(dataset, {}).keys() - header.said - layout.marks.get(dataset, {}).keys():
            labels = {p: label for p in run if (label := layout.label_of(dataset, column, alone[p]))}
            if len(labels) == len(run) == len(set(labels.values())):
                fitting[column] = labels
        if len(fitting) == 1:  # of two lists nobody knows which is meant
            header.marks |= fitting


def _of_names(header: Header, lowest: dict[int, str], called: frozenset[str], rows: Sequence[Row]) -> int | None:
    """A column that is only called “Tên”, and holds whole names: most of its cells are two words or more, without a digit."""
    for position, text in lowest.items():
        if fold(text) in called and position not in header.columns.values():
            below = [row[position] or "" for row in rows[header.bottom + 1 : header.bottom + 1 + HEADER_ROWS] if position < len(row)]
            # printed again on the next page, it is no name; nor is the column's number, nor how it is written
            cells = [cell for cell in below if cell and cell != text and not COUNTED.fullmatch(cell) and not says_how(cell)]
            if cells and sum(len(cell.split()) in WHOLE_NAME and not DIGIT.search(cell) for cell in cells) * 4 >= len(cells) * 3:
                return position
    return None


WHOLE_NAME = range(2, 6)  # words
COUNTED = re.compile(r"\(?[0-9]{1,2}\)?")


class Search:
    """Headers among a sheet's rows, each looked for once: a sheet's own is asked for when it is told what it is, and when it is read."""

    def __init__(self, rows: Sequence[Row], layout: Layout, sender: str, merged: Sequence[Merge] = ()):
        self.rows, self.layout, self.sender = rows, layout, sender
        self._groups = _groups_among(rows, merged, layout)
        self._found: dict[tuple[str, int, int], Header] = {}
        self._spoken: dict[int, list[int]] = {}  # number of a row → its cells that could name a column
        self._confirmed: tuple[Form, int, int] | None = None  # a form of another dataset than its header looks like; its first and last row

    def header(self, dataset: str, start: int = 0, end: int | None = None) -> Header:
        """The header of a dataset among the rows from `start` to `end`; not to be changed."""
        end = len(self.rows) if end is None else min(end, len(self.rows))
        found = self._found.get((dataset, start, end))
        if found is None:
            rows = self.rows if end == len(self.rows) else self.rows[:end]
            found = find_header(rows, start, dataset, self.layout, self.sender, self._spoken, self._groups)
            if (form := confirmed(rows, found, self.layout)) and form.dataset == dataset:
                found = header_of(form, self.rows, found.top, found.bottom)
            elif (own := self._confirmed) and own[0].dataset == dataset and start <= own[1] and own[2] < end:
                found = header_of(own[0], self.rows, own[1], own[2])
            self._found[dataset, start, end] = found
        return found

    def size(self, dataset: str, start: int = 0, end: int | None = None) -> int:
        """How many positions a dataset's header explains, without what lists of any purpose say of their people."""
        return self.header(dataset, start, end).size(self.layout.besides.get(dataset, frozenset()))

    def form(self, dataset: str | None) -> Form | None:
        """The form whose header the sheet has, taken for a list of this dataset or for nobody's, where the city confirmed what it means."""
        header = (self.header(dataset) if dataset else self.any_header()) if self.layout.forms else None
        if header is None:
            return None
        form = header.confirmed or confirmed(self.rows, header, self.layout)
        if form and not header.confirmed:
            self._confirmed = form, header.top, header.bottom
            self._found.clear()
        return form

    def most_like(self) -> str | None:
        """The dataset whose columns a header nobody knows has most of."""
        dataset = max(self.layout.required, key=self.size)
        return dataset if self.size(dataset) >= MARKED else None

    def any_header(self) -> Header | None:
        """Where the header of a list that nobody knows most likely stands."""
        header = max((self.header(dataset) for dataset in self.layout.required), key=len)
        if len(header) >= MARKED:
            return header
        found = unknown_header(self.rows)
        while found is not None and _has_leaves(self.rows, found.bottom, self._groups) and found.bottom - found.top < MARKED:
            found.bottom += 1
        return None if found is None or holds_values(self.rows, found, self.layout.known) else found

    def forget(self) -> None:
        """The rows were changed."""
        self._found.clear()
        self._spoken.clear()

    def dataset(self, start: int = 0, end: int | None = None) -> str | None:
        """The dataset all of whose required headers stand in the first header; of several, the one with most; of equals, none."""
        fitting = {}
        for dataset, required in self.layout.required.items():
            header = self.header(dataset, start, end)
            if (size := self.size(dataset, start, end)) > 1 and header.knows(required):
                fitting[dataset] = (-header.top, size)
        best = [d for d, rank in fitting.items() if rank == max(fitting.values())]
        return best[0] if len(best) == 1 else None

    def likely(self, names: list[str], otherwise: str | None) -> str | None:
        """The dataset that titles above a header or the names of file and sheet call a list, where its columns bear that out.

        It says who its people are, something of it is that dataset's alone, and of five columns two or more are known. Voters, payrolls and families have such
        columns too: that something is a list calls it nothing. What its columns alone would make of it (`otherwise`) it is not even where it lacks
        what its own dataset needs: so it is refused for that.
        """
        dataset = called(names, self.titles())
        if dataset is None:
            return None
        header, needed = self.header(dataset), self.layout.needed.get(dataset, frozenset())
        left = unknown(self.rows, header, self.layout.headers_of(dataset, self.sender))
        size = self.size(dataset)
        is_own = self._own(dataset) >= OWN.get(dataset, 1) and (len(left) + len(header) - size) * 2 <= size * 3
        return (
            dataset if is_own and (otherwise or header.knows(needed)) and not header.said.isdisjoint(self.layout.person[dataset]) else None
        )

    def is_another(self, dataset: str, is_named: bool = False) -> bool:
        """Is a list that a name calls one of a dataset, and whose header does not say all that one should, another: by its title, or by more columns of its own?"""
        if self.header(dataset).knows(self.layout.required[dataset]):
            return False
        said, tells = called([], self.titles()), self.layout.tells.get(dataset, frozenset())
        if said != dataset and (not self._own(dataset) or self.header(dataset).said.isdisjoint(tells)):
            return True
        alone = {other: len(self._alone(other)) for other in self.layout.required}
        most = max(count for other, count in alone.items() if other != dataset)
        return said not in (None, dataset) or (most > alone[dataset] if is_named else 0 < most >= alone[dataset])

    def _own(self, dataset: str) -> int:
        """How many columns a header says that no other dataset has."""
        besides = self.layout.besides
        of_others = ({*headers.values()} - besides.get(o, frozenset()) for o, headers in self.layout.headers.items() if o != dataset)
        return len((self.header(dataset).said - besides.get(dataset, frozenset())).difference(*of_others))

    def _alone(self, dataset: str) -> frozenset[int]:
        """The positions that mean something to one dataset alone: not a first day, a sex or a post, which lists of every kind have."""
        return self.header(dataset).positions.difference(*(self.header(o).positions for o in self.layout.required if o != dataset))

    def titles(self) -> list[str]:
        """What stands above the header that says most of any dataset, row by row."""
        header = max((self.header(dataset) for dataset in self.layout.required), key=len)
        return [" ".join(cells) for row in self.rows[: header.top] if (cells := [cell for cell in row if cell])]

    def dataset_below(self, number: int, dataset: str) -> str | None:
        """The dataset of the header that begins at a row: the one that explains most of it, of equals the sheet's own."""
        own, other = self.header(dataset, number, number + 3), self.dataset(number, number + 3)
        is_most = other is None or self.size(dataset, number, number + 3) >= self.size(other, number, number + 3)
        if own.knows(self.layout.required[dataset]) and is_most:
            return dataset
        return other


def _groups_among(rows: Sequence[Row], merged: Sequence[Merge], layout: Layout) -> dict[int, bool]:
    """Rows in which a merged cell stands over two columns or more of the next row, and others beside it, for a title stands over all of them;
    and whether a column's title that is merged down stands beside one of them, as beside no letterhead, note or part of a page."""
    found: dict[int, bool] = {}
    down: set[int] = set()
    for top, left, bottom, right in merged:
        if left == right and top < len(rows) and left < len(rows[top]) and rows[top][left]:
            down.update(range(top, bottom))
    for top, left, bottom, right in merged:
        if right == left or bottom + 1 >= len(rows) or not (left < len(rows[top]) and rows[top][left]):
            continue
        next_row = bottom + 1
        if not any(rows[next_row]) and next_row + 1 < len(rows) and (bottom in down or layout.may_name(rows[top])):
            next_row += 1  # a blank one within the header; below a title it ends the titles
        below = [left <= p <= right for p, cell in enumerate(rows[next_row]) if cell]
        if sum(below) > 1 and (not all(below) or any(cell for p, cell in enumerate(rows[top]) if p != left)):
            found[bottom] = found.get(bottom, False) or bottom in down
    return found


def _with_neighbours(
    rows: Sequence[Row], best: Header, start: int, dataset: str, layout: Layout, headers: Headers, groups: Mapping[int, bool]
) -> Header:
    """A header may take up to five rows: groups above their columns. The span that says most is the header."""
    marks = layout.marks.get(dataset, {})
    if (
        best.knows(layout.required[dataset])
        and not _goes_on(rows, best, headers, marks)
        and not _has_leaves(rows, best.bottom, groups, headers, layout)
        and groups.keys().isdisjoint(range(max(start, best.top - DEEPEST + 1), best.bottom + 1))
        and not _is_below_kin(rows, best.top, start)
        and not _began_above(rows, best, start, headers)
    ):
        return best
    candidates = [(best, len(best))]
    deep = min(
        max(3, sum(best.top - DEEPEST < n < best.top + 3 for n in groups) + 1), DEEPEST
    )  # rows: a group stands above others, or above leaves
    leaves: dict[int, bool] = {}

    def has_leaves(number: int) -> bool:
        if number not in leaves:
            leaves[number] = _has_leaves(rows, number, groups, headers, layout)
        return leaves[number]

    first = max(start, best.top - deep + 1)
    for number in range(first - 1, max(start, best.top - DEEPEST - BLANKS + 1) - 1, -1):  # no title leads on to what stands below it
        if any(rows[number]) and not has_leaves(number):
            break
        first = number
    for top in range(first, min(best.top + 3, len(rows))):
        if not any(rows[top]):
            continue
        last = top
        for height, bottom in enumerate(n for n in range(top, min(top + DEEPEST + BLANKS, len(rows))) if any(rows[n])):
            if height == DEEPEST or (height >= deep and not has_leaves(last)) or (bottom > best.top and _is_of_values(rows[bottom])):
                break
            candidates.append(joined(rows, top, bottom, headers, dataset, layout))
            last = bottom

    def is_cut(h: Header) -> bool:
        """Does a row of its leaves stand below it, or a group above it: a merged one of its dataset or beside which columns are, or somebody else of whom some
        of its columns are?"""
        above = h.top - 1 if h.top and any(rows[h.top - 1]) else h.top - 1 - BLANKS
        is_below_group = start <= above in groups and (groups[above] or any(cell and headers.of(cell) for cell in rows[above]))
        return has_leaves(h.bottom) or is_below_group or _is_below_kin(rows, h.top, start)

    def names_numbers(h: Header) -> bool:
        return any(fold(cell) in IGNORED for row in rows[h.top : h.bottom + 1] for cell in row if cell)

    # what is not cut, then what explains most, then with the running numbers' name, then the fewest rows, then the first
    best, _ = min(candidates, key=lambda c: (is_cut(c[0]), -c[1], not names_numbers(c[0]), c[0].bottom - c[0].top, c[0].top))
    return best.copy()


def _is_of_values(row: Row) -> bool:
    """Does a row tell of somebody? A level may stand there as it does in a header; a number, a day or a running number does not."""
    cells = [cell.strip() for cell in row if cell]
    if any(VALUE.fullmatch(cell) for cell in cells):
        return True
    return cells[0].removesuffix(".0").lstrip("0") == "1" and not all(DIGIT.search(cell) for cell in cells)


VALUE = re.compile(rf"'?{IDENTITY_DIGITS}|[0-9]{{1,2}}[/.\-][0-9]{{1,2}}[/.\-][0-9]{{4}}", re.ASCII)


def _goes_on(rows: Sequence[Row], best: Header, headers: Headers, marks: dict[str, dict[str, str]]) -> bool:
    """Do the rows below still name columns? Then every cell of one of the next two does, and nothing stands between."""
    spellings = {s for labels in marks.values() for s in labels}
    named = set(best.columns.values())
    for below in [row for row in rows[best.bottom + 1 : best.bottom + 3 + BLANKS] if any(row)][:2]:
        words = [(p, cell) for p, cell in enumerate(below) if cell]
        above = across(rows[best.bottom], len(below))
        if words and all(headers.of(c) or fold(c) in spellings or fold(f"{above[p] or ''} {c}") in headers for p, c in words):
            return True
        if not words or any(p in named for p, _ in words):
            return False
    return False


def _has_leaves(
    rows: Sequence[Row], number: int, groups: Mapping[int, bool], headers: Headers = NO_HEADERS, layout: Layout | None = None
) -> bool:
    """Does the next row hold nothing but words below groups of this one? A leaf that nobody knows stops none of the others. Where its groups are
    merged, what stands beside them may begin below. Where most of its words are headers it names columns beside those that end above it."""
    below = next((row for row in rows[number + 1 : number + 2 + BLANKS] if any(row)), ())
    said = [(p, cell) for p, cell in enumerate(below) if cell]
    words = [(p, cell) for p, cell in said if not says_how(cell)]
    if any(DIGIT.search(cell) and not TIME.fullmatch(fold(cell)) for _, cell in words):
        return False
    if words and any(fold(cell) in IGNORED or (says_how(cell) and len(cell) > len("(x)")) for _, cell in said):
        return True  # no row of anybody
    if len(words) < 2:
        return False
    row = rows[number]
    beside = {p for p, _ in words if not (p < len(row) and row[p])} if number in groups else set()
    if {p for p, _ in words} <= _grouped(row, below) | beside:
        return True
    named = sum(headers.of(cell) is not None for _, cell in words)
    ends = any(cell and not (p < len(below) and below[p]) and (headers.of(cell) or fold(cell) in IGNORED) for p, cell in enumerate(row))
    return layout is not None and ends and named >= MARKED and is_header(below, layout)


def _grouped(row: Row, below: Row) -> set[int]:
    """Positions below a text that reaches over two or more of them: what stands there is no row of values."""
    groups: dict[int, set[int]] = {}
    last = None
    for position, cell in enumerate(below):
        if position < len(row) and row[position] is not None:
            last = position if row[position] else None
        if cell and last is not None:
            groups.setdefault(last, set()).add(position)
    return {p for first, positions in groups.items() if len(positions) > 1 and first in positions for p in positions}


def _is_below_kin(rows: Sequence[Row], top: int, start: int) -> bool:
    """Does the row above speak of somebody else, of whom some of these columns are?"""
    return top > start and any(cell and not KIN.isdisjoint(plain(cell).split()) for cell in rows[top - 1])


def _began_above(rows: Sequence[Row], best: Header, start: int, headers: Headers) -> bool:
    """Does one of the two rows above name a column where the header says nothing? Then that cell reaches down into it."""
    own = rows[best.top]
    return any(
        cell and not (position < len(own) and own[position]) and headers.of(cell)
        for above in rows[max(start, best.top - 2) : best.top]
        for position, cell in enumerate(above)
    )
