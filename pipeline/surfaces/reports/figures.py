"""The figures of a year's reports: the published report tables, and metrics by unit, looked up by unit. Read once for all reports of a year.

For outside they are the tables as they may leave (public.py); what these do not hold is not there, and cannot be asked.
What does not belong here: reckoning a figure, and words.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from pipeline.codes import fold
from pipeline.presentation import day
from pipeline.surfaces.declared import WITHHELD, dataset_of, declared
from pipeline.surfaces.metrics.answer import ask
from pipeline.surfaces.reports.document import HIDDEN, UNKNOWN, Mark, Value
from pipeline.warehouse.door import Published

CITY = "CITY"
# Under what a metric calls the units of each type.
LEVELS = {"SUPERIOR": "superior", "BASE_COMMITTEE": "base", "BASE_CELL": "base", "SECTION": "section", "CELL": "cell"}
OPEN_UNITS = """
    SELECT unit_key, unit_code, unit_name, unit_type_code, parent_unit_key
    FROM core.dim_unit
    WHERE make_date(?, 12, 31) BETWEEN valid_from AND coalesce(valid_to, DATE '9999-12-31')
    ORDER BY unit_code
"""
MOVED = """
    SELECT DISTINCT now.unit_code, now.unit_name, now.valid_from, before.parent_unit_key, now.parent_unit_key
    FROM core.dim_unit AS now
    JOIN core.dim_unit AS before
        ON before.unit_key = now.unit_key AND before.valid_to = now.valid_from - 1 AND before.parent_unit_key <> now.parent_unit_key
    WHERE year(now.valid_from) = ? AND now.valid_from > make_date(year(now.valid_from), 1, 1)
    ORDER BY ALL
"""
BASES = ("BASE_COMMITTEE", "BASE_CELL")
RATINGS, MEMBER, SILENT = "rpt_rating_summary", "PARTY_MEMBER", "units_without_answer"
STATUS = "rpt_submission_status"


class NotThere(Exception):
    """What was asked for is not there, in a sentence for whoever asked."""


@dataclass(frozen=True)
class Unit:
    """A unit on the year's last day."""

    key: str
    code: str
    name: str
    type: str
    parent: str | None


def _first(words: Iterable[str], many: int = 5) -> str:
    """The first of them."""
    all_of_them = [*words]
    return ", ".join(all_of_them[:many]) + (" …" if len(all_of_them) > many else "")


def _unit(key: str, code: str, name: str, kind: str, parent: str | None) -> Unit:
    """A control letter in a name that was published is a space: no text and no workbook holds one."""
    return Unit(key, code, "".join(c if c.isprintable() else " " for c in name), kind, parent)


