"""What was taken out of the archive for good: a tombstone in the place of the bytes, and a line of the log that says who did it, when and why.

What does not belong here: what was made of the bytes elsewhere (keeping).
"""

import datetime as dt
import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pipeline import whole
from pipeline.ledger import lookups
from pipeline.ledger.archive import BACK, ArchiveProblem, place_of
from pipeline.ledger.find import ERASED, NOT_READ, Found, fingerprint
from pipeline.ledger.sealed import Broken, Seal, seal_of
from pipeline.paths import Home, private


def erased(home: Home) -> dict[str, dict[str, str]]:
    """What was taken out of the archive for good: hash → who did it, when and why."""
    return erased_in(home.erased, seal_of(home)) if home.erased.exists() else {}


def erased_in(file: Path, seal: Seal) -> dict[str, dict[str, str]]:
    """What an archive's list of tombstones says was erased: hash → who, when, why. Raises ArchiveProblem."""
    try:
        told = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        for one in told:
            if not is_hash(one["content_hash"]):
                one["content_hash"] = seal.open(bytes.fromhex(one["content_hash"]), file.name).decode()
        return {one["content_hash"]: one for one in told}
    except (OSError, Broken, ValueError, TypeError, KeyError):
        raise ArchiveProblem(f"archive/{file.name} holds a line that is cut or changed. {BACK}") from None


def is_hash(text: str) -> bool:
    """Whether it is a plain hash, and not a sealed one."""
    return len(text) == 64


def stone_of(about: dict[str, str], seal: Seal, home: Home) -> str:
    """A tombstone, and a line of the log: its hash is sealed, for a short file's could be guessed."""
    sealed = seal.close(about["content_hash"].encode(), home.erased.name).hex()
    return json.dumps(about | {"content_hash": sealed}, ensure_ascii=False) + "\n"


def bury(home: Home, content_hash: str, why: str) -> None:
    """Put a tombstone in the place of bytes. It is logged first: what was begun and not finished is seen (verify), and can be repeated."""
    seal = seal_of(home)
    about = {"content_hash": content_hash, "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), **lookups.by(), "why": why}
    stone = stone_of(about, seal, home)
    private(home.archive)
    with os.fdopen(os.open(home.erased, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(stone)
        file.flush()
        os.fsync(file.fileno())
    whole.sync((home.archive,))
    whole.lay_down([(place_of(home.blobs, content_hash, seal), stone.encode())])
    (home.blobs / content_hash[:2] / content_hash).unlink(missing_ok=True)


def without_erased(home: Home, found: Iterable[Found]) -> list[Found]:
    """Entries as a load may take them: whose bytes were erased is not read again."""
    gone = erased(home)
    return [
        replace(f, content_hash=f"{NOT_READ}{ERASED}-{fingerprint(f.path.encode())[:16]}") if f.content_hash in gone else f for f in found
    ]
