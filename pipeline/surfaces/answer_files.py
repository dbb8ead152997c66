"""An answer as a file: text with commas, a workbook, JSON; whole or not at all.

What does not belong here: asking (sql.py).
"""

import csv
import datetime as dt
import io
import json
import math
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from pipeline.presentation import DAY_FORMAT, PALE
from pipeline.surfaces.sql import Answer, NoAnswer

ROWS_OF_SHEET = 1_048_576
WHOLE_NUMBER = 10**15  # above it Excel rounds


def as_csv(answer: Answer, out: BinaryIO, *, for_excel: bool) -> None:
    """With a byte order mark where a spreadsheet program is to see that this is UTF-8."""
    text = io.TextIOWrapper(out, "utf-8-sig" if for_excel else "utf-8", newline="")
    lines = csv.writer(text)
    lines.writerow(map(_not_a_formula, answer.columns))
    lines.writerows([_in_csv(value) for value in row] for row in answer.rows)
    text.flush()
    text.detach()


def as_json(answer: Answer, out: BinaryIO) -> None:
    """An array of objects."""
    rows = [dict(zip(answer.columns, map(_in_json, row), strict=True)) for row in answer.rows]
    out.write((json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n").encode())


def as_xlsx(answer: Answer, out: BinaryIO) -> None:
    """One sheet, with days and numbers as what they are. Raises NoAnswer where it does not hold every row."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Kết quả")
    head = book.add_format({"bold": True, "bg_color": PALE, "text_wrap": True, "valign": "vcenter", "border": 1})
    a_day = book.add_format({"num_format": DAY_FORMAT})
    an_instant = book.add_format({"num_format": f"{DAY_FORMAT} hh:mm:ss"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(answer.columns) - 1, 0), 18)
    for c, name in enumerate(answer.columns):
        sheet.write_string(0, c, name, head)
    r = 0
    for r, row in enumerate(answer.rows, start=1):
        if r >= ROWS_OF_SHEET:
            raise NoAnswer(f"Một trang tính chỉ chứa được {ROWS_OF_SHEET - 1:,} dòng; hãy dùng --format csv.".replace(",", "."))
        for c, value in enumerate(row):
            if isinstance(value, dt.datetime):
                sheet.write_datetime(r, c, value.replace(tzinfo=None), an_instant)
            elif isinstance(value, dt.date) and value.year >= 1900:
                sheet.write_datetime(r, c, value, a_day)
            elif isinstance(value, bool):
                sheet.write_boolean(r, c, value)
            elif isinstance(value, int | float | Decimal) and -WHOLE_NUMBER <= value <= WHOLE_NUMBER and math.isfinite(value):
                sheet.write_number(r, c, value)
            elif value is not None:
                sheet.write_string(r, c, str(value))
    if answer.columns:
        sheet.autofilter(0, 0, r, len(answer.columns) - 1)
    book.close()


FORMATS: dict[str, Callable[[Answer, BinaryIO], None]] = {
    "csv": lambda answer, out: as_csv(answer, out, for_excel=True),
    "json": as_json,
    "xlsx": as_xlsx,
}


def write(answer: Answer, kind: str, target: Path) -> None:
    """A file, whole or not at all. Raises FileExistsError, NoAnswer."""
    if target.exists():
        raise FileExistsError(f"{target}")
    part = target.with_name(f".{target.name}-{os.getpid()}.part")
    try:
        with part.open("xb") as out:
            FORMATS[kind](answer, out)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _in_csv(value: Any) -> Any:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return _not_a_formula(value) if isinstance(value, str) else value


def _not_a_formula(text: str) -> str:
    """A spreadsheet program must not reckon with what is text.

    >>> _not_a_formula("=1+1"), _not_a_formula("Q01")
    ("'=1+1", 'Q01')
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _in_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
