"""The workbook that a unit gets back: its own cells where they stood, faults coloured with a comment, our sheets behind, and before it how it was read.

Only what is known to be good goes back: a file of nothing else with nothing changed but what is said of it, any other written anew from what is kept of
it, else its cells alone. A value stands in the place of a formula that leads outside, and our first sheet says so.

What does not belong here: what is said and to whom, and what is known to be good (harmless/).
"""

import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cache, cached_property

from pipeline.answers.harmless import workbook as harmless
from pipeline.answers.read_as import are_shown, as_it_stands
from pipeline.answers.returned.coloured import merged
from pipeline.answers.returned.from_cells import cells_as_workbook
from pipeline.answers.returned.job import Became, Given, Job
from pipeline.answers.returned.kept import written_anew
from pipeline.answers.returned.looks import Looks
from pipeline.answers.returned.marks import mark, marks_of
from pipeline.answers.returned.notes import put_notes
from pipeline.answers.returned.our_sheets import Own, changes_sheet, explanations_sheet, findings_sheet, read_as_sheet
from pipeline.answers.returned.package import Package, TooLarge, tags
from pipeline.answers.returned.sheet import defined_names, sheet_xml
from pipeline.intake.explanations import MARK, READ_AS, ours
from pipeline.intake.kinds import Unreadable, unlocked
from pipeline.intake.rows import Row
from pipeline.intake.spreadsheets import cells_as_they_stand, read_cells
from pipeline.ledger.archive import read_version


def give_back(job: Job) -> Became:
    """Write the workbook; what became of it besides marks. Raises TooLarge, Unreadable where nobody can read the file, or Lost.

    Whatever leaves is on the list of harmless/, whoever wrote it.
    """
    data = read_version(job.blob, job.content_hash, job.seal) if job.content_hash else job.blob.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        job = _without_what_says_nothing(job, data)
    if not _has_anything_to_say(job) and _may_go_as_it_came(data):
        job.target.write_bytes(data)
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they quote cells
        data = unlocked(data)
        ways: tuple[Callable[[], Given | None], ...] = (
            lambda: Given(data) if data.startswith(b"PK") and _has_anything_to_say(job) else None,
            lambda: written_anew(data),
            lambda: cells_as_workbook(data, job.name),
        )
        made = next((made for way in ways if (made := _written(way, data, job))), None)
    if made is None:
        raise Unreadable("file_readable")
    written, became = made
    job.target.write_bytes(written)
    return became


def _without_what_says_nothing(job: Job, data: bytes) -> Job:
    """Where a form is an office's own only by a column that could be marked, and nobody is marked in it, there is nothing to show of it."""
    told = [fault.rule for fault in job.faults]
    if job.columns and not are_shown((c for c in job.columns if not c.may_be_words), told):
        try:
            rows = {sheet.name: sheet.rows for sheet in read_cells(data)}
        except Unreadable:
            return job
        if not are_shown((as_it_stands(c, rows.get(c.sheet, [])) for c in job.columns), told):
            return replace(job, columns=())
    return job


def _has_anything_to_say(job: Job) -> bool:
    return bool(job.faults or job.changes or job.columns)


def _written(make: Callable[[], Given | None], data: bytes, job: Job) -> tuple[bytes, Became] | None:
    """The marked workbook's bytes, and what became of it; None where it cannot be made, written, or passed on."""
    try:
        if (given := make()) is None:
            return None
        written = _finished(given, data, job)
    except TooLarge:
        raise
    except Exception:  # whatever a writer stumbles over, the reader has read the cells
        return None
    return (written, given.became) if written is not None and harmless.contents(written) else None


def _finished(given: Given, data: bytes, job: Job) -> bytes | None:
    """With marks, and our sheets, where there is anything to say; None where what stands there already would have to be taken off first."""
    package = Package(given.data)
    if given.data is data and (package.has_notes or any(ours(sheet.name, MARK) for sheet in package.sheets)):
        return None  # not made here: a note may be a mark, and a sheet may be ours
    says, names = _has_anything_to_say(job), [sheet.name for sheet in package.sheets]
    only = names[0] if len(names) == 1 else None
    marks = marks_of(names, job.faults, only)
    if not says and not given.notes:
        return given.data
    looks = Looks(package)
    for number, sheet in enumerate(package.sheets, start=1):
        xml = before = package.read(sheet.path) if says or sheet.name in given.notes else ""
        notes = given.notes.get(sheet.name, {})
        if sheet.name in marks:
            xml, notes = mark(xml, marks[sheet.name], notes, looks)
        if notes:
            xml = put_notes(package, sheet, xml, number, notes)
        if says:
            xml = _behind(xml)
        if xml != before:
            package.write(sheet.path, xml)
    if says:
        places = {sheet.name: sheet.path for sheet in package.sheets}
        own = Own(names, only, _Texts(data, given), cache(lambda name: merged(package.read(places[name]))))
        sheets = [read_as_sheet(job.columns, own)] if job.columns else []
        sheets.append(findings_sheet(job.faults, own, given.became))
        if any(f.key for f in job.faults):
            sheets.append(explanations_sheet(job.faults, job.reasons, own))
        if job.changes:
            sheets.append(changes_sheet(job.changes, own))
        for made in sheets:
            taken = {sheet.name.lower() for sheet in package.sheets}
            name = next(n for n in (made.name, *(f"{made.name} ({i})" for i in range(2, 99))) if n.lower() not in taken)
            package.add_sheet(
                name,
                sheet_xml(made, looks, made is sheets[0]),
                defined_names(made, name),
                made is sheets[0],
                is_before=made.name == READ_AS,
            )
    looks.save()
    return package.bytes()


def _behind(xml: str) -> str:
    """A sheet's part that is no longer selected: two selected sheets would be written to together."""
    for view in reversed(tags("sheetView", xml)):
        said = re.sub(r"""\stabSelected\s*=\s*(?:"[^"]*"|'[^']*')""", "", view[0])
        xml = xml[: view.start()] + said + xml[view.end() :]
    return xml


class _Texts:
    """What stands in the cells of the unit's sheets, as the reader reads it; read where it is asked for."""

    def __init__(self, data: bytes, given: Given):
        self._data, self._given = data, given

    def __call__(self, title: str) -> list[Row]:
        return self._rows.get(title, [])

    @cached_property
    def _rows(self) -> dict[str, list[Row]]:
        if self._given.data is self._data:
            return {name: [*rows] for name, rows in cells_as_they_stand(self._data).items()}
        return {self._given.titles.get(sheet.name, sheet.name): [*sheet.rows] for sheet in read_cells(self._data)}


def _may_go_as_it_came(data: bytes) -> bool:
    """All of it is on the list, and none of it is ours: no sheet, and no note, which may be a mark."""
    if not data.startswith(b"PK"):
        return False
    found = harmless.contents(data)
    return found is not None and not found.has_notes and not any(ours(name, MARK) for name in found.sheets)
