"""Dagster's history of runs: where it lies, and SQLite kept quick while a run writes it.

What does not belong here: anything a load depends on. The history can be deleted at any time.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine

from pipeline.paths import Home


def prepare(home: Home) -> None:
    """`make load` and `make dev` share one history."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        settings.write_text("telemetry:\n  enabled: false\n", "utf-8")


@contextmanager
def quick_sqlite() -> Iterator[None]:
    """Keep one connection open to each history file, and wait for the disk once and not per event.

    Dagster opens and closes a connection for each of a run's hundreds of events. The last one to close a file in
    WAL mode writes it through to disk: 20 ms each, 8 s a run (measured). With one kept open, that happens once.
    """
    kept: dict[str, sqlite3.Connection] = {}

    def on_connect(connection: sqlite3.Connection, _: object) -> None:
        file = connection.execute("PRAGMA database_list").fetchone()[2]
        connection.execute("PRAGMA synchronous=NORMAL")
        if file and file not in kept and connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
            kept[file] = sqlite3.connect(file, check_same_thread=False)
            kept[file].execute("SELECT count(*) FROM sqlite_master").fetchone()  # a connection that never read is not counted

    event.listen(Engine, "connect", on_connect)
    try:
        yield
    finally:
        event.remove(Engine, "connect", on_connect)
        for connection in kept.values():
            connection.close()
