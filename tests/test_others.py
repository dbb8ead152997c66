"""What a list says of other people or of other facts is not its own: columns of another list, of kin, remarks below the people, lists of others."""

from pathlib import Path

import pytest
from conftest import PERSONNEL_HEADER, City, member, number
from test_merged_headers import Cells, read
from test_shown import book

TITLE: Cells = [["DANH SÁCH ĐẢNG VIÊN NĂM 2021"]]


def roster(more: list[str], values: list[str]) -> Cells:
    return [*TITLE, [*PERSONNEL_HEADER, *more], *([*member(n), *values] for n in range(6))]


@pytest.mark.parametrize(
    ("more", "values", "list_"),
    [
        (["Xếp loại năm 2021"], ["HTTNV"], "Xếp loại"),
        (["HTXSNV", "HTTNV", "HTNV", "KHTNV"], ["", "x", "", ""], "Xếp loại"),
        (["Hình thức kỷ luật", "Số quyết định", "Ngày quyết định"], ["Khiển trách", "12-QĐ/UBKT", "05/02/2021"], "Kỷ luật"),
        (["Kỷ luật"], ["Khiển trách"], "Kỷ luật"),
        (["Lớp bồi dưỡng", "Từ ngày", "Đến ngày"], ["Kỹ năng số", "05/02/2021", "09/02/2021"], "Đào tạo"),
    ],
)
def test_a_roster_that_tells_of_another_list_says_which_to_send(more: list[str], values: list[str], list_: str, tmp_path: Path) -> None:
    city = City(tmp_path / "data")
    city.put("2021/Q01.001/danh sach.xlsx", {"Sheet1": roster(more, values)})
    city.land()
    assert city.verdicts() == {("Q01.001", "personnel"): ("ACCEPTED", None)}
    told = city.landed("findings").filter(rule_code="column_of_another_list")
    assert told["cell"][0] == "H2" and f"“{list_}" in told["says_vi"][0] and "chưa được đếm" in told["says_vi"][0]
    assert city.landed("personnel")["spell_to"].null_count() == 6  # a course's last day is no spell's


def test_a_school_or_a_field_of_study_tells_of_no_courses(tmp_path: Path) -> None:
    (table,) = read(
        book(roster(["Chuyên ngành đào tạo", "Hình thức đào tạo", "Bồi dưỡng QLNN"], ["Luật", "Chính quy", "CVC"])),
        "xlsx",
        tmp_path,
        name="ds",
    ).tables
    assert {note.rule for note in table.notes} == {"column_known"}


def test_a_rating_list_with_all_of_a_roster_says_that_no_roster_came(tmp_path: Path) -> None:
    rows = roster(["Mức xếp loại"], ["HTTNV"])
    rows[0] = ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2021"]
    (table,) = read(book(rows), "xlsx", tmp_path).tables
    assert table.dataset == "ratings" and [n.cell for n in table.notes if n.about == "personnel"] == ["E2"]


def test_what_stands_behind_another_facts_column_is_that_facts(tmp_path: Path) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Hình thức kỷ luật", "Nơi quyết định", "Số quyết định", "Ngày quyết định"]
    rows = [[n, f"Nguyễn Văn {chr(65 + n)}", number(n), "HTTNV", "Khiển trách", "UBKT", "12-QĐ/UBKT", "05/02/2021"] for n in range(5)]
    (table,) = read(book([header, *rows]), "xlsx", tmp_path).tables
    assert {"decision_no", "decided_on"}.isdisjoint(table.values)
    assert {n.cell for n in table.notes if n.rule == "column_below_known_group"} == {"G1"}  # once for what stands before them
    header[4] = "Ưu điểm"
    (table,) = read(book([header, *rows]), "xlsx", tmp_path).tables
    assert table.values["decision_no"] == ["12-QĐ/UBKT"] * 5 and table.values["decided_on"] == ["05/02/2021"] * 5


@pytest.mark.parametrize(
    ("kin", "is_own"), [("Con", False), ("Vợ/chồng", False), ("Họ tên mẹ", False), ("Con liệt sĩ", True), ("Bố trí sau luân chuyển", True)]
)
def test_behind_a_column_of_kin_a_birth_date_is_theirs(kin: str, is_own: bool, tmp_path: Path) -> None:
    rows = [[n, f"Nguyễn Văn {chr(65 + n)}", number(n), "HTTNV", "Có", "05/06/1988"] for n in range(5)]
    (table,) = read(book([["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", kin, "Ngày sinh"], *rows]), "xlsx", tmp_path).tables
    assert ("birth_date" in table.values) is is_own


