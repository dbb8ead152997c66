"""`make quality`: how well each kind of dirt is read, printed and, with `--write`, put into docs/quality.md.

Recall: of what is due in a file — every row, with every cell as it was meant, and every finding — how much is there. A false alarm is
a finding that is not due, or a row that is none. A silent error is worse than either: a value that is not the true one, a row that is none, or
a row that is gone, with no finding at its cell or row. Every dirty file is judged in one batch with a clean one, which must stay as it is.
What does not belong here: how files are spoiled (dirt.py), and tests.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import independent_count
import own_forms
import polars as pl
import psutil
from book import Book, Expected, Place, plain, write
from clean import PERIOD, make_table
from conftest import pipeline
from dirt import KINDS, spoiled, table_for
from libreoffice import SOFFICE, written
from mutate import KEPT, READ, section
from rich.console import Console
from rich.table import Table as Shown
from test_cases import EXPECTED

from pipeline import gate, nightly
from pipeline.intake.files import read_chunk
from pipeline.intake.readings import Source
from pipeline.intake.workers import Readings
from pipeline.judging.layouts import layout_of
from pipeline.judging.submissions import judge_batch
from pipeline.ledger.records import Line
from pipeline.nightly import check_file
from pipeline.paths import PROJECT, Home
from pipeline.sample import make_city
from pipeline.sample.recall import measure
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns, template_columns
from pipeline.schemas.kinds import meta
from pipeline.warehouse import landing

Frames = dict[str, pl.DataFrame]
FORMS = 100  # forms that offices have, for each file of a kind of dirt
OPENED = (None, "known_dataset_present")  # cells were read, whether or not a dataset of ours is among them
MESSY = Path(os.environ.get("PERSONNEL_SHARED_DATA", "/nowhere")) / "messy_files"


@dataclass
class Outcome:
    """What is due against what was given. The lists hold places and rules, for whoever looks into a failure."""

    due: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.due + other.due, self.missed + other.missed, self.false + other.false, self.silent + other.silent)

    @property
    def is_right(self) -> bool:
        return not self.missed and not self.false


def judged(name: str, data: bytes, folder: Path, in_own_process: bool = False) -> Frames:
    """What landing this file would give."""
    file = folder / name
    file.write_bytes(data)
    if in_own_process:
        return check_file(file, "hash", PERIOD)
    line = Line(name, PERIOD, "", "hash", len(data), "")
    return judge_batch([read_chunk([Source(0, file, name)], layout_of(SCHEMAS))], [line], b"check", set())


@cache
def _companion(dataset: str) -> tuple[str, bytes, Expected]:
    return write(Book([plain(make_table(Random(f"clean {dataset}"), dataset))]))


def beside_a_clean_file(dataset: str, file: str, data: bytes, expected: Expected, folder: Path) -> Outcome:
    """A file judged in one batch with a clean one of its dataset: what became of both."""
    files = [(*_companion(dataset)[:2], _companion(dataset)[2]), (file, data, expected)]
    lines, sources = [], []
    for n, (name, content, _) in enumerate(files):
        (folder / f"{n}").write_bytes(content)
        lines.append(Line(f"{PERIOD}/U{n}/{name}", PERIOD, f"U{n}", f"hash {n}", len(content), ""))
        sources.append(Source(n, folder / f"{n}", name))
    frames = judge_batch([read_chunk(sources, layout_of(SCHEMAS))], lines, b"check", set())
    keys = frames["submissions"].select("sender_code", "submission_key")
    whole = Outcome()
    for n, (_, _, due) in enumerate(files):
        own = keys.filter(sender_code=f"U{n}")["submission_key"]
        parts = {t: f.filter(pl.col("submission_key").is_in(own.implode())) for t, f in frames.items() if "submission_key" in f.columns}
        outcome = compare(due, parts)
        if n == 0 and not outcome.is_right:  # whatever became of the clean file, nobody told it
            outcome.silent += [*outcome.missed, *outcome.false]
        whole += outcome
    return whole


def compare(expected: Expected, frames: Frames) -> Outcome:
    """Cell by cell and finding by finding."""
    refusals = set(frames["submissions"]["refusal_rule_code"].drop_nulls())
    if expected.refused or (refusals and refusals <= set(expected.or_refused)):
        whole = not frames["submissions"].filter(verdict_code="ACCEPTED").height
        right = whole and bool(refusals & {*expected.refused, *expected.or_refused})
        return Outcome(1, [] if right else [f"refused by {sorted(refusals)}"], silent=[] if whole else ["rows of a file that is none"])
    given = _rows(frames)
    outcome = Outcome(len(expected.rows))
    told = frames["findings"].select(pl.col("sheet").fill_null(""), "row_no", "column_name", "rule_code").rows()
    told_cells = {(sheet, row_no, column) for sheet, row_no, column, _ in told}
    told_rows = {(sheet, row_no) for sheet, row_no, _, _ in told}
    for place, row in expected.rows.items():
        _, sheet, row_no = place
        if place not in given:
            outcome.missed.append(f"row {place} is not there")
            outcome.silent += [] if refusals or (sheet, row_no) in told_rows else [outcome.missed[-1]]
        elif wrong := sorted(c for c, value in row.items() if given[place][c] != value):
            outcome.missed.append(f"row {place}: {', '.join(f'{c} {given[place][c]!r} for {row[c]!r}' for c in wrong)}")
            if any((sheet, row_no, c.removesuffix("_precision_code")) not in told_cells for c in wrong):
                outcome.silent.append(outcome.missed[-1])
    strange = [place for place in given if place not in expected.rows]
    outcome.false += [f"row {place} is none" for place in strange]
    outcome.silent += [f"row {place} is none" for place in strange if place[1:] not in told_rows]
    return outcome + _findings(expected.findings, frames["findings"])


def _rows(frames: Frames) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Accepted rows at their places."""
    found = {}
    for dataset, schema in SCHEMAS.items():
        if dataset in frames:
            own = own_columns(schema)
            names = [*own, *(f"{c}_precision_code" for c, col in own.items() if meta(col).kind.name == "date")]
            for row in frames[dataset].select("sheet", "row_no", *names).to_dicts():
                found[dataset, row.pop("sheet"), row.pop("row_no")] = row
    return found


