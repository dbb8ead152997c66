"""Columns that are somebody else's or tell of what another list is of, and lists of other people: what stands there is not what it says by itself.

What does not belong here: where a header stands, and what groups above its columns say (header_trees).
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.codes import fold
from pipeline.intake.header_trees import BARE
from pipeline.intake.headers import Header
from pipeline.intake.layout import Headers, Layout
from pipeline.intake.rows import Row, plain


def leave_others(header: Header, lowest: Mapping[int, str], dataset: str, layout: Layout, headers: Headers) -> None:
    """Leave what is not the row's own: `lowest` are the header's texts by their position."""
    _leave_of_others(header, lowest, layout, headers)
    _leave_of_other_facts(header, lowest, dataset, layout, headers)


def _leave_of_others(header: Header, lowest: Mapping[int, str], layout: Layout, headers: Headers) -> None:
    """Behind the name of somebody else (“Họ tên vợ/chồng”, “Người ký quyết định”, another “Họ và tên”) a birth date, a sex or a post is his: nobody's here."""
    own = header.columns.get("full_name", -1)
    others = [
        (p, text)
        for p, text in lowest.items()
        if p > own >= 0 and p not in header.foreign and (_names_others(text, headers) or (headers.of(text) == "full_name" and p != own + 1))
    ]
    for column in layout.of_people if others else ():
        if (at := header.columns.get(column, -1)) > min(others)[0]:
            del header.columns[column]
            header.foreign[at] = (column, next(text for p, text in reversed(sorted(others)) if p < at))


OTHERS = re.compile(  # a column of names, of whom it is
    r"ho (?:va )?ten (?:(?:cua )?(?:vo|chong|con|cha|me|bo|nguoi)\b|.*\bnguoi\b)|(?:ten )?(?:vo|chong)\b|nguoi (?:ky|danh gia|nhan xet|gioi thieu|huong dan)\b|giang vien\b"
)

OF_KIN = re.compile(
    r"(?:(?:họ (?:và )?)?tên |thông tin (?:về )?)?(?:vợ|chồng|cha|mẹ|bố(?! trí)|con(?! (?:của )?(?:thương|liệt|người|gia|bệnh|chất|dấu)))\b"
)


def _names_others(text: str, headers: Headers) -> bool:
    """Is a column one of other people: of his kin (“Con”, “Vợ/chồng”), or of whom its words say so?"""
    if OTHERS.match(fold(text)):
        return True
    return headers.of(text) is None and bool(OF_KIN.match(plain(text)))


def _leave_of_other_facts(header: Header, lowest: Mapping[int, str], dataset: str, layout: Layout, headers: Headers) -> None:
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


def are_others(header: Header, rows: Sequence[Row], period: str) -> bool:
    """Are the people of a list without numbers, whatever its title says, not those whom the department answers for? It says whose kin they are, or most of
    them were children at the end of its period. A table of the registry, which has no period, is not asked: it has a relation, too."""
    if not period:
        return False
    if any(KINSHIP.fullmatch(fold(text)) for _, text in header.texts(rows)):
        return True
    at = header.columns.get("birth_date")
    cells = [row[at] for row in rows[header.bottom + 1 :] if at is not None and at < len(row)]
    years = [int(found[0]) for cell in cells if cell and (found := A_YEAR.search(cell))]
    return len(years) >= FEW and sum(int(period[:4]) - year < GROWN for year in years) * 2 > len(years)


KINSHIP = re.compile(r"(?:moi )?quan he(?: (?:voi|gia dinh|than nhan|cua) ?.*)?")  # folded
A_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
GROWN, FEW = 14, 3  # years; birth dates that say something of their column (decision 0016)
