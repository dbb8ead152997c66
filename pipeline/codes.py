"""Allowed values, read from the dbt seed `codes.csv`, the only copy (law 9).

What does not belong here: what a column is called, or what is done with a value.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.paths import SEEDS


@dataclass(frozen=True)
class Code:
    code: str
    label_vi: str
    label_en: str
    aliases: tuple[str, ...]


INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
# Letters of other alphabets that look like these ones (lower case): text copied from elsewhere has them.
LOOK_ALIKE = str.maketrans("аеорсхуікмнтвһѕјүӏԁԛԝαβεζηικμνορτυχհոսօցյ", "aeopcxyikmhtbhsjyldqwabezhikmvoptyxhnuogj")
FOLDED = INVISIBLE | LOOK_ALIKE | {ord("đ"): "d", ord("ð"): "d"}


@lru_cache(maxsize=10_000)
def fold(text: str) -> str:
    """Text as it is compared, never as it is stored: no tone or letter marks, one case, no punctuation.

    >>> fold("  Xếp_loại (*) ")
    'xep loai'
    """
    text = unicodedata.normalize("NFD", text.lower().translate(FOLDED))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"[\s_\-./,;:()\[\]*'\"’`]+", " ", text).strip()


@cache
def code_lists() -> dict[str, tuple[Code, ...]]:
    """Every code list by name, in its own order."""
    lists: dict[str, list[Code]] = {}
    with (SEEDS / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            aliases = tuple(a for a in row["aliases"].split("|") if a)
            lists.setdefault(row["list"], []).append(Code(row["code"], row["label_vi"], row["label_en"], aliases))
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


def labels(list_name: str) -> dict[str, str]:
    """Code to Vietnamese label."""
    return {c.code: c.label_vi for c in code_lists()[list_name]}
