"""One night's work up to what dbt builds, step by step, as plain functions: check the registry, record, read, judge. Dagster's assets call them; so
do tests.

Whoever wants a step finds it here; each stands in a module of its own. What does not belong here: Dagster, words for people, dbt, and how any one
step is done.
"""

from pipeline.nightly.batches import Landed, Progress, judge_new
from pipeline.nightly.context import write_context
from pipeline.nightly.night import night
from pipeline.nightly.one_file import Explained, Judgement, check_file, explain_file, judge_file
from pipeline.nightly.reading import read_ahead
from pipeline.nightly.recording import DayInDoubt, open_load
from pipeline.nightly.registry import check_registry, confirmed_laws, taught_layout

__all__ = [
    "DayInDoubt",
    "Explained",
    "Judgement",
    "Landed",
    "Progress",
    "check_file",
    "check_registry",
    "confirmed_laws",
    "explain_file",
    "judge_file",
    "judge_new",
    "night",
    "open_load",
    "read_ahead",
    "taught_layout",
    "write_context",
]
