"""What goes back to a unit: its own file with every fault marked, a way to explain, what changed; and nothing that could run."""

import io
import json
import re
import shutil
import signal
import stat
import zipfile
from pathlib import Path
from random import Random

import duckdb
import polars as pl
import pytest
from conftest import City, load, member, number, opened, pipeline, rating, ratings, roster
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.answers.harmless.workbook import LARGEST
from pipeline.answers.receipts.faults import _beside
from pipeline.answers.receipts.versions import changes
from pipeline.answers.receipts.workbooks import Workers, came
from pipeline.answers.returned.job import Job
from pipeline.answers.returned.looks import argb
from pipeline.codes import code_lists
from pipeline.intake.explanations import AUTHOR, CHANGES, EXPLANATIONS, FINDINGS, MARK, REASON
from pipeline.intake.spreadsheets import read_cells
from pipeline.paths import Home
from pipeline.presentation import SEVERITY_COLOURS
from pipeline.sample.city import CALENDAR, make_truth
from pipeline.sample.files import Packet, file_bytes, grid, office_of, packet_files, write_registry
from pipeline.sample.recipes import RECIPES
from pipeline.sample.scale import SMALL
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card
from pipeline.schemas.columns import own_columns
from pipeline.schemas.files import FILE_RULES
from pipeline.schemas.rules import rules_of
from pipeline.surfaces.declared import declared

OURS = (FINDINGS, EXPLANATIONS, CHANGES)
COLOURS = {severity: argb(colour) for severity, colour in SEVERITY_COLOURS.items()}


def table(book: Workbook, name: str) -> list[dict[str, str | None]]:
    """A sheet of ours, row by row; `A` is the hidden first column."""
    header, *rows = list(book[name].iter_rows(min_row=4, values_only=True))
    return [dict(zip(["A", *header[1:]], row, strict=True)) for row in rows]


def outbox(home: Home, unit: str, period: str = "2021") -> dict[str, bytes]:
    folder = home.outbox / period / unit
    return {f.name: f.read_bytes() for f in sorted(folder.iterdir()) if not f.name.startswith(".")}


def formulas(file: Path) -> list[str]:
    """Formulas, and whatever could run or lead outside, in any part of a workbook."""
    found = []
    with zipfile.ZipFile(file) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode("utf-8", "replace")
            found += [f"{name}: {hit}" for hit in re.findall(r"<(?:\w+:)?f[ />][^<]*", text)]
            found += [name] if re.search(r"vbaProject|externalLink|TargetMode=.External|macroEnabled|ddeLink|oleLink", name + text) else []
    return found


# ── an exchange of two loads ─────────────────────────────────────────────────────────────────────────────────────


