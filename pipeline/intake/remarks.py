"""What the reader remarks of a table that it read: unknown headers, rows that are too wide, what is hidden or struck through, days in two orders.

What does not belong here: what a table's values are.
"""

import datetime as dt
import re
from collections.abc import Container, Mapping, Sequence
from operator import itemgetter

from pipeline.codes import labels
from pipeline.intake.cells import Sheet, is_nearly_next
from pipeline.intake.classifier import says_something
from pipeline.intake.explanations import AUTHOR, SPLIT
from pipeline.intake.headers import Header, groups_of
from pipeline.intake.layout import Headers, Layout
from pipeline.intake.likeness import nearest
from pipeline.intake.other_matters import tells_of
from pipeline.intake.readings import Heading, Note, Table, letter
from pipeline.intake.rows import RUNNING, Row, RowClass, in_other_unit, plain
from pipeline.intake.who_left import matters


def note_header(table: Table, header: Header, headers: Headers, left: dict[int, str], needed: frozenset[str], layout: Layout) -> None:
    """What is remarked of a table's header: columns that are missing, with the likeliest of those left over, that are twice there, another list's, or none of
    ours."""
    table.left = left
    for column in table.missing:
        likely = [
            (score, text)
            for text in left.values()
            if (found := nearest(text, {h: c for h, c in headers.items() if c == column}))
            for score in found[1:]
        ]
        table.missing[column] = max(likely)[1] if likely else None
    for position, column in header.guessed.items():
        table.notes.append(Note("column_named_exactly", table.sheet, table.header_row, column, f"{letter(position)}{table.header_row}"))
    if not needed & table.missing.keys():
        told = set(table.missing.values())  # of a column that is missing
        of_levels = {*header.levels} if any(n.rule in ("one_column_of_levels", "level_of_who_decides") for n in table.notes) else set()
        for position, text in left.items():
            if (text in told and not matters(text)) or position in of_levels:
                continue
            where = (table.sheet, table.header_row, None, f"{letter(position)}{table.header_row}", text)
            other = tells_of(text, table.dataset, layout, (row[position] for _, row in table.rows if position < len(row)))
            if other:
                table.notes.append(Note("column_of_another_list", *where, about=other))
            else:
                table.notes.append(Note("column_known" if headers.of(text) is None else "column_once", *where))


def _width(rows: Sequence[Row], header: Header) -> int:
    return max(len(rows[n]) for n in range(header.top, header.bottom + 1))


def note_wide(table: Table, sheet: Sheet, header: Header) -> None:
    """Rows of a CSV with more cells than the header: a delimiter too many moved the cells behind it, also where the last are blank."""
    width = _width(sheet.rows, header) if table.rows and not sheet.typed else 0
    wide = [n for n, row in table.rows if len(row) > width > 0]
    for number in wide if len(wide) * 2 <= table.row_count else wide[:1]:
        table.notes.append(Note("row_as_wide_as_header", sheet.name, number, None, f"{letter(width)}{number}"))


def note_parted(table: Table, sheet: Sheet, header: Header, numbers: Container[str], read: Container[str]) -> None:
    """Rows of a CSV whose number goes on in the next cell, where words belong: "88,5" without quotation marks. Where another cell of the row was
    left out, it is no wider than the header. `numbers`: columns of numbers; `read`: all that hold no free words."""
    by_place, width = {place: column for column, place in header.columns.items()}, _width(sheet.rows, header)
    for place, column in by_place.items() if not sheet.typed else ():
        if column not in numbers or by_place.get(place + 1) in read:
            continue
        rows = [(n, row) for n, row in table.rows if place + 1 < len(row) <= width]  # wider ones are told
        parted = [n for n, row in rows if WHOLE.match(row[place] or "") and REST.match(row[place + 1] or "")]
        for number in parted if len(parted) * 2 <= table.row_count else parted[:1]:
            table.notes.append(Note("number_in_one_cell", sheet.name, number, column, f"{letter(place)}{number}"))


WHOLE, REST = re.compile(r"\d+\Z"), re.compile(r"\d{1,2}\Z")


