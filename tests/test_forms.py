"""Offices' own forms: what stands in other places than one column below its header is read where it is certain, and told where it is not."""

from typing import Any

import pytest
from conftest import City, number
from test_lists import read, told, values

from pipeline.intake.above import course_of
from pipeline.judging.titled import BY_WORDS


def reading_of(city: City, rows: list[list[Any]], sheet: str = "Sheet1", file: str = "Book1.xlsx") -> Any:
    return read(city, {sheet: rows}, file)


# ── marks below a group ──────────────────────────────────────────────────────────────────────────────────────────

ROSTER = ["TT", "Họ và tên", "Số CCCD", "Ngày vào Đảng", "Tình trạng đảng viên", "Từ ngày"]


def of_marks(city: City, group: str, leaves: list[str], rows: list[list[str | None]], column: str) -> list[str | None]:
    """The column of a roster whose list is laid out as marks below a group."""
    header = [*ROSTER, group, *[None] * (len(leaves) - 1), "Ghi chú"]
    people = [[n, f"Nguyễn Văn {chr(64 + n)}", number(n), "03/02/2010", "Chính thức", "2010", *row] for n, row in enumerate(rows, start=1)]
    return values(read(city, {"Nhân sự": [header, [None] * 6 + leaves, *people]}), column)


def test_any_list_of_codes_may_be_marks_below_its_name(city: City) -> None:
    assert of_marks(city, "Giới tính", ["Nam", "Nữ"], [["x", None], [None, "X"]], "sex_code") == ["Nam", "Nữ"]
    assert of_marks(city, "Lý luận chính trị", ["CC", "TC", "SC"], [[None, "1", None], [None] * 3], "political_theory_code") == [
        "Trung cấp",
        None,
    ]


def test_a_text_in_the_place_of_a_mark_stays_itself(city: City) -> None:
    leaves = ["ThS", "ĐH", "CĐ"]
    assert of_marks(city, "Trình độ chuyên môn", leaves, [[None, "ĐH Nông nghiệp", None]], "education_code") == ["ĐH Nông nghiệp"]
    assert of_marks(city, "Dân tộc", ["Kinh", "Khmer", "Khác"], [[None, None, "Chăm"]], "ethnicity_code") == ["Chăm"]


def test_a_mark_below_words_that_are_no_code_is_told(city: City) -> None:
    (said,) = of_marks(city, "Trình độ chuyên môn", ["ĐH", "CĐ, TC"], [[None, "x"]], "education_code")
    assert said == "đánh dấu: CĐ, TC"
    rows = [[*ROSTER, "Trình độ chuyên môn", None], [None] * 6 + ["ĐH", "CĐ, TC"]]
    rows += [[n, f"Nguyễn Văn {n}", number(n), "03/02/2010", "Chính thức", "2010", None, "x"] for n in range(1, 4)]
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": rows})
    city.land()
    assert city.landed("personnel")["education_code"].is_null().all()
    assert "code_known" in set(city.landed("findings")["rule_code"])


def test_marks_of_another_group_are_not_of_this_one(city: City) -> None:
    header = [
        [*ROSTER, "Trình độ", None, None, None],
        [None] * 6 + ["Chuyên môn", None, "Tin học", "Ngoại ngữ"],
        [None] * 6 + ["ThS", "ĐH"],
    ]
    people = [[1, "Nguyễn Văn A", number(1), "03/02/2010", "Chính thức", "2010", None, "1", "1", "1"]]
    assert values(read(city, {"Nhân sự": [*header, *people]}), "education_code") == ["Đại học"]


# ── columns to be marked ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("header", "cells", "column", "said"),
    [
        ("Nữ", ["X", None], "sex_code", ["Nữ", "Nam"]),
        ("Nữ", [None, None], "sex_code", [None, None]),  # nobody filled it in
        ("Nữ", ["Nam", "Nữ"], "sex_code", ["Nam", "Nữ"]),
        ("ĐV dự bị", ["x", None], "member_status_code", ["Dự bị", None]),
        ("Đảng viên", ["x", None], "member_status_code", ["Chính thức", "Không là đảng viên"]),
        ("Đảng viên", ["Chính thức", None], "member_status_code", ["Chính thức", None]),
    ],
)
def test_a_column_to_be_marked_says_something_of_all_others_only_where_anybody_is_marked(
    city: City, header: str, cells: list[str | None], column: str, said: list[str | None]
) -> None:
    rows = [["TT", "Họ và tên", "Số CCCD", "Từ ngày", header]]
    rows += [[n, f"Nguyễn Văn {n}", number(n), "2010", cell] for n, cell in enumerate(cells, start=1)]
    assert read(city, {"Nhân sự": rows}).tables[0].values.get(column) == said