def book_of_first_unit(target: Path) -> None:
    """Ratings with an unknown level, a lost zero and a stranger; what a workbook may carry besides; a roster."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Xếp loại"
    rows = ratings([rating(n) for n in range(1, 11)])
    rows[5][4] = "Tốt lắm"  # E6
    rows[6][2] = 92080000003  # C7: a zero is lost
    for row in rows:
        sheet.append(row)
    sheet["E6"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["E6"].comment = Comment("Xem biên bản", "Nguyễn Văn Mẫu")
    sheet["H4"] = None
    sheet["A20"] = None
    sheet["I1"] = "=1+1"
    sheet["I2"] = '=HYPERLINK("http://la.example","bấm")'
    sheet["I3"].hyperlink = "http://la.example"
    sheet["I3"].value = "trang ngoài"
    book.defined_names["chay"] = DefinedName("chay", attr_text="cmd|' /c calc'!A0")
    book.defined_names["muc"] = DefinedName("muc", attr_text="'Xếp loại'!$E$5:$E$14")
    good, bad = DataValidation(type="list", formula1='"HTTNV,HTNV"'), DataValidation(type="list", formula1="WEBSERVICE(I1)")
    good.add("E5:E14")
    bad.add("D5:D14")
    sheet.add_data_validation(good)
    sheet.add_data_validation(bad)
    sheet.conditional_formatting.add("B5:B14", FormulaRule(formula=["LEN(TRIM(B5))=0"]))
    sheet.conditional_formatting.add("B5:B14", FormulaRule(formula=["'[khac.xlsx]a'!A1>0"]))
    other = book.create_sheet("Nhân sự")
    for row in roster([member(n) for n in range(1, 10)]):
        other.append(row)
    book.save(target)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> City:
    """First load: three units. Then the first unit moves its rows, corrects, explains, and sends our workbook; second load."""
    city = City(tmp_path_factory.mktemp("exchange") / "data")
    first = city.put("2021/Q01.001/bao-cao.xlsx", b"")
    book_of_first_unit(first)
    wild = ratings([rating(n) for n in range(20, 26)])
    wild[0] = ["=cmd|' /c calc'!A0", "+1", "-2", "@x"]
    wild[5][4] = "=1+1"
    city.put("2021/Q01.002/xep-loai.csv", wild)
    city.put("2021/Q01.003/ratings.csv", ratings([rating(n) for n in range(30, 36)]))
    city.put("2020/Q01.003/ratings.csv", b"PK\x03\x04 no workbook")
    load(city.home)
    shutil.copytree(city.home.outbox, city.home.root / "first")

    shutil.copy(city.home.outbox / "2021/Q01.001/bao-cao.xlsx", first)
    book = load_workbook(first)
    sheet = book["Xếp loại"]
    sheet["E6"].value = "HTTNV"
    sheet["E8"].value = "HTNV"  # another level for one person
    sheet.delete_rows(14)  # the stranger goes
    sheet.insert_rows(5, 3)  # everybody moves down
    sheet.append([None, *rating(40)[1:]])
    explained = book[EXPLANATIONS]
    place = next(r for r in explained.iter_rows(min_row=5) if r[3].value == "C7")
    place[5].value = "=Đã đối chiếu với Nguyễn Văn Cứ"
    place[5].data_type = "s"
    book.save(first)
    load(city.home)
    return city


def first_answer(city: City, unit: str, name: str) -> Path:
    return city.home.root / "first" / "2021" / unit / name


def test_faulty_cells_are_coloured_with_a_comment_and_the_rest_is_as_it_was(exchange: City) -> None:
    book = load_workbook(first_answer(exchange, "Q01.001", "bao-cao.xlsx"))
    assert book.sheetnames == ["Xếp loại", "Nhân sự", FINDINGS, EXPLANATIONS]
    sheet = book["Xếp loại"]
    assert sheet["E6"].fill.fgColor.rgb == COLOURS["ERROR"] and sheet["C7"].fill.fgColor.rgb == COLOURS["WARNING"]
    assert sheet["E6"].comment.text.startswith("Lỗi: Cột “Mức xếp loại” phải là một trong")
    assert "Xem biên bản" in sheet["E6"].comment.text
    assert sheet["E6"].value == "Tốt lắm" and sheet["B5"].value == "Nguyễn Văn B" and sheet["A1"].value == "ĐẢNG BỘ PHƯỜNG MỘT"
    assert sheet["B5"].fill.fill_type is None and sheet["B5"].comment is None


def test_every_finding_of_the_file_is_listed_with_a_link_sorted_by_place(exchange: City) -> None:
    book = load_workbook(first_answer(exchange, "Q01.001", "bao-cao.xlsx"))
    listed = [(r["Mức"], r["Trang"], r["Ô"], r["Đang là"], r["Quy tắc"]) for r in table(book, FINDINGS)]
    assert listed == [
        ("Lỗi", "Xếp loại", "E6", "Tốt lắm", "code_known"),
        ("Cảnh báo", "Xếp loại", "C7", "92080000003", "identity_number_repaired"),
        ("Cảnh báo", "Xếp loại", "C14", "092080000010", "rated_person_on_roster"),
    ]
    link = book[FINDINGS]["D5"].hyperlink
    assert (link.location, link.target) == ("'Xếp loại'!E6", None)


def test_every_other_kind_comes_back_as_xlsx_with_the_same_cells(exchange: City) -> None:
    assert sorted(p.name for p in (exchange.home.root / "first/2021/Q01.002").iterdir()) == [
        ".fingerprint",
        "tom-tat.html",
        "xep-loai.xlsx",
    ]
    book = load_workbook(first_answer(exchange, "Q01.002", "xep-loai.xlsx"))
    sheet = book["xep-loai"]
    assert [c.value for c in sheet[1]][:4] == ["=cmd|' /c calc'!A0", "+1", "-2", "@x"]
    assert {c.data_type for row in sheet.iter_rows() for c in row if c.value is not None} == {"s"}
    assert sheet["C5"].value == "092080000020" and sheet["E6"].fill.fgColor.rgb == COLOURS["ERROR"]


def test_nothing_that_could_run_or_lead_outside_goes_back(exchange: City) -> None:
    answers = [*(exchange.home.root / "first").rglob("*.xlsx"), *exchange.home.outbox.rglob("*.xlsx")]
    assert len(answers) >= 4
    own = {hit.partition(": ")[2] for a in answers for hit in formulas(a)}
    assert own == {"<f>1+1"}  # the unit's own, which asks nobody outside
    book = load_workbook(first_answer(exchange, "Q01.001", "bao-cao.xlsx"))
    sheet = book["Xếp loại"]
    assert list(book.defined_names) == ["muc"]
    assert [v.formula1 for v in sheet.data_validations.dataValidation] == ['"HTTNV,HTNV"']
    assert [r.formula for area in sheet.conditional_formatting for r in area.rules] == [["LEN(TRIM(B5))=0"]]


def test_the_scan_for_formulas_would_find_one(tmp_path: Path) -> None:
    book_of_first_unit(tmp_path / "a.xlsx")
    assert any("<f" in hit for hit in formulas(tmp_path / "a.xlsx")) and any(".rels" in hit for hit in formulas(tmp_path / "a.xlsx"))


def test_a_file_without_findings_goes_back_as_it_came_and_one_that_nobody_can_read_gets_a_summary_alone(exchange: City) -> None:
    answer = outbox(exchange.home, "Q01.003")
    assert len(answer) == 2 and set(outbox(exchange.home, "Q01.003", "2020")) == {"tom-tat.html"}
    sent = next((exchange.home.raw / "2021/Q01.003").iterdir())
    cells = read_cells(next(data for name, data in answer.items() if name.endswith(".xlsx")))
    filled = [[[cell for cell in row if cell] for row in sheets[0].rows] for sheets in (cells, read_cells(sent.read_bytes()))]
    assert filled[0] == filled[1]
    clean, unread = (outbox(exchange.home, "Q01.003", p)["tom-tat.html"].decode() for p in ("2021", "2020"))
    assert "Không có gì phải sửa" in clean and "<script" not in clean
    assert "bị từ chối" in unread and "file_readable" in unread


def test_the_summary_counts_and_says_until_when(exchange: City) -> None:
    page = (exchange.home.root / "first/2021/Q01.001/tom-tat.html").read_text("utf-8")
    assert "Phải sửa 1 lỗi và gửi lại trước hết ngày 31/12/2021" in page and "Đảng bộ phường Một" in page
    ratings_row = re.search(r"<td[^>]*>Xếp loại</td>.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r'class="n">(\d+)<', ratings_row) == ["10", "9", "0", "1"]  # read, in the figures, kept out, set aside
    assert re.search(r"Số được xếp loại, không kể người ngoài danh sách</td><td class=\"n\">8<", page), page


def test_our_sheets_come_again_without_a_word_and_reasons_are_read_back(exchange: City) -> None:
    rules = exchange.landed("findings")["rule_code"].to_list()
    assert "sheet_known" not in rules and exchange.verdicts()["Q01.001", "ratings"] == ("ACCEPTED", None)
    reasons = exchange.landed("explanations")
    assert set(reasons["explanation"]) == {"=Đã đối chiếu với Nguyễn Văn Cứ"}
    with duckdb.connect(str(exchange.home.published), read_only=True) as db:
        found = db.execute(
            "SELECT rule_code, cell, is_explained, explanation_key FROM quality.findings WHERE sender_code = 'Q01.001' AND is_current ORDER BY row_no"
        ).fetchall()
        before = dict(
            db.execute("SELECT cell, explanation_key FROM quality.findings WHERE sender_code = 'Q01.001' AND NOT is_current").fetchall()
        )
    assert [f[:3] for f in found] == [("identity_number_repaired", "C10", True), ("rated_person_on_roster", "C17", False)]
    assert found[0][3] == before["C7"]  # three rows further down, and the same fault


def test_a_reason_is_restricted_and_stands_in_the_next_answer(exchange: City) -> None:
    assert "Văn Cứ".encode() not in exchange.home.published.read_bytes()
    columns = pl.read_parquet(exchange.home.exports / "quality" / "findings.parquet").columns
    assert "explanation" not in columns
    book = load_workbook(exchange.home.outbox / "2021/Q01.001/bao-cao.xlsx")
    assert {r["Ô"]: r[REASON] for r in table(book, EXPLANATIONS)} == {"C10": "=Đã đối chiếu với Nguyễn Văn Cứ", "C17": None}


def test_marks_of_the_last_answer_are_taken_off(exchange: City) -> None:
    book = load_workbook(exchange.home.outbox / "2021/Q01.001/bao-cao.xlsx")
    assert book.sheetnames == ["Xếp loại", "Nhân sự", FINDINGS, EXPLANATIONS, CHANGES]
    sheet = book["Xếp loại"]
    mended = next(c for row in sheet.iter_rows() for c in row if c.comment and "Xem biên bản" in c.comment.text)
    assert mended.comment.text == "Xem biên bản" and mended.fill.fgColor.rgb == "FF00FF00"
    ours = {c.coordinate for row in sheet.iter_rows() for c in row if c.comment and (c.comment.author or "").startswith(AUTHOR)}
    assert ours == {"C10", "C17"}


def test_what_changed_is_told_by_person(exchange: City) -> None:
    book = load_workbook(exchange.home.outbox / "2021/Q01.001/bao-cao.xlsx")
    told = {(r["Thay đổi"], r["Họ và tên"], r["Nội dung"]) for r in table(book, CHANGES)}
    assert told == {
        ("thay đổi", "Nguyễn Văn E", "Mức xếp loại: Hoàn thành tốt nhiệm vụ → Hoàn thành nhiệm vụ"),
        ("mới, lần trước bị để lại", "Nguyễn Văn C", None),
        ("mới", "Nguyễn Văn O", None),
        ("không còn", "Nguyễn Văn K", None),
    }
    page = outbox(exchange.home, "Q01.001")["tom-tat.html"].decode()
    ratings_row = re.search(r"<td>Xếp loại</td>.*?</tr>", page.split("Thay đổi so với")[1], re.DOTALL)[0]
    assert re.findall(r'class="n">(\d+)<', ratings_row) == ["2", "1", "1", "0"]


def test_only_units_for_which_something_changed_are_answered(exchange: City) -> None:
    assert json.loads(exchange.home.answered.read_text())["units"] == 1
    for unit in ("Q01.002", "Q01.003"):
        before = {p.name: p.read_bytes() for p in (exchange.home.root / "first/2021" / unit).iterdir()}
        assert {p.name: p.read_bytes() for p in (exchange.home.outbox / "2021" / unit).iterdir()} == before


def test_the_outbox_is_closed_to_others(exchange: City) -> None:
    folders = [exchange.home.outbox, *(p for p in exchange.home.outbox.rglob("*") if p.is_dir() and p.parent != exchange.home.outbox)]
    assert {stat.S_IMODE(f.stat().st_mode) for f in folders} == {0o700}


def test_receipts_can_be_made_again_and_a_kill_leaves_the_old_or_the_new(exchange: City, tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    shutil.copytree(exchange.home.root, home.root, symlinks=True)
    whole = {p.relative_to(home.outbox): p.read_bytes() for p in home.outbox.rglob("*.html")}
    folder = home.outbox / "2021"
    (folder / "Q01.001").rename(folder / ".Q01.001.old")  # killed between two renames
    (folder / ".Q01.002.part").mkdir()  # killed while making one
    home.answered.unlink()
    assert "Nothing new" not in load(home)
    assert {p.relative_to(home.outbox): p.read_bytes() for p in home.outbox.rglob("*.html")} == whole
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]
    done = pipeline(home, "receipts", "Q01.001")
    assert done.returncode == 0 and "1 answers to units, 1 workbooks" in done.stdout
    assert {p.relative_to(home.outbox): p.read_bytes() for p in home.outbox.rglob("*.html")} == whole


KILLED = """
from pathlib import Path
def rename(self, target, whole=Path.rename):
    import os, signal
    done = whole(self, target)
    if str(target).endswith(".old"):
        os.kill(os.getpid(), signal.SIGKILL)  # the old answer is aside, the new one not yet in its place
    return done
