"""Landing: one folder of sealed Parquet per batch, written whole or not at all. When more than MANY batches are small, they become one.

What does not belong here: what is in a row. A folder per batch (and not a file per dataset) because a rename
of one folder is atomic: a crash leaves all of a batch or none of it. What is not there is judged again from the archive, so a batch that is
damaged is let go.

dbt reads Parquet in clear, so a load opens for it what it reads, and only that (open_for_dbt); what a load had open is cleared away at its end.
"""

import io
import logging
import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.ledger.sealed import SUFFIX, Broken, Seal, seal_of
from pipeline.ledger.sums import Damaged, damaged, is_whole, write_sums
from pipeline.paths import Home, private
from pipeline.schemas import SCHEMAS
from pipeline.schemas.landed import landed_columns

log = logging.getLogger("pipeline")

# DuckDB opens each table of each batch: 16 ms of a core a batch, 6 s a load after a year of nights (2026-11). What is large costs by its
# rows, not by its folder, and is never rewritten.
MANY, SMALL = 10, 2**20  # bytes
# The batch of zero rows that every landing has. Its name sorts last: DuckDB guesses how many rows a glob has by its first file, and
# a guess of none made it keep a whole city's rows in memory to join them with a few.
EMPTY = "zero-rows"

SUBMISSIONS = {
    "submission_key": pl.String,
    "dataset_code": pl.String,
    "period": pl.String,
    "sender_code": pl.String,
    "content_hash": pl.String,
    "verdict_code": pl.String,
    "refusal_rule_code": pl.String,
    "is_nil": pl.Boolean,
    "rows_read": pl.Int64,
    "rows_accepted": pl.Int64,
    "rows_set_aside": pl.Int64,
}
FINDINGS = {
    "submission_key": pl.String,
    "finding_no": pl.Int32,  # within its submission: by it whoever reads dbt's findings finds the value that stood there
    "rule_code": pl.String,
    "version_code": pl.String,
    "dataset_code": pl.String,
    "severity_code": pl.String,
    "sheet": pl.String,
    "row_no": pl.Int32,
    "column_name": pl.String,
    "cell": pl.String,
    "says_vi": pl.String,
    "says_en": pl.String,
    "value_found": pl.String,
}
RULE_COUNTS = {
    "submission_key": pl.String,
    "dataset_code": pl.String,
    "rule_code": pl.String,
    "version_code": pl.String,
    "asked_count": pl.Int64,
    "failed_count": pl.Int64,
    "not_asked_count": pl.Int64,
    "not_applicable_count": pl.Int64,
}
LETTERS = {"submission_key": pl.String, "sheet": pl.String, "column_name": pl.String, "letter": pl.String}
SHEETS = {"submission_key": pl.String, "sheet": pl.String, "sheet_no": pl.Int32}  # a name stays; its number leaves
# What units answer to questions and warnings; the words stay where they landed.
EXPLANATIONS = {"submission_key": pl.String, "explanation_key": pl.String, "explanation": pl.String}
# Rows set aside, as they were read (`cells`, for people), and what of them the warehouse's rules must know: a unit that
# corrects what it is told should not be told of the same row again.
SET_ASIDE = {
    "submission_key": pl.String,
    "dataset_code": pl.String,
    "sheet": pl.String,
    "row_no": pl.Int32,
    "identity_key": pl.String,
    "unit": pl.String,
    "unit_marked": pl.String,
    "rating_system_code": pl.String,
    "period_type_code": pl.String,
    "period": pl.String,
    "decided_level_code": pl.String,
    "decided_on": pl.Date,
    "decided_on_precision_code": pl.String,
    "cells": pl.String,
}
# Registry, ledger and run as dbt reads them: made anew from the archive at every load.
CONTEXT: dict[str, dict[str, Any]] = {
    "units": {
        "unit_id": pl.String,
        "unit_code": pl.String,
        "unit_name": pl.String,
        "unit_type_code": pl.String,
        "parent_unit_id": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
        "unit_code_fold": pl.String,
        "unit_name_fold": pl.String,
        "unit_name_marked": pl.String,
    },
    "calendar": {"dataset_code": pl.String, "unit_type_code": pl.String, "period": pl.String, "due_on": pl.Date},
    "withdrawals": {"period": pl.String, "unit_code": pl.String, "dataset_code": pl.String, "withdrawn_on": pl.Date},
    "confirmations": {"version_code": pl.String, "confirmed_on": pl.Date},
    "catalogues": {
        "catalogue": pl.String,
        "word_key": pl.String,
        "item_key": pl.String,
        "item_code": pl.String,
        "item_name": pl.String,
        "belongs_to": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
    },
    "periods": {
        "period": pl.String,
        "period_type_code": pl.String,
        "year": pl.Int32,
        "period_from": pl.Date,
        "period_to": pl.Date,
    },
    "ledger": {
        "load_id": pl.Int32,
        "line_no": pl.Int32,
        "path": pl.String,
        "period": pl.String,
        "sender_code": pl.String,
        "content_hash": pl.String,
        "seen_at": pl.Datetime("us"),
    },
    "loads": {
        "load_id": pl.Int32,
        "as_of": pl.Date,
        "contract": pl.String,
        "registry_hash": pl.String,
        "started_at": pl.Datetime("us"),
    },
    "run": {"load_id": pl.Int32, "as_of": pl.Date, "contract": pl.String, "table_key": pl.String},
}

READ_BY_DBT = (*SCHEMAS, "submissions", "findings", "rule_counts", "set_aside", "letters", "sheets", "explanations")
WORDS = {"value_found", "cells", "explanation"}  # values of faulty cells, rows set aside and the words of units are never opened for it

