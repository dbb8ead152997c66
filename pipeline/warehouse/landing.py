"""Landing: one folder of sealed Parquet per batch, written whole or not at all. When more than MANY batches are small, they become one.

A folder per batch (and not a file per dataset) because a rename of one folder is atomic: a crash leaves all of a batch or none of it. What is
not there is judged again from the archive, so a batch that is damaged is let go.

dbt reads Parquet in clear, so a load opens for it what it reads, and only that (open_for_dbt); what a load had open is cleared away at its end.

What does not belong here: what is in a row, and which tables and columns there are (landing_tables.py).
"""

import io
import logging
import os
import shutil
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl

from pipeline import whole
from pipeline.frames import Shape
from pipeline.ledger.sealed import SUFFIX, Broken, Seal, seal_of
from pipeline.ledger.sums import Damaged, damaged, is_whole, write_sums
from pipeline.paths import Home, private
from pipeline.warehouse.landing_tables import CONTEXT, READ_BY_DBT, WORDS, tables

log = logging.getLogger("pipeline")

# DuckDB opens each table of each batch: 16 ms of a core a batch, 6 s a load after a year of nights (2026-11). What is large costs by its
# rows, not by its folder, and is never rewritten.
MANY, SMALL = 10, 2**20  # bytes
# The batch of zero rows that every landing has. Its name sorts last: DuckDB guesses how many rows a glob has by its first file, and
# a guess of none made it keep a whole city's rows in memory to join them with a few.
EMPTY = "zero-rows"


def open_landing(home: Home, contract: str) -> None:
    """Make the contract's landing the one in force: without what a crash left half-written and what is damaged, and few batches in it."""
    folder = home.landing_of(contract)
    private(home.restricted)
    _clear(folder)
    if bad := damaged(folder):
        log.warning("landing: %d batch(es) are damaged (%s); what they held is judged again", len(bad), ", ".join(b.name for b in bad))
        _let_go(bad)
    if not (folder / EMPTY).exists():
        # a zero-row file of the right types: no Parquet file matching a glob is an error
        write_batch(home, contract, EMPTY, {})
    small = [batch for batch in _batches(folder) if batch.name != EMPTY and _size(batch) < SMALL]
    if len(small) > MANY:
        _become_one(home, small)
    whole.switch(home.landing, Path(folder.name))


def _batches(folder: Path) -> list[Path]:
    return sorted(f for f in folder.glob("*") if f.is_dir() and f.suffix != whole.PART)


def _size(batch: Path) -> int:
    return sum(file.stat().st_size for file in batch.iterdir())


def _clear(folder: Path) -> None:
    for part in folder.glob(f"*{whole.PART}"):
        shutil.rmtree(part)


def free_name(home: Home, contract: str, load_id: int) -> str:
    """A name that none of the contract's batches has."""
    return next(name for n in count(1) if not (home.landing_of(contract) / (name := f"{load_id:06}-{n}")).exists())


def in_force(home: Home) -> str:
    """The contract whose landing the last load read."""
    return home.landing.resolve().name.removeprefix("landing-")


def write_batch(home: Home, contract: str, batch: str, frames: dict[str, pl.DataFrame]) -> None:
    """All of a batch's tables, or nothing. Tables without rows are written too, with their types."""
    part = _write(home, home.landing_of(contract) / batch, lambda table: frames.get(table, pl.DataFrame(schema=tables()[table])))
    part.rename(part.with_suffix(""))


def _write(home: Home, batch: Path, frame_of: Callable[[str], pl.DataFrame]) -> Path:
    """A batch that has not got its name yet, on disk."""
    part, seal = whole.part_of(batch), seal_of(home)
    part.mkdir(parents=True)
    for name, schema in tables().items():
        frame, out = _as_said(frame_of(name), schema), io.BytesIO()
        frame.rechunk().write_parquet(out, compression="zstd", compression_level=1)
        file = part / f"{name}{SUFFIX}"
        file.write_bytes(seal.close(out.getvalue(), f"{batch.name}/{file.name}"))
    write_sums(part)
    os.sync()  # a name that survives a power cut must not stand for empty tables
    return part


def _as_said(frame: pl.DataFrame, schema: dict[str, Any]) -> pl.DataFrame:
    """What a table is said to have of a frame. Tests hold it to the types; a load casts, for DuckDB reads all batches as one."""
    return Shape(schema).hold(frame.select(list(schema))).select([pl.col(c).cast(t) for c, t in schema.items()])


def _let_go(batches: list[Path], then: Callable[[], object] = lambda: None) -> None:
    """Take batches out, each in one step; the next who opens landing clears away what a crash leaves of them."""
    gone = [batch.rename(whole.part_of(batch.with_name(f"{batch.name}-gone"))) for batch in batches]
    then()
    for batch in gone:
        shutil.rmtree(batch)