def _findings(places: Iterable[Place], findings: pl.DataFrame) -> Outcome:
    outcome = Outcome()
    left = findings.select("rule_code", pl.col("sheet").fill_null(""), "row_no", "cell").to_dicts()
    for place in places:
        hits = [f for f in left if _is_at(f, place)]
        left = [f for f in left if f not in hits]
        outcome.due += place.must
        if place.must and not hits:
            outcome.missed.append(f"{place.rules[0]} at {place.sheet} {place.cell or place.row_no or ''}")
    outcome.false += [f"{f['rule_code']} at {f['sheet']} {f['cell'] or f['row_no']}" for f in left]
    return outcome


def _is_at(finding: dict[str, Any], place: Place) -> bool:
    if finding["rule_code"] not in place.rules or (place.sheet is not None and finding["sheet"] != place.sheet):
        return False
    return place.row_no in (None, finding["row_no"]) and place.cell in (None, finding["cell"])


# ── measuring ────────────────────────────────────────────────────────────────────────────────────────────────────


def kinds(files: int, chosen: str = "", show: bool = False) -> list[list[Any]]:
    """A line for each kind: group, kind, files, due, missed, recall, false alarms, silent errors."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for name, kind in KINDS.items():
            if chosen not in (name, kind.group, ""):
                continue
            whole = Outcome()
            count = 1 if kind.is_deadly else files
            for seed in range(count):
                rng = Random(f"{name}/{seed}")
                table = table_for(name, rng)
                file, data, expected = spoiled(name, table, rng)
                if kind.is_deadly:
                    whole += compare(expected, judged(file, data, Path(folder), in_own_process=True))
                else:
                    whole += beside_a_clean_file(table.dataset, file, data, expected, Path(folder))
            lines.append([kind.group, name, count, whole.due, len(whole.missed), _share(whole), len(whole.false), len(whole.silent)])
            for problem in [*whole.missed[:4], *whole.false[:4]] if show else []:
                print(f"  {name}: {problem}", flush=True)
    return lines


def _share(outcome: Outcome) -> str:
    return f"{max(0.0, 1 - len(outcome.missed) / outcome.due):.1%}" if outcome.due else ""


def clean_city() -> list[list[Any]]:
    """The sample city, which has no fault: files, rows, findings, rows that differ from the truth."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "data")
        make_city(home)
        look = gate.look(home)
        registry = nightly.check_registry(home, look.registry)
        load = nightly.open_load(home, look, registry)
        nightly.judge_new(home, load)
        landed = {name: landing.landed(home, load.contract, name) for name in (*SCHEMAS, "submissions", "findings")}
        lines = []
        for dataset, schema in SCHEMAS.items():
            truth = pl.read_parquet(home.truth / f"{dataset}.parquet")
            columns = [
                c
                for c, col in template_columns(schema).items()
                if meta(col).kind.name in ("code", "level", "words", "date", "number", "boolean", "shape")
            ]
            columns = [c for c in columns if c in landed[dataset].columns]
            strange = _unlike(truth.select(columns), landed[dataset].select(columns))
            files = landed["submissions"].filter(dataset_code=dataset).height
            findings = landed["findings"].filter(dataset_code=dataset).height
            lines.append([dataset, files, truth.height, landed[dataset].height, strange, findings])
    return lines


