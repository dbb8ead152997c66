"""What can be said of days that are only a month or a year, as expressions: how long from one to another, how old on it. Null where both answers are possible.

What does not belong here: rules (rules.py), and reading days (pipeline.values).
"""

import datetime as dt

import polars as pl

DAY = dt.date


def latest(day: str) -> pl.Expr:
    """The last day that a month or a year can mean; the day itself where it is given."""
    precision = pl.col(f"{day}_precision_code")
    whole = pl.when(precision == "YEAR").then(pl.date(pl.col(day).dt.year(), 12, 31))
    return whole.when(precision == "MONTH").then(pl.col(day).dt.month_end()).otherwise(pl.col(day))


def earliest(day: str) -> pl.Expr:
    """The first day that a month or a year can mean, where what is kept is its last one; the day itself where it is given."""
    precision = pl.col(f"{day}_precision_code")
    whole = pl.when(precision == "YEAR").then(pl.date(pl.col(day).dt.year(), 1, 1))
    return whole.when(precision == "MONTH").then(pl.col(day).dt.month_start()).otherwise(pl.col(day))


def _least_and_most(start: str, end: str) -> tuple[pl.Expr, pl.Expr]:
    """Between how many whole months a period may last: days that are only a month or a year leave it open."""
    return months_between(latest(start), earliest(end)), months_between(start, end)


def lasts_at_least(months: int, start: str, end: str) -> pl.Expr:
    """Null where both answers are possible, and while it runs."""
    least, most = _least_and_most(start, end)
    return pl.when(least >= months).then(True).when(most < months).then(False)


def months_between(start: str | pl.Expr, end: str | pl.Expr) -> pl.Expr:
    """Whole months from one day to another, both included (2021-01-01 to 2021-01-31 is one month): how long a period lasts, and no age."""
    first = pl.col(start) if isinstance(start, str) else start
    last = (pl.col(end) if isinstance(end, str) else end).dt.offset_by("1d")
    return (
        (last.dt.year() - first.dt.year()) * 12
        + (last.dt.month().cast(pl.Int32) - first.dt.month())
        - (last.dt.day() < first.dt.day()).cast(pl.Int32)
    )


def reached_age(years: int, birth: str, day: str) -> pl.Expr:
    """Whether somebody was so old on a day, as one is from a birthday on. Null where both answers are possible.

    Whoever was born on 29 February is so old on the 28th of a year without one: the kinder reading, where the law says nothing.

    >>> days = {"born": [DAY(2003, 5, 10), DAY(2003, 5, 10), DAY(2004, 2, 29)], "joined": [DAY(2021, 5, 9), DAY(2021, 5, 10), DAY(2022, 2, 28)]}
    >>> unsaid = [pl.lit(None, pl.String).alias(f"{day}_precision_code") for day in days]
    >>> pl.DataFrame(days).with_columns(unsaid).select(reached_age(18, "born", "joined")).to_series().to_list()
    [False, True, True]
    """
    surely = pl.col(day) >= latest(birth).dt.offset_by(f"{years}y")
    maybe = latest(day) >= pl.col(birth).dt.offset_by(f"{years}y")
    return pl.when(surely).then(True).when(maybe.not_()).then(False)


def not_older_than(years: int, birth: str, day: str) -> pl.Expr:
    """Whether somebody was so old or younger on a day. Null where both answers are possible, and in the year after the birthday: the law counts
    months, on a day somewhat before this one.

    >>> days = {"born": [DAY(1960, 5, 10)] * 3, "joined": [DAY(2020, 5, 9), DAY(2020, 6, 30), DAY(2021, 5, 10)]}
    >>> unsaid = [pl.lit(None, pl.String).alias(f"{day}_precision_code") for day in days]
    >>> pl.DataFrame(days).with_columns(unsaid).select(not_older_than(60, "born", "joined")).to_series().to_list()
    [True, None, False]
    """
    return pl.when(reached_age(years, birth, day).not_()).then(True).when(reached_age(years + 1, birth, day)).then(False)
