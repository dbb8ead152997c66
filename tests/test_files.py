"""Tables as files: whatever DuckDB answers comes out of each form as it went in, or as text that says it whole."""

import csv
import datetime as dt
import io
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from conftest import pipeline
from hypothesis import given
from hypothesis import strategies as st

from pipeline.paths import Home
from pipeline.surfaces import files

# What DuckDB can answer → as JSON, as CSV, as a cell of a workbook.
ANSWERS: dict[str, tuple[Any, str, Any]] = {
    "'nan'::DOUBLE": ("NaN", "NaN", "NaN"),
    "'infinity'::DOUBLE": ("Infinity", "Infinity", "Infinity"),
    "'-infinity'::DOUBLE": ("-Infinity", "'-Infinity", "-Infinity"),
    "9007199254740992::BIGINT": (9007199254740992, "9007199254740992", "9007199254740992"),
    "9007199254740993::BIGINT": ("9007199254740993", "9007199254740993", "9007199254740993"),
    "-170141183460469231731687303715884105727::HUGEINT": (
        "-170141183460469231731687303715884105727",
        "-170141183460469231731687303715884105727",
        "-170141183460469231731687303715884105727",
    ),
    "1.50::DECIMAL(10, 2)": (1.5, "1.50", 1.5),
    "-2.25::DECIMAL(10, 2)": (-2.25, "-2.25", -2.25),
    "12345678901234567.89::DECIMAL(30, 2)": ("12345678901234567.89", "12345678901234567.89", "12345678901234567.89"),
    "DATE '1899-12-31'": ("1899-12-31", "1899-12-31", "1899-12-31"),
    "DATE '1900-02-28'": ("1900-02-28", "1900-02-28", "1900-02-28"),
    "DATE '1900-03-01'": ("1900-03-01", "1900-03-01", dt.datetime(1900, 3, 1)),
    "DATE '0044-03-15 (BC)'": ("0044-03-15 (BC)", "0044-03-15 (BC)", "0044-03-15 (BC)"),
    "TIMESTAMP '1900-02-28 23:59:59'": ("1900-02-28 23:59:59", "1900-02-28 23:59:59", "1900-02-28 23:59:59"),
    "TIMESTAMP '2021-02-03 04:05:06'": ("2021-02-03 04:05:06", "2021-02-03 04:05:06", dt.datetime(2021, 2, 3, 4, 5, 6)),
    "TIMESTAMP '2021-02-03 04:05:06.000001'": ("2021-02-03 04:05:06.000001",) * 3,
    "TIMESTAMPTZ '2021-02-03 04:05:06+07'": ("2021-02-02 21:05:06+00:00",) * 3,
    "TIMETZ '04:05:06+07'": ("04:05:06+07:00",) * 3,
    "TIME '04:05:06'": ("04:05:06", "04:05:06", dt.time(4, 5, 6)),
    r"'\xAA\x00'::BLOB": (r"\xaa00",) * 3,
    "[1, NULL, 'nan'::DOUBLE]": ([1.0, None, "NaN"], '[1.0, null, "NaN"]', '[1.0, null, "NaN"]'),
    "{'a': 9007199254740993, 'b': [DATE '2021-01-01']}": (
        {"a": "9007199254740993", "b": ["2021-01-01"]},
        '{"a": "9007199254740993", "b": ["2021-01-01"]}',
        '{"a": "9007199254740993", "b": ["2021-01-01"]}',
    ),
    "MAP {1: 'x', 2: 'y'}": ({"1": "x", "2": "y"}, '{"1": "x", "2": "y"}', '{"1": "x", "2": "y"}'),
    "INTERVAL '-1 day'": ("-1 day, 0:00:00", "'-1 day, 0:00:00", "-1 day, 0:00:00"),
    "'=1+1'": ("=1+1", "'=1+1", "=1+1"),
    "'＝1+1'": ("＝1+1", "'＝1+1", "＝1+1"),
    "true": (True, "TRUE", True),
    "NULL": (None, "", None),
    "'https://la.example'": ("https://la.example",) * 3,
}


def written(kind: str, columns: list[str], rows: list[tuple[Any, ...]]) -> bytes:
    out = io.BytesIO()
    files.FORMATS[kind](columns, rows, out)
    return out.getvalue()


def strict(data: bytes) -> Any:
    """JSON as its standard has it: Python alone also reads NaN."""

    def refuse(word: str) -> None:
        raise ValueError(word)

    return json.loads(data, parse_constant=refuse)


@pytest.fixture(scope="module")
def answers() -> list[tuple[Any, ...]]:
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        return [db.execute(f"SELECT {expression}").fetchone() for expression in ANSWERS]


