"""What is merged in a header says exactly what stands above what: in every kind of workbook that can merge cells."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import odd_files
import pytest
from own_forms import Plan, lay, plan_of
from test_shown import book, converted

from pipeline.intake.files import read_file
from pipeline.intake.readings import Reading, Source
from pipeline.judging.layouts import layout_of
from pipeline.schemas import SCHEMAS

LAYOUT = layout_of(SCHEMAS)
Cells = list[list[Any]]
HEADER: Cells = [
    ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Quyết định", None, None],
    [None, None, None, None, "Số", "Cơ quan ban hành", "Ngày"],  # what day?
]
PEOPLE: Cells = [[n, f"Nguyễn Văn {n}", f"09208000000{n}", "HTTNV", f"{n}-QĐ/ĐU", "Đảng ủy", "05/02/2021"] for n in range(1, 4)]
GROUP = (0, 4, 0, 5)  # of the number and who decided


def read(data: bytes, kind: str, folder: Path, period: str = "2021", name: str = "Xếp loại") -> Reading:
    file = folder / f"{name}.{kind}"
    file.write_bytes(data)
    return read_file(Source(0, file, file.name, period=period), LAYOUT)


def bytes_of(rows: Cells, merges: list[tuple[int, int, int, int]], kind: str, folder: Path) -> bytes:
    texts = {(r, c): str(cell) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell is not None}
    if kind == "xlsb":
        return odd_files.xlsb(texts, merges=merges)

    def merge(made: Any, sheet: Any) -> None:
        for top, left, bottom, right in merges:
            sheet.merge_range(top, left, bottom, right, texts[top, left])

    made = book(rows, merge)
    return made if kind == "xlsx" else converted(made, kind, folder)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "xlsb", "ods"])
def test_a_column_beside_a_merged_group_is_not_of_it(kind: str, tmp_path: Path) -> None:
    (table,) = read(bytes_of([*HEADER, *PEOPLE], [GROUP], kind, tmp_path), kind, tmp_path).tables
    assert "decided_on" not in table.values and table.values["decision_no"] == ["1-QĐ/ĐU", "2-QĐ/ĐU", "3-QĐ/ĐU"]
    assert table.left == {5: "Cơ quan ban hành", 6: "Ngày"}  # asked, and not guessed


def test_without_a_merge_a_group_reaches_to_the_next_text(tmp_path: Path) -> None:
    (table,) = read(book([*HEADER, *PEOPLE]), "xlsx", tmp_path).tables
    assert table.values["decided_on"] == ["05/02/2021"] * 3


def test_a_title_beside_a_merged_group_may_stand_in_the_last_row_alone(tmp_path: Path) -> None:
    rows = [
        [None, None, None, None, "Vợ (chồng)", None, None],
        ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Họ và tên", "Năm sinh", "Chức vụ"],
    ]
    rows += [[n, f"Nguyễn Văn {n}", f"09208000000{n}", "HTTNV", "Lê Thị Mận", "1980", "Giám đốc"] for n in range(1, 4)]
    (table,) = read(bytes_of(rows, [GROUP], "xlsx", tmp_path), "xlsx", tmp_path).tables
    assert table.values["full_name"] == [f"Nguyễn Văn {n}" for n in range(1, 4)]
    assert "birth_date" not in table.values and table.values["post_code"] == ["Giám đốc"] * 3
    (table,) = read(book(rows), "xlsx", tmp_path).tables
    assert "birth_date" not in table.values and "post_code" not in table.values  # perhaps the spouse's


def said(plan: Plan, folder: Path) -> list[tuple[str, str, dict[str, list[str | None]]]]:
    form = lay(plan)
    return [(t.dataset, t.sheet, t.values) for t in read(form.data, "xlsx", folder, plan.period, plan.file).tables]


def test_where_a_title_stands_in_its_column_changes_nothing(tmp_path: Path) -> None:
    """Trees of headers that are merged read the same whether titles without a group stand in the first row, merged down, or in the last one alone."""
    drawn, differing = 0, []
    for n in range(120):
        plan = plan_of(5, n)
        sunk = replace(plan, body=plan.body - {"CSV", "no merged cells", "header printed again"} | {"titles at the bottom"})
        if not plan.adversary and "titles at the bottom" in sunk.kinds:
            drawn += 1
            found = said(sunk, tmp_path)
            if found != said(replace(sunk, body=sunk.body - {"titles at the bottom"}), tmp_path):
                differing.append(n)
    assert drawn > 60 and not differing


def test_a_high_header_printed_again_is_no_person_and_its_columns_stay(tmp_path: Path) -> None:
    """Two rows that say nothing above those that do, merged, and all of them again on the next page."""
    high: Cells = [
        ["STT", "Thông tin chung", *[None] * 7],
        [None, "Chia ra", *[None] * 7],
        [None, "Họ và tên", "Số CCCD", "Điểm", None, "Mức xếp loại", None, None, None],
        [None, None, None, "Tự chấm", "Tập thể chấm", "HTXSNV", "HTTNV", "HTNV", "KHTNV"],
    ]
    people: Cells = [[n, f"Nguyễn Văn {n}", f"09208000000{n}", 90 + n, 80 + n, None, "x", None, None] for n in range(1, 6)]
    rows = [["XẾP LOẠI NĂM 2021"], *high, *people[:3], *high, *people[3:]]
    merges = [
        m
        for top in (1, 8)
        for m in [(top, 0, top + 3, 0), (top, 1, top, 8), (top + 1, 1, top + 1, 8), (top + 2, 1, top + 3, 1), (top + 2, 3, top + 2, 4)]
    ]
    (table,) = read(bytes_of(rows, merges, "xlsx", tmp_path), "xlsx", tmp_path).tables
    assert table.values["score"] == ["81", "82", "83", "84", "85"] and table.values["full_name"] == [f"Nguyễn Văn {n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("above", "merges"),
    [
        ([["XẾP LOẠI NĂM 2021"], ["Chi bộ: Chi bộ 1"]], [(1, 0, 1, 2)]),
        ([["ĐẢNG BỘ PHƯỜNG MỘT", None, "ĐẢNG CỘNG SẢN VIỆT NAM"], ["CHI BỘ 1", None, "Cần Thơ, ngày 5 tháng 1 năm 2022"]], [(0, 0, 0, 1), (0, 2, 0, 3), (1, 0, 1, 1), (1, 2, 1, 3)]),
        ([["I. SƠ YẾU LÝ LỊCH", None, None, "II. KẾT QUẢ"]], [(0, 0, 0, 2)]),
        ([[None, None, "Mẫu số 01"]], [(0, 2, 0, 3)]),
    ],
)  # fmt: skip
def test_a_title_merged_over_some_columns_is_no_group_of_them(
    above: Cells, merges: list[tuple[int, int, int, int]], tmp_path: Path
) -> None:
    rows = [*above, ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại"], *(row[:4] for row in PEOPLE)]
    (table,) = read(bytes_of(rows, merges, "xlsx", tmp_path), "xlsx", tmp_path).tables
    assert table.dataset == "ratings" and table.header_row == len(above) + 1
    assert {c: len([v for v in table.values[c] if v]) for c in ("full_name", "identity_number", "decided_level_code")} == dict.fromkeys(
        ("full_name", "identity_number", "decided_level_code"), 3
    )


def test_a_months_title_merged_over_some_columns_stays_a_title(tmp_path: Path) -> None:
    rows = [
        ["XẾP LOẠI ĐẢNG VIÊN THÁNG 4 NĂM 2021"],
        ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Số quyết định"],
        *(row[:5] for row in PEOPLE),
    ]
    (table,) = read(bytes_of(rows, [(0, 0, 0, 1)], "xlsx", tmp_path), "xlsx", tmp_path).tables
    assert table.titles == ["XẾP LOẠI ĐẢNG VIÊN THÁNG 4 NĂM 2021"]


@pytest.mark.parametrize("other", ["Họ tên vợ/chồng", "Người ký quyết định", "Họ và tên con", "Họ và tên"])
def test_behind_somebody_elses_name_nothing_is_the_persons_own(other: str, tmp_path: Path) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Dân tộc", other, "Ngày sinh", "Giới tính", "Chức vụ"]
    rows = [header, *([*row[:4], "Kinh", "Trần Thị Hoa", "01/05/1985", "Nữ", "Giám đốc"] for row in PEOPLE)]
    (table,) = read(book(rows), "xlsx", tmp_path).tables
    assert table.values["ethnicity_code"] == ["Kinh"] * 3
    assert not any(any(table.values.get(c, ())) for c in ("birth_date", "sex_code", "post_code"))
    assert "column_below_known_group" in {note.rule for note in table.notes}


def test_a_blank_group_has_nothing_of_the_title_beside_it(tmp_path: Path) -> None:
    rows: Cells = [["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", None, None], [None, None, None, None, "Họ và tên", "Ngày sinh"]]
    rows += [[*row[:4], "Trần Thị Hoa", "01/05/1985"] for row in PEOPLE]

    def merge(made: Any, sheet: Any) -> None:
        for column in range(4):
            sheet.merge_range(0, column, 1, column, rows[0][column])
        sheet.merge_range(0, 4, 0, 5, None)

    (table,) = read(book(rows, merge), "xlsx", tmp_path).tables
    assert not any(table.values.get("birth_date", ())) and len(table.values["decided_level_code"]) == 3


def test_a_small_merged_group_between_other_titles_says_whose_the_unit_below_it_is(tmp_path: Path) -> None:
    rows: Cells = [
        ["DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM 2021"],
        [None, None, None, "Công tác trước khi điều động", None, None, None, None, None],
        [
            "STT",
            "Họ và tên",
            "Số CCCD",
            "Chức danh",
            "Đơn vị",
            "Chức vụ sau khi luân chuyển",
            "Đơn vị đến",
            "Số quyết định",
            "Ngày quyết định",
        ],
    ]
    rows += [
        [n, f"Nguyễn Văn {n}", f"09208000000{n}", "Chuyên viên", "Sở Y tế", "Phó phòng", "Sở Nội vụ", f"{n}-QĐ/TU", "05/02/2021"]
        for n in range(1, 4)
    ]
    data = book(rows, lambda made, sheet: sheet.merge_range(1, 3, 1, 4, rows[1][3]), "Trang")
    (table,) = read(data, "xlsx", tmp_path, name="Luân chuyển").tables
    assert table.dataset == "rotation" and not any(table.values.get("unit", ())) and table.values["to_unit"] == ["Sở Nội vụ"] * 3


def test_telephones_beside_levels_below_a_group_of_their_own_are_no_marks(tmp_path: Path) -> None:
    rows: Cells = [
        ["DANH SÁCH CÔNG CHỨC ĐƯỢC ĐÁNH GIÁ, XẾP LOẠI NĂM 2021"],
        ["STT", "Họ và tên", "Số CCCD", "Kết quả đánh giá, xếp loại", *[None] * 4],
        [None, None, None, "SĐT", "Kết quả ĐGXL", *[None] * 3],
        [*[None] * 4, *"ABCD"],
    ]
    rows += [[n, f"Nguyễn Văn {n}", f"09208000000{n}", f"090384702{n}", None, "x", None, None] for n in range(1, 4)]
    merges = [*((1, c, 3, c) for c in range(3)), (1, 3, 1, 7), (2, 3, 3, 3), (2, 4, 2, 7)]
    (table,) = read(bytes_of(rows, merges, "xlsx", tmp_path), "xlsx", tmp_path).tables
    assert table.values["decided_level_code"] == ["Hoàn thành tốt nhiệm vụ"] * 3 and table.left[3] == "SĐT"


@pytest.mark.parametrize(("group", "is_post"), [("Chức vụ", True), ("Chức vụ, chức danh", True), ("Chức danh quy hoạch", False)])
def test_a_group_that_bears_another_name_of_a_column_says_what_its_title_would(group: str, is_post: bool, tmp_path: Path) -> None:
    rows: Cells = [
        ["STT", "Họ và tên", "Số CCCD", "Ngày vào Đảng", "Ngày chính thức", group, None],
        [*[None] * 5, "Trong Đảng", "Chính quyền"],
    ]
    rows += [
        [n, f"Nguyễn Văn {n}", f"09208000000{n}", "01/03/2010", "01/03/2011", "Chi ủy viên", "Trưởng phòng Kinh tế"] for n in range(1, 6)
    ]
    merges = [*((0, c, 1, c) for c in range(5)), (0, 5, 0, 6)]
    (table,) = read(bytes_of(rows, merges, "xlsx", tmp_path), "xlsx", tmp_path).tables
    assert (table.values.get("post_code") == ["Trưởng phòng Kinh tế"] * 5) is is_post
