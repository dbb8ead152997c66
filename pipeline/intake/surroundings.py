"""What stands around the details of a table: titles and letterheads, sections and their units, totals and counts, defaults filled down.

What does not belong here: where a header stands, which rows are details, and what a title means (titles.py).
"""

import re
from dataclasses import dataclass, field
from itertools import zip_longest

from pipeline.codes import fold
from pipeline.intake.headers import Header, Layout, ignored
from pipeline.intake.readings import Note, Table, letter
from pipeline.intake.rows import (
    IDENTITY,
    Filled,
    Row,
    RowClass,
    filled,
    is_code,
    looks_like_person,
    may_be_person,
    plain,
    section_code,
    section_count,
    section_level,
    section_of_office,
    section_of_people,
    section_of_rows,
    section_unit,
    section_words,
)
from pipeline.values import MARKS, NO_MARK, read_number


@dataclass(frozen=True)
class Places:
    """Where below a header stands what tells a person's row from the rows around it."""

    anchors: tuple[int, ...]
    names: frozenset[int]
    days: frozenset[int]
    numbers: frozenset[int]  # the running number's columns
    words: dict[int, frozenset[str]]  # code and mark columns → what stands there

    @classmethod
    def of(cls, header: Header, rows: list[Row], dataset: str, layout: Layout) -> "Places":
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
        return looks_like_person(row, self.names, self.days) or may_be_person(kind, filled(row), self.names, self.numbers, self.words)


def first_title(classes: list[RowClass], start: int) -> int:
    """Where the titles of a table begin: those of a second one stand below the details of the first, and were taken for its headings."""
    while start and classes[start - 1] in (RowClass.SECTION, RowClass.BLANK):
        start -= 1
    return start


def filled_columns(values: dict[str, list[str | None]], first: int, last: int) -> frozenset[str]:
    return frozenset(column for column, said in values.items() if None not in said[first:last])


def cell_above(rows: list[Row], top: int, classes: list[RowClass]) -> list[tuple[int, int, Filled, str | None]]:
    """The line right above a header, where it names a cell, is the first section: over a second table the same line would be one.

    A committee's name there is mostly the sender's own.
    """
    number = next((n for n in range(top - 1, -1, -1) if any(rows[n])), 0)
    cells = filled(rows[number]) if classes[number] in (RowClass.TITLE, RowClass.SECTION) else []
    unit = section_unit(cells) if len(cells) <= 2 else None
    return [(0, number, cells, section_level(cells))] if unit and plain(unit).startswith(("chi bộ", "tổ đảng")) else []


# Where one line of a letterhead ends and the next one begins, however they are parted.
LINES = re.compile(r"\s*[\r\n]\s*|\s*[-\u2010-\u2015/|,;(]\s*(?=(?:đảng|chi bộ|tổ đảng)\b)|\s+(?=(?:trực )?thuộc đảng\b)", re.IGNORECASE)
CELL = re.compile(
    r"(?:(?:tên )?(?:đơn vị|tổ chức đảng|(chi bộ))(?: báo cáo| lập(?: danh sách)?)?\s*:\s*)?((?:(?:chi bộ|tổ đảng)\b)?.*)", re.IGNORECASE
)
# What is said of a cell, or of cells, and is no part of a name.
NO_NAME = r"(?:trực thuộc|thuộc|trong|các|và|năm|quý|kỳ|họp|đề nghị|đề xuất|xếp loại|đánh giá|báo cáo|nhận xét|có|gồm|là|đã|được|cơ sở|tổng|[0-9]+ (?:tháng|đảng viên|đồng chí|người|chi bộ))\b"
NAMES_A_CELL = re.compile(rf"(?<!các )(?<!và )\b(?:chi bộ|tổ đảng) (?!{NO_NAME})((?:số )?[0-9]{{1,2}}\b|\w+)")
LONG = 10  # words: no cell's name has so many, a sentence has


