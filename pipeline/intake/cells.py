"""Bytes to cells: the only place that knows spreadsheets.

One reader for every kind (decision 0010). What does not belong here: what a cell means, headers, datasets; what bytes are (kinds), and what
the reader hides (hidden).
"""

import csv
import datetime as dt
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import ParseError

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipeline.intake import hidden, legacy
from pipeline.intake.kinds import BROKEN, Kind, Unreadable, in_unicode, kind_of, unlocked
from pipeline.intake.unseen import Look, Unseen
from pipeline.values import EPOCH

CELLS = 5_000_000  # of a sheet, from A1 to its last cell: a grid of 400 MB; a unit's largest has 60,000
DELIMITERS = ";,\t|"


@dataclass(frozen=True)
class Sheet:
    """A sheet's cells as text; row 0 is the sheet's first row. A CSV is one sheet without a name.

    What a unit may not see or not mean stands beside the cells, as far as it can be seen (hidden.py says how far).
    """

    name: str
    rows: list[list[str | None]]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()  # numbers as the sheet shows them, from 1
    hidden_columns: frozenset[int] = frozenset()  # positions, from 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # (row number from 1, position) → "#REF!"
    converted: dict[int, str] = field(default_factory=dict)  # position → legacy encoding that its text was in
    unsure: frozenset[int] = frozenset()  # positions whose text looks legacy and could not be told
    is_1904: bool = False  # a number that means a day counts from 1904; date cells are right already
    stray_quotes: tuple[int, ...] = ()  # rows of a CSV whose quotation marks swallow the rows below
    is_whole: bool = True  # whether such rows could be told apart
    struck: frozenset[tuple[int, int]] = frozenset()  # (row number from 1, position) of what is struck through
    uncalculated: frozenset[tuple[int, int]] = frozenset()  # formulas without a value
    comments: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)  # (row number from 1, position) → who wrote it, and what
    merged: tuple[tuple[int, int, int], ...] = ()  # cells that are one over several rows: first and last row from 0, position
    is_beside: bool = False  # another table stands to the left of this one, on the same sheet
    is_blind: bool = False  # what its values do not show could not be looked for
    typed: list[list[Any]] = field(default_factory=list, repr=False, compare=False)  # the cells as the reader gave them: days are days


def read_cells(data: bytes) -> list[Sheet]:
    """All sheets of an XLSX, XLSM, XLS, XLSB, ODS, CSV or TSV; content decides, not the name. Raises Unreadable.

    Memory is bounded by what the parts say of their size and by CELLS. A file made to mislead can still end the process: read
    what others sent in workers.py.
    """
    kind, archive = kind_of(data := unlocked(data))
    try:
        return [_csv(data)] if kind == "text" else _workbook(data, kind, archive)
    except Unreadable:
        raise
    except MemoryError as error:
        raise Unreadable("file_read_in_memory") from error
    except BaseException as error:
        # whatever a file makes a reader raise is that file's finding; the fast reader's own failure is no Exception
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Unreadable("file_readable") from error
        raise


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────────────────────


def _workbook(data: bytes, kind: Kind, archive: zipfile.ZipFile | None) -> list[Sheet]:
    look = _look(data, kind, archive)
    if look and any(rows * columns > CELLS for rows, columns in (unseen.extent for unseen in look.unseen.values())):
        raise Unreadable("cells_in_bounds")  # before the reader makes a grid of it: that would end the process
    book = CalamineWorkbook.from_filelike(io.BytesIO(in_unicode(data) if kind == "xls" else data))
    if len(set(book.sheet_names)) < len(book.sheet_names):
        raise Unreadable("file_readable")  # the reader finds sheets by name alone; no Excel writes one twice
    sheets, texts = [], _WholeTexts() if kind in ("xls", "xlsb") else _Texts()
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        grid = book.get_sheet_by_name(about.name)
        if grid.total_height * grid.total_width > CELLS:
            raise Unreadable("cells_in_bounds")
        # skip_empty_area=False: a leading blank row counts, so that row numbers are the sheet's own
        typed = grid.to_python(skip_empty_area=False)
        rows = [list(map(texts.__getitem__, row)) for row in typed]
        merged = [(first, last, left) for (first, left), (last, _) in grid.merged_cell_ranges or () if last > first]
        sheet = Sheet(
            about.name,
            rows,
            about.visible != SheetVisibleEnum.Visible,
            is_1904=look is not None and look.is_1904,
            merged=tuple(merged),
            is_blind=look is None or not look.sees(about.name),
            typed=typed,
        )
        if look and about.name in look.unseen:
            sheet = _seen(sheet, look.unseen[about.name])
        sheets.append(sheet)
    return sheets if legacy.is_clean(texts.values()) else [_mended(sheet, look) for sheet in sheets]


