"""Only what is known to be good goes back in a workbook, in whatever form the rest of it came."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from libreoffice import SOFFICE, convert
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from python_calamine import CalamineWorkbook

from pipeline.answers.harmless import workbook as harmless
from pipeline.answers.harmless.formulas import Names
from pipeline.answers.returned import kept
from pipeline.answers.returned.job import Fault, Job
from pipeline.answers.returned.looks import argb
from pipeline.answers.returned.workbook import give_back
from pipeline.intake.explanations import FINDINGS
from pipeline.presentation import SEVERITY_COLOURS

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FAULT = Fault("ERROR", "Xếp loại", "Xếp loại", 3, "B3", "B3", "Mức xếp loại", "tốt lắm", "phải là một mức", "code_known")
SHEET, BOOK, TABLE, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/tables/table1.xml", "[Content_Types].xml"
OUTSIDE = "http://la.example/x"
Edit = Callable[[dict[str, bytes]], None]


def plain(whole: bool = True) -> bytes:
    """What an office sends: a list with styles, a width, a merge and a formula; `whole`, with a drop-down list, a colour rule and a name."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Xếp loại")
        bold, day = book.add_format({"bold": True, "bg_color": "#DDEBF7"}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.merge_range("A1:C1", "DANH SÁCH", bold)
        sheet.write_row("A2", ["Họ và tên", "Mức xếp loại", "Điểm"], bold)
        for row in range(2, 8):
            sheet.write_row(row, 0, [f"Nguyễn Văn {row}", "HTTNV", 80 + row])
            sheet.write_number(row, 3, 44000 + row, day)
        sheet.write_formula("E3", "=SUM(C3:C8)", None, 519)
        sheet.set_column("A:A", 31)
        sheet.freeze_panes(2, 0)
        if whole:
            _furnish(book, sheet, bold)
    return buffer.getvalue()


def _furnish(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, bold: xlsxwriter.format.Format) -> None:
    sheet.write_formula("E4", "=IF(COUNTIF(muc,B3)>0,'Xếp loại'!C3,\"\")", None, 82)
    sheet.write_array_formula("E5:E5", "{=SUM(C3:C8*1)}", None, 519)
    sheet.data_validation("B3:B8", {"validate": "list", "source": ["HTXSNV", "HTTNV"]})
    sheet.conditional_format("A3:A8", {"type": "formula", "criteria": "=LEN(TRIM(A3))=0", "format": bold})
    book.define_name("muc", "='Xếp loại'!$B$3:$B$8")


def edited(edit: Edit, whole: bool = False) -> bytes:
    with zipfile.ZipFile(io.BytesIO(plain(whole))) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    edit(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return out.getvalue()


def replaced(part: str, old: str, new: str) -> Edit:
    def edit(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[part], old
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)

    return edit


def after(*edits: Edit) -> Edit:
    def edit(parts: dict[str, bytes]) -> None:
        for one in edits:
            one(parts)

    return edit


def put(part: str, text: str | bytes) -> Edit:
    return lambda parts: parts.update({part: text.encode() if isinstance(text, str) else text})


def related(source: str, kind: str, target: str, external: bool = False) -> Edit:
    """A relation of a part, with the part's relations where it has none."""
    folder, _, name = source.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    mode = ' TargetMode="External"' if external else ""
    line = f'<Relationship Id="rOut" Type="{kind}" Target="{target}"{mode}/>'
    empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'

    def edit(parts: dict[str, bytes]) -> None:
        parts[rels] = parts.get(rels, empty.encode()).replace(b"</Relationships>", f"{line}</Relationships>".encode())

    return edit


def typed(part: str, content_type: str) -> Edit:
    return replaced(TYPES, "</Types>", f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>')


def formula(text: str) -> Edit:
    return replaced(SHEET, "<f>SUM(C3:C8)</f>", text)


def prefixed(parts: dict[str, bytes]) -> None:
    """Every element of the sheet under a prefix that is more than a word, one of its formulas leading outside."""
    text = parts[SHEET].decode().replace("SUM(C3:C8)</f>", f'WEBSERVICE("{OUTSIDE}")</f>')
    text = re.sub(r"<(/?)(\w+)(?=[\s>/])", r"<\1q-1.a:\2", text)
    parts[SHEET] = text.replace(f'xmlns="{MAIN}"', f'xmlns:q-1.a="{MAIN}"').encode()


def under_prefix(text: str) -> Edit:
    """Something before the sheet's margins, its elements under a prefix."""
    text = re.sub(r"<(/?)(\w+)(?=[\s>/])", r"<\1q:\2", text)
    text = re.sub(r"^<[\w:]+", lambda tag: f'{tag[0]} xmlns:q="{MAIN}" xmlns:r="{OFFICE}"', text)
    return replaced(SHEET, "<pageMargins", f"{text}<pageMargins")


def prefixed_name(parts: dict[str, bytes]) -> None:
    name = f'<q:definedNames xmlns:q="{MAIN}"><q:definedName name="muc">[1]Khác!$A$1</q:definedName></q:definedNames><calcPr'
    parts[BOOK] = parts[BOOK].replace(b"<calcPr", name.encode())


def elsewhere(parts: dict[str, bytes]) -> None:
    """The sheet's part lies in another folder."""
    text = parts.pop(SHEET).decode().replace("SUM(C3:C8)</f>", f'WEBSERVICE("{OUTSIDE}")</f>')
    parts["xl/trang/mot.xml"] = text.encode()
    parts[TYPES] = parts[TYPES].replace(b"/xl/worksheets/sheet1.xml", b"/xl/trang/mot.xml")
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"trang/mot.xml")


def utf16(parts: dict[str, bytes]) -> None:
    text = parts[SHEET].decode().replace("SUM(C3:C8)</f>", f'WEBSERVICE("{OUTSIDE}")</f>')
    parts[SHEET] = text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def table_formula(parts: dict[str, bytes]) -> None:
    put(
        TABLE,
        f'<table xmlns="{MAIN}" id="1" name="Bang" displayName="Bang" ref="A2:D8" totalsRowShown="0"><autoFilter ref="A2:D8"/><tableColumns count="4">'
        '<tableColumn id="1" name="Họ và tên"/><tableColumn id="2" name="Mức xếp loại"/><tableColumn id="3" name="Điểm">'
        f'<calculatedColumnFormula>WEBSERVICE("{OUTSIDE}")</calculatedColumnFormula></tableColumn><tableColumn id="4" name="D"/></tableColumns></table>',
    )(parts)
    typed(TABLE, "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml")(parts)
    related(SHEET, f"{OFFICE}/table", "../tables/table1.xml")(parts)
    replaced(SHEET, "</worksheet>", f'<tableParts count="1"><tablePart xmlns:r="{OFFICE}" r:id="rOut"/></tableParts></worksheet>')(parts)


def ole(parts: dict[str, bytes]) -> None:
    put("xl/doi-tuong/mot.dat", b"\xd0\xcf\x11\xe0")(parts)
    replaced(TYPES, "</Types>", '<Default Extension="dat" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/></Types>')(
        parts
    )
    related(SHEET, f"{OFFICE}/oleObject", "../doi-tuong/mot.dat")(parts)
    replaced(
        SHEET,
        "</worksheet>",
        f'<oleObjects><oleObject progId="Package" shapeId="1" xmlns:r="{OFFICE}" r:id="rOut"/></oleObjects></worksheet>',
    )(parts)


def picture(parts: dict[str, bytes]) -> None:
    """A sheet's background that lies elsewhere."""
    related(SHEET, f"{OFFICE}/image", OUTSIDE, external=True)(parts)
    replaced(SHEET, "</worksheet>", f'<picture xmlns:r="{OFFICE}" r:id="rOut"/></worksheet>')(parts)


def macro(parts: dict[str, bytes]) -> None:
    put("xl/goi.dat", b"\xd0\xcf\x11\xe0 Attribut")(parts)
    replaced(TYPES, "</Types>", '<Default Extension="dat" ContentType="application/vnd.ms-office.vbaProject"/></Types>')(parts)
    related(BOOK, "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "goi.dat")(parts)


ODD: dict[str, Edit] = {
    "a formula with a line break before its function": formula(f'<f>\nWEBSERVICE("{OUTSIDE}")</f>'),
    "a formula's tag with a line break and a type": formula(f'<f\nca="1">HYPERLINK("{OUTSIDE}","x")</f>'),
    "a formula in a section": formula(f'<f><![CDATA[WEBSERVICE("{OUTSIDE}")]]></f>'),
    "a formula after a comment": formula(f'<f>SUM(1)<!-- -->+WEBSERVICE("{OUTSIDE}")</f>'),
    "a function between its letters": formula('<f>EXEC ("calc")</f>'),
    "DDE": formula("<f>cmd|'/c calc'!A0</f>"),
    "another book": formula("<f>[1]Khác!$A$1</f>"),
    "another book in quotes": formula("<f>'C:\\x\\[khác.xlsx]S'!$A$1</f>"),
    "a sheet that is not there": formula("<f>'\\\\la.example\\x'!A1</f>"),
    "a name that is not there": formula("<f>tên_lạ+1</f>"),
    "a function by a name's number": formula('<f>_xlfn.IMAGE("http://la.example/x")</f>'),
    "indirect": formula('<f>INDIRECT("[k.xlsx]S!A1")</f>'),
    "a data table": formula('<f t="dataTable" ref="E3:E3" dt2D="0" r1="A1">1</f>'),
    "prefixed elements": prefixed,
    "a link under a prefix": after(
        related(SHEET, f"{OFFICE}/hyperlink", OUTSIDE, external=True), under_prefix('<hyperlinks><hyperlink ref="A3" r:id="rOut"/></hyperlinks>')
    ),
    "a drop-down list under a prefix": under_prefix(
        f'<dataValidations count="1"><dataValidation type="list" sqref="B3"><formula1>WEBSERVICE("{OUTSIDE}")</formula1></dataValidation></dataValidations>'
    ),
    "a name under a prefix": prefixed_name,
    "a sheet's part elsewhere": elsewhere,
    "a part in UTF-16": utf16,
    "a table's formula": table_formula,
    "OLE": ole,
    "an external picture": picture,
    "a macro under another name": macro,
    "a link": after(
        related(SHEET, f"{OFFICE}/hyperlink", OUTSIDE, external=True),
        replaced(SHEET, "<pageMargins", f'<hyperlinks><hyperlink xmlns:r="{OFFICE}" ref="A3" r:id="rOut"/></hyperlinks><pageMargins'),
    ),
    "a drop-down list from outside": replaced(SHEET, "<formula1>", f'<formula1>WEBSERVICE("{OUTSIDE}")&amp;'),
    "a colour rule from outside": replaced(SHEET, "<formula>LEN", f'<formula>WEBSERVICE("{OUTSIDE}")&amp;LEN'),
    "a name that runs": replaced(BOOK, "<definedName ", '<definedName xlm="1" function="1" '),
    "a name that is a function": replaced(BOOK, "<definedName ", '<definedName function="true" vbProcedure="false" '),
    "a name that is a procedure": replaced(BOOK, "<definedName ", '<definedName function="false" vbProcedure="1" '),
    "an external book": after(
        put("xl/ngoai/mot.xml", f'<externalLink xmlns="{MAIN}"><externalBook/></externalLink>'),
        typed("xl/ngoai/mot.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"),
        related("xl/ngoai/mot.xml", f"{OFFICE}/externalLinkPath", OUTSIDE, external=True),
        related(BOOK, f"{OFFICE}/externalLink", "ngoai/mot.xml"),
    ),
    "a connection": after(
        put("xl/noi.xml", f'<connections xmlns="{MAIN}"/>'),
        typed("xl/noi.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml"),
        related(BOOK, f"{OFFICE}/connections", "noi.xml"),
    ),
    "a theme that leads outside": replaced(
        "xl/theme/theme1.xml", "</a:theme>", f'<a:blip xmlns:r="{OFFICE}" r:link="rOut"/></a:theme>'
    ),
    "an extension": replaced(
        SHEET,
        "</worksheet>",
        '<extLst><ext uri="{1}"><x14:dataValidations xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation><x14:formula1><xm:f>[1]S!A1</xm:f></x14:formula1>'
        "</x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>",
    ),
}  # fmt: skip
OF_WHOLE = (
    "a drop-down list from outside",
    "a colour rule from outside",
    "a name that runs",
    "a name that is a function",
    "a name that is a procedure",
)
ACTIVE = re.compile(
    rb"la\.example|WEBSERVICE|HYPERLINK|EXEC|INDIRECT|IMAGE|dataTable|cmd\||\[1\]|\[k|oleObject|vbaProject|externalLink|connections|xlm=|function=.[t1]|vbProcedure=.[t1]|blip|External|x14:"
)


def active(data: bytes) -> list[str]:
    """What could run or lead outside, found in the text of every part, whatever its encoding."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        texts = {name: parts.read(name).replace(b"\0", b"") for name in parts.namelist()}
    return [f"{name}: {hit}" for name, text in texts.items() for hit in ACTIVE.findall(text)]


def given_back(tmp_path: Path, data: bytes, *faults: Fault) -> tuple[bytes, str | None]:
    sent = tmp_path / "sent"
    sent.write_bytes(data)
    job = Job(sent, "bao-cao.xlsx", tmp_path / "bao-cao.xlsx", faults, ())
    became = give_back(job)
    return job.target.read_bytes(), became


@pytest.mark.parametrize("faults", [(), (FAULT,)], ids=["faultless", "marked"])
@pytest.mark.parametrize("kind", ODD)
def test_what_is_not_known_to_be_good_stays_behind(kind: str, faults: tuple[Fault, ...], tmp_path: Path) -> None:
    data = edited(ODD[kind], whole=kind in OF_WHOLE)
    assert active(data) or "not there" in kind, "the file holds nothing to take out"
    back, _ = given_back(tmp_path, data, *faults)
    assert active(back) == [] and harmless.contents(back)
    assert CalamineWorkbook.from_filelike(io.BytesIO(back)).sheet_names[0] == "Xếp loại"
    sheet = load_workbook(io.BytesIO(back))["Xếp loại"]
    assert (sheet["A3"].value, sheet["B8"].value) == ("Nguyễn Văn 2", "HTTNV")


@pytest.mark.parametrize("faults", [(), (FAULT,)], ids=["faultless", "marked"])
def test_what_a_person_needs_stays_when_something_else_goes(faults: tuple[Fault, ...], tmp_path: Path) -> None:
    back, became = given_back(tmp_path, edited(ole, whole=True), *faults)
    assert became is None
    sheet = (book := load_workbook(io.BytesIO(back)))["Xếp loại"]
    assert [sheet[cell].value for cell in ("E3", "E4")] == ["=SUM(C3:C8)", "=IF(COUNTIF(muc,B3)>0,'Xếp loại'!C3,\"\")"]
    assert (sheet["E5"].value.text, sheet["E5"].value.ref) == ("=SUM(C3:C8*1)", "E5")
    assert (sheet["A2"].font.bold, sheet["D3"].number_format, sheet.freeze_panes) == (True, "dd/mm/yyyy", "A3")
    assert 31 < sheet.column_dimensions["A"].width < 32 and "A1:C1" in sheet.merged_cells
    assert [v.formula1 for v in sheet.data_validations.dataValidation] == ['"HTXSNV,HTTNV"']
    assert [r.formula for area in sheet.conditional_formatting for r in area.rules] == [["LEN(TRIM(A3))=0"]]
    assert book.defined_names["muc"].attr_text == "'Xếp loại'!$B$3:$B$8"


@pytest.mark.parametrize("faults", [(), (FAULT,)], ids=["faultless", "marked"])
def test_a_value_takes_the_place_of_a_formula_that_leads_outside_and_the_unit_is_told(faults: tuple[Fault, ...], tmp_path: Path) -> None:
    back, became = given_back(tmp_path, edited(formula("<f>[1]S!A1+SUM(C3:C8)</f>")), *faults)
    book = load_workbook(io.BytesIO(back))
    assert book["Xếp loại"]["E3"].value == 519 and became == "frozen"  # which the summary tells: of a faultless file nobody else does
    assert not faults or "đã được thay bằng giá trị" in book[FINDINGS]["B2"].value


def test_a_table_keeps_its_look_and_the_formulas_that_stay_inside(tmp_path: Path) -> None:
    inside = after(table_formula, replaced(TABLE, f'WEBSERVICE("{OUTSIDE}")', "Bang[[#This Row],[D]]*2"))
    back, became = given_back(tmp_path, edited(after(inside, formula("<f>SUM(Bang[[#This Row],[D]])</f>"))), FAULT)
    sheet = load_workbook(io.BytesIO(back))["Xếp loại"]
    assert sheet["E3"].value == "=SUM(Bang[[#This Row],[D]])" and became is None
    table = sheet.tables["Bang"]
    assert (table.ref, table.tableColumns[2].calculatedColumnFormula.attr_text) == ("A2:D8", "Bang[[#This Row],[D]]*2")


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def test_what_is_said_of_a_good_workbook_is_put_into_it_and_nothing_else_of_it_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "load_workbook", None)
    back, became = given_back(tmp_path, plain(), FAULT)
    before, after_ = parts_of(plain()), parts_of(back)
    assert became is None and before.keys() < after_.keys()
    changed = {name for name, text in before.items() if after_[name] != text}
    assert changed == {TYPES, BOOK, "xl/_rels/workbook.xml.rels", "xl/styles.xml", SHEET}
    assert given_back(tmp_path, plain(), FAULT)[0] == back


def at(address: str, severity: str = "ERROR") -> Fault:
    return replace(FAULT, severity=severity, cell=address, at=address, row_no=int(re.sub("[A-Z]", "", address)))


@pytest.mark.parametrize("source", [plain(), edited(ole, whole=True)], ids=["as it came", "written anew"])
def test_a_mark_stands_where_nothing_stood_and_in_the_first_of_merged_cells(source: bytes, tmp_path: Path) -> None:
    back, _ = given_back(tmp_path, source, at("H3"), at("B50"), at("B1", "WARNING"), at("D4", "QUERY"), at("AA3"), at("F10"))
    sheet = load_workbook(io.BytesIO(back))["Xếp loại"]
    noted = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert noted == {"H3", "B50", "A1", "D4", "AA3", "F10"}
    colours = [sheet[cell].fill.fgColor.rgb for cell in ("H3", "A1", "D4")]
    assert colours == [argb(SEVERITY_COLOURS[severity]) for severity in ("ERROR", "WARNING", "QUERY")]
    assert (sheet["D4"].number_format, sheet["A1"].font.bold, sheet["D3"].fill.fill_type) == ("dd/mm/yyyy", True, None)
    cells = re.findall(rb'<c r="([A-Z]+)([0-9]+)"', parts_of(back)[SHEET])
    assert cells == sorted(cells, key=lambda c: (int(c[1]), len(c[0]), c[0]))  # as programs want them
    assert CalamineWorkbook.from_filelike(io.BytesIO(back)).get_sheet_by_name("Xếp loại").to_python()[2][1] == "HTTNV"


def test_a_marked_cell_that_held_nothing_stays_as_its_column_and_its_row_are(tmp_path: Path) -> None:
    """Text, and open although the sheet is protected: else nobody could type what is asked for, or its first 0 would go."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        sheet, text = made.add_worksheet("Xếp loại"), made.add_format({"num_format": "@", "locked": False})
        sheet.protect()
        sheet.set_column(2, 2, None, text)
        sheet.set_row(4, None, text)
        for n, row in enumerate([["Họ và tên", "Mức xếp loại", "Số CCCD"], *[["Nguyễn Văn A", "HTTNV"]] * 6]):
            sheet.write_row(n, 0, row)
    back, became = given_back(tmp_path, buffer.getvalue(), at("C3"), at("H5"), at("C30"), at("H3"))
    sheet = load_workbook(io.BytesIO(back))["Xếp loại"]
    open_text = {c: (sheet[c].number_format, sheet[c].protection.locked) for c in ("C3", "H5", "C30", "H3")}
    assert became is None and open_text == {"C3": ("@", False), "H5": ("@", False), "C30": ("@", False), "H3": ("General", True)}
    assert sheet.protection.sheet and sheet["C3"].fill.fgColor.rgb == argb(SEVERITY_COLOURS["ERROR"])


def test_notes_of_the_unit_stay_beside_ours(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Xếp loại"
    book.active.append(["Họ và tên", "Mức xếp loại"])
    book.active["B3"].comment, book.active["A2"].comment = (
        Comment("Xem biên bản", "Nguyễn Văn Mẫu"),
        Comment("Đã đối chiếu", "Nguyễn Văn Mẫu"),
    )
    book.save(buffer := io.BytesIO())
    back, _ = given_back(tmp_path, buffer.getvalue(), FAULT)
    sheet = load_workbook(io.BytesIO(back))["Xếp loại"]
    assert sheet["A2"].comment.text == "Đã đối chiếu" and sheet["B3"].comment.text.endswith("Xem biên bản")
    again, _ = given_back(tmp_path, back)
    sheet = load_workbook(io.BytesIO(again))["Xếp loại"]
    assert (sheet["A2"].comment.text, sheet["B3"].comment.text) == ("Đã đối chiếu", "Xem biên bản")


def test_a_sheet_of_the_unit_that_is_called_like_ours_stays_its_own(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name in ("Xếp loại", FINDINGS.upper()):
            book.add_worksheet(name).write_string("A1", name)
    back, _ = given_back(tmp_path, buffer.getvalue(), FAULT)
    book = load_workbook(io.BytesIO(back))
    assert book.sheetnames == ["Xếp loại", FINDINGS.upper(), f"{FINDINGS} (2)"] and book.active.title == f"{FINDINGS} (2)"
    assert [bool(sheet.sheet_view.tabSelected) for sheet in book] == [False, False, True]


def test_text_that_looks_like_a_formula_or_a_tag_stays_text(tmp_path: Path) -> None:
    words = "=cmd|'/c calc'!A0 <b> & \"x\"\x07"
    back, _ = given_back(tmp_path, plain(), replace(FAULT, found=words, says=f"</t></is> {words}"))
    row = next(iter(load_workbook(io.BytesIO(back))[FINDINGS].iter_rows(min_row=5)))
    assert (row[6].value, row[6].data_type, row[6].quotePrefix) == (words.replace("\x07", " "), "s", True)
    sent = tmp_path / "lạ.csv"
    sent.write_bytes(b"+1;<b>&\n@x;-2\n")
    job = Job(sent, sent.name, tmp_path / "la.xlsx", (), ())
    give_back(job)
    cells = [*load_workbook(job.target)["lạ"].iter_rows()]
    assert [[c.value for c in row] for row in cells] == [["+1", "<b>&"], ["@x", "-2"]]
    assert [c.quotePrefix for row in cells for c in row] == [True, False, True, True]


def test_what_goes_before_a_sheets_tables_stands_before_them(tmp_path: Path) -> None:
    inside = after(table_formula, replaced(TABLE, f'WEBSERVICE("{OUTSIDE}")', "Bang[[#This Row],[D]]*2"))
    sheet = parts_of(given_back(tmp_path, edited(inside), FAULT)[0])[SHEET]
    assert sheet.index(b"<pageMargins") < sheet.index(b"<legacyDrawing") < sheet.index(b"<tableParts")


@pytest.mark.parametrize("field", ["name", "method", "sum"])
def test_a_part_that_is_another_where_it_lies_than_in_the_list_is_not_known(field: str) -> None:
    data = bytearray(plain())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(SHEET)
    at = {
        "name": info.header_offset + 30,
        "method": info.header_offset + 8,
        "sum": info.header_offset + 30 + len(SHEET) + info.compress_size // 2,
    }[field]
    assert harmless.contents(bytes(data))
    data[at] ^= 8
    assert harmless.contents(bytes(data)) is None


def test_usual_workbooks_go_back_as_they_came(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    book = Workbook()
    book.active.append(["Họ và tên", "=1+1", 3])
    book.active["A2"].value = "Nguyễn Văn Mẫu"
    book.save(buffer)
    for data in (plain(), plain(whole=False), buffer.getvalue(), edited(excels_own)):
        assert given_back(tmp_path, data) == (data, None)


def excels_own(parts: dict[str, bytes]) -> None:
    """What Excel of 2019 writes besides: revisions, paths, heights of lines, a part of a chain."""
    spaces = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr" '
        'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
        'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" xr:uid="{00000000-0001-0000-0000-000000000000}"'
    )
    replaced(SHEET, f'xmlns="{MAIN}"', f'xmlns="{MAIN}" {spaces}')(parts)
    replaced(SHEET, '<row r="3"', '<row x14ac:dyDescent="0.25" r="3"')(parts)
    path = 'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="C:\\Users\\can-bo\\"'
    choice = f'<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath {path}/></mc:Choice></mc:AlternateContent><bookViews>'
    replaced(BOOK, f'xmlns="{MAIN}"', f'xmlns="{MAIN}" {spaces}')(parts)
    replaced(BOOK, "<bookViews>", choice)(parts)
    put("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}"><c r="E3" i="1" l="1"/></calcChain>')(parts)
    typed("xl/calcChain.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml")(parts)
    related(BOOK, f"{OFFICE}/calcChain", "calcChain.xml")(parts)


def test_a_mark_of_an_earlier_answer_is_not_passed_on(tmp_path: Path) -> None:
    marked, _ = given_back(tmp_path, plain(), FAULT)
    assert harmless.contents(marked).has_notes
    back, _ = given_back(tmp_path, marked)
    sheet = (book := load_workbook(io.BytesIO(back)))["Xếp loại"]
    assert (book.sheetnames, sheet["B3"].comment, sheet["B3"].fill.fill_type) == (["Xếp loại"], None, None)


def test_a_file_that_is_not_wholly_known_when_written_anew_goes_back_as_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is asked of what we write, too: were anything to slip through, the values of the cells are what is left."""
    asked = harmless.contents
    monkeypatch.setattr(harmless, "contents", lambda data: None if b"SUM(" in _all(data) else asked(data))
    back, became = given_back(tmp_path, plain(whole=False), FAULT)
    assert became == "values" and b"SUM(" not in _all(back) and load_workbook(io.BytesIO(back))["Xếp loại"]["E3"].value == "519"


def _all(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())


OWN = Names(sheets={"nhân sự", "s2", "it's"}, names={"true", "false", "muc", "tỷ_lệ"}, tables={"bang"})


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("SUM(A1:A9)", True),
        ("=IF($B$2>=1.5E+3,\"WEBSERVICE(1)\",'Nhân sự'!A1&S2!$A:$A)", True),
        ("_xlfn.TEXTJOIN(\",\",TRUE,{1,2;3,4})", True),
        ("SUM('It''s'!1:1)*muc+tỷ_lệ%", True),
        ("SUM('Nhân sự:S2'!A1,S2:S2!A1)", True),
        ("Bang[[#This Row],[Họ [x]]]", False),
        ("SUM(Bang[[#Totals],[Họ và tên]])-#REF!", True),
        ("S2!muc", True),
        ("WEBSERVICE(A1)", False),
        ("webservice (A1)", False),
        ("SUM(WEBSERVICE\n(A1))", False),
        ("HYPERLINK(A1)", False),
        ("RTD(A1)+CALL(1)", False),
        ("_xlfn._xlws.FILTER(A1,1)", False),
        ("[1]S2!A1", False),
        ("'[k.xlsx]S2'!A1", False),
        ("S3!A1", False),
        ("k.xlsx!muc", False),
        ("Khac[a]", False),
        ("ten", False),
        ("cmd|'/c calc'!A0", False),
        ('"a"b', False),
        ("http://la.example", False),
        ("\\\\la.example\\x", False),
        ("Nhân sự!A1", False),
    ],
)  # fmt: skip
def test_a_formula_stays_where_each_of_its_words_is_known(text: str, stays: bool) -> None:
    assert OWN.allow(text) is stays


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_opens_what_goes_back_and_what_it_wrote_goes_back_as_it_came(tmp_path: Path) -> None:
    source = tmp_path / "mot.xlsx"
    source.write_bytes(plain())
    by_office = convert([source], "xlsx", tmp_path / "office")[0].read_bytes()
    assert given_back(tmp_path, by_office) == (by_office, None)
    back = []
    for n, kind in enumerate(("a table's formula", "prefixed elements", "OLE")):
        back.append(tmp_path / f"{n}.xlsx")
        back[-1].write_bytes(given_back(tmp_path, edited(ODD[kind]), FAULT)[0])
    for file in convert(back, "csv", tmp_path / "csv"):
        assert "KẾT QUẢ" in (text := file.read_text("utf-8")) or "Nguyễn Văn 2" in text
