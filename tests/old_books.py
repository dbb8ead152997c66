"""Workbooks of the kinds that no library of ours writes, .xls, .xlsb and .ods, from one description: the same cells, styles and hidden things.

What does not belong here: what is expected of them. Not written by the code that reads them; compared with xlrd 2.0.2 and xlwt 1.3.0 by hand.
"""

import datetime as dt
import struct
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import odd_files

FORMATS = {"percent": "0.0%", "zeros": "000000000000", "month": "mm/yyyy", "day": "dd/mm/yyyy", "struck": "General"}
STYLES = ["plain", *FORMATS]
ERRORS = {"#DIV/0!": 0x07, "#REF!": 0x17}


@dataclass(frozen=True)
class Cell:
    """`formula`: whether the value is a formula's; without a value nobody calculated it."""

    value: str | float | None
    style: str = "plain"
    formula: bool = False


@dataclass
class Made:
    rows: list[list[Cell | str | float | None]]
    hidden_rows: tuple[int, ...] = ()  # from 0
    hidden_columns: tuple[int, ...] = ()
    is_flat: bool = False  # hidden by having no size
    is_1904: bool = False
    page: int = 1200  # what an .xls says of its letters
    name: str = "Xếp loại"
    comments: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)  # row and column from 0 → who wrote it, and what

    def cells(self) -> list[tuple[int, int, Cell]]:
        given = [(r, c, v if isinstance(v, Cell) else Cell(v)) for r, row in enumerate(self.rows) for c, v in enumerate(row)]
        return [(r, c, v) for r, c, v in given if v.value is not None or v.formula]


