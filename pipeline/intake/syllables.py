"""Vietnamese syllables: an onset, a rime, a tone; and whether a word is one, so that it can be told in which letters a text was typed.

What does not belong here: what a text becomes by an old encoding (encodings), and judging whole columns (legacy).
"""

import re
import unicodedata
from functools import cache

from pipeline.values import ACUTE, DOT, ETH, GRAVE, HOOK, TILDE

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


def reads(word: str) -> bool | None:
    """Whether a word is a Vietnamese syllable; None where it has no letter above ASCII or is an abbreviation."""
    said = None
    for part in PUNCTUATION.split(unicodedata.normalize("NFC", word).translate(ETH)):
        if part.isascii() or NEUTRAL.fullmatch(part):
            continue
        if part.lower() not in syllables() or not (part.islower() or part.isupper() or (part[0].isupper() and part[1:].islower())):
            return False
        said = True
    return said


def marked(text: str) -> list[str]:
    """The words that tell something: those with a sign above ASCII."""
    return [word for word in WORD.findall(text) if not word.isascii()]
