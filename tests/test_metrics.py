"""Metrics: each equals the report that says the same, names what it is a share of, is blank where the report is, and is answered from one published
version; what cannot be asked is told in a sentence."""

import codecs
import csv
import io
import itertools
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cookbook
import openpyxl
import pytest
from conftest import City, load, member, number, pipeline, rating, ratings, roster
from hypothesis import given
from hypothesis import strategies as st
from metricflow.engine.metricflow_engine import MetricFlowEngine
from metricflow_semantic_interfaces.type_enums import DimensionType
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from pipeline.contract.metrics_page import defined
from pipeline.metrics import Metric
from pipeline.paths import METRICS, PROJECT, Home
from pipeline.surfaces.metrics.answer import NOTHING, _Duckdb, ask, awaited, listed
from pipeline.surfaces.metrics.condition import HOW, Condition
from pipeline.surfaces.sql import NoAnswer
from pipeline.warehouse.door import Published, published

# Report → what tells its lines of one unit apart, as the report calls it and as metrics do.
OF_YEARS = {"CAST(year AS VARCHAR)": "period"}
LINES = {
    "rpt_rating_summary": {"period": "period", "rating_system_code": "rating_system"},
    "rpt_quota": {"period": "period"},
    "rpt_discipline_summary": OF_YEARS,
    "rpt_rotation_summary": OF_YEARS,
    "rpt_training_summary": OF_YEARS,
    "rpt_submission_status": {"period": "period", "dataset_code": "dataset"},
}
DEFINED = defined()
SHOWN = [d.name for d in DEFINED["rated"].dimensions.values() if not d.is_hidden]
OF_2021 = "year = 2021 AND rating_system = 'PARTY_MEMBER'"
REPORTED = {name: metric for name, metric in DEFINED.items() if metric.report}


@pytest.fixture(scope="module")
def version(small: Home) -> Iterator[Published]:
    with published(small) as opened:
        yield opened


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A city of which one base organisation sent ratings and no roster."""
    city = City(tmp_path_factory.mktemp("unknown") / "data")
    city.registry(calendar=[("ratings", "BASE_CELL", "2021", "31/12/2021"), ("personnel", "BASE_CELL", "2021", "31/12/2021")])
    city.put("2021/Q01.002/xep-loai.csv", ratings([rating(1, "HTXSNV"), rating(2)], title=False))
    city.put("2021/Q01.002/nhan-su.csv", roster([member(1), member(2)]))
    city.put("2021/Q01.003/xep-loai.csv", ratings([rating(3)], title=False))
    load(city.home)
    return city.home


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A city of which everybody sent a roster, one of three its ratings, and in one year one has not said whether it disciplined anybody."""
    city = City(tmp_path_factory.mktemp("silent") / "data")
    city.put("2021/Q01.001/xep-loai.csv", ratings([rating(1, "HTXSNV")], title=False))
    bases = ("Q01.001", "Q01.002", "Q01.003")
    for year in ("2020", "2021"):
        for n, unit in enumerate(bases, start=1):
            city.put(f"{year}/{unit}/nhan-su.csv", roster([member(n)]))
            if (year, unit) != ("2020", "Q01.003"):
                header = ["Số định danh cá nhân", "Hệ kỷ luật", "Hình thức kỷ luật", "Ngày ký", "Ngày công bố", "Số quyết định"]
                city.put(
                    f"{year}/{unit}/ky-luat.csv",
                    [header, [number(n), "Đảng", "Khiển trách", f"10/05/{year}", f"12/05/{year}", f"{n}-QĐ/UBKT"]],
                )
    course = [
        ["Họ và tên", "Số CCCD", "Tên khóa học", "Từ ngày", "Đến ngày", "Số tiết"],
        ["Nguyễn Văn B", number(3), "Lớp A", "01/03/2020", "05/03/2020", 40],
    ]
    city.put("2020/Q01.003/dao-tao.csv", course)
    load(city.home)
    return city.home


def figures(version: Published, name: str, by: str, where: str | None = None) -> Counter[tuple[Any, ...]]:
    """An answer without the words beside codes, to be compared."""
    found = ask(version, name, by.split(","), where)
    wanted = [*by.split(","), name]
    places = [[*found.columns].index(column) for column in wanted]
    return Counter(tuple(_rounded(row[place]) for place in places) for row in found.rows)


def _rounded(value: Any) -> Any:
    return round(value, 12) if isinstance(value, float) else value


