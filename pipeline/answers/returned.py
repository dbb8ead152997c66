"""The workbook that a unit gets back: its own cells where they stood, faults coloured with a comment, our three sheets behind.

Only what is known to be good goes back: a file of nothing else as it came, any other written anew from what is kept of it, else its cells alone.
A value stands in the place of a formula that leads outside, and our first sheet says so.

What does not belong here: what is said and to whom, and what is known to be good (harmless.py).
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.answers import harmless
from pipeline.answers.harmless import LARGEST
from pipeline.intake.cells import read_cells
from pipeline.intake.explanations import AUTHOR, CHANGES, EXPLANATIONS, FINDINGS, MARK, REASON, SPLIT, ours
from pipeline.intake.kinds import OLE, ZIP, Unreadable, unlocked
from pipeline.ledger.archive import read_version
from pipeline.ledger.sealed import Seal

LABELS = {"ERROR": "Lỗi", "WARNING": "Cảnh báo", "QUERY": "Câu hỏi"}
COLOURS = {"ERROR": "FFFFC7CE", "WARNING": "FFFFEB9C", "QUERY": "FFDDEBF7"}
HEAD = PatternFill("solid", fgColor="FF1F4E78")
TO_FILL = PatternFill("solid", fgColor="FFFFF9E5")
LINE = Border(*[Side("thin", color="FFBFBFBF")] * 4)
WRAP = Alignment(wrap_text=True, vertical="top")


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
    seal: Seal | None = None  # what opens them


# What became of a file besides its marks: nothing, values in the place of what led outside, or nothing left but its values.
Became = Literal["frozen", "values"] | None
LOST = {
    "frozen": "công thức, danh sách chọn hoặc quy tắc tô màu lấy dữ liệu ngoài tệp hoặc dùng hàm không có trong danh mục cho phép đã được thay "
    "bằng giá trị hoặc bỏ đi",
    "values": "chỉ giá trị của các ô được giữ lại, không giữ định dạng và công thức",
}


class TooLarge(Exception):
    """More than is opened here."""


def give_back(job: Job) -> Became:
    """Write the workbook; what became of it besides marks. Raises TooLarge, Unreadable where nobody can read the file, or Lost.

    Whatever leaves is on the list of harmless.py, whoever wrote it.
    """
    data = read_version(job.blob, job.content_hash, job.seal) if job.content_hash else job.blob.read_bytes()
    if not job.faults and not job.changes and _may_go_as_it_came(data):
        job.target.write_bytes(data)  # nothing to say of it
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they quote cells
        data = unlocked(data)
        made = _written(lambda: _own_workbook(data), job) or _written(lambda: _cells_as_workbook(data, job.name), job)
    if made is None:
        raise Unreadable("file_readable")
    written, became = made
    job.target.write_bytes(written)
    return became


def _written(make: Callable[[], tuple[Workbook, Became] | None], job: Job) -> tuple[bytes, Became] | None:
    """The marked workbook's bytes, and what became of it; None where it cannot be made, written, or passed on."""
    out = io.BytesIO()
    try:
        if (made := make()) is None:
            return None
        book, became = made
        _finish(book, job, became)
        book.save(out)
    except TooLarge:
        raise
    except Exception:  # whatever openpyxl stumbles over, the reader has read the cells
        return None
    return (out.getvalue(), became) if harmless.contents(out.getvalue()) else None


def _finish(book: Workbook, job: Job, became: Became) -> None:
    """Marks, and our sheets, where there is anything to say."""
    names = {sheet.title: sheet for sheet in book.worksheets}
    only = book.worksheets[0].title if len(names) == 1 else None
    if not job.faults and not job.changes:
        return
    _mark(names, job.faults, only)
    sheets = [_findings_sheet(book, job.faults, only, became)]
    if any(f.key for f in job.faults):
        sheets.append(_explanations_sheet(book, job.faults, job.reasons, only))
    if job.changes:
        sheets.append(_changes_sheet(book, job.changes, only))
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is sheets[0]  # two selected sheets would be written to together
    book.active = book.worksheets.index(sheets[0])


# ── the unit's own cells ─────────────────────────────────────────────────────────────────────────────────────────


