"""Dashboards: figures by the metrics' definitions, words in Vietnamese, denominators named; and, where Superset is installed, as a browser shows them."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dashboards
import duckdb
import pytest
import servers
import yaml
from dashboards import CHARTS, Seen, needs_superset

from pipeline.paths import PROJECT, Home
from pipeline.presentation import figure
from pipeline.surfaces import address, postgresql
from pipeline.surfaces.dashboards import assets, server
from pipeline.surfaces.dashboards.definitions import FROM_BELOW, Dataset
from pipeline.surfaces.metrics.answer import ask, listed
from pipeline.warehouse.door import NothingPublished, Published, published
from pipeline.whole import switch

JINJA = re.compile(r"\{% if .*?endif %\}", re.S)
SLUGS = [yaml.safe_load((assets.FOLDER / f"{name}.yml").read_text("utf-8"))["slug"] for name in assets.DASHBOARDS]
OF_CITY = "unit_type_code = 'CITY' AND period = '2021' AND rating_system_code = 'PARTY_MEMBER'"


@pytest.fixture(scope="module")
def version(small: Home) -> Iterator[Published]:
    with published(small) as version:
        yield version


@pytest.fixture(scope="module")
def found(version: Published) -> dict[str, Dataset]:
    return assets.asked(version)


@pytest.fixture(scope="module")
def written(version: Published, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What Superset imports, by its kind."""
    folder = tmp_path_factory.mktemp("assets")
    assets.write(version, folder / "once")
    assets.write(version, folder / "again")
    once, again = (
        {f.relative_to(base): f.read_text("utf-8") for f in base.rglob("*.yaml")} for base in (folder / "once", folder / "again")
    )
    assert once == again  # the same every time: importing again changes nothing
    kinds: dict[str, list[dict[str, Any]]] = {}
    for file, text in once.items():
        kinds.setdefault(file.parts[0], []).append(yaml.safe_load(text))
    return kinds


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_metric_on_a_dashboard_is_what_the_definitions_say(version: Published, found: dict[str, Dataset]) -> None:
    """A metric's SQL in Superset follows from dbt's definition, and so does MetricFlow's: both are asked for each committee and year."""
    metrics = listed(version)
    where = {
        measure.name: (dataset, measure)
        for dataset in found.values()
        for measure in dataset.measures
        if not dataset.name.endswith("_below")
    }
    assert {*metrics} <= {*where}
    for name, metric in metrics.items():
        dataset, measure = where[name]
        keys = "year, superior" + (", rating_system_code" if "rating_system" in metric.dimensions else "")
        rows = "unit_type_code = 'SUPERIOR'" if f"{dataset.name}_below" in found else "superior IS NOT NULL"
        query = f"SELECT {keys}, {measure.expression} FROM ({JINJA.sub('1 = 1', dataset.sql)}) AS asked WHERE {rows} GROUP BY {keys}"
        theirs = ask(version, name, ["year", "superior", *(["rating_system"] if "rating_system" in metric.dimensions else [])])
        of_system = [[*theirs.columns].index("rating_system")] if "rating_system" in metric.dimensions else []
        said = {(row[0], row[2], *(row[n] for n in of_system), row[-1]) for row in theirs.rows if row[1] and row[-1] is not None}
        assert {row for row in version.db.execute(query).fetchall() if row[-1] is not None} == said, name


@pytest.fixture(scope="module")
def copied(small: Home) -> Iterator[tuple[servers.Server, str]]:
    """The small city in PostgreSQL, and a login of its department."""
    with servers.server() as own:
        department = own.make_roles(small)["personnel_department"]
        postgresql.copy(small, address.parse(own.address()))
        yield own, department


