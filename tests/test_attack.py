"""A short `make attack`, and the readers' beginnings: what the long ones do by chance stands in attack.py and fuzz_readers.py."""

import random
import warnings
from pathlib import Path

import active
import active_files
import attack
import canaries
import mutated
import odd_files
import openpyxl
import pytest
import readers
from conftest import City, rating, ratings, write_csv
from test_returned import given_back, plain

from pipeline.answers.harmless import workbook as harmless
from pipeline.intake.spreadsheets import read_cells
from pipeline.paths import Home


def test_no_canary_leaves_by_a_table_a_log_or_an_answer_to_others(tmp_path: Path) -> None:
    leaks = canaries.let_canaries_out(tmp_path, formats=("xlsx", "csv"), brief=True)
    assert leaks.leaks == []
    assert leaks.places > 200 and len(leaks.planted) == leaks.places, "the search finds each where it was put"
    assert all(
        leaks.looked_at[what]
        for what in ("what commands say", "versions and exports", "public exports and pages", "Dagster's folder", "answers to other units")
    )


def test_a_library_does_say_what_stands_in_a_cell(tmp_path: Path) -> None:
    """So that its silence in the test above is ours."""
    words = canaries.Canaries()
    canaries.workbook(tmp_path / "a.xlsx", words)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert words.in_text(" ".join(str(one.message) for one in said).encode())


def test_no_sql_reads_or_writes_beside_the_published_file(small: Home, tmp_path: Path) -> None:
    asked = attack.ask_for_files(small, tmp_path)
    assert asked.leaks == [] and asked.tries >= 90
    assert asked.works_unlocked >= 34, "the attacks are none of paper"


def test_all_tables_joined_tell_nearly_everybody_and_the_figure_counts_persons(small: Home) -> None:
    shares, alone = attack.singled_out(small)
    assert max(s.insider for s in shares.values() if s.persons == shares["core.dim_person"].persons) <= alone <= 1


def test_whatever_runs_or_leads_outside_stays_behind_in_any_mixture(tmp_path: Path) -> None:
    sent = active_files.send_active(110, tmp_path)
    assert sent.leaks == [] and sent.kinds >= {*active_files.ODD, *active_files.MORE, *active_files.OTHER_FILES}


@pytest.mark.parametrize("packed", [name for name in active_files.PACKED if name != "as it is"])
def test_a_zip_with_bytes_of_no_part_is_written_anew(packed: str, tmp_path: Path) -> None:
    data = active_files.PACKED[packed](plain())
    assert harmless.contents(plain()) and not harmless.contents(data)
    back, _ = given_back(tmp_path, data)
    assert active.problems(back) == [] and b"la.example" not in back


# ── readers ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", readers.READERS)
def test_a_reader_holds_for_its_beginnings_and_some_that_are_spoiled(name: str) -> None:
    reader, rng = readers.READERS[name], random.Random(name)
    seeds = [*reader.seeds()]
    for data in [*seeds[:20], *(mutated.mutated(rng.choice(seeds), rng) for _ in range(30))]:
        reader.read(data)


def test_a_title_on_two_lines_does_not_refuse_a_csv(city: City) -> None:
    """Found by looking for inputs: a row of one cell with a delimiter and a line break was an error of the reader of quoted rows."""
    target = city.home.root / "a.csv"
    write_csv(target, [["ĐẢNG BỘ PHƯỜNG MỘT,\nQUẬN MỘT"], *ratings([rating(1), rating(2)], title=False)])
    assert len(read_cells(target.read_bytes())[0].rows) == 4


def test_a_sheet_in_no_encoding_that_there_is_leaves_the_others_looked_into() -> None:
    """Found by looking for inputs: whether a sheet can be looked into is asked sheet by sheet."""
    broken = {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"UTF-8", b"UTF-26").replace(b'<c r="A1"', b'<c t="e" r="A1"')}
    (sheet,) = read_cells(odd_files.changed(odd_files.xlsx(), broken))
    assert sheet.is_blind and sheet.rows == odd_files.TABLE
