"""One night's work, step by step, as plain functions: record, judge, build, publish. Dagster's assets call them; so do tests.

What does not belong here: Dagster, words for people, and how any one step is done.
"""

import ctypes
import datetime as dt
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import polars as pl

from pipeline.codes import fold
from pipeline.gate import Gate
from pipeline.intake.cells import read_cells
from pipeline.intake.headers import Layout
from pipeline.intake.readings import Chunk, Reading, Source
from pipeline.intake.rows import RowClass
from pipeline.intake.tables import read_file
from pipeline.intake.workers import Readings
from pipeline.judging.layouts import layout_of
from pipeline.judging.registry import Registry, RegistryProblem, RegistryShrank, lost, read_registry
from pipeline.judging.submissions import judge_batch
from pipeline.judging.validate import Judged
from pipeline.ledger import lookups
from pipeline.ledger.archive import ArchiveProblem, Line, Load, blob, bring_back, keep, read_loads, record, seal_all, versions
from pipeline.ledger.backups import bring_from_backups
from pipeline.ledger.find import (
    CLOSED,
    ERASED,
    LARGEST,
    NO_FILE,
    NO_PLACE,
    STRANGER,
    TOO_LARGE,
    Found,
    period_days,
    registry_name,
    why_not_read,
)
from pipeline.ledger.sealed import load_key, seal_of
from pipeline.ledger.sums import Damaged
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.schemas.registry import REGISTRY
from pipeline.warehouse import landing, people

# What is judged at once. The most bounds memory; while others still read it is half of what is to come, so that little is left when they end,
# and fewer than the fewest cost more than they overlap.
FEWEST_ROWS, MOST_ROWS = 50_000, 250_000

FILES_AHEAD = 500  # archived at once before workers get them

Progress = Callable[[int, int], None]  # files done, files in all


@dataclass(frozen=True)
class Landed:
    """What a load judged."""

    files: int
    submissions: pl.DataFrame  # verdicts of what was judged in this load
    changed_verdicts: pl.DataFrame  # verdicts that a new contract changed
    brought_back: int  # versions whose bytes the archive had lost, and has again


# ── registry, ledger ─────────────────────────────────────────────────────────────────────────────────────────────


UNREAD_REGISTRY = {
    NO_FILE: "is no file that can be read",
    CLOSED: "may not be read by the user of this process",
    TOO_LARGE: f"is larger than a registry can be ({LARGEST // 2**20} MiB)",
}


def check_registry(home: Home, files: dict[str, str]) -> Registry:
    """The registry as it lies there (name → hash), archived and checked. Raises RegistryProblem: then nothing is recorded."""
    if closed := [f"{name} {UNREAD_REGISTRY[why]}." for name, content_hash in files.items() if (why := why_not_read(content_hash))]:
        raise RegistryProblem(closed)
    if missed := keep(home, [((home.registry / name).resolve(), content_hash) for name, content_hash in files.items()]):
        raise RegistryProblem([f"{name} is being written or has gone." for name, content_hash in files.items() if content_hash in missed])
    return _registry(home, tuple(files.items()))


def own_layouts(home: Home, files: dict[str, str]) -> dict[str, dict[str, dict[str, str]]]:
    """What the units' own headers mean, as confirmed in the registry; most cities confirm none, and nothing is read."""
    if not any(registry_name(name) == "layouts" for name in files):
        return {}
    return check_registry(home, files).own_headers()


def confirmed_laws(home: Home, files: dict[str, str]) -> frozenset[str]:
    """The versions of laws that the city has read; most cities confirm none, and nothing is read."""
    if not any(registry_name(name) == "confirmations" for name in files):
        return frozenset()
    return check_registry(home, files).confirmed()


@lru_cache(maxsize=2)  # two steps of a load ask for the same one, and for the one before it
def _registry(home: Home, files: tuple[tuple[str, str], ...]) -> Registry:
    return read_registry(home, dict(files), layout_of(REGISTRY))


class DayInDoubt(Exception):
    """The day that a load would stand for cannot be right by itself."""


