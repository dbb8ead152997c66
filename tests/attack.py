"""`make attack`: looks for people in what is published or logged, counts who could be told from all others, asks the published file for other files,
tries to compute back what a public export hides, and sends workbooks of everything that runs. `--write`, as `make attack` says it, puts the counts into docs/privacy.md; the suite does a short one (test_attack.py).

What does not belong here: what is planted and sent (canaries.py, active_files.py), and looking for inputs that break a reader (fuzz_readers.py).
"""

import argparse
import contextlib
import datetime as dt
import os
import platform
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version as version_of
from pathlib import Path

import duckdb
import polars as pl
import psutil
import reconstruct
import replayed
from active_files import Sent, send_active
from canaries import FORMATS, Leaks, let_canaries_out
from conftest import pipeline
from test_docs import LOCKED

from pipeline.codes import labels
from pipeline.paths import PROJECT, Home
from pipeline.sample import make_city
from pipeline.surfaces import exports
from pipeline.surfaces.chance import Chance
from pipeline.surfaces.declared import declared
from pipeline.surfaces.public import Rules, public
from pipeline.warehouse import recognised
from pipeline.warehouse.door import published

PAGE = PROJECT / "docs" / "privacy.md"


# ── who could be told from all others ────────────────────────────────────────────────────────────────────────────


def singled_out(home: Home) -> tuple[dict[str, recognised.Shares], float]:
    """Per published table the two figures of a load; and the share of all persons who stand alone with all that any table says of them, joined
    over the person and over the row that findings speak of."""
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{home.published.resolve()}' AS published (READ_ONLY)")
        shares = recognised.shares(db, "published")
        parts = []
        for table in shares:
            columns = [c for c, *_ in db.execute(f"DESCRIBE published.{table}").fetchall()]
            said = ", ".join(f"t.{c}" for c in columns if c not in recognised.OF_THE_ROW)
            rows_of = f"published.{table} AS t" + (
                "" if "person_key" in columns else " JOIN (SELECT person_key, person_no FROM published.core.dim_person) USING (person_no)"
            )
            parts.append(f"SELECT person_key, hash('{table}', {said}) AS said FROM {rows_of} WHERE person_key IS NOT NULL")
            if {"submission_key", "sheet_no", "row_no"} <= set(columns):
                parts.append(f"""SELECT person_key, hash('{table}', f.rule_code, f.column_name) FROM published.{table} AS t
                    JOIN published.quality.findings AS f ON f.submission_key = t.submission_key AND f.row_no = t.row_no
                        AND f.sheet_no IS NOT DISTINCT FROM t.sheet_no WHERE person_key IS NOT NULL""")
        alone, persons = db.execute(f"""
            WITH people AS (SELECT person_key, hash(count(*), sum(said), bit_xor(said)) AS said FROM ({" UNION ALL ".join(parts)}) GROUP BY 1),
            crowd AS (SELECT count(*) AS size FROM people GROUP BY said)
            SELECT sum(CASE WHEN size = 1 THEN 1 ELSE 0 END), sum(size) FROM crowd""").fetchone()
    return shares, alone / persons


# ── SQL on the published file ────────────────────────────────────────────────────────────────────────────────────

