"""Vietnamese text from before Unicode, told by its profile and turned into Unicode.

Text typed in an old font is Unicode that means something else: TCVN3 (.VnTime) shows "Nguyễn" as "NguyÔn", VNI as "Nguyeãn". Nothing in
one word proves it, so a column is judged by all its words: under the right reading nearly all of them are Vietnamese syllables.
The package index was looked through in November 2026: ftfy mends only twice-encoded UTF-8, viscii-codec knows one table, viparse (0.1)
goes by fonts and by letter frequencies of a whole document and leaves capitals alone.

What does not belong here: workbooks and text files, what each encoding is (encodings), the normal form and the spaces of proper text
(values.py), what a flag leads to.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from pipeline.intake.encodings import Encoding, old_encodings
from pipeline.intake.syllables import marked, reads

Rows = list[list[str | None]]


@dataclass(frozen=True)
class Mended:
    """A sheet's cells in Unicode, and what had to be done for it."""

    rows: Rows  # the same shape; the same object when nothing had to be done
    converted: dict[int, str]  # column's position → encoding that its text was in
    unsure: frozenset[int]  # positions whose text looks legacy but cannot be told for certain; left as it was


LOWER, UPPER = "àáâãèéêìíòóôõùúý", "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ"
SIGNS = "".join(chr(code) for code in range(0x80, 0x100) if chr(code) not in LOWER + UPPER + "\xa0ðÐ°²³·×")
# signs, and letters after a letter, that proper Vietnamese does not have. The class comes first: on clean text nothing else is tried.
LEGACY = re.compile(
    f"[{SIGNS}{UPPER}{LOWER}]"
    f"(?:(?<=[{SIGNS}])"
    "|(?<=[aAeEoOuUyYôÔ][ùõÙÕ])|(?<=[aAeE][âáàãÂÁÀÃ])|(?<=[aA][êéèúÊÉÈÚ])|(?<=[oO][âÂ])"  # VNI
    "|(?<=[aeiyâêô][òì])"  # CP1258
    f"|(?<=[a-z][{UPPER}]))"  # TCVN3
)
ENOUGH = 4  # words that only a conversion makes Vietnamese: chance gives one in ten or twenty, so four are no chance
THROUGHOUT = 12  # so many words of one encoding, and none that is proper as it stands, make a sheet of it


@dataclass(frozen=True)
class Word:
    """How a word reads as it stands, and by each reading that it can be of."""

    before: bool | None
    after: dict[str, bool | None]
    changed: frozenset[str]  # readings that make another word of it

    def fixed(self, name: str) -> bool:
        """Whether it is no syllable as it stands, and one by this reading."""
        return self.before is False and self.after.get(name) is True


@dataclass
class Profile:
    """What one reading makes of a column's words."""

    fixed: int = 0  # no syllables as they stand, syllables by this reading
    left: int = 0  # no syllables either way
    clean: int = 0  # syllables that this reading would spoil or cannot have made
    either: int = 0  # syllables both ways, different ones

    @property
    def share(self) -> float:
        """Of the words that are no syllables as they stand, the share of those that are some by this reading; 0 where there are none."""
        return self.fixed / ((self.fixed + self.left) or 1)


def is_clean(texts: Iterable[str | None]) -> bool:
    """Whether none of some cells can be of an old encoding."""
    text = "\n".join(filter(None, texts))
    return text.isascii() or not LEGACY.search(text)


def mend(rows: Rows, fonts: Callable[[], dict[int, str]] | None = None) -> Mended:
    """Cells of one sheet in Unicode.

    `fonts` is asked only when some text looks legacy: column's position → name of the font most used in it. It settles what few words
    cannot, and says that a font's letters are capitals (.VnTimeH).
    """
    seen = set(filter(None, chain.from_iterable(rows)))
    if is_clean(seen):
        return Mended(rows, {}, frozenset())

    words = {cell: marked(cell) for cell in seen if not cell.isascii()}
    judged = {word: _judge(word) for word in {w for found in words.values() for w in found}}
    everywhere = _profiles(judged.values())
    if not any(profile.fixed for profile in everywhere.values()):
        return Mended(rows, {}, frozenset())

    columns: dict[int, dict[str, list[Word]]] = {}
    for row in rows:
        for position, cell in enumerate(row):
            if cell in words:
                columns.setdefault(position, {}).setdefault(cell, [judged[w] for w in words[cell]])
    named = fonts() if fonts else {}
    sheet, _ = _decide(everywhere)
    # no word of the sheet speaks against it: what could be either is of that encoding as well ("Sè CCCD" above numbers)
    throughout = bool(sheet and not everywhere[sheet].clean and everywhere[sheet].fixed >= THROUGHOUT)
    converted: dict[int, str] = {}
    unsure: set[int] = set()
    changes: dict[int, tuple[int, dict[str, str]]] = {}
    for position, cells in sorted(columns.items()):
        font = named.get(position, "")
        distinct = {id(word): word for found in cells.values() for word in found}
        name, doubtful = _decide(_profiles(distinct.values()), _encoding_of(font), sheet, throughout)
        if name:
            change = _changes(rows, position, cells, old_encodings()[name], capitals=name == "TCVN3" and font.endswith("H"))
            if change is None:
                doubtful = True
            elif change[1]:
                changes[position], converted[position] = change, name
        if doubtful:
            unsure.add(position)
    if changes:
        rows = [_mended_row(number, row, changes) for number, row in enumerate(rows)]
    return Mended(rows, converted, frozenset(unsure))


