"""A workbook's parts as its zip holds them: some are read and written again, all others stay byte for byte.

Text is changed and not parsed and written anew: so whatever an office's program wrote besides stays as it was. What is not written as programs write it
(elements under a prefix, tags without their addresses) is `NotPlain`. What does not belong here: what may leave (harmless/), marks and sheets.
"""

import html
import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from posixpath import dirname, join, normpath, relpath

from pipeline.answers.harmless.parts import LEADS_TO, NOTES, SHAPES, STYLES, TYPES, WORKBOOK, WORKSHEET
from pipeline.answers.harmless.workbook import LARGEST, NotKnown, part


class TooLarge(Exception):
    """More than is opened here."""


class NotPlain(Exception):
    """Not written as it could be changed here."""


BEGINS = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = {content_type: kind for kind, content_type in LEADS_TO.items()}
ROOT = "_rels/.rels"
UNSEEN = {"_xlnm._FilterDatabase"}  # names that no program lists
FAST = 3  # of zlib's nine: a third of the time for a tenth more bytes


def tags(name: str, text: str) -> list[re.Match[str]]:
    """Where an element begins, whatever its attributes hold; each with its attributes as they are written in group 1."""
    return list(re.finditer(rf"""<{name}((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*/?>""", text))


def attributes(written: str) -> dict[str, str]:
    """Attributes as they are meant."""
    return {name: html.unescape(a or b) for name, a, b in re.findall(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", written)}


def within(name: str, text: str) -> tuple[int, int]:
    """From where to where the one element of a name reaches, without its tags. Raises NotPlain where there is not one that holds something."""
    begin, end = tags(name, text), text.find(f"</{name}>")
    if len(begin) != 1 or end < 0 or text.count(f"</{name}>") != 1:
        raise NotPlain
    return begin[0].end(), end


@dataclass(frozen=True)
class SheetPart:
    """A sheet of the workbook and where its part lies."""

    name: str
    path: str


class Package:
    """The parts of one workbook."""

    def __init__(self, data: bytes):
        with zipfile.ZipFile(io.BytesIO(data)) as listed:
            infos = listed.infolist()
        self._data, self._kept = data, {info.filename: info for info in infos}
        if sum(info.file_size for info in self._kept.values()) > LARGEST:
            raise TooLarge
        if TYPES not in self._kept or len(self._kept) != len(infos):
            raise NotPlain
        self._names = {f"/{name}".lower(): name for name in self._kept}
        self._written: dict[str, str] = {}
        (self.book,) = self._of_kind(ROOT, WORKBOOK)

    def read(self, path: str) -> str:
        """A part's text. Raises NotPlain."""
        if path in self._written:
            return self._written[path]
        try:
            return part(self._data, self._kept[path]).decode().removeprefix("\ufeff")
        except (KeyError, NotKnown, UnicodeDecodeError) as error:
            raise NotPlain from error

    def write(self, path: str, text: str) -> None:
        """Let a part hold another text."""
        self._written[path] = text

    def has(self, path: str) -> bool:
        return path in self._kept or path in self._written

    @cached_property
    def has_notes(self) -> bool:
        """Whether any cell bears a note."""
        return NOTES in self.read(TYPES)

    @cached_property
    def sheets(self) -> list[SheetPart]:
        """The workbook's sheets in their order. Raises NotPlain."""
        places, text = self._relations(self.book), self.read(self.book)
        found = []
        for tag in tags("sheet", text):
            said = attributes(tag[1])
            key = next((value for name, value in said.items() if name.endswith(":id")), "")
            if "name" not in said or key not in places:
                raise NotPlain
            found.append(SheetPart(said["name"], places[key]))
        if not found:
            raise NotPlain
        return found

    @cached_property
    def styles(self) -> str:
        """Where the part of styles lies. Raises NotPlain."""
        found = self._of_kind(self.book, STYLES)
        if len(found) != 1:
            raise NotPlain
        return found[0]

    def add(self, path: str, content_type: str, text: str, source: str) -> str:
        """A new part to which `source` leads; its relation's key. Raises NotPlain."""
        if f"/{path}".lower() in self._names or self.has(path):
            raise NotPlain
        self.write(path, text)
        if content_type == SHAPES:
            if not re.search(r"""Extension=["']vml["']""", self.read(TYPES)):
                self._append(TYPES, "Types", f'<Default Extension="vml" ContentType="{content_type}"/>')
        else:
            self._append(TYPES, "Types", f'<Override PartName="/{path}" ContentType="{content_type}"/>')
        rels = _rels(source)
        if not self.has(rels):
            self.write(rels, f'{BEGINS}<Relationships xmlns="{_PACKAGE}"></Relationships>')
        taken = {attributes(tag[1]).get("Id") for tag in tags("Relationship", self.read(rels))}
        key = next(key for n in range(1, len(taken) + 2) if (key := f"rIdKho{n}") not in taken)
        target = relpath(f"/{path}", f"/{dirname(source)}")
        self._append(rels, "Relationships", f'<Relationship Id="{key}" Type="{_KIND[content_type]}" Target="{target}"/>')
        return key

    def add_sheet(self, name: str, text: str, names: dict[str, str], is_first: bool, is_before: bool = False) -> None:
        """A new sheet behind all others, or before them, and what the workbook says of it by defined names; `is_first` of ours, it is the one that shows."""
        count = len(self.sheets)
        place = 0 if is_before else count
        paths = (join(dirname(self.book), f"worksheets/sheet{n}.xml") for n in range(count + 1, count + 1000))
        path = next(p for p in paths if f"/{p}".lower() not in self._names and not self.has(p))
        key = self.add(path, WORKSHEET, text, self.book)
        book = self.read(self.book)
        taken = [int(attributes(tag[1]).get("sheetId", "0")) for tag in tags("sheet", book)]
        tag = f'<sheet xmlns:r="{RELATIONS}" name="{html.escape(name)}" sheetId="{max(taken) + 1}" r:id="{key}"/>'
        begin, end = within("sheets", book)
        at = begin if is_before else end
        book = f"{book[:at]}{tag}{book[at:]}"
        book = _with_names(_moved(book) if is_before else book, place, names)
        self.write(self.book, _showing(book, place) if is_first else book)
        self.sheets.insert(place, SheetPart(name, path))

    def bytes(self) -> bytes:
        """The workbook: what was not written again as it was zipped."""
        parts = []
        for name, info in self._kept.items():
            if name not in self._written:
                begin = info.header_offset + 30 + sum(struct.unpack_from("<HH", self._data, info.header_offset + 26))
                parts.append((name, info.compress_type, info.CRC, info.file_size, self._data[begin : begin + info.compress_size]))
        for name, text in self._written.items():
            plain, press = text.encode(), zlib.compressobj(FAST, zlib.DEFLATED, -15)
            parts.append((name, zipfile.ZIP_DEFLATED, zlib.crc32(plain), len(plain), press.compress(plain) + press.flush()))
        return zipped(sorted(parts, key=lambda part: part[0] != TYPES))

    def _append(self, path: str, root: str, text: str) -> None:
        """Something more before a part's root ends."""
        whole = self.read(path)
        _, end = within(root, whole)
        self.write(path, whole[:end] + text + whole[end:])

    def _relations(self, source: str) -> dict[str, str]:
        """Key → path of what a part leads to."""
        return {key: path for key, (_, path) in self._led(source).items()}

    def _of_kind(self, source: str, content_type: str) -> list[str]:
        return [path for kind, path in self._led(source).values() if LEADS_TO.get(kind) == content_type]

    def _led(self, source: str) -> dict[str, tuple[str, str]]:
        rels = ROOT if source == ROOT else _rels(source)
        found = {}
        for tag in tags("Relationship", self.read(rels)) if self.has(rels) else ():
            said = attributes(tag[1])
            place = normpath(join("/", "" if source == ROOT else dirname(source), said.get("Target", "")))
            if said.get("TargetMode", "Internal") == "Internal" and place.lower() in self._names:
                found[said.get("Id", "")] = said.get("Type", ""), self._names[place.lower()]
        return found


def _with_names(book: str, place: int, names: dict[str, str]) -> str:
    """The workbook's part with more defined names of one sheet."""
    said = ""
    for name, what in names.items():
        hidden = ' hidden="1"' if name in UNSEEN else ""
        said += f'<definedName name="{name}" localSheetId="{place}"{hidden}>{html.escape(what, quote=False)}</definedName>'
    begin = tags("definedNames", book)
    if begin and not begin[0][0].endswith("/>"):
        _, end = within("definedNames", book)
        return f"{book[:end]}{said}{book[end:]}"
    book = book[: begin[0].start()] + book[begin[0].end() :] if begin else book
    end = within("sheets", book)[1] + len("</sheets>")
    return f"{book[:end]}<definedNames>{said}</definedNames>{book[end:]}"


def _moved(book: str) -> str:
    """The workbook's part whose names of single sheets are of the next one each: one came before them."""
    for tag in reversed(tags("definedName", book)):
        said = re.sub(r"""(\slocalSheetId\s*=\s*["'])([0-9]+)(?=["'])""", lambda of: f"{of[1]}{int(of[2]) + 1}", tag[0])
        book = book[: tag.start()] + said + book[tag.end() :]
    return book


def _showing(book: str, place: int) -> str:
    """The workbook's part with another sheet in front."""
    views = tags("workbookView", book)
    if not views:
        (sheets,) = tags("sheets", book)
        return f'{book[: sheets.start()]}<bookViews><workbookView activeTab="{place}"/></bookViews>{book[sheets.start() :]}'
    view = re.sub(r"""\s(?:activeTab|firstSheet)\s*=\s*(?:"[^"]*"|'[^']*')""", "", views[0][0])
    shown = re.sub(r"\A<workbookView", f'<workbookView activeTab="{place}"', view)
    return book[: views[0].start()] + shown + book[views[0].end() :]


def _rels(source: str) -> str:
    folder, _, name = source.rpartition("/")
    return join(folder, "_rels", f"{name}.rels")


Zipped = tuple[str, int, int, int, bytes]  # name, method, sum, bytes unzipped, bytes as they lie in the zip
_MADE = 33  # the first day that a zip knows: the same parts give the same bytes


def zipped(parts: list[Zipped]) -> bytes:
    """A zip of parts one after another, and their list."""
    body, listed = bytearray(), bytearray()
    for name, method, crc, size, data in parts:
        said = (20, 0, method, 0, _MADE, crc, len(data), size, len(name.encode()), 0)
        listed += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, *said, 0, 0, 0, 0, len(body)) + name.encode()
        body += struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", *said) + name.encode() + data
    ending = struct.pack("<4s4HIIH", b"PK\x05\x06", 0, 0, len(parts), len(parts), len(listed), len(body), 0)
    return bytes(body + listed + ending)
