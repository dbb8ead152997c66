"""The files of a sample city as offices send them: workbooks, single sheets, CSV; and the registry.

What does not belong here: what is true. A row may carry `_raw`, cells to write word for word, and `_planted`, the faults it shows.
"""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from pipeline import law
from pipeline.codes import labels
from pipeline.presentation import day
from pipeline.sample.city import CALENDAR
from pipeline.sample.facts import ALIASES, PROGRAMMES, Row
from pipeline.sample.office import POSTS, Cell, Office
from pipeline.sample.own_forms import Laid, kind_of, laid_out
from pipeline.sample.tree import RENAMED_ON, Unit

SIGNER: dict[str, Cell] = {  # who signs the city's reports: invented
    "Bên ký": "Đảng",
    "Cơ quan cấp trên": "Thành ủy Cần Thơ",
    "Cơ quan ban hành": "Ban Tổ chức",
    "Ký hiệu": "BTCTU",
    "Địa danh": "Cần Thơ",
    "Quyền hạn ký": "K/T TRƯỞNG BAN",
    "Chức vụ": "PHÓ TRƯỞNG BAN",
    "Người ký": "Nguyễn Văn Mẫu",
    "Nơi nhận": "Ban Thường vụ Thành ủy; Ban Tổ chức Trung ương; Lưu Văn phòng Ban Tổ chức",
    "Hiệu lực từ": dt.date(2020, 10, 1),
}

OF_FILE = {"excellent_within_cap"}  # planted in rows, found in their sum: the finding names no row
EPOCH = dt.date(1899, 12, 30)
MADE_ON = dt.datetime(2022, 1, 10, 8, 0)  # stands in every workbook, so that the same seed gives the same bytes


@dataclass(frozen=True)
class Packet:
    """What one sender sends for one period."""

    period: str
    sender: Unit
    above: str
    tables: dict[str, list[Row]]


@dataclass(frozen=True)
class Planted:
    """A fault that a load should find, at its place. `row` is blank for a fault of a whole file."""

    path: str
    sheet: str
    row: int | None
    rule_code: str
    kind: str
    version_code: str = ""  # of a rule of law: the version that it breaks
    shown_from: str = ""  # the first load's day that can know of it

    def __post_init__(self) -> None:
        if self.version_code not in ([v.code for v in law.book() if v.rule_code == self.rule_code] or [""]):
            raise ValueError(f"{self.rule_code} is planted as version {self.version_code or 'none'}, which is none of its own")


@dataclass(frozen=True)
class Sent:
    """A list that went out in a form of the office's own: the path of its file, its dataset, what kind of form it is, how many people it holds,
    and how many of its columns say nothing of ours."""

    path: str
    dataset: str
    kind: str
    people: int
    strange: int


@dataclass
class Grid:
    """A sheet: its cells, and the faults in its rows by number."""

    name: str
    cells: list[list[Cell]]
    planted: Sequence[tuple[int | None, tuple[str, ...]]]
    header: int = 0  # position of the header row
    hidden_row: int | None = None  # positions
    hidden_column: int | None = None
    is_hidden: bool = False
    form: Laid | None = None  # as which it is drawn, with its lines


def office_of(seed: int, packet: Packet) -> Office:
    return Office(packet.sender, packet.above, Random(f"{seed}/{packet.sender.unit_code}"))


@dataclass
class Written:
    """What was written: paths below raw, where the planted faults came to stand, and what went out in offices' own forms."""

    paths: list[str] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)


def write_packets(raw: Path, seed: int, packets: list[Packet], forms: float = 0.0) -> Written:
    """Write what each sender sends; `forms`: the share of files that are in forms of their own."""
    written = Written()
    for packet in packets:
        office = office_of(seed, packet)
        folder = raw / packet.period / packet.sender.unit_code
        folder.mkdir(parents=True, exist_ok=True)
        for name, datasets in datasets_of_files(office, packet).items():
            path = f"{packet.period}/{packet.sender.unit_code}/{name}"
            rng = Random(f"{seed}/form of {path}")
            if rng.random() < forms:
                sheets, sent = _own_forms(office, packet, path, datasets, rng)
                written.sent += sent
            else:
                sheets = [grid(office, packet.period, d, packet.tables[d]) for d in datasets]
            (folder / name).write_bytes(file_bytes(name, sheets, office))
            written.paths.append(path)
            written.planted += places(path, sheets)
    return written


