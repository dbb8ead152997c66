"""What Dagster runs: the assets, the job `nightly`, its schedule. What does not belong here: how anything is done."""

import dagster as dg

from pipeline import gate
from pipeline.assets import (
    LockedHome,
    OperatorAnswers,
    dbt_models,
    landing_assets,
    published_asset,
    receipts_asset,
    registry,
    submissions,
    surfaces_asset,
)
from pipeline.paths import Home
from pipeline.surfaces import due, notices


def build_defs(home: Home) -> dg.Definitions:
    """All definitions for one home; tests pass their own."""
    models = dbt_models(home)
    published = published_asset(models)
    shown = surfaces_asset(published)
    # one process: a step costs milliseconds, not a new interpreter; readers of many files bring their own workers
    nightly = dg.define_asset_job(
        "nightly",
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        description="Load what units sent; build; publish; answer units; write what else shows it.",
    )

    @dg.schedule(
        job=nightly,
        cron_schedule="0 1 * * *",
        execution_timezone="Asia/Ho_Chi_Minh",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every night at one; skips a night with nothing new.",
    )
    def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        look = gate.look(home)
        if look.closed and (behind := due.waiting(home)):
            return dg.RunRequest(asset_selection=[shown.key], tags={"reason": f"{', '.join(behind)} does not show what is published"})
        if look.closed and notices.waiting(home):
            return dg.RunRequest(asset_selection=[shown.key], tags={"reason": "a notice waits to be sent"})
        if look.closed:
            return dg.SkipReason("Nothing new: no file, no registry change, no due date passed.")
        return dg.RunRequest(tags={"reason": "; ".join(look.reasons) or "finishes an unpublished load"})

    return dg.Definitions(
        assets=[registry, submissions, landing_assets, models, published, receipts_asset(published), shown],
        jobs=[nightly],
        schedules=[every_night],
        resources={"locked": LockedHome(root=str(home.root)), "answers": OperatorAnswers()},
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster runs, for the home that the environment names."""
    return build_defs(Home.from_environment())
