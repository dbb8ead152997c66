"""What section rows say of the people below them, where that is a code of a column: who is no member, which movement it was, whose discipline.

A column that the table does not have is filled below such a section, and told; what the rows' own columns say otherwise is told at the section. Phrases beside
the code lists' own words are data (schemas/sections.csv): a phrase without a code says what only its column can, and one without a column what no row of the
list can be.
What does not belong here: units (units), courses and what titles say (above), headings that say something of a whole list (judging/titled).
"""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from pipeline.codes import code_of, fold, labels, meaning_of, spellings
from pipeline.intake.layout import Layout
from pipeline.intake.readings import Note, Table
from pipeline.intake.sections import NUMERAL
from pipeline.paths import SECTIONS
from pipeline.titles import subject

SEVERAL = re.compile(r"\s*(?:[,;/+]|\bvà\b)\s*")
SHORT = 2  # letters: “CC” as a section may be anybody's


@cache
def phrases() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Dataset → a section's words, folded → column, code."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    with SECTIONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["of"], {})[fold(row["phrase"])] = row["column"], row["code"]
    return found


def said(dataset: str, heading: str, layout: Layout) -> tuple[tuple[str, str], ...]:
    """The columns of which a heading says a code, and the code; a blank code where only the column can say it, a blank column where no row can be that."""
    spoken = layout.spoken_of(dataset)
    lists = tuple((column, layout.lists[dataset][column]) for column in spoken.from_section)
    return _said(dataset, lists, spoken.in_sections, heading) if lists else ()


@lru_cache(maxsize=10_000)  # the same headings in many files
def _said(dataset: str, lists: tuple[tuple[str, str], ...], besides: re.Pattern[str], heading: str) -> tuple[tuple[str, str], ...]:
    """
    >>> lists, besides = (("rotation_kind_code", "rotation_kind"),), re.compile(r"\\b(?:cac|can bo)\\b")
    >>> [_said("rotation", lists, besides, heading) for heading in ("II. Cán bộ biệt phái", "Bổ nhiệm", "Phòng Tổ chức")]
    [(('rotation_kind_code', 'SECONDMENT'),), (('', ''),), ()]
    """
    words = subject(NUMERAL.sub("", heading))
    bare = " ".join(besides.sub(" ", words).split())
    if found := phrases().get(dataset, {}).get(words) or phrases().get(dataset, {}).get(bare):
        return (found,)
    parted = [" ".join(piece.split()) for piece in SEVERAL.split(NUMERAL.sub("", heading).lower())]
    if len(parted) > 1 and all(phrases().get(dataset, {}).get(fold(piece), ("?",))[0] == "" for piece in parted):
        return (("", ""),)  # “Nghỉ hưu, thôi việc”
    meant: list[tuple[str, str]] = []
    for column, name in lists:
        known = {word: code for word, code in spellings(name).items() if len(word) > SHORT or name == "sex"}
        code = (
            known.get(words)
            or known.get(bare)
            or (meaning_of(name, NUMERAL.sub("", heading).strip()) if name == "programme_type" else None)
        )
        meant += [(column, code)] if code and code != "OTHER" else []
    return tuple(meant[:1])


def take_sections(table: Table, layout: Layout, sections: Iterable[tuple[int, str, tuple[int, int]]]) -> set[int]:
    """Fill what sections say in columns that the table does not have; and the rows of those that say something else than what the rows below say."""
    otherwise: set[int] = set()
    told: set[str] = set()
    before = {column: [*values] for column, values in table.values.items()}  # a section within another one goes before it
    for number, heading, (first, last) in sections:
        for column, code in said(table.dataset, heading, layout):
            values = before.get(column, [None] * table.row_count)
            if not column or not code:
                otherwise |= {number} if not column or not all(values[first:last]) else set()
                continue
            name = layout.lists[table.dataset][column]
            is_own = column in table.letters
            if is_own or column not in table.said_above:
                own = {code_of(name, value) for value in values[first:last] if value}
                otherwise |= {number} if own - {code, None} else set()
            if column == "programme_type_code" and not is_own:  # the course itself may say that it is of another kind
                own = {meaning_of(name, value) for value in table.values.get("programme", [None] * table.row_count)[first:last] if value}
                if own - {code, None}:
                    otherwise.add(number)
                    continue
            if not is_own:
                label = labels(name)[code]
                above = table.said_above.get(column)
                filled = [label if not value or value == above else value for value in values[first:last]]
                if filled != values[first:last]:
                    now = table.values.get(column, values)
                    table.values[column] = [*now[:first], *filled, *now[last:]]
                    told |= {column} if (column, code) != ("subject_kind_code", "PERSON") else set()
    for column in sorted(told):
        table.missing.pop(column, None)
        note = Note("column_said_above", table.sheet, table.header_row, column)
        table.notes += [] if note in table.notes else [note]
    return otherwise