def test_the_copy_in_postgresql_answers_the_same(copied: tuple[servers.Server, str], version: Published, found: dict[str, Dataset]) -> None:
    own, department = copied
    for dataset in found.values():
        for measure in dataset.measures[:1] if dataset.name.endswith("_below") else dataset.measures:
            query = f"SELECT {measure.expression} FROM ({JINJA.sub('1 = 1', dataset.sql)}) AS asked"
            ((here,),), ((there,),) = version.db.execute(query).fetchall(), own.run(query, department)
            assert (there is None) == (here is None) and (here is None or float(there) == pytest.approx(float(here))), (
                dataset.name,
                measure.name,
            )


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("postgresql://reader@db.example/personnel", "postgresql+psycopg2://reader@db.example/personnel?sslmode=require"),
        ("postgres://reader@db.example/personnel?a=1", "postgresql+psycopg2://reader@db.example/personnel?a=1&sslmode=require"),
        ("postgresql://db.example/personnel?sslmode=disable", "postgresql+psycopg2://db.example/personnel?sslmode=disable"),
        ("postgresql://reader@localhost/personnel", "postgresql+psycopg2://reader@localhost/personnel"),
        ("postgresql:///personnel?host=/run/postgresql", "postgresql+psycopg2:///personnel?host=/run/postgresql"),
    ],
)
def test_over_a_network_postgresql_is_asked_encrypted(given: str, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGSSLMODE", raising=False)
    monkeypatch.setenv("PERSONNEL_DASHBOARDS_DATABASE", given)
    assert assets.address_of_postgresql() == asked


def test_every_share_names_what_it_is_a_share_of(written: dict[str, list[dict[str, Any]]], found: dict[str, Dataset]) -> None:
    denominators = {m.name: m.denominator.lower() for dataset in found.values() for m in dataset.measures if m.denominator}
    shares = 0
    for chart in written["charts"]:
        params = chart["params"]
        drawn = [params["metric"]] if "metric" in params else params.get("metrics", ())
        shown = [one if isinstance(one, str) else one["optionName"] for one in drawn]
        for metric in shown:
            if metric in denominators:
                said = f"{chart['slice_name']} {params.get('subtitle', '')}".lower()
                assert denominators[metric] in said.partition("mẫu số: ")[2], chart["slice_name"]
                shares += 1
    assert shares > 15


def test_of_stacked_bars_what_is_not_known_is_left_out(written: dict[str, list[dict[str, Any]]], version: Published) -> None:
    """Superset writes a total of 0 for a bar of which no part is known."""
    queries = {dataset["uuid"]: dataset["sql"] for dataset in written["datasets"]}
    years = {}
    for chart in written["charts"]:
        known = [one["sqlExpression"] for one in chart["params"].get("adhoc_filters", ()) if one["clause"] == "HAVING"]
        assert bool(known) == (chart["params"].get("stack") is not None and chart["params"]["y_axis_format"] != ",.0%"), chart["slice_name"]
        if known and chart["params"]["x_axis"] == "year":
            sql = f"FROM ({JINJA.sub('1 = 1', queries[chart['dataset_uuid']])}) AS asked WHERE unit_type_code = 'CITY'"
            sql += " AND rating_system_code = 'PARTY_MEMBER'" if "Xếp loại" in chart["slice_name"] else ""
            shown, all_of_them = (
                version.db.execute(f"SELECT year {sql} GROUP BY year {having}").fetchall() for having in (f"HAVING {known[0]}", "")
            )
            years[chart["slice_name"].split()[0]] = ([*shown], [*all_of_them])
    shown, all_of_them = years["Xếp"]
    of = "SELECT year FROM reports.rpt_rating_summary WHERE unit_type_code = 'CITY' AND period_type_code = 'YEAR' AND rating_system_code = 'PARTY_MEMBER'"
    assert sorted(shown) == version.db.execute(f"{of} AND rated IS NOT NULL ORDER BY 1").fetchall()
    assert len(all_of_them) > len(shown) > 0 and years["Hình"][0]


def test_every_word_that_is_seen_is_vietnamese(written: dict[str, list[dict[str, Any]]]) -> None:
    shown = [chart["slice_name"] for chart in written["charts"]] + [board["dashboard_title"] for board in written["dashboards"]]
    for dataset in written["datasets"]:
        shown += [dataset["table_name"], *(m["verbose_name"] for m in dataset["metrics"])]
        shown += [column["verbose_name"] for column in dataset["columns"] if column["groupby"]]
    assert [words for words in shown if not words or re.fullmatch(r"[a-z0-9_]+", words)] == []


def test_what_a_dashboard_filters_by_is_known_to_each_of_its_charts(written: dict[str, list[dict[str, Any]]]) -> None:
    charts = {chart["uuid"]: chart for chart in written["charts"]}
    columns = {dataset["uuid"]: {c["column_name"] for c in dataset["columns"]} for dataset in written["datasets"]}
    for board in written["dashboards"]:
        for place in (one for key, one in board["position"].items() if key.startswith("CHART-")):
            of = columns[charts[place["meta"]["uuid"]]["dataset_uuid"]]
            assert {f["targets"][0]["column"]["name"] for f in board["metadata"]["native_filter_configuration"]} <= of, place["meta"][
                "sliceName"
            ]
        widths = [
            sum(board["position"][child]["meta"]["width"] for child in row["children"])
            for key, row in board["position"].items()
            if key.startswith("ROW-")
        ]
        assert max(widths) <= 12


def test_secrets_are_made_once_and_read_by_their_owner_alone(tmp_path: Path) -> None:
    first = server._made(tmp_path / "one")
    assert len(first) >= 20 and server._made(tmp_path / "one") == first != server._made(tmp_path / "other")
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o600
    assert server._made(tmp_path / "one", "given instead") == "given instead" and (tmp_path / "one").stat().st_mode & 0o777 == 0o600


def test_without_superset_one_sentence_says_what_to_do(small: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSONNEL_BI", str(tmp_path))
    with pytest.raises(server.NotServed, match="make bi"):
        server.start(small)


@pytest.mark.parametrize("said", ["abc", "0", "-1", "65536", "80 88", "８０８８"])
def test_what_is_no_port_is_told_before_anything_is_made_or_ended(
    said: str, small: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ready").touch()
    monkeypatch.setenv("PERSONNEL_BI", str(tmp_path))
    monkeypatch.setenv("PERSONNEL_DASHBOARDS_PORT", said)
    home = Home(tmp_path / "data")
    with pytest.raises(server.NotServed, match="PERSONNEL_DASHBOARDS_PORT must be a number from 1 to 65535"):
        server.start(small)
    monkeypatch.setenv("PERSONNEL_DASHBOARDS_PORT", "")
    with pytest.raises(NothingPublished):
        server.start(home)
    assert not home.root.exists() and not small.dashboards.exists()


def test_what_is_installed_is_pinned_by_hashes_and_names_no_host() -> None:
    lock = (PROJECT / "requirements-bi.lock").read_text("utf-8")
    assert "://" not in lock and "apache-superset==6.1.0" in lock
    pinned = re.split(r"\n(?=\S)", lock)
    assert [one.split()[0] for one in pinned if "--hash=sha256:" not in one] == []
    ours = re.search(r"^duckdb==(\S+)", (PROJECT / "requirements.lock").read_text("utf-8"), re.M)
    assert ours and f"\nduckdb=={ours[1]} " in lock  # what the pipeline writes, Superset reads


# ── as a browser shows it ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def home(small: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """What is published of the small city, and nothing else."""
    own = Home(tmp_path_factory.mktemp("shown") / "data")
    shutil.copytree(small.versions, own.versions, symlinks=True)
    switch(own.published, Path("versions/current/personnel.duckdb"))
    return own


@pytest.fixture(scope="module")
def seen(home: Home) -> Iterator[Seen]:
    with dashboards.served(home) as where, dashboards.signed_in(home, where) as seen:
        yield seen


def in_sql(home: Home, query: str) -> Any:
    with duckdb.connect(str(home.published.resolve()), read_only=True) as db:
        return db.execute(query).fetchone()[0]


def share(home: Home, where: str) -> str:
    return figure(in_sql(home, f"SELECT excellent_share_of_good FROM reports.rpt_rating_summary WHERE {where}"), "share")


@needs_superset
def test_every_dashboard_is_drawn_in_vietnamese_and_nothing_leaves_the_machine(seen: Seen, home: Home) -> None:
    for slug in SLUGS:
        text = seen.dashboard(slug)
        assert "Error" not in text and "error" not in text, slug
        assert re.findall(r"\b[a-z]+_[a-z_]+\b", text) == [], slug  # no name of a column
        assert re.findall(r"\b(?:Dashboards?|Charts?|Settings|Search|Apply|Clear all|No data|rows?|records?|of)\b", text) == [], slug
    assert seen.browser.elsewhere(seen.where) == [] and not any(status >= 400 for status in seen.browser.answers.values())
    asked = "performance.getEntriesByType('resource').filter(one => one.name.includes('language_pack')).length"
    assert seen.browser.run(asked) == 0  # the words are in the page: it waits five seconds for others and is English then
    assert dashboards.password_is_nobodys_else(home)


@needs_superset
def test_a_figure_on_the_page_is_the_figure_in_sql_with_its_denominator(seen: Seen, home: Home) -> None:
    seen.dashboard("thanh-pho")
    assert seen.figure("Hoàn thành xuất sắc") == (share(home, OF_CITY), "mẫu số: hoàn thành tốt, gồm cả xuất sắc")
    rated = in_sql(home, f"SELECT rated FROM reports.rpt_rating_summary WHERE {OF_CITY}")
    assert seen.figure("Đảng viên được xếp loại")[0] == figure(rated, "count")


RIGHT_BELOW = {
    "superior": "unit_code = base_code",
    "base": "(unit_code = section_code OR cell_code IS NOT NULL AND section_code IS NULL)",
    "section": "unit_code = cell_code",
}
LINE = f"""WITH named AS (
    SELECT unit_code, CASE WHEN count(*) OVER (PARTITION BY unit_name) > 1 THEN concat(unit_name, ' (', unit_code, ')') ELSE unit_name END AS shown
    FROM core.dim_unit_in_period WHERE period = '2021')
SELECT own.unit_code, {", ".join(f"{place}_code, (SELECT shown FROM named WHERE unit_code = own.{place}_code)" for place in ("superior", "base", "section", "cell"))}
FROM core.dim_unit_in_period AS own WHERE period = '2021' AND unit_type_code = 'CELL' AND section_code IS NOT NULL ORDER BY unit_code LIMIT 1"""


@needs_superset
def test_a_unit_is_chosen_from_the_city_down_to_a_cell_of_a_section(seen: Seen, home: Home) -> None:
    with duckdb.connect(str(home.published.resolve()), read_only=True) as db:
        _, *line = db.execute(LINE).fetchone() or ()
    assert seen.dashboard("mot-don-vi") and seen.figure("Hoàn thành xuất sắc")[0] == share(home, OF_CITY)
    for number, (unit, shown) in enumerate(zip(line[::2], line[1::2], strict=True), 1):
        place, above = FROM_BELOW[-number], FROM_BELOW[1 - number] if number > 1 else ""
        offered = f"SELECT count(*) FROM core.dim_unit_in_period WHERE period = '2021' AND unit_code = {place}_code"
        offered += f" AND {above}_code = '{line[2 * number - 4]}'" if above else ""
        assert seen.offered(number) == in_sql(home, offered), place  # what was chosen before narrows it
        seen.choose(number, shown)
        seen.apply()
        assert unit in seen.chart("Đơn vị đang xem")
        of_unit = OF_CITY.replace("unit_type_code = 'CITY'", f"unit_code = '{unit}'")
        assert seen.figure("Hoàn thành xuất sắc")[0] == share(home, of_unit), place
        members = in_sql(home, f"SELECT population FROM reports.rpt_rating_summary WHERE {of_unit}")
        assert seen.figure("Đảng viên")[0] == figure(members, "count")
        if place == "cell":
            break
        below = f"SELECT unit_code FROM core.dim_unit_in_period WHERE period = '2021' AND {place}_code = '{unit}' AND {RIGHT_BELOW[place]}"
        of_these = OF_CITY.replace("unit_type_code = 'CITY'", f"unit_code IN ({below})")
        rows = seen.table("Các đơn vị ở cấp liền dưới")
        assert len(rows) == in_sql(home, f"SELECT count(*) FROM ({below})"), place  # each once
        assert sum(int(row[1].replace(".", "")) for row in rows) == in_sql(
            home, f"SELECT sum(population) FROM reports.rpt_rating_summary WHERE {of_these}"
        )


@needs_superset
def test_on_a_phone_and_a_tablet_figures_are_read_without_moving_the_page_sideways(seen: Seen) -> None:
    try:
        for slug in SLUGS:
            for width in (390, 820):
                seen.browser.size(width, 2600)
                assert seen.dashboard(slug) if width == 390 else seen.drawn()  # it is turned
                assert seen.browser.run("[innerWidth, document.documentElement.scrollWidth]") == [width, width], slug
                narrowest = seen.browser.run(f"Math.min(...{CHARTS}.map(e => e.clientWidth))")
                assert narrowest >= 160, slug
                small = "[...document.querySelectorAll('.subtitle-line')].filter(e => parseFloat(getComputedStyle(e).fontSize) < 12).length"
                assert seen.browser.run(small) == 0, slug  # there a share says of what it is one
    finally:
        seen.browser.size(1440, 2600)


@needs_superset
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "ATTACH '/tmp/other.duckdb'",
        "COPY (SELECT 1) TO '{home}/warehouse/versions/current/personnel.duckdb.wal'",
        "SET lock_configuration = false",
        "DELETE FROM reports.rpt_quota",
        "SELECT * FROM '{home}/warehouse/versions/current/version.json'",
    ],
)
def test_who_asks_in_sql_reads_the_published_version_alone(query: str, seen: Seen, home: Home) -> None:
    _, databases = seen.ask_for("/api/v1/database/")
    body = {"database_id": databases["result"][0]["id"]}
    status, answer = seen.ask("POST", "/api/v1/sqllab/execute/", body | {"sql": "SELECT count(*) AS n FROM reports.rpt_quota"})
    assert status == 200 and answer["data"][0]["n"] > 0
    status, answer = seen.ask("POST", "/api/v1/sqllab/execute/", body | {"sql": query.format(home=home.root)})
    assert status >= 400 and "data" not in answer and not (home.current / "personnel.duckdb.wal").exists()


@needs_superset
def test_a_new_version_is_seen_without_a_restart(seen: Seen, home: Home) -> None:
    seen.dashboard("nop-va-chat-luong")
    before = seen.figure("Bản phải nộp")[0]
    new = home.versions / "000099"
    shutil.copytree(home.current.resolve(), new)
    with duckdb.connect(str(new / "personnel.duckdb")) as db:
        one = "SELECT min(rowid) FROM reports.rpt_submission_status WHERE period = '2021' AND has_current"
        db.execute(f"DELETE FROM reports.rpt_submission_status WHERE rowid = ({one})")
    switch(home.current, Path(new.name))  # as publishing does
    seen.dashboard("nop-va-chat-luong")
    assert seen.figure("Bản phải nộp")[0] == figure(int(before.replace(".", "")) - 1, "count")


@needs_superset
def test_importing_again_brings_back_what_the_files_say_and_doubles_nothing(seen: Seen, home: Home) -> None:
    _, first = seen.ask_for("/api/v1/dashboard/")
    (city,) = [one for one in first["result"] if one["slug"] == "thanh-pho"]
    status, _ = seen.ask("PUT", f"/api/v1/dashboard/{city['id']}", {"dashboard_title": "Sửa bằng tay"})
    assert status == 200
    assert server.start(home) == seen.where
    _, again = seen.ask_for("/api/v1/dashboard/")
    assert {one["dashboard_title"] for one in again["result"]} == {one["dashboard_title"] for one in first["result"]}
    _, charts = seen.ask_for("/api/v1/chart/")
    files = [*(home.dashboards / "assets" / "charts").iterdir()]
    assert again["count"] == first["count"] == 4 and charts["count"] == len(files)


@needs_superset
def test_it_is_served_to_this_machine_alone(seen: Seen) -> None:
    port = int(seen.where.rsplit(":", 1)[1].strip("/"))
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:] if line.split()[3] == "0A"]
    assert f"0100007F:{port:04X}" in listening and f"00000000:{port:04X}" not in listening


