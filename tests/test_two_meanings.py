"""What one list says in two ways — two rating systems, two steps, two results, a quarter without its year — is read as it says, or asked: never passed over."""

from pathlib import Path
from typing import Any

import pytest
from test_level_columns import WHO, asked, people

LEVELS = ["HTXSNV", "HTTNV", "HTNV", "HTTNV", "HTNV"]
TITLE = ["KẾT QUẢ XẾP LOẠI CHẤT LƯỢNG NĂM 2025"]
OF_MEMBERS, OF_OFFICIALS = ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025"], ["KẾT QUẢ XẾP LOẠI CÔNG CHỨC NĂM 2025"]
COURSE = ["DANH SÁCH HỌC VIÊN LỚP BỒI DƯỠNG LÝ LUẬN CHÍNH TRỊ NĂM 2025"]
ABOVE = ((2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 3, 2))


def said(folder: Path, *rows: list[Any], merges: Any = ()) -> tuple[list[dict[str, Any]], set[tuple[str, str | None, int | None]]]:
    """The values of rows that are counted; and what is told: rule, cell, row."""
    answer = asked(folder, [*rows], merges=merges)
    counted = [row["values"] for part in answer["datasets"] if part["verdict"] == "ACCEPTED" for row in part["rows"]]
    return counted, {(f["rule"], f["cell"], f["row"]) for f in answer["findings"]}


def rules(told: set[tuple[str, str | None, int | None]]) -> set[str]:
    return {rule for rule, *_ in told}


@pytest.mark.parametrize(
    ("title", "header", "system", "is_asked"),
    [
        (TITLE, "Xếp loại công chức", "CIVIL_SERVANT", False),
        (TITLE, "Xếp loại đảng viên", "PARTY_MEMBER", False),
        (TITLE, "Mức xếp loại CB, CC", None, True),
        (TITLE, "Xếp loại của lãnh đạo", None, False),
        (OF_MEMBERS, "Xếp loại viên chức", "PARTY_MEMBER", True),
        (OF_OFFICIALS, "Xếp loại đảng viên", "CIVIL_SERVANT", True),
        (OF_OFFICIALS, "Xếp loại công chức", "CIVIL_SERVANT", False),
    ],
)
def test_whom_the_column_of_levels_names_is_who_is_rated_or_it_is_asked(
    tmp_path: Path, title: list[str], header: str, system: str | None, is_asked: bool
) -> None:
    rows, told = said(tmp_path, title, [], [*WHO, header], *people(LEVELS))
    assert {row.get("rating_system_code") for row in rows} == {system} and ("title_of_rating_system" in rules(told)) == is_asked


