"""Rows and cells beside people's own: names over two rows, notes of who left, events that were not, levels and reasons where no column is called so."""

from pathlib import Path
from typing import Any

import pytest
from own_forms import Form, answer
from test_level_columns import FIRST, NAMES, NUMBERS, OF_FIRST, RATED, WHO, people
from test_shown import book

ROSTER = ["DANH SÁCH ĐẢNG VIÊN NĂM 2025"]
PLAIN = ["STT", "Họ và tên", "Ngày sinh", "Chức vụ"]
BORN = [f"05/02/198{n}" for n in range(5)]


def check(folder: Path, data: bytes) -> dict[str, Any]:
    return answer(Form("Book1.xlsx", data, {}, set(), {}, range(0)), "2025", folder)


def asked(folder: Path, rows: list[list[Any]]) -> dict[str, Any]:
    """What the check says of a file whose names say nothing."""
    return check(folder, book(rows, name="Sheet1"))


def read(said: dict[str, Any], *columns: str) -> list[Any]:
    (part,) = said["datasets"]
    assert part["verdict"] == "ACCEPTED", said["findings"]
    rows = [[row["values"].get(c) for c in columns] for row in part["rows"] if row["accepted"]]
    return [row[0] for row in rows] if len(columns) == 1 else rows


def told(said: dict[str, Any], rule: str) -> list[str | None]:
    return [f["cell"] for f in said["findings"] if f["rule"] == rule]


# ── which list it is ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("header", ["Họ tên", "Tên đảng viên", "Họ tên đảng viên"])
def test_a_thin_roster_that_its_title_calls_one_is_read(header: str, tmp_path: Path) -> None:
    rows = [[n + 1, NAMES[n], BORN[n], "Đảng viên"] for n in range(5)]
    said = asked(tmp_path, [ROSTER, ["TT", header, "Ngày sinh", "Chức vụ"], *rows])
    assert said["datasets"][0]["dataset"] == "personnel"
    assert read(said, "full_name") == NAMES


@pytest.mark.parametrize(
    "title, besides", [("DANH SÁCH", None), (ROSTER[0], "Ký nhận"), (ROSTER[0], "Số tiền"), (ROSTER[0], "Lớp bồi dưỡng")]
)
def test_a_thin_list_with_no_such_title_or_with_columns_of_another_matter_is_none(title: str, besides: str | None, tmp_path: Path) -> None:
    rows = [[n + 1, NAMES[n], BORN[n], "Đảng viên", None] for n in range(5)]
    assert not asked(tmp_path, [[title], [*PLAIN, besides], *rows])["accepted"]


@pytest.mark.parametrize("header", ["CMND/CCCD", "Số CMND/CCCD/Hộ chiếu", "CCCD/CMND/Hộ chiếu"])
def test_a_number_of_any_card_is_the_number(header: str, tmp_path: Path) -> None:
    said = asked(tmp_path, [RATED, ["TT", "Họ tên", header, "Xếp loại"], *people(FIRST)])
    assert read(said, "identity_number") == NUMBERS


def test_a_namesake_in_another_cells_sheet_is_another_person(tmp_path: Path) -> None:
    """And a summary's copy of a cell's sheet is one, however either calls the cell."""
    cells = {f"Chi bộ {c}": [RATED, ["TT", "Họ và tên", "Xếp loại"], [1, NAMES[0], "HTTNV"], [2, NAMES[c], "HTNV"]] for c in (1, 2)}
    said = check(tmp_path, books(cells))
    assert [[r["values"]["full_name"] for r in d["rows"]] for d in said["datasets"]] == [[NAMES[0], NAMES[1]], [NAMES[0], NAMES[2]]]
    assert told(said, "sheet_counted_once") == []
    whole = [RATED, ["TT", "Họ và tên", "Chi bộ", "Xếp loại"], *([n + 1, NAMES[n], "CB số 1", FIRST[n]] for n in range(5))]
    own = [RATED, ["TT", "Họ và tên", "Xếp loại"], *([n + 1, NAMES[n], FIRST[n]] for n in range(5))]
    said = check(tmp_path, books({"Tổng hợp": whole, "Chi bộ Một": own}))
    assert sum(len(d["rows"]) for d in said["datasets"]) == 5 and told(said, "sheet_counted_once")


def books(sheets: dict[str, list[list[Any]]]) -> bytes:
    (first, rows), *others = sheets.items()

    def more(made: Any, _: Any) -> None:
        for name, of in others:
            sheet = made.add_worksheet(name)
            for number, row in enumerate(of):
                sheet.write_row(number, 0, row)

    return book(rows, more, first)


