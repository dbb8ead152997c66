"""What a row of a sheet is: a detail, or one of the rows that people put around details. The patterns are data: `rows.csv`.

What does not belong here: which column means what, and values.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import normalize

from pipeline.codes import fold
from pipeline.values import mark_of

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

DIGIT = re.compile(r"[0-9]")
RUNNING = re.compile(r"[0-9]{1,5}\.?\Z", re.ASCII)
IDENTITY = re.compile(r"'?(?:[0-9]{9}|[0-9]{12})\s*\Z", re.ASCII)
# An identity number among other text, or a number, a word and more between the same delimiters: a whole line stands in one cell.
LINE = re.compile(r"(?<![\w.,])(?:[0-9]{9}|[0-9]{12})(?![\w.,]*[0-9])|\A\W*[0-9]{1,5}\s*([;,|\t])\s*[^\W\d_].*\1.*[^\W\d_]")
DAY = re.compile(r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{4}|[0-9]{1,2}[/.\-][0-9]{4}\Z", re.ASCII)
HEADER_ROWS = 40  # a header further down than this is not looked for
FEW = 3  # a section, a signature or a note fills no more cells than this


@cache
def _patterns() -> dict[tuple[str, str], re.Pattern[str]]:
    """(class, where) → one pattern: `row` must match every cell, `cell` one, `start` and `end` a text's beginning and end, `any` any place."""
    gathered: dict[tuple[str, str], list[str]] = {}
    with (Path(__file__).with_name("rows.csv")).open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            gathered.setdefault((line["class"], line["where"]), []).append(line["pattern"])
    return {key: re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE) for key, patterns in gathered.items()}


def _says(name: str, where: str, text: str) -> bool:
    pattern = _patterns()[name, where]
    return bool(pattern.search(text) if where == "any" else pattern.match(text))


@lru_cache(maxsize=10_000)  # headers and titles, the same ones in every file
def plain(text: str) -> str:
    """Text as the patterns see it: NFC, lower case, single spaces."""
    return " ".join(normalize("NFC", text).lower().split())


def filled(row: Row, numbers: frozenset[int] = frozenset()) -> Filled:
    """The cells that hold something; a running number, filled in advance, says nothing."""
    return [(p, cell) for p, cell in enumerate(row) if cell and not (p in numbers and RUNNING.match(cell))]


def section_unit(cells: Filled) -> str | None:
    """The unit that a section row names, without its numeral: "II. Chi bộ Văn phòng" → "Chi bộ Văn phòng"."""
    return next((unit for _, cell in cells if (unit := _unit_in(cell))), None)


@lru_cache(maxsize=10_000)  # titles and sections, asked for several times and the same ones in many sheets
def _unit_in(cell: str) -> str | None:
    text = in_full(NUMERAL.sub("", cell).strip().strip("“”\"'"))
    text = text if NOT_ITS_NAME.search(text) else OF_A_CELL.sub("", text)
    if not _says("UNIT", "start", plain(text)):
        return None
    return re.sub(r"\A[Đđ]ơn vị\s*:\s*", "", _patterns()["COUNTED", "end"].sub("", text)).rstrip(":. ")


def in_full(text: str) -> str:
    """A cell as it is called, where an abbreviation plainly means one: before a number, or what a cell is called after. Else "CB" may be people.

    >>> in_full("CB Ấp 1"), in_full("CB2"), in_full("CB công chức"), in_full("CBCC")
    ('Chi bộ Ấp 1', 'Chi bộ 2', 'CB công chức', 'CBCC')
    """

    def of(found: re.Match[str]) -> str:
        rest = text[found.end() :]
        return "Chi bộ " if rest[0].isdigit() or (found[0][-1].isspace() and _says("OFFICE", "start", plain(rest))) else found[0]

    return SHORT.sub(of, text) if "CB" in text.upper() else text


SHORT = re.compile(r"(?<![\w/.-])CB\s*(?=\w)", re.IGNORECASE)


def section_code(cells: Filled) -> str | None:
    """A unit's code in a section row, alone or beside its name: "Chi bộ 1 (Q01.001.01)" → "Q01.001.01"."""
    return next((found[0] for _, cell in cells if (found := CODE.search(cell))), None)


def section_words(cells: Filled) -> str | None:
    """What a section row says, without its numeral and its count."""
    texts = (_patterns()["COUNTED", "end"].sub("", NUMERAL.sub("", cell).strip()).rstrip(":. ") for _, cell in cells)
    return next((text for text in texts if len(text) > 1 and not _says("SECTION", "start", plain(text))), None)


