"""The light pass over workbooks that are records, each a kind, a size and some bytes: .xls from Excel 5 on, and .xlsb.

One walk over the records; only cells in odd styles are looked at closer. xlrd would make an object of every cell, and does not tell which of
them are formulas.

What does not belong here: other kinds of workbooks, what a number's format says (unseen), cells' values, and refusing.
"""

import io
import struct
import zipfile
from collections.abc import Iterator
from functools import cached_property
from itertools import takewhile
from typing import Any
from xml.etree.ElementTree import ParseError

from pipeline.intake.hidden_xlsx import parts_of, targets_of
from pipeline.intake.kinds import BROKEN
from pipeline.intake.unseen import BUILT_IN, Look, Styles, Unseen

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


class _Sheet(Unseen):
    """A sheet while its records go by. Rows from 0."""

    def __init__(self, styles: Styles[int]):
        super().__init__()
        self.styles, self.bottom, self.right = styles, 0, 0
        self.waiting: set[tuple[int, int]] = set()  # formulas that hold 0 or nothing
        self.boxes: dict[int, str] = {}  # number of a box → its text, of which comments are one kind
        self.box = self.awaited = 0  # the last box, and how many letters of its text are still to come
        self.is_calculated = self.is_uncalculated = False  # whether any formula holds more; whether the sheet itself says that it waits

    def take_row(self, row: int, height: int, flags: int) -> None:
        if flags & ROW_HIDDEN or (flags & ROW_SIZED and not height):
            self.hidden_rows.append((row + 1, row + 1))

    def take_column(self, first: int, last: int, width: int, flags: int) -> None:
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
        self.extent = (self.bottom, self.right)
        self.uncalculated = self.waiting if is_waiting or self.is_uncalculated else set()


class _Book:
    """What all sheets share, while its records go by."""

    def __init__(self) -> None:
        self.fonts: list[tuple[bool, str]] = []
        self.codes = dict(BUILT_IN)
        self.used: list[tuple[int, int]] = []  # font and format of each style

    def styles(self) -> Styles[int]:
        fonts = dict(enumerate(self.fonts))
        return Styles.of((n, self.codes.get(code, ""), *fonts.get(font, (False, ""))) for n, (font, code) in enumerate(self.used))


# ── .xls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

BOF, EOF, BIFF8 = 0x0809, 0x000A, 0x0600
TEXTS = (0x00FD, 0x0204, 0x00D6)  # one that all sheets share, a cell's own, one in several fonts
NUMBERS = (0x027E, 0x0203, 0x00BD)  # one in four bytes, one in eight, several beside each other
OTHERS = (0x0006, 0x0205, 0x0208, 0x007D, 0x005E)  # formulas, errors, rows, columns, a sheet that waits
COMMENTS = (0x001C, 0x005D, 0x01B6, 0x003C)  # whose cell and who, a box, its text's length, its text


