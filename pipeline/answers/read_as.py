"""How each column of a form was read, in words for the officer who sent it.

What does not belong here: reading, and where these words are shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pipeline.codes import fold, labels
from pipeline.intake.forms import columns_of
from pipeline.intake.layout import BELOW, FormColumn, Part
from pipeline.intake.readings import letter, position_of
from pipeline.intake.rows import DIGIT, Row
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.kinds import meta
from pipeline.values import MARKS, is_mark, mark_of

NOT_READ = "(không đọc)"
EXAMPLES, LONGEST, LOOKED_AT = 3, 40, 200  # of a column; characters of one; rows among which they are looked for
BY_NAME = "theo tên cột"
OF_ANOTHER_PERIOD = "của kỳ khác"
UNHELD = "nội dung khác với tên cột, nên các giá trị được coi là chưa rõ"
HELD = ("column_holds_what_it_says", "needed_column_holds_what_it_says")  # rules of columns whose values are not used
FROM_ELSEWHERE = {"column_said_above", "column_follows_from_others"}  # rules that tell of values without a column
ABOVE = "không có cột riêng: theo tiêu đề, dòng nhóm, hoặc suy ra từ cột khác"


@dataclass(frozen=True)
class ReadColumn:
    """A column of a form and what it was read as; without a letter one that no column of the form holds."""

    sheet: str
    first_row: int
    form_code: str
    dataset: str | None
    letter: str
    header: str
    means: str  # title of the column, or that it was not read
    how: str
    is_sure: bool
    is_listed: bool = True  # it bears a name that units' page lists, and its whole cells are read: there is nothing to show of it
    said: str = ""  # of one that no column of the form holds: its values
    may_be_words: bool = False  # so it is where nobody is marked in it, although it could be marked


def read_columns(forms: Iterable[Mapping[str, Any]]) -> list[ReadColumn]:
    """What landed of some forms (landing_tables.FORMS), column by column."""
    return [column for form in forms for column in _of_form(form)]


def _of_form(form: Mapping[str, Any]) -> Iterable[ReadColumn]:
    dataset = form["dataset_code"]
    titles = {name: col.title for name, col in SCHEMAS[dataset].columns.items()} if dataset else {}
    place = (form["sheet"], form["first_row"], form["form_code"], dataset)
    for c in columns_of(form["columns"]):
        is_likely, is_aside = c.position in form["guessed"], c.position in form["aside"]
        is_whole = c.part is Part.WHOLE and BELOW not in c.header
        yield ReadColumn(
            *place, letter(c.position), c.header, NOT_READ if is_aside else titles.get(c.means or "", NOT_READ),
            OF_ANOTHER_PERIOD if is_aside else _how(c, is_likely, form["is_confirmed"]), c.means is not None and not is_likely and not is_aside,
            is_listed=bool(c.means) and is_whole and not is_likely and not is_aside, may_be_words=c.part is Part.FLAG and _is_listed(dataset, c),
        )  # fmt: skip
    for name, said in zip(form["assumed"], form["assumed_said"], strict=True):
        yield ReadColumn(*place, "", "", titles[name], ABOVE, True, said=said)


def _how(c: FormColumn, is_likely: bool, is_confirmed: bool) -> str:
    if not c.means:
        return "tên cột chưa rõ" if c.means is None else "thành phố đã xác nhận là không đọc"
    said = labels("form_part")[c.part].lower() if c.part is not Part.WHOLE else ""
    if c.part in (Part.MARK, Part.FLAG):
        said = f"đánh dấu là “{c.says}”" if c.says else "đánh dấu, nhưng chưa rõ nghĩa là gì"
        said += f"; không đánh dấu là “{c.otherwise}”" if c.otherwise else ""
    sure = "thành phố đã xác nhận" if is_confirmed else "tên gần giống, hãy kiểm tra" if is_likely else ""
    return "; ".join(filter(None, (said, sure))) or BY_NAME


@cache
def _names(dataset: str) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(map(fold, (col.title, *meta(col).aliases))) for name, col in own_columns(SCHEMAS[dataset]).items()}


def _is_listed(dataset: str | None, c: FormColumn) -> bool:
    return dataset is not None and fold(c.header) in _names(dataset).get(c.means or "", ())


def are_shown(columns: Iterable[ReadColumn], rules: Iterable[str]) -> bool:
    """Whether there is anything to show of how forms were read: where each column bears one of the names that units' page lists for it, there is not,
    but for what titles, sections or other columns said in the place of one. `rules`: of what was found in the file."""
    return any(c.dataset is None or (c.letter and not c.is_listed) for c in columns) or not FROM_ELSEWHERE.isdisjoint(rules)


def as_held(columns: Iterable[ReadColumn], found: Iterable[tuple[str, str | None, str | None]]) -> list[ReadColumn]:
    """Columns as they were used: of one that holds something else than its name says no value was. `found`: rule, sheet and cell of findings."""
    unheld = {(sheet or "", cell.rstrip("0123456789")) for rule, sheet, cell in found if rule in HELD and cell}
    return [replace(c, means=NOT_READ, how=UNHELD, is_sure=False, is_listed=False) if (c.sheet, c.letter) in unheld else c for c in columns]


def as_it_stands(column: ReadColumn, rows: Sequence[Row]) -> ReadColumn:
    """A column as its cells (of a sheet) show it: where it could be marked and nobody is, its words were read."""
    if not column.may_be_words:
        return column
    at = position_of(column.letter)
    cells = (row[at] for row in rows[column.first_row - 1 :] if at < len(row))
    is_marked = any(is_mark(cell) and (mark_of(cell) in MARKS or DIGIT.search(cell)) for cell in cells)
    return column if is_marked else replace(column, how=BY_NAME, is_listed=True)


def to_choose(dataset: str | None) -> list[str]:
    """What an officer may say that a column is."""
    own = [col.title for col in own_columns(SCHEMAS[dataset]).values()] if dataset else []
    return [*own, NOT_READ]


def examples(position: int, rows: Sequence[Row]) -> list[str]:
    """What stands in a column, below its header: some texts, each once."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    for row in rows[:LOOKED_AT]:
        if position < len(row) and (cell := row[position]) and cell not in seen:
            seen.add(cell)
            found[" ".join(cell.split())[:LONGEST]] = None
            if len(found) == EXAMPLES:
                break
    return [*found]
