"""What Dagster shows and runs: thin assets, one job, one schedule that skips by the gate."""

import gc
import os
import shutil
from pathlib import Path

import dagster as dg
import pytest
from conftest import City, keyed, load, rating, ratings
from dbt.constants import PARTIAL_PARSE_FILE_NAME

from pipeline import gate, nightly
from pipeline.definitions import build_defs
from pipeline.ledger.records import read_loads
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.warehouse import landing, transform


@pytest.fixture(scope="module")
def repository(small: Home) -> dg.RepositoryDefinition:
    return build_defs(small).get_repository_def()


def test_datasets_models_and_publishing_are_assets_one_by_one(repository: dg.RepositoryDefinition) -> None:
    keys = {k.to_user_string() for k in repository.asset_graph.get_all_asset_keys()}
    assert {"registry", "submissions", "published", *SCHEMAS} <= keys
    assert {"core/fct_ratings", "quality/findings", "reports/rpt_rating_summary", "rules/rated_person_on_roster"} <= keys


def test_every_data_test_of_dbt_is_an_asset_check(repository: dg.RepositoryDefinition, small: Home) -> None:
    tests = {n["name"] for n in transform.manifest_of(small)["nodes"].values() if n["resource_type"] == "test"}
    checks = {k.name for k in repository.asset_graph.asset_check_keys}
    assert tests - checks == set()


def test_a_whole_city_is_one_run_of_few_steps(repository: dg.RepositoryDefinition) -> None:
    steps = {n.name for n in repository.get_job("nightly").graph.nodes}
    assert steps == {"registry", "submissions", "landing", "dbt_models", "published", "receipts", "surfaces"}


def test_the_schedule_runs_at_one_in_the_city_and_is_on(repository: dg.RepositoryDefinition) -> None:
    schedule = repository.get_schedule_def("every_night")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 1 * * *", "Asia/Ho_Chi_Minh")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_the_schedule_skips_a_night_with_nothing_new(city: City) -> None:
    city.put("2021/Q01.002/ratings.csv", ratings([rating(1)]))
    schedule = build_defs(city.home).get_repository_def().get_schedule_def("every_night")
    with dg.build_schedule_context() as context:
        assert isinstance(schedule.evaluate_tick(context).run_requests, list) and schedule.evaluate_tick(context).run_requests
    load(city.home, PERSONNEL_AS_OF="")
    with dg.build_schedule_context() as context:
        assert "Nothing new" in schedule.evaluate_tick(context).skip_message


