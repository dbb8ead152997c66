"""`make bench`: the load against its floor, in one run on one machine. `--write` puts the table into docs/benchmarks.md.

The floor is what nobody can go below: the same files read with the fastest reader, loaded into DuckDB as text, and one
rating summary by plain SQL; no Dagster, no dbt, no pandera.
"""

import argparse
import csv
import datetime as dt
import io
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

import duckdb
import psutil
import pyarrow as pa
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from servers import server

from pipeline.paths import PROJECT, Home
from pipeline.sample import make_city

WIDTH = 30
ROUNDS = 3
REPORTS = {"annual summary of all committees": "ratings", "all kinds of all committees": "all"}
DUE = dt.date(2099, 12, 31)
# A load that neither seals what lies still nor waits until it is on disk: what both cost is the difference.
BARE = """
import os
import pipeline.ledger.sealed
import pipeline.whole
class Open:
    encrypt = staticmethod(lambda nonce, data, place: data + bytes(pipeline.ledger.sealed.TAG))
    decrypt = staticmethod(lambda nonce, data, place: data[: -pipeline.ledger.sealed.TAG])
pipeline.ledger.sealed._cipher = lambda key: Open
pipeline.whole.sync = lambda paths: None
os.fsync = os.sync = lambda *opened: None
if __name__ == "__main__":  # workers do all that stands above as well
    from pipeline.cli import main
    main()
"""


@dataclass
class Measured:
    """One run of a command: wall seconds, peak of the memory summed over its processes, what it said."""

    seconds: float
    peak_mib: float
    said: str = ""
    steps: dict[str, float] = field(default_factory=dict)