def note_hours(notes: list[Note], sheet: Sheet, rows: Sequence[Row], header: Header, titles: list[str], classes: list[RowClass]) -> None:
    """A column of hours that is headed as days or sessions: how many hours these are nobody says."""
    if (hours := header.columns.get("hours")) is not None:
        named = [rows[n][hours] for n in range(header.top, len(rows)) if classes[n] is RowClass.HEADER and hours < len(rows[n])]
        if in_other_unit([text for text in named if text], titles):
            notes.append(Note("hours_in_hours", sheet.name, header.bottom + 1, "hours", f"{letter(hours)}{header.bottom + 1}"))


def note_nil(notes: list[Note], sheet: Sheet, rows: Sequence[Row], header: Header, classes: list[RowClass]) -> None:
    """A list of nobody whose rows say more than that nothing is there."""
    told = {note.row_no for note in notes if note.rule == "row_is_no_person" and note.row_no}
    told |= {n + 1 for n in range(header.bottom + 1, len(rows)) if says_something(classes[n], rows[n])}
    notes += [Note("nil_says_only_so", sheet.name, min(told))] if told else []


def note_groups(table: Table, rows: Sequence[Row], header: Header, needed: frozenset[str]) -> None:
    """What stands above columns that were taken for what their own header says is asked as a title is; what was not read for it is told, once for
    each group, and for each column that every such list has."""
    for depth, text in groups_of(rows, header):
        table.headings.append(Heading(depth, text, table.filled))
    wanted = {text for column, text in header.foreign.values() if column in table.missing}
    told: set[str] = set()
    for position, (column, text) in sorted(header.foreign.items()):
        if column in table.missing or (text not in wanted and text not in told):
            depth = header.leaf_of(rows, position)
            where, is_read = f"{letter(position)}{depth + 1}", column in header.columns or column in header.marks
            table.notes.append(Note("column_below_known_group", table.sheet, depth + 1, None if is_read else column, where, text))
            told.add(text)
        if column not in needed:
            table.missing.pop(column, None)  # told already


def note_untitled(table: Table, rows: Sequence[Row], header: Header, is_csv: bool) -> None:
    """Columns that hold values below a header that says nothing: they are not read. Running numbers need no header."""
    titled = {position for position, _ in header.texts(rows)}
    width = _width(rows, header) if is_csv else max((len(row) for _, row in table.rows), default=0)
    for position in sorted(set(range(width)) - titled - set(header.beside.values())):
        values = [cell for _, row in table.rows if position < len(row) and (cell := row[position])]
        running = [int(v.rstrip(".")) for v in values if RUNNING.match(v)]
        is_running = position < max(titled, default=0) and len(running) == len(values) and running == sorted(set(running))
        if values and not is_running:
            table.notes.append(
                Note("column_titled", table.sheet, table.header_row, None, f"{letter(position)}{table.header_row}", values[0])
            )


def column_at(header: Header, position: int) -> str | None:
    """The column that stands at a position."""
    return next((column for column, at in header.columns.items() if at == position), None)


