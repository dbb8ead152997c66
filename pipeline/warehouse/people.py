"""Keys instead of people.

What does not belong here: whose a key is (publish.py), and the city's own key (ledger/sealed.py).
"""

import hashlib
import hmac
from collections.abc import Callable
from functools import cache, lru_cache

import polars as pl

from pipeline.names_and_numbers import read_name


def keyed(column: pl.Series, key: bytes) -> pl.Series:
    """Each value's keyed hash, null for null."""
    values = column.unique().drop_nulls()
    hashes = pl.Series([key_of(value, key) for value in values.to_list()], dtype=pl.String)
    return column.replace_strict(values, hashes, default=None, return_dtype=pl.String)


def keyed_names(column: pl.Series, key: bytes) -> tuple[pl.Series, pl.Series]:
    """Two keys of each name, by which names are held against each other and nothing else: of its words, and of its bare letters."""
    names = column.unique().drop_nulls()
    marked, letters = zip(*[_name_keys(name, key) for name in names.to_list()], strict=True) if len(names) else ((), ())
    sides = (pl.Series(side, dtype=pl.Int64) for side in (marked, letters))
    of_words, of_letters = (column.replace_strict(names, side, default=None, return_dtype=pl.Int64) for side in sides)
    return of_words, of_letters


@lru_cache(maxsize=200_000)  # as with key_of
def _name_keys(name: str, key: bytes) -> tuple[int | None, int | None]:
    of_words, of_letters = _comparing(key, b"name"), _comparing(key, b"letters")
    words, bare = read_name(name)
    return of_words(words) if words else None, of_letters(bare) if bare else None


def keyed_days(column: pl.Series, precision: pl.Series, key: bytes) -> tuple[pl.Series, pl.Series]:
    """Two keys of each day: of the day where a day was given, and of its year."""
    of_day, of_year = _comparing(key, b"day"), _comparing(key, b"year")
    days = {day: of_day(str(day)) for day in column.unique().drop_nulls()}
    years = {day: of_year(str(day.year)) for day in days}
    of_days, of_years = (column.replace_strict(keys, default=None, return_dtype=pl.Int64) for keys in (days, years))
    return of_days.set(precision.ne_missing("DAY"), None), of_years


@cache
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
    hashed = _begun(key).copy()
    hashed.update(value.encode())
    return hashed.hexdigest()[:32]


@cache
def _begun(key: bytes) -> hmac.HMAC:
    """The key is taken in once, and not for each value: a third less work."""
    return hmac.new(key, digestmod="sha256")


def forget() -> None:
    """What was hashed is not kept in memory once it has landed: of ten cities 150 MB, and whom it stands for."""
    for cached in (_name_keys, key_of):
        cached.cache_clear()


def table_key(key: bytes) -> str:
    """The key by which SQL makes keys of what could be guessed. It lies beside landed rows, so it is not the city's own."""
    return key_of("tables", key)
