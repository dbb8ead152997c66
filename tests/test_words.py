"""What letters, titles, headings and headers say beside the rows: of another level, year, system or time; nothing of it is taken silently."""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from conftest import PERSONNEL_HEADER, RATINGS_HEADER, City, member, number, rating, ratings, roster

from pipeline import codes
from pipeline.titles import other_system, says_other_period

MARKED = ["STT", "Họ và tên", "Số CCCD", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]


def told(city: City) -> list[tuple[str, str | None]]:
    """What a land tells of the files that lie there: rule and cell, or the row where it is of no cell."""
    city.land()
    found = city.landed("findings").sort("submission_key", "row_no", "cell").to_dicts()
    return [(f["rule_code"], f["cell"] or (f["row_no"] and str(f["row_no"]))) for f in found]


def marked(n: int, at: int, sign: str = "x") -> list[Any]:
    return [n, f"Nguyễn Văn {chr(65 + n)}", number(n), *[sign if at == column else None for column in range(4)]]


# ── letters ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("level", ["Đ", "đ", "Đ.", "Ä", "É"])
def test_a_letter_with_a_mark_is_no_level_of_another_letter(city: City, level: str) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": ratings([rating(1, level), *[rating(n) for n in range(2, 6)]])})
    assert told(city) == [("code_known", "E5")]


@pytest.mark.parametrize(
    ("words", "text", "code"),
    [
        ("rating_level", "d", "NOT_COMPLETED"),
        ("rating_level", "(B)", "GOOD"),
        ("education", "đh", "UNIVERSITY"),
        ("education", "DH", "UNIVERSITY"),
        ("education", "ĐĤ", None),
        ("sex", "Nữ", "FEMALE"),
        ("sex", "Nù", None),
        ("ethnicity", "Mạ", "MA"),
        ("ethnicity", "Mã", None),
        ("rating_level", "Hoan thành tôt nhiệm vụ", "GOOD"),
    ],
)
def test_marks_decide_where_a_spelling_is_short(words: str, text: str, code: str | None) -> None:
    assert codes.code_of(words, text) == code


@pytest.mark.parametrize("sign", ["Đ", "đ", "C", "HTTNV"])
def test_a_sign_in_a_mark_column_that_may_be_another_level_is_asked(city: City, sign: str) -> None:
    rows = [MARKED, marked(1, 0, sign), *[marked(n, 1) for n in range(2, 6)]]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": rows})
    assert told(city) == [("one_level_marked", "D2")]


@pytest.mark.parametrize(("sign", "level"), [("x", "EXCELLENT"), ("HTXSNV", "EXCELLENT"), ("Không xếp loại", None)])
def test_a_mark_column_that_names_its_own_level_or_none_of_the_others_is_read(city: City, sign: str, level: str | None) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [MARKED, marked(1, 0, sign), *[marked(n, 1) for n in range(2, 6)]]})
    rules = [rule for rule, _ in told(city)]
    assert rules == ([] if level else ["unrated_row_has_reason"])
    assert city.landed("ratings").sort("row_no")["decided_level_code"].to_list()[:1] == [level or "GOOD"]


# ── names and titles of another period ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("period", "title"),
    [
        ("2021", "KẾT QUẢ XẾP LOẠI NĂM 2020"),
        ("2021", "XẾP LOẠI ĐẢNG VIÊN 2020"),
        ("2021", "XẾP LOẠI VIÊN CHỨC TRƯỜNG HỌC, NĂM HỌC 2019-2020"),
        ("2021", "Năm: 2020"),
        ("2021", "(Tính đến 31/12/2020)"),
        ("2021", "DANH SÁCH CÓ ĐẾN NGÀY 31 THÁNG 12 NĂM 2020"),
        ("2021", "Số liệu đến hết ngày 30/06/2022"),
        ("2021", "KẾT QUẢ XẾP LOẠI THÁNG 4 NĂM 2021"),
        ("2021", "KẾT QUẢ XẾP LOẠI 6 THÁNG ĐẦU NĂM 2021"),
        ("2021", "KẾT QUẢ XẾP LOẠI QUÝ IV-2021"),
        ("2021-Q1", "KẾT QUẢ XẾP LOẠI QUÝ 1/2020"),
        ("2021-Q4", "KẾT QUẢ XẾP LOẠI QUÝ IV-2020"),
        ("2021-Q1", "KẾT QUẢ XẾP LOẠI NĂM 2021"),
        ("2021-Q1", "XẾP LOẠI QUÝ I, QUÝ II NĂM 2020"),
    ],
)
def test_a_title_of_another_period_is_asked_whatever_the_file_is_called(period: str, title: str) -> None:
    assert says_other_period(period, [f"Xếp loại năm {period[:4]}"], [title], True)


