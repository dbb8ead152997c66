"""Archive and ledger: what cannot be made again. Bytes by hash, one record per load, each written whole or not at all, and sealed.

What comes in is on disk before the ledger speaks of it: data, then name, then folder. It is sealed after it was held against its hash, under a
name made of that hash with the city's key; so what can be opened under its name again is what came in. What an earlier version left in clear
is held against its hash when it is read, until it is sealed too.

What does not belong here: what the bytes mean, and copies of the archive (keeping.py).
"""

import ctypes
import datetime as dt
import hashlib
import json
import logging
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.ledger import lookups
from pipeline.ledger.find import ERASED, NOT_READ, Found, fingerprint, open_regular
from pipeline.ledger.sealed import MARK, SUFFIX, Broken, Seal, is_sealed, seal_of
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
    accepted: dict[str, str] = field(
        default_factory=dict
    )  # who answered what the load asked: what the registry lost, which day was taken back


# ── the ledger ───────────────────────────────────────────────────────────────────────────────────────────────────


def read_loads(home: Home) -> list[Load]:
    """Every load on record, oldest first, without what was erased. None stands for a later day than the loads after it: such a day was taken back.

    Raises ArchiveProblem where a record is missing or not what was written.
    """
    files, gone, loads = sorted(home.loads.glob("*.json")), erased(home), []
    if not files:
        return []
    seal = seal_of(home)
    for number, file in enumerate(files, start=1):
        if file.stem != f"{number:06}":
            raise ArchiveProblem(f"The ledger's record archive/loads/{number:06}.json is missing. {BACK}")
        loads.append(read_record(file, seal, gone))
    for number in range(len(loads) - 2, -1, -1):
        if loads[number].as_of > loads[number + 1].as_of:
            loads[number] = replace(loads[number], as_of=loads[number + 1].as_of)
    return loads


BACK = "Bring it back from a backup: pipeline verify --from DIR."
IN_CLEAR = '{"sha256": "'  # how a record of an earlier version begins: the hash of all that follows


def read_record(file: Path, seal: Seal, gone: Collection[str] = ()) -> Load:
    """One load's record, whole and as it was written, or ArchiveProblem."""
    try:
        record = json.loads(text_of(file.read_bytes(), file.name, seal))
        record["as_of"] = dt.date.fromisoformat(record["as_of"])
        lines = [Line(**line, number=number) for number, line in enumerate(record["lines"], start=1)]
        load = Load(**record | {"lines": [line for line in lines if line.content_hash not in gone]})
        if file.stem != f"{load.load_id:06}":
            raise ValueError("another load")
    except (OSError, Broken, ValueError, TypeError, KeyError, AttributeError):  # its own text may quote the record
        raise ArchiveProblem(
            f"The ledger's record archive/loads/{file.name} is empty, cut or changed. {BACK} "
            "Without one, and where it is the newest, move it away: the next load records anew what lies in raw."
        ) from None
    return load


def text_of(data: bytes, name: str, seal: Seal) -> str:
    """What a record says, sealed or still in clear."""
    if is_sealed(data):
        return seal.open(data, name).decode()
    text = data.decode()
    hashed, _, body = text.partition(",\n") if text.startswith(IN_CLEAR) else ("", "", text)
    if hashed and hashed != IN_CLEAR + fingerprint(body.encode()) + '"':
        raise ValueError("changed")
    return "{" + body if hashed else body


def record(home: Home, load: Load) -> None:
    """Append a load's record; its bytes are on disk (keep). A line per file, for whoever searches by hand."""
    about = {name: value for name, value in vars(load).items() if name != "lines"} | {"as_of": load.as_of.isoformat(), "lines": []}
    lines = ",\n".join(json.dumps({k: v for k, v in vars(line).items() if k != "number"}, ensure_ascii=False) for line in load.lines)
    body = json.dumps(about, ensure_ascii=False).removesuffix("]}") + f"\n{lines}\n]}}\n"
    file = home.loads / f"{load.load_id:06}.json"
    lay_down([(file, seal_of(home).close(body.encode(), file.name))])


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


def blob(home: Home, content_hash: str, seal: Seal | None = None) -> Path:
    """Where bytes lie: sealed, or still in clear under their hash as an earlier version laid them down."""
    place, clear = _place(home.blobs, content_hash, seal or seal_of(home)), home.blobs / content_hash[:2] / content_hash
    return clear if clear.exists() and not place.exists() else place


def _place(blobs: Path, content_hash: str, seal: Seal) -> Path:
    name = seal.name_of(content_hash)
    return blobs / name[:2] / f"{name}{SUFFIX}"


def closed(blobs: Path, content_hash: str, data: bytes, seal: Seal) -> tuple[Path, bytes]:
    """Where bytes are to lie, and how."""
    place = _place(blobs, content_hash, seal)
    return place, seal.close(data, place.name)


def read_version(file: Path, content_hash: str, seal: Seal | None = None) -> bytes:
    """Bytes that were archived, or are to be, as they came in. Raises Lost where they are not there or not what they were."""
    try:
        with open_regular(file) as opened:
            data = opened.read()
    except OSError as error:
        raise Lost("is missing" if isinstance(error, FileNotFoundError) else "cannot be read") from None
    try:
        if seal and file.suffix == SUFFIX:
            return seal.open(data, file.name)
    except Broken:
        raise Lost("holds other bytes") from None
    if fingerprint(data) != content_hash:
        raise Lost("holds other bytes")
    return data


