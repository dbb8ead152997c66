"""The light pass: what the fast reader hides, seen in the workbook's own parts, and how far a sheet reaches before anybody makes a grid of it.

A clean .xlsx or .xlsm costs one look at each sheet's bytes; only where a byte search hits is a sheet parsed. Seen there: error cells, formulas
that nobody calculated, zeros, per cents and scientific writing that stand in a number's format, hidden and struck-through cells, fonts by column,
days that count from 1904.
Not seen: in .xls, .xlsb and .ods all of these (hidden sheets are, in every kind: the fast reader names them); in .xlsx a font that only a part of
a cell's text has, rows that no writer wrote down and the sheet hides by default, and a number's format that is decided by a condition.

What does not belong here: cells' values, and refusing.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse

DIGITS_BEFORE = re.compile(r'(?:\[[^\]]*\])*"([0-9]+)"(?=0)')  # that a format writes before every number
HIDDEN = re.compile(rb'hidden="[1t]')
DIMENSION = re.compile(rb'dimension ref="[A-Z]+[0-9]+:([A-Z]{1,3})([0-9]+)"')
LAST_ROW = re.compile(rb'[^>]* r="([0-9]+)"')
WIDEST = 16_384  # columns that a sheet can have
REFERENCE = re.compile(rb' r="([A-Z]{0,3})([0-9]+)"')
FORMATS = re.compile(
    rb"""formatCode=(?:'|"[^".]*00|"[^"]*(?:[eE]\+|%)|"[^"]*[yY])|numFmtId=["'](?:9|10|11|17|48)["']"""
)  # formats that write zeros in front, per cents, an exponent, or a month without its day
BUILT_IN = {9: "0%", 10: "0.00%", 11: "0.00E+00", 17: "mmm-yy", 48: "##0.0E+0"}  # formats that every workbook has without saying so
NO_VALUE = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:</c>|<v\s*/>|<v></v>)")
ZERO = re.compile(rb"(?:</f>|<f[^>]*/>)\s*<v>0</v>")
ZERO_SIZE = re.compile(rb""" (?:ht|width)="0(?:\.0*)?\"""")
ZERO_BEGUN = (b' ht="0', b' width="0')  # searched for in bytes: ten times as fast
RECALCULATED = re.compile(rb"""fullCalcOnLoad=["'](?:1|true)""")
STYLE = re.compile(rb' s="([0-9]+)"')
SHEET = re.compile(rb"<(?:\w+:)?sheet\s")
FEW = 4  # styles that are looked for one by one; more are compared in one pass over the sheet
WRITTEN_OUT = 1e9  # smaller numbers in scientific writing lose no identity number's digits


@dataclass
class Unseen:
    """What a sheet holds that its values do not show. Rows are numbers from 1, columns positions from 0."""

    hidden_rows: set[int] = field(default_factory=set)  # filtered ones and those without height are among them
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last
    struck: set[tuple[int, int]] = field(default_factory=set)  # cells whose text is struck through
    months: dict[tuple[int, int], str] = field(default_factory=dict)  # days that are shown as a month ("m") or a year ("y")
    uncalculated: set[tuple[int, int]] = field(default_factory=set)  # formulas whose value their writer did not know
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)  # how a number's format writes it, where that says more than the number
    extent: tuple[int, int] = (0, 0)  # rows and columns down to the last cell with a value


