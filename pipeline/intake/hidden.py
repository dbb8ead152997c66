"""The light pass: what the fast reader hides, seen in the workbook's own parts, and how far a sheet reaches before anybody makes a grid of it.

Seen in .xlsx and .xlsm (hidden_xlsx), .ods (hidden_ods), .xls (hidden_xls) and .xlsb (hidden_xlsb): hidden, filtered and flat rows and columns, struck-through
cells, error cells, formulas that nobody calculated, zeros, per cents and scientific writing that stand in a number's format, days that are shown
as a month or a year, days that count from 1904, fonts by column. Hidden sheets are seen in every kind: the fast reader names them.
Comments on cells are seen in every kind.
Not seen, in any kind: a font that only a part of a cell's text has, a number's format that is decided by a condition, rows that no writer wrote
down and the sheet hides by default. In .xls and .xlsb, besides: a formula without a value, which stands there as 0 or nothing, in a workbook that says who
calculated it or other formulas of which have theirs (.xls), or that does not ask to be calculated (.xlsb). In .ods: a number's format that the file's styles do not spell out.
A sheet that could not be looked through is told (`sheet_looked_into`).

What does not belong here: how each kind is looked through, cells' values, and refusing.
"""

import zipfile

from pipeline.intake.hidden_ods import OpenDocument
from pipeline.intake.hidden_xls import OldWorkbook
from pipeline.intake.hidden_xlsb import BinaryWorkbook
from pipeline.intake.hidden_xlsx import LightPass
from pipeline.intake.kinds import Kind
from pipeline.intake.unseen import Look


def look(data: bytes, kind: Kind, archive: zipfile.ZipFile | None, cells: int) -> Look:
    """What a workbook's values do not show. Raises what zipfile, ElementTree and struct raise where it is damaged."""
    if archive is None:  # only an .xls is no package
        return OldWorkbook(data)
    if kind == "xlsb":
        return BinaryWorkbook(archive)
    return OpenDocument(archive) if kind == "ods" else LightPass(archive, cells)
