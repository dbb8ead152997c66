"""Where a night cannot know, it stops and asks its operator: a clock that leaps, a registry that shrank, a key that is none."""

import datetime as dt
import fcntl
import os
import stat

import duckdb
import pytest
from conftest import CALENDAR, UNITS, City, load, pipeline, rating, ratings

from pipeline import gate
from pipeline.judging.registry import RegistryShrank
from pipeline.ledger import lookups
from pipeline.ledger.records import read_loads
from pipeline.ledger.sealed import KeyProblem
from pipeline.paths import Home

MINE = ratings([rating(n, "HTTNV") for n in range(1, 4)])
CLOCK = "import datetime; from pipeline import gate; day = datetime.date.fromisoformat({!r}); gate._clock = lambda day=day: day"


def at(home: Home, day: str, *command: str, **extra: str):
    """A command while the machine's clock says this day."""
    return pipeline(home, *command, first=CLOCK.format(day), PERSONNEL_AS_OF="", **extra)


@pytest.fixture
def sent(city: City) -> City:
    city.put("2021/Q01.002/Xếp loại.csv", MINE)
    return city


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_clock_that_leaps_stops_the_load_until_somebody_says_the_day(sent: City) -> None:
    sent.land("2021-12-20")
    sent.put("2021/Q01.003/Xếp loại.csv", ratings([rating(n) for n in range(5, 8)]))
    done = at(sent.home, "2091-06-01", "load")
    assert done.returncode == 1 and "pipeline load --as-of 2091-06-01" in done.stderr and "Traceback" not in done.stderr
    assert len(read_loads(sent.home)) == 1
    assert at(sent.home, "2022-01-24", "load").returncode == 0  # 35 days
    assert [one.as_of for one in read_loads(sent.home)] == [dt.date(2021, 12, 20), dt.date(2022, 1, 24)]


def test_a_night_of_dagster_is_stopped_by_a_clock_that_leaps(sent: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline import nightly

    sent.land()
    sent.put("2021/Q01.003/Xếp loại.csv", MINE)
    monkeypatch.delenv("PERSONNEL_AS_OF", raising=False)
    monkeypatch.setattr(gate, "_clock", lambda: dt.date(2091, 6, 1))
    look = gate.look(sent.home)
    with pytest.raises(nightly.DayInDoubt, match="--as-of 2091-06-01"):
        nightly.open_load(sent.home, look, nightly.check_registry(sent.home, look.registry))
    assert len(read_loads(sent.home)) == 1


def test_the_longest_pause_is_a_setting(sent: City) -> None:
    sent.land("2021-12-20")
    sent.put("2021/Q01.003/Xếp loại.csv", MINE)
    assert at(sent.home, "2022-12-20", "load", PERSONNEL_LONGEST_PAUSE="366").returncode == 0
    done = at(sent.home, "2022-12-21", "load", PERSONNEL_LONGEST_PAUSE="một năm")
    assert done.returncode == 1 and "PERSONNEL_LONGEST_PAUSE must be a number of days" in done.stderr


def test_a_wrong_day_is_taken_back_and_figures_follow(sent: City) -> None:
    """A night of 2091 makes whoever sends next year late for ever, unless its day is taken back."""
    sent.registry(calendar=[*CALENDAR, ("training", "BASE_CELL", "2021", "31/12/2021")])
    sent.land("2021-12-20")
    sent.put("2021/Q01.003/Xếp loại.csv", ratings([rating(n) for n in range(5, 8)]))
    assert at(sent.home, "2091-06-01", "load").returncode == 1
    assert at(sent.home, "2091-06-01", "load", "--as-of", "2091-06-01").returncode == 0
    received = "SELECT DISTINCT received_as_of FROM quality.submissions ORDER BY 1"

    def asked(sql: str) -> list[tuple]:
        with duckdb.connect(str(sent.home.published), read_only=True) as db:
            return db.execute(sql).fetchall()

    assert asked(received) == [(dt.date(2021, 12, 20),), (dt.date(2091, 6, 1),)]
    done = at(sent.home, "2021-12-21", "load", "--as-of", "2021-12-21")
    assert done.returncode == 1 and "--as-of 2021-12-21 --take-back" in done.stderr
    done = at(sent.home, "2021-12-21", "load", "--as-of", "2021-12-21", "--take-back")
    assert done.returncode == 0, done.stderr
    assert "no load stands for a later day than 2021-12-21 any more" in done.stderr
    assert asked(received) == [(dt.date(2021, 12, 20),), (dt.date(2021, 12, 21),)]
    assert {one.as_of for one in read_loads(sent.home)} == {dt.date(2021, 12, 20), dt.date(2021, 12, 21)}
    taken = read_loads(sent.home)[-1]
    assert taken.accepted == {**lookups.by(), "taken_back": "2091-06-01"} and taken.started_at
    assert f"{taken.accepted['by']} takes back the day: 2091-06-01" in done.stderr
    assert "Nothing new" in at(sent.home, "2021-12-22", "load").stdout


@pytest.mark.parametrize(("options", "sentence"), [
    (["--as-of", "hôm nay"], "must be a day like"), (["--take-back"], "needs the day"),
])  # fmt: skip
def test_an_answer_that_says_no_day_is_a_sentence(sent: City, options: list[str], sentence: str) -> None:
    done = pipeline(sent.home, "load", *options)
    assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr


# ── the registry ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda c: c.registry(UNITS[:5]), "units: Q01.003 (U7) is not in the list any more."),
    (lambda c: c.registry(calendar=CALENDAR[:3]), "calendar: personnel, BASE_CELL, 2021 is not in the list any more."),
    (lambda c: c.registry(withdrawals=[]), "withdrawals: 2021, Q01.003, ratings, 2021-12-01 is not in the list any more."),
    (lambda c: c.registry([*UNITS, *((*more[:6], "01/12/2021") for more in MORE)]), "units: 6 of 13 units have ended by 2021-12-20."),
])  # fmt: skip
def test_a_registry_that_lost_something_stops_the_load_until_it_is_accepted(sent: City, change, sentence: str) -> None:
    gone = [("2021", "Q01.003", "ratings", "01/12/2021", "")]
    sent.registry([*UNITS, *MORE] if "ended" in sentence else UNITS, withdrawals=gone)
    sent.land()
    change(sent)
    with pytest.raises(RegistryShrank) as caught:
        sent.land()
    assert sentence in caught.value.rows and "--accept-registry" in str(caught.value)
    assert len(read_loads(sent.home)) == 1
    accepted = sent.land(accept_registry=True).accepted
    assert sentence in accepted["lost"] and accepted["by"]
    assert read_loads(sent.home)[-1].accepted == accepted


