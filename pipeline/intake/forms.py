"""What a form is: the rows of a header, by which it is known again, and what stands in each of its columns.

A form is a layout that somebody printed once and thousands fill in. What the reader takes its columns for and what the city confirms of them
(registry/forms) are written down alike, so that one can become the other.

What does not belong here: where a header stands (header_search), and what its texts mean.
"""

import json
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.codes import fold, written
from pipeline.intake.header_rows import reaching, without_how
from pipeline.intake.header_trees import CHOSEN
from pipeline.intake.headers import IGNORED, Header
from pipeline.intake.layout import BELOW, Flag, Form, FormColumn, Layout, Part, short
from pipeline.intake.level_headers import time_of
from pipeline.intake.rows import DIGIT, HEADER_ROWS, Row

Read = tuple[str, Part, str, str]  # what a form's column says of itself, but where it stands and what its header is
YEAR = re.compile(r"\b20[0-9]{2}\b")  # a form is printed once, and has another year each year


@dataclass(frozen=True)
class FormRead:
    """A table's or an unread sheet's header as a form: which one it is, and what was read of it."""

    sheet: str
    first_row: int  # where its list begins, from 1
    code: str
    columns: str  # for `columns_of`: thousands of files have the same, which is written once
    guessed: frozenset[int] = frozenset()  # positions taken for their likeness
    is_confirmed: bool = False
    meaning: str = ""  # of what the city had confirmed when it was read


def columns_of(text: str) -> tuple[FormColumn, ...]:
    """The columns of a form that was read."""
    return tuple(
        FormColumn(position, header, means, Part(part), says, otherwise)
        for position, header, means, part, says, otherwise in json.loads(text)
    )


@lru_cache(maxsize=1_000)
def marked_columns(text: str) -> Mapping[str, Sequence[int]]:
    """Of a form that was read, the columns that are laid out as marks, with their positions; not to be changed."""
    found: dict[str, list[int]] = {}
    for c in columns_of(text):
        if c.part is Part.MARK and c.means:
            found.setdefault(c.means, []).append(c.position)
    return found


def code_of_form(rows: Sequence[Row]) -> str:
    """By what a form is known again: what stands where in the rows of its header, its years by how long before the last of them.

    >>> code_of_form([("Họ và tên", "Xếp loại năm 2021")]) == code_of_form([("Họ Và Tên", "Xếp loại năm 2024", None)])
    True
    >>> code_of_form([("Họ và tên", "Xếp loại")]) == code_of_form([("Họ và tên", None, "Xếp loại")])
    False
    >>> code_of_form([("Năm 2020", "Năm 2021")]) == code_of_form([("Năm 2021", "Năm 2020")]), code_of_form([("Nam",)]) == code_of_form([("Năm",)])
    (False, False)
    """
    said = [[(p, written(cell)) for p, cell in enumerate(row) if cell] for row in rows]
    years = [int(year) for row in said for _, text in row if "20" in text for year in YEAR.findall(text)]
    if years:
        said = [[(p, YEAR.sub(lambda year: f"20-{max(years) - int(year[0])}", text)) for p, text in row] for row in said]
    return short(said)


def confirmed(rows: Sequence[Row], header: Header, layout: Layout) -> Form | None:
    """The form whose header this is, where the city confirmed what it means."""
    return layout.forms.get(code_of_form(rows[header.top : header.bottom + 1])) if layout.forms else None


def header_of(form: Form, rows: Sequence[Row], top: int, bottom: int) -> Header:
    """What stands where, in a sheet whose rows top..bottom are this form's header."""
    own = dict(_paths(rows[top : bottom + 1]))  # its years are this print's
    made = Header(top, bottom, {}, confirmed=form)
    at: dict[tuple[str, Part], int] = {}
    for c in form.columns:
        if not c.means:
            continue
        match c.part:
            case Part.MARK:
                made.marks.setdefault(c.means, {})[c.position] = c.says or f"{CHOSEN}: {_leaf(c)}"
            case Part.PERIOD:
                made.by_time.setdefault(c.means, {})[c.position] = time_of(own.get(c.position, "").rsplit(BELOW, 1)[-1])
            case Part.NEXT:
                made.then[c.means] = (*made.then.get(c.means, ()), c.position)
            case Part.FLAG:
                made.flags[c.means] = Flag(c.means, c.says, c.otherwise or None)
                made.columns[c.means] = c.position
            case _:
                at[c.means, c.part] = c.position
                made.columns.setdefault(c.means, c.position)
    for column in dict.fromkeys(column for column, _ in at):
        first, last, men, women, day, month, year = (
            at.get((column, part)) for part in (Part.FIRST, Part.LAST, Part.MEN, Part.WOMEN, Part.DAY, Part.MONTH, Part.YEAR)
        )
        if first is not None and last is not None:
            made.columns[column], made.beside[column] = first, last
        if men is not None and women is not None:
            made.columns[column], made.by_sex[column] = men, (men, women)
        if day is not None and month is not None and year is not None:
            made.columns[column], made.by_day[column] = day, (day, month, year)
    return made


def _leaf(column: FormColumn) -> str:
    return column.header.rsplit(BELOW, 1)[-1]


SOMEBODYS = re.compile(r"[0-9]{9}|[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{4}")  # a number or a day: no header of a form holds one


def form_of(
    rows: Sequence[Row], header: Header, sheet: str, dataset: str | None, layout: Layout, sender: str, first_row: int = 0
) -> FormRead | None:
    """A header as a form; None where it holds somebody's number or day: then a list has no header. `dataset` None: nobody knew which list it is, and
    nothing was read; `first_row`: where the list begins, if that is known."""
    block = tuple(map(tuple, rows[header.top : header.bottom + 1]))
    if _holds_somebody(block):
        return None
    read = _left_out(rows, header, dataset, layout, sender) | _read_of(header) if dataset else {}
    code, columns = _described(block, tuple(read.items()))
    guessed = frozenset(header.guessed)
    return FormRead(
        sheet, first_row or header.bottom + 2, code, columns, guessed, header.confirmed is not None, layout.meaning(code, sender)
    )


