"""Keys instead of people, and whose they are. The key lives in the archive; the answers in the restricted zone.

What does not belong here: anything that is published.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import polars as pl

from pipeline import lookups
from pipeline.paths import Home, private
from pipeline.values import read_name

KEY_VARIABLE = "PERSONNEL_KEY"
KEY = re.compile(rb"[0-9a-f]{64}")


class KeyProblem(Exception):
    """The key that made the archive's identities is missing or is another one."""


def load_key(home: Home, archive_is_empty: bool) -> bytes:
    """The city's key: from the environment, else from the archive, else made at the first load (0600).

    Raises KeyProblem where it is no such key, and where the archive already holds loads and its key is gone or differs: every
    person would get a new key, and no past figure could be compared.
    """
    given = os.environ.get(KEY_VARIABLE)
    check = home.key.with_suffix(".check")
    if given:
        key = given.encode()
    elif home.key.exists():
        key = home.key.read_bytes().strip()
    elif archive_is_empty:
        key = secrets.token_hex(32).encode()
        _write_private(home.key, key)
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
        if not archive_is_empty:
            raise KeyProblem(
                f"The archive holds loads but {check.name}, which tells its key from others, is missing. Bring it back from the backup."
            )
        _write_private(check, mark)
    elif check.read_bytes() != mark:
        raise KeyProblem(f"The key given is not the one that made this archive's identities ({home.key.name} or {KEY_VARIABLE}).")
    return key


def _write_private(path: Path, data: bytes) -> None:
    private(path.parent)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def keyed(column: pl.Series, key: bytes) -> pl.Series:
    """Each value's keyed hash, null for null."""
    hashes = {value: key_of(value, key) for value in column.unique().drop_nulls()}
    return column.replace_strict(hashes, default=None, return_dtype=pl.String)


def keyed_names(column: pl.Series, key: bytes) -> tuple[pl.Series, pl.Series]:
    """Two keys of each name, by which names are held against each other and nothing else: of its words, and of its bare letters."""
    said = {name: read_name(name) for name in column.unique().drop_nulls()}
    of_words, of_letters = _comparing(key, b"name"), _comparing(key, b"letters")
    marked = {name: of_words(words) for name, (words, _) in said.items() if words}
    letters = {name: of_letters(bare) for name, (_, bare) in said.items() if bare}
    return tuple(column.replace_strict(keys, default=None, return_dtype=pl.Int64) for keys in (marked, letters))


def keyed_days(column: pl.Series, precision: pl.Series, key: bytes) -> tuple[pl.Series, pl.Series]:
    """Two keys of each day: of the day where a day was given, and of its year."""
    of_day, of_year = _comparing(key, b"day"), _comparing(key, b"year")
    days = {day: of_day(str(day)) for day in column.unique().drop_nulls()}
    years = {day: of_year(str(day.year)) for day in days}
    of_days, of_years = (column.replace_strict(keys, default=None, return_dtype=pl.Int64) for keys in (days, years))
    return of_days.set(precision.ne_missing("DAY"), None), of_years


def _comparing(key: bytes, what: bytes) -> Callable[[str], int]:
    """A keyed hash (BLAKE2b) of 64 bits, for each kind of value another: enough to tell two rows of one number apart, and as small as a day."""
    begun = hashlib.blake2b(digest_size=8, key=hashlib.sha256(key).digest(), person=what)

    def of(value: str) -> int:
        hashed = begun.copy()
        hashed.update(value.encode())
        return int.from_bytes(hashed.digest(), "big", signed=True)

    return of


@lru_cache(maxsize=200_000)  # the same people stand in a unit's roster, ratings and training
def key_of(value: str, key: bytes) -> str:
    """A keyed hash (HMAC-SHA-256, 32 hex digits): what is published of a thing that somebody could guess and hash himself."""
    return hmac.digest(key, value.encode(), "sha256").hex()[:32]


def table_key(key: bytes) -> str:
    """The key by which SQL makes keys of what could be guessed. It lies beside landed rows, so it is not the city's own."""
    return key_of("tables", key)


def who(home: Home, person_key: str, why: str) -> list[dict[str, object]]:
    """Whose key this is: names and identity numbers as submitted, newest first. The look-up is logged before it is answered."""
    lookups.note(home, "who", person_key=person_key, why=why)
    if not home.people.exists():
        return []
    found = pl.scan_parquet(home.people).filter(pl.col("person_key") == person_key).drop("person_key").collect()
    return found.sort("period", "sender_code", "full_name", descending=[True, False, False]).to_dicts()