CODE = re.compile(r"\b[A-Z]{1,4}[0-9]{1,4}(?:\.[0-9]{1,4})+\b")
NUMERAL = re.compile(
    r"\A(?:(?:[IVXivx]{1,5}|[A-Za-z]|\d{1,2}(?:\.\d{1,2})*)\s*[.)\-:/]|\((?:[IVXivx]{1,5}|[A-Za-z]|\d{1,2})\)|[-–+*•](?=\s))\s*"
)
# What stands before a cell's name where it says whose the people below are, and what makes a sentence of it.
OF_A_CELL = re.compile(r"\A(?:(?:danh sách|đảng viên|tên chi bộ\s*:|tại|thuộc|của)\s+)+(?=(?:chi bộ|tổ đảng)\s)", re.IGNORECASE)
NOT_ITS_NAME = re.compile(r"\b(?:năm|quý|tháng|kỳ|đợt|20[0-9]{2})\b", re.IGNORECASE)


def section_of_people(cells: Filled) -> bool:
    """Does a section row part people within a unit? "a) Đảng viên nữ" says nothing of where they are."""
    return any(_says("PEOPLE", "start", plain(NUMERAL.sub("", cell))) for _, cell in cells)


def section_of_rows(cells: Filled) -> bool:
    """Does a section row part the list itself, "Khối trường học", "Đợt 2", and names nobody's unit?"""
    return any(_says("GROUP", "start", plain(NUMERAL.sub("", cell))) for _, cell in cells)


def section_of_sender(cells: Filled) -> bool:
    """Does a section row hold those who stand directly below the committee, in no cell of it?"""
    return any(_says("SENDER", "start", plain(NUMERAL.sub("", cell))) for _, cell in cells)


def section_of_office(cells: Filled) -> bool:
    """Does a section row name a place where people work? The registry may know it as a unit."""
    return any(_says("OFFICE", "start", plain(NUMERAL.sub("", cell))) for _, cell in cells)


def section_level(cells: Filled) -> str | None:
    """How a section row is numbered: "I" and "II" alike, "A" and "B", "a" and "b", "1" and "2"; None where it is not."""
    found = re.match(r"\A([IVX]{1,5}|[ivx]{1,5}|[A-Z]|[a-z]|[0-9]{1,2})(?:\s*[.)\-:/]|\Z)", cells[0][1].strip()) if cells else None
    if not found:
        return None
    sign = found[1]
    return (
        "1"
        if sign[0].isdigit()
        else ("I" if re.fullmatch("[IVX]+", sign) else "i" if re.fullmatch("[ivx]+", sign) else "A" if sign.isupper() else "a")
    )


def section_count(cells: Filled) -> int | None:
    """How many people a section row says that it has: "Chi bộ 1 (03 đảng viên)" → 3."""
    found = next((m for _, cell in cells if (m := _patterns()["COUNTED", "end"].search(plain(cell)))), None)
    return int(found[1] or found[2]) if found else None


def is_in_english(row: Row) -> bool:
    """A second header line, for readers of English: most of its cells name columns, and no cell is a value."""
    cells = [plain(cell) for cell in row if cell]
    if not all(cell.isascii() and not DIGIT.search(cell) for cell in cells):
        return False
    known = sum(bool(_patterns()["ENGLISH", "cell"].fullmatch(cell)) for cell in cells)
    return known >= 2 and known * 3 >= len(cells) * 2


def is_of_units(row: Row) -> bool:
    """A line below a header that says in what its columns are given: "(ngày)", "(tiết)", "%", "dd/mm/yyyy"; no cell is a value."""
    return all(_says("UNITS", "row", plain(cell)) for cell in row if cell)


def in_other_unit(named: list[str], titles: list[str]) -> bool:
    """Do the cells that name a column of hours, or the title's unit of measure, say days or sessions? How many hours these are nobody says.

    >>> in_other_unit(["Thời lượng", "(ngày)"], []), in_other_unit(["Thời lượng"], ["Đơn vị tính: ngày"]), in_other_unit(["Số tiết/ngày"], [])
    (True, True, False)
    """
    said = plain(" ".join([*named, *(title for title in titles if _says("UNITS", "row", plain(title)))]))
    return bool(OTHER_UNIT.search(said)) and not HOURS.search(said)


OTHER_UNIT, HOURS = re.compile(r"\b(?:ngày|buổi|tuần|tháng)\b"), re.compile(r"\b(?:tiết|giờ)\b")


