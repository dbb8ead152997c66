"""What the city says of whom is one person, and who is not: lines of `registry/identities`, read as lists are, and held against each other.

What does not belong here: who that is in the lists (dbt), and any value in a sentence: a line is named by its row, and no more.
"""

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from pipeline.codes import fold
from pipeline.frames import IDENTITIES, SIDE
from pipeline.judging.parse import reader_of
from pipeline.names_and_numbers import read_name
from pipeline.schemas.columns import NUMBERS, full_name, identity_number
from pipeline.schemas.registry import SIDES

READ_AS = {
    "IDENTITY_NUMBER": identity_number(wanted=False),
    "PARTY_CARD": NUMBERS["party_card_number"],
    "STAFF_NUMBER": NUMBERS["staff_number"],
    "NAME": full_name(wanted=False),
}
IN_UNIT = ("STAFF_NUMBER", "NAME")  # what is somebody's in one organisation alone
Where = Callable[[dict[str, Any]], str]
Side = tuple[Any, ...]  # as SIDE


def read_identities(typed: pl.DataFrame, units: pl.DataFrame, where: Where) -> tuple[pl.DataFrame, list[str]]:
    """The lines (IDENTITIES) and what is wrong with them, a sentence each."""
    known = set(map(fold, units["unit_code"]))
    problems: list[str] = []
    lines: list[dict[str, Any]] = []
    for row in typed.to_dicts():
        line = {c: row[c] for c in ("sheet", "row_no", "identity_relation_code", "confirmed_on")}
        faults = []
        for side, digit in SIDES.items():
            read, fault = _side(row, side, digit, known)
            faults += [fault] if fault else []
            line |= {f"{side}_{column}": value for column, value in zip(SIDE, read, strict=True)}
        if not faults and len(set(sides_of(line))) == 1:
            faults = ["both sides are the same."]
        problems += [f"{where(row)}: {fault}" for fault in faults]
        lines.append(line)
    frame = pl.DataFrame(lines, schema=IDENTITIES, orient="row")
    return IDENTITIES.hold(frame), problems or list(_contradictions(frame, where))


def _side(row: dict[str, Any], side: str, digit: str, units: set[str]) -> tuple[Side, str | None]:
    """One of the two, and what is wrong with it."""
    code, born, unit = (row[f"{side}_{column}"] for column in ("side_code", "birth_date", "unit_code"))
    said = reader_of(READ_AS[code])(row[f"{side}_value"])
    value, remark = said or (None, None)
    precision = row[f"{side}_birth_date_precision_code"] if born else None
    name: tuple[str | None, str | None] = (None, None)
    fault = None
    if code == "NAME":
        name = read_name(value) if value else name
    if value is None or remark or (code == "NAME" and not name[1]):
        fault = f"“Giá trị {digit}” cannot be read as what “Căn cứ {digit}” says it is, whole and as text."
    elif (code == "NAME") is (born is None):
        fault = f"“Ngày sinh {digit}” belongs to a name, and a name needs it: nobody is one with another by a name alone."
    elif (code in IN_UNIT) is (unit is None):
        fault = f"“Mã đơn vị {digit}” belongs to a name or a staff number, and both need it."
    elif unit is not None and fold(unit) not in units:
        fault = f"“Mã đơn vị {digit}” is no unit of the registry."
    return (code, value, *name, born, precision, fold(unit) if unit else None), fault


def sides_of(line: dict[str, Any]) -> tuple[Side, Side]:
    """Both of a line, as they are compared: a name by its letters, its marks and its day or year."""

    def of(side: str) -> Side:
        code, value, marked, letters, born, precision, unit = (line[f"{side}_{column}"] for column in SIDE)
        day = born if precision == "DAY" else born and born.year
        return code, None if code == "NAME" else value, marked, letters, day, unit

    return of("one"), of("other")


def confirmed(identities: pl.DataFrame) -> pl.DataFrame:
    """The lines that hold: those with a day."""
    return identities.filter(pl.col("confirmed_on").is_not_null())


def groups(identities: pl.DataFrame) -> dict[Side, Side]:
    """Each side of a line that says of two that they are one → the first of all whom such lines join with it."""
    first: dict[Side, Side] = {}

    def of(side: Side) -> Side:
        while first.setdefault(side, side) != side:
            side = first[side]
        return side

    for line in identities.filter(identity_relation_code="SAME").to_dicts():
        one, other = sorted(map(of, sides_of(line)), key=repr)
        first[other] = one
    return {side: of(side) for side in list(first)}


def _contradictions(identities: pl.DataFrame, where: Where) -> Iterator[str]:
    """Lines that keep two apart whom other lines join, alone or by a chain."""
    hold = confirmed(identities)
    joined = groups(hold)
    same = hold.filter(identity_relation_code="SAME").to_dicts()
    for line in hold.filter(identity_relation_code="NOT_SAME").to_dicts():
        one, other = sides_of(line)
        if one in joined and joined[one] == joined.get(other):
            by = [row for row in same if joined[sides_of(row)[0]] == joined[one]]
            yield f"{where(line)}: it says that these are two people; by {', '.join(map(where, by))} they are one."


def no_longer_said(before: pl.DataFrame, now: pl.DataFrame) -> list[int]:
    """Rows of lines that held before and are not in the list any more. A line that stays and has lost its day was taken back on purpose."""
    still = {frozenset(sides_of(line)) for line in now.to_dicts()}
    return [line["row_no"] for line in confirmed(before).to_dicts() if frozenset(sides_of(line)) not in still]
