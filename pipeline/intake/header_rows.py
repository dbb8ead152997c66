"""The rows of a header: how far each text reaches, and which texts only say how a column's cells are written.

What does not belong here: which rows are the header (header_search), and what its texts mean (headers, header_trees).
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.intake.rows import Row, plain, says_how


def across(row: Row, width: int) -> list[str | None]:
    """A merged cell's text stands in its first cell only: spread it to the right, as far as its merge reaches where the file has one ("" ends it).

    >>> across(("Trình độ", None, None, "Ghi chú"), 4), across(("Trình độ", None, "", "Ghi chú"), 4)
    (['Trình độ', 'Trình độ', 'Trình độ', 'Ghi chú'], ['Trình độ', 'Trình độ', None, 'Ghi chú'])
    """
    spread: list[str | None] = []
    last = None
    for position in range(max(width, len(row))):
        cell = row[position] if position < len(row) else None
        last = last if cell is None else cell or None
        spread.append(last)
    return spread


def reaching(rows: Sequence[Row], width: int) -> list[list[str | None]]:
    """Each row of a header as far as its texts reach: none reaches below a title that begins above it, nor out of a merged group above it.

    >>> reaching([("Họ và tên", None, "Ngày sinh"), ("Họ", "Tên", None)], 3)
    [['Họ và tên', 'Họ và tên', 'Ngày sinh'], ['Họ', 'Tên', None]]
    """
    found: list[list[str | None]] = []
    begun: set[int] = set()
    for row in rows:
        found.append(across(["" if cell is None and p in begun else cell for p, cell in enumerate(_wide(row, width))], width))
        begun.update(p for p, cell in enumerate(row) if cell is not None)
    return found


def _wide(row: Row, width: int) -> list[str | None]:
    return [*row, *[None] * (width - len(row))]


def paths_of(rows: Sequence[Row]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each position of a header's rows with its lowest text and the groups above it, from above.

    >>> [*paths_of([("STT", "Quyết định", None), (None, "Số", "Ngày")])]
    [(0, ('STT',)), (1, ('Quyết định', 'Số')), (2, ('Quyết định', 'Ngày'))]
    """
    own = without_how(rows)
    spread = [own[0]] if len(own) == 1 else reaching(own, max(map(len, own)))
    lowest = {p: depth for depth, row in enumerate(own) for p, cell in enumerate(row) if cell}
    for position, depth in sorted(lowest.items()):
        yield position, tuple(dict.fromkeys(text for row in spread[: depth + 1] if (text := row[position])))


def without_how(rows: Sequence[Row]) -> Sequence[Row]:
    """A header's rows without what stands below its titles and only says how their cells are written. What differs below one title are columns of it.

    >>> without_how([("Ngày sinh", "Quyết định", None), ("(dd/mm/yyyy)", "(số)", "(ngày)")])
    [('Ngày sinh', 'Quyết định', None), (None, '(số)', '(ngày)')]

    What is written so is a column, and reaches over none beside it.

    >>> without_how([("Sinh năm", None, None), ("(năm)", None, None), (None, "Nam", "Nữ")])
    [('Sinh năm', '', None), (None, None, None), (None, 'Nam', 'Nữ')]
    >>> without_how([("Kinh phí", None), ("(ghi rõ)", "Ghi chú")]), without_how([("Ngày sinh", None), ("(dd/mm/yyyy)", None), ("Nam", "Nữ")])
    ([('Kinh phí', ''), (None, 'Ghi chú')], [('Ngày sinh', None), (None, None), ('Nam', 'Nữ')])
    """
    if not any(cell and cell[0] in "([" for row in rows[1:] for cell in row):
        return rows
    width = max(map(len, rows))
    cleared: list[Row] = [rows[0]]
    written: dict[
        tuple[int, int], int
    ] = {}  # row and position of a title → the last position below it where it is said how its cells are written
    for row in rows[1:]:
        titles = _titles(cleared, width)
        below: dict[tuple[int, int], dict[int, str]] = {}  # row and position of a title → what stands below it
        for p, cell in enumerate(row):
            if cell and (title := titles[p]):
                below.setdefault(title, {})[p] = plain(cell)
        how = {p: title for title, texts in below.items() for p in _how(texts, title[1])}
        cleared.append(tuple(None if p in how else cell for p, cell in enumerate(row)) if how else row)
        written |= {title: p for p, title in sorted(how.items())}
    for (number, begin), last in written.items():
        _end(cleared, number, begin, last, width)
    return cleared


def _how(texts: dict[int, str], begin: int) -> Iterable[int]:
    """Where it is said how a title's cells are written: everywhere below it; or below its own place, where words stand beside that."""
    if len({*texts.values()}) == 1:
        return texts if all(map(says_how, texts.values())) else ()
    own = texts.get(begin, "")
    return [begin] if ONLY_HOW.fullmatch(own) and not any(text[0] in "([" for p, text in texts.items() if p != begin) else ()


ONLY_HOW = re.compile(r"[(\[]\s*(?:x|(?:ghi|đánh dấu) [^)\]]*|đánh dấu|[dmy]+[/.\-][dmy/.\-]+)\s*[)\]]")  # what no column's title is


def _end(rows: list[Row], number: int, begin: int, last: int, width: int) -> None:
    """A title of which is said how it is written, and below which nothing else stands, is a column: it reaches over none beside it."""
    said = [p for p in range(begin, width) if any(p < len(row) and row[p] for row in rows[number + 1 :])]
    end = min((p for p in said if p > last), default=width)
    row = [*rows[number], *[None] * (width - len(rows[number]))]
    if end < width and min(said) > last and row[begin + 1 : end + 1] == [None] * (end - begin):
        row[end] = ""
        rows[number] = tuple(row)


def _titles(rows: Sequence[Row], width: int) -> list[tuple[int, int] | None]:
    """Of each position the lowest text that reaches over it: its row, and where it begins."""
    found: list[tuple[int, int] | None] = [None] * width
    for number, (row, spread) in enumerate(zip(rows, reaching(rows, width), strict=True)):
        begin = 0
        for p, text in enumerate(spread):
            begin = p if p < len(row) and row[p] else begin
            found[p] = (number, begin) if text else found[p]
    return found
