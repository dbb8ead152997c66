"""Which sheets are lists and which rows are somebody: nothing vanishes, nobody is counted twice, nothing that is no person becomes one."""

from typing import Any

import pytest
from conftest import PERSONNEL_HEADER, RATINGS_HEADER, City, member, number, rating, ratings, roster
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.codes import fold
from pipeline.intake.files import read_file
from pipeline.intake.readings import Reading, Source
from pipeline.intake.rows import RowClass, plain
from pipeline.judging.layouts import layout_of
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.kinds import meta

LAYOUT = layout_of(SCHEMAS)
PEOPLE = [member(n) for n in range(1, 7)]
MARKED = ["TT", "Họ và tên", "Số CCCD", "Chức vụ", None, "Mức xếp loại", None, None, None]
LEAVES = [None, None, None, "Đảng", "Chính quyền", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]


def read(city: City, sheets: Any, name: str = "bao-cao.xlsx") -> Reading:
    """What the reader makes of a file, before anything is judged."""
    return read_file(Source(0, city.put(f"2021/Q01.001/{name}", sheets), name), LAYOUT)


def values(reading: Reading, column: str) -> list[str | None]:
    return [v for table in reading.tables for v in table.values.get(column, [None] * table.row_count)]


def told(reading: Reading) -> list[tuple[str, int | None]]:
    return [(n.rule, n.row_no) for n in [*reading.notes, *(n for t in reading.tables for n in t.notes)]]


def text_of(rows: list[list[Any]], delimiter: str = ";") -> str:
    return "\r\n".join(delimiter.join("" if v is None else str(v) for v in row) for row in rows)


# ── quotation marks ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize(("first", "second"), [(1, 1), (6, 6), (1, 4), (4, 1), (0, 6)])
def test_two_stray_quotes_swallow_no_row(city: City, delimiter: str, first: int, second: int) -> None:
    rows = [list(row) for row in PEOPLE]
    rows[1][first], rows[4][second] = f'"{rows[1][first]}', f'"{rows[4][second]}'
    reading = read(city, text_of(roster(rows), delimiter).encode(), "nhan-su.csv")
    assert values(reading, "identity_number") == [row[2] for row in PEOPLE]
    assert told(reading) == [("quotes_read_as_text", 3)]


@pytest.mark.parametrize("row", [1, 3, 6])
def test_one_stray_quote_swallows_no_row(city: City, row: int) -> None:
    rows = [[*rating(n), "một dấu"] for n in range(1, 7)]
    rows[row - 1][-1] = '"một dấu'
    reading = read(city, (text_of([[*RATINGS_HEADER, "Ghi chú"], *rows]) + "\r\n").encode(), "xep-loai.csv")
    assert values(reading, "identity_number") == [r[2] for r in rows]
    assert told(reading) == [("quotes_read_as_text", row + 1)]


def test_two_stray_quotes_swallow_nobody_of_a_ragged_table(city: City) -> None:
    rows = [[*row, None] for row in PEOPLE]
    rows[1][1], rows[2][1] = f'"{rows[1][1]}', f'"{rows[2][1]}'
    del rows[2][-1]
    city.put("2021/Q01.001/nhan-su.csv", text_of([[*PERSONNEL_HEADER, "Ghi chú"], *rows]).encode())
    city.land()
    assert city.verdicts() == {("Q01.001", "personnel"): ("REFUSED", "quotes_in_pairs")}
    assert city.landed("findings").filter(rule_code="quotes_in_pairs")["row_no"].to_list() == [3]


MARKS = st.tuples(st.integers(0, 5), st.integers(0, 7), st.booleans())  # row, column, before or behind its text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    delimiter=st.sampled_from(";,\t"),
    lengths=st.lists(st.integers(5, 8), min_size=6, max_size=6),
    marks=st.lists(MARKS, min_size=2, max_size=2),
    notes=st.sampled_from([None, "đã nghỉ", "12 đường Một"]),
)
def test_no_row_vanishes_between_stray_quotes_untold(
    city: City, delimiter: str, lengths: list[int], marks: list[tuple[int, int, bool]], notes: str | None
) -> None:
    rows = [[*row, notes][:length] for row, length in zip(PEOPLE, lengths, strict=True)]
    for n, column, is_before in marks:
        column = min(column, len(rows[n]) - 1)
        text = rows[n][column] or ""
        rows[n][column] = f'"{text}' if is_before else f'{text}"'
    reading = read(city, text_of([[*PERSONNEL_HEADER, "Ghi chú"], *rows], delimiter).encode(), "nhan-su.csv")
    assert len(values(reading, "identity_number")) == len(PEOPLE) or reading.refused or told(reading)


def test_stray_quotes_in_a_table_that_cannot_be_told_apart_refuse_it_with_the_line(city: City) -> None:
    rows = [[*row, ""] for row in PEOPLE]
    rows[1][-1], rows[3][-1], rows[4][-1] = '"một', '"hai', '"tổ 1; phường Hai"'
    city.put("2021/Q01.001/nhan-su.csv", text_of([[*PERSONNEL_HEADER, "Ghi chú"], *rows]).encode())
    city.land()
    assert city.verdicts() == {("Q01.001", "personnel"): ("REFUSED", "quotes_in_pairs")}
    assert city.landed("findings").filter(rule_code="quotes_in_pairs")["row_no"].to_list() == [3]


def test_a_line_break_that_was_meant_stays_in_its_cell(city: City) -> None:
    rows = [[*row, "12 đường Một, phường Hai\nquận Ba, thành phố"] for row in PEOPLE]
    reading = read(city, [[*PERSONNEL_HEADER, "Ghi chú"], *rows], "nhan-su.csv")
    assert (len(values(reading, "note")), told(reading)) == (6, [])


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_collectives_of_three_cells_are_rows(city: City) -> None:
    rows = [
        ["STT", "Tên tập thể", "Hệ xếp loại", "Mức xếp loại"],
        [1, "Đảng bộ phường Một", "Tập thể", "HTXSNV"],
        [2, "Chi bộ 1", "Tập thể", "HTNV"],
    ]
    assert values(read(city, {"Xếp loại": rows}), "full_name") == ["Đảng bộ phường Một", "Chi bộ 1"]


