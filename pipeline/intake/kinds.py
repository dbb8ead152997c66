"""What some bytes are: which kind of spreadsheet, or why they are none. Content decides, never the name.

What does not belong here: opening a spreadsheet's sheets.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Literal

Kind = Literal["xlsx", "xlsb", "ods", "xls", "text"]

INFLATED = 300_000_000  # bytes of a workbook's parts together: a city's largest has 3 MB; more is a bomb or no form of ours
LARGE, PACKED = (
    20_000_000,
    100,
)  # what is that large and packed that well says the same again and again: cells, even blank ones, are packed 10 to 60 to 1
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, LookupError, NotImplementedError, RuntimeError, struct.error)

# How files begin that are no spreadsheets, and the rule that names them.
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "file_not_document"),
    (b"{\\rtf", "file_not_document"),
    (b"\x89PNG", "file_not_picture"),
    (b"\xff\xd8\xff", "file_not_picture"),
    (b"GIF8", "file_not_picture"),
    (b"BM", "file_not_picture"),
    (b"II*\0", "file_not_picture"),
    (b"MM\0*", "file_not_picture"),
    (b"RIFF", "file_not_picture"),
    (b"PK\x05\x06", "file_not_archive"),
    (b"Rar!", "file_not_archive"),
    (b"7z\xbc\xaf\x27\x1c", "file_not_archive"),
    (b"\x1f\x8b", "file_not_archive"),
    (b"L\0\0\0\x01\x14\x02\0", "file_not_shortcut"),
    (b"[InternetShortcut]", "file_not_shortcut"),
)
GOOGLE = re.compile(
    r"\{[^{}]*(?:\"doc_id\"|https?:(?://|\\/\\/)(?:docs|drive)\.google\.com)", re.DOTALL
)  # .gsheet, .gdoc: where the file is
WEB_PAGE = re.compile(
    r"<!doctype html|<(?:html|head|meta|body|table|style|title|div)\b|mime-version:|content-type: ?(?:text|multipart)", re.I
)
XML = re.compile(r"<\?xml|<(?:\w+:)?workbook\b", re.I)
# Names of streams in an OLE container, as its directory writes them.
DOCUMENT_STREAMS = tuple(n.encode("utf-16-le") for n in ("WordDocument", "PowerPoint Document", "__properties_version1.0", "VisioDocument"))
WORKBOOK_STREAMS = tuple(f"{n}\0".encode("utf-16-le") for n in ("Workbook", "Book", "WORKBOOK", "BOOK", "workbook", "book"))
ENCRYPTED_STREAMS = tuple(n.encode("utf-16-le") for n in ("EncryptedPackage", "EncryptionInfo", "DataSpaces"))


class Unreadable(Exception):
    """The bytes are no spreadsheet that we read. `rule` names why; the text never holds a cell's value."""

    def __init__(self, rule: str):
        super().__init__(rule)
        self.rule = rule


DEFAULT_PASSWORD = "VelvetSweatshop"  # Excel's own, where a workbook's structure is protected: it opens such a file without asking


def unlocked(data: bytes) -> bytes:
    """The bytes without Excel's default password, where they bear one; everything else as it is."""
    if not data.startswith(OLE) or not _is_encrypted(data):
        return data
    from msoffcrypto import OfficeFile  # few files need it, and every command would wait for it

    out = io.BytesIO()
    try:
        file = OfficeFile(io.BytesIO(data))
        file.load_key(password=DEFAULT_PASSWORD)
        file.decrypt(out)
    except Exception:  # another password, or damaged: kind_of says which
        return data
    return out.getvalue()


