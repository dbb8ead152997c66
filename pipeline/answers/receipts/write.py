"""Answers: after each load, what every unit gets back into `restricted/outbox/<period>/<unit code>/`, where anything changed for it.

What does not belong here: what there is to say (gathered.py), how it is shown, and any judgement: all of it was made before.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from pipeline.answers.receipts.gathered import gather
from pipeline.answers.receipts.outbox import FINGERPRINT, SUMMARY, heal, last_fingerprint, part_of, switch
from pipeline.answers.receipts.page import page
from pipeline.answers.receipts.restricted import Details
from pipeline.answers.receipts.workbooks import Workers, came, jobs_of
from pipeline.ledger import lookups
from pipeline.ledger.records import Load
from pipeline.paths import Home, private
from pipeline.whole import write_whole

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Written:
    """What a load answered; nothing of what it said."""

    load_id: int
    units: int
    workbooks: int
    failed: int
    seconds: float


def write_receipts(
    home: Home,
    load: Load,
    *,
    everything: bool = False,
    only: str | None = None,
    workers: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Written:
    """Answer each unit for which anything changed since its last answer; `everything` answers all of them again, `only` one.

    A folder is made beside the old one and takes its place: a kill leaves one, the other, or for a moment none. Repeated, it gives the same.
    From its beginning to its end units count as not answered: what a kill left is finished by the next load.
    """
    began = time.perf_counter()
    private(home.restricted)
    private(home.outbox)
    before = home.answered.read_bytes() if home.answered.exists() else None
    home.answered.unlink(missing_ok=True)
    heal(home)
    answers, titles = gather(home)
    changed = {
        unit: answer
        for unit, answer in answers.items()
        if only in (None, unit[1]) and (everything or last_fingerprint(home, unit) != answer.fingerprint)
    }
    if changed:
        lookups.note(home, "receipts", load=load.load_id, units=len(changed), unit=only, where=str(home.outbox))
    details = Details(home, load, changed.values())
    jobs = {unit: jobs_of(answer, details, part_of(home, unit)) for unit, answer in changed.items()}
    workbooks = failed = 0
    with Workers(sum(map(len, jobs.values())), workers) as pool:
        waiting = {unit: [(job, pool.give_back(job)) for job in todo] for unit, todo in jobs.items()}
        for done, (unit, answer) in enumerate(changed.items(), start=1):
            part = private(part_of(home, unit))
            lost, became = [], {}
            for job, future in waiting.pop(unit):
                if came(job, future):
                    became[job.target.name] = future.result()
                else:
                    lost.append(job.name)
            failed += len(lost)
            workbooks += len(jobs[unit]) - len(lost)
            (part / SUMMARY).write_text(page(answer, details, titles, jobs[unit], lost, became), "utf-8")
            (part / FINGERPRINT).write_text(answer.fingerprint)
            switch(home, unit)
            progress(done, len(changed))
    written = Written(load.load_id, len(changed), workbooks, failed, round(time.perf_counter() - began, 1))
    if only is None:
        write_whole(home.answered, json.dumps(asdict(written)))
    elif before is not None:  # all others stand as they were answered
        write_whole(home.answered, before.decode())
    return written