@pytest.mark.parametrize(
    "name", ["Tổng công ty Điện lực", "Tổng cục Thuế", "Cộng Hòa", "Công ty Một", "Lập", "Ký", "Vi", "Toàn", "Tổng đội Thanh niên"]
)
def test_a_name_that_begins_like_a_total_or_a_signature_is_a_name(city: City, name: str) -> None:
    rows = [["STT", "Tên tập thể", "Hệ xếp loại", "Mức xếp loại"], [1, name, "Tập thể", "HTTNV"], ["Tổng cộng", None, None, 1]]
    reading = read(city, {"Xếp loại": rows})
    assert values(reading, "full_name") == [name]
    assert reading.class_counts["Xếp loại"] == {RowClass.HEADER: 1, RowClass.DETAIL: 1, RowClass.TOTAL: 1}


@pytest.mark.parametrize("label", ["Tổng", "Tổng:", "Tổng số", "Tổng cộng (6)", "Cộng", "Cộng:", "CỘNG", "Tổng 6"])
def test_a_total_is_no_person(city: City, label: str) -> None:
    assert len(values(read(city, {"Nhân sự": roster([*PEOPLE, [label, None, None, None, 6]])}), "full_name")) == 6


def test_a_total_whose_count_stands_below_the_numbers_is_no_person(city: City) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "Đơn vị", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    rows = [[n, "Nguyễn Văn An", number(n), "Chi bộ 1", None, 1] for n in range(1, 4)]
    sums = [[None, "Cộng", 3, None, 0, 3, 0, 0], ["Tổng cộng", None, 3, None, 0, 3, 0, 0], ["Tỷ lệ %", None, None, None, 0, 100, 0, 0]]
    reading = read(city, {"Xếp loại": [header, *rows, *sums]})
    assert (values(reading, "identity_number"), told(reading)) == ([row[2] for row in rows], [])


def test_a_person_named_like_a_total_stays_a_person(city: City) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "Đơn vị", "Mức xếp loại"]
    reading = read(
        city, {"Xếp loại": [header, [1, "Cộng Thị Hoa", number(1), None, "HTTNV"], [2, "Cộng Văn An", "0920801", None, "HTTNV"]]}
    )
    assert values(reading, "full_name") == ["Cộng Thị Hoa", "Cộng Văn An"]


def test_a_row_taken_for_a_note_that_holds_an_identity_number_is_told(city: City) -> None:
    reading = read(city, {"Nhân sự": roster([*PEOPLE, ["Ghi chú", number(9)], ["Ghi chú", "không"]])})
    assert told(reading) == [("row_is_no_person", 8)]


def test_defaults_filled_down_below_the_table_are_nobody(city: City) -> None:
    empty = [[n, None, None, None, "Chính thức", None, None] for n in range(7, 30)]
    reading = read(city, {"Nhân sự": roster([*PEOPLE, *empty])})
    assert (len(values(reading, "full_name")), told(reading)) == (6, [("row_filled_in", 8)])
    assert reading.class_counts["Nhân sự"][RowClass.PLACEHOLDER] == 23


def test_zeros_of_formulas_filled_down_are_nobody(city: City) -> None:
    reading = read(city, {"Nhân sự": roster([*PEOPLE, *[[n, 0, 0, 0, 0, 0, 0] for n in (7, 8)]])})
    assert (len(values(reading, "full_name")), told(reading)) == (6, [("row_filled_in", 8)])


FILLED_DOWN = {
    "a unit and a day": [None, None, "Chi bộ 1", "Chính thức", "01/03/2010", None],
    "zeros as days are shown": [0, 0, 0, 0, "00/01/1900", "00/01/1900"],
    "zeros as LibreOffice shows days": [0, 0, 0, 0, "30/12/1899", "30/12/1899"],
    "dashes": ["-", "-", "-", "-", "-", "-"],
    "a look-up that finds nobody": ["#N/A"] * 6,
}


@pytest.mark.parametrize("cells", FILLED_DOWN.values(), ids=FILLED_DOWN)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_whatever_is_filled_down_below_the_last_person_is_nobody(city: City, kind: str, cells: list) -> None:
    rows = roster([*PEOPLE, *[[n, *cells] for n in range(7, 20)]])
    reading = read(city, rows if kind == "csv" else {"Nhân sự": rows})
    assert (len(values(reading, "full_name")), told(reading)) == (6, [("row_filled_in", 8)])


@pytest.mark.parametrize("cells", [["#N/A"] * 6, [None, None, "Chi bộ 1", "Chính thức", "01/03/2010", None]], ids=["errors", "defaults"])
def test_a_list_that_lost_all_its_names_is_no_list_of_nobody(city: City, cells: list) -> None:
    reading = read(city, {"Nhân sự": roster([[n, *cells] for n in range(1, 9)])})
    assert len(values(reading, "full_name")) == 8


def test_rows_that_differ_are_rows_though_nobody_is_named(city: City) -> None:
    lost = [[n, None, None, "Chi bộ 1", "Chính thức", f"0{n}/03/2010", None] for n in (7, 8, 9)]
    reading = read(city, {"Nhân sự": roster([*PEOPLE, *lost])})
    assert (len(values(reading, "full_name")), told(reading)) == (9, [])


def test_one_row_without_name_and_number_is_still_a_row(city: City) -> None:
    reading = read(city, {"Xếp loại": ratings([rating(1), [2, None, None, None, "HTTNV"]])})
    assert (len(values(reading, "full_name")), told(reading)) == (2, [])


def test_rows_of_invisible_characters_are_blank(city: City) -> None:
    reading = read(city, {"Nhân sự": roster([*PEOPLE, [None, "\u200b"], ["\u200b", "\ufeff\u200b", "\u2060"]])})
    assert (len(values(reading, "full_name")), told(reading)) == (6, [])


def test_a_second_header_in_english_is_a_header(city: City) -> None:
    english = ["No.", "Full name", "ID number", "Unit", "Membership", "From", "Joined"]
    reading = read(city, {"Nhân sự": [PERSONNEL_HEADER, english, *PEOPLE]})
    assert (len(values(reading, "full_name")), reading.class_counts["Nhân sự"][RowClass.HEADER]) == (6, 2)


