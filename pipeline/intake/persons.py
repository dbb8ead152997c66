"""Whether a row may be somebody's, whatever it was taken for: by a number, a name beside a day, a name and a code.

What does not belong here: what a row is taken for (classifier), and who somebody is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from pipeline.codes import fold
from pipeline.intake.headers import Header, ignored
from pipeline.intake.layout import Layout
from pipeline.intake.rows import DIGIT, LETTER, Filled, Row, RowClass, filled, names_signers, plain
from pipeline.intake.sections import section_unit
from pipeline.values import IDENTITY_DIGITS, MARKS, mark_of


@dataclass(frozen=True)
class Places:
    """Where below a header stands what tells a person's row from the rows around it."""

    anchors: tuple[int, ...]
    names: frozenset[int]
    days: frozenset[int]
    numbers: frozenset[int]  # the running number's columns
    words: dict[int, frozenset[str]]  # code and mark columns → what stands there

    @classmethod
    def of(cls, header: Header, rows: Sequence[Row], dataset: str, layout: Layout) -> "Places":
        anchors, names, days = (
            tuple(header.columns[c] for c in which.get(dataset, ()) if c in header.columns)
            for which in (layout.anchors, layout.people, layout.dates)
        )
        words = {p: layout.words.get(dataset, {}).get(c, frozenset()) for c, p in header.columns.items()}
        words |= {p: MARKS for positions in header.marks.values() for p in positions}
        return cls(anchors, frozenset(names), frozenset(days), ignored(rows, header), words)

    def hold_somebody(self, row: Row) -> bool:
        """Is the row one of people, wherever it stands?"""
        cells = filled(row)
        numbered = any(p in self.anchors and IDENTITY.match(cell) for p, cell in cells)
        return numbered or may_be_person(RowClass.DETAIL, cells, self.names, self.numbers, self.words)

    def may_hold_somebody(self, kind: RowClass, row: Row) -> bool:
        """Does a row that is taken for something else look like a person?"""
        return looks_like_person(kind, row, self.names, self.days) or may_be_person(kind, filled(row), self.names, self.numbers, self.words)


IDENTITY = re.compile(rf"'?{IDENTITY_DIGITS}\s*\Z", re.ASCII)
# An identity number among other text, or a number, a word and more between the same delimiters: a whole line stands in one cell.
LINE = re.compile(rf"(?<![\w.,]){IDENTITY_DIGITS}(?![\w.,]*[0-9])|\A\W*[0-9]{{1,5}}\s*([;,|\t])\s*[^\W\d_].*\1.*[^\W\d_]")
DAY = re.compile(r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{4}|[0-9]{1,2}[/.\-][0-9]{4}\Z", re.ASCII)


def names_somebody(kind: RowClass, row: Row) -> bool:
    """Does a heading or a note speak of one person? What it says of him is in no column.

    >>> names_somebody(RowClass.NOTE, ["Đính chính: đồng chí Trần Thị Bình: Hoàn thành nhiệm vụ"])
    True
    >>> names_somebody(RowClass.SECTION, ["ĐỒNG CHÍ DỰ BỊ"]), names_somebody(RowClass.SECTION, ["Đồng chí trực thuộc Đảng ủy"])
    (False, False)
    """
    if kind not in (RowClass.SECTION, RowClass.NOTE):
        return False
    said = [found for cell in row if cell and (found := OF_SOMEBODY.search(normalize("NFC", cell)))]
    return any(first.lower() == "số" or (first.istitle() and second.istitle()) for first, second in (found.groups() for found in said))


OF_SOMEBODY = re.compile(r"(?:đ/c|đồng chí)\s+([^\W\d_]+)\s+(\w+)", re.IGNORECASE)


def looks_like_person(kind: RowClass, row: Row, names: frozenset[int], days: frozenset[int]) -> bool:
    """An identity number, or a name of two words beside a day, in their columns: whatever the row was taken for, it may be somebody."""
    told = [cell for cell in row if cell and DIGIT.search(cell)]  # few titles: neither pattern is found without a digit
    if any((IDENTITY.match(cell) or LINE.search(cell)) and not (kind is RowClass.TITLE and _is_address(cell)) for cell in told):
        return True
    named = any(p < len(row) and (cell := row[p]) and " " in cell.strip() and not DIGIT.search(cell) for p in names)
    return named and any(p < len(row) and (cell := row[p]) and DAY.search(cell) for p in days)


def _is_address(cell: str) -> bool:
    """Is a title where an office lies, and no line of a person's?"""
    return bool(ADDRESS.search(plain(cell))) and not re.search(rf"(?<![0-9]){IDENTITY_DIGITS}(?![0-9])", cell)


ADDRESS = re.compile(r"\b(?:địa chỉ|đường|phố|ngõ|hẻm|ấp|khu phố|phường|xã|thị trấn|quận|huyện|thành phố|tp|tỉnh)\b")


def is_code(cell: str, words: frozenset[str]) -> bool:
    """Is a cell one of a code's words, or a mark below a level?"""
    return fold(cell) in words or mark_of(cell) in words


def may_be_person(kind: RowClass, cells: Filled, names: frozenset[int], numbers: frozenset[int], words: dict[int, frozenset[str]]) -> bool:
    """A row beside the details that holds a name and what a detail would: a code's word, or a running number and some words more."""
    named = {p for p, cell in cells if p in names and " " in cell.strip() and not DIGIT.search(cell)}
    if kind is RowClass.SECTION:
        named -= {p for p, cell in cells if p in named and section_unit([(p, cell)])}
    if kind is RowClass.SIGNATURE and names_signers(cells):
        return False
    if not named:
        return False
    others = [(p, cell) for p, cell in cells if p not in named and p not in numbers]
    if any(is_code(cell, words.get(p, frozenset())) and (kind is RowClass.DETAIL or not cell.isdigit()) for p, cell in others):
        return True  # a total's 1 below a level is a count
    numbered = kind is RowClass.SECTION or any(p in numbers and re.fullmatch(r"(?:[0-9]{1,5}|[IVXivx]{1,5})\.?", cell) for p, cell in cells)
    return numbered and kind is not RowClass.PLACEHOLDER and any(LETTER.search(cell) for _, cell in others)
