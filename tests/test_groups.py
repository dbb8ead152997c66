"""What stands above columns decides whose they are: nothing of somebody else or of another matter is read as the row's own."""

from typing import Any

import pytest
from conftest import City, number

from pipeline.intake.files import read_file
from pipeline.intake.header_trees import is_known_group
from pipeline.intake.readings import Source, Table
from pipeline.judging.layouts import layout_of
from pipeline.schemas import SCHEMAS

LAYOUT = layout_of(SCHEMAS)
WHO = ["STT", "Họ và tên", "Số CCCD", "Đơn vị"]
MINE = [1, "Nguyễn Văn A", number(1), "Chi bộ 1"]
MEMBER = {"Tình trạng đảng viên": "Chính thức", "Từ ngày": "01/03/2010", "Ngày vào Đảng": "01/03/2009"}
NAMED = {"Họ và tên": "Nguyễn Văn B", "Số CCCD": number(2)}

Group = tuple[str, dict[str, Any]]


def table(city: City, sheet: str, *parts: Group | dict[str, Any], who: bool = True) -> Table:
    """The only table of a sheet of one row, whose header has two rows: groups over their leaves, and columns of their own."""
    upper, lower, row = ([*WHO], [None] * 4, [*MINE]) if who else ([], [], [])
    for part in parts:
        text, leaves = part if isinstance(part, tuple) else ("", part)
        upper += [text, *[None] * (len(leaves) - 1)] if text else [*leaves]
        lower += leaves if text else [None] * len(leaves)
        row += leaves.values()
    name = "bao-cao.xlsx"
    (found,) = read_file(Source(0, city.put(f"2021/Q01.001/{name}", {sheet: [upper, lower, row]}), name, period="2021"), LAYOUT).tables
    return found


def said(found: Table) -> dict[str, Any]:
    return {column: values[0] for column, values in found.values.items() if values[0]}


def below(found: Table) -> list[tuple[str | None, str | None]]:
    return [(n.cell, n.column) for n in found.notes if n.rule == "column_below_known_group"]


OTHERS = ["Vợ (chồng)", "Cha", "Mẹ", "Bố", "Má", "Người giới thiệu", "Quá trình công tác trước đây", "Đoàn thể", "Trước khi vào Đảng"]


@pytest.mark.parametrize("group", OTHERS)
@pytest.mark.parametrize("is_left", [True, False])
def test_what_stands_below_somebody_or_something_else_is_told_and_not_read(city: City, group: str, is_left: bool) -> None:
    of_others = (group, {"Ngày sinh": "01/01/1985", "Trình độ": "Đại học", "Chức vụ": "Bí thư", "Từ ngày": "01/01/2015"})
    found = table(city, "Nhân sự", *((of_others, MEMBER) if is_left else (MEMBER, of_others)))
    assert {"birth_date", "education_code", "post_code"}.isdisjoint(found.values)
    assert said(found)["spell_from"] == "01/03/2010"
    assert below(found) == [("E2" if is_left else "H2", "birth_date")]
    assert not found.missing


@pytest.mark.parametrize("group", ["Thông tin", "Thông tin cá nhân", "Lý lịch", "Đảng viên", "Bản thân", "Hiện nay"])
def test_what_stands_below_a_group_that_adds_nothing_is_read(city: City, group: str) -> None:
    found = table(city, "Nhân sự", (group, {"Ngày sinh": "01/01/1985", "Chức vụ": "Bí thư"}), MEMBER)
    assert (said(found)["birth_date"], said(found)["post_code"], below(found)) == ("01/01/1985", "Bí thư", [])


@pytest.mark.parametrize("leaves", [["Chức vụ", "Từ ngày"], ["Từ ngày", "Chức vụ"]])
def test_every_leaf_of_a_group_is_asked(city: City, leaves: list[str]) -> None:
    cells = {"Chức vụ": "Bí thư", "Từ ngày": "01/09/2021"}
    rest = {header: cell for header, cell in MEMBER.items() if header != "Từ ngày"}
    found = table(city, "Nhân sự", ("Đoàn thể", {leaf: cells[leaf] for leaf in leaves}), rest)
    assert {"spell_from", "post_code"}.isdisjoint(found.values)
    assert below(found) == [(f"{'EF'[leaves.index('Từ ngày')]}2", "spell_from")]