@pytest.mark.parametrize("words", ["Chi bộ 1 (03 đảng viên)", "Chi bộ 1: 3 đồng chí", "Chi bộ 1 - có 3 người", "Chi bộ 1"])
def test_a_section_with_a_count_names_its_unit(city: City, words: str) -> None:
    reading = read(city, {"Nhân sự": roster([["I", words], *PEOPLE[:3], ["II", "Chi bộ 2 (03 đ/c)"], *PEOPLE[3:]])})
    assert (values(reading, "unit"), told(reading)) == (["Chi bộ 1"] * 3 + ["Chi bộ 2"] * 3, [])


def test_a_section_that_says_another_count_is_told(city: City) -> None:
    reading = read(city, {"Nhân sự": roster([["I", "Chi bộ 1 (04 đảng viên)"], *PEOPLE[:3], ["II", "Chi bộ 2 (02 đ/c)"], *PEOPLE[3:]])})
    assert told(reading) == [("total_matches_details", 2), ("total_matches_details", 6)]


# ── sheets ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["Nhân sự (2)", "Nhân sự cũ", "Copy of Nhân sự", "Sheet1 (2)", "Bản sao"])
def test_a_copy_of_a_sheet_is_counted_once_wherever_it_stands(city: City, name: str) -> None:
    old = [[*row[:5], "01/04/2011", row[6]] for row in PEOPLE]
    for sheets in ({"Nhân sự": roster(PEOPLE), name: roster(old)}, {name: roster(old), "Nhân sự": roster(PEOPLE)}):
        reading = read(city, sheets)
        assert [t.sheet for t in reading.tables] == ["Nhân sự"]
        assert [(n.rule, n.sheet) for t in reading.tables for n in t.notes] == [("sheet_counted_once", name)]


def test_whoever_stands_only_in_a_copy_is_told_and_not_counted(city: City) -> None:
    reading = read(city, {"Nhân sự": roster(PEOPLE), "Nhân sự cũ": roster([*PEOPLE[:4], member(7)])})
    assert [(t.sheet, t.row_count) for t in reading.tables] == [("Nhân sự", 6)]
    [table] = reading.tables
    assert [(n.rule, n.sheet, n.row_no) for n in table.notes] == [
        ("sheet_counted_once", "Nhân sự cũ", 1),
        ("copy_has_nobody_else", "Nhân sự cũ", 6),
    ]


@pytest.mark.parametrize("name", ["Sheet1", "Bảng 1"])
def test_of_two_versions_with_the_same_levels_the_sheet_that_is_called_as_its_list_is_read(city: City, name: str) -> None:
    people = [rating(n) for n in range(1, 7)]
    reading = read(city, {name: ratings(people), "Xếp loại": ratings(people)})
    assert [t.sheet for t in reading.tables] == ["Xếp loại"] and ("sheet_counted_once", 4) in told(reading)


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("has_numbers", [True, False])
def test_a_summary_beside_the_sheets_of_some_cells_keeps_the_people_of_the_others(city: City, has_numbers: bool, is_first: bool) -> None:
    head = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại"]
    people = [
        [n, f"Nguyễn Thị {'ABCDEGHIK'[n // 2]}", number(n) if has_numbers else None, "HTTNV"] for n in range(9)
    ]  # each name twice but one
    cells = {"Chi bộ 1": [head, *people[:3]], "Chi bộ 2": [head, *people[3:6]]}
    total = {"Tổng hợp": [head, *people]}
    reading = read(city, total | cells if is_first else cells | total)
    found = {t.sheet: t.row_count for t in reading.tables}
    assert found == {"Chi bộ 1": 3, "Chi bộ 2": 3, "Tổng hợp": 3}
    assert sorted(values(reading, "full_name")) == sorted(row[1] for row in people)
    assert ("sheet_counted_once", "Tổng hợp") in [(n.rule, n.sheet) for t in reading.tables for n in t.notes]


def test_two_systems_of_the_same_people_are_no_copies(city: City) -> None:
    head = ["STT", "Họ và tên", "Số CCCD", "Đơn vị", "Hệ xếp loại", "Mức xếp loại"]
    sheets = {s: [head, *[[n, "Nguyễn Văn A", number(n), "Chi bộ 1", s, "HTTNV"] for n in range(6)]] for s in ("Đảng viên", "Công chức")}
    assert {t.sheet: t.row_count for t in read(city, sheets).tables} == {"Đảng viên": 6, "Công chức": 6}


def test_an_incomplete_copy_does_not_refuse_the_good_sheet(city: City) -> None:
    city.put("2021/Q01.001/bao-cao.xlsx", {"Nhân sự": roster(PEOPLE), "Nhân sự cũ": [row[:5] for row in roster(PEOPLE)]})
    city.land()
    assert city.verdicts() == {("Q01.001", "personnel"): ("ACCEPTED", None)}


@pytest.mark.parametrize("name", ["nhan-su.xlsx", "bao-cao.xlsx"])
@pytest.mark.parametrize("helper", [[["Nam"], ["Nữ"]], [["Giới tính", "Dân tộc"], ["Nam", "Kinh"]], [["Mã", "Tên"], ["A", "Hà Nội"]]])
def test_a_helper_sheet_that_is_called_a_list_does_not_refuse_the_good_sheet(city: City, helper: list, name: str) -> None:
    for sheets in ({"Nhân sự": roster(PEOPLE), "Danh sách": helper}, {"Danh sách": helper, "Nhân sự": roster(PEOPLE)}):
        reading = read(city, sheets, name)
        assert not reading.refused
        assert values(reading, "identity_number") == [row[2] for row in PEOPLE]
        assert [note.rule for note in reading.notes if note.sheet == "Danh sách"] == ["sheet_known"]


def test_a_roster_that_lacks_columns_is_not_left_out_for_a_whole_one_beside_it(city: City) -> None:
    reading = read(city, {"Nhân sự": roster(PEOPLE[:3]), "Danh sách": [[None, *row[1:2], *row[3:]] for row in roster(PEOPLE[3:])]})
    assert any(table.missing for table in reading.tables)


def test_two_sheets_of_different_people_are_both_read(city: City) -> None:
    reading = read(city, {"Nhân sự": roster(PEOPLE[:3]), "Nhân sự (2)": roster(PEOPLE[3:])})
    assert (len(values(reading, "full_name")), told(reading)) == (6, [])


def test_the_same_people_rated_in_two_quarters_are_both_read(city: City) -> None:
    quarters = {f"Quý {q}": [[*RATINGS_HEADER, "Kỳ xếp loại"], *[[*rating(n), f"2021-Q{q}"] for n in range(1, 5)]] for q in (1, 2)}
    assert len(values(read(city, quarters), "full_name")) == 8


