"""What readers see: tables of three schemas and views of a fourth with words on all, exports, links; and nobody's name anywhere."""

import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import duckdb
import polars as pl
import pytest
from conftest import load, pipeline

from pipeline.ledger.sealed import seal_of
from pipeline.paths import Home
from pipeline.warehouse import afresh, door, landing, publish
from pipeline.warehouse.publish import whose

# ── tables, exports, links ────────────────────────────────────────────────────────────────────────────────────────────


def test_only_tables_of_three_schemas_and_views_of_bi_are_published_with_words_on_all(small: Home) -> None:
    with duckdb.connect(str(small.published), read_only=True) as db:
        assert {r[0] for r in db.execute("SELECT DISTINCT schema_name FROM duckdb_tables()").fetchall()} == {"core", "quality", "reports"}
        assert db.execute("SELECT DISTINCT schema_name FROM duckdb_views() WHERE NOT internal").fetchall() == [("bi",)]
        assert db.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL OR comment NOT LIKE '%/%'").fetchall() == []
        assert (
            db.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal AND coalesce(comment, '') NOT LIKE '%/%'").fetchall() == []
        )
        assert (
            db.execute(
                "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND (comment IS NULL OR comment NOT LIKE '%/%')"
            ).fetchall()
            == []
        )


def test_every_table_is_exported_and_no_view(small: Home) -> None:
    with duckdb.connect(str(small.published), read_only=True) as db:
        names = {f"{s}/{t}.parquet" for s, t in db.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()}
    assert {p.relative_to(small.exports).as_posix() for p in small.exports.rglob("*.parquet")} == names
    assert zipfile.is_zipfile(small.exports / "reports.xlsx")


def test_older_clients_can_read_the_file_and_those_refuse_it_that_would_read_it_wrongly(small: Home) -> None:
    """DuckDB writes the storage version behind its mark; 67 is that of 1.4, and 1.3, which knows up to 66, would see columns with blanks as all blank."""
    head = small.published.read_bytes()[:20]
    assert head[8:12] == b"DUCK" and int.from_bytes(head[12:20], "little") == 67


def test_what_the_builder_s_memory_held_is_not_in_the_file_that_readers_open(tmp_path: Path) -> None:
    """DuckDB's own file has it, once in some tries: when it has it no more (duckdb/duckdb#23382), warehouse/afresh.py may go."""
    mark, has_it = "KhongDuocRaNgoai", False
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as new:  # this one's memory has seen a whole suite
        for tried in range(20):
            folder = tmp_path / str(tried)
            has_it |= mark.encode() in new.submit(_built_beside, mark, folder).result().read_bytes()
            assert mark.encode() not in b"".join(file.read_bytes() for file in (folder / "part").rglob("*") if file.is_file())
            if has_it:
                break
    assert has_it


def _built_beside(mark: str, folder: Path) -> Path:
    """A version published by a process whose memory held a mark; gives the builder's own file."""
    part = folder / "part"
    (part / "exports").mkdir(parents=True)
    with duckdb.connect(config={"threads": 2}) as db:
        db.execute(f"ATTACH '{folder / 'build.duckdb'}' AS build; ATTACH '{folder / 'draft.duckdb'}' AS draft")
        db.execute(
            f"CREATE TABLE build.held AS SELECT '{mark}' || range || repeat('{mark}', range::INTEGER % 30) AS text FROM range(60000)"
        )
        db.execute("SELECT text, count(*) FROM build.held GROUP BY 1 ORDER BY 1").fetchall()
        db.execute("CHECKPOINT build")
        db.execute("CREATE SCHEMA draft.core; CREATE SCHEMA draft.bi")
        words = "sha256(range::VARCHAR) || repeat(sha256((range * 3)::VARCHAR), range::INTEGER % 50)"
        db.execute(f"CREATE TABLE draft.core.fct AS SELECT range AS id, {words} AS words FROM range(3000)")
        db.execute("USE draft; CREATE VIEW bi.fct AS SELECT * FROM core.fct; USE memory; CHECKPOINT draft")
        exported = publish._export(db, [("core", "fct")], part / "exports")
        afresh.execute(publish._script(db, part, {("core", "fct"): ("Của bảng", {"id": "Số"}), ("bi", "fct"): ("Của khung nhìn", {})}))
        expected = db.execute("FROM draft.core.fct").fetchall()
    with duckdb.connect(str(part / "personnel.duckdb"), read_only=True) as db:
        assert db.execute("FROM bi.fct").fetchall() == expected and exported == {"core.fct": 3000}
        assert db.execute(
            "SELECT comment FROM duckdb_tables() UNION ALL SELECT comment FROM duckdb_views() WHERE NOT internal"
        ).fetchall() == [
            ("Của bảng",),
            ("Của khung nhìn",),
        ]
    return folder / "draft.duckdb"


def test_a_file_that_cannot_be_written_is_told_without_a_value(tmp_path: Path) -> None:
    with pytest.raises(afresh.NotWritten) as told:
        afresh.execute("SELECT 'Nguyễn Văn Kín'::INTEGER")
    assert str(told.value) == "ConversionException"
    with pytest.raises(afresh.NotWritten, match=r"IOException.*nowhere"):
        afresh.execute(f"ATTACH '{tmp_path}/nowhere/x.duckdb'")


def test_archive_and_restricted_are_closed_to_others(small: Home) -> None:
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (small.archive, small.restricted)] == [0o700, 0o700]
    assert [stat.S_IMODE(file.stat().st_mode) for file in (small.key, small.people)] == [0o600, 0o600]


