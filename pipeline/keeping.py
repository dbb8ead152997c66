"""The archive looked through, copied, brought back, and parts of it let go: verify, backup, restore, erase.

What does not belong here: how bytes and records come into the archive (ledger/archive.py), how a backup lies on a disk (ledger/backups.py), and making
tables.
"""

import datetime as dt
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from pipeline.answers.receipts.outbox import folder_of
from pipeline.ledger import lookups
from pipeline.ledger.archive import (
    BACK,
    ArchiveProblem,
    Line,
    Load,
    Lost,
    blob,
    bring_back,
    bury,
    closed,
    erased,
    erased_in,
    is_whole,
    lay_down,
    read_loads,
    read_record,
    read_version,
    sync,
    text_of,
    versions,
)
from pipeline.ledger.backups import AGE, SNAPSHOTS, Backup, BackupProblem, backups, remember, seal_beside
from pipeline.ledger.find import fingerprint, why_not_read
from pipeline.ledger.sealed import KEY_VARIABLE, SUFFIX, Broken, KeyProblem, Seal, is_empty, seal_of, write_private
from pipeline.nightly import lost_versions
from pipeline.paths import Home, private
from pipeline.warehouse import landing

# ── verify ───────────────────────────────────────────────────────────────────────────────────────────────────────


Found = TypeVar("Found")


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
    needed = _needed(loads)
    seen = versions(loads)
    hashes = {blob(home, content_hash, seal).name: content_hash for content_hash in needed | gone.keys()}
    there = {hashes.get(file.name, file.name): file for file in home.blobs.glob("*/*") if file.suffix != ".part"}
    with ThreadPoolExecutor(os.cpu_count()) as many:
        looks = many.map(lambda named: (named[0], _look_at(named[0], named[1], seal)), there.items())
        wrong = {name: what for name, what in looks if what and name not in gone}
    wrong |= dict.fromkeys(needed - there.keys(), "is missing")
    looked.records, looked.versions = len(loads), sum(not why_not_read(content_hash) for _, content_hash in seen)
    looked.files, looked.size = len(there), sum(file.stat().st_size for file in there.values())
    looked.strays, looked.tombstones = len(there.keys() - needed - gone.keys()), len(gone)
    looked.damages += _blamed(wrong, loads)
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


def _needed(loads: Iterable[Load]) -> set[str]:
    """Hashes of all bytes that records speak of."""
    hashes = {line.content_hash for load in loads for line in load.lines} | {h for load in loads for h in load.registry.values()}
    return {content_hash for content_hash in hashes if not why_not_read(content_hash)}


def _look_at(content_hash: str, file: Path, seal: Seal | None) -> str:
    """What is wrong with archived bytes, or nothing."""
    try:
        read_version(file, content_hash, seal)
    except Lost as error:
        return str(error)
    return ""


def _blamed(wrong: dict[str, str], loads: Sequence[Load]) -> list[str]:
    """A sentence for everything that rests on lost bytes, and for bytes on which nothing rests."""
    seen = versions(loads).values()
    of_versions = {line.content_hash for _, line in seen} & wrong.keys()
    of_registry = {h: f"registry/{name}, load {load.load_id}" for load in reversed(loads) for name, h in load.registry.items()}
    said = lost_versions({h: wrong[h] for h in of_versions}, seen)
    said += [f"{of_registry[h]}: its archived file {wrong[h]} ({h}). {BACK}" for h in sorted(of_registry.keys() & wrong.keys())]
    nobodys = sorted(wrong.keys() - of_versions - of_registry.keys())
    return said + [f"archive/blobs/{h[:2]}/{h} {wrong[h]}; no load rests on it: delete the file." for h in nobodys]


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
    for folder in sorted(f for f in home.versions.glob("*") if f.is_dir() and not f.is_symlink() and f.suffix != ".part"):
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


MADE_AGAIN = "Delete that folder of versions; `pipeline load` makes anew what is published."


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
    found = {content_hash: _look_at(content_hash, blob(home, content_hash, seal), seal) for content_hash in hashes}
    return lost_versions({content_hash: what for content_hash, what in found.items() if what}, waiting.values())


def _is_read(line: Line) -> bool:
    return bool(line.period) and not why_not_read(line.content_hash)


