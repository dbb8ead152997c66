"""What else shows a published version: which of it is behind, and writing it. A version is published whether or not this succeeds; what
failed is said in one sentence, noted, and tried again by the next load, also when nothing new was sent.

A new surface is a line of `SURFACES` and a module of that name with `write(home, setting)`. What does not belong here: how any one is written, and
anything heavy, for a quiet night asks here.
"""

import datetime as dt
import importlib
import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.paths import Home
from pipeline.surfaces import address
from pipeline.whole import write_whole

log = logging.getLogger("pipeline")

PAGES, OFF = "PERSONNEL_PAGES", "no"


@dataclass(frozen=True)
class Surface:
    """How a surface is turned on, and what of that may be said."""

    setting: str
    where: Callable[[str], object]  # what of the setting's value may be said
    given: str = ""  # the value where nothing is set; "": it is turned off
    shows: Callable[[Home], bool] | None = None  # whether it shows the version in force, where that is to be seen and need not be noted


SURFACES = {
    "pages": Surface(PAGES, lambda _: "", "yes", lambda home: (home.current / "pages" / "index.html").exists()),
    "postgresql": Surface(address.SETTING, address.parse),
}


class NotWritten(Exception):
    """A surface shows what it showed before. The words are for people, and hold no secret and nobody's data."""


@dataclass(frozen=True)
class State:
    """What a surface shows, as the warehouse notes it."""

    version: str  # the last version that was tried: the name of its folder
    where: str  # without user and password
    is_written: bool
    said: str  # in one sentence
    at: str


def waiting(home: Home) -> list[str]:
    """Surfaces that are turned on and do not show the version in force."""
    return [name for name, setting in _turned_on().items() if not _shows(home, name, setting)]


def _shows(home: Home, name: str, setting: str) -> bool:
    if shows := SURFACES[name].shows:
        return shows(home)
    state = states(home).get(name)
    now = (home.current.resolve().name, _where(name, setting))
    return bool(state and state.is_written and (state.version, state.where) == now)


def write(home: Home) -> list[State]:
    """Write each that is turned on and behind, one after the other; says and notes what came of it."""
    turned_on = _turned_on()
    return [note(home, name, write_now(home, name, turned_on[name])) for name in waiting(home)]


def failed(done: list[State]) -> list[str]:
    """Sentences of those that are still behind."""
    return [state.said for state in done if not state.is_written]


def states(home: Home) -> dict[str, State]:
    """What is noted of each. A note that is cut says nothing, and the surface is written again."""
    try:
        return {name: State(**state) for name, state in json.loads(home.surfaces.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def note(home: Home, name: str, state: State) -> State:
    """Keep what came of a surface."""
    write_whole(home.surfaces, json.dumps({n: asdict(s) for n, s in (states(home) | {name: state}).items()}, indent=1, ensure_ascii=False))
    return state


def write_now(home: Home, name: str, setting: str, **more: bool) -> State:
    """Write one, whatever is noted of it; `more` is a surface's own. Raises nothing but what ends a process."""
    version, where, is_written = home.current.resolve().name, _where(name, setting), False
    try:
        said: str = module(name).write(home, setting, **more)
        is_written = True
    except (NotWritten, address.NoAddress) as error:
        said = str(error)
    except Exception as error:  # its words may quote what it was about, or a password
        said = f"{name}: {type(error).__name__}{_place(error)}. What it showed before stays."
    return State(version, where, is_written, said, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))


def module(name: str) -> Any:
    """A surface's module. Raises NotWritten where its library is not there."""
    try:
        return importlib.import_module(f"pipeline.surfaces.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("pipeline"):
            raise
        raise NotWritten(
            f"{SURFACES[name].setting} is set, but the package {error.name} is not installed; in this project's folder: .venv/bin/pip install -e '.[{name}]'."
        ) from None


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f" in {Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace else ""


def _turned_on() -> dict[str, str]:
    given = {name: os.environ.get(one.setting, one.given).strip() for name, one in SURFACES.items()}
    return {name: setting for name, setting in given.items() if setting not in ("", OFF)}


def _where(name: str, setting: str) -> str:
    try:
        return str(SURFACES[name].where(setting))
    except address.NoAddress:
        return ""
