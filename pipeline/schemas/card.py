"""What the house must know of a dataset besides its columns and rules; all that follows from it is generated or looped over.

What does not belong here: anything about one dataset.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandera.polars as pa
import polars as pl

from pipeline.spoken_lists import UNSPOKEN, Spoken


@dataclass(frozen=True)
class Claim:
    """Which fact a row tells of. Words of SQL: `r` is the landed row, `v` the version of its submission, `p` the period that the row itself
    names, where `period` is not the folder's; dbt's macros may be called."""

    key: str  # what the fact's key is called
    by: tuple[str, ...]  # what two rows of one fact have in common, besides the person
    on: str  # the day on which the row's unit is looked for
    may_end_from: str = "cast(null as date)"  # a unit that ended before that day is meant all the same, if not before this one
    of_unit: str | None = None  # where this holds, the fact is the unit's and nobody's
    is_one_per_unit: bool = False  # the same in two units are two facts
    period: str = "v.period"

    @property
    def is_persons(self) -> pl.Expr | None:
        """Of a row before it lands: whether its fact is a person's; None where every one is."""
        return None if self.of_unit is None else pl.sql_expr(self.of_unit.replace("r.", "")).not_()


@dataclass(frozen=True)
class Roster:
    """A unit's people by its newest accepted roster: `rows` have the columns of personnel, and `person_key`."""

    year: int
    rows: list[dict[str, Any]]

    @property
    def people(self) -> int:
        """How many they are: one may have several rows."""
        return len({row["person_key"] for row in self.rows})


@dataclass(frozen=True)
class Receipt:
    """What a unit is told of a report: of these figures those that are not nought."""

    figures: tuple[str, ...]
    by: str = ""  # a column of codes: the figures stand once for each, beside one another


@dataclass(frozen=True)
class Card:
    """Of a dataset."""

    claim: Claim
    happened: tuple[str, ...]  # columns of days of what has happened: none lies after the load that saw it first
    reports: tuple[str, ...] = ()  # its reports, each a sheet of the city's workbook, called as its own YAML says
    receipt: Receipt | None = None  # what a unit is told of its first report
    # a rule of form that one row at least must keep, and the rule for which a file is refused where none does
    needs_one: tuple[str, str] | None = None
    # cells without which rules that need other files are not asked, and the cell at which these point: a unit looks at both in one pass
    waits: Mapping[str, str] = field(default_factory=dict)
    aside: str = ""  # what a unit is told besides where `{count}` rows of it were set aside
    # what stands in its template from the beginning, of a roster, for a period and its last day; nobody has an event by default
    prefilled: Callable[[Roster, str, dt.date], list[dict[str, Any]]] | None = None
    spoken: Spoken = UNSPOKEN  # by which words offices tell of it
    tells: tuple[str, ...] = ()  # columns of which its header has one at least: names, units and posts stand in lists of every kind
    # what the fact is, “Vietnamese / English. One row per …”, where it is the row of record column by column: both models of it are generated
    plain_fact: str | None = None


def card(schema: pa.DataFrameSchema) -> Card:
    """A dataset's card."""
    found: Card = (schema.metadata or {})["card"]
    return found
