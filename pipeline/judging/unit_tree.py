"""The tree of units as the registry has it: what is wrong with it, and who took over from whom.

What does not belong here: reading it, and the registry's other lists.
"""

import datetime as dt
from collections import defaultdict
from itertools import pairwise
from typing import Any

import polars as pl

from pipeline.codes import fold
from pipeline.presentation import day

PARENT_TYPES = {
    "CITY": set(),
    "SUPERIOR": {"CITY"},
    "BASE_COMMITTEE": {"SUPERIOR", "CITY"},  # directly under the city since the communes' committees of 2025
    "BASE_CELL": {"SUPERIOR", "CITY"},
    "SECTION": {"BASE_COMMITTEE"},
    "CELL": {"BASE_COMMITTEE", "SECTION"},
}
OPEN = dt.date(9999, 12, 31)


def row_named(file: str, row: dict[str, Any]) -> str:
    """Where a row of the registry stands, in words of a log."""
    sheet = f", sheet {row['sheet']}" if row["sheet"] else ""
    return f"{file}{sheet}, row {row['row_no']}"


def successors_of(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Who took over from whom."""
    return {r["unit_id"]: r["successor_unit_id"] for r in rows if r["successor_unit_id"]}


def line_of(unit_id: str, successors: dict[str, str]) -> list[str]:
    """A unit and who took over from it, one after another; where that comes back to one of them, up to there.

    >>> line_of("A", {"A": "B", "B": "C"}), line_of("A", {"A": "B", "B": "A"})
    (['A', 'B', 'C'], ['A', 'B'])
    """
    line: list[str] = []
    at: str | None = unit_id
    while at and at not in line:
        line.append(at)
        at = successors.get(at)
    return line


def tree_problems(units: pl.DataFrame, file: str) -> list[str]:
    """What is wrong with the tree, each with its row: identity, codes, parents, types, cycles.

    A unit's stretches do not overlap; a code names one unit on any day; a parent is of an allowed type and valid
    over the child's whole life; the city alone has no parent; whoever takes over from a unit is there on the day after its last. The allowed types are ordered (city above superior above
    base above section above cell), so a cycle cannot pass: one of its units has a parent of a type that is not allowed.
    """
    problems: list[str] = []
    rows = [r | {"end": r["valid_to"] or OPEN} for r in units.to_dicts()]
    stretches: dict[str, list[dict[str, Any]]] = defaultdict(list)
    by_code: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        stretches[row["unit_id"]].append(row)
        by_code[fold(row["unit_code"])].append(row)

    def say(row: dict[str, Any], sentence: str) -> None:
        problems.append(f"{row_named(file, row)}: {sentence}")

    for same in stretches.values():
        same.sort(key=lambda r: r["valid_from"])
        for before, after in pairwise(same):
            if after["valid_from"] <= before["end"]:
                say(after, f"this stretch overlaps the one of row {before['row_no']} of the same unit.")
    for same in by_code.values():
        same.sort(key=lambda r: r["valid_from"])
        for before, after in pairwise(same):
            if after["unit_id"] != before["unit_id"] and after["valid_from"] <= before["end"]:
                say(after, f"its code already names another unit on that day (row {before['row_no']}).")
    if not any(r["unit_type_code"] == "CITY" for r in rows):
        problems.append(f"{file}: no unit of type CITY (Đảng bộ thành phố).")
    for row in rows:
        if row["unit_type_code"] == "CITY":
            if row["parent_unit_id"]:
                say(row, "the city has no parent.")
            continue
        parents = stretches.get(row["parent_unit_id"] or "", [])
        if not parents:
            say(row, "its parent is blank or not in the registry.")
            continue
        covered = row["valid_from"]
        for parent in parents:
            if parent["end"] < row["valid_from"] or parent["valid_from"] > row["end"]:
                continue
            if parent["unit_type_code"] not in PARENT_TYPES[row["unit_type_code"]]:
                say(row, f"a {row['unit_type_code']} cannot be under a {parent['unit_type_code']} (row {parent['row_no']}).")
            if parent["valid_from"] <= covered:
                covered = max(covered, min(parent["end"], OPEN - dt.timedelta(days=1)) + dt.timedelta(days=1))
        if covered <= row["end"] and covered != OPEN:
            say(row, f"its parent is not valid on {day(covered)}.")
    return problems + _successor_problems(rows, stretches, file)


def _successor_problems(rows: list[dict[str, Any]], stretches: dict[str, list[dict[str, Any]]], file: str) -> list[str]:
    """What is wrong with who took over from whom: `stretches` of each unit in their order."""
    problems: list[str] = []
    successors = successors_of(rows)
    for row in rows:
        if not (successor := row["successor_unit_id"]):
            continue
        line = line_of(row["unit_id"], successors)
        after = row["end"] + dt.timedelta(days=1)
        if successor not in stretches:
            problems.append(f"{row_named(file, row)}: its successor is not in the registry.")
        elif row is not stretches[row["unit_id"]][-1]:
            problems.append(f"{row_named(file, row)}: the unit goes on after this stretch; a successor stands in a unit's last stretch.")
        elif successors.get(line[-1]) in line:
            problems.append(f"{row_named(file, row)}: its successors lead back to one of them.")
        elif not any(one["valid_from"] <= after <= one["end"] for heir in line[1:] for one in stretches.get(heir, [])):
            problems.append(f"{row_named(file, row)}: its successor is not valid on {day(after)}.")
    return problems
