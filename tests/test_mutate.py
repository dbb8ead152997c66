"""A short `make mutate`: what is changed, that a test which notices it kills it, and that what nobody asks survives."""

import json
import subprocess
import sys
from pathlib import Path

import mutate
import pytest
from mutants import mutants, stands

CODE = '''
def is_adult(years: int = 18, known: bool = True) -> bool:
    """Whether somebody may vote."""
    return known and years >= 18


def waits(tries: int) -> int:
    return tries * 7
'''
TESTS = """
from small import is_adult

def test_whoever_is_eighteen_is_adult():
    assert is_adult(18, True) and is_adult() and not is_adult(17, True) and not is_adult(18, False)
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
mutate.ROOMS = {"room": mutate.Room(("small.py",), ("test_small",))}
copies.Place.make = lambda place: 0
copies.Place.publish = lambda place: 0 * (place.root / "told").write_text('{"a": "%d"}' % ("tries * 7" in (place.tree / "small.py").read_text()))
run = mutate.Run(folder / "answers", {"room": mutate.draw("room", 99, 1)}, folder / sys.argv[3], 1)
run.go()
(folder / "counted").write_text(mutate.json.dumps(run.counted(1)))
"""


def changes(path: str, text: str) -> set[tuple[str, str]]:
    return {(m.old, m.new) for m in mutants(path, text) if stands(m, text)}


def test_python_is_changed_where_it_decides_and_types_and_words_are_not() -> None:
    assert changes("a.py", CODE) == {
        ("18", "19"), ("18", "17"), ("True", "False"), ("known and years >= 18", "None"), ("and", "or"), (">=", ">"), ("7", "8"), ("7", "6"),
        ("tries * 7", "None"),
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
    (folder / "small.py").write_text(CODE, "utf-8")
    (folder / "tests" / "test_small.py").write_text(TESTS, "utf-8")
    return folder


def test_what_a_test_notices_is_killed_what_none_does_survives_and_a_run_goes_on(project: Path) -> None:
    def run(folder: str) -> tuple[dict, list[dict]]:
        subprocess.run([sys.executable, "-c", RUN, str(Path(__file__).parent), str(project.parent), folder], check=True, timeout=300)
        answers = (project.parent / "answers").read_text("utf-8").splitlines()
        return json.loads((project.parent / "counted").read_text("utf-8")), [json.loads(line) for line in answers]

    counted, answers = run("first")
    results = {a["mutant"].split(": ")[0]: a["result"] for a in answers}
    assert results == {"small.py:2": "killed", "small.py:4": "killed", "small.py:8": "survived"}
    assert {a.get("by") for a in answers} == {"tests/test_small.py::test_whoever_is_eighteen_is_adult", None}
    assert counted["rooms"]["room"] | {"seconds": 0} == {"mutants": 3, "killed": 2, "survived": 1, "changing": 1, "seconds": 0}
    (survivor,) = counted["survivors"]
    assert survivor["changes"] == ["a"]
    assert run("again") == (counted, answers)  # nothing is asked twice
    with (project / "tests" / "test_small.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef test_waits_are_weeks():\n    from small import waits\n    assert waits(2) == 14\n")
    counted, more = run("with a test")
    assert [a["mutant"] for a in more[len(answers) :]] == [survivor["mutant"]]  # a survivor, when tests changed
    assert counted["rooms"]["room"]["killed"] == 3 and not counted["survivors"]


def test_the_page_gets_the_section_once_and_before_its_limits() -> None:
    kept = {"day": "2026-01-02", "seed": 4, "rooms": {"reading": {"mutants": 9, "killed": 7, "survived": 2, "changing": 1, "seconds": 30}}}
    page = "# Quality\n\n## Kinds\n\nwords\n\n## Limits\n\n- one\n"
    once = mutate.put_into(page, mutate.section(kept))
    assert "| reading | 9 | 7 | 2 | 1 | 30 |\n\n## Limits\n\n- one\n" in once and "words\n\n## Changes" in once
    assert mutate.put_into(once, mutate.section(kept)) == once