class Figures:
    """What is published of one year. Raises NotThere where that is nothing."""

    def __init__(self, version: Published, year: int, public: Mapping[str, pl.DataFrame] | None = None):
        self.version, self.year, self.public = version, year, public
        self._tables: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
        self._columns: dict[str, set[str]] = {}
        self._metrics: dict[tuple[str, str, str], dict[tuple[str, str], Value]] = {}
        if year not in (years := self.years()):
            raise NotThere(f"Năm {year} chưa có số liệu nào được công bố; có: {', '.join(map(str, years))}.")
        self.units = {row[0]: _unit(*row) for row in version.db.execute(OPEN_UNITS, [year]).fetchall()}
        self.left: dict[str, set[str]] = {}  # table → units of which something was told

    def unit(self, asked: str | None) -> Unit:
        """A unit by its code, or its whole name, on the year's last day; without either the city. Raises NotThere."""
        said = (asked or "").strip()
        by_code = [u for u in self.units.values() if (u.code.upper() == said.upper() if said else u.type == CITY)]
        found = by_code or [u for u in self.units.values() if fold(u.name) == fold(said)]
        if len(found) == 1 or by_code:
            return found[0]
        if not said:
            raise NotThere(f"Năm {self.year} không có thành phố nào trong danh mục đơn vị.")
        if found:
            raise NotThere(
                f"Có {len(found)} đơn vị tên “{said}” vào ngày cuối năm {self.year}; hãy ghi mã: {_first(u.code for u in found)}."
            )
        raise NotThere(f"Không có đơn vị nào mang mã hoặc tên “{said}” vào ngày cuối năm {self.year}.{self._instead(said)}")

    def _instead(self, said: str) -> str:
        """What whoever named no unit may have meant: one that is of other years, or is called somewhat like it."""
        query = "SELECT unit_name, valid_from, valid_to FROM core.dim_unit WHERE upper(unit_code) = ? ORDER BY valid_from DESC LIMIT 1"
        for name, since, until in self.version.db.execute(query, [said.upper()]).fetchall():
            return f" Mã này là của {name}, từ ngày {day(since)}{f' đến ngày {day(until)}' if until else ''}."
        alike = [f"{u.code} ({u.name})" for u in self.units.values() if len(said) > 2 and fold(said) in fold(u.name)]
        return f" Có thể là: {_first(alike)}." if alike else " Các mã: pipeline catalogue units."

    def children(self, unit: Unit) -> list[Unit]:
        """The units right below, by their codes."""
        return [one for one in self.units.values() if one.parent == unit.key]

    def below(self, unit: Unit) -> Iterator[Unit]:
        """All units below."""
        for child in self.children(unit):
            yield child
            yield from self.below(child)

    def moved(self, unit: Unit) -> list[str]:
        """The units that came to a unit from another one in the year, or left it for another, each with its day."""
        return [f"{name} ({code}, ngày {day(on)})" for code, name, on, *between in self._moved if unit.key in between]

    @cached_property
    def _moved(self) -> list[tuple[Any, ...]]:
        return self.version.db.execute(MOVED, [self.year]).fetchall()

    def years(self) -> list[int]:
        """The years of which there is anything."""
        unions = " UNION ".join(f"SELECT year FROM reports.{table}" for table in declared())
        return [year for (year,) in self.version.db.execute(f"SELECT DISTINCT year FROM ({unions}) ORDER BY 1").fetchall()]

    def silent(self, unit: Unit, system: str = MEMBER) -> int:
        """How many base organisations of a unit sent no ratings of a system that stand; of a unit within one: whether that one did not. Never told outside:
        where a nought is hidden beside other figures, that nobody sent would tell it."""
        row = self._table(RATINGS).get((unit.key, system), {}) if self.public is None else {}
        return int(row.get(SILENT) or 0)

    @cached_property
    def before(self) -> "Figures | None":
        """The year before, where anything of it is published."""
        return Figures(self.version, self.year - 1, self.public) if self.year - 1 in self.years() else None

    def is_whole(self, table: str, unit: Unit, system: str = "") -> bool:
        """Whether every base organisation of a unit answered for what a table counts; for outside, whether of all that a unit owes of it something stands."""
        if self.public is None:
            row = self._table(table).get((unit.key, system))
            return row is not None and row[SILENT] == 0
        codes = {one.code for one in (unit, *self.below(unit), *self.above(unit)) if one.type in BASES}
        owed = self.public[STATUS].filter(pl.col("unit_code").is_in(codes), dataset_code=dataset_of(table), period=str(self.year))
        return {*owed["unit_code"]} == codes and owed["has_current"].all()

    def above(self, unit: Unit) -> Iterator[Unit]:
        """All units above."""
        while found := self.units.get(unit.parent or ""):
            yield found
            unit = found

    def has(self, table: str, column: str) -> bool:
        """Whether a report table has a column, here where it may have been left in the house."""
        self._table(table)
        return column in self._columns[table]

    def row(self, table: str, unit: Unit, system: str = "") -> dict[str, Any] | None:
        """A unit's line of a report table; None where it has none."""
        row = self._table(table).get((unit.code if self.public else unit.key, system))
        if row:
            self.left.setdefault(table, set()).add(unit.code)
        return row

    def value(self, table: str, unit: Unit, column: str, system: str = "") -> Value:
        """One figure of a report table."""
        row = self.row(table, unit, system)
        if row is None:
            return Mark(UNKNOWN)
        if column in (row.get(WITHHELD) or "").split(", "):
            return Mark(HIDDEN)
        value: Value = row.get(column)
        return Mark(UNKNOWN) if value is None else value

    def metric(self, name: str, unit: Unit, beside: str = "", code: str = "") -> Value:
        """A metric of a unit for the year, and of one code of a list beside it. Never asked for outside (raises NotThere): nobody took out of it what is not told."""
        if self.public is not None:
            raise NotThere("Bản công khai không có chỉ tiêu.")
        level = LEVELS.get(unit.type, "")
        key = (name, level, beside)
        if key not in self._metrics:
            answer = ask(self.version, name, [word for word in (level, beside, "year") if word], f"year = {self.year}")
            lines = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
            self._metrics[key] = {(line.get(level) or "", line.get(beside) or ""): line[name] for line in lines}
        value = self._metrics[key].get((unit.code if level else "", code))
        return Mark(UNKNOWN) if value is None else value

    def _table(self, name: str) -> dict[tuple[str, str], dict[str, Any]]:
        if name not in self._tables:
            frame = self.public[name].filter(year=self.year) if self.public else self._asked(name)
            if "period_type_code" in frame.columns:
                frame = frame.filter(period_type_code="YEAR")
            unit = "unit_code" if self.public else "unit_key"
            self._columns[name] = {*frame.columns}
            self._tables[name] = {(row[unit], row.get("rating_system_code", "")): row for row in frame.iter_rows(named=True)}
        return self._tables[name]

    def _asked(self, name: str) -> pl.DataFrame:
        """A table's lines of the year; of what units report, those of which nothing is known are none."""
        frame = self.version.db.execute(f"SELECT * FROM reports.{name} WHERE year = ?", [self.year]).pl()
        return frame.drop_nulls(declared()[name].counted) if declared()[name].dataset else frame