class LightPass:
    """A look at an .xlsx without reading it: `unseen` holds the sheets that have what their values do not show, by name.

    Where a sheet's grid could have more than `cells` cells, it is among them for its extent; `blind` names the sheets that should have been
    parsed and could not be. Raises what zipfile and ElementTree raise where a part that all sheets share is damaged.
    """

    def __init__(self, archive: zipfile.ZipFile, cells: int):
        self._archive = archive
        # as programs find them: some writers put backslashes and other cases into parts' names
        self._parts = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
        found, blind = {}, []
        for part in self._sheets():
            xml = self._read(part)
            try:
                if _grid(xml, cells) > cells or self._odd(xml):
                    found[part] = self._parse(xml)
            except (ParseError, ValueError, LookupError):  # the fast reader takes what is no XML for some, in no encoding that there is
                blind.append(part)
        self.unseen = {self._names.get(part, part): unseen for part, unseen in found.items()} if found else {}
        self.blind = frozenset(self._names.get(part, part) for part in blind) if blind else frozenset()

    def fonts(self, sheet: str) -> dict[int, str]:
        """The font that most texts of a column are in, by position."""
        fonts = [next((f.get("val", "") for f in font if _tag(f) == "name"), "") for font in _children(self._styles, "fonts")]
        used = [fonts[n] if (n := int(xf.get("fontId", 0))) < len(fonts) else "" for xf in _children(self._styles, "cellXfs")]
        counts: dict[int, Counter[str]] = {}
        part = next((p for p, name in self._names.items() if name == sheet), None)
        for _, _, cells in _rows(self._read(part)) if part else ():
            for position, cell in cells:
                style = int(cell.get("s") or 0)
                if cell.get("t") in ("s", "str", "inlineStr") and style < len(used):
                    counts.setdefault(position, Counter())[used[style]] += 1
        return {position: count.most_common(1)[0][0] for position, count in counts.items()}

    @cached_property
    def is_1904(self) -> bool:
        """Whether a number that means a day counts from 1904."""
        return b"date1904=" in self._book and any(
            e.get("date1904") in ("1", "true") for e in fromstring(self._book) if _tag(e) == "workbookPr"
        )

    # one sheet

    def _odd(self, xml: bytes) -> bool:
        data = xml.find(b"<sheetData")
        first = xml.find(b"row ", data)
        if data < 0 or b"'" in xml[first : first + 40]:  # a writer with prefixes, other quotes or letters: the searches below would miss
            return True
        if b't="e"' in xml or HIDDEN.search(xml) or (any(size in xml for size in ZERO_BEGUN) and ZERO_SIZE.search(xml)):
            return True
        if (b"<f>" in xml or b"<f " in xml) and (NO_VALUE.search(xml) or (self._recalculates and ZERO.search(xml))):
            return True
        odd = self._formats.keys() | self._struck
        if len(odd) <= FEW:
            return any(b' s="%d"' % style in xml for style in odd)
        return not odd.isdisjoint(map(int, set(STYLE.findall(xml))))

    def _parse(self, xml: bytes) -> Unseen:
        seen = Unseen(hidden_columns=list(_hidden_columns(xml)))
        bottom = right = 0
        for number, row, cells in _rows(xml):
            if row.get("hidden") in ("1", "true") or _is_zero(row.get("ht")):
                seen.hidden_rows.add(number)
            for position, cell in cells:
                text = "".join(e.text or "" for e in cell if _tag(e) == "v") if len(cell) else ""
                kind, style = cell.get("t", "n"), int(cell.get("s") or 0)
                if text or kind == "inlineStr":
                    bottom, right = max(bottom, number), max(right, position + 1)
                    if style in self._struck:
                        seen.struck.add((number, position))
                if kind == "e":
                    seen.errors[number, position] = text
                elif self._is_uncalculated(cell, kind, text):
                    seen.uncalculated.add((number, position))
                elif kind == "n" and text and (code := self._formats.get(style, "")):
                    if part := _dayless(code):
                        seen.months[number, position] = part
                    elif shown := _shown(text, code):
                        seen.shown[number, position] = shown
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
    def _styles(self) -> Element | None:
        return fromstring(self._styles_part) if self._styles_part else None

    @cached_property
    def _struck(self) -> frozenset[int]:
        return _styles_of(self._styles_part)[0]

    @cached_property
    def _formats(self) -> dict[int, str]:
        return _styles_of(self._styles_part)[1]

    @cached_property
    def _workbook(self) -> str:
        return min((n for n in self._parts if n.endswith("workbook.xml")), key=len)

    @cached_property
    def _names(self) -> dict[str, str]:
        """Part → name of its sheet."""
        folder, file = dirname(self._workbook), self._workbook.rpartition("/")[2]
        targets = {
            r.get("Id"): normpath(join(folder, r.get("Target", "").replace("\\", "/").lower())).lstrip("/")
            for r in fromstring(self._read(join(folder, "_rels", f"{file}.rels")))
        }
        sheets = _children(fromstring(self._book), "sheets")
        ids = {next((v for k, v in s.attrib.items() if k.endswith("}id")), None): s.get("name", "") for s in sheets}
        return {targets[i]: name for i, name in ids.items() if i in targets}


