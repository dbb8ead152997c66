"""Cells to a dataset's columns: which sheet is which dataset, where its tables are, which rows are details.

What does not belong here: what stands around details, remarks on what was read, types, rules, verdicts, and how many files are read at once.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest
from operator import itemgetter
from pathlib import Path

import polars as pl

from pipeline.codes import INVISIBLE, fold
from pipeline.intake import explanations
from pipeline.intake.cells import Sheet, read_cells
from pipeline.intake.counted import only_counts
from pipeline.intake.headers import MARKED, Header, Headers, Layout, Search, match, named_twice, names_again, take_likely
from pipeline.intake.kinds import Unreadable
from pipeline.intake.readings import Chunk, Heading, Note, Reading, Source, Table, letter
from pipeline.intake.remarks import column_at, note_days, note_groups, note_header, note_parted, note_sheet, note_untitled, note_wide
from pipeline.intake.rows import (
    HEADER_ROWS,
    Classifier,
    Row,
    RowClass,
    filled,
    in_other_unit,
    is_in_english,
    is_of_units,
    names_somebody,
    says_something,
    section_unit,
)
from pipeline.intake.sheets import ask_offices, counts, keep_decided, keep_lists, keep_originals, without_dataset
from pipeline.intake.surroundings import Parts, Places, cell_above, filled_columns, first_title, placeholders_of, units_above
from pipeline.ledger.archive import Lost
from pipeline.titles import is_proposal
from pipeline.values import DITTO, DOTS, MARKS, SERIAL, SEVERAL, SINCE_1904, is_mark, mark_of

UNCALCULATED = "#GETTING_DATA"  # Excel's own word for a value that is not there yet

Lists = dict[str, list[int | str | None]]  # column → its cells, row by row


def read_file(source: Source, layout: Layout, explain: bool = False) -> Reading:
    """One file's tables. Never raises for what a unit may have done to its file: whatever that makes the reader raise refuses it."""
    stem = Path(source.name).stem
    named = layout.named(stem)
    mentioned = named or layout.mentioned(stem)
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
    sheets, reasons = explanations.take(read_cells(data))
    named_sheets = {sheet.name: number for number, sheet in reversed([*enumerate(sheets, start=1)]) if sheet.name}
    reading = Reading(source, dataset=mentioned, sheets=named_sheets, reasons=reasons)
    if "\\" in source.name:  # what cannot be shown of a name stands as its bytes
        reading.notes.append(Note("file_named_plainly"))
    supposed: set[str] = set()  # sheets whose dataset only a word of a name told, or whose columns hardly are one's
    for sheet in [pane for whole in sheets for pane in _side_by_side(whole, layout)]:
        if fold(sheet.name) in layout.ours or not any(any(row) for row in sheet.rows):
            continue
        search = Search(sheet.rows, layout, source.sender)
        dataset = _dataset_of(search, layout.named(sheet.name) or named)
        if dataset is None and (dataset := layout.mentioned(sheet.name) or mentioned):
            if len(search.header(dataset)) < SUPPOSED:
                dataset = None
            supposed.add(sheet.name)
        elif dataset and len(search.header(dataset)) < SUPPOSED:
            supposed.add(sheet.name)
        if dataset is None:
            reading.notes.append(Note("sheet_known", sheet.name))
            continue
        if beside := next((t for t in reading.tables if (t.sheet, t.dataset) == (sheet.name, dataset) and sheet.is_beside), None):
            beside.notes.append(Note("tables_one_below_another", sheet.name, beside.header_row))
            continue  # a row is told from all others by its sheet and number
        tables, classes = _read_sheet(sheet, dataset, search, source)
        reading.tables += tables
        reading.class_counts.setdefault(sheet.name, Counter()).update(classes)
        if explain:
            before = reading.classes.get(sheet.name, [RowClass.BLANK] * len(classes))
            reading.classes[sheet.name] = [b if a is RowClass.BLANK else a for a, b in zip(before, classes, strict=True)]
    keep_lists(reading, supposed)
    keep_decided(reading, layout, Path(source.name).stem)
    keep_originals(reading, layout)
    ask_offices(reading)
    if not reading.tables:
        reading.refused = "known_dataset_present"
    return reading