# ── two cells that are one, one cell that is two ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "header",
    [
        [["TT", "Họ và tên", None, "Số CCCD", "Từ ngày"], [None, "Họ đệm", "Tên", None, None]],
        [["TT", "Họ và tên đệm", "Tên", "Số CCCD", "Từ ngày"]],
    ],
)
def test_a_name_in_two_columns_is_one(city: City, header: list[list[Any]]) -> None:
    rows = [*header, *[[n, "Nguyễn Thị Kim", "Hoa", number(n), "2010"] for n in range(1, 4)]]
    assert values(read(city, {"Nhân sự": rows}), "full_name") == ["Nguyễn Thị Kim Hoa"] * 3


def test_a_decisions_day_may_stand_behind_its_number(city: City) -> None:
    rows = [["TT", "Họ và tên", "Số CCCD", "Hệ kỷ luật", "Hình thức kỷ luật", "Quyết định số, ngày"]]
    rows += [[n, f"Nguyễn Văn {n}", number(n), "Đảng", "Cảnh cáo", f"{n}-QĐ/UBKT ngày 03/4/2021"] for n in range(1, 4)]
    reading = read(city, {"Kỷ luật": rows})
    assert values(reading, "decision_no") == [f"{n}-QĐ/UBKT" for n in range(1, 4)]
    assert values(reading, "signed_on") == ["03/4/2021"] * 3


# ── what follows from days ───────────────────────────────────────────────────────────────────────────────────────


def test_whoever_has_an_official_day_is_a_full_member_and_who_joined_since_is_none_yet(city: City) -> None:
    days = [("03/02/2010", "03/02/2011"), ("03/06/2021", None), ("03/02/2010", None), (None, None)]
    rows = [["TT", "Họ và tên", "Số CCCD", "Từ ngày", "Ngày vào Đảng", "Ngày chính thức"]]
    rows += [[n, f"Nguyễn Văn {n}", number(n), "2010", *of] for n, of in enumerate(days, start=1)]
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": rows})
    city.land()
    assert city.landed("personnel").sort("row_no")["member_status_code"].to_list() == ["FULL", "PROBATIONARY", None, None]
    assert "column_follows_from_others" in set(city.landed("findings")["rule_code"])


# ── from above ───────────────────────────────────────────────────────────────────────────────────────────────────

RATED = ["TT", "Họ và tên", "Số CCCD", "Mức xếp loại"]
ONE = [[1, "Nguyễn Văn A", number(1), "HTTNV"]]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("KẾT QUẢ XẾP LOẠI CÁN BỘ LÃNH ĐẠO, QUẢN LÝ NĂM 2021", "Cán bộ lãnh đạo quản lý"),
        ("KẾT QUẢ XẾP LOẠI VIÊN CHỨC NĂM 2021", "Viên chức"),
        ("KẾT QUẢ XẾP LOẠI CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC NĂM 2021", None),  # which of them each is nobody says
        ("KẾT QUẢ XẾP LOẠI TẬP THỂ, CÁ NHÂN NĂM 2021", None),
        ("KẾT QUẢ XẾP LOẠI (kèm theo Hướng dẫn số 5 về đánh giá viên chức)", None),
    ],
)
def test_whom_a_list_rates_is_read_from_its_title_where_that_names_one(city: City, title: str, said: str | None) -> None:
    table = read(city, {"Xếp loại": [[title], [], RATED, *ONE]}).tables[0]
    assert table.values.get("rating_system_code") == (said and [said])


def test_the_decision_that_a_title_names_is_every_rows(city: City) -> None:
    title = ["(Kèm theo Quyết định số 48-QĐ/ĐU ngày 10/4/2021 của Đảng ủy)"]
    reading = read(city, {"Xếp loại": [["XẾP LOẠI NĂM 2021"], title, RATED, *ONE]})
    assert (values(reading, "decision_no"), values(reading, "decided_on")) == (["48-QĐ/ĐU"], ["10/4/2021"])
    assert "column_said_above" in {rule for rule, _ in told(reading)}


LEARNED = ["TT", "Họ và tên", "Số CCCD", "Số tiết", "Xếp loại"]


