"""`make mutate`: does a test notice when code is changed? Printed and, with `--write`, put into docs/quality.md.

Mutants (mutants.py) are drawn by a seed, so many lines of each room, and each is asked of those of its room's tests that run its line
(reached.py), the quickest first and for so many seconds, until one fails; a model's of dbt's unit tests of that model. Whatever these let pass loads the small city with faults, last of
all, and is held against what was approved of it (figures.py). Answers are kept in a file while they come, so that a run that was ended goes
on; a mutant is asked anew when its file changed, a survivor when tests of its room did.
What does not belong here: what a mutant is (mutants.py), and the copies in which they are tried (copies.py).
"""

import argparse
import compileall
import datetime as dt
import gc
import hashlib
import importlib
import json
import os
import re
import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import islice, zip_longest
from pathlib import Path
from py_compile import PycInvalidationMode
from random import Random
from typing import Any

import warm
from copies import PROJECT, Place, Task, drive
from mutants import Mutant, mutants, stands
from reached import Reached

KEPT, PAGE, TITLE = PROJECT / "tests" / "mutate.json", PROJECT / "docs" / "quality.md", "## Changes that tests notice"
READ = "## What survives, read"  # a person wrote it
APPROVED = "tests/test_city.py::test_what_is_published_is_what_was_approved"
MOST = 30  # seconds, as measured while traced, of tests that a mutant is asked of: all that run its line may take minutes, and the quickest kill nearly all
LEFT_OUT = (".git", ".venv", "data", "target", "logs", ".hypothesis", ".*_cache", "*.egg-info")
# modules of datasets; read and not imported, for what was imported here would not be changed in a copy
DATASETS = re.findall(
    r"^from pipeline\.schemas\.(\w+) import", (PROJECT / "pipeline" / "schemas" / "__init__.py").read_text("utf-8"), re.MULTILINE
)


@dataclass(frozen=True)
class Room:
    files: tuple[str, ...]
    tests: tuple[str, ...] = ()  # the quickest first; none: dbt's unit tests
    without: tuple[str, ...] = ()  # those that last longer than all others and load whole cities or wait


ROOMS = {
    "reading": Room(
        (
            *(
                f"pipeline/intake/{name}.py"
                for name in (
                    "above", "cells", "classifier", "columns", "counted", "course_lists", "delimited", "details", "files", "groups",
                    "header_others", "header_rows", "header_search", "header_spans", "header_texts", "header_trees", "headers", "kinds",
                    "layout", "legends", "letterheads", "level_columns", "level_headers", "level_notes", "level_sections", "likeness",
                    "other_matters", "own_titles", "persons", "punished", "purposes", "readings", "remarks", "roster_words", "rows",
                    "said_elsewhere", "section_codes", "sections", "sheets", "shown_cells", "spreadsheets", "steps", "surroundings",
                    "tables", "undone", "units", "untitled", "who_left",
                )
            ),
            "pipeline/ledger/find.py", "pipeline/titles.py", "pipeline/spoken_lists.py", "pipeline/values.py", "pipeline/names_and_numbers.py",
        ),
        (
            "test_values", "test_old_kinds", "test_lost_rows", "test_shown", "test_groups", "test_lists", "test_contents", "test_read_again",
            "test_layout", "test_intake", "test_words", "test_proposals", "test_steps", "test_sections_say", "test_own_titles", "test_titles",
            "test_notes_and_feet", "test_said_besides", "test_level_columns", "test_punished", "test_course_lists", "test_untitled",
        ),
        ("test_intake.py::test_a_file_that_kills_its_reader_refuses_itself_and_nothing_else",),
    ),
    "judging": Room(
        (
            "pipeline/judging/*.py", "pipeline/warehouse/people.py", "pipeline/law.py", "pipeline/schemas/columns.py", "pipeline/schemas/days.py",
            *(f"pipeline/schemas/{name}.py" for name in DATASETS),
        ),
        (
            "test_schemas", "test_law_rules", "test_days_of_rules", "test_values", "test_persons", "test_rule_book", "test_set_aside",
            "test_lists", "test_recount", "test_contents", "test_layout", "test_proposals", "test_registry",
        ),
        (
            "test_law_rules.py::test_a_cap_counts_who_rated_and_not_where_somebody_stands_when_the_year_ends",
            "test_persons.py::test_one_number_with_two_people_is_told_wherever_they_stand",
            "test_rule_book.py::test_a_law_that_changes_is_one_row_and_one_load_and_old_years_keep_their_findings",
            "test_set_aside.py::test_unknown_values_are_counted_told_and_change_no_other_figure",
            "test_set_aside.py::test_an_event_after_the_load_that_first_saw_it_is_told_and_kept",
            "test_recount.py::test_the_load_stops_and_yesterday_stays",
        ),
    ),
    "landing": Room(
        (
            "pipeline/warehouse/landing*.py", "pipeline/nightly/*.py", "pipeline/whole.py",
            *(f"pipeline/ledger/{name}.py" for name in ("archive", "records", "tombstones", "sealing")),
        ),
        ("test_registry", "test_landing", "test_ledger", "test_sealed", "test_archive"),
        (
            "test_sealed.py::test_nothing_at_rest_holds_an_identity_in_clear",
            "test_sealed.py::test_what_a_load_had_open_is_cleared_away_whether_it_ends_well_or_not",
            "test_archive.py::test_an_erased_file_was_never_there",
            "test_archive.py::test_a_backup_beside_a_running_load_comes_back_with_the_same_tables",
            "test_archive.py::test_figures_that_rest_on_a_lost_version_never_vanish_and_come_back_from_the_backup",
            "test_archive.py::test_a_whole_archive_is_looked_through_and_the_time_is_printed",
        ),
    ),
    "models": Room(("dbt_project/models/record/*.sql", "dbt_project/models/rules/*.sql")),
}  # fmt: skip


