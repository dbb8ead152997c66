"""Lists that look like what they are not: of another span of time, of pay, of health, of people at school; days that are a course's. Never a wrong value."""

from dataclasses import replace
from typing import Any

import pytest
from conftest import City, number
from test_lists import LAYOUT

from pipeline.intake.files import read_file
from pipeline.intake.readings import Source

NAMES = ["An", "Bình", "Cường", "Dung", "Em", "Giàu"]
WHO = ["TT", "Họ và tên", "Số CCCD"]
SPAN, OTHER, QUALITY, YEAR = "rated_year_or_quarter", "title_of_folder_period", "ratings_of_quality", "title_of_ratings"


def told(city: City) -> set[str]:
    return {f["rule_code"] for f in city.landed("findings").to_dicts()}


def put(city: City, titles: list[str], columns: dict[str, Any], name: str = "Book1.xlsx", period: str = "2021") -> None:
    rows = [[n + 1, f"Nguyễn Văn {NAMES[n]}", number(n), *columns.values()] for n in range(6)]
    city.put(f"{period}/Q01.001/{name}", {"Sheet1": [*([t] for t in titles), [*WHO, *columns], *rows]})
    city.land()


def rated(city: City, titles: list[str], name: str = "Book1.xlsx", period: str = "2021", **more: Any) -> tuple[int, set[str]]:
    put(city, titles, {"Mức xếp loại": "HTTNV"} | more, name, period)
    return city.landed("ratings").height, told(city) & {SPAN, OTHER, QUALITY}


@pytest.mark.parametrize(
    "of",
    [
        "NHIỆM KỲ 2020-2025", "NHIỆM KỲ 2016 – 2021", "CUỐI NHIỆM KỲ", "GIAI ĐOẠN 2019–2021", "2017-2021", "TỪ NĂM 2017 ĐẾN NĂM 2021", "5 NĂM (2017-2021)",
        "6 THÁNG ĐẦU NĂM 2021", "06 THÁNG NĂM 2021", "SÁU THÁNG CUỐI NĂM", "9 THÁNG NĂM 2021", "NỬA ĐẦU NĂM 2021", "HỌC KỲ I NĂM HỌC 2020-2021", "HỌC KÌ 2",
        "QUÝ I, II NĂM 2021", "QUÝ I VÀ QUÝ II/2021", "THÁNG 5, 6 NĂM 2021", "TỪ THÁNG 1 ĐẾN THÁNG 6 NĂM 2021", "KỲ I NĂM 2021", "TUẦN 12 NĂM 2021",
    ],
)  # fmt: skip
def test_ratings_of_a_span_that_is_no_year_and_no_quarter_are_not_counted_as_the_years(city: City, of: str) -> None:
    assert rated(city, [f"ĐÁNH GIÁ, XẾP LOẠI ĐẢNG VIÊN {of}"]) == (0, {SPAN})


