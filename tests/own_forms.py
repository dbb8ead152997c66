"""Offices' own forms, drawn from a grammar with their truth: how far they are read. `make quality` puts the figures into docs/quality.md.

    .venv/bin/python tests/own_forms.py --forms 500 --seed 1            figures for each kind of thing that forms have
    .venv/bin/python tests/own_forms.py --kind "women marked" --list    only forms that have it, with every difference
    .venv/bin/python tests/own_forms.py --write 17 FOLDER               form 17 and its truth, to look at
    .venv/bin/python tests/own_forms.py --least 17                      the least form that still shows what form 17 has silently wrong

Every form is asked of what `pipeline check FILE --json` asks, without a registry, in this process; its answer is held against what a person reads in
the form. *Silent*: a value that is not the true one, or one where there is none, and no finding on its cell, or one on another column's cell;
a row that counts in a dataset of which it is not, and no title was asked about. The same seed gives the same forms.
What does not belong here: what lists show, and in which words (form_grammar.py).
"""

import argparse
import csv
import datetime as dt
import io
import re
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from itertools import islice, zip_longest
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import xlsxwriter
from form_adversaries import ADVERSARIES, Adversary
from form_grammar import (
    BESIDE,
    DATASETS,
    FLAVOURS,
    GROUPS,
    HEADINGS,
    HEADS,
    LEVEL_CODES,
    LEVEL_IN_SECTIONS,
    LEVELS,
    NO_NAMES,
    OVER,
    SHEETS,
    STRANGE,
    TITLES,
    WRITTEN,
    Cell,
    Digits,
    Month,
    Person,
    Truth,
    Way,
    Year,
    person,
)  # fmt: skip
from xlsxwriter.utility import xl_cell_to_rowcol

from pipeline.checking import answer as checking
from pipeline.intake.files import read_chunk
from pipeline.nightly import one_file
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns

YEAR, UNIT = "2025", "Q01.001"
BODY = {  # what else a form has, in how many of ten
    "letterhead": 6, "number row": 4, "sums": 3, "signatures": 5, "footnote": 2, "header printed again": 1, "no merged cells": 2, "CSV": 1,
    "no running numbers": 1, "stray sheet": 1, "names that say nothing": 3, "order of columns changed": 3, "one header above several": 4,
    "titles at the bottom": 2, "two headers above all": 1, "groups over groups": 2, "how cells are written": 2, "numbers printed again": 5, "blank row below the header": 1, "blank row in the header": 1, "sections with counts": 3, "sections in the name's column": 4, "sections numbered by letters": 2, "names over two rows": 1, "other names below": 1, "counts at the foot": 1,
}  # fmt: skip
DATES = {
    "d/m/yyyy": "{0.day}/{0.month}/{0.year}",
    "dd/mm/yyyy": "{0:%d/%m/%Y}",
    "dd-mm-yyyy": "{0:%d-%m-%Y}",
    "dd.mm.yyyy": "{0:%d.%m.%Y}",
    "serial": "",
}
MARKS: dict[str, str | int] = {"x": "x", "X": "X", "1": 1, "+": "+"}
# what one reader would take from a title, a date or a post and another would not: never called invented
INFERRED = {"unit", "note", "period", "period_type_code", "rating_system_code", "spell_kind_code", "staff_kind_code", "subject_kind_code", "discipline_system_code"} | {
    "discipline_status_code", "member_status_code", "committee_level_code", "programme_type_code", "is_counted_elsewhere", "rotation_kind_code"
}  # fmt: skip
TELLING = {"birth_date", "post_code", "education_code", "political_theory_code", "party_joined_on", "member_status_code"}
Path_ = tuple[tuple[Any, str], ...]  # a column's headers from above, each with what it shares with its neighbours below it


@dataclass(frozen=True)
class Column:
    """A way to show a fact, with the headers that were drawn for it: a path for each of its leaves."""

    way: Way
    heads: tuple[tuple[str, ...], ...]
    above: str = ""  # one more header, over several columns of one matter
    outer: str = ""  # and one above that, which says nothing
    below: tuple[str, ...] = ()  # below each leaf how its cells are written, where that is said

    def above_it(self, is_deep: bool) -> list[str]:
        return [*(("Thông tin chung", "Chia ra") if is_deep else ()), *filter(None, (self.outer, self.above))]

    @property
    def height(self) -> int:
        return max(len(path) + bool(below) for path, below in zip_longest(self.heads, self.below))


