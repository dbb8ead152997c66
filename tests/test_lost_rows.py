"""What a reader may lose without a word: tables above tables, lines in one cell, marks, headings. Each is read, or told."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from conftest import PERSONNEL_HEADER, RATINGS_HEADER, City, member, number, rating
from test_lists import read, told, values

from pipeline.intake.rows import RowClass

PEOPLE = [member(n) for n in range(1, 7)]
RATED = [rating(n) for n in range(1, 7)]


def renamed(data: bytes, name: str, other: str) -> bytes:
    """The workbook with a sheet called as no Excel lets it be called."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, content.replace(name.encode(), other.encode()) if part == "xl/workbook.xml" else content)
    return out.getvalue()


# ── sheets ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_sheets_of_one_name_refuse_their_file_and_no_other(city: City) -> None:
    path = city.put("2021/Q01.001/bao-cao.xlsx", {"Xếp loại": [RATINGS_HEADER, *RATED[:3]], "Thứ hai": [RATINGS_HEADER, *RATED[3:]]})
    path.write_bytes(renamed(path.read_bytes(), "Thứ hai", "Xếp loại"))
    city.put("2021/Q01.002/bao-cao.xlsx", {"Xếp loại": [RATINGS_HEADER, *[rating(n) for n in range(11, 14)]]})
    city.land()
    assert city.verdicts() == {("Q01.001", None): ("REFUSED", "file_readable"), ("Q01.002", "ratings"): ("ACCEPTED", None)}


def test_two_sheets_whose_names_differ_in_case_are_both_read(city: City) -> None:
    path = city.put("2021/Q01.001/bao-cao.xlsx", {"Xếp loại": [RATINGS_HEADER, *RATED[:3]], "Thứ hai": [RATINGS_HEADER, *RATED[3:]]})
    path.write_bytes(renamed(path.read_bytes(), "Thứ hai", "XẾP LOẠI"))
    city.land()
    assert city.landed("ratings").height == 6


# ── tables above tables ──────────────────────────────────────────────────────────────────────────────────────────


def tables(city: City, sheets: dict[str, list[list[Any]]]) -> list[tuple[str, int, int]]:
    """Of each table that was read: its dataset, the row of its header, how many rows it has."""
    return [(t.dataset, t.header_row, t.row_count) for t in read(city, sheets).tables]


def test_a_table_that_lacks_a_usual_column_is_read_above_a_whole_one(city: City) -> None:
    short = [row[:5] for row in [PERSONNEL_HEADER, *PEOPLE[:3]]]
    sheet = [["DANH SÁCH 1"], *short, [], ["DANH SÁCH 2"], PERSONNEL_HEADER, *PEOPLE[3:]]
    assert tables(city, {"Nhân sự": sheet}) == [("personnel", 2, 3), ("personnel", 8, 3)]
    city.land()
    assert city.landed("personnel")["row_no"].to_list() == [3, 4, 5, 9, 10, 11]
    assert "usual_column_present" in city.rules()


def test_a_table_of_another_dataset_is_read_above_the_sheets_own(city: City) -> None:
    sheet = [["KẾT QUẢ XẾP LOẠI"], RATINGS_HEADER, *RATED[:3], [], ["DANH SÁCH"], PERSONNEL_HEADER, *PEOPLE[3:]]
    assert tables(city, {"Nhân sự": sheet}) == [("ratings", 2, 3), ("personnel", 8, 3)]


def test_a_third_table_below_two_that_say_less_is_read(city: City) -> None:
    header = [PERSONNEL_HEADER[:4], PERSONNEL_HEADER[:5], PERSONNEL_HEADER]
    sheet = [row for i in range(3) for row in (header[i], *[p[: len(header[i])] for p in PEOPLE[2 * i : 2 * i + 2]], [])]
    assert tables(city, {"Nhân sự": sheet}) == [("personnel", 1, 2), ("personnel", 5, 2), ("personnel", 9, 2)]


def test_an_upper_table_without_what_counting_needs_refuses_its_list(city: City) -> None:
    header = [*RATINGS_HEADER[:4], "Kết luận của chi ủy", *RATINGS_HEADER[5:]]
    city.put("2021/Q01.001/bao-cao.xlsx", {"Xếp loại": [header, *RATED[:3], [], RATINGS_HEADER, *RATED[3:]]})
    city.land()
    assert city.verdicts() == {("Q01.001", "ratings"): ("REFUSED", "required_column_present")}


