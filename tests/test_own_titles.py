"""A second table on a sheet is what its own title calls it: kind, system, course and time of the first one's title hold only where it is silent."""

from typing import Any

import pytest
from conftest import City, number
from test_titles import COLUMNS, NAMES, WHO, read, told

from pipeline.intake.readings import Reading, Table

RATED = "KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN"


def people(dataset: str, first: int = 0, count: int = 3, **columns: Any) -> list[list[Any]]:
    own = COLUMNS[dataset] | columns
    return [[n + 1, f"Nguyễn Văn {NAMES[n]}", number(n), *own.values()] for n in range(first, first + count)]


def table(dataset: str, title: str, first: int = 0, count: int = 3, **columns: Any) -> list[list[Any]]:
    return [[title], [*WHO, *(COLUMNS[dataset] | columns)], *people(dataset, first, count, **columns)]


def below(city: City, dataset: str, one: str, other: str, first: int = 3, **columns: Any) -> Reading:
    return read(city, {"Sheet1": [*table(dataset, one, **columns), *table(dataset, other, first, **columns)]})


def said(reading: Reading, column: str) -> list[str | None]:
    return [value for t in reading.tables for value in t.values.get(column, [None] * t.row_count)]


def levels(tables: list[Table]) -> set[str | None]:
    return {value for t in tables for value in t.values["decided_level_code"]}


def test_a_second_list_is_of_the_kind_that_its_own_title_says(city: City) -> None:
    reading = below(city, "rotation", "DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025", "DANH SÁCH CÁN BỘ BIỆT PHÁI NĂM 2025")
    assert said(reading, "rotation_kind_code") == ["Luân chuyển"] * 3 + ["Biệt phái"] * 3
    of_party, of_state = "DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT ĐẢNG NĂM 2025", "DANH SÁCH CÔNG CHỨC BỊ KỶ LUẬT VỀ CHÍNH QUYỀN NĂM 2025"
    assert said(below(city, "discipline", of_party, of_state), "discipline_system_code") == ["Đảng"] * 3 + ["Chính quyền"] * 3


def test_a_second_list_of_ratings_is_of_the_system_that_its_own_title_says_and_else_of_the_first_ones(city: City) -> None:
    reading = below(city, "ratings", "KẾT QUẢ XẾP LOẠI VIÊN CHỨC NĂM 2025", f"{RATED} NĂM 2025", first=0)
    assert said(reading, "rating_system_code") == ["Viên chức"] * 3 + ["Đảng viên"] * 3
    reading = below(city, "ratings", "KẾT QUẢ XẾP LOẠI VIÊN CHỨC QUÝ I NĂM 2025", "KẾT QUẢ XẾP LOẠI QUÝ II NĂM 2025", first=0)
    assert said(reading, "rating_system_code") == ["Viên chức"] * 6 and said(reading, "period") == ["2025-Q1"] * 3 + ["2025-Q2"] * 3


def test_of_two_years_one_below_another_the_folders_is_counted_and_the_other_told(city: City) -> None:
    old: dict[str, Any] = {"Mức xếp loại": "KHTNV"}
    new: dict[str, Any] = {"Mức xếp loại": "HTTNV"}
    for last in (f"{RATED} NĂM 2025", "NĂM 2025"):
        reading = read(city, {"Sheet1": [*table("ratings", f"{RATED} NĂM 2024", **old), *table("ratings", last, **new)]})
        assert levels(reading.tables) == {"HTTNV"} and told(reading) == {"list_beside_counted"}, last
    reading = read(city, {"S": [*table("ratings", f"{RATED} NĂM 2025", **new), [], *table("ratings", f"{RATED} NĂM 2024", **old)]})
    assert levels(reading.tables) == {"HTTNV"} and told(reading) == {"list_beside_counted"}


