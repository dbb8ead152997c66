"""Two files of one dataset, period and unit that come in one load: what is the same is taken once, what differs is asked about."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import City, load, rating, ratings

Rows = list[list[Any]]


def of(*numbers: int, better: int = 0) -> Rows:
    return ratings([rating(n, "HTXSNV" if n == better else "HTTNV") for n in numbers], title=False)


# folder → its files, how many rows are counted, and what refuses how many files
SENT: dict[str, tuple[dict[str, Rows | bytes], int, list[tuple[str, int]]]] = {
    "2021/Q01.001": ({"ratings.csv": of(1, 2, 3), "ratings (1).csv": of(1, 2, 3)}, 3, []),
    "2021/Q01.002": ({"ratings.csv": of(4, 5, 6), "ratings (1).csv": b"\0" * 99}, 3, [("file_not_empty", 1)]),
    "2021/Q01.003": ({"ratings.csv": of(7, 8, 9), "ratings (1).csv": of(7, 8, 9, 10)}, 0, [("one_file_per_dataset", 2)]),
    "2020/Q01.001": ({"ratings.csv": of(1, 2, 3), "ratings (1).csv": of(1, 2, 3, better=2)}, 0, [("one_file_per_dataset", 2)]),
    "2020/Q01.002": ({"ratings.csv": of(4, 5, 6), "ratings (1).csv": of(14, 15, 16)}, 0, [("one_file_per_dataset", 2)]),
}
NAMES = ["identical", "one damaged", "one has more people", "one cell differs", "halves of a list"]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    city = City(tmp_path_factory.mktemp("two files") / "data")
    for folder, (files, *_) in SENT.items():
        for name, rows in files.items():
            city.put(f"{folder}/{name}", rows)
    load(city.home)
    return city.home.published


@pytest.mark.parametrize("folder", SENT, ids=NAMES)
def test_of_two_files_one_is_counted_or_both_are_asked_about(folder: str, loaded: Path) -> None:
    _, counted, refused = SENT[folder]
    period, sender = folder.split("/")
    with duckdb.connect(str(loaded), read_only=True) as db:
        where = "FROM quality.submissions WHERE period = ? AND sender_code = ? AND dataset_code = 'ratings'"
        current = db.execute(f"SELECT coalesce(sum(rows_accepted), 0) {where} AND is_current", [period, sender]).fetchone()
        rules = f"SELECT refusal_rule_code, count(*) {where} AND verdict_code = 'REFUSED' GROUP BY 1"
        assert (current, db.execute(rules, [period, sender]).fetchall()) == ((counted,), refused)


def test_nobody_is_counted_twice(loaded: Path) -> None:
    with duckdb.connect(str(loaded), read_only=True) as db:
        assert db.execute("SELECT count(*) FROM core.fct_ratings").fetchone() == (sum(counted for _, counted, _ in SENT.values()),)
