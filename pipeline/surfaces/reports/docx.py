"""A report as a text that an office can go on writing in: letterhead, paragraphs, signature; then its tables on pages that lie on their side.

What does not belong here: what stands in it.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from pipeline.surfaces.reports.document import STATE, Document, Table, shown

LONG, SHORT = 297, 210  # A4
MADE = dt.datetime(2000, 1, 1)  # the same report is the same bytes
OF_A_FILE = (2000, 1, 1, 0, 0, 0)
LEFT, CENTRE, RIGHT, BOTH = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
IN_TABLE = 11
LINE = "―――"


def as_docx(report: Document) -> bytes:
    """The text."""
    out = io.BytesIO()
    drawn = _Text(report)
    drawn.letter()
    for n, table in enumerate(report.tables):
        drawn.annex(table, is_first=n == 0)
    drawn.text.save(out)
    return _dated(out.getvalue())


def _dated(data: bytes) -> bytes:
    """The same with one day for every part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = zipfile.ZipInfo(name, OF_A_FILE)
            part.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return out.getvalue()


class _Text:
    def __init__(self, report: Document):
        self.report, self.rules, self.text = report, report.instruction, docx.Document()
        about = self.text.core_properties
        about.title, about.author, about.comments, about.language = report.about.replace("\n", ", "), "", "", "vi-VN"
        about.created = about.modified = MADE
        plain = self.text.styles["Normal"]
        plain.font.name, plain.font.size = self.rules.font, Pt(self.rules.size)
        for letters in ("w:eastAsia", "w:cs", "w:hAnsi"):
            plain.element.get_or_add_rPr().get_or_add_rFonts().set(qn(letters), self.rules.font)
        plain.paragraph_format.space_after = Pt(0)
        self._page(self.text.sections[0], is_wide=False)
        self.text.sections[0].different_first_page_header_footer = True  # the first page bears no number
        self._number(self.text.sections[0].header.paragraphs[0])

    def _page(self, section: Any, is_wide: bool) -> float:
        """Paper and margins; gives the width that is left."""
        top, right, bottom, left = self.rules.margins
        section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
        width, height = (LONG, SHORT) if is_wide else (SHORT, LONG)
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = Mm(top), Mm(right), Mm(bottom), Mm(left)
        section.header_distance = Mm(10)
        return width - left - right

    def _number(self, paragraph: Any) -> None:
        paragraph.alignment = CENTRE
        for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
            part = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                part.set(qn("w:fldCharType"), kind)
            else:
                part.text = words
            paragraph.add_run()._r.append(part)

    def _write(self, paragraph: Any, words: str, align: Any = LEFT, size: float = 0, **look: Any) -> Any:
        paragraph.alignment = align
        run = paragraph.add_run(words)
        for name, is_so in look.items():
            setattr(run.font, name, is_so)
        run.font.size = Pt(size or self.rules.size)
        return paragraph

    def _pair(
        self, width: float, left: Sequence[tuple[str, dict[str, Any]]], right: Sequence[tuple[str, dict[str, Any]]], share: float
    ) -> None:
        """Two columns side by side without lines."""
        table = self.text.add_table(rows=1, cols=2)
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # a name stays below its post
        for column, cell, mm, lines in zip(
            table.columns, table.rows[0].cells, (width * share, width * (1 - share)), (left, right), strict=True
        ):
            column.width = cell.width = Mm(mm)
            for n, (words, look) in enumerate(lines):
                self._write(cell.paragraphs[0] if n == 0 else cell.add_paragraph(), words, **({"align": CENTRE} | look))

    def letter(self) -> None:
        """What is signed."""
        report, head = self.report, self.report.letterhead
        width, is_state = SHORT - self.rules.margins[1] - self.rules.margins[3], self.rules.side == STATE
        small: dict[str, Any] = {"size": self.rules.size - (2 if is_state else 1)}
        left: list[tuple[str, dict[str, Any]]] = [(head.above, small)] if head.above else []
        left += [(head.issuer, small | {"bold": True})]
        left += [(self.rules.star, {"bold": True})] if self.rules.star else [(LINE, {"size": 8})]
        dated: dict[str, Any] = {"size": self.rules.size - 1}
        left += [(head.number, dated)]
        ruled: dict[str, Any] = {"bold": True, "underline": not is_state}
        right: list[tuple[str, dict[str, Any]]] = [(self.rules.motto[0], ruled | small)]
        right += [(words, {"bold": True, "underline": True, "size": self.rules.size - 1}) for words in self.rules.motto[1:]]
        right += [("", {"size": 8})] * (len(left) - len(right) - 1) + [(head.place_and_day, {"italic": True, **dated})]
        self._pair(width, left, right, 0.38 if is_state else 0.44)
        self._write(self.text.add_paragraph(), "")
        self._write(self.text.add_paragraph(), report.title, CENTRE, self.rules.size + (0 if is_state else 1), bold=True)
        for line in report.about.split("\n"):
            self._write(self.text.add_paragraph(), line, CENTRE, bold=True)
        self._write(self.text.add_paragraph(), "―――――", CENTRE, 8)
        for words in report.paragraphs:
            self._body(self._write(self.text.add_paragraph(), words, BOTH))
        last = self._write(self.text.add_paragraph(), report.last_words, BOTH, self.rules.size - 2, italic=True)
        self._body(last)
        last.paragraph_format.keep_with_next = True  # who signs stands below some words
        signature = report.signature
        to: list[tuple[str, dict[str, Any]]] = [
            ("Nơi nhận:", {"align": LEFT, "size": 12, **({"bold": True, "italic": True} if is_state else {"underline": True})})
        ]
        to += [(line, {"align": LEFT, "size": 11}) for line in signature.recipients]
        by: list[tuple[str, dict[str, Any]]] = [(line, {"bold": True}) for line in (*signature.authority, signature.post)]
        by += [("", {})] * 4 + [(signature.name, {"bold": True})]
        self._write(self.text.add_paragraph(), "", size=8).paragraph_format.keep_with_next = True
        self._pair(width, to, by, 0.5)

    def _body(self, paragraph: Any) -> None:
        form = paragraph.paragraph_format
        form.first_line_indent, form.line_spacing, form.space_before, form.space_after = (
            Mm(self.rules.first_line),
            Pt(self.rules.line),
            Pt(3),
            Pt(3),
        )

    def _takes_no_room(self, end: Any) -> None:
        """A section ends in a paragraph of its own: below a full page as high as a line it would stand on an empty one."""
        end.paragraph_format.line_spacing = Pt(1)
        end.paragraph_format.space_before = end.paragraph_format.space_after = Pt(0)

    def annex(self, table: Table, is_first: bool) -> None:
        """A table on pages of its own."""
        section = self.text.add_section(WD_SECTION.NEW_PAGE)
        self._takes_no_room(self.text.paragraphs[-1])
        section.different_first_page_header_footer = False
        width = self._page(section, table.is_wide)
        said = f"(Kèm theo Báo cáo {self.report.letterhead.number[:1].lower()}{self.report.letterhead.number[1:]}, {self.report.letterhead.place_and_day})"
        self._write(self.text.add_paragraph(), table.label, RIGHT, 12, bold=True)
        self._write(self.text.add_paragraph(), table.title, CENTRE, 13, bold=True)
        self._write(self.text.add_paragraph(), self.report.about.split("\n")[-1], CENTRE, 12, bold=True)
        self._write(self.text.add_paragraph(), said, CENTRE, 11, italic=True)
        self._write(self.text.add_paragraph(), "", size=6)
        self._table(table, width)
        for words in (*table.notes, *([] if self.report.paragraphs else [self.report.source])):
            self._write(self.text.add_paragraph(), words, LEFT, 10, italic=True)

    def _table(self, table: Table, width: float) -> None:
        scale = width / sum(column.width for column in table.columns)
        has_groups = any(word for word, *_ in table.groups)
        heads = 2 + has_groups
        drawn = self.text.add_table(rows=heads + len(table.rows), cols=len(table.columns))
        drawn.style, drawn.autofit, drawn.alignment = "Table Grid", False, WD_TABLE_ALIGNMENT.CENTER
        grid = [[*row.cells] for row in drawn.rows]
        for c, column in enumerate(table.columns):
            drawn.columns[c].width = Mm(column.width * scale)
            for row in grid:
                row[c].width = Mm(column.width * scale)
        for word, at, count in table.groups:
            if word:
                self._into(grid[0][at].merge(grid[0][at + count - 1]), word, CENTRE, bold=True)
        for c, column in enumerate(table.columns):
            cell = grid[heads - 2][c] if column.group or not has_groups else grid[0][c].merge(grid[1][c])
            self._into(cell, column.title, CENTRE, bold=True)
        for c, words in enumerate(table.numbers()):
            self._into(grid[heads - 1][c], words, CENTRE, size=IN_TABLE - 2, italic=True)
        for line, cells in zip(table.rows, grid[heads:], strict=True):
            for c, (value, column) in enumerate(zip(line.values, table.columns, strict=True)):
                align = CENTRE if c == 0 else LEFT if column.shown_as == "text" else RIGHT
                self._into(cells[c], shown(value, column), align, bold=line.is_total)
        for n, row in enumerate(drawn.rows):
            about = row._tr.get_or_add_trPr()
            about.append(OxmlElement("w:cantSplit"))  # a line stays on one page
            if n < heads:
                about.append(OxmlElement("w:tblHeader"))

    def _into(self, cell: Any, words: str, align: Any, size: float = IN_TABLE, **look: bool) -> None:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        for side, mm in (("start", 0.9), ("end", 0.9)):
            self._margin(cell, side, mm)
        for more in cell.paragraphs[1:]:  # merging keeps the paragraphs of both
            more._p.getparent().remove(more._p)
        form = self._write(cell.paragraphs[0], words, align, size, **look).paragraph_format
        form.space_before = form.space_after = Pt(0.5)

    def _margin(self, cell: Any, side: str, mm: float) -> None:
        about = cell._tc.get_or_add_tcPr()
        margins = about.find(qn("w:tcMar"))
        if margins is None:
            margins = OxmlElement("w:tcMar")
            about.append(margins)
        part = OxmlElement(f"w:{side}")
        part.set(qn("w:w"), str(int(mm * 56.7)))
        part.set(qn("w:type"), "dxa")
        margins.append(part)
