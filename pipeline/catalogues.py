"""What units call things that are no people (courses, schools), and the city's catalogues do not know yet: counted, and proposed for a place.

What does not belong here: deciding; the city writes a word beside the thing that it means (`registry/programmes`, `providers`), and the next load finds
it in rows of any year.
"""

import polars as pl

from pipeline import landing, people
from pipeline.intake.headers import nearest
from pipeline.paths import Home
from pipeline.sealed import load_key


def unplaced(home: Home, known: pl.DataFrame, submission_keys: list[str]) -> pl.DataFrame:
    """Words of some submissions that no catalogue knows, the most frequent first: `catalogue`, `word`, `row_count`, `unit_count`, and of the nearest
    thing `item_code`, `item_name`, null where none is near. `known`: what the registry calls things (`Registry.catalogue_words`)."""
    contract, key = landing.in_force(home), load_key(home)
    placed = known.select("catalogue", word_key=people.keyed(known["word"], key))
    sent = landing.landed(home, contract, "submissions").select("submission_key", "sender_code")
    found = (
        landing.landed(home, contract, "catalogue_words")
        .filter(pl.col("submission_key").is_in(submission_keys))
        .join(placed, on=["catalogue", "word_key"], how="anti")
        .join(sent, on="submission_key")
        .sort("word")  # of two spellings that are compared as one the first stands for both
        .group_by("catalogue", "word_key", maintain_order=True)
        .agg(pl.col("word").first(), pl.col("row_count").sum(), unit_count=pl.col("sender_code").n_unique())
        .sort("catalogue", -pl.col("row_count"), "word")
    )
    near = [_nearest(word, known.filter(catalogue=catalogue)) for catalogue, word in found.select("catalogue", "word").iter_rows()]
    codes = pl.Series("item_code", near, dtype=pl.String)
    names = known.select("catalogue", "item_code", "item_name").unique(["catalogue", "item_code"])
    return found.drop("word_key").with_columns(codes).join(names, on=["catalogue", "item_code"], how="left", maintain_order="left")


def _nearest(word: str, known: pl.DataFrame) -> str | None:
    found = nearest(word, dict(known.select("word", "item_code").iter_rows())) if known.height else None
    return found[0] if found else None