@dataclass(frozen=True)
class Plan:
    """A form before it is laid out. Nothing is drawn any more: leave something out, and the rest stays as it is."""

    number: int
    dataset: str
    people: list[Person]
    columns: list[Column]
    elsewhere: list[Way]  # what section rows, sheets' names and the title say
    title: list[str]
    body: frozenset[str]
    look: tuple[str, str]  # dates, marks
    sheet: str
    file: str
    period: str = YEAR
    head: int = 0
    adversary: Adversary | None = None

    @property
    def is_merged(self) -> bool:
        return not self.body & {"no merged cells", "CSV"}

    @property
    def kinds(self) -> set[str]:
        """What the form has, by which figures are counted."""
        if self.adversary:
            return {f"adversary: {self.adversary.name}"}
        depth = max(c.height + len(c.above_it("two headers above all" in self.body)) for c in self.columns)
        ways = {c.way.kind for c in self.columns} | {w.kind for w in self.elsewhere}
        idle = {"one header above several"} if not any(c.above for c in self.columns) else set()
        idle |= set() if any(w.place == "section" for w in self.elsewhere) else {name for name in BODY if name.startswith("sections")}
        idle |= {"no merged cells", "stray sheet"} if "CSV" in self.body else set()
        idle |= {"titles at the bottom"} if depth == 1 or not self.is_merged or "blank row in the header" in self.body else set()
        idle |= {"blank row in the header"} if depth == 1 else set()
        idle |= {"groups over groups"} if not any(c.outer for c in self.columns) else set()
        idle |= {"how cells are written"} if not any(c.below for c in self.columns) else set()
        idle |= set() if {"number row", "header printed again"} <= self.body else {"numbers printed again"}
        return {
            self.dataset,
            f"dates as {self.look[0]}",
            f"marks as {self.look[1]}",
            f"header of {depth} rows",
            *ways,
            *(self.body - idle),
        } - {""}


@dataclass
class Form:
    """A file and what a person reads in it."""

    name: str
    data: bytes
    rows: dict[tuple[str, int], Truth]  # sheet, row → column → value, | between values that are right
    absent: set[str]
    letters: dict[int, range]  # of a column of the plan, where its leaves stand
    head_rows: range