def _become_one(home: Home, batches: list[Path]) -> None:
    """One batch, by the last one's name, for some. A crash between the renames leaves them out: what they held is then judged again."""
    seal = seal_of(home)
    part = _write(home, batches[-1], lambda table: pl.concat([_read(batch / f"{table}{SUFFIX}", seal) for batch in batches]))
    _let_go(batches, then=lambda: part.rename(batches[-1]))


def _read(file: Path, seal: Seal) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(seal.open(file.read_bytes(), f"{file.parent.name}/{file.name}")))


def take_out(home: Home, landing: Path, content_hash: str) -> None:
    """Let go of the batches that hold these bytes' submissions (erase); all else that they held is judged again."""
    seal = seal_of(home)
    _clear(landing)
    for batch in _batches(landing):
        tables = (batch / f"{table}{SUFFIX}" for table in ("files", "submissions"))
        if not is_whole(batch) or any(content_hash in _read(table, seal)["content_hash"] for table in tables):
            _let_go([batch])


def take_out_versions(home: Home, contract: str, hashes: set[str]) -> None:
    """Let go of all that was judged of some bytes, so that they are judged again; all else of their batches stays. A crash lets go of whole batches."""
    seal = seal_of(home)
    for batch in _batches(home.landing_of(contract)):
        own = _read(batch / f"submissions{SUFFIX}", seal).filter(pl.col("content_hash").is_in(list(hashes)))["submission_key"]
        if own.is_empty():
            continue
        gone = pl.col("submission_key").is_in(own.implode())

        def kept(table: str, batch: Path = batch, gone: pl.Expr = gone) -> pl.DataFrame:
            return _read(batch / f"{table}{SUFFIX}", seal).filter(
                ~(pl.col("content_hash").is_in(list(hashes)) if table == "files" else gone)
            )

        part = _write(home, batch, kept)
        _let_go([batch], then=partial(part.rename, batch))


def open_for_dbt(home: Home) -> None:
    """Lay the landing in force open for this load, as far as dbt reads it."""
    seal = seal_of(home)
    shutil.rmtree(home.open_landing, ignore_errors=True)
    private(home.open)
    wanted = tables()
    for batch in _batches(home.landing):
        folder = home.open_landing / batch.name
        folder.mkdir(parents=True)
        for table in READ_BY_DBT:
            file = batch / f"{table}{SUFFIX}"
            if WORDS.isdisjoint(wanted[table]):
                (folder / f"{table}.parquet").write_bytes(seal.open(file.read_bytes(), f"{batch.name}/{file.name}"))
            else:
                _read(file, seal).drop(WORDS, strict=False).write_parquet(folder / f"{table}.parquet")


def write_context(home: Home, frames: dict[str, pl.DataFrame]) -> None:
    """Everything that dbt reads besides what landed."""
    private(home.restricted)
    private(home.open)
    home.context.mkdir(exist_ok=True)
    for name, schema in CONTEXT.items():
        _as_said(frames[name], schema).write_parquet(home.context / f"{name}.parquet")


def landed(home: Home, contract: str, table: str) -> pl.DataFrame:
    """A landed table, all batches. Raises Damaged."""
    seal = seal_of(home)
    try:
        return pl.concat([_read(batch / f"{table}{SUFFIX}", seal) for batch in _batches(home.landing_of(contract))])
    except (pl.exceptions.PolarsError, Broken, OSError, ValueError):  # its own words may quote a row
        raise Damaged(f"What landed ({table}) is damaged or gone: `pipeline load` makes it again from the archive.") from None


def landed_by(home: Home, contract: str, load_id: int) -> pl.Series:
    """The submissions that a load judged: new ones, and ones that it judged again."""
    seal, own = seal_of(home), f"{load_id:06}-"
    found = [
        _read(b / f"submissions{SUFFIX}", seal)["submission_key"] for b in _batches(home.landing_of(contract)) if b.name.startswith(own)
    ]
    return pl.concat(found) if found else pl.Series(dtype=pl.String)


# By what a landed row finds its person's words: a number alone may stand with two people.
PERSON = ("submission_key", "identity_key", "full_name_key", "full_name_letters_key", "birth_date_key")
ROW = ("submission_key", "sheet", "row_no")  # where a landed row stood


def with_values(findings: pl.DataFrame, landed_findings: pl.DataFrame) -> pl.DataFrame:
    """Findings as dbt gave them, each with the value that landed with it: as many as before, in their order."""
    number = ["submission_key", "finding_no"]
    return findings.join(landed_findings.select(*number, "value_found"), on=number, how="left", maintain_order="left")


def clear_away(home: Home, contract: str) -> None:
    """What no load needs any more: landings of contracts that are no longer in force, what this one had open, and whatever an earlier version left."""
    needed = {home.landing, home.landing_of(contract), home.people, home.analyst, home.templates, home.forms, home.outbox, home.dbt_target}
    for place in set(home.restricted.iterdir()) - needed:
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()
