"""Canaries: names, identity numbers and birth dates of nobody, planted in every place that a submission has, and looked for in all that leaves.

What does not belong here: reading what a unit sends, and whatever else an attack tries (attack.py).
"""

import datetime as dt
import random
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import clean
import odd_files
import openpyxl
import polars as pl
from conftest import RATINGS_HEADER, City, pipeline, rating, tables, write_csv, write_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from test_leaving import OF_NOBODY

from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns


@dataclass
class Canaries:
    """Names, identity numbers and birth dates of nobody, of each kind one for a place; and what of them stands in a text."""

    places: list[str] = field(default_factory=list)

    def _at(self, place: str) -> int:
        if place not in self.places:
            self.places.append(place)
        return self.places.index(place)

    def name(self, place: str) -> str:
        n = self._at(place)
        return f"Hoàng Yến Canary{chr(97 + n // 676)}{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}q"

    def number(self, place: str, dotted: bool = False) -> str:
        digits = f"0928077{self._at(place):05}"
        return ".".join(digits[i : i + 3] for i in range(0, 12, 3)) if dotted else digits

    def day(self, place: str) -> str:
        return f"{dt.date(1917, 1, 1) + dt.timedelta(days=self._at(place)):%d/%m/%Y}"

    def all_of(self, place: str) -> str:
        return f"{self.name(place)} {self.number(place)} {self.day(place)}"

    SOUGHT = re.compile(
        rb"(?i)canary([a-z]{3})q|928077(\d{5})|92[. ]807[. ]7(\d\d)[. ](\d{3})|(19(?:1[7-9]|20)-\d\d-\d\d)|(\d\d)[/.-](\d\d)[/.-](19(?:1[7-9]|20))",
        re.ASCII,
    )

    def in_text(self, text: bytes) -> set[str]:
        """Places whose canary stands there, whether in one byte a letter or in two.

        >>> Canaries(["a", "b"]).in_text("hoang yen CANARYAABQ".encode("utf-16-le"))
        {'b'}
        """
        found = {
            self._place(hit)
            for part in ((text, text.replace(b"\0", b"")) if b"\0" in text else (text,))
            for hit in self.SOUGHT.finditer(part)
        }
        return found - {None}

    def _place(self, hit: re.Match[bytes]) -> str | None:
        letters, digits, two, three, iso, day, month, year = (group and group.decode() for group in hit.groups())
        if letters:
            n = 0
            for letter in letters.lower():
                n = n * 26 + ord(letter) - 97
        elif digits or two:
            n = int(digits or two + three)
        else:
            try:
                n = (dt.date.fromisoformat(iso or f"{year}-{month}-{day}") - dt.date(1917, 1, 1)).days
            except ValueError:
                return None
        return self.places[n] if n < len(self.places) else None


FORMATS = {"xlsx": "2021", "csv": "2020", "ods": "2019", "xlsb": "2018", "xls": "2017"}  # each in a period of its own: one file per dataset