def kind_of(data: bytes) -> tuple[Kind, zipfile.ZipFile | None]:
    """Which kind the bytes are, and the opened container where it is one. Raises Unreadable."""
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable("file_not_empty")
    if data.startswith(ZIP):
        return _zipped(data)
    if data.startswith(OLE):
        return _ole(data), None
    for beginning, rule in BEGINNINGS:
        # two letters can begin a table too; a picture's have bytes behind them that no text has
        if data.startswith(beginning) and (len(beginning) > 2 or b"\0" in data[:32] or beginning[0] < 32):
            raise Unreadable(rule)
    head = data[:4000].decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="ignore").lstrip()
    if GOOGLE.match(head):
        raise Unreadable("file_not_shortcut")
    if head.startswith("<") or head[:4].lower() in ("mime", "cont"):
        if head.startswith("<") and XML.match(head) and not re.search(r"<html\b|<!doctype html", head, re.I):
            raise Unreadable("file_not_xml")
        if WEB_PAGE.match(head) or re.search(r"<html\b|<table\b", head, re.I):
            raise Unreadable("file_not_web_page")
    return "text", None


def _zipped(data: bytes) -> tuple[Kind, zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.NameToInfo
        # A part can be no larger than its record says: both readers stop there. So the records are the bound.
        inflated, packed = (sum(getattr(part, size) for part in archive.filelist) for size in ("file_size", "compress_size"))
        if inflated > INFLATED or (inflated > LARGE and inflated > packed * PACKED):
            raise Unreadable("file_size_in_bounds")
        if len({_named(part.filename) for part in archive.filelist}) < len(archive.filelist):
            raise Unreadable("file_readable")  # of two parts of one name each program reads another
        if "xl/workbook.xml" in parts:
            return "xlsx", archive
        if "xl/workbook.bin" in parts:
            return "xlsb", archive
        if "content.xml" in parts:
            if "META-INF/manifest.xml" in parts and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise Unreadable("file_not_protected")
            if "mimetype" in parts and b"spreadsheet" not in archive.read("mimetype"):
                raise Unreadable("file_not_document")
            return "ods", archive
        if "META-INF/manifest.xml" in parts and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Unreadable("file_not_protected")
    except BROKEN as error:
        raise Unreadable("file_readable") from error
    names = [_named(name) for name in parts]
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        raise Unreadable("file_not_iwork")
    endings: tuple[tuple[str, Kind], ...] = (("workbook.xml", "xlsx"), ("workbook.bin", "xlsb"))
    for ending, kind in endings:
        if any(name.endswith(ending) for name in names):
            return kind, archive
    if any(name.startswith(("word/", "ppt/", "visio/")) for name in names):
        raise Unreadable("file_not_document")
    raise Unreadable("file_not_archive")


def _named(part: str) -> str:
    return part.replace("\\", "/").lower()


def _is_encrypted(data: bytes) -> bool:
    return any(name in data for name in ENCRYPTED_STREAMS) or _has_filepass(data)


def _ole(data: bytes) -> Kind:
    if any(name in data for name in ENCRYPTED_STREAMS):
        raise Unreadable("file_not_protected")
    if any(name in data for name in DOCUMENT_STREAMS):
        raise Unreadable("file_not_document")
    if not any(name in data for name in WORKBOOK_STREAMS):
        raise Unreadable("file_readable")
    if _has_filepass(data):
        raise Unreadable("file_not_protected")
    return "xls"


def _has_filepass(data: bytes) -> bool:
    return any(record == 0x2F for record, _ in _first_records(data))


def in_unicode(data: bytes) -> bytes:
    """An .xls whose letters are Unicode and which says that they are of a code page, as some programs write it: Excel does not ask, the fast reader
    believes it."""
    wrong = [at for record, at in _first_records(data, b"\x06") if record == 0x42]
    if not wrong:
        return data
    changed = bytearray(data)
    for at in wrong:
        changed[at : at + 2] = struct.pack("<H", 1200)
    return bytes(changed)


def _first_records(data: bytes, versions: bytes = b"\x05\x06") -> Iterator[tuple[int, int]]:
    """Kind and place of what a workbook's stream begins with: BOF, and whether it is protected follows among its first records, in the same sector."""
    for bof in re.finditer(rb"\x09\x08[\x08\x10]\0\0[" + versions + rb"]\x05\0", data, re.DOTALL):
        if bof.start() % 64:  # streams begin on a sector, small ones on a sector of 64 bytes
            continue
        position = bof.start()
        for _ in range(8):
            if position + 6 > len(data):
                break
            record, size = struct.unpack_from("<HH", data, position)
            yield record, position + 4
            position += 4 + size
