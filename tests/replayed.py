"""Runs the published rule of pools backwards: whoever knows how figures are hidden tries what a hidden one could be, and keeps the numbers of which the rule
makes what left. A number stays possible where there is a *world*: whole numbers for every unit that keep all that is told and all equations (reconstruct.py),
of which the rule makes, by some key that a city could have, the same export to the last cell. For each small figure two are looked for: one in which it is
nobody, one in which it is k. Where none is found the figure counts as known: so nothing is overlooked, and now and then something is held known that is not.

What does not belong here: linear programmes without the rule (reconstruct.py), what is tried when (test_public.py, attack.py).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import highspy
import numpy as np
import polars as pl
from reconstruct import Found, Key, Reconstruction

from pipeline.surfaces import public as rule
from pipeline.surfaces.declared import WITHHELD, Declared
from pipeline.surfaces.public import Rules

Steps = Mapping[str, Mapping[str, int]]  # family of cubes → unit → its detail


class SomeKey:
    """Whatever a key could choose, chosen so that a unit is told in the detail that left, if the rule lets it."""

    steps: Steps
    only_masks = False  # the rule as it was before it left anything else to chance

    def __init__(self, secret: str):
        self.known = self.steps[secret]

    def coarser(self, unit: str, coarsest: int, is_city: bool = False) -> int:
        return 0 if self.only_masks else self.known[unit]

    def joined(self, units: Sequence[str], step: int, alone: str | None = None) -> list[str]:
        return [] if self.only_masks else [unit for unit in units if self.known[unit] > step]

    def first(self, units: Sequence[str], step: int, pool: str) -> dict[str, int]:
        return {} if self.only_masks else {unit: -self.known[unit] for unit in units}

    def is_alone(self, unit: str, step: int) -> bool:
        return self.known[unit] > step

    def hidden_beside(self, units: Collection[str], count: int) -> list[str]:
        return sorted(units, key=lambda unit: (-self.known[unit], unit))[: max(0, count)]


@contextmanager
def patched(name: str, value: Any) -> Iterator[None]:
    before = getattr(rule, name)
    setattr(rule, name, value)
    try:
        yield
    finally:
        setattr(rule, name, before)


class Worlds(Reconstruction):
    """Whole numbers that keep what is told."""

    def _not_empty(self) -> None:
        before = len(self.lp.rows)
        super()._not_empty()
        del self.lp.rows[before:]  # a key can hide an empty unit: whether one is empty the rule shall say
        self.lp.is_whole = True

    @property
    def true_values(self) -> list[float]:
        found = [0.0] * len(self.lp.names)
        for name, at in self.lp.names.items():
            found[at] = self.own_people[name[0], name[1]] if len(name) == 3 else float(self.true[name[0]][name[1]])
        return found

    def some(
        self, terms: Mapping[int, float], low: float, high: float, units: Collection[str], chance: np.random.Generator | None
    ) -> list[float] | None:
        """One in which a sum lies between two ends and nothing changes but of some units."""
        truth, solver = self.true_values, highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("time_limit", 10.0)
        names = sorted(self.lp.names, key=lambda name: self.lp.names[name])
        free = [name[0][-1] in units for name in names]
        count = len(names)
        lows = np.array([low_ if is_free else at for low_, is_free, at in zip(self.lp.low, free, truth, strict=True)])
        highs = np.array([high_ if is_free else at for high_, is_free, at in zip(self.lp.high, free, truth, strict=True)])
        rows = [(a, b, t) for a, b, t in self.lp.rows if any(free[at] for at in t)] + [(low, high, dict(terms))]
        # beside each number how far it lies from the truth: worlds near it are told alike more often
        moved = [at for at in range(count) if free[at]]
        aways = {at: count + n for n, at in enumerate(moved)}
        infinite = highspy.kHighsInf
        for at, away in aways.items():
            rows += [(-truth[at], infinite, {away: 1.0, at: -1.0}), (truth[at], infinite, {away: 1.0, at: 1.0})]
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = count + len(moved), len(rows)
        weights = np.ones(len(moved)) if chance is None else chance.uniform(-0.2, 1, len(moved))
        lp.col_cost_ = np.concatenate([np.zeros(count), weights])
        lp.col_lower_ = np.concatenate([lows, np.zeros(len(moved))])
        lp.col_upper_ = np.concatenate([highs, np.array([3.0 * abs(truth[at]) + 50 for at in moved])])
        lp.row_lower_, lp.row_upper_ = np.array([a for a, *_ in rows], float), np.array([b for _, b, _ in rows], float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(t) for *_, t in rows)])
        lp.a_matrix_.index_ = np.array([at for *_, t in rows for at in t])
        lp.a_matrix_.value_ = np.array([factor for *_, t in rows for factor in t.values()], float)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * count + [highspy.HighsVarType.kContinuous] * len(moved)
        solver.passModel(lp)
        solver.run()
        if solver.getInfo().primal_solution_status != 2:
            return None
        return [round(value) for value in solver.getSolution().col_value[:count]]

    def frame(self, truth: pl.DataFrame, world: Sequence[float]) -> pl.DataFrame:
        """The table as it would be."""
        rows = truth.to_dicts()
        for row in rows:
            key = (*(row[c] for c in self.key), row["unit_key"])
            for column in self.figures:
                if (at := self.lp.names.get((key, column))) is not None:
                    row[column] = type(row[column])(world[at])
        return pl.DataFrame(rows, schema=truth.schema)

    def nearer(self, key: Key) -> Iterator[set[str]]:
        """A unit and its siblings, with all below them; then those of the unit above; at last all."""
        above = {child: k_[-1] for k_, below in self.below.items() if k_[:-1] == key[:-1] for child in below}
        below = {k_[-1]: units for k_, units in self.below.items() if k_[:-1] == key[:-1]}
        unit: str | None = key[-1]
        while unit is not None:
            waiting, found = [*below.get(above.get(unit, ""), [unit])], set[str]()
            while waiting:
                found.add(one := waiting.pop())
                waiting += below.get(one, [])
            yield found
            unit = above.get(unit)


def run_backwards(
    own: Declared,
    truth: Mapping[str, pl.DataFrame],
    units: pl.DataFrame,
    rules: Rules,
    chance: Callable[[str], Any] | None = None,
    of: Collection[str] | None = None,
    at_most: int | None = None,
    tries: int = 4,
    seed: int = 1,
) -> Found:
    """What somebody who knows the rule knows of one table's small figures. `chance`: how a city draws; none: the rule that only draws who is hidden beside others."""
    name, known = own.table, dict[str, dict[str, int]]()

    def noted(trees: Any, own: Declared, rules: Rules, family: str) -> dict[int, int]:
        found = steps_of(trees, own, rules, family)
        known[f"{rules.secret} {own.table} {family}"] = {unit: found[row] for rows, _ in trees for unit, row in rows.items()}
        return found

    def noted_silent(
        families: Mapping[Any, Sequence[Any]],
        cubes: Mapping[Any, Mapping[str, int]],
        above: Any,
        apart: Any,
        blanks: Any,
        own: Declared,
        rules: Rules,
    ) -> set[int]:
        """People of units that sent no list make pools of their own, with draws of their own."""
        found = withheld_of(families, cubes, above, apart, blanks, own, rules)
        for family, of in families.items():
            steps = {unit: int(row in found) for cube in of for unit, row in cubes[cube].items()}
            known[f"{rules.secret} {own.table} {family!r} apart"] = steps
        return found

    def told(frame: pl.DataFrame) -> pl.DataFrame:
        frames = {name: frame} | {other: truth[other] for other in ["rpt_submission_status"] if other in truth}
        left = rule.public(frames, units, {name: own}, rules)[name]
        no_share = pl.col(WITHHELD).fill_null("").str.split(", ").list.set_intersection(list(own.sets)).list.sort()
        return left.select(*(c for c in left.columns if c in {*own.sets, *own.cube, "unit_code"}), no_share)

    steps_of, withheld_of = rule._steps_of_family, rule._of_silent_withheld

    class Key_(SomeKey):
        steps = known
        only_masks = chance is None

    class OnlyMasks(rule.Chance):
        def coarser(self, unit: str, coarsest: int, is_city: bool = False) -> int:
            return 0

        def joined(self, units: Sequence[str], step: int, alone: str | None = None) -> list[str]:
            return []

        def first(self, units: Sequence[str], step: int, pool: str) -> dict[str, int]:
            return {}

    frames = {name: truth[name]} | {other: truth[other] for other in ["rpt_submission_status"] if other in truth}
    with patched("_steps_of_family", noted), patched("_of_silent_withheld", noted_silent), patched("Chance", chance or OnlyMasks):
        left = rule.public(frames, units, {name: own}, rules)[name]
        left_cells = told(truth[name])
    attack = Worlds(own, truth[name], left, units, rules.k, of=of)
    asked = [
        one for one in attack.sensitive() if " hidden below: " not in one[0]
    ]  # of several together it may be known that there is somebody
    draw = np.random.default_rng(seed)
    if at_most is not None and len(asked) > at_most:
        asked = [asked[n] for n in draw.choice(len(asked), at_most, replace=False)]
    names = {at: name_ for name_, at in attack.lp.names.items()}
    found = Found()
    with patched("Chance", Key_):
        for what, terms, value in asked:
            least = sum(max(at in attack.somebody, attack.holds[at]) for at, factor in terms.items() if factor > 0)
            ends = ([("nobody", -1e9, least)] if value > least else []) + [("k", rules.k, rules.k), ("k or more", rules.k, 1e9)]
            key = names[next(iter(terms))][0]
            seen: set[str] = set()
            for end, low, high in ends:
                if end == "k or more" and "k" in seen:
                    continue
                for free in attack.nearer(key):
                    for turn in range(tries):
                        world = attack.some(terms, low, high, free, None if turn == 0 else draw)
                        if world is None:
                            break
                        if told(attack.frame(truth[name], world)).equals(left_cells):
                            seen.add("k" if end.startswith("k") else end)
                            break
                    if {"k or more": "k"}.get(end, end) in seen:
                        break
            found.tried += 1
            lacking = [end for end in ("nobody", "k") if end not in seen and (end != "nobody" or value > least)]
            if lacking:
                found.leaks.append(f"{name} {what}: in truth {value:g}, no world with {' nor '.join(lacking)}")
    return found