def test_a_course_and_its_days_stand_in_the_titles(city: City) -> None:
    titles = [
        ["TRƯỜNG CHÍNH TRỊ THÀNH PHỐ"],
        ["DANH SÁCH HỌC VIÊN HOÀN THÀNH"],
        ["Lớp bồi dưỡng kỹ năng lãnh đạo"],
        ["(từ ngày 05/5/2021 đến 30/6/2021)"],
    ]
    reading = reading_of(city, [*titles, LEARNED, [1, "Nguyễn Văn A", number(1), 40, "Khá"]])
    table = reading.tables[0]
    assert table.dataset == "training"
    said = {c: table.values[c] for c in ("programme", "training_from", "training_to", "provider")}
    assert said == {
        "programme": ["Lớp bồi dưỡng kỹ năng lãnh đạo"],
        "training_from": ["05/5/2021"],
        "training_to": ["30/6/2021"],
        "provider": ["TRƯỜNG CHÍNH TRỊ THÀNH PHỐ"],
    }


def test_courses_stand_as_sections_above_their_people(city: City) -> None:
    rows = [["CỬ ĐI ĐÀO TẠO, BỒI DƯỠNG NĂM 2021"], [*LEARNED[:3], "Kết quả"]]
    rows += [["I", "Tập huấn kỹ năng số (từ 06/10/2021 đến 08/10/2021; Sở Nội vụ)"], [1, "Nguyễn Văn A", number(1), "Khá"]]
    rows += [["II", "Bồi dưỡng kiến thức quốc phòng (từ 01/03/2021 đến 05/03/2021; Ban CHQS)"], [1, "Nguyễn Văn B", number(2), "Giỏi"]]
    table = reading_of(city, rows).tables[0]
    assert (table.dataset, table.values["programme"]) == ("training", ["Tập huấn kỹ năng số", "Bồi dưỡng kiến thức quốc phòng"])
    assert (table.values["provider"], table.values["training_to"]) == (["Sở Nội vụ", "Ban CHQS"], ["08/10/2021", "05/03/2021"])


@pytest.mark.parametrize("text", ["Phòng Đào tạo", "II. Chi bộ 3", "Khối Đảng", "Ban Bồi dưỡng thường xuyên"])
def test_an_office_or_a_cell_is_no_course(text: str) -> None:
    assert course_of(text) == {}


def test_a_column_of_the_table_goes_before_its_title(city: City) -> None:
    rows = [["KẾT QUẢ XẾP LOẠI VIÊN CHỨC"], [], [*RATED, "Hệ xếp loại"], [*ONE[0], "Đảng viên"]]
    assert values(read(city, {"Xếp loại": rows}), "rating_system_code") == ["Đảng viên"]


# ── which list it is ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("titles", "dataset"),
    [
        (["DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2021"], "rotation"),
        (["SỔ DANH SÁCH ĐẢNG VIÊN"], "personnel"),
        (["THỐNG KÊ CHẤT LƯỢNG CÁN BỘ, CÔNG CHỨC"], "personnel"),
        (["BẢNG LƯƠNG CÁN BỘ"], None),
        (["DANH SÁCH CỬ TRI"], None),
        (["TRUNG TÂM BỒI DƯỠNG CHÍNH TRỊ", "DANH SÁCH"], None),
        (["XẾP LOẠI VÀ KỶ LUẬT ĐẢNG VIÊN"], None),
        (["ĐẢNG ỦY PHƯỜNG MỘT", "DANH SÁCH TRÍCH NGANG ĐẢNG VIÊN NĂM 2025"], "personnel"),
        (["DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT"], "discipline"),
        (["KẾT QUẢ XẾP LOẠI HỌC VIÊN LỚP TRUNG CẤP"], None),
        (["PHÒNG KỶ LUẬT LAO ĐỘNG", "BẢNG LƯƠNG"], None),
    ],
)
def test_titles_call_a_list_one_thing_or_nothing(titles: list[str], dataset: str | None) -> None:
    assert BY_WORDS.called([], titles) == dataset


def test_names_call_a_list_something_where_no_title_does() -> None:
    assert BY_WORDS.called(["DS học viên lớp QLNN"], ["DANH SÁCH HỌC VIÊN HOÀN THÀNH"]) == "training"
    assert BY_WORDS.called(["danh sach"], ["DANH SÁCH CỬ TRI"]) is None
    assert BY_WORDS.called(["Kỷ luật"], ["DANH SÁCH"]) == "discipline"


