"""A small city of its own for each test: one committee, a few base organisations, files as the test writes them."""

import csv
import datetime as dt
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
import polars as pl
import pytest
import xlsxwriter
from filelock import FileLock
from hypothesis import settings

from pipeline import gate, nightly, whole
from pipeline.frames import Shape
from pipeline.ledger.find import find_registry, fingerprint
from pipeline.ledger.records import Load
from pipeline.ledger.sealed import KEY_VARIABLE, SUFFIX, is_empty, seal_of
from pipeline.paths import Home
from pipeline.sample import make_city
from pipeline.warehouse import landing

# The suite asks the same examples every time, so that it fails for a change and not for luck; `make fuzz` looks for new ones.
settings.register_profile("suite", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("fuzz", deadline=None, max_examples=int(os.environ.get("EXAMPLES", "600")), print_blob=True)
settings.load_profile("suite")

Shape.are_asked = True  # every frame that goes from one room to another is held to what is said of it

# Files of minutes begin first, so that no process of the suite is left with one when the others are done.
LONGEST_FIRST = (
    "test_city.py",
    "test_dashboards.py",
    "test_laws.py",
    "test_load.py",
    "test_crash.py",
    "test_dirt.py",
    "test_receipts.py",
    "test_template.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {name: n for n, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


SAID = "said"  # by which name a test records what whoever runs the suite is to read


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.getreports("passed"):
        for said in (value for name, value in report.user_properties if name == SAID):
            terminalreporter.write_line(str(said))


UNITS = [
    # unit_id, code, name, type, parent, from, to; some tests: and the successor
    ("U1", "CT", "Đảng bộ thành phố", "CITY", None, "01/01/2000", None),
    ("U2", "Q01", "Đảng bộ quận Một", "SUPERIOR", "U1", "01/01/2000", None),
    ("U3", "Q01.001", "Đảng bộ phường Một", "BASE_COMMITTEE", "U2", "01/01/2000", None),
    ("U4", "Q01.001.01", "Chi bộ 1", "CELL", "U3", "01/01/2000", None),
    ("U5", "Q01.001.02", "Chi bộ 2", "CELL", "U3", "01/01/2000", None),
    ("U6", "Q01.002", "Chi bộ trường Hai", "BASE_CELL", "U2", "01/01/2000", None),
    ("U7", "Q01.003", "Chi bộ trường Ba", "BASE_CELL", "U2", "01/01/2000", None),
]
UNIT_HEADER = ["unit_id", "unit_code", "unit_name", "unit_type_code", "parent_unit_id", "valid_from", "valid_to"]
CALENDAR = [
    ("ratings", "BASE_COMMITTEE", "2021", "31/12/2021"),
    ("ratings", "BASE_CELL", "2021", "31/12/2021"),
    ("personnel", "BASE_COMMITTEE", "2021", "31/12/2021"),
    ("personnel", "BASE_CELL", "2021", "31/12/2021"),
]


def keyed(home: Home) -> Home:
    """A home that its first load finds with the suite's own key, so that the order of what is keyed is the same each time, and a test fails for a
    change and not for luck."""
    if KEY_VARIABLE not in os.environ and is_empty(home) and not os.path.lexists(home.key):
        whole.write_private(home.key, hashlib.sha256(b"suite").hexdigest().encode())
    return home


class City:
    """A home with a registry, and short ways to write files and load them."""

    def __init__(self, root: Path):
        self.home = Home(root)
        self.home.registry.mkdir(parents=True)
        self.registry()

    def registry(self, units: list[tuple] = UNITS, calendar: list[tuple] = CALENDAR, withdrawals: list[tuple] | None = None) -> None:
        more = ["successor_unit_id"] if any(len(unit) > len(UNIT_HEADER) for unit in units) else []
        write_csv(self.home.registry / "units.csv", [[*UNIT_HEADER, *more], *units])
        write_csv(self.home.registry / "calendar.csv", [["dataset", "unit_type", "period", "due_on"], *calendar])
        if withdrawals is not None:
            write_csv(self.home.registry / "withdrawals.csv", [["period", "unit_code", "dataset", "withdrawn_on", "reason"], *withdrawals])

    def put(self, path: str, sheets: dict[str, list[list[Any]]] | list[list[Any]] | bytes) -> Path:
        """Bytes, a CSV (a list of rows) or a workbook (sheets by name) at a path below raw."""
        target = self.home.raw / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(sheets, bytes):
            target.write_bytes(sheets)
        elif isinstance(sheets, dict):
            write_workbook(target, sheets)
        else:
            write_csv(target, sheets)
        return target

    def land(self, as_of: str = "2021-12-20", accept_registry: bool = False) -> Load:
        """Record, read, judge and land what lies there: everything before dbt."""
        look = gate.look(keyed(self.home), dt.date.fromisoformat(as_of))
        registry = nightly.check_registry(self.home, look.registry)
        load = nightly.open_load(self.home, look, registry, accept_registry=accept_registry)
        nightly.judge_new(self.home, load)
        nightly.write_context(self.home, load, registry)
        return load

    def landed(self, table: str) -> pl.DataFrame:
        return landing.landed(self.home, gate.contract(find_registry(self.home)), table)

    def verdicts(self) -> dict[tuple[str, str | None], tuple[str, str | None]]:
        """(sender, dataset) → (verdict, rule)."""
        return {
            (s["sender_code"], s["dataset_code"]): (s["verdict_code"], s["refusal_rule_code"])
            for s in self.landed("submissions").to_dicts()
        }

    def rules(self, dataset: str | None = None) -> list[str]:
        found = self.landed("findings").sort("row_no", "column_name")
        return (found.filter(dataset_code=dataset) if dataset else found)["rule_code"].to_list()


def write_csv(target: Path, rows: list, encoding: str = "utf-8") -> None:
    with target.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(rows)


def write_workbook(target: Path, sheets: dict[str, list[list[Any]]]) -> None:
    book = xlsxwriter.Workbook(target)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(r, c, dt.datetime.combine(value, dt.time()), day)
                elif isinstance(value, str):
                    sheet.write_string(r, c, value)
                elif value is not None:
                    sheet.write(r, c, value)
    book.close()


RATINGS_HEADER = ["STT", "Họ và tên", "Số CCCD", "Đơn vị", "Mức xếp loại", "Lý do không xếp loại"]
PERSONNEL_HEADER = ["STT", "Họ và tên", "Số CCCD", "Đơn vị", "Tình trạng đảng viên", "Từ ngày", "Ngày vào Đảng"]


def number(n: int) -> str:
    return f"0920800{n:05}"


def rating(n: int, level: str = "HTTNV", unit: str | None = None, reason: str | None = None) -> list[Any]:
    return [n, f"Nguyễn Văn {chr(65 + n % 26)}", number(n), unit, level, reason]


def ratings(rows: list[list[Any]], title: bool = True) -> list[list[Any]]:
    head = [["ĐẢNG BỘ PHƯỜNG MỘT"], ["KẾT QUẢ XẾP LOẠI NĂM 2021"], []] if title else []
    return [*head, RATINGS_HEADER, *rows]


def member(n: int, unit: str | None = None, since: str = "01/03/2010", status: str = "Chính thức") -> list[Any]:
    return [n, f"Nguyễn Văn {chr(65 + n % 26)}", number(n), unit, status, since, "01/03/2010"]


def roster(rows: list[list[Any]]) -> list[list[Any]]:
    return [PERSONNEL_HEADER, *rows]


@pytest.fixture(scope="module")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One bench for a file's tests, so that dbt parses once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("PERSONNEL_AS_OF", AS_OF)
        yield


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path / "data")


@pytest.fixture
def hashed() -> Callable[[bytes], str]:
    return fingerprint


# ── the small sample city, loaded as its users load it ───────────────────────────────────────────────────────────

AS_OF = "2021-12-20"


LONGEST = 600  # seconds until a command is taken for hung: no machine is that slow


def pipeline(home: Home, *command: str, first: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own: forked from one that has imported everything (warm.py), or a new one where Python itself
    is told something. `first` is run before it."""
    environment = os.environ | {"PERSONNEL_HOME": str(home.root), "PERSONNEL_AS_OF": AS_OF, "COLUMNS": "200"} | extra
    new = [sys.executable, "-c", f"{first}\nfrom pipeline.cli import main; main()", *command]
    if any(name.startswith("PYTHON") for name in extra):
        return subprocess.run(new, env=environment, capture_output=True, text=True, timeout=LONGEST)
    with tempfile.TemporaryDirectory() as streams:
        out, err = Path(streams, "out"), Path(streams, "err")
        warm().start(command, environment, first, out, err)
        return subprocess.CompletedProcess(new, warm().wait(), out.read_text("utf-8"), err.read_text("utf-8"))


class Warm:
    """The process that forks: what `warm.py` says, asked."""

    def __init__(self) -> None:
        program = str(Path(__file__).with_name("warm.py"))
        self.process = subprocess.Popen([sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = 0

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], first: str = "", out: Any = os.devnull, err: Any = os.devnull
    ) -> int:
        """Begin a command; gives its process, which leads a group."""
        request = {"command": command, "environment": dict(environment), "first": first, "out": str(out), "err": str(err)}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        self.pid = json.loads(self.process.stdout.readline())["pid"]
        return self.pid

    def wait(self) -> int:
        timer = Timer(LONGEST, os.killpg, (self.pid, signal.SIGKILL))
        timer.start()
        try:
            return json.loads(self.process.stdout.readline())["code"]
        finally:
            timer.cancel()


warm = cache(Warm)  # one per process of the suite


def load(home: Home, **extra: str) -> str:
    done = pipeline(home if KEY_VARIABLE in extra else keyed(home), "load", **extra)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def opened(home: Home, file: Path) -> Iterator[Path]:
    """A path by which this process reads a file, sealed or not."""
    if file.suffix == SUFFIX:
        with seal_of(home).opened(file) as clear:
            yield clear
    else:
        yield file


def tables(home: Home, file: Path | None = None) -> dict[str, pl.DataFrame]:
    """Every published table (or every one of the analyst's file), in one order, without the instants at which a run happened to take place."""
    found = {}
    with opened(home, file or home.published) as path, duckdb.connect(str(path), read_only=True) as db:
        for schema, table in db.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
            frame = db.execute(f"SELECT * FROM {schema}.{table}").pl()
            frame = frame.select([c for c in frame.columns if c not in ("received_at", "started_at")])
            found[f"{schema}.{table}"] = frame.sort(pl.all())
    return found


def differing(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> list[str]:
    assert one.keys() == other.keys()
    return [name for name in one if not one[name].equals(other[name])]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Home:
    """A loaded small city, one for all of the suite's processes; tests that change it copy it first."""
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    home = Home(shared / "small" / "data")
    with FileLock(shared / "small.lock"):
        if not home.published.exists():
            make_city(home, size="small")
            load(home)
    return home


@pytest.fixture
def mine(small: Home, tmp_path: Path) -> Home:
    """The small city, loaded, to do with as a test likes."""
    target = tmp_path / "data"
    shutil.copytree(small.root, target, symlinks=True)
    return Home(target)