def mend(home: Home, folder: Path, identities: Sequence[str] = ()) -> list[str]:
    """Bring back what is lost from a backup or from any folder that holds the same bytes; gives what came back."""
    back = []
    if (folder / SNAPSHOTS).is_dir():
        seal = seal_beside(folder, home)
        backup = Backup(folder, seal, open_with=identities)
        manifest = backup.manifest()
        if not home.key.exists() and (folder / home.key.name).exists():
            write_private(home.key, (folder / home.key.name).read_bytes())
            back.append(home.key.name)
        for name, content_hash in manifest.files.items():
            file = home.archive / name
            if not file.exists() or (file.parent == home.loads and not (seal and _is_sound(file, seal))):
                lay_down([(file, backup.read(content_hash))])
                file.chmod(0o600)
                back.append(name)
        seal = seal_of(home)
        back += sorted(backup.bring_back(home, _lost(home, seal)))
    return back + sorted(bring_back(home, _lost(home, seal_of(home)), folder))


def _lost(home: Home, seal: Seal) -> set[str]:
    return {h for h in _needed(read_loads(home)) if not is_whole(blob(home, h, seal), h, seal)}


def _is_sound(record: Path, seal: Seal) -> bool:
    try:
        read_record(record, seal)
    except ArchiveProblem:
        return False
    return True


# ── backup ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Backed:
    """What a backup did; `damages` are sentences."""

    snapshot: str = ""
    objects: int = 0
    verified: int = 0
    copied: int = 0
    size: int = 0
    erased: int = 0
    seconds: float = 0
    damages: list[str] = field(default_factory=list)


def back_up(home: Home, folder: Path, recipients: Sequence[str] = ()) -> Backed:
    """Copy the archive into a folder, also while a load runs beside it. What lies there already is looked at and not copied again.

    The records come first, then the bytes that they speak of: a record is written after its bytes, and bytes never change, so that whatever a load
    adds meanwhile is wholly in this snapshot or wholly in the next.
    """
    began, done = time.perf_counter(), Backed()
    if home.root in (folder.resolve(), *folder.resolve().parents):
        raise BackupProblem(f"A backup does not lie in {home.root} itself: choose another disk.")
    if not home.archive.is_dir():
        raise BackupProblem(f"There is no archive in {home.root}.")
    private(folder)
    try:
        with FileLock(folder / "lock", timeout=0, mode=0o600):
            _copy(home, folder, recipients, done)
    except Timeout:
        raise BackupProblem(f"Another backup is being made in {folder}; this one stops.") from None
    remember(home, folder)
    done.seconds = time.perf_counter() - began
    return done


