"""What may leave of the report tables: figures that count fewer than k people are taken out, and so many beside them that they cannot be computed back.

A pure function on frames: exports, pages and reports that leave the house all call `public`. What is told of a unit comes as it was counted; what is not is
empty, and `withheld` names it. The department's own figures do not pass here.

What does not belong here: how much of a unit can be told (pools.py), what a table says of its columns (declared.py), files (exports.py).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipeline.surfaces.chance import Chance
from pipeline.surfaces.declared import NAMES, WITHHELD, Declared, check, counts
from pipeline.surfaces.pools import Pools, Tree, masked
from pipeline.surfaces.senders import Parents, Silent, blank, of_senders

SMALLEST_K = 3  # at 2 a sum of two people that was taken out could only be one and one


class Unsafe(Exception):
    """What was asked for would not protect anybody."""


@dataclass(frozen=True)
class Rules:
    """How it is asked for."""

    k: int = 5
    round_to: int = 0  # 0: as counted
    secret: str = field(default="", repr=False)  # the house's own: by it units without anybody are chosen that are hidden beside others
    is_pooled: bool = True  # without, nothing is taken out beside what is small itself: so that a test sees the attack succeed


def public(
    frames: Mapping[str, pl.DataFrame], units: pl.DataFrame, tables: Mapping[str, Declared], rules: Rules
) -> dict[str, pl.DataFrame]:
    """The report tables as they may leave. Raises Unsafe. `units`: stretches of units (unit_key, parent_unit_key, valid_from, valid_to)."""
    if rules.k < SMALLEST_K:
        raise Unsafe(f"k must be {SMALLEST_K} or more: with {rules.k} whoever is taken out could be counted back.")
    for name, own in tables.items():
        check(own, frames[name].columns)
    parents, status = Parents(units), frames.get("rpt_submission_status")
    told = {}
    for name, own in tables.items():
        if own.cube:
            frame, silent = of_senders(frames[name], own, status, parents)
            told[name] = _told(frame, own, parents, rules, silent, blank(frame, own, status, parents))
    told |= {name: _copied(frames[name], own, parents, told, rules) for name, own in tables.items() if own.copies}
    told |= {name: _named(frames[name], own) for name, own in tables.items() if name not in told}
    return {name: _leaving(told[name], own, rules) for name, own in tables.items()}


def _day(row: Mapping[str, Any]) -> dt.date:
    return row.get("period_to") or dt.date(row["year"], 12, 31)


def _told(
    frame: pl.DataFrame, own: Declared, parents: Parents, rules: Rules, silent: Collection[Silent], blanks: Sequence[bool]
) -> pl.DataFrame:
    """A table with what is not told of each row in a list; units that had ended by the period's end leave with those above them only."""
    frame = frame.with_columns(pl.when(~pl.lit(pl.Series(blanks, dtype=pl.Boolean))).then(pl.col(name)).alias(name) for name in own.blanks)
    rows = frame.select(pl.col(c) for c in frame.columns if c in {*NAMES, *own.cube, *(own.same_people or ())}).to_dicts()
    cubes: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)  # cube → unit → its row
    for n, row in enumerate(rows):
        if row["unit_key"] in parents.on(_day(row)):
            cubes[tuple(row[c] for c in own.cube)][row["unit_key"]] = n
    families: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for cube, members in cubes.items():
        row = rows[next(iter(members.values()))]
        families[cube if own.same_people is None else tuple(row[c] for c in own.same_people)].append(cube)
    above = {cube: parents.on(_day(rows[next(iter(members.values()))])) for cube, members in cubes.items()}
    apart = _apart(frame, own, cubes, above, blanks)
    people = counts(frame, own, apart)
    steps: dict[int, int] = {}
    for name, family in families.items():
        trees = [(cubes[cube], _tree({u: people[n] for u, n in cubes[cube].items()}, above[cube])) for cube in sorted(family)]
        steps |= _steps_of_family(trees, own, rules, repr(name))
    withheld = _of_silent_withheld(families, cubes, above, apart, blanks, own, rules)
    known = [*own.steps, ()]
    kept = frame.with_row_index("row_no").filter(pl.col("row_no").is_in(list(steps)))
    totals = {total for total, _ in own.classes}
    hidden = []
    for n, row in zip(kept["row_no"], kept.select([*own.sets]).iter_rows(named=True), strict=True):
        told = own.told(known[steps[n]], people[n])
        names = [name for name in own.sets if name not in told or (n in withheld and name in totals)]
        # what nobody knows is not hidden: that no list came stands beside it; but where one came, that it names nobody of a kind does not show
        is_kept = own.blank_without and not blanks[n] and row[own.blanks[0]] is None
        hidden.append([name for name in own.sets if (name in names and row[name] is not None) or (is_kept and name not in totals)])
    return _along(kept.drop("row_no").with_columns(pl.Series(WITHHELD, hidden, pl.List(pl.String))), own, rules, silent)


