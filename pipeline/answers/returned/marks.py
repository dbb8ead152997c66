"""Marks: a fault's cell in its colour with a comment, and an earlier answer's marks taken off again.

What does not belong here: which cells are at fault, and our own sheets (our_sheets.py).
"""

from collections.abc import Iterable

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Color, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.answers.returned.cells import coloured, writable
from pipeline.answers.returned.job import Fault
from pipeline.codes import labels
from pipeline.intake.explanations import AUTHOR, SPLIT
from pipeline.presentation import SEVERITY_COLOURS


def mark(sheets: dict[str, Worksheet], faults: Iterable[Fault], only: str | None) -> None:
    """Colour the cells of faults and say there what is wrong; `only` is the sheet of a file that has no other."""
    called = labels("severity")
    places: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        name = fault.sheet or only
        for address in (fault.at, *fault.beside):
            if name in sheets and address:
                places.setdefault((name, address), []).append(fault)
    for (name, address), here in places.items():
        cell = writable(sheets[name], address)
        worst = min((f.severity for f in here), key=list(called).index)
        words = "\n".join(
            line
            for f in here
            for line in (f"{called[f.severity]}: {f.column + ': ' if f.column and f.cell is None else ''}{f.says}", *also(f))
        )
        theirs = cell.comment.text if cell.comment else None
        comment = Comment(words + (SPLIT + theirs if theirs else ""), f"{AUTHOR}|{_fill_words(cell.fill)}")
        comment.width, comment.height = 320, min(60 + 18 * (len(words) // 45 + len(here)), 400)
        cell.comment = comment
        cell.fill = coloured(SEVERITY_COLOURS[worst])


def unmark(cell: Cell) -> None:
    """Take off what an earlier answer put there: its comment names itself and remembers the colour before."""
    author, _, fill = (cell.comment.author or "").partition("|")
    text = cell.comment.text or ""
    if author != AUTHOR:
        cell.comment = Comment(text, cell.comment.author or "")
        return
    cell.fill = _fill_of(fill)
    cell.comment = Comment(text.split(SPLIT, 1)[1], "") if SPLIT in text else None


def _fill_words(fill: PatternFill) -> str:
    colour = getattr(fill, "fgColor", None)
    if getattr(fill, "fill_type", None) != "solid" or colour is None:
        return ""
    return f"{colour.type} {colour.value} {colour.tint}"


def _fill_of(words: str) -> PatternFill:
    kind, value, tint = [*words.split(" "), "", "", ""][:3]
    if kind not in ("rgb", "theme", "indexed"):
        return PatternFill()
    colour = Color(**{kind: value if kind == "rgb" else int(value)}, tint=float(tint or 0))
    return PatternFill("solid", fgColor=colour)


def also(fault: Fault) -> list[str]:
    """What could not be asked while this cell cannot be read: the unit looks at it in the same pass."""
    return [f"Sửa ô này thì xem cả{f' ô {address}' if address else ''}: {says}" for address, says in fault.also]