@pytest.mark.parametrize(
    ("period", "title"),
    [
        ("2021", "NĂM 2021"),
        ("2021", "Cần Thơ, ngày 05 tháng 01 năm 2022"),
        ("2021", "Cần Thơ, ngày … tháng … năm 2022"),
        ("2021", "Cần Thơ, ngày     tháng 01 năm 2022"),
        ("2021", "Số: 12-BC/ĐU Cần Thơ, ngày 10/01/2022"),
        ("2021", "Căn cứ Quy định số 132-QĐ/TW ngày 08/3/2018 và Hướng dẫn năm 2019"),
        ("2021", "KẾT QUẢ XẾP LOẠI (theo Hướng dẫn số 21-HD/BTCTW, năm 2019)"),
        ("2021", "(Ban hành kèm theo Quyết định số 12/2020/QĐ-UBND)"),
        ("2021", "Mẫu số 02 (Thông tư 2020)"),
        ("2021", "XẾP LOẠI NĂM 2021, so với năm 2020"),
        ("2021", "XẾP LOẠI NĂM HỌC 2020-2021"),
        ("2021", "ĐẢNG BỘ PHƯỜNG MỘT, NHIỆM KỲ 2015 - 2020"),
        ("2021", "Đảng viên mới kết nạp năm 2020"),
        ("2021", "Tính đến ngày 31/12/2021"),
        ("2021", "Số liệu đến 15/01/2022"),
        ("2021", "ĐẢNG BỘ Q1"),
        ("2021-Q1", "KẾT QUẢ XẾP LOẠI QUÝ I NĂM 2021"),
        ("2021-Q1", "NĂM 2021-Q1"),
        ("2021-Q2", "Tính đến 30/06/2021"),
    ],
)
def test_days_of_documents_and_years_of_laws_are_no_period_of_a_list(period: str, title: str) -> None:
    assert not says_other_period(period, [f"Báo cáo {period}"], [title], True)


@pytest.mark.parametrize(
    ("period", "name", "is_other"),
    [
        ("2021", "XepLoai2020", True),
        ("2021", "XL_2021", False),
        ("2021", "Xếp loại Q1", True),
        ("2021", "Q01.001_2021", False),
        ("2021-Q1", "Q01.001_2021-Q1", False),
        ("2021-Q1", "Xếp loại 2021", False),
        ("2021", "Nhân sự 31-12-2020", True),
        ("2021", "Xếp loại (sửa 12-01-2022)", False),
        ("2021", "Tổ 20210", False),
    ],
)
def test_names_of_files_and_sheets_say_their_period(period: str, name: str, is_other: bool) -> None:
    assert says_other_period(period, [name], [], True) is is_other


def test_parts_of_a_year_are_asked_of_ratings_alone() -> None:
    assert not says_other_period("2021", ["Nhân sự quý I"], ["THÁNG 12 NĂM 2021"], False)
    assert not says_other_period("2021-Q1", [], ["NĂM 2021"], False)
    assert says_other_period("2021", [], ["THÁNG 12/2020"], False)


def test_a_year_in_the_cell_beside_its_word_is_a_title(city: City) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [["KẾT QUẢ XẾP LOẠI"], ["Năm:", 2020], RATINGS_HEADER, rating(1), rating(2)]})
    assert told(city) == [("list_of_folder_year", "3")]


