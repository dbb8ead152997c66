"""What Excel shows is what is read, and what nobody can see is told: on workbooks as programs write them."""

import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import odd_files
import openpyxl
import polars as pl
import pytest
import xlsxwriter
from conftest import PERSONNEL_HEADER, RATINGS_HEADER, member, rating
from msoffcrypto.format.ooxml import OOXMLFile
from odd_files import changed, converted, package, protected
from quality import judged

from pipeline.answers.harmless import workbook as harmless
from pipeline.answers.returned.job import Fault, Job
from pipeline.answers.returned.workbook import give_back
from pipeline.intake.explanations import AUTHOR, SPLIT
from pipeline.intake.kinds import DEFAULT_PASSWORD, Unreadable
from pipeline.intake.spreadsheets import read_cells

SHEET = "xl/worksheets/sheet1.xml"
Patch = Callable[[bytes], bytes]


def book(rows: list[list[Any]], finish: Callable[[xlsxwriter.Workbook, Any], None] | None = None, name: str = "Xếp loại") -> bytes:
    """Rows on a sheet from A1, as XlsxWriter writes them; `finish` does the rest."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if finish:
            finish(made, sheet)
    return buffer.getvalue()


RATINGS = [RATINGS_HEADER, *(rating(n, unit="Chi bộ 1") for n in range(1, 9))]
PEOPLE = [PERSONNEL_HEADER, *(member(n) for n in range(1, 9))]


def told(frames: dict[str, pl.DataFrame], rule: str) -> list[tuple[int | None, str | None]]:
    """Where a rule was told: row and column."""
    return frames["findings"].filter(rule_code=rule).select("row_no", "column_name").sort("row_no", "column_name").rows()


def rules(frames: dict[str, pl.DataFrame]) -> set[str]:
    return set(frames["findings"]["rule_code"])


# ── merged cells ─────────────────────────────────────────────────────────────────────────────────────────────────


def merged(first: int, last: int, column: int, value: str) -> Callable[[xlsxwriter.Workbook, Any], None]:
    return lambda made, sheet: sheet.merge_range(first, column, last, column, value)


def test_a_unit_merged_over_rows_is_the_unit_of_each(tmp_path: Path) -> None:
    frames = judged("Xếp loại.xlsx", book(RATINGS, merged(2, 4, 3, "Chi bộ 2")), tmp_path)
    assert frames["ratings"].sort("row_no")["unit"].to_list() == ["chi bo 1", *["chi bo 2"] * 3, *["chi bo 1"] * 4]
    assert not frames["findings"].height


def merged_xlsb() -> bytes:
    """The rows of the test below as no program here writes them: LibreOffice reads .xlsb and has no writer for it."""
    rows = [
        *RATINGS[:2],
        [*RATINGS[2][:3], "Chi bộ 2", *RATINGS[2][4:]],
        *([*row[:3], None, *row[4:]] for row in RATINGS[3:5]),
        *RATINGS[5:],
    ]
    record, end = odd_files.xlsb_record, odd_files.xlsb_record(146)
    merge = record(177, struct.pack("<I", 1)) + record(176, struct.pack("<4I", 2, 4, 3, 3)) + record(178)
    made = odd_files.xlsb({(r, c): str(value) for r, row in enumerate(rows) for c, value in enumerate(row) if value is not None})
    return changed(made, {"xl/worksheets/sheet1.bin": lambda sheet: sheet.replace(end, end + merge)})


@pytest.mark.parametrize("kind", ["xls", "xlsb"])
def test_merged_rows_of_old_workbooks_are_read_alike(kind: str, tmp_path: Path) -> None:
    data = merged_xlsb() if kind == "xlsb" else converted(book(RATINGS, merged(2, 4, 3, "Chi bộ 2")), kind, tmp_path)
    assert judged(f"Xếp loại.{kind}", data, tmp_path)["ratings"].filter(unit="chi bo 2").height == 3


def test_a_number_merged_over_two_people_is_asked_and_not_copied(tmp_path: Path) -> None:
    frames = judged("Xếp loại.xlsx", book(RATINGS, merged(2, 3, 2, "092080000002")), tmp_path)
    assert told(frames, "person_not_merged") == [(3, "identity_number")]
    assert frames["ratings"].filter(identity_number="092080000002").height <= 1


def test_a_merge_that_reaches_below_the_people_makes_no_row(tmp_path: Path) -> None:
    frames = judged("Xếp loại.xlsx", book(RATINGS, merged(7, 30, 3, "Chi bộ 2")), tmp_path)
    assert frames["ratings"].height == 8 and not frames["findings"].height


# ── formulas without their values ────────────────────────────────────────────────────────────────────────────────


def with_formula(made: xlsxwriter.Workbook, sheet: Any) -> None:
    sheet.write_formula(2, 3, '="Chi bộ "&1')


def without_value(data: bytes) -> bytes:
    """As openpyxl writes formulas."""
    return changed(data, {SHEET: lambda xml: xml.replace(b"<v>0</v>", b"<v/>")})


@pytest.mark.parametrize("patch", [bytes, without_value])
def test_a_formula_that_nobody_calculated_is_told_at_its_cell_and_once_for_its_sheet(patch: Patch, tmp_path: Path) -> None:
    frames = judged("Xếp loại.xlsx", patch(book(RATINGS, with_formula)), tmp_path)
    assert told(frames, "no_formula_error") == told(frames, "formula_calculated") == [(3, "unit")]


def test_what_excel_saved_is_calculated_also_where_it_is_0_or_empty(tmp_path: Path) -> None:
    def zeros(made: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_formula(2, 6, "=1-1", None, 0)
        sheet.write_formula(3, 5, '=""', None, "")

    plain = {
        "xl/workbook.xml": lambda xml: xml.replace(b' fullCalcOnLoad="1"', b""),
        SHEET: lambda xml: xml.replace(b'<c r="F4">', b'<c r="F4" t="str">'),
    }
    data = changed(book([[*row, t] for row, t in zip(RATINGS, ["Điểm", *range(8)], strict=True)], zeros), plain)
    frames = judged("Xếp loại.xlsx", data, tmp_path)
    assert not frames["findings"].height and frames["ratings"].filter(row_no=3)["score"].to_list() == [0.0]


def test_formulas_that_wait_below_the_people_make_no_rows(tmp_path: Path) -> None:
    def waiting(made: xlsxwriter.Workbook, sheet: Any) -> None:
        for row in range(9, 40):
            sheet.write_formula(row, 3, f'=IF(B{row}="","","Chi bộ 1")')

    assert judged("Xếp loại.xlsx", book(RATINGS, waiting), tmp_path)["ratings"].height == 8


def test_a_row_that_is_all_formulas_does_not_vanish(tmp_path: Path) -> None:
    def linked(made: xlsxwriter.Workbook, sheet: Any) -> None:
        for column in range(6):
            sheet.write_formula(9, column, "=Z99")

    frames = judged("Xếp loại.xlsx", book(RATINGS, linked), tmp_path)
    assert (10, "identity_number") in told(frames, "identity_number_shape")


# ── formats, days ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_score_in_per_cent_is_the_score_that_excel_shows(tmp_path: Path) -> None:
    def score(made: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_number(1, 6, 0.885, made.add_format({"num_format": "0.0%"}))

    frames = judged("Xếp loại.xlsx", book([[*row, t] for row, t in zip(RATINGS, ["Điểm", *[70] * 8], strict=True)], score), tmp_path)
    assert frames["ratings"].sort("row_no")["score"].to_list()[:2] == [88.5, 70.0]


def days(values: list[Any]) -> bytes:
    """People whose first days are these: numbers in a format of days, texts as they are."""

    def write(made: xlsxwriter.Workbook, sheet: Any) -> None:
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        for row, value in enumerate(values, start=1):
            sheet.write(row, 5, value, *([] if isinstance(value, str) else [day]))

    return book([PERSONNEL_HEADER, *(member(n) for n in range(1, len(values) + 1))], write, "Nhân sự")


def serial(year: int, month: int, day: int) -> int:
    return (dt.date(year, month, day) - dt.date(1899, 12, 30)).days


def test_a_day_some_seconds_short_is_the_next_one_and_told_once_for_its_column(tmp_path: Path) -> None:
    frames = judged("Nhân sự.xlsx", days([serial(2010, 3, 1) - 40 / 86_400] * 3 + [serial(2010, 3, 1) + 0.4] * 3), tmp_path)
    assert set(frames["personnel"]["spell_from"]) == {dt.date(2010, 3, 1)}
    assert told(frames, "day_without_time") == [(2, "spell_from")]


def test_a_year_typed_into_a_cell_of_days_is_told_and_no_day_of_1905(tmp_path: Path) -> None:
    frames = judged("Nhân sự.xlsx", days([2010, *[serial(2010, 3, 1)] * 5]), tmp_path)
    assert told(frames, "date_readable") == [(2, "spell_from")]


SWAPPED = [
    serial(2010, 2, 3),
    serial(2011, 9, 4),
    serial(2012, 6, 11),
    serial(2012, 1, 7),
    serial(2013, 3, 8),
    "25/03/2011",
    "13/10/2012",
    "30/01/2010",
]


def test_text_days_after_the_12th_beside_date_cells_up_to_it_are_asked_about(tmp_path: Path) -> None:
    assert told(judged("Nhân sự.xlsx", days(SWAPPED), tmp_path), "days_in_one_order") == [(2, "spell_from")]


@pytest.mark.parametrize("few", [[0, 1, 5], [0, 5, 6], [0, 1, 2, 5]])
def test_in_a_very_short_list_fewer_days_are_enough_to_ask(few: list[int], tmp_path: Path) -> None:
    assert told(judged("Nhân sự.xlsx", days([SWAPPED[n] for n in few]), tmp_path), "days_in_one_order") == [(2, "spell_from")]
    beside = [SWAPPED[n] for n in few] + [None] * 9  # of a longer list these days say too little
    assert not told(judged("Nhân sự.xlsx", days(beside), tmp_path), "days_in_one_order")


@pytest.mark.parametrize(
    "values",
    [
        [*SWAPPED, serial(2010, 3, 25)],  # a date cell that no swap explains
        [*SWAPPED, "03/02/2010"],  # a text that Excel would have taken
        [*[serial(2010, 2, 3)] * 30, "25/03/2011"],  # many joined on one day
        [serial(2010, 2, n) for n in range(1, 9)],
    ],
)
def test_days_that_no_swap_explains_are_not_asked_about(values: list[Any], tmp_path: Path) -> None:
    assert not told(judged("Nhân sự.xlsx", days(values), tmp_path), "days_in_one_order")


# ── what cannot be seen ──────────────────────────────────────────────────────────────────────────────────────────


def hiding(made: xlsxwriter.Workbook, sheet: Any) -> None:
    sheet.set_row(3, None, None, {"hidden": True})
    sheet.set_column(3, 3, None, None, {"hidden": True})


def no_size(data: bytes) -> bytes:
    def sizes(xml: bytes) -> bytes:
        xml = re.sub(rb'<col ([^>]*)width="[^"]*"([^>]*) hidden="1"', rb'<col \1width="0"\2', xml)
        return xml.replace(b' hidden="1"', b' ht="0" customHeight="1"')

    return changed(data, {SHEET: sizes})


def prefixed(data: bytes) -> bytes:
    def prefix(xml: bytes) -> bytes:
        return re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")

    return changed(data, {SHEET: prefix})


def renamed(old: str, new: str, target: str | None = None) -> Patch:
    """A part under another name; the relationship says `target`."""

    def move(data: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            content = {name: parts.read(name) for name in parts.namelist()}
        moved = {new if name == old else name: body for name, body in content.items()}
        if target:
            moved["xl/_rels/workbook.xml.rels"] = moved["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", target.encode())
            moved["[Content_Types].xml"] = moved["[Content_Types].xml"].replace(old.encode(), new.encode())
        return package(moved)

    return move


@pytest.mark.parametrize(
    "patch",
    [
        bytes,
        no_size,
        prefixed,
        lambda data: changed(data, {SHEET: lambda xml: xml.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")}),
        renamed(SHEET, SHEET.replace("/", "\\")),
        renamed(SHEET, "xl/Worksheets/Sheet1.XML"),
        renamed(SHEET, "xl/tabs/one.xml", "/xl/tabs/one.xml"),
    ],
    ids=["hidden", "no size", "prefixes", "UTF-16", "backslashes", "other case", "other folder"],
)
def test_hidden_rows_and_columns_are_told_however_the_package_is_written(patch: Patch, tmp_path: Path) -> None:
    frames = judged("Xếp loại.xlsx", patch(book(RATINGS, hiding)), tmp_path)
    if frames["submissions"]["verdict_code"].to_list() == ["REFUSED"]:
        return  # the fast reader cannot read it: refused, not silent
    assert told(frames, "row_shown") == [(4, None)] and told(frames, "column_shown") == [(1, "unit")]


def test_a_sheet_that_cannot_be_looked_into_is_told(tmp_path: Path) -> None:
    broken = {SHEET: lambda xml: xml.replace(b"</worksheet>", b"<x & y></worksheet>")}
    frames = judged("Xếp loại.xlsx", changed(book(RATINGS, hiding), broken), tmp_path)
    assert rules(frames) & {"sheet_looked_into", "file_readable"}


def test_a_person_struck_through_is_counted_and_asked_about(tmp_path: Path) -> None:
    def strike(made: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_string(2, 1, "Nguyễn Văn C", made.add_format({"font_strikeout": True}))

    frames = judged("Xếp loại.xlsx", book(RATINGS, strike), tmp_path)
    assert told(frames, "row_not_struck") == [(3, "full_name")] and frames["ratings"].height == 8


def test_a_style_among_thousands_is_found_in_one_pass(tmp_path: Path) -> None:
    def many(made: xlsxwriter.Workbook, sheet: Any) -> None:
        for n in range(300):
            sheet.write_number(20 + n, 9, 1, made.add_format({"num_format": f'"{n}"0.0%'}))
        sheet.write_number(2, 2, 92080000002, made.add_format({"num_format": "000000000000"}))

    assert read_cells(book(RATINGS, many))[0].rows[2][2] == "092080000002"


# ── kinds of files ───────────────────────────────────────────────────────────────────────────────────────────────


def locked(data: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def test_excels_own_default_password_is_none(tmp_path: Path) -> None:
    plain = book(RATINGS)
    assert read_cells(locked(plain, DEFAULT_PASSWORD))[0].rows == read_cells(plain)[0].rows
    with pytest.raises(Unreadable, match="file_not_protected"):
        read_cells(protected())


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (package({"Index/Document.iwa": b"\0", "Index/Tables/DataList.iwa": b"\0", "preview.jpg": b"\xff\xd8"}), "file_not_iwork"),
        (package({"index.zip": b"PK", "preview.jpg": b"\xff\xd8"}), "file_not_iwork"),
        (b'{"url":"https://docs.google.com/open?id=1","doc_id":"1","email":"a@b.example"}', "file_not_shortcut"),
        (b'{"":"","doc_id":"1","resource_key":"","email":"a@b.example"}', "file_not_shortcut"),
        (b"[InternetShortcut]\r\nURL=https://docs.google.com/spreadsheets/d/1/edit\r\n", "file_not_shortcut"),
        (b"L\0\0\0\x01\x14\x02\0" + bytes(60), "file_not_shortcut"),
    ],
)
def test_what_only_stands_for_a_spreadsheet_is_called_what_it_is(data: bytes, rule: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_cells(data)
    assert caught.value.rule == rule


# ── comments ─────────────────────────────────────────────────────────────────────────────────────────────────────


def commented(*where: tuple[int, int], author: str = "An", words: str = "sai ngày sinh") -> Callable[[xlsxwriter.Workbook, Any], None]:
    def write(made: xlsxwriter.Workbook, sheet: Any) -> None:
        for row, column in where:
            sheet.write_comment(row, column, words, {"author": author})

    return write


def test_a_comment_on_somebodys_cell_is_told_once_for_its_sheet(tmp_path: Path) -> None:
    frames = judged("xep-loai.xlsx", book(RATINGS, commented((0, 1), (3, 2), (5, 4))), tmp_path)
    found = frames["findings"].filter(rule_code="cell_says_all").select("row_no", "cell", "value_found").rows()
    assert (found, rules(frames)) == ([(4, "C4", "sai ngày sinh")], {"cell_says_all"})


def test_comments_on_headers_and_our_own_are_not_told(tmp_path: Path) -> None:
    for finish in (commented((0, 1)), commented((3, 2), author=f"{AUTHOR}|FFFFFF"), commented((3, 2), words="Xem biên bản")):
        assert rules(judged("xep-loai.xlsx", book(RATINGS, finish), tmp_path)) == set()
    both = commented((3, 2), author=f"{AUTHOR}|FFFFFF", words=f"Phải sửa.{SPLIT}đã chuyển")
    assert rules(judged("xep-loai.xlsx", book(RATINGS, both), tmp_path)) == {"cell_says_all"}


# ── what goes back ───────────────────────────────────────────────────────────────────────────────────────────────


def given_back(data: bytes, tmp_path: Path, faults: int = 1) -> openpyxl.Workbook:
    (tmp_path / "blob").write_bytes(data)
    fault = Fault("ERROR", "Xếp loại", "Xếp loại", 2, "E2", "E2", "Mức xếp loại", None, "Phải sửa.", "code_known")
    give_back(Job(tmp_path / "blob", "a.xlsx", tmp_path / "a.xlsx", (fault,) * faults, ()))
    return openpyxl.load_workbook(tmp_path / "a.xlsx")


def own_formulas(made: xlsxwriter.Workbook, sheet: Any) -> None:
    sheet.write_formula(1, 6, "=SUM(A2:A9)", None, 36)
    sheet.write_formula(2, 6, '=VLOOKUP(A3,A2:F9,4,FALSE)&""', None, "Chi bộ 1")


def test_plain_formulas_stay_where_they_stood(tmp_path: Path) -> None:
    sheet = given_back(book(RATINGS, own_formulas), tmp_path)["Xếp loại"]
    assert [sheet["G2"].value, sheet["G3"].value] == ["=SUM(A2:A9)", '=VLOOKUP(A3,A2:F9,4,FALSE)&""']


def test_a_formula_that_leads_outside_becomes_its_value_and_this_is_said(tmp_path: Path) -> None:
    def outside(made: xlsxwriter.Workbook, sheet: Any) -> None:
        own_formulas(made, sheet)
        sheet.write_formula(3, 6, '=WEBSERVICE("http://la.example")', None, "đáp")
        sheet.write_array_formula("G5:G5", "{=SUM(A2:A9)}", None, 36)

    back = given_back(book(RATINGS, outside), tmp_path)
    assert [back["Xếp loại"][c].value for c in ("G2", "G4")] == ["=SUM(A2:A9)", "đáp"]
    assert back["Xếp loại"]["G5"].value.text == "=SUM(A2:A9)"  # of several cells or one: what stays inside stays
    assert "thay bằng giá trị" in back["Kết quả kiểm tra"]["B2"].value
    assert "thay bằng giá trị" not in given_back(book(RATINGS, own_formulas), tmp_path)["Kết quả kiểm tra"]["B2"].value


def test_a_file_of_plain_formulas_without_a_fault_goes_back_byte_for_byte(tmp_path: Path) -> None:
    data = book(RATINGS, own_formulas)
    given_back(data, tmp_path, faults=0)
    assert (tmp_path / "a.xlsx").read_bytes() == data
    assert not harmless.contents(book(RATINGS, lambda made, sheet: sheet.write_formula(1, 6, '=WEBSERVICE("http://la.example")')))
    assert not harmless.contents(book(RATINGS, lambda made, sheet: sheet.write_formula(1, 6, "=cmd|'/c calc'!A0")))


# ── days that are shown as months, numbers with digits before them ───────────────────────────────────────────────


@pytest.mark.parametrize(
    ("shown", "text"), [("mmm-yy", "12/2021"), ("mm/yyyy", "12/2021"), ("[$-42A]mm/yyyy", "12/2021"), ("dd/mm/yyyy", "01/12/2021")]
)
def test_a_month_that_excel_made_a_day_of_is_a_month(shown: str, text: str) -> None:
    def put(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Nhân sự").write_datetime(0, 0, dt.datetime(2021, 12, 1), book.add_format({"num_format": shown}))

    assert read_cells(odd_files.xlsx(put))[0].rows[0][0] == text


def test_digits_that_a_format_writes_before_a_number_are_its_digits() -> None:
    def put(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Nhân sự").write_number(0, 0, 80000001, book.add_format({"num_format": '"092"000000000'}))

    assert read_cells(odd_files.xlsx(put))[0].rows[0][0] == "092080000001"


def test_a_unit_that_is_merged_in_an_ods_stands_in_each_row() -> None:
    def row(*cells: str, spanned: int = 0) -> str:
        first, *others = [odd_files.ods_cell(cell) if cell else "<table:covered-table-cell/>" for cell in cells]
        first = first.replace("<table:table-cell", f'<table:table-cell table:number-rows-spanned="{spanned}"', 1) if spanned else first
        return f"<table:table-row>{first}{''.join(others)}</table:table-row>"

    sheet = read_cells(
        odd_files.ods(row("Đơn vị", "Họ tên") + row("Chi bộ 1", "An", spanned=2) + row("", "Bình") + row("Chi bộ 2", "Chi"))
    )[0]
    assert sheet.merged == ((1, 0, 2, 0),)
