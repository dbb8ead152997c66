"""What one file's rows and columns came to, in canonical values, as its officer and other programs get them.

What does not belong here: words for people, and judging.
"""

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from pipeline import nightly
from pipeline.answers.read_as import ReadColumn, as_held, as_it_stands, examples, read_columns
from pipeline.intake.readings import position_of
from pipeline.intake.rows import RowClass
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.kinds import meta

Row = tuple[str, str, int]  # dataset, sheet, row


@dataclass(frozen=True)
class Place:
    """Where a row came to stand in the registry's eyes."""

    in_figures: bool
    reason: str | None
    unit_codes: dict[str, str]  # column → code of the unit that it names
    is_unit_assumed: bool = False


def columns_of(said: nightly.Judgement, explained: nightly.Explained) -> list[tuple[ReadColumn, list[str]]]:
    """How each column was read, and some of what stands in it."""
    found = []
    faults = said.frames["findings"].select("rule_code", "sheet", "cell").iter_rows()
    for c in as_held(read_columns(said.frames["forms"].iter_rows(named=True)), faults):
        position, rows = position_of(c.letter) if c.letter else None, explained.cells.get(c.sheet, [])
        shown = [c.said] if c.said else []
        found.append((as_it_stands(c, rows), shown if position is None else examples(position, rows[c.first_row - 1 :])))
    return found


def classes_of(explained: nightly.Explained) -> dict[str, Counter[RowClass]]:
    """Sheet → how many of its rows are what."""
    counted: dict[str, Counter[RowClass]] = {}
    for sheet, _, kind, _ in explained.rows:
        counted.setdefault(sheet, Counter())[kind] += 1
    return counted


def written_in(said: nightly.Judgement) -> dict[Row, dict[str, str]]:
    """What stands in each row, as its sender wrote it."""
    return {
        (dataset, sheet or "", row_no): text
        for dataset, judged in said.judged.items()
        for sheet, row_no, text in zip(judged.typed["sheet"], judged.typed["row_no"], judged.text.iter_rows(named=True), strict=True)
    }


def rows_of(said: nightly.Judgement, places: dict[Row, Place] | None) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Every row taken for somebody, by dataset and sheet: what is written there in canonical values, and what is assumed besides."""
    refused = set(said.frames["submissions"].filter(verdict_code="REFUSED")["dataset_code"])
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {(t.dataset, t.sheet or ""): [] for t in said.reading.tables}
    for dataset, judged in said.judged.items():
        own = own_columns(SCHEMAS[dataset])
        for typed, text, is_faulty in zip(
            judged.typed.iter_rows(named=True), judged.text.iter_rows(named=True), judged.is_faulty, strict=True
        ):
            place = (places or {}).get((dataset, typed["sheet"] or "", typed["row_no"]))
            values: dict[str, Any] = {}
            assumed: dict[str, Any] = {}
            for column, col in own.items():
                into = values if text[column] is not None else assumed
                if (value := text[column] if meta(col).kind.is_as_written else _plain(typed[column])) is not None:
                    into[column] = value
                beside = meta(col).kind.beside
                if beside and typed[beside(column)] is not None:
                    into[beside(column)] = typed[beside(column)]
            for column, unit_code in place.unit_codes.items() if place else ():
                is_said = column in values and not (place and place.is_unit_assumed and column == "unit")
                (values if is_said else assumed)[f"{column}_code"] = unit_code
            row = {"row": typed["row_no"], "accepted": not is_faulty and dataset not in refused, "values": values, "assumed": assumed}
            row["in_figures"] = None if places is None else bool(place and place.in_figures)
            row["kept_out"] = place.reason if place else None
            rows.setdefault((dataset, typed["sheet"] or ""), []).append(row)
    return rows


def _plain(value: Any) -> Any:
    """A value as JSON has it: days in ISO, whole numbers without a point, and nothing that is no number.

    >>> _plain(dt.date(1980, 5, 1)), _plain(88.0), _plain(float("nan"))
    ('1980-05-01', 88, None)
    """
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return None if not math.isfinite(value) else int(value) if value.is_integer() else value
    return value