@lru_cache(maxsize=8)  # whoever wrote one workbook wrote others in the same styles
def _styles_of(part: bytes) -> tuple[frozenset[int], dict[int, str]]:
    """Numbers of the styles whose font is struck through; number → format of those that write zeros in front, per cents, an exponent, no day."""
    if b"strike" not in part and not FORMATS.search(part):
        return frozenset(), {}
    styles = fromstring(part)
    used = list(_children(styles, "cellXfs"))
    fonts = [any(_tag(f) == "strike" and f.get("val") not in ("0", "false") for f in font) for font in _children(styles, "fonts")]
    struck = frozenset(n for n, xf in enumerate(used) if (font := int(xf.get("fontId", 0))) < len(fonts) and fonts[font])
    codes = BUILT_IN | {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in _children(styles, "numFmts")}
    formats = {n: codes.get(int(xf.get("numFmtId", 0)), "") for n, xf in enumerate(used)}
    odd = {n: code for n, code in formats.items() if _zeros(code) or _is_percent(code) or _decimals(code) is not None or _dayless(code)}
    return struck, odd


def _grid(xml: bytes, enough: int) -> int:
    """Cells of the grid that holds every cell, blank ones as well: an upper bound, exact only where it could be more than enough.

    What the sheet says of its dimension is believed where its last row agrees.
    """
    last = LAST_ROW.match(xml, xml.rfind(b"<row ") + 4)
    if last and int(last[1]) * WIDEST <= enough:
        return 0
    said = DIMENSION.search(xml, 0, 2000)
    if last and said and int(last[1]) <= int(said[2]) and int(said[2]) * (_position(said[1].decode()) + 1) <= enough:
        return 0
    bottom, letters = 1, {b"A"}
    for column, row in REFERENCE.findall(xml):
        letters.add(column)
        bottom = max(bottom, int(row))
    return bottom * max(_position(c.decode()) + 1 for c in letters)


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
                position = _position(reference.rstrip("0123456789")) if reference else position + 1
                cells.append((position, cell))
            yield number, element, cells
            data.clear()


def _shown(text: str, code: str) -> str | None:
    """A number as its format writes it: with the zeros in front, in per cent, or with the exponent where digits are lost for good.

    Per cents keep the digits that the format rounds away.

    >>> _shown("92080000001", "000000000000"), _shown("92000000000", "0.00E+00"), _shown("92080000001", "0.00E+00")
    ('092080000001', '9,20E+10', None)
    >>> _shown("0.885", "0.0%"), _shown("0.8853", "0%"), _shown("1", "0%"), _shown("80000001", '"092"000000000')
    ('88,5%', '88,53%', '100%', '092080000001')
    """
    if _is_percent(code):
        return f"{round(float(text) * 100, 10):.10f}".rstrip("0").rstrip(".").replace(".", ",") + "%"
    zeros, decimals, value = _zeros(code), _decimals(code), float(text)
    if zeros and value.is_integer() and 0 <= value < 1e15:
        before = DIGITS_BEFORE.match(code)
        return (before[1] if before else "") + str(int(value)).zfill(zeros)
    if decimals is not None and abs(value) >= WRITTEN_OUT and float(written := f"{value:.{decimals}E}") == value:
        return written.replace(".", ",")
    return None


def _plain(code: str) -> str:
    """A format's first section without colours, conditions, literal text and spacing."""
    return re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|\s', "", code.split(";")[0])


