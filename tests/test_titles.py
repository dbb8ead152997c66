"""What a title says is understood or told: nothing that it calls a list passes in silence, and ordinary titles pass without a word."""

import csv
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import RATINGS_HEADER, City, number, rating
from test_lists import LAYOUT

from pipeline.intake.files import read_file
from pipeline.intake.readings import Reading, Source
from pipeline.judging.titled import notes_of_titles
from pipeline.ledger.records import Line
from pipeline.paths import TITLES
from pipeline.schemas.files import FILE_RULES
from pipeline.title_words import STRICT, line, phrases

WHO = ["STT", "Họ và tên", "Số CCCD"]
COLUMNS: dict[str, dict[str, Any]] = {
    "ratings": {"Mức xếp loại": "HTTNV"},
    "personnel": {"Ngày sinh": "05/02/1980", "Chức vụ": "Chuyên viên", "Ngày vào Đảng": "03/02/2005", "Ngày chính thức": "03/02/2006"},
    "training": {"Tên lớp": "Kỹ năng số", "Từ ngày": "05/05/2025", "Đến ngày": "09/05/2025", "Kết quả": "Đạt"},
    "rotation": {"Đơn vị cũ": "Phòng Kinh tế", "Đơn vị mới": "Phòng Văn hóa", "Số quyết định": "12-QĐ/ĐU", "Ngày quyết định": "05/05/2025"},
    "discipline": {"Hình thức kỷ luật": "Khiển trách", "Số quyết định": "12-QĐ/UBKT", "Ngày quyết định": "05/05/2025"},
}
NAMES = ["An", "Bình", "Cường", "Dung", "Em", "Giàu"]


def sheet(dataset: str, *titles: str | list[Any], **columns: Any) -> list[list[Any]]:
    own = COLUMNS[dataset] | columns
    rows = [[n + 1, f"Nguyễn Văn {NAMES[n]}", number(n), *own.values()] for n in range(6)]
    return [*([title] if isinstance(title, str) else title for title in titles), [], [*WHO, *own], *rows]


def read(city: City, sheets: dict[str, Any], file: str = "Book1.xlsx", period: str = "2025") -> Reading:
    return read_file(Source(0, city.put(f"{period}/Q01.001/{file}", sheets), file, period=period), LAYOUT)


def told(reading: Reading) -> set[str]:
    """Rules that names and titles break, of what is read."""
    source = reading.source
    at = Line(f"{source.period}/Q01.001/{source.name}", source.period, "Q01.001", "", 0, "")
    return {note.rule for t in reading.tables for note in (*t.notes, *notes_of_titles(at, t.sheet, t))} - {"column_said_above"}


def of(city: City, dataset: str, *titles: str | list[Any], name: str = "Sheet1", file: str = "Book1.xlsx") -> set[str]:
    reading = read(city, {name: sheet(dataset, *titles)}, file)
    return told(reading) | ({reading.refused} if reading.refused else set())


REFUSED = frozenset(rule for rule, says in FILE_RULES.items() if says.refuses)

# ── what is said of the list is not what is counted ──────────────────────────────────────────────────────────────

