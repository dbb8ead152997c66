"""Which column holds the level that counts: what its header says and what stands below it are one score, and of several the law's step counts."""

from pathlib import Path
from typing import Any

import pytest
from own_forms import Form, answer
from test_shown import book

from pipeline.intake.headers import Header

NAMES = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Cường", "Phạm Thị Dung", "Huỳnh Minh Đức"]
NUMBERS = [f"092{n % 2}{80 + n}{123450 + n}" for n in range(5)]
WHO = ["STT", "Họ và tên", "Số CCCD"]
RATED = ["KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN NĂM 2025"]
PLAIN = ["DANH SÁCH ĐẢNG VIÊN"]
FIRST, SECOND = ["HTXSNV", "HTTNV", "HTNV", "HTTNV", "HTNV"], ["HTTNV", "HTNV", "HTXSNV", "HTNV", "Hoàn thành tốt nhiệm vụ"]
OF_FIRST, OF_SECOND = ["EXCELLENT", "GOOD", "COMPLETED", "GOOD", "COMPLETED"], ["GOOD", "COMPLETED", "EXCELLENT", "COMPLETED", "GOOD"]
Said = tuple[list[str | None] | None, set[str]]  # of a column by rows, None where the list was refused; and what was told


def people(*columns: list[Any]) -> list[list[Any]]:
    return [[n + 1, NAMES[n], NUMBERS[n], *(c[n] for c in columns)] for n in range(5)]


def asked(folder: Path, rows: list[list[Any]], period: str = "2025", merges: tuple[tuple[int, int, int, int], ...] = ()) -> dict[str, Any]:
    """What the check says of a file whose names say nothing."""

    def merge(made: Any, sheet: Any) -> None:
        for m in merges:
            sheet.merge_range(*m, rows[m[0]][m[1]])

    return answer(Form("Book1.xlsx", book(rows, merge, "Sheet1"), {}, set(), {}, range(0)), period, folder)


def values(said: dict[str, Any], column: str) -> list[Any] | None:
    (part,) = said["datasets"]
    return None if part["verdict"] != "ACCEPTED" else [row["values"].get(column) for row in part["rows"]]


def levels(
    folder: Path, heads: list[list[Any]], *columns: list[Any], title: list[str] = RATED, step: str = "decided", period: str = "2025"
) -> Said:
    said = asked(folder, [title, [], *heads, *people(*columns)], period)
    return values(said, f"{step}_level_code"), {f["rule"] for f in said["findings"]}


# ── one column ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("title", [RATED, PLAIN])
@pytest.mark.parametrize(
    "header",
    [
        "Xếp loại năm 2025",
        "Kết quả đánh giá, xếp loại chất lượng",
        "Mức độ HTNV",
        "Kết quả xếp loại CLĐV",
        "Xếp loại chất lượng đảng viên năm 2025",
        "Đánh giá",
        "Xếp loại sau phúc tra",
        "Xếp loại của Đảng ủy",
    ],
)
def test_a_header_that_speaks_of_a_rating_over_levels_is_the_level_and_told(header: str, title: list[str], tmp_path: Path) -> None:
    assert levels(tmp_path, [[*WHO, header]], FIRST, title=title) == (OF_FIRST, {"column_named_exactly"})


@pytest.mark.parametrize("header", ["Xếp loại sức khỏe", "Xếp loại chi bộ", "Xếp loại thi đua", "Nhóm", "Danh hiệu", "Năm xếp loại"])
def test_a_word_that_is_not_known_makes_it_none(header: str, tmp_path: Path) -> None:
    assert levels(tmp_path, [[*WHO, header]], FIRST, title=PLAIN)[0] is None


def test_a_header_that_speaks_of_a_rating_over_something_else_is_none(tmp_path: Path) -> None:
    assert levels(tmp_path, [[*WHO, "Kết quả đánh giá, xếp loại chất lượng"]], ["Khá", "TB", "HTTNV", "Giỏi", "Khá"])[0] is None


@pytest.mark.parametrize("header", ["Tự xếp loại", "Đảng viên tự xếp loại", "Cá nhân đánh giá"])
def test_whoever_rates_himself_is_not_rated(header: str, tmp_path: Path) -> None:
    assert levels(tmp_path, [[*WHO, header]], FIRST)[0] is None


