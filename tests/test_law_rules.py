"""Rules of law that need more than a row, over one small city of nine base organisations and eight years: each case is a unit of its own."""

import datetime as dt
from typing import Any

import duckdb
import pytest
from conftest import UNITS, City, load, number

from pipeline.schemas import SCHEMAS

AS_OF = "2028-08-01"
BASES = {f"Q01.10{n}": (f"B{n}", f"Q01.10{n}", f"Chi bộ trường Số {n}", "BASE_CELL", "U2", "01/01/2000", None) for n in range(1, 10)}
ENDED = ("BE", "Q01.110", "Chi bộ trường Đã Hết", "BASE_CELL", "U2", "01/01/2000", "20/12/2021")
CAP, MOVED_FROM, OPEN, ABOVE, DAYS, CASES, SILENT, KNOWN, LATER = BASES
Row = dict[str, Any]


def table(dataset: str, rows: list[Row]) -> list[list[Any]]:
    """Rows by column codes as a unit's CSV: titles, days as they are written, codes as codes."""
    columns = list(dict.fromkeys(c for row in rows for c in row))
    cells = [[f"{v:%d/%m/%Y}" if isinstance(v := row.get(c), dt.date) else v for c in columns] for row in rows]
    return [[SCHEMAS[dataset].columns[c].title for c in columns], *cells]


def who(n: int) -> Row:
    return {"full_name": f"Nguyễn Văn {chr(65 + n // 26 % 26)}{'aeiou'[n % 5]}n{chr(97 + n % 26)}", "identity_number": number(n)}


def on_roster(n: int, **more: Any) -> Row:
    row = who(n) | {"member_status_code": "FULL", "spell_from": "01/03/2010", "spell_to": None, "party_joined_on": "01/03/2010"}
    blank = dict.fromkeys(("exempt_from", "suspended_from", "staff_kind_code", "post_code", "party_official_on"))
    return row | blank | more


def rated(n: int, level: str = "GOOD", **more: Any) -> Row:
    return (
        who(n) | {"decided_level_code": level, "not_rated_reason_code": None, "decided_on": "10/12/2021", "rating_system_code": None} | more
    )


def punished(n: int, form: str, on: str, system: str = "PARTY", **more: Any) -> Row:
    row = who(n) | {"discipline_system_code": system, "discipline_form_code": form, "signed_on": on, "announced_on": on}
    return row | {"decision_no": f"{n}-QĐ/UBKT", "post_code": "SPECIALIST", "case_no": None, "discipline_status_code": None} | more


def moved(n: int, kind: str, since: str, until: str | None = None, **more: Any) -> Row:
    row = who(n) | {"rotation_kind_code": kind, "posting_from": since, "posting_to": until, "decision_no": f"{n}-QĐ/BTC"}
    return row | {"rotation_end_reason_code": None, "to_unit": None, "to_post_code": None} | more