# ── names over two rows ──────────────────────────────────────────────────────────────────────────────────────────


def test_another_name_below_a_person_is_nobody(tmp_path: Path) -> None:
    said = asked(
        tmp_path,
        [
            *[ROSTER, PLAIN, [1, NAMES[0], BORN[0], "Bí thư"], [None, "Bí danh: Ba Lực"]],
            *[[2, NAMES[1], BORN[1], "Đảng viên"], [None, "(Tên thường gọi: Bình)"], [3, NAMES[2], BORN[2], "Đảng viên"]],
        ],
    )
    assert read(said, "full_name") == NAMES[:3] and told(said, "person_in_one_row") == ["B4", "B6"]


def test_a_name_that_goes_on_in_the_next_row_is_one_name(tmp_path: Path) -> None:
    said = asked(
        tmp_path,
        [
            *[ROSTER, PLAIN, [1, "Nguyễn Văn", BORN[0], "Phó Trưởng phòng"], [None, "An", None, "Kinh tế"]],
            *[[2, "Trần", BORN[1], "Đảng viên"], [None, "Thị Bình"], [3, NAMES[2], BORN[2], "Đảng viên"]],
        ],
    )
    assert read(said, "full_name", "post_code") == [[NAMES[0], "DEPUTY_DIVISION_HEAD"], [NAMES[1], "NONE"], [NAMES[2], "NONE"]]
    assert told(said, "person_in_one_row") == ["B4", "B6"]


def test_a_name_goes_on_also_where_the_running_numbers_stand_below_a_title_far_above(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["STT", "Thông tin chung"], [], [None, "Chia ra"], [None, "Họ và tên", "Số CCCD", "Hình thức kỷ luật"]]
    rows += [
        ["1", "Nguyễn Văn", NUMBERS[0], "Khiển trách"],
        [None, "An"],
        ["2", "Lê Thị Bình", NUMBERS[1], "Cảnh cáo"],
        ["3", "Trần", NUMBERS[2], "Cảnh cáo"],
        [None, "Văn Cường"],
    ]
    said = asked(tmp_path, [["DANH SÁCH ĐẢNG VIÊN BỊ THI HÀNH KỶ LUẬT NĂM 2025"], [], *rows])
    assert read(said, "full_name") == ["Nguyễn Văn An", "Lê Thị Bình", "Trần Văn Cường"]


def test_a_row_of_somebody_who_only_lost_his_number_is_not_joined(tmp_path: Path) -> None:
    rows = [[1, NAMES[0], BORN[0], "Bí thư"], [None, "An", BORN[1], "Đảng viên"], [3, NAMES[2], BORN[2], "Đảng viên"]]
    assert read(asked(tmp_path, [ROSTER, PLAIN, *rows]), "full_name") == [NAMES[0], "An", NAMES[2]]
    rated = [[1, NAMES[0], None, "HTTNV"], [None, "Bình", None, "HTNV"], [3, NAMES[2], None, "HTNV"]]
    assert read(asked(tmp_path, [RATED, [*WHO, "Xếp loại"], *rated]), "full_name") == [NAMES[0], "Bình", NAMES[2]]


def test_a_row_that_is_nobody_moves_no_unit_of_those_below_it(tmp_path: Path) -> None:
    who = [[1, "Nguyễn Văn", BORN[0], "Đảng viên"], [None, "An"], [2, NAMES[1], BORN[1], "Đảng viên"], [None, "Bí danh: Ba"]]
    said = asked(tmp_path, [ROSTER, PLAIN, ["I. Chi bộ 1"], *who, ["II. Chi bộ 2"], [1, NAMES[2], BORN[2], "Đảng viên"]])
    assert read(said, "full_name", "unit") == [[NAMES[0], "Chi bộ 1"], [NAMES[1], "Chi bộ 1"], [NAMES[2], "Chi bộ 2"]]
    title, heads, cells = LISTS["training"]
    rows = [[n + 1, NAMES[n], NUMBERS[n], *cells, "Vắng" if n == 1 else None] for n in range(4)]
    said = asked(tmp_path, [[title], [*WHO, *heads, "Ghi chú"], ["I. Chi bộ 1"], *rows[:2], ["II. Chi bộ 2"], *rows[2:]])
    assert read(said, "full_name", "unit") == [[NAMES[0], "Chi bộ 1"], [NAMES[2], "Chi bộ 2"], [NAMES[3], "Chi bộ 2"]]