def test_whom_the_group_above_levels_to_be_marked_names_is_who_is_rated(tmp_path: Path) -> None:
    marks = [[*("x" if n == at else None for n in range(5))] for at in range(4)]
    heads = [*WHO, "Xếp loại viên chức", None, None, None], [None] * 3 + ["HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    rows, _ = said(tmp_path, TITLE, [], *heads, *people(*marks)[:4], merges=(*ABOVE, (2, 3, 2, 6)))
    assert {row["rating_system_code"] for row in rows} == {"PUBLIC_EMPLOYEE"}


def test_a_group_that_says_nothing_of_ratings_says_of_nobody_that_he_is_rated(tmp_path: Path) -> None:
    heads = [*WHO, "Thông tin đảng viên", None], [None] * 3 + ["Quê quán", "Mức xếp loại"]
    rows, told = said(tmp_path, OF_OFFICIALS, [], *heads, *people(["Cần Thơ"] * 5, LEVELS), merges=(*ABOVE, (2, 3, 2, 4)))
    assert {row["rating_system_code"] for row in rows} == {"CIVIL_SERVANT"} and "title_of_rating_system" not in rules(told)


@pytest.mark.parametrize(
    ("title", "sections", "row"),
    [
        (OF_MEMBERS, ("I. Đảng viên", "II. Viên chức"), 7),
        (TITLE, ("A. Về Đảng", "B. Về chính quyền"), 7),
        (OF_MEMBERS, ("I. Chi bộ đề nghị", "II. Đảng ủy công nhận"), 4),
        (OF_MEMBERS, ("Lần 1", "Lần 2"), 7),
    ],
)
def test_sections_of_another_system_or_step_are_asked_where_they_stand(
    tmp_path: Path, title: list[str], sections: tuple[str, str], row: int
) -> None:
    rows, told = said(tmp_path, title, [], [*WHO, "Xếp loại"], [sections[0]], *people(LEVELS)[:2], [sections[1]], *people(LEVELS)[2:])
    assert len(rows) == 5
    assert {(rule, at) for rule, _, at in told} & {("heading_in_columns", row), ("title_of_rating_system", row)}


@pytest.mark.parametrize("sections", [("I. Công chức", "II. Viên chức"), ("Chi bộ 1", "Chi bộ 2"), ("Đảng ủy", "Ủy ban nhân dân")])
def test_groups_of_members_and_units_are_asked_nothing(tmp_path: Path, sections: tuple[str, str]) -> None:
    _, told = said(tmp_path, OF_MEMBERS, [], [*WHO, "Xếp loại"], [sections[0]], *people(LEVELS)[:2], [sections[1]], *people(LEVELS)[2:])
    assert rules(told).isdisjoint({"heading_in_columns", "title_of_rating_system"})


@pytest.mark.parametrize(
    ("header", "quarters"), [("Quý", ["I", "II", "3", "Cả năm", None]), ("Kỳ", ["Quý I", "Q2", "quý III", "Cả năm", None])]
)
def test_a_quarter_without_its_year_is_of_the_folders(tmp_path: Path, header: str, quarters: list[Any]) -> None:
    rows, told = said(tmp_path, ["XẾP LOẠI ĐẢNG VIÊN"], [], [*WHO, header, "Xếp loại"], *people(quarters, LEVELS))
    assert [row.get("period") for row in rows] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025", None]
    assert "column_follows_from_others" in rules(told)


def test_a_title_of_another_year_goes_before_quarters_without_one(tmp_path: Path) -> None:
    rows, told = said(
        tmp_path, ["XẾP LOẠI ĐẢNG VIÊN NĂM 2024"], [], [*WHO, "Quý", "Xếp loại"], *people(["I", "II", "I", "II", "I"], LEVELS)
    )
    assert not rows and "list_of_folder_year" in rules(told)


def test_numbers_below_a_name_that_says_no_quarter_are_none(tmp_path: Path) -> None:
    rows, told = said(tmp_path, ["XẾP LOẠI ĐẢNG VIÊN"], [], [*WHO, "Kỳ", "Xếp loại"], *people([1, 2, 1, 2, 1], LEVELS))
    assert not rows and "needed_column_holds_what_it_says" in rules(told)


@pytest.mark.parametrize("mark", ["x", 1, "+"])
def test_who_is_marked_as_absent_beside_results_took_no_course(tmp_path: Path, mark: Any) -> None:
    heads = [*WHO, "Kết quả", None, None], [None] * 3 + ["Đạt", "Không đạt", "Vắng"]
    marks = [[mark, mark, None, None, None], [None, None, mark, None, None], [None, None, None, mark, mark]]
    rows, told = said(tmp_path, COURSE, [], *heads, *people(*marks), merges=(*ABOVE, (2, 3, 2, 5)))
    assert [row["training_result_code"] for row in rows] == ["PASSED", "PASSED", "FAILED"]
    assert {("event_took_place", "F8", 8), ("event_took_place", "F9", 9)} <= told and "code_known" not in rules(told)


def test_so_is_who_is_marked_in_a_column_of_its_own_and_not_who_missed_a_day(tmp_path: Path) -> None:
    results = ["Đạt", "Đạt", "Đạt", None, None]
    rows, told = said(tmp_path, COURSE, [], [*WHO, "Kết quả", "Vắng"], *people(results, [None, None, None, "x", "x"]))
    assert len(rows) == 3 and {("event_took_place", "E7", 7), ("event_took_place", "E8", 8)} <= told
    rows, told = said(tmp_path, COURSE, [], [*WHO, "Kết quả", "Vắng"], *people(["Đạt"] * 5, [None, 1, 2, None, 1]))
    assert len(rows) == 5 and "event_took_place" not in rules(told)


def test_so_is_who_is_marked_below_a_group_of_absence_and_who_did_not_take_part(tmp_path: Path) -> None:
    heads = [*WHO, "Kết quả", None, "Vắng", None], [None] * 3 + ["Đạt", "Không đạt", "Có phép", "Không phép"]
    marks = [["x" if n in at else None for n in range(5)] for at in ((0, 1), (2,), (3,), (4,))]
    rows, told = said(tmp_path, COURSE, [], *heads, *people(*marks), merges=(*ABOVE, (2, 3, 2, 4), (2, 5, 2, 6)))
    assert len(rows) == 3 and {("event_took_place", "F8", 8), ("event_took_place", "G9", 9)} <= told
    rows, told = said(
        tmp_path, COURSE, [], [*WHO, "Kết quả", "Tham gia học"], *people(["Đạt"] * 3 + [None] * 2, ["Có", "Có", "Có", "Không", "Không"])
    )
    assert len(rows) == 3 and ("event_took_place", "E8", 8) in told


def test_who_does_not_agree_with_a_proposal_is_asked(tmp_path: Path) -> None:
    answers = ["Đồng ý", "Không đồng ý", "Nhất trí", "Không công nhận", None]
    _, told = said(tmp_path, OF_MEMBERS, [], [*WHO, "Chi bộ đề nghị", "Đảng ủy công nhận"], *people(LEVELS, answers))
    assert {cell for rule, cell, _ in told if rule == "note_agrees_with_level"} == {"E5", "E7"}


def test_another_form_after_a_complaint_is_asked_and_a_proposed_one_is_not(tmp_path: Path) -> None:
    forms, others = ["Khiển trách", "Cảnh cáo", "Khai trừ", "Cảnh cáo", "Cảnh cáo"], ["Cảnh cáo", "Cảnh cáo", "Cách chức", None, None]
    title = ["DANH SÁCH ĐẢNG VIÊN BỊ THI HÀNH KỶ LUẬT NĂM 2025"]
    for header, cells in (("Hình thức kỷ luật sau giải quyết khiếu nại", {"E4", "E6"}), ("Hình thức kỷ luật đề nghị", set())):
        _, told = said(tmp_path, title, [], [*WHO, "Hình thức kỷ luật", header], *people(forms, others))
        assert {cell for rule, cell, _ in told if rule == "event_holds"} == cells


def test_a_planned_day_is_no_first_day(tmp_path: Path) -> None:
    columns = ["Phòng Nội vụ"] * 5, ["UBND xã A"] * 5, ["01/02/2025"] * 5
    heads = [*WHO, "Từ đơn vị", "Đến đơn vị"]
    for header, day in (("Từ ngày (dự kiến)", None), ("Từ ngày (ghi rõ)", "2025-02-01")):
        rows, _ = said(tmp_path, ["DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025"], [], [*heads, header], *people(*columns))
        assert {row.get("posting_from") for row in rows} == {day}


def test_groups_right_above_a_header_rate_nobody(tmp_path: Path) -> None:
    heads = ["Thông tin đảng viên", None, None, "Kết quả đánh giá, xếp loại", None], [*WHO, "Kết quả đánh giá, xếp loại", "Tuổi"]
    title = ["KẾT QUẢ XẾP LOẠI CÁN BỘ LÃNH ĐẠO, QUẢN LÝ NĂM 2025"]
    rows, told = said(tmp_path, title, [], *heads, *people(LEVELS, [40] * 5))
    assert {row.get("rating_system_code") for row in rows} == {"LEADER"} and "title_of_rating_system" not in rules(told)
    heads[0][3] = "Kết quả đánh giá, xếp loại năm 2024"  # a year among them is said of the list
    rows, told = said(tmp_path, title, [], *heads, *people(LEVELS, [40] * 5))
    assert not rows or rules(told) & {"title_of_folder_period", "list_of_folder_year"}
