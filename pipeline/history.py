"""Dagster's history of runs: where it lies, and SQLite kept quick while a run writes it.

What does not belong here: anything a load depends on. The history can be deleted at any time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import StaticPool

from pipeline.paths import Home

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


def prepare(home: Home) -> None:
    """`make load` and `make dev` share one history."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    (home.dagster / "dagster.yaml").write_text(SETTINGS.format(runs=home.dagster / "history" / "runs"), "utf-8")


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
