"""A list that nothing calls one: a roster where each of its columns is a roster's; with one column of anything else, or a name that says another, it is asked."""

from pathlib import Path
from typing import Any

import pytest
from own_forms import Form, answer
from test_level_columns import NAMES, asked, people
from test_shown import book

BORN = [f"0{n}/03/198{n}" for n in range(1, 6)]
JOINED, OFFICIAL = [[f"1{n}/05/20{year}" for n in range(5)] for year in (10, 11)]
POSTS = ["Chuyên viên", "Trưởng phòng", "Phó Trưởng phòng", "Chuyên viên", "Kế toán"]
HEADER = ["STT", "Họ và tên", "Số CCCD", "Ngày sinh", "Chức vụ", "Trình độ chuyên môn", "Ngày kết nạp", "Ngày chính thức"]
COLUMNS = [BORN, POSTS, ["Đại học"] * 5, JOINED, OFFICIAL]


def roster(*more: tuple[str, list[Any]]) -> list[list[Any]]:
    return [[*HEADER, *(name for name, _ in more)], *people(*COLUMNS, *(cells for _, cells in more))]


def result(said: dict[str, Any]) -> tuple[str | None, int, set[str]]:
    (part,) = said["datasets"]
    return part["dataset"], len(part["rows"]) if part["verdict"] == "ACCEPTED" else 0, {f["rule"] for f in said["findings"]}


@pytest.mark.parametrize("name", ["Book1.xlsx", "So lieu (2).xlsx", "Chi bộ 2.xlsx", "danh sach.xlsx"])
def test_a_roster_that_nothing_names_is_read_and_told(tmp_path: Path, name: str) -> None:
    more = [("Quê quán", ["Cần Thơ"] * 5), ("Trình độ tin học", ["A"] * 5), ("Quản lý nhà nước", ["Chuyên viên"] * 5)]
    form = Form(name, book(roster(*more), None, "Sheet1"), {}, set(), {}, range(0))
    dataset, count, told = result(answer(form, "2025", tmp_path))
    assert (dataset, count) == ("personnel", 5) and "known_dataset_present" not in told
    assert ("list_known_by_columns" in told) == (name != "danh sach.xlsx")


def test_a_letterhead_above_it_says_whose_it_is_and_no_more(tmp_path: Path) -> None:
    head = [["ĐẢNG ỦY PHƯỜNG TÂN AN", None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"], []]
    assert result(asked(tmp_path, [*head, *roster()]))[:2] == ("personnel", 5)


@pytest.mark.parametrize(("group", "is_read"), [("Thông tin chung", True), ("Danh sách cử tri", False)])
def test_a_group_over_all_columns_is_no_title(tmp_path: Path, group: str, is_read: bool) -> None:
    rows = [["STT", group], [None, "Chia ra"], *roster()]
    assert result(asked(tmp_path, rows, merges=((0, 1, 0, 7), (1, 1, 1, 7))))[1] == 5 * is_read


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Thực lĩnh", [5_000_000] * 5),
        ("Ngày hưởng", JOINED),
        ("Tên lớp", ["QLNN"] * 5),
        ("Ngày khai giảng", JOINED),
        ("Kết quả", ["Đạt"] * 5),
        ("Ký tên", [None] * 5),
        ("Số phiếu", [9] * 5),
        ("Khu vực bỏ phiếu", ["Số 3"] * 5),
        ("Loại huy hiệu", ["30 năm"] * 5),
        ("Tuổi Đảng", [30] * 5),
        ("Chức danh quy hoạch", POSTS),
        ("Đăng ký học", ["x"] * 5),
        ("Nơi chuyển đến", ["Chi bộ 2"] * 5),
        ("Lý do nghỉ", ["Hưu"] * 5),
        ("Quan hệ với chủ hộ", ["Con"] * 5),
        ("Xếp loại", ["HTTNV"] * 5),
        ("Hình thức kỷ luật", ["Khiển trách"] * 5),
        ("Nhóm máu", ["O"] * 5),
    ],
)
def test_one_column_of_something_else_keeps_it_from_being_one(tmp_path: Path, header: str, cells: list[Any]) -> None:
    dataset, _, told = result(asked(tmp_path, roster((header, cells))))
    assert "list_known_by_columns" not in told and dataset != "personnel"


PAY = [("Mã ngạch", ["01.003"] * 5), ("Bậc", [3] * 5), ("Hệ số lương", ["2.34"] * 5), ("Ngày hưởng", ["01/03/2024"] * 5)]


