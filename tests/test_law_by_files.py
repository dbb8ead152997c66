"""Rules of law against files as offices write them, beside the cases of test_law_rules: units that move, days that are a month, files that are missing;
and of every version that the warehouse asks a row that keeps it, one that breaks it, and a year in which it does not hold."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline import law
from pipeline.contract import catalogue
from tests.conftest import UNITS, City, load
from tests.test_law_rules import Row, answers, ask, moved, on_roster, punished, rated, table, told, who

AS_OF = "2028-06-30"
BASES = {f"Q01.30{n}": (f"C{n}", f"Q01.30{n}", f"Chi bộ trường Ba {n}", "BASE_CELL", "U2", "01/01/2000", None) for n in range(1, 9)}
SHARED, DAYS, STATUS, CASES, LEFT_TO, FORMER, MOVES, LATER = BASES
EXAMPLES = [(f"E{n}", f"Q01.50{n}", f"Chi bộ trường Năm {n}", "BASE_CELL", "U2", "01/01/2000", None) for n in (1, 2)]
COMMITTEES = [(f"D{n}", f"Q01.40{n}", f"Đảng bộ phường Bốn {n}", "BASE_COMMITTEE", "U2", "01/01/2000", None) for n in (1, 2)]
# a cell that another committee takes over ten days after it was rated
MOVED_CELL = [
    ("D11", "Q01.401.01", "Chi bộ Khu phố 1", "CELL", "D1", "01/01/2000", "19/12/2021"),
    ("D11", "Q01.402.01", "Chi bộ Khu phố 1", "CELL", "D2", "20/12/2021", None),
]


@pytest.fixture(scope="module")
def by_files(tmp_path_factory: pytest.TempPathFactory) -> City:
    city = City(tmp_path_factory.mktemp("files") / "data")
    city.registry([*UNITS, *BASES.values(), *EXAMPLES, *COMMITTEES, *MOVED_CELL])

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
        rated(1200, **december), rated(1201), rated(1202, **december), rated(1203), rated(1204), rated(1205), rated(1206), rated(1207),
    ], personnel=[
        on_roster(1200, **died), on_roster(1201, **went), on_roster(1202, suspended_from="20/12/2021"),
        on_roster(1203, suspended_from="01/12/2021", suspended_to="15/12/2021"),
        on_roster(1204, suspended_from="01/03/2021", suspended_to="09/12/2021"),
        on_roster(1205, party_joined_on="06/2021"), on_roster(1206, exempt_from="15/12/2021"), on_roster(1207, party_joined_on="05/07/2021"),
    ])  # fmt: skip
    send("2021", LEFT_TO, personnel=[on_roster(1201, spell_from="20/12/2021")])
    # not rated for a status that the roster has not; the roster has no column for suspensions
    excused = [
        rated(1300 + n, "NOT_RATED", not_rated_reason_code=r) for n, r in enumerate(("SUSPENDED", "NEW_LT_6M", "EXEMPT", "WORKED_LT_6M"))
    ]
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
    send("2020", LATER, discipline=[punished(1620, "WARNING", "10/06/2020")])
    for period, unit, datasets in examples():
        send(period, unit, **datasets)
    load(city.home, PERSONNEL_AS_OF=AS_OF)
    return city


def examples() -> Iterator[tuple[str, str, dict[str, list[Row]]]]:
    """Of each version that the warehouse asks: rows that break it in one unit, rows that keep it there or in the other."""
    breaks, keeps = EXAMPLES[0][1], EXAMPLES[1][1]
    servant, employee, young = (
        {"staff_kind_code": "CIVIL_SERVANT"},
        {"staff_kind_code": "PUBLIC_EMPLOYEE"},
        {"member_status_code": "PROBATIONARY"},
    )

    def of(year: int, **more: Any) -> Row:
        return {"decided_on": f"10/12/{year}"} | more

    def group(first: int, year: int, excellent: int, system: str | None = None) -> list[Row]:
        ten = range(first, first + 10)
        return [rated(n, "EXCELLENT" if n < first + excellent else "GOOD", **of(year, rating_system_code=system)) for n in ten]

    def collective(unit: str, level: str) -> Row:
        return rated(0, level, full_name="Tập thể", identity_number=None, unit=unit, rating_system_code="COLLECTIVE")

    def courses(year: int, *hours: tuple[int, int]) -> list[Row]:
        course = {"programme": "Lớp vị trí việc làm", "programme_type_code": "POSITION", "training_from": f"01/03/{year}"}
        return [who(n) | course | {"hours": h} for n, h in hours]

    N = 2000
    # R04; R10; R12a; R17a-DB
    yield "2021", breaks, {
        "ratings": [
            rated(N), rated(N, "COMPLETED"), rated(N + 1, "EXCELLENT"), rated(N + 1, "GOOD", rating_system_code="CIVIL_SERVANT"),
            rated(N + 2, "EXCELLENT"), rated(N + 2, "EXCELLENT", rating_system_code="CIVIL_SERVANT"),
            *(rated(n) for n in range(N + 10, N + 18)), rated(N + 3, rating_system_code="LEADER"), collective(breaks, "NOT_COMPLETED"),
        ],
        "personnel": [
            *(on_roster(n) for n in (N, *range(N + 10, N + 18))), on_roster(N + 1, **servant), on_roster(N + 2, **servant),
            on_roster(N + 3, post_code="HEAD"), on_roster(N + 4, **young), on_roster(N + 5, **young),
        ],
        "discipline": [punished(N + 4, "EXPULSION", "10/06/2021"), punished(N + 5, "WARNING", "10/06/2021")],
    }  # fmt: skip
    yield "2021", keeps, {
        "ratings": [rated(N + 6, rating_system_code="LEADER"), collective(keeps, "GOOD")], "personnel": [on_roster(N + 6, post_code="HEAD")],
    }  # fmt: skip
    # N12
    yield "2019", breaks, {
        "personnel": [on_roster(N, **servant), on_roster(N + 1, **servant)], "training": courses(2019, (N, 12), (N + 1, 40)),
    }  # fmt: skip
    # R20a, and in 2023 R08b; R09c; N06
    yield "2022", breaks, {"discipline": [punished(N + 20, "WARNING", "01/09/2022")], "personnel": [on_roster(N + 20), on_roster(N + 21)]}
    yield "2023", breaks, {
        "ratings": group(N + 20, 2023, 3), "discipline": [punished(N + 25, "REPRIMAND", "10/05/2023")],
        "personnel": [on_roster(n) for n in range(N + 20, N + 30)],
        "rotation": [
            moved(N + 20, "TRANSFER", "01/03/2023"), moved(N + 21, "TRANSFER", "01/03/2023"),
            moved(N + 22, "ROTATION", "01/03/2023", rotation_end_reason_code="SETTLED"),
            moved(N + 23, "ROTATION", "01/03/2023", "01/09/2023", rotation_end_reason_code="SETTLED"),
        ],
    }  # fmt: skip
    yield "2023", keeps, {"ratings": group(N + 30, 2023, 2)}
    # R08c; N04; R17b
    yield "2025", breaks, {
        "personnel": [on_roster(n, **servant) for n in range(N + 40, N + 49)],
        "ratings": [
            *(rated(n, **of(2025)) for n in (N + 40, N + 41)), rated(N + 42, **of(2025, rating_system_code="LEADER")),
            *(rated(n, level, **of(2025, rating_system_code="CIVIL_SERVANT")) for n, level in ((N + 46, "COMPLETED"), (N + 47, "GOOD"), (N + 48, "GOOD"))),
        ],
        "discipline": [
            punished(N + 40, "REPRIMAND", "10/05/2025", violation_code="DUTY"), punished(N + 44, "DEMOTION", "10/08/2025", "STATE"),
            punished(N + 45, "WARNING", "10/08/2025", "STATE"),
        ],
        "rotation": [moved(n, "ROTATION", "01/08/2025", to_unit=breaks, to_post_code="HEAD") for n in (N + 42, N + 43)],
    }  # fmt: skip
    # R09e, R09f; R08d, R08e; R17c, R17d-DB; R18c; R19c; N11; N17a, N17b
    yield "2026", breaks, {
        "personnel": [
            *(on_roster(n, **servant) for n in range(N + 40, N + 60)), *(on_roster(n, **employee) for n in range(N + 60, N + 70)),
            on_roster(N + 70, **young), on_roster(N + 71, **young),
        ],
        "ratings": [*group(N + 50, 2026, 3, "CIVIL_SERVANT"), *group(N + 60, 2026, 3, "PUBLIC_EMPLOYEE")],
        "training": courses(2026, (N + 50, 12), (N + 51, 40)),
        "discipline": [
            punished(N + 55, "REPRIMAND", "10/05/2026", "STATE", violation_code="DUTY"),
            punished(N + 65, "REPRIMAND", "10/05/2026", violation_code="DUTY"), punished(N + 48, "WARNING", "15/01/2026", "STATE"),
            punished(N + 66, "DEMOTION", "10/07/2026", "STATE"), punished(N + 70, "EXPULSION", "20/08/2026"), punished(N + 71, "WARNING", "20/08/2026"),
            punished(N + 67, "WARNING", "10/07/2026", "STATE", effect_end_on="10/07/2028"),
            punished(N + 68, "WARNING", "10/07/2026", "STATE", effect_end_on="10/07/2027"),
        ],
        "rotation": [
            moved(N + 52, "SECONDMENT", "01/07/2025", "31/12/2028", rotation_end_reason_code="COMPLETED"),
            *(moved(n, "POSITION_CHANGE", "01/03/2026") for n in (N + 46, N + 47, N + 48)),
        ],
    }  # fmt: skip
    yield "2026", keeps, {"ratings": [*group(N + 80, 2026, 2, "CIVIL_SERVANT"), *group(N + 90, 2026, 2, "PUBLIC_EMPLOYEE")],
                          "discipline": [punished(N + 99, "REPRIMAND", "10/05/2026", "UNION", violation_code="LIFESTYLE")]}  # fmt: skip
    # before and after them all: what broke a law there, and breaks none
    yield (
        "2016",
        keeps,
        {"ratings": [rated(N, **of(2016))], "personnel": [on_roster(N, exempt_from="01/01/2016", suspended_from="01/01/2016")]},
    )
    yield "2020", keeps, {"rotation": [moved(N, "ROTATION", "01/03/2020", rotation_end_reason_code="SETTLED")]}
    yield (
        "2027",
        keeps,
        {"rotation": [moved(N + 80, "TRANSFER", "01/03/2027")], "discipline": [punished(N + 81, "REPRIMAND", "10/05/2027")]},
    )


def test_a_version_that_the_warehouse_asks_is_kept_and_broken_by_files_and_does_not_hold_in_another_year(by_files: City) -> None:
    asked = {name for words in catalogue.warehouse_rules().values() for name in catalogue.laws_of(words)}
    versions = {v.code: v for v in law.book() if v.rule_code in asked}
    counted = ask(by_files, """
        SELECT version_code, coalesce(sum(answer_count) FILTER (answer_code = 'PASSED'), 0)::INT, coalesce(sum(answer_count) FILTER (answer_code = 'FAILED'), 0)::INT,
            coalesce(sum(answer_count) FILTER (answer_reason_code = 'NOT_IN_FORCE'), 0)::INT
        FROM quality.rule_answers WHERE version_code IS NOT NULL GROUP BY 1""")  # fmt: skip
    said = {code: (kept > 0, broken > 0, silent > 0) for code, kept, broken, silent in counted if code in versions}
    always = (True, True, False)
    peers = (False, False, True)  # what no form asks: who has a similar post
    meant = {
        code: always if v.first is v.last is None else peers if v.parameters.get("scope_code") == "PEER_GROUP" else (True, True, True)
        for code, v in versions.items()
    }
    assert {code: answer for code, answer in said.items() if answer != meant[code]} == {}
    assert said.keys() == versions.keys()


def quota(city: City, unit: str) -> tuple:
    (row,) = ask(
        city, f"SELECT good_inclusive, excellent, allowed, over FROM reports.rpt_quota WHERE period = '2021' AND unit_code = '{unit}'"
    )
    return row


def test_a_cell_that_moved_after_it_was_rated_counts_where_it_was_rated(by_files: City) -> None:
    assert quota(by_files, "Q01.401") == (15, 3, 3, 0)
    assert quota(by_files, "Q01.402") == (10, 2, 2, 0)


def test_a_cap_over_two_senders_is_told_to_both(by_files: City) -> None:
    assert quota(by_files, SHARED) == (20, 6, 4, 2)
    of_2021 = [f for f in told(by_files, "excellent_within_cap") if f[1] == "2021"]
    assert of_2021 == [("Q01", "2021", "ERROR", None), (SHARED, "2021", "ERROR", None)]


def test_who_left_after_some_day_of_december_is_counted(by_files: City) -> None:
    outside = [f for f in told(by_files, "rated_person_on_roster") if f[0] == DAYS]
    assert outside == []


def test_statuses_around_the_day_of_the_rating(by_files: City) -> None:
    assert told(by_files, "suspended_member_not_rated") == [(DAYS, "2021", "ERROR", 5)]
    assert answers(by_files, "suspended_member_not_rated", DAYS, "2021") == {"FAILED": 1, "PASSED": 6, "DAY_UNKNOWN": 1}
    assert answers(by_files, "new_member_not_rated", DAYS, "2021") == {"FAILED": 1, "PASSED": 6, "DAY_UNKNOWN": 1}
    assert told(by_files, "exempt_member_not_rated") == [(DAYS, "2021", "ERROR", 8)]


def test_an_excuse_is_held_against_the_roster_where_the_roster_would_tell(by_files: City) -> None:
    assert told(by_files, "unrated_reason_is_on_roster") == [(STATUS, "2021", "WARNING", 3), (STATUS, "2021", "WARNING", 4)]
    assert answers(by_files, "unrated_reason_is_on_roster", STATUS, "2021") == {"FAILED": 2, "ROSTER_SAYS_NOTHING": 1}


def test_one_act_punished_twice_around_new_year_counts_in_the_first_year_alone(by_files: City) -> None:
    assert [f for f in told(by_files, "disciplined_is_not_completed") if f[0] == CASES] == [
        (CASES, "2021", "ERROR", 2), (CASES, "2022", "ERROR", 3),
    ]  # fmt: skip


def test_a_move_waits_for_the_files_of_whoever_knew_the_person(by_files: City) -> None:
    assert [f for f in told(by_files, "no_move_during_discipline") if f[0] == MOVES] == []
    assert answers(by_files, "no_move_during_discipline", MOVES, "2023") == {"PASSED": 2, "FILE_OF_YEAR_MISSING": 1}


def test_years_are_ranges_and_a_secondment_of_36_months_to_the_day_is_none_too_long(by_files: City) -> None:
    assert answers(by_files, "rotation_at_least_36_months", MOVES, "2025") == {"VALUE_UNKNOWN": 1}
    assert answers(by_files, "secondment_at_most_36_months", LATER, "2026") == {"PASSED": 1}


def test_officials_disciplined_for_their_duties_are_not_completed_since_2026(by_files: City) -> None:
    assert [f for f in told(by_files, "disciplined_is_not_completed") if f[0] == LATER] == [
        (LATER, "2026", "ERROR", 3), (LATER, "2026", "WARNING", 4),
    ]  # fmt: skip
    versions = f"SELECT row_no, version_code FROM quality.findings WHERE rule_code = 'disciplined_is_not_completed' AND sender_code = '{LATER}' ORDER BY 1"
    assert ask(by_files, versions) == [(3, "R08d"), (4, "R08e")]
    assert answers(by_files, "disciplined_is_not_completed", LATER, "2026") == {
        "FAILED": 2,
        "PASSED": 2,
        "NOT_IN_FORMS": 1,
        "ROW_NOT_CONCERNED": 5,
    }


def test_which_day_of_a_decision_counts_is_the_law_of_its_signature(by_files: City) -> None:
    assert told(by_files, "discipline_effect_ends_after_12_months") == [(LATER, "2026", "WARNING", 6)]
    begins = "SELECT signed_on, effective_on, effect_end_on FROM core.fct_discipline WHERE signed_on IN (DATE '2026-04-10', DATE '2026-04-11') ORDER BY 1"
    assert ask(by_files, begins) == [
        (dt.date(2026, 4, 10), dt.date(2026, 5, 5), dt.date(2027, 5, 5)),
        (dt.date(2026, 4, 11), dt.date(2026, 4, 11), dt.date(2027, 4, 11)),
    ]


def test_a_decision_of_the_party_of_2020_has_lapsed(by_files: City) -> None:
    old = "SELECT effect_end_on, discipline_status_code FROM core.fct_discipline WHERE year = 2020"
    assert ask(by_files, old) == [(dt.date(2021, 6, 10), "LAPSED")]