def test_a_period_that_every_row_says_needs_no_title(city: City) -> None:
    """A column that is there and blank says nothing: the title's year alone is another, and the list is refused."""
    for unit, years in (("Q01.001", ["2021", "2021"]), ("Q01.002", ["2021", None])):
        rows = [[*RATINGS_HEADER, "Kỳ xếp loại"], *[[*rating(n), year] for n, year in enumerate(years)]]
        city.put(f"2021/{unit}/xep-loai.xlsx", {"Xếp loại": [["XẾP LOẠI NĂM 2020"], *rows]})
    city.land()
    findings = city.landed("findings").join(city.landed("submissions").select("submission_key", "sender_code"), on="submission_key")
    assert findings.select("sender_code", "rule_code").rows() == [("Q01.002", "list_of_folder_year")]


# ── other rating systems ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("names", "titles", "is_other"),
    [
        (["Báo cáo", "Sheet1"], ["KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG", "CÔNG CHỨC NĂM 2021"], True),
        (["Báo cáo", "Sheet1"], ["KẾT QUẢ XẾP LOẠI CBCCVC NĂM 2021"], True),
        (["Báo cáo", "Công chức"], [], True),
        (["Báo cáo", "DS viên chức"], [], True),
        (["Báo cáo", "Đảng viên"], ["KẾT QUẢ XẾP LOẠI"], False),
        (["Báo cáo", "Sheet1"], ["KẾT QUẢ XẾP LOẠI NĂM 2021", "PHÒNG TỔ CHỨC CÁN BỘ"], False),
        (["Báo cáo", "Sheet1"], ["BAN TỔ CHỨC CÁN BỘ", "KẾT QUẢ XẾP LOẠI NĂM 2021"], False),
        (["Báo cáo", "Cán bộ"], ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN"], False),
    ],
)
def test_titles_over_two_lines_short_words_and_sheets_say_another_system(names: list[str], titles: list[str], is_other: bool) -> None:
    assert other_system(names, titles) is is_other


# ── headings and second tables ───────────────────────────────────────────────────────────────────────────────────

HEADER = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại"]


def of_level(n: int) -> list[Any]:
    return [n, f"Nguyễn Văn {chr(65 + n)}", number(n), "HTTNV"]


@pytest.mark.parametrize(
    ("rows", "due"),
    [
        ([HEADER, ["QUÝ I"], of_level(1), ["QUÝ II"], of_level(2)], [("column_said_above", "1")]),
        (
            [HEADER, ["KẾT QUẢ XẾP LOẠI NĂM 2020"], of_level(1)],
            [("rating_of_folder_year_present", None), ("column_said_above", "1"), ("rating_of_folder_year", "3")],
        ),
        ([HEADER, of_level(1), [], ["XẾP LOẠI NĂM 2020"], HEADER, of_level(2)], [("title_of_folder_period", "5")]),
        ([HEADER, of_level(1), [], ["XẾP LOẠI CÔNG CHỨC"], HEADER, of_level(2)], [("column_said_above", "5")]),
        (
            [HEADER, of_level(1), [], ["XẾP LOẠI CÔNG CHỨC"], [*HEADER[:2], "Mức xếp loại", "Số CCCD"], [2, "A B", "HTTNV", number(2)]],
            [("column_said_above", "5")],
        ),
        ([HEADER, ["I", "Đảng viên"], of_level(1), ["II", "Công chức (01 người)"], of_level(2)], [("title_of_rating_system", "4")]),
        ([HEADER, ["I", "Chi bộ 1"], of_level(1), ["II", "Chi bộ 2 (thành lập năm 2020)"], of_level(2)], []),
        ([HEADER, ["a) Đảng viên nam"], of_level(1), ["b) Đảng viên mới kết nạp năm 2020"], of_level(2)], []),
    ],
)
def test_headings_and_titles_of_second_tables_are_asked_as_titles_are(city: City, rows: list, due: list) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": rows})
    assert told(city) == due


@pytest.mark.parametrize(
    "heading",
    ["Đảng viên chuyển đi trong năm", "Đảng viên đã từ trần", "NGHỈ HƯU", "Đảng viên được miễn sinh hoạt", "Bị đình chỉ sinh hoạt", "Công chức", "Đảng viên dự bị"],
)  # fmt: skip
def test_what_a_heading_says_of_people_is_asked_once_where_their_rows_do_not(city: City, heading: str) -> None:
    people = [member(n, status="Chính thức" if "dự bị" not in heading else "") for n in (1, 2, 3)]
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": roster([["I", "Đang sinh hoạt"], people[0], ["II", heading], *people[1:]])})
    due = ("column_said_above", "1") if heading == "Công chức" else ("heading_in_columns", "4")  # the roster has a column for it
    assert [f for f in told(city) if f[0] != "value_present"] == [due]


