"""Cells of a sheet in other colours, in the sheet's part itself: all else of it stays byte for byte.

What does not belong here: which cells, and why (marks.py).
"""

import re
from collections.abc import Callable, Iterable

from pipeline.answers.returned.looks import Looks
from pipeline.answers.returned.package import NotPlain, attributes, tags
from pipeline.intake.readings import letter, position_of

_ROW = re.compile(r"<row\b([^<>]*?)\s*(?:/>|>(.*?)</row>)", re.DOTALL)
_CELL = re.compile(r"<c\b([^<>]*?)\s*(/>|>.*?</c>)", re.DOTALL)
_ADDRESS = re.compile(r'\sr="([A-Z]+)([0-9]+)"')
_NUMBER = re.compile(r'\sr="([0-9]+)"')
_SPANS = re.compile(r'\sspans="[^"]*"')  # between which columns its cells stand, to read faster: one may stand outside now
_STYLE = re.compile(r'\ss="([0-9]+)"')


def coloured(xml: str, colours: dict[str, str], looks: Looks) -> tuple[str, dict[str, str]]:
    """A sheet's part with cells in other colours, and the colours before in words; cells and rows that are not there are put in. Raises NotPlain."""
    wanted: dict[int, dict[str, str]] = {}
    for at, colour in colours.items():
        letters, row_no = split(at)
        wanted.setdefault(row_no, {})[letters] = colour
    before: dict[str, str] = {}
    begin = tags("sheetData", xml)
    if len(begin) != 1:
        raise NotPlain
    is_empty = begin[0][0].endswith("/>")
    start, end = (begin[0].end(), begin[0].end()) if is_empty else (begin[0].end(), xml.rfind("</sheetData>"))
    columns = [attributes(tag[1]) for tag in tags("col", xml)]
    rows, past, left = [], start, sorted(wanted, reverse=True)  # the next one stands last
    for row in _ROW.finditer(xml, start, end):
        said = _NUMBER.search(row[1])
        if said is None:
            raise NotPlain
        number = int(said[1])
        rows.append(xml[past : row.start()])
        past = row.end()
        while left and left[-1] < number:
            rows.append(_new_row(n := left.pop(), wanted[n], looks, before, columns))
        if left and left[-1] == number:
            cells = _cells(row[2] or "", number, wanted[left.pop()], looks, before, _looks_there(columns, attributes(row[1])))
            rows.append(f"<row{_SPANS.sub('', row[1])}>{cells}</row>")
        else:
            rows.append(row[0])
    rows.append(xml[past:end])
    rows += [_new_row(n, wanted[n], looks, before, columns) for n in reversed(left)]
    if is_empty:
        return f"{xml[: begin[0].start()]}<sheetData>{''.join(rows)}</sheetData>{xml[begin[0].end() :]}", before
    return xml[:start] + "".join(rows) + xml[end:], before


Attributes = dict[str, str]  # of an element


def _looks_there(columns: Iterable[Attributes], row: Attributes) -> Callable[[str], int]:
    """How a cell looks that is not written down: as its row, where that has a look of its own, else as its column. So it stays open on a protected sheet."""
    if row.get("customFormat") in ("1", "true"):
        return lambda letters: int(row.get("s", "0"))
    of = [(int(c["min"]), int(c["max"]), int(c.get("style", "0"))) for c in columns if "min" in c and "max" in c]
    return lambda letters: next((style for first, last, style in of if first <= position_of(letters) + 1 <= last), 0)


def _new_row(number: int, wanted: dict[str, str], looks: Looks, before: dict[str, str], columns: Iterable[Attributes]) -> str:
    return f'<row r="{number}">{_cells("", number, wanted, looks, before, _looks_there(columns, {}))}</row>'


def _cells(inside: str, number: int, wanted: dict[str, str], looks: Looks, before: dict[str, str], look_there: Callable[[str], int]) -> str:
    """A row's cells with some in other colours."""
    left = dict(sorted(wanted.items(), key=lambda item: (len(item[0]), item[0])))
    made, at = [], 0

    def put(letters: str) -> None:
        own = look_there(letters)
        before[f"{letters}{number}"] = looks.ground(own)
        made.append(f'<c r="{letters}{number}" s="{looks.coloured(own, left.pop(letters))}"/>')

    for cell in _CELL.finditer(inside):
        place = _ADDRESS.search(cell[1])
        if place is None:
            raise NotPlain
        made.append(inside[at : cell.start()])
        at = cell.end()
        for letters in [c for c in left if (len(c), c) < (len(place[1]), place[1])]:
            put(letters)
        if place[1] not in left:
            made.append(cell[0])
            continue
        style = _STYLE.search(cell[1])
        own = int(style[1]) if style else 0
        before[place[1] + place[2]] = looks.ground(own)
        made.append(f'<c{_STYLE.sub("", cell[1])} s="{looks.coloured(own, left.pop(place[1]))}"{cell[2]}')
    made.append(inside[at:])
    for letters in [*left]:
        put(letters)
    return "".join(made)


def split(address: str) -> tuple[str, int]:
    """A cell's letters and number. Raises NotPlain."""
    found = re.fullmatch(r"([A-Z]+)([0-9]+)", address)
    if found is None:
        raise NotPlain
    return found[1], int(found[2])


Area = tuple[int, int, int, int]  # first row and position, last row and position


def merged(xml: str) -> list[Area]:
    """The cells of a sheet that are one."""
    found = []
    for tag in tags("mergeCell", xml):
        first, _, last = attributes(tag[1]).get("ref", "").partition(":")
        (a, top), (b, bottom) = split(first), split(last or first)
        found.append((top, position_of(a), bottom, position_of(b)))
    return found


def first_of(address: str, areas: Iterable[Area]) -> str:
    """The cell, or the first of the merged cells that it is hidden in."""
    letters, row = split(address)
    position = position_of(letters)
    for top, left, bottom, right in areas:
        if top <= row <= bottom and left <= position <= right:
            return f"{letter(left)}{top}"
    return address
