"""The published version in PostgreSQL, for many users: copied whole into schemas of its own, beside what readers see, and put in its place in one
transaction. A copy that fails, or is killed, leaves what was there.

What does not belong here: what a table is (postgresql_tables.py), who sees which rows (postgresql_rights.py), who is who (postgresql_roles.py).
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg import errors

from pipeline.paths import Home
from pipeline.surfaces import address, postgresql_elsewhere, postgresql_rights, postgresql_roles, postgresql_tables
from pipeline.surfaces.ahead import ahead
from pipeline.surfaces.due import NotWritten
from pipeline.surfaces.postgresql_rights import Guards
from pipeline.surfaces.postgresql_roles import Roles
from pipeline.surfaces.postgresql_tables import Column, Table, literal, quoted
from pipeline.warehouse.door import NothingPublished, Published, published

META, NEW = "meta", "__new"
MARK = "Kho dữ liệu nhân sự / Personnel warehouse: each copy makes this schema anew; what others put here stands in its way."
OLDEST = 15  # versions of PostgreSQL that were tried: 15 and 18
LONGEST_STATEMENT, LONGEST_WAIT = "15min", "60s"
PATIENCE, PAUSE = 60.0, 1.0  # seconds in all until readers who hold the last copy are ended, and between two attempts
LONGEST_STALL, LAST_STALL = 400, 10_000  # milliseconds for which one attempt keeps readers waiting, and the last one does
LOOK = 0.05  # seconds between two looks at who holds up the last attempt
COPIED = (
    ("load_id", "INTEGER", "Lần nạp đã chép / Load that this copy shows"),
    ("as_of", "DATE", "Ngày mà số liệu phản ánh / Day that the figures stand for"),
    ("version", "VARCHAR", "Phiên bản công bố / Published version"),
    ("copied_at", "TIMESTAMP WITH TIME ZONE", "Thời điểm chép / When it was copied"),
    ("city_key", "VARCHAR", "Khóa của kho mà bản sao này chép ra / Key of the warehouse that this is a copy of"),
)


@dataclass(frozen=True)
class Copy:
    """What was copied."""

    load_id: int
    tables: int
    rows: int
    without_role: tuple[str, ...]  # committees whose role nobody has made
    ended: int  # sessions that held the last copy, and were ended


def write(home: Home, setting: str, replaces: bool = False) -> str:
    """Copy the version in force to an address, `replaces`: also over the copy of another city; says what was copied in one sentence. Raises NotWritten."""
    to = address.parse(setting)
    began = time.perf_counter()
    done = copy(home, to, replaces=replaces)
    said = f"{done.tables} tables, {done.rows:,} rows, {time.perf_counter() - began:.1f} s"
    said += f"; {done.ended} sessions that had held the last copy for {PATIENCE:.0f} s were ended" if done.ended else ""
    said += f"; no role yet for {', '.join(done.without_role)}: pipeline publish --roles" if done.without_role else ""
    return f"PostgreSQL {to} shows load {done.load_id}: {said}."


def roles(home: Home, setting: str) -> str:
    """The script for the server's administrator. Raises NotWritten where nothing is published yet."""
    to = address.parse(setting)
    try:
        with published(home) as version:
            committees = postgresql_rights.number_lines(version)
    except NothingPublished as error:
        raise NotWritten(str(error)) from None
    return postgresql_roles.script(to.database, to.user, committees)


def copy(
    home: Home, to: address.Address, patience: float = PATIENCE, before_swap: Callable[[], None] = lambda: None, replaces: bool = False
) -> Copy:
    """Copy the version in force. Raises NotWritten, with a sentence that holds no secret; then readers see what they saw before."""
    try:
        with _connected(to) as connection, connection.transaction():
            cursor = connection.cursor()
            _prepare(cursor)
            with published(home) as version:  # not before the lock: whoever waited copies what is in force then
                done = _copied(cursor, version, Roles(connection.info.dbname), replaces)
            before_swap()
            ended = _swap(cursor, connection, to, patience)
        return replace(done, ended=ended)
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
        _run(cursor, f"LOCK TABLE {postgresql_roles.TURN} IN SHARE ROW EXCLUSIVE MODE")  # a number's lock (advisory) any reader could hold
    except errors.LockNotAvailable:
        raise _Stopped(f"another process has been copying into this database for {LONGEST_WAIT}") from None
    except (errors.UndefinedTable, errors.InvalidSchemaName, errors.InsufficientPrivilege):
        raise _Stopped("its roles are not there, or older than this program: what `pipeline publish --roles` prints makes them") from None