@pytest.mark.parametrize("metric", REPORTED.values(), ids=REPORTED)
def test_a_metric_is_its_report_for_every_unit_and_period(metric: Metric, version: Published) -> None:
    report, column = str(metric.report).split(".")
    lines = LINES[report]
    said = f"coalesce({column}, 0)" if report == "rpt_submission_status" else column  # of what never came nothing was read
    rows = version.db.execute(f"SELECT unit_code, {', '.join(lines)}, {said} FROM reports.{report}").fetchall()
    assert len(rows) > 20
    assert figures(version, metric.name, ",".join(("unit", *lines.values()))) == Counter(tuple(map(_rounded, row)) for row in rows)


@pytest.mark.parametrize(
    ("level", "types"),
    [("superior", ("SUPERIOR",)), ("base", ("BASE_COMMITTEE", "BASE_CELL")), ("section", ("SECTION",)), ("cell", ("CELL",))],
)
@pytest.mark.parametrize(
    "name", ["population", "excellent_share_of_good", "persons_disciplined", "rotation_median_months", "persons_trained"]
)
def test_a_figure_by_a_level_is_the_reports_of_that_level(name: str, level: str, types: tuple[str, ...], version: Published) -> None:
    report, column = str(DEFINED[name].report).split(".")
    of_ratings = {"rating_system_code": "rating_system"} if report == "rpt_rating_summary" else {}
    only = "AND period_type_code = 'YEAR'" if of_ratings else ""
    rows = version.db.execute(
        f"SELECT unit_code, {', '.join(('year', *of_ratings))}, {column} FROM reports.{report} WHERE unit_type_code IN {types!r} {only}".replace(
            ",)", ")"
        )
    ).fetchall()
    assert figures(version, name, ",".join((level, "year", *of_ratings.values()))) == Counter(tuple(map(_rounded, row)) for row in rows)


def test_units_are_added_up_within_a_type_and_never_across(version: Published) -> None:
    rows = version.db.execute(
        "SELECT unit_type_code, year, rating_system_code, sum(rated) FROM reports.rpt_rating_summary WHERE period_type_code = 'YEAR' GROUP BY ALL"
    ).fetchall()
    assert figures(version, "rated", "unit_type,year,rating_system") == Counter(rows)


def test_without_a_unit_the_figure_is_the_citys_and_the_answer_says_what_it_is_of(version: Published) -> None:
    found = ask(version, "excellent_share_of_good", [], "year = 2021 AND rating_system = 'Đảng viên'")
    ((share,),) = version.db.execute(
        "SELECT excellent_share_of_good FROM reports.rpt_rating_summary "
        "WHERE unit_type_code = 'CITY' AND period = '2021' AND rating_system_code = 'PARTY_MEMBER'"
    ).fetchall()
    assert [*found.columns] == ["year", "rating_system", "rating_system_label", "excellent_share_of_good"]
    assert found.rows == [(2021, "PARTY_MEMBER", "Đảng viên", share)]
    assert found.metric.denominator == "Hoàn thành tốt, gồm cả xuất sắc / Good, the excellent included"
    assert any("Toàn thành phố" in sentence for sentence in found.said)


def test_rates_divide_by_what_they_name(version: Published) -> None:
    city = "WHERE unit_type_code = 'CITY' AND year = 2021"
    (disciplined,) = version.db.execute(f"SELECT persons_disciplined FROM reports.rpt_discipline_summary {city}").fetchone() or ()
    (hours, of_staff, persons) = (
        version.db.execute(f"SELECT hours, staff_hours, persons FROM reports.rpt_training_summary {city}").fetchone() or ()
    )
    of = dict(
        version.db.execute(f"SELECT rating_system_code, population FROM reports.rpt_rating_summary {city} AND period = '2021'").fetchall()
    )
    staff = of["CADRE"] + of["CIVIL_SERVANT"] + of["PUBLIC_EMPLOYEE"]
    expected = {
        "disciplined_per_thousand_members": 1000 * disciplined / of["PARTY_MEMBER"],
        "training_hours_per_person_trained": hours / persons,
        "training_hours_per_staff": of_staff / staff,
    }
    assert {name: ask(version, name, [], "year = 2021").rows[0][-1] for name in expected} == pytest.approx(expected)


def test_hours_of_staff_are_those_of_the_rosters_of_the_years_last_day(version: Published) -> None:
    counted = version.db.execute(
        """SELECT t.year, sum(t.hours), sum(t.hours) FILTER (h.staff_kind_code IN ('CADRE', 'CIVIL_SERVANT', 'PUBLIC_EMPLOYEE'))
           FROM bi.training AS t LEFT JOIN bi.headcount AS h ON h.person_no = t.person_no AND h.period_type_code = 'YEAR' AND h.year = t.year
           GROUP BY t.year"""
    ).fetchall()
    assert any(0 < staff < every for _, every, staff in counted)
    told = figures(version, "training_hours_of_staff", "year")
    assert told and {*told} <= {(year, staff or 0) for year, _, staff in counted}


