"""What happened to people: discipline, ratings, postings, training. Rows carry the schemas' column names.

What does not belong here: who is where, and how offices write it down.
"""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pipeline.sample.people import Person
from pipeline.sample.roster import Population, day, steady
from pipeline.sample.scale import Scale
from pipeline.sample.tree import Base, Tree, Unit

Row = dict[str, Any]
VIOLATIONS = {"DUTY": 30, "LIFESTYLE": 20, "PRINCIPLE": 8, "PROHIBITED_ACTS": 14, "LAND_FINANCE": 8, "POPULATION": 12, "LAW": 8}
YEAR_END = dt.date(2021, 12, 31)
LAST_EVENT = dt.date(2021, 12, 17)  # a sample city is loaded on 20 December or later, and nothing is told before it happened


@dataclass
class Facts:
    """Rows by (period, base code, dataset)."""

    rows: dict[tuple[str, str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, period: str, base: Unit, dataset: str, place: Unit | None, /, **row: Any) -> Row:
        """A row that the base organisation sends; `place` is whose it is, blank in the row where that is the sender."""
        made = {"unit": None if place is base else place, **row}
        self.rows[period, base.unit_code, dataset].append(made)
        return made


def make_facts(rng: Random, scale: Scale, tree: Tree, people: Population) -> Facts:
    facts = Facts()
    punished = _discipline(rng, scale, people, facts)
    _ratings(rng, scale, tree, people, punished, facts)
    _rotation(rng, scale, tree, people, facts)
    _training(rng, scale, people, facts)
    return facts


# ── discipline ───────────────────────────────────────────────────────────────────────────────────────────────────


def _discipline(rng: Random, scale: Scale, people: Population, facts: Facts) -> dict[int, str | None]:
    """Decisions of 2020 and 2021. Gives id() of a member → the level that follows; None where suspended, so not rated."""
    numbers: Counter[str] = Counter()

    def decide(p: Person, system: str, form: str, announced: dt.date, **more: Any) -> Row:
        base, place = p.home.base, p.home.unit
        numbers[f"{base.unit_code}{system}"] += 1
        level = more.pop("level", p.committee)
        # a cell announces at once, others within 15 days of signing (QĐ 30)
        signed = announced - dt.timedelta(days=rng.randint(0, 12))
        return facts.add(
            str(announced.year), base, "discipline", place,
            **{
                "subject_kind_code": "PERSON", "full_name": p.full_name, "identity_number": p.identity_number,
                "discipline_system_code": system, "discipline_form_code": form,
                "violation_code": rng.choices(list(VIOLATIONS), list(VIOLATIONS.values()))[0],
                "decision_no": f"{numbers[f'{base.unit_code}{system}']:02}-QĐ/{'UBKT' if system == 'PARTY' else 'SNV'}",
                "signed_on": signed, "announced_on": announced, "effect_end_on": None, "case_no": None, "is_counted_elsewhere": None,
                "committee_level_code": level, "post_code": p.post_before or p.post, "discipline_status_code": "ACTIVE",
                **more,
            },
        )  # fmt: skip

    def expel(year: int) -> None:
        for spell in (p.home for p in people.expelled[year]):
            assert spell.spell_to
            decide(spell.person, "PARTY", "EXPULSION", spell.spell_to)

    def when(year: int) -> dt.date:
        return day(rng, dt.date(year, 1, 20), dt.date(year, 12, 20))

    def light() -> str:
        return rng.choices(("REPRIMAND", "WARNING"), (64, 36))[0]

    members = [p for ps in people.members.values() for p in ps]
    leaders = rng.sample(people.leaders, len(people.leaders))
    free = [p for p in members if steady(people, p)]
    rng.shuffle(free)
    answers: dict[int, str | None] = {}

    def take(pool: list[Person], number: int, level: str | None = None, staff: bool = False) -> list[Person]:
        fitting = (p for p in pool if id(p) not in answers and (level is None or p.committee == level) and (not staff or p.staff != "NONE"))
        found = [p for p, _ in zip(fitting, range(number), strict=False)]
        answers.update((id(p), "NOT_COMPLETED") for p in found)
        people.touched.update(id(p) for p in found)
        return found

    # the few leaders who are rated not completed are the only leaders punished: committee members of the highest levels
    city, superior, base, cell = scale.committee
    high = take(leaders, city, "PROVINCIAL") + take(leaders, superior, "SUPERIOR_OF_BASE")
    high += take(leaders, scale.leaders[3] - len(high), "BASE")
    listed = high + take(free, base + city + superior - len(high), "BASE") + take(free, cell, "CELL")
    removed = take(free, scale.removed, "NONE", staff=True)
    suspended = rng.sample(people.suspended, scale.suspended // 12)
    young = [p for p in members if p.joined and p.joined.year == 2020 and p.joined.month >= 7][: scale.disciplined // 40]
    answers.update({id(p): None for p in suspended} | {id(p): "NOT_COMPLETED" for p in young})
    plain = scale.disciplined - scale.expelled - len(listed) - len(removed) - len(suspended) - len(young)
    ordinary = take(free, plain, "NONE")

    expel(2021)
    for p in removed:
        p.post_before, p.post = rng.choice(("DIVISION_HEAD", "DEPUTY_DIVISION_HEAD")), "SPECIALIST"
        decide(p, "PARTY", "REMOVAL", when(2021))
    for p in suspended:
        assert p.suspended
        decide(p, "PARTY", "WARNING", p.suspended[0], level="NONE")
    for p in young:  # before they are full members: reprimand or warning only (QĐ 69 Điều 7)
        decide(p, "PARTY", light(), day(rng, dt.date(2021, 2, 1), dt.date(2021, 6, 15)), level="NONE")
    for p in listed:
        decide(p, "PARTY", light(), when(2021))
    elsewhere = ordinary[: scale.disciplined // 60]
    twice = ordinary[len(elsewhere) :][: scale.disciplined // 30]
    for n, p in enumerate(ordinary, start=1):
        if p in elsewhere:  # the State punished the act in 2020, and the rating of 2020 counted it (HD 21)
            answers[id(p)] = "COMPLETED"
            decide(p, "STATE", "REPRIMAND", when(2020), case_no=f"2020-{n:03}")
            decide(p, "PARTY", "REPRIMAND", when(2021), case_no=f"2020-{n:03}", is_counted_elsewhere=True)
        elif p in twice:
            decide(p, "PARTY", "REPRIMAND", day(rng, dt.date(2021, 2, 1), dt.date(2021, 4, 20)))
            decide(p, "PARTY", "WARNING", day(rng, dt.date(2021, 8, 1), dt.date(2021, 11, 20)))
        else:
            decide(p, "PARTY", light(), when(2021))
    officials = [p for p in ordinary + removed if p.staff != "NONE" and p not in twice and p not in elsewhere]
    for n, p in enumerate(officials[: scale.disciplined // 14], start=1):  # one act, punished by the Party and the State
        party = next(r for r in facts.rows["2021", p.home.base.unit_code, "discipline"] if r["identity_number"] == p.identity_number)
        party["case_no"] = f"2021-{n:03}"
        decide(p, "STATE", "REPRIMAND", min(party["announced_on"] + dt.timedelta(days=9), LAST_EVENT), case_no=party["case_no"])
    for p in take(free, scale.disciplined // 40, "NONE"):  # annulled as wrongful: not counted, and rated like anyone
        del answers[id(p)]
        decide(p, "PARTY", "REPRIMAND", day(rng, dt.date(2021, 2, 1), dt.date(2021, 6, 1)), discipline_status_code="ANNULLED_WRONGFUL")
    for p in take(free, scale.disciplined // 60, "NONE", staff=True):  # the unions' discipline is not the Party's, yet a rating follows it
        decide(p, "UNION", "REPRIMAND", when(2021))
    for p in [q for q in free if q.home.unit is not q.home.base][: scale.disciplined // 60]:
        decide(p, "PARTY", "REPRIMAND", when(2021), subject_kind_code="ORGANISATION", full_name=p.home.unit.unit_name,
               identity_number=None, committee_level_code=None, post_code=None)  # fmt: skip

    expel(2020)
    before = take(free, scale.disciplined_2020 // 6, "CELL")
    before += take(free, scale.disciplined_2020 - scale.expelled_2020 - len(before), "NONE")
    for p in before:
        del answers[id(p)]
        decide(p, "PARTY", light(), when(2020))
    return answers


# ── ratings ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _ratings(rng: Random, scale: Scale, tree: Tree, people: Population, punished: dict[int, str | None], facts: Facts) -> None:
    leader_level = _leader_levels(rng, scale, people, punished)
    level = {who: code for who, code in punished.items() if code}  # who is suspended has none
    rated = [p for ps in people.members.values() for p in ps if _reason(people, p) is None]
    free = [p for p in rated if id(p) not in level]
    for p in free:
        if leader_level.get(id(p)) == "COMPLETED":
            level[id(p)] = "COMPLETED"
    counts = Counter(level[id(p)] for p in rated if id(p) in level)
    free = rng.sample([p for p in free if id(p) not in level and id(p) not in leader_level], scale.completed + scale.not_completed)
    low = ["NOT_COMPLETED"] * (scale.not_completed - counts["NOT_COMPLETED"]) + ["COMPLETED"] * (scale.completed - counts["COMPLETED"])
    level.update((id(p), code) for p, code in zip(free, low, strict=False))

    good = {code: [p for p in ps if _reason(people, p) is None and id(p) not in level] for code, ps in people.members.items()}
    allowed = _excellent_per_base(rng, scale.excellent, {code: len(ps) for code, ps in good.items()})
    for code, ps in good.items():
        ps = sorted(rng.sample(ps, len(ps)), key=lambda p: (leader_level.get(id(p)) != "EXCELLENT", p.staff == "NONE"))
        level.update((id(p), "EXCELLENT" if n < allowed[code] else "GOOD") for n, p in enumerate(ps))

    for base in tree.bases:
        _write_ratings(rng, base, people, level, leader_level, facts)


def _reason(people: Population, p: Person) -> str | None:
    """Why a member of the end of 2021 is not rated, as the roster shows it."""
    if p.exempt and p.exempt[1] is None:
        return "EXEMPT"
    if p.suspended:
        return "SUSPENDED"
    if p.joined and p.joined >= dt.date(2021, 7, 1):
        return "NEW_LT_6M"
    return "WORKED_LT_6M" if id(p) in people.worked_less else None


def _leader_levels(rng: Random, scale: Scale, people: Population, punished: dict[int, str | None]) -> dict[int, str]:
    low = [p for p in people.leaders if id(p) in punished]
    assert len(low) == scale.leaders[3], "disciplined leaders are exactly those not completed"
    others = rng.sample([p for p in people.leaders if id(p) not in punished], len(people.leaders) - len(low))
    levels = ["EXCELLENT"] * scale.leaders[0] + ["GOOD"] * scale.leaders[1] + ["COMPLETED"] * scale.leaders[2]
    return {id(p): code for p, code in zip(others, levels, strict=True)} | {id(p): "NOT_COMPLETED" for p in low}


def _excellent_per_base(rng: Random, total: int, good: dict[str, int]) -> dict[str, int]:
    """At most a fifth of those good in every base organisation (HD 21 mục 2.3); some use less, so that the sum is exact."""
    allowed = {code: n // 5 for code, n in good.items()}
    spare = sum(allowed.values()) - total
    if spare < 0:
        raise ValueError(f"the cap allows {sum(allowed.values())} excellent members, {total} are wanted")
    while spare:
        code = rng.choice(list(allowed))
        less = min(spare, rng.randint(0, max(1, allowed[code] // 4)), allowed[code])
        allowed[code] -= less
        spare -= less
    return allowed


def _write_ratings(rng: Random, base: Base, people: Population, level: dict[int, str], leader_level: dict[int, str], facts: Facts) -> None:
    decision = {
        "decision_no": f"{rng.randint(1, 99):02}-QĐ/{'ĐU' if base.cells else 'CB'}",
        "decided_on": day(rng, dt.date(2021, 12, 3), LAST_EVENT),
    }
    scored = rng.random() < 0.1  # scores were not asked for in 2021; some offices give them
    year = {"period_type_code": "YEAR", "period": "2021"}
    order = {"EXCELLENT": (91, 98), "GOOD": (72, 89), "COMPLETED": (52, 68), "NOT_COMPLETED": (20, 48)}

    def rate(system: str, place: Unit, name: str, identity: str | None, code: str, reason: str | None = None) -> None:
        steps = code if reason is None else None
        hoped = "EXCELLENT" if code == "GOOD" and rng.random() < 0.07 else "GOOD" if code == "COMPLETED" and rng.random() < 0.5 else steps
        facts.add(
            "2021", base.unit, "ratings", place, full_name=name, identity_number=identity, rating_system_code=system, **year,
            self_level_code=hoped, proposed_level_code=steps, decided_level_code=code,
            score=float(rng.randint(*order[code])) if scored and steps else None, not_rated_reason_code=reason, **decision,
        )  # fmt: skip

    members = people.members[base.unit.unit_code]
    collective = rng.choices(("EXCELLENT", "GOOD", "COMPLETED"), (17, 79, 4))[0]
    decisions = facts.rows["2021", base.unit.unit_code, "discipline"]
    heavy = {r["identity_number"] for r in decisions if r["discipline_form_code"] != "REPRIMAND"}
    failing = any(p.identity_number in heavy and p.committee not in ("NONE", "CELL") for p in members)
    if failing and not any(p.post == "HEAD" and leader_level.get(id(p), "NOT_COMPLETED") != "NOT_COMPLETED" for p in members):
        collective = "NOT_COMPLETED"  # HD 21: a member of the leading collective punished from a warning up; its head is no better (QĐ 132)
    rate("COLLECTIVE", base.unit, base.unit.unit_name, None, collective)
    for p in members:
        if id(p) in leader_level:
            rate("LEADER", base.unit, p.full_name, p.identity_number, leader_level[id(p)])
    for p in members:
        reason = _reason(people, p)
        rate("PARTY_MEMBER", p.home.unit, p.full_name, p.identity_number, "NOT_RATED" if reason else level[id(p)], reason)


# ── rotation and training ────────────────────────────────────────────────────────────────────────────────────────

OUTSIDE = ("Tỉnh ủy Hậu Giang", "Tỉnh ủy Sóc Trăng", "Tỉnh ủy Vĩnh Long", "Ban Tổ chức Trung ương", "Tỉnh ủy Đồng Tháp", "Bộ Nội vụ")
POSTS = ("SPECIALIST", "DEPUTY_DIVISION_HEAD", "DIVISION_HEAD", "DEPUTY_HEAD", "HEAD")


def _rotation(rng: Random, scale: Scale, tree: Tree, people: Population, facts: Facts) -> None:
    """Postings open in 2021. Nobody is moved while disciplined, and no two postings of a person overlap."""
    staff = [p for ps in people.members.values() for p in ps if p.staff in ("CADRE", "CIVIL_SERVANT", "PUBLIC_EMPLOYEE")]
    movers = [p for p in people.movers if p.staff != "NONE"]
    settled = rng.sample([p for p in staff if steady(people, p)], scale.rotations)
    bases = {b.unit.unit_code: b.unit for b in tree.bases}
    numbers: Counter[str] = Counter()
    made = 0

    def post(p: Person, kind: str, origin: Any, goal: Any, since: dt.date, until: dt.date | None = None, reason: str | None = None) -> None:
        nonlocal made
        made += 1
        numbers[p.home.base.unit_code] += 1
        after = p.post if p.post in POSTS else "SPECIALIST"
        before = POSTS[max(0, POSTS.index(after) - (kind == "ROTATION"))]
        planned = rng.random() < 0.9
        facts.add(
            "2021", p.home.base, "rotation", p.home.base, full_name=p.full_name, identity_number=p.identity_number, rotation_kind_code=kind,
            from_unit=origin, to_unit=goal, from_post_code=before, to_post_code=after, posting_from=since, posting_to=until,
            rotation_end_reason_code=reason, is_in_planning=planned if kind == "ROTATION" else None,
            planning_exception_code=None if planned or kind != "ROTATION" else rng.choice(("NON_LOCAL", "TWO_TERMS", "OTHER_DECIDED")),
            decision_no=f"{100 + numbers[p.home.base.unit_code]}-QĐ/BTCTU", decided_on=since - dt.timedelta(days=rng.randint(3, 20)),
        )  # fmt: skip

    for p in movers[: scale.rotations // 3]:  # who moved in the rosters of 2021, by decision
        post(p, rng.choice(("TRANSFER", "TRANSFER", "ROTATION")), p.spells[0].base, p.home.base, p.home.spell_from)
    for p in settled:
        if made >= scale.rotations:
            break
        home, kind = p.home.base, rng.choices(("ROTATION", "SECONDMENT", "POSITION_CHANGE", "TRANSFER"), (35, 25, 25, 15))[0]
        away = rng.choice([u for u in rng.sample(list(bases.values()), 2) if u is not home])
        since = day(rng, dt.date(2018, 6, 1), dt.date(2021, 11, 1))
        if kind == "SECONDMENT":  # stays on the home roster
            ended = since.year < 2021 and rng.random() < 0.5
            until = day(rng, dt.date(2021, 2, 1), dt.date(2021, 10, 1)) if ended else None
            post(p, kind, home, away, since, until, "COMPLETED" if until else None)
            if until and made < scale.rotations and rng.random() < 0.5:
                post(p, kind, home, away, until + dt.timedelta(days=20))
        elif kind == "POSITION_CHANGE":
            post(p, kind, home, home, since)
        else:
            origin = rng.choice(OUTSIDE) if rng.random() < 0.25 else away
            ended = kind == "ROTATION" and since.year < 2019
            until = day(rng, dt.date(2021, 7, 1), dt.date(2021, 12, 20)) if ended else None
            post(p, kind, origin, home, since, until, "SETTLED" if ended else None)


PROGRAMMES = {  # type → (programme, provider, hours, days, certificate), and how often
    "POL_THEORY": (("Trung cấp lý luận chính trị", "Trường Chính trị thành phố", 1056, 380, "DEGREE"), 12),
    "DEFENCE": (("Bồi dưỡng kiến thức quốc phòng và an ninh đối tượng 4", "Ban Chỉ huy Quân sự", 40, 4, "CERTIFICATE"), 22),
    "STATE_MGMT": (("Bồi dưỡng quản lý nhà nước ngạch chuyên viên", "Trường Chính trị thành phố", 320, 60, "CERTIFICATE"), 16),
    "PROF_TITLE": (("Bồi dưỡng tiêu chuẩn chức danh nghề nghiệp", "Trường Đại học Cần Thơ", 240, 45, "CERTIFICATE"), 16),
    "LEADERSHIP": (("Bồi dưỡng lãnh đạo, quản lý cấp phòng", "Trường Chính trị thành phố", 160, 28, "CERTIFICATE"), 6),
    "POSITION": (("Tập huấn nghiệp vụ công tác đảng", "Ban Tổ chức Thành ủy", 24, 2, "ATTENDANCE"), 20),
    "IT": (("Ứng dụng công nghệ thông tin cơ bản", "Trung tâm Công nghệ phần mềm", 60, 30, "CERTIFICATE"), 4),
    "LANGUAGE": (("Tiếng Anh bậc 3", "Trung tâm Ngoại ngữ", 120, 90, "CERTIFICATE"), 3),
    "DEGREE": (("Thạc sĩ Quản lý công", "Học viện Hành chính Quốc gia", 1600, 720, "DEGREE"), 3),
}


ALIASES = {  # how some offices write them
    "Trung cấp lý luận chính trị": "TC LLCT",
    "Bồi dưỡng quản lý nhà nước ngạch chuyên viên": "BD ngạch chuyên viên",
    "Trường Chính trị thành phố": "TCT TP",
}


def _training(rng: Random, scale: Scale, people: Population, facts: Facts) -> None:
    """Courses open in 2021; a person may attend several, never one twice."""
    learners = [p for ps in people.members.values() for p in ps if p.birth.year > 1964 and p.joined and p.joined < dt.date(2021, 1, 1)]
    learners += [p for p in people.others if p.joined is None and p.home.spell_to is None]
    kinds = {k: often for k, (_, often) in PROGRAMMES.items()}
    done: set[tuple[int, str]] = set()
    pool = rng.sample(learners, scale.trainings * 4 // 5)
    while len(done) < scale.trainings:
        p, kind = pool[len(done) % len(pool)], rng.choices(list(kinds), list(kinds.values()))[0]
        if (id(p), kind) in done or (p.staff == "NONE" and kind in ("STATE_MGMT", "PROF_TITLE", "DEGREE")):
            kind = "DEFENCE" if (id(p), "DEFENCE") not in done else "POSITION"
            if (id(p), kind) in done:
                kind = "POL_THEORY"
        done.add((id(p), kind))
        programme, provider, hours, length, certificate = PROGRAMMES[kind][0]
        if len(done) % 5 == 0:
            programme, provider = ALIASES.get(programme, programme), ALIASES.get(provider, provider)
        # languages and IT are no longer contents of training from 10-12-2021 (NĐ 89/2021)
        since = day(rng, dt.date(2020 if length > 300 else 2021, 3, 1), dt.date(2021, 11, 20))
        until = since + dt.timedelta(days=length)
        ended = until <= YEAR_END
        result = rng.choices(("PASSED", "GOOD", "EXCELLENT", "FAILED"), (55, 32, 11, 2))[0] if ended else "STUDYING"
        facts.add(
            "2021", p.home.base, "training", p.home.unit, full_name=p.full_name, identity_number=p.identity_number, programme=programme,
            programme_type_code=kind, provider=provider, training_from=since, training_to=until if ended else None, hours=float(hours),
            training_result_code=result, certificate_code=certificate if ended and result != "FAILED" else "NONE",
            cost_bearer_code=rng.choices(("STATE_BUDGET", "UNIT", "SELF", "SPONSOR"), (70, 20, 8, 2))[0],
        )  # fmt: skip
