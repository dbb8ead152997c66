"""The workbook of a template: a sheet for each dataset with its people, the people to copy from, and the lists behind the drop-downs.

Made of the schemas alone: a new column is in the next template. Every cell below a header is text, so that what is typed is what
is sent: a spreadsheet would drop the zeros of 092…, make 1980 a day of 1905 and, in a foreign setting, 5/2 the second of May.

What does not belong here: rules (a red cell repeats what a column's metadata says), who is in it (people.py), and reading a template that comes
back.
"""

import io
import os
from pathlib import Path
from typing import Any, Literal

import xlsxwriter

from pipeline import codes
from pipeline.answers.template.columns import LOOKS, UNITS, list_of, note, note_height, of_other_times, width
from pipeline.answers.template.faults import fault
from pipeline.answers.template.people import Sender, rows_of
from pipeline.contract.said import is_asked_for
from pipeline.intake.readings import letter
from pipeline.ledger import lookups
from pipeline.paths import Home, private
from pipeline.presentation import DARK, FORM_FONT, HINT, LINES, MISSING, NOTE, ON_DARK, ON_WRONG, PALE, WRONG, written
from pipeline.schemas.card import Roster
from pipeline.schemas.columns import template_columns
from pipeline.schemas.files import LISTS_SHEET, LOOKUP_SHEET
from pipeline.schemas.kinds import Meta, meta, words_name

ROWS_TO_FILL = 5000  # below the unit's people: as far as lists and colours reach
HEADER = 6  # position of the header row: the title block stands above it
LOOKUP = {"unit": "Đơn vị", "full_name": "Họ và tên", "identity_number": "Số CCCD", "birth_date": "Ngày sinh"}
TABLE_HINTS = (
    "(*) cột phải ghi ở mọi dòng. Ô hồng: còn thiếu; ô đỏ: giá trị không đúng. Đưa chuột lên tiêu đề cột để xem yêu cầu.",
    "Trang không có dòng nào nghĩa là không phát sinh: hãy xóa trang không định gửi.",
)
LOOKUP_HINTS = (
    "Sao chép ô đơn vị, họ tên, số CCCD từ đây sang các trang khác để khỏi gõ sai.",
    "Trang này không được đọc khi nộp; để nguyên hay xóa đều được.",
)


def write(home: Home, folder: Path | None, name: str, data: bytes, kind: Literal["template", "form"] = "template") -> Path:
    """Write a workbook with people in it for its owner's eyes; without a folder, into the restricted zone.

    Raises FileExistsError rather than write over what lies in a folder that somebody chose: it may be filled in already.
    """
    if folder is None:
        private(home.restricted)
    place = folder or private(home.templates if kind == "template" else home.forms)
    place.mkdir(parents=True, exist_ok=True)
    path = place / name
    if kind == "template" or home.restricted.exists():  # else there is nobody yet who could be shown
        lookups.note(home, kind, where=str(path))
    if folder is None:
        path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return path


def workbook(schemas: dict[str, Any], sender: Sender, period: str, roster: Roster | None) -> bytes:
    """A sheet for each schema, the people to copy from, and the lists behind the drop-downs."""
    buffer = io.BytesIO()
    book = Book(xlsxwriter.Workbook(buffer, {"in_memory": True}), sender, period, roster)
    for name, schema in schemas.items():
        book.add_table(name, schema)
    if any(not rows_of(name, roster, period) for name in schemas) if roster and roster.rows else len(sender.words) > 1:
        book.add_lookup()
    used = {list_of(meta(col)) for s in schemas.values() for col in template_columns(s).values()}
    book.add_lists({name for name in used if name})
    book.book.close()
    return buffer.getvalue()


