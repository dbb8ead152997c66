"""Dagster's history of runs: where it lies, and SQLite kept quick while a run writes it.

What does not belong here: anything a load depends on. The history can be deleted at any time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from pipeline.paths import Home


def prepare(home: Home) -> None:
    """`make load` and `make dev` share one history."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        settings.write_text("telemetry:\n  enabled: false\nnux:\n  enabled: false\n", "utf-8")


@contextmanager
def quick_sqlite() -> Iterator[None]:
    """Do not wait for the disk at each event.

    Dagster opens, commits and closes a connection for each of a run's hundreds of events: 20 ms each where the disk is
    asked to confirm, 8 s a run (measured). A killed process loses nothing by this; a power cut may cost the history.
    """

    def on_connect(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(Engine, "connect", on_connect)
    try:
        yield
    finally:
        event.remove(Engine, "connect", on_connect)
