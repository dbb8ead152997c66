"""Sheets as offices lay them out: what stands around the details is told from them, and nothing is lost in silence."""

import datetime as dt

import polars as pl
import pytest
import xlsxwriter
from conftest import City, member, number, roster, write_csv

from pipeline.intake.classifier import Classifier, classify
from pipeline.intake.header_search import find_header
from pipeline.intake.headers import Header
from pipeline.intake.likeness import nearest
from pipeline.intake.rows import RowClass
from pipeline.intake.sections import section_unit
from pipeline.judging.layouts import layout_of
from pipeline.judging.registry import RegistryProblem
from pipeline.schemas import SCHEMAS

LAYOUT = layout_of(SCHEMAS)
HEADER = ["STT", "Họ và tên", "Số CCCD", "Đơn vị", "Mức xếp loại", "Điểm", "Ghi chú"]


def person(n: int, level: str = "HTTNV", unit: str | None = None) -> list:
    return [n, f"Nguyễn Văn {chr(65 + n % 26)}", number(n), unit, level, None, None]


def put(city: City, rows: list, sheet: str = "Xếp loại") -> None:
    city.put("2021/Q01.001/bao-cao.xlsx", {sheet: rows})
    city.land()


def test_title_numbers_sections_totals_and_signatures_are_no_details(city: City) -> None:
    put(
        city,
        [
            ["ĐẢNG BỘ QUẬN MỘT", None, None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"],
            ["DANH SÁCH XẾP LOẠI NĂM 2021"],
            [],
            HEADER,
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
            ["I", "Chi bộ 1"],
            person(1),
            person(2, "HTXSNV"),
            [None, "Cộng", None, None, "2"],
            ["II", "Chi bộ 2"],
            person(3),
            [],
            [None, "Tổng cộng: 3 đồng chí"],
            [],
            ["Ghi chú: danh sách do chi bộ lập"],
            [None, None, None, "Phường Một, ngày 10 tháng 12 năm 2021"],
            ["NGƯỜI LẬP BIỂU", None, None, None, "T/M ĐẢNG ỦY"],
            ["(Ký, ghi rõ họ tên)", None, None, None, "BÍ THƯ"],
            [None, "Trần Văn Mẫu"],
        ],
    )
    landed = city.landed("ratings")
    assert landed["row_no"].to_list() == [7, 8, 11]
    assert landed["unit"].to_list() == ["chi bo 1", "chi bo 1", "chi bo 2"]
    assert city.rules() == []


def test_a_section_without_a_unit_gives_no_unit_and_ends_the_one_before(city: City) -> None:
    put(city, [HEADER, ["A", "Chi bộ 1"], person(1), ["B", "Cán bộ nghỉ hưu"], person(2), person(3, unit="Chi bộ 2")])
    assert city.landed("ratings")["unit"].to_list() == ["chi bo 1", None, "chi bo 2"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("II. Chi bộ Văn phòng", "Chi bộ Văn phòng"),
        ("1/ Đảng ủy phường:", "Đảng ủy phường"),
        ("Đơn vị: Trạm y tế", "Trạm y tế"),
        ("A. Cán bộ", None),
    ],
)
def test_a_section_names_its_unit_without_the_numeral(text: str, unit: str | None) -> None:
    assert section_unit([(0, text)]) == unit


