"""What units owe and what came of it: the state of each submission, their counts, and who has not sent.

What does not belong here: what was in them (figures.py), and the words for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.surfaces.pages.units import BASES, Units

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sent:
    """How complete and how timely what some units owe is: `completeness` and `timeliness`, and what they are made of."""

    due: int = 0
    came: int = 0
    in_time: int = 0
    missing: int = 0
    late: int = 0
    refused: int = 0

    @property
    def completeness(self) -> float | None:
        return self.came / self.due if self.due else None

    @property
    def timeliness(self) -> float | None:
        return self.in_time / self.came if self.came else None


@dataclass(frozen=True)
class Answers:
    """Of a dataset of a year: what a unit and all below it owe."""

    owing: int = 0  # units that owe it
    received: int = 0  # of these, those from whom anything came
    standing: int = 0  # of these, those of whom something stands
    silent_bases: int = 0  # base organisations that owe it and of whom nothing stands


def state(row: Row) -> str:
    """What became of what is owed, in one word: a code of the lists `timeliness` and `verdict`, or WITHDRAWN."""
    if row["is_withdrawn"]:
        return "WITHDRAWN"
    return "REFUSED" if row["verdict_code"] == "REFUSED" else str(row["timeliness_code"])


def is_late(row: Row) -> bool:
    """Whether it came after the day on which it was due, whatever was in it: what came is in time or late, as the metric of timeliness has it."""
    return row["received_on"] is not None and row["received_on"] > row["due_on"]


def sent(rows: Iterable[Row]) -> Sent:
    """The counts of some rows of `rpt_submission_status`, as the metrics define them (a test holds both equal)."""
    rows = [*rows]
    states = [state(row) for row in rows]
    came, late = sum(row["received_on"] is not None for row in rows), sum(is_late(row) for row in rows)
    due = sum(row["timeliness_code"] != "NOT_YET_DUE" for row in rows)
    return Sent(due, came, came - late, states.count("MISSING"), late, states.count("REFUSED"))


def answers(units: Units, status: Mapping[str, list[Row]]) -> dict[tuple[str, int, str], Answers]:
    """By dataset, year and unit: how many of the unit and all below it owe, and of how many something came and stands."""
    counts: dict[tuple[str, int, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for unit in units.with_pages:
        found: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for row in status.get(unit.key, ()):
            found[row["dataset_code"], row["year"]].append(row)
        for (dataset, year), rows in found.items():
            stands = any(row["received_on"] is not None and state(row) not in ("REFUSED", "WITHDRAWN") for row in rows)
            said = (True, any(row["received_on"] is not None for row in rows), stands, unit.type_code in BASES and not stands)
            for one in (*units.above(unit), unit):
                place = counts[dataset, year, one.key]
                place[:] = [before + more for before, more in zip(place, said, strict=True)]
    return {key: Answers(*place) for key, place in counts.items()}
