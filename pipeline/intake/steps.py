"""Of lists that rate the same people otherwise, the one of the step that decides: a sheet for what everybody said of himself, one for the cell, one for the
committee, one before and one after it was looked at again.

What does not belong here: columns of several steps in one table (level_columns), what a word of a step is (level_headers), proposals beside what was decided
and copies (sheets), lists of other years (purposes).
"""

import re
from itertools import combinations

from pipeline.codes import code_of
from pipeline.intake.layout import Layout
from pipeline.intake.level_headers import COLUMN, DECIDED, Step, level_header
from pipeline.intake.readings import Note, Reading, Table
from pipeline.intake.sheets import of_one_fact, same_people, who_is, without_dataset
from pipeline.title_words import line

LEVELS = "rating_level"
NUMBERED = re.compile(r"\A\s*\d{1,2}\s*[.)_\-–]\s*|\b(?:bước|lần|vòng|b)\s*\d{1,2}\b", re.IGNORECASE)
PIECES = re.compile(r"[()\[\]\n;:]|\s[-–]\s")
ASKED = "one_list_of_levels"


def keep_last_step(reading: Reading, layout: Layout) -> None:
    """Leave out, and tell, the lists of earlier steps beside the one that decides. Where nobody can say which decides, or it leaves somebody out whom an
    earlier one rates, none of them is counted."""
    for dataset, columns in layout.marks.items():
        tables = [t for t in reading.tables if t.dataset == dataset and t.row_count and not t.not_counted] if DECIDED in columns else []
        earlier: dict[int, tuple[Table, Table]] = {}
        for one, other in combinations(tables, 2):
            if not (of_one_fact(one, other) and same_people(one, other, layout)):
                continue
            (first, _), (last, step) = sorted(((one, step_of(one)), (other, step_of(other))), key=lambda of: of[1])
            is_undecided = not any(first.values.get(DECIDED, ()))  # it has the column of an earlier step alone
            mine, theirs = (_levels(t, one, other, layout) for t in (first, last))
            if not is_undecided and not any(theirs.get(who, level) != level for who, level in mine.items()):
                continue
            if step_of(first) < step and mine.keys() <= theirs.keys():
                earlier[id(first)] = first, last
            elif not is_undecided or step_of(first) == step:
                for table in (first, last):
                    table.not_counted += [] if ASKED in table.not_counted else [ASKED]
        for table, last in earlier.values():
            if ASKED not in table.not_counted:
                while id(last) in earlier:
                    last = earlier[id(last)][1]
                reading.tables.remove(table)
                last.notes.append(Note("list_of_who_decides", table.sheet, table.header_row))


def step_of(table: Table) -> Step:
    """Whose levels a list's are: by their column, else by its sheet's name, else by its titles; where these say nothing, nobody's that is named."""
    if not any(table.values.get(DECIDED, ())):
        return next((step for step, column in COLUMN.items() if any(table.values.get(column, ()))), Step.SAID)
    if table.step not in (None, Step.SAID):
        return Step(table.step or 0)
    if (step := step_named(table.sheet)) is not None:
        return step
    step = step_in(table.titles, table.dataset)
    return Step.SAID if step is None else step


def step_in(titles: list[str], dataset: str) -> Step | None:
    """The one step that titles speak of."""
    said = {step_named(piece) for title in titles if not line(title, dataset).is_letterhead for piece in PIECES.split(title)} - {None}
    return said.pop() if len(said) == 1 else None


def step_named(name: str) -> Step | None:
    """The step that a sheet's name, or a piece of a title, speaks of; none where it speaks of nobody and of no step.

    >>> [step_named(name) for name in ("XL Chi bộ", "2. Đảng ủy", "Bước 1 - Tự xếp loại", "sau phúc tra", "Chi bộ 2", "Lần 1", "Xếp loại")]
    [<Step.PROPOSED: 1>, <Step.DECIDED: 3>, <Step.SELF: 0>, <Step.LAST: 4>, None, None, None]
    """
    said = level_header((NUMBERED.sub(" ", without_dataset(name)).strip(" .-–_"),), True)
    return said.step if said and said.step is not Step.SAID else None


def _levels(table: Table, one: Table, other: Table, layout: Layout) -> dict[tuple[str | None, ...], str | None]:
    """Each person's level, where there is one."""
    who = who_is(one, other, layout)
    column = next((c for c in (DECIDED, *COLUMN.values()) if any(table.values.get(c, ()))), DECIDED)
    keys = zip(*(table.values[c] for c in who), strict=True)
    return {key: code_of(LEVELS, text) for key, text in zip(keys, table.values.get(column, ()), strict=False) if text and any(key)}
