"""Who may see which row: a row bears the number of the committee below which its unit stood on its day, and a policy for each committee's role
opens its number.

What does not belong here: what a committee is told in the place of other committees' units (postgresql_elsewhere.py), how a table is copied
(postgresql_tables.py), and the roles themselves, which the database's administrator makes (postgresql_roles.py).
"""

from dataclasses import dataclass, replace
from enum import Enum

from pipeline.surfaces import postgresql_elsewhere
from pipeline.surfaces.postgresql_tables import NUMBER, Table, quoted
from pipeline.warehouse.door import Published

KEYS_OF_UNITS = ("sender_unit_key", "unit_key")
HUNG = ("finding_key", "submission_key", "fault_no", "submission_no")  # what else says whose a row is, where it has no unit's key
NUMBERS = dict(zip(HUNG[:2], HUNG[2:], strict=True))  # the number that stands beside each key


class Kind(Enum):
    """Whose the rows of a table are."""

    UNIT = "a unit's, each row one's"
    STRETCH = "the registry's: whoever sees anything of a unit sees how it is called, and those above it"
    PERSON = "a person's: whoever has a fact of somebody sees what is known of him"
    EVERYBODY = "nobody's: code lists, calendar, rule book"
    DEPARTMENT = "the whole city's: the department alone"


@dataclass(frozen=True)
class Committee:
    """A unit right below the city, whose role sees what is its own and below it."""

    unit_key: str
    unit_code: str
    unit_name: str
    number: int  # even; the odd one after it is of what this committee alone is told

    @property
    def rows(self) -> str:
        """SQL that is true of its rows: once in words that an index can answer, and once in words that cost nothing (a look into a list).

        The server asks cheap conditions first, also those of whoever reads, and whether it came to the next one can be seen: of a row that is hidden
        a condition that costs less would tell (IS NULL costs nothing, a comparison something).
        """
        own = f"'[{self.number}:{self.number + 1}]={{t,t}}'::boolean[]"
        return f"({own})[{NUMBER}] AND {NUMBER} BETWEEN {self.number} AND {self.number + 1}"


def with_numbers(tables: list[Table]) -> list[Table]:
    """Tables as they are copied: those whose rows are somebody's have a column more."""
    guarded = (Kind.UNIT, Kind.STRETCH, Kind.PERSON)
    return [replace(table, number=NUMBER) if kind(table) in guarded else table for table in tables]


def kind(table: Table) -> Kind:
    """Whose rows a table has, by its columns. What nobody thought of is the department's alone."""
    if table.names >= {"unit_version_key", "valid_from", "valid_to"}:
        return Kind.STRETCH
    if table.names & {*KEYS_OF_UNITS, *HUNG, "unit_code"}:
        return Kind.UNIT
    if any(name.endswith("unit_key") or name.startswith("sender_") for name in table.names):
        return Kind.DEPARTMENT
    if "person_key" in table.names:
        return Kind.PERSON
    return Kind.EVERYBODY if table.for_everybody else Kind.DEPARTMENT


def number_lines(published: Published) -> list[Committee]:
    """Number the tree's lines, beside the published file and for as long as its door is open; gives the committees right below the city.

    A line is a unit with all that stand above it; a unit that moved has several. Those below one committee have a block of numbers, of which its own
    number is made: which unit a row is of, and how many units a committee has, the numbers that are copied do not tell.
    """
    published.db.execute(LINES)
    published.db.execute(COMMITTEES)
    published.db.execute(SEEN)
    found = published.db.execute(
        """SELECT c.unit_key, max_by(u.unit_code, u.valid_from), max_by(u.unit_name, u.valid_from), c.told_no // l.width * 2
           FROM committees c JOIN core.dim_unit u USING (unit_key) CROSS JOIN (SELECT any_value(width) AS width FROM lines) l
           GROUP BY ALL ORDER BY 2, 1"""
    )
    return [Committee(*row) for row in found.fetchall()]


def number_senders(published: Published, tables: list[Table]) -> None:
    """Number what is a sender's, wherever else it is named: submissions and findings. And whom each committee sees."""
    published.db.execute("CREATE TEMP TABLE senders (called varchar, key varchar, unit_no integer)")
    for table in tables:
        if "sender_unit_key" in table.names and len(table.grain) == 1 and table.grain[0] in HUNG:
            for called in {table.grain[0], NUMBERS[table.grain[0]]} & table.names:
                published.db.execute(f"INSERT INTO senders SELECT '{called}', {called}, unit_no FROM ({numbered(table, '')})")
    persons = " UNION ".join(
        f"SELECT person_key, unit_no FROM ({numbered(t, 't.person_key')})"
        for t in tables
        if {"person_key", "unit_key"} <= t.names and "sender_unit_key" not in t.names
    )
    published.db.execute(
        f"CREATE TEMP TABLE seen_persons AS SELECT DISTINCT person_key, told_no FROM ({persons or NOBODY}) JOIN sees USING (unit_no)"
    )
    postgresql_elsewhere.look(published)


