"""What the words of a title say, phrase by phrase (`schemas/titles.csv`); and which of them nobody knows.

A title is read from its left, at each place by the longest phrase that the file has for the list's dataset. What no phrase holds, and is neither a number
nor within a name, is not understood: the officer is told of it, so that no title calls a list something in silence (decision 0036).

| does | the phrase |
|---|---|
| CALLS, RATED | names what a list is; speaks of ratings |
| WHO | says whom it is of: a rating system, SEVERAL of them, people who have none of their own (ELSE), or who learn (LEARNER) |
| WHEN | speaks of a time, whose numbers are read elsewhere |
| SAYS | says nothing that matters |
| UNIT, COURSE | begins a name, which goes on to a comma, a bracket or a phrase that matters; of an OFFICE the next phrase is of its name, whatever it says |
| REST | what follows, to the end of the line or of its brackets, is of something else: a document; of an addressee where the LINE begins with it |
| PART, STAGE | is of a part of the year; of a stage, which may be one |
| UNDONE, ENDED | was not done, or not yet; is over |
| PROPOSED | is not decided yet |
| PAY, MATTER | is of money; gives levels for something else than a year's work |
| SOME | is of some people of a unit |
| OTHERS | is of people, or things, whom no list of ours is of (asked before its dataset is known: `of` is `elsewhere`) |

What does not belong here: years and other numbers of time (titles.py, spans.py), where titles stand, and what is done about what they say.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from unicodedata import combining, normalize

from pipeline.codes import fold
from pipeline.paths import TITLES

WORD = re.compile(r"[^\W_]+|[,;:()\[\]+]")
NUMERAL = re.compile(r"[0-9]{1,2}[a-z]?[0-9]{0,2}|[ivx]+", re.ASCII)  # no year
NEUTRAL = re.compile(r"[^\W\d_]|\w*[0-9]\w*|[ivx]+")  # numbers, codes, letters
STRICT = frozenset(
    ("PART", "STAGE", "UNDONE", "ENDED", "PROPOSED", "PAY", "MATTER", "SOME", "OTHERS")
)  # a mark may make another word of them
OVER = STRICT | {"CALLS", "RATED", "WHO", "WHEN", "REST"}  # where a name is over
A_NUMBER = re.compile(r"\b(?!20[0-9]{2})[0-9]{1,4}[-/](?:[^\W\d_]{1,6}\b[./-]?){1,4}")  # “12-BC/ĐU”: whose paper it is
A_PLACE = re.compile(r"\A\W*(?P<place>[^\W\d_]+(?:[ .]+[^\W\d_]+){0,4}), *(?=ng[àa]y\b)", re.IGNORECASE)  # and a day behind it
CLOSES = {"(": ")", "[": "]"}


@dataclass(frozen=True)
class Phrase:
    """A line of the file."""

    words: tuple[str, ...]  # as `_spelt` spells them
    does: str
    code: str


@dataclass(frozen=True)
class Line:
    """What a line of a title says."""

    said: tuple[tuple[str, str, str], ...]  # what a phrase does, its code, its words
    unknown: tuple[str, ...]
    begins: str = ""  # what its first words do, where they are known

    def does(self, *kinds: str) -> list[str]:
        """The words that do so."""
        return [words for does, _, words in self.said if does in kinds]

    @property
    def is_letterhead(self) -> bool:
        """Does it begin as the name of a unit or with what is of something else, and call no list anything? “Chi bộ 2 đăng ký …” does."""
        return self.begins in ("UNIT", "REST") and not self.does("CALLS", "RATED", *STRICT)


@cache
def phrases() -> Mapping[str, Mapping[tuple[str, ...], Sequence[Phrase]]]:
    """Dataset, or none for all of them → folded words → phrases. Raises ValueError where words would do two things."""
    found: dict[str, dict[tuple[str, ...], list[Phrase]]] = {}
    with TITLES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = row["phrase"].split()
            phrase = Phrase(tuple(map(_spelt, words)), row["does"], row["code"])
            for dataset in row["of"].split("|"):
                same = found.setdefault(dataset, {}).setdefault(tuple(map(_plain, words)), [])
                if any(other.words == phrase.words for other in same):
                    raise ValueError(f"titles.csv: '{row['phrase']}' stands twice for {dataset or 'all lists'}")
                same.append(phrase)
    return found


@cache
def _reach() -> Mapping[str, int]:
    """First word → of how many words the longest phrase is that begins with it."""
    found: dict[str, int] = {}
    for first, count in ((words[0], len(words)) for of in phrases().values() for words in of):
        found[first] = max(found.get(first, 0), count)
    return found


@lru_cache(maxsize=50_000)  # the same words in all titles
def _plain(word: str) -> str:
    """A word without marks, i and y alike, as “kỷ” and “kỉ” are."""
    return fold(word).replace("y", "i")


@lru_cache(maxsize=50_000)
def _spelt(word: str) -> str:
    """A word with its marks, wherever they are set: “hoà” as “hòa”.

    >>> _spelt("HOÀ") == _spelt("hòa"), _spelt("bản") == _spelt("ban"), _spelt("kỷ") == _spelt("kỉ")
    (True, False, True)
    """
    letters = normalize("NFD", word.lower())
    marks = sorted(c for c in letters if combining(c) or c == "đ")
    return _plain(word) + "".join(marks)


@lru_cache(maxsize=20_000)  # the same titles in many files
def line(text: str, dataset: str) -> Line:
    """What a line says above a list of a dataset.

    >>> line("KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN CHI BỘ TRƯỜNG HOA MAI NĂM 2025", "ratings").unknown, line("XẾP LOẠI NUÔI QUÂN", "ratings").unknown
    ((), ('NUÔI', 'QUÂN'))
    >>> line("DANH SÁCH CÁN BỘ CHƯA QUA BỒI DƯỠNG", "training").does("UNDONE"), line("PHÒNG KẾ HOẠCH", "training").does("UNDONE")
    (['CHƯA QUA BỒI DƯỠNG'], [])
    >>> line("(Theo Quyết định số 5 về nuôi quân) nuôi quân", "ratings").unknown, line("TRƯỜNG HOA MAI", "training").is_letterhead
    (('nuôi', 'quân'), True)
    """
    text = A_NUMBER.sub(" ", normalize("NFC", text))
    place = A_PLACE.match(text)
    if place and OVER.isdisjoint(does for does, *_ in line(place["place"], dataset).said):
        return Line((("REST", "", text),), (), "REST")
    words = WORD.findall(text)
    is_marked = any(_spelt(w) != _plain(w) for w in words)
    said: list[tuple[str, str, str]] = []
    unknown: list[str] = []
    begins: str | None = None
    of, at = (phrases().get(dataset, {}), phrases()[""]), 0
    in_name, is_office, of_unit = False, False, 0  # of a name: whether its next phrase is of it, of how many words it began
    while at < len(words):
        if not words[at][0].isalnum():
            in_name, is_office = in_name and words[at][0] not in ",;:()[]+", False
            at += 1
            continue
        phrase, count = _phrase(words, at, of, is_marked)
        spoken, does = " ".join(words[at : at + count]), phrase.does if phrase else ""
        does = "SAYS" if phrase and phrase.code == "LINE" and said else does
        at += count
        is_first = in_name and said[-1][2].count(" ") + 1 == of_unit
        if in_name and (is_office or does not in OVER or (is_first and does == "WHO" and phrase and phrase.code != "PARTY_MEMBER")):
            said[-1] = (*said[-1][:2], f"{said[-1][2]} {spoken}")
            is_office = phrase is not None and phrase.code == "OFFICE"
        elif phrase is None:
            begins = begins or (None if NEUTRAL.fullmatch(spoken.lower()) else "?")
            unknown += [] if NEUTRAL.fullmatch(spoken.lower()) else [spoken]
        else:
            begins = begins or does
            said.append((does, phrase.code, spoken))
            in_name, is_office, of_unit = does in ("UNIT", "COURSE"), phrase.code == "OFFICE", count
            at = _behind(words, at) if does == "REST" else at
    return Line(tuple(said), tuple(unknown), begins or "")


def _phrase(
    words: Sequence[str], at: int, of: Iterable[Mapping[tuple[str, ...], Sequence[Phrase]]], is_marked: bool
) -> tuple[Phrase | None, int]:
    """The longest phrase that begins at a word, and of how many words it is; of two of one length the dataset's own."""
    plain: list[str] = []
    first = _plain(words[at])
    for word in words[at : at + max(_reach().get(first, 0), _reach().get("#", 0) if NUMERAL.fullmatch(first) else 0)]:
        if not word[0].isalnum():
            break
        plain.append(_plain(word))
    spelt = [*map(_spelt, words[at : at + len(plain)])]
    numeral = [bool(NUMERAL.fullmatch(word)) for word in plain]
    for count in range(len(plain), 0, -1):
        key = tuple(plain[:count])
        keys = [key] if not numeral[count - 1] or count == 1 else [key, (*key[:-1], "#")]
        if count > 1 and numeral[0]:
            keys.append(("#", *key[1:]))
        found = [phrase for known in of for key in keys for phrase in known.get(key, ())]
        for is_lost in (False, True):  # “ban” is that, before it is a “bản” whose marks were lost
            for phrase in found:
                if _is_said(phrase, spelt[:count], plain, is_marked, is_lost):
                    return phrase, count
    return None, 1