def test_whatever_duckdb_answers_is_json_as_its_standard_has_it(answers: list[tuple[Any, ...]]) -> None:
    assert [row["a"] for row in strict(written("json", ["a"], answers))] == [one for one, _, _ in ANSWERS.values()]


def test_whatever_duckdb_answers_is_text_that_no_program_reckons_with(answers: list[tuple[Any, ...]]) -> None:
    lines = [*csv.reader(io.StringIO(written("csv", ["a"], answers).decode("utf-8-sig"), newline=""))]
    assert [row[0] if row else "" for row in lines[1:]] == [one for _, one, _ in ANSWERS.values()]


def test_whatever_duckdb_answers_is_a_cell_or_text_in_one(answers: list[tuple[Any, ...]]) -> None:
    """A workbook knows no day before 1900-03-01, no zone, no more than 15 digits: what it would change is text."""
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", ["a"], answers))).worksheets[0]
    assert [sheet.cell(r, 1).value for r in range(2, len(ANSWERS) + 2)] == [one for _, _, one in ANSWERS.values()]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]


def test_columns_of_one_name_are_all_there() -> None:
    columns, rows = ["n", "n", "n_2", "N", "n"], [(1, 2, 3, 4, 5)]
    assert strict(written("json", columns, rows)) == [{"n": 1, "n_3": 2, "n_2": 3, "N": 4, "n_4": 5}]
    assert written("csv", columns, rows).decode("utf-8-sig") == "n,n,n_2,N,n\r\n1,2,3,4,5\r\n"
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", columns, rows))).worksheets[0]
    assert [*sheet.iter_rows(values_only=True)] == [("n", "n", "n_2", "N", "n"), (1, 2, 3, 4, 5)]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.dates() | st.datetimes() | st.times() | st.binary()
    | st.timedeltas() | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=3) | st.integers(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.lists(st.tuples(VALUES, VALUES), max_size=4), st.tuples(*[st.sampled_from(["a", "a_2", "=b", "Đảng bộ"])] * 2))
def test_any_rows_come_out_whole_in_every_form(rows: list[tuple[Any, ...]], columns: tuple[str, ...]) -> None:
    found = strict(written("json", [*columns], rows))
    assert len(found) == len(rows) and all(len(row) == 2 for row in found)
    lines = [*csv.reader(io.StringIO(written("csv", [*columns], rows).decode("utf-8-sig"), newline=""))]
    assert len(lines) == len(rows) + 1 and all(len(line) == 2 for line in lines)
    for (value, _), (cell, _) in zip(rows, lines[1:], strict=True):
        assert not cell.startswith(files.FORMULAS) or (isinstance(value, int | float | Decimal) and float(cell) == float(value))
        if isinstance(value, float) and math.isfinite(value):
            assert float(cell) == value
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", [*columns], rows))).worksheets[0]
    assert sheet.max_row == max(len(rows) + 1, 1) or any(value is None or value == "" for row in rows for value in row)


def test_what_a_workbook_cannot_hold_is_one_sentence_and_no_file(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    with pytest.raises(files.DoesNotFit, match=r"32\.767 ký tự"):
        files.write(["a"], [("x" * 32_768,)], "xlsx", target)
    with pytest.raises(files.DoesNotFit, match=r"16\.384 cột"):
        files.write(["a"] * 16_385, [], "xlsx", target)
    assert [*tmp_path.iterdir()] == []
    files.write(["a"], [("x" * 32_767,)], "xlsx", target)
    with pytest.raises(FileExistsError):
        files.write(["a"], [], "xlsx", target)


def test_the_shell_gives_valid_json_where_names_come_twice_and_numbers_are_none(small: Home, tmp_path: Path) -> None:
    query = "SELECT 1 AS a, 2 AS a, 'nan'::DOUBLE AS b, DATE '1899-01-01' AS c"
    done = pipeline(small, "sql", "-c", query, "--format", "json")
    assert strict(done.stdout.encode()) == [{"a": 1, "a_2": 2, "b": "NaN", "c": "1899-01-01"}]
    done = pipeline(small, "sql", "-c", query, "--out", str(tmp_path / "a.xlsx"))
    assert done.returncode == 0, done.stderr
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [*sheet.iter_rows(values_only=True)] == [("a", "a", "b", "c"), (1, 2, "NaN", "1899-01-01")]
    done = pipeline(small, "sql", "-c", "SELECT repeat('x', 40000) AS a", "--out", str(tmp_path / "b.xlsx"))
    assert done.returncode == 1 and "32.767 ký tự" in done.stderr and "Traceback" not in done.stderr and not (tmp_path / "b.xlsx").exists()
