"""Columns that plainly hold something else than their header says.

What does not belong here: cells and rows, which are asked one by one (parse.py, ask.py).
"""

import polars as pl

from pipeline.frames import OTHER
from pipeline.judging.parse import Answers, only_where
from pipeline.schemas.columns import Schema, own_columns
from pipeline.schemas.kinds import DATE, WORDS, Meta, meta, precision_name, words_name
from pipeline.schemas.rules import LONGEST_LIFE

FEW = 3  # cells that say nothing of their column: each is asked by itself
LETTER = r"\p{L}"
A_PERSON = (
    r"(?i)^(?:nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|trương|đinh|lâm|trịnh|thạch|danh|sơn|quách|tăng|châu)"
    r"(?: \p{L}+){1,4}$"
)


def other_columns(schema: Schema, typed: pl.DataFrame, text: pl.DataFrame, cells: Answers) -> pl.DataFrame:
    """Columns of a sheet that plainly hold something else than their header says, however that was understood, from their kind alone.

    Of identity numbers, days and numbers hardly any cell can be read; of codes none; names without a letter; days on which most of these people,
    by their birth date or their number, were children; birth dates on which most were grown up.
    """
    reading = {q.on: str(n) for n, q in reversed([*enumerate(cells.questions)])}  # a column's first question is whether it can be read
    whole = pl.concat([typed, text.select(pl.all().name.prefix(TEXT)), cells.frame.select(pl.all().name.prefix(READ))], how="horizontal")
    if "identity_number" in typed.columns:  # once for all of a row's days
        whole = whole.with_columns(birth_year_by_number().alias(BORN))
    suspects: dict[str, list[tuple[pl.Expr, pl.Expr]]] = {}  # column → what was asked of its cells, and what it takes to be another
    for name, col in own_columns(schema).items():
        info = meta(col)
        if text[name].null_count() == text.height:
            continue
        if (least := info.kind.least_read) is not None and not info.decides_where:
            read = pl.col(READ + reading[name])
            few = read.sum() < least * read.count() if least else read.sum() == 0
            # where few rows say anything, each of their cells is asked by itself
            suspects.setdefault(name, []).append((read, few & (read.count() >= FEW) & (read.count() * 2 > pl.len())))
        if info.is_called:
            is_text = pl.col(TEXT + name).str.contains(LETTER)
            suspects.setdefault(name, []).append((is_text, _most(is_text) & (is_text.count() >= FEW)))
        if info.kind is WORDS:  # any words will do, but not people
            is_no_name = pl.col(TEXT + name).str.contains(A_PERSON).not_()
            suspects.setdefault(name, []).append((is_no_name, _most(is_no_name) & (is_no_name.count() >= FEW)))
        if info.kind is DATE and "identity_number" in typed.columns:
            grown = _was_grown_up(name, info, typed)
            is_enough = grown.count() >= FEW
            if (
                BIRTH in typed.columns
            ):  # beside a birth date each row is asked by itself, too; and so is a day on which nobody alive was of age
                is_enough |= pl.col(BIRTH).is_null().all() & _could_be(name, info).any()
            suspects.setdefault(name, []).append((grown, _most(grown) & is_enough))
    asked = [(name, holds, is_other) for name, questions in suspects.items() for holds, is_other in questions]
    fails = (
        whole.select([holds.all().not_().alias(str(n)) for n, (_, holds, _) in enumerate(asked)]).row(0) if asked and whole.height else ()
    )
    asked = [about for about, failed in zip(asked, fails, strict=False) if failed]  # most of a city's columns hold what they say
    if not asked:
        return pl.DataFrame(schema=OTHER)
    place = ["submission_key", "sheet"]
    found = whole.group_by(place).agg([is_other.alias(str(n)) for n, (*_, is_other) in enumerate(asked)])
    told = [found.filter(pl.col(str(n))).select(*place, column_name=pl.lit(name)) for n, (name, *_) in enumerate(asked)]
    return OTHER.hold(pl.concat(told).unique().sort(pl.all()))


TEXT, READ, BIRTH, BORN, JOINED = "text of ", "read ", "birth_date", "born by number", "party_joined_on"


def _most(holds: pl.Expr) -> pl.Expr:
    """Whether most answers are no."""
    return holds.not_().sum() * 2 > holds.count()


def birth_year_by_number() -> pl.Expr:
    """The year of birth that an identity number of twelve digits holds."""
    number = pl.col("identity_number")
    century = 1900 + 100 * (number.str.slice(3, 1).cast(pl.Int32, strict=False) // 2)
    return pl.when(number.str.len_chars() == 12).then(century + number.str.slice(4, 2).cast(pl.Int32, strict=False))


def _was_grown_up(name: str, info: Meta, typed: pl.DataFrame) -> pl.Expr:
    """Whether a day lies when its person was old enough for it, whoever lives today taken into account; of a birth date, whether it is no such day."""
    by_number, year = pl.col(BORN), pl.col(name).dt.year()
    if (
        not info.of_age
    ):  # without a number, whether it does not lie behind the joining day: then one stands in the other's place, and nobody knows which
        joined = pl.col(JOINED).dt.year() >= year if JOINED in typed.columns else pl.lit(None, pl.Boolean)
        return pl.coalesce(year - by_number < 14, joined)
    born = (
        pl.coalesce(by_number, pl.col(BIRTH).dt.year()) if BIRTH in typed.columns else by_number
    )  # a column of birth dates may be the other one
    return (year - born >= info.of_age) & _could_be(name, info)


def _could_be(name: str, info: Meta) -> pl.Expr:
    """Whether anybody who lives today can have been old enough for a day."""
    return pl.col(name).dt.year() >= pl.col("folder_year") - LONGEST_LIFE + info.of_age


def without_columns(typed: pl.DataFrame, cells: Answers, other: pl.DataFrame) -> tuple[pl.DataFrame, Answers]:
    """Rows as if nobody had looked into these columns: their values are unknown, and nothing is asked of their cells."""
    frame = cells.frame
    for name, rows in rows_of(typed, other):
        parts = [c for c in (name, precision_name(name), words_name(name)) if c in typed.columns]
        typed = typed.with_columns([pl.when(~rows).then(pl.col(c)).alias(c) for c in parts])
        frame = only_where(~rows, frame, [n for n, q in enumerate(cells.questions) if q.on == name])
    return typed, Answers(cells.questions, frame)


def rows_of(typed: pl.DataFrame, other: pl.DataFrame) -> list[tuple[str, pl.Series]]:
    """Per column the rows of the sheets in which it holds something else."""
    if other.is_empty():
        return []
    place = typed.select(pl.struct("submission_key", "sheet")).to_series()
    return [
        (name, place.is_in(sheets.select(pl.struct("submission_key", "sheet")).to_series().implode()))
        for (name,), sheets in sorted(other.group_by("column_name"))
    ]
