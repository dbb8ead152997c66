"""From the build database to what readers see: a version folder, whole, and then a link that switches to it.

What does not belong here: making tables. Only schemas core, quality, reports and bi, whose views read those, leave the restricted zone.
"""

import datetime as dt
import fcntl
import io
import json
import logging
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipeline.ledger import lookups
from pipeline.ledger.sealed import seal_of
from pipeline.ledger.sums import Damaged
from pipeline.paths import METRICS, Home, in_quotes
from pipeline.schemas import SCHEMAS as DATASETS
from pipeline.schemas.card import card
from pipeline.warehouse import afresh, confirmed, landing, recognised
from pipeline.warehouse.workbook import Words, write_workbook
from pipeline.whole import PART, switch

Database = duckdb.DuckDBPyConnection  # for rooms that do not know DuckDB

log = logging.getLogger("pipeline")

SCHEMAS, WHOLE = ("core", "quality", "reports", "bi"), "whole"
READABLE_SINCE = (
    "v1.4.0"  # of DuckDB (September 2025). Of 1.3's version 1.3 itself read every blank column of words as all blank: 162 of 912
)
KEPT = 7


def open_whole(home: Home) -> Database:
    """The published file, and beside it, as `restricted`, facts and findings with what may not leave: for our own answers."""
    db = duckdb.connect()
    db.execute(f"ATTACH '{in_quotes(home.published)}' AS published (READ_ONLY)")
    with seal_of(home).opened(home.analyst) as whole:
        db.execute(f"ATTACH '{whole}' AS restricted (READ_ONLY)")  # which keeps it open
    db.execute("USE published; SET enable_external_access = false; SET lock_configuration = true")
    return db


def publish(
    home: Home, load_id: int, as_of: dt.date, manifest: dict[str, Any], metrics: dict[str, Any], dictionary: Path | None = None
) -> dict[str, Any]:
    """Publish the build of a load; `metrics`: what they are; `dictionary`: a page that goes along. Returns what version.json says of it. A crash
    anywhere leaves the last version in force.

    Raises Recognisable where too many people would be.
    """
    same_load = [f.name for f in home.versions.glob(f"{load_id:06}*")]  # left by a run that was killed before it could switch
    name = next(n for n in (f"{load_id:06}", *(f"{load_id:06}-{i}" for i in range(1, 1000))) if n not in same_load)
    part = home.versions / f"{name}-{os.getpid()}{PART}"  # a process of a killed run may still be writing into its own
    book = home.restricted / f"reports-{os.getpid()}.xlsx"  # nobody reads it before it is known how many could be recognised
    words = _comments(manifest, SCHEMAS)
    with duckdb.connect() as db, ThreadPoolExecutor(2) as beside:
        db.execute(f"ATTACH '{in_quotes(home.build)}' AS build (READ_ONLY)")
        db.execute(f"ATTACH '{in_quotes(home.draft)}' AS draft (READ_ONLY)")
        workbook = beside.submit(
            write_workbook, db.cursor(), words, _sheets(manifest), book, load_id, as_of
        )  # while DuckDB counts and exports
        found = recognised.shares(db, "draft")
        recognised.hold_to_bound(found)
        turned, of_people = _confirmed_since(home, db), confirmed.of_people(db, "draft")
        (part / "exports").mkdir(parents=True)
        tables = db.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'draft'").fetchall()
        rows = _export(db, tables, part / "exports")
        for_readers = beside.submit(afresh.execute, _script(db, part, words))
        persons = _persons(home, db)
        _describe(home.whole_draft, _comments(manifest, (WHOLE,)))
        whole, people, seal = home.analyst.with_suffix(PART), home.people.with_suffix(PART), seal_of(home)
        seal.close_file(home.whole_draft, whole, home.analyst.name)
        people.write_bytes(seal.close(persons, home.people.name))
        people.chmod(0o600)
        workbook.result()
        for_readers.result()
    book.replace(part / "exports" / "reports.xlsx")
    if dictionary:
        shutil.copyfile(dictionary, part / "exports" / "dictionary.html")
    home.draft.unlink()
    note = {"load_id": load_id, "as_of": as_of.isoformat(), "tables": rows, "recognised": recognised.as_json(found)}
    note |= {"city_key": seal.name_of("city")[:32]}  # whose figures these are, for surfaces of several; of the key, and tells nothing of it
    note |= {"confirmed": turned, "identities": of_people, **_keys(manifest)}
    (part / METRICS).write_text(json.dumps(metrics, ensure_ascii=False), "utf-8")
    (part / "version.json").write_text(json.dumps(note, indent=1), "utf-8")
    part.rename(home.versions / name)
    os.sync()
    whole.replace(home.analyst)
    people.replace(home.people)
    switch(home.current, Path(name))
    switch(home.published, Path("versions/current/personnel.duckdb"))
    switch(home.exports, Path("versions/current/exports"))
    _keep_last(home, name, same_load)
    return note


