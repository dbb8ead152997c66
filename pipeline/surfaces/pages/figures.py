"""One edition of what pages show: units, their figures by year, and what each has sent, from a few questions of one published version.

The department's own is all of it; the public one is made of the frames of a public export and of nothing else that counts (`withheld` says what is
hidden). What does not belong here: words, numbers as text, and pages.
"""

import calendar
import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from pipeline.codes import labels
from pipeline.metrics import Metric, metrics_of
from pipeline.surfaces.declared import WITHHELD, dataset_of, declared
from pipeline.surfaces.pages import submissions
from pipeline.surfaces.pages.submissions import Row
from pipeline.surfaces.pages.units import Unit, Units
from pipeline.warehouse.door import Published

RATINGS, STATUS = "rpt_rating_summary", "rpt_submission_status"
MEMBERS = "PARTY_MEMBER"
OF_ROSTERS = ("population",)  # of ratings, what is known before anybody sends any
SILENT = "units_without_answer"  # a report's column; it stays in the house (who was only named by others is no longer silent), the table of who sent leaves


class NoMetrics(Exception):
    """The version was published before it said what its metrics are."""


@dataclass(frozen=True)
class Figure:
    """A metric's figure of one unit in one year."""

    metric: Metric
    value: float | None
    is_hidden: bool = False
    is_awaited: bool = False  # not known, because nobody has sent a list
    silent: int = 0  # base organisations of which it holds nothing yet
    system: str = MEMBERS  # of ratings, whom


@dataclass(frozen=True)
class Edition:
    """All that the pages of one version show."""

    load_id: int
    as_of: dt.date
    published_at: dt.datetime
    metrics: Mapping[str, Metric]
    units: Units
    tables: Mapping[str, Mapping[tuple[Any, ...], Row]]  # report → (unit, year) or, of ratings, (unit, year, system) → its row
    status: Mapping[str, list[Row]]  # unit → what it owes and sent
    columns: frozenset[str]  # `report.column`: what this edition holds
    said_of: Mapping[str, str]  # report → what it says of itself
    k: int = 0  # of a public edition: fewer people than that are hidden; 0 is the department's own
    rows_of: Mapping[str, int] = field(default_factory=dict)  # table → its rows, of the version's exports
    loads: list[Row] = field(default_factory=list)
    brought: Row | None = None  # rows read by this load, and what became of them
    rules: Mapping[str, list[Row]] = field(default_factory=dict)  # dataset → its rules

    @property
    def is_public(self) -> bool:
        return bool(self.k)

    @cached_property
    def years(self) -> list[int]:
        """Years of which any report says something of the city, newest first."""
        found = {key[1] for table, rows in self.tables.items() for key, row in rows.items() if _says_something(table, row)}
        return sorted(found | ({self.as_of.year} if not found else set()), reverse=True)

    @cached_property
    def year(self) -> int:
        """The newest year in which at least half as many members are rated as in the fullest; else the newest of which anything is known.

        A year that has just begun, or of which one list came, is not yet what the city's figures are. Dashboards choose theirs alike.
        """
        of_city = {key[1:]: row for key, row in self.tables[RATINGS].items() if key[0] == self.units.city.key}
        rated: dict[int, int] = {year: row["rated"] or 0 for (year, system), row in of_city.items() if system == MEMBERS}
        if fullest := max(rated.values(), default=0):
            return max(year for year, count in rated.items() if 2 * count >= fullest)
        return max((year for (year, _), row in of_city.items() if _says_something(RATINGS, row)), default=self.years[0])

    def figure(self, name: str, unit: str, year: int, system: str = MEMBERS) -> Figure | None:
        """A metric of a unit; None where this edition does not hold it, or nobody answered."""
        metric = self.metrics.get(name)
        table, _, column = (metric.report or "" if metric else "").partition(".")
        if metric is None or f"{table}.{column}" not in self.columns:
            return None
        row = self.tables[table].get((unit, year, system) if table == RATINGS else (unit, year))
        if row is None:
            return None
        is_hidden, value = column in (row.get(WITHHELD) or "").split(", "), row[column]
        counted = declared()[table].counted  # not known where nobody sent a list
        is_awaited = not is_hidden and value is None and column not in OF_ROSTERS and bool(counted) and _is_awaited(row, counted)
        return Figure(metric, value, is_hidden, is_awaited, self._silent(table, row), system)

    @cached_property
    def _silent_bases(self) -> Mapping[tuple[str, int, str], int]:
        return submissions.silent_bases(self.units, self.status)

    def _silent(self, table: str, row: Row) -> int:
        """Base organisations of a row's unit that have not answered; of a public edition, and of ratings, those that have not sent."""
        if f"{table}.{SILENT}" in self.columns:
            return int(row[SILENT] or 0)
        return self._silent_bases.get((dataset_of(table), row["year"], row["unit_key"]), 0)

    def figures(self, names: Iterable[str], unit: str, year: int, system: str = MEMBERS) -> list[Figure]:
        """Those of some metrics that are there."""
        return [found for name in names if (found := self.figure(name, unit, year, system))]

    def below(self, metric: Metric) -> Metric | None:
        """The metric that stands below the line of a share."""
        return next((one for one in self.metrics.values() if metric.denominator and one.label == metric.denominator), None)

    def systems(self, unit: str, year: int) -> list[str]:
        """Rating systems by which anybody of a unit was rated, may have been or is to be, in the order of their list. Outside it is not told by which somebody is
        to be; there it is those of which nil lists tell a nought while others are awaited."""
        rows = {system: self.tables[RATINGS].get((unit, year, system)) for system in labels("rating_system")}
        return [system for system, row in rows.items() if row and (_says_something(RATINGS, row) or self._is_to_come(row))]

    def _is_to_come(self, row: Row) -> bool:
        return self._silent(RATINGS, row) > 0 and (not self.is_public or row["rated"] == 0)

    def owed(self, units: Iterable[Unit], year: int | None = None) -> list[Row]:
        """What some units owe and sent, of a year or of all."""
        return [row for unit in units for row in self.status.get(unit.key, ()) if year in (None, row["year"])]


