"""Planted faults against findings: what was found, what was missed, what was a false alarm, by (file, sheet, row, rule, version of the law).

What does not belong here: where findings come from; the caller hands them over.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import polars as pl

FAULT = ["path", "sheet", "row_no", "rule_code", "version_code"]


@dataclass(frozen=True)
class Recall:
    """`by_rule`: rule_code, version_code, planted, found, missed, false_alarms."""

    by_rule: pl.DataFrame

    @property
    def recall(self) -> float:
        """Of the planted faults the share of those that were found; 1 where none was planted."""
        planted = int(self.by_rule["planted"].sum())
        return int(self.by_rule["found"].sum()) / planted if planted else 1.0

    @property
    def false_alarms(self) -> int:
        return int(self.by_rule["false_alarms"].sum())


def measure(faults: Path, findings: pl.DataFrame, as_of: dt.date) -> Recall:
    """Compare `faults.csv` with the findings of a load of that day (path, sheet, row_no, rule_code, version_code). Nothing is believed: both sides
    are counted. A finding that names another version of the law is a false alarm, and the fault is missed."""
    text = {"path": pl.String, "sheet": pl.String, "row_no": pl.Int64, "rule_code": pl.String, "version_code": pl.String}
    blank = pl.col("sheet").fill_null("")
    planted = (
        pl.read_csv(faults, infer_schema=False).rename({"row": "row_no"}).filter(pl.col("shown_from").fill_null("") <= as_of.isoformat())
    )
    planted = planted.select([pl.col(c).cast(t) for c, t in text.items()]).with_columns(blank).unique()
    found = findings.select([pl.col(c).cast(t) for c, t in text.items()]).with_columns(blank).unique()
    hit = planted.join(found, on=FAULT, how="semi", nulls_equal=True)
    false = found.join(planted, on=FAULT, how="anti", nulls_equal=True)
    by = FAULT[-2:]
    counts = [frame.group_by(by).len(name) for frame, name in ((planted, "planted"), (hit, "found"), (false, "false_alarms"))]
    table = counts[0]
    for other in counts[1:]:
        table = table.join(other, on=by, how="full", coalesce=True, nulls_equal=True)
    table = table.with_columns(pl.col("planted", "found", "false_alarms").fill_null(0))
    table = table.with_columns(missed=pl.col("planted").cast(pl.Int64) - pl.col("found")).sort(by, nulls_last=True)
    return Recall(table.select(*by, "planted", "found", "missed", "false_alarms"))
