"""Notices: after a load a summary goes to a webhook or by mail. None is sent twice for one load; one that could not be sent is told, and tried
again by the next load, by a night with nothing new, and by `pipeline notify`.

What was sent and what waits stands in `warehouse/notices.json`, written before and after each sending: a process that dies between leaves a notice of
which nobody knows whether it arrived, and such a one is only sent again by somebody who says so. What does not belong here: what a notice says
(notices_said.py), where to and how it goes out (notices_addresses.py, notices_ways.py), and anything heavy, for a quiet night asks here.
"""

import datetime as dt
import json
import logging
import os
from typing import Any

from pipeline.paths import Home
from pipeline.surfaces import notices_addresses as addresses
from pipeline.surfaces import notices_ways as ways
from pipeline.whole import write_whole

log = logging.getLogger("pipeline")

SETTINGS = (addresses.WEBHOOK, addresses.MAIL)
KEPT = 30  # loads of which is known what was sent
WAITING, SENDING, SENT, UNKNOWN = "waiting", "sending", "sent", "unknown"
AGAIN = "`pipeline notify --again` sends it once more"

Entry = dict[str, Any]  # load_id, notice, figures (what the next load's are held against), told (last as numbers), sent: setting → state


def turned_on() -> dict[str, str]:
    """The ways that are set, and how."""
    return {name: given for name in SETTINGS if (given := os.environ.get(name, "").strip())}


def waiting(home: Home) -> list[int]:
    """Loads of which a notice waits."""
    return [entry["load_id"] for entry in _entries(home) if any(entry["sent"].get(name) == WAITING for name in turned_on())]


def load_published(home: Home) -> list[str]:
    """After a load: what it brought is put beside what waits, once, and all is sent. Returns sentences; raises nothing but what ends a process."""
    try:
        if turned_on():
            _put(home)
    except Exception as error:  # its words may quote what it was about
        return [f"The notice of this load was not made ({type(error).__name__}); the load is published all the same."]
    return send(home)


def send(home: Home, again: bool = False) -> list[str]:
    """Send what waits, oldest first; `again`: also what may have arrived. Returns a sentence for each."""
    said, stopped = [], set[str]()
    for entry in _entries(home):
        for name, given in turned_on().items():
            state = entry["sent"].get(name)
            if name in stopped or not (state == WAITING or (again and state in (SENDING, UNKNOWN))):
                continue
            sentence, is_taken = _send(home, entry, name, given)
            said.append(sentence)
            if not is_taken:
                stopped.add(name)  # who did not take one, is not asked for the next
    return said


def unsure(home: Home) -> list[int]:
    """Loads of which nobody knows whether the notice arrived."""
    return [e["load_id"] for e in _entries(home) if any(e["sent"].get(name) in (SENDING, UNKNOWN) for name in turned_on())]


def _send(home: Home, entry: Entry, name: str, given: str) -> tuple[str, bool]:
    """Send one. Returns what to say of it, and whether the next may be tried by the same way."""
    what = f"The notice of load {entry['load_id']}"
    try:
        way = addresses.parse(name, given)
        send = ways.composed(way, entry["notice"])  # before it stands as being sent: what fails here, nobody got
    except addresses.NoWay as error:
        return f"{what} was not sent: {error}", False
    except ways.NotComposed as error:
        return f"{what} was not sent: {error}. It waits; those after it go on.", True
    _note(home, entry["load_id"], name, SENDING)
    is_slow = False
    try:
        send()
    except ways.NotSent as error:
        sentence, state = f"{what} was not sent: {error}. The next load, or `pipeline notify`, tries again.", WAITING
    except ways.Unknown as error:
        sentence, state = f"{what} may have arrived: {error}. It is not sent twice; {AGAIN}.", UNKNOWN
        is_slow = isinstance(error, ways.TooSlow)
    except Exception as error:  # whatever a server did: nobody knows how far it came
        sentence, state = f"{what} may have arrived: {way}, {type(error).__name__}. It is not sent twice; {AGAIN}.", UNKNOWN
    else:
        sentence, state = f"{what} was sent: {way}.", SENT
    _note(home, entry["load_id"], name, state)
    return sentence, state != WAITING and not is_slow


def _put(home: Home) -> None:
    """The notice of the version in force beside the others, if it is not there; a way that was not set then is not asked for it."""
    from pipeline.surfaces.notices_said import said_of
    from pipeline.warehouse.door import published

    with published(home) as version:
        entries = _entries(home)
        if any(entry["load_id"] == version.note["load_id"] for entry in entries):
            return
        before, told = (entries[-1]["figures"], entries[-1].get("told", {})) if entries else (None, {})
        notice, figures, told = said_of(version, before, told)
    entry = {
        "load_id": version.note["load_id"],
        "notice": notice,
        "figures": figures,
        "told": told,
        "sent": dict.fromkeys(turned_on(), WAITING),
    }
    _write(home, [*entries, entry])


def _note(home: Home, load_id: int, name: str, state: str) -> None:
    entries = _entries(home)
    for entry in entries:
        if entry["load_id"] == load_id:
            entry["sent"][name] = state
            entry[f"{name}_at"] = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    _write(home, entries)


def _entries(home: Home) -> list[Entry]:
    """What is noted, oldest first. A note that is cut says nothing: then nothing waits, and nothing is sent twice."""
    try:
        found = json.loads(home.notices.read_text("utf-8"))["loads"]
        return [entry for entry in found if {"load_id", "notice", "figures", "sent"} <= set(entry)]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _write(home: Home, entries: list[Entry]) -> None:
    for entry in entries[:-KEPT]:
        if WAITING in entry["sent"].values():
            log.warning("the notice of load %d was never sent, and is let go", entry["load_id"])
    write_whole(home.notices, json.dumps({"loads": entries[-KEPT:]}, ensure_ascii=False, indent=1))