def _is_awaited(row: Row, counted: str) -> bool:
    """Whether nobody has sent a list of a row's unit: then no count is known."""
    return row[counted] is None and counted not in (row.get(WITHHELD) or "").split(", ")


def _says_something(table: str, row: Row) -> bool:
    if row.get(WITHHELD):
        return True
    if table == RATINGS:
        return bool(row["rated"] or row["not_rated"] or row["population"])
    return table != STATUS


def own(version: Published) -> Edition:
    """The department's own: everything, by unit keys. Raises NoMetrics."""
    db = version.db
    frames = {name: db.execute(f"SELECT * FROM reports.{name}").pl() for name in declared()}
    stretches = _stretches(version)
    load_id = version.note["load_id"]
    loads = "SELECT load_id, as_of, line_count, submission_count, refused_count FROM quality.loads ORDER BY load_id DESC LIMIT 10"
    brought = """SELECT count(*) AS submissions, sum(rows_read) AS rows_read, sum(rows_in_figures) AS rows_in_figures,
        sum(rows_kept_out) AS rows_kept_out, sum(rows_set_aside) AS rows_set_aside FROM quality.submissions WHERE newest_load_id = ?"""
    asked = """SELECT dataset_code, rule_code, version_code, severity_code, says_vi, says_en, basis, asked_count, failed_count
        FROM quality.rules ORDER BY dataset_code, rule_code, version_code"""
    rules = defaultdict(list)
    for rule in db.execute(asked).pl().to_dicts():
        rules[rule["dataset_code"]].append(rule)
    return _edition(
        version, frames, Units.all_of(stretches), rows_of=version.note["tables"], loads=db.execute(loads).pl().to_dicts(),
        brought=db.execute(brought, [load_id]).pl().to_dicts()[0], rules=rules,
    )  # fmt: skip


def public(version: Published, frames: Mapping[str, pl.DataFrame], k: int) -> Edition:
    """What may leave: the frames of a public export that hides fewer than k people, whose rows are found their unit by its code on their day, for keys do not leave."""
    stretches = _stretches(version)
    by_code: dict[str, list[Row]] = defaultdict(list)
    for one in stretches:
        by_code[one["unit_code"]].append(one)

    def key(row: Row) -> str | None:
        day = _last_day(row)
        return next((s["unit_key"] for s in by_code[row["unit_code"]] if s["valid_from"] <= day <= (s["valid_to"] or day)), None)

    keyed = {
        name: frame.with_columns(pl.Series("unit_key", [key(row) for row in frame.iter_rows(named=True)], pl.String)).drop_nulls("unit_key")
        for name, frame in frames.items()
    }
    told = {one for frame in keyed.values() for one in frame["unit_key"]}
    return _edition(version, keyed, Units.all_of([s for s in stretches if s["unit_key"] in told]), k=k)


def _last_day(row: Row) -> dt.date:
    """The last day of a row's period: by that day its unit's code is meant."""
    quarter = re.search(r"-Q([1-4])\Z", row.get("period") or "")
    month = 3 * int(quarter[1]) if quarter else 12
    return row.get("period_to") or dt.date(row["year"], month, calendar.monthrange(row["year"], month)[1])


def _stretches(version: Published) -> list[dict[str, Any]]:
    """Every stretch of every unit, with the place of its name in the order of the Vietnamese alphabet."""
    return (
        version.db.execute(
            """SELECT unit_key, unit_code, unit_name, unit_type_code, parent_unit_key, base_unit_key, valid_from, valid_to, is_newest,
            row_number() OVER (ORDER BY unit_name COLLATE vi, unit_code) AS sort_order FROM core.dim_unit ORDER BY unit_code, valid_from"""
        )
        .pl()
        .to_dicts()
    )


def _said_of(version: Published) -> dict[str, str]:
    """What each report says of itself, in both languages."""
    said = version.db.execute("SELECT table_name, coalesce(comment, '') FROM duckdb_tables() WHERE schema_name = 'reports'")
    return dict(said.fetchall())


def _edition(version: Published, frames: Mapping[str, pl.DataFrame], units: Units, **more: Any) -> Edition:
    manifest = version.metrics()
    if manifest is None:
        raise NoMetrics
    tables: dict[str, dict[tuple[Any, ...], Row]] = {name: {} for name in declared()}
    for name, frame in frames.items():
        if name == STATUS:
            continue
        years = frame.filter(pl.col("period_type_code") == "YEAR") if "period_type_code" in frame.columns else frame
        key = ("unit_key", "year", "rating_system_code") if name == RATINGS else ("unit_key", "year")
        tables[name] = {tuple(row[c] for c in key): row for row in years.iter_rows(named=True)}
    status: dict[str, list[Row]] = defaultdict(list)
    for row in frames[STATUS].sort("due_on", "period", "dataset_code").iter_rows(named=True):
        status[row["unit_key"]].append(row)
    written = (version.folder / "version.json").stat().st_mtime
    return Edition(
        version.note["load_id"],
        dt.date.fromisoformat(version.note["as_of"]),
        dt.datetime.fromtimestamp(written, dt.UTC),
        metrics_of(json.loads(manifest)),
        units,
        tables,
        status,
        columns=frozenset(f"{name}.{column}" for name, frame in frames.items() for column in frame.columns),
        said_of=_said_of(version),
        **more,
    )