# what dbt reads besides the rows of datasets
SAYS = {
    "submissions": "Submissions, with the verdict that one file shows. One row per period × sender × dataset × content.",
    "findings": "What files and rows show alone; never the value found. One row per finding.",
    "rule_counts": "How often rules of rows were asked. One row per submission × rule × version.",
    "set_aside": "Rows set aside, as far as rules of the warehouse must know them; never their cells. One row per submission × sheet × row.",
    "letters": "Where a column stands on a sheet. One row per submission × sheet × column.",
    "sheets": "Which sheet of its file each name is. One row per submission × named sheet.",
    "explanations": "Which questions and warnings a unit gave a reason for; never the reason. One row per submission × explanation key.",
    "units": "The registry. One row per unit × stretch.",
    "calendar": "What is owed. One row per dataset × unit type × period.",
    "withdrawals": "What the city withdrew. One row per withdrawal.",
    "confirmations": "Versions of laws that the city has read where they are written. One row per version.",
    "catalogues": "What the city's catalogues call things, by keys: a word that a unit writes is found here. One row per catalogue × word.",
    "periods": "Years and quarters. One row per period.",
    "ledger": "Every change of a path's bytes. One row per ledger line.",
    "loads": "Every load. One row per load.",
    "run": "This load, its day, and the city's key for tables. One row.",
}

# read by people and by the next load, never by dbt
FILES = {"path": pl.String, "content_hash": pl.String}
ROW = ("submission_key", "sheet", "row_no")  # where a landed row stood
# By what a landed row finds its person's words: a number alone may stand with two people.
PERSON = ("submission_key", "identity_key", "full_name_key", "full_name_letters_key", "birth_date_key")
IDENTITIES = {
    "submission_key": pl.String,
    "identity_key": pl.String,
    **dict.fromkeys(PERSON[2:], pl.Int64),
    "identity_number": pl.String,
    "full_name": pl.String,
    "birth_date": pl.Date,
    "birth_date_precision_code": pl.String,
}
# What units call things that a catalogue of the city may know: the words, for the city's own people, and the keys by which dbt knows them.
CATALOGUE_WORDS = {
    "submission_key": pl.String,
    "catalogue": pl.String,
    "word_key": pl.String,
    "word": pl.String,
    "row_count": pl.Int64,
}


def tables() -> dict[str, dict[str, Any]]:
    """Every landed table with its columns and types; the Arrow schema comes from here, never from the data."""
    datasets = {name: landed_columns(schema) for name, schema in SCHEMAS.items()}
    return datasets | {
        "submissions": SUBMISSIONS,
        "findings": FINDINGS,
        "rule_counts": RULE_COUNTS,
        "set_aside": SET_ASIDE,
        "letters": LETTERS,
        "sheets": SHEETS,
        "explanations": EXPLANATIONS,
        "files": FILES,
        "identities": IDENTITIES,
        "catalogue_words": CATALOGUE_WORDS,
    }


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
    link = home.landing.with_name("landing.part")
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(home.landing)


def _batches(folder: Path) -> list[Path]:
    return sorted(f for f in folder.glob("*") if f.is_dir() and f.suffix != ".part")


def _size(batch: Path) -> int:
    return sum(file.stat().st_size for file in batch.iterdir())


def _clear(folder: Path) -> None:
    for part in folder.glob("*.part"):
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
    part, seal = batch.with_name(f"{batch.name}.part"), seal_of(home)
    part.mkdir(parents=True)
    for name, schema in tables().items():
        frame, out = frame_of(name).select([pl.col(c).cast(t) for c, t in schema.items()]), io.BytesIO()
        frame.rechunk().write_parquet(out, compression="zstd", compression_level=1)
        file = part / f"{name}{SUFFIX}"
        file.write_bytes(seal.close(out.getvalue(), f"{batch.name}/{file.name}"))
    write_sums(part)
    os.sync()  # a name that survives a power cut must not stand for empty tables
    return part


def _let_go(batches: list[Path], then: Callable[[], object] = lambda: None) -> None:
    """Take batches out, each in one step; the next who opens landing clears away what a crash leaves of them."""
    gone = [batch.rename(batch.with_name(f"{batch.name}-gone.part")) for batch in batches]
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
        frames[name].select([pl.col(c).cast(t) for c, t in schema.items()]).write_parquet(home.context / f"{name}.parquet")


def landed(home: Home, contract: str, table: str) -> pl.DataFrame:
    """A landed table, all batches. Raises Damaged."""
    seal = seal_of(home)
    try:
        return pl.concat([_read(batch / f"{table}{SUFFIX}", seal) for batch in _batches(home.landing_of(contract))])
    except (pl.exceptions.PolarsError, Broken, OSError, ValueError):  # its own words may quote a row
        raise Damaged(f"What landed ({table}) is damaged or gone: `pipeline load` makes it again from the archive.") from None


def with_values(findings: pl.DataFrame, landed_findings: pl.DataFrame) -> pl.DataFrame:
    """Findings as dbt gave them, each with the value that landed with it: as many as before, in their order."""
    number = ["submission_key", "finding_no"]
    return findings.join(landed_findings.select(*number, "value_found"), on=number, how="left", maintain_order="left")


def clear_away(home: Home, contract: str) -> None:
    """What no load needs any more: landings of contracts that are no longer in force, what this one had open, and whatever an earlier version left."""
    needed = {home.landing, home.landing_of(contract), home.people, home.analyst, home.templates, home.outbox, home.dbt_target}
    for place in set(home.restricted.iterdir()) - needed:
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()
