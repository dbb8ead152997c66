"""What stands around a list: letterheads, lines below a header, counts in words, marks in boxes, lists of nobody. Each decides, or is told."""

from typing import Any

import pytest
from conftest import PERSONNEL_HEADER, RATINGS_HEADER, City, member, number, rating
from test_lists import read, told, values

from pipeline.intake.rows import RowClass

BRIEF = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại"]
SIX = [[n, f"Nguyễn Văn {chr(65 + n)}", number(n), "HTXSNV" if n < 3 else "HTTNV"] for n in range(1, 7)]
TITLE = ["KẾT QUẢ XẾP LOẠI NĂM 2021"]


def about(city: City, sheet: list[list[Any]], file: str = "bao-cao.xlsx") -> tuple[list[str | None], list[tuple[str, int | None]]]:
    reading = read(city, {"Xếp loại": sheet}, file)
    return values(reading, "unit"), told(reading)


# ── letterheads ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "above",
    [
        [["CHI BỘ 2"], TITLE],
        [["ĐẢNG BỘ PHƯỜNG MỘT", None, "ĐẢNG CỘNG SẢN VIỆT NAM"], ["CHI BỘ 2"], TITLE, []],
        [["ĐẢNG BỘ PHƯỜNG MỘT\nCHI BỘ 2", None, "ĐẢNG CỘNG SẢN VIỆT NAM"], TITLE],
        [["ĐẢNG BỘ PHƯỜNG MỘT / CHI BỘ 2"], TITLE],
        [["CHI BỘ 2 - ĐẢNG BỘ PHƯỜNG MỘT"], TITLE],
        [["Chi bộ 2 trực thuộc Đảng ủy phường Một"], TITLE],
        [["Tên đơn vị: Chi bộ 2"], TITLE],
        [["Đơn vị:", "Chi bộ 2"], TITLE],
        [["Chi bộ: 2"], TITLE],
        [["CB 2"], TITLE],
        [["Chi bộ 2", None, "Mẫu 2", "trang 1"], TITLE],
        [["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN CHI BỘ 2 NĂM 2021"], []],
        [["Chi bộ 2"], ["KẾT QUẢ XẾP LOẠI CHI BỘ 2"]],
    ],
)
@pytest.mark.parametrize("header", [BRIEF, [*BRIEF, "Đơn vị"]])
def test_a_letterhead_that_names_a_cell_says_whose_the_rows_are(city: City, above: list, header: list) -> None:
    units, notes = about(city, [*above, header, *SIX])
    assert ({(unit or "").lower() for unit in units}, notes) == ({"chi bộ 2"}, [])


@pytest.mark.parametrize(
    ("above", "file"),
    [
        ([["CHI BỘ 1"], ["XẾP LOẠI CHI BỘ 2"]], "bao-cao.xlsx"),
        ([["XẾP LOẠI ĐẢNG VIÊN CHI BỘ VĂN PHÒNG"]], "bao-cao.xlsx"),
        ([TITLE], "Xếp loại Chi bộ 2.xlsx"),
    ],
)
def test_a_cell_that_is_only_spoken_of_is_asked_about(city: City, above: list, file: str) -> None:
    units, notes = about(city, [*above, [], BRIEF, *SIX], file)
    assert (set(units) - {None}, [rule for rule, _ in notes]) == (set(), ["title_names_a_unit"])


@pytest.mark.parametrize(
    "title", ["XẾP LOẠI CÁC CHI BỘ TRỰC THUỘC", "Chi bộ đề nghị Đảng ủy xem xét", "CHI BỘ CÓ 6 ĐẢNG VIÊN", "XẾP LOẠI CHI BỘ NĂM 2021"]
)
def test_words_about_cells_name_none(city: City, title: str) -> None:
    units, notes = about(city, [["ĐẢNG BỘ PHƯỜNG MỘT"], [title], [], BRIEF, *SIX])
    assert (set(units) - {None}, notes) == (set(), [])


UP = ["XẾP LOẠI ĐẢNG VIÊN {} NĂM 2021"]
LETTERS = [["ĐẢNG BỘ PHƯỜNG MỘT", None, "ĐẢNG CỘNG SẢN VIỆT NAM"], ["{}"], ["KẾT QUẢ XẾP LOẠI NĂM 2021"]]
SIGNED = [[None, None, "BÍ THƯ"], [None, None, "Trần Văn Bí"], []]