def faulty_city() -> list[list[Any]]:
    """The whole city with faults, loaded, published and measured; and its raw files counted by other readers, without the project's code."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "data")
        home.raw.mkdir(parents=True)
        done = pipeline(home, "demo", "--faults", PERSONNEL_AS_OF="2027-02-01")  # the first whole year of N11 has ended
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
        found, false = re.search(r"recall: (\S+)   false alarms: (\d+)", done.stdout).groups()
        cells, published = independent_count.both(home.root)
        differences = len(independent_count.told(cells, published)) + (found != "100.0%") + int(false)
        return [[sum(cells.levels.values()), sum(published.levels.values()), found, int(false), differences]]


def _unlike(truth: pl.DataFrame, given: pl.DataFrame) -> int:
    """How many rows stand in the one and not in the other, each as often as it stands."""
    counts = truth.group_by(pl.all()).len("n").join(
        given.group_by(pl.all()).len("m"), on=truth.columns, how="full", coalesce=True, nulls_equal=True
    )  # fmt: skip
    return counts.select((pl.col("n").fill_null(0).cast(pl.Int64) - pl.col("m").fill_null(0).cast(pl.Int64)).abs().sum()).item()


def planted_faults() -> list[list[Any]]:
    """The small city with planted faults, as far as one file shows them: rule, planted, found, false alarms."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "data")
        make_city(home, size="small", faults=True)
        look = gate.look(home)
        load = nightly.open_load(home, look, nightly.check_registry(home, look.registry))
        nightly.judge_new(home, load)
        findings = landing.landed(home, load.contract, "findings")
        counts = set(landing.landed(home, load.contract, "rule_counts")["rule_code"]) | set(findings["rule_code"])
        submissions = landing.landed(home, load.contract, "submissions")
        paths = pl.DataFrame([(ln.path, ln.period, ln.sender_code, ln.content_hash) for ln in load.lines], schema=["path", "period", "sender_code", "content_hash"], orient="row")  # fmt: skip
        where = submissions.join(paths, on=["period", "sender_code", "content_hash"]).select("submission_key", "path")
        found = findings.join(where, on="submission_key").select("path", "sheet", "row_no", "rule_code", "version_code")
        table = measure(home.truth / "faults.csv", found, look.as_of).by_rule.filter(pl.col("rule_code").is_in(sorted(counts)))
    table = table.group_by("rule_code").agg(pl.sum("planted", "found", "false_alarms")).sort("rule_code")
    lines = [list(row) for row in table.iter_rows()]
    whole = [f"all {len(lines)} rules", *(sum(line[n] for line in lines) for n in (1, 2, 3))]
    return [line for line in lines if line[1] != line[2] or line[3]] + [whole]


def by_libreoffice() -> list[list[Any]]:
    """What LibreOffice wrote: a line for each format and kind."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for extension, files in written(Path(folder)).items():
            for kind in dict.fromkeys(file.kind for file in files):
                ours = [file for file in files if file.kind == kind]
                whole = sum((compare(f.expected, judged(f.name, f.data, Path(folder))) for f in ours), Outcome())
                lines.append([extension, kind, len(ours), whole.due, len(whole.missed), _share(whole), len(whole.false), len(whole.silent)])
    return lines


@dataclass(frozen=True)
class Corpus:
    """What reading some files gave."""

    refused: dict[Path, str | None]  # the rule that refused each file, None where it was read
    unanswered: list[Path]
    seconds: float
    peak_mib: float  # of the largest reading process


def read_corpus(folder: Path) -> Corpus:
    """All files below a folder, read as a load reads them."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    peak = [0]
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(peak, stop))
    watcher.start()
    began = time.perf_counter()
    try:
        chunks = list(Readings([Source(n, f, f.name) for n, f in enumerate(files)], layout_of(SCHEMAS)))
    finally:
        stop.set()
        watcher.join()
    refused = {files[r.source.number]: r.refused for chunk in chunks for r in chunk.readings}
    return Corpus(refused, [f for f in files if f not in refused], time.perf_counter() - began, peak[0] / 2**20)