def _own_forms(office: Office, packet: Packet, path: str, datasets: list[str], rng: Random) -> tuple[list[Grid], list[Sent]]:
    """The sheets of a file that is in the office's own forms, and what they hold."""
    grids: list[Grid] = []
    sent: list[Sent] = []
    for dataset in datasets:
        kind = kind_of(dataset, rng, path.endswith(".csv"))
        sheets = laid_out(kind, office, packet.period, packet.tables[dataset], rng)
        grids += [Grid(s.name, s.cells, (), s.head.start, form=s) for s in sheets]
        sent.append(Sent(path, dataset, kind.name, sum(s.people for s in sheets), sum(s.strange for s in sheets)))
    return grids, sent


def places(path: str, sheets: list[Grid]) -> list[Planted]:
    """Where in a file its planted faults stand; a CSV has no sheet's name, a fault of the whole table neither."""
    nameless = path.endswith(".csv")
    found = ((g, None if fault[0] in OF_FILE else row, fault) for g in sheets for row, fault in g.planted)
    return [Planted(path, "" if row is None or nameless else g.name, row, *fault) for g, row, fault in found]


def datasets_of_files(office: Office, packet: Packet) -> dict[str, list[str]]:
    """A sender's files by name, and the datasets in each."""
    if office.packing == "WORKBOOK":
        return {f"{office.workbook_name(packet.period)}.xlsx": [*packet.tables]}
    return {f"{office.names[d]}.{'csv' if office.packing == 'CSV' else 'xlsx'}": [d] for d in packet.tables}


def packet_files(office: Office, packet: Packet) -> dict[str, list[Grid]]:
    """A sender's files by name, each with its sheets, as the template has them."""
    files = datasets_of_files(office, packet)
    return {name: [grid(office, packet.period, d, packet.tables[d]) for d in datasets] for name, datasets in files.items()}


def file_bytes(name: str, sheets: list[Grid], office: Office) -> bytes:
    return csv_bytes(sheets[0], office) if name.endswith(".csv") else xlsx_bytes(sheets)


def grid(office: Office, period: str, dataset: str, rows: list[Row]) -> Grid:
    columns = office.columns(dataset, rows)
    writers = office.writers(dataset, columns)
    cells = office.title_rows(dataset, period)
    header = len(cells)
    cells.append([office.counter, *(office.headers[dataset, c] for c in columns)])
    planted = []
    last = None
    for number, row in enumerate(rows, start=1):
        if office.gaps and number > 1 and row["unit"] is not last:
            cells.append([])
        last = row["unit"]
        written = [write(row) for write in writers]
        for column, raw in row.get("_raw", {}).items():
            written[columns.index(column)] = raw
        cells.append([float(number), *written])
        planted += [(len(cells), fault) for fault in row.get("_planted", ())]
    return Grid(office.names[dataset], cells, planted, header)


def xlsx_bytes(sheets: list[Grid]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": MADE_ON})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    drawn = styles(book) if any(g.form for g in sheets) else {}
    for g in sheets:
        sheet = book.add_worksheet(g.name)
        if g.form:
            draw(sheet, g.form, drawn)
            continue
        sheet.set_column(1, 3, 22)
        text, number = sheet.write_string, sheet.write_number
        for r, row in enumerate(g.cells):
            for c, value in enumerate(row):
                if value is None:
                    continue
                if isinstance(value, str):
                    text(r, c, value)
                elif isinstance(value, dt.date):
                    number(r, c, (value - EPOCH).days, day)
                else:
                    number(r, c, value)
        if g.hidden_row is not None:
            sheet.set_row(g.hidden_row, None, None, {"hidden": True})
        if g.hidden_column is not None:
            sheet.set_column(g.hidden_column, g.hidden_column, None, None, {"hidden": True})
        if g.is_hidden:
            sheet.hide()
    book.close()
    return buffer.getvalue()


def styles(book: Any) -> dict[str, Any]:
    """How the parts of a printed form look."""
    middle, lines, day = {"align": "center", "valign": "vcenter"}, {"border": 1}, {"num_format": "dd/mm/yyyy"}
    bold = {"bold": True}
    looks = {
        "above": bold, "title": bold | middle, "head": bold | middle | lines | {"text_wrap": True},
        "body": lines, "mark": lines | middle, "day": lines | day, "below": {},
    }  # fmt: skip
    return {name: book.add_format(look) for name, look in looks.items()}


def draw(sheet: Any, form: Laid, style: dict[str, Any]) -> None:
    """A form as it is printed: titles in the middle, lines around its table, headers merged and wrapped."""
    table, head, wide = form.table, form.head, len(form.cells[form.head.start])
    for c in range(wide):
        said = [row[c] for row in form.cells[head.stop : table.stop] if c < len(row) > 2]
        header = next((str(form.cells[r][c]) for r in reversed(head) if form.cells[r][c]), "")
        longest = max([3, *(10 if isinstance(v, dt.date) else len(_csv_text(v)) for v in said), *map(len, header.split())])
        sheet.set_column(c, c, min(longest, 32) + 2)
    sheet.set_row(head.stop - 1, 48)
    for r, row in enumerate(form.cells):
        part = "above" if r < head.start else "head" if r in head else "body" if r in table else "below"
        for c, value in enumerate([*row, *[None] * (wide - len(row))] if r in table else row):
            if isinstance(value, str):
                sheet.write_string(r, c, value, style["mark" if part == "body" and (len(value) == 1 or value.startswith("(")) else part])
            elif isinstance(value, dt.date):
                sheet.write_number(r, c, (value - EPOCH).days, style["day"])
            elif value is not None:
                sheet.write_number(r, c, value, style[part])
            elif r in table:
                sheet.write_blank(r, c, None, style[part])
    for first, left, last, right in form.merges:
        sheet.merge_range(first, left, last, right, form.cells[first][left] or "", style["title" if first < head.start else "head"])
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)


