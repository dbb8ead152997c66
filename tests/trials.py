"""A load is disturbed, and the next one has to bring the same tables as if nobody had disturbed it; readers beside see one whole load or the other.

Each trial begins with a copy of a loaded city to which more was sent. What does not belong here: counting over runs (chaos.py), and what one
odd entry or one damage must be told (test_entries.py, test_archive.py).
"""

import contextlib
import datetime as dt
import io
import os
import random
import shutil
import signal
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import odd_files
from conftest import AS_OF, City, Warm, differing, load, member, pipeline, rating, ratings, roster, tables

from pipeline.paths import Home

# Everything by which Python leaves something behind: a kill comes right after the nth of them, and finds files that have a name and no data.
# What DuckDB, polars and SQLite write is met by kills at random moments.
KILLED = """
import atexit, builtins, io, os, pathlib, signal
at, done = {at}, [0]
def counted(call, leaves=lambda *_, **__: True):
    def wrapped(*args, **options):
        result = call(*args, **options)
        if leaves(*args, **options):
            done[0] += 1
            if done[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)
        return result
    return wrapped
def writes(file, mode="r", *_, **__):
    return not isinstance(file, int) and set(mode) & set("wax+") and not str(file).startswith("/dev/")
for name in ("replace", "rename", "fsync", "sync", "symlink", "link", "unlink", "rmdir", "mkdir"):
    setattr(os, name, counted(getattr(os, name)))
os.open = counted(os.open, lambda path, flags, *_, **__: flags & os.O_CREAT and not str(path).startswith("/dev/"))
builtins.open = io.open = counted(io.open, writes)
atexit.register(lambda: os.write(os.open({count!r}, os.O_WRONLY), str(done[0]).encode()) if {count!r} else None)
"""
# No file can grow beyond a size: what a full disk or a quota does to whoever writes.
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
CLOCK = "import datetime; from pipeline import gate; gate._clock = lambda: datetime.date.fromisoformat({day!r})"
BUSY = "Another load is running"
CHAIN = 4  # loads disturbed one after another before one may end: each finds what the one before it left

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


