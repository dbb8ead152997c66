"""What stands in a table and is not as its first rows are: a header in another order, who did not go, one person over several rows, exchanged days."""

from pathlib import Path
from typing import Any

import pytest
from test_level_columns import FIRST, NAMES, NUMBERS, OF_FIRST, RATED, WHO, asked, people, values

BORN = [f"{n + 11}/0{n + 1}/198{n}" for n in range(5)]
ROSTER = ["DANH SÁCH ĐẢNG VIÊN NĂM 2025"]
JOINED, OFFICIAL = "03/02/2010", "03/02/2011"


def rules(said: dict[str, Any]) -> set[str]:
    return {f["rule"] for f in said["findings"]}


# ── a header that stands again ───────────────────────────────────────────────────────────────────────────────────


def test_a_header_printed_again_in_another_order_is_read_in_its_own(tmp_path: Path) -> None:
    one = ["STT", "Họ và tên", "Số CCCD", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức", "Quê quán"]
    other = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Ngày chính thức", "Ngày vào Đảng", "Quê quán"]
    first = [[n + 1, NAMES[n], NUMBERS[n], BORN[n], JOINED, OFFICIAL, "Cần Thơ"] for n in range(3)]
    second = [[n + 1, NAMES[n], BORN[n], NUMBERS[n], OFFICIAL, JOINED, "Cần Thơ"] for n in range(3, 5)]
    said = asked(tmp_path, [ROSTER, [], one, *first, other, *second])
    assert values(said, "identity_number") == NUMBERS
    assert values(said, "party_joined_on") == ["2010-02-03"] * 5 and values(said, "party_official_on") == ["2011-02-03"] * 5
    assert values(said, "birth_date") == [f"198{n}-0{n + 1}-{n + 11}" for n in range(5)]


@pytest.mark.parametrize(
    "upper, lower, cells",
    [
        (["STT", "Họ và tên", "Ngày sinh", "Ngày vào Đảng", None], [None, None, None, "Dự bị", "Chính thức"], (2, JOINED, OFFICIAL)),
        (["STT", "Họ và tên", "Ngày vào Đảng", None, "Ngày sinh"], [None, None, "Chính thức", "Dự bị", None], (4, OFFICIAL, JOINED)),
    ],
)
def test_so_is_one_of_two_rows(upper: list[Any], lower: list[Any], cells: tuple[int, str, str], tmp_path: Path) -> None:
    head = [["STT", "Họ và tên", "Ngày vào Đảng", None, "Ngày sinh"], [None, None, "Dự bị", "Chính thức", None]]
    at, *days = cells
    second = [[n + 1, NAMES[n], *(days[: at - 2] if at > 2 else ()), BORN[n], *(days if at == 2 else ())] for n in range(3, 5)]
    said = asked(tmp_path, [ROSTER, [], *head, *([n + 1, NAMES[n], JOINED, OFFICIAL, BORN[n]] for n in range(3)), upper, lower, *second])
    assert values(said, "full_name") == NAMES
    assert values(said, "party_joined_on") == ["2010-02-03"] * 5 and values(said, "party_official_on") == ["2011-02-03"] * 5


# ── events that did not come about ───────────────────────────────────────────────────────────────────────────────

COURSES = ["DANH SÁCH CÁN BỘ, CÔNG CHỨC ĐƯỢC CỬ ĐI ĐÀO TẠO, BỒI DƯỠNG NĂM 2025"]
COURSE = ["QLNN chuyên viên", "Quản lý nhà nước", "01/03/2025", "01/05/2025"]


@pytest.mark.parametrize("header", ["Kết quả", "Ghi chú", "Tình hình tham gia"])
@pytest.mark.parametrize("word", ["Vắng", "Không tham gia", "Chưa học", "Bỏ học", "Hoãn", "Đăng ký", "Vắng có lý do", "Hoãn do thai sản"])
def test_whoever_did_not_take_the_course_is_not_counted_and_told(header: str, word: str, tmp_path: Path) -> None:
    head = [*WHO, "Tên lớp", "Loại chương trình", "Từ ngày", "Đến ngày", header]
    said = asked(tmp_path, [COURSES, [], head, *people(*([c] * 5 for c in COURSE), ["Đạt", word, "Đạt", "Đạt", "Đạt"])])
    assert values(said, "full_name") == [NAMES[n] for n in (0, 2, 3, 4)]
    assert [(f["cell"], f["found"]) for f in said["findings"] if f["rule"] == "event_took_place"] == [("H5", word)]


@pytest.mark.parametrize("word", ["Không đồng ý", "Chưa thực hiện", "Dự kiến"])
def test_whoever_did_not_go_is_not_counted_and_told(word: str, tmp_path: Path) -> None:
    head = [*WHO, "Hình thức", "Đơn vị đi", "Đơn vị đến", "Từ ngày", "Kết quả thực hiện"]
    cells = (["Luân chuyển"] * 5, ["Sở A"] * 5, ["Sở B"] * 5, ["01/03/2025"] * 5, ["Đã thực hiện", word, "Đã thực hiện", "", ""])
    said = asked(tmp_path, [["DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025"], [], head, *people(*cells)])
    assert values(said, "full_name") == [NAMES[n] for n in (0, 2, 3, 4)] and "event_took_place" in rules(said)


def test_a_list_of_nobody_who_went_says_not_that_there_is_nothing_to_tell(tmp_path: Path) -> None:
    head = [*WHO, "Tên lớp", "Loại chương trình", "Từ ngày", "Đến ngày", "Kết quả"]
    said = asked(tmp_path, [COURSES, [], head, *people(*([c] * 5 for c in COURSE), ["Đăng ký"] * 5)])
    assert said["datasets"][0]["refusal_rule"] == "nil_says_only_so"


def test_words_about_another_thing_leave_the_course_taken(tmp_path: Path) -> None:
    head = [*WHO, "Tên lớp", "Loại chương trình", "Từ ngày", "Đến ngày", "Ghi chú"]
    notes = ["Dự kiến bố trí Phó phòng", "Hoãn nâng lương", "Vắng 2 buổi", None, "Đã đăng ký kết hôn"]
    said = asked(tmp_path, [COURSES, [], head, *people(*([c] * 5 for c in COURSE), notes)])
    assert values(said, "full_name") == NAMES


# ── whose discipline, and whether it is in effect ────────────────────────────────────────────────────────────────

PUNISHED = (["Khiển trách"] * 5, [f"{n}-QĐ/UBKT" for n in range(1, 6)], ["05/03/2025"] * 5)


def test_the_group_above_a_form_says_whose_discipline_it_is_before_any_title(tmp_path: Path) -> None:
    title = ["DANH SÁCH CÔNG CHỨC, VIÊN CHỨC BỊ KỶ LUẬT VỀ CHÍNH QUYỀN NĂM 2025"]
    head = [[*WHO, "Kỷ luật Đảng", None, None], [None, None, None, "Hình thức", "Số quyết định", "Ngày ký"]]
    said = asked(tmp_path, [title, [], *head, *people(*PUNISHED)], merges=((2, 3, 2, 5),))
    assert values(said, "discipline_system_code") == ["PARTY"] * 5 and "column_follows_from_others" in rules(said)


@pytest.mark.parametrize(
    "header, cells, found",
    [
        ("Hết hiệu lực", ["x", None, "x", None, None], ["LAPSED", None, "LAPSED", None, None]),
        ("Hủy bỏ", ["x", None, None, None, None], ["ANNULLED_WRONGFUL", None, None, None, None]),
        ("Ghi chú", ["Đã hết hiệu lực", None, "Hủy bỏ", "Tái phạm", None], ["LAPSED", None, "ANNULLED_WRONGFUL", None, None]),
    ],
)
def test_what_has_ended_is_not_in_effect(header: str, cells: list[Any], found: list[Any], tmp_path: Path) -> None:
    head = [*WHO, "Hình thức kỷ luật", "Số quyết định", "Ngày ký", header]
    said = asked(tmp_path, [["DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT NĂM 2025"], [], head, *people(*PUNISHED, cells)])
    assert values(said, "discipline_status_code") == found and "column_follows_from_others" in rules(said)


@pytest.mark.parametrize(
    "header, cell", [("Xóa kỷ luật", "x"), ("Ngày xóa kỷ luật", "01/06/2025"), ("Ghi chú", "Đã xóa"), ("Tình trạng", "Đã xóa kỷ luật")]
)
def test_what_was_struck_out_is_asked_and_not_in_effect(header: str, cell: str, tmp_path: Path) -> None:
    head = [*WHO, "Hình thức kỷ luật", "Số quyết định", "Ngày ký", header]
    said = asked(tmp_path, [["DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT NĂM 2025"], [], head, *people(*PUNISHED, [cell, None, None, None, None])])
    rows = said["datasets"][0]["rows"]
    assert [(row["values"] | row["assumed"]).get("discipline_status_code") for row in rows] == [None, *["ACTIVE"] * 4]
    assert ("code_known", "G4") in {(f["rule"], f["cell"]) for f in said["findings"]}


def test_an_end_that_is_yet_to_come_leaves_it_in_effect(tmp_path: Path) -> None:
    head = [*WHO, "Hình thức kỷ luật", "Số quyết định", "Ngày ký", "Hết hiệu lực"]
    said = asked(tmp_path, [["DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT NĂM 2025"], [], head, *people(*PUNISHED, ["05/03/2026"] * 5)])
    assert all((row["values"] | row["assumed"])["discipline_status_code"] == "ACTIVE" for row in said["datasets"][0]["rows"])


# ── whose rows ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_bare_name_below_the_table_is_whoever_signed_it(tmp_path: Path) -> None:
    said = asked(tmp_path, [RATED, [], [*WHO, "Xếp loại"], *people(FIRST), [], [None, "Nguyễn Văn Hùng"]])
    assert values(said, "decided_level_code") == OF_FIRST
    assert [(f["rule"], f["cell"]) for f in said["findings"]] == [("row_is_no_person", "B10")]


def test_a_name_alone_in_the_middle_of_a_list_is_somebody(tmp_path: Path) -> None:
    rows = people(FIRST)
    said = asked(tmp_path, [RATED, [], [*WHO, "Xếp loại"], *rows[:3], [], [None, "Nguyễn Văn Hùng"], *rows[3:]])
    assert len(values(said, "full_name") or ()) == 6


def test_a_person_merged_over_two_rows_is_one_and_of_events_each_row_is_one(tmp_path: Path) -> None:
    rows: list[list[Any]] = [RATED, [], [*WHO, "Xếp loại", "Ghi chú"]]
    for row in people(FIRST, ["a"] * 5):
        rows += [row, [None] * 4 + ["b"]]
    merges = tuple((top, at, top + 1, at) for top in range(3, 13, 2) for at in range(4))
    said = asked(tmp_path, rows, merges=merges)
    assert values(said, "decided_level_code") == OF_FIRST and rules(said) == {"person_over_rows"}
    head = [*WHO, "Tên lớp", "Loại chương trình", "Từ ngày", "Đến ngày"]
    rows = [COURSES, [], head]
    for n, row in enumerate(people()):
        rows += [[*row, *COURSE], [None] * 3 + [f"Lớp {n}", *COURSE[1:]]]
    said = asked(tmp_path, rows, merges=tuple(m for m in merges if m[1] < 3))
    assert values(said, "full_name") == [name for name in NAMES for _ in range(2)]


def test_two_halves_side_by_side_without_a_gap_are_told(tmp_path: Path) -> None:
    head = ["STT", "Họ và tên", "Xếp loại"]
    rows = [[n + 1, NAMES[n], "HTTNV", n + 3, NAMES[n + 2], "HTNV"] for n in range(2)]
    said = asked(tmp_path, [RATED, [], [*head, *head], *rows])
    assert values(said, "full_name") == NAMES[:2] and "tables_one_below_another" in rules(said)


def test_an_old_card_is_the_number_where_there_is_no_other(tmp_path: Path) -> None:
    old = [f"36{n}123456" for n in range(5)]
    rows = [[n + 1, NAMES[n], old[n], FIRST[n]] for n in range(5)]
    assert values(asked(tmp_path, [RATED, [], ["STT", "Họ và tên", "Số CMND", "Xếp loại"], *rows]), "identity_number") == old
    both = [[*row[:3], NUMBERS[n], row[3]] for n, row in enumerate(rows)]
    assert values(asked(tmp_path, [RATED, [], ["STT", "Họ và tên", "Số CMND", "Số CCCD", "Xếp loại"], *both]), "identity_number") == NUMBERS


# ── days ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_birth_and_joining_days_that_are_exchanged_are_neither(tmp_path: Path) -> None:
    rows = [[n + 1, NAMES[n], JOINED, BORN[n], OFFICIAL] for n in range(5)]
    said = asked(tmp_path, [ROSTER, [], ["STT", "Họ và tên", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức"], *rows])
    assert values(said, "birth_date") == values(said, "party_joined_on") == [None] * 5
    assert {f["cell"] for f in said["findings"] if f["rule"] == "column_holds_what_it_says"} >= {"C3", "D3"}


@pytest.mark.parametrize("order", [["Tháng", "Ngày", "Năm"], ["Ngày", "Tháng", "Năm"]])
def test_a_day_in_three_cells_is_read_as_they_are_called_and_told_where_they_seem_exchanged(order: list[str], tmp_path: Path) -> None:
    head = [["STT", "Họ và tên", "Số CCCD", "Ngày sinh", None, None, "Ngày vào Đảng", "Ngày chính thức"], [None] * 3 + [*order, None, None]]
    rows = [[n + 1, NAMES[n], NUMBERS[n], n + 1, n + 11, 1980 + n, JOINED, OFFICIAL] for n in range(5)]
    said = asked(tmp_path, [ROSTER, [], *head, *rows], merges=((2, 3, 2, 5),))
    if order[0] == "Tháng":
        assert values(said, "birth_date") == [f"198{n}-0{n + 1}-{n + 11}" for n in range(5)] and "days_in_one_order" not in rules(said)
    else:
        assert "days_in_one_order" in rules(said)


@pytest.mark.parametrize("group", ["Chính thức", "Ngày chính thức"])
def test_an_official_day_may_stand_in_three_cells(group: str, tmp_path: Path) -> None:
    head = [["STT", "Họ và tên", "Số CCCD", "Ngày sinh", "Ngày vào Đảng", group, None, None], [None] * 5 + ["Ngày", "Tháng", "Năm"]]
    rows = [[n + 1, NAMES[n], NUMBERS[n], BORN[n], JOINED, 3, 2, 2011] for n in range(5)]
    said = asked(tmp_path, [ROSTER, [], *head, *rows], merges=((2, 5, 2, 7),))
    assert values(said, "party_official_on") == ["2011-02-03"] * 5
