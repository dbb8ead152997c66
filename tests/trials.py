"""A load is disturbed, and the next one has to bring the same tables as if nobody had disturbed it; readers beside see one whole load or the other.

Each trial begins with a copy of a loaded city to which more was sent. What does not belong here: counting over runs (chaos.py), and what one
odd entry or one damage must be told (test_entries.py, test_archive.py).
"""

import contextlib
import datetime as dt
import io
import json
import os
import random
import shutil
import signal
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb
import odd_files
from conftest import AS_OF, City, Warm, differing, load, member, pipeline, rating, ratings, roster, tables

from pipeline.paths import Home

# Everything by which Python leaves something behind: a kill comes right after the nth of them, and finds files that have a name and no data.
# What DuckDB, polars and SQLite write is met by kills at random moments.
KILLED = """
import atexit, builtins, io, json, os, pathlib, signal
at, done = {at}, []
def counted(call, leaves=lambda *_, **__: True):
    def wrapped(*args, **options):
        result = call(*args, **options)
        if leaves(*args, **options):
            done.append(call.__name__ + " " + (os.fsdecode(args[0]) if args and not isinstance(args[0], int) else ""))
            if len(done) == at:
                os.kill(os.getpid(), signal.SIGKILL)
        return result
    return wrapped
def writes(file, mode="r", *_, **__):
    return not isinstance(file, int) and set(mode) & set("wax+") and not str(file).startswith("/dev/")
for name in ("replace", "rename", "fsync", "sync", "symlink", "link", "unlink", "rmdir", "mkdir"):
    setattr(os, name, counted(getattr(os, name)))
os.open = counted(os.open, lambda path, flags, *_, **__: flags & os.O_CREAT and not str(path).startswith("/dev/"))
builtins.open = io.open = counted(io.open, writes)
atexit.register(lambda: pathlib.Path({to!r}).write_text(json.dumps(done)))
"""
# No file can grow beyond a size: what a full disk or a quota does to whoever writes.
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
CLOCK = "import datetime; from pipeline import gate; gate._clock = lambda: datetime.date.fromisoformat({day!r})"
BUSY = "Another load is running"

SEEN = """
    SELECT (SELECT max(load_id) FROM quality.loads), (SELECT count(*) FROM quality.submissions), (SELECT bit_xor(hash(f)) FROM core.fct_ratings f),
           (SELECT count(*) FROM core.fct_personnel), (SELECT sum(rated) FROM reports.rpt_rating_summary)
"""


@dataclass
class Counts:
    """How a kind of trial went."""

    tries: int = 0
    disturbed: int = 0  # loads that were killed, failed or stopped
    wrong: list[str] = field(default_factory=list)  # trials after which a table was not what it must be, or a load failed
    reads: int = 0
    errors: list[str] = field(default_factory=list)  # what readers saw


def seen(home: Home) -> tuple:
    """What a reader asks the published file."""
    with duckdb.connect(str(home.published.resolve()), read_only=True) as db:
        return db.execute(SEEN).fetchone()


Step = Callable[[Home, Counts, list[str]], object]


class Reader(threading.Thread):
    """Opens the published file again and again, as BI tools do; remembers every error and every answer that is of none of the loads."""

    def __init__(self, home: Home, known: set[tuple], counts: Counts):
        super().__init__(daemon=True)
        self.home, self.known, self.counts, self.end = home, known, counts, threading.Event()
        self.answers: list[tuple] = []

    def run(self) -> None:
        while not self.end.is_set():
            try:
                self.answers.append(seen(self.home))
            except Exception as error:
                self.counts.errors.append(f"{type(error).__name__}: {str(error).replace(str(self.home.root), '')[:200]}")
            self.counts.reads += 1
            self.end.wait(0.25)

    def __enter__(self) -> "Reader":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end.set()
        self.join()
        known = self.known | {seen(self.home)}  # odd entries are told of, so the load after them says more than the one that is due
        self.counts.errors += ["neither the load before nor the one after" for answer in self.answers if answer not in known]