@pytest.mark.parametrize("header", ["Mức xếp loại đề nghị của chi bộ", "Chi bộ xếp loại", "Tập thể đánh giá"])
def test_a_proposal_alone_is_read_and_told_to_be_none(header: str, tmp_path: Path) -> None:
    found, told = levels(tmp_path, [[*WHO, header]], FIRST)
    assert found == OF_FIRST and "list_is_decided" in told


# ── several columns ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "first, second, is_told",
    [
        ("Chi bộ xếp loại", "Đảng ủy xếp loại", False),
        ("Xếp loại", "Xếp loại sau phúc tra", True),
        ("Xếp loại", "Xếp loại sau thẩm định", True),
        ("Xếp loại", "Kết quả chính thức", True),
        ("Xếp loại", "Ban Thường vụ xếp loại", True),
        ("Xếp loại", "Kết quả sau khi xem xét lại", True),
        ("Xếp loại", "Xếp loại lại", True),
        ("Xếp loại", "Ý kiến Đảng ủy", True),
        ("Xếp loại lần 1", "Xếp loại lần 2", True),
        ("Trước phúc tra", "Sau phúc tra", False),
        ("Chi bộ", "Đảng ủy", False),
        ("Tự xếp loại", "Xếp loại chất lượng năm 2025", False),
        ("Xếp loại năm 2024", "Xếp loại năm 2025", False),
        ("Năm 2024", "Năm 2025", False),
        ("Xếp loại năm trước", "Xếp loại", False),
    ],
)
def test_of_two_columns_the_later_step_of_the_folders_year_counts(first: str, second: str, is_told: bool, tmp_path: Path) -> None:
    for heads, columns in ((first, second), (FIRST, SECOND)), ((second, first), (SECOND, FIRST)):
        found, told = levels(tmp_path, [[*WHO, *heads]], *columns)
        assert found == OF_SECOND and ("level_of_who_decides" in told) == is_told


@pytest.mark.parametrize("first, second", [("Xếp loại", "Xếp loại"), ("Xếp loại", "Kết quả"), ("Xếp loại", "Mức độ HTNV")])
def test_of_two_columns_of_one_step_nobody_knows_which_counts(first: str, second: str, tmp_path: Path) -> None:
    found, told = levels(tmp_path, [[*WHO, first, second]], FIRST, SECOND)
    assert found is None and "one_column_of_levels" in told and "required_column_present" not in told
    assert levels(tmp_path, [[*WHO, first, second]], FIRST, FIRST)[0] == OF_FIRST  # they say the same


def test_a_later_step_that_leaves_somebody_blank_is_asked(tmp_path: Path) -> None:
    found, told = levels(tmp_path, [[*WHO, "Xếp loại", "Xếp loại sau phúc tra"]], FIRST, [None, *SECOND[1:]])
    assert found is None and "one_column_of_levels" in told
    assert levels(tmp_path, [[*WHO, "Xếp loại", "Xếp loại sau phúc tra"]], FIRST, [None] * 5)[0] == OF_FIRST  # nobody's was looked at again


def test_an_opinion_that_lowers_some_levels_is_asked_in_their_cells(tmp_path: Path) -> None:
    for said in ["Hạ xuống HTTNV", "Nhất trí", "Nhất trí", None, "Nhất trí"], ["HTTNV", None, None, None, None]:
        rows = [RATED, [], [*WHO, "Xếp loại", "Ý kiến Đảng ủy"], *people(FIRST, said)]
        found = asked(tmp_path, rows)
        counted = values(found, "decided_level_code")
        told = {(f["rule"], f["cell"]) for f in found["findings"]}
        assert counted is None or (counted == OF_FIRST and ("note_agrees_with_level", "E4") in told)
        assert counted is not None or "one_column_of_levels" in {rule for rule, _ in told}


def test_steps_alone_are_no_levels_where_no_title_speaks_of_ratings(tmp_path: Path) -> None:
    assert levels(tmp_path, [[*WHO, "Chi bộ", "Đảng ủy"]], FIRST, SECOND, title=PLAIN)[0] is None


