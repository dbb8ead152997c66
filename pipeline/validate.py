"""Parse, then judge: from text columns to accepted rows, findings and verdicts, one dataset of many submissions at a time.

What does not belong here: reading files, and rules that need another file or the registry (those are dbt models).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context

from pipeline import codes
from pipeline.schemas.columns import SYSTEM, expected, meta, own_columns, rules_of
from pipeline.schemas.files import FILE_RULES, IDENTITY_REPAIRED
from pipeline.values import clean_text, read_date, read_identity, read_number, read_period, read_shape

FINDING = {
    "submission_key": pl.String,
    "rule_code": pl.String,
    "dataset_code": pl.String,
    "severity_code": pl.String,
    "sheet": pl.String,
    "row_no": pl.Int32,
    "column_name": pl.String,
    "says_vi": pl.String,
    "says_en": pl.String,
    "value_found": pl.String,  # restricted: staging never picks it
}
COUNT = {
    "submission_key": pl.String,
    "dataset_code": pl.String,
    "rule_code": pl.String,
    "asked_count": pl.Int64,
    "failed_count": pl.Int64,
    "not_asked_count": pl.Int64,
}
ROW = ["submission_key", "sheet", "row_no"]


@dataclass(frozen=True)
class Judged:
    """A dataset after validation; every row read is in `accepted` or in `set_aside`."""

    accepted: pl.DataFrame
    set_aside: pl.DataFrame  # as it was read: text
    findings: pl.DataFrame
    counts: pl.DataFrame


def judge(schema: pa.DataFrameSchema, raw: pl.DataFrame) -> Judged:
    """Judge a dataset's rows: `raw` holds the system columns and whatever text columns were found."""
    typed, cell_findings, cell_counts = parse(schema, raw)
    row_findings, row_counts = apply_rules(schema, typed)
    # one fault, one finding: a cell that could not be read is not also blank
    row_findings = row_findings.join(cell_findings, on=[*ROW, "column_name"], how="anti", nulls_equal=True)
    findings = pl.concat([cell_findings, _with_value(row_findings, raw)])
    faulty = findings.filter(severity_code="ERROR").select(ROW).unique()
    return Judged(
        accepted=typed.join(faulty, on=ROW, how="anti", nulls_equal=True),
        set_aside=raw.join(faulty, on=ROW, how="semi", nulls_equal=True),
        findings=findings,
        counts=pl.concat([cell_counts, row_counts]),
    )


# ── parse: text to types ─────────────────────────────────────────────────────────────────────────────────────────