# ── drawing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def plan_of(seed: int, n: int) -> Plan:
    """Form n of a seed; every eighth is one that looks like what it is not."""
    rng = Random(f"{seed}/{n}")
    return adversary(n, rng, list(ADVERSARIES)[n // 8 % len(ADVERSARIES)]) if n % 8 == 7 else draw(n, rng)


def draw(n: int, rng: Random) -> Plan:
    dataset = rng.choices(list(DATASETS), (4, 3, 1.5, 2, 1.5))[0]
    flavour = rng.choice(FLAVOURS[dataset])
    people = [person(rng, flavour, n % 5 if flavour == "course" else -1) for _ in range(rng.randint(6, 14))]
    body = frozenset(name for name, often in BODY.items() if rng.randrange(10) < often)
    columns, elsewhere, known = [], [], set()
    for way in (
        rng.choice(ways) for f in DATASETS[dataset] if rng.randrange(10) < f.often and (ways := [w for w in f.ways if fits(w, flavour)])
    ):
        says = set().union(*(way.truth(p) for p in people))
        if says & known - {"programme_type_code"} or (way.place != "columns" and "CSV" in body and way.place == "sheet"):
            continue
        if way.place == "section" and any(w.place == "section" for w in elsewhere):
            continue
        known |= says
        (columns if way.place == "columns" else elsewhere).append(Column(way, headers(way, rng)) if way.place == "columns" else way)
    if len(columns) < 3 or (dataset == "personnel" and len(known & TELLING) < 2):
        return draw(n, rng)  # nobody could say what list it is
    if dataset == "ratings" and "decided_level_code" not in known:
        return draw(n, rng)  # it rates nobody, and is refused by right
    beside = list(besides(dataset, people, known, rng))
    strange = [*beside, *(w for w in (*STRANGE["anywhere"], *STRANGE[dataset]) if rng.random() < 0.18)]
    for way in strange:
        columns.insert(rng.randint(1, len(columns)), Column(way, headers(way, rng)))
    columns = list({c.heads: c for c in reversed(columns)}.values())[::-1]
    if "order of columns changed" in body:
        a, b = rng.sample(range(len(columns)), 2)
        columns[a], columns[b] = columns[b], columns[a]
    if "one header above several" in body:
        columns = gathered(columns, rng)
    if "two headers above all" not in body:  # five rows are the most that a header has
        columns = under_groups(columns, dataset, rng) if "groups over groups" in body else columns
        columns = [replace(c, below=written_below(c.way, people, rng)) for c in columns] if "how cells are written" in body else columns
    if not any(c.way.kind.startswith(("reason", "no rating")) for c in columns):
        people = [p | {"reason": "", "reason_code": ""} for p in people]
    if any(w.kind == "kind of movement in the title" for w in elsewhere):
        people = [p | {"movement": "ROTATION"} for p in people]
    if any(w.kind == LEVEL_IN_SECTIONS for w in elsewhere):
        people = [p | {"reason": "", "reason_code": ""} for p in people]
    title, period = titled(dataset, flavour, people, elsewhere, rng)
    if dataset == "ratings" and title:
        elsewhere = [Way("", "", lambda p: [], lambda p: {"period": period}, "", "title"), *elsewhere]
    says_nothing = "names that say nothing" in body and not any(w.place == "sheet" for w in elsewhere)
    sheet = rng.choice(NO_NAMES if says_nothing else SHEETS[dataset])
    file = "Book1" if says_nothing else (title or ["Danh sách"])[0].capitalize().split("\n")[0].replace("/", "-")
    look = rng.choice(list(DATES)), rng.choice(list(MARKS))
    return Plan(n, dataset, people, columns, elsewhere, title, body, look, sheet, file, period, rng.randrange(len(HEADS)))


def besides(dataset: str, people: list[Person], known: set[str], rng: Random) -> Iterator[Way]:
    """What the list says of its people besides, in any of a roster's ways: as far as its dataset has such columns, and says it in no other."""
    own = {*own_columns(SCHEMAS[dataset])} | ({"post_text"} if "post_code" in own_columns(SCHEMAS[dataset]) else set())
    for fact in BESIDE:
        way = rng.choice(fact.ways)
        if rng.random() < 0.18 and fits(way, people[0]["flavour"]):
            says = set().union(*(way.truth(p) for p in people)) & own
            if says and not says & known:
                known |= says
                truth = lambda p, way=way, says=says: {k: v for k, v in way.truth(p).items() if k in says}  # noqa: E731
                yield replace(way, kind=f"besides: {way.kind}", truth=truth)


def fits(way: Way, flavour: str) -> bool:
    return not way.only or flavour in way.only.split()


def headers(way: Way, rng: Random) -> tuple[tuple[str, ...], ...]:
    """One wording of a way's headers: leaves of one style, below what stands above them."""
    *above, leaves = (level.split("|") for level in way.heads.split(" > "))
    style = rng.randrange(6)
    path = tuple(rng.choice(level[0].split(";")).strip() for level in above)
    one = lambda words: words[style % len(words)].strip()  # noqa: E731
    if len(leaves) == 1:
        return ((*path, rng.choice(leaves[0].split(";")).strip()),)
    return tuple((*path, text) if (text := one(leaf.split(";"))) else path for leaf in leaves)


def gathered(columns: list[Column], rng: Random) -> list[Column]:
    """Columns of one matter side by side, below one more header."""
    for above, kinds in OVER:
        ours = [c for c in columns if c.way.kind in kinds or (c.way.truth(EVERYBODY).keys() & {"education_code", "political_theory_code"})]
        if len(ours) > 1:
            at = columns.index(ours[0])
            text = rng.choice(above.split("; "))
            rest = [c for c in columns if c not in ours]
            columns = [*rest[:at], *(replace(c, above=text) for c in ours), *rest[at:]]
    return columns


EVERYBODY = person(Random(0), "party", 0)


def under_groups(columns: list[Column], dataset: str, rng: Random) -> list[Column]:
    """All columns below two or three groups that say nothing, but for some that stand beside them."""
    words = rng.sample(GROUPS[dataset], min(len(columns), rng.randint(2, 3)))
    ends = [*sorted(rng.sample(range(1, len(columns)), len(words) - 1)), len(columns)]
    of = [text for text, first, last in zip(words, [0, *ends], ends, strict=False) for _ in range(first, last)]
    return [c if rng.random() < 0.1 else replace(c, outer=text) for c, text in zip(columns, of, strict=True)]


def written_below(way: Way, people: list[Person], rng: Random) -> tuple[str, ...]:
    """Below leaves of one kind how their cells are written."""

    def of(cells: tuple[Cell, ...]) -> str:
        kinds = {type(cell) for cell in cells if cell is not None}
        return next((text for kind, text in WRITTEN.items() if kinds == {kind}), "")

    texts = [of(cells) for cells in zip(*(way.cells(p) for p in people), strict=True)]
    return tuple(
        rng.choice(text.split(";")).strip() if is_said else ""
        for text, is_said in zip(texts, [rng.random() < 0.7] * len(texts), strict=True)
    )


def titled(dataset: str, flavour: str, people: list[Person], elsewhere: list[Way], rng: Random) -> tuple[list[str], str]:
    """The lines of the title, if there is one, and the period of the folder."""
    if dataset == "rotation" and not any(w.place == "title" for w in elsewhere):
        flavour = "mixed"
    quarter = rng.randint(1, 3)
    period = f"{YEAR}-Q{quarter}" if flavour == "leaders" else YEAR
    is_due = any(w.place == "title" for w in elsewhere) or flavour in ("leaders", "course", "mixed")
    if not is_due and rng.random() < 0.15:
        return [], period
    p = people[0]
    words = {"year": YEAR, "quarter": "I" * quarter, "course": p["course"], "COURSE": p["course"].upper(), "provider": p["provider"]}
    days = {"start": f"{p['start']:%d/%m/%Y}", "end": f"{p['end']:%d/%m/%Y}"}
    return rng.choice(TITLES[dataset, flavour]).format(**words, **days).split("\n"), period


def adversary(n: int, rng: Random, name: str) -> Plan:
    enemy = ADVERSARIES[name]
    people = [person(rng, enemy.flavour, n % 5) for _ in range(rng.randint(6, 14))]
    columns = [Column(way, headers(way, rng)) for way in enemy.ways if not way.only or rng.random() < 0.6]
    body = frozenset(name for name in ("letterhead", "number row", "signatures", "no running numbers") if rng.randrange(10) < BODY[name])
    look = rng.choice(list(DATES)), rng.choice(list(MARKS))
    title = [] if enemy.is_untitled and rng.random() < 0.5 else rng.choice(enemy.titles).split("\n")
    sheet = rng.choice([*NO_NAMES, "DS"])
    return Plan(n, enemy.dataset, people, columns, [], title, body, look, sheet, "Book1" if not title else title[0].capitalize().replace("/", "-"), YEAR, 0, enemy)  # fmt: skip


# ── laying out ───────────────────────────────────────────────────────────────────────────────────────────────────


class Sheet:
    """Cells, ranges that are merged, and who stands in which row."""

    def __init__(self, name: str):
        self.name, self.lines, self.merges = name, [], []
        self.rows: dict[int, Person] = {}


def lay(plan: Plan) -> Form:
    """The form's bytes and its truth."""
    places = {w.place: w for w in plan.elsewhere}
    groups: dict[str, list[Person]] = {}
    for p in plan.people:
        groups.setdefault(next(iter(places["sheet"].truth(p).values())) if "sheet" in places else plan.sheet, []).append(p)
    sheets, head_rows, letters = [], range(0), {}
    for name, people in groups.items():
        sheet = Sheet(name[:31])
        head_rows, letters = _lay(plan, sheet, people, places.get("section"))
        sheets.append(sheet)
    is_csv = "CSV" in plan.body
    ways = [*(c.way for c in plan.columns), *plan.elsewhere]
    truth = {("" if is_csv else s.name, r): {k: v for w in ways for k, v in w.truth(p).items()} for s in sheets for r, p in s.rows.items()}
    if plan.adversary and plan.adversary.is_nobody:
        truth = {}
    spoken = {column for row in truth.values() for column in row}
    own = (
        {*own_columns(SCHEMAS[plan.dataset]), *(["post_text"] if "post_code" in own_columns(SCHEMAS[plan.dataset]) else [])}
        if truth
        else set()
    )
    data = _csv(plan, sheets[0]) if is_csv else _xlsx(plan, sheets)
    return Form(f"{plan.file}.{'csv' if is_csv else 'xlsx'}", data, truth, own - spoken - INFERRED, letters, head_rows)


def _lay(plan: Plan, sheet: Sheet, people: list[Person], section: Way | None) -> tuple[range, dict[int, range]]:
    body, lines = plan.body, sheet.lines
    has_numbers = "no running numbers" not in body
    paths: list[Path_] = [(("STT", "STT" if plan.number % 3 else "TT"),)] if has_numbers else []
    letters: dict[int, range] = {}
    for n, column in enumerate(plan.columns):
        letters[n] = range(len(paths), len(paths) + len(column.heads))
        is_one = column.way.heads.endswith("| ")  # leaves without names: one header over all of them
        for leaf, path in enumerate(column.heads):
            ids: list[Any] = [(n, d) for d in range(len(path) - 1)] + [(n, len(path) - 1) if is_one else (n, "leaf", leaf)]
            above = [(text, text) for text in column.above_it("two headers above all" in body)]
            below = [(object(), text)] if (text := column.below[leaf] if column.below else "") else []
            paths.append((*above, *zip(ids, path, strict=True), *below))
    width, depth = len(paths), max(map(len, paths))
    if "letterhead" in body:
        for left, right in zip(*(h.split("\n") for h in HEADS[plan.head]), strict=True):
            lines.append([left, *[None] * max(1, width // 2), right])
        lines.append([])
    for line in plan.title:
        lines.append([line])
        if width > 1 and "no merged cells" not in body:
            sheet.merges.append((len(lines) - 1, 0, len(lines) - 1, width - 1))
    lines += [[]] if plan.title else []
    top = len(lines)

    def header(is_first: bool = True) -> None:
        start = len(lines)
        lines.extend([None] * width for _ in range(depth))
        _blocks(
            paths,
            0,
            range(width),
            depth,
            start,
            sheet,
            "no merged cells" not in body,
            plan.is_merged and "titles at the bottom" in body and "blank row in the header" not in body,
        )
        if "blank row in the header" in body and depth > 1:
            cut = start + 1 + plan.number % (depth - 1)
            lines.insert(cut, [])
            down = lambda n: n + (n >= cut)  # noqa: E731
            sheet.merges[:] = [(down(a), b, down(c), d) for a, b, c, d in sheet.merges]
        if "blank row below the header" in body:
            lines.append([])
        if "number row" in body and (is_first or "numbers printed again" in body):
            lines.append([f"({n})" if plan.number % 2 else n for n in range(1, width + 1)])

    header()
    head_rows = range(top + 1, len(lines) + 1)
    number, at_name = 0, next((letters[n].start for n, c in enumerate(plan.columns) if c.way.kind.startswith("name")), 0)
    parts: dict[str, list[Person]] = {}
    for p in people:
        parts.setdefault(heading(section, p), []).append(p)
    for n, (heading_, members) in enumerate(parts.items()):
        if section:
            numeral = (
                "ABCDEFGHIKLM"[n]
                if "sections numbered by letters" in body
                else ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI")[n]
            )
            words = f"{heading_}: {len(members):02} đồng chí" if "sections with counts" in body else heading_
            in_name = "sections in the name's column" in body and has_numbers
            lines.append([numeral, *[None] * (at_name - 1), words] if in_name and at_name else [f"{numeral}. {words}"])
            if not in_name and "no merged cells" not in body:
                sheet.merges.append((len(lines) - 1, 0, len(lines) - 1, width - 1))
        for p in members:
            number += 1
            if "header printed again" in body and number == 6:
                header(is_first=False)
            cells = [cell for c in plan.columns for cell in c.way.cells(p)]
            lines.append([*([number] if has_numbers else []), *cells])
            sheet.rows[len(lines)] = p
            if at_name and cells[at_name - 1] == p["name"] and number % 3 == 0:  # rows without a number, and with nothing but a name
                if "names over two rows" in body:
                    lines[-1][at_name] = p["family"]
                    lines.append([*[None] * at_name, p["given"]])
                elif "other names below" in body:
                    lines.append([*[None] * at_name, f"(Bí danh: Ba {p['given']})" if number % 2 else f"Bí danh: Tư {p['given']}"])
    if "sums" in body:
        line: list[Cell] = ["Tổng cộng", *[None] * (width - 1)]
        body_lines = [lines[r - 1] for r in sheet.rows]
        for c in range(max(1, at_name + 1), width):
            hits = sum(1 for cells in body_lines if cells[c] is True)
            line[c] = hits or None
        lines.append(line if width > 2 and any(line[1:]) else [f"Tổng cộng: {len(people)} người"])
    if "counts at the foot" in body and plan.dataset == "ratings" and at_name and width > at_name + 1:
        lines += [[*[None] * at_name, f"{level}: {n} đồng chí"] for n, level in enumerate(("HTXSNV", "HTTNV", "HTNV"), start=2)]
        lines.append([*[None] * at_name, "KHTNV", *[None] * (width - at_name - 2), "01 đ/c"])
    if "footnote" in body:
        lines.append(["Ghi chú: Cột nào có thì đánh dấu, không có thì để trống."])
    if "signatures" in body:
        gap = [None] * max(1, width - 3)
        lines += [
            [],
            ["NGƯỜI LẬP BIỂU", *gap, "T/M BAN CHẤP HÀNH"],
            ["(Ký, ghi rõ họ tên)", *gap, "BÍ THƯ"],
            [],
            ["Trần Thị Thu Ba", *gap, "Lê Văn Tám"],
        ]
    return head_rows, letters


def heading(section: Way | None, p: Person) -> str:
    """What a section row says: a unit, a code of a column, or a course with who gives it and when."""
    if not section:
        return ""
    if section.kind in HEADINGS:
        return HEADINGS[section.kind](p)
    if section.kind.startswith("course"):
        days = f"từ {p['start']:%d/%m/%Y} đến {p['end']:%d/%m/%Y}"
        return {
            "commas": f"Lớp {p['course']}, {p['provider']}, {days}",
            "brackets": f"{p['course']} ({days}, tại {p['provider']})",
            "words": f"Lớp {p['course']} do {p['provider']} tổ chức {days}",
        }[section.kind.rsplit(" ", 1)[1]]
    if section.kind == LEVEL_IN_SECTIONS:
        return LEVELS["words"][LEVEL_CODES.index(p["decided"])]
    return section.truth(p)["unit"]


def _blocks(paths: list[Path_], level: int, columns: range, depth: int, top: int, sheet: Sheet, merged: bool, sunk: bool) -> None:
    """Headers at their places: a header above others over all of them, a lowest one down to the last row; `sunk`: one without others above it
    stands in the last row alone, and only the merges beside it tell that nothing is above it."""
    start = columns.start
    while start < columns.stop:
        stop = start + 1
        while stop < columns.stop and paths[stop][level][0] == paths[start][level][0]:
            stop += 1
        is_last = len(paths[start]) == level + 1
        if sunk and is_last and not level and stop == start + 1:
            sheet.lines[top + depth - 1][start] = paths[start][level][1]
            start = stop
            continue
        sheet.lines[top + level][start] = paths[start][level][1]
        last = depth - 1 if is_last else level
        if merged and (last > level or stop - start > 1):
            sheet.merges.append((top + level, start, top + last, stop - 1))
        if not is_last:
            _blocks(paths, level + 1, range(start, stop), depth, top, sheet, merged, sunk)
        start = stop


def _written(cell: Cell, look: tuple[str, str]) -> str | int | float | dt.date | None:
    """A cell as this office writes it. A day stays one where days are serials."""
    if cell is True:
        return MARKS[look[1]]
    match cell:
        case Month(day):
            return f"{day.month}/{day.year}" if look[0].startswith("d/") else f"{day:%m/%Y}"
        case Year(day):
            return day.year if look[1] in "xX" else str(day.year)
        case Digits(text):
            return int(text)
        case dt.date():
            return cell if look[0] == "serial" else DATES[look[0]].format(cell)
    return cell or None


def _csv(plan: Plan, sheet: Sheet) -> bytes:
    text = io.StringIO(newline="")
    for line in sheet.lines:
        cells = [_written(cell, plan.look) for cell in line]
        shown = [f"{c:%d/%m/%Y}" if isinstance(c, dt.date) else str(c).replace(".", ",") if isinstance(c, float) else c for c in cells]
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerow(shown)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(plan: Plan, sheets: list[Sheet]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2026, 1, 5, 8, 0)})
        as_day, centred = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"align": "center", "text_wrap": True})
        for sheet in sheets:
            target = book.add_worksheet(sheet.name)
            for r, line in enumerate(sheet.lines):
                for c, cell in enumerate(line):
                    match _written(cell, plan.look):
                        case dt.date() as day:
                            target.write_number(r, c, (day - dt.date(1899, 12, 30)).days, as_day)
                        case str(text):
                            target.write_string(r, c, text)
                        case int() | float() as figure:
                            target.write_number(r, c, figure)
            for merge in sheet.merges:
                target.merge_range(*merge, _written(sheet.lines[merge[0]][merge[1]], plan.look), centred)
        if "stray sheet" in plan.body:
            book.add_worksheet("Sheet9")
    return buffer.getvalue()


# ── measuring ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Figures:
    """What became of some forms."""

    forms: int = 0
    outcomes: int = 0  # as due
    people: int = 0
    read: int = 0
    values: int = 0
    right: int = 0
    missing: int = 0
    told: int = 0  # wrong, and a finding says so
    strangers: int = 0
    false: int = 0  # ERROR, though nothing is wrong with the form
    columns: int = 0  # columns that mean something to us
    understood: int = 0  # of them those of which something was read
    asked: int = 0  # of the others those of which a finding on their header tells
    silent: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


class Here:
    """Stands for the reading processes: one file, read in this one."""

    def __init__(self, sources: list[Any], layout: Any):
        self._chunk = read_chunk(sources, layout)

    def __iter__(self) -> Iterator[Any]:
        return iter([self._chunk])


def answer(form: Form, period: str, folder: Path) -> dict[str, Any]:
    """What `pipeline check FILE --period P --unit U --json` says where there is no registry."""
    file = folder / form.name
    file.write_bytes(form.data)
    with (
        mock.patch.object(one_file, "Readings", Here),
        mock.patch.object(checking.nightly, "explain_file", lambda *_: checking.nightly.Explained(cells=defaultdict(list))),
    ):
        said = checking.as_json(checking.check(Home(folder / "home"), file, form.data, period, UNIT))
    file.unlink()
    return said


def measured(plan: Plan, folder: Path) -> tuple[Figures, list[str]]:
    """A form's figures, and every difference in a line."""
    form = lay(plan)
    try:
        return compare(plan, form, answer(form, plan.period, folder))
    except Exception as error:  # whatever breaks the check is an answer that was due: were it no fault, a broken measure would find none
        return Figures(forms=1, people=len(form.rows), silent=1), [f"SILENTLY: the check broke: {type(error).__name__}"]


def compare(plan: Plan, form: Form, said: dict[str, Any]) -> tuple[Figures, list[str]]:
    made, lines = Figures(forms=1), []
    taken = {d["dataset"] for d in said["datasets"] if d["verdict"] == "ACCEPTED" and d["rows"]}
    due = plan.adversary.outcomes if plan.adversary else (frozenset([plan.dataset]),)
    made.outcomes = int(frozenset(taken) in due)
    if not made.outcomes:
        why = sorted(
            {str(d["refusal_rule"]) for d in said["datasets"]}
            | {f["rule"] for f in said["findings"] if f["severity"] == "ERROR" and not f["row"]}
        )
        lines.append(f"outcome: {'accepted as ' + ', '.join(sorted(taken)) if taken else 'refused'} ({', '.join(why)})")
    rows = {(d["dataset"], d["sheet"] or "", r["row"]): r | {"accepted": r["accepted"] and d["verdict"] == "ACCEPTED"} for d in said["datasets"] for r in d["rows"]}  # fmt: skip
    at = places_of(plan, form)
    told = {(f["sheet"] or "", f["row"], f["column"]) for f in said["findings"] if f["row"] and _points(f, at)}
    if plan.adversary:  # a question on a column is an answer here
        asked = {f["column"] for f in said["findings"]} | {c for n in _of_headers(form, said) for c in _means(plan, n)}
        told |= {(*place, column) for place in form.rows for column in asked}
    strange = [key for key, row in rows.items() if key[1:] not in form.rows or key[0] != plan.dataset]
    if plan.adversary:
        strange = [key for key in strange if rows[key]["accepted"] and not {key[0]} & set().union(*due)]
    questioned = {f["dataset"] for f in said["findings"] if f["rule"].startswith("title_")}  # whether it is this list was asked
    taken_for = [key[0] for key in strange if rows[key]["accepted"] and frozenset([key[0]]) not in due]
    made.silent += sum(dataset not in questioned for dataset in taken_for)
    spoken = {(f["sheet"] or "", f["row"]) for f in said["findings"] if f["row"]}
    counted = [key for key in strange if rows[key]["accepted"] and frozenset([key[0]]) in due and key[1:] not in spoken]
    made.silent += len(counted)  # a row of the header, of titles or of signatures that is somebody in silence
    lines += [f"{key[1]}!{key[2]} SILENTLY WRONG, is nobody" for key in counted]
    made.told += sum(dataset in questioned for dataset in taken_for)
    made.strangers = len(strange)
    lines += [
        f"{key[1]}!{key[2]} {'SILENTLY WRONG, ' if key[0] in {*taken_for} - questioned else ''}no person of {plan.dataset}, listed in {key[0]}: {list(rows[key]['values'].values())[:3]}"
        for key in strange
    ]
    right_of: Counter[str] = Counter()
    for (sheet, number), truth in form.rows.items():
        row = rows.get((plan.dataset, sheet, number), {"accepted": False})
        made.people += 1
        made.read += row["accepted"]
        if not row["accepted"]:
            lines.append(f"{sheet}!{number} {'set aside' if 'values' in row else 'not found'}")
        values = row.get("values", {}) if row["accepted"] else {}
        for column, true in [*truth.items(), *((c, "") for c in form.absent)]:
            value, is_blank = values.get(column), "" in true.split("|")
            made.values += not is_blank
            if row["accepted"] and any(is_same(column, value, t, values.get(f"{column}_precision_code")) for t in true.split("|")):
                made.right += not is_blank
                right_of[column] += bool(value is not None)
            elif value in (None, ""):
                made.missing += not is_blank
                lines += [f"{sheet}!{number} {column}: missing, is {true!r}"] if row["accepted"] else []
            else:
                is_told = (sheet, number, column) in told
                made.told += is_told
                made.silent += not is_told
                lines.append(f"{sheet}!{number} {column}: {'told' if is_told else 'SILENTLY WRONG'} {value!r}, is {true!r}")
    errors = [f for f in said["findings"] if f["severity"] == "ERROR"]
    made.false = 0 if plan.adversary else len(errors)
    lines += [
        f"{f['sheet']}!{f['cell'] or f['row'] or ''} false error {f['rule']} {f['column'] or ''}" for f in errors if not plan.adversary
    ]
    if not plan.adversary:
        _columns(plan, form, said, right_of, made)
    return made, lines


def _columns(plan: Plan, form: Form, said: dict[str, Any], right_of: Counter[str], made: Figures) -> None:
    """Which columns were understood, and of which of the others a finding tells that they were not."""
    asked = _of_headers(form, said)
    for n in range(len(plan.columns)):
        if means := _means(plan, n):
            is_understood = all(right_of[c] for c in means)
            made.columns += 1
            made.understood += is_understood
            made.asked += not is_understood and n in asked


def _means(plan: Plan, n: int) -> set[str]:
    """What the column of a plan tells of anybody."""
    truths = [truth for p in plan.people for truth in plan.columns[n].way.truth(p).items()]
    return {c for c, true in truths if plan.adversary or "" not in true.split("|")}


def places_of(plan: Plan, form: Form) -> dict[str, set[int]]:
    """Column → the positions of the form that tell of it."""
    at: dict[str, set[int]] = defaultdict(set)
    for n, places in form.letters.items():
        for column in _means(plan, n):
            at[column] |= {*places}
    return at


def _points(finding: dict[str, Any], at: dict[str, set[int]]) -> bool:
    """Whether a finding on a row points at a cell of its column, where any cell is, and at no blank beside it that is another column's."""
    places = at.get(finding["column"])
    return not finding["cell"] or not places or xl_cell_to_rowcol(finding["cell"])[1] in places


UNREADABLE = "??/??/????"


def planted(plan: Plan, n: int) -> tuple[Plan, range]:
    """The form with a cell of its first person that nobody can read, in the n-th column of the plan; and which of the column's leaves may be marked for
    it: the one that holds it, of a mark all."""
    way, first = plan.columns[n].way, plan.people[0]
    cells = way.cells(first)
    leaf = next(leaf for leaf, cell in enumerate(cells) if cell)
    spoiled = [*cells[:leaf], UNREADABLE, *cells[leaf + 1 :]]
    own = replace(plan.columns[n], way=replace(way, cells=lambda p: spoiled if p is first else way.cells(p)))
    marked = range(len(cells)) if cells[leaf] is True else range(leaf, leaf + 1)
    return replace(plan, columns=[*plan.columns[:n], own, *plan.columns[n + 1 :]]), marked


def _of_headers(form: Form, said: dict[str, Any]) -> set[int]:
    """Columns of the plan of whose header cells something is said."""
    at = {xl_cell_to_rowcol(f["cell"])[1] for f in said["findings"] if f["cell"] and f["row"] in form.head_rows}
    return {n for n, places in form.letters.items() if at & set(places)}


FOLDED = {"unit", "from_unit", "to_unit", "programme", "provider"}  # compared without tones, case and punctuation


def is_same(column: str, value: Any, true: str, precision: str | None) -> bool:
    """Is a value what truth says?

    >>> is_same("birth_date", "1980-01-01", "1980", "YEAR"), is_same("birth_date", "1980-01-01", "1980", "DAY"), is_same("score", 88, "88", None)
    (True, False, True)
    """
    if value in (None, ""):
        return true == ""
    said = str(value).upper() if isinstance(value, bool) else " ".join(unicodedata.normalize("NFC", str(value)).split())
    if column in FOLDED:
        return folded(said) == folded(true)
    if re.fullmatch(r"\d{4}(-\d{2})?", true) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
        return said.startswith(true) and precision == ("YEAR" if len(true) == 4 else "MONTH")
    return said == true or (isinstance(value, int | float) and said.rstrip("0").rstrip(".") == true.rstrip("0").rstrip("."))


def folded(text: str) -> str:
    """
    >>> folded("Chi bộ  Khu vực 5.")
    'chi bo khu vuc 5'
    """
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[\W_]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


Result = tuple[int, set[str], Figures, list[str]]


def _measure(task: tuple[int, int, Path]) -> Result:
    seed, n, folder = task
    (own := folder / str(n)).mkdir()
    plan = plan_of(seed, n)
    return n, plan.kinds, *measured(plan, own)


def all_of(seed: int, numbers: Iterable[int], jobs: int = 2) -> Iterator[Result]:
    """Forms measured, in order."""
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield from pool.map(_measure, [(seed, n, Path(folder)) for n in numbers], chunksize=8)


def least(plan: Plan, folder: Path) -> Plan:
    """The plan without all that can be left out while something stays silently wrong."""
    is_wrong = lambda p: bool(p.columns) and measured(p, folder)[0].silent > 0  # noqa: E731
    if not is_wrong(plan):
        raise SystemExit("nothing is silently wrong in it")
    is_another = any("listed in" in line for line in measured(plan, folder)[1])  # then what says which list it is has to stay
    smaller = True
    while smaller:
        smaller = False
        tries = [
            replace(plan, columns=[c for c in plan.columns if c is not gone])
            for n, gone in enumerate(plan.columns)
            if not gone.way.kind.startswith("name") and not (is_another and _means(plan, n))
        ]
        tries += [replace(plan, body=plan.body - {name}) for name in plan.body]
        tries += [replace(plan, elsewhere=[w for w in plan.elsewhere if w is not gone]) for gone in plan.elsewhere if not is_another]
        tries += [replace(plan, title=[])] if plan.title and not is_another else []
        half = len(plan.people) // 2
        tries += [
            replace(plan, people=part)
            for part in (plan.people[:half], plan.people[half:], plan.people[1:])
            if part and len(plan.people) > 1
        ]
        for other in tries:
            if is_wrong(other):
                plan, smaller = other, True
                break
    return plan


def shown(plan: Plan) -> str:
    """A plan's cells, as a table of text."""
    places = {w.place: w for w in plan.elsewhere}
    sheet = Sheet(plan.sheet)
    _lay(plan, sheet, plan.people, places.get("section"))
    return "\n".join(" | ".join("" if (w := _written(c, plan.look)) is None else str(w) for c in line) for line in sheet.lines)


# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────

HEADER = ["kind of form", "forms", "outcome", "people", "values", "read", "asked", "strangers", "false errors", "told", "silently wrong"]


def table(results: Iterable[Result]) -> list[list[Any]]:
    """A line for all forms and one for each kind: shares of outcomes, people and values that are right, of columns read and asked about; counts."""
    whole: dict[str, Figures] = {"all": Figures()}
    for _, kinds, made, _ in results:
        for kind in ("all", *kinds):
            whole[kind] = whole.get(kind, Figures()) + made
    share = lambda part, of: f"{part / of:.1%}" if of else ""  # noqa: E731
    return [
        [kind, f.forms, share(f.outcomes, f.forms), share(f.read, f.people), share(f.right, f.values), share(f.understood, f.columns), share(f.asked, f.columns), f.strangers, f.false, f.told, f.silent]
        for kind, f in sorted(whole.items(), key=lambda item: (item[0] != "all", item[0]))
        if kind
    ]  # fmt: skip


def write(plan: Plan, folder: Path) -> None:
    """The form's file, and its truth as a table beside it."""
    form = lay(plan)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / form.name).write_bytes(form.data)
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["dataset", "sheet", "row", "kind", "column", "value"])
        expected = "accepted" if not plan.adversary else " or ".join("+".join(sorted(d)) or "refused" for d in plan.adversary.outcomes)
        out.writerow(["file", "", "", "expect", expected, ", ".join(sorted(plan.kinds))])
        sheets = {sheet for sheet, _ in form.rows}
        out.writerows([plan.dataset, sheet, "", "absent", column, ""] for sheet in sheets for column in sorted(form.absent))
        out.writerows([plan.dataset, sheet, row, "value", c, v] for (sheet, row), truth in form.rows.items() for c, v in truth.items())
    print(f"{folder / form.name}: period {plan.period}, unit {UNIT}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--forms", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--kind", default="", help="only forms that have this")
    options.add_argument("--list", action="store_true", help="every difference")
    options.add_argument("--silent", action="store_true", help="with --list: only what is silently wrong")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--write", nargs=2, metavar=("N", "FOLDER"), help="write form N and its truth")
    options.add_argument("--least", type=int, metavar="N", help="the least form that shows what form N has silently wrong")
    chosen = options.parse_args()
    if chosen.write:
        write(plan_of(chosen.seed, int(chosen.write[0])), Path(chosen.write[1]))
        return
    if chosen.least is not None:
        with tempfile.TemporaryDirectory() as folder:
            plan = least(plan_of(chosen.seed, chosen.least), Path(folder))
            print(
                f"{plan.dataset}, {plan.file}, sheet {plan.sheet}, {sorted(plan.body)}",
                shown(plan),
                *measured(plan, Path(folder))[1],
                sep="\n",
            )
        return
    numbers = range(chosen.forms)
    if chosen.kind:
        numbers = list(islice((n for n in range(100 * chosen.forms) if chosen.kind in plan_of(chosen.seed, n).kinds), chosen.forms))
    results = []
    for result in all_of(chosen.seed, numbers, chosen.jobs):
        results.append(result)
        told = [line for line in result[3] if not chosen.silent or "SILENTLY" in line] if chosen.list else []
        if told:
            print(f"form {result[0]}: {', '.join(sorted(result[1]))}", *(f"    {line}" for line in told), sep="\n", flush=True)
    wide = max(len(str(line[0])) for line in table(results))
    for line in [HEADER, *table(results)]:
        print(f"{line[0]:{wide}}", *(f"{cell:>{max(7, len(name))}}" for cell, name in zip(line[1:], HEADER[1:], strict=True)))


if __name__ == "__main__":
    main()