def run(home: Home, *command: str) -> Measured:
    """A command in a process of its own, as a user starts it."""
    environment = os.environ | {"PERSONNEL_HOME": str(home.root), "PYTHONWARNINGS": "ignore"}
    began = time.perf_counter()
    process = psutil.Popen([sys.executable, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peak = {"bytes": 0}
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    said = process.communicate()[0]
    seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said[-3000:]}")
    steps = dict(
        re.findall(r"([a-z_]+) ([0-9.]+)(?:,|$)", next((ln for ln in said.splitlines() if ln.startswith("seconds by step")), "")[16:])
    )
    return Measured(seconds, peak["bytes"] / 2**20, said, {k: float(v) for k, v in steps.items()})


def _watch(process: psutil.Popen, peak: dict) -> None:
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        total = 0
        try:
            for one in [process, *process.children(recursive=True)]:
                total += one.memory_info().rss
        except psutil.Error:
            pass
        peak["bytes"] = max(peak["bytes"], total)
        time.sleep(0.2)  # four times as often took a tenth of a core from what is measured


def load(home: Home) -> Measured:
    return run(home, "-m", "pipeline.cli", "load")


# ── the floor ────────────────────────────────────────────────────────────────────────────────────────────────────


def _cells(paths: list[str]) -> list[tuple[str, pa.Table]]:
    """Every sheet as text, 30 columns wide, by dataset as the header shows it."""
    gathered: dict[str, list[list]] = {}
    for path in paths:
        data = Path(path).read_bytes()
        if data.startswith(b"PK"):
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            sheets = [book.get_sheet_by_name(n).to_python() for n in book.sheet_names]
        else:
            text = data.decode("utf-8-sig")
            sheets = [list(csv.reader(io.StringIO(text), delimiter=max(",;", key=text[:5000].count)))]
        for rows in sheets:
            gathered.setdefault("cells", []).extend([path, *row, *[None] * (WIDTH - len(row))] for row in rows)
    return [
        (name, pa.table([pa.array([None if r[c] is None else str(r[c]) for r in rows], pa.string()) for c in range(WIDTH + 1)], names=[f"c{c}" for c in range(WIDTH + 1)]))
        for name, rows in gathered.items()
    ]  # fmt: skip


def floor(raw: str) -> None:
    """Read, load, one summary. Prints the number of rows, so that nothing is optimised away."""
    files = [str(p) for p in Path(raw).rglob("*") if p.suffix in (".xlsx", ".csv") and "registry" not in p.parts]
    chunks = [files[i : i + 40] for i in range(0, len(files), 40)]
    db = duckdb.connect()
    first = True
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for tables in pool.map(_cells, chunks):
            for _, table in tables:
                db.register("part", table)
                db.execute(f"{'CREATE TABLE cells AS' if first else 'INSERT INTO cells'} SELECT * FROM part")
                first = False
    levels = "', '".join(("Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ", "Không hoàn thành nhiệm vụ"))
    tests = " + ".join(f"count(*) FILTER (c{c} IN ('{levels}'))" for c in range(1, WIDTH + 1))
    print(db.execute(f"SELECT count(*), sum(n) FROM (SELECT c0, {tests} AS n, count(*) FROM cells GROUP BY c0)").fetchone())
    print(db.execute("SELECT count(*) FROM cells").fetchone())


def openpyxl_reads(raw: str) -> None:
    """The same workbooks read by openpyxl, one process, every cell: what giving them back is measured against."""
    cells = 0
    for path in sorted(Path(raw).rglob("*.xlsx")):
        if "registry" not in path.parts:
            book = load_workbook(path)
            cells += sum(len(row) for sheet in book for row in sheet.iter_rows(values_only=True))
    print(cells)


# ── the scenarios ────────────────────────────────────────────────────────────────────────────────────────────────


def anew(home: Home) -> Home:
    """The same submissions before any load. The old warehouse is moved and not deleted, which would keep the disk busy."""
    if home.warehouse.exists():
        home.warehouse.rename(home.root / f"warehouse-{time.monotonic_ns()}")
    return home


def change(home: Home, count: int) -> None:
    """Other bytes at some paths: a comment at the end of a workbook's zip."""
    files = sorted(p for p in (home.raw / "2021").rglob("*.xlsx"))
    for file in files[:: max(1, len(files) // count)][:count]:
        with zipfile.ZipFile(file, "a") as book:
            book.comment = f"saved again {time.monotonic_ns()}".encode()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options.add_argument("--floor", help=argparse.SUPPRESS)
    options.add_argument("--openpyxl", help=argparse.SUPPRESS)
    options.add_argument(
        "--rounds", type=int, default=ROUNDS, help="how often loads and floors run; of an even number the slower of the middle two counts"
    )
    options.add_argument("--without-ten", action="store_true", help="leave the ten cities out")
    chosen = options.parse_args()
    if chosen.floor:
        floor(chosen.floor)
        return
    if chosen.openpyxl:
        openpyxl_reads(chosen.openpyxl)
        return
    results: dict[str, Measured] = {}
    rows: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        homes = {name: Home(Path(folder) / name) for name in ("empty", "city", "forms", "ten")}

        def measure(scenarios: dict[str, Callable[[], Measured]], rounds: int = 1) -> None:
            """One after the other, in rounds, for a machine is faster or slower by the minute; the median of each."""
            runs: dict[str, list[Measured]] = {name: [] for name in scenarios}
            for _ in range(rounds):
                for name, what in scenarios.items():
                    runs[name].append(what())
                    print(f"{name:28} {runs[name][-1].seconds:7.1f} s", flush=True)
            for name, several in runs.items():
                m = sorted(several, key=lambda one: one.seconds)[rounds // 2]
                results[name] = m = replace(m, peak_mib=max(one.peak_mib for one in several))
                print(f"{name:28} {m.seconds:7.1f} s {m.peak_mib:8.0f} MiB   {m.steps or ''}", flush=True)

        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, "utf-8")

        def changed_files() -> Measured:
            change(homes["city"], 10)
            return load(homes["city"])

        def floor_of(home: Home) -> Measured:
            return run(home, __file__, "--floor", str(home.raw))

        make_city(homes["empty"], size="empty", due_on=DUE)
        make_city(homes["city"], due_on=DUE)
        make_city(homes["forms"], due_on=DUE, forms=1.0)
        load(homes["empty"])  # not counted: libraries come from the disk once
        short = {
            "empty city": lambda: load(anew(homes["empty"])),
            "floor of the city": lambda: floor_of(homes["city"]),
            "city, bare": lambda: run(anew(homes["city"]), str(bare), "load"),
            "city of own forms": lambda: load(anew(homes["forms"])),
            "city": lambda: load(anew(homes["city"])),
            "nothing new": lambda: load(homes["city"]),
            "10 changed files": changed_files,
        }
        measure(short, chosen.rounds)
        rows["city"] = _rows(homes["city"])
        measure(
            {
                "openpyxl reads the city": lambda: run(homes["city"], __file__, "--openpyxl", str(homes["city"].raw)),
                "receipts of all units again": lambda: run(homes["city"], "-m", "pipeline.cli", "receipts"),
            }
        )
        measure({"pages of the city": lambda: run(homes["city"], "-m", "pipeline.cli", "pages")}, chosen.rounds)
        measure({"city to PostgreSQL": lambda: to_postgresql(homes["city"])}, chosen.rounds)
        measure({f"reports: {what}": lambda kind=kind: reports(homes["city"], kind) for what, kind in REPORTS.items()}, chosen.rounds)
        if not chosen.without_ten:
            make_city(homes["ten"], copies=10, due_on=DUE)
            large = {"floor of ten cities": lambda: floor_of(homes["ten"]), "ten cities": lambda: load(anew(homes["ten"]))}
            measure(large, chosen.rounds)
            rows["ten cities"] = _rows(homes["ten"])
        profiles = {name: profiled(homes[of]) for name, of in (("a night on an empty city", "empty"), ("a whole city, first load", "city"))}
    text = report(results, rows, chosen.rounds, profiles)
    print(text)
    if chosen.write:
        (PROJECT / "docs" / "benchmarks.md").write_text(text, "utf-8")


def to_postgresql(home: Home) -> Measured:
    """What is published, copied into a server that waits for its disk; of the step, what the copy says of itself, without Python's start."""
    with server(quick=False) as own:
        own.make_roles(home)
        m = run(home, "-m", "pipeline.cli", "publish", "--to", own.address())
        return replace(m, steps={"surfaces": float(re.search(r", ([0-9.]+) s\.", m.said)[1])})


def reports(home: Home, kind: str) -> Measured:
    """The reports of the city and of each committee right below it, in three formats; a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        return run(home, "-m", "pipeline.cli", "report", "2021", "--each", "--kind", kind, "--to", folder)


def _rows(home: Home) -> int:
    with duckdb.connect(str(home.published), read_only=True) as db:
        return db.execute("SELECT sum(rows_read) FROM quality.submissions WHERE newest_load_id = 1").fetchone()[0]


# Looks a hundred times a second where each thread of a load's process is that waits for nobody, and says at the end in which library.
SAMPLED = """
import collections, json, os, re, sys, threading, time
seen, ended = collections.Counter(), threading.Event()
WAITS = re.compile("/(pool|threading|selectors|queue|subprocess|connection|socketserver|_base|thread|filelock)[./]")
def library(frame):
    while frame:
        path = frame.f_code.co_filename
        if "adapters/duckdb" in path and frame.f_code.co_name in ("execute", "fetchall", "fetchone"):
            return "DuckDB for dbt"
        if found := re.search("site-packages/([a-zA-Z0-9_]+)", path):
            return found[1]
        if "/pipeline/" in path:
            return "pipeline/" + path.split("/pipeline/")[1].split("/")[0].removesuffix(".py")
        if "importlib" in path:
            return "imports"
        frame = frame.f_back
    return "Python"
def look():
    while not ended.wait(0.01):
        for thread, frame in sys._current_frames().items():
            if thread != threading.get_ident() and not WAITS.search(frame.f_code.co_filename):
                seen[library(frame)] += 1
if __name__ == "__main__":
    threading.Thread(target=look, daemon=True).start()
    from pipeline.cli import main
    try:
        main()
    finally:
        ended.set()
        print("samples " + json.dumps(seen), flush=True)
"""


def profiled(home: Home) -> dict[str, float]:
    """In which libraries the main process of a load is, by samples of its threads. What readers do in processes of their own is not in it."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "sampled.py")
        script.write_text(SAMPLED, "utf-8")
        said = run(anew(home), str(script), "load").said
    samples = json.loads(next(line for line in said.splitlines() if line.startswith("samples "))[8:])
    whole = sum(samples.values())
    return {name: n / whole for name, n in sorted(samples.items(), key=lambda item: -item[1]) if n / whole >= 0.02}


def report(results: dict[str, Measured], rows: dict[str, int], rounds: int, profiles: dict[str, dict[str, float]]) -> str:
    # figures are out before units are answered and pages written: a load is measured until it has published, those by themselves
    answered = {name: m.steps.get("receipts", 0.0) + m.steps.get("surfaces", 0.0) for name, m in results.items()}
    s = {name: m.seconds - answered[name] for name, m in results.items()}
    served = {name: m.seconds - m.steps.get("surfaces", 0.0) for name, m in results.items()}  # with what units get back
    fixed = s["empty city"]
    ratios = [
        ("city until published ÷ its floor", s["city"] / s["floor of the city"], "≤ 5; then ≤ 3.5"),
        ("city with its receipts ÷ its floor", served["city"] / s["floor of the city"], "≤ 4.5"),
        ("empty city ÷ the city's floor", fixed / s["floor of the city"], "≤ 1.7"),
        ("10 changed files ÷ the city's floor", s["10 changed files"] / s["floor of the city"], "≤ 2"),
        ("receipts of all units ÷ openpyxl's reading", s["receipts of all units again"] / s["openpyxl reads the city"], "≤ 3"),
        ("(city − fixed) ÷ its floor", (s["city"] - fixed) / s["floor of the city"], ""),
        ("nothing new ÷ city", s["nothing new"] / s["city"], "≤ 0.10"),
        ("city until published ÷ the same neither sealed nor waited for", s["city"] / s["city, bare"], "≤ 1.1"),
        ("10 changed files ÷ (fixed + half of (city − fixed))", s["10 changed files"] / (fixed + (s["city"] - fixed) / 2), "≤ 1"),
    ]
    ratios += [
        ("city of own forms until published ÷ city", s["city of own forms"] / s["city"], "≤ 1.5"),
        ("city of own forms with its receipts ÷ city", served["city of own forms"] / served["city"], "≤ 1.5"),
        ("city of own forms, peak memory ÷ city's", results["city of own forms"].peak_mib / results["city"].peak_mib, "≤ 1.05"),
    ]
    ratios.append(
        ("city to PostgreSQL ÷ publishing", results["city to PostgreSQL"].steps["surfaces"] / results["city"].steps["published"], "≤ 4")
    )
    ratios += [(f"reports: {what}, seconds", s[f"reports: {what}"], aim) for what, aim in zip(REPORTS, ("≤ 60", "≤ 300"), strict=True)]
    ratios.append(("pages of the city, seconds", results["pages of the city"].seconds, "≤ 20"))
    if "ten cities" in s:
        ratios += [
            ("ten cities until published ÷ their floor", s["ten cities"] / s["floor of ten cities"], "≤ 2.5; then ≤ 2.2"),
            ("ten cities with their receipts ÷ their floor", served["ten cities"] / s["floor of ten cities"], "≤ 3"),
            ("(ten cities − fixed) ÷ (city − fixed)", (s["ten cities"] - fixed) / (s["city"] - fixed), "≤ 11"),
            ("ten cities, peak GiB", results["ten cities"].peak_mib / 1024, "≤ 2; then ≤ 1.7"),
        ]
    machine = f"{os.cpu_count()} cores ({platform.machine()}), {psutil.virtual_memory().total / 2**30:.0f} GiB, Python {platform.python_version()}"
    lines = [
        "# Benchmarks",
        "",
        "`make bench` measures on your machine; `.venv/bin/python tests/benchmark.py --write` puts the result here.",
        "",
        f"Measured on {dt.date.today()}: {machine}, DuckDB {duckdb.__version__}. Every command is a new process, from its start to its "
        f"exit; loads and floors run in {f'{rounds} rounds and the median counts (of two the slower)' if rounds > 1 else 'one round'}, after one "
        "empty load that does not count.",
        "",
        "| what | seconds | rows read | rows/s | peak memory, all processes |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, m in results.items():
        n = rows.get(name)
        speed = f"{n / m.seconds:,.0f}" if n else ""
        lines.append(f"| {name} | {m.seconds:.1f} | {f'{n:,}' if n else ''} | {speed} | {m.peak_mib:,.0f} MiB |")
    lines += ["", "| ratio | measured | aim |", "|---|---:|---:|", *(f"| {name} | {value:.2f} | {aim} |" for name, value, aim in ratios)]
    steps = [
        name
        for name in ("empty city", "city", "city of own forms", "10 changed files", "ten cities")
        if name in results and results[name].steps
    ]
    names = list(dict.fromkeys(step for name in steps for step in results[name].steps))
    lines += ["", "Seconds by step:", "", f"| step | {' | '.join(steps)} |", f"|---|{'---:|' * len(steps)}"]
    lines += [f"| {step} | {' | '.join(f'{results[name].steps.get(step, 0):.1f}' for name in steps)} |" for step in names]
    lines += [
        "",
        "Ratios measure a load until it has published; the steps `receipts` and `surfaces` (pages) come after that and are in the seconds of the first table. "
        "*Fixed* is the empty city: starting Python, Dagster's instance and history, dbt's parsing of the whole project, every model on "
        "no rows, publishing. *Bare* is a load that neither seals a file nor waits for the disk. The floor "
        "reads the same files with python-calamine in as many processes as there are cores, loads their "
        "cells as text into DuckDB and makes one summary. A *city of own forms* is the same city, each of its files in forms of its office's own.",
        "",
        *(
            f"Main process of {name}, by samples of its threads: {', '.join(f'{of} {share:.0%}' for of, share in shares.items())}."
            for name, shares in profiles.items()
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
