"""What left before beside what is to leave now: two exports of one period, of two loads, differ by the people who came between.

What does not belong here: keeping what left (cli/export.py), and hiding (public.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.surfaces.declared import NAMES, Declared


@dataclass(frozen=True)
class Two:
    """What is known of two exports beside their figures."""

    k: int
    rounded: tuple[int, int] = (0, 0)  # to which multiples; 0: as counted
    is_one_load: bool = False  # both follow from the same figures: they differ by what rounds or hides them alone


def differing(
    now: Mapping[str, pl.DataFrame], before: Mapping[str, pl.DataFrame], tables: Mapping[str, Declared], two: Two
) -> dict[str, int]:
    """Per table, how many figures would tell of fewer than k people beside what left.

    Where figures of a period changed, these are all that did: each by many, and the two of them, or what they leave over, by one. Of figures that are
    rounded to k or more it is those that changed by fewer in truth, or may have: what they leave over is lost in the rounding. Besides all that are told
    only once of the two: what one export hides, the other may help to compute. Where nothing changed but that more is hidden, or more is told, the two
    together say what one of them says alone.
    """
    return {
        name: count
        for name, own in tables.items()
        if name in before and name in now and (count := _count(now[name], before[name], own, two))
    }


def _count(now: pl.DataFrame, before: pl.DataFrame, own: Declared, two: Two) -> int:
    there = {*now.columns} & {*before.columns}
    counts = [c for c in dict.fromkeys((*own.sets, *(own.copies.columns if own.copies else ()))) if c in there]
    made = [name for name, one in own.along.items() if not one.share and name in there]
    figures = [*counts, *(name for name in made if name not in counts)]
    key = [c for c in now.columns if c in {*NAMES, *own.cube} - {"unit_name", "unit_type_code"} and c in there]
    if not figures:
        return 0
    both = now.select(*key, *figures).join(before.select(*key, *figures), on=key, how="full", suffix=" before", coalesce=True)

    def apart(column: str) -> pl.Expr:
        return (pl.col(column) - pl.col(f"{column} before")).abs().fill_null(0)

    def total(said: list[pl.Expr], column: str) -> pl.Expr:
        return pl.sum_horizontal(pl.lit(0, pl.Int64), *(one.cast(pl.Int64) for one in said)).sum().alias(column)

    few = [] if two.is_one_load else [apart(c) > 0 for c in figures]
    if not two.is_one_load and min(two.rounded) >= two.k:
        off = sum(two.rounded) / 2  # how far the two together can be from the truth
        few = [
            (apart(c) > 0) & (pl.max_horizontal(apart(one) for one in ([c] if c in counts else own.along[c].of)) - off < two.k)
            for c in figures
        ]
    by_cube = both.group_by(own.cube or ["period"]).agg(
        total([] if two.is_one_load else [apart(c) > 0 for c in figures], "changed"),
        total(few, "few"),
        total([pl.col(c).is_not_null() & pl.col(f"{c} before").is_null() for c in figures], "told"),
        total([pl.col(c).is_null() & pl.col(f"{c} before").is_not_null() for c in figures], "hidden"),
    )
    once = pl.col("told") + pl.col("hidden")
    is_told_twice = (pl.col("changed") > 0) | ((pl.col("told") > 0) & (pl.col("hidden") > 0))
    return int(by_cube.select((pl.col("few") + pl.when(is_told_twice).then(once).otherwise(0)).sum()).item() or 0)