# ── who left ─────────────────────────────────────────────────────────────────────────────────────────────────────

LEFT = {  # a note → last day, reason of leaving, first day of exemption, of suspension; and what is asked instead
    "Nghỉ việc 3/2025": (["2025-03-31", "RESIGNED", None, None], ""),
    "Chuyển sinh hoạt đi 5/2025": (["2025-05-31", "MOVED", None, None], ""),
    "Mất ngày 12/4/2025": (["2025-04-12", "DIED", None, None], ""),
    "Khai trừ tháng 6 năm 2025": (["2025-06-30", "EXPELLED", None, None], ""),
    "Miễn sinh hoạt từ 5/2025": ([None, None, "2025-05-01", None], ""),
    "Đình chỉ sinh hoạt từ 02/2025": ([None, None, None, "2025-02-01"], ""),
    "Nghỉ việc 3/2026": ([None] * 4, ""),
    "Chuyển đến 3/2025": ([None] * 4, ""),
    "Đã mất": ([None] * 4, "leaving_in_its_column"),
    "Nghỉ việc": ([None] * 4, "leaving_in_its_column"),
    "Nghỉ hưu từ 01/7/2025": ([None] * 4, "leaving_in_its_column"),
    "Về hưu năm 2025": ([None] * 4, "leaving_in_its_column"),
    "Chuyển SHĐ về nơi cư trú 6/2025": ([None] * 4, "leaving_in_its_column"),
    "Miễn sinh hoạt": ([None] * 4, "exempt_in_its_column"),
    "Hết miễn sinh hoạt": ([None] * 4, ""),
}


def test_who_left_or_is_exempt_by_a_note_is_taken_with_its_day_and_else_asked(tmp_path: Path) -> None:
    rows = [[n + 1, f"{NAMES[n % 5]} {chr(65 + n)}", BORN[0], "Đảng viên", note] for n, note in enumerate(LEFT)]
    said = asked(tmp_path, [ROSTER, [*PLAIN, "Ghi chú"], *rows])
    assert dict(zip(LEFT, read(said, "spell_to", "leaving_reason_code", "exempt_from", "suspended_from"), strict=True)) == {
        note: values for note, (values, _) in LEFT.items()
    }
    asks = {(f["rule"], f["row"]) for f in said["findings"] if f["rule"] in ("leaving_in_its_column", "exempt_in_its_column")}
    assert asks == {(rule, n + 3) for n, (_, rule) in enumerate(LEFT.values()) if rule}
    assert {f["column"] for f in said["findings"] if f["rule"] == "column_follows_from_others"} == {
        *("spell_to", "leaving_reason_code", "exempt_from", "suspended_from")
    }


@pytest.mark.parametrize(
    "header, cell, column, value, rule",
    [
        ("Ngày miễn sinh hoạt", "01/06/2025", "exempt_from", "2025-06-01", ""),
        (
            "Ngày chuyển sinh hoạt đi",
            "01/06/2025",
            "spell_to",
            "2025-06-01",
            "",
        ),  # and not the day of coming, whose name is nearly the same
        ("Ngày mất", "01/06/2025", "leaving_reason_code", "DIED", ""),
        ("Đã chuyển", "x", "leaving_reason_code", "MOVED", "reason_has_leaving_day"),
        ("Ngày nghỉ hưu", "01/06/2025", "spell_to", None, "column_known"),
        ("Tình trạng", "Đã nghỉ hưu", "spell_to", None, "column_known"),
    ],
)
def test_a_column_of_who_left_is_read_or_told_where_it_stands(
    header: str, cell: str, column: str, value: str | None, rule: str, tmp_path: Path
) -> None:
    rows = [[n + 1, NAMES[n], BORN[n], "Đảng viên", cell if n == 2 else None] for n in range(5)]
    said = asked(tmp_path, [ROSTER, [*PLAIN, header], *rows])
    assert read(said, column) == [None, None, value, None, None]
    assert not rule or told(said, rule)[0] in ("E2", "E5", "5", None)
    assert {f["column"] for f in said["findings"] if f["rule"] == "column_named_exactly"} == set()


# ── events that were not ─────────────────────────────────────────────────────────────────────────────────────────

