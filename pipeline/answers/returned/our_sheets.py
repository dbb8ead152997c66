"""Our sheets behind a unit's own: what was found, what it may explain, what changed.

What does not belong here: what there is to say, and reading these sheets when they come again (intake/explanations.py).
"""

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Protection, Side
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.answers.read_as import EXAMPLES, LOOKED_AT, ReadColumn, examples, to_choose
from pipeline.answers.returned.cells import argb, coloured, put_text, writable
from pipeline.answers.returned.job import LOST, Became, Change, Fault
from pipeline.answers.returned.marks import also
from pipeline.codes import labels
from pipeline.intake.explanations import CHANGES, EXPLANATIONS, FINDINGS, HEADER, INSTEAD, MARK, READ_AS, REASON
from pipeline.intake.readings import letter, position_of
from pipeline.presentation import DARK, FONT, LINES, LINK, ON_DARK, SEVERITY_COLOURS, TO_FILL, day, place

LINE = Border(*[Side("thin", color=argb(LINES))] * 4)
WRAP = Alignment(wrap_text=True, vertical="top")


def _sheet(book: Workbook, name: str, title: str, words: str, head: Sequence[tuple[str, int]]) -> Worksheet:
    """A sheet of ours: the mark in a hidden first column, a title, what to do, a header row."""
    taken = {s.title for s in book.worksheets}
    sheet = book.create_sheet(next(n for n in (name, *(f"{name} ({i})" for i in range(2, 99))) if n not in taken))
    sheet.sheet_properties.tabColor = argb(DARK)
    sheet.column_dimensions["A"].hidden = True
    put_text(sheet["A1"], MARK)
    sheet["B1"].font = Font(name=FONT, bold=True, size=14)
    put_text(sheet["B1"], title)
    put_text(sheet["B2"], words)
    sheet["B2"].alignment = WRAP
    sheet.merge_cells(start_row=2, end_row=2, start_column=2, end_column=len(head) + 1)
    sheet.row_dimensions[2].height = 34
    for c, (header, width) in enumerate(head, start=2):
        cell = sheet.cell(4, c)
        put_text(cell, header)
        cell.font, cell.fill, cell.border = Font(name=FONT, bold=True, color=argb(ON_DARK)), coloured(DARK), LINE
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[letter(c - 1)].width = width
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "4:4"
    return sheet


