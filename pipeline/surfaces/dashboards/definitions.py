"""The semantic models of the published version → Superset's datasets: SQL, columns, and metrics as sums over them.

A row of a dataset is a row of its report. Reports have a line for each unit of each level, and lines of two levels are never added: of what is filtered, a
chart shows the lowest level that is named (Jinja, LEVELS), as `pipeline metric` does. What does not belong here: charts, and how Superset writes a file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.metrics import FILTERED, Metric, Node, metrics_of
from pipeline.presentation import vietnamese

UNITS = "units_in_periods"  # the semantic model to which all others lead
FROM_BELOW = ("cell", "section", "base", "superior")  # what dashboards filter by
# A unit by its newest name, so that a filter holds over years in which it was renamed; with its code where two units bear the name.
NAMES = """newest AS (
  SELECT unit_key, CASE WHEN count(*) OVER (PARTITION BY unit_name) > 1 THEN concat(unit_name, ' (', unit_code, ')') ELSE unit_name END AS shown
  FROM (SELECT unit_key, unit_code, unit_name, row_number() OVER (PARTITION BY unit_key ORDER BY period_to DESC, period DESC) AS place FROM core.dim_unit_in_period) AS every
  WHERE place = 1
),
shown AS (SELECT named.period, named.unit_code, newest.shown FROM core.dim_unit_in_period AS named JOIN newest ON newest.unit_key = named.unit_key)"""

# Years, and which is shown first: the newest in which at least half as many were rated as in the fullest.
YEARS = """SELECT year, CASE WHEN 2 * sum(rated) >= max(sum(rated)) OVER () THEN year ELSE year - 1000 END AS turn
FROM reports.rpt_rating_summary WHERE period_type_code = 'YEAR' AND unit_type_code = 'CITY' GROUP BY year"""
# People of two years are not twice as many: who names no year gets the first.
ONE_YEAR = (
    "{% if filter_values('year') or 'year' in (columns | string) %}1 = 1"
    f"{{% else %}}u.year = (SELECT first_year.year FROM ({YEARS}) AS first_year ORDER BY first_year.turn DESC LIMIT 1){{% endif %}}"
)


def line(of: str, period: str) -> str:
    """The names of the units above a row, as filters have them."""
    return "\n".join(
        f"LEFT JOIN shown AS {place}_shown ON {place}_shown.period = {period} AND {place}_shown.unit_code = {of}.{place}_code"
        for place in reversed(FROM_BELOW)
    )


@dataclass(frozen=True)
class Column:
    """What can be grouped and filtered by."""

    name: str
    label: str
    type: str = "VARCHAR"
    is_measure: bool = False  # what metrics are sums of


@dataclass(frozen=True)
class Measure:
    """A metric as SQL over the dataset's columns."""

    name: str
    label: str
    description: str
    expression: str
    shown_as: str
    denominator: str = ""


@dataclass(frozen=True)
class Dataset:
    """A question that charts ask further."""

    name: str
    label: str
    sql: str
    columns: list[Column]
    measures: list[Measure] = field(default_factory=list)


UNIT_COLUMNS = [
    Column("year", "Năm", "INTEGER"),
    Column("period", "Kỳ"),
    Column("unit_type_code", "Mã loại đơn vị"),
    Column("unit_type", "Loại đơn vị"),
    Column("unit_code", "Mã đơn vị"),
    Column("unit", "Đơn vị"),
    Column("superior_order", "Thứ tự đảng bộ cấp trên", "INTEGER"),
    Column("superior", "Đảng bộ cấp trên trực tiếp cơ sở"),
    Column("base", "Tổ chức cơ sở đảng"),
    Column("section", "Đảng bộ bộ phận"),
    Column("cell", "Chi bộ"),
]


def datasets(manifest: Node) -> dict[str, Dataset]:
    """A dataset for each semantic model that measures something, by its name; and what is below the unit that is chosen, as `…_below`."""
    found, metrics = choices(manifest), metrics_of(manifest)
    for model in manifest["semantic_models"]:
        if model.get("measures"):
            found[model["name"]] = _Model(manifest, metrics, model).dataset()
            if _rows(model) == "every_level":
                found[f"{model['name']}_below"] = _Model(manifest, metrics, model, is_below=True).dataset()
    return found


def choices(manifest: Node) -> dict[str, Dataset]:
    """What filters offer: units, and years."""
    names = [column.name for column in UNIT_COLUMNS]
    units = f"{with_units(manifest)}\nSELECT {', '.join(f'u.{name}' for name in names)} FROM u WHERE u.period_type_code = 'YEAR'"
    turn = Measure("turn_first", "Thứ tự năm", "Năm đủ số liệu trước", "max(turn)", "count")
    return {
        "units": Dataset("units", "Đơn vị", units, UNIT_COLUMNS, [Measure("units", "Số đơn vị", "Số đơn vị", "count(*)", "count")]),
        "years": Dataset("years", "Năm", YEARS, [Column("year", "Năm", "INTEGER"), Column("turn", "Thứ tự năm", "INTEGER", True)], [turn]),
    }


