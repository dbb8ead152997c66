"""What sections, legends and titles say of the rows below them is understood, or told; a list goes on below another header."""

from typing import Any

import pytest
from conftest import City
from test_lists import LAYOUT
from test_titles import NAMES, number, of, read, sheet, told

from pipeline.intake.section_codes import said
from pipeline.judging.titled import notes_of_titles
from pipeline.ledger.records import Line

OTHERWISE, ABOVE = "heading_in_columns", "column_said_above"


def parted(dataset: str, title: str, one: str, other: str) -> list[list[Any]]:
    """A list of six whose last three stand below a second section."""
    *head, first, second, third, fourth, fifth, sixth = sheet(dataset, title)
    return [*head, [one], first, second, third, [other], fourth, fifth, sixth]


@pytest.mark.parametrize(
    ("dataset", "title", "column", "sections", "labels"),
    [
        ("rotation", "DANH SÁCH LUÂN CHUYỂN CÁN BỘ", "rotation_kind_code", ("I. Luân chuyển", "II. Biệt phái"), ("Luân chuyển", "Biệt phái")),
        ("rotation", "CÁN BỘ LUÂN CHUYỂN, ĐIỀU ĐỘNG", "rotation_kind_code", ("I. Cán bộ luân chuyển", "Điều động, bổ nhiệm"), ("Luân chuyển", "Điều động")),
        ("discipline", "DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT", "discipline_system_code", ("I. Kỷ luật đảng", "II. Kỷ luật hành chính"), ("Đảng", "Chính quyền")),
        ("discipline", "DANH SÁCH CÁN BỘ BỊ KỶ LUẬT", "discipline_system_code", ("I. Về Đảng", "II. Về đoàn thể"), ("Đảng", "Đoàn thể")),
        ("personnel", "DANH SÁCH ĐẢNG VIÊN", "staff_kind_code", ("A. Công chức", "B. Lao động hợp đồng"), ("Công chức", "Không là cán bộ công chức viên chức")),
    ],
)  # fmt: skip
def test_a_section_says_the_code_of_the_rows_below_it(
    city: City, dataset: str, title: str, column: str, sections: tuple[str, str], labels: tuple[str, str]
) -> None:
    reading = read(city, {"Sheet1": parted(dataset, title, *sections)})
    [table] = reading.tables
    assert table.values[column] == [labels[0]] * 3 + [labels[1]] * 3
    assert (ABOVE, column) in [(n.rule, n.column) for n in table.notes]


def test_of_courses_a_section_says_the_kind_but_not_against_the_course_itself(city: City) -> None:
    rows = parted("training", "DANH SÁCH CÁN BỘ ĐƯỢC CỬ ĐI ĐÀO TẠO", "I. Kỹ năng số", "II. Lý luận chính trị")
    reading = read(city, {"Sheet1": rows})  # all of them took “Kỹ năng số”
    assert OTHERWISE in told(reading) and reading.tables[0].values["programme_type_code"][3:] == [None] * 3


def test_whoever_is_no_member_by_his_section_is_none(city: City) -> None:
    head = ["STT", "Họ và tên", "Số CCCD", "Sinh năm", "Chức vụ", "Phòng/bộ phận", "Năm kết nạp"]
    rows = [
        [n + 1, f"Nguyễn Văn {NAMES[n]}", number(n), "1980", "Chuyên viên", "Phòng Kinh tế", "2005" if n < 3 else None] for n in range(6)
    ]
    reading = read(city, {"Danh sách": [["DANH SÁCH CÁN BỘ, CÔNG CHỨC"], head, ["I. Đảng viên"], *rows[:3], ["II. Quần chúng"], *rows[3:]]})
    assert reading.tables[0].values["member_status_code"][3:] == ["Không là đảng viên"] * 3


@pytest.mark.parametrize(
    ("dataset", "title", "section"),
    [
        ("personnel", "DANH SÁCH ĐẢNG VIÊN", "II. Quần chúng"),
        ("personnel", "DANH SÁCH ĐẢNG VIÊN", "II. Chưa vào Đảng"),
        ("personnel", "DANH SÁCH ĐẢNG VIÊN", "II. Đảng viên dự bị"),
        ("personnel", "DANH SÁCH ĐẢNG VIÊN", "II. Đã nghỉ hưu"),
        ("personnel", "DANH SÁCH ĐẢNG VIÊN", "II. Giảm trong năm"),
        ("rotation", "DANH SÁCH LUÂN CHUYỂN CÁN BỘ", "II. Bổ nhiệm"),
        ("rotation", "DANH SÁCH LUÂN CHUYỂN CÁN BỘ", "II. Nghỉ hưu"),
        ("discipline", "DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT", "II. Cảnh cáo"),
        ("discipline", "DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT", "II. Phê bình, rút kinh nghiệm"),
    ],
)
def test_a_section_that_says_something_else_than_the_rows_is_told_at_its_row(city: City, dataset: str, title: str, section: str) -> None:
    reading = read(city, {"Sheet1": parted(dataset, title, "I. Chi bộ 1", section)})
    source = Line("2025/Q01.001/Book1.xlsx", "2025", "Q01.001", "", 0, "")
    notes = [n for t in reading.tables for n in (*notes_of_titles(source, t.sheet, t), *t.notes)]
    assert [n.row_no for n in notes if n.rule in (OTHERWISE, "rows_of_this_list")] == [8]