NOBODY = "SELECT NULL::varchar AS person_key, 0 AS unit_no"
LINES = """
CREATE TEMP TABLE lines AS
WITH starts AS (SELECT DISTINCT unit_key, valid_from FROM core.bridge_unit_ancestor),
walked AS (
    SELECT s.unit_key, s.valid_from, list(b.ancestor_unit_key ORDER BY b.depth DESC) AS above
    FROM starts s
    JOIN core.bridge_unit_ancestor b
      ON b.unit_key = s.unit_key AND s.valid_from BETWEEN b.valid_from AND coalesce(b.valid_to, DATE '9999-12-31')
    GROUP BY ALL
),
placed AS (
    SELECT *, dense_rank() OVER (ORDER BY above[2]) AS block, 2 * (dense_rank() OVER (PARTITION BY above[2] ORDER BY above) - 1) AS place,
           lead(valid_from) OVER (PARTITION BY unit_key ORDER BY valid_from) AS next_from,
           row_number() OVER (PARTITION BY unit_key ORDER BY valid_from) = 1 AS is_first
    FROM walked
),
numbered AS (
    SELECT *, (10 ^ ceil(log10(max(place) OVER () + 2)))::integer AS width,
           CASE WHEN len(above) = 1 THEN 0 ELSE block * width + place END::integer AS unit_no
    FROM placed
)
SELECT n.unit_key, n.above, n.unit_no, n.width, n.valid_from, coalesce(n.next_from - 1, DATE '9999-12-31') AS valid_to,
       CASE WHEN n.is_first THEN DATE '0001-01-01' ELSE n.valid_from END AS asked_from, u.unit_code, s.unit_code AS superior_code
FROM numbered n
LEFT JOIN core.dim_unit u ON u.unit_key = n.unit_key AND n.valid_from BETWEEN u.valid_from AND coalesce(u.valid_to, DATE '9999-12-31')
LEFT JOIN core.dim_unit s ON s.unit_key = n.above[2] AND s.unit_type_code = 'SUPERIOR'
    AND n.valid_from BETWEEN s.valid_from AND coalesce(s.valid_to, DATE '9999-12-31')
"""
# a committee has at least its own line, so its block; the first odd number there is what it alone is told under
COMMITTEES = """
CREATE TEMP TABLE committees AS
SELECT above[2] AS unit_key, any_value(unit_no // width * width) AS first_no, any_value(unit_no // width * width + width - 1) AS last_no,
       any_value(unit_no // width * width + 1) AS told_no
FROM lines WHERE len(above) > 1 GROUP BY above[2]
"""
SEEN = """
CREATE TEMP TABLE sees AS SELECT DISTINCT l.unit_no, c.told_no, l.unit_no BETWEEN c.first_no AND c.last_no AS is_home FROM lines l JOIN committees c ON list_contains(l.above, c.unit_key);
CREATE TEMP TABLE seen_stretches AS SELECT DISTINCT u.unit_version_key, s.told_no
FROM (SELECT unit_no, valid_from, valid_to, unnest(above) AS unit_key FROM lines) l
JOIN core.dim_unit u ON u.unit_key = l.unit_key AND u.valid_from <= l.valid_to AND coalesce(u.valid_to, DATE '9999-12-31') >= l.valid_from
JOIN sees s USING (unit_no)
"""
END_OF_PERIOD = """CASE WHEN {0} SIMILAR TO '[0-9]{{4}}-Q[1-4]' THEN last_day(make_date({0}[:4]::integer, 3 * {0}[7:]::integer, 1))
    WHEN {0} SIMILAR TO '[0-9]{{4}}' THEN make_date({0}::integer, 12, 31) END"""


def numbered(table: Table, shown: str) -> str:
    """A query for the rows of a table with their numbers; `shown` is what is asked of it.

    A row's unit is its sender where it names one (findings, submissions and what hangs on them), else the unit that it is of, else that of the
    codes that stand in it. Its day is the last of its period or year, within the stretch that it names.
    """
    names, day = table.names, _day(table.names)
    ways: list[str] = []
    joins: list[str] = []
    if "unit_version_key" in names:
        joins.append("LEFT JOIN core.dim_unit v ON v.unit_version_key = t.unit_version_key")
        day = f"greatest(least({day}, coalesce(v.valid_to, DATE '9999-12-31')), coalesce(v.valid_from, DATE '0001-01-01'))"
    if "sent." in day:
        joins.append("LEFT JOIN quality.submissions sent ON sent.submission_key = t.submission_key")
    key = next((k for k in KEYS_OF_UNITS if k in names), None)
    if key:
        joins.append(f"ASOF LEFT JOIN lines l ON l.unit_key = t.{key} AND {day} >= l.asked_from")
        ways.append("l.unit_no")
    else:
        if hung := next((k for k in HUNG if k in names), None):
            joins.append(f"LEFT JOIN senders s ON s.called = '{hung}' AND s.key = CAST(t.{hung} AS varchar)")
            ways.append("s.unit_no")
        if "unit_code" in names:
            above = " AND l.superior_code IS NOT DISTINCT FROM t.superior_code" if "superior_code" in names else ""
            joins.append(f"ASOF LEFT JOIN lines l ON l.unit_code = t.unit_code{above} AND {day} >= l.asked_from")
            ways.append("l.unit_no")
    return f"SELECT {shown or 't.*'}, coalesce({', '.join([*ways, '0'])}) AS unit_no FROM {table.in_duckdb} t {' '.join(joins)}"


