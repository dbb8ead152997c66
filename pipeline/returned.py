"""The workbook that a unit gets back: its own cells where they stood, faults coloured with a comment, our three sheets behind.

What does not belong here: what is said and to whom. Nothing executable goes back: no macros, no links out, and of formulas only those that
compute from the workbook's own cells; the value stands in the place of any other, and our first sheet says so.
"""

import html
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.intake.archive import read_version
from pipeline.intake.cells import Unreadable, read_cells
from pipeline.intake.explanations import CHANGES, EXPLANATIONS, FINDINGS, MARK, REASON, ours
from pipeline.intake.kinds import unlocked

LARGEST = 100 * 2**20  # bytes, unzipped: a larger workbook is answered by its summary alone
AUTHOR = "Kho dữ liệu nhân sự"
SPLIT = "\n— Ghi chú của đơn vị —\n"  # between our comment and one that stood there
LABELS = {"ERROR": "Lỗi", "WARNING": "Cảnh báo", "QUERY": "Câu hỏi"}
COLOURS = {"ERROR": "FFFFC7CE", "WARNING": "FFFFEB9C", "QUERY": "FFDDEBF7"}
HEAD = PatternFill("solid", fgColor="FF1F4E78")
TO_FILL = PatternFill("solid", fgColor="FFFFF9E5")
LINE = Border(*[Side("thin", color="FFBFBFBF")] * 4)
WRAP = Alignment(wrap_text=True, vertical="top")

# The unit's own formulas that may stay, in cells, drop-down lists and colour rules: plain references, literals and these functions.
PLAIN = {"AND", "OR", "NOT", "IF", "LEN", "TRIM", "ISBLANK", "ISNUMBER", "ISTEXT", "ISERROR", "COUNTIF", "COUNTA", "VALUE", "MATCH",
         "EXACT", "DATE", "YEAR", "MONTH", "DAY", "LEFT", "RIGHT", "MID", "SUBSTITUTE", "SUMPRODUCT", "ROW", "COLUMN", "TRUE", "FALSE",
         "IFERROR", "INT", "MOD", "ABS", "UPPER", "LOWER", "CODE", "FIND", "SEARCH", "SUM", "SUMIF", "SUMIFS", "COUNT", "COUNTBLANK",
         "COUNTIFS", "AVERAGE", "AVERAGEIF", "AVERAGEIFS", "MIN", "MAX", "ROUND", "ROUNDUP", "ROUNDDOWN", "TRUNC", "RANK", "SUBTOTAL",
         "VLOOKUP", "HLOOKUP", "LOOKUP", "INDEX", "CHOOSE", "ROWS", "COLUMNS", "TODAY", "NOW", "DATEDIF", "EDATE", "EOMONTH", "DATEVALUE",
         "YEARFRAC", "WEEKDAY", "PROPER", "CONCATENATE", "REPT", "TEXT", "IFNA", "ISNA", "ISERR", "ISEVEN", "ISODD", "NA", "CLEAN",
         "_XLFN.CONCAT", "_XLFN.TEXTJOIN", "_XLFN.IFS", "_XLFN.XLOOKUP", "_XLFN.IFNA"}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """A finding as its unit reads it."""

    severity: str
    dataset: str  # its label
    sheet: str | None
    row_no: int | None
    cell: str | None
    at: str | None  # where it is marked: the cell, or the row's first where the column is not there
    column: str | None  # its title
    found: str | None
    says: str
    rule: str
    key: str | None = None  # explanation key, where the unit may leave it as it is
    also: tuple[tuple[str | None, str], ...] = ()  # cells whose rules could not be asked before this one is mended


@dataclass(frozen=True)
class Change:
    """A row that differs from the last accepted version."""

    dataset: str
    kind: str
    who: str | None
    sheet: str | None
    row_no: int | None
    what: str


@dataclass(frozen=True)
class Job:
    """A file to give back."""

    blob: Path
    name: str  # as its sender called it
    target: Path
    faults: tuple[Fault, ...]
    changes: tuple[Change, ...]
    reasons: dict[str, str] = field(default_factory=dict)  # explanations already given
    content_hash: str = ""  # what the blob's bytes must be


class TooLarge(Exception):
    """More than is opened here."""