def _side_by_side(sheet: Sheet, layout: Layout) -> list[Sheet]:
    """Tables that stand side by side, as a sheet each in which every cell keeps its place: a header names people twice, an empty column between."""
    width = max(map(len, sheet.rows), default=0)
    blank = [p for p in range(width) if not any(p < len(row) and row[p] for row in sheet.rows)]
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


def _dataset_of(search: Search, said: str | None) -> str | None:
    """What the sheet's name says, else the file's, else the header: it also goes before a name whose columns it lacks where it is another's."""
    own = search.header(said) if said else None
    if said and own is not None and own.knows(search.layout.required[said]):
        return said
    other = search.dataset()
    return other if own is None or (other and len(search.header(other)) > len(own)) else said


SUPPOSED = 3  # columns that a sheet must have before a word of a name is believed


def read_chunk(sources: list[Source], layout: Layout) -> Chunk:
    """Some files, in this process."""
    readings: list[Reading] = []
    gathered: dict[str, Lists] = {}
    for source in sources:
        readings.append(reading := read_file(source, layout))
        for table in reading.tables:  # at once: what is not kept is given back while it is at hand
            _gather(table, source.number, layout, gathered)
    return Chunk(readings, {dataset: _frame(lists) for dataset, lists in gathered.items()})


# ── one sheet ────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_sheet(sheet: Sheet, dataset: str, search: Search, source: Source) -> tuple[list[Table], list[RowClass]]:
    """Every table of a sheet, one below another, and what each row is."""
    for (number, position), text in sheet.errors.items():
        _place(sheet.rows, number, position, text)  # a formula that failed is no blank cell
        search.forget()
    _place_uncalculated(sheet, dataset, search)
    tables: list[Table] = []
    classes = [RowClass.BLANK] * len(sheet.rows)
    start: int | None = 0
    while start is not None:
        end, own = _first_of(search, start, dataset)
        earlier = sum(t.row_count for t in tables if t.dataset == own)
        start, table = _read_table(sheet, start, end, own, search, source, classes, earlier)
        tables.append(table)
        if start is not None:
            dataset = search.dataset_below(start, own) or dataset
    for number in sheet.stray_quotes:
        tables[0].notes.append(Note("quotes_read_as_text" if sheet.is_whole else "quotes_in_pairs", sheet.name, number))
    if sheet.is_hidden:
        tables[0].notes.append(Note("sheet_shown", sheet.name))
    return _together(tables), classes


def _place(rows: list[list[str | None]], number: int, position: int, text: str) -> None:
    rows += [[] for _ in range(number - len(rows))]
    row = rows[number - 1]
    row += [None] * (position + 1 - len(row))
    row[position] = text


def _place_uncalculated(sheet: Sheet, dataset: str, search: Search) -> None:
    """A formula without a value is no blank cell and no 0, but cannot be read; rows that only wait for a person stay blank."""
    if not sheet.uncalculated:
        return
    for number, position in sheet.uncalculated:
        if number <= len(sheet.rows) and position < len(sheet.rows[number - 1]):
            sheet.rows[number - 1][position] = None
    search.forget()
    header = search.header(dataset)
    anchors = {header.columns[c] for c in search.layout.anchors.get(dataset, ()) if c in header.columns}
    begun = {n for n, row in enumerate(sheet.rows, start=1) if any(row)} | {n for n, position in sheet.uncalculated if position in anchors}
    for number, position in sorted(sheet.uncalculated):
        if number in begun:
            _place(sheet.rows, number, position, UNCALCULATED)
    search.forget()


