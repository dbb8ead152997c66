"""What units owe and what came of it: the state of each submission, their counts, and who has not sent.

What does not belong here: what was in them (figures.py), and the words for it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.surfaces.pages.units import BASES, Units

Row = Mapping[str, Any]
NEWEST_REFUSED = ("REFUSED", "EARLIER")  # states in which a unit has to send again


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
        """Of what is due the share that came; None where nothing is due."""
        return self.came / self.due if self.due else None

    @property
    def timeliness(self) -> float | None:
        """Of what came the share that came in time; None where nothing came."""
        return self.in_time / self.came if self.came else None


def state(row: Row) -> str:
    """What became of what is owed, in one word: a code of the lists `timeliness` and `verdict`, WITHDRAWN, or EARLIER: the newest version was refused,
    and one before it is in the figures."""
    if row["is_withdrawn"]:
        return "WITHDRAWN"
    if row["verdict_code"] == "REFUSED":
        return "EARLIER" if row["has_current"] else "REFUSED"
    return str(row["timeliness_code"])


def is_late(row: Row) -> bool:
    """Whether it came after the day on which it was due, whatever was in it: what came is in time or late, as the metric of timeliness has it."""
    return row["received_on"] is not None and row["received_on"] > row["due_on"]


def sent(rows: Iterable[Row]) -> Sent:
    """The counts of some rows of `rpt_submission_status`, as the metrics define them (a test holds both equal)."""
    rows = [*rows]
    states = [state(row) for row in rows]
    came, late = sum(row["received_on"] is not None for row in rows), sum(is_late(row) for row in rows)
    due = sum(row["timeliness_code"] != "NOT_YET_DUE" for row in rows)
    return Sent(due, came, came - late, states.count("MISSING"), late, sum(one in NEWEST_REFUSED for one in states))


def silent_bases(units: Units, status: Mapping[str, list[Row]]) -> Counter[tuple[str, int, str]]:
    """By dataset, year and unit: of how many base organisations of the unit that owe it nothing stands; a quarter's ratings are no answer for the year's."""
    silent: Counter[tuple[str, int, str]] = Counter()
    for unit in units.with_pages:
        found: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for row in status.get(unit.key, ()):
            if row["dataset_code"] != "ratings" or row["period"] == str(row["year"]):
                found[row["dataset_code"], row["year"]].append(row)
        for (dataset, year), rows in found.items():
            if unit.type_code in BASES and not any(row["has_current"] for row in rows):
                for one in (*units.above(unit), unit):
                    silent[dataset, year, one.key] += 1
    return silent
