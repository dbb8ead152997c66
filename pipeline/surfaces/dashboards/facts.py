"""Datasets of single facts, where no metric answers: findings by rule, who is late, courses by kind. Their words are the dictionary's.

What does not belong here: figures that are metrics (definitions.py).
"""

from pathlib import Path
from typing import Any

import yaml

from pipeline.metrics import Node
from pipeline.presentation import header
from pipeline.surfaces.dashboards.definitions import FROM_BELOW, UNIT_COLUMNS, Column, Dataset, Measure, line, with_units
from pipeline.warehouse.door import Published

ABOVE = {column.name: column for column in UNIT_COLUMNS if column.name in FROM_BELOW}


def of_facts(published: Published, manifest: Node) -> dict[str, Dataset]:
    """The datasets of facts.yml."""
    drawn: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("facts.yml").read_text("utf-8"))
    return {name: _dataset(name, one, published, manifest) for name, one in drawn.items()}


def _dataset(name: str, drawn: dict[str, Any], published: Published, manifest: Node) -> Dataset:
    schema, _, table = drawn["of"].partition(".")
    types = dict(
        published.db.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = ? AND table_name = ?", [schema, table]
        ).fetchall()
    )
    said = published.words(schema, table)
    words = {column: header(said[column]) for column in drawn["columns"]} | drawn.get("words", {})
    columns = [Column(column, words[column], types[column]) for column in drawn["columns"]]
    place = drawn.get("period", "CAST(f.year AS varchar(9))")
    shown = [f"f.{column}" for column in drawn["columns"]]
    shown += [f"coalesce({one}_shown.shown, f.{one}_name) AS {one}" for one in ABOVE]
    where = f"\nWHERE {drawn['where']}" if "where" in drawn else ""
    sql = f"{with_units(manifest)}\nSELECT {', '.join(shown)}\nFROM {drawn['of']} AS f\n{line('f', place)}{where}"
    measures = [
        Measure(m, one["label"], one["label"], one["expression"], one.get("shown_as", "count")) for m, one in drawn["measures"].items()
    ]
    return Dataset(name, drawn["label"], sql, [*columns, *ABOVE.values()], measures)
