"""Our own sheets in a workbook that went back to its sender and comes again: they are no data, and reasons are taken along.

What does not belong here: writing these sheets, and what a reason is worth. Known by name and by a mark in A1: a unit's own sheet
of the same name stays the unit's.
"""

import re

from pipeline.codes import fold
from pipeline.intake.cells import Sheet

MARK = "kho-du-lieu-nhan-su"  # stands in A1 of each of our sheets, in a hidden column
FINDINGS, EXPLANATIONS, CHANGES = "Kết quả kiểm tra", "Giải trình", "Thay đổi"
REASON = "Giải trình của đơn vị"  # header of the column that the unit fills; the hidden first column holds the key
AUTHOR = "Kho dữ liệu nhân sự"  # of our comments on cells
SPLIT = "\n— Ghi chú của đơn vị —\n"  # between our comment and one that stood there
LONGEST = 2000  # characters of a reason that are kept

_KEY = re.compile(r"\A[0-9a-f]{32}\Z")
_NAMES = {fold(name): name for name in (FINDINGS, EXPLANATIONS, CHANGES)}


def ours(name: str, first_cell: object) -> str | None:
    """Which of our sheets this is, whatever number Excel put behind its name; None for a sheet of the unit."""
    return _NAMES.get(re.sub(r" \d+\Z", "", fold(name))) if first_cell == MARK else None


def take(sheets: list[Sheet]) -> tuple[list[Sheet], dict[str, str]]:
    """The sheets that are the unit's, and its reasons by explanation key."""
    remain: list[Sheet] = []
    reasons: dict[str, str] = {}
    for sheet in sheets:
        kind = ours(sheet.name, sheet.rows[0][0] if sheet.rows and sheet.rows[0] else None)
        if kind is None:
            remain.append(sheet)
        elif kind == EXPLANATIONS:
            reasons |= _reasons(sheet)
    return remain, reasons


def _reasons(sheet: Sheet) -> dict[str, str]:
    column: int | None = None
    found: dict[str, str] = {}
    for row in sheet.rows:
        if column is None:
            column = next((at for at, cell in enumerate(row) if cell and fold(cell) == fold(REASON)), None)
        elif row and (key := row[0]) and _KEY.match(key) and column < len(row) and (said := row[column]):
            found[key] = said[:LONGEST]
    return found