Path.rename = rename
"""


@pytest.mark.parametrize("unit", [(), ("Q01.002",)], ids=["all units", "one unit"])
def test_receipts_that_were_killed_are_finished_by_the_next_load(exchange: City, tmp_path: Path, unit: tuple[str, ...]) -> None:
    home = Home(tmp_path / "data")
    shutil.copytree(exchange.home.root, home.root, symlinks=True)
    whole = {p.relative_to(home.outbox): p.read_bytes() for p in home.outbox.rglob("*.html")}
    assert pipeline(home, "receipts", *unit, first=KILLED).returncode == -signal.SIGKILL
    assert {p.relative_to(home.outbox) for p in home.outbox.rglob("*.html")} != whole.keys()
    assert "Nothing new" not in load(home)
    assert {p.relative_to(home.outbox): p.read_bytes() for p in home.outbox.rglob("*.html")} == whole
    assert pipeline(home, "receipts", "Q01.002").returncode == 0 and "Nothing new" in load(home)


def test_the_summary_says_that_values_took_the_place_of_formulas(exchange: City) -> None:
    page = (exchange.home.root / "first/2021/Q01.001/tom-tat.html").read_text("utf-8")
    assert "Trong tệp bao-cao.xlsx gửi kèm, công thức" in page
    assert "Trong tệp" not in (exchange.home.root / "first/2021/Q01.003/tom-tat.html").read_text("utf-8")


# ── all faults in one pass ───────────────────────────────────────────────────────────────────────────────────────


def planted_city(home: Home, rng: Random) -> dict[str, dict[str, list[list]]]:
    """Files of a small city with several faults each, often two in a row; gives the true cells of each sheet by file and address."""
    city = make_truth(7, SMALL, 0, set())
    names = {u.unit_id: u.unit_name for u in city.tree.units}
    truth: dict[str, dict[str, list[list]]] = {}
    for base in city.tree.bases:
        for period in CALENDAR:
            tables = city.sent(period, base)
            packet = Packet(period, base.unit, names[base.unit.parent_unit_id], _spoiled(rng, period, tables))
            office = office_of(7, packet)
            office.lean, office.notes = False, True  # all columns, so that true cells have the same address
            clean = {grid(office, period, d, t).name: grid(office, period, d, t).cells for d, t in tables.items()}
            for name, sheets in packet_files(office, packet).items():
                file = home.raw / period / base.unit.unit_code / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(file_bytes(name, sheets, office))
                truth[f"{period}/{base.unit.unit_code}/{name}"] = {s.name: clean[s.name] for s in sheets}
    write_registry(home.registry, city.tree.units, None)
    return truth


def _spoiled(rng: Random, period: str, tables: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """What a rating may not be is said by the roster: whoever's roster row is broken has a rating that breaks no such rule."""
    roster_rows = _spoil(rng, period, "personnel", tables["personnel"], set())
    broken = {r["identity_number"] for r, s in zip(tables["personnel"], roster_rows, strict=True) if r is not s}
    return {d: roster_rows if d == "personnel" else _spoil(rng, period, d, t, broken) for d, t in tables.items()}