def open_load(home: Home, gate: Gate, registry: Registry, *, accept_registry: bool = False) -> Load:
    """The load to work on: a new record, or the last one where it was recorded but never published.

    Raises DayInDoubt and RegistryShrank where an operator has to answer first; then nothing is recorded.
    """
    if not gate.reasons:
        assert gate.last is not None
        return gate.last
    if gate.doubt:
        raise DayInDoubt(gate.doubt)
    if early := registry.confirmations.filter(pl.col("confirmed_on") > gate.as_of)["version_code"].unique().sort().to_list():
        raise RegistryProblem([f"confirmations: {', '.join(early)} is confirmed by a day after {gate.as_of}, for which this load stands."])
    seal_all(home)
    gone = _lost(home, gate, registry)
    if gate.last and gone and not accept_registry:
        raise RegistryShrank(gone, gate.last.load_id)
    answered = {"lost": "\n".join(gone)} if gone else {}
    if gate.last and gate.as_of < gate.last.as_of:
        answered["taken_back"] = gate.last.as_of.isoformat()
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    lines: list[Line] = []
    there = {content_hash for _, content_hash in _ahead[home][0]} if home in _ahead else set()  # as this process has just laid them down
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
        before = _registry(home, tuple(gate.last.registry.items()))
    except (RegistryProblem, OSError):
        return [f"The registry of load {gate.last.load_id} can no longer be read, so that nothing can be compared with it."]
    return lost(before, registry, gate.as_of)


def write_context(home: Home, load: Load, registry: Registry) -> None:
    """Registry, ledger, loads and this run's parameters for dbt."""
    loads = read_loads(home)
    key = load_key(home)
    lines = [
        (one.load_id, line.number, line.path, line.period, line.sender_code, line.content_hash, dt.datetime.fromisoformat(line.seen_at))
        for one in loads
        for line in one.lines
    ]
    periods = [f"{year}{quarter}" for year in range(2000, 2061) for quarter in ("", "-Q1", "-Q2", "-Q3", "-Q4")]
    naive = pl.col("seen_at").dt.replace_time_zone(None)
    landing.write_context(
        home,
        {
            "units": registry.units,
            "calendar": registry.calendar,
            "withdrawals": registry.withdrawals,
            "confirmations": registry.confirmations.group_by("version_code").agg(pl.col("confirmed_on").min()).sort("version_code"),
            "catalogues": _catalogues(registry, key),
            "periods": pl.DataFrame(
                [(p, "QUARTER" if "-" in p else "YEAR", int(p[:4]), *period_days(p)) for p in periods],
                schema=list(landing.CONTEXT["periods"]),
                orient="row",
            ),
            "ledger": pl.DataFrame(
                lines, schema=dict(landing.CONTEXT["ledger"]) | {"seen_at": pl.Datetime("us", "UTC")}, orient="row"
            ).with_columns(naive),
            "loads": pl.DataFrame(
                [
                    (
                        one.load_id,
                        one.as_of,
                        one.contract,
                        registry_hash(one, key),
                        dt.datetime.fromisoformat(one.started_at).replace(tzinfo=None),
                    )
                    for one in loads
                ],
                schema=landing.CONTEXT["loads"],
                orient="row",
            ),
            "run": pl.DataFrame(
                [(load.load_id, load.as_of, load.contract, people.table_key(key))], schema=landing.CONTEXT["run"], orient="row"
            ),
        },
    )


def _catalogues(registry: Registry, key: bytes) -> pl.DataFrame:
    """The city's catalogues by the keys under which words of units land: what is placed there today is found in rows of any year. All of a thing's
    words stand under the key of its code, which stays when its name is mended."""
    words = registry.catalogue_words()
    codes = words["item_code"].map_elements(fold, return_dtype=pl.String)
    keyed = words.with_columns(word_key=people.keyed(words["word"], key), item_key=people.keyed(codes, key))
    return keyed.select(list(landing.CONTEXT["catalogues"]))


def registry_hash(load: Load, key: bytes) -> str:
    return people.key_of(json.dumps(load.registry, sort_keys=True), key)[:12]


# ── read and judge ───────────────────────────────────────────────────────────────────────────────────────────────