def _copy(home: Home, folder: Path, recipients: Sequence[str], done: Backed) -> None:
    seal = seal_of(home)
    backup = Backup(folder, seal, recipients, key=hashlib.sha256(b"backup" + seal.key).digest())
    if others := {file.suffix for file in backup.snapshots()} - {backup.suffix}:
        which = {AGE: "encrypted by age", SUFFIX: "sealed with the city's key"}.get(
            others.pop(), "in clear, from before archives were sealed"
        )
        raise BackupProblem(f"{folder} holds snapshots that are {which}: choose another folder.")
    before = {} if recipients else _last_files(backup)
    if not recipients and home.key.is_file() and not home.key.is_symlink():
        write_private(folder / home.key.name, home.key.read_bytes())
    files, loads, gone = _state(home, seal, done)
    if not recipients:
        files.pop(home.key.name, None)  # what is sealed with it cannot hold it
    listed = {name: fingerprint(data) for name, data in files.items()}
    first = home.loads / "000001.json"
    name = f"{home.loads.name}/{first.name}"
    if name in before and name in files and len({text_of(data, first.name, seal) for data in (files[name], backup.read(before[name]))}) > 1:
        raise BackupProblem(f"{folder} holds the backup of another archive: choose another folder.")
    blobs = sorted((_needed(loads) | _not_on_record(home, seal, loads, gone)) - gone.keys())
    wrong: dict[str, str] = {}

    def new(content_hashes: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        for content_hash in content_hashes:
            try:
                yield content_hash, read_version(blob(home, content_hash, seal), content_hash, seal)
            except Lost as error:
                wrong[content_hash] = str(error)
                continue
            done.copied += 1

    with ThreadPoolExecutor(os.cpu_count()) as many:
        missing = [h for h, is_there in zip(blobs, many.map(backup.has, blobs), strict=True) if not is_there]
    for start in range(0, len(missing), 500):  # not all of them wait for the disk at once
        done.size += backup.add(new(missing[start : start + 500]))
    done.verified = len(blobs) - len(missing)
    states = [(listed[name], data) for name, data in files.items() if not backup.has(listed[name])]
    done.size += backup.add(states)
    done.copied += len(states)
    done.erased = backup.drop(gone)
    done.damages += _blamed(wrong, loads)
    about = {
        "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "files": listed | {name: h for name, h in before.items() if name not in listed},
        "blobs": [h for h in blobs if h not in wrong],
        "lost": sorted(wrong),
    }
    done.snapshot = backup.write(about | {"key": backup.key.hex()})
    done.objects = len(about["blobs"]) + len(about["files"])


def _not_on_record(home: Home, seal: Seal, loads: Sequence[Load], gone: Collection[str]) -> set[str]:
    """Hashes of bytes that no record speaks of which can be read: their record may be damaged."""
    known = {blob(home, content_hash, seal).name for content_hash in _needed(loads) | set(gone)}
    found = set()
    for file in (f for f in home.blobs.glob("*/*") if f.suffix != ".part" and f.name not in known):
        with suppress(OSError, Broken):
            data = file.read_bytes()
            found.add(fingerprint(seal.open(data, file.name) if file.suffix == SUFFIX else data))
    return found


def _state(home: Home, seal: Seal, done: Backed) -> tuple[dict[str, bytes], list[Load], dict[str, dict[str, str]]]:
    """Whatever the archive holds besides versions, read once; a damaged record is told, and stays as the last snapshot has it.

    A link is passed over: a key that lies elsewhere is kept elsewhere.
    """
    gone = erased(home)
    files, loads = {}, []
    for file in sorted(home.loads.glob("*.json")):
        try:
            loads.append(read_record(file, seal, gone))
            files[f"{home.loads.name}/{file.name}"] = file.read_bytes()
        except ArchiveProblem as error:
            done.damages.append(str(error))
    for file in sorted(home.archive.rglob("*")):
        name = file.relative_to(home.archive).as_posix()
        if (
            file.is_file()
            and not file.is_symlink()
            and file.suffix != ".part"
            and name.split("/")[0] not in (home.blobs.name, home.loads.name)
        ):
            files[name] = file.read_bytes()
    return files, loads, gone


def _last_files(backup: Backup) -> dict[str, str]:
    if not backup.snapshots():
        return {}
    try:
        return {name: h for name, h in backup.newest_whole().files.items() if backup.has(h)}
    except BackupProblem:
        raise BackupProblem(
            f"No snapshot of {backup.folder} opens with this archive's key: it is another archive's, or damaged. Choose another folder."
        ) from None


# ── restore ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Restored:
    """What came back; `damages` are sentences."""

    snapshot: str
    loads: int
    versions: int
    registry: list[str]
    seconds: float
    damages: list[str]


def restore(home: Home, folder: Path, snapshot: str | None = None, identities: Sequence[str] = ()) -> Restored:
    """Bring a backup back into a home without an archive: the archive whole or not at all, and the registry of its last load into raw.

    Versions that the backup lost are told, and everything else comes back; where a record or the key is lost, nothing does.
    """
    began = time.perf_counter()
    if home.archive.exists() and any(home.archive.iterdir()):
        raise BackupProblem(f"{home.archive} holds an archive; a backup is brought back into an empty home only. Move it away first.")
    backup = Backup(folder, seal_beside(folder, home), open_with=identities)
    manifest = backup.manifest(snapshot)
    part = private(home.archive.with_name("archive.part"))
    shutil.rmtree(part)
    private(part)
    files = manifest.files | {
        name: h for name, h in backup.newest_whole().files.items() if name == home.erased.name
    }  # erased since: stays so
    try:
        lay_down((part / name, backup.read(content_hash)) for name, content_hash in files.items())
    except Lost as error:
        shutil.rmtree(part)
        raise BackupProblem(
            f"A file of the snapshot {manifest.name} {error}; nothing was brought back. Older snapshots: {', '.join(f.name for f in backup.snapshots()[:-1]) or 'none'} (--snapshot NAME)."
        ) from None
    for name in files:
        (part / name).chmod(0o600)
    if (folder / home.key.name).exists() and not os.environ.get(KEY_VARIABLE):
        write_private(part / home.key.name, (folder / home.key.name).read_bytes())
    seal = seal_beside(part, home)
    if not seal:
        shutil.rmtree(part)
        raise BackupProblem(f"The backup does not hold the city's key: give it in {KEY_VARIABLE}. Nothing was brought back.")
    wrong = dict.fromkeys(manifest.lost, "was lost before the backup was made")
    gone = erased_in(part / home.erased.name, seal) if (part / home.erased.name).exists() else {}

    def coming(content_hashes: Iterable[str]) -> Iterator[tuple[Path, bytes]]:
        for content_hash in content_hashes:
            try:
                yield closed(part / home.blobs.name, content_hash, backup.read(content_hash), seal)
            except Lost as error:
                wrong[content_hash] = f"of the backup {error}"

    blobs = [h for h in manifest.blobs if h not in gone]
    for start in range(0, len(blobs), 500):
        lay_down(coming(blobs[start : start + 500]))
    if home.archive.exists():
        home.archive.rmdir()
    part.rename(home.archive)
    sync((home.warehouse,))
    loads = read_loads(home)
    registry = _lay_registry(home, loads[-1]) if loads else []
    needed = _needed(loads)
    damages = _blamed({h: what for h, what in wrong.items() if h in needed}, loads)
    return Restored(
        manifest.name, len(loads), len(blobs) - len(wrong.keys() - set(manifest.lost)), registry, time.perf_counter() - began, damages
    )


def _lay_registry(home: Home, load: Load) -> list[str]:
    """The registry as the last load took it, where none lies there: a load asks what lies in raw."""
    home.registry.mkdir(parents=True, exist_ok=True)
    if any(home.registry.iterdir()):
        return []
    seal, laid = seal_of(home), {}
    for name, h in load.registry.items():
        with suppress(Lost):  # told already
            laid[name] = read_version(blob(home, h, seal), h, seal)
    lay_down((home.registry / name, data) for name, data in laid.items())
    return sorted(laid)


# ── erase ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Erased:
    """Which versions rested on the bytes, and which backups hold them until they are made again."""

    versions: list[str]
    backups: list[str]


def _hash_meant(loads: list[Load], which: str) -> str:
    """The hash that is meant by one, or by the path on record of bytes that nobody has any more."""
    seen = {line.content_hash: f"  load {load_id}: {line.content_hash}" for load_id, line in versions(loads).values() if line.path == which}
    if len(seen) > 1:
        raise ArchiveProblem("\n".join(["Several versions lay there; name one by its hash:", *seen.values()]))
    return next(iter(seen), which.lower())


def erase(home: Home, which: str, why: str) -> Erased:
    """Put a tombstone in the place of a version's bytes, and take out what was made of it; the next load makes the rest without it.

    `which`: the bytes' SHA-256, or the path below raw at which one version lay. Raises ArchiveProblem where it is none, or several.
    """
    loads = read_loads(home)
    gone, content_hash = erased(home), _hash_meant(loads, which)
    if any(content_hash in load.registry.values() for load in loads):
        raise ArchiveProblem("These are bytes of the registry, which every table rests on: mend raw/registry instead.")
    lines = [(load_id, line) for load_id, line in versions(loads).values() if line.content_hash == content_hash]
    if not lines and content_hash not in gone and not blob(home, content_hash).exists():
        raise ArchiveProblem(
            f"No version on record has the hash or the path {which}: `sha256sum FILE` gives a file's hash; a path begins with the period's folder."
        )
    bury(home, content_hash, why)
    for folder in home.restricted.glob("landing-*"):
        landing.take_out(home, folder, content_hash)
    home.answered.unlink(missing_ok=True)  # the last load is finished again: it makes tables and answers without these bytes
    for unit in {(line.period, line.sender_code) for _, line in lines if line.period}:
        shutil.rmtree(folder_of(home, unit), ignore_errors=True)
    made = (home.templates, home.open, home.analyst, home.people, home.dbt_target / "logs")
    for place in made:
        shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    return Erased([f"{line.path} of {line.sender_code or 'no unit'}, load {load_id}" for load_id, line in lines], backups(home))
