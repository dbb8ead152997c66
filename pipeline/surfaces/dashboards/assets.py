"""What is drawn (*.yml here) and what is asked (definitions.py, facts.py) → the YAML that Superset imports, a folder of it.

What does not belong here: how one kind of chart is told to Superset (charts.py), and importing (prepare.py).
"""

import json
import os
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from pipeline.surfaces import address
from pipeline.surfaces.dashboards import layout
from pipeline.surfaces.dashboards.charts import FORMATS, Chart, charts_of
from pipeline.surfaces.dashboards.definitions import Column, Dataset, Measure, datasets
from pipeline.surfaces.dashboards.facts import of_facts
from pipeline.warehouse.door import Published

FOLDER = Path(__file__).parent
DASHBOARDS = ("city", "submissions", "growth", "unit")  # in the order in which they are listed
OURS = uuid.UUID("5f6a3c1e-0000-4000-8000-706572736f6e")  # what all identities are made of: the same name is the same thing again
DATABASE = "Kho dữ liệu đã công bố"


def identity(kind: str, name: str) -> str:
    """By what Superset knows a thing again."""
    return str(uuid.uuid5(OURS, f"{kind}/{name}"))


def asked(published: Published) -> dict[str, Dataset]:
    """Every dataset: those of the metrics, and those of facts. Raises ValueError where nothing published has metrics."""
    manifest = published.metrics()
    if manifest is None:
        raise ValueError("The published version has no metrics: run `make load`.")
    return datasets(json.loads(manifest)) | of_facts(published, json.loads(manifest))


def write(published: Published, folder: Path, asked_in: str = "") -> None:
    """All of it as files; `asked_in`: the address of a PostgreSQL that is asked instead of the published file."""
    shutil.rmtree(folder, ignore_errors=True)
    found = asked(published)
    _write(folder / "metadata.yaml", {"version": "1.0.0", "type": "assets", "timestamp": "2026-01-01T00:00:00+00:00"})
    _write(folder / "databases", _database(asked_in))
    for dataset in found.values():
        _write(folder / "datasets", _dataset(dataset))
    for name in DASHBOARDS:
        drawn = yaml.safe_load((FOLDER / f"{name}.yml").read_text("utf-8"))
        charts = charts_of(name, drawn, found)
        for chart in charts:
            _write(folder / "charts", _chart(chart))
        _write(folder / "dashboards", layout.dashboard(name, drawn, charts, identity))


def _write(target: Path, what: Mapping[str, Any]) -> None:
    """A file named by its identity, or as it is said."""
    file = target if target.suffix else target / f"{what['uuid']}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(dict(what), allow_unicode=True, sort_keys=False, width=160), "utf-8")


def _database(asked_in: str) -> dict[str, Any]:
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": asked_in or "duckdb:///:memory:",  # superset_config.py opens the published version in it
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "extra": {"allows_virtual_table_explore": True, "engine_params": {}, "metadata_params": {}, "schemas_allowed_for_file_upload": []},
        "uuid": identity("database", "published"),
        "version": "1.0.0",
    }


def _dataset(dataset: Dataset) -> dict[str, Any]:
    return {
        "table_name": dataset.label,
        "main_dttm_col": None,
        "description": None,
        "default_endpoint": None,
        "offset": 0,
        "cache_timeout": None,
        "catalog": None,
        "schema": None,
        "sql": dataset.sql,
        "params": None,
        "template_params": None,
        "filter_select_enabled": True,
        "fetch_values_predicate": None,
        "extra": None,
        "normalize_columns": False,
        "always_filter_main_dttm": False,
        "uuid": identity("dataset", dataset.name),
        "metrics": [_measure(one) for one in dataset.measures],
        "columns": [_column(one) for one in dataset.columns],
        "version": "1.0.0",
        "database_uuid": identity("database", "published"),
    }


def _measure(one: Measure) -> dict[str, Any]:
    below = f" Mẫu số: {one.denominator}." if one.denominator else ""
    return {
        "metric_name": one.name,
        "verbose_name": one.label,
        "metric_type": None,
        "expression": one.expression,
        "description": one.description + below,
        "d3format": FORMATS[one.shown_as],
        "currency": None,
        "extra": {},
        "warning_text": None,
    }


def _column(one: Column) -> dict[str, Any]:
    return {
        "column_name": one.name,
        "verbose_name": one.label,
        "is_dttm": False,
        "is_active": True,
        "type": one.type,
        "advanced_data_type": None,
        "groupby": not one.is_measure,
        "filterable": not one.is_measure,
        "expression": None,
        "description": None,
        "python_date_format": None,
        "extra": {},
    }


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "slice_name": chart.title,
        "description": chart.description or None,
        "certified_by": None,
        "certification_details": None,
        "viz_type": chart.params["viz_type"],
        "params": chart.params,
        "query_context": None,
        "cache_timeout": None,
        "uuid": identity("chart", chart.name),
        "version": "1.0.0",
        "dataset_uuid": identity("dataset", chart.dataset.name),
    }


def address_of_postgresql() -> str:
    """Where PostgreSQL is asked instead of the file; empty where it is not. A password comes from ~/.pgpass."""
    given = os.environ.get("PERSONNEL_DASHBOARDS_DATABASE", "").strip()
    if not given:
        return ""
    asked = address.parse(given)  # raises NoAddress
    if not (asked.is_at_home or asked.says_ssl):
        given += ("&" if "?" in given else "?") + "sslmode=require"  # libpq would go on in clear where the server has no certificate
    return "postgresql+psycopg2://" + given.partition("://")[2]