def test_a_total_that_the_details_do_not_give_is_told(city: City) -> None:
    header = [*HEADER[:4], "HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    rows = [[n, f"Nguyễn Văn {n}", number(n), None, *("x" if i == n % 2 else None for i in range(4))] for n in range(1, 5)]
    put(city, [header, *rows, [None, "Tổng cộng: 5 đảng viên", None, None, 2, 3, 0, 0]])
    assert city.landed("findings").sort("cell").select("rule_code", "cell").rows() == [
        ("total_matches_details", "B6"),
        ("total_matches_details", "F6"),
    ]
    assert city.landed("ratings").height == 4


def test_a_detail_with_only_a_name_is_a_detail(city: City) -> None:
    rows = [
        ["Họ và tên", "Số CCCD", "Mức xếp loại", "Ghi chú", "Điểm"],
        *[["Nguyễn Văn A", number(n), "HTTNV"] for n in range(3)],
        ["Cống Thị B"],
    ]
    put(city, rows)
    assert city.landed("submissions")["rows_read"].to_list() == [4]
    assert sorted(city.rules()) == ["value_present", "value_present"]  # a level, and a number


def test_a_prefilled_running_number_makes_no_detail_and_a_person_called_tong_does() -> None:
    judge = Classifier(width=5, anchors=(2,), numbers=frozenset({0}), known=frozenset({1, 2}))
    assert judge.kind(["1", "Tống Văn A", "092080000001", None, "HTT"]) is RowClass.DETAIL
    assert judge.kind(["2", None, None]) is RowClass.BLANK
    assert judge.kind([None, "Tổng số", None, None, "1"]) is RowClass.TOTAL
    assert judge.kind(["3", "Cộng Hòa Bình", "092080000002", None, "HTT"]) is RowClass.DETAIL


def test_a_sections_title_may_stand_in_the_column_of_numbers_that_only_persons_have() -> None:
    judge = Classifier(width=5, anchors=(1,), numbers=frozenset({0}), known=frozenset({1, 2}))
    assert judge.kind(["I", "Khối trường học", None, None]) is RowClass.SECTION
    assert judge.kind(["I", "chưa có", "Nguyễn Văn An", None]) is RowClass.DETAIL
    assert judge.kind([None, "I", None, None]) is RowClass.DETAIL


# ── headers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_header_of_two_rows_is_joined(city: City) -> None:
    put(
        city,
        [
            ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Quyết định", None, "Ghi chú"],
            [None, None, None, None, "Số", "Ngày", None],
            [1, "Nguyễn Văn A", number(1), "HTTNV", "12-QĐ/ĐU", "10/12/2021", None],
        ],
    )
    assert city.landed("ratings").select("decision_no", "decided_on", "row_no").rows()[0][0] == "12-QĐ/ĐU"
    assert city.rules() == []


def test_a_header_of_three_rows_with_marks_is_joined(city: City) -> None:
    put(
        city,
        [
            ["STT", "Họ và tên", "Số CCCD", "Kết quả", None, None, None],
            [None, None, None, "Mức xếp loại", None, None, None],
            [None, None, None, "HTXSNV", "HTTNV", "HTNV", "KHTNV"],
            [1, "Nguyễn Văn A", number(1), None, "x", None, None],
            [2, "Nguyễn Văn B", number(2), "✓", None, None, None],
        ],
    )
    assert city.landed("ratings")["decided_level_code"].to_list() == ["GOOD", "EXCELLENT"]
    assert city.rules() == []


@pytest.mark.parametrize("mark", ["x", "X", "✓", "v", "1", "●", 1])
def test_every_usual_mark_marks(city: City, mark: str | int) -> None:
    put(
        city,
        [
            ["Họ và tên", "Số CCCD", "Hoàn thành xuất sắc nhiệm vụ", "HTTNV", "HTNV", "KHTNV"],
            ["Nguyễn Văn A", number(1), None, mark, "0", "-"],
        ],
    )
    assert city.landed("ratings")["decided_level_code"].to_list() == ["GOOD"]


def test_no_mark_and_two_marks_are_findings(city: City) -> None:
    header = ["Họ và tên", "Số CCCD", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    rows = [["Nguyễn Văn A", number(n), None, "x", None, None] for n in range(4)]
    put(city, [header, *rows, ["Nguyễn Văn B", number(5)], ["Nguyễn Văn C", number(6), "x", "x"]])
    found = city.landed("findings").sort("row_no").select("rule_code", "cell").rows()
    assert found == [("value_present", "C6"), ("one_level_marked", "C7")]
    assert city.landed("ratings").height == 4


def test_marks_under_self_rating_and_decision_are_told_apart(city: City) -> None:
    levels = ["HTXSNV", "HTTNV", "HTNV", "KHTNV"]
    put(
        city,
        [
            ["Họ và tên", "Số CCCD", "Tự xếp loại", None, None, None, "Mức xếp loại", None, None, None],
            [None, None, *levels, *levels],
            ["Nguyễn Văn A", number(1), "x", None, None, None, None, "x", None, None],
        ],
    )
    assert city.landed("ratings").select("self_level_code", "decided_level_code").rows() == [("EXCELLENT", "GOOD")]


def test_a_header_almost_right_is_taken_and_told(city: City) -> None:
    put(city, [["STT", "Họ và tênn", "Số CCCD (12 số)", "Mức xếp loại"], [1, "Nguyễn Văn A", number(1), "HTTNV"]])
    assert city.landed("ratings").height == 1
    assert sorted(city.landed("findings").select("rule_code", "cell").rows()) == [
        ("column_named_exactly", "B1"),
    ]  # what brackets say of how a cell is written is no part of its header


def test_a_missing_required_header_says_which_one_was_nearest(city: City) -> None:
    put(city, [["STT", "Họ và tên", "Số CCCD", "Xếp mức loại A"], [1, "Nguyễn Văn A", number(1), "HTTNV"]])
    finding = city.landed("findings").row(0, named=True)
    assert finding["rule_code"] == "required_column_present"
    assert "Mức xếp loại" in finding["says_vi"] and finding["value_found"] == "Xếp mức loại A"


def test_the_lowest_cell_of_a_header_is_found_also_where_a_row_of_it_is_shorter() -> None:
    rows: list[list[str | None]] = [["Họ và tên", "Xếp loại", "Điểm"], [None, "Mức"], []]
    assert [Header(0, 2, {}).leaf_of(rows, position) for position in (0, 1, 2)] == [0, 1, 0]


def test_what_is_not_near_is_not_named() -> None:
    assert nearest("Nhóm máu", LAYOUT.headers["ratings"]) is None
    assert nearest("Số  CCCD:", LAYOUT.headers["ratings"]) == ("identity_number", 1.0)


def test_a_row_of_letters_below_a_header_is_no_header_of_marks() -> None:
    rows = [["Họ và tên", "Số CCCD", "Mức xếp loại", "Điểm"], ["A", "B", "C", "D"], ["Nguyễn Văn A", number(1), "HTT", None]]
    header = find_header(rows, 0, "ratings", LAYOUT)
    assert (header.top, header.bottom, header.marks) == (0, 0, {})
    assert classify(rows, (0, 0))[1] is RowClass.COLUMN_NUMBERS


# ── several tables, hidden things, ditto marks ───────────────────────────────────────────────────────────────────


def test_two_datasets_below_each_other_on_one_sheet_are_both_read(city: City) -> None:
    put(city, [*roster([member(1), member(2)]), [], ["DANH SÁCH XẾP LOẠI"], HEADER, person(1), person(2), person(3)], sheet="Báo cáo")
    assert (city.landed("personnel").height, city.landed("ratings").height) == (2, 3)


def test_a_second_table_is_of_the_dataset_that_explains_most_of_its_header(city: City) -> None:
    """“Kết quả” is a level in one dataset and a result in another."""
    header = ["Họ và tên", "Số CCCD", "Tên lớp", "Loại chương trình", "Từ ngày", "Kết quả"]
    row = ["Nguyễn Văn A", number(1), "Lớp A", "Lý luận chính trị", "01/03/2021", "Đạt"]
    put(city, [HEADER, person(1), person(2), [], header, row], sheet="Tổng hợp")
    assert (city.landed("ratings").height, city.landed("training").height) == (2, 1), city.rules()


def test_a_header_printed_again_on_the_next_page_is_skipped(city: City) -> None:
    put(city, [HEADER, person(1), HEADER, person(2), person(3)])
    assert city.landed("ratings")["row_no"].to_list() == [2, 4, 5]
    assert city.landed("submissions")["rows_read"].to_list() == [3]


def test_ditto_marks_are_filled_down_in_units_and_in_levels_and_told(city: City) -> None:
    rows = [
        [*HEADER, "Mức tự xếp loại", "Mức đề nghị"],
        [*person(1, unit="Chi bộ 1"), "HTNV", "HTXSNV"],
        [*person(2, unit="nt"), "nt", "//"],
        [*person(3, unit="//"), "HTNV", "-nt-"],
        [*person(4, unit="Chi bộ 2"), "HTNV", "HTTNV"],
        [*person(5, "nt", "-nt-"), "HTNV", "HTTNV"],
    ]
    put(city, rows)
    landed = city.landed("ratings")
    assert landed["self_level_code"].to_list() == ["COMPLETED"] * 5
    assert landed["proposed_level_code"].to_list() == [*["EXCELLENT"] * 3, "GOOD", "GOOD"]
    assert landed["unit"].to_list() == ["chi bo 1", "chi bo 1", "chi bo 1", "chi bo 2", "chi bo 2"]
    assert landed["decided_level_code"][4] == landed["decided_level_code"][3]
    assert set(city.rules()) == {"cell_filled_down"}


def test_a_ditto_mark_below_nothing_is_no_blank_which_would_be_the_sender(city: City) -> None:
    put(city, [HEADER, person(1, unit="nt"), person(2, unit="Chi bộ 1")])
    assert city.landed("ratings")["unit"].to_list() == ["chi bo 1"]
    told = city.landed("findings").filter(column_name="unit", severity_code="ERROR")
    assert told["row_no"].to_list() == [2]


def test_a_ditto_mark_for_a_number_is_filled_with_nobodys_and_not_said_to_be(city: City) -> None:
    put(city, [HEADER, *(person(n) for n in (1, 2, 3)), ["4", "Nguyễn Văn E", "nt", None, "HTTNV"]])
    assert city.landed("ratings").height == 3
    assert city.landed("findings").select("rule_code", "column_name", "cell").rows() == [("identity_number_shape", "identity_number", "C5")]


def test_a_formula_error_in_a_cell_is_named(city: City) -> None:
    put(city, [HEADER, person(1), person(2), ["3", "#REF!", number(3), None, "HTTNV"]])
    assert city.landed("findings").select("rule_code", "cell").rows() == [("no_formula_error", "B4")]


def test_every_row_of_a_sheet_has_a_class_and_details_are_what_was_read(city: City) -> None:
    rows = [["DANH SÁCH"], HEADER, ["I", "Chi bộ 1"], person(1), [None, "Cộng", None, None, 1], [], ["Người lập biểu"]]
    cells = [[None if v is None else str(v) for v in row] for row in rows]
    kinds = classify(cells, (1, 1), Classifier(7, (2,), frozenset({0}), frozenset({1, 2, 3, 4})))
    assert kinds == ["TITLE", "HEADER", "SECTION", "DETAIL", "SUBTOTAL", "BLANK", "SIGNATURE"]
    put(city, rows)
    assert city.landed("ratings").select(pl.len()).item() == kinds.count(RowClass.DETAIL)


# ── a unit's own layout ──────────────────────────────────────────────────────────────────────────────────────────

OWN = [
    ["STT", "Tên anh chị em", "Mã công dân", "Nhận định cuối năm", "Nhóm máu"],
    *[[n, f"Nguyễn Văn {n}", number(n), "HTTNV", "O"] for n in range(1, 5)],
]
CONFIRMED = [
    ["unit_code", "dataset", "header", "means", "confirmed_on"],
    ["Q01.001", "ratings", "Mã công dân", "Số CCCD", "10/12/2021"],
    ["Q01.001", "ratings", "Nhận định cuối năm", "decided_level_code", "10/12/2021"],
    ["Q01.001", "ratings", "Tên anh chị em", "Họ và tên", "10/12/2021"],
    ["Q01.001", "ratings", "Nhóm máu", "", "10/12/2021"],
]


def test_confirmed_headers_heal_a_refused_file_and_only_the_senders(city: City) -> None:
    for unit in ("Q01.001", "Q01.002"):
        city.put(f"2021/{unit}/xep-loai.xlsx", {"Xếp loại": OWN})
    city.land()
    assert {v[0] for v in city.verdicts().values()} == {"REFUSED"}
    write_csv(city.home.registry / "layouts.csv", CONFIRMED)
    city.land()
    assert city.verdicts() == {("Q01.001", "ratings"): ("ACCEPTED", None), ("Q01.002", "ratings"): ("REFUSED", "required_column_present")}
    assert city.landed("ratings").height == 4
    assert "column_known" not in city.rules()


def test_what_the_city_has_not_confirmed_is_not_used(city: City) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": OWN})
    write_csv(city.home.registry / "layouts.csv", [CONFIRMED[0], *[[*row[:4], ""] for row in CONFIRMED[1:]]])
    city.land()
    assert {v[0] for v in city.verdicts().values()} == {"REFUSED"}


def test_a_layout_that_names_no_column_stops_the_load(city: City) -> None:
    write_csv(city.home.registry / "layouts.csv", [CONFIRMED[0], ["Q01.001", "ratings", "KQ", "Chiều cao", "10/12/2021"]])
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    assert "row 2: “Chiều cao” is no column of ratings" in caught.value.rows[0]


def test_a_column_that_only_an_upper_row_of_the_header_names_is_read(city: City) -> None:
    upper = [None, "Nội dung", None, None, None, None, None, "Ngày quyết định"]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [upper, HEADER, *[[*person(n), "10/12/2021"] for n in range(1, 4)]]})
    city.land()
    assert city.landed("ratings")["decided_on"].to_list() == [dt.date(2021, 12, 10)] * 3
    assert not city.rules()


