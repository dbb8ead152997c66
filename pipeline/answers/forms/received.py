"""Forms of what the city has received, as they were read: which have columns that nobody knows, and what units say of them.

What does not belong here: proposing what they may mean (propose.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.answers.read_as import NOT_READ
from pipeline.codes import fold
from pipeline.intake.forms import columns_of
from pipeline.intake.layout import FormColumn
from pipeline.ledger.records import read_loads
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.warehouse import landing

NAMED = 5  # units of many that say the same


@dataclass(frozen=True)
class Objection:
    """What units say that a column of a form is."""

    header: str
    means: str
    units: tuple[str, ...]

    @property
    def who(self) -> str:
        """The units' codes, of many the first ones."""
        return ", ".join(self.units[:NAMED]) + (f" và {len(self.units) - NAMED} đơn vị nữa" if len(self.units) > NAMED else "")


@dataclass(frozen=True)
class UnknownForm:
    """A form with columns that nobody knows, or of which a unit says that they were read wrongly, whoever said how."""

    code: str
    dataset: str | None
    files: int
    senders: int
    example: str  # period and sender of one of them
    unknown: list[str]  # headers
    objections: list[Objection]
    is_confirmed: bool


def unknown_forms(home: Home) -> list[UnknownForm]:
    """Those that units object to first, then the most used. Of each form what its newest file shows."""
    contract = read_loads(home)[-1].contract
    about = landing.landed(home, contract, "submissions").select("submission_key", "period", "sender_code", "content_hash")
    forms = landing.landed(home, contract, "forms").join(about, on="submission_key")
    said = objections(home, contract)
    found = []
    used = forms.group_by("form_code", "dataset_code").agg(
        pl.col("content_hash").n_unique().alias("files"),
        pl.col("sender_code").n_unique().alias("senders"),
        pl.col("columns", "is_confirmed", "period", "sender_code").sort_by("period", "sender_code", "content_hash").last(),
    )
    for row in used.sort("files", "form_code", descending=[True, False]).iter_rows(named=True):
        columns = columns_of(row["columns"])
        unknown = [] if row["is_confirmed"] else [c.header for c in columns if c.means is None]
        against = unmet(said.get(row["form_code"], ()), row["dataset_code"], columns)
        if unknown or against:
            about_it = (row["form_code"], row["dataset_code"], row["files"], row["senders"], f"{row['period']}, {row['sender_code']}")
            found.append(UnknownForm(*about_it, unknown, against, row["is_confirmed"]))
    return sorted(found, key=lambda form: not form.objections)


def objections(home: Home, contract: str) -> dict[str, list[Objection]]:
    """What units say of forms, by the form's code. Raises Damaged."""
    who = landing.landed(home, contract, "submissions").select("submission_key", "sender_code")
    said = landing.landed(home, contract, "objections").join(who, on="submission_key")
    of_units = said.group_by("form_code", "header", "means").agg(pl.col("sender_code").unique().sort())
    found: dict[str, list[Objection]] = defaultdict(list)
    for code, header, means, units in of_units.sort("form_code", "header", "means").iter_rows():
        found[code].append(Objection(header, means, tuple(units)))
    return found


def unmet(said: Iterable[Objection], dataset: str | None, columns: Sequence[FormColumn]) -> list[Objection]:
    """What units say of a form's columns, but for those that are read as they say by now."""
    read: dict[str, set[str]] = defaultdict(set)
    for c in columns:
        read[c.header].add(fold(SCHEMAS[dataset].columns[c.means].title if dataset and c.means else NOT_READ))
    return [one for one in said if read.get(one.header) != {fold(one.means)}]
