"""One chart as it is drawn in *.yml → as Superset is told: its kind, its metrics and columns, and a title that names the denominator of every share.

What does not belong here: where charts stand (layout.py), and what figures are (definitions.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.surfaces.dashboards.definitions import Dataset, Measure

LEVELS = {"city": ["CITY"], "superior": ["SUPERIOR"], "base": ["BASE_COMMITTEE", "BASE_CELL"]}  # for charts of all units of a level
FORMATS = {"count": ",d", "share": ",.2%", "rate": ",.2f", "months": ",.1f"}


class Drawn(Exception):
    """A dashboard's YAML names what is not there."""


@dataclass(frozen=True)
class Chart:
    """A chart of one dashboard."""

    name: str
    title: str
    description: str
    dataset: Dataset
    params: dict[str, Any]
    width: int
    height: int
    is_of_every_year: bool


def charts_of(dashboard: str, drawn: Mapping[str, Any], found: Mapping[str, Dataset]) -> list[Chart]:
    """The charts of a dashboard, row by row."""
    return [_chart(dashboard, one, found) for row in drawn["rows"] for one in row.get("charts", ())]


def _chart(dashboard: str, drawn: Mapping[str, Any], found: Mapping[str, Dataset]) -> Chart:
    name = f"{dashboard}/{drawn['name']}"
    dataset = found[drawn["of"]]
    known = {measure.name: measure for measure in dataset.measures}
    if missing := [metric for metric in drawn.get("metrics", ()) if metric not in known]:
        raise Drawn(f"{name}: {dataset.name} has no metric {missing}")
    shown = [known[metric] for metric in drawn.get("metrics", ())]
    below = _denominators(shown)
    params = {"adhoc_filters": [*_filters(drawn), *_known(drawn, shown)], "row_limit": drawn.get("rows", 1000)} | KINDS[drawn["kind"]](
        drawn, shown, below
    )
    title = drawn["title"] if drawn["kind"] == "figure" or not below else f"{drawn['title']} ({below})"
    described = drawn.get("says", "") or " ".join(measure.description for measure in shown[:1])
    return Chart(name, title, described, dataset, params, drawn["width"], drawn["height"], bool(drawn.get("every_year")))


def _denominators(shown: list[Measure]) -> str:
    """What the shares are shares of."""
    named = dict.fromkeys(measure.denominator for measure in shown if measure.denominator)
    return "mẫu số: " + "; ".join(one[0].lower() + one[1:] for one in named) if named else ""


def _filters(drawn: Mapping[str, Any]) -> list[dict[str, Any]]:
    chosen = dict(drawn.get("where", {}))
    if "level" in drawn:
        chosen["unit_type_code"] = LEVELS[drawn["level"]]
    return [
        {
            "clause": "WHERE",
            "expressionType": "SIMPLE",
            "subject": column,
            "operator": "IN",
            "operatorId": "IN",
            "comparator": values if isinstance(values, list) else [values],
        }
        for column, values in chosen.items()
    ]


def _known(drawn: Mapping[str, Any], shown: Sequence[Measure]) -> list[dict[str, Any]]:
    """Of bars that are stacked only what is known: Superset writes a total of 0 where none of their parts is."""
    if not drawn.get("stacked") or not shown:
        return []
    of = ", ".join(measure.expression for measure in shown)
    known = f"coalesce({of}) IS NOT NULL" if len(shown) > 1 else f"{of} IS NOT NULL"
    return [{"clause": "HAVING", "expressionType": "SQL", "sqlExpression": known}]


def _in_order(column: str) -> dict[str, Any]:
    """The order of a column that is not shown."""
    return {
        "expressionType": "SQL",
        "sqlExpression": f"min({column})",
        "label": f"Thứ tự {column}",
        "hasCustomLabel": True,
        "optionName": f"order_{column}",
    }


def _figure(drawn: Mapping[str, Any], shown: list[Measure], below: str) -> dict[str, Any]:
    (measure,) = shown
    said = " · ".join(filter(None, [drawn.get("subtitle", ""), below]))
    return {
        "viz_type": "big_number_total",
        "metric": _as_sql(measure, measure.label) if "format" in drawn else measure.name,  # a metric's own format goes before a chart's
        "subtitle": said,
        "subheader": said,
        "y_axis_format": drawn.get("format", FORMATS[measure.shown_as]),
        "header_font_size": 0.5,
        "subtitle_font_size": 0.2,
        "subheader_font_size": 0.2,
        "time_format": "smart_date",
    }


