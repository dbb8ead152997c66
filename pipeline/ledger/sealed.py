"""The city's key, and what is closed with it: whoever has the disk and not the key can neither read it nor change it unseen.

What does not belong here: what is in a file, where it lies, and how it comes onto the disk.

A sealed file is MARK and pieces of at most PIECE bytes, each with a nonce of its own by AES-256-GCM (the library `cryptography`). What the file is
called, which of its pieces it is and whether it is the last are part of what each tag vouches for: no file stands for another, none is cut.
"""

import hashlib
import hmac
import io
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from pipeline import whole
from pipeline.paths import Home

KEY_VARIABLE = "PERSONNEL_KEY"
KEY = re.compile(rb"[0-9a-f]{64}")
SUFFIX = ".sealed"
MARK = b"personnel sealed 1\n"
PIECE = 64 * 2**20  # bytes: the library takes 2 GB at once, and an analyst's file of a country has more
NONCE, TAG = 12, 16
IN_MEMORY = Path("/dev/shm")


class KeyProblem(Exception):
    """The city's key is missing, is none, or is another one."""


class Broken(Exception):
    """A sealed file that was changed or cut, that stands in the place of another, or that another key sealed."""

    def __init__(self, name: str):
        super().__init__(f"{name} was changed or cut, or another key sealed it.")


# ── the key ──────────────────────────────────────────────────────────────────────────────────────────────────────


def load_key(home: Home) -> bytes:
    """The city's key: from the environment, else from the archive's file (0600) or where that leads, else made for an empty archive.

    Raises KeyProblem where it is no such key, and where the archive holds anything and its key is gone or differs: nothing could be
    opened, every person would get a new key, and no past figure could be compared.
    """
    given = os.environ.get(KEY_VARIABLE)
    check = home.key.with_suffix(".check")
    if given:
        key = given.encode()
    elif home.key.exists():
        if home.key.stat().st_mode & 0o077:
            raise KeyProblem(f"Others may read the key's file; it is for the pipeline's own user alone: chmod 600 {home.key.resolve()}")
        key = home.key.read_bytes().strip()
    elif is_empty(home) and not home.key.is_symlink():  # a link that leads nowhere yet is no reason for another key
        key = secrets.token_hex(32).encode()
        whole.write_private(home.key, key)
    else:
        raise KeyProblem(
            f"The archive holds loads but its key is missing ({home.key.name}). "
            f"Restore the file from the backup of the archive, or give the key in {KEY_VARIABLE}."
        )
    if not KEY.fullmatch(key):
        raise KeyProblem(
            f"The key ({KEY_VARIABLE} or {home.key.name}) must be 32 random bytes as 64 hex digits, for a shorter one can be guessed. "
            "Leave it out, and the first load makes one."
        )
    mark = hmac.new(key, b"check", hashlib.sha256).hexdigest()[:16].encode()
    if not check.exists():
        if not is_empty(home):
            raise KeyProblem(
                f"The archive holds loads but {check.name}, which tells its key from others, is missing. Bring it back from the backup."
            )
        whole.write_private(check, mark)
    elif check.read_bytes() != mark:
        raise KeyProblem(f"The key given is not the one that made this archive's identities ({home.key.name} or {KEY_VARIABLE}).")
    return key


def is_empty(home: Home) -> bool:
    """Whether the archive holds nothing that a key made or sealed."""
    return not any(home.loads.glob("*.json")) and not any(home.blobs.glob("*/*"))


def seal_of(home: Home) -> "Seal":
    """What closes and opens this city's files."""
    return Seal(load_key(home))


# ── sealing and opening ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Seal:
    """Closes and opens what is called by some name.

    >>> seal = Seal(b"0" * 64)
    >>> seal.open(seal.close(b"a", "one"), "one"), seal.close(b"a", "one") == seal.close(b"a", "one")
    (b'a', False)
    """

    key: bytes = field(repr=False)

    def close(self, data: bytes, name: str) -> bytes:
        """Bytes, sealed under a name, without which they do not open."""
        return b"".join(self._closed(io.BytesIO(data), len(data), name))

    def open(self, sealed: bytes, name: str) -> bytes:
        """The bytes that were sealed under this name. Raises Broken."""
        return b"".join(self._opened(io.BytesIO(sealed), len(sealed), name))

    def close_file(self, source: Path, target: Path, name: str) -> None:
        """Seal a file into another."""
        with source.open("rb") as data, _for_us(target) as into:
            into.writelines(self._closed(data, source.stat().st_size, name))

    @contextmanager
    def opened(self, file: Path) -> Iterator[Path]:
        """A path by which this process reads what is in a sealed file: in memory, where nobody else sees it, and gone with the last who reads."""
        with (
            os.fdopen(os.memfd_create(file.name), "w+b") if hasattr(os, "memfd_create") else tempfile.TemporaryFile(dir=file.parent) as made
        ):
            self._open_into(file, made)
            yield Path(f"/dev/fd/{made.fileno()}")

    @contextmanager
    def opened_for_another(self, file: Path, name: str) -> Iterator[Path]:
        """The same for another program of this user: under a name in a folder of its own, in memory where there is such a place."""
        with tempfile.TemporaryDirectory(prefix="personnel-", dir=IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else file.parent) as folder:
            copy = Path(folder, name)
            with _for_us(copy) as into:
                self._open_into(file, into)
            yield copy

    def _open_into(self, file: Path, into: BinaryIO) -> None:
        with file.open("rb") as sealed:
            into.writelines(self._opened(sealed, file.stat().st_size, file.name))
        into.flush()

    def name_of(self, what: str) -> str:
        """What something is called where its own hash would tell what is in it: whoever guesses a short file could hash his guess."""
        return hmac.digest(_derived(self.key, b"names"), what.encode(), "sha256").hex()

    def _closed(self, data: BinaryIO, size: int, name: str) -> Iterator[bytes]:
        yield MARK
        last = max(size - 1, 0) // PIECE
        for number in range(last + 1):
            nonce = os.urandom(NONCE)
            yield nonce
            yield _cipher(self.key).encrypt(nonce, data.read(PIECE), _place(name, number, last))

    def _opened(self, sealed: BinaryIO, size: int, name: str) -> Iterator[bytes]:
        from cryptography.exceptions import InvalidTag

        if sealed.read(len(MARK)) != MARK:
            raise Broken(name)
        last = max(size - len(MARK) - 1, 0) // (NONCE + PIECE + TAG)
        for number in range(last + 1):
            nonce = sealed.read(NONCE)
            try:
                yield _cipher(self.key).decrypt(nonce, sealed.read(PIECE + TAG), _place(name, number, last))
            except (InvalidTag, ValueError):  # a nonce that is too short
                raise Broken(name) from None


def is_sealed(data: bytes) -> bool:
    """Whether bytes begin as everything does that was closed with a key."""
    return data.startswith(MARK)


def _place(name: str, number: int, last: int) -> bytes:
    return f"{name}\n{number}{' last' if number == last else ''}".encode()


def _for_us(file: Path) -> BinaryIO:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # imported by whoever opens something: it takes as long as a quiet night

    return AESGCM(_derived(key, b"files"))


@lru_cache(maxsize=16)
def _derived(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose (HKDF): none of them tells anything of the city's own, or of another."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt=None, info=b"personnel " + purpose).derive(bytes.fromhex(key.decode()))
