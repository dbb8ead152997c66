"""Text to who is meant: names of people and units as they are compared, identity numbers, Party cards, numbers of employers.

What does not belong here: other values (values.py), columns and rules, and keys (warehouse/people.py).
"""

import re
import unicodedata
from functools import lru_cache

from pipeline import codes
from pipeline.values import TONES, has_foreign_letter, has_lost_letter, read_date, read_words

ADDRESSES = ("đồng chí", "đ/c", "đc", "ông", "bà")  # how a list may call somebody
# What people write before a name beside that: how a school calls its teachers, ranks, degrees; none of it begins a name.
RANKS = (
    "thầy",
    "cô",
    *(f"{a} {b}" for a in ("đại", "thượng", "trung", "thiếu") for b in ("tá", "úy", "uý", "tướng")),
    "thượng sĩ",
    "trung sĩ",
    "hạ sĩ",
)
DEGREES = "gs|pgs|ts|tiến s[ĩỹ]|ths|thạc s[ĩỹ]|bs|bác s[ĩỹ]|ds|dược s[ĩỹ]|ks|kỹ sư|cn|cử nhân|(?:bs|ds)?ck ?(?:i{1,2}|[12])"
# And behind it, after a dash: a post.
POSTS_BEHIND = r"(?: +[-–—] *| *[-–—] +)(?:phó |nguyên )?(?:bí thư|chi [uủ][ỷy]|đảng [uủ][ỷy]|[uủ][ỷy] viên|trưởng|giám đốc|hiệu|chủ tịch|chánh|tổ|đảng viên|dự bị|chuyên viên|giáo viên|kế toán|văn thư|phòng|bt|pbt|uv)\b.*"
ADDRESSED = re.compile(
    rf"(?:(?:{'|'.join((*ADDRESSES, *RANKS))}|giáo)[ .:]+|(?:{DEGREES})(?:[.,:]+ *| +))*(?P<name>[^(\[]*?)(?:{POSTS_BEHIND})?(?=[(\[]|\Z)"
)  # what stands in brackets is no name
CALLED = (
    *ADDRESSES,
    *(f"{rank} " for rank in RANKS),
    *["gs", "pgs", "ts", "ths", "tiến", "thạc", "bs", "bác", "ds", "dược", "ks", "kỹ", "cn", "cử", "ck"],
)

# Two words at least on either side: “Lầu Và Dia” and “Trần Thị Bình (Ba Bình)” are one person. Or how many they are, two of them addressed, or one
# name after another, as two lines of a cell become one. Or a name and what it was corrected to; “Đúng” and “Sửa” are names, too.
SEVERAL_NAMED = (
    r"(?i)[^\W\d_] +[^\W\d_]+ *(?:\([^()]*\) *)?(?:[,;/&+|]| và ) *(?:(?:đ/c|đồng chí|ông|bà) +)?[^\W\d_]+ +[^\W\d_]"
    r"|\b[0-9]+ *(?:đồng chí|đ/c|đc|người)\b|\b(?:đ/c|đồng chí)\b.*[,;].*\b(?:đ/c|đồng chí)\b"
    r"|(?:[^\W\d_]+ +){3}(?:nguyễn|trần|lê|phạm|huỳnh|phan|võ|vũ|đặng|bùi|đỗ|ngô) +(?:văn|thị) "
    r"|[^\W\d_] *(?:[(\[;,]|-) *(?:sửa|đính chính|chữa|đúng|nay|đổi|không phải)(?: +(?:là|ra|thành|lại|tên|họ))* *:? *[^\W\d_]|[^\W\d_] *(?:->|=>|→) *[^\W\d_]"
)
_NAMES_SEVERAL = re.compile(SEVERAL_NAMED)


def read_name(text: str) -> tuple[str | None, str | None]:
    """A name as it is compared, never as it is stored: with its marks, wherever in the syllable they stand; and its bare letters.

    A name that bears no mark at all, as some programs write, has letters only. One that lost a letter, or names several people, is not compared.

    >>> read_name("Đ/c TRẦN THỊ HOÀ (Bí thư)") == read_name("Trần Thị Hòa"), read_name("Trần Thị Hoa")[0] == read_name("Trần Thị Hòa")[0]
    (True, False)
    >>> {read_name(f"{said}Trần Thị Hòa") for said in ("", "ThS. ", "BS.CKII ", "Thượng tá ", "Cô ", "PGS, TS ")} == {read_name("Trần Thị Hòa - Bí thư")}
    True
    >>> read_name("TRAN THI HOA"), read_name("Trần Thị Mỹ")[1], read_name("Tr\ufffdn")
    ((None, 'tran thi hoa'), 'tran thi mi', (None, None))
    """
    if has_foreign_letter(text) or has_lost_letter(text):
        return None, None
    called = text.lower()
    is_bare = called.replace(" ", "").isalpha() and not called.startswith(CALLED)  # as nearly all are
    if (not is_bare or " và " in called) and _NAMES_SEVERAL.search(called):
        return None, None
    if not is_bare and (said := ADDRESSED.match(called)):
        called = codes.PUNCTUATION.sub(" ", said["name"])
    syllables = [_syllable(s) for s in called.split()]
    letters = " ".join([letters for _, letters in syllables]) or None
    marked = " ".join([marked for marked, _ in syllables])
    return (marked if marked != letters else None), letters


COUNTED = re.compile(r"\s*\(\s*[0-9]+\s*([^()0-9]+)\)\s*\Z")  # behind a unit's name
PEOPLE = frozenset(("dang vien", "dv", "nguoi", "dong chi", "d c", "dc"))


