"""How many a line of words says that there are: "Tổng số: 25 đồng chí", "Danh sách này có 25 người", "Xuất sắc: 5; Tốt: 20". One grammar for all.

What does not belong here: where such lines stand, and how many there are.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

from pipeline.codes import fold
from pipeline.intake.rows import DIGIT, plain
from pipeline.intake.sections import NUMERAL

PARTS = re.compile(r"[;,()\[\]\r\n]|\.(?=\s|\Z)|\btrong đó\b|\bgồm\s*:")
COUNT = re.compile(
    r"(?P<what>\D*?)[\s:=\-\u2013]*(?P<number>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,5})(?![0-9])\s*"
    r"(?P<noun>(?:đồng chí|đ/c|đc|đảng viên|đv|người|tập thể|trường hợp)\b)?(?P<rest>.*)"
)
IN_BRACKETS = re.compile(r"[(\[]\s*(?=[0-9]{1,5}\s*(?:[^\W\d]|[ /])*[)\]])")  # "Hoàn thành tốt (03)"
# Folded: what may be said of a whole list, a word of which says that it is; and what may stand before a level.
WHOLE = re.compile(
    r"(?:(?:tong|tong so|tong cong|cong|danh sach|so luong|so|nay|tren|an dinh|gom|co|la|tat ca|dang vien|dong chi|nguoi|can bo|trong|kem theo|tap the|"
    r"d c|dc|dv)(?: |\Z))+"
)
HEAD = re.compile(r"\b(?:tong|cong|danh sach|so luong)\b")
BEFORE = frozenset(["tong", "hop", "so", "cong", "trong", "do", "xep", "loai", "muc", "dang", "vien", "dat", "co"])


@dataclass(frozen=True)
class Count:
    """A number, what it counts (folded), whether it says that these are people or collectives, and whether nothing follows."""

    what: str
    number: int
    is_of_people: bool
    is_all_said: bool

    @property
    def is_of_list(self) -> bool:
        """Whether it counts the whole list, and no part of it."""
        return bool(WHOLE.fullmatch(self.what) and HEAD.search(self.what))

    @property
    def code(self) -> str:
        """The word of a code list that is counted, if it is one."""
        words = self.what.split()
        while words and words[0] in BEFORE:
            words = words[1:]
        return " ".join(words)


@lru_cache(maxsize=10_000)  # titles, the same ones in many files
def counts_said(text: str) -> tuple[Count, ...]:
    """
    >>> [(c.what, c.number, c.is_of_list) for c in counts_said("Ấn định danh sách gồm 25 (hai mươi lăm) đồng chí.")]
    [('an dinh danh sach gom', 25, True)]
    >>> [(c.code, c.number) for c in counts_said("Tổng hợp: HTXSNV: 5; Hoàn thành tốt 1.020 đồng chí, tỷ lệ 20%")]
    [('htxsnv', 5), ('hoan thanh tot', 1020)]
    """
    if not DIGIT.search(text):
        return ()
    text = IN_BRACKETS.sub(": ", NUMERAL.sub("", plain(text)))
    found = [COUNT.fullmatch(part.strip()) for part in PARTS.split(text)]
    return tuple(
        Count(fold(c["what"]), int(c["number"].replace(".", "")), bool(c["noun"]), not c["rest"].strip())
        for c in found
        if c and c["what"].strip() and not c["rest"].lstrip().startswith(("%", "/", ","))
    )


def only_counts(text: str, words: Container[str]) -> bool:
    """Is a text nothing but counts: of the list, of people, of a code's words? Then it is no person, whatever column it stands in.

    >>> only_counts("1. Hoàn thành tốt nhiệm vụ (03)", {"hoan thanh tot nhiem vu"}), only_counts("Nguyễn Văn An: 1980", set()), only_counts("Nguyễn An", set())
    (True, False, False)
    """
    counts = counts_said(text)
    return bool(counts) and all(c.is_all_said and (c.is_of_people or c.is_of_list or c.code in words) for c in counts)
