"""What each reader of ours must hold to, whatever bytes it is given: its own refusal or an answer, nothing else.

A reader is a function of bytes that raises where something is wrong, and files to begin from. fuzz_readers.py looks for bytes that break one;
the suite asks their beginnings and some mutations (test_attack.py). What does not belong here: making bytes.
"""

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import ParseError

import active
import odd_files
import old_books
import test_legacy
import test_returned

from pipeline.answers.harmless import workbook as harmless
from pipeline.answers.returned.job import Job
from pipeline.answers.returned.package import TooLarge
from pipeline.answers.returned.workbook import give_back
from pipeline.intake import delimited, hidden, legacy, spreadsheets
from pipeline.intake.kinds import BROKEN, Unreadable, kind_of, unlocked
from pipeline.intake.unseen import Look


@dataclass(frozen=True)
class Reader:
    """`read` raises only where the reader broke; `modules` are what is looked into while it is tried."""

    read: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[str, ...] = ()  # that say something to it


# ── what bytes are, and text ─────────────────────────────────────────────────────────────────────────────────────


def _kind(data: bytes) -> None:
    try:
        kind_of(unlocked(data))
    except Unreadable:
        return


def _files() -> list[bytes]:
    """Every kind of file, the small ones."""
    made = [make() for make in odd_files.READ.values()]
    made += [make() for name, (make, _) in odd_files.REFUSED.items() if "bomb" not in name and "far" not in name and "corner" not in name]
    return [data for data in made if len(data) < 20_000]


def _text(data: bytes) -> None:
    try:
        sheet = delimited.read_text(data)
    except Unreadable:
        return
    assert not any(cell is not None and ("\0" in cell or cell != cell.strip()) for row in sheet.rows for cell in row)
    assert all(1 <= number <= len(sheet.rows) for number in sheet.stray_quotes)


