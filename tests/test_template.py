"""A unit's template: made of the schemas, filled with the unit's people, red where a fault is typed, accepted when it is right."""

import csv
import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pandera.polars as pa
import polars as pl
import pytest
import xlsxwriter
from conftest import UNITS, City, differing, load, member, number, pipeline, roster, tables

from pipeline import codes, nightly
from pipeline.answers.template import workbook as template
from pipeline.answers.template.faults import fault
from pipeline.answers.template.people import Sender, find_roster, find_sender
from pipeline.judging import layouts
from pipeline.ledger.find import find_registry, fingerprint
from pipeline.names_and_numbers import read_identity
from pipeline.paths import Home
from pipeline.presentation import MISSING, WRONG, written
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import Roster
from pipeline.schemas.columns import column, dataset, template_columns
from pipeline.schemas.files import LISTS_SHEET, LOOKUP_SHEET
from pipeline.schemas.kinds import KINDS, Meta, meta
from pipeline.values import read_date, read_number, read_period, read_shape

FIRST = template.HEADER + 2  # the first row below the header, as a sheet counts
SENDER = Sender("U3", "Q01.001", "Đảng bộ phường Một", {"U3": "Đảng bộ phường Một"}, {"U3": "Đảng bộ phường Một"})
needs_office = pytest.mark.skipif(not shutil.which("soffice") or not shutil.which("pdftoppm"), reason="LibreOffice is not here")


def toy(**more: pa.Column) -> pa.DataFrameSchema:
    columns = {
        "programme": column("Chương trình", required=True, description="Text."),
        "identity_number": column("Số CCCD", kind="identity", description="Identity."),
        "day": column("Ngày", kind="date", description="Day."),
        "sex_code": column("Giới tính", kind="code", codes_of="sex", description="Code."),
        "is_planned": column("Trong quy hoạch", kind="boolean", description="Boolean."),
        "score": column("Điểm", kind="number", between=(0, 100), description="Number."),
        "decision_no": column("Số quyết định", kind="shape", description="Shape."),
        "period": column("Kỳ", kind="period", description="Period."),
    }
    return dataset("toy", title="Thử", description="Thử.", columns=columns | more, rules=[], example={})


def book(data: bytes | Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data) if isinstance(data, bytes) else data)


def made(home: Home, unit: str = "Q01.001", period: str = "2021") -> tuple[Sender, Roster | None, bytes]:
    units = nightly.check_registry(home, find_registry(home)).units
    sender = find_sender(units, unit, period)
    assert sender
    people = find_roster(home, units, sender, period)
    return sender, people, template.workbook(SCHEMAS, sender, period, people)


def table(sheet: Any) -> list[dict[str, Any]]:
    """The rows below the header by the header's words."""
    header, *rows = sheet.iter_rows(min_row=template.HEADER + 1, values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows if any(row)]


def checked(file: Path, period: str = "2021") -> dict[str, pl.DataFrame]:
    return nightly.check_file(file, fingerprint(file.read_bytes()), period)


# ── made of the schemas ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_column_is_in_the_next_template() -> None:
    grown = toy(hours=column("Số tiết", kind="number", required=True, between=(1, 9), description="Hours."))
    before, after = (book(template.workbook({"toy": s}, SENDER, "2021", None))["Thử"] for s in (toy(), grown))
    headers = [[c.value for c in sheet[template.HEADER + 1]] for sheet in (before, after)]
    assert headers[1] == [*headers[0], "Số tiết (*)"]
    assert "phải từ 1 đến 9" in after.cell(template.HEADER + 1, 9).comment.text
    rules = {str(area.sqref).split(":")[0]: found for area, found in after.conditional_formatting._cf_rules.items()}
    assert len(rules[f"I{FIRST}"]) == 2 and f"I{FIRST}" not in [str(a.sqref).split(":")[0] for a in before.conditional_formatting]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_column_has_its_header_and_note_and_the_reader_knows_them(name: str) -> None:
    layout = layouts.layout_of(SCHEMAS)
    sheet = book(template.workbook(SCHEMAS, SENDER, "2021", None))[SCHEMAS[name].title]
    assert layout.names[codes.fold(sheet.title)] == name
    header = sheet[template.HEADER + 1]
    assert [layout.headers[name][codes.fold(cell.value)] for cell in header] == list(template_columns(SCHEMAS[name]))
    for cell, col in zip(header, template_columns(SCHEMAS[name]).values(), strict=True):
        assert cell.value.endswith("(*)") == (meta(col).required or meta(col).wanted)
        assert cell.protection.locked
        assert cell.comment.text.startswith(f"{col.title}: ")
    free = [n for d in sheet.column_dimensions.values() if not d.protection.locked for n in range(d.min, d.max + 1)]
    assert sheet.protection.sheet and not sheet.protection.password and sorted(free) == list(range(1, len(header) + 1))
    assert sheet.freeze_panes and sheet.print_title_rows == f"${template.HEADER + 1}:${template.HEADER + 1}"


