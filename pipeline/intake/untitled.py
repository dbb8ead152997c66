"""Whether a list that nothing calls one is a roster all the same: no title, names that say nothing, and columns of which each is known as a roster's.

What its columns leave open is not guessed: one column of a course, of pay, of votes, of a plan, or that nobody knows, and it is asked. What does not belong
here: lists that a title or a name calls something (header_search, titles).
"""

import re
from collections.abc import Sequence

from pipeline.codes import fold
from pipeline.intake.header_others import are_others
from pipeline.intake.header_search import ROSTER, Search
from pipeline.intake.headers import unknown
from pipeline.intake.level_sections import have_level_sections
from pipeline.intake.other_matters import days_of_others
from pipeline.title_words import line

FEWEST = 6  # columns that are read
OF_MEMBERSHIP = ("party_joined_on", "party_official_on", "member_status_code", "staff_kind_code", "service_joined_on", "spell_from")
OF_WORK = ("post_code", "education_code", "political_theory_code")
# Folded words of a file's or a sheet's name that say nothing of what it holds.
IDLE = re.compile(
    r"(?:(?:book|sheet|trang|tinh|file|tep|new|moi|copy|of|ban|sao|danh|sach|ds|bieu|mau|bang|so|lieu|du|tai|gui|document|workbook|untitled|final)\b ?)*"
)
# Folded, the whole of a header: what a roster says of its people besides, and no payroll, no list of voters and no list for one occasion does alone.
SAID_BESIDES = re.compile(
    r"que quan|que|nguyen quan|noi sinh|noi o(?: hien nay)?|noi cu tru|cho o(?: hien nay)?|dia chi(?: thuong tru)?|(?:noi |ho khau )?thuong tru|ho khau|ton giao"
    r"|(?:trinh do )?(?:van hoa|hoc van|pho thong)|giao duc pho thong|(?:trinh do |boi duong )?(?:qlnn|quan ly nha nuoc)|(?:trinh do )?(?:tin hoc|ngoai ngu)|nganh(?: dao tao)?|chuyen nganh"
    r"|ngay cap(?: cccd)?|noi cap|ngay bo nhiem(?: chuc vu)?|(?:ma )?so (?:bhxh|so bhxh)|(?:so )?(?:dien thoai|dt)|sdt|email|(?:ghi chu|ghi chu khac)|nam|nu|dv|dang vien"
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
        and not header.foreign
        and not any(search.header(other).levels for other in search.layout.required)
        and all(SAID_BESIDES.fullmatch(fold(text)) for text in left.values())
        and all(map(_says_nothing, names))
        and all(line(title, ROSTER).is_letterhead for title in search.titles())
        and not days_of_others(header, search.rows, ROSTER, search.layout, search.sender)
        and not are_others(header, search.rows, period)
        and not have_level_sections(search.rows[header.bottom + 1 :])
    )


def _says_nothing(name: str) -> bool:
    """Does a name say nothing of what is there, or whose it is and no more?

    >>> [_says_nothing(name) for name in ("Book1", "danh sach", "Trang_tính1", "Chi bộ 2", "lương tháng 4", "DS cử tri", "Lớp QLNN")]
    [True, True, True, True, False, False, False]
    """
    words = " ".join(re.sub(r"[0-9]+", " ", fold(name.replace("_", " "))).split())
    return bool(IDLE.fullmatch(words)) or (line(name, ROSTER).is_letterhead and not line(name, ROSTER).unknown)
