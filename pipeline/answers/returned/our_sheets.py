"""Our sheets behind a unit's own: how it was read, what was found, what it may explain, what changed.

What does not belong here: what there is to say, how a sheet of ours is written (sheet.py), and reading these sheets when they come again
(intake/explanations.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.answers.read_as import EXAMPLES, LOOKED_AT, ReadColumn, as_it_stands, examples, to_choose
from pipeline.answers.returned.coloured import Area, first_of, split
from pipeline.answers.returned.job import LOST, Became, Change, Fault
from pipeline.answers.returned.looks import CELL, LEADS, PLAIN
from pipeline.answers.returned.marks import also
from pipeline.answers.returned.sheet import HEADER, OurSheet, Shown, quoted
from pipeline.codes import labels
from pipeline.intake.explanations import CHANGES, EXPLANATIONS, FINDINGS, INSTEAD, MEANS, NO_COLUMN, READ_AS, REASON
from pipeline.intake.explanations import HEADER as COLUMN
from pipeline.intake.readings import position_of
from pipeline.intake.rows import Row
from pipeline.presentation import SEVERITY_COLOURS, TO_FILL, place

ASKED = replace(CELL, fill=TO_FILL, is_locked=False)
IN_COLOUR = {severity: replace(CELL, fill=colour) for severity, colour in SEVERITY_COLOURS.items()}


@dataclass(frozen=True)
class Own:
    """The unit's own sheets: their names, the one of a file that has no other, what stands in their cells, and which cells are one."""

    names: Sequence[str]
    only: str | None
    rows: Callable[[str], list[Row]]
    areas: Callable[[str], list[Area]]

    def text(self, name: str, address: str) -> str | None:
        """What stands in a cell, or in the merged cells that it is one of."""
        for at in dict.fromkeys((address, first_of(address, self.areas(name)))):
            letters, number = split(at)
            row, position = next(iter(self.rows(name)[number - 1 : number]), ()), position_of(letters)
            if position < len(row) and row[position]:
                return row[position]
        return None


def findings_sheet(faults: Sequence[Fault], own: Own, became: Became) -> OurSheet:
    """All that was found in the file, each with a link to its cell; and what became of the file besides."""
    head = [("Mức", 11), ("Trang", 16), ("Ô", 9), ("Bộ dữ liệu", 13), ("Cột", 20), ("Đang là", 24), ("Phải là", 70), ("Quy tắc", 28)]  # fmt: skip
    called = labels("severity")
    words = "Sửa các ô ở mức Lỗi ngay trong tệp này rồi gửi lại cả tệp; bấm vào địa chỉ ô để đến ô đó. Ô được tô màu đỏ là lỗi, vàng là cảnh báo, xanh là câu hỏi."
    words = words if faults else "Tệp không có gì phải sửa."
    if became:
        words += f" Trong tệp trả lại này, {LOST[became]}."
    sheet = OurSheet(FINDINGS, "KẾT QUẢ KIỂM TRA", words, head, is_filtered=True)
    for fault in faults:
        name = fault.sheet or own.only
        where = place(fault.cell, fault.row_no) or ("cả tệp" if fault.sheet is None else "cả trang")
        found = fault.found
        if found is None and fault.cell and name and name in own.names:
            found = own.text(name, fault.cell)
        says = "\n".join((fault.says, *also(fault)))
        sheet.rows.append([
            Shown(None), Shown(called[fault.severity], IN_COLOUR[fault.severity]), Shown(name), _link(where, name, fault.at, own), Shown(fault.dataset),
            Shown(fault.column), Shown(found), Shown(says), Shown(fault.rule),
        ])  # fmt: skip
    return sheet


