"""Rules of law against files as offices write them, beside the cases of test_law_rules: units that move, days that are a month, files that are missing."""

import datetime as dt
from typing import Any

import pytest

from tests.conftest import UNITS, City, load
from tests.test_law_rules import Row, answers, ask, moved, on_roster, punished, rated, table, told

AS_OF = "2028-06-30"
BASES = {f"Q01.30{n}": (f"C{n}", f"Q01.30{n}", f"Chi bộ trường Ba {n}", "BASE_CELL", "U2", "01/01/2000", None) for n in range(1, 9)}
SHARED, DAYS, STATUS, CASES, LEFT_TO, FORMER, MOVES, LATER = BASES
COMMITTEES = [(f"D{n}", f"Q01.40{n}", f"Đảng bộ phường Bốn {n}", "BASE_COMMITTEE", "U2", "01/01/2000", None) for n in (1, 2)]
# a cell that another committee takes over ten days after it was rated
MOVED_CELL = [
    ("D11", "Q01.401.01", "Chi bộ Khu phố 1", "CELL", "D1", "01/01/2000", "19/12/2021"),
    ("D11", "Q01.402.01", "Chi bộ Khu phố 1", "CELL", "D2", "20/12/2021", None),
]


@pytest.fixture(scope="module")
def by_files(tmp_path_factory: pytest.TempPathFactory) -> City:
    city = City(tmp_path_factory.mktemp("files") / "data")
    city.registry([*UNITS, *BASES.values(), *COMMITTEES, *MOVED_CELL])

    def send(period: str, unit: str, **datasets: list[Row]) -> None:
        for dataset, rows in datasets.items():
            city.put(f"{period}/{unit}/{dataset}.csv", table(dataset, rows))

    # two of ten are excellent in each committee, and one of five in the cell that moves
    for first, committee in ((1000, "Q01.401"), (1020, "Q01.402")):
        send("2021", committee, ratings=[
            *(rated(n, "EXCELLENT" if n < first + 2 else "GOOD", unit=None) for n in range(first, first + 10)),
            *(rated(n, "EXCELLENT" if n == 1040 else "GOOD", unit="Chi bộ Khu phố 1") for n in range(1040, 1045) if first == 1000),
        ])  # fmt: skip
    # of one organisation half came from itself, half from the superior; together they are over the cap, each alone is not
    send("2021", SHARED, ratings=[rated(n, "EXCELLENT" if n < 1102 else "GOOD") for n in range(1100, 1110)])
    send("2021", "Q01", ratings=[rated(n, "EXCELLENT" if n < 1124 else "GOOD", unit=SHARED) for n in range(1120, 1130)])
    # rated in some day of December; died, moved on, suspended and admitted around it
    december, died = {"decided_on": "12/2021"}, {"spell_to": "20/12/2021", "leaving_reason_code": "DIED"}
    went = {"spell_to": "19/12/2021", "leaving_reason_code": "TRANSFERRED"}
    send("2021", DAYS, ratings=[
        rated(1200, **december), rated(1201), rated(1202, **december), rated(1203), rated(1204), rated(1205), rated(1206),
    ], personnel=[
        on_roster(1200, **died), on_roster(1201, **went), on_roster(1202, suspended_from="20/12/2021"),
        on_roster(1203, suspended_from="01/12/2021", suspended_to="15/12/2021"),
        on_roster(1204, suspended_from="01/03/2021", suspended_to="09/12/2021"),
        on_roster(1205, party_joined_on="06/2021"), on_roster(1206, exempt_from="15/12/2021"),
    ])  # fmt: skip
    send("2021", LEFT_TO, personnel=[on_roster(1201, spell_from="20/12/2021")])
    # not rated for a status that the roster has not; the roster has no column for suspensions
    excused = [rated(1300 + n, "NOT_RATED", not_rated_reason_code=r) for n, r in enumerate(("SUSPENDED", "NEW_LT_6M", "EXEMPT", "WORKED_LT_6M"))]
    send("2021", STATUS, ratings=excused,
         personnel=[{k: v for k, v in on_roster(1300 + n).items() if k != "suspended_from"} for n in range(4)])  # fmt: skip
    # one act, punished by the State in December and by the Party in February: counted once
    send("2021", CASES, ratings=[rated(1400), rated(1401)],
         discipline=[punished(1400, "REPRIMAND", "10/12/2021", "STATE", case_no="07/2021"),
                     punished(1401, "REPRIMAND", "11/12/2021", discipline_status_code="ANNULLED_WRONGFUL")])  # fmt: skip
    send("2022", CASES, ratings=[rated(1400, decided_on="10/12/2022"), rated(1401, decided_on="10/12/2022", rating_system_code="LEADER")],
         discipline=[punished(1400, "WARNING", "10/02/2022", case_no="07/2021"), punished(1401, "WARNING", "10/02/2022")])  # fmt: skip
    # a transfer in March 2023 of whom another unit's roster knew in 2022; of her discipline that unit sent nothing
    send("2022", FORMER, personnel=[on_roster(1500)])
    for year in ("2022", "2023"):
        send(year, MOVES, discipline=[
            punished(1590, "REPRIMAND", f"05/05/{year}"), *([punished(1502, "WARNING", "01/09/2022", "STATE")] if year == "2022" else []),
        ])  # fmt: skip
    send("2023", MOVES, personnel=[on_roster(n) for n in (1500, 1501, 1502)],
         rotation=[moved(n, "TRANSFER", "01/03/2023") for n in (1500, 1501, 1502)])  # fmt: skip
    # a rotation told by years, a secondment that has run 36 months to the day
    send("2025", MOVES, rotation=[moved(1510, "ROTATION", "2023", "2025", rotation_end_reason_code="COMPLETED")])
    kinds = {1600: "CIVIL_SERVANT", 1601: "CIVIL_SERVANT", 1602: "PUBLIC_EMPLOYEE", 1603: "CIVIL_SERVANT", 1604: "CIVIL_SERVANT"}
    for year in ("2025", "2026"):
        send(year, LATER, personnel=[on_roster(n, staff_kind_code=k) for n, k in kinds.items()])
    send("2026", LATER, rotation=[moved(1600, "SECONDMENT", "01/07/2025")])
    # civil servants and public employees, disciplined in 2026 and good
    send("2026", LATER, ratings=[rated(n, rating_system_code=k, decided_on="10/12/2026") for n, k in kinds.items()],
         discipline=[
             punished(1601, "REPRIMAND", "15/04/2026", "STATE", violation_code="DUTY"), punished(1602, "REPRIMAND", "16/07/2026", violation_code="DUTY"),
             punished(1603, "REPRIMAND", "17/04/2026", "STATE", violation_code="LIFESTYLE"),
             # from 11-4-2026 the signature counts, of a cell still the announcement
             punished(1610, "WARNING", "15/04/2026", announced_on="05/05/2026", effect_end_on="05/05/2027"),
             punished(1611, "WARNING", "15/04/2026", announced_on="05/05/2026", effect_end_on="20/06/2027"),
             punished(1612, "WARNING", "10/04/2026", announced_on="05/05/2026"), punished(1613, "WARNING", "11/04/2026", announced_on="05/05/2026"),
         ])  # fmt: skip
    send("2020", LATER, discipline=[punished(1620, "WARNING", "10/06/2020"), punished(1621, "WARNING", "10/06/2020", "STATE")])
    load(city.home, PERSONNEL_AS_OF=AS_OF)
    return city


