"""Where charts stand on a dashboard, and what it can be filtered by, as Superset is told.

What does not belong here: the charts themselves (charts.py).
"""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.surfaces.dashboards.charts import Chart

Identity = Callable[[str, str], str]
COLOURS = {
    "excellent": "#1F4E78",
    "excellent_share_of_rated": "#1F4E78",
    "good_exclusive": "#6FA8DC",
    "good_exclusive_share_of_rated": "#6FA8DC",
    "completed": "#E0A030",
    "completed_share_of_rated": "#E0A030",
    "not_completed": "#B5473C",
    "not_completed_share_of_rated": "#B5473C",
    "not_rated": "#BFBFBF",
    "population": "#BFBFBF",
    "rated": "#6FA8DC",
    "Đúng hạn": "#1F4E78",
    "Không phát sinh": "#6FA8DC",
    "Trễ hạn": "#E0A030",
    "Chưa nộp": "#B5473C",
    "Chưa đến hạn": "#BFBFBF",
    "Lỗi": "#B5473C",
    "Cảnh báo": "#E0A030",
    "Câu hỏi": "#6FA8DC",
    "reprimanded": "#6FA8DC",
    "warned": "#E0A030",
    "removed": "#8E7CC3",
    "expelled": "#B5473C",
}
CSS = """
.dashboard-markdown, .dashboard-markdown > div, .dashboard-markdown .dashboard-component { background: transparent !important; box-shadow: none !important; }
.dashboard-markdown h3 { margin: 0; color: #1F4E78; border-bottom: 2px solid #1F4E78; padding-bottom: 4px; }
.header-line { color: #1F4E78 !important; }
.subtitle-line, .subheader-line { font-size: 13px !important; line-height: 1.25 !important; white-space: normal !important; } /* it would shrink with the card */
[data-test^="NATIVE_FILTER-"] { width: 164px !important; } /* a long name would push the filters after it out of sight */
.filter-counts { display: none !important; } /* what is chosen stands above */
.dt-is-null { font-size: 0; }
.dt-is-null::after { content: "chưa rõ"; font-size: 12px; color: #8C8C8C; }
"""
# name (short: at 1,440 dots five stand side by side), what it offers, of which dataset, whose choice narrows it
FILTERS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "year": ("Năm", "year", "years", ()),
    "superior": ("Cấp trên", "superior", "units", ("year",)),
    "base": ("Cơ sở", "base", "units", ("year", "superior")),
    "section": ("Bộ phận", "section", "units", ("year", "superior", "base")),
    "cell": ("Chi bộ", "cell", "units", ("year", "superior", "base", "section")),
}


def dashboard(name: str, drawn: Mapping[str, Any], charts: list[Chart], identity: Identity) -> dict[str, Any]:
    """A dashboard with all its charts."""
    always = [
        number for number, chart in enumerate(charts, 1) if chart.is_of_every_year
    ]  # by the numbers in _position: importing gives others
    filters = [_filter(one, identity, always) for one in drawn["filters"]]
    return {
        "dashboard_title": drawn["title"],
        "description": drawn["says"],
        "css": CSS,
        "slug": drawn["slug"],
        "certified_by": None,
        "certification_details": None,
        "published": True,
        "uuid": identity("dashboard", name),
        "position": _position(drawn, charts, identity),
        "metadata": {
            "native_filter_configuration": filters,
            "filter_bar_orientation": "HORIZONTAL",
            "color_scheme": "personnel",
            "label_colors": _colours(charts),
            "shared_label_colors": [],
            "cross_filters_enabled": True,
            "refresh_frequency": 0,
            "expanded_slices": {},
            "timed_refresh_immune_slices": [],
            "default_filters": "{}",
        },
        "version": "1.0.0",
    }


def _colours(charts: list[Chart]) -> dict[str, str]:
    """The colours of labels: a metric's is that of each label under which it is drawn."""
    drawn = [one for chart in charts for one in chart.params.get("metrics", ()) if isinstance(one, dict)]
    return COLOURS | {one["label"]: COLOURS[one["optionName"]] for one in drawn if one["optionName"] in COLOURS}


def _filter(name: str, identity: Identity, excluded: list[int]) -> dict[str, Any]:
    title, column, dataset, above = FILTERS[name]
    is_year = name == "year"
    return {
        "id": f"NATIVE_FILTER-{name}",
        "name": title,
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [{"datasetUuid": identity("dataset", dataset), "column": {"name": column}}],
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "controlValues": {
            "multiSelect": False,
            "enableEmptyFilter": is_year,
            "defaultToFirstItem": is_year,
            "sortAscending": not is_year,
            "inverseSelection": False,
            "searchAllOptions": name == "cell",  # a list has 1,000 lines at most, and a city more cells
        },
        **({"sortMetric": "turn_first", "requiredFirst": True} if is_year else {"adhoc_filters": [_there_is(column)]}),
        "cascadeParentIds": [f"NATIVE_FILTER-{one}" for one in above],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": excluded if is_year else []},
        "description": "",
    }


def _there_is(column: str) -> dict[str, Any]:
    return {"clause": "WHERE", "expressionType": "SQL", "sqlExpression": f"{column} IS NOT NULL", "filterOptionName": f"there_is_{column}"}


def _position(drawn: Mapping[str, Any], charts: list[Chart], identity: Identity) -> dict[str, Any]:
    rows: list[str] = []
    placed: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": rows, "parents": ["ROOT_ID"]},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": drawn["title"]}},
    }
    left = enumerate(charts, 1)
    for number, row in enumerate(drawn["rows"]):
        own = f"ROW-{number}"
        rows.append(own)
        children = []
        if "text" in row:
            children.append(f"MARKDOWN-{number}")
            placed[children[0]] = {
                "id": children[0],
                "type": "MARKDOWN",
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID", own],
                "meta": {"code": row["text"], "width": 12, "height": row.get("height", 8)},
            }
        for _ in row.get("charts", ()):
            chart_no, chart = next(left)
            key = identity("chart", chart.name)
            children.append(f"CHART-{key}")
            placed[children[-1]] = {
                "id": children[-1],
                "type": "CHART",
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID", own],
                "meta": {"chartId": chart_no, "uuid": key, "sliceName": chart.title, "width": chart.width, "height": chart.height},
            }
        placed[own] = {
            "id": own,
            "type": "ROW",
            "children": children,
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
    return placed