def units_above(rows: list[Row]) -> tuple[list[str], bool]:
    """The cells that titles name, each in a line of its own as a letterhead does, or by a number; and whether they speak of another one.

    A committee's name there is mostly the sender's own, or that of whoever is above it.

    >>> units_above([["ĐẢNG BỘ PHƯỜNG MỘT / CHI BỘ 2", "Mẫu 1"], ["Đơn vị:", "Chi bộ Văn phòng"], ["KẾT QUẢ XẾP LOẠI CHI BỘ 3 NĂM 2021"]])
    (['CHI BỘ 2', 'Chi bộ Văn phòng', 'Chi bộ 3'], False)
    >>> units_above([["XẾP LOẠI ĐẢNG VIÊN CHI BỘ VĂN PHÒNG"]]), units_above([["DANH SÁCH CÁC CHI BỘ TRỰC THUỘC"], ["Chi bộ đề nghị xếp loại"]])
    (([], True), ([], False))
    """
    named, is_spoken_of = [], False
    for row in rows:
        cells = [cell.strip() for cell in row if cell]
        for label, cell in zip(["", *cells], cells, strict=False):
            for line in LINES.split(f"{label} {cell}" if label.endswith(":") else cell):
                is_labelled, name = CELL.fullmatch(" ".join(line.split())).groups()
                name = f"{is_labelled} {name}" if is_labelled and name and not re.match("chi bộ", name, re.IGNORECASE) else name
                unit, words = section_unit([(0, name)]) or "", plain(name)
                if re.match(rf"(?:chi bộ|tổ đảng) (?!{NO_NAME})", plain(unit)) and len(words.split()) <= LONG:
                    named.append(unit)
                elif found := NAMES_A_CELL.search(words):
                    is_number = found[1][-1].isdigit()
                    named += [found[0].capitalize()] if is_number else []
                    is_spoken_of = is_spoken_of or not is_number
    return named, is_spoken_of


