"""Planted faults against findings: what was found, what was missed, what was a false alarm, by (file, sheet, row, rule).

What does not belong here: where findings come from; the caller hands them over.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

PLACE = ["path", "sheet", "row_no", "rule_code"]


@dataclass(frozen=True)
class Recall:
    """`by_rule`: rule_code, planted, found, missed, false_alarms."""

    by_rule: pl.DataFrame

    @property
    def recall(self) -> float:
        planted = self.by_rule["planted"].sum()
        return self.by_rule["found"].sum() / planted if planted else 1.0

    @property
    def false_alarms(self) -> int:
        return int(self.by_rule["false_alarms"].sum())


def measure(faults: Path, findings: pl.DataFrame) -> Recall:
    """Compare `faults.csv` with findings (path, sheet, row_no, rule_code). Nothing is believed: both sides are counted."""
    text = {"path": pl.String, "sheet": pl.String, "row_no": pl.Int64, "rule_code": pl.String}
    planted = pl.read_csv(faults, infer_schema=False).rename({"row": "row_no"}).select([pl.col(c).cast(t) for c, t in text.items()])
    blank = pl.col("sheet").fill_null("")
    planted = planted.with_columns(blank).unique()
    found = findings.select([pl.col(c).cast(t) for c, t in text.items()]).with_columns(blank).unique()
    hit = planted.join(found, on=PLACE, how="semi", nulls_equal=True)
    false = found.join(planted, on=PLACE, how="anti", nulls_equal=True)
    counts = [frame.group_by("rule_code").len(name) for frame, name in ((planted, "planted"), (hit, "found"), (false, "false_alarms"))]
    table = counts[0]
    for other in counts[1:]:
        table = table.join(other, on="rule_code", how="full", coalesce=True)
    table = table.fill_null(0).with_columns(missed=pl.col("planted") - pl.col("found")).sort("rule_code")
    return Recall(table.select("rule_code", "planted", "found", "missed", "false_alarms"))