def note_sheet(table: Table, sheet: Sheet, header: Header, person: tuple[int, ...], decide: set[str]) -> None:
    """What the reader saw of the sheet itself: what is hidden, struck through or not calculated, days, letters of an old encoding."""
    used = {p: c for c, p in header.columns.items()} | {p: c for c, ps in header.marks.items() for p in ps}
    hidden = [n for n, _ in table.rows if n in sheet.hidden_rows]
    if hidden:
        table.notes.append(Note("row_shown", sheet.name, hidden[0]))
    if sheet.is_blind:
        table.notes.append(Note("sheet_looked_into", sheet.name))
    said = {n: p for (n, p), of in sorted(sheet.comments.items(), reverse=True) if _is_theirs(*of)} if sheet.comments else {}
    if number := next((n for n, _ in table.rows if n in said), None):
        at = said[number]
        words = sheet.comments[number, at][1]
        table.notes.append(Note("cell_says_all", sheet.name, number, column_at(header, at), f"{letter(at)}{number}", words))
    waiting = sorted((n, p) for n, p in sheet.uncalculated if p in used and n > table.header_row)
    if waiting:
        (number, position), *_ = waiting
        table.notes.append(Note("formula_calculated", sheet.name, number, used[position], f"{letter(position)}{number}"))
    for number, _ in table.rows if sheet.struck else ():
        struck = [p for p in used if (number, p) in sheet.struck]
        somebody = [p for p in person if p in struck][:1]
        for position in somebody or [p for p in struck if used[p] in decide]:
            rule = "row_not_struck" if somebody else "value_not_struck"
            table.notes.append(Note(rule, sheet.name, number, used[position], f"{letter(position)}{number}"))
    for position, column in used.items():
        where = (sheet.name, table.header_row, column, f"{letter(position)}{table.header_row}")
        if position in sheet.hidden_columns:
            table.notes.append(Note("column_shown", *where))
        if position in sheet.converted:
            table.notes.append(Note("text_in_unicode", *where))
        # a header that was understood needs no certainty, only what stands below it
        if position in sheet.unsure and any(value and not value.isascii() for value in table.values.get(column, ())):
            table.notes.append(Note("text_encoding_certain", *where))


def _is_theirs(author: str, words: str) -> bool:
    """Is a comment the unit's, and not one that we gave back, and does it say that something is otherwise than the cell says?

    >>> _is_theirs("An", "Sai ngày sinh"), _is_theirs("An", "Xem biên bản"), _is_theirs(f"{AUTHOR}|", "Phải sửa."), _is_theirs(AUTHOR, f"Sai.{SPLIT}đã mất")
    (True, False, False, True)
    >>> _is_theirs(" ", "Lỗi: Phải sửa."), _is_theirs("", "Lỗi ngày sinh, phải sửa")
    (False, True)
    """
    is_ours = author.startswith(AUTHOR) or (
        not author.strip() and words.startswith(OURS)
    )  # LibreOffice forgets who wrote one in .xls and .ods
    theirs = words.partition(SPLIT.strip())[2] if is_ours else words
    return bool(OTHERWISE.search(plain(theirs)))


OURS = tuple(f"{label}: " for label in labels("severity").values())
OTHERWISE = re.compile(
    r"\b(?:sai|nhầm|lộn|sửa|đính chính|điều chỉnh|đổi|đúng (?:là|ra)|không (?:đúng|phải|tính|còn|đánh giá|xếp loại)|chưa|chuyển|mất|chết|từ trần|qua đời|"
    r"nghỉ|thôi|khai trừ|x(?:óa|oá)|bỏ|ra khỏi|trùng|thiếu|(?:kiểm tra|xem|hỏi|rà) lại|đình chỉ|miễn)\b|\?"
)


def note_days(table: Table, sheet: Sheet, columns: Mapping[str, Sequence[int]], parted: Container[str]) -> None:
    """Columns of days whose cells are of several kinds or written month first, or hold a time of the day. `columns`: with all places of each."""
    typed, rows = sheet.typed, [n for n, _ in table.rows if n <= len(sheet.typed)]
    cells = [typed[n - 1] for n in rows]
    width = len(typed[0]) if rows else 0
    of_types = {p: set(map(type, filter(None, map(itemgetter(p), cells)))) for places in columns.values() for p in places if p < width}
    for column, places in columns.items():
        is_text = any(str in of_types.get(p, (str,)) for p in places)
        if column not in parted and len(rows) == len(table.rows) and not is_text:
            continue  # most columns: of cells that are days none is written in an order
        if A_MONTH_FIRST.search("\n".join(["", *filter(None, table.values[column])])) and (
            number := _first_of_month_first(table, column, typed, () if column in parted else places)
        ):
            table.notes.append(Note("days_in_one_order", sheet.name, number, column, table.place_of(column, number)))
    for column, places in columns.items():
        known = [p for p in places if p in of_types]
        kinds = set[type]().union(*(of_types[p] for p in known))
        has_times, is_mixed = dt.datetime in kinds, str in kinds and not kinds.isdisjoint((dt.date, dt.datetime))
        days = _in_one_column(typed, rows, known) if has_times or is_mixed else []
        short = next((n for n, cell in days if is_nearly_next(cell)), None) if has_times else None
        swapped = _first_swapped(days) if is_mixed else None
        for rule, number in (("day_without_time", short), ("days_in_one_order", swapped)):
            if number:
                table.notes.append(Note(rule, sheet.name, number, column, table.place_of(column, number)))


