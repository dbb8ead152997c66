"""The archive's bytes: each file that came in, once, by its hash, written whole or not at all, and sealed.

What comes in is on disk before the ledger speaks of it: data, then name, then folder. It is sealed after it was held against its hash, under a
name made of that hash with the city's key; so what can be opened under its name again is what came in. What an earlier version left in clear
is held against its hash when it is read, until it is sealed too (sealing.py).

What does not belong here: what the bytes mean, which load saw them (records.py), letting go of them (tombstones.py), and copies of the archive
(keeping).
"""

import hashlib
import logging
import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from pipeline import whole
from pipeline.ledger.find import fingerprint, open_regular
from pipeline.ledger.sealed import SUFFIX, Broken, Seal, seal_of
from pipeline.paths import Home, private

log = logging.getLogger("pipeline")


class ArchiveProblem(Exception):
    """What the archive should hold is gone, or is not what it was. The words name files, units and loads, and say what to do."""


class Lost(Exception):
    """The archive does not hold these bytes any more."""


BACK = "Bring it back from a backup: pipeline verify --from DIR."


def blob(home: Home, content_hash: str, seal: Seal | None = None) -> Path:
    """Where bytes lie: sealed, or still in clear under their hash as an earlier version laid them down."""
    place, clear = place_of(home.blobs, content_hash, seal or seal_of(home)), home.blobs / content_hash[:2] / content_hash
    return clear if clear.exists() and not place.exists() else place


def place_of(blobs: Path, content_hash: str, seal: Seal) -> Path:
    """Where bytes lie once they are sealed."""
    name = seal.name_of(content_hash)
    return blobs / name[:2] / f"{name}{SUFFIX}"


def closed(blobs: Path, content_hash: str, data: bytes, seal: Seal) -> tuple[Path, bytes]:
    """Where bytes are to lie, and how."""
    place = place_of(blobs, content_hash, seal)
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
            target = place_of(home.blobs, content_hash, seal)
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

    if whole.lay_down(coming()):
        whole.sync((home.archive, home.warehouse))  # the folder of blobs itself may be new
    return missed.keys() - kept


def is_whole(target: Path, content_hash: str, seal: Seal | None = None) -> bool:
    """Whether an archived version is there with the bytes of its hash."""
    try:
        read_version(target, content_hash, seal)
    except Lost:
        return False
    return True


def bring_back(home: Home, wanted: Collection[str], folder: Path) -> set[str]:
    """Keep those of the wanted bytes that some regular file below a folder holds, also one that this archive sealed; gives their hashes."""
    back: set[str] = set()
    seal = seal_of(home)
    sealed = {place_of(home.blobs, content_hash, seal).name: content_hash for content_hash in wanted}
    for place, _, names in os.walk(folder):
        for file in (Path(place, name) for name in sorted(names)):
            if back == set(wanted):
                return back
            try:
                if (content_hash := sealed.get(file.name)) and is_whole(file, content_hash, seal):
                    whole.lay_down([closed(home.blobs, content_hash, read_version(file, content_hash, seal), seal)])
                    back.add(content_hash)
                    continue
                with open_regular(file) as opened:
                    content_hash = hashlib.file_digest(opened, "sha256").hexdigest()
            except OSError:
                continue
            if content_hash in wanted and not keep(home, [(file, content_hash)]):
                back.add(content_hash)
    return back
