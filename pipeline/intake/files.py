"""Files to tables: which sheet of a file is which dataset, and what some files give together.

What does not belong here: bytes (spreadsheets), the tables of a sheet (tables), which of them are counted (sheets), and how many files are
read at once (workers).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from pipeline.codes import fold
from pipeline.intake import explanations
from pipeline.intake.cells import Sheet
from pipeline.intake.course_lists import TRAINING, has_course_sections, is_of_a_course
from pipeline.intake.forms import form_of
from pipeline.intake.header_others import are_others
from pipeline.intake.header_search import Search
from pipeline.intake.headers import IGNORED
from pipeline.intake.kinds import Unreadable
from pipeline.intake.layout import Layout
from pipeline.intake.other_matters import is_of_others
from pipeline.intake.punished import DISCIPLINE, are_punished
from pipeline.intake.purposes import settle
from pipeline.intake.readings import Chunk, Note, Reading, Source, Table
from pipeline.intake.rows import HEADER_ROWS, Row, RowClass
from pipeline.intake.sheets import ask_offices, keep_decided, keep_lists, keep_originals
from pipeline.intake.shown_cells import mark_ends
from pipeline.intake.spreadsheets import read_cells
from pipeline.intake.steps import keep_last_step
from pipeline.intake.tables import read_sheet
from pipeline.intake.untitled import is_untitled_roster
from pipeline.ledger.archive import Lost
from pipeline.titles import of_others

ROSTER = "personnel"
RATINGS = "ratings"
SUPPOSED = 3  # columns that a sheet must have before a word of a name is believed


def read_file(source: Source, layout: Layout, explain: bool = False) -> Reading:
    """One file's tables. Never raises for what a unit may have done to its file: whatever that makes the reader raise refuses it."""
    named = layout.named(source.stem)
    mentioned = named or layout.mentioned(source.stem)
    try:
        data = source.read()
    except Lost as error:
        return Reading(source, lost=str(error))
    try:
        return _read_file(source, data, layout, named, mentioned, explain)
    except Unreadable as error:
        return Reading(source, refused=error.rule, dataset=mentioned)
    except MemoryError:
        raise  # its worker has none left
    except Exception:
        return Reading(source, refused="file_readable", dataset=mentioned)


def _read_file(source: Source, data: bytes, layout: Layout, named: str | None, mentioned: str | None, explain: bool) -> Reading:
    sheets, reasons, objections = explanations.take(read_cells(data))
    named_sheets = {sheet.name: number for number, sheet in reversed([*enumerate(sheets, start=1)]) if sheet.name}
    reading = Reading(source, dataset=mentioned, sheets=named_sheets, reasons=reasons, objections=objections)
    if "\\" in source.name:  # what cannot be shown of a name stands as its bytes
        reading.notes.append(Note("file_named_plainly"))
    supposed: set[str] = set()  # sheets whose dataset only a word of a name told, or whose columns hardly are one's
    for sheet in [pane for whole in sheets for pane in _side_by_side(whole, layout)]:
        if fold(sheet.name) in layout.ours or not any(any(row) for row in sheet.rows):
            continue
        mark_ends(sheet)
        search = Search(sheet.rows, layout, source.sender, sheet.merged)
        dataset, is_supposed = _list_of(search, sheet, source, named, mentioned)
        is_untitled = dataset is None and is_untitled_roster(search, [source.stem, sheet.name], source.period)
        dataset = ROSTER if is_untitled else dataset
        if is_supposed or is_untitled:
            supposed.add(sheet.name)
        if dataset is None:
            reading.notes.append(Note("sheet_known", sheet.name))
            header = search.any_header()
            form = None if header is None else form_of(sheet.rows, header, sheet.name, None, layout, source.sender)
            reading.unread += [form] if form else []
            continue
        if beside := next((t for t in reading.tables if (t.sheet, t.dataset) == (sheet.name, dataset) and sheet.is_beside), None):
            beside.notes.append(Note("tables_one_below_another", sheet.name, beside.header_row))
            continue  # a row is told from all others by its sheet and number
        tables, classes = read_sheet(sheet, dataset, search, source)
        tables[0].notes += [Note("list_known_by_columns", sheet.name, tables[0].header_row)] if is_untitled else []
        reading.tables += tables
        reading.class_counts.setdefault(sheet.name, Counter()).update(classes)
        if explain:
            before = reading.classes.get(sheet.name, [RowClass.BLANK] * len(classes))
            reading.classes[sheet.name] = [b if a is RowClass.BLANK else a for a, b in zip(before, classes, strict=True)]
    keep_lists(reading, supposed)
    settle(reading, layout)
    keep_decided(reading, layout, source.stem)
    keep_last_step(reading, layout)
    keep_originals(reading, layout)
    ask_offices(reading)
    if not reading.tables:
        reading.refused = "known_dataset_present"
    return reading


