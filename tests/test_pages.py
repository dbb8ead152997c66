"""Pages of a version: every link leads somewhere, every figure is the report's with its denominator in words, nothing leaves, and a load does not hang on them."""

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from browser import MISSING, Browser, browser, program
from conftest import CALENDAR, UNITS, City, load, member, pipeline, rating, ratings, roster

from pipeline.gate import published_load
from pipeline.paths import PAGES, PROJECT, Home
from pipeline.surfaces import due, exports
from pipeline.surfaces.declared import declared
from pipeline.surfaces.metrics.answer import ask as metric
from pipeline.surfaces.pages import figures, submissions, views, written
from pipeline.surfaces.pages.units import Units
from pipeline.surfaces.pages.words import LANGUAGES, Language
from pipeline.surfaces.public import Rules
from pipeline.warehouse.door import published

VIETNAMESE, ENGLISH = LANGUAGES
VOID = {"meta", "link", "input", "br", "rect"}


class Page(HTMLParser):
    """What a page is made of: its links, names, headings, tables, and whether every tag is closed."""

    def __init__(self, file: Path):
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.text = file.read_text("utf-8")
        self.feed(self.text)
        assert self.open == [], file

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in VOID:
            self.open.append(tag)
        self.links += [str(given[name]) for name in ("href", "src") if name in given]
        self.ids += [str(given["id"])] if "id" in given else []
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td") and self.rows:
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"th", "td"} & set(self.open) and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data

    def row(self, head: str) -> list[str]:
        return next([" ".join(cell.split()) for cell in row] for row in self.rows if row and row[0].strip() == head)


