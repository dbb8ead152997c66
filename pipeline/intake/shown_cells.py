"""What a sheet shows in cells and their values do not say: formulas that failed or wait, ticked boxes, cells merged over rows.

What does not belong here: how what is hidden is seen (hidden), and what a cell means.
"""

from collections.abc import Iterable
from operator import itemgetter

from pipeline.codes import fold
from pipeline.intake.cells import Sheet
from pipeline.intake.header_search import Search
from pipeline.intake.headers import IGNORED, Header

UNCALCULATED = "#GETTING_DATA"  # Excel's own word for a value that is not there yet


def place_errors(sheet: Sheet, search: Search) -> None:
    """A formula that failed is no blank cell."""
    for (number, position), text in sheet.errors.items():
        _place(sheet.rows, number, position, text)
    if sheet.errors:
        search.forget()


def _place(rows: list[list[str | None]], number: int, position: int, text: str) -> None:
    rows += [[] for _ in range(number - len(rows))]
    row = rows[number - 1]
    row += [None] * (position + 1 - len(row))
    row[position] = text


def place_uncalculated(sheet: Sheet, dataset: str, search: Search) -> None:
    """A formula without a value is no blank cell and no 0, but cannot be read; rows that only wait for a person stay blank."""
    if not sheet.uncalculated:
        return
    for number, position in sheet.uncalculated:
        if number <= len(sheet.rows) and position < len(sheet.rows[number - 1]):
            sheet.rows[number - 1][position] = None
    search.forget()
    header = search.header(dataset)
    anchors = {header.columns[c] for c in search.layout.anchors.get(dataset, ()) if c in header.columns}
    begun = {n for n, row in enumerate(sheet.rows, start=1) if any(row)} | {n for n, position in sheet.uncalculated if position in anchors}
    for number, position in sorted(sheet.uncalculated):
        if number in begun:
            _place(sheet.rows, number, position, UNCALCULATED)
    search.forget()


def place_truths(sheet: Sheet, header: Header, numbers: Iterable[str], end: int) -> None:
    """A ticked box marks a level, and is no number: below one it cannot be read."""
    for position in [header.columns[c] for c in numbers if c in header.columns]:
        if not sheet.typed or position >= len(sheet.typed[0]) or bool not in set(map(type, map(itemgetter(position), sheet.typed))):
            continue
        for number, cells in enumerate(sheet.typed[header.bottom + 1 : end], start=header.bottom + 1):
            if type(cells[position]) is bool:
                sheet.rows[number][position] = str(cells[position]).upper()


def mark_ends(sheet: Sheet) -> None:
    """Beside a cell that is one over several, and in its lower rows, stands "" where nothing else stands: what is merged reaches so far and no farther,
    and nothing reaches into it (header_trees). A blank cell says as little in a row of values.
    """
    height = len(sheet.rows)
    begun = {
        (row, left) for top, left, bottom, _ in sheet.merged for row in range(top, min(bottom + 1, height))
    }  # another one begins there
    for top, left, bottom, right in sheet.merged:
        for number in range(top, min(bottom + 1, height)):
            row = sheet.rows[number]
            if (number > top or right > left) and left < len(row) and row[left] is None:
                row[left] = ""
            if right + 1 < len(row) and row[right + 1] is None and (number, right + 1) not in begun:
                row[right + 1] = ""


Spans = list[tuple[int, int]]  # first and last row, from 0


def fill_merged(
    sheet: Sheet, header: Header, end: int, headers: dict[str, str], person: tuple[int, ...], are_events: bool
) -> tuple[list[tuple[int, int]], Spans]:
    """Below the header a cell that is merged over rows stands in each of them that holds anything, as Excel shows it.

    Not so what identifies a person: where two rows share a name or a number, which is it? Returned are those cells, row from 0; and the rows over which
    all is merged that says who it is. They are one person's, and of events (`are_events`) each row is one of theirs.
    """
    asked: list[tuple[int, int]] = []
    merged = {(first, last): set[int]() for first, p, last, _ in sheet.merged if p in person and header.bottom < first < last}
    for first, p, last, _ in sheet.merged:
        if (first, last) in merged:
            merged[first, last].add(p)
    spans = [span for span, positions in merged.items() if positions.issuperset(person)]
    printed = {tuple(row) for row in sheet.rows[header.top : header.bottom + 1]}
    for first, position, last, _ in sheet.merged:
        if last == first or first >= len(sheet.rows) or tuple(sheet.rows[first]) in printed:
            continue  # the header, printed again
        value = sheet.rows[first][position] if header.bottom < first < end and position < len(sheet.rows[first]) else None
        below = (
            [row for row in sheet.rows[first + 1 : last + 1] if any(row)]
            if value and (said := fold(value)) not in headers and said not in IGNORED
            else []
        )
        if position in person and (first, last) in spans and are_events:
            pass
        elif position in person and (first, last) in spans:
            continue
        elif position in person:
            asked += [(first, position)] * bool(below)
            continue
        for row in below:
            row += [None] * (position + 1 - len(row))
            row[position] = value  # whatever lies below the merge, nobody sees it
    return asked, [(first, last) for first, last in spans if first < end]