@needs_superset
def test_the_command_says_where_and_stops(home: Home, seen: Seen) -> None:
    """The last test here: it ends what the others look at."""
    run = [sys.executable, "-m", "pipeline.surfaces.dashboards", "stop"]
    done = subprocess.run(run, env=os.environ | {"PERSONNEL_HOME": str(home.root)}, capture_output=True, text=True, cwd=PROJECT)
    assert done.returncode == 0 and done.stdout == "Stopped.\n" and not server.is_served()


@needs_superset
def test_superset_asks_a_copy_in_postgresql_where_a_setting_says_so(copied: tuple[servers.Server, str], small: Home, home: Home) -> None:
    """The same dashboards of the same home, put in anew with another database below them."""
    own, department = copied
    own.run(f"UPDATE reports.rpt_rating_summary SET rated = 7654321 WHERE {OF_CITY}")  # what the file does not say
    with dashboards.served(home, own.address(department)) as where, dashboards.signed_in(home, where) as seen:
        for slug in SLUGS:  # the last is that of one unit
            text = seen.dashboard(slug)
            assert "Error" not in text and "error" not in text, slug
            if slug == "thanh-pho":
                assert seen.figure("Đảng viên được xếp loại")[0] == "7.654.321"
                assert seen.figure("Hoàn thành xuất sắc") == (share(small, OF_CITY), "mẫu số: hoàn thành tốt, gồm cả xuất sắc")
        assert seen.browser.elsewhere(where) == [] and not any(status >= 400 for status in seen.browser.answers.values())
        ((superior, members),) = own.run(
            f"SELECT unit_name, population FROM reports.rpt_rating_summary WHERE {OF_CITY.replace('CITY', 'SUPERIOR')} ORDER BY unit_code LIMIT 1",
            department,
        )
        seen.choose(1, superior)
        seen.apply()
        assert seen.figure("Đảng viên")[0] == figure(members, "count")
        _, databases = seen.ask_for("/api/v1/database/")
        body = {"database_id": databases["result"][0]["id"], "sql": "DELETE FROM reports.rpt_quota"}
        status, _ = seen.ask("POST", "/api/v1/sqllab/execute/", body)
        assert status >= 400 and own.run("SELECT count(*) > 0 FROM reports.rpt_quota") == [(True,)]


@needs_superset
def test_a_server_that_does_not_answer_is_named_in_one_sentence(home: Home, tmp_path: Path) -> None:
    nowhere = f"postgresql://reader:secret@/personnel?host={tmp_path}"
    with pytest.raises(server.NotServed, match=re.escape(f"{tmp_path}:5432/personnel")) as said, dashboards.served(home, nowhere):
        pass
    assert "secret" not in str(said.value)
