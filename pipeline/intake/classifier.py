"""Which class each row below a header has, in order; and whether a list without details says something all the same.

What does not belong here: the words of each class (rows, sections), where a header stands, and values.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.codes import fold
from pipeline.intake.groups import says_a_group
from pipeline.intake.persons import is_code
from pipeline.intake.rows import (
    HEADER_ROWS,
    LETTER,
    RUNNING,
    Filled,
    Row,
    RowClass,
    filled,
    is_of_units,
    names_signers,
    patterns,
    plain,
    says,
)
from pipeline.intake.sections import (
    NUMERAL,
    section_level,
    section_of_office,
    section_of_people,
    section_of_rows,
    section_of_sender,
    section_unit,
    section_words,
)

FEW = 3  # a section, a signature or a note fills no more cells than this


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
        """What the next row is. Rows are given in their order: what one is depends on those before it."""
        cells = filled(row, self.numbers)
        if not cells:
            return RowClass.BLANK
        if all(says("NOTHING", "row", plain(cell)) for _, cell in cells):
            return RowClass.NOTE  # a list of nobody says so
        text = plain(" ".join(cell for _, cell in cells))
        if (
            not self.seen_detail
            and len(cells) >= min(3, self.width)
            and all(says("COLUMN_NUMBERS", "row", plain(c)) and _whole(c) for _, c in cells)
        ):
            return RowClass.COLUMN_NUMBERS
        if any(p in self.numbers and EXAMPLE.fullmatch(plain(cell)) for p, cell in cells):
            return RowClass.NOTE
        if self._counts_a_group(cells):
            return RowClass.NOTE
        anchors = [cell for p, cell in cells if p in self.anchors]
        is_sum = any(says(name, "start", plain(cells[0][1])) for name in ("TOTAL", "SUBTOTAL"))  # its number there counts people
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
            if other and (section_level(other) == section_level(cells) or says("TOTAL", "start", plain(other[0][1]))):
                return True
            if any((p in self.anchors and cell[0].isdigit()) or self._is_code((p, cell)) for p, cell in other):
                return False
        return True

    def _is_code(self, cell: tuple[int, str]) -> bool:
        return is_code(cell[1], self.words.get(cell[0], frozenset()))

    def _around(self, cells: Filled, text: str) -> RowClass | None:
        """A row that is no detail, or None."""
        start = plain(cells[0][1])
        if says("TOTAL", "start", start):
            return RowClass.TOTAL
        if says("SUBTOTAL", "start", start):
            return RowClass.SUBTOTAL
        if says("SHARE", "start", start) and not any(LETTER.search(cell) for _, cell in cells[1:]):
            return RowClass.NOTE
        if names_signers(cells):
            self.ended = True
            return RowClass.SIGNATURE
        headed = says("SECTION", "start", start)  # a 1 beside a numeral counts people and marks nobody
        is_alone = len(cells) == 1 and cells[0][0] not in self.anchors and cells[0][1].isupper()  # a signer's post may be a post's word
        if self.ended and len(cells) <= FEW and says("SIGNATURE", "any", text):
            return RowClass.SIGNATURE  # “(Ký, ghi rõ họ tên)” beside “BÍ THƯ”, which may be a post's word
        if len(cells) > FEW or any(self._is_code(c) and not (headed and c[1] == "1") for c in cells if not is_alone):
            return None
        if any(says(name, "start", start) for name in ("SIGNER", "SIGNATURE")) or says("SIGNATURE", "any", text):
            self.ended = True
            return RowClass.SIGNATURE
        # a dash or a star in the running number's place
        is_marked = len(cells) == 2 and not re.search(r"\w", start.removeprefix("đơn vị"))
        names_unit = section_unit(cells[1:] if is_marked else cells[:1])
        if says("NOTE", "start", start) and not names_unit:
            return RowClass.NOTE
        if self.ended:  # until the next list's name, or its unit's
            is_list = names_unit or any(says(name, "start", plain(NUMERAL.sub("", cells[0][1]))) for name in ("TITLE", "APART"))
            return RowClass.SECTION if is_list else RowClass.SIGNATURE
        if headed or names_unit:
            return RowClass.SECTION
        if len(cells) == 1 and cells[0][0] == 0 and 0 not in self.known:
            return RowClass.SECTION  # one text across the whole table
        if len(cells) == 1 and cells[0][0] < FEW and says("APART", "start", start):
            return RowClass.SECTION  # in the place of a name, and no name
        return None

    def _counts_a_group(self, cells: Filled) -> bool:
        """A line of a summary below the list: a level or a group of people in a column that is none of levels, and how many it has."""
        said = [(p, cell) for p, cell in cells if LETTER.search(COUNT.sub("", plain(cell)))]
        if not self.seen_detail or len(said) != 1 or len(cells) < 2 or self.words.get(said[0][0]):
            return False
        if not all(COUNT.fullmatch(plain(cell)) for p, cell in cells if (p, cell) not in said):
            return False
        text = fold(said[0][1])
        return any(text in words for words in self.words.values()) or says_a_group(said[0][1])


EXAMPLE = re.compile(r"vd|v\.d|ví dụ|mẫu|example")  # in the running number's place
COUNT = re.compile(r"\(?[0-9]{1,5}(?:[.,][0-9]+)?\s*(?:%|đồng chí|đ/c|đc|đảng viên|đv|người|cán bộ|trường hợp)?\)?")


def _whole(cell: str) -> bool:
    return bool(re.fullmatch(patterns()["COLUMN_NUMBERS", "row"], plain(cell)))


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
        return bool(section_words(cells)) and (not is_group or any(says("TELLING", "any", text) for text in texts))
    if kind is RowClass.NOTE:
        return not all(says("NOTHING", "row", text) or says("SHARE", "start", text) for text in texts)
    return kind is RowClass.HEADER and is_of_units(row) and any(text.count(" ") > 1 for text in texts)


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
