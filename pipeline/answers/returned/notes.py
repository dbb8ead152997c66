"""Notes on cells as a workbook holds them: what they say in one part, their boxes in another.

What does not belong here: what is said, and which cells are marked (marks.py).
"""

import re

from pipeline.answers.harmless.parts import NOTES, SHAPES
from pipeline.answers.returned.job import CellNote, Notes
from pipeline.answers.returned.package import BEGINS, MAIN, RELATIONS, NotPlain, Package, SheetPart
from pipeline.answers.returned.sheet import xml_text
from pipeline.intake.readings import position_of


def put_notes(package: Package, sheet: SheetPart, xml: str, number: int, notes: Notes) -> str:
    """Notes by address on a sheet that has none; its part, which leads to them."""
    authors = list(dict.fromkeys(note.author for note in notes.values()))
    said = "".join(
        f'<comment ref="{at}" authorId="{authors.index(note.author)}"><text><t xml:space="preserve">{xml_text(note.text)}</t></text></comment>'
        for at, note in notes.items()
    )
    written = "".join(f"<author>{xml_text(author)}</author>" for author in authors)
    package.add(
        f"xl/notes{number}.xml",
        NOTES,
        f'{BEGINS}<comments xmlns="{MAIN}"><authors>{written}</authors><commentList>{said}</commentList></comments>',
        sheet.path,
    )
    boxes = "".join(_box(at, note, number * 1024 + n) for n, (at, note) in enumerate(notes.items(), start=1))
    key = package.add(f"xl/boxes{number}.vml", SHAPES, _SHAPES.format(number=number, boxes=boxes), sheet.path)
    return _before_end(xml, f'<legacyDrawing xmlns:r="{RELATIONS}" r:id="{key}"/>')


_SHAPES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{number}"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>{boxes}</xml>'
)


def _box(at: str, note: CellNote, number: int) -> str:
    column, row = re.fullmatch(r"([A-Z]+)([0-9]+)", at).groups()  # type: ignore[union-attr]
    style = (
        f"position:absolute;margin-left:59.25pt;margin-top:1.5pt;width:{note.width}px;height:{note.height}px;z-index:1;visibility:hidden"
    )
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="{style}" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/>'
        '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
        f"<x:Row>{int(row) - 1}</x:Row><x:Column>{position_of(column)}</x:Column></x:ClientData></v:shape>"
    )


def _before_end(xml: str, element: str) -> str:
    """An element where the order of a sheet's elements wants it: before its tables and extensions, which come last."""
    end, rows = xml.rfind("</worksheet>"), xml.rfind("</sheetData>")
    if end < 0 or "<legacyDrawing" in xml:
        raise NotPlain
    if (at := xml.rfind("<extLst", max(rows, 0))) >= 0 and xml[at:end].rstrip().endswith("</extLst>"):
        end = at
    if (at := xml.rfind("<tableParts", max(rows, 0))) >= 0:
        end = at
    return xml[:end] + element + xml[end:]
