"""The rule book: what the law asks, in which versions, read from the dbt seeds `law_rules.csv` and `law_versions.csv`, its only copy.

What does not belong here: how a rule is asked of rows (schemas, dbt_project), and rules of form, which are no law.
"""

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.paths import SEEDS

PERIOD_END = "period_end"  # a rule that is judged by its period's last day, and by no column
WHOLE_YEAR = "whole_year"  # one whose versions speak of the years that they govern from the first day to the last
NUMBERS = ("months", "years", "points_excellent", "points_good", "points_completed", "numerator", "denominator", "hours")
WORDS = ("scope_code", "level_code", "rounded_severity_code")
LISTS = ("allowed_codes", "roster_codes", "post_codes")


@dataclass(frozen=True)
class Version:
    """One wording of one rule: from when to when it holds, how heavy it is, where it is written, its numbers."""

    code: str
    rule_code: str
    number: str
    family_code: str  # rules of one form are one SQL template; blank: a model of its own, or a schema's rule
    dataset_code: str
    judged_on: str  # the column whose day decides whether this version holds; PERIOD_END or WHOLE_YEAR
    asks_vi: str
    asks_en: str
    population_vi: str
    denominator_vi: str  # of a share: in words
    allowed_vi: str  # what the codes that its versions list are to it, the level that they name, and the posts
    level_vi: str
    post_vi: str
    subjects: tuple[str, ...]  # whom it speaks of: codes of a column that the rule knows; none: everybody
    first: dt.date | None
    last: dt.date | None
    severity: str
    confirmed_severity: str
    grade: str
    document: str
    article: str
    address: str
    note: str  # what the version leaves open: days that no version governs, why there is no address, what the forms do not ask
    parameters: Mapping[str, Any]

    def __getitem__(self, parameter: str) -> Any:
        """A number or a list of codes of this version; KeyError where its row in the seed has none."""
        return self.parameters[parameter]

    def may_govern(self, first: dt.date, last: dt.date) -> bool:
        """Whether it may govern a row of the period: one judged by its last day, or by a day of its own, which may lie before the period.

        >>> [v.code for v in versions("score_not_below_level") if v.may_govern(dt.date(2025, 1, 1), dt.date(2025, 12, 31))]
        ['R11a']
        >>> [v.code for v in versions("no_move_during_discipline") if v.may_govern(dt.date(2030, 1, 1), dt.date(2030, 12, 31))]
        ['R20a']
        """
        return self.holds_within(last if self.judged_on == PERIOD_END else dt.date.min, last)

    def holds_within(self, first: dt.date, last: dt.date) -> bool:
        """Whether it holds on one of these days."""
        return (self.first or dt.date.min) <= last and first <= (self.last or dt.date.max)

    @property
    def basis(self) -> str:
        return ", ".join(part for part in (self.document, self.article) if part)


def codes_in(cell: str) -> tuple[str, ...]:
    """
    >>> codes_in("LEADER|COLLECTIVE"), codes_in("")
    (('LEADER', 'COLLECTIVE'), ())
    """
    return tuple(cell.split("|")) if cell else ()


@cache
def book() -> tuple[Version, ...]:
    """Every version of every rule, in the seeds' order. Raises LookupError where one is of no rule."""
    rules, rows = {row["rule_code"]: row for row in _rows("law_rules")}, _rows("law_versions")
    if strange := sorted({row["rule_code"] for row in rows} - rules.keys()):
        raise LookupError(f"seeds/law_rules.csv has no rule {', '.join(strange)}, of which seeds/law_versions.csv has a version.")
    return tuple(_version(rules[row["rule_code"]], row) for row in rows)


@cache
def versions(rule_code: str) -> tuple[Version, ...]:
    """The versions of one rule, one or more. Raises LookupError where the rule book has none.

    >>> [(v.code, v.severity) for v in versions("excellent_within_cap")][:2]
    [('R09a', 'ERROR'), ('R09b', 'ERROR')]
    """
    found = tuple(v for v in book() if v.rule_code == rule_code)
    if not found:
        raise LookupError(f"seeds/law_versions.csv has no version of {rule_code}.")
    return found


def of_other_times(rule_code: str, first: dt.date, last: dt.date) -> frozenset[str]:
    """Codes that a rule allows, but in no version that may govern these days.

    >>> sorted(of_other_times("level_label_known_for_year", dt.date(2021, 1, 1), dt.date(2021, 12, 31)))
    ['CLEAN_STRONG', 'LIMITED', 'WEAK']
    """
    allowed = [(v.may_govern(first, last), v["allowed_codes"]) for v in versions(rule_code)]
    return frozenset(c for _, some in allowed for c in some) - {c for is_now, some in allowed if is_now for c in some}


def _rows(seed: str) -> list[dict[str, str]]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _version(rule: dict[str, str], row: dict[str, str]) -> Version:
    parameters: dict[str, Any] = {name: int(row[name]) for name in NUMBERS if row[name]} | {n: row[n] for n in WORDS if row[n]}
    parameters |= {name: codes_in(row[name]) for name in LISTS if row[name]}
    return Version(
        code=row["version_code"],
        rule_code=rule["rule_code"],
        number=rule["number"],
        family_code=rule["family_code"],
        dataset_code=rule["dataset_code"],
        judged_on=rule["judged_on"],
        asks_vi=rule["asks_vi"].format(**parameters),
        asks_en=rule["asks_en"].format(**parameters),
        population_vi=rule["population_vi"],
        denominator_vi=rule["denominator_vi"],
        allowed_vi=rule["allowed_vi"],
        level_vi=rule["level_vi"],
        post_vi=rule["post_vi"],
        subjects=codes_in(row["subject_codes"]),
        first=_day(row["valid_from"]),
        last=_day(row["valid_to"]),
        severity=row["severity_code"],
        confirmed_severity=row["confirmed_severity_code"] or row["severity_code"],
        grade=row["grade"],
        document=row["document"],
        article=row["article"],
        address=row["address"],
        note=row["note"],
        parameters=parameters,
    )


def _day(cell: str) -> dt.date | None:
    return dt.date.fromisoformat(cell) if cell else None