def quota(city: City, unit: str) -> tuple:
    (row,) = ask(city, f"SELECT good_inclusive, excellent, allowed, over FROM reports.rpt_quota WHERE period = '2021' AND unit_code = '{unit}'")
    return row


def test_a_cell_that_moved_after_it_was_rated_counts_where_it_was_rated(by_files: City) -> None:
    assert quota(by_files, "Q01.401") == (15, 3, 3, 0)
    assert quota(by_files, "Q01.402") == (10, 2, 2, 0)


def test_a_cap_over_two_senders_is_told_to_both(by_files: City) -> None:
    assert quota(by_files, SHARED) == (20, 6, 4, 2)
    assert told(by_files, "excellent_within_cap") == [("Q01", "2021", "ERROR", None), (SHARED, "2021", "ERROR", None)]


def test_who_left_after_some_day_of_december_is_counted(by_files: City) -> None:
    outside = [f for f in told(by_files, "rated_person_on_roster") if f[0] == DAYS]
    assert outside == []


def test_statuses_around_the_day_of_the_rating(by_files: City) -> None:
    assert told(by_files, "suspended_member_not_rated") == [(DAYS, "2021", "ERROR", 5)]
    assert answers(by_files, "suspended_member_not_rated", DAYS, "2021") == {"FAILED": 1, "PASSED": 5, "DAY_UNKNOWN": 1}
    assert answers(by_files, "new_member_not_rated", DAYS, "2021") == {"PASSED": 6, "DAY_UNKNOWN": 1}
    assert told(by_files, "exempt_member_not_rated") == [(DAYS, "2021", "ERROR", 8)]