def _copied(cursor: psycopg.Cursor, version: Published, roles: Roles, replaces: bool) -> Copy:
    """Everything in new schemas, which nobody sees before this transaction ends."""
    tables = postgresql_rights.with_numbers(postgresql_tables.tables(version))
    schemas = sorted({table.schema for table in tables} | {META})
    _refuse_strangers(cursor, schemas)
    if not replaces:
        _refuse_another_city(cursor, version)
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
    guards = Guards(roles.department, roles.reader, committees)
    with ahead(_parts(version, tables)) as parts:
        rows = sum(_copy_table(cursor, table, parts, guards) for table in tables)
    _note_copy(cursor, version, guards)
    names = {roles.of(c): c.unit_code for c in everybody}
    return Copy(int(version.note["load_id"]), len(tables), rows, tuple(names[role] for role in missing if role in names), 0)


def _refuse_strangers(cursor: psycopg.Cursor, schemas: list[str]) -> None:
    """A schema of one of our names that no copy made is somebody else's: the address is wrong, or a name is taken."""
    found = cursor.execute(
        b"SELECT nspname FROM pg_namespace WHERE nspname = ANY (%s) AND obj_description(oid, 'pg_namespace') IS DISTINCT FROM %s",
        [[*schemas, *(s + NEW for s in schemas)], MARK],
    ).fetchall()
    if found:
        raise _Stopped(f"the schema {found[0][0]} there is no copy of ours; give the copy a database of its own")


def _refuse_another_city(cursor: psycopg.Cursor, version: Published) -> None:
    """The copy of another warehouse is not replaced by a wrong address. One of an earlier program does not say whose it is."""
    known = "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass('meta.copied') AND attname = 'city_key'"
    if cursor.execute(known.encode()).fetchall() == [(0,)]:
        return
    for shown, load_id, as_of in cursor.execute(b"SELECT city_key, load_id, as_of FROM meta.copied").fetchall():
        if shown and shown != version.note.get("city_key"):
            raise _Stopped(
                f"what it shows is of another city's warehouse (load {load_id}, as of {as_of}); if this one is to take its place: pipeline publish --replace"
            )


def _parts(version: Published, tables: list[Table]) -> Iterator[bytes | tuple[int, int]]:
    """The rows of all tables as text, and after those of each how many they were, and of how many lines of the file."""
    is_shared = postgresql_elsewhere.two_see_one(version)
    for table in tables:
        rows = of_department = 0
        for part, count, whole in postgresql_tables.stream(version, postgresql_rights.rows(table, is_shared)):
            rows, of_department = rows + count, of_department + whole
            yield part
        ((published_rows,),) = version.db.execute(f"SELECT count(*) FROM {table.in_duckdb}").fetchall()
        if of_department != published_rows:
            raise _Stopped(f"{table} has {published_rows:,} rows and {of_department:,} would be shown")
        yield rows, published_rows


def _copy_table(cursor: psycopg.Cursor, table: Table, parts: Iterator[bytes | tuple[int, int]], guards: Guards) -> int:
    """Make a table, fill it, and let nobody see of it more than his own. Gives how many lines the file has of it."""
    _run(cursor, postgresql_tables.shape(table, NEW))
    # rows are there for whoever looks, also for a transaction that began before: it must not find the table empty (FREEZE)
    with cursor.copy(f"COPY {table.at(NEW)} FROM STDIN (FORMAT csv, FREEZE)".encode()) as into:
        while isinstance(part := next(parts), bytes):
            into.write(part)
    rows, published_rows = part
    if cursor.rowcount != rows:
        raise _Stopped(f"{table} has {rows:,} rows and {cursor.rowcount:,} arrived")
    _run(cursor, *postgresql_tables.keys(table, NEW), *postgresql_tables.words(table, NEW), *postgresql_rights.guard(table, NEW, guards))
    return published_rows


def _note_copy(cursor: psycopg.Cursor, version: Published, guards: Guards) -> None:
    """What was copied, in one row, for everybody."""
    columns = tuple(Column(name, kind, says) for name, kind, says in COPIED)
    table = Table(META, "copied", "Bản sao này là của lần nạp nào / Which load this copy shows. One row.", columns, for_everybody=True)
    _run(cursor, postgresql_tables.shape(table, NEW), *postgresql_tables.words(table, NEW), *postgresql_rights.guard(table, NEW, guards))
    now = cursor.execute(b"SELECT now()::text").fetchall()[0][0]
    with cursor.copy(f"COPY {table.at(NEW)} FROM STDIN (FREEZE)".encode()) as into:  # as all other rows
        into.write_row((version.note["load_id"], version.note["as_of"], version.version, now, version.note.get("city_key")))