def read_as_sheet(columns: Sequence[ReadColumn], own: Own) -> OurSheet:
    """How each column was read, with examples, and a place to say that it is another; the hidden first column holds the form's code."""
    head = [
        ("Trang", 16),
        ("Cột", 6),
        (COLUMN, 36),
        *((f"Ví dụ {n}", 16) for n in range(1, EXAMPLES + 1)),
        (MEANS, 24),
        ("Cách đọc", 34),
        (INSTEAD, 30),
    ]
    words = "Hãy xem từng cột đã được đọc đúng chưa. Cột nào không đúng thì chọn hoặc ghi vào cột cuối cột ấy là gì (dòng không có cột: ghi giá trị đúng) rồi gửi lại tệp này; thành phố sẽ xem và xác nhận."
    sheet = OurSheet(READ_AS, "TỆP NÀY ĐƯỢC ĐỌC NHƯ THẾ NÀO", words, head)
    for column in columns:
        name = column.sheet or own.only
        cells = own.rows(name) if name else []
        c = as_it_stands(column, cells)
        shown = _examples(cells, c) if c.letter and name in own.names else [c.said] if c.said else []
        sheet.rows.append([
            Shown(c.form_code, PLAIN), Shown(name), Shown(c.letter or None), Shown(c.header or NO_COLUMN),
            *map(Shown, [*shown, *[None] * (EXAMPLES - len(shown))]), Shown(c.means, CELL if c.is_sure else IN_COLOUR["WARNING"]), Shown(c.how),
            Shown(None, ASKED),
        ])  # fmt: skip
    for dataset in dict.fromkeys(c.dataset for c in columns):
        rows = [number for number, c in enumerate(columns, start=HEADER + 1) if c.dataset == dataset and c.letter]
        sheet.choices.append((to_choose(dataset), rows))  # a drop-down helps and never blocks
    return sheet


def _examples(rows: list[Row], column: ReadColumn) -> list[str]:
    return examples(position_of(column.letter), rows[column.first_row - 1 : column.first_row + LOOKED_AT])


def explanations_sheet(faults: Sequence[Fault], reasons: dict[str, str], own: Own) -> OurSheet:
    """What the unit may leave as it is, with a place for its reason; the hidden first column holds the key by which a reason is found again."""
    head = [("Mức", 11), ("Trang", 18), ("Ô", 14), ("Nội dung", 70), (REASON, 70)]
    words = "Nếu số liệu đúng và giữ nguyên, hãy ghi lý do vào cột cuối rồi gửi lại tệp này cùng trang này; không xóa cột ẩn A. Có thể bỏ trống."
    sheet = OurSheet(EXPLANATIONS, "GIẢI TRÌNH CÂU HỎI VÀ CẢNH BÁO", words, head)
    called = labels("severity")
    lines: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.key:
            lines.setdefault(fault.key, []).append(fault)
    for key, here in lines.items():
        first = here[0]
        name = first.sheet or own.only
        places = ", ".join(place(f.cell, f.row_no) for f in here)
        sheet.rows.append([
            Shown(key, PLAIN), Shown(called[first.severity], IN_COLOUR[first.severity]), Shown(name), _link(places, name, first.at, own), Shown(first.says),
            Shown(reasons.get(key), ASKED),
        ])  # fmt: skip
    return sheet


def changes_sheet(changes: Sequence[Change], own: Own) -> OurSheet:
    """The rows that differ from the last accepted version."""
    head = [("Bộ dữ liệu", 14), ("Thay đổi", 24), ("Họ và tên", 28), ("Trang", 18), ("Dòng", 8), ("Nội dung", 80)]
    words = "So với bản được nhận gần nhất trước bản này, theo người chứ không theo số dòng."
    sheet = OurSheet(CHANGES, "THAY ĐỔI SO VỚI BẢN TRƯỚC", words, head, is_filtered=True)
    for change in changes:
        name = change.sheet or (own.only if change.row_no else None)
        row = str(change.row_no) if change.row_no else None
        sheet.rows.append([
            Shown(None), Shown(change.dataset), Shown(change.kind), Shown(change.who), Shown(name), _link(row, name, f"A{row}" if row else None, own),
            Shown(change.what),
        ])  # fmt: skip
    return sheet


def _link(text: str | None, name: str | None, address: str | None, own: Own) -> Shown:
    """A cell that leads to a cell of the unit's."""
    return Shown(text, LEADS, f"{quoted(name)}!{address}") if name and name in own.names and address else Shown(text)
