"""What stands at the foot of a list and in its notes: a statistic is nobody, and what a note says against its row is asked."""

from pathlib import Path
from typing import Any

import pytest
from test_level_columns import NAMES, NUMBERS, RATED, asked

WHO = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD"]
LISTS: dict[str, tuple[str, list[str], list[Any]]] = {  # title, columns beside who it is, and what everybody has there
    "personnel": ("DANH SÁCH ĐẢNG VIÊN", ["Ngày vào Đảng", "Chức vụ"], ["01/02/2010", "Chuyên viên"]),
    "ratings": (RATED[0], ["Mức xếp loại"], ["HTTNV"]),
    "discipline": (
        "DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT NĂM 2025",
        ["Hình thức kỷ luật", "Số quyết định", "Ngày ký"],
        ["Khiển trách", "1-QĐ/UBKT", "10/03/2025"],
    ),
    "training": (
        "DANH SÁCH HỌC VIÊN NĂM 2025",
        ["Tên lớp", "Từ ngày", "Đến ngày"],
        ["Bồi dưỡng kỹ năng số", "01/03/2025", "05/03/2025"],
    ),
}


def people(*rest: Any) -> list[list[Any]]:
    return [[n + 1, NAMES[n], f"0{n + 1}/02/19{80 + n}", NUMBERS[n], *rest] for n in range(5)]


def list_of(dataset: str, more: list[str] | None = None) -> list[list[Any]]:
    title, columns, own = LISTS[dataset]
    return [[title], [], [*WHO, *columns, *(more or [])], *people(*own)]


FOOT: list[list[Any]] = [
    [None, "Dân tộc", 1],
    [None, "Dự bị", 2],
    [None, "Trên 60 tuổi", 1],
    [None, "Đảng viên nữ", 3],
    [None, "Đảng viên miễn sinh hoạt", 1],
    [None, "Người dân tộc thiểu số", 1],
    [None, "Đại học", 4],
    [None, "Thạc sĩ", 2],
    [None, "Cao cấp chính trị", 1],
    [None, "Trung cấp", "02"],
    [None, "Trong đó: nữ", 4],
    [6, "Nam", 5],
    [7, "Nữ", 3],
    [None, "Đảng viên dự bị", "01 đ/c"],
    [None, "Cấp ủy viên", 2],
]


@pytest.mark.parametrize("dataset", LISTS)
@pytest.mark.parametrize("gap", [0, 1])
def test_a_statistic_at_the_foot_is_nobody_and_no_fault(dataset: str, gap: int, tmp_path: Path) -> None:
    blank: list[list[Any]] = [[] for _ in range(gap)]
    before, after = (asked(tmp_path, [*list_of(dataset), *more]) for more in ([], blank + FOOT))
    assert [part["dataset"] for part in after["datasets"]] == [dataset]
    assert [row["values"]["full_name"] for part in after["datasets"] for row in part["rows"]] == NAMES
    assert after["findings"] == before["findings"]


def test_whoever_is_known_by_a_name_and_a_year_alone_stays_a_person(tmp_path: Path) -> None:
    """A name is none of a group's, though it begins with a word of one, is written without capitals, or is one word."""
    names = ["Cao Nam", "Nguyễn văn an", "Danh Kinh", "Lý Hoa", "An"]
    thin = [[n + 1, name, 1980 + n, None if n else "Đảng viên"] for n, name in enumerate(names)]
    said = asked(tmp_path, [["DANH SÁCH ĐẢNG VIÊN"], [], ["STT", "Họ và tên", "Năm sinh", "Chức vụ"], *thin])
    assert [row["values"]["full_name"] for row in said["datasets"][0]["rows"]] == names


def test_a_collective_of_which_only_points_are_known_is_not_passed_over(tmp_path: Path) -> None:
    names = ["Chi bộ Cơ quan", "Phòng Tư pháp", "Ban Dân vận", "Tập thể lãnh đạo", "Phòng Tài chính"]
    rows = [[n + 1, name, 80 + n, "HTTNV" if n < 3 else None] for n, name in enumerate(names)]
    said = asked(tmp_path, [["KẾT QUẢ XẾP LOẠI TẬP THỂ NĂM 2025"], [], ["STT", "Tên tập thể", "Điểm", "Mức xếp loại"], *rows])
    assert [row["values"]["full_name"] for part in said["datasets"] for row in part["rows"]] == names


