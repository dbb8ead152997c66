"""A text file's bytes as text: UTF-8, UTF-16, or the old encoding in which the words are Vietnamese.

What does not belong here: cells, delimiters, and text that is Unicode already and means something else (legacy).
"""

import re

from pipeline.intake.encodings import BACK, old_encodings
from pipeline.intake.legacy import ENOUGH
from pipeline.intake.syllables import marked, reads


class UndecodableText(ValueError):
    """No reading of the bytes is certain enough. The message holds no text of theirs."""


def decode(data: bytes) -> tuple[str, str | None]:
    """A CSV's bytes as text, and the encoding's name where it is not UTF-8: UTF-16, CP1258, TCVN3, VISCII or VNI.

    Raises UndecodableText where no reading is certain enough: a tie, too few words, too many that are no Vietnamese.
    """
    wide = _width(data)
    try:
        text = data.decode(wide or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if wide or b"\0" in data:
            raise UndecodableText("neither UTF-8 nor UTF-16") from error
        return _by_words(_windows(data))
    if "\0" in text:
        raise UndecodableText("zero bytes")
    # Đỗ and ươ of VISCII are Cyrillic and N'Ko letters of UTF-8: in a file of one name nothing tells which
    if not wide and not text.isascii() and NO_LATIN.fullmatch(text):
        viscii = old_encodings()["VISCII"].convert
        if all(reads(viscii(word)) for word in marked(_windows(data))):
            raise UndecodableText("UTF-8 and VISCII at once")
    return text, "UTF-16" if wide else None


NO_LATIN = re.compile("[\x00-\x7f\u0400-\u07ff]*")


def _windows(data: bytes) -> str:
    """Bytes as Windows shows them."""
    return data.decode("latin-1").translate(BACK)


def _by_words(shown: str) -> tuple[str, str]:
    """The reading by which the words are Vietnamese, of a text as Windows shows its bytes."""
    words = sorted(set(marked(shown)))
    scores = []
    for name in ("CP1258", "TCVN3", "VISCII", "VNI"):
        texts = [old_encodings()[name].convert(word) for word in words]
        said = [reads(text) for text in texts]
        good, bad = said.count(True), said.count(False)
        scores.append((good / ((good + bad) or 1), good, texts, name))
    share, good, texts, name = max(scores, key=lambda score: score[:2])
    rival = max((score[0] for score in scores if score[2] != texts), default=0)
    if good < ENOUGH or share < 0.8 or rival > share - 0.3:
        raise UndecodableText("no encoding in which the words are Vietnamese for certain")
    # cell by cell, as capitals are told by a whole cell
    return re.sub(r"[^;,\t\r\n]+", lambda cell: old_encodings()[name].convert(cell[0]), shown), name


def _width(data: bytes) -> str | None:
    """The name of a two-byte encoding: by its mark, or by zeros in every other place, as ASCII signs in it have them."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    half = len(data) // 2
    if half == 0 or len(data) % 2:
        return None
    first, second = data[::2].count(0) / half, data[1::2].count(0) / half
    if second > 0.4 and first < 0.02:
        return "utf-16-le"
    return "utf-16-be" if first > 0.4 and second < 0.02 else None
