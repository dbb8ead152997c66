"""Is there anything to do tonight? Answered from hashes and the last load's record, before anything heavy is imported.

What does not belong here: polars, pandera, dbt or Dagster; a quiet night must cost nothing.
"""

import datetime as dt
import hashlib
import json
import logging
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from pipeline.ledger.find import Found, find, find_registry, registry_name
from pipeline.ledger.records import Load, changed, read_loads
from pipeline.ledger.sums import damaged
from pipeline.ledger.tombstones import without_erased
from pipeline.paths import DBT_PROJECT, PROJECT, SEEDS, Home

log = logging.getLogger("pipeline")

CITY_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
HERE = PROJECT / "pipeline"
PAUSE_VARIABLE, PAUSE = "PERSONNEL_LONGEST_PAUSE", 35  # days: a city that loads every night, or once a month


@dataclass(frozen=True)
class Gate:
    """What a load would have to do, and why."""

    files: list[Found]  # whose bytes are new at their path
    registry: dict[str, str]
    contract: str
    transform: str
    as_of: dt.date
    last: Load | None
    reasons: list[str]  # why a new load is due; empty when nothing changed
    unfinished: bool  # the last load on record was never published, its units not answered, or what it landed is damaged
    gone: list[str]  # paths that went away while they were looked at
    doubt: str | None = None  # why the day cannot be right, and what to do

    @property
    def closed(self) -> bool:
        """Whether there is nothing to do."""
        return not self.reasons and not self.unfinished


@dataclass(frozen=True)
class Answers:
    """What an operator says of this load; each is asked for by a load that stopped."""

    as_of: dt.date | None = None  # the day is right although the clock seems wrong
    take_back: bool = False  # no load before this one stands for a later day than it
    accept_registry: bool = False  # what the registry lost has gone


def lock(home: Home) -> FileLock:
    """One load at a time: taken again by the process that has it, refused at once to any other. Nobody else's user can hold it."""
    home.warehouse.mkdir(parents=True, exist_ok=True)
    if home.lock.exists():
        home.lock.chmod(0o600)  # an earlier version's could be opened, and so held, by everybody
    return FileLock(home.lock, timeout=0, mode=0o600, is_singleton=True, thread_local=False)


@contextmanager
def alone(home: Home, otherwise: Callable[[], Exception]) -> Iterator[None]:
    """While no other process works on what a load writes; `otherwise` says what is raised where one does."""
    try:
        with lock(home):
            yield
    except Timeout:
        raise otherwise() from None


def look(home: Home, as_of: dt.date | None = None, *, take_back: bool = False) -> Gate:
    """Compare what lies there with the last load on record. A day that is given needs no confirmation; the clock's may."""
    loads = read_loads(home)
    last = loads[-1] if loads else None
    as_of, doubt = as_of or _given_day(), None
    if as_of is None:
        as_of = _clock()
        if last and as_of > last.as_of + dt.timedelta(days=longest_pause()):
            doubt = (
                f"The clock says {as_of}, more than {longest_pause()} days after load {last.load_id}, which stands for {last.as_of}. "
                f"If the clock is right: pipeline load --as-of {as_of}. If not, set the clock. Nothing was changed."
            )
    if last and not take_back:
        as_of = max(as_of, last.as_of)
    found, gone = find(home)
    files, registry = changed(without_erased(home, found), loads), find_registry(home)
    now_contract, now_transform = contract(registry), transform()
    reasons = []
    if last and as_of < last.as_of:
        reasons.append(f"no load stands for a later day than {as_of} any more")
    if last is None:
        reasons.append("first load")
    else:
        if files:
            reasons.append(f"{len(files)} new or changed file(s)")
        if registry != last.registry:
            reasons.append("the registry changed")
        if now_contract != last.contract:
            reasons.append("what decides verdicts changed (code, or laws that the city confirmed): every archived version is judged again")
        if now_transform != last.transform:
            reasons.append("the models changed")
        if any(last.as_of.isoformat() < day <= as_of.isoformat() for day in last.awaited):
            reasons.append("a due date or a withdrawal came into force")
    unfinished = last is not None and not published_load(home) == answered_load(home) == last.load_id
    if last and not reasons and not unfinished:  # a load that is due sees for itself
        unfinished = not home.landing.is_dir() or bool(damaged(home.landing))
    return Gate(files, registry, now_contract, now_transform, as_of, last, reasons, unfinished, gone, doubt)


def _clock() -> dt.date:
    return dt.datetime.now(CITY_TIME).date()


def longest_pause() -> int:
    """Days after the last load from which on the clock is not believed by itself. Raises SystemExit where the setting is no number of days."""
    given = os.environ.get(PAUSE_VARIABLE) or str(PAUSE)
    if not (given.isascii() and given.isdigit() and int(given) <= 36_500):
        raise SystemExit(f"{PAUSE_VARIABLE} must be a number of days like {PAUSE}, not {given!r}.")
    return int(given)


