"""Whether a list that nothing calls one is a roster all the same: no title, names that say nothing, and columns of which each is known as a roster's.

What its columns leave open is not guessed: one column of a course, of money, of votes, of a plan, or that nobody knows, and it is asked. What does not belong
here: lists that a title or a name calls something (header_search, titles), and words of columns (roster_words).
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.codes import fold
from pipeline.intake.header_others import are_others
from pipeline.intake.header_search import ROSTER, Search
from pipeline.intake.header_trees import is_known_group
from pipeline.intake.headers import IGNORED, unknown
from pipeline.intake.level_sections import have_level_sections
from pipeline.intake.other_matters import days_of_others
from pipeline.intake.roster_words import OF_MEMBERSHIP, OF_WORK, YEARS_IN_THE_PARTY, are_besides
from pipeline.intake.rows import Row
from pipeline.title_words import line

FEWEST = 6  # columns that are read
# Folded words of a file's or a sheet's name that say nothing of what it holds.
IDLE = re.compile(
    r"(?:(?:book|sheet|trang|tinh|file|tep|new|moi|copy|of|ban|sao|danh|sach|ds|bieu|mau|bang|so|lieu|du|tai|gui|document|workbook|untitled|final)\b ?)*"
)


def is_untitled_roster(search: Search, names: Sequence[str], period: str) -> bool:
    """Is it certain, by its columns alone, that nobody's list but a roster is meant?"""
    header = search.header(ROSTER)
    said = header.said
    left = unknown(search.rows, header, search.layout.headers_of(ROSTER, search.sender))
    says_who = "full_name" in said and not said.isdisjoint(("birth_date", "identity_number"))
    says_more = len(said & {*OF_MEMBERSHIP}) > 1 and not said.isdisjoint(OF_WORK) and len(header) >= FEWEST
    return (
        says_who
        and says_more
        and all(column in said for column, _ in header.foreign.values())  # of kin: the people's own stands beside it
        and not any(search.header(other).levels for other in search.layout.required)
        and are_besides([*left.values()], [text for _, text in header.texts(search.rows)])
        and not _are_of_badges(search.rows, header.bottom, left)
        and all(map(_says_nothing, names))
        and all(line(title, ROSTER).is_letterhead or _is_group(title) for title in search.titles())
        and not days_of_others(header, search.rows, ROSTER, search.layout, search.sender)
        and not are_others(header, search.rows, period)
        and not have_level_sections(search.rows[header.bottom + 1 :])
    )


def _is_group(title: str) -> bool:
    """Is what stands above a header a group over all its columns that says nothing of them? “Thông tin chung”"""
    first, _, rest = fold(title).partition(" ")
    return is_known_group(rest if first in IGNORED else title, "", ())


BADGES = {"30", *(str(years) for years in range(40, 95, 5))}  # years in the Party for which a badge is given


def _are_of_badges(rows: Sequence[Row], bottom: int, left: Mapping[int, str]) -> bool:
    """Has everybody been in the Party for as many years as a badge is given for? Then the list is of those who get one."""
    at = next((p for p, text in left.items() if YEARS_IN_THE_PARTY.fullmatch(fold(text))), None)
    if at is None:
        return False
    years = {cell.strip() for row in rows[bottom + 1 :] if at < len(row) and (cell := row[at])} - {str(at + 1), f"({at + 1})"}
    return years <= BADGES


def _says_nothing(name: str) -> bool:
    """Does a name say nothing of what is there, or whose it is and no more?

    >>> [_says_nothing(name) for name in ("Book1", "danh sach", "Trang_tính1", "Chi bộ 2", "lương tháng 4", "DS cử tri", "Lớp QLNN")]
    [True, True, True, True, False, False, False]
    """
    words = " ".join(re.sub(r"[0-9]+", " ", fold(name.replace("_", " "))).split())
    return bool(IDLE.fullmatch(words)) or (line(name, ROSTER).is_letterhead and not line(name, ROSTER).unknown)
