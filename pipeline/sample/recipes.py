"""How to break each rule of 2021 in one row, and which rows can break it without disturbing another rule.

What does not belong here: choosing the row, and faults that need a second row.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from pipeline import law
from pipeline.sample.facts import Row
from pipeline.schemas import SCHEMAS
from pipeline.schemas.kinds import meta

Pick = Callable[[Row], bool]
Change = Callable[[Row], Row]


def anything(row: Row) -> bool:
    return True


@dataclass(frozen=True)
class Recipe:
    """One way to break one rule; `set_aside` where the row is set aside or kept out for it."""

    dataset: str
    rule: str
    kind: str
    change: Change
    pick: Pick = anything
    period: str = "2021"
    set_aside: bool = False
    version: str = ""  # of a rule of law: the version in force then


# ── changes: `raw` is written word for word, `put` is written as the office writes ───────────────────────────────


def raw(column: str, text: str) -> Change:
    return lambda row: {"_raw": {column: text}}


def put(**values: object) -> Change:
    return lambda row: values


def lost_zero(row: Row) -> Row:
    return {"_raw": {"identity_number": float(row["identity_number"])}}


def letter_for_zero(row: Row) -> Row:
    return {"_raw": {"identity_number": "O" + row["identity_number"][1:]}}


def with_another(row: Row) -> Row:
    return {"_raw": {"full_name": f"{row['full_name']}, Trần Thị Bình"}}


def cut_short(row: Row) -> Row:
    return {"_raw": {"identity_number": row["identity_number"][:8]}}


def a_year_after(day: dt.date, years: int = 1) -> dt.date:
    return day.replace(year=day.year + years)


def ends_first(row: Row) -> Row:
    return {"spell_from": row["spell_to"] + dt.timedelta(days=30)}


def two_days_late(row: Row) -> Row:
    return {"party_official_on": row["party_official_on"] + dt.timedelta(days=2)}


def already_official(row: Row) -> Row:
    return {"party_joined_on": a_year_after(row["party_joined_on"], -1), "party_official_on": row["party_joined_on"]}


def admitted_as_child(row: Row) -> Row:
    return {"party_joined_on": a_year_after(row["birth_date"], 15), "party_official_on": a_year_after(row["birth_date"], 16)}


def official_too_soon(row: Row) -> Row:
    return {"party_official_on": a_year_after(row["party_joined_on"], -1)}


def recruited_as_child(row: Row) -> Row:
    return {"service_joined_on": a_year_after(row["birth_date"], 9)}


def other_sex(row: Row) -> Row:
    return {"sex_code": "MALE" if row["sex_code"] == "FEMALE" else "FEMALE"}


def born_a_year_before(row: Row) -> Row:
    return {"birth_date": a_year_after(row["birth_date"], -1)}


def signed_afterwards(row: Row) -> Row:
    return {"signed_on": row["announced_on"] + dt.timedelta(days=1)}


def begins(day: dt.date) -> Change:
    return put(spell_from=day, spell_to=None, leaving_reason_code=None)


RATED = {"decided_level_code": "COMPLETED", "proposed_level_code": "COMPLETED", "not_rated_reason_code": None}


# ── picks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def person(row: Row) -> bool:
    return row.get("identity_number") is not None


def unrated(row: Row) -> bool:
    """On the roster of 2021, and in no rating: when the row is set aside, nobody misses it."""
    return (
        row["spell_kind_code"] == "SECONDARY" or row["member_status_code"] == "NONE" or row["leaving_reason_code"] in ("DIED", "STRUCK_OFF")
    )


def stays(row: Row) -> bool:
    return row["spell_to"] is None and row["leaving_reason_code"] is None and row["spell_kind_code"] == "PRIMARY"


def comes(row: Row) -> bool:
    return stays(row) and row["exempt_from"] is None and row["suspended_from"] is None


def full(row: Row) -> bool:
    return (row["member_status_code"], row["birth_date_precision_code"]) == ("FULL", "DAY")


def probationary(row: Row) -> bool:
    return bool(row["member_status_code"] == "PROBATIONARY")


def ended(row: Row) -> bool:
    return row["spell_to"] is not None and row["spell_to"].month < 11 and row["spell_kind_code"] == "PRIMARY"


def gone(row: Row) -> bool:
    """Ended, and nobody finds the person on another roster."""
    return ended(row) and row["leaving_reason_code"] in ("DIED", "STRUCK_OFF")


def low(row: Row) -> bool:
    """A rating whose loss or change cannot break the cap of its base organisation."""
    return row["rating_system_code"] == "PARTY_MEMBER" and row["decided_level_code"] in ("COMPLETED", "EXCELLENT")


def excused(reason: str) -> Pick:
    return lambda row: row["rating_system_code"] == "PARTY_MEMBER" and row["not_rated_reason_code"] == reason


def rotation(row: Row) -> bool:
    return row["rotation_kind_code"] == "ROTATION" and row["posting_to"] is None and row["posting_from"].month < 11


def position_change(row: Row) -> bool:
    since = row["posting_from"]
    return row["rotation_kind_code"] == "POSITION_CHANGE" and any(
        v.holds_within(since, since) for v in law.versions("position_change_is_written")
    )


def punished(row: Row) -> bool:
    """A decision of the Party that stands, on an act that nobody else punished."""
    in_force = row["discipline_system_code"] == "PARTY" and row["discipline_status_code"] == "ACTIVE"
    return person(row) and in_force and row["case_no"] is None and not row["is_counted_elsewhere"]


# ── recipes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def no_name(row: Row) -> Row:
    """A remark where a name stands; of this row alone the birth date is blank, wherever else its person stands."""
    return {"full_name": "Khuyết phó bí thư", "identity_number": None, "_raw": {"birth_date": None}}


def _shared(dataset: str, pick: Pick, *asked_for: str) -> list[Recipe]:
    """What every dataset can suffer: letters in a number, a lost zero, a missing value, a unit that is not."""

    def fits(row: Row) -> bool:
        return person(row) and pick(row)

    return [
        Recipe(dataset, "identity_number_shape", "letters in the identity number", letter_for_zero, fits, set_aside=True),
        Recipe(dataset, "identity_number_shape", "identity number cut short", cut_short, fits, set_aside=True),
        Recipe(dataset, "identity_number_repaired", "leading zero lost", lost_zero, fits),
        Recipe(dataset, "one_person_named", "two names in a cell", with_another, fits),
        Recipe(dataset, "person_identified", "neither name nor number", put(full_name=None, identity_number=None), fits, set_aside=True),
        Recipe(
            dataset,
            "name_is_a_persons",
            "no name for a name",
            no_name,
            fits,
            set_aside=True,
        ),
        Recipe(dataset, "own_number_shape", "no number of a Party card", raw("party_card_number", "đang đổi thẻ"), fits),
        Recipe(dataset, "unit_known", "unknown unit", raw("unit", "Chi bộ không có trong danh mục"), fits),
        *(
            Recipe(dataset, "value_present", f"{c} missing", put(**{c: None}), fits, set_aside=meta(SCHEMAS[dataset].columns[c]).required)
            for c in asked_for
        ),
    ]


def _personnel() -> list[Recipe]:
    """On rosters of 2020 too, where no rating hangs on a row."""
    name, order, year, never = "personnel", "ends before it begins", "row of another year", "a day that cannot be"
    june, may = dt.date(2020, 6, 1), dt.date(2020, 5, 1)
    return [
        *_shared(name, unrated, "full_name", "identity_number", "member_status_code", "spell_from"),
        Recipe(name, "date_readable", "unreadable date", raw("birth_date", "31/02/1970"), unrated),
        Recipe(name, "date_readable", "unreadable date", raw("party_official_on", "13/13/2005"), full, "2020"),
        Recipe(name, "code_known", "unknown code", raw("education_code", "Giáo sư"), unrated),
        Recipe(name, "code_known", "unknown code", raw("sex_code", "Nam giới"), anything, "2020"),
        Recipe(name, "code_known", "unknown code", raw("ethnicity_code", "Kinh (Việt Nam)"), anything, "2020"),
        Recipe(name, "spell_period_order", order, ends_first, gone, "2020"),
        Recipe(name, "spell_open_in_period", year, begins(dt.date(2021, 3, 1)), anything, "2020", set_aside=True),
        Recipe(name, "spell_open_in_period", year, begins(dt.date(2022, 3, 1)), unrated, set_aside=True),
        Recipe(name, "exempt_period_order", order, put(exempt_from=june, exempt_to=may), full, "2020"),
        Recipe(name, "suspended_period_order", order, put(suspended_from=june, suspended_to=may), full, "2020"),
        Recipe(name, "exempt_has_first_day", "an end without a beginning", put(exempt_from=None, exempt_to=may), full, "2020"),
        Recipe(name, "suspended_has_first_day", "an end without a beginning", put(suspended_from=None, suspended_to=may), full, "2020"),
        Recipe(name, "reason_has_leaving_day", "left without a day", put(spell_to=None), gone, "2020"),
        Recipe(name, "leaving_has_reason", "no reason of leaving", put(leaving_reason_code=None), ended, "2020"),
        Recipe(name, "leaving_in_its_column", "left by a remark alone", put(note="đã chuyển đi"), stays, "2020"),
        Recipe(name, "exempt_in_its_column", "exempt by a remark alone", put(note="được miễn sinh hoạt"), comes, "2020"),
        Recipe(name, "member_has_joining_day", "no day of admission", put(party_joined_on=None), full, "2020"),
        Recipe(name, "official_after_12_months", "not twelve months later", two_days_late, full, "2020", version="R24b"),
        Recipe(name, "probationary_has_no_official_day", "probationary and official", already_official, probationary, "2020"),
        Recipe(name, "day_possible", never, raw("birth_date", "05/02/2080"), unrated),
        Recipe(name, "day_possible", never, raw("party_joined_on", "03/02/2031"), full, "2020"),
        Recipe(name, "official_after_joining", "official before admitted", official_too_soon, full, "2020"),
        Recipe(name, "recruited_at_14_or_older", "recruited as a child", recruited_as_child, full, "2020"),
        Recipe(name, "admitted_at_18_or_older", "admitted as a child", admitted_as_child, full, "2020", version="R24a"),
        Recipe(name, "identity_number_agrees_with_sex", "number of the other sex", other_sex, anything, "2020", version="R15a"),
        Recipe(name, "identity_number_agrees_with_birth_year", "number of another year", born_a_year_before, full, "2020", version="R15b"),
    ]


def _ratings() -> list[Recipe]:
    name, new, reason = "ratings", excused("NEW_LT_6M"), {"not_rated_reason_code": "WORKED_LT_6M"}
    return [
        *_shared(name, low, "full_name", "identity_number", "decided_level_code"),
        Recipe(name, "code_known", "unknown code", raw("decided_level_code", "Tốt lắm"), low, set_aside=True),
        Recipe(
            name,
            "level_label_known_for_year",
            "level of another time",
            raw("decided_level_code", "Yếu kém"),
            low,
            set_aside=True,
            version="R01a",
        ),
        Recipe(name, "code_known", "unknown code", raw("not_rated_reason_code", "Bận việc nhà"), excused("EXEMPT"), set_aside=True),
        Recipe(name, "date_readable", "unreadable date", raw("decided_on", "32/12/2021"), low),
        Recipe(name, "day_possible", "a day that cannot be", put(decided_on=dt.date(2031, 12, 15)), low),
        Recipe(name, "number_readable", "unreadable number", raw("score", "chín mươi"), low),
        Recipe(name, "period_readable", "unreadable period", raw("period", "Cả hai năm"), low, set_aside=True),
        Recipe(name, "identifier_shape", "a sentence for a number", raw("decision_no", "số mười hai"), low),
        Recipe(name, "rating_of_folder_year", "row of another year", raw("period", "2020"), low, set_aside=True),
        Recipe(name, "period_matches_type", "quarter that is a year", put(period_type_code="QUARTER"), low, set_aside=True),
        Recipe(
            name, "unrated_row_has_reason", "no reason", put(not_rated_reason_code=None), excused("EXEMPT"), set_aside=True, version="R05"
        ),
        Recipe(name, "rated_row_has_no_reason", "reason though rated", put(**reason), low),
        Recipe(name, "leaving_in_its_column", "rated, and left by a remark", put(note="đã chuyển đi tháng 5/2021"), low),
        Recipe(name, "score_in_range", "score out of range", put(score=188.0), low),
        Recipe(name, "score_of_hundred", "score as a part of one", put(score=0.9), low),
        Recipe(name, "exempt_member_not_rated", "exempt and rated", put(**RATED), excused("EXEMPT"), version="R06a"),
        Recipe(name, "suspended_member_not_rated", "suspended and rated", put(**RATED), excused("SUSPENDED"), version="R06b"),
        Recipe(name, "new_member_not_rated", "new and rated", put(**RATED), new, version="R06c"),
        Recipe(
            name, "unrated_reason_is_on_roster", "new, not by the roster", put(not_rated_reason_code="NEW_LT_6M"), excused("WORKED_LT_6M")
        ),
    ]


def _rotation() -> list[Recipe]:
    name = "rotation"
    next_year = put(posting_from=dt.date(2022, 2, 1), posting_to=None, rotation_end_reason_code=None)
    backwards = put(posting_from=dt.date(2021, 6, 1), posting_to=dt.date(2021, 5, 1), rotation_end_reason_code="SETTLED")
    return [
        *_shared(name, person, "full_name", "identity_number", "rotation_kind_code", "posting_from"),
        Recipe(name, "code_known", "unknown code", raw("rotation_kind_code", "Đi xa")),
        Recipe(name, "code_known", "unknown code", raw("is_in_planning", "Có lẽ"), rotation),
        Recipe(name, "date_readable", "unreadable date", raw("decided_on", "tháng ba")),
        Recipe(name, "day_possible", "a day that cannot be", put(posting_from=dt.date(1907, 7, 11))),
        Recipe(name, "identifier_shape", "a sentence for a number", raw("decision_no", "theo quyết định cũ")),
        Recipe(name, "posting_open_in_year", "row of another year", next_year, set_aside=True),
        Recipe(name, "movement_period_order", "ends before it begins", backwards, position_change),  # nothing that may overlap
        Recipe(name, "ended_posting_has_reason", "no reason of ending", put(posting_to=dt.date(2021, 12, 1)), rotation),
        Recipe(name, "position_change_is_written", "no decision", put(decision_no=None), position_change, version="N10"),
    ]


def _training() -> list[Recipe]:
    name = "training"
    last_year = put(training_from=dt.date(2020, 4, 1), training_to=dt.date(2020, 5, 1))
    backwards = put(training_from=dt.date(2021, 6, 1), training_to=dt.date(2021, 5, 1))
    too_late = put(programme_type_code="IT", training_from=dt.date(2021, 12, 13), training_to=dt.date(2021, 12, 24))
    return [
        *_shared(name, person, "full_name", "identity_number", "programme", "programme_type_code", "training_from"),
        Recipe(name, "code_known", "unknown code", raw("training_result_code", "Chưa rõ")),
        Recipe(name, "date_readable", "unreadable date", raw("training_from", "2021/13")),
        Recipe(name, "day_possible", "a day that cannot be", put(training_from=dt.date(1907, 7, 11))),
        Recipe(name, "number_readable", "unreadable number", raw("hours", "hai tuần")),
        Recipe(name, "training_open_in_year", "row of another year", last_year, set_aside=True),
        Recipe(name, "training_period_order", "ends before it begins", backwards),
        Recipe(name, "hours_in_range", "hours out of range", put(hours=-5.0)),
        Recipe(name, "digital_programme_since_2025", "programme before its time", put(programme_type_code="DIGITAL"), version="T01"),
        Recipe(name, "language_programmes_until_2021", "programme after its time", too_late, version="T02"),
    ]


def _discipline() -> list[Recipe]:
    """First what only a decision of the Party can break: such rows are few."""
    name, long_ago = "discipline", put(signed_on=dt.date(2019, 5, 3), announced_on=dt.date(2019, 5, 6))
    return [
        Recipe(
            name,
            "discipline_form_allowed",
            "no form of the Party",
            put(discipline_form_code="DISMISSAL"),
            punished,
            set_aside=True,
            version="R17a",
        ),
        Recipe(name, "signed_before_announced", "announced before signed", signed_afterwards, punished),
        Recipe(name, "row_of_folder_year", "row of another year", long_ago, punished, set_aside=True),
        Recipe(name, "code_known", "unknown code", raw("violation_code", "Đi trễ"), person),
        Recipe(name, "date_readable", "unreadable date", raw("signed_on", "30/02/2021"), person),
        Recipe(name, "day_possible", "a day that cannot be", put(signed_on=dt.date(2031, 6, 10)), punished),
        Recipe(name, "identifier_shape", "a sentence for a number", raw("decision_no", "không số"), person),
        *_shared(
            name, person, "full_name", "identity_number", "discipline_system_code", "discipline_form_code", "decision_no", "signed_on"
        ),
    ]


RECIPES = (*_personnel(), *_ratings(), *_rotation(), *_training(), *_discipline())
