"""Who signs a report: what the city's registry says, checked across its rows, and looked up.

What does not belong here: how a report is drawn, and where the registry lies.
"""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import polars as pl

from pipeline.codes import fold

OPEN = dt.date(9999, 12, 31)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
WHAT = ("unit_code", "report_kind_code", "report_year")  # what a row is about


def signer_problems(signers: pl.DataFrame, units: pl.DataFrame) -> Iterator[tuple[dict[str, Any], str]]:
    """Rows of units that the registry does not know, and rows that say two things of one report on one day."""
    known = {fold(code) for code in units["unit_code"]}
    rows = signers.to_dicts()
    for row in rows:
        if fold(row["unit_code"]) not in known:
            yield row, "its unit is not in the registry."
        if any(isinstance(value, str) and UNPRINTABLE.search(value) for value in row.values()):
            yield row, "one of its cells holds a control character, which no document can: type the cell anew."
    for one, other in combinations(rows, 2):
        if all(_same(one[name], other[name]) for name in WHAT) and _meet(one, other):
            yield other, f"row {one['row_no']} says already who signs these reports on that day."


def signer_of(signers: pl.DataFrame, unit_code: str, kind: str, year: str, day: dt.date) -> dict[str, Any]:
    """The row that holds for a report made on a day: of what names kind or year before what is for all; nothing where there is none."""
    fit = [
        row
        for row in signers.to_dicts()
        if _same(row["unit_code"], unit_code)
        and row["report_kind_code"] in (kind, None)
        and row["report_year"] in (year, None)
        and row["valid_from"] <= day <= (row["valid_to"] or OPEN)
    ]
    return max(fit, key=lambda row: (row["report_kind_code"] is not None, row["report_year"] is not None), default={})


def _same(one: str | None, other: str | None) -> bool:
    return fold(one or "") == fold(other or "")


def _meet(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["valid_from"] <= (other["valid_to"] or OPEN) and other["valid_from"] <= (one["valid_to"] or OPEN))