def _in_one_column(typed: list[list[object]], rows: list[int], places: list[int]) -> list[tuple[int, object]]:
    """Rows with the cell of the first place that says something."""
    if len(places) == 1:  # nearly all
        return [(n, typed[n - 1][places[0]]) for n in rows]
    return [(n, next((cell for p in places if (cell := typed[n - 1][p])), None)) for n in rows]


MONTH_FIRST = re.compile(r"^(?:0?[1-9]|1[0-2])[/.\-](?:1[3-9]|2[0-9]|3[01])[/.\-](?:[0-9]{2}){1,2}$", re.ASCII | re.MULTILINE)
A_MONTH_FIRST = re.compile(MONTH_FIRST.pattern.replace("^", r"\n"), re.ASCII | re.MULTILINE)  # a letter is found faster than a line
DAY_FIRST = re.compile(r"(?:1[3-9]|2[0-9]|3[01])[/.\-][0-9]{1,2}[/.\-](?:[0-9]{2}){1,2}\Z", re.ASCII)


def _first_of_month_first(table: Table, column: str, typed: list[list[object]], places: Sequence[int]) -> int | None:
    """The first row of a column some of whose text days can only be written month first, and none day first: then all of them may be. `places`: none
    of a day whose parts stand in a cell each."""
    texts = [
        (number, value)
        for (number, _), value in zip(table.rows, table.values[column], strict=True)
        if value
        and (not places or number > len(typed) or any(p >= len(typed[number - 1]) or isinstance(typed[number - 1][p], str) for p in places))
    ]
    if any(DAY_FIRST.match(value) for _, value in texts) or not any(MONTH_FIRST.match(value) for _, value in texts):
        return None
    return texts[0][0]


TEXT_DAY = re.compile(r"\s*([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-][0-9]{4}\s*\Z", re.ASCII)
UP_TO_TWELVE = 12 * 12 / 365  # of all days, those that read as a day in both orders
BY_CHANCE = 1 / 200
SHORT, BY_CHANCE_IN_SHORT = (
    8,
    1 / 6,
)  # a list of so few people holds too few days to be surer: there a question costs a glance at three cells


def _first_swapped(cells: list[tuple[int, object]]) -> int | None:
    """The row of the first date cell where an Excel that is set to months first seems to have typed the column.

    It makes "03/02/1980" the 2nd of March and leaves "25/03/1980" a text, so that all texts are of days after the 12th and all date cells of
    days up to it. A column that mixes both for another reason looks so by chance in 0.39 ** days x 0.61 ** texts of cases: 5 and 1 come
    to 1 in 180, 4 and 3 to 1 in 180, 5 and 3 to 1 in 460; of a short list 2 and 1 come to 1 in 11, 1 and 2 to 1 in 7. Each day of the year counts once: many joined on 3 February.
    """
    days, texts = set(), set()
    for _, cell in cells:
        if isinstance(cell, dt.date):
            days.add((cell.day, cell.month))
            if cell.day > 12:
                return None
        elif isinstance(cell, str) and (match := TEXT_DAY.match(cell)):
            texts.add(day := (int(match[1]), int(match[2])))
            if day[0] <= 12 or day[1] > 12:
                return None
    if not days or not texts:
        return None
    chance = BY_CHANCE_IN_SHORT if len(cells) <= SHORT else BY_CHANCE
    if UP_TO_TWELVE ** len(days) * (1 - UP_TO_TWELVE) ** len(texts) > chance:
        return None
    return next(number for number, cell in cells if isinstance(cell, dt.date))
