"""A unit's workbook written anew, so that it may go back: what is known to be good is kept, a value stands in the place of a formula that leads outside.

What does not belong here: what is known to be good (harmless/), files of other kinds (from_cells.py), and what is said of the cells.
"""

import io
import zipfile
from collections.abc import Callable

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.answers.harmless.formulas import Names
from pipeline.answers.harmless.parts import THEME, TYPES
from pipeline.answers.harmless.workbook import LARGEST, is_good
from pipeline.answers.returned.job import Became, CellNote, Given, Notes
from pipeline.answers.returned.marks import unmark
from pipeline.answers.returned.package import TooLarge
from pipeline.answers.returned.sheet import FORMULA, LONGEST
from pipeline.intake.explanations import ours


def written_anew(data: bytes) -> Given | None:
    """An .xlsx or .xlsm anew, of what openpyxl knows and we keep. None for other kinds."""
    if not data.startswith(b"PK"):
        _checked(len(data))
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        _checked(sum(part.file_size for part in parts.infolist()))
        if TYPES not in parts.namelist():
            return None

    def opened(data_only: bool = False) -> Workbook:
        return load_workbook(io.BytesIO(data), data_only=data_only, keep_vba=False, keep_links=False)

    book = opened()
    became = _keep_the_good(book, lambda: opened(data_only=True))
    if not book.worksheets:
        return None
    notes = {sheet.title: _taken_off(sheet) for sheet in book.worksheets}
    book.save(out := io.BytesIO())
    return Given(out.getvalue(), became, {name: of for name, of in notes.items() if of})


def _taken_off(sheet: Worksheet) -> Notes:
    """A sheet's notes, which no longer stand on it: notes and marks are written together."""
    found: Notes = {}
    for cell in sheet._cells.values():
        if not isinstance(cell, MergedCell) and cell.comment:
            found[cell.coordinate] = CellNote(cell.comment.author or "", cell.comment.text or "")
            cell.comment = None
    return found


def _checked(size: int) -> None:
    if size > LARGEST:
        raise TooLarge


# What a workbook and its sheets keep of what openpyxl read; of all else they get what a new one has.
KEPT_OF_BOOK = {
    "_sheets", "_active_sheet_index", "defined_names", "properties", "security", "shared_strings", "loaded_theme", "_epoch", "calculation", "views",
    "_fonts", "_alignments", "_borders", "_fills", "_number_formats", "_date_formats", "_timedelta_formats", "_protections", "_colors",
    "_cell_styles", "_named_styles", "_table_styles", "_differential_styles",
}  # fmt: skip
KEPT_OF_SHEET = {
    "_parent", "_WorkbookChild__title", "HeaderFooter", "_cells", "row_dimensions", "column_dimensions", "row_breaks", "col_breaks",
    "merged_cells", "_tables", "data_validations", "sheet_state", "page_setup", "print_options", "_print_rows", "_print_cols", "_print_area",
    "page_margins", "views", "protection", "defined_names", "_current_row", "auto_filter", "conditional_formatting", "sheet_properties",
    "sheet_format",
}  # fmt: skip
KEPT_OF_TABLE = ("id", "name", "displayName", "ref", "headerRowCount", "totalsRowCount", "autoFilter", "tableStyleInfo")


def _as_new(thing: object, new: object, kept: set[str]) -> None:
    for name in vars(thing).keys() - kept:
        if name in vars(new):
            setattr(thing, name, vars(new)[name])
        else:
            delattr(thing, name)


