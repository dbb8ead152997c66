"""What stands around the details of a table: sections and their units, totals and counts, defaults filled down.

What does not belong here: where a header stands, which rows are details, and what titles say (letterheads, titles.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate

from pipeline.codes import fold
from pipeline.intake.counted import Count, counts_said
from pipeline.intake.headers import Header
from pipeline.intake.layout import Layout
from pipeline.intake.letterheads import units_in
from pipeline.intake.persons import is_code
from pipeline.intake.readings import Note, Table, letter
from pipeline.intake.rows import DIGIT, Filled, Row, RowClass, filled, plain
from pipeline.intake.sections import (
    DEPTHS,
    is_team,
    section_code,
    section_count,
    section_level,
    section_of_office,
    section_of_people,
    section_of_rows,
    section_of_sender,
    section_unit,
    section_words,
)
from pipeline.values import is_formula_error, is_mark, read_number, says_nothing


def first_title(classes: list[RowClass], start: int) -> int:
    """Where the titles of a table begin: those of a second one stand below the details of the first, and were taken for its headings."""
    while start and classes[start - 1] in (RowClass.SECTION, RowClass.BLANK):
        start -= 1
    return start


def filled_columns(values: dict[str, list[str | None]], first: int, last: int) -> frozenset[str]:
    """The columns of which no cell is blank in some rows."""
    return frozenset(column for column, said in values.items() if None not in said[first:last])


@dataclass
class Parts:
    """What stands around the details: units named by section rows, totals to check."""

    codes: frozenset[str] = frozenset()  # words of the table's code lists, folded: a section may part it by them
    began: bool = False
    sections: list[tuple[int, int, Filled, str | None]] = field(default_factory=list)  # details before it, row, cells, how it is numbered
    totals: list[tuple[RowClass, int, Row, int, int]] = field(default_factory=list)  # class, row, cells, first and last detail
    headings: list[tuple[int, str, int, str | None]] = field(default_factory=list)  # row, text, details before it, how it is numbered
    section_from: int = 0
    idle: int = 0  # rows in which nothing stands but what was filled in for everybody
    shown: "tuple[Parts, list[Row]] | None" = (
        None  # the same with whom the sheet shows among the details, and is not read: what is around them, and their rows
    )

    def take(self, kind: RowClass, number: int, row: Row, count: int, numbers: frozenset[int]) -> None:
        """A row that is no detail, by the number that its sheet shows less one; `count`: details before it, `numbers`: the running number's columns."""
        said = counts_said(" ".join(cell for _, cell in filled(row, numbers))) if kind is RowClass.SECTION else ()
        if said and all(c.is_of_list for c in said):
            kind = RowClass.NOTE  # how many the list has parts nobody
        if kind is RowClass.SECTION:
            level = section_level(filled(row))
            self.sections.append((count, number, filled(row, numbers), level))
            if not section_unit(filled(row, numbers)):
                self.headings.append((number + 1, " ".join(cell for _, cell in filled(row)), count, level))
            self.section_from = count
        elif kind in (RowClass.SUBTOTAL, RowClass.TOTAL):
            self.totals.append((kind, number, row, self.section_from, count))
        elif kind is RowClass.NOTE:
            self.totals.append((kind, number, row, 0, count))
        elif kind in (RowClass.PLACEHOLDER, RowClass.BLANK):
            self.idle += 1

    def keep(self, kept: Sequence[bool]) -> None:
        """Some of the details turned out to be none: what stands before, between and behind them is counted without them."""
        before = [0, *accumulate(kept)]
        self.sections = [(before[count], number, cells, level) for count, number, cells, level in self.sections]
        self.totals = [(kind, number, row, before[first], before[last]) for kind, number, row, first, last in self.totals]
        self.headings = [(number, text, before[count], level) for number, text, count, level in self.headings]

    def show(self, rows: Sequence[Row], is_somebody: Sequence[bool]) -> None:
        """Of all details, before some of them turned out to be none, which are people that the sheet shows."""
        around = replace(self)
        around.keep(is_somebody)
        self.shown = around, [row for row, is_shown in zip(rows, is_somebody, strict=True) if is_shown]

    def take_titles(self, number: int, named: str, count: int) -> None:
        """A list that goes on below titles of its own, which name the cell that it is of."""
        self.sections.append((count, number, [(0, named)], None))
        self.section_from = count

    def units_of(self, own: list[str | None]) -> tuple[list[str | None], list[int]]:
        """Each detail's unit, its own before its section's; and the rows of sections that may be units and are taken for none.

        A section beside units, numbered as they are, is one. What is numbered below them is within, and what is not numbered ends them, as does
        what stands directly below the committee. Where no section is a unit, only an office may be one: lists are also parted by courses and levels.
        A team below a cell is within it.
        """
        named, asked = list(own), []
        units = [(begin, number, level) for begin, number, cells, level in self.sections if section_code(cells) or section_unit(cells)]
        if units and units[0][0] and units[-1][0] == len(own) and not all(own):  # perhaps each stands below its people, as a sum does
            asked.append(units[0][1])
        of_units = [level for *_, cells, level in self.sections if section_code(cells) or (section_unit(cells) and not is_team(cells))]
        of_units = of_units or [level for *_, level in units]
        levels = set(filter(None, of_units))
        unit = level_of_unit = None
        ends = [*(begin for begin, *_ in self.sections[1:]), len(own)]
        for (begin, number, cells, level), end in zip(self.sections, ends, strict=False):
            is_people, is_group = self._parts_people(cells), section_of_rows(cells)
            is_within = is_people and (level is None or level != level_of_unit)
            is_beside_units = level in levels and not is_people and not is_group
            if section_of_sender(cells):
                unit, level_of_unit = None, level
            elif is_within and is_team(cells) and plain(unit or "").startswith("chi bộ"):
                pass
            elif found := section_code(cells) or section_unit(cells) or (section_words(cells) if is_beside_units else None):
                unit, level_of_unit = found, level
            elif not is_within and (unit or ((of_units or section_of_office(cells)) and not is_people and not is_group)):
                unit = unit if level and DEPTHS.index(level) > DEPTHS.index(level_of_unit or "") else None
                if not all(own[begin:end]):
                    asked.append(number)
            named[begin:end] = [mine or unit for mine in own[begin:end]]
        return named, asked

    def cells_summed(self) -> list[int]:
        """The rows of totals that each name a cell, where no section does: perhaps its people stand above them."""
        named = {number: cell for _, number, row, *_ in self.totals for _, text in filled(row) for cell in units_in(text)[0]}
        return sorted(named) if len(set(map(fold, named.values()))) > 1 else []

    def _parts_people(self, cells: Filled) -> bool:
        """Does a section part people within a unit: by what they are, by a code, as a level, or by their teams?"""
        return section_of_people(cells) or fold(section_words(cells) or "") in self.codes or is_team(cells)

    def headings_of(self, count: int) -> list[tuple[int, str, tuple[int, int]]]:
        """Each heading with the details below it: up to the next one that is numbered alike, or up to the next unit where it is within one. One that
        nobody stands below says nothing of anybody."""
        found = []
        units = [(row + 1, begin) for begin, row, cells, _ in self.sections if section_unit(cells)]
        for n, (number, text, first, level) in enumerate(self.headings):
            last = next((at for _, _, at, sign in self.headings[n + 1 :] if sign == level and (at > first or level)), count)
            if any(row < number for row, _ in units) and not any(row > number and begin == first for row, begin in units):
                last = next((begin for row, begin in units if row > number and begin < last), last)
            if last > first:
                found.append((number, text, (first, last)))
        return found

    def _end_of(self, n: int, count: int) -> int:
        """How many details stand above the end of a section: up to the next one that is not within it."""
        _, _, cells, level = self.sections[n]
        for begin, _, below, sign in self.sections[n + 1 :]:
            is_deeper = DEPTHS.index(sign) > DEPTHS.index(level) if sign and level else bool(sign) and not level and not section_unit(below)
            if not (is_deeper or (self._parts_people(below) and not self._parts_people(cells) and (not level or sign != level))):
                return begin
        return count

    def wrong_totals(self, table: Table, header: Header, layout: Layout, above: Sequence[tuple[int, Row]], earlier: int) -> list[Note]:
        """Totals that the details do not add up to, each told once: sums below columns, counts below marks, and what a line of words says, wherever
        it stands. `above` are the titles; `earlier` tables of the same sheet held so many rows, which a total at the bottom may mean as well. Whom the sheet
        shows and who is not read may be counted, too: they are told by themselves. What counts rows that nobody filled in is told so."""
        wrong = self._wrong(table, [cells for _, cells in table.rows], header, layout, above, (earlier,))
        around, rows = self.shown or (self, [cells for _, cells in table.rows])
        if wrong and self.shown:
            shown = around._wrong(table, rows, header, layout, above, (earlier,))
            wrong = [w for w in wrong if w in shown]
        still = around._wrong(table, rows, header, layout, above, (earlier, self.idle)) if wrong and self.idle else wrong
        return [
            Note(
                "total_matches_details" if (number, position, column) in still else "total_counts_nobody",
                table.sheet, number + 1, column, None if position is None else f"{letter(position)}{number + 1}",
            )
            for number, position, column in sorted(wrong, key=lambda w: w[0])
        ]  # fmt: skip

    def _wrong(
        self, table: Table, details: list[Row], header: Header, layout: Layout, above: Sequence[tuple[int, Row]], more: tuple[int, ...]
    ) -> list[tuple[int, int | None, str | None]]:
        """Row, position and column of each total that these details do not add up to, alone or with so many more of them."""
        summed = {header.columns[c]: c for c in layout.numbers.get(table.dataset, ()) if c in header.columns}
        marked = {p: c for c, positions in header.marks.items() for p in positions}
        counted = _Counted(table, layout, more, len(details))
        wrong: list[tuple[int, int | None, str | None]] = []  # row, position, column
        for number, row in above:
            titles = [c for _, cell in filled(row) for c in counts_said(cell) if c.is_of_list and c.is_of_people]
            wrong += [(number, None, None)] if any(counted.differs(c, [(0, len(details))]) for c in titles) else []
        closing: list[tuple[RowClass, int, dict[int, str], int, int]] = []
        for n, (begin, number, cells, _) in enumerate(self.sections):
            if begin == len(details) and begin:
                closing.append((RowClass.NOTE, number, dict(cells), 0, begin))  # no section, as nobody stands below it
            elif (people := section_count(cells)) is not None and people != self._end_of(n, len(details)) - begin:
                wrong.append((number, None, None))
            else:
                below = details[begin : self._end_of(n, len(details))]
                said_of = {p: count for p, cell in cells if p in marked and (count := read_number(cell)) is not None}
                wrong += [(number, p, marked[p]) for p, said in said_of.items() if said != sum(is_mark(r[p]) for r in below if p < len(r))]
        due: list[float]
        for kind, number, texts, first, last in [*((k, n, dict(filled(row)), f, t) for k, n, row, f, t in self.totals), *closing]:
            # of its section, or of all above it; a total may be of the whole list, wherever it stands
            spans = [(0, len(details))] if kind is not RowClass.SUBTOTAL else []
            spans += [(first, last), (0, last)] if kind is not RowClass.NOTE else []
            is_sum = kind in (RowClass.TOTAL, RowClass.SUBTOTAL)
            read = {p: layout.numbers[table.dataset][c] for p, c in summed.items()} if summed else {}
            for position, cell in texts.items():
                if is_sum and position in marked and (said := read_number(cell)) is not None:
                    due = [sum(is_mark(r[position]) for r in details[a:b] if position < len(r)) for a, b in spans]
                elif is_sum and position in summed and (said := read[position](cell)) is not None:
                    due = [sum(read[position](v) or 0 for r in details[a:b] if position < len(r) and (v := r[position])) for a, b in spans]
                elif any(counted.differs(c, spans) for c in counts_said(cell) if c.is_all_said):
                    said, due = 1, [0]
                else:
                    continue
                if all(abs(said - d) > 1e-6 for d in due):
                    wrong.append((number, position, marked.get(position) or summed.get(position)))
            if is_sum and len(texts) == 2:
                (_, label), (position, number_said) = texts.items()
                is_text = position in header.columns.values() and position not in summed and not DIGIT.search(label)
                said_of_all = counts_said(f"{label}: {number_said}") if is_text else ()
                wrong += [(number, position, None)] if any(counted.differs(c, spans) for c in said_of_all if c.is_all_said) else []
        return wrong


