"""The sample city: people, files, faults. It knows the schemas and nothing above them.

What does not belong here: reading a file. Every person, unit below a district, and number that the article does not print is invented.
"""

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, Literal

from pipeline.paths import Home
from pipeline.sample.city import CALENDAR, City, figures, make_truth
from pipeline.sample.eras import YEARS
from pipeline.sample.faults import Planter
from pipeline.sample.files import Packet, Written, write_packets, write_registry
from pipeline.sample.later import LATER
from pipeline.sample.scale import ARTICLE, FAULTY, SMALL
from pipeline.sample.spoiled import Spoiler
from pipeline.sample.tree import make_tree
from pipeline.sample.truth import tables, write_truth

VERSION = 1
FOLDERS = ("registry", *CALENDAR, LATER, *YEARS)  # below data/raw, all that a sample city writes
CHUNK = 24  # packets per task
A_THIRD = 1 / 3  # of the files of a city with `--forms`
Size = Literal["city", "small", "empty"]


class SampleError(Exception):
    """The sample city may not be made here; the text says why and what to do."""


def make_city(
    home: Home,
    seed: int = 2021,
    faults: bool = False,
    copies: int = 1,
    size: Size = "city",
    due_on: dt.date | None = None,
    workers: int | None = None,
    forms: float = 0.0,
) -> dict[str, Any]:
    """Write the sample city below data/raw, and its truth beside it. Gives the figures that a warehouse should report.

    `copies` puts so many cities, each with its own people, under one root; `size` is the article's city, a small one
    for tests, or a tree whose units sent nothing; `due_on` is when everything is due, so that a demonstration of today
    finds it on time; `forms` is the share of files that offices send in forms of their own. Raises SampleError where data/raw holds anything of others.
    """
    if faults and forms:
        raise SampleError("A fault is planted in the template's columns: choose faults or forms.")
    _clear(home)
    marker = {"sample_city": VERSION, "seed": seed, "faults": faults, "copies": copies, "size": size, "forms": forms}
    _mark(home, marker | {"files": None})
    scale = ARTICLE if size != "small" else FAULTY if faults else SMALL
    if workers is None:
        workers = 1 if size != "city" else min(2, os.cpu_count() or 1)
    units, parts, counts = [], [], []
    written = Written()
    taken: set[str] = set()
    spoiler: Spoiler | None = None
    with _Writers(home.raw, seed, workers, forms) as writers:
        for copy in range(copies):
            if size == "empty":
                units += make_tree(Random(f"{seed}/{copy}"), scale, copy).units
                continue
            city = make_truth(seed, scale, copy, taken)
            units += city.tree.units
            parts.append(tables(city))
            counts.append(figures(city))
            if faults and copy == 0:
                spoiler = _plant(home.raw, seed, city, taken, times=1 if size == "small" else 3)
            writers.write(_packets(city))
        for some in writers.results():
            written.paths += some.paths
            written.planted += some.planted
            written.sent += some.sent
    paths, planted = written.paths, written.planted
    if spoiler:
        spoiler.spoil()
        spoiler.later_years()
        spoiler.other_years()
        paths = [p for p in {*paths, *spoiler.paths} if (home.raw / p).exists()]
        planted += spoiler.planted
    summed = _sum(counts)
    by_place = sorted(planted, key=lambda p: (p.path, p.sheet, p.row or 0, p.rule_code))
    write_truth(home.truth, parts, summed, by_place, sorted(written.sent, key=lambda s: (s.path, s.dataset)))
    _mark(home, marker | {"files": sorted([*paths, *write_registry(home.registry, units, due_on)])})
    return summed


def _packets(city: City) -> list[Packet]:
    names: dict[str | None, str] = {u.unit_id: u.unit_name for u in city.tree.units}
    return [
        Packet(period, base.unit, names[base.unit.parent_unit_id], city.sent(period, base))
        for base in city.tree.bases
        for period in CALENDAR
    ]


def _plant(raw: Path, seed: int, city: City, taken: set[str], times: int) -> Spoiler:
    """Break rules in the city's rows; the files to spoil afterwards belong to base organisations kept out of it."""
    rng = Random(f"{seed}/faults")
    planter = Planter(rng, city, taken, times)
    packets = {p.sender.unit_code: p for p in _packets(city) if p.period == "2021"}
    # enough people for a hundred faulty rows and for a year of its own
    large = planter.reserve(2, lambda b: 100 < len(packets[b.unit.unit_code].tables["ratings"]) < 190)
    bases = planter.reserve(30, lambda b: len(packets[b.unit.unit_code].tables["training"]) >= 1) + large
    old = planter.reserve(2, lambda b: b.unit.valid_from.year < int(min(YEARS)))
    planter.plant()
    return Spoiler(rng, raw, seed, city, bases, old, planter.births, lambda base: packets[base.unit.unit_code])


def _sum(counts: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures of all copies together."""
    if not counts:
        return {}
    return {
        k: [sum(c[k][i] for c in counts) for i in range(len(v))] if isinstance(v, list) else sum(c[k] for c in counts)
        for k, v in counts[0].items()
    }


class _Writers:
    """Writes packets in worker processes while the next city is made, or here when one worker is enough."""

    def __init__(self, raw: Path, seed: int, workers: int, forms: float):
        self.raw, self.seed, self.forms = raw, seed, forms
        self.done: list[Written] = []
        self.coming: list[Future[Written]] = []
        # spawn: a fork of a process in which polars has threads can hang
        self.pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn")) if workers > 1 else None

    def __enter__(self) -> "_Writers":
        return self

    def __exit__(self, *error: object) -> None:
        if self.pool:
            self.pool.shutdown(cancel_futures=True)

    def write(self, packets: list[Packet]) -> None:
        if self.pool:
            wait(self.coming)  # so that memory holds two cities, not ten
        for n in range(0, len(packets), CHUNK):
            job = (self.raw, self.seed, packets[n : n + CHUNK], self.forms)
            if self.pool:
                self.coming.append(self.pool.submit(write_packets, *job))
            else:
                self.done.append(write_packets(*job))

    def results(self) -> Iterator[Written]:
        return chain(self.done, (future.result() for future in self.coming))


def _clear(home: Home) -> None:
    """Remove an earlier sample city. Whatever no sample city wrote stays, and stops us."""
    here = [p for p in home.raw.rglob("*") if p.is_file() and p.name != ".gitkeep"] if home.raw.exists() else []
    if home.sample_marker.exists():
        files = json.loads(home.sample_marker.read_text("utf-8"))["files"]
        # a generation that was cut short left no list: then all in its folders is its own
        whole = FOLDERS if files is None else ()
        known = {*(files or ()), home.sample_marker.name}
        strange = [p for p in here if (n := p.relative_to(home.raw)).as_posix() not in known and n.parts[0] not in whole]
    else:
        strange = here
    if strange:
        raise SampleError(  # a file may be called after somebody
            f"{home.raw} holds {len(strange)} files that are not the sample city's. Move them away, or set PERSONNEL_HOME to another folder."
        )
    for name in FOLDERS:
        shutil.rmtree(home.raw / name, ignore_errors=True)
    shutil.rmtree(home.truth, ignore_errors=True)
    home.raw.mkdir(parents=True, exist_ok=True)


def _mark(home: Home, marker: dict[str, Any]) -> None:
    home.sample_marker.write_text(json.dumps(marker, ensure_ascii=False, indent=0), "utf-8")
