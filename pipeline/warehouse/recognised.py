"""How many people could be told from all others by what is about to be published: two shares for every table with rows of persons.

*Outsider*: who knows somebody's base organisation, sex, ten years of joining and, where they are told, of birth finds exactly one person. Bounded:
above the bound nothing is published. *Insider*: who knows everything that the table and dim_person say of somebody finds one person. Without a bound: a colleague
knows nearly everybody, and what he would learn is then little.

What does not belong here: what is published, and how a day becomes ten years (dbt).
"""

import os
from dataclasses import asdict, dataclass

import duckdb

from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card

BOUND_VARIABLE, BOUND = "PERSONNEL_LARGEST_OUTSIDER", 5.0  # percent
ASKED_FROM = 1000  # persons: in a table of fewer, a share is chance, and a few offices have no crowd to stand in
# What only names a row or says where it stood.
KEYS = {card(schema).claim.key for schema in SCHEMAS.values()}
OF_THE_ROW = KEYS | {f"{key.removesuffix('_key')}_no" for key in KEYS} | {"submission_key", "sheet_no", "row_no", "person_key", "person_no"}
OF_PERSON = "sex_code, ethnicity_code, education_code, political_theory_code, birth_band, dim_person.party_joined_band, dim_person.service_joined_band"
IN_WORDS = ("label", "sort", "rank", "name")  # what only says again what the code beside it says: half of the time that bi's views take


class Recognisable(Exception):
    """Too many people stand alone in what would be published. The words name tables and shares."""


@dataclass(frozen=True)
class Shares:
    """Of a table's persons: how many there are, and which share stands alone."""

    persons: int
    outsider: float
    insider: float


def shares(db: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, Shares]:
    """Every table with rows of persons in a database that would be published."""
    columns: dict[str, list[str]] = {}
    for schema, table, column in db.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = ? ORDER BY ALL", [catalog]
    ).fetchall():
        columns.setdefault(f"{schema}.{table}", []).append(column)
    persons = {table: names for table, names in columns.items() if {"person_key", "person_no"} & {*names}}
    _stand_alone(db, catalog, [table for table, names in persons.items() if {"person_key", "base_unit_key"} <= {*names}])
    return {table: _shares(db, f"{catalog}.{table}", names) for table, names in persons.items()}


