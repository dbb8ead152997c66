"""A dataset's own rules, asked of its rows all in one select, and what becomes of a value that cannot be.

What does not belong here: the rules themselves (schemas), and what is told of an answer (told.py).
"""

from collections.abc import Collection

import polars as pl

from pipeline.judging.others import rows_of
from pipeline.judging.parse import SPEAKS, Answers, Question, only_where
from pipeline.schemas.columns import Schema
from pipeline.schemas.kinds import meta
from pipeline.schemas.rules import Rule, rules_of


def ask_rules(
    schema: Schema,
    typed: pl.DataFrame,
    cells: Answers | None = None,
    missing: pl.DataFrame | None = None,
    other: pl.DataFrame | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> Answers:
    """The answers of a schema's own rules, all in one select.

    A full lazy `validate` blames the same rows (a test holds it so) but its report repeats every row of the frame; one
    select is as fast as plain polars. One fault is one finding: a cell that could not be read is not also blank.
    """
    rules = rules_of(schema)
    answers = typed.with_columns(_asked(rules, _asleep(rules, typed)))
    answers = answers.select(answers.columns[typed.width :])
    questions = [Question(r.name, r.on, r.weighs(confirmed), r.says, r.says_en, r.law.code if r.law else None) for r in rules]
    if cells:
        faulty = cells.frame.select([pl.col(str(n)).not_().any() for n in range(len(cells.questions))])
        read: dict[str, pl.Series] = {}  # column → which of its cells could be read; several questions are asked of one cell
        for i, q in enumerate(cells.questions):
            if faulty[str(i)][0]:
                readable = cells.frame[str(i)].fill_null(True) | typed[q.on].is_not_null()
                read[q.on] = read[q.on] & readable if q.on in read else readable
        for column, readable in read.items():
            answers = only_where(readable, answers, [i for i, r in enumerate(rules) if r.on == column and not r.always])
    for (column,), without in missing.group_by("column_name") if missing is not None else ():
        if column not in schema.columns:
            continue  # another dataset's
        has = typed["submission_key"].is_in(without["submission_key"].implode()).not_()
        # of a table that is refused only what does not need the column is asked; what is only wanted is a blank that is known
        needed = meta(schema.columns[column]).required
        needs = [
            i for i, r in enumerate(rules)
            if (column == r.on and (needed or r.severity != "ERROR")) or (needed and column in r.holds.meta.root_names())
        ]  # fmt: skip
        answers = only_where(has, answers, needs)
    for column, rows_of_it in rows_of(typed, other) if other is not None else ():
        asks = [i for i, r in enumerate(rules) if not r.always and column in (r.on, *r.holds.meta.root_names())]
        answers = only_where(~rows_of_it, answers, asks)
    return Answers(questions, answers)


def _asleep(rules: list[Rule], typed: pl.DataFrame) -> set[int]:
    """Rules that speak of no row: laws of other years, which are most of the book. Nothing is computed for them."""
    own = {r.day for r in rules if r.law} if typed.height else set()
    days = {
        day: (first, last.replace(month=12, day=31))
        for day in own
        if not typed[day].null_count()
        for first, last in typed.select(first=pl.col(day).min(), last=pl.col(day).max()).iter_rows()
    }
    return {i for i, r in enumerate(rules) if r.law and r.day in days and not r.law.holds_within(*days[r.day])}


def _asked(rules: list[Rule], asleep: Collection[int] = ()) -> list[pl.Expr]:
    holds = [(pl.lit(None, pl.Boolean) if i in asleep else r.holds).alias(str(i)) for i, r in enumerate(rules)]
    speaks = [(pl.lit(False) if i in asleep else r.applies).alias(f"{SPEAKS}{i}") for i, r in enumerate(rules) if r.applies is not None]
    return [*holds, *speaks]


def without_impossible(schema: Schema, typed: pl.DataFrame, answers: Answers) -> tuple[pl.DataFrame, Answers]:
    """A value that cannot be becomes unknown; its row, which is rare, is asked again without it, so that one fault is one finding."""
    rules = rules_of(schema)
    forgetting = [(str(i), r) for i, r in enumerate(rules) if r.unknown]
    bad = answers.frame.select(pl.any_horizontal([pl.col(i).not_().fill_null(False) for i, _ in forgetting] or [pl.lit(False)])).to_series()
    if not bad.any():
        return typed, answers
    rows, before = typed.filter(bad), answers.frame.filter(bad)
    said: dict[str, pl.Series] = {}
    for i, r in forgetting:  # in their order: what one forgot, the next does not see
        holds = rows.select(pl.when(before[i].is_not_null()).then(r.holds)).to_series()
        said[i] = holds
        if holds.all() is False:
            parts = [c for name in r.unknown for c in (name, f"{name}_precision_code") if c in rows.columns]
            rows = rows.with_columns([pl.when(holds.fill_null(True)).then(pl.col(c)).alias(c) for c in parts])
    once = rows.select(_asked(rules))  # a question that was not asked before is not asked now
    asked = [pl.when(before[str(i)].is_not_null()).then(pl.col(str(i))).alias(str(i)) for i, r in enumerate(rules) if not r.unknown]
    again = once.with_columns(asked)
    for column in dict.fromkeys(r.on for _, r in forgetting):
        is_known = rows[column].is_not_null() | typed.filter(bad)[column].is_null()
        again = only_where(is_known, again, [i for i, r in enumerate(rules) if not r.unknown and r.on == column])
    kept = [before[c] for i, _ in forgetting if (c := f"{SPEAKS}{i}") in before.columns]
    after = again.with_columns([*(s.alias(i) for i, s in said.items()), *kept]).select(before.columns)
    return _put_back(typed, rows, bad), Answers(answers.questions, _put_back(answers.frame, after, bad))


def _put_back(frame: pl.DataFrame, rows: pl.DataFrame, where: pl.Series) -> pl.DataFrame:
    """The frame with some of its rows changed, each in its place."""
    at = pl.int_range(frame.height, eager=True)
    order = pl.concat([at.filter(~where), at.filter(where)]).arg_sort()
    return pl.concat([frame.filter(~where), rows])[order]
