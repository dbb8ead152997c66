"""A backup brought back into a home without an archive: whole or not at all.

What does not belong here: mending an archive that is there (mending.py), and how a backup lies on a disk (ledger/backups.py).
"""

import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline import whole
from pipeline.keeping.damage import blamed, hashes_of
from pipeline.ledger.archive import Lost, blob, closed, read_version
from pipeline.ledger.backups import Backup, BackupProblem, seal_beside
from pipeline.ledger.records import Load, read_loads
from pipeline.ledger.sealed import KEY_VARIABLE, seal_of
from pipeline.ledger.tombstones import erased_in
from pipeline.paths import Home, private


@dataclass
class Restored:
    """What came back; `damages` are sentences."""

    snapshot: str
    loads: int
    versions: int
    registry: list[str]
    seconds: float
    damages: list[str]


def restore(home: Home, folder: Path, snapshot: str | None = None, identities: Sequence[str] = ()) -> Restored:
    """Bring a backup back into a home without an archive: the archive whole or not at all, and the registry of its last load into raw.

    Versions that the backup lost are told, and everything else comes back; where a record or the key is lost, nothing does. Raises BackupProblem.
    """
    began = time.perf_counter()
    if home.archive.exists() and any(home.archive.iterdir()):
        raise BackupProblem(f"{home.archive} holds an archive; a backup is brought back into an empty home only. Move it away first.")
    backup = Backup(folder, seal_beside(folder, home), open_with=identities)
    manifest = backup.manifest(snapshot)
    part = private(whole.part_of(home.archive))
    shutil.rmtree(part)
    private(part)
    files = manifest.files | {
        name: h for name, h in backup.newest_whole().files.items() if name == home.erased.name
    }  # erased since: stays so
    try:
        whole.lay_down((part / name, backup.read(content_hash)) for name, content_hash in files.items())
    except Lost as error:
        shutil.rmtree(part)
        raise BackupProblem(
            f"A file of the snapshot {manifest.name} {error}; nothing was brought back. Older snapshots: {', '.join(f.name for f in backup.snapshots()[:-1]) or 'none'} (--snapshot NAME)."
        ) from None
    for name in files:
        (part / name).chmod(0o600)
    if (folder / home.key.name).exists() and not os.environ.get(KEY_VARIABLE):
        whole.write_private(part / home.key.name, (folder / home.key.name).read_bytes())
    seal = seal_beside(part, home)
    if not seal:
        shutil.rmtree(part)
        raise BackupProblem(f"The backup does not hold the city's key: give it in {KEY_VARIABLE}. Nothing was brought back.")
    wrong = dict.fromkeys(manifest.lost, "was lost before the backup was made")
    gone = erased_in(part / home.erased.name, seal) if (part / home.erased.name).exists() else {}

    def coming(content_hashes: Iterable[str]) -> Iterator[tuple[Path, bytes]]:
        for content_hash in content_hashes:
            try:
                yield closed(part / home.blobs.name, content_hash, backup.read(content_hash), seal)
            except Lost as error:
                wrong[content_hash] = f"of the backup {error}"

    blobs = [h for h in manifest.blobs if h not in gone]
    for start in range(0, len(blobs), 500):
        whole.lay_down(coming(blobs[start : start + 500]))
    if home.archive.exists():
        home.archive.rmdir()
    part.rename(home.archive)
    whole.sync((home.warehouse,))
    loads = read_loads(home)
    registry = _lay_registry(home, loads[-1]) if loads else []
    needed = hashes_of(loads)
    damages = blamed({h: what for h, what in wrong.items() if h in needed}, loads)
    return Restored(
        manifest.name, len(loads), len(blobs) - len(wrong.keys() - set(manifest.lost)), registry, time.perf_counter() - began, damages
    )


def _lay_registry(home: Home, load: Load) -> list[str]:
    """The registry as the last load took it, where none lies there: a load asks what lies in raw."""
    home.registry.mkdir(parents=True, exist_ok=True)
    if any(home.registry.iterdir()):
        return []
    seal, laid = seal_of(home), {}
    for name, h in load.registry.items():
        with suppress(Lost):  # told already
            laid[name] = read_version(blob(home, h, seal), h, seal)
    whole.lay_down((home.registry / name, data) for name, data in laid.items())
    return sorted(laid)