@dataclass
class Parts:
    """What stands around the details: units named by section rows, totals to check."""

    began: bool = False
    sections: list[tuple[int, int, Filled, str | None]] = field(default_factory=list)  # details before it, row, cells, how it is numbered
    totals: list[tuple[RowClass, int, Row, int, int]] = field(default_factory=list)  # class, row, cells, first and last detail
    headings: list[tuple[int, str, int, str | None]] = field(default_factory=list)  # row, text, details before it, how it is numbered
    section_from: int = 0

    def take(self, kind: RowClass, number: int, row: Row, count: int, numbers: frozenset[int]) -> None:
        if kind is RowClass.SECTION:
            level = section_level(filled(row))
            self.sections.append((count, number, filled(row, numbers), level))
            if not section_unit(filled(row, numbers)):
                self.headings.append((number + 1, " ".join(cell for _, cell in filled(row)), count, level))
            self._close_section(count)
            self.section_from = count
            if section_count(filled(row, numbers)) is not None:
                self.totals.append((kind, number, row, count, -1))
        elif kind is RowClass.SUBTOTAL:
            self.totals.append((kind, number, row, self.section_from, count))
        elif kind is RowClass.TOTAL:
            self.totals.append((kind, number, row, 0, -1))

    def _close_section(self, count: int) -> None:
        if self.totals and self.totals[-1][0] is RowClass.SECTION and self.totals[-1][4] == -1:
            self.totals[-1] = (*self.totals[-1][:4], count)

    def units_of(self, own: list[str | None]) -> tuple[list[str | None], list[int]]:
        """Each detail's unit, its own before its section's; and the rows of sections that may be units and are taken for none.

        A section beside units, numbered as they are, is one. What is numbered below them is within, and what is not numbered ends them.
        Where no section is a unit, only an office may be one: lists are also parted by courses, levels and forms.
        """
        named, asked = list(own), []
        of_units = [level for _, _, cells, level in self.sections if section_code(cells) or section_unit(cells)]
        levels = set(filter(None, of_units))
        unit = level_of_unit = None
        ends = [begin for begin, *_ in self.sections[1:]]
        for (begin, number, cells, level), end in zip_longest(self.sections, ends, fillvalue=len(own)):
            is_people, is_group = section_of_people(cells), section_of_rows(cells)
            is_within = is_people and (level is None or level != level_of_unit)
            is_beside_units = level in levels and not is_people and not is_group
            if found := section_code(cells) or section_unit(cells) or (section_words(cells) if is_beside_units else None):
                unit, level_of_unit = found, level
            elif not is_within and (unit or ((of_units or section_of_office(cells)) and not is_people and not is_group)):
                unit = unit if level and DEPTHS.index(level) > DEPTHS.index(level_of_unit or "") else None
                if not all(own[begin:end]):
                    asked.append(number)
            named[begin:end] = [mine or unit for mine in own[begin:end]]
        return named, asked

    def headings_of(self, count: int) -> list[tuple[int, str, tuple[int, int]]]:
        """Each heading with the details below it: up to the next one that is numbered alike. One that nobody stands below says nothing of anybody."""
        found = []
        for n, (number, text, first, level) in enumerate(self.headings):
            last = next((at for _, _, at, sign in self.headings[n + 1 :] if sign == level and (at > first or level)), count)
            if last > first:
                found.append((number, text, (first, last)))
        return found

    def wrong_totals(self, table: Table, header: Header, layout: Layout) -> list[Note]:
        """Totals that the details do not add up to."""
        wrong = []
        summed = {header.columns[c]: c for c in layout.numbers.get(table.dataset, ()) if c in header.columns}
        marked = {p: c for c, positions in header.marks.items() for p in positions}
        for kind, number, row, first, last in self.totals:
            details = [cells for _, cells in table.rows]
            if kind is RowClass.SECTION:
                if section_count(filled(row)) != len(details[first : None if last == -1 else last]):
                    wrong.append(Note("total_matches_details", table.sheet, number + 1))
                continue
            # a subtotal is of its section; the last one may be of all
            parts = [details[first:last], details[:last]] if kind is RowClass.SUBTOTAL else [details]
            for position, cell in enumerate(row):
                said, counted = read_number(cell) if cell else None, COUNTED.search(cell) if cell else None
                if position in marked:
                    due = [sum(is_mark(r[position]) for r in part if position < len(r)) for part in parts]
                elif position in summed:
                    due = [sum(read_number(r[position]) or 0 for r in part if position < len(r) and r[position]) for part in parts]
                elif counted:
                    said, due = read_number(counted[1]), [len(part) for part in parts]
                else:
                    continue
                if said is not None and all(abs(said - d) > 1e-6 for d in due):
                    column = marked.get(position) or summed.get(position)
                    wrong.append(Note("total_matches_details", table.sheet, number + 1, column, f"{letter(position)}{number + 1}", cell))
        return wrong


DEPTHS = ("", "A", "I", "1", "i", "a")  # how sections are numbered, from the outermost
COUNTED = re.compile(
    r"(?:cộng|tổng số|cong|tong so)\s*(?:danh sách có|gồm|có)?\s*[:=]?\s*([0-9][0-9.]*)\s*(?:đồng chí|đ/c|đảng viên|người|\Z)",
    re.IGNORECASE,
)


def is_mark(cell: str | None) -> bool:
    return bool(cell) and fold(cell) not in NO_MARK


def placeholders_of(details: list[tuple[int, Row]], who: set[int], words: dict[int, frozenset[str]], numbers: frozenset[int]) -> int:
    """How many of the last rows are one row of defaults filled down: nobody is named, and nothing but codes and zeros stands there."""
    count, first = 0, None
    for _, row in reversed(details):
        cells = [(p, cell) for p, cell in filled(row, numbers) if fold(cell) != "0"]
        if any(p in who or not is_code(cell, words.get(p, frozenset())) for p, cell in cells) or (first is not None and cells != first):
            break
        count, first = count + 1, cells
    return count if count > 1 or (count and not first) else 0
