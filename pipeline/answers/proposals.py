"""What a unit's own headers may mean: proposed here, confirmed by the city in registry/layouts.csv, used only then.

What does not belong here: the limits within which a file is read (intake/workers.py), and deciding.
"""

from dataclasses import dataclass

from pipeline.codes import fold
from pipeline.intake.files import read_file
from pipeline.intake.layout import Layout
from pipeline.intake.likeness import NEAR, nearest
from pipeline.intake.readings import Chunk, Reading, Source, Table
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import Schema, own_columns
from pipeline.schemas.kinds import meta

LOOKED_AT = 200  # rows of a column that are looked at
TELLING = 0.8  # a column of which so many cells are codes or identity numbers is that column, whatever it is called


@dataclass(frozen=True)
class Proposal:
    """A header that nobody knows, and the column that it may mean; `score` 1 is certain, and why."""

    dataset: str
    header: str
    column: str | None
    score: float
    because: str  # "name" or "content"


def read_beginnings(sources: list[Source], layout: Layout) -> Chunk:
    """Some files, with the first rows of their tables: more is not looked at, and need not leave the process that read them."""
    readings = [read_file(source, layout) for source in sources]
    for table in (table for reading in readings for table in reading.tables):
        table.rows, table.values = table.rows[:LOOKED_AT], {}
    return Chunk(readings, {})


def propose(reading: Reading) -> list[Proposal]:
    """For every unknown header of a file the likeliest of the columns that are still without one."""
    proposals = []
    for table in reading.tables:
        free = {c for c in own_columns(SCHEMAS[table.dataset]) if c not in table.letters}
        found = [_likeliest(table, position, text, free) for position, text in table.left.items()]
        taken: set[str] = set()
        for proposal in sorted(found, key=lambda p: -p.score):
            if proposal.column in taken:
                proposal = Proposal(proposal.dataset, proposal.header, None, 0.0, "")
            taken.add(proposal.column or "")
            proposals.append(proposal)
    return proposals


def _likeliest(table: Table, position: int, text: str, free: set[str]) -> Proposal:
    schema = SCHEMAS[table.dataset]
    headers = {fold(name): c for c, col in own_columns(schema).items() if c in free for name in (col.title, *meta(col).aliases)}
    cells = [cell for _, row in table.rows[:LOOKED_AT] if position < len(row) and (cell := row[position])]
    by_content = max(((_share(cells, c, schema), c) for c in sorted(free)), default=(0.0, None))
    by_name = nearest(text, headers)
    if by_content[0] >= TELLING and (by_name is None or by_name[1] < by_content[0]):
        return Proposal(table.dataset, text, by_content[1], by_content[0], "content")
    if by_name and by_name[1] >= NEAR:
        return Proposal(table.dataset, text, by_name[0], by_name[1], "name")
    return Proposal(table.dataset, text, None, 0.0, "")


def _share(cells: list[str], column: str, schema: Schema) -> float:
    """Which part of the cells such a column could hold. Text, numbers and dates of several columns look alike and prove nothing."""
    info = meta(own_columns(schema)[column])
    return sum(info.kind.tells(cell, info) for cell in cells) / len(cells) if cells and info.kind.tells else 0.0