@pytest.fixture(scope="module")
def law_city(tmp_path_factory: pytest.TempPathFactory) -> City:
    city = City(tmp_path_factory.mktemp("law") / "data")
    city.registry([*UNITS, *BASES.values(), ENDED])

    def send(period: str, unit: str, **datasets: list[Row]) -> None:
        for dataset, rows in datasets.items():
            city.put(f"{period}/{unit}/{dataset}.csv", table(dataset, rows))

    # two excellent members of one unit move to another ten days after they were rated
    send("2021", CAP, ratings=[rated(n, "EXCELLENT" if n < 9 else "GOOD") for n in range(45)])
    send("2021", MOVED_FROM, ratings=[rated(n, "EXCELLENT" if n < 102 else "GOOD") for n in range(100, 110)])
    came, went = {"spell_from": "20/12/2021"}, {"spell_to": "19/12/2021", "leaving_reason_code": "TRANSFERRED"}
    send("2021", CAP, personnel=[*(on_roster(n) for n in range(45)), *(on_roster(n, **came) for n in (100, 101))])
    send("2021", MOVED_FROM, personnel=[on_roster(n, **(went if n < 102 else {})) for n in range(100, 110)])
    # 8 of 40 are excellent; six of the good cannot be told from others
    nameless = {"identity_number": "09208"}
    send("2021", OPEN, ratings=[rated(n, "EXCELLENT" if n < 208 else "GOOD", **(nameless if n > 233 else {})) for n in range(200, 240)])
    # the superior sent them, and half of them are excellent; and those of a unit that ended after it had rated all but one
    send("2021", "Q01", ratings=[
        *(rated(n, "EXCELLENT" if n < 305 else "GOOD", unit=ABOVE) for n in range(300, 310)),
        *(rated(n, "EXCELLENT" if n < 322 else "GOOD", unit="Q01.110") for n in range(320, 330)),
        rated(330, unit="Q01.110", decided_on="25/12/2021"),
    ])  # fmt: skip
    # one roster, each with days of its own
    died = {"spell_to": "20/12/2021", "leaving_reason_code": "DIED"}
    excused = {"decided_level_code": "NOT_RATED", "not_rated_reason_code": "EXEMPT"}
    send("2021", DAYS, personnel=[
        on_roster(400, **died), on_roster(401, suspended_from="20/12/2021"), on_roster(402, party_joined_on="20/06/2021"),
        on_roster(403, party_joined_on="05/07/2021"), on_roster(404), on_roster(405, exempt_from="01/01/2021"), on_roster(406),
    ])  # fmt: skip
    send("2021", DAYS, ratings=[
        rated(400), rated(401), rated(402), rated(403, decided_on="20/01/2022"), rated(404, **excused), rated(405, **excused),
    ])  # fmt: skip
    # discipline of any system, of leaders too; a case counts once
    send("2021", CASES, ratings=[rated(500), rated(501, rating_system_code="LEADER"), rated(502), rated(503)])
    send("2020", CASES, discipline=[punished(502, "REPRIMAND", "10/05/2020", case_no="2020-001", discipline_status_code="CHANGED_ON_APPEAL"),
                                    punished(506, "WARNING", "10/06/2020")])  # fmt: skip
    send("2021", CASES, personnel=[on_roster(n) for n in range(500, 504)] + [on_roster(504, member_status_code="PROBATIONARY"),
                                                                             on_roster(505, party_official_on="01/11/2021")])  # fmt: skip
    send("2021", CASES, discipline=[
        punished(500, "REPRIMAND", "10/05/2021", "UNION"), punished(501, "WARNING", "11/05/2021"),
        punished(502, "WARNING", "12/05/2021", case_no="2020-001"), punished(504, "EXPULSION", "13/05/2021"),
        punished(505, "REMOVAL", "14/05/2021"),
    ])  # fmt: skip
    # moved half a year after a warning; only one of the two units sent the year of the warning
    send("2023", SILENT, discipline=[punished(699, "REPRIMAND", "10/10/2023")], rotation=[moved(600, "TRANSFER", "01/03/2023")])
    send("2022", KNOWN, discipline=[punished(700, "WARNING", "01/09/2022")])
    send("2023", KNOWN, discipline=[punished(799, "REPRIMAND", "10/10/2023")],
         rotation=[moved(700, "TRANSFER", "01/03/2023"), moved(701, "TRANSFER", "01/03/2023")])  # fmt: skip
    # civil servants, public employees, and one of whom nobody says what he is
    kinds = {800: "CIVIL_SERVANT", 801: "CIVIL_SERVANT", 802: "CIVIL_SERVANT", 803: "PUBLIC_EMPLOYEE", 804: "gì đó", 805: "CIVIL_SERVANT"}
    for year in ("2025", "2026"):
        send(year, LATER, personnel=[on_roster(n, staff_kind_code=k) for n, k in kinds.items()])
    send("2025", LATER, ratings=[
        rated(n, level, rating_system_code="CIVIL_SERVANT", decided_on="10/12/2025") for n, level in ((800, "GOOD"), (801, "COMPLETED"))
    ])  # fmt: skip
    send("2026", LATER, ratings=[rated(800, rating_system_code="CIVIL_SERVANT", decided_on="10/12/2026")])
    send("2025", LATER, discipline=[punished(802, "DEMOTION", "10/07/2025", "STATE"), punished(804, "DEMOTION", "10/07/2025", "STATE"),
                                    punished(803, "DEMOTION", "10/08/2025", "STATE")])  # fmt: skip
    send("2026", LATER, discipline=[punished(803, "DEMOTION", "10/07/2026", "STATE"),
                                    punished(801, "REPRIMAND", "15/04/2026", announced_on="05/05/2026")])  # fmt: skip
    send("2026", LATER, rotation=[
        moved(800, "SECONDMENT", "01/07/2025"), moved(801, "SECONDMENT", "12/2025", "12/2028"), moved(803, "SECONDMENT", "01/07/2025"),
        moved(804, "SECONDMENT", "01/07/2025"),
        moved(800, "POSITION_CHANGE", "01/03/2026"), moved(801, "POSITION_CHANGE", "01/05/2026"),
        moved(802, "ROTATION", "01/03/2026", rotation_end_reason_code="SETTLED"),
        moved(805, "ROTATION", "01/08/2025", to_unit=LATER, to_post_code="HEAD"),
    ])  # fmt: skip
    send("2026", LATER, training=[
        who(800) | {"programme": "Lớp vị trí việc làm", "programme_type_code": "POSITION", "training_from": "01/03/2026", "hours": 40},
        who(801) | {"programme": "Lớp vị trí việc làm", "programme_type_code": "POSITION", "training_from": "01/03/2026", "hours": 24},
    ])  # fmt: skip
    load(city.home, PERSONNEL_AS_OF=AS_OF)
    return city


