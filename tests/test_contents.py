"""A reading that the content contradicts asks: what plainly is something else never reaches a figure under a header's name."""

import datetime as dt

import pytest
from conftest import City, member, rating, ratings, write_csv

NEEDED, TOLD = "needed_column_holds_what_it_says", "column_holds_what_it_says"
HEADER = ["STT", "Họ và tên", "Số CCCD", "Đơn vị", "Tình trạng đảng viên", "Từ ngày", "Sinh ra lúc"]


def person(n: int, born: str | dt.date) -> list:
    """Numbers of conftest say that everybody was born in 1980."""
    return [*member(n)[:6], born]


def confirmed(city: City, *lines: tuple[str, str, str]) -> None:
    rows = [("Q01.001", dataset, header, means, "05/12/2021") for dataset, header, means in lines]
    write_csv(city.home.registry / "layouts.csv", [["unit_code", "dataset", "header", "means", "confirmed_on"], *rows])


def told(city: City) -> list[tuple[str, str | None, str | None]]:
    return city.landed("findings").sort("rule_code", "column_name", "row_no").select("rule_code", "column_name", "cell").rows()


def test_a_birth_date_that_was_confirmed_as_a_joining_day_is_told_once_and_reaches_no_figure(city: City) -> None:
    confirmed(city, ("personnel", "Sinh ra lúc", "Ngày vào Đảng"))
    city.put("2021/Q01.001/nhan-su.csv", [HEADER, *(person(n, f"{n:02}/05/1980") for n in range(1, 9))])
    city.land()
    assert told(city) == [(TOLD, "party_joined_on", "G1")]
    landed = city.landed("personnel")
    assert landed.height == 8 and landed["party_joined_on"].null_count() == landed["party_joined_on_precision_code"].null_count() == 8


def test_a_joining_day_that_was_confirmed_as_one_stays(city: City) -> None:
    confirmed(city, ("personnel", "Sinh ra lúc", "Ngày vào Đảng"))
    city.put("2021/Q01.001/nhan-su.csv", [HEADER, *(person(n, f"{n:02}/05/2005") for n in range(1, 9))])
    city.land()
    assert told(city) == [] and city.landed("personnel")["party_joined_on"].null_count() == 0


@pytest.mark.parametrize("born", ["birth date beside", "number alone", "neither"])
def test_days_of_children_are_no_joining_days_whoever_says_so(city: City, born: str) -> None:
    """The header is the template's own; the birth date stands beside, or only in the number, or in neither and lies before 1930."""
    year = 1925 if born == "neither" else 1980
    rows = [[*member(n)[:6], f"{n:02}/05/{year}"] for n in range(1, 9)]
    header = [*HEADER[:6], "Ngày vào Đảng"]
    if born == "birth date beside":
        header, rows = [*header, "Ngày sinh"], [[*row, row[6]] for row in rows]
    if born == "neither":
        rows = [[*row[:2], f"{n:09}", *row[3:]] for n, row in enumerate(rows, start=271000001)]
    city.put("2021/Q01.001/nhan-su.csv", [header, *rows])
    city.land()
    assert told(city) == [(TOLD, "party_joined_on", "G1")]
    assert city.landed("personnel")["party_joined_on"].null_count() == 8


def test_one_mistyped_day_is_that_cells_fault_and_not_its_columns(city: City) -> None:
    rows = [[*member(n)[:6], "01/03/2010", "05/05/1980"] for n in range(1, 9)]
    rows[3][6] = "05/05/1980"
    city.put("2021/Q01.001/nhan-su.csv", [[*HEADER[:6], "Ngày vào Đảng", "Ngày sinh"], *rows])
    city.land()
    assert city.rules() == ["admitted_at_18_or_older"] and city.landed("personnel")["party_joined_on"].null_count() == 1


def test_one_person_alone_is_enough_where_no_rule_asks_the_row(city: City) -> None:
    city.put("2021/Q01.001/nhan-su.csv", [[*HEADER[:6], "Ngày vào Đảng"], person(1, "05/05/1980")])
    city.land()
    assert told(city) == [(TOLD, "party_joined_on", "G1")]


def test_one_day_on_which_nobody_alive_was_of_age_is_that_cells_fault(city: City) -> None:
    city.put("2021/Q01.001/nhan-su.csv", [[*HEADER[:6], "Ngày vào Đảng"], person(1, "11/07/1907")])
    city.land()
    assert told(city) == [("day_possible", "party_joined_on", "G2")]
    assert city.landed("personnel")["party_joined_on"].null_count() == 1


def test_joining_days_under_the_header_of_birth_dates_are_told_once(city: City) -> None:
    rows = [[*person(n, f"{n:02}/03/1999"), "01/03/2010"] for n in range(1, 9)]
    city.put("2021/Q01.001/nhan-su.csv", [[*HEADER[:6], "Ngày sinh", "Ngày vào Đảng"], *rows])
    city.land()
    assert told(city) == [(TOLD, "birth_date", "G1")]
    assert city.landed("identities")["birth_date"].null_count() == 8


def test_without_numbers_birth_dates_behind_joining_days_are_told_as_both_columns_may_be_the_other(city: City) -> None:
    rows = [[*row[:2], None, *row[3:]] for row in ([*person(n, f"{n:02}/03/1989"), "01/03/1985"] for n in range(1, 9))]
    city.put("2021/Q01.001/nhan-su.csv", [[*HEADER[:6], "Ngày sinh", "Ngày vào Đảng"], *rows])
    city.land()
    assert [of for of in told(city) if of[0] == TOLD] == [(TOLD, "birth_date", "G1"), (TOLD, "party_joined_on", "H1")]


