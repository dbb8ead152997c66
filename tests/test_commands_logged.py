"""Every command of the program: whether it stands in the log of look-ups, and why."""

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import City, load, member, number, pipeline, rating, ratings, roster

from pipeline import keeping
from pipeline.cli import app
from pipeline.ledger import lookups
from pipeline.ledger.archive import blob
from pipeline.ledger.records import read_loads
from pipeline.paths import Home

NAME = "Nguyễn Thị Canh Yến"
SENT, OWN = f"2021/Q01.003/{NAME}.csv", f"2021/Q01.002/Xếp loại {NAME}.csv"


class Stated(NamedTuple):
    """A command as it is asked here: the lines that it leaves, whether it shows the name that a file bears, and why it is so."""

    command: list[str]
    lines: list[str]
    shows: bool
    why: str
    first: str = ""  # run before it


COMMANDS = {
    "status": Stated(["status"], ["status"], True, "refused files and lost ones stand there by their names"),
    "findings": Stated(["findings", "Q01.003"], ["findings"], True, "a unit's files by name, and the values of faulty cells"),
    "verify": Stated(["verify"], ["verify"], True, "damages name the files that rest on them"),
    "backup": Stated(["backup", "{away}/new"], ["backup"], True, "what could not be copied is named"),
    "restore": Stated(["restore", "{away}/backup"], ["restore"], True, "what did not come back is named; the log came back before"),
    "erase": Stated(["erase", "{hash}", "--why", "gửi nhầm"], ["erase"], True, "whose file it was is named"),
    "catalogue": Stated(["catalogue"], ["catalogue"], True, "a word of a course may be anybody's name, in the wrong column"),
    "who": Stated(["who", "0" * 32, "--why", "đối chiếu"], ["who"], False, "logged where it is looked up, before anything is opened"),
    "analyst": Stated(["analyst", "--why", "tính tuổi"], ["analyst"], False, "logged before the copy is made"),
    "export": Stated(
        ["export", "{away}/out", "--public", "--why", "gửi báo"],
        ["export"],
        False,
        "logged before a file is written; the screen has counts",
    ),
    "report": Stated(
        ["report", "2021", "--format", "pdf", "--to", "{away}/reports"],
        ["report"],
        False,
        "logged before a file is written; it bears who signs, and counts of few people",
    ),
    "template": Stated(["template", "--unit", "Q01.002", "--period", "2021"], ["template"], False, "logged before the workbook is written"),
    "receipts": Stated(
        ["receipts"], ["receipts"], False, "the answers hold people and are logged where they are written; the screen has counts"
    ),
    "load": Stated(["load"], ["receipts"], False, "names files by the ledger's line, for timers keep what it says; its answers are logged"),
    "check": Stated(
        ["check", "{raw}/" + SENT, "--unit", "."], [], True, "whoever holds the file is shown what is in it; nothing else is opened"
    ),
    "form": Stated(["form"], ["form"], True, "headers of any unit's file; a proposal is logged before it is written"),
    "sql": Stated(["sql", "-c", "SELECT 1"], [], False, "what is published names nobody, and any analyst's client reads it unasked"),
    "metric": Stated(["metric"], [], False, "figures of what is published, which names nobody"),
    "publish": Stated(
        ["publish", "--roles", "--to", "postgresql://db/personnel"],
        [],
        False,
        "units of the registry; what is copied is published, and names nobody",
    ),
    "pages": Stated(["pages"], [], False, "pages of what is published, which names nobody"),
    "notify": Stated(
        ["notify"],
        [],
        False,
        "whether a notice of a load went out: of an address the machine alone",
        "import os; os.environ['PERSONNEL_NOTICE_WEBHOOK'] = 'http://127.0.0.1:1/x'",
    ),
    "demo": Stated(["demo"], [], False, "figures of a city that nobody lives in; it is made nowhere else"),
    "ui": Stated(["ui"], [], False, "Dagster's history has counts alone", "import os; os.execv = lambda *_: None"),
}
SHOWN = [name for name, stated in COMMANDS.items() if stated.shows and stated.lines]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Files that bear somebody's name: one that was refused, of which the archive lost the bytes since, and one with a header of its own."""
    city = City(tmp_path_factory.mktemp("loaded") / "data")
    city.put(SENT, b"x")
    own = ratings([rating(n) for n in range(1, 4)], title=False)
    city.put(OWN, [[*own[0], f"Cột của {NAME}"], *([*row, "x"] for row in own[1:])])
    city.put("2021/Q01.002/Nhân sự.csv", roster([member(n) for n in range(1, 4)]))
    course = ["Họ và tên", "Số CCCD", "Chương trình", "Loại chương trình", "Từ ngày"]
    city.put("2021/Q01.002/Đào tạo.csv", [course, ["Nguyễn Văn B", number(1), f"Lớp của {NAME}", "Quốc phòng", "01/04/2021"]])
    load(city.home)
    keeping.back_up(city.home, city.home.root.parent / "whole")
    data = bytearray(_lost(city.home).read_bytes())
    data[-1] ^= 1
    _lost(city.home).write_bytes(data)
    keeping.back_up(city.home, city.home.root.parent / "backup")
    return city.home


