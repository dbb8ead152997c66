"""A unit's template: a workbook with its people, lists and rules in it, in which a fault turns red while it is typed.

Made of the schemas alone: a new column is in the next template. Every cell below a header is text, so that what is typed is what
is sent: a spreadsheet would drop the zeros of 092…, make 1980 a day of 1905 and, in a foreign setting, 5/2 the second of May.

What does not belong here: rules (a red cell repeats what a column's metadata says), and reading a template that comes back.
"""

import datetime as dt
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from pipeline import codes, law
from pipeline.codes import fold
from pipeline.contract.pages import basis, content, is_asked_for, when_blank
from pipeline.ledger import lookups
from pipeline.ledger.find import period_days
from pipeline.paths import Home, private
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import RATING_LEVELS, catalogued, own_columns
from pipeline.schemas.files import LISTS_SHEET, LOOKUP_SHEET
from pipeline.schemas.kinds import BOOLEAN, NUMBER, PERIOD, UNIT, WORDS, Meta, meta, words_name
from pipeline.schemas.rules import rules_of
from pipeline.values import PIVOT
from pipeline.warehouse import landing
from pipeline.warehouse.publish import open_whole

ROWS_TO_FILL = 5000  # below the unit's people: as far as lists and colours reach
HEADER = 6  # position of the header row: the title block stands above it
WRONG, MISSING = "#FF7C80", "#FFD5D5"
LOOKUP = {"unit": "Đơn vị", "full_name": "Họ và tên", "identity_number": "Số CCCD", "birth_date": "Ngày sinh"}
TABLE_HINTS = (
    "(*) cột phải ghi ở mọi dòng. Ô hồng: còn thiếu; ô đỏ: giá trị không đúng. Đưa chuột lên tiêu đề cột để xem yêu cầu.",
    "Trang không có dòng nào nghĩa là không phát sinh: hãy xóa trang không định gửi.",
)
LOOKUP_HINTS = (
    "Sao chép ô đơn vị, họ tên, số CCCD từ đây sang các trang khác để khỏi gõ sai.",
    "Trang này không được đọc khi nộp; để nguyên hay xóa đều được.",
)
PLACE = ["submission_key", "sheet", "row_no"]


@dataclass(frozen=True)
class Sender:
    """A unit at the period's end; for it and each unit below it, by unit_id, the word that means it in a cell, and its name."""

    unit_id: str
    unit_code: str
    unit_name: str
    words: dict[str, str]
    names: dict[str, str]


@dataclass(frozen=True)
class Roster:
    """The unit's people by its newest accepted roster: `rows` have the columns of personnel, and `person_key`."""

    year: int
    rows: list[dict[str, Any]]

    @property
    def people(self) -> int:
        return len({row["person_key"] for row in self.rows})


# ── whose template, and who is in it ─────────────────────────────────────────────────────────────────────────────


def find_sender(units: pl.DataFrame, unit_code: str, period: str) -> Sender | None:
    """The unit that carries the code on the period's last day; None where the registry knows none. `units` is the registry's."""
    first, last = period_days(period)
    during = units.filter(pl.col("valid_from") <= last, pl.col("valid_to").fill_null(last) >= first).sort("valid_from")
    found = during.filter(pl.col("valid_to").fill_null(last) >= last, unit_code_fold=fold(unit_code)).to_dicts()
    if not found:
        return None
    inside = {found[0]["unit_id"]}
    while more := set(during.filter(pl.col("parent_unit_id").is_in(list(inside)))["unit_id"]) - inside:
        inside |= more
    # a name is friendlier; a code is exact where the name changed or something else is called so
    own = {u["unit_id"]: u for u in during.filter(pl.col("unit_id").is_in(list(inside))).sort("unit_code", "valid_from").to_dicts()}
    called = units.filter(pl.col("unit_id").is_in(list(inside))).select("unit_id", "unit_name_fold").unique()
    changed = set(called.filter(pl.col("unit_id").is_duplicated())["unit_id"])
    taken = {*called.filter(pl.col("unit_name_fold").is_duplicated())["unit_name_fold"], *units["unit_code_fold"]}
    words = {k: u["unit_code"] if k in changed or u["unit_name_fold"] in taken else u["unit_name"] for k, u in own.items()}
    sender = found[0]
    return Sender(sender["unit_id"], sender["unit_code"], sender["unit_name"], words, {k: u["unit_name"] for k, u in own.items()})


