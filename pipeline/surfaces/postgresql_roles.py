"""The roles of a copy in PostgreSQL: what they are called, the script by which the database's administrator makes them, and what must be true of
them before anything is copied.

Nobody logs in as one of them: people's own logins are made members. What does not belong here: which rows a role sees (postgresql_rights.py),
and any password.
"""

import re
from dataclasses import dataclass
from typing import Any

from pipeline.surfaces import postgresql_closed
from pipeline.surfaces.postgresql_rights import Committee
from pipeline.surfaces.postgresql_tables import literal, quoted

LONGEST = 63  # bytes of a name in PostgreSQL
IDLE, QUERY = "10min", "1h"  # of a forgotten transaction and of a query that never ends, for who does not SET another limit
TURN, LET_GO = "copying.turn", "copying.let_go"  # what a copy locks, and what ends sessions that hold up its swap


@dataclass(frozen=True)
class Roles:
    """Names of roles, by the database: roles are of the whole server, and two databases on it must not share theirs."""

    database: str

    @property
    def reader(self) -> str:
        """What all that may read have in common: the tables that speak of nobody."""
        return self._named("reader")

    @property
    def department(self) -> str:
        return self._named("department")

    @property
    def publisher(self) -> str:
        return self._named("publisher")

    def of(self, committee: Committee) -> str:
        """A committee's role. Codes pass from unit to unit, keys do not, so a part of the key is in the name.

        >>> Roles("personnel").of(Committee("3fa2c1d98e", "Q01", "Quận Một", (1,)))
        'personnel_q01_3fa2c1d9'
        """
        code = re.sub(r"[^a-z0-9]+", "_", committee.unit_code.lower()).strip("_")[:12]
        return self._named(f"{code}_{committee.unit_key[:8]}")

    def _named(self, what: str) -> str:
        return self.database.encode()[: LONGEST - len(what) - 1].decode(errors="ignore") + "_" + what


def script(database: str, publisher: str | None, committees: list[Committee]) -> str:
    """SQL for the administrator, to be run in the database by psql as often as he likes: it adds what is missing."""
    roles = Roles(database)
    reader, department, owner = roles.reader, roles.department, publisher or roles.publisher
    at, own = quoted(database), quoted(owner)
    lines = [
        f"-- Roles of {database}: run as the server's administrator, in this database (psql -d {database} -f roles.sql). What is there already stays.",
        "-- It holds no password. Passwords are set with \\password in psql, which sends them hashed.",
        "BEGIN;",
        *(_role(name, "NOLOGIN") for name in (reader, department)),
        _role(owner, "LOGIN"),
        f"REVOKE ALL ON DATABASE {at} FROM PUBLIC;",
        f"GRANT CONNECT ON DATABASE {at} TO {quoted(reader)}, {own};",
        f"GRANT CREATE ON DATABASE {at} TO {own};",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
        f"ALTER DATABASE {at} SET idle_in_transaction_session_timeout = '{IDLE}';  -- a forgotten transaction must not hold yesterday's tables",
        f"ALTER DATABASE {at} SET statement_timeout = '{QUERY}';",
        f"GRANT {quoted(reader)} TO {quoted(department)};",
        *(line.format(own=own) for line in COPYING),
        "-- Nobody reads here how much others read, fills the server's table of locks, or keeps objects of his own.",
        *postgresql_closed.script(),
        f"GRANT SELECT ON pg_catalog.pg_locks TO {own}; GRANT EXECUTE ON FUNCTION pg_catalog.pg_lock_status() TO {own};  -- to say who holds up a copy",
    ]
    for committee in committees:
        role = roles.of(committee)
        lines += [
            f"-- {_in_a_line(committee.unit_name)}",
            _role(role, "NOLOGIN"),
            f"COMMENT ON ROLE {quoted(role)} IS {literal(_in_a_line(committee.unit_name))};",
            f"GRANT {quoted(reader)} TO {quoted(role)};",
        ]
    example = quoted(roles.of(committees[0])) if committees else quoted(department)
    return "\n".join(
        [
            *lines,
            "COMMIT;",
            f"-- The password of the publisher:      \\password {owner}",
            f"-- A login for somebody of a committee: CREATE ROLE somebody LOGIN CONNECTION LIMIT 5 IN ROLE {example};  then: \\password somebody",
            f"-- A login for somebody of the department: CREATE ROLE somebody LOGIN IN ROLE {quoted(department)};  then: \\password somebody",
            "-- One login is of one committee. To take it back: DROP ROLE somebody;",
            "-- In other databases of this server its logins may still do so: let pg_hba.conf name this database alone for them, or, where nobody else needs them:",
            "-- REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;",
        ]
    )


# The publisher may end those who hold up a swap of its own, and nobody else: a role that may end any session of the server (pg_signal_backend)
# could end those of other databases. Whom to end is settled before anybody is: a planner might ask the last condition first.
COPYING = (
    "CREATE SCHEMA IF NOT EXISTS copying;  -- of the administrator; readers cannot enter it",
    f"CREATE TABLE IF NOT EXISTS {TURN} ();  -- one copy at a time: each locks it",
    f"""CREATE OR REPLACE FUNCTION {LET_GO}(waits integer) RETURNS SETOF integer LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH held AS MATERIALIZED (
        SELECT DISTINCT a.pid FROM unnest(pg_blocking_pids(waits)) AS b (pid) JOIN pg_stat_activity a ON a.pid = b.pid JOIN pg_roles r ON r.oid = a.usesysid
        WHERE a.datname = current_database() AND NOT r.rolsuper
        AND EXISTS (SELECT FROM pg_stat_activity w WHERE w.pid = waits AND w.datname = a.datname AND w.usename = session_user))
    SELECT pid FROM held WHERE pg_terminate_backend(pid) $$;""",
    f"REVOKE ALL ON FUNCTION {LET_GO} FROM PUBLIC;",
    f"GRANT USAGE ON SCHEMA copying TO {{own}}; GRANT UPDATE ON {TURN} TO {{own}}; GRANT EXECUTE ON FUNCTION {LET_GO} TO {{own}};",
)


