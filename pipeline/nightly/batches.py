"""Every version on record that a contract has not judged yet: judged in batches, each landed whole.

What does not belong here: how a batch is judged (judging/submissions.py) and how it lies on the disk (warehouse/landing.py).
"""

import ctypes
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.intake.readings import Chunk, Reading, Source
from pipeline.judging.submissions import judge_batch
from pipeline.ledger.archive import ArchiveProblem, bring_back
from pipeline.ledger.backups import bring_from_backups
from pipeline.ledger.records import Line, Load, read_loads, versions
from pipeline.ledger.sealed import load_key
from pipeline.ledger.sums import Damaged
from pipeline.nightly.reading import readings_of, refused_unread
from pipeline.nightly.registry import confirmed_laws, registry_of, taught_layout
from pipeline.paths import Home
from pipeline.warehouse import landing, people

log = logging.getLogger("pipeline")

# What is judged at once. The most bounds memory; while others still read it is half of what is to come, so that little is left when they end,
# and fewer than the fewest cost more than they overlap.
FEWEST_ROWS, MOST_ROWS = 50_000, 250_000

TOLD = 20  # lost files that a failed load counts up one by one
WHICH = "`pipeline status` says which files these are, and what to do."

Progress = Callable[[int, int], None]  # files done, files in all


@dataclass(frozen=True)
class Landed:
    """What a load judged."""

    files: int
    submissions: pl.DataFrame  # verdicts of what was judged in this load
    changed_verdicts: pl.DataFrame  # verdicts that a new contract changed
    brought_back: int  # versions whose bytes the archive had lost, and has again


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
    stale = _read_otherwise(home, load)
    if not stale.is_empty():
        log.info("%d file(s) of forms that the city confirmed otherwise since are judged again", stale["content_hash"].n_unique())
        landing.take_out_versions(home, load.contract, set(stale["content_hash"]))
        before = pl.concat([before, stale.select("submission_key", verdict_before="verdict_code")]).unique(
            "submission_key", maintain_order=True
        )
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
        units = registry_of(home, tuple(load.registry.items())).units["unit_code"]  # a folder that is none may bear anybody's name
        is_unit = pl.col("sender_code").is_in(units.implode())
        changed = changed.with_columns(sender_code=pl.when(is_unit).then("sender_code").otherwise(pl.lit("UNKNOWN")))
    is_new = pl.col("submission_key").is_in(pl.concat(new).implode() if new else [])
    return Landed(len(todo), submissions.filter(is_new), changed, len(lost))


def _batches(home: Home, todo: list[Line], registry: dict[str, str], progress: Progress) -> Iterator[list[Chunk]]:
    """Chunks of readings, gathered until they hold a batch's rows."""
    readings = readings_of(home, todo, registry)
    unread = [Reading(Source(n, Path(), ""), refused=rule) for n, line in enumerate(todo) if (rule := refused_unread(line))]
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


def _without_lost(chunks: list[Chunk]) -> dict[str, str]:
    """Take out the readings of what the archive lost: nothing is landed of them, so the next load tries again. Gives hash → what is wrong."""
    lost = {r.source.content_hash: r.lost for chunk in chunks for r in chunk.readings if r.lost}
    for chunk in chunks if lost else ():
        chunk.readings = [r for r in chunk.readings if not r.lost]
    return lost


def _old_verdicts(home: Home, contract: str) -> pl.DataFrame:
    """Verdicts under the contract before this one, where they still lie there and can be read: earlier versions' lay in clear."""
    if home.landing.exists() and (old := landing.in_force(home)) != contract:
        try:
            return landing.landed(home, old, "submissions").select("submission_key", verdict_before="verdict_code")
        except Damaged:
            pass  # they would only be told of, and the landing of a contract that is no longer in force goes with this load
    return pl.DataFrame(schema={"submission_key": pl.String, "verdict_before": pl.String})


def _read_otherwise(home: Home, load: Load) -> pl.DataFrame:
    """Submissions that were read by another meaning of their form, or of their sender's headers, than the city confirms now."""
    forms = landing.landed(home, load.contract, "forms").select("submission_key", "form_code", "meaning").unique(maintain_order=True)
    read = landing.landed(home, load.contract, "submissions").join(forms, on="submission_key")
    layout = taught_layout(home, load.registry)
    if not (layout.forms or layout.own or (read["meaning"] != "").any()):
        return read.clear()
    now = [layout.meaning(code, sender) for code, sender in read.select("form_code", "sender_code").iter_rows()]
    return read.filter(pl.Series(now, dtype=pl.String) != pl.col("meaning"))


def give_back() -> None:
    """Let the system have the memory that is free again: dbt needs it next, in this process, and glibc keeps it."""
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