def _swap(cursor: psycopg.Cursor, connection: psycopg.Connection, to: address.Address, patience: float) -> int:
    """Put the new schemas in the place of the old, in an instant in which nobody reads those; gives how many sessions had to be ended for it.

    Who has read one old table in a transaction still open would find the new of another: half of either. So all are locked first, and a reader in
    the middle keeps them. One attempt holds up readers for less than half a second; then it gives way and comes again. Limits of time are a reader's
    own to lift, so whoever still holds the old tables in the end is ended, with an error and no figure.
    """
    until = time.monotonic() + patience
    # a reader who waits longer than the server's deadlock_timeout could be taken for a deadlock, and ended
    ((stall,),) = cursor.execute(
        b"SELECT greatest(least(%s, setting::integer / 2), 1) FROM pg_settings WHERE name = 'deadlock_timeout'", [LONGEST_STALL]
    ).fetchall()
    while True:
        try:
            _take_place(cursor, connection, stall)
            return 0
        except HELD:
            if time.monotonic() >= until:
                break
            time.sleep(min(PAUSE, patience))
    with _ending_readers(to, connection.info.backend_pid) as ended:
        try:
            _take_place(cursor, connection, LAST_STALL)
        except HELD:
            raise _Stopped(_who_reads(cursor, patience)) from None
    return len(ended)


HELD = (errors.QueryCanceled, errors.LockNotAvailable, errors.DeadlockDetected)


def _take_place(cursor: psycopg.Cursor, connection: psycopg.Connection, stall: int) -> None:
    """One attempt of some milliseconds; raises one of HELD where somebody reads."""
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


@contextmanager
def _ending_readers(to: address.Address, waits: int) -> Iterator[set[int]]:
    """While the block waits for its locks, whoever it waits for is ended, over a connection beside: those who come meanwhile wait behind it."""
    ended: set[int] = set()
    is_over = threading.Event()

    def end() -> None:
        try:
            with _connected(to) as beside:
                beside.autocommit = True
                while not is_over.wait(LOOK):
                    ended.update(pid for (pid,) in beside.execute(f"SELECT {postgresql_roles.LET_GO}(%s)".encode(), [waits]).fetchall())
        except psycopg.Error:  # then nobody is ended, and the block says who reads
            return

    thread = threading.Thread(target=end, daemon=True)
    thread.start()
    try:
        yield ended
    finally:
        is_over.set()
        thread.join()


def _who_reads(cursor: psycopg.Cursor, patience: float) -> str:
    """Which sessions kept a copy from taking its place, for the administrator."""
    found = cursor.execute(
        b"""SELECT DISTINCT l.pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE obj_description(n.oid, 'pg_namespace') = %s AND l.granted AND l.pid <> pg_backend_pid() ORDER BY 1 LIMIT 5""",
        [MARK],
    ).fetchall()
    pids = f" (pid {', '.join(str(pid) for (pid,) in found)})" if found else ""
    return f"somebody has held what it showed for {patience:.0f} s and could not be ended{pids}; the next load tries again"


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
        ("eer authentication failed", "the server lets this user in from here only as the machine's user of that name (peer in pg_hba.conf); give it a password and a line that asks for it"),
        ("authentication failed", "the server does not take this user for who it says it is (pg_hba.conf)"), ("not permitted to log in", "the server lets nobody log in as this user"),
        ("permission denied for database", SENTENCES["42501"]), ("out of shared memory", SENTENCES["53200"]), ("connection slots", SENTENCES["53300"]),
        ("pg_hba.conf", SENTENCES["28000"]), ("does not support SSL", "the server has no certificate; where the network is trusted, add ?sslmode=disable to the address"),
        ("root certificate file", "the file that sslrootcert names is not there, or is none"),
        ("certificate", "the server's certificate is not the one expected"), ("does not exist", "there is no such database or user"),
        ("starting up", "the server is starting"), ("too many", SENTENCES["53300"]), ("timeout", "the server does not answer"),
    ):  # fmt: skip
        if sign in told:
            return words
    return (
        "the connection broke"
        if isinstance(error, errors.AdminShutdown)
        else f"the server cannot be reached, or went away ({type(error).__name__})"
    )
