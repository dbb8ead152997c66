"""Years whose law is not that of 2021: every version of the rule book that the city's own years cannot break is broken here once.

What does not belong here: faults of the city's own years, of files, and finding any of it. Rules of rows are broken by their own examples.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pipeline import law
from pipeline.codes import labels
from pipeline.sample.facts import Row
from pipeline.sample.files import Grid
from pipeline.sample.office import Cell
from pipeline.sample.people import Births, Person
from pipeline.sample.tree import Unit
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import template_columns
from pipeline.schemas.kinds import Meta, meta
from pipeline.schemas.rules import rules_of

YEARS = ("2016", "2019", "2021", "2023", "2025", "2026")
Sheets = dict[str, list[Row]]  # by dataset
CAP = ["EXCELLENT"] * 3 + ["GOOD"] * 4  # three in seven


def workbooks(births: Births, by_rows: Unit, by_years: Unit) -> Iterator[tuple[str, list[Grid]]]:
    """Paths below data/raw, and the sheets of each, filled in as the city's template has them. Two units that send nothing else in those years."""
    cast = Cast(births)
    for unit, years in ((by_rows, _by_rows(cast, by_rows)), (by_years, _by_years(cast, by_years))):
        for year, sheets in sorted(years.items()):
            yield f"{year}/{unit.unit_code}/cac-nam.xlsx", [_grid(dataset, rows) for dataset, rows in sheets.items()]


class Cast:
    """Invented people; no two share a name, for who stands under two numbers is another fault."""

    def __init__(self, births: Births):
        self.births, self.names = births, set[str]()

    def person(self) -> Person:
        while True:
            person = self.births.person(1970, 1985)
            if person.full_name not in self.names:
                self.names.add(person.full_name)
                return person

    def people(self, number: int) -> list[Person]:
        return [self.person() for _ in range(number)]


def _by_rows(cast: Cast, unit: Unit) -> dict[str, Sheets]:
    """A row that keeps a version and one that breaks it, of every rule of rows that has several versions."""
    years: dict[str, Sheets] = {}
    for dataset, schema in SCHEMAS.items():
        for rule in rules_of(schema):
            if not rule.law or len(law.versions(rule.name)) == 1:
                continue
            rows = years.setdefault(str(rule.bad.get("folder_year", 2021)), {}).setdefault(dataset, [])
            for change, breaks in ((rule.good, None), (rule.bad, rule.law)):
                rows.append(_row(dataset, cast.person(), breaks, **change))
    for sheets in years.values():
        for dataset, rows in sheets.items():
            if dataset == "ratings":
                # four good ones beside each that is excellent, so that no share is over its cap
                excellent = [r for r in rows if r["decided_level_code"] == "EXCELLENT" and r["rating_system_code"] != "COLLECTIVE"]
                rows += [
                    r | _who(person := cast.person()) | {"_person": person} | {"decided_level_code": "GOOD", "score": None, "_planted": ()}
                    for r in excellent
                    for _ in range(4)
                ]
            for n, row in enumerate(rows, start=1):
                if row.get("decision_no"):  # a decision of its own
                    row["decision_no"] = f"{n:02}-QĐ/TW"
                if row.get("rating_system_code") == "COLLECTIVE":
                    row["unit"] = unit.unit_code
        if "personnel" in sheets:  # a roster that is there holds whoever is rated, as what
            for row in (r for r in sheets.get("ratings", []) if r["identity_number"]):
                kind = {"staff_kind_code": row["rating_system_code"]} if row["rating_system_code"] in labels("staff_kind") else {}
                sheets["personnel"].append(_rostered(row["_person"], **kind))
    return years


