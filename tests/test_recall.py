"""Recall compares the rule and the version of the law: a finding that names another version than was broken has not found the fault."""

import csv
import datetime as dt
from dataclasses import asdict
from pathlib import Path

import polars as pl
import pytest

from pipeline.sample.files import Planted
from pipeline.sample.recall import Recall, measure

AS_OF = dt.date(2022, 2, 1)
CAP, CODE = "excellent_within_cap", "code_known"


def compare(folder: Path, planted: list[Planted], found: list[tuple[int, str, str | None]]) -> Recall:
    with (folder / "faults.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(asdict(planted[0])))
        writer.writeheader()
        writer.writerows(asdict(p) for p in planted)
    rows = [("f", "s", row, rule, version) for row, rule, version in found]
    columns = {"path": pl.String, "sheet": pl.String, "row_no": pl.Int64, "rule_code": pl.String, "version_code": pl.String}
    return measure(folder / "faults.csv", pl.DataFrame(rows, schema=columns, orient="row"), AS_OF)


def test_a_finding_that_names_another_version_is_a_false_alarm_and_the_fault_is_missed(tmp_path: Path) -> None:
    planted = [Planted("f", "s", 5, CAP, "over", "R09a"), Planted("f", "s", 6, CODE, "no code")]
    right = compare(tmp_path, planted, [(5, CAP, "R09a"), (6, CODE, None)])
    assert (right.recall, right.false_alarms) == (1.0, 0)
    for other in ("R09c", None):
        wrong = compare(tmp_path, planted, [(5, CAP, other), (6, CODE, None)])
        assert (wrong.recall, wrong.false_alarms) == (0.5, 1)
    assert wrong.by_rule.filter(pl.col("missed") > 0).select("rule_code", "version_code").rows() == [(CAP, "R09a")]


@pytest.mark.parametrize(("rule", "version"), [(CAP, ""), (CAP, "R04"), (CODE, "R09a")])
def test_a_rule_of_law_is_planted_as_a_version_of_its_own_and_no_other_rule_has_one(rule: str, version: str) -> None:
    with pytest.raises(ValueError, match=rule):
        Planted("f", "s", 5, rule, "kind", version)