def files_of(name: str) -> list[Path]:
    return [file for pattern in ROOMS[name].files for file in sorted(PROJECT.glob(pattern))]


def draw(name: str, count: int, seed: int) -> list[Mutant]:
    """So many lines of a room in an order that the seed says, and of each one change."""
    texts = {str(file.relative_to(PROJECT)): file.read_text("utf-8") for file in files_of(name)}
    lines: dict[tuple[str, int], list[Mutant]] = {}
    for mutant in (m for path, text in texts.items() for m in mutants(path, text)):
        lines.setdefault((mutant.path, mutant.line), []).append(mutant)
    rng = Random(f"{seed}/{name}")
    drawn = (rng.choice(lines[line]) for line in rng.sample(sorted(lines), len(lines)))
    return list(islice((m for m in drawn if stands(m, texts[m.path])), count))


class Run:
    """One run's answers, on disk after each mutant."""

    def __init__(self, file: Path, wanted: dict[str, list[Mutant]], folder: Path, jobs: int, most: float = MOST):
        self.file, self.wanted, self.most = file, wanted, most
        self.places = [Place(folder / str(n)) for n in range(jobs)]
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        self.answers = {(a["mutant"], a["place"], a["code"]): a for a in map(json.loads, lines)}
        self.codes = {m.path: _hash([m.path]) for some in wanted.values() for m in some}
        self.tests = {name: _hash([f"tests/{test}.py" for test in ROOMS[name].tests] or ["dbt_project/models/**/*.yml"]) for name in wanted}
        self.limits: dict[str, float] = {}
        self.published: dict[str, str] = {}
        self.reached: dict[str, Reached] = {}
        self.unasked: dict[Mutant, int] = {}  # tests that run its line and take too long
        self.minutes: float | None = None  # of a run that asked of every mutant

    def answer(self, name: str, mutant: Mutant) -> dict[str, Any] | None:
        said = self.answers.get((str(mutant), mutant.start, self.codes[mutant.path]))
        return said if said and (said["result"] != "survived" or said["tests"] == self.tests[name]) else None

    def go(self) -> None:
        todo = {name: [m for m in some if not self.answer(name, m)] for name, some in self.wanted.items()}
        began = time.monotonic()
        if any(todo.values()):
            self._prepare([name for name, some in todo.items() if some])
            turns = zip_longest(
                *([self._task(name, m) for m in some] for name, some in todo.items())
            )  # of every room, whenever it is ended
            drive(deque(task for turn in turns for task in turn if task), self.places, self._after)
        if todo == self.wanted:
            self.minutes = round((time.monotonic() - began) / 60, 1)

    def _prepare(self, names: list[str]) -> None:
        """Everything unmutated: that tests pass, how long they take, what is published. Then as many copies as are wanted."""
        first = self.places[0]
        shutil.copytree(PROJECT, first.tree, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for part in ("pipeline", "tests"):
            compileall.compile_dir(first.tree / part, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
        for module in (*warm.IMPORTED, "pytest", "hypothesis", "sqlglot"):
            if not module.startswith("pipeline"):
                importlib.import_module(module)
        gc.freeze()  # what was imported stays: no process looks through it again
        assert threading.active_count() == 1  # a fork of a process with threads can hang
        tasks = [Task("make", Place.make), Task("publish", Place.publish), *([Task("build", Place.build)] if "models" in names else [])]
        drive(deque(tasks), [first], self._unmutated)
        for place in self.places[1:]:
            shutil.copytree(first.root, place.root, symlinks=True)
        drive(deque(Task(name, self._unchanged(name)) for name in names), self.places, self._unmutated)

    def _unmutated(self, task: Task, place: Place, code: int | None, seconds: float) -> Iterable[Task]:
        print(f"unmutated: {task.what} {seconds:.0f} s", flush=True)
        if code:
            raise SystemExit(f"{task.what} fails unmutated:\n{place.said}")
        self.limits[task.what] = max(3 * seconds, 30)
        if task.what == "publish":
            self.published = place.told()
        elif task.what in ROOMS and ROOMS[task.what].tests:
            self.reached[task.what] = Reached.read(place.ran)
        return ()

    def _unchanged(self, name: str) -> Any:
        room = ROOMS[name]
        if not room.tests:
            return Place.ask_dbt
        own = [str(file.relative_to(PROJECT)) for file in files_of(name)]  # what docstrings show is a test too
        return partial(
            Place.trace, tests=[*own, *(f"tests/{test}.py" for test in room.tests)], without=[f"tests/{test}" for test in room.without]
        )

    def _task(self, name: str, mutant: Mutant) -> Task:
        if not ROOMS[name].tests:
            return Task(name, partial(Place.ask_dbt, path=mutant.path), self.limits[name], mutant)
        text = (PROJECT / mutant.path).read_text("utf-8")
        tests, seconds, self.unasked[mutant] = self.reached[name].of(mutant, text, self.most)
        return Task(name, partial(Place.ask, tests=tests), max(3 * seconds, 30), mutant)

    def _after(self, task: Task, place: Place, code: int | None, seconds: float) -> Iterable[Task]:
        mutant = task.mutant
        said = {"room": task.what, "mutant": str(mutant), "place": mutant.start, "code": self.codes[mutant.path], "seconds": round(seconds)}
        if task.before is not None:
            said = task.before
            if changes := _changed(self.published, place.told() if code == 0 else {}):
                said |= {"result": "killed", "by": APPROVED, "changes": changes}
        elif code == 0:
            said |= {"result": "survived", "tests": self.tests[task.what], "unasked": self.unasked.get(mutant, 0)}
            return [Task(task.what, Place.publish, self.limits["publish"], mutant, said)]
        else:
            by = re.search(r"^(?:FAILED|ERROR) (\S+)", place.said, re.MULTILINE)
            said |= {"result": "killed", "by": "time" if code is None else by[1] if by else f"exit code {code}"}
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(said, ensure_ascii=False) + "\n")
        self.answers[said["mutant"], said["place"], said["code"]] = said
        print(f"{said['room']}: {said['mutant']}: {said['result']}", said.get("by", ""), *said.get("changes", []), flush=True)
        return ()

    def counted(self, seed: int) -> dict[str, Any]:
        """What is kept of a run: counts of each room, and every survivor."""
        rooms, survivors = {}, []
        for name, some in self.wanted.items():
            answers = [a for m in some if (a := self.answer(name, m))]
            left = [a for a in answers if a["result"] == "survived"]
            counts = {
                "mutants": len(answers),
                "killed": len(answers) - len(left),
                "by_figures": sum(a.get("by") == APPROVED for a in answers),
            }
            in_part = sum(a.get("unasked", 0) > 0 for a in left)
            rooms[name] = counts | {"survived": len(left), "in_part": in_part, "seconds": round(sum(a["seconds"] for a in answers))}
            survivors += [{"room": name, "mutant": a["mutant"]} for a in left]
        return {
            "day": dt.date.today().isoformat(),
            "seed": seed,
            "most": self.most,
            "minutes": self.minutes,
            "rooms": rooms,
            "survivors": survivors,
        }


def _hash(patterns: list[str]) -> str:
    return hashlib.sha256(b"".join(f.read_bytes() for pattern in patterns for f in sorted(PROJECT.glob(pattern)))).hexdigest()[:16]


def _changed(base: dict[str, str], other: dict[str, str]) -> list[str]:
    return [name for name in base if base[name] != other.get(name)] if other else ["nothing is published"]


def section(kept: dict[str, Any]) -> list[str]:
    """What docs/quality.md says of a run."""
    most = kept.get("most")
    bound = (
        f" that run the line, the quickest first and {most:g} seconds of them at most (*asked in part*: others would take longer)"
        if most
        else ""
    )
    lasted = f" All of it took {minutes:g} minutes on {os.cpu_count()} cores." if (minutes := kept.get("minutes")) else ""
    heads = [HEADS[name] for name in next(iter(kept["rooms"].values()))]
    return [
        TITLE,
        "",
        f"`make mutate` draws lines of each room by a seed ({kept['seed']}, on {kept['day']}), changes one thing on each, and asks the room's tests{bound}: a "
        "comparison, “and” for “or”, a number by one, a condition that always or never holds, a call or a part of a condition left out. Whatever they "
        "let pass loads the small city with faults, and is *killed by figures* where a published table is not as it was approved "
        "(tests/figures.csv). *Survived*: no test failed, and nothing that is published changed. tests/mutate.json names the survivors."
        f"{lasted}",
        "",
        f"| room | {' | '.join(heads)} |",
        f"| --- |{' ---: |' * len(heads)}",
        *(f"| {name} | {' | '.join(f'{n}' for n in room.values())} |" for name, room in kept["rooms"].items()),
    ]


HEADS = {
    "mutants": "mutants", "killed": "killed", "by_figures": "of them by figures alone", "survived": "survived",
    "in_part": "of them asked in part", "seconds": "seconds",
}  # fmt: skip


def put_into(page: str, lines: list[str]) -> str:
    """The page with the section as it is now, before what a person says of it, or before the page's limits."""
    anchor = next(title for title in (f"{READ}\n", "## Limits\n") if title in page)
    without = re.sub(rf"{re.escape(TITLE)}\n.*?(?=^## )", "", page, flags=re.DOTALL | re.MULTILINE)
    return without.replace(anchor, "\n".join([*lines, "", anchor]))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=100, help="mutants of each room of Python")
    options.add_argument("--models", type=int, default=60, help="mutants of models")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--room", choices=ROOMS, help="this room only")
    options.add_argument("--seconds", type=float, default=MOST, help="of tests that a mutant is asked of")
    options.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes at a time")
    options.add_argument("--run", type=Path, default=Path(tempfile.gettempdir()) / "mutate.jsonl", help="where answers are kept")
    options.add_argument("--kept", action="store_true", help="count the answers so far and ask nothing")
    options.add_argument("--write", action="store_true", help="write tests/mutate.json and docs/quality.md")
    chosen = options.parse_args()
    names = [chosen.room] if chosen.room else list(ROOMS)
    wanted = {name: draw(name, chosen.count if ROOMS[name].tests else chosen.models, chosen.seed) for name in names}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # what a process that was ended wrote last
        run = Run(chosen.run, wanted, Path(folder), chosen.jobs, chosen.seconds)
        if not chosen.kept:
            run.go()
    kept = run.counted(chosen.seed)
    for survivor in kept["survivors"]:
        print(f"survived in {survivor['room']}: {survivor['mutant']}")
    print("\n".join(section(kept)[4:]))
    if chosen.write:
        KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
        PAGE.write_text(put_into(PAGE.read_text("utf-8"), section(kept)), "utf-8")


if __name__ == "__main__":
    main()