def corpus(read: Corpus) -> tuple[list[list[Any]], str]:
    """By kind of file how many were opened, and by which rule the others were refused."""
    by_kind: dict[str, Counter] = {}
    for file, rule in [*read.refused.items(), *((file, "no answer") for file in read.unanswered)]:
        by_kind.setdefault(file.suffix.lower() or "none", Counter())[rule] += 1
    lines = []
    for suffix, counts in sorted(by_kind.items(), key=lambda item: -item[1].total()):
        others = ", ".join(f"{rule} {count}" for rule, count in sorted(counts.items(), key=str) if rule not in OPENED)
        lines.append([suffix, counts.total(), sum(counts[o] for o in OPENED), others])
    count = len(read.refused) + len(read.unanswered)
    said = f"{count} files, {len(read.unanswered)} without an answer, {read.seconds:.1f} s, at most {read.peak_mib:.0f} MiB in a process."
    return lines, said


def _watch(peak: list[int], stop: threading.Event) -> None:
    """The largest of this process's children, at any time."""
    while not stop.wait(0.02):
        for child in psutil.Process().children(recursive=True):
            try:
                # Linux remembers a process's peak, which a look every now and then would miss
                status = Path(f"/proc/{child.pid}/status")
                highest = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
                peak[0] = max(peak[0], int(highest[1]) * 1024 if highest else child.memory_info().rss)
            except (psutil.Error, OSError):
                continue


# ── showing ──────────────────────────────────────────────────────────────────────────────────────────────────────

KIND = ["group", "kind of dirt", "files", "due", "missed", "recall", "false alarms", "silent errors"]
COUNTS = ["counted straight from cells", "published", "planted faults found", "false alarms", "differences"]
NEVER = (KIND[-1], COUNTS[-1])  # one of these, and the measurement ends with exit code 1
CITY = ["dataset", "submissions", "rows that are true", "rows read", "rows that differ", "findings"]
FAULTS = ["rule", "planted", "found", "false alarms"]
CORPUS = ["extension", "files", "opened", "refused, by rule"]


def show(title: str, header: list[str], lines: list[list[Any]]) -> None:
    table = Shown(title=title, title_justify="left", box=None, pad_edge=False)
    for n, name in enumerate(header):
        table.add_column(name, justify="right" if lines and isinstance(lines[0][n], int) else "left")
    for line in lines:
        table.add_row(*(str(cell) for cell in line))
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table)
    console.print()


def markdown(header: list[str], lines: list[list[Any]]) -> list[str]:
    ruler = ["---:" if lines and isinstance(lines[0][n], int) else "---" for n in range(len(header))]
    return ["| " + " | ".join(map(str, line)) + " |" for line in (header, ruler, *lines)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help="write docs/quality.md")
    options.add_argument("--files", type=int, default=20, help="files for each kind of dirt")
    options.add_argument("--kind", default="", help="one kind or one group only, with what was missed")
    chosen = options.parse_args()
    if chosen.kind:
        tables = {"Kinds of dirt": (KIND, kinds(chosen.files, chosen.kind, show=True))}
        show("Kinds of dirt", *tables["Kinds of dirt"])
        sys.exit(wrong(tables))
    tables = {
        "The sample city with faults, counted twice": (COUNTS, faulty_city()),
        "Kinds of dirt": (KIND, kinds(chosen.files)),
        "Forms that offices have": (own_forms.HEADER, own_forms.table(own_forms.all_of(1, range(FORMS * chosen.files)))),
        "The clean sample city": (CITY, clean_city()),
        "Planted faults that one file shows": (FAULTS, planted_faults()),
    }
    if SOFFICE:
        tables["Files that LibreOffice wrote"] = (["format", *KIND[1:]], by_libreoffice())
    said = "Not measured: PERSONNEL_SHARED_DATA is not set."
    if MESSY.exists():
        lines, said = corpus(read_corpus(MESSY))
        tables["Real files that broke readers"] = (CORPUS, lines)
    for title, (header, lines) in tables.items():
        show(title, header, lines)
    print(said)
    if chosen.write:
        (PROJECT / "docs" / "quality.md").write_text(report(tables, said, chosen.files), "utf-8")
    sys.exit(wrong(tables))


def wrong(tables: dict[str, tuple[list[str], list[list[Any]]]]) -> str | None:
    """What must not be at all, in a sentence."""
    counts = {(title, header[-1]): sum(line[-1] for line in lines) for title, (header, lines) in tables.items() if header[-1] in NEVER}
    return "; ".join(f"{title}: {count} {what}" for (title, what), count in counts.items() if count) or None


CASES_SAID = (
    f"{len(EXPECTED)} small submissions from public reports of people who do this work; `tests/test_cases.py` loads them all as one city, where "
    "they are at hand, and says of each what is in the figures and what is told. Each gives what an officer expects, or better, but for these, "
    "which are told:"
)


