"""What the columns of a form mean: as they are read, and of those that are not read what they may mean. Used only when the city confirmed it.

What does not belong here: the limits within which a file is read (intake/workers.py), how it is shown (workbook.py), and deciding.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import partial
from operator import itemgetter

from pipeline.answers.forms.received import Objection
from pipeline.answers.read_as import examples
from pipeline.codes import fold
from pipeline.intake.cells import Sheet
from pipeline.intake.files import read_file
from pipeline.intake.forms import FormRead, columns_of, form_of
from pipeline.intake.header_search import Search
from pipeline.intake.layout import BELOW, FormColumn, Layout
from pipeline.intake.level_columns import OF_LEVELS
from pipeline.intake.level_headers import step_said
from pipeline.intake.likeness import NEAR, nearest
from pipeline.intake.readings import Chunk, Reading, Source
from pipeline.intake.rows import Row
from pipeline.intake.shown_cells import mark_ends
from pipeline.intake.spreadsheets import read_cells
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import Schema, own_columns
from pipeline.schemas.kinds import meta

LOOKED_AT = 200  # rows of a column that are looked at
TELLING = 0.8  # a column of which so many cells are codes or identity numbers is that column, whatever it is called


@dataclass(frozen=True)
class Proposal:
    """A form's column, as it is read or as it may be; `because`: "read", "likely", "confirmed", "name", "content", or "" where nothing is known."""

    column: FormColumn
    because: str
    score: float = 1.0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProposedForm:
    """A form of a file, and what each of its columns may mean. `dataset` None: nobody knows which list it is."""

    form: FormRead
    dataset: str | None
    columns: tuple[Proposal, ...] = ()
    objections: tuple[Objection, ...] = ()  # what units that sent it say of how it is read


@dataclass
class Beginning(Reading):
    """A reading that keeps what its proposals are made of."""

    forms: list[ProposedForm] = field(default_factory=list)


def beginnings_as(dataset: str | None) -> "partial[Chunk]":
    """What reads some files to propose for them; `dataset`: which list their unknown sheets are, where whoever asks knows it."""
    return partial(read_beginnings, dataset=dataset)


def read_beginnings(sources: list[Source], layout: Layout, dataset: str | None = None) -> Chunk:
    """Some files with what is proposed for their forms: more need not leave the process that read them."""
    readings: list[Reading] = [_proposed(read_file(source, layout), layout, dataset) for source in sources]
    return Chunk(readings, {})


def _proposed(reading: Reading, layout: Layout, dataset: str | None) -> Beginning:
    forms: dict[tuple[str, str | None], ProposedForm] = {}
    for table in reading.tables:
        if table.form:
            rows = [row for _, row in table.rows[:LOOKED_AT]]
            forms.setdefault((table.form.code, table.dataset), propose(table.form, table.dataset, rows))
        table.rows, table.values = [], {}
    sheets = {sheet.name: sheet for sheet in read_cells(reading.source.read())} if reading.unread else {}
    for form in reading.unread:
        proposed = _of_unknown(form, sheets[form.sheet], layout, reading.source.sender, dataset)
        forms.setdefault((form.code, None), proposed)
    own = {name: getattr(reading, name) for name in ("source", "refused", "lost", "dataset", "tables", "unread", "notes")}
    return Beginning(**own, forms=list(forms.values()))


def _of_unknown(form: FormRead, sheet: Sheet, layout: Layout, sender: str, dataset: str | None) -> ProposedForm:
    """A sheet that nobody knew, as the list that its header is most like, or as the one that is said."""
    mark_ends(sheet)
    rows: list[Row] = [*sheet.rows]
    search = Search(rows, layout, sender, sheet.merged)
    dataset = dataset or search.most_like()
    if dataset is None:
        return ProposedForm(form, None, _columns(form, None, rows[form.first_row - 1 :]))
    header = search.header(dataset)
    as_read = form_of(rows, header, form.sheet, dataset, layout, sender)
    return propose(as_read if as_read and as_read.code == form.code else form, dataset, rows[form.first_row - 1 :])


def propose(form: FormRead, dataset: str, rows: list[Row]) -> ProposedForm:
    """What each column of a form may mean: what it was read as, else the likeliest of the columns that are still without one."""
    taken = {c.means for c in columns_of(form.columns)}
    schema = SCHEMAS[dataset]
    free = [c for c in own_columns(schema) if c not in taken]
    found = [_likeliest(p, schema, free, rows) for p in _columns(form, dataset, rows)]
    best: dict[str | None, Proposal] = {}
    for proposal in sorted(found, key=lambda p: -p.score):
        best.setdefault(proposal.column.means, proposal)
    rivals = [p for p in found if p.because in ("name", "content") and best[p.column.means] is not p]
    return ProposedForm(
        form, dataset, tuple(replace(p, column=replace(p.column, means=None), because="", score=0.0) if p in rivals else p for p in found)
    )


def _columns(form: FormRead, dataset: str | None, rows: list[Row]) -> tuple[Proposal, ...]:
    """The columns as they were read, with what stands in them."""
    read = "confirmed" if form.is_confirmed else "read"
    return tuple(
        Proposal(
            c,
            "" if c.means is None else "confirmed" if c.means == "" else "likely" if c.position in form.guessed else read,
            1.0 if c.means else 0.0,
            tuple(examples(c.position, rows)),
        )
        for c in columns_of(form.columns)
    )


def _cells(position: int, rows: list[Row]) -> list[str]:
    return [cell for row in rows[:LOOKED_AT] if position < len(row) and (cell := row[position])]


def _likeliest(proposal: Proposal, schema: Schema, free: Collection[str], rows: list[Row]) -> Proposal:
    """A column that nobody read, as the one that its cells or its header are most like."""
    if proposal.because:
        return proposal
    text, cells = proposal.column.header, _cells(proposal.column.position, rows)
    columns = own_columns(schema)
    headers = {fold(name): c for c in free for name in (columns[c].title, *meta(columns[c]).aliases)}
    share, _, holds = max(((_share(cells, c, schema), _fits(text, c, schema), c) for c in sorted(free)), default=(0.0, (), ""))
    if (whose := step_said(text)) and share and holds in OF_LEVELS and holds != whose:
        return proposal  # whose level it is its header says, and that column is read already
    by_name = max(
        filter(None, (nearest(said, headers) for said in (text.replace(BELOW, " "), text.rsplit(BELOW, 1)[-1]))),
        key=itemgetter(1),
        default=None,
    )
    if share >= TELLING and (by_name is None or by_name[1] < share):
        score, means, because = share, holds, "content"
    elif by_name and by_name[1] >= NEAR:
        (means, score), because = by_name, "name"
    else:
        return proposal
    return replace(proposal, column=replace(proposal.column, means=means), score=score, because=because)


def _fits(text: str, column: str, schema: Schema) -> tuple[bool, bool]:
    """Of columns that cells say as well: whether the header says that it is this one, and whether counting needs it."""
    return step_said(text) == column, meta(own_columns(schema)[column]).required


def _share(cells: list[str], column: str, schema: Schema) -> float:
    """Which part of the cells such a column could hold. Text, numbers and dates of several columns look alike and prove nothing."""
    info = meta(own_columns(schema)[column])
    return sum(info.kind.tells(cell, info) for cell in cells) / len(cells) if cells and info.kind.tells else 0.0