def read_unit(text: str) -> str | None:
    """A unit's name or code as it is compared, never as it is stored: its bare letters and, behind a bar, its marks where it bears any.

    >>> read_unit("Ấp Long Hoà") == read_unit("ẤP LONG HÒA"), read_unit("Ấp Long Hòa") == read_unit("Ấp Long Hoa"), read_unit("Q01.001")
    (True, False, 'q01 001')

    How many people somebody writes behind it is no part of its name:

    >>> read_unit("Chi bộ 1 (03 đảng viên)") == read_unit("Chi bộ 1"), read_unit("Chi bộ 1 (Ấp 3)") == read_unit("Chi bộ 1")
    (True, False)
    """
    if (counted := COUNTED.search(text)) and codes.fold(counted[1]) in PEOPLE:
        text = text[: counted.start()]
    said = codes.fold(read_words(text) or "")
    marked = " ".join([_syllable(s)[0] for s in codes.PUNCTUATION.sub(" ", text.lower()).split()])
    return f"{said}|{marked}" if said and marked != said.replace("y", "i") else said or None


@lru_cache(maxsize=50_000)
def _syllable(text: str) -> tuple[str, str]:
    """With its marks and without. Where a tone's mark stands is a matter of habit (hoà, hòa), and so are i and y."""
    letters = unicodedata.normalize("NFD", text).replace("y", "i")
    return "".join(c for c in letters if c not in TONES) + "".join(c for c in letters if c in TONES), codes.fold(letters)


LOST_ZERO, NOBODYS, NO_NUMBER = "LOST_ZERO", "NOBODYS", "NO_NUMBER"  # what is to be remarked of an identity number
# As codes.fold leaves them: what stands in its place and says that there is none. Other words may have slipped from the next column.
NUMBERLESS = frozenset(
    f"{of}{card}" for of in ("mat", "that lac", "chua cap", "dang cap", "dang lam", "dang lam lai", "cho cap", "chua lam", "quen", "chua nop", "bo sung sau")
    for card in ("", " cccd", " cmnd", " the", " the cccd", " can cuoc")
) | {"x", "v"}  # fmt: skip
# Digits all alike, or one after another: what is typed where a form wants a number and there is none.
FILLERS = frozenset(
    "".join(str((first + step * n) % 10) for n in range(length)) for length in (9, 12) for first in range(10) for step in (0, 1, -1)
)
# Where births were registered until 2025; a number begins with one of these, or with a country's code, which has no zero to lose.
_PROVINCES = (
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 045 046 048 049 "
    "051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096"
)
PROVINCES = frozenset(_PROVINCES.split())
GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+", re.ASCII)  # 092.080.000.001
FRACTION = re.compile(r"[.,]0{1,2}\Z", re.ASCII)  # of a number that a program took for a decimal one


def read_identity(text: str) -> tuple[str | None, str | None]:
    """Twelve digits, or nine of an old card; zeros that Excel took from the front come back, with a remark.

    Eleven digits lost one zero, ten lost two; what comes back must begin as numbers of persons do. No other digit is ever added.

    >>> read_identity("92080000001"), read_identity("92080000001.0"), read_identity("1234")
    (('092080000001', 'LOST_ZERO'), ('092080000001', 'LOST_ZERO'), (None, None))
    >>> read_identity("09208000001"), read_identity("92080000001.5"), read_identity("000000000000")
    ((None, None), (None, None), (None, 'NOBODYS'))
    >>> read_identity("mất CCCD"), read_identity("Nguyễn Văn An")
    ((None, 'NO_NUMBER'), (None, None))
    """
    digits = text.replace(" ", "")
    if not GROUPED.fullmatch(digits):
        digits = FRACTION.sub("", digits)
    if GROUPED.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", "")
    if not (digits.isascii() and digits.isdigit()):
        return None, NO_NUMBER if codes.fold(text) in NUMBERLESS else None
    if digits in FILLERS or (len(digits) == 12 and digits.startswith("000")):
        return None, NOBODYS
    if len(digits) in (9, 12):
        return digits, None
    whole = digits.zfill(12)
    if len(digits) in (10, 11) and digits[0] != "0" and whole[:3] in PROVINCES and whole[3] in "0123":  # the sex, and 19xx or 20xx
        return whole, LOST_ZERO
    return None, None


def read_own_number(text: str) -> str | None:
    """A number that an employer gave, without what stands between its parts and without zeros in front, which programs lose. A day is none.

    >>> read_own_number("vc-0123"), read_own_number("00 123"), read_own_number("đã nộp"), read_own_number("03/02/2001")
    ('VC0123', '123', None, None)
    """
    plain = "".join(c for c in text.upper() if c not in " .-/").lstrip("0")
    return plain if OWN_NUMBER.fullmatch(plain) and not read_date(text)[0] else None


def read_party_card(text: str) -> str | None:
    """The number of a Party card: two digits for where, six for whom; one zero in front may be lost.

    >>> read_party_card("67.012345"), read_party_card("09.001 234"), read_party_card("9001234"), read_party_card("03/02/2001"), read_party_card("111111")
    ('67012345', '9001234', '9001234', None, None)
    """
    plain = read_own_number(text)
    return plain if plain and CARD_NUMBER.fullmatch(plain) and len(set(plain)) > 2 else None


OWN_NUMBER = re.compile(r"(?=(?:[A-ZĐ]*[0-9]){3})[A-ZĐ0-9]{3,20}", re.ASCII)
CARD_NUMBER = re.compile(r"[0-9]{7,8}", re.ASCII)
