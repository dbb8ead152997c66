"""The copy in PostgreSQL: row for row what is published, for each committee its own and nothing else. Every server here is a real one."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import cookbook
import duckdb
import psycopg
import psycopg.sql
import pytest
import sqlalchemy
from conftest import LONGEST, load, pipeline
from psycopg import errors
from servers import SYSTEMS, Server, encrypted, server

from pipeline.paths import Home
from pipeline.sample import make_city
from pipeline.surfaces import (
    address,
    postgresql,
    postgresql_connection,
    postgresql_elsewhere,
    postgresql_rights,
    postgresql_swap,
    postgresql_tables,
    sql,
)
from pipeline.surfaces.due import NotWritten
from pipeline.surfaces.metrics.answer import ask as metric
from pipeline.surfaces.metrics.answer import listed
from pipeline.surfaces.postgresql_rights import Kind
from pipeline.warehouse.door import published
from pipeline.whole import switch


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    with server() as own:
        yield own


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small city with two superior committees, units that moved and were renamed, and faults."""
    home = Home(tmp_path_factory.mktemp("faulty") / "data")
    make_city(home, size="small", faults=True)
    load(home)
    return home


@pytest.fixture(scope="module")
def shown(postgres: Server, faulty: Home) -> dict[str, str]:
    """The city copied; logins by role."""
    logins = postgres.make_roles(faulty)
    postgresql.copy(faulty, address.parse(postgres.address()))
    return logins


DEPARTMENT, READER = "login_personnel_department", "login_personnel_reader"


@pytest.fixture(scope="module")
def committees(shown: dict[str, str]) -> list[str]:
    """Logins of two committees."""
    return sorted(login for login in shown.values() if login not in (DEPARTMENT, READER))[:2]


def copied(home: Home) -> list[postgresql_tables.Table]:
    with published(home) as version:
        return postgresql_rights.with_numbers(postgresql_tables.tables(version))


def guarded(home: Home) -> list[postgresql_tables.Table]:
    """Tables whose rows are somebody's."""
    return [table for table in copied(home) if table.number]


