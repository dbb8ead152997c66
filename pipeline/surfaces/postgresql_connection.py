"""A connection to a server of PostgreSQL, statements of our own on it, and in our own words why it refused.

What does not belong here: what is written there (postgresql.py, postgresql_swap.py), and what an address is (address.py).
"""

from typing import Any

import psycopg
from psycopg import errors

from pipeline.surfaces import address
from pipeline.surfaces.postgresql_tables import NEW

LONGEST_STATEMENT = "15min"


class Stopped(Exception):
    """Why a copy cannot go on, in words of our own."""


def connected(to: address.Address) -> psycopg.Connection:
    """A connection; over a network never in clear unless the address says so. Raises psycopg.Error."""
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


def run(cursor: psycopg.Cursor, *statements: str) -> None:
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