def _place_truths(sheet: Sheet, header: Header, numbers: Iterable[str], end: int) -> None:
    """A ticked box marks a level, and is no number: below one it cannot be read."""
    for position in [header.columns[c] for c in numbers if c in header.columns]:
        if not sheet.typed or position >= len(sheet.typed[0]) or bool not in set(map(type, map(itemgetter(position), sheet.typed))):
            continue
        for number, cells in enumerate(sheet.typed[header.bottom + 1 : end], start=header.bottom + 1):
            if type(cells[position]) is bool:
                sheet.rows[number][position] = str(cells[position]).upper()


def _fill_merged(sheet: Sheet, header: Header, end: int, headers: dict[str, str], person: tuple[int, ...]) -> list[tuple[int, int]]:
    """Below the header a cell that is merged over rows stands in each of them that holds anything, as Excel shows it.

    Not so what identifies a person: where two rows share a name or a number, which is it? Returned are those cells, row from 0.
    """
    asked = []
    for first, last, position in sheet.merged:
        value = sheet.rows[first][position] if header.bottom < first < end and position < len(sheet.rows[first]) else None
        below = [row for row in sheet.rows[first + 1 : last + 1] if any(row)] if value and fold(value) not in headers else []
        if position in person:
            asked += [(first, position)] * bool(below)
            continue
        for row in below:
            row += [None] * (position + 1 - len(row))
            row[position] = value  # whatever lies below the merge, nobody sees it
    return asked


def _first_of(search: Search, start: int, dataset: str) -> tuple[int, str]:
    """Where the first table from a row on ends, and its dataset: people above the header that says most have one of their own above them."""
    rows, layout, end = search.rows, search.layout, len(search.rows)
    header = search.header(dataset, start)
    number = start
    while number < header.top - 1:
        if _is_header(rows[number], layout):
            own = search.dataset_below(number, dataset) or dataset
            above = search.header(own, number, header.top)
            places = Places.of(above, rows, own, layout)
            if any(map(places.hold_somebody, rows[above.bottom + 1 : header.top])):
                end, dataset = header.top, own
                header = search.header(dataset, start, end)
                number = start - 1
        number += 1
    return end, dataset


