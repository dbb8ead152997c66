"""Answers to SQL from the published version: rows, and what tables there are.

What does not belong here: an answer as a file (files.py), the terminal (cli/sql.py), and who may read what (warehouse/door.py).
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipeline.paths import Home
from pipeline.presentation import day
from pipeline.warehouse import door

AT_ONCE = 10_000  # rows fetched at a time: an answer may be larger than what is shown of it

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
        """The answer to a query. Several that answer are refused: the last one's would stand for all. Raises NoAnswer."""
        try:
            if ";" in query and len([*filter(_answers, self._version.db.extract_statements(query))]) > 1:
                raise NoAnswer("Có nhiều câu hỏi cùng lúc, mà chỉ một câu được trả lời: hãy hỏi từng câu.")
            found = self._version.db.execute(query, list(values) or None)
        except door.Refused as error:
            raise NoAnswer(in_words(str(error))) from None
        except RuntimeError:  # by the keyboard
            self._version.db.interrupt()  # DuckDB goes on counting otherwise, and the next question waits for it (1.5.6)
            raise KeyboardInterrupt from None
        if found is None:
            raise NoAnswer("Chưa có câu hỏi nào.")
        columns = [name for name, *_ in found.description or ()]
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


def _answers(statement: Any) -> bool:
    """Whether a statement gives rows and does nothing else: what comes before a question, as PIVOT's own list of columns, gives none."""
    return [kind.name for kind in statement.expected_result_type] == ["QUERY_RESULT"]


def in_words(message: str) -> str:
    """What DuckDB says of a query, with what it means before it.

    >>> in_words('Parser Error: syntax error at or near "SELEC"\\n\\nLINE 1: SELEC 1\\n        ^')
    'Câu lệnh sai cú pháp. DuckDB: syntax error at or near "SELEC"\\nLINE 1: SELEC 1\\n        ^'
    """
    meaning = next((means for pattern, means in MEANS if re.search(pattern, message)), "Câu hỏi không trả lời được")
    words = re.sub(r"^[A-Z][A-Za-z ]* Error: ", "", message)
    return f"{meaning}. DuckDB: " + "\n".join(line for line in words.splitlines() if line.strip())


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