def _bars(drawn: Mapping[str, Any], shown: list[Measure], _below: str) -> dict[str, Any]:
    is_flat, is_whole = bool(drawn.get("flat")), bool(drawn.get("whole"))  # whole: shares that are 100 % together
    return {
        "viz_type": "echarts_timeseries_bar",
        "x_axis": drawn["by"],
        "xAxisForceCategorical": True,
        "time_grain_sqla": None,
        "metrics": _series(shown, drawn.get("labels", ())),
        "groupby": drawn.get("parts", []),
        "orientation": "horizontal" if is_flat else "vertical",
        "stack": "Stack" if drawn.get("stacked") or is_whole else None,
        **_sorted(drawn),
        "order_desc": True,
        "sort_series_type": "name",
        "sort_series_ascending": len(shown) > 1,  # of codes, the good ones begin with the later letters
        "show_legend": len(shown) > 1 or bool(drawn.get("parts")),
        "legendOrientation": "top",
        "legendType": "plain",
        "show_value": bool(drawn.get("values", True)),
        "only_total": True,  # numbers of small parts would lie on one another
        "y_axis_format": ",.0%" if is_whole else FORMATS[shown[0].shown_as],
        "rich_tooltip": True,
        "showTooltipTotal": False,
        "truncateYAxis": False,
        "y_axis_bounds": [None, 1] if is_whole else [None, None],
        "color_scheme": "personnel",
        "x_axis_title_margin": 0,
        "y_axis_title_margin": 0,
        "xAxisLabelRotation": 0,
        "xAxisLabelInterval": "0",
        "zoomable": False,
        "minorTicks": False,
    }


def _sorted(drawn: Mapping[str, Any]) -> dict[str, Any]:
    """By a metric that is shown, by a column that is not, else by name; flat bars begin below."""
    is_down = bool(drawn.get("descending"))
    if "order" in drawn:
        order = _in_order(drawn["order"])
        return {"timeseries_limit_metric": order, "x_axis_sort": order["label"], "x_axis_sort_asc": not is_down}
    if drawn.get("parts"):
        return {"x_axis_sort_series": "name", "x_axis_sort_series_ascending": not is_down}
    return {"x_axis_sort": drawn.get("sort", drawn["by"]), "x_axis_sort_asc": not is_down}


def _series(shown: list[Measure], names: Sequence[str]) -> list[Any]:
    """Metrics as parts of bars, which Superset sorts by name: spaces before a label, the more the earlier, keep them as they are drawn."""
    if len(shown) == 1:
        return [shown[0].name]
    labels = in_order(list(names or (measure.label for measure in shown)))
    return [_as_sql(measure, label) for measure, label in zip(shown, labels, strict=True)]


def _as_sql(measure: Measure, label: str) -> dict[str, Any]:
    """A metric under another label than its own."""
    return {
        "expressionType": "SQL",
        "sqlExpression": measure.expression,
        "label": label,
        "hasCustomLabel": True,
        "optionName": measure.name,
    }


def in_order(labels: list[str]) -> list[str]:
    """
    >>> sorted(in_order(["Xuất sắc", "Tốt"]))[0].strip()
    'Xuất sắc'
    """
    return [" " * (len(labels) - 1 - n) + label for n, label in enumerate(labels)]


def _table(drawn: Mapping[str, Any], shown: list[Measure], _below: str) -> dict[str, Any]:
    table: dict[str, Any] = {
        "viz_type": "table",
        "table_timestamp_format": "%d/%m/%Y",
        "server_pagination": False,
        "page_length": 0,
        "include_search": bool(drawn.get("search")),
        "show_cell_bars": bool(drawn.get("cell_bars")),
        "color_pn": False,
        "allow_rearrange_columns": False,
        "order_desc": bool(drawn.get("descending")),
        "column_config": {m.name: {"d3NumberFormat": FORMATS[m.shown_as]} for m in shown} | {"year": {"d3NumberFormat": "d"}},
    }
    if not shown:
        order = drawn.get("order", drawn["columns"][:1])
        return table | {
            "query_mode": "raw",
            "all_columns": drawn["columns"],
            "order_by_cols": [f'["{column}", true]' for column in order],
        }
    return table | {
        "query_mode": "aggregate",
        "groupby": drawn["columns"],
        "metrics": [measure.name for measure in shown],
        "timeseries_limit_metric": _in_order(drawn["order"]) if "order" in drawn else drawn.get("sort"),
    }


KINDS = {"figure": _figure, "bars": _bars, "table": _table}
