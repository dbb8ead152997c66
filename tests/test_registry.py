"""A registry that fails its checks stops the load with the rows named; nothing is recorded."""

import shutil

import pytest
from conftest import CALENDAR, UNITS, City, number, rating, ratings
from test_identities import ONE, TWO, confirm, line, of_card, of_number

from pipeline import gate, nightly
from pipeline.judging.registry import RegistryProblem
from pipeline.ledger.records import read_loads
from pipeline.schemas.files import FILE_RULES

FAULTS = {
    "unknown parent": (("U9", "Q09", "Lạ", "CELL", "U99", "01/01/2000", None), "its parent is blank or not in the registry"),
    "no parent": (("U9", "Q09", "Lạ", "CELL", None, "01/01/2000", None), "its parent is blank or not in the registry"),
    "a cell under a base cell": (("U9", "Q01.002.01", "Chi bộ", "CELL", "U6", "01/01/2000", None), "a CELL cannot be under a BASE_CELL"),
    "a cell under a superior": (("U9", "Q01.9", "Chi bộ", "CELL", "U2", "01/01/2000", None), "a CELL cannot be under a SUPERIOR"),
    "a base cell under itself": (("U9", "Q01.9", "Chi bộ", "SECTION", "U9", "01/01/2000", None), "a SECTION cannot be under a SECTION"),
    "a code used twice": (("U9", "Q01.002", "Chi bộ khác", "BASE_CELL", "U2", "01/01/2010", None), "its code already names another unit"),
    "overlapping stretches": (("U6", "Q01.022", "Chi bộ trường Hai", "BASE_CELL", "U2", "01/01/2010", None), "overlaps the one of row"),
    "a child before its parent": (
        ("U9", "Q01.9", "Chi bộ", "BASE_CELL", "U2", "01/01/1999", None),
        "its parent is not valid on 01/01/1999",
    ),
    "an unknown type": (("U9", "Q01.9", "Chi bộ", "PHÒNG", "U2", "01/01/2000", None), "unit_type_code must be a code"),
    "an end before the beginning": (("U9", "Q01.9", "Chi bộ", "BASE_CELL", "U2", "01/01/2000", "01/01/1999"), "ends on or after"),
    "a code that is no folder name": (("U9", "Q01/9", "Chi bộ", "BASE_CELL", "U2", "01/01/2000", None), "a folder's name"),
    "a blank name": (("U9", "Q01.9", None, "BASE_CELL", "U2", "01/01/2000", None), "unit_name must not be blank"),
    "a successor of what did not end": (
        ("U9", "Q01.9", "Chi bộ", "BASE_CELL", "U2", "01/01/2000", None, "U6"),
        "Only a unit that ended has a successor",
    ),
    "a successor that is not there": (
        ("U9", "Q01.9", "Chi bộ", "BASE_CELL", "U2", "01/01/2000", "31/12/2020", "U99"),
        "its successor is not in the registry",
    ),
    "a unit that succeeds itself": (
        ("U9", "Q01.9", "Chi bộ", "BASE_CELL", "U2", "01/01/2000", "31/12/2020", "U9"),
        "its successors lead back to one of them",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_registry_stops_the_load_and_names_the_row(city: City, fault: str) -> None:
    row, sentence = FAULTS[fault]
    city.registry([*UNITS, row])
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    assert any(sentence in line and "row 9" in line for line in caught.value.rows), caught.value.rows
    assert read_loads(city.home) == []


def test_a_code_may_be_given_to_another_unit_later(city: City) -> None:
    units = [u if u[0] != "U6" else (*u[:6], "31/12/2020") for u in UNITS]
    city.registry([*units, ("U9", "Q01.002", "Chi bộ mới", "BASE_CELL", "U2", "01/01/2021", None)])
    assert city.land().load_id == 1


def test_a_unit_may_change_parent_and_name_between_stretches(city: City) -> None:
    more = [("U8", "Q02", "Đảng bộ quận Hai", "SUPERIOR", "U1", "01/01/2000", None)]
    moved = [u if u[0] != "U6" else (*u[:6], "30/06/2021") for u in UNITS]
    city.registry([*moved, *more, ("U6", "Q02.001", "Chi bộ trường Hai", "BASE_CELL", "U8", "01/07/2021", None)])
    assert city.land().load_id == 1


def ended(unit: str, code: str, first: str, last: str | None, successor: str | None = None) -> tuple[str | None, ...]:
    return unit, code, f"Chi bộ {code}", "BASE_CELL", "U2", first, last, successor


CHAINS = {
    "who took over ended on the same day, and another took over": (
        [ended("U8", "A", "01/01/2000", "31/12/2020", "U9"), ended("U9", "B", "01/01/2000", "31/12/2020", "U6")],
        [],
    ),
    "who took over begins later": (
        [ended("U8", "A", "01/01/2000", "31/12/2020", "U9"), ended("U9", "B", "01/02/2021", None)],
        ["row 9: its successor is not valid on 01/01/2021."],
    ),
    "two took over from each other": (
        [ended("U8", "A", "01/01/2000", "31/12/2020", "U9"), ended("U9", "B", "01/01/2000", "31/12/2021", "U8")],
        ["row 9: its successors lead back to one of them.", "row 10: its successors lead back to one of them."],
    ),
    "the unit goes on": (
        [ended("U8", "A", "01/01/2000", "31/12/2020", "U6"), ended("U8", "B", "01/01/2021", None)],
        ["row 9: the unit goes on after this stretch; a successor stands in a unit's last stretch."],
    ),
}


@pytest.mark.parametrize("chain", CHAINS)
def test_whoever_took_over_is_there_on_the_day_after(city: City, chain: str) -> None:
    units, problems = CHAINS[chain]
    city.registry([*UNITS, *units])
    if not problems:
        assert city.land().load_id == 1
        return
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    assert caught.value.rows == [f"units.csv, {problem}" for problem in problems]


def test_former_names_lead_along_the_line_of_successors(city: City) -> None:
    city.registry([*UNITS, *CHAINS["who took over ended on the same day, and another took over"][0]])
    heirs = nightly.check_registry(city.home, gate.look(city.home).registry).heirs()
    assert [row for row in heirs.iter_rows() if row[0] in ("U6", "U8")] == [
        ("U6", "U6", 0),
        ("U8", "U8", 0),
        ("U8", "U9", 1),
        ("U8", "U6", 2),
    ]


def test_of_two_files_of_one_list_one_is_too_many(city: City) -> None:
    shutil.copy(city.home.registry / "calendar.csv", city.home.registry / "Calendar.CSV")
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    assert caught.value.rows == ["Calendar.CSV and calendar.csv: keep one of them."]


def test_a_file_of_the_registry_that_is_no_table_is_a_sentence(city: City) -> None:
    (city.home.registry / "calendar.csv").write_bytes(b"%PDF-1.7 ")
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    assert caught.value.rows == [f"calendar.csv: {FILE_RULES['file_not_document'].says_en}"]


def test_lines_of_other_people_neither_join_two_who_are_kept_apart_nor_are_named(city: City) -> None:
    first, card, second, third, other = (
        of_number(number(1)),
        of_card("67000001"),
        of_number(number(2)),
        of_number(number(3)),
        of_card("67000003"),
    )
    joined = [line(first, ONE, card), line(card, ONE, second), line(third, ONE, other)]
    confirm(city.home, *joined, line(first, TWO, third), line(second, TWO, first))
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    by = "identities.csv, row 2, identities.csv, row 3"
    assert caught.value.rows == [f"identities.csv, row 6: it says that these are two people; by {by} they are one."]


def test_a_missing_calendar_is_named(city: City) -> None:
    (city.home.registry / "calendar.csv").unlink()
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    assert caught.value.rows == ["registry/calendar.xlsx or .csv is missing."]


def test_a_missing_column_is_named(city: City) -> None:
    city.registry()
    (city.home.registry / "calendar.csv").write_text("dataset,unit_type,period\nratings,CELL,2021\n", "utf-8")
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    assert caught.value.rows == ["calendar.csv: the header row lacks “Hạn nộp”."]


def test_vietnamese_headers_and_labels_are_read(city: City) -> None:
    header = "Mã định danh,Mã đơn vị,Tên đơn vị,Loại đơn vị,Mã định danh cấp trên,Hiệu lực từ,Hiệu lực đến"
    rows = ["U1,CT,Đảng bộ thành phố,Đảng bộ thành phố,,01/01/2000,", "U2,Q01,Đảng bộ quận,Đảng bộ cấp trên trực tiếp cơ sở,U1,01/01/2000,"]
    (city.home.registry / "units.csv").write_text("\n".join([header, *rows]), "utf-8")
    look = gate.look(city.home)
    registry = nightly.check_registry(city.home, look.registry)
    assert registry.units["unit_type_code"].to_list() == ["CITY", "SUPERIOR"]
    assert registry.calendar.height == len(CALENDAR)