def find_roster(home: Home, units: pl.DataFrame, sender: Sender, period: str) -> Roster | None:
    """Who was there in the period, by the roster of its year or the newest before it; None where nothing was ever loaded."""
    core = home.exports / "core"
    if not core.exists() or not home.analyst.exists() or not home.landing.exists():
        return None
    first, last = period_days(period)
    known = pl.read_parquet(core / "dim_unit.parquet").join(units, on=["unit_code", "valid_from"]).select("unit_key", "unit_id").unique()
    place = pl.DataFrame(
        [(u, None if u == sender.unit_id else word, n) for n, (u, word) in enumerate(sender.words.items())],
        schema={"unit_id": pl.String, "word": pl.String, "unit_order": pl.Int32}, orient="row",
    )  # fmt: skip
    with open_whole(home) as db:
        spells = db.execute(
            f"SELECT person_key, year, unit_key, base_unit_key, {', '.join(PLACE)} FROM restricted.whole.fct_personnel"
        ).pl()
    facts = (
        spells.lazy()
        .filter(pl.col("year") <= last.year)
        .filter(pl.col("year") == pl.col("year").max().over("base_unit_key"))
        .join(known.join(place, on="unit_id").lazy(), on="unit_key")
        .collect()
    )
    landed, identities, words = (
        landing.landed(home, landing.in_force(home), table).join(facts, on="submission_key", how="semi")
        for table in ("personnel", "identities", "catalogue_words")
    )
    for of in catalogued(SCHEMAS["personnel"]):
        called = words.filter(catalogue=of.catalogue).select(
            "submission_key", pl.col("word_key").alias(of.key), pl.col("word").alias(of.words)
        )
        landed = landed.join(called, on=["submission_key", of.key], how="left")
    whose = identities.unique(landing.PERSON, keep="first", maintain_order=True)
    rows = (
        facts.join(landed.drop("unit"), on=PLACE, nulls_equal=True)
        .join(whose, on=landing.PERSON, nulls_equal=True)
        .filter(pl.col("spell_from").fill_null(first) <= last, pl.col("spell_to").fill_null(last) >= first)
        .sort("unit_order", *PLACE)
        .rename({"word": "unit"})
    )
    return Roster(max(facts["year"].drop_nulls(), default=last.year), rows.to_dicts())


def _rows(dataset: str, roster: Roster, period: str) -> list[dict[str, Any]]:
    """What stands in the dataset's table from the beginning. Nobody has an event by default: those tables begin empty."""
    if dataset == "personnel":
        return roster.rows
    if dataset != "ratings":
        return []
    last = period_days(period)[1]
    members = {
        row["person_key"]: row  # of two primary spells the one begun last counts, as in the headcount
        for row in sorted(roster.rows, key=lambda r: r["spell_from"] or dt.date(roster.year, 1, 1))
        if row["spell_kind_code"] != "SECONDARY" and row["member_status_code"] != "NONE" and (row["spell_to"] or last) >= last
    }
    same = {"rating_system_code": "PARTY_MEMBER", "period": period, "period_type_code": "QUARTER" if "-" in period else "YEAR"}
    return [
        {c: row[c] for c in ("unit", "full_name", "identity_number")} | same for row in roster.rows if members.get(row["person_key"]) is row
    ]


def write(home: Home, folder: Path | None, name: str, data: bytes) -> Path:
    """Write a template for its owner's eyes; without a folder, into the restricted zone.

    Raises FileExistsError rather than write over what lies in a folder that somebody chose: it may be filled in already.
    """
    if folder is None:
        private(home.restricted)
    place = folder or private(home.templates)
    place.mkdir(parents=True, exist_ok=True)
    path = place / name
    lookups.note(home, "template", where=str(path))
    if folder is None:
        path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return path


# ── a fault as a formula: true where the cell is filled and cannot be read ───────────────────────────────────────


def fault(info: Meta, cell: str) -> str | None:
    """The formula for a column's kind, in plain functions that Excel and LibreOffice share; None where any text will do."""
    holds = {"identity": _identity, "date": _date, "number": _number, "shape": _shape, "period": _period}.get(info.kind.name)
    if info.kind.is_listed and info.kind is not WORDS:
        said = f"COUNTIF(biet_{info.codes or 'boolean'},TRIM({cell}))>0"
    elif holds:
        said = holds(cell)
    else:
        return None
    if info.between:
        said = f"AND({said},{_value(cell)}>={info.between[0]},{_value(cell)}<={info.between[1]})"
    return f'AND(TRIM({cell})<>"",NOT(IFERROR({said},FALSE)))'