def read_next(form: FormRead, column: str, positions: Container[int]) -> FormRead:
    """A form of which columns are read where the column's own place is blank."""
    columns = [
        [p, header, column, Part.NEXT, "", ""] if p in positions else [p, header, *rest] for p, header, *rest in json.loads(form.columns)
    ]
    return replace(form, columns=TO_JSON.encode(columns))


def _left_out(rows: Sequence[Row], header: Header, dataset: str, layout: Layout, sender: str) -> dict[int, Read]:
    """Columns of which the city said that they are not read: of this form, or of this sender's headers."""
    left = [c.position for c in header.confirmed.columns if c.means == ""] if header.confirmed else []
    if layout.own.get(sender):
        headers = layout.headers_of(dataset, sender)
        left += [position for position, text in header.texts(rows) if headers.of(text) == ""]
    return dict.fromkeys(left, ("", Part.WHOLE, "", ""))


Block = tuple[tuple[str | None, ...], ...]
NOTHING_READ = (None, Part.WHOLE, "", "")
TO_JSON = json.JSONEncoder(ensure_ascii=False)  # json.dumps makes one anew for each of a city's 3,336 headers


@lru_cache(maxsize=1_000)
def _holds_somebody(block: Block) -> bool:
    return bool(SOMEBODYS.search("\n".join(cell for row in block for cell in row if cell)))


@lru_cache(maxsize=1_000)
def _described(block: Block, read: tuple[tuple[int, Read], ...]) -> tuple[str, str]:
    """A form's code and its columns."""
    paths, means = dict(_paths(block)), dict(read)
    columns = [(p, paths.get(p, ""), *means.get(p, NOTHING_READ)) for p in sorted(paths.keys() | means.keys())]
    return code_of_form(block), TO_JSON.encode(columns)


def _read_of(header: Header) -> dict[int, Read]:
    """Position → column, part of it, label of a mark."""
    read: dict[int, Read] = {position: (column, Part.WHOLE, "", "") for column, position in header.columns.items()}
    for column, flag in header.flags.items():
        read[header.columns[column]] = (column, Part.FLAG, flag.marked, flag.otherwise or "")
    for column, last in header.beside.items():
        read |= {header.columns[column]: (column, Part.FIRST, "", ""), last: (column, Part.LAST, "", "")}
    for column, sexes in header.by_sex.items():
        read |= {p: (column, part, "", "") for p, part in zip(sexes, (Part.MEN, Part.WOMEN), strict=True)}
    for column, days in header.by_day.items():
        read |= {p: (column, part, "", "") for p, part in zip(days, (Part.DAY, Part.MONTH, Part.YEAR), strict=True)}
    for column, places in header.then.items():
        read |= {p: (column, Part.NEXT, "", "") for p in places}
    for column, times in header.by_time.items():
        read |= {p: (column, Part.PERIOD, "", "") for p in times}
    for column, labels in header.marks.items():
        read |= {p: (column, Part.MARK, "" if label.startswith(CHOSEN) else label, "") for p, label in labels.items()}
    return read


def _paths(own: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Position → its lowest text with the groups above it; running numbers are no column."""
    own = without_how(own)
    spread = reaching(own, max(map(len, own)))
    lowest = {position: (depth, cell) for depth, row in enumerate(own) for position, cell in enumerate(row) if cell}
    for position, (depth, leaf) in sorted(lowest.items()):
        if fold(leaf) in IGNORED:
            continue
        above = [text for row in spread[:depth] if (text := row[position])]
        yield position, BELOW.join(dict.fromkeys(" ".join(text.split()) for text in [*above, leaf]))


def holds_values(rows: Sequence[Row], header: Header, known: Container[str]) -> bool:
    """Is what was taken for a header nobody knows the first of the people? Then none of its texts is a header's, and one of them stands below it again,
    as an office or a level does, or it bears a name where names stand below.
    """
    own = {p: cell for p, cell in enumerate(rows[header.bottom]) if cell}
    if any(fold(cell) in known for cell in own.values()):
        return False
    below = [row for row in rows[header.bottom + 1 : header.bottom + 1 + HEADER_ROWS] if any(row)]
    for position, text in own.items():
        cells = [cell for row in below if position < len(row) and (cell := row[position])]
        again = sum(fold(cell) == fold(text) for cell in cells)
        names = sum(bool(A_NAME.fullmatch(cell)) for cell in cells)
        if 0 < again * 2 <= len(cells) or again > 1 or (A_NAME.fullmatch(text) and names * 2 > len(cells)):
            return True
    return False


A_NAME = re.compile(r"(?:[A-ZĐÀ-Ỹ][^\W\d_]*)(?: [A-ZĐÀ-Ỹ][^\W\d_]*){1,4}")  # each of its words begins with a capital
MOST_WORDS = 3  # cells of words that make a row worth taking for a header nobody knows


def unknown_header(rows: Sequence[Row]) -> Header | None:
    """Where the header of a list that nobody knows most likely stands: the first row with most words, with the groups above it; None without any."""
    first = rows[:HEADER_ROWS]
    words = [sum(not DIGIT.search(cell) for cell in row if cell) for row in first]
    most = max(words, default=0)
    if most < MOST_WORDS:
        return None
    bottom = words.index(most)
    top = bottom - 1 if bottom and words[bottom - 1] >= MOST_WORDS else bottom
    return Header(top, bottom, {})