def _apart(
    frame: pl.DataFrame,
    own: Declared,
    cubes: Mapping[tuple[Any, ...], Mapping[str, int]],
    above: Mapping[tuple[Any, ...], Mapping[str, str | None]],
    blanks: Sequence[bool],
) -> list[int]:
    """Row by row, how many people are of units that sent no list. Everybody knows that none of them is in any other part, so among the rest they would
    hide nobody."""
    found = [0] * frame.height
    if not any(blanks):
        return found
    total = frame[own.classes[0][0]].fill_null(0).to_list()
    for cube, members in cubes.items():
        for unit, n in members.items():
            if not blanks[n]:
                continue
            found[n] = total[n]
            up = above[cube].get(unit)
            if up is not None and up in members and blanks[members[up]]:
                continue  # all of it is in the unit above, which sent none either
            while up is not None:
                if up in members:
                    found[members[up]] += total[n]
                up = above[cube].get(up)
    return found


def _of_silent_withheld(
    families: Mapping[Any, Sequence[tuple[Any, ...]]],
    cubes: Mapping[tuple[Any, ...], Mapping[str, int]],
    above: Mapping[tuple[Any, ...], Mapping[str, str | None]],
    apart: Sequence[int],
    blanks: Sequence[bool],
    own: Declared,
    rules: Rules,
) -> set[int]:
    """Rows whose total is not told, for people of units that sent no list would be few in it: a total less the others' tells how many these are.

    Units that sent none and have nobody are among them: told as nought below one that is hidden, they would say that each of their siblings has somebody.
    """
    found: set[int] = set()
    for name, family in families.items():
        if not any(apart[n] for cube in family for n in cubes[cube].values()):
            continue
        trees = [
            _tree({unit: (apart[n],) for unit, n in cubes[cube].items() if apart[n] or blanks[n]}, above[cube]) for cube in sorted(family)
        ]
        chance = Chance(f"{rules.secret} {own.table} {name!r} apart")
        steps = _alike([Pools(tree, [(1,)], [1], rules.k, [1], rules.is_pooled, chance=chance) for tree in trees], rules)
        hidden = {unit for told in steps for unit, step in told.items() if step}
        found |= {cubes[cube][unit] for cube in family for unit in hidden & cubes[cube].keys()}
    return found


def _tree(people: Mapping[str, tuple[int, ...]], parents: Mapping[str, str | None]) -> Tree:
    """The tree of a cube's units; below the nearest that the cube has, where one is missing between."""
    below: dict[str, list[str]] = defaultdict(list)
    roots = []
    for unit in sorted(people):
        above = parents.get(unit)
        while above is not None and above not in people:
            above = parents.get(above)
        if above is None:
            roots.append(unit)
        else:
            below[above].append(unit)
    return Tree(people, below, roots)


def _steps_of_family(trees: list[tuple[dict[str, int], Tree]], own: Declared, rules: Rules, name: str) -> dict[int, int]:
    """Row → its detail. Cubes that count the same people tell of a unit alike, so that none gives back what another keeps."""
    chance = Chance(f"{rules.secret} {own.table} {name}")
    totals = [own.sets[total] for total in (*(total for total, _ in own.classes), *own.somebody)]
    pools = [Pools(tree, own.steps, own.asked, rules.k, totals, rules.is_pooled, own.is_masked, chance, own.of_sure) for _, tree in trees]
    found = _alike(pools, rules)
    if own.is_masked and rules.is_pooled:
        found = [masked(tree, steps, len(own.steps), chance) for (_, tree), steps in zip(trees, found, strict=True)]
    return {rows[unit]: step for (rows, _), steps in zip(trees, found, strict=True) for unit, step in steps.items()}