def test_bodies_below_a_group_are_whose_level_it_is_and_no_unit(tmp_path: Path) -> None:
    heads = [[*WHO, "Xếp loại", None], [None, None, None, "Chi bộ", "Đảng ủy"]]
    assert levels(tmp_path, heads, FIRST, SECOND)[0] == OF_SECOND
    assert levels(tmp_path, heads, FIRST, SECOND, step="proposed")[0] == OF_FIRST


def test_years_below_a_group_that_speaks_of_a_rating_are_parted_by_the_folders(tmp_path: Path) -> None:
    heads = [[*WHO, "Kết quả đánh giá, xếp loại chất lượng", None], [None, None, None, "Năm 2024", "Năm 2025"]]
    assert levels(tmp_path, heads, FIRST, SECOND)[0] == OF_SECOND
    assert levels(tmp_path, heads, FIRST, SECOND, period="2024", title=PLAIN)[0] == OF_FIRST
    assert levels(tmp_path, heads, FIRST, SECOND, period="2023", title=PLAIN)[0] is None


# ── marks ────────────────────────────────────────────────────────────────────────────────────────────────────────

MARKED = [["x" if at == n % 4 else None for n in range(5)] for at in range(4)]
OF_MARKED = ["EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED", "EXCELLENT"]


@pytest.mark.parametrize("group", ["Xếp loại", "Kết quả xếp loại năm 2025", "Mức xếp loại chất lượng"])
def test_letters_below_a_group_that_speaks_of_a_rating_are_marks(group: str, tmp_path: Path) -> None:
    heads = [[*WHO, group, None, None, None], [None, None, None, *"ABCD"]]
    assert levels(tmp_path, heads, *MARKED)[0] == OF_MARKED


def test_marks_below_two_years_are_the_folders(tmp_path: Path) -> None:
    heads = [
        [*WHO, "Năm 2024", None, None, None, "Năm 2025", None, None, None],
        [None, None, None, *["HTXSNV", "HTTNV", "HTNV", "KHTNV"] * 2],
    ]
    both = [*MARKED[1:], MARKED[0], *MARKED]
    assert levels(tmp_path, heads, *both)[0] == OF_MARKED
    assert levels(tmp_path, heads, *both, period="2024", title=PLAIN)[0] == ["NOT_COMPLETED", *OF_MARKED[:3], "NOT_COMPLETED"]
    assert levels(tmp_path, heads, *both, period="2023", title=PLAIN)[0] is None


def test_marks_of_another_column_below_another_year_are_not_of_the_folders() -> None:
    """The level is marked once for each year, what somebody rates himself for the year before alone."""
    marks = {"decided_level_code": {3: "HTTNV", 4: "HTTNV"}, "self_level_code": {5: "HTTNV"}}
    header = Header(0, 1, {}, marks=marks, marked_at={3: "nam 2024", 4: "nam 2025"}, marked_of={"self_level_code": "nam 2024"})
    header.take_period("2025")
    assert header.marks == {"decided_level_code": {4: "HTTNV"}}


@pytest.mark.parametrize("header", ["Mức xếp loại", "Xếp loại năm 2025"])
@pytest.mark.parametrize(
    "said, meant",
    [
        (["Loại A", "loại B", "Loại C", "Loại D", "Xếp loại A"], ["EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED", "EXCELLENT"]),
        (
            ["Hoàn thành XSNV", "HT XSNV", "ko hoàn thành nv", "Không HTNV", "HTTNV"],
            ["EXCELLENT", "EXCELLENT", "NOT_COMPLETED", "NOT_COMPLETED", "GOOD"],
        ),
    ],
)
def test_levels_as_offices_shorten_them(header: str, said: list[str], meant: list[str], tmp_path: Path) -> None:
    assert levels(tmp_path, [[*WHO, header]], said)[0] == meant


def test_a_kind_means_what_the_legend_says_of_its_letter(tmp_path: Path) -> None:
    title = [*RATED, "A: Hoàn thành tốt; B: Hoàn thành"]
    found, told = levels(tmp_path, [[*WHO, "Mức xếp loại"]], ["Loại A", "Loại B", "A", "B", "Loại A"], title=title)
    assert found == ["GOOD", "COMPLETED", "GOOD", "COMPLETED", "GOOD"] and "levels_by_legend" in told