@pytest.fixture(scope="module")
def public(small: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A public export with its pages."""
    folder = tmp_path_factory.mktemp("public")
    home, target = Home(folder / "data"), folder / "out"
    shutil.copytree(small.root, home.root, symlinks=True)  # what left is noted in it, and others ask of it
    done = pipeline(home, "export", str(target), "--public", "--pages", "--why", "Trang công khai", "--despite-earlier")
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.fixture(scope="module")
def edition(small: Home) -> figures.Edition:
    with published(small) as version:
        return figures.own(version)


def folders(small: Home, public: Path) -> Iterator[Path]:
    yield small.pages
    yield public / "pages"


def pages_of(folder: Path) -> dict[str, Page]:
    return {file.relative_to(folder.resolve()).as_posix(): Page(file) for file in sorted(folder.resolve().rglob("*.html"))}


def test_every_link_leads_somewhere_from_the_version_and_from_the_citys_own_link(small: Home, public: Path) -> None:
    for folder in folders(small, public):
        found = pages_of(folder)
        for name, page in found.items():
            for link in page.links:
                path, _, anchor = link.partition("#")
                target = folder / name if not path else (folder.parent / folder.name / name).parent / path
                where = Path(*target.parts) if not path else Path(str(target))
                assert where.exists(), f"{name}: {link}"
                if anchor and path.endswith(".html") and "exports" not in path:
                    other = found[where.resolve().relative_to(folder.resolve()).as_posix()]
                    assert anchor in other.ids, f"{name}: {link}"
    assert (small.pages / ".." / "exports" / "reports.xlsx").exists() and small.pages.resolve() == small.current.resolve() / "pages"


def test_both_languages_have_the_same_pages_and_each_says_which_it_is_and_leads_to_the_other(small: Home, public: Path) -> None:
    for folder in folders(small, public):
        found = pages_of(folder)
        vi = {name for name in found if not name.startswith("en/")}
        assert {f"en/{name}" for name in vi} == {name for name in found if name.startswith("en/")}
        for name, page in found.items():
            language = "en" if name.startswith("en/") else "vi"
            assert dict(page.tags)["html"] == {"lang": language}
            (other,) = [given for tag, given in page.tags if tag == "a" and "hreflang" in given]
            assert other["lang"] == other["hreflang"] == ("vi" if language == "en" else "en")
            assert (folder / name).parent.joinpath(str(other["href"])).resolve() != (folder / name).resolve()


def test_pages_can_be_heard(small: Home, public: Path) -> None:
    """Headings step down one by one, names stand once, heads of tables say of what they are, pictures are said in words."""
    for folder in folders(small, public):
        for name, page in pages_of(folder).items():
            assert page.headings[0] == 1 and page.headings.count(1) == 1, name
            assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), name
            assert len(page.ids) == len(set(page.ids)), name
            for tag, given in page.tags:
                assert tag != "th" or given.get("scope") in ("row", "col"), name
                assert tag != "svg" or given.get("aria-hidden") == "true" or given.get("role") == "img", name
                assert "style" not in given and not any(attribute.startswith("on") for attribute in given), name
            assert page.text.count('role="img"') == len(re.findall(r'role="img"[^>]*><title[ >]', page.text)), name


def test_pages_ask_nobody_for_anything(small: Home, public: Path) -> None:
    for folder in folders(small, public):
        for name, page in pages_of(folder).items():
            (policy,) = [given["content"] for tag, given in page.tags if given.get("http-equiv") == "Content-Security-Policy"]
            assert str(policy).startswith("default-src 'none'; style-src 'self' file:;"), name
            assert [link for link in page.links if re.match(r"[a-z]+:|//", link)] == [], name
            assert ("script" in dict(page.tags)) == name.endswith("units.html"), name


def test_what_a_share_is_made_of_is_what_its_metric_says(edition: figures.Edition) -> None:
    for name, (above, below) in views.SHARES.items():
        share, found = edition.metrics[name], {m.label: m.name for m in edition.metrics.values()}
        assert found[share.denominator] == below
        for figure in edition.figures([name], edition.units.city.key, edition.year):
            counts = [edition.figure(one, edition.units.city.key, edition.year) for one in (above, below)]
            assert figure.value == pytest.approx(counts[0].value / counts[1].value)
    parts = sum(edition.figure(name, edition.units.city.key, edition.year).value for name in views.BAR)
    assert parts == edition.figure("rated", edition.units.city.key, edition.year).value
    asked = {
        *views.CARDS,
        *views.BY_YEAR,
        *views.SYSTEM,
        *views.OF_CELLS,
        *views.OF_UNITS,
        *(n for names in views.OTHERS.values() for n in names),
    }
    assert asked <= set(edition.metrics)


def test_what_came_is_counted_as_the_metrics_count(small: Home, edition: figures.Edition) -> None:
    with published(small) as version:
        for name in ("submissions_due", "submissions_came", "submissions_in_time", "completeness", "timeliness"):
            answer = metric(version, name, ["superior", "year"])
            of = name.removeprefix("submissions_")
            for code, _, year, value in answer.rows:
                unit = next(u for u in edition.units.by_key.values() if u.code == code)
                found = submissions.sent(edition.owed(edition.units.branch(unit), year))
                assert getattr(found, of) == (pytest.approx(value) if value is not None else None), (name, code)


def written_of(edition: figures.Edition, language: Language = VIETNAMESE) -> dict[str, str]:
    return dict(written._Pages(edition, language, []).all())


def test_late_is_what_came_after_its_day_and_is_one_number_on_every_page(small: Home, public: Path, edition: figures.Edition) -> None:
    """Nil returns and refused ones too: what came and was not in time, as the metric of timeliness has it; also where empty returns are not told."""
    with published(small) as version:
        came, in_time = ({year: n for year, n in metric(version, f"submissions_{of}", ["year"]).rows} for of in ("came", "in_time"))
    late = {year: came[year] - in_time[year] for year in came}
    everything = [row for rows in edition.status.values() for row in rows]
    assert {row["timeliness_code"] for row in everything if submissions.is_late(row)} == {"LATE", "NIL"}
    for folder in folders(small, public):
        home, due_page, league = (Page(folder / name) for name in ("index.html", "due.html", "league.html"))
        assert f'<a href="due.html#late">{sum(late.values())}</a>' in home.text
        assert f"{sum(late.values())} bản nhận sau hạn" in due_page.text
        assert sum(int(row[1]) for row in due_page.rows if len(row) == 2 and row[1].isdigit()) == sum(late.values())
        place = next(row for row in league.rows if VIETNAMESE.words["late"] in row).index(VIETNAMESE.words["late"])
        counted = [int(row[place]) for row in league.rows if len(row) == place + 3 and row[place].isdigit()]
        assert counted and sum(counted) == late[edition.year]
    row = {
        "received_on": dt.date(2022, 2, 1),
        "due_on": dt.date(2022, 1, 31),
        "timeliness_code": "LATE",
        "is_withdrawn": False,
        "has_current": False,
    }
    refused = submissions.sent([row | {"verdict_code": "REFUSED"}, row | {"verdict_code": "REFUSED", "received_on": row["due_on"]}])
    assert (refused.came, refused.in_time, refused.late, refused.refused) == (2, 1, 1, 2)


def test_a_year_that_has_hardly_begun_is_not_what_the_city_is_shown_by(edition: figures.Edition) -> None:
    city, units = edition.units.city.key, edition.units
    old = edition.tables[figures.RATINGS][city, 2021, "PARTY_MEMBER"]

    def with_2026(members: int) -> figures.Edition:
        new = {
            (city, 2026, "PARTY_MEMBER"): old | {"year": 2026, "rated": members},
            (city, 2026, "CIVIL_SERVANT"): edition.tables[figures.RATINGS][city, 2021, "CIVIL_SERVANT"] | {"year": 2026, "rated": 11},
        }
        owing = next(u for u in units.with_pages if u.type_code == "BASE_COMMITTEE").key
        owed = edition.status[owing][-1] | {"year": 2026, "period": "2026", "received_on": None, "timeliness_code": "MISSING"}
        status = {**edition.status, owing: [*edition.status[owing], owed | {"verdict_code": None}]}
        return replace(edition, tables={**edition.tables, figures.RATINGS: {**edition.tables[figures.RATINGS], **new}}, status=status)

    assert edition.year == with_2026(0).year == with_2026(old["rated"] // 2 - 1).year == 2021
    assert with_2026(old["rated"] // 2 + 1).year == 2026
    pages = written_of(with_2026(0))
    assert "Số liệu chính năm 2021" in pages["index.html"] and "Bản nộp năm 2021" in pages["index.html"]
    # what is overdue is so in whichever year it is of, on both pages
    assert '<dt>Quá hạn chưa nộp, mọi kỳ</dt><dd><a href="due.html#overdue">1</a>' in pages["index.html"]
    assert "1 bản của 1 đơn vị đã quá hạn" in pages["due.html"]


def test_who_sent_no_ratings_has_no_noughts_and_whoever_stands_above_says_how_many_there_are(city: City) -> None:
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1, "HTXSNV"), rating(2)]))
    city.put("2021/Q01.003/ratings.csv", [["STT", "Không phải cột nào"], [1, 2]])
    load(city.home, PERSONNEL_AS_OF="2022-01-20")
    with published(city.home) as version:
        edition = figures.own(version)
        public = figures.public(version, exports.public_tables(version, Rules()), 5)
    state_of = {edition.units.by_key[key].code: [submissions.state(r) for r in rows if r["dataset_code"] == "ratings"] for key, rows in edition.status.items()}  # fmt: skip
    assert state_of == {"Q01.001": ["LATE"], "Q01.002": ["MISSING"], "Q01.003": ["REFUSED"]}
    excellent = VIETNAMESE.of(edition.metrics["excellent"].label)
    completed = VIETNAMESE.of(edition.metrics["completed"].label)
    pages = city.home.pages
    assert Page(pages / "units/Q01.001.html").row(excellent)[1] == "1" and Page(pages / "units/Q01.001.html").row(completed)[1] == "0"
    for silent in ("Q01.002", "Q01.003"):
        page = Page(pages / f"units/{silent}.html")
        assert page.row(excellent)[1] == page.row(completed)[1] == "…" and "dấu … là chưa có vì chưa nộp" in page.text
    said = "còn 2 tổ chức cơ sở chưa nộp xếp loại đảng viên"
    assert said in Page(pages / "index.html").row("Đảng bộ quận Một Q01")[1]
    for page in ("index.html", "units/Q01.html"):
        assert said in (pages / page).read_text("utf-8").lower()
    assert "Bị từ chối, nộp trễ" in (pages / "league.html").read_text("utf-8")
    assert submissions.sent(r for rows in edition.status.values() for r in rows).late == 2
    assert "còn 2 tổ chức cơ sở chưa nộp danh sách xếp loại nào" in written_of(public)["index.html"]


def test_a_quarters_ratings_are_no_answer_for_the_years_on_public_pages_either(city: City) -> None:
    city.registry(calendar=[*CALENDAR, ("ratings", "BASE_CELL", "2021-Q3", "31/10/2021")])
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1, "HTXSNV"), rating(2)]))
    city.put("2021-Q3/Q01.002/ratings.csv", ratings([rating(3)], title=False))
    load(city.home, PERSONNEL_AS_OF="2022-01-20")
    with published(city.home) as version:
        public = figures.public(version, exports.public_tables(version, Rules()), 5)
    sent = [row for rows in public.status.values() for row in rows if row["has_current"] and row["dataset_code"] == "ratings"]
    assert {row["period"] for row in sent} == {"2021", "2021-Q3"}
    assert "còn 2 tổ chức cơ sở chưa nộp danh sách xếp loại nào" in written_of(public)["index.html"]


def test_where_a_later_version_is_refused_the_earlier_one_counts_and_that_is_told(city: City) -> None:
    city.put("2021/Q01.002/ratings.csv", ratings([rating(1, "HTXSNV"), rating(2)]))
    city.put("2021/Q01.003/ratings.csv", [["STT", "Không phải cột nào"], [1, 2]])
    load(city.home, PERSONNEL_AS_OF="2022-01-20")
    city.put("2021/Q01.002/ratings.csv", [["STT", "Không phải cột nào"], [1, 3]])
    load(city.home, PERSONNEL_AS_OF="2022-01-21")
    with published(city.home) as version:
        edition = figures.own(version)
        public = figures.public(version, exports.public_tables(version, Rules()), 5)
    by_code = {unit.code: unit for unit in edition.units.with_pages}
    for one in (edition, public):
        states = {code: [submissions.state(r) for r in one.status.get(by_code[code].key, ()) if r["dataset_code"] == "ratings"] for code in ("Q01.002", "Q01.003")}  # fmt: skip
        assert states == {"Q01.002": ["EARLIER"], "Q01.003": ["REFUSED"]}
    rated = edition.figure("rated", by_code["Q01.002"].key, 2021)
    assert rated and (rated.value, rated.is_awaited, rated.silent) == (2, False, 0)
    assert "còn 2 tổ chức cơ sở chưa nộp xếp loại đảng viên" in written_of(edition)["index.html"], "the other two"
    said = "Bản trước được tính, bản sau bị từ chối"
    pages = written_of(edition)
    assert said in pages["units/Q01.002.html"] and said not in pages["units/Q01.003.html"]
    assert said.lower() in pages["due.html"]


def test_counts_of_which_a_part_is_known_say_how_many_have_not_answered(edition: figures.Edition, small: Home) -> None:
    key = edition.units.city.key, edition.year
    tables = {**edition.tables}
    for name in ("discipline", "rotation", "training"):
        report = f"rpt_{name}_summary"
        assert f"units_silent_on_{name}" in edition.metrics
        tables[report] = {**tables[report], key: tables[report][key] | {figures.SILENT: 68}}
    said = "số đã biết; còn 68 tổ chức cơ sở chưa báo cáo đủ"
    assert said not in written_of(edition)["index.html"]
    page = written_of(replace(edition, tables=tables))["index.html"]
    # a card, the heading of a table and a line of the years for each of the three
    assert page.count(said) == 9 and f"Kỷ luật: {said}" in page
    # others know who sent, and not who is named by others
    with published(small) as version:
        frames = exports.public_tables(version, Rules())
        missing = pl.when((pl.col("dataset_code") == "training") & (pl.col("year") == 2021) & (pl.col("unit_code") == "Q01.001"))
        frames["rpt_submission_status"] = frames["rpt_submission_status"].with_columns(
            missing.then(False).otherwise(pl.col("has_current")).alias("has_current")
        )
        told = figures.public(version, frames, 5)
    assert "số đã biết; còn 1 tổ chức cơ sở chưa nộp" in written_of(told)["index.html"]


def test_who_is_silent_on_discipline_has_three_dots_and_who_changed_its_superior_is_named(city: City) -> None:
    moved = ("U6", "Q01.002", "Chi bộ trường Hai", "BASE_CELL")
    others = [unit for unit in UNITS if unit[0] != "U6"]
    second = ("U9", "Q02", "Đảng bộ quận Hai", "SUPERIOR", "U1", "01/01/2000", None)
    city.registry([*others, second, (*moved, "U2", "01/01/2000", "30/06/2021"), (*moved, "U9", "01/07/2021", None)])
    nobody = [["STT", "Họ và tên", "Số CCCD", "Hình thức kỷ luật"], [None, "Không có"]]
    city.put("2021/Q01.001/Kỷ luật.csv", nobody)
    city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(1)]))
    load(city.home)
    with published(city.home) as version:
        edition = figures.own(version)
    shown = {}
    for code in ("Q01", "Q01.001", "Q01.002"):
        unit = next(unit for unit in edition.units.by_key.values() if unit.code == code)
        figure = edition.figure("persons_disciplined", unit.key, 2021)
        shown[code] = str(views.View(edition, VIETNAMESE).show(figure)), figure.silent if figure else None
    assert shown == {"Q01": ("0", 1), "Q01.001": ("0", 0), "Q01.002": ("…", 1)}
    said = "Đổi đơn vị cấp trên từ năm 2021: Chi bộ trường Hai (ngày 01/07/2021)."
    pages = {
        name: said in " ".join(Page(city.home.pages / f"units/{name}.html").text.split()) for name in ("Q01", "Q02", "Q01.002", "Q01.001")
    }
    assert pages == {"Q01": True, "Q02": True, "Q01.002": True, "Q01.001": False}


def test_a_system_of_which_a_nil_list_came_alone_is_a_line_that_says_how_many_are_awaited(edition: figures.Edition) -> None:
    key = (edition.units.city.key, edition.year, "CADRE")
    row = edition.tables[figures.RATINGS][key] | {"population": None, "rated": 0, "not_rated": 0}
    lines = {}
    for awaited in (11, 0):
        ratings = {**edition.tables[figures.RATINGS], key: row | {figures.SILENT: awaited}}
        lines[awaited] = dict(
            views.View(replace(edition, tables={**edition.tables, figures.RATINGS: ratings}), VIETNAMESE).systems(edition.units.city)
        )
    assert "CADRE" not in lines[0]
    rated, *_ = lines[11]["CADRE"]
    assert rated and rated.value == 0 and rated.silent == 11


def test_a_change_bears_its_sign(edition: figures.Edition) -> None:
    view, changed = views.View(edition, VIETNAMESE), edition.metrics["discipline_change"]
    assert [str(view.show(figures.Figure(changed, n))) for n in (2, 0, -2)] == ["+2", "0", "-2"]
    assert view.show(figures.Figure(edition.metrics["rated"], 2)) == "2"
    assert {name for name in edition.metrics if name.endswith("_change")} == {*views.CHANGES}


def test_the_home_page_leads_to_reports_that_are_put_there(mine: Home) -> None:
    link = '<a href="../reports/">'
    (mine.warehouse / "reports").mkdir()
    assert "The pages show load 1" in pipeline(mine, "pages").stdout and link not in (mine.pages / "index.html").read_text("utf-8")
    done = pipeline(mine, "report", "2021", "--kind", "ratings", "--format", "xlsx", "--to", str(mine.warehouse / "reports"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The pages show load 1" in pipeline(mine, "pages").stdout
    assert link in (mine.pages / "index.html").read_text("utf-8") and '<a href="../../reports/">' in (mine.pages / "en" / "index.html").read_text("utf-8")  # fmt: skip
    assert [file.suffix for file in (mine.pages.parent / "reports").iterdir()] == [".xlsx"]
    assert "--to …/warehouse/reports" in (mine.pages / "sources.html").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_every_unit_has_the_figures_of_the_report_with_their_denominators(
    small: Home, edition: figures.Edition, language: Language
) -> None:
    with published(small) as version:
        rows = version.db.execute(
            "SELECT * FROM reports.rpt_rating_summary WHERE rating_system_code = 'PARTY_MEMBER' AND period = '2021' AND rated > 0"
        ).pl()
    words = {name: language.of(m.label) for name, m in edition.metrics.items()}
    counted = 0
    for row in rows.iter_rows(named=True):
        unit = edition.units.by_key[row["unit_key"]]
        if unit not in edition.units.with_pages:
            continue
        page = Page(small.pages / language.folder / unit.page)
        counted += 1
        assert page.row(words["rated"])[1] == language.number(row["rated"])
        excellent = page.row(words["excellent"])
        assert excellent[1] == language.number(row["excellent"])
        share = language.figure(row["excellent_share_of_good"], "share")
        of = f"{language.words['of']} {language.number(row['good_inclusive'])} ({words['good_inclusive'][0].lower()}{words['good_inclusive'][1:]})"
        if row["excellent_share_of_good"] is not None:
            assert f"{share} {of}" in excellent[2]
    assert counted > 10


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_whose_ratings_are_shown_is_said_where_they_are(small: Home, edition: figures.Edition, language: Language) -> None:
    """Other systems have lists too: a figure of ratings stands below a heading that says whose they are."""
    whose = {"vi": "đảng viên", "en": "party members"}[language.code]
    base = next(u for u in edition.units.with_pages if u.type_code == "BASE_COMMITTEE")
    for page in (small.pages / language.folder / one for one in ("index.html", base.page)):
        sections = re.findall(r"<section><h2>(.*?)</h2>(.*?)</section>", page.read_text("utf-8"), re.S)
        shown = [head for head, text in sections if "sources.html#rated" in text or 'class="cards"' in text]
        shown += [
            head for head, _ in sections if head.startswith(tuple(language.words[name][:12] for name in ("by_committee", "years", "cells")))
        ]
        assert len(shown) >= 2 and all(whose in head for head in shown), shown


def test_cells_are_lines_of_the_page_of_their_base_organisation(small: Home, edition: figures.Edition) -> None:
    cells = [unit for unit in edition.units.by_key.values() if unit.type_code in ("CELL", "SECTION") and not unit.has_ended]
    assert cells and not {unit.page for unit in cells} & {f"units/{unit.code}.html" for unit in cells}
    for unit in cells:
        assert unit.name in Page(small.pages / unit.page).text and edition.units.by_key[unit.base].page == unit.page


def test_units_stand_in_the_order_of_the_vietnamese_alphabet(small: Home, edition: figures.Edition) -> None:
    stretch = {"unit_type_code": "BASE_CELL", "parent_unit_key": None, "base_unit_key": None, "valid_to": None, "is_newest": True, "valid_from": dt.date(2000, 1, 1)}  # fmt: skip
    with published(small) as version:
        names = "SELECT name FROM (VALUES ('Dũng'), ('Ân'), ('An'), ('Đạt'), ('Ăn'), ('Zen'), ('Ơn')) AS t(name) ORDER BY name COLLATE vi"
        in_order = [name for (name,) in version.db.execute(names).fetchall()]
    made = Units.all_of(
        stretch | {"unit_key": name, "unit_code": f"{n}", "unit_name": name, "sort_order": in_order.index(name)}
        for n, name in enumerate(sorted(in_order))
    )
    assert [unit.name for unit in made.with_pages] == ["An", "Ăn", "Ân", "Dũng", "Đạt", "Ơn", "Zen"]
    listed = [unit.sort_order for unit in edition.units.with_pages]
    assert listed == sorted(listed)


def test_two_units_of_one_code_have_pages_of_their_own() -> None:
    stretch = {"unit_type_code": "BASE_CELL", "parent_unit_key": None, "base_unit_key": None, "valid_to": None, "is_newest": True, "unit_name": "", "sort_order": 0}  # fmt: skip
    codes = ["Q01.001", "q01.001", "Q01/001", "../x", ""]
    made = Units.all_of(
        stretch | {"unit_key": str(n), "unit_code": code, "valid_from": dt.date(2000, 1, 1)} for n, code in enumerate(codes)
    )
    pages = [unit.page.lower() for unit in made.by_key.values()]
    assert len(set(pages)) == len(codes) and all(re.fullmatch(r"units/[a-z0-9._~-]+\.html", page) and ".." not in page for page in pages)


def test_a_unit_may_be_called_like_markup(edition: figures.Edition) -> None:
    unit = edition.units.superiors[0]
    evil = replace(unit, name="<script>alert(1)</script> & Co")
    units = Units({**edition.units.by_key, unit.key: evil})
    text = "".join(text for _, text in written._Pages(replace(edition, units=units), VIETNAMESE, []).all())
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in text


def test_every_word_is_said_in_both_languages_and_somewhere() -> None:
    vietnamese, english = (language.words for language in LANGUAGES)
    sources = [*PAGES.glob("*.html"), *PAGES.glob("*.py"), PROJECT / "pipeline" / "cli" / "export.py"]
    used = "\n".join(file.read_text("utf-8") for file in sources) + " ".join(name for name, _ in written.MENU)
    for key, words in vietnamese.items():
        assert words and english[key] and re.findall(r"\{\w*\}", words) == re.findall(r"\{\w*\}", english[key]), key
        assert re.search(rf"\bt\.{key}\b|[\"']{key}[\"']", used), key


# ── what may leave ───────────────────────────────────────────────────────────────────────────────────────────────


def test_public_pages_hold_figures_of_the_public_export_alone(small: Home, public: Path) -> None:
    """Each number of each table of each unit's page stands in the export's rows of the units that the page shows."""
    frames = {name: pl.read_parquet(public / f"{name}.parquet") for name in declared()}
    with published(small) as version:
        edition = figures.public(version, frames, 5)
        of_house = figures.own(version)
    by_code: dict[str, set[str]] = {}
    for frame in frames.values():
        for row in frame.iter_rows(named=True):
            numbers = by_code.setdefault(row["unit_code"], set())
            for value in row.values():
                if isinstance(value, int | float) and not isinstance(value, bool):
                    numbers |= {VIETNAMESE.number(value), VIETNAMESE.figure(value, "share"), VIETNAMESE.figure(value, "rate")}
    hidden = 0
    for unit in edition.units.with_pages:
        page = Page(public / "pages" / unit.page)
        shown = [
            unit,
            *edition.units.children(unit),
            *edition.units.inside(unit),
            *(edition.units.superiors if unit is edition.units.city else ()),
        ]
        allowed = set().union(*(by_code.get(one.code, set()) for one in shown))
        hidden += page.text.count("(ẩn)</i>")
        for row in page.rows:
            for cell in row[1:]:
                counted = re.sub(
                    r"\d+ / \d+|\d\d/\d\d/\d{4}|^20\d\d(-Q\d)?$|0–100%", "", " ".join(cell.split())
                )  # submissions, days, periods, a scale
                for found in re.findall(r"\d[\d.]*(?:,\d+)?%?", counted):
                    assert found in allowed, (unit.code, row)
    assert hidden > 20
    assert edition.is_public and not of_house.is_public and edition.brought is None and not edition.rules and not edition.loads
    text = (public / "pages" / "index.html").read_text("utf-8")
    assert "Bản công khai: số nào cho biết về dưới 5 người đã được ẩn." in text and "Dòng đã đọc" not in text


def test_no_page_shows_its_own_markup(small: Home, public: Path, city: City) -> None:
    city.put("2021/Q01.001/personnel.csv", roster([member(n) for n in (1, 2, 3)]))
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1, "HTXSNV"), rating(2), rating(3)]))
    load(city.home, PERSONNEL_AS_OF="2022-01-20")
    with published(city.home) as version:
        few = written_of(figures.public(version, exports.public_tables(version, Rules()), 5))
    assert "<i>(ẩn)</i> trên <i>(ẩn)</i>" in few["index.html"]  # three people: all is hidden
    pages = [*few.values(), *(page.read_text("utf-8") for folder in (small.pages, public) for page in folder.rglob("*.html"))]
    assert not [page for page in pages if "&lt;i&gt;" in page]


def test_hidden_is_a_word_and_not_nought(small: Home) -> None:
    with published(small) as version:
        frames = exports.public_tables(version, Rules())
        edition = figures.public(version, frames, 5)
    told = {figure.is_hidden for unit in edition.units.with_pages for figure in edition.figures(views.SYSTEM, unit.key, edition.year)}
    assert told == {True, False}
    view = views.View(edition, VIETNAMESE)
    some = next(f for u in edition.units.with_pages for f in edition.figures(["excellent"], u.key, edition.year) if f.is_hidden)
    assert some.value is None and view.show(some) == "<i>(ẩn)</i>" and view.show(None) == "–"
    assert view.show(figures.Figure(some.metric, 0)) == "0"


def test_public_pages_are_logged_as_the_export_that_they_are_part_of(small: Home, public: Path, tmp_path: Path) -> None:
    home = Home(public.parent / "data")
    entry = json.loads(home.lookups.read_text("utf-8").splitlines()[-1])
    assert (entry["what"], entry["public"]) == ("export", "yes") and entry["by"]
    done = pipeline(small, "export", str(tmp_path / "own"), "--pages", "--why", "Họp")
    assert done.returncode == 1 and "--pages chỉ dùng với --public" in done.stderr and not (tmp_path / "own").exists()


# ── a load and its pages ─────────────────────────────────────────────────────────────────────────────────────────

NO_SPACE = """
from pipeline.surfaces.pages import written
def full(*asked):
    raise OSError(28, "No space left on device")
written.write_pages = full
"""


def test_a_load_that_cannot_write_its_pages_has_published_says_so_and_tries_again(city: City) -> None:
    city.put("2021/Q01.002/ratings.csv", ratings([rating(1), rating(2)]))
    first = pipeline(city.home, "load", first=NO_SPACE)
    sentence = "The pages were not written: No space left on device."
    assert first.returncode == 3 and published_load(city.home) == 1 and "Load 1 as of 2021-12-20 is published" in first.stdout
    assert "PUBLISHED, BUT NOT SHOWN EVERYWHERE. The next load tries again." in first.stderr and f"surfaces: {sentence}" in first.stderr
    assert due.waiting(city.home) == ["pages"] and not city.home.pages.exists()
    assert sentence in pipeline(city.home, "pages", first=NO_SPACE).stderr

    again = load(city.home)  # nothing new was sent
    assert "Nothing new" in again and "The pages show load 1" in again and due.waiting(city.home) == []
    page = Page(city.home.pages / "index.html")
    assert "Lần nạp 1, số liệu tính đến ngày 20/12/2021" in page.text and page.row("Số người được xếp loại")[1] == "2"

    city.put("2021/Q01.003/ratings.csv", ratings([rating(3)]))
    failed = pipeline(city.home, "load", first=NO_SPACE)
    assert failed.returncode == 3 and not (city.home.pages / "index.html").exists()  # never those of another version
    (city.home.current / "pages.part").mkdir()  # as a load leaves it that is killed while it writes
    assert "The pages show load 2" in pipeline(city.home, "pages").stdout
    assert sorted(p.name for p in city.home.current.resolve().iterdir() if "pages" in p.name) == ["pages"]
    assert "Lần nạp 2" in (city.home.pages / "index.html").read_text("utf-8")


def test_pages_may_be_turned_off(small: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "data")
    (home.versions / "000001").mkdir(parents=True)
    home.current.symlink_to("000001")
    assert due.waiting(home) == ["pages"] and due.waiting(small) == []
    monkeypatch.setenv(due.PAGES, "no")
    assert due.waiting(home) == []


def test_a_version_of_before_there_were_metrics_is_told_in_a_sentence(mine: Home) -> None:
    (mine.current / "metrics.json").unlink()
    with pytest.raises(due.NotWritten, match="pages come with the next load"):
        written.write(mine)
    assert (mine.pages / "index.html").exists()  # what stood there stays


# ── in a reader's browser ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def tab() -> Iterator[Browser]:
    if not program():
        pytest.skip(MISSING)
    with browser() as own:
        yield own


def test_a_reader_goes_down_to_a_unit_and_back_in_his_language_and_nothing_leaves(
    small: Home, edition: figures.Edition, tab: Browser
) -> None:
    superior = edition.units.superiors[0]
    base = edition.units.children(superior)[0]
    tab.size(1100, 900)
    tab.visit(f"file://{small.pages / 'index.html'}")
    tab.follow("a.lang")
    assert tab.run("document.documentElement.lang") == "en" and tab.run("document.title") == edition.units.city.name
    assert (
        tab.run("getComputedStyle(document.querySelector('header')).backgroundColor") == "rgb(31, 78, 120)"
    )  # the policy lets its style in
    tab.follow(f"main a[href='{superior.page}']")
    tab.follow(f"main a[href='../{base.page}']")
    assert tab.run("document.querySelector('h1').textContent") == base.name and tab.run("document.documentElement.lang") == "en"
    for above in (superior, edition.units.city):
        tab.follow(f".path a[href='../{above.page}']")
        assert tab.run("document.querySelector('h1').textContent") == above.name
    tab.follow("nav a[href='units.html']")
    tab.run(f"document.getElementById('q').value = {base.code.lower()!r}; document.getElementById('q').dispatchEvent(new Event('input'))")
    assert tab.run("[...document.querySelectorAll('#units tbody tr')].filter(r => !r.hidden).map(r => r.cells[1].textContent)") == [
        base.code
    ]
    assert tab.elsewhere(f"file://{small.root}") == [] and tab.said == tab.refused == []


def test_no_page_scrolls_sideways_on_a_phone(small: Home, public: Path, edition: figures.Edition, tab: Browser) -> None:
    unit = edition.units.children(edition.units.superiors[0])[0]
    names = ["index.html", "units.html", "league.html", "due.html", "sources.html", edition.units.superiors[0].page, unit.page]
    tab.size(390, 844)
    for folder in (small.pages, public / "pages"):
        for name in names:
            tab.visit(f"file://{folder / name}")
            tab.run("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert tab.run("document.documentElement.scrollWidth") <= 390, name
            assert (
                tab.run("Math.min(...[...document.querySelectorAll('tbody td, p')].map(e => parseFloat(getComputedStyle(e).fontSize)))")
                >= 13
            ), name


def test_letters_can_be_told_from_their_ground(small: Home, tab: Browser) -> None:
    """Contrast of every text that is shown, as WCAG counts it: 4.5 and more."""
    script = """[...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim())
        && e.getClientRects().length && !e.closest('svg,.skip,script')).map(e => { let g = e; const ground = () => getComputedStyle(g).backgroundColor;
        while (ground() == 'rgba(0, 0, 0, 0)' && g.parentElement) g = g.parentElement;
        const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 });
            return .2126 * r + .7152 * g + .0722 * b };
        const [a, b] = [light(getComputedStyle(e).color), light(ground())].sort((x, y) => y - x); return [(a + .05) / (b + .05), e.textContent.trim().slice(0, 30)] })
        .filter(([contrast]) => contrast < 4.5)"""
    tab.size(1100, 900)
    for name in ("index.html", "league.html", "due.html", "sources.html"):
        tab.visit(f"file://{small.pages / name}")
        found: Any = tab.run(script)
        assert found == [], name