def test_links_are_fixed_and_go_through_current(small: Home) -> None:
    assert os.readlink(small.published) == "versions/current/personnel.duckdb"
    assert os.readlink(small.exports) == "versions/current/exports"


def test_the_last_seven_versions_are_kept_and_those_that_somebody_reads(mine: Home) -> None:
    for n in range(12):
        (mine.versions / f"0000{n:02}").mkdir(exist_ok=True)
    read = mine.versions / "000000" / "personnel.duckdb"
    shutil.copy(mine.published.resolve(), read)
    wait = f"import duckdb, sys; db = duckdb.connect({str(read)!r}, read_only=True); print(flush=True); sys.stdin.read()"
    (mine.raw / "2021" / "lac.csv").write_text("x\n")
    with subprocess.Popen([sys.executable, "-c", wait], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        reader.stdout.readline()
        load(mine)
        reader.stdin.close()
    kept = {p.name for p in mine.versions.iterdir() if not p.is_symlink()}
    assert len(kept) == 8 and "000000" in kept and "000001" not in kept


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _words(home: Home) -> set[str]:
    """Names and identity numbers of everybody in the sample city."""
    people = landing.landed(home, landing.in_force(home), "identities")
    return set(people["full_name"]) | set(people["identity_number"])


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def test_no_name_and_no_identity_number_is_published_logged_or_kept_by_dagster(small: Home) -> None:
    words = _words(small)
    assert len(words) > 200
    seen: list[str] = []
    with duckdb.connect(str(small.published), read_only=True) as db:
        for (sql,) in db.execute("SELECT 'SELECT * FROM ' || schema_name || '.' || table_name FROM duckdb_tables()").fetchall():
            seen.append(db.execute(sql).pl().select(pl.col(pl.String)).write_csv())
    seen.append(small.published.read_bytes().decode("utf-8", "replace"))
    for file in small.exports.rglob("*.parquet"):
        seen.append(pl.read_parquet(file).select(pl.col(pl.String)).write_csv())
    with zipfile.ZipFile(small.exports / "reports.xlsx") as book:
        seen += [book.read(n).decode("utf-8", "replace") for n in book.namelist()]
    for file in small.dagster.rglob("*"):
        if file.suffix == ".db":
            with sqlite3.connect(file) as db:
                for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                    seen += [_text(v) for row in db.execute(f'SELECT * FROM "{table}"') for v in row if v is not None]
        elif file.is_file():
            seen.append(file.read_text("utf-8", "replace"))
    everything = "\n".join(seen)
    assert [w for w in words if w in everything] == []


def test_the_scan_for_people_would_find_one(small: Home) -> None:
    """The scan is no blind one: a name that is there is found."""
    word = next(iter(_words(small)))
    assert word in f"…{word}…"


def test_who_answers_and_keeps_a_log(mine: Home) -> None:
    people = whose(mine)
    key = people["person_key"][0]
    name = people.filter(person_key=key)["full_name"][0]
    done = pipeline(mine, "who", key, "--why", "đối chiếu hồ sơ")
    assert done.returncode == 0 and name in done.stdout
    entry = json.loads(mine.lookups.read_text("utf-8").splitlines()[-1])
    assert (entry["person_key"], entry["why"]) == (key, "đối chiếu hồ sơ") and name not in str(entry)


def test_who_answers_as_it_did_while_another_contract_has_landed_nothing_yet(mine: Home) -> None:
    before = whose(mine)
    landing.open_landing(mine, "another")
    assert landing.in_force(mine) == "another" and whose(mine).equals(before) and before.height


def test_an_earlier_versions_file_of_persons_is_a_sentence(mine: Home) -> None:
    out = io.BytesIO()
    pl.DataFrame({"person_key": ["a"], "full_name": ["Nguyễn Văn An"]}).write_parquet(out)
    mine.people.write_bytes(seal_of(mine).close(out.getvalue(), mine.people.name))
    done = pipeline(mine, "who", "a", "--why", "đối chiếu")
    assert done.returncode == 1 and "pipeline load" in done.stderr and "Traceback" not in done.stderr


def test_who_wants_a_reason(mine: Home) -> None:
    assert pipeline(mine, "who", "abc", "--why", " ").returncode == 1
    assert '"who"' not in mine.lookups.read_text("utf-8")


# ── the door of reading surfaces ─────────────────────────────────────────────────────────────────────────────────


def test_a_surface_sees_one_published_version_and_nothing_else(small: Home, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a\n1\n", "utf-8")
    with door.published(small) as version:
        assert version.note["load_id"] == 1
        schemas = version.db.execute("SELECT DISTINCT schema_name FROM duckdb_tables() ORDER BY ALL").fetchall()
        assert schemas == [("core",), ("quality",), ("reports",)]
        words = version.words("core", "fct_ratings")
        assert all(words.values()) and "decided_level_code" in words
        for forbidden in (
            "CREATE TABLE core.more AS SELECT 1",
            f"SELECT * FROM read_csv('{tmp_path / 'other.csv'}')",
            f"ATTACH '{small.analyst}' AS more",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                version.db.execute(forbidden)


def test_a_door_that_is_open_stays_with_its_version_while_a_load_switches(mine: Home) -> None:
    with door.published(mine) as version:
        before = version.db.execute("SELECT count(*) FROM core.fct_ratings").fetchall()
        other = mine.versions / "000002"
        other.mkdir()
        (mine.versions / "link").symlink_to("000002")
        (mine.versions / "link").replace(mine.current)
        assert version.db.execute("SELECT count(*) FROM core.fct_ratings").fetchall() == before
    with pytest.raises(door.NothingPublished), door.published(mine):
        pass
