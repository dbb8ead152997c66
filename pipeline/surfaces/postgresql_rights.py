"""Who may see which row: every line of the unit tree has a number, so that whatever lies below a committee is a range of numbers; a row bears the
number of its unit on its day, and a policy for each committee's role opens its range.

What does not belong here: how a table is copied (postgresql_tables.py), and the roles themselves, which the database's administrator makes
(postgresql_roles.py).
"""

from dataclasses import dataclass, replace
from enum import Enum

from pipeline.surfaces.postgresql_tables import Column, Table, quoted
from pipeline.warehouse.door import Published

NUMBER = "unit_no"
SEEN_UNITS, SEEN_PERSONS = "seen_units", "seen_persons"
KEYS_OF_UNITS = ("sender_unit_key", "unit_key")


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
    numbers: tuple[int, ...]

    @property
    def rows(self) -> str:
        """SQL that is true of its rows, in words that an index can always answer."""
        first, last = min(self.numbers), max(self.numbers)
        if last - first + 1 == len(self.numbers):
            return f"{NUMBER} BETWEEN {first} AND {last}"
        return f"{NUMBER} = ANY ('{{{','.join(map(str, self.numbers))}}}'::integer[])"


def with_numbers(tables: list[Table]) -> list[Table]:
    """Tables as they are copied: those whose rows are a unit's have a column more."""
    return [replace(table, number=NUMBER) if kind(table) is Kind.UNIT else table for table in tables]


def kind(table: Table) -> Kind:
    """Whose rows a table has, by its columns. What nobody thought of is the department's alone."""
    if table.number:
        return Kind.UNIT
    if table.names >= {"unit_version_key", "valid_from", "valid_to"}:
        return Kind.STRETCH
    if table.names & {*KEYS_OF_UNITS, "submission_key", "finding_key", "unit_code"}:
        return Kind.UNIT
    if any(name.endswith("unit_key") or name.startswith("sender_") for name in table.names):
        return Kind.DEPARTMENT
    if "person_key" in table.names:
        return Kind.PERSON
    return Kind.EVERYBODY if table.for_everybody else Kind.DEPARTMENT


def number_lines(published: Published) -> list[Committee]:
    """Number the tree's lines, beside the published file and for as long as its door is open; gives the committees right below the city.

    A line is a unit with all that stand above it; a unit that moved has several. They are numbered as one walks the tree, so what lies below a
    line follows it.
    """
    published.db.execute(LINES)
    found = published.db.execute(
        """SELECT u.unit_key, max_by(u.unit_code, u.valid_from), max_by(u.unit_name, u.valid_from),
                  (SELECT list(DISTINCT l.unit_no ORDER BY l.unit_no) FROM lines l WHERE list_contains(l.above, u.unit_key))
           FROM core.dim_unit u JOIN (SELECT DISTINCT above[2] AS unit_key FROM lines WHERE len(above) > 1) below USING (unit_key)
           GROUP BY u.unit_key ORDER BY 2, 1"""
    )
    return [Committee(key, code, name, tuple(numbers)) for key, code, name, numbers in found.fetchall()]


def number_senders(published: Published, tables: list[Table]) -> None:
    """Number what is a sender's, wherever else it is named: submissions and findings."""
    published.db.execute("CREATE TEMP TABLE senders (key varchar, unit_no integer)")
    for table in tables:
        if "sender_unit_key" in table.names and len(table.grain) == 1:
            published.db.execute(f"INSERT INTO senders SELECT {quoted(table.grain[0])}, {NUMBER} FROM ({numbered(table, '')})")


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
numbered AS (
    SELECT *, dense_rank() OVER (ORDER BY above)::integer AS unit_no,
           lead(valid_from) OVER (PARTITION BY unit_key ORDER BY valid_from) AS next_from,
           row_number() OVER (PARTITION BY unit_key ORDER BY valid_from) = 1 AS is_first
    FROM walked
)
SELECT n.unit_key, n.above, n.unit_no, n.valid_from, coalesce(n.next_from - 1, DATE '9999-12-31') AS valid_to,
       CASE WHEN n.is_first THEN DATE '0001-01-01' ELSE n.valid_from END AS asked_from, u.unit_code, s.unit_code AS superior_code
FROM numbered n
LEFT JOIN core.dim_unit u ON u.unit_key = n.unit_key AND n.valid_from BETWEEN u.valid_from AND coalesce(u.valid_to, DATE '9999-12-31')
LEFT JOIN core.dim_unit s ON s.unit_key = n.above[2] AND s.unit_type_code = 'SUPERIOR'
    AND n.valid_from BETWEEN s.valid_from AND coalesce(s.valid_to, DATE '9999-12-31')
