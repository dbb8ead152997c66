"""Files of every kind and every trouble, made on the spot. What does not belong here: what is expected of them."""

import datetime as dt
import io
import re
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

TABLE = [
    ["Họ và tên", "Số CCCD", "Ngày vào Đảng", "Điểm"],
    ["Nguyễn Văn Mẫu", "092080000001", "05/02/2010", "88,5"],
    ["Trần Thị Thử", "092080000002", "03/11/1999", "7"],
]
OOXML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def xlsx(write: Callable[[xlsxwriter.Workbook], Any] | None = None, rows: list[list[str]] | None = None) -> bytes:
    """A workbook that `write` fills, or one sheet of text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        if write:
            write(book)
        else:
            sheet = book.add_worksheet("Xếp loại")
            for number, row in enumerate(rows or TABLE):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def by_openpyxl(write: Callable[[openpyxl.Workbook], Any]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    write(book)
    book.save(buffer)
    return buffer.getvalue()


def delimited(delimiter: str, encoding: str = "utf-8") -> bytes:
    quoted = [[f'"{v}"' if delimiter in v else v for v in row] for row in TABLE]
    return "\r\n".join(delimiter.join(row) for row in quoted).encode(encoding)


def with_macros() -> bytes:
    """An .xlsm is an .xlsx that says so and holds a part more."""
    return changed(
        xlsx(),
        {
            "[Content_Types].xml": lambda xml: xml.replace(
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            ),
            "xl/vbaProject.bin": lambda _: b"\xd0\xcf\x11\xe0",
        },
    )


def with_macro_sheet() -> bytes:
    """A workbook whose second sheet holds macros of Excel 4, as Excel writes it."""
    main, kind = OOXML.encode(), b"http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    override = b'<Override PartName="/xl/macrosheets/sheet1.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/></Types>'
    relation = b'<Relationship Id="rId99" Type="' + kind + b'" Target="macrosheets/sheet1.xml"/></Relationships>'
    cells = b'<sheetData><row r="1"><c r="A1"><f>HALT()</f><v>1</v></c></row></sheetData>'
    return changed(
        with_macros(),
        {
            "[Content_Types].xml": lambda xml: xml.replace(b"</Types>", override),
            "xl/workbook.xml": lambda xml: xml.replace(
                b"</sheets>", '<sheet name="Xếp loại (2)" sheetId="9" state="veryHidden" r:id="rId99"/></sheets>'.encode()
            ),
            "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"</Relationships>", relation),
            "xl/macrosheets/sheet1.xml": lambda _: (
                b'<xm:macrosheet xmlns="' + main + b'" xmlns:xm="' + main + b'">' + cells + b"</xm:macrosheet>"
            ),
        },
    )


def changed(data: bytes, parts: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """The same package with some parts rewritten or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in dict.fromkeys([*old.namelist(), *parts]):
            content = old.read(name) if name in old.namelist() else b""
            new.writestr(name, parts[name](content) if name in parts else content)
    return buffer.getvalue()


def package(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return buffer.getvalue()


def protected() -> bytes:
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(xlsx())).encrypt("mật khẩu", locked)
    return locked.getvalue()


def protected_xls() -> bytes:
    """The beginning of an old workbook that asks for a password: BOF, FILEPASS; in a container of the right shape."""
    stream = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 6) + struct.pack("<HH", 0x2F, 54) + bytes(54)
    return container("Workbook", stream.ljust(4096, b"\0"))


def old_document() -> bytes:
    return container("WordDocument", bytes(4096))


def container(stream_name: str, stream: bytes) -> bytes:
    """A compound file of one stream: header, a sector of the allocation table, the directory, the stream."""
    sectors = len(stream) // 512
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain = [table, end, *range(3, 2 + sectors), end]
    fat = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        return text.ljust(64, b"\0") + struct.pack("<HBBIII36xIQ", len(text), kind, 1, free, free, child, start, size)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(stream_name, 2, free, 2, len(stream)) + bytes(256)
    return header + fat + directory + stream


def ods(rows: str, encrypted: bool = False, kind: str = "spreadsheet", name: str = "Xếp loại") -> bytes:
    """An OpenDocument of one table, from its rows as XML."""
    content = (
        f'<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0" xmlns:text="{OFFICE}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="{name}">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    secret = "<manifest:encryption-data/>" if encrypted else ""
    entry = f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{secret}</manifest:file-entry>'
    manifest = f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0">{entry}</manifest:manifest>'
    return package(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "META-INF/manifest.xml": manifest.encode(),
            "content.xml": content.encode(),
        }
    )


def ods_cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def ods_table() -> bytes:
    return ods("".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in TABLE))


