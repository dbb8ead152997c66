"""`make chaos`: kills, full disks, two loads at once, mutated files and ninety nights, counted. `--write` puts the counts into docs/reliability.md.

A trial begins with a copy of a loaded small city to which more was sent. Whatever happens to the first load, the next one has to bring the same
tables as a load that nobody disturbed, and readers beside must never see an error or half a load. The suite reads some mutated files (test_chaos.py).
What does not belong here: what one odd entry or one kind of dirt must be told (test_entries.py, dirt.py).
"""

import argparse
import contextlib
import datetime as dt
import io
import os
import platform
import random
import shutil
import signal
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import dirt
import duckdb
import odd_files
import polars as pl
import psutil
from conftest import AS_OF, City, Warm, differing, load, member, pipeline, rating, ratings, roster, tables

from pipeline import nightly
from pipeline.intake.tables import Source
from pipeline.intake.workers import Readings
from pipeline.paths import PROJECT, Home
from pipeline.schemas import SCHEMAS

# What leaves something behind, by name. A kill comes right after the nth of them.
MARKS = ("replace", "rename", "fsync", "symlink", "unlink", "rmdir", "mkdir")
KILLED = """
import os, signal
at, done = {at}, [0]
def counted(call):
    def wrapped(*args, **options):
        result = call(*args, **options)
        done[0] += 1
        if done[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return wrapped
for name in {marks}:
    setattr(os, name, counted(getattr(os, name)))
import atexit
import pathlib
atexit.register(lambda: pathlib.Path({count!r}).write_text(str(done[0])))
"""
FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
"""


@dataclass
class Counts:
    """How a kind of trial went."""

    tries: int = 0
    disturbed: int = 0  # the first load did not end by itself
    wrong: list[str] = field(default_factory=list)  # trials after which a table was not what it must be, or a load failed
    reads: int = 0
    errors: list[str] = field(default_factory=list)  # what readers saw


class Reader(threading.Thread):
    """Opens the published file again and again, as BI tools do; remembers every error and every mix of two loads."""

    def __init__(self, home: Home, counts: Counts):
        super().__init__(daemon=True)
        self.home, self.counts, self.end = home, counts, threading.Event()

    def run(self) -> None:
        while not self.end.is_set():
            try:
                with duckdb.connect(str(self.home.published.resolve()), read_only=True) as db:
                    loads = db.execute("SELECT DISTINCT max(load_id) FROM quality.loads").fetchall()
                    rows = db.execute("SELECT count(*) FROM core.fct_ratings").fetchone()
                if len(loads) != 1 or not rows:
                    self.counts.errors.append("half a load")
            except Exception as error:
                self.counts.errors.append(type(error).__name__)
            self.counts.reads += 1
            self.end.wait(0.1)

    def __enter__(self) -> "Reader":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end.set()
        self.join()


class Trials:
    """A loaded city to which more was sent, what its next load must bring, and copies of it to spoil."""

    def __init__(self, folder: Path, seed: int = 1):
        self.folder, self.random, self.warm, self.made = folder, random.Random(seed), Warm(), 0
        city = City(folder / "base")
        for unit, first in (("Q01.001", 1), ("Q01.002", 20), ("Q01.003", 40)):
            city.put(f"2021/{unit}/Nhân sự.xlsx", {"Nhân sự": roster([member(n) for n in range(first, first + 12)])})
            city.put(f"2021/{unit}/Xếp loại.csv", ratings([rating(n, "HTTNV") for n in range(first, first + 12)]))
        load(city.home)
        city.put("2021/Q01.002/Xếp loại.csv", ratings([rating(n, "HTXSNV") for n in range(20, 31)]))
        city.put("2021/Q01.003/Đào tạo.csv", [["x"]])
        self.base = city.home
        self.due = tables(self._loaded(self.copy()))
        self.writes = self._count_writes()

    def copy(self) -> Home:
        self.made += 1
        home = Home(self.folder / f"trial-{self.made}")
        shutil.copytree(self.base.root, home.root, symlinks=True)
        return home

    def _loaded(self, home: Home) -> Home:
        load(home)
        return home

    def start(self, home: Home, first: str = "") -> int:
        return self.warm.start(["load"], os.environ | {"PERSONNEL_HOME": str(home.root), "PERSONNEL_AS_OF": AS_OF}, first)

    def _count_writes(self) -> int:
        count = self.folder / "writes"
        self.start(self.copy(), KILLED.format(at=-1, marks=MARKS, count=str(count)))
        self.warm.wait()
        return int(count.read_text())

    def settle(self, home: Home, counts: Counts, what: str) -> None:
        """The next load, and whether everything is as if nothing had happened."""
        done = pipeline(home, "load")
        wrong = [f"load: {done.stderr[-300:]}"] if done.returncode else differing(self.due, tables(home))
        if wrong:
            counts.wrong.append(f"{what}: {', '.join(wrong)}")
        shutil.rmtree(home.root)

    def kill_after_write(self, number: int, counts: Counts) -> None:
        home = self.copy()
        with Reader(home, counts):
            self.start(home, KILLED.format(at=number, marks=MARKS, count=os.devnull))
            counts.disturbed += self.warm.wait() == -signal.SIGKILL
            counts.tries += 1
            self.settle(home, counts, f"killed after write {number}")

    def kill_at_random(self, seconds: float, counts: Counts) -> None:
        home = self.copy()
        after = self.random.uniform(0, seconds)
        with Reader(home, counts):
            pid = self.start(home)
            time.sleep(after)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            counts.disturbed += self.warm.wait() == -signal.SIGKILL
            counts.tries += 1
            self.settle(home, counts, f"killed after {after:.2f} s")

    def full_disk(self, counts: Counts) -> None:
        """No file can grow beyond a size: what a full disk or a quota does to whoever writes."""
        home, size = self.copy(), int(10 ** self.random.uniform(2, 6.5))
        with Reader(home, counts):
            self.start(home, FULL.format(size=size))
            counts.disturbed += self.warm.wait() != 0
            counts.tries += 1
            self.settle(home, counts, f"files of at most {size} bytes")

    def two_loads(self, counts: Counts) -> None:
        home = self.copy()
        with Reader(home, counts):
            self.start(home)
            other = pipeline(home, "load")
            self.warm.wait()
            counts.tries += 1
            counts.disturbed += "Another load is running" in other.stderr
            self.settle(home, counts, "two loads at once")


# ── mutated files ────────────────────────────────────────────────────────────────────────────────────────────────


def seeds() -> list[bytes]:
    """A whole file of every kind of dirt that there is, and of every format."""
    made = [odd_files.ods_table(), odd_files.xlsb_table(), odd_files.with_macros(), odd_files.delimited(";")]
    for name in dirt.KINDS:
        if not dirt.KINDS[name].is_deadly:
            rng = random.Random(name)
            made.append(dirt.spoiled(name, dirt.table_for(name, rng), rng)[1])
    return made


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """Files with bytes changed, cut, doubled or moved: as they lie there, or within the parts of a package, which stays a package."""
    rng, whole = random.Random(seed), seeds()
    for _ in range(count):
        data = rng.choice(whole)
        yield _in_a_part(data, rng) if zipfile.is_zipfile(io.BytesIO(data)) and rng.random() < 0.7 else _mutated(data, rng)


def _in_a_part(data: bytes, rng: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = set(rng.sample(names, k=min(len(names), rng.choice((1, 1, 2)))))
        for name in names:
            part = old.read(name)
            new.writestr(name, _mutated(part, rng) if name in chosen else part)
    return out.getvalue()


WORDS = (b"<", b">", b"&", b"\0", b"\xff\xfe", b"encoding='utf-9'", b"]]>", b"<a>", b"1e999", b"-1", b"2147483648", b"../", b'"')


def _mutated(data: bytes, rng: random.Random) -> bytes:
    """
    >>> _mutated(b"abc", random.Random(3)) != b"abc"
    True
    """
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at, length = rng.randrange(len(changed) + 1), rng.choice((1, 2, 8, 64, 1000))
        match rng.randrange(6):
            case 0 if changed:
                changed[min(at, len(changed) - 1)] ^= 1 << rng.randrange(8)
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length]
            case 3:
                changed[at:at] = rng.choice(WORDS)
            case 4:
                del changed[at:]
            case _:
                changed[at : at + length] = rng.randbytes(min(length, 16))
    return bytes(changed)


def read_mutated(count: int, folder: Path, seed: int = 1, batch: int = 1000) -> tuple[int, Counter[str]]:
    """Read so many mutated files as a load does. Gives how many were answered, and by which rule they were refused ("read" otherwise)."""
    layout, answers, answered = nightly.layout_of(SCHEMAS), Counter(), 0
    files = mutations(count, seed)
    for start in range(0, count, batch):
        sources = []
        for number in range(min(batch, count - start)):
            file = folder / str(number)
            file.write_bytes(next(files))
            sources.append(Source(number, file, "Xếp loại.xlsx"))
        for chunk in Readings(sources, layout):
            answered += len(chunk.readings)
            answers.update(reading.refused or "read" for reading in chunk.readings)
    return answered, answers


# ── nights ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Night:
    """After one night."""

    seconds: float
    peak_mib: float
    sizes: dict[str, float]  # MiB by folder of the warehouse


def nights(count: int, folder: Path) -> list[Night]:
    """So many nights of a small city, on each of which one unit sends something else."""
    city, program, past = City(folder / "nights"), Warm(), []
    for unit, first in (("Q01.001", 1), ("Q01.002", 20), ("Q01.003", 40)):
        city.put(f"2021/{unit}/Nhân sự.xlsx", {"Nhân sự": roster([member(n) for n in range(first, first + 12)])})
    for number in range(count):
        day = dt.date(2021, 12, 1) + dt.timedelta(days=number)
        unit, first = (("Q01.001", 1), ("Q01.002", 20), ("Q01.003", 40))[number % 3]
        level = ("HTXSNV", "HTTNV", "HTNV")[number // 3 % 3]
        city.put(f"2021/{unit}/Xếp loại.csv", ratings([rating(n, level) for n in range(first, first + 4 + number % 9)]))
        began = time.perf_counter()
        pid = program.start(["load"], os.environ | {"PERSONNEL_HOME": str(city.home.root), "PERSONNEL_AS_OF": day.isoformat()})
        peak = Peak(pid)
        if program.wait():
            raise SystemExit(f"night {number + 1} failed")
        past.append(Night(time.perf_counter() - began, peak.end(), _sizes(city.home)))
    return past


class Peak(threading.Thread):
    """The most memory that a process and its children held."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.most, self.over = pid, 0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.is_set():
            try:
                one = psutil.Process(self.pid)
                self.most = max(self.most, sum(p.memory_info().rss for p in (one, *one.children(recursive=True))))
            except psutil.Error:
                pass
            self.over.wait(0.1)

    def end(self) -> float:
        self.over.set()
        self.join()
        return self.most / 2**20