def test_a_quarter_above_a_year_is_that_quarter_alone_and_a_month_below_a_year_is_not_counted(city: City) -> None:
    reading = below(city, "ratings", f"{RATED} QUÝ III NĂM 2025", f"{RATED} NĂM 2025", first=0)
    assert said(reading, "period") == ["2025-Q3"] * 3 + ["2025"] * 3
    reading = below(city, "ratings", f"{RATED} NĂM 2025", f"{RATED} THÁNG 4 NĂM 2025", first=0)
    assert said(reading, "period") == ["2025"] * 3 and told(reading) == {"list_beside_counted"}


def test_a_list_that_did_not_come_about_below_one_that_did_is_left_out(city: City) -> None:
    reading = below(city, "rotation", "DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025", "DỰ KIẾN LUÂN CHUYỂN NĂM 2026")
    assert [t.row_count for t in reading.tables] == [3] and "list_beside_counted" in told(reading)


def test_sections_of_years_part_a_table_by_them_and_rows_of_another_year_are_set_aside(city: City) -> None:
    rows = [[RATED], [*WHO, *COLUMNS["ratings"]], ["I. NĂM 2025"], *people("ratings"), ["II. NĂM 2024"], *people("ratings")]
    assert said(read(city, {"Sheet1": rows}), "period") == ["2025"] * 3 + ["2024"] * 3
    city.land()
    assert city.landed("ratings").get_column("row_no").to_list() == [4, 5, 6]


def test_the_lists_of_cells_one_below_another_stay_one_list(city: City) -> None:
    reading = below(city, "ratings", f"{RATED} CHI BỘ 1 NĂM 2025", f"{RATED} CHI BỘ 2 NĂM 2025")
    assert [t.row_count for t in reading.tables] == [6] and said(reading, "unit") == ["Chi bộ 1"] * 3 + ["Chi bộ 2"] * 3


def test_a_quarter_beside_its_year_or_in_which_the_year_was_decided_is_not_taken_for_the_lists_and_told(city: City) -> None:
    for title in (
        "QUÝ IV VÀ CẢ NĂM 2025", "QUÝ 4 VÀ NĂM 2025", "QUÝ IV/2025 VÀ CẢ NĂM 2025", "NĂM 2025 VÀ QUÝ IV", "NĂM 2025 (thực hiện trong quý IV/2025)",
        "NĂM 2025 (xét trong quý IV)",
    ):  # fmt: skip
        reading = read(city, {"Sheet1": table("ratings", f"{RATED} {title}")})
        assert set(said(reading, "period")) == {None} and told(reading) == {"title_of_folder_period"}, title


def test_what_is_read_as_a_quarter_is_not_told_to_be_read_as_the_year(city: City) -> None:
    reading = read(city, {"Sheet1": table("ratings", f"{RATED} QUÝ IV NĂM 2025")})
    assert set(said(reading, "period")) == {"2025-Q4"} and told(reading) == set()
    assert "period" in {n.column for t in reading.tables for n in t.notes if n.rule == "column_said_above"}


@pytest.mark.parametrize(
    "whom",
    [
        "HỌC VIÊN",
        "HỌC SINH",
        "SINH VIÊN",
        "LỚP BỒI DƯỠNG LÝ LUẬN CHÍNH TRỊ",
        "HỌC VIÊN LỚP TRUNG CẤP",
        "LỚP ĐẢNG VIÊN MỚI",
        "CÁC LỚP ĐÀO TẠO",
    ],
)
def test_levels_of_those_who_learn_are_no_ratings(city: City, whom: str) -> None:
    for title in (f"BẢNG TỔNG HỢP ĐIỂM VÀ XẾP LOẠI {whom} NĂM 2025", f"KẾT QUẢ XẾP LOẠI {whom}"):
        reading = read(city, {"Sheet1": table("ratings", title)})
        assert reading.refused or "title_of_ratings" in told(reading), title


