"""The sample city: its numbers are the article's, its laws hold, and what is planted is what is found."""

import datetime as dt
import hashlib
import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from pipeline import gate, nightly
from pipeline.paths import SEEDS, Home
from pipeline.sample import FOLDERS, SampleError, make_city
from pipeline.sample.city import City, figures, make_truth
from pipeline.sample.scale import ARTICLE, SMALL
from pipeline.schemas import SCHEMAS
from pipeline.schemas.of_people import what_agrees
from pipeline.schemas.rules import rules_of
from pipeline.warehouse import landing

FAULT = ["path", "sheet", "row", "rule_code", "version_code"]


@pytest.fixture(scope="module")
def article_city() -> City:
    return make_truth(2021, ARTICLE, 0, set())


def hashes(home: Home) -> dict[str, str]:
    return {
        p.relative_to(home.root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(home.raw.rglob("*")) if p.is_file()
    }


def landed(home: Home) -> dict[str, pl.DataFrame]:
    """What reading and judging the city gives; findings with the path of their file."""
    look = gate.look(home, dt.date(2022, 2, 1))
    load = nightly.open_load(home, look, nightly.check_registry(home, look.registry))
    nightly.judge_new(home, load)
    tables = {name: landing.landed(home, load.contract, name) for name in ("findings", "submissions", *SCHEMAS)}
    paths = pl.DataFrame(
        [(line.path, line.period, line.sender_code, line.content_hash) for line in load.lines],
        schema=["path", "period", "sender_code", "content_hash"], orient="row",
    )  # fmt: skip
    senders = tables["submissions"].select("submission_key", "period", "sender_code", "content_hash")
    found = tables["findings"].join(senders, on="submission_key").join(paths, on=["period", "sender_code", "content_hash"])
    tables["findings"] = found.with_columns(
        pl.col("sheet", "version_code").fill_null(""), row=pl.col("row_no").cast(pl.String).fill_null("")
    )
    return tables


def test_the_articles_figures_hold(article_city: City) -> None:
    found = figures(article_city)
    assert (found["superiors"], found["base_organisations"], found["sections"], found["cells"]) == (15, 627, 38, 2341)
    assert (found["members"], found["rated"], found["good_inclusive"], found["excellent"]) == (53_895, 49_463, 47_284, 8_715)
    assert (found["completed"], found["not_completed"], found["not_rated"]) == (2_013, 166, 4_432)
    assert found["leaders_by_level"] == [434, 790, 9, 3]
    assert (found["disciplined"], found["disciplined_2020"], found["disciplined_by_committee"]) == (127, 68, [1, 1, 4, 19])


def test_no_base_organisation_is_over_the_cap(article_city: City) -> None:
    for base in article_city.tree.bases:
        rows = article_city.rows["2021", base.unit.unit_code, "ratings"]
        levels = Counter(r["decided_level_code"] for r in rows if r["rating_system_code"] == "PARTY_MEMBER")
        assert 5 * levels["EXCELLENT"] <= levels["EXCELLENT"] + levels["GOOD"]


def test_sizes_fit_the_charter(article_city: City) -> None:
    """A base committee has at least 30 members, a base cell fewer (Charter Art. 21(2))."""
    for base in article_city.tree.bases:
        rows = article_city.rows["2021", base.unit.unit_code, "ratings"]
        members = sum(r["rating_system_code"] == "PARTY_MEMBER" for r in rows)
        assert members >= 30 if base.cells else 3 <= members < 30


def test_same_seed_gives_same_bytes(tmp_path: Path) -> None:
    one, two, three = (Home(tmp_path / n) for n in "abc")
    make_city(one, seed=5, size="small")
    make_city(two, seed=5, size="small")
    make_city(three, seed=6, size="small")
    assert hashes(one) == hashes(two)
    assert hashes(one) != hashes(three)


def test_copies_share_nothing_but_the_root(tmp_path: Path) -> None:
    home = Home(tmp_path)
    both = make_city(home, size="small", copies=2)
    once = figures(make_truth(2021, SMALL, 0, set()))
    assert both["members"] == 2 * once["members"]
    people = pl.read_parquet(home.truth / "people.parquet")
    assert people["identity_number"].is_unique().all()
    look = gate.look(home, dt.date(2022, 2, 1))
    units = nightly.check_registry(home, look.registry).units
    assert units.filter(pl.col("unit_type_code") == "CITY").height == 1
    assert units.unique("unit_code").height == units.unique("unit_id").height


def test_a_clean_city_has_no_finding(tmp_path: Path) -> None:
    home = Home(tmp_path)
    make_city(home, size="small")
    tables = landed(home)
    assert tables["findings"].is_empty()
    assert set(tables["submissions"]["verdict_code"]) == {"ACCEPTED"}
    for dataset in SCHEMAS:
        assert tables[dataset].height == pl.read_parquet(home.truth / f"{dataset}.parquet").height


def test_what_one_file_shows_is_found_and_nothing_else(tmp_path: Path) -> None:
    home = Home(tmp_path)
    make_city(home, size="small", faults=True)
    planted = pl.read_csv(home.truth / "faults.csv", infer_schema=False).with_columns(pl.col(FAULT).fill_null(""))
    found = landed(home)["findings"]
    own = pl.read_csv(SEEDS / "rules.csv").filter(pl.col("step_code") != "WAREHOUSE")
    planted = planted.filter(pl.col("rule_code").is_in(own["rule_code"].unique().to_list()))
    assert planted.join(found, on=FAULT, how="anti").is_empty(), "planted and not found, or found as another version's"
    assert found.join(planted, on=FAULT, how="anti").is_empty(), "found and not planted"
    versions = {rule.law.code for schema in SCHEMAS.values() for rule in rules_of(schema) if rule.law}
    assert versions - set(found["version_code"]) == set(), "a version of the law that is never broken"
    assert {p.relative_to(home.raw).parts[0] for p in home.raw.glob("*/*/*")} <= set(FOLDERS)
    rules = {(name, rule.name) for name, schema in SCHEMAS.items() for rule in rules_of(schema)}
    # asked of every list, planted in the roster; each schema's own examples break them (test_schemas)
    rules -= {(name, check.name) for name in SCHEMAS if name != "personnel" for check in what_agrees()}
    assert rules - set(found.select("dataset_code", "rule_code").rows()) == set(), "of a schema and never planted"


def test_an_empty_city_has_a_tree_and_no_submission(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert make_city(home, size="empty") == {}
    assert sorted(p.name for p in home.raw.rglob("*") if p.is_file()) == [
        "SAMPLE_CITY.json",
        "calendar.csv",
        "posts.xlsx",
        "programmes.xlsx",
        "providers.xlsx",
        "signers.xlsx",
        "units.xlsx",
    ]


def test_files_of_others_stop_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.raw.mkdir()
    (home.raw / ".gitkeep").touch()
    make_city(home, size="small")
    before = hashes(home)
    strange = home.raw / "2021" / "Q01.001" / "of somebody.csv"
    strange.parent.mkdir(exist_ok=True)
    strange.write_text("x")
    with pytest.raises(SampleError, match="1 files that are not the sample city's"):
        make_city(home, size="small")
    strange.unlink()
    make_city(home, size="small")
    assert hashes(home) == before
    home.sample_marker.unlink()
    with pytest.raises(SampleError):
        make_city(home, size="small")
    assert len(hashes(home)) == len(before) - 1


def test_a_city_with_faults_leaves_nothing_behind(tmp_path: Path) -> None:
    home, clean = Home(tmp_path / "a"), Home(tmp_path / "b")
    make_city(home, size="small", faults=True)
    make_city(home, size="small")
    make_city(clean, size="small")
    assert hashes(home) == hashes(clean)


def test_a_generation_cut_short_can_be_made_again(tmp_path: Path) -> None:
    home = Home(tmp_path)
    make_city(home, size="small")
    marker = json.loads(home.sample_marker.read_text("utf-8"))
    home.sample_marker.write_text(json.dumps(marker | {"files": None}), "utf-8")
    make_city(home, size="small")
    assert json.loads(home.sample_marker.read_text("utf-8")) == marker
