"""Answers to SQL from the published version: rows, what tables there are, and an answer as a file of text, a workbook or JSON.

What does not belong here: the terminal (cli/sql.py), and who may read what (warehouse/door.py).
"""

import csv
import datetime as dt
import io
import json
import math
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from pipeline.paths import Home
from pipeline.presentation import DAY_FORMAT, PALE, day
from pipeline.warehouse import door

ROWS_OF_SHEET = 1_048_576
AT_ONCE = 10_000  # rows fetched at a time: an answer may be larger than what is shown of it
WHOLE_NUMBER = 10**15  # above it Excel rounds

# How a refusal of DuckDB's begins, and what it means.
MEANS = (
    (r"disabled by configuration|configuration has been locked|read-only mode|read only mode|disabled through configuration",
     "Không được phép: ở đây chỉ đọc bản đã công bố, không đọc hay ghi tệp, không đổi cài đặt"),
    (r"^Parser Error", "Câu lệnh sai cú pháp"),
    (r"^Catalog Error", "Không có bảng, khung nhìn hay hàm như thế (`.tables` liệt kê các bảng)"),
    (r"^Binder Error", "Có tên cột hoặc kiểu không khớp (`.columns BẢNG` liệt kê các cột)"),
    (r"^Conversion Error", "Có giá trị không đổi được sang kiểu đã yêu cầu"),
    (r"^Out of Memory", "Câu hỏi cần nhiều bộ nhớ hơn máy có"),
)  # fmt: skip


class NoAnswer(Exception):
    """A query that cannot be answered, in words for whoever asked."""


@dataclass(frozen=True)
class Answer:
    """Columns, and rows as they are fetched."""

    columns: list[str]
    rows: Iterator[tuple[Any, ...]]


class Session:
    """One published version, asked as often as one likes."""

    def __init__(self, version: door.Published):
        self._version = version

    @property
    def said(self) -> str:
        """Which version is asked."""
        as_of = dt.date.fromisoformat(self._version.note["as_of"])
        return f"lần nạp {self._version.note['load_id']}, số liệu tính đến {day(as_of)}"

    def ask(self, query: str, *values: Any) -> Answer:
        """The answer to a query; of several the last one's. Raises NoAnswer."""
        try:
            found = self._version.db.execute(query, list(values) or None)
            columns = [name for name, *_ in found.description or ()]
        except door.Refused as error:
            raise NoAnswer(in_words(str(error))) from None
        return Answer(columns, self._fetched())

    def _fetched(self) -> Iterator[tuple[Any, ...]]:
        try:
            while rows := self._version.db.fetchmany(AT_ONCE):
                yield from rows
        except door.Refused as error:
            raise NoAnswer(in_words(str(error))) from None

    def tables(self, like: str = "") -> Answer:
        """What there is, with the wide views first."""
        return self.ask(
            """
            SELECT schema_name || '.' || name AS "Bảng", said AS "Nội dung", says AS "Contents"
            FROM (
                SELECT schema_name, table_name AS name, split_part(comment, ' / ', 1) AS said, split_part(comment, ' / ', 2) AS says
                FROM duckdb_tables() WHERE NOT temporary
                UNION ALL
                SELECT schema_name, view_name, split_part(comment, ' / ', 1), split_part(comment, ' / ', 2) FROM duckdb_views() WHERE NOT internal
            )
            WHERE contains(schema_name || '.' || name, lower(?))
            ORDER BY schema_name <> 'bi', schema_name, name""",
            like,
        )

    def columns(self, table: str) -> Answer:
        """The columns of a table, named with or without its schema. Raises NoAnswer."""
        schema, _, name = table.strip().rstrip(";").lower().rpartition(".")
        found = self.ask(
            """
            SELECT schema_name || '.' || table_name AS "Bảng", column_name AS "Cột", data_type AS "Kiểu", description_vi AS "Ý nghĩa",
                   coalesce(code_list, '') AS "Danh mục"
            FROM quality.columns
            WHERE table_name = ? AND (schema_name = ? OR ? = '')
            ORDER BY schema_name <> 'bi', schema_name, column_no""",
            name, schema, schema,
        )  # fmt: skip
        rows = list(found.rows)
        if not rows:
            raise NoAnswer(f"Không có bảng “{table}”; `.tables` liệt kê các bảng.")
        first = rows[0][0]
        return Answer([*found.columns[1:]], (row[1:] for row in rows if row[0] == first))

    def names(self) -> list[str]:
        """Words that a query may hold: tables and columns."""
        found = self.ask(
            "SELECT schema_name || '.' || table_name FROM quality.columns UNION SELECT column_name FROM quality.columns ORDER BY 1"
        )
        return [name for (name,) in found.rows]


@contextmanager
def opened(home: Home) -> Iterator[Session]:
    """The version in force, in Vietnamese order. Raises door.NothingPublished."""
    with door.published(home, collation="vi") as version:
        yield Session(version)


def in_words(message: str) -> str:
    """What DuckDB says of a query, with what it means before it.

    >>> in_words('Parser Error: syntax error at or near "SELEC"\\n\\nLINE 1: SELEC 1\\n        ^')
    'Câu lệnh sai cú pháp. DuckDB: syntax error at or near "SELEC"\\nLINE 1: SELEC 1\\n        ^'
    """
    meaning = next((means for pattern, means in MEANS if re.search(pattern, message)), "Câu hỏi không trả lời được")
    words = re.sub(r"^[A-Z][A-Za-z ]* Error: ", "", message)
    return f"{meaning}. DuckDB: " + "\n".join(line for line in words.splitlines() if line.strip())


# ── an answer as a file ──────────────────────────────────────────────────────────────────────────────────────────


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
            elif isinstance(value, int | float | Decimal) and abs(value) <= WHOLE_NUMBER and math.isfinite(value):
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


def cells(rows: Sequence[tuple[Any, ...]]) -> list[list[str]]:
    """Values as a terminal shows them: blank is blank, a share has its decimals, a day is written as days are."""
    return [[_shown(value) for value in row] for row in rows]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e15 else repr(value)
    return str(value)