def test_other_courses_of_the_same_people_are_both_read(city: City) -> None:
    header = ["Họ và tên", "Số CCCD", "Tên chương trình", "Đơn vị đào tạo", "Từ ngày", "Đến ngày"]
    courses = {
        name: [
            header,
            *[["Nguyễn Văn A", number(n), f"Lớp {month}", f"Trường {month}", f"01/0{month}/2021", f"05/0{month}/2021"] for n in range(4)],
        ]
        for month, name in ((3, "Đào tạo"), (4, "Đào tạo (2)"))
    }
    assert len(values(read(city, courses), "full_name")) == 8


def test_a_summary_of_counts_is_no_list(city: City) -> None:
    summary = [["STT", "Đơn vị", "Tổng số", "HTXSNV", "HTTNV", "HTNV"], [1, "Chi bộ 1", 3, 1, 2, None], [2, "Chi bộ 2", 3, None, 2, 1]]
    reading = read(city, {"Xếp loại": ratings([rating(1)]), "Tổng hợp": summary})
    assert (len(values(reading, "full_name")), told(reading)) == (1, [("sheet_is_a_list", 1)])


@pytest.mark.parametrize("names", [("Chi bộ 1", "Chi bộ 2"), ("CB1", "CB 2"), ("XL-CB1", "DS Chi bộ 2"), ("XL_CB1", "Danh sách CB2")])
def test_a_sheet_called_like_a_cell_belongs_to_it(city: City, names: tuple[str, str]) -> None:
    header, *rows = [[v for i, v in enumerate(row) if i != 3] for row in roster(PEOPLE)]
    reading = read(city, {names[0]: [header, *rows[:3]], names[1]: [header, *rows[3:]]}, "danh-sach-dang-vien.xlsx")
    assert values(reading, "unit") == ["Chi bộ 1"] * 3 + ["Chi bộ 2"] * 3
    assert [rule for rule, _ in told(reading)] == ["unit_from_sheet"] * 2


def test_sheets_called_like_offices_are_asked_about(city: City) -> None:
    header, *rows = ratings([rating(n) for n in range(1, 7)], title=False)
    sheets = {"Công an": [header, *rows[:3]], "XL - Quân sự": [header, *rows[3:]]}
    assert told(read(city, sheets, "xep-loai.xlsx")) == [("title_names_a_unit", 1)] * 2
    assert told(read(city, {"Công an": [header, *rows]}, "xep-loai.xlsx")) == []  # the sender, as likely
    people, *members = roster([member(n) for n in range(1, 7)])  # and of another list beside them the only sheet is, too
    assert told(read(city, sheets | {"Văn phòng": [people, *members]}, "xep-loai.xlsx")).count(("title_names_a_unit", 1)) == 2


@pytest.mark.parametrize("name", ["Bản chính", "Đoàn viên", "Tổ chức", "Đợt 2", "Sheet2"])
def test_sheets_called_otherwise_name_no_office(city: City, name: str) -> None:
    header, *rows = ratings([rating(n) for n in range(1, 7)], title=False)
    assert told(read(city, {"Xếp loại": [header, *rows[:3]], name: [header, *rows[3:]]}, "xep-loai.xlsx")) == []


@pytest.mark.parametrize("name", ["Nhân sự 2025.xlsx", "Nhân sự (1).xlsx", "BC nhân sự quý 1.xlsx"])
def test_a_file_that_speaks_of_its_dataset_is_told_which_column_is_missing(city: City, name: str) -> None:
    city.put(f"2021/Q01.001/{name}", {"Sheet1": [row[:5] for row in roster(PEOPLE)]})
    city.land()
    assert city.verdicts() == {("Q01.001", "personnel"): ("ACCEPTED", None)}
    missing = city.landed("findings").filter(rule_code="usual_column_present")["says_vi"].to_list()
    assert any("“Từ ngày”" in words for words in missing), missing


@pytest.mark.parametrize(
    ("name", "dataset"),
    [("DS Xếp loại đảng viên Q1", "ratings"), ("Danh sách luân chuyển 2025", "rotation"), ("Đào tạo và kỷ luật", None), ("Sổ tay", None)],
)
def test_a_name_speaks_of_one_dataset_or_of_none(name: str, dataset: str | None) -> None:
    assert LAYOUT.mentioned(name) == dataset


@pytest.mark.parametrize(
    ("words", "as_title"),
    [("Phòng Đào tạo", None), ("Danh sách đảng viên theo Kế hoạch số 5 về đào tạo", "personnel")],
)
def test_an_office_or_a_document_in_a_title_is_not_what_the_list_is_called(words: str, as_title: str | None) -> None:
    assert LAYOUT.by_words.called([], [words]) == as_title
    assert LAYOUT.by_words.called([words], []) == "training"  # a file's name is short, and speaks of its list


# ── headers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nam_is_no_year(city: City) -> None:
    rows = [["STT", "Họ và tên", "Nam", "Nữ", "Số CCCD", "Mức xếp loại"], [1, "Nguyễn Văn A", "x", None, number(1), "HTTNV"]]
    reading = read(city, {"Xếp loại": rows})
    assert (values(reading, "period"), values(reading, "sex_code"), told(reading)) == ([None], ["Nam"], [("column_once", 1)])
    assert values(read(city, {"Xếp loại": [[*rows[0][:2], "NĂM", *rows[0][3:]], [1, "A", 2021, None, number(1), "HTTNV"]]}), "period") == [
        "2021"
    ]


def test_a_year_below_nam_says_nobodys_sex_and_is_told(city: City) -> None:
    """In a list without marks “Nam” may well be “Năm”."""
    rows = [["STT", "Ho va ten", "So CCCD", "Nam", "Muc xep loai"], *([n, "Nguyen Van A", number(n), 2020, "HTTNV"] for n in (1, 2))]
    city.put("2021/Q01.001/Xep loai.xlsx", {"Xep loai": rows})
    city.land()
    found = city.landed("findings").select("rule_code", "cell").rows()
    assert found == [("code_known", "D2"), ("code_known", "D3")]
    assert values(read(city, {"Xep loai": rows}), "sex_code") == ["2020", "2020"]


