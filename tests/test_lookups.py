"""Whoever is shown a person stands in the log, which nobody changes unseen."""

import json
import os
import pwd
import stat
from multiprocessing import get_context
from pathlib import Path

import pytest
from conftest import pipeline

from pipeline.ledger import lookups
from pipeline.paths import Home
from pipeline.warehouse.publish import whose


def entries(home: Home) -> list[dict]:
    return [json.loads(line) for line in home.lookups.read_text("utf-8").splitlines()]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "data")


def kept(home: Home, *kinds: str) -> Home:
    for kind in kinds:
        lookups.note(home, kind)
    return home


def test_the_user_of_the_process_is_believed_and_no_variable(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "giam-doc")
    monkeypatch.delenv("SUDO_UID", raising=False)
    assert lookups.by() == {"by": pwd.getpwuid(os.getuid()).pw_name}


def test_sudo_is_believed_of_root_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    other = next(user for user in pwd.getpwall() if user.pw_uid not in (0, os.getuid()))
    monkeypatch.setenv("SUDO_UID", str(other.pw_uid))
    monkeypatch.setattr(os, "getuid", lambda: 0)
    assert lookups.by() == {"by": other.pw_name, "as": "root"}
    monkeypatch.setenv("SUDO_UID", "x; 1")
    assert lookups.by() == {"by": "root"}
    monkeypatch.setenv("SUDO_UID", "0")
    monkeypatch.setattr(os, "getuid", lambda: other.pw_uid)
    assert lookups.by() == {"by": other.pw_name}


def test_a_user_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 3_999_999_999)
    assert lookups.by() == {"by": "uid 3999999999"}


def test_a_log_as_it_was_written_is_whole(home: Home) -> None:
    assert lookups.check_log(home) == lookups.Log(0, None, lookups.check_log(home).last_hash)
    kept(home, "who", "findings", "receipts")
    assert (lookups.check_log(home).lines, lookups.check_log(home).broken_at) == (3, None)
    assert stat.S_IMODE(home.lookups.stat().st_mode) == 0o600


@pytest.mark.parametrize(("change", "broken_at"), [
    (lambda lines: [lines[0].replace(b"who", b"wha"), *lines[1:]], 2),
    (lambda lines: [lines[0], *lines[2:]], 2),
    (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
    (lambda lines: [*lines[:2], b'{"what": "who"}\n', *lines[2:]], 3),
    (lambda lines: [*lines, b'{"what": "who"}\n'], 5),
    (lambda lines: [*lines[:3], lines[3][:20]], 4),
], ids=["a word changed", "a line gone", "two lines changed places", "a line put in", "a line put behind", "the last line cut"])  # fmt: skip
def test_a_change_is_seen_where_it_was_made(change, broken_at: int, home: Home) -> None:
    kept(home, "who", "who", "findings", "template")
    lines = home.lookups.read_bytes().splitlines(keepends=True)
    home.lookups.write_bytes(b"".join(change(lines)))
    assert lookups.check_log(home).broken_at == broken_at


def test_lines_cut_off_at_the_end_change_the_last_hash(home: Home) -> None:
    kept(home, "who", "who")
    last = lookups.check_log(home).last_hash
    home.lookups.write_bytes(home.lookups.read_bytes().splitlines(keepends=True)[0])
    assert lookups.check_log(home).broken_at is None and lookups.check_log(home).last_hash != last


def test_a_log_of_before_goes_on_as_a_chain_that_holds_its_old_lines_too(home: Home) -> None:
    home.archive.mkdir(parents=True)
    home.lookups.write_text('{"by": "a", "person_key": "k"}\n{"by": "b", "person_key": "k"}\n')
    kept(home, "who", "who")
    assert lookups.check_log(home).broken_at is None
    home.lookups.write_bytes(home.lookups.read_bytes().replace(b'"a"', b'"c"'))
    assert lookups.check_log(home).broken_at == 3


def test_a_line_that_a_power_cut_left_half_is_passed_over_once_the_next_stands_behind_it(home: Home) -> None:
    kept(home, "who")
    with home.lookups.open("ab") as file:
        file.write(b'{"at": "2026')
    assert lookups.check_log(home).broken_at == 2
    kept(home, "who")
    assert (lookups.check_log(home).lines, lookups.check_log(home).broken_at) == (3, None)


def test_processes_that_write_at_once_leave_one_chain(home: Home) -> None:
    with get_context("spawn").Pool(3) as pool:
        pool.starmap(kept, [(home, *["who"] * 10)] * 3)
    assert (lookups.check_log(home).lines, lookups.check_log(home).broken_at) == (30, None)


def test_everything_that_shows_a_person_is_a_line_without_a_person(mine: Home) -> None:
    """A load's receipts, findings with their values, a template, a look-up; each before it is shown."""
    before = entries(mine)
    assert [e["what"] for e in before] == ["receipts"] and before[0]["units"] > 5
    person = whose(mine).row(0, named=True)
    unit = person["sender_code"]
    for command in (
        ["findings", unit],
        ["template", "--unit", unit, "--period", "2022"],
        ["who", person["person_key"], "--why", "đối chiếu"],
    ):
        assert pipeline(mine, *command).returncode == 0
    new = entries(mine)[len(before) :]
    assert [e["what"] for e in new] == ["findings", "template", "who"]
    assert all(e["by"] == pwd.getpwuid(os.getuid()).pw_name and e["at"] for e in new)
    assert new[0]["unit"] == unit and unit in new[1]["where"] and new[2]["why"] == "đối chiếu"
    assert not any(person[c] in json.dumps(new, ensure_ascii=False) for c in ("full_name", "identity_number"))
    assert lookups.check_log(mine).broken_at is None