@pytest.mark.parametrize(
    ("names", "titles", "is_another"),
    [
        (["ĐTBD"], [], True),
        ([], ["I. Bồi dưỡng lãnh đạo cấp phòng (từ 04/08/2025)"], True),
        (["Phòng Đào tạo"], [], False),
        ([], ["II. Trường Bồi dưỡng cán bộ"], False),
        (["DS"], ["DANH SÁCH CÁN BỘ (ĐÃ QUA ĐÀO TẠO)"], False),
    ],
)
def test_a_roster_that_is_called_one_of_courses_is_another_list(names: list[str], titles: list[str], is_another: bool) -> None:
    assert BY_WORDS.are_another("personnel", names, titles) is is_another


def test_a_list_that_only_its_file_calls_a_list_is_what_its_title_calls_it(city: City) -> None:
    titles = [["DANH SÁCH HỌC VIÊN"], ["Lớp Trung cấp lý luận chính trị"]]
    rows = [*titles, ["STT", "Họ tên", "CCCD/CMND", "Nơi sinh", "KQ", "Năm sinh"], [1, "Nguyễn Văn A", number(1), "Cần Thơ", "Đạt", 1980]]
    assert [table.dataset for table in reading_of(city, rows, "ĐTBD", "Danh sách.xlsx").tables] == ["training"]
    assert reading_of(city, rows, "Sheet1", "Danh sách.xlsx").tables == []  # its columns say nothing of a course


def test_numbers_of_cells_are_no_people_whatever_the_title(city: City) -> None:
    rows = [["THỐNG KÊ ĐỘI NGŨ ĐẢNG VIÊN NĂM 2021"], ["TT", "Tên chi bộ", "Tổng số", "Giới tính", None, "Dân tộc", None]]
    rows += [[None, None, None, "Nam", "Nữ", "Kinh", "Khác"], *[[n, f"Chi bộ {n}", 20, 12, 8, 18, 2] for n in range(1, 6)]]
    assert reading_of(city, rows).tables == []


def test_a_header_of_two_rows_printed_on_the_next_page_is_no_person(city: City) -> None:
    header = [["TT", "Họ và tên", "Số CCCD", "Mức xếp loại", None, None, None], [None] * 3 + ["A", "B", "C", "D"]]
    people = [[n, f"Nguyễn Văn {n}", number(n), None, "x", None, None] for n in range(1, 7)]
    reading = read(city, {"Xếp loại": [*header, *people[:3], *header, *people[3:]]})
    assert [t.row_count for t in reading.tables] == [6]
    assert values(reading, "decided_level_code") == ["Hoàn thành tốt nhiệm vụ"] * 6


# ── days and names in other shapes ───────────────────────────────────────────────────────────────────────────────


def test_a_day_may_stand_in_three_columns(city: City) -> None:
    header = [["TT", "Họ và tên", "Ngày, tháng, năm sinh", None, None, *ROSTER[2:]], [None, None, "Ngày", "Tháng", "Năm"]]
    days = [("27", "4", "1976"), (None, "4", "1976"), (None, None, "1976"), ("27", None, "1976")]
    people = [[n, f"Nguyễn Văn {chr(64 + n)}", *day, number(n), "03/02/2010", "Chính thức", "2010"] for n, day in enumerate(days, start=1)]
    found = reading_of(city, [*header, *people], "Nhân sự")
    assert values(found, "birth_date") == ["27/4/1976", "4/1976", "1976", "27//1976"]  # the last one cannot be read, and is told


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("01/03/2021 - 01/03/2024", "01/03/2021", "01/03/2024"),
        ("từ 5/2021 đến nay", "5/2021", "nay"),
        ("05/03/2021", "05/03/2021", None),
        ("3 tháng", "3 tháng", None),
    ],
)
def test_one_cell_may_say_the_first_and_the_last_day(city: City, cell: str, first: str, last: str | None) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "Loại hình", "Đơn vị đến", "Thời gian luân chuyển"]
    people = [[n, f"Nguyễn Văn {chr(64 + n)}", number(n), "Luân chuyển", "Q01.002", cell] for n in (1, 2)]
    found = reading_of(city, [["DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2021"], [], header, *people])
    assert (values(found, "posting_from"), values(found, "posting_to")) == ([first] * 2, [last] * 2)


def test_codes_of_one_list_side_by_side_are_marks_without_a_group(city: City) -> None:
    header = [*ROSTER, "Đại học", "Cao đẳng", "Trung cấp"]
    marked = [["x", None, None], [None, None, "x"], [None, "x", None]]
    people = [
        [n, f"Nguyễn Văn {chr(64 + n)}", number(n), "03/02/2010", "Chính thức", "2010", *row] for n, row in enumerate(marked, start=1)
    ]
    assert values(reading_of(city, [header, *people], "Nhân sự"), "education_code") == ["Đại học", "Trung cấp", "Cao đẳng"]
    of_both = [[*ROSTER, "Cử nhân", "Trung cấp", "Sơ cấp"], *people]  # degrees, or grades of political theory
    found = reading_of(city, of_both, "Nhân sự")
    assert (values(found, "education_code"), values(found, "political_theory_code")) == ([None] * 3, [None] * 3)
    people[1][-1] = "Y tế"  # no mark: these are columns of something else
    assert values(reading_of(city, [header, *people], "Nhân sự"), "education_code") == [None] * 3