@pytest.mark.parametrize("dataset", SCHEMAS)
def test_no_two_columns_have_headers_that_differ_by_marks_alone(dataset: str) -> None:
    meant: dict[str, set[str]] = {}
    for column, col in own_columns(SCHEMAS[dataset]).items():
        for header in (col.title, *meta(col).aliases):
            if plain(header) not in LAYOUT.headers[dataset].unlike:
                meant.setdefault(fold(header), set()).add(column)
    assert not {h: columns for h, columns in meant.items() if len(columns) > 1}


def test_a_name_over_two_columns_is_joined(city: City) -> None:
    header = ["STT", "Họ và tên", None, *PERSONNEL_HEADER[2:]]
    reading = read(city, {"Nhân sự": [header, *[[row[0], "Nguyễn Văn", "An", *row[2:]] for row in PEOPLE]]})
    assert (values(reading, "full_name"), told(reading)) == (["Nguyễn Văn An"] * 6, [])


def test_a_birth_date_below_nam_or_nu_says_the_sex(city: City) -> None:
    header = ["STT", "Họ và tên", "Ngày sinh", None, *PERSONNEL_HEADER[2:]]
    rows = [[1, "A", "05/02/1980", None, *PEOPLE[0][2:]], [2, "B", None, "06/02/1981", *PEOPLE[1][2:]]]
    reading = read(city, {"Nhân sự": [header, [None, None, "Nam", "Nữ"], *rows]})
    assert values(reading, "birth_date") == ["05/02/1980", "06/02/1981"]
    assert values(reading, "sex_code") == ["Nam", "Nữ"]


def test_schooling_is_not_the_degree(city: City) -> None:
    rows = [[*row, "12/12", "Thạc sĩ"] for row in PEOPLE]
    reading = read(city, {"Nhân sự": [[*PERSONNEL_HEADER, "Trình độ", None], [None] * 7 + ["Học vấn", "Chuyên môn"], *rows]})
    assert values(reading, "education_code") == ["Thạc sĩ"] * 6


def test_leaves_that_nobody_knows_stop_no_marks(city: City) -> None:
    people = [[n, "Nguyễn Văn A", number(n), "Bí thư", "Chủ tịch", None, "x", None, None] for n in range(1, 4)]
    assert values(read(city, {"Xếp loại": [MARKED, LEAVES, *people]}), "decided_level_code") == ["Hoàn thành tốt nhiệm vụ"] * 3


def test_forms_of_discipline_may_be_marks(city: City) -> None:
    rows = [
        ["TT", "Họ và tên", "Số CCCD", "Hệ kỷ luật", "Số quyết định", "Ngày ký", "Hình thức kỷ luật", None, None, None],
        [None] * 6 + ["Khiển trách", "Cảnh cáo", "Cách chức", "Khai trừ"],
        [1, "Nguyễn Văn A", number(1), "Đảng", "12-QĐ/ĐU", "01/03/2021", None, "x", None, None],
    ]
    assert values(read(city, {"Kỷ luật": rows}), "discipline_form_code") == ["Cảnh cáo"]


@pytest.mark.parametrize("name", ["Nguy\ufffdn Văn An", "Nguy?n Văn An", "Nguyễn V?n An"])
def test_a_lost_letter_of_a_name_is_told_on_its_cell(city: City, name: str) -> None:
    rows: list[list[Any]] = [list(row) for row in PEOPLE]
    rows[1][1] = name
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": roster(rows)})
    city.land()
    assert city.landed("findings").select("rule_code", "cell").rows() == [("letters_of_one_alphabet", "B3")]


# ── titles, sections and rows beside the list ────────────────────────────────────────────────────────────────────


def rules_of(city: City) -> set[str]:
    city.land()
    return {f["rule_code"] for f in city.landed("findings").to_dicts()}


@pytest.mark.parametrize(
    ("name", "sheet", "title", "rule"),
    [
        ("bao-cao.xlsx", "Xếp loại", "KẾT QUẢ XẾP LOẠI NĂM 2020", "list_of_folder_year"),
        ("Xếp loại 2020.xlsx", "Xếp loại", "KẾT QUẢ", "title_of_folder_period"),
        ("bao-cao.xlsx", "Xếp loại quý I", "KẾT QUẢ", "title_of_folder_period"),
        ("bao-cao.xlsx", "Xếp loại", "KẾT QUẢ XẾP LOẠI VIÊN CHỨC NĂM 2021", "column_said_above"),
        ("xếp loại công chức.xlsx", "Xếp loại", "NĂM 2021", "title_of_rating_system"),
        ("Xếp loại 2021.xlsx", "Xếp loại", "KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN LÀ CÁN BỘ NĂM 2021, so với năm 2020", None),
        ("bao-cao.xlsx", "Xếp loại", "Cần Thơ, ngày 05 tháng 01 năm 2022", None),
    ],
)
def test_a_title_of_another_period_is_asked_about_and_of_one_system_believed_and_told(
    city: City, name: str, sheet: str, title: str, rule: str | None
) -> None:
    rows = [[title], [], RATINGS_HEADER, *[rating(n) for n in range(1, 7)]]
    city.put(f"2021/Q01.001/{name}", {sheet: rows})
    assert rules_of(city) == ({rule} if rule else set())


def test_a_quarters_ratings_in_the_years_folder_are_the_quarters_and_told(city: City) -> None:
    sheet = [["KẾT QUẢ XẾP LOẠI CÁN BỘ LÃNH ĐẠO, QUẢN LÝ QUÝ II/2021"], [], ["Họ và tên", "Số CCCD", "Mức xếp loại"]]
    sheet += [[f"Nguyễn Văn {chr(65 + n)}", number(n), "Hoàn thành nhiệm vụ"] for n in range(1, 7)]
    city.put("2021/Q01.001/Xếp loại.xlsx", {"Danh sách": sheet})
    city.land()
    landed = city.landed("ratings").select("period", "period_type_code").unique().rows()
    told = city.landed("findings").filter(rule_code="column_said_above")["column_name"].to_list()
    assert landed == [("2021-Q2", "QUARTER")] and "period" in told


