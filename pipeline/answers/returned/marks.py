"""Marks: a fault's cell in its colour with a note, and an earlier answer's marks taken off again.

What does not belong here: which cells are at fault, and our own sheets (our_sheets.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Color, PatternFill

from pipeline.answers.returned.coloured import coloured, first_of, merged
from pipeline.answers.returned.job import CellNote, Fault, Notes
from pipeline.answers.returned.looks import Looks
from pipeline.codes import labels
from pipeline.intake.explanations import AUTHOR, SPLIT
from pipeline.presentation import SEVERITY_COLOURS


@dataclass(frozen=True)
class Mark:
    """What is said at a cell, and in which colour."""

    words: str
    colour: str
    faults: int


def marks_of(names: Iterable[str], faults: Iterable[Fault], only: str | None) -> dict[str, dict[str, Mark]]:
    """By sheet and address; `only` is the sheet of a file that has no other."""
    called = labels("severity")
    order, known = list(called), set(names)
    places: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        name = fault.sheet or only
        for address in (fault.at, *fault.beside):
            if name in known and address:
                places.setdefault((name, address), []).append(fault)
    found: dict[str, dict[str, Mark]] = {}
    for (name, address), here in places.items():
        worst = min((f.severity for f in here), key=order.index)
        words = "\n".join(
            line
            for f in here
            for line in (f"{called[f.severity]}: {f.column + ': ' if f.column and f.cell is None else ''}{f.says}", *also(f))
        )
        found.setdefault(name, {})[address] = Mark(words, SEVERITY_COLOURS[worst], len(here))
    return found


def mark(xml: str, marks: dict[str, Mark], theirs: Notes, looks: Looks) -> tuple[str, Notes]:
    """A sheet's part with its marked cells coloured, and all notes that it bears then."""
    areas = merged(xml)
    placed: dict[str, Mark] = {}
    for address, said in marks.items():
        at = first_of(address, areas)
        placed[at] = Mark(f"{placed[at].words}\n{said.words}", placed[at].colour, placed[at].faults + said.faults) if at in placed else said
    xml, before = coloured(xml, {at: said.colour for at, said in placed.items()}, looks)
    notes = dict(theirs)
    for at, said in placed.items():
        words = said.words + (SPLIT + theirs[at].text if at in theirs else "")
        height = min(60 + 18 * (len(said.words) // 45 + said.faults), 400)
        notes[at] = CellNote(f"{AUTHOR}|{before[at]}", words, 320, height)
    return xml, notes


def unmark(cell: Cell) -> None:
    """Take off what an earlier answer put there: its comment names itself and remembers the colour before."""
    author, _, fill = (cell.comment.author or "").partition("|")
    text = cell.comment.text or ""
    if author != AUTHOR:
        cell.comment = Comment(text, cell.comment.author or "")
        return
    cell.fill = _fill_of(fill)
    cell.comment = Comment(text.split(SPLIT, 1)[1], "") if SPLIT in text else None


def _fill_of(words: str) -> PatternFill:
    kind, value, tint = [*words.split(" "), "", "", ""][:3]
    if kind not in ("rgb", "theme", "indexed"):
        return PatternFill()
    colour = Color(**{kind: value if kind == "rgb" else int(value)}, tint=float(tint or 0))
    return PatternFill("solid", fgColor=colour)


def also(fault: Fault) -> list[str]:
    """What could not be asked while this cell cannot be read: the unit looks at it in the same pass."""
    return [f"Sửa ô này thì xem cả{f' ô {address}' if address else ''}: {says}" for address, says in fault.also]
