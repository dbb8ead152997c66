"""Encodings from before Unicode: what a text is if it was written in one of them. The letters are data: `letters.csv`.

What does not belong here: which of them a text is in (legacy, decoding).
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.intake.syllables import WORD, reads
from pipeline.values import ACUTE, DOT, GRAVE, HOOK, TILDE

LETTERS = Path(__file__).with_name("letters.csv")  # TCVN 5712:1993 (VN1), VNI for Windows, RFC 1456
# what Windows shows for the codes 80-9F, and what Word makes of a code now and then
SHOWN = {ord(bytes([code]).decode("cp1252")): chr(code) for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
ALIASES = {0x2219: "·", 0x03BC: "µ"}
BACK = {ord(code): chr(shown) for shown, code in SHOWN.items()}
# a letter that no legacy text can show: its text is Unicode already
OUTSIDE = re.compile(f"(?![{''.join(map(chr, SHOWN | ALIASES))}])[\u0100-\u1fff\u2c00-\ud7ff\uf900-\ufdff]")


@dataclass(frozen=True)
class Encoding:
    """How an old alphabet's text becomes Unicode."""

    name: str
    convert: Callable[[str], str]
    within: Callable[[str], bool] = lambda text: not OUTSIDE.search(text)  # whether a text can be of this encoding at all


def _by_table(codes: dict[int, str]) -> Callable[[str], str]:
    """TCVN3 or VISCII. What Windows shows for a code up to A0 is a dash or a quote, unless as a capital it makes its word a syllable."""
    letters = {code: letter for code, letter in codes.items() if code > 0xA0}
    late = re.compile("[" + "".join(re.escape(chr(code)) for code in codes if code <= 0xA0) + "]")

    def word(match: re.Match[str]) -> str:
        shown = match[0].translate(ALIASES)
        plain, coded = shown.translate(letters), shown.translate(SHOWN)
        if not late.search(coded) or not late.sub("", coded):
            return plain
        whole = coded.translate(codes)
        return whole if reads(_shouted(whole)) else plain

    return lambda text: WORD.sub(word, text)


def _shouted(text: str) -> str:
    """TCVN3 has no capitals with tones: "NGUYÔN" is NGUYỄN, drawn by a font of capitals. A word's ASCII letters tell it."""
    shouts = False

    def word(match: re.Match[str]) -> str:
        nonlocal shouts
        plain = "".join(c for c in match[0] if c.isascii())
        if len(plain) < 2 or not plain.isupper() or match[0].isascii():
            return match[0]
        shouts = True
        return match[0].upper()

    raised = WORD.sub(word, text)
    return raised.upper() if shouts and not re.search("[a-z]", text) else raised


# cp1258 differs from what Windows shows in fourteen letters and tones
CP1258 = {
    ord(bytes([code]).decode("cp1252")): bytes([code]).decode("cp1258")
    for code in range(0xA0, 0x100)
    if bytes([code]).decode("cp1252") != bytes([code]).decode("cp1258")
}


def _cp1258(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(CP1258))


UTF8 = re.compile("[\xc2-\xdfĂ][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xc3Ă](?: |$)")  # a Vietnamese Windows shows C3 as Ă


def _once(text: str) -> str:
    """UTF-8 that was taken for Windows text and encoded again; à lost its second half where a no-break space became a space or was cut off."""

    def letter(match: re.Match[str]) -> str:
        try:
            return match[0].replace("Ă", "\xc3").encode("latin-1").decode() if len(match[0].strip()) > 1 else "à"
        except UnicodeDecodeError:
            return match[0]

    return unicodedata.normalize("NFC", UTF8.sub(letter, text.translate(SHOWN)).translate(BACK))


@cache
def old_encodings() -> Mapping[str, Encoding]:
    """By name. Made of `letters.csv` when first needed: clean text never asks."""
    tcvn3, viscii, vni = {}, {}, {}
    with LETTERS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tcvn3[int(row["tcvn3"], 16)] = row["char"]
            viscii[int(row["viscii"], 16)] = row["char"]
            vni[row["vni"]] = row["char"]
    for base in "iy":  # typed so now and then, beside the codes that the standard has for them
        for sign, tone in zip("ùøûõï", (ACUTE, GRAVE, HOOK, TILDE, DOT), strict=True):
            vni.setdefault(base + sign, unicodedata.normalize("NFC", base + tone))
            vni.setdefault((base + sign).upper(), unicodedata.normalize("NFC", base + tone).upper())
    for pair in [p for p in vni if len(p) == 2]:  # a capital's sign is drawn small by some fonts, and typed so
        vni.setdefault(pair[0] + pair[1].swapcase(), vni[pair])
    pairs = re.compile("|".join(sorted(vni, key=len, reverse=True)))
    tcvn3_letters = _by_table(tcvn3)
    found = [
        Encoding("TCVN3", lambda text: _shouted(tcvn3_letters(text))),
        Encoding("VNI", lambda text: pairs.sub(lambda match: vni[match[0]], text)),
        Encoding("VISCII", _by_table(viscii)),
        Encoding("CP1258", _cp1258),
        Encoding("UTF8_TWICE", _once, lambda text: not OUTSIDE.search(text.replace("Ă", ""))),
    ]
    return {encoding.name: encoding for encoding in found}
