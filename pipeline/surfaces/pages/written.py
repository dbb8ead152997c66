"""An edition as a folder of files: each page in two languages, whole or not at all.

What does not belong here: what a page says (views.py, the templates).
"""

import base64
import hashlib
import shutil
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from pipeline.codes import labels
from pipeline.metrics import Metric
from pipeline.paths import PAGES, Home
from pipeline.surfaces.declared import declared
from pipeline.surfaces.due import NotWritten
from pipeline.surfaces.pages import charts, views
from pipeline.surfaces.pages.figures import Edition, NoMetrics, own
from pipeline.surfaces.pages.submissions import NEWEST_REFUSED, Row, Sent, is_late, sent, state
from pipeline.surfaces.pages.units import BASES, WITH_PAGES, Unit
from pipeline.surfaces.pages.words import LANGUAGES, Language
from pipeline.warehouse.door import published
from pipeline.whole import bring_back, part_of, switch, sync, take_place

STYLE = "style.css"
FOLDER = "pages"  # in a version's folder, and in that of a public export
MENU = (("home", "index.html"), ("units", "units.html"), ("league", "league.html"), ("due", "due.html"), ("sources", "sources.html"))
COUNTED_ROWS = ("rows_read", "rows_in_figures", "rows_kept_out", "rows_set_aside")
REPORTED = "reports"  # below warehouse: where the department puts reports that pages should lead to (`pipeline report --to`)
Files = list[tuple[str, str]]  # what it is called (a key of words), where it lies beside the pages


def write(home: Home, setting: str = "") -> str:
    """The department's own pages, beside the database that they were made of. Returns what was done, in a sentence. Raises NotWritten."""
    try:
        return _write(home)
    except NoMetrics:
        raise NotWritten("The version in force was published before it said what its metrics are: pages come with the next load.") from None
    except OSError as error:
        raise NotWritten(f"The pages were not written: {error.strerror}. Until they are, there is no home page of this load.") from None


def _write(home: Home) -> str:
    with published(home) as version:
        beside = version.folder / "exports"
        found = [("workbook", "reports.xlsx"), ("dictionary", "dictionary.html")]
        files = [(name, f"../exports/{file}") for name, file in found if (beside / file).exists()]
        reports = home.warehouse / REPORTED
        files += [("reports", f"../{REPORTED}/")] if reports.is_dir() and any(reports.iterdir()) else []
        edition = own(version)
        folder = version.folder
        bring_back(folder)
        part = part_of(folder / FOLDER)
        count = write_pages(part, edition, files)
    sync([*part.rglob("*.html")])
    # through the link that switches versions: a page never stands beside another version's tables
    switch(home.pages, Path("versions/current") / FOLDER)
    take_place(part, folder / FOLDER)
    return f"The pages show load {edition.load_id}: {count:,} files, {home.pages / 'index.html'}"


def write_pages(folder: Path, edition: Edition, files: Files) -> int:
    """All pages of an edition; whole or not at all. Returns how many there are."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        pages = [(language.folder + name, text) for language in LANGUAGES for name, text in _Pages(edition, language, files).all()]
        for place in {(folder / name).parent for name, _ in pages}:
            place.mkdir(parents=True, exist_ok=True)
        for name, text in pages:
            (folder / name).write_text(text, "utf-8")
        shutil.copyfile(PAGES / STYLE, folder / STYLE)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return len(pages)


@cache
def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGES), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    script = (PAGES / "search.js").read_text("utf-8")
    found.globals |= {
        "script": Markup(script), "script_hash": _hash(script),
        "menu": MENU, "with_pages": WITH_PAGES, "bases": BASES, "state_of": state, "is_late": is_late, "bar_parts": views.BAR, "counted_rows": COUNTED_ROWS,
        "system_heads": views.SYSTEM, "year_heads": views.BY_YEAR, "unit_heads": views.OF_UNITS, "cell_heads": views.OF_CELLS,
    }  # fmt: skip
    return found


def _hash(text: str) -> str:
    """What a page's Content-Security-Policy lets in: this text and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