def test_a_level_as_in_the_row_above_is_that_level_and_told(tmp_path: Path) -> None:
    found, told = levels(tmp_path, [[*WHO, "Mức xếp loại"]], ["HTTNV", "nt", "//", "HTNV", "nt"])
    assert found == ["GOOD", "GOOD", "GOOD", "COMPLETED", "COMPLETED"] and told == {"cell_filled_down"}


def test_letters_without_a_group_are_marks_where_the_title_speaks_of_a_rating(tmp_path: Path) -> None:
    assert levels(tmp_path, [[*WHO, *"ABCD"]], *MARKED)[0] == OF_MARKED
    assert levels(tmp_path, [[*WHO, *"ABCD"]], *MARKED, title=["DANH SÁCH CHỨNG CHỈ TIN HỌC"])[0] is None


def test_a_level_with_a_sign_behind_it_is_none(tmp_path: Path) -> None:
    said = asked(tmp_path, [RATED, [], [*WHO, "Xếp loại"], *people(["A-", "A+", "B", "C", "A"])])
    assert values(said, "decided_level_code") == [None, None, "GOOD", "COMPLETED", "EXCELLENT"]
    assert [f["cell"] for f in said["findings"] if f["rule"] == "code_known"] == ["D4", "D5"]


# ── a reason in a note, numbers for units ────────────────────────────────────────────────────────────────────────


def test_whoever_is_not_rated_may_have_the_reason_in_a_note(tmp_path: Path) -> None:
    notes = [None, "Đi học", "Miễn sinh hoạt", "Mới kết nạp chưa đủ 6 tháng", "Mới kết nạp"]
    said = asked(tmp_path, [RATED, [], [*WHO, "Xếp loại", "Ghi chú"], *people(["HTTNV", "HTNV", "Không xếp loại", None, "HTNV"], notes)])
    assert values(said, "not_rated_reason_code") == [None, None, "EXEMPT", "NEW_LT_6M", None]
    assert [row["accepted"] for row in said["datasets"][0]["rows"]] == [True] * 5
    assert {f["rule"] for f in said["findings"]} == {"column_follows_from_others"}


def test_a_column_of_numbers_is_no_unit(tmp_path: Path) -> None:
    said = asked(tmp_path, [RATED, [], [*WHO, "Xếp loại", "Chi bộ"], *people(FIRST, [1, 2, 1, 2, 1])])
    assert values(said, "unit") == [None] * 5
    assert [(f["rule"], f["cell"]) for f in said["findings"]] == [("column_holds_what_it_says", "E3")]


@pytest.mark.parametrize(
    ("units", "are_left"),
    [
        ([101, 120, 101, 120, 101], True),
        (["1.250", "2,5", "3", "12", "-"], True),
        ([1, 2, 3, 4, "Chi bộ 3"], True),
        ([1, 2, 3, "Chi bộ 1", "Chi bộ 3"], False),
        ([31117, 31120, 31117, 31120, 31117], False),
    ],
    ids=["large numbers", "parted numbers", "nearly all", "not nearly all", "as communes are numbered"],
)
def test_any_numbers_that_are_no_codes_are_no_units(units: list[Any], are_left: bool, tmp_path: Path) -> None:
    said = asked(tmp_path, [RATED, [], [*WHO, "Xếp loại", "Bộ phận"], *people(FIRST, units)])
    assert [unit is None for unit in values(said, "unit")] == [are_left] * 5
    assert (("column_holds_what_it_says", "E3") in {(f["rule"], f["cell"]) for f in said["findings"]}) == are_left


def test_numbers_are_no_places_that_somebody_left_or_came_to(tmp_path: Path) -> None:
    head = [*WHO, "Hình thức", "Đơn vị đi", "Đơn vị đến", "Từ ngày"]
    moved = [["Luân chuyển"] * 5, [1, 2, 3, 4, 5], [101, 102, 103, 104, 105], ["01/02/2025"] * 5]
    said = asked(tmp_path, [["DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025"], [], head, *people(*moved)])
    assert values(said, "from_unit") == values(said, "to_unit") == [None] * 5
    assert {f["cell"] for f in said["findings"] if f["rule"] == "column_holds_what_it_says"} == {"E3", "F3"}


