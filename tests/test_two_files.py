"""Two files of one dataset, period and unit that come in one load: what is the same is taken once, what differs is asked about."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import City, load, rating, ratings

Rows = list[list[Any]]


def of(*numbers: int, better: int = 0) -> Rows:
    return ratings([rating(n, "HTXSNV" if n == better else "HTTNV") for n in numbers], title=False)


def of_cell(cell: str, *numbers: int, level: str = "HTTNV") -> Rows:
    return ratings([rating(n, level, cell) for n in numbers], title=False)


# folder → its files, how many rows are counted, and what refuses how many files
SENT: dict[str, tuple[dict[str, Rows | bytes], int, list[tuple[str, int]]]] = {
    "2021/Q01.001": ({"ratings.csv": of(1, 2, 3), "ratings (1).csv": of(1, 2, 3)}, 3, []),
    "2021/Q01.002": ({"ratings.csv": of(4, 5, 6), "ratings (1).csv": b"\0" * 99}, 3, [("file_not_empty", 1)]),
    "2021/Q01.003": ({"ratings.csv": of(7, 8, 9), "ratings (1).csv": of(7, 8, 9, 10)}, 0, [("one_file_per_dataset", 2)]),
    "2020/Q01.001": ({"ratings.csv": of(1, 2, 3), "ratings (1).csv": of(1, 2, 3, better=2)}, 0, [("one_file_per_dataset", 2)]),
    "2020/Q01.002": ({"ratings.csv": of(4, 5, 6), "ratings (1).csv": of(14, 15, 16)}, 0, [("one_file_per_dataset", 2)]),
    "2019/Q01.001": ({"cb1.csv": of_cell("Chi bộ 1", 21, 22), "cb2.csv": of_cell("Chi bộ 2", 23)}, 3, []),
    "2018/Q01.001": ({"cb1.csv": of_cell("Chi bộ 1", 1, 2), "cb2.csv": of_cell("Chi bộ 2", 3, 2)}, 0, [("one_file_per_dataset", 2)]),
}
NAMES = [
    "identical",
    "one damaged",
    "one has more people",
    "one cell differs",
    "halves of a list",
    "a file a cell",
    "somebody in two cells",
]


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


def test_a_cells_file_on_another_day_is_a_part_and_a_mended_one_replaces_its_own(city: City) -> None:
    city.put("2021/Q01.001/cb1.csv", of_cell("Chi bộ 1", 1, 2))
    load(city.home)
    city.put("2021/Q01.001/cb2.csv", of_cell("Chi bộ 2", 3))
    load(city.home)
    city.put("2021/Q01.001/cb1.csv", of_cell("Chi bộ 1", 1, level="HTXSNV"))
    load(city.home)
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        facts = (
            "SELECT u.unit_name, f.decided_level_code FROM core.fct_ratings f JOIN core.dim_unit u USING (unit_version_key) ORDER BY ALL"
        )
        assert db.execute(facts).fetchall() == [("Chi bộ 1", "EXCELLENT"), ("Chi bộ 2", "GOOD")]
        status = (
            "SELECT rows_read, rows_in_figures FROM reports.rpt_submission_status WHERE unit_code = 'Q01.001' AND dataset_code = 'ratings'"
        )
        assert db.execute(status).fetchall() == [(2, 2)]
    city.put("2021/Q01.001/tat ca.csv", of_cell("Chi bộ 1", 1) + of_cell("Chi bộ 2", 3, 4)[1:])
    load(city.home)
    with duckdb.connect(str(city.home.published), read_only=True) as db:  # the whole list replaces its parts
        assert db.execute("SELECT count(*) FROM core.fct_ratings").fetchone() == (3,)
        assert db.execute("SELECT count(*) FROM quality.submissions WHERE is_current").fetchone() == (1,)