class Reader(threading.Thread):
    """Opens the published file again and again, as BI tools do; remembers every error and every answer that is of none of the loads."""

    def __init__(self, home: Home, known: set[tuple], counts: Counts):
        super().__init__(daemon=True)
        self.home, self.known, self.counts, self.end = home, known, counts, threading.Event()

    def run(self) -> None:
        while not self.end.is_set():
            try:
                if seen(self.home) not in self.known:
                    self.counts.errors.append("neither the load before nor the one after")
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
        self.backup = folder / "backup"
        assert pipeline(self.base, "backup", str(self.backup)).returncode == 0
        city.put("2021/Q01.002/Xếp loại.csv", ratings([rating(n, "HTXSNV") for n in range(20, 31)]))
        city.put("2021/Q01.003/Đào tạo.csv", [["x"]])
        count, whole = folder / "writes", self.copy()
        count.touch()
        self.start(whole, KILLED.format(at=-1, count=str(count)))
        assert self.warm.wait() == 0
        self.due, self.writes = tables(whole), int(count.read_text())
        self.known = {seen(self.base), seen(whole)}
        self.pending: list[int] = []  # writes after which a load is still to be killed
        self.seconds = 1.0
        self.leave(whole)
        self.kinds: dict[str, Callable[[Counts], None]] = {
            "killed right after a write": self.kills_after_writes,
            "killed at a random moment": self.kills_at_random,
            "no file can grow, as on a full disk": self.full_disk,
            "two loads at once": self.two_loads,
            "odd entries among what units sent": self.odd_entries,
            "a clock that is wrong": self.wrong_clock,
            "a damaged archive, and its backup": self.damaged_archive,
            "damaged in what can be made again": self.damaged_rest,
        }

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
    def trial(self, counts: Counts):
        """A home to disturb; afterwards the next load, and whether everything is as if nothing had happened. Whoever disturbs says what he did."""
        home, happened = self.copy(), []
        with Reader(home, self.known, counts):
            yield home, happened
            began = time.monotonic()
            done = pipeline(home, "load")
            if "Nothing new" not in done.stdout:
                self.seconds = time.monotonic() - began
            wrong = [f"load: {done.stderr[-600:]}"] if done.returncode else differing(self.due, tables(home))
        if wrong:
            counts.wrong.append(f"{', '.join(happened)}: {', '.join(wrong)}")
        self.leave(home)

    def kills_after_writes(self, counts: Counts) -> None:
        with self.trial(counts) as (home, happened):
            for _ in range(CHAIN):
                if not self.pending:
                    self.pending = self.random.sample(range(1, self.writes + 1), self.writes)
                number = self.pending.pop()
                self.start(home, KILLED.format(at=number, count=""))
                counts.tries += 1
                if self.warm.wait() == -signal.SIGKILL:
                    counts.disturbed += 1
                    happened.append(f"killed after write {number}")
                else:  # it had fewer to do than a load that begins: the next that begins is killed there
                    self.pending.append(number)
                    break

    def kills_at_random(self, counts: Counts) -> None:
        with self.trial(counts) as (home, happened):
            for _ in range(CHAIN):
                after = self.random.uniform(0, self.seconds)
                pid = self.start(home)
                time.sleep(after)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
                counts.tries += 1
                if self.warm.wait() == -signal.SIGKILL:
                    counts.disturbed += 1
                    happened.append(f"killed after {after:.2f} of {self.seconds:.0f} s")

    def full_disk(self, counts: Counts) -> None:
        with self.trial(counts) as (home, happened):
            for _ in range(2):
                size = int(10 ** self.random.uniform(2, 6.5))
                self.start(home, FULL.format(size=size))
                counts.tries += 1
                counts.disturbed += self.warm.wait() != 0
                happened.append(f"files of at most {size} bytes")

    def two_loads(self, counts: Counts) -> None:
        with self.trial(counts) as (home, happened):
            self.start(home)
            time.sleep(self.random.choice((0, 0, 0.1, 1)))
            other = pipeline(home, "load")
            self.warm.wait()
            counts.tries += 1
            counts.disturbed += BUSY in other.stderr
            happened.append("two loads at once")
            if other.returncode and BUSY not in other.stderr:
                counts.wrong.append(f"two loads at once: {other.stderr[-600:]}")

    def odd_entries(self, counts: Counts) -> None:
        """Some entries that no unit should send lie among the others: the load takes what it may, and nobody else's figures change."""
        home = self.copy()
        own = home.raw / "2021" / self.random.choice(("Q01.001", "Q01.002", "Q01.003"))
        chosen = self.random.sample(sorted(ODD), k=self.random.randrange(2, 5))
        for name in chosen:
            ODD[name](own)
        counts.tries += 1
        done = pipeline(home, "load")
        counts.disturbed += done.returncode != 0
        told = [f"load: {done.stderr[-600:]}"] if done.returncode else self._other_figures(home)
        if told:
            counts.wrong.append(f"{', '.join(chosen)} in {own.name}: {', '.join(told)}")
        self.leave(home)

    def _other_figures(self, home: Home) -> list[str]:
        """Tables of figures that are not what they must be; those about submissions tell of the odd ones too."""
        return [name for name in differing(self.due, tables(home)) if name.startswith("core.fct_") or name == "reports.rpt_rating_summary"]

    def wrong_clock(self, counts: Counts) -> None:
        """Far ahead, the load asks and changes nothing; back, it stands for the day of the last one."""
        with self.trial(counts) as (home, happened):
            for ahead in (self.random.randrange(36, 36_000), -self.random.randrange(1, 7_000)):
                day = dt.date.fromisoformat(AS_OF) + dt.timedelta(days=ahead)
                done = pipeline(home, "load", first=CLOCK.format(day=str(day)), PERSONNEL_AS_OF="")
                counts.tries += 1
                counts.disturbed += done.returncode != 0
                happened.append(f"the clock says {day}")
                if (done.returncode == 0) == (ahead > 0):
                    counts.wrong.append(f"the clock says {day}: {done.returncode}, {done.stderr[-600:]}")

    def damaged_archive(self, counts: Counts) -> None:
        """A file of the archive is damaged: the load ends as it must or stops with a sentence, and the backup brings all back."""
        with self.trial(counts) as (home, happened):
            file = self._damage(home, home.archive, counts, happened)
            done = pipeline(home, "verify", "--from", str(self.backup))
            if done.returncode:  # what lies there is not written over: the key above all
                file.unlink()
                done = pipeline(home, "verify", "--from", str(self.backup))
            if done.returncode:
                counts.wrong.append(f"{happened[-1]}: verify: {done.stderr[-600:]}")

    def damaged_rest(self, counts: Counts) -> None:
        """A file of what can be made again is damaged: it is made again, without anybody's help."""
        with self.trial(counts) as (home, happened):
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


def _sparse(file: Path) -> None:
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
    "a pipe": lambda f: os.mkfifo(f / "Đào tạo.csv"),
    "a device by a link": lambda f: (f / "Luân chuyển.csv").symlink_to("/dev/zero"),
    "another unit's file by a link": lambda f: (f / "Xếp loại (2).csv").symlink_to(f"../{'Q01.001' if f.name != 'Q01.001' else 'Q01.002'}/Xếp loại.csv"),
    "a link to itself": lambda f: (f / "vòng.xlsx").symlink_to("vòng.xlsx"),
    "a second name of a file": _linked,
    "a file of 9 GiB": lambda f: _sparse(f / "Nhân sự lớn.xlsx"),
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
