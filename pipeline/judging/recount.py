"""The second look: what is about to land, held against the text that it was read from, found again by its place.

A batch's values are read once for all its cells (validate.py) and spread over rows by expressions. A slip there would deal one row's values to
another, and every count would still look well. So each landed value is held against its own cell, by another way: rows are joined by
submission, sheet and row, and each distinct pair of text and value is read once more, by itself.

What does not belong here: whether a value is right or allowed; only that it is what its cell says.
"""

from collections.abc import Callable
from typing import Any

import polars as pl

from pipeline.judging.parse import blank_means, reader_of
from pipeline.judging.validate import ROW
from pipeline.schemas.columns import Schema, own_columns
from pipeline.schemas.kinds import WORDS, is_worded, meta, words_name
from pipeline.values import clean_text

SAID = "said "  # before a column's name: its cell's text


class NotAsRead(Exception):
    """Our own fault: a value is about to land that its cell does not say. The words name columns and counts, never values."""


def hold_against_cells(schema: Schema, raw: pl.DataFrame, landing: pl.DataFrame, told: pl.DataFrame) -> None:
    """Raise NotAsRead unless every value in `landing` is what its row in `raw` says.

    raw: text columns with submission_key, sheet, row_no. landing: the same rows or fewer, typed. told: findings (submission_key, sheet,
    row_no, column_name); where one stands on a cell its value may be unknown instead, or what a blank cell means.
    """
    own = own_columns(schema)
    text = raw.select(*ROW, pl.lit(True).alias("is_read"), *[pl.col(c).alias(SAID + c) for c in own if c in raw.columns])
    if text.select(pl.struct(ROW).is_duplicated().any()).item():
        raise NotAsRead(f"{schema.name}: a row was read twice.")
    both = landing.join(text, on=ROW, how="left", nulls_equal=True)
    both = both.with_columns([pl.lit(None, pl.String).alias(SAID + c) for c in own if c not in raw.columns])
    if both["is_read"].null_count():
        raise NotAsRead(f"{schema.name}: {both['is_read'].null_count()} rows are about to land that were not read.")
    read = {column: reader_of(col) for column, col in own.items()}
    words = {words_name(column): column for column, col in own.items() if meta(col).kind is WORDS}
    both = both.with_columns([pl.col(SAID + column).alias(SAID + name) for name, column in words.items()])

    def text_of(column: str) -> pl.Expr:
        said = pl.col(SAID + column)
        return pl.when(said.is_in([t for t in both[SAID + column].unique().drop_nulls() if read[column](t) is None]).not_()).then(said)

    differ = both.select([_as_said(column, both).not_().alias(column) for column in (*own, *words)])
    wrong = {  # most of a city's columns stand as they were written, or are blank
        column: count
        for column in own
        if differ[column].any()
        and (count := _wrong(column, both, differ[column], told, read[column], blank_means(column, own[column], text_of)))
    } | {
        name: count
        for name, column in words.items()
        if differ[name].any()
        and (
            count := _wrong(
                name, both, differ[name], told.filter(column_name=column).with_columns(column_name=pl.lit(name)), _read_words, pl.lit(None)
            )
        )
    }
    if wrong:
        said = ", ".join(f"{column} {count}" for column, count in wrong.items())
        raise NotAsRead(f"{schema.name}: values are not what their cells say, by column and rows: {said}.")


def _read_words(text: str) -> tuple[str] | None:
    """The words that a cell's code was read from."""
    clean = clean_text(text)
    return (clean,) if clean and is_worded(clean) else None


def _as_said(column: str, both: pl.DataFrame) -> pl.Expr:
    """Whether a cell's value is seen to be what it says without reading it: the text itself, a day as it is mostly written, a blank."""
    said, value = pl.col(SAID + column), pl.col(column)
    if both.schema[column] == pl.String:
        return value.eq_missing(said)
    is_blank = value.is_null() & said.is_null()
    if both.schema[column] != pl.Date:
        return is_blank
    is_day = pl.col(f"{column}_precision_code") == "DAY" if f"{column}_precision_code" in both.columns else True
    return is_blank | (is_day & (said.str.to_date("%d/%m/%Y", strict=False) == value)).fill_null(False)


def _wrong(column: str, both: pl.DataFrame, differ: pl.Series, told: pl.DataFrame, read: Callable[[str], Any], blank: pl.Expr) -> int:
    """How many rows hold another value of a column than their cell says, of those that `differ` from its text."""
    said, precision = SAID + column, f"{column}_precision_code"
    other = both.lazy().filter(differ)  # lazy: of a city's many columns only those that are asked for are filtered
    value = [column, precision] if precision in both.columns else [column]
    pairs = other.select(said, *value).unique().collect()
    says = {text: read(text) for text in pairs[said].unique() if text is not None}
    bad = [(text, *held) for text, *held in pairs.iter_rows() if says.get(text) is not None and list(says[text][: len(held)]) != held]
    is_blank = pl.col(said).is_null() | pl.col(said).is_in([text for text, what in says.items() if what is None])
    is_meant = pl.all_horizontal(pl.col(value).is_null()) | pl.col(column).eq_missing(blank)
    places = [*ROW, is_meant.alias("is_meant")]
    faulty = other.filter(is_blank.fill_null(True), is_meant.not_()).select(places).collect()
    if bad:
        held = pl.LazyFrame(bad, schema=pairs.schema, orient="row")
        faulty = pl.concat([faulty, other.join(held, on=[said, *value], nulls_equal=True, how="semi").select(places).collect()])
    if faulty.is_empty():
        return 0
    unknown = faulty.filter("is_meant").join(told.filter(column_name=column), on=ROW, how="semi", nulls_equal=True)
    return faulty.height - unknown.height
