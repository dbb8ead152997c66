"""What the small city with faults publishes, as it was approved last: `make figures` writes it, and a change of it is read in the diff.

Of each table its rows and a hash of all of them, so that nothing changes unseen; and of what people count, how often each code stands in a
column and what a measure comes to, so that whoever reads the diff sees what changed.
What does not belong here: whether a figure is right, which the planted truth, the independent count and each rule's own tests say.
"""

import csv
import datetime as dt
import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import polars as pl
import polars.selectors as cs
from conftest import load, tables
from copies import OWN

from pipeline.paths import Home
from pipeline.sample import make_city

APPROVED = Path(__file__).with_name("figures.csv")
AT_RUN = ("received_at", "started_at", "contract", "load_key")  # what a run happened to be, and fingerprints of code
COUNTED = ("fct_", "rpt_", "findings", "not_of_record", "rule_answers", "submissions")
FEW = 40  # values of a column that are counted one by one


def published(home: Home) -> dict[str, pl.DataFrame]:
    """Every published table, without what a run happened to be."""
    return {name: table.select(c for c in table.columns if c not in AT_RUN) for name, table in sorted(tables(home).items())}


def digest(table: pl.DataFrame) -> str:
    return hashlib.sha256(table.sort(table.columns).write_ndjson().encode()).hexdigest()[:16]


def figures(home: Home) -> str:
    """The lines of figures.csv: table, column, value, figure."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(("table", "column", "value", "figure"))
    for name, table in published(home).items():
        lines.writerow((name, "", "rows", table.height))
        lines.writerow((name, "", "all", digest(table)))
        if name.partition(".")[2].startswith(COUNTED):
            lines.writerows((name, *line) for line in _counted(table))
    return out.getvalue()


def _counted(table: pl.DataFrame) -> Iterator[tuple[str, str, int | float]]:
    weight = pl.col("answer_count").sum() if "answer_count" in table.columns else pl.len()
    for column in table.select(cs.matches("_code$|^(is|has)_|_level$")).columns:
        counts = table.group_by(column).agg(weight.alias("n")).sort(column, nulls_last=True)
        if counts.height <= FEW or column in ("rule_code", "version_code"):
            yield from ((column, "" if value is None else str(value), n) for value, n in counts.iter_rows())
    for column in table.select(cs.numeric() - cs.matches("_(no|key)$|^year$")).columns:
        total = table[column].sum()
        yield column, "sum", round(total, 6) if isinstance(total, float) else total


class OneDay(dt.datetime):
    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> "OneDay":
        return cls(2027, 2, 1, tzinfo=tz)


def made(home: Home) -> Home:
    """The small city with faults, to the byte: a workbook behind a password has the same salt and the same day each time."""
    method = "msoffcrypto.method"
    with patch(f"{method}.ecma376_agile._random_buffer", bytes), patch(f"{method}.container.ecma376_encrypted.datetime", OneDay):
        make_city(home, size="small", faults=True)
    return home


if __name__ == "__main__":
    os.environ |= OWN
    with tempfile.TemporaryDirectory() as folder:
        home = made(Home(Path(folder, "data")))
        load(home, **OWN)
        APPROVED.write_text(figures(home), "utf-8")
    print(f"written: {APPROVED.name}; `git diff` shows what is published otherwise than before")
