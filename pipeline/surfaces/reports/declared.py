"""What kinds of reports there are and what each holds (kinds.yml), and whose rules of form hold on a day (instructions.yml), read once.

What does not belong here: figures.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.surfaces.reports.document import Instruction

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Asked:
    """A column as kinds.yml has it."""

    name: str
    title: str
    width: float
    group: str = ""
    share: tuple[str, ...] = ()
    shown_as: str = "count"
    adds: bool = True
    quiet: bool = False
    needs: str = ""
    not_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tabled:
    """A table as kinds.yml has it."""

    title: str
    columns: tuple[Asked, ...]
    source: str = ""
    metrics: bool = False
    each: str = ""
    by: str = ""
    where: dict[str, str] = field(default_factory=dict)
    without: dict[str, int] = field(default_factory=dict)
    note: str = ""

    @property
    def tells_ratings(self) -> bool:
        """Whether its figures come from ratings that units sent."""
        return self.source == "rpt_rating_summary" or any(column.name.startswith("quota_") for column in self.columns)


@dataclass(frozen=True)
class Kind:
    """A kind of report."""

    code: str
    stem: str
    about: str
    text: tuple[str, ...]
    tables: tuple[Tabled, ...]
    public: bool = True  # whether what may leave holds its figures


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of report by its code."""
    found = {}
    for code, said in yaml.safe_load((HERE / "kinds.yml").read_text("utf-8"))["kinds"].items():
        found[code] = Kind(
            code, said["stem"], said["about"], tuple(said["text"]), tuple(map(_table, said["tables"])), said.get("public", True)
        )
    return found


def _table(said: dict[str, Any]) -> Tabled:
    columns = tuple(Asked(**{**column, "share": tuple(column.get("share", ()))}) for column in said["columns"])
    plain = {name: said[name] for name in ("title", "metrics", "each", "by", "where", "without", "note") if name in said}
    return Tabled(columns=columns, source=said.get("from", ""), **plain)


@cache
def instructions() -> tuple[Instruction, ...]:
    """Every instruction on the form of documents."""
    rows = yaml.safe_load((HERE / "instructions.yml").read_text("utf-8"))
    return tuple(
        Instruction(**{**row, "valid_to": row.get("valid_to"), "motto": tuple(row["motto"]), "margins": tuple(row["margins"])})
        for row in rows
    )


def in_force(side: str, day: dt.date) -> Instruction | None:
    """By what a document of that side is drawn on a day.

    >>> [in_force("PARTY", dt.date(2026, 5, day)).code for day in (26, 27)], in_force("STATE", dt.date(2019, 1, 1))
    (['HD36', 'HD05'], None)
    """
    return next((i for i in instructions() if i.side == side and i.valid_from <= day and (i.valid_to is None or day <= i.valid_to)), None)
