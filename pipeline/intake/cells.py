"""A sheet's cells as text: what a sheet is to the reader, and how a number, a day or a time is written.

What does not belong here: opening files (spreadsheets, delimited), and what a cell means.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from pipeline.intake import legacy
from pipeline.values import EPOCH

Merge = tuple[int, int, int, int]  # first row and position, last ones, from 0


@dataclass(frozen=True)
class Sheet:
    """A sheet's cells as text; row 0 is the sheet's first row. A CSV is one sheet without a name.

    What a unit may not see or not mean stands beside the cells, as far as it can be seen (hidden.py says how far).
    """

    name: str
    rows: list[list[str | None]]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()  # numbers as the sheet shows them, from 1
    hidden_columns: frozenset[int] = frozenset()  # positions, from 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # (row number from 1, position) → "#REF!"
    converted: dict[int, str] = field(default_factory=dict)  # position → legacy encoding that its text was in
    unsure: frozenset[int] = frozenset()  # positions whose text looks legacy and could not be told
    is_1904: bool = False  # a number that means a day counts from 1904; date cells are right already
    stray_quotes: tuple[int, ...] = ()  # rows of a CSV whose quotation marks swallow the rows below
    is_whole: bool = True  # whether such rows could be told apart
    struck: frozenset[tuple[int, int]] = frozenset()  # (row number from 1, position) of what is struck through
    uncalculated: frozenset[tuple[int, int]] = frozenset()  # formulas without a value
    comments: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)  # (row number from 1, position) → who wrote it, and what
    merged: tuple[Merge, ...] = ()  # cells that are one over several
    is_beside: bool = False  # another table stands to the left of this one, on the same sheet
    is_blind: bool = False  # what its values do not show could not be looked for
    typed: list[list[Any]] = field(default_factory=list, repr=False, compare=False)  # the cells as the reader gave them: days are days


def mended(sheet: Sheet, fonts: Callable[[], dict[int, str]] | None = None) -> Sheet:
    """The sheet with its text in Unicode."""
    said = legacy.mend(sheet.rows, fonts)
    if not said.converted and not said.unsure:
        return sheet
    return replace(sheet, rows=said.rows, converted=sheet.converted | said.converted, unsure=said.unsure)


def with_comma(digits: str) -> str:
    """A number's decimals behind a comma, as they are written here: 88.125 with a point would read as thousands."""
    return digits.replace(".", ",")


def _number(value: float) -> str:
    """A whole number without its point; from 1e15 on Excel keeps no digit, so it stays visibly rounded.

    >>> _number(92080000001.0), _number(88.125), _number(1234567890123456.0)
    ('92080000001', '88,125', '1,23456789012346E+15')
    """
    if abs(value) >= 1e15:
        return with_comma(f"{value:.14E}")
    return str(int(value)) if value.is_integer() else with_comma(repr(value))


def _day(value: dt.date) -> str:
    """A year that was typed into a cell of days stands there as a day of 1905: both are written, so that neither is taken.

    >>> _day(dt.date(1980, 2, 5)), _day(dt.date(1905, 6, 2))
    ('05/02/1980', '02/06/1905 (1980)')
    """
    text = f"{value.day:02}/{value.month:02}/{value.year:04}"
    return f"{text} ({year})" if value.year == 1905 and 1900 <= (year := (value - EPOCH).days) <= 2100 else text


def is_nearly_next(value: object) -> bool:
    """A serial day that lost its last moments where two programs round differently: nobody writes a minute before midnight."""
    return type(value) is dt.datetime and value.hour == 23 and value.minute == 59


def _moment(value: dt.datetime) -> str:
    """
    >>> _moment(dt.datetime(1980, 2, 5, 9, 30)), _moment(dt.datetime(1980, 2, 5, 23, 59, 20))
    ('05/02/1980', '06/02/1980')
    """
    return _day(value.date() + dt.timedelta(days=is_nearly_next(value)))


def _duration(value: dt.timedelta) -> str:
    """
    >>> _duration(dt.timedelta(days=1, minutes=90))
    '25:30:00'
    """
    seconds = int(value.total_seconds())
    return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"


# How a cell that is no text is written as text, by its type.
TEXTS: dict[type, Callable[[Any], str | None]] = {
    float: _number,
    int: str,
    bool: lambda value: "1" if value else "0",
    dt.date: _day,
    dt.datetime: _moment,
    dt.time: str,
    dt.timedelta: _duration,
    type(None): lambda value: None,
}


class Texts(dict[Any, str | None]):
    """A workbook's cells as text, each distinct one written once: the same ones stand in many cells, and are one text from here on.

    >>> [Texts()[value] for value in (True, False, 2.0, " ")]
    ['1', '0', '2', None]
    """

    def __missing__(self, value: Any) -> str | None:
        text = self[value] = (value.strip() or None) if type(value) is str else _written(value)
        return text


class WholeTexts(Texts):
    """The same without the halves of a letter's two bytes that the reader leaves standing in some old workbooks."""

    def __missing__(self, value: Any) -> str | None:
        text = self[value] = (super().__missing__(value) or "").replace("\0", "") or None
        return text


@lru_cache(maxsize=50_000)  # days and numbers are the same ones in many files
def _written(value: Any) -> str | None:
    return TEXTS[type(value)](value)