def rows(given: list[tuple]) -> list[str]:
    """In one order and spelling: a large whole number is Python's own, or a Decimal."""
    return sorted(repr([Decimal(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in row]) for row in given)


def same(server: Server, home: Home) -> list[str]:
    """Tables whose rows differ from the published file's."""
    with duckdb.connect(str(home.published), read_only=True) as file, server.connect(f"login_{server.database}_department") as connection:
        found = []
        for table in copied(home):
            names = ", ".join(postgresql_tables.quoted(c.name) for c in table.columns)
            ours = connection.execute(f'SELECT {names} FROM "{table.schema}"."{table.name}"').fetchall()
            theirs = file.execute(f'SELECT {names} FROM "{table.schema}"."{table.name}"').fetchall()
            if rows(ours) != rows(theirs):
                found.append(str(table))
        return found


# ── what arrives ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_table_is_row_for_row_the_published_one(postgres: Server, faulty: Home, shown: dict[str, str]) -> None:
    assert {str(t) for t in copied(faulty)} >= {*json.loads((faulty.current / "version.json").read_text("utf-8"))["tables"]}
    assert same(postgres, faulty) == []
    counts = dict(postgres.run("SELECT 'findings', count(*) FROM quality.findings UNION SELECT 'facts', count(*) FROM core.fct_ratings"))
    assert counts["findings"] > 50 and counts["facts"] > 500


def test_the_copy_says_which_load_it_shows_and_when_it_was_made(postgres: Server, faulty: Home, shown: dict[str, str]) -> None:
    note = json.loads((faulty.current / "version.json").read_text("utf-8"))
    (said,) = postgres.run("SELECT load_id, as_of::text, version, now() - copied_at < interval '1 hour' FROM meta.copied", READER)
    assert said == (note["load_id"], note["as_of"], faulty.current.resolve().name, True)


def test_words_of_tables_and_columns_come_along_in_vietnamese(postgres: Server, faulty: Home, shown: dict[str, str]) -> None:
    words = dict(
        postgres.run(
            "SELECT c.oid::regclass::text, obj_description(c.oid) FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'core'::regnamespace"
        )
    )
    with published(faulty) as version:
        assert words["core.dim_unit"].startswith("Đơn vị theo từng giai đoạn") and all(words.values())
        for schema in ("core", "quality", "reports"):
            for table in (t for t in copied(faulty) if t.schema == schema):
                said = postgres.run(
                    f"SELECT attname, col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND attname <> 'committee_no'"
                )
                assert dict(said) == version.words(table.schema, table.name)


def test_keys_are_the_grains_and_every_index_of_somebodys_rows_begins_with_whose_they_are(
    postgres: Server, faulty: Home, shown: dict[str, str]
) -> None:
    unique = dict(
        postgres.run(
            "SELECT i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
            "WHERE i.indisunique AND c.relnamespace IN ('core'::regnamespace, 'quality'::regnamespace, 'reports'::regnamespace)"
        )
    )
    assert {*unique} == {str(t) for t in copied(faulty) if t.schema in ("core", "quality", "reports")}
    assert (
        "(committee_no, rating_key)" in unique["core.fct_ratings"]
        and "(committee_no, year, unit_key)" in unique["reports.rpt_discipline_summary"]
    )
    assert "(committee_no, person_key)" in unique["core.dim_person"]
    assert "(committee_no, person_key, period_type_code, period)" in unique["core.fct_headcount"]
    leads = postgres.run(
        "SELECT i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid, 1, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
        "WHERE c.relrowsecurity AND i.indisvalid AND has_any_column_privilege('personnel_reader', c.oid, 'SELECT')"
    )
    assert {lead for _, lead in leads} == {"committee_no"}
    assert ("core.fct_ratings", "committee_no") in leads


class Made:
    """A published version that a test makes by hand, in a few statements."""

    def __init__(self, root: Path):
        self.home, self.count = Home(root), 0

    def publish(self, sql: str, **note: Any) -> Home:
        self.count += 1
        folder = self.home.versions / f"{self.count:06}"
        folder.mkdir(parents=True)
        with duckdb.connect(str(folder / "personnel.duckdb")) as db:
            db.execute(REGISTRY)
            db.execute(sql)
        (folder / "version.json").write_text(json.dumps({"load_id": self.count, "as_of": "2021-12-31"} | note), "utf-8")
        switch(self.home.current, Path(folder.name))
        switch(self.home.published, Path("versions/current/personnel.duckdb"))
        return self.home


# The city C; under it S and T; B moved from S to T in mid-2021 with its cell K; D was under S, and is right below the city since 2021. The code
# S1 was S's until the end of 2020, and is T's since.
REGISTRY = """
CREATE SCHEMA core; CREATE SCHEMA quality;
CREATE TABLE core.dim_unit AS SELECT md5(u || f) AS unit_version_key, u AS unit_key, code AS unit_code, 'Đảng bộ ' || u AS unit_name, type AS unit_type_code,
    CAST(f AS date) AS valid_from, CAST(t AS date) AS valid_to
FROM (VALUES ('c', 'C', 'CITY', '2000-01-01', NULL), ('s', 'S1', 'SUPERIOR', '2000-01-01', '2020-12-31'), ('s', 'S2', 'SUPERIOR', '2021-01-01', NULL),
    ('t', 'T', 'SUPERIOR', '2000-01-01', '2020-12-31'), ('t', 'S1', 'SUPERIOR', '2021-01-01', NULL), ('b', 'B', 'BASE_COMMITTEE', '2000-01-01', '2021-06-30'),
    ('b', 'B', 'BASE_COMMITTEE', '2021-07-01', NULL), ('k', 'K', 'CELL', '2000-01-01', NULL), ('d', 'D', 'BASE_COMMITTEE', '2000-01-01', '2020-12-31'),
    ('d', 'D', 'BASE_COMMITTEE', '2021-01-01', NULL), ('e', 'E', 'BASE_CELL', '2000-01-01', NULL)) AS v (u, code, type, f, t);
CREATE TABLE core.bridge_unit_ancestor AS SELECT v.unit_version_key, o.u AS unit_key, o.a AS ancestor_unit_key, o.depth, CAST(o.f AS date) AS valid_from, CAST(o.t AS date) AS valid_to
FROM (VALUES ('c', 'c', 0, '2000-01-01', NULL), ('s', 's', 0, '2000-01-01', '2020-12-31'), ('s', 'c', 1, '2000-01-01', '2020-12-31'), ('s', 's', 0, '2021-01-01', NULL), ('s', 'c', 1, '2021-01-01', NULL),
    ('t', 't', 0, '2000-01-01', '2020-12-31'), ('t', 'c', 1, '2000-01-01', '2020-12-31'), ('t', 't', 0, '2021-01-01', NULL), ('t', 'c', 1, '2021-01-01', NULL),
    ('b', 'b', 0, '2000-01-01', '2021-06-30'), ('b', 's', 1, '2000-01-01', '2021-06-30'), ('b', 'c', 2, '2000-01-01', '2021-06-30'), ('b', 'b', 0, '2021-07-01', NULL), ('b', 't', 1, '2021-07-01', NULL), ('b', 'c', 2, '2021-07-01', NULL),
    ('k', 'k', 0, '2000-01-01', NULL), ('k', 'b', 1, '2000-01-01', '2021-06-30'), ('k', 'b', 1, '2021-07-01', NULL), ('k', 's', 2, '2000-01-01', '2021-06-30'), ('k', 't', 2, '2021-07-01', NULL), ('k', 'c', 3, '2000-01-01', '2021-06-30'), ('k', 'c', 3, '2021-07-01', NULL),
    ('d', 'd', 0, '2000-01-01', '2020-12-31'), ('d', 's', 1, '2000-01-01', '2020-12-31'), ('d', 'c', 2, '2000-01-01', '2020-12-31'), ('d', 'd', 0, '2021-01-01', NULL), ('d', 'c', 1, '2021-01-01', NULL),
    ('e', 'e', 0, '2000-01-01', NULL), ('e', 's', 1, '2000-01-01', '2020-12-31'), ('e', 's', 1, '2021-01-01', NULL), ('e', 'c', 2, '2000-01-01', NULL)) AS o (u, a, depth, f, t)
JOIN core.dim_unit v ON v.unit_key = o.u AND CAST(o.f AS date) BETWEEN v.valid_from AND coalesce(v.valid_to, DATE '9999-12-31');
CREATE TABLE quality.submissions (submission_key varchar, period varchar, sender_unit_key varchar);
"""


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made")


@pytest.fixture(scope="module")
def small_server(postgres: Server) -> Server:
    """Another database on the server, for versions that a test makes: roles are of a database, by their names."""
    return Server(postgres.folder, postgres.programs, "made")


def put(server: Server, home: Home) -> dict[str, str]:
    logins = server.make_roles(home)
    postgresql.copy(home, address.parse(server.address()))
    return logins


ODD = """
CREATE TABLE core.odd AS SELECT * FROM (VALUES
    (1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (2, '', true, DATE '0001-01-01', 170141183460469231731687303715884105727::hugeint, 12345678901234567890.123456789::decimal(38, 9), 'nan'::double,
     TIMESTAMP '2021-12-31 23:59:59.999999', 255::utinyint, 18446744073709551615::ubigint, 'infinity'::double, TIME '23:59:59'),
    (3, 'a"b,c' || chr(10) || '\\.' || chr(10) || chr(13) || chr(9) || 'Đỗ ' || nfc_normalize('Nguyễn'), false, DATE '9999-12-31', -170141183460469231731687303715884105727::hugeint, -0.000000001,
     0.1, TIMESTAMP '1900-01-01 00:00:00', 0, 0, -1e308, TIME '00:00:00'),
    (4, '\\.', false, DATE '2024-02-29', 0, 0, 5e-324, NULL, 1, 1, -0.0, NULL),
    (5, 'N' || chr(103) || 'uye' || chr(770) || chr(771) || 'n 👩🏽‍💼 \\N NULL \\x00', true, DATE '1990-01-01', 1, 1, 1.7976931348623157e308, NULL, 1, 1, 1e-7, NULL)
) AS v (row_id, text, yes, day, huge, exact, number, stamp, tiny, big, other, hour);
INSERT INTO core.odd (row_id, text) SELECT 6, repeat('Đảng bộ thành phố ', 200000);
CREATE VIEW core.shown AS SELECT row_id, text AS "Tên ""lạ"", %s" FROM core.odd;
COMMENT ON VIEW core.shown IS 'Một khung nhìn; có '' dấu nháy \\ và %';
"""


def test_odd_values_arrive_as_they_are(small_server: Server, made: Made) -> None:
    home = made.publish(ODD, grains={"core.odd": ["row_id"]}, for_everybody=["core.odd"])
    put(small_server, home)
    assert same(small_server, home) == []
    assert small_server.run("SELECT obj_description('core.shown'::regclass)") == [("Một khung nhìn; có ' dấu nháy \\ và %",)]
    types = dict(
        small_server.run(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'core.odd'::regclass AND attnum > 0"
        )
    )
    assert (types["huge"], types["exact"], types["yes"], types["stamp"]) == (
        "numeric(39,0)",
        "numeric(38,9)",
        "boolean",
        "timestamp without time zone",
    )


def test_a_column_without_an_equal_is_named_and_nothing_is_copied(small_server: Server, made: Made) -> None:
    before = put(small_server, made.publish("CREATE TABLE core.kept (a integer)"))
    with pytest.raises(NotWritten, match=r"core\.listed\.parts is INTEGER"):
        put(small_server, made.publish("CREATE TABLE core.listed (parts integer[])"))
    assert before and small_server.run("SELECT to_regclass('core.kept') IS NOT NULL, to_regclass('core.listed') IS NULL") == [(True, True)]


def test_a_text_with_a_zero_byte_is_told(small_server: Server, made: Made) -> None:
    with pytest.raises(NotWritten, match="22021"):
        put(small_server, made.publish("CREATE TABLE core.zero AS SELECT 'a' || chr(0) || 'b' AS text"))


# ── whose rows are whose ─────────────────────────────────────────────────────────────────────────────────────────

FACTS = """
CREATE TABLE core.fct AS SELECT md5(concat(u, y)) AS fact_key, 'p' || u || y AS person_key, u AS unit_key, y AS year FROM
    (VALUES ('c'), ('s'), ('t'), ('b'), ('k'), ('d'), ('e'), (NULL), ('nobody')) AS v (u), (VALUES (1999), (2020), (2021)) AS w (y);
CREATE TABLE core.fct_versioned AS SELECT u.unit_version_key || y AS fact_key, 'v' || u.unit_code AS person_key, u.unit_key, u.unit_version_key, y AS year
    FROM core.dim_unit u, (VALUES (2020), (2022)) AS w (y) WHERE u.unit_key = 'b';
CREATE TABLE core.dim_person AS SELECT DISTINCT person_key, 'x' AS sex_code FROM core.fct WHERE person_key IS NOT NULL UNION SELECT person_key, 'y' FROM core.fct_versioned UNION SELECT 'stranger', 'z';
CREATE TABLE core.dim_code AS SELECT 'sex' AS code_list, 'x' AS code;
INSERT INTO quality.submissions SELECT concat(u, p), p, u FROM (VALUES ('b'), ('e'), (NULL)) AS v (u), (VALUES ('2021'), ('2021-Q1'), ('2020')) AS w (p);
CREATE OR REPLACE TABLE quality.submissions AS SELECT *, row_number() OVER (ORDER BY submission_key)::integer AS submission_no FROM quality.submissions;
CREATE TABLE quality.findings AS SELECT 'f' || submission_key AS finding_key, 100 - submission_no AS fault_no, submission_key, period, sender_unit_key, 't' AS unit_key FROM quality.submissions;
CREATE TABLE quality.rule_answers AS SELECT submission_key, 'R01' AS rule_code FROM quality.submissions;
CREATE TABLE quality.loads AS SELECT 1 AS load_id, 100 AS line_count;
CREATE TABLE quality.confirmations AS SELECT 1 AS row_no, 3 AS one_row_count;
CREATE SCHEMA bi;
CREATE VIEW bi.facts AS SELECT f.fact_key, u.unit_code, s.unit_code AS superior_code, f.year FROM core.fct f JOIN core.dim_unit u ON u.unit_key = f.unit_key
    AND make_date(f.year, 12, 31) BETWEEN u.valid_from AND coalesce(u.valid_to, DATE '9999-12-31')
    LEFT JOIN core.bridge_unit_ancestor b ON b.unit_key = f.unit_key AND b.ancestor_unit_key IN ('s', 't') AND make_date(f.year, 12, 31) BETWEEN b.valid_from AND coalesce(b.valid_to, DATE '9999-12-31')
    LEFT JOIN core.dim_unit s ON s.unit_key = b.ancestor_unit_key AND make_date(f.year, 12, 31) BETWEEN s.valid_from AND coalesce(s.valid_to, DATE '9999-12-31');
CREATE VIEW bi.findings AS SELECT fault_no, submission_no, f.period, 'S1' AS unit_code FROM quality.findings f JOIN quality.submissions USING (submission_key);
CREATE VIEW bi.submissions AS SELECT submission_no, period, 'S1' AS unit_code FROM quality.submissions;
CREATE VIEW bi.postings AS SELECT concat(unit_code, '-', year, '-', other) AS posting_key, unit_code, superior_code, year, other AS to_unit_code, 'Đảng bộ ' || lower(other) AS to_unit_name,
    'Vào ngày đó “Đảng bộ ' || lower(other) || '” (' || other || ') là “khác”.' AS says_vi FROM bi.facts, (VALUES ('C'), ('B'), ('D'), ('E'), (NULL)) AS o (other);
CREATE TABLE quality.of_units AS SELECT 'b' AS subject_unit_key;
"""
NOTE = {
    "grains": {
        "core.fct": ["fact_key"], "core.fct_versioned": ["fact_key"], "core.dim_person": ["person_key"], "core.dim_code": ["code_list", "code"], "core.dim_unit": ["unit_version_key"],
        "bi.facts": ["coalesce(fact_key, concat_ws('|', unit_code, year))"], "bi.postings": ["posting_key"], "quality.submissions": ["submission_key"], "quality.findings": ["finding_key"], "quality.rule_answers": ["submission_key", "rule_code"],
    },
    "for_everybody": ["core.dim_code", "quality.loads"],
}  # fmt: skip


@pytest.fixture(scope="module")
def tree(small_server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A version with units that moved; logins by the key of their unit."""
    home = Made(tmp_path_factory.mktemp("tree") / "made").publish(FACTS, **NOTE)
    logins = put(small_server, home)
    return {role.split("_")[2] if role.count("_") == 2 else role.split("_")[1]: login for role, login in logins.items()}


def seen(server: Server, login: str, query: str) -> set[Any]:
    return {row[0] if len(row) == 1 else row for row in server.run(query, login)}


@pytest.mark.parametrize(
    ("who", "units"),
    [
        # S until mid-2021 with B and its cell, until 2020 with D; T since then; D always itself, and so in what it did under S
        (
            "s",
            {("s", y) for y in (1999, 2020, 2021)} | {("e", y) for y in (1999, 2020, 2021)} | {(u, y) for u in "bkd" for y in (1999, 2020)},
        ),
        ("t", {("t", y) for y in (1999, 2020, 2021)} | {("b", 2021), ("k", 2021)}),
        ("d", {("d", y) for y in (1999, 2020, 2021)}),
        ("reader", set()),
    ],
)
def test_a_committee_sees_what_was_its_own_and_below_it_on_each_rows_day(
    small_server: Server, tree: dict[str, str], who: str, units: set
) -> None:
    assert seen(small_server, tree[who], "SELECT unit_key, year FROM core.fct") == units
    assert seen(small_server, tree[who], "SELECT person_key FROM core.dim_person") - {"vB"} == {f"p{u}{y}" for u, y in units}


def test_a_row_counts_for_the_stretch_that_it_names(small_server: Server, tree: dict[str, str]) -> None:
    assert len(seen(small_server, tree["s"], "SELECT fact_key FROM core.fct_versioned")) == 2  # the first stretch, also of a later year
    assert len(seen(small_server, tree["t"], "SELECT fact_key FROM core.fct_versioned")) == 2


def test_a_submission_and_what_hangs_on_it_are_the_senders_on_the_periods_last_day(small_server: Server, tree: dict[str, str]) -> None:
    for table, key in (("submissions", "submission_key"), ("findings", "submission_key"), ("rule_answers", "submission_key")):
        assert seen(small_server, tree["s"], f"SELECT {key} FROM quality.{table}") == {"b2021-Q1", "b2020", "e2021", "e2021-Q1", "e2020"}
        assert seen(small_server, tree["t"], f"SELECT {key} FROM quality.{table}") == {"b2021"}  # and not the findings that name its unit
    for who in "std":  # views have numbers in the place of keys, and are as guarded
        for view, no in (("findings", "fault_no"), ("submissions", "submission_no")):
            own = seen(small_server, tree[who], f"SELECT {no} FROM quality.{view}")
            assert seen(small_server, tree[who], f"SELECT {no} FROM bi.{view}") == own and len(own) == {"s": 5, "t": 1, "d": 0}[who]


def test_what_a_row_says_of_units_elsewhere_only_the_department_is_told(small_server: Server, tree: dict[str, str]) -> None:
    """A posting may lead out of a committee's tree, and a sentence name another's unit; above it is the city."""
    asked = "SELECT DISTINCT to_unit_code, to_unit_name, says_vi FROM bi.postings"
    told = {(c, f"Đảng bộ {c.lower()}", f"Vào ngày đó “Đảng bộ {c.lower()}” ({c}) là “khác”.") for c in "CBDE"} | {(None, None, None)}
    short = (postgresql_elsewhere.CODE, postgresql_elsewhere.NAME, "Vào ngày đó “…” “…” là “…”.")
    assert seen(small_server, tree["department"], asked) == told
    for who, known in (("s", "CBDE"), ("t", "CB"), ("d", "CD")):
        assert seen(small_server, tree[who], asked) - {short} == {t for t in told if t[0] is None or t[0] in known}, who
        assert (short in seen(small_server, tree[who], asked)) == (who != "s")
        (whole,) = seen(small_server, tree[who], "SELECT count(*), count(DISTINCT posting_key) FROM bi.postings")
        assert whole[0] == whole[1] > 0  # each row once
    assert seen(small_server, tree["department"], "SELECT count(*) - count(DISTINCT posting_key) FROM bi.postings") == {0}


def test_of_a_loaded_city_no_committee_reads_a_name_or_code_of_a_unit_elsewhere(
    postgres: Server, faulty: Home, shown: dict[str, str], committees: list[str]
) -> None:
    """In any column of text of any table, alone or within a sentence; its own units, and those above it, it may read."""
    every = {word for row in postgres.run("SELECT unit_code, unit_name FROM core.dim_unit", DEPARTMENT) for word in row}
    for login in committees:
        code = login.removeprefix("login_personnel_").split("_")[0].upper()
        own = {word for row in postgres.run("SELECT unit_code, unit_name FROM core.dim_unit", login) for word in row}
        assert own == below_or_above(faulty, code)
        read: dict[str, set[str]] = {}
        for table in copied(faulty):
            texts = [c.name for c in table.columns if c.sql_type == "text" and not c.name.endswith("_key")]
            if postgresql_rights.kind(table) is not Kind.DEPARTMENT and texts:
                for column in texts:
                    read[f"{table}.{column}"] = {v for (v,) in postgres.run(f'SELECT DISTINCT "{column}" FROM {table}', login) if v}
        strange = every - own
        assert len(strange) > 10 and len(read) > 100
        told_apart = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted(strange, key=len, reverse=True)))
        mine = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted(own, key=len, reverse=True)))
        for where, values in read.items():
            if not where.startswith(("quality.rules", "quality.columns")) and not where.endswith(
                (".version_code", ".basis")
            ):  # not of units
                assert not [v for v in values if told_apart.search(mine.sub("", v))], (login, where)


def below_or_above(home: Home, committee: str) -> set[str]:
    with duckdb.connect(str(home.published), read_only=True) as db:
        return {
            word
            for row in db.execute(
                """WITH own AS (SELECT DISTINCT b.unit_key FROM core.bridge_unit_ancestor b JOIN core.dim_unit u ON u.unit_key = b.ancestor_unit_key WHERE u.unit_code = ?)
                SELECT unit_code, unit_name FROM core.dim_unit WHERE unit_key IN (SELECT b.ancestor_unit_key FROM core.bridge_unit_ancestor b JOIN own USING (unit_key) UNION FROM own)""",
                [committee],
            ).fetchall()
            for word in row
        }


def test_wide_views_without_keys_are_whose_codes_they_show(small_server: Server, tree: dict[str, str]) -> None:
    for who in ("s", "t", "d"):
        facts = seen(small_server, tree[who], "SELECT fact_key FROM core.fct WHERE unit_key IS NOT NULL AND year > 1999")
        assert seen(small_server, tree[who], "SELECT fact_key FROM bi.facts") == facts != set()


def test_a_committee_sees_its_branch_and_the_names_above_it(small_server: Server, tree: dict[str, str]) -> None:
    assert seen(small_server, tree["s"], "SELECT unit_key FROM core.dim_unit") == {*"csbkde"}
    assert seen(small_server, tree["t"], "SELECT unit_key || valid_from FROM core.dim_unit WHERE unit_key = 'b'") == {"b2021-07-01"}
    assert seen(small_server, tree["d"], "SELECT unit_key FROM core.dim_unit") == {*"csd"}  # S stood above it
    assert seen(small_server, tree["d"], "SELECT DISTINCT unit_key FROM core.bridge_unit_ancestor") == {*"csd"}


def test_what_nobody_thought_of_is_the_departments_alone(small_server: Server, tree: dict[str, str]) -> None:
    for table in ("quality.confirmations", "quality.of_units"):
        with pytest.raises(errors.InsufficientPrivilege):
            small_server.run(f"SELECT count(*) FROM {table}", tree["s"])
        assert seen(small_server, tree["department"], f"SELECT count(*) FROM {table}") == {1}


def test_tables_for_everybody_do_not_tell_what_the_whole_city_counts(small_server: Server, tree: dict[str, str]) -> None:
    assert seen(small_server, tree["reader"], "SELECT load_id FROM quality.loads") == {1} and seen(
        small_server, tree["t"], "SELECT code FROM core.dim_code"
    ) == {"x"}
    with pytest.raises(errors.InsufficientPrivilege):
        small_server.run("SELECT line_count FROM quality.loads", tree["s"])
    assert seen(small_server, tree["department"], "SELECT line_count FROM quality.loads") == {100}


def test_a_code_that_passed_to_another_unit_opens_nothing(small_server: Server, tree: dict[str, str]) -> None:
    """S1 was S's code and is T's: roles bear a part of the unit's key."""
    names = [name for (name,) in small_server.run("SELECT rolname FROM pg_roles WHERE rolname LIKE 'made\\_s%' ORDER BY 1")]
    assert names == ["made_s1_t", "made_s2_s"]


def expected(home: Home, table: postgresql_tables.Table, committee: str) -> int | None:
    """Rows below a unit, counted by other words than the copy's: the ancestors that the published file names for each stretch."""
    key = next((k for k in ("sender_unit_key", "unit_key") if k in table.names), None)
    if postgresql_rights.kind(table) is not Kind.UNIT or not key or "unit_version_key" not in table.names:
        return None
    with duckdb.connect(str(home.published), read_only=True) as db:
        ((count,),) = db.execute(
            f"""SELECT count(*) FROM {table} t WHERE EXISTS (FROM core.bridge_unit_ancestor b JOIN core.dim_unit u ON u.unit_key = b.ancestor_unit_key
                WHERE b.unit_version_key = t.unit_version_key AND u.unit_code = ?)""",
            [committee],
        ).fetchall()
        return count


def test_of_a_loaded_city_each_committee_sees_its_part_and_both_together_no_row_twice(
    postgres: Server, faulty: Home, shown: dict[str, str], committees: list[str]
) -> None:
    codes = dict(
        postgres.run(
            "SELECT DISTINCT 'login_personnel_' || lower(unit_code) || '_' || left(unit_key, 8), unit_code FROM core.dim_unit", DEPARTMENT
        )
    )
    counted = 0
    for table in copied(faulty):
        if postgresql_rights.kind(table) is not Kind.UNIT:
            continue
        told = ", ".join(f'"{c.name}"' for c in table.columns)
        whole = rows(postgres.run(f"SELECT {told} FROM {table}", DEPARTMENT))
        parts = [rows(postgres.run(f"SELECT {told} FROM {table}", login)) for login in committees]
        assert all(part and len(part) < len(whole) for part in parts) or len(whole) < 10, table
        as_is = [{row for row in part if not re.search("ELSEWHERE|ngoài đảng bộ|“…”", row)} for part in parts]  # of the others below
        assert as_is[0].isdisjoint(as_is[1]) and set(whole) >= as_is[0] | as_is[1] and all(len({*part}) == len(part) for part in parts)
        for login, part in zip(committees, parts, strict=True):
            if (wanted := expected(faulty, table, codes[login])) is not None:
                counted += 1
                assert len(part) == wanted, table
    assert counted >= 10


# ── a role that tries to leave its tree ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def intruder(postgres: Server, committees: list[str]) -> Iterator[psycopg.Connection]:
    with postgres.connect(committees[0]) as connection:
        yield connection


@pytest.fixture(scope="module")
def secrets(postgres: Server, faulty: Home, committees: list[str]) -> dict[str, set[str]]:
    """Words that only the other committee may see: by table of its rows."""
    found: dict[str, set[str]] = {}
    for table in (t for t in copied(faulty) if postgresql_rights.kind(t) not in (Kind.EVERYBODY, Kind.DEPARTMENT)):
        mine, theirs = (
            {v for row in postgres.run(f"SELECT * FROM {table}", login) for v in row if isinstance(v, str) and len(v) == 32}
            for login in committees
        )
        found[str(table)] = theirs - mine
    assert sum(map(len, found.values())) > 3000
    return found


def keys_in(text: str) -> set[str]:
    return {text[at : at + 32] for found in re.finditer("[0-9a-f]{32,}", text) for at in range(found.start(), found.end() - 31)}


def test_the_other_committees_keys_stand_nowhere_in_what_a_committee_reads(
    intruder: psycopg.Connection, faulty: Home, secrets: dict[str, set[str]]
) -> None:
    """By every way that gives whole tables: SELECT, COPY, XML, JSON, a cursor, a prepared statement, TABLESAMPLE."""
    ways = (
        "SELECT t::text FROM {} t", "SELECT to_jsonb(t)::text FROM {} t", "TABLE {}", "SELECT * FROM {} TABLESAMPLE SYSTEM (100)", "SELECT table_to_xml('{}', true, false, '')::text", "SELECT query_to_xml('TABLE {}', true, false, '')::text",
        "SELECT * FROM (SELECT * FROM {} OFFSET 0) t", "SELECT a.* FROM {} a FULL JOIN {} b ON false", "SELECT string_agg(t::text, '') FROM {} t",
    )  # fmt: skip
    try:
        has_xml = bool(intruder.execute("SELECT xmlcomment('x')"))
    except errors.FeatureNotSupported:  # the server was built without it
        has_xml = False
    for name, theirs in secrets.items():
        for way in (w for w in ways if has_xml or "_xml" not in w):
            text = repr(intruder.execute(way.replace("{}", name)).fetchall())
            assert not theirs & keys_in(text), (name, way)
        with intruder.cursor().copy(f"COPY {name} TO STDOUT") as out:
            assert not theirs & keys_in(b"".join(bytes(part) for part in out).decode())


def test_joins_lead_nowhere(intruder: psycopg.Connection, secrets: dict[str, set[str]]) -> None:
    mine = {
        row[0] for row in intruder.execute("SELECT person_key FROM core.dim_person")
    }  # who was trained here and works there is seen by both
    keys = sorted(secrets["core.fct_personnel"] - mine)[:50]
    for query in (
        "SELECT * FROM core.dim_person p RIGHT JOIN unnest(%s::text[]) k ON p.person_key = k WHERE p.person_key IS NOT NULL",
        "SELECT * FROM unnest(%s::text[]) k, LATERAL (SELECT * FROM core.fct_personnel f WHERE f.person_key = k OR f.spell_key = k OR f.submission_key = k) f",
        "SELECT * FROM core.dim_person WHERE person_key = ANY (%s)",
        'WITH RECURSIVE r AS (SELECT k COLLATE "C" AS k FROM unnest(%s::text[]) k UNION SELECT f.unit_key FROM r JOIN core.fct_ratings f ON f.person_key = r.k) SELECT k FROM r OFFSET 50',
    ):
        assert intruder.execute(query, [keys]).fetchall() == []


FORBIDDEN = {
    "another's role": ("SET ROLE personnel_department", "SET ROLE {other}", "SET ROLE personnel_publisher", "SET SESSION AUTHORIZATION postgres", "SET ROLE {role}; SET ROLE {other}"),
    "row-level security put off": ("SET row_security = off; SELECT count(*) FROM core.fct_ratings", "ALTER TABLE core.fct_ratings DISABLE ROW LEVEL SECURITY", "DROP POLICY department ON core.fct_ratings", "CREATE POLICY p ON core.fct_ratings USING (true)", "ALTER ROLE CURRENT_USER BYPASSRLS"),
    "what may not be written": ("INSERT INTO core.dim_code DEFAULT VALUES", "UPDATE core.fct_ratings SET committee_no = 1", "DELETE FROM quality.findings", "TRUNCATE core.fct_ratings", "MERGE INTO core.fct_ratings f USING (SELECT 1) s ON false WHEN NOT MATCHED THEN INSERT DEFAULT VALUES", "SELECT * FROM core.fct_ratings FOR UPDATE", "DROP SCHEMA core CASCADE", "COMMENT ON TABLE core.fct_ratings IS 'x'", "BEGIN; LOCK TABLE core.fct_ratings IN SHARE MODE"),
    "functions of one's own": ("CREATE FUNCTION pg_temp.f(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE TEMP TABLE t (a int)", "CREATE TEMP VIEW v AS SELECT 1", "CREATE TABLE public.t (a int)", "CREATE SCHEMA own", "CREATE OPERATOR public.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)", "CREATE VIEW core.v AS SELECT 1", "CREATE FUNCTION core.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "ALTER EXTENSION plpgsql UPDATE", "CREATE STATISTICS core.s ON unit_key, year FROM core.fct_ratings", "CREATE INDEX ON core.fct_ratings (person_key)", "CREATE RULE r AS ON SELECT TO core.fct_ratings DO INSTEAD SELECT 1", "CREATE TRIGGER t BEFORE INSERT ON core.fct_ratings EXECUTE FUNCTION suppress_redundant_updates_trigger()", "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()", "CREATE PUBLICATION p FOR TABLE core.fct_ratings"),
    "the server's files": ("SELECT pg_read_file('PG_VERSION')", "SELECT * FROM pg_ls_dir('base')", "COPY core.fct_ratings TO '/tmp/stolen'", "COPY core.fct_ratings TO PROGRAM 'cat'", "SELECT lo_import('/etc/hostname')", "SELECT lo_export(1, '/tmp/stolen')", "SELECT pg_stat_file('PG_VERSION')", "LOAD 'auto_explain'", "SELECT pg_read_binary_file('global/pg_control')"),
    "what the planner knows": ("SELECT * FROM pg_statistic", "SELECT * FROM pg_statistic_ext_data", "ANALYZE core.fct_ratings; SELECT 1 / (SELECT count(*) FROM pg_stats WHERE schemaname = 'core' AND tablename LIKE 'fct%')", "SELECT * FROM pg_authid", "SELECT passwd FROM pg_shadow", "SET log_statement = 'all'", "SET session_preload_libraries = 'x'", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'"),
    "what others read": ("SELECT * FROM pg_stat_user_indexes", "SELECT * FROM pg_stat_user_tables", "SELECT * FROM pg_statio_user_tables", "SELECT usename FROM pg_stat_activity", "SELECT tup_returned FROM pg_stat_database", "SELECT pg_stat_get_tuples_returned('core.fct_ratings'::regclass)", "SELECT * FROM pg_stat_get_activity(NULL)", "SELECT * FROM pg_locks", "SELECT pg_lock_status()", "SELECT pg_blocking_pids(1)"),
    "what would fill the server": ("SELECT pg_advisory_lock(1)", "SELECT pg_try_advisory_xact_lock_shared(1, 2)", "SELECT pg_logical_emit_message(true, 'a', 'b')", "SELECT pg_current_xact_id()", "SELECT txid_current()", "SELECT lo_create(0)", "SELECT lo_creat(-1)", "SELECT lo_from_bytea(0, 'a')", "SELECT lo_put(1, 0, 'a')", "SELECT lowrite(0, 'a')", "SELECT loread(0, 1)", "SELECT lo_open(1, 131072)"),
}  # fmt: skip


@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_committee_is_refused(postgres: Server, shown: dict[str, str], committees: list[str], what: str) -> None:
    roles = {"role": committees[0].removeprefix("login_"), "other": committees[1].removeprefix("login_")}
    for statement in FORBIDDEN[what]:
        with (
            postgres.connect(committees[0]) as connection,
            pytest.raises((errors.InsufficientPrivilege, errors.DivisionByZero, errors.CantChangeRuntimeParam)),
        ):
            for part in statement.format(**roles).split("; "):
                connection.execute(part)


def test_the_copys_owner_sees_no_row_by_accident(postgres: Server, faulty: Home, shown: dict[str, str]) -> None:
    for table in (t for t in copied(faulty) if postgresql_rights.kind(t) is not Kind.EVERYBODY):
        assert postgres.run(f"SELECT count(*) FROM {table}", postgres.publisher) == [(0,)]


def test_a_reader_of_no_committee_reads_code_lists_and_nobodys_rows(postgres: Server, faulty: Home, shown: dict[str, str]) -> None:
    for table in copied(faulty):
        if postgresql_rights.kind(table) not in (Kind.EVERYBODY, Kind.DEPARTMENT):
            assert postgres.run(f"SELECT count(*) FROM {table}", READER) == [(0,)]
    assert postgres.run("SELECT count(*) > 300 FROM core.dim_code", READER) == [(True,)]
    with pytest.raises(psycopg.OperationalError):  # nobody else comes in
        postgres.run("CREATE ROLE stranger LOGIN")
        postgres.run("SELECT 1", "stranger")


def test_errors_and_functions_in_a_condition_see_no_row_that_is_hidden(intruder: psycopg.Connection, secrets: dict[str, set[str]]) -> None:
    """A condition that tells what it is given (a cast's error, a setting, a sequence of notices) is asked only of rows that may be seen."""
    theirs = secrets["core.fct_ratings"]
    for column in ("person_key", "unit_key", "base_unit_key", "submission_key", "rating_key"):
        with pytest.raises(errors.InvalidTextRepresentation) as told:
            intruder.execute(f"SELECT * FROM core.fct_ratings WHERE ('x' || {column})::integer = 1")
        assert not theirs & keys_in(str(told.value))
        intruder.execute("SELECT set_config('own.seen', '', false)")
        intruder.execute(
            f"SELECT 1 FROM core.fct_ratings WHERE set_config('own.seen', concat(current_setting('own.seen'), {column}), false) IS NULL"
        )
        ((told_by_setting,),) = intruder.execute("SELECT current_setting('own.seen')").fetchall()
        assert told_by_setting and not theirs & keys_in(told_by_setting)
    heard: list[str] = []
    intruder.add_notice_handler(lambda notice: heard.append(notice.message_primary or ""))
    intruder.execute("DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM core.fct_ratings LOOP RAISE NOTICE '%', r; END LOOP; END $$")
    assert heard and not theirs & keys_in("".join(heard))


def test_no_value_is_kept_where_catalogues_could_show_it(postgres: Server, intruder: psycopg.Connection) -> None:
    postgres.run("ANALYZE")  # as autovacuum, or an administrator, would
    guarded = "SELECT c.oid FROM pg_class c WHERE c.relrowsecurity"
    assert postgres.run(f"SELECT count(*) FROM pg_statistic WHERE starelid IN ({guarded})") == [(0,)]
    assert postgres.run(
        f"SELECT count(*) FROM pg_statistic WHERE starelid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN ({guarded}))"
    ) == [(0,)]
    assert intruder.execute(
        "SELECT count(*) FROM pg_stats s JOIN pg_class c ON c.relname = s.tablename WHERE c.relrowsecurity"
    ).fetchone() == (0,)
    text = repr([intruder.execute(f"SELECT * FROM {view}").fetchall() for view in ("pg_policies", "pg_prepared_statements")])
    assert "COPY " not in text


PLANS = (
    "SET enable_seqscan = on",
    "SET enable_seqscan = off",
    "SET enable_seqscan = off; SET enable_indexscan = off; SET enable_indexonlyscan = off",
)


ASKED = (
    "SELECT * FROM {table} WHERE {column} = {value}",
    # whether the server came to the last condition at all, for any row: a part of the plan that was never begun would say so
    "SELECT 1 FROM {table} WHERE CASE WHEN {column} = {value} THEN (SELECT true) END",
    "SELECT 1 FROM {table} WHERE {column} = {value} AND committee_no > (SELECT -1)",
)


def plan(connection: psycopg.Connection, query: str) -> str:
    lines = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF, SUMMARY OFF, COSTS ON) {query}".encode()).fetchall()
    # how often an index was entered follows from where a value would stand among the pages of one's own rows
    return "\n".join(re.sub("Index Searches: [0-9]+", "Index Searches", line) for (line,) in lines)


def test_explain_tells_of_a_value_that_is_hidden_what_it_tells_of_one_that_is_not_there(
    postgres: Server, faulty: Home, intruder: psycopg.Connection, committees: list[str]
) -> None:
    """Estimates, rows that a filter removed, parts that were never begun: counts of other people's rows would stand there, if an index could find
    them by their values, or a condition were asked of them."""
    asked = 0
    for table in guarded(faulty):
        mine, theirs = (postgres.run(f"SELECT * FROM {table}", login) for login in committees)
        for place, column in enumerate(table.columns):
            hidden = {r[place] for r in theirs} - {r[place] for r in mine} - {None}
            if column.sql_type != "text" or not hidden:
                continue
            for settings in PLANS:
                intruder.execute(settings.encode())
                for query in ASKED:
                    words = [
                        plan(
                            intruder,
                            query.format(table=table, column=postgresql_tables.quoted(column.name), value=postgresql_tables.literal(value)),
                        )
                        for value in (min(hidden), "nobody")
                    ]
                    assert words[0].replace(postgresql_tables.literal(min(hidden)), "'nobody'") == words[1], (
                        str(table),
                        column.name,
                        *words,
                    )
                    asked += 1
            intruder.execute(b"RESET enable_seqscan; RESET enable_indexscan; RESET enable_indexonlyscan")
    assert asked > 300


NUMBERS = (
    "committee_no = {0}",
    "committee_no BETWEEN {0} AND {0} + 1",
    "committee_no IN ({0}, {0} + 1)",
    "committee_no = {0} OR committee_no = {0} + 1",
    "{0} <= committee_no AND committee_no < {0} + 2",
)


def test_explain_counts_nobodys_rows_but_ones_own_and_those_of_the_whole_table(
    postgres: Server, faulty: Home, intruder: psycopg.Connection, committees: list[str]
) -> None:
    """A number of the unit tree that is another committee's is asked for in every way that an index could answer."""

    def counted(node: dict) -> int:
        here = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)) * node[
            "Actual Loops"
        ]
        return (0 if "Plans" in node else round(here)) + sum(map(counted, node.get("Plans", ())))

    asked = 0
    for table in guarded(faulty):
        ((total,),) = postgres.run(f"SELECT count(*) FROM {table}")
        numbers = [n for (n,) in postgres.run(f"SELECT DISTINCT committee_no FROM {table}", committees[1])][:3]
        for settings in PLANS:
            intruder.execute(settings.encode())
            for condition in (c.format(n) for n in numbers for c in NUMBERS):
                ((found,),) = intruder.execute(
                    f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) SELECT 1 FROM {table} WHERE {condition}".encode()
                ).fetchall()
                own = found[0]["Plan"]["Actual Rows"]  # a number of one's own may lie in the range
                assert counted(found[0]["Plan"]) in (0, own, total), (str(table), condition, found)
                assert "Subplan" not in json.dumps(found) and "SubPlan" not in json.dumps(found)
                asked += 1
    assert asked > 300


