"""What is not decided is no result: a list that calls itself a proposal is told, and never goes before what was decided of the same people."""

from typing import Any

import pytest
from conftest import RATINGS_HEADER, City, rating
from test_lists import read, told, values

DRAFT, DECIDED = ([rating(n, level) for n in range(1, 7)] for level in ("HTXSNV", "HTTNV"))


def levels(city: City, sheets: dict[str, list[list[Any]]], file: str = "bao-cao.xlsx") -> tuple[set, list]:
    reading = read(city, sheets, file)
    return set(values(reading, "decided_level_code")), told(reading)


@pytest.mark.parametrize(
    ("file", "sheet", "title"),
    [
        ("bao-cao.xlsx", "Xếp loại (dự kiến)", None),
        ("bao-cao.xlsx", "Xếp loại cũ", None),
        ("bao-cao.xlsx", "Xếp loại (bản nháp)", None),
        ("bao-cao.xlsx", "Xếp loại trước điều chỉnh", None),
        ("bao-cao.xlsx", "Xếp loại", "DỰ KIẾN XẾP LOẠI NĂM 2021"),
        ("bao-cao.xlsx", "Xếp loại", "DANH SÁCH ĐỀ NGHỊ XẾP LOẠI NĂM 2021"),
        ("bao-cao.xlsx", "Xếp loại", "Bảng đề xuất đánh giá"),
        ("Xếp loại - dự thảo.xlsx", "Xếp loại", None),
    ],
)
def test_a_list_that_calls_itself_a_proposal_is_told_and_counted(city: City, file: str, sheet: str, title: str | None) -> None:
    above = [[title], []] if title else []
    found = levels(city, {sheet: [*above, RATINGS_HEADER, *DRAFT]}, file)
    assert found == ({"HTXSNV"}, [("list_is_decided", len(above) + 1)])


@pytest.mark.parametrize(
    "title",
    ["KẾT QUẢ XẾP LOẠI NĂM 2021", "Xếp loại theo đề nghị của các chi bộ", "Đề nghị các đơn vị kiểm tra", "Chi bộ đề nghị Đảng ủy xem xét"],
)
def test_a_decision_that_speaks_of_a_proposal_is_none(city: City, title: str) -> None:
    assert levels(city, {"Xếp loại": [[title], [], RATINGS_HEADER, *DRAFT]}) == ({"HTXSNV"}, [])


def test_a_roster_with_a_plan_in_its_name_is_no_proposal(city: City) -> None:
    rows = [
        ["Họ và tên", "Số CCCD", "Tình trạng đảng viên", "Từ ngày", "Ngày vào Đảng"],
        ["Nguyễn Văn A", "092080000001", "Chính thức", "2010", "2010"],
    ]
    assert "list_is_decided" not in {rule for rule, _ in told(read(city, {"Nhân sự (dự kiến)": rows}))}


@pytest.mark.parametrize("draft_first", [True, False])
@pytest.mark.parametrize("draft", [DRAFT, [*DECIDED[:5], DRAFT[5]]])
def test_what_was_decided_goes_before_the_proposal_on_another_sheet(city: City, draft: list, draft_first: bool) -> None:
    both = {"Xếp loại (dự kiến)": [RATINGS_HEADER, *draft], "Xếp loại": [RATINGS_HEADER, *DECIDED]}
    sheets = both if draft_first else dict(reversed(both.items()))
    assert levels(city, sheets) == ({"HTTNV"}, [("proposal_beside_decision", 1)])


def test_what_was_decided_goes_before_the_proposal_above_it(city: City) -> None:
    upper = [["DANH SÁCH ĐỀ NGHỊ XẾP LOẠI"], RATINGS_HEADER, *DRAFT]
    lower = [[], ["DANH SÁCH ĐƯỢC CÔNG NHẬN"], RATINGS_HEADER, *DECIDED]
    assert levels(city, {"Xếp loại": [*upper, *lower]}) == ({"HTTNV"}, [("proposal_beside_decision", 2)])


def test_a_proposal_of_other_people_is_counted_and_told(city: City) -> None:
    sheets = {"Đề nghị xếp loại": [RATINGS_HEADER, *DRAFT[:3]], "Xếp loại": [RATINGS_HEADER, *DECIDED[3:]]}
    assert levels(city, sheets) == ({"HTXSNV", "HTTNV"}, [("list_is_decided", 1)])
