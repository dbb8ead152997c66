"""What may leave: everything that counts people says so, nothing small can be computed back, and an attack that could find something finds nothing."""

import codecs
import datetime as dt
import json
import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import public_page
import pytest
import reconstruct
import replayed
from conftest import pipeline
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ledger import lookups
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card
from pipeline.surfaces import exports
from pipeline.surfaces.chance import Chance
from pipeline.surfaces.declared import REST, WITHHELD, Along, Undeclared, check, dataset_of, declared
from pipeline.surfaces.earlier import Two, differing
from pipeline.surfaces.pools import Pools, Tree, masked
from pipeline.surfaces.public import Rules, Unsafe, public
from pipeline.warehouse.door import published

TABLES = declared()
COUNTED = [name for name, own in TABLES.items() if own.cube]
FROM, MOVED, NOW = dt.date(2000, 1, 1), dt.date(2021, 1, 1), dt.date(2021, 12, 31)

# ── cities made of nothing ───────────────────────────────────────────────────────────────────────────────────────


# Hours of a course of each type: what anybody can look up.
LENGTHS = {kind: 8 * n**2 + 40 for n, kind in enumerate(TABLES["rpt_training_summary"].classes[0][1], start=1)}


class Made:
    """A city of a few units whose tables are counted from people who stand somewhere: sums and trees are right by themselves."""

    def __init__(self, seed: int, width: int, few: float, has_own: bool = True, has_gaps: bool = False, has_moved: bool = False):
        self.chance = np.random.default_rng(seed)
        self.few = few
        self.parents: dict[str, str | None] = {"CT": None}
        for s in range(1, 1 + max(1, int(self.chance.integers(1, width + 1)))):
            self.parents[f"Q{s}"] = "CT"
            for b in range(int(self.chance.integers(0, width + 1))):
                self.parents[f"Q{s}.{b}"] = f"Q{s}"
                for c in range(int(self.chance.integers(0, width))):
                    self.parents[f"Q{s}.{b}.{c}"] = f"Q{s}.{b}"
        self.of_year = {2021: self.parents, 2020: dict(self.parents)}
        bases = [u for u in self.parents if u.count(".") == 1]
        if has_moved and bases:  # one of them stood elsewhere the year before
            self.of_year[2020][bases[0]] = str(self.chance.choice([u for u in self.parents if u[0] == "Q" and "." not in u]))
        rows = []
        for unit, above in self.parents.items():
            if (before := self.of_year[2020][unit]) == above:
                rows.append((unit, above, FROM, None))
            else:
                rows += [(unit, before, FROM, MOVED - dt.timedelta(days=1)), (unit, above, MOVED, None)]
        kinds = {"unit_key": pl.String, "parent_unit_key": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
        self.units = pl.DataFrame(rows, schema=kinds, orient="row")
        self.leaves = [u for u in self.parents if u not in self.parents.values() or (has_own and self.chance.random() < 0.2)]
        # of whom nobody answered, there is no row; the city's own is always there
        self.silent = {u for u in self.parents if has_gaps and u != "CT" and self.chance.random() < 0.15}

    def up(self, unit: str | None, year: int = 2021) -> list[str]:
        found = []
        while unit is not None:
            found.append(unit)
            unit = self.of_year[year][unit]
        return found

    def counts(self, parts: tuple[str, ...], year: int = 2021) -> dict[str, np.ndarray]:
        """Unit → how many of each part, of its own and of all below."""
        total = {u: np.zeros(len(parts), int) for u in self.parents}
        weights = self.few * np.array([self.chance.choice([0, 0.05, 0.3, 1, 6]) for _ in parts])
        for leaf in self.leaves:
            own = self.chance.poisson(weights * self.chance.choice([0.1, 1, 3]))
            for unit in self.up(leaf, year):
                total[unit] += own
        return total

    def unrated(self, total: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Of whom nobody sent ratings, and of all in it, everybody is one of the rest."""
        for unit in sorted(self.silent, key=len):
            gone = total[unit].copy()
            for above in self.up(unit):
                total[above] = total[above] - gone
                total[above][-1] += gone.sum()
            for below in self.parents:
                if unit in self.up(below)[1:]:
                    total[below] = np.append(np.zeros(len(gone) - 1, int), total[below].sum())
        return total

    def name(self, unit: str) -> dict[str, Any]:
        kind = "CITY" if unit == "CT" else ("SUPERIOR", "BASE_COMMITTEE", "CELL")[unit.count(".")]
        return {"unit_key": unit, "unit_code": unit, "unit_type_code": kind, "unit_name": f"Đơn vị {unit}"}

    def ratings(self) -> pl.DataFrame:
        parts = ("excellent", "good_exclusive", "completed", "not_completed", "not_rated", "missing")
        year, quarter = self.unrated(self.counts(parts)), {}
        for unit, own in self.unrated(
            self.counts(parts)
        ).items():  # the same people, otherwise rated: who is too many or too few was not rated
            quarter[unit] = own
        rows = []
        for period, people in (("2021", year), ("2021-Q4", quarter)):
            for unit in self.parents:
                row = dict(zip(parts, map(int, people[unit]), strict=True))
                missing = row.pop("missing") if period == "2021" else int(year[unit].sum() - sum(row[p] for p in parts[:5]))
                if period != "2021" and missing < 0:
                    row, missing = {p: 0 for p in parts[:5]}, int(year[unit].sum())
                good = row["excellent"] + row["good_exclusive"]
                rated = good + row["completed"] + row["not_completed"]
                rows.append(
                    {"period_type_code": "YEAR", "period": period, "year": 2021, "period_to": NOW, "rating_system_code": "PARTY_MEMBER"}
                    | self.name(unit)
                    | row
                    | {"population": int(year[unit].sum()), "rated": rated, "good_inclusive": good, "unexplained": missing}
                    | dict.fromkeys(("left_after_rating", "rated_outside_roster", "rated_unlinked", "units_without_roster"), 0)
                    | {
                        "excellent_share_of_good": row["excellent"] / good if good else None,
                        "good_inclusive_share_of_rated": good / rated if rated else None,
                        "excellent_share_of_rated": row["excellent"] / rated if rated else None,
                        "completed_share_of_rated": row["completed"] / rated if rated else None,
                        "not_completed_share_of_rated": row["not_completed"] / rated if rated else None,
                    }
                )
        own = TABLES["rpt_rating_summary"]
        for row in rows:  # who sent none, and all in it, have a row, and no counts in it
            if self.silent.intersection(self.up(row["unit_code"])):
                row |= dict.fromkeys((*own.blanks, "unexplained"))
        return self.frame("rpt_rating_summary", rows)

    def quota(self, ratings: pl.DataFrame) -> pl.DataFrame:
        rows = []
        for row in ratings.filter(unit_type_code="BASE_COMMITTEE").to_dicts():
            moved = int(self.chance.choice([0, 0, 0, 1]))
            if row["rated"] is None:
                continue
            good, excellent = row["good_inclusive"] + moved, row["excellent"]
            row |= {"good_inclusive": good, "excellent": excellent, "allowed": good // 5, "over": max(0, excellent - good // 5)}
            rows.append(row)
        return self.frame("rpt_quota", rows)

    def discipline(self) -> pl.DataFrame:
        forms, levels = (parts for _, parts in TABLES["rpt_discipline_summary"].classes)
        rows = []
        before: dict[str, int] = {}
        for year in (2020, 2021):
            now: dict[str, int] = {}
            people = self.counts(tuple(f"{f} {level}" for f in forms for level in levels), year)
            for unit in self.parents:
                joint = people[unit].reshape(len(forms), len(levels)).copy()
                if (
                    unit.count(".") == 0 and joint.sum() and self.chance.random() < 0.3
                ):  # who was disciplined in two units counts once above them
                    joint[tuple(self.chance.choice(np.argwhere(joint)))] -= 1
                total = now[unit] = int(joint.sum())
                rows.append(
                    {"year": year}
                    | self.name(unit)
                    | {"persons_disciplined": total, "change_on_last_year": total - before[unit] if unit in before else None}
                    | {form: int(n) for form, n in zip(forms, joint.sum(1), strict=True) if form != REST}
                    | {level: int(n) for level, n in zip(levels, joint.sum(0), strict=True)}
                )
            before = now
        return self.frame("rpt_discipline_summary", rows)

    def rotation(self) -> pl.DataFrame:
        """Who runs on is who ran and began less who ended, at every leaf and so above."""
        kinds = ("rotation_started", "transfer_started", "secondment_started", "position_change_started", REST)
        rows = []
        running = {leaf: int(self.chance.poisson(self.few)) for leaf in self.leaves}
        for year in (2020, 2021):
            weights = self.few * self.chance.choice([0, 0.3, 1, 3], len(kinds))
            own = {leaf: self.chance.poisson(weights) for leaf in self.leaves}
            ended = {leaf: int(self.chance.binomial(running[leaf] + own[leaf][0] + own[leaf][2], 0.4)) for leaf in self.leaves}
            running = {leaf: int(running[leaf] + own[leaf][0] + own[leaf][2] - ended[leaf]) for leaf in self.leaves}
            for unit in self.parents:
                below = [leaf for leaf in self.leaves if unit in self.up(leaf, year)]
                began = dict(zip(kinds, (int(n) for n in sum((own[leaf] for leaf in below), np.zeros(len(kinds), int))), strict=True))
                done = sum(ended[leaf] for leaf in below)
                rows.append(
                    {"year": year}
                    | self.name(unit)
                    | {kind: n for kind, n in began.items() if kind != REST}
                    | {"started": sum(began.values()), "ended": done, "running": sum(running[leaf] for leaf in below)}
                    | {"median_months_ended": 30.0 if done else None}
                )
        return self.frame("rpt_rotation_summary", rows)

    def training(self) -> pl.DataFrame:
        kinds = TABLES["rpt_training_summary"].classes[0][1]
        people = self.counts(kinds)
        lengths = np.array([LENGTHS[kind] for kind in kinds])
        persons = {u: 0 for u in self.parents}
        for leaf in self.leaves:
            own = people[leaf] - sum((people[u] for u, p in self.parents.items() if p == leaf), np.zeros(len(kinds), int))
            heads = int(own.sum() - self.chance.integers(0, own.sum() // 3 + 1))
            for unit in self.up(leaf):
                persons[unit] += heads
        for unit, heads in persons.items():  # who was trained in two units counts once above them
            if unit.count(".") == 0 and heads > 1 and self.chance.random() < 0.3:
                twice = int(self.chance.integers(1, min(heads, 8)))
                for above in self.up(unit):
                    persons[above] -= twice
        rows = [
            {"year": 2021}
            | self.name(unit)
            | {kind: int(n) for kind, n in zip(kinds, people[unit], strict=True) if kind != REST}
            | {"persons": persons[unit], "attendances": int(people[unit].sum()), "hours": float(people[unit] @ lengths), "staff_hours": 0.0}
            for unit in self.parents
        ]
        return self.frame("rpt_training_summary", rows)

    def status(self) -> pl.DataFrame:
        empty = dict.fromkeys(TABLES["rpt_submission_status"].in_house, 3)
        days = {
            "due_on": NOW,
            "received_on": NOW,
            "verdict_code": "ACCEPTED",
            "is_withdrawn": False,
            "has_current": True,
            "timeliness_code": "NIL",
        }
        periods = [{"period_type_code": "YEAR", "period": f"{year}", "year": year, "dataset_code": "discipline"} for year in (2020, 2021)]
        return self.frame("rpt_submission_status", [period | self.name(unit) | days | empty for period in periods for unit in self.parents])

    def frame(self, table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
        columns = TABLES[table].columns
        own = TABLES[table]
        rows = rows if table == "rpt_rating_summary" or own.dataset else [row for row in rows if row["unit_code"] not in self.silent]
        if own.dataset:  # who sent none has a line, and nothing in it
            unknown = dict.fromkeys((*own.sets, *own.along, *own.change, *own.in_house))
            rows = [row | (unknown if row["unit_code"] in self.silent else {}) for row in rows]
        rows = [
            {"units_without_answer": 0} | {c: v for c, v in row.items() if c != "units_without_answer" or v is not None} for row in rows
        ]
        return pl.DataFrame([{c: row[c] for c in columns} for row in rows], infer_schema_length=None, schema_overrides={"median_months_ended": pl.Float64} if "median_months_ended" in columns else None)  # fmt: skip

    def tables(self) -> dict[str, pl.DataFrame]:
        ratings = self.ratings()
        return {
            "rpt_rating_summary": ratings,
            "rpt_quota": self.quota(ratings) if ratings.filter(unit_type_code="BASE_COMMITTEE").height else pl.DataFrame(),
            "rpt_discipline_summary": self.discipline(),
            "rpt_rotation_summary": self.rotation(),
            "rpt_training_summary": self.training(),
            "rpt_submission_status": self.status(),
        }


def leave(city: Made, truth: dict[str, pl.DataFrame], rules: Rules) -> dict[str, pl.DataFrame]:
    tables = {name: own for name, own in TABLES.items() if truth[name].height}
    return public(truth, city.units, tables, rules)


def attacked(city: Made, truth: dict[str, pl.DataFrame], left: dict[str, pl.DataFrame], rules: Rules) -> reconstruct.Found:
    found = reconstruct.Found()
    for name in COUNTED:
        tried = reconstruct.Reconstruction(TABLES[name], truth[name], left[name], city.units, rules.k, round_to=rules.round_to)
        found += tried.run()
    return found


CITIES = st.builds(
    Made, st.integers(0, 10**6), st.integers(1, 5), st.sampled_from([0.2, 0.5, 1.0, 3.0, 10.0]), st.booleans(), st.booleans(), st.booleans()
)


@settings(max_examples=25)
@given(city=CITIES, k=st.sampled_from([3, 5, 8]), round_to=st.sampled_from([0, 0, 5]))
def test_nothing_that_left_gives_a_small_count_back(city: Made, k: int, round_to: int) -> None:
    rules = Rules(k, round_to)
    truth = city.tables()
    found = attacked(city, truth, leave(city, truth, rules), rules)
    assert found.leaks == []


@pytest.mark.parametrize("seed", [7, 12, 15])
def test_nothing_comes_back_where_only_the_years_list_was_sent_and_everybody_rated(seed: int) -> None:
    """Whoever knows that nobody of the city was not rated knows as much of each unit; so that one is not empty says that somebody was rated, and never how many."""
    city = Made(seed, 4, 3.0)
    truth = city.tables()
    ratings = truth["rpt_rating_summary"].filter(pl.col("period") == "2021")
    truth |= {"rpt_rating_summary": ratings}
    assert attacked(city, truth, leave(city, truth, Rules()), Rules()).leaks == []


def test_the_attack_finds_people_where_only_what_is_small_itself_is_hidden() -> None:
    """So that its silence above is ours."""
    found, hit = reconstruct.Found(), 0
    for seed in range(6):
        city = Made(seed, 4, 1.0)
        rules = Rules(is_pooled=False)
        truth = city.tables()
        once = attacked(city, truth, leave(city, truth, rules), rules)
        hit += bool(once.leaks)
        found += once
    assert hit >= 4 and found.tried > 500
    assert {leak.split()[0] for leak in found.leaks} == set(COUNTED)


def test_the_attack_finds_people_where_pools_do_not_ask_whether_somebody_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums that are safe by themselves are not enough: where one unit is nearly all of its pool, somebody must be in it."""
    name = "rpt_discipline_summary"
    leaks = []
    for is_asked in (True, False):
        if not is_asked:
            monkeypatch.setattr(Pools, "_is_open", lambda self, group: True)
        for seed in (26, 29, 35):
            city = Made(seed, 4, 0.5)
            truth = {name: city.discipline()}
            left = public(truth, city.units, {name: TABLES[name]}, Rules())
            found = reconstruct.Reconstruction(TABLES[name], truth[name], left[name], city.units, 5).run()
            leaks += [(is_asked, leak) for leak in found.leaks]
    assert leaks and not any(is_asked for is_asked, _ in leaks)


def test_the_attack_finds_people_where_pools_forget_that_a_hidden_unit_is_not_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Chance, "coarser", lambda *_: 0)  # by chance pools are often large enough
    monkeypatch.setattr(Chance, "joined", lambda *_: [])
    cities = [Made(seed, 4, 0.5) for seed in range(4)]
    safe = [attacked(city, truth, leave(city, truth, Rules()), Rules()).leaks for city in cities for truth in [city.tables()]]
    monkeypatch.setattr(Pools, "_has_room", lambda *_: True)
    open_to_it = [attacked(city, truth, leave(city, truth, Rules()), Rules()).leaks for city in cities for truth in [city.tables()]]
    assert not any(safe) and sum(map(len, open_to_it)) > 3


def test_the_attack_finds_people_where_pools_forget_that_whoever_attended_is_a_person() -> None:
    """Where attendances are told, at least one for each unit below that is not empty is a person, and no second course of anybody."""
    name, k = "rpt_training_summary", 8
    own, leaks = TABLES[name], []
    for city in (Made(7, 5, 0.5, False, False, False), Made(15, 5, 1.0, False, False, True)):
        truth = {name: city.training()}
        for one in (own, replace(own, somebody=())):
            left = public(truth, city.units, {name: one}, Rules(k))
            found = reconstruct.Reconstruction(own, truth[name], left[name], city.units, k).run()
            leaks += [(one is own, leak) for leak in found.leaks]
    assert len(leaks) > 2 and not any(is_ours for is_ours, _ in leaks)


def test_a_population_that_a_year_hides_of_a_silent_unit_its_last_quarter_does_not_tell() -> None:
    name, city = "rpt_rating_summary", Made(59, 5, 3.0, True, True, True)
    truth = {name: city.ratings()}
    left = public(truth, city.units, {name: TABLES[name]}, Rules(8))
    hidden = left[name].filter(pl.col("population").is_null()).group_by("unit_code").len()["len"].to_list()
    assert hidden and {*hidden} == {2}, "both cubes count the same people"
    assert reconstruct.Reconstruction(TABLES[name], truth[name], left[name], city.units, 8).run().leaks == []


def test_below_a_hidden_unit_that_sent_nothing_no_nought_says_which_cells_have_anybody() -> None:
    """Two bases sent nothing: in one stand four members, in four cells; in the other two, in two. Were the empty cells told as nought, the others would have one each."""
    name, city = "rpt_rating_summary", Made(1, 1, 1.0)
    own = TABLES[name]
    members = {f"Q1.B.{n}": int(n < 4) for n in range(6)} | {f"Q1.C.{n}": int(n < 2) for n in range(3)} | {"Q1.D.0": 90, "Q2.A.0": 90}
    parents: dict[str, str | None] = {"CT": None}
    for cell in members:
        superior, base = cell.split(".")[0], cell.rpartition(".")[0]
        parents |= {superior: "CT", base: superior, cell: base}
    city.parents, city.of_year, city.silent = parents, {2020: parents, 2021: parents}, {"Q1.B", "Q1.C"}
    kinds = {"unit_key": pl.String, "parent_unit_key": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
    city.units = pl.DataFrame([(unit, above, FROM, None) for unit, above in parents.items()], schema=kinds, orient="row")
    rows = []
    for unit in parents:
        people = {cell: n for cell, n in members.items() if unit in city.up(cell)}
        rated = sum(n for cell, n in people.items() if not city.silent.intersection(city.up(cell)))
        is_blank = bool(city.silent.intersection(city.up(unit)))
        counts: dict[str, Any] = dict.fromkeys(own.columns, 0) | {"good_exclusive": rated, "good_inclusive": rated, "rated": rated}
        counts |= dict.fromkeys(own.along) | (dict.fromkeys((*own.blanks, "unexplained")) if is_blank else {})
        cube = {"period_type_code": "YEAR", "period": "2021", "year": 2021, "period_to": NOW, "rating_system_code": "PARTY_MEMBER"}
        rows.append(counts | cube | city.name(unit) | {"population": sum(people.values())})
    truth = pl.DataFrame([{c: row[c] for c in own.columns} for row in rows], infer_schema_length=None)
    left = public({name: truth}, city.units, {name: own}, Rules())[name]
    told = dict(left.select("unit_code", "population").iter_rows())
    assert told["Q1"] == 96 and {told[cell] for cell in members if cell[3] in "BC"} == {None}
    assert reconstruct.Reconstruction(own, truth, left, city.units, 5).run().leaks == []
    is_empty = pl.col("unit_code").is_in([cell for cell, n in members.items() if not n])
    before = left.with_columns(pl.when(is_empty).then(0).otherwise(pl.col("population")).alias("population"))
    assert len(reconstruct.Reconstruction(own, truth, before, city.units, 5).run().leaks) == 10, "as it left before"


def test_of_one_person_in_each_of_five_units_none_is_counted_back() -> None:
    """Nought is told, so five hidden units whose sum is told as five would be one each."""
    for people, is_told in (((1, 1, 1, 1, 1), False), ((1, 1, 1, 1, 5), True)):
        below = [f"A.{n}" for n in range(5)]
        tree = Tree(
            {"CT": (100 + sum(people),), "A": (sum(people),), "B": (100,), **dict(zip(below, [(n,) for n in people], strict=True))},
            {"CT": ["A", "B"], "A": below},
            ["CT"],
        )
        told = Pools(tree, [(1,)], [1], 5).told({})
        assert (told["A"] == 0) == is_told and all(told[unit] == 1 for unit in below), (people, told)


@pytest.mark.parametrize("seed", [2, 3, 9])
def test_whoever_runs_the_rule_backwards_excludes_neither_nobody_nor_k(seed: int) -> None:
    """For each small figure there are two worlds of which the rule, by some key, makes the same export: in one it is nobody, in one it is k."""
    city, found = Made(seed, 3, 1.0), reconstruct.Found()
    truth = city.tables()
    for name in COUNTED:
        found += replayed.run_backwards(TABLES[name], truth, city.units, Rules(secret="a city's"), Chance, at_most=10)
    assert found.leaks == [] and found.tried > 30


@pytest.mark.parametrize("seed", [4, 5, 7])
def test_nor_where_some_units_sent_no_ratings(seed: int) -> None:
    """Their people make pools of their own."""
    name, city = "rpt_rating_summary", Made(seed, 4, 1.0, has_gaps=True, has_moved=True)
    found = replayed.run_backwards(TABLES[name], city.tables(), city.units, Rules(secret="a city's"), Chance, at_most=10)
    assert city.silent and found.leaks == [] and found.tried == 10


def test_the_rule_run_backwards_tells_of_people_where_it_leaves_nothing_to_chance() -> None:
    found = reconstruct.Found()
    for seed in (2, 3):
        city = Made(seed, 3, 1.0)
        name = "rpt_discipline_summary"
        found += replayed.run_backwards(TABLES[name], city.tables(), city.units, Rules(), None, at_most=10, tries=2)
    assert len(found.leaks) > 3, "so the silence above is the rule's"


def test_what_chance_hides_follows_from_a_citys_key_and_not_from_the_load() -> None:
    city = Made(3, 5, 3.0)
    truth = city.tables()
    by_key = {key: leave(city, truth, Rules(secret=key)) for key in "abcd"}
    again = leave(city, truth, Rules(secret="a"))
    assert all(again[name].equals(by_key["a"][name]) for name in again), "the same city, the same figures"
    hidden = {key: tuple(left[name][WITHHELD].to_list() for name in COUNTED) for key, left in by_key.items()}
    assert len({str(one) for one in hidden.values()}) == 4, "another city's key hides others"


def test_of_a_city_only_what_could_have_a_reason_is_left_to_chance() -> None:
    """What is large by itself and beside what is large comes by every key: nobody's headline hangs on it."""
    steps, tree = TABLES["rpt_rating_summary"].steps, Tree({"CT": (900, 4000, 8, 30, 60, 700)}, {}, ["CT"])
    told = {Pools(tree, steps, [], 5, [63], chance=Chance(f"{n}")).told({})["CT"] for n in range(400)}
    assert told == {0, 1}, "excellent and good stand apart in these"


def test_nobody_can_tell_how_few_count_in_two_units_and_once_above_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum of all units below less the unit itself: a figure like others, though it has no cell."""
    twice = []
    for is_asked in (True, False):
        if not is_asked:  # as it was: of a unit's own people the missing ones were nobody
            monkeypatch.setattr(
                Pools, "_part", lambda self, pool, members, step, _, part=Pools._part: part(self, pool, members, step, (0,) * 30)
            )
        for seed in (1, 2, 5):
            city = Made(seed, 4, 1.0)
            truth = {"rpt_discipline_summary": city.discipline(), "rpt_training_summary": city.training()}
            left = public(truth, city.units, {name: TABLES[name] for name in truth}, Rules())
            for name in truth:
                found = reconstruct.Reconstruction(TABLES[name], truth[name], left[name], city.units, 5).run()
                twice += [(is_asked, name) for leak in found.leaks if "twice below" in leak]
    assert {*twice} == {(False, "rpt_discipline_summary")}, "of training, whoever counts once above is in the rest there"


def test_hours_do_not_give_back_who_was_in_which_course() -> None:
    """Whoever knows how long courses are solves a sum of hours for their numbers, which are whole."""
    name = "rpt_training_summary"
    own, leaks = TABLES[name], []
    as_it_was = replace(own, along={"hours": Along(("persons", "attendances"))})
    for seed in (0, 8, 11):
        city = Made(seed, 2, 3.0)
        truth = {name: city.training()}
        for one in (own, as_it_was) if seed == 8 else (own,):
            left = public(truth, city.units, {name: one}, Rules())
            found = reconstruct.Reconstruction(one, truth[name], left[name], city.units, 5, lengths=LENGTHS).run()
            leaks += [(one is own, leak) for leak in found.leaks]
    assert leaks and not any(is_ours for is_ours, _ in leaks)


def test_hours_are_told_where_every_kind_of_course_is_and_never_rounded() -> None:
    name, city = "rpt_training_summary", Made(0, 2, 3.0)
    truth = {name: city.training()}
    exact, rounded = (public(truth, city.units, {name: TABLES[name]}, Rules(5, base))[name] for base in (0, 5))
    kinds = [c for c in exact.columns if c.endswith("_attendances")]
    told = exact.filter(pl.col("hours").is_not_null())
    assert told.height and told.select(pl.all_horizontal(pl.col(kinds).is_not_null())).to_series().all()
    assert rounded["hours"].null_count() == rounded.height and rounded[WITHHELD].str.contains("hours").all()


def quotas(differing: str | None, column: str = "good_inclusive", by: int = 1) -> pl.DataFrame:
    """What left of the quota where one base organisation's own figures differ."""
    city = Made(3, 1, 1.0)
    city.parents = (
        {"CT": None} | {f"Q{s}": "CT" for s in (1, 2, 3)} | {f"Q{s}.{b}": f"Q{s}" for s in (1, 2, 3) for b in range(7 if s < 3 else 2)}
    )
    city.of_year = {2021: city.parents, 2020: city.parents}
    city.units = pl.DataFrame([(u, above, FROM, None) for u, above in city.parents.items()], schema=city.units.schema, orient="row")
    city.leaves, city.silent = [u for u in city.parents if "." in u], set()
    city.counts = lambda parts, year=2021: {
        u: np.full(len(parts), 20 * sum(leaf.startswith(u) or u == "CT" for leaf in city.leaves)) for u in city.parents
    }  # type: ignore[method-assign]
    ratings = city.ratings()
    truth = city.tables() | {"rpt_rating_summary": ratings}
    rows = [
        row | {"allowed": 8, "over": 12} | ({column: row[column] + by} if row["unit_code"] == differing else {})
        for row in ratings.filter(unit_type_code="BASE_COMMITTEE").to_dicts()
    ]
    return leave(city, truth | {"rpt_quota": city.frame("rpt_quota", rows)}, Rules())["rpt_quota"]


@pytest.mark.parametrize(("column", "by"), [("good_inclusive", 1), ("excellent", -3), ("good_inclusive", 7)])
def test_that_a_quota_is_hidden_does_not_say_whose_figures_differ(column: str, by: int) -> None:
    """It would say that the two tables differ there, and by fewer than k: whoever of several units it is, what leaves is the same."""
    same, some, other, small = (quotas(unit, column, by) for unit in (None, "Q1.0", "Q1.6", "Q3.1"))
    assert same["good_inclusive"].null_count() == 0
    assert some.equals(other)
    hidden = {unit for unit, good in some.select("unit_code", "good_inclusive").iter_rows() if good is None}
    assert hidden >= {f"Q1.{n}" for n in range(7)} and len(hidden) < same["unit_code"].n_unique()
    assert small.filter(pl.col("good_inclusive").is_null())["unit_code"].n_unique() >= 5, "two siblings are too few to be hidden among"


@settings(max_examples=25)
@given(city=CITIES, k=st.sampled_from([3, 5]))
def test_no_figure_that_is_told_counts_a_few_and_what_is_told_is_true(city: Made, k: int) -> None:
    truth = city.tables()
    left = leave(city, truth, Rules(k))
    silent = {u for u in city.parents if city.silent.intersection(city.up(u))}
    for name, frame in left.items():
        own = TABLES[name]
        key = [c for c in ("period", "year", "unit_code") if c in frame.columns]
        both = frame.join(truth[name], on=key, suffix=" in truth")
        assert both.height == frame.height
        for column in {*own.sets, *(own.copies.columns if own.copies else ())}:
            told = both.filter(pl.col(column).is_not_null())
            assert told.filter(pl.col(column).is_between(1, k - 1)).is_empty()
            assert (told[column] == told[f"{column} in truth"]).all()
        for column, one in own.along.items():
            told = both.filter(pl.col(column).is_not_null())
            assert told.select(pl.all_horizontal(pl.col(c).is_not_null() for c in one.of)).to_series().all()
        for row in frame.to_dicts():  # empty is hidden, unless nobody knows it; and what `withheld` names is empty
            names = set((row[WITHHELD] or "").split(", ")) - {""}
            assert all(row[c] is None for c in names)
            has_none = name == "rpt_rating_summary" and row["unit_code"] in silent
            assert names >= {c for c in own.sets if row[c] is None and not (has_none and c in own.blanks)}
            assert not has_none or all(row[c] is None for c in own.blanks), "of who sent none there is no nought"


def test_of_units_whose_disciplined_are_hidden_half_have_none() -> None:
    """As far as there are siblings without anybody."""
    city = Made(4, 6, 1.0)
    for leaf in city.leaves[::2]:
        city.leaves.remove(leaf)
    truth = city.tables()
    left = leave(city, truth, Rules())["rpt_discipline_summary"]
    both = left.join(truth["rpt_discipline_summary"], on=["year", "unit_code"], suffix=" in truth").with_columns(
        above=pl.col("unit_code").replace_strict(city.parents, default=None)
    )
    hidden = pl.col("persons_disciplined").is_null()
    nobody = pl.col("persons_disciplined in truth") == 0
    groups = both.group_by("year", "above").agg(
        somebody=(hidden & ~nobody).sum(), masks=(hidden & nobody).sum(), told=(~hidden & nobody).sum(), size=pl.len()
    )
    assert groups["masks"].sum() > 0
    assert groups.filter(pl.col("told") > 0, pl.col("masks") < pl.col("somebody")).is_empty()


def test_which_units_without_anybody_are_hidden_beside_others_follows_from_a_secret_and_stays() -> None:
    """From what the hidden ones count it could be tried out who they are: units have keys that can be guessed."""

    def hidden(secret: str, somebody: tuple[int, ...]) -> set[str]:
        below = {f"Q{n}": (2 if n in somebody else 0,) for n in range(12)}
        steps = {"CT": 0} | {unit: int(count[0] > 0) for unit, count in below.items()}
        found = masked(Tree({"CT": (2 * len(somebody),)} | below, {"CT": [*below]}, ["CT"]), steps, 1, Chance(secret))
        return {unit for unit, step in found.items() if step}

    assert len({frozenset(hidden(secret, (0, 1))) for secret in "abcdefgh"}) > 4, "each house and year has its own"
    assert hidden("a", (0, 1)) - {"Q0", "Q1"} <= hidden("a", (0, 1, 2)), "another load of that year hides the same ones beside"
    assert all({"Q0", "Q1"} < hidden(secret, (0, 1)) and len(hidden(secret, (0, 1))) == 4 for secret in "abc")


def test_a_row_of_a_unit_that_sent_nothing_does_not_leave_nor_does_a_change_above_it() -> None:
    """Another's list named somebody there: beside the table of who sent, the row alone would say so."""
    name, status = "rpt_discipline_summary", "rpt_submission_status"
    city = Made(4, 6, 1.0)
    truth = city.tables()
    base = next(u for u in city.parents if u.count(".") == 1 and any(above == u for above in city.parents.values()))
    superior = base.split(".")[0]
    is_of = (pl.col("unit_code") == base) & (pl.col("year") == 2021)
    below = truth[name].filter(pl.col("unit_code").str.starts_with(base))["unit_code"].unique()
    for missing in ({"verdict_code": None, "received_on": None}, {"verdict_code": "REFUSED"}, {"is_withdrawn": True}):
        missing = {**missing, "has_current": False}
        sent = truth[status].with_columns(pl.when(is_of).then(pl.lit(value)).otherwise(pl.col(c)).alias(c) for c, value in missing.items())
        # cells are asked here as well, and did not answer either
        sent = sent.filter(~(pl.col("unit_code").str.starts_with(f"{base}.") & (pl.col("year") == 2021)))
        named = leave(city, truth | {status: sent}, Rules())[name]
        nobody = truth[name].filter(~(pl.col("unit_code").is_in(below.implode()) & (pl.col("year") == 2021)))
        unnamed = leave(city, truth | {status: sent, name: nobody}, Rules())[name]
        assert named.equals(unnamed), "whether the row was there does not show"
        assert named.filter(year=2021, unit_code=base).is_empty() and not named.filter(year=2020, unit_code=base).is_empty()
        changes = named.filter(pl.col("unit_code").is_in(["CT", superior]), year=2021)
        assert changes["change_on_last_year"].null_count() == 2 and changes[WITHHELD].str.contains("change_on_last_year").all()


def test_of_a_base_that_sent_no_ratings_no_nought_leaves_and_who_was_named_in_it_does_not_show() -> None:
    name, status = "rpt_rating_summary", "rpt_submission_status"
    own, city = TABLES[name], Made(2, 3, 10.0)
    truth = city.tables()
    told = leave(city, truth, Rules())[name].filter(pl.col("excellent") > 0, period="2021", unit_type_code="BASE_COMMITTEE")
    base = next(u for u in told["unit_code"] if u in city.parents.values())
    is_of = pl.col("unit_code").str.starts_with(base)
    asked = truth[status].filter(pl.col("unit_type_code") == "BASE_COMMITTEE", pl.col("year") == 2021)
    asked = asked.with_columns(pl.lit("ratings").alias("dataset_code"), (pl.col("unit_code") != base).alias("has_current"))
    given = truth | {status: pl.concat([truth[status], asked])}
    named = leave(city, given, Rules())[name]
    blank = truth[name].with_columns(pl.when(~(is_of & (pl.col("period") == "2021"))).then(pl.col(c)).alias(c) for c in own.blanks)
    assert named.equals(leave(city, given | {name: blank}, Rules())[name]), "whether others rated somebody of it does not show"
    left = named.filter(is_of, period="2021")
    assert left.height and all(left[column].null_count() == left.height for column in own.blanks)


def of_two_systems(city: Made, spoken: set[str]) -> tuple[dict[str, pl.DataFrame], set[str]]:
    """Tables in which everybody sent ratings of members, and bases that `spoken` names of officials besides; who did not, with all below them."""
    name, status = "rpt_rating_summary", "rpt_submission_status"
    truth = city.tables()
    is_year = pl.col("period") == "2021"
    city.silent = {
        unit for unit in city.parents if unit != "CT" and not any(base in city.up(unit) or unit in city.up(base) for base in spoken)
    }
    is_mute = pl.col("unit_code").is_in([*city.silent, *([] if spoken else ["CT"])])
    officials = city.ratings().filter(is_year).with_columns(pl.lit("CADRE").alias("rating_system_code"))
    officials = officials.with_columns(pl.when(~is_mute).then(pl.col(c)).alias(c) for c in TABLES[name].blanks)
    sent = {"dataset_code": "ratings", "period": "2021", "has_current": True}
    asked = truth[status].filter(unit_type_code="BASE_COMMITTEE", year=2021)
    asked = asked.with_columns(pl.lit(value).alias(column) for column, value in sent.items())
    return truth | {
        name: pl.concat([truth[name].filter(is_year), officials], how="vertical_relaxed"),
        status: pl.concat([truth[status], asked]),
    }, city.silent


def test_whose_list_has_no_officials_is_hidden_as_others_are_and_blank_where_the_whole_city_has_none() -> None:
    name, city = "rpt_rating_summary", Made(2, 3, 10.0)
    own, bases = TABLES[name], [u for u in city.parents if u.count(".") == 1]
    counts = [c for c in own.blanks if c not in own.along]
    given, mute = of_two_systems(city, {bases[0]})
    assert mute
    left = leave(city, given, Rules())[name]
    officials = left.filter(rating_system_code="CADRE")
    of_mute = officials.filter(pl.col("unit_code").is_in(mute))
    for column in counts:
        assert of_mute[column].null_count() == of_mute.height, "no nought where nobody spoke"
        assert of_mute[WITHHELD].str.split(", ").list.contains(column).all(), "and nobody sees that nobody did"
    members = left.filter(rating_system_code="PARTY_MEMBER")
    assert members["rated"].null_count() < members.height
    assert reconstruct.Reconstruction(own, given[name], left, city.units, 5).run().leaks == []

    given, _ = of_two_systems(city, set())
    none = leave(city, given, Rules())[name].filter(rating_system_code="CADRE")
    assert all(none[column].null_count() == none.height for column in own.blanks)
    assert not none[WITHHELD].fill_null("").str.contains("rated").any(), "that nobody spoke of it is no secret"


def test_where_a_superior_sends_the_list_of_all_no_row_below_it_says_who_is_on_it() -> None:
    name, status = "rpt_discipline_summary", "rpt_submission_status"
    city = Made(4, 6, 1.0)
    truth = city.tables()
    asked = truth[status].filter(pl.col("unit_type_code").is_in(["CITY", "SUPERIOR"]))
    left = leave(city, truth | {status: asked}, Rules())[name]
    assert {*left["unit_type_code"]} == {"CITY", "SUPERIOR"}


def test_whether_a_hidden_share_has_anybody_below_its_line_does_not_show() -> None:
    own = TABLES["rpt_rating_summary"]
    city = Made(12, 5, 3.0)
    left = leave(city, truth := city.tables(), Rules())["rpt_rating_summary"]
    told = [pl.col(c).is_null().alias(c) for c in own.sets]
    assert left.select(pl.struct(told).alias("told"), WITHHELD).unique()["told"].is_unique().all(), (
        "what is said to be hidden follows from what is told"
    )
    hidden = left.filter(pl.col("good_inclusive").is_null())
    nobody = hidden.join(truth["rpt_rating_summary"].filter(good_inclusive=0), on=["period", "unit_code"], how="semi")
    assert 0 < nobody.height < hidden.height


def test_rounded_figures_are_multiples_and_shares_are_theirs() -> None:
    city = Made(9, 5, 10.0)
    truth = city.tables()
    exact, rounded = (leave(city, truth, Rules(5, base))["rpt_rating_summary"] for base in (0, 5))
    own = TABLES["rpt_rating_summary"]
    for column in own.sets:
        assert (rounded[column].drop_nulls() % 5 == 0).all()
        assert ((rounded[column] - exact[column]).abs().drop_nulls() <= 2).all()
        assert (rounded[column].is_null() == exact[column].is_null()).all()
    assert (rounded[WITHHELD].fill_null("") == exact[WITHHELD].fill_null("")).all()
    told = rounded.filter(pl.col("excellent_share_of_good").is_not_null(), pl.col("good_inclusive") > 0)
    assert told.height and (told["excellent_share_of_good"] - told["excellent"] / told["good_inclusive"]).abs().max() < 1e-9


def test_a_k_under_three_protects_nobody_and_is_refused() -> None:
    city = Made(1, 2, 1.0)
    with pytest.raises(Unsafe, match="3 or more"):
        leave(city, city.tables(), Rules(2))


def test_an_empty_return_is_late_or_not_like_others_and_rows_are_not_counted() -> None:
    city = Made(1, 2, 1.0)
    left = leave(city, city.tables(), Rules())["rpt_submission_status"]
    assert left["timeliness_code"].unique().to_list() == ["ON_TIME"]
    assert not {c for c in left.columns if "rows" in c or "count" in c}


# ── what tables say of themselves ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [*TABLES])
def test_a_column_of_which_nothing_is_said_stops_the_export(name: str) -> None:
    own = TABLES[name]
    check(own, own.columns)
    with pytest.raises(Undeclared, match="women"):
        check(own, [*own.columns, "women"])
    with pytest.raises(Undeclared, match="not there"):
        check(own, [c for c in own.columns if c not in own.in_house and c not in own.along and c not in own.sets and c not in own.days_for])


@pytest.mark.parametrize("name", COUNTED)
def test_details_go_from_fine_to_coarse(name: str) -> None:
    """Each told set of a detail is one of the finer detail's, or some of them together: what proves the pools (pools.py)."""
    for finer, coarser in pairwise(TABLES[name].steps):
        for cell in coarser:
            inside = [one for one in finer if one & cell]
            assert sum(inside) == cell, "no set lies across two"


def test_two_ways_to_sort_the_same_people_tell_their_number_together_or_not_at_all() -> None:
    for own in TABLES.values():
        for step in own.steps:
            told = {n: own._bits(n, parts) & ~sum(step) == 0 for n, (_, parts) in enumerate(own.classes)}
            for total in {total for total, _ in own.classes}:
                assert len({told[n] for n, (name, _) in enumerate(own.classes) if name == total}) == 1


def test_reports_stand_in_the_order_of_their_datasets_cards_each_with_a_sheet_and_the_column_that_is_blank_without_lists() -> None:
    of_cards = {report: name for name, schema in SCHEMAS.items() for report in card(schema).reports}
    assert {name: dataset_of(name) for name in TABLES} == of_cards | {"rpt_submission_status": ""} and dataset_of("no report") == ""
    assert [*TABLES] == [*of_cards, "rpt_submission_status"]
    assert all(0 < len(own.sheet) <= 31 for own in TABLES.values()) and len({own.sheet for own in TABLES.values()}) == len(TABLES)
    assert {own.counted: own.is_of_events for own in TABLES.values()} == {
        "rated": False, "good_inclusive": False, "started": True, "attendances": True, "persons_disciplined": True, "": False,
    }  # fmt: skip


def test_the_page_says_what_tables_say_of_themselves() -> None:
    text = public_page.PAGE.read_text("utf-8")
    assert public_page.page(text) == text, "run `python tests/public_page.py`"


def test_every_equation_holds_on_the_sample_city(small: Home) -> None:
    truth = published_tables(small)
    for name, own in TABLES.items():
        for equation in own.equations:
            terms, sign = reconstruct.parse(equation)
            told = truth[name].drop_nulls([*terms])
            value = told.select(pl.sum_horizontal(pl.col(c) * f for c, f in terms.items())).to_series()
            assert told.height, equation
            assert ((value == 0) if sign == "=" else (value >= 0) if sign == ">=" else (value <= 0)).all(), equation


@pytest.mark.parametrize("name", COUNTED)
def test_no_columns_are_sums_of_others_but_those_that_say_so(name: str) -> None:
    """As many independent equations as are declared, and not one more, hold between the counts of a table: tried on towns of every kind."""
    own = TABLES[name]
    frames = [Made(seed, 4, 3.0).tables()[name] for seed in range(8)]
    columns = sorted(
        {*own.sets, *own.in_house} - {"left_after_rating", "rated_outside_roster", "rated_unlinked", "units_without_answer", "staff_hours"}
    )
    rows = pl.concat(frames).select(columns).drop_nulls().to_numpy()
    said = [reconstruct.parse(equation) for equation in own.equations]
    equal = np.array([[terms.get(c, 0.0) for c in columns] for terms, sign in said if sign == "="]).reshape(-1, len(columns))
    assert np.linalg.matrix_rank(rows) == len(columns) - np.linalg.matrix_rank(equal)


def test_units_hold_their_own_and_what_is_below_them(small: Home) -> None:
    """Which columns add up over the tree: those that say so do, in the sample city without anybody who counts twice."""
    truth, units = published_tables(small), published_units(small)
    for name in COUNTED:
        lp = reconstruct.Reconstruction(TABLES[name], truth[name], truth[name], units, 5).lp
        own = [n for n in lp.names if len(n) == 3 and n[1] not in ("hours", "persons", "persons_disciplined")]
        negative = [n for n in own if lp.low[lp.names[n]] < 0]
        assert len(negative) <= len(own) // 20, (name, negative[:3])


# ── the sample city ──────────────────────────────────────────────────────────────────────────────────────────────


def published_tables(home: Home) -> dict[str, pl.DataFrame]:
    with published(home) as version:
        return exports.tables(version)


def published_units(home: Home) -> pl.DataFrame:
    with published(home) as version:
        return version.db.execute("SELECT unit_key, parent_unit_key, valid_from, valid_to FROM core.dim_unit").pl()


def test_nothing_of_the_sample_city_can_be_computed_back(small: Home) -> None:
    truth, units = published_tables(small), published_units(small)
    left = public(truth, units, TABLES, Rules())
    found = reconstruct.Found()
    for name in COUNTED:
        found += reconstruct.Reconstruction(TABLES[name], truth[name], left[name], units, 5).run(150)
    assert found.leaks == [] and found.tried > 300


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────


def log(home: Home) -> list[dict[str, Any]]:
    return [json.loads(line) for line in home.lookups.read_text("utf-8").splitlines() if '"export"' in line]


def test_an_export_says_who_when_and_why_and_stands_in_the_log(mine: Home, tmp_path: Path) -> None:
    target = tmp_path / "out"
    done = pipeline(mine, "export", str(target), "--public", "--why", "Gửi báo Cần Thơ")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {f.name for f in target.iterdir()} == {exports.README, exports.WORKBOOK} | {
        f"{n}.{e}" for n in TABLES for e in ("csv", "parquet")
    }
    (line,) = log(mine)
    assert (line["why"], line["public"], line["k"], line["to"]) == ("Gửi báo Cần Thơ", "yes", 5, str(target))
    assert lookups.check_log(mine).broken_at is None
    page = (target / exports.README).read_text("utf-8")
    assert line["by"] in page and "Gửi báo Cần Thơ" in page and "20/12/2021" in page and "Ngưỡng k" in page
    assert "excellent_share_of_good**: " in page and "Mẫu số" in page, "denominators are named"
    assert all((target / f"{name}.csv").read_bytes().startswith(codecs.BOM_UTF8) for name in TABLES)
    for name in TABLES:
        frame = pl.read_parquet(target / f"{name}.parquet")
        again = pl.read_csv(target / f"{name}.csv", infer_schema_length=None)
        assert again.columns == frame.columns and again.height == frame.height
        assert not [c for c in frame.columns if c.endswith("_key")]
    book = openpyxl.load_workbook(target / exports.WORKBOOK, read_only=True)
    assert book.sheetnames == [exports.NOTES, *(own.sheet for own in TABLES.values())]
    cells = [cell for row in book["Xếp loại"].iter_rows(values_only=True) for cell in row]
    assert exports.HIDDEN in cells and "Đảng viên" in cells


def test_the_departments_own_is_whole_and_logged_too(mine: Home, tmp_path: Path) -> None:
    target = tmp_path / "own"
    done = pipeline(mine, "export", str(target), "--why", "Họp giao ban")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line["public"] for line in log(mine)] == ["no"]
    truth = published_tables(mine)
    assert all(pl.read_parquet(target / f"{name}.parquet").equals(truth[name]) for name in TABLES)
    assert "NỘI BỘ" in (target / exports.README).read_text("utf-8") and not mine.left.exists()


def test_files_of_an_export_hold_text_as_text_and_say_what_is_hidden(tmp_path: Path) -> None:
    name, city = "rpt_training_summary", Made(0, 2, 3.0)
    truth = city.training().with_columns(unit_name=pl.lit("=1+1"))
    rules = Rules()
    left = public({name: truth}, city.units, {name: TABLES[name]}, rules)
    words = {key: {"persons": "Số người:\ntheo danh sách / Persons"} for key in TABLES}
    about = exports.About("ai đó", dt.datetime(2021, 12, 20, 8, 5), "thử", 1, NOW, rules)
    exports.write(tmp_path / "out", left, words, about)
    text = (tmp_path / "out" / f"{name}.csv").read_bytes()
    assert text.startswith(codecs.BOM_UTF8) and b",'=1+1," in text and b",=1+1," not in text
    sheet = openpyxl.load_workbook(tmp_path / "out" / exports.WORKBOOK)["Đào tạo"]
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[head.index("Số người")] and {row[head.index("unit_name")] for row in rows} == {"=1+1"}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    persons = sheet.cell(2, head.index("Số người") + 1)
    assert sheet.freeze_panes and sheet.auto_filter.ref and persons.number_format == "#,##0"
    asides = [cell for row in sheet.iter_rows() for cell in row if cell.value == exports.HIDDEN]
    assert asides and all(cell.font.italic for cell in asides)
    with pytest.raises(FileExistsError):
        exports.write(tmp_path / "out", left, words, about)
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_what_is_asked_wrongly_is_one_sentence_and_nothing_is_written(mine: Home, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "a").write_text("a")
    for options, said in (
        ((str(tmp_path / "x"), "--why", " "), "lý do"),
        ((str(full), "--why", "thử"), "không trống"),
        ((str(tmp_path / "x"), "--why", "thử", "--k", "7"), "--public"),
        ((str(tmp_path / "x"), "--why", "thử", "--public", "--k", "4"), "không nhỏ hơn 5"),
        ((str(tmp_path / "x"), "--why", "thử", "--public", "--round", "20"), "tối đa là 9"),
    ):
        done = pipeline(mine, "export", *options)
        assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr, done.stderr
    done = pipeline(mine, "export", str(tmp_path / "x"), "--why", "thử", "--public", PERSONNEL_PUBLIC_K="năm")
    assert done.returncode == 1 and "số nguyên" in done.stderr
    done = pipeline(mine, "export", str(tmp_path / "x"), "--why", "thử", "--public", PERSONNEL_PUBLIC_K="2")
    assert done.returncode == 1 and "3 or more" in done.stderr
    assert {f.name for f in tmp_path.iterdir()} == {"full", mine.root.name} and not mine.left.exists()
    for kind in ((), ("--public",)):
        done = pipeline(mine, "export", str(full / "a" / "b"), "--why", "thử", *kind)
        assert done.returncode == 1 and "Không ghi được" in done.stderr and "Traceback" not in done.stderr
    assert not mine.left.exists() or not [*mine.left.iterdir()]  # it did not leave


KILLED = "import os\nfrom pipeline.surfaces import exports, files\nfrom pipeline import whole\n{what} = lambda *_: os.kill(os.getpid(), 9)"


@pytest.mark.parametrize("what", ["exports._workbook", "whole.lay_down"])
def test_of_a_killed_export_nothing_bears_its_name_and_the_next_one_takes_the_rest_away(what: str, mine: Home, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ("export", str(out / "figures"), "--public", "--why", "thử")
    done = pipeline(mine, *command, first=KILLED.format(what=what))
    assert done.returncode not in (0, 1) and not (out / "figures").exists()
    hidden = [*out.glob(".*.part"), *mine.left.glob(".*.part")]
    assert len(hidden) == 1 and any(hidden[0].iterdir()) == (what == "exports._workbook"), "it was killed while it wrote"
    assert pipeline(mine, "verify").returncode == 0
    done = pipeline(mine, *command)
    assert done.returncode == 0, done.stderr
    assert [f.name for f in out.iterdir()] == ["figures"] and [*mine.left.glob(".*")] == []


def test_a_killed_answer_in_a_file_is_taken_away_by_the_next_one(mine: Home, tmp_path: Path) -> None:
    command = ("sql", "-c", "SELECT 1 AS one", "--out", str(tmp_path / "out" / "one.csv"))
    (tmp_path / "out").mkdir()
    done = pipeline(mine, *command, first=KILLED.format(what="files.FORMATS['csv']"))
    assert done.returncode not in (0, 1) and [f.name[:9] for f in (tmp_path / "out").iterdir()] == [".one.csv-"]
    (tmp_path / "out" / f".one.csv-{os.getppid()}.part").mkdir()  # of one that still runs
    assert pipeline(mine, *command).returncode == 0
    assert {f.name for f in (tmp_path / "out").iterdir()} == {"one.csv", f".one.csv-{os.getppid()}.part"}


# ── what left before ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_export_that_would_tell_of_who_came_between_is_refused(mine: Home, tmp_path: Path) -> None:
    public_one = ("--public", "--why", "thử")
    assert pipeline(mine, "export", str(tmp_path / "one"), *public_one).returncode == 0
    assert pipeline(mine, "export", str(tmp_path / "same"), *public_one).returncode == 0, "of the same load nothing differs"
    folder = sorted(mine.left.iterdir())[0]
    about = json.loads((folder / "about.json").read_text("utf-8"))
    (folder / "about.json").write_text(json.dumps(about | {"load_id": 0}))
    file = folder / "rpt_rating_summary.parquet"
    frame = pl.read_parquet(file)
    frame.with_columns(pl.col("rated") - pl.when(unit_type_code="CITY").then(1).otherwise(0)).write_parquet(file)
    refused = pipeline(mine, "export", str(tmp_path / "two"), *public_one)
    assert refused.returncode == 1 and "--despite-earlier" in refused.stderr and not (tmp_path / "two").exists()
    assert pipeline(mine, "export", str(tmp_path / "two"), *public_one, "--despite-earlier").returncode == 0
    assert log(mine)[-1]["despite"] > 0
    (folder / "about.json").write_text("{")
    lost = pipeline(mine, "export", str(tmp_path / "three"), *public_one)
    assert lost.returncode == 1 and "cut or changed" in lost.stderr and "Traceback" not in lost.stderr


def frame_of(*rows: tuple[int | None, ...]) -> dict[str, pl.DataFrame]:
    columns = ["year", "unit_code", "persons", "attendances"]
    return {"rpt_training_summary": pl.DataFrame([(2021, f"Q{n}", *row) for n, row in enumerate(rows)], columns, orient="row")}


@pytest.mark.parametrize(
    ("before", "now", "count"),
    [
        ([(20, 30)], [(20, 30)], 0),
        ([(20, 30)], [(21, 30)], 1),
        ([(20, 30)], [(25, 30)], 1),
        ([(60, 60), (40, 40)], [(70, 70), (48, 48)], 4),  # all by many, and whoever is left over by two
        ([(20, None), (9, 9)], [(20, 30), (9, 9)], 0),  # only more is told: both say what one says
        ([(20, None), (9, 9)], [(20, 30), (None, 9)], 2),  # each hides what the other tells
        ([(20, None), (9, 9)], [(30, 30), (9, 9)], 2),  # who was hidden is the difference
    ],
)
def test_what_two_exports_together_would_tell(before: list[tuple[int | None, ...]], now: list[tuple[int | None, ...]], count: int) -> None:
    table = {"rpt_training_summary": TABLES["rpt_training_summary"]}
    assert sum(differing(frame_of(*now), frame_of(*before), table, Two(5)).values()) == count
    of_one_load = sum(differing(frame_of(*now), frame_of(*before), table, Two(5, is_one_load=True)).values())
    is_each_hiding = now == [(20, 30), (None, 9)]
    assert of_one_load == (count if is_each_hiding else 0), "of one load, what each tells that the other hides"


@pytest.mark.parametrize(
    ("before", "now", "rounded", "count"),
    [
        ([(20, 30)], [(20, 35)], (5, 5), 1),  # 32 and 33 were rounded: one came
        ([(20, 30)], [(20, 40)], (5, 5), 0),  # at least six
        ([(20, 30)], [(20, 30)], (5, 5), 0),
        ([(20, 30)], [(20, 39)], (3, 3), 1),  # to less than k: what is left over can be few
        ([(20, 30)], [(20, 40)], (5, 0), 1),
    ],
)
def test_what_two_rounded_exports_together_would_tell(
    before: list[tuple[int | None, ...]], now: list[tuple[int | None, ...]], rounded: tuple[int, int], count: int
) -> None:
    table = {"rpt_training_summary": TABLES["rpt_training_summary"]}
    assert sum(differing(frame_of(*now), frame_of(*before), table, Two(5, rounded)).values()) == count


def test_a_row_that_only_one_of_two_exports_has_is_a_figure_that_only_one_tells() -> None:
    table = {"rpt_training_summary": TABLES["rpt_training_summary"]}
    one, other = frame_of((20, 30), (9, 9)), frame_of((20, 40))
    assert differing(other, one, table, Two(5)) == {"rpt_training_summary": 3} == differing(one, other, table, Two(5))
