"""The registry: read, check across rows, hand over. A registry that fails stops the load with its rows named.

What does not belong here: who sent what, and what a tree of units must be (unit_tree).
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl

from pipeline import law
from pipeline.codes import fold, parts_of
from pipeline.frames import CATALOGUE_WORDS, HEIRS
from pipeline.intake.files import read_chunk
from pipeline.intake.layout import Layout
from pipeline.intake.readings import Reading, Source
from pipeline.judging.identities import no_longer_said, read_identities
from pipeline.judging.layouts import form_problems, with_confirmed
from pipeline.judging.recount import hold_against_cells
from pipeline.judging.signers import signer_problems
from pipeline.judging.unit_tree import OPEN, line_of, row_named, successors_of, tree_problems
from pipeline.judging.validate import judge
from pipeline.ledger.archive import blob
from pipeline.ledger.find import FORMS, registry_name
from pipeline.ledger.sealed import seal_of
from pipeline.names_and_numbers import read_unit
from pipeline.paths import Home
from pipeline.schemas.columns import SYSTEM, Schema
from pipeline.schemas.files import FILE_RULES
from pipeline.schemas.kinds import meta
from pipeline.schemas.landed import letters_and_marks
from pipeline.schemas.registry import CATALOGUES, REGISTRY


class RegistryProblem(Exception):
    """The city's own registry is faulty; `rows` says where, one sentence each."""

    def __init__(self, rows: list[str]):
        super().__init__(f"The registry has {len(rows)} problem(s).")
        self.rows = rows


class RegistryShrank(RegistryProblem):
    """The registry lost what the one of the last load had: a file that was cut looks like a smaller city."""

    def __init__(self, rows: list[str], load_id: int):
        super().__init__(rows)
        self.args = (
            f"The registry lost something since load {load_id}, in {len(rows)} place(s). Units end by “Hiệu lực đến” and stay in the list. "
            "If all of it has gone on purpose: pipeline load --accept-registry. Nothing was changed.",
        )


@dataclass(frozen=True)
class Registry:
    """Checked frames: `units`, `calendar`, `withdrawals`, `forms`, `confirmations`, `identities` (IDENTITIES), `signers`, and a catalogue each: `programmes`,
    `providers`, `posts`."""

    units: pl.DataFrame
    calendar: pl.DataFrame
    withdrawals: pl.DataFrame
    forms: pl.DataFrame
    confirmations: pl.DataFrame
    identities: pl.DataFrame
    signers: pl.DataFrame
    programmes: pl.DataFrame
    providers: pl.DataFrame
    posts: pl.DataFrame

    def catalogue_words(self) -> pl.DataFrame:
        """How the city calls things, and may (CATALOGUE_WORDS)."""
        parts = [_words(name, getattr(self, name)) for name in CATALOGUES]
        return CATALOGUE_WORDS.hold(pl.concat(parts).unique(["catalogue", "word"], keep="first", maintain_order=True))

    def taught(self, layout: Layout) -> Layout:
        """A layout that also knows what the city confirmed of units' own headers and forms."""
        return with_confirmed(layout, self.forms)

    def heirs(self) -> pl.DataFrame:
        """Whom a unit's former names lead to, in their order: itself, its successor, the successor's (HEIRS)."""
        successors = successors_of(self.units.to_dicts())
        rows = [
            (unit, heir, step)
            for unit in self.units["unit_id"].unique(maintain_order=True)
            for step, heir in enumerate(line_of(unit, successors))
        ]
        return HEIRS.hold(pl.DataFrame(rows, schema=HEIRS, orient="row"))

    def confirmed(self) -> frozenset[str]:
        """Versions of laws that somebody has read where they are written."""
        return frozenset(self.confirmations["version_code"])

    def awaited(self) -> list[str]:
        """Days on which tables change although nothing arrives: the day after a due date, the day of a withdrawal."""
        due = self.calendar["due_on"].dt.offset_by("1d").to_list()
        return sorted({day.isoformat() for day in [*due, *self.withdrawals["withdrawn_on"].to_list()]})