OUT = ["Không tính", "Không đánh giá", "II. Đã chuyển đi", "Đã mất (02 đ/c)", "Chuyển sinh hoạt", "Ra khỏi Đảng", "Miễn sinh hoạt"]


@pytest.mark.parametrize("above", [[], [[None, None, "BÍ THƯ"]]])
@pytest.mark.parametrize(("heading", "place"), [*((h, 0) for h in OUT), ("Đã mất", 1)])
def test_people_below_a_heading_that_takes_them_out_of_a_rating_are_asked_about(city: City, heading: str, place: int, above: list) -> None:
    rows = [HEADER, of_level(1), *above, [*[None] * place, heading], of_level(2), of_level(3)]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": rows})
    assert told(city) == [("heading_in_columns", str(3 + len(above)))]
    assert city.landed("ratings").height == 3


@pytest.mark.parametrize("heading", ["Đảng viên nghỉ hưu", "Chuyển sinh hoạt đến", "Đảng viên mới kết nạp năm 2020"])
def test_a_heading_of_people_who_are_rated_is_not_asked_about(city: City, heading: str) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [HEADER, of_level(1), [heading], of_level(2)]})
    assert told(city) == []


def test_a_heading_of_people_who_are_not_rated_is_borne_out_by_their_rows(city: City) -> None:
    out = [[*of_level(2)[:3], "Không xếp loại", None, "Miễn sinh hoạt"]]
    header = [*HEADER, "Ghi chú", "Lý do không xếp loại"]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [header, of_level(1), ["Không tính"], *out]})
    assert told(city) == []


BEST = [[*of_level(1)[:3], "HTXSNV"], of_level(2)]


@pytest.mark.parametrize(
    ("rows", "due"),
    [
        ([["Hoàn thành xuất sắc nhiệm vụ"], *BEST], ["2"]),
        ([["I. Hoàn thành xuất sắc (01 đ/c)"], BEST[0], ["II. Hoàn thành nhiệm vụ"], BEST[1]], ["4"]),
        ([[None, "Hoàn thành xuất sắc"], BEST[0], ["Xếp loại C"], BEST[1]], ["4"]),
        ([["I. Hoàn thành xuất sắc"], BEST[0], ["II. Hoàn thành tốt"], BEST[1]], []),
        ([["Chi bộ 1"], ["Hoàn thành xuất sắc nhiệm vụ"], BEST[0], ["Chi bộ 2"], BEST[1]], []),
        ([["A. Hoàn thành xuất sắc nhiệm vụ"], ["I. Chi bộ 1"], BEST[0], ["II. Chi bộ 2"], BEST[1]], ["2"]),
    ],
)
def test_a_heading_that_names_another_level_than_its_rows_is_asked_about(city: City, rows: list, due: list[str]) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [HEADER, *rows]})
    assert told(city) == [("heading_in_columns", row) for row in due]
    assert city.landed("ratings").sort("row_no")["decided_level_code"].to_list() == ["EXCELLENT", "GOOD"]


def test_a_title_or_a_sheet_that_names_another_level_than_its_rows_is_asked_about(city: City) -> None:
    title = ["DANH SÁCH ĐẢNG VIÊN HOÀN THÀNH TỐT NHIỆM VỤ NĂM 2021"]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [title, HEADER, *BEST], "HTXSNV": [HEADER, *map(of_level, (3, 4, 5))]})
    assert told(city) == [("heading_in_columns", "1"), ("heading_in_columns", "2")]


@pytest.mark.parametrize("name", ["Nhân sự đã chuyển đi", "Nhân sự (từ trần)"])
def test_a_sheet_of_people_who_left_is_asked(city: City, name: str) -> None:
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": roster([member(1)]), name: roster([member(2)])})
    assert {rule for rule, _ in told(city)} - {"title_understood"} == {"heading_in_columns"}


