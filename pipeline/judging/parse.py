"""Text to types: what every cell of a dataset says, and whether it could be read.

What does not belong here: how a kind of cell is read (schemas/kinds.py), and what a rule asks of a row (ask.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.schemas.columns import SYSTEM, Schema, own_columns
from pipeline.schemas.kinds import CLEAN, DATE, WORDS, Column, Kind, Meta, expected, meta, words_name
from pipeline.values import clean_text


@dataclass(frozen=True)
class Question:
    """What is asked of every row: a rule, the column that a finding points at, and the finding's words."""

    rule_code: str
    on: str
    severity: str
    says_vi: str
    says_en: str
    version_code: str | None = None


@dataclass(frozen=True)
class Answers:
    """Questions, and for each a column (its number): true, false, or null where it was not asked.

    Where a question speaks of some rows only, another column (SPEAKS and its number) says of which: false, or null where nobody can know.
    """

    questions: list[Question]
    frame: pl.DataFrame


SPEAKS = "speaks "  # before a question's number


def only_where(rows: pl.Series, answers: pl.DataFrame, numbers: list[int]) -> pl.DataFrame:
    """Answers without those that these questions have in other rows: there they could not be asked."""
    columns = [c for i in numbers for c in (str(i), f"{SPEAKS}{i}") if c in answers.columns]
    return answers.with_columns([pl.when(rows).then(pl.col(c)).alias(c) for c in columns])


def parse(schema: Schema, raw: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, Answers]:
    """Typed columns, the clean text that they come from, and whether each cell could be read.

    Each column's distinct values are read once, by plain functions; polars spreads the results over the rows.
    """
    own = own_columns(schema)
    text = raw.select([pl.col(c) if c in raw.columns else pl.lit(None, pl.String).alias(c) for c in own])
    plain = {name for name, col in own.items() if meta(col).kind is not DATE and _are_plain(text[name], meta(col).kind).all()}
    read = {name: _read_words(text[name], meta(col)) for name, col in own.items() if name not in plain}
    text = text.with_columns(
        [pl.col(name).replace_strict(blank, default=pl.col(name), return_dtype=pl.String) for name, (blank, *_) in read.items() if blank]
    )
    spread = [
        e.alias(what + name)
        for name, (_, values, remarks) in read.items()
        for of_plain, remark_of_plain in [_of_plain(name, meta(own[name]).kind)]
        for what, e in (
            (VALUE, _spread(name, values, own[name].dtype.type, of_plain)),
            (REMARK, _spread(name, remarks, meta(own[name]).kind.remarks, remark_of_plain)),
        )
    ]
    said = text.with_columns(spread)  # once: both the values and what is asked of them are made of it
    typed: dict[str, pl.Expr] = {}
    readable: list[pl.Expr] = []
    questions: list[Question] = []

    def ask(sentence: tuple[str, str, str], column: str, severity: str, holds: pl.Expr, applies: pl.Expr | None = None) -> None:
        speaks = [applies] if applies is not None else []
        if text[column].null_count():  # of a blank cell nothing is asked
            speaks.append(pl.col(column).is_not_null())
        if speaks:
            readable.append(pl.all_horizontal(speaks).alias(f"{SPEAKS}{len(questions)}"))
            holds = pl.when(*speaks).then(holds)
        readable.append(holds.alias(str(len(questions))))
        questions.append(Question(sentence[0], column, severity, *sentence[1:]))

    def ask_reading(name: str, holds: pl.Expr) -> None:
        """Could the cell be read? What that means for its row may hang on another of its values."""
        info = meta(own[name])
        if info.decides_where:
            column, code = info.decides_where
            deciding = (typed[column] == code).fill_null(False)
            ask(expected(name, own[name]), name, "ERROR", holds, deciding)
        ask(expected(name, own[name]), name, info.severity, holds, deciding.not_() if info.decides_where else None)

    for name, col in own.items():
        info = meta(col)
        if name in plain:
            typed[name] = pl.col(name)
            ask_reading(name, pl.lit(True))
            for asked in info.asked():
                ask(asked.sentence, name, asked.severity or info.severity, pl.lit(True))
            continue
        value, remark = pl.col(VALUE + name), pl.col(REMARK + name)
        typed[name] = value
        if info.default or info.beside:
            typed[name] = pl.when(pl.col(name).is_null()).then(blank_means(name, col, pl.col)).otherwise(value)
        if info.kind is WORDS:
            typed[words_name(name)] = pl.when(remark.is_not_null()).then(pl.col(name))
        elif info.kind.beside:
            typed[info.kind.beside(name)] = remark
        ask_reading(name, info.kind.readable(pl.col(name), value, remark))
        for asked in info.asked():
            ask(asked.sentence, name, asked.severity or info.severity, asked.holds(pl.col(name), remark))
    system = raw.select([pl.col(c).cast(t) for c, t in SYSTEM.items()])
    whole = pl.concat([system, said.select([value.alias(name) for name, value in typed.items()])], how="horizontal")
    for name in [c for c in ("period", "period_type_code") if c in own]:  # the type follows the period
        is_open = text[name].is_null() if name == "period" else pl.col(name).is_null()  # and where it cannot be read
        whole = whole.with_columns(pl.when(is_open).then(blank_means(name, own[name], pl.col)).otherwise(pl.col(name)).alias(name))
    answers = said.with_columns(readable).select([e.meta.output_name() for e in readable])  # with rows, though all be literals
    return whole.select(list(schema.columns)), text, Answers(questions, answers)