# Question of the cookbook → what its lines are called by, how a metric is asked for the same, and its columns: which metric each is, how many times as large.
Columns = dict[str, str | tuple[str, int]]
SHARES: Columns = {"excellent_percent_of_good": ("excellent_share_of_good", 100)}
OF_COOKBOOK: dict[int, tuple[str, list[str], str | None, Columns]] = {
    1: (
        "",
        [],
        OF_2021,
        {name: name for name in ("rated", "good_inclusive", "excellent")}
        | {"good_percent_of_rated": ("good_inclusive_share_of_rated", 100)}
        | SHARES,
    ),
    2: ("superior_code", ["superior"], OF_2021, {"rated": "rated", "excellent": "excellent"} | SHARES),
    3: (
        "unit_name",
        ["unit"],
        OF_2021,
        {name: name for name in ("population", "rated", "good_inclusive", "excellent", "completed", "not_completed")}
        | {"units_without_answer": "units_silent_on_ratings"}
        | SHARES,
    ),
    5: (
        "unit_code",
        ["base"],
        "year = 2021",
        {"good_inclusive": "quota_good_inclusive", "excellent": "quota_excellent", "allowed": "quota_allowed"},
    ),
    6: (
        "superior_name",
        ["superior"],
        "year = 2021",
        {"excellent": "quota_excellent", "allowed": "quota_allowed", "percent_of_allowed": ("quota_use", 100)},
    ),
    10: ("unit_name", ["superior"], OF_2021, {"members_2021": "population"}),
    18: (
        "unit_name",
        ["superior"],
        "year = 2021",
        {
            "disciplined": "persons_disciplined",
            "per_thousand_members": "disciplined_per_thousand_members",
            "units_without_answer": "units_silent_on_discipline",
        },
    ),
    19: (
        "year",
        ["year"],
        None,
        {"persons_disciplined": "persons_disciplined", "change_on_last_year": "discipline_change", "reprimand": "reprimanded"}
        | {"warning": "warned", "removal": "removed", "expulsion": "expelled"},
    ),
    20: ("superior_name", ["superior"], "year = 2021", {"persons": "persons_disciplined", "reprimand": "reprimanded", "warning": "warned"}),
    31: (
        "dataset",
        ["dataset"],
        None,
        {"due": "submissions_due", "came": "submissions_came", "came_percent_of_due": ("completeness", 100)},
    ),
    33: (
        "superior_name",
        ["superior"],
        "year = 2021",
        {"expected": "submissions_due", "on_time": "submissions_in_time", "on_time_percent_of_came": ("timeliness", 100)},
    ),
    42: (
        "year,system",
        ["year", "rating_system"],
        None,
        {"rated": "rated", "good_percent_of_rated": ("good_inclusive_share_of_rated", 100)},
    ),
}


@pytest.mark.parametrize("question", OF_COOKBOOK)
def test_what_the_cookbook_answers_is_what_its_metrics_say(question: int, version: Published) -> None:
    called, by, where, columns = OF_COOKBOOK[question]
    (asked,) = [one.query for one in cookbook.questions(cookbook.PAGE.read_text("utf-8")) if one.number == question]
    found = version.db.execute(asked)
    names = [name for name, *_ in found.description or ()]
    answered = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert answered
    for column, said in columns.items():
        metric, times = said if isinstance(said, tuple) else (said, 1)
        told = ask(version, metric, by, where).rows
        for row in answered:
            (figure,) = [line[-1] for line in told if not called or {row[name] for name in called.split(",")} <= {*line[:-1]}]
            shown = None if row[column] is None else float(row[column])
            assert shown == (None if figure is None else pytest.approx(times * float(figure), abs=0.0501)), (column, row)


def test_hours_a_head_and_who_is_away_are_in_the_cookbook_what_the_metrics_say(version: Published) -> None:
    asked = {q.number: q.query for q in cookbook.questions(cookbook.PAGE.read_text("utf-8"))}
    running = {row[0]: row[-1] for row in ask(version, "rotations_running", ["year"]).rows}
    assert {year: rotations + secondments for year, rotations, secondments in version.db.execute(asked[23]).fetchall()} == running
    (per_head,) = ask(version, "training_hours_per_staff", [], "year = 2021").rows[0][-1:]
    rows = version.db.execute(asked[27]).fetchall()
    assert sum(persons * float(hours) for _, persons, _, hours, *_ in rows) / sum(row[1] for row in rows) == pytest.approx(
        per_head, abs=0.05
    )