def test_members_who_learn_are_rated_and_members_beside_learners_are_asked_about(city: City) -> None:
    for whom in ("ĐẢNG VIÊN LÀ HỌC VIÊN", "ĐẢNG VIÊN CHI BỘ SINH VIÊN", "ĐẢNG VIÊN CHI BỘ HỌC VIÊN"):
        assert told(read(city, {"Sheet1": table("ratings", f"XẾP LOẠI {whom} NĂM 2025")})) <= {"title_names_a_unit"}
    assert told(read(city, {"Sheet1": table("ratings", "XẾP LOẠI ĐẢNG VIÊN, HỌC VIÊN NĂM 2025")})) == {"title_of_rating_system"}
    assert told(read(city, {"Sheet1": table("ratings", "XẾP LOẠI NĂM 2025 CHI BỘ HỌC VIÊN")})) <= {"title_names_a_unit"}


@pytest.mark.parametrize(
    "whom",
    [
        "DỰ BỊ",
        "CHUYỂN ĐẾN",
        "CHUYỂN ĐI",
        "CHUYỂN SINH HOẠT ĐẢNG ĐẾN",
        "SINH HOẠT TẠM THỜI",
        "ĐƯỢC MIỄN CÔNG TÁC VÀ SINH HOẠT ĐẢNG",
        "ĐI LÀM ĂN XA",
    ],
)
def test_some_of_a_units_members_are_no_roster(city: City, whom: str) -> None:
    assert told(read(city, {"Sheet1": table("personnel", f"DANH SÁCH ĐẢNG VIÊN {whom} NĂM 2025")})) == {
        "roster_is_whole",
        "column_follows_from_others",
    }


@pytest.mark.parametrize(
    "besides",
    ["CHÍNH THỨC VÀ DỰ BỊ", "(kể cả dự bị)", "(không tính đảng viên chuyển đi)", "VÀ ĐẢNG VIÊN DỰ BỊ", "(gồm cả đảng viên dự bị)"],
)
def test_whom_a_roster_holds_or_leaves_out_besides_makes_no_part_of_it(city: City, besides: str) -> None:
    assert "roster_is_whole" not in told(read(city, {"Sheet1": table("personnel", f"DANH SÁCH ĐẢNG VIÊN NĂM 2025 {besides}")}))


@pytest.mark.parametrize(
    ("section", "rule"),
    [
        ("II. Đảng viên sinh hoạt tạm thời", "heading_in_columns"),
        ("III. Miễn công tác và sinh hoạt đảng", "heading_in_columns"),
        ("II. Đảng viên được miễn công tác và sinh hoạt Đảng (02 đồng chí)", "heading_in_columns"),
        ("Đảng viên 213", "title_of_people_counted"),
        ("II. Đi làm ăn xa", "heading_in_columns"),
        ("Đảng viên đi làm ăn xa", "heading_in_columns"),
    ],
)
def test_who_is_not_there_as_others_are_is_told_at_its_section(city: City, section: str, rule: str) -> None:
    rows = [*table("personnel", "DANH SÁCH ĐẢNG VIÊN NĂM 2025"), [section], *people("personnel", 3, 2)]
    assert rule in told(read(city, {"Sheet1": rows}))


SKILLS = "DANH SÁCH HỌC VIÊN LỚP BỒI DƯỠNG KỸ NĂNG SỐ"
COURSE = {key: value for key, value in COLUMNS["training"].items() if key != "Kết quả"}


def course(title: str, *below: list[Any]) -> list[list[Any]]:
    rows = [[n + 1, f"Nguyễn Văn {NAMES[n]}", number(n), *COURSE.values()] for n in range(4)]
    return [[title], [*WHO, *COURSE], *below[:1], *rows[:2], *below[1:], *rows[2:]]