def test_a_usual_column_that_was_not_read_is_told_once(city: City) -> None:
    rows = [
        [*WHO, "Đoàn thể", None, "Tình trạng đảng viên"],
        [None] * 4 + ["Từ ngày", "Đến ngày"],
        [*MINE, "01/03/2010", None, "Chính thức"],
    ]
    city.put("2021/Q01.001/nhan-su.xlsx", {"Nhân sự": rows})
    city.land()
    found = city.landed("findings").filter(column_name="spell_from")["rule_code"].to_list()
    assert (found, city.verdicts()[("Q01.001", "personnel")][0]) == (["column_below_known_group"], "ACCEPTED")


@pytest.mark.parametrize(
    ("sheet", "other", "own", "rest"),
    [
        ("Xếp loại", "Người đánh giá", "Người được đánh giá", {"Mức xếp loại": "HTTNV"}),
        ("Nhân sự", "Người giới thiệu", "Đảng viên", MEMBER),
        ("Kỷ luật", "Người ký", "Người bị kỷ luật", {"Hình thức kỷ luật": "Khiển trách"}),
    ],
)
@pytest.mark.parametrize("is_left", [True, False])
def test_of_two_people_the_one_whom_the_row_is_about_is_read(
    city: City, sheet: str, other: str, own: str, rest: dict[str, Any], is_left: bool
) -> None:
    people = [(other, {"Họ và tên": "Trần Thị C", "Số CCCD": number(3)}), (own, NAMED)]
    found = table(city, sheet, *(people if is_left else people[::-1]), rest, who=False)
    assert (said(found)["full_name"], said(found)["identity_number"]) == ("Nguyễn Văn B", number(2))
    assert below(found) == [("A2" if is_left else "C2", None)]


@pytest.mark.parametrize("groups", [("Người đánh giá", "Người ký"), ("Đảng viên", "Cán bộ")])
def test_where_no_group_or_both_may_be_the_rows_own_nobody_is_read(city: City, groups: tuple[str, str]) -> None:
    people = [(group, {"Họ và tên": "Trần Thị C", "Số CCCD": number(3)}) for group in groups]
    found = table(city, "Nhân sự", *people, MEMBER, who=False)
    assert {"full_name", "identity_number"}.isdisjoint(found.values)
    assert below(found)


@pytest.mark.parametrize("other", ["Cá nhân tự đánh giá", "Cá nhân tự chấm", "Tự phân loại", "Chi bộ đề nghị", "Năm trước", "Chính quyền"])
@pytest.mark.parametrize("own", ["Cấp có thẩm quyền quyết định", "Đảng ủy quyết định", "Cấp trên quyết định"])
@pytest.mark.parametrize("is_left", [True, False])
def test_a_score_is_of_the_same_group_as_the_level(city: City, other: str, own: str, is_left: bool) -> None:
    groups = [(other, {"Điểm": 95, "Xếp loại": "HTXSNV"}), (own, {"Điểm": 85, "Xếp loại": "HTTNV"})]
    found = table(city, "Xếp loại", *(groups if is_left else groups[::-1]))
    assert (said(found)["score"], said(found)["decided_level_code"]) == ("85", "HTTNV")
    assert [cell for cell, _ in below(found)] == ["E2" if is_left else "G2"]


def test_a_score_below_a_proposal_is_unknown_and_told(city: City) -> None:
    found = table(city, "Xếp loại", ("Chi bộ đề nghị", {"Điểm": 95, "Ghi chú": "x"}), {"Mức xếp loại": "HTTNV"})
    assert ("score" in found.values, below(found)) == (False, [("E2", "score")])


def test_a_level_below_a_decision_that_says_whose_it_is_is_not_the_decision(city: City) -> None:
    found = table(city, "Xếp loại", ("Xếp loại", {"Cá nhân tự nhận": "HTXSNV", "Chi bộ đề nghị": "HTTNV", "Kết quả": "HTNV"}))
    levels = [said(found)[f"{step}_level_code"] for step in ("self", "proposed", "decided")]
    assert levels == ["HTXSNV", "HTTNV", "HTNV"]


