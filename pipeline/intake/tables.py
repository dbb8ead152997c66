"""The tables of a sheet: where each begins and ends, its rows and columns, and what is remarked of it.

What does not belong here: which dataset a sheet is (files), which rows are details, the text of columns, types, rules and verdicts.
"""

from collections.abc import Sequence

from pipeline.intake.above import take_above
from pipeline.intake.cells import Sheet
from pipeline.intake.columns import take_beside, take_values
from pipeline.intake.details import Body, body_of
from pipeline.intake.forms import form_of
from pipeline.intake.header_search import Search
from pipeline.intake.headers import Header, is_header
from pipeline.intake.layout import Headers, Layout
from pipeline.intake.left_out import join_broken_names, leave_placeholders, leave_second_lines, leave_signers
from pipeline.intake.legends import take_legend
from pipeline.intake.letterheads import units_above
from pipeline.intake.level_columns import called_levels, settle_levels
from pipeline.intake.level_headers import DECIDED, Step
from pipeline.intake.level_sections import take_level_sections
from pipeline.intake.likeness import take_likely
from pipeline.intake.other_matters import leave_days_of_others
from pipeline.intake.own_titles import are_apart, going_on, is_called
from pipeline.intake.persons import Places
from pipeline.intake.purposes import lines_of
from pipeline.intake.readings import Heading, Note, Source, Table, letter
from pipeline.intake.remarks import (
    column_at,
    note_days,
    note_groups,
    note_header,
    note_hours,
    note_nil,
    note_parted,
    note_sheet,
    note_untitled,
    note_wide,
)
from pipeline.intake.rows import Row, RowClass, filled
from pipeline.intake.said_elsewhere import take_elsewhere
from pipeline.intake.section_codes import take_sections
from pipeline.intake.sheets import counts
from pipeline.intake.shown_cells import fill_merged, place_errors, place_truths, place_uncalculated
from pipeline.intake.steps import step_of
from pipeline.intake.surroundings import filled_columns, first_title
from pipeline.intake.undone import leave_not_done, leave_other_matters
from pipeline.intake.units import take_units


def read_sheet(sheet: Sheet, dataset: str, search: Search, source: Source) -> tuple[list[Table], list[RowClass]]:
    """Every table of a sheet, one below another, and what each row is."""
    place_errors(sheet, search)
    place_uncalculated(sheet, dataset, search)
    tables: list[Table] = []
    classes = [RowClass.BLANK] * len(sheet.rows)
    start: int | None = 0
    while start is not None:
        end, own = _first_of(search, start, dataset)
        earlier = sum(t.row_count for t in tables if t.dataset == own)
        before = tables[-1] if tables and tables[-1].dataset == own else None
        start, table = _read_table(sheet, start, end, own, search, source, classes, earlier, before)
        tables.append(table)
        if start is not None:
            dataset = _own_of(search, start, table, classes) or search.dataset_below(start, own) or dataset
    for number in sheet.stray_quotes:
        tables[0].notes.append(Note("quotes_read_as_text" if sheet.is_whole else "quotes_in_pairs", sheet.name, number))
    if sheet.is_hidden:
        tables[0].notes.append(Note("sheet_shown", sheet.name))
    return _together(tables, search.layout), classes


HIGHEST = 5  # rows of a header


def _own_of(search: Search, start: int, above: Table, classes: list[RowClass]) -> str | None:
    """The dataset of the table above where its header is printed again, and no title calls what is below it a list of another one."""
    rows = search.rows
    header = {tuple(row) for row in rows[max(0, above.header_row - HIGHEST) : above.header_row] if len(filled(row)) > 1}
    titles = [" ".join(cell for _, cell in filled(row)) for row in rows[first_title(classes, start) : start]]
    return above.dataset if tuple(rows[start]) in header and search.layout.by_words.called([], titles) in (None, above.dataset) else None


