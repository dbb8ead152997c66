"""How figures of a year differ from the year before's, in a sentence; and in words where that cannot be told.

Two years are compared where every base organisation answered for both: else what grew may be who has sent. Discipline's change is the warehouse's own.
What does not belong here: which figures are compared (text.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.presentation import decimal, hundredths, number
from pipeline.surfaces.reports.document import HIDDEN, Mark, Value, digits_of
from pipeline.surfaces.reports.figures import Figures, Unit
from pipeline.surfaces.reports.words import joined


@dataclass(frozen=True)
class Compared:
    """A figure of a report table that is held against last year's."""

    column: str
    words: str
    unit: str = ""  # what is counted; nothing of a share


def compared(figures: Figures, unit: Unit, table: str, lines: Sequence[Compared], answers: str, system: str = "") -> str:
    """A sentence, with a space before it. `answers`: what is missing where somebody did not answer."""
    than, before = f"năm {figures.year - 1}", figures.before
    then = before.units.get(unit.key) if before else None
    if before is None or then is None or before.row(table, then, system) is None:
        return f" Chưa so sánh được với {than} vì chưa có số liệu của năm ấy."
    if not (figures.is_whole(table, unit, system) and before.is_whole(table, then, system)):
        return f" Chưa so sánh được với {than} vì chưa đủ {answers} của hai năm."
    said = [_line(one, figures.value(table, unit, one.column, system), before.value(table, then, one.column, system)) for one in lines]
    return f" So với {than}: {joined(said, '; ')}." if any(said) else ""


def _line(one: Compared, now: Value, then: Value) -> str:
    if any(isinstance(value, Mark) and value.text == HIDDEN for value in (now, then)):
        return f"{one.words}: số tăng, giảm không công bố"
    if one.unit:
        by = now - then if isinstance(now, int) and isinstance(then, int) else None
        return "" if by is None else f"{one.words} {f'{_grew(by)} {number(abs(by))} {one.unit}' if by else 'không đổi'}"
    if not (isinstance(now, float) and isinstance(then, float)):
        return ""  # a share of nobody
    return f"{one.words} {_points(now, then)}"


def _points(now: float, then: float) -> str:
    """How a share changed, by what is printed of both: who subtracts them comes to the same.

    >>> _points(0.18431, 0.17), _points(0.5, 0.75), _points(0.18431, 0.18434)
    ('tăng 1,43 điểm phần trăm', 'giảm 25,00 điểm phần trăm', 'không đổi')
    """
    after, before = (hundredths(share, digits_of(share, 2)) for share in (now, then))
    return f"{_grew(after - before)} {decimal(abs(after - before))} điểm phần trăm" if after != before else "không đổi"


def _grew(by: int | Decimal) -> str:
    return "tăng" if by > 0 else "giảm"