LIMITS = (
    "What stays unseen: in any kind of workbook a font that only a part of a cell's text has, a number's format that a condition decides, one "
    "that shows a number as nothing, as other words or in thousands, a row or a column that was made some dots small and not hidden, and rows "
    "that no writer wrote down and the sheet hides by default; in .xls and .xlsb also a formula without a value in a workbook that Excel or "
    "LibreOffice calculated once, as both write 0 or nothing there. A sheet that cannot be looked through is told (`sheet_looked_into`).",
    "Two files of one dataset, period and unit that come in one load, differ and are no parts of other units or courses are both refused and told "
    "(`one_file_per_dataset`), also where one "
    "has all rows of the other or is called a copy: “(1)” is as often the newer one, and two halves of a list look like two versions. A copy byte for "
    "byte is taken once, and a file that is refused for itself does not refuse the other. The same rows saved anew, or as another kind of file, differ.",
    "A list belongs to the unit in whose folder it lies: a letterhead that names another unit of the registry is not held against it. What a note says "
    "of a person (“đã mất”, “chuyển đi”) ends nothing: the columns of the end and its reason do.",
)


def exceptions() -> list[list[str]]:
    """Cases that are told where an officer expects that they are read."""
    return [[name, ", ".join(f"`{rule}`" for rule in sorted(case.told)), case.because] for name, case in EXPECTED.items() if case.because]


def by_hand(page: str) -> list[str]:
    """The section of the page that a person wrote, who read what survives."""
    found = re.search(rf"^{READ}\n.*?(?=^## )", page, re.DOTALL | re.MULTILINE)
    return found[0].strip().splitlines() if found else []


def report(tables: dict[str, tuple[list[str], list[list[Any]]]], corpus_said: str, files: int) -> str:
    words = {
        "The sample city with faults, counted twice": (
            "Ratings by year, system and level, disciplinary decisions by form, persons by year: once as published, once by "
            "`tests/independent_count.py`, which reads the raw files with openpyxl and csv and knows nothing of the project's code. It leaves "
            "out only what the warehouse itself says that it kept out. Beside it, of the faults planted in all versions of all rules, those found."
        ),
        "Kinds of dirt": (
            f"Up to {files} files of each kind, six rows each, drawn from a seed, each judged in one batch with a clean file. *Due* is every row, "
            "with every cell as it was meant, and every finding; a *false alarm* is a finding that is not due, or a row that is none; a *silent "
            "error* is a value that is not the true one, a row that is none or one that is gone, with no finding on its cell or row, or anything "
            "that changed of the clean file. `tests/dirt.py` is the list of kinds; `tests/test_dirt.py` asks the same of files that hypothesis makes."
        ),
        "Forms that offices have": (
            f"{FORMS * files} lists as offices print them, drawn from the grammar of `tests/form_grammar.py`, and among them lists that are none of ours "
            "(`tests/form_adversaries.py`), each asked of what `pipeline check` says without a registry. A line for each thing that forms have: of its "
            "forms how many came out as they should, people that were read, values that are as a person reads them, columns that were *read*, and "
            "those of the others that were *asked* about on their header; rows that are no people, errors where nothing is wrong, values that are "
            "wrong and told, and values that are wrong with no finding on their cell. `tests/own_forms.py --list` shows each of them."
        ),
        "The clean sample city": "All of its files, as `make demo` writes them. They have no fault, so a finding is a false alarm.",
        "Planted faults that one file shows": (
            "Of the small city with planted faults; a rule has a line of its own where it is not found whole. Faults that only several files "
            "show are counted above."
        ),
        "Files that LibreOffice wrote": "The same tables, written by LibreOffice in the formats that it writes.",
        "Real files that broke readers": (
            f"Files of other projects' tests that are not part of this one. {corpus_said} *Opened*: cells were read; whether a dataset of "
            "ours is in them is another question."
        ),
    }
    lines = ["# Quality of reading", "", "`make quality` measures; `.venv/bin/python tests/quality.py --write` puts the result here."]
    for title, (header, content) in tables.items():
        lines += ["", f"## {title}", "", words[title], "", *markdown(header, content)]
    lines += ["", "## Inputs that went wrong", "", CASES_SAID, "", *markdown(["case", "told", "why"], exceptions())]
    lines += ["", *section(json.loads(KEPT.read_text("utf-8")))]
    lines += ["", *by_hand((PROJECT / "docs" / "quality.md").read_text("utf-8"))]
    lines += ["", "## Limits", "", *(f"- {limit}" for limit in LIMITS)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