def csv_bytes(g: Grid, office: Office) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=office.delimiter, lineterminator="\r\n")
    writer.writerows([_csv_text(v) for v in row] for row in g.cells)
    return text.getvalue().encode(office.encoding)


def _csv_text(value: Cell) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return "" if value is None else str(value)


def write_registry(registry: Path, units: list[Unit], due_on: dt.date | None) -> list[str]:
    """`units` with their stretches, `calendar` with what is owed, `programmes`, `providers` and `posts` with how offices call them, `signers`."""
    registry.mkdir(parents=True, exist_ok=True)
    types = labels("unit_type")
    cells: list[list[Cell]] = [
        ["Mã định danh", "Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Mã định danh cấp trên", "Hiệu lực từ", "Hiệu lực đến"]
    ]
    for u in units:
        same: list[Cell] = [types[u.unit_type_code], u.parent_unit_id]
        if u.former_name:
            cells.append([u.unit_id, u.unit_code, u.former_name, *same, u.valid_from, RENAMED_ON - dt.timedelta(days=1)])
        cells.append([u.unit_id, u.unit_code, u.unit_name, *same, RENAMED_ON if u.former_name else u.valid_from, None])
    (registry / "units.xlsx").write_bytes(xlsx_bytes([Grid("Đơn vị", cells, [])]))
    for name, prefix, place in (("programmes", "CT", 0), ("providers", "CS", 1)):
        things = dict.fromkeys(taught[place] for taught, _ in PROGRAMMES.values())
        items: list[list[Cell]] = [[f"{prefix}{n:02}", thing, ALIASES.get(str(thing))] for n, thing in enumerate(things, start=1)]
        (registry / f"{name}.xlsx").write_bytes(xlsx_bytes([Grid(name, [["Mã", "Tên", "Cách viết khác"], *items], [])]))
    posts = [(group, words) for group, called in POSTS.items() for words in called]
    of_posts: list[list[Cell]] = [[f"CV{n:02}", words, labels("post")[group]] for n, (group, words) in enumerate(posts, start=1)]
    (registry / "posts.xlsx").write_bytes(xlsx_bytes([Grid("posts", [["Mã", "Tên", "Nhóm"], *of_posts], [])]))
    (registry / "signers.xlsx").write_bytes(
        xlsx_bytes([Grid("signers", [["Mã đơn vị", *SIGNER], [units[0].unit_code, *SIGNER.values()]], [])])
    )
    datasets = labels("dataset")
    with (registry / "calendar.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Bộ dữ liệu", "Loại đơn vị", "Kỳ", "Hạn nộp"])
        for period, owed in CALENDAR.items():
            for dataset, due in owed.items():
                for unit_type in ("BASE_COMMITTEE", "BASE_CELL"):
                    writer.writerow([datasets[dataset], types[unit_type], period, day(due_on or due)])
    return [f"{registry.name}/{file.name}" for file in registry.iterdir()]