def _sizes(home: Home) -> dict[str, float]:
    def size(folder: Path) -> float:
        return sum(f.lstat().st_size for f in folder.rglob("*") if f.is_file() and not f.is_symlink()) / 2**20

    return {name: size(home.warehouse / name) for name in ("archive", "restricted", "versions", "dagster")}


# ── the whole of it ──────────────────────────────────────────────────────────────────────────────────────────────


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=30, help="for kills, full disks and two loads; the rest is counted")
    options.add_argument("--files", type=int, default=20_000, help="mutated files")
    options.add_argument("--nights", type=int, default=90)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--write", action="store_true", help="write docs/reliability.md")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "files").mkdir()
        began = time.perf_counter()
        answered, answers = read_mutated(chosen.files, folder / "files", chosen.seed)
        print(f"{answered} of {chosen.files} mutated files answered in {time.perf_counter() - began:.0f} s: {dict(answers)}", flush=True)
        past = nights(chosen.nights, folder)
        print(f"{len(past)} nights: {past[0]} … {past[-1]}", flush=True)
        trials = Trials(folder, chosen.seed)
        counts = trials_for(trials, chosen.minutes)
    text = report(chosen, answered, answers, past, trials.writes, counts)
    print(text)
    if chosen.write:
        (PROJECT / "docs" / "reliability.md").write_text(text, "utf-8")
    if answered != chosen.files or any(one.wrong or one.errors for one in counts.values()):
        raise SystemExit("Something was lost, or somebody was stopped.")