def _may_go_as_it_came(data: bytes) -> bool:
    """All of it is on the list, and none of it is ours: no sheet, and no note, which may be a mark."""
    if not data.startswith(b"PK"):
        return False
    found = harmless.contents(data)
    return found is not None and not found.has_notes and not any(ours(name, MARK) for name in found.sheets)


def _own_workbook(data: bytes) -> tuple[Workbook, Became] | None:
    """An .xlsx or .xlsm anew, of what openpyxl knows and we keep. None for other kinds."""
    if not data.startswith(b"PK"):
        _checked(len(data))
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        _checked(sum(part.file_size for part in parts.infolist()))
        if harmless.TYPES not in parts.namelist():
            return None

    def opened(data_only: bool = False) -> Workbook:
        return load_workbook(io.BytesIO(data), data_only=data_only, keep_vba=False, keep_links=False)

    book = opened()
    became = _keep_the_good(book, lambda: opened(data_only=True))
    return (book, became) if book.worksheets else None


def _checked(size: int) -> None:
    if size > LARGEST:
        raise TooLarge


def _cells_as_workbook(data: bytes, name: str) -> tuple[Workbook, Became]:
    """The cells of any file that the reader reads, as text; one that is text itself lost nothing."""
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
    return book, "values" if data.startswith((ZIP, OLE)) else None


# What a workbook and its sheets keep of what openpyxl read; of all else they get what a new one has.
KEPT_OF_BOOK = {
    "_sheets", "_active_sheet_index", "defined_names", "properties", "security", "shared_strings", "loaded_theme", "_epoch", "calculation", "views",
    "_fonts", "_alignments", "_borders", "_fills", "_number_formats", "_date_formats", "_timedelta_formats", "_protections", "_colors",
    "_cell_styles", "_named_styles", "_table_styles", "_differential_styles",
}  # fmt: skip
KEPT_OF_SHEET = {
    "_parent", "_WorkbookChild__title", "HeaderFooter", "_cells", "row_dimensions", "column_dimensions", "row_breaks", "col_breaks",
    "merged_cells", "_tables", "data_validations", "sheet_state", "page_setup", "print_options", "_print_rows", "_print_cols", "_print_area",
    "page_margins", "views", "protection", "defined_names", "_current_row", "auto_filter", "conditional_formatting", "sheet_properties",
    "sheet_format",
}  # fmt: skip
KEPT_OF_TABLE = ("id", "name", "displayName", "ref", "headerRowCount", "totalsRowCount", "autoFilter", "tableStyleInfo")


def _as_new(thing: object, new: object, kept: set[str]) -> None:
    for name in vars(thing).keys() - kept:
        if name in vars(new):
            setattr(thing, name, vars(new)[name])
        else:
            delattr(thing, name)


def _keep_the_good(book: Workbook, values: Callable[[], Workbook]) -> Became:
    """Only what is known to be good stays; "frozen" where a value took a formula's place, or a list, a colour rule or a name went."""
    for sheet in list(book._sheets):
        if sheet not in book.worksheets or ours(sheet.title, sheet["A1"].value):
            book.remove(sheet)
    _as_new(book, Workbook(), KEPT_OF_BOOK)
    if book.loaded_theme and not harmless.is_good(harmless.THEME, book.loaded_theme):
        book.loaded_theme = None
    for sheet in book.worksheets:
        _as_new(sheet, Worksheet(book), KEPT_OF_SHEET)
    own = harmless.Names(sheets={sheet.title.lower() for sheet in book.worksheets})
    own.tables |= {
        name.lower() for sheet in book.worksheets for table in sheet._tables.values() for name in (table.name, table.displayName)
    }
    is_frozen = _keep_names(book, own)
    frozen: list[Cell] = []
    for sheet in book.worksheets:
        is_frozen |= _keep_parts(sheet, own)
        for cell in sheet._cells.values():
            if isinstance(cell, MergedCell):
                continue
            if cell.data_type == "f" and not _stays(cell.value, own):
                frozen.append(cell)
            elif isinstance(cell.value, str) and cell.data_type != "f":
                _text(cell, cell.value)
            if (link := cell.hyperlink) is not None and (link.target or link.id or not link.location or not own.allow(link.location)):
                cell._hyperlink = None
            if cell.comment:
                _unmark(cell)
    given = values() if frozen else book
    for cell in frozen:
        held = given[cell.parent.title][cell.coordinate]
        cell._value, cell.data_type = held._value, held.data_type
        if isinstance(cell.value, str):
            _text(cell, cell.value)
    return "frozen" if is_frozen or frozen else None