@pytest.mark.parametrize(
    ("more", "is_read"),
    [
        (PAY, True),
        ([*PAY, ("Thư điện tử", ["a@cantho.gov.vn"] * 5), ("Ngày cấp thẻ", JOINED), ("Người DTTS", ["x"] * 5), ("Tuổi Đảng", [3, 7, 12, 30, 31])], True),
        ([*PAY, ("Thành tiền", [5_000_000] * 5)], False),
        ([*PAY, ("Hệ số phụ cấp", ["0.3"] * 5)], False),
        ([("Hệ số lương cũ", ["2.34"] * 5), ("Hệ số lương mới", ["2.67"] * 5)], False),  # who is paid more from now on
        ([("Hệ số", ["2.34"] * 5), ("Hệ số", ["2.67"] * 5)], False),
        ([("Ngày hưởng", ["01/03/2024"] * 5)], False),  # of what?
        ([("Tuổi Đảng", [30, 30, 40, 55, 60])], False),  # who gets a badge
    ],
)  # fmt: skip
def test_pay_as_it_is_is_left_unread_beside_what_a_roster_alone_says(
    tmp_path: Path, more: list[tuple[str, list[Any]]], is_read: bool
) -> None:
    dataset, count, told = result(asked(tmp_path, roster(*more)))
    assert (dataset == "personnel", count) == (is_read, 5 * is_read) and ("list_known_by_columns" in told) is is_read


CALLED_SO = [["DANH SÁCH CÁN BỘ, CÔNG CHỨC NĂM 2025"], []]


@pytest.mark.parametrize(
    ("columns", "is_read"),
    [
        ({"Ngày sinh": BORN, "Chức vụ": POSTS, "Trình độ chuyên môn": ["Đại học"] * 5}, True),
        ({"Chức vụ": POSTS, "Đơn vị": ["Văn phòng"] * 5}, False),  # a payroll, by whatever name
        ({"Ngày sinh": BORN, "Chức vụ": POSTS}, False),
        ({"Ngày sinh": BORN, "Chức vụ": POSTS, "Trình độ chuyên môn": ["Đại học"] * 5, "Thực lĩnh": [5_000_000] * 5}, False),
        ({"Ngày sinh": BORN, "Chức vụ": POSTS, "Trình độ chuyên môn": ["Đại học"] * 5, "Hệ số lương mới": ["2.67"] * 5}, False),
    ],
)
def test_a_title_alone_makes_no_roster_of_a_payroll(tmp_path: Path, columns: dict[str, list[Any]], is_read: bool) -> None:
    """It has to say what somebody became, and not only what he earns."""
    columns = columns | dict(PAY)
    rows = [["STT", "Họ và tên", *columns], *([n + 1, NAMES[n], *(cells[n] for cells in columns.values())] for n in range(5))]
    said = asked(tmp_path, [*CALLED_SO, *rows])
    assert [(d["dataset"], d["verdict"]) for d in said["datasets"] if d["verdict"] == "ACCEPTED"] == [("personnel", "ACCEPTED")] * is_read


@pytest.mark.parametrize(
    "columns",
    [{"Chức vụ": POSTS, "Email": ["a@cantho.gov.vn"] * 5}, {"Ngày sinh": BORN, "Quà": ["x"] * 5}, {"Ngày sinh": BORN, "Chức vụ": POSTS, "Dân tộc": ["Kinh"] * 5, "Size áo": ["M"] * 5}],
)  # fmt: skip
def test_nor_of_a_list_for_one_occasion(tmp_path: Path, columns: dict[str, list[Any]]) -> None:
    rows = [["STT", "Họ và tên", *columns], *([n + 1, NAMES[n], *(cells[n] for cells in columns.values())] for n in range(5))]
    assert not any(d["verdict"] == "ACCEPTED" for d in asked(tmp_path, [*CALLED_SO, *rows])["datasets"])


@pytest.mark.parametrize(("column", "is_read"), [("Năm sinh", True), ("Lý luận chính trị", False)])
def test_what_is_said_of_kin_besides_leaves_it_a_roster_where_the_peoples_own_stands_beside_it(
    tmp_path: Path, column: str, is_read: bool
) -> None:
    """What only the kin's column says may be the person's own: then it is asked."""
    heads = [[*HEADER, "Họ tên cha", None], [*[None] * 8, "Họ và tên", column]]
    rows = [*heads, *people(*COLUMNS, ["Trần Văn Lực"] * 5, ["1945" if is_read else "Sơ cấp"] * 5)]
    said = asked(tmp_path, rows, merges=(*((0, c, 1, c) for c in range(8)), (0, 8, 0, 9)))
    assert result(said)[1] == 5 * is_read