def test_who_did_not_pass_is_not_counted_as_having_passed(city: City) -> None:
    reading = read(city, {"Sheet1": course("DANH SÁCH HỌC VIÊN KHÔNG ĐẠT LỚP BỒI DƯỠNG KỸ NĂNG SỐ")})
    assert said(reading, "training_result_code") == ["Không đạt"] * 4
    reading = read(city, {"Sheet1": course(SKILLS, ["I. Đạt"], ["II. Không đạt"])})
    assert said(reading, "training_result_code") == ["Đạt"] * 2 + ["Không đạt"] * 2
    assert "training_result_code" in {n.column for t in reading.tables for n in t.notes if n.rule == "column_said_above"}
    reading = read(city, {"Sheet1": course("DANH SÁCH HỌC VIÊN LỚP BỒI DƯỠNG CHO CÁN BỘ CHƯA ĐẠT CHUẨN")})
    assert said(reading, "training_result_code") == [None] * 4


@pytest.mark.parametrize(("header", "left"), [("Ở nội trú", 4), ("Vắng", 3)])
def test_a_mark_leaves_out_who_did_not_take_part_and_nobody_for_a_column_that_is_not_known(city: City, header: str, left: int) -> None:
    title, heads, *rows = course(SKILLS)
    reading = read(city, {"Sheet1": [title, [*heads, header], *([*row, "x" if n == 1 else None] for n, row in enumerate(rows))]})
    assert sum(table.row_count for table in reading.tables) == left


MOVED = "DANH SÁCH CÁN BỘ LUÂN CHUYỂN, ĐIỀU ĐỘNG NĂM 2025"


@pytest.mark.parametrize(
    "section",
    [
        "II. Nghỉ hưu, thôi việc",
        "IV. Bổ nhiệm lần đầu",
        "III. Tiếp nhận, tuyển dụng mới",
        "II. Nghỉ hưu (02 đồng chí)",
        "II. Cán bộ thôi việc",
    ],
)
def test_nobody_below_a_section_that_is_no_movement_is_counted_as_moved(city: City, section: str) -> None:
    listed = [*table("rotation", MOVED), [section], *people("rotation", 3, 2)]
    reading = read(city, {"Sheet1": [*listed, ["V. Điều động"], *people("rotation", 5, 1)]})
    (rotations,) = reading.tables
    names = [f"Nguyễn Văn {NAMES[n]}" for n in (0, 1, 2, 5)]
    assert rotations.values["full_name"] == names and rotations.values["rotation_kind_code"][3] == "Điều động"
    assert [n.row_no for n in rotations.notes if n.rule == "rows_of_this_list"] == [6]
    assert "sum_of_details" not in told(reading) and "heading_in_columns" not in told(reading)


def test_whose_own_column_says_a_movement_counts_below_any_section_and_the_section_is_told(city: City) -> None:
    rows = table("rotation", MOVED)
    own = [rows[0], [*rows[1], "Hình thức"], *([*row, "Luân chuyển"] for row in rows[2:]), ["II. Bổ nhiệm"]]
    own += [[*row, kind] for row, kind in zip(people("rotation", 3, 3), ("Điều động", "Bổ nhiệm", None), strict=True)]
    reading = read(city, {"Sheet1": own})
    assert said(reading, "full_name") == [f"Nguyễn Văn {NAMES[n]}" for n in range(4)]
    assert {"rows_of_this_list", "heading_in_columns"} <= told(reading)


def test_a_list_of_movements_that_holds_none_is_refused(city: City) -> None:
    rows = table("rotation", MOVED)
    assert "nil_says_only_so" in told(read(city, {"Sheet1": [*rows[:2], ["I. Nghỉ hưu"], *rows[2:]]}))


def test_a_note_of_another_kind_goes_before_the_title(city: City) -> None:
    rows = table("rotation", "DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025")
    noted = [
        rows[0],
        [*rows[1], "Ghi chú"],
        *([*row, note] for row, note in zip(rows[2:], ("Biệt phái 03 năm", "Điều động", None), strict=True)),
    ]
    assert said(read(city, {"Sheet1": noted}), "rotation_kind_code") == ["Biệt phái", "Điều động", "Luân chuyển"]