@pytest.mark.parametrize(("group", "is_read"), [("Đảng ủy xếp loại", True), ("Năm trước", False), ("Chính quyền", False)])
def test_levels_to_be_marked_are_read_where_their_group_is_known(city: City, group: str, is_read: bool) -> None:
    found = table(city, "Xếp loại", (group, {"HTXSNV": None, "HTTNV": "x", "HTNV": None, "KHTNV": None}), {"Ghi chú": "x"})
    assert ("decided_level_code" in found.values, bool(below(found))) == (is_read, not is_read)


@pytest.mark.parametrize(
    ("left", "taken"), [("Nơi đi", "Nơi đến"), ("Đơn vị đi", "Đơn vị đến"), ("Trước khi luân chuyển", "Sau khi luân chuyển")]
)
@pytest.mark.parametrize("unit", ["Đơn vị", "Tên đơn vị", "Cơ quan"])
def test_where_somebody_came_from_is_no_unit_of_the_row(city: City, left: str, taken: str, unit: str) -> None:
    groups = [(left, {unit: "Sở A", "Chức vụ": "Chuyên viên"}), (taken, {unit: "Sở B", "Chức vụ": "Trưởng phòng"})]
    found = table(city, "Luân chuyển", NAMED, *groups, {"Hình thức": "Điều động", "Từ ngày": "01/03/2021"}, who=False)
    assert [said(found).get(c) for c in ("unit", "from_unit", "from_post_code", "to_unit", "to_post_code")] == [
        None,
        "Sở A",
        "Chuyên viên",
        "Sở B",
        "Trưởng phòng",
    ]
    assert not found.notes


@pytest.mark.parametrize(("last", "is_known"), [("công tác", True), ("x", False)])
def test_a_group_of_words_with_many_readings_is_known_at_once(last: str, is_known: bool) -> None:
    said = frozenset(["vien", "uy", "tac", "dang", "cap"])
    assert is_known_group(f"{'đảng viên cấp ủy ' * 2000}{last}", "Ngày sinh", (), said) == is_known


@pytest.mark.parametrize(
    ("sheet", "group", "leaves", "columns"),
    [
        ("Nhân sự", "Căn cước công dân", {"Số": number(1), "Ngày cấp": "01/01/2021", "Nơi cấp": "CA"}, ["identity_number"]),
        ("Nhân sự", "Thời gian", {"Từ": "01/03/2010", "Đến": "01/03/2021"}, ["spell_from", "spell_to"]),
        ("Luân chuyển", "Thời gian", {"Từ": "01/03/2010", "Đến": "01/03/2021"}, ["posting_from", "posting_to"]),
        ("Đào tạo", "Thời gian đào tạo", {"Từ": "01/03/2010", "Đến": "01/03/2021"}, ["training_from", "training_to"]),
        ("Kỷ luật", "Quyết định", {"Số": "12-QĐ/ĐU", "Ngày": "01/03/2021"}, ["decision_no", "signed_on"]),
    ],
)
def test_leaves_that_mean_something_only_below_their_group_are_read(
    city: City, sheet: str, group: str, leaves: dict[str, Any], columns: list[str]
) -> None:
    own = {"Họ và tên": "Nguyễn Văn A"} | ({} if "identity_number" in columns else {"Số CCCD": number(1)})
    rest = {"Nhân sự": {"Đơn vị": "Chi bộ 1", "Ngày vào Đảng": "01/03/2009"}, "Kỷ luật": {"Hình thức kỷ luật": "Khiển trách"}}
    found = table(city, sheet, own, (group, leaves), rest.get(sheet, {"Ghi chú": "x"}), who=False)
    assert [said(found)[column] for column in columns] == [*leaves.values()][: len(columns)]


@pytest.mark.parametrize("header", ["Số CCCD/CMND", "Căn cước công dân", "Số căn cước công dân"])
def test_an_identity_number_is_known_by_its_usual_names(city: City, header: str) -> None:
    found = table(city, "Nhân sự", {"Họ và tên": "Nguyễn Văn A", header: number(1)}, MEMBER, who=False)
    assert (said(found)["identity_number"], found.notes) == (number(1), [])
