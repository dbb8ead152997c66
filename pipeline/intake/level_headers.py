"""What a header says of a level: that it speaks of a rating, whose it is, of which year. Every word of it must be known.

What does not belong here: which of several columns is the level (level_columns), and what stands below a header.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from pipeline.codes import fold
from pipeline.intake.headers import TIME
from pipeline.intake.layout import BELOW
from pipeline.intake.rows import plain


class Step(IntEnum):
    """Whose a level is: of two that may be the one that counts, the law means the later step."""

    SELF = 0
    PROPOSED = 1  # by a cell or a collective, or before it was looked at again
    SAID = 2  # by nobody that is named
    DECIDED = 3  # by who may decide
    LAST = 4  # after it was looked at again


@dataclass(frozen=True)
class LevelHeader:
    """What a header says of the levels below it. `time`: folded, as it is written; blank where none is said."""

    step: Step
    time: str = ""


COLUMN = {Step.SELF: "self_level_code", Step.PROPOSED: "proposed_level_code"}  # else the one that counts
DECIDED = "decided_level_code"
# Folded phrases. RATES: without one of them, or a group or a title that has one, nothing speaks of a rating. A body's name is who rates where it begins a
# text or stands behind “của”, “do”; elsewhere it is who is rated.
WORDS = {
    "RATES": "xep loai|xep|xl|danh gia|dg|dgxl|phan loai|muc do|ket qua|kq|muc|htnv|hoan thanh nhiem vu|hoan thanh nv|cldv|clcb|clcc|clvc|clcbcc",
    "": "chat luong|cl|nhiem vu|nv|va|theo|thuc hien|cong tac|dang vien|dv|can bo|cong chuc|vien chuc|cb cc vc|cbccvc|cbcc|ccvc|cb|cc|vc|cbvc|lanh dao quan ly|"
    "giao vien|nhan vien|nguoi lao dong|trong nam|cuoi nam|hang nam|hoan thanh|tong hop|dat|duoc|chung|muc do hoan thanh|lan 1|lan dau|lan mot|"
    "lan thu nhat|lan i",
    "SELF": "tu|ban than|tu nhan|tu cham",
    "PROPOSED": "de nghi|de xuat|du kien|kien nghi|gop y|nhan xet|truoc phuc tra|truoc tham dinh|truoc dieu chinh|truoc ra soat|ban dau|so bo",
    "DECIDED": "quyet dinh|qd|cong nhan|phe duyet|duyet|chuan y|co tham quyen|tham quyen",
    "LAST": "sau phuc tra|sau tham dinh|sau dieu chinh|sau ra soat|sau kiem tra|sau khieu nai|sau khi phuc tra|sau khi tham dinh|sau khi dieu chinh|sau khi ra soat|phuc tra|"
    "tham dinh|dieu chinh|da dieu chinh|chinh thuc|ban chinh thuc|cuoi cung|lan cuoi|xem xet lai|sau khi xem xet lai|sau xem xet lai|"
    "sau khi xem xet|sau xem xet|xet lai|binh xet lai|lai|sua lai|lan 2|lan hai|lan thu hai|lan ii",
    "BY": "cua|do|tai|y kien|ket luan",
    "ONESELF": "ca nhan",
    "CELL": "chi bo|chi uy|tap the|tap the chi bo|tap the don vi|to dang|to|hoi nghi chi bo|chi bo co so",
    "UNIT": "don vi|co quan|phong|khoa|truong",
    "BODY": "dang uy|dang uy co so|dang uy cap tren|cap uy|cap uy cap tren|cap uy co so|cap co tham quyen|cap uy co tham quyen|cap tren|btv|ban thuong vu|btv dang uy|"
    "ban thuong vu dang uy|thuong truc dang uy|ban chap hanh|bch|bch dang bo|thu truong|thu truong don vi|thu truong co quan|nguoi dung dau|nguoi co tham quyen|"
    "hieu truong|giam doc|chu tich|ubnd|hoi dong|hoi dong danh gia|thanh uy|tinh uy|quan uy|huyen uy|lanh dao|lanh dao don vi",
}
KINDS = {phrase: kind for kind, phrases in WORDS.items() for phrase in phrases.split("|")}
LONGEST = max(phrase.count(" ") + 1 for phrase in KINDS)
OTHER_TIME = ("nam truoc", "nam ngoai", "nam lien ke", "ky truoc", "nam qua", "nam lien truoc")
A_SCHOOL_YEAR = re.compile(r"nam hoc (20[0-9]{2}) (20[0-9]{2})")


@lru_cache(maxsize=10_000)  # the same headers in many files
def level_header(path: tuple[str, ...], is_of_ratings: bool = False) -> LevelHeader | None:
    """What a header says with the groups above it; None where it is not certain that it speaks of a rating, or whose. `is_of_ratings`: the titles above
    the table say so.

    >>> level_header(("Xếp loại năm 2025",)), level_header(("Mức xếp loại đề nghị của chi bộ",)), level_header(("Xếp loại", "Đảng ủy"))
    (LevelHeader(step=<Step.SAID: 2>, time='nam 2025'), LevelHeader(step=<Step.PROPOSED: 1>, time=''), LevelHeader(step=<Step.DECIDED: 3>, time=''))
    >>> level_header(("Xếp loại sau phúc tra",)), level_header(("Xếp loại sức khỏe",)), level_header(("Xếp loại chi bộ",)), level_header(("Năm xếp loại",))
    (LevelHeader(step=<Step.LAST: 4>, time=''), None, None, None)
    >>> level_header(("Đảng ủy",)), level_header(("Đảng ủy",), True)
    (None, LevelHeader(step=<Step.DECIDED: 3>, time=''))
    """
    kinds: set[str] = set()
    times: set[str] = set()
    for text in path:
        said = _kinds_of(text, times)
        if said is None:
            return None
        kinds |= said
    if len(times) > 1 or not kinds | times or not ("RATES" in kinds or is_of_ratings):
        return None
    step = _step(kinds)
    return None if step is None else LevelHeader(step, next(iter(times), ""))


def _step(kinds: set[str]) -> Step | None:
    if "SELF" in kinds or "ONESELF" in kinds:
        return None if kinds & {"LAST", "DECIDED", "BODY", "CELL"} else Step.SELF
    if "PROPOSED" in kinds:
        return None if "LAST" in kinds else Step.PROPOSED
    if "CELL" in kinds:
        return None if kinds & {"LAST", "DECIDED", "BODY"} else Step.PROPOSED
    if "LAST" in kinds:
        return Step.LAST
    return Step.DECIDED if kinds & {"DECIDED", "BODY"} else Step.SAID


def _kinds_of(text: str, times: set[str]) -> set[str] | None:
    """The kinds of a text's phrases, the longest first; None where a word is not known, or a body is who is rated."""
    folded = fold(text)
    if school := A_SCHOOL_YEAR.search(folded):
        folded = folded.replace(school[0], f"nam {school[2]}")
    words = folded.split()
    kinds: set[str] = set()
    before = "BY"  # what stands at the beginning is who rates
    number = 0
    while number < len(words):
        for count in range(min(LONGEST, len(words) - number), 0, -1):
            phrase = " ".join(words[number : number + count])
            if (kind := KINDS.get(phrase)) is not None:
                break
            if phrase in OTHER_TIME or TIME.fullmatch(phrase):
                kind = "TIME"
                times.add(phrase)
                break
        else:
            return None
        if kind in ("CELL", "UNIT", "BODY") and before not in ("BY", "PROPOSED", "DECIDED"):
            return None
        if kind == "ONESELF" and before != "BY":
            kind = ""  # who is rated, as everybody
        if phrase.split()[0] == "tu" and "tự" not in (own := plain(text)).split() and own != folded:
            return None
        kinds.add(kind)
        before = kind
        number += count
    return kinds - {"TIME", "BY", ""} or {""}


