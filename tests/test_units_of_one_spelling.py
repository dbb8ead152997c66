"""Two units whose names differ by marks only: exact marks say which one is meant; no marks may mean either, and that is asked."""

import duckdb
import pytest
from conftest import PERSONNEL_HEADER, UNITS, City, load, member

WRITTEN = ["Chi bộ ấp Long Hòa", "Chi bộ ấp Long Hoa", "CHI BỘ ẤP LONG HOÀ", "Chi bo ap Long Hoa", "Chi bộ ấp Long Hóa", "Q01.001.04"]
MEANT = ["Q01.001.03", "Q01.001.04", "Q01.001.03", None, None, "Q01.001.04"]
MOVED = ["STT", "Họ và tên", "Số CCCD", "Loại", "Đơn vị đi", "Đơn vị đến", "Từ ngày", "Số quyết định", "Ngày quyết định"]


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> City:
    city = City(tmp_path_factory.mktemp("alike") / "data")
    cells = [("U8", "Q01.001.03", WRITTEN[0]), ("U9", "Q01.001.04", WRITTEN[1])]
    city.registry([*UNITS, *((unit, code, name, "CELL", "U3", "01/01/2000", None) for unit, code, name in cells)])
    people = [member(n, unit) for n, unit in enumerate(WRITTEN)]
    city.put("2021/Q01.001/Nhân sự.csv", [PERSONNEL_HEADER, *people, *(member(n) for n in range(10, 16))])
    moves = [[n, *member(n)[1:3], "Luân chuyển", WRITTEN[n], WRITTEN[1], "01/02/2021", f"1{n}-QĐ/QU", "20/01/2021"] for n in (0, 3)]
    city.put("2021/Q01.001/Luân chuyển.csv", [MOVED, *moves])
    load(city.home)
    return city


def ask(city: City, query: str) -> list[tuple]:
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        return db.execute(query).fetchall()


def test_exact_marks_say_which_unit_is_meant(alike: City) -> None:
    placed = "SELECT row_no, unit_code FROM core.fct_personnel JOIN core.dim_unit USING (unit_version_key) WHERE row_no < 8 ORDER BY ALL"
    assert ask(alike, placed) == [(n, code) for n, code in enumerate(MEANT, start=2) if code]


def test_no_marks_and_marks_of_neither_are_asked(alike: City) -> None:
    found = (
        "SELECT row_no, column_name FROM quality.findings WHERE rule_code = 'unit_name_is_one' AND dataset_code = 'personnel' ORDER BY ALL"
    )
    assert ask(alike, found) == [(n, "unit") for n, code in enumerate(MEANT, start=2) if not code]


def test_where_somebody_came_from_is_found_by_marks_too(alike: City) -> None:
    moves = """SELECT row_no, f.unit_code, t.unit_code FROM core.fct_rotation
        LEFT JOIN core.dim_unit f ON f.unit_key = from_unit_key LEFT JOIN core.dim_unit t ON t.unit_key = to_unit_key ORDER BY ALL"""
    assert ask(alike, moves) == [(2, "Q01.001.03", "Q01.001.04"), (3, None, "Q01.001.04")]
