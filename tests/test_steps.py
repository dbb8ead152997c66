"""Of lists that rate the same people otherwise the one of the step that decides is counted, or it is asked: none is told to be a copy."""

from typing import Any

import pytest
from conftest import City
from test_titles import WHO, number, read, told

TITLE = "KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025"
FIRST, LAST = "HTXSNV", "HTNV"


def rated(levels: str, *titles: str, header: str = "Mức xếp loại", count: int = 6) -> list[list[Any]]:
    """A list of so many people, the first of whom has another level than the rest."""
    return [
        *([t] for t in titles),
        [*WHO, header],
        *([n, f"Nguyễn Văn {'ABCDEG'[n]}", number(n), "HTTNV" if n else levels] for n in range(count)),
    ]


def levels_of(city: City, sheets: dict[str, list[list[Any]]]) -> tuple[list[str | None], set[str]]:
    """The first person's levels that are counted, and what is told of them."""
    reading = read(city, sheets)
    counted = [t for t in reading.tables if not t.not_counted]
    return [t.values["decided_level_code"][0] for t in counted], told(reading) - {"title_of_folder_period", "unit_from_sheet"}


@pytest.mark.parametrize(
    ("earlier", "last"),
    [("Tự xếp loại", "Đảng ủy"), ("Tự xếp", "Chi bộ"), ("Chi bộ", "Đảng ủy"), ("XL chi bộ", "BTV"), ("1. Chi bộ", "2. Đảng ủy"), ("Bước 1 - Chi bộ", "Bước 2 - Đảng ủy"),
     ("Trước phúc tra", "Sau phúc tra"), ("Dự thảo", "Chính thức"), ("Sơ bộ", "Kết quả"), ("Cá nhân", "Tập thể"), ("Xếp loại", "Sau phúc tra")],
)  # fmt: skip
@pytest.mark.parametrize("is_turned", [False, True])
def test_of_sheets_by_step_the_one_that_decides_is_counted(city: City, earlier: str, last: str, is_turned: bool) -> None:
    sheets = {earlier: rated(FIRST, TITLE), last: rated(LAST, TITLE)}
    levels, rules = levels_of(city, dict(reversed(sheets.items())) if is_turned else sheets)
    assert levels == [LAST] and rules & {"list_of_who_decides", "proposal_beside_decision"} and "sheet_counted_once" not in rules


@pytest.mark.parametrize(
    ("earlier", "last"),
    [
        (rated(FIRST, f"{TITLE} (trước phúc tra)"), rated(LAST, f"{TITLE} (sau phúc tra)")),
        (rated(FIRST, f"{TITLE} CỦA CHI BỘ"), rated(LAST, f"{TITLE} CỦA ĐẢNG ỦY")),
        (rated(FIRST, TITLE, header="Chi bộ xếp loại"), rated(LAST, TITLE, header="Đảng ủy xếp loại")),
    ],
)
def test_a_title_and_a_columns_header_say_the_step_too_also_one_below_another(city: City, earlier: Any, last: Any) -> None:
    below = (
        [{"S1": [*earlier, [], *last]}] if earlier[1] == last[1] else []
    )  # by its header alone the second is the first, printed again: told by rows
    for sheets in ({"S1": earlier, "S2": last}, *below):
        levels, rules = levels_of(city, sheets)
        assert levels == [LAST] and "sheet_counted_once" not in rules


@pytest.mark.parametrize(
    ("one", "other"), [("Lần 1", "Lần 2"), ("Sheet1", "Sheet2"), ("Vòng 1", "Vòng 2"), ("XL", "XL (2)"), ("Sheet1", "Xếp loại")]
)
def test_where_nobody_can_say_which_decides_none_is_counted(city: City, one: str, other: str) -> None:
    levels, rules = levels_of(city, {one: rated(FIRST, TITLE), other: rated(LAST, TITLE)})
    assert levels == [] and "one_list_of_levels" in rules and "sheet_counted_once" not in rules
    city.put("2025/Q01.001/Xếp loại.xlsx", {one: rated(FIRST, TITLE), other: rated(LAST, TITLE)})
    city.land()
    assert city.verdicts() == {("Q01.001", "ratings"): ("REFUSED", "one_list_of_levels")}


def test_who_stands_in_an_earlier_list_alone_is_asked_about(city: City) -> None:
    levels, rules = levels_of(city, {"Chi bộ": rated(FIRST, TITLE), "Sau phúc tra": rated(LAST, TITLE, count=3)})
    assert levels == [] and "one_list_of_levels" in rules


def test_the_same_levels_again_are_a_copy_and_other_people_are_none(city: City) -> None:
    levels, rules = levels_of(city, {"Chi bộ": rated(FIRST, TITLE), "Đảng ủy": rated(FIRST, TITLE)})
    assert levels == [FIRST] and rules == {"sheet_counted_once"}
    others = [[*row[:1], row[1] + "a", number(n + 20), *row[3:]] for n, row in enumerate(rated(LAST)[1:])]
    levels, rules = levels_of(city, {"Chi bộ 1": rated(FIRST, TITLE), "Chi bộ 2": [[TITLE], [*WHO, "Mức xếp loại"], *others]})
    assert levels == [FIRST, LAST] and rules == set()


@pytest.mark.parametrize("header", ["Mức đề nghị", "Mức tự xếp loại"])
def test_a_list_with_a_blank_column_of_levels_goes_for_the_one_that_decides_but_for_whom_that_leaves_out(city: City, header: str) -> None:
    undecided = [[TITLE], [*WHO, header, "Mức xếp loại"], *([*row, None] for row in rated(FIRST)[1:])]
    assert levels_of(city, {"Một": undecided, "Hai": rated(LAST, TITLE)}) == ([LAST], {"list_of_who_decides"})
    reading = read(city, {"Một": undecided, "Hai": rated(LAST, TITLE, count=5)})
    assert {t.sheet: t.values["full_name"] for t in reading.tables}["Một"] == ["Nguyễn Văn G"]
    assert {t.sheet: t.row_count for t in reading.tables} == {"Một": 1, "Hai": 5} and "sheet_counted_once" in told(reading)