def test_the_note_holds_the_rules_of_the_column_that_may_govern_the_period() -> None:
    notes = {year: book(template.workbook(SCHEMAS, SENDER, year, None))["Xếp loại"]["I7"].comment.text for year in ("2021", "2025")}
    assert "khung điểm" not in notes["2021"] and "khung điểm" in notes["2025"]


def test_lists_hold_the_labels_to_choose_and_every_spelling() -> None:
    lists = book(template.workbook(SCHEMAS, SENDER, "2021", None))
    assert lists[LISTS_SHEET].sheet_state == "hidden"
    columns = {c[0].value: [cell.value for cell in c[1:] if cell.value] for c in lists[LISTS_SHEET].iter_cols()}
    for name in ("rating_level", "ethnicity", "boolean"):
        of_now = {code: label for code, label in codes.labels(name).items() if code not in ("CLEAN_STRONG", "LIMITED", "WEAK")}
        assert columns[name][: len(of_now)] == list(of_now.values())
        assert {codes.fold(s) for s in columns[name]} == {s for s, code in codes.spellings(name).items() if code in of_now}
        assert lists.defined_names[f"chon_{name}"].value.endswith(f"${len(of_now) + 1}")


# ── whose people ─────────────────────────────────────────────────────────────────────────────────────────────────


def truth(home: Home, name: str, sender: str = "Q01.001") -> pl.DataFrame:
    return pl.read_parquet(home.truth / f"{name}.parquet").filter(period="2021", sender_code=sender)


def test_the_roster_stands_in_the_template_as_it_was_sent(small: Home) -> None:
    rows = table(book(made(small)[2])["Nhân sự"])
    sent = truth(small, "personnel")
    assert len(rows) == sent.height > 0
    codes_of = {c: codes.labels(meta(col).codes) for c, col in template_columns(SCHEMAS["personnel"]).items() if meta(col).codes}
    names = {u["unit_code"]: u["unit_name"] for u in nightly.check_registry(small, find_registry(small)).units.to_dicts()}
    written = {(r["Số CCCD (*)"], r["Từ ngày (*)"]): r for r in rows}
    for row in sent.to_dicts():
        found = written[row["identity_number"], f"{row['spell_from']:%d/%m/%Y}"]
        assert found["Họ và tên (*)"].casefold() == row["full_name"].casefold()
        assert found["Tình trạng đảng viên (*)"] == codes_of["member_status_code"][row["member_status_code"]]
        assert found["Trình độ chuyên môn"] == codes_of["education_code"].get(row["education_code"])
        assert (found["Đơn vị"] or "Q01.001") in (row["unit"], names[row["unit"]])


def test_every_member_at_the_years_end_waits_for_a_level(small: Home) -> None:
    rows = table(book(made(small)[2])["Xếp loại"])
    due = truth(small, "ratings").filter(rating_system_code="PARTY_MEMBER")
    assert sorted(r["Số CCCD"] for r in rows) == sorted(due["identity_number"])
    assert {(r["Hệ xếp loại"], r["Loại kỳ"], r["Kỳ xếp loại"], r["Mức xếp loại (*)"]) for r in rows} == {("Đảng viên", "Năm", "2021", None)}


def test_a_superiors_template_holds_everybody_below_and_nobody_else(small: Home) -> None:
    rows = table(book(made(small, "Q01")[2])["Nhân sự"])
    sent = pl.read_parquet(small.truth / "personnel.parquet").filter(
        pl.col("period") == "2021", pl.col("sender_code").str.starts_with("Q01.")
    )
    assert {r["Số CCCD (*)"] for r in rows} == set(sent["identity_number"])