# ── what a note says against a level ─────────────────────────────────────────────────────────────────────────────

AGAINST = [
    "Miễn sinh hoạt",
    "Chưa xếp loại",
    "Không xếp loại",
    "Điều chỉnh xuống HTNV",
    "Đảng ủy xếp loại HTNV",
    "Xếp loại lại theo QĐ 15: KHTNV",
    "Bảo lưu, chưa xếp loại",
    "Chưa đủ 6 tháng",
    "Chưa họp xét",
    "HTXSNV",
    "Trùng với dòng 1",
    "Xếp loại ở nơi khác",
]
BESIDE = [
    "HTTNV",
    "Bí thư chi bộ",
    "Đi học",
    "Mới kết nạp",
    "Hoàn thành lớp bồi dưỡng",
    "Sức khỏe tốt",
    "Chi bộ xếp loại Hoàn thành tốt nhiệm vụ",
]


@pytest.mark.parametrize("header", ["Ghi chú", "Ý kiến khác"])
def test_a_note_that_speaks_against_the_level_is_asked_in_its_cell_and_the_level_counts(header: str, tmp_path: Path) -> None:
    notes = [*AGAINST, *BESIDE]
    rows = [[n + 1, f"Nguyễn Văn {chr(65 + n)}", "05/02/1980", f"0920801234{n:02}", "HTTNV", note] for n, note in enumerate(notes)]
    said = asked(tmp_path, [RATED, [], [*WHO, "Mức xếp loại", header], *rows])
    (part,) = said["datasets"]
    assert [(row["accepted"], row["values"]["decided_level_code"]) for row in part["rows"]] == [(True, "GOOD")] * len(notes)
    told = [f["cell"] for f in said["findings"] if f["rule"] == "note_agrees_with_level"]
    assert told == [f"F{n + 4}" for n in range(len(AGAINST))]


# ── what a note says of who left ─────────────────────────────────────────────────────────────────────────────────

LEFT = {  # a note of a roster → what it fills: last day, reason; nothing where it is asked
    "Chuyển SH đảng về nơi cư trú 10/2025": (None, None),
    "Chuyển sang Đảng bộ xã": (None, None),
    "Đã làm thủ tục chuyển Đảng": (None, None),
    "Rời chi bộ tháng 3": (None, None),
    "Rời chi bộ 3/2025": ("2025-03-31", "MOVED"),
    "CT đi 02/2025": ("2025-02-28", "MOVED"),
    "Cắt SHĐ 3/2025": ("2025-03-31", "MOVED"),
    "Giới thiệu SHĐ về xã Thạnh An": (None, None),
    "Ra nước ngoài định cư": (None, None),
    "Đã nghỉ": (None, None),
    "Chuyển CT": (None, None),
    "Chuyển trường": (None, None),
    "Thuyên chuyển": (None, None),
    "Không còn công tác": (None, None),
    "Về hưu": (None, None),
    "Nghỉ hưởng BHXH": (None, None),
    "Chấm dứt hợp đồng": (None, None),
    "Mất 2025": (None, "DIED"),  # perhaps on the last day that is counted
    "Chuyển sinh hoạt đi 12/2025": (None, "MOVED"),
}
STAYED = [
    "Chuyển sang chính thức 3/2025",
    "Chuyển đến 3/2025",
    "Nghỉ thai sản",
    "Chuyển sang viên chức",
    "Giới thiệu SHĐ hai chiều về xã Thạnh An",
    "Sinh hoạt đảng tại chi bộ 1",
    "Chưa chuyển sinh hoạt",
    "Từ Chi bộ 2 chuyển về",
    "Hưu trí",
    "Sẽ chuyển công tác",
]