def with_units(manifest: Node) -> str:
    """What stands before a question on units: `u`, each in each period, with its line as filters name it."""
    units = next(m for m in manifest["semantic_models"] if m["name"] == UNITS)
    (key,) = (e["expr"] for e in units["entities"])
    return f"""WITH {NAMES},
u AS (
  SELECT own.unit_in_period, own.year, own.period, own.period_type_code, own.unit_type_code, own.unit_type_label AS unit_type, own.unit_type_sort,
    own.unit_code, newest.shown AS unit, dense_rank() OVER (ORDER BY own.superior_code) AS superior_order,
    {", ".join(f"{place}_shown.shown AS {place}" for place in reversed(FROM_BELOW))}
  FROM (SELECT *, {key} AS unit_in_period FROM {_table(units)}) AS own
  JOIN newest ON newest.unit_key = own.unit_key
  {line("own", "own.period")}
)"""


# Which lines are those of a unit that is chosen, by the lowest level that is; and those right below it, each once: a cell of a section is the section's.
AT = {
    "cell": "u.unit_type_code = 'CELL'",
    "section": "u.unit_type_code = 'SECTION'",
    "base": "u.unit_type_code IN ('BASE_COMMITTEE', 'BASE_CELL')",
    "superior": "u.unit_type_code = 'SUPERIOR'",
    "": "u.unit_type_code = 'CITY'",
}
BELOW = {
    "cell": "1 = 0",
    "section": AT["cell"],
    "base": f"({AT['section']} OR {AT['cell']} AND u.section IS NULL)",
    "superior": AT["base"],
    "": AT["superior"],
}


def level(is_below: bool = False) -> str:
    """Of which units the lines are: of the lowest level that is filtered, the city's without; or of the next one below it."""
    chosen = "{% if filter_values('unit_type_code') %}1 = 1"
    for place in FROM_BELOW:
        chosen += f"{{% elif filter_values('{place}') %}}{(BELOW if is_below else AT)[place]}"
    return f"{chosen}{{% else %}}{(BELOW if is_below else AT)['']}{{% endif %}}"


