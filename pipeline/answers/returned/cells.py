"""A cell as we write one: text that stays text, the cell that shows at an address, and the looks that our marks and our sheets share.

What does not belong here: which cells are written, and the colours themselves (presentation.py).
"""

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet


def put_text(cell: Cell, value: str) -> None:
    """Text that stays text: never a formula, whatever it begins with, also after somebody edits the cell."""
    value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:32767]
    cell._value, cell.data_type = value, "s"
    if value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        cell.quotePrefix = True


def writable(sheet: Worksheet, address: str) -> Cell:
    """The cell, or the first of the merged cells that it is hidden in."""
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        area = next(r for r in sheet.merged_cells.ranges if address in r)
        return sheet.cell(area.min_row, area.min_col)
    return cell


def argb(colour: str) -> str:
    """A colour as openpyxl writes it.

    >>> argb("#1F4E78")
    'FF1F4E78'
    """
    return f"FF{colour.removeprefix('#')}"


def coloured(colour: str) -> PatternFill:
    """The ground of a cell in one colour."""
    return PatternFill("solid", fgColor=argb(colour))