def ask(city: City, query: str) -> list[tuple]:
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        return db.execute(query).fetchall()


def told(city: City, rule_code: str) -> list[tuple]:
    """(sender, period, severity, row) of each finding."""
    columns = "sender_code, period, severity_code, row_no"
    return ask(city, f"SELECT {columns} FROM quality.findings WHERE rule_code = '{rule_code}' ORDER BY ALL")


def answers(city: City, rule_code: str, unit: str, period: str) -> dict[str, int]:
    """Passed, failed, or why not → how often."""
    query = f"""SELECT coalesce(answer_reason_code, answer_code), sum(answer_count)::INT FROM quality.rule_answers a JOIN quality.submissions s USING (submission_key)
                WHERE a.rule_code = '{rule_code}' AND s.sender_code = '{unit}' AND s.period = '{period}' GROUP BY 1"""
    return {answer: n for answer, n in ask(city, query) if answer not in ("NOT_IN_FORCE", "NOBODY_CONCERNED")}


def test_a_cap_counts_who_rated_and_not_where_somebody_stands_when_the_year_ends(law_city: City) -> None:
    quota = "SELECT good_inclusive, excellent, allowed, over FROM reports.rpt_quota WHERE period = '2021' AND unit_code = "
    assert ask(law_city, f"{quota} '{CAP}'") == [(45, 9, 9, 0)]
    assert ask(law_city, f"{quota} '{MOVED_FROM}'") == [(10, 2, 2, 0)]
    assert answers(law_city, "excellent_within_cap", CAP, "2021") == {"PASSED": 1}


def test_rows_set_aside_leave_a_cap_open(law_city: City) -> None:
    assert answers(law_city, "excellent_within_cap", OPEN, "2021") == {"ROWS_WAITING": 1}


def test_a_cap_is_told_to_whoever_sent_the_rows(law_city: City) -> None:
    assert told(law_city, "excellent_within_cap") == [("Q01", "2021", "ERROR", None)]
    unit = "SELECT u.unit_code FROM quality.findings f JOIN core.dim_unit u USING (unit_key) WHERE f.rule_code = 'excellent_within_cap'"
    assert ask(law_city, unit) == [(ABOVE,)]
    (says,) = ask(law_city, "SELECT DISTINCT says_vi FROM quality.findings WHERE rule_code = 'excellent_within_cap'")[0]
    assert says in (law_city.home.restricted / "outbox" / "2021" / "Q01" / "tom-tat.html").read_text("utf-8")


def test_a_unit_that_ended_after_it_had_rated_is_the_one_that_rated(law_city: City) -> None:
    counted = "SELECT count(*) FROM core.fct_ratings f JOIN core.dim_unit u USING (unit_version_key) WHERE u.unit_code = 'Q01.110'"
    assert ask(law_city, counted) == [(10,)]
    assert told(law_city, "unit_valid_on_day") == [("Q01", "2021", "ERROR", 22)]
    assert answers(law_city, "excellent_within_cap", "Q01", "2021") == {"FAILED": 1, "PASSED": 1}
    counts = "SELECT excellent, good_exclusive FROM reports.rpt_rating_summary WHERE unit_code = 'Q01.110' AND period = '2021' AND rating_system_code = 'PARTY_MEMBER'"
    assert ask(law_city, counts) == [(2, 8)]


def test_who_dies_after_the_rating_is_rated_and_stands_on_a_line_of_his_own(law_city: City) -> None:
    columns = "population, left_after_rating, rated, not_rated, unexplained, rated_outside_roster"
    where = f"unit_code = '{DAYS}' AND period = '2021' AND rating_system_code = 'PARTY_MEMBER'"
    assert ask(law_city, f"SELECT {columns} FROM reports.rpt_rating_summary WHERE {where}") == [(6, 1, 4, 2, 1, 0)]
    assert [f for f in told(law_city, "rated_person_on_roster") if f[0] == DAYS] == []


def test_suspended_and_new_are_asked_on_the_day_of_the_rating(law_city: City) -> None:
    assert told(law_city, "suspended_member_not_rated") == []
    assert told(law_city, "new_member_not_rated") == [(DAYS, "2021", "ERROR", 4)]


