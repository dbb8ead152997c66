"""A report as a workbook: its text on the first sheet, each table on a sheet of its own, with formulas that reckon on.

What does not belong here: what stands in it. The separators of numbers are those of whoever opens it.
"""

import datetime as dt
import io
import math
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.presentation import COUNT_FORMAT, SHARE_FORMAT
from pipeline.surfaces.reports.document import STATE, Column, Document, Mark, Table, Value, digits_of

A4 = 9
LONG, SHORT = 297, 210  # millimetres of A4
FORMATS = {"count": COUNT_FORMAT, "share": SHARE_FORMAT, "number": "#,##0.##", "change": "+#,##0;-#,##0;0", "text": "@"}
TEXT_COLUMNS = 10
LETTER = (
    0.16  # millimetres of a letter of one point, on the average of Vietnamese words in Times New Roman; capitals take half as much again
)
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
MADE = dt.datetime(2000, 1, 1)  # the same report is the same bytes


def as_xlsx(report: Document) -> bytes:
    """The workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS | {"default_format_properties": {"font_name": report.instruction.font, "font_size": 11}}) as book:
        book.set_properties({"title": f"{report.title}: {report.about}".replace("\n", ", "), "created": MADE})
        drawn = _Book(book, report)
        drawn.text()
        for table in report.tables:
            drawn.table(table)
    return out.getvalue()


def _lines(words: str, mm: float, size: float, is_bold: bool = False) -> int:
    """How many lines words take in a cell of that width; a word is not parted."""
    letter, width = LETTER * size * (1.08 if is_bold else 1), mm - 2
    lines, left = 1, width
    for word in words.split():
        long = sum(1.5 if c.isupper() else 1 for c in word) * letter
        if long > left and left < width:
            lines, left = lines + 1, width
        left -= long + letter * 0.7
    return lines


def _format(column: Column, value: Value) -> str:
    """How a cell shows its number: a share with as many digits as on paper, so that a part is not said to be all."""
    return f"0.{'0' * digits_of(value, 2)}%" if column.shown_as == "share" and isinstance(value, float) else FORMATS[column.shown_as]


def _letters(mm: float) -> float:
    """A column's width as a workbook counts it: in digits of 7 points of a screen, and 5 beside them."""
    return (mm / 25.4 * 96 - 5) / 7


