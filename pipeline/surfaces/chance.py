"""What of a public export is told more coarsely though nothing asks for it.

Without, that a unit is told coarsely says that a part of it is small, or that the others of its pool are few: whoever knows the rule tries each number
that a part can have, and keeps those of which the rule makes what left. So what the rule does for a reason (pools.py) it does by chance as well, wherever there
could be one. It follows from a secret of the house: the same city tells the same, load after load, and nobody without its key can draw again.

What does not belong here: what may be told at all (pools.py). docs/decisions/0035.
"""

import hmac
from collections.abc import Collection, Sequence

# For it 2 to 5 % more of all figures of ratings, discipline and rotation are hidden below the city.
ONE_IN, SELDOM, JOINED_IN = 8, 40, 3


class Chance:
    """Draws of one table and family of cubes: a year has its own."""

    def __init__(self, secret: str):
        self.secret = secret.encode()

    def coarser(self, unit: str, coarsest: int, is_city: bool = False) -> int:
        """The detail that a unit is told no finer than: of one unit in `ONE_IN` (seldom of a city) some step, of half of these one, of a quarter two …"""
        first, second = self._drawn(f"coarser {unit}")
        if first % (SELDOM if is_city else ONE_IN):
            return 0
        return next((step for step in range(1, coarsest) if second >> step & 1), coarsest)

    def joined(self, units: Sequence[str], step: int, alone: str | None = None) -> list[str]:
        """Of siblings that could be told, those that become part of a pool that has no need of them: in one pool of `JOINED_IN` one, of these in one two …

        `alone`: where there is no pool, whose they are; seldom they are one: so that it does not say that whom a unit has of its own are few."""
        if alone is not None and self._drawn(f"alone {step} {alone}")[0] % SELDOM:
            return []
        found = []
        for unit in sorted(units, key=lambda unit: self._drawn(f"joined {step} {unit}")):
            if self._drawn(f"joins {step} {unit}")[0] % JOINED_IN:
                break
            found.append(unit)
        return found

    def first(self, units: Sequence[str], step: int, pool: str) -> dict[str, int]:
        """Unit → its turn to be taken into a pool that needs one; of one pool in `ONE_IN` not the smallest goes first: else it says that others could not."""
        if self._drawn(f"first {step} {pool} {len(units)}")[0] % ONE_IN:
            return {}
        return {unit: self._drawn(f"turn {step} {unit}")[0] for unit in units}

    def is_alone(self, unit: str, step: int) -> bool:
        """May one be a pool by itself? It could be beside people whom the unit above has of its own."""
        return self._drawn(f"by itself {step} {unit}")[0] % JOINED_IN == 0

    def hidden_beside(self, units: Collection[str], count: int) -> list[str]:
        """So many of these."""
        return sorted(units, key=lambda unit: hmac.digest(self.secret, unit.encode(), "sha256"))[: max(0, count)]

    def _drawn(self, what: str) -> tuple[int, int]:
        digest = hmac.digest(self.secret, what.encode(), "sha256")
        return int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big")
