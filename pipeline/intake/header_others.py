"""Columns that are somebody else's, and lists of other people: what stands there is not what it says by itself.

What does not belong here: where a header stands, what groups above its columns say (header_trees), and columns of another matter (other_matters).
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.codes import fold
from pipeline.intake.headers import Header
from pipeline.intake.layout import Headers, Layout
from pipeline.intake.rows import Row, plain


def leave_of_others(header: Header, lowest: Mapping[int, str], layout: Layout, headers: Headers) -> None:
    """`lowest`: the header's texts by their position. Behind the name of somebody else (“Họ tên vợ/chồng”, “Người ký quyết định”, another “Họ và tên”) a birth date, a sex or a post is his: nobody's here."""
    own = header.columns.get("full_name", -1)
    others = [
        (p, text)
        for p, text in lowest.items()
        if p > own >= 0 and p not in header.foreign and (_names_others(text, headers) or (headers.of(text) == "full_name" and p != own + 1))
    ]
    for column in layout.of_people if others else ():
        if (at := header.columns.get(column, -1)) > min(others)[0]:
            del header.columns[column]
            header.flags.pop(column, None)
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
