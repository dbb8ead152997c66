"""Units by name: what the registry does not know is the sender's, and told; what is somebody else's stays out; a former name leads on."""

import re
import unicodedata

import duckdb
import pytest
from conftest import PERSONNEL_HEADER, RATINGS_HEADER, UNITS, City, differing, load, member, number, pipeline, rating, roster, tables

from pipeline.intake.files import read_file
from pipeline.intake.readings import Source
from pipeline.judging.layouts import layout_of
from pipeline.schemas import SCHEMAS
from pipeline.warehouse.publish import open_whole

REGISTRY = [
    *[(*unit, None) for unit in UNITS],
    ("U10", "Q01.001.03", "Chi bộ Cũ", "CELL", "U3", "01/01/2000", "30/06/2020", None),
    ("U10", "Q01.001.08", "Chi bộ Đổi tên", "CELL", "U3", "01/07/2020", None, None),
    ("U11", "Q01.001.09", "Chi bộ Đã nhập", "CELL", "U3", "01/01/2000", "31/12/2018", "U12"),
    ("U12", "Q01.001.10", "Chi bộ Giữa chừng", "CELL", "U3", "01/01/2000", "31/12/2019", "U4"),
    ("U13", "Q01.001.11", "Chi bộ Giải thể", "CELL", "U3", "01/01/2000", "31/12/2015", None),
    ("U14", "Q01.004", "Đảng bộ xã Sáp nhập", "BASE_COMMITTEE", "U2", "01/01/2000", "30/06/2020", "U3"),
    ("U15", "Q01.001.12", "Chi bộ Chuyển đi", "CELL", "U3", "01/01/2000", "30/06/2020", "U18"),
    ("U16", "Q02", "Đảng bộ quận Hai", "SUPERIOR", "U1", "01/01/2000", None, None),
    ("U17", "Q02.001", "Đảng bộ phường Tân Hòa", "BASE_COMMITTEE", "U16", "01/01/2000", None, None),
    ("U18", "Q02.001.01", "Chi bộ Kho bạc", "CELL", "U17", "01/01/2000", None, None),
    ("U19", "Q01.001.13", "Chi bộ Bệnh viện", "CELL", "U3", "01/01/2000", None, None),
]
SENDER, OUT = "Q01.001", None
# word → (the unit that the row counts under, its only finding)
KNOWN = {
    "": (SENDER, None),
    "Chi bộ 1": ("Q01.001.01", None),
    "Chi bộ 2 (03 đảng viên)": ("Q01.001.02", None),
    "Q01.001.02": ("Q01.001.02", None),
}
UNKNOWN = dict.fromkeys(
    ["Phòng Hành chính", "Chi bộ Kho bạc", "Q01.001.77", "Chi bộ Bệnh vịen đa khoa"], (SENDER, ("unit_known", "WARNING"))
)
FOREIGN = dict.fromkeys(
    ["Đảng bộ phường Tân Hòa", "Đảng bộ quận Hai", "Đảng bộ quận Một", "Chi bộ trường Ba", "Q02.001.01", "Chi bộ Chuyển đi"],
    (OUT, ("unit_within_sender", "ERROR")),
)
FORMER = {
    "Chi bộ Cũ": ("Q01.001.08", ("unit_valid_on_day", "WARNING")),
    "Q01.001.03": ("Q01.001.08", ("unit_valid_on_day", "WARNING")),
    "Chi bộ Đã nhập": ("Q01.001.01", ("unit_valid_on_day", "WARNING")),
    "Q01.001.10": ("Q01.001.01", ("unit_valid_on_day", "WARNING")),
    "Đảng bộ xã Sáp nhập": (SENDER, ("unit_valid_on_day", "WARNING")),
    "Chi bộ Giải thể": (OUT, ("unit_valid_on_day", "ERROR")),
}
WORDS = KNOWN | UNKNOWN | FOREIGN | FORMER