def _alike(pools: Sequence[Pools], rules: Rules) -> list[dict[str, int]]:
    """Tree by tree, unit → its detail, and of a unit in all trees the same."""
    floor: dict[str, int] = {}
    while True:
        found = [one.told(floor) for one in pools]
        highest: dict[str, int] = {}
        for steps in found:
            for unit, step in steps.items():
                highest[unit] = max(step, highest.get(unit, 0))
        if not rules.is_pooled or all(steps[unit] == highest[unit] for steps in found for unit in steps):
            return found
        floor = highest


def _along(frame: pl.DataFrame, own: Declared, rules: Rules, silent: Collection[Silent] = ()) -> pl.DataFrame:
    """Shares, sums and medians: told where all that they are made of is, and counts enough; a change where all are known to have answered, else
    that it is there would say that others named somebody."""
    for name, one in own.along.items():
        enough = [
            ~pl.col(WITHHELD).list.contains(c) & ((pl.col(c).fill_null(0) == 0) | (pl.col(c).fill_null(0) >= rules.k * one.at_least))
            if one.at_least > 1
            else ~pl.col(WITHHELD).list.contains(c)
            for c in one.of
        ]
        is_out = bool(one.is_exact and rules.round_to)
        frame = _hide(frame, name, ~pl.all_horizontal(enough) | is_out)
    for name, column in own.change.items():
        key = pl.struct("year", "unit_key")
        both = frame.filter(~pl.col(WITHHELD).list.contains(column))
        last = both.select((pl.col("year") + 1).cast(frame.schema["year"]).alias("year"), "unit_key")
        # without a year before there is no change to hide: whose row is missing everybody sees
        is_there = pl.col(name).is_not_null()
        is_hidden = is_there & (pl.col(WITHHELD).list.contains(column) | ~key.is_in(last.select(key).to_series().implode()))
        rows = frame.select("year", "unit_key").iter_rows()
        is_unknown = pl.Series([(year, unit) in silent or (year - 1, unit) in silent for year, unit in rows], dtype=pl.Boolean)
        frame = _hide(frame, name, is_hidden | pl.lit(is_unknown))
    return frame


def _hide(frame: pl.DataFrame, name: str, is_hidden: pl.Expr) -> pl.DataFrame:
    """Say that a figure is hidden. Whether there would be one must not show: of a share that is missing, nobody is below its line."""
    hidden = pl.when(is_hidden).then(pl.lit([name])).otherwise(pl.lit([], pl.List(pl.String)))
    return frame.with_columns(pl.concat_list(WITHHELD, hidden))


def _copied(frame: pl.DataFrame, own: Declared, parents: Parents, told: Mapping[str, pl.DataFrame], rules: Rules) -> pl.DataFrame:
    """Counts that another table has too, by other words: told where they are there, if the two are the same.

    One that is hidden where the other is told would say that the two differ, and so by how few. So units are told or hidden many together: those below
    one superior, and none where there are fewer than k.
    """
    copies = own.copies
    assert copies
    other = told[copies.model].filter(*(pl.col(name) == value for name, value in copies.where.items()))
    key = ["period", "unit_key"]
    others = other.select(
        *key,
        *(pl.col(c).alias(f"other {c}") for c in copies.columns),
        pl.col(WITHHELD).alias("other withheld"),
        pl.col("period_to").alias("other day"),
    )
    frame = frame.join(others, on=key, how="inner", maintain_order="left").with_columns(pl.lit([], pl.List(pl.String)).alias(WITHHELD))
    is_told = {name: ~pl.col("other withheld").list.contains(name) & pl.col(f"other {name}").is_not_null() for name in copies.columns}
    asked = frame.select(
        "period",
        above=pl.Series([parents.on(day).get(unit) for day, unit in frame.select("other day", "unit_key").iter_rows()], dtype=pl.String),
        has_anybody=pl.any_horizontal(is_told[name] & (pl.col(f"other {name}") > 0) for name in copies.columns),
        differs=pl.any_horizontal(is_told[name] & (pl.col(name) != pl.col(f"other {name}")) for name in copies.columns),
    )
    hidden = pl.Series(_differing_together(asked, rules.k) if rules.is_pooled else asked["differs"])
    is_blank = {name: ~pl.col("other withheld").list.contains(name) & pl.col(f"other {name}").is_null() for name in copies.columns}
    for name in copies.columns:
        frame = _hide(frame, name, ~(is_told[name] | is_blank[name]) | pl.lit(hidden))
    frame = frame.with_columns(
        pl.when(~pl.any_horizontal(is_blank.values())).then(pl.col(name)).alias(name) for name in (*copies.columns, *own.along)
    )
    return _along(frame.drop([c for c in frame.columns if c.startswith("other ")]), own, rules)