def _given_day() -> dt.date | None:
    given = os.environ.get("PERSONNEL_AS_OF")
    if not given:
        return None
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        raise SystemExit(f"PERSONNEL_AS_OF must be a day like 2021-12-31, not {given!r}.") from None


def published_load(home: Home) -> int | None:
    """The load that readers see now."""
    return _load_in(home.current / "version.json")


def answered_load(home: Home) -> int | None:
    """The load that units were answered for."""
    return _load_in(home.answered)


def _load_in(note: Path) -> int | None:
    """The load that a note names. One that is empty or cut names none: what it stood for is done again."""
    try:
        load_id: int = json.loads(note.read_text("utf-8"))["load_id"]
        return load_id
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError):
        log.warning("%s/%s is empty or cut: the last load is finished again", note.parent.name, note.name)
        return None


# What judges a file begins here: what finds its tables, what reads them, what judges them and says how they land.
JUDGES = ("judging/layouts.py", "intake/workers.py", "judging/submissions.py", "warehouse/landing.py")
# Of what these import: how bytes are kept and found again, which decides nothing.
KEEPERS = frozenset(
    ("paths.py", "whole.py", *(f"ledger/{name}.py" for name in ("sealed", "sums", "lookups", "archive", "tombstones", "records")))
)
# What makes tables begins here: what dbt reads besides what landed, what runs dbt, what publishes, and the page that goes along.
MAKERS = ("nightly/context.py", "warehouse/transform.py", "warehouse/publish.py", "warehouse/dictionary.py")
STEPS = frozenset(("gate.py", "nightly/__init__.py"))  # whether and in which order, which changes no table
IMPORTED = re.compile(r"^\s*from pipeline([\w.]*) import (\([^)]*\)|[^\n]*)", re.MULTILINE)


@cache
def judging() -> tuple[Path, ...]:
    """Every module that decides a verdict: what the judges import, and what that imports. Nobody keeps a list that could forget one."""
    return _imported(JUDGES, KEEPERS)


@cache
def making() -> tuple[Path, ...]:
    """Every module that makes what is published of what landed, without those that judge: they are in the contract."""
    return _imported(MAKERS, KEEPERS | STEPS | {file.relative_to(HERE).as_posix() for file in judging()})


def _imported(begin: Iterable[str], without: Collection[str]) -> tuple[Path, ...]:
    found: dict[Path, None] = {}
    waiting = [HERE / name for name in begin]
    while waiting:
        file = waiting.pop()
        if file in found or file.relative_to(HERE).as_posix() in without:
            continue
        found[file] = None
        for package, names in IMPORTED.findall(file.read_text("utf-8")):
            place = HERE.joinpath(*package.split(".")[1:])
            inside = [place / f"{name}.py" for name in re.findall(r"\w+", names)]
            files = (place.with_suffix(".py"), place / "__init__.py", place.parent / "__init__.py", *inside)
            waiting += [f for f in files if f.is_file() and f != HERE / "__init__.py" and HERE in f.parents]
    return tuple(sorted(found))


def contract(registry: dict[str, str]) -> str:
    """Fingerprint of what judges a file and shapes what lands: every module that decides, letters of old alphabets, words and code lists, the rule
    book, the laws that the city confirmed, and the libraries that do it."""
    data = sorted([*(HERE / "intake").glob("*.csv"), *(HERE / "schemas").glob("*.csv")])
    judges = [content_hash for name, content_hash in registry.items() if registry_name(name) == "confirmations"]
    return _fingerprint(
        [*judging(), *data, *(SEEDS / f"{name}.csv" for name in ("codes", "law_rules", "law_versions"))],
        "polars",
        "pandera",
        "python-calamine",
        "msoffcrypto-tool",
        "olefile",
        also=judges,
    )


def transform() -> str:
    """Fingerprint of what makes tables of landed rows, and of how they are published."""
    own = [f for f in sorted(DBT_PROJECT.rglob("*")) if f.suffix in (".sql", ".yml", ".csv", ".md") and "target" not in f.parts]
    pages = sorted((HERE / "warehouse").glob("*.html"))
    return _fingerprint([*own, *making(), *pages], "dbt-core", "dbt-duckdb", "duckdb", "rustpy-xlsxwriter")


def _fingerprint(files: list[Path], *libraries: str, also: Sequence[str] = ()) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(file.relative_to(PROJECT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    for library in libraries:
        total.update(f"{library}={version(library)}".encode())
    for text in also:
        total.update(text.encode())
    return total.hexdigest()[:12]
