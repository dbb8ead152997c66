"""A backup of the archive as it lies on a disk, and where this archive's backups lie.

A backup is a folder: `objects/`, each file of the archive once by a keyed hash, and `snapshots/`, a manifest for each time that it was made. A manifest
is written last and bears its own hash in its name, so what is half made or damaged is seen. Both are sealed with the city's key, which lies beside
them where the archive's own file holds it; with recipients both are encrypted by age, and the key with them.

What does not belong here: what of an archive goes into a backup, and bringing a whole one back (keeping).
"""

import hmac
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import whole
from pipeline.ledger.archive import Lost, closed, is_whole
from pipeline.ledger.find import fingerprint
from pipeline.ledger.sealed import KEY, KEY_VARIABLE, SUFFIX, Broken, Seal, seal_of
from pipeline.paths import Home

OBJECTS, SNAPSHOTS = "objects", "snapshots"
AGE = ".age"
IN_BACKUP = "backup"  # what its files are sealed as; which is which their hashes say


class BackupProblem(Exception):
    """A backup that cannot be made or used; the words say why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a snapshot holds: the archive's files by name, its versions by hash, and what was lost already when it was made."""

    name: str
    made_at: str
    files: dict[str, str]  # path below the archive → hash
    blobs: list[str]
    lost: list[str]


class Backup:
    """A folder of objects and manifests, sealed by the city or by age. `seal_for`: age recipients; `open_with`: age identities."""

    def __init__(self, folder: Path, seal: Seal | None, seal_for: Sequence[str] = (), open_with: Sequence[str] = (), key: bytes = b""):
        self.folder, self.key = folder, key
        self._close_age, self._open_age = _age(seal_for, open_with)
        self._seal = seal
        self.suffix = AGE if seal_for else SUFFIX
        self.objects: dict[str, Path] = {
            file.name.split("-")[0]: file for file in folder.glob(f"{OBJECTS}/*/*") if file.suffix != whole.PART
        }

    def _name(self, content_hash: str) -> str:
        """What an object is called: a keyed hash, for the hash of a small file tells what is in it. An earlier version took the hash."""
        return hmac.digest(self.key, content_hash.encode(), "sha256").hex() if self.suffix else content_hash

    def has(self, content_hash: str) -> bool:
        """Whether it holds these bytes undamaged: the name bears the hash of the cipher."""
        file = self.objects.get(self._name(content_hash))
        if file is None or file.suffix != self.suffix:
            return False
        return is_whole(file, file.stem.split("-")[-1])

    def add(self, contents: Iterable[tuple[str, bytes]]) -> int:
        """Bytes by hash, on disk when it returns; gives how many bytes these were."""
        size = 0

        def coming() -> Iterator[tuple[Path, bytes]]:
            nonlocal size
            for content_hash, data in contents:
                size += len(data)
                name = self._name(content_hash)
                sealed = self._closed(data)
                file = self.folder / OBJECTS / name[:2] / f"{name}-{fingerprint(sealed)}{self.suffix}"
                if (old := self.objects.get(name)) and old != file:
                    old.unlink(missing_ok=True)  # damaged
                self.objects[name] = file
                yield file, sealed

        whole.lay_down(coming())
        return size

    def drop(self, content_hashes: Iterable[str]) -> int:
        """Delete bytes; gives how many objects went."""
        files = [file for content_hash in content_hashes if (file := self.objects.pop(self._name(content_hash), None))]
        for file in files:
            file.unlink()
        whole.sync({file.parent for file in files})
        return len(files)

    def write(self, about: dict[str, Any]) -> str:
        """Lay a snapshot down; gives its file's name: a number above all others', and a hash of what stands in it."""
        sealed = self._closed(json.dumps(about, ensure_ascii=False, indent=1).encode())
        number = max((int(file.name[:6]) for file in self.snapshots()), default=0) + 1  # a clock may go back
        name = f"{number:06}-{fingerprint(sealed)[:16]}.json{self.suffix}"
        whole.lay_down([(self.folder / SNAPSHOTS / name, sealed)])
        return name

    def snapshots(self) -> list[Path]:
        """Oldest first."""
        return sorted(file for file in (self.folder / SNAPSHOTS).glob("*.json*") if file.suffix != whole.PART)

    def manifest(self, name: str | None = None) -> Manifest:
        """The newest, or the one of that name: whole, or BackupProblem."""
        files = self.snapshots()
        if not files:
            raise BackupProblem(f"{self.folder} holds no backup, or one that was never finished.")
        file = files[-1] if name is None else self.folder / SNAPSHOTS / name
        others = ", ".join(f.name for f in files if f != file) or "none"
        try:
            sealed = file.read_bytes()
            if file.name.split(".")[0].split("-")[-1] != fingerprint(sealed)[:16]:
                raise ValueError("changed")
            about = json.loads(self._opened(sealed, file.suffix))
            self.key, self.suffix = bytes.fromhex(about.pop("key", "")), file.suffix.removesuffix(".json")
            if any(Path(name).is_absolute() or ".." in Path(name).parts for name in about["files"]):
                raise ValueError("leads out of the archive")
            return Manifest(file.name, **about)
        except (OSError, ValueError, TypeError, KeyError):
            raise BackupProblem(
                f"The snapshot {file.name} is missing, damaged, or not for this key. Others: {others}; name one: --snapshot NAME."
            ) from None

    def newest_whole(self) -> Manifest:
        """The newest snapshot that can be read. Raises BackupProblem where none can."""
        for file in reversed(self.snapshots()):
            with suppress(BackupProblem):
                return self.manifest(file.name)
        raise BackupProblem(f"{self.folder} holds no whole snapshot.")

    def _closed(self, data: bytes) -> bytes:
        if self._close_age:
            return self._close_age(data)
        assert self._seal  # whoever makes a backup has the city's key
        return self._seal.close(data, IN_BACKUP)

    def _opened(self, data: bytes, suffix: str) -> bytes:
        if suffix == AGE:
            return self._open_age(data)
        if suffix != SUFFIX:
            return data
        if not self._seal:
            raise BackupProblem(f"This backup is sealed with the city's key, and does not hold it: give the key in {KEY_VARIABLE}.")
        try:
            return self._seal.open(data, IN_BACKUP)
        except Broken:
            raise ValueError("damaged, or of another key") from None

    def read(self, content_hash: str) -> bytes:
        """Bytes, held against their hash. Raises Lost."""
        file = self.objects.get(self._name(content_hash))
        if file is None:
            raise Lost("is missing")
        try:
            data = self._opened(file.read_bytes(), file.suffix)
        except (OSError, ValueError):
            raise Lost("cannot be read") from None
        if fingerprint(data) != content_hash:
            raise Lost("holds other bytes")
        return data

    def bring_back(self, home: Home, wanted: Collection[str]) -> set[str]:
        """Keep those of the wanted bytes that the newest whole snapshot holds undamaged; gives their hashes."""
        seal, back = seal_of(home), set()
        for content_hash in sorted(set(wanted) & set(self.newest_whole().blobs)):
            with suppress(Lost):
                whole.lay_down([closed(home.blobs, content_hash, self.read(content_hash), seal)])
                back.add(content_hash)
        return back


