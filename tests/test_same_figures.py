"""What people read is what the metrics say: pages and reports, of a small city, figure by figure; and what nobody spoke of is nowhere nought.

That a metric is its report's column is held in test_metrics; the article's figures, of the whole city and on every surface, in test_city.
"""

import datetime as dt
import io
import re
import shutil
from collections.abc import Iterator
from functools import cache
from html import unescape
from typing import Any

import openpyxl
import pytest
from conftest import load, write_csv
from test_pages import Page

from pipeline.codes import labels
from pipeline.metrics import Metric
from pipeline.paths import Home
from pipeline.sample.city import make_truth
from pipeline.sample.scale import SMALL
from pipeline.surfaces import exports
from pipeline.surfaces.metrics.answer import ask, listed
from pipeline.surfaces.pages import figures as pages
from pipeline.surfaces.pages import views
from pipeline.surfaces.pages.units import Unit
from pipeline.surfaces.pages.words import LANGUAGES
from pipeline.surfaces.public import Rules
from pipeline.surfaces.reports.build import TOTAL, document
from pipeline.surfaces.reports.declared import kinds
from pipeline.surfaces.reports.figures import Figures
from pipeline.surfaces.reports.letter import Signer
from pipeline.surfaces.reports.xlsx import as_xlsx
from pipeline.warehouse.door import Published, published

OFFICIALS = ("CADRE", "CIVIL_SERVANT", "PUBLIC_EMPLOYEE")
DAY = dt.date(2021, 12, 20)
YEARS = (2020, 2021)
MEMBERS = "PARTY_MEMBER"
LEVELS = {
    "SUPERIOR": "superior",
    "BASE_COMMITTEE": "base",
    "BASE_CELL": "base",
    "SECTION": "section",
    "CELL": "cell",
}  # how a metric is asked of one unit
VIETNAMESE = LANGUAGES[0]
SILENT = "Q02.006"  # sent no ratings of 2020


def test_a_system_that_no_list_speaks_of_is_unknown_on_every_surface(small: Home) -> None:
    """Every base organisation sent its members, leaders and collective, and no official, of whom there are some on the rosters."""
    with published(small) as version:
        of_city = "SELECT population, rated, not_rated, unexplained, units_without_answer FROM reports.rpt_rating_summary WHERE period = '2021' AND unit_type_code = 'CITY'"
        frames = exports.public_tables(version, Rules())
        public = frames["rpt_rating_summary"].filter(period="2021", unit_type_code="CITY")
        figures = Figures(version, 2021)
        report = document(kinds()["RATINGS"], figures, figures.unit(None), Signer(), DAY)
        for system in OFFICIALS:
            ((population, *counts, awaited),) = version.db.execute(f"{of_city} AND rating_system_code = '{system}'").fetchall()
            assert population > 0 and counts == [None, None, None] and awaited > 0
            assert [row[-1] for row in ask(version, "rated", ["year"], f"year = 2021 AND rating_system = '{system}'").rows] == [None]
            row, whom = Page(small.pages / "index.html").row(labels("rating_system")[system]), labels("rating_system")[system].lower()
            assert row[1:] == [f"…còn {awaited} tổ chức cơ sở chưa nộp xếp loại {whom}", "…", "…", "…"]
            (told,) = public.filter(rating_system_code=system).to_dicts()
            assert told["rated"] is None and "rated" not in (told["withheld"] or "")
    assert "Chưa có kết quả đánh giá, xếp loại cán bộ, công chức, viên chức năm 2021." in report.paragraphs
    assert [t.title for t in report.tables] == [
        f"Kết quả đánh giá, xếp loại {labels('rating_system')[s].lower()} năm 2021" for s in ("PARTY_MEMBER", "LEADER", "COLLECTIVE")
    ]


