"""What is asked of this room: the reports of units for a year, in the formats that were asked for, as bytes.

What does not belong here: where files lie, and who asked.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.surfaces.reports.build import document
from pipeline.surfaces.reports.declared import Kind
from pipeline.surfaces.reports.document import Document
from pipeline.surfaces.reports.docx import as_docx
from pipeline.surfaces.reports.figures import Figures, Unit
from pipeline.surfaces.reports.letter import Signer
from pipeline.surfaces.reports.pdf import as_pdf
from pipeline.surfaces.reports.xlsx import as_xlsx

WRITERS: Mapping[str, Callable[[Document], bytes]] = {"xlsx": as_xlsx, "docx": as_docx, "pdf": as_pdf}


@dataclass(frozen=True)
class Made:
    """A file of a report."""

    name: str
    data: bytes


def made(
    kinds: Iterable[Kind],
    units: Iterable[Unit],
    figures: Figures,
    signer: Callable[[Unit, Kind], Signer],
    day: dt.date,
    formats: Iterable[str],
) -> Iterator[Made]:
    """Each kind of report of each unit, one file after another. Raises NotThere."""
    formats = list(formats)
    kinds = list(kinds)
    for unit in units:
        for kind in kinds:
            drawn = document(kind, figures, unit, signer(unit, kind), day)
            for form in formats:
                yield Made(f"{drawn.stem}.{form}", WRITERS[form](drawn))