@pytest.mark.parametrize(
    "beside", ["Độc lập - Tự do - Hạnh phúc", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Cần Thơ, ngày 5 tháng 6 năm 2025"]
)
def test_a_motto_beside_a_school_is_not_of_its_name(city: City, beside: str) -> None:
    rows = [
        ["TRƯỜNG CHÍNH TRỊ", None, None, beside],
        [SKILLS],
        [*WHO, "Kết quả"],
        *([n + 1, f"Nguyễn Văn {NAMES[n]}", number(n), "Đạt"] for n in range(4)),
    ]
    assert said(read(city, {"Sheet1": rows}), "provider") == ["TRƯỜNG CHÍNH TRỊ"] * 4


def test_who_gave_one_list_s_course_is_nobody_who_gave_anothers(city: City) -> None:
    """One title of a course above two lists, one of them with a school: what one file says is read from no other."""
    header = [*WHO, "Kết quả"]
    several = [[n + 1, f"Nguyễn Văn {NAMES[n]}", number(n), "Đạt"] for n in range(4)]
    assert said(read(city, {"Sheet1": [["TRƯỜNG CHÍNH TRỊ"], [SKILLS], header, *several]}), "provider") == ["TRƯỜNG CHÍNH TRỊ"] * 4
    assert said(read(city, {"Sheet1": [[SKILLS], header, *several]}), "provider") == [None] * 4


def test_a_second_course_is_of_its_own_title_and_of_none_of_the_first_ones_days(city: City) -> None:
    header = [*WHO, "Kết quả"]
    rows = [[n + 1, f"Nguyễn Văn {NAMES[n]}", number(n), "Đạt"] for n in range(6)]
    first = [[SKILLS], ["(từ ngày 05/05/2025 đến ngày 09/05/2025, tại Trường Chính trị)"], header, *rows[:3]]
    reading = read(city, {"Sheet1": [*first, ["DANH SÁCH HỌC VIÊN LỚP TRUNG CẤP LÝ LUẬN CHÍNH TRỊ"], header, *rows[3:]]})
    assert [t.dataset for t in reading.tables] == ["training"] * len(reading.tables)
    assert said(reading, "programme") == ["LỚP BỒI DƯỠNG KỸ NĂNG SỐ"] * 3 + ["LỚP TRUNG CẤP LÝ LUẬN CHÍNH TRỊ"] * 3
    assert said(reading, "training_from") == ["05/05/2025"] * 3 + [None] * 3


def test_a_title_that_says_nothing_else_goes_on_with_the_first_ones_time_and_system(city: City) -> None:
    for title in ("KẾT QUẢ XẾP LOẠI (tiếp theo)", "DANH SÁCH XẾP LOẠI TRƯỜNG MẦM NON 2", "KẾT QUẢ XẾP LOẠI VIÊN CHỨC NĂM 2025"):
        reading = below(city, "ratings", "KẾT QUẢ XẾP LOẠI VIÊN CHỨC NĂM 2025", title)
        assert [t.row_count for t in reading.tables] == [6] and said(reading, "period") == ["2025"] * 6, title
        assert said(reading, "rating_system_code") == ["Viên chức"] * 6


def test_a_second_list_of_several_kinds_or_of_no_movement_is_not_of_the_first_ones_kind(city: City) -> None:
    first = "DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025"
    reading = below(city, "rotation", first, "DANH SÁCH CÁN BỘ ĐIỀU ĐỘNG, BIỆT PHÁI NĂM 2025")
    assert said(reading, "rotation_kind_code") == ["Luân chuyển"] * 3 + [None] * 3
    reading = below(city, "rotation", first, "DANH SÁCH CÁN BỘ NGHỈ HƯU NĂM 2025")
    assert said(reading, "rotation_kind_code") == ["Luân chuyển"] * 3 and "list_beside_counted" in told(reading)