def parse(schema: pa.DataFrameSchema, raw: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Typed columns; a finding for each cell that cannot be read; how many cells were asked, by submission and rule."""
    typed = raw.select([pl.col(c).cast(t) for c, t in SYSTEM.items()])
    findings, counts = [pl.DataFrame(schema=FINDING)], [pl.DataFrame(schema=COUNT)]
    for name, col in own_columns(schema).items():
        info = meta(col)
        text = _clean(raw[name]) if name in raw.columns else pl.Series(name, [None] * raw.height, dtype=pl.String)
        read = _reader(info.kind, info.codes, info.ends)
        values = text.unique().drop_nulls()
        parsed = [read(v) for v in values]
        dtype = col.dtype.type

        def spread(part: list[Any], to: Any, text: pl.Series = text, values: pl.Series = values) -> pl.Series:
            return text.replace_strict(values, pl.Series(part, dtype=to), default=None, return_dtype=to)

        column = spread([p[0] for p in parsed], dtype)
        typed = typed.with_columns(column.alias(name))
        if info.kind == "date":
            typed = typed.with_columns(spread([p[1] for p in parsed], pl.String).alias(f"{name}_precision_code"))
        if info.default:
            typed = typed.with_columns(pl.when(text.is_null()).then(pl.lit(info.default)).otherwise(pl.col(name)).alias(name))
        if words := expected(name, col):
            bad = text.is_not_null() & column.is_null()
            findings.append(_cell_findings(schema.name, raw.filter(bad), text.filter(bad), name, words, "ERROR"))
            counts.append(
                raw.select("submission_key", asked=text.is_not_null(), bad=bad)
                .group_by("submission_key")
                .agg(
                    asked_count=pl.sum("asked").cast(pl.Int64),
                    failed_count=pl.sum("bad").cast(pl.Int64),
                    not_asked_count=pl.lit(0, pl.Int64),
                )
                .with_columns(dataset_code=pl.lit(schema.name), rule_code=pl.lit(words[0]))
                .select(list(COUNT))
            )
        if info.kind == "identity":
            repaired = spread([p[1] for p in parsed], pl.Boolean).fill_null(False)
            findings.append(_cell_findings(schema.name, raw.filter(repaired), text.filter(repaired), name, IDENTITY_REPAIRED, "WARNING"))
            counts.append(_cell_counts(schema.name, raw, text, repaired, IDENTITY_REPAIRED[0]))
    typed = _fill_periods(schema, typed).select(list(schema.columns))
    counted = pl.concat(counts).group_by("submission_key", "dataset_code", "rule_code").sum()
    return typed, pl.concat(findings), counted.select(list(COUNT))


def _fill_periods(schema: pa.DataFrameSchema, typed: pl.DataFrame) -> pl.DataFrame:
    """A blank period is the folder's, and the type follows it."""
    if "period_type_code" not in schema.columns:
        return typed
    typed = typed.with_columns(pl.col("period").fill_null(pl.col("folder_period")))
    implied = pl.when(pl.col("period").str.contains("-Q")).then(pl.lit("QUARTER")).otherwise(pl.lit("YEAR"))
    return typed.with_columns(pl.col("period_type_code").fill_null(implied))


def _clean(column: pl.Series) -> pl.Series:
    """NFC, one space between words, no invisible characters, blank is null."""
    values = column.unique().drop_nulls()
    clean = [clean_text(v) for v in values]
    return column.replace_strict(values, pl.Series(clean, dtype=pl.String), default=None, return_dtype=pl.String)


# Each reader gives (value, remark); a value of None means that the cell cannot be read.
Reader = Callable[[str], tuple[Any, Any]]


def _reader(kind: str, code_list: str | None, ends: bool) -> Reader:
    if kind == "date":
        return lambda text: read_date(text, ends)
    if kind == "code":
        spellings = codes.spellings(code_list or "")
        return lambda text: (spellings.get(codes.fold(text)), None)
    if kind == "boolean":
        spellings = codes.spellings("boolean")
        return lambda text: ({"TRUE": True, "FALSE": False}.get(spellings.get(codes.fold(text), "")), None)
    return {
        "number": lambda text: (read_number(text), None),
        "identity": read_identity,
        "shape": lambda text: (read_shape(text), None),
        "period": lambda text: (read_period(text), None),
        "unit": lambda text: (codes.fold(text) or None, None),
        "key": lambda text: (codes.fold(text) or None, None),
        "text": lambda text: (text, None),
    }[kind]


def _cell_counts(dataset: str, raw: pl.DataFrame, text: pl.Series, bad: pl.Series, rule: str) -> pl.DataFrame:
    """A rule on cells is asked of every cell that is not blank."""
    asked = raw.select("submission_key", asked=text.is_not_null(), bad=bad).group_by("submission_key")
    counted = asked.agg(
        asked_count=pl.sum("asked").cast(pl.Int64), failed_count=pl.sum("bad").cast(pl.Int64), not_asked_count=pl.lit(0, pl.Int64)
    )
    return counted.with_columns(dataset_code=pl.lit(dataset), rule_code=pl.lit(rule)).select(list(COUNT))


def _cell_findings(
    dataset: str, rows: pl.DataFrame, found: pl.Series, column: str, words: tuple[str, str, str], severity: str
) -> pl.DataFrame:
    rule, says_vi, says_en = words
    return rows.select(
        "submission_key",
        rule_code=pl.lit(rule),
        dataset_code=pl.lit(dataset),
        severity_code=pl.lit(severity),
        sheet="sheet",
        row_no="row_no",
        column_name=pl.lit(column),
        says_vi=pl.lit(says_vi),
        says_en=pl.lit(says_en),
        value_found=found,
    ).select(list(FINDING))


# ── judge: the schema's rules, all in one select ─────────────────────────────────────────────────────────────────


def apply_rules(schema: pa.DataFrameSchema, typed: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Findings and counts of a typed dataset. Pandera holds the structure; the rules are its checks' own expressions.

    A full lazy `validate` blames the same rows (a test holds it so) but its report repeats every row of the
    frame; one select over all rules is as fast as plain polars.
    """
    with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY):
        schema.validate(typed)
    rules = rules_of(schema)
    answers = typed.select([r.holds.alias(str(i)) for i, r in enumerate(rules)])
    findings, counts = [pl.DataFrame(schema=FINDING)], [pl.DataFrame(schema=COUNT)]
    for i, r in enumerate(rules):
        bad = answers[str(i)].eq_missing(False)
        if bad.any():
            findings.append(
                typed.filter(bad)
                .select(
                    "submission_key",
                    rule_code=pl.lit(r.name),
                    dataset_code=pl.lit(schema.name),
                    severity_code=pl.lit(r.severity),
                    sheet="sheet",
                    row_no="row_no",
                    column_name=pl.lit(r.on),
                    says_vi=pl.lit(r.says),
                    says_en=pl.lit(r.says_en),
                    value_found=pl.lit(None, pl.String),
                )
                .select(list(FINDING))
            )
    by_submission = answers.with_columns(typed["submission_key"]).group_by("submission_key")
    for name in dict.fromkeys(r.name for r in rules):
        own = [pl.col(str(i)) for i, r in enumerate(rules) if r.name == name]
        counts.append(
            by_submission.agg(
                asked_count=pl.sum_horizontal([a.is_not_null().sum() for a in own]).cast(pl.Int64),
                failed_count=pl.sum_horizontal([a.not_().sum() for a in own]).cast(pl.Int64),
                not_asked_count=pl.sum_horizontal([a.is_null().sum() for a in own]).cast(pl.Int64),
            )
            .with_columns(dataset_code=pl.lit(schema.name), rule_code=pl.lit(name))
            .select(list(COUNT))
        )
    return pl.concat(findings), pl.concat(counts)


def _with_value(findings: pl.DataFrame, raw: pl.DataFrame) -> pl.DataFrame:
    """What stood in the cell that a finding points at, for the restricted zone."""
    columns = [c for c in findings["column_name"].unique() if c in raw.columns]
    if not columns:
        return findings
    values = raw.join(findings.select(ROW).unique(), on=ROW, how="semi", nulls_equal=True).select(*ROW, *columns)
    values = values.unpivot(index=ROW, variable_name="column_name", value_name="value")
    joined = findings.join(values, on=[*ROW, "column_name"], how="left", nulls_equal=True)
    return joined.with_columns(value_found=pl.col("value")).select(list(FINDING))


# ── verdicts: what one submission shows of itself ────────────────────────────────────────────────────────────────


def refusal(dataset: str, rows_read: int, rows_set_aside: int, rows_of_year: int) -> str | None:
    """The rule for which a readable submission is refused whole, or None."""
    if dataset == "ratings" and rows_read and not rows_of_year:
        return "rating_of_folder_year_present"
    if rows_set_aside * 2 > rows_read:
        return "most_rows_usable"
    return None


def file_finding(submission_key: str, rule: str, dataset: str | None, **where: Any) -> dict[str, Any]:
    """A finding on a file, a sheet or a header."""
    words = FILE_RULES[rule]
    return {
        "submission_key": submission_key,
        "rule_code": rule,
        "dataset_code": dataset,
        "severity_code": words.severity,
        "sheet": None,
        "row_no": None,
        "column_name": None,
        "says_vi": words.says_vi,
        "says_en": words.says_en,
        "value_found": None,
    } | where
