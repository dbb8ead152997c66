"""A kind of report, a unit, its figures and who signs → the report as it is drawn.

What does not belong here: looking a figure up, sentences, and any format.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from pipeline import codes
from pipeline.presentation import day as written_day
from pipeline.presentation import number
from pipeline.surfaces.declared import declared
from pipeline.surfaces.reports.declared import Asked, Kind, Tabled, in_force
from pipeline.surfaces.reports.document import (
    HIDDEN,
    NONE,
    UNKNOWN,
    Column,
    Document,
    Mark,
    Row,
    Table,
    Value,
)
from pipeline.surfaces.reports.figures import BASES, MEMBER, Figures, NotThere, Unit
from pipeline.surfaces.reports.letter import Signer, letterhead, signature
from pipeline.surfaces.reports.text import Text

OWN = "Trực thuộc trực tiếp, đơn vị đã kết thúc"
TOTAL = "Tổng cộng"
HEADS = (Column("TT", 9, shown_as="text"), Column("Đơn vị", 52, shown_as="text"))

PUBLIC = (
    " Bản công khai: số ghi “(ẩn)” được che để không ai bị nhận ra; số về xếp loại, kỷ luật, luân chuyển, đào tạo là phần đã được báo cáo."
)

MOVED = (
    "Chuyển đảng bộ cấp trên trong năm: {moved}. Dòng của đơn vị ấy tính cả năm; dòng cuối tính việc xảy ra khi đơn vị thuộc đảng bộ này."
)

Look = Callable[[Unit, Asked], Value]


def document(kind: Kind, figures: Figures, unit: Unit, signer: Signer, day: dt.date) -> Document:
    """A report. Raises NotThere."""
    instruction = in_force(signer.side, day)
    if instruction is None:
        raise NotThere(f"Chưa có hướng dẫn về thể thức văn bản cho ngày {written_day(day)} trong instructions.yml.")
    if figures.public is not None and not kind.public:
        raise NotThere(
            f"Báo cáo “{codes.labels('report_kind')[kind.code]}” cần số cộng từ nhiều đơn vị mà bản công khai không có; chỉ làm được bản nội bộ."
        )
    about = kind.about.format(year=figures.year)
    paragraphs = Text(figures, unit).paragraphs(kind.text)
    note = figures.version.note
    public = PUBLIC if figures.public is not None else ""
    return Document(
        stem=f"{kind.stem}-{figures.year}-{unit.code}{'-cong-khai' if figures.public is not None else ''}",
        title="BÁO CÁO",
        about=f"{about}\n{unit.name}",
        source=f"Số liệu từ kho dữ liệu nhân sự, lần nạp {note['load_id']}, tính đến ngày {written_day(dt.date.fromisoformat(note['as_of']))}.{public}",
        letterhead=letterhead(figures, unit, signer, day, instruction.number),
        paragraphs=tuple(paragraphs),
        tables=tuple(_numbered(_tables(kind, figures, unit))),
        signature=signature(signer),
        instruction=instruction,
        day=day,
        is_public=figures.public is not None,
    )


def _numbered(tables: Iterator[Table]) -> list[Table]:
    return [Table(f"Biểu số {n}", t.title, t.columns, t.rows, t.notes) for n, t in enumerate(tables, start=1)]


def _tables(kind: Kind, figures: Figures, unit: Unit) -> Iterator[Table]:
    for asked in kind.tables:
        if asked.metrics and figures.public is not None:
            continue
        if asked.metrics:
            found = [_of_codes(asked, figures, unit) if asked.by else _of_units(asked, figures, unit, _metric(figures))]
        else:
            systems = [*codes.labels(asked.each)] if asked.each else [asked.where.get("rating_system_code", "")]
            found = [
                _of_units(asked, figures, unit, _reported(figures, asked.source, system), system)
                for system in systems
                if _is_told(asked, figures, unit, system)
            ]
        yield from (table for table in found if table)


def _is_told(asked: Tabled, figures: Figures, unit: Unit, system: str) -> bool:
    """Whether a unit has a line, and not one of noughts. What is hidden is no nought: beside it, whatever else is told of the unit or of those below decides."""
    if figures.row(asked.source, unit, system) is None:
        return False
    values = {name: figures.value(asked.source, unit, name, system) for name in asked.without}
    if Mark(HIDDEN) in values.values():
        look = _reported(figures, asked.source, system)
        return any(_is_number(look(one, column)) for one in (unit, *figures.children(unit)) for column in asked.columns)
    return not values or any(value not in (asked.without[name], Mark(UNKNOWN)) for name, value in values.items())


def _is_number(value: Value) -> bool:
    return bool(value) and not isinstance(value, Mark)


def _reported(figures: Figures, source: str, system: str) -> Look:
    return lambda unit, column: figures.value(source, unit, column.name, system) if figures.has(source, column.name) else None


def _metric(figures: Figures, beside: str = "", code: str = "") -> Look:
    return lambda unit, column: figures.metric(column.name, unit, beside, code)


def _of_units(asked: Tabled, figures: Figures, unit: Unit, look: Look, code: str = "") -> Table | None:
    """A line for each unit below, and the unit's own as the last."""
    columns = [c for c in asked.columns if code not in c.not_for and look(unit, c) is not None]
    own = _line(columns, unit, look)
    lines = [(child.name, _line(columns, child, look)) for child in figures.children(unit)]
    is_asked_below = asked.source and any(Mark(UNKNOWN) in values for _, values in lines)
    if not is_asked_below and not any(_says_something(values) for _, values in lines):
        lines = []  # what is counted here is counted at this unit alone
    if not lines and not _says_something(own):
        return None
    rest = _rest(columns, own, [values for _, values in lines])
    if lines and rest:
        lines.append((OWN, rest))
    rows = [(str(n), name, values) for n, (name, values) in enumerate(lines, start=1)]
    rows.append(("", TOTAL if lines else unit.name, own))
    label = codes.labels(asked.each)[code].lower() if asked.each else ""
    whom = codes.labels("rating_system")[code or MEMBER].lower() if asked.tells_ratings else ""
    missing = figures.silent(unit, code or MEMBER) if asked.tells_ratings and lines and unit.type not in BASES else 0
    notes = [f"Số đã biết; còn {number(missing)} tổ chức cơ sở chưa nộp xếp loại {whom}."] if missing else []
    if lines and asked.source and declared()[asked.source].is_of_events and (moved := figures.moved(unit)):
        notes.append(MOVED.format(moved="; ".join(moved)))
    return _table(asked, figures, columns, rows, label, is_total=bool(lines), more=notes)


