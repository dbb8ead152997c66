"""A proposal as a workbook, in which the city corrects what each column of a form means and puts a day; and such a workbook read back.

It holds examples out of the file, so it lies in the restricted zone; what is confirmed of it, in the registry, holds none.

What does not belong here: what is proposed (propose.py), and whether what is confirmed can hold (judging/layouts.py).
"""

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import xlsxwriter

from pipeline.answers.forms.propose import Proposal, ProposedForm
from pipeline.answers.read_as import EXAMPLES
from pipeline.codes import code_of, fold, labels
from pipeline.gate import CITY_TIME
from pipeline.intake.explanations import FORM, MARK, ours
from pipeline.intake.readings import letter
from pipeline.presentation import DARK, FONT, HINT, LINES, ON_DARK, PALE, SEVERITY_COLOURS, TO_FILL, day
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.files import LISTS_SHEET
from pipeline.schemas.kinds import meta
from pipeline.schemas.registry import FORMS
from pipeline.values import read_date

BECAUSE = {
    "read": "đã hiểu theo tên cột",
    "likely": "tên gần giống",
    "confirmed": "thành phố đã xác nhận",
    "name": "ĐỀ XUẤT: tên gần giống",
    "content": "ĐỀ XUẤT: theo nội dung ô",
    "": "chưa rõ: bỏ qua nếu để trống",
}
HEAD = (
    ("Cột", 6), ("Tên cột trên biểu mẫu", 36), *((f"Ví dụ {n}", 18) for n in range(1, EXAMPLES + 1)), ("Nghĩa là cột", 26), ("Phần", 24),
    ("Dấu nghĩa là", 24), ("Không dấu nghĩa là", 20), ("Vì sao", 26),
)  # fmt: skip
SAID = "Đơn vị nói là"
ABOUT = (("Mã biểu mẫu", 3), ("Bộ dữ liệu", 4), ("Ngày xác nhận", 5))  # label and row (from 0)
CODE = re.compile(r"[0-9a-f]{12}")
VALUE = 3  # position of what is said there, beside its label
FIRST = 8  # row of the table's header, from 0
HINTS = (
    "Sửa cột “Nghĩa là cột” (và “Phần”, “Dấu nghĩa là” nếu cần), ghi ngày xác nhận vào ô vàng, lưu lại, rồi chạy: pipeline form TỆP_NÀY --confirm",
    "Để trống “Nghĩa là cột” là không đọc cột đó. Xác nhận một lần, mọi đơn vị dùng biểu mẫu này đều được đọc theo.",
)


class NoProposal(Exception):
    """A workbook that is none of ours, or lacks something; the text is for people and quotes nothing of it."""