@pytest.mark.parametrize(
    "query",
    ["SELECT min(ctid), max(ctid) FROM {}", "SELECT 1 FROM {} WHERE ctid > '(0,1)'", "SELECT xmin FROM {}", "SELECT tableoid FROM {}"],
)
def test_where_a_row_lies_a_committee_cannot_ask(faulty: Home, intruder: psycopg.Connection, query: str) -> None:
    for table in guarded(faulty):
        with pytest.raises(errors.InsufficientPrivilege):
            intruder.execute(query.format(table).encode())


def test_where_a_row_lies_says_nothing_of_whose_it_is(postgres: Server, faulty: Home, shown: dict[str, str], committees: list[str]) -> None:
    """In the order of units two neighbours would nearly always be of one; in an order by chance as often as their numbers say."""
    alike, expected_alike, among = 0, 0.0, 0
    for table in guarded(faulty):
        numbers = [n for (n,) in postgres.run(f"SELECT committee_no FROM {table} ORDER BY ctid")]
        if len(numbers) > 1:
            alike += sum(a == b for a, b in pairwise(numbers))
            expected_alike += sum(n * (n - 1) for n in Counter(numbers).values()) / len(numbers)
            among += len(numbers)
    assert among > 5000 and abs(alike - expected_alike) < 8 * expected_alike**0.5, (
        alike,
        expected_alike,
    )  # eight deviations: no test of chance