def test_whoever_stands_above_the_header_is_told(city: City) -> None:
    sheet = [["BÁO CÁO"], RATED[0], RATED[1], RATINGS_HEADER, *RATED[2:]]
    assert told(read(city, {"Xếp loại": sheet})) == [("row_is_no_person", 2), ("row_is_no_person", 3)]


def test_who_made_the_list_makes_no_table_above_it(city: City) -> None:
    sheet = [["Họ và tên", "Nguyễn Văn Lập", "Đơn vị", "Chi bộ 1"], ["Ngày lập", "05/01/2022"], RATINGS_HEADER, *RATED]
    reading = read(city, {"Xếp loại": sheet})
    assert (told(reading), [t.row_count for t in reading.tables]) == ([], [6])


# ── a whole line in one cell ─────────────────────────────────────────────────────────────────────────────────────


def lines(rows: list[list[Any]], quoted: set[int], delimiter: str = ",") -> bytes:
    """A CSV of which some lines are written as one text, as by a program that took them for one."""
    made = [delimiter.join("" if v is None else str(v) for v in row) for row in rows]
    return "\r\n".join(f'"{line}"' if n in quoted else line for n, line in enumerate(made)).encode()


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("quoted", [range(7), range(1, 7), (2, 4), (6,)])
def test_lines_that_are_quoted_whole_are_read_as_what_stands_within(city: City, quoted: Any, delimiter: str) -> None:
    reading = read(city, lines([RATINGS_HEADER, *RATED], set(quoted), delimiter), "xep-loai.csv")
    assert values(reading, "identity_number") == [row[2] for row in RATED]
    assert told(reading) == [("quotes_read_as_text", min(quoted) + 1)]


def test_a_title_with_commas_in_quotes_stays_a_title(city: City) -> None:
    header = ["Họ và tên", "Số CCCD", "Mức xếp loại"]
    rows = [["Kết quả, đánh giá, xếp loại"], header, *[["Nguyễn Văn An", number(n), "HTTNV"] for n in range(1, 4)]]
    reading = read(city, lines(rows, {0}), "xep-loai.csv")
    assert (reading.class_counts[""][RowClass.TITLE], told(reading)) == (1, [])


@pytest.mark.parametrize(
    "words",
    [f"7; Nguyễn Văn Bảy; {number(7)}; HTTNV", f"7. Nguyễn Văn Bảy, {number(7)}", "7;Đỗ Văn Bảy;Chi bộ 1;HTTNV", "7|Đỗ Bảy|1980|HTTNV"],
)
def test_a_person_in_one_cell_is_told(city: City, words: str) -> None:
    assert told(read(city, {"Xếp loại": [RATINGS_HEADER, *RATED[:3], [words], *RATED[3:]]})) == [("row_is_no_person", 5)]


@pytest.mark.parametrize(
    "words", ["Trong đó: nam 3, nữ 2, dự bị 1", "Số: 12-QĐ/ĐU, ngày 05/01/2022", "ĐT: 0918123456", "Mã số thuế 0301234567"]
)
def test_numbers_in_a_note_are_nobody(city: City, words: str) -> None:
    assert told(read(city, {"Xếp loại": [[words], RATINGS_HEADER, *RATED, [words]]})) == []


