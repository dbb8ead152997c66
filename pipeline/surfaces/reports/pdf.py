"""A report as a PDF, by a page that typst sets (report.typ).

What does not belong here: what stands in it, and which letters there are (fonts.py).
"""

import datetime as dt
import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from pipeline.surfaces.reports.document import STATE, Document, Table, shown
from pipeline.surfaces.reports.fonts import font

PAGE = Path(__file__).with_name("report.typ")


def as_pdf(report: Document) -> bytes:
    """The PDF; the same report is the same bytes."""
    letters = font()
    with tempfile.TemporaryDirectory(prefix="personnel-") as folder:
        for file in letters.files:  # these alone: two fonts of one name are mixed within a line, and one may lack letters
            (Path(folder) / file.name).symlink_to(file)
        made = typst.compile(
            str(PAGE),
            root=str(PAGE.parent),
            font_paths=[folder],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"report": json.dumps(_said(report, letters.family), ensure_ascii=False)},
            timestamp=int(dt.datetime(report.day.year, report.day.month, report.day.day, tzinfo=dt.UTC).timestamp()),
        )
    assert isinstance(made, bytes)
    return made


def _said(report: Document, family: str) -> dict[str, Any]:
    """What the page draws: words alone."""
    rules = report.instruction
    return {
        "title": report.title,
        "about": report.about.split("\n"),
        "source": report.last_words,
        "letterhead": asdict(report.letterhead),
        "signature": asdict(report.signature),
        "paragraphs": report.paragraphs,
        "tables": [_table(table) for table in report.tables],
        "font": family,
        "size": rules.size,
        "line": rules.line,
        "first_line": rules.first_line,
        "margins": rules.margins,
        "motto": rules.motto,
        "star": rules.star,
        "is_state": rules.side == STATE,
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "label": table.label,
        "title": table.title,
        "notes": table.notes,
        "is_wide": table.is_wide,
        "widths": [column.width for column in table.columns],
        "groups": [{"word": word, "first": at, "count": count} for word, at, count in table.groups],
        "heads": [{"title": column.title, "group": column.group, "is_text": column.shown_as == "text"} for column in table.columns],
        "numbers": table.numbers(),
        "rows": [
            {"cells": [shown(v, c) for v, c in zip(row.values, table.columns, strict=True)], "is_total": row.is_total} for row in table.rows
        ],
    }