def _spoil(rng: Random, period: str, dataset: str, rows: list[dict], off_roster: set[str]) -> list[dict]:
    """Up to six rows of a table, each broken by one or two recipes."""
    # a remark that is false is told at the cell that it speaks of: no answer can know that the remark is what must go
    rows, recipes = list(rows), [r for r in RECIPES if (r.dataset, r.period) == (dataset, period) and r.rule != "leaving_in_its_column"]
    of_roster = {"exempt_member_not_rated", "suspended_member_not_rated", "new_member_not_rated"}
    for at in rng.sample(range(len(rows)), min(6, len(rows))):
        true, times = rows[at], rng.choice((1, 2))
        fitting = [r for r in recipes if r.pick(true) and not (r.rule in of_roster and true["identity_number"] in off_roster)]
        for recipe in rng.sample(fitting, min(times, len(fitting))):
            change = recipe.change(true)
            rows[at] = rows[at] | change | {"_raw": rows[at].get("_raw", {}) | change.get("_raw", {})}
    return rows


def correct(answer: Path, true_cells: dict[str, list[list]], target: Path) -> int:
    """Put the true values into the cells that the answer names, and into no other; returns how many."""
    book = load_workbook(answer)
    only = next(iter(true_cells)) if len(true_cells) == 1 else None
    named = set()
    for row in table(book, FINDINGS) if FINDINGS in book.sheetnames else ():  # a file without faults comes as it was
        named |= {
            (row["Trang"], cell)
            for cell in (row["Ô"], *re.findall(r"xem cả ô ([A-Z]+[0-9]+)", row["Phải là"]))
            if re.match(r"[A-Z]+[0-9]", cell or "")
        }
    for sheet, address in named:
        cell = book[sheet][address]
        cells = true_cells.get(sheet) or true_cells[only]
        cell.value = cells[cell.row - 1][cell.column - 1] if cell.column <= len(cells[cell.row - 1]) else None
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return len(named)