def give_back(job: Job) -> None:
    """Write the workbook. Raises TooLarge, Unreadable where nobody can read the file, or Lost."""
    data = read_version(job.blob, job.content_hash) if job.content_hash else job.blob.read_bytes()
    if not job.faults and not job.changes and is_harmless(data):
        job.target.write_bytes(data)  # nothing to say of it, and nothing in it that could run: as it came
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they quote cells
        own, is_frozen = _own_workbook(data := unlocked(data)) or (None, False)
        try:
            _write(own or _cells_as_workbook(data, job.name), job, is_frozen)
        except Exception:
            if own is None:
                raise
            _write(_cells_as_workbook(data, job.name), job)  # openpyxl read it and cannot write it: its cells go back


def _write(book: Workbook, job: Job, is_frozen: bool = False) -> None:
    names = {sheet.title: sheet for sheet in book.worksheets}
    only = book.worksheets[0].title if len(names) == 1 else None
    if not job.faults and not job.changes:
        book.save(job.target)
        return
    _mark(names, job.faults, only)
    sheets = [_findings_sheet(book, job.faults, only, is_frozen)]
    if any(f.key for f in job.faults):
        sheets.append(_explanations_sheet(book, job.faults, job.reasons, only))
    if job.changes:
        sheets.append(_changes_sheet(book, job.changes, only))
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is sheets[0]  # two selected sheets would be written to together
    book.active = book.worksheets.index(sheets[0])
    book.save(job.target)


# ── the unit's own cells ─────────────────────────────────────────────────────────────────────────────────────────