class _Model:
    """One semantic model, and the metrics that are asked of it."""

    def __init__(self, manifest: Node, metrics: Mapping[str, Metric], model: Node, is_below: bool = False):
        self.models = {m["name"]: m for m in manifest["semantic_models"]}
        self.nodes = {m["name"]: m for m in manifest["metrics"]}
        self.of_measure = {measure["name"]: (m, measure) for m in self.models.values() for measure in m.get("measures") or ()}
        self.metrics, self.model, self.is_below = metrics, model, is_below
        self.beside: dict[tuple[str, str], list[Node]] = {}  # measures of other models: model and condition → measures

    def dataset(self) -> Dataset:
        own = [self._measure(name) for name in self.metrics if self._first(name) is self.model]
        name = self.model["name"] + ("_below" if self.is_below else "")
        title = vietnamese(self.model["description"]) + (": bên dưới" if self.is_below else "")
        sums = [Column(m["name"], m["name"], "DOUBLE", is_measure=True) for m in self.model["measures"]]
        dimensions = [
            column
            for d in self._dimensions()
            for column in (Column(d["name"], vietnamese(d["label"])), Column(f"{d['name']}_code", f"Mã: {vietnamese(d['label'])}"))
        ]
        return Dataset(name, title, self._sql(), [*UNIT_COLUMNS, *dimensions, *sums], own)

    # ── metrics ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _first(self, name: str) -> Node:
        """The model of a metric's first part: there its rows are."""
        node = self.nodes[name]
        params = node["type_params"]
        if node["type"] == "simple":
            model: Node = self.of_measure[params["measure"]["name"]][0]
            return model
        return self._first((params.get("numerator") or params["metrics"][0])["name"])

    def _measure(self, name: str) -> Measure:
        metric = self.metrics[name]
        return Measure(
            name,
            vietnamese(metric.label),
            vietnamese(metric.description),
            self._expression(name),
            metric.shown_as,
            vietnamese(metric.denominator),
        )

    def _expression(self, name: str, condition: str = "") -> str:
        """A metric as SQL: sums of measures, and what the definition makes of them."""
        node = self.nodes[name]
        params = node["type_params"]
        if node["type"] == "simple":
            model, measure = self.of_measure[params["measure"]["name"]]
            return f"{measure['agg']}({self._column(model, measure, condition)})"
        if node["type"] == "ratio":
            above, below = (f"CAST({self._part(params[part], condition)} AS DOUBLE PRECISION)" for part in ("numerator", "denominator"))
            return f"{above} / NULLIF({below}, 0)"
        parts = {part.get("alias") or part["name"]: self._part(part, condition) for part in params["metrics"]}
        return re.sub(r"\b(" + "|".join(map(re.escape, parts)) + r")\b", lambda match: f"({parts[match[1]]})", str(params["expr"]))

    def _part(self, part: Node, condition: str) -> str:
        filters = [one["where_sql_template"] for one in (part.get("filter") or {}).get("where_filters") or []]
        return self._expression(part["name"], " AND ".join(filter(None, [condition, *filters])))

    def _column(self, model: Node, measure: Node, condition: str) -> str:
        """A measure's column: its own name, and of another model one that is joined beside each row."""
        if model is self.model and not condition:
            return str(measure["name"])
        beside = self.beside.setdefault((model["name"], condition), [])
        if measure not in beside:
            beside.append(measure)
        return f"beside_{[*self.beside].index((model['name'], condition))}_{measure['name']}"

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _dimensions(self) -> list[Node]:
        """The model's own, each with a list of codes."""
        return [d for d in self.model.get("dimensions") or () if "list" in _meta(d)]

    def _sql(self) -> str:
        lists = [(d, f"list_{n}") for n, d in enumerate(self._dimensions())]
        shown = [f"u.{column.name}" for column in UNIT_COLUMNS]
        for dimension, one in lists:
            shown += [
                f"{one}.label_vi AS {dimension['name']}",
                f"f.{dimension['name']}_code",
                f"{one}.sort_order AS {dimension['name']}_sort",
            ]
        shown += [f"f.{measure['name']}" for measure in self.model["measures"]]
        own = [f"{d['expr'] or d['name']} AS {d['name']}_code" for d, _ in lists]
        own += [f"{measure['expr']} AS {measure['name']}" for measure in self.model["measures"]]
        way = [*self._way(self.model)]
        joins = [f"JOIN ({sql}) AS {name} ON {name}.{key} = {before}.{key}" for name, key, before, sql in way]
        last = way[-1][0] if way else "f"
        for n, ((name, condition), measures) in enumerate(self.beside.items()):
            shown += [f"beside_{n}.{m['name']} AS beside_{n}_{m['name']}" for m in measures]
            joins.append(
                f"LEFT JOIN ({self._summed(name, condition, measures)}) AS beside_{n} ON beside_{n}.unit_in_period = u.unit_in_period"
            )
        joins += [
            f"LEFT JOIN core.dim_code AS {one} ON {one}.code_list = '{_meta(d)['list']}' AND {one}.code = f.{d['name']}_code"
            for d, one in lists
        ]
        manifest = {"semantic_models": [*self.models.values()]}
        where = [level(self.is_below)] if _rows(self.model) == "every_level" else []
        where += [] if "periods" in _meta(self.model)["adds_over"] else ["u.period_type_code = 'YEAR'", ONE_YEAR]
        inner = f"SELECT {', '.join([*self._keys(self.model), *own])} FROM {_table(self.model)}"
        before, after = (joins[: len(way)], joins[len(way) :])
        rows = [with_units(manifest), f"SELECT {', '.join(shown)}", f"FROM ({inner}) AS f", *before]
        rows += [f"JOIN u ON u.unit_in_period = {last}.unit_in_period", *after]
        return "\n".join([*rows, *([f"WHERE {' AND '.join(where)}"] if where else [])])

    def _keys(self, model: Node) -> Iterator[str]:
        for entity in model["entities"]:
            yield f"{entity['expr'] or entity['name']} AS {entity['name']}"

    def _way(self, model: Node, before: str = "f") -> Iterator[tuple[str, str, str, str]]:
        """The models between one and the units: each with its key, and what it is joined to."""
        for entity in model["entities"]:
            other = next(
                (m for m in self.models.values() if (entity["name"], "primary") in {(e["name"], e["type"]) for e in m["entities"]}), None
            )
            if entity["type"] == "foreign" and other and other["name"] != UNITS:
                yield other["name"], entity["name"], before, f"SELECT {', '.join(self._keys(other))} FROM {_table(other)}"
                yield from self._way(other, other["name"])

    def _summed(self, name: str, condition: str, measures: list[Node]) -> str:
        """Measures of another model for each unit and period, of the part that the condition chooses."""
        model = self.models[name]
        columns = {d["name"]: d["expr"] or d["name"] for d in model.get("dimensions") or ()}
        chosen = re.sub(r"\{\{.*?\}\}", lambda match: columns[FILTERED.findall(match[0])[0]], condition)
        keys = ", ".join(self._keys(model))
        sums = ", ".join(f"{m['agg']}({m['expr']}) AS {m['name']}" for m in measures)
        return f"SELECT {keys}, {sums} FROM {_table(model)}{f' WHERE {chosen}' if chosen else ''} GROUP BY 1"


def _table(model: Node) -> str:
    return str(model["node_relation"]["relation_name"])


def _rows(model: Node) -> str:
    return str(_meta(model).get("rows"))


def _meta(node: Node) -> dict[str, Any]:
    return dict((node.get("config") or {}).get("meta") or {})
