"""What one base organisation sends of 2025, whose rules do not hold in 2021: rows that keep each of them, and one that breaks it.

What does not belong here: who sends it (spoiled), and years of law before (eras).
"""

import datetime as dt
from collections.abc import Sequence

from pipeline.sample.facts import Row
from pipeline.sample.people import Person
from pipeline.sample.tree import Base

LATER = "2025"


def tables_of(people: list[Person], base: Base, roster: Sequence[Row]) -> dict[str, list[Row]]:
    """Dataset → its rows, of the first 24 people; `roster` is the base organisation's of 2021."""
    return {
        "ratings": _ratings(people[:12]),
        "rotation": _rotation(people[12:19], base),
        "discipline": _discipline(people[18:24]),
        "personnel": _roster(roster, people[:24], servants=[people[n] for n in (14, 16, 19, 22)]),
    }


def _roster(roster: Sequence[Row], people: list[Person], servants: list[Person]) -> list[Row]:
    """As they stood in 2021; those whom laws on civil servants speak of are such."""
    rows = {r["identity_number"]: r for r in roster if r["spell_to"] is None}
    officials = {p.identity_number for p in servants}
    return [rows[p.identity_number] | ({"staff_kind_code": "CIVIL_SERVANT"} if p.identity_number in officials else {}) for p in people]


def _row(p: Person, breaks: tuple[str, str, str] | None, **values: object) -> Row:
    """`breaks`: the rule, the kind of fault, and the version of the law."""
    place = None if p.home.unit is p.home.base else p.home.unit
    row = {"unit": place, "full_name": p.full_name, "identity_number": p.identity_number, **values}
    return row | {"_planted": (breaks,)} if breaks else row


def _ratings(people: list[Person]) -> list[Row]:
    def rate(p: Person, level: str, score: float, breaks: tuple[str, str, str] | None = None, period: str = LATER) -> Row:
        system = "LEADER" if "-" in period else "PARTY_MEMBER"
        return _row(
            p, breaks, rating_system_code=system, period_type_code="QUARTER" if "-" in period else "YEAR", period=period,
            decided_level_code=level, score=score, decision_no="31-QĐ/ĐU", decided_on=dt.date(2025, 12, 15),
        )  # fmt: skip

    above = ("score_not_below_level", "level above the band of the score", "R11a")
    below = ("score_not_above_level", "level below the band of the score", "R11d")
    a, b, c, d, e, f, *rest = people
    return [
        rate(a, "GOOD", 60.0, above),
        rate(b, "EXCELLENT", 85.0, above),
        rate(c, "GOOD", 95.0, below),
        rate(d, "COMPLETED", 75.0, below),
        rate(e, "GOOD", 80.0, ("fourth_quarter_is_in_the_year", "fourth quarter rated alone", "Q01"), f"{LATER}-Q4"),
        rate(f, "GOOD", 80.0, period=f"{LATER}-Q3"),
        *(rate(p, "GOOD", 82.0) for p in rest),
    ]


def _rotation(people: list[Person], base: Base) -> list[Row]:
    def move(
        p: Person, kind_code: str, since: str, until: str | None, breaks: tuple[str, str, str] | None = None, planned: bool = True
    ) -> Row:
        first = dt.date.fromisoformat(since)
        return _row(
            p, breaks, rotation_kind_code=kind_code, from_unit="Tỉnh ủy Hậu Giang", to_unit=base.unit, from_post_code="SPECIALIST",
            to_post_code="DIVISION_HEAD", posting_from=first, posting_to=dt.date.fromisoformat(until) if until else None,
            rotation_end_reason_code="COMPLETED" if until else None, is_in_planning=planned if kind_code == "ROTATION" else None,
            decision_no="208-QĐ/BTCTU", decided_on=first - dt.timedelta(days=9),
        )  # fmt: skip

    a, b, c, d, e, f, g = people
    return [
        move(a, "ROTATION", "2023-05-01", "2025-04-30", ("rotation_at_least_36_months", "rotation of two years", "R19b")),
        move(b, "ROTATION", "2022-05-01", "2025-04-30"),
        move(c, "SECONDMENT", "2025-07-01", "2029-06-30", ("secondment_at_most_36_months", "secondment of four years", "R19c")),
        move(d, "ROTATION", "2025-03-01", None, ("rotated_cadre_is_planned", "rotated outside planning", "N01"), False),
        move(e, "SECONDMENT", "2025-07-01", "2028-06-30"),
        move(f, "POSITION_CHANGE", "2025-02-01", None),
        move(g, "TRANSFER", "2025-06-02", None, ("no_move_during_discipline", "moved while disciplined", "R20a")),
    ]


def _discipline(people: list[Person]) -> list[Row]:
    """The first of them is the one who is moved meanwhile."""

    def decide(p: Person, n: int, system: str, form: str, on: str, breaks: tuple[str, str, str] | None = None, effect: int = 1) -> Row:
        day = dt.date.fromisoformat(on)
        return _row(
            p, breaks, subject_kind_code="PERSON", discipline_system_code=system, discipline_form_code=form, violation_code="DUTY",
            decision_no=f"{n:02}-QĐ/UBKT", signed_on=day, announced_on=day, effect_end_on=day.replace(year=day.year + effect),
            committee_level_code="NONE", post_code="SPECIALIST", discipline_status_code="ACTIVE",
        )  # fmt: skip

    a, b, c, d, e, f = people
    return [
        decide(a, 1, "PARTY", "WARNING", "2025-03-10"),
        decide(b, 2, "STATE", "DEMOTION", "2025-07-10", ("state_form_allowed", "a form that is no more", "R17b")),
        decide(c, 3, "PARTY", "REPRIMAND", "2025-04-10", ("discipline_effect_ends_after_12_months", "effect of two years", "R18a"), 2),
        decide(d, 4, "PARTY", "REPRIMAND", "2025-05-12"),
        decide(e, 5, "STATE", "REPRIMAND", "2025-08-12"),
        decide(f, 6, "PARTY", "WARNING", "2025-09-12"),
    ]