class Trials:
    """A loaded city to which more was sent, what its next load must bring, and copies of it to disturb."""

    def __init__(self, folder: Path, seed: int = 1):
        self.folder, self.random, self.warm, self.made = folder, random.Random(seed), Warm(), 0
        city = City(folder / "base")
        for unit, first in (("Q01.001", 1), ("Q01.002", 20), ("Q01.003", 40)):
            city.put(f"2021/{unit}/Nhân sự.xlsx", {"Nhân sự": roster([member(n) for n in range(first, first + 12)])})
            city.put(f"2021/{unit}/Xếp loại.csv", ratings([rating(n, "HTTNV") for n in range(first, first + 12)]))
        self.base = city.home
        load(self.base)
        city.put("2021/Q01.002/Xếp loại.csv", ratings([rating(n, "HTXSNV") for n in range(20, 31)]))
        city.put("2021/Q01.003/Đào tạo.csv", [["x"]])
        told, whole = folder / "writes", self.copy()
        self.start(whole, KILLED.format(at=-1, to=str(told)))
        assert self.warm.wait() == 0
        self.due = tables(whole)
        self.writes: list[str] = json.loads(told.read_text("utf-8"))  # what a load leaves behind, in its order
        self.known = {seen(self.base), seen(whole)}
        self.pending: list[int] = []  # writes after which a load is still to be killed
        self.seconds = 1.0
        self.leave(whole)
        # what a trial of each kind does to a copy, one after another before a load may end: each finds what the one before it left
        self.kinds: dict[str, list[Step]] = {
            "killed right after a write": [self.kill_after_write] * 4,
            "killed at a random moment": [self.kill_at_random] * 4,
            "no file can grow, as on a full disk": [self.full_disk] * 2,
            "two loads at once": [self.two_loads],
            "odd entries among what units sent": [self.odd_entries],
            "a clock that is wrong": [self.clock_ahead, self.clock_back],
            "a damaged archive, and its backup": [self.damaged_archive],
            "damaged in what can be made again": [self.damaged_rest],
        }

    def run(self, kind: str, counts: Counts) -> None:
        with self.trial(counts) as (home, happened):
            for step in self.kinds[kind]:
                step(home, counts, happened)

    @cached_property
    def backup(self) -> Path:
        """Of the city before anything was disturbed."""
        folder = self.folder / "backup"
        assert pipeline(self.base, "backup", str(folder)).returncode == 0
        return folder

    def copy(self) -> Home:
        self.made += 1
        home = Home(self.folder / f"trial-{self.made}")
        shutil.copytree(self.base.root, home.root, symlinks=True)
        return home

    def leave(self, home: Home) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.warm.pid, signal.SIGKILL)  # workers of a killed load may write for a moment yet
        shutil.rmtree(home.root, ignore_errors=True)

    def start(self, home: Home, first: str = "") -> int:
        return self.warm.start(["load"], os.environ | {"PERSONNEL_HOME": str(home.root), "PERSONNEL_AS_OF": AS_OF}, first)

    @contextlib.contextmanager
    def trial(self, counts: Counts) -> Iterator[tuple[Home, list[str]]]:
        """A home to disturb; afterwards the next load, and whether everything is as if nothing had happened. Whoever disturbs says what he did."""
        home, happened = self.copy(), []
        with Reader(home, self.known, counts):
            yield home, happened
            began = time.monotonic()
            done = pipeline(home, "load")
            if "Nothing new" not in done.stdout:
                self.seconds = time.monotonic() - began
            wrong = [f"load: {done.stderr[-600:]}"] if done.returncode else differing(self.due, tables(home))
            if any(name in said for name in ODD for said in happened):  # tables about submissions tell of the odd ones too
                wrong = [name for name in wrong if name.startswith(("load", "core.fct_", "reports.rpt_rating"))]
        if wrong:
            counts.wrong.append(f"{', '.join(happened)}: {', '.join(wrong)}")
        self.leave(home)

    def _end(self, counts: Counts, happened: list[str], what: str) -> None:
        counts.tries += 1
        if self.warm.wait() != 0:
            counts.disturbed += 1
            happened.append(what)

    def kill_after_write(self, home: Home, counts: Counts, happened: list[str], number: int = 0) -> None:
        """Each write has its turn. Where a load had fewer to do than one that begins, the next one that begins is killed there."""
        if not self.pending:
            self.pending = self.random.sample(range(1, len(self.writes) + 1), len(self.writes))
        number, before = number or self.pending.pop(), counts.disturbed
        self.start(home, KILLED.format(at=number, to=os.devnull))
        self._end(counts, happened, f"killed after write {number} ({self.writes[number - 1].replace(str(self.folder), '')[-60:]})")
        if counts.disturbed == before:
            self.pending.append(number)

    def kill_at_random(self, home: Home, counts: Counts, happened: list[str]) -> None:
        after = self.random.uniform(0, self.seconds)
        pid = self.start(home)
        time.sleep(after)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        self._end(counts, happened, f"killed after {after:.2f} of {self.seconds:.0f} s")

    def full_disk(self, home: Home, counts: Counts, happened: list[str]) -> None:
        size = int(10 ** self.random.uniform(2, 6.5))
        self.start(home, FULL.format(size=size))
        self._end(counts, happened, f"files of at most {size} bytes")

    def two_loads(self, home: Home, counts: Counts, happened: list[str]) -> None:
        self.start(home)
        time.sleep(self.random.choice((0, 0, 0.1, 1)))
        other = pipeline(home, "load")
        self.warm.wait()
        counts.tries += 1
        counts.disturbed += BUSY in other.stderr
        happened.append("two loads at once")
        if other.returncode and BUSY not in other.stderr:
            counts.wrong.append(f"two loads at once: {other.stderr[-600:]}")

    def odd_entries(self, home: Home, counts: Counts, happened: list[str]) -> None:
        """Some entries that no unit should send lie among the others: the load takes what it may, and nobody's figures change."""
        own = home.raw / "2021" / self.random.choice(("Q01.001", "Q01.002", "Q01.003"))
        chosen = self.random.sample(sorted(ODD), k=self.random.randrange(2, 5))
        for name in chosen:
            ODD[name](own)
        happened.append(f"{', '.join(chosen)} in {own.name}")
        counts.tries += 1

    def clock_ahead(self, home: Home, counts: Counts, happened: list[str]) -> None:
        """The load asks, and changes nothing."""
        self._clock(home, counts, happened, self.random.randrange(36, 36_000), may_load=False)

    def clock_back(self, home: Home, counts: Counts, happened: list[str]) -> None:
        """The load stands for the day of the last one."""
        self._clock(home, counts, happened, -self.random.randrange(1, 7_000), may_load=True)

    def _clock(self, home: Home, counts: Counts, happened: list[str], ahead: int, *, may_load: bool) -> None:
        day = dt.date.fromisoformat(AS_OF) + dt.timedelta(days=ahead)
        done = pipeline(home, "load", first=CLOCK.format(day=str(day)), PERSONNEL_AS_OF="")
        counts.tries += 1
        counts.disturbed += done.returncode != 0
        happened.append(f"the clock says {day}")
        if (done.returncode == 0) != may_load:
            counts.wrong.append(f"the clock says {day}: {done.returncode}, {done.stderr[-600:]}")

    def damaged_archive(self, home: Home, counts: Counts, happened: list[str]) -> None:
        """A file of the archive is damaged: the load ends as it must or stops with a sentence, and the backup brings all back."""
        backup = self.backup
        file = self._damage(home, home.archive, counts, happened)
        done = pipeline(home, "verify", "--from", str(backup))
        if done.returncode:  # what lies there is not written over: the key above all
            file.unlink()
            done = pipeline(home, "verify", "--from", str(backup))
        if done.returncode:
            counts.wrong.append(f"{happened[-1]}: verify: {done.stderr[-600:]}")

    def damaged_rest(self, home: Home, counts: Counts, happened: list[str]) -> None:
        """A file of what can be made again is damaged: it is made again, without anybody's help."""
        self._damage(home, self.random.choice((home.restricted, home.dagster)), counts, happened)

    def _damage(self, home: Home, folder: Path, counts: Counts, happened: list[str]) -> Path:
        file = self.random.choice(sorted(f for f in folder.rglob("*") if f.is_file() and not f.is_symlink()))
        how = self.random.choice(sorted(DAMAGES))
        DAMAGES[how](file, self.random)
        happened.append(f"{file.relative_to(home.warehouse)} {how}")
        done = pipeline(home, "load")
        counts.tries += 1
        counts.disturbed += done.returncode != 0
        if "Traceback" in done.stderr:
            counts.wrong.append(f"{happened[-1]}: {done.stderr[-600:]}")

        return file