def test_what_everybody_can_read_of_policies_counts_nobodys_units(postgres: Server, shown: dict[str, str], committees: list[str]) -> None:
    said = postgres.run(
        "SELECT DISTINCT qual FROM pg_policies WHERE policyname NOT LIKE 'department%' AND schemaname = 'core'", committees[0]
    )
    assert len(said) == len(shown) - 2 > 2 and len({re.sub("[0-9]+", "", qual) for (qual,) in said}) == 1
    numbers = {int(n) for (qual,) in said for n in re.findall("[0-9]+", qual)}
    assert max(numbers) == 2 * len(said) + 1  # two for each, whatever it has below it


def test_no_condition_of_a_reader_is_asked_of_a_row_that_is_hidden(
    postgres: Server, faulty: Home, intruder: psycopg.Connection, committees: list[str]
) -> None:
    """Not even one that costs nothing (IS NULL, a yes): whether the server then began the next one, EXPLAIN tells; of a sample, for a single row."""
    asked = 0
    for table in guarded(faulty):
        whole, mine = (postgres.run(f"SELECT * FROM {table}", login) for login in (DEPARTMENT, committees[0]))
        for place, column in enumerate(table.columns):
            name = postgresql_tables.quoted(column.name)
            conditions = {f"{name} IS NULL": lambda v: v is None, f"{name} IS NOT NULL": lambda v: v is not None}
            if column.sql_type == "boolean":
                conditions |= {name: lambda v: v is True, f"NOT {name}": lambda v: v is False}
            for condition, holds in conditions.items():
                if any(holds(r[place]) for r in whole) and not any(holds(r[place]) for r in mine):
                    said = plan(
                        intruder, f"SELECT 1 FROM {table} TABLESAMPLE SYSTEM (100) WHERE CASE WHEN {condition} THEN (SELECT true) END"
                    )
                    assert "(never executed)" in said, (str(table), condition, said)
                    asked += 1
    assert asked > 20


