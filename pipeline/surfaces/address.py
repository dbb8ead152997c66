"""The address of a PostgreSQL database, and what of it may be said.

What does not belong here: connecting (postgresql_connection.py). Nothing heavy is imported here, for a quiet night asks whose copy is behind.
"""

import os
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

SETTING = "PERSONNEL_POSTGRESQL"
EXAMPLE = "postgresql://personnel_publisher@db.example:5432/personnel"
AT_HOME = ("", "localhost", "127.0.0.1", "::1")


class NoAddress(Exception):
    """What was given is no address of a database. The words quote nothing of it, for it may hold a password."""


@dataclass(frozen=True)
class Address:
    """Where a copy goes. `given` may hold a password: it is handed to the driver, and never said."""

    given: str
    host: str
    port: int
    database: str
    user: str | None
    says_ssl: bool

    def __str__(self) -> str:
        """What may be said of it.

        >>> str(parse("postgresql://me:secret@db.example/personnel")), parse("postgresql://me:secret@db.example/personnel")
        ('db.example:5432/personnel', Address(db.example:5432/personnel))
        """
        return f"{self.host or 'this machine'}:{self.port}/{self.database}"

    def __repr__(self) -> str:
        return f"Address({self})"

    @property
    def is_at_home(self) -> bool:
        """Whether nothing goes over a network."""
        return self.host in AT_HOME or self.host.startswith("/")


def parse(given: str) -> Address:
    """An address as libpq reads it: a URL. Raises NoAddress.

    >>> str(parse("postgresql:///personnel?host=/run/postgresql"))
    '/run/postgresql:5432/personnel'
    >>> parse("postgresql://me:2024/secret@db.example/personnel")
    Traceback (most recent call last):
    pipeline.surfaces.address.NoAddress: The address of the database must be like ...
    """
    try:
        url = urlsplit(given.strip())
        more = {name: values[-1] for name, values in parse_qs(url.query).items()}
        host, port = unquote(url.hostname or more.get("host", "")), url.port or int(more.get("port", "5432"))
        database, user = unquote(url.path[1:]) or more.get("dbname", ""), unquote(url.username or "") or more.get("user")
    except ValueError:
        url, database = urlsplit(""), ""
    if url.scheme not in ("postgresql", "postgres") or not database or "/" in url.path[1:] or "@" in url.path:  # the rest of a password
        raise NoAddress(
            f"The address of the database must be like {EXAMPLE}; signs of a password that have a meaning in an address (@ / : ? # %) are written "
            "as % and two digits there, or the password stands in ~/.pgpass."
        )
    return Address(given.strip(), host, port, database, user, "sslmode" in more or "PGSSLMODE" in os.environ)