SECRET = "bi-mat-cua-may"
# Not asked: CALL enable_logging(storage = 'file', storage_config = {'path': …}), at which DuckDB 1.5 refuses to write and ends the asker's process.
SQL = """
SELECT * FROM read_text('{folder}/a.txt')
SELECT * FROM read_blob('{folder}/a.txt')
SELECT * FROM read_csv('{folder}/a.csv')
SELECT * FROM read_csv_auto('{folder}/a.csv')
SELECT * FROM sniff_csv('{folder}/a.csv')
SELECT * FROM read_json('{folder}/a.json')
SELECT * FROM read_json_objects('{folder}/a.json')
SELECT * FROM read_ndjson('{folder}/a.json')
SELECT * FROM read_parquet('{folder}/a.parquet')
SELECT * FROM parquet_scan('{folder}/a.parquet')
SELECT * FROM parquet_metadata('{folder}/a.parquet')
SELECT * FROM parquet_schema('{folder}/a.parquet')
SELECT * FROM parquet_kv_metadata('{folder}/a.parquet')
SELECT * FROM parquet_file_metadata('{folder}/a.parquet')
SELECT * FROM '{folder}/a.csv'
SELECT * FROM '{folder}/a.parquet'
SELECT * FROM "{folder}/a.csv"
SELECT * FROM '{folder}/a.json'
FROM glob('{folder}/*')
FROM glob('/*')
SELECT * FROM query('SELECT * FROM read_text(''{folder}/a.txt'')')
SELECT * FROM query_table('{folder}/a.csv')
SELECT getenv('HOME')
ATTACH '{folder}/a.duckdb' AS other
ATTACH '{folder}/a.duckdb' AS other (READ_ONLY)
ATTACH '{folder}/new.duckdb'
ATTACH 'https://example.org/x.duckdb' AS far
ATTACH '{folder}/a.sqlite' AS lite (TYPE sqlite)
ATTACH ':memory:' AS mine; CREATE TABLE mine.t AS SELECT * FROM read_text('{folder}/a.txt')
DETACH personnel
USE memory
CREATE TABLE t AS SELECT 1
CREATE TEMP TABLE t AS SELECT * FROM read_text('{folder}/a.txt')
CREATE VIEW v AS SELECT * FROM read_text('{folder}/a.txt')
CREATE MACRO m() AS TABLE SELECT * FROM read_text('{folder}/a.txt')
CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')
CREATE PERSISTENT SECRET s (TYPE http)
INSERT INTO core.dim_date SELECT * FROM core.dim_date
UPDATE core.dim_person SET sex_code = NULL
DELETE FROM core.dim_person
DROP TABLE core.dim_person
ALTER TABLE core.dim_person ADD COLUMN x INTEGER
COMMENT ON TABLE core.dim_person IS 'x'
VACUUM
CHECKPOINT
FORCE CHECKPOINT
COPY core.dim_person TO '{folder}/new.csv'
COPY core.dim_person TO '{folder}/new.parquet' (FORMAT parquet)
COPY (SELECT 1) TO '/dev/stdout'
COPY core.dim_person FROM '{folder}/a.csv'
COPY FROM DATABASE personnel TO memory
EXPORT DATABASE '{folder}/new'
IMPORT DATABASE '{folder}'
INSTALL httpfs
LOAD httpfs
FORCE INSTALL json
LOAD '{folder}/a.duckdb_extension'
INSTALL '{folder}/a.duckdb_extension'
SELECT * FROM read_csv('https://example.org/a.csv')
SELECT * FROM read_parquet('s3://a/b.parquet')
SET enable_external_access = true
RESET enable_external_access
SET GLOBAL enable_external_access = true
PRAGMA enable_external_access = true
SET lock_configuration = false
RESET lock_configuration
SET allowed_directories = ['/']
SET allowed_paths = ['{folder}/a.txt']
SET access_mode = 'READ_WRITE'
SET temp_directory = '{folder}/new'
SET home_directory = '{folder}'
SET secret_directory = '{folder}'
SET extension_directory = '{folder}'
SET custom_extension_repository = 'http://example.org'
SET allow_unsigned_extensions = true
SET autoinstall_known_extensions = true
SET log_query_path = '{folder}/new.log'
SET enable_logging = true
SET profiling_output = '{folder}/new.json'
SET file_search_path = '{folder}'
SET default_secret_storage = 'x'
SET python_enable_replacements = true
PRAGMA profiling_output = '{folder}/new.json'
CALL pragma_version()
EXPLAIN ANALYZE SELECT * FROM read_text('{folder}/a.txt')
PREPARE p AS SELECT * FROM read_text(?); EXECUTE p('{folder}/a.txt')
SELECT * FROM duckdb_secrets()
SELECT * FROM which_secret('{folder}/a.txt', 's3')
SELECT content FROM read_text(['{folder}/a.txt'])
SELECT (SELECT content FROM read_text('{folder}/a.txt'))
WITH x AS (SELECT * FROM read_blob('{folder}/*')) SELECT * FROM x
PIVOT read_text('{folder}/a.txt') ON filename USING count(*)
SUMMARIZE SELECT * FROM read_text('{folder}/a.txt')
DESCRIBE SELECT * FROM '{folder}/a.parquet'
SELECT json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''{folder}/a.txt'')'))
FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''{folder}/a.txt'')'))
""".strip().splitlines()