def _read_table(
    sheet: Sheet, start: int, end: int, dataset: str, search: Search, source: Source, classes: list[RowClass], earlier: int
) -> tuple[int | None, Table]:
    """The table whose header is looked for from row `start`, above row `end`; and where the next one begins, if there is one."""
    rows, layout = sheet.rows if end == len(sheet.rows) else sheet.rows[:end], search.layout
    header = search.header(dataset, start, end).copy()
    header.take_period(source.period)
    headers = layout.headers_of(dataset, source.sender)
    left = take_likely(rows, header, headers)
    _place_truths(sheet, header, layout.numbers.get(dataset, ()), end)
    places = Places.of(header, rows, dataset, layout)
    anchors, numbers, words = places.anchors, places.numbers, places.words
    person = tuple(header.columns[c] for c in sorted(layout.person.get(dataset, ())) if c in header.columns)
    asked = _fill_merged(sheet, header, end, headers, person) if sheet.merged else []
    classifier = Classifier(len(header), anchors, numbers, frozenset(header.columns.values()), words)
    odd: list[Note] = []
    for number in range(start, header.bottom + 1):
        classes[number] = RowClass.HEADER if number >= header.top else RowClass.TITLE if any(rows[number]) else RowClass.BLANK
        if classes[number] is RowClass.TITLE and places.may_hold_somebody(RowClass.TITLE, rows[number]):
            odd.append(Note("row_is_no_person", sheet.name, number + 1))
    odd += [
        Note("column_named_once", sheet.name, header.bottom + 1, column_at(header, p), f"{letter(p)}{header.bottom + 1}")
        for p in named_twice(rows, header, headers)
    ]
    above = rows[first_title(classes, start) : header.top]
    titles = _in_lines(above)
    is_proposed = dataset in layout.marks and _is_proposed(sheet.name, titles)
    details: list[tuple[int, Row]] = []
    who = {"unit", "full_name", *layout.anchors.get(dataset, ())}
    codes = layout.codes.get(dataset, frozenset())
    parts = Parts(codes, sections=cell_above(rows, header.top, classes))
    following = end if end < len(sheet.rows) else None
    for number in range(header.bottom + 1, end):
        row = rows[number]
        for position in anchors if parts.began else ():
            if position < len(row) and (cell := row[position]) and "0" <= cell[0] <= "9" and len(cell) > 6:
                break  # most rows: an identity number makes a detail, and nothing else has to be asked
        else:
            if all(not cell or not cell.translate(INVISIBLE).strip() for cell in row):
                continue  # nothing that anybody sees
            if not parts.began and (is_in_english(row) or is_of_units(row)):
                classes[number] = RowClass.HEADER
                continue
            is_header, other = names_again(row, header, headers)
            if is_header and parts.began and dataset in layout.marks:
                again = _in_lines(rows[first_title(classes, number) : number])
                if again and _is_proposed(sheet.name, again) != is_proposed:
                    following = number  # a proposal and what was decided are two lists
                    break
            if is_header and (other is None or (number == header.bottom + 1 and (who - {"unit"}).isdisjoint(match(row, headers)))):
                if parts.began:
                    odd += _take_titles(parts, sheet, rows[first_title(classes, number) : number], number, len(details))
                classes[number] = RowClass.HEADER  # of the columns above it; what it calls otherwise is asked
                if other is not None:
                    odd.append(Note("column_named_once", sheet.name, number + 1, None, f"{letter(other)}{number + 1}", row[other]))
                continue
            kind = classifier.kind(row)
            if kind is RowClass.DETAIL and len(alone := filled(row, numbers)) == 1 and only_counts(alone[0][1], codes):
                kind = RowClass.SECTION
            elif kind is RowClass.SECTION and classifier.is_row(row, rows[number + 1 : end]):
                kind = RowClass.DETAIL
            if kind is RowClass.DETAIL and _is_header(row, layout):
                if _repeats(row, header, headers, layout):
                    kind = RowClass.HEADER  # printed again on the next page
                elif search.dataset_below(number, dataset):
                    following = number
                    break
            if kind is not RowClass.DETAIL:
                classes[number] = kind
                holds_somebody = places.may_hold_somebody(kind, row)
                if holds_somebody or names_somebody(kind, row):
                    odd.append(Note("row_is_no_person", sheet.name, number + 1))
                if holds_somebody and kind is RowClass.SECTION and not section_unit(filled(row)):
                    continue  # a person in one cell is no heading
                parts.take(kind, number, row, len(details), numbers)
                continue
        classes[number] = RowClass.DETAIL
        parts.began = True
        details.append((number + 1, row))
    _take_beside(header, rows, details, places.names)
    if placeholders := placeholders_of(details, {header.columns[c] for c in who if c in header.columns}, words, numbers):
        for number, _ in details[-placeholders:]:
            classes[number - 1] = RowClass.PLACEHOLDER
        odd.append(Note("row_filled_in", sheet.name, details[-placeholders][0]))
        del details[-placeholders:]
    if (hours := header.columns.get("hours")) is not None:
        named = [rows[n][hours] for n in range(header.top, end) if classes[n] is RowClass.HEADER and hours < len(rows[n])]
        if in_other_unit([text for text in named if text], titles):
            odd.append(Note("hours_in_hours", sheet.name, header.bottom + 1, "hours", f"{letter(hours)}{header.bottom + 1}"))
    if not details and following is None:  # between two lists stands the second one's title
        told = {note.row_no for note in odd if note.rule == "row_is_no_person" and note.row_no}
        told |= {n + 1 for n in range(header.bottom + 1, end) if says_something(classes[n], rows[n])}
        odd += [Note("nil_says_only_so", sheet.name, min(told))] if told else []
    table = Table(
        dataset,
        sheet.name,
        header.bottom + 1,
        letters={c: letter(p) for c, p in header.columns.items()} | {c: letter(min(ps)) for c, ps in header.marks.items()},
        missing={c: None for c in sorted(layout.required[dataset] - header.columns.keys() - header.marks.keys())},
        rows=details,
        row_count=len(details),
        titles=titles,
        is_proposal=is_proposed,
    )
    cells = list(zip_longest(*(row for _, row in details)))  # column by column; a CSV's rows need not be of one length
    for column, position in header.columns.items():
        values = list(cells[position]) if position < len(cells) else [None] * len(details)
        if column in header.beside:
            rest = cells[header.beside[column]] if header.beside[column] < len(cells) else [None] * len(details)
            values = [" ".join(filter(None, parts_of)) or None for parts_of in zip(values, rest, strict=True)]
        table.values[column] = _filled_down(table, column, values, layout)
    for column, both in header.by_sex.items():
        men, women = ([row[p] if p < len(row) else None for _, row in details] for p in both)
        table.values[column] = [(m and w and f"{m}{SEVERAL}{w}") or m or w for m, w in zip(men, women, strict=True)]
        if "sex_code" in headers.values() and "sex_code" not in table.values:
            table.values["sex_code"] = [None if m and w else "Nam" if m else "Nữ" if w else None for m, w in zip(men, women, strict=True)]
    for column in layout.dates.get(dataset, frozenset()) & table.values.keys():
        table.values[column] = _numbers_asked(table.values[column])
    for column in layout.dates.get(dataset, frozenset()) & table.values.keys() if sheet.is_1904 else ():
        table.values[column] = [str(int(v) + SINCE_1904) if v and SERIAL.match(v) else v for v in table.values[column]]
    for column, positions in header.marks.items():
        spelled, levels = layout.marks[dataset][column], layout.words[dataset][column]
        table.values[column] = [_marked(row, positions, spelled, levels) for _, row in details]
    if "unit" in headers.values():
        _take_units(table, parts, above, Path(source.name).stem)
    table.filled = filled_columns(table.values, 0, len(details))
    decided = table.values.get(next(iter(layout.marks.get(dataset, ())), ""), [])
    table.levels = frozenset(decided)
    table.headings = [
        Heading(n, text, filled_columns(table.values, *span), frozenset(decided[slice(*span)]))
        for n, text, span in parts.headings_of(len(details))
    ]
    note_groups(table, rows, header, layout.needed.get(dataset, layout.required[dataset]))
    table.is_list = not counts(table, header)
    table.notes += odd
    note_header(table, header, headers, left, layout.needed.get(dataset, layout.required[dataset]))
    note_untitled(table, rows, header, is_csv=not sheet.typed)
    note_wide(table, sheet, header)
    added = layout.numbers.get(dataset, {})
    note_parted(table, sheet, header, added, {*added, *layout.words.get(dataset, ()), *layout.dates.get(dataset, ())})
    decide = {"unit"}.union(*(which.get(dataset, ()) for which in (layout.words, layout.dates, layout.numbers, layout.required)))
    note_sheet(table, sheet, header, person, decide)
    note_days(table, sheet, {c: header.columns[c] for c in sorted(layout.dates.get(dataset, frozenset()) & header.columns.keys())})
    table.notes += [Note("person_not_merged", sheet.name, n + 1, column_at(header, p), f"{letter(p)}{n + 1}") for n, p in asked]
    numbered = [*enumerate(rows)][header.top - len(above) : header.top]
    table.notes += parts.wrong_totals(table, header, layout, numbered, earlier)
    return following, table