def _look(data: bytes, kind: Kind, archive: zipfile.ZipFile | None) -> Look | None:
    try:
        return hidden.look(data, kind, archive, CELLS)
    except (ParseError, *BROKEN):
        if kind in ("ods", "xlsb"):
            raise  # nothing else says how far it reaches
        return None  # whether the file is damaged is the reader's to say


FIRST_DAY = {"m": re.compile(r"01/([0-9]{2}/[0-9]{4})"), "y": re.compile(r"01/01/([0-9]{4})")}


def _seen(sheet: Sheet, unseen: Unseen) -> Sheet:
    """The sheet with what its values do not show."""
    height, width = len(sheet.rows), max(map(len, sheet.rows), default=0)
    for (number, position), text in unseen.shown.items():
        if number <= height and position < width and sheet.rows[number - 1][position] is not None:
            sheet.rows[number - 1][position] = text
    for (number, position), part in unseen.months.items():
        # a month or a year that was typed is kept as its first day; another day was typed as a day
        if (
            number <= height
            and position < width
            and (day := sheet.rows[number - 1][position])
            and (typed := FIRST_DAY[part].fullmatch(day))
        ):
            sheet.rows[number - 1][position] = typed[1]
    return replace(
        sheet,
        hidden_rows=frozenset(n for first, last in unseen.hidden_rows for n in range(first, min(last, height) + 1)),
        hidden_columns=frozenset(p for first, last in unseen.hidden_columns for p in range(first, min(last + 1, width))),
        errors=unseen.errors,
        struck=frozenset(unseen.struck),
        uncalculated=frozenset(unseen.uncalculated),
        comments=unseen.comments,
        merged=sheet.merged or tuple(unseen.merged),  # the reader does not see those of an .ods
    )


def _mended(sheet: Sheet, look: Look | None = None) -> Sheet:
    """The sheet with its text in Unicode."""

    def fonts() -> dict[int, str]:
        try:
            return look.fonts(sheet.name) if look else {}
        except (ParseError, *BROKEN):
            return {}

    mended = legacy.mend(sheet.rows, fonts)
    if not mended.converted and not mended.unsure:
        return sheet
    return replace(sheet, rows=mended.rows, converted=sheet.converted | mended.converted, unsure=mended.unsure)


# a number's decimals behind a comma, as they are written here: 88.125 with a point would read as thousands
def _number(value: float) -> str:
    """A whole number without its point; from 1e15 on Excel keeps no digit, so it stays visibly rounded.

    >>> _number(92080000001.0), _number(88.125), _number(1234567890123456.0)
    ('92080000001', '88,125', '1,23456789012346E+15')
    """
    if abs(value) >= 1e15:
        return f"{value:.14E}".replace(".", ",")
    return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")


def _day(value: dt.date) -> str:
    """A year that was typed into a cell of days stands there as a day of 1905: both are written, so that neither is taken.

    >>> _day(dt.date(1980, 2, 5)), _day(dt.date(1905, 6, 2))
    ('05/02/1980', '02/06/1905 (1980)')
    """
    text = f"{value.day:02}/{value.month:02}/{value.year:04}"
    return f"{text} ({year})" if value.year == 1905 and 1900 <= (year := (value - EPOCH).days) <= 2100 else text


def is_nearly_next(value: object) -> bool:
    """A serial day that lost its last moments where two programs round differently: nobody writes a minute before midnight."""
    return type(value) is dt.datetime and value.hour == 23 and value.minute == 59


