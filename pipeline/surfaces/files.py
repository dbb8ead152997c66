"""Tables as files that other programs open: text with commas, JSON, a workbook; whole or not at all.

A value is written as what it is where the form can hold it, else as text, so that nothing is lost; and no spreadsheet program reckons with what is text.
What does not belong here: asking (sql.py), and what an export is made of (exports.py).
"""

import csv
import datetime as dt
import io
import json
import math
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from pipeline import whole
from pipeline.presentation import COUNT_FORMAT, DARK, DAY_FORMAT, FONT, HINT, LINES, ON_DARK, PALE, SHARE_FORMAT, number

Rows = Iterable[Sequence[Any]]
Notes = Sequence[tuple[str, str]]  # what it is, and what is said of it

ROWS_OF_SHEET, COLUMNS_OF_SHEET, LETTERS_OF_CELL = 1_048_576, 16_384, 32_767
DIGITS_OF_CELL, WHOLE_IN_CELL = 15, 10**15  # Excel rounds what has more
WHOLE_IN_JSON = 2**53  # above it whoever reads numbers as doubles, as JavaScript does, reads another one
FIRST_DAY = dt.date(1900, 3, 1)  # before it Excel counts a 29 February that never was
# What a spreadsheet program takes for a formula; the wide ones are typed by input methods, and some programs take them for the narrow ones.
FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


class DoesNotFit(Exception):
    """More than a form of file can hold, in words for whoever asked."""


class Aside(str):
    """What stands in the place of a value, and is none."""


# ── values as text ───────────────────────────────────────────────────────────────────────────────────────────────