def xlsb_record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, rest = bytearray(), len(content)
    while rest >= 128:
        size.append(rest & 0x7F | 0x80)
        rest >>= 7
    return head + bytes([*size, rest]) + content


def xlsb_text(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def xlsb(cells: dict[tuple[int, int], str], name: str = "Xếp loại", merges: Iterable[tuple[int, int, int, int]] = ()) -> bytes:
    """A binary workbook of one sheet, from its texts by row and column, from 0; `merges`: first row and column, last ones."""
    record, text = xlsb_record, xlsb_text
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + text("rId1") + text(name)) + record(144) + record(132)
    last = (max(r for r, _ in cells), max(c for _, c in cells))
    sheet = record(129) + record(148, struct.pack("<IIII", 0, last[0], 0, last[1])) + record(145)
    for row in sorted({r for r, _ in cells}):
        sheet += record(0, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0))
        for column in sorted(c for r, c in cells if r == row):
            sheet += record(6, struct.pack("<II", column, 0) + text(cells[row, column]))
    merged = [record(176, struct.pack("<IIII", top, bottom, left, right)) for top, left, bottom, right in merges]
    sheet += record(146) + (record(177, struct.pack("<I", len(merged))) + b"".join(merged) + record(178) if merged else b"") + record(130)
    relation = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{RELATIONS}/%s" Target="%s"/></Relationships>'
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    return package(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": (relation % ("officeDocument", "xl/workbook.bin")).encode(),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": (relation % ("worksheet", "worksheets/sheet1.bin")).encode(),
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def xlsb_table() -> bytes:
    return xlsb({(r, c): value for r, row in enumerate(TABLE) for c, value in enumerate(row)})


def far_cell(row: int = 1_048_575, column: int = 16_383) -> bytes:
    """A table and, far away, a cell that somebody touched."""

    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Xếp loại")
        for number, cells in enumerate(TABLE):
            sheet.write_row(number, 0, cells)
        sheet.write(row, column, "x")

    return xlsx(write)


def far_format() -> bytes:
    """Far away, a cell that is coloured and blank."""

    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Xếp loại")
        for number, cells in enumerate(TABLE):
            sheet.write_row(number, 0, cells)
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bg_color": "yellow"}))

    return xlsx(write)


def lying_dimension(data: bytes, says: bytes) -> bytes:
    """A sheet that says of its extent what is not so, or nothing."""
    return changed(data, {"xl/worksheets/sheet1.xml": lambda xml: re.sub(rb"<dimension[^>]*>", says, xml)})


def bomb() -> bytes:
    """Three hundred megabytes of blanks, which say so."""
    return changed(xlsx(), {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"</worksheet>", b" " * 301_000_000 + b"</worksheet>")})


