"""Allowed values, read from the dbt seed `codes.csv`, the only copy (law 9); and what words of some lists mean, from `schemas/phrases.csv`.

What does not belong here: what a column is called, or what is done with a value.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.paths import PHRASES, SEEDS


@dataclass(frozen=True)
class Code:
    """A code of a list, with its labels and other spellings."""

    code: str
    label_vi: str
    label_en: str
    aliases: tuple[str, ...]
    rank: int | None = None  # its place among the list's, where that has an order; two codes of other times may share one


def _between(*ranges: tuple[int, int]) -> dict[int, None]:
    return dict.fromkeys(point for first, last in ranges for point in range(first, last + 1))


# What Unicode shows nothing for: format characters, fillers, selectors, tags. Nobody types them, text that is copied has them. Control
# characters are not among them: they are what is left of letters of old alphabets.
INVISIBLE: dict[int, str | None] = _between(
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
) | {0x2800: " "}  # fmt: skip
# Letters of other alphabets that look like these ones (lower case): text copied from elsewhere has them.
LOOK_ALIKE = str.maketrans("аеорсхуікмнтвһѕјүӏԁԛԝαβεζηικμνορτυχհոսօցյ", "aeopcxyikmhtbhsjyldqwabezhikmvoptyxhnuogj")
FOLDED = INVISIBLE | LOOK_ALIKE | {ord("đ"): "d", ord("ð"): "d"}
PUNCTUATION = re.compile(r"[\s_\-\u2010-\u2015\u2212./\\|,;:()\[\]*='\"’‘`“”„«»…]+")


@lru_cache(maxsize=10_000)
def fold(text: str) -> str:
    """Text as it is compared, never as it is stored: no tone or letter marks, one case, no punctuation.

    >>> fold("  Xếp_loại (*) "), fold("Luân chuyển – biệt phái")
    ('xep loai', 'luan chuyen biet phai')
    """
    text = unicodedata.normalize("NFD", text.lower().translate(FOLDED))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return PUNCTUATION.sub(" ", text).strip()


def written(text: str) -> str:
    """Text as it is compared where a letter's mark decides: as `fold` leaves it, but for the marks.

    >>> written(" Đ. "), fold(" Đ. ")
    ('đ', 'd')
    """
    return PUNCTUATION.sub(" ", unicodedata.normalize("NFC", text.lower().translate(INVISIBLE | LOOK_ALIKE | {ord("ð"): "đ"}))).strip()


@cache
def code_lists() -> dict[str, tuple[Code, ...]]:
    """Every code list by name, in its own order."""
    lists: dict[str, list[Code]] = {}
    with (SEEDS / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            aliases = tuple(a for a in row["aliases"].split("|") if a)
            lists.setdefault(row["list"], []).append(
                Code(row["code"], row["label_vi"], row["label_en"], aliases, int(row["rank"]) if row["rank"] else None)
            )
    return {name: tuple(codes) for name, codes in lists.items()}


@cache
def spellings(list_name: str) -> dict[str, str]:
    """Folded spelling to code: the code itself, its labels and its aliases, matched whole.

    Raises ValueError where one spelling would mean two codes.
    """
    found: dict[str, str] = {}
    for code in code_lists()[list_name]:
        for spelling in (code.code, code.label_vi, code.label_en, *code.aliases):
            key = fold(spelling)
            if found.setdefault(key, code.code) != code.code:
                raise ValueError(f"codes.csv: '{spelling}' means two codes of {list_name}")
    return found


def code_of(list_name: str, text: str) -> str | None:
    """The code that a text is a spelling of. Where that is one letter or two, a mark makes another word of it; no mark at all may be a program's.

    >>> code_of("rating_level", "d"), code_of("rating_level", "Đ"), code_of("education", "ĐH"), code_of("education", "DH")
    ('NOT_COMPLETED', None, 'UNIVERSITY', 'UNIVERSITY')
    """
    key = fold(text)
    code = spellings(list_name).get(key)
    return code if len(key) > SHORT or written(text) in _short(list_name) | {key} else None


SHORT = 2


@cache
def _short(list_name: str) -> frozenset[str]:
    """The spellings of so few letters, with their marks."""
    said = (spelling for code in code_lists()[list_name] for spelling in (code.code, code.label_vi, code.label_en, *code.aliases))
    return frozenset(spelling for spelling in map(written, said) if len(spelling) <= SHORT)


def ranks(list_name: str) -> dict[str, int | None]:
    """Code to its place in the list's order."""
    return {c.code: c.rank for c in code_lists()[list_name]}


