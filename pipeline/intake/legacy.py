"""Vietnamese text from before Unicode, told by its profile and turned into Unicode.

What does not belong here: workbooks and delimiters, the normal form and the spaces of proper text (values.py), what a flag leads to.

Text typed in an old font is Unicode that means something else: TCVN3 (.VnTime) shows "Nguyễn" as "NguyÔn", VNI as "Nguyeãn". Nothing in
one word proves it, so a column is judged by all its words: under the right reading nearly all of them are Vietnamese syllables.
The package index was looked through in November 2026: ftfy mends only twice-encoded UTF-8, viscii-codec knows one table, viparse (0.1)
goes by fonts and by letter frequencies of a whole document and leaves capitals alone.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

LETTERS = Path(__file__).with_name("letters.csv")  # TCVN 5712:1993 (VN1), VNI for Windows, RFC 1456

Rows = list[list[str | None]]


@dataclass(frozen=True)
class Mended:
    """A sheet's cells in Unicode, and what had to be done for it."""

    rows: Rows  # the same shape; the same object when nothing had to be done
    converted: dict[int, str]  # column's position → encoding that its text was in
    unsure: frozenset[int]  # positions whose text looks legacy but cannot be told for certain; left as it was


class UndecodableText(ValueError):
    """No reading of the bytes is certain enough. The message holds no text of theirs."""


# --- Vietnamese syllables: an onset, a rime, a tone -------------------------------------------------------------------------------