def _stand_alone(db: duckdb.DuckDBPyConnection, catalog: str, places: list[str]) -> None:
    """Who is alone, in any year, with base organisation, sex and both bands; of whoever is on no roster only the place is published."""
    elsewhere = " UNION ALL ".join(
        f"SELECT person_key, coalesce(base_unit_key, unit_key) AS base FROM {catalog}.{table}"
        for table in places
        if table != "core.fct_personnel"
    )
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE alone AS
        WITH known AS (
            SELECT person_key, year, coalesce(base_unit_key, unit_key) AS base, sex_code, f.party_joined_band, birth_band
            FROM {catalog}.core.fct_personnel AS f LEFT JOIN {catalog}.core.dim_person USING (person_key)
            UNION ALL
            SELECT person_key, NULL, base, NULL, NULL, NULL FROM ({elsewhere})
            WHERE person_key NOT IN (SELECT person_key FROM {catalog}.core.fct_personnel)
        )
        SELECT DISTINCT min(person_key) AS person_key FROM known
        GROUP BY year, base, sex_code, party_joined_band, birth_band HAVING min(person_key) = max(person_key)""")


def _shares(db: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> Shares:
    said = ", ".join(f"t.{c}" for c in columns if c not in OF_THE_ROW and not _is_in_words(c, columns))
    catalog, who = table.split(".")[0], "person_key" if "person_key" in columns else "person_no"
    ((persons, outsider, insider),) = db.execute(f"""
        WITH rows_of AS (
            SELECT {who}, count(*) AS rows, sum(said) AS total, bit_xor(said) AS every
            FROM (SELECT {who}, hash({said}) AS said FROM {table} AS t WHERE {who} IS NOT NULL) GROUP BY {who}
        ),
        people AS (
            SELECT {"rows_of." if who == "person_key" else ""}person_key, hash(rows, total, every, {OF_PERSON}) AS said
            FROM rows_of LEFT JOIN {catalog}.core.dim_person USING ({who})
        ),
        crowd AS (SELECT said, count(*) AS size FROM people GROUP BY said)
        SELECT count(*), count(a.person_key), count(CASE WHEN c.size = 1 THEN 1 END)
        FROM people AS p JOIN crowd AS c USING (said) LEFT JOIN alone AS a ON a.person_key = p.person_key""").fetchall()
    return Shares(persons, round(outsider / max(persons, 1), 4), round(insider / max(persons, 1), 4))


def _is_in_words(column: str, columns: list[str]) -> bool:
    """
    >>> _is_in_words("sex_label", ["sex_code", "sex_label"]), _is_in_words("sex_label", ["sex_label"]), _is_in_words("sex_code", ["sex_code"])
    (True, False, False)
    """
    stem, _, end = column.rpartition("_")
    return end in IN_WORDS and f"{stem}_code" in columns


def hold_to_bound(found: dict[str, Shares]) -> None:
    """Raises Recognisable where an outsider would find too many."""
    most = bound()
    over = [
        f"{table}: {s.outsider:.1%} of {s.persons:,} persons"
        for table, s in found.items()
        if s.persons >= ASKED_FROM and s.outsider * 100 > most
    ]
    if over:
        raise Recognisable(
            f"Too many people could be recognised by base organisation, sex, and ten years of joining and of birth alone; the bound is {most:g} %: {'; '.join(over)}. "
            f"Nothing was published. Where the department accepts it, {BOUND_VARIABLE} (percent) says another bound."
        )


def bound() -> float:
    """Percent, from the environment or the default. Raises Recognisable where it is none."""
    given = os.environ.get(BOUND_VARIABLE) or f"{BOUND:g}"
    if not given.replace(".", "", 1).isdecimal() or not given.isascii() or float(given) > 100:
        raise Recognisable(f"{BOUND_VARIABLE} must be a percentage like {BOUND:g}, not {given!r}.")
    return float(given)


def as_json(found: dict[str, Shares]) -> dict[str, dict[str, float]]:
    """The shares as version.json keeps them."""
    return {table: asdict(s) for table, s in found.items()}


def in_words(found: dict[str, dict[str, float]]) -> list[str]:
    """A line for each table with rows of persons, from what version.json keeps; and for each figure the table in which most stand alone.

    >>> found = {"core.a": {"persons": 20, "outsider": 0.1, "insider": 0.5}, "core.bb": {"persons": 2000, "outsider": 0.02, "insider": 0.9}}
    >>> for line in in_words(found):
    ...     print(line)
    core.a       20 persons: outsider  10.0 %, insider  50.0 %
    core.bb   2,000 persons: outsider   2.0 %, insider  90.0 %
    outsider  2.0 % at most (core.bb) stand alone by base organisation, sex, and ten years of joining and of birth; bound 5 %, asked from 1,000 persons
    insider   90.0 % at most (core.bb) stand alone by all that is published of them
    """
    if not found:
        return []
    asked, width = {table: s for table, s in found.items() if s["persons"] >= ASKED_FROM} or found, max(map(len, found))
    (near, o), (far, i) = (max(asked.items(), key=lambda t: (t[1][which], t[0])) for which in ("outsider", "insider"))
    return [
        *(
            f"{table:{width}} {s['persons']:7,} persons: outsider {s['outsider'] * 100:5.1f} %, insider {s['insider'] * 100:5.1f} %"
            for table, s in found.items()
        ),
        f"outsider  {o['outsider'] * 100:.1f} % at most ({near}) stand alone by base organisation, sex, and ten years of joining and of birth; bound {bound():g} %, asked from {ASKED_FROM:,} persons",
        f"insider   {i['insider'] * 100:.1f} % at most ({far}) stand alone by all that is published of them",
    ]
