"""Rows that were taken for details and are none: defaults filled down, a signer's bare name, a person's second line or other name.

What does not belong here: rows that tell by themselves what they are (classifier), and what a detail says.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.codes import fold
from pipeline.intake.cells import Sheet
from pipeline.intake.details import Body, who_columns
from pipeline.intake.headers import Header
from pipeline.intake.layout import Layout
from pipeline.intake.persons import Places
from pipeline.intake.readings import Note, letter
from pipeline.intake.rows import DIGIT, RUNNING, Row, RowClass, filled, plain
from pipeline.intake.surroundings import placeholders_of


def leave_placeholders(
    body: Body, sheet: Sheet, header: Header, dataset: str, layout: Layout, places: Places, classes: list[RowClass]
) -> None:
    """Rows of defaults filled down below the last person are no details."""
    details, who = body.details, who_columns(dataset, layout)
    if placeholders := placeholders_of(details, {header.columns[c] for c in who if c in header.columns}, places.words, places.numbers):
        for number, _ in details[-placeholders:]:
            classes[number - 1] = RowClass.PLACEHOLDER
        body.notes.append(Note("row_filled_in", sheet.name, details[-placeholders][0]))
        del details[-placeholders:]


def leave_signers(body: Body, sheet: Sheet, places: Places, classes: list[RowClass]) -> None:
    """A name alone below a blank row at the end of a list in which everybody else says more is whoever signed it. It is told."""
    details = body.details
    while len(details) > 1:
        number, row = details[-1]
        said = filled(row)
        is_apart = number > details[-2][0] + 1 and classes[number - 2] in (RowClass.BLANK, RowClass.SIGNATURE)
        if len(said) != 1 or said[0][0] in places.anchors or DIGIT.search(said[0][1]) or " " not in said[0][1].strip():
            return
        if not is_apart or any(len(filled(other)) < 2 for _, other in details[:-1]):
            return
        classes[number - 1] = RowClass.SIGNATURE
        body.notes.append(Note("row_is_no_person", sheet.name, number, None, f"{letter(said[0][0])}{number}"))
        details.pop()


# ── one person over several rows ─────────────────────────────────────────────────────────────────────────────────


def leave_second_lines(body: Body, spans: Sequence[tuple[int, int]], header: Header, classes: list[RowClass]) -> None:
    """Rows over which whoever they are of is merged (`spans`), and which say nothing else than the first of them but in a note, are that one's."""
    first_of = {number: first for first, last in spans for number in range(first + 1, last + 1)}
    if not first_of:
        return
    rows, read = dict(body.details), header.positions - {header.columns.get("note", -1)}
    kept: list[tuple[int, Row]] = []
    for number, row in body.details:
        first = rows.get(first_of.get(number - 1, -1) + 1)
        own = {p for p in read if p < len(row) and row[p]}
        if first is None or any(p >= len(first) or row[p] != first[p] for p in own):
            kept.append((number, row))
        else:
            classes[number - 1] = RowClass.NOTE
    body.details[:] = kept


def join_broken_names(body: Body, sheet: Sheet, header: Header, dataset: str, places: Places, classes: list[RowClass]) -> None:
    """A name that goes on in the next row, and another name of whoever stands above, are no people: neither row has a running number, where the others
    do, and says nothing but in cells of words that the one above fills, too. What goes on is joined to that, and told."""
    at = header.columns.get("full_name")
    if at is None or "full_name" in header.beside:
        return
    numbers = places.numbers or _running_before(body.details, at, header.positions)
    numbered = {number for number, row in body.details if any(p < len(row) and row[p] for p in numbers)}
    is_numbered = len(numbered) * 2 >= len(body.details)
    kept: list[tuple[int, Row]] = []
    others = header.positions - {header.columns.get(c, at) for c in GO_ON}
    last = 0  # row of whoever stands above, or of what goes on there
    for number, row in body.details:
        above = kept[-1][1] if kept and last == number - 1 else ()
        last = number
        if number in numbered or any(p < len(row) and row[p] for p in others):  # most rows
            kept.append((number, row))
            continue
        said = dict(filled(row))
        is_within = at in said and all(p < len(above) and above[p] for p in said)
        if not is_within or any(DIGIT.search(cell) for cell in said.values()):
            kept.append((number, row))
            continue
        if OTHER_NAME.match(plain(said[at])) and len(said) == 1:
            rule = "person_in_one_row"
        elif not is_numbered or kept[-1][0] not in numbered:
            kept.append((number, row))
            continue
        elif _goes_on(above[at] or "", said[at]):
            kept[-1] = (kept[-1][0], tuple(f"{cell} {said[p]}" if p in said else cell for p, cell in enumerate(above)))
            rule = "person_in_one_row"
        elif dataset == "personnel" and len(said) == 1 and len(filled(above)) > FILLED:
            rule = "row_is_no_person"  # perhaps he is one: nothing is said of him, and everybody else is numbered
        else:
            kept.append((number, row))
            continue
        classes[number - 1] = RowClass.NOTE
        body.notes.append(Note(rule, sheet.name, number, "full_name", f"{letter(at)}{number}"))
    body.details[:] = kept


def _running_before(details: Sequence[tuple[int, Row]], name: int, read: frozenset[int]) -> frozenset[int]:
    """The column of running numbers before the names whose title stands above the header's rows: nothing but numbers, each greater than the one above, or
    the first again."""
    for position in (p for p in range(name) if p not in read):
        cells = [cell for _, row in details if position < len(row) and (cell := row[position])]
        said = [int(cell.rstrip(".")) for cell in cells if RUNNING.match(cell)]
        if len(said) == len(cells) and len(said) > 1 and all(a < b or b == 1 for a, b in pairwise(said)):
            return frozenset([position])
    return frozenset()


GO_ON = ("full_name", "post_code", "note")  # columns of words, beside any that is not read
FILLED = 2  # cells, the running number among them
OTHER_NAME = re.compile(
    r"[(\[\-–*\s]*(?:bí danh|tên (?:thường gọi|thường dùng|gọi khác|khác|khai sinh|thật|cũ)|thường gọi|(?:tức|còn gọi)(?: là)?)\b"
)
MIDDLE = {"van", "thi"}  # no name ends so
LONGEST = 6  # words


def _goes_on(above: str, below: str) -> bool:
    """Does a name go on in the next row? Its first part or its second is one word, or its first ends as no name does.

    >>> _goes_on("Nguyễn Văn", "An"), _goes_on("Nguyễn Thị", "Ngọc Lan"), _goes_on("Nguyễn", "Văn An"), _goes_on("Nguyễn Văn An", "Trần Thị Bình")
    (True, True, True, False)
    """
    first, rest = above.split(), below.split()
    if not first or len(first) + len(rest) > LONGEST or not all(word[0].isupper() for word in rest):
        return False
    return len(first) == 1 or len(rest) == 1 or fold(first[-1]) in MIDDLE