def test_an_excuse_is_held_against_the_roster_where_the_roster_would_tell(by_files: City) -> None:
    assert told(by_files, "unrated_reason_is_on_roster") == [(STATUS, "2021", "WARNING", 3), (STATUS, "2021", "WARNING", 4)]
    assert answers(by_files, "unrated_reason_is_on_roster", STATUS, "2021") == {"FAILED": 2, "ROSTER_SAYS_NOTHING": 1}


def test_one_act_punished_twice_around_new_year_counts_in_the_first_year_alone(by_files: City) -> None:
    assert [f for f in told(by_files, "disciplined_is_not_completed") if f[0] == CASES] == [
        (CASES, "2021", "ERROR", 2), (CASES, "2022", "ERROR", 3),
    ]  # fmt: skip


def test_a_move_waits_for_the_files_of_whoever_knew_the_person(by_files: City) -> None:
    assert told(by_files, "no_move_during_discipline") == []
    assert answers(by_files, "no_move_during_discipline", MOVES, "2023") == {"PASSED": 2, "FILE_OF_YEAR_MISSING": 1}


def test_years_are_ranges_and_a_secondment_of_36_months_to_the_day_is_none_too_long(by_files: City) -> None:
    assert answers(by_files, "rotation_at_least_36_months", MOVES, "2025") == {"VALUE_UNKNOWN": 1}
    assert answers(by_files, "secondment_at_most_36_months", LATER, "2026") == {"PASSED": 1}


def test_officials_disciplined_for_their_duties_are_not_completed_since_2026(by_files: City) -> None:
    assert [f for f in told(by_files, "disciplined_is_not_completed") if f[0] == LATER] == [
        (LATER, "2026", "ERROR", 3), (LATER, "2026", "WARNING", 4),
    ]  # fmt: skip
    versions = "SELECT row_no, version_code FROM quality.findings WHERE rule_code = 'disciplined_is_not_completed' AND period = '2026' ORDER BY 1"
    assert ask(by_files, versions) == [(3, "R08d"), (4, "R08e")]
    assert answers(by_files, "disciplined_is_not_completed", LATER, "2026") == {"FAILED": 2, "PASSED": 2, "NOT_IN_FORMS": 1, "ROW_NOT_CONCERNED": 5}


def test_which_day_of_a_decision_counts_is_the_law_of_its_signature(by_files: City) -> None:
    assert told(by_files, "discipline_effect_ends_after_12_months") == [(LATER, "2026", "WARNING", 6)]
    begins = "SELECT signed_on, effective_on, effect_end_on FROM core.fct_discipline WHERE signed_on IN (DATE '2026-04-10', DATE '2026-04-11') ORDER BY 1"
    assert ask(by_files, begins) == [
        (dt.date(2026, 4, 10), dt.date(2026, 5, 5), dt.date(2027, 5, 5)),
        (dt.date(2026, 4, 11), dt.date(2026, 4, 11), dt.date(2027, 4, 11)),
    ]


def test_a_decision_of_the_party_of_2020_has_lapsed(by_files: City) -> None:
    old = "SELECT discipline_system_code, effect_end_on, discipline_status_code FROM core.fct_discipline WHERE year = 2020 ORDER BY 1"
    found: list[Any] = ask(by_files, old)
    assert found == [("PARTY", dt.date(2021, 6, 10), "LAPSED"), ("STATE", None, "ACTIVE")]
