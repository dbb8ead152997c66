"""A short `make mutate`: what is changed, that a test which notices it kills it, and that what nobody asks survives."""

import json
import subprocess
import sys
from pathlib import Path

import mutate
import pytest
from mutants import mutants, stands
from reached import Reached

from pipeline.schemas import SCHEMAS

CODE = '''
def is_adult(years: int = 18, known: bool = True) -> bool:
    """Whether somebody may vote."""
    return known and years >= 18


def waits(tries: int) -> int:
    return tries * 7


def months(days: int) -> int:
    return days + 30
'''
TESTS = """
from pipeline.small import is_adult

def test_whoever_is_eighteen_is_adult():
    assert is_adult(18, True) and is_adult() and not is_adult(17, True) and not is_adult(18, False)
"""
FIXTURE = """
import pytest
from functools import cache
from pipeline.small import waits

@pytest.fixture(scope="module")
def week():
    return waits(1)
"""
MORE = """
def test_of_the_fixture(week):
    assert week == 7

def test_also_of_the_fixture(week):
    assert week
"""
OTHERS = """
import subprocess, sys
from pipeline import kept

def test_first_of_what_is_kept():
    assert kept.long() == 31

def test_second_of_what_is_kept():
    assert kept.long()

def test_a_process_could_run_anything():
    subprocess.run([sys.executable, "-c", ""], check=True)
"""
KEPT = """
from functools import cache
from pipeline.small import months

@cache
def long():
    return months(1)
"""
TRACE = """
import sys
sys.path[:0] = [sys.argv[2], sys.argv[1]]
from pathlib import Path
import pytest
from reached import Tracing
folder = Path(sys.argv[2])
sys.exit(pytest.main(["-n", "0", "-p", "no:cacheprovider", *sys.argv[3:]], plugins=[Tracing(folder, folder.parent / "ran")]))
"""
# the tool as it is, with a project of one file, and a city of one table that says whether a week has seven days
RUN = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import copies, mutate, warm
folder = Path(sys.argv[2])
warm.IMPORTED = ()
copies.PROJECT = mutate.PROJECT = folder / "project"
mutate.ROOMS = {"room": mutate.Room(("pipeline/small.py",), ("test_small",))}
copies.Place.make = lambda place: 0
copies.Place.publish = lambda place: 0 * (place.root / "told").write_text('{"a": "%d"}' % ("tries * 7" in (place.tree / "pipeline" / "small.py").read_text()))
run = mutate.Run(folder / "answers", {"room": mutate.draw("room", 99, 1)}, folder / sys.argv[3], 1)
run.go()
(folder / "counted").write_text(mutate.json.dumps(run.counted(1)))
"""


def changes(path: str, text: str) -> set[tuple[str, str]]:
    return {(m.old, m.new) for m in mutants(path, text) if stands(m, text)}


def test_python_is_changed_where_it_decides_and_types_and_words_are_not() -> None:
    assert changes("a.py", CODE) == {
        ("18", "19"), ("18", "17"), ("True", "False"), ("known and years >= 18", "None"), ("and", "or"), (">=", ">"), ("7", "8"), ("7", "6"),
        ("tries * 7", "None"), ("30", "31"), ("30", "29"), ("days + 30", "None"),
    }  # fmt: skip
    assert changes("a.py", "x = [a.strip() for a in b if not a][1:n]\n") == {
        ("a.strip()", "a"), ("not a", "True"), ("not ", " "), ("1", "0"), ("1", "2"), ("n", "(n) + 1"),
    }  # fmt: skip
    ((vietnamese, *_),) = [mutants("a.py", 'x = "Đảng viên" in chữ\n')]
    assert vietnamese.of('x = "Đảng viên" in chữ\n') == 'x = "Đảng viên" not in chữ\n'


def test_models_are_changed_outside_jinja() -> None:
    text = "select 1 from {{ ref('a') }} as a left join b on a.x = b.x and {{ stands('a', 1) }}\nwhere a.y between 1 and n and a.z is not null -- and"
    assert changes("a.sql", text) == {
        ("1", "0"), ("1", "2"), ("left", "inner"), ("=", "<>"), ("and", "or"), ("and {{ stands('a', 1) }}", ""),
        ("a.y between 1 and n", "true"), ("is not", "is"), ("and a.z is not null", ""),
    }  # fmt: skip


def test_a_seed_draws_the_same_lines_of_every_room_each_time() -> None:
    for name in ("landing", "models"):
        drawn = mutate.draw(name, 12, 1)
        assert drawn == mutate.draw(name, 12, 1) != mutate.draw(name, 12, 2)
        assert len({(m.path, m.line) for m in drawn}) == 12


def test_every_dataset_is_changed() -> None:
    assert {*mutate.DATASETS} == {*SCHEMAS}


def test_every_file_and_test_of_a_room_is_there() -> None:
    for room in mutate.ROOMS.values():
        assert all([*mutate.PROJECT.glob(pattern)] for pattern in room.files)
        for name in room.without:
            file, test = name.split("::")
            assert f"def {test}(" in (mutate.PROJECT / "tests" / file).read_text("utf-8")
            assert file.removesuffix(".py") in room.tests


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "tests").mkdir(parents=True)
    (folder / "pipeline").mkdir()
    (folder / "pipeline" / "__init__.py").touch()
    (folder / "pipeline" / "small.py").write_text(CODE, "utf-8")
    (folder / "pipeline" / "kept.py").write_text(KEPT, "utf-8")
    (folder / "tests" / "test_small.py").write_text(TESTS, "utf-8")
    return folder


def test_what_a_test_notices_is_killed_what_none_does_survives_and_a_run_goes_on(project: Path) -> None:
    def run(folder: str) -> tuple[dict, list[dict]]:
        subprocess.run([sys.executable, "-c", RUN, str(Path(__file__).parent), str(project.parent), folder], check=True, timeout=300)
        answers = (project.parent / "answers").read_text("utf-8").splitlines()
        return json.loads((project.parent / "counted").read_text("utf-8")), [json.loads(line) for line in answers]

    counted, answers = run("first")
    results = {a["mutant"].split(": ")[0]: a["result"] for a in answers}
    assert results == {f"pipeline/small.py:{line}": "survived" if line == 12 else "killed" for line in (2, 4, 8, 12)}
    assert {a.get("by") for a in answers} == {"tests/test_small.py::test_whoever_is_eighteen_is_adult", mutate.APPROVED, None}
    assert counted["rooms"]["room"] | {"seconds": 0} == {
        "mutants": 4,
        "killed": 3,
        "by_figures": 1,
        "survived": 1,
        "in_part": 0,
        "seconds": 0,
    }
    (survivor,) = counted["survivors"]
    assert counted["minutes"] is not None
    assert run("again") == (counted | {"minutes": None}, answers)  # nothing is asked twice, and no time is said
    with (project / "tests" / "test_small.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef test_a_month_has_thirty_days():\n    from pipeline.small import months\n    assert months(2) == 32\n")
    counted, more = run("with a test")
    assert [a["mutant"] for a in more[len(answers) :]] == [survivor["mutant"]]  # a survivor, when tests changed
    assert counted["rooms"]["room"]["killed"] == 4 and not counted["survivors"]


def test_the_page_gets_the_section_once_and_before_its_limits() -> None:
    kept = {
        "day": "2026-01-02",
        "seed": 4,
        "rooms": {"reading": {"mutants": 9, "killed": 7, "by_figures": 1, "survived": 2, "in_part": 1, "seconds": 30}},
    }
    page = "# Quality\n\n## Kinds\n\nwords\n\n## Limits\n\n- one\n"
    once = mutate.put_into(page, mutate.section(kept))
    assert "| reading | 9 | 7 | 1 | 2 | 1 | 30 |\n\n## Limits\n\n- one\n" in once and "words\n\n## Changes" in once
    assert mutate.put_into(once, mutate.section(kept)) == once


def test_a_changed_line_is_asked_of_the_tests_that_run_it_and_outside_functions_of_all(project: Path) -> None:
    (project / "tests" / "conftest.py").write_text(FIXTURE, "utf-8")
    (project / "tests" / "test_more.py").write_text(MORE, "utf-8")
    (project / "tests" / "test_others.py").write_text(OTHERS, "utf-8")
    tests = [f"tests/test_{name}.py" for name in ("small", "more", "others")]
    run = [sys.executable, "-c", TRACE, str(Path(__file__).parent), str(project), *tests]
    subprocess.run(run, check=True, cwd=project, timeout=300)
    reached = Reached.read(project.parent / "ran")
    named = {t["test"].partition("::")[2]: t["test"] for t in reached.tests}

    def asked(old: str) -> set[str]:
        mutant = next(m for m in mutants("pipeline/small.py", CODE) if m.old == old)
        tests, seconds, unasked = reached.of(mutant, CODE)
        assert seconds > 0 and unasked == 0
        return {name for name, test in named.items() if test in tests}

    anything = {"test_a_process_could_run_anything"}
    assert asked("known and years >= 18") == anything | {"test_whoever_is_eighteen_is_adult"}
    assert asked("tries * 7") == anything | {"test_of_the_fixture", "test_also_of_the_fixture"}
    assert asked("days + 30") == anything | {"test_first_of_what_is_kept", "test_second_of_what_is_kept"}
    assert asked("18") == {*named}


def test_of_many_tests_the_quickest_are_asked_and_the_others_are_counted() -> None:
    every = [("tests/b.py::slow", 9.0), ("tests/b.py::quick", 1.0), ("tests/a.py::first", 0.5), ("tests/a.py::second", 0.25)]
    reached = Reached([{"test": name, "seconds": seconds, "uses": {}, "lines": {"pipeline/small.py": [12]}} for name, seconds in every])
    mutant = next(m for m in mutants("pipeline/small.py", CODE) if m.line == 12)
    assert reached.of(mutant, CODE) == (["tests/a.py::first", "tests/a.py::second", "tests/b.py::slow", "tests/b.py::quick"], 10.75, 0)
    assert reached.of(mutant, CODE, 2) == (["tests/a.py::first", "tests/a.py::second", "tests/b.py::quick"], 1.75, 1)
    assert reached.of(mutant, CODE, 0)[0] == ["tests/a.py::second"]  # one at least


def test_what_tests_share_is_counted_once_and_before_the_first_of_them() -> None:
    every = [("tests/a.py::first", 0.1, {"city": 20.0}), ("tests/a.py::second", 0.2, {"city": 20.0}), ("tests/b.py::alone", 2.0, {})]
    reached = Reached([{"test": name, "seconds": s, "uses": uses, "lines": {"pipeline/small.py": [12]}} for name, s, uses in every])
    mutant = next(m for m in mutants("pipeline/small.py", CODE) if m.line == 12)
    assert reached.of(mutant, CODE, 20) == (["tests/b.py::alone"], 2.0, 2)
    assert reached.of(mutant, CODE, 30) == (["tests/b.py::alone", "tests/a.py::first", "tests/a.py::second"], pytest.approx(22.3), 0)
