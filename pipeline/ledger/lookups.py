"""The log of look-ups: every time that somebody was shown a person. Who, when, what, why or where; never a name or a value.

Each line carries the hash of all that stands before it, so that nobody changes or takes out a line unseen. What no chain can see is that its
last lines were cut off: whoever wants to see that too notes its last hash elsewhere.

What does not belong here: showing anything.
"""

import datetime as dt
import fcntl
import hashlib
import json
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline import whole
from pipeline.paths import Home, private


@dataclass(frozen=True)
class Log:
    """What the log looks like: how many lines, where it broke (a line's number from 1, or None), and the hash of all of it."""

    lines: int
    broken_at: int | None
    last_hash: str


class NotLogged(Exception):
    """The log cannot be written, so nobody is shown."""


def note(home: Home, what: str, **about: str | int | None) -> None:
    """Append a line, and be sure that it is on disk, before anything is shown. Takes its turn where another process is writing one. Raises NotLogged."""
    try:
        _append(home, what, about)
    except OSError as error:
        raise NotLogged(f"Nothing is shown, for archive/{home.lookups.name} cannot be written: {error.strerror}.") from None


def _append(home: Home, what: str, about: Mapping[str, str | int | None]) -> None:
    private(home.archive)
    with open(home.lookups, "a+b", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        before = file.read()
        ended = b"" if before.endswith(b"\n") or not before else b"\n"  # a power cut may have cut the last line
        entry: dict[str, str | int] = {"at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), **by(), "what": what}
        entry |= {name: value for name, value in about.items() if value is not None}
        entry["before"] = hashlib.sha256(before + ended).hexdigest()
        file.write(ended + json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if not before:
        whole.sync((home.archive,))


def by() -> dict[str, str]:
    """The person at the keyboard, as the system knows it: the user of this process; of root, who became it by sudo."""
    own = os.getuid()
    asked = os.environ.get("SUDO_UID", "") if own == 0 else ""  # anybody may set a variable; only root's is worth more than its word
    if asked.isascii() and asked.isdigit():
        return {"by": _user(int(asked)), "as": _user(own)}
    return {"by": _user(own)}


def check_log(home: Home) -> Log:
    """Whether every line still stands behind exactly what it was written behind.

    Lines from before there was a chain may stand at its beginning. A line that cannot be read was cut by a power cut if the next one was
    written behind it.
    """
    so_far, lines, is_chained, unread, broken_at = hashlib.sha256(), 0, False, None, None
    for line in home.lookups.read_bytes().splitlines(keepends=True) if home.lookups.exists() else ():
        lines += 1
        try:
            entry = json.loads(line)
            said = entry.get("before")
        except (ValueError, AttributeError):
            unread = unread or lines
        else:
            if said == so_far.hexdigest():
                is_chained, unread = True, None
            elif (said is not None or is_chained) and broken_at is None:
                broken_at = unread or lines
        so_far.update(line)
    return Log(lines, broken_at or unread, so_far.hexdigest())


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
