"""How like a text is to a header or a name: what is almost one is taken for it and told, what is less like is only named.

What does not belong here: what is done with what is like.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from pipeline.codes import fold
from pipeline.intake.headers import Header, unknown
from pipeline.intake.layout import Headers
from pipeline.intake.rows import Row, plain

CERTAIN = 0.92  # a header as like as this to one alias, and to no other column's, is taken for it and reported
NEAR = 0.6  # what is less like is not worth naming


def without_brackets(text: str) -> str:
    """
    >>> without_brackets("Số CCCD (12 số)")
    'Số CCCD'
    """
    return re.sub(r"\s*\([^)]*\)\s*", " ", text).strip()


def nearest(text: str, headers: dict[str, str]) -> tuple[str, float] | None:
    """The column whose header is most like a text, and how like: 1 is equal. None where nothing is near.

    >>> nearest("Họ va tênn", {"ho va ten": "full_name", "ghi chu": "note"})
    ('full_name', 0.947...)
    """
    folded = fold(without_brackets(text))
    if not folded:
        return None
    if folded in headers:
        return headers[folded], 1.0
    scores: dict[str, float] = {}
    for header, column in headers.items():
        scores[column] = max(scores.get(column, 0), _likeness(folded, header))
    column = max(scores, key=scores.__getitem__)
    return (column, scores[column]) if scores[column] >= NEAR else None


@lru_cache(maxsize=100_000)  # the same unknown headers stand in many files
def _likeness(text: str, header: str) -> float:
    """How like a text is to a header; 0 where their lengths alone keep it from being near."""
    if 2 * min(len(text), len(header)) < NEAR * (len(text) + len(header)):
        return 0
    likeness = SequenceMatcher(None, text, header, autojunk=False).ratio()
    is_other = not OPPOSITES.isdisjoint({*text.split()} ^ {*header.split()})
    return min(likeness, NEAR) if is_other else likeness


# a letter or two that make the contrary of a header: “Ngày chuyển sinh hoạt đi” is not “Ngày chuyển sinh hoạt đến”
OPPOSITES = frozenset(["di", "den", "tu", "cu", "moi", "truoc", "sau", "khong", "chua", "mien", "hai", "vo", "chong", "cha", "me", "con"])

NOT_YET = re.compile(r"\b(?:du kien|de nghi|de xuat|ke hoach|dang ky|phan dau)\b")  # folded


def is_not_yet(text: str, known: frozenset[str]) -> bool:
    """Does a header say that what its column holds is not so yet, in a word that no header of its column has?

    >>> is_not_yet("Từ ngày (dự kiến)", frozenset({"tu", "ngay"})), is_not_yet("Đề nghị xếp lọai", frozenset({"de", "nghi", "xep", "loai"}))
    (True, False)
    """
    return any(not known.issuperset(said.split()) for said in NOT_YET.findall(fold(text)))


def take_likely(rows: Sequence[Row], header: Header, headers: Headers) -> dict[int, str]:
    """Take unknown headers that are almost an alias for the column that they mean; returns the texts still unknown."""
    left = {}
    for position, text in unknown(rows, header, headers).items():
        # which column of levels counts was asked already, of all of them
        found = None if plain(text) in headers.unlike or position in header.levels else nearest(text, headers)
        found = None if found and is_not_yet(text, headers.words_of(found[0])) else found
        if found and found[1] >= CERTAIN and found[0] and found[0] not in header.columns and found[0] not in header.marks:
            header.columns[found[0]] = position
            header.guessed[position] = found[0]
        else:
            left[position] = text
    return left