def _moment(value: dt.datetime) -> str:
    """
    >>> _moment(dt.datetime(1980, 2, 5, 9, 30)), _moment(dt.datetime(1980, 2, 5, 23, 59, 20))
    ('05/02/1980', '06/02/1980')
    """
    return _day(value.date() + dt.timedelta(days=is_nearly_next(value)))


def _duration(value: dt.timedelta) -> str:
    """
    >>> _duration(dt.timedelta(days=1, minutes=90))
    '25:30:00'
    """
    seconds = int(value.total_seconds())
    return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"


# How a cell that is no text is written as text, by its type.
TEXTS: dict[type, Callable[[Any], str | None]] = {
    float: _number,
    int: str,
    bool: lambda value: "1" if value else "0",
    dt.date: _day,
    dt.datetime: _moment,
    dt.time: str,
    dt.timedelta: _duration,
    type(None): lambda value: None,
}


class _Texts(dict[Any, str | None]):
    """A workbook's cells as text, each distinct one written once: the same ones stand in many cells, and are one text from here on."""

    def __missing__(self, value: Any) -> str | None:
        text = self[value] = (value.strip() or None) if type(value) is str else _written(value)
        return text


class _WholeTexts(_Texts):
    """The same without the halves of a letter's two bytes that the reader leaves standing in some old workbooks."""

    def __missing__(self, value: Any) -> str | None:
        text = self[value] = (super().__missing__(value) or "").replace("\0", "") or None
        return text