def _age(recipients: Sequence[str], identities: Sequence[str]) -> tuple[Callable[[bytes], bytes] | None, Callable[[bytes], bytes]]:
    """How to encrypt for whom it is, if anybody, and to decrypt, by age (https://age-encryption.org)."""

    def closed(data: bytes) -> bytes:
        raise BackupProblem("This backup is encrypted: --identity FILE opens it.")

    if not recipients and not identities:
        return None, closed
    try:
        import pyrage
    except ImportError:
        raise BackupProblem(
            "Encrypted backups need the package pyrage; in this project's folder: .venv/bin/pip install 'pyrage>=1.4,<1.5'."
        ) from None
    try:
        to = [pyrage.x25519.Recipient.from_str(text) for text in recipients]
        of = [pyrage.x25519.Identity.from_str(text) for text in identities]
    except (pyrage.RecipientError, pyrage.IdentityError):
        raise BackupProblem("A recipient begins with age1…, an identity with AGE-SECRET-KEY-1…: age-keygen makes both.") from None

    def opened(data: bytes) -> bytes:
        try:
            return bytes(pyrage.decrypt(data, of))
        except pyrage.DecryptError:
            raise ValueError("not for this identity, or damaged") from None

    return (lambda data: pyrage.encrypt(data, to)) if to else None, opened if of else closed


def seal_beside(folder: Path, home: Home) -> Seal | None:
    """What opens a backup: the key of the environment, else the one beside it, else this home's; none where there is none."""
    given = os.environ.get(KEY_VARIABLE, "").encode()
    files = [file for file in (folder / home.key.name, home.key) if file.exists()]
    key = given or (files[0].read_bytes().strip() if files else b"")
    return Seal(key) if KEY.fullmatch(key) else None


def remember(home: Home, folder: Path) -> None:
    """Remember where backups lie: whoever erases is told of them."""
    known = backups(home)
    if str(folder.resolve()) not in known:
        with os.fdopen(os.open(_places(home), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(json.dumps({"folder": str(folder.resolve())}, ensure_ascii=False) + "\n")


def _places(home: Home) -> Path:
    return home.archive / "backups.jsonl"


def backups(home: Home) -> list[str]:
    """Folders into which the archive was copied."""
    file, found = _places(home), []
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        with suppress(ValueError):  # verify tells a line that is cut
            found.append(json.loads(line)["folder"])
    return found


def bring_from_backups(home: Home, wanted: Collection[str]) -> set[str]:
    """Keep those of the wanted bytes that a backup of this archive holds and gives without anybody's help; gives their hashes.

    One that is not mounted, is damaged, or wants an identity gives none.
    """
    back: set[str] = set()
    for folder in map(Path, backups(home)):
        with suppress(BackupProblem, OSError):
            back |= Backup(folder, seal_of(home)).bring_back(home, set(wanted) - back)
    return back
