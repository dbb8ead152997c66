"""Which tables of a file are not counted for what their titles say: of another year, of what was not done, of a part of a unit, levels of something else.

A table that is not counted is left out, and told, where another of its dataset in the file is; else its reasons stay with it and refuse it.
What does not belong here: what words say (title_words, titles, spans), sheets and their copies (sheets), and the rules' sentences (schemas/files.py).
"""

import re
from collections.abc import Sequence

from pipeline.intake.layout import Layout
from pipeline.intake.readings import Note, Reading, Table, TitleLine, letter
from pipeline.intake.rows import Row, filled
from pipeline.intake.sheets import same_people
from pipeline.spans import of_a_month, of_another_span, other_year_of_months
from pipeline.title_words import Line, is_of_some, line, of_learners
from pipeline.titles import is_of_quality, of_courses, of_other_ratings, years_said

FEW = 3  # words


def lines_of(numbered: Sequence[tuple[int, Row]]) -> list[TitleLine]:
    """What stands above a header, line by line: a cell that ends with a colon goes on in the next one."""
    found: list[TitleLine] = []
    for number, row in numbered:
        cells = filled(row)
        taken = ""
        for n, (position, cell) in enumerate(cells):
            if cell.rstrip().endswith(":") and n + 1 < len(cells):
                taken = f"{taken} {cell}"
                continue
            place = f"{letter(position)}{number + 1}"
            texts = [text.strip() for text in f"{taken} {cell}".splitlines() if text.strip()]
            found += [TitleLine(number + 1, place, text, len(cells) - 1, number == numbered[-1][0]) for text in texts]
            taken = ""
    return found


def settle(reading: Reading, layout: Layout) -> None:
    """Leave out tables that are not counted beside others that are; of the others that are not, keep the reasons."""
    for table in reading.tables:
        table.not_counted = _reasons(table, reading.source.stem, reading.source.period, layout)
    for dataset in dict.fromkeys(table.dataset for table in reading.tables):
        tables = [t for t in reading.tables if t.dataset == dataset and t.row_count]
        _settle_years(reading, tables, layout)
        counted = [t for t in tables if not t.not_counted and t in reading.tables]
        for table in tables if counted else ():
            if "roster_is_whole" in table.not_counted:  # a part of it, perhaps, as its sheets are
                table.not_counted = []
                table.notes.append(Note("title_understood", table.sheet, table.header_row))
            elif table.not_counted and table in reading.tables:
                _leave_out(reading, table, counted[0])


def _leave_out(reading: Reading, table: Table, kept: Table) -> None:
    reading.tables.remove(table)
    kept.notes.append(Note("list_beside_counted", table.sheet, table.header_row))


def _settle_years(reading: Reading, tables: list[Table], layout: Layout) -> None:
    """Of lists of the same people of several years the folder's is counted; where none is the folder's, none. A list that calls itself one of another year,
    in a file that says nothing of the folder's, is not counted either: nobody knows whether its title is old, or the list."""
    year = reading.source.period[:4]
    if not year or not tables or not layout.spoken_of(tables[0].dataset).one_row_each:
        return
    said = {id(t): years_said(reading.source.period, [t.sheet] if t.sheet else [], t.titles) for t in tables}
    for table in tables:
        if table.dataset == "ratings" and not said[id(table)] and other_year_of_months(reading.source.period, table.titles):
            said[id(table)] = frozenset({"0000"})
    others = [t for t in tables if said[id(t)] and year not in said[id(t)] and "period" not in t.filled and not t.is_by_time]
    for table in others:
        if kept := next((t for t in tables if t not in others and not t.not_counted and same_people(table, t, layout)), None):
            _leave_out(reading, table, kept)
        elif any(t is not table and said[id(t)] != said[id(table)] and same_people(table, t, layout) for t in others):
            table.not_counted.append("list_of_folder_year")
    is_said = any(year in of for of in said.values()) or year in years_said(reading.source.period, [reading.source.stem], [])
    is_mixed = len(others) < len(tables)
    for table in others if not is_said and not is_mixed else ():
        is_year = any(len(of) == len(year) for of in said[id(table)])  # and no day up to which a roster goes
        if is_year and table in reading.tables and "list_of_folder_year" not in table.not_counted:
            table.not_counted.append("list_of_folder_year")


def _reasons(table: Table, file: str, period: str, layout: Layout) -> list[str]:
    """The rules for which a table is not counted."""
    names, found = [file, *([table.sheet] if table.sheet else [])], []
    is_confirmed = table.form is not None and table.form.is_confirmed
    said = words_of_titles(table)
    is_called = any(text.does("CALLS", "RATED") for text in said)
    said += [] if is_called else [line(file, table.dataset)]
    said += [line(table.sheet, table.dataset)] if table.sheet else []
    if table.dataset == "ratings":
        if of_courses(names, table.titles) or of_learners(said):
            found.append("title_of_ratings")
        if not is_confirmed and of_other_ratings(names, table.titles, table.left.values()):
            found.append("ratings_of_quality")
        is_asked = bool(period) and "period" not in table.filled and not table.is_by_time
        is_part = any(text.does("PART") for text in said) and period[:4] not in years_said(period, names, table.titles)
        if is_asked and (is_part or of_a_month(period, names, table.titles) or of_another_span(period, names, table.titles)):
            found.append("rated_year_or_quarter")
    is_over = "discipline_status_code" not in table.filled and any(text.does("ENDED") for text in said)
    if is_over or any(text.does("UNDONE") for text in said):
        found.append("list_of_what_happened")
    is_for_another = (
        table.dataset == "personnel" and not is_confirmed and layout.by_words.are_another("personnel", names[-1:], table.titles)
    )
    if is_for_another or any(map(is_of_some, said)):
        found.append("roster_is_whole")
    return found


def words_of_titles(table: Table) -> list[Line]:
    """What the lines above a table say that are no letterhead."""
    return [said for at in table.lines if not (said := line(at.text, table.dataset)).is_letterhead]


def not_understood(table: Table) -> TitleLine | None:
    """The first line of a table's title in which there are words that nobody knows, with these words as its text.

    What stands above the line that calls the list something is a letterhead where two cells share its row; three or more are of columns, as a word or two
    right above the header are, behind its first column.
    """
    said = [(at, line(at.text, table.dataset)) for at in table.lines]
    pairs = {at.row_no for at, text in said if at.beside and text.is_letterhead}
    begins = next((n for n, (_, text) in enumerate(said) if not text.is_letterhead and text.does("CALLS", "RATED")), len(said))
    is_quality = any(is_of_quality(title) for title in table.titles)
    for n, (at, text) in enumerate(said):
        is_of_columns = at.beside > 1 or (at.is_last and not re.match("A[0-9]", at.cell) and len(at.text.split()) <= FEW)
        if text.is_letterhead or is_of_columns or (n < begins and at.row_no in pairs):
            continue
        unknown = [*text.unknown, *(text.does("MATTER") if is_quality else ())]
        if unknown:
            return at._replace(text=" ".join(unknown))
    return None
