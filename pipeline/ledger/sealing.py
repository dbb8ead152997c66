"""What an earlier version left in clear, sealed as everything is now; and what a kill left half-written, cleared away.

What does not belong here: sealing what comes in (archive.py, records.py), and how anything is sealed (sealed.py).
"""

import json
from pathlib import Path

from pipeline import whole
from pipeline.ledger.archive import closed, is_whole, place_of
from pipeline.ledger.records import text_of
from pipeline.ledger.sealed import MARK, is_sealed, seal_of
from pipeline.ledger.tombstones import erased, is_hash, stone_of
from pipeline.paths import Home

AT_ONCE = 500  # files: not all of them wait for the disk together


def seal_all(home: Home) -> int:
    """Seal what an earlier version left in clear; gives how many files. Each lies sealed on disk before what is in clear goes: a kill leaves both.

    What a kill left half-written goes. No load may run beside this.
    """
    for part in home.archive.rglob(f"*{whole.PART}"):
        part.unlink()
    seal, gone = seal_of(home), erased(home)
    stones = {content_hash: stone_of(one, seal, home).encode() for content_hash, one in gone.items()}
    if gone and any(is_hash(json.loads(line)["content_hash"]) for line in home.erased.read_text("utf-8").splitlines()):
        whole.lay_down([(home.erased, b"".join(stones.values()))])
        home.erased.chmod(0o600)
    clear = [file for file in home.blobs.glob("*/*") if not file.suffix and (file.name in gone or is_whole(file, file.name))]
    for start in range(0, len(clear), AT_ONCE):
        some = clear[start : start + AT_ONCE]
        whole.lay_down(
            (place_of(home.blobs, file.name, seal), stones[file.name])
            if file.name in gone
            else closed(home.blobs, file.name, file.read_bytes(), seal)
            for file in some
        )
        for file in some:
            file.unlink()
    records = [file for file in sorted(home.loads.glob("*.json")) if _is_clear(file)]
    whole.lay_down([(file, seal.close(text_of(file.read_bytes(), file.name, seal).encode(), file.name)) for file in records])
    return len(clear) + len(records)


def _is_clear(file: Path) -> bool:
    with file.open("rb") as data:
        return not is_sealed(data.read(len(MARK)))