@pytest.mark.parametrize(
    ("name", "titles", "rule"),
    [
        ("Xep loai thang 4.xlsx", ["BẢNG XẾP LOẠI ĐẢNG VIÊN"], "rated_year_or_quarter"),
        ("bao-cao.xlsx", ["BẢNG XẾP LOẠI ĐẢNG VIÊN", "Tháng 4/2021"], "rated_year_or_quarter"),
        ("bao-cao.xlsx", ["BẢNG XẾP LOẠI ĐẢNG VIÊN", "Tháng 12/2021"], "rated_year_or_quarter"),
        ("bao-cao.xlsx", ["XẾP LOẠI ĐẢNG VIÊN NĂM 2021", "Tháng 12/2021"], "title_of_folder_period"),  # perhaps when it was decided
        ("bao-cao.xlsx", ["DANH SÁCH HỌC VIÊN HOÀN THÀNH", "Lớp bồi dưỡng kiến thức"], "title_of_ratings"),
        ("dao-tao-boi-duong.xlsx", ["KẾT QUẢ"], "title_of_ratings"),
        ("bao-cao.xlsx", ["TRUNG TÂM BỒI DƯỠNG CHÍNH TRỊ", "KẾT QUẢ"], None),
        ("bao-cao.xlsx", ["XẾP LOẠI ĐẢNG VIÊN LÀ HỌC VIÊN LỚP CAO CẤP"], None),
        ("xep loai thang 4 (1).xlsx", ["BẢNG XẾP LOẠI ĐẢNG VIÊN"], "rated_year_or_quarter"),
        ("bao-cao.xlsx", ["KẾT QUẢ XẾP LOẠI THÁNG 4 CỦA CHI BỘ"], "rated_year_or_quarter"),
        ("bao-cao.xlsx", ["XẾP LOẠI ĐẢNG VIÊN THÁNG 11 NĂM 2021"], "rated_year_or_quarter"),
        ("bao-cao.xlsx", ["Cần Thơ, ngày 15 tháng 12 năm 2021", "XẾP LOẠI ĐẢNG VIÊN THÁNG 5 NĂM 2021"], "rated_year_or_quarter"),
        ("bao-cao.xlsx", ["XẾP LOẠI ĐẢNG VIÊN THÁNG 12 NĂM 2021"], "rated_year_or_quarter"),
        # when it was decided, sent, signed or counted; the title says that it is the year's
        ("bao-cao.xlsx", ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM HỌC 2020-2021", "Tháng 5/2021"], "title_of_folder_period"),
        ("xep loai dang vien gui thang 10.xlsx", ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2021"], None),
        ("bao-cao.xlsx", ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2021", "(số liệu đánh giá đến tháng 10/2021)"], None),
        ("bao-cao.xlsx", ["XẾP LOẠI ĐẢNG VIÊN", "Biểu mẫu đánh giá ban hành tháng 10"], None),
        ("bao-cao.xlsx", ["HỌC VIỆN CHÍNH TRỊ KHU VỰC IV", "KẾT QUẢ NĂM 2021"], None),
        ("CB Dao tao 2021.xlsx", ["KẾT QUẢ"], None),
    ],
)
def test_a_list_of_a_month_or_of_a_course_is_not_counted_as_the_years_ratings(
    city: City, name: str, titles: list[str], rule: str | None
) -> None:
    sheet = [*([title] for title in titles), [], ["Họ và tên", "Số CCCD", "Kết quả"]]
    sheet += [[f"Nguyễn Văn {chr(65 + n)}", number(n), "Hoàn thành nhiệm vụ"] for n in range(1, 7)]
    city.put(f"2021/Q01.001/{name}", {"Danh sách": sheet})
    city.land()
    told = {f["rule_code"] for f in city.landed("findings").to_dicts()} - {"usual_column_present"}
    is_refused = rule in ("rated_year_or_quarter", "title_of_ratings")
    assert told == ({rule} if rule else set())
    assert city.landed("ratings").height == (0 if is_refused else 6)


@pytest.mark.parametrize(
    ("sheet", "title", "is_asked"),
    [
        ("Xếp loại", "DANH SÁCH QUẦN CHÚNG ƯU TÚ NĂM 2021", True),
        ("Cảm tình đảng", "NĂM 2021", True),
        ("Xếp loại", "KẾT QUẢ XẾP LOẠI ĐỐI TƯỢNG KẾT NẠP", True),
        ("Xếp loại", "KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN MỚI KẾT NẠP", False),
        ("Nhân sự", "DANH SÁCH QUẦN CHÚNG ƯU TÚ", True),
        ("Quy hoạch", "NĂM 2021", True),
        ("Nhân sự", "DANH SÁCH ĐOÀN VIÊN CÔNG ĐOÀN", True),
        ("Nhân sự", "DANH SÁCH ĐẢNG VIÊN, ĐOÀN VIÊN", False),
        ("Nhân sự", "PHÒNG QUY HOẠCH ĐÔ THỊ", False),
    ],
)
def test_a_title_of_people_whom_the_dataset_is_not_of_is_asked_about(city: City, sheet: str, title: str, is_asked: bool) -> None:
    is_roster, six = sheet in ("Nhân sự", "Quy hoạch"), range(1, 7)
    table = roster([member(n) for n in six]) if is_roster else [RATINGS_HEADER, *map(rating, six)]
    city.put(f"2021/Q01.001/{'nhan-su' if is_roster else 'xep-loai'}.xlsx", {sheet: [[title], [], *table]})
    assert rules_of(city) == ({"title_of_people_counted"} if is_asked else set())


def test_a_section_of_people_whom_the_dataset_is_not_of_is_asked_about(city: City) -> None:
    rows = [["I. Đảng viên"], *PEOPLE[:3], ["II. Quần chúng ưu tú"], *PEOPLE[3:]]
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": roster(rows)})
    assert rules_of(city) == {"title_of_people_counted"}


def test_dots_below_no_unit_are_of_their_section(city: City) -> None:
    rows = [["Chi bộ 1"], *[[*row[:3], "…", *row[4:]] for row in PEOPLE[:3]], ["Chi bộ 2"], *PEOPLE[3:]]
    reading = read(city, {"Nhân sự": roster(rows)})
    assert (values(reading, "unit"), told(reading)) == (["Chi bộ 1"] * 3 + ["Chi bộ 2"] * 3, [])


def test_a_heading_of_people_does_not_end_its_cell(city: City) -> None:
    header = [h for h in PERSONNEL_HEADER if h != "Đơn vị"]
    people = [[v for h, v in zip(PERSONNEL_HEADER, row, strict=True) if h != "Đơn vị"] for row in PEOPLE]
    rows = [
        header,
        ["Chi bộ 1"],
        ["a) Đảng viên nam"],
        *people[:2],
        ["b) Đảng viên nữ"],
        people[2],
        ["Chi bộ 2"],
        *people[3:5],
        ["Khối khác"],
        people[5],
    ]
    assert values(read(city, {"Nhân sự": rows}), "unit") == ["Chi bộ 1"] * 3 + ["Chi bộ 2"] * 2 + [None]


@pytest.mark.parametrize(
    "row",
    [
        [7, "Cộng tác viên", None, "Tập thể", "HTTNV"],
        [7, "Trần Thị Bốn", "đang làm CCCD", None, "HTTNVụ"],
        ["II", "Nguyễn Văn B", None, None, "HT tôt"],
    ],
)
def test_whoever_stands_below_the_signature_or_looks_like_a_total_is_told(city: City, row: list) -> None:
    rows = [*ratings([rating(n) for n in range(1, 7)], title=False), [None, None, None, None, "NGƯỜI LẬP BIỂU"], row]
    assert ("row_is_no_person", 9) in told(read(city, {"Xếp loại": rows})) or values(read(city, {"Xếp loại": rows}), "full_name")[
        -1
    ] == row[1]


def test_a_post_beside_the_name_is_no_part_of_it(city: City) -> None:
    header = ["STT", "Họ và tên", None, *PERSONNEL_HEADER[2:]]
    reading = read(city, {"Nhân sự": [header, *[[row[0], row[1], "Bí thư", *row[2:]] for row in PEOPLE]]})
    assert values(reading, "full_name") == [row[1] for row in PEOPLE] and ("column_titled", 1) in told(reading)


def test_a_decimal_comma_that_parts_a_cell_is_told(city: City) -> None:
    text = "STT,Họ và tên,Số CCCD,Mức xếp loại,Điểm\n" + "".join(
        f"{n},Trần Văn {chr(64 + n)},{number(n)},HTTNV,88,{n}\n" for n in range(1, 7)
    )
    assert told(read(city, text.encode(), "xep-loai.csv")) == [("row_as_wide_as_header", 2)]


# ── lists of nobody ──────────────────────────────────────────────────────────────────────────────────────────────

NO_LIST = [
    "Chưa họp xếp loại",
    "Xem danh sách ở Phụ lục 2",
    "- Nguyễn Văn An: khiển trách",
    "Ghi chú: 01 đ/c bị khiển trách",
    "Đang tổng hợp, gửi sau",
]


@pytest.mark.parametrize("said", [*NO_LIST, "(đính kèm danh sách riêng)", "1. Đ/c Nguyễn Văn An, khiển trách"])
def test_a_list_without_rows_that_says_something_else_is_refused(city: City, said: str) -> None:
    assert ("nil_says_only_so", 2) in told(read(city, {"Xếp loại": [RATINGS_HEADER, [said]]}))


@pytest.mark.parametrize(
    "said", ["Không phát sinh", "Không có trường hợp nào bị kỷ luật", "I. Chi bộ Văn phòng", "Tổng cộng: 0", "Người lập biểu", None]
)
def test_a_list_of_nobody_says_so_or_nothing(city: City, said: str | None) -> None:
    assert told(read(city, {"Xếp loại": [RATINGS_HEADER, [said]]})) == []


@pytest.mark.parametrize("said", ["KPS", "Trống", "(Trống)", "Không phát sinh trong kỳ", "Không có trường hợp nào", "Chưa phát sinh"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_word_that_says_nothing_is_nobody_wherever_it_stands(city: City, said: str, place: int) -> None:
    reading = read(city, {"Xếp loại": [RATINGS_HEADER, [*[None] * place, said]]})
    assert (values(reading, "full_name"), told(reading)) == ([], [])


def test_rows_that_stand_as_columns_are_no_list_of_nobody(city: City) -> None:
    people, columns = [rating(n) for n in range(1, 5)], [RATINGS_HEADER.index(c) for c in ("Họ và tên", "Số CCCD", "Mức xếp loại")]
    reading = read(city, {"Xếp loại": [[RATINGS_HEADER[c], *(p[c] for p in people)] for c in columns]})
    assert "nil_says_only_so" in {rule for rule, _ in told(reading)}


def test_a_list_of_nobody_that_says_something_replaces_nothing(city: City) -> None:
    city.put("2021/Q01.001/xep-loai.csv", ratings([rating(n) for n in range(1, 9)]))
    city.land()
    city.put("2021/Q01.001/xep-loai.csv", ratings([["Chưa họp xếp loại"]]))
    city.land()
    verdicts = city.landed("submissions").sort("rows_read")["verdict_code"].to_list()
    assert verdicts == ["REFUSED", "ACCEPTED"]


@pytest.mark.parametrize(
    "note", ["Bổ sung: đ/c Lê Văn Tám - HTT", "Lưu ý: đ/c số 2 xếp loại lại là HTNV", "3. Đ/c Nguyễn Văn Ba, cảnh cáo"]
)
def test_a_note_that_speaks_of_one_person_is_told(city: City, note: str) -> None:
    assert ("row_is_no_person", 8) in told(read(city, {"Xếp loại": [RATINGS_HEADER, *(rating(n) for n in range(1, 7)), [note]]}))


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [("6 tháng đầu năm", "Cả năm", "HTXSNV"), ("Cả năm", "6 tháng cuối năm", "HTTNV"), ("6T", "Cả năm", "HTXSNV")],
)
def test_of_half_a_year_and_the_whole_the_folders_is_read(city: City, first: str, second: str, level: str) -> None:
    header = [["TT", "Họ và tên", "Số CCCD", "Xếp loại", None], [None, None, None, first, second]]
    people = [[n, f"Nguyễn Văn {chr(64 + n)}", number(n), "HTTNV", "HTXSNV"] for n in range(1, 5)]
    file = city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [*header, *people]})
    reading = read_file(Source(0, file, file.name, period="2021"), LAYOUT)
    assert values(reading, "decided_level_code") == [level] * 4 and told(reading) == [("column_known", 2)]


@pytest.mark.parametrize("ticked", [True, False])
def test_a_ticked_box_is_no_number(city: City, ticked: bool) -> None:
    rows = [[*rating(n), ticked if n == 1 else 88.5] for n in range(1, 5)]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [[*RATINGS_HEADER, "Điểm"], *rows]})
    city.land()
    assert city.landed("findings").select("rule_code", "cell", "value_found").rows() == [("number_readable", "G2", str(ticked).upper())]
    assert city.landed("ratings").sort("row_no")["score"].to_list() == [None, 88.5, 88.5, 88.5]