"""
END_OF_PERIOD = """CASE WHEN {0} SIMILAR TO '[0-9]{{4}}-Q[1-4]' THEN last_day(make_date({0}[:4]::integer, 3 * {0}[7:]::integer, 1))
    WHEN {0} SIMILAR TO '[0-9]{{4}}' THEN make_date({0}::integer, 12, 31) END"""


def numbered(table: Table, shown: str) -> str:
    """A query for the rows of a table with their numbers, those of one unit beside one another; `shown` is what is asked of it.

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
        if hung := next((k for k in ("finding_key", "submission_key") if k in names), None):
            joins.append(f"LEFT JOIN senders s ON s.key = t.{hung}")
            ways.append("s.unit_no")
        if "unit_code" in names:
            above = " AND l.superior_code IS NOT DISTINCT FROM t.superior_code" if "superior_code" in names else ""
            joins.append(f"ASOF LEFT JOIN lines l ON l.unit_code = t.unit_code{above} AND {day} >= l.asked_from")
            ways.append("l.unit_no")
    order = [NUMBER, *(f"t.{quoted(c)}" for c in ("unit_key", "period", "year", "person_key") if c in names)]
    columns = shown or "t.*"
    return f"SELECT {columns}, coalesce({', '.join([*ways, '0'])}) AS {NUMBER} FROM {table.in_duckdb} t {' '.join(joins)} ORDER BY {', '.join(order)}"


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


def helpers(meta: str, tables: list[Table]) -> list[tuple[Table, str]]:
    """What policies look into, each with the query for its rows."""
    persons = " UNION ".join(
        f"SELECT person_key, {NUMBER} FROM ({numbered(t, 't.person_key')})"
        for t in tables
        if {"person_key", "unit_key"} <= t.names and "sender_unit_key" not in t.names
    )
    stretches = f"""SELECT DISTINCT u.unit_version_key, l.{NUMBER} FROM (SELECT unit_no, valid_from, valid_to, unnest(above) AS unit_key FROM lines) l
        JOIN core.dim_unit u ON u.unit_key = l.unit_key AND u.valid_from <= l.valid_to AND coalesce(u.valid_to, DATE '9999-12-31') >= l.valid_from
        ORDER BY 2, 1"""
    return [
        (
            _helper(
                meta, SEEN_UNITS, "unit_version_key",
                "Đơn vị nào được xem: chính nó, cấp dưới, cấp trên / Which units are seen: one's own, those below, those above. One row per stretch × number.",
            ),
            stretches,
        ),
        (
            _helper(
                meta, SEEN_PERSONS, "person_key",
                "Người nào được xem: có dữ kiện ở đơn vị được xem / Which persons are seen: those with a fact in a unit that is seen. One row per person × number.",
            ),
            f"SELECT DISTINCT person_key, {NUMBER} FROM ({persons or NOBODY}) WHERE person_key IS NOT NULL ORDER BY 2, 1",
        ),
    ]  # fmt: skip


NOBODY = f"SELECT NULL::varchar AS person_key, 0 AS {NUMBER}"


def _helper(meta: str, name: str, key: str, says: str) -> Table:
    return Table(meta, name, says, (Column(key, "VARCHAR", ""),), (key,), number=NUMBER)


def rows(table: Table) -> str:
    """The query for the rows of a table, as they are copied."""
    shown = ", ".join(c.shown for c in table.columns)
    return numbered(table, shown) if table.number else f"SELECT {shown} FROM {table.in_duckdb} t"


@dataclass(frozen=True)
class Guards:
    """Who there is, and where policies look."""

    department: str
    reader: str
    committees: dict[str, Committee]  # by the names of their roles
    meta: str


def guard(table: Table, suffix: str, who: Guards) -> list[str]:
    """SQL that lets each role see its own rows of a filled table. The owner has no policy, so he sees nothing either.

    No values are kept for the planner: EXPLAIN shows its estimates to all, and they are made of rows that are hidden as well.
    """
    at, whose = table.at(suffix), kind(table)
    if whose is Kind.EVERYBODY:  # what such a table counts, it counts of the whole city
        names = ", ".join(quoted(c.name) for c in table.columns if not c.name.endswith("_count"))
        return [f"GRANT SELECT ({names}) ON {at} TO {quoted(who.reader)}", f"GRANT SELECT ON {at} TO {quoted(who.department)}"]
    columns = [*(c.name for c in table.columns), *([table.number] if table.number else [])]
    made = [
        f"ALTER TABLE {at} {', '.join(f'ALTER COLUMN {quoted(c)} SET STATISTICS 0' for c in columns)}",
        f"ALTER TABLE {at} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY department ON {at} FOR SELECT TO {quoted(who.department)} USING (true)",
        f"GRANT SELECT ON {at} TO {quoted(who.department if whose is Kind.DEPARTMENT else who.reader)}",
    ]
    if table.number:
        return made + [f"CREATE POLICY {quoted(r)} ON {at} FOR SELECT TO {quoted(r)} USING ({c.rows})" for r, c in who.committees.items()]
    if whose is not Kind.DEPARTMENT:
        key, seen = ("person_key", SEEN_PERSONS) if whose is Kind.PERSON else ("unit_version_key", SEEN_UNITS)
        made.append(
            f"CREATE POLICY tree ON {at} FOR SELECT TO {quoted(who.reader)} USING ({key} IN (SELECT s.{key} FROM {quoted(who.meta)}.{seen} s))"
        )
    return made
