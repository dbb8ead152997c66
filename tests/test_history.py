"""Dagster's history may be damaged or gone at any time: no load waits for it."""

from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRun

from pipeline import history
from pipeline.paths import Home


def runs(home: Home) -> int:
    """How many runs there are after one more."""
    history.prepare(home)
    with DagsterInstance.from_config(str(home.dagster)) as instance:
        instance.add_run(DagsterRun(job_name="nightly"))
        instance.all_asset_keys()
        instance.all_instigator_state()
        return len(instance.get_run_records())


def overwritten(file: Path) -> None:
    """A damage that opening does not see."""
    data = file.read_bytes()
    file.write_bytes(data[:5000] + b"\xff" * 3000 + data[8000:])


DAMAGES = {
    "emptied": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:9000]),
    "other bytes": lambda file: file.write_bytes(b"x" * 9000),
    "overwritten": overwritten,
}


@pytest.mark.parametrize(
    ("database", "damage"),
    [*((history.DATABASES[0], damage) for damage in DAMAGES), *((database, "overwritten") for database in history.DATABASES[1:])],
)
def test_a_damaged_database_of_dagster_begins_anew(tmp_path: Path, database: str, damage: str) -> None:
    home = Home(tmp_path)
    assert runs(home) == 1
    DAMAGES[damage](home.dagster / database)
    assert runs(home) == (1 if database.endswith("/runs.db") else 2)