def test_a_night_of_dagster_that_fails_leaves_nothing_open_in_clear(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its schedule no command stands around the job: what dbt reads of people's rows is cleared away by the night itself."""
    monkeypatch.setenv("PERSONNEL_AS_OF", "2021-12-20")
    city.put("2021/Q01.002/ratings.csv", ratings([rating(1)]))
    was_open: list[bool] = []

    def broken(home: Home) -> None:
        landing.open_for_dbt(home)
        was_open.append(any(home.open_landing.glob("*/ratings.parquet")))
        raise RuntimeError("an analyst opened the draft")

    monkeypatch.setattr(transform, "build", broken)
    job = build_defs(keyed(city.home)).resolve_job_def("nightly")
    with dg.DagsterInstance.ephemeral() as instance:
        done = job.execute_in_process(instance=instance, raise_on_error=False)
    assert [e.step_key for e in done.all_events if e.is_step_failure][:1] == ["dbt_models"]
    assert was_open == [True] and not city.home.open.exists() and gc.isenabled()
    with gate.alone(city.home, lambda: AssertionError("the failed night still has it")):
        pass


@pytest.fixture(scope="module")
def moved(small: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The loaded city in another folder."""
    home = Home(tmp_path_factory.mktemp("moved") / "data")
    shutil.copytree(small.root, home.root, symlinks=True)
    return home


@pytest.fixture(scope="module")
def built(moved: Home) -> list[transform.Node]:
    """What became of every node, with dbt's unit tests."""
    load = read_loads(moved)[-1]
    nightly.write_context(moved, load, nightly.check_registry(moved, load.registry))  # a load lays it open, and clears it away at its end
    return transform.build(moved, unit_tests=True)


def test_dbt_unit_tests_pass(built: list[transform.Node]) -> None:
    """Every derivation, on rows made for it; they prove the SQL, so they run here and not every night."""
    assert [n for n in built if not n.good] == []
    assert sum(n.unique_id.startswith("unit_test.") for n in built) > 0


# Models that join block by block all the same: a side of each is a list of laws, codes or years, counts by rule, or what the city says of people.
OF_SHORT_LISTS = {
    "closed_by", "confirmed_sides", "dim_date", "needs_rating", "present_elsewhere", "quality_rules", "rpt_quota", "rpt_rating_summary",
    "whole_fct_discipline",
}  # fmt: skip


def test_no_model_holds_every_row_against_every_row(built: list[transform.Node], moved: Home) -> None:
    """DuckDB does where a left join asks something of its left side alone: of ten cities that was a hundred times a city's."""
    models = moved.dbt_target.glob("compiled/*/models/*/*.sql")
    with transform.open_build(moved) as db:
        db.execute("USE draft")  # views name what is published without a database
        plans = {f.stem: db.execute(f"EXPLAIN (FORMAT JSON) {f.read_text('utf-8')}").fetchall()[0][1] for f in models}
    assert len(plans) > 50
    assert {name for name, plan in plans.items() if "BLOCKWISE_NL_JOIN" in plan} - OF_SHORT_LISTS == set()


def test_a_table_with_two_rows_of_one_grain_stops_the_load_and_is_named(
    moved: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(transform.DBT_PROJECT, project, ignore=shutil.ignore_patterns("target"))
    words = project / "models" / "core" / "fct_ratings.yml"
    words.write_text(words.read_text("utf-8").replace("grain: [rating_key]", "grain: [period, rating_system_code]", 1), "utf-8")
    monkeypatch.setattr(transform, "DBT_PROJECT", project)
    load = read_loads(moved)[-1]
    nightly.write_context(moved, load, nightly.check_registry(moved, load.registry))
    with pytest.raises(transform.BuildFailed, match=r"grain of model.personnel.fct_ratings \(fail, \d+ rows\)"):
        transform.build(moved)


def test_a_lost_parse_is_made_again_and_knows_no_home(moved: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(transform.DBT_PROJECT, project, ignore=shutil.ignore_patterns("target"))
    monkeypatch.setattr(transform, "DBT_PROJECT", project)
    lost = transform.parsed(moved) / PARTIAL_PARSE_FILE_NAME
    before = lost.stat().st_mtime_ns
    assert transform.parsed(moved) / PARTIAL_PARSE_FILE_NAME == lost and lost.stat().st_mtime_ns == before
    lost.unlink()
    assert (transform.parsed(moved) / lost.name).stat().st_size > 0
    assert not any(str(moved.root).encode() in f.read_bytes() for f in lost.parent.iterdir() if f.is_file())
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, *how, **more: path != project and may(path, *how, **more))  # it is somebody else's
    assert transform.parsed(moved) == moved.dbt_target and (moved.dbt_target / lost.name).exists()


def test_every_derivation_has_a_unit_test(small: Home) -> None:
    """The dimensions of codes and of catalogues only rename, and what landed of all datasets is only put together; of the calendar every day is
    counted by a test of its own, and the dictionary is held against the tables by test_bi."""
    manifest = transform.manifest_of(small)
    models = {n["name"]: n for n in manifest["nodes"].values() if n["resource_type"] == "model"}
    renames = {name for name, n in models.items() if "code_dim(" in n["raw_code"]} | {"dim_code", "dim_date"}
    renames |= {"dim_programme", "dim_provider", "dim_post", "landed_people", "landed_events", "quality_columns"}
    proved = {u["model"] for u in manifest["unit_tests"].values()}
    assert set(models) - renames - proved == set()
