"""Allowed values, read from the dbt seed `codes.csv`, the only copy (law 9); and what words of some lists mean, from `schemas/phrases.csv`.

What does not belong here: what a column is called, or what is done with a value.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
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
WRITTEN = INVISIBLE | LOOK_ALIKE | {ord("ð"): "đ"}
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


@lru_cache(maxsize=10_000)
def written(text: str) -> str:
    """Text as it is compared where a letter's mark decides: as `fold` leaves it, but for the marks.

    >>> written(" Đ. "), fold(" Đ. ")
    ('đ', 'd')
    """
    return PUNCTUATION.sub(" ", unicodedata.normalize("NFC", text.lower().translate(WRITTEN))).strip()


@cache
def code_lists() -> Mapping[str, tuple[Code, ...]]:
    """Every code list by name, in its own order."""
    lists: dict[str, list[Code]] = {}
    with (SEEDS / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            aliases = tuple(a for a in row["aliases"].split("|") if a)
            lists.setdefault(row["list"], []).append(
                Code(row["code"], row["label_vi"], row["label_en"], aliases, int(row["rank"]) if row["rank"] else None)
            )
    return {name: tuple(codes) for name, codes in lists.items()}


# Columns whose code list is not called as they are.
PRECISION = "_precision_code"
NAMED_OTHERWISE = {
    **dict.fromkeys(("level", "self_level", "proposed_level", "decided_level"), "rating_level"),
    **dict.fromkeys(("from_post", "to_post"), "post"),
    **dict.fromkeys(("one_side", "other_side"), "identity_side"),
    "form": "discipline_form",
    "confirmed_severity": "severity",
    "ancestor_unit_type": "unit_type",
    "reason": "kept_out_reason",
}


def code_list_of(column: str) -> str | None:
    """The code list of a column's values.

    >>> code_list_of("self_level_code"), code_list_of("sex_code"), code_list_of("posting_to_precision_code"), code_list_of("unit_code")
    ('rating_level', 'sex', 'date_precision', None)
    """
    if column.endswith(PRECISION):
        return "date_precision"
    stem = column.removesuffix("_code")
    named = NAMED_OTHERWISE.get(stem, stem)
    return named if stem != column and named in code_lists() else None


@cache
def spellings(list_name: str) -> Mapping[str, str]:
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
    """The code that a text is a spelling of. Where that is one letter or two, a mark makes another word of it, as does a sign: A- is no A. No mark at all
    may be a program's.

    >>> code_of("rating_level", "d"), code_of("rating_level", "Đ"), code_of("education", "ĐH"), code_of("education", "DH")
    ('NOT_COMPLETED', None, 'UNIVERSITY', 'UNIVERSITY')
    >>> code_of("rating_level", "A-"), code_of("rating_level", "A'"), code_of("rating_level", "(A)"), code_of("rating_level", " a. ")
    (None, None, 'EXCELLENT', 'EXCELLENT')
    """
    key = fold(text)
    code = spellings(list_name).get(key)
    if code is None or len(key) > SHORT:
        return code
    return code if written(text) in _short(list_name) | {key} and not A_SIGN.search(text) else None


SHORT = 2
A_SIGN = re.compile(r"[\w.)][-+\u2010-\u2015\u2212*/\\'’^]|[/\\]")  # behind a letter


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

PARTED = re.compile(r"[,;+&()\[\]\n]|(?<![đĐ])/|\s[-–—]\s|\b(?:kiêm(?: nhiệm| chức)?|và)\b", re.IGNORECASE)
A_YEAR, VOWELS = re.compile(r"(?:19|20)\d\d"), frozenset("aeiouy")


@dataclass(frozen=True)
class Phrase:
    """What words mean with which a part of a text begins.

    MEANS: a code. ALONE: a code, where no other part means one. IDLE: a code of whoever does nothing, which leaves every other in doubt but what
    stands alone. BESIDE: nothing, and nothing against the other parts. UNSURE: what only the city can say, of the whole text. BEFORE: what follows
    says it. Two kinds are no beginnings. DOUBT: such words behind a phrase, or in a part that is not understood, leave the whole text in doubt. BEHIND: of a
    list that has such words nothing else may stand behind a phrase, and every part is understood.
    """

    kind: str
    code: str


@cache
def _phrases(list_name: str) -> tuple[Mapping[str, Phrase], frozenset[str], re.Pattern[str], re.Pattern[str]]:
    """Folded words → what they mean at the beginning of a part of a text; what alone may stand behind, where that is said; and the words, with their
    marks and without, that leave it in doubt.

    Raises ValueError where a phrase would mean two things.
    """
    found: dict[str, Phrase] = {}
    doubts: list[str] = []
    behind: set[str] = set()
    with PHRASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["list"] != list_name:
                continue
            if row["kind"] == "DOUBT":
                doubts.append(written(row["phrase"]))
            elif row["kind"] == "BEHIND":
                behind |= {*fold(row["phrase"]).split()}
            elif found.setdefault(fold(row["phrase"]), Phrase(row["kind"], row["code"])) != Phrase(row["kind"], row["code"]):
                raise ValueError(f"phrases.csv: '{row['phrase']}' means two things of {list_name}")
    patterns = [rf"\b(?:{'|'.join(map(re.escape, words))})\b" if words else "(?!)" for words in (doubts, list(map(fold, doubts)))]
    return found, frozenset(behind), re.compile(patterns[0]), re.compile(patterns[1])


def parts_of(text: str) -> str:
    """A text as it is compared where what parts it matters: `a, b` is `a - b`, and not `a b`.

    >>> parts_of("Bác sĩ, Trưởng khoa Nội"), parts_of("Bác sĩ Trưởng khoa Nội")
    ('bac si|truong khoa noi', 'bac si truong khoa noi')
    """
    return "|".join(folded for part in PARTED.split(text) if (folded := fold(part)))


def meaning_of(list_name: str, text: str) -> str | None:
    """The code that a text in words means, or None: a spelling of it, or, of a list that has phrases, the highest that its parts mean. What is not
    sure is not guessed: nothing may be left that could say otherwise.

    >>> [meaning_of("post", t) for t in ("Phó Trưởng phòng Tổ chức - Hành chính", "Bí thư Đảng ủy, Chủ tịch UBND phường", "Giáo viên, Bí thư chi đoàn")]
    ['DEPUTY_DIVISION_HEAD', 'HEAD', 'SPECIALIST']
    >>> [meaning_of("post", t) for t in ("Bí thư chi bộ", "Trưởng phòng, Bí thư chi bộ", "Q. Hiệu trưởng", "Chuyên viên giúp việc Bí thư, Phó Bí thư")]
    ['HEAD', 'DIVISION_HEAD', 'HEAD', None]
    >>> [meaning_of("post", t) for t in ("Bí thư chi đoàn", "Chủ tịch Hội Nông dân, chuyên viên", "Giám đốc (đã nghỉ hưu)", "Kế toán trưởng", "")]
    [None, None, None, None, None]
    >>> [meaning_of("education", t) for t in ("ThS. Quản lý công", "Đại học Luật; Thạc sĩ Kinh tế", "Thạc sĩ (đang học)", "12/12")]
    ['MASTER', 'MASTER', None, 'SECONDARY']
    >>> [meaning_of("violation", t) for t in ("Sinh con thứ ba, vi phạm chính sách dân số", "Thiếu trách nhiệm, nhận hối lộ", "Không vi phạm")]
    ['POPULATION', None, None]
    """
    known, behind, *doubts = _phrases(list_name)
    code = code_of(list_name, text)
    if code or not known:
        return code
    if A_YEAR.search(text) or ":" in text or "→" in text or (list_name != "post" and "/" in text):
        return None
    doubt = doubts[written(text) == fold(text)]  # who writes without marks writes all words so
    said: list[Phrase] = []
    for number, part in enumerate(part for part in PARTED.split(text) if fold(part)):
        phrase, rest = _beginning(list_name, written(part).split())
        if phrase is None:
            if number == 0 or behind or (" " not in rest and not VOWELS.intersection(fold(rest)) and fold(rest) != "hdnd"):
                return None  # the first part is not understood, or a later one is letters that may stand for a post
        elif behind and not behind.issuperset(fold(rest).split()):
            return None
        else:
            said.append(phrase)
        if doubt.search(NAMES_OF_ROOMS.sub(" ", rest)):
            return None
    kinds = {kind: {phrase.code for phrase in said if phrase.kind == kind} for kind in ("MEANS", "ALONE", "IDLE", "UNSURE")}
    if kinds["UNSURE"] or (kinds["MEANS"] and kinds["IDLE"]):
        return None
    meant = kinds["MEANS"] or kinds["ALONE"] or kinds["IDLE"]
    order = {} if list_name == "discipline_form" else ranks(list_name)  # of two punishments none is the other
    highest = [code for code in sorted(meant) if (order.get(code) or 0) == max(order.get(other) or 0 for other in meant)]
    return highest[0] if len(highest) == 1 else None


NAMES_OF_ROOMS = re.compile(r"\b(?:tài nguyên|tai nguyen|cao nguyên|hội trường|hội đồng|y tế công cộng|đoàn thể|xã hội|xa hoi|năm căn)\b")


def _beginning(list_name: str, words: list[str]) -> tuple[Phrase | None, str]:
    """What a part of a text (words with their marks) means by the longest phrase that it begins with, and the words behind; one that is a spelling
    of a code and no more, means that alone."""
    known = _phrases(list_name)[0]
    for count in range(len(words), 0, -1):
        if phrase := known.get(fold(" ".join(words[:count]))):
            rest = words[count:]
            return _beginning(list_name, rest) if phrase.kind == "BEFORE" else (phrase, " ".join(rest))
    whole = " ".join(words)
    code = code_of(list_name, whole)
    return (Phrase("ALONE", code), "") if code else (None, whole)