def _is_said(phrase: Phrase, spelt: Sequence[str], plain: Sequence[str], is_marked: bool, is_lost: bool) -> bool:
    """Do the words stand there with the marks of a phrase, or where they are lost? Not where that may make another word of what matters."""
    if phrase.does not in STRICT:
        pairs = zip(spelt, phrase.words, plain, strict=False)
        may_be_lost = is_lost and (len(spelt) > 1 or not is_marked)
        return all(own == due or due == "#" or (may_be_lost and own == bare) for own, due, bare in pairs)
    if is_marked:
        return all(own == due or due == "#" for own, due in zip(spelt, phrase.words, strict=True))
    return len(spelt) > 1 or any(letter.isdigit() for letter in spelt[0])


def _behind(words: Sequence[str], at: int) -> int:
    """Where what began at a word ends: with the bracket that it stands in, or with the line."""
    depth = 0
    for n in range(at, len(words)):
        depth += (words[n] in CLOSES) - (words[n] in CLOSES.values())
        if depth < 0:
            return n
    return len(words)


def of_lines(lines: Iterable[str], dataset: str) -> list[Line]:
    """What lines say that are no letterhead."""
    return [said for text in lines if not (said := line(text, dataset)).is_letterhead]


OF_CELLS = frozenset(("chi bo", "dang bo", "to dang", "dang bo bo phan", "chi bo dang bo", "dang uy", "co quan", "don vi", "cac don vi"))


