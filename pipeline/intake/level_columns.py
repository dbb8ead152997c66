"""Which column of a table holds the level that counts: what its header says and what stands below it are one score.

Only what speaks of a rating and holds levels nearly everywhere is one. Of several the law's step decides; where it does not, the table is not counted before
its sender says which.
What does not belong here: what a header says (level_headers), and levels to be marked (header_trees).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.codes import code_of, fold, labels
from pipeline.intake.header_rows import paths_of
from pipeline.intake.header_trees import is_known_group
from pipeline.intake.headers import IGNORED, MARKED, TIME, Header, is_of
from pipeline.intake.layout import Headers, Layout
from pipeline.intake.legends import sign_of
from pipeline.intake.level_headers import COLUMN, DECIDED, LevelHeader, Step, level_header, may_rate, names_a_step, speak_of_ratings
from pipeline.intake.level_sections import have_level_sections
from pipeline.intake.readings import Note, letter
from pipeline.intake.rows import Row, patterns, plain
from pipeline.values import MARKS, SEVERAL, mark_of

LEVELS = "rating_level"
NEARLY_ALL = 0.8  # of the cells of a column
LOOKED_AT = 200  # rows below a header
OF_LEVELS = frozenset({*COLUMN.values(), DECIDED})


@dataclass(frozen=True)
class _Candidate:
    """A column that may hold levels. `is_alias`: its name is one of the template's; `is_weak`: nothing in its own header speaks of a rating."""

    position: int
    said: LevelHeader
    is_alias: bool
    is_weak: bool
    texts: tuple[str, ...]  # of its header


def find_levels(header: Header, rows: Sequence[Row], dataset: str, layout: Layout, headers: Headers) -> None:
    """Tell a header the columns of levels that its texts and their cells tell, as far as that can be known without a period."""
    if DECIDED not in layout.marks.get(dataset, {}):
        return
    texts = [cell for row in rows[header.top : header.bottom + 1] for cell in row if cell]
    if not any(map(may_rate, texts)) and not (_are_of_ratings(header, rows) and any(map(names_a_step, texts))):
        return
    own = {} if headers is layout.headers[dataset] else dict(headers.items() - layout.headers[dataset].items())
    if DECIDED in own.values():
        return  # the city said which it is
    if DECIDED not in header.said:
        _take_marks(header, rows)
    rivals = _marks_beside(header, rows) if header.bottom > header.top and DECIDED in header.columns else {}
    found = [*_candidates(header, rows, headers)]
    if (
        not rivals
        and all(c.is_alias for c in found)
        and {c.position for c in found} <= {p for c, p in header.columns.items() if c in OF_LEVELS}
    ):
        return  # each bears a name of the template's, and its own
    below = _below(header, rows, dataset, layout)[:LOOKED_AT]
    rate = [c for c in found if _holds_levels(c, below)]
    if rivals and header.columns[DECIDED] in {c.position for c in rate}:
        del header.columns[DECIDED]
        header.marks, header.spare = header.marks | {DECIDED: rivals}, max(0, header.spare - len(rivals))
    is_known = header.columns.get(DECIDED) not in {None, *(c.position for c in rate)}
    if not rate or (is_known and all(c.said.step < Step.SAID for c in rate)):
        return  # what is called the level holds something else: that is told, and no other column takes its place
    if is_known:  # a “Kết quả” of points
        _take_number(header, header.columns.pop(DECIDED), rows, dataset, layout, headers)
    header.levels = {c.position: (c.said.step, c.said.time, c.is_alias) for c in rate}
    header.columns = {column: p for column, p in header.columns.items() if p not in header.levels or column in OF_LEVELS}
    header.foreign = {p: said for p, said in header.foreign.items() if p not in header.levels}
    times = {p: time for p, (step, time, _) in header.levels.items() if time and step >= Step.SAID}
    if times:
        header.by_time = header.by_time | {DECIDED: header.by_time.get(DECIDED, {}) | times}
    if DECIDED in header.marks:
        header.columns.update({column: c.position for c in rate if (column := COLUMN.get(c.said.step)) and column not in header.said})
    else:
        _take(header, header.levels)


def _take_number(header: Header, position: int, rows: Sequence[Row], dataset: str, layout: Layout, headers: Headers) -> None:
    """A result below a group of numbers is that number, where the table has no other."""
    path = dict(paths_of(rows[header.top : header.bottom + 1])).get(position, ())
    for text in reversed(path[:-1]):
        column = headers.of(text)
        if column in layout.numbers.get(dataset, ()) and column and column not in header.said:
            header.columns[column] = position
            return


