"""The cells of any file that the reader reads, as a new workbook of text.

What does not belong here: .xlsx and .xlsm, of which more is kept (kept.py).
"""

import re
import zipfile
import zlib
from pathlib import Path

from pipeline.answers.harmless.parts import LEADS_TO, STYLES, TYPES, WORKBOOK, WORKSHEET
from pipeline.answers.returned.job import Given
from pipeline.answers.returned.package import BEGINS, FAST, MAIN, RELATIONS, ROOT, zipped
from pipeline.answers.returned.sheet import FORMULA, xml_text
from pipeline.intake.explanations import ours
from pipeline.intake.kinds import OLE, ZIP, Unreadable
from pipeline.intake.readings import letter
from pipeline.intake.rows import Row
from pipeline.intake.spreadsheets import read_cells

_KIND = {content_type: kind for kind, content_type in LEADS_TO.items()}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_QUOTED = 1  # the style of text that begins like a formula
_STYLES = (
    f'{BEGINS}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/>'
    '<bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def cells_as_workbook(data: bytes, name: str) -> Given:
    """The cells of a file as text; one that is text itself lost nothing. Raises Unreadable."""
    sheets: dict[str, tuple[str, list[Row]]] = {}  # title → the reader's name, rows
    for sheet in read_cells(data):
        if ours(sheet.name, sheet.rows[0][0] if sheet.rows and sheet.rows[0] else None):
            continue
        title = re.sub(r"[\[\]:*?/\\]", " ", sheet.name or Path(name).stem).strip("' ")[:31] or "Dữ liệu"
        taken = {title.lower() for title in sheets}
        title = next(t for t in (title, *(f"{title[:27]} ({n})" for n in range(2, 1000))) if t.lower() not in taken)
        sheets[title] = sheet.name, [*sheet.rows]
    if not sheets:
        raise Unreadable("known_dataset_present")
    made = _workbook({title: rows for title, (_, rows) in sheets.items()})
    return Given(made, "values" if data.startswith((ZIP, OLE)) else None, titles={own: title for title, (own, _) in sheets.items()})


def _workbook(sheets: dict[str, list[Row]]) -> bytes:
    """A workbook of text and nothing else."""
    numbered = list(enumerate(sheets.items(), start=1))
    kinds = [f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{WORKSHEET}"/>' for n, _ in numbered]
    listed = [f'<sheet name="{xml_text(title)}" sheetId="{n}" r:id="rId{n}"/>' for n, (title, _) in numbered]
    places = [(WORKSHEET, f"worksheets/sheet{n}.xml") for n, _ in numbered]
    parts = {
        TYPES: f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{WORKBOOK}"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{STYLES}"/>{"".join(kinds)}</Types>',
        ROOT: _relations([(WORKBOOK, "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><bookViews><workbookView/></bookViews><sheets>{"".join(listed)}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations([*places, (STYLES, "styles.xml")]),
        **{f"xl/worksheets/sheet{n}.xml": _sheet(rows) for n, (_, rows) in numbered},
        "xl/styles.xml": _STYLES.removeprefix(BEGINS),
    }  # fmt: skip
    made = []
    for path, text in parts.items():
        plain, press = (BEGINS + text).encode(), zlib.compressobj(FAST, zlib.DEFLATED, -15)
        made.append((path, zipfile.ZIP_DEFLATED, zlib.crc32(plain), len(plain), press.compress(plain) + press.flush()))
    return zipped(made)


def _relations(places: list[tuple[str, str]]) -> str:
    lines = (f'<Relationship Id="rId{n}" Type="{_KIND[kind]}" Target="{path}"/>' for n, (kind, path) in enumerate(places, start=1))
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _sheet(rows: list[Row]) -> str:
    letters = [letter(position) for position in range(max(map(len, rows), default=0))]
    written = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for position, value in enumerate(row):
            if value is not None:
                style = f' s="{_QUOTED}"' if value.startswith(FORMULA) else ""
                cells.append(
                    f'<c r="{letters[position]}{number}"{style} t="inlineStr"><is><t xml:space="preserve">{xml_text(value)}</t></is></c>'
                )
        if cells:
            written.append(f'<row r="{number}">{"".join(cells)}</row>')
    wide = f'<cols><col min="1" max="{min(len(letters), 40)}" width="18" customWidth="1"/></cols>' if letters else ""
    return f'<worksheet xmlns="{MAIN}">{wide}<sheetData>{"".join(written)}</sheetData></worksheet>'
