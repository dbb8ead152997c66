"""So many nights of a small city, on each of which one unit sends something else: what grows, and what that makes of a year.

What does not belong here: nights that something disturbs (trials.py).
"""

import datetime as dt
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from conftest import City, Warm, member, rating, ratings, roster

from pipeline.paths import Home

YEAR = 365
SETTLED = 31  # Dagster's history holds 30 runs, readers have 7 versions: before, both only fill
PLACES = ("archive", "restricted", "versions", "dagster")
SENDERS = (("Q01.001", 1), ("Q01.002", 20), ("Q01.003", 40))
# What a night cost, told by itself at its end: the processor's seconds do not depend on who else uses the machine.
TELL = """
import atexit, json, pathlib, resource
def tell():
    own, workers = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cost = {{"cpu_seconds": sum(r.ru_utime + r.ru_stime for r in (own, workers)), "peak_mib": (own.ru_maxrss + workers.ru_maxrss) / 1024}}
    pathlib.Path({to!r}).write_text(json.dumps(cost))
atexit.register(tell)
"""


def nights(count: int, folder: Path) -> Iterator[dict[str, float]]:
    """After each night: what it cost and what lies there."""
    city, program, told = City(folder / "nights"), Warm(), folder / "cost.json"
    for unit, first in SENDERS:
        city.put(f"2021/{unit}/Nhân sự.xlsx", {"Nhân sự": roster([member(n) for n in range(first, first + 12)])})
    for number in range(count):
        day = dt.date(2021, 12, 1) + dt.timedelta(days=number)
        unit, first = SENDERS[number % 3]
        level = ("HTXSNV", "HTTNV", "HTNV")[number // 3 % 3]
        city.put(f"2021/{unit}/Xếp loại.csv", ratings([rating(n, level) for n in range(first, first + 4 + number % 9)]))
        began = time.perf_counter()
        at = os.environ | {"PERSONNEL_HOME": str(city.home.root), "PERSONNEL_AS_OF": day.isoformat()}
        program.start(["load"], at, TELL.format(to=str(told)), err=folder / "err")
        if program.wait():
            raise SystemExit(f"Night {number + 1} failed: {(folder / 'err').read_text('utf-8')}")
        yield {"night": number + 1, "seconds": time.perf_counter() - began} | json.loads(told.read_text("utf-8")) | _lying(city.home)


def _lying(home: Home) -> dict[str, float]:
    files = {place: [f.lstat() for f in (home.warehouse / place).rglob("*") if f.is_file() and not f.is_symlink()] for place in PLACES}
    sizes = {f"{place}_mib": sum(f.st_size for f in found) / 2**20 for place, found in files.items()}
    return sizes | {f"{place}_files": len(found) for place, found in files.items()}


def after_a_year(past: pl.DataFrame) -> dict[str, float]:
    """Each figure on the 365th night, if it went on as straight as the settled nights did.

    >>> after_a_year(pl.DataFrame({"night": [*range(1, 91)], "archive_mib": [max(n, 31) / 2 for n in range(1, 91)]}))["archive_mib"]
    182.5
    """
    settled = past.filter(pl.col("night") >= min(SETTLED, past.height // 2))
    night = pl.col("night")
    said = {}
    for name in past.columns:
        slope = settled.select(pl.cov(night, name) / night.var()).item() if settled.height > 1 else 0
        said[name] = settled.select(pl.col(name).mean() + slope * (YEAR - night.mean())).item()
    return said