def _in_lines(above: Sequence[Row]) -> list[str]:
    return [" ".join(cells) for row in above if (cells := [cell for cell in row if cell])]


def _is_proposed(sheet: str, titles: list[str]) -> bool:
    return is_proposal(sheet, True) or any(is_proposal(title, False) for title in titles)


def _take_units(table: Table, parts: Parts, above: Sequence[Row], file: str) -> None:
    """Whose the rows are that name no unit: their section's; where no row and no section names one, the cell's that titles or the sheet name."""
    own = table.values.get("unit", [None] * table.row_count)
    dotted = None
    if not DOTS.isdisjoint(own):  # a blank, which is its section's; below a unit that the row above names it may be that one
        dotted = next((n for n, unit in enumerate(own) if unit in DOTS and any(above not in DOTS for above in own[:n] if above)), None)
        own = [None if unit in DOTS else unit for unit in own]
        table.values["unit"] = own
    named, unnamed = parts.units_of(own)
    if named != own:
        table.values["unit"] = named
        units = {fold(unit): unit for unit in units_above(above)[0]}
        if len(units) == 1 and not named[0]:  # the first of several lists of a sheet, each below its cell's name
            first = next(n for n, unit in enumerate(named) if unit)
            table.values["unit"] = [*[*units.values()] * first, *named[first:]]
    elif (number := _first_below_unit(table)) is not None:
        table.notes.append(Note("unit_in_each_row", table.sheet, number, "unit", f"{table.letters['unit']}{number}"))
    elif table.row_count and not any(own):
        titled, is_spoken_of = units_above(above)
        is_spoken_of = is_spoken_of or bool(re.search(r"\b(?:chi bo|cb) ?(?:so )?[0-9]", fold(file)))
        units = {fold(unit): unit for unit in (section_unit([(0, without_dataset(table.sheet))]), *titled) if unit}
        if len(units) == 1:
            table.values["unit"] = [*units.values()] * table.row_count
            table.notes += [] if titled else [Note("unit_from_sheet", table.sheet, table.header_row, "unit")]
            unnamed = []
        elif units or is_spoken_of:
            table.notes.append(Note("title_names_a_unit", table.sheet, table.header_row, "unit"))
        else:
            unnamed = unnamed or parts.cells_summed()
    if dotted is not None and not any(note.rule == "unit_in_each_row" for note in table.notes):
        number = table.rows[dotted][0]
        table.notes.append(Note("unit_in_each_row", table.sheet, number, "unit", f"{table.letters['unit']}{number}"))
    if unnamed:
        table.notes.append(Note("section_is_a_unit", table.sheet, unnamed[0] + 1))


