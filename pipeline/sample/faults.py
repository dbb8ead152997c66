"""Faults planted in rows: each breaks one rule, at a place that is written down, and disturbs no other.

What does not belong here: faults of whole files, and finding any of it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from pipeline.sample.city import City
from pipeline.sample.facts import Row
from pipeline.sample.people import Births
from pipeline.sample.tree import Base

Pick = Callable[[Row], bool]
Change = Callable[[Row], Row]
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Recipe:
    """How to break one rule: which rows can, what changes, and whether the row is set aside for it."""

    rule: str
    dataset: str
    kind: str
    change: Change
    pick: Pick = lambda row: True
    period: str = "2021"
    set_aside: bool = True


def raw(column: str, text: str) -> Change:
    return lambda row: {"_raw": {column: text}}


def put(**values: object) -> Change:
    return lambda row: values


def lost_zero(row: Row) -> Row:
    return {"_raw": {"identity_number": float(row["identity_number"])}}


def person(row: Row) -> bool:
    return row.get("identity_number") is not None


# ── who may be faulty without disturbing another rule ────────────────────────────────────────────────────────────


def unrated(row: Row) -> bool:
    """On the roster of 2021, and in no rating: set aside, nobody misses the row."""
    return row["spell_kind_code"] == "SECONDARY" or row["member_status_code"] == "NONE" or row["leaving_reason_code"] in ("DIED", "STRUCK_OFF")


def low(row: Row) -> bool:
    """A rating whose loss or change cannot break the cap of its base organisation."""
    return row["rating_system_code"] == "PARTY_MEMBER" and row["decided_level_code"] in ("COMPLETED", "EXCELLENT")


def full(row: Row) -> bool:
    return row["member_status_code"] == "FULL" and row["birth_date_precision_code"] == "DAY"


def excused(reason: str) -> Pick:
    return lambda row: row["rating_system_code"] == "PARTY_MEMBER" and row["not_rated_reason_code"] == reason


def ended(row: Row) -> bool:
    return row["spell_to"] is not None and row["spell_to"].month < 11 and row["spell_kind_code"] == "PRIMARY"


def movement(kind: str) -> Pick:
    return lambda row: row["rotation_kind_code"] == kind and row["posting_to"] is None and row["posting_from"].month < 11


RATED = {"decided_level_code": "COMPLETED", "proposed_level_code": "COMPLETED", "not_rated_reason_code": None}


def _shared(dataset: str, pick: Pick, required: tuple[str, ...], period: str) -> list[Recipe]:
    """What every dataset can suffer: letters in a number, a lost zero, a missing value, a unit that is not."""

    def good(row: Row) -> bool:
        return person(row) and pick(row)

    return [
        Recipe("identity_number_shape", dataset, "letters in the identity number", lambda r: {"_raw": {"identity_number": "O" + r["identity_number"][1:]}}, good, period),
        Recipe("identity_number_shape", dataset, "a digit short at the end", lambda r: {"_raw": {"identity_number": r["identity_number"][:8]}}, good, period),
        Recipe("identity_number_repaired", dataset, "leading zero lost", lost_zero, good, period, set_aside=False),
        Recipe("unit_known", dataset, "unknown unit", raw("unit", "Chi bộ không có trong danh mục"), good, period),
        *(Recipe("value_present", dataset, f"{column} missing", put(**{column: None}), good, period) for column in required),
    ]  # fmt: skip


PERSONNEL = [
    *_shared("personnel", unrated, ("full_name", "identity_number", "member_status_code", "spell_from"), "2021"),
    Recipe("date_readable", "personnel", "unreadable date", raw("birth_date", "31/02/1970"), unrated),
    Recipe("date_readable", "personnel", "unreadable date", raw("party_official_on", "13/13/2005"), full, "2020"),
    Recipe("code_known", "personnel", "unknown code", raw("education_code", "Giáo sư"), unrated),
    Recipe("code_known", "personnel", "unknown code", raw("sex_code", "Nam giới"), period="2020"),
    Recipe("code_known", "personnel", "unknown code", raw("ethnicity_code", "Kinh (Việt Nam)"), period="2020"),
    Recipe("spell_period_order", "personnel", "ends before it begins", lambda r: {"spell_from": r["spell_to"] + dt.timedelta(days=30)}, ended, "2020"),
    Recipe("spell_open_in_period", "personnel", "row of another year", put(spell_from=dt.date(2021, 3, 1), spell_to=None, leaving_reason_code=None), period="2020"),
    Recipe("spell_open_in_period", "personnel", "row of another year", put(spell_from=dt.date(2022, 3, 1), spell_to=None, leaving_reason_code=None), unrated),
    Recipe("leaving_has_reason", "personnel", "no reason of leaving", put(leaving_reason_code=None), ended, "2020", set_aside=False),
    Recipe("exempt_period_order", "personnel", "ends before it begins", put(exempt_from=dt.date(2020, 6, 1), exempt_to=dt.date(2020, 5, 1)), full, "2020"),
    Recipe("suspended_period_order", "personnel", "ends before it begins", put(suspended_from=dt.date(2020, 6, 1), suspended_to=dt.date(2020, 5, 1)), full, "2020"),
    Recipe("member_has_joining_day", "personnel", "no day of admission", put(party_joined_on=None), full, "2020", set_aside=False),
    Recipe("official_after_12_months", "personnel", "not twelve months later", lambda r: {"party_official_on": r["party_official_on"] + dt.timedelta(days=2)}, full, "2020", set_aside=False),
    Recipe("probationary_has_no_official_day", "personnel", "probationary and official", lambda r: {"party_official_on": r["party_joined_on"].replace(year=r["party_joined_on"].year + 1)}, lambda r: r["member_status_code"] == "PROBATIONARY", "2020", set_aside=False),
    Recipe("admitted_at_18_or_older", "personnel", "admitted as a child", lambda r: {"party_joined_on": r["birth_date"].replace(year=r["birth_date"].year + 15), "party_official_on": r["birth_date"].replace(year=r["birth_date"].year + 16)}, full, "2020", set_aside=False),
    Recipe("identity_number_agrees_with_sex", "personnel", "number of the other sex", lambda r: {"sex_code": "MALE" if r["sex_code"] == "FEMALE" else "FEMALE"}, period="2020", set_aside=False),
    Recipe("identity_number_agrees_with_birth_year", "personnel", "number of another year", lambda r: {"birth_date": r["birth_date"].replace(year=r["birth_date"].year - 1)}, full, "2020", set_aside=False),
]  # fmt: skip

RATINGS = [
    *_shared("ratings", low, ("decided_level_code",), "2021"),
    Recipe("person_identified", "ratings", "no identity number", put(identity_number=None), low),
    Recipe("person_named", "ratings", "no name", put(full_name=None), low),
    Recipe("code_known", "ratings", "unknown code", raw("decided_level_code", "Tốt lắm"), low),
    Recipe("code_known", "ratings", "unknown code", raw("not_rated_reason_code", "Bận việc nhà"), excused("EXEMPT")),
    Recipe("date_readable", "ratings", "unreadable date", raw("decided_on", "32/12/2021"), low),
    Recipe("number_readable", "ratings", "unreadable number", raw("score", "chín mươi"), low),
    Recipe("period_readable", "ratings", "unreadable period", raw("period", "Cả hai năm"), low),
    Recipe("identifier_shape", "ratings", "a sentence for a number", raw("decision_no", "số mười hai"), low),
    Recipe("rating_of_folder_year", "ratings", "row of another year", raw("period", "2020"), low),
    Recipe("period_matches_type", "ratings", "quarter that is a year", put(period_type_code="QUARTER"), low),
    Recipe("unrated_row_has_reason", "ratings", "no reason", put(not_rated_reason_code=None), excused("EXEMPT")),
    Recipe("rated_row_has_no_reason", "ratings", "reason though rated", put(not_rated_reason_code="WORKED_LT_6M"), low, set_aside=False),
    Recipe("score_in_range", "ratings", "score out of range", put(score=188.0), low),
    Recipe("exempt_member_not_rated", "ratings", "exempt and rated", put(**RATED), excused("EXEMPT"), set_aside=False),
    Recipe("suspended_member_not_rated", "ratings", "suspended and rated", put(**RATED), excused("SUSPENDED"), set_aside=False),
    Recipe("new_member_not_rated", "ratings", "new and rated", put(**RATED), excused("NEW_LT_6M"), set_aside=False),
]  # fmt: skip

ROTATION = [
    *_shared("rotation", person, ("full_name", "identity_number", "rotation_kind_code", "posting_from"), "2021"),
    Recipe("code_known", "rotation", "unknown code", raw("rotation_kind_code", "Đi xa")),
    Recipe("code_known", "rotation", "unknown code", raw("is_in_planning", "Có lẽ"), movement("ROTATION")),
    Recipe("date_readable", "rotation", "unreadable date", raw("decided_on", "tháng ba")),
    Recipe("identifier_shape", "rotation", "a sentence for a number", raw("decision_no", "theo quyết định cũ")),
    Recipe("posting_open_in_year", "rotation", "row of another year", put(posting_from=dt.date(2022, 2, 1), posting_to=None, rotation_end_reason_code=None)),
    Recipe("movement_period_order", "rotation", "ends before it begins", put(posting_from=dt.date(2021, 6, 1), posting_to=dt.date(2021, 5, 1), rotation_end_reason_code="SETTLED")),
    Recipe("ended_posting_has_reason", "rotation", "no reason of ending", put(posting_to=dt.date(2021, 12, 1)), movement("ROTATION"), set_aside=False),
    Recipe("position_change_is_written", "rotation", "no decision", put(decision_no=None), lambda r: r["rotation_kind_code"] == "POSITION_CHANGE" and r["posting_from"] > dt.date(2019, 8, 15), set_aside=False),
]  # fmt: skip

TRAINING = [
    *_shared("training", person, ("full_name", "identity_number", "programme", "programme_type_code", "training_from"), "2021"),
    Recipe("code_known", "training", "unknown code", raw("training_result_code", "Chưa rõ")),
    Recipe("date_readable", "training", "unreadable date", raw("training_from", "2021/13")),
    Recipe("number_readable", "training", "unreadable number", raw("hours", "hai tuần")),
    Recipe("training_open_in_year", "training", "row of another year", put(training_from=dt.date(2020, 4, 1), training_to=dt.date(2020, 5, 1))),
    Recipe("training_period_order", "training", "ends before it begins", put(training_from=dt.date(2021, 6, 1), training_to=dt.date(2021, 5, 1))),
    Recipe("hours_in_range", "training", "hours out of range", put(hours=-5.0)),
    Recipe("digital_programme_since_2025", "training", "programme before its time", put(programme_type_code="DIGITAL"), set_aside=False),
    Recipe("language_programmes_until_2021", "training", "programme after its time", put(programme_type_code="IT", training_from=dt.date(2021, 12, 13), training_to=dt.date(2021, 12, 24)), set_aside=False),
]  # fmt: skip


def _punished(row: Row) -> bool:
    return person(row) and row["discipline_system_code"] == "PARTY" and row["discipline_status_code"] == "ACTIVE" and row["case_no"] is None


DISCIPLINE = [
    Recipe("code_known", "discipline", "unknown code", raw("violation_code", "Đi trễ"), _punished),
    Recipe("date_readable", "discipline", "unreadable date", raw("signed_on", "30/02/2021"), _punished),
    Recipe("identifier_shape", "discipline", "a sentence for a number", raw("decision_no", "không số"), _punished),
    Recipe("row_of_folder_year", "discipline", "row of another year", put(signed_on=dt.date(2019, 5, 3), announced_on=dt.date(2019, 5, 6)), _punished, "2020"),
    Recipe("person_identified", "discipline", "no identity number", put(identity_number=None), _punished),
    Recipe("signed_before_announced", "discipline", "announced before signed", lambda r: {"signed_on": r["announced_on"] + ONE_DAY}, _punished, set_aside=False),
    Recipe("discipline_form_allowed", "discipline", "no form of the Party", put(discipline_form_code="DISMISSAL"), _punished),
    *_shared("discipline", person, ("discipline_system_code", "discipline_form_code", "decision_no", "signed_on"), "2021"),
]  # fmt: skip
RECIPES = (*PERSONNEL, *RATINGS, *ROTATION, *TRAINING, *DISCIPLINE)


def _identities(city: City, dataset: str, pick: Pick) -> set[str]:
    """Whose rows of 2021 fit."""
    return {r["identity_number"] for (p, _, d), rows in city.rows.items() if (p, d) == ("2021", dataset) for r in rows if pick(r)}


class Planter:
    """Changes a city's rows so that rules break, and marks each row with what it breaks."""

    def __init__(self, rng: Random, city: City, taken: set[str], times: int):
        self.rng, self.city, self.times = rng, city, times
        self.births = Births(rng, taken)
        # identity numbers that already play a part; who is disciplined and not rated would break two rules at once
        self.used = _identities(city, "ratings", excused("SUSPENDED")) & _identities(city, "discipline", person)
        self.lost: Counter[tuple[str, str, str]] = Counter()
        self.bases = rng.sample(city.tree.bases, len(city.tree.bases))

    def reserve(self, number: int, fits: Callable[[Base], bool]) -> list[Base]:
        """Base organisations taken out of the lot: whatever happens to their files disturbs nobody."""
        found = [b for b, _ in zip((b for b in self.bases if fits(b)), range(number), strict=False)]
        self.bases = [b for b in self.bases if b not in found]
        return found

    def plant(self) -> None:
        self._over_the_cap()  # first: nothing else may happen in these base organisations
        self._room_in_discipline()
        for recipe in RECIPES:
            self._follow(recipe)
        self._foreign_units()
        self._two_primary_spells()
        self._second_ratings()
        self._strangers()
        self._disciplined_and_good()
        self._official_less_than_excellent()
        self._overlapping_postings()

    def _room_in_discipline(self) -> None:
        """Most tables of discipline hold one decision; with the unions' beside it, one may be set aside and the rest stand."""
        for base in self.bases[: 4 + 3 * self.times]:
            key = ("2021", base.unit.unit_code, "discipline")
            members = [r for r in self.city.rows["2021", base.unit.unit_code, "ratings"] if r["rating_system_code"] == "PARTY_MEMBER" and r["decided_level_code"] == "GOOD"]
            day = dt.date(2021, 5, 17)
            self.city.rows[key] = self.city.rows[key] + [
                {
                    "unit": r["unit"], "subject_kind_code": "PERSON", "full_name": r["full_name"], "identity_number": r["identity_number"],
                    "discipline_system_code": "UNION", "discipline_form_code": "REPRIMAND", "violation_code": "DUTY",
                    "decision_no": f"{n:02}-QĐ/ĐT", "signed_on": day, "announced_on": day, "case_no": None, "is_counted_elsewhere": None,
                    "discipline_status_code": "ACTIVE",
                }
                for n, r in enumerate(members[:10], start=1)
            ]  # fmt: skip

    # one row, one rule

    def _follow(self, recipe: Recipe) -> None:
        left = self.times
        for key, at in self._candidates(recipe.period, recipe.dataset, recipe.pick, recipe.set_aside):
            if left == 0:
                return
            row = self.city.rows[key][at]
            self._change(key, at, recipe.change(row), recipe.rule, recipe.kind, recipe.set_aside)
            left -= 1
        if left == self.times:
            raise ValueError(f"the city has no row on which {recipe.dataset} can break {recipe.rule}")

    def _candidates(self, period: str, dataset: str, pick: Pick, set_aside: bool = False):
        """Rows that fit, at most one of a base organisation, in an order of chance. At most a third of a table is set aside."""
        for base in self.rng.sample(self.bases, len(self.bases)):
            key = (period, base.unit.unit_code, dataset)
            rows = self.city.rows[key]
            if set_aside and 2 * (self.lost[key] + 1) > len(rows):
                continue
            for at in self.rng.sample(range(len(rows)), len(rows)):
                if self._free(rows[at]) and pick(rows[at]):
                    yield key, at
                    break

    def _free(self, row: Row) -> bool:
        return "_planted" not in row and row.get("identity_number") not in self.used

    def _change(self, key: tuple[str, str, str], at: int, values: Row, rule: str, kind: str, set_aside: bool = False) -> Row:
        rows = self.city.rows[key]
        if identity := rows[at].get("identity_number"):
            self.used.add(identity)
        rows[at] = rows[at] | values | {"_planted": ((rule, kind, ""),)}
        self.lost[key] += set_aside
        return rows[at]

    # rows and what lies elsewhere

    def _foreign_units(self) -> None:
        """A unit that exists, but not below the sender."""
        for dataset, pick in (("personnel", unrated), ("ratings", low), ("training", person), ("rotation", person)):
            for (key, at), _ in zip(self._candidates("2021", dataset, pick, True), range(self.times), strict=False):
                other = self.rng.choice([b for b in self.city.tree.bases if b.unit.unit_code != key[1]])
                self._change(key, at, {"_raw": {"unit": self.rng.choice(other.places).unit_code}}, "unit_within_sender", "foreign unit", True)

    def _two_primary_spells(self) -> None:
        """An official stands on two rosters at once; the earlier spell should have ended."""
        def open_spell(row: Row) -> bool:
            return row["member_status_code"] == "NONE" and row["spell_to"] is None and row["spell_from"].year < 2020

        for (key, at), _ in zip(self._candidates("2021", "personnel", open_spell), range(self.times), strict=False):
            earlier = self._change(key, at, {}, "one_primary_spell_per_day", "two primary spells")
            other = self.rng.choice([b for b in self.bases if b.unit.unit_code != key[1]])
            again = {k: v for k, v in earlier.items() if not k.startswith("_")} | {"unit": None, "spell_from": dt.date(2021, 4, 1)}
            self.city.rows["2021", other.unit.unit_code, "personnel"].append(again)

    def _second_ratings(self) -> None:
        for (key, at), _ in zip(self._candidates("2021", "ratings", low), range(self.times), strict=False):
            row = self.city.rows[key][at]
            self.used.add(row["identity_number"])
            self.city.rows[key].append(row | {"_planted": (("one_rating_per_person_and_period", "rated twice in one file", ""),)})

    def _strangers(self) -> None:
        """A rating of somebody whom no roster knows."""
        for (key, at), _ in zip(self._candidates("2021", "ratings", low), range(self.times), strict=False):
            p = self.births.person(1970, 1990)
            row = self.city.rows[key][at] | RATED | {"full_name": p.full_name, "identity_number": p.identity_number}
            self.city.rows[key].append(row | {"_planted": (("rated_person_on_roster", "rated, not on the roster", ""),)})

    def _disciplined_and_good(self) -> None:
        punished = _identities(self.city, "discipline", lambda r: _punished(r) and "_planted" not in r)

        def fits(row: Row) -> bool:
            return row["rating_system_code"] == "PARTY_MEMBER" and row["decided_level_code"] == "NOT_COMPLETED" and row["identity_number"] in punished

        for (key, at), _ in zip(self._candidates("2021", "ratings", fits), range(self.times), strict=False):
            self._change(key, at, {"decided_level_code": "GOOD"}, "disciplined_is_not_completed", "disciplined and good")

    def _over_the_cap(self) -> None:
        """Two more excellent than a fifth of those good, in a base organisation of its own."""
        for base in self.reserve(self.times, lambda b: len(self.city.rows["2021", b.unit.unit_code, "ratings"]) > 40):
            key = ("2021", base.unit.unit_code, "ratings")
            members = [(i, r) for i, r in enumerate(self.city.rows[key]) if r["rating_system_code"] == "PARTY_MEMBER"]
            excellent = sum(r["decided_level_code"] == "EXCELLENT" for _, r in members)
            good = [i for i, r in members if r["decided_level_code"] == "GOOD"]
            wanted = (excellent + len(good)) // 5 + 2
            chosen = good[: wanted - excellent]
            for at in chosen:
                self.city.rows[key][at] = self.city.rows[key][at] | {"decided_level_code": "EXCELLENT"}
            self._change(key, chosen[0], {}, "excellent_within_cap", "more than a fifth excellent")

    def _official_less_than_excellent(self) -> None:
        """Excellent as a member, only good as a civil servant (HD 21 mục 2.3)."""
        servants = _identities(
            self.city, "personnel", lambda r: r["staff_kind_code"] == "CIVIL_SERVANT" and r["spell_kind_code"] == "PRIMARY" and r["spell_to"] is None
        )

        def fits(row: Row) -> bool:
            return low(row) and row["decided_level_code"] == "EXCELLENT" and row["identity_number"] in servants

        for (key, at), _ in zip(self._candidates("2021", "ratings", fits), range(self.times), strict=False):
            row = self._change(key, at, {}, "member_excellent_needs_official_excellent", "excellent member, good official")
            official = {k: v for k, v in row.items() if not k.startswith("_")}
            self.city.rows[key].append(official | {"rating_system_code": "CIVIL_SERVANT", "decided_level_code": "GOOD"})

    def _overlapping_postings(self) -> None:
        """A second rotation or secondment begins while the first one runs; the first should have ended."""
        def fits(row: Row) -> bool:
            return row["rotation_kind_code"] in ("ROTATION", "SECONDMENT") and row["posting_to"] is None and row["posting_from"].year < 2021

        for (key, at), _ in zip(self._candidates("2021", "rotation", fits), range(self.times), strict=False):
            row = self._change(key, at, {}, "postings_do_not_overlap", "overlapping postings")
            again = {k: v for k, v in row.items() if not k.startswith("_")}
            self.city.rows[key].append(again | {"posting_from": dt.date(2021, 9, 1), "decision_no": "999-QĐ/BTCTU", "decided_on": dt.date(2021, 8, 20)})


