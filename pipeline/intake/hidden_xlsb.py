"""The light pass over .xlsb: one walk over the records of each sheet; only cells in odd styles are looked at closer.

What does not belong here: what is seen of a sheet (hidden_records), cells' values, and refusing.
"""

import struct
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from pipeline.intake.hidden_records import LONG_CELL, STRUCK, Record, RecordBook, RecordSheet, packed
from pipeline.intake.hidden_xlsx import parts_of, targets_of
from pipeline.intake.kinds import BROKEN
from pipeline.intake.unseen import Look, Styles, Unseen


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
        book, is_of_cells = RecordBook(), False
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
        sheet, row = RecordSheet(self._styles), 0
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
                    sheet.take(row, column, style, packed(*struct.unpack_from("<I", part, at + 8)))
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