def test_a_signature_below_takes_no_column_of_levels_its_place(tmp_path: Path) -> None:
    rows = [RATED, [], [*WHO, "Đơn vị", "Mức xếp loại", "Mức độ HTNV"], *people(["Chi bộ 1"] * 5, FIRST, SECOND), []]
    rows += [
        [None, "NGƯỜI LẬP BIỂU", None, None, "T/M BAN CHẤP HÀNH"],
        [None, "(Ký, ghi rõ họ tên)", None, None, "BÍ THƯ"],
        [None, "Trần Thị Ba", None, None, "Lê Văn Tám"],
    ]
    said = asked(tmp_path, rows)
    assert values(said, "decided_level_code") is None and "one_column_of_levels" in {f["rule"] for f in said["findings"]}


# ── a column beside levels to be marked ──────────────────────────────────────────────────────────────────────────

MARKS_BESIDE: list[list[Any]] = [
    ["x" if level == code else None for level in OF_SECOND] for code in ("EXCELLENT", "GOOD", "COMPLETED", "NONE")
]


def beside_marks(
    folder: Path, column: str | None, group: str, said_by_column: list[Any] = FIRST, title: list[str] = RATED
) -> tuple[dict[str, Any], set[str]]:
    """A list with a column of levels in words, and the marks of OF_SECOND below a group."""
    own = [column] if column else []
    rows = [title, [], [*WHO, *own, group, None, None, None], [*[None] * (3 + len(own)), *"ABCD"]]
    rows += people(*([said_by_column] if column else []), *MARKS_BESIDE)
    at = 3 + len(own)
    said = asked(folder, rows, merges=(*((2, c, 3, c) for c in range(at)), (2, at, 2, at + 3)))
    return said, {f["rule"] for f in said["findings"]}


@pytest.mark.parametrize("column", ["Chi bộ xếp loại", "Đề nghị xếp loại", "Tập thể đề nghị xếp loại", "Tự xếp loại", None])
@pytest.mark.parametrize("group", ["Mức độ hoàn thành", "Xếp loại", "Đảng ủy quyết định"])
def test_marks_count_and_a_proposal_beside_them_does_not(column: str | None, group: str, tmp_path: Path) -> None:
    said, told = beside_marks(tmp_path, column, group)
    assert values(said, "decided_level_code") == OF_SECOND and "list_is_decided" not in told
    if column:
        assert values(said, f"{'self' if column.startswith('Tự') else 'proposed'}_level_code") == OF_FIRST


@pytest.mark.parametrize(
    ("column", "group", "counted"),
    [
        ("Đảng ủy xếp loại", "Xếp loại", OF_FIRST),
        ("Xếp loại sau phúc tra", "Mức độ hoàn thành", OF_FIRST),
        ("Xếp loại", "Đảng ủy quyết định", OF_SECOND),
        ("Mức xếp loại", "Đảng ủy xếp loại", OF_SECOND),
        ("Xếp loại", "Xếp loại", None),
        ("Đảng ủy xếp loại", "Đảng ủy quyết định", None),
        ("Chi bộ xếp loại", "Chi bộ đề nghị xếp loại", None),
    ],
)
def test_of_a_column_and_marks_the_later_step_counts_and_of_one_step_that_differ_none(
    column: str, group: str, counted: list[str] | None, tmp_path: Path
) -> None:
    said, told = beside_marks(tmp_path, column, group)
    assert values(said, "decided_level_code") == counted
    assert ("level_of_who_decides" if counted else "one_column_of_levels") in told


def test_a_column_that_says_what_the_marks_say_is_no_rival_of_them(tmp_path: Path) -> None:
    said, told = beside_marks(tmp_path, "Xếp loại", "Xếp loại", SECOND)
    assert values(said, "decided_level_code") == OF_SECOND and told.isdisjoint({"one_column_of_levels", "level_of_who_decides"})


def test_a_later_step_that_leaves_somebody_blank_whom_marks_rate_is_asked(tmp_path: Path) -> None:
    said, told = beside_marks(tmp_path, "Đảng ủy xếp loại", "Xếp loại", [*FIRST[:4], None])
    assert values(said, "decided_level_code") is None and "one_column_of_levels" in told


@pytest.mark.parametrize("group", ["Mức độ hoàn thành", "Theo mẫu 02"])
def test_a_proposal_beside_marks_of_which_nobody_knows_what_they_are_does_not_count(group: str, tmp_path: Path) -> None:
    said, told = beside_marks(tmp_path, "Chi bộ xếp loại", group, title=PLAIN)
    assert values(said, "decided_level_code") is None and "one_column_of_levels" in told


