"""What a committee is told in the place of other committees' units: a row of its own may name one (a posting's other end, a finding about somebody
else's unit, a sentence), and neither its code nor its name is told.

Such a row is copied twice: whole for the department, and for the committee with `ELSEWHERE` in the place of the unit. So is a row that two
committees see, because its unit stood below one and stands below the city now: each has its own. What does not belong here: whose a row is
(postgresql_rights.py).
"""

import re

from pipeline.surfaces.postgresql_tables import Table, quoted
from pipeline.warehouse.door import Published

CODE, NAME = "ELSEWHERE", "(đơn vị ngoài đảng bộ)"
UNIT = re.compile(r"(?:\w+_)?(?:unit|city|superior|base|section|cell|sender)_(code|name)")
SENTENCES = ("says_vi", "says_en")
IN_QUOTES, IN_BRACKETS = "“([^”]*)”", r"\(([^()]*)\)"  # in which a sentence says what a unit is called, and its code


def look(published: Published) -> None:
    """Which words are strange to which committee: codes and names of units that the registry does not show it."""
    published.db.execute(STRANGE)


def told(table: Table, query: str) -> str:
    """A numbered query's rows as they are copied: each once for the department, and for each committee that sees it, in one or in several."""
    shown = [quoted(column.name) for column in table.columns]
    units = [name for column in table.columns if UNIT.fullmatch(name := column.name) and column.type == "VARCHAR"]
    strange = {name: f"EXISTS (SELECT 1 FROM strange e WHERE e.told_no = s.told_no AND e.word = q.{quoted(name)})" for name in units}
    strange |= {
        name: f"(regexp_matches(q.{name}, '[“(]') AND EXISTS (SELECT 1 FROM strange e WHERE e.told_no = s.told_no AND list_contains("
        f"list_concat(regexp_extract_all(q.{name}, '{IN_QUOTES}', 1), regexp_extract_all(q.{name}, '{IN_BRACKETS}', 1)), e.word)))"
        for name in SENTENCES
        if name in table.names
    }
    flags = {name: f"f{n}" for n, name in enumerate(strange)}
    looked = "".join(f", {condition} AS {flags[name]}" for name, condition in strange.items())
    is_short = " OR ".join(flags.values()) or "false"
    hidden = {name: _instead(name, flags) for name in strange}
    for_committee = ", ".join(f"{hidden[c.name]} AS {quoted(c.name)}" if c.name in hidden else quoted(c.name) for c in table.columns)
    return f"""WITH q AS ({query}),
        told AS MATERIALIZED (SELECT q.*, s.told_no, s.is_home{looked} FROM q LEFT JOIN sees s USING (unit_no))
        SELECT {", ".join(shown)}, CASE WHEN {is_short} THEN 0 ELSE unit_no END AS unit_no FROM told WHERE coalesce(is_home, true)
        UNION ALL SELECT {for_committee}, told_no AS unit_no FROM told WHERE told_no IS NOT NULL AND ({is_short} OR NOT is_home)"""


def _instead(name: str, flags: dict[str, str]) -> str:
    """SQL of what a committee reads there. A name is not told either where its code is not: another unit of one's own may be called the same."""
    if name in SENTENCES:
        return f"CASE WHEN {flags[name]} THEN regexp_replace({name}, '{IN_QUOTES}|{IN_BRACKETS}', '“…”', 'g') ELSE {name} END"
    code = re.sub("name$", "code", name)
    either = " OR ".join({flags[name]: None, flags.get(code, flags[name]): None})
    return f"CASE WHEN {either} THEN '{CODE if name == code else NAME}' ELSE {quoted(name)} END"


STRANGE = """
CREATE TEMP TABLE strange AS
WITH words AS (SELECT unit_code AS word, unit_version_key FROM core.dim_unit UNION SELECT unit_name, unit_version_key FROM core.dim_unit)
SELECT c.told_no, w.word FROM committees c CROSS JOIN (SELECT DISTINCT word FROM words WHERE word IS NOT NULL) w
EXCEPT SELECT s.told_no, w.word FROM seen_stretches s JOIN words w USING (unit_version_key)
"""