def _row(sheet: Worksheet, number: int, values: Sequence[str | None], widths: Sequence[tuple[str, int]]) -> None:
    lines = 1
    for c, value in enumerate(values, start=2):
        cell = sheet.cell(number, c)
        cell.border, cell.alignment = LINE, WRAP
        if value:
            put_text(cell, value)
            lines = max(lines, sum(len(part) // max(widths[c - 2][1] - 1, 1) + 1 for part in value.split("\n")))
    sheet.row_dimensions[number].height = min(15 * lines + 2, 400)


def _link(cell: Cell, sheet: str, address: str) -> None:
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(sheet)}!{address}")
    cell.font = Font(name=FONT, size=10, color=argb(LINK), underline="single")


def findings_sheet(book: Workbook, faults: Sequence[Fault], only: str | None, became: Became) -> Worksheet:
    """All that was found in the file, each with a link to its cell; and what became of the file besides."""
    head = [("Mức", 11), ("Trang", 16), ("Ô", 9), ("Bộ dữ liệu", 13), ("Cột", 20), ("Đang là", 24), ("Phải là", 70), ("Quy tắc", 28)]  # fmt: skip
    own: dict[str, Worksheet] = {s.title: s for s in book.worksheets}
    called = labels("severity")
    words = "Sửa các ô ở mức Lỗi ngay trong tệp này rồi gửi lại cả tệp; bấm vào địa chỉ ô để đến ô đó. Ô được tô màu đỏ là lỗi, vàng là cảnh báo, xanh là câu hỏi."
    words = words if faults else "Tệp không có gì phải sửa."
    if became:
        words += f" Trong tệp trả lại này, {LOST[became]}."
    sheet = _sheet(book, FINDINGS, "KẾT QUẢ KIỂM TRA", words, head)
    for number, fault in enumerate(faults, start=5):
        name = fault.sheet or only
        where = place(fault.cell, fault.row_no) or ("cả tệp" if fault.sheet is None else "cả trang")
        found = fault.found
        if found is None and fault.cell and name in own:
            value = writable(own[name], fault.cell).value
            found = None if value is None else day(value) if hasattr(value, "strftime") else str(value)
        says = "\n".join((fault.says, *also(fault)))
        _row(sheet, number, [called[fault.severity], name, where, fault.dataset, fault.column, found, says, fault.rule], head)
        sheet.cell(number, 2).fill = coloured(SEVERITY_COLOURS[fault.severity])
        if fault.at and name in own:
            _link(sheet.cell(number, 4), name, fault.at)
    sheet.auto_filter.ref = f"B4:{letter(len(head))}{max(len(faults) + 4, 5)}"
    return sheet


def read_as_sheet(book: Workbook, columns: Sequence[ReadColumn], only: str | None) -> Worksheet:
    """How each column was read, with examples, and a place to say that it is another; the hidden first column holds the form's code."""
    head = [
        ("Trang", 16),
        ("Cột", 6),
        (HEADER, 36),
        *((f"Ví dụ {n}", 16) for n in range(1, EXAMPLES + 1)),
        ("Được đọc là", 24),
        ("Cách đọc", 34),
        (INSTEAD, 30),
    ]
    words = "Hãy xem từng cột đã được đọc đúng chưa. Cột nào không đúng thì chọn hoặc ghi vào cột cuối cột ấy là gì rồi gửi lại tệp này; thành phố sẽ xem và xác nhận."
    sheet = _sheet(book, READ_AS, "TỆP NÀY ĐƯỢC ĐỌC NHƯ THẾ NÀO", words, head)
    own = {s.title: s for s in book.worksheets}
    last = len(head) + 1
    for number, c in enumerate(columns, start=5):
        name = c.sheet or only
        found = _examples(own[name], c) if c.letter and name in own else []
        values = [name, c.letter or None, c.header or "(không có cột)", *found, *[None] * (EXAMPLES - len(found)), c.means, c.how]
        _row(sheet, number, values, head)
        sheet.cell(number, last).border, sheet.cell(number, last).alignment = LINE, WRAP
        if not c.is_sure:
            sheet.cell(number, last - 2).fill = coloured(SEVERITY_COLOURS["WARNING"])
        if c.letter:
            put_text(sheet.cell(number, 1), c.form_code)
            sheet.cell(number, last).fill = coloured(TO_FILL)
            sheet.cell(number, last).protection = Protection(locked=False)
    _choices(sheet, columns, last)
    return sheet


def _examples(sheet: Worksheet, column: ReadColumn) -> list[str]:
    position = position_of(column.letter) or 0
    cells = sheet.iter_rows(column.first_row, column.first_row + LOOKED_AT, position + 1, position + 1, values_only=True)
    return examples(0, [(None if v is None else day(v) if hasattr(v, "strftime") else str(v),) for (v,) in cells])


def _choices(sheet: Worksheet, columns: Sequence[ReadColumn], last: int) -> None:
    """What each line may be said to be instead: a drop-down helps and never blocks. The words stand in hidden columns behind."""
    for n, dataset in enumerate(dict.fromkeys(c.dataset for c in columns)):
        at, words = last + 2 + n, to_choose(dataset)
        for row, word in enumerate(words, start=1):
            put_text(sheet.cell(row, at), word)
        sheet.column_dimensions[letter(at - 1)].hidden = True
        choice = DataValidation(
            "list", formula1=f"${letter(at - 1)}$1:${letter(at - 1)}${len(words)}", allow_blank=True, showErrorMessage=False
        )
        for number, c in enumerate(columns, start=5):
            if c.dataset == dataset and c.letter:
                choice.add(sheet.cell(number, last))
        sheet.add_data_validation(choice)


def explanations_sheet(book: Workbook, faults: Sequence[Fault], reasons: dict[str, str], only: str | None) -> Worksheet:
    """What the unit may leave as it is, with a place for its reason; the hidden first column holds the key by which a reason is found again."""
    head = [("Mức", 11), ("Trang", 18), ("Ô", 14), ("Nội dung", 70), (REASON, 70)]
    words = "Nếu số liệu đúng và giữ nguyên, hãy ghi lý do vào cột cuối rồi gửi lại tệp này cùng trang này; không xóa cột ẩn A. Có thể bỏ trống."
    sheet = _sheet(book, EXPLANATIONS, "GIẢI TRÌNH CÂU HỎI VÀ CẢNH BÁO", words, head)
    called = labels("severity")
    lines: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.key:
            lines.setdefault(fault.key, []).append(fault)
    own: set[str] = {s.title for s in book.worksheets}
    for number, (key, here) in enumerate(lines.items(), start=5):
        first = here[0]
        name = first.sheet or only
        places = ", ".join(place(f.cell, f.row_no) for f in here)
        _row(sheet, number, [called[first.severity], name, places, first.says, reasons.get(key)], head)
        put_text(sheet.cell(number, 1), key)
        sheet.cell(number, 2).fill = coloured(SEVERITY_COLOURS[first.severity])
        sheet.cell(number, 6).fill = coloured(TO_FILL)
        sheet.cell(number, 6).protection = Protection(locked=False)
        if first.at and name in own:
            _link(sheet.cell(number, 4), name, first.at)
    return sheet


def changes_sheet(book: Workbook, changes: Sequence[Change], only: str | None) -> Worksheet:
    """The rows that differ from the last accepted version."""
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