def says_something(kind: RowClass, row: Row) -> bool:
    """Does a row of a list without details say more than that nothing is there? Groups that stay empty, sums and signatures do not.

    >>> says_something(RowClass.SECTION, ["Chưa họp xếp loại"]), says_something(RowClass.SECTION, ["I. Chi bộ 1"])
    (True, False)
    >>> says_something(RowClass.NOTE, ["Không phát sinh"]), says_something(RowClass.NOTE, ["Ghi chú: 01 đ/c bị khiển trách"])
    (False, True)
    """
    cells = [(p, cell) for p, cell in filled(row) if not RUNNING.match(cell)]
    texts = [plain(cell) for _, cell in cells]
    if kind is RowClass.SECTION:
        is_group = section_unit(cells) or any(
            of(cells) for of in (section_of_people, section_of_rows, section_of_sender, section_of_office)
        )
        return bool(section_words(cells)) and (not is_group or any(_says("TELLING", "any", text) for text in texts))
    if kind is RowClass.NOTE:
        return not all(_says("NOTHING", "row", text) or _says("SHARE", "start", text) for text in texts)
    return kind is RowClass.HEADER and is_of_units(row) and any(text.count(" ") > 1 for text in texts)


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
    return bool(ADDRESS.search(plain(cell))) and not re.search(r"(?<![0-9])(?:[0-9]{9}|[0-9]{12})(?![0-9])", cell)


ADDRESS = re.compile(r"\b(?:địa chỉ|đường|phố|ngõ|hẻm|ấp|khu phố|phường|xã|thị trấn|quận|huyện|thành phố|tp|tỉnh)\b")


def names_signers(cells: Filled) -> bool:
    """Does every cell say who signs, and one of them more than a post, which a person's row may say too? "Người lập biểu", "Bí thư"."""
    said = [plain(cell) for _, cell in cells]
    return any(_says("SIGNER", "start", text) for text in said) and all(
        _says("SIGNER", "start", text) or _says("SIGNATURE", "start", text) for text in said
    )


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
    return numbered and kind is not RowClass.PLACEHOLDER and any(re.search(r"[^\W\d_]", cell) for _, cell in others)