def small_bomb() -> bytes:
    """A quarter of a megabyte that holds millions of elements: half a minute of a core for whoever parses them."""
    cells = b'<c t="e"/>' * 4_000_000
    return changed(xlsx(), {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>")})


def lying_bomb(says: int = 5_000) -> bytes:
    """A part that says of its size what is not so, in both places where it is said."""
    blanks = 60_000_000
    data = bytearray(changed(xlsx(), {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * blanks)}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    true = struct.pack("<I", info.file_size)
    struct.pack_into("<I", data, info.header_offset + 22, says)
    central = data.rfind(true)
    data[central : central + 4] = struct.pack("<I", says)
    return bytes(data)


def days(epoch_1904: bool) -> bytes:
    def write(book: openpyxl.Workbook) -> None:
        if epoch_1904:
            book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        sheet = book.active
        sheet["A1"] = dt.date(2021, 1, 2)
        sheet["A2"] = dt.datetime(1975, 4, 30, 11, 30)
        sheet["A3"] = dt.date(1930, 2, 3)
        sheet["A3"].number_format = "dd/mm/yyyy;@"
        sheet["A4"] = dt.timedelta(hours=30, minutes=5)
        sheet["A5"] = True
        sheet["A6"] = 44_000

    return by_openpyxl(write)


def converted(data: bytes, to: str, folder: Path) -> bytes:
    """The workbook saved by LibreOffice as another kind; skips where it is not installed."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice is not installed")
    (folder / "book.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", to, "--outdir", folder / "out", folder / "book.xlsx"],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    return (folder / "out" / f"book.{to}").read_bytes()


PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
HTML = "<html><head><meta charset='utf-8'></head><body><table><tr><td>Họ và tên</td></tr></table></body></html>".encode()
MHTML = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n<html><table></table></html>"
XML_2003 = (
    b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
DOCX = package({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})

# name → (bytes, the rule that refuses them)
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "no bytes.xlsx": (lambda: b"", "file_not_empty"),
    "blank.csv": (lambda: b"\r\n \r\n", "file_not_empty"),
    "zeros.xlsx": (lambda: bytes(5000), "file_not_empty"),
    "a part twice.xlsx": (lambda: package({"xl/workbook.xml": b"<workbook/>", "XL/Workbook.xml": b"<workbook/>"}), "file_readable"),
    "password.xlsx": (protected, "file_not_protected"),
    "password.xls": (protected_xls, "file_not_protected"),
    "password.ods": (lambda: ods("", encrypted=True), "file_not_protected"),
    "half.xlsx": (lambda: (data := xlsx())[: len(data) // 2], "file_readable"),
    "half.ods": (lambda: (data := ods_table())[: len(data) // 2], "file_readable"),
    "content that ends.ods": (lambda: package({"mimetype": ODS_TYPE, "content.xml": b"<a>"}), "file_readable"),
    "no such encoding.ods": (
        lambda: package({"mimetype": ODS_TYPE, "content.xml": b'<?xml version="1.0" encoding="none-such"?><a/>'}), "file_readable"
    ),
    "a bit turned.xlsx": (lambda: _turned(xlsx()), "file_readable"),
    "container of nothing.xls": (lambda: container("Something", bytes(4096)), "file_readable"),
    "report.pdf.xlsx": (lambda: PDF, "file_not_document"),
    "letter.docx": (lambda: DOCX, "file_not_document"),
    "letter.doc": (old_document, "file_not_document"),
    "letter.odt": (lambda: ods("", kind="text"), "file_not_document"),
    "scan.xlsx": (lambda: PNG, "file_not_picture"),
    "all.zip": (lambda: package({"ratings.csv": delimited(",")}), "file_not_archive"),
    "all.rar": (lambda: b"Rar!\x1a\x07\x00" + bytes(50), "file_not_archive"),
    "export.xls": (lambda: HTML, "file_not_web_page"),
    "export with a mark.xls": (lambda: b"\xef\xbb\xbf  " + HTML, "file_not_web_page"),
    "saved page.xls": (lambda: MHTML, "file_not_web_page"),
    "2003.xml.xls": (lambda: XML_2003, "file_not_xml"),
    "bomb.xlsx": (bomb, "file_size_in_bounds"),
    "small bomb.xlsx": (small_bomb, "file_size_in_bounds"),
    "lying bomb.xlsx": (lying_bomb, "file_readable"),
    "last corner.xlsx": (far_cell, "cells_in_bounds"),
    "last corner, no dimension.xlsx": (lambda: lying_dimension(far_cell(), b""), "cells_in_bounds"),
    "last corner, lying.xlsx": (lambda: lying_dimension(far_cell(), b'<dimension ref="A1:D3"/>'), "cells_in_bounds"),
    "far right, lying.xlsx": (lambda: lying_dimension(far_cell(900, 16_383), b'<dimension ref="A1:D901"/>'), "cells_in_bounds"),
    "far right.xlsx": (lambda: far_cell(4_000, 16_383), "cells_in_bounds"),
    "far down.xlsx": (lambda: far_cell(1_048_575, 9), "cells_in_bounds"),
    "last corner.xlsb": (lambda: xlsb({(0, 0): "x", (1_048_575, 16_383): "x"}), "cells_in_bounds"),
    "last corner.ods": (
        lambda: ods(
            f'<table:table-row>{ods_cell("x")}</table:table-row><table:table-row table:number-rows-repeated="1048000"/>'
            f'<table:table-row><table:table-cell table:number-columns-repeated="16000"/>{ods_cell("x")}</table:table-row>'
        ),
        "cells_in_bounds",
    ),
}  # fmt: skip

# name → bytes that read as TABLE
READ: dict[str, Callable[[], bytes]] = {
    "book.xlsx": xlsx,
    "book.xlsm": with_macros,
    "old macros.xlsm": with_macro_sheet,
    "book.xlsb": xlsb_table,
    "book.ods": ods_table,
    "book.csv": lambda: delimited(","),
    "book;.csv": lambda: delimited(";"),
    "book.tsv": lambda: delimited("\t"),
    "book|.csv": lambda: delimited("|"),
    "marked.csv": lambda: delimited(";", "utf-8-sig"),
    "sixteen.csv": lambda: delimited("\t", "utf-16"),
    "told.csv": lambda: b"sep=;\r\n" + delimited(";"),
    "called.csv": xlsx,
    "called.pdf": lambda: delimited(","),
    "far format.xlsx": far_format,
}


def _turned(data: bytes) -> bytes:
    """One byte of a sheet's compressed content, changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