def of_cell(lines: list, name: str) -> list:
    return [[cell and cell.format(name) for cell in line] for line in lines]


@pytest.mark.parametrize("above", [[UP], LETTERS, [["{}"], ["KẾT QUẢ XẾP LOẠI"]]])
@pytest.mark.parametrize("between", [[], [[]], SIGNED])
@pytest.mark.parametrize("header", [BRIEF, [*BRIEF[:3], "Xếp loại"]])
def test_each_of_two_lists_one_below_another_is_of_the_cell_that_its_own_titles_name(
    city: City, above: list, between: list, header: list
) -> None:
    rows = [*of_cell(above, "CHI BỘ 1"), BRIEF, *SIX[:3], *between, *of_cell(above, "CHI BỘ 2"), header, *SIX[3:]]
    units, notes = about(city, rows)
    assert [unit and unit.lower() for unit in units] == ["chi bộ 1"] * 3 + ["chi bộ 2"] * 3
    assert {rule for rule, _ in notes} <= {"column_said_above"}  # whom the titles rate


def test_the_committees_own_list_may_stand_above_a_cells(city: City) -> None:
    rows = [TITLE, BRIEF, *SIX[:3], [], *of_cell(LETTERS, "CHI BỘ 2"), BRIEF, *SIX[3:]]
    assert about(city, rows) == ([None] * 3 + ["CHI BỘ 2"] * 3, [])


def test_a_second_list_whose_titles_only_speak_of_a_cell_is_asked_about(city: City) -> None:
    rows = [TITLE, BRIEF, *SIX[:3], [], ["XẾP LOẠI ĐẢNG VIÊN CHI BỘ VĂN PHÒNG"], BRIEF, *SIX[3:]]
    units, notes = about(city, rows)
    assert (set(units), [rule for rule, _ in notes]) == ({None}, ["title_names_a_unit"])


@pytest.mark.parametrize("between", [[[]], SIGNED])
def test_a_second_list_of_another_year_is_told_of_whoever_signed_the_first(city: City, between: list) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [TITLE, BRIEF, *SIX[:3], *between, ["KẾT QUẢ XẾP LOẠI NĂM 2020"], BRIEF, *SIX[3:]]})
    city.land()
    assert city.landed("findings").select("rule_code").rows() == [("title_of_folder_period",)]


