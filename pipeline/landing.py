"""Landing: one folder of Parquet per batch, written whole or not at all, never rewritten.

What does not belong here: what is in a row. A folder per batch (and not a file per dataset) because a rename
of one folder is atomic: a crash leaves all of a batch or none of it.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.paths import Home, private
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import landed_columns

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
    "rating_system_code": pl.String,
    "period_type_code": pl.String,
    "period": pl.String,
    "decided_level_code": pl.String,
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
    },
    "calendar": {"dataset_code": pl.String, "unit_type_code": pl.String, "period": pl.String, "due_on": pl.Date},
    "withdrawals": {"period": pl.String, "unit_code": pl.String, "dataset_code": pl.String, "withdrawn_on": pl.Date},
    "confirmations": {"version_code": pl.String, "confirmed_on": pl.Date},
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

# read by people and by the next load, never by dbt
FILES = {"path": pl.String, "content_hash": pl.String}
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
    }


def open_landing(home: Home, contract: str) -> None:
    """Make the contract's landing the one that dbt reads, and clear away what a crash left half-written."""
    folder = home.landing_of(contract)
    private(home.restricted)
    for part in folder.glob("*.part"):
        shutil.rmtree(part)
    if not (folder / EMPTY).exists():
        # a zero-row file of the right types: no Parquet file matching a glob is an error
        write_batch(home, contract, EMPTY, {})
    link = home.landing.with_name("landing.part")
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(home.landing)


def write_batch(home: Home, contract: str, batch: str, frames: dict[str, pl.DataFrame]) -> None:
    """All of a batch's tables, or nothing. Tables without rows are written too, with their types."""
    part = home.landing_of(contract) / f"{batch}.part"
    part.mkdir(parents=True)
    for name, schema in tables().items():
        frame = frames.get(name)
        if frame is None:
            frame = pl.DataFrame(schema=schema)
        frame.select([pl.col(c).cast(t) for c, t in schema.items()]).rechunk().write_parquet(
            part / f"{name}.parquet", compression="zstd", compression_level=1
        )
    os.sync()  # a name that survives a power cut must not stand for empty tables
    part.replace(part.with_suffix(""))


def take_out(landing: Path, content_hash: str) -> None:
    """Rewrite the batches of a landing that hold these bytes' submissions, without them: the one exception to append-only (erase).

    A crash between the two renames leaves a batch out, whose files are then judged again.
    """
    for batch in sorted(f for f in landing.iterdir() if f.is_dir() and f.suffix != ".part"):
        files, submissions = (pl.read_parquet(batch / f"{table}.parquet") for table in ("files", "submissions"))
        keys = submissions.filter(content_hash=content_hash)["submission_key"].to_list()
        if not keys and files.filter(content_hash=content_hash).is_empty():
            continue
        part, gone = (batch.with_name(f"{batch.name}{word}.part") for word in ("", "-gone"))
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for table in sorted(batch.glob("*.parquet")):
            frame = pl.read_parquet(table)
            held = pl.col("submission_key").is_in(keys) if "submission_key" in frame.columns else pl.col("content_hash") == content_hash
            frame.filter(~held).write_parquet(part / table.name, compression="zstd", compression_level=1)
        batch.rename(gone)
        part.rename(batch)
        shutil.rmtree(gone)


def write_context(home: Home, frames: dict[str, pl.DataFrame]) -> None:
    """Everything that dbt reads besides what landed."""
    private(home.restricted)
    home.context.mkdir(exist_ok=True)
    for name, schema in CONTEXT.items():
        frames[name].select([pl.col(c).cast(t) for c, t in schema.items()]).write_parquet(home.context / f"{name}.parquet")


def landed(home: Home, contract: str, table: str) -> pl.DataFrame:
    """A landed table, all batches."""
    return pl.read_parquet(home.landing_of(contract) / "*" / f"{table}.parquet", schema=tables()[table])


def drop_old_landings(home: Home, contract: str) -> None:
    """Landings of contracts that are no longer in force: made again from the archive at any time."""
    for folder in home.restricted.glob("landing-*"):
        if folder != home.landing_of(contract):
            shutil.rmtree(folder)