NOT_COUNTED = {
    "ratings": (
        "XẾP LOẠI ĐẢNG VIÊN T4/2025; XẾP LOẠI ĐẢNG VIÊN THÁNG TƯ NĂM 2025; XẾP LOẠI ĐẢNG VIÊN 6T NĂM 2025; XẾP LOẠI SÁU THÁNG ĐẦU NĂM; XẾP LOẠI HK1"
        "; XẾP LOẠI TỪ THÁNG 7 ĐẾN THÁNG 12; XẾP LOẠI ĐẢNG VIÊN (từ 01/01/2025 đến 30/6/2025); XẾP LOẠI HỌC KỲ I; XẾP LOẠI ĐẢNG VIÊN 1/2025 - 6/2025; XẾP LOẠI ĐẢNG VIÊN 6 THÁNG; SƠ KẾT XẾP LOẠI; XẾP LOẠI GIAI ĐOẠN 1"
        "; ĐĂNG KÝ PHẤN ĐẤU NĂM 2025; BẢN CAM KẾT NĂM 2025; BÌNH XÉT THI ĐUA NĂM 2025; DANH HIỆU NĂM 2025; LẤY PHIẾU TÍN NHIỆM; KIỂM PHIẾU XẾP LOẠI ĐẢNG VIÊN"
        "; XẾP LOẠI LỚP 5A; CHI BỘ 2 ĐĂNG KÝ PHẤN ĐẤU NĂM 2025; DANH SÁCH MẪU; DANH SACH DANG KY PHAN DAU"
    ),
    "training": (
        "KẾ HOẠCH ĐÀO TẠO NĂM 2025; NHU CẦU ĐÀO TẠO; ĐĂNG KÝ ĐÀO TẠO; CHƯA QUA BỒI DƯỠNG; DANH SÁCH HỌC VIÊN VẮNG; DANH SÁCH GIẢNG VIÊN LỚP BỒI DƯỠNG"
        "; DANH SÁCH BÁO CÁO VIÊN LỚP TẬP HUẤN; DỰ KIẾN CỬ ĐI ĐÀO TẠO; TỪ CHỐI ĐÀO TẠO"
    ),
    "rotation": (
        "KẾ HOẠCH LUÂN CHUYỂN NĂM 2025; DỰ KIẾN LUÂN CHUYỂN; CÁN BỘ KHÔNG LUÂN CHUYỂN; DANH SÁCH ĐỦ ĐIỀU KIỆN LUÂN CHUYỂN; QUY HOẠCH, LUÂN CHUYỂN"
        "; ĐĂNG KÝ LUÂN CHUYỂN; CÁN BỘ THUỘC DIỆN LUÂN CHUYỂN; NHU CẦU LUÂN CHUYỂN"
    ),
    "discipline": (
        "ĐỀ NGHỊ KỶ LUẬT; ĐANG XEM XÉT KỶ LUẬT; XÓA KỶ LUẬT; HẾT THỜI HẠN KỶ LUẬT; HỦY BỎ QUYẾT ĐỊNH KỶ LUẬT; GIẢI QUYẾT KHIẾU NẠI KỶ LUẬT; XOÁ KỈ LUẬT"
    ),
    "personnel": (
        "ĐẢNG VIÊN NHẬN HUY HIỆU 30 NĂM TUỔI ĐẢNG; ĐẢNG VIÊN MỚI KẾT NẠP NĂM 2025; DANH SÁCH KHEN THƯỞNG ĐẢNG VIÊN; DANH SÁCH ĐẢNG VIÊN ỨNG CỬ"
        "; DANH SÁCH ĐẢNG VIÊN DỰ ĐẠI HỘI"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("dataset", "title"), [(d, title) for d, titles in NOT_COUNTED.items() for title in titles.split("; ")])
def test_a_list_that_calls_itself_something_else_is_not_counted(city: City, dataset: str, title: str) -> None:
    assert of(city, dataset, title) & REFUSED


@pytest.mark.parametrize(
    ("dataset", "titles", "name"),
    [
        ("ratings", ["XẾP LOẠI ĐẢNG VIÊN NĂM 2025", "Tháng: 4"], "Sheet1"),
        ("ratings", ["XẾP LOẠI ĐẢNG VIÊN NĂM 2025", ["Tháng:", 4]], "Sheet1"),
        ("ratings", ["XẾP LOẠI ĐẢNG VIÊN NĂM 2025"], "T4.2025"),
        ("ratings", [], "Đăng ký"),
        ("rotation", ["DANH SÁCH LUÂN CHUYỂN"], "Kế hoạch"),
    ],
)
def test_a_line_of_its_own_and_a_sheets_name_say_it_too(city: City, dataset: str, titles: list[Any], name: str) -> None:
    assert of(city, dataset, *titles, name=name) & REFUSED


def test_a_files_name_says_it_where_no_title_calls_the_list_something(city: City) -> None:
    assert "list_of_what_happened" in of(city, "rotation", file="Kế hoạch luân chuyển.xlsx")
    assert of(city, "rotation", "DANH SÁCH CÁN BỘ LUÂN CHUYỂN", file="Kế hoạch luân chuyển.xlsx") == set()


@pytest.mark.parametrize("title", ["XẾP LOẠI ĐẢNG VIÊN ĐỢT 1", "XẾP LOẠI ĐẢNG VIÊN LẦN 2"])
def test_a_stage_is_told(city: City, title: str) -> None:
    assert of(city, "ratings", title) == {"title_of_folder_period"}


def test_a_year_beside_the_next_ones_plans_is_another_year(city: City) -> None:
    assert of(city, "ratings", "ĐÁNH GIÁ NĂM 2024, PHƯƠNG HƯỚNG NĂM 2025") == {"list_of_folder_year"}


@pytest.mark.parametrize(
    ("titles", "name", "is_counted"),
    [
        (["XẾP LOẠI ĐẢNG VIÊN", "Tháng 11/2025"], "Sheet1", False), (["XẾP LOẠI ĐẢNG VIÊN", "tháng 12"], "Sheet1", False), (["XẾP LOẠI ĐẢNG VIÊN THÁNG 1"], "Sheet1", False),
        (["XẾP LOẠI ĐẢNG VIÊN"], "T12", False), (["XẾP LOẠI ĐẢNG VIÊN 04.2025"], "Sheet1", False), (["XẾP LOẠI TÍNH ĐẾN THÁNG 9"], "Sheet1", False),
        (["XẾP LOẠI ĐẾN HẾT QUÝ III/2025"], "Sheet1", False), (["XẾP LOẠI ĐẢNG VIÊN (tính đến 30/9/2025)"], "Sheet1", False), (["XẾP LOẠI 11 THÁNG NĂM 2025"], "Sheet1", False),
        (["XẾP LOẠI ĐẢNG VIÊN NĂM 2025"], "T12", True), (["XẾP LOẠI NĂM 2025", "Tháng 11/2025"], "Sheet1", True), (["XẾP LOẠI NĂM 2025 (tính đến 30/9/2025)"], "Sheet1", True),
    ],
)  # fmt: skip
def test_a_month_whichever_is_no_year_and_is_told_beside_one(city: City, titles: list[str], name: str, is_counted: bool) -> None:
    asked = of(city, "ratings", *titles, name=name) - {"column_said_above"}
    assert asked == {"title_of_folder_period" if is_counted else "rated_year_or_quarter"}


@pytest.mark.parametrize("line", ["Tính đến ngày 31/12/2025", "tính đến tháng 12/2025"])
def test_what_goes_up_to_december_is_the_years(city: City, line: str) -> None:
    assert of(city, "ratings", "XẾP LOẠI ĐẢNG VIÊN NĂM 2025", line) == of(city, "ratings", "XẾP LOẠI ĐẢNG VIÊN", line) == set()


@pytest.mark.parametrize(
    ("whom", "is_asked"),
    [
        ("GIÁO VIÊN", True), ("NGƯỜI LAO ĐỘNG", True), ("CÔNG CHỨC, ĐẢNG VIÊN", True), ("CHI BỘ", True), ("TỔ CHỨC ĐẢNG", True), ("TẬP THỂ", True), ("CÁN BỘ, ĐẢNG VIÊN", True),
        ("ĐẢNG VIÊN", False), ("ĐẢNG VIÊN LÀ GIÁO VIÊN", False), ("TỔ CHỨC ĐẢNG, ĐẢNG VIÊN", False), ("CHI BỘ 2", False), ("", False), ("CẤP ỦY VIÊN", False),
        ("ĐẢNG VIÊN CHI BỘ GIÁO VIÊN", False), ("ĐẢNG VIÊN PHÒNG TỔ CHỨC CÁN BỘ", False),
    ],
)  # fmt: skip
def test_whom_a_title_rates_is_asked_where_it_is_not_plainly_members(city: City, whom: str, is_asked: bool) -> None:
    assert of(city, "ratings", f"KẾT QUẢ XẾP LOẠI {whom} NĂM 2025") - {"title_names_a_unit"} == (
        {"title_of_rating_system"} if is_asked else set()
    )


def test_of_members_and_others_none_is_taken_for_members_alone_and_of_employees_the_system_is_believed(city: City) -> None:
    assert of(city, "ratings", "XẾP LOẠI ĐẢNG VIÊN VÀ GIÁO VIÊN NĂM 2025") == {"title_of_rating_system"}
    reading = read(city, {"Sheet1": sheet("ratings", "XẾP LOẠI VIÊN CHỨC, NGƯỜI LAO ĐỘNG NĂM 2025")})
    assert set(reading.tables[0].values["rating_system_code"]) == {"Viên chức"} and told(reading) == set()


def test_teachers_below_a_heading_are_asked_about_but_where_the_title_is_of_members(city: City) -> None:
    of_system = {"title_of_rating_system"}
    for title, heading, asked in (
        ("XẾP LOẠI NĂM 2025", "II. Giáo viên", of_system),
        ("XẾP LOẠI ĐẢNG VIÊN NĂM 2025", "II. Giáo viên", set()),
        ("XẾP LOẠI ĐẢNG VIÊN NĂM 2025", "II. Cán bộ, công chức", set()),
        ("XẾP LOẠI NĂM 2025", "II. Cán bộ, công chức", of_system),
    ):
        rows = sheet("ratings", title)
        reading = read(city, {"Sheet1": [*rows[:-3], [heading], *rows[-3:]]})
        assert told(reading) - {"section_is_a_unit"} == asked, (title, heading)


def test_a_missed_examination_is_a_result(city: City) -> None:
    assert of(city, "training", "DANH SÁCH HỌC VIÊN KHÔNG ĐẠT") == set()


# ── several lists in one file ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("first", ["2024", "2025"])
@pytest.mark.parametrize(
    ("names", "titles"), [("{}", "KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN"), ("XL {}", "KẾT QUẢ XẾP LOẠI"), ("Trang {}", "XẾP LOẠI ĐẢNG VIÊN NĂM {}")]
)
def test_of_two_years_on_two_sheets_the_folders_is_counted_and_the_other_told(city: City, names: str, titles: str, first: str) -> None:
    years = sorted(("2024", "2025"), reverse=first == "2025")
    names = names if "Trang" not in names else "Trang {}"
    sheets = {
        (f"Trang {'AB'[n]}" if "Trang" in names else names.format(year)): sheet(
            "ratings", titles.format(year), **{"Mức xếp loại": {"2024": "HTXSNV", "2025": "HTNV"}[year]}
        )
        for n, year in enumerate(years)
    }
    reading = read(city, sheets)
    (table,) = reading.tables
    assert set(table.values["decided_level_code"]) == {"HTNV"} and told(reading) == {"list_beside_counted"}


def test_of_two_other_years_none_is_counted(city: City) -> None:
    sheets = {
        year: sheet("ratings", "XẾP LOẠI ĐẢNG VIÊN", **{"Mức xếp loại": level}) for year, level in (("2023", "HTNV"), ("2024", "HTTNV"))
    }
    assert "list_of_folder_year" in told(read(city, sheets))
    city.land()
    assert city.verdicts() == {("Q01.001", "ratings"): ("REFUSED", "list_of_folder_year")}


def test_lists_of_other_people_whose_years_differ_are_counted_and_told(city: City) -> None:
    others = [["XẾP LOẠI NĂM 2024"], RATINGS_HEADER, *(rating(n) for n in range(11, 17))]
    reading = read(city, {"Chi bộ 1": sheet("ratings", "XẾP LOẠI NĂM 2025"), "Chi bộ 2": others})
    assert [t.row_count for t in reading.tables] == [6, 6] and "title_of_folder_period" in told(reading)


def test_a_plan_beside_what_was_done_is_left_out_and_told(city: City) -> None:
    reading = read(city, {"KH": sheet("rotation", "KẾ HOẠCH LUÂN CHUYỂN"), "LC": sheet("rotation", "DANH SÁCH LUÂN CHUYỂN NĂM 2025")})
    assert [t.sheet for t in reading.tables] == ["LC"] and told(reading) == {"list_beside_counted"}


# ── every word is understood, or told ────────────────────────────────────────────────────────────────────────────

SYLLABLES = [
    "ủng", "hộ", "thiện", "nguyện", "bóng", "chuyền", "nuôi", "quân", "chăn", "trâu", "mía", "đường", "ghe", "xuồng", "rừng", "tràm", "lúa", "gạo", "khoai", "lang",
    "vịt", "trời", "nhuộm", "vải", "gốm", "sứ", "đàn", "sáo", "kèn", "trống", "múa", "rối",
]  # fmt: skip
PLAIN = {
    "ratings": "KẾT QUẢ XẾP LOẠI | ĐẢNG VIÊN | NĂM 2025 |",
    "personnel": "DANH SÁCH | ĐẢNG VIÊN | NĂM 2025 |",
    "rotation": "DANH SÁCH CÁN BỘ | LUÂN CHUYỂN | NĂM 2025 |",
    "discipline": "DANH SÁCH ĐẢNG VIÊN | BỊ KỶ LUẬT | NĂM 2025 |",
    "training": "DANH SÁCH CÁN BỘ, CÔNG CHỨC | ĐƯỢC CỬ | NĂM 2025 |",
}


@pytest.mark.parametrize("dataset", PLAIN)
@pytest.mark.parametrize("seed", range(8))
def test_a_title_with_words_that_nobody_knows_is_told_at_its_cell(city: City, dataset: str, seed: int) -> None:
    rng = Random(f"{dataset}/{seed}")
    words = " ".join(rng.sample(SYLLABLES, rng.randint(1, 3)))
    parts = [part.strip() for part in PLAIN[dataset].split("|")]
    parts[rng.randrange(len(parts))] += f" {words.upper() if seed % 2 else words} "
    title = " ".join(" ".join(parts).split())
    lines = [title] if seed % 3 else [PLAIN[dataset].replace(" |", ""), f"({words})"]
    reading = read(city, {"Sheet1": sheet(dataset, "ĐẢNG ỦY PHƯỜNG MỘT", *lines)})
    if dataset == "training" and reading.refused:
        return  # no list of ours, and told
    source = Line("2025/Q01.001/Book1.xlsx", "2025", "Q01.001", "", 0, "")
    found = [n for t in reading.tables for n in notes_of_titles(source, t.sheet, t) if n.rule == "title_understood"]
    assert [(n.cell, (n.value or "").lower()) for n in found] == [(f"A{1 + len(lines)}", words.lower())]


def test_unknown_words_without_marks_and_in_a_title_without_a_lists_name_are_told(city: City) -> None:
    assert of(city, "ratings", "KET QUA XEP LOAI NUOI QUAN NAM 2025") == {"title_understood"}
    assert of(city, "ratings", "NUÔI QUÂN GIỎI 2025") == {"title_understood"}


def test_what_is_not_understood_lands_with_its_cell_in_the_restricted_zone_alone(city: City) -> None:
    city.put("2025/Q01.001/Xếp loại.xlsx", {"Xếp loại": sheet("ratings", "XẾP LOẠI NUÔI QUÂN NĂM 2025")})
    city.land()
    told_of = city.landed("findings").filter(rule_code="title_understood")
    assert told_of.select("cell", "value_found", "severity_code").rows() == [("A1", "NUÔI QUÂN", "WARNING")]
    assert "NUÔI" not in told_of["says_vi"][0]


@pytest.mark.parametrize("title", ["DANH SÁCH CÁN BỘ LÃNH ĐẠO", "DANH SÁCH ĐẢNG VIÊN NỮ"])
def test_whether_some_of_a_units_people_are_its_roster_is_asked(city: City, title: str) -> None:
    assert "title_understood" in of(city, "personnel", title)


MEMBERS = "KẾT QUẢ XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN NĂM 2025"


@pytest.mark.parametrize(
    ("dataset", "title", "below", "rule"),
    [
        ("ratings", MEMBERS, "KẾT QUẢ XẾP LOẠI VIÊN CHỨC NĂM 2025", "heading_in_columns"),
        ("ratings", MEMBERS, "KẾT QUẢ XẾP LOẠI THI ĐUA NĂM 2025", "heading_in_columns"),
        ("ratings", MEMBERS, "II. Tập thể", "heading_in_columns"),
        ("ratings", MEMBERS, "II. Đề nghị cấp trên xếp loại", "heading_in_columns"),
        ("ratings", MEMBERS, "II. Quần chúng", "title_of_people_counted"),
        ("training", "DANH SÁCH HỌC VIÊN LỚP KỸ NĂNG SỐ NĂM 2025", "II. Vắng", "heading_in_columns"),
        ("training", "DANH SÁCH HỌC VIÊN LỚP KỸ NĂNG SỐ NĂM 2025", "II. Đăng ký học năm 2026", "heading_in_columns"),
        ("training", "DANH SÁCH HỌC VIÊN LỚP KỸ NĂNG SỐ NĂM 2025", "II. Chưa qua bồi dưỡng", "heading_in_columns"),
        ("discipline", "DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT NĂM 2025", "DANH SÁCH ĐẢNG VIÊN ĐƯỢC XÓA KỶ LUẬT", "heading_in_columns"),
        ("rotation", "DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025", "II. Dự kiến luân chuyển năm 2026", "heading_in_columns"),
        ("ratings", MEMBERS, "II. Đảng viên là công chức", None),
        ("ratings", MEMBERS, "II. Đảng viên nghỉ hưu", None),
        ("ratings", MEMBERS, "II. Chi bộ 2", None),
        ("ratings", MEMBERS, "II. Phòng Kế hoạch", None),
    ],
)
def test_a_heading_or_a_second_title_says_as_much_as_the_first(city: City, dataset: str, title: str, below: str, rule: str | None) -> None:
    rows = sheet(dataset, title)
    rows[5:5] = [[], [below]]
    assert told(read(city, {"Sheet1": rows})) & {"heading_in_columns", "title_of_people_counted"} == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("column", "is_asked"), [("Xếp loại viên chức", True), ("Mức xếp loại công chức", True), ("Xếp loại đảng viên", False)]
)
@pytest.mark.parametrize("is_marked", [False, True])
def test_levels_of_others_below_a_title_of_members_are_asked_about(city: City, column: str, is_asked: bool, is_marked: bool) -> None:
    levels = ["HTXSNV", "HTTNV", "HTNV", "KHTNV"] if is_marked else []
    header = [[*WHO, column, None, None, None], [None, None, None, *levels]] if is_marked else [[*WHO, column]]
    cells = [None, "x", None, None] if is_marked else ["HTTNV"]
    rows = [[n + 1, f"Nguyễn Văn {NAMES[n]}", number(n), *cells] for n in range(6)]
    said = told(read(city, {"Sheet1": [[MEMBERS], [], *header, *rows]}))
    assert said - {"column_named_exactly"} == ({"title_of_rating_system"} if is_asked else set())