# ── while others read ────────────────────────────────────────────────────────────────────────────────────────────

NUMBERED = "".join(
    f"CREATE TABLE core.t{n} AS SELECT {{0}} AS version, i FROM range(2000 + {{0}}) AS r (i); CREATE VIEW core.v{n} AS SELECT * FROM core.t{n};"
    for n in range(4)
)
# A reader in a process of its own: single statements, a prepared one, transactions of several, a cursor that is read slowly; a line for each load seen.
READS = """
import psycopg, sys, time
address, until = sys.argv[1], time.monotonic() + float(sys.argv[2])
count, worst, seen = 0, 0.0, set()
ONE = "SELECT min(a.version), max(a.version), count(*), min(b.version), max(d.version), (SELECT load_id FROM meta.copied) FROM core.t0 a JOIN core.v1 b USING (i) JOIN core.t2 c USING (i) JOIN core.v3 d USING (i)"
def whole(row):
    low, high, rows, *others = row
    assert low == high and rows == 2000 + low and all(other == low for other in others), row
    seen.add(low)
with psycopg.connect(address, autocommit=True) as db:
    db.prepare_threshold = 2
    while time.monotonic() < until:
        began = time.monotonic()
        whole(db.execute(ONE).fetchone())
        worst = max(worst, time.monotonic() - began)
        for level in ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"):
            with db.transaction():
                db.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
                if level != "READ COMMITTED":
                    db.execute("SELECT 1 FROM pg_class")  # the snapshot is taken, and no table of ours is held
                    time.sleep(0.01)
                versions = {db.execute(f"SELECT DISTINCT version FROM core.{t}").fetchone()[0] for t in ("t0", "v1", "t2", "v3")}
                versions |= {*db.execute("SELECT load_id FROM meta.copied").fetchone()}
                assert len(versions) == 1, (level, versions)
        with db.transaction(), db.cursor("slow") as cursor:
            cursor.itersize = 500
            rows = [row[0] for row in cursor.execute("SELECT version FROM core.t3")]
            assert len({*rows}) == 1 and len(rows) == 2000 + rows[0], len(rows)
        count += 1
print(count, round(worst, 2), *sorted(seen))
"""