def test_a_proposal_below_sections_that_say_levels_does_not_count(tmp_path: Path) -> None:
    rows = people(FIRST)
    said = asked(tmp_path, [RATED, [], [*WHO, "Chi bộ xếp loại"], ["A", "Hoàn thành tốt nhiệm vụ"], *rows[:3], ["B", "HTNV"], *rows[3:]])
    assert values(said, "decided_level_code") == ["GOOD"] * 3 + ["COMPLETED"] * 2 and values(said, "proposed_level_code") == OF_FIRST
    assert "list_is_decided" not in {f["rule"] for f in said["findings"]}


@pytest.mark.parametrize(
    ("header", "is_reason"), [("Không xếp loại (lý do)", True), ("Lý do không đánh giá", True), ("Lý do đề nghị", False)]
)
def test_whoever_has_a_reason_and_no_level_is_not_rated(tmp_path: Path, header: str, is_reason: bool) -> None:
    """Another reason says nothing of a blank level: it is asked."""
    levels, reasons = ["HTTNV", None, "HTNV", "HTTNV", "HTTNV"], [None, "Được miễn sinh hoạt", None, None, None]
    rows = [["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", header], *people(levels, reasons)]
    said = asked(tmp_path, [["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025"], [], *rows])
    assert [f["cell"] for f in said["findings"] if f["rule"] == "value_present" and f["severity"] == "ERROR"] == (
        [] if is_reason else ["D5"]
    )
    values = [row["values"].get("not_rated_reason_code") for row in said["datasets"][0]["rows"] if row["accepted"]]
    assert values == [None, *(["EXEMPT"] if is_reason else []), None, None, None]


@pytest.mark.parametrize(
    ("beside", "is_read"),
    [
        (["Rất tích cực", "Gương mẫu", "Gương mẫu", None, "Gương mẫu"], True),
        ([None, None, "x", None, None], False),  # a level that nobody knows
        ([None] * 5, True),
    ],
)
def test_words_beside_levels_to_be_marked_are_a_column_of_their_own(tmp_path: Path, beside: list[Any], is_read: bool) -> None:
    heads = [[*WHO, "Kết quả đánh giá, xếp loại", *[None] * 4], [*[None] * 3, "HTXSNV", "HTTNV", "HTNV", "KHTNV", "Tinh thần"]]
    marks = [["x" if n % 3 == at and beside[n] != "x" else None for n in range(5)] for at in range(3)]
    said = asked(tmp_path, [RATED, [], *heads, *people(*marks, [None] * 5, beside)], merges=((2, 3, 2, 7),))
    assert any(f["severity"] == "ERROR" for f in said["findings"]) is not is_read
    accepted = [row["values"]["decided_level_code"] for row in said["datasets"][0]["rows"] if row["accepted"]]
    assert (len(accepted) == 5) is is_read


def test_names_below_a_header_of_one_word_are_names_whatever_headings_stand_among_them(tmp_path: Path) -> None:
    rows = [["STT", "Tên", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]]
    for n, name in enumerate(NAMES):
        rows += [[f"{'I' * (n + 1)}", f"Chi bộ {n}: 01 đồng chí"], [n + 1, name, None, "1", None, None]]
    said = asked(tmp_path, [RATED, [], *rows])
    assert [row["values"]["full_name"] for row in said["datasets"][0]["rows"] if row["accepted"]] == NAMES


@pytest.mark.parametrize("score", [93.0, 100])
def test_a_person_whose_row_says_three_levels_is_no_header(tmp_path: Path, score: float) -> None:
    heads = ["Tôn giáo", "Tổng điểm", "Xếp loại năm 2024", "Chi bộ đề xuất", "Xếp loại năm 2025", "Họ tên đảng viên", "Ưu điểm"]
    rows = [
        ["Không", score - n, "KHTNV", "HTTNV", level, name, "Hoàn thành nhiệm vụ"]
        for n, (level, name) in enumerate(zip(FIRST, NAMES, strict=True))
    ]
    said = asked(tmp_path, [RATED, [], heads, *rows])
    assert values(said, "decided_level_code") == OF_FIRST and values(said, "full_name") == NAMES