@pytest.mark.parametrize("name", ["Danh sách", "Danh sách đảng viên", "Nhân sự", "Hồ sơ", "Đảng viên"])
def test_a_list_of_ratings_may_be_in_a_file_or_on_a_sheet_called_as_rosters_are(city: City, name: str) -> None:
    for file, its_name in ((f"{name}.xlsx", "Sheet1"), ("Book1.xlsx", name)):
        reading = read(city, {its_name: sheet("ratings", MEMBERS)}, file)
        assert [(t.dataset, t.row_count) for t in reading.tables] == [("ratings", 6)], (file, its_name)


def test_a_roster_on_a_sheet_of_courses_or_below_headings_of_courses_is_none(city: City) -> None:
    posts = {"Chức vụ": "Chi ủy viên", "Năm kết nạp": "2005", "Phòng/bộ phận": "Phòng Kinh tế"}
    rows = [
        ["STT", "Họ và tên", "Số CCCD", "Sinh năm", *posts],
        *([n, f"Nguyễn Văn {NAMES[n]}", number(n), "1980", *posts.values()] for n in range(6)),
    ]
    assert "roster_is_whole" not in told(read(city, {"Danh sách": rows}))
    of_courses = read(city, {"ĐTBD": rows}, file="Danh sách.xlsx")
    assert of_courses.refused or "roster_is_whole" in told(of_courses)
    ordinary = {"column_follows_from_others"}
    assert of(city, "personnel", "DANH SÁCH ĐẢNG VIÊN", name="Phòng Đào tạo") == ordinary
    rows = sheet("personnel", "DANH SÁCH ĐẢNG VIÊN")
    rows[5:5] = [["I", "Bồi dưỡng lãnh đạo, quản lý cấp phòng (từ 04/08/2025 đến 29/08/2025, tại Trường Chính trị thành phố): 04 đồng chí"]]
    assert told(read(city, {"Sheet1": rows})) == {"heading_in_columns", *ordinary}
    rows[5] = ["I", "Trung tâm Bồi dưỡng chính trị"]
    assert "heading_in_columns" not in told(read(city, {"Sheet1": rows}))


