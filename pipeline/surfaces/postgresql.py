"""The published version in PostgreSQL, for many users: copied whole into schemas of its own, beside what readers see, and put in its place in one
transaction. A copy that fails, or is killed, leaves what was there.

What does not belong here: what a table is (postgresql_tables.py), who sees which rows (postgresql_rights.py), who is who (postgresql_roles.py).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors

from pipeline.paths import Home
from pipeline.surfaces import address, postgresql_rights, postgresql_roles, postgresql_tables
from pipeline.surfaces.ahead import ahead
from pipeline.surfaces.due import NotWritten
from pipeline.surfaces.postgresql_rights import Guards
from pipeline.surfaces.postgresql_roles import Roles
from pipeline.surfaces.postgresql_tables import Column, Table, literal, quoted
from pipeline.warehouse.door import NothingPublished, Published, published

META, NEW = "meta", "__new"
MARK = "Kho dữ liệu nhân sự / Personnel warehouse: each copy makes this schema anew; what others put here stands in its way."
ONE_AT_A_TIME = 7_305_112_914_061_911  # the number of the lock that a copy holds
OLDEST = 15  # versions of PostgreSQL that were tried: 15 and 18
LONGEST_STATEMENT, LONGEST_WAIT = "15min", "60s"
PATIENCE, PAUSE = 60.0, 1.0  # seconds in all until readers who hold the last copy are told of, and between two attempts
LONGEST_STALL = 400  # milliseconds for which one attempt keeps readers waiting
COPIED = (
    ("load_id", "INTEGER", "Lần nạp đã chép / Load that this copy shows"),
    ("as_of", "DATE", "Ngày mà số liệu phản ánh / Day that the figures stand for"),
    ("version", "VARCHAR", "Phiên bản công bố / Published version"),
    ("copied_at", "TIMESTAMP WITH TIME ZONE", "Thời điểm chép / When it was copied"),
)


@dataclass(frozen=True)
class Copy:
    """What was copied."""

    load_id: int
    tables: int
    rows: int
    without_role: tuple[str, ...]  # committees whose role nobody has made


def write(home: Home, setting: str) -> str:
    """Copy the version in force to an address; says what was copied in one sentence. Raises NotWritten."""
    to = address.parse(setting)
    began = time.perf_counter()
    done = copy(home, to)
    missing = f"; no role yet for {', '.join(done.without_role)}: pipeline publish --roles" if done.without_role else ""
    return f"PostgreSQL {to} shows load {done.load_id}: {done.tables} tables, {done.rows:,} rows, {time.perf_counter() - began:.1f} s{missing}."


def roles(home: Home, setting: str) -> str:
    """The script for the server's administrator. Raises NotWritten where nothing is published yet."""
    to = address.parse(setting)
    try:
        with published(home) as version:
            committees = postgresql_rights.number_lines(version)
    except NothingPublished as error:
        raise NotWritten(str(error)) from None
    return postgresql_roles.script(to.database, to.user, committees)


def copy(home: Home, to: address.Address, patience: float = PATIENCE, before_swap: Callable[[], None] = lambda: None) -> Copy:
    """Copy the version in force. Raises NotWritten, with a sentence that holds no secret; then readers see what they saw before."""
    try:
        with _connected(to) as connection, connection.transaction():
            cursor = connection.cursor()
            _prepare(cursor)
            with published(home) as version:  # not before the lock: whoever waited copies what is in force then
                done = _copied(cursor, version, Roles(connection.info.dbname))
            before_swap()
            _swap(cursor, connection, patience)
        return done
    except NothingPublished as error:
        raise NotWritten(str(error)) from None
    except postgresql_tables.NoSuchType as error:
        raise NotWritten(f"PostgreSQL {to} was not written: {error}. What it showed before stays.") from None
    except psycopg.Error as error:
        raise NotWritten(f"PostgreSQL {to} was not written: {in_words(error)}. What it showed before stays.") from None
    except _Stopped as error:
        raise NotWritten(f"PostgreSQL {to} was not written: {error}. What it showed before stays.") from None


class _Stopped(Exception):
    """Why a copy cannot go on, in words of our own."""


def _connected(to: address.Address) -> psycopg.Connection:
    more: dict[str, Any] = {
        "connect_timeout": 10,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    }
    if not (to.is_at_home or to.says_ssl):
        more |= {"sslmode": "require"}  # libpq would go on in clear where the server has no certificate
    return psycopg.connect(to.given, application_name="personnel pipeline", **more)


