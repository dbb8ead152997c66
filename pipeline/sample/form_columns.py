"""Columns of forms of their own: which headers an office writes above them, and how it tells there what the city knows of a row.

A column's headers are written as offices nest them: “Quyết định > Số | Ngày”: `>` stands above, `|` beside.
What does not belong here: which form has which columns (form_kinds.py), how an office spells (office.py), and how anything is read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from pipeline.presentation import day as written_day
from pipeline.sample.facts import ALIASES, Row
from pipeline.sample.office import Cell, Office
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import template_columns


class Pen:
    """How one office writes, in lists of one dataset."""

    def __init__(self, office: Office, dataset: str, rng: Random):
        columns = [*template_columns(SCHEMAS[dataset])]
        self.office, self.mark = office, rng.choice("xxX")
        self._writers = dict(zip(columns, office.writers(dataset, columns), strict=True))

    def __call__(self, row: Row, column: str) -> Cell:
        """As the office writes it in a template; a unit always by name."""
        value = row.get(column)
        return getattr(value, "unit_name", value) if column.endswith("unit") else self._writers[column](row)

    def place(self, row: Row) -> str:
        """The unit that a row is of."""
        return row["unit"].unit_name if row["unit"] else self.office.unit.unit_name


@dataclass(frozen=True)
class Column:
    """A column, or some side by side: headers, what is told of a row in each, and the columns of the dataset that this says."""

    heads: str
    tells: tuple[str, ...]
    cells: Callable[[Row, Pen], list[Cell]]
    if_any: bool = False  # left out where it would be empty

    @property
    def paths(self) -> list[tuple[str, ...]]:
        """The headers above each of its cells, from the top.

        >>> plain("Quyết định > Số | Ngày", "decision_no", "signed_on").paths
        [('Quyết định', 'Số'), ('Quyết định', 'Ngày')]
        """
        *above, leaves = self.heads.split(" > ")
        return [(*above, leaf.strip()) for leaf in leaves.split(" | ")]


def plain(heads: str, *columns: str, if_any: bool = False) -> Column:
    """Each column as the office writes it."""
    return Column(heads, columns, lambda row, pen: [pen(row, c) for c in columns], if_any)


def place(heads: str) -> Column:
    return Column(heads, ("unit",), lambda row, pen: [pen.place(row)])


def name_parts(heads: str) -> Column:
    return Column(heads, ("full_name",), lambda row, pen: [*str(pen(row, "full_name")).rsplit(" ", 1)])


def by_sex(heads: str) -> Column:
    """The birth date below Nam or Nữ."""
    return Column(
        heads, ("birth_date", "sex_code"), lambda row, pen: [pen(row, "birth_date") if row["sex_code"] == s else None for s in ("MALE", "FEMALE")]
    )  # fmt: skip


def in_three(heads: str, column: str) -> Column:
    """Day, month and year; blank what is not known."""

    def cells(row: Row, pen: Pen) -> list[Cell]:
        day, known = row[column], row[f"{column}_precision_code"]
        return [float(day.day) if known == "DAY" else None, float(day.month) if known != "YEAR" else None, float(day.year)]

    return Column(heads, (column,), cells)


def marks(heads: str, column: str, *codes: str, if_any: bool = False) -> Column:
    """A column for each code, one of them marked; below a last “Khác” stands the word."""

    def cells(row: Row, pen: Pen) -> list[Cell]:
        code = row.get(column)
        other = [pen(row, column) if code and code not in codes else None] if heads.endswith("| Khác") else []
        return [*(pen.mark if code == c else None for c in codes), *other]

    return Column(heads, (column,), cells, if_any)


def flag(head: str, column: str, code: str | bool) -> Column:
    return Column(head, (column,), lambda row, pen: [pen.mark if row[column] == code else None])


def words(head: str, column: str, said: dict[str, str]) -> Column:
    """Codes in words that this list uses, whatever the office does elsewhere."""
    return Column(head, (column,), lambda row, pen: [said.get(row.get(column) or "")])


def number_and_day(head: str, number: str, day: str) -> Column:
    return Column(head, (number, day), lambda row, pen: [f"{row[number]} ngày {written_day(row[day])}"])


def from_to(head: str, first: str, last: str) -> Column:
    def cells(row: Row, pen: Pen) -> list[Cell]:
        until = written_day(row[last]) if row[last] else "nay"
        return [f"{written_day(row[first])} - {until}"]

    return Column(head, (first, last), cells)


def strange(heads: str, *said: Callable[[Row], Cell]) -> Column:
    """Columns that say nothing of ours."""
    return Column(heads, (), lambda row, pen: [say(row) for say in said])


def one_of(*things: str) -> Callable[[Row], Cell]:
    """Something of somebody, always the same."""
    return lambda row: things[int(row["identity_number"][-3:]) % len(things)]


def phone(row: Row) -> Cell:
    return f"09{int(row['identity_number'][-6:]) * 97 % 10**8:08}"


def unit_section(row: Row, pen: Pen) -> str:
    return pen.place(row)


def rated(system: str) -> Callable[[Row], bool]:
    return lambda row: bool(row["rating_system_code"] == system)


def is_of_a_member(row: Row) -> bool:
    return (row["discipline_system_code"], row["subject_kind_code"]) == ("PARTY", "PERSON")


def course_section(row: Row, pen: Pen) -> str:
    """A course and who gave it, as headings are written: in full."""
    in_full = {short: name for name, short in ALIASES.items()}
    return f"{in_full.get(row['programme'], row['programme'])} ({in_full.get(row['provider'], row['provider'])})"
