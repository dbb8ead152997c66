"""What the archive lost, brought back from a backup or from wherever the same bytes lie.

What does not belong here: bringing a whole archive back (restoring.py), and how a backup lies on a disk (ledger/backups.py).
"""

from collections.abc import Sequence
from pathlib import Path

from pipeline import whole
from pipeline.keeping.damage import hashes_of
from pipeline.ledger.archive import ArchiveProblem, blob, bring_back, is_whole
from pipeline.ledger.backups import SNAPSHOTS, Backup, seal_beside
from pipeline.ledger.records import read_loads, read_record
from pipeline.ledger.sealed import Seal, seal_of
from pipeline.paths import Home


def mend(home: Home, folder: Path, identities: Sequence[str] = ()) -> list[str]:
    """Bring back what is lost from a backup or from any folder that holds the same bytes; gives what came back."""
    back = []
    if (folder / SNAPSHOTS).is_dir():
        seal = seal_beside(folder, home)
        backup = Backup(folder, seal, open_with=identities)
        manifest = backup.manifest()
        if not home.key.exists() and (folder / home.key.name).exists():
            whole.write_private(home.key, (folder / home.key.name).read_bytes())
            back.append(home.key.name)
        for name, content_hash in manifest.files.items():
            file = home.archive / name
            if not file.exists() or (file.parent == home.loads and not (seal and _is_sound(file, seal))):
                whole.lay_down([(file, backup.read(content_hash))])
                file.chmod(0o600)
                back.append(name)
        seal = seal_of(home)
        back += sorted(backup.bring_back(home, _lost(home, seal)))
    return back + sorted(bring_back(home, _lost(home, seal_of(home)), folder))


def _lost(home: Home, seal: Seal) -> set[str]:
    return {h for h in hashes_of(read_loads(home)) if not is_whole(blob(home, h, seal), h, seal)}


def _is_sound(record: Path, seal: Seal) -> bool:
    try:
        read_record(record, seal)
    except ArchiveProblem:
        return False
    return True