def _digits(text: str) -> str:
    return f'TEXT(VALUE({text}),REPT("0",LEN({text})))={text}'


def _identity(cell: str) -> str:
    """Nine or twelve digits. Eleven are read with a remark, and the remark is what the unit should not need."""
    bare = f"""SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cell}," ",""),".",""),"'","")"""
    return f"AND(OR(LEN({bare})=9,LEN({bare})=12),{_digits(bare)})"


def _date(cell: str) -> str:
    """A day that exists: d/m/yyyy, d/m/yy, m/yyyy, yyyy with / . or -, yyyy-mm-dd; a real date pasted from elsewhere is a number."""

    def exists(year: str, month: str, day: str) -> str:
        date = f"DATE(VALUE({year}),VALUE({month}),VALUE({day}))"
        return f"DAY({date})=VALUE({day}),MONTH({date})=VALUE({month}),VALUE({year})>=1900,VALUE({year})<=2099"

    text = f'SUBSTITUTE(SUBSTITUTE(TRIM({cell}),".","/"),"-","/")'
    whole = f'REPT("1/",2-LEN({text})+LEN(SUBSTITUTE({text},"/","")))&{text}'
    parts = f'SUBSTITUTE({whole},"/",REPT(" ",20))'  # wide apart, so that each part can be cut out by its place
    day, month, year = (f"TRIM(MID({parts},{start},20))" for start in (1, 21, 41))
    bare = f"TRIM({cell})"
    short = f'AND(LEN({year})=2,LEN({text})-LEN(SUBSTITUTE({text},"/",""))=2)'
    full = f'IF({short},IF(VALUE({year})<={PIVOT},"20","19")&{year},RIGHT({bare},4))'
    written = f"AND(OR(LEN({year})=4,{short}),LEN({month})<=2,LEN({day})<=2,{exists(full, month, day)})"
    iso = f'AND(LEN({bare})=10,MID({bare},5,1)="-",MID({bare},8,1)="-",{exists(f"LEFT({bare},4)", f"MID({bare},6,2)", f"RIGHT({bare},2)")})'
    return f"IF(ISNUMBER({cell}),AND({cell}>=1,{cell}<73051),OR(IFERROR({written},FALSE),IFERROR({iso},FALSE)))"


def _plain(cell: str) -> str:
    """A number's text with a point before its decimals and without dots between thousands."""
    text = f"TRIM({cell})"
    thousands = f'LEFT(RIGHT(LEFT({text},FIND(",",{text}&",")-1),4),1)="."'
    return f'SUBSTITUTE(IF({thousands},SUBSTITUTE({text},".",""),{text}),",",".")'


def _number(cell: str) -> str:
    plain = _plain(cell)
    bare = f'SUBSTITUTE(SUBSTITUTE({plain},".","",1),"-","",1)'
    edges = f'ISERROR(FIND("-",{plain},2)),LEFT({plain},1)<>".",RIGHT({plain},1)<>"."'
    return f"OR(ISNUMBER({cell}),AND({_digits(bare)},{edges}))"


def _value(cell: str) -> str:
    """The number itself; VALUE would read a decimal point or comma by the machine's settings, so it gets digits only."""
    plain = _plain(cell)
    decimals = f'MAX(0,LEN({plain})-FIND(".",{plain}&"."))'
    return f'IF(ISNUMBER({cell}),{cell},VALUE(SUBSTITUTE({plain},".","",1))/10^{decimals})'


def _shape(cell: str) -> str:
    """A number, perhaps a letter, then letters and digits behind - / or a point, all in one piece."""
    text = f"TRIM({cell})"
    letters = '"0123456789-/.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZĐđÂÊÔƠƯĂ"'
    # columns cannot be inserted in a protected sheet, so COLUMN counts from 1 to 40 for ever
    place = "COLUMN($A$1:$AN$1)"
    known = f"SUMPRODUCT(ISNUMBER(FIND(MID({text},{place},1),{letters}))*({place}<=LEN({text})))=LEN({text})"
    head = "LEFT({},MIN({})-1)".format(text, ",".join(f'FIND("{mark}",{text}&"{mark}")' for mark in "-/."))
    lettered = f"LEFT({head},LEN({head})-1)"
    bare = f"LEN({head})<=6,IFERROR({_digits(head)},FALSE)"
    tailed = f"LEN({lettered})<=6,ISERROR(VALUE(RIGHT({head},1))),IFERROR({_digits(lettered)},FALSE)"
    number = f"OR(AND({bare}),AND({tailed}))"
    parts = f'SUBSTITUTE(SUBSTITUTE({text},"/","-"),".","-")'
    return f'AND(LEN({text})<=40,{known},{number},RIGHT({parts},1)<>"-",ISERROR(FIND("--",{parts})))'