def _candidates(header: Header, rows: Sequence[Row], headers: Headers) -> Iterator[_Candidate]:
    read = [p for of in (header.marks, header.by_sex, header.by_day) for ps in of.values() for p in ps]
    taken = {*read, *header.beside.values(), *(header.columns[c] for c in header.beside), *header.flags}
    at = {p: column for column, p in header.columns.items()}
    is_of_ratings: bool | None = None
    for position, path in paths_of(rows[header.top : header.bottom + 1]):
        if position in taken or fold(path[-1]) in IGNORED or headers.of(path[-1]) == "":
            continue
        if len(path) > 1 and path[-1][0] in "([" and headers.of(path[-1]) is None:
            path = path[:-1]  # “(mức)” below a title
        column = headers.of(" ".join(path)) or headers.of(path[-1])
        is_timed = len(path) > 1 and TIME.fullmatch(fold(path[-1])) and headers.of(" ".join(path[:-1])) in OF_LEVELS
        is_alias = bool(is_timed) or at.get(position) in OF_LEVELS or (column in OF_LEVELS and len(path) == 1)
        path = _that_says(path)
        said = level_header(path)
        is_weak = said is None
        if said is None:
            if is_of_ratings is None:
                is_of_ratings = _are_of_ratings(header, rows) or _are_years(header, rows)
            said = level_header(path, True) if is_alias or is_of_ratings else None
        if is_alias and said is None:
            said = LevelHeader(next((step for step, c in COLUMN.items() if c == column), Step.SAID))
        if said:
            is_other = column is not None and column not in OF_LEVELS
            yield _Candidate(position, said, is_alias, (is_weak or is_other) and not is_alias, path)


def _are_of_ratings(header: Header, rows: Sequence[Row]) -> bool:
    """Does a title above the header speak of ratings?"""
    return speak_of_ratings([cell for row in rows[: header.top] for cell in row if cell])


def _are_years(header: Header, rows: Sequence[Row]) -> bool:
    """Do two columns or more that are called by a year, and by nothing else, hold levels in words nearly everywhere? “2023”, “2024”, “2025”"""
    years = [p for p, path in paths_of(rows[header.top : header.bottom + 1]) if len(path) == 1 and A_YEAR.fullmatch(fold(path[0]))]
    below = [row for row in rows[header.bottom + 1 :] if sum(map(bool, row)) > len(years)][:LOOKED_AT]
    cells = [[cell for cell in _cells(p, below) if cell] for p in years]
    return len(years) > 1 and all(
        of and sum(len(cell) > 1 and code_of(LEVELS, cell) is not None for cell in of) >= NEARLY_ALL * len(of) for of in cells
    )


A_YEAR = re.compile(r"(?:nam )?20[0-9]{2}")


def _that_says(path: tuple[str, ...]) -> tuple[str, ...]:
    """A path without the groups that add nothing to what stands below them."""
    return tuple(text for text in path[:-1] if level_header((text,), True) or not is_known_group(text, "", ())) + path[-1:]


def _below(header: Header, rows: Sequence[Row], dataset: str, layout: Layout) -> list[Row]:
    """The rows of somebody below a header, as far as it says where somebody is named; signatures have fewer cells than half of theirs."""
    who = [at for c in layout.person.get(dataset, ()) if (at := header.columns.get(c)) is not None]
    named = [row for row in rows[header.bottom + 1 :] if (not who or any(p < len(row) and row[p] for p in who)) and not _are_numbers(row)]
    sizes = [sum(map(bool, row)) for row in named]
    return [row for row, size in zip(named, sizes, strict=True) if size * 2 > max(sizes)]


def _are_numbers(row: Row) -> bool:
    """Is a row the numbers of the columns? “(1)”, “(2)”"""
    return all(patterns()["COLUMN_NUMBERS", "row"].fullmatch(plain(cell)) for cell in row if cell)


def _cells(position: int, rows: Sequence[Row]) -> list[str | None]:
    return [row[position] if position < len(row) else None for row in rows]


def _holds_levels(c: _Candidate, below: Sequence[Row]) -> bool:
    """A blank column may be the level's that is yet to be decided; one that only a person of our kind would fill says nothing."""
    cells = [cell for cell in _cells(c.position, below) if cell and cell not in c.texts]  # its header, printed again
    if not cells:
        return c.is_alias or (c.said.step is Step.DECIDED and not c.is_weak)
    signs = [*map(sign_of, cells)]
    levels = [cell for cell in signs if code_of(LEVELS, cell) and not (c.is_weak and len(cell) == 1)]
    return len(levels) >= NEARLY_ALL * len(cells)


Levels = dict[int, tuple[int, str, bool]]  # position → step, time, whether its header is one of the template's