def _line(columns: Sequence[Asked], unit: Unit, look: Look) -> list[Value]:
    """A unit's values. A share of nobody, a middle of none, is none, which is not the same as unknown."""
    values = {c.name: look(unit, c) for c in columns}
    of = {c.name: c.share[1] if c.share else c.needs for c in columns}
    return [Mark(NONE) if value == Mark(UNKNOWN) and values.get(of[name]) == 0 else value for name, value in values.items()]


def _of_codes(asked: Tabled, figures: Figures, unit: Unit) -> Table | None:
    """A line for each code of a list, and all of them."""
    columns = list(asked.columns)
    labels = codes.labels(asked.by)
    lines = [(label, _line(columns, unit, _metric(figures, asked.by, code))) for code, label in labels.items()]
    lines = [line for line in lines if _says_something(line[1])]
    rows = [(str(n), name, values) for n, (name, values) in enumerate(lines, start=1)]
    if not rows:
        return None
    rows.append(("", TOTAL, _line(columns, unit, _metric(figures))))
    return _table(asked, figures, columns, rows, "", is_total=True, head="Bộ dữ liệu")


def _table(
    asked: Tabled,
    figures: Figures,
    columns: Sequence[Asked],
    rows: list[tuple[str, str, list[Value]]],
    system: str,
    *,
    is_total: bool,
    head: str = "",
    more: Sequence[str] = (),
) -> Table:
    kept = [n for n, c in enumerate(columns) if not c.quiet or any(values[n] != 0 for *_, values in rows)]
    names = [columns[n].name for n in kept]

    def place(name: str) -> int:
        return len(HEADS) + names.index(name)

    heads = [HEADS[0], Column(head, HEADS[1].width, shown_as="text") if head else HEADS[1]]
    for n in kept:
        c = columns[n]
        of = (place(c.share[0]), place(c.share[1])) if c.share else None
        title = c.title.format(year=figures.year, last_year=figures.year - 1)
        heads.append(Column(title, c.width, c.name, c.group, "share" if c.share else c.shown_as, of, c.adds and not more))
    lines = tuple(
        Row((place_no, name, *(values[n] for n in kept)), is_total and n == len(rows) - 1)
        for n, (place_no, name, values) in enumerate(rows)
    )
    marks = {value.text for row in lines for value in row.values if isinstance(value, Mark)}
    notes = [*more, asked.note] if asked.note and is_total else [*more]
    notes += ["Dấu “…”: chưa có số liệu, vì đơn vị chưa báo cáo hoặc chưa tính được; không phải là số 0."] if UNKNOWN in marks else []
    title = " ".join(asked.title.format(year=figures.year, system=system).split())
    return Table("", title, tuple(heads), lines, tuple(notes))


def _says_something(values: Sequence[Value]) -> bool:
    return any((isinstance(value, Mark) and value.text == HIDDEN) or (not isinstance(value, Mark) and value) for value in values)


def _rest(columns: Sequence[Asked], own: Sequence[Value], below: Sequence[Sequence[Value]]) -> list[Value]:
    """What a unit has beside those below it, where all is known and adds up; nothing where that is nought."""
    left: dict[str, int] = {}
    for n, c in enumerate(columns):
        whole, parts = own[n], [values[n] for values in below]
        if c.share or not c.adds or c.shown_as != "count":
            continue
        if not isinstance(whole, int) or not all(isinstance(part, int) for part in parts):
            return []
        left[c.name] = whole - sum(part for part in parts if isinstance(part, int))
    if not any(left.values()):
        return []
    if any(value < 0 for value in left.values()):
        return []  # somebody stands in two of them
    shares = {c.name: (left[c.share[0]], left[c.share[1]]) for c in columns if c.share}
    divided = {name: above / whole if whole else Mark(NONE) for name, (above, whole) in shares.items()}
    return [left.get(c.name, divided.get(c.name, Mark(""))) for c in columns]
