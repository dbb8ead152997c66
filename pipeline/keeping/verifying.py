"""The archive looked through, and what is published of it: every record, every byte, the key and the logs. Nothing is changed.

What does not belong here: the sentence for what rests on lost bytes (damage.py), and mending (mending.py).
"""

import json
import os
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from pipeline import whole
from pipeline.keeping.damage import blamed, hashes_of, look_at, lost_versions
from pipeline.ledger import lookups
from pipeline.ledger.archive import BACK, ArchiveProblem, blob, is_whole
from pipeline.ledger.find import why_not_read
from pipeline.ledger.records import Line, Load, read_loads, read_record, versions
from pipeline.ledger.sealed import KeyProblem, Seal, is_empty, seal_of
from pipeline.ledger.tombstones import erased
from pipeline.paths import Home
from pipeline.warehouse import landing

Found = TypeVar("Found")


MADE_AGAIN = "Delete that folder of versions; `pipeline load` makes anew what is published."


@dataclass
class Looked:
    """What a look through the archive found; `damages` are sentences."""

    records: int = 0
    versions: int = 0
    files: int = 0
    size: int = 0
    strays: int = 0  # bytes that no record speaks of: a load was killed between the two
    tombstones: int = 0
    published: int = 0
    seconds: float = 0
    damages: list[str] = field(default_factory=list)


def verify(home: Home) -> Looked:
    """Every record, every byte, the key, the logs and what is published; nothing is changed."""
    began, looked = time.perf_counter(), Looked()
    try:
        seal = None if is_empty(home) else seal_of(home)
    except KeyProblem as error:  # without it nothing can be looked at
        looked.damages.append(str(error))
        return looked
    gone = _asked(looked, lambda: erased(home)) or {}
    loads = _records(home, seal, gone, looked)
    needed = hashes_of(loads)
    seen = versions(loads)
    hashes = {blob(home, content_hash, seal).name: content_hash for content_hash in needed | gone.keys()}
    there = {hashes.get(file.name, file.name): file for file in home.blobs.glob("*/*") if file.suffix != whole.PART}
    with ThreadPoolExecutor(os.cpu_count()) as many:
        looks = many.map(lambda named: (named[0], look_at(named[0], named[1], seal)), there.items())
        wrong = {name: what for name, what in looks if what and name not in gone}
    wrong |= dict.fromkeys(needed - there.keys(), "is missing")
    looked.records, looked.versions = len(loads), sum(not why_not_read(content_hash) for _, content_hash in seen)
    looked.files, looked.size = len(there), sum(file.stat().st_size for file in there.values())
    looked.strays, looked.tombstones = len(there.keys() - needed - gone.keys()), len(gone)
    looked.damages += blamed(wrong, loads)
    looked.damages += [
        f"archive/blobs still holds {name}, which was to be erased. Finish it: pipeline erase {name} --why …"
        for name in gone
        if is_whole(blob(home, name, seal), name, seal)
    ]
    if broken_at := lookups.check_log(home).broken_at:
        looked.damages.append(f"archive/{home.lookups.name}, line {broken_at}: it does not stand behind what it was written behind.")
    for file in sorted(set(home.archive.glob("*.jsonl")) - {home.lookups}):
        looked.damages += [f"archive/{file.name}, line {n}, is cut or changed." for n in _unreadable(file)]
    looked.damages += _look_at_published(home, looked)
    looked.seconds = time.perf_counter() - began
    return looked


def _asked(looked: Looked, question: Callable[[], Found]) -> Found | None:
    try:
        return question()
    except ArchiveProblem as error:
        looked.damages.append(str(error))
        return None


def _records(home: Home, seal: Seal | None, gone: Collection[str], looked: Looked) -> list[Load]:
    files = {file.stem: file for file in home.loads.glob("*.json")}
    last = max((int(stem) for stem in files if stem.isdigit()), default=0)
    for stem in (f"{number:06}" for number in range(1, last + 1)):
        if stem not in files:
            looked.damages.append(f"The ledger's record archive/loads/{stem}.json is missing. {BACK}")
    read = [_asked(looked, partial(read_record, file, seal, gone)) for _, file in sorted(files.items()) if seal]  # no key, no records
    return [load for load in read if load]


def _unreadable(file: Path) -> list[int]:
    bad = []
    for number, line in enumerate(file.read_text("utf-8", errors="replace").splitlines(), start=1):
        try:
            json.loads(line)
        except ValueError:
            bad.append(number)
    return bad


def _look_at_published(home: Home, looked: Looked) -> list[str]:
    said = []
    for folder in sorted(f for f in home.versions.glob("*") if f.is_dir() and not f.is_symlink() and f.suffix != whole.PART):
        looked.published += 1
        try:
            tables = json.loads((folder / "version.json").read_text("utf-8"))["tables"]
        except (OSError, ValueError, TypeError, KeyError):
            said.append(f"versions/{folder.name}/version.json is missing, empty or cut. {MADE_AGAIN}")
            continue
        exports = [folder / "exports" / f"{table.replace('.', '/')}.parquet" for table in tables]
        bad = [f for f in exports if _cut(f, b"PAR1", -4)] + [f for f in (folder / "personnel.duckdb",) if _cut(f, b"DUCK", 8)]
        said += [f"versions/{file.relative_to(home.versions)} is missing, empty or cut. {MADE_AGAIN}" for file in bad]
    for link in (home.current, home.published, home.exports):
        if link.is_symlink() and not link.exists():
            said.append(f"{link.name} leads nowhere. {MADE_AGAIN}")
    if home.answered.exists() and _unreadable(home.answered):
        said.append("outbox/answered.json is empty or cut: pipeline load answers units again.")
    return said


def _cut(file: Path, mark: bytes, at: int) -> bool:
    """Whether a file lacks the mark that its kind bears at its head or its end."""
    try:
        with file.open("rb") as opened:
            opened.seek(at, os.SEEK_SET if at >= 0 else os.SEEK_END)
            return opened.read(len(mark)) != mark
    except OSError:
        return True


def lost_and_waiting(home: Home) -> list[str]:
    """What keeps the last load from being finished: versions still to be judged whose bytes are lost. Only these are looked at."""
    loads = read_loads(home)
    if not loads:
        return []
    waiting = versions(loads)
    if home.landing_of(loads[-1].contract).exists():
        for version in landing.landed(home, loads[-1].contract, "files").iter_rows():
            waiting.pop(version, None)
    seal = seal_of(home)
    hashes = {line.content_hash for _, line in waiting.values() if _is_read(line)}
    found = {content_hash: look_at(content_hash, blob(home, content_hash, seal), seal) for content_hash in hashes}
    return lost_versions({content_hash: what for content_hash, what in found.items() if what}, waiting.values())


def _is_read(line: Line) -> bool:
    return bool(line.period) and not why_not_read(line.content_hash)
