"""The light pass over an .ods: one walk down its tables, which how far they reach needs anyway; only cells in odd styles are looked at closer.

What does not belong here: other kinds of workbooks, what a number's format says (unseen), cells' values, and refusing.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError, iterparse

from pipeline.intake.kinds import BROKEN
from pipeline.intake.unseen import Look, Styles, Unseen, dayless

WIDEST = 16_384  # columns that a sheet can have
SPREAD = 100_000  # odd cells that are there only because others repeat: no list has so many
INHERITED = 20  # styles above a style
ERROR = re.compile(r"#(?:N/A|[A-Z_/0]+[!?])")
VALUES = {
    "float": "value",
    "percentage": "value",
    "currency": "value",
    "date": "date-value",
    "time": "time-value",
    "boolean": "boolean-value",
}
OF_NUMBERS = ("number-style", "percentage-style", "currency-style", "date-style", "time-style", "boolean-style", "text-style")
OF_STYLES = frozenset([*OF_NUMBERS, "style", "font-face"])
GROUPS = ("table-row-group", "table-column-group")
WRITTEN = {"year": "yy", "month": "mm", "day": "dd"}  # anything else in a format of days is no month and no year
SILENT = ("text-properties", "map", "fill-character")

Said = dict[str, str]  # an element's attributes by their names alone


@dataclass
class _Gathered:
    """Styles as they stand in the file: a cell's own says less than it inherits."""

    cells: dict[str, tuple[str, str, Said]] = field(default_factory=dict)  # name → style above it, numbers' style, texts' properties
    codes: dict[str, str] = field(default_factory=dict)  # numbers' style → its format
    faces: dict[str, str] = field(default_factory=dict)
    flat: set[tuple[str, str]] = field(default_factory=set)  # family and name of rows' and columns' styles without a size

    def take(self, element: Element) -> None:
        tag, said = _name(element.tag), _said(element)
        name, family = said.get("name", ""), said.get("family", "")
        if tag == "style" and family.startswith("table-"):
            below = {_name(e.tag): _said(e) for e in element}
            if family == "table-cell":
                self.cells[name] = (said.get("parent-style-name", ""), said.get("data-style-name", ""), below.get("text-properties", {}))
            row = below.get("table-row-properties", {})
            height = None if row.get("use-optimal-row-height") == "true" else row.get("row-height")
            if _is_zero(height) or _is_zero(below.get("table-column-properties", {}).get("column-width")):
                self.flat.add((family, name))
        elif tag in OF_NUMBERS:
            maps = (_said(e) for e in element if _name(e.tag) == "map")
            above_zero = next((m.get("apply-style-name", "") for m in maps if ">" in m.get("condition", "")), "")  # it stands before
            self.codes[name] = self.codes.get(above_zero) or "".join(map(_code, element))
        elif tag == "font-face":
            self.faces[name] = said.get("font-family", name).strip("'\"")

    def styles(self) -> Styles[str]:
        return Styles.of((name, *self._whole(name)) for name in self.cells)

    def _whole(self, name: str) -> tuple[str, bool, str]:
        """A style's format, whether it strikes texts through, and its font."""
        numbers = ""
        text: Said = {}
        for _ in range(INHERITED):
            if name not in self.cells:
                break
            name, own, properties = self.cells[name]
            numbers, text = numbers or own, properties | text
        lines = {text.get("text-line-through-style"), text.get("text-line-through-type")} - {None}
        return self.codes.get(numbers, ""), bool(lines) and "none" not in lines, self.faces.get(text.get("font-name", ""), "")


@dataclass
class _Table:
    name: str
    defaults: dict[int, str] = field(default_factory=dict)  # position → style of its cells that have none of their own
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class _Row:
    """A row as often as it repeats: numbers from 1, and of each cell its position, how often it repeats, and what it says."""

    first: int
    last: int
    is_hidden: bool
    style: str
    cells: list[tuple[int, int, Said, Element]]

    def style_at(self, position: int, said: Said, table: _Table) -> str:
        return said.get("style-name") or self.style or table.defaults.get(position, "Default")