# ── odd entries and damages ──────────────────────────────────────────────────────────────────────────────────────


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b" " * 300_000_000)
    return out.getvalue()


def _no_xml() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(odd_files.ods_table())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<a>" if name == "content.xml" else old.read(name))
    return out.getvalue()


def sparse(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(9 * 2**30)


def _linked(folder: Path) -> None:
    """A second name of a file that lies elsewhere."""
    shutil.copy(folder / "Nhân sự.xlsx", folder.parent.parent.parent / "elsewhere")
    os.link(folder.parent.parent.parent / "elsewhere", folder / "hai tên.xlsx")


def _bytes_named(folder: Path) -> None:
    with open(os.fsencode(folder) + b"/\xff\xfe.csv", "wb") as file:
        file.write(b"x")


ODD: dict[str, Callable[[Path], object]] = {
    "a pipe": lambda f: os.mkfifo(f / "Ống.csv"),
    "a device by a link": lambda f: (f / "Luân chuyển.csv").symlink_to("/dev/zero"),
    "another unit's file by a link": lambda f: (f / "Xếp loại (2).csv").symlink_to(f"../{'Q01.001' if f.name != 'Q01.001' else 'Q01.002'}/Xếp loại.csv"),
    "a link to itself": lambda f: (f / "vòng.xlsx").symlink_to("vòng.xlsx"),
    "a second name of a file": _linked,
    "a file of 9 GiB": lambda f: sparse(f / "Nhân sự lớn.xlsx"),
    "a name that is no text": _bytes_named,
    "a name of 255 bytes": lambda f: (f / ("d" * 251 + ".csv")).write_bytes(b"a,b\n1,2\n"),
    "a folder of 255 bytes": lambda f: (f.parent / ("Q" * 255)).mkdir(),
    "signs of a terminal in a name": lambda f: (f / "\x1b]0;x\x07\x1b[2J.csv").write_bytes(b"a"),
    "a folder that is called a file": lambda f: (f / "Kỷ luật.xlsx").mkdir(),
    "a workbook that unpacks to 300 MB": lambda f: (f / "bom.xlsx").write_bytes(_bomb()),
    "a table that is no XML": lambda f: (f / "hỏng.ods").write_bytes(_no_xml()),
    "an empty file": lambda f: (f / "trống.xlsx").write_bytes(b""),
    "a lock of a program": lambda f: (f / "~$Nhân sự.xlsx").write_bytes(b"x"),
}  # fmt: skip


def _flip(file: Path, rng: random.Random) -> None:
    data = bytearray(file.read_bytes() or b"x")
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    file.write_bytes(data)


DAMAGES: dict[str, Callable[[Path, random.Random], object]] = {
    "has a bit flipped": _flip,
    "is cut": lambda file, rng: file.write_bytes(file.read_bytes()[: rng.randrange(file.stat().st_size or 1)]),
    "is empty": lambda file, _: file.write_bytes(b""),
    "is gone": lambda file, _: file.unlink(),
    "holds other bytes": lambda file, rng: file.write_bytes(rng.randbytes(rng.randrange(1, 5000))),
}