def test_a_heading_that_the_rows_bear_out_or_that_is_a_units_name_is_not_asked(city: City) -> None:
    header = [*PERSONNEL_HEADER, "Đến ngày", "Lý do rời"]
    left = [[*member(n), "30/09/2021", "Chuyển đi"] for n in (3, 4)]
    rows = [header, ["I", "Chuyển sinh hoạt đến"], member(1), member(2), ["II", "Đảng viên chuyển đi"], *left, ["III", "Từ trần"]]
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": rows})
    city.put("2021/Q01.002/nhan-su.xlsx", {"Nhân sự": roster([["Đơn vị: Câu lạc bộ nghỉ hưu"], member(5)])})
    assert "heading_in_columns" not in {rule for rule, _ in told(city)}


# ── what is written once, or by half ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("units", "due"),
    [
        (["Chi bộ 1", None, None, "Chi bộ 2", None], [("unit_in_each_row", "D3")]),
        (["Chi bộ 1", None, None], []),
        (["Chi bộ 1", None, None, "Chi bộ 2"], []),
        (["Chi bộ 1", "Chi bộ 1", None, "Chi bộ 2", None], []),
        (["Chi bộ 1", "Chi bộ 2", None], []),
        ([None, "Chi bộ 1", None, None], []),
        ([None, None], []),
        (["Chi bộ 1", "…", "Chi bộ 1"], [("unit_in_each_row", "D3")]),
        (["Chi bộ 1", "Chi bộ 2", "...", "Chi bộ 1"], [("unit_in_each_row", "D4")]),
        (["…", "Chi bộ 1"], []),
    ],
)
def test_a_unit_written_once_for_its_rows_is_asked_once(city: City, units: list[str | None], due: list) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": ratings([rating(n, unit=u) for n, u in enumerate(units)], title=False)})
    assert told(city) == due


def test_a_reason_of_leaving_without_a_day_and_an_end_without_a_beginning_are_asked(city: City) -> None:
    header = [*PERSONNEL_HEADER, "Đến ngày", "Lý do rời", "Miễn sinh hoạt từ ngày", "Miễn sinh hoạt đến ngày", "Đình chỉ đến ngày"]
    said = [(None, "Từ trần"), (None, None, None, "31/12/2022"), (None, None, None, None, "31/12/2021"), ("30/09/2021", "Chuyển đi")]
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": [header, *[[*member(n), *more] for n, more in enumerate(said)]]})
    assert {rule for rule, _ in told(city)} == {"reason_has_leaving_day", "exempt_has_first_day", "suspended_has_first_day"}
    assert city.landed("findings").sort("row_no")["row_no"].to_list() == [2, 3, 4]


LEFT = [
    ("{} (đã chuyển đi 5/2021)", None),
    ("{} (đã mất)", None),
    ("{} (nghỉ hưu 6/2021)", None),
    ("{} (chuyển sinh hoạt)", None),
    ("{}", "đã chuyển đi tháng 5/2021"),
    ("{}", "Từ trần ngày 05/06/2021"),
    ("{}", "nghỉ hưu 6/2021"),
    ("{}", "xin ra khỏi Đảng"),
]
DATED = (4, 5)
STAYED = [
    ("{} (Bí thư)", None),
    ("{} (mới chuyển đến)", None),
    ("{} (chuyển đi 01/2022)", None),
    ("{}", "vợ đã mất"),
    ("{}", "chuyển sinh hoạt đến 5/2021"),
    ("{}", "đã chuyển chính thức"),
    ("{}", "chưa chuyển đi"),
    ("{}", "nghỉ hưu 2015"),
]


def remarked(row: list[Any], remark: tuple[str, str | None]) -> list[Any]:
    return [row[0], remark[0].format(row[1]), *row[2:], remark[1]]