def test_a_column_that_is_only_called_ten_is_the_name_where_it_holds_whole_names(city: City) -> None:
    header = ["STT", "Tên", "Số CCCD", "Tình trạng đảng viên", "Từ ngày"]
    whole = [[n, f"Nguyễn Văn {chr(64 + n)}", number(n), "Chính thức", "2010"] for n in (1, 2, 3)]
    assert values(reading_of(city, [header, *whole], "Nhân sự"), "full_name") == [row[1] for row in whole]
    given = [[n, chr(64 + n), number(n), "Chính thức", "2010"] for n in (1, 2, 3)]
    assert values(reading_of(city, [header, *given], "Nhân sự"), "full_name") == [None] * 3


def test_a_row_of_somebodys_is_no_row_of_the_header(city: City) -> None:
    """A level that stands in the first person's row is as a header of marks would have it."""
    head = [["STT", "Họ và tên", "Cá nhân tự xếp loại", "Điểm", None, "Xếp loại"], [None, None, None, "Tự chấm", "Kết quả"]]
    people = [[n, f"Nguyễn Văn {chr(64 + n)}", "HTXSNV", "92", "90", "A"] for n in (1, 2, 3)]
    found = reading_of(city, [["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2021"], [], *head, *people])
    assert values(found, "full_name") == [row[1] for row in people]


# ── what the sample city's forms showed ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "course", ["Tiếng Anh bậc 3", "Ứng dụng công nghệ thông tin cơ bản", "Thạc sĩ Quản lý công", "TC LLCT", "BD ngạch chuyên viên"]
)
def test_a_course_need_not_be_called_one(course: str) -> None:
    assert course_of(f"II. {course} (Trường Chính trị thành phố)") == course_of(f"II. {course} (Trường Chính trị thành phố)") | {
        "programme": course,
        "provider": "Trường Chính trị thành phố",
    }


def test_a_status_that_is_marked_does_not_follow_from_days(city: City) -> None:
    header = [
        ["TT", "Họ và tên", "Số CCCD", "Từ ngày", "Ngày vào Đảng", "Đảng viên", None, None],
        [None] * 5 + ["Chính thức", "Dự bị", "Quần chúng"],
    ]
    people = [[n, f"Nguyễn Văn {chr(64 + n)}", number(n), "2010", "03/02/2021", "x", None, None] for n in (1, 2, 3)]
    found = reading_of(city, [*header, *people], "Nhân sự")
    assert values(found, "member_status_code") == ["Chính thức"] * 3
    assert "column_follows_from_others" not in {rule for rule, _ in told(found)}


def test_a_list_of_nobody_is_not_asked_for_its_columns(city: City) -> None:
    title = ["DANH SÁCH ĐẢNG VIÊN BỊ THI HÀNH KỶ LUẬT NĂM 2021"]
    header = ["TT", "Họ và tên", "Số CCCD", "Hình thức kỷ luật", "Số, ngày quyết định"]
    city.put("2021/Q01.001/ky-luat.xlsx", {"Sheet1": [title, [], header, [None, "Không phát sinh"]]})
    city.land()
    assert city.landed("findings").is_empty()
    assert city.landed("submissions")["verdict_code"].to_list() == ["ACCEPTED"]


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("CHI BỘ TRƯỜNG TIỂU HỌC THẠNH PHÚ ĐÔNG", "CHI BỘ TRƯỜNG TIỂU HỌC THẠNH PHÚ ĐÔNG"),
        ("DANH SÁCH ĐẢNG VIÊN", "Chi bộ Trường Tiểu học Thạnh Ph"),
    ],
)
def test_a_sheets_name_that_was_cut_is_what_its_title_goes_on_with(city: City, title: str, unit: str) -> None:
    people = [[n, f"Nguyễn Văn {chr(64 + n)}", number(n), "03/02/2010", "Chính thức", "2010"] for n in (1, 2, 3)]
    found = reading_of(city, [[title], [], ROSTER, *people], "Chi bộ Trường Tiểu học Thạnh Phú Đông"[:31])
    assert values(found, "unit") == [unit] * 3
