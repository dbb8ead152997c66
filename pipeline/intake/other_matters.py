"""Days below a header that lists of several kinds have (“Từ ngày”, “Đến ngày”), whose neighbours say that they are of something else: of a course, of leave.

What does not belong here: where a header stands, and groups above its columns (header_search, header_trees).
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.codes import fold
from pipeline.intake.header_search import Search
from pipeline.intake.headers import IGNORED, Header
from pipeline.intake.layout import Layout
from pipeline.intake.rows import Row

FAR = 3  # columns before a day, none of them known, that may say what it is of
# Folded: what a column is about, and the dataset whose lists are about that; of the last ones none of ours is.
MATTERS = {
    "training": re.compile(
        r"\b(?:lop|khoa hoc|khoa dao tao|khoa boi duong|boi duong|dao tao|tap huan|chuyen nganh|nganh hoc|truong (?:hoc|dao tao)|hoc vien|mon hoc)\b|\A(?:ten )?truong\Z"
    ),
    "rotation": re.compile(r"\b(?:biet phai|luan chuyen|dieu dong|tang cuong)\b"),
    "discipline": re.compile(r"\b(?:k[yi] luat|vi pham|khien trach|canh cao)\b"),
    "": re.compile(
        r"\b(?:hop dong|he so|(?<!chat )(?<!so )(?<!thoi )luong|ngach|phu cap|tham nien|nghi (?:phep|om|thai san|khong luong|viec rieng|che do)|thai san|nuoc den|nuoc ngoai|quy hoach"
        r"|nhiem ky|bo nhiem|qua trinh|bao hiem|bhxh|bhyt|khen thuong|danh hieu|du an|de tai)\b"
    ),
}


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
    if any(words.search(folded) for of, words in MATTERS.items() if of != dataset):
        return True
    return any(own.get(folded) for of, own in layout.with_days.items() if of != dataset)


def is_of_others(search: Search, dataset: str) -> bool:
    """Does a header say all that its dataset needs only with days that are of something else?"""
    header = search.header(dataset)
    lost = days_of_others(header, search.rows, dataset, search.layout, search.sender)
    return bool(lost) and not search.layout.required[dataset] <= header.said - lost.keys()