ONSETS = "b c ch d dz đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt uơ uân uâng uât uây uê uêch uênh uy uya uych uyên uyêt uynh uyp uyt uyu
ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y yêm yên yêng yêt yêu
"""
RIMES_AFTER_QU = "ych ynh yp yt yu"
STOPS = ("c", "ch", "p", "t")  # a syllable that ends so is spoken high or low
MARKS = "ăâêôơư"
GRAVE, ACUTE, TILDE, HOOK, DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"


def _spelled(onset: str, rime: str) -> bool:
    """Whether the two are written together: ke and ca, never ce and ka."""
    front = rime[0] in "eêiy"
    if onset == "qu":
        return rime[0] not in "uưo" or rime.startswith("ươ")
    if rime in RIMES_AFTER_QU.split():
        return False
    if onset == "gi":
        return rime[0] not in "iy"
    if onset in ("k", "gh", "ngh"):
        return front
    if onset == "g" and rime in ("i", "in"):
        return True
    return not (front and onset in ("c", "g", "ng")) and not (onset and rime.startswith("yê"))


def _tone_places(rime: str) -> list[int]:
    """After which letters a tone may be written: hòa and hoà, but only hoàn and hoài."""
    marked = [i for i, letter in enumerate(rime) if letter in MARKS]
    if marked:
        return marked[-1:]
    vowels = len(rime) - len(rime.lstrip("aeiouy"))
    if vowels == 2 and rime in ("oa", "oe", "uy"):
        return [0, 1]
    return [1] if vowels == 3 or (vowels == 2 and len(rime) > 2) else [0]


@cache
def syllables() -> frozenset[str]:
    """Every syllable that can be written, in lower case and NFC. About twenty thousand; many mean nothing."""
    found = set()
    for onset in ["", *ONSETS.split()]:
        for rime in RIMES.split() + RIMES_AFTER_QU.split():
            if not _spelled(onset, rime):
                continue
            found.add(onset + rime)
            for tone in (ACUTE, DOT) if rime.endswith(STOPS) else (GRAVE, ACUTE, TILDE, HOOK, DOT):
                for place in _tone_places(rime):
                    found.add(unicodedata.normalize("NFC", onset + rime[: place + 1] + tone + rime[place + 1 :]))
    return frozenset(found)


# a run that no space, digit or ASCII sign parts; signs above ASCII may be legacy letters, and so may control codes
WORD = re.compile(r"[A-Za-z\x01-\x08\x0e-\x1f\x80-\U0010ffff]+")
# spaces, dashes, quotes, arrows; without the three signs that stand for letters: € ™ ∙
PUNCTUATION = re.compile(r"[\u00a0\u2000-\u20ab\u20ad-\u2121\u2123-\u2218\u221a-\u2bff\u3000]+")
# says nothing of the encoding: abbreviations, units of measure, signs that stand alone
NEUTRAL = re.compile(r"[A-Za-zđĐ]+|[A-ZĐĂÂÊÔƠƯ]+|[A-Za-z]*[°²³]+[A-Za-z]*|µ[mgls]|[¡-¿×÷]+")


def _reads(word: str) -> bool | None:
    """Whether a word is a Vietnamese syllable; None where it has no letter above ASCII or is an abbreviation."""
    said = None
    for part in PUNCTUATION.split(unicodedata.normalize("NFC", word).translate(ETH)):
        if part.isascii() or NEUTRAL.fullmatch(part):
            continue
        if part.lower() not in syllables() or not (part.islower() or part.isupper() or (part[0].isupper() and part[1:].islower())):
            return False
        said = True
    return said


def _marked(text: str) -> list[str]:
    """The words that tell something: those with a sign above ASCII."""
    return [word for word in WORD.findall(text) if not word.isascii()]


# --- readings: what a text is if it was written in one of the encodings -------------------------------------------------------------

ETH = {0xF0: "đ", 0xD0: "Đ"}  # letters of Iceland that stand for đ in text of every origin
# what Windows shows for the codes 80-9F, and what Word makes of a code now and then
SHOWN = {ord(bytes([code]).decode("cp1252")): chr(code) for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
ALIASES = {0x2219: "·", 0x03BC: "µ"}
BACK = {ord(code): chr(shown) for shown, code in SHOWN.items()}
# a letter that no legacy text can show: its text is Unicode already
OUTSIDE = re.compile(f"(?![{''.join(map(chr, SHOWN | ALIASES))}])[\u0100-\u1fff\u2c00-\ud7ff\uf900-\ufdff]")


@dataclass(frozen=True)
class Reading:
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
        return whole if _reads(_shouted(whole)) else plain

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
def readings() -> dict[str, Reading]:
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
        Reading("TCVN3", lambda text: _shouted(tcvn3_letters(text))),
        Reading("VNI", lambda text: pairs.sub(lambda match: vni[match[0]], text)),
        Reading("VISCII", _by_table(viscii)),
        Reading("CP1258", _cp1258),
        Reading("UTF8_TWICE", _once, lambda text: not OUTSIDE.search(text.replace("Ă", ""))),
    ]
    return {reading.name: reading for reading in found}


# --- cells --------------------------------------------------------------------------------------------------------------------------

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

    words = {cell: _marked(cell) for cell in seen if not cell.isascii()}
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
            change = _changes(rows, position, cells, readings()[name], capitals=name == "TCVN3" and font.endswith("H"))
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
    texts = {name: reading.convert(word) for name, reading in readings().items() if reading.within(word)}
    return Word(
        _reads(word), {name: _reads(text) for name, text in texts.items()}, frozenset(n for n, text in texts.items() if text != word)
    )


def _profiles(words: Iterable[Word]) -> dict[str, Profile]:
    profiles = {name: Profile() for name in readings()}
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
    rows: Rows, position: int, cells: dict[str, list[Word]], reading: Reading, capitals: bool
) -> tuple[int, dict[str, str]] | None:
    """From which row on, and old text → new. None where proper and legacy text stand together and some cells could be either."""
    legacy, proper, either = {}, set(), {}
    for cell, words in cells.items():
        fixed = any(word.fixed(reading.name) for word in words)
        if not reading.within(cell):
            if fixed:
                return None  # both in one cell
            proper.add(cell)
        elif fixed:
            legacy[cell] = reading.convert(cell)
        elif any(word.after[reading.name] is False for word in words) and not any(word.before is False for word in words):
            proper.add(cell)
        elif capitals or any(reading.name in word.changed for word in words):
            either[cell] = reading.convert(cell)
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


# --- bytes --------------------------------------------------------------------------------------------------------------------------


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
        viscii = readings()["VISCII"].convert
        if all(_reads(viscii(word)) for word in _marked(_windows(data))):
            raise UndecodableText("UTF-8 and VISCII at once")
    return text, "UTF-16" if wide else None


NO_LATIN = re.compile("[\x00-\x7f\u0400-\u07ff]*")


def _windows(data: bytes) -> str:
    """Bytes as Windows shows them."""
    return data.decode("latin-1").translate(BACK)


def _by_words(shown: str) -> tuple[str, str]:
    """The reading by which the words are Vietnamese, of a text as Windows shows its bytes."""
    words = sorted(set(_marked(shown)))
    scores = []
    for name in ("CP1258", "TCVN3", "VISCII", "VNI"):
        texts = [readings()[name].convert(word) for word in words]
        said = [_reads(text) for text in texts]
        good, bad = said.count(True), said.count(False)
        scores.append((good / ((good + bad) or 1), good, texts, name))
    share, good, texts, name = max(scores, key=lambda score: score[:2])
    rival = max((score[0] for score in scores if score[2] != texts), default=0)
    if good < ENOUGH or share < 0.8 or rival > share - 0.3:
        raise UndecodableText("no encoding in which the words are Vietnamese for certain")
    # cell by cell, as capitals are told by a whole cell
    return re.sub(r"[^;,\t\r\n]+", lambda cell: readings()[name].convert(cell[0]), shown), name


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