def plant(city: City, folder: Path, formats: Iterable[str] = tuple(FORMATS)) -> Canaries:
    """A canary in every place that a submission has, from Q01.001; a clean file from another unit."""
    canaries = Canaries()
    for kind in formats:
        for dataset in SCHEMAS:
            title, rows = SCHEMAS[dataset].title, _rows_of(dataset, kind, canaries)
            city.put(f"{FORMATS[kind]}/Q01.001/{title}.{kind}", _file(kind, title, rows, folder))
    workbook(city.put(f"2016/Q01.001/{canaries.name('a file name')}.xlsx", b""), canaries)
    for place, path in {
        "an unknown folder": "2021/{}/Xếp loại.csv",
        "an unknown period": "{}/Q01.001/Xếp loại.csv",
        "a folder below the unit's": "2023/Q01.001/{}/Xếp loại.csv",
        "a folder called like a file": "2023/Q01.001/{}.xlsx/Xếp loại.csv",
        "a file beside all folders": "{}.csv",
        "a file that is none of ours": "2023/Q01.001/{}.pdf",
        "a file that nobody can read": "2023/Q01.003/{}.xlsx",
    }.items():
        city.put(
            path.format(canaries.all_of(place).replace("/", "-")), [RATINGS_HEADER, rating(1)] if path.endswith("csv") else b"%PDF-1.7"
        )
    link = city.home.raw / "2023" / "Q01.001" / f"{canaries.name('a link')}.csv"
    link.symlink_to(city.home.raw / "2021")
    city.put("2021/Q01.002/Xếp loại.csv", [RATINGS_HEADER, *(rating(n) for n in range(60, 66))])
    write_csv(city.home.registry / "withdrawals.csv", [
        ["period", "unit_code", "dataset", "withdrawn_on", "reason"],
        ["2020", "Q01.002", "ratings", "10/12/2021", canaries.all_of("why something was withdrawn")],
    ])  # fmt: skip
    said, born = "whom the city confirms", "whom it confirms by name"
    by = [canaries.name("who confirms"), canaries.all_of("why it is one person")]
    write_csv(city.home.registry / "identities.csv", [
        ["one_side", "one_value", "other_side", "other_value", "other_birth_date", "other_unit", "relation", "confirmed_on", "confirmed_by", "reason"],
        ["CCCD", canaries.number(said), "Họ tên", canaries.name(born), canaries.day(born), "Q01.002", "SAME", "10/12/2021", *by],
        ["CCCD", canaries.number(said), "CCCD", canaries.number("who is another"), None, None, "NOT_SAME", "10/12/2021", *by],
    ])  # fmt: skip
    return canaries


def _rows_of(dataset: str, kind: str, canaries: Canaries) -> list[list[str | None]]:
    """Title, table and signature: a good row for each column and each thing to plant in it, spoiled in that column alone."""
    columns = own_columns(SCHEMAS[dataset])
    rows = clean.make_table(random.Random(f"{dataset} {kind}"), dataset, 4 * len(columns), set(columns)).rows
    written = [{c: clean.text_of(dataset, c, row.get(c)) for c in columns} | {"unit": None} for row in rows]
    for n, column in enumerate(columns):
        place = f"{kind}: {dataset}, column {column}"
        day = None if column in OF_NOBODY else canaries.day(place)  # in a decision's day any day is the decision's
        said = (canaries.name(place), canaries.number(place), canaries.number(place, dotted=True), day)
        for row, text in zip(written[4 * n :], said, strict=False):
            row[column] = text
        if column == "decision_no":
            written[4 * n][column] = f"12-QĐ/{canaries.name(place).replace(' ', '')}"
            written[4 * n + 3][column] = canaries.day(place).replace("/", ".")
    head = [columns[c].title for c in columns]
    return [
        [canaries.all_of(f"{kind}: {dataset}, title")], [None], [*head, canaries.all_of(f"{kind}: {dataset}, unknown header"), "Ghi chú"],
        *[[*row.values(), None, canaries.all_of(f"{kind}: {dataset}, note") if n == 1 else None] for n, row in enumerate(written)],
        [None], [canaries.all_of(f"{kind}: {dataset}, signature")],
    ]  # fmt: skip


def _file(kind: str, title: str, rows: list[list[str | None]], folder: Path) -> bytes | list:
    if kind == "csv":
        return rows
    if kind == "ods":
        cells = ("".join(odd_files.ods_cell(v or "") for v in row) for row in rows)
        return odd_files.ods("".join(f"<table:table-row>{row}</table:table-row>" for row in cells), name=title)
    if kind == "xlsb":
        return odd_files.xlsb({(r, c): v for r, row in enumerate(rows) for c, v in enumerate(row) if v}, name=title)
    write_workbook(folder / "made.xlsx", {title: rows})
    made = (folder / "made.xlsx").read_bytes()
    return odd_files.converted(made, "xls", folder) if kind == "xls" else made


