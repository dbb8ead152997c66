"""What there is to say to each unit, gathered from what is published and what stands beside it: its files, what it must mend, its figures.

What does not belong here: what only the restricted zone holds (restricted.py), and how any of it is shown.
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.answers.receipts import to_mend
from pipeline.codes import labels
from pipeline.paths import Home
from pipeline.presentation import WHOLE_FILE, header
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card
from pipeline.warehouse.publish import Database, open_whole

Unit = tuple[str, str]  # period, sender
Row = dict[str, Any]  # of a table, by its columns


@dataclass(frozen=True)
class Answer:
    """One unit's answer for one period, as far as tables hold it; the fingerprint is of exactly this."""

    unit: Unit
    unit_name: str | None
    submissions: list[Row]
    findings: list[Row]
    figures: dict[str, list[Row]]  # of a dataset a row, or one for each code by which its report counts
    due: dict[str, dt.date]
    fingerprint: str = ""


def gather(home: Home) -> tuple[dict[Unit, Answer], dict[str, str]]:
    """Every unit that sent something, from what is published and what stands beside it; and what columns are called there."""
    with open_whole(home) as db:
        shown = _by_unit(to_mend.submissions(db))
        kept_out = _kept_out(db)
        for submission in (s for sent in shown.values() for s in sent):
            submission["kept_out"] = kept_out[submission["submission_key"]]
        findings = _by_unit(to_mend.findings(db))
        names, figures, due = _names(db), _figures(db), _due(db)
        words = db.execute("SELECT column_name, comment FROM duckdb_columns() WHERE schema_name = 'reports'").fetchall()
    answers = {}
    for unit, submissions in shown.items():
        place = (unit[0], next((s["sender_unit_key"] for s in submissions if s["sender_unit_key"]), ""))
        said = (submissions, findings.get(unit, []), figures.get(place, {}), due.get(place, {}))
        told = json.dumps((names.get(place), *said), sort_keys=True, default=str)
        answers[unit] = Answer(unit, names.get(place), *said, fingerprint=hashlib.sha256(told.encode()).hexdigest())
    return answers, {column: header(text) for column, text in words}


def title_of(dataset: str | None) -> str:
    """What a dataset is called; of what is said of no one dataset, that it is said of the file."""
    return SCHEMAS[dataset].title if dataset in SCHEMAS else WHOLE_FILE


def _by_unit(frame: pl.DataFrame) -> dict[Unit, list[Row]]:
    found: dict[Unit, list[Row]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        found[row["period"], row["sender_code"]].append(row)
    return found


def _kept_out(db: Database) -> dict[str, dict[str, int]]:
    """By submission, why rows of it are not of the record, and how many."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    reasons = db.execute(
        f"""SELECT submission_key, reason_code, count(*) FROM restricted.whole.not_of_record
            SEMI JOIN ({to_mend.ANSWERED}) s USING (submission_key) GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    for key, reason, count in reasons:
        found[key][reason] = count
    return found


def _names(db: Database) -> dict[Unit, str]:
    """What a unit is called in a period, by its key."""
    found = db.execute(
        f"""SELECT DISTINCT s.period, s.sender_unit_key, arg_max(u.unit_name, u.valid_from) AS unit_name
            FROM ({to_mend.ANSWERED}) s JOIN core.dim_unit u ON u.unit_key = s.sender_unit_key
                AND year(u.valid_from) <= CAST(left(s.period, 4) AS INTEGER) GROUP BY ALL"""
    ).fetchall()
    return {(period, unit_key): name for period, unit_key, name in found}


def _figures(db: Database) -> dict[Unit, dict[str, list[Row]]]:
    """What the city counts of a unit's datasets, as their cards say; only rows that say something."""
    found: dict[Unit, dict[str, list[Row]]] = defaultdict(dict)
    by_period = {table for (table,) in db.execute("SELECT table_name FROM duckdb_columns() WHERE column_name = 'period'").fetchall()}
    for dataset, schema in SCHEMAS.items():
        if (told := card(schema).receipt) is None:
            continue
        report, by = card(schema).reports[0], [told.by] if told.by else []
        in_order = f"ORDER BY list_position({[*labels(told.by.removesuffix('_code'))]}, {told.by})" if by else ""
        rows = db.execute(
            f"""SELECT {"period" if report in by_period else "CAST(year AS VARCHAR) AS period"}, unit_key, {", ".join((*by, *told.figures))}
                FROM reports.{report} WHERE {" OR ".join(f"{figure} <> 0" for figure in told.figures)} {in_order}"""
        ).pl()
        for row in rows.iter_rows(named=True):
            found[row.pop("period"), row.pop("unit_key")].setdefault(dataset, []).append(row)
    return found


def _due(db: Database) -> dict[Unit, dict[str, dt.date]]:
    """Until when a unit's datasets are awaited."""
    found: dict[Unit, dict[str, dt.date]] = defaultdict(dict)
    expected = db.execute("SELECT period, unit_key, dataset_code, due_on FROM reports.rpt_submission_status").fetchall()
    for period, unit_key, dataset, due_on in expected:
        found[period, unit_key][dataset] = due_on
    return found
