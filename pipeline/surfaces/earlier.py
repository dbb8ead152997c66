"""What left before beside what is to leave now: two exports of one period, of two loads, differ by the people who came between.

What does not belong here: keeping what left (cli/export.py), and hiding (public.py).
"""

from collections.abc import Mapping

import polars as pl

from pipeline.surfaces.declared import NAMES, Declared


def differing(
    now: Mapping[str, pl.DataFrame], before: Mapping[str, pl.DataFrame], tables: Mapping[str, Declared], k: int, rounded: float = 0
) -> dict[str, int]:
    """Per table, how many figures would tell of fewer than k people beside what left. `rounded`: how far from the truth the two can be together.

    These are the figures that differ by fewer, or may do so in truth; and sums and medians that changed where no count that they are made of changed by k. Where any figure of a period changed, or some are told that were hidden and some hidden that were told, also
    all that are told only once of the two: what one export hides, the other may help to compute. Where nothing changed but that more is hidden, or more is
    told, the two together say what one of them says alone.
    """
    found = {}
    for name, own in tables.items():
        if name not in before or name not in now:
            continue
        one, other = now[name], before[name]
        figures = [
            c for c in (*own.sets, *(own.copies.columns if own.copies else ()), *own.along) if c in one.columns and c in other.columns
        ]
        figures = [c for c in dict.fromkeys(figures) if not (c in own.along and own.along[c].share)]
        counts = [c for c in figures if c not in own.along]
        key = [c for c in one.columns if c in {*NAMES, *own.cube} - {"unit_name", "unit_type_code"} and c in other.columns]
        if not figures:
            continue
        both = one.select(*key, *figures).join(other.select(*key, *figures), on=key, how="inner", suffix=" before")
        pairs = [(pl.col(c), pl.col(f"{c} before")) for c in figures]

        def apart(column: str) -> pl.Expr:
            return (pl.col(column) - pl.col(f"{column} before")).abs()

        small = [(apart(c) > 0) & (apart(c) - rounded < k) for c in counts]
        for c, made in ((c, own.along[c]) for c in figures if c in own.along):
            of = [apart(one).fill_null(0) for one in made.of if one in counts]
            small.append((apart(c) > 0) & (pl.max_horizontal(of) - rounded < k))

        def total(said: list[pl.Expr], column: str) -> pl.Expr:
            return pl.sum_horizontal(one.fill_null(False).cast(pl.Int64) for one in said).sum().alias(column)

        by_cube = both.group_by(own.cube or ["period"]).agg(
            total([(a - b).abs() > 0 for a, b in pairs], "changed"),
            total(small, "small"),
            total([a.is_not_null() & b.is_null() for a, b in pairs], "told"),
            total([a.is_null() & b.is_not_null() for a, b in pairs], "hidden"),
        )
        once = pl.col("told") + pl.col("hidden")
        is_told_twice = (pl.col("changed") > 0) | ((pl.col("told") > 0) & (pl.col("hidden") > 0))
        if count := int(by_cube.select((pl.col("small") + pl.when(is_told_twice).then(once).otherwise(0)).sum()).item()):
            found[name] = count
    return found
