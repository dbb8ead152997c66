"""Which lines of the project each test runs, so that a change of one line is asked of the tests that run it and of no other.

Traced by coverage.py, once for a room's tests. What a fixture of a whole file or session runs is every test's of that file; a test that starts
processes could run anything, and a line outside functions is run before any test: of both nothing is left out.
What does not belong here: running the tests (copies.py), and what their answers mean (mutate.py).
"""

import ast
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage
from mutants import Mutant

ANYTHING = "*"  # in the place of lines: it could run all


class Tracing:
    """A plugin of pytest: what each test ran, and its seconds, as JSON in `into` when it ends."""

    def __init__(self, root: Path, into: Path):
        self.root, self.into = root, into
        self.coverage = Coverage(data_file=None, source=[str(root / "pipeline")], config_file=False)
        self.seconds: dict[str, float] = {}
        self.shared: dict[str, float] = {}  # what several tests use, and how long it takes to make, without what it is made of
        self.uses: dict[str, list[str]] = {}
        self.within: list[float] = []  # of what is being made: seconds of its parts
        self.starts_processes: set[str] = set()
        self.now = ""

    @pytest.hookimpl
    def pytest_runtestloop(self) -> None:
        self.coverage.start()
        begun = subprocess.Popen.__init__

        def begin(process: Any, *args: Any, **options: Any) -> None:
            self.starts_processes.add(self.now)
            begun(process, *args, **options)

        subprocess.Popen.__init__ = begin  # type: ignore[method-assign]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        _forget()
        self._run_by(item.nodeid)
        fixtures = item._fixtureinfo.name2fixturedefs.values()
        self.uses[item.nodeid] = [_name(some[-1]) for some in fixtures if some[-1].scope != "function"]
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        before, began = self.now, time.perf_counter()
        self._run_by(before.partition("::")[0])
        self.within.append(0)
        try:
            return (yield)
        finally:
            self._run_by(before)
            parts, whole = self.within.pop(), time.perf_counter() - began
            name = _name(fixturedef)
            self.shared[name] = self.shared.get(name, 0) + whole - parts
            if self.within:
                self.within[-1] += whole
            else:
                self.seconds[before] = self.seconds.get(before, 0) - whole  # whoever is first makes it for all

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        data = self.coverage.get_data()
        ran: dict[str, dict[str, list[int]]] = {}
        for file in data.measured_files():
            path = str(Path(file).relative_to(self.root))
            for line, names in data.contexts_by_lineno(file).items():
                for name in filter(None, names):
                    ran.setdefault(name, {}).setdefault(path, []).append(line)
        reached = [
            {
                "test": test,
                "seconds": seconds,
                "uses": {name: self.shared.get(name, 0) for name in self.uses[test]},
                "lines": ANYTHING if {test, test.partition("::")[0]} & self.starts_processes else _both(ran, test),
            }
            for test, seconds in self.seconds.items()
        ]
        self.into.write_text(json.dumps(reached), "utf-8")

    def _run_by(self, name: str) -> None:
        self.now = name
        self.coverage.switch_context(name)


def _name(fixture: Any) -> str:
    return f"{fixture.baseid}::{fixture.argname}"


def _both(ran: dict[str, dict[str, list[int]]], test: str) -> dict[str, list[int]]:
    own, shared = ran.get(test, {}), ran.get(test.partition("::")[0], {})
    return {path: sorted({*own.get(path, ()), *shared.get(path, ())}) for path in own.keys() | shared.keys()}


def _forget() -> None:
    """What functions keep of earlier calls, or only the first test that needs it would run them."""
    for name, module in [*sys.modules.items()]:
        if name.startswith("pipeline"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear") and getattr(value, "__module__", "").startswith("pipeline"):
                    value.cache_clear()


@dataclass(frozen=True)
class Reached:
    """What a room's tests run, in the order in which they ran."""

    tests: list[dict[str, Any]]

    @classmethod
    def read(cls, file: Path) -> "Reached":
        return cls(json.loads(file.read_text("utf-8")))

    def of(self, mutant: Mutant, text: str, most: float = inf) -> tuple[list[str], float, int]:
        """The tests that run a mutant's line, the quickest ones whose seconds are no more than `most`, with what they use and share, files of few seconds
        first; their seconds, and how many tests were left out."""
        lines = _around(mutant, text)
        some = [t for t in self.tests if lines is None or t["lines"] == ANYTHING or not lines.isdisjoint(t["lines"].get(mutant.path, ()))]
        seconds, chosen = 0.0, set()
        files: dict[str, float] = {}
        made: set[str] = set()
        for test in sorted(some, key=lambda t: t["seconds"] + sum(t["uses"].values())):
            more = test["seconds"] + sum(own for name, own in test["uses"].items() if name not in made)
            if chosen and seconds + more > most:
                continue
            chosen.add(test["test"])
            made |= test["uses"].keys()
            seconds += more
            files[_file(test)] = files.get(_file(test), 0) + more
        asked = [t for t in some if t["test"] in chosen]  # in the order in which they ran: those of a file share what it makes
        return [t["test"] for t in sorted(asked, key=lambda t: files[_file(t)])], seconds, len(some) - len(asked)


def _file(test: dict[str, Any]) -> str:
    return test["test"].partition("::")[0]


def _around(mutant: Mutant, text: str) -> set[int] | None:
    """The lines of the smallest statement that holds a mutant; None outside of functions, where a line is run before any test."""
    last = mutant.line + mutant.old.count("\n")
    found: ast.stmt | None = None
    function = False

    def look(node: ast.AST, inside: bool) -> None:
        nonlocal found, function
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt) and child.lineno <= mutant.line and last <= (child.end_lineno or child.lineno):
                found, function = child, inside
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                look(child, inside or mutant.line >= child.body[0].lineno)
            else:
                look(child, inside)

    look(ast.parse(text), False)
    if found is None or not function:
        return None
    body = getattr(found, "body", None)
    end = body[0].lineno - 1 if isinstance(body, list) and body[0].lineno > found.lineno else found.end_lineno or found.lineno
    return set(range(found.lineno, max(end, last) + 1))
