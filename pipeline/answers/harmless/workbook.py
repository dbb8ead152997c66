"""A whole workbook held against the list: with anything besides what is known to be good it is not passed on as it is.

What does not belong here: the list itself (parts.py, formulas.py), making a workbook good (returned/kept.py), and reading its cells.
"""

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from posixpath import dirname, join, normpath
from xml.parsers.expat import ExpatError, ParserCreate

from pipeline.answers.harmless.formulas import Names
from pipeline.answers.harmless.parts import (
    ALONE,
    DRAWN,
    FORMULAS,
    KINDS,
    LEADS_TO,
    NOTES,
    PARTS,
    SHAPES,
    STRINGS,
    TELLING,
    TYPES,
    VALUES,
    WORKBOOK,
    WORKSHEET,
)


@dataclass(frozen=True)
class Contents:
    """What a workbook of nothing but good parts holds."""

    sheets: frozenset[str]
    has_notes: bool


LARGEST = 100 * 2**20  # bytes, unzipped: a larger workbook is not looked at, and answered by its summary alone
REMEMBERED = 100_000  # bytes of a part that is remembered


class NotKnown(Exception):
    """Something is not on the list."""


def contents(data: bytes) -> Contents | None:
    """What stands in an .xlsx of which every part, relation, element, attribute and formula is on the list; None for any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _contents(data, archive) if _is_its_parts(data, archive) else None
    except Exception:  # whatever cannot be looked at is not known
        return None


def _is_its_parts(data: bytes, archive: zipfile.ZipFile) -> bool:
    """Whether a zip is its parts, one after another, and their list: whoever reads from its front finds what whoever reads from its end does."""
    at, parts = 0, sorted(archive.infolist(), key=lambda part: part.header_offset)
    for part in parts:
        if part.header_offset != at or part.comment:
            return False
        at += 30 + sum(struct.unpack_from("<HH", data, at + 26)) + part.compress_size
        if part.flag_bits & 8:  # sizes again, behind the part
            at += 16 if data.startswith(b"PK\x07\x08", at) else 12
    ending, _, _, _, count, size, start, comment = struct.unpack("<4s4HIIH", data[-22:])
    return (ending, count, start, start + size, comment) == (b"PK\x05\x06", len(parts), at, len(data) - 22, 0)


def part(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """A part of a zip, at once: zipfile opens each like a file, which takes longer than what it reads. Raises NotKnown for one that is not what its line says."""
    at = info.header_offset
    sign, _, flags, method, _, _, _, _, _, named, more = struct.unpack_from("<4sHHHHHIIIHH", data, at)
    begin = at + 30 + named + more
    packed = data[begin : begin + info.compress_size]
    if (sign, flags, method, data[at + 30 : at + 30 + named]) != (
        b"PK\x03\x04",
        info.flag_bits,
        info.compress_type,
        info.filename.encode(),
    ):
        raise NotKnown  # called otherwise where it lies than in the list
    if flags & 1 or method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotKnown
    if method == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-15)
        plain = stream.decompress(packed, info.file_size + 1)
        if not stream.eof or stream.unused_data:
            raise NotKnown
    else:
        plain = packed
    if len(plain) != info.file_size or zlib.crc32(plain) != info.CRC:
        raise NotKnown
    return plain


@lru_cache(maxsize=64)
def is_good(content_type: str, xml: bytes) -> bool:
    """Whether a part holds nothing but what is on its list."""
    try:
        _Reader().read(content_type, xml)
    except (NotKnown, ExpatError):
        return False
    return True


def _contents(data: bytes, archive: zipfile.ZipFile) -> Contents:
    if sum(part.file_size for part in archive.infolist()) > LARGEST:
        raise NotKnown
    parts = {f"/{info.filename.lower()}": info for info in archive.infolist()}
    if len(parts) != len(archive.infolist()) or not all(re.fullmatch(r"[\w./\[\]-]+", name, re.ASCII) for name in parts):
        raise NotKnown
    reader = _Reader()
    reader.read(TYPES, part(data, archive.getinfo(TYPES)))
    kinds = {path: reader.type_of(path) for path in parts if path != f"/{TYPES.lower()}"}
    relations: list[tuple[str, dict[str, str]]] = []
    for path, kind in kinds.items():
        xml = part(data, parts[path])
        if kind in ALONE and len(xml) < REMEMBERED:
            if not is_good(kind, xml):
                raise NotKnown
            continue
        relations += [(path, relation) for relation in reader.read(kind, xml)]
    for path, relation in relations:
        source = dirname(dirname(path))  # of the part that the relations are of
        target = normpath(join(source, relation["Target"])).lower()
        if relation.get("TargetMode", "Internal") != "Internal" or kinds.get(target) != LEADS_TO.get(relation["Type"], ""):
            raise NotKnown
    if list(kinds.values()).count(WORKBOOK) != 1 or not all(map(reader.said.allow, reader.formulas)):
        raise NotKnown
    return Contents(frozenset(reader.sheets), NOTES in kinds.values())


# Most of a workbook's bytes are rows of plain values and plain strings: taken out whole, before what is left is parsed. Nothing between tags
# of these holds a tag, and there are no comments or sections that a tag could stand in, so what is left means what it meant.
_BEGINNING = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml version=["']1\.0["'](?: encoding=["'](?:UTF|utf)-8["'])?(?: standalone=["'](?:yes|no)["'])?\s*\?>)?\s*<\w"""
)
_CELL = (
    rb'<c r="[A-Z]++[0-9]++"(?: s="[0-9]++")?+(?: t="[a-zA-Z]++")?+'
    rb'(?:>(?:<v>[^<>]*+</v>|<is><t(?: xml:space="preserve")?+>[^<>]*+</t></is>|<v ?/>)?+</c>|/>)'
)
_OF_ROW = rb"r|spans|s|ht|customFormat|customHeight|hidden|outlineLevel|collapsed|thickBot|x14ac:dyDescent"
_ROW = rb"<row(?: (?:" + _OF_ROW + rb')="[^"<>]*+")*+(?:/>|>(?:' + _CELL + rb")*+</row>)"
PLAIN = {
    WORKSHEET: re.compile(rb"(?:" + _ROW + rb"\s*+)++|(?:" + _CELL + rb")++"),
    STRINGS: re.compile(rb'(?:<si><t(?: xml:space="preserve")?+>[^<>]*+</t></si>)++'),
}


