"""Faults planted in rows: each breaks one rule, at a place that is written down, and disturbs no other.

What does not belong here: faults of whole files, and finding any of it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

from pipeline.sample.city import City
from pipeline.sample.facts import Row
from pipeline.sample.people import Births
from pipeline.sample.recipes import RATED, RECIPES, Pick, Recipe, excused, low, person, punished, unrated
from pipeline.sample.tree import Base

Key = tuple[str, str, str]  # period, base organisation's code, dataset


def _identities(city: City, dataset: str, pick: Pick) -> set[str]:
    """Whose rows of 2021 fit."""
    return {r["identity_number"] for (p, _, d), rows in city.rows.items() if (p, d) == ("2021", dataset) for r in rows if pick(r)}


def open_spell(row: Row) -> bool:
    """An official's, no member's, that runs."""
    return row["member_status_code"] == "NONE" and row["spell_to"] is None and row["spell_from"].year < 2020


class Planter:
    """Changes a city's rows so that rules break, and marks each row with what it breaks."""

    def __init__(self, rng: Random, city: City, taken: set[str], times: int):
        self.rng, self.city, self.times = rng, city, times
        self.births = Births(rng, taken)
        # identity numbers that already play a part; who is disciplined and not rated would break two rules at once
        self.used = _identities(city, "ratings", excused("SUSPENDED")) & _identities(city, "discipline", person)
        self.lost: Counter[Key] = Counter()
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
        self._two_people_of_one_number()
        self._second_ratings()
        self._strangers()
        self._disciplined_and_good()
        self._official_less_than_excellent()
        self._head_of_a_failed_unit()
        self._overlapping_postings()
        self._rows_sent_twice()
        self._two_numbers_in_a_roster()
        self._namesakes_without_numbers()
        self._rated_under_another_number()
        self._foreign_names()

    def _room_in_discipline(self) -> None:
        """Most tables of discipline hold one decision; with the unions' beside it, one may be set aside and the rest stand. Those counted in a
        rating of another year, so that none follows."""
        for base in self.bases[: 4 + 3 * self.times]:
            key = ("2021", base.unit.unit_code, "discipline")
            rated = self.city.rows["2021", base.unit.unit_code, "ratings"]
            members = [r for r in rated if r["rating_system_code"] == "PARTY_MEMBER" and r["decided_level_code"] == "GOOD"]
            day = dt.date(2021, 5, 17)
            self.city.rows[key] = self.city.rows[key] + [
                {
                    **{k: r[k] for k in ("unit", "full_name", "identity_number")}, "subject_kind_code": "PERSON",
                    "discipline_system_code": "UNION", "discipline_form_code": "REPRIMAND", "violation_code": "DUTY",
                    "decision_no": f"{n:02}-QĐ/ĐT", "signed_on": day, "announced_on": day, "case_no": None, "is_counted_elsewhere": True,
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
            if recipe.rule == "value_present" and len(self.city.rows[key]) == 1:
                continue  # a column without a value is as good as none, and a title may say what it would
            row = self.city.rows[key][at]
            change = recipe.change(row)
            places = self._rows_of(row["identity_number"]) if "birth_date" in change else [(key, at)]  # a person is born once
            for place in places:
                self._change(*place, change, recipe.rule, recipe.kind, recipe.set_aside, recipe.version)
            left -= 1
        if left == self.times:
            raise ValueError(f"the city has no row on which {recipe.dataset} can break {recipe.rule}")

    def _candidates(self, period: str, dataset: str, pick: Pick, set_aside: bool = False) -> Iterator[tuple[Key, int]]:
        """Rows that fit, at most one of a base organisation, in an order of chance. At most half of a table is set aside."""
        for base in self.rng.sample(self.bases, len(self.bases)):
            key = (period, base.unit.unit_code, dataset)
            rows = self.city.rows[key]
            if set_aside and 2 * (self.lost[key] + 1) > len(rows):
                continue
            for at in self.rng.sample(range(len(rows)), len(rows)):
                if self._free(rows[at]) and pick(rows[at]):
                    yield key, at
                    break

    def _rows_of(self, identity_number: str) -> list[tuple[Key, int]]:
        """Where a person stands in rosters."""
        return [
            (key, at)
            for key, rows in self.city.rows.items() if key[2] == "personnel"
            for at, row in enumerate(rows) if row["identity_number"] == identity_number
        ]  # fmt: skip

    def _free(self, row: Row) -> bool:
        return "_planted" not in row and row.get("identity_number") not in self.used

    def _change(self, key: Key, at: int, values: Row, rule: str, kind: str, set_aside: bool = False, version: str = "") -> Row:
        rows = self.city.rows[key]
        if identity := rows[at].get("identity_number"):
            self.used.add(identity)
        rows[at] = rows[at] | values | {"_planted": ((rule, kind, version),)}
        self.lost[key] += set_aside
        return rows[at]

    # rows and what lies elsewhere

    def _foreign_units(self) -> None:
        """A unit that exists, but not below the sender."""
        for dataset, pick in (("personnel", unrated), ("ratings", low), ("training", person), ("rotation", person)):
            for (key, at), _ in zip(self._candidates("2021", dataset, pick, True), range(self.times), strict=False):
                other = self.rng.choice([b for b in self.city.tree.bases if b.unit.unit_code != key[1]])
                self._change(
                    key, at, {"_raw": {"unit": self.rng.choice(other.places).unit_code}}, "unit_within_sender", "foreign unit", True
                )

    def _foreign_names(self) -> None:
        """The name of a base organisation elsewhere, which nobody takes for a part of the sender."""
        for dataset, pick in (("personnel", unrated), ("ratings", low)):
            for (key, at), _ in zip(self._candidates("2021", dataset, pick, True), range(self.times), strict=False):
                other = self.rng.choice([b for b in self.city.tree.bases if b.unit.unit_code != key[1]])
                self._change(key, at, {"_raw": {"unit": other.unit.unit_name}}, "unit_within_sender", "foreign base by its name", True)

    def _two_primary_spells(self) -> None:
        """An official stands on two rosters at once; the earlier spell should have ended."""
        for (key, at), _ in zip(self._candidates("2021", "personnel", open_spell), range(self.times), strict=False):
            earlier = self._change(key, at, {}, "one_primary_spell_per_day", "two primary spells")
            other = self.rng.choice([b for b in self.bases if b.unit.unit_code != key[1]])
            again = {k: v for k, v in earlier.items() if not k.startswith("_")} | {"unit": None, "spell_from": dt.date(2021, 4, 1)}
            self.city.rows["2021", other.unit.unit_code, "personnel"].append(again)

    def _two_people_of_one_number(self) -> None:
        """Another unit's roster has an official's number beside another name and birthday."""
        rule, kind = "one_person_per_identity_number", "one number, two people"
        for (key, at), _ in zip(self._candidates("2021", "personnel", open_spell), range(self.times), strict=False):
            own = self._change(key, at, {}, rule, kind)
            other = self.rng.choice([b for b in self.bases if b.unit.unit_code != key[1]])
            born = own["birth_date"].replace(day=own["birth_date"].day % 28 + 1)
            again = {"unit": None, "full_name": f"{own['full_name']} Em", "birth_date": born, "birth_date_precision_code": "DAY"}
            self.city.rows["2021", other.unit.unit_code, "personnel"].append(own | again)

    def _two_numbers_in_a_roster(self) -> None:
        """An official stands twice in his roster, once under each of two numbers."""

        def born_on_a_day(row: Row) -> bool:
            return open_spell(row) and row["birth_date_precision_code"] == "DAY"

        for (key, at), _ in zip(self._candidates("2021", "personnel", born_on_a_day), range(self.times), strict=False):
            own = self._change(key, at, {}, "one_number_per_person", "one person, two numbers")
            other = self.births.identity_number(own["sex_code"], own["birth_date"].year)
            self.city.rows[key].append(own | {"identity_number": other})

    def _namesakes_without_numbers(self) -> None:
        """A roster has somebody's name and birth day once more, without a number."""

        def born_on_a_day(row: Row) -> bool:
            return person(row) and row["birth_date_precision_code"] == "DAY"

        for (key, at), _ in zip(self._candidates("2020", "personnel", born_on_a_day), range(self.times), strict=False):
            row, planted = (
                self.city.rows[key][at],
                (("person_told_apart", "a namesake without a number"), ("value_present", "identity_number missing")),
            )
            self.used.add(row["identity_number"])
            self.city.rows[key].append(row | {"identity_number": None, "_planted": planted})

    def _rated_under_another_number(self) -> None:
        """A rating under a number that no roster knows, beside a name that its roster has under another."""
        rule, kind = "one_number_per_person", "rated under another number"
        for (key, at), _ in zip(self._candidates("2021", "ratings", low), range(self.times), strict=False):
            rostered = [(k, n) for k, n in self._rows_of(self.city.rows[key][at]["identity_number"]) if k[:2] == key[:2]]
            self._change(key, at, {"identity_number": self.births.identity_number("MALE", 1980)}, rule, kind)
            for place in rostered:
                self._change(*place, {}, rule, kind)

    def _second_ratings(self) -> None:
        for (key, at), _ in zip(self._candidates("2021", "ratings", low), range(self.times), strict=False):
            row = self.city.rows[key][at]
            self.used.add(row["identity_number"])
            self.city.rows[key].append(row | {"_planted": (("one_rating_per_person_and_period", "rated twice in one file", "R04"),)})

    def _rows_sent_twice(self) -> None:
        for (key, at), _ in zip(self._candidates("2020", "personnel", person), range(self.times), strict=False):
            row = self.city.rows[key][at]
            self.used.add(row["identity_number"])
            self.city.rows[key].append(row | {"_planted": (("one_row_per_fact", "sent twice in one file"),)})

    def _strangers(self) -> None:
        """A rating of somebody whom no roster knows."""
        for (key, at), _ in zip(self._candidates("2021", "ratings", low), range(self.times), strict=False):
            p = self.births.person(1970, 1990)
            row = self.city.rows[key][at] | RATED | {"full_name": p.full_name, "identity_number": p.identity_number}
            self.city.rows[key].append(row | {"_planted": (("rated_person_on_roster", "rated, not on the roster"),)})

    def _disciplined_and_good(self) -> None:
        disciplined = _identities(self.city, "discipline", lambda r: punished(r) and "_planted" not in r)

        def fits(row: Row) -> bool:
            not_completed = row["rating_system_code"] == "PARTY_MEMBER" and row["decided_level_code"] == "NOT_COMPLETED"
            return not_completed and row["identity_number"] in disciplined

        for (key, at), _ in zip(self._candidates("2021", "ratings", fits), range(self.times), strict=False):
            self._change(key, at, {"decided_level_code": "GOOD"}, "disciplined_is_not_completed", "disciplined and good", version="R08a")

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
            self._change(key, chosen[0], {}, "excellent_within_cap", "more than a fifth excellent", version="R09a")

    def _official_less_than_excellent(self) -> None:
        """Excellent as a member, only good as a civil servant (HD 21 mục 2.3)."""

        def at_work(row: Row) -> bool:
            return row["staff_kind_code"] == "CIVIL_SERVANT" and row["spell_kind_code"] == "PRIMARY" and row["spell_to"] is None

        servants = _identities(self.city, "personnel", at_work)

        def fits(row: Row) -> bool:
            return low(row) and row["decided_level_code"] == "EXCELLENT" and row["identity_number"] in servants

        for (key, at), _ in zip(self._candidates("2021", "ratings", fits), range(self.times), strict=False):
            row = self._change(key, at, {}, "member_excellent_needs_official_excellent", "excellent member, good official", version="R10")
            official = {k: v for k, v in row.items() if not k.startswith("_")}
            self.city.rows[key].append(official | {"rating_system_code": "CIVIL_SERVANT", "decided_level_code": "GOOD"})

    def _head_of_a_failed_unit(self) -> None:
        """The unit is not completed, and whoever is at its head is more."""
        heads = _identities(self.city, "personnel", lambda r: r["post_code"] == "HEAD" and r["spell_to"] is None)

        def fits(row: Row) -> bool:
            return row["rating_system_code"] == "LEADER" and row["decided_level_code"] == "GOOD" and row["identity_number"] in heads

        for (key, at), _ in zip(self._candidates("2021", "ratings", fits), range(self.times), strict=False):
            rows = self.city.rows[key]
            for n, row in enumerate(rows):
                if row["rating_system_code"] == "COLLECTIVE":
                    rows[n] = row | {"decided_level_code": "NOT_COMPLETED"}
            self._change(key, at, {}, "leader_of_failed_unit_not_completed", "head above the unit", version="R12a")

    def _overlapping_postings(self) -> None:
        """A second rotation or secondment begins while the first one runs; the first should have ended."""

        def fits(row: Row) -> bool:
            return row["rotation_kind_code"] in ("ROTATION", "SECONDMENT") and row["posting_to"] is None and row["posting_from"].year < 2021

        for (key, at), _ in zip(self._candidates("2021", "rotation", fits), range(self.times), strict=False):
            row = self._change(key, at, {}, "postings_do_not_overlap", "overlapping postings")
            again = {k: v for k, v in row.items() if not k.startswith("_")}
            second = {"posting_from": dt.date(2021, 9, 1), "decision_no": "999-QĐ/BTCTU", "decided_on": dt.date(2021, 8, 20)}
            self.city.rows[key].append(again | second)