def keep(home: Home, files: Iterable[tuple[Path, str]]) -> set[str]:
    """Seal files into the archive by hash; gives the hashes of those that changed or went away meanwhile.

    When it returns, data, names and folders are on disk, in this order. What lies there already is compared, and replaced where it is damaged.
    """
    private(home.archive)
    seal = seal_of(home)
    missed: dict[str, None] = {}
    kept: set[str] = set()

    def coming() -> Iterator[tuple[Path, bytes]]:
        for source, content_hash in dict.fromkeys(files):
            target = _place(home.blobs, content_hash, seal)
            if is_whole(target, content_hash, seal):
                continue
            try:
                data = read_version(source, content_hash)
            except Lost:
                missed[content_hash] = None
                continue
            if target.exists():
                log.warning("archive/blobs held other bytes in the place of a file that came in, and has this file now")
            kept.add(content_hash)
            yield closed(home.blobs, content_hash, data, seal)

    if lay_down(coming()):
        sync((home.archive, home.warehouse))  # the folder of blobs itself may be new
    return missed.keys() - kept


def is_whole(target: Path, content_hash: str, seal: Seal | None = None) -> bool:
    try:
        read_version(target, content_hash, seal)
    except Lost:
        return False
    return True


def seal_all(home: Home) -> int:
    """Seal what an earlier version left in clear; gives how many files. Each lies sealed on disk before what is in clear goes: a kill leaves both.

    What a kill left half-written goes. No load may run beside this.
    """
    for part in home.archive.rglob("*.part"):
        part.unlink()
    seal, gone = seal_of(home), erased(home)
    stones = {content_hash: _stone(one, seal, home).encode() for content_hash, one in gone.items()}
    if gone and any(_is_hash(json.loads(line)["content_hash"]) for line in home.erased.read_text("utf-8").splitlines()):
        lay_down([(home.erased, b"".join(stones.values()))])
        home.erased.chmod(0o600)
    clear = [file for file in home.blobs.glob("*/*") if not file.suffix and (file.name in gone or is_whole(file, file.name))]
    for start in range(0, len(clear), 500):  # not all of them wait for the disk at once
        some = clear[start : start + 500]
        lay_down(
            (_place(home.blobs, file.name, seal), stones[file.name])
            if file.name in gone
            else closed(home.blobs, file.name, file.read_bytes(), seal)
            for file in some
        )
        for file in some:
            file.unlink()
    records = [file for file in sorted(home.loads.glob("*.json")) if _is_clear(file)]
    lay_down([(file, seal.close(text_of(file.read_bytes(), file.name, seal).encode(), file.name)) for file in records])
    return len(clear) + len(records)


def _is_clear(file: Path) -> bool:
    with file.open("rb") as data:
        return not is_sealed(data.read(len(MARK)))


def _is_hash(text: str) -> bool:
    """Whether it is a plain hash, and not a sealed one."""
    return len(text) == 64


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
    """Keep those of the wanted bytes that some regular file below a folder holds, also one that this archive sealed; gives their hashes."""
    back: set[str] = set()
    seal = seal_of(home)
    sealed = {_place(home.blobs, content_hash, seal).name: content_hash for content_hash in wanted}
    for place, _, names in os.walk(folder):
        for file in (Path(place, name) for name in sorted(names)):
            if back == set(wanted):
                return back
            try:
                if (content_hash := sealed.get(file.name)) and is_whole(file, content_hash, seal):
                    lay_down([closed(home.blobs, content_hash, read_version(file, content_hash, seal), seal)])
                    back.add(content_hash)
                    continue
                with open_regular(file) as opened:
                    content_hash = hashlib.file_digest(opened, "sha256").hexdigest()
            except OSError:
                continue
            if content_hash in wanted and not keep(home, [(file, content_hash)]):
                back.add(content_hash)
    return back


# ── what was erased ──────────────────────────────────────────────────────────────────────────────────────────────


def erased(home: Home) -> dict[str, dict[str, str]]:
    """What was taken out of the archive for good: hash → who did it, when and why."""
    return erased_in(home.erased, seal_of(home)) if home.erased.exists() else {}


def erased_in(file: Path, seal: Seal) -> dict[str, dict[str, str]]:
    try:
        told = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        for one in told:
            if not _is_hash(one["content_hash"]):
                one["content_hash"] = seal.open(bytes.fromhex(one["content_hash"]), file.name).decode()
        return {one["content_hash"]: one for one in told}
    except (OSError, Broken, ValueError, TypeError, KeyError):
        raise ArchiveProblem(f"archive/{file.name} holds a line that is cut or changed. {BACK}") from None


def _stone(about: dict[str, str], seal: Seal, home: Home) -> str:
    """A tombstone, and a line of the log: its hash is sealed, for a short file's could be guessed."""
    sealed = seal.close(about["content_hash"].encode(), home.erased.name).hex()
    return json.dumps(about | {"content_hash": sealed}, ensure_ascii=False) + "\n"


def bury(home: Home, content_hash: str, why: str) -> None:
    """Put a tombstone in the place of bytes. It is logged first: what was begun and not finished is seen (verify), and can be repeated."""
    seal = seal_of(home)
    about = {"content_hash": content_hash, "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), **lookups.by(), "why": why}
    stone = _stone(about, seal, home)
    private(home.archive)
    with os.fdopen(os.open(home.erased, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(stone)
        file.flush()
        os.fsync(file.fileno())
    sync((home.archive,))
    lay_down([(_place(home.blobs, content_hash, seal), stone.encode())])
    (home.blobs / content_hash[:2] / content_hash).unlink(missing_ok=True)


def without_erased(home: Home, found: Iterable[Found]) -> list[Found]:
    """Entries as a load may take them: whose bytes were erased is not read again."""
    gone = erased(home)
    return [
        replace(f, content_hash=f"{NOT_READ}{ERASED}-{fingerprint(f.path.encode())[:16]}") if f.content_hash in gone else f for f in found
    ]