MORE = [(f"U{n}", f"Q01.{n:03}", f"Chi bộ {n}", "BASE_CELL", "U2", "01/01/2010", None) for n in range(10, 16)]


def test_units_that_end_with_a_last_day_and_new_ones_are_no_loss(sent: City) -> None:
    sent.land()
    sent.registry([*UNITS[:6], (*UNITS[6][:6], "01/12/2021"), *MORE])
    assert sent.land().accepted == {}


def test_a_registry_cut_at_a_line_is_told_by_the_command(sent: City) -> None:
    sent.land()
    file = sent.home.registry / "units.csv"
    file.write_text("\n".join(file.read_text("utf-8").splitlines()[:-2]) + "\n", "utf-8")
    done = pipeline(sent.home, "load")
    assert done.returncode == 1 and "Q01.003 (U7) is not in the list any more" in done.stderr and "--accept-registry" in done.stderr
    done = pipeline(sent.home, "load", "--accept-registry")
    assert done.returncode == 0 and "accepts what the registry lost" in done.stderr, done.stderr


# ── the key ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", ["1", "a" * 63, "A" * 64, "g" * 64, "mật khẩu của thành phố"])
def test_a_key_that_can_be_guessed_is_refused(sent: City, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("PERSONNEL_KEY", key)
    with pytest.raises(KeyProblem, match="64 hex digits"):
        sent.land()


def test_a_key_of_its_form_is_taken(sent: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSONNEL_KEY", "0123456789abcdef" * 4)
    sent.land()
    assert not sent.home.key.exists() and sent.landed("ratings").height == 3


def test_no_new_key_is_blessed_over_an_archive_with_people(sent: City, monkeypatch: pytest.MonkeyPatch) -> None:
    sent.land()
    check = sent.home.key.with_suffix(".check")
    mark = check.read_bytes()
    check.unlink()
    sent.put("2021/Q01.003/Xếp loại.csv", MINE)
    monkeypatch.setenv("PERSONNEL_KEY", "0123456789abcdef" * 4)
    with pytest.raises(KeyProblem, match="backup"):
        sent.land()
    assert not check.exists()
    monkeypatch.delenv("PERSONNEL_KEY")
    check.write_bytes(mark)
    sent.land()


# ── the lock and the owners ──────────────────────────────────────────────────────────────────────────────────────


def test_the_lock_is_nobody_elses(sent: City) -> None:
    """Whoever may open it may hold it, and stop every load."""
    sent.home.warehouse.mkdir(parents=True, exist_ok=True)
    sent.home.lock.touch(0o644)
    with gate.lock(sent.home):
        assert stat.S_IMODE(sent.home.lock.stat().st_mode) == 0o600
        with sent.home.lock.open() as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_only_files_of_the_owners_named_are_submissions(sent: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSONNEL_OWNERS", str(os.getuid() + 1))
    sent.land()
    assert [(s["verdict_code"], s["refusal_rule_code"]) for s in sent.landed("submissions").to_dicts()] == [
        ("REFUSED", "file_of_known_owner")
    ]
    monkeypatch.setenv("PERSONNEL_OWNERS", f"{os.getuid() + 1}, {os.getuid()}")
    sent.land()
    assert sent.landed("ratings").height == 3


def test_an_owner_that_is_no_user_is_a_sentence(sent: City) -> None:
    done = pipeline(sent.home, "load", PERSONNEL_OWNERS="nobody-of-this-name")
    assert done.returncode == 1 and "PERSONNEL_OWNERS must name users" in done.stderr and "Traceback" not in done.stderr


# ── Dagster's history ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_history_keeps_its_newest_runs_and_closes_its_logs(sent: City) -> None:
    runs, kept = sent.home.dagster / "history" / "runs", []
    for number in range(3):
        sent.put("2021/Q01.003/Xếp loại.csv", ratings([rating(n) for n in range(5, 8 + number)]))
        load(sent.home, PERSONNEL_KEPT_RUNS="2")
        kept.append({file.name for file in runs.glob("*-*.db")})
    assert [len(names) for names in kept] == [1, 2, 2] and kept[1] - kept[2] == kept[0]  # the oldest went
    assert list(sent.home.dagster.rglob("*.db-wal")) == []
    assert len(list((sent.home.dagster / "storage").iterdir())) == 2
