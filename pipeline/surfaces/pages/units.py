"""Units as pages know them: each by its newest name, who stands above and below it, and in which file it stands.

What does not belong here: figures.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count, pairwise
from typing import Any

CITY, SUPERIOR = "CITY", "SUPERIOR"
BASES = ("BASE_COMMITTEE", "BASE_CELL")
WITH_PAGES = (CITY, SUPERIOR, *BASES)  # what stands below a base organisation is a line of its page: 2,400 pages fewer


@dataclass(frozen=True)
class Unit:
    """A unit, as the registry has it last."""

    key: str
    code: str
    name: str
    type_code: str
    parent: str | None
    base: str | None
    sort_order: int  # by name, in the order of the Vietnamese alphabet
    has_ended: bool
    page: str  # its file; of what has none, that of its base organisation


@dataclass(frozen=True)
class Move:
    """A day from which a unit is under another one."""

    unit: Unit
    on: dt.date
    before: str | None
    now: str | None


@dataclass(frozen=True)
class Units:
    """All of them."""

    by_key: Mapping[str, Unit]
    moves: Sequence[Move] = ()  # by day

    @classmethod
    def all_of(cls, stretches: Iterable[Mapping[str, Any]]) -> "Units":
        """From the stretches of units: the last of each is what it is called and where it stands."""
        in_order = sorted(stretches, key=lambda s: (s["unit_code"], s["valid_from"]))
        newest = {s["unit_key"]: s for s in in_order if s["is_newest"]}
        pages: dict[str, str] = {}
        taken: set[str] = set()
        for key, one in newest.items():
            if one["unit_type_code"] in WITH_PAGES:
                is_home = one["unit_type_code"] == CITY and "index.html" not in taken
                pages[key] = "index.html" if is_home else _file(one["unit_code"], taken)
                taken.add(pages[key].lower())  # some disks take two names for one
        by_key = {
            key: Unit(
                key, one["unit_code"], one["unit_name"], one["unit_type_code"], one["parent_unit_key"], one["base_unit_key"],
                one["sort_order"], one["valid_to"] is not None, pages.get(key) or pages.get(one["base_unit_key"] or "", ""),
            )
            for key, one in newest.items()
        }  # fmt: skip
        by_unit = sorted(in_order, key=lambda s: (s["unit_key"], s["valid_from"]))
        moves = [
            Move(by_key[now["unit_key"]], now["valid_from"], before["parent_unit_key"], now["parent_unit_key"])
            for before, now in pairwise(by_unit)
            if before["unit_key"] == now["unit_key"] and before["parent_unit_key"] != now["parent_unit_key"] and now["unit_key"] in pages
        ]
        return cls(by_key, sorted(moves, key=lambda move: (move.on, move.unit.code)))

    def moved(self, unit: Unit, year: int) -> list[Move]:
        """Units with pages that have come to a unit or left it since a year's first day was over, its own moves among them."""
        return [one for one in self.moves if one.on > dt.date(year, 1, 1) and unit.key in (one.unit.key, one.before, one.now)]

    @cached_property
    def city(self) -> Unit:
        """The unit whose page is the home page; of a registry without a city, nobody's."""
        found = (unit for unit in self.by_key.values() if unit.page == "index.html")
        return next(found, Unit("", "", "", CITY, None, None, 0, False, "index.html"))

    @cached_property
    def with_pages(self) -> list[Unit]:
        """Those that have a page of their own, by name."""
        return sorted((u for u in self.by_key.values() if u.type_code in WITH_PAGES), key=lambda u: u.sort_order)

    @cached_property
    def superiors(self) -> list[Unit]:
        """Whoever has pages right below the city, by code."""
        return [unit for unit in self.children(self.city) if not unit.has_ended]

    @cached_property
    def _below(self) -> Mapping[str, list[Unit]]:
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.with_pages:
            if above := self.right_above(unit):
                found[above.key].append(unit)
        return {key: sorted(units, key=lambda u: u.code) for key, units in found.items()}

    @cached_property
    def _inside(self) -> Mapping[str, list[Unit]]:
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.by_key.values():
            if unit.type_code not in WITH_PAGES and unit.base:
                found[unit.base].append(unit)
        return {key: sorted(units, key=lambda u: u.code) for key, units in found.items()}

    def above(self, unit: Unit) -> list[Unit]:
        """Units with pages above one, from the city down; whose superior is not here stands below the city."""
        found: list[Unit] = []
        parent = self.by_key.get(unit.parent or "")
        while parent and parent not in found:
            found.append(parent)
            parent = self.by_key.get(parent.parent or "")
        if unit is not self.city and self.city not in found:
            found.append(self.city)
        return [one for one in reversed(found) if one.type_code in WITH_PAGES]

    def right_above(self, unit: Unit) -> Unit | None:
        """The unit with a page right above one; above the city there is none."""
        above = self.above(unit)
        return above[-1] if above else None

    def children(self, unit: Unit) -> list[Unit]:
        """Units with pages right below one, by code."""
        return self._below.get(unit.key, [])

    def inside(self, unit: Unit) -> list[Unit]:
        """Sections and cells of a base organisation, by code."""
        return self._inside.get(unit.key, [])

    def branch(self, unit: Unit) -> list[Unit]:
        """A unit and all with pages below it."""
        return [unit, *(one for child in self.children(unit) for one in self.branch(child))]


def _file(code: str, taken: set[str]) -> str:
    """A file that is called as the unit's code; codes pass from unit to unit, files do not."""
    plain = re.sub(r"[^A-Za-z0-9.-]", "_", code).strip(".") or "_"
    names = (f"units/{plain}{more}.html" for more in chain([""], (f"~{n}" for n in count(2))))
    return next(name for name in names if name.lower() not in taken)