def _take_titles(parts: Parts, sheet: Sheet, above: Sequence[Row], number: int, count: int) -> list[Note]:
    """Titles above a header that stands again: the cell that they name has the people below it; one that is only spoken of is asked about."""
    named, is_spoken_of = units_above(above)
    units = {fold(unit): unit for unit in named}
    if len(units) == 1:
        parts.take_titles(number, next(iter(units.values())), count)
    return [Note("title_names_a_unit", sheet.name, number + 1, "unit")] if len(units) > 1 or (is_spoken_of and not units) else []


def _first_below_unit(table: Table) -> int | None:
    """The first row without a unit, where each unit seems written once for all of its rows: it stands once, from the first row on, most rows have
    none, and two of them or more follow a unit; or the first row alone has one. Where units stand again and again, a blank is the sender."""
    units = table.values.get("unit", [])
    named = [unit for unit in units if unit]
    if len(named) == 1 and units[0] and len(units) > 5:  # in a short list one person may well be elsewhere
        return table.rows[1][0]
    if not named or not units[0] or len(named) * 2 > len(units) or len(set(map(fold, named))) < len(named):
        return None
    below = [number for (number, _), above, unit in zip(table.rows[1:], units, units[1:], strict=False) if above and not unit]
    return below[0] if len(below) > 1 else None


def _take_beside(header: Header, rows: Sequence[Row], details: list[tuple[int, Row]], names: frozenset[int]) -> None:
    """A name's second column: nothing stands above it, as its header is merged over both, and words stand below."""
    titled = {p for n in range(header.top, header.bottom + 1) for p, cell in enumerate(rows[n]) if cell}
    for column, position in header.columns.items():
        if position in names and position + 1 not in titled:
            beside = [cell for _, row in details if position + 1 < len(row) and (cell := row[position + 1])]
            given = [
                cell for cell in beside if " " not in cell.strip() and fold(cell) not in ("nam", "nu", "x")
            ]  # a given name is one word
            if len(given) * 2 > len(details) and len(given) * 5 >= len(beside) * 4 and not any(re.search("[0-9]", c) for c in beside):
                header.beside[column] = position + 1


