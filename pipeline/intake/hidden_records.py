"""What .xls and .xlsb have in common, which are records, each a kind, a size and some bytes: what is seen of a sheet while they go by.

What does not belong here: how the records of either are read (hidden_xls, hidden_xlsb), what a number's format says (unseen), and cells' values.
"""

import struct

from pipeline.intake.unseen import BUILT_IN, Styles, Unseen

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
STRUCK, ROW_HIDDEN, ROW_SIZED, COLUMN_HIDDEN = 0x08, 0x20, 0x40, 0x01  # flags of a font, a row, a column
CELL, LONG_CELL = struct.Struct("<HHH"), struct.Struct("<II")

Record = tuple[int, int, int]  # kind, where its bytes begin, how many they are


class RecordSheet(Unseen):
    """A sheet while its records go by. Rows from 0."""

    def __init__(self, styles: Styles[int]):
        super().__init__()
        self.styles, self.bottom, self.right = styles, 0, 0
        self.waiting: set[tuple[int, int]] = set()  # formulas that hold 0 or nothing
        self.boxes: dict[int, str] = {}  # number of a box → its text, of which comments are one kind
        self.box = self.awaited = 0  # the last box, and how many letters of its text are still to come
        self.is_calculated = self.is_uncalculated = False  # whether any formula holds more; whether the sheet itself says that it waits

    def take_row(self, row: int, height: int, flags: int) -> None:
        """A row, counted from 0: hidden where it says so, or where its own height is nought."""
        if flags & ROW_HIDDEN or (flags & ROW_SIZED and not height):
            self.hidden_rows.append((row + 1, row + 1))

    def take_column(self, first: int, last: int, width: int, flags: int) -> None:
        """Columns, counted from 0, the last one with them: hidden where they say so, or where they have no width."""
        if flags & COLUMN_HIDDEN or not width:
            self.hidden_columns.append((first, last))

    def take(self, row: int, column: int, style: int, value: float | None = None) -> None:
        """A cell that holds something."""
        if row >= self.bottom:
            self.bottom = row + 1
        if column >= self.right:
            self.right = column + 1
        if style in self.styles.odd:
            if style in self.styles.struck:
                self.struck.add((row + 1, column))
            if value is not None and (code := self.styles.formats.get(style)):
                self.take_number(row + 1, column, value, code)

    def take_formula(self, row: int, column: int, style: int, value: float | None, is_known: bool) -> None:
        """A formula and its number, where it is one. Whether it is known what it comes to: whoever does not calculate writes 0 or nothing."""
        self.take(row, column, style, value)
        if is_known or value:
            self.is_calculated = True
        else:
            self.waiting.add((row + 1, column))

    def take_error(self, row: int, column: int, style: int, code: int) -> None:
        self.take(row, column, style)
        self.errors[row + 1, column] = ERRORS.get(code, "#VALUE!")

    def end(self, is_waiting: bool) -> None:
        """No cell comes any more; `is_waiting`: by what the workbook says of itself its formulas were not calculated."""
        self.extent = (self.bottom, self.right)
        self.uncalculated = self.waiting if is_waiting or self.is_uncalculated else set()


class RecordBook:
    """What all sheets share, while its records go by."""

    def __init__(self) -> None:
        self.fonts: list[tuple[bool, str]] = []
        self.codes = dict(BUILT_IN)
        self.used: list[tuple[int, int]] = []  # font and format of each style

    def styles(self) -> Styles[int]:
        fonts = dict(enumerate(self.fonts))
        return Styles.of((n, self.codes.get(code, ""), *fonts.get(font, (False, ""))) for n, (font, code) in enumerate(self.used))


def packed(number: int) -> float:
    """A number in four bytes: a whole one or half of a long one, as it is or its hundredth part.

    >>> packed(0x3FF00000), packed(5 << 2 | 2), packed(8850 << 2 | 3)
    (1.0, 5.0, 88.5)
    """
    if number & 2:
        value = float((number >> 2) - (1 << 30 if number & 0x80000000 else 0))
    else:
        (value,) = struct.unpack("<d", struct.pack("<II", 0, number & 0xFFFFFFFC))
    return value / 100 if number & 1 else value