def _keep_names(book: Workbook, own: harmless.Names) -> bool:
    """Names that stand for cells of this workbook, and for other such names; whether any went."""
    places = [book.defined_names, *(sheet.defined_names for sheet in book.worksheets)]
    own.names |= {name.lower() for names in places for name in names}
    went = False
    while bad := [(names, name) for names in places for name, defined in names.items() if not own.allow(defined.attr_text)]:
        went = True
        for names, name in bad:
            del names[name]
            own.names.discard(name.lower())
    for names in places:
        for name, defined in names.items():
            names[name] = DefinedName(name, attr_text=defined.attr_text, hidden=defined.hidden, localSheetId=defined.localSheetId)
    return went


def _keep_parts(sheet: Worksheet, own: harmless.Names) -> bool:
    """A sheet's drop-down lists, colour rules, tables and views, of what is known; whether anything that computes went."""
    lists, rules = sheet.data_validations.dataValidation, [r for area in sheet.conditional_formatting for r in area.rules]
    sheet.data_validations.dataValidation = [v for v in lists if own.allow(v.formula1) and own.allow(v.formula2)]
    kept, count = ConditionalFormattingList(), 0
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            bounds = [bound.val for shown in (rule.colorScale, rule.dataBar, rule.iconSet) if shown for bound in shown.cfvo]
            if all(own.allow(None if f is None else str(f)) for f in (*(rule.formula or ()), *bounds)):
                kept.add(str(area.sqref), rule)
                count += 1
    sheet.conditional_formatting = kept
    tables, went = list(sheet._tables.values()), len(sheet.data_validations.dataValidation) < len(lists) or count < len(rules)
    sheet._tables.clear()
    for table in tables:
        columns = []
        for column in table.tableColumns:
            made = TableColumn(
                column.id, name=column.name, totalsRowFunction=column.totalsRowFunction, totalsRowLabel=column.totalsRowLabel
            )
            for name in ("calculatedColumnFormula", "totalsRowFormula"):
                if (formula := getattr(column, name)) is not None and own.allow(formula.attr_text):
                    setattr(made, name, formula)
                went |= formula is not None and getattr(made, name) is None
            columns.append(made)
        sheet._tables.add(Table(**{name: getattr(table, name) for name in KEPT_OF_TABLE}, tableColumns=columns))
    for view in sheet.views.sheetView:
        view.pivotSelection = ()
    return went


def _stays(formula: object, own: harmless.Names) -> bool:
    """Whether a cell's formula may go back."""
    text = formula.text if isinstance(formula, ArrayFormula) else formula
    return isinstance(text, str) and own.allow(text)


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


def _findings_sheet(book: Workbook, faults: Sequence[Fault], only: str | None, became: Became) -> Worksheet:
    head = [("Mức", 11), ("Trang", 16), ("Ô", 9), ("Bộ dữ liệu", 13), ("Cột", 20), ("Đang là", 24), ("Phải là", 70), ("Quy tắc", 28)]  # fmt: skip
    own: dict[str, Worksheet] = {s.title: s for s in book.worksheets}
    words = "Sửa các ô ở mức Lỗi ngay trong tệp này rồi gửi lại cả tệp; bấm vào địa chỉ ô để đến ô đó. Ô được tô màu đỏ là lỗi, vàng là cảnh báo, xanh là câu hỏi."
    words = words if faults else "Tệp không có gì phải sửa."
    if became:
        words += f" Trong tệp trả lại này, {LOST[became]}."
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
    own: set[str] = {s.title for s in book.worksheets}
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
    own: set[str] = {s.title for s in book.worksheets}
    for number, change in enumerate(changes, start=5):
        name = change.sheet or (only if change.row_no else None)
        row = str(change.row_no) if change.row_no else None
        _row(sheet, number, [change.dataset, change.kind, change.who, name, row, change.what], head)
        if row and name in own:
            _link(sheet.cell(number, 6), name, f"A{row}")
    sheet.auto_filter.ref = f"B4:G{max(len(changes) + 4, 5)}"
    return sheet
