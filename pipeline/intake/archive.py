"""Archive and ledger: what cannot be made again. Bytes by hash, one record per load, each written whole or not at all.

What does not belong here: what the bytes mean.
"""

import datetime as dt
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.intake.find import Found, fingerprint
from pipeline.paths import Home, private


@dataclass(frozen=True)
class Line:
    """A ledger line: at this load this path held these bytes."""

    path: str
    period: str
    sender_code: str
    content_hash: str
    size: int
    seen_at: str  # UTC, ISO


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


def read_loads(home: Home) -> list[Load]:
    """Every load on record, oldest first. None stands for a later day than the loads after it: such a day was taken back."""
    loads = []
    for file in sorted(home.loads.glob("*.json")):
        record = json.loads(file.read_text("utf-8"))
        record["as_of"] = dt.date.fromisoformat(record["as_of"])
        record["lines"] = [Line(**line) for line in record["lines"]]
        loads.append(Load(**record))
    for number in range(len(loads) - 2, -1, -1):
        if loads[number].as_of > loads[number + 1].as_of:
            loads[number] = replace(loads[number], as_of=loads[number + 1].as_of)
    return loads


def last_hashes(loads: Iterable[Load]) -> dict[str, str]:
    """Path → the bytes of its last ledger line."""
    return {line.path: line.content_hash for load in loads for line in load.lines}


def changed(found: Iterable[Found], loads: Iterable[Load]) -> list[Found]:
    """What differs from the ledger's last line of its path, also where old bytes come back."""
    known = last_hashes(loads)
    return [f for f in found if known.get(f.path) != f.content_hash]


def blob(home: Home, content_hash: str) -> Path:
    return home.blobs / content_hash[:2] / content_hash


def keep(home: Home, files: Iterable[tuple[Path, str]]) -> None:
    """Copy files into the archive by hash. Whoever changes meanwhile is noticed: FileChanged."""
    private(home.archive)
    for source, content_hash in files:
        target = blob(home, content_hash)
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        data = source.read_bytes()
        if fingerprint(data) != content_hash:
            raise FileChanged(source.name)
        part.write_bytes(data)
        part.replace(target)


class FileChanged(Exception):
    """A file changed between being found and being copied."""


def record(home: Home, load: Load) -> None:
    """Append a load's record, after its bytes are safely on disk."""
    os.sync()
    about = {name: value for name, value in vars(load).items() if name != "lines"} | {"as_of": load.as_of.isoformat(), "lines": []}
    lines = ",\n".join(json.dumps(vars(line), ensure_ascii=False) for line in load.lines)  # a line per file, for whoever searches by hand
    write_whole(home.loads / f"{load.load_id:06}.json", json.dumps(about, ensure_ascii=False).removesuffix("]}") + f"\n{lines}\n]}}\n")


def write_whole(target: Path, text: str) -> None:
    """The whole text or nothing: a reader never sees half of it, nor does a crash leave half."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
