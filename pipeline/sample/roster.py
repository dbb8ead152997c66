"""Who is where and since when: members, movers, leavers, officials, posts and committees.

What does not belong here: how anyone was rated, punished, trained or moved by decision.
"""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from pipeline.sample.people import Births, Person, Spell
from pipeline.sample.scale import Scale
from pipeline.sample.tree import Base, Tree, Unit, shares

ONE_DAY = dt.timedelta(days=1)
STAFF = {
    "ward": {"NONE": 55, "CADRE": 15, "CIVIL_SERVANT": 18, "PUBLIC_EMPLOYEE": 12},
    "agency": {"NONE": 4, "CADRE": 8, "CIVIL_SERVANT": 73, "PUBLIC_EMPLOYEE": 15},
    "school": {"NONE": 5, "CIVIL_SERVANT": 3, "PUBLIC_EMPLOYEE": 92},
    "health": {"NONE": 8, "PUBLIC_EMPLOYEE": 92},
    "faculty": {"NONE": 18, "PUBLIC_EMPLOYEE": 82},
    "company": {"NONE": 1},
    "armed": {"NONE": 1},
}
# birth years, by weight: a ward's members are old, an office's are not
WARD_BIRTHS = {1936: 8, 1948: 26, 1958: 28, 1968: 16, 1978: 14, 1988: 8}
OFFICE_BIRTHS = {1948: 5, 1956: 10, 1962: 24, 1970: 25, 1978: 24, 1986: 12}
# clear of 1 July: whether six months are over on 31 December must not be a matter of counting
ADMITTED = {
    "2020": (dt.date(2020, 1, 6), dt.date(2020, 12, 20)),
    "H1": (dt.date(2021, 1, 5), dt.date(2021, 6, 2)),  # six months before the first day of rating
    "H2": (dt.date(2021, 7, 5), dt.date(2021, 12, 17)),
}


@dataclass
class Population:
    """Everyone, and who is what. `members` are open at the end of 2021, by base organisation code."""

    members: dict[str, list[Person]] = field(default_factory=dict)
    others: list[Person] = field(default_factory=list)  # leavers and officials
    expelled: dict[int, list[Person]] = field(default_factory=dict)  # by year
    movers: list[Person] = field(default_factory=list)  # of 2021
    leaders: list[Person] = field(default_factory=list)
    suspended: list[Person] = field(default_factory=list)
    worked_less: set[int] = field(default_factory=set)  # id() of persons
    touched: set[int] = field(default_factory=set)  # who already plays a part

    def everyone(self) -> list[Person]:
        return [p for people in self.members.values() for p in people] + self.others


def day(rng: Random, first: dt.date, last: dt.date) -> dt.date:
    """A day between two, never after the 28th, so that twelve months later exists."""
    found = first + dt.timedelta(days=rng.randint(0, max(0, (last - first).days)))
    return found.replace(day=min(found.day, 28)) if found.day > 28 and found.replace(day=28) >= first else found


def make_population(rng: Random, scale: Scale, tree: Tree, taken: set[str]) -> Population:
    births, people = Births(rng, taken), Population()
    admissions = ["2020"] * scale.admitted_2020 + ["H1"] * scale.admitted_first_half + ["H2"] * scale.admitted_second_half
    admissions += ["OLD"] * (scale.members - len(admissions))
    rng.shuffle(admissions)
    coming = iter(admissions)
    for base, sizes in _sizes(rng, scale, tree):
        people.members[base.unit.unit_code] = [
            _member(rng, births, base, place, next(coming)) for place, size in zip(base.places, sizes, strict=True) for _ in range(size)
        ]
    old = [p for p in people.everyone() if p.joined and p.joined.year < 2020]
    _excuse(rng, scale, people, old)
    _move(rng, scale, tree, people, old)
    _appoint(rng, scale, tree, people)
    _leave(rng, scale, tree, births, people)
    _officials(rng, scale, tree, births, people)
    return people


def steady(people: Population, p: Person) -> bool:
    """A full member in one place since before 2020, who plays no part yet."""
    return id(p) not in people.touched and p.joined is not None and p.joined.year < 2019 and p.home.spell_from.year < 2020


