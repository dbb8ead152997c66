"""What a rule answers where a day is a month, a year or blank, on a birthday, and of postings that ended for no reason that is told."""

import polars as pl
import pytest

from pipeline.frames import TO_JUDGE
from pipeline.judging.validate import judge
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.days import DAY

PASSED, FAILED, NOT_ASKED, NOT_APPLICABLE = "PASSED", "FAILED", "NOT_ASKED", "NOT_APPLICABLE"
SPRING_2021 = {"year": 2021, "signed_on": "01/03/2021", "announced_on": "05/03/2021"}
MAY_2026 = {"year": 2026, "signed_on": "11/05/2026"}


def answer(name: str, rule_code: str, version_code: str | None = None, *, year: int = 2021, **cells: str | None) -> str:
    """What is counted of one row: the schema's example with these cells, read and judged as in a file of the year."""
    schema = SCHEMAS[name]
    folder = {"folder_period": str(year), "folder_year": year, "folder_from": DAY(year, 1, 1), "folder_to": DAY(year, 12, 31)}
    row = {c: schema.metadata["example"].get(c) for c in own_columns(schema)}
    text = {c: None if v is None else str(v) for c, v in row.items()} | cells
    raw = pl.DataFrame(
        [{"submission_key": "s", "sheet": "t", "row_no": 1} | folder | text], schema=TO_JUDGE | dict.fromkeys(text, pl.String)
    )
    counted = judge(schema, raw).counts.filter(pl.col("rule_code") == rule_code, pl.col("version_code").eq_missing(pl.lit(version_code)))
    (n,) = counted.to_dicts()
    failed = {FAILED: n["failed_count"], PASSED: n["asked_count"] - n["failed_count"]}
    ((said, _),) = (p for p in {**failed, NOT_ASKED: n["not_asked_count"], NOT_APPLICABLE: n["not_applicable_count"]}.items() if p[1])
    return said


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("05/03/2022", PASSED),
        ("04/03/2022", PASSED),
        ("06/03/2022", FAILED),
        ("01/03/2022", FAILED),  # from the signature, where the law counts from the announcement
        ("03/2022", NOT_ASKED),
        ("2022", NOT_ASKED),
        ("02/2022", FAILED),
        ("04/2022", FAILED),
        ("2023", FAILED),
        (None, NOT_APPLICABLE),
    ],
)
def test_an_end_of_effect_that_is_a_month_or_a_year_is_a_range(end: str | None, said: str) -> None:
    rule = "discipline_effect_ends_after_12_months"
    assert answer("discipline", rule, "R18-QD30", **SPRING_2021, effect_end_on=end) == said


@pytest.mark.parametrize(
    ("end", "said"),
    [("04/03/2022", FAILED), ("05/03/2022", NOT_ASKED), ("31/03/2022", NOT_ASKED), ("01/04/2022", FAILED), ("30/04/2022", FAILED)],
)
def test_the_end_after_an_announcement_in_some_month_is_a_range_to_the_day(end: str, said: str) -> None:
    row = {**SPRING_2021, "signed_on": "06/03/2021", "announced_on": "03/2021", "effect_end_on": end}
    assert answer("discipline", "discipline_effect_ends_after_12_months", "R18-QD30", **row) == said


@pytest.mark.parametrize(
    ("announced", "end", "said"),
    [
        (None, "11/05/2027", PASSED),  # counted from the signature
        (None, "15/05/2027", NOT_ASKED),
        ("05/2026", "15/05/2027", NOT_ASKED),
        ("2026", "15/05/2027", NOT_ASKED),
        ("15/05/2026", "15/05/2027", PASSED),
        ("20/05/2026", "15/05/2027", FAILED),
        (None, "09/05/2027", FAILED),  # nothing is announced before it is signed
        ("05/2026", "09/05/2027", FAILED),
        ("05/2026", "15/06/2027", FAILED),
        ("05/2026", "05/2027", NOT_ASKED),
        ("05/2026", "2028", FAILED),
    ],
)
def test_an_announcement_that_nobody_told_leaves_the_end_open(announced: str | None, end: str, said: str) -> None:
    row = {**MAY_2026, "announced_on": announced, "effect_end_on": end}
    assert answer("discipline", "discipline_effect_ends_after_12_months", "R18b", **row) == said


@pytest.mark.parametrize(
    ("announced", "said"),
    [
        ("11/05/2021", PASSED),
        ("10/05/2021", FAILED),
        ("05/2021", PASSED),
        ("2021", PASSED),
        ("04/2021", FAILED),
        ("2020", FAILED),
        (None, NOT_ASKED),
    ],
)
def test_a_month_of_announcement_is_held_against_its_last_day(announced: str | None, said: str) -> None:
    assert answer("discipline", "signed_before_announced", signed_on="11/05/2021", announced_on=announced) == said


@pytest.mark.parametrize(
    ("born", "joined", "said"),
    [
        ("10/05/2003", "09/05/2021", FAILED),
        ("10/05/2003", "10/05/2021", PASSED),
        ("29/02/2004", "27/02/2022", FAILED),
        ("29/02/2004", "28/02/2022", PASSED),
        ("10/05/2003", "04/2021", FAILED),
        ("10/05/2003", "05/2021", NOT_ASKED),
        ("10/05/2003", "06/2021", PASSED),
        ("2003", "09/05/2021", NOT_ASKED),
        ("2003", "01/01/2021", NOT_ASKED),
        ("2002", "09/05/2021", PASSED),
        ("2004", "09/05/2021", FAILED),
        (None, "09/05/2021", NOT_ASKED),
    ],
)
def test_an_age_is_reached_on_the_birthday(born: str | None, joined: str, said: str) -> None:
    cells = {"birth_date": born, "party_joined_on": joined, "party_official_on": None}
    assert answer("personnel", "admitted_at_18_or_older", "R24a", year=2022, **cells) == said


@pytest.mark.parametrize(("recruited", "said"), [("04/02/1994", FAILED), ("05/02/1994", PASSED), ("02/1994", NOT_ASKED), ("1993", FAILED)])
def test_whoever_is_recruited_is_fourteen_from_the_birthday_on(recruited: str, said: str) -> None:
    assert answer("personnel", "recruited_at_14_or_older", birth_date="05/02/1980", service_joined_on=recruited) == said


@pytest.mark.parametrize(
    ("until", "reason", "said"),
    [
        ("01/02/2025", "COMPLETED", FAILED),
        ("30/04/2025", "COMPLETED", PASSED),
        ("01/02/2025", None, NOT_ASKED),
        ("01/02/2025", "RETIRED", NOT_APPLICABLE),
        ("30/04/2025", "SETTLED", NOT_APPLICABLE),
        (None, None, NOT_APPLICABLE),
    ],
)
def test_a_posting_that_ended_for_no_reason_told_is_not_judged(until: str | None, reason: str | None, said: str) -> None:
    cells = {"posting_from": "01/05/2022", "posting_to": until, "rotation_end_reason_code": reason}
    assert answer("rotation", "rotation_at_least_36_months", "R19b", year=2025, **cells) == said


@pytest.mark.parametrize(("score", "said"), [("0", FAILED), ("49", FAILED), ("50", PASSED)])
def test_a_score_is_held_against_its_level_also_where_it_is_nothing(score: str, said: str) -> None:
    row = {"year": 2025, "period": "2025", "decided_level_code": "Hoàn thành nhiệm vụ", "score": score}
    assert answer("ratings", "score_not_below_level", "R11a", **row) == said