def _day(names: frozenset[str]) -> str:
    if "period_to" in names:
        return "coalesce(t.period_to, DATE '9999-12-31')"
    if "period" in names:
        return f"coalesce({END_OF_PERIOD.format('t.period')}, DATE '9999-12-31')"
    if "year" in names:
        return "coalesce(make_date(t.year, 12, 31), DATE '9999-12-31')"
    if "submission_key" in names and names & {*KEYS_OF_UNITS}:
        return f"coalesce({END_OF_PERIOD.format('sent.period')}, DATE '9999-12-31')"
    return "DATE '9999-12-31'"


def rows(table: Table, is_shared: bool = True) -> str:
    """The query for the rows of a table, as they are copied; `is_shared`: there are rows that two committees see.

    In an order that says nothing: in the order of units, how many rows lie between two of one's own, or on some pages of the table (TABLESAMPLE),
    would be how many another committee has.
    """
    shown, whose = ", ".join(c.shown for c in table.columns), kind(table)
    if not table.number:
        return f"SELECT {shown} FROM {table.in_duckdb} t"
    if whose is Kind.UNIT:
        is_of_its_unit = not table.names & {"sender_unit_key", *HUNG} or (
            "unit_key" in table.names and "sender_unit_key" not in table.names
        )
        query = postgresql_elsewhere.told(table, numbered(table, shown), is_of_its_unit, is_shared)
    else:  # once for the department, and once for each committee that sees it: a policy that looked elsewhere would count for whoever asks EXPLAIN
        key, seen = ("person_key", "seen_persons") if whose is Kind.PERSON else ("unit_version_key", "seen_stretches")
        query = (
            f"SELECT {shown}, 0 AS unit_no FROM {table.in_duckdb} t "
            f"UNION ALL SELECT {shown}, s.told_no AS unit_no FROM {table.in_duckdb} t JOIN {seen} s ON s.{key} = t.{key}"
        )
    number = f"unit_no // (SELECT any_value(width) FROM lines) * 2 + unit_no % 2 AS {NUMBER}"
    return f"SELECT * EXCLUDE (unit_no), {number} FROM ({query}) ORDER BY random()"


@dataclass(frozen=True)
class Guards:
    """Who there is."""

    department: str
    reader: str
    committees: dict[str, Committee]  # by the names of their roles


def guard(table: Table, suffix: str, who: Guards) -> list[str]:
    """SQL that lets each role see its own rows of a filled table. The owner has no policy, so he sees nothing either.

    No values are kept for the planner: EXPLAIN shows its estimates to all, and they are made of rows that are hidden as well. Every policy is a
    comparison of the row's own number: what a policy looked up elsewhere, EXPLAIN ANALYZE would count, after conditions of whoever asks.
    """
    at, whose = table.at(suffix), kind(table)
    if whose is Kind.EVERYBODY:  # what such a table counts, it counts of the whole city
        names = ", ".join(quoted(c.name) for c in table.columns if not c.name.endswith("_count"))
        return [f"GRANT SELECT ({names}) ON {at} TO {quoted(who.reader)}", f"GRANT SELECT ON {at} TO {quoted(who.department)}"]
    columns = [*(c.name for c in table.columns), *([table.number] if table.number else [])]
    whole = f"{NUMBER} % 2 <> 1" if table.number else "true"  # in these words the planner expects nearly all rows, and not a two-hundredth
    made = [
        f"ALTER TABLE {at} {', '.join(f'ALTER COLUMN {quoted(c)} SET STATISTICS 0' for c in columns)}",
        f"ALTER TABLE {at} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY department ON {at} FOR SELECT TO {quoted(who.department)} USING ({whole})",
        f"GRANT SELECT ON {at} TO {quoted(who.department)}",
    ]
    if table.number:  # by columns, so that nobody can ask where a row lies, or lock the table
        made.append(f"GRANT SELECT ({', '.join(map(quoted, columns))}) ON {at} TO {quoted(who.reader)}")
        made += [f"CREATE POLICY {quoted(r)} ON {at} FOR SELECT TO {quoted(r)} USING ({c.rows})" for r, c in who.committees.items()]
        # a login that is a member of both is told each thing once, and as the department is: a row and what a committee reads in its place are no two
        made.append(f"CREATE POLICY department_alone ON {at} AS RESTRICTIVE FOR SELECT TO {quoted(who.department)} USING ({whole})")
    return made
