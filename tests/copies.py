"""Copies of the project and of the small city, in which one thing at a time is tried, each in a process of its own, forked from one that has
imported all libraries and nothing of the project.

What does not belong here: what is changed in a copy (mutants.py), and what the answers mean (mutate.py).
"""

import importlib.util
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import warm
from mutants import Mutant

PROJECT = Path(__file__).resolve().parent.parent
OWN = {
    "PERSONNEL_AS_OF": "2027-02-01",
    "PERSONNEL_KEY": "5e" * 32,
}  # the first whole year of N11 has ended; keys are the same ones each time


class AtOnce:
    """The pool of readers without its processes: to start one takes longer than to read what a test sends."""

    active = True

    def __init__(self, _: int, *, initargs: tuple[Any], **__: Any):
        self.layout = initargs[0]

    def schedule(self, call: Callable[..., Any], args: list[Any], **_: Any) -> Future[Any]:
        sys.modules["pipeline.intake.workers"]._layout = self.layout
        future: Future[Any] = Future()
        try:
            future.set_result(call(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def stop(self) -> None:
        """Nothing runs."""

    join = stop


@dataclass(frozen=True)
class Place:
    """A copy of the project and of the small city; one mutant stands in it at a time."""

    root: Path

    @property
    def tree(self) -> Path:
        return self.root / "tree"

    @property
    def said(self) -> str:
        """What the last process printed."""
        return (self.root / "said").read_text("utf-8", errors="replace")

    @property
    def ran(self) -> Path:
        """What each test of a room runs (reached.py)."""
        return self.root / "ran"

    def told(self) -> dict[str, str]:
        """What each published table held, by its hash."""
        return json.loads((self.root / "told").read_text("utf-8"))

    def put(self, path: str, text: str) -> None:
        file = self.tree / path
        file.write_text(text, "utf-8")
        Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)  # the kept code of the others is trusted unseen

    def enter(self, is_changed: bool) -> None:
        """What a forked process does first: from here on the project is the copy."""
        with (self.root / "said").open("w") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        os.chdir(self.tree)
        sys.path[:] = [str(self.tree), str(self.tree / "tests"), *(p for p in sys.path if Path(p) not in (PROJECT, PROJECT / "tests"))]
        os.environ |= {"PYTHONPATH": os.pathsep.join(sys.path[:2]), "XDG_CACHE_HOME": str(self.root / "cache")}
        if is_changed:
            sys.dont_write_bytecode, os.environ["PYTHONDONTWRITEBYTECODE"] = True, "1"
        vars(sys.modules["__main__"]).pop("__file__", None)  # or each reader that is started would import this tool
        tempfile.tempdir = None

    def ask(self, tests: Sequence[str]) -> int:
        """Tests until one fails, without what only a crash would show: readers in processes of their own, and waiting for the disk."""
        return self._ask("-x", *tests)

    def trace(self, tests: Sequence[str], without: Sequence[str]) -> int:
        """What each of some tests runs, into `ran`; those that fail by themselves are an error."""
        from reached import Tracing

        return self._ask(*(f"--deselect={name}" for name in without), *tests, plugins=[Tracing(self.tree, self.ran)])

    def _ask(self, *options: str, plugins: Sequence[Any] = ()) -> int:
        import pytest

        if (self.tree / "pipeline" / "intake" / "workers.py").exists():
            from pipeline.intake import workers

            workers.ProcessPool = AtOnce
        os.sync, os.fsync = lambda: None, lambda _: None
        alone = ["-n", "0", "--tb=line", "-rfE", "-p", "no:cacheprovider", f"--basetemp={self.root / 'tmp'}"]
        return int(pytest.main([*alone, *options], plugins=plugins))

    def ask_dbt(self, path: str = "") -> int:
        """dbt's unit tests of a model, or of every model. They need tables for the types of their columns."""
        from dbt.contracts.graph.manifest import Manifest

        from pipeline.paths import Home
        from pipeline.warehouse import transform

        home = Home(self.root / "built")
        manifest = Manifest.from_msgpack((self.root / "parsed").read_bytes())
        manifest.build_flat_graph()
        os.environ |= transform._at_once(home)
        wanted = []
        if path:
            model = manifest.nodes[f"model.personnel.{Path(path).stem}"]
            model.raw_code = (self.tree / path).read_text("utf-8")
            wanted = ["--select", model.name]
        done = transform._invoke(home, "test", "--no-write-json", "--resource-type", "unit_test", *wanted, manifest=manifest)
        nodes = [r for r in getattr(done.result, "results", []) if r.node.resource_type == "unit_test"]
        bad = [f"FAILED {r.node.name} ({r.status})" for r in nodes if str(r.status) != "pass"]
        print("\n".join(bad or [f"{len(nodes)} passed", str(done.exception or "")]))
        return int(bool(bad) or not nodes)

    def publish(self) -> int:
        """Load the small city, and say what each published table holds."""
        city, told = self.root / "city", self.root / "told"
        told.unlink(missing_ok=True)
        shutil.rmtree(city, ignore_errors=True)
        shutil.copytree(self.root / "made", city)
        environment = os.environ | OWN | {"PERSONNEL_HOME": str(city)}
        if code := warm.run(
            {"command": ["load"], "environment": environment, "first": "", "out": self.root / "said", "err": self.root / "said"}
        ):
            return code
        from figures import digest, published

        from pipeline.paths import Home

        told.write_text(json.dumps({name: digest(table) for name, table in published(Home(city)).items()}), "utf-8")
        return 0

    def make(self) -> int:
        """The raw files of the small city with faults."""
        from figures import made

        from pipeline.paths import Home

        made(Home(self.root / "made"))
        return 0

    def build(self) -> int:
        """The tables of the loaded city, as dbt leaves them, and what dbt knows of the project."""
        from dbt.constants import PARTIAL_PARSE_FILE_NAME

        from pipeline import nightly
        from pipeline.ledger.records import read_loads
        from pipeline.paths import Home
        from pipeline.warehouse import transform

        os.environ |= OWN
        home = Home(self.root / "built")
        (self.root / "city").rename(home.root)
        load = read_loads(home)[-1]
        nightly.write_context(home, load, nightly.check_registry(home, load.registry))
        transform.build(home)
        shutil.copy(transform.parsed(home) / PARTIAL_PARSE_FILE_NAME, self.root / "parsed")
        return 0


@dataclass(frozen=True)
class Task:
    what: str
    run: Callable[[Place], int]
    limit: float = 3600
    mutant: Mutant | None = None
    before: dict[str, Any] | None = None  # what is known of the mutant already


After = Callable[[Task, Place, int | None, float], Iterable[Task]]


def drive(todo: deque[Task], places: list[Place], after: After) -> None:
    """One task in each place at a time. `after` is given its exit code, or None where its time was over, and may say what is next."""
    free, running = [*places], {}
    try:
        while todo or running:
            while todo and free:
                task, place = todo.popleft(), free.pop()
                if task.mutant:
                    place.put(task.mutant.path, task.mutant.of((PROJECT / task.mutant.path).read_text("utf-8")))
                running[_begin(task, place)] = task, place, time.monotonic()
            for pid, (task, place, began) in [*running.items()]:
                (ended, status), seconds = os.waitpid(pid, os.WNOHANG), time.monotonic() - began
                if ended or seconds > task.limit:
                    with suppress(ProcessLookupError):
                        os.killpg(pid, signal.SIGKILL)
                    if not ended:
                        os.waitpid(pid, 0)
                    del running[pid]
                    if task.mutant:
                        place.put(task.mutant.path, (PROJECT / task.mutant.path).read_text("utf-8"))
                    free.append(place)
                    todo.extendleft(after(task, place, os.waitstatus_to_exitcode(status) if ended else None, seconds))
            time.sleep(0.05)
    finally:
        for pid in running:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _begin(task: Task, place: Place) -> int:
    if pid := os.fork():
        return pid
    os.setsid()
    code = 70
    try:
        place.enter(bool(task.mutant))
        code = task.run(place)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
