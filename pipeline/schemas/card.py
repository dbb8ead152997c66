"""What the house must know of a dataset besides its columns and rules; all that follows from it is generated or looped over.

What does not belong here: anything about one dataset.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandera.polars as pa
import polars as pl


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
class Card:
    """Of a dataset."""

    claim: Claim
    happened: tuple[str, ...]  # columns of days of what has happened: none lies after the load that saw it first
    reports: Mapping[str, str] = field(default_factory=dict)  # its reports, and the sheet of the city's workbook that each fills
    receipt: tuple[str, ...] = ()  # what a unit is told of its first report
    # cells without which rules that need other files are not asked, and the cell at which these point: a unit looks at both in one pass
    waits: Mapping[str, str] = field(default_factory=dict)
    tells: tuple[str, ...] = ()  # columns of which its header has one at least: names, units and posts stand in lists of every kind
    plain_fact: str | None = (
        None  # what the fact is, “Vietnamese / English. One row per …”, where it is the row of record column by column: both models
    )
    # of it are generated


def card(schema: pa.DataFrameSchema) -> Card:
    """A dataset's card."""
    found: Card = (schema.metadata or {})["card"]
    return found