def _period(cell: str) -> str:
    """2021 or 2021-Q1; “Năm …” and “Quý …” are read too."""
    text = f"TRIM({cell})"
    year = f"LEN({text})=4,{_digits(text)}"
    quarter = f'LEN({text})=7,MID({text},5,2)="-Q",ISNUMBER(FIND(RIGHT({text},1),"1234")),{_digits(f"LEFT({text},4)")}'
    spoken = f'OR(LEFT({text},3)="năm",LEFT({text},1)="q"),{_digits(f"RIGHT({text},4)")},LEFT(RIGHT({text},4),2)="20"'
    twenty = f'LEFT({text},2)="20"'
    return f"OR(AND({twenty},IFERROR(AND({year}),FALSE)),AND({twenty},IFERROR(AND({quarter}),FALSE)),IFERROR(AND({spoken}),FALSE))"


# ── the workbook ─────────────────────────────────────────────────────────────────────────────────────────────────


def workbook(schemas: dict[str, Any], sender: Sender, period: str, roster: Roster | None) -> bytes:
    """A sheet for each schema, the people to copy from, and the lists behind the drop-downs."""
    buffer = io.BytesIO()
    book = _Book(xlsxwriter.Workbook(buffer, {"in_memory": True}), sender, period, roster)
    for name, schema in schemas.items():
        book.add_table(name, schema)
    if any(not _rows(name, roster, period) for name in schemas) if roster and roster.rows else len(sender.words) > 1:
        book.add_lookup()
    book.add_lists({meta(col).code_list for s in schemas.values() for col in own_columns(s).values() if _listed(meta(col))})
    book.book.close()
    return buffer.getvalue()


def _listed(info: Meta) -> bool:
    return info.kind.is_listed


