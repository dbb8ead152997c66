"""What a column of a template looks like: how wide it is, what stands over its header, and what may be chosen in it.

What does not belong here: the cells (workbook.py), and whether one is at fault (faults.py).
"""

from typing import Any

from pipeline import codes, law
from pipeline.contract.said import basis, content, when_blank
from pipeline.ledger.find import period_days
from pipeline.schemas.columns import RATING_LEVELS, own_columns
from pipeline.schemas.kinds import Meta, meta
from pipeline.schemas.rules import rules_of


def list_of(info: Meta) -> str | None:
    """The list of which a cell of the column is, by name; None where it is of none."""
    return info.code_list if info.kind.is_listed else None


def of_other_times(list_name: str, period: str) -> frozenset[str]:
    """Levels that only other years know."""
    return law.of_other_times("level_label_known_for_year", *period_days(period)) if list_name == RATING_LEVELS else frozenset()


def note(column: str, schema: Any, period: str) -> str:
    """What the officer sees over a header: what belongs there, and the rules that a finding would point at it with."""
    col, days = own_columns(schema)[column], period_days(period)
    lines = [f"{col.title}: {content(col)}.", f"Để trống: {when_blank(meta(col))}."]
    asked = (r for r in rules_of(schema) if r.on == column and r.name != "value_present" and r.may_govern(*days))
    return "\n".join([*lines, *(f"• {r.says}{f' ({basis(r)})' if r.law else ''}" for r in asked)])


def note_height(words: str) -> int:
    """So many pixels show all of a note."""
    return 12 + 15 * sum(1 + len(line) // 52 for line in words.split("\n"))


def width(info: Meta) -> float:
    """So many letters of the column show."""
    if info.codes:
        return min(30, max(12, *(len(label) + 2 for label in codes.labels(info.codes).values())))
    return info.kind.width