def read_registry(home: Home, files: dict[str, str], layout: Layout) -> Registry:
    """Read the registry's archived files (name → hash). Raises RegistryProblem."""
    problems: list[str] = []
    frames: dict[str, pl.DataFrame] = {}
    stems = defaultdict(list)
    for name in files:
        stems[registry_name(name) or name].append(name)
    problems += [f"{' and '.join(names)}: keep one of them." for name, names in stems.items() if len(names) > 1 and name != FORMS]
    problems += [f"registry/{name}.xlsx or .csv is missing." for name in ("units", "calendar") if name not in stems]
    if problems:
        raise RegistryProblem(problems)
    seal = seal_of(home)
    for name, schema in REGISTRY.items():
        if name not in stems:
            frames[name] = pl.DataFrame(schema={c: col.dtype.type for c, col in schema.columns.items()})
            continue
        # the registry's files say by their name what they are, so every sheet is read as that
        own = stems[name]
        sources = [Source(n, blob(home, files[file], seal), f"{name}.x", content_hash=files[file], seal=seal) for n, file in enumerate(own)]
        chunk = read_chunk(sources, replace(layout, names={name: name}))
        wrong = [f"{file}: {says}" for file, reading in zip(own, chunk.readings, strict=True) if (says := _unread(reading, schema))]
        if wrong:
            problems += wrong
            continue
        raw = chunk.frames[name].with_columns(
            submission_key=pl.col("number").replace_strict(dict(enumerate(own)), return_dtype=pl.String),
            folder_period=pl.lit(""),
            folder_year=pl.lit(0),
            folder_from=pl.lit(OPEN),
            folder_to=pl.lit(OPEN),
        )
        raw = raw.drop("number")
        if name == "identities":  # a sheet may be called after somebody
            raw = raw.with_columns(pl.col("sheet").replace({sheet: str(n) for sheet, n in chunk.readings[0].sheets.items()}))
        judged = judge(schema, raw)
        for finding in judged.findings.sort("submission_key", "row_no").to_dicts():  # of the city's own tables nothing may be in doubt
            problems.append(f"{row_named(finding['submission_key'], finding)}: {finding['says_en']}")
        hold_against_cells(schema, raw, judged.typed, judged.findings)
        frames[name] = judged.typed.sort("submission_key", "sheet", "row_no")
    if not problems:
        problems = tree_problems(frames["units"], stems["units"][0])
        problems += [f"{row_named(row['submission_key'], row)}: {says}" for row, says in form_problems(frames[FORMS])]
        problems += [
            f"{row_named(row['submission_key'], row)}: {says}" for row, says in signer_problems(frames["signers"], frames["units"])
        ]
        known = {version.code for version in law.book()}
        problems += [
            f"{row_named(stems['confirmations'][0], row)}: “{row['version_code']}” is no version of the rule book; docs/rules.md lists them."
            for row in frames["confirmations"].to_dicts()
            if row["version_code"] not in known
        ]
        for name in CATALOGUES:
            problems += _twice(name, frames[name], stems[name][0] if name in stems else name)
        identities, faults = read_identities(frames["identities"], frames["units"], partial(row_named, next(iter(stems["identities"]), "")))
        problems += faults
    if problems:
        raise RegistryProblem(problems)
    units = (
        frames["units"]
        .with_columns(
            unit_code_fold=_read(fold, frames["units"]["unit_code"]),
            unit_name_fold=_read(fold, frames["units"]["unit_name"]),
            unit_name_marked=_read(read_unit, frames["units"]["unit_name"]),
        )
        .with_columns(letters_and_marks("unit_name_marked")[1].alias("unit_name_marked"))
    )
    plain = {name: frame.drop(list(SYSTEM)) for name, frame in (frames | {"units": units}).items()}
    return Registry(**plain | {"identities": identities})


def _unread(reading: Reading, schema: Schema) -> str | None:
    """Why a file of the registry cannot be taken."""
    if reading.lost:
        return "its archived bytes are damaged. Lay the file into raw/registry again."
    if reading.refused:
        return FILE_RULES[reading.refused].says_en
    missing = [c for t in reading.tables for c in t.missing]
    return f"the header row lacks {', '.join(f'“{schema.columns[c].title}”' for c in missing)}." if missing else None


PARTED = re.compile("[;；]")  # a name may hold a comma