@dataclass
class Asked:
    """How the published file took it."""

    tries: int = 0
    works_unlocked: int = 0  # of them bring or change something where the connection is not locked: the attack is none of paper
    leaks: list[str] = field(default_factory=list)


def ask_for_files(home: Home, folder: Path) -> Asked:
    """Every attack on the connection that docs/analysts.md recommends, and on a copy of the file without its locks."""
    asked, bait = Asked(), folder / "bait"
    _lay(bait)
    copy = folder / "copy" / "personnel.duckdb"
    copy.parent.mkdir()
    shutil.copy(home.published.resolve(), copy)
    published, before = home.published.resolve(), _lying(bait, home.published.resolve().parent)
    with duckdb.connect(str(published), read_only=True, config=LOCKED) as db:  # one session: what one attack opened would help the next
        for attack in SQL:
            asked.tries += 1
            if _brings(db, attack.format(folder=bait)):
                asked.leaks.append(f"read: {attack}")
            if _lying(bait, published.parent) != before:
                asked.leaks.append(f"written: {attack}")
                before = _lying(bait, published.parent)
    for attack in SQL:
        if re.search("http|s3:|INSTALL|LOAD", attack):
            continue  # nothing outside the machine is asked
        kept = _lying(bait, copy.parent)
        with duckdb.connect(str(copy), config={"autoinstall_known_extensions": False}) as db:
            asked.works_unlocked += _brings(db, attack.format(folder=bait)) or _lying(bait, copy.parent) != kept
    return asked


def _lay(bait: Path) -> None:
    """Files whose content shows in any answer."""
    bait.mkdir()
    for name, text in {
        "a.txt": SECRET,
        "a.csv": f"a,b\n{SECRET},1\n",
        "a.json": f'{{"a": "{SECRET}"}}',
        "a.duckdb_extension": SECRET,
    }.items():
        (bait / name).write_text(text)
    (bait / "schema.sql").write_text(f"CREATE TEMP TABLE t AS SELECT '{SECRET}' AS a")
    (bait / "load.sql").write_text("")
    pl.DataFrame({SECRET: [SECRET]}).write_parquet(bait / "a.parquet")
    with duckdb.connect(str(bait / "a.duckdb")) as db:
        db.execute(f"CREATE TABLE t AS SELECT '{SECRET}' AS a")
    with sqlite3.connect(bait / "a.sqlite") as db:
        db.execute("CREATE TABLE t (a)")


def _brings(db: duckdb.DuckDBPyConnection, attack: str) -> bool:
    """Whether something of the machine comes back: a bait's content or name, or what stands in a database that came beside."""
    try:
        said = str(db.execute(attack).fetchall())
        for name, table in db.execute(
            "SELECT database_name, table_name FROM duckdb_tables() WHERE database_name <> 'personnel'"
        ).fetchall():
            said += str(db.execute(f'SELECT * FROM "{name}"."{table}"').fetchall())
    except (duckdb.Error, OSError, UnicodeDecodeError):
        return False
    finally:
        with contextlib.suppress(duckdb.Error):
            db.execute("USE personnel")
    return SECRET in said or "/bait/" in said or "/etc" in said


def _lying(*folders: Path) -> dict[str, tuple[int, int]]:
    return {str(f): (f.stat().st_size, f.stat().st_mtime_ns) for folder in folders for f in folder.rglob("*") if f.is_file()}