# each example is a city of its own, loaded, corrected and loaded again
@settings(max_examples=max(1, settings.default.max_examples // 60), phases=(Phase.generate,), suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_correcting_exactly_what_the_answers_say_gives_accepted_files(tmp_path_factory, seed: int) -> None:
    home = Home(tmp_path_factory.mktemp("corrected") / "data")
    truth = planted_city(home, Random(seed))
    load(home, PERSONNEL_AS_OF="2022-02-20")
    with duckdb.connect(str(home.published), read_only=True) as db:
        assert db.execute("SELECT count(*) FROM quality.findings WHERE severity_code = 'ERROR'").fetchone()[0] > 35
        assert db.execute("SELECT count(*) FROM quality.findings WHERE severity_code <> 'QUERY'").fetchone()[0] > 150
        assert db.execute("SELECT count(*) FROM quality.submissions WHERE verdict_code = 'REFUSED'").fetchone()[0] > 0
    corrected = 0
    for path, cells in truth.items():
        period, unit, name = path.split("/")
        answer = home.outbox / period / unit / f"{Path(name).stem}.xlsx"
        if answer.exists():
            corrected += correct(answer, cells, home.raw / period / unit / f"{Path(name).stem}.xlsx")
    assert corrected > 150
    load(home, PERSONNEL_AS_OF="2022-02-20")
    with opened(home, home.analyst) as file, duckdb.connect(str(file), read_only=True) as db:
        wrong = db.execute(
            """SELECT s.path, f.sheet, f.cell, f.rule_code FROM whole.findings f JOIN whole.submissions s USING (submission_key)
               WHERE s.is_newest AND f.severity_code = 'ERROR'"""
        ).fetchall()
        assert wrong == []
        assert db.execute("SELECT DISTINCT verdict_code FROM whole.submissions WHERE is_newest").fetchall() == [("ACCEPTED",)]
        assert db.execute("SELECT count(*) FROM whole.submissions WHERE is_newest AND rows_set_aside > 0").fetchone() == (0,)


def test_a_day_that_cannot_be_read_hides_no_other_that_its_rule_looks_at(city: City) -> None:
    """Once the first day is right, the last one of another year would stop the row: both are named in one pass."""
    header = ["Họ và tên", "Số CCCD", "Chương trình", "Loại chương trình", "Cơ sở đào tạo", "Từ ngày", "Đến ngày"]
    taught = [
        [f"Nguyễn Văn {chr(65 + n)}", number(n), "Bồi dưỡng", "Quản lý nhà nước", "Trường Chính trị", "01/04/2021", "01/05/2021"]
        for n in range(1, 6)
    ]
    taught[2][5], taught[2][6] = "mồng một", "01/05/2020"
    city.put("2021/Q01.002/dao-tao.xlsx", {"Đào tạo": [header, *taught]})
    load(city.home)
    (answer,) = [data for name, data in outbox(city.home, "Q01.002").items() if name.endswith(".xlsx")]
    (row,) = table(load_workbook(io.BytesIO(answer)), FINDINGS)
    assert row["Ô"] == "F4" and "xem cả ô G4" in row["Phải là"]


def test_whoever_mends_who_was_rated_looks_at_the_level_in_the_same_pass() -> None:
    """Rules that need other files are asked of the row only then, and point at the level; a card names columns that are there."""
    assert "decided_level_code" in dict(_beside("ratings", "identity_number", "identity_number_shape", "2021"))
    assert "decided_level_code" in dict(_beside("ratings", "rating_system_code", "code_known", "2021"))
    assert "decided_level_code" not in dict(_beside("ratings", "score", "number_readable", "2021"))
    for schema in SCHEMAS.values():
        assert {*card(schema).waits, *card(schema).waits.values()} <= own_columns(schema).keys()


def test_a_card_names_figures_of_its_first_report_and_rules_that_are_there() -> None:
    for schema in SCHEMAS.values():
        own = card(schema)
        if told := own.receipt:
            assert {*told.figures, *filter(None, [told.by])} <= {*declared()[own.reports[0]].columns}
        of_rows, of_file = own.needs_one or (None, None)
        assert of_rows in {None, *(rule.name for rule in rules_of(schema))}
        assert of_file is None or FILE_RULES[of_file].refuses
        assert own.spoken.kinds in {"", *code_lists()}


def test_a_missing_column_does_not_hide_what_else_is_wrong(city: City) -> None:
    rows = ratings([rating(n) for n in range(1, 6)])
    rows = [[c for at, c in enumerate(row) if at != 4] if len(row) > 4 else row for row in rows]
    rows[4][2] = "chưa được cấp"
    city.put("2021/Q01.001/ratings.csv", rows)
    city.land()
    found = city.landed("findings").sort("row_no").select("rule_code", "row_no", "cell").rows()
    assert found == [("required_column_present", 4, None), ("identity_number_shape", 5, "C5")]


# ── our own sheets ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "mark", "is_ours"), [
    ("Giải trình", MARK, True), ("Giải trình (2)", MARK, True), ("Giải trình", "Nội dung", False), ("Phụ lục", MARK, False),
])  # fmt: skip
def test_our_sheets_are_known_by_name_and_mark(city: City, name: str, mark: str, is_ours: bool) -> None:
    city.put("2021/Q01.001/b.xlsx", {"ratings": ratings([rating(1)]), name: [[mark, "x"], [None, "x"]]})
    city.land()
    assert city.rules() == ([] if is_ours else ["sheet_known"])