@pytest.mark.parametrize(
    ("name", "titles", "period"),
    [
        ("Book1.xlsx", ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN", "Nhiệm kỳ 2020-2025"], "2021"),
        ("Xep loai nhiem ky 2020-2025.xlsx", ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN"], "2021"),
        ("XL 6 thang dau nam.xlsx", ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN"], "2021"),
        ("Book1.xlsx", ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NHIỆM KỲ 2020-2025"], "2021-Q2"),
    ],
)
def test_a_span_is_said_over_two_lines_by_a_files_name_and_in_a_quarters_folder(
    city: City, name: str, titles: list[str], period: str
) -> None:
    assert rated(city, titles, name, period) == (0, {SPAN})


@pytest.mark.parametrize(
    ("name", "title", "asked"),
    [
        ("XL 2021.xlsx", "XẾP LOẠI ĐẢNG VIÊN NHIỆM KỲ 2020-2025", {OTHER}),  # the file's name says the year, and no title
        ("Book1.xlsx", "XẾP LOẠI ĐẢNG VIÊN NĂM 2020-2021", {OTHER}),  # perhaps a school's year
        ("Book1.xlsx", "XẾP LOẠI ĐẢNG VIÊN NĂM HỌC 2021-2022", {OTHER}),  # it ends in the next one
        ("Book1.xlsx", "XẾP LOẠI ĐẢNG VIÊN NĂM HỌC 2020-2021", set()),
        ("Book1.xlsx", "XẾP LOẠI CẤP ỦY VIÊN ĐẢNG BỘ PHƯỜNG MỘT NHIỆM KỲ 2020-2025, NĂM 2021", set()),
        ("Book1.xlsx", "XẾP LOẠI ĐẢNG VIÊN TỪ THÁNG 1 ĐẾN THÁNG 12 NĂM 2021", set()),
        ("Book1.xlsx", "XẾP LOẠI ĐẢNG VIÊN MỚI CHUYỂN VỀ CHƯA ĐỦ 6 THÁNG NĂM 2021", set()),
    ],
)
def test_what_may_be_the_years_is_counted_and_asked_where_it_is_not_sure(city: City, name: str, title: str, asked: set[str]) -> None:
    assert rated(city, [title], name) == (6, asked)


def test_a_committees_term_and_columns_for_each_year_are_no_span_of_the_ratings(city: City) -> None:
    assert rated(city, ["BCH ĐẢNG BỘ PHƯỜNG MỘT, NHIỆM KỲ 2020-2025", "KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2021"]) == (6, set())
    header = [[*WHO, "Mức xếp loại", None, None], [None, None, None, "2019", "2020", "2021"]]
    rows = [[n, f"Nguyễn Văn {NAMES[n]}", number(n), "HTNV", "HTNV", "HTTNV"] for n in range(6)]
    city.put("2021/Q01.001/Xếp loại.xlsx", {"Sheet1": [["XẾP LOẠI ĐẢNG VIÊN GIAI ĐOẠN 2019-2021"], *header, *rows]})
    city.land()
    assert set(city.landed("ratings").filter(~city.landed("ratings")["decided_level_code"].is_null())["decided_level_code"]) == {"GOOD"}
    assert SPAN not in told(city)


@pytest.mark.parametrize(
    ("title", "more"),
    [
        ("BẢNG THANH TOÁN THU NHẬP TĂNG THÊM NĂM 2021", {"Hệ số": 2.34, "Thành tiền": 5_000_000}),
        ("BẢNG LƯƠNG THƯỞNG NĂM 2021", {}),
        ("KẾT QUẢ XẾP LOẠI VÀ CHI THƯỞNG CÁN BỘ NĂM 2021", {}),
        ("DANH SÁCH CÁN BỘ, CÔNG CHỨC NĂM 2021", {"Số tiền": 500_000, "Ký nhận": None}),
        ("KẾT QUẢ KHÁM SỨC KHỎE CÁN BỘ NĂM 2021", {}),
        ("KẾT QUẢ ĐÁNH GIÁ CHUẨN NGHỀ NGHIỆP GIÁO VIÊN NĂM 2021", {}),
        ("BẢNG BÌNH XÉT LAO ĐỘNG A, B, C NĂM 2021", {}),
        ("KẾT QUẢ HỘI THI BÁO CÁO VIÊN GIỎI NĂM 2021", {}),
        ("BÌNH XÉT GIA ĐÌNH VĂN HÓA NĂM 2021", {}),
    ],
)
def test_levels_of_pay_health_and_examinations_are_no_ratings_of_work(city: City, title: str, more: dict[str, Any]) -> None:
    assert rated(city, [title], **more) == (0, {QUALITY})


@pytest.mark.parametrize(
    ("title", "more"),
    [
        ("KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2021", {"Mức thưởng": 500_000}),
        ("XẾP LOẠI CHẤT LƯỢNG VIÊN CHỨC TRUNG TÂM CHĂM SÓC SỨC KHỎE SINH SẢN NĂM 2021", {}),
        ("BẢO HIỂM XÃ HỘI: KẾT QUẢ XẾP LOẠI VIÊN CHỨC NĂM 2021", {"Hợp đồng": "x"}),
    ],
)
def test_a_list_of_ratings_stays_one_beside_money_and_in_offices_of_such_names(city: City, title: str, more: dict[str, Any]) -> None:
    assert rated(city, [title], **more) == (6, set())


ROSTER = {"Ngày sinh": "05/02/1980", "Chức vụ": "Kế toán", "Ngày tuyển dụng": "01/03/2005", "Tình trạng đảng viên": "Chính thức"}
DAYS = {"Từ ngày": "01/03/2021", "Đến ngày": "20/03/2021"}


@pytest.mark.parametrize(
    "matter", ["Lớp bồi dưỡng", "Khóa học", "Trường", "Hợp đồng", "Hệ số lương", "Nghỉ thai sản", "Nơi biệt phái", "Hình thức kỷ luật", "Nhiệm kỳ", "Nội dung đào tạo"]
)  # fmt: skip
@pytest.mark.parametrize("is_behind", [False, True])
def test_days_beside_something_else_are_no_time_in_the_unit(city: City, matter: str, is_behind: bool) -> None:
    beside = {matter: "x"}
    put(city, ["DANH SÁCH ĐẢNG VIÊN NĂM 2021"], ROSTER | (DAYS | beside if is_behind else beside | DAYS))
    landed = city.landed("personnel")
    assert landed.height == 6 and landed["spell_from"].null_count() == landed["spell_to"].null_count() == 6
    assert ("column_below_known_group", "spell_from") in {(f["rule_code"], f["column_name"]) for f in city.landed("findings").to_dicts()}


@pytest.mark.parametrize("before", ["Đơn vị công tác", "Chi bộ", "Ngày chính thức", "Ghi chú", "Quê quán"])
def test_days_beside_what_a_roster_has_are_the_time_in_the_unit(city: City, before: str) -> None:
    put(city, ["DANH SÁCH ĐẢNG VIÊN NĂM 2021"], ROSTER | {before: None} | DAYS | {"Lý do rời": "Chuyển công tác"})
    assert city.landed("personnel")["spell_to"].null_count() == 0


@pytest.mark.parametrize(
    "title", ["DANH SÁCH CÁN BỘ ĐI HỌC NĂM 2021", "DANH SÁCH CÔNG CHỨC ĐANG HỌC CAO HỌC", "DANH SÁCH VIÊN CHỨC NGHIÊN CỨU SINH"]
)
def test_people_at_school_are_a_list_of_training(city: City, title: str) -> None:
    put(city, [title], {"Tên lớp": "Cao học", "Trình độ đào tạo": "Thạc sĩ", "Từ ngày": "01/03/2021", "Kết quả": "Đang học"})
    assert city.verdicts() == {("Q01.001", "training"): ("ACCEPTED", None)}


@pytest.mark.parametrize("title", ["DANH SÁCH CÁN BỘ NĂM 2021", "DANH SÁCH ĐẢNG VIÊN NĂM 2021", "DANH SÁCH"])
def test_people_at_school_under_the_title_of_a_roster_are_asked_about(city: City, title: str) -> None:
    put(
        city,
        [title],
        {"Tên lớp": "Cao học", "Loại hình": "Tại chức", "Trình độ đào tạo": "Thạc sĩ", "Từ ngày": "01/03/2021", "Kết quả": "Đang học"},
    )
    assert {verdict for verdict, _ in city.verdicts().values()} == {"REFUSED"}


def test_a_sheet_that_is_called_otherwise_than_its_file_is_what_its_sheet_says(city: City) -> None:
    rows = [[n, f"Nguyễn Văn {NAMES[n]}", number(n), "Kinh", "Đạt"] for n in range(6)]
    sheet = [[*WHO, "Dân tộc", "Kết quả"], ["I. Lớp Trung cấp lý luận chính trị, từ 03/03/2021 đến 12/09/2021"], *rows]
    city.put("2021/Q01.001/Danh sách.xlsx", {"ĐTBD": sheet})
    city.land()
    assert city.verdicts() == {("Q01.001", "training"): ("ACCEPTED", None)}


def test_what_the_city_confirmed_of_a_senders_days_goes_before_their_neighbours(city: City) -> None:
    header = [*WHO, *ROSTER, "Hợp đồng", *DAYS]
    rows = [header, *([n, f"Nguyễn Văn {NAMES[n]}", number(n), *ROSTER.values(), "x", *DAYS.values()] for n in range(6))]
    file = city.put("2021/Q01.001/Nhân sự.xlsx", {"Sheet1": rows})
    own = {"Q01.001": {"personnel": {"tu ngay": "spell_from"}}}
    for layout, is_read in ((LAYOUT, False), (replace(LAYOUT, own=own), True)):
        [table] = read_file(Source(0, file, file.name, sender="Q01.001", period="2021"), layout).tables
        assert ("spell_from" in table.values, "spell_to" in table.values) == (is_read, is_read)