# ── .xls ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def xls(made: Made) -> bytes:
    def record(kind: int, form: str = "", *values: float, text: str | None = None, digits: str = "H") -> bytes:
        body = struct.pack("<" + form, *values)
        if text is not None:
            body += struct.pack("<" + digits + "B", len(text), 1) + text.encode("utf-16-le")
        return struct.pack("<HH", kind, len(body)) + body

    def cell(row: int, column: int, cell: Cell) -> bytes:
        at = (row, column, STYLES.index(cell.style))
        if cell.formula:
            parsed = (0, 0, 3, 0x1E, 1)  # flags, chain, the formula's size: the number 1
            if cell.value in ERRORS:
                return record(0x0006, "HHH" + "BBBBBBH" + "HIHBH", *at, 2, 0, ERRORS[cell.value], 0, 0, 0, 0xFFFF, *parsed)
            if cell.value is None:  # as xlwt writes it
                return record(0x0006, "HHH" + "BBBBBBH" + "HIHBH", *at, 3, 0, 0, 0, 0, 0, 0xFFFF, *parsed)
            return record(0x0006, "HHH" + "d" + "HIHBH", *at, cell.value, *parsed)
        if cell.value in ERRORS:
            return record(0x0205, "HHHBB", *at, ERRORS[cell.value], 1)
        return record(0x0204, "HHH", *at, text=cell.value) if isinstance(cell.value, str) else record(0x0203, "HHHd", *at, cell.value)

    fonts = [
        record(0x31, "HHHHHBBBB", 200, 8 if struck else 0, 0, 400, 0, 0, 0, 0, 0, text="Arial", digits="B") for struck in (0, 0, 0, 0, 1)
    ]
    formats = [record(0x041E, "H", 164 + n, text=code) for n, code in enumerate(FORMATS.values())]
    used = [(5 if style == "struck" else 0, 164 + n - 1 if n else 0) for n, style in enumerate(STYLES)]
    head = record(0x0809, "HHHHII", 0x0600, 5, 0, 0, 0, 6) + record(0x42, "H", made.page) + record(0x22, "H", made.is_1904)
    head += b"".join([*fonts, *formats, *(record(0xE0, "HH16x", *xf) for xf in used)])
    end = record(0x0A)
    sheet = record(0x0809, "HHHHII", 0x0600, 0x10, 0, 0, 0, 6)
    sheet += b"".join(
        record(0x7D, "HHHHHH", c, c, 0 if made.is_flat else 2560, 0, 0 if made.is_flat else 1, 0) for c in made.hidden_columns
    )
    sheet += record(0x0200, "IIHHH", 0, len(made.rows), 0, max(map(len, made.rows)), 0)
    hidden = (0, 0, 0, 0x40) if made.is_flat else (300, 0, 0, 0x20)
    sheet += b"".join(
        record(0x0208, "HHHHHHHH", r, 0, 9, *(hidden if r in made.hidden_rows else (300, 0, 0, 0)), 0) for r in range(len(made.rows))
    )
    sheet += b"".join(cell(*at) for at in made.cells())
    for n, words in enumerate((words for _, words in made.comments.values()), start=1):  # a box, its text, how that looks
        sheet += record(0x5D, "HHHHH12xHH", 0x15, 0x12, 0x19, n, 0x4011, 0, 0) + record(0x1B6, "HH6xHHI", 0x212, 0, len(words), 16, 0)
        half = len(words) // 2  # a long text goes on in another record
        sheet += b"".join(
            record(0x3C, "B", 1)[:2] + struct.pack("<HB", 1 + 2 * len(w), 1) + w.encode("utf-16-le") for w in (words[:half], words[half:])
        )
        sheet += record(0x3C, "HHIHHI", 0, 0, 0, len(words), 0, 0)
    for n, ((row, column), (author, _)) in enumerate(made.comments.items(), start=1):
        sheet += record(0x1C, "HHHH", row, column, 0, n, text=author)
    sheet += end
    size = len(head) + len(record(0x85, "IH", 0, 0, text=made.name, digits="B")) + len(end)
    stream = head + record(0x85, "IH", size, 0, text=made.name, digits="B") + end + sheet
    return odd_files.container("Workbook", stream.ljust(-(-max(len(stream), 4096) // 512) * 512, b"\0"))


# ── .xlsb ────────────────────────────────────────────────────────────────────────────────────────────────────────


def xlsb(made: Made) -> bytes:
    record, text = odd_files.xlsb_record, odd_files.xlsb_text

    def cell(column: int, cell: Cell) -> bytes:
        at, formula = struct.pack("<II", column, STYLES.index(cell.style)), struct.pack("<HIBHI", 0, 3, 0x1E, 1, 0)
        if cell.value in ERRORS:
            return record(11 if cell.formula else 3, at + bytes([ERRORS[cell.value]]) + (formula if cell.formula else b""))
        if cell.formula:
            return record(9, at + struct.pack("<d", cell.value or 0) + formula)
        return record(6, at + text(cell.value)) if isinstance(cell.value, str) else record(5, at + struct.pack("<d", cell.value))

    font = [record(43, struct.pack("<HHHHBBBB8xB", 200, 8 if struck else 0, 400, 0, 0, 0, 0, 0, 0) + text("Arial")) for struck in (0, 1)]
    formats = [record(44, struct.pack("<H", 164 + n) + text(code)) for n, code in enumerate(FORMATS.values())]
    xf = [
        record(47, struct.pack("<HHHHHBBBBH", 0, 164 + n - 1 if n else 0, s == "struck", 0, 0, 0, 0, 0, 0, 0)) for n, s in enumerate(STYLES)
    ]
    other = record(47, struct.pack("<HHHHHBBBBH", 0xFFFF, 0, 1, 0, 0, 0, 0, 0, 0, 0))  # of styles above cells' own
    styles = record(278) + record(615, struct.pack("<I", len(formats))) + b"".join(formats) + record(616)
    styles += record(611, struct.pack("<I", 2)) + b"".join(font) + record(612)
    styles += record(626, struct.pack("<I", 1)) + other + record(627)
    styles += record(617, struct.pack("<I", len(xf))) + b"".join(xf) + record(618) + record(279)
    sheet = record(129) + record(148, struct.pack("<IIII", 0, len(made.rows) - 1, 0, max(map(len, made.rows)) - 1))
    if made.hidden_columns:
        width, flags = (0, 0) if made.is_flat else (2560, 1)
        sheet += record(390) + b"".join(record(60, struct.pack("<4IH", c, c, width, 0, flags)) for c in made.hidden_columns) + record(391)
    sheet += record(145)
    hidden = (0, 0, 0x20) if made.is_flat else (300, 0, 0x10)
    rows = {row: b"" for row in range(len(made.rows))}
    for r, c, v in made.cells():
        rows[r] += cell(c, v)
    for row, cells in rows.items():
        sheet += record(0, struct.pack("<IIHBBBI", row, 0, *(hidden if row in made.hidden_rows else (300, 0, 0)), 0, 0)) + cells
    book = record(131) + record(153, struct.pack("<III", made.is_1904, 0, 0)) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + text("rId1") + text(made.name)) + record(144)
    book += record(157, struct.pack("<IIIdIH", 0, 1, 100, 0.001, 1, 1)) + record(132)  # to be calculated whole, as XlsxWriter asks
    relation = f'<Relationship Id="%s" Type="{odd_files.RELATIONS}/%s" Target="%s"/>'
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
    own = relation % ("rId1", "worksheet", "worksheets/sheet1.bin") + relation % ("rId2", "styles", "styles.bin")
    said = (
        record(628) + record(630) + b"".join(record(632, text(author)) for author, _ in made.comments.values()) + record(631) + record(633)
    )
    for n, ((r, c), (_, words)) in enumerate(made.comments.items()):
        said += record(635, struct.pack("<5I16x", n, r, r, c, c)) + record(637, b"\0" + text(words)) + record(636)
    of_sheet = (relations % (relation % ("rId1", "comments", "../comments1.bin"))).encode()
    comments = {"xl/worksheets/_rels/sheet1.bin.rels": of_sheet, "xl/comments1.bin": said + record(634) + record(629)}
    return odd_files.package(
        (comments if made.comments else {})
        | {
            "_rels/.rels": (relations % (relation % ("rId1", "officeDocument", "xl/workbook.bin"))).encode(),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": (relations % own).encode(),
            "xl/styles.bin": styles,
            "xl/worksheets/sheet1.bin": sheet + record(146) + record(130),
        }
    )


# ── .ods ─────────────────────────────────────────────────────────────────────────────────────────────────────────

NUMBERS = """
<number:percentage-style style:name="Npercent"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
<number:number-style style:name="Nzeros"><number:number number:decimal-places="0" number:min-integer-digits="12"/></number:number-style>
<number:date-style style:name="Nmonth"><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>
<number:date-style style:name="Nday"><number:day/><number:text>/</number:text><number:month/><number:text>/</number:text><number:year/></number:date-style>
"""
FLAT = """
<style:style style:name="ro0" style:family="table-row"><style:table-row-properties style:row-height="0cm" style:use-optimal-row-height="false"/></style:style>
<style:style style:name="co0" style:family="table-column"><style:table-column-properties style:column-width="0in"/></style:style>
"""
SPACES = " ".join(f'xmlns:{n}="{odd_files.OFFICE}:{u}:1.0"' for n, u in {**{n: n for n in ("office", "table", "text", "style")}, "number": "datastyle", "fo": "xsl-fo-compatible"}.items())  # fmt: skip
CALC = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def ods(made: Made) -> bytes:
    """As LibreOffice writes it: styles of cells beside the content, an inherited one in styles.xml."""

    def cell(value: Cell | str | float | None, place: tuple[int, int]) -> str:
        cell = value if isinstance(value, Cell) else Cell(value)
        author, words = made.comments.get(place, ("", ""))
        note = (
            f"<office:annotation><dc:creator>{escape(author)}</dc:creator><text:p>{escape(words)}</text:p></office:annotation>"
            if words
            else ""
        )
        style = f' table:style-name="{cell.style}"' if cell.style != "plain" else ""
        formula = ' table:formula="of:=1"' if cell.formula else ""
        if cell.value is None:
            return f"<table:table-cell{style}{formula}/>"
        if cell.value in ERRORS:
            said = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
        elif isinstance(cell.value, str):
            said = 'office:value-type="string"'
        elif cell.style in ("month", "day"):
            said = f'office:value-type="date" office:date-value="{day_of(cell.value)}"'
        else:
            said = f'office:value-type="{"percentage" if cell.style == "percent" else "float"}" office:value="{cell.value!r}"'
        return f"<table:table-cell{style}{formula} {said}>{note}<text:p>{escape(str(cell.value))}</text:p></table:table-cell>"

    hidden = ("ro0", "co0") if made.is_flat else None
    columns, rows = "", ""
    for c in range(max(map(len, made.rows))):
        said = (f' table:style-name="{hidden[1]}"' if hidden else ' table:visibility="collapse"') if c in made.hidden_columns else ""
        columns += f"<table:table-column{said}/>"
    for r, row in enumerate(made.rows):
        said = (f' table:style-name="{hidden[0]}"' if hidden else ' table:visibility="filter"') if r in made.hidden_rows else ""
        rows += f"<table:table-row{said}>{''.join(cell(v, (r, c)) for c, v in enumerate(row))}</table:table-row>"
    styles = "".join(
        f'<style:style style:name="{s}" style:family="table-cell" style:parent-style-name="{"Crossed" if s == "struck" else "Default"}"'
        + (f' style:data-style-name="N{s}"/>' if s != "struck" else "/>")
        for s in FORMATS
    )
    null = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>' if made.is_1904 else ""
    )
    return book(f'{null}<table:table table:name="{made.name}">{columns}{rows}</table:table>', NUMBERS + FLAT + styles)


CROSSED = """<office:styles><style:style style:name="Default" style:family="table-cell"/>
<style:style style:name="Crossed" style:family="table-cell" style:parent-style-name="Default">
<style:text-properties style:text-line-through-style="solid" style:text-line-through-type="single"/></style:style></office:styles>"""


def book(sheets: str, styles: str = "", common: bytes | None = None) -> bytes:
    content = f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
    return odd_files.package(
        {
            "mimetype": odd_files.ODS_TYPE,
            "META-INF/manifest.xml": b"<manifest/>",
            "styles.xml": f"<office:document-styles {SPACES}>{CROSSED}</office:document-styles>".encode() if common is None else common,
            "content.xml": f"<office:document-content {SPACES} {CALC}>{content}</office:document-content>".encode(),
        }
    )


def day_of(serial: float) -> str:
    return (dt.date(1899, 12, 30) + dt.timedelta(days=int(serial))).isoformat()


MADE = {"xls": xls, "xlsb": xlsb, "ods": ods}