# ── what a public export hides ───────────────────────────────────────────────────────────────────────────────────


@dataclass
class Hidden:
    """What was hidden, and what could be computed back of it."""

    shares: list[tuple[str, str, int, int]]
    found: dict[str, reconstruct.Found]
    found_rounded: dict[str, reconstruct.Found]
    found_unpooled: dict[str, reconstruct.Found]  # where only what is small itself is hidden: that the attack can find
    rules: Rules
    backwards: dict[str, reconstruct.Found] = field(default_factory=dict)  # by who knows the rule, of the small city
    backwards_without: dict[str, reconstruct.Found] = field(default_factory=dict)  # were nothing left to chance

    @property
    def leaks(self) -> list[str]:
        return [leak for found in (self.found, self.found_rounded, self.backwards) for one in found.values() for leak in one.leaks]


def compute_back(home: Home, of_branch: int | None = 60, of_whole: int = 15) -> Hidden:
    """A public export of a city, attacked; rounded; and without pools."""
    with published(home) as version:
        truth = exports.tables(version)
        units = version.db.execute("SELECT unit_key, parent_unit_key, valid_from, valid_to FROM core.dim_unit").pl()
    rules = Rules()
    left = public(truth, units, declared(), rules)
    tried = {}
    for name, other in {"rounded": Rules(rules.k, 5), "unpooled": Rules(rules.k, is_pooled=False)}.items():
        told = public(truth, units, declared(), other)
        few = 10 if name == "rounded" else of_branch
        tried[name] = reconstruct.compute_back(truth, told, units, declared(), rules.k, few, round_to=other.round_to)
    found = reconstruct.compute_back(truth, left, units, declared(), rules.k, of_branch, of_whole)
    return Hidden(exports.hidden_shares(left), found, tried["rounded"], tried["unpooled"], rules)


def run_backwards(home: Home, hidden: Hidden, at_most: int = 30) -> None:
    """The same by who knows how figures are hidden, too."""
    with published(home) as version:
        truth = exports.tables(version)
        units = version.db.execute("SELECT unit_key, parent_unit_key, valid_from, valid_to FROM core.dim_unit").pl()
    for name, own in declared().items():
        if own.cube:
            rules = Rules(secret="a city's")
            hidden.backwards[name] = replayed.run_backwards(own, truth, units, rules, Chance, at_most=at_most, tries=20)
            hidden.backwards_without[name] = replayed.run_backwards(own, truth, units, rules, None, at_most=at_most, tries=2)


# ── the whole of it ──────────────────────────────────────────────────────────────────────────────────────────────


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workbooks", type=int, default=2000, help="with active content")
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument(
        "--whole-city", action="store_true", help="count who could be told from all others in the sample city too (minutes)"
    )
    options.add_argument("--all-hidden", action="store_true", help="try every hidden figure of the city, not some by chance (half an hour)")
    options.add_argument("--only-public", action="store_true", help="only what a public export hides: after a change of how it is hidden")
    options.add_argument("--write", action="store_true", help="write docs/privacy.md")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cities = {}
        for size in ("small", "city") if chosen.whole_city else ("small",):
            home = Home(folder / size)
            make_city(home, size=size)
            assert pipeline(home, "load").returncode == 0
            if not chosen.only_public:
                cities[size] = singled_out(home)
                print(size, cities[size], flush=True)
        hidden = compute_back(Home(folder / size), None if chosen.all_hidden else 60)
        print({name: (found.tried, found.leaks) for name, found in hidden.found.items()}, flush=True)
        run_backwards(Home(folder / "small"), hidden)
        print({name: (found.tried, found.leaks) for name, found in hidden.backwards.items()}, flush=True)
        if chosen.only_public:
            tell(hidden_section(hidden), chosen.write)
            raise SystemExit("Something got out." if hidden.leaks else 0)
        asked = ask_for_files(Home(folder / "small"), folder)
        print(asked, flush=True)
        sent = send_active(chosen.workbooks, folder, chosen.seed)
        print(sent, flush=True)
        (folder / "canaries").mkdir()
        formats = tuple(f for f in FORMATS if f != "xls" or shutil.which("soffice"))
        leaks = let_canaries_out(folder / "canaries", formats)
        print(leaks, flush=True)
    tell(report(chosen, leaks, cities, asked, sent, formats) | hidden_section(hidden), chosen.write)
    if leaks.leaks or asked.leaks or sent.leaks or hidden.leaks or leaks.places != len(leaks.planted):
        raise SystemExit("Something got out.")