@pytest.fixture(scope="module")
def two_years(small: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small city with ratings, postings and courses of the year before, too: of all bases but one, and of one of them its officials."""
    home = Home(tmp_path_factory.mktemp("two") / "data")
    shutil.copytree(small.root, home.root, symlinks=True)
    truth = make_truth(2021, SMALL, 0, set())
    for n, base in enumerate(truth.tree.bases):
        code = base.unit.unit_code
        people = [r for r in truth.rows["2020", code, "personnel"] if r["spell_kind_code"] == "PRIMARY" and r["spell_to"] is None]
        levels = ("HTXSNV", "HTTNV", "HTTNV", "HTNV", "HTTNV", "KHTNV")
        rows = [
            [p["full_name"], p["identity_number"], label, levels[(m + n) % len(levels)]]
            for m, p in enumerate(people)
            for label, is_one in (
                ("Đảng viên", p["member_status_code"] != "NONE"),
                ("Công chức", n == 1 and p["staff_kind_code"] == "CIVIL_SERVANT"),
            )
            if is_one
        ]
        folder = home.raw / "2020" / code
        if code != SILENT:
            write_csv(folder / "xep-loai.csv", [["Họ và tên", "Số CCCD", "Hệ xếp loại", "Mức xếp loại"], *rows])
        taught = [
            [p["full_name"], p["identity_number"], "Bồi dưỡng nghiệp vụ", "Vị trí việc làm", "05/05/2020", 8 + m]
            for m, p in enumerate(people[:4])
        ]
        write_csv(folder / "dao-tao.csv", [["Họ và tên", "Số CCCD", "Chương trình", "Loại chương trình", "Từ ngày", "Số tiết"], *taught])
        moved = [
            [p["full_name"], p["identity_number"], "Luân chuyển", "Sở Nội vụ", code, "01/02/2020", f"{n}{m}-QĐ/QU"]
            for m, p in enumerate(people[4:5])
        ]
        write_csv(
            folder / "luan-chuyen.csv", [["Họ và tên", "Số CCCD", "Hình thức", "Nơi đi", "Nơi đến", "Từ ngày", "Số quyết định"], *moved]
        )
    load(home)
    return home


@pytest.fixture(scope="module")
def version(two_years: Home) -> Iterator[Published]:
    with published(two_years) as opened:
        yield opened


class Told:
    """What metrics say of a unit, asked as somebody asks for them by name."""

    def __init__(self, version: Published):
        self.version, self.metrics = version, listed(version)
        self.of_report = {m.report: m for m in self.metrics.values() if m.report}

    @cache  # noqa: B019 - as long as the test
    def _answer(self, name: str, level: str) -> dict[tuple[str, int, str], Any]:
        metric = self.metrics[name]
        by = [*([level] if level else []), "year", *(["rating_system"] if "rating_system" in metric.dimensions else [])]
        found = ask(self.version, name, by)
        lines = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
        return {(line.get(level, ""), line["year"], line.get("rating_system", "")): line[name] for line in lines}

    def __call__(self, metric: Metric, code: str, unit_type: str, year: int, system: str = MEMBERS) -> Any:
        level = LEVELS.get(unit_type, "")
        of = system if "rating_system" in metric.dimensions else ""
        return self._answer(metric.name, level).get((code if level else "", year, of))


def test_the_city_of_two_years_has_what_is_held_here(version: Published) -> None:
    told = Told(version)
    for name in (
        "rated",
        "excellent_share_of_good",
        "persons_disciplined",
        "disciplined_per_thousand_members",
        "postings_started",
        "rotations_running",
        "training_hours",
        "training_hours_per_staff",
    ):
        values = [told(told.metrics[name], code, kind, year) for year in YEARS for code, kind in (("CT", "CITY"), ("Q01", "SUPERIOR"))]
        assert all(values) and len({*values}) >= 3, (name, values)
    assert told(told.metrics["rated"], SILENT, "BASE_COMMITTEE", 2020) is None, "who sent none is not nought"


def test_of_officials_those_of_one_base_are_known_and_of_its_siblings_nothing_is_said(version: Published) -> None:
    columns = "SELECT unit_code, population, rated, units_without_answer FROM reports.rpt_rating_summary WHERE period = '2020' AND rating_system_code = 'CIVIL_SERVANT'"
    found = {code: figures for code, *figures in version.db.execute(columns).fetchall()}
    bases = {code: figures for code, figures in found.items() if code.count(".") == 1}
    (sender,) = [code for code, (_, rated, _) in bases.items() if rated is not None]
    population, rated, awaited = found["CT"]
    assert bases[sender][1] == rated > 0 and bases[sender][2] == 0 and rated < population
    assert (
        awaited
        == sum(bool(people) for code, (people, *_) in bases.items() if code != sender)
        == sum(silent for *_, silent in bases.values())
    )
    assert all(rated is None and silent == bool(people) for code, (people, rated, silent) in bases.items() if code != sender)
    left = exports.public_tables(version, Rules())["rpt_rating_summary"].filter(period="2020", rating_system_code="CIVIL_SERVANT")
    for row in left.filter(unit_type_code="BASE_COMMITTEE").to_dicts():
        if row["unit_code"] not in (sender, SILENT):
            assert row["rated"] is None and "rated" in row["withheld"].split(", "), "as of one whose count is few"


def test_whoever_is_unknown_nil_or_awaited_stands_in_the_workbook_with_blanks(two_years: Home, version: Published) -> None:
    """Who adds up the bases there has everybody who is on a roster, and sees whose ratings are missing."""
    sheet = openpyxl.load_workbook(two_years.exports / "reports.xlsx", read_only=True)["Xếp loại"]
    shown = {(row[0], row[1], row[2]): row[5:7] for row in sheet.iter_rows(min_row=2, values_only=True)}
    asked = """SELECT period, rating_system_code, unit_code, population, rated, units_without_answer FROM reports.rpt_rating_summary
        WHERE unit_type_code IN ('CITY', 'SUPERIOR', 'BASE_COMMITTEE', 'BASE_CELL')"""
    unknown = 0
    for period, system, code, population, rated, awaited in version.db.execute(asked).fetchall():
        figures = shown.pop((period, labels("rating_system")[system], code), None)
        assert figures == ((population, rated) if population != 0 or rated or awaited else None), (period, system, code)
        unknown += figures is not None and rated is None
    assert unknown > 100 and not shown, "the city of two years has some, and a line for each"


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────

LINE = re.compile(r'<tr[^>]*><th scope="row">(?:<svg.*?</svg>)?<a href="[^"]*sources.html#(\w+)">.*?</th><td>(.*?)</td>', re.S)
CARD = re.compile(r'<span class="what"><a href="[^"]*sources.html#(\w+)">.*?</span><b>(.*?)</b>', re.S)
SECTION = re.compile(r"<section><h2>(.*?)</h2>(.*?)</section>", re.S)
ROW = re.compile(r'<tr[^>]*><th scope="row">(.*?)</th>(.*?)</tr>', re.S)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.S)


def is_shown(cell: str, metric: Metric, value: Any) -> bool:
    """Whether a cell of a page says a metric's figure, and of what nobody knows that, whatever is noted below it."""
    said = unescape(re.sub(r"<svg.*?</svg>|<[^>]*>", "", cell.partition("<small")[0], flags=re.S)).strip()
    if value is None:
        return said in ("…", "–")
    return said == ("+" if metric.name in views.CHANGES and value > 0 else "") + VIETNAMESE.figure(value, metric.shown_as)


def lines_of(page: str, unit: Unit, year: int, below: dict[str, Unit]) -> Iterator[tuple[Unit, str, int, str, str]]:
    """Every figure of a page that a metric answers for: of which unit, which metric, of which year and rating system, and its cell."""
    for name, cell in (*LINE.findall(page), *CARD.findall(page)):
        yield unit, name, year, MEMBERS, cell
    systems = {label: code for code, label in labels("rating_system").items()}
    heads = {VIETNAMESE.words["years"]: views.BY_YEAR, VIETNAMESE.words["systems"]: views.SYSTEM}
    heads |= {VIETNAMESE.words["by_committee"]: views.OF_UNITS, VIETNAMESE.words["cells"]: views.OF_CELLS}
    for title, text in SECTION.findall(page):
        names = next((names for head, names in heads.items() if unescape(title).startswith(head)), ())
        for head, row in ROW.findall(text) if names else ():
            called = " ".join(unescape(re.sub(r"<[^>]*>", "", head)).split())
            of = below.get(called, unit)
            for name, cell in zip(names, CELL.findall(row), strict=False):
                yield of, name, int(called) if called.isdigit() else year, systems.get(called, MEMBERS), cell


def test_what_pages_print_is_what_metrics_say_of_each_year_unit_and_system(two_years: Home, version: Published) -> None:
    told, edition = Told(version), pages.own(version)
    held: set[tuple[str, str, int, str]] = set()
    for unit in edition.units.with_pages:
        inside = {f"{one.name} {one.code}": one for one in edition.units.by_key.values()}
        inside |= {one.name: one for one in edition.units.by_key.values() if one.base == unit.key and one is not unit}
        page = (two_years.pages / unit.page).read_text("utf-8")
        for of, name, year, system, cell in lines_of(page, unit, edition.year, inside):
            metric = told.metrics[name]
            value = told(metric, of.code, of.type_code, year, system)
            assert is_shown(cell, metric, value), (unit.code, of.code, name, year, system, cell, value)
            held.add((name, of.code, year, system))
    names = {
        "rated",
        "excellent_share_of_good",
        "good_inclusive_share_of_rated",
        "persons_disciplined",
        "postings_started",
        "persons_trained",
    }
    assert {(name, code, year) for name, code, year, _ in held} >= {
        (n, code, year) for n in names for code in ("CT", "Q01", "Q01.001", SILENT) for year in YEARS
    }
    assert {(name, code, 2021) for name in ("rotations_running", "training_hours", "population") for code in ("CT", "Q02")} <= {
        h[:3] for h in held
    }
    assert {system for *_, system in held} >= {MEMBERS, "LEADER", "COLLECTIVE"} and any(code.count(".") == 2 for _, code, *_ in held)


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────


def is_printed(cell: Any, value: Any) -> bool:
    return cell in ("…", "–") if value is None else not isinstance(cell, str) and cell == pytest.approx(float(value), abs=1e-9)


@pytest.mark.parametrize("year", YEARS)
def test_what_workbooks_print_is_what_metrics_say_of_each_unit(year: int, version: Published) -> None:
    told, figures = Told(version), Figures(version, year)
    titled = {f"Kết quả đánh giá, xếp loại {label.lower()} năm {year}": code for code, label in labels("rating_system").items()}
    held: set[tuple[str, str]] = set()
    for kind in kinds().values():
        said = {
            c.name: told.metrics.get(c.name) if t.metrics else told.of_report.get(f"{t.source}.{c.name}")
            for t in kind.tables
            for c in t.columns
        }
        for code in ("CT", "Q01", "Q02", "Q01.001", "Q01.002", SILENT):
            unit = figures.unit(code)
            report = document(kind, figures, unit, Signer(), DAY)
            book = openpyxl.load_workbook(io.BytesIO(as_xlsx(report)), data_only=True) if report.tables else {}
            units = {one.name: one for one in (*figures.children(unit), unit)} | {TOTAL: unit}
            for table in report.tables:
                rows = {row[1]: row for row in book[table.label].iter_rows(values_only=True) if row[1] in units}
                for name, row in rows.items():
                    for n, column in enumerate(table.columns):
                        if metric := said.get(column.name):
                            of = units[name]
                            value = told(metric, of.code, of.type, year, titled.get(table.title, MEMBERS))
                            assert is_printed(row[n], value), (kind.code, table.title, name, metric.name, row[n], value)
                            held.add((metric.name, of.code))
    names = {
        "population",
        "rated",
        "excellent_share_of_good",
        "persons_disciplined",
        "postings_started",
        "rotations_running",
        "persons_trained",
        "training_hours",
    }
    assert held >= {(name, code) for name in names for code in ("CT", "Q01", "Q02", "Q01.001")}
