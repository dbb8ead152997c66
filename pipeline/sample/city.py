"""The truth of a sample city: its tree, its people, and every row that its units should send.

What does not belong here: how the rows look in an office's file, and planted faults.
"""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pipeline.sample.facts import Facts, Row, make_facts
from pipeline.sample.people import Person, Spell
from pipeline.sample.roster import Population, make_population
from pipeline.sample.scale import Scale
from pipeline.sample.tree import Base, Tree, make_tree
from pipeline.schemas import SCHEMAS

# what is owed by base organisations, and when (invented)
CALENDAR = {
    "2020": {"personnel": dt.date(2021, 1, 20), "discipline": dt.date(2021, 1, 20)},
    "2021": dict.fromkeys(SCHEMAS, dt.date(2022, 1, 31)) | {"personnel": dt.date(2022, 1, 20)},
}


@dataclass
class City:
    tree: Tree
    people: list[Person] = field(default_factory=list)
    rows: dict[tuple[str, str, str], list[Row]] = field(default_factory=dict)  # by (period, base code, dataset), nil returns included

    def sent(self, period: str, base: Base) -> dict[str, list[Row]]:
        """What one base organisation sends for a period, by dataset."""
        return {d: self.rows[period, base.unit.unit_code, d] for d in CALENDAR[period]}


def make_truth(seed: int, scale: Scale, copy: int, taken: set[str]) -> City:
    """One city. The same seed and copy give the same city; `taken` holds the identity numbers already given."""
    rng = Random(f"{seed}/{copy}")
    tree = make_tree(rng, scale, copy)
    population = make_population(rng, scale, tree, taken)
    facts = make_facts(rng, scale, tree, population)
    city = City(tree, population.everyone())
    rosters = _rosters(city.people)
    for period, datasets in CALENDAR.items():
        for base in tree.bases:
            for dataset in datasets:
                key = (period, base.unit.unit_code, dataset)
                city.rows[key] = rosters[key] if dataset == "personnel" else facts.rows.get(key, [])
    check(city, scale, population, facts)
    return city


def _rosters(people: list[Person]) -> dict[tuple[str, str, str], list[Row]]:
    """Every spell open on any day of a year, as the office knew it at that year's end."""
    spells = sorted((s for p in people for s in p.spells), key=lambda s: (s.unit.unit_code, s.person.full_name, s.person.identity_number))
    rosters: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for period in CALENDAR:
        first, last = dt.date(int(period), 1, 1), dt.date(int(period), 12, 31)
        for s in spells:
            if s.spell_from <= last and (s.spell_to is None or s.spell_to >= first):
                rosters[period, s.base.unit_code, "personnel"].append(_roster_row(s, last))
    return rosters


def _roster_row(s: Spell, last: dt.date) -> Row:
    p = s.person
    ended = s.spell_to if s.spell_to and s.spell_to <= last else None
    status = p.status(ended or last)
    exempt = p.exempt if p.exempt and p.exempt[0] <= last else (None, None)
    suspended = p.suspended if p.suspended and p.suspended[0] <= last else (None, None)
    return {
        "unit": None if s.unit is s.base else s.unit,
        "full_name": p.full_name, "birth_date": p.birth, "birth_date_precision_code": p.birth_precision, "sex_code": p.sex,
        "identity_number": p.identity_number, "ethnicity_code": p.ethnicity, "spell_kind_code": s.kind, "member_status_code": status,
        "staff_kind_code": p.staff, "spell_from": s.spell_from, "spell_to": ended, "leaving_reason_code": s.reason if ended else None,
        "exempt_from": exempt[0], "exempt_to": exempt[1] if exempt[1] and exempt[1] <= last else None,
        "suspended_from": suspended[0], "suspended_to": suspended[1],
        "post_code": p.post_before if p.post_before and last.year < 2021 else p.post, "committee_level_code": p.committee,
        "education_code": p.education, "political_theory_code": p.theory,
        "party_joined_on": p.joined if status != "NONE" else None, "party_official_on": p.official if status == "FULL" else None,
        "service_joined_on": p.service,
    }  # fmt: skip