def text(value: Any) -> str:
    """A value where only text can stand.

    >>> text(Decimal("1E+3")), text(float("-inf")), text(b"\\x00\\xff"), text([1, None, dt.date(2021, 2, 3)]), text(True)
    ('1000', '-Infinity', '\\\\x00ff', '[1, null, "2021-02-03"]', 'TRUE')
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bytes | bytearray | memoryview):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, list | tuple | dict):
        return json.dumps(_in_json(value), ensure_ascii=False)
    return str(value)


def not_a_formula(words: str) -> str:
    """Text that a spreadsheet program does not reckon with.

    >>> not_a_formula("=1+1"), not_a_formula("Q01")
    ("'=1+1", 'Q01')
    """
    return f"'{words}" if words.startswith(FORMULAS) else words


# ── text with commas ─────────────────────────────────────────────────────────────────────────────────────────────


def as_csv(columns: Sequence[str], rows: Rows, out: BinaryIO, *, for_excel: bool = True) -> None:
    """With a byte order mark where a spreadsheet program is to see that this is UTF-8."""
    lines = io.TextIOWrapper(out, "utf-8-sig" if for_excel else "utf-8", newline="")
    writer = csv.writer(lines)
    writer.writerow(map(not_a_formula, columns))
    writer.writerows([_in_csv(value) for value in row] for row in rows)
    lines.flush()
    lines.detach()


def _in_csv(value: Any) -> Any:
    if value is None or type(value) is int or (type(value) is float and math.isfinite(value)):
        return value
    words = text(value)
    return words if isinstance(value, Decimal) else not_a_formula(words)


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_json(columns: Sequence[str], rows: Rows, out: BinaryIO) -> None:
    """An array of objects. A name that comes twice gets a number, since a reader keeps one of two."""
    names = told_apart(columns)
    found = [dict(zip(names, map(_in_json, row), strict=True)) for row in rows]
    out.write((json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode())


def told_apart(names: Sequence[str]) -> list[str]:
    """Names of which no two are the same.

    >>> told_apart(["a", "a", "a_2", "b", "a"])
    ['a', 'a_3', 'a_2', 'b', 'a_4']
    """
    found: list[str] = []
    for n, name in enumerate(names):
        own, again = name, 1
        while own in found or (again > 1 and own in names[n:]):
            again += 1
            own = f"{name}_{again}"
        found.append(own)
    return found


def _in_json(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= WHOLE_IN_JSON else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else text(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            return text(value)
        if value == value.to_integral_value():
            return _in_json(int(value))
        return float(value) if Decimal(repr(float(value))) == value else text(value)
    if isinstance(value, list | tuple):
        return [_in_json(one) for one in value]
    if isinstance(value, dict):
        return dict(zip(told_apart([text(key) for key in value]), map(_in_json, value.values()), strict=True))
    return text(value)


# ── a workbook ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Column:
    """How a column of a sheet looks."""

    head: str
    width: float = 18
    style: str = ""  # count, share; else numbers stand as they are


class Book:
    """A workbook, sheet by sheet and row by row: no more of it than a row is in memory."""

    def __init__(self, out: BinaryIO):
        self.rows = tempfile.TemporaryDirectory(prefix="personnel-")  # where the writer keeps them until the end
        self.book = xlsxwriter.Workbook(
            out, {"constant_memory": True, "tmpdir": self.rows.name, "strings_to_formulas": False, "strings_to_urls": False}
        )
        plain = {"font_name": FONT, "font_size": 10, "valign": "top"}
        looks: dict[str, dict[str, Any]] = {
            "": {},
            "count": {"num_format": COUNT_FORMAT},
            "share": {"num_format": SHARE_FORMAT},
            "day": {"num_format": DAY_FORMAT},
            "instant": {"num_format": f"{DAY_FORMAT} hh:mm:ss"},
            "time": {"num_format": "hh:mm:ss"},
            "aside": {"italic": True, "font_color": HINT, "bg_color": PALE, "align": "right"},
            "head": {"bold": True, "text_wrap": True, "bg_color": DARK, "font_color": ON_DARK, "valign": "vcenter", "border": 1},
            "title": {"bold": True, "font_size": 14},
            "heading": {"bold": True, "font_color": DARK, "bottom": 1, "bottom_color": LINES},
            "said": {"text_wrap": True},
        }
        self.styles = {name: self.book.add_format(plain | look) for name, look in looks.items()}

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """What broke is not put together."""
        with self.rows:
            if kind is None:
                self.book.close()

    def page(self, name: str, lines: Iterable[tuple[str, str]]) -> None:
        """A sheet to read: what it is, and what is said of it; without the second a heading, the first of them the title."""
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 1, 110)
        sheet.hide_gridlines(2)
        for r, (what, said) in enumerate(lines):
            if said:
                sheet.set_row(r, 14 * (1 + len(said) // 105))
                sheet.write_string(r, 1, said, self.styles["said"])
            sheet.write_string(r, 0, what, self.styles["title" if r == 0 else "said" if said else "heading"])

    def sheet(self, name: str, columns: Sequence[Column], rows: Rows, *, stays: int = 0, head: float | None = None) -> None:
        """A table under its heads; `stays`: columns that stay in sight; `head`: how high its heads are. Raises DoesNotFit."""
        if len(columns) > COLUMNS_OF_SHEET:
            raise DoesNotFit(f"Một trang tính chỉ chứa được {number(COLUMNS_OF_SHEET)} cột; hãy dùng --format csv.")
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, stays)
        if head:
            sheet.set_row(0, head)
        for c, column in enumerate(columns):
            sheet.set_column(c, c, column.width)
            self._write(sheet, 0, c, column.head, "head")
        r = 0
        for r, row in enumerate(rows, start=1):
            if r >= ROWS_OF_SHEET:
                raise DoesNotFit(f"Một trang tính chỉ chứa được {number(ROWS_OF_SHEET - 1)} dòng; hãy dùng --format csv.")
            for c, value in enumerate(row):
                if value is not None:
                    self._write(sheet, r, c, value, columns[c].style)
        if columns:
            sheet.autofilter(0, 0, max(r, 1), len(columns) - 1)

    def _write(self, sheet: Any, r: int, c: int, value: Any, style: str) -> None:
        if isinstance(value, bool):
            sheet.write_boolean(r, c, value, self.styles[""])
        elif _is_number(value):
            sheet.write_number(r, c, value, self.styles[style])
        elif kind := _moment(value):
            sheet.write_datetime(r, c, value, self.styles[kind])
        else:
            words = text(value)
            if len(words) > LETTERS_OF_CELL:
                raise DoesNotFit(f"Một ô Excel chỉ chứa được {number(LETTERS_OF_CELL)} ký tự; hãy dùng --format csv.")
            sheet.write_string(r, c, words, self.styles["aside" if isinstance(value, Aside) else style if style == "head" else ""])


def _is_number(value: Any) -> bool:
    """Whether a cell holds the number to its last digit; of a double, as many digits as Excel itself has."""
    if isinstance(value, int):
        return abs(value) < WHOLE_IN_CELL
    if isinstance(value, float):
        return math.isfinite(value) and abs(value) < WHOLE_IN_CELL
    return (
        isinstance(value, Decimal) and value.is_finite() and len(value.normalize().as_tuple().digits) <= DIGITS_OF_CELL > value.adjusted()
    )


def _moment(value: Any) -> str:
    """As what a cell can hold a day or a time: not before Excel's first day, without a zone, to the thousandth of a second."""
    if isinstance(value, dt.datetime | dt.time) and (value.tzinfo is not None or value.microsecond % 1000):
        return ""
    if isinstance(value, dt.datetime):
        return "instant" if value.date() >= FIRST_DAY else ""
    if isinstance(value, dt.date):
        return "day" if value >= FIRST_DAY else ""
    return "time" if isinstance(value, dt.time) else ""


def as_xlsx(columns: Sequence[str], rows: Rows, out: BinaryIO, notes: Notes = ()) -> None:
    """One sheet, with days and numbers as what they are, and behind it what is said of them. Raises DoesNotFit."""
    with Book(out) as book:
        book.sheet("Kết quả", [Column(name) for name in columns], rows)
        if notes:
            book.page("Ghi chú", notes)


# ── whole or not at all ──────────────────────────────────────────────────────────────────────────────────────────

FORMATS: dict[str, Callable[[Sequence[str], Rows, BinaryIO], None]] = {"csv": as_csv, "json": as_json, "xlsx": as_xlsx}


def write(columns: Sequence[str], rows: Rows, kind: str, target: Path, notes: Notes = ()) -> None:
    """A file that was not there, whole or not at all; `notes` stand in a workbook alone, for other programs read the others. Raises FileExistsError, DoesNotFit."""
    if target.exists():
        raise FileExistsError(f"{target}")
    with whole.beside(target.parent, target.name) as folder:
        part = folder / target.name
        with part.open("xb") as out:
            as_xlsx(columns, rows, out, notes) if kind == "xlsx" else FORMATS[kind](columns, rows, out)
        part.replace(target)