NOTES = {  # of a list → note → whether its row is read, and what is told
    "training": {
        "Không đạt": (True, "event_holds"),
        "Bỏ học giữa chừng": (False, "event_took_place"),
        "Thu hồi chứng chỉ": (True, "event_holds"),
        "Học tại Cần Thơ": (True, ""),
    },
    "rotation": {
        "Thu hồi quyết định": (False, "event_took_place"),
        "Không thực hiện": (False, "event_took_place"),
        "Kết thúc luân chuyển 10/2025": (True, "event_holds"),
        "Có nhà công vụ": (True, ""),
    },
    "discipline": {
        "Đã xóa kỷ luật": (True, "event_holds"),
        "Không thực hiện": (True, "event_holds"),
        "Đang khiếu nại": (True, "event_holds"),
        "Không": (True, ""),
    },
}
LISTS = {
    "training": ("DANH SÁCH CÁN BỘ ĐƯỢC CỬ ĐI ĐÀO TẠO, BỒI DƯỠNG NĂM 2025", ["Tên lớp", "Từ ngày"], ["Chuyển đổi số", "05/05/2025"]),
    "rotation": ("DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2025", ["Đơn vị đi", "Đơn vị đến"], ["Phòng Kinh tế", "UBND xã Thạnh An"]),
    "discipline": (
        "DANH SÁCH ĐẢNG VIÊN BỊ THI HÀNH KỶ LUẬT NĂM 2025",
        ["Hình thức kỷ luật", "Ngày quyết định"],
        ["Cảnh cáo", "05/05/2025"],
    ),
}


@pytest.mark.parametrize("header", ["Ghi chú", "Kết quả thực hiện"])
@pytest.mark.parametrize("dataset", LISTS)
def test_what_speaks_against_an_event_leaves_it_out_or_is_asked(dataset: str, header: str, tmp_path: Path) -> None:
    title, heads, cells = LISTS[dataset]
    notes = NOTES[dataset]
    said = asked(
        tmp_path, [[title], [*WHO, *heads, header], *([n + 1, NAMES[n], NUMBERS[n], *cells, note] for n, note in enumerate(notes))]
    )
    assert read(said, "full_name") == [NAMES[n] for n, (is_read, _) in enumerate(notes.values()) if is_read]
    of = {(f["rule"], f["cell"]) for f in said["findings"] if f["rule"] in ("event_took_place", "event_holds")}
    assert of == {(rule, f"F{n + 3}") for n, (_, rule) in enumerate(notes.values()) if rule}


def test_a_form_of_discipline_in_a_column_for_each_system_says_its_system(tmp_path: Path) -> None:
    title, decided = [LISTS["discipline"][0]], ["1-QĐ/UBKT", "05/05/2025"]
    forms = [["Cảnh cáo", None], [None, "Khiển trách"], ["Khiển trách", "Cảnh cáo"]]
    rows = [[n + 1, NAMES[n], NUMBERS[n], *of, *decided] for n, of in enumerate(forms)]
    flat = [[*WHO, "Hình thức kỷ luật đảng", "Hình thức kỷ luật chính quyền", "Số quyết định", "Ngày quyết định"]]
    tree = [[*WHO, "Hình thức kỷ luật", None, "Số quyết định", "Ngày quyết định"], [None, None, None, "Đảng", "Chính quyền"]]
    groups: list[list[Any]] = [["STT", "Thông tin chung", *[None] * 6], [None, *flat[0][1:]]]
    for lines, heads in (([title], flat), ([title], tree), ([title], groups), ([], flat)):  # a table without a title says it all by itself
        said = asked(tmp_path, [*lines, *heads, *rows])
        of = read(said, "discipline_system_code", "discipline_form_code")
        assert of == [["PARTY", "WARNING"], ["STATE", "REPRIMAND"], ["PARTY", "REPRIMAND"]]
        assert told(said, "one_decision_in_a_row") == [f"E{len(lines) + len(heads) + 3}"]


def test_people_below_courses_are_no_roster_whatever_their_sheet_is_called(tmp_path: Path) -> None:
    heads = [*WHO, "Ngày kết nạp", "Ngày chính thức", "Dân tộc", "Xếp loại", "Cơ quan, đơn vị"]
    rows = [[n + 1, NAMES[n], NUMBERS[n], "03/02/2010", "03/02/2011", "Kinh", "Giỏi", "Phòng Kinh tế"] for n in range(5)]
    course = ["I", "Trung cấp lý luận chính trị (từ 03/03/2025 đến 12/09/2025, tại Trường Chính trị thành phố)"]
    for sections, is_taken in (([course], False), ([["I", "Phòng Kinh tế"]], True)):
        data = book([heads, *sections, *rows], name="Danh sách lớp")
        said = answer(Form("Danh sách.xlsx", data, {}, set(), {}, range(0)), "2025", tmp_path)
        assert ([d["dataset"] for d in said["datasets"] if d["verdict"] == "ACCEPTED"] == ["personnel"]) is is_taken