def test_what_came_is_of_what_was_due_and_in_time_of_what_came(version: Published) -> None:
    rows = version.db.execute(
        """SELECT dataset_code, count(*) FILTER (received_on IS NOT NULL) / count(*) FILTER (timeliness_code <> 'NOT_YET_DUE'),
                  count(*) FILTER (received_on <= due_on) / nullif(count(*) FILTER (received_on IS NOT NULL), 0),
                  sum(rows_in_figures) / sum(rows_read)
           FROM reports.rpt_submission_status GROUP BY ALL"""
    ).fetchall()
    for place, name in enumerate(("completeness", "timeliness", "validity"), start=1):
        assert figures(version, name, "dataset") == Counter((row[0], _rounded(row[place])) for row in rows)


def test_people_under_the_training_minimum_are_those_whom_the_rule_found_and_blank_where_it_could_ask_nobody(version: Published) -> None:
    rows = version.db.execute(
        """SELECT year, sum(answer_count) FILTER (answer_code = 'FAILED'), sum(answer_count) FILTER (answer_code IN ('PASSED', 'FAILED')),
                  coalesce(sum(answer_count) FILTER (answer_code = 'NOT_ASKED'), 0)
           FROM quality.rule_answers JOIN quality.submissions USING (submission_key)
           WHERE rule_code = 'position_training_forty_periods' GROUP BY ALL"""
    ).fetchall()
    assert {asked for _, _, asked, _ in rows} >= {None} and any(
        asked for _, _, asked, _ in rows
    )  # a year that runs, and one that has ended
    under = {year: count for (year, count) in figures(version, "under_training_minimum", "year")}
    assert {year: under[year] for year, *_ in rows} == {year: (failed or 0) if asked else None for year, failed, asked, _ in rows}
    not_asked = {year: count for (year, count) in figures(version, "not_asked_of_training_minimum", "year")}
    assert {year: not_asked[year] for year, *_ in rows} == {year: count for year, *_, count in rows}


def test_one_unknown_population_makes_the_sum_and_every_rate_of_it_blank(unknown: Home) -> None:
    with published(unknown) as version:
        members = "year = 2021 AND rating_system = 'PARTY_MEMBER'"
        assert figures(version, "population", "base", members) == Counter({("Q01.001", None): 1, ("Q01.002", 2): 1, ("Q01.003", None): 1})
        assert figures(version, "population", "superior", members) == Counter({("Q01", None): 1})
        assert figures(version, "unexplained", "unit_type", members)[("BASE_CELL", None)] == 1
        assert figures(version, "rated", "superior", members) == Counter({("Q01", 3): 1})
        assert ask(version, "disciplined_per_thousand_members", ["base"]).rows == [] or all(
            row[-1] is None for row in ask(version, "disciplined_per_thousand_members", ["superior"]).rows
        )


def test_who_is_silent_is_not_counted_where_one_organisation_has_several_lines(silent: Home) -> None:
    with published(silent) as version:
        for name, level in (
            ("units_silent_on_discipline", "section"),
            ("units_silent_on_training", "cell"),
            ("units_silent_on_ratings", "cell"),
        ):
            with pytest.raises(NoAnswer, match=f"{name} không tính theo {level}"):
                ask(version, name, [level], "year = 2021")
        for name, where in (("ratings", "rating_system = 'PARTY_MEMBER'"), ("discipline", "year = 2020")):
            types = {row[0] for row in ask(version, f"units_silent_on_{name}", ["unit_type", "year"], where).rows}
            assert types == {"CITY", "SUPERIOR", "BASE_COMMITTEE", "BASE_CELL"}
        assert figures(version, "units_silent_on_discipline", "base", "year = 2020")[("Q01.003", 1)] == 1


def test_a_sum_over_bases_says_how_many_of_them_are_awaited(silent: Home) -> None:
    with published(silent) as version:
        by, where = ["unit_type"], "year = 2020"
        answer = ask(version, "training_hours", by, where)
        assert [row[0] for row in answer.rows if row[-1] is not None] == ["CITY", "SUPERIOR", "BASE_CELL"]
        assert awaited(version, answer, by, where) == "Số đã biết: có dòng còn chờ 2 tổ chức cơ sở (chỉ tiêu units_silent_on_training)."
        assert figures(version, "training_hours", "base", where) == Counter(
            {("Q01.001", None): 1, ("Q01.002", None): 1, ("Q01.003", 40.0): 1}
        )


