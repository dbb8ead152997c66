"""Bytes to cells: the only place that knows spreadsheets.

One reader for every kind (decision 0010). What does not belong here: what a cell means, headers, datasets; what bytes are (kinds), text
files (delimited), and what the reader hides (hidden).
"""

import io
import re
import zipfile
from dataclasses import replace
from functools import partial
from xml.etree.ElementTree import ParseError

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipeline.intake import hidden, legacy
from pipeline.intake.cells import Sheet, Texts, WholeTexts, mended
from pipeline.intake.delimited import read_text
from pipeline.intake.kinds import BROKEN, Kind, Unreadable, in_unicode, kind_of, unlocked
from pipeline.intake.unseen import Look, Unseen

CELLS = 5_000_000  # of a sheet, from A1 to its last cell: a grid of 400 MB; a unit's largest has 60,000


def read_cells(data: bytes) -> list[Sheet]:
    """All sheets of an XLSX, XLSM, XLS, XLSB, ODS, CSV or TSV; content decides, not the name. Raises Unreadable.

    Memory is bounded by what the parts say of their size and by CELLS. A file made to mislead can still end the process: read
    what others sent in workers.py.
    """
    kind, archive = kind_of(data := unlocked(data))
    try:
        return [read_text(data)] if kind == "text" else _workbook(data, kind, archive)
    except Unreadable:
        raise
    except MemoryError as error:
        raise Unreadable("file_read_in_memory") from error
    except BaseException as error:
        # whatever a file makes a reader raise is that file's finding; the fast reader's own failure is no Exception
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Unreadable("file_readable") from error
        raise


def cells_as_they_stand(data: bytes) -> dict[str, list[list[str | None]]]:
    """The cells of an .xlsx that was read before, by sheet: without what only a second look at the file shows, and with old letters as they are."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book, texts = CalamineWorkbook.from_filelike(io.BytesIO(_without_macro_sheets(data, archive))), Texts()
    names = [about.name for about in book.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
    return {
        name: [list(map(texts.__getitem__, row)) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)] for name in names
    }


def _workbook(data: bytes, kind: Kind, archive: zipfile.ZipFile | None) -> list[Sheet]:
    look = _look(data, kind, archive)
    if look and any(rows * columns > CELLS for rows, columns in (unseen.extent for unseen in look.unseen.values())):
        raise Unreadable("cells_in_bounds")  # before the reader makes a grid of it: that would end the process
    data = in_unicode(data) if kind == "xls" else _without_macro_sheets(data, archive)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    if len(set(book.sheet_names)) < len(book.sheet_names):
        raise Unreadable("file_readable")  # the reader finds sheets by name alone; no Excel writes one twice
    sheets, texts = [], WholeTexts() if kind in ("xls", "xlsb") else Texts()
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        grid = book.get_sheet_by_name(about.name)
        if grid.total_height * grid.total_width > CELLS:
            raise Unreadable("cells_in_bounds")
        # skip_empty_area=False: a leading blank row counts, so that row numbers are the sheet's own
        typed = grid.to_python(skip_empty_area=False)
        rows = [list(map(texts.__getitem__, row)) for row in typed]
        merged = [(*first, *last) for first, last in grid.merged_cell_ranges or ()]
        sheet = Sheet(
            about.name,
            rows,
            about.visible != SheetVisibleEnum.Visible,
            is_1904=look is not None and look.is_1904,
            merged=tuple(merged),
            is_blind=look is None or not look.sees(about.name),
            typed=typed,
        )
        if look and about.name in look.unseen:
            sheet = _seen(sheet, look.unseen[about.name])
        sheets.append(sheet)
    return sheets if legacy.is_clean(texts.values()) else [mended(sheet, partial(_fonts, look, sheet.name)) for sheet in sheets]


OF_MACROS = re.compile(rb"http://schemas\.microsoft\.com/office/2006/relationships/xl(?:Intl)?Macrosheet")  # Excel 4.0's
OF_DIALOGS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/dialogsheet"


def _without_macro_sheets(data: bytes, archive: zipfile.ZipFile | None) -> bytes:
    """The same package with its sheets of Excel-4 macros called dialogs, which are left alone: the reader refuses a whole workbook for one of them."""
    if not archive or not any("/macrosheets/" in name for name in archive.namelist()):
        return data
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as renamed:
        for about in archive.infolist():
            part = archive.read(about)
            renamed.writestr(about.filename, OF_MACROS.sub(OF_DIALOGS, part) if about.filename.endswith(".rels") else part)
    return buffer.getvalue()


def _look(data: bytes, kind: Kind, archive: zipfile.ZipFile | None) -> Look | None:
    try:
        return hidden.look(data, kind, archive, CELLS)
    except (ParseError, *BROKEN):
        if kind in ("ods", "xlsb"):
            raise  # nothing else says how far it reaches
        return None  # whether the file is damaged is the reader's to say


def _fonts(look: Look | None, sheet: str) -> dict[int, str]:
    """The font that most texts of a column are in, by position; none where that cannot be looked for."""
    try:
        return look.fonts(sheet) if look else {}
    except (ParseError, *BROKEN):
        return {}


FIRST_DAY = {"m": re.compile(r"01/([0-9]{2}/[0-9]{4})"), "y": re.compile(r"01/01/([0-9]{4})")}


def _seen(sheet: Sheet, unseen: Unseen) -> Sheet:
    """The sheet with what its values do not show."""
    height, width = len(sheet.rows), max(map(len, sheet.rows), default=0)
    for (number, position), text in unseen.shown.items():
        if number <= height and position < width and sheet.rows[number - 1][position] is not None:
            sheet.rows[number - 1][position] = text
    for (number, position), part in unseen.months.items():
        # a month or a year that was typed is kept as its first day; another day was typed as a day
        if (
            number <= height
            and position < width
            and (day := sheet.rows[number - 1][position])
            and (typed := FIRST_DAY[part].fullmatch(day))
        ):
            sheet.rows[number - 1][position] = typed[1]
    return replace(
        sheet,
        hidden_rows=frozenset(n for first, last in unseen.hidden_rows for n in range(first, min(last, height) + 1)),
        hidden_columns=frozenset(p for first, last in unseen.hidden_columns for p in range(first, min(last + 1, width))),
        errors=unseen.errors,
        struck=frozenset(unseen.struck),
        uncalculated=frozenset(unseen.uncalculated),
        comments=unseen.comments,
        merged=sheet.merged or tuple(unseen.merged),  # the reader does not see those of an .ods or .xlsb
    )
