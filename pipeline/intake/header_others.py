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
    own_again = (
        _own_again(header, lowest, max(others)[0], headers) if others and all(_names_kin(text, headers) for _, text in others) else None
    )
    for column in layout.of_people if others else ():
        if (at := header.columns.get(column, -1)) > min(others)[0] and (own_again is None or at < own_again):
            del header.columns[column]
            header.flags.pop(column, None)
            header.foreign[at] = (column, next(text for p, text in reversed(sorted(others)) if p < at))


OTHERS = re.compile(  # a column of names, of whom it is
    r"ho (?:va )?ten (?:(?:cua )?(?:vo|chong|con|cha|me|bo|nguoi)\b|.*\bnguoi\b)|(?:ten )?(?:vo|chong)\b|nguoi (?:ky|danh gia|nhan xet|gioi thieu|huong dan)\b|giang vien\b"
)

OF_KIN = re.compile(
    r"(?:(?:họ (?:và )?)?tên |thông tin (?:về )?)?(?:vợ|chồng|cha|mẹ|bố(?! trí)|con(?! (?:của )?(?:thương|liệt|người|gia|bệnh|chất|dấu)))\b"
)


OF_NO_KIN = (  # what lists say of the people whom they are of, and of nobody's kin
    "party_joined_on", "party_official_on", "party_card_number", "staff_number", "member_status_code", "staff_kind_code", "service_joined_on", "spell_from"
)  # fmt: skip


def _own_again(header: Header, lowest: Mapping[int, str], kin: int, headers: Headers) -> int | None:
    """Where behind kin's names a list speaks of its own people again: at the first column of what nobody says of kin, a day of the Party or of
    recruitment. Behind a birth date of theirs it may be theirs all the same."""
    first = min((p for column in OF_NO_KIN if (p := header.columns.get(column, -1)) > kin), default=None)
    is_block = first is not None and any(kin < p < first and headers.of(text) == "birth_date" for p, text in lowest.items())
    return None if is_block else first


def _names_kin(text: str, headers: Headers) -> bool:
    """Is a column one of the person's family, and not of who signs, recommends or is another person of the list?"""
    return headers.of(text) is None and bool(OF_KIN.match(plain(text)))


def _names_others(text: str, headers: Headers) -> bool:
    """Is a column one of other people: of his kin (“Con”, “Vợ/chồng”), or of whom its words say so?"""
    return bool(OTHERS.match(fold(text))) or _names_kin(text, headers)


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
