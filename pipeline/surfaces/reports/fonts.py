"""Which letters a PDF is set in: Times New Roman as the law asks, else a font of the same widths, else the one that the writer brings; all with every
Vietnamese letter, by what the file itself says.

What does not belong here: the fonts of workbooks and texts, which are chosen where they are opened.
"""

import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

VOWELS, TONES = "aăâeêioôơuưy", ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = "".join(
    one for tone in TONES for vowel in VOWELS for one in (unicodedata.normalize("NFC", vowel + tone), unicodedata.normalize("NFC", vowel.upper() + tone))
) + "đĐ…“”–"  # fmt: skip
LAWFUL = "Times New Roman"
SAME_WIDTHS = ("Liberation Serif", "Tinos")  # line for line as Times New Roman
BROUGHT = "Libertinus Serif"  # with the writer itself
STYLES = {("normal", 400), ("normal", 700), ("italic", 400), ("italic", 700)}


@dataclass(frozen=True)
class Font:
    """A family and the files that have all its letters."""

    family: str
    files: tuple[Path, ...]

    @property
    def said(self) -> str:
        """What to tell whoever asked; nothing where it is what the law asks."""
        if self.family == LAWFUL:
            return ""
        if self.family in SAME_WIDTHS:
            return f"Máy này không có {LAWFUL} đủ chữ tiếng Việt: PDF dùng {self.family}, cùng độ rộng chữ."
        return f"Máy này không có {LAWFUL}, {' hay '.join(SAME_WIDTHS)} đủ chữ tiếng Việt: PDF dùng {self.family}; cài fonts-liberation2 để đúng cỡ chữ."


@cache
def font() -> Font:
    """The best one that this machine has."""
    found: dict[str, dict[tuple[str, int], Path]] = {}
    for one in typst.Fonts().fonts():
        key = (str(one.style), int(one.weight))
        if one.path and one.family in (LAWFUL, *SAME_WIDTHS) and key in STYLES and has_all(Path(one.path)):
            found.setdefault(one.family, {}).setdefault(key, Path(one.path))
    for family in (LAWFUL, *SAME_WIDTHS):
        if len(styles := found.get(family, {})) == len(STYLES):
            return Font(family, tuple(styles[key] for key in sorted(styles)))
    return Font(BROUGHT, ())


def has_all(file: Path, letters: Iterable[str] = LETTERS) -> bool:
    """Whether a font file has all letters: Liberation 1.07 has the name and not the letters."""
    try:
        known = _known(file.read_bytes())
    except (OSError, struct.error, IndexError):
        return False
    return all(any(first <= ord(letter) <= last for first, last in known) for letter in letters)


def _known(data: bytes) -> list[tuple[int, int]]:
    """The letters of a TrueType or OpenType file, as ranges of numbers: its table `cmap`, in the two forms that fonts have."""
    (count,) = struct.unpack_from(">H", data, 4)
    tables = {data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    cmap = tables.get(b"cmap")
    if cmap is None:
        return []
    (subtables,) = struct.unpack_from(">H", data, cmap + 2)
    found: list[tuple[int, int]] = []
    for n in range(subtables):
        at = cmap + struct.unpack_from(">I", data, cmap + 4 + 8 * n + 4)[0]
        (form,) = struct.unpack_from(">H", data, at)
        if form == 4:
            (twice,) = struct.unpack_from(">H", data, at + 6)
            ends = struct.unpack_from(f">{twice // 2}H", data, at + 14)
            starts = struct.unpack_from(f">{twice // 2}H", data, at + 16 + twice)
            found += zip(starts, ends, strict=True)
        elif form == 12:
            (groups,) = struct.unpack_from(">I", data, at + 12)
            found += [struct.unpack_from(">II", data, at + 16 + 12 * g) for g in range(groups)]
    return found