@pytest.mark.parametrize(
    "columns",
    [
        {"Chức vụ": POSTS, "Đơn vị": ["Văn phòng"] * 5, "Điện thoại": ["0292123456"] * 5, "Email": ["a@cantho.gov.vn"] * 5},  # telephones
        {"Ngày sinh": BORN, "Nam": ["x"] * 5, "Dân tộc": ["Kinh"] * 5, "Nơi thường trú": ["Ấp 1"] * 5},  # voters
        {"Ngày sinh": BORN, "Chức vụ": POSTS, "Đơn vị": ["Văn phòng"] * 5, "Trình độ chuyên môn": ["Đại học"] * 5, "Lý luận chính trị": ["Sơ cấp"] * 5},  # a course
        {"Ngày sinh": BORN, "Ngày kết nạp": JOINED, "Ngày chính thức": OFFICIAL},  # badges, or who pays
    ],
)  # fmt: skip
def test_columns_that_lists_of_any_purpose_have_make_none(tmp_path: Path, columns: dict[str, list[Any]]) -> None:
    rows = [["STT", "Họ và tên", *columns], *([n + 1, NAMES[n], *(cells[n] for cells in columns.values())] for n in range(5))]
    assert result(asked(tmp_path, rows)) == (None, 0, {"known_dataset_present", "sheet_known"})


@pytest.mark.parametrize("title", ["DANH SÁCH CỬ TRI", "DANH SÁCH", "BẢNG LƯƠNG THÁNG 4/2025", "NGUỒN CÁN BỘ"])
def test_a_title_that_calls_it_something_else_or_nothing_keeps_it_asked(tmp_path: Path, title: str) -> None:
    assert result(asked(tmp_path, [[title], [], *roster()]))[1] == 0


@pytest.mark.parametrize(("file", "sheet"), [("luong thang 4.xlsx", "Sheet1"), ("Book1.xlsx", "Cử tri"), ("lop QLNN.xlsx", "Sheet1")])
def test_so_does_a_name(tmp_path: Path, file: str, sheet: str) -> None:
    form = Form(file, book(roster(), None, sheet), {}, set(), {}, range(0))
    assert result(answer(form, "2025", tmp_path))[1] == 0


def test_the_group_of_degrees_above_a_header_calls_no_list_a_course(tmp_path: Path) -> None:
    names = ["STT", "Họ và tên", "Số CCCD", "Ngày sinh", "Ngày kết nạp", "Ngày chính thức"]
    heads = (
        [None] * 6 + ["Trình độ đào tạo"],
        [None] * 6 + ["Lý luận chính trị"],
        [*names, "Cử nhân", "Cao cấp", "Trung cấp", "Sơ cấp", "Chuyên môn"],
    )
    marks = [["x" if n % 4 == at else None for n in range(5)] for at in range(4)]
    rows = people(BORN, JOINED, OFFICIAL, *marks, ["Đại học"] * 5)
    title = ["BIỂU CHẤT LƯỢNG ĐỘI NGŨ CÁN BỘ, CÔNG CHỨC NĂM 2025"]
    said = asked(tmp_path, [title, [], *heads, *rows], merges=((2, 6, 2, 10), (3, 6, 3, 9)))
    assert result(said)[:2] == ("personnel", 5)


def test_what_a_list_of_postings_says_of_its_people_besides_is_no_reason_to_ask(tmp_path: Path) -> None:
    days = {"Ngày sinh": BORN, "Ngày kết nạp": JOINED, "Ngày chính thức": OFFICIAL}
    words = {
        "Quê quán": "Cần Thơ",
        "Nơi sinh": "Cần Thơ",
        "Dân tộc": "Kinh",
        "Giới tính": "Nam",
        "Trình độ": "Đại học",
        "Lý luận chính trị": "Cao cấp",
        "Tôn giáo": "Không",
    }
    own = {"Đơn vị đến": ["UBND xã A"] * 5, "Trong quy hoạch": ["x"] * 5}
    columns = days | {name: [word] * 5 for name, word in words.items()} | own
    rows = [["STT", "Họ và tên", *columns], *([n + 1, NAMES[n], *(c[n] for c in columns.values())] for n in range(5))]
    assert result(asked(tmp_path, [["DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025"], [], *rows]))[:2] == ("rotation", 5)
