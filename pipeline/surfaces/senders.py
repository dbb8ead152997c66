"""Whose figures may leave of tables that are made of lists: those of units that are known to have sent one.

What does not belong here: how much is told of them (public.py, pools.py).
"""

import datetime as dt
from collections.abc import Iterator

import polars as pl

from pipeline.surfaces.declared import Declared

Silent = tuple[int, str]  # a year, and a unit in or below which somebody who was asked did not answer for it
BASES = ("BASE_COMMITTEE", "BASE_CELL")  # who answers for all below


class Parents:
    """Who stands above whom on a day."""

    def __init__(self, units: pl.DataFrame):
        self.units = units
        self.of_day: dict[dt.date, dict[str, str | None]] = {}

    def on(self, day: dt.date) -> dict[str, str | None]:
        """Unit → the unit right above it, by their keys; None at the top."""
        if day not in self.of_day:
            open_then = self.units.filter(pl.col("valid_from") <= day, pl.col("valid_to").is_null() | (pl.col("valid_to") >= day))
            self.of_day[day] = dict(open_then.select("unit_key", "parent_unit_key").iter_rows())
        return self.of_day[day]

    def up(self, unit: str | None, day: dt.date) -> Iterator[str]:
        """A unit and all above it."""
        while unit is not None:
            yield unit
            unit = self.on(day).get(unit)


def of_senders(frame: pl.DataFrame, own: Declared, status: pl.DataFrame | None, parents: Parents) -> tuple[pl.DataFrame, set[Silent]]:
    """The rows of units that are known to have answered; and the years of units below which somebody did not.

    A unit has a row, too, if a list of another names somebody in it: beside the table of who sent, which leaves as well, that row says that there is
    somebody. Such people are counted above, as those of units that ended. Where a list is asked of nobody, nobody can tell.
    """
    if own.dataset:
        frame = frame.drop_nulls(own.counted)
    asked = None if status is None else status.filter(dataset_code=own.dataset)
    if asked is None or asked.is_empty():
        return frame, set()
    answering: set[Silent] = set()  # these and all below them
    above: set[Silent] = set()
    silent: set[Silent] = set()
    for year, unit, kind, has_answered in asked.select("year", "unit_key", "unit_type_code", "has_current").iter_rows():
        if has_answered and kind in BASES:
            answering.add((year, unit))
        (above if has_answered else silent).update((year, one) for one in parents.up(unit, dt.date(year, 12, 31)))
    years = {*asked["year"]}
    is_there = [
        year not in years or (year, unit) in above or any((year, one) in answering for one in parents.up(unit, dt.date(year, 12, 31)))
        for year, unit in frame.select("year", "unit_key").iter_rows()
    ]
    silent |= {(year, unit) for year, unit in frame.select("year", "unit_key").iter_rows() if year not in years}
    return frame.filter(pl.Series(is_there, dtype=pl.Boolean)), silent


def blank(frame: pl.DataFrame, own: Declared, status: pl.DataFrame | None, parents: Parents) -> list[bool]:
    """Row by row of a table that has rows of all units: whether its counts are blank for all to see: nobody is known to have sent a list, or nobody in the
    whole city spoke of what the row counts.

    Whom a list of another names is counted above alone, as in other tables: beside the table of who sent, a count says that there is somebody. So would a
    blank of one unit that sent a list: that its siblings' lists name somebody of a kind, and its own nobody. Such a row is hidden as others are (public.py).
    """
    if not own.blank_without:
        return [False] * frame.height
    days = dict(frame.select("period", "period_to").iter_rows())
    asked = pl.DataFrame() if status is None else status.filter(pl.col("period").is_in([*days]), dataset_code=own.blank_without)
    answering: set[tuple[str, str]] = set()  # a period, and a unit that answered for itself and all below it
    above: set[tuple[str, str]] = set()
    periods = {*asked["period"]} if asked.height else set()
    if asked.height:
        for period, unit, kind in asked.filter("has_current").select("period", "unit_key", "unit_type_code").iter_rows():
            above.update((period, one) for one in parents.up(unit, days[period]))
            if kind in BASES:
                answering.add((period, unit))
    cubes = [*frame.select(own.cube).iter_rows()]
    rows = [*frame.select("period", "unit_key", own.blanks[0]).iter_rows()]  # any count: all of a row are blank together
    spoken = {(period, unit) for period, unit, count in rows if count is not None}
    of_city = [(cube, count) for cube, (period, unit, count) in zip(cubes, rows, strict=True) if parents.on(days[period]).get(unit) is None]
    unspoken = {cube for cube, count in of_city if count is None} - {cube for cube, count in of_city if count is not None}
    return [
        cube in unspoken
        or not (
            (period, unit) in spoken
            if period not in periods
            else (period, unit) in above or any((period, one) in answering for one in parents.up(unit, days[period]))
        )
        for cube, (period, unit, _) in zip(cubes, rows, strict=True)
    ]
