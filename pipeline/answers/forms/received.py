"""Forms of what the city has received, as they were read: which have columns that nobody knows, and what units say of them.

What does not belong here: proposing what they may mean (propose.py).
"""

from collections import defaultdict
from dataclasses import dataclass

import polars as pl

from pipeline.intake.forms import columns_of
from pipeline.ledger.records import read_loads
from pipeline.paths import Home
from pipeline.warehouse import landing


@dataclass(frozen=True)
class UnknownForm:
    """A form with columns that nobody knows, or of which a unit says that they were read wrongly."""

    code: str
    dataset: str | None
    files: int
    senders: int
    example: str  # period and sender of one of them
    unknown: list[str]  # headers
    objections: list[str]


def unknown_forms(home: Home) -> list[UnknownForm]:
    """The most used first. Of each form what its newest file shows."""
    contract = read_loads(home)[-1].contract
    about = landing.landed(home, contract, "submissions").select("submission_key", "period", "sender_code", "content_hash")
    forms = landing.landed(home, contract, "forms").filter(~pl.col("is_confirmed")).join(about, on="submission_key")
    said = landing.landed(home, contract, "objections").join(about.select("submission_key"), on="submission_key")
    objections: dict[str, dict[str, None]] = defaultdict(dict)
    for row in said.sort("form_code", "header", "means").iter_rows(named=True):
        objections[row["form_code"]][f"“{row['header']}” là “{row['means']}”"] = None
    found = []
    used = forms.group_by("form_code", "dataset_code").agg(
        pl.col("content_hash").n_unique().alias("files"),
        pl.col("sender_code").n_unique().alias("senders"),
        pl.col("columns", "period", "sender_code").sort_by("period", "sender_code", "content_hash").last(),
    )
    for row in used.sort("files", "form_code", descending=[True, False]).iter_rows(named=True):
        unknown = [c.header for c in columns_of(row["columns"]) if c.means is None]
        if unknown or row["form_code"] in objections:
            example = f"{row['period']}, {row['sender_code']}"
            found.append(
                UnknownForm(
                    row["form_code"], row["dataset_code"], row["files"], row["senders"], example, unknown, [*objections[row["form_code"]]]
                )
            )
    return found
