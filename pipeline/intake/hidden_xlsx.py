"""The light pass over an .xlsx or .xlsm: its sheets' XML, without reading it.

A clean workbook costs one look at each sheet's bytes; only where a byte search hits is a sheet parsed.

What does not belong here: other kinds of workbooks, what a number's format says (unseen), cells' values, and refusing.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from functools import cached_property, lru_cache
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse

from pipeline.intake.readings import position_of
from pipeline.intake.unseen import BUILT_IN, Look, Styles, Unseen

HIDDEN = re.compile(rb'hidden="[1t]')
DIMENSION = re.compile(rb'dimension ref="[A-Z]+[0-9]+:([A-Z]{1,3})([0-9]+)"')
LAST_ROW = re.compile(rb'[^>]* r="([0-9]+)"')
WIDEST = 16_384  # columns that a sheet can have
REFERENCE = re.compile(rb' r="([A-Z]{0,3})([0-9]+)"')
FORMATS = re.compile(
    rb"""formatCode=(?:'|"[^".]*00|"[^"]*(?:[eE]\+|%)|"[^"]*[yY])|numFmtId=["'](?:9|10|11|17|48)["']"""
)  # formats that write zeros in front, per cents, an exponent, or a month without its day
NO_VALUE = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:</c>|<v\s*/>|<v></v>)")
ZERO = re.compile(rb"(?:</f>|<f[^>]*/>)\s*<v>0</v>")
ZERO_SIZE = re.compile(rb""" (?:ht|width)="0(?:\.0*)?\"""")
ZERO_BEGUN, HIDDEN_BEGUN = (b' ht="0', b' width="0'), b'hidden="'  # searched for in bytes: ten times as fast
RECALCULATED = re.compile(rb"""fullCalcOnLoad=["'](?:1|true)""")
STYLE = re.compile(rb' s="([0-9]+)"')
SHEET = re.compile(rb"<(?:\w+:)?sheet\s")
FEW = 4  # styles that are looked for one by one; more are compared in one pass over the sheet


