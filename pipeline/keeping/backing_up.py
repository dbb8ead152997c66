"""A backup of the archive: its records and the bytes that they speak of, copied into a folder beside what lies there already.

What does not belong here: how a backup lies on a disk (ledger/backups.py), and bringing one back (restoring.py, mending.py).
"""

import datetime as dt
import hashlib
import os
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline import whole
from pipeline.keeping.damage import blamed, hashes_of
from pipeline.ledger.archive import ArchiveProblem, Lost, blob, read_version
from pipeline.ledger.backups import AGE, Backup, BackupProblem, remember
from pipeline.ledger.find import fingerprint
from pipeline.ledger.records import Load, read_record, text_of
from pipeline.ledger.sealed import SUFFIX, Broken, Seal, seal_of
from pipeline.ledger.tombstones import erased
from pipeline.paths import Home, private


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
    """Copy the archive into a folder, also while a load runs beside it. What lies there already is looked at and not copied again. Raises BackupProblem.

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
        whole.write_private(folder / home.key.name, home.key.read_bytes())
    files, loads, gone = _state(home, seal, done)
    if not recipients:
        files.pop(home.key.name, None)  # what is sealed with it cannot hold it
    listed = {name: fingerprint(data) for name, data in files.items()}
    first = home.loads / "000001.json"
    name = f"{home.loads.name}/{first.name}"
    if name in before and name in files and len({text_of(data, first.name, seal) for data in (files[name], backup.read(before[name]))}) > 1:
        raise BackupProblem(f"{folder} holds the backup of another archive: choose another folder.")
    blobs = sorted((hashes_of(loads) | _not_on_record(home, seal, loads, gone)) - gone.keys())
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
    done.damages += blamed(wrong, loads)
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
    known = {blob(home, content_hash, seal).name for content_hash in hashes_of(loads) | set(gone)}
    found = set()
    for file in (f for f in home.blobs.glob("*/*") if f.suffix != whole.PART and f.name not in known):
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
            and file.suffix != whole.PART
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
