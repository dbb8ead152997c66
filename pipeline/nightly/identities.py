"""What the city says of whom is one person, as dbt reads it: keys, as lists land them, in the place of every value.

What does not belong here: reading it (judging/identities.py).
"""

import polars as pl

from pipeline.frames import SIDE
from pipeline.judging.identities import Side, confirmed, groups, sides_of
from pipeline.warehouse import people
from pipeline.warehouse.landing_tables import CONTEXT


def identities_by_keys(identities: pl.DataFrame, key: bytes) -> dict[str, pl.DataFrame]:
    """The lines that hold, and their sides (CONTEXT)."""
    hold = confirmed(identities)
    joined = groups(hold)
    pairs = [sides_of(line) for line in hold.to_dicts()]
    written = [tuple(line[f"{side}_{c}"] for c in SIDE) for line in hold.to_dicts() for side in ("one", "other")]
    said = dict(zip((side for pair in pairs for side in pair), written, strict=True))  # each side once, as one of the lines writes it
    sides = pl.DataFrame(list(said.values()), schema=SIDE, orient="row")
    return {
        "identities": hold.with_columns(
            pl.col("sheet").cast(pl.Int32, strict=False).alias("sheet_no"),
            pl.Series("one_side_key", [_key_of(one, key) for one, _ in pairs], dtype=pl.String),
            pl.Series("other_side_key", [_key_of(other, key) for _, other in pairs], dtype=pl.String),
        ).select(list(CONTEXT["identities"])),
        "identity_sides": _by_keys(sides, key)
        .with_columns(
            pl.Series("side_key", [_key_of(side, key) for side in said], dtype=pl.String),
            pl.Series("group_key", [_key_of(joined[side], key) if side in joined else None for side in said], dtype=pl.String),
        )
        .select(list(CONTEXT["identity_sides"])),
    }


def _key_of(side: Side, key: bytes) -> str:
    return people.key_of(f"side {side}", key)


def _by_keys(sides: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Sides (SIDE) by the keys under which lists land what they say."""

    def of(code: str) -> pl.Series:
        return sides.select(pl.when(pl.col("side_code") == code).then("value")).to_series()

    names, days = people.keyed_names(of("NAME"), key), people.keyed_days(sides["birth_date"], sides["precision_code"], key)
    return sides.with_columns(
        people.keyed(of("IDENTITY_NUMBER"), key).alias("identity_key"),
        people.keyed(of("PARTY_CARD"), key).alias("party_card_key"),
        people.keyed(of("STAFF_NUMBER"), key).alias("staff_key"),
        *(column.alias(f"full_name{part}_key") for column, part in zip(names, ("", "_letters"), strict=True)),
        *(column.alias(f"birth_date{part}_key") for column, part in zip(days, ("", "_year"), strict=True)),
    )