class LightPass(Look):
    """A look at an .xlsx without reading it: `unseen` holds the sheets that have what their values do not show, by name.

    Where a sheet's grid could have more than `cells` cells, it is among them for its extent; `blind` names the sheets that should have been
    parsed and could not be. Raises what zipfile and ElementTree raise where a part that all sheets share is damaged.
    """

    def __init__(self, archive: zipfile.ZipFile, cells: int):
        self._archive = archive
        self._parts = parts_of(archive)
        found, blind = {}, []
        for part in self._sheets():
            xml = self._read(part)
            try:
                if _grid(xml, cells) > cells or self._odd(xml):
                    found[part] = self._parse(xml)
            except (ParseError, ValueError, LookupError):  # the fast reader takes what is no XML for some, in no encoding that there is
                blind.append(part)
        for part, comments in self._comments() if any("comments" in name for name in self._parts) else ():
            found.setdefault(part, Unseen()).comments = comments
        self.unseen = {self._names.get(part, part): unseen for part, unseen in found.items()} if found else {}
        self.blind = frozenset(self._names.get(part, part) for part in blind) if blind else frozenset()

    def sees(self, sheet: str) -> bool:
        return sheet not in self.blind

    def fonts(self, sheet: str) -> dict[int, str]:
        part = next((p for p, name in self._names.items() if name == sheet), None)
        rows = _rows(self._read(part)) if part else ()
        texts = ((p, int(c.get("s") or 0)) for _, _, cells in rows for p, c in cells if c.get("t") in ("s", "str", "inlineStr"))
        return _styles_of(self._styles_part, whole=True).fonts_of(texts)

    @cached_property
    def is_1904(self) -> bool:
        return b"date1904=" in self._book and any(
            e.get("date1904") in ("1", "true") for e in fromstring(self._book) if _tag(e) == "workbookPr"
        )

    # one sheet

    def _odd(self, xml: bytes) -> bool:
        data = xml.find(b"<sheetData")
        first = xml.find(b"row ", data)
        if data < 0 or b"'" in xml[first : first + 40]:  # a writer with prefixes, other quotes or letters: the searches below would miss
            return True
        said = _without_plain_rows(xml, data)
        if (
            b't="e"' in said
            or (HIDDEN_BEGUN in said and HIDDEN.search(said))
            or (any(size in said for size in ZERO_BEGUN) and ZERO_SIZE.search(said))
        ):
            return True
        if (b"<f>" in said or b"<f " in said) and (NO_VALUE.search(said) or (self._recalculates and ZERO.search(said))):
            return True
        odd = self._styles.odd
        if len(odd) <= FEW:
            return any(b' s="%d"' % style in xml for style in odd)
        return not odd.isdisjoint(map(int, set(STYLE.findall(xml))))

    def _parse(self, xml: bytes) -> Unseen:
        seen = Unseen(hidden_columns=list(_hidden_columns(xml)))
        bottom = right = 0
        for number, row, cells in _rows(xml):
            if row.get("hidden") in ("1", "true") or _is_zero(row.get("ht")):
                seen.hidden_rows.append((number, number))
            for position, cell in cells:
                text = "".join(e.text or "" for e in cell if _tag(e) == "v") if len(cell) else ""
                kind, style = cell.get("t", "n"), int(cell.get("s") or 0)
                if text or kind == "inlineStr":
                    bottom, right = max(bottom, number), max(right, position + 1)
                    if style in self._styles.struck:
                        seen.struck.add((number, position))
                if kind == "e":
                    seen.errors[number, position] = text
                elif self._is_uncalculated(cell, kind, text):
                    seen.uncalculated.add((number, position))
                elif kind == "n" and text and (code := self._styles.formats.get(style)):
                    seen.take_number(number, position, float(text), code)
        seen.extent = (bottom, right)
        return seen

    def _is_uncalculated(self, cell: Element, kind: str, text: str) -> bool:
        """A formula without a value, or with the 0 that is written for one: XlsxWriter knows none and asks Excel to calculate on opening.

        A text's value may be empty ("" is what many formulas give), but it is there.
        """
        if text not in ("", "0") or not len(cell) or not any(_tag(e) == "f" for e in cell):
            return False
        if text:
            return kind == "n" and self._recalculates
        return kind != "str" or not any(_tag(e) == "v" for e in cell)

    def _comments(self) -> Iterator[tuple[str, dict[tuple[int, int], tuple[str, str]]]]:
        """Each sheet that has comments, and by cell who wrote one and what. One that cannot be read says nothing."""
        for part in self._sheets():
            relations = join(dirname(part), "_rels", f"{part.rpartition('/')[2]}.rels")
            if relations not in self._parts or b"comments" not in (xml := self._read(relations)):
                continue
            try:
                targets = [r.get("Target", "") for r in fromstring(xml) if r.get("Type", "").endswith("/comments")]
                for target in (normpath(join(dirname(part), t.replace("\\", "/").lower())).lstrip("/") for t in targets):
                    yield part, dict(_comments_of(fromstring(self._read(target))))
            except (ParseError, ValueError, LookupError):
                continue

    # what all sheets share

    def _read(self, part: str) -> bytes:
        return self._archive.read(self._parts[part])

    def _sheets(self) -> list[str]:
        """The parts that hold sheets: by their folder, or every part where the workbook has more sheets than lie there."""
        sheets = [n for n in self._parts if "worksheets/" in n and n.endswith(".xml")]
        if sheets and len(sheets) >= len(SHEET.findall(self._book)):
            return sheets
        others = ("docprops/", "[", "xl/sharedstrings", "xl/styles", "xl/theme", self._workbook)
        return [n for n in self._parts if n.endswith(".xml") and not n.startswith(others)]

    @cached_property
    def _book(self) -> bytes:
        return self._read(self._workbook)

    @cached_property
    def _recalculates(self) -> bool:
        return RECALCULATED.search(self._book) is not None

    @cached_property
    def _styles_part(self) -> bytes:
        name = next((n for n in self._parts if n.endswith("styles.xml") and "table" not in n), None)
        return self._read(name) if name else b""

    @cached_property
    def _styles(self) -> Styles[int]:
        return _styles_of(self._styles_part)

    @cached_property
    def _workbook(self) -> str:
        return min((n for n in self._parts if n.endswith("workbook.xml")), key=len)

    @cached_property
    def _names(self) -> dict[str, str]:
        """Part → name of its sheet."""
        targets = targets_of(self._archive, self._parts, self._workbook)
        sheets = _children(fromstring(self._book), "sheets")
        ids = {next((v for k, v in s.attrib.items() if k.endswith("}id")), None): s.get("name", "") for s in sheets}
        return {targets[i]: name for i, name in ids.items() if i in targets}


def parts_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """A package's parts as programs find them, and as they are written: some writers put backslashes and other cases into their names."""
    return {name.replace("\\", "/").lower(): name for name in archive.namelist()}