def _own_workbook(data: bytes) -> tuple[Workbook, bool] | None:
    """An .xlsx or .xlsm as it is, without whatever could run or lead outside, and whether values took the place of some formulas.

    None for other kinds and what openpyxl cannot open.
    """
    if not data.startswith(b"PK"):
        return _checked(len(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _checked(sum(part.file_size for part in parts.infolist()))
            if "xl/workbook.xml" not in parts.namelist():
                return None
            has_formulas = any(FORMULA.search(parts.read(n)) for n in parts.namelist() if n.startswith("xl/worksheets/"))
        book = load_workbook(io.BytesIO(data), keep_vba=False, keep_links=False)
        values = load_workbook(io.BytesIO(data), data_only=True, keep_vba=False, keep_links=False) if has_formulas else book
        is_frozen = _disarm(book, values)
    except TooLarge:
        raise
    except Exception:  # whatever openpyxl stumbles over, the reader has read the cells
        return None
    return (book, is_frozen) if book.worksheets else None


FORMULA = re.compile(rb"<(?:\w+:)?f(\s[^>]*)?>([^<]*)")

# Parts of a workbook that can run something or lead outside it.
RISKY_PARTS = re.compile(
    r"vbaProject|externalLink|connections|embeddings|activeX|ctrlProps|customUI|macrosheets|dialogsheets|webextension|queryTable|drawing|comments|pivot"
)
RISKY_WORDS = (
    b"\0",  # another encoding: the words would not be found
    b"<![CDATA[",
    b"<!--",
    b"<hyperlink",
    b"<dataValidation",
    b"<conditionalFormatting",
    b"<definedName",
    b"<x14:",
    *(n.encode() for n in (FINDINGS, EXPLANATIONS, CHANGES)),
)


def is_harmless(data: bytes) -> bool:
    """A plain .xlsx of values, styles and plain formulas, without our sheets: its bytes may go back as they are."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _checked(sum(part.file_size for part in parts.infolist()))
            if "xl/workbook.xml" not in (names := parts.namelist()) or any(map(RISKY_PARTS.search, names)):
                return False
            looked_at = [parts.read(n) for n in names if n == "xl/workbook.xml" or n.startswith("xl/worksheets/")]
    except Exception:  # whoever opens it next says what it is
        return False
    if any(word in text for text in looked_at for word in RISKY_WORDS):
        return False
    formulas = {found for text in looked_at for found in FORMULA.findall(text)}
    return all(b"t=" not in how.replace(b't="shared"', b"") and _plain(html.unescape(f.decode(errors="replace"))) for how, f in formulas)


def _checked(size: int) -> None:
    if size > LARGEST:
        raise TooLarge


def _cells_as_workbook(data: bytes, name: str) -> Workbook:
    """The cells of any file that the reader reads, as text."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in read_cells(data):
        if ours(sheet.name, sheet.rows[0][0] if sheet.rows and sheet.rows[0] else None):
            continue
        stem = sheet.name or Path(name).stem
        made = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", stem).strip("' ")[:31] or "Dữ liệu")
        for r, row in enumerate(sheet.rows, start=1):
            for c, value in enumerate(row, start=1):
                if value is not None:
                    _text(made.cell(r, c), value)
        for c in range(1, min(made.max_column, 40) + 1):
            made.column_dimensions[get_column_letter(c)].width = 18
    if not book.worksheets:
        raise Unreadable("known_dataset_present")
    return book


def _disarm(book: Workbook, values: Workbook) -> bool:
    """Formulas, drop-down lists, colour rules and names stay where they are plain; whether a value took a formula's place."""
    is_frozen = False
    for sheet in list(book.worksheets):
        if ours(sheet.title, sheet["A1"].value):
            book.remove(sheet)
    for sheet in book.chartsheets:
        book.remove(sheet)
    book.custom_doc_props = CustomPropertyList()
    gone: set[str] = set()  # a formula that speaks of them came to nothing
    for names in (book.defined_names, *(sheet.defined_names for sheet in book.worksheets)):
        for name in [n for n, defined in names.items() if not _reference(defined.attr_text or "")]:
            gone.add(name)
            del names[name]
    for sheet in book.worksheets:
        sheet._charts, sheet._pivots = [], []  # they hold references of their own
        sheet.data_validations.dataValidation = [
            v for v in sheet.data_validations.dataValidation if _plain(v.formula1) and _plain(v.formula2)
        ]
        kept = ConditionalFormattingList()
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                if all(_plain(f) for f in rule.formula or ()):
                    kept.add(str(area.sqref), rule)
        sheet.conditional_formatting = kept
        for cell in sheet._cells.values():
            if isinstance(cell, MergedCell):
                continue
            if cell.data_type == "f" and not _stays(cell.value, gone):
                is_frozen = True
                cell._value, cell.data_type = (held := values[sheet.title][cell.coordinate])._value, held.data_type
            if isinstance(cell.value, str) and cell.data_type != "f":
                _text(cell, cell.value)
            if cell.hyperlink is not None and (cell.hyperlink.target or cell.hyperlink.id):
                cell.hyperlink = None
            if cell.comment:
                _unmark(cell)
    return is_frozen


def _stays(formula: object, gone: set[str]) -> bool:
    """Whether a cell's formula may go back: a plain one that speaks of no name that went."""
    return isinstance(formula, str) and _plain(formula) and gone.isdisjoint(re.findall(r"[\w.]+", formula))


def _plain(formula: str | None) -> bool:
    """Whether a formula asks for nothing but cells of this workbook."""
    if not formula:
        return True
    outside = re.sub(r'"[^"]*"', '""', str(formula))
    called = {name.upper() for name in re.findall(r"([A-Za-z_.][\w.]*)\s*\(", outside)}
    return not re.search(r"[\[\]|\\]|://", outside) and called <= PLAIN


def _reference(text: str) -> bool:
    """Whether a name stands for cells of this workbook, and not for a formula."""
    return re.fullmatch(r"=?('[^'\[\]|]+'|[\w.]+)!\$?[A-Z]{1,3}\$?[0-9]+(:\$?[A-Z]{1,3}\$?[0-9]+)?", text) is not None


def _text(cell: Cell, value: str) -> None:
    """Text that stays text: never a formula, whatever it begins with, also after somebody edits the cell."""
    value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:32767]
    cell._value, cell.data_type = value, "s"
    if value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        cell.quotePrefix = True


# ── marks: colour and comment, and taking them off again ─────────────────────────────────────────────────────────


def _mark(sheets: dict[str, Worksheet], faults: Iterable[Fault], only: str | None) -> None:
    places: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        name = fault.sheet or only
        if name in sheets and fault.at:
            places.setdefault((name, fault.at), []).append(fault)
    for (name, address), here in places.items():
        cell = _writable(sheets[name], address)
        worst = min(here, key=lambda f: list(COLOURS).index(f.severity)).severity
        words = "\n".join(
            line
            for f in here
            for line in (f"{LABELS[f.severity]}: {f.column + ': ' if f.column and f.cell is None else ''}{f.says}", *_also(f))
        )
        theirs = cell.comment.text if cell.comment else None
        comment = Comment(words + (SPLIT + theirs if theirs else ""), f"{AUTHOR}|{_fill_words(cell.fill)}")
        comment.width, comment.height = 320, min(60 + 18 * (len(words) // 45 + len(here)), 400)
        cell.comment = comment
        cell.fill = PatternFill("solid", fgColor=COLOURS[worst])


def _writable(sheet: Worksheet, address: str) -> Cell:
    """The cell, or the first of the merged cells that it is hidden in."""
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        area = next(r for r in sheet.merged_cells.ranges if address in r)
        return sheet.cell(area.min_row, area.min_col)
    return cell


def _unmark(cell: Cell) -> None:
    """Take off what an earlier answer put there: its comment names itself and remembers the colour before."""
    author, _, fill = (cell.comment.author or "").partition("|")
    text = cell.comment.text or ""
    if author != AUTHOR:
        cell.comment = Comment(text, cell.comment.author or "")
        return
    cell.fill = _fill_of(fill)
    cell.comment = Comment(text.split(SPLIT, 1)[1], "") if SPLIT in text else None


def _fill_words(fill: PatternFill) -> str:
    colour = getattr(fill, "fgColor", None)
    if getattr(fill, "fill_type", None) != "solid" or colour is None:
        return ""
    return f"{colour.type} {colour.value} {colour.tint}"


def _fill_of(words: str) -> PatternFill:
    kind, value, tint = [*words.split(" "), "", "", ""][:3]
    if kind not in ("rgb", "theme", "indexed"):
        return PatternFill()
    colour = Color(**{kind: value if kind == "rgb" else int(value)}, tint=float(tint or 0))
    return PatternFill("solid", fgColor=colour)


# ── our sheets ───────────────────────────────────────────────────────────────────────────────────────────────────

Text = str | None


def _sheet(book: Workbook, name: str, title: str, words: str, head: Sequence[tuple[str, int]]) -> Worksheet:
    """A sheet of ours: the mark in a hidden first column, a title, what to do, a header row."""
    taken = {s.title for s in book.worksheets}
    sheet = book.create_sheet(next(n for n in (name, *(f"{name} ({i})" for i in range(2, 99))) if n not in taken))
    sheet.sheet_properties.tabColor = "FF1F4E78"
    sheet.column_dimensions["A"].hidden = True
    _text(sheet["A1"], MARK)
    sheet["B1"].font = Font(name="Arial", bold=True, size=14)
    _text(sheet["B1"], title)
    _text(sheet["B2"], words)
    sheet["B2"].alignment = WRAP
    sheet.merge_cells(start_row=2, end_row=2, start_column=2, end_column=len(head) + 1)
    sheet.row_dimensions[2].height = 34
    for c, (header, width) in enumerate(head, start=2):
        cell = sheet.cell(4, c)
        _text(cell, header)
        cell.font, cell.fill, cell.border = Font(name="Arial", bold=True, color="FFFFFFFF"), HEAD, LINE
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[get_column_letter(c)].width = width
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "4:4"
    return sheet


def _row(sheet: Worksheet, number: int, values: Sequence[Text], widths: Sequence[tuple[str, int]]) -> None:
    lines = 1
    for c, value in enumerate(values, start=2):
        cell = sheet.cell(number, c)
        cell.border, cell.alignment = LINE, WRAP
        if value:
            _text(cell, value)
            lines = max(lines, sum(len(part) // max(widths[c - 2][1] - 1, 1) + 1 for part in value.split("\n")))
    sheet.row_dimensions[number].height = min(15 * lines + 2, 400)


def _link(cell: Cell, sheet: str, address: str) -> None:
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(sheet)}!{address}")
    cell.font = Font(name="Arial", size=10, color="FF0563C1", underline="single")


def _findings_sheet(book: Workbook, faults: Sequence[Fault], only: str | None, is_frozen: bool) -> Worksheet:
    head = [("Mức", 11), ("Trang", 16), ("Ô", 9), ("Bộ dữ liệu", 13), ("Cột", 20), ("Đang là", 24), ("Phải là", 70), ("Quy tắc", 28)]  # fmt: skip
    own = {s.title: s for s in book.worksheets}
    words = "Sửa các ô ở mức Lỗi ngay trong tệp này rồi gửi lại cả tệp; bấm vào địa chỉ ô để đến ô đó. Ô được tô màu đỏ là lỗi, vàng là cảnh báo, xanh là câu hỏi."
    words = words if faults else "Tệp không có gì phải sửa."
    if is_frozen:
        words += " Công thức lấy dữ liệu ngoài tệp này hoặc dùng hàm không có trong danh mục cho phép đã được thay bằng giá trị."
    sheet = _sheet(book, FINDINGS, "KẾT QUẢ KIỂM TRA", words, head)
    for number, fault in enumerate(faults, start=5):
        name, place = (
            fault.sheet or only,
            fault.cell or (f"dòng {fault.row_no}" if fault.row_no else "cả tệp" if fault.sheet is None else "cả trang"),
        )
        found = fault.found
        if found is None and fault.cell and name in own:
            value = _writable(own[name], fault.cell).value
            found = None if value is None else f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
        says = "\n".join((fault.says, *_also(fault)))
        _row(sheet, number, [LABELS[fault.severity], name, place, fault.dataset, fault.column, found, says, fault.rule], head)
        sheet.cell(number, 2).fill = PatternFill("solid", fgColor=COLOURS[fault.severity])
        if fault.at and name in own:
            _link(sheet.cell(number, 4), name, fault.at)
    sheet.auto_filter.ref = f"B4:{get_column_letter(len(head) + 1)}{max(len(faults) + 4, 5)}"
    return sheet


def _also(fault: Fault) -> list[str]:
    """What could not be asked while this cell cannot be read: the unit looks at it in the same pass."""
    return [f"Sửa ô này thì xem cả{f' ô {address}' if address else ''}: {says}" for address, says in fault.also]


def _explanations_sheet(book: Workbook, faults: Sequence[Fault], reasons: dict[str, str], only: str | None) -> Worksheet:
    head = [("Mức", 11), ("Trang", 18), ("Ô", 14), ("Nội dung", 70), (REASON, 70)]
    words = "Nếu số liệu đúng và giữ nguyên, hãy ghi lý do vào cột cuối rồi gửi lại tệp này cùng trang này; không xóa cột ẩn A. Có thể bỏ trống."
    sheet = _sheet(book, EXPLANATIONS, "GIẢI TRÌNH CÂU HỎI VÀ CẢNH BÁO", words, head)
    lines: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.key:
            lines.setdefault(fault.key, []).append(fault)
    own = {s.title for s in book.worksheets}
    for number, (key, here) in enumerate(lines.items(), start=5):
        first = here[0]
        name = first.sheet or only
        places = ", ".join(f.cell or (f"dòng {f.row_no}" if f.row_no else "") for f in here)
        _row(sheet, number, [LABELS[first.severity], name, places, first.says, reasons.get(key)], head)
        _text(sheet.cell(number, 1), key)
        sheet.cell(number, 2).fill = PatternFill("solid", fgColor=COLOURS[first.severity])
        sheet.cell(number, 6).fill = TO_FILL
        sheet.cell(number, 6).protection = Protection(locked=False)
        if first.at and name in own:
            _link(sheet.cell(number, 4), name, first.at)
    return sheet


def _changes_sheet(book: Workbook, changes: Sequence[Change], only: str | None) -> Worksheet:
    head = [("Bộ dữ liệu", 14), ("Thay đổi", 24), ("Họ và tên", 28), ("Trang", 18), ("Dòng", 8), ("Nội dung", 80)]
    words = "So với bản được nhận gần nhất trước bản này, theo người chứ không theo số dòng."
    sheet = _sheet(book, CHANGES, "THAY ĐỔI SO VỚI BẢN TRƯỚC", words, head)
    own = {s.title for s in book.worksheets}
    for number, change in enumerate(changes, start=5):
        name = change.sheet or (only if change.row_no else None)
        row = str(change.row_no) if change.row_no else None
        _row(sheet, number, [change.dataset, change.kind, change.who, name, row, change.what], head)
        if row and name in own:
            _link(sheet.cell(number, 6), name, f"A{row}")
    sheet.auto_filter.ref = f"B4:G{max(len(changes) + 4, 5)}"
    return sheet