# ── levels and reasons ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_reason_in_the_place_of_a_level_is_one(tmp_path: Path) -> None:
    levels = ["HTTNV", "Không xếp loại do mới vào Đảng", "Miễn", "Chưa đủ 6 tháng", "KXL (đình chỉ sinh hoạt)"]
    said = asked(tmp_path, [RATED, [*WHO, "Xếp loại"], *people(levels)])
    assert read(said, "decided_level_code", "not_rated_reason_code") == [
        ["GOOD", None], *(["NOT_RATED", reason] for reason in ("NEW_LT_6M", "EXEMPT", "NEW_LT_6M", "SUSPENDED"))
    ]  # fmt: skip


@pytest.mark.parametrize("level", ["Chuyển đến", "Xem lại", "Không xếp loại"])
def test_what_is_no_reason_in_the_place_of_a_level_is_asked(level: str, tmp_path: Path) -> None:
    said = asked(tmp_path, [RATED, [*WHO, "Xếp loại"], *people([*FIRST[:4], level])])
    assert read(said, "decided_level_code") == OF_FIRST[:4]


@pytest.mark.parametrize("years", [["2023", "2024", "2025"], [2023, 2024, 2025], ["Năm 2023", "Năm 2024", "Năm 2025"]])
def test_years_over_levels_are_ratings_of_these_years_without_a_title(years: list[Any], tmp_path: Path) -> None:
    said = asked(tmp_path, [[*WHO, *years], *people(FIRST[::-1], FIRST[::-1], FIRST)])
    assert read(said, "decided_level_code") == OF_FIRST
    assert not asked(tmp_path, [[*WHO, *years], *people(*[[5.5, 6, 7, 8, 9]] * 3)])["accepted"]
    assert not asked(tmp_path, [[*WHO, *years[:2]], *people(FIRST, FIRST)])["accepted"]  # none of them is the folder's


@pytest.mark.parametrize("sections", [
    (["I", "Hoàn thành xuất sắc nhiệm vụ"], ["II", "Hoàn thành tốt nhiệm vụ"]),
    (["A. Đảng viên HTXSNV (02 đồng chí)"], ["B. Đảng viên HTTNV: 03 đồng chí"]),
])  # fmt: skip
def test_levels_that_section_rows_say_are_those_of_the_people_below(sections: tuple[list[str], list[str]], tmp_path: Path) -> None:
    rows = people()
    body = [sections[0], *rows[:2], sections[1], *rows[2:]]
    said = asked(tmp_path, [RATED, [], WHO, *body])
    assert read(said, "decided_level_code") == ["EXCELLENT"] * 2 + ["GOOD"] * 3
    assert told(said, "column_said_above")
    assert not asked(tmp_path, [["DANH SÁCH THI ĐUA NĂM 2025"], [], WHO, *body])["accepted"]


@pytest.mark.parametrize("foot", [
    [[None, "HTXSNV", None, 1], [None, "HTTNV", None, "02 đ/c"]],
    [[None, "HTXSNV: 1"], [None, "HTTNV: 02 đồng chí"]],
    [[], [None, None, None, "HTXSNV: 1"], [None, None, None, "HTTNV: 2"]],
])  # fmt: skip
def test_counts_at_the_foot_of_ratings_are_nobody(foot: list[list[Any]], tmp_path: Path) -> None:
    said = asked(tmp_path, [RATED, [*WHO, "Xếp loại"], *people(FIRST), *foot])
    assert read(said, "full_name") == NAMES and not {f["severity"] for f in said["findings"]} & {"ERROR"}


def test_counts_of_people_at_the_foot_of_a_roster_are_nobody(tmp_path: Path) -> None:
    rows = [[n + 1, NAMES[n], BORN[n], "Đảng viên"] for n in range(5)]
    foot = [[None, "Chính thức: 04 đồng chí"], [None, "Dự bị", None, "01"], [None, "Nữ", None, 2]]
    assert read(asked(tmp_path, [ROSTER, PLAIN, *rows, *foot]), "full_name") == NAMES