def called_levels(header: Header, rows: Sequence[Row]) -> str:
    """What the level that counts is called, with the groups above it: it may say whom it rates."""
    at = min(header.marks[DECIDED]) if DECIDED in header.marks else header.columns.get(DECIDED)
    path = dict(paths_of(rows[header.top : header.bottom + 1])).get(at, ()) if at is not None else ()
    return " ".join(text for text in (path[:-1] if DECIDED in header.marks else path) if level_header((text,), True))


def _take(header: Header, mine: Levels) -> int | None:
    """The columns of each step, and which one counts: the last step's, of a proposal alone the proposal's; and where that stands."""
    header.columns = {column: p for column, p in header.columns.items() if p not in header.levels}
    ordered = sorted(mine.items(), key=lambda item: (-item[1][0], not item[1][2], item[0]))
    counted = next((p for p, (step, *_) in ordered if step > Step.SELF), None)
    if counted is not None:
        header.columns.setdefault(DECIDED, counted)
    for position, (step, *_) in ordered:
        if (column := COLUMN.get(Step(step))) and position != header.columns.get(DECIDED):
            header.columns.setdefault(column, position)
    return header.columns.get(DECIDED)


def _take_marks(header: Header, rows: Sequence[Row]) -> None:
    """Levels to be marked below a group that speaks of a rating only beside the list's title: “Mức độ hoàn thành” over “A”, “B”, “C”, “D”. Where no title
    does, nobody knows whether they are levels of work: then no proposal beside them counts."""
    for path, marks in _unread_marks(header, rows):
        said = level_header(path, True) if _are_of_ratings(header, rows) else None
        column = COLUMN.get(said.step, DECIDED) if said else ""
        if not said or column in header.said:
            header.unsure = min(marks)
            continue
        header.marks = header.marks | {column: marks}
        header.foreign = {p: of for p, of in header.foreign.items() if p not in marks}
        header.marked_of = header.marked_of | ({column: said.time} if said.time else {})


def _marks_beside(header: Header, rows: Sequence[Row]) -> dict[int, str]:
    """Levels to be marked that may count beside a column that bears the level's name: what stands above them speaks of a rating by itself, or, below a
    title of ratings, of who decides. “Đảng ủy quyết định” over “A”, “B”, “C”, “D”"""
    for path, marks in _unread_marks(header, rows):
        said = level_header(path)
        if said is None and _are_of_ratings(header, rows):
            said = of if (of := level_header(path, True)) and of.step > Step.SAID else None
        if said and said.step >= Step.SAID and not said.time:
            return marks
    return {}


def _unread_marks(header: Header, rows: Sequence[Row]) -> Iterator[tuple[tuple[str, ...], dict[int, str]]]:
    """Three levels or more below one group, each in a column that is not read and holds marks: what stands above them, and position → level."""
    groups: dict[tuple[str, ...], dict[int, str]] = {}
    for position, path in paths_of(rows[header.top : header.bottom + 1]):
        if len(path) > 1 and position not in header.positions and (code := code_of(LEVELS, path[-1])):
            groups.setdefault(path[:-1], {})[position] = labels(LEVELS)[code]
    for path, marks in groups.items():
        if MARKED <= len(marks) == len({*marks.values()}) and _are_marked(marks, rows[header.bottom + 1 :]):
            yield path, marks


def _are_marked(marks: Mapping[int, str], below: Sequence[Row]) -> bool:
    """Do marks, and nothing else, stand below a header's levels? What counts the marks may stand below them, and the columns' numbers above."""
    cells = [[cell for p in marks if p < len(row) and (cell := row[p])] for row in below[:LOOKED_AT] if not _are_numbers(row)]
    return any(len(of) == 1 and mark_of(of[0]) in MARKS for of in cells) and all(
        mark_of(cell) in MARKS or cell.isdecimal() for of in cells for cell in of
    )


def _settle_marks(header: Header, mine: Levels, below: Sequence[Row], rows: Sequence[Row]) -> tuple[str, int] | None:
    """Of levels to be marked and columns of levels beside them the one of the later step; a rule that tells of it, and where.

    A proposal beside marks stays what it is. What says the same as the marks is no rival of them.
    """
    marks = header.marks[DECIDED]
    first, step = min(marks), _said_above(header, rows, min(marks)).step
    header.columns = {column: p for column, p in header.columns.items() if p not in header.levels}
    for position, (own, *_) in sorted(mine.items()):
        if column := COLUMN.get(Step(own)):
            header.columns.setdefault(column, position)
    steps = {first: step} | {p: own for p, (own, *_) in mine.items() if own >= Step.SAID}
    if len(steps) == 1:
        return None
    said = {p: [_marked(marks, row) for row in below] if p == first else _cells(p, below) for p in steps}
    last = max(steps.values())
    at = first if step == last else min(p for p, own in steps.items() if own == last)
    levels = [*map(_level, said[at])]
    if any([*map(_level, of)] != levels if steps[p] == last else _are_more(of, said[at]) for p, of in said.items()):
        header.marks = {column: of for column, of in header.marks.items() if column != DECIDED}
        return "one_column_of_levels", max(steps)
    if at != first:
        header.marks = {column: of for column, of in header.marks.items() if column != DECIDED}
        header.columns[DECIDED] = at
    return ("level_of_who_decides", at) if min(steps.values()) < last else None