class Book:
    """A workbook in the making, with its formats."""

    def __init__(self, book: xlsxwriter.Workbook, sender: Sender, period: str, roster: Roster | None):
        self.book, self.sender, self.period, self.roster = book, sender, period, roster
        font = {"font_name": FORM_FONT, "font_size": 11}
        lined = font | {"num_format": "@", "border": 1, "border_color": LINES, "shrink": True, "valign": "vcenter"}
        head = font | {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
        self.title = book.add_format(font | {"bold": True, "font_size": 14})
        self.line = book.add_format(font)
        self.hint = book.add_format(font | {"italic": True, "font_color": HINT})
        self.head = book.add_format(head | {"bg_color": PALE})
        self.asked = book.add_format(head | {"bg_color": DARK, "font_color": ON_DARK})
        self.cell = book.add_format(lined | {"locked": False})
        self.number = book.add_format(lined | {"locked": False, "align": "right"})
        self.shown = book.add_format(lined)
        self.wrong = book.add_format({"bg_color": WRONG, "font_color": ON_WRONG})
        self.missing = book.add_format({"bg_color": MISSING})

    def add_table(self, name: str, schema: Any) -> None:
        """A dataset's sheet: who stands there already, what a header asks for, and what turns red."""
        columns = template_columns(schema)
        rows = rows_of(name, self.roster, self.period) if self.roster else []
        sheet = self._sheet(schema.title)
        self._title_block(sheet, schema.title, TABLE_HINTS, bool(rows))
        sheet.set_row(HEADER, 50)
        first, last, right = HEADER + 1, HEADER + len(rows) + ROWS_TO_FILL, len(columns) - 1
        row_of_first = f"$A{first + 1}:${letter(right)}{first + 1}"
        for position, (column, col) in enumerate(columns.items()):
            info = meta(col)
            sheet.set_column(position, position, width(info), self.number if LOOKS[info.kind].is_right else self.cell)
            sheet.write_string(
                HEADER, position, f"{col.title} (*)" if is_asked_for(info) else col.title, self.asked if is_asked_for(info) else self.head
            )
            words = note(column, schema, self.period)
            sheet.write_comment(
                HEADER, position, words, {"author": "", "width": 330, "height": note_height(words), "font_size": 9, "color": NOTE}
            )
            self._choices(sheet, info, first, last, position)
            cell = f"${letter(position)}{first + 1}"
            if is_asked_for(info):
                blank = f'=AND(TRIM({cell})="",COUNTA({row_of_first})>0)'
                sheet.conditional_format(first, position, last, position, {"type": "formula", "criteria": blank, "format": self.missing})
            if formula := fault(info, cell):
                sheet.conditional_format(
                    first, position, last, position, {"type": "formula", "criteria": f"={formula}", "format": self.wrong}
                )
        for number, row in enumerate(rows, start=first):
            for position, (column, col) in enumerate(columns.items()):
                if text := row.get(words_name(column)) or written(row.get(column), meta(col).codes, row.get(f"{column}_precision_code")):
                    sheet.write_string(number, position, text, self.cell)
        sheet.autofilter(HEADER, 0, max(HEADER + len(rows), first), right)
        frozen = list(columns).index("full_name") + 1 if "full_name" in columns else 0
        sheet.freeze_panes(first, frozen)
        everywhere = f"A1:{letter(right)}{last + 1}"
        sheet.ignore_errors(dict.fromkeys(("number_stored_as_text", "two_digit_text_year", "list_data_validation"), everywhere))
        self._print(sheet, wide=sum(width(meta(col)) for col in columns.values()) > 200)

    def add_lookup(self) -> None:
        """Everybody, so that name and number are copied and not typed; and what the units below are called."""
        sheet = self._sheet(LOOKUP_SHEET)
        self._title_block(sheet, "Tra cứu", LOOKUP_HINTS, bool(self._people()))
        people = {tuple(written(row.get(c), precision=row.get(f"{c}_precision_code")) for c in LOOKUP) for row in self._people()}
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
            listed = [c for c in codes.code_lists()[name] if c.code not in of_other_times(name, self.period)]
            labels = [c.label_vi for c in listed]
            spoken = [s for c in listed for s in (c.code, c.label_en, *c.aliases)]
            folded = [s for s, code in codes.spellings(name).items() if code in {c.code for c in listed}]
            columns[name] = labels, [s for s in dict.fromkeys([*spoken, *folded]) if s not in labels]
        if self._below():
            columns["don_vi"] = list(self._below()), []
        for position, (name, (chosen, more)) in enumerate(columns.items()):
            for number, text in enumerate([name, *chosen, *more]):
                sheet.write_string(number, position, text)
            column = letter(position)
            for prefix, count in (("chon", len(chosen)), ("biet", len(chosen) + len(more))):
                self.book.define_name(f"{prefix}_{name}", f"='{LISTS_SHEET}'!${column}$2:${column}${count + 1}")

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
        choices = LOOKS[info.kind].choices
        source = choices(info, self.period) if choices else None
        if source is None or (source == UNITS and not self._below()):
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
