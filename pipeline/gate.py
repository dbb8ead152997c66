"""Is there anything to do tonight? Answered from hashes and the last load's record, before anything heavy is imported.

What does not belong here: polars, pandera, dbt or Dagster; a quiet night must cost nothing.
"""

import datetime as dt
import hashlib
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.intake.archive import Load, changed, read_loads, without_erased
from pipeline.intake.find import Found, find, find_registry
from pipeline.paths import DBT_PROJECT, PROJECT, SEEDS, Home

log = logging.getLogger("pipeline")

CITY_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
HERE = PROJECT / "pipeline"


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
    unfinished: bool  # the last load on record was never published, or its units not answered
    gone: list[str]  # paths that went away while they were looked at

    @property
    def closed(self) -> bool:
        return not self.reasons and not self.unfinished


def look(home: Home, as_of: dt.date | None = None) -> Gate:
    """Compare what lies there with the last load on record."""
    loads = read_loads(home)
    last = loads[-1] if loads else None
    as_of = as_of or _today()
    if last:
        as_of = max(as_of, last.as_of)
    found, gone = find(home)
    files, registry = changed(without_erased(home, found), loads), find_registry(home)
    now_contract, now_transform = contract(registry), transform()
    reasons = []
    if last is None:
        reasons.append("first load")
    else:
        if files:
            reasons.append(f"{len(files)} new or changed file(s)")
        if registry != last.registry:
            reasons.append("the registry changed")
        if now_contract != last.contract:
            reasons.append("the contract changed: every archived version is judged again")
        if now_transform != last.transform:
            reasons.append("the models changed")
        if any(last.as_of.isoformat() < day <= as_of.isoformat() for day in last.awaited):
            reasons.append("a due date or a withdrawal came into force")
    unfinished = last is not None and not published_load(home) == answered_load(home) == last.load_id
    return Gate(files, registry, now_contract, now_transform, as_of, last, reasons, unfinished, gone)


def _today() -> dt.date:
    given = os.environ.get("PERSONNEL_AS_OF")
    if not given:
        return dt.datetime.now(CITY_TIME).date()
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
        return json.loads(note.read_text("utf-8"))["load_id"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError):
        log.warning("%s/%s is empty or cut: the last load is finished again", note.parent.name, note.name)
        return None


def contract(registry: dict[str, str]) -> str:
    """Fingerprint of what judges a file and shapes what lands: reader, schemas, code lists, the units' own layouts, and the libraries that do it."""
    own = [HERE / name for name in ("codes.py", "values.py", "validate.py", "people.py", "submissions.py", "landing.py")]
    own += [f for folder in ("intake", "schemas") for f in sorted((HERE / folder).iterdir()) if f.suffix in (".py", ".csv")]
    layouts = [content_hash for name, content_hash in registry.items() if name.startswith("layouts.")]
    return _fingerprint([*own, SEEDS / "codes.csv"], "polars", "pandera", "python-calamine", also=layouts)


def transform() -> str:
    """Fingerprint of what makes tables of landed rows, and of how they are published."""
    own = [f for f in sorted(DBT_PROJECT.rglob("*")) if f.suffix in (".sql", ".yml", ".csv", ".md") and "target" not in f.parts]
    return _fingerprint([*own, HERE / "publish.py"], "dbt-core", "dbt-duckdb", "duckdb")


def _fingerprint(files: list[Path], *libraries: str, also: Sequence[str] = ()) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(file.relative_to(PROJECT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    for library in libraries:
        total.update(f"{library}={version(library)}".encode())
    for text in also:
        total.update(text.encode())
    return total.hexdigest()[:12]