def _without_a_last_page_of_a_line(sheet: Any, body: float, page: float, title: float, heads: float) -> None:
    """Draw a sheet a little smaller where else a line or two would stand on a page of their own. All in points: what stands below the heads, a page,
    what stands above the heads of the first page, the heads of each."""
    more, room = body - (page - title - heads), page - heads
    if more > 0 and more % room < 0.15 * room:
        sheet.fit_to_pages(1, 1 + int(more // room))


class _Book:
    def __init__(self, book: Any, report: Document):
        self.book, self.report, self.size = book, report, 11
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **look: Any) -> Any:
        """A format; each once, for a workbook has few."""
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(
                {"font_name": self.report.instruction.font, "font_size": self.size, "valign": "vcenter"} | look
            )
        return self.formats[key]

    def _sheet(self, name: str, is_wide: bool) -> Any:
        sheet = self.book.add_worksheet(name)
        top, right, bottom, left = (mm / 25.4 for mm in self.report.instruction.margins)
        sheet.set_paper(A4)
        if is_wide:  # bound at its long side's left, as the upright pages are
            sheet.set_landscape()
        sheet.set_margins(left=left, right=right, top=top, bottom=bottom)
        sheet.set_header("", {"margin": 0.3})
        sheet.set_footer(f'&C&"{self.report.instruction.font}"&P/&N', {"margin": 0.3})
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        return sheet

    def _page(self, is_wide: bool) -> float:
        """How high a page is between its margins, in points."""
        return (SHORT if is_wide else LONG) / 25.4 * 72 - sum(self.report.instruction.margins[::2]) / 25.4 * 72

    def _across(self, sheet: Any, row: int, first: int, last: int, words: str, **look: Any) -> None:
        style = self.style(**({"align": "center", "text_wrap": True} | look))
        if last > first:
            sheet.merge_range(row, first, row, last, words, style)
        else:
            sheet.write_string(row, first, words, style)

    def _head(self, sheet: Any, width: float, last: int, split: int) -> int:
        """Whose report it is, on so many millimetres; gives the next row."""
        letterhead, motto, star = self.report.letterhead, self.report.instruction.motto, self.report.instruction.star
        is_state = self.report.instruction.side == STATE
        self._across(sheet, 0, 0, split - 1, letterhead.above or letterhead.issuer)
        self._across(sheet, 0, split, last, motto[0], bold=True, **({} if is_state else {"underline": 1}))
        self._across(sheet, 1, 0, split - 1, letterhead.issuer if letterhead.above else star, bold=True)
        self._across(sheet, 1, split, last, motto[1] if len(motto) > 1 else "", bold=True, underline=1)
        if star and letterhead.above:
            self._across(sheet, 2, 0, split - 1, star)
        self._across(sheet, 3, 0, split - 1, letterhead.number)
        self._across(sheet, 3, split, last, letterhead.place_and_day, italic=True)
        second = letterhead.issuer if letterhead.above else star
        for row, (words, is_bold, beside) in enumerate(
            [(letterhead.above or letterhead.issuer, False, motto[0]), (second, True, motto[1] if len(motto) > 1 else "")]
        ):
            lines = max(
                _lines(words, width * split / (last + 1), self.size, is_bold),
                _lines(beside, width * (1 - split / (last + 1)), self.size, True),
            )
            sheet.set_row(row, 14.5 * lines + 2.5)
        return 5

    def _foot(self, sheet: Any, row: int, last: int, split: int) -> None:
        """Who signs, and to whom it goes."""
        signature = self.report.signature
        lines: list[tuple[str, dict[str, Any]]] = [
            ("Nơi nhận:", {"bold": True, "italic": True} if self.report.instruction.side == STATE else {"underline": 1})
        ]
        lines += [(line, {"font_size": self.size - 1}) for line in signature.recipients]
        signed: list[tuple[str, dict[str, Any]]] = [
            *((line, {"bold": True}) for line in signature.authority),
            (signature.post, {"bold": True}),
            *[("", {})] * 4,
            (signature.name, {"bold": True}),
        ]
        for n in range(max(len(lines), len(signed))):
            if n < len(lines):
                self._across(sheet, row + n, 0, split - 1, lines[n][0], align="left", **lines[n][1])
            if n < len(signed) and signed[n][0]:
                self._across(sheet, row + n, split, last, signed[n][0], **signed[n][1])

    def text(self) -> None:
        """The sheet to read."""
        sheet, last, split = self._sheet("Báo cáo", False), TEXT_COLUMNS - 1, TEXT_COLUMNS // 2
        width = SHORT - self.report.instruction.margins[1] - self.report.instruction.margins[3]
        sheet.set_column(0, last, _letters(width / TEXT_COLUMNS))
        row = self._head(sheet, width, last, split)
        self._across(sheet, row, 0, last, self.report.title, bold=True, font_size=14)
        for n, line in enumerate(self.report.about.split("\n"), start=1):
            self._across(sheet, row + n, 0, last, line, bold=True, font_size=13)
            sheet.set_row(row + n, 18 * _lines(line, width, 13, is_bold=True))
        row += 4
        for words, look in [*((words, {}) for words in self.report.paragraphs), (self.report.last_words, {"italic": True})]:
            self._across(sheet, row, 0, last, "    " + words, align="justify", valign="top", font_size=13, **look)
            sheet.set_row(row, 17 * _lines("    " + words, width, 13) + 5)
            row += 1
        self._foot(sheet, row + 1, last, split)

    def table(self, table: Table) -> None:
        """A table that goes with it."""
        sheet, last = self._sheet(table.label, table.is_wide), len(table.columns) - 1
        margins = self.report.instruction.margins
        page = (LONG if table.is_wide else SHORT) - margins[1] - margins[3]
        widths = [column.width * page / sum(one.width for one in table.columns) for column in table.columns]
        for c, width in enumerate(widths):
            sheet.set_column(c, c, _letters(width))
        number = self.report.letterhead.number
        said = f"(Kèm theo Báo cáo {number[:1].lower()}{number[1:]}, {self.report.letterhead.place_and_day})"
        self._across(sheet, 0, 0, last, table.label, bold=True, align="right")
        self._across(sheet, 1, 0, last, table.title, bold=True, font_size=13)
        sheet.set_row(1, 18 * _lines(table.title, page, 13, is_bold=True))
        self._across(sheet, 2, 0, last, self.report.about.split("\n")[-1], bold=True)
        self._across(sheet, 3, 0, last, said, italic=True)
        top = 5
        first = self._heads(sheet, table, widths, top)
        lines = sum(_lines(str(line.values[1]), widths[1], self.size, line.is_total) for line in table.rows)
        body = 13.2 * lines + 2.4 * len(table.rows) + 15 * (1 + len(table.notes))
        _without_a_last_page_of_a_line(sheet, body, self._page(table.is_wide), 85, 118)
        for r, line in enumerate(table.rows):
            sheet.set_row(first + r, 13.2 * _lines(str(line.values[1]), widths[1], self.size, line.is_total) + 2.4)
            for c, value in enumerate(line.values):
                self._cell(sheet, table, first, r, c, value)
        sheet.repeat_rows(top, first - 1)
        sheet.freeze_panes(first, 2)
        row = first + len(table.rows)
        for n, words in enumerate([*table.notes, self.report.source]):
            self._across(sheet, row + n, 0, last, words, align="left", italic=True, font_size=self.size - 1)
            sheet.set_row(row + n, 14 * _lines(words, page, self.size - 1))
        sheet.print_area(0, 0, row + len(table.notes), last)

    def _heads(self, sheet: Any, table: Table, widths: list[float], top: int) -> int:
        """The heads, over one another where some stand in groups; gives the first row below."""
        head = self.style(bold=True, align="center", text_wrap=True, border=1)
        has_groups = any(word for word, *_ in table.groups)
        low = top + has_groups
        for word, at, count in table.groups:
            if word:
                sheet.merge_range(top, at, top, at + count - 1, word, head) if count > 1 else sheet.write_string(top, at, word, head)
        for c, column in enumerate(table.columns):
            if has_groups and not column.group:
                sheet.merge_range(top, c, low, c, column.title, head)
            else:
                sheet.write_string(low, c, column.title, head)
        tall = [_lines(c.title, w, self.size, is_bold=True) for c, w in zip(table.columns, widths, strict=True)]
        of_group = [_lines(word, sum(widths[at : at + count]), self.size, is_bold=True) for word, at, count in table.groups if word]
        single = max(lines for lines, c in zip(tall, table.columns, strict=True) if c.group or not has_groups)
        spanning = max([0, *(lines for lines, c in zip(tall, table.columns, strict=True) if not c.group)])
        upper = max(of_group, default=0)
        if has_groups:
            sheet.set_row(top, 13.5 * upper + 4)
        sheet.set_row(low, 13.5 * max(single, spanning - upper) + 4)
        numbers = self.style(italic=True, align="center", border=1, font_size=self.size - 2, shrink=True)
        for c, words in enumerate(table.numbers()):
            sheet.write_string(low + 1, c, words, numbers)
        return low + 2

    def _cell(self, sheet: Any, table: Table, first: int, r: int, c: int, value: Value) -> None:
        column, line, row = table.columns[c], table.rows[r], first + r
        align = "center" if c == 0 else "left" if column.shown_as == "text" else "right"
        style = self.style(
            border=1, bold=line.is_total, align=align, text_wrap=column.shown_as == "text", num_format=_format(column, value)
        )
        if isinstance(value, str | Mark) or value is None:
            sheet.write_string(row, c, value.text if isinstance(value, Mark) else value or "", style)
        elif column.of and all(isinstance(line.values[part], int) for part in column.of):
            above, below = (xl_rowcol_to_cell(row, part) for part in column.of)
            sheet.write_formula(row, c, f'=IF({below}>0,{above}/{below},"")', style, value)
        elif line.is_total and table.sums(c):
            sheet.write_formula(row, c, f"=SUM({xl_rowcol_to_cell(first, c)}:{xl_rowcol_to_cell(row - 1, c)})", style, value)
        elif math.isfinite(value):
            sheet.write_number(row, c, value, style)