@pytest.mark.parametrize(
    "heading",
    [
        "- {}",
        "+ {}",
        "• {}",
        "(1) {}",
        "1.1. {}",
        "“{}”",
        "Đảng viên {}",
        "Danh sách {}",
        "DANH SÁCH ĐẢNG VIÊN {}",
        "Tên chi bộ: {}",
        "Thuộc {}",
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_heading_names_its_cell_however_it_begins(city: City, heading: str, is_first: bool) -> None:
    first = heading.format("Chi bộ 1") if is_first else "Chi bộ 1"
    assert about(city, [BRIEF, [first], *SIX[:3], [heading.format("Chi bộ 2")], *SIX[3:]]) == (["Chi bộ 1"] * 3 + ["Chi bộ 2"] * 3, [])


def test_a_heading_that_a_signature_stands_above_is_one(city: City) -> None:
    rows = [BRIEF, ["Chi bộ 1"], *SIX[:3], *SIGNED, ["Chi bộ 2"], *SIX[3:]]
    assert about(city, rows) == (["Chi bộ 1"] * 3 + ["Chi bộ 2"] * 3, [])


@pytest.mark.parametrize("total", [["Tổng cộng: 3 đồng chí"], ["Tổng cộng", "03 đồng chí"]])
def test_a_total_below_a_cell_is_its_own(city: City, total: list) -> None:
    rows = [BRIEF, ["Chi bộ 1"], *SIX[:3], total, ["Chi bộ 2"], *SIX[3:], total]
    assert about(city, rows)[1] == []
    wrong = [BRIEF, ["Chi bộ 1"], *SIX[:3], ["Tổng cộng: 4 đồng chí"], ["Chi bộ 2"], *SIX[3:]]
    assert [rule for rule, _ in about(city, wrong)[1]] == ["total_matches_details"]


@pytest.mark.parametrize("mark", ["-", "*", "Đơn vị:"])
def test_a_mark_in_the_running_numbers_place_stands_before_a_cells_name(city: City, mark: str) -> None:
    rows = [BRIEF, [mark, "Chi bộ 1"], *SIX[:3], [mark, "Chi bộ 2"], *SIX[3:]]
    assert about(city, rows) == (["Chi bộ 1"] * 3 + ["Chi bộ 2"] * 3, [])


@pytest.mark.parametrize(
    ("cells", "teams"),
    [
        (("Chi bộ 1 (03 đ/c)", "Chi bộ 2"), ("Tổ đảng số 1", "Tổ đảng số 2")),
        (("I. Chi bộ 1", "II. Chi bộ 2"), ("1. Tổ đảng số 1 (02 đảng viên)", "2. Tổ đảng số 2")),
    ],
)
def test_a_team_below_a_cell_is_within_it(city: City, cells: tuple[str, str], teams: tuple[str, str]) -> None:
    rows = [BRIEF, [cells[0]], [teams[0]], *SIX[:2], [teams[1]], SIX[2], [cells[1]], [teams[0]], *SIX[3:5], [teams[1]], SIX[5]]
    assert about(city, rows) == (["Chi bộ 1"] * 3 + ["Chi bộ 2"] * 3, [])


def test_a_team_beside_cells_or_without_one_is_named_as_it_stands(city: City) -> None:
    assert set(about(city, [BRIEF, ["Tổ đảng số 1"], *SIX])[0]) == {"Tổ đảng số 1"}
    beside = [BRIEF, ["1. Chi bộ 1"], *SIX[:3], ["2. Tổ đảng Ấp 3"], *SIX[3:]]
    assert about(city, beside)[0] == ["Chi bộ 1"] * 3 + ["Tổ đảng Ấp 3"] * 3


@pytest.mark.parametrize("line", ["Cộng Chi bộ {}", "Tổng cộng chi bộ {}", "Tổng CB {}", "Tổng chi bộ {}: 3 đảng viên"])
def test_a_sum_that_names_its_cell_is_no_heading(city: City, line: str) -> None:
    rows = [BRIEF, ["Chi bộ 1"], *SIX[:3], [line.format(1)], ["Chi bộ 2"], *SIX[3:], [line.format(2)]]
    reading = read(city, {"Xếp loại": rows})
    assert values(reading, "unit") == ["Chi bộ 1"] * 3 + ["Chi bộ 2"] * 3
    assert (told(reading), reading.class_counts["Xếp loại"][RowClass.SECTION]) == ([], 2)


def test_cells_that_only_sums_name_are_asked_about(city: City) -> None:
    rows = [BRIEF, *SIX[:3], ["Cộng Chi bộ 1"], *SIX[3:], ["Cộng Chi bộ 2"]]
    assert about(city, rows) == ([None] * 6, [("section_is_a_unit", 5)])
    assert about(city, [BRIEF, *SIX, ["Tổng cộng Chi bộ 1: 6 đảng viên"]])[1] == []


def test_cells_named_below_their_people_are_asked_about(city: City) -> None:
    rows = [BRIEF, *SIX[:3], ["Chi bộ 1: 3 đồng chí"], *SIX[3:], ["Chi bộ 2: 3 đồng chí"]]
    assert [rule for rule, _ in about(city, rows)[1]] == ["section_is_a_unit"]


def test_a_unit_that_the_first_row_alone_names_is_asked_about(city: City) -> None:
    rows = [[*BRIEF, "Đơn vị"], [*SIX[0], "Chi bộ 1"], *[[*row, None] for row in SIX[1:]]]
    assert about(city, rows)[1] == [("unit_in_each_row", 3)]
    middle = [[*BRIEF, "Đơn vị"], *[[*row, "Chi bộ 1" if row[0] == 3 else None] for row in SIX]]
    assert about(city, middle)[1] == []


@pytest.mark.parametrize("said", ["VD", "Ví dụ", "Mẫu"])
def test_an_example_is_nobody_and_told(city: City, said: str) -> None:
    reading = read(city, {"Xếp loại": [BRIEF, [said, "Nguyễn Văn Mẫu", number(9), "HTTNV"], *SIX]})
    assert (len(values(reading, "full_name")), told(reading)) == (6, [("row_is_no_person", 2)])


@pytest.mark.parametrize("line", ["Mang sang", "Chuyển trang sau", "Trang trước chuyển sang"])
def test_what_is_carried_to_the_next_page_is_nobody(city: City, line: str) -> None:
    reading = read(city, {"Xếp loại": [BRIEF, *SIX[:3], [None, line, None, 3], *SIX[3:]]})
    assert (len(values(reading, "full_name")), [rule for rule, _ in told(reading)]) == (6, [])


def test_how_many_have_each_level_below_a_list_is_nobody(city: City) -> None:
    summary = [["HTXSNV", 2, "33%"], ["HTTNV", 4, "67%"], ["HTNV", 0, "0%"]]
    assert len(values(read(city, {"Xếp loại": [BRIEF, *SIX, [], *summary]}), "full_name")) == 6


@pytest.mark.parametrize("file", ["Xep loai Chi bo 1.xlsx", "XL CB1.xlsx"])
def test_a_file_called_after_a_cell_without_marks_is_asked_about(city: City, file: str) -> None:
    assert [rule for rule, _ in about(city, [TITLE, BRIEF, *SIX], file)[1]] == ["title_names_a_unit"]


def test_a_row_that_names_its_unit_goes_before_the_letterhead(city: City) -> None:
    rows = [[*row, "Chi bộ 1" if row[0] % 2 else "Chi bộ 3"] for row in SIX]
    assert about(city, [["CHI BỘ 2"], TITLE, [*BRIEF, "Đơn vị"], *rows])[0] == ["Chi bộ 1", "Chi bộ 3"] * 3


@pytest.mark.parametrize("heading", [["II", "Trực thuộc Đảng ủy"], ["II. Đảng viên trực thuộc Đảng ủy phường"]])
def test_whoever_stands_directly_below_the_committee_is_the_senders(city: City, heading: list) -> None:
    assert about(city, [BRIEF, ["I", "Chi bộ 1"], *SIX[:3], heading, *SIX[3:]]) == (["Chi bộ 1"] * 3 + [None] * 3, [])


def test_an_address_above_a_list_is_nobody(city: City) -> None:
    assert about(city, [["12, Nguyễn Văn Cừ, phường An Hòa, quận Ninh Kiều"], TITLE, BRIEF, *SIX])[1] == []


# ── lines below a header ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line",
    [
        [None, "Họ và tên"],
        [None, None, None, "Mức xếp loại"],
        [None, None, "(số)", "(mức)"],
        [None, None, "(12 số)"],
        ["A", "B", 1, 2],
        ["(1)", "(2)", "(3)", "(4)"],
    ],
)
def test_a_line_below_the_header_is_nobody(city: City, line: list) -> None:
    reading = read(city, {"Xếp loại": [BRIEF, line, *SIX]})
    assert (values(reading, "identity_number"), told(reading)) == ([row[2] for row in SIX], [])


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ([None, None, None, None, "Đơn vị", "Mức xếp loại"], "E2"),
        ([None, None, None, None, None, "Ghi chú"], "F2"),
    ],
)
def test_a_second_line_renames_no_column_in_silence(city: City, line: list, cell: str) -> None:
    reading = read(city, {"Xếp loại": [RATINGS_HEADER, line, *[rating(n) for n in range(1, 7)]]})
    notes = [(n.rule, n.row_no, n.cell) for t in reading.tables for n in t.notes]
    assert (values(reading, "decided_level_code"), notes) == (["HTTNV"] * 6, [("column_named_once", 2, cell)])