def _confirmed_since(home: Home, db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What confirmations of laws changed since the version that is in force."""
    if not home.published.exists():
        return {}
    try:
        db.execute(f"ATTACH '{in_quotes(home.published)}' AS before (READ_ONLY)")
        return confirmed.changes(db, "draft", "before")
    except duckdb.Error:  # damaged, or of another release; it goes out of force now
        log.warning("what is published cannot be read: what confirmed laws changed since is not told")
        return {}


def _keep_last(home: Home, current: str, replaced: list[str]) -> None:
    """Keep the last versions, and those whose database somebody has open."""
    folders = sorted(f for f in home.versions.iterdir() if f.is_dir() and not f.is_symlink())
    # versions made before something was erased hold it still
    erased_at = home.erased.stat().st_mtime if home.erased.exists() else 0
    earlier = [f for f in folders if not f.suffix and f.name != current and f.name not in replaced and f.stat().st_mtime > erased_at]
    kept = [f for f in earlier[: 1 - KEPT] if _is_open(f / "personnel.duckdb")] + earlier[1 - KEPT :]
    for folder in folders:
        if folder not in kept and folder.name != current:
            shutil.rmtree(folder)


def _is_open(database: Path) -> bool:
    """Whether another process reads it: DuckDB holds a lock on what it has open."""
    try:
        with database.open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _comments(manifest: dict[str, Any], schemas: tuple[str, ...]) -> Words:
    """What dbt says of the tables of some schemas."""
    return {
        (node["schema"], node["alias"]): (node["description"], {c["name"]: c["description"] for c in node["columns"].values()})
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in schemas
    }


def _sheets(manifest: dict[str, Any]) -> dict[str, str]:
    """What the sheet of each report is called, in the order of the datasets' cards; last those of no dataset."""
    called = {
        node["alias"]: node["config"]["meta"]["sheet"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "reports"
    }
    of_cards = [report for schema in DATASETS.values() for report in card(schema).reports]
    return {report: called[report] for report in dict.fromkeys([*of_cards, *sorted(called)])}


def _keys(manifest: dict[str, Any]) -> dict[str, Any]:
    """What one row of each table is, and which tables speak of no unit and nobody: what a surface that has users of its own must know."""
    models = {
        f"{node['schema']}.{node['alias']}": node["config"]["meta"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in SCHEMAS
    }
    return {
        "grains": {table: meta["grain"] for table, meta in models.items() if "grain" in meta},
        "for_everybody": [table for table, meta in models.items() if meta.get("seen_by") == "everybody"],
    }


def _said(words: Words, views: set[tuple[str, str]], file: str = "file") -> Iterator[str]:
    """Words on every table and column, as statements."""
    for (schema, table), (description, columns) in sorted(words.items()):
        kind = "VIEW" if (schema, table) in views else "TABLE"
        yield f"COMMENT ON {kind} {file}.{schema}.{table} IS {_literal(description)}"
        yield from (f"COMMENT ON COLUMN {file}.{schema}.{table}.{column} IS {_literal(text)}" for column, text in columns.items())


def _describe(file: Path, words: Words) -> None:
    """Words on what stands in a file, in one commit."""
    with duckdb.connect(config={"max_vacuum_tasks": 0}) as db:  # as profiles.yml says: else large tables are written again
        db.execute(f"ATTACH '{in_quotes(file)}' AS file")
        db.execute(";\n".join(["BEGIN", *_said(words, set()), "COMMIT"]))
        db.execute("DETACH file")  # closes the file: all of it is in it


def _script(db: duckdb.DuckDBPyConnection, part: Path, words: Words) -> str:
    """The published file of a version, from the exports that lie in its folder: schemas, tables, rows, views, words."""
    schemas = db.execute("SELECT schema_name FROM duckdb_schemas() WHERE database_name = 'draft' AND NOT internal ORDER BY 1").fetchall()
    tables = db.execute("SELECT schema_name, table_name, sql FROM duckdb_tables() WHERE database_name = 'draft' ORDER BY 1, 2").fetchall()
    of_views = "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE database_name = 'draft' AND NOT internal ORDER BY view_oid"
    views = db.execute(of_views).fetchall()
    rows = (part / "exports" / schema / f"{table}.parquet" for schema, table, _ in tables)
    return ";\n".join([
        f"ATTACH '{in_quotes(part / 'personnel.duckdb')}' AS file (STORAGE_VERSION '{READABLE_SINCE}')",
        "USE file",
        "SET disabled_compression_methods = 'fsst'",  # as profiles.yml says
        "BEGIN",
        *(f"CREATE SCHEMA IF NOT EXISTS {schema}" for (schema,) in schemas),
        *(sql.rstrip("; \n") for _, _, sql in tables),
        *(f"INSERT INTO {schema}.{table} FROM '{in_quotes(file)}'" for (schema, table, _), file in zip(tables, rows, strict=True)),
        *(sql.rstrip("; \n") for _, _, sql in views),
        *_said(words, {(schema, view) for schema, view, _ in views}),
        "COMMIT",
        "USE memory",
        "DETACH file",
    ])  # fmt: skip


def _export(db: duckdb.DuckDBPyConnection, tables: list[tuple[str, str]], exports: Path) -> dict[str, int]:
    """A Parquet of every table; returns rows by table. Views have none: they say again what tables say."""
    rows = {}
    for schema, table in sorted(tables):
        (exports / schema).mkdir(exist_ok=True)
        db.execute(
            f"COPY draft.{schema}.{table} TO '{in_quotes(exports / schema / f'{table}.parquet')}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
        )
        ((rows[f"{schema}.{table}"],),) = db.fetchall()
    return rows


def _literal(text: str) -> str:
    """Words as SQL, line by line: the first line of a column's is its title."""
    return "'" + "\n".join(" ".join(line.split()) for line in text.strip().splitlines()).replace("'", "''") + "'"


# ── whose a key is ───────────────────────────────────────────────────────────────────────────────────────────────


def who(home: Home, person_key: str, why: str) -> list[dict[str, object]]:
    """Whose this key is: names and identity numbers as submitted, newest first. The look-up is logged before it is answered."""
    lookups.note(home, "who", person_key=person_key, why=why)
    if not home.people.exists():
        return []
    return whose(home, person_key).drop("person_key").sort("period", "sender_code", "full_name", descending=[True, False, False]).to_dicts()


def whose(home: Home, person_key: str | None = None) -> pl.DataFrame:
    """The words of a person, or of everybody, as each list wrote them: they stay where they landed, and nowhere twice. Raises Damaged."""
    file = home.people
    persons = pl.read_parquet(io.BytesIO(seal_of(home).open(file.read_bytes(), file.name)))
    if "contract" not in persons.columns:
        raise Damaged(f"{file.name} is of an earlier version: `pipeline load` writes it anew.")
    if person_key is not None:
        persons = persons.filter(person_key=person_key)
    contract = str(persons["contract"].first() or landing.in_force(home))
    of = landing.landed(home, contract, "submissions").select("submission_key", "sender_code", "period")
    words = landing.landed(home, contract, "identities").join(persons, on="identity_key").join(of, on="submission_key")
    return words.select("person_key", "full_name", "identity_number", "birth_date", "birth_date_precision_code", "sender_code", "period")


def _persons(home: Home, build: duckdb.DuckDBPyConnection) -> bytes:
    """Whose each number is, by keys, and where its words landed: for `who`. Names never come into the build database."""
    persons, out = build.execute("SELECT identity_key, person_key FROM build.restricted.bridge_person_identity").pl(), io.BytesIO()
    persons.with_columns(contract=pl.lit(landing.in_force(home))).write_parquet(out, compression="zstd", compression_level=1)
    return out.getvalue()