def targets_of(archive: zipfile.ZipFile, parts: dict[str, str], workbook: str) -> dict[str | None, str]:
    """The part that each relation of a workbook leads to."""
    folder, file = dirname(workbook), workbook.rpartition("/")[2]
    return {
        r.get("Id"): normpath(join(folder, r.get("Target", "").replace("\\", "/").lower())).lstrip("/")
        for r in fromstring(archive.read(parts[join(folder, "_rels", f"{file}.rels")]))
    }


@lru_cache(maxsize=8)  # whoever wrote one workbook wrote others in the same styles
def _styles_of(part: bytes, whole: bool = False) -> Styles[int]:
    """The styles that cells call by their number; none where a search of the bytes finds nothing odd in them, unless they are asked for whole."""
    if not part or not (whole or b"strike" in part or FORMATS.search(part)):
        return Styles()
    root = fromstring(part)
    fonts = [
        (
            any(_tag(f) == "strike" and f.get("val") not in ("0", "false") for f in font),
            next((f.get("val", "") for f in font if _tag(f) == "name"), ""),
        )
        for font in _children(root, "fonts")
    ]
    codes = BUILT_IN | {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in _children(root, "numFmts")}
    used = [(int(xf.get("fontId", 0)), codes.get(int(xf.get("numFmtId", 0)), "")) for xf in _children(root, "cellXfs")]
    return Styles.of((n, code, *(fonts[font] if font < len(fonts) else (False, ""))) for n, (font, code) in enumerate(used))


def _grid(xml: bytes, enough: int) -> int:
    """Cells of the grid that holds every cell, blank ones as well: an upper bound, exact only where it could be more than enough.

    What the sheet says of its dimension is believed where its last row agrees.
    """
    last = LAST_ROW.match(xml, xml.rfind(b"<row ") + 4)
    if last and int(last[1]) * WIDEST <= enough:
        return 0
    said = DIMENSION.search(xml, 0, 2000)
    if last and said and int(last[1]) <= int(said[2]) and int(said[2]) * (position_of(said[1].decode()) + 1) <= enough:
        return 0
    bottom, letters = 1, {b"A"}
    for column, row in REFERENCE.findall(xml):
        letters.add(column)
        bottom = max(bottom, int(row))
    return bottom * max(position_of(c.decode()) + 1 for c in letters)


def _without_plain_rows(xml: bytes, data: int) -> bytes:
    """A sheet without its rows, where these cannot hide anything: errors, sizes, formulas and what is hidden are each written with one of three
    letters that nothing else in most sheets' rows is, and a search for a letter is ten times as fast as one for a word."""
    begin, end = data + len(b"<sheetData"), xml.rfind(b"</sheetData")
    if end < begin or any(xml.find(letter, begin, end) >= 0 for letter in (b"e", b"f", b"h")):
        return xml
    return xml[:begin] + xml[end:]


def _hidden_columns(xml: bytes) -> Iterator[tuple[int, int]]:
    for _, element in iterparse(io.BytesIO(xml), events=("start",)):
        if _tag(element) == "col" and (element.get("hidden") in ("1", "true") or _is_zero(element.get("width"))):
            yield int(element.get("min", 1)) - 1, int(element.get("max", 1)) - 1
        elif _tag(element) == "sheetData":
            return


def _rows(xml: bytes) -> Iterator[tuple[int, Element, list[tuple[int, Element]]]]:
    """Each row's number, the row, and its cells by position; whoever leaves references out counts on."""
    number, data = 0, None
    for event, element in iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = _tag(element)
        if tag == "sheetData":
            data = element
        elif event == "end" and tag == "row" and data is not None:
            number = int(element.get("r") or number + 1)
            cells, position = [], -1
            for cell in element:
                reference = cell.get("r")
                position = position_of(reference.rstrip("0123456789")) if reference else position + 1
                cells.append((position, cell))
            yield number, element, cells
            data.clear()


def _is_zero(size: str | None) -> bool:
    """A height or a width of nothing."""
    return size is not None and size.strip("0.") == "" and "0" in size


def _comments_of(root: Element) -> Iterator[tuple[tuple[int, int], tuple[str, str]]]:
    authors = [author.text or "" for author in _children(root, "authors")]
    for comment in _children(root, "commentList"):
        if cell := re.fullmatch(r"([A-Z]{1,3})([0-9]+)", comment.get("ref", "")):
            text = "".join(e.text or "" for e in comment.iter() if _tag(e) == "t")
            yield (int(cell[2]), position_of(cell[1])), (authors[int(comment.get("authorId", 0))], text)


def _children(root: Element | None, name: str) -> list[Element]:
    return [] if root is None else [e for child in root if _tag(child) == name for e in child]


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]