def test_next_year_begins_with_who_is_still_there(small: Home, tmp_path: Path) -> None:
    _, people, data = made(small, period="2022")
    assert people and people.year == 2021
    rows = table(book(data)["Nhân sự"])
    there = truth(small, "personnel").filter(pl.col("spell_to").is_null())
    assert {r["Số CCCD (*)"] for r in rows} == set(there["identity_number"]) and all(r["Đến ngày"] is None for r in rows)
    file = tmp_path / "mau.xlsx"
    file.write_bytes(data)
    told = checked(file, "2022")["findings"].filter(pl.col("dataset_code") == "personnel")
    assert told.is_empty(), told.rows(named=True)


@pytest.fixture(scope="module")
def storied(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A loaded city with a unit that was renamed, two of one name, and days of which only month or year is known."""
    city = City(tmp_path_factory.mktemp("storied") / "data")
    city.registry(
        [
            *UNITS[:4],
            ("U5", "Q01.001.02", "Chi bộ 2 cũ", "CELL", "U3", "01/01/2000", "30/06/2021"),
            ("U5", "Q01.001.02", "Chi bộ 2", "CELL", "U3", "01/07/2021", None),
            ("U8", "Q01.001.03", "Chi bộ ba", "CELL", "U3", "01/01/2000", None),
            ("U9", "Q01.001.04", "CHI BỘ BA", "CELL", "U3", "01/01/2000", None),
            *UNITS[5:],
        ]
    )
    city.put("2021/Q01.001/Nhân sự.csv", roster([member(n, f"Q01.001.0{n}") for n in (1, 2, 3, 4)]))
    city.put("2021/Q01.002/Nhân sự.csv", roster([[1, "Nguyễn Văn A", number(9), None, "Chính thức", "3/2010", "2009"]]))
    load(city.home)
    return city.home


def test_months_and_years_stay_what_they_are(storied: Home) -> None:
    (row,) = table(book(made(storied, "Q01.002")[2])["Nhân sự"])
    assert (row["Từ ngày (*)"], row["Ngày vào Đảng"], row["Số CCCD (*)"]) == ("03/2010", "2009", number(9))


def test_a_unit_is_written_so_that_it_means_itself(storied: Home) -> None:
    """By name; by code where two below the sender have the name or one of them had another before."""
    sender, _, data = made(storied)
    assert list(sender.words.values()) == ["Đảng bộ phường Một", "Chi bộ 1", "Q01.001.02", "Q01.001.03", "Q01.001.04"]
    assert {r["Đơn vị"] for r in table(book(data)["Nhân sự"])} == {"Chi bộ 1", "Q01.001.02", "Q01.001.03", "Q01.001.04"}


def test_a_unit_that_nobody_reported_on_has_nobody(storied: Home) -> None:
    _, people, data = made(storied, "Q01.003")
    assert people and people.rows == [] and table(book(data)["Nhân sự"]) == []


def test_without_a_load_it_has_nobody_and_says_so(city: City, tmp_path: Path) -> None:
    done = pipeline(city.home, "template", "xep-loai", "--unit", "q01.001", "--period", "2021", "--to", str(tmp_path))
    assert done.returncode == 0 and "chưa có lần nạp nào" in done.stdout, done.stderr
    file = tmp_path / "mau-xep-loai-2021-Q01.001.xlsx"
    assert table(book(file)["Xếp loại"]) == [] and file.stat().st_mode & 0o777 == 0o600
    again = pipeline(city.home, "template", "ratings", "--unit", "Q01.001", "--period", "2021", "--to", str(tmp_path))
    assert again.returncode == 1 and "không bị ghi đè" in again.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--unit", "Q77", "--period", "2021"], "không có đơn vị mang mã “Q77”"),
        (["--unit", "Q01", "--period", "21"], "Hãy cho biết kỳ báo cáo"),
        (["lương", "--unit", "Q01", "--period", "2021"], "Không có bộ dữ liệu “lương”"),
    ],
)
def test_what_it_does_not_know_is_a_sentence(words: list[str], sentence: str, city: City) -> None:
    done = pipeline(city.home, "template", *words)
    assert done.returncode == 1 and sentence in done.stderr and "Traceback" not in done.stderr
    assert not city.home.templates.exists()


# ── sent back ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_with_blank_levels_it_lacks_the_levels_and_nothing_else(small: Home, tmp_path: Path) -> None:
    file = tmp_path / "mau.xlsx"
    file.write_bytes(made(small)[2])
    frames = checked(file)
    found = frames["findings"].filter(pl.col("row_no").is_not_null())
    people = truth(small, "ratings").filter(rating_system_code="PARTY_MEMBER").height
    assert found.select("rule_code", "column_name").rows() == [("value_present", "decided_level_code")] * people
    assert set(found["cell"]) == {f"I{FIRST + n}" for n in range(people)}
    verdicts = dict(frames["submissions"].select("dataset_code", "verdict_code").rows())
    assert verdicts == {name: "REFUSED" if name == "ratings" else "ACCEPTED" for name in SCHEMAS}
    assert frames["findings"].filter(pl.col("row_no").is_null())["rule_code"].to_list() == ["most_rows_usable"]


def fill(data: bytes, home: Home) -> bytes:
    """As a careful officer fills it in: a level for everybody who waits for one, then what the sheets do not have yet."""
    workbook = book(data)
    for name, schema in SCHEMAS.items():
        sheet, columns = workbook[schema.title], template_columns(schema)
        places = {c: n for n, c in enumerate(columns, start=1)}
        rows = truth(home, name).to_dicts()
        waiting = {sheet.cell(r, places["identity_number"]).value: r for r in range(FIRST, sheet.max_row + 1)}
        last = max([r for who, r in waiting.items() if who], default=template.HEADER + 1)
        for row in rows if name != "personnel" else []:
            target = waiting.get(row["identity_number"]) if row.get("rating_system_code") == "PARTY_MEMBER" else None
            if target is None:
                target = last = last + 1
            for c, col in columns.items():
                text = written(row[c], meta(col).codes)
                if text and (sheet.cell(target, places[c]).value is None):
                    sheet.cell(target, places[c]).value = text
                    sheet.cell(target, places[c]).number_format = "@"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_filled_from_the_truth_it_has_no_finding_and_tells_the_same(mine: Home, tmp_path: Path) -> None:
    before = tables(mine)
    data = fill(made(mine)[2], mine)
    file = tmp_path / "mau.xlsx"
    file.write_bytes(data)
    frames = checked(file)
    assert frames["findings"].is_empty(), frames["findings"].select("rule_code", "cell").rows()
    assert dict(frames["submissions"].select("dataset_code", "rows_accepted").rows()) == {d: truth(mine, d).height for d in SCHEMAS}
    (mine.raw / "2021" / "Q01.001" / "mau-bao-cao.xlsx").write_bytes(data)
    load(mine)
    after = tables(mine)
    sent = tables(mine, mine.analyst)["whole.submissions"].filter(pl.col("path").str.ends_with("/mau-bao-cao.xlsx"))
    assert sent.height == len(SCHEMAS) and sent["is_current"].all() and set(sent["verdict_code"]) == {"ACCEPTED"}
    assert after["quality.findings"].height == before["quality.findings"].height
    same = [{name: t for name, t in side.items() if name.startswith("reports.rpt_") and "status" not in name} for side in (before, after)]
    assert len(same[0]) >= 5 and differing(*same) == []


@pytest.mark.parametrize("name", ["Xếp loại.xlsx", "bao-cao.xlsx"])
def test_its_own_lists_are_never_read_whatever_the_file_is_called(name: str, small: Home, tmp_path: Path) -> None:
    sender, people, _ = made(small)
    file = tmp_path / name
    workbook = book(template.workbook({"training": SCHEMAS["training"]}, sender, "2021", people))
    assert workbook.sheetnames == ["Đào tạo", LOOKUP_SHEET, LISTS_SHEET]
    workbook.save(file)
    frames = checked(file)
    assert frames["submissions"].select("dataset_code", "verdict_code", "rows_read").rows() == [("training", "ACCEPTED", 0)]
    assert frames["findings"].is_empty()
    del workbook["Đào tạo"]
    workbook.save(file)
    assert checked(file)["submissions"]["refusal_rule_code"].to_list() == ["known_dataset_present"]


# ── red while it is typed ────────────────────────────────────────────────────────────────────────────────────────


def office(folder: Path, file: Path, to: str) -> Path:
    """LibreOffice opens the file and writes it as something else."""
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(folder), str(file)], capture_output=True, timeout=600
    )
    return folder / f"{file.stem}.{to.split(':')[0]}"


SCORE = Meta(KINDS["number"], between=(0, 100))
CELLS: list[tuple[Meta, Any, bool]] = [
    *[(Meta(KINDS["date"]), text, True) for text in ("5/2/1980", "05/02/1980", " 31/12/2021 ", "29-2-2020", "1.3.2010", "02/1980", "2/1980", "1980", "2021-12-31", "5/2/80", "29.2.20", "1-1-30")],
    *[(Meta(KINDS["date"]), text, False) for text in ("31/02/1980", "29/02/2021", "13/2020", "0/2020", "1/13/2020", "1/1/3020", "hôm qua", "5/1/2/1980", "/1980", "201", "2021-02-30", "5//1980", "2/80", "29/2/21", "80")],
    *[(Meta(KINDS["date"]), value, True) for value in (dt.date(1980, 2, 5), dt.date(2021, 12, 31), 1980)],
    *[(Meta(KINDS["date"]), value, False) for value in (92080000001, -3)],
    *[(Meta(KINDS["identity"]), text, True) for text in ("092080000001", "361234507", "092 080 000 001")],
    *[(Meta(KINDS["identity"]), text, False) for text in ("92080000001", "1234", "09208000000A", "1e10", "0920800000012", "không có", "12/05/198")],
    *[(Meta(KINDS["identity"]), value, True) for value in (192080000001, 361234507)],
    *[(Meta(KINDS["identity"]), value, False) for value in (92080000001, 1.5)],
    *[(Meta(KINDS["code"], codes="rating_level"), text, True) for text in ("Hoàn thành tốt nhiệm vụ", "HOÀN THÀNH NHIỆM VỤ", "HTTNV", "httnv", "hoan thanh tot nhiem vu", "EXCELLENT")],
    *[(Meta(KINDS["code"], codes="rating_level"), text, False) for text in ("giỏi", "Hoàn thành nhiệm", "nhiệm vụ", "1")],
    *[(Meta(KINDS["code"], codes="ethnicity"), text, True) for text in ("Kinh", "Khmer")],
    *[(Meta(KINDS["boolean"]), text, True) for text in ("Có", "không", "x", "1")],
    *[(Meta(KINDS["boolean"]), text, False) for text in ("có thể", "2")],
    *[(SCORE, text, True) for text in ("0", "100", "88,5", "88.5", "7", "99,999")],
    *[(SCORE, text, False) for text in ("100,5", "100.01", "-1", "188", "1.236", "chín mươi", "8a", "9,", ",9", "1-2", "")[:-1]],
    *[(SCORE, value, True) for value in (0, 88.5, 100)],
    *[(SCORE, value, False) for value in (100.5, -0.5)],
    *[(Meta(KINDS["number"]), text, True) for text in ("1.236", "1.236.500", "1.236,5", "18,43", "-3")],
    *[(Meta(KINDS["number"]), text, False) for text in ("mười", "12 tiết", "--3")],
    *[(Meta(KINDS["shape"]), text, True) for text in ("12-QĐ/ĐU", "05-QĐ/UBKT.2021", "7", "12a", "2021-003")],
    *[(Meta(KINDS["shape"]), text, False) for text in ("Nguyễn Văn Mẫu", "QĐ-12", "12 QĐ", "12-", "12--3", "12ab", "1234567", "12-Quyết")],
    *[(Meta(KINDS["period"]), text, True) for text in ("2021", "2021-Q1", "Năm 2021", "Quý 1/2021", "Quý III/2021")],
    *[(Meta(KINDS["period"]), text, False) for text in ("21", "2021-Q5", "1921", "quý", "cả năm", "tháng 3/2021")],
]  # fmt: skip


def can_be_read(info: Meta, text: str) -> bool:
    """What validation says of the text; a repaired identity number is read, and remarked upon."""
    text = " ".join(text.split())
    if info.kind.is_listed:
        return codes.fold(text) in codes.spellings(info.codes or "boolean")
    if info.kind.name == "identity":
        value, repaired = read_identity(text)
        return value is not None and not repaired
    read = {"date": lambda t: read_date(t)[0], "number": read_number, "shape": read_shape, "period": read_period}[info.kind.name]
    value = read(text)
    return value is not None and (not info.between or info.between[0] <= float(value) <= info.between[1])


@pytest.mark.parametrize(
    ("info", "value", "good"), [c for c in CELLS if isinstance(c[1], str)], ids=lambda v: v if isinstance(v, str) else None
)
def test_the_examples_are_what_validation_says(info: Meta, value: str, good: bool) -> None:
    assert can_be_read(info, value) == good


def test_every_formula_fits_into_a_conditional_format() -> None:
    assert max(len(fault(info, "$AB5006") or "") for info, *_ in CELLS) < 8192


@needs_office
def test_each_formula_says_what_validation_says(tmp_path: Path) -> None:
    """The formulas of the conditional formats in cells of their own, calculated by LibreOffice."""
    file = tmp_path / "formulas.xlsx"
    workbook = xlsxwriter.Workbook(file)
    text, day = workbook.add_format({"num_format": "@"}), workbook.add_format({"num_format": "dd/mm/yyyy"})
    sheet = workbook.add_worksheet("A")
    for row, (info, value, _) in enumerate(CELLS):
        if isinstance(value, str):
            sheet.write_string(row, 0, value, text)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, 0, value, day)
        else:
            sheet.write_number(row, 0, value)
        sheet.write_formula(row, 1, f'=IF({fault(info, f"$A{row + 1}")},"red","plain")', None, "")
    made = template.Book(workbook, SENDER, "2021", None)
    made.add_lists({"rating_level", "ethnicity", "boolean"})
    workbook.close()
    with office(tmp_path, file, "csv:Text - txt - csv (StarCalc):44,34,76,1").open(encoding="utf-8") as out:
        said = [row[1] for row in csv.reader(out)]
    wrong = [(info.kind.name, value, s) for (info, value, good), s in zip(CELLS, said, strict=True) if s != ("plain" if good else "red")]
    assert wrong == []


FAULTS = {
    "programme": None, "identity_number": "123", "day": "31/02/2021", "sex_code": "Nem", "is_planned": "có thể",
    "score": "100,5", "decision_no": "Nguyễn Văn Mẫu", "period": "tháng 3",
}  # fmt: skip
GOOD = {
    "programme": "Bồi dưỡng", "identity_number": "092080000001", "day": "3/2021", "sex_code": "nữ", "is_planned": "x",
    "score": "99,5", "decision_no": "12-QĐ/ĐU", "period": "2021",
}  # fmt: skip


def coloured_bands(picture: bytes, colour: str) -> int:
    """How many separate bands of rows of a PPM picture hold the colour."""
    kind, size, depth, pixels = picture.split(b"\n", 3)
    assert (kind, depth) == (b"P6", b"255")
    width = int(size.split()[0]) * 3
    sought = bytes.fromhex(colour.removeprefix("#")) * 4  # four pixels side by side: no edge of a letter
    has = [sought in pixels[n : n + width] for n in range(0, len(pixels), width)]
    return sum(now and not before for before, now in zip([False, *has], has, strict=False))


@needs_office
def test_each_kind_of_fault_turns_its_cell_red(tmp_path: Path) -> None:
    """Each fault in a row of its own between good rows, printed by LibreOffice: as many red bands as faults."""
    workbook = book(template.workbook({"toy": toy()}, SENDER, "2021", None))
    sheet = workbook["Thử"]
    row = FIRST
    for wrong in (*FAULTS, None):
        for cells in (GOOD, GOOD | {wrong: FAULTS[wrong]} if wrong else GOOD):
            for position, value in enumerate(cells.values(), start=1):
                sheet.cell(row, position).value = value
                sheet.cell(row, position).number_format = "@"
            row += 1
    file = tmp_path / "thu.xlsx"
    workbook.save(file)
    pdf = office(tmp_path, file, "pdf")
    picture = subprocess.run(["pdftoppm", "-r", "60", "-singlefile", str(pdf)], capture_output=True, check=True).stdout
    assert coloured_bands(picture, MISSING) == 1
    assert coloured_bands(picture, WRONG) == len(FAULTS) - 1