class _Reader:
    """Reads parts, and keeps what is to be asked when all are read."""

    def __init__(self) -> None:
        self.said = Names()
        self.sheets: set[str] = set()
        self.formulas: set[str] = set()
        self.defaults: dict[str, str] = {}
        self.overrides: dict[str, str] = {}

    def type_of(self, path: str) -> str:
        return self.overrides.get(path) or self.defaults.get(path.rpartition(".")[2], "")

    def read(self, kind: str, xml: bytes) -> list[dict[str, str]]:
        """Raise NotKnown or ExpatError unless a part is good; gives its relations."""
        known, begun = PARTS.get(kind), _BEGINNING.match(xml)
        if known is None or begun is None or b"<!" in xml or b"<?" in xml[begun.end() :]:
            raise NotKnown
        relations: list[dict[str, str]] = []
        written: list[str] = []

        def start(element: str, attributes: dict[str, str]) -> None:
            if element not in known.elements or not attributes.keys() <= known.attributes:
                raise NotKnown
            if kind == SHAPES and not all(map(DRAWN.fullmatch, attributes.values())):
                raise NotKnown
            if element in FORMULAS:
                written.clear()
                parser.CharacterDataHandler = written.append
            if element in TELLING:
                self._take(element, attributes, relations)

        def end(element: str) -> None:
            if element in FORMULAS:
                parser.CharacterDataHandler = None
                self.formulas.add("".join(written))

        parser = ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.Parse(PLAIN[kind].sub(b"", xml) if kind in PLAIN else xml, True)
        return relations

    def _take(self, element: str, attributes: dict[str, str], relations: list[dict[str, str]]) -> None:
        """What an element says of the workbook as a whole, and what only some of its values may be."""
        name, known = TELLING[element], self.said
        if name == "Default":
            self.defaults[attributes["Extension"].lower()] = attributes["ContentType"]
        elif name == "Override":
            self.overrides[attributes["PartName"].lower()] = attributes["ContentType"]
        elif name == "Relationship":
            relations.append(attributes)
        elif name == "sheet":
            self.sheets.add(attributes["name"])
            known.sheets.add(attributes["name"].lower())
        elif name == "definedName":
            known.names.add(attributes["name"].lower())
        elif name == "table":
            known.tables |= {attributes[n].lower() for n in ("name", "displayName") if n in attributes}
        elif name in VALUES:
            self.formulas.add(attributes.get(VALUES[name], ""))
        if any(attributes.get(attribute) not in good for attribute, good in KINDS.get(name, {}).items()):
            raise NotKnown
