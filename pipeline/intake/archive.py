"""Archive and ledger: what cannot be made again. Bytes by hash, one record per load, each written whole or not at all.

What comes in is on disk before the ledger speaks of it: data, then name, then folder. What is read again is held against its hash.

What does not belong here: what the bytes mean, and copies of the archive (keeping.py).
"""

import ctypes
import datetime as dt
import hashlib
import json
import logging
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import lookups
from pipeline.intake.find import ERASED, NOT_READ, Found, fingerprint
from pipeline.paths import Home, private

log = logging.getLogger("pipeline")


class ArchiveProblem(Exception):
    """What the archive should hold is gone, or is not what it was. The words name files, units and loads, and say what to do."""


class Lost(Exception):
    """The archive does not hold these bytes any more."""


@dataclass(frozen=True)
class Line:
    """A ledger line: at this load this path held these bytes."""

    path: str
    period: str
    sender_code: str
    content_hash: str
    size: int
    seen_at: str  # UTC, ISO
    number: int = field(default=0, compare=False)  # its place in the record, which does not repeat it


@dataclass(frozen=True)
class Load:
    """A load's record: what it stands for and what it saw for the first time."""

    load_id: int
    as_of: dt.date
    contract: str  # fingerprint of reader, schemas and code lists
    transform: str  # fingerprint of the dbt project and of publishing
    registry: dict[str, str]  # file name → hash
    awaited: list[str]  # days on which tables change although no file comes: due dates passed, withdrawals
    started_at: str
    lines: list[Line] = field(default_factory=list)
    accepted: dict[str, str] = field(default_factory=dict)  # who accepted that the registry lost units, and what it lost


# ── the ledger ───────────────────────────────────────────────────────────────────────────────────────────────────


def read_loads(home: Home) -> list[Load]:
    """Every load on record, oldest first, without what was erased. None stands for a later day than the loads after it: such a day was taken back.

    Raises ArchiveProblem where a record is missing or not what was written.
    """
    gone, loads = erased(home), []
    for number, file in enumerate(sorted(home.loads.glob("*.json")), start=1):
        if file.stem != f"{number:06}":
            raise ArchiveProblem(f"The ledger's record archive/loads/{number:06}.json is missing. {BACK}")
        loads.append(read_record(file, gone))
    for number in range(len(loads) - 2, -1, -1):
        if loads[number].as_of > loads[number + 1].as_of:
            loads[number] = replace(loads[number], as_of=loads[number + 1].as_of)
    return loads


BACK = "Bring it back from a backup: pipeline verify --from DIR."
SEAL = '{"sha256": "'  # how a record begins: the hash of all that follows


def read_record(file: Path, gone: Collection[str] = ()) -> Load:
    """One load's record, whole and as it was written, or ArchiveProblem."""
    try:
        text = file.read_text("utf-8")
        sealed, _, body = text.partition(",\n") if text.startswith(SEAL) else ("", "", text)
        if sealed and sealed != SEAL + fingerprint(body.encode()) + '"':
            raise ValueError("changed")
        record = json.loads("{" + body if sealed else body)
        record["as_of"] = dt.date.fromisoformat(record["as_of"])
        lines = [Line(**line, number=number) for number, line in enumerate(record["lines"], start=1)]
        load = Load(**record | {"lines": [line for line in lines if line.content_hash not in gone]})
        if file.stem != f"{load.load_id:06}":
            raise ValueError("another load")
    except (OSError, ValueError, TypeError, KeyError, AttributeError):  # its own text may quote the record
        raise ArchiveProblem(
            f"The ledger's record archive/loads/{file.name} is empty, cut or changed. {BACK} "
            "Without one, and where it is the newest, move it away: the next load records anew what lies in raw."
        ) from None
    return load


def record(home: Home, load: Load) -> None:
    """Append a load's record; its bytes are on disk (keep). A line per file, for whoever searches by hand."""
    about = {name: value for name, value in vars(load).items() if name != "lines"} | {"as_of": load.as_of.isoformat(), "lines": []}
    lines = ",\n".join(json.dumps({k: v for k, v in vars(line).items() if k != "number"}, ensure_ascii=False) for line in load.lines)
    body = json.dumps(about, ensure_ascii=False).removeprefix("{").removesuffix("]}") + f"\n{lines}\n]}}\n"
    write_whole(home.loads / f"{load.load_id:06}.json", f'{SEAL}{fingerprint(body.encode())}",\n{body}')


def last_hashes(loads: Iterable[Load]) -> dict[str, str]:
    """Path → the bytes of its last ledger line."""
    return {line.path: line.content_hash for load in loads for line in load.lines}


def changed(found: Iterable[Found], loads: Iterable[Load]) -> list[Found]:
    """What differs from the ledger's last line of its path, also where old bytes come back."""
    known = last_hashes(loads)
    return [f for f in found if known.get(f.path) != f.content_hash]


def versions(loads: Iterable[Load]) -> dict[tuple[str, str], tuple[int, Line]]:
    """(path, hash) → the load that saw it first, and its line there; entries that nobody read are versions too."""
    seen: dict[tuple[str, str], tuple[int, Line]] = {}
    for load in loads:
        for line in load.lines:
            seen.setdefault((line.path, line.content_hash), (load.load_id, line))
    return seen


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def blob(home: Home, content_hash: str) -> Path:
    return home.blobs / content_hash[:2] / content_hash