def _first_of(search: Search, start: int, dataset: str) -> tuple[int, str]:
    """Where the first table from a row on ends, and its dataset: people above the header that says most have one of their own above them."""
    rows, layout, end = search.rows, search.layout, len(search.rows)
    header = search.header(dataset, start)
    number = start
    while number < header.top - 1:
        if is_header(rows[number], layout):
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
    sheet: Sheet,
    start: int,
    end: int,
    dataset: str,
    search: Search,
    source: Source,
    classes: list[RowClass],
    earlier: int,
    before: Table | None,
) -> tuple[int | None, Table]:
    """The table whose header is looked for from row `start`, above row `end`; and where the next one begins, if there is one. `before`: one of the same
    dataset above it, whose titles are its own where nothing between them calls it a list."""
    rows, layout = sheet.rows if end == len(sheet.rows) else sheet.rows[:end], search.layout
    spoken = layout.spoken_of(dataset)
    header = search.header(dataset, start, end).copy()
    header.take_period(source.period)
    of_levels = settle_levels(header, rows, sheet.name, dataset, layout, source.period)
    leave_days_of_others(header, rows, dataset, layout, source.sender)
    headers = layout.headers_of(dataset, source.sender, header.confirmed)
    left = take_likely(rows, header, headers)
    place_truths(sheet, header, layout.numbers.get(dataset, ()), end)
    places = Places.of(header, rows, dataset, layout)
    person = tuple(header.columns[c] for c in sorted(layout.person.get(dataset, ())) if c in header.columns)
    asked, spans = fill_merged(sheet, header, end, headers, person, not spoken.one_row_each) if sheet.merged else ([], [])
    body = body_of(sheet, rows, start, header, headers, dataset, search, places, classes)
    take_beside(header, rows, body.details, places.names)
    taken = list(body.details)
    leave_placeholders(body, sheet, header, dataset, layout, places, classes)
    leave_signers(body, sheet, places, classes)
    join_broken_names(body, sheet, header, dataset, places, classes)
    somebody = {number for number, _ in body.details}
    leave_other_matters(body, sheet, header, dataset, layout, classes)
    if body.details:
        leave_not_done(body, sheet, header, spoken, left, classes)
    persons = {number for number, _ in body.details}
    leave_second_lines(body, spans if spoken.one_row_each else [], header, classes)
    if len(body.details) < len(taken):
        kept = {number for number, _ in body.details}
        somebody -= persons - kept
        body.parts.idle += sum(classes[number - 1] is RowClass.PLACEHOLDER for number, _ in taken)
        body.parts.show([row for _, row in taken], [number in somebody for number, _ in taken])
        body.parts.keep([number in kept for number, _ in taken])
    note_hours(body.notes, sheet, rows, header, body.titles, classes)
    if not body.details and body.following is None:  # between two lists stands the second one's title
        note_nil(body.notes, sheet, rows, header, classes)
    table = Table(
        dataset,
        sheet.name,
        header.bottom + 1,
        letters={c: letter(p) for c, p in header.columns.items()} | {c: letter(min(ps)) for c, ps in header.marks.items()},
        missing={c: None for c in sorted(layout.required[dataset] - header.columns.keys() - header.marks.keys())},
        rows=body.details,
        row_count=len(body.details),
        titles=body.titles,
        lines=lines_of([*enumerate(rows)][header.top - len(body.above) : header.top]),
        is_by_time=any(header.columns.get(column) in times for column, times in header.by_time.items()),
        step=header.levels[header.columns[DECIDED]][0] if header.columns.get(DECIDED) in header.levels else None,
        rated=called_levels(header, rows),
        is_proposal=body.is_proposal,
        form=form_of(rows, header, sheet.name, dataset, layout, source.sender, body.details[0][0] if body.details else 0),
    )
    table.notes += of_levels
    if any(n.rule == "one_column_of_levels" for n in of_levels):
        table.missing.pop(DECIDED, None)  # told already
    if before and not any(is_called(at.text, dataset, spoken) for at in table.lines):
        titles = [*going_on(before.titles, table.titles), *table.titles]
        table.titles, table.lines, table.goes_on = titles, [*before.lines, *table.lines], True
        table.is_proposal |= before.is_proposal
    table.above = [*before.above, *body.above] if before and table.goes_on and not units_above(body.above)[0] else list(body.above)
    take_values(table, sheet, header, headers, layout, source.period)
    take_level_sections(table, body.parts.headings_of(table.row_count))
    of_people = {n - 1 for n, _ in table.rows}
    take_legend(table, (row for n, row in enumerate(rows) if start <= n < (body.following or len(rows)) and n not in of_people))
    take_elsewhere(table, header, rows, left, source)
    if "unit" in headers.values():
        take_units(table, body.parts, table.above, source.stem)
    names, headings = [source.stem, *([sheet.name] if sheet.name else [])], body.parts.headings_of(table.row_count)
    take_above(table, spoken, names, headings, source.period, before)
    contradicted = take_sections(table, layout, headings)
    named = {*header.columns, *header.marks, *header.by_time}
    table.said_besides = {column: _few(table.values[column]) for column in sorted(table.values.keys() - named)}
    chosen = {*header.columns.values()}
    table.aside = sorted(p for times in header.by_time.values() for p in times if p not in chosen)
    _take_headings(table, body, layout, contradicted)
    _remark(table, sheet, rows, header, headers, layout, body, left, person)
    table.notes += [Note("person_over_rows", sheet.name, first + 1, None, f"{letter(min(person))}{first + 1}") for first, _ in spans]
    table.notes += [Note("person_not_merged", sheet.name, n + 1, column_at(header, p), f"{letter(p)}{n + 1}") for n, p in asked]
    numbered = [*enumerate(rows)][header.top - len(body.above) : header.top]
    table.notes += body.parts.wrong_totals(table, header, layout, numbered, earlier)
    return body.following, table