VALUE, REMARK = "value of ", "remark of "  # before a column's name
Words = dict[str, Any]  # a cell's text → what it says: values are joined to cells by their text alone, never by an order


def _read_words(column: pl.Series, info: Meta) -> tuple[Words, Words, Words]:
    """Of a column's distinct texts: those that need cleaning with their clean text, and by clean text each value and remark.

    A text of nothing but invisible characters is cleaned to null: a blank cell. So is what cannot be read and says nothing. Plain texts
    are left out: what they say is said of all at once (_of_plain).
    """
    reader = info.read()
    texts = column.unique().drop_nulls()
    texts = texts.filter(~_are_plain(texts, info.kind))
    said = texts.to_list()
    # nearly all of a city's columns are clean, and polars sees that at once
    cleaned = {} if texts.str.contains(CLEAN).all() else {text: clean for text in said if (clean := clean_text(text)) != text}
    read = {word: reader(word) for word in {cleaned.get(text, text) for text in said} if word is not None}
    blank = {word for word, (value, remark) in read.items() if value is None and remark is None and info.kind.nothing(word, info)}
    if blank:
        cleaned |= {text: None for text in said if cleaned.get(text, text) in blank}
    return cleaned, {word: value for word, (value, _) in read.items()}, {word: remark for word, (_, remark) in read.items()}


def _spread(name: str, words: Words, to: Any, otherwise: pl.Expr | None) -> pl.Expr:
    """Each cell's value, found by its text; `otherwise` is that of a text that is none of these words."""
    if not words:
        return pl.lit(None, to) if otherwise is None else otherwise
    if to == pl.String and all(word == value for word, value in words.items()):
        return pl.col(name)  # most text stands as it is
    if otherwise is None and all(value is None for value in words.values()):
        return pl.lit(None, to)
    return pl.col(name).replace_strict(words, default=otherwise, return_dtype=to)


A_DAY = "%d/%m/%Y"


def _are_plain(texts: pl.Series, kind: Kind) -> pl.Series:
    if not kind.plain:
        return pl.repeat(False, len(texts), eager=True)
    plain = texts.str.contains(kind.plain.written) & ~texts.is_in(sorted(kind.plain.never))
    return plain & texts.str.to_date(A_DAY, strict=False).is_not_null() if kind is DATE else plain


def _of_plain(name: str, kind: Kind) -> tuple[pl.Expr | None, pl.Expr | None]:
    """The value and the remark of a column's plain texts, where its kind has any."""
    text = pl.col(name)
    if kind is DATE:
        return text.str.to_date(A_DAY, strict=False), pl.when(text.is_not_null()).then(pl.lit("DAY"))
    return (text if kind.plain else None), None


def blank_means(name: str, col: Column, text_of: Callable[[str], pl.Expr]) -> pl.Expr:
    """What a blank cell of a column says: the folder's period and the type that follows, what a neighbour's text says, the default, nothing.

    Asked of rows with their typed period; `text_of` gives the text of another column.
    """
    if name == "period":
        return pl.col("folder_period")
    if name == "period_type_code":
        implied = pl.when(pl.col("period").str.contains("-Q")).then(pl.lit("QUARTER")).otherwise(pl.lit("YEAR"))
        return pl.when(pl.col("period").is_not_null()).then(implied)
    default = pl.lit(meta(col).default, col.dtype.type)
    if beside := meta(col).beside:
        return pl.when(text_of(beside[0]).is_not_null()).then(pl.lit(beside[1])).otherwise(default)
    return default


def reader_of(col: Column) -> Callable[[str], tuple[Any, Any] | None]:
    """What a cell of a column says, from its text as it stands there: (value, remark), or None where that says nothing, as a blank does."""
    info = meta(col)
    read = info.read()

    def of(text: str) -> tuple[Any, Any] | None:
        clean = clean_text(text)
        if not clean:
            return None
        said = read(clean)
        return None if said == (None, None) and info.kind.nothing(clean, info) else said

    return of
