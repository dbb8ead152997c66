"""Frames that go from one room to another: which columns they have, of which types. Tests hold every frame to it as it passes (`Shape.are_asked`).

What does not belong here: what lands (warehouse/landing.py), and a dataset's own columns (schemas), which pandera holds.
"""

from typing import Any, ClassVar

import polars as pl


class NotOfItsShape(AssertionError):
    """Our own fault: a frame goes out with other columns than were said. The words name columns and types, never values."""


class Shape(dict[str, Any]):
    """Columns and their types. `with_more`: others may stand beside them, of text."""

    are_asked: ClassVar[bool] = False  # nobody pays for it in a load

    def __init__(self, columns: dict[str, Any], with_more: bool = False):
        super().__init__(columns)
        self.with_more = with_more

    def hold(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame itself. Raises NotOfItsShape where tests ask.

        >>> Shape.are_asked, before = True, Shape.are_asked
        >>> Shape({"row_no": pl.Int32}).hold(pl.DataFrame({"row_no": [1], "name": "Nguyễn Văn An"}))
        Traceback (most recent call last):
        pipeline.frames.NotOfItsShape: row_no is Int64 and not Int32; name is not said
        >>> Shape.are_asked = before
        """
        if self.are_asked and frame.schema != self:
            wrong = [
                f"{name} is {frame.schema.get(name, 'missing')} and not {kind}"
                for name, kind in self.items()
                if frame.schema.get(name) != kind
            ]
            more = [name for name, kind in frame.schema.items() if name not in self and not (self.with_more and kind == pl.String)]
            if wrong or more:
                raise NotOfItsShape("; ".join([*wrong, *(f"{name} is not said" for name in more)]))
        return frame


# A file's rows as they were read, of one dataset: where each stands, and a column of text for each that was found.
READ = Shape({"number": pl.Int32, "sheet": pl.String, "row_no": pl.Int32}, with_more=True)
# Rows that are about to be judged: whose they are, and for which period; the cells as text.
TO_JUDGE = Shape(
    {
        "submission_key": pl.String,
        "sheet": pl.String,
        "row_no": pl.Int32,
        "folder_period": pl.String,
        "folder_year": pl.Int32,
        "folder_from": pl.Date,
        "folder_to": pl.Date,
    },
    with_more=True,
)
# What is told of a row or a file; the value that stood there is for the restricted zone alone.
FINDINGS = Shape(
    {
        "submission_key": pl.String,
        "rule_code": pl.String,
        "version_code": pl.String,  # of a rule of law: the version that it was judged by
        "dataset_code": pl.String,
        "severity_code": pl.String,
        "sheet": pl.String,
        "row_no": pl.Int32,
        "column_name": pl.String,
        "says_vi": pl.String,
        "says_en": pl.String,
        "value_found": pl.String,
    }
)
# How often a rule was asked of a submission's rows.
COUNTS = Shape(
    {
        "submission_key": pl.String,
        "dataset_code": pl.String,
        "rule_code": pl.String,
        "version_code": pl.String,
        "asked_count": pl.Int64,
        "failed_count": pl.Int64,
        "not_asked_count": pl.Int64,  # rows that the rule speaks of, where what it needs to know is missing
        "not_applicable_count": pl.Int64,  # rows that it does not speak of
    }
)
# Columns that hold something else than their header says, and columns that a submission lacks.
OTHER = Shape({"submission_key": pl.String, "sheet": pl.String, "column_name": pl.String})
MISSING = Shape({"submission_key": pl.String, "column_name": pl.String})
# How the city calls things, a row per word, folded.
CATALOGUE_WORDS = Shape(
    {
        "catalogue": pl.String,
        "word": pl.String,
        "item_code": pl.String,
        "item_name": pl.String,
        "belongs_to": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
    }
)
# Words that a catalogue does not know, and the group that they mean.
UNPLACED = Shape({"word": pl.String, "row_count": pl.Int64, "unit_count": pl.UInt32, "group": pl.String})
# What the city says of two whether they are one person (`registry/identities`), as it was read; the value is for the restricted zone alone.
SIDE = {
    "side_code": pl.String,
    "value": pl.String,
    "marked": pl.String,  # of a name: its words, where it bears marks, and its letters, as names are compared
    "letters": pl.String,
    "birth_date": pl.Date,
    "precision_code": pl.String,
    "unit_code_fold": pl.String,
}
IDENTITIES = Shape(
    {"sheet": pl.String, "row_no": pl.Int32, "identity_relation_code": pl.String, "confirmed_on": pl.Date}
    | {f"{side}_{column}": kind for side in ("one", "other") for column, kind in SIDE.items()}
)
# Words for units that the registry does not know, by their bare letters, and names of units that are like them.
UNKNOWN_UNITS = Shape({"sender_code": pl.String, "word": pl.String, "row_count": pl.UInt32, "nearest_units": pl.String})
# Words in columns of codes that no code list knows, as the first of their spellings has them.
UNKNOWN_CODES = Shape({"column_name": pl.String, "word": pl.String, "row_count": pl.UInt32, "unit_count": pl.UInt32})
# Whom a unit's former names lead to: itself, and who took over from it, one after another.
HEIRS = Shape({"unit_id": pl.String, "heir_unit_id": pl.String, "step": pl.Int32})