class _Counted:
    """The details of a table, counted as lines of words count them: all of them, or those of a level."""

    def __init__(self, table: Table, layout: Layout, more: tuple[int, ...], count: int):
        self.more = (0, *more)
        column = next((c for c in layout.marks.get(table.dataset, ()) if any(table.values.get(c, ()))), None)
        self.spelled = layout.marks[table.dataset][column] if column else {}
        self.said = table.values[column] if column and count == table.row_count else []

    @cached_property
    def labels(self) -> list[str | None]:
        """Row by row; none where one cannot be read, as nobody knows then how many there are. Few tables are asked."""
        labels = [self.spelled.get(fold(value)) if value else "" for value in self.said]
        return [] if None in labels else labels

    def differs(self, count: Count, spans: list[tuple[int, int]]) -> bool:
        if count.is_of_list:
            return count.number not in {last - first + more for first, last in spans for more in self.more}
        level = self.spelled.get(count.code)
        return bool(level and self.labels) and count.number not in {self.labels[first:last].count(level) for first, last in spans}


def placeholders_of(details: list[tuple[int, Row]], who: set[int], words: dict[int, frozenset[str]], numbers: frozenset[int]) -> int:
    """How many of the last rows are one row of defaults filled down: nobody is named, and the same stands in each, or nothing but zeros, dashes and
    errors of formulas.

    A unit, a day or words make a default only where three rows or more hold them, and never all rows of a list: one of them may have lost its name.
    """
    count, first, are_lost = 0, None, False
    for _, row in reversed(details):
        cells = [(p, cell) for p, cell in filled(row, numbers) if not _is_zero(cell)]
        if cells and all(is_formula_error(cell) for _, cell in cells):
            cells, are_lost = [], True  # looked up for nobody
        if any(p in who for p, _ in cells) or (first is not None and cells != first):
            break
        count, first = count + 1, cells
    are_codes = all(is_code(cell, words.get(p, frozenset())) for p, cell in first or ())
    if are_lost or not are_codes:
        return count if 2 < count < len(details) else 0
    return count if count > 1 or (count and not first) else 0


def _is_zero(cell: str) -> bool:
    """Is it what a formula that finds nothing leaves, as it stands or in a day's format, or a dash?"""
    return fold(cell) == "0" or says_nothing(cell, no_day=True) or bool(DAY_ZERO.fullmatch(cell))


DAY_ZERO = re.compile(
    r"0{1,2}/0?1/1900|3[01]/12/1899(?: .*)?|30/12/1899(?: .*)?|01/01/1904"
)  # as Excel, LibreOffice and calamine show the 0