def workbook(target: Path, canaries: Canaries) -> None:
    """A canary in everything that a workbook has besides cells, and where a library may stumble over one."""

    def where(place: str) -> str:
        return canaries.all_of(f"workbook: {place}")

    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = f"Xếp loại {canaries.name('workbook: sheet')}"[:31]
    for row in [RATINGS_HEADER, *(rating(n) for n in range(70, 80))]:
        sheet.append(row)
    sheet["E3"].value = "Tốt lắm"  # a fault: the workbook is opened, marked and given back
    sheet["G1"].value = "Ghi chú"
    for cell, sign in (("G2", 1), ("G3", -1)):  # no days
        sheet[cell].value, sheet[cell].number_format = sign * int(canaries.number(f"workbook: {cell}, no day")), "dd/mm/yyyy"
    sheet["G4"].comment = Comment(where("comment"), canaries.name("workbook: author of a comment"))
    sheet["G5"].hyperlink = f"http://{canaries.number('workbook: link')}.example/{canaries.name('workbook: link')}"
    sheet["G5"].hyperlink.tooltip = where("tip of a link")
    sheet["G6"].value = f'=HYPERLINK("http://{canaries.number("workbook: formula")}.example","{canaries.name("workbook: formula")}")'
    sheet.conditional_formatting.add("G2:G9", FormulaRule(formula=[f'G2="{where("colour rule")}"']))
    check = DataValidation(
        type="list", formula1=f'"{where("drop-down list")}"', prompt=where("prompt of a list"), error=where("error of a list")
    )
    check.add("G7")
    sheet.add_data_validation(check)
    made.defined_names["ma"] = DefinedName("ma", attr_text=f'"{where("defined name")}"', comment=where("comment of a name"))
    called = canaries.name("workbook: name of a name").replace(" ", "_")
    made.defined_names[called] = DefinedName(called, attr_text="1")
    sheet.oddHeader.center.text, sheet.oddFooter.left.text = f"&Z{where('header')}", where("footer")
    sheet.print_title_rows = "1:1"
    hidden = made.create_sheet(f"Ẩn {canaries.name('workbook: hidden sheet')}"[:31])
    hidden.sheet_state = "hidden"
    hidden.append([where("cell of a hidden sheet")])
    listed = made.create_sheet("Danh sách")
    listed.append([canaries.name("workbook: column of a table"), "b"])
    listed.append([where("cell of a table"), "1"])
    listed.add_table(Table(displayName=canaries.name("workbook: table").replace(" ", "_"), ref="A1:B2"))
    for name in ("title", "subject", "creator", "keywords", "description", "lastModifiedBy", "category"):
        setattr(made.properties, name, where(f"property {name}"))
    made.custom_doc_props.append(StringProperty(name=canaries.name("workbook: own property"), value=where("value of an own property")))
    made.save(target)
    drawing = '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"><xdr:pic><xdr:cNvPr id="1" name="{}" descr="{}"/></xdr:pic></xdr:wsDr>'
    extension = f'<extLst><ext uri="{{1}}" xmlns:q="urn:{canaries.number("workbook: extension")}"><q:x>{where("extension")}</q:x></ext></extLst></worksheet>'
    picture = f'<Relationship Id="rId99" Type="http://x.example/image" Target="../media/{canaries.number("workbook: picture")}.png"/></Relationships>'
    target.write_bytes(odd_files.changed(target.read_bytes(), {
        "xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"</worksheet>", extension.encode()),
        "xl/worksheets/_rels/sheet1.xml.rels": lambda xml: xml.replace(b"</Relationships>", picture.encode()),
        f"xl/media/{canaries.number('workbook: picture')}.png": lambda _: b"no picture",
        "xl/drawings/drawing9.xml": lambda _: drawing.format(where("name of a picture"), where("words for a picture")).encode(),
        "customXml/item1.xml": lambda _: f"<a>{where('custom XML')}</a>".encode(),
        "xl/printerSettings/printerSettings1.bin": lambda _: where("printer").encode("utf-16-le"),
    }))  # fmt: skip


# ── where they are looked for ────────────────────────────────────────────────────────────────────────────────────


