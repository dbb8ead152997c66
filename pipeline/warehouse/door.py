"""The door of reading surfaces (PostgreSQL, BI, documents, a home page): what was published, and nothing else.

A surface sees one version whole: the file that stands when it opens the door, also while a load switches to the next. It cannot write, read other files, or
reach what may not leave. A surface is a room that imports this, presentation and codes, and no other room (tests/test_floors.py).

What does not belong here: publishing (publish.py), and whatever lies in the restricted zone (`open_whole` there is for our own answers).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.paths import METRICS, Home, in_quotes

Refused = duckdb.Error  # what a query raises that cannot be answered, for rooms that do not know DuckDB


class NothingPublished(Exception):
    """No load has published yet."""


@dataclass(frozen=True)
class Published:
    """One published version."""

    db: duckdb.DuckDBPyConnection  # its schemas: bi, core, quality, reports
    note: dict[str, Any]  # what the version says of itself: load_id, as_of, tables, their grains, who could be recognised
    folder: Path  # where it lies

    @property
    def version(self) -> str:
        """The name of its folder."""
        return self.folder.name

    def metrics(self) -> str | None:
        """What its metrics are, as dbt wrote it down (publish.py); None where it was published before there were any."""
        file = self.folder / METRICS
        return file.read_text("utf-8") if file.exists() else None

    def words(self, schema: str, table: str) -> dict[str, str]:
        """What each column of a table means, in its order."""
        found = self.db.execute(
            "SELECT column_name, coalesce(comment, '') FROM duckdb_columns() WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
            [schema, table],
        )
        return dict(found.fetchall())


@contextmanager
def published(home: Home, *, collation: str = "") -> Iterator[Published]:
    """The version in force; `collation`: in whose order words are sorted (vi), else by their letters' numbers. Raises NothingPublished."""
    version = home.current.resolve()
    if not (version / "version.json").exists():
        raise NothingPublished(f"Nothing is published below {home.warehouse}: run a load first.")
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{in_quotes(version / 'personnel.duckdb')}' AS published (READ_ONLY)")
        if collation:
            db.execute("SET default_collation = ?", [collation])
        # a name that is no table's is not looked for among the program's own variables
        db.execute("USE published; SET python_enable_replacements = false")
        # the file itself and what lies beside it would stay open to COPY and ATTACH for whoever may write there, and a folder for what does not fit
        # into memory: no file is opened any more
        db.execute("SET temp_directory = ''; SET enable_external_access = false; SET disabled_filesystems = 'LocalFileSystem'")
        db.execute("SET lock_configuration = true")
        yield Published(db, json.loads((version / "version.json").read_text("utf-8")), version)
