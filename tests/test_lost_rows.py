"""What a reader may lose without a word: tables above tables, lines in one cell, marks, headings. Each is read, or told."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from conftest import PERSONNEL_HEADER, RATINGS_HEADER, City, member, number, rating
from test_lists import read, told, values

from pipeline.intake.rows import RowClass

PEOPLE = [member(n) for n in range(1, 7)]
RATED = [rating(n) for n in range(1, 7)]


def renamed(data: bytes, name: str, other: str) -> bytes:
    """The workbook with a sheet called as no Excel lets it be called."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, content.replace(name.encode(), other.encode()) if part == "xl/workbook.xml" else content)
    return out.getvalue()


# ── sheets ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_sheets_of_one_name_refuse_their_file_and_no_other(city: City) -> None:
    path = city.put("2021/Q01.001/bao-cao.xlsx", {"Xếp loại": [RATINGS_HEADER, *RATED[:3]], "Thứ hai": [RATINGS_HEADER, *RATED[3:]]})
    path.write_bytes(renamed(path.read_bytes(), "Thứ hai", "Xếp loại"))
    city.put("2021/Q01.002/bao-cao.xlsx", {"Xếp loại": [RATINGS_HEADER, *[rating(n) for n in range(11, 14)]]})
    city.land()
    assert city.verdicts() == {("Q01.001", None): ("REFUSED", "file_readable"), ("Q01.002", "ratings"): ("ACCEPTED", None)}


def test_two_sheets_whose_names_differ_in_case_are_both_read(city: City) -> None:
    path = city.put("2021/Q01.001/bao-cao.xlsx", {"Xếp loại": [RATINGS_HEADER, *RATED[:3]], "Thứ hai": [RATINGS_HEADER, *RATED[3:]]})
    path.write_bytes(renamed(path.read_bytes(), "Thứ hai", "XẾP LOẠI"))
    city.land()
    assert city.landed("ratings").height == 6
