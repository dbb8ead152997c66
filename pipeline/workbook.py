"""The reports for people without SQL: one workbook, made in a process of its own, which waits for no library that it does not need.

What does not belong here: making figures, and when and where the workbook is published.
"""

import datetime as dt
import gc
import re
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from pipeline import codes

Words = dict[tuple[str, str], tuple[str, dict[str, str]]]  # (schema, table) → its description, and its columns'
# An officer's workbook shows committees, not every cell: those are in the database and in Parquet.
LEVELS_IN_WORKBOOK = ("CITY", "SUPERIOR", "BASE_COMMITTEE", "BASE_CELL")
# Sheets, in their order.
_SHEETS = {
    "rpt_rating_summary": "Xếp loại",
    "rpt_quota": "Tỷ lệ xuất sắc",
    "rpt_discipline_summary": "Kỷ luật",
    "rpt_rotation_summary": "Luân chuyển",
    "rpt_training_summary": "Đào tạo",
    "rpt_submission_status": "Tình hình nộp",
}
_WIDTHS = {"unit_name": 44, "unit_type_code": 30, "rating_system_code": 22}


def write_workbook(draft: Path, words: Words, target: Path, load_id: int, as_of: dt.date) -> None:
    """The reports for people without SQL: a sheet each, Vietnamese headers and labels, committees down to the base."""
    gc.disable()  # this process ends with the book, and its cells hold no cycles: looking for some takes a sixth of its time
    db = duckdb.connect(str(draft), read_only=True)
    book = xlsxwriter.Workbook(target, {"default_date_format": "dd/mm/yyyy"})
    head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#DDEBF7", "border": 1, "valign": "vcenter", "align": "center"})
    formats = {"head": head, "share": book.add_format({"num_format": "0.00%"}), "count": book.add_format({"num_format": "#,##0"}), "wrap": book.add_format({"text_wrap": True, "valign": "top", "align": "left"})}  # fmt: skip
    cover = book.add_worksheet("Giới thiệu")
    cover.set_column(0, 0, 24)
    cover.set_column(1, 1, 100)
    cover.write(0, 0, "BÁO CÁO TỪ KHO DỮ LIỆU NHÂN SỰ", book.add_format({"bold": True, "font_size": 14}))
    cover.write_row(2, 0, ["Lần nạp dữ liệu", str(load_id)])
    cover.write_row(3, 0, ["Số liệu tính đến ngày", f"{as_of:%d/%m/%Y}"])
    cover.write_row(4, 0, ["Phạm vi", "Thành phố, đảng bộ cấp trên và tổ chức cơ sở đảng; các chi bộ trực thuộc có trong cơ sở dữ liệu"])
    cover.write_row(6, 0, ["Trang", "Nội dung"], head)
    for line, (table, title) in enumerate(_SHEETS.items(), start=7):
        description, columns = words["reports", table]
        cover.write(line, 0, title, formats["wrap"])
        cover.write(line, 1, _vietnamese(description), formats["wrap"])
        _write_sheet(db, book, title, table, columns, formats)
    book.close()
    db.close()


def _write_sheet(
    db: duckdb.DuckDBPyConnection, book: xlsxwriter.Workbook, title: str, table: str, columns: dict[str, str], formats: dict[str, Any]
) -> None:
    sheet = book.add_worksheet(title)
    # a period says its year, its kind and its last day by itself
    told = {"period_type_code", "year", "period_to"} if "period" in columns else set()
    names = [n for n in columns if not n.endswith("_key") and n not in told]
    labels = {n: codes.labels(n.removesuffix("_code")) for n in names if n.removesuffix("_code") in codes.code_lists()}
    sheet.freeze_panes(1, names.index("unit_name") + 1)
    sheet.set_row(0, 76)
    for position, name in enumerate(names):
        plain = None if name in ("year", "period") or name.endswith("_on") else formats["share" if "_share" in name else "count"]
        sheet.set_column(position, position, _WIDTHS.get(name, 14), plain)
        # the header is what the description says first; the rest of it is in the database
        sheet.write(0, position, re.split(r"[;:(]", _vietnamese(columns[name]))[0].strip(), formats["head"])
    where = [f"unit_type_code IN {LEVELS_IN_WORKBOOK}"]
    where += ["(rated > 0 OR not_rated > 0)"] if "rated" in columns else []  # a system that nobody rates would only be rows of zeros
    keys = [
        "year DESC",
        *("period" for _ in names if _ == "period"),
        *(_in_order(n, labels[n]) for n in labels if n != "unit_type_code"),
        "unit_code",
    ]
    result = db.execute(f"SELECT {', '.join(names)} FROM reports.{table} WHERE {' AND '.join(where)} ORDER BY {', '.join(keys)}")
    kinds = [str(about[1]) for about in result.description]
    by_kind = {"VARCHAR": sheet.write_string, "BOOLEAN": sheet.write_string, "DATE": sheet.write_datetime}
    write = [by_kind.get(kind, sheet.write_number) for kind in kinds]
    said: list[dict[Any, str]] = [
        {True: "có", False: "không"} if kind == "BOOLEAN" else labels.get(name, {}) for name, kind in zip(names, kinds, strict=True)
    ]
    number = 0
    while batch := result.fetchmany(5000):
        for row in batch:
            number += 1
            for position, value in enumerate(row):
                if value is not None:
                    write[position](number, position, said[position].get(value, value))
    sheet.autofilter(0, 0, max(number, 1), len(names) - 1)


def _in_order(column: str, labels: dict[str, str]) -> str:
    """Codes in the order of their list, which is not that of the alphabet."""
    return f"list_position({list(labels)}, {column})"


def _vietnamese(description: str) -> str:
    """Descriptions stand as “Vietnamese / English”."""
    return " ".join(description.split()).split(" / ")[0]