def test_a_rate_of_what_somebody_has_not_told_is_blank_and_who_is_silent_is_counted(silent: Home) -> None:
    with published(silent) as version:
        by_year = {
            name: {year: figure for (year, figure) in figures(version, name, "year")}
            for name in ("persons_disciplined", "units_silent_on_discipline", "disciplined_per_thousand_members", "discipline_change")
        }
        assert by_year == {
            "persons_disciplined": {2020: 2, 2021: 3},
            "units_silent_on_discipline": {2020: 1, 2021: 0},
            "disciplined_per_thousand_members": {2020: None, 2021: 1000.0},
            "discipline_change": {2020: None, 2021: None},
        }
        assert figures(version, "disciplined_per_thousand_members", "base", "year = 2020") == Counter(
            {("Q01.001", 1000.0): 1, ("Q01.002", 1000.0): 1, ("Q01.003", None): 1}
        )
        assert figures(version, "discipline_change", "base", "year = 2021")[("Q01.001", 0)] == 1


def test_of_who_sent_no_ratings_nothing_is_known_and_they_are_counted(silent: Home) -> None:
    with published(silent) as version:
        of = "year = 2021 AND rating_system = 'PARTY_MEMBER'"
        for name, known in {"rated": 1, "excellent": 1, "completed": 0, "excellent_share_of_good": 1.0, "unexplained": 0}.items():
            assert figures(version, name, "base", of) == Counter([("Q01.001", known), ("Q01.002", None), ("Q01.003", None)]), name
        assert figures(version, "units_silent_on_ratings", "base", of) == Counter([("Q01.001", 0), ("Q01.002", 1), ("Q01.003", 1)])
        assert figures(version, "population", "base", of) == Counter([("Q01.001", 1), ("Q01.002", 1), ("Q01.003", 1)])
        whole = {name: figures(version, name, "superior", of) for name in ("rated", "unexplained", "units_silent_on_ratings")}
        assert whole == {
            "rated": Counter([("Q01", 1)]),
            "unexplained": Counter([("Q01", 2)]),
            "units_silent_on_ratings": Counter([("Q01", 2)]),
        }
        assert figures(version, "quota_allowed", "base", "year = 2021") == Counter([("Q01.001", 0), ("Q01.002", None), ("Q01.003", None)])
        assert figures(version, "quota_allowed", "superior", "year = 2021") == Counter([("Q01", 0)])


def test_every_share_and_rate_names_its_denominator_in_both_languages() -> None:
    for metric in DEFINED.values():
        assert " / " in metric.label and " / " in metric.description, metric.name
        assert (metric.shown_as in ("share", "rate")) == bool(metric.denominator), metric.name
        assert not metric.denominator or " / " in metric.denominator, metric.name


def test_metricflow_knows_the_same_dimensions(version: Published) -> None:
    manifest = parse_manifest_from_dbt_generated_manifest(str(version.metrics()))
    engine = MetricFlowEngine(SemanticManifestLookup(manifest), _Duckdb())
    for name, metric in listed(version).items():
        theirs = {
            "__".join((*(e.element_name for e in d.entity_links), d.name))
            for d in engine.simple_dimensions_for_metrics([name])
            if d.type is not DimensionType.TIME  # of which nobody asks for one
        }
        assert theirs == {d.place for d in metric.dimensions.values() if d.name not in ("period_to", "year_end", "due_on")}