def tell(sections: dict[str, list[str]], is_written: bool) -> None:
    for title, lines in sections.items():
        print("\n".join([f"## {title}", "", *lines, ""]))
        if is_written:
            write(title, lines)


def machine() -> str:
    return f"{os.cpu_count()} cores ({platform.machine()}), {psutil.virtual_memory().total / 2**30:.0f} GiB, Python {platform.python_version()}"


def report(
    chosen: argparse.Namespace, leaks: Leaks, cities: dict[str, tuple], asked: Asked, sent: Sent, formats: Iterable[str]
) -> dict[str, list[str]]:
    """The page's sections by their titles."""
    tried = f"Tried on {dt.date.today()}: {machine()}, DuckDB {duckdb.__version__}, seed {chosen.seed}."
    return {
        "Canaries": [
            tried,
            "",
            f"A name, an identity number and a birth date of nobody in each of {leaks.places} places of what a unit sends: every column of every dataset "
            f"({', '.join(formats)}), titles, signatures, headers and notes; sheets, files, folders; whatever a workbook has besides cells; reasons, and the "
            f"registry's own words. Then: {', '.join(leaks.done)}. A day in a column of a decision's day leaves as that: it is not planted there.",
            "",
            f"Found where they were put: {len(leaks.planted)} of {leaks.places}. Found where nobody may find them: {len(leaks.leaks)}.",
            "",
            "| looked through | files (of what is said: letters) |",
            "|---|---:|",
            *(f"| {what} | {count:,} |" for what, count in leaks.looked_at.items()),
            *(f"- {leak}" for leak in leaks.leaks),
        ],
        "Who could be told from all others": [
            "*Outsider* and *insider* as a load says them (docs/operations.md). Joined: who stands alone with everything that all tables say of a person "
            "together, over `person_key` and the rows that findings speak of. Who may read the file can follow a key through all tables, so this is "
            "nearly everybody, and no bound is asked: what protects then is that keys are nobody's, and that who reads is known.",
            "",
            "| city | table | persons | outsider | insider |",
            "|---|---|---:|---:|---:|",
            *(
                f"| {size} | {table} | {s.persons:,} | {s.outsider:.1%} | {s.insider:.1%} |"
                for size, (shares, _) in cities.items()
                for table, s in shares.items()
            ),
            *(
                f"| {size} | all joined | {shares['core.dim_person'].persons:,} | | {alone:.1%} |"
                for size, (shares, alone) in cities.items()
            ),
        ],
        "SQL on the published file": [
            tried,
            "",
            f"{asked.tries} attacks on the connection that docs/analysts.md recommends, in one session: files read, attached, written, listed; extensions, "
            f"settings and their reset, secrets, macros, statements within statements. {asked.works_unlocked} of them bring or change something where the "
            f"connection is not locked; here {len(asked.leaks)} read or wrote a byte. (`CALL enable_logging` into a file ends the asker's own process: DuckDB "
            f"{duckdb.__version__} refuses it in a place from which it cannot say so.)",
            *(f"- {leak}" for leak in asked.leaks),
        ],
        "Active content": [
            tried,
            "",
            f"{sent.tries:,} files with one to four of {len(sent.kinds)} kinds of what runs, asks or leads outside. What goes back is looked through by another "
            f"grammar (tests/active.py), opened by openpyxl and calamine, and its cells are compared. Left over: {len(sent.leaks)}.",
            "",
            "| what went back | files |",
            "|---|---:|",
            *(f"| {end} | {count:,} |" for end, count in sorted(sent.ends.items())),
            *(f"- {leak}" for leak in sent.leaks),
        ],
    }


