"""The light pass over .xls from Excel 5 on: one walk over the records; only cells in odd styles are looked at closer.

xlrd would make an object of every cell, and does not tell which of them are formulas. What does not belong here: what is seen of a sheet
(hidden_records), cells' values, and refusing.
"""

import io
import struct
from collections.abc import Iterator
from functools import cached_property
from itertools import takewhile
from typing import Any

from pipeline.intake.hidden_records import (
    CELL,
    STRUCK,
    Record,
    RecordBook,
    RecordSheet,
    packed,
)
from pipeline.intake.unseen import Look, Styles

BOF, EOF, BIFF8 = 0x0809, 0x000A, 0x0600
TEXTS = (0x00FD, 0x0204, 0x00D6)  # one that all sheets share, a cell's own, one in several fonts
NUMBERS = (0x027E, 0x0203, 0x00BD)  # one in four bytes, one in eight, several beside each other
OTHERS = (0x0006, 0x0205, 0x0208, 0x007D, 0x005E)  # formulas, errors, rows, columns, a sheet that waits
COMMENTS = (0x001C, 0x005D, 0x01B6, 0x003C)  # whose cell and who, a box, its text's length, its text


class OldWorkbook(Look):
    """`unseen` holds every sheet, without its extent. Raises ValueError, and what struct raises, where the file is damaged."""

    is_1904 = False

    def __init__(self, data: bytes):
        self._stream, self._book = _stream_of(data), RecordBook()
        self._names: dict[int, str] = {}  # where a sheet begins → its name
        self._is_biff8, self._page, self._says_who = False, "cp1252", False
        sheets: dict[str, RecordSheet] = {}
        depth, within, wanted = 0, None, frozenset[int]()
        for kind, at, size in _records(self._stream):
            if kind == BOF:
                depth += 1
                if depth == 1 and at - 4 in self._names:
                    within = sheets[self._names[at - 4]] = RecordSheet(self._styles)
                    wanted = frozenset(
                        (*OTHERS, *COMMENTS, *TEXTS, *NUMBERS) if self._styles.odd else (*OTHERS, *COMMENTS)
                    )  # most records are not looked at
                elif at == 4:
                    self._is_biff8 = self._numbers("<H", at)[0] == BIFF8
            elif kind == EOF:
                depth -= 1
                within = within if depth else None
            elif depth == 1 and within is not None:
                if kind in wanted:
                    self._take_cells(within, kind, at, size)
            elif depth == 1:
                self._take_common(kind, at, size)
        # Excel and LibreOffice write who calculated last; a workbook that does not, and in which no formula holds anything, waits for it
        is_waiting = not self._says_who and not any(sheet.is_calculated for sheet in sheets.values())
        for sheet in sheets.values():
            sheet.end(is_waiting)
        self.unseen = {**sheets}

    def fonts(self, sheet: str) -> dict[int, str]:
        begin = next((at for at, name in self._names.items() if name == sheet), len(self._stream))
        own = takewhile(lambda record: record[0] != EOF, _records(self._stream, begin))
        return self._styles.fonts_of(CELL.unpack_from(self._stream, at)[1:] for kind, at, _ in own if kind in TEXTS)

    @cached_property
    def _styles(self) -> Styles[int]:
        return self._book.styles()

    def _take_common(self, kind: int, at: int, size: int) -> None:
        if kind == 0x0031:
            _, flags = self._numbers("<HH", at)
            self._book.fonts.append((bool(flags & STRUCK), self._text(at + 14, 1)))
            if len(self._book.fonts) == 4:
                self._book.fonts.append((False, ""))  # nobody has a font 4
        elif kind == 0x041E:
            (number,) = self._numbers("<H", at)
            self._book.codes[number] = self._text(at + 2, 2 if self._is_biff8 else 1)
        elif kind == 0x00E0:
            self._book.used.append(self._numbers("<HH", at))
        elif kind == 0x0085:
            (begin,) = self._numbers("<I", at)
            self._names[begin] = self._text(at + 6, 1)
        elif kind == 0x0022:
            self.is_1904 = self._numbers("<H", at) == (1,)
        elif kind == 0x0042:
            page = self._numbers("<H", at)[0]
            self._page = "mac_roman" if page in (10_000, 0x8000) else f"cp{page}" if page not in (0x8001, 1200) else "cp1252"
        elif kind == 0x01C1:
            self._says_who = self._numbers("<I", at + 4) != (0,)

    def _take_cells(self, sheet: RecordSheet, kind: int, at: int, size: int) -> None:
        if kind in TEXTS:
            sheet.take(*CELL.unpack_from(self._stream, at))
        elif kind == 0x027E:
            row, column, style, number = self._numbers("<HHHI", at)
            sheet.take(row, column, style, packed(number))
        elif kind == 0x0203:
            sheet.take(*self._numbers("<HHHd", at))
        elif kind == 0x00BD:
            row, first = self._numbers("<HH", at)
            for n in range((size - 6) // 6):
                style, number = self._numbers("<HI", at + 4 + 6 * n)
                sheet.take(row, first + n, style, packed(number))
        elif kind == 0x0006:
            (row, column, style), value = CELL.unpack_from(self._stream, at), self._stream[at + 6 : at + 14]
            if value[6:] != b"\xff\xff":
                sheet.take_formula(row, column, style, struct.unpack("<d", value)[0], is_known=False)
            elif value[0] == 2:
                sheet.take_error(row, column, style, value[2])
            else:
                sheet.take_formula(row, column, style, None, is_known=value[0] in (0, 1))  # a text or a truth; 3 is an empty one
        elif kind == 0x0205:
            row, column, style, code, is_error = self._numbers("<HHHBB", at)
            if is_error:
                sheet.take_error(row, column, style, code)
            else:
                sheet.take(row, column, style)
        elif kind == 0x0208:
            row, _, _, height, _, _, flags = self._numbers("<7H", at)
            sheet.take_row(row, height & 0x7FFF, flags)
        elif kind == 0x007D:
            first, last, width, _, flags = self._numbers("<5H", at)
            sheet.take_column(first, last, width, flags)
        elif kind == 0x005E:
            sheet.is_uncalculated = True
        elif kind in COMMENTS:
            self._take_comment(sheet, kind, at, size)

    def _take_comment(self, sheet: RecordSheet, kind: int, at: int, size: int) -> None:
        """From Excel 97 on a comment's text stands in a box before it, which it names by a number; before that in itself, and goes on in the next ones."""
        if kind == 0x001C and not self._is_biff8:
            row, column, _ = self._numbers("<HHH", at)
            said = self._stream[at + 6 : at + size].decode(self._page, "replace")
            before = [*sheet.comments][-1:] if row == 0xFFFF else [(row + 1, column)]
            for place in before:
                sheet.comments[place] = "", sheet.comments.get(place, ("", ""))[1] + said
        elif kind == 0x001C:
            row, column, _, box = self._numbers("<HHHH", at)
            sheet.comments[row + 1, column] = self._text(at + 8, 2), sheet.boxes.get(box, "")
        elif kind == 0x005D:
            sheet.box, sheet.awaited = self._numbers("<H", at + 6)[0] if size >= 8 else 0, 0
        elif kind == 0x01B6:
            (sheet.awaited,) = self._numbers("<H", at + 10)
        elif sheet.awaited and size:
            is_wide = self._stream[at] & 1
            text = self._stream[at + 1 : at + size].decode("utf-16-le" if is_wide else "latin-1", "replace")[: sheet.awaited]
            sheet.boxes[sheet.box], sheet.awaited = sheet.boxes.get(sheet.box, "") + text, sheet.awaited - len(text)

    def _numbers(self, form: str, at: int) -> tuple[Any, ...]:
        return struct.unpack_from(form, self._stream, at)

    def _text(self, at: int, digits: int) -> str:
        """A text behind its length, which is written in so many bytes; BIFF8 says besides how many bytes a letter has."""
        count, at = int.from_bytes(self._stream[at : at + digits], "little"), at + digits
        if not self._is_biff8:
            return self._stream[at : at + count].decode(self._page, "replace")
        is_wide = self._stream[at] & 1
        return self._stream[at + 1 : at + 1 + (count << is_wide)].decode("utf-16-le" if is_wide else "latin-1", "replace")


def _stream_of(data: bytes) -> bytes:
    """The records of a workbook, which lie in a container."""
    from olefile import OleFileIO  # few files need it, and every command would wait for it

    try:
        with OleFileIO(io.BytesIO(data)) as container:
            name = "Workbook" if container.exists("Workbook") else "Book"
            if container.get_size(name) > len(data):
                raise ValueError("a stream that runs in a circle")
            stream: bytes = container.openstream(name).read()
            return stream
    except Exception as error:  # whatever a file makes it raise
        raise ValueError("no workbook") from error


def _records(stream: bytes, at: int = 0) -> Iterator[Record]:
    head = struct.Struct("<HH").unpack_from
    while at + 4 <= len(stream):
        kind, size = head(stream, at)
        yield kind, at + 4, size
        at += 4 + size
