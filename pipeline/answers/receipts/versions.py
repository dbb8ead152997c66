"""What changed between two versions of a unit's table, told by person and not by row.

What does not belong here: which two versions are held against each other (to_mend.py), and reading their rows (restricted.py).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from pipeline.answers.receipts.gathered import Row, title_of
from pipeline.answers.returned.job import Change
from pipeline.presentation import told
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import catalogued, own_columns
from pipeline.schemas.kinds import key_name, meta
from pipeline.schemas.landed import compared_keys
from pipeline.warehouse import landing

Values = tuple[Any, ...]  # of some columns of a row


def changes(dataset: str, now: list[Row], before: list[Row], now_aside: set[str], before_aside: set[str]) -> Iterable[tuple[str, Change]]:
    """What differs between two versions, by person: rows that are equal are paired first, then those of a person that differ least."""
    passed_over = {*landing.ROW, *(c for name, col in own_columns(SCHEMAS[dataset]).items() for c in compared_keys(name, meta(col)) or ())}
    columns = [c for c in dict.fromkeys(c for row in (*now, *before) for c in row) if c not in passed_over]

    def values(row: Row) -> Values:
        return tuple(row.get(c) for c in columns)

    def change(kind: str, says: str, row: Row, what: str = "", is_there: bool = True) -> tuple[str, Change]:
        sheet, row_no = (row["sheet"] or None, row["row_no"]) if is_there else (None, None)
        return kind, Change(title_of(dataset), says, row.get("full_name"), sheet, row_no, what)

    same = Counter(map(values, before))
    left_now = [row for row in now if not _took(same, values(row))]
    same = Counter(map(values, now))
    left_before = [row for row in before if not _took(same, values(row))]
    of_person: dict[Values, list[Row]] = defaultdict(list)
    for row in left_before:
        of_person[_subject(row)].append(row)
    for row in left_now:
        others = of_person[_subject(row)]
        old = max(others, key=lambda o: sum(o.get(c) == row.get(c) for c in columns), default=None)
        if old is not None:
            others.remove(old)
            yield change("changed", "thay đổi", row, _differences(dataset, old, row, columns))
        else:
            again = row["identity_key"] in before_aside if row["identity_key"] else False
            yield change("new", "mới, lần trước bị để lại" if again else "mới", row)
    for row in (row for rows in of_person.values() for row in rows):
        if row["identity_key"] and row["identity_key"] in now_aside:
            yield change("aside", "lần này bị để lại vì có lỗi", row, is_there=False)
        else:
            yield change("gone", "không còn", row, is_there=False)


def _took(counter: Counter[Values], value: Values) -> bool:
    if counter[value]:
        counter[value] -= 1
        return True
    return False


def _subject(row: Row) -> Values:
    """Whose row it is; of a collective, which unit's."""
    return (row["identity_key"],) if row["identity_key"] else (None, row["unit"], row.get("decision_no"))


def _differences(dataset: str, old: Row, new: Row, columns: list[str]) -> str:
    own = own_columns(SCHEMAS[dataset])
    titles = {key_name(c): c for c in own} | {f"{c}_precision_code": c for c in own} | {c: c for c in own}
    titles |= {of.key: of.group for of in catalogued(SCHEMAS[dataset]) if of.group}
    lines: dict[str, str] = {}
    for c in columns:
        if old.get(c) != new.get(c) and c in titles:
            col = own[titles[c]]
            shown = f"{told(old.get(c), meta(col).codes)} → {told(new.get(c), meta(col).codes)}" if c in own else "thay đổi"
            lines.setdefault(col.title, f"{col.title}: {shown}")
    return "\n".join(lines.values())