def test_excused_without_a_mark_on_the_roster_is_told(law_city: City) -> None:
    assert told(law_city, "unrated_reason_is_on_roster") == [(DAYS, "2021", "WARNING", 6)]


def test_discipline_of_any_system_counts_for_leaders_too_and_a_case_once(law_city: City) -> None:
    assert told(law_city, "disciplined_is_not_completed") == [(CASES, "2021", "ERROR", 2), (CASES, "2021", "ERROR", 3)]


def test_a_probationary_member_is_not_removed_or_expelled(law_city: City) -> None:
    """Whoever became a full member after the signature was probationary until then."""
    assert told(law_city, "probationary_form_allowed") == [(CASES, "2021", "ERROR", 5), (CASES, "2021", "ERROR", 6)]


def test_an_effect_has_an_end_and_a_decision_of_2020_has_lapsed(law_city: City) -> None:
    old = "SELECT effect_end_on, discipline_status_code FROM core.fct_discipline WHERE signed_on = "
    assert ask(law_city, f"{old} DATE '2020-06-10'") == [(dt.date(2021, 6, 10), "LAPSED")]
    assert ask(law_city, f"{old} DATE '2021-05-13'") == [(None, "ACTIVE")]  # an expulsion


def test_a_decision_takes_effect_with_its_signature_since_the_law_says_so(law_city: City) -> None:
    effective = "SELECT effective_on, effect_end_on FROM core.fct_discipline WHERE signed_on = DATE '2026-04-15'"
    assert ask(law_city, effective) == [(dt.date(2026, 4, 15), dt.date(2027, 4, 15))]


def test_a_move_is_asked_only_where_the_files_of_all_years_of_the_effect_are_there(law_city: City) -> None:
    assert answers(law_city, "no_move_during_discipline", SILENT, "2023") == {"FILE_OF_YEAR_MISSING": 1}
    assert told(law_city, "no_move_during_discipline") == [(KNOWN, "2023", "ERROR", 2)]
    assert answers(law_city, "no_move_during_discipline", KNOWN, "2023") == {"FAILED": 1, "PASSED": 1}


def test_forms_of_the_state_follow_the_staff_kind_of_the_roster(law_city: City) -> None:
    assert told(law_city, "state_form_allowed") == [(LATER, "2025", "ERROR", 2), (LATER, "2026", "WARNING", 2)]
    assert answers(law_city, "state_form_allowed", LATER, "2025") == {"FAILED": 1, "STAFF_KIND_UNKNOWN": 1, "ROW_NOT_CONCERNED": 1}


def test_a_running_secondment_is_overdue_as_of_the_loads_day_and_months_are_a_range(law_city: City) -> None:
    assert told(law_city, "secondment_at_most_36_months") == [(LATER, "2026", "ERROR", 2)]
    secondments = answers(law_city, "secondment_at_most_36_months", LATER, "2026")
    assert secondments == {"FAILED": 1, "DAY_UNKNOWN": 1, "STAFF_KIND_UNKNOWN": 1, "ROW_NOT_CONCERNED": 5}


def test_a_change_of_post_needs_a_good_year_and_no_discipline(law_city: City) -> None:
    assert told(law_city, "job_change_needs_good_year") == [(LATER, "2026", "ERROR", 7)]
    assert told(law_city, "no_job_change_during_discipline") == [(LATER, "2026", "ERROR", 7)]


def test_a_settled_rotation_has_an_end(law_city: City) -> None:
    assert told(law_city, "settled_rotation_is_closed") == [(LATER, "2026", "ERROR", 8)]


def test_the_destination_rates_a_rotated_leader_each_year(law_city: City) -> None:
    assert told(law_city, "rotation_rated_each_year") == [(LATER, "2026", "WARNING", 9)]


def test_civil_servants_are_trained_forty_periods_in_a_whole_year(law_city: City) -> None:
    trained = answers(law_city, "position_training_forty_periods", LATER, "2026")
    assert trained == {"PASSED": 1, "FAILED": 3, "STAFF_KIND_UNKNOWN": 1, "ROW_NOT_CONCERNED": 1}
    assert answers(law_city, "position_training_forty_periods", LATER, "2025") == {}


def test_every_reason_and_answer_has_words(law_city: City) -> None:
    used = "SELECT DISTINCT 'answer', answer_code FROM quality.rule_answers UNION SELECT DISTINCT 'answer_reason', answer_reason_code FROM quality.rule_answers WHERE answer_reason_code IS NOT NULL"
    labels = set(ask(law_city, "SELECT code_list, code FROM core.dim_code WHERE code_list IN ('answer', 'answer_reason')"))
    assert set(ask(law_city, used)) - labels == set()
