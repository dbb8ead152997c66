"""What the sample city's files should yield, beside data/raw: tables, figures, planted faults, forms of offices' own.

What does not belong here: reading any of it back in a load.
"""

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.sample.city import City
from pipeline.sample.files import Planted, Sent
from pipeline.sample.tree import Unit
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import template_columns
from pipeline.schemas.kinds import UNIT, meta


def tables(city: City) -> dict[str, pl.DataFrame]:
    """The rows of every dataset with period, sender and the code of their unit; and the people."""
    made = {}
    for dataset, schema in SCHEMAS.items():
        rows = [(period, sender, row) for (period, sender, d), rows in city.rows.items() if d == dataset for row in rows]
        data: dict[str, Any] = {
            "period": pl.Series([period for period, _, _ in rows], dtype=pl.String),
            "sender_code": pl.Series([sender for _, sender, _ in rows], dtype=pl.String),
        }
        for name, col in template_columns(schema).items():
            if meta(col).kind is UNIT:
                values = [_code(row.get(name), sender if name == "unit" else None) for _, sender, row in rows]
            else:
                values = [row.get(name) for _, _, row in rows]
            data[name] = pl.Series(values, dtype=col.dtype.type if name != "period" else pl.String)
        made[dataset] = pl.DataFrame(data)
    made["people"] = pl.DataFrame(
        [(p.identity_number, p.full_name, p.birth, p.sex) for p in city.people],
        schema={"identity_number": pl.String, "full_name": pl.String, "birth_date": pl.Date, "sex_code": pl.String},
        orient="row",
    )
    return made


def _code(unit: Unit | str | None, blank: str | None) -> str | None:
    return unit.unit_code if isinstance(unit, Unit) else unit if unit is not None else blank


def write_truth(
    folder: Path, parts: list[dict[str, pl.DataFrame]], figures: dict[str, Any], planted: Iterable[Planted], sent: Iterable[Sent]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*SCHEMAS, "people"):
        if parts:
            pl.concat([part[name] for part in parts]).write_parquet(folder / f"{name}.parquet")
    (folder / "figures.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")
    _write(folder / "faults.csv", Planted, planted)
    _write(folder / "forms.csv", Sent, sent)


def _write(file: Path, kind: type[Any], things: Iterable[Any]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [f.name for f in fields(kind)])
        writer.writeheader()
        writer.writerows(asdict(thing) for thing in things)
