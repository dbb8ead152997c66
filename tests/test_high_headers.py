"""Headers of up to five rows: groups over groups, how cells are written below their titles, blank rows, all of it printed again; merged or not."""

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from own_forms import Plan, measured, plan_of, under_groups, written_below
from test_merged_headers import Cells, read
from test_shown import book

from pipeline.intake.readings import Table

HEADER: Cells = [  # five rows
    ["STT", "Thông tin cá nhân", None, None, None, "Thông tin đảng viên", None, None, None, None, "Ghi chú"],
    [None, "Họ và tên", None, "Số CCCD", "Ngày sinh", "Ngày vào Đảng", None, "Trình độ", None, None, None],
    [None, "Họ và chữ đệm", "Tên", "(12 số)", "(ngày/tháng/năm)", "Dự bị", "Chính thức", "Lý luận chính trị", None, None, None],
    [None, None, None, None, None, "(ngày/tháng/năm)", "(ngày/tháng/năm)", "Cao cấp", "Trung cấp", "Sơ cấp", None],
    [None, None, None, None, None, None, None, "(x)", "(x)", "(đánh dấu x)", None],
]
MERGES = [
    (0, 0, 4, 0), (0, 1, 0, 4), (0, 5, 0, 9), (0, 10, 4, 10), (1, 1, 1, 2), (2, 1, 4, 1), (2, 2, 4, 2), (2, 3, 4, 3), (2, 4, 4, 4), (1, 5, 1, 6),
    (3, 5, 4, 5), (3, 6, 4, 6), (1, 7, 1, 9), (2, 7, 2, 9),
]  # fmt: skip
NUMBERS = [f"({n})" for n in range(1, 12)]


def people(first: int, last: int) -> Cells:
    return [
        [n, "Nguyễn Văn", f"A{chr(96 + n)}", f"09208000000{n}", f"0{n}/02/1980", "03/02/2010", "03/02/2011", "x", None, None, None]
        for n in range(first, last)
    ]


def table_of(rows: Cells, merges: list[tuple[int, int, int, int]], kind: str, folder: Path) -> Table:
    if kind == "csv":
        data = "\r\n".join(";".join("" if c is None else str(c) for c in row) for row in rows).encode()
    else:

        def merge(made: Any, sheet: Any) -> None:
            for m in merges:
                sheet.merge_range(*m, rows[m[0]][m[1]])

        data = book(rows, merge, "Trang")
    (table,) = read(data, kind, folder, "2021", "Danh sách đảng viên").tables
    return table


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("numbered", [True, False])
def test_a_header_of_five_rows_is_read_and_none_of_its_rows_is_somebody(kind: str, numbered: bool, tmp_path: Path) -> None:
    title: Cells = [["DANH SÁCH ĐẢNG VIÊN NĂM 2021"], []]
    page: Cells = [*HEADER, *([NUMBERS] if numbered else [])]
    rows = [*title, *page, *people(1, 4), *page, *people(4, 7)]
    merges = [(a + at, b, c + at, d) for at in (len(title), len(title) + len(page) + 3) for a, b, c, d in MERGES]
    table = table_of(rows, merges, kind, tmp_path)
    assert table.dataset == "personnel" and table.values["full_name"] == [f"Nguyễn Văn A{chr(96 + n)}" for n in range(1, 7)]
    assert table.values["identity_number"] == [f"09208000000{n}" for n in range(1, 7)]
    assert table.values["birth_date"] == [f"0{n}/02/1980" for n in range(1, 7)]
    assert table.values["party_joined_on"] == ["03/02/2010"] * 6 and table.values["party_official_on"] == ["03/02/2011"] * 6
    assert table.values["political_theory_code"] == ["Cao cấp"] * 6
    assert table.left == {} or set(table.left.values()) == {"Ghi chú"}


