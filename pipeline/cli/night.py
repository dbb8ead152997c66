"""A night run here: Dagster's job in this process, in the history that Dagster's pages show; and what failed in it, in sentences.

What does not belong here: whether there is anything to do (gate.py), the steps (assets.py), and what a load brought (load.py).
"""

import dataclasses
from typing import TYPE_CHECKING

import typer

from pipeline import gate
from pipeline.cli.words import log, stop
from pipeline.paths import Home

if TYPE_CHECKING:
    from dagster import DagsterEvent

NOTHING_SAID = gate.Answers()


def busy() -> typer.Exit:
    """What a command says, and ends with, where another process is at a load."""
    return stop("Another load is running; this one stops. Nothing was changed.")


def run_nightly(home: Home, look: gate.Gate, answers: gate.Answers = NOTHING_SAID) -> list[str]:
    """Run Dagster's job here; returns what failed, in sentences. Its history is the one that `make dev` shows."""
    from pipeline import nightly

    with nightly.night(home, busy):
        nightly.read_ahead(home, look)
        from dagster import DagsterInstance

        from pipeline import history
        from pipeline.definitions import build_defs
        from pipeline.warehouse.transform import BuildFailed

        history.prepare(home)
        with history.quick_sqlite(), DagsterInstance.from_config(str(home.dagster)) as instance:
            try:
                job = build_defs(home).resolve_job_def("nightly")
            except BuildFailed as error:
                return [str(error)]
            said = dataclasses.asdict(answers) | {"as_of": answers.as_of.isoformat() if answers.as_of else ""}
            result = job.execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}, "resources": {"answers": {"config": said}}},
            )
    seconds = {e.step_key: e.step_success_data.duration_ms / 1000 for e in result.all_events if e.is_step_success and e.step_key}
    log.info("seconds by step: %s", ", ".join(f"{step} {s:.1f}" for step, s in seconds.items()))
    if result.success:
        return []
    failures = [e for e in result.all_events if e.is_failure and e.step_key]
    return [f"{e.step_key}: {_words(e)}" for e in failures] or ["the run did not start"]


def _words(event: "DagsterEvent") -> str:
    data = event.event_specific_data
    failure = getattr(data, "user_failure_data", None)
    if failure and failure.description:
        return str(failure.description)
    error = getattr(data, "error", None)
    return str(error.message).strip() if error else event.message or ""