def test_a_lower_name_that_hides_the_upper_one_is_told(city: City) -> None:
    header = [[*RATINGS_HEADER, "Ghi chú"], [None] * 5 + ["Hệ xếp loại", None, "Số quyết định"]]
    reading = read(city, {"Xếp loại": [*header, *[[*rating(n), None, "12-QĐ/ĐU"] for n in range(1, 4)]]})
    assert ("column_named_once", "F2") in [(n.rule, n.cell) for t in reading.tables for n in t.notes]


# ── tables side by side ──────────────────────────────────────────────────────────────────────────────────────────


def test_of_two_tables_of_one_dataset_side_by_side_the_right_one_is_told_once(city: City) -> None:
    right = [BRIEF, *[[n, "Nguyễn Văn Hai", number(n), "HTNV"] for n in range(11, 16)]]
    left = [BRIEF, *SIX[:3], [None] * 4, [None] * 4]
    reading = read(city, {"Xếp loại": [[*a, None, *b] for a, b in zip(left, right, strict=True)]})
    assert (values(reading, "identity_number"), told(reading)) == ([row[2] for row in SIX[:3]], [("tables_one_below_another", 1)])


def test_tables_of_two_datasets_side_by_side_are_both_read_by_their_own_headers(city: City) -> None:
    people = [PERSONNEL_HEADER, *[member(n, "Chi bộ 2") for n in range(1, 4)]]
    reading = read(city, {"Xếp loại": [[*a, None, *b] for a, b in zip([BRIEF, *SIX[:3]], people, strict=True)]})
    found = [(t.dataset, t.row_count, t.letters["identity_number"], set(t.values.get("unit", ()))) for t in reading.tables]
    assert (found, told(reading)) == ([("ratings", 3, "C", set()), ("personnel", 3, "H", {"Chi bộ 2"})], [])


