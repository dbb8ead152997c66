"""Every table that lands, and what dbt reads beside them: columns and types, and what one row of each is.

What does not belong here: the columns of datasets (schemas), and how any of it is written, read or merged (landing.py).
"""

from typing import Any

import polars as pl

from pipeline.frames import COUNTS, FINDINGS, HEIRS
from pipeline.schemas import SCHEMAS
from pipeline.schemas.landed import landed_columns

SUBMISSIONS = {
    "submission_key": pl.String,
    "dataset_code": pl.String,
    "period": pl.String,
    "sender_code": pl.String,
    "content_hash": pl.String,
    "verdict_code": pl.String,
    "refusal_rule_code": pl.String,
    "is_nil": pl.Boolean,
    "rows_read": pl.Int64,
    "rows_accepted": pl.Int64,
    "rows_set_aside": pl.Int64,
}
# `finding_no` is within its submission: by it whoever reads dbt's findings finds the value that stood there.
LANDED_FINDINGS: dict[str, Any] = {"submission_key": pl.String, "finding_no": pl.Int32} | FINDINGS | {"cell": pl.String}
# Without a row where a column stands; with one where that row's value stands, of a column that is read from several places.
LETTERS = {"submission_key": pl.String, "sheet": pl.String, "column_name": pl.String, "row_no": pl.Int32, "letter": pl.String}
SHEETS = {"submission_key": pl.String, "sheet": pl.String, "sheet_no": pl.Int32}  # a name stays; its number leaves
# The headers of a file's tables, and of its sheets that nobody knew, as forms (intake/forms.py): `columns` says how each was read, `meaning` by
# what the city had confirmed. Their texts may be anything: no table of them is ever opened for dbt.
FORMS: dict[str, Any] = {
    "submission_key": pl.String,
    "dataset_code": pl.String,
    "sheet": pl.String,
    "first_row": pl.Int32,  # where the list begins
    "form_code": pl.String,
    "columns": pl.String,
    "guessed": pl.List(pl.Int32),  # positions taken for their likeness
    "aside": pl.List(pl.Int32),  # positions of columns that mean something, and were not read: of another period
    "assumed": pl.List(pl.String),  # columns that no column of the form holds: a title says them, or others
    "assumed_said": pl.List(pl.String),  # what each of them says, of several values the first ones
    "is_confirmed": pl.Boolean,
    "meaning": pl.String,
}
# Where a unit says that a column of a form was read wrongly: a proposal to the city, and used for nothing.
OBJECTIONS = {"submission_key": pl.String, "form_code": pl.String, "header": pl.String, "means": pl.String}
# What units answer to questions and warnings; the words stay where they landed.
EXPLANATIONS = {"submission_key": pl.String, "explanation_key": pl.String, "explanation": pl.String}
# Rows set aside, as they were read (`cells`, for people), and what of them the warehouse's rules must know: a unit that
# corrects what it is told should not be told of the same row again.
SET_ASIDE = {
    "submission_key": pl.String,
    "dataset_code": pl.String,
    "sheet": pl.String,
    "row_no": pl.Int32,
    "identity_key": pl.String,
    "unit": pl.String,
    "unit_marked": pl.String,
    "rating_system_code": pl.String,
    "period_type_code": pl.String,
    "period": pl.String,
    "decided_level_code": pl.String,
    "decided_on": pl.Date,
    "decided_on_precision_code": pl.String,
    "cells": pl.String,
}
# Registry, ledger and run as dbt reads them: made anew from the archive at every load.
CONTEXT: dict[str, dict[str, Any]] = {
    "units": {
        "unit_id": pl.String,
        "unit_code": pl.String,
        "unit_name": pl.String,
        "unit_type_code": pl.String,
        "parent_unit_id": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
        "unit_code_fold": pl.String,
        "unit_name_fold": pl.String,
        "unit_name_marked": pl.String,
    },
    "heirs": HEIRS,
    "calendar": {"dataset_code": pl.String, "unit_type_code": pl.String, "period": pl.String, "due_on": pl.Date},
    "withdrawals": {"period": pl.String, "unit_code": pl.String, "dataset_code": pl.String, "withdrawn_on": pl.Date},
    "confirmations": {"version_code": pl.String, "confirmed_on": pl.Date},
    "identities": {
        "sheet_no": pl.Int32,
        "row_no": pl.Int32,
        "identity_relation_code": pl.String,
        "one_side_code": pl.String,
        "other_side_code": pl.String,
        "confirmed_on": pl.Date,
        "one_side_key": pl.String,
        "other_side_key": pl.String,
    },
    "identity_sides": {
        "side_key": pl.String,
        "group_key": pl.String,
        "side_code": pl.String,
        "identity_key": pl.String,
        "party_card_key": pl.String,
        "staff_key": pl.String,
        "full_name_key": pl.Int64,
        "full_name_letters_key": pl.Int64,
        "birth_date_key": pl.Int64,
        "birth_date_year_key": pl.Int64,
        "unit_code_fold": pl.String,
    },
    "catalogues": {
        "catalogue": pl.String,
        "word_key": pl.String,
        "item_key": pl.String,
        "item_code": pl.String,
        "item_name": pl.String,
        "belongs_to": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
    },
    "periods": {
        "period": pl.String,
        "period_type_code": pl.String,
        "year": pl.Int32,
        "period_from": pl.Date,
        "period_to": pl.Date,
    },
    "ledger": {
        "load_id": pl.Int32,
        "line_no": pl.Int32,
        "path": pl.String,
        "period": pl.String,
        "sender_code": pl.String,
        "content_hash": pl.String,
        "seen_at": pl.Datetime("us"),
    },
    "loads": {
        "load_id": pl.Int32,
        "as_of": pl.Date,
        "contract": pl.String,
        "registry_hash": pl.String,
        "started_at": pl.Datetime("us"),
    },
    "run": {"load_id": pl.Int32, "as_of": pl.Date, "contract": pl.String, "table_key": pl.String},
}

