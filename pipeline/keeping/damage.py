"""What is wrong with archived bytes, and a sentence for everything that rests on them.

What does not belong here: looking for damage (verifying.py), and mending it (mending.py).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.ledger.archive import BACK, Lost, read_version
from pipeline.ledger.find import why_not_read
from pipeline.ledger.records import Line, Load, versions
from pipeline.ledger.sealed import Seal

WAYS_OUT = (
    "Bring it back: pipeline verify --from DIR, a backup or wherever the same file lies. Where nobody has it any more: "
    'pipeline erase HASH --why "…" lets the record go on without it.'
)


def hashes_of(loads: Iterable[Load]) -> set[str]:
    """Hashes of all bytes that records speak of."""
    hashes = {line.content_hash for load in loads for line in load.lines} | {h for load in loads for h in load.registry.values()}
    return {content_hash for content_hash in hashes if not why_not_read(content_hash)}


def look_at(content_hash: str, file: Path, seal: Seal | None) -> str:
    """What is wrong with archived bytes, or nothing."""
    try:
        read_version(file, content_hash, seal)
    except Lost as error:
        return str(error)
    return ""


def lost_versions(lost: dict[str, str], seen: Iterable[tuple[int, Line]]) -> list[str]:
    """A sentence for each version on record that rests on lost bytes (hash → what is wrong with them)."""
    return [
        f"{line.path} of {line.sender_code or 'no unit'}, load {load_id}: its archived file {lost[line.content_hash]} ({line.content_hash}). {WAYS_OUT}"
        for load_id, line in seen
        if line.content_hash in lost
    ]


def blamed(wrong: dict[str, str], loads: Sequence[Load]) -> list[str]:
    """A sentence for everything that rests on lost bytes, and for bytes on which nothing rests."""
    seen = versions(loads).values()
    of_versions = {line.content_hash for _, line in seen} & wrong.keys()
    of_registry = {h: f"registry/{name}, load {load.load_id}" for load in reversed(loads) for name, h in load.registry.items()}
    said = lost_versions({h: wrong[h] for h in of_versions}, seen)
    said += [f"{of_registry[h]}: its archived file {wrong[h]}. {BACK}" for h in sorted(of_registry.keys() & wrong.keys())]
    nobodys = sorted(wrong.keys() - of_versions - of_registry.keys())
    return said + [f"archive/blobs/{h[:2]}/{h} {wrong[h]}; no load rests on it: delete the file." for h in nobodys]