def test_a_ticked_box_marks_a_level(city: City) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "HTXSNV", "HTTNV", "HTNV"]
    rows = [[1, "Nguyễn Văn A", number(1), False, True, False], [2, "Nguyễn Văn B", number(2), True, False, False]]
    reading = read(city, {"Xếp loại": [header, *rows]})
    assert values(reading, "decided_level_code") == ["Hoàn thành tốt nhiệm vụ", "Hoàn thành xuất sắc nhiệm vụ"]


TRAINED = ["TT", "Họ và tên", "Số CCCD", "Nội dung", "Loại chương trình", "Đơn vị tổ chức", "Từ ngày", "Thời lượng"]


@pytest.mark.parametrize(
    ("title", "header", "below", "is_told"),
    [
        (None, "Thời lượng (ngày)", None, True),
        (None, "Thời lượng", "(buổi)", True),
        ("Đơn vị tính: ngày", "Thời lượng", None, True),
        (None, "Thời lượng (tiết)", None, False),
        (None, "Thời lượng", "(tiết)", False),
        ("Bồi dưỡng trong tháng 6", "Số tiết", None, False),
    ],
)
def test_days_are_no_hours(city: City, title: str | None, header: str, below: str | None, is_told: bool) -> None:
    rows = [[n, f"Nguyễn Văn {chr(64 + n)}", number(n), "Lớp bồi dưỡng", "Bồi dưỡng", "Trường", "01/06/2021", 5] for n in range(1, 5)]
    units = [[None] * 7 + [below]] if below else []
    reading = read(city, {"Đào tạo": [*([[title]] if title else []), [*TRAINED[:7], header], *units, *rows]})
    assert ("hours_in_hours" in {rule for rule, _ in told(reading)}) == is_told and values(reading, "hours") == ["5"] * 4


