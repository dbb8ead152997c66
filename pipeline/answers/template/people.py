"""Whose template it is and who is in it: the unit with those below it by the registry, its people by its newest roster.

What does not belong here: how any of it is shown (workbook.py).
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.codes import fold
from pipeline.ledger.find import period_days
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import Roster, card
from pipeline.schemas.columns import catalogued
from pipeline.warehouse import landing
from pipeline.warehouse.publish import open_whole


@dataclass(frozen=True)
class Sender:
    """A unit at the period's end; for it and each unit below it, by unit_id, the word that means it in a cell, and its name."""

    unit_id: str
    unit_code: str
    unit_name: str
    words: dict[str, str]
    names: dict[str, str]


def find_sender(units: pl.DataFrame, unit_code: str, period: str) -> Sender | None:
    """The unit that carries the code on the period's last day; None where the registry knows none. `units` is the registry's."""
    first, last = period_days(period)
    during = units.filter(pl.col("valid_from") <= last, pl.col("valid_to").fill_null(last) >= first).sort("valid_from")
    found = during.filter(pl.col("valid_to").fill_null(last) >= last, unit_code_fold=fold(unit_code)).to_dicts()
    if not found:
        return None
    inside = {found[0]["unit_id"]}
    while more := set(during.filter(pl.col("parent_unit_id").is_in(list(inside)))["unit_id"]) - inside:
        inside |= more
    # a name is friendlier; a code is exact where the name changed or something else is called so
    own = {u["unit_id"]: u for u in during.filter(pl.col("unit_id").is_in(list(inside))).sort("unit_code", "valid_from").to_dicts()}
    called = units.filter(pl.col("unit_id").is_in(list(inside))).select("unit_id", "unit_name_fold").unique()
    changed = set(called.filter(pl.col("unit_id").is_duplicated())["unit_id"])
    taken = {*called.filter(pl.col("unit_name_fold").is_duplicated())["unit_name_fold"], *units["unit_code_fold"]}
    words = {k: u["unit_code"] if k in changed or u["unit_name_fold"] in taken else u["unit_name"] for k, u in own.items()}
    sender = found[0]
    return Sender(sender["unit_id"], sender["unit_code"], sender["unit_name"], words, {k: u["unit_name"] for k, u in own.items()})


def find_roster(home: Home, units: pl.DataFrame, sender: Sender, period: str) -> Roster | None:
    """Who was there in the period, by the roster of its year or the newest before it; None where nothing was ever loaded."""
    core = home.exports / "core"
    if not core.exists() or not home.analyst.exists() or not home.landing.exists():
        return None
    first, last = period_days(period)
    known = pl.read_parquet(core / "dim_unit.parquet").join(units, on=["unit_code", "valid_from"]).select("unit_key", "unit_id").unique()
    place = pl.DataFrame(
        [(u, None if u == sender.unit_id else word, n) for n, (u, word) in enumerate(sender.words.items())],
        schema={"unit_id": pl.String, "word": pl.String, "unit_order": pl.Int32}, orient="row",
    )  # fmt: skip
    with open_whole(home) as db:
        spells = db.execute(
            f"SELECT person_key, year, unit_key, base_unit_key, {', '.join(landing.ROW)} FROM restricted.whole.fct_personnel"
        ).pl()
    facts = (
        spells.lazy()
        .filter(pl.col("year") <= last.year)
        .filter(pl.col("year") == pl.col("year").max().over("base_unit_key"))
        .join(known.join(place, on="unit_id").lazy(), on="unit_key")
        .collect()
    )
    landed, identities, words = (
        landing.landed(home, landing.in_force(home), table).join(facts, on="submission_key", how="semi")
        for table in ("personnel", "identities", "catalogue_words")
    )
    for of in catalogued(SCHEMAS["personnel"]):
        called = words.filter(catalogue=of.catalogue).select(
            "submission_key", pl.col("word_key").alias(of.key), pl.col("word").alias(of.words)
        )
        landed = landed.join(called, on=["submission_key", of.key], how="left")
    whose = identities.unique(landing.PERSON, keep="first", maintain_order=True)
    rows = (
        facts.join(landed.drop("unit"), on=landing.ROW, nulls_equal=True)
        .join(whose, on=landing.PERSON, nulls_equal=True)
        .filter(pl.col("spell_from").fill_null(first) <= last, pl.col("spell_to").fill_null(last) >= first)
        .sort("unit_order", *landing.ROW)
        .rename({"word": "unit"})
    )
    return Roster(max(facts["year"].drop_nulls(), default=last.year), rows.to_dicts())


def rows_of(dataset: str, roster: Roster, period: str) -> list[dict[str, Any]]:
    """What stands in the dataset's table from the beginning."""
    prefilled = card(SCHEMAS[dataset]).prefilled
    return prefilled(roster, period, period_days(period)[1]) if prefilled else []
