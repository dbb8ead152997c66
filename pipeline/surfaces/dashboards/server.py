"""Superset's process: made ready, started, stopped. What does not belong here: what is shown (assets.py)."""

import os
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from hashlib import sha256
from pathlib import Path

from pipeline.paths import PROJECT, Home, private
from pipeline.surfaces.address import parse
from pipeline.surfaces.dashboards import assets
from pipeline.warehouse.door import published

THEIRS = Path(__file__).parent / "in_superset"  # what Superset's own Python runs
LOCK = PROJECT / "requirements-bi.lock"
NO_ANSWER = 3  # what prepare.py ends with where the database is not to be had
LONGEST = 300  # seconds until it is taken for hung; two busy cores took 40
ADMIN = "admin"


class NotServed(Exception):
    """Why there are no dashboards, in words for who asked."""


def environment() -> Path:
    """Where Superset is installed."""
    return Path(os.environ.get("PERSONNEL_BI") or PROJECT / ".venv" / "bi")


def port() -> int:
    """On which it is served. Raises NotServed."""
    said = (os.environ.get("PERSONNEL_DASHBOARDS_PORT") or "8088").strip()
    if not (said.isascii() and said.isdigit() and 0 < int(said) < 65536):
        raise NotServed(f"PERSONNEL_DASHBOARDS_PORT must be a number from 1 to 65535, not {said!r}.")
    return int(said)


def start(home: Home) -> str:
    """Dashboards of the version in force, served to this machine. Returns where. Raises NotServed, NothingPublished."""
    python = environment() / "bin" / "python"
    if not (environment() / "ready").exists():  # the last thing that installing writes
        raise NotServed("Superset is not installed: run `make bi`.")
    port()  # before anything is made or ended for it
    asked_in = assets.address_of_postgresql()
    with published(home) as version:
        state = private(home.dashboards)
        assets.write(version, state / "assets", asked_in)
    password = _made(state / "admin.password", os.environ.get("PERSONNEL_DASHBOARDS_PASSWORD"))
    _made(state / "secret.key")
    known = _settings(home)
    with (state / "prepare.log").open("wb") as log:
        done = subprocess.run(
            [python, THEIRS / "prepare.py", state / "assets", _of(LOCK)],
            env=known | {"PERSONNEL_DASHBOARDS_PASSWORD": password},
            stdout=log,
            stderr=log,
            cwd=state,
            check=False,
        )
    if done.returncode == NO_ANSWER and asked_in:
        raise NotServed(f"{parse(asked_in.replace('+psycopg2', '', 1))} cannot be asked; {state / 'prepare.log'} says why.")
    if done.returncode:
        raise NotServed(f"Superset could not be made ready; {state / 'prepare.log'} says why.")
    settings = state / "settings"
    told = _of(LOCK, *sorted(THEIRS.iterdir())) + f" {address()}"
    if _pid(home) and (not settings.exists() or settings.read_text("utf-8") != told):
        stop(home)  # it runs with settings of before
    if not _pid(home):
        if is_served():
            raise NotServed(f"Port {port()} is another program's: choose one by PERSONNEL_DASHBOARDS_PORT.")
        _serve(home, known)
        settings.write_text(told, "utf-8")
    return address()


def _of(*files: Path) -> str:
    """What files hold, as a short text."""
    return sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()


def _pid(home: Home) -> int | None:
    """The server that was started here, while it runs."""
    try:
        pid = int((home.dashboards / "server.pid").read_text("utf-8"))
        return pid if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes() else None
    except (OSError, ValueError):
        return None


def stop(home: Home) -> bool:
    """End the server that was started here; False where there is none."""
    pid = _pid(home)
    if pid:
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + LONGEST
        while _pid(home) and time.monotonic() < until:
            time.sleep(0.1)
    (home.dashboards / "server.pid").unlink(missing_ok=True)
    return pid is not None


def address() -> str:
    """Where it is served, to this machine alone."""
    return f"http://127.0.0.1:{port()}/"


def is_served() -> bool:
    """Whether it answers."""
    try:
        with urllib.request.urlopen(f"{address()}health", timeout=2) as answer:
            return bool(answer.read() == b"OK")
    except (urllib.error.URLError, OSError):
        return False


def _serve(home: Home, known: dict[str, str]) -> None:
    state = home.dashboards
    options = f"--bind 127.0.0.1:{port()} --workers 1 --worker-class gthread --threads 8 --timeout 120 --graceful-timeout 3"
    program, pid = environment() / "bin" / "gunicorn", state / "server.pid"
    command = [str(program), *options.split(), "--pid", str(pid), "superset.app:create_app()"]
    with (state / "server.log").open("ab") as log:
        process = subprocess.Popen(command, env=known, stdout=log, stderr=log, cwd=state, start_new_session=True)
    until = time.monotonic() + LONGEST
    while not is_served():
        if process.poll() is not None or time.monotonic() > until:
            raise NotServed(f"Superset did not start; {state / 'server.log'} says why. Is port {port()} taken?")
        time.sleep(0.3)


def _settings(home: Home) -> dict[str, str]:
    """What Superset is told: where things lie, and nothing of what else the environment holds of the pipeline's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PERSONNEL_", "PYTHON", "SUPERSET_"))}
    own = {
        "PERSONNEL_DASHBOARDS": home.dashboards,
        "PERSONNEL_PUBLISHED": home.published,
        "SUPERSET_CONFIG_PATH": THEIRS / "superset_config.py",
    }
    return (
        kept
        | {name: str(value) for name, value in own.items()}
        | {"SUPERSET_HOME": str(home.dashboards), "FLASK_APP": "superset.app:create_app()"}
    )


def _made(file: Path, given: str | None = None) -> str:
    """A secret that only its owner can read: given, as it was, or made now."""
    if not file.exists() or (given and file.read_text("utf-8").strip() != given):
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write((given or secrets.token_urlsafe(18)) + "\n")
    return file.read_text("utf-8").strip()