def level_column(text: str) -> str | None:
    """The column whose levels stand below a group of this name, where it speaks of a rating."""
    found = level_header((text,))
    return COLUMN.get(found.step, DECIDED) if found else None


RATE = frozenset(word for phrase in WORDS["RATES"].split("|") for word in phrase.split())


@lru_cache(maxsize=10_000)
def may_rate(text: str) -> bool:
    """Whether a header's text may speak of a rating, or of the time of one: most lists have none that does, and need not be asked further."""
    folded = fold(text)
    return not RATE.isdisjoint(folded.split()) or bool(TIME.fullmatch(folded))


@lru_cache(maxsize=10_000)
def names_a_step(text: str) -> bool:
    """Whether a header names, where its title speaks of ratings, whose a level is and nothing else.

    >>> [names_a_step(text) for text in ("Chi bộ", "Trước phúc tra", "Cá nhân", "Ghi chú", "Chức vụ", "Đạt")]
    [True, True, True, False, False, False]
    """
    said = level_header((text,), True)
    return said is not None and said.step is not Step.SAID


@lru_cache(maxsize=10_000)
def says_not_decided(text: str) -> bool:
    """Whether a heading names a step before the decision in a word of its own: a body alone is as often a unit.

    >>> [says_not_decided(text) for text in ("Chi bộ đề nghị", "Chi bộ", "Cá nhân tự xếp loại", "Đảng ủy công nhận")]
    [True, False, True, False]
    """
    said = level_header((text,), True)
    is_early = said is not None and said.step < Step.SAID
    return is_early and any(f" {word} " in f" {fold(text)} " for word in f"{WORDS['PROPOSED']}|{WORDS['SELF']}".split("|"))


def step_said(header: str) -> str | None:
    """The column of levels that a header, with the groups above it, speaks of, also where not every word of it is known: whose own rating it is.

    >>> step_said("Cá nhân tự chấm mức"), step_said("Chi bộ đề nghị xếp loại"), step_said("Nhóm máu")
    ('self_level_code', 'proposed_level_code', None)
    """
    words = plain(header).split()
    if "tự" in words or "cá nhân" in plain(header):
        return COLUMN[Step.SELF]
    return level_column(header.replace(BELOW, " "))


def time_in(text: str) -> str:
    """The year or quarter that a group of levels says, folded."""
    found = level_header((text,))
    return found.time if found else ""


def time_of(leaf: str) -> str:
    """The year or quarter that a leaf says, folded: the whole of it, or one beside words of a rating."""
    folded = fold(leaf)
    if TIME.fullmatch(folded):
        return folded
    found = level_header((leaf,), True)
    return found.time if found else ""


def speak_of_ratings(titles: Sequence[str]) -> bool:
    """Do titles call a list one of ratings?

    >>> speak_of_ratings(["KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI ĐẢNG VIÊN"]), speak_of_ratings(["DANH SÁCH ĐẢNG VIÊN"])
    (True, False)
    """
    return any(word in fold(title) for title in titles for word in ("xep loai", "danh gia", "phan loai"))
