"""One file judged as a load would judge it, and what the reader takes its rows for. Nothing is landed.

What does not belong here: what the warehouse's rules say of it (checking/).
"""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.intake.files import read_file
from pipeline.intake.layout import Layout
from pipeline.intake.readings import Reading, Source
from pipeline.intake.rows import Row, RowClass
from pipeline.intake.spreadsheets import read_cells
from pipeline.intake.workers import Readings
from pipeline.judging.layouts import layout_of
from pipeline.judging.submissions import judge_batch
from pipeline.judging.validate import Judged
from pipeline.ledger.find import NO_PLACE, why_not_read
from pipeline.ledger.records import Line
from pipeline.nightly.reading import UNREAD
from pipeline.schemas import SCHEMAS


@dataclass(frozen=True)
class Judgement:
    """What landing one file would give, and what that was made of."""

    reading: Reading
    frames: dict[str, pl.DataFrame]  # what would land
    judged: dict[str, Judged]  # dataset → its rows as they were understood


def judge_file(source: Source, line: Line, layout: Layout, confirmed: frozenset[str] = frozenset(), key: bytes | None = None) -> Judgement:
    """Judge one file as a load would, with the key given, or one that nobody keeps. Nothing is landed."""
    chunks = list(Readings([source], layout))
    if why_not_read(line.content_hash) == NO_PLACE:
        chunks[0].readings[0].refused = UNREAD[NO_PLACE]  # what else is wrong with it is told as well
    judged: dict[str, Judged] = {}
    frames = judge_batch(chunks, [line], key or secrets.token_bytes(), set(), judged, confirmed)
    return Judgement(chunks[0].readings[0], frames, judged)


def check_file(file: Path, content_hash: str, period: str) -> dict[str, pl.DataFrame]:
    """What landing one file would give, without a warehouse: nothing is kept."""
    line = Line(file.name, period, "", content_hash, file.stat().st_size, "")
    return judge_file(Source(0, file, file.name, period=period), line, layout_of(SCHEMAS)).frames


@dataclass(frozen=True)
class Explained:
    """What a readable file was taken for: each row (sheet, row, class, text); and its cells, by sheet."""

    rows: list[tuple[str, int, RowClass, str]] = field(default_factory=list)
    cells: dict[str, list[Row]] = field(default_factory=dict)


def explain_file(source: Source, layout: Layout, reading: Reading) -> Explained:
    """What the reader takes each row of a file for that gave this reading."""
    if not (reading.tables or reading.unread):
        return Explained()
    cells: dict[str, list[Row]] = {sheet.name: [*sheet.rows] for sheet in read_cells(source.read())}
    rows = [
        (name, number, kind, " | ".join(cell for cell in cells[name][number - 1] if cell))
        for name, kinds in read_file(source, layout, explain=True).classes.items()
        for number, kind in enumerate(kinds, start=1)
    ]
    return Explained(rows, cells)