def labels(list_name: str) -> dict[str, str]:
    """Code to Vietnamese label."""
    return {c.code: c.label_vi for c in code_lists()[list_name]}


# ── words that no list holds whole ───────────────────────────────────────────────────────────────────────────────

PARTED = re.compile(r"[,;+&()\[\]\n]|(?<![đĐ])/|\s[-–—]\s|\b(?:kiêm|và)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Phrase:
    """What words mean with which a part of a text begins.

    MEANS: a code. ALONE: a code, where no other part means one. BESIDE: nothing, and nothing against the other parts. UNSURE: what only the
    city can say, of the whole text. BEFORE: what follows says it. ENDS: what follows is somebody else's.
    """

    kind: str
    code: str


@cache
def phrases(list_name: str) -> dict[str, Phrase]:
    """Folded words → what they mean at the beginning of a part of a text. Raises ValueError where one would mean two things."""
    found: dict[str, Phrase] = {}
    with PHRASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["list"] == list_name and found.setdefault(fold(row["phrase"]), Phrase(row["kind"], row["code"])) != Phrase(
                row["kind"], row["code"]
            ):
                raise ValueError(f"phrases.csv: '{row['phrase']}' means two things of {list_name}")
    return found


def meaning_of(list_name: str, text: str) -> str | None:
    """The code that a text in words means, or None: a spelling of it, or, of a list that has phrases, the highest that its parts mean, if the
    first of them is understood.

    >>> [meaning_of("post", t) for t in ("Phó Trưởng phòng Tổ chức - Hành chính", "Bí thư Đảng ủy, Chủ tịch UBND phường", "Giáo viên, Bí thư chi đoàn")]
    ['DEPUTY_DIVISION_HEAD', 'HEAD', 'SPECIALIST']
    >>> [meaning_of("post", t) for t in ("Bí thư chi bộ", "Trưởng phòng, Bí thư chi bộ", "Q. Hiệu trưởng", "Chuyên viên giúp việc Bí thư, Phó Bí thư")]
    ['HEAD', 'DIVISION_HEAD', 'HEAD', 'SPECIALIST']
    >>> [meaning_of("post", t) for t in ("Bí thư chi đoàn", "Chủ tịch Hội Nông dân, chuyên viên", "Nguyên Giám đốc", "Kế toán trưởng", "")]
    [None, None, None, None, None]
    >>> [meaning_of("education", t) for t in ("ThS. Quản lý công", "Đại học Luật; Thạc sĩ Kinh tế", "Đang học thạc sĩ", "12/12")]
    ['MASTER', 'MASTER', None, 'SECONDARY']
    """
    code = code_of(list_name, text)
    if code or not phrases(list_name):
        return code
    parts = [words for part in PARTED.split(_own(list_name, text)) if (words := fold(part).split())]
    said = [_beginning(list_name, words) for words in parts]
    if not said or said[0] is None or any(phrase and phrase.kind == "UNSURE" for phrase in said):
        return None
    for kind in ("MEANS", "ALONE"):
        if meant := {phrase.code for phrase in said if phrase and phrase.kind == kind}:
            order = ranks(list_name)
            return max(meant, key=lambda code: order[code] or 0)
    return None


def _beginning(list_name: str, words: list[str]) -> Phrase | None:
    """What a part of a text means by the longest phrase that it begins with; one that is a spelling of a code and no more, means that alone."""
    known = phrases(list_name)
    for count in range(len(words), 0, -1):
        if phrase := known.get(" ".join(words[:count])):
            return _beginning(list_name, words[count:]) if phrase.kind == "BEFORE" else phrase
    code = spellings(list_name).get(" ".join(words))
    return Phrase("ALONE", code) if code else None


def _own(list_name: str, text: str) -> str:
    """A text up to where it speaks of somebody else."""
    ends = _ends(list_name).search(text)
    return text[: ends.start()] if ends else text


@cache
def _ends(list_name: str) -> re.Pattern[str]:
    with PHRASES.open(encoding="utf-8", newline="") as file:
        ends = [re.escape(row["phrase"]) for row in csv.DictReader(file) if (row["list"], row["kind"]) == (list_name, "ENDS")]
    return re.compile(rf"(?<=\s)(?:{'|'.join(ends)})\b" if ends else "(?!)", re.IGNORECASE)