def test_rows_are_paired_by_person_whatever_their_order() -> None:
    def row(n: int, who: str, **values: object) -> dict:
        return {
            "submission_key": "s",
            "sheet": "a",
            "row_no": n,
            "identity_key": who,
            "unit": None,
            "programme_key": "p",
            "hours": 8.0,
            **values,
        }

    before = [row(1, "a"), row(2, "b"), row(3, "b", programme_key="q"), row(4, "c"), row(5, "d")]
    now = [row(9, "d"), row(8, "b", programme_key="q", hours=9.0), row(7, "b"), row(6, "a"), row(5, "a", programme_key="r"), row(4, "e")]
    told = [(kind, c.row_no, c.what) for kind, c in changes("training", now, before, {"c"}, set())]
    assert told == [("changed", 8, "Số tiết: 8 → 9"), ("new", 5, ""), ("new", 4, ""), ("aside", None, "")]


def test_a_workbook_that_cannot_be_given_back_costs_nobody_else_an_answer(tmp_path: Path) -> None:
    """A file that is too large or that nobody can read loses its own workbook."""
    home = Home(tmp_path / "data")
    good, large, odd = (tmp_path / f"{n}.xlsx" for n in ("good", "large", "odd"))
    book_of_first_unit(good)
    with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * (LARGEST + 1))
    odd.write_bytes(b"PK\x03\x04 no workbook")
    jobs = [Job(f, f.name, home.outbox / f"out-{f.name}", (), ()) for f in (good, large, odd)]
    with Workers(len(jobs), 1) as pool:
        written = [came(job, future) for job, future in [(job, pool.give_back(job)) for job in jobs]]
    assert written == [True, False, False]
    assert [f.name for f in home.outbox.iterdir()] == ["out-good.xlsx"]
