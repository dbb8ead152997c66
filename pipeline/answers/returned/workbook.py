"""The workbook that a unit gets back: its own cells where they stood, faults coloured with a comment, our sheets behind.

Only what is known to be good goes back: a file of nothing else as it came, any other written anew from what is kept of it, else its cells alone.
A value stands in the place of a formula that leads outside, and our first sheet says so.

What does not belong here: what is said and to whom, and what is known to be good (harmless/).
"""

import io
import warnings
from collections.abc import Callable

from openpyxl import Workbook

from pipeline.answers.harmless import workbook as harmless
from pipeline.answers.returned.job import Became, Job
from pipeline.answers.returned.kept import TooLarge, cells_as_workbook, own_workbook
from pipeline.answers.returned.marks import mark
from pipeline.answers.returned.our_sheets import changes_sheet, explanations_sheet, findings_sheet, read_as_sheet
from pipeline.intake.explanations import MARK, ours
from pipeline.intake.kinds import Unreadable, unlocked
from pipeline.ledger.archive import read_version


def give_back(job: Job) -> Became:
    """Write the workbook; what became of it besides marks. Raises TooLarge, Unreadable where nobody can read the file, or Lost.

    Whatever leaves is on the list of harmless/, whoever wrote it.
    """
    data = read_version(job.blob, job.content_hash, job.seal) if job.content_hash else job.blob.read_bytes()
    if not job.faults and not job.changes and not job.columns and _may_go_as_it_came(data):
        job.target.write_bytes(data)  # nothing to say of it
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they quote cells
        data = unlocked(data)
        made = _written(lambda: own_workbook(data), job) or _written(lambda: cells_as_workbook(data, job.name), job)
    if made is None:
        raise Unreadable("file_readable")
    written, became = made
    job.target.write_bytes(written)
    return became


def _written(make: Callable[[], tuple[Workbook, Became] | None], job: Job) -> tuple[bytes, Became] | None:
    """The marked workbook's bytes, and what became of it; None where it cannot be made, written, or passed on."""
    out = io.BytesIO()
    try:
        if (made := make()) is None:
            return None
        book, became = made
        _finish(book, job, became)
        book.save(out)
    except TooLarge:
        raise
    except Exception:  # whatever openpyxl stumbles over, the reader has read the cells
        return None
    return (out.getvalue(), became) if harmless.contents(out.getvalue()) else None


def _finish(book: Workbook, job: Job, became: Became) -> None:
    """Marks, and our sheets, where there is anything to say."""
    names = {sheet.title: sheet for sheet in book.worksheets}
    only = book.worksheets[0].title if len(names) == 1 else None
    if not job.faults and not job.changes and not job.columns:
        return
    mark(names, job.faults, only)
    sheets = [read_as_sheet(book, job.columns, only)] if job.columns else []
    sheets.append(findings_sheet(book, job.faults, only, became))
    if any(f.key for f in job.faults):
        sheets.append(explanations_sheet(book, job.faults, job.reasons, only))
    if job.changes:
        sheets.append(changes_sheet(book, job.changes, only))
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is sheets[0]  # two selected sheets would be written to together
    book.active = book.worksheets.index(sheets[0])


def _may_go_as_it_came(data: bytes) -> bool:
    """All of it is on the list, and none of it is ours: no sheet, and no note, which may be a mark."""
    if not data.startswith(b"PK"):
        return False
    found = harmless.contents(data)
    return found is not None and not found.has_notes and not any(ours(name, MARK) for name in found.sheets)