def _texts() -> list[bytes]:
    table = "\n".join(";".join(row) for row in odd_files.TABLE)
    made = [odd_files.delimited(sign, encoding) for sign in ",;\t|" for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le")]
    made += [encoded(table) for encoded in test_legacy.BYTES.values()]
    return [*made, b'sep=;\r\na;b\r\n"c;d";e', b'a,b,c\n"1,x,2"\n3,y,4', 'a;b\n1;"x\n2;y"\n'.encode("utf-16")]


def _letters(data: bytes) -> None:
    """A cell per tab, a row per line: its shape stays, and what was not converted is as it was."""
    rows: legacy.Rows = [[cell or None for cell in line.split("\t")] for line in data.decode("utf-8", "ignore").split("\n")]
    test_legacy.test_whatever_stands_in_a_sheet_its_shape_stays.hypothesis.inner_test(rows)


def _sheets_of_letters() -> list[bytes]:
    table = "\n".join("\t".join(row) for row in odd_files.TABLE * 3)
    return [table.encode(), *(shown(table).encode() for shown in test_legacy.SHOWN.values())]


# ── parts of workbooks ───────────────────────────────────────────────────────────────────────────────────────────

PARTS = (
    test_returned.SHEET,
    test_returned.BOOK,
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    test_returned.TYPES,
)
PARTS_MORE = ("xl/worksheets/_rels/sheet1.xml.rels", test_returned.TABLE, "xl/theme/theme1.xml", "_rels/.rels", "docProps/core.xml")


@cache
def _whole() -> dict[str, bytes]:
    made = io.BytesIO(test_returned.edited(test_returned.table_formula, whole=True))
    with zipfile.ZipFile(made) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def _with_part(data: bytes) -> bytes:
    """A workbook of which one part is `data` without its first byte, which says which."""
    names = PARTS + PARTS_MORE
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, part in (_whole() | {names[data[0] % len(names)]: data[1:]} if data else _whole()).items():
            package.writestr(name, part)
    return out.getvalue()


def _parts(most: int) -> list[bytes]:
    """Each part as it is, and as each kind of active content makes it."""
    names, found = PARTS + PARTS_MORE, {}
    for kind, edit in {"": lambda parts: None, **test_returned.ODD}.items():
        with zipfile.ZipFile(io.BytesIO(test_returned.edited(edit, whole=kind in test_returned.OF_WHOLE))) as package:
            for number, name in enumerate(names[:most]):
                if name in package.namelist():
                    found[bytes([number]) + package.read(name)] = None
    return list(found)


def _unseen(data: bytes) -> None:
    """What the values do not show: a sheet, or nothing where a part is damaged; never another error (spreadsheets._look)."""
    look = spreadsheets._look(b"", "xlsx", zipfile.ZipFile(io.BytesIO(_with_part(data))))
    if look is None:
        return
    for name, unseen in look.unseen.items():
        assert isinstance(name, str) and min(unseen.extent) >= 0
        try:
            look.fonts(name)
        except (ParseError, *BROKEN):  # as spreadsheets._fonts takes it
            return


def _looked_into(look: Callable[[], Look]) -> None:
    """As spreadsheets._look takes it: the file is refused, or told to be blind."""
    try:
        found = look()
    except (ParseError, *BROKEN):
        return
    for name, unseen in found.unseen.items():
        assert min(unseen.extent) >= 0 and all(first <= last for first, last in unseen.hidden_rows)
        try:
            found.fonts(name)
        except (ParseError, *BROKEN):  # as spreadsheets._fonts takes it
            return


def _binary(data: bytes) -> None:
    """The part that the first byte says, in a workbook of whole ones."""
    parts = _unpacked(old_books.xlsb(OLD))
    names = [name for name in parts if name.endswith(".bin")]
    parts |= {names[data[0] % len(names)]: data[1:]} if data else {}
    _looked_into(lambda: hidden.BinaryWorkbook(zipfile.ZipFile(io.BytesIO(odd_files.package(parts)))))


def _binary_parts() -> list[bytes]:
    parts = [part for name, part in _unpacked(old_books.xlsb(OLD)).items() if name.endswith(".bin")]
    return [bytes([number]) + part for number, part in enumerate(parts)]


def _old(data: bytes) -> None:
    _looked_into(lambda: hidden.OldWorkbook(data))


def _open_document(data: bytes) -> None:
    """Its styles where the first byte is even, its content where it is odd."""
    parts = _unpacked(old_books.ods(OLD)) | ({("styles.xml", "content.xml")[data[0] % 2]: data[1:]} if data else {})
    _looked_into(lambda: hidden.OpenDocument(zipfile.ZipFile(io.BytesIO(odd_files.package(parts)))))


def _open_documents() -> list[bytes]:
    spanned = odd_files.ods(
        '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-rows-spanned="2"/></table:table-row>'
    )
    whole = _unpacked(old_books.ods(OLD))
    made = [b"\1" + _unpacked(data)["content.xml"] for data in (odd_files.ods_table(), spanned)]
    return [*made, b"\0" + whole["styles.xml"], b"\1" + whole["content.xml"]]


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


OLD = old_books.Made(
    [
        ["Họ tên", "Điểm"],
        [old_books.Cell("An", "struck"), old_books.Cell(0.885, "percent")],
        [old_books.Cell("#REF!"), old_books.Cell(None, formula=True)],
    ],
    hidden_rows=(1,),
    hidden_columns=(1,),
)


def _known(data: bytes) -> None:
    """What is taken for good holds nothing that another grammar does not know."""
    book = _with_part(data)
    if harmless.contents(book):
        assert not (found := active.problems(book)), found


def _returned(data: bytes) -> None:
    """Whatever comes, what goes back holds nothing active."""
    with TemporaryDirectory() as name:
        sent, target = Path(name, "sent"), Path(name, "back.xlsx")
        sent.write_bytes(_with_part(data))
        try:
            give_back(Job(sent, "bao-cao.xlsx", target, (test_returned.FAULT,) if data[:1] > b"\x7f" else (), ()))
        except (Unreadable, TooLarge):
            return
        assert not (found := active.problems(target.read_bytes())), found


XML_WORDS = (
    "<?xml version='1.0' encoding='", "UTF-16", "utf-9", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE a [<!ENTITY e 'x'>]>", "&e;", "&#10;", "&lt;",
    "xmlns:q='", "q:", " r='A1'", " t='e'", " s='1'", " hidden='1'", "<f>", "</f>", "<v>", "</v>", "1e999", "-1", "99999999999999999999", "date1904='1'",
)  # fmt: skip
WORKBOOK_WORDS = (
    *XML_WORDS, "WEBSERVICE(", "HYPERLINK(", "[1]", "'[k.xlsx]S'!", "cmd|'/c'!A0", "_xlfn.", "#REF!", "TargetMode='External'", "Target='",
    "r:id='rOut'", "<hyperlink ", "location='", "<oleObjects/>", "<drawing ", "ContentType='", "vbaProject", "t='dataTable'", "xlm='1'", "http://la.example",
)  # fmt: skip
READERS = {
    "kinds of files": Reader(_kind, _files, ("PK\x03\x04", "Workbook", "EncryptedPackage", "<html", "{\"doc_id\"")),
    "text": Reader(_text, _texts, ("sep=;", '"', "\r\n", ";", "Nguyễn", "NguyÔn", "Nguyeãn", "\xff\xfe")),
    "old letters": Reader(_letters, _sheets_of_letters, ("Nguyễn", "NguyÔn", "Nguyeãn", "ĐẢNG", "§¶ng", "Ñaûng", "\t", "\n")),
    "what values do not show": Reader(_unseen, lambda: _parts(len(PARTS)), (*XML_WORDS, "formatCode=", "numFmtId='11'", "<strike/>", "ht='0'")),
    "binary sheets": Reader(_binary, _binary_parts),
    "old workbooks": Reader(_old, lambda: [old_books.xls(OLD), odd_files.protected_xls()]),
    "OpenDocument tables": Reader(
        _open_document, _open_documents,
        (*XML_WORDS, "number-rows-repeated='", "number-columns-repeated='", "value-type='", "visibility='collapse'", "data-style-name='", "formula='"),
    ),
    "what is known to be good": Reader(_known, lambda: _parts(99), WORKBOOK_WORDS),
    "what goes back": Reader(_returned, lambda: _parts(99), WORKBOOK_WORDS),
}  # fmt: skip