# ── collectives ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("subject", "mark"), [("Tên tập thể", "x"), ("Tên tập thể", "✓"), ("Tên tập thể", 1), ("Đơn vị", "x"), ("Đơn vị", "●")]
)
def test_a_cell_with_a_mark_below_a_level_is_a_row(city: City, subject: str, mark: Any) -> None:
    header = ["STT", subject, "Hệ xếp loại", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    rows = [header, [1, "Chi bộ 1", None, mark], [2, "Chi bộ 2", None, None, mark], [3, "Chi bộ 3", None, None, mark]]
    reading = read(city, {"Xếp loại": rows})
    assert values(reading, "decided_level_code") == ["Hoàn thành xuất sắc nhiệm vụ", *["Hoàn thành tốt nhiệm vụ"] * 2]


def test_a_numbered_cell_with_a_count_of_one_is_a_section(city: City) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    people = [[n, "Nguyễn Văn An", number(n), None, "x"] for n in range(1, 4)]
    reading = read(city, {"Xếp loại": [header, ["I", "Chi bộ 1", None, None, 1], people[0], ["II", "Chi bộ 2"], *people[1:]]})
    assert values(reading, "unit") == ["Chi bộ 1", "Chi bộ 2", "Chi bộ 2"]


def test_numbered_collectives_with_a_mark_of_one_are_rows(city: City) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "Đơn vị", "Hệ xếp loại", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    people = [[n, "Nguyễn Văn An", number(n), "Chi bộ 1", "Đảng viên", None, "x"] for n in range(1, 4)]
    whole = [
        ["I", "Chi bộ 1", None, None, None, 1],
        ["II", "Chi bộ 2", None, None, None, None, 1],
        ["III", "Tập thể", None, None, "Tập thể", 1],
    ]
    total = ["Tổng cộng", None, None, None, None, 2, 4]
    reading = read(city, {"Xếp loại": [header, *people, *whole, total]})
    levels = values(reading, "decided_level_code")
    assert levels[3:] == ["Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành xuất sắc nhiệm vụ"]
    assert (values(reading, "unit")[3:], told(reading)) == ([None] * 3, [])


def test_a_section_that_counts_other_marks_than_stand_below_it_is_told(city: City) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    people = [[n, "Nguyễn Văn An", number(n), None, "x"] for n in range(1, 4)]
    reading = read(city, {"Xếp loại": [header, ["I", "Chi bộ 1", None, 1], people[0], ["II", "Chi bộ 2", None, None, 2], *people[1:]]})
    assert (values(reading, "unit"), told(reading)) == (["Chi bộ 1", "Chi bộ 2", "Chi bộ 2"], [("total_matches_details", 2)])


# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────


def struck(cells: list[tuple[int, int]]) -> bytes:
    """A sheet of ratings of which some cells (row, column) are struck through."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet, line = book.add_worksheet("Xếp loại"), book.add_format({"font_strikeout": True})
        for r, row in enumerate([[*RATINGS_HEADER, "Ghi chú"], *[[*row, "đã rà soát"] for row in RATED]]):
            for c, value in enumerate(row):
                sheet.write(r, c, value, line if (r, c) in cells else None)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([(2, 4)], [("value_not_struck", 3)]),
        ([(2, 1), (2, 2), (2, 4)], [("row_not_struck", 3)]),
        ([(2, 4), (4, 1)], [("value_not_struck", 3), ("row_not_struck", 5)]),
        ([(2, 6), (0, 4)], []),
    ],
)
def test_a_struck_level_is_told_once_with_its_cell(city: City, cells: list, expected: list) -> None:
    assert told(read(city, struck(cells))) == expected


@pytest.mark.parametrize("more", [[""], ["x"]])
def test_a_row_of_more_cells_than_the_header_is_told(city: City, more: list[str]) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Điểm", "Ghi chú"]
    rows = [[n, "Nguyễn Văn An", number(n), "HTTNV", 88, ""] for n in range(1, 7)]
    rows[2] = [3, "Nguyễn Văn An", number(3), "HTTNV", 88, 5, *more]
    reading = read(city, [header, *rows], "xep-loai.csv")
    assert [(n.rule, n.row_no, n.cell) for t in reading.tables for n in t.notes] == [("row_as_wide_as_header", 4, "G4")]


def test_a_number_that_a_comma_parted_in_a_row_of_full_width_is_told(city: City) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Điểm", "Ghi chú"]
    rows = [[n, "Nguyễn Văn An", number(n), "HTTNV", 88, "đề nghị xét 5"] for n in range(1, 7)]
    rows[2] = [3, "Nguyễn Văn An", number(3), "HTTNV", 88, 5]
    assert told(read(city, [header, *rows], "xep-loai.csv")) == [("number_in_one_cell", 4)]
    assert told(read(city, [header, *([*row[:5], 5] for row in rows)], "xep-loai.csv")) == [("number_in_one_cell", 2)]
    assert told(read(city, [[*header[:5], "Số tờ"], *rows], "xep-loai.csv")) == [("column_known", 1), ("number_in_one_cell", 4)]
    assert told(read(city, {"Xếp loại": [header, *rows]}, "xep-loai.xlsx")) == []  # a workbook's cells are what they are


def test_rows_that_all_have_more_cells_are_told_once(city: City) -> None:
    rows = [[n, "Nguyễn Văn An", number(n), "HTTNV", 88, 5, ""] for n in range(1, 7)]
    header = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Điểm", "Ghi chú"]
    assert told(read(city, [header, *rows], "xep-loai.csv")) == [("row_as_wide_as_header", 2)]


# ── which dataset ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("file", "sheet", "rows", "dataset"),
    [
        ("Danh sách đảng viên.xlsx", "Sheet1", [RATINGS_HEADER, *RATED], "ratings"),
        ("Nhân sự.xlsx", "Nhân sự", [RATINGS_HEADER, *RATED], "ratings"),
        ("Xếp loại.xlsx", "Sheet1", [PERSONNEL_HEADER, *PEOPLE], "personnel"),
        ("Xếp loại.xlsx", "Đảng viên", [["STT", "Họ và tên", "Số CCCD", "Mức xếp loại"], [1, "Nguyễn Văn An", number(1), "B"]], "ratings"),
        ("bao-cao.xlsx", "Nhân sự", [[*PERSONNEL_HEADER, "Mức xếp loại"], *[[*row, "HTTNV"] for row in PEOPLE]], "personnel"),
        ("bao-cao.xlsx", "Nhân sự", [[*PERSONNEL_HEADER[:5], "Mức xếp loại"], *[[*row[:5], "HTTNV"] for row in PEOPLE]], "personnel"),
    ],
)
def test_a_header_that_is_wholly_anothers_goes_before_a_name(city: City, file: str, sheet: str, rows: list, dataset: str) -> None:
    assert [t.dataset for t in read(city, {sheet: rows}, file).tables] == [dataset]


# ── headings ─────────────────────────────────────────────────────────────────────────────────────────────────────

BRIEF = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại"]
FOUR = [[n, "Nguyễn Văn An", number(n), "HTTNV"] for n in range(1, 5)]


@pytest.mark.parametrize(
    ("first", "second", "units", "asked"),
    [
        (["I", "Chi bộ 1"], ["II", "Phòng Nội vụ"], ["Chi bộ 1", "Phòng Nội vụ"], None),
        (["I", "Phòng Nội vụ (01 người)"], ["II", "Chi bộ 2"], ["Phòng Nội vụ", "Chi bộ 2"], None),
        (["I", "Chi bộ 1"], ["1. Tổ Văn phòng"], ["Chi bộ 1", "Chi bộ 1"], 4),
        (["Chi bộ 1"], ["Công an phường"], ["Chi bộ 1", None], 4),
        (["Chi bộ 1"], ["Đợt 2"], ["Chi bộ 1", None], 4),
        (["Chi bộ 1"], ["(tiếp theo)"], ["Chi bộ 1", "Chi bộ 1"], None),
        (["I", "Chi bộ 1"], ["II", "Khối trường học"], ["Chi bộ 1", None], 4),
        (["I", "Chi bộ 1"], ["II", "Cán bộ nghỉ hưu"], ["Chi bộ 1", None], 4),
        (["A", "Chi bộ 1"], ["I", "Cán bộ"], ["Chi bộ 1", "Chi bộ 1"], None),
        (["I", "Chi bộ 1 (Q01.001.01)"], ["II", "Q01.001.02"], ["Q01.001.01", "Q01.001.02"], None),
        (["I", "Phòng Nội vụ"], ["II", "Phòng Tài chính"], [None, None], 2),
        (["I", "Khối cơ quan"], ["II", "Khối trường học"], [None, None], None),
        (["I", "Trung cấp lý luận"], ["II", "Quản lý nhà nước"], [None, None], None),
        (["Phòng Nội vụ"], ["Chi bộ 2"], [None, "Chi bộ 2"], 2),
        (["I", "Đảng viên nam"], ["II", "Đảng viên nữ"], [None, None], None),
        (["I", "CB Ấp 1"], ["II", "CB2"], ["Chi bộ Ấp 1", "Chi bộ 2"], None),
        (["I", "CB công chức"], ["II", "CB viên chức"], [None, None], None),
    ],
)
def test_a_heading_is_a_unit_or_told(city: City, first: list, second: list, units: list, asked: int | None) -> None:
    reading = read(city, {"Xếp loại": [BRIEF, first, *FOUR[:1], second, *FOUR[1:]]})
    assert (values(reading, "unit"), told(reading)) == (
        [units[0], *units[1:] * 3],
        [("section_is_a_unit", asked)] if asked else [],
    )


def test_a_heading_above_rows_that_name_their_units_is_not_asked(city: City) -> None:
    rows = [RATINGS_HEADER, ["I", "Chi bộ 1"], rating(1), ["Công an phường"], rating(2, unit="Chi bộ 2"), rating(3, unit="Chi bộ 3")]
    reading = read(city, {"Xếp loại": rows})
    assert (values(reading, "unit"), told(reading)) == (["Chi bộ 1", "Chi bộ 2", "Chi bộ 3"], [])


def test_a_line_below_the_last_row_is_no_heading(city: City) -> None:
    assert told(read(city, {"Xếp loại": [BRIEF, ["Chi bộ 1"], *FOUR, ["Danh sách đã được thông qua"]]})) == []


def test_a_cell_right_above_each_header_is_its_tables_unit(city: City) -> None:
    again = ["STT", "Họ và tên", "Mức xếp loại", "Số CCCD"]
    for header in (BRIEF, again):
        people = [[row[BRIEF.index(h)] for h in header] for row in FOUR[2:]]
        sheet = [["KẾT QUẢ XẾP LOẠI"], ["CHI BỘ 1"], BRIEF, *FOUR[:2], [], ["CHI BỘ 2"], [], header, *people]
        reading = read(city, {"Xếp loại": sheet})
        assert (values(reading, "unit"), told(reading)) == (["CHI BỘ 1"] * 2 + ["CHI BỘ 2"] * 2, [])


@pytest.mark.parametrize(
    "title", [["ĐẢNG BỘ PHƯỜNG MỘT"], ["Chi bộ họp xếp loại", None, "Mẫu 2", "trang 1"], ["DANH SÁCH CHI BỘ"], ["Đơn vị: Trạm y tế"]]
)
def test_another_line_above_the_header_is_a_title(city: City, title: list) -> None:
    assert not any(values(read(city, {"Xếp loại": [title, BRIEF, *FOUR]}), "unit"))


def test_a_person_beside_a_cells_name_is_told(city: City) -> None:
    rows = [["Đơn vị", "Họ và tên", "Số CCCD", "Mức xếp loại"], *[["Chi bộ 1", *row[1:]] for row in FOUR], ["Chi bộ 1", "Nguyễn Văn Năm"]]
    reading = read(city, {"Xếp loại": rows})
    assert values(reading, "full_name")[4:] == ["Nguyễn Văn Năm"] or told(reading) == [("row_is_no_person", 6)]


def test_a_total_of_one_below_a_level_is_no_person(city: City) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    people = [[n, "Nguyễn Văn An", number(n), *("x" if i == (n == 1) else None for i in range(4))] for n in (1, 2)]
    assert told(read(city, {"Xếp loại": [header, *people, [None, "Tổng cộng", None, 1, 1]]})) == []


def test_people_by_name_and_mark_above_a_table_are_read(city: City) -> None:
    header = ["STT", "Họ và tên", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    above = [[n, "Nguyễn Văn An", None, 1] for n in (1, 2)]
    assert tables(city, {"Xếp loại": [header, *above, [], BRIEF, *FOUR]}) == [("ratings", 1, 2), ("ratings", 5, 4)]


def test_marks_below_a_header_that_is_printed_again_in_another_order_are_read_by_it(city: City) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    other = [*header[:3], "HTTNV", "HTXSNV", "HTNV", "KHTNV"]
    people = [[n, "Nguyễn Văn An", number(n), "x"] for n in range(1, 4)]
    reading = read(city, {"Xếp loại": [header, people[0], header, people[1], other, people[2]]})
    assert values(reading, "decided_level_code") == [*["Hoàn thành xuất sắc nhiệm vụ"] * 2, "Hoàn thành tốt nhiệm vụ"]
    assert told(reading) == []


def test_a_row_that_says_three_levels_is_no_header(city: City) -> None:
    header = ["Họ và tên", "Tự xếp loại", "Chi bộ đề nghị", "Mức xếp loại"]
    people = [[f"Nguyễn Văn {name}", "HTXSNV", "HTNV", "HTTNV"] for name in ("An", "Bình", "Cường")]
    reading = read(city, {"Xếp loại": [header, ["Chi bộ 1"], *people]})
    assert (values(reading, "full_name"), len(reading.tables)) == ([row[0] for row in people], 1)