def _sizes(rng: Random, scale: Scale, tree: Tree) -> list[tuple[Base, list[int]]]:
    """How many members meet where: a base cell has fewer than 30, a base committee at least 30 (Charter Art. 21(2))."""
    small = {b.unit.unit_code: rng.randint(8, 26) for b in tree.bases if not b.cells}
    cells = iter(shares(rng, scale.members - sum(small.values()), scale.cells, 11, 0.4))
    return [(b, [next(cells) for _ in b.cells] or [small[b.unit.unit_code]]) for b in tree.bases]


def _member(rng: Random, births: Births, base: Base, place: Unit, admission: str) -> Person:
    if admission == "OLD":
        years = WARD_BIRTHS if base.kind == "ward" else OFFICE_BIRTHS
        first = rng.choices(list(years), list(years.values()))[0]
        p = births.person(first, first + 9, 0.38)
        p.joined = day(rng, dt.date(p.birth.year + 19, 1, 3), dt.date(min(p.birth.year + rng.randint(20, 42), 2019), 12, 20))
    else:
        p = births.person(1984, 2001, 0.48)
        p.joined = day(rng, *ADMITTED[admission])
    _career(rng, p, base)
    since = max(p.joined, place.valid_from)
    if admission == "OLD":
        arrived = rng.random() < 0.05  # from outside the city
        since = day(rng, dt.date(2020, 2, 1), dt.date(2021, 10, 1)) if arrived else day(rng, since, dt.date(2019, 12, 20))
    elif p.service:  # in the office before admission
        since = max(p.service, place.valid_from)
    p.spells.append(Spell(p, place, base.unit, since))
    return p


def _career(rng: Random, p: Person, base: Base) -> None:
    """Staff kind, recruitment, education and political theory, as age and office suggest."""
    retired = p.birth.year < (1966 if p.sex == "FEMALE" else 1961)
    kinds = STAFF[base.kind]
    p.staff = "NONE" if retired else rng.choices(list(kinds), list(kinds.values()))[0]
    if p.staff != "NONE":
        p.service = day(rng, dt.date(min(p.birth.year + 21, 2018), 1, 1), dt.date(min(p.birth.year + 30, 2019), 11, 1))
        p.post = "SPECIALIST" if rng.random() < 0.85 else rng.choice(("DEPUTY_DIVISION_HEAD", "DIVISION_HEAD"))
    skilled = p.staff != "NONE" or base.kind in ("faculty", "health", "armed")
    p.education = rng.choices(
        ("SECONDARY", "PRIMARY_VOC", "INTERMEDIATE", "COLLEGE", "UNIVERSITY", "MASTER", "DOCTOR"),
        (2, 1, 9, 10, 64, 12, 2 if base.kind in ("faculty", "health") else 0) if skilled else (62, 5, 14, 5, 13, 1, 0),
    )[0]
    p.theory = rng.choices(
        ("NONE", "ELEMENTARY", "INTERMEDIATE", "ADVANCED", "BACHELOR"), (25, 40, 28, 6, 1) if skilled else (45, 43, 10, 2, 0)
    )[0]


