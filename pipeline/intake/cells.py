"""Bytes to cells: the only place that knows spreadsheets.

What does not belong here: what a cell means, headers, datasets.
"""

import csv
import datetime as dt
import io
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineWorkbook

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Sheet:
    """A sheet's cells as text; row 0 is the sheet's first row. A CSV is one sheet without a name."""

    name: str
    rows: list[list[str | None]]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()  # numbers as the sheet shows them, from 1
    hidden_columns: frozenset[int] = frozenset()  # positions, from 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # (row number from 1, position) → "#REF!"
    converted: dict[int, str] = field(default_factory=dict)  # column position → legacy encoding that its text was in
    unsure: frozenset[int] = frozenset()  # positions whose text looks legacy and could not be told


class Unreadable(Exception):
    """The bytes are no spreadsheet that we read. `rule` names why; the text never holds a cell's value."""

    def __init__(self, rule: str):
        super().__init__(rule)
        self.rule = rule


def read_cells(data: bytes) -> list[Sheet]:
    """All sheets of an XLSX or a UTF-8 CSV; content decides, not the name. Raises Unreadable."""
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable("file_not_empty")
    if data.startswith(OLE):
        raise Unreadable("file_not_protected")  # an encrypted workbook is an OLE container; so is the old .xls
    if data.startswith(ZIP):
        return _workbook(data)
    return [_csv(data)]


def _workbook(data: bytes) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        # skip_empty_area=False: a leading blank row counts, so that row numbers are the sheet's own
        return [
            Sheet(
                name,
                [
                    [(v.strip() or None) if type(v) is str else _text(v) for v in row]
                    for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                ],
            )
            for name in book.sheet_names
        ]
    except (CalamineError, OSError, ValueError, KeyError) as error:
        raise Unreadable("file_readable") from error


def _csv(data: bytes) -> Sheet:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("file_readable") from error
    if "\0" in text:
        raise Unreadable("file_readable")
    head = text[:20_000]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable("file_readable") from error
    return Sheet("", [[v.strip() or None for v in row] for row in rows])


def _text(value: object) -> str | None:
    """A cell that is no text, as text: a whole number without its point, a date as dd/mm/yyyy."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        # a number's decimals behind a comma, as they are written here: 88.125 with a point would read as thousands
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace(".", ",")
    if isinstance(value, dt.datetime | dt.date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    return None if value is None else str(value)
