"""Landed rows to tables: dbt, in this process. The build database is made anew at every load.

What does not belong here: SQL, and what readers see.
"""

import json
import os
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.constants import MANIFEST_FILE_NAME, PARTIAL_PARSE_FILE_NAME, SEMANTIC_MANIFEST_FILE_NAME
from dbt.contracts.graph.manifest import Manifest
from filelock import FileLock

from pipeline.gate import transform as fingerprint
from pipeline.paths import DBT_PROJECT, Home, in_quotes, private
from pipeline.warehouse import landing

LARGE = 50_000_000  # bytes of landed Parquet: a city lands 9 million
ANY_HOME = "/personnel-home"  # what the project is parsed with: where the rows of any one home lie is told when it is run
GOOD = {"success", "pass", "no-op"}


@dataclass(frozen=True)
class Node:
    """What became of one dbt node in this run."""

    unique_id: str
    status: str
    seconds: float
    failures: int | None

    @property
    def good(self) -> bool:
        return self.status in GOOD


class BuildFailed(Exception):
    """dbt did not build everything wholly well; the words name nodes, never rows."""

    def __init__(self, nodes: list[Node]):
        bad = [n for n in nodes if not n.good]
        first = "; ".join(f"{n.unique_id} ({n.status}{f', {n.failures} rows' if n.failures else ''})" for n in bad[:5])
        super().__init__(f"{len(bad)} of dbt's nodes did not pass: {first or 'dbt could not start'}")
        self.nodes = nodes


def parsed(home: Home) -> Path:
    """Folder of what dbt knows of the project; parsed anew when the project changed since. Raises BuildFailed.

    One for all homes: dbt's own `target` in the project, with a word in the place of the home's path. Where nobody may write into the
    project, each home has its own.
    """
    folder = DBT_PROJECT / "target" if os.access(DBT_PROJECT, os.W_OK) else home.dbt_target
    mark, made_of = folder / "parsed", fingerprint()
    if folder == home.dbt_target:
        private(home.restricted)
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "parsing"):
        kept = all(
            (folder / name).exists() for name in (MANIFEST_FILE_NAME, SEMANTIC_MANIFEST_FILE_NAME, PARTIAL_PARSE_FILE_NAME, mark.name)
        )
        if not (kept and mark.read_text("utf-8") == made_of):
            mark.unlink(missing_ok=True)
            # whole, for dbt's partial parsing keeps a unit test that was given another name
            (folder / PARTIAL_PARSE_FILE_NAME).unlink(missing_ok=True)
            if not _invoke(home, "parse", "--target-path", str(folder), root=ANY_HOME).success:
                raise BuildFailed([])
            os.sync()  # a power cut must not keep the fingerprint and lose what it vouches for
            mark.write_text(made_of, "utf-8")
    return folder


def _manifest(home: Home) -> Manifest:
    """As dbt left it: reading that takes a tenth of the time in which dbt would see for itself that nothing changed."""
    manifest = Manifest.from_msgpack((parsed(home) / PARTIAL_PARSE_FILE_NAME).read_bytes())
    manifest.build_flat_graph()  # macros/sources.sql and every_rule_is_asked_and_catalogued.sql look through it
    return manifest


def build(home: Home, *, unit_tests: bool = False, only: Sequence[str] = ()) -> list[Node]:
    """Build and test every model from nothing. Raises BuildFailed unless this run's every node passed.

    Unit tests prove the SQL, not the night's data: they run in the test suite, not at every load. `only`: these models and what
    they are made of, untested.
    """
    landing.open_for_dbt(home)
    for file in (home.build, home.draft, home.whole_draft):
        file.unlink(missing_ok=True)
        file.with_name(file.name + ".wal").unlink(missing_ok=True)
    try:
        wanted = [] if unit_tests else ["--exclude", "resource_type:unit_test"]
        if only:
            wanted = ["--select", *(f"+{model}" for model in only), "--resource-type", "model", "--resource-type", "seed"]
        manifest = _manifest(home)
        os.environ |= _at_once(home)
        done = _invoke(home, "build", "--no-write-json", *wanted, manifest=manifest)
    finally:
        # dbt leaves the file open in this process; a file that is not closed may miss its last commits
        DuckDBConnectionManager.close_all_connections()
    nodes = [Node(r.node.unique_id, str(r.status), r.execution_time, r.failures) for r in getattr(done.result, "results", [])]
    if nodes and done.success and not only:
        nodes += _without_grain(home, manifest, {n.unique_id for n in nodes})
    if not nodes or not done.success or not all(n.good for n in nodes):
        raise BuildFailed(nodes)
    return nodes