def texts(file: Path) -> Iterator[bytes]:
    """A file's own bytes, and what lies packed in it: parts, tables, rows."""
    data = file.read_bytes()
    yield data
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            yield "\n".join(archive.namelist()).encode()
            yield from (archive.read(name) for name in archive.namelist())
    elif data.startswith(b"SQLite format 3"):
        with sqlite3.connect(file) as db:
            for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for row in db.execute(f'SELECT * FROM "{table}"'):
                    yield b"\n".join(v if isinstance(v, bytes) else str(v).encode("utf-8", "replace") for v in row if v is not None)
    elif data[8:12] == b"DUCK":
        yield from (frame.write_csv().encode() for frame in tables(Home(file), file).values())
    elif data.startswith(b"PAR1"):
        frame = pl.read_parquet(file)
        yield frame.select(c for c in frame.columns if frame.schema[c] not in (pl.List, pl.Struct)).write_csv().encode()


def found_below(canaries: Canaries, folder: Path, but: Callable[[Path], bool] = lambda file: False) -> dict[str, set[str]]:
    """Place → files below a folder, and their names, that hold what was planted there."""
    found: dict[str, set[str]] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if but(file):
            continue
        held = canaries.in_text(name.encode("utf-8", "replace"))
        if file.is_file() and not file.is_symlink():
            held = held.union(*map(canaries.in_text, texts(file)))
        for place in held:
            found.setdefault(place, set()).add(name)
    return found


@dataclass
class Leaks:
    """Of the canaries: how many places, what was looked through, and where one stood that must not."""

    places: int
    planted: set[str]  # found where they were put, by the same search
    looked_at: dict[str, int] = field(default_factory=dict)  # what → files or words
    leaks: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)  # commands, after what was planted

    def look(self, what: str, canaries: Canaries, folder: Path, but: Callable[[Path], bool] = lambda file: False) -> None:
        self.looked_at[what] = sum(file.is_file() and not but(file) for file in folder.rglob("*"))
        self.leaks += [f"{what}: {place}, in {min(where)}" for place, where in found_below(canaries, folder, but).items()]

    def read(self, what: str, canaries: Canaries, *said: str) -> None:
        self.looked_at[what] = sum(map(len, said))
        self.leaks += [f"{what}: {place}" for place in sorted(canaries.in_text("\n".join(said).encode("utf-8", "replace")))]


def let_canaries_out(folder: Path, formats: Iterable[str] = tuple(FORMATS), brief: bool = False) -> Leaks:
    """Plant, then do what a city does, and look for canaries everywhere but in the archive, the restricted zone and the sender's own answer."""
    city, outside = City(folder / "data"), {name: folder / name for name in ("temporary", "cache")}
    for place in outside.values():
        place.mkdir(exist_ok=True)
    home, canaries = city.home, plant(city, folder, formats)
    done_so_far: list[str] = []
    variables = {"TMPDIR": str(outside["temporary"]), "XDG_CACHE_HOME": str(outside["cache"])}

    def run(*command: str, first: str = "", fails: bool = False, how: str = "", **more: str) -> str:
        done_so_far.append(" ".join([command[0], how]).strip())
        done = pipeline(home, *command, first=first, **variables, **more)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    said = [run("load", PYTHONWARNINGS="always")]
    first_answer = next((home.outbox / "2016" / "Q01.001").glob("*.xlsx"))
    leaks = Leaks(len(canaries.places), set(found_below(canaries, home.raw)), done=done_so_far)
    # the unit explains, the city confirms a header of the unit's own and reads a law: everything is judged again, and each verdict is said to have changed
    explained(first_answer, canaries)
    shutil.copy(first_answer, next((home.raw / "2016" / "Q01.001").glob("*.xlsx")))
    write_csv(home.registry / "layouts.csv", [
        ["Mã đơn vị", "Bộ dữ liệu", "Tên cột của đơn vị", "Nghĩa là cột", "Ngày xác nhận"],
        ["Q01.001", "ratings", canaries.all_of("csv: ratings, unknown header"), "", "10/12/2021"],
    ])  # fmt: skip
    read = ["N10", "Nguyễn Văn Mẫu", "10/12/2021", "Công báo"]
    write_csv(home.registry / "confirmations.csv", [["Phiên bản", "Người xác nhận", "Ngày xác nhận", "Nơi đọc"], read])
    said.append(run("load", first=ALL_CHANGED + GONE, how="that judges everything again and misses a file"))
    assert "verdict changed" in said[-1] and "the next load takes what is there then" in said[-1]
    if not brief:
        for command in (
            ("receipts",),
            ("verify",),
            ("backup", str(folder / "backup")),
            ("template", "--unit", "Q01.003", "--period", "2022"),
        ):
            said.append(run(*command))
        said.append(lost_bytes(home, run))
        checked = next((home.raw / "2016" / "Q01.001").glob("*.xlsx"))
        run("check", str(checked), "--period", "2016", "--unit", "Q01.001", fails=True)  # its answer is its owner's
    leaked = folder / "leaves"  # as what may leave: figures and their pages
    said.append(run("export", str(leaked), "--public", "--pages", "--why", "Gửi báo"))
    leaks.look("public exports and pages", canaries, leaked)
    leaks.places = len(canaries.places)
    leaks.planted |= set(found_below(canaries, home.raw))
    leaks.read("what commands say", canaries, *said)
    leaks.look("versions and exports", canaries, home.versions)
    leaks.look("Dagster's folder", canaries, home.dagster)
    own = {home.archive, home.restricted, home.versions, home.dagster}
    leaks.look("the rest of the warehouse", canaries, home.warehouse, lambda file: any(file.is_relative_to(folder) for folder in own))
    leaks.look("templates of another unit", canaries, home.templates)
    leaks.look("answers to other units", canaries, home.outbox, lambda file: "Q01.001" in file.parts or _is_unknown(file, home))
    for what, place in outside.items():
        leaks.look(f"{what} files after it all", canaries, place)
    return leaks


