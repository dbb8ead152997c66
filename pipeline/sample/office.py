"""How one office writes: its file and sheet names, headers, labels, dates. Each office keeps its habits.

What does not belong here: opening a file.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from pipeline import law
from pipeline.codes import code_lists, fold
from pipeline.sample.facts import Row
from pipeline.sample.tree import Unit
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import RATING_LEVELS, template_columns
from pipeline.schemas.kinds import DATE, PERIOD, UNIT, meta

Cell = str | float | dt.date | None
# how offices call the posts of each group
POSTS = {
    "HEAD": ("Bí thư Đảng ủy, Chủ tịch UBND phường", "Giám đốc", "Hiệu trưởng"),
    "DEPUTY_HEAD": ("Phó Bí thư Đảng ủy", "Phó Giám đốc", "Phó Hiệu trưởng"),
    "DIVISION_HEAD": ("Trưởng phòng Kinh tế, Hạ tầng và Đô thị", "Chánh Văn phòng HĐND và UBND", "Tổ trưởng tổ Toán - Tin"),
    "DEPUTY_DIVISION_HEAD": ("Phó Trưởng phòng Tổ chức - Hành chính", "Phó Chánh Văn phòng", "Tổ phó chuyên môn"),
    "SPECIALIST": ("Chuyên viên Văn phòng", "Công chức Địa chính - Xây dựng", "Văn thư - Lưu trữ"),
}
# spellings of other times and other subjects, that an office of 2021 would not use
NOT_IN_2021 = {"Giáo viên", "Hưu trí", "Nông dân"}

NOT_WRITTEN = ("report_kind", "report_side", "roster_answer")  # no office writes these words into its lists


@cache
def headers(dataset: str) -> Mapping[str, tuple[str, ...]]:
    """Column → the headers that mean it and nothing else in its dataset."""
    columns = template_columns(SCHEMAS[dataset])
    spoken = {c: (col.title, *meta(col).aliases) for c, col in columns.items()}
    folded = [fold(h) for hs in spoken.values() for h in hs]
    return {c: tuple(h for h in hs if folded.count(fold(h)) == 1) or hs[:1] for c, hs in spoken.items()}


@cache
def labels_in_use(list_name: str) -> Mapping[str, tuple[str, ...]]:
    other = law.of_other_times("level_label_known_for_year", dt.date(2021, 1, 1), dt.date(2021, 12, 31))
    known = [c for c in code_lists()[list_name] if (list_name != RATING_LEVELS or c.code not in other) and not _is_citys(list_name, c.code)]
    return {c.code: tuple(s for s in (c.label_vi, *c.aliases) if s not in NOT_IN_2021) for c in known}


def _is_citys(list_name: str, code: str) -> bool:
    """Whether only the city says it: no office has a word for it, and a new one changes no office's habits."""
    return list_name in CITYS_LISTS or (list_name, code) in CITYS_CODES


CITYS_LISTS = ("identity_side", "identity_relation", "identity_outcome", "form_part")
CITYS_CODES = (("identity_proof", "CONFIRMED"), ("identity_proof", "FORBIDDEN"))


