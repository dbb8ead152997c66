"""No person is another: one number with two names or birth dates, in one file, across files and years; numbers that slipped by a row."""

import duckdb
import polars as pl
import pytest
from conftest import CALENDAR, RATINGS_HEADER, City, load, number, pipeline
from openpyxl import load_workbook

from pipeline.names_and_numbers import read_name

HEADER = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Tình trạng đảng viên", "Từ ngày", "Ngày vào Đảng"]
NAMES = [
    "Trần Thị Lan", "Lê Văn Hùng", "Phạm Minh Đức", "Võ Thị Mai", "Huỳnh Văn Tâm", "Đặng Thị Hòa", "Bùi Quốc An", "Ngô Thị Yến",
    "Dương Văn Phúc", "Lý Thị Kim", "Mai Văn Sơn", "Hồ Thị Thu",
]  # fmt: skip


def person(n: int, name: str | None = None, born: str = "05/02/1980", of: int | None = None, since: str = "01/03/2010") -> list:
    return [n, name or NAMES[n % len(NAMES)], born, number(of or n), "Chính thức", since, "01/03/2010"]


def rated(n: int, name: str | None = None, of: int | None = None) -> list:
    return [n, name or NAMES[n % len(NAMES)], number(of or n), None, "HTTNV", None]


def slipped(first: int, by: int) -> list[list]:
    """Eleven rated people; from the third on, the numbers stand a row too low or too high, the last one at the other end."""
    return [RATINGS_HEADER, *(rated(first + n, of=first + (n if n < 2 else (n + by - 2) % 9 + 2)) for n in range(11))]


def told(city: City, *rules: str) -> list[tuple]:
    """(sender, dataset, row, column, severity), of current submissions."""
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        return db.execute(
            "SELECT period, sender_code, dataset_code, row_no, column_name, severity_code FROM quality.findings "
            "WHERE rule_code IN (SELECT unnest(?)) AND is_current ORDER BY ALL",
            [list(rules)],
        ).fetchall()


