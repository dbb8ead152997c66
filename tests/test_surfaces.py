"""What else shows a published version: a load has published whether or not it can be written; it says so, and tries again."""

import json
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from conftest import City, load, pipeline, rating, ratings
from servers import Server, server

from pipeline.definitions import build_defs
from pipeline.gate import published_load
from pipeline.paths import Home
from pipeline.surfaces import due


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    with server() as own:
        yield own


def test_a_load_that_cannot_write_a_copy_has_published_says_so_and_tries_again(city: City, postgres: Server) -> None:
    city.put("2021/Q01.002/ratings.csv", ratings([rating(1), rating(2)]))
    away = {"PERSONNEL_POSTGRESQL": "postgresql://personnel_publisher@127.0.0.1:1/personnel"}
    first = pipeline(city.home, "load", **away)
    sentence = "PostgreSQL 127.0.0.1:1/personnel was not written: the server cannot be reached"
    assert first.returncode == 3 and published_load(city.home) == 1 and city.home.answered.exists()
    assert "Load 1 as of 2021-12-20 is published" in first.stdout and "Traceback" not in first.stderr
    assert "PUBLISHED, BUT NOT SHOWN EVERYWHERE. The next load tries again." in first.stderr and f"surfaces: {sentence}" in first.stderr

    again = pipeline(city.home, "load", **away)  # nothing new was sent
    assert again.returncode == 3 and "Nothing new" in again.stdout and sentence in again.stderr
    assert json.loads(city.home.surfaces.read_text("utf-8"))["postgresql"]["is_written"] is False

    there = {"PERSONNEL_POSTGRESQL": postgres.address()}
    roles = pipeline(city.home, "publish", "--roles", **there)
    assert roles.returncode == 0 and "personnel_q01_" in roles.stdout
    postgres.psql(roles.stdout)
    written = load(city.home, **there)  # the address is another one now
    assert "Nothing new" in written and "shows load 1: " in written
    assert postgres.run("SELECT load_id FROM meta.copied") == [(1,)]
    copied_at = postgres.run("SELECT copied_at FROM meta.copied")
    assert "shows load" not in load(city.home, **there) and postgres.run("SELECT copied_at FROM meta.copied") == copied_at

    city.put("2021/Q01.003/ratings.csv", ratings([rating(3)]))
    load(city.home, **there)  # a night that brings something writes it as a step of its own
    assert postgres.run("SELECT load_id FROM meta.copied") == [(2,)] and due.states(city.home)["postgresql"].is_written


@pytest.fixture
def published(tmp_path: Path) -> Home:
    home = Home(tmp_path / "data")
    (home.versions / "000001" / "pages").mkdir(parents=True)
    (home.versions / "000001" / "pages" / "index.html").write_text("", "utf-8")  # else they wait
    home.current.symlink_to("000001")
    return home


def test_nothing_waits_where_nothing_is_turned_on(published: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PERSONNEL_POSTGRESQL", raising=False)
    assert due.waiting(published) == [] == due.write(published)


def test_a_surface_waits_until_it_shows_the_version_in_force_at_its_address(published: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSONNEL_POSTGRESQL", "postgresql://me:secret@db/personnel")
    state = due.State("000001", "db:5432/personnel", True, "", "")
    assert due.waiting(published) == ["postgresql"]
    due.note(published, "postgresql", state)
    assert due.waiting(published) == []
    monkeypatch.setenv("PERSONNEL_POSTGRESQL", "postgresql://me:secret@other/personnel")
    assert due.waiting(published) == ["postgresql"]
    published.surfaces.write_text("{", "utf-8")  # cut
    assert due.waiting(published) == ["postgresql"] and due.states(published) == {}


def test_what_nobody_foresaw_is_said_by_its_kind_and_place_alone(published: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    class Module:
        @staticmethod
        def write(home: Home, setting: str) -> str:
            raise ValueError(f"nobody should read {setting}")

    monkeypatch.setenv("PERSONNEL_POSTGRESQL", "postgresql://me:secret@db/personnel")
    monkeypatch.setattr(due.importlib, "import_module", lambda name: Module)
    (state,) = due.write(published)
    assert state.said.startswith("postgresql: ValueError in test_surfaces.py, line ") and "secret" not in published.surfaces.read_text(
        "utf-8"
    )


def test_without_its_library_one_sentence_says_what_to_install(published: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")

    monkeypatch.setenv("PERSONNEL_POSTGRESQL", "postgresql://db/personnel")
    monkeypatch.setattr(due.importlib, "import_module", missing)
    (state,) = due.write(published)
    assert "the package psycopg is not installed" in state.said and "pip install -e '.[postgresql]'" in state.said


def test_the_schedule_writes_a_copy_that_waits_on_a_night_with_nothing_new(
    small: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERSONNEL_AS_OF", "2021-12-20")
    schedule = build_defs(small).get_repository_def().get_schedule_def("every_night")
    monkeypatch.setenv("PERSONNEL_POSTGRESQL", "postgresql://db/personnel")
    with dg.build_schedule_context() as context:
        (request,) = schedule.evaluate_tick(context).run_requests
    assert [key.to_user_string() for key in request.asset_selection] == ["surfaces"]
    monkeypatch.delenv("PERSONNEL_POSTGRESQL")
    with dg.build_schedule_context() as context:
        assert "Nothing new" in schedule.evaluate_tick(context).skip_message
