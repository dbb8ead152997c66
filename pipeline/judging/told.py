"""Answers to findings and counts, by submission; and a finding on a file.

What does not belong here: any question.
"""

from collections.abc import Collection
from typing import Any

import polars as pl

from pipeline.frames import COUNTS, FINDINGS
from pipeline.judging.parse import SPEAKS, Answers
from pipeline.schemas.files import FILE_RULES

Finding = dict[str, Any]  # by the columns of FINDINGS


def report(dataset: str, typed: pl.DataFrame, answers: Answers, text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Findings of the rows that failed, and how often each rule was asked, failed, could not be asked, by submission."""
    findings, counts = [pl.DataFrame(schema=FINDINGS)], [pl.DataFrame(schema=COUNTS)]
    if not answers.questions or typed.is_empty():
        return findings[0], counts[0]
    failed = answers.frame.select([pl.col(str(n)).not_().any() for n in range(len(answers.questions))]).row(0)
    for number, question in enumerate(answers.questions):
        if failed[number]:
            bad = answers.frame[str(number)].not_().fill_null(False)
            made = typed.filter(bad).select(
                "submission_key",
                rule_code=pl.lit(question.rule_code),
                version_code=pl.lit(question.version_code, pl.String),
                dataset_code=pl.lit(dataset),
                severity_code=pl.lit(question.severity),
                sheet="sheet",
                row_no="row_no",
                column_name=pl.lit(question.on),
                says_vi=pl.lit(question.says_vi),
                says_en=pl.lit(question.says_en),
                value_found=text[question.on].filter(bad) if question.on in text.columns else pl.lit(None, pl.String),
            )
            findings.append(made.select(list(FINDINGS)))
    numbers = [str(number) for number in range(len(answers.questions))]
    # what is the same in every row is not counted row by row: most rules are asked of all rows, or of none
    holds = {n: answers.frame[n] for n in numbers}
    some = [n for n in numbers if 0 < holds[n].null_count() < typed.height]
    everywhere = [n for n in numbers if not holds[n].null_count()]
    speaks = {n: answers.frame[c] for n in numbers if (c := f"{SPEAKS}{n}") in answers.frame.columns}
    nobody = [n for n, rows in speaks.items() if not rows.null_count() and not rows.any()]
    few = [n for n, rows in speaks.items() if n not in nobody and not rows.all()]
    sums = (
        answers.frame.with_columns(typed["submission_key"])
        .group_by("submission_key")
        .agg(
            pl.len().cast(pl.Int64),
            *[pl.col(n).count().cast(pl.Int64).name.prefix("asked ") for n in some],
            *[pl.col(n).not_().sum().cast(pl.Int64).name.prefix("failed ") for n in numbers if failed[int(n)]],
            *[pl.col(f"{SPEAKS}{n}").not_().sum().cast(pl.Int64) for n in few],
        )
    )

    def sum_of(what: str, own: list[str], counted: list[str], whole: Collection[str] = ()) -> pl.Expr:
        """Of some questions: what was counted, and every row of those in `whole`."""
        return pl.sum_horizontal([pl.col("len") * sum(n in whole for n in own), *(f"{what}{n}" for n in own if n in counted)])

    for rule, version in dict.fromkeys((q.rule_code, q.version_code) for q in answers.questions):
        own = [n for n, q in zip(numbers, answers.questions, strict=True) if (q.rule_code, q.version_code) == (rule, version)]
        asked, silent = sum_of("asked ", own, some, everywhere), sum_of(SPEAKS, own, few, nobody)
        counts.append(
            sums.select(
                "submission_key",
                dataset_code=pl.lit(dataset),
                rule_code=pl.lit(rule),
                version_code=pl.lit(version, pl.String),
                asked_count=asked,
                failed_count=sum_of("failed ", own, [n for n in own if failed[int(n)]]),
                not_asked_count=pl.col("len") * len(own) - asked - silent,
                not_applicable_count=silent,
            )
        )
    return FINDINGS.hold(pl.concat(findings)), COUNTS.hold(pl.concat(counts))


def file_finding(submission_key: str, rule: str, dataset: str | None, **where: Any) -> Finding:
    """A finding on a file, a sheet or a header."""
    words = FILE_RULES[rule]
    return {
        "submission_key": submission_key,
        "rule_code": rule,
        "version_code": None,
        "dataset_code": dataset,
        "severity_code": words.severity,
        "sheet": None,
        "row_no": None,
        "column_name": None,
        "says_vi": words.says_vi,
        "says_en": words.says_en,
        "value_found": None,
    } | where