def judge_new(home: Home, load: Load, progress: Progress = lambda done, total: None) -> Landed:
    """Judge every version on record that this contract has not judged, in batches; land each batch whole.

    Bytes that the archive lost are taken from raw or from a backup. Raises ArchiveProblem, after all others have landed, where neither has them:
    without them figures would be others than what was sent, so nothing is published (decision 0017).
    """
    loads = read_loads(home)
    key = load_key(home)
    confirmed = confirmed_laws(home, load.registry)
    before = _old_verdicts(home, load.contract)
    landing.open_landing(home, load.contract)
    judged = set(landing.landed(home, load.contract, "files").iter_rows())
    known = set(landing.landed(home, load.contract, "submissions")["submission_key"])
    seen = versions(loads)
    todo = [line for version, (_, line) in seen.items() if version not in judged]
    new: list[pl.Series] = []
    lost: dict[str, str] = {}

    def judge(lines: list[Line]) -> None:
        for readings in _batches(home, lines, load.registry, progress):
            lost.update(_without_lost(readings))
            if any(chunk.readings for chunk in readings):
                land(readings, lines)

    def land(readings: list[Chunk], lines: list[Line]) -> None:
        frames = judge_batch(readings, lines, key, known, confirmed=confirmed)
        readings.clear()  # they are not kept until the next batch is there
        new.append(frames["submissions"]["submission_key"])
        known.update(new[-1])
        landing.write_batch(home, load.contract, landing.free_name(home, load.contract, load.load_id), frames)

    judge(todo)
    if lost:
        back = bring_back(home, lost, home.raw)
        back |= bring_from_backups(home, lost.keys() - back)
        judge([line for line in todo if line.content_hash in back])
        if gone := lost.keys() - back:
            # lines and not names or hashes: this is kept by logs, and a file may be called after a person, or be guessed from its hash
            said = [
                f"Line {line.number} of load {load_id}: its archived file {lost[line.content_hash]}."
                for load_id, line in seen.values()
                if line.content_hash in gone
            ]
            more = [f"… and {len(said) - TOLD} more."] if len(said) > TOLD else []
            raise ArchiveProblem(
                "\n".join(["Nothing is published without what the archive lost; all else has landed.", *said[:TOLD], *more, WHICH])
            )
    people.forget()
    give_back()
    submissions = landing.landed(home, load.contract, "submissions")
    changed = submissions.join(before, on="submission_key").filter(pl.col("verdict_code") != pl.col("verdict_before"))
    if changed.height:
        units = _registry(home, tuple(load.registry.items())).units["unit_code"]  # a folder that is none may bear anybody's name
        is_unit = pl.col("sender_code").is_in(units.implode())
        changed = changed.with_columns(sender_code=pl.when(is_unit).then("sender_code").otherwise(pl.lit("UNKNOWN")))
    is_new = pl.col("submission_key").is_in(pl.concat(new).implode() if new else [])
    return Landed(len(todo), submissions.filter(is_new), changed, len(lost))


def give_back() -> None:
    """Let the system have the memory that is free again: dbt needs it next, in this process, and glibc keeps it."""
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


def _without_lost(chunks: list[Chunk]) -> dict[str, str]:
    """Take out the readings of what the archive lost: nothing is landed of them, so the next load tries again. Gives hash → what is wrong."""
    lost = {r.source.content_hash: r.lost for chunk in chunks for r in chunk.readings if r.lost}
    for chunk in chunks if lost else ():
        chunk.readings = [r for r in chunk.readings if not r.lost]
    return lost


def lost_versions(lost: dict[str, str], seen: Iterable[tuple[int, Line]]) -> list[str]:
    """A sentence for each version on record that rests on lost bytes (hash → what is wrong with them)."""
    return [
        f"{line.path} of {line.sender_code or 'no unit'}, load {load_id}: its archived file {lost[line.content_hash]} ({line.content_hash}). {WAYS_OUT}"
        for load_id, line in seen
        if line.content_hash in lost
    ]


TOLD = 20  # lost files that a failed load counts up one by one
WHICH = "`pipeline status` says which files these are, and what to do."
WAYS_OUT = (
    "Bring it back: pipeline verify --from DIR, a backup or wherever the same file lies. Where nobody has it any more: "
    'pipeline erase HASH --why "…" lets the record go on without it.'
)


@dataclass(frozen=True)
class Judgement:
    """What landing one file would give, and what that was made of."""

    reading: Reading
    frames: dict[str, pl.DataFrame]  # what would land
    judged: dict[str, Judged]  # dataset → its rows as they were understood