def _prepare(cursor: psycopg.Cursor) -> None:
    """A session that nobody else's objects can mislead, that waits for nothing for ever; and the only one that copies."""
    _run(
        cursor,
        "SET LOCAL search_path = pg_catalog, pg_temp",
        f"SET LOCAL statement_timeout = '{LONGEST_STATEMENT}'",
        "SET LOCAL idle_in_transaction_session_timeout = '15min'",
        f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'",
        "SET LOCAL client_encoding = 'UTF8'",
        "SET LOCAL maintenance_work_mem = '128MB'",
        "SET LOCAL client_min_messages = warning",
    )
    if cursor.connection.info.server_version < OLDEST * 10_000:
        raise _Stopped(f"the server is older than PostgreSQL {OLDEST}")
    try:
        _run(cursor, f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
    except errors.LockNotAvailable:
        raise _Stopped(f"another process has been copying into this database for {LONGEST_WAIT}") from None


def _copied(cursor: psycopg.Cursor, version: Published, roles: Roles) -> Copy:
    """Everything in new schemas, which nobody sees before this transaction ends."""
    tables = postgresql_rights.with_numbers(postgresql_tables.tables(version))
    schemas = sorted({table.schema for table in tables} | {META})
    _refuse_strangers(cursor, schemas)
    everybody = postgresql_rights.number_lines(version)
    committees, missing = postgresql_roles.there(cursor, roles, everybody)
    if {roles.reader, roles.department} & {*missing}:
        raise _Stopped("its roles are not there: what `pipeline publish --roles` prints makes them")
    if faults := postgresql_roles.faults(cursor, roles, committees):
        raise _Stopped(f"its roles would show somebody more than his own: {'; '.join(faults)}")
    postgresql_rights.number_senders(version, tables)
    script = []
    for schema in schemas:
        new = quoted(schema + NEW)
        script += [
            f"CREATE SCHEMA {new}",
            f"COMMENT ON SCHEMA {new} IS {literal(MARK)}",
            f"GRANT USAGE ON SCHEMA {new} TO {quoted(roles.reader)}",
        ]
    _run(cursor, *script)
    guards = Guards(roles.department, roles.reader, committees, META + NEW)
    work = [*postgresql_rights.helpers(META, tables), *((table, postgresql_rights.rows(table)) for table in tables)]
    rows = 0
    with ahead(_parts(version, work)) as parts:
        for table, _ in work:
            arrived = _copy_table(cursor, table, parts, guards)
            rows += arrived if table.schema != META else 0
    _note_copy(cursor, version, guards)
    names = {roles.of(c): c.unit_code for c in everybody}
    return Copy(int(version.note["load_id"]), len(tables), rows, tuple(names[role] for role in missing if role in names))


def _refuse_strangers(cursor: psycopg.Cursor, schemas: list[str]) -> None:
    """A schema of one of our names that no copy made is somebody else's: the address is wrong, or a name is taken."""
    found = cursor.execute(
        b"SELECT nspname FROM pg_namespace WHERE nspname = ANY (%s) AND obj_description(oid, 'pg_namespace') IS DISTINCT FROM %s",
        [[*schemas, *(s + NEW for s in schemas)], MARK],
    ).fetchall()
    if found:
        raise _Stopped(f"the schema {found[0][0]} there is no copy of ours; give the copy a database of its own")


def _parts(version: Published, work: list[tuple[Table, str]]) -> Iterator[bytes | int]:
    """The rows of all tables as text, and after those of each how many there must be: of a published table, counted in the file."""
    for table, query in work:
        rows = 0
        for part, count in postgresql_tables.stream(version, query):
            rows += count
            yield part
        yield rows if table.schema == META else int(version.db.execute(f"SELECT count(*) FROM {table.in_duckdb}").fetchall()[0][0])


def _copy_table(cursor: psycopg.Cursor, table: Table, parts: Iterator[bytes | int], guards: Guards) -> int:
    """Make a table, fill it, and let nobody see of it more than his own."""
    _run(cursor, postgresql_tables.shape(table, NEW))
    # rows are there for whoever looks, also for a transaction that began before: it must not find the table empty (FREEZE)
    with cursor.copy(f"COPY {table.at(NEW)} FROM STDIN (FORMAT csv, FREEZE)".encode()) as into:
        while not isinstance(part := next(parts), int):
            into.write(part)
    if cursor.rowcount != part:
        raise _Stopped(f"{table} has {part:,} rows and {cursor.rowcount:,} arrived")
    _run(cursor, *postgresql_tables.keys(table, NEW), *postgresql_tables.words(table, NEW), *postgresql_rights.guard(table, NEW, guards))
    return part


def _note_copy(cursor: psycopg.Cursor, version: Published, guards: Guards) -> None:
    """What was copied, in one row, for everybody."""
    columns = tuple(Column(name, kind, says) for name, kind, says in COPIED)
    table = Table(META, "copied", "Bản sao này là của lần nạp nào / Which load this copy shows. One row.", columns, for_everybody=True)
    _run(cursor, postgresql_tables.shape(table, NEW), *postgresql_tables.words(table, NEW), *postgresql_rights.guard(table, NEW, guards))
    now = cursor.execute(b"SELECT now()::text").fetchall()[0][0]
    with cursor.copy(f"COPY {table.at(NEW)} FROM STDIN (FREEZE)".encode()) as into:  # as all other rows
        into.write_row((version.note["load_id"], version.note["as_of"], version.version, now))


def _swap(cursor: psycopg.Cursor, connection: psycopg.Connection, patience: float) -> None:
    """Put the new schemas in the place of the old, in an instant in which nobody reads those.

    Who has read one old table in a transaction still open would find the new of another: half of either. So all are locked first, and a reader in
    the middle keeps them. One attempt holds up readers for less than half a second; then it gives way and comes again.
    """
    until = time.monotonic() + patience
    # a reader who waits longer than the server's deadlock_timeout could be taken for a deadlock, and ended
    ((stall,),) = cursor.execute(
        b"SELECT greatest(least(%s, setting::integer / 2), 1) FROM pg_settings WHERE name = 'deadlock_timeout'", [LONGEST_STALL]
    ).fetchall()
    while True:
        try:
            with connection.transaction():
                _run(cursor, f"SET LOCAL statement_timeout = {stall}")
                old = cursor.execute(
                    b"""SELECT n.nspname, c.relname FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r' AND c.relowner = current_user::regrole
                        WHERE obj_description(n.oid, 'pg_namespace') = %s AND n.nspowner = current_user::regrole
                        AND right(n.nspname, %s) <> %s ORDER BY 1, 2""",
                    [MARK, len(NEW), NEW],
                ).fetchall()
                tables = ", ".join(f"{quoted(schema)}.{quoted(name)}" for schema, name in old if name)
                if tables:
                    _run(cursor, f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
                _run(cursor, f"SET LOCAL statement_timeout = '{LONGEST_STATEMENT}'", *([f"DROP TABLE {tables}"] if tables else []))
                _run(cursor, *(f"DROP SCHEMA {quoted(schema)}" for schema in sorted({schema for schema, _ in old})))
                new = cursor.execute(
                    b"SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') = %s AND right(nspname, %s) = %s",
                    [MARK, len(NEW), NEW],
                ).fetchall()
                _run(cursor, *(f"ALTER SCHEMA {quoted(name)} RENAME TO {quoted(name.removesuffix(NEW))}" for (name,) in new))
            return
        except (errors.QueryCanceled, errors.LockNotAvailable, errors.DeadlockDetected):
            if time.monotonic() >= until:
                raise _Stopped(_who_reads(cursor, patience)) from None
            time.sleep(min(PAUSE, patience))


def _who_reads(cursor: psycopg.Cursor, patience: float) -> str:
    """Which sessions kept a copy from taking its place, for the administrator."""
    found = cursor.execute(
        b"""SELECT DISTINCT l.pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE obj_description(n.oid, 'pg_namespace') = %s AND l.granted AND l.pid <> pg_backend_pid() ORDER BY 1 LIMIT 5""",
        [MARK],
    ).fetchall()
    pids = f" (pid {', '.join(str(pid) for (pid,) in found)})" if found else ""
    return f"readers have held what it showed for {patience:.0f} s{pids}; the next load tries again"


def _run(cursor: psycopg.Cursor, *statements: str) -> None:
    """Statements of our own, in one turn."""
    if statements:
        cursor.execute(";\n".join(statements).encode())


SENTENCES = {
    "28P01": "the server does not know this user with this password",
    "28000": "the server does not let this user in from here (pg_hba.conf)",
    "3D000": "there is no such database",
    "42501": "its role may not do that; what `pipeline publish --roles` prints gives it what it needs",
    "53100": "the server's disk is full",
    "53200": "the server is out of memory, or of locks (max_locks_per_transaction)",
    "53300": "the server takes no more connections",
    "57P01": "the server was shut down, or its administrator ended the copy",
    "2BP01": "something of somebody else (a view?) stands on its tables, or in its schemas, and would go with them; keep such things elsewhere",
    "25P03": "the server ended the copy, which had waited too long",
}


def in_words(error: psycopg.Error) -> str:
    """Why the server refused, in our own words: its own may quote rows, and those of a connection the address."""
    said = error.sqlstate or getattr(error.diag, "sqlstate", None)
    if said:
        at = (
            f" at {error.diag.schema_name.removesuffix(NEW)}.{error.diag.table_name}"
            if error.diag.schema_name and error.diag.table_name
            else ""
        )
        return SENTENCES.get(said) or f"the server refused ({said}, {type(error).__name__}{at})"
    told = str(error)  # of a connection that never came to be, which has no code
    for sign, words in (
        ("password authentication failed", SENTENCES["28P01"]), ("no password supplied", "the server asks for a password, and none was given"),
        ("pg_hba.conf", SENTENCES["28000"]), ("does not support SSL", "the server has no certificate; where the network is trusted, add ?sslmode=disable to the address"),
        ("does not exist", "there is no such database or user"), ("starting up", "the server is starting"), ("too many", SENTENCES["53300"]),
        ("certificate", "the server's certificate is not the one expected"), ("timeout", "the server does not answer"),
    ):  # fmt: skip
        if sign in told:
            return words
    return (
        "the connection broke"
        if isinstance(error, errors.AdminShutdown)
        else f"the server cannot be reached, or went away ({type(error).__name__})"
    )