def _keep_the_good(book: Workbook, values: Callable[[], Workbook]) -> Became:
    """Only what is known to be good stays; "frozen" where a value took a formula's place, or a list, a colour rule or a name went."""
    for sheet in list(book._sheets):
        if sheet not in book.worksheets or ours(sheet.title, sheet["A1"].value):
            book.remove(sheet)
    _as_new(book, Workbook(), KEPT_OF_BOOK)
    if book.loaded_theme and not is_good(THEME, book.loaded_theme):
        book.loaded_theme = None
    for sheet in book.worksheets:
        _as_new(sheet, Worksheet(book), KEPT_OF_SHEET)
    own = Names(sheets={sheet.title.lower() for sheet in book.worksheets})
    own.tables |= {
        name.lower() for sheet in book.worksheets for table in sheet._tables.values() for name in (table.name, table.displayName)
    }
    is_frozen = _keep_names(book, own)
    frozen: list[Cell] = []
    for sheet in book.worksheets:
        is_frozen |= _keep_parts(sheet, own)
        for cell in sheet._cells.values():
            if isinstance(cell, MergedCell):
                continue
            if cell.data_type == "f" and not _stays(cell.value, own):
                frozen.append(cell)
            elif isinstance(cell.value, str) and cell.data_type != "f":
                _put_text(cell, cell.value)
            if (link := cell.hyperlink) is not None and (link.target or link.id or not link.location or not own.allow(link.location)):
                cell._hyperlink = None
            if cell.comment:
                unmark(cell)
    given = values() if frozen else book
    for cell in frozen:
        held = given[cell.parent.title][cell.coordinate]
        cell._value, cell.data_type = held._value, held.data_type
        if isinstance(cell.value, str):
            _put_text(cell, cell.value)
    return "frozen" if is_frozen or frozen else None


def _keep_names(book: Workbook, own: Names) -> bool:
    """Names that stand for cells of this workbook, and for other such names; whether any went."""
    places = [book.defined_names, *(sheet.defined_names for sheet in book.worksheets)]
    own.names |= {name.lower() for names in places for name in names}
    went = False
    while bad := [(names, name) for names in places for name, defined in names.items() if not own.allow(defined.attr_text)]:
        went = True
        for names, name in bad:
            del names[name]
            own.names.discard(name.lower())
    for names in places:
        for name, defined in names.items():
            names[name] = DefinedName(name, attr_text=defined.attr_text, hidden=defined.hidden, localSheetId=defined.localSheetId)
    return went


def _keep_parts(sheet: Worksheet, own: Names) -> bool:
    """A sheet's drop-down lists, colour rules, tables and views, of what is known; whether anything that computes went."""
    lists, rules = sheet.data_validations.dataValidation, [r for area in sheet.conditional_formatting for r in area.rules]
    sheet.data_validations.dataValidation = [v for v in lists if own.allow(v.formula1) and own.allow(v.formula2)]
    kept, count = ConditionalFormattingList(), 0
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            bounds = [bound.val for shown in (rule.colorScale, rule.dataBar, rule.iconSet) if shown for bound in shown.cfvo]
            if all(own.allow(None if f is None else str(f)) for f in (*(rule.formula or ()), *bounds)):
                kept.add(str(area.sqref), rule)
                count += 1
    sheet.conditional_formatting = kept
    tables, went = list(sheet._tables.values()), len(sheet.data_validations.dataValidation) < len(lists) or count < len(rules)
    sheet._tables.clear()
    for table in tables:
        columns = []
        for column in table.tableColumns:
            made = TableColumn(
                column.id, name=column.name, totalsRowFunction=column.totalsRowFunction, totalsRowLabel=column.totalsRowLabel
            )
            for name in ("calculatedColumnFormula", "totalsRowFormula"):
                if (formula := getattr(column, name)) is not None and own.allow(formula.attr_text):
                    setattr(made, name, formula)
                went |= formula is not None and getattr(made, name) is None
            columns.append(made)
        sheet._tables.add(Table(**{name: getattr(table, name) for name in KEPT_OF_TABLE}, tableColumns=columns))
    for view in sheet.views.sheetView:
        view.pivotSelection = ()
    return went


def _put_text(cell: Cell, value: str) -> None:
    """Text that stays text: never a formula, whatever it begins with, also after somebody edits the cell."""
    value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:LONGEST]
    cell._value, cell.data_type = value, "s"
    if value.startswith(FORMULA):
        cell.quotePrefix = True


def _stays(formula: object, own: Names) -> bool:
    """Whether a cell's formula may go back."""
    text = formula.text if isinstance(formula, ArrayFormula) else formula
    return isinstance(text, str) and own.allow(text)
