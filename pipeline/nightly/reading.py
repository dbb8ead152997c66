"""Files being read from their archived bytes: ahead, while the load's process is still importing, or when they are asked for.

What does not belong here: how a file is read (intake), and what becomes of what was read (batches.py).
"""

from collections.abc import Sequence
from pathlib import Path

from pipeline.gate import Gate
from pipeline.intake.readings import Source
from pipeline.intake.workers import Readings
from pipeline.judging.registry import RegistryProblem
from pipeline.ledger.archive import blob, keep
from pipeline.ledger.find import CLOSED, ERASED, NO_FILE, NO_PLACE, STRANGER, TOO_LARGE, Found, why_not_read
from pipeline.ledger.records import Line
from pipeline.ledger.sealed import seal_of
from pipeline.nightly.registry import taught_layout
from pipeline.paths import Home

FILES_AHEAD = 500  # archived at once before workers get them


# Versions (path, hash) that workers are reading already, and what they read.
_ahead: dict[Home, tuple[list[tuple[str, str]], Readings]] = {}


def read_ahead(home: Home, gate: Gate) -> None:
    """Let workers read the new files while this process is still importing and dbt parses: two seconds of a city.

    Only a head start: judge_new takes what was read where it is what the ledger asks for, and reads for itself otherwise.
    """
    readings, are_all = None, False
    try:
        for start in range(0, len(gate.files), FILES_AHEAD):  # the first are being read while the others are copied
            files = gate.files[start : start + FILES_AHEAD]
            if keep(home, [(Path(found.file), found.content_hash) for found in files if not why_not_read(found.content_hash)]):
                break
            if readings is None:
                readings = _readings(home, files, gate.registry)
            else:
                readings.add(_sources(home, files, start))
        else:
            are_all = True
    except (OSError, RegistryProblem):
        pass  # whoever records the files says it
    if readings and are_all:
        _ahead[home] = ([(f.path, f.content_hash) for f in gate.files], readings)
    elif readings:
        readings.close()


def laid_down_ahead(home: Home) -> set[str]:
    """Hashes of what this process archived to read it ahead."""
    return {content_hash for _, content_hash in _ahead[home][0]} if home in _ahead else set()


def readings_of(home: Home, todo: list[Line], registry: dict[str, str]) -> Readings:
    """What was read ahead where it is what the ledger asks for; else it is read now."""
    versions, readings = _ahead.pop(home, ([], None))
    if readings is None or versions != [(line.path, line.content_hash) for line in todo]:
        if readings:
            readings.close()
        readings = _readings(home, todo, registry)
    return readings


def stop_reading(home: Home) -> None:
    """Whatever was read ahead and not taken is not wanted any more."""
    if home in _ahead:
        _ahead.pop(home)[1].close()


def _readings(home: Home, files: Sequence[Found | Line], registry: dict[str, str]) -> Readings:
    """Files being read from their archived bytes."""
    return Readings(_sources(home, files), taught_layout(home, registry))


def _sources(home: Home, files: Sequence[Found | Line], first: int = 0) -> list[Source]:
    """What to read, numbered on; a file outside a unit's folder is not read, nor what is no file."""
    seal = seal_of(home)
    return [
        Source(n, blob(home, f.content_hash, seal), f.path.rsplit("/", 1)[-1], f.sender_code, f.content_hash, f.period, seal)
        for n, f in enumerate(files, first)
        if not refused_unread(f)
    ]


# Why an entry was not read → the rule that refuses it.
UNREAD = {
    NO_PLACE: "file_in_unit_folder",
    NO_FILE: "entry_is_a_file",
    CLOSED: "file_may_be_read",
    TOO_LARGE: "file_not_too_large",
    STRANGER: "file_of_known_owner",
    ERASED: "file_not_erased",
}


def refused_unread(entry: Found | Line) -> str | None:
    """The rule that refuses an entry before anybody opens it, or None."""
    if not entry.period:
        return "file_in_unit_folder"
    why = why_not_read(entry.content_hash)
    return UNREAD[why] if why else None
