"""What the reader must know of the datasets to find their tables, and what the city confirmed of units' own headers and forms.

What does not belong here: reading, and judging what was read.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from pipeline.codes import code_lists, code_of, fold, labels, spellings, written
from pipeline.intake.layout import BELOW, Flag, Form, FormColumn, Headers, Layout, Part
from pipeline.intake.level_headers import time_of
from pipeline.intake.readings import position_of
from pipeline.intake.rows import plain
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card as card_of
from pipeline.schemas.columns import DISCIPLINE_FORMS, RATING_LEVELS, Schema, own_columns
from pipeline.schemas.files import LISTS_SHEET, LOOKUP_SHEET
from pipeline.schemas.kinds import DATE, IDENTITY, NUMBER, Meta, meta
from pipeline.spoken_lists import Spoken
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
        spoken=spoken(schemas),
        besides={name: _columns(schema, lambda info: info.is_besides) for name, schema in schemas.items()},
        lesser={name: {fold(h): c for c, col in own_columns(schema).items() for h in meta(col).lesser} for name, schema in schemas.items()},
        needed={name: _columns(schema, lambda info: info.required) for name, schema in schemas.items()},
    )


def spoken(schemas: dict[str, Schema]) -> dict[str, Spoken]:
    """By which words offices tell of each dataset; files of the registry have no such words."""
    return {name: of.spoken for name, schema in schemas.items() if (of := card_of(schema))}


def _unlike(schemas: dict[str, Schema]) -> frozenset[str]:
    """Words of the code lists that are a header only without their marks: "nam" is no "năm"."""
    headers = {h for schema in schemas.values() for col in own_columns(schema).values() for h in (col.title, *meta(col).aliases)}
    written, folded = set(map(plain, headers)), set(map(fold, headers))
    labels = {plain(code.label_vi) for codes in code_lists().values() for code in codes}
    return frozenset(label for label in labels - written if fold(label) in folded)


def _columns(schema: Schema, wanted: Callable[[Meta], bool]) -> frozenset[str]:
    return frozenset(c for c, col in own_columns(schema).items() if wanted(meta(col)))


# ── what the city confirmed ──────────────────────────────────────────────────────────────────────────────────────


def with_confirmed(layout: Layout, forms: pl.DataFrame) -> Layout:
    """A layout that knows the lines of registry/forms that bear a day: units' own headers, and forms."""
    own: dict[str, dict[str, dict[str, str]]] = {}
    of_form: dict[str, list[dict[str, Any]]] = {}
    for row in forms.filter(pl.col("confirmed_on").is_not_null()).iter_rows(named=True):
        if row["form_code"]:
            of_form.setdefault(row["form_code"], []).append(row)
        else:
            column = meant_column(row["dataset_code"], row["means"]) or ""
            own.setdefault(row["unit_code"], {}).setdefault(row["dataset_code"], {})[fold(row["header"])] = column
    return replace(layout, own=own, forms={code: _form(rows) for code, rows in sorted(of_form.items())})


def _form(rows: list[dict[str, Any]]) -> Form:
    dataset = rows[0]["dataset_code"]
    columns = []
    for row in rows:
        means = meant_column(dataset, row["means"]) or ""
        codes = meta(own_columns(SCHEMAS[dataset])[means]).code_list if means else ""
        says, otherwise = (_label(codes, row[c]) or "" if means else "" for c in ("says", "otherwise"))
        columns.append(
            FormColumn(position_of(row["place"]) if row["place"] else 0, row["header"], means, Part(row["part_code"]), says, otherwise)
        )
    return Form(dataset, tuple(sorted(columns, key=lambda c: c.position)))


def _label(code_list: str, text: str | None) -> str | None:
    """The label of the code that a text is a spelling of."""
    code = code_of(code_list, text) if text else None
    return labels(code_list)[code] if code else None


TOGETHER = ((Part.FIRST, Part.LAST), (Part.MEN, Part.WOMEN), (Part.DAY, Part.MONTH, Part.YEAR))  # each says something with the others only


def form_problems(forms: pl.DataFrame) -> Iterator[tuple[dict[str, Any], str]]:
    """What is wrong with lines of registry/forms, each with its row. Nothing of a form is quoted: its headers are a unit's words."""
    seen: set[tuple[str, str]] = set()
    datasets: dict[str, str] = {}
    parts: dict[tuple[str, str, Part], int] = {}
    told: set[str] = set()
    rows = forms.to_dicts()
    for row in rows:
        means = meant_column(row["dataset_code"], row["means"])
        if means is None:
            yield row, f"“{row['means']}” is no column of {row['dataset_code']}."
        if not (code := row["form_code"]):
            continue
        if datasets.setdefault(code, row["dataset_code"]) != row["dataset_code"]:
            yield row, "one form is of one dataset."
        if (code, row["place"]) in seen:
            yield row, "this column of the form stands already in another line."
        seen.add((code, row["place"]))
        if means:
            part = Part(row["part_code"])
            codes = meta(own_columns(SCHEMAS[row["dataset_code"]])[means]).code_list
            for said in (row["says"], row["otherwise"]):
                if said and _label(codes, said) is None:
                    yield row, f"what a mark says is no code of {means}."
            if part in (Part.MARK, Part.FLAG) and meta(own_columns(SCHEMAS[row["dataset_code"]])[means]).codes is None:
                yield row, f"{means} has no codes to be marked."
            if part is Part.PERIOD and not time_of((row["header"] or "").rsplit(BELOW, 1)[-1]):
                yield row, "its header says no year, quarter or turn."
            if part is Part.NEXT and not parts.get((code, means, Part.WHOLE)):
                yield row, f"no column before it is {means}."
            if part in (Part.WHOLE, Part.FLAG) and parts.get((code, means, part)):
                yield row, f"{means} stands already in another column of the form; “{labels('form_part')['NEXT']}” says which goes first."
            parts[code, means, part] = parts.get((code, means, part), 0) + 1
    for row in rows:
        means, code = meant_column(row["dataset_code"], row["means"]), row["form_code"]
        group = next((of for of in TOGETHER if row["part_code"] in of), None)
        if (
            means
            and code
            and group
            and {p: parts.get((code, means, p)) for p in group} != dict.fromkeys(group, 1)
            and f"{code}{means}" not in told
        ):
            told.add(f"{code}{means}")
            yield row, f"{means} needs each of its {len(group)} columns, once."


def meant_column(dataset: str, words: str | None) -> str | None:
    """The column of a dataset that a title, an alias or an English name means; "" where nothing is named, None where it means none."""
    if not words:
        return ""
    folded = fold(words)
    for name, col in own_columns(SCHEMAS[dataset]).items():
        if folded in {fold(name), fold(col.title), *map(fold, meta(col).aliases)}:
            return name
    return None