READ_BY_DBT = (*SCHEMAS, "submissions", "findings", "rule_counts", "set_aside", "letters", "sheets", "explanations")
WORDS = {"value_found", "cells", "explanation"}  # values of faulty cells, rows set aside and the words of units are never opened for it

# what dbt reads besides the rows of datasets
SAYS = {
    "submissions": "Submissions, with the verdict that one file shows. One row per period × sender × dataset × content.",
    "findings": "What files and rows show alone; never the value found. One row per finding.",
    "rule_counts": "How often rules of rows were asked. One row per submission × rule × version.",
    "set_aside": "Rows set aside, as far as rules of the warehouse must know them; never their cells. One row per submission × sheet × row.",
    "letters": "Where a column stands on a sheet, and rows whose value stands elsewhere. One row per submission × sheet × column, and × such row.",
    "sheets": "Which sheet of its file each name is. One row per submission × named sheet.",
    "explanations": "Which questions and warnings a unit gave a reason for; never the reason. One row per submission × explanation key.",
    "units": "The registry. One row per unit × stretch.",
    "heirs": "Whom a unit's former names lead to: itself, then whoever took over. One row per unit × such unit.",
    "calendar": "What is owed. One row per dataset × unit type × period.",
    "withdrawals": "What the city withdrew. One row per withdrawal.",
    "confirmations": "Versions of laws that the city has read where they are written. One row per version.",
    "identities": "What the city confirmed of two, whether they are one person. One row per line of registry/identities with a day.",
    "identity_sides": "By what the city says whom it means, by keys as lists land, and with whom it says that one is (group_key). One row per side.",
    "catalogues": "What the city's catalogues call things, by keys: a word that a unit writes is found here. One row per catalogue × word.",
    "periods": "Years and quarters. One row per period.",
    "ledger": "Every change of a path's bytes. One row per ledger line.",
    "loads": "Every load. One row per load.",
    "run": "This load, its day, and the city's key for tables. One row.",
}

# read by people and by the next load, never by dbt
FILES = {"path": pl.String, "content_hash": pl.String}
# Whose the keys of landed rows are: for the city's own people.
WHOSE = {
    "submission_key": pl.String,
    "identity_key": pl.String,
    "full_name_key": pl.Int64,
    "full_name_letters_key": pl.Int64,
    "birth_date_key": pl.Int64,
    "identity_number": pl.String,
    "full_name": pl.String,
    "birth_date": pl.Date,
    "birth_date_precision_code": pl.String,
}
# What units call things that a catalogue of the city may know: the words, for the city's own people, and the keys by which dbt knows them.
CALLED = {
    "submission_key": pl.String,
    "catalogue": pl.String,
    "word_key": pl.String,
    "word": pl.String,
    "row_count": pl.Int64,
}


def tables() -> dict[str, dict[str, Any]]:
    """Every landed table with its columns and types; the Arrow schema comes from here, never from the data."""
    datasets = {name: landed_columns(schema) for name, schema in SCHEMAS.items()}
    return datasets | {
        "submissions": SUBMISSIONS,
        "findings": LANDED_FINDINGS,
        "rule_counts": COUNTS,
        "set_aside": SET_ASIDE,
        "letters": LETTERS,
        "sheets": SHEETS,
        "explanations": EXPLANATIONS,
        "forms": FORMS,
        "objections": OBJECTIONS,
        "files": FILES,
        "identities": WHOSE,
        "catalogue_words": CALLED,
    }