class OpenDocument(Look):
    """`unseen` holds every table. Raises what zipfile and ElementTree raise where the content is damaged: nothing else says how far it reaches."""

    is_1904 = False

    def __init__(self, archive: zipfile.ZipFile):
        self.unseen = {}
        self._content, self._spread = archive.read("content.xml"), 0
        self._blind: set[str] = set()
        self._gathered, self._styles = _Gathered(), Styles[str]()
        try:
            for _, element in iterparse(io.BytesIO(archive.read("styles.xml") if "styles.xml" in archive.NameToInfo else b"<none/>")):
                if _name(element.tag) in OF_STYLES:
                    self._gathered.take(element)
                    element.clear()
            self._has_styles = True
        except (ParseError, *BROKEN):
            self._has_styles = False
        for table, row in self._rows():
            seen = self.unseen.setdefault(table.name, Unseen(hidden_columns=table.hidden_columns))
            if row:
                self._look_at(table, row, seen)

    def sees(self, sheet: str) -> bool:
        return self._has_styles and sheet in self.unseen and sheet not in self._blind

    def fonts(self, sheet: str) -> dict[int, str]:
        rows = ((table, row) for table, row in self._rows() if row and table.name == sheet)
        texts = ((p, row.style_at(p, said, t)) for t, row in rows for p, _, said, _ in row.cells if said.get("value-type") == "string")
        return self._styles.fonts_of(texts)

    # the walk

    def _rows(self) -> Iterator[tuple[_Table, _Row | None]]:
        """Every row of each table, after the table itself."""
        table, number, width, closed = _Table(""), 0, 0, 0
        for event, element in iterparse(io.BytesIO(self._content), events=("start", "end")):
            tag = _name(element.tag)
            if event == "start":
                if tag == "table":
                    table, number, width, closed = _Table(_said(element).get("name", "")), 0, 0, 0
                    yield table, None
                elif tag == "body":
                    self._styles = self._gathered.styles()
                elif tag in GROUPS:
                    closed += bool(closed) or _said(element).get("display") == "false"
            elif tag == "table-row":
                said = _said(element)
                first, number, cells, position = number + 1, number + _times(said, "number-rows-repeated"), [], 0
                for cell in element:
                    own = _said(cell)
                    cells.append((position, _times(own, "number-columns-repeated"), own, cell))
                    position += cells[-1][1]
                is_hidden = bool(closed) or self._is_hidden(said, "table-row")
                yield table, _Row(first, number, is_hidden, said.get("default-cell-style-name", ""), cells)
                element.clear()
            elif tag == "table-column":
                said = _said(element)
                first, width = width, width + _times(said, "number-columns-repeated")
                if closed or self._is_hidden(said, "table-column"):
                    table.hidden_columns.append((first, width - 1))
                if default := said.get("default-cell-style-name"):
                    table.defaults |= dict.fromkeys(range(first, min(width, WIDEST)), default)
            elif tag in GROUPS:
                closed = max(closed - 1, 0)
            elif tag == "null-date":
                self.is_1904 = _said(element).get("date-value", "").startswith("1904")
            elif tag == "table":
                element.clear()
            elif tag in OF_STYLES:
                self._gathered.take(element)
                element.clear()

    def _is_hidden(self, said: Said, family: str) -> bool:
        return said.get("visibility", "visible") != "visible" or (family, said.get("style-name", "")) in self._gathered.flat

    # one row

    def _look_at(self, table: _Table, row: _Row, seen: Unseen) -> None:
        bottom, right = seen.extent
        odd = self._styles.odd
        for position, count, said, cell in row.cells:
            rows, columns = _times(said, "number-rows-spanned"), _times(said, "number-columns-spanned")
            if rows > 1 or columns > 1:
                seen.merged.append((row.last - 1, position, row.last + rows - 2, position + columns - 1))
            if len(cell) and cell[0].tag.endswith("}annotation"):  # it stands before what the cell says
                seen.comments[row.first, position] = _comment(cell[0])
            if len(cell) or "value-type" in said:
                bottom, right = row.last, max(right, position + count)
            elif "formula" not in said:
                continue
            style = row.style_at(position, said, table) if odd else ""
            if style in odd or "formula" in said or said.get("value-type") == "percentage" or said.get("calcext:value-type") == "error":
                times = (row.last - row.first + 1) * count
                self._spread += times - 1
                if self._spread > SPREAD:
                    self._blind.add(table.name)
                    continue
                for place in range(times):
                    self._look_closer(seen, row.first + place // count, position + place % count, said, cell, style)
        if row.is_hidden and bottom == row.last:
            seen.hidden_rows.append((row.first, row.last))
        seen.extent = (bottom, right)

    def _look_closer(self, seen: Unseen, number: int, position: int, said: Said, cell: Element, style: str) -> None:
        kind, is_formula = said.get("value-type", ""), "formula" in said
        lines = ["".join(e.itertext()) for e in cell if _name(e.tag) == "p"]
        text = "\n".join(lines)
        value, code = said.get(VALUES.get(kind, "")), self._styles.formats.get(style, "0%" if kind == "percentage" else "")
        if style in self._styles.struck and (kind or text):
            seen.struck.add((number, position))
        if said.get("calcext:value-type") == "error" or (is_formula and ERROR.fullmatch(text)):
            seen.errors[number, position] = text if ERROR.fullmatch(text) else "#VALUE!"  # LibreOffice has numbers for errors of its own
        elif is_formula and value is None and (kind in VALUES or not (kind or lines)):  # a blank line is what came to ""
            seen.uncalculated.add((number, position))
        elif kind == "date" and (part := dayless(code)):
            seen.months[number, position] = part
        elif kind in ("float", "percentage") and value and code:
            seen.take_number(number, position, float(value), code)


def _code(element: Element) -> str:
    """A part of a numbers' style as Excel writes it in a format."""
    tag, said = _name(element.tag), _said(element)
    if tag == "text":
        text = element.text or ""
        return "%" if text.strip() == "%" else f'"{text}"' if text else ""
    if tag in ("number", "scientific-number"):
        digits, decimals = (min(int(said.get(n, least)), 30) for n, least in (("min-integer-digits", 1), ("decimal-places", 0)))
        exponent = "E+00" if tag == "scientific-number" else ""
        return ("0" * digits or "#") + ("." + "0" * decimals if decimals > 0 else "") + exponent
    return "" if tag in SILENT else WRITTEN.get(tag, "g")


def _comment(element: Element) -> tuple[str, str]:
    """Who wrote a comment, and what."""
    parts = [(_name(e.tag), "".join(e.itertext())) for e in element]
    return next((text for tag, text in parts if tag == "creator"), ""), "\n".join(text for tag, text in parts if tag in ("p", "list"))


def _is_zero(size: str | None) -> bool:
    """A height or a width of nothing, in whatever it is measured."""
    return size is not None and size.rstrip("abcdefghijklmnopqrstuvwxyz% ").strip("0.") == "" and "0" in size


def _times(said: Said, name: str) -> int:
    """How often something repeats, and never less than once."""
    return max(int(said[name]), 1) if name in said else 1


def _said(element: Element) -> Said:
    return {_name(k): v for k, v in element.attrib.items()}


@lru_cache(maxsize=10_000)
def _name(tag: str) -> str:
    """Without its namespace, but for the one in which LibreOffice says again what a cell is."""
    space, _, name = tag.rpartition("}")
    return f"calcext:{name}" if "calcext" in space else name