def test_who_left_by_a_remark_alone_is_asked_about_in_a_roster(city: City) -> None:
    rows = [remarked(member(n), remark) for n, remark in enumerate([*LEFT, *STAYED])]
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": [[*PERSONNEL_HEADER, "Ghi chú"], *rows]})
    taken = [("column_follows_from_others", "H1")] * 2  # a note that says no more than what happened, and when
    assert told(city) == [*taken, *(("leaving_in_its_column", str(2 + n)) for n in range(len(LEFT)) if n not in DATED)]
    assert city.landed("personnel").height == len(rows)
    left = city.landed("personnel").filter(pl.col("spell_to").is_not_null()).sort("row_no")
    assert left.select("row_no", pl.col("spell_to").cast(pl.String), "leaving_reason_code").rows() == [
        (6, "2021-05-31", "MOVED"),
        (7, "2021-06-05", "DIED"),
    ]


def test_who_left_by_a_remark_alone_is_asked_about_in_a_list_of_ratings(city: City) -> None:
    rows = [remarked(rating(n), remark) for n, remark in enumerate([*LEFT, *STAYED])]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [[*RATINGS_HEADER, "Ghi chú"], *rows]})
    assert told(city) == [("leaving_in_its_column", f"E{2 + n}") for n in range(len(LEFT))]


def test_who_left_by_a_remark_and_by_the_columns_is_not_asked_about(city: City) -> None:
    header = [*PERSONNEL_HEADER, "Ghi chú", "Đến ngày", "Lý do rời"]
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": [header, [*remarked(member(1), LEFT[4]), "31/05/2021", "Chuyển đi"]]})
    out = [*remarked(rating(1, "Không xếp loại", reason="Công tác chưa đủ 6 tháng"), LEFT[4])]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [[*RATINGS_HEADER, "Ghi chú"], out]})
    assert told(city) == []


# ── days ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def since(city: City, days: list[Any], name: str = "nhan-su.xlsx") -> list[tuple[str, str | None]]:
    """What is told of people whose first days are these."""
    rows = roster([[*member(n)[:5], day, "01/03/2010"] for n, day in enumerate(days, start=1)])
    city.put(f"2021/Q01.001/{name}", {"Nhân sự": rows} if name.endswith("xlsx") else rows)
    return told(city)


@pytest.mark.parametrize("number", [20100, "20101", 43891])
def test_a_number_among_days_is_asked_and_no_day(city: City, number: Any) -> None:
    assert since(city, [number, dt.date(2010, 3, 1), "01/03/2010", "3/2010"]) == [("date_readable", "F2")]
    assert city.landed("personnel").sort("row_no")["spell_from"].to_list() == [None, *[dt.date(2010, 3, 1)] * 3]


def test_a_column_of_serial_days_stays_one(city: City) -> None:
    assert since(city, [40238, 40238, 40238, "01/03/2010"]) == []
    assert city.landed("personnel")["spell_from"].unique().to_list() == [dt.date(2010, 3, 1)]


@pytest.mark.parametrize("name", ["nhan-su.xlsx", "nhan-su.csv"])
def test_text_days_that_are_possible_only_month_first_are_told_for_their_column(city: City, name: str) -> None:
    due = [("date_readable", "F2"), ("days_in_one_order", "F2"), ("date_readable", "F4")]
    assert sorted(since(city, ["03/25/2010", "03/04/2010", "5-19-2009", "02/03/2011"], name)) == sorted(due)


def test_one_impossible_day_among_days_first_is_told_by_itself(city: City) -> None:
    assert since(city, ["03/25/2010", "25/03/2010", "02/03/2011"]) == [("date_readable", "F2")]


def test_date_cells_say_nothing_of_the_order_of_texts(city: City) -> None:
    assert ("days_in_one_order", "F3") in since(city, [dt.date(2010, 3, 25), "03/25/2010", "03/04/2010"])


# ── groups above headers ─────────────────────────────────────────────────────────────────────────────────────────

WHO = ["STT", "Họ và tên", "Số CCCD"]


def rated(city: City, groups: list[Any], leaves: list[Any], cells: list[Any]) -> tuple[list[tuple[str, str | None]], dict[str, Any]]:
    """What is told of a list of ratings whose header has two rows, and what its first row came to say."""
    rows = [[*WHO, *groups], [None, None, None, *leaves], *[[n, f"Nguyễn Văn {chr(65 + n)}", number(n), *cells] for n in (1, 2, 3)]]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": rows})
    found = told(city)
    landed = city.landed("ratings")
    return found, landed.row(0, named=True) if landed.height else {}


