"""Tries to compute back what a public export hides: all that is told of a table, every equation that its columns and the tree of units keep, and the year
before, as one linear programme; then the least and the most that each hidden figure can be. Where a table of how many hours a course of each type has is known
besides, in whole numbers (a knapsack).

It knows nothing of how figures are hidden (pipeline/surfaces/pools.py): it reads what left, the registry's tree, and the equations that the models declare.
The truth is used to judge, and to give the attacker every assumption that happens to be true: that nobody stands at a unit itself where nobody does, that two
tables agree where they do. What does not belong here: what is tried when (test_public.py, attack.py).
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
import polars as pl

from pipeline.surfaces.declared import REST, Declared

Key = tuple[Any, ...]  # (table, cube…, unit)
Terms = dict[str, float]  # column → factor


@dataclass
class Found:
    """What an attack could tell."""

    tried: int = 0
    least_width: float = float("inf")
    leaks: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Found") -> "Found":
        self.tried += other.tried
        self.least_width = min(self.least_width, other.least_width)
        self.leaks += other.leaks
        return self


def parse(equation: str) -> tuple[Terms, str]:
    """`a + 5 b = c - d` as terms on one side, and how they stand to nought.

    >>> parse("5 a <= b - c")
    ({'a': 5.0, 'b': -1.0, 'c': 1.0}, '<=')
    """
    left, sign, right = re.split(r"(<=|>=|=)", equation)
    terms: Terms = defaultdict(float)
    for side, factor in ((left, 1.0), (right, -1.0)):
        for plus, times, name in re.findall(r"([+-]?)\s*(\d*)\s*([A-Za-z_]\w*)", side):
            terms[name] += factor * (-1 if plus == "-" else 1) * float(times or 1)
    return dict(terms), sign


class Programme:
    """A linear programme that is asked again and again: the least and the most of a sum."""

    def __init__(self) -> None:
        self.names: dict[Any, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[tuple[float, float, dict[int, float]]] = []
        self.is_whole = False  # people come as whole ones: asked where it tells more, for it takes longer

    def variable(self, name: Any, low: float = 0, high: float = highspy.kHighsInf) -> int:
        if name not in self.names:
            self.names[name] = len(self.low)
            self.low.append(low)
            self.high.append(high)
        return self.names[name]

    def bound(self, name: Any, low: float, high: float) -> None:
        at = self.names[name]
        self.low[at], self.high[at] = max(self.low[at], low), min(self.high[at], high)

    def add(self, terms: Mapping[int, float], low: float, high: float) -> None:
        self.rows.append((low, high, dict(terms)))

    def close(self) -> None:
        """Part the programme. What is told is a number and no unknown, so it holds nothing together: what is left falls into parts that share no unknown, each
        pool one, and each is solved by itself when it is first asked. (The whole city as one programme took about twelve minutes.)"""
        self.is_known = [low == high for low, high in zip(self.low, self.high, strict=True)]
        above = [*range(len(self.low))]

        def first(at: int) -> int:
            while above[at] != at:
                above[at] = at = above[above[at]]
            return at

        parted = []
        for low, high, terms in self.rows:
            known = sum(factor * self.low[at] for at, factor in terms.items() if self.is_known[at])
            unknown = {at: factor for at, factor in terms.items() if not self.is_known[at] and factor}
            if unknown:
                parted.append((low - known, high - known, unknown))
                one = first(next(iter(unknown)))
                for at in unknown:
                    above[first(at)] = one
            else:
                assert low - 1e-6 <= known <= high + 1e-6, "The truth itself does not keep what the attack assumes"
        self.part_of = [first(at) for at in above]
        self.parts: dict[int, list[tuple[float, float, dict[int, float]]]] = defaultdict(list)
        for row in parted:
            self.parts[self.part_of[next(iter(row[2]))]].append(row)
        self.members: dict[int, list[int]] = defaultdict(list)
        for at, part in enumerate(self.part_of):
            self.members[part].append(at)
        self.solvers: dict[int, tuple[highspy.Highs, dict[int, int]]] = {}

    def _solver(self, part: int) -> tuple[highspy.Highs, dict[int, int]]:
        """A part, ready to be asked, and where its unknowns stand in it."""
        if part not in self.solvers:
            rows, members = self.parts.get(part, []), self.members[part]
            place = {at: n for n, at in enumerate(members)}
            lp = highspy.HighsLp()
            lp.num_col_, lp.num_row_ = len(members), len(rows)
            lp.col_cost_ = np.zeros(len(members))
            lp.col_lower_, lp.col_upper_ = (
                np.array([self.low[at] for at in members], float),
                np.array([self.high[at] for at in members], float),
            )
            lp.row_lower_ = np.array([low for low, _, _ in rows], float)
            lp.row_upper_ = np.array([high for _, high, _ in rows], float)
            lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
            lp.a_matrix_.start_ = np.cumsum([0, *(len(terms) for *_, terms in rows)])
            lp.a_matrix_.index_ = np.array([place[at] for *_, terms in rows for at in terms])
            lp.a_matrix_.value_ = np.array([factor for *_, terms in rows for factor in terms.values()], float)
            if self.is_whole:
                lp.integrality_ = [highspy.HighsVarType.kInteger] * len(members)
            solver = highspy.Highs()
            solver.silent()
            solver.passModel(lp)
            self.solvers[part] = solver, place
        return self.solvers[part]

    def range(self, terms: Mapping[int, float]) -> tuple[float, float]:
        """The least and the most that a sum can be: of parts that share no unknown, what each can be by itself."""
        known = sum(factor * self.low[at] for at, factor in terms.items() if self.is_known[at])
        asked: dict[int, dict[int, float]] = defaultdict(dict)
        for at, factor in terms.items():
            if not self.is_known[at]:
                asked[self.part_of[at]][at] = factor
        ends = [self._range_of(part, own) for part, own in asked.items()]
        return known + sum(low for low, _ in ends), known + sum(high for _, high in ends)

    def _range_of(self, part: int, terms: Mapping[int, float]) -> tuple[float, float]:
        solver, place = self._solver(part)
        at, factors = np.array([place[name] for name in terms], np.int32), np.array(list(terms.values()), float)
        solver.changeColsCost(len(at), at, factors)
        ends = []
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            solver.changeObjectiveSense(sense)
            solver.run()
            status = solver.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                ends.append(solver.getInfo().objective_function_value)
            elif status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
                ends.append(float("-inf") if sense == highspy.ObjSense.kMinimize else float("inf"))
            else:
                raise AssertionError(f"The truth itself does not keep what the attack assumes: {status}")
        solver.changeColsCost(len(at), at, np.zeros(len(at)))
        return ends[0], ends[1]


class Reconstruction:
    """One table's attack, over all of its cubes or some of its units."""

    def __init__(
        self,
        own: Declared,
        truth: pl.DataFrame,
        left: pl.DataFrame,
        units: pl.DataFrame,
        k: int,
        of: Collection[str] | None = None,
        round_to: int = 0,
        lengths: Mapping[str, int] | None = None,
    ):
        """`truth`: the table whole; `left`: as it left; `of`: keys of the units to look at; `lengths`: hours of a course of each type."""
        self.own, self.k, self.round_to = own, k, round_to
        truth = truth.drop_nulls(own.counted) if own.dataset else truth  # whoever is silent has a line in the house alone
        self.figures = [
            c for c in truth.columns if c in {*own.sets, *own.in_house, *own.along} - own_shares(own) and not c.startswith("median")
        ]
        key = [c for c in ("period", "year", *own.cube) if c in left.columns]
        self.key = list(dict.fromkeys(key))
        rows = truth if of is None else truth.filter(pl.col("unit_key").is_in(list(of)))
        self.true: dict[Key, dict[str, Any]] = {(*(row[c] for c in self.key), row["unit_key"]): row for row in rows.to_dicts()}
        codes = {(*(row[c] for c in self.key), row["unit_code"]): row for row in left.to_dicts()}
        self.told = {k_: codes.get((*k_[:-1], row["unit_code"])) for k_, row in self.true.items()}
        self.units, self.of = units, of
        self.lp = Programme()
        self.lp.is_whole = bool(lengths)
        self.own_people: dict[
            tuple[Key, str], float
        ] = {}  # whom a unit has beside those below it; less than nobody: who counts in two of these
        self._columns()
        self._equations()
        self._hours(lengths or {})
        self._tree(truth)
        self._years()
        self._same_people()
        self.somebody: set[int] = set()  # figures that may be known to be of one at least
        self.holds: Counter[int] = Counter()  # totals, and how many units without a list they are known to hold
        self._not_empty()
        self.lp.close()

    def _columns(self) -> None:
        never_negative = {c for c in self.figures if all((row[c] or 0) >= 0 for row in self.true.values())}
        for key, row in self.true.items():
            told = self.told[key]
            for column in self.figures:
                if row[column] is None:
                    continue
                self.lp.variable((key, column), 0 if column in never_negative else -highspy.kHighsInf)
                if told is not None and told.get(column) is not None:
                    half = self.round_to / 2
                    self.lp.bound((key, column), told[column] - half, told[column] + half)

    def _terms(self, key: Key, terms: Terms) -> dict[int, float] | None:
        """None where nobody knows a column of this row."""
        found: dict[int, float] = {}
        for column, factor in terms.items():
            if (key, column) not in self.lp.names:
                return None
            found[self.lp.names[key, column]] = factor
        return found

    def _equations(self) -> None:
        parts = []
        for total, names in self.own.classes:
            named = [n for n in names if n != REST]
            if named != [total]:
                parts.append(f"{total} {'>=' if REST in names else '='} {' + '.join(named)}")
        for equation in (*self.own.equations, *parts):
            terms, sign = parse(equation)
            for key in self.true:
                found = self._terms(key, terms)
                if found is None:
                    continue
                if equation in parts and not self._keeps(key, terms, sign):
                    continue  # a rest that is less than nobody: more were rated than a list has
                self.lp.add(found, *_bounds(sign))

    def _hours(self, lengths: Mapping[str, int]) -> None:
        """Hours are those of the courses: so many of each type, of which everybody can look up how long it is."""
        if not lengths:
            return
        total, parts = self.own.classes[0]
        for key, row in self.true.items():
            rest = row[total] - sum(row[part] for part in parts if part != REST)
            if row["hours"] != sum(hours * row.get(part, rest) for part, hours in lengths.items()):
                continue
            terms = {"hours": -1.0, total: float(lengths[REST])}
            terms |= {part: float(lengths[part] - lengths[REST]) for part in parts if part != REST}
            if found := self._terms(key, terms):
                self.lp.add(found, 0, 0)

    def _keeps(self, key: Key, terms: Terms, sign: str) -> bool:
        value = sum(factor * self.true[key][c] for c, factor in terms.items())
        return value == 0 if sign == "=" else value >= 0 if sign == ">=" else value <= 0

    def _tree(self, truth: pl.DataFrame) -> None:
        """A unit = those below it + what it has of its own: nobody, where that is so."""
        of_day: dict[dt.date, dict[str, str | None]] = {}
        present: dict[Key, set[str]] = defaultdict(set)
        for row in truth.select(*self.key, "unit_key").iter_rows():
            present[row[:-1]].add(row[-1])
        self.below: dict[Key, list[str]] = defaultdict(list)
        for cube, those in present.items():
            row = next((r for k_, r in self.true.items() if k_[:-1] == cube), None)
            if row is None:
                continue
            day = row.get("period_to") or dt.date(row["year"], 12, 31)
            if day not in of_day:
                then = self.units.filter(pl.col("valid_from") <= day, pl.col("valid_to").is_null() | (pl.col("valid_to") >= day))
                of_day[day] = dict(then.select("unit_key", "parent_unit_key").iter_rows())
            parents = of_day[day]
            for unit in those & parents.keys():
                above = parents[unit]
                while above is not None and above not in those:
                    above = parents.get(above)
                if above is not None:
                    self.below[*cube, above].append(unit)
        tree = [c for c in (*self.own.tree, *(n for n, a in self.own.along.items() if n == "hours")) if c in self.figures]
        for key, below in self.below.items():
            children = [(*key[:-1], unit) for unit in below]
            if key not in self.true or any(child not in self.true for child in children):
                continue
            for column in tree:
                mine = self.lp.names.get((key, column))
                if mine is None:
                    continue
                known = [child for child in children if (child, column) in self.lp.names]
                if len(known) < len(children) and column not in self.own.blanks:  # who sent none counts nobody, and everybody knows
                    continue
                own = self.true[key][column] - sum(self.true[child][column] for child in known)
                terms = {mine: 1.0} | {self.lp.names[child, column]: -1.0 for child in known}
                if abs(own) > 1e-9:
                    self.own_people[key, column] = own
                    ends = (0, highspy.kHighsInf) if own > 0 else (-highspy.kHighsInf, 0)
                    terms[self.lp.variable((key, column, "own"), *ends)] = -1.0
                self.lp.add(terms, 0, 0)

    def _not_empty(self) -> None:
        """Nought is told: a unit of which nothing is told, below one of which something is, is not empty (but where as many empty ones are hidden beside it).
        So it has a person, as each unit has of which attendances are told; and units above have as many as there are such units in them."""
        if self.own.is_masked:
            return
        above = {(*key[:-1], unit): key for key, below in self.below.items() for unit in below}
        totals = [
            total
            for total, parts in self.own.classes
            if {*self.own.somebody}.intersection(parts) or any(self.own.sets[total] & cell == cell for cell in self.own.steps[-1])
        ]
        for key, row in self.true.items():
            if any(row[total] and (self.told[key] or {}).get(total) for total in totals):  # whoever attended is a person
                for c in self.own.somebody:
                    self.lp.add({self.lp.names[key, c]: 1.0}, 1, highspy.kHighsInf)
                    self.somebody.add(self.lp.names[key, c])
            if self._is_blank(key):
                known = [self.lp.names[key, c] for c in totals if row[c] and row[c] > 0 and (key, c) in self.lp.names]
                self.somebody.update(known)  # alone below one that is not empty, it is not empty either
                people = [self.lp.names[key, c] for c in self.own.somebody if known and row[c] and (key, c) in self.lp.names]
                self.somebody.update(people)  # whoever attended is a person
                for at in (*known, *people) if not self._is_below_blank(key, above) else ():
                    self.lp.add({at: 1.0}, 1, highspy.kHighsInf)
                up = above.get(key)
                while (
                    known
                    and not self._is_below_blank(key, above)
                    and self.own.blanks
                    and row[self.own.blanks[0]] is None
                    and up is not None
                ):
                    # that a unit has a member though it sent no list is no secret, nor then of those above it: one for each such unit
                    self.holds.update(self.lp.names[up, c] for c in totals if (up, c) in self.lp.names)
                    up = above.get(up)

    def _is_below_blank(self, key: Key, above: Mapping[Key, Key]) -> bool:
        """Whether it may be empty although nothing is told of it: below a unit of which nothing is told nobody is told of, so it and that unit may have one and
        the same member. Where a sibling is told all the same, it is for having nobody."""
        up = above.get(key)
        siblings = [(*key[:-1], unit) for unit in self.below[up]] if up is not None else []
        return up is not None and self._is_blank(up) and all(self._is_blank(one) for one in siblings if self.told.get(one) is not None)

    def _is_blank(self, key: Key) -> bool:
        told = self.told.get(key)
        return told is not None and all(told.get(column) is None for column in self.own.sets)

    def _years(self) -> None:
        """This year is last year and the change; who runs on is who ran and began, less who ended."""
        flows = [(f"{column} = BEFORE", change) for change, column in self.own.change.items()]
        flows += [(self.own.flow, None)] if self.own.flow else []
        for equation, change in flows:
            terms, _ = parse(equation)
            column = equation.split("=")[0].strip()
            for key in self.true:
                before = (self.true[key]["year"] - 1, *key[1:])
                found = self._terms(key, {c: f for c, f in terms.items() if c != "BEFORE"})
                if found is None or (before, column) not in self.lp.names or self.key[0] != "year":
                    continue
                found[self.lp.names[before, column]] = terms["BEFORE"]
                if change is not None:
                    told = self.told[key]
                    if told is not None and told.get(change) is not None:
                        self.lp.add(found, told[change] - self.round_to, told[change] + self.round_to)
                    continue
                value = sum(f * self.true[key][c] for c, f in terms.items() if c != "BEFORE") + terms["BEFORE"] * self.true[before][column]
                if value == 0:
                    self.lp.add(found, 0, 0)

    def _same_people(self) -> None:
        """Cubes of one day count one population."""
        if not self.own.same_people:
            return
        total = self.own.classes[0][0]
        first: dict[Any, int] = {}
        for key, row in self.true.items():
            if (key, total) in self.lp.names:
                who = (*(row[c] for c in self.own.same_people), row["unit_key"])
                at = self.lp.names[key, total]
                if first.setdefault(who, at) != at:
                    self.lp.add({at: 1.0, first[who]: -1.0}, 0, 0)

    def sensitive(self) -> Iterable[tuple[str, dict[int, float], float]]:
        """What counts 1 to k - 1 people: hidden figures, those whom a figure leaves out, those whom a unit has of its own or who count in two below it,
        and hidden siblings together."""
        for key, row in self.true.items():
            if self.told[key] is None and not self._has_place(key):
                continue
            for column, s in self.own.sets.items():
                if row[column] is None:
                    continue
                at = self.lp.names[key, column]
                if 0 < row[column] < self.k:
                    yield f"{key} {column}", {at: 1.0}, row[column]
                for other, t in self.own.sets.items():
                    if other != column and t & ~s == 0 and row[other] and 0 < row[column] - row[other] < self.k:
                        yield f"{key} {column} - {other}", {at: 1.0, self.lp.names[key, other]: -1.0}, row[column] - row[other]
                for total, parts in self.own.classes[1:]:  # whose bits are not those of its total
                    if column in parts and column != total and row[total] is not None and 0 < row[total] - row[column] < self.k:
                        yield f"{key} {total} - {column}", {self.lp.names[key, total]: 1.0, at: -1.0}, row[total] - row[column]
        for (key, column), own in self.own_people.items():
            if column in self.own.sets and 0 < abs(own) < self.k:
                yield (
                    f"{key} {'own' if own > 0 else 'twice below'}: {column}",
                    {self.lp.names[key, column, "own"]: 1.0 if own > 0 else -1.0},
                    abs(own),
                )
        for key, below in self.below.items():
            children = [child for child in ((*key[:-1], unit) for unit in below) if child in self.true]
            for column in self.own.sets:
                hidden = [c for c in children if (c, column) in self.lp.names and (self.told[c] or {}).get(column) is None]
                together = sum(self.true[c][column] for c in hidden)
                if len(hidden) > 1 and 0 < together < self.k:
                    yield f"{key} hidden below: {column}", {self.lp.names[c, column]: 1.0 for c in hidden}, together

    def _has_place(self, key: Key) -> bool:
        return any(key[-1] in below for k_, below in self.below.items() if k_[:-1] == key[:-1]) or key in self.below

    def run(self, at_most: int | None = None, seed: int = 1) -> Found:
        """Ask for every sensitive figure, or for some by chance."""
        asked = list(self.sensitive())
        if at_most is not None and len(asked) > at_most:
            chosen = np.random.default_rng(seed).choice(len(asked), at_most, replace=False)
            asked = [asked[n] for n in chosen]
        found = Found()
        for name, terms, value in asked:
            low, high = self.lp.range(terms)
            assert low - 1e-6 <= value <= high + 1e-6, (name, low, value, high)
            found.tried += 1
            found.least_width = min(found.least_width, high - low)
            # of one unit nobody may tell that there is anybody, but that it is not empty: so one person of it, and of whom a total holds one for each unit in it
            # that sent no list and has members; of several together, how many there are
            not_empty = sum(max(at in self.somebody, self.holds[at]) for at, factor in terms.items() if factor > 0)
            if low > not_empty + 1e-6:
                not_empty = max(not_empty, self._of_whole(terms))
            is_told = low > not_empty + 1e-6 and (low > value - 1e-6 or " hidden below: " not in name)
            if is_told or high < self.k - 1e-6:
                found.leaks.append(f"{self.own.table} {name}: {low:g} to {high:g}, in truth {value}")
        return found

    def _of_whole(self, terms: dict[int, float]) -> int:
        """1 where everybody knows that a figure is all of a unit that is not empty, since of the others "nobody" is told above it: nobody of the city was not
        rated, so whoever is in a unit was."""
        keys = {key for (key, *_), at in self.lp.names.items() if at in terms}
        if len(keys) != 1 or len(terms) > 2:
            return 0
        (key,) = keys
        totals = [at for c in self.own.sets if (at := self.lp.names.get((key, c))) is not None and at in self.somebody and at not in terms]
        return int(any(max(map(abs, self.lp.range({total: 1.0} | {at: -f for at, f in terms.items()}))) < 1e-6 for total in totals))


