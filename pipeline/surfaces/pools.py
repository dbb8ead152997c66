"""How much of each unit can be told, so that no count under k follows from all that is told of its tree.

A *set* is some kinds of people (the excellent; the disciplined by a base committee). A *detail* says which sets are told. Top down, every unit gets the
finest detail at which each told set counts nobody or at least k. Siblings of which this leaves some with less than their parent are a *pool*: their sum
follows from their parent's and the others', so it is held to what their parent is held to, and grows by the smallest sibling until it keeps it. Within a
pool the same goes on, one detail coarser, down to members of which nothing is told.

Why that holds: whatever is told of a pool's member is a sum over its kinds of people, and whatever follows of the pool is a sum over its members. So
people of two kinds can change places between two members and nobody outside sees it. How far they can is known exactly (Fréchet's bounds of a table of
which only the margins are known, carried from pool to pool: `Group.least`): far enough for the kind to count nobody at all in the unit, or the unit is told
more coarsely still; and also far enough for it to count k, since the unit's own sum and its pool's are at least k. That a unit of which nothing is told is not
empty everybody knows, since nought is told: so a pool is large enough for any of its units to count k though each other one counts somebody (`_has_room`).
Where somebody of a kind is in every unit that is not empty (whoever attended is a person), these are *sure*: bounds and rooms are of what is left beside them.
And that a unit is told coarsely, or hidden, says nothing by itself: some are by chance (chance.py). docs/decisions/0035.

What does not belong here: tables and columns (public.py), what they say of themselves (declared.py), and how chances are drawn (chance.py).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.surfaces.chance import Chance
from pipeline.surfaces.declared import Cells

Counts = tuple[int, ...]


@dataclass(eq=False)
class Group:
    """Some people by kind, and what is known of them: a unit, a pool of siblings, or those whom a unit has of its own."""

    name: str  # "" of what is no unit and so is never told
    counts: Counts
    cells: Cells = ()
    above: "Group | None" = None
    sure: int = 0  # how many there must be of `of_sure`, for units in it are known not to be empty
    of_sure: int = 0
    _least: dict[int, int] = field(default_factory=dict)
    _sums: dict[int, int] = field(default_factory=dict)

    def of(self, s: int) -> int:
        """How many of a set there are."""
        if s not in self._sums:
            self._sums[s] = sum(count for bit, count in enumerate(self.counts) if s >> bit & 1)
        return self._sums[s]

    def is_nobody(self, s: int) -> bool:
        """Whether each part of a set is nought."""
        return not any(count for bit, count in enumerate(self.counts) if s >> bit & 1)

    def least(self, s: int) -> int:
        """How many of a set there must be besides those who are sure, as far as anybody can tell."""
        if s not in self._least:
            self._least[s] = sum(self._least_within(cell, cell & s) for cell in self.cells if cell & s)
        return self._least[s]

    def beside_sure(self, cell: int) -> int:
        """How many of a cell there are besides those who are sure."""
        return self.of(cell) - (self.sure if cell & self.of_sure else 0)

    def _least_within(self, cell: int, s: int) -> int:
        if s == cell:
            return self.beside_sure(cell)
        if self.above is None:
            return 0
        return max(0, self.beside_sure(cell) - (self.above.beside_sure(cell) - self.above.least(s)))

    def nearly(self, s: int, few: int) -> bool:
        """Would there have to be somebody, were a few more of what is told here?"""
        return self.above is not None and any(
            self.beside_sure(cell) + few > self.above.beside_sure(cell) - self.above.least(cell & s)
            for cell in self.cells
            if cell & s not in (0, cell)
        )

    @cached_property
    def size(self) -> int:
        """How many there are in all."""
        return sum(self.counts)


@dataclass(frozen=True)
class Tree:
    """Units, what they count, and who stands above whom."""

    counts: Mapping[str, Counts]
    below: Mapping[str, Sequence[str]]
    roots: Sequence[str]


def masked(tree: Tree, steps: Mapping[str, int], nothing: int, chance: Chance) -> dict[str, int]:
    """As many siblings without anybody hidden as there are hidden ones with somebody, as far as there are: else what is hidden says that there is somebody.

    Which ones, follows from a secret of the house: whoever could choose them again would know them. For one year they stay the same ones from load to load.
    """
    found = dict(steps)
    for siblings in (*tree.below.values(), tree.roots):
        hidden = [u for u in siblings if steps[u] == nothing]
        lacking = sum(1 if any(tree.counts[u]) else -1 for u in hidden)  # some are hidden by chance already
        noughts = [u for u in siblings if steps[u] < nothing and not any(tree.counts[u])]
        waiting = chance.hidden_beside(noughts, lacking)
        while waiting:
            unit = waiting.pop()
            found[unit] = nothing
            waiting += tree.below.get(unit, ())
    return found


class Pools:
    """One tree, told as finely as may be."""

    def __init__(
        self,
        tree: Tree,
        steps: Sequence[Cells],
        asked: Collection[int],
        k: int,
        totals: Collection[int] = (),
        is_pooled: bool = True,
        is_masked: bool = False,
        chance: Chance | None = None,
        of_sure: int = 0,
    ):
        """`totals`: all people of a unit, in each way to sort them. `is_pooled` only tests take away: then what is told is safe by itself and nothing is
        hidden beside it. `is_masked`: units without anybody are hidden as well, so that what is hidden may be empty. `of_sure`: of whom there is somebody in every
        unit that is not empty."""
        self.tree, self.steps, self.asked, self.k = tree, steps, asked, k
        self.totals, self.is_pooled, self.is_masked = {*totals, *steps[-1]}, is_pooled, is_masked
        self.chance = chance if is_pooled else None
        self.chosen = {unit: chance.coarser(unit, len(steps), unit in tree.roots) for unit in tree.counts} if chance else {}
        self.floor: dict[str, int] = {}
        self.of_sure = of_sure
        self.sure: dict[str, int] = {}

    def told(self, floor: Mapping[str, int]) -> dict[str, int]:
        """Unit → the number of its detail, none finer than `floor`; one more than there are: nothing is told."""
        self.floor = dict(floor)
        self.sure = {unit: int(bool(self.of_sure) and any(own)) for unit, own in self.tree.counts.items()}
        while True:
            self.steps_of, self.raised = dict.fromkeys(self.tree.counts, len(self.steps)), False
            for root in self.tree.roots:
                first = Group("", self.tree.counts[root], (), None, self.sure[root], self.of_sure)
                details = (n for n in range(self.floor.get(root, 0), len(self.steps)) if self._keeps(first, n))
                step = next(details, len(self.steps))
                if not self._is_one_sure(Group(root, first.counts, self._cells(step), None, first.sure, self.of_sure)):
                    step = len(self.steps)
                while step < self.chosen.get(root, 0) and self._has_reason(
                    Group(root, first.counts, self._cells(step), None, first.sure, self.of_sure), step, self.chosen[root]
                ):
                    step += 1
                self._tell(Group(root, first.counts, self._cells(step), None, first.sure, self.of_sure), step)
            before = self.sure
            self.sure = {unit: max(sure, before[unit]) for unit, sure in self._sure_of_told().items()}  # never less: so there is an end
            if not self.raised and self.sure == before:
                return self.steps_of

    def _sure_of_told(self) -> dict[str, int]:
        """Unit → how many there are at least: one where it is not empty and nothing is told of it; else one in each unit below that is known not to be."""
        found: dict[str, int] = {}
        waiting = [(root, False) for root in self.tree.roots]
        while waiting:
            unit, is_ready = waiting.pop()
            below = self.tree.below.get(unit, ())
            if below and not is_ready:
                waiting += [(unit, True), *((one, False) for one in below)]
                continue
            own = int(bool(self.of_sure) and any(self.tree.counts[unit]))
            found[unit] = max(own, sum(found[one] for one in below)) if self.steps_of[unit] < len(self.steps) else own
        return found

    def _is_chosen(self, row: Group, step: int) -> bool:
        """Is a unit told more coarsely by chance? Where there could be a reason: a set that is hidden then counts few or might, or must be of few."""
        coarser = self.chosen.get(row.name, 0)
        return coarser > step and (self._has_reason(row, step, coarser) or self._is_nearly_closed(row))

    def _has_reason(self, row: Group, step: int, coarser: int) -> bool:
        return any(0 <= row.of(cell) < 2 * self.k for cell in self.steps[step] if cell not in self._cells(coarser))

    def _is_nearly_closed(self, row: Group) -> bool:
        return any(0 <= row.of(s) < 2 * self.k and row.nearly(s, 2 * self.k) for s in self.asked)

    def _cells(self, step: int) -> Cells:
        return self.steps[step] if step < len(self.steps) else ()

    def _keeps(self, group: Group, step: int) -> bool:
        """Nobody or at least k in each told set. A rest may be less than nobody (more were rated than a list has): it makes no nought of others."""
        if step == len(self.steps):
            return False
        return all(self._is_enough(group, cell) or (group.of(cell) == 0 and group.is_nobody(cell)) for cell in self.steps[step])

    def _is_enough(self, group: Group, cell: int) -> bool:
        """At least k; where those who are sure are told with others, beside these: else fewer than k could be the others."""
        return (group.beside_sure(cell) if cell & ~self.of_sure else group.of(cell)) >= self.k

    def _is_open(self, group: Group) -> bool:
        """Nobody can tell that there is anybody in a set that counts fewer than k."""
        return all(not 0 < group.of(s) < self.k or group.least(s) == 0 for s in self.asked if not self._is_told(group, s))

    def _is_one_sure(self, unit: Group) -> bool:
        """Where there are fewer than k of whom there is somebody in every unit that is not empty: nobody can tell that there is a second."""
        return self._is_told(unit, self.of_sure) or unit.sure <= 1 or unit.of(self.of_sure) >= self.k

    @staticmethod
    def _is_told(group: Group, s: int) -> bool:
        return s in group.cells

    def _tell(self, unit: Group, step: int) -> None:
        self.steps_of[unit.name] = step
        below = self.tree.below.get(unit.name, ())
        if step == len(self.steps) or not below:
            return  # below a unit of which nothing is told, nothing is told
        members = [Group(name, self.tree.counts[name], (), None, self.sure[name], self.of_sure) for name in below]
        own = tuple(total - sum(column) for total, column in zip(unit.counts, zip(*(m.counts for m in members), strict=True), strict=True))
        # a person who counts in two units below and once above makes less than nobody: no member, but what others see of a pool, and count like one
        twice = tuple(min(0, count) for count in own)
        if any(count > 0 for count in own):
            members.append(Group("", tuple(max(0, count) for count in own)))
        self._part(unit, members, step, twice)

    def _part(self, pool: Group, members: list[Group], step: int, twice: Counts) -> None:
        """Tell the members of a pool at a detail or, where they do not keep it, coarser; what the pool is known by is at least as fine."""
        if step == len(self.steps):
            if pool.name and not self._has_room(pool, members, pool.cells):
                self._coarser(pool, step)
            return
        told: list[Group] = []
        others: list[Group] = []
        for member in members:
            row = Group(member.name, member.counts, self.steps[step], pool, member.sure, self.of_sure)
            is_told = member.name and self.floor.get(member.name, 0) <= step and self._keeps(row, step)
            is_told = is_told and (not self.is_pooled or (self._is_open(row) and self._is_one_sure(row)))
            (told if is_told else others).append(row)
        if not self.is_pooled:
            for row in told:
                self._tell(row, step)
            if others:
                self._part(pool, others, step + 1, twice)
            return
        first = self.chance.first([row.name for row in told], step, pool.name) if self.chance else {}
        told.sort(key=lambda row: (first.get(row.name, 0), row.size, row.name))
        counted_twice = Group("", twice)
        is_few = any(
            -self.k < counted_twice.of(cell) < 0 for cell in self.steps[step]
        )  # of all told, and their sum, it would follow how many
        nobody = [row for row in told if not row.size]  # a unit that everybody knows to be empty hides nobody beside it
        told = [row for row in told if row.size]
        more = self._by_chance(pool, others, [*told, *nobody], step, twice)
        told, nobody, others = [r for r in told if r not in more], [r for r in nobody if r not in more], [*others, *more]
        while (others or is_few) and told and not (len(others) > 1 and self._is_kept(pool, others, step, twice)):
            chosen = next((row for row in told if self._is_kept(pool, [*others, row], step, twice)), told[0])
            told.remove(chosen)
            others.append(chosen)
        if not more:  # what chance would have done without these, it does beside them
            more = self._by_chance(pool, others, [*told, *nobody], step, twice)
            told, nobody, others = [r for r in told if r not in more], [r for r in nobody if r not in more], [*others, *more]
        for row in (*told, *nobody):
            self._tell(row, step)
        if others and not told and pool.name and not self._has_room(pool, others, self.steps[step]):
            self._coarser(pool, step + 1)
        if others:
            self._part(_together(others, self.steps[step], pool) if told else pool, others, step + 1, twice)

    def _by_chance(self, pool: Group, others: Sequence[Group], told: Sequence[Group], step: int, twice: Counts) -> list[Group]:
        """Those that are told more coarsely though nothing asks for it: as many of these as may be, without anything that stands above being told less."""
        if self.chance is None:
            return []
        chosen = [row for row in told if self._is_chosen(row, step)]
        able = [row.name for row in told if row not in chosen]
        joined = set(self.chance.joined(able, step, pool.name if not (chosen or others) else None))
        for more in ([*chosen, *(row for row in told if row.name in joined)], chosen):
            if not more:
                continue
            together = [*others, *more]
            is_some = len(together) > 1 or self.chance.is_alone(more[0].name, step)
            is_all = not any(row.size for row in told if row not in more)  # then their sum is the pool's, which is known already
            is_safe = self._is_kept(pool, together, step, twice) or (
                is_all and (not pool.name or self._has_room(pool, together, self.steps[step]))
            )
            if is_some and is_safe and any(row.size for row in together):
                return more
        return []

    def _is_kept(self, pool: Group, rows: Sequence[Group], step: int, twice: Counts) -> bool:
        """May everybody know the sum of these members of a pool?"""
        rest = _together(rows, self.steps[step], pool)
        if not (self._keeps(rest, step) and self._is_open(rest)):
            return False
        seen = rest
        if any(twice):
            seen = Group("", tuple(a + b for a, b in zip(rest.counts, twice, strict=True)), (), None, rest.sure, self.of_sure)
        return all(seen.of(cell) <= 0 or self._is_enough(seen, cell) for cell in self.steps[step]) and self._has_room(
            seen, rows, self.steps[step]
        )

    def _has_room(self, together: Group, rows: Sequence[Group], cells: Cells) -> bool:
        """Could any of these, of which nothing may be told in the end, count k though each of the others counts somebody? `cells`: what is told of all."""
        if self.is_masked:
            return True
        told = [total for total in self.totals if any(cell & total for cell in cells) and all(cell & total in (0, cell) for cell in cells)]
        for total in told:
            units = sum(row.sure if total & self.of_sure else row.of(total) > 0 for row in rows)
            if units and together.of(total) < self.k + units - (not total & self.of_sure or total == self.of_sure):
                return False
        return True

    def _coarser(self, unit: Group, step: int) -> None:
        """What is told of a unit says too much of those below it: all is told again, of this one no finer than that."""
        self.floor[unit.name], self.raised = max(step, self.floor.get(unit.name, 0)), True


def _together(rows: Sequence[Group], cells: Cells, above: Group) -> Group:
    counts = tuple(map(sum, zip(*(row.counts for row in rows), strict=True))) if rows else ()
    return Group("", counts, cells, above, sum(row.sure for row in rows), above.of_sure)
