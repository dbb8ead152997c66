"""Text files to cells: what parts their cells, and quotation marks that are one too many.

What does not belong here: what letters the bytes stand for (decoding), and what a cell means.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import replace

from pipeline.intake import decoding, legacy
from pipeline.intake.cells import Sheet, Texts, mended
from pipeline.intake.kinds import Unreadable
from pipeline.values import IDENTITY_DIGITS

DELIMITERS = ";,\t|"


def read_text(data: bytes) -> Sheet:
    """A CSV or TSV, whatever parts its cells. Raises Unreadable."""
    try:
        text, encoding = decoding.decode(data)
    except decoding.UndecodableText as error:
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
    texts = Texts()
    sheet = Sheet("", [list(map(texts.__getitem__, row)) for row in rows], stray_quotes=stray, is_whole=is_whole)
    if encoding and encoding != "UTF-16":
        marked = {position for row in sheet.rows for position, cell in enumerate(row) if cell and not cell.isascii()}
        sheet = replace(sheet, converted=dict.fromkeys(sorted(marked), encoding))
    return sheet if legacy.is_clean(texts.values()) else mended(sheet)


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
ROW_IN_A_CELL = rf"^[0-9]{{1,5}}\.?;[^\W\d_]|^'?{IDENTITY_DIGITS};(?! )|;'?{IDENTITY_DIGITS}(?:;|$)"


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
    """What parts the most lines into equally many cells; decimals, addresses and sentences hold commas too. So what parts some lines into two gives way to
    what parts half as many into three times as many, and four of five lines that have it.

    >>> _delimiter("Họ tên;Điểm\\nAn;8,5\\nBình;7,5"), _delimiter("one column"), _delimiter("A, B\\n1;2;3;4;5, 6;7\\n1;2;3;4;5, 6;7")
    (';', ',', ';')
    """
    head = text[:20_000]
    present = [d for d in DELIMITERS if d in head]
    if len(present) < 2:
        return present[0] if present else ","

    fits: dict[str, tuple[int, int, bool]] = {}  # how many lines, into how many cells, and whether nearly every line that has it
    for delimiter in present:
        widths = Counter(map(len, csv.reader(head.splitlines()[:50], delimiter=delimiter)))
        count, width = max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))
        fits[delimiter] = count, width, count >= 0.8 * sum(lines for cells, lines in widths.items() if cells > 1)
    best = max(present, key=lambda d: fits[d][:2])
    count, width, _ = fits[best]
    wider = [d for d, (lines, cells, are_all) in fits.items() if are_all and width == TWO and cells >= 3 * width and 2 * lines >= count]
    return max(wider, key=lambda d: fits[d][:2], default=best)


TWO = 2  # cells
