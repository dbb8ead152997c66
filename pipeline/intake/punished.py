"""Whether a list's own columns say that everybody in it was punished: then it is one of punishments, though nothing calls it one and columns are missing.

A roster or a list of ratings may have such columns too; there most people have nothing in them.
What does not belong here: which column holds a form of discipline (header_texts), and what titles call a list (spoken_lists).
"""

import re
from collections.abc import Sequence

from pipeline.codes import fold, spellings
from pipeline.intake.header_texts import FORM, forms_by_system
from pipeline.intake.headers import Header
from pipeline.intake.rows import Row
from pipeline.values import MARKS, mark_of

DISCIPLINE = "discipline"
BESIDES = ("violation_code", "decision_no")  # one of them says what for, or by what
OF_PUNISHMENT = re.compile(r"\bk[yi] luat\b")  # folded; “Hình thức” alone may be an award's
NEARLY_ALL = 0.8


def are_punished(header: Header, rows: Sequence[Row]) -> bool:
    """Does a header of discipline name people, the form of their punishment and what it was for or decided by, and has nearly every row such a form?"""
    at = header.columns.get("full_name")
    if at is None or FORM not in header.said or header.said.isdisjoint(BESIDES):
        return False
    if not any(OF_PUNISHMENT.search(fold(text)) for _, text in header.texts(rows)):
        return False
    places = {*header.marks.get(FORM, ()), *forms_by_system(header, rows), *([header.columns[FORM]] if FORM in header.columns else [])}
    known = spellings("discipline_form")
    people = [row for row in rows[header.bottom + 1 :] if at < len(row) and row[at] and sum(map(bool, row)) > len(BESIDES)]
    punished = sum(
        any(
            fold(cell) in known or (p in header.marks.get(FORM, ()) and mark_of(cell) in MARKS)
            for p in places
            if p < len(row) and (cell := row[p])
        )
        for row in people
    )
    return bool(people) and punished >= NEARLY_ALL * len(people)
