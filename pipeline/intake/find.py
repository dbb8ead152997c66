"""Find and fingerprint what units sent. What does not belong here: opening a spreadsheet."""

import datetime as dt
import hashlib
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.paths import Home

PERIOD = re.compile(r"\A(20[0-9]{2})(-Q[1-4])?\Z")
REGISTRY_FILES = ("units", "calendar", "withdrawals", "layouts")


@dataclass(frozen=True)
class Found:
    """A file below data/raw: its period and sender are the folders' names, blank where it lies elsewhere."""

    path: str  # below raw, with forward slashes
    period: str
    sender_code: str
    content_hash: str
    size: int


def find(home: Home) -> tuple[list[Found], list[str]]:
    """Every file that units sent, by path; and the paths that the system would not let us read tonight.

    Office locks, hidden files and the registry are not submissions.
    """
    found, unread = [], []
    for folder, folders, names in os.walk(home.raw):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and Path(folder, f) != home.registry)
        above = Path(folder).relative_to(home.raw).parts
        period, sender_code = above if len(above) == 2 and PERIOD.match(above[0]) else ("", "")
        for name in sorted(names):
            full = os.path.join(folder, name)
            if name.startswith((".", "~$")) or full == str(home.sample_marker) or (name == "desktop.ini" or name == "Thumbs.db"):
                continue
            path = "/".join((*above, name))
            try:
                about = os.stat(full)
                content_hash = _hash_of(full, (about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns))
            except OSError:
                unread.append(path)
                continue
            found.append(Found(path, period, sender_code, content_hash, about.st_size))
    return found, unread


def find_registry(home: Home) -> dict[str, str]:
    """The registry's files by name, with their hashes."""
    if not home.registry.is_dir():
        return {}
    return {
        file.name: fingerprint(file.read_bytes())
        for file in sorted(home.registry.iterdir())
        if file.stem in REGISTRY_FILES and file.suffix.lower() in (".xlsx", ".csv")
    }


def period_days(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of `2021` or `2021-Q1`.

    >>> period_days("2021-Q4")
    (datetime.date(2021, 10, 1), datetime.date(2021, 12, 31))
    """
    year, quarter = int(period[:4]), int(period[6]) if len(period) > 4 else None
    first, last = (quarter * 3 - 2, quarter * 3) if quarter else (1, 12)
    following = dt.date(year + last // 12, last % 12 + 1, 1)
    return dt.date(year, first, 1), following - dt.timedelta(days=1)


@cache  # a load looks twice: before it imports the frame, and when it records what it found
def _hash_of(file: str, as_it_was: tuple[int, ...]) -> str:
    return fingerprint(Path(file).read_bytes())


def fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