# ── counts in words ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        "Tổng số: {} đồng chí", "Danh sách này có {} người", "Ấn định danh sách gồm {} đồng chí", "(Danh sách gồm {} người)", "Cộng danh sách: {} người",
        "Danh sách có 0{} (bằng chữ) đồng chí.", "Tổng số đảng viên: {}", "Tổng: {}", "Số lượng: {} đ/c", "TỔNG SỐ: {} ĐỒNG CHÍ, trong đó nữ: 2 đồng chí",
    ],
)  # fmt: skip
@pytest.mark.parametrize("position", [0, 1, 3])
def test_a_list_that_says_another_number_is_told_once(city: City, words: str, position: int) -> None:
    for said, due in ((6, []), (7, [("total_matches_details", 9)])):
        reading = read(city, {"Xếp loại": [BRIEF, *SIX, [], [*[None] * position, words.format(said)]]})
        assert (len(values(reading, "full_name")), told(reading)) == (6, due), said


@pytest.mark.parametrize(
    "words", ["Xuất sắc: {}; Tốt: 4", "Trong đó: HTXSNV: {}, HTTNV: 4", "Tổng hợp: HTXSNV {} (33%), HTTNV 4 (67%)", "HTXSNV: 0{} đồng chí"]
)
@pytest.mark.parametrize("position", [0, 1])
def test_levels_that_are_summed_up_in_words_are_counted(city: City, words: str, position: int) -> None:
    for said, due in ((2, []), (3, [("total_matches_details", 9)])):
        reading = read(city, {"Xếp loại": [BRIEF, *SIX, [], [*[None] * position, words.format(said)]]})
        assert (len(values(reading, "full_name")), told(reading)) == (6, due), said


@pytest.mark.parametrize("cells", [["Tổng số", "{}"], [None, None, "Tổng cộng", "{} đồng chí"]])
def test_a_total_and_its_number_in_two_cells_are_read_together(city: City, cells: list) -> None:
    for said, due in (("6", []), ("7", [("total_matches_details", 8)])):
        assert told(read(city, {"Xếp loại": [BRIEF, *SIX, [c and c.format(said) for c in cells]]})) == due


def test_a_title_that_says_how_many_is_held_against_the_rows(city: City) -> None:
    for said, due in ((6, []), (7, [("total_matches_details", 1)])):
        assert told(read(city, {"Xếp loại": [[f"DANH SÁCH {said} ĐẢNG VIÊN ĐƯỢC XẾP LOẠI"], [], BRIEF, *SIX]})) == due


@pytest.mark.parametrize(
    "words", ["Tổng số đảng viên được miễn: 3", "Tổng số chi bộ: 2", "Tỷ lệ: 100%", "Tổng số tiền: 500", "Đã họp ngày 5 tháng 1"]
)
def test_a_number_of_something_else_is_not_compared(city: City, words: str) -> None:
    assert told(read(city, {"Xếp loại": [BRIEF, *SIX, [words]]})) == []