def workbook(forms: Sequence[ProposedForm]) -> bytes:
    """A sheet for each form, with the columns of its dataset to choose from."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    font: dict[str, Any] = {"font_name": FONT, "font_size": 10}
    own: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 14},
        "hint": {"italic": True, "font_color": HINT},
        "label": {"bold": True},
        "head": {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": DARK, "font_color": ON_DARK},
        "cell": {"num_format": "@", "border": 1, "border_color": LINES, "text_wrap": True, "valign": "top"},
        "fill": {"num_format": "@", "border": 1, "border_color": LINES, "text_wrap": True, "valign": "top", "bg_color": TO_FILL},
        "new": {"num_format": "@", "border": 1, "border_color": LINES, "text_wrap": True, "valign": "top", "bg_color": SEVERITY_COLOURS["WARNING"]},
        "code": {"num_format": "@", "border": 1, "border_color": LINES, "bg_color": PALE},
    }  # fmt: skip
    style = {name: book.add_format(font | more) for name, more in own.items()}
    for number, form in enumerate(forms, start=1):
        _add_form(book, style, FORM if number == 1 else f"{FORM} {number}", form)
    _add_lists(book, sorted({form.dataset for form in forms if form.dataset}))
    book.close()
    return buffer.getvalue()


def _add_form(book: Any, style: dict[str, Any], name: str, form: ProposedForm) -> None:
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, MARK)
    sheet.set_column(0, 0, None, None, {"hidden": True})
    sheet.write_string(0, 1, f"{FORM.upper()}: {form.form.sheet or 'tệp CSV'}", style["title"])
    for row, hint in enumerate(HINTS, start=1):
        sheet.write_string(row, 1, hint, style["hint"])
    said = (form.form.code, SCHEMAS[form.dataset].title if form.dataset else "", "")
    for (label, row), value in zip(ABOUT, said, strict=True):
        sheet.write_string(row, VALUE - 1, label, style["label"])
        sheet.write_string(row, VALUE, value, style["code"] if label == ABOUT[0][0] else style["fill"])
    sheet.data_validation(ABOUT[1][1], VALUE, ABOUT[1][1], VALUE, {"validate": "list", "source": [s.title for s in SCHEMAS.values()]})
    for position, (header, width) in enumerate(HEAD, start=1):
        sheet.set_column(position, position, width)
        sheet.write_string(FIRST, position, header, style["head"])
    for number, proposal in enumerate(form.columns, start=FIRST + 1):
        _add_line(sheet, style, number, proposal, form.dataset)
    _add_objections(sheet, style, form)
    last = FIRST + max(len(form.columns), 1)
    chosen = 2 + EXAMPLES + 1
    if form.dataset:
        sheet.data_validation(FIRST + 1, chosen, last, chosen, {"validate": "list", "source": f"=cot_{form.dataset}", "show_error": False})
    sheet.data_validation(FIRST + 1, chosen + 1, last, chosen + 1, {"validate": "list", "source": "=phan"})
    sheet.freeze_panes(FIRST + 1, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(FIRST)


def _add_line(sheet: Any, style: dict[str, Any], number: int, proposal: Proposal, dataset: str | None) -> None:
    c = proposal.column
    title = SCHEMAS[dataset].columns[c.means].title if dataset and c.means else ""
    part = labels("form_part")[c.part] if title else ""
    examples = [*proposal.examples, *[""] * (EXAMPLES - len(proposal.examples))]
    is_new = proposal.because in ("name", "content")
    cells = (letter(c.position), c.header, *examples, title, part, c.says, c.otherwise, BECAUSE[proposal.because])
    for position, text in enumerate(cells, start=1):
        to_fill = position in range(3 + EXAMPLES, 7 + EXAMPLES)
        sheet.write_string(number, position, text, style["new" if is_new and to_fill else "fill" if to_fill else "cell"])


def _add_objections(sheet: Any, style: dict[str, Any], form: ProposedForm) -> None:
    """Behind the table what units say that a column is, and who; below it of what no column holds. Nothing of it is read back."""
    lines = {proposal.column.header: number for number, proposal in enumerate(form.columns, start=FIRST + 1)}
    below = FIRST + 1 + len(form.columns)
    said: dict[str, list[str]] = {}
    for one in form.objections:
        said.setdefault(one.header, []).append(f"“{one.means}” ({one.who})")
    if said:
        sheet.set_column(len(HEAD) + 1, len(HEAD) + 1, 36)
        sheet.write_string(FIRST, len(HEAD) + 1, SAID, style["head"])
    for header, words in said.items():
        if header not in lines:
            lines[header], below = below, below + 1
            sheet.write_string(lines[header], 2, header, style["cell"])
        sheet.write_string(lines[header], len(HEAD) + 1, "; ".join(words), style["new"])


def _add_lists(book: Any, datasets: Sequence[str]) -> None:
    """What may be chosen, on a hidden sheet."""
    sheet = book.add_worksheet(LISTS_SHEET)
    sheet.hide()
    lists = {f"cot_{name}": [col.title for col in own_columns(SCHEMAS[name]).values()] for name in datasets}
    for position, (name, words) in enumerate((lists | {"phan": [*labels("form_part").values()]}).items()):
        for row, word in enumerate(words):
            sheet.write_string(row, position, word)
        column = letter(position)
        book.define_name(name, f"='{LISTS_SHEET}'!${column}$1:${column}${len(words)}")


def confirmed(data: bytes) -> dict[str, bytes]:
    """What a workbook confirms: form code → a file of registry/forms. Empty where it is no proposal of ours. Raises NoProposal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they quote cells
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError):
        return {}
    sheets = [
        [tuple(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
        if ours(sheet.title, sheet["A1"].value) == FORM
    ]
    files: dict[str, bytes] = {}
    for found in filter(None, (_confirmed(rows) for rows in sheets)):
        if files.setdefault(*found) != found[1]:
            raise NoProposal("Hai trang của tệp đề xuất có cùng một tiêu đề bảng mà nghĩa khác nhau; chỉ ghi ngày xác nhận ở một trang.")
    return files


def _confirmed(rows: list[tuple[Any, ...]]) -> tuple[str, bytes] | None:
    """A sheet's form and its file; None where nobody put a day."""
    if len(rows) <= FIRST or tuple(map(_text, rows[FIRST][1 : len(HEAD) + 1])) != tuple(header for header, _ in HEAD):
        raise NoProposal("Tệp đề xuất đã bị cắt hoặc đổi cột; hãy chạy lại `pipeline form` cho tệp của đơn vị.")
    said = {label: _text(rows[row][VALUE]) for label, row in ABOUT}
    given = rows[ABOUT[2][1]][VALUE]
    if not _text(given):
        return None
    confirmed_on = given.date() if isinstance(given, dt.datetime) else read_date(_text(given))[0]
    if confirmed_on is None:
        raise NoProposal("Ngày xác nhận phải là một ngày, ví dụ 05/12/2026.")
    if confirmed_on > dt.datetime.now(CITY_TIME).date():
        raise NoProposal("Ngày xác nhận chưa đến.")
    if not CODE.fullmatch(said["Mã biểu mẫu"]):
        raise NoProposal("Mã biểu mẫu không được sửa; hãy chạy lại `pipeline form` cho tệp của đơn vị.")
    dataset = code_of("dataset", said["Bộ dữ liệu"])
    if dataset is None:
        raise NoProposal("Hãy chọn bộ dữ liệu của biểu mẫu.")
    out = io.StringIO()
    columns = [col.title for col in own_columns(FORMS).values()]
    lines = csv.DictWriter(out, columns, restval="")
    lines.writeheader()
    for row in rows[FIRST + 1 :]:
        line = {header: _text(cell) for (header, _), cell in zip(HEAD, row[1:], strict=False)}
        if not line.get("Cột"):
            continue
        _check_column(dataset, line)
        about = {"Mã biểu mẫu": said["Mã biểu mẫu"], "Bộ dữ liệu": SCHEMAS[dataset].title, "Ngày xác nhận": day(confirmed_on)}
        own = {c: line.get(c, "") for c in ("Nghĩa là cột", "Phần", "Dấu nghĩa là", "Không dấu nghĩa là")}
        lines.writerow(about | {"Cột trên biểu mẫu": line["Cột"], "Tên cột của đơn vị": _harmless(line["Tên cột trên biểu mẫu"])} | own)
    return said["Mã biểu mẫu"], out.getvalue().encode("utf-8-sig")


def _check_column(dataset: str, line: dict[str, str]) -> None:
    """In Vietnamese and by the workbook's own column, where the registry would name a line of a file that nobody has seen yet."""
    means, where = line.get("Nghĩa là cột", ""), f"Cột {line['Cột']}"
    known = {fold(word) for name, col in own_columns(SCHEMAS[dataset]).items() for word in (name, col.title, *meta(col).aliases)}
    if means and fold(means) not in known:
        raise NoProposal(f"{where}: “Nghĩa là cột” phải là tên một cột của bộ dữ liệu {SCHEMAS[dataset].title}, hoặc để trống.")
    if (part := line.get("Phần")) and code_of("form_part", part) is None:
        raise NoProposal(f"{where}: hãy chọn “Phần” trong danh sách.")


def _harmless(header: str) -> str:
    """A header as it may stand in a file that a spreadsheet opens: it is shown, and matched by nothing."""
    return f"'{header}" if header[:1] in ("=", "+", "-", "@") else header or "(không tên)"


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()