def _list_of(search: Search, sheet: Sheet, source: Source, named: str | None, mentioned: str | None) -> tuple[str | None, bool]:
    """Which list a sheet is, and whether only a word of a name told, or its columns hardly are that list's."""
    dataset, is_supposed = _supposed(search, sheet, source, named, mentioned)
    confirmed = search.form(dataset)
    return (confirmed.dataset, False) if confirmed else (dataset, is_supposed)


def _supposed(search: Search, sheet: Sheet, source: Source, named: str | None, mentioned: str | None) -> tuple[str | None, bool]:
    """The same, by what the project knows of itself."""
    layout = search.layout
    said, names = layout.named(sheet.name) or named, [name for name in (source.stem, sheet.name) if name]
    if sheet.name and not layout.named(sheet.name) and layout.by_words.called([sheet.name], []) not in (None, said):
        said = None  # “Danh sách.xlsx” with a sheet “ĐTBD”
    if said == ROSTER and layout.by_words.called([], search.titles(ROSTER)) == RATINGS:
        said = None  # “Đảng viên.xlsx” with the title of ratings
    dataset = _dataset_of(search, said)
    likely = None if said else search.likely(names, dataset)  # what columns alone say, titles may call otherwise
    is_sure = said is not None and search.header(said).knows(layout.required[said])
    if likely is None and said in (None, ROSTER) and not is_sure:
        likely = _of_what_happened(search, names, dataset)
    dataset = likely or dataset
    spoken_of = layout.mentioned(sheet.name) or mentioned
    lacks_days = dataset is not None and is_of_others(
        search.header(dataset), search.rows, dataset, layout, source.sender
    )  # what it has are a course's, or of leave
    is_roster = (dataset or spoken_of) == ROSTER
    if is_roster and (not likely or lacks_days) and search.is_another(ROSTER, is_named=said == ROSTER or bool(likely)):
        dataset = spoken_of = None  # “Danh sách” is a word of any list's name
    if is_roster and not likely and has_course_sections(search.rows[search.header(ROSTER).bottom + 1 :]):
        dataset = spoken_of = None  # so is “Danh sách lớp”
    if not is_roster and lacks_days and not said and not likely:
        dataset = None
    header = search.header(dataset) if dataset else None
    if header and "identity_number" not in header.said and (of_others(search.titles()) or are_others(header, sheet.rows, source.period)):
        dataset = spoken_of = None  # pupils are rated as well, and have no number
    if dataset is None:
        return (spoken_of if spoken_of and search.size(spoken_of) >= SUPPOSED else None), spoken_of is not None
    return dataset, bool(likely) or search.size(dataset) < SUPPOSED


def _of_what_happened(search: Search, names: list[str], otherwise: str | None) -> str | None:
    """The list of events that what stands above or in the rows makes a list, whatever its columns lack. “Danh sách” is a word of any list's name."""
    if is_of_a_course(search, names):
        return TRAINING
    is_called = search.layout.by_words.called(names, search.titles(DISCIPLINE)) not in (None, DISCIPLINE)
    if otherwise in (None, ROSTER) and not is_called and are_punished(search.header(DISCIPLINE), search.rows):
        return DISCIPLINE
    return None