def hidden_section(hidden: Hidden) -> dict[str, list[str]]:
    """The page's section on public exports."""
    names, k = {name: own.sheet for name, own in declared().items()}, hidden.rules.k
    kinds = [kind for kind in labels("unit_type") if any(one[1] == kind for one in hidden.shares)]
    share = {(table, kind): count / all_ for table, kind, all_, count in hidden.shares}
    unpooled = sum(len(one.leaks) for one in hidden.found_unpooled.values())
    return {
        "What a public export hides, computed back": [
            f"Tried on {dt.date.today()}: {machine()}, highspy {version_of('highspy')}, k = {k}. All that is told of a table, what its columns and the tree of "
            "units add up to, and the year before, as one linear programme (tests/reconstruct.py): the least and "
            f"the most that each figure of 1 to {k - 1} people can be; some figures by chance of every superior's branch with the city, and of the whole city. Found is a figure of which it follows that there is anybody, or that there are fewer than {k}; "
            "how figures are hidden: [what may leave](public.md).",
            "",
            "| table | hidden figures tried | least width | found | rounded to 5: tried, found | without pools: tried, found |",
            "|---|---:|---:|---:|---:|---:|",
            *(
                f"| {names[name]} | {one.tried:,} | {f'{one.least_width:g}' if one.tried else ''} | {len(one.leaks)} "
                f"| {hidden.found_rounded[name].tried:,}, {len(hidden.found_rounded[name].leaks)} "
                f"| {hidden.found_unpooled[name].tried:,}, {len(hidden.found_unpooled[name].leaks)} |"
                for name, one in hidden.found.items()
            ),
            "",
            f"Without pools only what is small itself is hidden, and the same attack found {unpooled}: it is none of paper.",
            "",
            f"Whoever knows the rule besides, and runs it backwards (tests/replayed.py), on the small city: for each figure a world is looked for in which it is nobody, and one in which "
            f"it is {k}, of which the rule makes by some key the very same export. Held known is a figure for which one of them was not found.",
            "",
            "| table | figures tried | held known | were nothing left to chance: tried, held known |",
            "|---|---:|---:|---:|",
            *(
                f"| {names[name]} | {one.tried} | {len(one.leaks)} | {hidden.backwards_without[name].tried}, {len(hidden.backwards_without[name].leaks)} |"
                for name, one in hidden.backwards.items()
            ),
            "",
            "Hidden, of all figures that count people:",
            "",
            f"| table | {' | '.join(labels('unit_type')[kind] for kind in kinds)} |",
            f"|---|{'---:|' * len(kinds)}",
            *(
                f"| {names[table]} | {' | '.join(f'{share[table, kind]:.1%}' if (table, kind) in share else '' for kind in kinds)} |"
                for table in dict.fromkeys(table for table, *_ in hidden.shares)
            ),
            *(f"- {leak}" for leak in hidden.leaks),
        ]
    }


HEAD = """# Privacy, attacked

`make attack` tries on your machine and puts the counts here, as `make fuzz-readers` does with `--write` behind its command (Makefile). What each does stands in
tests/attack.py and tests/readers.py; a short one of both is part of `make test`. What leaves at all, and why: [decision 0018](decisions/0018-what-leaves.md).
"""


def write(title: str, lines: list[str]) -> None:
    """Put a section of the page in the place of its last one."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else HEAD
    before, _, behind = text.partition(f"\n## {title}\n")
    _, mark, others = behind.partition("\n## ")
    PAGE.write_text(before + "\n".join([f"\n## {title}", "", *lines, ""]) + mark + others, "utf-8")


if __name__ == "__main__":
    main()
