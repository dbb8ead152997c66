"""A total that counts what its sheet shows is right, also where some of it is not read: whoever is left out is told, and the total is not accused."""

from pathlib import Path
from typing import Any

import pytest
from test_level_columns import WHO, asked, people

COURSE = ["DANH SÁCH HỌC VIÊN LỚP BỒI DƯỠNG LÝ LUẬN CHÍNH TRỊ NĂM 2025"]
RESULTS, NOTES = ["Đạt", "Đạt", "Đạt", None, None], [None, None, None, "Vắng", "Bỏ học"]


def told(folder: Path, *rows: list[Any], merges: Any = ()) -> dict[str, list[str | None]]:
    """The cells, or rows, of totals that are told, by rule."""
    found: dict[str, list[Any]] = {}
    for f in asked(folder, [*rows], merges=merges)["findings"]:
        if f["rule"].startswith("total_"):
            found.setdefault(f["rule"], []).append(f["cell"] or f["row"])
    return found


@pytest.mark.parametrize(("said", "cells"), [(3, []), (5, []), (4, ["A9"]), (6, ["A9"])])
def test_whoever_took_no_course_may_be_in_its_total_or_not(tmp_path: Path, said: int, cells: list[str]) -> None:
    rows = [COURSE, [], [*WHO, "Kết quả", "Ghi chú"], *people(RESULTS, NOTES), [f"Tổng số: {said} đồng chí"]]
    assert told(tmp_path, *rows).get("total_matches_details", []) == cells


@pytest.mark.parametrize(("said", "rows"), [(5, []), (4, [2])])
def test_so_in_a_title(tmp_path: Path, said: int, rows: list[int]) -> None:
    found = told(tmp_path, COURSE, [f"Danh sách gồm {said} đồng chí"], [*WHO, "Kết quả", "Ghi chú"], *people(RESULTS, NOTES))
    assert found.get("total_matches_details", []) == rows


@pytest.mark.parametrize(("counts", "cells"), [((3, 1, 1), []), ((3, 1, 0), []), ((3, 2, 1), ["E10"]), ((3, 1, 2), ["F10"])])
def test_so_below_marks_of_which_one_says_that_somebody_was_absent(tmp_path: Path, counts: tuple[int, ...], cells: list[str]) -> None:
    heads = [*WHO, "Kết quả", None, None], [None] * 3 + ["Đạt", "Không đạt", "Vắng"]
    marks = [["x", "x", "x", None, None], [None, None, None, "x", None], [None, None, None, None, "x"]]
    merges = [*((2, n, 3, n) for n in range(3)), (2, 3, 2, 5)]
    found = told(tmp_path, COURSE, [], *heads, *people(*marks), ["Tổng cộng", None, None, *counts], merges=merges)
    assert found.get("total_matches_details", []) == cells


@pytest.mark.parametrize(("first", "last", "at"), [(2, 5, []), (1, 4, []), (3, 5, [4]), (2, 6, ["A11"])])
def test_so_in_a_section_and_below_it(tmp_path: Path, first: int, last: int, at: list[Any]) -> None:
    notes, sections = [None, "Vắng", None, None, None], (f"I. Chi bộ 1: 0{first} đồng chí", "II. Chi bộ 2: 03 đồng chí")
    rows = people(["Đạt"] * 5, notes)
    found = told(
        tmp_path, COURSE, [], [*WHO, "Kết quả", "Ghi chú"], [sections[0]], *rows[:2], [sections[1]], *rows[2:], [f"Cộng: 0{last} đồng chí"]
    )
    assert found.get("total_matches_details", []) == at


def test_people_below_a_section_of_another_matter_are_in_the_total_of_the_sheet(tmp_path: Path) -> None:
    rows = people(["UBND xã A"] * 5, [f"{n}-QĐ/TU" for n in range(5)])
    title, heads = ["DANH SÁCH CÁN BỘ LUÂN CHUYỂN, ĐIỀU ĐỘNG NĂM 2025"], [*WHO, "Đơn vị đến", "Số quyết định"]
    for said, cells in ((3, []), (5, []), (4, ["A11"])):
        found = told(tmp_path, title, [], heads, ["I. Luân chuyển"], *rows[:3], ["II. Nghỉ hưu"], *rows[3:], [f"Tổng số: {said} đồng chí"])
        assert found.get("total_matches_details", []) == cells


def test_a_total_of_numbered_rows_in_which_nobody_stands_is_told_as_that(tmp_path: Path) -> None:
    for said, rule in ((5, None), (8, "total_counts_nobody"), (7, "total_matches_details")):
        found = told(tmp_path, COURSE, [], [*WHO, "Kết quả"], *people(["Đạt"] * 5), [6], [7], [8], [f"Tổng số: {said} đồng chí"])
        assert found == ({rule: ["A12"]} if rule else {})
