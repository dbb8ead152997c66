"""A version let go for good: its bytes, and whatever was made of them.

What does not belong here: the tombstone in its place (ledger/tombstones.py), and what backups hold of it until they are made again.
"""

import shutil
from dataclasses import dataclass

from pipeline.answers.receipts.outbox import folder_of
from pipeline.ledger.archive import ArchiveProblem, blob
from pipeline.ledger.backups import backups
from pipeline.ledger.records import Load, read_loads, versions
from pipeline.ledger.tombstones import bury, erased
from pipeline.paths import Home
from pipeline.warehouse import landing


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
