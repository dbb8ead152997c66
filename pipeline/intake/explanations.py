"""Our own sheets in a workbook that went back to its sender and comes again: they are no data, and reasons are taken along.

What does not belong here: writing these sheets, and what a reason is worth. Known by name and by a mark in A1: a unit's own sheet
of the same name stays the unit's.
"""

import re

from pipeline.codes import fold
from pipeline.intake.cells import Sheet

MARK = "kho-du-lieu-nhan-su"  # stands in A1 of each of our sheets, in a hidden column
FINDINGS, EXPLANATIONS, CHANGES = "Kết quả kiểm tra", "Giải trình", "Thay đổi"
READ_AS = "Cách đọc tệp"  # how each column was read
FORM = "Biểu mẫu"  # of a proposal for the city, which nobody sends
HEADER, MEANS, INSTEAD = (
    "Tên cột trên tệp",
    "Được đọc là",
    "Nếu không đúng: cột này là",
)  # of READ_AS; the hidden first column holds the form's code
NO_COLUMN = "(không có cột)"  # in the place of a header: the column was read from above, or follows from others
REASON = "Giải trình của đơn vị"  # header of the column that the unit fills; the hidden first column holds the key
AUTHOR = "Kho dữ liệu nhân sự"  # of our comments on cells
SPLIT = "\n— Ghi chú của đơn vị —\n"  # between our comment and one that stood there
LONGEST, LONGEST_WORD = 2000, 200  # characters of a reason, and of a column's name, that are kept

_FORM = re.compile(r"\A[0-9a-f]{12}\Z")
_KEY = re.compile(r"\A[0-9a-f]{32}\Z")
_NAMES = {fold(name): name for name in (FINDINGS, EXPLANATIONS, CHANGES, READ_AS, FORM)}


def ours(name: str, first_cell: object) -> str | None:
    """Which of our sheets this is, whatever number Excel put behind its name; None for a sheet of the unit."""
    return _NAMES.get(re.sub(r" \d+\Z", "", fold(name))) if first_cell == MARK else None


Objection = tuple[str, str, str]  # form code, header, what the unit says that its column is


def take(sheets: list[Sheet]) -> tuple[list[Sheet], dict[str, str], list[Objection]]:
    """The sheets that are the unit's, its reasons by explanation key, and where it says that a column was read wrongly."""
    remain: list[Sheet] = []
    reasons: dict[str, str] = {}
    objections: list[Objection] = []
    for sheet in sheets:
        kind = ours(sheet.name, sheet.rows[0][0] if sheet.rows and sheet.rows[0] else None)
        if kind is None:
            remain.append(sheet)
        elif kind == EXPLANATIONS:
            reasons |= _reasons(sheet)
        elif kind == READ_AS:
            objections += _objections(sheet)
    return remain, reasons, objections


def _objections(sheet: Sheet) -> list[Objection]:
    """Of the sheet that shows how each column was read: lines in which the unit says what a column is instead."""
    found, header, read, said = [], None, None, None
    for row in sheet.rows:
        if said is None:
            at = {fold(cell): position for position, cell in enumerate(row) if cell}
            header, read, said = (at.get(fold(name)) for name in (HEADER, MEANS, INSTEAD))
        elif row and row[0] and header is not None and max(header, said) < len(row) and (means := row[said]) and _FORM.match(row[0]):
            text = row[header] or ""
            if text == NO_COLUMN and read is not None and read < len(row):
                text = f"{NO_COLUMN} {row[read] or ''}".strip()  # of which column that was
            found.append((row[0], text[:LONGEST_WORD], means[:LONGEST_WORD]))
    return found


def _reasons(sheet: Sheet) -> dict[str, str]:
    column: int | None = None
    found: dict[str, str] = {}
    for row in sheet.rows:
        if column is None:
            column = next((at for at, cell in enumerate(row) if cell and fold(cell) == fold(REASON)), None)
        elif row and (key := row[0]) and _KEY.match(key) and column < len(row) and (said := row[column]):
            found[key] = said[:LONGEST]
    return found
