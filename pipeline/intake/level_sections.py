"""Levels that section rows say for the people below them: “I. Hoàn thành xuất sắc nhiệm vụ”, and no column of levels.

A list in which every row stands below such a section, or below one that says that nobody of it is rated, has its levels from there, and is told so.
What does not belong here: columns of levels (level_columns), and which rows are sections (classifier).
"""

import re
from collections.abc import Iterable, Sequence

from pipeline.codes import code_of, fold, labels
from pipeline.intake.counted import counts_said
from pipeline.intake.readings import Note, Table
from pipeline.intake.rows import Row, filled
from pipeline.intake.sections import section_words

DECIDED, LEVELS = "decided_level_code", "rating_level"
ALONE = re.compile(r"\A(?:[IVX]{1,5}|[A-Z]|[0-9]{1,2})\s+")  # a numeral that stands in a cell of its own
NOBODY = (
    "dang vien",
    "dong chi",
    "so",
    "muc",
    "xep loai",
    "loai",
    "cac",
    "nhung",
    "duoc",
    "nhom",
    "danh sach",
    "can bo",
    "cong chuc",
    "vien chuc",
    "cb cc vc",
)


def level_of_section(text: str) -> str | None:
    """The label of the level that a section row says, with whom it is of and how many they are, and nothing else.

    >>> level_of_section("I. Hoàn thành xuất sắc nhiệm vụ"), level_of_section("B. Đảng viên HTTNV (02 đồng chí)"), level_of_section("II. Chi bộ 1")
    ('Hoàn thành xuất sắc nhiệm vụ', 'Hoàn thành tốt nhiệm vụ', None)
    """
    words = section_words([(0, ALONE.sub("", text))])
    said = fold(words or "")
    counts = counts_said(words or "")
    if len(counts) == 1 and counts[0].is_all_said:
        said = counts[0].what
    while before := next((word for word in NOBODY if said.startswith(f"{word} ")), None):
        said = said[len(before) + 1 :]
    code = code_of(LEVELS, said) if len(said) > 1 else None
    return labels(LEVELS)[code] if code else None


def in_one(row: Row) -> str | None:
    """A section row's text, its numeral before what it says; None where it holds more."""
    cells = [cell for _, cell in filled(row)]
    if not 0 < len(cells) <= 2:
        return None
    return cells[0] if len(cells) == 1 else f"{cells[0].rstrip('. ')}. {cells[1]}"


def have_level_sections(rows: Sequence[Row]) -> bool:
    """Do the rows below a header begin with a level's section? Below it may stand what its columns are numbered by, and a unit."""
    below = [row for row in rows if filled(row)]
    return any((text := in_one(row)) and level_of_section(text) for row in below[:BEGINNING])


BEGINNING = 3  # rows


def take_level_sections(table: Table, sections: Iterable[tuple[int, str, tuple[int, int]]]) -> None:
    """Fill the levels of a list that has no column of them from the sections that its people stand below."""
    if table.dataset != "ratings" or not table.row_count or any(table.values.get(DECIDED, ())) or DECIDED in table.letters:
        return
    found: list[str | None] = [None] * table.row_count
    for _, text, (first, last) in sections:
        if level := level_of_section(text):
            found[first:last] = [level] * (last - first)
    if not any(found):
        return
    table.values[DECIDED] = found
    table.missing.pop(DECIDED, None)
    table.notes.append(Note("column_said_above", table.sheet, table.header_row, DECIDED))