class _Pages:
    """All pages of one language."""

    def __init__(self, edition: Edition, language: Language, files: Files):
        self.edition, self.language, self.files = edition, language, files
        self.other = next(one for one in LANGUAGES if one is not language)
        self.units, self.view = edition.units, views.View(edition, language)

    def all(self) -> Iterable[tuple[str, str]]:
        """Each file by its place below the language's tree."""
        yield self._page("index.html", "home.html", self.units.city.name or self.language.words["site"], **self._home())
        yield self._page("units.html", "units.html", self.language.words["units"], all=self._list(), searches=True)
        yield self._page("league.html", "league.html", self.language.words["league"], **self._league())
        yield self._page("due.html", "due.html", self.language.words["due"], **self._due())
        yield self._page("sources.html", "sources.html", self.language.words["sources"], **self._sources())
        counts_rows = f"rpt_submission_status.{COUNTED_ROWS[0]}" in self.edition.columns
        for unit in self.units.with_pages:
            if unit is self.units.city:
                continue
            yield self._page(
                unit.page, "unit.html", unit.name, unit=unit, above=self.units.above(unit), children=self.units.children(unit),
                inside=self.units.inside(unit), owed=self._owed(unit), counts_rows=counts_rows,
            )  # fmt: skip

    def _page(self, place: str, template: str, title: str, **more: Any) -> tuple[str, str]:
        up = "../" * place.count("/")
        root = up + "../" * self.language.folder.count("/")
        given = {"l": self.language, "t": self.language.words, "e": self.edition, "v": self.view, "other": self.other, "searches": False}
        given |= {"page": place, "up": up, "root": root, "title": title}
        return place, _templates().get_template(template).render(given | more)

    def _home(self) -> dict[str, Any]:
        words = self.language.words
        tables = [(name, f"../exports/{name.replace('.', '/')}.parquet", rows) for name, rows in sorted(self.edition.rows_of.items())]
        return {
            "unit": self.units.city,
            "children": self.units.superiors,
            "files": [(words.get(name, name), href) for name, href in self.files],
            "tables": tables,
        }

    def _owed(self, unit: Unit) -> list[Row]:
        """What a unit owes and sent, newest first."""
        order = [*labels("dataset")]
        rows = sorted(self.edition.owed([unit]), key=lambda row: order.index(row["dataset_code"]))
        return sorted(rows, key=lambda row: (row["year"], row["period"]), reverse=True)

    def _list(self) -> list[tuple[Unit, Unit | None]]:
        return [(unit, self.units.right_above(unit)) for unit in self.units.with_pages]

    def _senders(self, year: int | None) -> list[tuple[Unit, list[tuple[Unit, list[Row]]]]]:
        """Whoever owes something in a year or in any, by who stands above, each group in the order of its names."""
        groups: dict[str, list[tuple[Unit, list[Row]]]] = defaultdict(list)
        for unit in self.units.with_pages:
            if rows := self.edition.owed([unit], year):
                groups[(self.units.right_above(unit) or unit).key].append((unit, rows))
        return sorted(
            ((self.units.by_key.get(key, self.units.city), found) for key, found in groups.items()), key=lambda g: g[0].sort_order
        )

    def _league(self) -> dict[str, Any]:
        senders = self._senders(self.edition.year)
        ranked = [(above, sent(row for _, rows in found for row in rows)) for above, found in senders]
        ranked.sort(key=lambda one: (-(one[1].completeness or 0), -(one[1].timeliness or 0), one[0].sort_order))
        order = [*labels("dataset")]
        committees = []
        for above, found in senders:
            heads = sorted(
                {(row["dataset_code"], row["period"]) for _, rows in found for row in rows}, key=lambda h: (h[1], order.index(h[0]))
            )
            lines = []
            for unit, rows in found:
                by = {(row["dataset_code"], row["period"]): row for row in rows}
                lines.append((unit, [by.get(head) for head in heads], sent(rows)))
            committees.append((above, heads, lines))
        return {"ranked": ranked, "committees": committees, "places": {above.code for above, _ in senders}, "bar": self._bar}

    def _bar(self, found: Sent) -> Markup:
        """The share of what came, beside its numbers."""
        return charts.beside(found.completeness, self.language.words["completeness"])

    def _due(self) -> dict[str, Any]:
        units, found = self.units, defaultdict[str, list[tuple[Unit, Unit | None, list[Row]]]](list)
        upcoming: dict[tuple[Any, ...], int] = defaultdict(int)
        for unit in units.with_pages:
            rows = self.edition.status.get(unit.key, [])
            above = units.right_above(unit)
            for name, states in (("MISSING", ("MISSING",)), ("REFUSED", NEWEST_REFUSED)):
                if of_it := [row for row in rows if state(row) in states]:
                    found[name].append((unit, above, of_it))
            for row in rows:
                if row["timeliness_code"] == "NOT_YET_DUE":
                    upcoming[row["due_on"], row["dataset_code"], row["period"]] += 1
        late = [(above, sum(is_late(row) for _, rows in group for row in rows)) for above, group in self._senders(None)]
        return {
            "overdue": found["MISSING"], "refused": found["REFUSED"], "upcoming": sorted(upcoming.items()),
            "late": [one for one in late if one[1]], "places": {above.code for above, _ in self._senders(self.edition.year)},
        }  # fmt: skip

    def _sources(self) -> dict[str, Any]:
        """The metrics of this edition, report by report."""
        groups: dict[str, list[Metric]] = {name: [] for name in (*declared(), "")}
        for metric in self.edition.metrics.values():
            if metric.report is None or metric.report in self.edition.columns:
                groups[(metric.report or "").partition(".")[0]].append(metric)
        dictionary = next((href for name, href in self.files if name == "dictionary"), "")
        return {"groups": [one for one in groups.items() if one[1]], "tables": self.edition.said_of, "dictionary": dictionary}