# ── which list it is, where no name says so ──────────────────────────────────────────────────────────────────────

OF_PEOPLE = ["STT", "Họ và tên", "Giới tính", "Ngày sinh", "Căn cước công dân"]
OF_MEMBERS = [*OF_PEOPLE, "Dân tộc", "Ngày kết nạp", "Ngày chính thức"]


def of_nobody_named(city: City, header: list[str], title: str = "DANH SÁCH ĐẢNG VIÊN NĂM 2021") -> dict[str, Any]:
    said = {"Giới tính": "Nam", "Ngày sinh": "05/02/1980", "Dân tộc": "Kinh", "Ngày kết nạp": "03/02/2010", "Ngày chính thức": "03/02/2011"}
    rows = [
        [n, f"Nguyễn Văn {chr(64 + n)}", *[number(n) if h == "Căn cước công dân" else said.get(h, "1") for h in header[2:]]]
        for n in range(1, 7)
    ]
    city.put("2021/Q01.001/Book1.xlsx", {"Sheet1": [[title], [], header, *rows]})
    city.land()
    return {"read": city.landed("personnel").height, "told": {f["rule_code"] for f in city.landed("findings").to_dicts()}}


def test_a_roster_is_known_by_its_columns_though_some_are_missing(city: City) -> None:
    assert of_nobody_named(city, OF_MEMBERS) == {"read": 6, "told": {"usual_column_present", "column_follows_from_others"}}


def test_a_roster_needs_no_numbers_where_its_title_calls_it_one(city: City) -> None:
    header = ["STT", "Họ và tên", "Giới tính", "Ngày sinh", "Dân tộc", "Ngày kết nạp", "Ngày chính thức"]
    assert of_nobody_named(city, header) == {"read": 6, "told": {"usual_column_present", "column_follows_from_others"}}


def test_names_and_posts_alone_are_no_roster_whatever_their_title(city: City) -> None:
    found = of_nobody_named(city, ["STT", "Họ và tên", "Giới tính", "Dân tộc", "Chức vụ", "Trình độ"])
    assert found["read"] == 0 and "required_column_present" in found["told"]
    assert city.verdicts()["Q01.001", "personnel"][0] == "REFUSED"


@pytest.mark.parametrize(
    "header",
    [
        [*OF_PEOPLE, "Hệ số lương", "Phụ cấp", "Thực lĩnh"],  # a payroll
        [*OF_MEMBERS, *(f"Môn {n}" for n in range(1, 12))],  # more that is not ours than is
    ],
)
def test_people_in_other_lists_are_asked_about_and_not_counted(city: City, header: list[str]) -> None:
    assert of_nobody_named(city, header) == {"read": 0, "told": {"known_dataset_present", "sheet_known"}}


@pytest.mark.parametrize("title", ["DANH SÁCH CỬ TRI", "DANH SÁCH NHẬN QUÀ TẾT", "DANH SÁCH"])
def test_columns_alone_make_no_roster(city: City, title: str) -> None:
    assert of_nobody_named(city, OF_MEMBERS, title)["read"] == 0


def test_where_no_day_of_theirs_says_it_the_status_of_people_stays_a_missing_column(city: City) -> None:
    header = ["TT", "Họ và tên", "Số CCCD", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức"]
    rows = [[n, f"Nguyễn Văn {'ABCDEF'[n - 1]}", number(n), "05/02/1980", "03/02/2005", None] for n in range(1, 7)]
    (table,) = read(city, {"Nhân sự": [["DANH SÁCH ĐẢNG VIÊN"], [], header, *rows]}).tables
    assert "member_status_code" in table.missing and "member_status_code" not in table.values
    assert "column_follows_from_others" not in {note.rule for note in table.notes}


@pytest.mark.parametrize(("said", "is_told"), [(6, False), (5, True), (7, True)])
def test_a_sum_below_a_list_without_sections_is_held_against_all_of_it(city: City, said: int, is_told: bool) -> None:
    reading = read(city, {"Xếp loại": [RATINGS_HEADER, *(rating(n) for n in range(1, 7)), [f"Tổng số: {said}"]]})
    assert told(reading) == ([("total_matches_details", 8)] if is_told else [])
