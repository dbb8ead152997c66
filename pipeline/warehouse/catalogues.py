"""What units call things that are no people (courses, schools, posts) and each other, and the city's own lists do not know yet; and words in columns of codes
that no code list knows: counted, each with what is most like it.

What does not belong here: deciding; the city writes a word beside the thing that it means (`registry/programmes`, `providers`, `posts`), and the next load finds
it in rows of any year.
"""

from collections import Counter, defaultdict
from functools import partial

import polars as pl

from pipeline.codes import fold, labels, meaning_of, spellings
from pipeline.frames import UNKNOWN_CODES, UNKNOWN_UNITS, UNPLACED
from pipeline.intake.likeness import nearest
from pipeline.ledger.sealed import load_key
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.kinds import OF_A_LIST, Column, meta
from pipeline.schemas.registry import CATALOGUES
from pipeline.values import read_words
from pipeline.warehouse import landing, people
from pipeline.warehouse.publish import Database


def unplaced(home: Home, catalogue: str, known: pl.DataFrame, submission_keys: list[str]) -> pl.DataFrame:
    """Words of some submissions that a catalogue does not know (UNPLACED): those that mean no group first, then the most frequent. `known`: what
    the registry calls things (CATALOGUE_WORDS)."""
    groups = meta(CATALOGUES[catalogue].columns["belongs_to"]).codes
    words = known.filter(catalogue=catalogue)["word"]
    sent = landing.landed(home, landing.in_force(home), "submissions").select("submission_key", "sender_code")
    found = (
        landing.landed(home, landing.in_force(home), "catalogue_words")
        .filter(pl.col("submission_key").is_in(submission_keys), ~pl.col("word_key").is_in(people.keyed(words, load_key(home)).implode()))
        .filter(catalogue=catalogue)
        .join(sent, on="submission_key")
        .sort("word")  # of two spellings that are compared as one the first stands for both
        .group_by("word_key", maintain_order=True)
        .agg(pl.col("word").first(), pl.col("row_count").sum(), unit_count=pl.col("sender_code").n_unique())
        .with_columns(
            group=pl.col("word").map_elements(partial(meaning_of, groups), return_dtype=pl.String) if groups else pl.lit(None, pl.String)
        )
        .sort(pl.col("group").is_not_null(), -pl.col("row_count"), "word")
        .drop("word_key")
    )
    return UNPLACED.hold(found)


FEW = 20  # of those that share most words with one: a name that shares none is not near


def nearest_things(words: list[str], catalogue: str, known: pl.DataFrame) -> list[tuple[str, str] | None]:
    """For each word the code and the name of the thing that is called most like it, or None."""
    own = known.filter(catalogue=catalogue)
    names = dict(own.select("item_code", "item_name").iter_rows())
    codes = dict(own.select("word", "item_code").iter_rows())
    having: dict[str, list[str]] = defaultdict(list)
    for word in codes:
        for part in set(fold(word).split()):
            having[part].append(word)

    def of(word: str) -> tuple[str, str] | None:
        shared = Counter(other for part in set(fold(word).split()) for other in having[part])
        found = nearest(word, {other: codes[other] for other, _ in shared.most_common(FEW)}) if shared else None
        return (found[0], names[found[0]]) if found else None

    return list(map(of, words))


def unknown_units(home: Home, db: Database) -> pl.DataFrame:
    """Words for units that the registry does not know, in lists that count (UNKNOWN_UNITS): by sender, the most frequent first."""
    row = ["submission_key", "sheet", "row_no"]
    told = db.execute(
        "SELECT submission_key, sheet, row_no, sender_code, nearest_units FROM restricted.whole.findings WHERE rule_code = 'unit_known' AND is_current"
    ).pl()
    landed = (landing.landed(home, landing.in_force(home), table).select(*row, "unit") for table in (*SCHEMAS, "set_aside"))
    found = (
        told.join(pl.concat(landed), on=row, how="left", nulls_equal=True)
        .group_by("sender_code", word="unit")
        .agg(pl.len().alias("row_count"), pl.col("nearest_units").min())
        .sort("row_count", "sender_code", "word", descending=[True, False, False])
    )
    return UNKNOWN_UNITS.hold(found.select(list(UNKNOWN_UNITS)))


def columns_of_codes() -> dict[str, Column]:
    """Every column whose cells are codes of a list, by its name, which means the same in every dataset."""
    return {name: col for schema in SCHEMAS.values() for name, col in own_columns(schema).items() if meta(col).kind.rule == OF_A_LIST[0]}


def unknown_codes(home: Home, submission_keys: list[str]) -> pl.DataFrame:
    """Words of some submissions that the code list of their column does not know (UNKNOWN_CODES): by column, the most frequent first."""
    sent = landing.landed(home, landing.in_force(home), "submissions").select("submission_key", "sender_code")
    found = (
        landing.landed(home, landing.in_force(home), "findings")
        .filter(pl.col("submission_key").is_in(submission_keys), rule_code=OF_A_LIST[0])
        .rename({"value_found": "word"})
        .with_columns(folded=pl.col("word").map_elements(lambda text: fold(read_words(text) or "") or None, return_dtype=pl.String))
        .filter(pl.col("folded").is_not_null())  # a formula's error is no word
        .join(sent, on="submission_key")
        .sort("word")  # of two spellings that are compared as one the first stands for both
        .group_by("column_name", "folded", maintain_order=True)
        .agg(pl.col("word").first(), pl.len().alias("row_count"), unit_count=pl.col("sender_code").n_unique())
        .sort("column_name", "row_count", "word", descending=[False, True, False])
    )
    return UNKNOWN_CODES.hold(found.select(list(UNKNOWN_CODES)))


def nearest_code(word: str, code_list: str) -> tuple[str, str] | None:
    """The code of a list, with its label, a spelling of which is most like a word; None where none is near.

    >>> nearest_code("Thạc sĩe", "education"), nearest_code("Nguyễn Văn An", "education")
    (('MASTER', 'Thạc sĩ'), None)
    """
    found = nearest(word, dict(spellings(code_list)))
    return (found[0], labels(code_list)[found[0]]) if found else None
