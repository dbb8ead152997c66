"""The workbooks of an answer: which of a unit's files go back, and the processes that mark them.

What does not belong here: how a workbook is marked (returned/).
"""

import logging
import os
from collections import defaultdict
from concurrent.futures import Future
from multiprocessing import get_context
from pathlib import Path

import pebble

from pipeline.answers.read_as import are_shown, as_held, read_columns
from pipeline.answers.receipts.faults import fault
from pipeline.answers.receipts.gathered import Answer, Row
from pipeline.answers.receipts.outbox import short
from pipeline.answers.receipts.restricted import Details
from pipeline.answers.returned.job import Became, Job
from pipeline.answers.returned.workbook import give_back
from pipeline.intake.workers import fall_silent
from pipeline.ledger.archive import blob
from pipeline.paths import private

log = logging.getLogger("pipeline")

PATIENCE = 120  # seconds for one workbook; then its summary goes alone
PER_WORKER = 8  # so many workbooks are worth another process


def jobs_of(answer: Answer, details: Details, part: Path) -> list[Job]:
    """The files to give back: all whose cells could be read."""
    files: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for s in answer.submissions:
        files[s["path"], s["content_hash"]].append(s)
    jobs, taken = [], set()
    for (path, content_hash), submissions in files.items():
        keys = [s["submission_key"] for s in submissions]
        found = [f for f in answer.findings if f["submission_key"] in keys]
        changes = [c for k in keys for _, c in details.changes.get(k, ())]
        was_read = any(s["rows_read"] or s["is_nil"] for s in submissions) or any(f["sheet"] for f in found)
        if not was_read:
            continue
        name = short(path.rsplit("/", 1)[-1])
        new = f"{Path(name).stem}.xlsx"
        new = new if new.lower() not in taken else f"{name}.xlsx"
        taken.add(new.lower())
        faults = tuple(fault(f, details) for f in found)
        reasons = {f["explanation_key"]: r for f in found if (r := details.reasons.get((f["submission_key"], f["explanation_key"])))}
        place = blob(details.home, content_hash, details.seal)
        forms = [form for k in keys for form in details.forms.get(k, ())]
        columns = tuple(as_held(read_columns(forms), [(f.rule, f.sheet, f.cell) for f in faults]))
        columns = columns if are_shown(columns, (f.rule for f in faults)) else ()
        jobs.append(Job(place, name, part / new, faults, tuple(changes), reasons, content_hash, details.seal, columns))
    return jobs


class Workers:
    """Processes that mark workbooks: one that dies or takes too long loses its one workbook."""

    def __init__(self, jobs: int, workers: int | None):
        count = workers or min(os.cpu_count() or 1, 8, -(-jobs // PER_WORKER))
        # spawn: a fork of a process in which polars has threads can hang
        self.pool = pebble.ProcessPool(count, initializer=fall_silent, context=get_context("spawn")) if jobs else None

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *error: object) -> None:
        if self.pool:
            self.pool.stop() if error[0] else self.pool.close()
            self.pool.join()

    def give_back(self, job: Job) -> Future[Became]:
        """Begin with a workbook as soon as a process is free."""
        assert self.pool  # there is one where there are jobs
        private(job.target.parent)
        return self.pool.schedule(give_back, args=(job,), timeout=PATIENCE)


def came(job: Job, future: Future[Became]) -> bool:
    """Whether the workbook was written. Whatever a unit's file did to its worker, its summary still goes, and everybody else's answer."""
    try:
        future.result()
    except Exception as error:  # its text may quote a cell: only its name is logged
        log.warning("a workbook could not be given back: %s", type(error).__name__)
        job.target.unlink(missing_ok=True)
        return False
    return True