def trials_for(trials: Trials, minutes: float) -> dict[str, Counts]:
    """Kills after every write in turn; between them kills at random, full disks and two loads; until the time is over."""
    counts = {name: Counts() for name in ("killed right after a write", "killed at a random moment", "disk full", "two loads at once")}
    after, anywhere, full, two = counts.values()
    end, number = time.monotonic() + 60 * minutes, 0
    while time.monotonic() < end:
        trials.kill_after_write(number % trials.writes + 1, after)
        match number % 4:
            case 0 | 2:
                trials.kill_at_random(8, anywhere)
            case 1:
                trials.full_disk(full)
            case _:
                trials.two_loads(two)
        number += 1
        print({name: (one.tries, len(one.wrong), len(one.errors)) for name, one in counts.items()}, flush=True)
    return counts


def report(
    chosen: argparse.Namespace, answered: int, answers: Counter[str], past: list[Night], writes: int, counts: dict[str, Counts]
) -> str:
    machine = f"{os.cpu_count()} cores ({platform.machine()}), {psutil.virtual_memory().total / 2**30:.0f} GiB, Python {platform.python_version()}"
    lines = [
        "# Reliability",
        "",
        "`make chaos` tries on your machine; `.venv/bin/python tests/chaos.py --write` puts the counts here. What each trial does stands in "
        "tests/chaos.py; a short one is part of `make test`.",
        "",
        f"Tried on {dt.date.today()}: {machine}, DuckDB {duckdb.__version__}, seed {chosen.seed}, {chosen.minutes:g} minutes of trials.",
        "",
        "## A load is disturbed, and the next one brings the same tables",
        "",
        "| what happens to the load | tries | of them did not end by themselves | wrong tables or failed loads after it | reads beside it | readers' errors |",
        "|---|---:|---:|---:|---:|---:|",
        *(f"| {name} | {c.tries} | {c.disturbed} | {len(c.wrong)} | {c.reads:,} | {len(c.errors)} |" for name, c in counts.items()),
        "",
        f"A load of this city writes, renames, links or deletes {writes} times by Python's own calls; a kill comes right after one of them.",
        *(f"- {line}" for c in counts.values() for line in (*c.wrong, *sorted(set(c.errors)))),
        "",
        "## Mutated files",
        "",
        f"{answered:,} of {chosen.files:,} files with changed, cut, doubled or foreign bytes got an answer, and none cost another its own:",
        "",
        "| answer | files |",
        "|---|---:|",
        *(f"| {rule} | {n:,} |" for rule, n in answers.most_common()),
        "",
        "## Nights",
        "",
        f"{len(past)} nights of a small city, on each of which one unit sends something else. Seconds and peak memory are medians of ten nights.",
        "",
        "| night | seconds | peak MiB | archive MiB | restricted MiB | versions MiB | dagster MiB |",
        "|---:|---:|---:|---:|---:|---:|---:|",
        *(_night_line(past, n) for n in sorted({1, *range(10, len(past) + 1, 10), len(past)})),
        "",
    ]
    return "\n".join(lines)


def _night_line(past: list[Night], number: int) -> str:
    some = pl.DataFrame([(n.seconds, n.peak_mib) for n in past[max(0, number - 10) : number]], schema=["s", "m"], orient="row").median()
    sizes = past[number - 1].sizes
    return f"| {number} | {some['s'][0]:.1f} | {some['m'][0]:,.0f} | " + " | ".join(f"{size:.1f}" for size in sizes.values()) + " |"


if __name__ == "__main__":
    main()
