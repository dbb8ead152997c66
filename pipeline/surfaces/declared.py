"""What each report table says of its own figures: which columns count people, which are sums of others, in which steps they may be told more coarsely,
and what stays in the house; and what its sheet is called. It stands once, beside the model (`meta.public`, `meta.sheet` in dbt_project/models/reports/*.yml), and is read here.

What does not belong here: hiding anything (public.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import polars as pl
import yaml

from pipeline.codes import labels
from pipeline.paths import DBT_PROJECT

REST = "REST"  # who is in the total of a class and in none of its parts
WITHHELD = "withheld"  # the column that says which figures of a row are not told
NAMES = ("period_type_code", "period", "period_to", "year", "unit_key", "unit_code", "unit_type_code", "unit_name")
SAID = {"public": "what may leave of it", "sheet": "what its sheet is called"}  # of every report

Cells = tuple[int, ...]  # what is told of a row: the sums over these sets of parts; a set is the bits of a number


class Undeclared(Exception):
    """A report table has no title, or a column that nobody said anything of: whether it counts people is not to be guessed."""


@dataclass(frozen=True)
class Along:
    """A figure made of others: told where they are, and where they count enough."""

    of: tuple[str, ...]
    share: tuple[str, str] | None = None  # what it divides, where it is a share
    at_least: int = 1  # times k
    is_exact: bool = False  # it would give the figures that it is made of back, were they rounded


@dataclass(frozen=True)
class Copies:
    """Counts that stand in another table too, of the rows that `where` names."""

    model: str
    where: Mapping[str, str]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Declared:
    """What one report table says."""

    table: str
    columns: tuple[str, ...]  # all of it, in their order
    sheet: str = ""  # what it is called, where it is a sheet
    cube: tuple[str, ...] = ()  # whose values part the table into trees of units
    dataset: str = ""  # of whose lists its counts are: of units that sent none no row leaves
    blank_without: str = (
        ""  # of whose lists its counts are, though units that sent none have a row for what else it says: they are blank there, not nought
    )
    is_masked: bool = False  # that somebody is counted at all says something: of what is hidden, half are noughts
    same_people: tuple[str, ...] | None = None  # cubes that agree in these are told alike; None: each for itself
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (total, parts that have nobody in common)
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    details: tuple[tuple[str, ...], ...] = ()  # from fine to coarse, a text per class
    along: Mapping[str, Along] = field(default_factory=dict)
    change: Mapping[str, str] = field(default_factory=dict)  # this year's less last year's
    copies: Copies | None = None
    days_for: Mapping[str, str] = field(default_factory=dict)
    in_house: tuple[str, ...] = ()
    counts_units: tuple[str, ...] = ()
    somebody: tuple[str, ...] = ()  # besides totals: columns that count somebody in every unit that is not empty
    open: tuple[str, ...] = ()
    equations: tuple[str, ...] = ()
    tree: tuple[str, ...] = ()  # columns that a unit has of its own and from those below it
    flow: str = ""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Every part of every class, in the order of the bits; a rest has the name of its class."""
        return tuple(f"{REST} {n}" if part == REST else part for n, (_, parts) in enumerate(self.classes) for part in parts)

    @property
    def counted(self) -> str:
        """The column that is blank where nobody sent a list of a row's unit; empty of a table that counts nobody."""
        if self.copies:
            return self.copies.columns[0]
        of_lists = self.sums if self.blank_without else [total for total, _ in self.classes]  # there the totals are of other lists
        return next(iter(of_lists), "")

    @property
    def is_of_events(self) -> bool:
        """Whether it counts what happened in a year, each with whom its unit was under on the day; else who was there on a period's last day."""
        return bool(self.classes) and "period" not in self.columns

    @cached_property
    def sets(self) -> dict[str, int]:
        """Each column that counts people, as a set of parts."""
        found: dict[str, int] = {}
        for n, (total, parts) in enumerate(self.classes):
            own = self._bits(n, parts)
            found |= {part: self._bits(n, [part]) for part in parts if part != REST}
            found.setdefault(total, own)
        return found | {column: self._bits(0, parts) for column, parts in self.sums.items()}

    @cached_property
    def blanks(self) -> tuple[str, ...]:
        """What is blank of a unit that sent no list: all but totals, which other lists say."""
        totals = {total for total, _ in self.classes}
        return tuple(name for name in (*self.sets, *self.along) if name not in totals)

    @cached_property
    def steps(self) -> tuple[Cells, ...]:
        """What is told at each detail, from fine to coarse."""
        return tuple(
            tuple(self._bits(n, cell.replace("+", " ").split()) for n, text in enumerate(detail) for cell in text.split("|"))
            for detail in self.details
        )

    @cached_property
    def of_sure(self) -> int:
        """Of whom there is one at least in every unit that is not empty."""
        return sum(self.sets[name] for name in self.somebody)

    @cached_property
    def asked(self) -> frozenset[int]:
        """The sets of people that somebody may ask for: columns, what a detail tells, and whoever is not in them, wherever that is known."""
        known = {cell for cells in self.steps for cell in cells}
        wanted = {*self.sets.values(), *known}
        return frozenset(
            s for one in wanted for cell in known for s in (one & cell, cell & ~one) if s and (s != cell or one in self.sets.values())
        )

    def told(self, cells: Cells, people: Sequence[int]) -> frozenset[str]:
        """The columns that follow from what is told of a row: sums of its sets, and nought where a set counts nobody."""
        nobody = sum(cell for cell in cells if not any(people[bit] for bit in range(len(people)) if cell >> bit & 1))
        known = sum(cells)
        return frozenset(
            name for name, s in self.sets.items() if s & ~known == 0 and all(cell & s in (0, cell) for cell in cells if cell & ~nobody)
        )

    def _bits(self, class_no: int, parts: Iterable[str]) -> int:
        names = [f"{REST} {class_no}" if part == REST else part for part in parts]
        return sum(1 << self.parts.index(name) for name in names)