def read_version(file: Path, content_hash: str) -> bytes:
    """Archived bytes, held against their hash. Raises Lost where they are not there or not what they were."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Lost("is missing" if isinstance(error, FileNotFoundError) else "cannot be read") from None
    if fingerprint(data) != content_hash:
        raise Lost("holds other bytes")
    return data


def keep(home: Home, files: Iterable[tuple[Path, str]]) -> set[str]:
    """Copy files into the archive by hash; gives the hashes of those that changed or went away meanwhile.

    When it returns, data, names and folders are on disk, in this order. What lies there already is compared, and replaced where it is damaged.
    """
    private(home.archive)
    missed: dict[str, None] = {}

    def coming() -> Iterator[tuple[Path, bytes]]:
        for source, content_hash in dict.fromkeys(files):
            target = blob(home, content_hash)
            if is_whole(target, content_hash):
                continue
            try:
                data = read_version(source, content_hash)
            except Lost:
                missed[content_hash] = None
                continue
            if target.exists():
                log.warning("archive/blobs held other bytes in the place of a file that came in, and has this file now")
            yield target, data

    laid = lay_down(coming())
    if laid:
        sync((home.archive, home.warehouse))  # the folder of blobs itself may be new
    return missed.keys() - {target.name for target in laid}


def is_whole(target: Path, content_hash: str) -> bool:
    try:
        read_version(target, content_hash)
    except Lost:
        return False
    return True


def lay_down(files: Iterable[tuple[Path, bytes]]) -> list[Path]:
    """Write files so that none ever has its name before its data is on disk; when it returns, the names are there too."""
    targets = []
    for target, data in files:
        target.parent.mkdir(parents=True, exist_ok=True)
        _part(target).write_bytes(data)
        targets.append(target)
    targets = list(dict.fromkeys(targets))  # the same bytes may come twice
    sync([_part(target) for target in targets])
    for target in targets:
        _part(target).replace(target)
    sync({folder for target in targets for folder in (target.parent, target.parent.parent)})
    return targets


def _part(target: Path) -> Path:
    return target.with_name(target.name + ".part")


FEW = 8


def sync(paths: Collection[Path]) -> None:
    """Have files or folders on disk, in one turn of it where they are many: 1,900 files take fsync one by one some 3 s, syncfs 0.1 s.

    Linux says of syncfs what it says of fsync: it waits until all is written, and tells of what could not be.
    """
    together = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None) if len(paths) > FEW else None
    for path in [*paths][:1] if together else paths:
        opened = os.open(path, os.O_RDONLY)
        try:
            if together is None:
                os.fsync(opened)
            elif together(opened):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        finally:
            os.close(opened)


def write_whole(target: Path, text: str) -> None:
    """The whole text or nothing: a reader never sees half of it, nor does a crash or a power cut leave half."""
    lay_down([(target, text.encode())])


def bring_back(home: Home, wanted: Collection[str], folder: Path) -> set[str]:
    """Keep those of the wanted bytes that some regular file below a folder holds; gives their hashes."""
    back: set[str] = set()
    for place, _, names in os.walk(folder):
        for file in (Path(place, name) for name in sorted(names)):
            if back == set(wanted):
                return back
            try:
                if not stat.S_ISREG(file.lstat().st_mode):
                    continue
                with file.open("rb") as opened:
                    content_hash = hashlib.file_digest(opened, "sha256").hexdigest()
            except OSError:
                continue
            if content_hash in wanted and not keep(home, [(file, content_hash)]):
                back.add(content_hash)
    return back


# ── what was erased ──────────────────────────────────────────────────────────────────────────────────────────────


def erased(home: Home) -> dict[str, dict[str, str]]:
    """What was taken out of the archive for good: hash → who did it, when and why."""
    try:
        lines = home.erased.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    try:
        told = [json.loads(line) for line in lines]
        return {one["content_hash"]: one for one in told}
    except (ValueError, TypeError, KeyError):
        raise ArchiveProblem(f"archive/{home.erased.name} holds a line that is cut or changed. {BACK}") from None


def bury(home: Home, content_hash: str, why: str) -> None:
    """Put a tombstone in the place of bytes. It is logged first: what was begun and not finished is seen (verify), and can be repeated."""
    about = {"content_hash": content_hash, "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), **lookups.by(), "why": why}
    stone = json.dumps(about, ensure_ascii=False)
    private(home.archive)
    with os.fdopen(os.open(home.erased, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(stone + "\n")
        file.flush()
        os.fsync(file.fileno())
    sync((home.archive,))
    write_whole(blob(home, content_hash), stone + "\n")


def without_erased(home: Home, found: Iterable[Found]) -> list[Found]:
    """Entries as a load may take them: whose bytes were erased is not read again."""
    gone = erased(home)
    return [
        replace(f, content_hash=f"{NOT_READ}{ERASED}-{fingerprint(f.path.encode())[:16]}") if f.content_hash in gone else f for f in found
    ]
