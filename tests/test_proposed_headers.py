"""`pipeline layout` reads an unknown file as a load would: within limits, and by what the city confirmed of its unit's headers already."""

import os
from pathlib import Path

import odd_files as odd
import pytest
from conftest import City, number, write_csv
from test_check import Said, nowhere
from test_formats import Deadly

from pipeline import checking
from pipeline.answers.proposals import LOOKED_AT
from pipeline.intake import workers
from pipeline.intake.layout import Layout
from pipeline.judging import layouts
from pipeline.ledger.find import find_registry
from pipeline.paths import Home, bench
from pipeline.schemas import SCHEMAS
from pipeline.schemas.files import FILE_RULES

HEADERS = ["STT", "Tên anh chị em", "Mã công dân", "KQ cuối năm", "Nhóm máu"]
CONFIRMED = [
    ["unit_code", "dataset", "header", "means", "confirmed_on"],
    ["Q01.001", "ratings", "Mã công dân", "Số CCCD", "10/12/2021"],
    ["Q01.001", "ratings", "Nhóm máu", "", "10/12/2021"],
    ["Q01.001", "ratings", "KQ cuối năm", "Mức xếp loại", ""],
]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def file_of(city: City, rows: int = 4) -> Path:
    table = [HEADERS, *[[n, f"Nguyễn Văn {n}", number(n), "HTTNV", "O"] for n in range(1, rows + 1)]]
    return city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": table})


def headers(home: Home, file: Path, unit: str = "Q01.001") -> set[str]:
    return {p.header for p in checking.propose_layout(home, file, unit).proposals}


def test_what_is_confirmed_to_the_unit_is_understood_and_to_no_other(city: City) -> None:
    file = file_of(city)
    everything = headers(city.home, file)
    assert {"Mã công dân", "KQ cuối năm", "Nhóm máu"} <= everything
    write_csv(city.home.registry / "layouts.csv", CONFIRMED)
    assert headers(city.home, file) == everything - {"Mã công dân", "Nhóm máu"}
    assert headers(city.home, file, "Q01.002") == everything
    said = Said(city.home, "layout", str(file), "--unit", "Q01.001")
    assert said.code == 0 and "KQ cuối năm" in said.text and "Mã công dân" not in said.text


def test_a_column_that_is_confirmed_already_is_proposed_to_no_other_header(city: City) -> None:
    file = file_of(city)
    write_csv(city.home.registry / "layouts.csv", CONFIRMED)
    assert "identity_number" not in {p.column for p in checking.propose_layout(city.home, file, "Q01.001").proposals}


def test_the_registry_of_the_last_load_is_asked_where_none_lies_in_raw_and_nothing_is_left_behind(city: City) -> None:
    file = file_of(city)
    write_csv(city.home.registry / "layouts.csv", CONFIRMED)
    city.land()
    for name in find_registry(city.home):
        (city.home.registry / name).unlink()
    before = sorted(city.home.root.rglob("*"))
    assert "Mã công dân" not in headers(city.home, file)
    assert sorted(city.home.root.rglob("*")) == before
    assert not [f for f in bench().rglob("*") if f.is_file() and f.name != "lock"]


def test_a_registry_that_cannot_be_read_is_told_and_the_file_is_read_all_the_same(city: City) -> None:
    file = file_of(city)
    write_csv(city.home.registry / "layouts.csv", [CONFIRMED[0], ["Q01.001", "ratings", "KQ", "Chiều cao", "10/12/2021"]])
    said = Said(city.home, "layout", str(file), "--unit", "Q01.001")
    assert said.code == 0 and "chưa được xét" in said.text and "Mã công dân" in said.text


@pytest.mark.parametrize("make", [odd.bomb, odd.small_bomb, odd.lying_bomb, odd.far_cell])
def test_a_file_that_grows_beyond_all_bounds_is_a_sentence(make, tmp_path: Path) -> None:
    file = tmp_path / "Xếp loại.xlsx"
    file.write_bytes(make())
    said = Said(nowhere(tmp_path), "layout", str(file), "--unit", "Q01.001")
    assert said.code == 1 and "Không nhận ra bảng nào" in said.err and "Traceback" not in said.text + said.err
    assert any(FILE_RULES[rule].says_vi in said.err for rule in ("file_size_in_bounds", "file_readable", "cells_in_bounds"))


@pytest.mark.parametrize(("grief", "rule"), [("hang", "file_read_in_time"), ("eat", "file_read_in_memory"), ("exit", "reader_survives")])
def test_a_file_that_ends_its_reader_is_a_sentence(grief: str, rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = layouts.layout_of(SCHEMAS)
    monkeypatch.setattr(workers, "FILE_SECONDS", 8 if grief == "hang" else workers.FILE_SECONDS)
    monkeypatch.setattr(layouts, "layout_of", lambda schemas: Layout(Deadly(layout.names), layout.headers, layout.required))
    file = tmp_path / f"{grief}.csv"
    file.write_bytes(odd.delimited(","))
    said = Said(nowhere(tmp_path), "layout", str(file), "--unit", "Q01.001")
    assert said.code == 1 and FILE_RULES[rule].says_vi in said.err


@pytest.mark.parametrize("command", ["check", "layout"])
def test_a_pipe_a_device_and_what_is_too_large_are_sentences(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = ["--period", "2021"] if command == "check" else ["--unit", "Q01.001"]
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    for file in (tmp_path / "pipe.csv", Path("/dev/zero"), tmp_path / "loop.csv"):
        said = Said(nowhere(tmp_path), command, str(file), *more)
        assert said.code == 2 and "tệp thường" in said.err, said.err
    with (tmp_path / "large.csv").open("wb") as large:
        large.truncate(9 * 2**30)
    said = Said(nowhere(tmp_path), command, str(tmp_path / "large.csv"), *more)
    assert said.code == 2 and said.err.strip() == FILE_RULES["file_not_too_large"].says_vi


def test_no_more_rows_leave_the_reader_than_are_looked_at(city: City) -> None:
    file = file_of(city, rows=LOOKED_AT + 50)
    (table,) = checking.propose_layout(city.home, file, "Q01.001").reading.tables
    assert len(table.rows) == LOOKED_AT and table.values == {}