def _role(name: str, how: str) -> str:
    make = f"CREATE ROLE {quoted(name)} {how} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
    return f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {literal(name)}) THEN {make}; END IF; END $$;"


def _in_a_line(text: str) -> str:
    return " ".join(text.split()).replace("$$", "")


# Each says, of (ours: the roles of this copy, reader, groups: department and committees), what would let somebody see or do more than his own.
FAULTS = {
    "the address's own role is a superuser or bypasses row-level security; let it be one that owns this copy and no more": """
        SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)""",
    "a role of this copy may do more than read": """
        SELECT rolname FROM pg_roles WHERE rolname = ANY (%(ours)s::text[]) AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)""",
    "the address's own role is a member of roles that read": """
        SELECT g FROM unnest(%(ours)s::text[]) g WHERE pg_has_role(current_user, g::name, 'MEMBER')""",
    "a committee's role is a member of another's, of the department's or of the publisher's": """
        SELECT m || ' of ' || g FROM unnest(%(committees)s::text[]) m, unnest(%(groups)s::text[] || current_user::text) g
        WHERE m <> g AND pg_has_role(m::name, g::name, 'MEMBER')""",
    "a login is a member of two committees' roles": """
        SELECT r.rolname FROM pg_roles r, unnest(%(committees)s::text[]) g
        WHERE NOT r.rolsuper AND NOT pg_has_role(r.oid, %(department)s::name, 'MEMBER') AND pg_has_role(r.oid, g::name, 'MEMBER')
        GROUP BY r.rolname HAVING count(*) > 1""",
    "a reader bypasses row-level security": """
        SELECT rolname FROM pg_roles WHERE rolbypassrls AND NOT rolsuper AND pg_has_role(oid, %(reader)s::name, 'MEMBER')""",
    "a reader is a member of the publisher's role": """
        SELECT r.rolname FROM pg_roles r WHERE NOT r.rolsuper AND r.rolname <> current_user
        AND pg_has_role(r.oid, %(reader)s::name, 'MEMBER') AND pg_has_role(r.oid, current_user, 'MEMBER')""",
    "a reader is a member of a role of the server's own, which may read its files, see what others ask, end sessions, keep tables or more": """
        SELECT r.rolname || ' of ' || p.rolname FROM pg_roles r, pg_roles p
        WHERE NOT r.rolsuper AND p.rolname LIKE 'pg\\_%%' AND pg_has_role(r.oid, %(reader)s::name, 'MEMBER') AND pg_has_role(r.oid, p.oid, 'MEMBER')
        ORDER BY 1""",
    "a reader may make roles": """
        SELECT rolname FROM pg_roles WHERE rolcreaterole AND NOT rolsuper AND pg_has_role(oid, %(reader)s::name, 'MEMBER')""",
    "a reader could hold up every copy": """
        SELECT rolname FROM pg_roles WHERE NOT rolsuper AND pg_has_role(oid, %(reader)s::name, 'MEMBER') AND has_schema_privilege(oid, 'copying', 'USAGE')""",
    "readers may make objects in this database": """
        SELECT r.rolname || ': CREATE or TEMPORARY on the database' FROM pg_roles r, pg_database d
        WHERE NOT r.rolsuper AND pg_has_role(r.oid, %(reader)s::name, 'MEMBER')
        AND d.datname = current_database() AND has_database_privilege(r.oid, d.oid, 'CREATE, TEMPORARY')
        UNION ALL
        SELECT r.rolname || ': CREATE on schema ' || nspname FROM pg_roles r, pg_namespace n
        WHERE NOT r.rolsuper AND pg_has_role(r.oid, %(reader)s::name, 'MEMBER')
        AND nspname !~ '^pg_(toast|temp)' AND has_schema_privilege(r.oid, n.oid, 'CREATE')""",
    **{
        f"{sentence} - what `pipeline publish --roles` prints takes it from PUBLIC": query
        for sentence, query in postgresql_closed.FAULTS.items()
    },
}


def there(cursor: Any, roles: Roles, committees: list[Committee]) -> tuple[dict[str, Committee], list[str]]:
    """The committees that have their role on this server, by its name, and the names of roles that are not there."""
    wanted = {roles.of(committee): committee for committee in committees}
    names = [roles.reader, roles.department, *wanted]
    found = {name for (name,) in cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", [names]).fetchall()}
    return {name: c for name, c in wanted.items() if name in found}, [name for name in names if name not in found]


def faults(cursor: Any, roles: Roles, committees: dict[str, Committee]) -> list[str]:
    """What is wrong with the roles, in sentences that name them."""
    said = {"reader": roles.reader, "department": roles.department, "committees": [*committees]}
    said |= {"groups": [roles.department, *committees], "ours": [roles.reader, roles.department, *committees]}
    found = {sentence: [str(name) for (name,) in cursor.execute(query, said).fetchall()] for sentence, query in FAULTS.items()}
    return [f"{sentence} ({', '.join(names[:5])})" for sentence, names in found.items() if names]