@pytest.mark.parametrize("words", ["I. Hoàn thành xuất sắc nhiệm vụ: {}", "1. Hoàn thành xuất sắc (0{})", "I. HTXSNV: {} đồng chí"])
@pytest.mark.parametrize("position", [0, 1])
def test_a_section_of_a_level_is_no_unit_and_no_person(city: City, words: str, position: int) -> None:
    for said, due in ((2, []), (3, [("total_matches_details", 2)])):
        sheet = [BRIEF, [*[None] * position, words.format(said)], *SIX[:2], [*[None] * position, "II. Hoàn thành tốt nhiệm vụ"], *SIX[2:]]
        reading = read(city, {"Xếp loại": sheet})
        assert (len(values(reading, "full_name")), told(reading)) == (6, due)


@pytest.mark.parametrize("words", ["Chi bộ 1: {}", "CHI BỘ 1 ({} ĐỒNG CHÍ)", "Chi bộ 1 (0{})"])
def test_a_section_counts_those_in_its_own_sections_too(city: City, words: str) -> None:
    for said, due in ((4, []), (5, [("total_matches_details", 2)])):
        sheet = [
            BRIEF,
            ["I", words.format(said)],
            ["a) Đảng viên nam"],
            *SIX[:2],
            ["b) Đảng viên nữ"],
            *SIX[2:4],
            ["II", "Chi bộ 2"],
            *SIX[4:],
        ]
        units, notes = about(city, sheet)
        assert ([(unit or "").lower() for unit in units], notes) == (["chi bộ 1"] * 4 + ["chi bộ 2"] * 2, due)


# ── marks, and nobody ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("yes", "no"),
    [("☑", "☐"), ("☒", "☐"), ("■", "□"), ("[x]", "[ ]"), ("(x)", "( )"), ("X.", None), ("✔\ufe0f", "▢"), ("xx", None), ("\uf0fe", "\uf0a8"), ("√", "-")],
)  # fmt: skip
def test_boxes_are_marks_and_empty_boxes_are_none(city: City, yes: str, no: str | None) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    reading = read(city, {"Xếp loại": [header, *[[n, "Nguyễn Văn An", number(n), no, yes, no, no] for n in range(1, 4)]]})
    assert (values(reading, "decided_level_code"), told(reading)) == (["Hoàn thành tốt nhiệm vụ"] * 3, [])


@pytest.mark.parametrize("row", [[None, "Không có"], [1, "Không phát sinh"], ["Không"] * 4, [None, None, None, "Không có trường hợp nào"]])
def test_a_list_of_nobody_is_an_answer(city: City, row: list) -> None:
    city.put("2021/Q01.001/bao-cao.xlsx", {"Xếp loại": [BRIEF, row]})
    city.land()
    assert city.verdicts() == {("Q01.001", "ratings"): ("ACCEPTED", None)}
    assert city.landed("submissions")["is_nil"].to_list() == [True] and city.rules() == []


def test_nobody_is_a_note(city: City) -> None:
    reading = read(city, {"Xếp loại": [BRIEF, ["I", "Chi bộ 1"], *SIX, ["II", "Chi bộ 2"], [None, "Không có"]]})
    assert (len(values(reading, "full_name")), reading.class_counts["Xếp loại"][RowClass.NOTE]) == (6, 1)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "hours", "due"),
    [("1,200", None, True), ("1.200", 1200, False), ("1 200", 1200, False), ("40 tiết", 40, False), ("8h", 8, False), ("5 ngày", None, True), ("37,125", 37.125, False)],
)  # fmt: skip
def test_hours_as_text_are_read_where_they_can_mean_one_number(city: City, written: str, hours: float | None, due: bool) -> None:
    header = ["Họ và tên", "Số CCCD", "Chương trình", "Loại chương trình", "Từ ngày", "Số tiết"]
    rows = [["Nguyễn Văn An", number(n), "Lớp A", "Lý luận chính trị", "05/01/2021", written if n == 1 else 40] for n in range(1, 5)]
    city.put("2021/Q01.001/dao-tao.xlsx", {"Đào tạo": [header, *rows]})
    city.land()
    assert (city.landed("training")["hours"][0], city.rules()) == (hours, ["number_readable"] if due else [])