@cache
def _dayless(code: str) -> str | None:
    """Which part of a day a format shows, where it does not show the day itself: "m" a month, "y" a year.

    >>> _dayless("mmm-yy"), _dayless("[$-42A]mm/yyyy"), _dayless("yyyy"), _dayless("dd/mm/yyyy"), _dayless("mm:ss")
    ('m', 'm', 'y', None, None)
    """
    written = re.fullmatch(r"(m{0,5})[-/.]?y{2,4}", _plain(code).lower())
    return written and ("m" if written[1] else "y")


@cache
def _is_percent(code: str) -> bool:
    """
    >>> _is_percent("0.0%"), _is_percent('0" %"')
    (True, False)
    """
    return "%" in code and "%" in _plain(code)


def _is_zero(size: str | None) -> bool:
    """A height or a width of nothing."""
    return size is not None and size.strip("0.") == "" and "0" in size


@cache
def _zeros(code: str) -> int:
    """How many digits a format always writes; 0 where it is not for that.

    >>> _zeros("000000000000"), _zeros('000" "000" "000;@'), _zeros("0.00"), _zeros("0")
    (12, 9, 0, 0)
    """
    plain = re.sub(r"[\-()]", "", _plain(code))
    return len(plain) if re.fullmatch("0{2,}", plain) else 0


@cache
def _decimals(code: str) -> int | None:
    """Decimals of a format in scientific writing.

    >>> _decimals("0.00E+00"), _decimals("##0.0E+0"), _decimals("0.00")
    (2, 1, None)
    """
    match = re.fullmatch(r"[0#?]+(?:\.([0#?]*))?[eE][+\-][0#?]+", _plain(code))
    return len(match[1] or "") if match else None


def _children(root: Element | None, name: str) -> list[Element]:
    return [] if root is None else [e for child in root if _tag(child) == name for e in child]


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _position(letters: str) -> int:
    """A → 0, AA → 26."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - 64
    return position - 1


# ── how far .xlsb and .ods reach ─────────────────────────────────────────────────────────────────────────────────


def xlsb_extent(part: bytes) -> tuple[int, int]:
    """Rows and columns down to the last cell with a value of a binary sheet: records of kind, size and content."""
    at, row, bottom, right = 0, 0, 0, 0
    while at < len(part):
        kind, at = _seven_bits(part, at, 2)
        size, at = _seven_bits(part, at, 4)
        if kind == 0:
            row = int.from_bytes(part[at : at + 4], "little")
        elif 2 <= kind <= 11:
            bottom, right = max(bottom, row + 1), max(right, int.from_bytes(part[at : at + 4], "little") + 1)
        at += size
    return bottom, right


def _seven_bits(part: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for n in range(most):
        byte = part[at] if at < len(part) else 0
        value |= (byte & 0x7F) << (7 * n)
        at += 1
        if byte < 0x80:
            break
    return value, at


def ods_tables(content: bytes) -> Iterator[tuple[int, int, list[tuple[int, int, int]]]]:
    """Table by table: rows and columns down to the last cell with a value; and the cells that are merged over rows (first, last, column,
    from 0). Repeated rows and cells count as often as they repeat."""
    row = bottom = right = 0
    merged: list[tuple[int, int, int]] = []
    for event, element in iterparse(io.BytesIO(content), events=("start", "end")):
        tag = _tag(element)
        if tag == "table" and event == "start":
            row, bottom, right, merged = 0, 0, 0, []
        elif tag == "table" and event == "end":
            yield bottom, right, merged
            element.clear()
        elif tag == "table-row" and event == "end":
            row += int(_repeated(element, "number-rows-repeated"))
            position = 0
            for cell in element:
                if (rows := int(_repeated(cell, "number-rows-spanned"))) > 1:
                    merged.append((row - 1, row + rows - 2, position))
                position += int(_repeated(cell, "number-columns-repeated"))
                if len(cell) or any(k.endswith("}value-type") for k in cell.attrib):
                    bottom, right = row, max(right, position)
            element.clear()


def _repeated(element: Element, name: str) -> str:
    return next((v for k, v in element.attrib.items() if k.endswith("}" + name)), "1")