def test_readers_in_other_processes_see_no_error_and_never_half_a_load(small_server: Server, tmp_path: Path) -> None:
    made = Made(tmp_path / "made")
    put(small_server, made.publish(NUMBERED.format(1), for_everybody=[f"core.{k}{n}" for k in "tv" for n in range(4)]))
    command = [sys.executable, "-c", READS, small_server.address("login_made_reader"), "4"]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    swaps = 1
    while any(reader.poll() is None for reader in readers):
        swaps += 1
        home = made.publish(NUMBERED.format(swaps), for_everybody=[f"core.{k}{n}" for k in "tv" for n in range(4)])
        postgresql.copy(home, address.parse(small_server.address()))
    for reader in readers:
        said, failed = reader.communicate()
        assert reader.returncode == 0, failed
        count, _worst, *seen = said.split()
        assert int(count) >= 3 and len(seen) >= 2, said  # no limit of time here: the server's own is below half a second
    assert swaps >= 4


def versions(made: Made, of: int) -> Home:
    return made.publish(f"CREATE TABLE core.t AS SELECT {of} AS version", for_everybody=["core.t"])


def test_who_reads_on_keeps_what_he_reads_until_he_is_ended_and_no_figure_is_half(small_server: Server, made: Made) -> None:
    """A reader who lifted all limits that are his own to lift."""
    put(small_server, versions(made, 1))
    with small_server.connect("login_made_reader", autocommit=False) as reader, small_server.connect("login_made_reader") as idle:
        reader.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0")
        reader.execute("SELECT * FROM core.t")
        home, began = versions(made, 2), time.monotonic()
        assert postgresql.copy(home, address.parse(small_server.address()), patience=2).ended == 1
        assert time.monotonic() - began > 2
        with pytest.raises(psycopg.OperationalError):
            reader.execute("SELECT * FROM core.t")
        assert idle.execute("SELECT * FROM core.t").fetchall() == [(2,)]  # who holds nothing is left alone


BUSY = """
import psycopg, sys, time
ended, until = 0, time.monotonic() + 60
while time.monotonic() < until:
    try:
        with psycopg.connect(sys.argv[1]) as db:
            while True:
                with db.transaction():
                    db.execute("SELECT version FROM core.t")
                    print("reads", flush=True)
                    time.sleep(0.7)
    except psycopg.OperationalError:
        ended += 1
"""


def test_readers_who_take_turns_cannot_hold_up_a_copy_either(small_server: Server, made: Made) -> None:
    put(small_server, versions(made, 1))
    readers = [
        subprocess.Popen([sys.executable, "-c", BUSY, small_server.address("login_made_reader")], stdout=subprocess.PIPE) for _ in range(3)
    ]
    try:
        for number, reader in enumerate(readers):
            reader.stdout.readline()
            time.sleep(0.2 * number)
        postgresql.copy(versions(made, 2), address.parse(small_server.address()), patience=1)
        assert small_server.run("SELECT * FROM core.t", "login_made_reader") == [(2,)]
    finally:
        for reader in readers:
            reader.kill()
            reader.communicate()