@dataclass
class Office:
    """The habits of one sender, drawn once from the seed and its code."""

    unit: Unit
    above: str  # name of its superior committee
    rng: Random
    packing: str = field(init=False)  # WORKBOOK, ONE_EACH or CSV
    names: dict[str, str] = field(init=False)  # dataset → what its sheet or file is called
    headers: dict[tuple[str, str], str] = field(init=False)

    def __post_init__(self) -> None:
        rng = self.rng
        self.packing = rng.choices(("WORKBOOK", "ONE_EACH", "CSV"), (80, 10, 10))[0]
        self.delimiter, self.encoding = rng.choice(",,;"), rng.choice(("utf-8", "utf-8-sig"))
        self.names = {c.code: self._name(c.label_vi, (*c.aliases, c.label_vi, c.label_en)) for c in code_lists()["dataset"]}
        self.headers = {(d, c): rng.choice((hs[0], *hs)) for d in SCHEMAS for c, hs in headers(d).items()}
        self.labels = {
            name: {code: rng.choice((s[0], *s)) for code, s in labels_in_use(name).items()}
            for name in code_lists()
            if name not in NOT_WRITTEN
        }
        if (own := Random(f"posts of {self.unit.unit_code}")).random() < 0.5:
            self.labels["post"] |= {code: own.choice(words) for code, words in POSTS.items()}
        self.dates = rng.choices(("REAL", "TEXT", "PADDED"), (50, 30, 20))[0] if self.packing != "CSV" else rng.choice(("TEXT", "PADDED"))
        self.capitals, self.terse, self.lean = rng.random() < 0.12, rng.random() < 0.6, rng.random() < 0.5
        self.unit_by_name, self.names_itself = rng.random() < 0.5, rng.random() < 0.3
        self.titles, self.gaps, self.notes = rng.randint(2, 5), rng.random() < 0.25, rng.random() < 0.3
        self.counter = rng.choice(("STT", "TT", "Số TT"))
        if self.packing == "CSV" and rng.random() < 0.6:
            self.titles = 0

    def _name(self, label: str, others: tuple[str, ...]) -> str:
        name = self.rng.choice((label, label, *others))
        plain = fold(name)
        return self.rng.choice((name, name, plain.capitalize(), plain.replace(" ", "-"), name.upper()))

    def workbook_name(self, period: str) -> str:
        code = self.unit.unit_code
        names = (f"Báo cáo năm {period}", f"bao-cao-{period}", f"{code}_{period}", f"Biểu tổng hợp {period}", f"BC {period} (gửi BTC)")
        return Random(f"{code}{period}").choice(names)

    def title_rows(self, dataset: str, period: str) -> list[list[Cell]]:
        """Rows above the header, as many as this office likes."""
        said = (self.above, self.unit.unit_name, f"Bảng kê: {SCHEMAS[dataset].title}", f"Năm {period}", "")
        rows: list[list[Cell]] = [[words.upper()] if words else [] for words in said]
        return rows[: self.titles] if self.titles < 5 else rows

    def columns(self, dataset: str, rows: list[Row]) -> list[str]:
        """The columns that this office fills in: some leave out what is optional and blank."""
        columns = template_columns(SCHEMAS[dataset])
        kept = []
        for name, col in columns.items():
            info = meta(col)
            blank = all(r.get(name) in (None, info.default) and name not in r.get("_raw", ()) for r in rows)
            if (
                info.required
                or info.wanted
                or info.wanted_where is not None
                or not blank
                or (not self.lean and not info.restricted)
                or (name == "note" and self.notes)
            ):
                kept.append(name)
        return kept

    def writers(self, dataset: str, columns: list[str]) -> list[Callable[[Row], Cell]]:
        """One function per column, from a row to its cell."""
        own = template_columns(SCHEMAS[dataset])
        return [self._writer(name, own[name]) for name in columns]

    def _writer(self, name: str, col: Any) -> Callable[[Row], Cell]:
        info = meta(col)
        if info.kind is DATE:
            return lambda row: self._day(row.get(name), row.get(f"{name}_precision_code"))
        if info.kind is UNIT:
            return lambda row: self._unit(name, row.get(name))
        if info.kind.is_listed:
            said = self.labels[info.code_list]
            labels: dict[str | bool | None, str | None] = {True: said.get("TRUE"), False: said.get("FALSE"), None: None}
            labels.update(said)
            if info.default and self.terse:
                labels[info.default] = None
            return lambda row: labels[row.get(name)]
        if name == "full_name" and self.capitals:
            return lambda row: row["full_name"] and row["full_name"].upper()
        if info.kind is PERIOD and self.terse:  # a year is the folder's; a quarter must be said
            return lambda row: row[name] if "-" in row[name] else None
        return lambda row: row.get(name)

    def _day(self, day: dt.date | None, precision: str | None) -> Cell:
        if day is None:
            return None
        if precision == "YEAR":
            return str(day.year)
        if precision == "MONTH":
            return f"{day.month}/{day.year}"
        if self.dates == "REAL":
            return day
        return f"{day.day}/{day.month}/{day.year}" if self.dates == "TEXT" else f"{day.day:02}/{day.month:02}/{day.year}"

    def _unit(self, name: str, unit: Unit | str | None) -> Cell:
        if unit is None:
            unit = self.unit if self.names_itself and name == "unit" else None
        if isinstance(unit, Unit):
            return unit.unit_name if self.unit_by_name else unit.unit_code
        return unit