def branches(units: pl.DataFrame) -> list[set[str]]:
    """The city with the units right below it, and with all that is below one of these: a set of units for each."""
    below: dict[str | None, list[str]] = defaultdict(list)
    for unit, above in (
        units.filter(pl.col("valid_to").is_null()).select("unit_key", "parent_unit_key").unique().sort("unit_key").iter_rows()
    ):
        below[above].append(unit)
    top = {unit for city in below[None] for unit in (city, *below[city])}
    found = []
    for city in below[None]:
        for first in below[city]:
            branch, waiting = {*top}, [first]
            while waiting:
                unit = waiting.pop()
                branch.add(unit)
                waiting += below[unit]
            found.append(branch)
    return found


def compute_back(
    truth: Mapping[str, pl.DataFrame],
    left: Mapping[str, pl.DataFrame],
    units: pl.DataFrame,
    tables: Mapping[str, Declared],
    k: int,
    of_branch: int | None = None,
    of_whole: int = 0,
    round_to: int = 0,
    only: int | None = None,
) -> dict[str, Found]:
    """Every counted table, attacked branch by branch (`of_branch` figures of each by chance, or all), then as one programme (`of_whole`)."""
    found: dict[str, Found] = {}
    for name, own in tables.items():
        if not own.cube:
            continue
        found[name] = Found()
        systems = truth[name]["rating_system_code"].unique().sort() if "rating_system_code" in truth[name].columns else [None]
        for system in systems:
            true, told = truth[name], left[name]
            if system is not None:
                true, told = true.filter(rating_system_code=system), told.filter(rating_system_code=system)
            for n, branch in enumerate(branches(units)[:only]):
                found[name] += Reconstruction(own, true, told, units, k, of=branch, round_to=round_to).run(of_branch, seed=n)
            if of_whole:
                found[name] += Reconstruction(own, true, told, units, k, round_to=round_to).run(of_whole)
    return found


def own_shares(own: Declared) -> set[str]:
    return {name for name, one in own.along.items() if one.share}


def _bounds(sign: str) -> tuple[float, float]:
    return (0 if sign in ("=", ">=") else -highspy.kHighsInf, 0 if sign in ("=", "<=") else highspy.kHighsInf)
