"""What the reader must know of the datasets to find their tables, and what the units' own headers mean.

What does not belong here: reading, and judging what was read.
"""

from collections.abc import Callable
from functools import partial

import polars as pl

from pipeline.codes import code_lists, fold, labels, spellings, written
from pipeline.intake.layout import Flag, Headers, Layout
from pipeline.intake.rows import plain
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card as card_of
from pipeline.schemas.columns import DISCIPLINE_FORMS, RATING_LEVELS, Schema, own_columns
from pipeline.schemas.files import LISTS_SHEET, LOOKUP_SHEET
from pipeline.schemas.kinds import DATE, IDENTITY, NUMBER, Meta, meta
from pipeline.values import read_number


def layout_of(schemas: dict[str, Schema]) -> Layout:
    """What the reader must know, from the schemas."""
    return Layout(
        marks={
            name: {
                c: {fold(s): code.label_vi for code in code_lists()[codes] for s in (code.label_vi, *code.aliases) if len(s) > 1}
                for c, col in sorted(own_columns(schema).items(), key=lambda item: not meta(item[1]).required)
                if (codes := meta(col).codes) in (RATING_LEVELS, DISCIPLINE_FORMS)
            }
            for name, schema in schemas.items()
        },
        anchors={
            name: _columns(schema, lambda info: info.kind is IDENTITY) or _columns(schema, lambda info: info.required or info.wanted)
            for name, schema in schemas.items()
        },
        person={name: _columns(schema, lambda info: info.kind is IDENTITY or info.is_name) for name, schema in schemas.items()},
        ditto={name: _columns(schema, lambda info: info.ditto) for name, schema in schemas.items()},
        dates={name: _columns(schema, lambda info: info.kind is DATE) for name, schema in schemas.items()},
        numbers={
            name: {
                c: partial(read_number, between=meta(col).between, units=meta(col).units)
                for c, col in own_columns(schema).items()
                if meta(col).kind is NUMBER
            }
            for name, schema in schemas.items()
        },
        names=dict(spellings("dataset")),
        ours=frozenset(map(fold, (LOOKUP_SHEET, LISTS_SHEET))),
        words={
            name: {c: frozenset(spellings(codes)) for c, col in own_columns(schema).items() if (codes := meta(col).codes)}
            for name, schema in schemas.items()
        },
        lists={
            name: {c: codes for c, col in own_columns(schema).items() if (codes := meta(col).codes)} for name, schema in schemas.items()
        },
        parts={
            name: {
                c: (frozenset(map(fold, first)), frozenset(map(fold, last)))
                for c, col in own_columns(schema).items()
                for first, last in [meta(col).parts]
                if first
            }
            for name, schema in schemas.items()
        },
        implied={
            name: {
                c: tuple((day, months, labels(codes)[code]) for day, months, code in meta(col).implied)
                for c, col in own_columns(schema).items()
                if (codes := meta(col).codes) and meta(col).implied
            }
            for name, schema in schemas.items()
        },
        until={name: {c: to for c, col in own_columns(schema).items() if (to := meta(col).until)} for name, schema in schemas.items()},
        behind={name: {c: of for c, col in own_columns(schema).items() if (of := meta(col).behind)} for name, schema in schemas.items()},
        people={name: _columns(schema, lambda info: info.is_name) for name, schema in schemas.items()},
        headers={
            name: Headers(
                {fold(h): c for c, col in own_columns(schema).items() for h in (col.title, *meta(col).aliases)},
                _unlike(schemas),
                {
                    written(h): Flag(c, labels(codes)[marked], otherwise and labels(codes)[otherwise])
                    for c, col in own_columns(schema).items()
                    if (codes := meta(col).code_list)
                    for h, marked, otherwise in meta(col).flags
                },
            )
            for name, schema in schemas.items()
        },
        required={name: _columns(schema, lambda info: info.required or info.wanted) for name, schema in schemas.items()},
        tells={name: frozenset(of.tells) for name, schema in schemas.items() if (of := card_of(schema))},
        needed={name: _columns(schema, lambda info: info.required) for name, schema in schemas.items()},
    )


def _unlike(schemas: dict[str, Schema]) -> frozenset[str]:
    """Words of the code lists that are a header only without their marks: "nam" is no "năm"."""
    headers = {h for schema in schemas.values() for col in own_columns(schema).values() for h in (col.title, *meta(col).aliases)}
    written, folded = set(map(plain, headers)), set(map(fold, headers))
    labels = {plain(code.label_vi) for codes in code_lists().values() for code in codes}
    return frozenset(label for label in labels - written if fold(label) in folded)


def _columns(schema: Schema, wanted: Callable[[Meta], bool]) -> frozenset[str]:
    return frozenset(c for c, col in own_columns(schema).items() if wanted(meta(col)))


# ── the units' own headers ───────────────────────────────────────────────────────────────────────────────────────


def own_headers(layouts: pl.DataFrame) -> dict[str, dict[str, dict[str, str]]]:
    """Sender → dataset → folded header → column, of what the city confirmed."""
    own: dict[str, dict[str, dict[str, str]]] = {}
    for row in layouts.filter(pl.col("confirmed_on").is_not_null()).iter_rows(named=True):
        column = meant_column(row["dataset_code"], row["means"]) or ""
        own.setdefault(row["unit_code"], {}).setdefault(row["dataset_code"], {})[fold(row["header"])] = column
    return own


def meant_column(dataset: str, words: str | None) -> str | None:
    """The column of a dataset that a title, an alias or an English name means; "" where nothing is named, None where it means none."""
    if not words:
        return ""
    folded = fold(words)
    for name, col in own_columns(SCHEMAS[dataset]).items():
        if folded in {fold(name), fold(col.title), *map(fold, meta(col).aliases)}:
            return name
    return None
