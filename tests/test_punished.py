"""A list of which everybody has a form of discipline, and what it was for or decided by, is one of punishments, though nothing calls it one."""

from pathlib import Path
from typing import Any

import pytest
from test_level_columns import NAMES, RATED, asked, people

FORMS = ["Khiển trách", "Cảnh cáo", "Khiển trách", "Cảnh cáo", "Khai trừ"]
WHY = ["Thiếu trách nhiệm trong thực hiện nhiệm vụ được giao"] * 5
BLANK = [None] * 5
HEADER = ["STT", "Họ và tên", "Số CCCD"]


def read(said: dict[str, Any]) -> list[tuple[str, list[str | None]]]:
    """Datasets that count, with the forms of discipline of their rows."""
    return [
        (d["dataset"], [r["values"].get("discipline_form_code") for r in d["rows"]])
        for d in said["datasets"]
        if d["verdict"] == "ACCEPTED" and d["rows"]
    ]


CODES = ["REPRIMAND", "WARNING", "REPRIMAND", "WARNING", "EXPULSION"]


@pytest.mark.parametrize(
    ("heads", "columns"),
    [
        (["Hình thức kỷ luật", "Nội dung vi phạm"], [FORMS, WHY]),
        (["Hình thức kỷ luật đảng", "Hình thức kỷ luật chính quyền", "Lý do kỷ luật", "Số quyết định"], [FORMS, BLANK, WHY, ["12-QĐ/UBKT"] * 5]),
    ],
)  # fmt: skip
def test_a_list_of_the_punished_that_nothing_names_is_read(heads: list[str], columns: list[list[Any]], tmp_path: Path) -> None:
    assert read(asked(tmp_path, [[*HEADER, *heads], *people(*columns)])) == [("discipline", CODES)]


FEW = ["Khiển trách", None, None, None, None]


@pytest.mark.parametrize(
    ("title", "heads", "columns"),
    [
        ([], ["Hình thức kỷ luật", "Nội dung vi phạm"], [FEW, [WHY[0], *[None] * 4]]),  # most of them were not
        ([], ["Hình thức kỷ luật"], [FORMS]),  # for what?
        ([], ["Hình thức", "Số quyết định"], [FORMS, ["12-QĐ/UBKT"] * 5]),  # of what?
        ([], ["Hình thức kỷ luật", "Nội dung vi phạm"], [["Giấy khen"] * 5, WHY]),
        (["DANH SÁCH ĐỀ NGHỊ KỶ LUẬT NĂM 2025"], ["Hình thức kỷ luật", "Nội dung vi phạm"], [FORMS, WHY]),
        (["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2025"], ["Hình thức kỷ luật", "Nội dung vi phạm"], [FORMS, WHY]),
    ],
)
def test_a_list_of_whom_some_were_punished_or_that_is_called_otherwise_is_none(
    title: list[str], heads: list[str], columns: list[list[Any]], tmp_path: Path
) -> None:
    assert read(asked(tmp_path, [title, [*HEADER, *heads], *people(*columns)])) == []


BELOW = [["DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT NĂM 2025"], []]


@pytest.mark.parametrize("between", [[[], *BELOW], [[]], [[], [], *BELOW]])
def test_a_thin_table_of_the_punished_below_a_list_of_ratings_is_read_as_one(between: list[list[Any]], tmp_path: Path) -> None:
    rated = [RATED, [], [*HEADER, "Mức xếp loại"], *people(["HTTNV"] * 5)]
    punished = [["STT", "Họ và tên", "Hình thức kỷ luật", "Số quyết định"], [1, NAMES[0], "Khiển trách", "12-QĐ/UBKT"], [2, NAMES[3], "Cảnh cáo", "13-QĐ/UBKT"]]  # fmt: skip
    said = asked(tmp_path, [*rated, *between, *punished])
    assert read(said) == [("ratings", [None] * 5), ("discipline", ["REPRIMAND", "WARNING"])]


def test_a_table_of_awards_below_it_stays_asked(tmp_path: Path) -> None:
    rated = [RATED, [], [*HEADER, "Mức xếp loại"], *people(["HTTNV"] * 5)]
    awards = [
        ["STT", "Họ và tên", "Hình thức", "Số quyết định"],
        [1, NAMES[0], "Giấy khen", "12-QĐ/UBND"],
        [2, NAMES[3], "Bằng khen", "13-QĐ/UBND"],
    ]
    said = asked(tmp_path, [*rated, [], ["DANH SÁCH KHEN THƯỞNG NĂM 2025"], *awards])
    assert "discipline" not in {dataset for dataset, _ in read(said)}
    assert any(f["severity"] in ("ERROR", "WARNING") and (f["row"] or 0) > 8 for f in said["findings"])