def _excuse(rng: Random, scale: Scale, people: Population, old: list[Person]) -> None:
    """Who is not rated although a member: exempt, suspended, too short at work. And some whose exemption ended in time."""
    elderly = [p for p in old if p.birth.year <= 1962]
    excused = rng.sample(elderly, scale.exempt + scale.exempt // 100)
    for n, p in enumerate(excused):
        assert p.joined
        since = day(rng, max(p.joined, dt.date(max(2008, p.birth.year + 55), 1, 1)), dt.date(2021, 6, 30))
        p.exempt = (since, None) if n < scale.exempt else (dt.date(2020, 3, 2), dt.date(2021, 4, 30))
    others = rng.sample([p for p in old if not p.exempt and p.birth.year > 1965], scale.suspended + scale.worked_less)
    people.suspended = others[: scale.suspended]
    for p in people.suspended:
        p.suspended = (day(rng, dt.date(2021, 8, 2), dt.date(2021, 12, 1)), None)  # before anybody is rated
    people.worked_less = {id(p) for p in others[scale.suspended :]}
    people.touched |= {id(p) for p in excused + others}


def _move(rng: Random, scale: Scale, tree: Tree, people: Population, old: list[Person]) -> None:
    """Members who came from another base organisation of the city in 2020 or 2021, and who also sit elsewhere."""
    free = [p for p in old if steady(people, p) and p.birth.year > 1960]
    chosen = rng.sample(free, 2 * scale.movers + scale.secondary)
    people.touched |= {id(p) for p in chosen}
    for n, p in enumerate(chosen):
        now = p.home
        there = rng.choice([b for b in rng.sample(tree.bases, 3) if b.unit is not now.base])
        place = rng.choice(there.places)
        if n < 2 * scale.movers:
            year = 2021 if n < scale.movers else 2020
            left = day(rng, dt.date(year, 2, 1), dt.date(year, 11, 20))
            since = min(now.spell_from, dt.date(year - 1, 6, 1))
            p.spells.insert(0, Spell(p, place, there.unit, since, left, "MOVED"))
            now.spell_from = left + ONE_DAY
        else:
            p.spells.insert(0, Spell(p, place, there.unit, day(rng, dt.date(2018, 1, 2), dt.date(2021, 9, 1)), kind="SECONDARY"))
    people.movers = chosen[: scale.movers]


def _appoint(rng: Random, scale: Scale, tree: Tree, people: Population) -> None:
    """Heads and deputies, and the committees: city, superior, base, cell."""
    heads, deputies = [], []
    for base in tree.bases:
        able = [p for p in people.members[base.unit.unit_code] if steady(people, p)]
        able.sort(key=lambda p: (not 1962 <= p.birth.year <= 1985, p.theory not in ("INTERMEDIATE", "ADVANCED", "BACHELOR")))
        head, deputy, *rest = able
        head.post, deputy.post = "HEAD", "DEPUTY_HEAD"
        for leader in (head, deputy):
            leader.education, leader.theory = rng.choice(("UNIVERSITY", "MASTER")), rng.choice(("INTERMEDIATE", "ADVANCED"))
        heads.append(head)
        deputies.append(deputy)
        if base.cells:
            for p in (head, deputy, *rest[:5]):
                p.committee = "BASE"
        else:
            head.committee = deputy.committee = "CELL"
    for p in [p for ps in people.members.values() for p in ps if p.committee == "NONE" and p.home.unit is not p.home.base]:
        if steady(people, p) and rng.random() < 0.13:
            p.committee = "CELL"
    people.leaders = heads + deputies[: sum(scale.leaders) - len(heads)]
    above = rng.sample(people.leaders, len(people.leaders) // 4)
    for n, p in enumerate(above):
        p.committee = "PROVINCIAL" if n % 7 == 0 else "SUPERIOR_OF_BASE"
    people.touched |= {id(p) for p in heads + deputies}


def _leave(rng: Random, scale: Scale, tree: Tree, births: Births, people: Population) -> None:
    """Members who left in 2020 or 2021: not among those open at the end, still on the rosters."""
    reasons = {"DIED": 40, "MOVED": 45, "STRUCK_OFF": 8, "LEFT_PARTY": 3, "OTHER": 2}
    for year, expelled in ((2020, scale.expelled_2020), (2021, scale.expelled)):
        for n in range(scale.leavers):
            base = rng.choice(tree.bases)
            p = _member(rng, births, base, rng.choice(base.places), "OLD")
            p.home.spell_from = min(p.home.spell_from, dt.date(2019, 12, 20))
            p.home.spell_to = day(rng, dt.date(year, 1, 10), dt.date(year, 12, 20))
            p.home.reason = "EXPELLED" if n < expelled else rng.choices(list(reasons), list(reasons.values()))[0]
            people.others.append(p)
        people.expelled[year] = people.others[-scale.leavers :][:expelled]


def _officials(rng: Random, scale: Scale, tree: Tree, births: Births, people: Population) -> None:
    """Civil servants and public employees who are not members; the office itself is their unit."""
    offices = [b for b in tree.bases if b.kind in ("ward", "agency", "school", "health", "faculty")]
    for _ in range(scale.officials):
        base = rng.choice(offices)
        p = births.person(1966, 1997, 0.6)
        while p.staff not in ("CIVIL_SERVANT", "PUBLIC_EMPLOYEE"):
            _career(rng, p, base)
        assert p.service  # as all staff
        p.spells.append(Spell(p, base.unit, base.unit, max(p.service, base.unit.valid_from)))
        if rng.random() < 0.04:
            p.home.spell_to = day(rng, dt.date(2020, 3, 1), dt.date(2021, 12, 1))
            p.home.reason = rng.choice(("RETIRED", "RESIGNED"))
        people.others.append(p)