def _take_headings(table: Table, body: Body, layout: Layout, contradicted: set[int]) -> None:
    """What stands among the rows, with the columns that every row below it fills, and the levels that they have."""
    count, own = table.row_count, {column: values for column, values in table.values.items() if column not in table.assumed}
    table.filled = filled_columns(own, 0, count)
    decided = table.values.get(next(iter(layout.marks.get(table.dataset, ())), ""), [])
    table.levels = frozenset(decided)
    table.headings = [
        Heading(n, text, filled_columns(own, *span), frozenset(decided[slice(*span)]), n in contradicted)
        for n, text, span in body.parts.headings_of(count)
    ]


def _remark(
    table: Table,
    sheet: Sheet,
    rows: Sequence[Row],
    header: Header,
    headers: Headers,
    layout: Layout,
    body: Body,
    left: dict[int, str],
    person: tuple[int, ...],
) -> None:
    """Everything that is remarked of a table, in the order in which it is told."""
    dataset = table.dataset
    needed = layout.needed.get(dataset, layout.required[dataset])
    note_groups(table, rows, header, needed)
    table.is_list = not counts(table, header)
    table.notes += body.notes
    note_header(table, header, headers, left, needed, layout)
    note_untitled(table, rows, header, is_csv=not sheet.typed)
    note_wide(table, sheet, header)
    added = layout.numbers.get(dataset, {})
    note_parted(table, sheet, header, added, {*added, *layout.words.get(dataset, ()), *layout.dates.get(dataset, ())})
    decide = {"unit"}.union(*(which.get(dataset, ()) for which in (layout.words, layout.dates, layout.numbers, layout.required)))
    note_sheet(table, sheet, header, person, decide)
    days, several = sorted(layout.dates.get(dataset, frozenset()) & header.columns.keys()), header.several
    note_days(table, sheet, {c: several.get(c, (header.columns[c],)) for c in days}, header.by_day)


FEW = 3  # values of a column that are shown


def _few(values: Sequence[str | None]) -> str:
    """What a column says, for people to see: each value once, of many the first ones."""
    found = [*dict.fromkeys(filter(None, values))]
    return "; ".join(found[:FEW]) + ("; …" if len(found) > FEW else "")


def _together(tables: list[Table], layout: Layout) -> list[Table]:
    """A table that goes on below a second header of the same columns is one table."""
    whole: list[Table] = []
    for table in tables:
        before = next(
            (
                t
                for t in whole
                if (t.dataset, t.letters, t.is_proposal) == (table.dataset, table.letters, table.is_proposal)
                and t.values.keys() - t.assumed == table.values.keys() - table.assumed
                and len({step_of(t), step_of(table), Step.SAID}) < 3
                and not are_apart(t.titles, table.titles, table.dataset, layout.spoken_of(table.dataset))
            ),
            None,
        )
        if before is None:
            whole.append(table)
            continue
        before.rows += table.rows
        before.row_count += table.row_count
        before.headings += [Heading(table.header_row, title, table.filled, table.levels) for title in table.titles] + table.headings
        before.lines += table.lines
        before.levels |= table.levels
        before.filled &= table.filled
        for column in before.values.keys() | table.values.keys():  # what titles only confirm, one of the two may not say
            first = before.values.get(column) or [None] * (before.row_count - table.row_count)
            before.values[column] = first + (table.values.get(column) or [None] * table.row_count)
        for column, places in table.places.items():
            before.places[column] = before.places.get(column, {}) | places
        before.assumed |= table.assumed
        before.notes += [n for n in table.notes if n not in before.notes]
    return whole
