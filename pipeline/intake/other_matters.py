"""Columns that lists of several kinds have (“Từ ngày”, “Số quyết định”), whose neighbours say that they are of something else: of a course, a punishment, of leave.

Two questions in their order. Where a header is found: is the column behind one that another dataset alone has, and which has such a one itself? Where it is
read: do words beside days that nothing else explains speak of another matter, be it of none of our lists?
What does not belong here: where a header stands, groups above its columns (header_trees), and columns of other people (header_others).
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.codes import fold
from pipeline.intake.header_trees import BARE
from pipeline.intake.headers import IGNORED, Header
from pipeline.intake.layout import Layout
from pipeline.intake.rows import Row

FAR = 3  # columns before a day, none of them known, that may say what it is of
# Folded: what a column is about that none of our lists is about; what each of them is about its card says.
OF_NO_LIST = re.compile(
    r"\b(?:hop dong|he so|(?<!chat )(?<!so )(?<!thoi )luong|ngach|phu cap|tham nien|nghi (?:phep|om|thai san|khong luong|viec rieng|che do)|thai san|nuoc den|nuoc ngoai|quy hoach"
    r"|nhiem ky|bo nhiem|qua trinh|bao hiem|bhxh|bhyt|khen thuong|danh hieu|du an|de tai)\b"
)


def leave_facts_of_others(header: Header, lowest: Mapping[int, str], dataset: str, layout: Layout) -> None:
    """Behind a column that another dataset alone has, what such a fact has too and only its place explains is that fact's: “Từ ngày”, “Đến ngày” behind
    “Lớp bồi dưỡng” in a roster are the course's days, “Số quyết định” behind “Hình thức kỷ luật” is of the punishment."""
    for column, position in sorted(header.columns.items(), key=lambda item: item[1]):
        if fold(lowest.get(position, "")) not in BARE or position in header.groups or position in header.foreign:
            continue
        for before in range(position - 1, -1, -1):
            text = lowest.get(before, "")
            if before in header.positions and fold(text) not in BARE:
                break  # a column of this list's own
            if (other := tells_of(text, dataset, layout)) and layout.headers[other].of(lowest[position]):
                del header.columns[column]
                header.foreign[position] = (column, text)
                break


def tells_of(text: str, dataset: str, layout: Layout, cells: Iterable[str | None] = ()) -> str | None:
    """The one other dataset of which a header that this one does not have tells: by a column that such lists alone have, as one of its levels to be
    marked, or by its name where words of that dataset's codes stand below it."""
    folded = fold(text)
    if not folded or folded in BARE or layout.headers[dataset].of(text) is not None:
        return None
    of = {name for name, headers in layout.headers.items() if name != dataset and headers.of(text) in layout.telling[name]}
    of = of or {name for name, marks in layout.marks.items() if name != dataset and any(folded in labels for labels in marks.values())}
    if not of and (named := layout.mentioned(text)) not in (None, dataset):
        of = {named for cell in cells if named and cell and fold(cell) in layout.codes.get(named, ())}
    return of.pop() if len(of) == 1 else None


def leave_days_of_others(header: Header, rows: Sequence[Row], dataset: str, layout: Layout, sender: str) -> None:
    """Take from a header the days that are of something else. They are told as what stands below a group of something else is."""
    for column, text in days_of_others(header, rows, dataset, layout, sender).items():
        header.foreign[header.columns.pop(column)] = (column, text)


def days_of_others(header: Header, rows: Sequence[Row], dataset: str, layout: Layout, sender: str) -> dict[str, str]:
    """Columns of days without a name of their own that are about what a column beside them is about: column → what that is called. What the city
    confirmed goes before."""
    if header.confirmed or header.top >= len(rows):
        return {}
    bare = layout.bare_days - layout.own.get(sender, {}).get(dataset, {}).keys()
    days = layout.dates.get(dataset, frozenset())
    lowest = {p: text for p, text in header.texts(rows) if fold(text) not in IGNORED}
    at = {
        p: column
        for column, p in header.columns.items()
        if column in days and fold(lowest.get(p, "")) in bare and header.leaf_of(rows, p) == header.top
    }
    found: dict[str, str] = {}
    for position, column in at.items():
        first = last = position
        while first - 1 in at:
            first -= 1
        while last + 1 in at:
            last += 1
        if (text := _matter_beside(first, last, header, lowest, dataset, layout)) is not None:
            found[column] = text
    return found


def _matter_beside(first: int, last: int, header: Header, lowest: Mapping[int, str], dataset: str, layout: Layout) -> str | None:
    """What else the days from one position to another are of: what stands before them as far as nothing is known, else what stands right behind them."""
    degrees = {header.columns.get(column) for column in ("education_code", "political_theory_code")}
    for position in range(first - 1, max(first - 1 - FAR, -1), -1):
        if position in degrees:
            continue  # what is learnt
        if position in header.positions or position not in lowest:
            break
        if _is_other(lowest[position], dataset, layout):
            return lowest[position]
    behind = lowest.get(last + 1)
    is_unknown = behind is not None and last + 1 not in header.positions
    return behind if is_unknown and _is_other(behind or "", dataset, layout) else None


def _is_other(text: str, dataset: str, layout: Layout) -> bool:
    """Is a column about what another dataset's lists, or none of ours, are about? Its words say so, or it is a column of one alone that has such days."""
    folded = fold(text)
    if folded in layout.headers[dataset]:
        return False
    if OF_NO_LIST.search(folded) or any(spoken.matter.search(folded) for of, spoken in layout.spoken.items() if of != dataset):
        return True
    return any(own.get(folded) for of, own in layout.with_days.items() if of != dataset)


def is_of_others(header: Header, rows: Sequence[Row], dataset: str, layout: Layout, sender: str) -> bool:
    """Does a header say all that its dataset needs only with days that are of something else?"""
    lost = days_of_others(header, rows, dataset, layout, sender)
    return bool(lost) and not layout.required[dataset] <= header.said - lost.keys()