def _differing_together(asked: pl.DataFrame, k: int) -> list[bool]:
    """Row by row, whether somebody's figures differ among those who are told or hidden together. Who these are, everybody can see: it tells nothing."""
    groups: dict[Any, dict[Any, list[int]]] = defaultdict(lambda: defaultdict(list))
    for n, (period, above) in enumerate(asked.select("period", "above").iter_rows()):
        groups[period][above].append(n)
    has_anybody, differs = asked["has_anybody"].to_list(), asked["differs"].to_list()
    hidden = [False] * asked.height
    for siblings in groups.values():
        together: list[list[int]] = []
        for rows in sorted(siblings.values(), key=lambda rows: (sum(has_anybody[n] for n in rows), rows)):
            if together and sum(has_anybody[n] for n in together[-1]) < k:
                together[-1] += rows
            else:
                together.append([*rows])
        for rows in together:
            is_hidden = any(differs[n] for n in rows) or 0 < sum(has_anybody[n] for n in rows) < k
            for n in rows:
                hidden[n] = is_hidden
    return hidden


def _named(frame: pl.DataFrame, own: Declared) -> pl.DataFrame:
    """A table that counts nobody once its columns of the house are gone. An empty return says that a unit has nobody: by its day it is one like others."""
    for column, word in own.days_for.items():
        by_day = pl.when(pl.col("received_on") <= pl.col("due_on")).then(pl.lit("ON_TIME")).otherwise(pl.lit("LATE"))
        frame = frame.with_columns(pl.when(pl.col(column) == word).then(by_day).otherwise(pl.col(column)).alias(column))
    return frame.with_columns(pl.lit([], pl.List(pl.String)).alias(WITHHELD))


def _leaving(frame: pl.DataFrame, own: Declared, rules: Rules) -> pl.DataFrame:
    """Without what is not told, what stays in the house, and keys that nobody can read."""
    made = [*own.sets, *own.along, *own.change, *(own.copies.columns if own.copies else ())]
    frame = frame.with_columns(
        pl.when(~pl.col(WITHHELD).list.contains(name)).then(pl.col(name)).alias(name) for name in dict.fromkeys(made)
    )
    if rules.round_to:
        frame = _rounded(frame, own, rules.round_to)
    kept = [c for c in own.columns if c not in own.in_house and not c.endswith("_key")]
    key = [c for c in (*NAMES, *own.cube, "dataset_code") if c in kept]
    in_order = pl.col(WITHHELD).list.eval(pl.element().filter(pl.element().is_in(kept)))
    return frame.select(*kept, in_order.list.join(", ").replace("", None).alias(WITHHELD)).sort([*dict.fromkeys(key)])


def _rounded(frame: pl.DataFrame, own: Declared, base: int) -> pl.DataFrame:
    """Every figure of people to the nearest multiple; shares of what is left. What is told then follows from what would have been told without."""
    whole = [c for c in (*own.sets, *(own.copies.columns if own.copies else ()), *(n for n, a in own.along.items() if not a.share))]
    whole = [c for c in whole if not c.startswith("median_")]
    kinds = frame.schema
    frame = frame.with_columns(((pl.col(c) / base + 0.5).floor() * base).cast(kinds[c]).alias(c) for c in dict.fromkeys(whole))
    for name, one in own.along.items():
        if one.share:
            above, below = (pl.col(c) for c in one.share)
            frame = frame.with_columns(
                pl.when(pl.col(name).is_not_null() & (below > 0)).then(pl.min_horizontal(above / below, 1.0)).alias(name)
            )
    for name, column in own.change.items():
        last = frame.select((pl.col("year") + 1).cast(kinds["year"]).alias("year"), "unit_key", pl.col(column).alias("last"))
        frame = frame.join(last, on=["year", "unit_key"], how="left", maintain_order="left").with_columns(
            pl.when(pl.col(name).is_not_null()).then(pl.col(column) - pl.col("last")).alias(name)
        )
        frame = frame.drop("last")
    return frame