@lru_cache(maxsize=50_000)  # days and numbers are the same ones in many files
def _written(value: Any) -> str | None:
    return TEXTS[type(value)](value)


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _csv(data: bytes) -> Sheet:
    try:
        text, encoding = legacy.decode(data)
    except legacy.UndecodableText as error:
        raise Unreadable("file_readable" if b"\0" in data else "text_encoding_certain") from error
    if "\0" in text:
        raise Unreadable("file_readable")
    told = re.match(r"sep=([^\r\n])\r?\n", text, re.IGNORECASE)  # Excel's own note, which it never shows as a row
    if told:
        text = text[told.end() :]
    delimiter = told[1] if told else _delimiter(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if '"' in text and not told and rows and max(map(len, rows)) == 1:
        delimiter = _delimiter("\n".join(row[0] for row in rows if row))  # every line is quoted whole
    stray, is_whole = _swallowing(rows, text, delimiter) if '"' in text else (), True
    if rows and rows[-1] and "\n" in rows[-1][-1] and text.count('"') % 2:
        stray = stray or (len(rows),)  # a quotation that never ends swallowed the rows below it
    if stray:
        lines = [
            [_unquoted(v) for v in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
        ]
        is_whole = len({len(line) for line in lines if len(line) > 1}) == 1
        rows = lines if is_whole else rows
    elif quoted := _quoted_whole(rows, delimiter) if '"' in text else {}:
        rows, stray = [quoted.get(n, row) for n, row in enumerate(rows)], (min(quoted) + 1,)
    texts = _Texts()
    sheet = Sheet("", [list(map(texts.__getitem__, row)) for row in rows], stray_quotes=stray, is_whole=is_whole)
    if encoding and encoding != "UTF-16":
        marked = {position for row in sheet.rows for position, cell in enumerate(row) if cell and not cell.isascii()}
        sheet = replace(sheet, converted=dict.fromkeys(sorted(marked), encoding))
    return sheet if legacy.is_clean(texts.values()) else _mended(sheet)


def _swallowing(rows: list[list[str]], text: str, delimiter: str) -> tuple[int, ...]:
    """Rows (from 1) of which one cell goes over lines that are rows: a quotation mark too many joined them.

    So it is where something follows the mark that closes the cell, where a line in it is written like a row, and where the row holds more
    than the table is wide or the delimiters of two rows. A line break that was written on purpose shows none of it: an address on two
    lines stays one cell.

    >>> def swallowing(text):
    ...     return _swallowing(list(csv.reader(io.StringIO(text), delimiter=";")), text, ";")
    >>> swallowing('a;b;c\\n1;"x\\n2;y;"z;3\\n4;"street 5;\\n6, town";5')
    (2,)
    >>> swallowing('a;b;c\\n1;"x\\n2;y";3'), swallowing('a;b;c\\n1;"x;y\\n"2;z')
    ((2,), (2,))
    """
    broken = {n: cells for n, row in enumerate(rows) if (cells := [cell for cell in row if "\n" in cell or "\r" in cell])}
    if not broken:
        return ()
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter)
    ends = [0, *(reader.line_num for _ in reader)]
    all_closed = _is_closed(lines, delimiter)
    width = Counter(len(row) for row in rows if len(row) > 1).most_common(1)[0][0] if max(map(len, rows), default=0) > 1 else 0
    written = re.compile(ROW_IN_A_CELL.replace(";", re.escape(delimiter)), re.MULTILINE)

    def swallows(row: list[str], cells: list[str], lines: list[str]) -> bool:
        filled = max(n for n, cell in enumerate(row, start=1) if cell)
        parted = len(row) - 1 + sum(cell.count(delimiter) for cell in cells)
        is_wide = 0 < width < filled or parted >= max(2 * (width - 1), 1)
        return (
            is_wide or not (all_closed or _is_closed(lines, delimiter)) or any(written.search(cell.replace("\r", "\n")) for cell in cells)
        )

    return tuple(n + 1 for n, cells in broken.items() if swallows(rows[n], cells, lines[ends[n] : ends[n + 1]]))


# A line of a cell that is a row's beginning, or holds an identity number as a row does: nobody puts a space behind a row's delimiter.
ROW_IN_A_CELL = r"^[0-9]{1,5}\.?;[^\W\d_]|^'?(?:[0-9]{9}|[0-9]{12});(?! )|;'?(?:[0-9]{9}|[0-9]{12})(?:;|$)"


def _is_closed(lines: list[str], delimiter: str) -> bool:
    """Does a delimiter or the row's end follow every mark that closes a cell?"""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


def _quoted_whole(rows: list[list[str]], delimiter: str) -> dict[int, list[str]]:
    """Rows (from 0) that are one cell, which itself is a row as wide as the table: a program wrote a CSV's lines as texts of another.

    Of a table's row one cell at least is a number; a title on one line may hold as many commas.

    >>> _quoted_whole([["a", "b", "c"], ["1,x,2"], ["3", "y", "4"], ["one, two, three"], ["a title, 1, on two\\nlines"]], ",")
    {1: ['1', 'x', '2']}
    """
    alone = {
        n: row[0] for n, row in enumerate(rows) if row and delimiter in row[0] and not any(row[1:]) and not re.search(r"[\r\n]", row[0])
    }
    within = {n: next(csv.reader([cell], delimiter=delimiter)) for n, cell in alone.items()}
    widths = Counter(len(row) for n, row in enumerate(rows) if len(row) > 1 and n not in alone) or Counter(map(len, within.values()))
    width = widths.most_common(1)[0][0] if within else 0
    all_are = len(within) == sum(map(bool, rows))
    return {n: row for n, row in within.items() if len(row) == width > 2 and (all_are or any(cell.strip("' ").isdigit() for cell in row))}


def _unquoted(cell: str) -> str:
    """
    >>> _unquoted('"Nguyễn ""Tư"" An"'), _unquoted('"gia đình')
    ('Nguyễn "Tư" An', 'gia đình')
    """
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell.removeprefix('"')


def _delimiter(text: str) -> str:
    """What parts the most lines into equally many cells; decimals and sentences hold commas too.

    >>> _delimiter("Họ tên;Điểm\\nAn;8,5\\nBình;7,5"), _delimiter("one column")
    (';', ',')
    """
    head = text[:20_000]
    present = [d for d in DELIMITERS if d in head]
    if len(present) < 2:
        return present[0] if present else ","

    def fits(delimiter: str) -> tuple[int, int]:
        widths = Counter(map(len, csv.reader(head.splitlines()[:50], delimiter=delimiter)))
        return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))

    return max(present, key=fits)
