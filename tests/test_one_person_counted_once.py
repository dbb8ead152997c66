"""A person who stands under two numbers is told of, and counted once where nothing speaks against it."""

import duckdb
import pytest
from conftest import CALENDAR, RATINGS_HEADER, UNITS, City, load, number

HEADER = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Tình trạng đảng viên", "Từ ngày", "Ngày vào Đảng"]
BORN = "05/02/1980"


def person(name: str, identity: str, born: str | None = BORN, since: str = "01/03/2010") -> list:
    return [1, name, born, identity, "Chính thức", since, "01/03/2010"]


def rated(name: str, identity: str, period: str | None = None) -> list:
    return [1, name, identity, None, "HTTNV", None, period]


RULE = "one_number_per_person"


def ask(city: City, query: str, *values: object) -> list[tuple]:
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        return db.execute(query, list(values)).fetchall()


def told(city: City, rule: str = RULE) -> list[tuple]:
    """(period, sender, dataset, row), of current submissions."""
    return ask(
        city,
        "SELECT period, sender_code, dataset_code, row_no FROM quality.findings WHERE rule_code = ? AND is_current ORDER BY ALL",
        rule,
    )


def members(city: City, unit: str, period: str = "2021") -> tuple:
    """(population, rated, rated outside the roster) of a unit's members."""
    return ask(
        city,
        "SELECT population, rated, rated_outside_roster FROM reports.rpt_rating_summary WHERE unit_code = ? AND period = ? "
        "AND rating_system_code = 'PARTY_MEMBER'",
        unit,
        period,
    )[0]


NAMES = [f"Lê Văn {letter}" for letter in "ABCDE"]  # of every unit


def five(unit: int) -> list[list]:
    """Five people of a unit's roster, each with a birthday of their own."""
    return [person(name, number(100 * unit + n), born=f"0{n + 1}/0{unit}/1970") for n, name in enumerate(NAMES)]


def five_rated(unit: int, period: str | None = None) -> list[list]:
    return [rated(name, number(100 * unit + n), period) for n, name in enumerate(NAMES)]