def _encoding_of(font: str) -> str | None:
    """The encoding that a font's name stands for; None for a font of Unicode."""
    name = font.lower()
    return "TCVN3" if name.startswith(".vn") else "VNI" if name.startswith("vni") else "VISCII" if "viscii" in name else None


@lru_cache(maxsize=20_000)  # the same syllables stand in all sheets
def _judge(word: str) -> Word:
    texts = {name: encoding.convert(word) for name, encoding in old_encodings().items() if encoding.within(word)}
    return Word(reads(word), {name: reads(text) for name, text in texts.items()}, frozenset(n for n, text in texts.items() if text != word))


def _profiles(words: Iterable[Word]) -> dict[str, Profile]:
    profiles = {name: Profile() for name in old_encodings()}
    for word in words:
        for name, profile in profiles.items():
            after = word.after.get(name)
            if word.before:
                profile.clean += after is not True
                profile.either += after is True and name in word.changed
            elif word.before is False and name in word.after:
                profile.fixed += after is True
                profile.left += after is False
    return profiles


def _decide(
    profiles: dict[str, Profile], font: str | None = None, sheet: str | None = None, throughout: bool = False
) -> tuple[str | None, bool]:
    """The encoding that is certain, or whether to doubt: by the words alone, or by few words and what the font or the sheet says."""
    hint = font or sheet
    best = max(profiles, key=lambda name: (profiles[name].fixed, name == hint))
    if hint and profiles[hint].fixed >= 0.8 * profiles[best].fixed:
        best = hint
    profile = profiles[best]
    outnumbered = profile.clean > 10 * profile.fixed
    if not profile.fixed:
        # nothing is wrong as it stands: only the font and the rest of the sheet together say what is meant
        ambiguous = bool(sheet and profiles[sheet].either and not profiles[sheet].clean and not profiles[sheet].left)
        return (sheet, False) if ambiguous and (font == sheet or (throughout and font is None)) else (None, ambiguous and font is None)
    if best == hint and profile.share >= 0.5 and (font or not outnumbered):
        return best, False
    alone = all(other.left >= profile.left + 3 for name, other in profiles.items() if name != best)
    if not font and profile.fixed >= ENOUGH and profile.share >= 0.8 and alone:
        return best, False
    return None, bool(profile.fixed > 1 or hint) and profile.share >= 0.5 and not outnumbered


def _changes(
    rows: Rows, position: int, cells: dict[str, list[Word]], encoding: Encoding, capitals: bool
) -> tuple[int, dict[str, str]] | None:
    """From which row on, and old text → new. None where proper and legacy text stand together and some cells could be either."""
    legacy, proper, either = {}, set(), {}
    for cell, words in cells.items():
        fixed = any(word.fixed(encoding.name) for word in words)
        if not encoding.within(cell):
            if fixed:
                return None  # both in one cell
            proper.add(cell)
        elif fixed:
            legacy[cell] = encoding.convert(cell)
        elif any(word.after[encoding.name] is False for word in words) and not any(word.before is False for word in words):
            proper.add(cell)
        elif capitals or any(encoding.name in word.changed for word in words):
            either[cell] = encoding.convert(cell)
    start = 0
    if proper and either:
        # a header in Unicode above a body in an old font is how templates come back; any other mixture cannot be told
        column = [row[position] if position < len(row) else None for row in rows]
        start = next((n for n, cell in enumerate(column) if cell in legacy), len(rows))
        if not legacy or any(cell in proper for cell in column[start:]):
            return None
    change = legacy | either
    if capitals:
        # such a font shows every letter as a capital
        plain = {said for row in rows if position < len(row) and (said := row[position]) and said.isascii()}
        change = {cell: text.upper() for cell, text in (change | {cell: cell for cell in plain}).items()}
    return start, change


def _mended_row(number: int, row: list[str | None], changes: dict[int, tuple[int, dict[str, str]]]) -> list[str | None]:
    mended = row
    for position, (start, change) in changes.items():
        if number >= start and position < len(row) and (cell := row[position]) in change:
            if mended is row:
                mended = list(row)
            mended[position] = change[cell]
    return mended