@dataclass
class Classifier:
    """Says of each row below a header, in order, what it is. `anchors` are columns that only a detail fills."""

    width: int  # cells of the header that hold something
    anchors: tuple[int, ...] = ()
    numbers: frozenset[int] = frozenset()  # the running number's columns
    known: frozenset[int] = frozenset()  # columns that mean something: one text in them may be all that a detail has
    words: dict[int, frozenset[str]] = field(default_factory=dict)  # code and mark columns → what only a detail has there
    seen_detail: bool = field(default=False, init=False)
    ended: bool = field(default=False, init=False)

    def kind(self, row: Row) -> RowClass:
        cells = filled(row, self.numbers)
        if not cells:
            return RowClass.BLANK
        if all(_says("NOTHING", "row", plain(cell)) for _, cell in cells):
            return RowClass.NOTE  # a list of nobody says so
        text = plain(" ".join(cell for _, cell in cells))
        if (
            not self.seen_detail
            and len(cells) >= min(3, self.width)
            and all(_says("COLUMN_NUMBERS", "row", plain(c)) and _whole(c) for _, c in cells)
        ):
            return RowClass.COLUMN_NUMBERS
        if any(p in self.numbers and EXAMPLE.fullmatch(plain(cell)) for p, cell in cells):
            return RowClass.NOTE
        if self._counts_a_level(cells):
            return RowClass.NOTE
        anchors = [cell for p, cell in cells if p in self.anchors]
        is_sum = any(_says(name, "start", plain(cells[0][1])) for name in ("TOTAL", "SUBTOTAL"))  # its number there counts people
        if not any(cell[0].isdigit() and not (is_sum and RUNNING.match(cell)) for cell in anchors):
            special = self._around(cells, text)
            headed = cells[0][0] in self.numbers and len(cells) == 2  # a numeral and a title, whatever column the title stands in
            if special and (not anchors or headed or special is not RowClass.SECTION):
                return special
        self.seen_detail = True
        self.ended = False
        return RowClass.DETAIL

    def is_row(self, row: Row, below: Iterable[Row]) -> bool:
        """Is what looks like a section a row itself? A 1 below a level counts those who stand below it; where nobody does, it is a mark."""
        cells = filled(row)
        if not any(map(self._is_code, cells)):
            return False
        for other in map(filled, below):
            if other and (section_level(other) == section_level(cells) or _says("TOTAL", "start", plain(other[0][1]))):
                return True
            if any((p in self.anchors and cell[0].isdigit()) or self._is_code((p, cell)) for p, cell in other):
                return False
        return True

    def _is_code(self, cell: tuple[int, str]) -> bool:
        return is_code(cell[1], self.words.get(cell[0], frozenset()))

    def _around(self, cells: Filled, text: str) -> RowClass | None:
        """A row that is no detail, or None."""
        start = plain(cells[0][1])
        if _says("TOTAL", "start", start):
            return RowClass.TOTAL
        if _says("SUBTOTAL", "start", start):
            return RowClass.SUBTOTAL
        if _says("SHARE", "start", start) and not any(re.search(r"[^\W\d_]", cell) for _, cell in cells[1:]):
            return RowClass.NOTE
        if names_signers(cells):
            self.ended = True
            return RowClass.SIGNATURE
        headed = _says("SECTION", "start", start)  # a 1 beside a numeral counts people and marks nobody
        if len(cells) > FEW or any(self._is_code(c) and not (headed and c[1] == "1") for c in cells):
            return None
        if any(_says(name, "start", start) for name in ("SIGNER", "SIGNATURE")) or _says("SIGNATURE", "any", text):
            self.ended = True
            return RowClass.SIGNATURE
        # a dash or a star in the running number's place
        is_marked = len(cells) == 2 and not re.search(r"\w", start.removeprefix("đơn vị"))
        names_unit = section_unit(cells[1:] if is_marked else cells[:1])
        if _says("NOTE", "start", start) and not names_unit:
            return RowClass.NOTE
        if self.ended:  # until the next list's name, or its unit's
            is_list = names_unit or any(_says(name, "start", plain(NUMERAL.sub("", cells[0][1]))) for name in ("TITLE", "APART"))
            return RowClass.SECTION if is_list else RowClass.SIGNATURE
        if headed or names_unit:
            return RowClass.SECTION
        if len(cells) == 1 and cells[0][0] == 0 and 0 not in self.known:
            return RowClass.SECTION  # one text across the whole table
        if len(cells) == 1 and cells[0][0] < FEW and _says("APART", "start", start):
            return RowClass.SECTION  # in the place of a name, and no name
        return None

    def _counts_a_level(self, cells: Filled) -> bool:
        """A line of a summary below the list: a level in a column that is none of levels, and how many have it."""
        said = [(p, cell) for p, cell in cells if LETTERS.search(cell)]
        if not self.seen_detail or len(said) != 1 or len(cells) < 2 or said[0][0] in self.words:
            return False
        is_level = any(fold(said[0][1]) in words for words in self.words.values())
        return is_level and all(COUNT.fullmatch(cell.strip()) for p, cell in cells if (p, cell) not in said)


EXAMPLE = re.compile(r"vd|v\.d|ví dụ|mẫu|example")  # in the running number's place
LETTERS, COUNT = re.compile(r"[^\W\d_]"), re.compile(r"[0-9]{1,5}(?:[.,][0-9]+)?\s*%?")


def _whole(cell: str) -> bool:
    return bool(re.fullmatch(_patterns()["COLUMN_NUMBERS", "row"], plain(cell)))


def guess_header(rows: Sequence[Row]) -> tuple[int, int]:
    """First and last row of a header that nobody told us: the first row of words that is nearly as wide as the table.

    A row above it that is also spread over several cells is a group header.
    """
    width = max((len(filled(r)) for r in rows[: HEADER_ROWS * 2]), default=0)
    for number, row in enumerate(rows[:HEADER_ROWS]):
        cells = filled(row)
        if len(cells) >= max(2, 0.6 * width) and not any(any(ch.isdigit() for ch in c) and len(c) < 6 for _, c in cells):
            top = number
            while top and number - top < 2 and len(filled(rows[top - 1])) > 1:
                top -= 1
            return top, number
    return 0, 0


def classify(rows: Sequence[Row], header: tuple[int, int] | None = None, classifier: Classifier | None = None) -> list[RowClass]:
    """The class of every row of a sheet with one table. `header`: first and last row, from 0."""
    top, bottom = header or guess_header(rows)
    judge = classifier or Classifier(width=len(filled(rows[bottom])) if rows else 0)
    classes = []
    for number, row in enumerate(rows):
        if number < top:
            classes.append(RowClass.TITLE if filled(row) else RowClass.BLANK)
        elif number <= bottom:
            classes.append(RowClass.HEADER)
        else:
            classes.append(judge.kind(row))
    return classes
