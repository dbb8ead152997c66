"""Old alphabets, written from their published tables and not from the reader's: TCVN3, VNI, VISCII, CP1258.

What does not belong here: recognising or reading any of them.
"""

import unicodedata

TONES = ("\u0300", "\u0309", "\u0303", "\u0301", "\u0323")  # huyền, hỏi, ngã, sắc, nặng: the order of TCVN3's table
VOWELS = "aăâeêioôơuưy"

# Every vowel with its five tones, in the order of VOWELS and TONES, then the bare letters: one character of Windows-1252 each.
TCVN3_TONED = (
    "µ¶·¸¹" "»¼½¾Æ" "ÇÈÉÊË" "ÌÎÏÐÑ" "ÒÓÔÕÖ" "×ØÜÝÞ" "ßáâãä" "åæçèé" "êëìíî" "ïñòóô" "õö÷øù" "úûüýþ"
)  # fmt: skip
TCVN3_BARE = dict(zip("ăâđêôơưĂÂÊÔƠƯĐ", "¨©®ª«¬\u00ad¡¢£¤¥¦§", strict=True))

# VNI writes the letter and then its tone (or hat and tone together) as a second character; i, ơ, ư, đ have letters of their own.
VNI_MARK = {
    "": dict(zip(("", *TONES), ("", "ø", "û", "õ", "ù", "ï"), strict=True)),
    "\u0302": dict(zip(("", *TONES), "âàåãáä", strict=True)),
    "\u0306": dict(zip(("", *TONES), "êèúüéë", strict=True)),
}
VNI_WHOLE = {"ì": "ì", "ỉ": "æ", "ĩ": "ó", "í": "í", "ị": "ò", "ỵ": "î", "đ": "ñ", "ơ": "ô", "ư": "ö"}

VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
VISCII_LOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}


class NoSuchLetter(ValueError):
    """The alphabet has no such letter."""


def split(letter: str) -> tuple[str, str]:
    """ấ → â and its tone."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((p for p in parts if p in TONES), "")
    return unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts), tone


def _tcvn3_table() -> dict[str, str]:
    toned = iter(TCVN3_TONED)
    table = {unicodedata.normalize("NFC", vowel + tone): next(toned) for vowel in VOWELS for tone in TONES}
    return table | TCVN3_BARE


TCVN3 = _tcvn3_table()
VISCII = {letter: 0x80 + n for n, letter in enumerate(VISCII_HIGH)} | {letter: byte for byte, letter in VISCII_LOW.items()}


def to_tcvn3(text: str) -> str:
    """As it looks where the font is missing. Capital letters with a tone exist in the fonts of capitals only."""
    return "".join(_one(c, TCVN3) for c in text)


def to_tcvn3_capitals(text: str) -> str:
    """For a font of capitals (.VnTimeH): small letters are typed and capitals are seen."""
    return to_tcvn3(text.lower())


def to_vni(text: str) -> str:
    return "".join(_vni(c) for c in text)


def _vni(c: str) -> str:
    if c.isascii() or not c.isalpha():
        return c
    if c.lower() in VNI_WHOLE:
        whole = VNI_WHOLE[c.lower()]
        return whole.upper() if c.isupper() else whole
    bare, tone = split(c.lower())
    parts = unicodedata.normalize("NFD", bare)
    if bare in ("ơ", "ư"):
        letter, mark = VNI_WHOLE[bare], VNI_MARK[""][tone]
    else:
        letter, mark = parts[0], VNI_MARK[parts[1:]][tone]
    return (letter + mark).upper() if c.isupper() else letter + mark


def to_viscii(text: str) -> bytes:
    return b"".join(bytes([VISCII[c]]) if c in VISCII else c.encode("ascii") for c in text)


def to_cp1258(text: str) -> bytes:
    """Windows keeps a few letters whole and writes the tone of the others behind them."""
    return b"".join(_cp1258(c) for c in text)


def _cp1258(c: str) -> bytes:
    try:
        return c.encode("cp1258")
    except UnicodeEncodeError:
        bare, tone = split(c)
        return (bare + tone).encode("cp1258")


def _one(c: str, table: dict[str, str]) -> str:
    if c in table:
        return table[c]
    if not c.isascii() and c.isalpha():
        raise NoSuchLetter(c)
    return c