@cache
def declared() -> Mapping[str, Declared]:
    """Every report table by its name, in the order of the datasets that they count; last what speaks of all of them. Raises Undeclared."""
    found = {}
    for file in (DBT_PROJECT / "models" / "reports").glob("*.yml"):
        for model in yaml.safe_load(file.read_text("utf-8").partition("\nunit_tests:")[0])["models"]:  # most of a file is unit tests
            meta = model.get("config", {}).get("meta", {})
            for name, what in SAID.items():
                if name not in meta:
                    raise Undeclared(f"{model['name']} does not say {what} (meta.{name} in {file.name}).")
            found[model["name"]] = _declared(model["name"], [c["name"] for c in model["columns"]], meta["sheet"], meta["public"])
    datasets = [*labels("dataset"), ""]

    def place(name: str) -> tuple[int, bool, str]:
        return datasets.index(_dataset(name, found)), bool(found[name].copies), name

    return {name: found[name] for name in sorted(found, key=place)}


def dataset_of(report: str) -> str:
    """The dataset whose lists a report counts; empty of one that speaks of all of them, and of what is no report."""
    return _dataset(report, declared())


def _dataset(report: str, tables: Mapping[str, Declared]) -> str:
    own = tables.get(report)
    if own is None:
        return ""
    return _dataset(own.copies.model, tables) if own.copies else own.dataset or own.blank_without


def _declared(table: str, columns: list[str], sheet: str, said: dict[str, Any]) -> Declared:
    copies = said.get("copies")
    own = Declared(
        table=table,
        columns=tuple(columns),
        sheet=sheet,
        classes=tuple((one["total"], tuple(one["parts"])) for one in said.get("classes", [])),
        details=tuple(tuple(detail) for detail in said.get("details", [])),
        same_people=tuple(said["same_people"]) if "same_people" in said else None,
        sums={name: tuple(parts) for name, parts in said.get("sums", {}).items()},
        along={
            name: Along(
                tuple(one["of"]), tuple(one["share"]) if "share" in one else None, one.get("at_least", 1), one.get("is_exact", False)
            )
            for name, one in said.get("along", {}).items()
        },
        copies=Copies(copies["model"], copies["where"], tuple(copies["columns"])) if copies else None,
        is_masked=said.get("is_masked", False),
        change=said.get("change", {}),
        days_for=said.get("days_for", {}),
        flow=said.get("flow", ""),
        dataset=said.get("dataset", ""),
        blank_without=said.get("blank_without", ""),
        **{name: tuple(said.get(name, [])) for name in ("cube", "in_house", "counts_units", "somebody", "open", "equations", "tree")},
    )
    check(own, columns)
    return own


def check(own: Declared, columns: Iterable[str]) -> None:
    """Raises Undeclared where a table has columns that nothing is said of, or lacks some."""
    copied = own.copies.columns if own.copies else ()
    said = {*own.sets, *own.along, *own.change, *copied, *own.days_for, *own.in_house, *own.counts_units, *own.open}
    if forgotten := [c for c in columns if c not in said and c not in NAMES and c != "rating_system_code" and c != "dataset_code"]:
        raise Undeclared(f"{own.table} does not say whether these count people, so nothing leaves: {', '.join(forgotten)} (meta.public).")
    if absent := sorted(said - {*columns}):
        raise Undeclared(f"{own.table} speaks of columns that are not there, so nothing leaves: {', '.join(absent)} (meta.public).")


def counts(frame: pl.DataFrame, own: Declared, apart: Sequence[int] = ()) -> list[tuple[int, ...]]:
    """Each row's people by part. A total that nobody knows has no rest. `apart`: how many of a row's are in no part of the first class."""
    columns = []
    for class_no, (total, parts) in enumerate(own.classes):
        named = [part for part in parts if part != REST]
        columns += [frame[part].fill_null(0) for part in named]
        if REST in parts:
            rest = frame.select((pl.col(total) - pl.sum_horizontal(pl.col(named).fill_null(0))).fill_null(0)).to_series()
            columns.append(rest - pl.Series(apart) if apart and class_no == 0 else rest)  # a rest stands last in its class
    return list(zip(*(column.to_list() for column in columns), strict=True))