class _Book:
    """A workbook in the making, with its formats."""

    def __init__(self, book: xlsxwriter.Workbook, sender: Sender, period: str, roster: Roster | None):
        self.book, self.sender, self.period, self.roster = book, sender, period, roster
        font = {"font_name": "Times New Roman", "font_size": 11}
        lined = font | {"num_format": "@", "border": 1, "border_color": "#BFBFBF", "shrink": True, "valign": "vcenter"}
        head = font | {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
        self.title = book.add_format(font | {"bold": True, "font_size": 14})
        self.line = book.add_format(font)
        self.hint = book.add_format(font | {"italic": True, "font_color": "#595959"})
        self.head = book.add_format(head | {"bg_color": "#DDEBF7"})
        self.asked = book.add_format(head | {"bg_color": "#1F4E79", "font_color": "#FFFFFF"})
        self.cell = book.add_format(lined | {"locked": False})
        self.number = book.add_format(lined | {"locked": False, "align": "right"})
        self.shown = book.add_format(lined)
        self.wrong = book.add_format({"bg_color": WRONG, "font_color": "#7A0006"})
        self.missing = book.add_format({"bg_color": MISSING})

    def add_table(self, name: str, schema: Any) -> None:
        columns = own_columns(schema)
        rows = _rows(name, self.roster, self.period) if self.roster else []
        sheet = self._sheet(schema.title)
        self._title_block(sheet, schema.title, TABLE_HINTS, bool(rows))
        sheet.set_row(HEADER, 50)
        first, last, right = HEADER + 1, HEADER + len(rows) + ROWS_TO_FILL, len(columns) - 1
        row_of_first = f"$A{first + 1}:${_letter(right)}{first + 1}"
        for position, (column, col) in enumerate(columns.items()):
            info = meta(col)
            sheet.set_column(position, position, _width(info), self.number if info.kind is NUMBER else self.cell)
            sheet.write_string(
                HEADER, position, f"{col.title} (*)" if is_asked_for(info) else col.title, self.asked if is_asked_for(info) else self.head
            )
            note = _note(column, schema, self.period)
            sheet.write_comment(
                HEADER, position, note, {"author": "", "width": 330, "height": _note_height(note), "font_size": 9, "color": "#FFFFE1"}
            )
            self._choices(sheet, info, first, last, position)
            cell = f"${_letter(position)}{first + 1}"
            if is_asked_for(info):
                blank = f'=AND(TRIM({cell})="",COUNTA({row_of_first})>0)'
                sheet.conditional_format(first, position, last, position, {"type": "formula", "criteria": blank, "format": self.missing})
            if formula := fault(info, cell):
                sheet.conditional_format(
                    first, position, last, position, {"type": "formula", "criteria": f"={formula}", "format": self.wrong}
                )
        for number, row in enumerate(rows, start=first):
            for position, (column, col) in enumerate(columns.items()):
                if text := row.get(words_name(column)) or _text(meta(col), row.get(column), row.get(f"{column}_precision_code")):
                    sheet.write_string(number, position, text, self.cell)
        sheet.autofilter(HEADER, 0, max(HEADER + len(rows), first), right)
        frozen = list(columns).index("full_name") + 1 if "full_name" in columns else 0
        sheet.freeze_panes(first, frozen)
        everywhere = f"A1:{_letter(right)}{last + 1}"
        sheet.ignore_errors(dict.fromkeys(("number_stored_as_text", "two_digit_text_year", "list_data_validation"), everywhere))
        self._print(sheet, wide=sum(_width(meta(col)) for col in columns.values()) > 200)

    def add_lookup(self) -> None:
        """Everybody, so that name and number are copied and not typed; and what the units below are called."""
        sheet = self._sheet(LOOKUP_SHEET)
        self._title_block(sheet, "Tra cứu", LOOKUP_HINTS, bool(self._people()))
        people = {tuple(_text(_KINDS[c], row.get(c), row.get(f"{c}_precision_code")) for c in LOOKUP) for row in self._people()}
        order = {word: n for n, word in enumerate(self.sender.words.values(), start=1)}
        for position, title in enumerate(LOOKUP.values()):
            sheet.set_column(position, position, (28, 28, 16, 13)[position])
            sheet.write_string(HEADER, position, title, self.head)
        for number, person in enumerate(sorted(people, key=lambda p: (order.get(p[0] or "", 0), p[1] or "", p[2])), start=HEADER + 1):
            for position, text in enumerate(person):
                sheet.write_string(number, position, text or "", self.shown)
        for position, title in ((5, "Đơn vị trực thuộc ghi là"), (6, "Tên đơn vị")):
            sheet.set_column(position, position, 32)
            sheet.write_string(HEADER, position, title, self.head)
        for number, (word, name) in enumerate(self._below().items(), start=HEADER + 1):
            sheet.write_string(number, 5, word, self.shown)
            sheet.write_string(number, 6, name, self.shown)
        if people:
            sheet.autofilter(HEADER, 0, HEADER + len(people), len(LOOKUP) - 1)
        sheet.freeze_panes(HEADER + 1, 2)
        self._print(sheet, wide=False)

    def add_lists(self, used: set[str]) -> None:
        """Every list in a column of a hidden sheet: the labels to choose from, then whatever else is understood."""
        sheet = self.book.add_worksheet(LISTS_SHEET)
        sheet.hide()
        sheet.protect()
        columns: dict[str, tuple[list[str], list[str]]] = {}
        for name in sorted(used):
            listed = [c for c in codes.code_lists()[name] if c.code not in _of_other_times(name, self.period)]
            labels = [c.label_vi for c in listed]
            spoken = [s for c in listed for s in (c.code, c.label_en, *c.aliases)]
            folded = [s for s, code in codes.spellings(name).items() if code in {c.code for c in listed}]
            columns[name] = labels, [s for s in dict.fromkeys([*spoken, *folded]) if s not in labels]
        if self._below():
            columns["don_vi"] = list(self._below()), []
        for position, (name, (chosen, more)) in enumerate(columns.items()):
            for number, text in enumerate([name, *chosen, *more]):
                sheet.write_string(number, position, text)
            letter = _letter(position)
            for prefix, count in (("chon", len(chosen)), ("biet", len(chosen) + len(more))):
                self.book.define_name(f"{prefix}_{name}", f"='{LISTS_SHEET}'!${letter}$2:${letter}${count + 1}")

    def _sheet(self, name: str) -> Any:
        """A protected sheet without a password: the locked header cannot be lost by accident, everything else is free."""
        sheet = self.book.add_worksheet(name)
        allowed = ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
        sheet.protect("", dict.fromkeys(allowed, True))
        sheet.hide_gridlines(2)
        sheet.set_default_row(18)
        return sheet

    def _title_block(self, sheet: Any, title: str, hints: tuple[str, str], filled: bool) -> None:
        year = f"Quý {self.period[-1]} năm {self.period[:4]}" if "-" in self.period else f"Năm {self.period}"
        source = (
            f"Người có tên sẵn: theo danh sách nhân sự năm {self.roster.year} đã được nhận; hãy bổ sung, sửa, xóa cho đúng."
            if filled and self.roster
            else ""
        )
        lines = [
            (title.upper(), self.title),
            (f"Đơn vị: {self.sender.unit_code} - {self.sender.unit_name}", self.line),
            (f"Kỳ báo cáo: {year}", self.line),
            *((line, self.hint) for line in (*hints, source)),
        ]
        for number, (text, style) in enumerate(lines):
            sheet.set_row(number, 22 if number == 0 else 18, style)  # the row's format, not the columns': the block stays locked
            sheet.write_string(number, 0, text, style)

    def _choices(self, sheet: Any, info: Meta, first: int, last: int, position: int) -> None:
        """A drop-down helps and never blocks: what is typed otherwise but understood is accepted, and the rest turns red, but where any words will do."""
        if _listed(info):
            source: Any = f"=chon_{info.codes or 'boolean'}"
        elif info.kind is UNIT and self._below():
            source = "=chon_don_vi"
        elif info.kind is PERIOD:
            year = self.period[:4]
            source = [year, *(f"{year}-Q{quarter}" for quarter in "1234")]
        else:
            return
        sheet.data_validation(first, position, last, position, {"validate": "list", "source": source, "show_error": False})

    def _print(self, sheet: Any, wide: bool) -> None:
        sheet.set_landscape()
        sheet.set_paper(8 if wide else 9)  # A3, A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L{self.sender.unit_code} - {self.period}&RTrang &P/&N")

    def _people(self) -> list[dict[str, Any]]:
        return self.roster.rows if self.roster else []

    def _below(self) -> dict[str, str]:
        """The words for units below the sender, with their names."""
        return {word: self.sender.names[unit] for unit, word in self.sender.words.items() if unit != self.sender.unit_id}


_KINDS = {c: meta(own_columns(SCHEMAS["personnel"])[c]) for c in LOOKUP}


def _of_other_times(list_name: str, period: str) -> frozenset[str]:
    """Levels that only other years know."""
    return law.of_other_times("level_label_known_for_year", *period_days(period)) if list_name == RATING_LEVELS else frozenset()


def _note(column: str, schema: Any, period: str) -> str:
    """What the officer sees over a header: what belongs there, and the rules that a finding would point at it with."""
    col, days = own_columns(schema)[column], period_days(period)
    lines = [f"{col.title}: {content(col)}.", f"Để trống: {when_blank(meta(col))}."]
    for r in rules_of(schema):
        if r.on == column and r.name != "value_present" and r.may_govern(*days):
            lines.append(f"• {r.says}{f' ({basis(r)})' if r.law else ''}")
    return "\n".join(lines)


def _note_height(note: str) -> int:
    return 12 + 15 * sum(1 + len(line) // 52 for line in note.split("\n"))


def _width(info: Meta) -> float:
    if info.codes:
        return min(30, max(12, *(len(label) + 2 for label in codes.labels(info.code_list).values())))
    return info.kind.width


def _text(info: Meta, value: Any, precision: str | None) -> str | None:
    """A value as an officer writes it."""
    if value is None:
        return None
    if info.codes:
        return codes.labels(info.code_list)[value]
    if info.kind is BOOLEAN:
        return codes.labels("boolean")["TRUE" if value else "FALSE"]
    if isinstance(value, dt.date):
        return {"YEAR": f"{value:%Y}", "MONTH": f"{value:%m/%Y}"}.get(precision or "", f"{value:%d/%m/%Y}")
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)


def _letter(position: int) -> str:
    name: str = xlsxwriter.utility.xl_col_to_name(position)
    return name