def bare(word: str) -> str:
    """As somebody without a Vietnamese keyboard writes it."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return plain.replace("đ", "d").replace("Đ", "D").upper()


WRITTEN = [*WORDS, *map(bare, WORDS)]
COLLECTIVES = ["Phòng Một", "Phòng Hai", "Chi bộ 1"]


def send(city: City) -> None:
    city.registry(REGISTRY)
    city.put("2021/Q01.001/Nhân sự.csv", roster([member(n, word) for n, word in enumerate(WRITTEN)]))
    header = ["STT", "Đơn vị", "Hệ xếp loại", "Mức xếp loại"]
    city.put("2021/Q01.001/Xếp loại.csv", [header, *([n, unit, "Tập thể", "HTTNV"] for n, unit in enumerate(COLLECTIVES))])
    # a committee sends for its bases: of two that it names, one is on a roster; and it rates whom no roster knows
    city.put("2021/Q01.002/Nhân sự.csv", roster([member(n) for n in range(200, 206)]))
    city.put("2021/Q01.003/Nhân sự.csv", roster([member(n) for n in range(300, 306)]))
    city.put("2021/Q02.001/Nhân sự.csv", roster([member(n) for n in range(400, 406)]))


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> City:
    city = City(tmp_path_factory.mktemp("named") / "data")
    send(city)
    sent = [rating(200, unit="Q01.002"), rating(300, unit="Chi bộ lạ"), rating(350, unit="Chi bộ lạ")]
    city.put("2021/Q01/Xếp loại.csv", [RATINGS_HEADER, *sent])
    load(city.home)
    return city


def ask(city: City, query: str) -> list[tuple]:
    with open_whole(city.home) as db:
        return db.execute(query).fetchall()


def test_each_word_counts_where_it_belongs_with_marks_or_without(named: City) -> None:
    placed = dict(
        ask(
            named,
            "SELECT row_no, unit_code FROM core.fct_personnel JOIN core.dim_unit USING (unit_version_key) JOIN quality.submissions USING (submission_key) WHERE sender_code = 'Q01.001'",
        )
    )
    assert {WRITTEN[n]: placed.get(n + 2) for n in range(len(WRITTEN))} == {
        w: unit for word, (unit, _) in WORDS.items() for w in (word, bare(word))
    }


def test_each_word_has_one_finding_at_its_column(named: City) -> None:
    found = ask(
        named,
        "SELECT row_no, column_name, rule_code, severity_code FROM quality.findings WHERE dataset_code = 'personnel' AND rule_code LIKE 'unit%' ORDER BY ALL",
    )
    expected = [
        (n, "unit", *told) for n, word in enumerate(WRITTEN, start=2) if (told := (WORDS | {bare(w): v for w, v in WORDS.items()})[word][1])
    ]
    assert found == expected


def test_what_is_assumed_is_said_in_the_facts(named: City) -> None:
    assumed = {n for (n,) in ask(named, "SELECT row_no FROM core.fct_personnel WHERE is_unit_assumed")}
    assert assumed == {n for n, word in enumerate(WRITTEN, start=2) if word in UNKNOWN or word in map(bare, UNKNOWN)}


def test_a_former_name_is_told_with_what_it_leads_to(named: City) -> None:
    rows = {
        WRITTEN.index("Chi bộ Đã nhập") + 2: ("Chi bộ Đã nhập", "Chi bộ 1"),
        WRITTEN.index("Q01.001.03") + 2: ("Chi bộ Cũ", "Chi bộ Đổi tên"),
    }
    says = dict(ask(named, "SELECT row_no, says_vi FROM quality.findings WHERE rule_code = 'unit_valid_on_day'"))
    for row, (old, new) in rows.items():
        assert f"Vào ngày đó “{old}” (" in says[row] and f") là “{new}” (" in says[row]
    assert "Vào ngày đó" not in says[WRITTEN.index("Chi bộ Giải thể") + 2]


def test_an_unknown_word_is_told_with_the_nearest_names_to_its_sender_alone(named: City) -> None:
    row = WRITTEN.index("Chi bộ Bệnh vịen đa khoa") + 2
    ((nearest,),) = ask(
        named,
        f"SELECT nearest_units FROM restricted.whole.findings WHERE rule_code = 'unit_known' AND row_no = {row} AND dataset_code = 'personnel'",
    )
    assert nearest.split("; ")[0] == "Chi bộ Bệnh viện" and len(nearest.split("; ")) <= 3
    names = {name for (name,) in ask(named, "SELECT unit_name FROM core.dim_unit")}
    every = ask(named, "SELECT nearest_units FROM restricted.whole.findings WHERE nearest_units IS NOT NULL")
    assert {name for (hint,) in every for name in hint.split("; ")} <= names
    with duckdb.connect(str(named.home.published), read_only=True) as db:
        assert db.execute("SELECT count(*) FROM quality.findings WHERE says_vi LIKE '%Gần giống nhất%'").fetchone() == (0,)
    page = (named.home.outbox / "2021" / "Q01.001" / "tom-tat.html").read_text("utf-8")
    assert "Gần giống nhất: Chi bộ Bệnh viện" in page


def test_collectives_that_nobody_knows_count_each_and_are_not_the_senders_own(named: City) -> None:
    rated = ask(
        named,
        "SELECT row_no, u.unit_code, s.unit_code FROM core.fct_ratings f JOIN core.dim_unit u USING (unit_version_key) LEFT JOIN core.dim_unit s ON s.unit_key = subject_unit_key AND s.is_newest WHERE rating_system_code = 'COLLECTIVE' ORDER BY ALL",
    )
    assert rated == [(2, SENDER, None), (3, SENDER, None), (4, "Q01.001.01", "Q01.001.01")]


def test_a_committees_unknown_rows_are_rated_and_answer_for_nobody(named: City) -> None:
    rows = ask(
        named,
        "SELECT row_no, u.unit_code, is_unit_assumed, roster_answer_code FROM core.fct_ratings f JOIN core.dim_unit u USING (unit_version_key) JOIN quality.submissions USING (submission_key) WHERE sender_code = 'Q01' ORDER BY ALL",
    )
    assert rows == [(2, "Q01.002", False, "ON_ROSTER"), (3, "Q01", True, "ON_ROSTER"), (4, "Q01", True, "NOT_ASKED")]
    assert ask(named, "SELECT rule_code FROM quality.findings WHERE rule_code = 'rated_person_on_roster'") == []
    told = ask(
        named,
        "SELECT answer_reason_code FROM quality.rule_answers a JOIN quality.submissions USING (submission_key) WHERE sender_code = 'Q01' AND a.rule_code = 'one_rating_per_person_and_period' AND answer_code = 'NOT_ASKED'",
    )
    assert told == []


def test_a_strange_cell_of_a_committee_takes_no_population_away(named: City) -> None:
    counts = "SELECT population, rated, rated_unlinked, units_without_roster FROM reports.rpt_rating_summary WHERE unit_code = 'CT' AND period = '2021' AND rating_system_code = 'PARTY_MEMBER'"
    members = sum(unit is not OUT for unit, _ in WORDS.values()) * 2 + 18
    assert ask(named, counts) == [(members, 3, 1, 0)]


def test_a_strange_cell_does_nothing_to_other_rows(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same city twice; in one of them a cell is blank, in the other it is strange."""
    found = []
    for word in (None, "#@! 12/2021 Ông Ba"):
        city = City(tmp_path_factory.mktemp("strange") / "data")
        city.registry(REGISTRY)
        city.put("2021/Q01.001/Nhân sự.csv", [PERSONNEL_HEADER, member(1, word), *(member(n, "Chi bộ 1") for n in range(2, 8))])
        city.put("2021/Q01.001/Xếp loại.csv", [RATINGS_HEADER, *(rating(n, unit="Chi bộ 1") for n in range(1, 8))])
        load(city.home)
        found.append(tables(city.home))
    rows = [{k: v for k, v in one.items() if k.startswith("reports.") and "submission" not in k} for one in found]
    assert differing(*rows) == []


