"""A list whose title or whose sections name the course, with its days or who gave it, is one of who took it, whatever its columns lack."""

from pathlib import Path
from typing import Any

import pytest
from test_level_columns import NAMES, NUMBERS, asked

HEADER = ["STT", "Họ và tên", "Số CCCD", "Đơn vị", "Xếp loại"]
RESULTS = ["Giỏi", "Khá", "Khá", "Giỏi", "Trung bình"]
COURSE = "Lớp Bồi dưỡng kỹ năng chuyển đổi số"
DAYS = "Thời gian: từ ngày 16/06/2025 đến ngày 20/06/2025"
SECTION = "I. Lớp Bồi dưỡng kỹ năng chuyển đổi số do Trường Chính trị thành phố tổ chức từ 16/06/2025 đến 20/06/2025"


def people() -> list[list[Any]]:
    return [[n + 1, NAMES[n], NUMBERS[n], "Phòng Kinh tế", RESULTS[n]] for n in range(5)]


def accepted(said: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """Dataset, first day and result of each row that counts."""
    parts = [d for d in said["datasets"] if d["verdict"] == "ACCEPTED"]
    return [(d["dataset"], r["values"].get("training_from"), r["values"].get("training_result_code")) for d in parts for r in d["rows"]]


TAKEN = [("training", "2025-06-16", code) for code in ("EXCELLENT", "GOOD", "GOOD", "EXCELLENT", "PASSED")]


@pytest.mark.parametrize("titles", [["DANH SÁCH HỌC VIÊN", COURSE, DAYS], [f"KẾT QUẢ HỌC TẬP {COURSE.upper()}", f"({DAYS})"]])
def test_a_title_that_names_the_course_and_its_days_is_enough(titles: list[str], tmp_path: Path) -> None:
    """A result called “Xếp loại” is no rating of work there."""
    assert accepted(asked(tmp_path, [*([title] for title in titles), [], HEADER, *people()])) == TAKEN


def test_so_are_sections_that_do_where_nothing_calls_the_list_anything(tmp_path: Path) -> None:
    assert accepted(asked(tmp_path, [HEADER, [SECTION], *people()])) == TAKEN


@pytest.mark.parametrize(
    ("titles", "section"),
    [
        (["DANH SÁCH ĐĂNG KÝ HỌC", COURSE, DAYS], ""),  # nobody took it yet
        (["DANH SÁCH HỌC VIÊN VẮNG", COURSE, DAYS], ""),
        (["KẾT QUẢ XẾP LOẠI THI ĐUA NĂM 2025"], SECTION),
        (["DANH SÁCH CÁN BỘ, CÔNG CHỨC NĂM 2025"], SECTION),
        ([], "I. Lớp 10A"),
        ([], "I. Phòng Kinh tế"),
    ],
)
def test_what_a_title_calls_otherwise_or_a_course_without_its_time_stays_asked(titles: list[str], section: str, tmp_path: Path) -> None:
    rows = [*([title] for title in titles), HEADER, *([[section]] if section else []), *people()]
    assert accepted(asked(tmp_path, rows)) == []