def test_an_administrator_who_reads_on_is_told_of_and_not_ended(small_server: Server, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    put(small_server, versions(made, 1))
    monkeypatch.setattr(postgresql_swap, "LAST_STALL", 300)
    with small_server.connect(autocommit=False) as admin:
        admin.execute("SELECT * FROM core.t")
        with pytest.raises(
            NotWritten, match=rf"for 1 s and could not be ended \(pid {admin.info.backend_pid}\); the next load tries again"
        ):
            postgresql.copy(versions(made, 2), address.parse(small_server.address()), patience=1)
        assert admin.execute("SELECT * FROM core.t").fetchone() == (1,)
    postgresql.copy(made.home, address.parse(small_server.address()), patience=1)
    assert small_server.run("SELECT * FROM core.t", "login_made_reader") == [(2,)]


def test_no_lock_that_a_reader_may_take_stops_a_copy(small_server: Server, made: Made) -> None:
    put(small_server, versions(made, 1))
    with small_server.connect("login_made_department", autocommit=False) as reader:
        for refused in (
            "LOCK TABLE copying.turn IN ACCESS SHARE MODE",
            "SELECT * FROM copying.turn",
            "SELECT copying.let_go(1)",
            "SELECT pg_advisory_lock(1)",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                reader.execute(refused)
            reader.rollback()
        with small_server.connect("login_made_reader") as another:  # the publisher ends nobody but those for whom its own copy waits
            assert small_server.run(f"SELECT copying.let_go({another.info.backend_pid})", small_server.publisher) == []
            assert another.execute("SELECT 1").fetchone() == (1,)
        assert postgresql.copy(versions(made, 2), address.parse(small_server.address()), patience=0).ended == 0
        assert reader.execute("SELECT * FROM core.t").fetchone() == (2,)


def test_the_copy_of_another_city_is_replaced_only_when_asked(postgres: Server, made: Made, tmp_path: Path) -> None:
    other, server = Made(tmp_path / "other"), Server(postgres.folder, postgres.programs, "cities")
    put(server, made.publish("CREATE TABLE core.t AS SELECT 1 AS version", for_everybody=["core.t"], city_key="one"))
    second = other.publish("CREATE TABLE core.t AS SELECT 2 AS version", for_everybody=["core.t"], city_key="two")
    with pytest.raises(NotWritten, match=r"is of another city's warehouse \(load 1, as of 2021-12-31\); .*pipeline publish --replace"):
        postgresql.write(second, server.address())
    assert server.run("SELECT version FROM core.t", "login_cities_reader") == [(1,)]
    put(server, made.publish("CREATE TABLE core.t AS SELECT 3 AS version", for_everybody=["core.t"], city_key="one"))
    done = pipeline(second, "publish", "--to", server.address(), "--replace")
    assert done.returncode == 0 and server.run("SELECT version FROM core.t", "login_cities_reader") == [(2,)], done.stderr


KILLED = """
import sys, os, signal
from pathlib import Path
from pipeline.paths import Home
from pipeline.surfaces import address, postgresql, postgresql_tables
stream = postgresql_tables.stream
def cut(published, query):
    for n, part in enumerate(stream(published, query)):
        yield part
        if "core" in query and sys.argv[3] == "in mid-copy":
            os.kill(os.getpid(), signal.SIGKILL)
postgresql_tables.stream = cut
before = (lambda: os.kill(os.getpid(), signal.SIGKILL)) if sys.argv[3] == "before the swap" else (lambda: (print("ready", flush=True), sys.stdin.readline()))
postgresql.copy(Home(Path(sys.argv[1])), address.parse(sys.argv[2]), before_swap=before)
"""


@pytest.mark.parametrize("when", ["in mid-copy", "before the swap"])
def test_a_killed_copy_leaves_what_was_there_and_nothing_else(small_server: Server, made: Made, when: str) -> None:
    put(small_server, made.publish(NUMBERED.format(7)))
    home = made.publish(NUMBERED.format(8))
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(home.root), small_server.address(), when], timeout=LONGEST, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert small_server.run("SELECT DISTINCT version FROM core.t0", "login_made_department") == [(7,)]
    postgresql.copy(home, address.parse(small_server.address()))
    assert small_server.run("SELECT DISTINCT version FROM core.t0", "login_made_department") == [(8,)]
    assert small_server.run("SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%\\_\\_new'") == [(0,)]


def test_of_two_who_copy_the_second_waits_and_says_so_if_it_is_too_long(
    small_server: Server, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(small_server, made.publish("CREATE TABLE core.t AS SELECT 1 AS version"))
    home = made.publish("CREATE TABLE core.t AS SELECT 2 AS version")
    command = [sys.executable, "-c", KILLED, str(home.root), small_server.address(), "when told"]
    first = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert first.stdout.readline() == "ready\n"
    home = made.publish("CREATE TABLE core.t AS SELECT 3 AS version")
    monkeypatch.setattr(postgresql, "LONGEST_WAIT", "300ms")
    with pytest.raises(NotWritten, match="another process has been copying into this database for 300ms"):
        postgresql.copy(home, address.parse(small_server.address()))
    monkeypatch.undo()
    second = threading.Thread(target=postgresql.copy, args=(home, address.parse(small_server.address())))
    second.start()
    first.communicate("go\n", timeout=LONGEST)
    second.join(LONGEST)
    assert first.returncode == 0 and small_server.run("SELECT version FROM core.t", "login_made_department") == [(3,)]


def test_what_somebody_built_on_the_copy_is_not_dropped_with_it(small_server: Server, made: Made) -> None:
    put(small_server, made.publish("CREATE TABLE core.t AS SELECT 1 AS version"))
    small_server.run("CREATE VIEW public.own AS SELECT * FROM core.t")
    home = made.publish("CREATE TABLE core.t AS SELECT 2 AS version")
    with pytest.raises(NotWritten, match="something of somebody else"):
        postgresql.copy(home, address.parse(small_server.address()))
    assert small_server.run("SELECT count(*) FROM public.own", "postgres") == [(1,)]
    small_server.run("DROP VIEW public.own; CREATE TABLE core.own (a integer)")
    with pytest.raises(NotWritten, match="something of somebody else"):
        postgresql.copy(home, address.parse(small_server.address()))
    small_server.run("DROP TABLE core.own")
    postgresql.copy(home, address.parse(small_server.address()))


def test_a_database_with_schemas_of_others_is_left_alone(small_server: Server, made: Made) -> None:
    other = Server(small_server.folder, small_server.programs, "other")
    other.run("CREATE SCHEMA core; CREATE TABLE core.precious AS SELECT 1 AS a")
    with pytest.raises(NotWritten, match="is no copy of ours"):
        home = made.publish("CREATE TABLE core.t AS SELECT 1 AS version")
        put(other, home)
    assert other.run("SELECT * FROM core.precious") == [(1,)]


# ── the address and the roles ────────────────────────────────────────────────────────────────────────────────────


def test_roles_that_would_show_too_much_stop_the_copy_and_are_named(small_server: Server, made: Made) -> None:
    home = made.publish(FACTS, **NOTE)
    put(small_server, home)
    for wrong, right, sentence in (
        ("GRANT made_s2_s TO made_s1_t", "REVOKE made_s2_s FROM made_s1_t", "member of another's.*made_s1_t of made_s2_s"),
        ("GRANT made_department TO made_s1_t", "REVOKE made_department FROM made_s1_t", "member of another's"),
        ("GRANT made_s2_s TO login_made_s1_t", "REVOKE made_s2_s FROM login_made_s1_t", "two committees' roles .login_made_s1_t"),
        ("ALTER ROLE made_reader BYPASSRLS", "ALTER ROLE made_reader NOBYPASSRLS", "may do more than read"),
        ("ALTER ROLE login_made_s1_t BYPASSRLS", "ALTER ROLE login_made_s1_t NOBYPASSRLS", "a reader bypasses row-level security"),
        ("GRANT made_publisher TO login_made_s1_t", "REVOKE made_publisher FROM login_made_s1_t", "member of the publisher's role"),
        (
            "GRANT pg_read_server_files TO login_made_s1_t",
            "REVOKE pg_read_server_files FROM login_made_s1_t",
            "login_made_s1_t of pg_read_server_files",
        ),
        (
            "GRANT pg_read_all_data TO login_made_s1_t",
            "REVOKE pg_read_all_data FROM login_made_s1_t",
            "login_made_s1_t of pg_read_all_data",
        ),
        *(
            [
                (
                    "GRANT pg_maintain TO made_s1_t",
                    "REVOKE pg_maintain FROM made_s1_t",
                    "login_made_s1_t of pg_maintain, made_s1_t of pg_maintain",
                )
            ]
            if small_server.run("SELECT FROM pg_roles WHERE rolname = 'pg_maintain'")  # of 17 and later
            else []
        ),
        (
            "GRANT SELECT ON pg_stat_user_indexes TO PUBLIC",
            "REVOKE SELECT ON pg_stat_user_indexes FROM PUBLIC",
            "counters.*made_s1_t: pg_stat_user_indexes",
        ),
        (
            "GRANT EXECUTE ON FUNCTION pg_stat_get_tuples_fetched TO login_made_s1_t",
            "REVOKE EXECUTE ON FUNCTION pg_stat_get_tuples_fetched FROM login_made_s1_t",
            "counters.*takes it from PUBLIC .login_made_s1_t: pg_stat_get_tuples_fetched.\\.",
        ),
        (
            "GRANT EXECUTE ON FUNCTION pg_try_advisory_lock(bigint) TO PUBLIC",
            "REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(bigint) FROM PUBLIC",
            "table of locks.*: pg_try_advisory_lock",
        ),
        ("GRANT EXECUTE ON FUNCTION lo_create TO PUBLIC", "REVOKE EXECUTE ON FUNCTION lo_create FROM PUBLIC", "large objects.*: lo_create"),
        (
            "GRANT TEMPORARY ON DATABASE made TO login_made_s1_t",
            "REVOKE TEMPORARY ON DATABASE made FROM login_made_s1_t",
            "login_made_s1_t: CREATE or TEMPORARY",
        ),
        ("ALTER ROLE login_made_s1_t CREATEROLE", "ALTER ROLE login_made_s1_t NOCREATEROLE", "may make roles"),
        (
            "GRANT pg_monitor TO login_made_s1_t",
            "REVOKE pg_monitor FROM login_made_s1_t",
            "see what others ask.*login_made_s1_t of pg_monitor",
        ),
        ("GRANT TEMPORARY ON DATABASE made TO PUBLIC", "REVOKE TEMPORARY ON DATABASE made FROM PUBLIC", "may make objects"),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "REVOKE CREATE ON SCHEMA public FROM PUBLIC", "CREATE on schema public"),
        ("GRANT made_s1_t TO made_publisher", "REVOKE made_s1_t FROM made_publisher", "own role is a member"),
    ):
        small_server.run(wrong)
        with pytest.raises(NotWritten, match=sentence):
            postgresql.copy(home, address.parse(small_server.address()))
        small_server.run(right)
    with pytest.raises(NotWritten, match="superuser"):
        postgresql.copy(home, address.parse(small_server.address("postgres")))
    assert postgresql.copy(home, address.parse(small_server.address())).without_role == ()


def test_on_a_server_whose_administrator_is_no_superuser_no_role_is_made(small_server: Server, made: Made) -> None:
    """As on servers of a cloud: half a script would leave readers what it did not take from them."""
    small_server.run("CREATE ROLE managed LOGIN CREATEROLE CREATEDB")
    small_server.run("CREATE DATABASE managed OWNER managed")
    script = postgresql.roles(versions(made, 1), small_server.address(database="managed"))
    command = [small_server.programs / "psql", small_server.address("managed", database="managed"), "-X", "-f", "-"]
    said = subprocess.run(command, input=script, capture_output=True, text=True)
    assert "permission denied for function" in said.stderr
    assert small_server.run("SELECT rolname FROM pg_roles WHERE rolname LIKE 'managed\\_%'") == []


def test_a_database_whose_roles_are_of_an_earlier_program_is_not_copied_into(small_server: Server, made: Made) -> None:
    home = made.publish("CREATE TABLE core.t AS SELECT 1 AS version")
    other = Server(small_server.folder, small_server.programs, "early")
    script = postgresql.roles(home, other.address())
    other.psql("\n".join(line for line in script.splitlines() if "FROM PUBLIC'" not in line))
    with pytest.raises(
        NotWritten, match=r"counters.*early_reader: pg_stat_.*table of locks.*early_reader: pg_adv.*large objects.*early_reader: lo_"
    ):
        postgresql.copy(home, address.parse(other.address()))
    other.psql(script)
    postgresql.copy(home, address.parse(other.address()))
    other.run("CREATE ROLE watcher LOGIN IN ROLE pg_monitor; GRANT CONNECT ON DATABASE early TO watcher")
    assert other.run("SELECT count(*) > 0 FROM pg_stat_all_tables", "watcher") == [(True,)]  # whom it does not blind


def test_who_is_of_the_department_and_of_a_committee_sees_what_the_department_sees(small_server: Server, made: Made) -> None:
    put(small_server, made.publish(FACTS, **NOTE))
    tables = [str(table) for table in guarded(made.home)]
    counted = " UNION ALL ".join(f"SELECT '{t}', count(*), string_agg(t::text, '|' ORDER BY t::text) FROM {t} t" for t in tables)
    whole = small_server.run(counted, "login_made_department")
    small_server.run("CREATE ROLE both_of_them LOGIN IN ROLE made_department, made_s1_t, made_s2_s")
    try:
        assert small_server.run(counted, "both_of_them") == whole
        small_server.run("GRANT made_s1_t TO made_department")
        assert small_server.run(counted, "login_made_department") == whole
    finally:
        small_server.run("REVOKE made_s1_t FROM made_department; DROP ROLE both_of_them")
    assert small_server.run(counted) != whole  # the server's superuser is no reader: no policy holds for him


def test_a_committee_without_a_role_is_told_and_its_rows_are_the_departments(small_server: Server, made: Made) -> None:
    home = made.publish(FACTS, **NOTE)
    put(small_server, home)
    small_server.run("DROP OWNED BY made_s2_s; DROP ROLE login_made_s2_s; DROP ROLE made_s2_s")
    assert "no role yet for S2: pipeline publish --roles" in postgresql.write(home, small_server.address())


SECRET = "Bi~Mat-9137"


ADDRESSES = {
    f"postgresql://u:{SECRET}@127.0.0.1:1/personnel": "cannot be reached",
    f"postgresql://u:{SECRET}@127.0.0.1:port/personnel": "must be like postgresql://",
    f"postgresql://u:{SECRET}@[::1/personnel": "must be like postgresql://",
    f"mysql://u:{SECRET}@db/personnel": "must be like postgresql://",
    f"postgresql//u:{SECRET}@db/personnel": "must be like postgresql://",
    f"host=db password={SECRET} dbname=personnel": "must be like postgresql://",
    f"postgresql://u:{SECRET}%zz@127.0.0.1:1/personnel": "not written",
    f"postgresql://u:{SECRET}@127.0.0.1:1/personnel?nonsense={SECRET}": "not written",
    f"postgresql://u:{SECRET}@[{SECRET}]/personnel": "postgresql://",
}


def test_a_password_is_never_said(mine: Home) -> None:
    said = [(pipeline(mine, "publish", "--to", given), sentence) for given, sentence in ADDRESSES.items()]
    said += [(pipeline(mine, "load", PERSONNEL_POSTGRESQL=given), sentence) for given, sentence in [*ADDRESSES.items()][::3]]
    for done, sentence in said:
        assert done.returncode in (1, 3) and sentence in done.stderr and "Traceback" not in done.stderr, done.stderr
        assert SECRET not in done.stdout + done.stderr
    for file in mine.warehouse.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file


def test_a_wrong_password_is_one_sentence(small_server: Server, made: Made) -> None:
    home = made.publish("CREATE TABLE core.t AS SELECT 1 AS version")
    small_server.make_roles(home)
    small_server.run(f"ALTER ROLE made_publisher PASSWORD '{SECRET}x'")
    rules = small_server.folder / "pg_hba.conf"
    before = rules.read_text()
    try:
        rules.write_text(f"local made made_publisher scram-sha-256\n{before}")
        small_server.run("SELECT pg_reload_conf()")
        time.sleep(0.2)
        for password, sentence in ((SECRET, "does not know this user with this password"), ("", "asks for a password, and none was given")):
            with pytest.raises(NotWritten, match=sentence) as told:
                postgresql.copy(home, address.parse(small_server.address(password=password)))
            assert SECRET not in str(told.value)
        postgresql.copy(home, address.parse(small_server.address(password=f"{SECRET}x")))
        rules.write_text(f"local made made_publisher peer\n{before}")
        small_server.run("SELECT pg_reload_conf()")
        time.sleep(0.2)
        with pytest.raises(NotWritten, match=r"only as the machine's user of that name \(peer in pg_hba.conf\); give it a password"):
            postgresql.copy(home, address.parse(small_server.address()))
    finally:
        rules.write_text(before)
        small_server.run("SELECT pg_reload_conf()")


@pytest.mark.parametrize(
    ("said", "sentence"),
    {
        'FATAL:  Ident authentication failed for user "x"': "does not take this user for who it says it is",
        'FATAL:  role "x" is not permitted to log in': "lets nobody log in as this user",
        "FATAL:  out of shared memory": "out of memory, or of locks",
        "FATAL:  remaining connection slots are reserved": "takes no more connections",
        'FATAL:  permission denied for database "x"': "its role may not do that",
        "Connection refused": "cannot be reached",
    }.items(),
)
def test_why_a_server_let_nobody_in_is_told(said: str, sentence: str) -> None:
    assert sentence in postgresql_connection.in_words(psycopg.OperationalError(said))


def test_nothing_goes_in_clear_over_a_network_unless_the_address_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict] = []
    monkeypatch.setattr(psycopg, "connect", lambda given, **more: asked.append(more))
    for given in ("postgresql://u@db.example/p", "postgresql://u@db.example/p?sslmode=disable", "postgresql://u@localhost/p"):
        postgresql_connection.connected(address.parse(given))
    assert [more.get("sslmode") for more in asked] == ["require", None, None]


