"""Which rows a header has: one to five, the first that say what the dataset needs, else those that say most.

What does not belong here: what several rows say together (header_trees), and what single texts of a header say (header_texts).
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from pipeline.codes import fold
from pipeline.intake.cells import Merge
from pipeline.intake.header_rows import across
from pipeline.intake.header_trees import KIN, joined
from pipeline.intake.headers import IGNORED, MARKED, TIME, Header, is_header, match
from pipeline.intake.layout import Headers, Layout
from pipeline.intake.rows import DIGIT, HEADER_ROWS, Row, plain, says_how
from pipeline.values import IDENTITY_DIGITS

NONE: Mapping[int, bool] = {}
NO_HEADERS = Headers({}, frozenset())
DEEPEST = 5  # rows that a header may have
BLANKS = 1  # blank ones between them


def best_header(
    rows: Sequence[Row],
    start: int,
    dataset: str,
    layout: Layout,
    sender: str = "",
    spoken: dict[int, list[int]] | None = None,
    groups: Mapping[int, bool] = NONE,
) -> Header:
    """The first row that names every required column, with the rows that belong to it; else the best that there is. `spoken` remembers which cells of
    rows could name a column of any dataset; `groups`: rows in which a merged cell stands over several columns (groups_among)."""
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
    return _with_neighbours(rows, best, start, dataset, layout, headers, groups)


def groups_among(rows: Sequence[Row], merged: Sequence[Merge], layout: Layout) -> dict[int, bool]:
    """Rows in which a merged cell stands over two columns or more of the next row, and others beside it, for a title stands over all of them;
    and whether a column's title that is merged down stands beside one of them, as beside no letterhead, note or part of a page, or it stands over a third
    of the next row or less, between others."""
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
            is_between = not any(below[:1] + below[-1:]) and sum(below) * 3 <= len(below) and next_row == bottom + 1
            found[bottom] = found.get(bottom, False) or bottom in down or is_between
    return found


def _with_neighbours(
    rows: Sequence[Row], best: Header, start: int, dataset: str, layout: Layout, headers: Headers, groups: Mapping[int, bool]
) -> Header:
    """A header may take up to five rows: groups above their columns. The span that says most is the header."""
    marks = layout.marks.get(dataset, {})
    if (
        best.knows(layout.required[dataset])
        and not _goes_on(rows, best, headers, marks)
        and not has_leaves_below(rows, best.bottom, groups, headers, layout)
        and groups.keys().isdisjoint(range(max(start, best.top - DEEPEST + 1), best.bottom + 1))
        and not _is_below_kin(rows, best.top, start)
        and not _began_above(rows, best, start, headers)
    ):
        return best
    spans: list[tuple[int, int]] = []
    deep = min(
        max(3, sum(best.top - DEEPEST < n < best.top + 3 for n in groups) + 1), DEEPEST
    )  # rows: a group stands above others, or above leaves

    @cache
    def has_leaves(number: int) -> bool:
        return has_leaves_below(rows, number, groups, headers, layout)

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
            spans.append((top, bottom))
            last = bottom

    def is_cut(top: int, bottom: int) -> bool:
        """Does a row of its leaves stand below it, or a group above it: a merged one of its dataset or beside which columns are, or somebody else of whom some
        of its columns are?"""
        above = top - 1 if top and any(rows[top - 1]) else top - 1 - BLANKS
        is_below_group = start <= above in groups and (groups[above] or any(cell and headers.of(cell) for cell in rows[above]))
        return has_leaves(bottom) or is_below_group or _is_below_kin(rows, top, start)

    @cache
    def names_numbers(number: int) -> bool:
        return any(fold(cell) in IGNORED for cell in rows[number] if cell)

    cut = {span: is_cut(*span) for span in [(best.top, best.bottom), *spans]}
    if not all(cut.values()):  # those that are cut are not looked at
        spans = [span for span in spans if not cut[span]]
    found = [(*joined(rows, *span, headers, dataset, layout), *span) for span in spans]
    if all(cut.values()) or not cut[best.top, best.bottom]:
        found.insert(0, (best, len(best), best.top, best.bottom))
    # what explains most, then with the running numbers' name, then the fewest rows, then the first
    header, _, top, bottom = min(found, key=lambda f: (-f[1], not any(map(names_numbers, range(f[2], f[3] + 1))), f[3] - f[2], f[2]))
    return header.at(top, bottom).copy()


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


def has_leaves_below(
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
    """Positions below a text that reaches over two or more of them, or stands over each: what stands there is no row of values."""
    groups: dict[int, set[int]] = {}
    last = None
    for position, cell in enumerate(below):
        if position < len(row) and (text := row[position]) is not None and not (text and last is not None and text == row[last]):
            last = position if text else None
        if cell and last is not None:
            groups.setdefault(last, set()).add(position)
    return {p for first, positions in groups.items() if len(positions) > 1 and first in positions for p in positions}


def _is_below_kin(rows: Sequence[Row], top: int, start: int) -> bool:
    """Does the row above speak of somebody else, of whom some of these columns are?"""
    return top > start and any(cell and not KIN.isdisjoint(plain(cell).split()) for cell in rows[top - 1])


def _began_above(rows: Sequence[Row], best: Header, start: int, headers: Headers) -> bool:
    """Does one of the two rows above name a column where the header says nothing but how it is written? Then that cell reaches down into it."""
    own = rows[best.top]
    return any(
        cell and not (position < len(own) and (below := own[position]) and not says_how(below)) and headers.of(cell)
        for above in rows[max(start, best.top - 2) : best.top]
        for position, cell in enumerate(above)
    )
