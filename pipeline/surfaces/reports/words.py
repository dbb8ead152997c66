"""Words that fit a figure: how many, of what, how it changed; what is unknown, nought or not told.

What does not belong here: which figures a report speaks of (text.py).
"""

from collections.abc import Sequence

from pipeline.presentation import number
from pipeline.surfaces.reports.document import HIDDEN, UNKNOWN, Mark, Value, exact


def count(value: Value, what: str = "") -> str:
    """A number and what is counted, or a word that it is not known.

    >>> count(1236, "đồng chí"), count(0, "đồng chí"), count(Mark(UNKNOWN), "đồng chí"), count(Mark("(ẩn)"), "đồng chí")
    ('1.236 đồng chí', 'không có đồng chí nào', 'chưa rõ số đồng chí', '(ẩn) đồng chí')
    """
    if isinstance(value, Mark) and value.text == UNKNOWN:
        return f"chưa rõ số {what}".rstrip()
    if not value:
        return f"không có {what} nào" if what else "không có"
    return f"{number(value) if isinstance(value, int | float) else told(value)} {what}".rstrip()


def told(value: Value) -> str:
    """A value that is no number."""
    return value.text if isinstance(value, Mark) else str(value or "")


def share(value: Value, of: str, digits: int = 2) -> str:
    """A share with its denominator; of none, nothing, for that there is none is said before it.

    >>> share(0.18431, "số được xếp loại"), share(0.9999, "số được xếp loại", 1), share(Mark(UNKNOWN), "số được xếp loại")
    (', chiếm tỷ lệ 18,43% số được xếp loại', ', chiếm tỷ lệ 99,99% số được xếp loại', '')
    >>> share(1.0, "số được xếp loại")
    ', chiếm tỷ lệ 100% số được xếp loại'
    >>> share(0.0, "số được xếp loại")
    ''
    """
    return f", chiếm tỷ lệ {exact(value, 0 if value == 1 else digits)} {of}" if isinstance(value, int | float) and value else ""


def change(value: Value, what: str, than: str, why_unknown: str) -> str:
    """How something changed.

    >>> change(59, "đảng viên", "năm 2020", ""), change(-3, "đảng viên", "năm 2020", ""), change(0, "đảng viên", "năm 2020", "")
    ('tăng 59 đảng viên so với năm 2020', 'giảm 3 đảng viên so với năm 2020', 'bằng năm 2020')
    >>> change(Mark("(ẩn)"), "đảng viên", "năm 2020", "")
    'số tăng, giảm so với năm 2020 không công bố'
    """
    if isinstance(value, Mark) and value.text == HIDDEN:
        return f"số tăng, giảm so với {than} không công bố"
    if not isinstance(value, int):
        return f"chưa so sánh được với {than}{why_unknown}"
    return f"{'tăng' if value > 0 else 'giảm'} {number(abs(value))} {what} so với {than}" if value else f"bằng {than}"


def joined(parts: Sequence[str], between: str = ", ") -> str:
    """Parts of a sentence."""
    return between.join(part for part in parts if part)


def capital(words: str) -> str:
    """A sentence's beginning."""
    return words[:1].upper() + words[1:]


def is_some(value: Value) -> bool:
    """Whether there is anything, or may be."""
    return isinstance(value, Mark) or bool(value)