def _is_header(row: Row, layout: Layout) -> bool:
    """Could this row name columns? Two of its cells and half of them do, or are levels to be marked below."""
    cells = [fold(cell) for cell in row if cell]
    known = sum(cell in layout.known for cell in cells)
    levels = [level for cell in cells if (level := layout.levels.get(cell))]
    if known and len(set(levels)) >= MARKED and not any(cell[0].isdigit() for cell in cells if cell):
        known += len(levels)  # a person's own row may say three levels too
    return known >= 2 and known * 2 >= len(cells)


def _repeats(row: Row, header: Header, headers: Headers, layout: Layout) -> bool:
    """Is it the header once more, as it is printed on the next page?"""
    marks = {p: level for positions in header.marks.values() for p, level in positions.items()}
    again = {p: level for p, cell in enumerate(row) if cell and (level := layout.levels.get(fold(cell)))}
    return match(row, headers) == header.columns and (not again or again == marks)


def _together(tables: list[Table]) -> list[Table]:
    """A table that goes on below a second header of the same columns is one table."""
    whole: list[Table] = []
    for table in tables:
        before = next(
            (
                t
                for t in whole
                if (t.dataset, t.letters, t.is_proposal) == (table.dataset, table.letters, table.is_proposal)
                and t.values.keys() == table.values.keys()
            ),
            None,
        )
        if before is None:
            whole.append(table)
            continue
        before.rows += table.rows
        before.row_count += table.row_count
        before.headings += [Heading(table.header_row, title, table.filled, table.levels) for title in table.titles] + table.headings
        before.levels |= table.levels
        before.filled &= table.filled
        for column, values in table.values.items():
            before.values[column] += values
        before.notes += [n for n in table.notes if n not in before.notes]
    return whole


def _marked(row: Row, positions: dict[int, str], spelled: dict[str, str], levels: frozenset[str]) -> str | None:
    """The level of the column that bears the mark; several levels where several do; a text that is no mark stays itself.

    A letter that would be a level by itself, or another column's level, is not believed: which of both is meant is asked.
    """
    marked = []
    for position, level in positions.items():
        cell = row[position] if position < len(row) else None
        if is_mark(cell):
            said = spelled.get(fold(cell))
            is_other = said in positions.values() if said else fold(cell) in levels
            marked.append(level if mark_of(cell) in MARKS or said == level else f"{level}{SEVERAL}{cell}" if is_other else cell)
    return SEVERAL.join(marked) or None


def _filled_down(table: Table, column: str, values: list[str | None], layout: Layout) -> list[str | None]:
    """“nt”, “//”: as above. Where a column does not allow it, or nothing stands above, the cell cannot be read, and is told."""
    if DITTO.isdisjoint(values):
        return values
    allowed, above = column in layout.ditto.get(table.dataset, ()), None
    if allowed:
        table.notes.append(Note("cell_filled_down", table.sheet, table.header_row, column))
    filled_down = []
    for value in values:
        if value in DITTO:
            value = (allowed and above) or value
        elif value:
            above = value
        filled_down.append(value)
    return filled_down


A_NUMBER = re.compile(r"\n[1-5][0-9]{4}$", re.ASCII | re.MULTILINE)  # a letter is found faster than a line


def _numbers_asked(values: list[str | None]) -> list[str | None]:
    """A number of five digits among days that are written as days: a serial day, or a year with a digit too many? It cannot be read.

    A column of which most are numbers lost its format of days, and stays as it is.
    """
    said = "\n".join(["", *filter(None, values)])
    if not (numbers := len(A_NUMBER.findall(said))) or numbers * 2 >= sum(map(bool, values)):
        return values
    return [f"{value} (số)" if value and SERIAL.match(value) else value for value in values]


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