@pytest.mark.parametrize(
    ("between", "day", "is_own"),
    [
        (["Điện thoại"], "Ngày vào Đảng", True),
        ([], "Ngày kết nạp Đảng", True),
        (["Năm sinh"], "Ngày vào Đảng", False),  # all of it may be the spouse's
        (["Nghề nghiệp"], "Trình độ", False),
    ],
)
def test_a_day_of_the_party_behind_a_spouse_is_the_persons_own_and_so_is_what_follows(
    between: list[str], day: str, is_own: bool, tmp_path: Path
) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "Ngày sinh", "Tình trạng đảng viên", "Vợ/chồng", *between, day, "Chức vụ", "Từ ngày"]
    rows = [
        [n, f"Nguyễn Văn {chr(65 + n)}", number(n), "05/06/1980", "Chính thức", "Lê Thị Mận", *["1985"] * len(between), f"0{n + 1}/03/2010", "Chuyên viên", "01/01/2015"]
        for n in range(5)
    ]  # fmt: skip
    (table,) = read(book([*TITLE, header, *rows]), "xlsx", tmp_path).tables
    assert any(table.values.get("party_joined_on", ())) is is_own
    assert any(table.values.get("post_code", ())) is is_own


@pytest.mark.parametrize("other", ["Người giới thiệu", "Người ký quyết định"])
def test_behind_whoever_recommends_a_member_a_day_of_the_party_may_be_his(other: str, tmp_path: Path) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", other, "Điện thoại", "Ngày vào Đảng"]
    rows = [[n, f"Nguyễn Văn {chr(65 + n)}", number(n), "HTTNV", "Lê Thị Mận", "0903", "05/06/2010"] for n in range(5)]
    (table,) = read(book([header, *rows]), "xlsx", tmp_path).tables
    assert not any(table.values.get("party_joined_on", ()))


@pytest.mark.parametrize(("more", "value", "is_ours"), [("Quan hệ với cán bộ", "Con", False), ("Ghi chú", "", True)])
@pytest.mark.parametrize(("born", "are_grown"), [("05/06/2012", False), ("05/06/1980", True)])
def test_a_list_of_kin_or_of_children_is_none_of_ours(
    more: str, value: str, is_ours: bool, born: str, are_grown: bool, tmp_path: Path
) -> None:
    """Without a number nothing else tells them from those whom the department answers for."""
    rows = [[n, f"Nguyễn Văn {chr(65 + n)}", born, value, "Tốt"] for n in range(5)]
    reading = read(book([["DANH SÁCH NĂM 2021"], ["STT", "Họ và tên", "Ngày sinh", more, "Mức xếp loại"], *rows]), "xlsx", tmp_path)
    assert (reading.refused is None) is (is_ours and are_grown)


# ── who a row is ─────────────────────────────────────────────────────────────────────────────────────────────────


def judged(rows: Cells, folder: Path) -> City:
    city = City(folder / "data")
    city.put("2021/Q01.001/Xếp loại.csv", rows)
    city.land()
    return city


def test_a_word_in_the_numbers_cell_is_told_and_the_name_is_somebody(tmp_path: Path) -> None:
    words = ["mất", "x", "Mất CCCD", "đang làm lại", "Bí thư", number(9)[:8]]
    rows = [[n, f"Nguyễn Văn {chr(65 + n)}", word, "HTTNV"] for n, word in enumerate([*words, *map(number, range(10, 20))])]
    city = judged([["STT", "Họ và tên", "Số CCCD", "Mức xếp loại"], *rows], tmp_path)
    told = city.landed("findings")
    assert told.filter(rule_code="identity_number_given")["row_no"].sort().to_list() == [2, 3, 4, 5]
    assert told.filter(rule_code="identity_number_shape")["row_no"].sort().to_list() == [6, 7]  # what slipped into it, and what was cut
    assert city.landed("ratings").height == 14


NOBODIES = [
    "nt",
    "Như trên",
    "#REF!",
    "Hai đồng chí chưa xếp loại do nghỉ ốm",
    "Số liệu tính đến hết tháng 12",
    "Theo danh sách của Ban Tổ chức",
    "Vắng",
]
AS_TYPED = [
    "Do Thi Hoa",
    "nguyễn thị lan",
    "Công Tằng Tôn Nữ Thị Kim Lan",
    "Lý Thị Do",
    "Vi Văn Hai",
    "Nguyễn Thị Ngọc Bích hiền",
    "Trần Văn An",
    "Hồ Bình",
]


def test_a_name_that_is_none_is_nobody_where_nothing_else_says_who(tmp_path: Path) -> None:
    """What people type of somebody is a name, be it without marks or capitals."""
    rows = [[n, name, None, "HTTNV"] for n, name in enumerate([*AS_TYPED, *NOBODIES], start=1)]
    city = judged([["STT", "Họ và tên", "Số CCCD", "Mức xếp loại"], *rows], tmp_path)
    assert city.landed("ratings")["row_no"].sort().to_list() == [*range(2, 2 + len(AS_TYPED))]
    assert city.landed("set_aside").height == len(NOBODIES)