LEVELS = ["HTXSNV", "HTTNV", "HTNV", "KHTNV"]


@pytest.mark.parametrize("group", ["Cá nhân tự đánh giá", "Tự nhận", "Tự đánh giá, xếp loại"])
def test_levels_below_a_self_rating_are_not_decided(city: City, group: str) -> None:
    found, _ = rated(city, [group, None, None, None], LEVELS, ["x"])
    assert found == [("required_column_present", "2")]


def test_a_self_rating_and_a_decision_side_by_side_are_each_their_own(city: City) -> None:
    found, row = rated(city, ["Cá nhân tự đánh giá", None, "Đảng ủy đánh giá", None], ["Điểm", "Xếp loại"] * 2, [95, "HTXSNV", 85, "HTTNV"])
    assert (row["self_level_code"], row["decided_level_code"], row["score"]) == ("EXCELLENT", "GOOD", 85)
    assert found == [("column_below_known_group", "D2")]


def test_of_two_years_side_by_side_the_folders_is_read(city: City) -> None:
    found, row = rated(city, ["Kết quả xếp loại", None], ["Năm 2020", "Năm 2021"], ["HTXSNV", "HTTNV"])
    assert (row["decided_level_code"], found) == ("GOOD", [("column_known", "D2")])


def test_of_two_rounds_the_later_one_counts_and_is_told(city: City) -> None:
    found, row = rated(city, ["Kết quả xếp loại", None], ["Lần 1", "Lần 2"], ["HTXSNV", "HTTNV"])
    assert ("level_of_who_decides", "E2") in found and row["decided_level_code"] == "GOOD"


def test_a_score_of_the_whole_year_is_read_beside_those_of_quarters(city: City) -> None:
    _, row = rated(city, ["Mức xếp loại", "Điểm", None, None], [None, "Q1", "Q2", "Cả năm"], ["HTTNV", 95, 85, 90])
    assert row["score"] == 90


@pytest.mark.parametrize(
    "group, told", [("Xếp loại năm 2020", ("required_column_present", "2")), ("Năm 2020", ("title_of_folder_period", "1"))]
)
def test_levels_below_another_year_are_asked(city: City, group: str, told: tuple[str, str]) -> None:
    found, _ = rated(city, [group, None, None, None], LEVELS, ["x"])
    assert found == [told]


def test_levels_of_another_year_beside_the_level_change_nothing(city: City) -> None:
    found, row = rated(city, ["Mức xếp loại", "Xếp loại năm 2020", None, None, None], [None, *LEVELS], ["HTTNV", "x"])
    assert row["decided_level_code"] == "GOOD"
    assert {rule for rule, _ in found} == {"column_known"}


@pytest.mark.parametrize(("group", "due"), [("Thời gian giữ chức vụ", True), ("Thời gian sinh hoạt", False), ("Thông tin chung", False)])
def test_days_below_an_unknown_group_are_told_once(city: City, group: str, due: bool) -> None:
    header = [[*PERSONNEL_HEADER[:5], "Ngày vào Đảng", group, None], [None] * 6 + ["Từ ngày", "Đến ngày"]]
    rows = [[*member(n)[:5], "01/03/2010", "01/03/2010", None] for n in (1, 2, 3)]
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": [*header, *rows]})
    assert told(city) == ([("column_below_known_group", "G2")] if due else [])


@pytest.mark.parametrize(
    ("group", "due"), [("Quyết định bổ nhiệm lần đầu", True), ("Quyết định luân chuyển", False), ("Quyết định", False)]
)
def test_a_decision_below_an_unknown_group_is_told(city: City, group: str, due: bool) -> None:
    header = [[*WHO, "Hình thức", "Từ ngày", group, None], [None] * 5 + ["Số quyết định", "Ngày quyết định"]]
    city.put(
        "2021/Q01.001/luan-chuyen.xlsx",
        {"Luân chuyển": [*header, *[[n, "A B", number(n), "Luân chuyển", "01/03/2021", "12-QĐ/ĐU", "05/01/2021"] for n in (1, 2)]]},
    )
    assert [f for f in told(city) if f[0] == "column_below_known_group"] == ([("column_below_known_group", "F2")] if due else [])