def _by_years(cast: Cast, unit: Unit) -> dict[str, Sheets]:
    """What rules ask of several lists: rosters with ratings, postings, training and discipline of their years."""
    trained, untrained = cast.people(2)
    in_2019 = {
        "personnel": [_rostered(trained), _rostered(untrained, "N12")],
        "training": [_trained(p, 2019, hours) for p, hours in ((trained, 40.0), (untrained, 12.0))],
    }

    members, (settled, young) = cast.people(7), cast.people(2)
    disciplined = members[-1]
    in_2023 = {
        "personnel": [*(_rostered(p) for p in (*members, settled)), _probationary(young, 2023)],
        "ratings": [
            _rated(p, 2023, "PARTY_MEMBER", level, b) for p, level, b in zip(members, CAP, ("R09c", *[None] * 5, "R08b"), strict=True)
        ],
        "discipline": [
            _punished(disciplined, 1, "PARTY", "WARNING", dt.date(2023, 6, 10)),
            _punished(young, 2, "PARTY", "EXPULSION", dt.date(2023, 6, 12), "R17a-DB"),
        ],
        "rotation": [_moved(settled, 1, "ROTATION", dt.date(2023, 3, 1), "N06", rotation_end_reason_code="SETTLED")],
    }

    servants, employees = cast.people(8), cast.people(8)
    middling, punished, unrated = servants[-1], servants[-2], servants[-3]
    neglectful = cast.person()
    in_2025 = {
        "personnel": [_rostered(p) for p in (middling, punished, unrated, neglectful)],
        "discipline": [_punished(neglectful, 1, "PARTY", "REPRIMAND", dt.date(2025, 5, 12))],
        "ratings": [
            _rated(neglectful, 2025, "PARTY_MEMBER", "GOOD", "R08c"),
            _rated(middling, 2025, "CIVIL_SERVANT", "COMPLETED"),
            _rated(punished, 2025, "CIVIL_SERVANT", "GOOD"),
        ],
        "rotation": [_moved(unrated, 1, "ROTATION", dt.date(2025, 8, 1), "N04", to_unit=unit.unit_code, to_post_code="HEAD")],
    }

    demoted, lasting = employees[-1], employees[-2]
    young = cast.person()
    in_2026 = {
        "personnel": [
            *(_rostered(p, "N11" if p is servants[0] else None) for p in servants), *(_rostered(p, staff_kind_code="PUBLIC_EMPLOYEE") for p in employees),
            _probationary(young, 2026),
        ],
        "ratings": [
            _rated(p, 2026, system, level, next((version for broke, version in broken if broke is p), None))
            for system, people, broken in (
                ("CIVIL_SERVANT", servants, ((servants[0], "R09e"), (punished, "R08d"))),
                ("PUBLIC_EMPLOYEE", employees, ((employees[0], "R09f"), (demoted, "R08e"), (lasting, "R08e"))),
            )
            for p, level in zip(people, [*CAP, "GOOD"], strict=True)
        ],
        "training": [_trained(p, 2026, 12.0 if p is servants[0] else 40.0, programme_type_code="POSITION") for p in servants],
        "discipline": [
            _punished(punished, 1, "STATE", "WARNING", dt.date(2026, 1, 15)),
            _punished(demoted, 2, "STATE", "DEMOTION", dt.date(2026, 7, 10), "R17c"),
            _punished(young, 3, "PARTY", "EXPULSION", dt.date(2026, 8, 20), "R17d-DB"),
            _punished(lasting, 4, "STATE", "WARNING", dt.date(2026, 7, 10), "R18c") | {"effect_end_on": dt.date(2028, 7, 15)},
        ],
        "rotation": [
            _moved(middling, 1, "POSITION_CHANGE", dt.date(2026, 3, 2), "N17a", is_in_planning=None),
            _moved(punished, 2, "POSITION_CHANGE", dt.date(2026, 3, 2), "N17b", is_in_planning=None),
        ],
    }  # fmt: skip
    return {"2019": in_2019, "2023": in_2023, "2025": in_2025, "2026": in_2026}


# ── rows: the schema's own example, changed ──────────────────────────────────────────────────────────────────────


def _who(p: Person) -> Row:
    return {"full_name": p.full_name, "identity_number": p.identity_number}


def _row(dataset: str, p: Person, breaks: law.Version | str | None = None, **changes: Any) -> Row:
    row: Row = SCHEMAS[dataset].metadata["example"] | changes
    if row["identity_number"] is not None:
        row |= _who(p)
    if birth := row.get("birth_date"):  # the number tells sex and birth year
        sex = 2 * (birth.year // 100 - 19) + (row["sex_code"] == "FEMALE")
        row["identity_number"] = f"{p.identity_number[:3]}{sex}{birth:%y}{p.identity_number[6:]}"
    version = next(v for v in law.book() if v.code == breaks) if isinstance(breaks, str) else breaks
    planted = (version.rule_code, "against a law of another year", version.code, _shown_from(version, changes)) if version else None
    return row | {"_planted": (planted,) if planted else (), "_person": p}


def _shown_from(version: law.Version, changes: Row) -> str:
    """A rule of whole years says nothing before its first whole year has ended."""
    whole_years = version.family_code == "SUM_IN_YEAR" and version.last is None
    return f"{version.first.year + 2}-01-01" if whole_years and version.first else ""


def _rostered(p: Person, breaks: str | None = None, **changes: Any) -> Row:
    return _row("personnel", p, breaks, **({"birth_date": p.birth, "sex_code": p.sex} | changes))


def _probationary(p: Person, year: int) -> Row:
    joined: Row = {"member_status_code": "PROBATIONARY", "party_joined_on": dt.date(year, 2, 2), "party_official_on": None}
    return _rostered(p, staff_kind_code="PUBLIC_EMPLOYEE", **joined)


def _rated(p: Person, year: int, system: str, level: str, breaks: str | None = None) -> Row:
    return _row("ratings", p, breaks, period=str(year), rating_system_code=system, decided_level_code=level)


def _trained(p: Person, year: int, hours: float, **changes: Any) -> Row:
    return _row("training", p, training_from=dt.date(year, 4, 1), training_to=dt.date(year, 5, 1), hours=hours, **changes)


def _punished(p: Person, n: int, system: str, form: str, on: dt.date, breaks: str | None = None) -> Row:
    said = {"discipline_system_code": system, "discipline_form_code": form, "signed_on": on, "announced_on": on + dt.timedelta(days=5)}
    return _row("discipline", p, breaks, decision_no=f"{n:02}-QĐ/UBKT", **said)


def _moved(p: Person, n: int, kind: str, since: dt.date, breaks: str | None = None, **changes: Any) -> Row:
    return _row("rotation", p, breaks, rotation_kind_code=kind, posting_from=since, decision_no=f"{n:02}-QĐ/BTC", **changes)


# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _grid(dataset: str, rows: list[Row]) -> Grid:
    own = template_columns(SCHEMAS[dataset])
    cells: list[list[Cell]] = [[col.title for col in own.values()]]
    planted = []
    for row in rows:
        cells.append([_cell(row.get(c), meta(col)) for c, col in own.items()])
        planted += [(len(cells), fault) for fault in row["_planted"]]
    return Grid(SCHEMAS[dataset].title, cells, planted)


def _cell(value: Any, info: Meta) -> Cell:
    if isinstance(value, bool):
        return labels("boolean")["TRUE" if value else "FALSE"]
    return labels(info.codes)[value] if info.codes and value else value
