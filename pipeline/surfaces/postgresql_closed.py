"""What everybody may do in a database of PostgreSQL from its birth, and in this one nobody who reads the copy: see how many rows others read and of which
tables, fill the server's table of locks, keep objects of his own.

The script of roles takes it from PUBLIC, and each copy asks whether it is gone: a new version of the server brings new functions. What does not
belong here: who is a member of what (postgresql_roles.py), which rows a role sees (postgresql_rights.py).
"""

from dataclasses import dataclass

WATCHES = "pg_read_all_stats"  # the server's own role of those who watch over it, whom this must not blind


@dataclass(frozen=True)
class Closed:
    """Functions and views of the server, by their names."""

    functions: str  # regular expressions
    views: str = "^$"  # none
    is_watched: bool = False  # what WATCHES keeps


CLOSED = {
    # a neighbour who counts his rows adds as many to idx_tup_read of the table's index; pg_stat_statements has the rows of each query
    "a reader may see the server's counters, which grow by the rows that others read": Closed(
        "^pg_stat_(get_.*|statements(_info)?)$", "^pg_stat(io)?_", is_watched=True
    ),
    # whose tables are read, minute by minute
    "a reader may see which tables others read": Closed(
        "^pg_(lock_status|(safe_snapshot_)?blocking_pids|isolation_test_session_is_blocked)$", "^pg_locks$", is_watched=True
    ),
    # locks of a session: 15,000 fill the table of locks, and then nobody can even log in; a message or a number makes a savepoint hold one as well
    "a reader may fill the server's table of locks": Closed(
        "^pg_(try_)?advisory_|^pg_logical_emit_message$|^pg_current_xact_id$|^txid_current$"
    ),
    "a reader may make large objects, and keep what he likes in them": Closed("^lo_|^lo(read|write)$"),
}


def script() -> list[str]:
    """SQL that takes it from PUBLIC, whatever this version of the server has of it."""
    return [_revoked(query, closed.is_watched) for closed in CLOSED.values() for query in _named(closed)]


def _named(closed: Closed) -> tuple[str, str]:
    return (
        f"SELECT 'EXECUTE ON FUNCTION ' || oid::regprocedure FROM pg_catalog.pg_proc WHERE prokind = 'f' AND proname ~ '{closed.functions}'",
        f"SELECT 'SELECT ON ' || oid::regclass FROM pg_catalog.pg_class WHERE relkind = 'v' AND relname ~ '{closed.views}'",
    )


def _revoked(query: str, is_watched: bool) -> str:
    kept = f" EXECUTE 'GRANT ' || what || ' TO {WATCHES}';" if is_watched else ""
    return f"DO $$ DECLARE what text; BEGIN FOR what IN {query} LOOP EXECUTE 'REVOKE ' || what || ' FROM PUBLIC';{kept} END LOOP; END $$;"


def _who_may(closed: Closed) -> str:
    """A query for readers who may all the same, each with one thing that he may."""
    return f"""
        SELECT r.rolname || ': ' || min(w.name) FROM pg_roles r, (
            SELECT oid, proname AS name, true AS is_function FROM pg_proc WHERE prokind = 'f' AND proname ~ '{closed.functions}'
            UNION ALL SELECT oid, relname, false FROM pg_class WHERE relkind = 'v' AND relname ~ '{closed.views}') w
        WHERE NOT r.rolsuper AND pg_has_role(r.oid, %(reader)s::name, 'MEMBER')
        AND CASE WHEN w.is_function THEN has_function_privilege(r.oid, w.oid, 'EXECUTE') ELSE has_table_privilege(r.oid, w.oid, 'SELECT') END
        GROUP BY r.rolname ORDER BY r.rolname"""


FAULTS = {sentence: _who_may(closed) for sentence, closed in CLOSED.items()}
