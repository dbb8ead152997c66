"""The cell that is told, and that goes back marked, is the cell of the form that holds the value, wherever the form has it."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from conftest import City, load, member, number, roster
from own_forms import UNREADABLE, answer, lay, places_of, plan_of, planted
from test_level_columns import NAMES, NUMBERS, WHO
from test_rows_of_people import ROSTER, asked, read
from xlsxwriter.utility import xl_cell_to_rowcol

from pipeline.intake.files import read_file
from pipeline.intake.layout import Form, FormColumn, Part
from pipeline.intake.readings import Source
from pipeline.judging.layouts import layout_of
from pipeline.schemas import SCHEMAS

BORN = [[*WHO, "Ngày sinh", None, "Ngày vào Đảng"], [None] * 3 + ["Nam", "Nữ"]]


def told(said: dict[str, Any], column: str) -> list[tuple[str, str]]:
    """Rules and cells of what is told of a column in its rows."""
    return sorted((f["cell"], f["rule"]) for f in said["findings"] if f["column"] == column and f["found"])


def roster_of(*columns: list[Any]) -> list[list[Any]]:
    return [[n + 1, NAMES[n], NUMBERS[n], *(column[n] for column in columns)] for n in range(5)]


def test_a_birth_date_below_nam_or_nu_is_told_where_it_stands(tmp_path: Path) -> None:
    men, women = ["31/02/1980", None, "05/02/1981", None, None], [None, "31/02/1980", None, "06/02/1982", None]
    said = asked(tmp_path, [ROSTER, *BORN, *roster_of(men, women, ["01/03/2010"] * 5)])
    assert told(said, "birth_date") == [("D4", "date_readable"), ("E5", "date_readable")]


def test_only_rows_whose_value_stands_elsewhere_land_with_its_place_and_the_sex_stands_with_the_birth_date(city: City) -> None:
    rows = [
        [1, "Nguyễn Văn A", number(1), "05/02/1980", None, "01/03/2010"],
        [2, "Lê Thị B", "092180000002", None, "05/02/1980", "01/03/2010"],
    ]
    city.put("2021/Q01.001/Nhân sự.xlsx", {"Nhân sự": [*BORN, *rows]})
    city.put("2021/Q01.002/Nhân sự.xlsx", {"Nhân sự": roster([member(n) for n in range(30, 36)])})
    city.land()
    letters = city.landed("letters")
    own = letters.filter(pl.col("column_name").is_in(["birth_date", "sex_code"])).select("column_name", "row_no", "letter").rows()
    assert {*own} == {(column, *at) for column in ("birth_date", "sex_code") for at in ((None, "D"), (4, "E"))}
    assert letters["row_no"].count() == 2  # and of a template none


def test_a_name_in_two_columns_is_told_in_the_first_that_says_something(tmp_path: Path) -> None:
    heads = ["STT", "Họ và tên đệm", "Tên", "Số CCCD", "Chức vụ", "Ngày vào Đảng", "Ngày chính thức"]
    names = [("Nguy?n Văn", "An"), ("Trần Văn", "B?nh"), (None, "B?nh"), ("Lê Thị", "Cúc"), ("Lê Thị", "Dung")]
    rows = [[n + 1, *names[n], NUMBERS[n], "Bí thư", "01/03/2010", "01/03/2011"] for n in range(5)]
    said = asked(tmp_path, [ROSTER, heads, *rows])
    assert told(said, "full_name") == [(f"{c}{n}", "letters_of_one_alphabet") for c, n in (("B", 3), ("B", 4), ("C", 5))]


def test_a_day_in_three_columns_is_told_in_the_first_that_says_something(tmp_path: Path) -> None:
    heads = [[*WHO, "Ngày sinh", None, None, "Ngày vào Đảng"], [None] * 3 + ["Ngày", "Tháng", "Năm"]]
    days = [[31, 2, 1980], [None, 13, 1980], [None, None, "198x"], [5, 2, 1981], [None, None, None]]
    said = asked(tmp_path, [ROSTER, *heads, *([n + 1, NAMES[n], NUMBERS[n], *days[n], "01/03/2010"] for n in range(5))])
    assert [cell for cell, _ in told(said, "birth_date")] == ["D4", "E5", "F6"]


def test_the_form_of_a_punishment_is_told_in_the_column_of_its_system(tmp_path: Path) -> None:
    heads = [*WHO, "Hình thức kỷ luật đảng", "Hình thức kỷ luật chính quyền", "Số quyết định", "Ngày quyết định"]
    of_party, of_state = ["Cảnh cáo", "nhắc lại", None, None, "Khiển trách"], [None, None, "nhắc lại", "Cảnh cáo", None]
    title = ["DANH SÁCH ĐẢNG VIÊN BỊ THI HÀNH KỶ LUẬT NĂM 2025"]
    said = asked(tmp_path, [title, heads, *roster_of(of_party, of_state, ["1-QĐ/UBKT"] * 5, ["05/05/2025"] * 5)])
    assert read(said, "discipline_system_code") == ["PARTY", "PARTY", "STATE", "STATE", "PARTY"]
    assert told(said, "discipline_form_code") == [("D4", "code_known"), ("E5", "code_known")]


def test_the_first_of_several_columns_that_says_something_is_where_its_value_stands(city: City) -> None:
    head = ["Ai", "Mã", "Bên Đảng ấy", "Bên kia", "Bên nữa"]
    posts = [("Bí thư", "Trưởng phòng", None), (None, "Chuyên viên", "Bí thư"), (None, None, "Bí thư"), (None, None, None)]
    file = city.put("x.xlsx", {"Phiếu": [head, *([f"Nguyễn Văn {n}", number(n), *of] for n, of in enumerate(posts))]})
    layout, source = layout_of(SCHEMAS), Source(0, file, file.name, period="2021")
    columns = [FormColumn(0, "Ai", "full_name"), FormColumn(1, "Mã", "identity_number")]
    columns += [FormColumn(n, head[n], "post_code", Part.WHOLE if n == 2 else Part.NEXT) for n in (2, 3, 4)]
    (unread,) = read_file(source, layout).unread
    (table,) = read_file(source, dataclasses.replace(layout, forms={unread.code: Form("personnel", tuple(columns))})).tables
    assert [table.place_of("post_code", n) for n in range(2, 6)] == ["C2", "D3", "E4", "C5"]  # where nothing says anything, the first


def test_rows_below_a_header_that_is_printed_again_keep_their_places(tmp_path: Path) -> None:
    men, women = ["05/02/1980", None, None, None, None], [None, "05/02/1980", "05/02/1981", "31/02/1980", "31/02/1981"]
    rows = roster_of(men, women, ["01/03/2010"] * 5)
    said = asked(tmp_path, [ROSTER, *BORN, *rows[:3], *BORN, *rows[3:]])
    assert told(said, "birth_date") == [("E10", "date_readable"), ("E9", "date_readable")]


def test_days_that_excel_may_have_swapped_are_asked_in_womens_column_too(city: City) -> None:
    days = [
        dt.date(1980, 2, 3),
        dt.date(1981, 9, 4),
        dt.date(1982, 6, 11),
        dt.date(1982, 1, 7),
        dt.date(1983, 3, 8),
        "25/03/1981",
        "13/10/1982",
    ]
    rows = [[n + 1, f"Nguyễn Thị {'ABCDEGH'[n]}", f"0921800{n:05}", None, day, "01/03/2010"] for n, day in enumerate(days)]
    city.put("2021/Q01.001/Nhân sự.xlsx", {"Nhân sự": [*BORN, *rows]})
    city.land()
    found = city.landed("findings").filter(rule_code="days_in_one_order").select("column_name", "cell").rows()
    assert found == [("birth_date", "E3")]


def test_a_spouses_birth_date_below_nam_or_nu_is_nobodys_here(tmp_path: Path) -> None:
    heads = [[*WHO, "Chức vụ", "Ngày vào Đảng", "Ngày chính thức", "Họ tên vợ/chồng", "Ngày sinh", None], [None] * 7 + ["Nam", "Nữ"]]
    columns = [["Bí thư"] * 5, ["01/03/2010"] * 5, ["01/03/2011"] * 5, NAMES[::-1], [None] * 5, ["05/02/1980"] * 5]
    said = asked(tmp_path, [ROSTER, *heads, *roster_of(*columns)])
    assert read(said, "birth_date", "sex_code") == [[None, None]] * 5


@pytest.mark.parametrize("n", [n for n in range(40) if n % 8 != 7])
def test_a_cell_that_nobody_can_read_is_told_where_a_drawn_form_has_it(tmp_path: Path, n: int) -> None:
    """In each column of the form in turn, where anything is told of it."""
    plan = plan_of(5, n)
    for at, column in enumerate(plan.columns):
        if len(column.heads) > 1 and any(column.way.cells(plan.people[0])):
            spoiled, leaves = planted(plan, at)
            form = lay(spoiled)
            _, row = next(iter(form.rows))
            means = {c for c, places in places_of(plan, form).items() if places & {*form.letters[at]}}
            for f in answer(form, plan.period, tmp_path)["findings"]:
                if f["row"] == row and f["column"] in means and f["cell"] and UNREADABLE in (f["found"] or ""):
                    assert xl_cell_to_rowcol(f["cell"])[1] - form.letters[at].start in leaves, (column.way.kind, f)


def test_what_goes_back_is_marked_below_nu(city: City) -> None:
    rows = [
        [1, "Nguyễn Văn A", number(1), "05/02/1980", None, "01/03/2010"],
        [2, "Lê Thị B", "092180000002", None, "31/02/1980", "01/03/2010"],
    ]
    city.put("2021/Q01.001/Nhân sự.xlsx", {"Nhân sự": [*BORN, *rows]})
    load(city.home)
    (file,) = (city.home.outbox / "2021/Q01.001").glob("*.xlsx")
    sheet = openpyxl.load_workbook(file)["Nhân sự"]
    assert [bool(sheet[f"{letter}4"].comment) for letter in "DE"] == [False, True]