def test_words_that_the_registry_does_not_know_are_listed_for_the_city(named: City) -> None:
    done = pipeline(named.home, "catalogue", "units")
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if "benh vien da khoa" in line)
    assert "Q01.001" in line and "Chi bộ Bệnh viện" in line
    assert re.search(r"phong hanh chinh\W+2\b", done.stdout)  # with marks and without
    assert "tan hoa" not in done.stdout


def test_numbers_of_people_are_no_words_of_units(named: City) -> None:
    assert number(350) not in pipeline(named.home, "catalogue", "units").stdout


def test_the_name_of_an_organisation_elsewhere_is_not_the_own_unit_that_differs_in_marks(city: City) -> None:
    own = [("U20", "Q01.001.14", "Chi bộ Thới An", "CELL", "U3", "01/01/2000", None, None)]
    city.registry([*REGISTRY, *own, ("U21", "Q02.002", "Chi bộ Thời An", "BASE_CELL", "U16", "01/01/2000", None, None)])
    city.put(
        "2021/Q01.001/Nhân sự.csv",
        roster([member(n, word) for n, word in enumerate(["Chi bộ Thới An", "Chi bộ Thời An", "CHI BO THOI AN"])]),
    )
    load(city.home)
    found = "SELECT row_no, unit_code FROM core.fct_personnel JOIN core.dim_unit USING (unit_version_key) ORDER BY 1"
    assert ask(city, found) == [(2, "Q01.001.14"), (4, "Q01.001.14")]
    rules = "SELECT row_no, rule_code, severity_code FROM quality.findings WHERE rule_code LIKE 'unit%'"
    assert ask(city, rules) == [(3, "unit_within_sender", "ERROR")]


@pytest.mark.parametrize(("sender", "are_units"), [("Q01.001", False), ("", False), ("101", True), ("01.001", True)])
def test_numbers_may_name_units_where_the_senders_own_code_is_a_number(city: City, sender: str, are_units: bool) -> None:
    file = city.put("2021/danh-sach.csv", roster([member(n, unit=str(100 + n)) for n in range(1, 5)]))
    (table,) = read_file(Source(0, file, file.name, sender), layout_of(SCHEMAS)).tables
    assert table.values["unit"] == [str(100 + n) if are_units else None for n in range(1, 5)]