def _side_by_side(sheet: Sheet, layout: Layout) -> list[Sheet]:
    """Tables that stand side by side, as a sheet each in which every cell keeps its place: a header names people twice, an empty column between."""
    width = max(map(len, sheet.rows), default=0)
    blank = [p for p in range(width) if not any(p < len(row) and row[p] for row in sheet.rows)]
    if again := next((at for row in sheet.rows[:HEADER_ROWS] if (at := _said_again(row, layout))), None):
        blank = [*blank, again]  # nothing between
    for row in sheet.rows[:HEADER_ROWS] if blank else ():  # most sheets have no empty column
        said = [cell for cell in row if cell]
        if len(set(said)) == len(said):
            continue
        if layout.whose.isdisjoint(fold(cell) for cell, times in Counter(said).items() if times > 1):
            continue
        first: dict[str, int] = {}
        for position, cell in enumerate(row):
            if not cell or (start := first.setdefault(cell, position)) == position:
                continue
            if fold(cell) not in layout.whose or not any(
                headers.of(cell) in layout.person.get(dataset, ()) for dataset, headers in layout.headers.items()
            ):
                continue
            if (gap := next((p for p in reversed(blank) if start < p < position), None)) is not None:
                left, right = ([r[:gap] for r in sheet.rows], [[*[None] * gap, *r[gap:]] for r in sheet.rows])
                return [replace(sheet, rows=left), *_side_by_side(replace(sheet, rows=right, is_beside=True), layout)]
    return [sheet]


def _said_again(row: Row, layout: Layout) -> int | None:
    """Where a header that names people begins once more, with its running numbers: its second half says what its first does."""
    said = [(p, cell) for p, cell in enumerate(row) if cell]
    half = len(said) // 2
    if len(said) < 4 or fold(said[0][1]) not in IGNORED or [cell for _, cell in said[:half]] != [cell for _, cell in said[half:]]:
        return None
    return said[half][0] if any(fold(cell) in layout.whose for _, cell in said[:half]) else None


def _dataset_of(search: Search, said: str | None) -> str | None:
    """What the sheet's name says, else the file's, else the header: it also goes before a name whose columns it lacks where it is another's."""
    if said and search.header(said).knows(search.layout.required[said]):
        return said
    other = search.dataset()
    return other if said is None or (other and search.size(other) > search.size(said)) else said


Lists = dict[str, list[int | str | None]]  # column → its cells, row by row


def read_chunk(sources: list[Source], layout: Layout) -> Chunk:
    """Some files, in this process."""
    readings: list[Reading] = []
    gathered: dict[str, Lists] = {}
    for source in sources:
        readings.append(reading := read_file(source, layout))
        for table in reading.tables:  # at once: what is not kept is given back while it is at hand
            _gather(table, source.number, layout, gathered)
    return Chunk(readings, {dataset: _frame(lists) for dataset, lists in gathered.items()})


def _gather(table: Table, number: int, layout: Layout, gathered: dict[str, Lists]) -> None:
    """Move a table's rows to those of its dataset."""
    if (lists := gathered.get(table.dataset)) is None:
        names = sorted(set(layout.headers[table.dataset].values()))
        lists = gathered[table.dataset] = {c: [] for c in ("number", "sheet", "row_no", *names)}
    count, numbers = table.row_count, [row_no for row_no, _ in table.rows]
    own: dict[str, Sequence[int | str | None]]
    own = {**table.values, "number": [number] * count, "sheet": [table.sheet] * count, "row_no": numbers}
    for column, values in lists.items():
        values += own.get(column) or [None] * count
    table.rows, table.values = [], {}


def _frame(lists: Lists) -> pl.DataFrame:
    """One concatenation of lists is far cheaper than of many frames."""
    types = {"number": pl.Int32, "row_no": pl.Int32}
    return pl.DataFrame({c: pl.Series(c, v, dtype=types.get(c, pl.String)) for c, v in lists.items()})
