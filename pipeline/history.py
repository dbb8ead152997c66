"""Dagster's history of runs: where it lies, and SQLite kept quick while a run writes it.

What does not belong here: anything a load depends on. The history can be deleted at any time.
"""

import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from pipeline.paths import Home

log = logging.getLogger("pipeline")

KEPT_VARIABLE, KEPT = "PERSONNEL_KEPT_RUNS", 30
SETTINGS = """\
telemetry:
  enabled: false
nux:
  enabled: false
event_log_storage:
  module: pipeline.history
  class: EventLog
  config:
    base_dir: {runs}
"""


DATABASES = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")


def prepare(home: Home) -> None:
    """`make load` and `make dev` share one history. What of it a power cut or a disk damaged begins anew: no load waits for it."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    for file in filter(_is_damaged, (home.dagster / name for name in DATABASES)):
        log.warning("Dagster's %s is damaged: that part of the history begins anew", file.name)
        for part in file.parent.glob(f"{file.name}*"):
            part.unlink()
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    (home.dagster / "dagster.yaml").write_text(SETTINGS.format(runs=home.dagster / "history" / "runs"), "utf-8")


def _is_damaged(database: Path) -> bool:
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(database)) as db:
            return bool(db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.OperationalError:  # somebody else writes into it
        return False
    except sqlite3.DatabaseError:
        return True


class EventLog(SqliteEventLogStorage):
    """Dagster's own event log, with the file of the run and the file over all runs kept open.

    Dagster makes an engine, a connection and a commit for each of a run's hundreds of events, which is 6 ms each. Every
    use is under the log's own lock, so one connection a file is enough.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None):
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "EventLog":
        return cls(inst_data=inst_data, **config_value)

    def dispose(self) -> None:
        """Close what was kept open: only then SQLite folds its write-ahead logs back and removes them."""
        super().dispose()
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if shard not in self._engines:
                for other in [name for name in self._engines if name != INDEX_SHARD_NAME]:
                    self._engines.pop(other).dispose()
                address = self.conn_string_for_shard(shard)
                self._engines[shard] = create_engine(
                    address, poolclass=StaticPool, connect_args={"timeout": 60, "check_same_thread": False}
                )
                if shard not in self._initialized_dbs:
                    self._initdb(self._engines[shard])
                    self._initialized_dbs.add(shard)
            with self._engines[shard].connect() as connection, connection.begin():
                yield connection


def forget(home: Home, instance: DagsterInstance) -> None:
    """Keep the newest runs (PERSONNEL_KEPT_RUNS): a night's history is some megabytes, and nobody reads last year's."""
    given = os.environ.get(KEPT_VARIABLE) or str(KEPT)
    if not (given.isascii() and given.isdigit() and int(given)):
        raise SystemExit(f"{KEPT_VARIABLE} must be a number of runs like {KEPT}, not {given!r}.")
    newest = instance.get_run_records(limit=int(given))
    ended = RunsFilter(statuses=[DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED])
    kept = {record.dagster_run.run_id for record in newest}
    for record in instance.get_run_records(ended):
        if (run_id := record.dagster_run.run_id) not in kept:
            with suppress(DatabaseError):  # its own file is damaged, and goes below
                instance.delete_run(run_id)
    runs = {record.dagster_run.run_id for record in instance.get_run_records()}
    for file in (home.dagster / "history" / "runs").glob("*.db*"):  # Dagster empties a run's file and leaves it
        if (run_id := file.name.split(".")[0]) != INDEX_SHARD_NAME and run_id not in runs:
            file.unlink(missing_ok=True)
    for folder in (home.dagster / "storage").glob("*"):
        if folder.name not in runs:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def quick_sqlite() -> Iterator[None]:
    """Do not wait for the disk at each commit: 8 s a run (measured).

    A killed process loses nothing by this; a power cut may cost the history.
    """

    def on_connect(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(Engine, "connect", on_connect)
    try:
        yield
    finally:
        event.remove(Engine, "connect", on_connect)
