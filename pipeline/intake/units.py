"""Whose the rows are that name no unit: their section's, else that of the cell that titles or the sheet name.

What does not belong here: what titles and sections name (letterheads, sections), and which unit of the registry that is.
"""

import re
from collections.abc import Sequence

from pipeline.codes import fold
from pipeline.intake.cells import Sheet
from pipeline.intake.letterheads import units_above
from pipeline.intake.level_headers import Step, level_header
from pipeline.intake.readings import Note, Table
from pipeline.intake.rows import Row
from pipeline.intake.sections import section_unit
from pipeline.intake.sheets import without_dataset
from pipeline.intake.surroundings import Parts
from pipeline.values import DOTS


def take_units(table: Table, parts: Parts, above: Sequence[Row], file: str) -> None:
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
        units = {fold(unit): unit for unit in (_of_sheet(table.sheet, above), *titled) if unit}
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


LONGEST = 31  # letters of a sheet's name: Excel cuts what is longer


def _of_sheet(name: str, above: Sequence[Row]) -> str | None:
    """The unit that a sheet's name is; of a name that was cut, the title that goes on where it ends. “Chi bộ”, “Đảng ủy” say whose the levels are."""
    if (step := level_header((without_dataset(name),), True)) and step.step is not Step.SAID:
        return None
    unit = section_unit([(0, without_dataset(name))])
    if unit is None or len(name) < LONGEST:
        return unit
    whole = {fold(cell): cell for row in above for cell in row if cell and fold(cell).startswith(fold(unit))}
    return next(iter(whole.values())) if len(whole) == 1 else unit


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


def take_titles(parts: Parts, sheet: Sheet, above: Sequence[Row], number: int, count: int) -> list[Note]:
    """Titles above a header that stands again: the cell that they name has the people below it; one that is only spoken of is asked about."""
    named, is_spoken_of = units_above(above)
    units = {fold(unit): unit for unit in named}
    if len(units) == 1:
        parts.take_titles(number, next(iter(units.values())), count)
    return [Note("title_names_a_unit", sheet.name, number + 1, "unit")] if len(units) > 1 or (is_spoken_of and not units) else []