def test_an_example_and_another_matter_beside_the_word_quality_are_told(city: City) -> None:
    assert of(city, "ratings", "XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN VÀ BÌNH XÉT THI ĐUA NĂM 2025") == {"title_understood"}


# ── ordinary titles pass without a word ──────────────────────────────────────────────────────────────────────────

OF_RATINGS = """KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG TỔ CHỨC ĐẢNG, ĐẢNG VIÊN NĂM 2025
DANH SÁCH ĐẢNG VIÊN ĐƯỢC ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG NĂM 2025
BẢNG TỔNG HỢP KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN CUỐI NĂM 2025
KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025\\n(Kèm theo Báo cáo số 45-BC/ĐU ngày 20/12/2025 của Đảng ủy xã Thới Lai)
KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025\\n(Ban hành kèm theo Hướng dẫn số 21-HD/BTCTW ngày 18/10/2019 của Ban Tổ chức Trung ương)
KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025\\n(Kèm theo Quyết định số 48-QĐ/ĐU ngày 10/12/2025)
Biểu số 02\\nKẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025
Phụ lục I\\nKẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025
Mẫu 02-ĐG\\nKẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025
KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025\\n(Tính đến ngày 31/12/2025)
KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025\\nKính gửi: Ban Tổ chức Thành ủy Cần Thơ
ĐẢNG BỘ XÃ PHONG ĐIỀN (SAU SÁP NHẬP)\\nKẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025
KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN ĐẢNG BỘ XÃ PHONG ĐIỀN (sau sáp nhập) NĂM 2025
XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN NĂM 2025 CỦA CHI BỘ TRƯỜNG MẦM NON HOA HỒNG
KẾT QUẢ ĐÁNH GIÁ, PHÂN LOẠI ĐẢNG VIÊN NĂM 2025 PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ
Kết quả kiểm điểm, đánh giá, xếp loại đảng viên năm 2025
Đơn vị: Trung tâm Y tế quận Ninh Kiều\\nDanh sách xếp loại chất lượng đảng viên
Danh sách xếp loại chất lượng đảng viên\\nĐơn vị: Trung tâm Y tế quận Ninh Kiều
XẾP LOẠI ĐẢNG VIÊN NĂM 2025\\nTổng số đảng viên: 32 đồng chí
XẾP LOẠI ĐẢNG VIÊN NĂM 2025\\n(Theo Quy định số 124-QĐ/TW ngày 04/10/2023 của Bộ Chính trị)
ĐẢNG CỘNG SẢN VIỆT NAM\\nXẾP LOẠI ĐẢNG VIÊN NĂM 2025
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\\nĐộc lập - Tự do - Hạnh phúc\\nXẾP LOẠI ĐẢNG VIÊN NĂM 2025
XẾP LOẠI ĐẢNG VIÊN NĂM 2025\\nTân An, ngày 15 tháng 12 năm 2025
Số: 12-BC/CB\\nXẾP LOẠI ĐẢNG VIÊN NĂM 2025
DANH SÁCH XẾP LOẠI ĐẢNG VIÊN NĂM 2025 - CHI BỘ ẤP THỚI BÌNH
KẾT QUẢ XẾP LOẠI NĂM 2025 (biểu chi tiết)
DANH SACH XEP LOAI DANG VIEN NAM 2025
Kết quả xếp loại
Trường THPT Chuyên Lý Tự Trọng\\nBẢNG XẾP LOẠI ĐẢNG VIÊN
Kết quả phân tích chất lượng đảng viên năm 2025
Khối cơ quan Đảng, Mặt trận Tổ quốc và các đoàn thể\\nXẾP LOẠI ĐẢNG VIÊN NĂM 2025
KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN CÔNG TY CỔ PHẦN CẤP NƯỚC CẦN THƠ NĂM 2025
ĐẢNG BỘ BỘ PHẬN KHU CÔNG NGHIỆP TRÀ NÓC\\nXẾP LOẠI ĐẢNG VIÊN NĂM 2025
Đảng bộ Sở Giáo dục và Đào tạo\\nXẾP LOẠI ĐẢNG VIÊN NĂM 2025
VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI\\nXẾP LOẠI ĐẢNG VIÊN NĂM 2025
BAN THI ĐUA - KHEN THƯỞNG\\nXẾP LOẠI ĐẢNG VIÊN NĂM 2025
XẾP LOẠI ĐẢNG VIÊN NĂM 2025\\n(từ ngày 01/12/2024 đến ngày 30/11/2025)
XẾP LOẠI ĐẢNG VIÊN NĂM 2025\\nHội nghị tổng kết công tác năm"""
OF_OTHERS = {
    "personnel": """DANH SÁCH ĐẢNG VIÊN ĐANG SINH HOẠT TẠI CHI BỘ ĐẾN NGÀY 31/12/2025
DANH SÁCH TRÍCH NGANG CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC
SỔ DANH SÁCH ĐẢNG VIÊN
Thời điểm: tháng 12/2025\\nDANH SÁCH ĐẢNG VIÊN
DANH SÁCH CÁN BỘ, GIÁO VIÊN, NHÂN VIÊN NĂM HỌC 2025 - 2026
DANH SÁCH ĐẢNG VIÊN TOÀN ĐẢNG BỘ
Danh sách đảng viên chi bộ ấp 3, xã Vĩnh Trinh
DANH SÁCH ĐẢNG VIÊN CHÍNH THỨC VÀ ĐẢNG VIÊN DỰ BỊ
BÁO CÁO DANH SÁCH ĐẢNG VIÊN THEO CHI BỘ
DANH SÁCH CÁN BỘ, CHIẾN SĨ CÔNG AN PHƯỜNG""",
    "rotation": """DANH SÁCH CÁN BỘ ĐANG LUÂN CHUYỂN NĂM 2025
DANH SÁCH CÁN BỘ ĐƯỢC ĐIỀU ĐỘNG, BIỆT PHÁI, LUÂN CHUYỂN TRONG NĂM 2025
KẾT QUẢ CHUYỂN ĐỔI VỊ TRÍ CÔNG TÁC ĐỐI VỚI CÁN BỘ, CÔNG CHỨC NĂM 2025
PHÒNG KẾ HOẠCH - TÀI CHÍNH\\nCHI CỤC DÂN SỐ - KẾ HOẠCH HÓA GIA ĐÌNH\\nTHEO DÕI LUÂN CHUYỂN CÁN BỘ LÃNH ĐẠO, QUẢN LÝ
DANH SÁCH CÁN BỘ LUÂN CHUYỂN (theo Kế hoạch số 12-KH/ĐU ngày 05/02/2025)
DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025 (không phát sinh)""",
    "training": """DANH SÁCH HỌC VIÊN LỚP TRUNG CẤP LÝ LUẬN CHÍNH TRỊ KHÓA 12 (HỆ KHÔNG TẬP TRUNG)
DANH SÁCH CÁN BỘ, CÔNG CHỨC ĐƯỢC CỬ ĐI ĐÀO TẠO, BỒI DƯỠNG NĂM 2025
KẾT QUẢ HỌC TẬP LỚP BỒI DƯỠNG KIẾN THỨC QUỐC PHÒNG VÀ AN NINH ĐỐI TƯỢNG 3
DANH SÁCH HỌC VIÊN LỚP TẬP HUẤN KỸ NĂNG SỐ\\nThời gian: từ ngày 05/5/2025 đến ngày 30/6/2025\\nĐơn vị tổ chức: Sở Nội vụ
TỔNG HỢP CÁN BỘ THAM GIA CÁC LỚP TẬP HUẤN KỸ NĂNG SỐ""",
    "discipline": """DANH SÁCH ĐẢNG VIÊN BỊ THI HÀNH KỶ LUẬT NĂM 2025
ỦY BAN KIỂM TRA ĐẢNG ỦY\\nDANH SÁCH ĐẢNG VIÊN BỊ XỬ LÝ KỶ LUẬT VỀ ĐẢNG TRONG NĂM 2025
KẾT QUẢ THI HÀNH KỶ LUẬT ĐẢNG VIÊN NĂM 2025
DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT CÒN HIỆU LỰC""",
}
ORDINARY = [("ratings", title) for title in OF_RATINGS.splitlines()]
ORDINARY += [(dataset, title) for dataset, titles in OF_OTHERS.items() for title in titles.splitlines()]


