"""The cells of the Party that titles and letterheads name above a table, each in a line of its own or by a number.

What does not belong here: what sections name, whose the rows below are (units), and what else a title means (titles.py).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.intake.rows import Filled, Row, RowClass, filled, plain
from pipeline.intake.sections import in_full, section_level, section_unit

# Where one line of a letterhead ends and the next one begins, however they are parted.
LINES = re.compile(r"\s*[\r\n]\s*|\s*[-\u2010-\u2015/|,;(]\s*(?=(?:đảng|chi bộ|tổ đảng)\b)|\s+(?=(?:trực )?thuộc đảng\b)", re.IGNORECASE)
CELL = re.compile(
    r"(?:(?:tên )?(?:đơn vị|tổ chức đảng|(chi bộ))(?: báo cáo| lập(?: danh sách)?)?\s*:\s*)?((?:(?:chi bộ|tổ đảng)\b)?.*)", re.IGNORECASE
)
# What is said of a cell, or of cells, and is no part of a name.
NO_NAME = r"(?:trực thuộc|thuộc|trong|các|và|năm|quý|kỳ|họp|đề nghị|đề xuất|xếp loại|đánh giá|báo cáo|nhận xét|có|gồm|là|đã|được|cơ sở|tổng|[0-9]+ (?:tháng|đảng viên|đồng chí|người|chi bộ))\b"
A_CELL = re.compile(rf"(?:chi bộ|tổ đảng) (?!{NO_NAME})")
NAMES_A_CELL = re.compile(rf"(?<!các )(?<!và )\b(?:chi bộ|tổ đảng) (?!{NO_NAME})((?:số )?[0-9]{{1,2}}\b|\w+)")
LONG = 16  # words: hardly a cell's name has so many (twelve are usual), a sentence has


def cell_above(rows: Sequence[Row], top: int, classes: list[RowClass]) -> list[tuple[int, int, Filled, str | None]]:
    """The line right above a header, where it names a cell, is the first section: over a second table the same line would be one.

    A committee's name there is mostly the sender's own.
    """
    number = next((n for n in range(top - 1, -1, -1) if any(rows[n])), 0)
    cells = filled(rows[number]) if classes[number] in (RowClass.TITLE, RowClass.SECTION) else []
    unit = section_unit(cells) if len(cells) <= 2 else None
    return [(0, number, cells, section_level(cells))] if unit and A_CELL.match(plain(unit)) else []


def units_above(rows: Sequence[Row]) -> tuple[list[str], bool]:
    """The cells that titles name, each in a line of its own as a letterhead does, or by a number; and whether they speak of another one.

    A committee's name there is mostly the sender's own, or that of whoever is above it.

    >>> units_above([["ĐẢNG BỘ PHƯỜNG MỘT / CHI BỘ 2", "Mẫu 1"], ["Đơn vị:", "Chi bộ Văn phòng"], ["KẾT QUẢ XẾP LOẠI CHI BỘ 3 NĂM 2021"]])
    (['CHI BỘ 2', 'Chi bộ Văn phòng', 'Chi bộ 3'], False)
    >>> units_above([["XẾP LOẠI ĐẢNG VIÊN CHI BỘ VĂN PHÒNG"]]), units_above([["DANH SÁCH CÁC CHI BỘ TRỰC THUỘC"], ["Chi bộ đề nghị xếp loại"]])
    (([], True), ([], False))
    """
    named: list[str] = []
    is_spoken_of = False
    for row in rows:
        cells = [cell.strip() for cell in row if cell]
        for label, cell in zip(["", *cells], cells, strict=False):
            units, is_another = units_in(f"{label} {cell}" if label.endswith(":") else cell)
            named += units
            is_spoken_of = is_spoken_of or is_another
    return named, is_spoken_of


@lru_cache(maxsize=10_000)  # the same letterhead stands above many tables
def units_in(title: str) -> tuple[tuple[str, ...], bool]:
    """The cells that a title names, line by line, and whether it speaks of any."""
    named, is_spoken_of = [], False
    for line in LINES.split(in_full(title)):
        whole = CELL.fullmatch(" ".join(line.split()))  # as every line is
        is_labelled, name = whole.groups() if whole else (None, "")
        name = f"{is_labelled} {name}" if is_labelled and name and not re.match("chi bộ", name, re.IGNORECASE) else name
        unit, words = section_unit([(0, name)]) or "", plain(name)
        if A_CELL.match(plain(unit)) and len(words.split()) <= LONG:
            named.append(unit)
        elif found := NAMES_A_CELL.search(words):
            is_number = found[1][-1].isdigit()
            named += [found[0].capitalize()] if is_number else []
            is_spoken_of = is_spoken_of or not is_number
    return tuple(named), is_spoken_of