def judge_file(source: Source, line: Line, layout: Layout, confirmed: frozenset[str] = frozenset(), key: bytes | None = None) -> Judgement:
    """Judge one file as a load would, with the key given, or one that nobody keeps. Nothing is landed."""
    chunks = list(Readings([source], layout))
    if why_not_read(line.content_hash) == NO_PLACE:
        chunks[0].readings[0].refused = UNREAD[NO_PLACE]  # what else is wrong with it is told as well
    judged: dict[str, Judged] = {}
    frames = judge_batch(chunks, [line], key or secrets.token_bytes(), set(), judged, confirmed)
    return Judgement(chunks[0].readings[0], frames, judged)


def check_file(file: Path, content_hash: str, period: str) -> dict[str, pl.DataFrame]:
    """What landing one file would give, without a warehouse: nothing is kept."""
    line = Line(file.name, period, "", content_hash, file.stat().st_size, "")
    return judge_file(Source(0, file, file.name, period=period), line, layout_of(SCHEMAS)).frames


def explain_file(source: Source, layout: Layout) -> list[tuple[str, int, RowClass, str]]:
    """What the reader takes each row of a readable file for: sheet, row, class, text."""
    reading = read_file(source, layout, explain=True)
    cells = {sheet.name: sheet.rows for sheet in read_cells(source.read())} if reading.classes else {}
    return [
        (name, number, kind, " | ".join(cell for cell in cells[name][number - 1] if cell))
        for name, kinds in reading.classes.items()
        for number, kind in enumerate(kinds, start=1)
    ]


def _old_verdicts(home: Home, contract: str) -> pl.DataFrame:
    """Verdicts under the contract before this one, where they still lie there and can be read: earlier versions' lay in clear."""
    if home.landing.exists() and (old := landing.in_force(home)) != contract:
        try:
            return landing.landed(home, old, "submissions").select("submission_key", verdict_before="verdict_code")
        except Damaged:
            pass  # they would only be told of, and the landing of a contract that is no longer in force goes with this load
    return pl.DataFrame(schema={"submission_key": pl.String, "verdict_before": pl.String})


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


def _readings(home: Home, files: Sequence[Found | Line], registry: dict[str, str]) -> Readings:
    """Files being read from their archived bytes."""
    return Readings(_sources(home, files), replace(layout_of(SCHEMAS), own=own_layouts(home, registry)))


def _sources(home: Home, files: Sequence[Found | Line], first: int = 0) -> list[Source]:
    """What to read, numbered on; a file outside a unit's folder is not read, nor what is no file."""
    seal = seal_of(home)
    return [
        Source(n, blob(home, f.content_hash, seal), f.path.rsplit("/", 1)[-1], f.sender_code, f.content_hash, f.period, seal)
        for n, f in enumerate(files, first)
        if not _refused_unread(f)
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


def _refused_unread(entry: Found | Line) -> str | None:
    """The rule that refuses an entry before anybody opens it, or None."""
    if not entry.period:
        return "file_in_unit_folder"
    why = why_not_read(entry.content_hash)
    return UNREAD[why] if why else None


def stop_reading(home: Home) -> None:
    """Whatever was read ahead and not taken is not wanted any more."""
    if home in _ahead:
        _ahead.pop(home)[1].close()


def _batches(home: Home, todo: list[Line], registry: dict[str, str], progress: Progress) -> Iterator[list[Chunk]]:
    """Chunks of readings, gathered until they hold a batch's rows."""
    versions, readings = _ahead.pop(home, ([], None))
    if readings is None or versions != [(line.path, line.content_hash) for line in todo]:
        if readings:
            readings.close()
        readings = _readings(home, todo, registry)
    unread = [Reading(Source(n, Path(), ""), refused=rule) for n, line in enumerate(todo) if (rule := _refused_unread(line))]
    gathered, rows, rows_in_all, done = [Chunk(unread, {})] if unread else [], 0, 0, len(unread)
    for chunk in readings:
        gathered.append(chunk)
        read = sum(frame.height for frame in chunk.frames.values())
        rows, rows_in_all, done = rows + read, rows_in_all + read, done + len(chunk.readings)
        progress(done, len(todo))
        to_come = rows_in_all * (len(todo) / done - 1)
        if rows >= (MOST_ROWS if readings.are_read else min(MOST_ROWS, max(FEWEST_ROWS, (rows + to_come) / 2))):
            yield gathered
            gathered, rows = [], 0
    if gathered:
        yield gathered