def test_who_left_by_a_note_is_not_there_or_is_asked(tmp_path: Path) -> None:
    notes = [*LEFT, *STAYED]
    rows = [[n + 1, f"Nguyễn Văn {chr(65 + n)}", "05/02/1980", f"0920801234{n:02}", "Chuyên viên", note] for n, note in enumerate(notes)]
    said = asked(tmp_path, [["DANH SÁCH ĐẢNG VIÊN"], [], [*WHO, "Chức vụ", "Ghi chú"], *rows])
    (part,) = said["datasets"]
    read = [(row["values"].get("spell_to"), row["values"].get("leaving_reason_code")) for row in part["rows"]]
    assert dict(zip(notes, read, strict=True)) == LEFT | dict.fromkeys(STAYED, (None, None))
    told = {f["row"]: f["rule"] for f in said["findings"] if f["rule"] in ("leaving_in_its_column", "reason_has_leaving_day")}
    assert {notes[n - 4]: rule for n, rule in told.items()} == {
        note: "reason_has_leaving_day" if of[1] else "leaving_in_its_column" for note, of in LEFT.items() if of[0] is None
    }


# ── who was not punished ─────────────────────────────────────────────────────────────────────────────────────────

PUNISHED = LISTS["discipline"][0]
DECISION = "discipline_form_code"


def read(said: dict[str, Any], *columns: str) -> list[list[Any]]:
    return [[row["values"].get(c) for c in columns] for part in said["datasets"] for row in part["rows"]]


def punished(folder: Path, heads: list[str], cells: list[list[Any]]) -> dict[str, Any]:
    rows = [[n + 1, f"Nguyễn Văn {chr(65 + n)}", "05/02/1980", f"0920801234{n:02}", *more] for n, more in enumerate(cells)]
    return asked(folder, [[PUNISHED], [], [*WHO, *heads], *rows])


def test_whoever_was_not_punished_is_in_no_list_of_those_who_were_and_told(tmp_path: Path) -> None:
    forms = ["Khiển trách", "Không kỷ luật", "Miễn kỷ luật", "Cảnh cáo", "Chưa xử lý kỷ luật", "Không"]
    said = punished(tmp_path, ["Hình thức kỷ luật", "Ngày QĐ"], [[form, "10/03/2025"] for form in forms])
    assert read(said, DECISION) == [["REPRIMAND"], ["WARNING"]]
    assert [f["cell"] for f in said["findings"] if f["rule"] == "event_took_place"] == ["E5", "E6", "E8", "E9"]


def test_a_note_in_doubt_is_asked_about_unless_the_status_says_what_became_of_it(tmp_path: Path) -> None:
    heads = ["Hình thức kỷ luật", "Ngày QĐ", "Trạng thái", "Ghi chú"]
    said = punished(tmp_path, heads, [["Khiển trách", "10/03/2025", status, "Đang khiếu nại"] for status in ("Đang có hiệu lực", None)])
    assert read(said, DECISION) == [["REPRIMAND"]] * 2
    assert [f["cell"] for f in said["findings"] if f["rule"] == "event_holds"] == ["H5"]


def test_a_day_on_which_a_punishment_was_erased_ends_that_one_and_no_other(tmp_path: Path) -> None:
    days = ["10/09/2025", None, "10/09/2026", None]
    said = punished(tmp_path, ["Hình thức kỷ luật", "Ngày QĐ", "Ngày xóa kỷ luật"], [["Khiển trách", "10/03/2025", day] for day in days])
    assert read(said, "discipline_status_code") == [[None], ["ACTIVE"], ["ACTIVE"], ["ACTIVE"]]
    assert [f["cell"] for f in said["findings"] if f["rule"] in ("code_known", "column_holds_what_it_says")] == ["G4"]


def test_two_columns_of_discipline_are_forms_of_two_systems(tmp_path: Path) -> None:
    cells: list[list[Any]] = [
        ["Khiển trách", None],
        ["Không", "Cảnh cáo"],
        [None, "Cảnh cáo"],
        ["Không", "Không"],
        ["Khiển trách", "Cảnh cáo"],
    ]
    heads = ["Kỷ luật Đảng", "Kỷ luật chính quyền", "Ngày QĐ"]
    said = punished(tmp_path, heads, [[*of, "10/03/2025"] for of in cells])
    first = ["PARTY", "REPRIMAND"]
    assert read(said, "discipline_system_code", DECISION) == [first, ["STATE", "WARNING"], ["STATE", "WARNING"], first]
    assert [f["cell"] for f in said["findings"] if f["rule"] == "event_took_place"] == ["E7"]
    assert [f["cell"] for f in said["findings"] if f["rule"] == "one_decision_in_a_row"] == ["F8"]