def test_a_column_with_values_and_no_header_is_told(city: City) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [HEADER, [*person(1), "10/12/2021"], person(2)]})
    city.land()
    width = len(HEADER)
    assert city.landed("findings").select("rule_code", "cell").rows() == [("column_titled", f"{'ABCDEFGH'[width]}1")]


def test_running_numbers_need_no_header(city: City) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [[None, *HEADER], *[[n, *person(n)] for n in range(1, 4)]]})
    city.land()
    assert city.landed("ratings").height == 3
    assert not city.rules()


def test_a_level_that_cannot_be_read_is_one_finding_beside_two_marks_in_another_file(city: City) -> None:
    city.put("2021/Q01.001/bao-cao.xlsx", {"Xếp loại": [HEADER, *[person(n) for n in range(1, 5)], person(5, "Tốt lắm")]})
    marked = [["Họ và tên", "Số CCCD", "HTXSNV", "HTTNV", "HTNV"], *[["Nguyễn Văn A", number(n), "x"] for n in range(6, 9)]]
    city.put("2021/Q01.002/xep-loai.xlsx", {"Xếp loại": [*marked, ["Nguyễn Văn B", number(9), "x", "x"]]})
    city.land()
    assert sorted(city.rules()) == ["code_known", "one_level_marked"]


def test_a_plain_number_for_a_day_counts_from_1904_where_the_workbook_does(city: City) -> None:
    file = city.put("2021/Q01.001/xep-loai.xlsx", b"")
    with xlsxwriter.Workbook(file, {"date_1904": True}) as book:
        sheet = book.add_worksheet("Xếp loại")
        sheet.write_row(0, 0, ["Họ và tên", "Số CCCD", "Mức xếp loại", "Ngày quyết định"])
        sheet.write_row(1, 0, ["Nguyễn Văn A", number(1), "HTTNV", (dt.date(2021, 12, 10) - dt.date(1904, 1, 1)).days])
    city.land()
    assert city.landed("ratings")["decided_on"].to_list() == [dt.date(2021, 12, 10)]
