"""`make chaos`: loads disturbed in every way that trials.py knows, mutated files and nights, counted; counts add up over runs.

A run keeps its counts in a file of its own while it goes, so that it can be ended at any time. `--write` puts it into tests/chaos.json and
writes docs/reliability.md from all runs that stand there; `--add` does so with runs that were ended. What does not belong here: what a trial does.
"""

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import psutil
from mutated import read_mutated
from nights import SETTLED, YEAR, after_a_year, nights
from trials import Counts, Trials

from pipeline.paths import PROJECT

RUNS, PAGE = PROJECT / "tests" / "chaos.json", PROJECT / "docs" / "reliability.md"
# how often each kind of trial comes in a round: a kill is what happens
ROUND = {"killed right after a write": 10, "killed at a random moment": 8}


class Run:
    """One run's counts, on disk after each trial."""

    def __init__(self, file: Path, seed: int):
        self.file = file
        self.said: dict[str, Any] = {
            "day": dt.date.today().isoformat(),
            "machine": f"{os.cpu_count()} cores ({platform.machine()}), {psutil.virtual_memory().total / 2**30:.0f} GiB",
            "with": f"Python {platform.python_version()}, DuckDB {duckdb.__version__}",
            "code": subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, capture_output=True, text=True).stdout.strip(),
            "seed": seed,
            "writes": 0,
            "trials": {},
            "mutated": 0,
            "answers": {},
            "nights": [],
        }

    def keep(self) -> None:
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(self.said, ensure_ascii=False, indent=1), "utf-8")
        part.replace(self.file)

    def mutate(self, count: int, folder: Path) -> None:
        for files, answers in read_mutated(count, folder, self.said["seed"]):
            self.said["mutated"] += files
            self.said["answers"] = dict(Counter(self.said["answers"]) + answers)
            self.keep()
        print(f"{sum(self.said['answers'].values()):,} of {self.said['mutated']:,} mutated files answered", flush=True)

    def sleep(self, count: int, folder: Path) -> None:
        for night in nights(count, folder):
            self.said["nights"].append({name: round(value, 3) for name, value in night.items()})
            self.keep()
            print(", ".join(f"{name} {value:.1f}" for name, value in night.items()), flush=True)

    def disturb(self, minutes: float, folder: Path) -> None:
        """Every kind of trial in turn, until the time is over."""
        trials, end = Trials(folder, self.said["seed"]), time.monotonic() + 60 * minutes
        self.said["writes"] = len(trials.writes)
        counts = {name: Counts() for name in trials.kinds}
        turns = [name for turn in range(max(ROUND.values())) for name in trials.kinds if turn < ROUND.get(name, 1)]
        while time.monotonic() < end:
            for name in turns:
                if time.monotonic() < end:
                    trials.run(name, counts[name])
                    self.said["trials"][name] = vars(counts[name])
                    self.keep()
                    print(f"{name}: {counts[name]}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=30, help="for loads that are disturbed; the rest is counted")
    options.add_argument("--files", type=int, default=20_000, help="mutated files")
    options.add_argument("--nights", type=int, default=90)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--run", type=Path, default=Path(tempfile.gettempdir()) / "chaos.json", help="where this run keeps its counts")
    options.add_argument("--add", type=Path, nargs="*", help="add runs to tests/chaos.json and write docs/reliability.md; try nothing")
    options.add_argument("--write", action="store_true", help="add this run at its end")
    chosen = options.parse_args()
    if chosen.add is not None:
        add(chosen.add)
        return
    run = Run(chosen.run, chosen.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run.mutate(chosen.files, folder)
        run.sleep(chosen.nights, folder)
        if chosen.minutes:
            run.disturb(chosen.minutes, folder)
    print(page([run.said]))
    if chosen.write:
        add([chosen.run])
    else:
        print(f"To add these counts to docs/reliability.md: .venv/bin/python tests/chaos.py --add {chosen.run}")
    if wrong_in(run.said):
        raise SystemExit("Something was lost, or somebody was stopped.")


def add(files: list[Path]) -> None:
    """A run is told from others by its day, code and seed: one that was added before is replaced."""
    runs = json.loads(RUNS.read_text("utf-8")) if RUNS.exists() else []
    for run in (json.loads(file.read_text("utf-8")) for file in files):
        same = [one for one in runs if all(one[c] == run[c] for c in ("day", "code", "seed"))]
        runs = [one for one in runs if one not in same] + [run]
    RUNS.write_text(json.dumps(runs, ensure_ascii=False, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(runs), "utf-8")


def wrong_in(run: dict[str, Any]) -> list[str]:
    """What a run found, in sentences."""
    unanswered = run["mutated"] - sum(run["answers"].values())
    said = [f"{unanswered} mutated files without an answer"] if unanswered else []
    return said + [f"{name}: {line}" for name, c in run["trials"].items() for line in (*c["wrong"], *sorted(set(c["errors"])))]


def page(runs: list[dict[str, Any]]) -> str:
    """docs/reliability.md: the sum of all runs, and the longest row of nights."""
    names = list(dict.fromkeys(name for run in runs for name in run["trials"]))
    of = {name: [run["trials"][name] for run in runs if name in run["trials"]] for name in names}
    answers = sum((Counter(run["answers"]) for run in runs), Counter())
    past = max((run["nights"] for run in runs), key=len, default=[])
    wrong = [f"- {run['day']}, {run['code']}: {line}" for run in runs for line in wrong_in(run)]
    kills = sum(c["disturbed"] for name, some in of.items() if name.startswith("killed") for c in some)
    lines = [
        "# Reliability",
        "",
        "Written by tests/chaos.py from the runs in tests/chaos.json; `make chaos` adds one of your machine. What each trial does "
        "stands in tests/trials.py, tests/mutated.py and tests/nights.py; a short form is part of `make test`.",
        "",
        f"In all: **{kills:,} kills, {sum(run['mutated'] for run in runs):,} mutated files, {len(past)} nights**; {len(wrong)} found wrong.",
        "",
        "| day | machine | with | code | kills | mutated files | nights |",
        "|---|---|---|---|---:|---:|---:|",
        *(
            f"| {run['day']} | {run['machine']} | {run['with']} | {run['code']} | "
            f"{sum(c['disturbed'] for name, c in run['trials'].items() if name.startswith('killed')):,} | {run['mutated']:,} | {len(run['nights'])} |"
            for run in runs
        ),
        "",
        "## A load is disturbed, and the next one brings the same tables",
        "",
        "Up to four loads are disturbed one after another before one may end. All published tables are compared with those of a load that "
        "nobody disturbed; readers beside ask every quarter of a second, and must get the answers of the load before or of the one after.",
        "",
        "| what happens to a load | tries | did not end by themselves | wrong tables or failed loads after it | reads beside it | readers' errors |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {name} | {_sum(of[name], 'tries')} | {_sum(of[name], 'disturbed')} | {_sum(of[name], 'wrong')} | {_sum(of[name], 'reads')} | {_sum(of[name], 'errors')} |"
            for name in names
        ),
        "",
        f"A load of this city writes, renames, links or deletes {max((run['writes'] for run in runs), default=0)} times by Python's own calls: "
        "a kill comes right after one of them. What DuckDB, polars and SQLite write is met by kills at random moments.",
        *(["", "Found:", "", *wrong] if wrong else []),
        "",
        "## Mutated files",
        "",
        f"{answers.total():,} of {sum(run['mutated'] for run in runs):,} files with changed, cut, doubled or foreign bytes got an answer:",
        "",
        "| answer | files |",
        "|---|---:|",
        *(f"| {rule} | {n:,} |" for rule, n in sorted(answers.items(), key=lambda item: (-item[1], item[0]))),
        "",
        *(_of_nights(past) if past else []),
    ]
    return "\n".join(lines)


def _sum(some: list[dict[str, Any]], what: str) -> str:
    return f"{sum(len(c[what]) if isinstance(c[what], list) else c[what] for c in some):,}"


def _of_nights(past: list[dict[str, float]]) -> list[str]:
    """Figures after some nights (what a night costs as the median of ten), and what they say of a year."""
    frame = pl.DataFrame(past)
    costs = ["seconds", "cpu_seconds", "peak_mib"]
    names = [*costs, *(name for name in frame.columns if name.endswith(("_mib", "_files")) and name not in costs)]
    shown = sorted({1, *range(10, len(past) + 1, 10), len(past)})
    told = [
        frame.slice(max(0, n - 10), min(n, 10)).select(pl.col(costs).median(), pl.col(names[len(costs) :]).last()).row(0) for n in shown
    ]
    year = after_a_year(frame)
    return [
        "## Nights",
        "",
        f"{len(past)} nights of a small city, on each of which one unit sends something else. What a night costs is the median of ten; "
        f"the {YEAR}th night is what a straight line through the nights after the first month says, but for seconds, which depend on what else "
        "the machine did.",
        "",
        "| night | " + " | ".join(name.replace("_mib", " MiB").replace("_", " ") for name in names) + " |",
        "|---:|" + "---:|" * len(names),
        *(f"| {n} | " + " | ".join(f"{value:,.2f}" for value in row) + " |" for n, row in zip(shown, told, strict=True)),
        *(
            [f"| {YEAR} | " + " | ".join("" if name == "seconds" else f"{year[name]:,.2f}" for name in names) + " |"]
            if len(past) >= 2 * SETTLED
            else []
        ),
        "",
    ]


if __name__ == "__main__":
    main()
