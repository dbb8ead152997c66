"""A new copy takes the place of the last, in one transaction and an instant in which nobody reads that; whoever holds it too long is ended.

What does not belong here: what the copy holds (postgresql.py), and who may end whom (postgresql_roles.py).
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from pipeline.surfaces import address, postgresql_roles
from pipeline.surfaces.postgresql_connection import LONGEST_STATEMENT, Stopped, connected, run
from pipeline.surfaces.postgresql_tables import MARK, NEW, quoted

PAUSE = 1.0  # seconds between two attempts
LONGEST_STALL, LAST_STALL = 400, 10_000  # milliseconds for which one attempt keeps readers waiting, and the last one does
LOOK = 0.05  # seconds between two looks at who holds up the last attempt


def swap(cursor: psycopg.Cursor, connection: psycopg.Connection, to: address.Address, patience: float) -> int:
    """Put the new schemas in the place of the old, in an instant in which nobody reads those; gives how many sessions had to be ended for it. Raises Stopped.

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
            raise Stopped(_who_reads(cursor, patience)) from None
    return len(ended)


HELD = (errors.QueryCanceled, errors.LockNotAvailable, errors.DeadlockDetected)


def _take_place(cursor: psycopg.Cursor, connection: psycopg.Connection, stall: int) -> None:
    """One attempt of some milliseconds; raises one of HELD where somebody reads."""
    with connection.transaction():
        run(cursor, f"SET LOCAL statement_timeout = {stall}")
        old = cursor.execute(
            b"""SELECT n.nspname, c.relname FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r' AND c.relowner = current_user::regrole
                WHERE obj_description(n.oid, 'pg_namespace') = %s AND n.nspowner = current_user::regrole
                AND right(n.nspname, %s) <> %s ORDER BY 1, 2""",
            [MARK, len(NEW), NEW],
        ).fetchall()
        tables = ", ".join(f"{quoted(schema)}.{quoted(name)}" for schema, name in old if name)
        if tables:
            run(cursor, f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        run(cursor, f"SET LOCAL statement_timeout = '{LONGEST_STATEMENT}'", *([f"DROP TABLE {tables}"] if tables else []))
        run(cursor, *(f"DROP SCHEMA {quoted(schema)}" for schema in sorted({schema for schema, _ in old})))
        new = cursor.execute(
            b"SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') = %s AND right(nspname, %s) = %s",
            [MARK, len(NEW), NEW],
        ).fetchall()
        run(cursor, *(f"ALTER SCHEMA {quoted(name)} RENAME TO {quoted(name.removesuffix(NEW))}" for (name,) in new))


@contextmanager
def _ending_readers(to: address.Address, waits: int) -> Iterator[set[int]]:
    """While the block waits for its locks, whoever it waits for is ended, over a connection beside: those who come meanwhile wait behind it."""
    ended: set[int] = set()
    is_over = threading.Event()

    def end() -> None:
        try:
            with connected(to) as beside:
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
