"""The published version in PostgreSQL, for many users: copied whole into schemas of its own, beside what readers see, and put in its place in one
transaction. A copy that fails, or is killed, leaves what was there.

What does not belong here: what a table is (postgresql_tables.py), who sees which rows (postgresql_rights.py), who is who (postgresql_roles.py), how
the new schemas take the place of the old (postgresql_swap.py).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import psycopg
from psycopg import errors

from pipeline.paths import Home
from pipeline.surfaces import address, postgresql_elsewhere, postgresql_rights, postgresql_roles, postgresql_tables
from pipeline.surfaces.ahead import ahead
from pipeline.surfaces.due import NotWritten
from pipeline.surfaces.postgresql_connection import LONGEST_STATEMENT, Stopped, connected, in_words, run
from pipeline.surfaces.postgresql_rights import Guards
from pipeline.surfaces.postgresql_roles import Roles
from pipeline.surfaces.postgresql_swap import swap
from pipeline.surfaces.postgresql_tables import MARK, NEW, Column, Table, literal, quoted
from pipeline.warehouse.door import NothingPublished, Published, published

META = "meta"
OLDEST = 15  # versions of PostgreSQL that were tried: 15 and 18
LONGEST_WAIT = "60s"
PATIENCE = 60.0  # seconds until readers who hold the last copy are ended
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
        with connected(to) as connection, connection.transaction():
            cursor = connection.cursor()
            _prepare(cursor)
            with published(home) as version:  # not before the lock: whoever waited copies what is in force then
                done = _copied(cursor, version, Roles(connection.info.dbname), replaces)
            before_swap()
            ended = swap(cursor, connection, to, patience)
        return replace(done, ended=ended)
    except NothingPublished as error:
        raise NotWritten(str(error)) from None
    except postgresql_tables.NoSuchType as error:
        raise NotWritten(f"PostgreSQL {to} was not written: {error}. What it showed before stays.") from None
    except psycopg.Error as error:
        raise NotWritten(f"PostgreSQL {to} was not written: {in_words(error)}. What it showed before stays.") from None
    except Stopped as error:
        raise NotWritten(f"PostgreSQL {to} was not written: {error}. What it showed before stays.") from None


def _prepare(cursor: psycopg.Cursor) -> None:
    """A session that nobody else's objects can mislead, that waits for nothing for ever; and the only one that copies."""
    run(
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
        raise Stopped(f"the server is older than PostgreSQL {OLDEST}")
    try:
        run(cursor, f"LOCK TABLE {postgresql_roles.TURN} IN SHARE ROW EXCLUSIVE MODE")  # a number's lock (advisory) any reader could hold
    except errors.LockNotAvailable:
        raise Stopped(f"another process has been copying into this database for {LONGEST_WAIT}") from None
    except (errors.UndefinedTable, errors.InvalidSchemaName, errors.InsufficientPrivilege):
        raise Stopped("its roles are not there, or older than this program: what `pipeline publish --roles` prints makes them") from None


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
        raise Stopped("its roles are not there: what `pipeline publish --roles` prints makes them")
    if faults := postgresql_roles.faults(cursor, roles, committees):
        raise Stopped(f"its roles would show somebody more than his own: {'; '.join(faults)}")
    postgresql_rights.number_senders(version, tables)
    script = []
    for schema in schemas:
        new = quoted(schema + NEW)
        script += [
            f"CREATE SCHEMA {new}",
            f"COMMENT ON SCHEMA {new} IS {literal(MARK)}",
            f"GRANT USAGE ON SCHEMA {new} TO {quoted(roles.reader)}",
        ]
    run(cursor, *script)
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
        raise Stopped(f"the schema {found[0][0]} there is no copy of ours; give the copy a database of its own")


def _refuse_another_city(cursor: psycopg.Cursor, version: Published) -> None:
    """The copy of another warehouse is not replaced by a wrong address. One of an earlier program does not say whose it is."""
    known = "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass('meta.copied') AND attname = 'city_key'"
    if cursor.execute(known.encode()).fetchall() == [(0,)]:
        return
    for shown, load_id, as_of in cursor.execute(b"SELECT city_key, load_id, as_of FROM meta.copied").fetchall():
        if shown and shown != version.note.get("city_key"):
            raise Stopped(
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
            raise Stopped(f"{table} has {published_rows:,} rows and {of_department:,} would be shown")
        yield rows, published_rows


def _copy_table(cursor: psycopg.Cursor, table: Table, parts: Iterator[bytes | tuple[int, int]], guards: Guards) -> int:
    """Make a table, fill it, and let nobody see of it more than his own. Gives how many lines the file has of it."""
    run(cursor, postgresql_tables.shape(table, NEW))
    # rows are there for whoever looks, also for a transaction that began before: it must not find the table empty (FREEZE)
    with cursor.copy(f"COPY {table.at(NEW)} FROM STDIN (FORMAT csv, FREEZE)".encode()) as into:
        while isinstance(part := next(parts), bytes):
            into.write(part)
    rows, published_rows = part
    if cursor.rowcount != rows:
        raise Stopped(f"{table} has {rows:,} rows and {cursor.rowcount:,} arrived")
    run(cursor, *postgresql_tables.keys(table, NEW), *postgresql_tables.words(table, NEW), *postgresql_rights.guard(table, NEW, guards))
    return published_rows


def _note_copy(cursor: psycopg.Cursor, version: Published, guards: Guards) -> None:
    """What was copied, in one row, for everybody."""
    columns = tuple(Column(name, kind, says) for name, kind, says in COPIED)
    table = Table(META, "copied", "Bản sao này là của lần nạp nào / Which load this copy shows. One row.", columns, for_everybody=True)
    run(cursor, postgresql_tables.shape(table, NEW), *postgresql_tables.words(table, NEW), *postgresql_rights.guard(table, NEW, guards))
    now = cursor.execute(b"SELECT now()::text").fetchall()[0][0]
    with cursor.copy(f"COPY {table.at(NEW)} FROM STDIN (FREEZE)".encode()) as into:  # as all other rows
        into.write_row((version.note["load_id"], version.note["as_of"], version.version, now, version.note.get("city_key")))