@pytest.mark.parametrize(("dataset", "title"), ORDINARY)
def test_an_ordinary_title_is_not_asked_about(city: City, dataset: str, title: str) -> None:
    asked = of(city, dataset, *title.split("\\n"))
    assert not asked & (REFUSED | {"title_understood", "title_of_folder_period", "title_of_people_counted", "list_is_decided"}), asked


def test_a_letterhead_in_two_columns_is_not_asked_about(city: City) -> None:
    heads = [
        ["ĐẢNG BỘ THÀNH PHỐ CẦN THƠ", None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"],
        ["ĐẢNG ỦY XÃ MỸ KHÁNH", None, None, "Mỹ Khánh, ngày 15 tháng 12 năm 2025"],
    ]
    assert of(city, "ratings", *heads, "XẾP LOẠI ĐẢNG VIÊN NĂM 2025") == set()


# ── the file of phrases ──────────────────────────────────────────────────────────────────────────────────────────


def test_no_phrase_stands_twice_and_each_does_what_is_known() -> None:
    assert phrases()  # raises where one does two things
    with TITLES.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    datasets = {*COLUMNS, "elsewhere", ""}
    assert {row["does"] for row in rows} == {"CALLS", "RATED", "WHO", "WHEN", "SAYS", "UNIT", "COURSE", "REST", *STRICT}
    assert all(set(row["of"].split("|")) <= datasets for row in rows)


def test_a_phrase_with_its_marks_goes_before_one_that_lost_them() -> None:
    assert line("BAN TỔ CHỨC", "ratings").is_letterhead and not line("BẢN TỔNG HỢP", "ratings").is_letterhead


def test_the_template_and_a_blank_title_are_not_asked_about(city: City, tmp_path: Path) -> None:
    assert of(city, "ratings") == of(city, "personnel", file="Nhân sự.xlsx") - {"column_follows_from_others"} == set()