def test_what_stands_in_brackets_below_one_title_are_columns_where_they_differ(tmp_path: Path) -> None:
    rows: Cells = [["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Quyết định", None], [None, None, None, None, "(số)", "(ngày)"]]
    rows += [[n, f"Nguyễn Văn A{chr(96 + n)}", f"09208000000{n}", "HTTNV", f"{n}-QĐ/ĐU", "05/02/2021"] for n in range(1, 5)]
    (table,) = read(book(rows), "xlsx", tmp_path).tables
    assert table.values["decision_no"] == [f"{n}-QĐ/ĐU" for n in range(1, 5)] and table.values["decided_on"] == ["05/02/2021"] * 4


def test_a_row_that_begins_with_the_running_numbers_name_is_nobody(tmp_path: Path) -> None:
    """Two rows between those of a header are more than it may have: what was not understood is no person all the same."""
    rows: Cells = [
        ["Mức xếp loại", "Số CCCD", "Họ và tên"],
        [], [], [],
        ["STT", "Điểm tự chấm", "Điểm tập thể"],
        *([["HTTNV", f"09208000000{n}", f"Nguyễn Văn A{chr(96 + n)}"] for n in range(1, 5)]),
    ]  # fmt: skip
    (table,) = read(book(rows), "xlsx", tmp_path).tables
    assert table.values["full_name"] == [f"Nguyễn Văn A{chr(96 + n)}" for n in range(1, 5)]


@pytest.mark.parametrize("groups", [("Trình độ", "Trình độ"), ("Trình độ", None)])
def test_a_group_written_over_each_of_its_columns_has_them_below_it(groups: tuple[str, str | None], tmp_path: Path) -> None:
    """“Trình độ” twice, side by side, over two leaves: their row is nobody's, and the education is what its own leaf says."""
    rows: Cells = [
        ["DANH SÁCH ĐẢNG VIÊN"], [],
        ["STT", "Họ và tên", "Số CCCD", "Thông tin đảng viên", None, None],
        [None, None, None, "Giới tính", *groups],
        [None, None, None, None, "Trình độ ngoại ngữ", "Bằng cấp chuyên môn"],
        [],
        [str(n) for n in range(1, 7)],
        *([n, f"Nguyễn Văn A{chr(96 + n)}", f"09208000000{n}", "Nam", "Đại học", "Sơ cấp"] for n in range(1, 5)),
    ]  # fmt: skip
    (table,) = read(book(rows), "xlsx", tmp_path).tables
    assert table.values["full_name"] == [f"Nguyễn Văn A{chr(96 + n)}" for n in range(1, 5)]
    assert table.values["education_code"] == ["Sơ cấp"] * 4


HIGH = {"groups over groups", "how cells are written", "blank row below the header", "numbers printed again", "two headers above all"}


def low(plan: Plan) -> Plan:
    return replace(
        plan, body=plan.body - HIGH - {"blank row in the header"}, columns=[replace(c, outer="", below=()) for c in plan.columns]
    )


def high(plan: Plan) -> Plan:
    """The same list below groups that say nothing, with how its cells are written, and all of it printed again."""
    rng = Random(plan.number)
    columns = under_groups(low(plan).columns, plan.dataset, rng) if len(plan.columns) > 1 else plan.columns
    columns = [replace(c, below=written_below(c.way, plan.people, rng)) for c in columns]
    return replace(low(plan), body=low(plan).body | {"header printed again", *(HIGH - {"two headers above all"})}, columns=columns)


def test_a_list_says_the_same_below_a_higher_header(tmp_path: Path) -> None:
    """Drawn lists, merged and not: what is read of a low header is read of a high one, and no more. A group above all that speaks of ratings and a
    year may keep the level, or whom it rates, unknown, or a list from being known for one: that is told, and nothing is read for it."""
    differing = {}
    for n in range(24):
        plan = plan_of(9, n)
        if plan.adversary:
            continue
        one, other = (measured(p, tmp_path)[0] for p in (low(plan), high(plan)))
        if (one.outcomes, one.read, one.right, one.false, one.strangers) != (
            other.outcomes,
            other.read,
            other.right,
            other.false,
            other.strangers,
        ) or other.silent:
            differing[n] = one, other
    assert not any(said.silent or said.strangers or said.told for both in differing.values() for said in both)
    assert differing.keys() <= {
        0
    }  # “Đánh giá, xếp loại năm 2025” over its first columns is taken for a second title: whom it rates is unknown, and told