def test_digits_are_no_names(city: City) -> None:
    confirmed(city, ("ratings", "Mã hồ sơ", "Họ và tên"))
    rows = [[n, str(7000 + n), *rating(n)[2:]] for n in range(1, 9)]
    city.put("2021/Q01.001/xep-loai.csv", [["STT", "Mã hồ sơ", "Số CCCD", "Đơn vị", "Mức xếp loại", "Lý do không xếp loại"], *rows])
    city.land()
    assert told(city) == [(TOLD, "full_name", "B1")]
    assert city.landed("identities")["full_name"].null_count() == 8 and city.landed("ratings").height == 8


def test_a_guessed_header_is_held_against_its_content_too(city: City) -> None:
    rows = [[*rating(n)[:5], None, "80" if n == 1 else "rất cao"] for n in range(1, 9)]
    header = ["STT", "Họ và tên", "Số CCCD", "Đơn vị", "Mức xếp loại", "Lý do không xếp loại", "Tổng đieểm"]
    city.put("2021/Q01.001/xep-loai.csv", [header, *rows])
    city.land()
    assert sorted(city.rules()) == ["column_holds_what_it_says", "column_named_exactly"]
    assert city.landed("ratings")["score"].null_count() == 8


def test_words_are_no_identity_numbers_and_the_table_is_refused_once(city: City) -> None:
    confirmed(city, ("ratings", "Quê quán", "Số CCCD"))
    rows = [[n, f"Nguyễn Văn {n}", "Hà Nội", None, "HTTNV"] for n in range(1, 9)]
    city.put("2021/Q01.001/xep-loai.csv", [["STT", "Họ và tên", "Quê quán", "Đơn vị", "Mức xếp loại"], *rows])
    city.land()
    assert told(city) == [(NEEDED, "identity_number", "C1")]
    assert city.verdicts()["Q01.001", "ratings"] == ("REFUSED", NEEDED)


def test_a_list_none_of_whose_words_is_known_is_told_once(city: City) -> None:
    rows = [[*member(n), "Hà Nội"] for n in range(1, 9)]
    city.put("2021/Q01.001/nhan-su.csv", [[*HEADER[:6], "Ngày vào Đảng", "Đối tượng"], *rows])
    city.land()
    assert told(city) == [(TOLD, "staff_kind_code", "H1")]
    assert city.landed("personnel")["staff_kind_code"].null_count() == 8  # unknown, and not what a blank cell means


def test_one_known_word_keeps_a_list_and_each_other_cell_is_told(city: City) -> None:
    rows = [[*member(n), "Công chức" if n == 1 else "Hà Nội"] for n in range(1, 9)]
    city.put("2021/Q01.001/nhan-su.csv", [[*HEADER[:6], "Ngày vào Đảng", "Đối tượng"], *rows])
    city.land()
    assert city.rules() == ["code_known"] * 7


@pytest.mark.parametrize("others", [0, 5])
def test_where_few_rows_say_anything_each_of_their_cells_is_told(city: City, others: int) -> None:
    rows = [[*member(n), "Hà Nội" if n <= 3 else None] for n in range(1, 4 + others)]
    city.put("2021/Q01.001/nhan-su.csv", [[*HEADER[:6], "Ngày vào Đảng", "Đối tượng"], *rows])
    city.land()
    assert city.rules() == (["code_known"] * 3 if others else [TOLD])


@pytest.mark.parametrize(("names", "is_told"), [(8, True), (1, False)])
def test_names_of_people_are_no_posts(city: City, names: int, is_told: bool) -> None:
    rows = [[*member(n), f"Nguyễn Văn {chr(64 + n)}" if n <= names else "Chuyên viên"] for n in range(1, 9)]
    city.put("2021/Q01.001/nhan-su.csv", [[*HEADER[:6], "Ngày vào Đảng", "Chức vụ"], *rows])
    city.land()
    assert ((TOLD, "post_code", "H1") in told(city)) is is_told


def test_two_cells_say_nothing_of_their_column(city: City) -> None:
    city.put("2021/Q01.001/xep-loai.csv", ratings([rating(1, "Tốt lắm"), rating(2, "Tốt lắm")]))
    city.land()
    assert city.rules() == ["most_rows_usable", "code_known", "code_known"] or sorted(city.rules()) == [
        "code_known",
        "code_known",
        "most_rows_usable",
    ]


def test_a_sheet_of_a_file_does_not_answer_for_another(city: City) -> None:
    header = [*HEADER[:6], "Ngày vào Đảng"]
    good, bad = [person(n, "05/05/2005") for n in range(1, 5)], [person(n, "05/05/1980") for n in range(5, 9)]
    city.put("2021/Q01.001/b.xlsx", {"Chi bộ 1 nhân sự": [header, *good], "Chi bộ 2 nhân sự": [header, *bad]})
    city.land()
    assert [(r, c) for r, c, _ in told(city) if r == TOLD] == [(TOLD, "party_joined_on")]
    assert city.landed("personnel").sort("row_no", "sheet")["party_joined_on"].null_count() == 4
