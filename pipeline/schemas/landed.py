"""What lands of a dataset: which columns, and how words that may name somebody become keys and shapes.

What does not belong here: keys themselves (pipeline.warehouse.people), and tables that are no dataset's (pipeline.warehouse.landing).
"""

from functools import cache
from typing import Any

import pandera.polars as pa
import polars as pl

from pipeline import codes
from pipeline.schemas.columns import own_columns
from pipeline.schemas.kinds import DATE, Meta, marked_name, meta


def landed_columns(schema: pa.DataFrameSchema) -> dict[str, Any]:
    """What lands, with types: no restricted column; identities and free text that make a key land as that key.

    Names and restricted days land as keys too, for holding two rows of one identity number against each other (decision 0014).
    """
    landed: dict[str, Any] = {"submission_key": pl.String, "sheet": pl.String, "row_no": pl.Int32}
    for name, col in own_columns(schema).items():
        info = meta(col)
        if keys := compared_keys(name, info):
            landed |= dict.fromkeys(keys, pl.Int64)
        elif info.kind.is_keyed or not info.restricted:
            landed |= info.kind.landed(name)
    return landed


def letters_and_marks(name: str) -> tuple[pl.Expr, pl.Expr]:
    """A unit's word (`names_and_numbers.read_unit`) as it lands.

    >>> pl.DataFrame({"unit": ["ap hoa|ấp hòa", "q01 001", None]}).select(letters_and_marks("unit")).rows()
    [('ap hoa', 'ap hoa|ấp hòa'), ('q01 001', None), (None, None)]
    """
    word = pl.col(name)
    return word.str.extract(r"\A([^|]*)"), pl.when(word.str.contains("|", literal=True)).then(word).alias(marked_name(name))


@cache
def _official_shape(name: str) -> str:
    """12-QĐ/TU, 123/QĐ-UBND, 12/2021/QĐ-UBND, 05-QĐ/UBKT.2021: a number, a year, a kind and a body of the lists. A case's may be 12/2021 or 2021-003
    too; of a decision that could be a joining month."""
    kind, body = (
        "|".join(sorted((s for c in codes.code_lists()[name] for s in (c.code, *c.aliases)), key=lambda s: (-len(s), s)))
        for name in ("decision_kind", "issuing_body")
    )
    year = "((?:19|20)[0-9]{2})"
    of_case = rf"|[0-9]{{1,3}}[-/]{year}|{year}[-/][0-9]{{1,3}}" if name == "case_no" else ""
    return rf"\A(?:[0-9]{{1,5}}[a-zA-Z]?[-/](?:{year}[-/])?(?:{kind})[-/](?:{body}){{1,2}}(?:[-/.]{year})?{of_case})\z"


def official(name: str) -> pl.Expr:
    """A decision's or a case's number where it has its official shape, else unknown.

    A year in it lies less than 14 years before the folder's: nobody on a list of ours was born in one (COME_BY).

    >>> numbers = ["12-QĐ/TU", "123/QĐ-UBND", "12/2021/QĐ-UBND", "092.080.000.001", "12-QĐ/NguyenVanAn", "03/1985", "05/2015", "2021-003"]
    >>> both = pl.DataFrame({"decision_no": numbers, "case_no": numbers, "folder_year": 2021}).select(official("decision_no"), official("case_no"))
    >>> both["decision_no"].to_list()
    ['12-QĐ/TU', '123/QĐ-UBND', '12/2021/QĐ-UBND', None, None, None, None, None]
    >>> both["case_no"].to_list()[3:]
    [None, None, None, '05/2015', '2021-003']
    """
    text, shape = pl.col(name), _official_shape(name)
    dated = pl.when(text.str.contains("(?:19|20)[0-9]{2}")).then(text)  # to take groups out is dear, and most numbers hold no year
    years = dated.str.extract_groups(shape).struct.unnest()
    year = pl.concat_list(years).list.drop_nulls().list.first().cast(pl.Int32)
    is_nobodys = year.is_null() | year.is_between(pl.col("folder_year") - 13, pl.col("folder_year") + 2)
    return pl.when(text.str.contains(shape) & is_nobodys).then(text)


def compared_keys(name: str, info: Meta) -> tuple[str, str] | None:
    """The two keys by which two rows of one person are held against each other: a name's words and letters, a day and its year."""
    if info.is_name:
        return f"{name}_key", f"{name}_letters_key"
    return (f"{name}_key", f"{name}_year_key") if info.kind is DATE and info.restricted else None
