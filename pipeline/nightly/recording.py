"""The record of a night's load: what came in, which day it stands for, and what an operator has to answer first.

What does not belong here: whether a load is due (gate.py), and how a record lies on the disk (ledger/records.py).
"""

import datetime as dt
from pathlib import Path

import polars as pl

from pipeline.gate import Gate
from pipeline.judging.registry import Registry, RegistryProblem, RegistryShrank, lost
from pipeline.ledger import lookups
from pipeline.ledger.archive import keep
from pipeline.ledger.find import why_not_read
from pipeline.ledger.records import Line, Load, record
from pipeline.ledger.sealing import seal_all
from pipeline.nightly.reading import laid_down_ahead
from pipeline.nightly.registry import registry_of
from pipeline.paths import Home


class DayInDoubt(Exception):
    """The day that a load would stand for cannot be right by itself."""


def open_load(home: Home, gate: Gate, registry: Registry, *, accept_registry: bool = False) -> Load:
    """The load to work on: a new record, or the last one where it was recorded but never published.

    Raises DayInDoubt and RegistryShrank where an operator has to answer first, RegistryProblem where the city confirms by a day to come; then nothing is recorded.
    """
    if not gate.reasons:
        assert gate.last is not None
        return gate.last
    if gate.doubt:
        raise DayInDoubt(gate.doubt)
    if early := registry.confirmations.filter(pl.col("confirmed_on") > gate.as_of)["version_code"].unique().sort().to_list():
        raise RegistryProblem([f"confirmations: {', '.join(early)} is confirmed by a day after {gate.as_of}, for which this load stands."])
    if rows := registry.identities.filter(pl.col("confirmed_on") > gate.as_of)["row_no"].to_list():
        raise RegistryProblem([f"identities: row {n} is confirmed by a day after {gate.as_of}, for which this load stands." for n in rows])
    forms = registry.forms.filter(pl.col("confirmed_on") > gate.as_of)
    if early := forms.select(pl.coalesce("form_code", "unit_code")).to_series().unique().sort().to_list():
        raise RegistryProblem([f"forms: {', '.join(early)} is confirmed by a day after {gate.as_of}, for which this load stands."])
    seal_all(home)
    gone = _lost(home, gate, registry)
    if gate.last and gone and not accept_registry:
        raise RegistryShrank(gone, gate.last.load_id)
    answered = {"lost": "\n".join(gone)} if gone else {}
    if gate.last and gate.as_of < gate.last.as_of:
        answered["taken_back"] = gate.last.as_of.isoformat()
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    lines: list[Line] = []
    there = laid_down_ahead(home)  # as this process has just laid them down
    missed = keep(
        home, [(Path(f.file), f.content_hash) for f in gate.files if f.content_hash not in there and not why_not_read(f.content_hash)]
    )
    for found in gate.files:
        if found.content_hash in missed:
            continue  # it is being written or has gone; the next load takes it
        lines.append(Line(found.path, found.period, found.sender_code, found.content_hash, found.size, now, len(lines) + 1))
    load = Load(
        load_id=gate.last.load_id + 1 if gate.last else 1,
        as_of=gate.as_of,
        contract=gate.contract,
        transform=gate.transform,
        registry=gate.registry,
        awaited=registry.awaited(),
        started_at=now,
        lines=lines,
        accepted=lookups.by() | answered if answered else {},
    )
    record(home, load)
    return load


def _lost(home: Home, gate: Gate, registry: Registry) -> list[str]:
    """What the registry lost since the last load."""
    if not gate.last or gate.registry == gate.last.registry:
        return []
    try:
        before = registry_of(home, tuple(gate.last.registry.items()))
    except (RegistryProblem, OSError):
        return [f"The registry of load {gate.last.load_id} can no longer be read, so that nothing can be compared with it."]
    return lost(before, registry, gate.as_of)