def _hash(home: Home) -> str:
    return next(line.content_hash for line in read_loads(home)[0].lines if line.path == SENT)


def _lost(home: Home) -> Path:
    return blob(home, _hash(home))


@pytest.fixture
def own(loaded: Home, tmp_path: Path) -> Home:
    for folder in (loaded.root, loaded.root.parent / "backup"):
        shutil.copytree(folder, tmp_path / folder.name, symlinks=True)
    return Home(tmp_path / loaded.root.name)


def entries(home: Home) -> list[dict]:
    return [json.loads(line) for line in home.lookups.read_text("utf-8").splitlines()] if home.lookups.exists() else []


def asked(home: Home, stated: Stated, first: str = "") -> tuple[list[dict], str]:
    """Run a command as it is stated; gives the lines that it left in the log, and what it said."""
    away = home.root.parent
    words = [part.format(away=away, hash=_hash(home), raw=home.raw) for part in stated.command]
    before = entries(home)
    if stated.command[0] == "restore":
        home = Home(away / "other machine")
    if stated.command[0] == "load":  # the answers are to be given again
        home.answered.unlink()
        shutil.rmtree(home.outbox / "2021")
    done = pipeline(home, *words, first=f"{stated.first}\n{first}", XDG_CACHE_HOME=str(away / "cache"))
    assert "Traceback" not in done.stderr, done.stderr
    after = entries(home)
    assert after[: len(before)] == before and (not home.lookups.exists() or lookups.check_log(home).broken_at is None)
    return after[len(before) :], done.stdout + done.stderr


def test_every_command_is_stated_here() -> None:
    assert {command.name or command.callback.__name__ for command in app.registered_commands} == set(COMMANDS)
    assert all(stated.why for stated in COMMANDS.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_logged_as_it_is_stated(name: str, own: Home) -> None:
    stated = COMMANDS[name]
    lines, said = asked(own, stated)
    assert [line["what"] for line in lines] == stated.lines, said
    assert all(line["by"] and line["at"] for line in lines) and NAME not in json.dumps(lines, ensure_ascii=False)
    assert (NAME in " ".join(said.split())) == stated.shows, said


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_is_shown_where_the_log_cannot_be_written(name: str, own: Home) -> None:
    full = "from pipeline.ledger import lookups\ndef full(*_): raise OSError(28, 'No space left on device')\nlookups._append = full"
    lines, said = asked(own, COMMANDS[name], full)
    assert lines == [] and NAME not in said and "cannot be written" in said


def test_lines_say_what_was_asked_for(own: Home) -> None:
    folder = str(own.root.parent / "new")
    for name, about in (("findings", {"unit": "Q01.003"}), ("backup", {"folder": folder}), ("erase", {"why": "gửi nhầm"})):
        ((line,), _) = asked(own, COMMANDS[name])
        assert line.items() >= about.items() and _hash_free(line, own)


def _hash_free(line: dict, home: Home) -> bool:
    """A short file can be guessed from its hash."""
    return all(one.content_hash not in json.dumps({k: v for k, v in line.items() if k != "before"}) for one in read_loads(home)[0].lines)


def test_a_look_that_names_nobody_is_no_line(own: Home, loaded: Home) -> None:
    """Timers ask every week: a log full of them would hide the others."""
    shutil.copytree(loaded.root.parent / "whole", own.root.parent / "whole")
    for command in (["verify", "--from", str(own.root.parent / "whole")], ["verify"], ["backup", str(own.root.parent / "new")]):
        before = entries(own)
        done = pipeline(own, *command)
        assert done.returncode == 0 and entries(own) == before, done.stderr


def test_a_command_that_is_asked_where_nothing_is_makes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "nowhere")
    for command in (["status"], ["findings", "Q01.001"], ["verify"]):
        assert "Traceback" not in pipeline(home, *command).stderr
        assert not home.archive.exists()
