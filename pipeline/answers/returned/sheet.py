"""A sheet of ours as a workbook holds it: text that stays text, links within the workbook, drop-down lists.

What does not belong here: what our sheets say (our_sheets.py), and how cells look (looks.py).
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pipeline.answers.returned.looks import CELL, HEAD, PLAIN, TITLE, WORDS, Look, Looks, argb
from pipeline.answers.returned.package import BEGINS, MAIN
from pipeline.intake.explanations import MARK
from pipeline.intake.readings import letter
from pipeline.presentation import DARK

LONGEST = 32767  # letters that a cell holds
HEADER = 4  # number of the row that names columns
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a program would take for one after somebody edits the cell


class Shown(NamedTuple):
    """A cell of a row of ours."""

    text: str | None
    look: Look = CELL
    leads_to: str | None = None  # a place of the workbook


@dataclass
class OurSheet:
    """A sheet of ours: what to do, columns with their widths, rows; the first cell of each row is hidden."""

    name: str
    title: str
    words: str
    head: Sequence[tuple[str, int]]
    rows: list[list[Shown]] = field(default_factory=list)
    is_filtered: bool = False
    choices: list[tuple[list[str], list[int]]] = field(default_factory=list)  # words, and the rows whose last cell may be one of them


@lru_cache(maxsize=20_000)  # what forms are read as stands in the answers to all who use them
def xml_text(value: str) -> str:
    """Text as it may stand between tags and in quotes.

    >>> xml_text('a<b & "c"' + chr(7))
    'a&lt;b &amp; &quot;c&quot; '
    """
    plain = _NOT_IN_XML.sub(" ", value[:LONGEST])
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def text_cell(address: str, value: str | None, looks: Looks, look: Look = PLAIN) -> str:
    """A cell that holds text and never a formula, whatever it begins with."""
    if not value:
        return f'<c r="{address}"{looks.said(look)}/>'
    style = looks.said(look, value.startswith(FORMULA))
    return f'<c r="{address}"{style} t="inlineStr"><is><t xml:space="preserve">{xml_text(value)}</t></is></c>'


def sheet_xml(sheet: OurSheet, looks: Looks, is_first: bool) -> str:
    """The sheet's part."""
    letters = [letter(position) for position in range(len(sheet.head) + 2 + len(sheet.choices))]
    cells: dict[int, list[str]] = defaultdict(list)
    heights, links, lists = {2: 34}, [], []

    def put(number: int, position: int, text: str | None, look: Look = PLAIN) -> None:
        cells[number].append(text_cell(f"{letters[position]}{number}", text, looks, look))

    put(1, 0, MARK)
    put(1, 1, sheet.title, TITLE)
    put(2, 1, sheet.words, WORDS)
    columns = [_column(0, 13, is_hidden=True)]
    for position, (name, width) in enumerate(sheet.head, start=1):
        put(HEADER, position, name, HEAD)
        columns.append(_column(position, width))
    for number, row in enumerate(sheet.rows, start=HEADER + 1):
        heights[number] = _height(row, sheet.head)
        for at, (text, look, leads_to) in zip(letters, row, strict=False):
            if text or at != "A":
                cells[number].append(text_cell(f"{at}{number}", text, looks, look))
            if leads_to:
                links.append(f'<hyperlink ref="{at}{number}" location="{xml_text(leads_to)}"/>')
    last = len(sheet.head)
    for position, (words, rows) in enumerate(sheet.choices, start=last + 2):
        for number, word in enumerate(words, start=1):
            put(number, position, word)
        columns.append(_column(position, 13, is_hidden=True))
        if rows:
            places, at = " ".join(f"{letters[last]}{number}" for number in rows), letters[position]
            lists.append(
                f'<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="{places}">'
                f"<formula1>${at}$1:${at}${len(words)}</formula1></dataValidation>"
            )
    written = "".join(_row(number, cells[number], heights.get(number)) for number in sorted(cells))
    return "".join((
        f'{BEGINS}<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="{argb(DARK)}"/><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView',
        ' tabSelected="1"' if is_first else "",
        f' workbookViewId="0"><pane ySplit="{HEADER}" topLeftCell="A{HEADER + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>',
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{"".join(columns)}</cols><sheetData>{written}</sheetData>',
        f'<autoFilter ref="B{HEADER}:{letter(last)}{HEADER + max(len(sheet.rows), 1)}"/>' if sheet.is_filtered else "",
        f'<mergeCells count="1"><mergeCell ref="B2:{letter(last)}2"/></mergeCells>',
        f'<dataValidations count="{len(lists)}">{"".join(lists)}</dataValidations>' if lists else "",
        f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "",
        '<pageMargins left="0.75" right="0.75" top="1" bottom="1" header="0.5" footer="0.5"/>',
        '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/></worksheet>',
    ))  # fmt: skip


def defined_names(sheet: OurSheet, called: str) -> dict[str, str]:
    """What a workbook says of the sheet beside its part: the row that every printed page repeats, and what is filtered."""
    found = {"_xlnm.Print_Titles": f"{quoted(called)}!${HEADER}:${HEADER}"}
    if sheet.is_filtered:
        found["_xlnm._FilterDatabase"] = f"{quoted(called)}!$B${HEADER}:${letter(len(sheet.head))}${HEADER + max(len(sheet.rows), 1)}"
    return found


def quoted(sheet: str) -> str:
    """A sheet's name as a formula writes it: in quotes, those within it twice.

    >>> quoted("Xếp loại")
    "'Xếp loại'"
    """
    return "'" + sheet.replace("'", "''") + "'"


def _column(position: int, width: int, is_hidden: bool = False) -> str:
    hidden = ' hidden="1"' if is_hidden else ""
    return f'<col min="{position + 1}" max="{position + 1}" width="{width}"{hidden} customWidth="1"/>'


def _row(number: int, cells: list[str], height: int | None) -> str:
    high = f' ht="{height}" customHeight="1"' if height else ""
    return f'<row r="{number}"{high}>{"".join(cells)}</row>'


def _height(row: Sequence[Shown], head: Sequence[tuple[str, int]]) -> int:
    """So many lines as its longest cell takes."""
    lines = 1
    for (text, _, _), (_, width) in zip(row[1:], head, strict=True):
        if text and (len(text) >= width - 1 or "\n" in text):
            lines = max(lines, sum(len(part) // max(width - 1, 1) + 1 for part in text.split("\n")))
    return min(15 * lines + 2, 400)