class OldWorkbook(Look):
    """`unseen` holds every sheet, without its extent. Raises ValueError, and what struct raises, where the file is damaged."""

    is_1904 = False

    def __init__(self, data: bytes):
        self._stream, self._book = _stream_of(data), _Book()
        self._names: dict[int, str] = {}  # where a sheet begins → its name
        self._is_biff8, self._page, self._says_who = False, "cp1252", False
        sheets: dict[str, _Sheet] = {}
        depth, within, wanted = 0, None, frozenset[int]()
        for kind, at, size in _records(self._stream):
            if kind == BOF:
                depth += 1
                if depth == 1 and at - 4 in self._names:
                    within = sheets[self._names[at - 4]] = _Sheet(self._styles)
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

    def _take_cells(self, sheet: _Sheet, kind: int, at: int, size: int) -> None:
        if kind in TEXTS:
            sheet.take(*CELL.unpack_from(self._stream, at))
        elif kind == 0x027E:
            row, column, style, number = self._numbers("<HHHI", at)
            sheet.take(row, column, style, _packed(number))
        elif kind == 0x0203:
            sheet.take(*self._numbers("<HHHd", at))
        elif kind == 0x00BD:
            row, first = self._numbers("<HH", at)
            for n in range((size - 6) // 6):
                style, number = self._numbers("<HI", at + 4 + 6 * n)
                sheet.take(row, first + n, style, _packed(number))
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

    def _take_comment(self, sheet: _Sheet, kind: int, at: int, size: int) -> None:
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


def _packed(number: int) -> float:
    """A number in four bytes: a whole one or half of a long one, as it is or its hundredth part.

    >>> _packed(0x3FF00000), _packed(5 << 2 | 2), _packed(8850 << 2 | 3)
    (1.0, 5.0, 88.5)
    """
    if number & 2:
        value = float((number >> 2) - (1 << 30 if number & 0x80000000 else 0))
    else:
        (value,) = struct.unpack("<d", struct.pack("<II", 0, number & 0xFFFFFFFC))
    return value / 100 if number & 1 else value


# ── .xlsb ────────────────────────────────────────────────────────────────────────────────────────────────────────


class BinaryWorkbook(Look):
    """`unseen` holds every sheet. Raises what zipfile and struct raise where a sheet is damaged: nothing else says how far it reaches."""

    is_1904 = False

    def __init__(self, archive: zipfile.ZipFile):
        self._archive, self._parts = archive, parts_of(archive)
        self._is_waiting = False
        try:
            self._styles, self._names = self._take_styles(), self._take_book()
        except (ParseError, *BROKEN):
            self._styles, self._names = Styles(), {}
        self.unseen = {}
        for part in self._parts:
            if "worksheets/" in part and part.endswith(".bin"):
                self.unseen[self._names.get(part, part)] = sheet = self._take_sheet(self._read(part))
                sheet.comments = dict(self._comments_of(part))

    def fonts(self, sheet: str) -> dict[int, str]:
        part = b"".join(self._read(part) for part, name in self._names.items() if name == sheet)
        texts = (LONG_CELL.unpack_from(part, at) for kind, at, _ in _long_records(part) if kind in (6, 7, 8, 62))
        return self._styles.fonts_of((column, style & 0xFFFFFF) for column, style in texts)

    def _read(self, part: str) -> bytes:
        return self._archive.read(self._parts[part])

    def _take_styles(self) -> Styles[int]:
        book, is_of_cells = _Book(), False
        name = next((n for n in self._parts if n.endswith("styles.bin")), None)
        part = self._read(name) if name else b""
        for kind, at, _ in _long_records(part):
            if kind == 43:
                _, flags = struct.unpack_from("<HH", part, at)
                book.fonts.append((bool(flags & STRUCK), _long_text(part, at + 21)[0]))
            elif kind == 44:
                book.codes[struct.unpack_from("<H", part, at)[0]] = _long_text(part, at + 2)[0]
            elif kind in (617, 618):
                is_of_cells = kind == 617
            elif kind == 47 and is_of_cells:
                _, code, font = struct.unpack_from("<HHH", part, at)
                book.used.append((font, code))
        return book.styles()

    def _take_book(self) -> dict[str, str]:
        """Part → name of its sheet."""
        workbook = min((n for n in self._parts if n.endswith("workbook.bin")), key=len)
        part, names = self._read(workbook), {}
        targets = targets_of(self._archive, self._parts, workbook)
        for kind, at, _ in _long_records(part):
            if kind == 153:
                self.is_1904 = bool(part[at] & 1)
            elif kind == 156:
                relation, end = _long_text(part, at + 8)
                names[targets.get(relation, "")] = _long_text(part, end)[0]
            elif kind == 157:
                self._is_waiting = bool(part[at + 24] & 1)  # everything is calculated when Excel opens it
        return names

    def _comments_of(self, sheet: str) -> Iterator[tuple[tuple[int, int], tuple[str, str]]]:
        """By cell who wrote a comment, and what. One that cannot be read says nothing."""
        try:
            targets = [t for t in targets_of(self._archive, self._parts, sheet).values() if "comments" in t and t in self._parts]
        except (ParseError, LookupError):
            return
        for part in map(self._read, targets):
            authors: list[str] = []
            place, who = (0, 0), 0
            for kind, at, _ in _long_records(part):
                if kind == 632:
                    authors.append(_long_text(part, at)[0])
                elif kind == 635:
                    who, top, _, left = struct.unpack_from("<4I", part, at)
                    place = top + 1, left
                elif kind == 637:
                    yield place, (authors[who] if who < len(authors) else "", _long_text(part, at + 1)[0])

    def _take_sheet(self, part: bytes) -> Unseen:
        sheet, row = _Sheet(self._styles), 0
        for kind, at, _ in _long_records(part):
            if kind == 0:
                row, _, height, _, flags = struct.unpack_from("<IIHBB", part, at)
                sheet.take_row(row, height, flags << 1)  # the same flags, a bit further down
            elif kind == 60:
                first, last, width, _, flags = struct.unpack_from("<4IH", part, at)
                sheet.take_column(first, last, width, flags)
            elif kind == 176:
                top, bottom, left, right = struct.unpack_from("<4I", part, at)
                sheet.merged.append((top, left, bottom, right))
            elif 2 <= kind <= 11 or kind == 62:
                column, style = LONG_CELL.unpack_from(part, at)
                style &= 0xFFFFFF
                if kind in (3, 11):
                    sheet.take_error(row, column, style, part[at + 8])
                elif kind == 2:
                    sheet.take(row, column, style, _packed(*struct.unpack_from("<I", part, at + 8)))
                elif kind == 5:
                    sheet.take(row, column, style, *struct.unpack_from("<d", part, at + 8))
                elif kind == 9:
                    sheet.take_formula(row, column, style, struct.unpack_from("<d", part, at + 8)[0], is_known=False)
                else:
                    sheet.take(row, column, style)
        sheet.end(self._is_waiting)
        return sheet


def _long_records(part: bytes) -> Iterator[Record]:
    """Kind and size are written seven bits to a byte."""
    at, end = 0, len(part)
    part += bytes(6)  # the last one may be cut off
    while at < end:
        kind, at = part[at], at + 1
        if kind & 0x80:
            kind, at = kind & 0x7F | (part[at] & 0x7F) << 7, at + 1
        size = 0
        for bits in (0, 7, 14, 21):
            byte, at = part[at], at + 1
            size |= (byte & 0x7F) << bits
            if byte < 0x80:
                break
        yield kind, at, size
        at += size


def _long_text(part: bytes, at: int) -> tuple[str, int]:
    """A text behind its length, and where it ends."""
    (count,) = struct.unpack_from("<I", part, at)
    end = at + 4 + 2 * count if count != 0xFFFFFFFF else at + 4
    return part[at + 4 : end].decode("utf-16-le", "replace"), end
