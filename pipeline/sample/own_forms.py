"""Rows of the sample city laid out in forms of their offices' own. They say what the city knows of a row, in other places.

What does not belong here: which forms there are (form_kinds.py), templates (files.py), how an office spells (office.py), and how anything is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from random import Random

from pipeline.presentation import day as written_day
from pipeline.sample.facts import Row
from pipeline.sample.form_columns import Pen
from pipeline.sample.form_kinds import KINDS, Form, Kind
from pipeline.sample.office import Cell, Office

Merge = tuple[int, int, int, int]  # first row and column, last row and column


@dataclass(frozen=True)
class Laid:
    """A sheet as it was laid out."""

    name: str
    cells: list[list[Cell]]
    head: range  # rows of its header, and of its whole table
    table: range
    merges: list[Merge]
    people: int
    strange: int  # columns that say nothing of ours


def kind_of(dataset: str, rng: Random, is_csv: bool) -> Kind:
    return rng.choice([k for k in KINDS if k.dataset == dataset and (k.is_one_list or not is_csv)])


def laid_out(kind: Kind, office: Office, period: str, rows: list[Row], rng: Random) -> list[Laid]:
    """A dataset's rows in forms of a kind; lists that would hold nobody are left out, but for the first where all would be."""
    pen = Pen(office, kind.dataset, rng)
    sheets: list[Laid] = []
    for form in kind.forms:
        ours = [row for row in rows if form.of(row)]
        for name, some in _groups(ours, form.sheets, pen) if form.sheets and ours else [(form.sheet or "Danh sách", ours)]:
            if some or (not rows and not sheets):
                sheets.append(_lay(form, pen, period, name, some))
    return sheets


def _groups(rows: list[Row], by: Callable[[Row, Pen], str], pen: Pen) -> Iterator[tuple[str, list[Row]]]:
    """Rows of one heading together, in the order in which headings first come."""
    first = {heading: n for n, heading in enumerate(dict.fromkeys(by(row, pen) for row in rows))}
    for heading, some in groupby(sorted(rows, key=lambda row: first[by(row, pen)]), lambda row: by(row, pen)):
        yield heading, [*some]


def _lay(form: Form, pen: Pen, period: str, name: str, rows: list[Row]) -> Laid:
    written = [(c, [c.cells(row, pen) for row in rows]) for c in form.columns]
    columns = [(c, cells) for c, cells in written if not c.if_any or any(v is not None for row in cells for v in row)]
    paths = [(pen.office.counter,), *(path for c, _ in columns for path in c.paths)]
    said = {"period": period, "section": name.upper(), "count": f"{len(rows):02}", **_decision(rows)}
    cells: list[list[Cell]] = _letterhead(pen, len(paths)) if form.letterhead else []
    titles = form.title.format(**said).splitlines()
    merges = [(r, 0, r, len(paths) - 1) for r in range(len(cells), len(cells) + len(titles))]
    above: list[list[Cell]] = [[line] for line in titles]
    cells += [*above, []] if above else []
    head = range(len(cells), len(cells) + max(map(len, paths)))
    merges += _head(paths, head, cells)
    if form.number_row:
        cells.append([f"({n})" for n in range(1, len(paths) + 1)])
    lines = [[value for _, of in columns for value in of[n]] for n in range(len(rows))]
    number = {id(row): line for row, line in zip(rows, lines, strict=True)}
    counted = 0
    parts = _groups(rows, form.sections, pen) if form.sections else [("", rows)]
    for n, (heading, some) in enumerate(parts, start=1):
        if heading:
            cells.append([TENS[n // 10] + ROMAN[n % 10], heading])
        for row in some:
            counted += 1
            cells.append([float(counted), *number[id(row)]])
    table = range(head.start, len(cells))
    for line in form.footer if rows else ("Không phát sinh",):
        cells += _footer(line.format(**said), len(paths))
    return Laid(name[:31], cells, head, table, merges, len(rows), sum(len(c.paths) for c, _ in columns if not c.tells))


ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
TENS = ("", "X", "XX", "XXX", "XL")


def _decision(rows: list[Row]) -> dict[str, str]:
    """The decision that all rows are of."""
    one = rows[0] if rows else {}
    return {"decision_no": one.get("decision_no") or "", "decided_on": written_day(day) if (day := one.get("decided_on")) else ""}


def _letterhead(pen: Pen, width: int) -> list[list[Cell]]:
    gap: list[Cell] = [None] * max(1, width // 2)
    return [[pen.office.above.upper(), *gap, "ĐẢNG CỘNG SẢN VIỆT NAM"], [pen.office.unit.unit_name.upper()], []]


def _head(paths: list[tuple[str, ...]], head: range, cells: list[list[Cell]]) -> list[Merge]:
    """Write the header's rows: what neighbours share stands once above them, what has nothing below it reaches down."""
    rows: list[list[Cell]] = [[None] * len(paths) for _ in head]
    merges: list[Merge] = []
    for depth, row in enumerate(rows):
        begin = 0
        for _, same in groupby(paths, partial(_shared, depth)):
            last = begin + len([*same]) - 1
            path = paths[begin]
            if len(path) > depth:
                row[begin] = path[depth]
                bottom = head.stop - 1 if len(path) == depth + 1 else head.start + depth
                if (last, bottom) != (begin, head.start + depth):
                    merges.append((head.start + depth, begin, bottom, last))
            begin = last + 1
    cells += rows
    return merges


def _shared(depth: int, path: tuple[str, ...]) -> object:
    """What neighbours have in common so far down; the last header of a column is its own."""
    return path[: depth + 1] if len(path) > depth + 1 else id(path)


def _footer(line: str, width: int) -> list[list[Cell]]:
    """A line below the people; who signs, side by side."""
    left, _, right = line.partition("|")
    gap: list[Cell] = [None] * max(1, width // 2)
    return [[], [None, left, *gap, right]] if right else [[None, left]]