ONE, BESIDE = "one_person_per_identity_number", "numbers_beside_their_names"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Three units and two years; every number below stands for one situation."""
    city = City(tmp_path_factory.mktemp("persons") / "data")
    city.registry(calendar=[*CALENDAR, *((d, t, "2020", "31/12/2020") for d, t, *_ in CALENDAR)])
    first = [person(n) for n in range(1, 12)]
    first += [person(20, "Trần Thị Lan"), person(21, "Lê Văn Hùng", "06/03/1981", of=20, since="01/04/2012")]  # two people in one file
    first += [person(22, "Trần Thị Hoà"), person(23, "NGUYEN VAN AN"), person(24, "Đ/c Bùi Quốc An (Bí thư)"), person(25, born="1980")]
    first += [person(26), person(27, "Lê Văn Hùng"), person(28), person(29)]
    city.put("2021/Q01.001/Nhân sự.csv", [HEADER, *first])
    second = [
        person(40),
        person(41),
        person(5, "Hồ Thị Thu", "07/07/1975"),
        person(6, born="09/09/1980"),
    ]  # two of the first unit's numbers
    second += [person(n) for n in range(100, 111)]
    city.put("2021/Q01.002/Xếp loại.csv", slipped(100, 1))
    city.put("2021/Q01.003/Nhân sự.csv", [HEADER, *(person(n) for n in range(200, 211))])
    city.put("2021/Q01.003/Xếp loại.csv", slipped(200, -1))
    city.put("2020/Q01.003/Nhân sự.csv", [HEADER, *(person(n) for n in range(300, 311))])
    city.put("2020/Q01.003/Xếp loại.csv", [RATINGS_HEADER, *(rated(300 + n, of=300 + (n + 5) % 11) for n in range(11))])
    city.put("2021/Q01.002/Nhân sự.csv", [HEADER, *second])
    lists = [rated(n) for n in range(1, 12)]
    lists += [
        rated(22, "Trần Thị Hòa"),
        rated(23, "Nguyễn Văn An"),
        rated(24, "BÙI QUỐC AN"),
        rated(26, "Trần Thị L?n"),
        rated(27, "Lê Văn Hưng"),
    ]
    city.put("2021/Q01.001/Xếp loại.csv", [RATINGS_HEADER, *lists])
    city.put(
        "2020/Q01.001/Nhân sự.csv",
        [HEADER, *(person(n) for n in range(1, 12)), person(25), person(28, "Tạ Thị Vân"), person(29, born="08/08/1979")],
    )
    sheets = {"Tổ 1": [HEADER, *(person(n) for n in range(400, 405))], "Tổ 2": [HEADER, *(person(n) for n in range(405, 410))]}
    sheets["Tổ 2"].append(person(410, "Tạ Thị Vân", of=401, since="01/04/2012"))  # a number of the first sheet
    city.put("2021/Q01/Nhân sự.xlsx", sheets)
    load(city.home)
    return city


def test_one_number_with_two_people_is_told_wherever_they_stand(mixed: City) -> None:
    others = [t for t in told(mixed, ONE) if (t[1], t[2]) not in (("Q01.002", "ratings"), ("Q01.003", "ratings"))]
    assert [(period, sender, dataset, row, severity) for period, sender, dataset, row, _, severity in others] == [
        # another name, another birth date in another year: of two equally likely the newer year's is the record
        ("2020", "Q01.001", "personnel", 14, "WARNING"),
        ("2020", "Q01.001", "personnel", 15, "WARNING"),
        ("2021", "Q01", "personnel", 7, "WARNING"),  # on two sheets of one workbook
        # another unit says another name and birth date (5), another birth date (6): both units are told
        ("2021", "Q01.001", "personnel", 6, "ERROR"),
        ("2021", "Q01.001", "personnel", 7, "WARNING"),
        ("2021", "Q01.001", "personnel", 14, "ERROR"),  # in one file: name and birth date
        ("2021", "Q01.001", "ratings", 17, "WARNING"),  # in the list beside the roster: Hùng, Hưng
        ("2021", "Q01.002", "personnel", 4, "ERROR"),
        ("2021", "Q01.002", "personnel", 5, "WARNING"),
    ]
    assert {column for *_, column, _ in others} == {"identity_number"}


def test_other_spellings_of_a_name_and_a_bare_year_are_no_other_person(mixed: City) -> None:
    rows = {(sender, dataset, row) for period, sender, dataset, row, *_ in told(mixed, ONE) if period == "2021"}
    assert not rows & {("Q01.001", "personnel", n) for n in (15, 16, 17, 18)} and not rows & {
        ("Q01.001", "ratings", n) for n in (13, 14, 15, 16)
    }


def test_two_people_of_one_number_are_not_blamed_for_two_spells(mixed: City) -> None:
    assert told(mixed, "one_primary_spell_per_day", "one_row_per_fact") == []


def test_each_of_two_people_keeps_its_own_name_in_the_template(mixed: City) -> None:
    done = pipeline(mixed.home, "template", "--unit", "Q01.001", "--period", "2022", "--to", str(mixed.home.root / "out"))
    assert done.returncode == 0, done.stdout + done.stderr
    sheet = load_workbook(next((mixed.home.root / "out").glob("*.xlsx")))["Nhân sự"]
    rows = [row for row in sheet.iter_rows(values_only=True) if number(20) in row]
    assert [{"Trần Thị Lan", "Lê Văn Hùng"} & set(row) for row in rows] == [{"Trần Thị Lan"}, {"Lê Văn Hùng"}]


def test_no_key_of_a_name_or_a_birth_date_is_published(mixed: City) -> None:
    landed = mixed.landed("personnel")
    secret = {c for c in landed.columns if c.startswith(("full_name", "birth_date"))}
    assert len(secret) == 4
    values = {v for c in secret for v in landed[c].drop_nulls()}
    with duckdb.connect(str(mixed.home.published), read_only=True) as db:
        for schema, table in db.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
            frame = db.execute(f"SELECT * FROM {schema}.{table}").pl()
            assert not secret & set(frame.columns)
            assert not any(values & set(frame[c].drop_nulls()) for c, t in frame.schema.items() if t in (pl.String, pl.Int64))


def test_a_key_of_a_birth_date_is_no_key_of_a_name(city: City) -> None:
    city.put("2021/Q01.001/Nhân sự.csv", [HEADER, person(1, "1980", "1980"), *(person(n) for n in range(2, 6))])
    city.land()
    row = city.landed("personnel").sort("row_no").row(0, named=True)
    assert row["birth_date_key"] is None and row["birth_date_year_key"]
    assert len({row["full_name_letters_key"], row["birth_date_year_key"], row["identity_key"]}) == 3


def test_numbers_that_slipped_by_a_row_are_told_once_for_the_sheet(mixed: City) -> None:
    """The row at the end, whose number came from the other end, is told by itself; and so are all where names are only mixed up."""
    assert told(mixed, BESIDE) == [
        ("2021", "Q01.002", "ratings", 5, "identity_number", "ERROR"),
        ("2021", "Q01.003", "ratings", 4, "identity_number", "ERROR"),
    ]
    rows = [(period, sender, row) for period, sender, dataset, row, *_ in told(mixed, ONE) if sender != "Q01.001" and dataset == "ratings"]
    assert rows == [*(("2020", "Q01.003", n) for n in range(2, 13)), ("2021", "Q01.002", 4), ("2021", "Q01.003", 12)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Trần Thị Hoà", "TRẦN THỊ HÒA", True),
        ("Lý Thuỷ", "Lí Thủy", True),
        ("Tran Van A", "Trần Văn Á", True),  # a list without marks says nothing of them
        ("Trần Văn Hùng", "Trần Văn Hưng", False),
        ("Trần Văn A", "Trần Văn B", False),
        ("ông Trần Văn Bê", "Trần Văn Bê - ", True),
    ],
)
def test_names_are_held_against_each_other(one: str, other: str, same: bool) -> None:
    (marked, letters), (other_marked, other_letters) = read_name(one), read_name(other)
    assert (letters == other_letters and (not marked or not other_marked or marked == other_marked)) is same