def _is_unknown(file: Path, home: Home) -> bool:
    """The answer to a folder that is no unit's, and the file that a unit of its own sent under a name."""
    parts = file.relative_to(home.outbox).parts
    return len(parts) > 1 and (parts[1] == "Q01.003" or not parts[1].startswith("Q01"))


def explained(answer: Path, canaries: Canaries) -> None:
    """The unit's reason, in the sheet that is ours."""
    book = openpyxl.load_workbook(answer)
    book["Giải trình"]["F5"].value = canaries.all_of("an explanation")
    book.save(answer)


ALL_CHANGED = """
import polars as pl
from pipeline.nightly import batches
old = batches._old_verdicts
batches._old_verdicts = lambda home, contract: old(home, contract).with_columns(verdict_before=pl.lit("NONE"))
"""
# A file is there when it is found and not when it is archived; and one goes away while it is looked at.
GONE = """
from pipeline import gate
from pipeline.nightly import reading, recording
found, kept = gate.find, recording.keep
def find(home):
    files, gone = found(home)
    return files, [*gone, *(one.path for one in files)]
gate.find = find
recording.keep = reading.keep = lambda home, files: kept(home, files) | {content_hash for file, content_hash in files if "Q01.002" in str(file)}
import pathlib, os
(pathlib.Path(os.environ["PERSONNEL_HOME"]) / "raw" / "2021" / "Q01.002" / "Xếp loại.csv").write_text("x")
"""


def lost_bytes(home: Home, run: Callable[..., str]) -> str:
    """The archive and its backup lost everything, and the load has to read it again: what it says of it. All is put back."""
    kept = home.root / "kept"
    kept.mkdir()
    away = [home.blobs, home.root.parent / "backup", *(folder for folder in home.raw.iterdir() if folder != home.registry)]
    for place in away:
        place.rename(kept / place.name)
    shutil.rmtree(home.restricted / home.landing.resolve().name)
    city_file = home.raw / "2021" / "Q01.002" / "Kỷ luật.csv"
    city_file.parent.mkdir(parents=True)
    city_file.write_text("x\n", "utf-8")
    said = run("load", fails=True, how="that misses the archive's bytes")
    for place in away:
        shutil.rmtree(place, ignore_errors=True)
        (kept / place.name).rename(place)
    assert "its archived file is missing" in said
    return said + run("load")
