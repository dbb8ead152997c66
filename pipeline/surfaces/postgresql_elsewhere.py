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
OWN_LINE = re.compile(r"(?:unit|city|superior|base|section|cell)_(?:code|name)")  # of the unit that a row is of, and of those above it
SENTENCES = ("says_vi", "says_en")
IN_QUOTES, IN_BRACKETS = "“([^”]*)”", r"\(([^()]*)\)"  # in which a sentence says what a unit is called, and its code


def look(published: Published) -> None:
    """Which words are strange to which committee: codes and names of units that the registry does not show it."""
    published.db.execute(STRANGE)


def two_see_one(published: Published) -> bool:
    """Whether a line of the tree is seen by two committees."""
    return published.db.execute("SELECT count(*) FROM sees WHERE NOT is_home").fetchall() != [(0,)]


def told(table: Table, query: str, is_of_its_unit: bool, is_shared: bool) -> str:
    """A numbered query's rows as they are copied: each once for the department, and for each committee that sees it, in one or in several.

    `is_shared`: there are rows that two committees see. `is_of_its_unit`: the row's number is that of the unit whose line it shows, which whoever sees the row may know.
    """
    strange = _strange(table, is_of_its_unit)
    shown = ", ".join(quoted(column.name) for column in table.columns)
    if not strange and not is_shared:
        return query
    if not strange:
        return f"""SELECT {shown}, unit_no FROM ({query}) UNION ALL
            SELECT {shown}, s.told_no AS unit_no FROM ({query}) q JOIN (FROM sees WHERE NOT is_home) s USING (unit_no)"""
    flags = {name: f"f{n}" for n, name in enumerate(strange)}
    looked = ", ".join(f"{condition} AS {flags[name]}" for name, condition in strange.items())
    hidden = {c.name: _instead(c.name, flag) for c in table.columns if (flag := flags.get(_looked_up(c.name, table), flags.get(c.name)))}
    for_committee = ", ".join(f"{hidden[c.name]} AS {quoted(c.name)}" if c.name in hidden else quoted(c.name) for c in table.columns)
    is_short = " OR ".join(flags.values())
    return f"""WITH q AS ({query}), told AS MATERIALIZED (SELECT q.*, s.told_no, s.is_home, {looked} FROM q LEFT JOIN sees s USING (unit_no))
        SELECT {shown}, CASE WHEN {is_short} THEN 0 ELSE unit_no END AS unit_no FROM told WHERE coalesce(is_home, true)
        UNION ALL SELECT {for_committee}, told_no AS unit_no FROM told WHERE told_no IS NOT NULL AND ({is_short} OR NOT is_home)"""


def _strange(table: Table, is_of_its_unit: bool) -> dict[str, str]:
    """Column → SQL that is true where it names a unit that the committee may not know: a name with its code, for units are called alike."""
    found = {}
    for name in (column.name for column in table.columns if column.type == "VARCHAR"):
        if UNIT.fullmatch(name) and not (is_of_its_unit and OWN_LINE.fullmatch(name)) and _looked_up(name, table) == name:
            word = f"q.{quoted(name)}"
            if (code := _code_of(name)) != name and code in table.names:
                word = f"concat_ws('|', q.{quoted(code)}, {word})"
            found[name] = f"EXISTS (SELECT 1 FROM strange e WHERE e.told_no = s.told_no AND e.word = {word})"
        elif name in SENTENCES:
            said = [f"regexp_extract_all(q.{name}, '{within}', 1)" for within in (IN_QUOTES, IN_BRACKETS)]
            found[name] = (
                f"(regexp_matches(q.{name}, '[“(]') AND EXISTS (SELECT 1 FROM strange e WHERE e.told_no = s.told_no "
                f"AND list_contains(list_concat({', '.join(said)}), e.word)))"
            )
    return found


def _code_of(name: str) -> str:
    return re.sub("name$", "code", name)


def _looked_up(name: str, table: Table) -> str:
    """The column by which a code or name is looked up: the name, with the code beside it."""
    beside = re.sub("code$", "name", name)
    return beside if UNIT.fullmatch(name) and beside in table.names else name


def _instead(name: str, flag: str) -> str:
    """SQL of what a committee reads there."""
    if name in SENTENCES:
        return f"CASE WHEN {flag} THEN regexp_replace({name}, '{IN_QUOTES}|{IN_BRACKETS}', '“…”', 'g') ELSE {name} END"
    return f"CASE WHEN {flag} AND {quoted(name)} IS NOT NULL THEN '{NAME if name.endswith('name') else CODE}' ELSE {quoted(name)} END"


STRANGE = """
CREATE TEMP TABLE strange AS
WITH words AS (
    SELECT unnest([unit_code, unit_name, concat_ws('|', unit_code, unit_name)]) AS word, unit_version_key FROM core.dim_unit
)
SELECT c.told_no, w.word FROM committees c CROSS JOIN (SELECT DISTINCT word FROM words WHERE word IS NOT NULL) w
EXCEPT SELECT s.told_no, w.word FROM seen_stretches s JOIN words w USING (unit_version_key)
"""
