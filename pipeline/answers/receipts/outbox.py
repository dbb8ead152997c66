"""The outbox: a folder for each period and unit, made beside the old one, and taking its place whole.

What does not belong here: what is written into a folder.
"""

import hashlib
import shutil
from pathlib import Path

from pipeline.answers.receipts.gathered import Unit
from pipeline.paths import Home
from pipeline.whole import PART, bring_back, take_place

SUMMARY, FINGERPRINT = "tom-tat.html", ".fingerprint"
LONGEST = 200  # bytes of a name: a system holds 255, and ours add some


def short(name: str) -> str:
    """A name that can be written, and told from others that begin alike."""
    if len(name.encode()) <= LONGEST:
        return name
    begin = name.encode()[: LONGEST - 20].decode(errors="ignore")
    return f"{begin}~{hashlib.sha256(name.encode()).hexdigest()[:8]}{Path(name).suffix[:6]}"


def folder_of(home: Home, unit: Unit) -> Path:
    """Where a unit finds its answer for a period."""
    return home.outbox / unit[0] / short(unit[1])


def part_of(home: Home, unit: Unit) -> Path:
    """Where its next one is made."""
    return home.outbox / unit[0] / f".{short(unit[1])}{PART}"  # hidden: no unit's folder begins with a dot


def last_fingerprint(home: Home, unit: Unit) -> str | None:
    """What its last one said, by its fingerprint; None where it has none."""
    try:
        return (folder_of(home, unit) / FINGERPRINT).read_text()
    except FileNotFoundError:
        return None


def heal(home: Home) -> None:
    """What a kill left: half-made folders go; an old one that was pushed aside comes back."""
    for part in home.outbox.glob(f"*/.*{PART}"):
        shutil.rmtree(part)
    for period in home.outbox.glob("*"):
        bring_back(period)


def switch(home: Home, unit: Unit) -> None:
    """What was made takes the place of the old one."""
    take_place(part_of(home, unit), folder_of(home, unit))