def open_build(home: Home) -> duckdb.DuckDBPyConnection:
    """What dbt just built, all three files, read-only: `record` and `rules` in the first, `draft`, and `whole_draft`."""
    db = duckdb.connect(str(home.build), read_only=True)
    for file in (home.draft, home.whole_draft):
        db.execute(f"ATTACH '{in_quotes(file)}' AS {file.stem} (READ_ONLY)")
    return db


def _without_grain(home: Home, manifest: Manifest, built: Container[str]) -> Iterator[Node]:
    """Tables that have not one row per what their model's `meta.grain` names, or a blank in it.

    One query: as a dbt test of each table this was a third of all nodes, and a seventh of a small night. Views are not asked: they join by
    keys that are, and one_line_of_units_a_day.sql asks the one thing else by which a row could become two (0.3 s of a city's views).
    """
    tables = [n for n in manifest.nodes.values() if n.unique_id in built and n.config.meta.get("grain") and n.config.materialized != "view"]
    asked = " UNION ALL ".join(
        f"SELECT '{table.unique_id}', count(*) FROM (SELECT 1 FROM {table.relation_name} GROUP BY {', '.join(grain)} "
        f"HAVING count(*) > 1 OR {' OR '.join(f'({column}) IS NULL' for column in grain)})"
        for table, grain in ((table, table.config.meta["grain"]) for table in tables)
    )
    with open_build(home) as db:
        for unique_id, rows in db.execute(asked).fetchall() if tables else []:
            if rows:
                yield Node(f"grain of {unique_id}", "fail", 0, rows)


def _at_once(home: Home) -> dict[str, str]:
    """What profiles.yml asks for: models at once, and cores for each. Small models are quicker side by side, each on a core of its own: 6.2 s a city instead of 6.9, with a
    fifth less work. A large one needs every core, and two of those twice the memory.
    """
    is_large = sum(file.stat().st_size for file in home.open_landing.glob("*/*.parquet")) >= LARGE
    cores = os.cpu_count() or 1
    at_once = 1 if is_large else 2
    return {"PERSONNEL_DBT_THREADS": str(at_once), "PERSONNEL_DBT_CORES": str(max(1, cores // at_once))}


def manifest_of(home: Home) -> dict[str, Any]:
    """dbt's manifest of the last parse."""
    manifest: dict[str, Any] = json.loads((parsed(home) / MANIFEST_FILE_NAME).read_text("utf-8"))
    return manifest


def metrics_of(home: Home) -> dict[str, Any]:
    """The semantic models and metrics of the last parse, by tables as a published file has them: without the database that they were built in."""
    metrics: dict[str, Any] = json.loads((parsed(home) / SEMANTIC_MANIFEST_FILE_NAME).read_text("utf-8"))
    for model in (*metrics["semantic_models"], *metrics["project_configuration"]["time_spines"]):
        table = model["node_relation"]
        table |= {"database": None, "relation_name": f"{table['schema_name']}.{table['alias']}"}
    return metrics


def _invoke(home: Home, *command: str, manifest: Manifest | None = None, root: str | None = None) -> dbtRunnerResult:
    # dbt's own words may quote values, so they go to a log in the restricted zone and nowhere else
    private(home.restricted)
    home.dbt_target.mkdir(exist_ok=True)
    places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    if "--target-path" not in command:
        places += ["--target-path", str(home.dbt_target)]
    log = ["--log-level", "none", "--log-level-file", "warn", "--log-path", str(home.dbt_target / "logs"), "--no-use-colors"]
    before = os.environ.get("PERSONNEL_HOME")
    os.environ |= {"PERSONNEL_HOME": root or str(home.root), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    try:
        return dbtRunner(manifest=manifest).invoke([*command, *places, *log, "--no-version-check"])
    finally:
        if before is None:
            os.environ.pop("PERSONNEL_HOME")  # dbt is told by it where its home is, and nobody else
        else:
            os.environ["PERSONNEL_HOME"] = before