MOVED = ["STT", "Họ và tên", "Số CCCD", "Loại", "Đơn vị đến", "Từ ngày", "Số quyết định", "Ngày quyết định"]
TO = ["Luân chuyển", "Q01.003", "01/02/2020", "12-QĐ/QU", "20/01/2020"]
WITH_PERIOD = [*RATINGS_HEADER, "Kỳ đánh giá"]


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Five units; every name below stands for one situation."""
    city = City(tmp_path_factory.mktemp("numbers") / "data")
    more = [(f"U{n + 4}", f"Q01.00{n}", f"Chi bộ trường {n}", "BASE_CELL", "U2", "01/01/2000", None) for n in (4, 5)]
    city.registry([*UNITS, *more], calendar=[*CALENDAR, *((d, t, "2020", "31/12/2020") for d, t, *_ in CALENDAR)])
    # the first unit mends what its quarter's lists said in the year's
    quarter = [
        *five(1),
        person("Trần Thị Sửa", number(11)),
        person("Trần Thị Thẻ", "361234567"),  # an old card's number
        person("Trần Thị Không", number(13), born=None),
        person("Trần Thị Tên", number(14)),
        person("Trần Thị Số", number(15)[1:]),  # Excel took the zero
    ]
    year = [
        *five(1),
        person("Trần Thị Sửa", number(12)),
        person("Trần Thị Thẻ", number(16)),
        person("Trần Thị Không", number(17), born=None),
        person("Trần Thị Tên Mới", number(14)),
        person("Trần Thị Số", number(15)),
    ]
    city.put("2021-Q3/Q01.001/Nhân sự.csv", [HEADER, *quarter])
    city.put("2021/Q01.001/Nhân sự.csv", [HEADER, *year])
    city.put("2020/Q01.001/Nhân sự.csv", [HEADER, *five(1), person("Trần Thị Năm", "361234570")])
    # what a list rates under a number that no roster knows
    city.put(
        "2021/Q01.001/Xếp loại.csv",
        [RATINGS_HEADER, *five_rated(1), rated("Trần Thị Sửa", number(12)), rated("TRAN THI TEN MOI", number(18))],
    )
    # the second unit's list has one person twice, two people of one name, and twins whose names differ by a mark
    city.put(
        "2021/Q01.002/Nhân sự.csv",
        [
            HEADER,
            *five(2),
            person("Trần Văn Hai", number(21)),
            person("Trần Văn Hai", number(22)),
            person("Trần Văn Trùng", number(23)),
            person("Trần Văn Trùng", number(24), born="06/02/1980"),
            person("Trần Văn Hùng", number(25)),
            person("Trần Văn Hưng", number(26)),
        ],
    )
    # the third one has no roster: the year's list mends a number of the quarter's
    city.put("2021-Q4/Q01.003/Xếp loại.csv", [WITH_PERIOD, *five_rated(3, "2021"), rated("Trần Văn Ba", number(31), "2021")])
    city.put("2021/Q01.003/Xếp loại.csv", [WITH_PERIOD, *five_rated(3, "2021"), rated("Trần Văn Ba", number(32), "2021")])
    # the fourth one mends a roster by another one, and its ratings stay
    city.put("2021/Q01.004/Nhân sự.csv", [HEADER, *five(4), person("Trần Văn Bốn", number(41))])
    city.put("2021/Q01.004/Xếp loại.csv", [RATINGS_HEADER, *five_rated(4), rated("Trần Văn Bốn", number(41))])
    # a new card between the fifth one's rosters of two years
    for year, card in (("2020", "361234569"), ("2021", number(51))):
        city.put(f"{year}/Q01.005/Nhân sự.csv", [HEADER, *five(5), person("Trần Văn Năm", card)])
        city.put(f"{year}/Q01.005/Luân chuyển.csv", [MOVED, [1, "Trần Văn Năm", card, *TO]])
    city.land()
    city.put("2021/Q01.004/Nhân sự.csv", [HEADER, *five(4), person("Trần Văn Bốn", number(42))])
    load(city.home, PERSONNEL_AS_OF="2021-12-21")
    return city


def test_a_number_mended_in_the_years_roster_is_told_in_both_and_counted_once(mended: City) -> None:
    rosters = [(period, row) for period, sender, dataset, row in told(mended) if (sender, dataset) == ("Q01.001", "personnel")]
    # Sửa and Thẻ by name and birth day, Không by a fact that both lists tell; Tên Mới is rated under a number that no roster knows
    assert rosters == [("2021", 7), ("2021", 8), ("2021", 9), ("2021", 10), ("2021-Q3", 7), ("2021-Q3", 8), ("2021-Q3", 9)]
    # the five others, Sửa, Thẻ, Tên and Số once; Không, whose birth date nobody gave, twice: that is asked
    assert members(mended, "Q01.001")[0] == 5 + 4 + 2
    assert members(mended, "Q01.001", "2021-Q3")[0] == 5 + 4 + 2


def test_one_who_was_joined_is_one_row_and_the_other_is_not_of_record(mended: City) -> None:
    kept_out = "SELECT period, row_no FROM quality.not_of_record JOIN quality.submissions USING (submission_key) WHERE reason_code = 'ANOTHER_ROW_IS_OF_RECORD' AND quality.submissions.dataset_code = 'personnel' AND row_no BETWEEN 7 AND 9 ORDER BY ALL"
    assert ask(mended, kept_out) == [("2021-Q3", 7), ("2021-Q3", 8)]
    assert told(mended, "one_row_per_fact") == [] and told(mended, "one_primary_spell_per_day") == []


def test_a_name_mended_or_a_zero_that_excel_took_is_no_other_person(mended: City) -> None:
    assert {row for _, sender, _, row in told(mended, "one_person_per_identity_number")} == {10}  # the name: asked, and counted once
    assert not [row for *_, row in told(mended) if row == 11]


def test_a_rating_under_a_number_that_no_roster_knows_is_told_once_with_what_the_roster_says(mended: City) -> None:
    assert [(period, row) for period, sender, dataset, row in told(mended) if (sender, dataset) == ("Q01.001", "ratings")] == [("2021", 8)]
    assert told(mended, "rated_person_on_roster") == []
    assert members(mended, "Q01.001")[2] == 1  # nobody guesses: the figure says that one is rated outside the roster


def test_one_person_twice_in_one_roster_is_asked_and_namesakes_and_twins_are_not(mended: City) -> None:
    assert [row for _, sender, _, row in told(mended) if sender == "Q01.002"] == [7, 8]
    assert members(mended, "Q01.002")[0] == 5 + 6


def test_a_rating_mended_in_the_years_list_is_told_in_both_where_there_is_no_roster(mended: City) -> None:
    assert [(period, row) for period, sender, _, row in told(mended) if sender == "Q01.003"] == [("2021", 7), ("2021-Q4", 7)]


def test_a_warning_sets_nothing_aside(mended: City) -> None:
    assert ask(mended, "SELECT sum(rows_set_aside) FROM quality.submissions") == [(0,)]
    assert ask(mended, "SELECT DISTINCT severity_code FROM quality.findings WHERE rule_code = ?", RULE) == [("WARNING",)]


def test_a_roster_mended_again_leaves_the_ratings_old_number_told(mended: City) -> None:
    assert [(period, dataset, row) for period, sender, dataset, row in told(mended) if sender == "Q01.004"] == [
        ("2021", "personnel", 7),
        ("2021", "ratings", 7),
    ]
    assert members(mended, "Q01.004") == (6, 5, 1)


def test_a_posting_told_in_two_years_under_an_old_and_a_new_card_runs_once(mended: City) -> None:
    """Rosters of two years know who it is; the posting is one fact, and nobody is at fault."""
    running = "SELECT running FROM reports.rpt_rotation_summary WHERE unit_code = 'Q01.005' AND year = 2021"
    assert ask(mended, running) == [(1,)] and not [sender for _, sender, *_ in told(mended) if sender == "Q01.005"]