def whom(lines: Iterable[Line]) -> set[str]:
    """Whom lines of titles speak of: codes of rating systems, SEVERAL, ELSE. A member of the Party is one, whatever else the title says that he is; beside him
    a collective is a heading's usual word. “Xếp loại chi bộ” rates the cell, “Xếp loại Chi bộ 2” its people.

    >>> [whom([line(f"XẾP LOẠI {of}", "ratings")]) for of in ("ĐẢNG VIÊN LÀ CÔNG CHỨC", "CHI BỘ NĂM 2025", "CHI BỘ 2")]
    [{'PARTY_MEMBER'}, {'COLLECTIVE'}, set()]
    """
    found: set[str] = set()
    for of in lines:
        if of.is_letterhead:
            continue
        who = {code for does, code, _ in of.said if does == "WHO"}
        before = ("", *(does for does, _, _ in of.said))
        if any(
            does == "UNIT" and was == "RATED" and fold(words) in OF_CELLS for was, (does, _, words) in zip(before, of.said, strict=False)
        ):
            who.add("COLLECTIVE")
        is_member = "PARTY_MEMBER" in who and any(fold(words) == "la" for words in of.does("SAYS"))
        found |= {"PARTY_MEMBER"} if is_member else who
    return found - {"COLLECTIVE"} if "PARTY_MEMBER" in found else found


def of_learners(lines: Iterable[Line]) -> bool:
    """Do lines of titles rate those who learn, and nobody else? A class within a unit's name is the unit's.

    >>> [of_learners([line(f"XẾP LOẠI {of}", "ratings")]) for of in ("HỌC VIÊN LỚP TRUNG CẤP", "CHI BỘ HỌC VIÊN LỚP CAO CẤP", "ĐẢNG VIÊN LÀ HỌC VIÊN")]
    [True, False, False]
    """
    is_named, others = False, False
    for of in lines:
        in_unit = of.is_letterhead
        for does, code, _ in of.said:
            in_unit = in_unit or does == "UNIT"
            is_named = is_named or (does == "WHO" and code == "LEARNER" and not in_unit)
            others = others or (does == "WHO" and code != "LEARNER" and not of.is_letterhead)
    return is_named and not others


BESIDES = frozenset(
    (
        "khong tinh",
        "khong ke",
        "khong gom",
        "khong bao gom",
        "tru",
        "ngoai",
        "chua tinh",
        "ke ca",
        "tinh ca",
        "gom",
        "gom ca",
        "bao gom",
        "bao gom ca",
    )
)  # folded: whoever is spoken of behind them, a list holds besides or leaves out


def is_of_some(of: Line) -> bool:
    """Does a line say that a list is of some people of a unit, and not whom it holds or leaves out besides?

    >>> [is_of_some(line(f"DANH SÁCH ĐẢNG VIÊN {of}", "personnel")) for of in ("CHUYỂN ĐẾN", "(kể cả dự bị)", "(không tính đảng viên chuyển đi)")]
    [True, False, False]
    """
    for does, _, words in of.said:
        if does == "SOME" or fold(words) in BESIDES:
            return does == "SOME"
    return False
