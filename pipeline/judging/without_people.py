"""Judged rows as they land: keys in the place of people, whose the keys are, what is set aside, and the words that a catalogue may know.

What does not belong here: how a key is made (warehouse/people.py), and which rows are accepted (submissions.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.codes import code_lists, fold, parts_of
from pipeline.judging.others import birth_year_by_number
from pipeline.schemas import SCHEMAS, kinds
from pipeline.schemas.card import card
from pipeline.schemas.columns import catalogued, own_columns
from pipeline.schemas.kinds import (
    BORN_BAND,
    BORN_BY_NUMBER,
    NUMBERED,
    SEX_BY_NUMBER,
    Kind,
    Meta,
    key_name,
    meta,
    official_name,
    precision_name,
    words_name,
)
from pipeline.schemas.landed import compared_keys, letters_and_marks, official
from pipeline.warehouse import people
from pipeline.warehouse.landing_tables import SET_ASIDE, WHOSE

NO_POST = "NONE"  # of a list of groups: whoever holds nothing


@dataclass(frozen=True)
class _Judged:
    """A column of a dataset's accepted rows, and what keys are made with."""

    rows: pl.DataFrame
    dataset: str
    name: str
    info: Meta
    key: bytes


Made = Sequence[pl.Series | pl.Expr]


def without_people(dataset: str, accepted: pl.DataFrame, key: bytes) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows as they land, keys in the place of people; and whose the keys are (WHOSE), for the restricted zone."""
    for name, col in own_columns(SCHEMAS[dataset]).items():
        info = meta(col)
        accepted = accepted.with_columns(MADE[info.kind](_Judged(accepted, dataset, name, info, key)))
    nobody = {c: pl.lit(None, t).alias(c) for c, t in WHOSE.items() if c not in accepted.columns}
    whose = accepted.with_columns(list(nobody.values())).filter(pl.col("identity_key").is_not_null()).select(list(WHOSE))
    return accepted, whose.unique(subset=["identity_key", "full_name", "birth_date", "submission_key"], maintain_order=True)


def _keyed(of: _Judged) -> Made:
    return (people.keyed(of.rows[of.name], of.key).alias(key_name(of.name)),)


def _compared(of: _Judged) -> Made:
    """A name or a birth date by two keys each; any other text or day lands as it is."""
    if not (keys := compared_keys(of.name, of.info)):
        return ()
    if of.info.is_name:
        read = people.keyed_names(of.rows[of.name], of.key)
    else:
        read = people.keyed_days(of.rows[of.name], of.rows[precision_name(of.name)], of.key)
    return [values.alias(into) for into, values in zip(keys, read, strict=True)]


def _whose(of: _Judged) -> Made:
    """Whose a row is, as its number says; without one it is a person's own row, for dbt to link (decision 0028).

    A number of twelve digits says also when its person was born, and the sex (a digit for both: 0 and 1 of the 20th century, 2 and 3 of the next).
    """
    rows, key = of.rows, of.key
    number = rows["identity_number"]
    own = (pl.concat_str("submission_key", pl.col("sheet").fill_null(""), pl.col("row_no").cast(pl.String), separator="|")).alias("own")
    is_persons = card(SCHEMAS[of.dataset]).claim.is_persons
    somebody = pl.col("identity_number").is_null() & pl.col("full_name").is_not_null()
    alone = rows.select(pl.when(somebody if is_persons is None else somebody & is_persons).then(own)).to_series()
    whole = rows.select(pl.when(pl.col("identity_number").str.len_bytes() == 12).then(pl.col("identity_number"))).to_series()
    of_number = people.keyed(number, key)
    born = rows.select(pl.date(birth_year_by_number(), 1, 1)).to_series()
    _, years = people.keyed_days(born, pl.repeat("YEAR", len(number), eager=True), key)
    sex = (whole.str.slice(3, 1).cast(pl.Int32, strict=False) % 2).replace_strict(
        {0: "MALE", 1: "FEMALE"}, default=None, return_dtype=pl.String
    )
    year = pl.coalesce(pl.col("birth_date").dt.year(), birth_year_by_number()) // 10 * 10
    decade = rows.select(pl.concat_str(year, pl.lit("-"), year + 9)).to_series()
    numbered = number.is_not_null()
    return [
        of_number.zip_with(numbered, people.keyed(alone, key)).alias(key_name("identity_number")),
        numbered.alias(NUMBERED),
        years.alias(BORN_BY_NUMBER),
        sex.alias(SEX_BY_NUMBER),
        decade.alias(BORN_BAND),
    ]


def _named(of: _Judged) -> Made:
    """The keys of what words name; whoever says the code itself, or that there is nothing, names nothing."""
    words = of.rows[words_name(of.name)]
    texts = words.unique().drop_nulls().to_list()
    listed = code_lists()[of.info.code_list]
    nothing = {fold(s) for c in listed for s in (c.code, c.label_vi, c.label_en, *(c.aliases if c.code == NO_POST else ()))}
    called = pl.Series([None if fold(text) in nothing else parts_of(text) or None for text in texts], dtype=pl.String)
    said = words.replace_strict(pl.Series(texts, dtype=pl.String), people.keyed(called, of.key), default=None, return_dtype=pl.String)
    return (said.alias(key_name(words_name(of.name))),)


def _as_read(of: _Judged) -> Made:
    return ()


# What is made of a column of each kind, beside what was read.
MADE: dict[Kind, Callable[[_Judged], Made]] = {
    kinds.TEXT: _compared,
    kinds.KEY: _keyed,
    kinds.IDENTITY: _whose,
    kinds.CARD: _keyed,
    kinds.OWN: _keyed,
    kinds.SHAPE: lambda of: (official(of.name).alias(official_name(of.name)),),
    kinds.CODE: _as_read,
    kinds.LEVEL: _as_read,
    kinds.WORDS: _named,
    kinds.DATE: _compared,
    kinds.NUMBER: _as_read,
    kinds.BOOLEAN: _as_read,
    kinds.UNIT: lambda of: letters_and_marks(of.name),
    kinds.PERIOD: _as_read,
}


def left_aside(raw: pl.DataFrame, typed: pl.DataFrame, dataset: str, key: bytes) -> pl.DataFrame:
    """Rows as they were read, for the restricted zone, and what the warehouse's rules must know of them."""
    text = [c for c in raw.columns if c in own_columns(SCHEMAS[dataset])]
    rows = typed.with_columns(raw.select(pl.struct(text).struct.json_encode().alias("cells")).to_series(), dataset_code=pl.lit(dataset))
    if "identity_number" in rows.columns:
        rows = rows.with_columns(people.keyed(rows["identity_number"], key).alias("identity_key"))
    rows = rows.with_columns(letters_and_marks("unit"))
    return rows.select([pl.col(c) if c in rows.columns else pl.lit(None, t).alias(c) for c, t in SET_ASIDE.items()])


def words_of(dataset: str, raw: pl.DataFrame, is_left: pl.Series, landed: pl.DataFrame) -> list[pl.DataFrame]:
    """What accepted rows call things that a catalogue may know, as they write it."""
    return [
        landed.select("submission_key", catalogue=pl.lit(of.catalogue), word_key=of.key)
        .with_columns(raw[of.group or of.words].filter(~is_left).alias("word"))
        .filter(pl.col("word_key").is_not_null())
        .group_by("submission_key", "catalogue", "word_key", maintain_order=True)
        .agg(pl.col("word").first(), row_count=pl.len().cast(pl.Int64))
        for of in catalogued(SCHEMAS[dataset])
        if (of.group or of.words) in raw.columns
    ]
