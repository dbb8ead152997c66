"""What a column of a template looks like: how wide it is, what stands over its header, and what may be chosen in it.

What does not belong here: the cells (workbook.py), and whether one is at fault (faults.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipeline import codes, law
from pipeline.contract.said import basis, content, when_blank
from pipeline.ledger.find import period_days
from pipeline.schemas import kinds
from pipeline.schemas.columns import RATING_LEVELS, own_columns
from pipeline.schemas.kinds import Kind, Meta, meta
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


@dataclass(frozen=True)
class Look:
    """What the cells of a kind of column have besides its width."""

    choices: Callable[[Meta, str], str | list[str]] | None = (
        None  # of a column and the template's period: a name of cells, or what may be chosen
    )
    is_right: bool = False  # numbers stand one below the other


UNITS = "=chon_don_vi"  # the words for units below the sender, where there are any
PLAIN = Look()
_OF_LIST = Look(lambda info, period: f"=chon_{info.code_list}")
LOOKS: dict[Kind, Look] = {
    kinds.TEXT: PLAIN,
    kinds.KEY: PLAIN,
    kinds.IDENTITY: PLAIN,
    kinds.CARD: PLAIN,
    kinds.OWN: PLAIN,
    kinds.SHAPE: PLAIN,
    kinds.CODE: _OF_LIST,
    kinds.LEVEL: _OF_LIST,
    kinds.WORDS: _OF_LIST,
    kinds.DATE: PLAIN,
    kinds.NUMBER: Look(is_right=True),
    kinds.BOOLEAN: _OF_LIST,
    kinds.UNIT: Look(lambda info, period: UNITS),
    kinds.PERIOD: Look(lambda info, period: [period[:4], *(f"{period[:4]}-Q{quarter}" for quarter in "1234")]),
}