def _spellings(catalogue: str, item: dict[str, Any]) -> list[str]:
    """The words of one thing as they are compared: its name, other ways to write it, and its code, but where units write words of which a short
    one may mean another (“CV”)."""
    is_worded = meta(CATALOGUES[catalogue].columns["belongs_to"]).codes is not None
    said = [item["name"], *([] if is_worded else [item["code"]]), *PARTED.split(item["aliases"] or "")]
    return [word for word in dict.fromkeys(map(parts_of if is_worded else fold, said)) if word]


def _words(name: str, items: pl.DataFrame) -> pl.DataFrame:
    about = ("code", "name", "belongs_to", "valid_from", "valid_to")
    rows = [(name, word, *(item[c] for c in about)) for item in items.iter_rows(named=True) for word in _spellings(name, item)]
    return pl.DataFrame(rows, schema=CATALOGUE_WORDS, orient="row")


def _twice(catalogue: str, items: pl.DataFrame, file: str) -> list[str]:
    """Things that nobody could tell apart: by their code, or by a word of theirs, which is not quoted, for it may be anybody's name."""
    problems: list[str] = []
    codes: dict[str, str] = {}
    words: dict[str, tuple[str, str]] = {}
    for item in items.to_dicts():
        where, code = row_named(file, item), fold(item["code"])
        if not code or not fold(item["name"]):
            problems.append(f"{where}: its code and its name must hold a letter or a number.")
        elif code in codes:
            problems.append(f"{where}: its code stands already in {codes[code]}.")
        else:
            codes[code] = where
            taken = {words[word] for word in _spellings(catalogue, item) if word in words}
            problems += [f"{where}: one of its spellings means {other} already, in {place}." for other, place in sorted(taken)]
            words |= dict.fromkeys(_spellings(catalogue, item), (item["code"], where))
    return problems


A_FEW = 5  # units that may end within one change of the registry before somebody is asked

KEYS = {
    "calendar": ("dataset_code", "unit_type_code", "period"),
    "withdrawals": ("period", "unit_code", "dataset_code", "withdrawn_on"),
    "confirmations": ("version_code",),
    "forms": ("form_code", "unit_code", "dataset_code"),
}


def lost(before: Registry, now: Registry, as_of: dt.date) -> list[str]:
    """What a registry does not say any more, a sentence each: units without a last day, many units at once, due dates, withdrawals, confirmations of
    laws and of people."""
    gone = before.units.join(now.units, on="unit_id", how="anti").unique("unit_id", keep="last", maintain_order=True)
    rows = [f"units: {unit['unit_code']} ({unit['unit_id']}) is not in the list any more." for unit in gone.to_dicts()]
    open_before, open_now = (set(one.units.filter(_is_open(as_of))["unit_id"]) for one in (before, now))
    ended = open_before - open_now - set(gone["unit_id"])
    if len(ended) > A_FEW:
        rows.append(f"units: {len(ended)} of {len(open_before)} units have ended by {as_of}.")
    for name, key in KEYS.items():
        missing = _said(before, name).join(_said(now, name), on=key, how="anti", nulls_equal=True).unique(key, maintain_order=True)
        rows += [f"{name}: {', '.join(str(row[c]) for c in key)} is not in the list any more." for row in missing.to_dicts()]
    rows += [f"identities: what row {n} confirmed is not in the list any more." for n in no_longer_said(before.identities, now.identities)]
    now_mean = now.catalogue_words().select("catalogue", "word", "item_code")
    words = before.catalogue_words().join(now_mean, on=["catalogue", "word", "item_code"], how="anti")
    for catalogue, code, count in words.group_by("catalogue", "item_code", maintain_order=True).len().iter_rows():
        rows.append(f"{catalogue}: {count} of the words that meant {code} do so no more; a former name can stay among its other spellings.")
    return rows


def _said(registry: Registry, name: str) -> pl.DataFrame:
    """The lines of a list that hold: of forms only those that were confirmed."""
    frame: pl.DataFrame = getattr(registry, name)
    return frame.filter(pl.col("confirmed_on").is_not_null()) if name == FORMS else frame


def _is_open(day: dt.date) -> pl.Expr:
    return (pl.col("valid_from") <= day) & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= day))


def _read(how: Callable[[str], str | None], column: pl.Series) -> pl.Series:
    return pl.Series([how(v) for v in column], dtype=pl.String)
