"""What a row of a sheet is: a detail, or one of the rows that people put around details; and what its words say.

The patterns are data: `rows.csv`.
What does not belong here: telling each row of a list (classifier), what sections name, which column means what, and values.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import normalize

Row = Sequence[str | None]
Filled = list[tuple[int, str]]  # (position, text) of the cells that hold something


class RowClass(StrEnum):
    """How a row is taken. Only DETAIL rows are read; TOTAL and SUBTOTAL are checked against them."""

    TITLE = "TITLE"
    HEADER = "HEADER"
    COLUMN_NUMBERS = "COLUMN_NUMBERS"
    SECTION = "SECTION"
    DETAIL = "DETAIL"
    SUBTOTAL = "SUBTOTAL"
    TOTAL = "TOTAL"
    SIGNATURE = "SIGNATURE"
    NOTE = "NOTE"
    PLACEHOLDER = "PLACEHOLDER"
    BLANK = "BLANK"


LABELS = {
    RowClass.TITLE: "Tiêu đề",
    RowClass.HEADER: "Dòng tên cột",
    RowClass.COLUMN_NUMBERS: "Dòng số thứ tự cột",
    RowClass.SECTION: "Dòng nhóm",
    RowClass.DETAIL: "Dòng dữ liệu",
    RowClass.SUBTOTAL: "Dòng cộng",
    RowClass.TOTAL: "Dòng tổng cộng",
    RowClass.SIGNATURE: "Phần ký",
    RowClass.NOTE: "Ghi chú",
    RowClass.PLACEHOLDER: "Dòng điền sẵn",
    RowClass.BLANK: "Dòng trống",
}
DIGIT, LETTER = re.compile(r"[0-9]"), re.compile(r"[^\W\d_]")
RUNNING = re.compile(r"[0-9]{1,5}\.?\Z", re.ASCII)
HEADER_ROWS = 40  # a header further down than this is not looked for


@cache
def patterns() -> Mapping[tuple[str, str], re.Pattern[str]]:
    """(class, where) → one pattern: `row` must match every cell, `cell` one, `start` and `end` a text's beginning and end, `any` any place."""
    gathered: dict[tuple[str, str], list[str]] = {}
    with (Path(__file__).with_name("rows.csv")).open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            gathered.setdefault((line["class"], line["where"]), []).append(line["pattern"])
    return {key: re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE) for key, patterns in gathered.items()}


def says(name: str, where: str, text: str) -> bool:
    """Whether a text says what a pattern of rows.csv does: anywhere in it, or from its beginning."""
    pattern = patterns()[name, where]
    return bool(pattern.search(text) if where == "any" else pattern.match(text))


@lru_cache(maxsize=10_000)  # headers and titles, the same ones in every file
def plain(text: str) -> str:
    """Text as the patterns see it: NFC, lower case, single spaces."""
    return " ".join(normalize("NFC", text).lower().split())


def filled(row: Row, numbers: frozenset[int] = frozenset()) -> Filled:
    """The cells that hold something; a running number, filled in advance, says nothing."""
    return [(p, cell) for p, cell in enumerate(row) if cell and not (p in numbers and RUNNING.match(cell))]


def names_signers(cells: Filled) -> bool:
    """Does every cell say who signs, and one of them more than a post, which a person's row may say too? "Người lập biểu", "Bí thư"."""
    said = [plain(cell) for _, cell in cells]
    return any(says("SIGNER", "start", text) for text in said) and all(
        says("SIGNER", "start", text) or says("SIGNATURE", "start", text) for text in said
    )


def is_in_english(row: Row) -> bool:
    """A second header line, for readers of English: most of its cells name columns, and no cell is a value."""
    cells: list[str] = []
    for cell in filter(None, row):
        cells.append(plain(cell))
        if not cells[-1].isascii() or DIGIT.search(cells[-1]):
            return False  # as most are
    known = sum(bool(patterns()["ENGLISH", "cell"].fullmatch(cell)) for cell in cells)
    return known >= 2 and known * 3 >= len(cells) * 2


def is_of_units(row: Row) -> bool:
    """A line below a header that says in what its columns are given: "(ngày)", "(tiết)", "%", "dd/mm/yyyy"; no cell is a value."""
    return all(says("UNITS", "row", plain(cell)) or says_how(cell) for cell in row if cell)


def says_how(cell: str) -> bool:
    """Does a cell below a title say how that column is written, and no more: "(ngày/tháng/năm)", "(x)"?"""
    return cell[0] in "([" and says("HOW_WRITTEN", "row", plain(cell))


def in_other_unit(named: list[str], titles: list[str]) -> bool:
    """Do the cells that name a column of hours, or the title's unit of measure, say days or sessions? How many hours these are nobody says.

    >>> in_other_unit(["Thời lượng", "(ngày)"], []), in_other_unit(["Thời lượng"], ["Đơn vị tính: ngày"]), in_other_unit(["Số tiết/ngày"], [])
    (True, True, False)
    >>> in_other_unit(["Thời lượng"], ["Từ ngày 05/05/2025"])
    False
    """
    said = plain(" ".join([*named, *(title for title in titles if says("UNITS", "row", plain(title)))]))
    return bool(OTHER_UNIT.search(said)) and not HOURS.search(said)


OTHER_UNIT, HOURS = re.compile(r"\b(?:ngày|buổi|tuần|tháng)\b"), re.compile(r"\b(?:tiết|giờ)\b")
