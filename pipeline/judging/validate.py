"""Parse, then judge: from text columns to accepted rows, findings and verdicts, one dataset of many submissions at a time.

What does not belong here: reading files, and rules that need another file or the registry (those are dbt models).
"""

from dataclasses import dataclass

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context

from pipeline.frames import MISSING, OTHER, TO_JUDGE
from pipeline.judging.ask import ask_rules, without_impossible
from pipeline.judging.others import other_columns, without_columns
from pipeline.judging.parse import parse
from pipeline.judging.told import report
from pipeline.schemas.card import card

ROW = ["submission_key", "sheet", "row_no"]


@dataclass(frozen=True)
class Judged:
    """A dataset after validation."""

    typed: pl.DataFrame  # every row, in the order of the raw ones, as far as its cells could be read
    text: pl.DataFrame  # the clean text that it was read from
    is_faulty: pl.Series  # row by row; a faulty row is set aside, every other one is accepted
    findings: pl.DataFrame
    counts: pl.DataFrame
    other: pl.DataFrame  # columns that hold something else than their header says (submission_key, sheet, column_name): unknown in `typed`


def judge(
    schema: pa.DataFrameSchema,
    raw: pl.DataFrame,
    missing: pl.DataFrame | None = None,
    by_column: bool = False,
    confirmed: frozenset[str] = frozenset(),
) -> Judged:
    """Judge a dataset's rows: `raw` holds the system columns and whatever text columns were found.

    `missing` (submission_key, column_name): columns that a submission lacks. Its header says so once; of its rows only those rules
    are asked that do not need what is missing, so that everything else is told in the same pass. `by_column`: what plainly holds something
    else than its header says is told for the column, and no more for each of its cells. `confirmed`: versions of laws that somebody read.
    """
    typed, text, cells = parse(schema, TO_JUDGE.hold(raw))
    other = other_columns(schema, typed, text, cells) if by_column else pl.DataFrame(schema=OTHER)
    typed, cells = without_columns(typed, cells, other)
    with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY):
        schema.validate(typed)
    rows = ask_rules(schema, typed, cells, missing if missing is None else MISSING.hold(missing), other, confirmed)
    typed, rows = without_impossible(schema, typed, rows)
    reports = [report(schema.name, typed, answers, text) for answers in (cells, rows)]
    errors = [answers.frame[str(n)] for answers in (cells, rows) for n, q in enumerate(answers.questions) if q.severity == "ERROR"]
    is_faulty = pl.repeat(False, typed.height, eager=True)
    for holds in errors:
        if holds.all() is False:  # most of a city's hold for every row
            is_faulty |= holds.not_().fill_null(False)
    findings, counts = (pl.concat(parts) for parts in zip(*reports, strict=True))
    return Judged(typed, text, is_faulty, findings, counts, other)


def refusal(schema: pa.DataFrameSchema, rows_read: int, rows_set_aside: int, rows_keeping: int) -> str | None:
    """The rule for which a readable submission is refused whole, or None. `rows_keeping`: those that keep the rule that one row at least must keep."""
    needs_one = card(schema).needs_one
    if needs_one and rows_read and not rows_keeping:
        return needs_one[1]
    if rows_set_aside * 2 > rows_read:
        return "most_rows_usable"
    return None
