"""The ledger: one record per load, what it stands for and what it saw for the first time, sealed, and written when its bytes are on disk.

What does not belong here: the bytes themselves (archive.py), and deciding that a load is due (gate.py).
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import whole
from pipeline.ledger.archive import BACK, ArchiveProblem
from pipeline.ledger.find import Found, fingerprint
from pipeline.ledger.sealed import Broken, Seal, is_sealed, seal_of
from pipeline.ledger.tombstones import erased
from pipeline.paths import Home

IN_CLEAR = '{"sha256": "'  # how a record of an earlier version begins: the hash of all that follows


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
    whole.lay_down([(file, seal_of(home).close(body.encode(), file.name))])


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