def test_a_list_goes_on_below_another_header_and_keeps_what_its_title_says(city: City) -> None:
    for title, system, period in (
        ("KẾT QUẢ XẾP LOẠI VIÊN CHỨC NĂM 2025", "Viên chức", "2025"),
        ("XẾP LOẠI VIÊN CHỨC QUÝ II/2025", "Viên chức", "2025-Q2"),
    ):
        rows = sheet("ratings", "CHI BỘ 1", title)
        turned = [[row[0], row[1], row[3], row[2]] for row in (rows[3], *rows[7:])]
        reading = read(city, {"Sheet1": [*rows[:7], [], *turned]})
        assert [t.row_count for t in reading.tables] == [3, 3]
        for table in reading.tables:
            said = [set(table.values[c]) for c in ("rating_system_code", "period", "unit")]
            assert said == [{system}, {period}, {"CHI BỘ 1"}]


def test_a_second_title_between_two_headers_speaks_for_its_own_list(city: City) -> None:
    rows = sheet("ratings", "KẾT QUẢ XẾP LOẠI VIÊN CHỨC NĂM 2025")
    turned = [[row[0], row[1], row[3], row[2]] for row in (rows[2], *rows[6:])]
    reading = read(city, {"Sheet1": [*rows[:6], [], ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025"], *turned]})
    assert [set(t.values["rating_system_code"]) for t in reading.tables] == [{"Viên chức"}, {"Đảng viên"}]


LEGEND = "A: Không hoàn thành; B: Hoàn thành; C: Hoàn thành tốt; D: Hoàn thành xuất sắc"


@pytest.mark.parametrize("place", ["above", "below", "line by line", "in cells"])
def test_letters_mean_what_the_list_itself_says(city: City, place: str) -> None:
    rows = sheet("ratings", "XẾP LOẠI ĐẢNG VIÊN NĂM 2025", **{"Mức xếp loại": "A"})
    lines = [LEGEND] if place in ("above", "below") else LEGEND.split("; ")
    legend: list[list[Any]] = [line.split(": ") if place == "in cells" else [line] for line in lines]
    rows = [*rows, [], *legend] if place == "below" else [rows[0], *legend, *rows[1:]]
    reading = read(city, {"Sheet1": rows})
    assert set(reading.tables[0].values["decided_level_code"]) == {"Không hoàn thành nhiệm vụ"} and told(reading) == {"levels_by_legend"}


def test_a_legend_of_the_usual_letters_changes_nothing_and_a_letter_that_it_leaves_out_is_unknown(city: City) -> None:
    usual = "A: Hoàn thành xuất sắc; B: Hoàn thành tốt; C: Hoàn thành; D: Không hoàn thành"
    for legend, level, rules in (
        (usual, "D", set()),
        ("A: Hoàn thành tốt; B: Hoàn thành; C: Không hoàn thành", "D (không rõ)", {"levels_by_legend"}),
    ):
        rows = sheet("ratings", "XẾP LOẠI ĐẢNG VIÊN NĂM 2025", legend, **{"Mức xếp loại": "D"})
        rows[-1][-1] = "A"
        reading = read(city, {"Sheet1": rows})
        assert reading.tables[0].values["decided_level_code"][0] == level and told(reading) == rules


@pytest.mark.parametrize(
    ("title", "is_theirs"),
    [("DANH SÁCH ĐẢNG VIÊN 213", True), ("ĐẢNG VIÊN THEO QUY ĐỊNH 213", True), ("DANH SÁCH ĐẢNG VIÊN (213 ĐỒNG CHÍ)", False), ("TỔNG SỐ ĐẢNG VIÊN 213", False)],
)  # fmt: skip
def test_members_of_another_cell_are_no_roster_and_a_count_is_no_code(city: City, title: str, is_theirs: bool) -> None:
    lines = ["DANH SÁCH ĐẢNG VIÊN", title] if not title.startswith("DANH") else [title]
    assert ("title_of_people_counted" in of(city, "personnel", *lines)) == is_theirs


@pytest.mark.parametrize("dataset", ["ratings", "personnel"])
@pytest.mark.parametrize(
    ("title", "file", "is_refused"),
    [("{} NĂM 2024", "Book1.xlsx", True), ("{} NĂM 24", "Book1.xlsx", True), ("{} NĂM 2024", "Báo cáo 2025.xlsx", False), ("{} NĂM HỌC 2024-2025", "Book1.xlsx", False),
     ("{} NĂM 2025 (so với năm 2024)", "Book1.xlsx", False)],
)  # fmt: skip
def test_a_list_of_another_year_alone_is_not_counted(city: City, dataset: str, title: str, file: str, is_refused: bool) -> None:
    called = {"ratings": "XẾP LOẠI ĐẢNG VIÊN", "personnel": "DANH SÁCH ĐẢNG VIÊN"}[dataset]
    asked = of(city, dataset, title.format(called), file=file)
    assert ("list_of_folder_year" in asked) == is_refused and not (is_refused and "title_of_folder_period" in asked)


@pytest.mark.parametrize(
    ("dataset", "heading", "says"),
    [
        ("personnel", "II. Quần chúng (05 người)", (("member_status_code", "NONE"),)),
        ("rotation", "II. Cán bộ biệt phái", (("rotation_kind_code", "SECONDMENT"),)),
        ("discipline", "I. Kỷ luật hành chính", (("discipline_system_code", "STATE"),)),
        ("training", "II. Quản lý nhà nước", (("programme_type_code", "STATE_MGMT"),)),
        ("rotation", "Bổ nhiệm", (("", ""),)),
        ("personnel", "Giảm trong năm", (("spell_to", ""),)),
        ("personnel", "Phòng Tổ chức", ()),
        ("ratings", "II. Quần chúng", ()),
    ],
)
def test_a_section_says_codes_of_the_columns_that_the_card_names(dataset: str, heading: str, says: tuple[tuple[str, str], ...]) -> None:
    assert said(dataset, heading, LAYOUT) == says