@pytest.mark.parametrize(
    ("name", "by", "where", "says"),
    [
        ("excelent_share_of_good", "", None, "Không có chỉ tiêu “excelent_share_of_good”. Gần nhất: excellent_share_of_good"),
        ("zzz", "", None, "Không có chỉ tiêu “zzz”. Xem tất cả: pipeline metric."),
        ("rated", "suprior", None, "không có chiều “suprior”. Gần nhất: superior"),
        ("persons_disciplined", "rating_system", None, "Chỉ tiêu persons_disciplined không có chiều “rating_system”."),
        ("rated", "unit_name", None, "không có chiều “unit_name”"),
        ("rated", "", "rating_system = 'PARTI_MEMBER'", "rating_system không có giá trị “PARTI_MEMBER”. Gần nhất: PARTY_MEMBER"),
        ("rated", "", "superior = 'Q0l'", "Không có superior = “Q0l”. Gần nhất: Q0"),
        ("rated", "", "year = 1999", "Không có year = “1999”"),
        ("rated", "", "year IN (1998, 1999)", "Không có year = “1998”"),
        ("rated", "", "year BETWEEN 2022 AND 2020", "Không có năm nào từ 2022 đến 2020; năm nhỏ đứng trước: year BETWEEN 2020 AND 2022."),
        ("rated", "", "year = 'x'", "Năm là một số"),
        ("rated", "", "unit = Q01", "trong nháy đơn"),
        ("rated", "", "superior = 'a{{ 1 }}'", "không được có dấu"),
        *(
            ("rated", "", where, HOW)
            for where in (
                "year = 2021; DROP TABLE x",
                "year IN (SELECT 2021)",
                "read_text('/etc/hostname') = 'x'",
                "EXISTS (FROM read_csv('/etc/passwd'))",
                "year = 2021 UNION SELECT 1",
                "year = 2021 LIMIT 0",
                "(year = 2021",
                "1 = 1",
                "lower(unit) = 'q01'",
                "x.year = 2021",
                "year LIKE '2%'",
            )
        ),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_sentence(name: str, by: str, where: str | None, says: str, version: Published) -> None:
    with pytest.raises(NoAnswer) as told:
        ask(version, name, by.split(","), where)
    assert says in str(told.value) and "\n" not in str(told.value)


def test_conditions_choose(version: Published) -> None:
    chosen = figures(
        version,
        "rated",
        "unit,year,rating_system",
        "year NOT IN (2020) AND (unit_type = 'CITY' OR superior LIKE 'Q%') AND NOT unit IS NULL",
    )
    assert chosen and all(year != 2020 for _, year, _, _ in chosen)
    assert {unit[0] for unit, *_ in chosen} <= {"C", "Q", "T"} | {unit[0] for unit, *_ in chosen if unit.startswith("Q")}
    quarter = figures(version, "rated", "period,rating_system", "year BETWEEN 2021 AND 2021")
    assert {period[:4] for period, *_ in quarter} == {"2021"}


def test_a_value_among_several_that_is_nowhere_is_told_beside_the_answer(version: Published) -> None:
    known = figures(version, "rated", "superior,year,rating_system", "superior = 'Q01'")
    found = ask(version, "rated", ["superior", "year", "rating_system"], "superior IN ('Q01', 'Q9')")
    assert len(found.rows) == known.total() > 0 and [s for s in found.said if s.startswith("Không có superior = “Q9”. ")]
    found = ask(version, "rated", [], "year IN (2021, 1999)")
    assert found.rows and [s for s in found.said if s.startswith("Không có year = “1999”. ")]
    assert not [s for s in ask(version, "rated", [], "year IN (2021)").said if s.startswith("Không có")]


def test_years_of_which_there_is_nothing_are_no_value_that_is_wrong(version: Published) -> None:
    found = ask(version, "rated", [], "year > 2090")
    assert found.rows == [] and "Không có dòng nào như điều kiện." in found.said


def test_figures_of_some_alone_say_how_many_are_awaited(partly: Published) -> None:
    """Of three base organisations one sent its members, and nobody officials: their figures are blank, and say it so."""

    def said(name: str, where: str) -> str | None:
        return awaited(partly, ask(partly, name, ["year"], where), ["year"], where)

    assert said("rated", "year = 2021 AND rating_system = 'PARTY_MEMBER'") == (
        "Số đã biết: có dòng còn chờ 2 tổ chức cơ sở (chỉ tiêu units_silent_on_ratings)."
    )
    assert said("rated", "year = 2021") == said("rated", "year = 2021 AND rating_system = 'PARTY_MEMBER'")
    assert said("rated", "year = 2021 AND rating_system = 'PUBLIC_EMPLOYEE'") is None
    assert said("population", "year = 2021") is None, "rosters tell it"


def test_every_metric_awaits_somebody_but_those_that_are_known_without_anybodys_answer() -> None:
    silent = {name for name in DEFINED if name.startswith("units_silent_on_")}
    of_what_came = {"submissions_due", "submissions_came", "submissions_in_time", "rows_read", "rows_in_figures"}
    of_what_came |= {"completeness", "timeliness", "validity"}
    known = silent | of_what_came | {"population", "not_asked_of_training_minimum"}
    assert {name for name, metric in DEFINED.items() if not metric.awaits} == known
    assert {one for metric in DEFINED.values() for one in metric.awaits} == silent
    assert all(str(DEFINED[name].report).endswith(".units_without_answer") for name in silent)


def test_whatever_is_made_of_ratings_says_how_many_are_awaited(silent: Home) -> None:
    """Of three base organisations one sent its ratings: quotas and shares are of it alone, too."""
    told = set()
    with published(silent) as version:
        for name, metric in listed(version).items():
            if "units_silent_on_ratings" in metric.awaits:
                where = "year = 2021" + (" AND rating_system = 'PARTY_MEMBER'" if "rating_system" in metric.dimensions else "")
                for by, most in ((["year"], 2), (["superior", "year"], 2), (["base", "year"], 0)):
                    answer = ask(version, name, by, where)
                    if any(row[-1] is not None for row in answer.rows):
                        said = f"Số đã biết: có dòng còn chờ {most} tổ chức cơ sở (chỉ tiêu units_silent_on_ratings)." if most else None
                        assert awaited(version, answer, by, where) == said, (name, by)
                        told.add(name)
    assert told >= {"quota_excellent", "quota_allowed", "quota_over", "good_exclusive_share_of_rated", "excellent_share_of_good", "rated"}


@pytest.fixture
def partly(city: City) -> Iterator[Published]:
    city.put("2021/Q01.002/ratings.csv", ratings([rating(1), rating(2, "HTXSNV")]))
    load(city.home)
    with published(city.home) as version:
        yield version


def test_a_sum_of_nothing_is_a_sentence_and_no_blank_alone(version: Published) -> None:
    found = ask(version, "submissions_came", [], "year = 2021 AND verdict = 'REFUSED'")
    assert found.rows == [(None,)] and NOTHING in found.said
    assert NOTHING not in ask(version, "submissions_came", [], "year = 2021 AND verdict = 'ACCEPTED'").said


def test_an_answer_is_of_the_version_that_was_opened_also_while_a_load_switches(small: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    shutil.copytree(small.versions, home.versions, symlinks=True)
    before = home.current.resolve()
    later = home.versions / "999999"
    shutil.copytree(before, later)
    (later / METRICS).unlink()
    with published(home) as version:
        home.current.unlink()
        home.current.symlink_to(later.name)
        assert ask(version, "rated").rows and f"{before}" == f"{version.folder}"
    with published(home) as version, pytest.raises(NoAnswer, match="chưa có chỉ tiêu"):
        ask(version, "rated")


def test_relations_are_those_of_the_published_file(version: Published) -> None:
    assert "draft" not in str(version.metrics()) and str(PROJECT) not in str(version.metrics())


def test_a_load_does_not_import_what_answers_metrics() -> None:
    code = "import sys, pipeline.cli, pipeline.definitions, pipeline.nightly; print([m for m in sys.modules if m.startswith('metricflow')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert done.stdout.strip().endswith("[]")


def test_the_command_lists_metrics_and_shows_one(small: Home) -> None:
    shown = pipeline(small, "metric")
    assert shown.returncode == 0 and all(name in shown.stdout for name in DEFINED)
    shown = pipeline(small, "metric", "excellent_share_of_good", "--by", "superior", "--where", OF_2021)
    assert shown.returncode == 0 and "%" in shown.stdout and "Mẫu số: Hoàn thành tốt, gồm cả xuất sắc." in shown.stdout
    asked = pipeline(small, "metric", "rated", "--explain")
    with published(small) as version:
        assert version.db.execute(asked.stdout).fetchall() == ask(version, "rated").rows


@pytest.mark.parametrize("width", [80, 120])
def test_figures_stand_in_a_terminal_with_whole_words_and_right_aligned(width: int, small: Home) -> None:
    by = ("excellent_share_of_good", "--by", "superior,year")
    shown = pipeline(small, "metric", *by, "--where", "rating_system = 'PARTY_MEMBER'", COLUMNS=str(width)).stdout
    title, said, *lines = (line.rstrip() for line in shown.splitlines())
    assert title == "Tỷ lệ xuất sắc trên số hoàn thành tốt trở lên (excellent_share_of_good)"
    assert said == "Đối tượng xếp loại: Đảng viên", "what is the same in every line stands once"
    head = next(line for line in lines if line)
    assert head.split() == ["Mã", "Cấp", "trên", "trực", "tiếp", "cơ", "sở", "Năm", "Tỷ", "lệ"]
    figures = [line for line in lines if line.endswith("%")]
    assert figures and {len(line) for line in figures} == {len(head)} and max(map(len, lines)) <= width
    with published(small) as version:
        names = {row[1] for row in ask(version, by[0], ["superior"], OF_2021).rows}
    assert all(any(name in line for line in figures) for name in names), "a name is one line where it fits"


def test_an_answer_is_given_as_text_workbook_and_json(small: Home, tmp_path: Path) -> None:
    with published(small) as version:
        rows = ask(version, "excellent_share_of_good", ["superior"], OF_2021).rows
    asked = ("metric", "excellent_share_of_good", "--by", "superior", "--where", OF_2021)
    text = pipeline(small, *asked, "--format", "json")
    assert [tuple(line.values()) for line in json.loads(text.stdout)] == rows and "Thêm cột year" in text.stderr
    for name in ("a.csv", "a.xlsx"):
        assert pipeline(small, *asked, "--out", str(tmp_path / name)).returncode == 0
    written = (tmp_path / "a.csv").read_bytes()
    head, *lines = csv.reader(io.StringIO(written.removeprefix(codecs.BOM_UTF8).decode()))
    assert written.startswith(codecs.BOM_UTF8)
    assert head == ["superior", "superior_name", "year", "rating_system", "rating_system_label", "excellent_share_of_good"]
    assert [(*line[:2], int(line[2]), *line[3:5], float(line[5])) for line in lines] == rows
    sheet, behind = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets
    assert [*sheet.iter_rows(min_row=2, values_only=True)] == [(*row[:-1], pytest.approx(row[-1])) for row in rows]
    assert behind.title == "Ghi chú"


def test_a_workbook_says_behind_its_figures_what_they_are_a_share_of_and_who_is_awaited(silent: Home, tmp_path: Path) -> None:
    done = pipeline(silent, "metric", "excellent_share_of_good", "--where", OF_2021, "--out", str(tmp_path / "a.xlsx"))
    assert done.returncode == 0 and "chờ 2 tổ chức cơ sở" in done.stderr
    notes = openpyxl.load_workbook(tmp_path / "a.xlsx")["Ghi chú"].iter_rows(values_only=True)
    said = [tuple(filter(None, line)) for line in notes]
    assert said[0] == ("Tỷ lệ xuất sắc trên số hoàn thành tốt trở lên",) and ("Chỉ tiêu", "excellent_share_of_good") in said
    assert ("Mẫu số", "Hoàn thành tốt, gồm cả xuất sắc") in said
    assert ("Lưu ý", "Số đã biết: có dòng còn chờ 2 tổ chức cơ sở (chỉ tiêu units_silent_on_ratings).") in said


def test_a_mistake_in_a_command_is_a_sentence(small: Home, tmp_path: Path) -> None:
    wrong = pipeline(small, "metric", "excelent_share_of_good")
    assert wrong.returncode == 1 and "Traceback" not in wrong.stderr
    assert wrong.stderr.startswith("Không có chỉ tiêu “excelent_share_of_good”. Gần nhất: excellent_share_of_good")
    empty = pipeline(Home(tmp_path / "nowhere"), "metric")
    assert empty.returncode == 1 and "Traceback" not in empty.stderr


WORDS = [
    *("year", "unit", "superior", "rating_system", "2021", "'Q01'", "'Đảng viên'", "x.y", '"unit"', "'2021'", "{{", "}}", "?", "$1"),
    *(
        "=",
        "<>",
        "<",
        ">",
        ">=",
        "in",
        "not",
        "(",
        ")",
        "and",
        "or",
        "like",
        "between",
        "is",
        "null",
        ",",
        "%",
        "||",
        "[",
        "]",
        "->",
        "::",
        ";",
    ),
    *(
        "--",
        "/*",
        "*/",
        "select",
        "from",
        "union",
        "limit",
        "exists",
        "cast(",
        "case",
        "when",
        "end",
        "date",
        "interval",
        "read_text('/etc/passwd')",
    ),
]


@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join) | st.text(max_size=30))
def test_a_condition_is_taken_apart_or_refused_in_a_sentence(where: str) -> None:
    try:
        taken = Condition(DEFINED["rated"], where)
    except NoAnswer as refused:
        assert "\n" not in str(refused)
    else:
        bare = re.sub(r"\{\{ Dimension\('\w+'\) \}\}|'[^'{}]*'", "", taken.template)
        assert set(re.findall(r"[^\W\d]+", bare)) <= {"AND", "OR", "NOT", "IN", "LIKE", "ILIKE", "BETWEEN", "IS", "NULL"}
        assert not set(bare) & set(';{}"[]$?-/')


@pytest.mark.parametrize("by", [*itertools.combinations(SHOWN, 1), *itertools.combinations(SHOWN, 2)], ids=",".join)
def test_no_way_of_asking_adds_up_more_than_there_is(by: tuple[str, ...], version: Published) -> None:
    """Whatever is named, in --by or in --where, no line has more than the city, and lines of one level have no more together."""
    city = ask(version, "rated", [], OF_2021).rows[0][-1]
    for asked in (
        ask(version, "rated", by, OF_2021),
        ask(version, "rated", [], " AND ".join((OF_2021, *(f"{one} IS NOT NULL" for one in by)))),
    ):
        assert asked.rows and max(row[-1] for row in asked.rows) <= city
        columns = [*asked.columns]
        if not {"unit", "unit_type", "period", "period_type"} & {*columns}:
            assert sum(row[-1] for row in asked.rows) <= city