@pytest.mark.skipif(not SYSTEMS, reason="no server of the system's; the wheel's knows no encryption")
def test_over_a_network_the_server_is_held_to_its_certificate_by_every_client(made: Made) -> None:
    home = made.publish("CREATE TABLE core.t AS SELECT 1 AS version", for_everybody=["core.t"])
    with encrypted("sealed") as (server, host, authority):
        server.make_roles(home)
        checked = f"sslmode=verify-full&sslrootcert={authority}"
        postgresql.copy(home, address.parse(f"postgresql://{server.publisher}@{host}/sealed?{checked}"))
        postgresql.copy(
            home, address.parse(f"postgresql://{server.publisher}@{host.replace('localhost', '127.0.0.1')}/sealed?sslmode=require")
        )
        for wrong, sentence in (
            (f"{host}/sealed?sslmode=verify-full&sslrootcert={authority.with_name('certificate')}", "certificate is not the one expected"),
            (f"{host.replace('localhost', '127.0.0.1')}/sealed?{checked}", "certificate is not the one expected"),  # of another name
            (f"{host}/sealed?sslmode=verify-full&sslrootcert={authority}.gone", "sslrootcert names is not there"),
        ):
            with pytest.raises(NotWritten, match=sentence):
                postgresql.copy(home, address.parse(f"postgresql://{server.publisher}@{wrong}"))
        asked, reader = "SELECT version FROM core.t", f"login_sealed_reader@{host}/sealed?{checked}"
        command = [server.programs / "psql", f"postgresql://{reader}", "-XAt", "-c", asked, "-c", "\\conninfo"]
        said = subprocess.run(command, capture_output=True, text=True)
        assert said.stdout.startswith("1\n") and "ssl connection" in said.stdout.lower(), said.stderr
        engine = sqlalchemy.create_engine(f"postgresql+psycopg://{reader}")
        with engine.connect() as connection:
            assert connection.execute(sqlalchemy.text(asked)).all() == [(1,)]
            assert connection.connection.driver_connection.pgconn.ssl_in_use
        engine.dispose()


# ── clients ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_psql_shows_tables_with_their_words(postgres: Server, shown: dict[str, str], committees: list[str]) -> None:
    said = postgres.psql("\\dt core.*\n\\d+ core.fct_ratings\nSELECT count(*) AS ratings FROM core.fct_ratings;", committees[0])
    assert (
        "fct_ratings" in said and "Khóa của đơn vị" in said and "(forced row security enabled)" in said.lower()
    ) or "POLICY" in said.upper()


def test_sqlalchemy_reads_keys_words_and_rows(postgres: Server, shown: dict[str, str], committees: list[str]) -> None:
    engine = sqlalchemy.create_engine(postgres.address(committees[0], driver="+psycopg"))
    found = sqlalchemy.inspect(engine)
    assert {"core", "quality", "reports", "meta"} <= {*found.get_schema_names()}
    assert found.get_pk_constraint("fct_ratings", schema="core")["constrained_columns"] == ["committee_no", "rating_key"]
    assert found.get_table_comment("dim_unit", schema="core")["text"].startswith("Đơn vị")
    table = sqlalchemy.Table("fct_ratings", sqlalchemy.MetaData(), schema="core", autoload_with=engine)
    with engine.connect() as connection:
        rows = connection.execute(
            sqlalchemy.select(table.c.decided_level_code, sqlalchemy.func.count()).group_by(table.c.decided_level_code)
        ).all()
    assert sum(count for _, count in rows) == postgres.run("SELECT count(*) FROM core.fct_ratings", committees[0])[0][0] > 0
    engine.dispose()


def alike(given: list[tuple]) -> list[list]:
    """Figures of the two, whose types differ."""
    return [[round(float(v), 6) if isinstance(v, (int, float, Decimal)) and not isinstance(v, bool) else v for v in row] for row in given]


def test_every_question_of_the_cookbook_is_answered_here_as_in_the_file(postgres: Server, faulty: Home, shown: dict[str, str]) -> None:
    answered = 0
    with sql.opened(faulty) as session, postgres.connect(DEPARTMENT) as connection:
        for asked in cookbook.questions(cookbook.PAGE.read_text("utf-8")):
            theirs, ours = alike([*session.ask(asked.query).rows]), alike(connection.execute(asked.query.encode()).fetchall())
            assert sorted(map(repr, ours)) == sorted(map(repr, theirs)), asked.number  # words are sorted as the database was made
            answered += bool(ours)
    assert answered >= 30


def test_what_explain_shows_of_a_metric_runs_here_and_says_the_same(postgres: Server, faulty: Home, shown: dict[str, str]) -> None:
    asked = 0
    with published(faulty) as version, postgres.connect(DEPARTMENT) as connection:
        for name, defined in listed(version).items():
            for by in (("superior",), ("base", "period")) if name.startswith("r") else (("superior",),):
                if {*by} <= {d.name for d in defined.dimensions.values()}:
                    answer = metric(version, name, by)
                    ours = alike(connection.execute(answer.sql.encode()).fetchall())
                    assert sorted(map(repr, ours)) == sorted(map(repr, alike(answer.rows))), (name, by)
                    asked += 1
    assert asked > 20
    shown_sql = pipeline(faulty, "metric", "excellent_share_of_good", "--by", "superior", "--explain").stdout
    assert "Đảng bộ" in postgres.psql(f"{shown_sql};", DEPARTMENT)


def test_odbc_reads_what_its_login_may(postgres: Server, shown: dict[str, str], committees: list[str]) -> None:
    pyodbc = pytest.importorskip("pyodbc", exc_type=ImportError)  # its wheel leaves unixODBC to the machine
    driver = next((name for name in pyodbc.drivers() if "postgresql unicode" in name.lower()), None)
    if not driver:
        pytest.skip("no ODBC driver for PostgreSQL on this machine")
    with pyodbc.connect(
        f"DRIVER={{{driver}}};SERVER={postgres.folder};DATABASE=personnel;UID={committees[0]}", readonly=True
    ) as connection:
        (label, count), *_ = connection.execute(
            "SELECT max(unit_name), count(*) FROM core.dim_unit WHERE unit_type_code = 'SUPERIOR'"
        ).fetchall()
        assert "Đảng bộ" in label and count == 1
        assert {row.table_name for row in connection.cursor().tables(schema="core")} >= {"fct_ratings", "dim_unit"}


R = """
library(RPostgreSQL)
db <- dbConnect(PostgreSQL(), dbname = commandArgs(TRUE)[1])
answer <- dbGetQuery(db, "SELECT max(unit_name) AS label, count(*) AS units FROM core.dim_unit WHERE unit_type_code = 'SUPERIOR'")
cat(enc2utf8(answer$label), answer$units, nrow(dbGetQuery(db, "SELECT * FROM bi.ratings")), sep = "\\n")
"""


def r_with(package: str) -> list[str]:
    """R's command, or a reason to leave the test out."""
    rscript = shutil.which("Rscript")
    if not rscript or subprocess.run([rscript, "-e", f"library({package})"], capture_output=True).returncode:
        pytest.skip(f"no R with {package} on this machine")
    return [rscript, "-e"]


def test_r_reads_what_its_login_may(postgres: Server, shown: dict[str, str], committees: list[str]) -> None:
    command = [*r_with("RPostgreSQL"), R, f"host={postgres.folder} dbname=personnel user={committees[0]}"]
    said = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C.UTF-8"})
    label, units, rows = said.stdout.splitlines()[-3:]
    assert "Đảng bộ" in label and units == "1", said.stderr
    assert int(rows) == postgres.run("SELECT count(*) FROM bi.ratings", committees[0])[0][0] > 0