def figures(city: City) -> dict[str, Any]:
    """What a warehouse should report of the city, counted from the rows themselves."""
    at_end: Counter[str] = Counter()
    for row in _all(city, "2021", "personnel"):
        if row["spell_kind_code"] == "PRIMARY" and row["member_status_code"] != "NONE" and row["spell_to"] is None:
            at_end[row["identity_number"]] += 1
    ratings = Counter((r["rating_system_code"], r["decided_level_code"]) for r in _all(city, "2021", "ratings"))
    member = {level: ratings["PARTY_MEMBER", level] for level in ("EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED", "NOT_RATED")}
    leader = {level: ratings["LEADER", level] for level in ("EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED")}
    disciplined = {period: _disciplined(city, period) for period in CALENDAR}
    committees = Counter(disciplined["2021"].values())
    types = Counter(u.unit_type_code for u in city.tree.units)
    return {
        "superiors": types["SUPERIOR"], "base_organisations": types["BASE_COMMITTEE"] + types["BASE_CELL"],
        "sections": types["SECTION"], "cells": types["CELL"],
        "members": len(at_end), "members_twice": sum(n > 1 for n in at_end.values()),
        "rated": sum(member.values()) - member["NOT_RATED"], "good_inclusive": member["EXCELLENT"] + member["GOOD"],
        "excellent": member["EXCELLENT"], "good_exclusive": member["GOOD"], "completed": member["COMPLETED"],
        "not_completed": member["NOT_COMPLETED"], "not_rated": member["NOT_RATED"],
        "leaders": sum(leader.values()), "leaders_by_level": list(leader.values()),
        "collectives": sum(n for (s, _), n in ratings.items() if s == "COLLECTIVE"),
        "disciplined": len(disciplined["2021"]), "disciplined_2020": len(disciplined["2020"]),
        "disciplined_by_committee": [committees[c] for c in ("PROVINCIAL", "SUPERIOR_OF_BASE", "BASE", "CELL")],
        "rotations": len(_all(city, "2021", "rotation")), "trainings": len(_all(city, "2021", "training")),
    }  # fmt: skip


def _all(city: City, period: str, dataset: str) -> list[Row]:
    return [r for (p, _, d), rows in city.rows.items() if (p, d) == (period, dataset) for r in rows]


def _disciplined(city: City, period: str) -> dict[str, str]:
    """Persons punished by the Party and not annulled, each once, with their committee level."""
    return {
        r["identity_number"]: r["committee_level_code"]
        for r in _all(city, period, "discipline")
        if r["discipline_system_code"] == "PARTY"
        and r["subject_kind_code"] == "PERSON"
        and r["discipline_status_code"] != "ANNULLED_WRONGFUL"
    }


def check(city: City, scale: Scale, population: Population, facts: Facts) -> None:
    """Stops where the truth breaks a number or a law that it must hold."""
    found = figures(city)
    wanted = {
        "superiors": scale.superiors, "base_organisations": scale.bases, "sections": scale.sections, "cells": scale.cells,
        "members": scale.members, "members_twice": 0, "rated": scale.rated, "good_inclusive": scale.good_inclusive,
        "excellent": scale.excellent, "completed": scale.completed, "not_completed": scale.not_completed, "not_rated": scale.not_rated,
        "leaders": sum(scale.leaders), "leaders_by_level": list(scale.leaders), "disciplined": scale.disciplined,
        "disciplined_2020": scale.disciplined_2020, "disciplined_by_committee": list(scale.committee),
        "rotations": scale.rotations, "trainings": scale.trainings,
    }  # fmt: skip
    wrong = {k: (found[k], v) for k, v in wanted.items() if found[k] != v}
    assert not wrong, f"sample city: found, wanted: {wrong}"
    at_end = {
        r["identity_number"]: code
        for (period, code, dataset), rows in city.rows.items() if (period, dataset) == ("2021", "personnel")
        for r in rows if r["spell_kind_code"] == "PRIMARY" and r["member_status_code"] != "NONE" and r["spell_to"] is None
    }  # fmt: skip
    for base in city.tree.bases:
        code = base.unit.unit_code
        rows = [r for r in city.rows["2021", code, "ratings"] if r["rating_system_code"] == "PARTY_MEMBER"]
        levels = Counter(r["decided_level_code"] for r in rows)
        assert 5 * levels["EXCELLENT"] <= levels["EXCELLENT"] + levels["GOOD"], f"{code}: more than a fifth excellent"
        assert all(at_end.get(r["identity_number"]) == code for r in rows), f"{code}: rated elsewhere than on the roster"
    rated = {r["identity_number"] for r in _all(city, "2021", "ratings")}
    assert not rated & {p.identity_number for p in population.expelled[2021]}, "an expelled member is rated"