def _said_above(header: Header, rows: Sequence[Row], position: int) -> LevelHeader:
    """What stands above a level to be marked says of it."""
    path = dict(paths_of(rows[header.top : header.bottom + 1])).get(position, ())
    return level_header(_that_says(path)[:-1], True) or LevelHeader(Step.SAID)


def _marked(marks: Mapping[int, str], row: Row) -> str | None:
    """What a row's mark says; of two marks, nothing that a column would."""
    return SEVERAL.join(label for p, label in marks.items() if p < len(row) and (cell := row[p]) and mark_of(cell) in MARKS) or None


def _level(cell: str | None) -> str | None:
    return code_of(LEVELS, sign_of(cell)) if cell else None


def settle_levels(header: Header, rows: Sequence[Row], sheet: str, dataset: str, layout: Layout, period: str) -> list[Note]:
    """Of several columns the one whose level counts in a period, and what is to be told of that. Where nobody can say which, none."""
    if not header.levels or header.confirmed:
        return []
    mine = {p: of for p, of in header.levels.items() if not of[1] or not period or is_of(of[1], period)}
    is_marked = DECIDED in header.marks
    told_of_marks = _settle_marks(header, mine, _below(header, rows, dataset, layout), rows) if is_marked else None
    at = header.columns.get(DECIDED) if is_marked else _take(header, mine)
    for column in OF_LEVELS:
        if (p := header.columns.get(column)) is not None and p in mine and not mine[p][2]:
            header.guessed[p] = column

    def note(rule: str, position: int) -> Note:
        row = header.leaf_of(rows, position)
        return Note(rule, sheet, row + 1, DECIDED, f"{letter(position)}{row + 1}", rows[row][position])

    if is_marked:
        return [note(*told_of_marks)] if told_of_marks else []
    if at is None or at not in mine:
        return []

    if (proposed := COLUMN.get(Step(mine[at][0]))) and have_level_sections(rows[header.bottom + 1 :]):
        header.columns[proposed] = header.columns.pop(DECIDED)  # what was decided stands in sections
        header.guessed = {p: proposed if p == at else column for p, column in header.guessed.items()}
        return []
    if header.unsure is not None and mine[at][0] < Step.SAID:
        header.guessed.pop(header.columns.pop(DECIDED), None)
        return [note("one_column_of_levels", header.unsure)]
    step, below = mine[at][0], _below(header, rows, dataset, layout)
    if (marks := header.marks.get(COLUMN.get(Step(step), ""))) and [_level(_marked(marks, row)) for row in below] != [
        *map(_level, _cells(at, below))
    ]:
        header.guessed.pop(header.columns.pop(DECIDED), None)
        return [note("one_column_of_levels", max(at, *marks))]
    if step < Step.SAID:
        rivals = [p for p, of in mine.items() if p != at and of[0] == step]
    else:
        rivals = [p for p, of in mine.items() if p != at and of[0] >= Step.SAID]
    lower = [p for p in rivals if mine[p][0] < step]
    if any(not _say_same(at, p, below) for p in rivals if p not in lower) or any(_says_more(p, at, below) for p in lower):
        header.guessed.pop(header.columns.pop(DECIDED), None)
        return [note("one_column_of_levels", max(at, *rivals))]
    told = [note("list_is_decided", at)] if step < Step.SAID else []
    return told + ([note("level_of_who_decides", at)] if lower else [])


def _say_same(one: int, other: int, rows: Sequence[Row]) -> bool:
    """Do two columns say the same level of everybody?"""
    return [*map(_level, _cells(one, rows))] == [*map(_level, _cells(other, rows))]


def _says_more(lower: int, at: int, rows: Sequence[Row]) -> bool:
    """Does an earlier step rate somebody whom the later one leaves blank? Then nobody knows whether that was not decided yet, or not changed."""
    return _are_more(_cells(lower, rows), _cells(at, rows))


def _are_more(earlier: Sequence[str | None], later: Sequence[str | None]) -> bool:
    return any(a and not b for a, b in zip(earlier, later, strict=True))
