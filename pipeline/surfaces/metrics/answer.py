"""A question → the figures, by MetricFlow's SQL on the published file: read-only, and from one version alone.

MetricFlow says the SQL and runs nothing: its own client would open the file for writing. What does not belong here: what a question means, and how an
answer is shown.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlExpressionRenderer, DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from pipeline.metrics import Dimension, Metric, metrics_of
from pipeline.presentation import number
from pipeline.surfaces.metrics.condition import literal, unknown
from pipeline.surfaces.metrics.question import Question, question
from pipeline.surfaces.sql import NoAnswer
from pipeline.warehouse.door import Published


@dataclass(frozen=True)
class Answer:
    """A metric's figures."""

    metric: Metric
    columns: dict[str, str]  # name → what it says, in their order; the last is the figure
    rows: list[tuple[Any, ...]]
    said: list[str]  # what was added to what was asked
    sql: str


class _Expressions(DuckDbSqlExpressionRenderer):
    """Types by names that PostgreSQL knows as well: the SQL that `--explain` shows runs in the copy there."""

    @property
    def double_data_type(self) -> str:
        return "DOUBLE PRECISION"


class _Plans(DuckDbSqlPlanRenderer):
    EXPR_RENDERER = _Expressions()


class _Duckdb:
    """What MetricFlow asks of a client to say the SQL: whose it is to be, and how it is written. It is asked for nothing else."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = _Plans()


def listed(published: Published) -> Mapping[str, Metric]:
    """The metrics of the published version, by name. Raises NoAnswer where it was published before there were any."""
    return _defined(_manifest(published))


def ask(published: Published, name: str, by: Iterable[str] = (), where: str | None = None) -> Answer:
    """A metric's figures. Raises NoAnswer."""
    asked = question(listed(published), name, by, where)
    rows, sql = _figures(published, asked)
    _say_what_is_not_there(published, asked, bool(rows))
    if len(rows) == 1 and not asked.by and rows[0][-1] is None:
        asked.said.append(NOTHING)  # of nothing a sum is one line, as of what is not known
    return Answer(asked.metric, _columns(asked), rows, asked.said, sql)


def awaited(published: Published, of: Answer, by: Iterable[str] = (), where: str | None = None) -> str | None:
    """That an answer's figures are what is known so far: how many base organisations a line of it still waits for, at the most. None where all answered,
    where a blank says it, and of what is known without their answers."""
    named = [*by]
    said = [_awaited(published, of, named, where, silent, part) for silent, part in of.metric.awaits.items()]
    return " ".join(filter(None, said)) or None


def _awaited(published: Published, of: Answer, by: Iterable[str], where: str | None, silent: str, part: str) -> str | None:
    try:
        of_part = f"({where}) AND {part}" if part and where and where.strip() else part or where
        asked = question(listed(published), silent, by, of_part, of_any_level=True)
        rows, _ = _figures(published, asked)
    except NoAnswer:
        return None  # it is not asked by these dimensions
    # what only one of the two has beside what was asked by, as ratings have their system, parts no line from its own
    shared = [name for name in of.columns if name in _columns(asked) and name != of.metric.name]

    def line(columns: Iterable[str], row: tuple[Any, ...]) -> tuple[Any, ...]:
        found = dict(zip(columns, row, strict=True))
        return tuple(found[name] for name in shared)

    told = {line(of.columns, row) for row in of.rows if row[-1] is not None}
    most = max((row[-1] or 0 for row in rows if line(_columns(asked), row) in told), default=0)
    return f"Số đã biết: có dòng còn chờ {number(most)} tổ chức cơ sở (chỉ tiêu {silent})." if most else None


def _figures(published: Published, asked: Question) -> tuple[list[tuple[Any, ...]], str]:
    """The lines of an answer, and the SQL that gave them."""
    engine = _engine(_manifest(published))
    beside = [d.words for d in asked.by if d.words]
    units = [asked.metric.dimensions["unit_key"].place] if asked.tells_units_apart else []
    request = MetricFlowQueryRequest.create(
        metric_names=[asked.metric.name],
        group_by_names=[*(d.place for d in asked.by), *beside, *units],
        where_constraints=asked.filters,
    )
    sql = _shown(asked, engine.explain(request).sql_statement.sql)
    return published.db.execute(sql).fetchall(), sql


NOTHING = "Không có số: không có dòng nào như điều kiện, hoặc chưa ai báo cáo."


@lru_cache(maxsize=1)
def _defined(manifest: str) -> Mapping[str, Metric]:
    return metrics_of(json.loads(manifest))


@lru_cache(maxsize=1)  # who asks again asks the same version: 0.05 s
def _engine(manifest: str) -> MetricFlowEngine:
    return MetricFlowEngine(SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(manifest)), _Duckdb())  # type: ignore[arg-type]


def _manifest(published: Published) -> str:
    manifest = published.metrics()
    if manifest is None:
        raise NoAnswer("Bản đang công bố chưa có chỉ tiêu. Hãy chạy `make load`.")
    return manifest


def _columns(asked: Question) -> dict[str, str]:
    """The columns of an answer: of a code, its words beside it."""
    columns = {}
    for dimension in asked.by:
        columns[dimension.name] = dimension.label
        if dimension.words or dimension.code_list:
            columns[_beside(dimension)] = dimension.label
    return columns | {asked.metric.name: asked.metric.label}


def _beside(dimension: Dimension) -> str:
    return f"{dimension.name}_{'name' if dimension.words else 'label'}"


def _shown(asked: Question, sql: str) -> str:
    """MetricFlow's answer with words beside codes, in the order of the lists and, of units, of their codes."""
    shown, order, lists = [], [], []
    for place, dimension in enumerate(asked.by):
        column = f'answer."{dimension.place}"'
        shown.append(f'{column} AS "{dimension.name}"')
        order.append(f"{column} NULLS LAST")
        if dimension.code_list:
            words = f"list_{place}"
            lists.append(
                f"LEFT JOIN core.dim_code AS {words} ON {words}.code_list = {literal(dimension.code_list)} AND {words}.code = {column}"
            )
            shown.append(f'{words}.label_vi AS "{_beside(dimension)}"')
            order.insert(-1, f"{words}.sort_order NULLS LAST")
        elif dimension.words:
            shown.append(f'answer."{dimension.words}" AS "{_beside(dimension)}"')
            order.append(f'answer."{dimension.words}" NULLS LAST')
    shown.append(f'answer."{asked.metric.name}"')
    ordered = f"\nORDER BY {', '.join(order)}" if order else ""
    return f"SELECT {', '.join(shown)}\nFROM (\n{sql}\n) AS answer\n" + "\n".join(lists) + ordered


def _say_what_is_not_there(published: Published, asked: Question, is_answered: bool) -> None:
    """What the condition names and no line of the version has, beside an answer that has the rest. Raises NoAnswer where there is none."""
    for dimension, word in asked.values:
        found = published.db.execute(
            f"SELECT DISTINCT CAST({dimension.expression} AS VARCHAR) FROM {dimension.table} WHERE {dimension.expression} IS NOT NULL ORDER BY 1"
        ).fetchall()
        among = [value for (value,) in found]
        if word not in among:
            few = f"Có: {', '.join(among)}." if len(among) <= 20 else "Mã đơn vị có trong core.dim_unit."
            try:
                unknown(f"Không có {dimension.name} = “{word}”.", word, among, few)
            except NoAnswer as missing:
                if not is_answered:
                    raise
                asked.said.append(str(missing))
    if not is_answered:
        asked.said.append("Không có dòng nào như điều kiện.")
