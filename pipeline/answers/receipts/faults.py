"""Which cells a finding asks a unit to mend: its own, and those of the row that are looked at in the same pass.

What does not belong here: finding faults, and marking cells (returned/marks.py).
"""

from functools import cache

from pipeline.answers.receipts.gathered import Row, title_of
from pipeline.answers.receipts.restricted import Details
from pipeline.answers.returned.job import Fault
from pipeline.intake.readings import letter
from pipeline.ledger.find import period_days
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card
from pipeline.schemas.columns import own_columns
from pipeline.schemas.files import FILE_RULES
from pipeline.schemas.kinds import meta
from pipeline.schemas.rules import rules_of


def fault(finding: Row, details: Details) -> Fault:
    """A finding as its unit reads it."""
    key, sheet, row_no, column = (finding[c] for c in ("submission_key", "sheet", "row_no", "column_name"))
    letters = details.letters.get((key, sheet or ""), {}) | details.places.get((key, sheet or "", row_no), {})
    at = finding["cell"]
    if at is None and row_no and letters:
        at = f"{min(letters.values(), key=lambda letter: (len(letter), letter))}{row_no}"
    marks = (
        [f"{letter(position)}{row_no}" for position in details.marks.get((key, sheet or ""), {}).get(column or "", ())] if row_no else []
    )
    schema = SCHEMAS.get(finding["dataset_code"] or "")
    own = own_columns(schema) if schema is not None else {}
    found = details.values.get((finding["submission_key"], finding["finding_no"]))
    is_of_row = column in own and row_no and finding["rule_code"] not in FILE_RULES
    is_asked_again = is_of_row and (
        finding["severity_code"] == "ERROR" or _is_hidden_by(finding["dataset_code"], column, finding["rule_code"])
    )
    also = _beside(finding["dataset_code"], column, finding["rule_code"], finding["period"], details.confirmed) if is_asked_again else ()
    return Fault(
        severity=finding["severity_code"],
        dataset=title_of(finding["dataset_code"]),
        sheet=sheet or None,
        row_no=row_no,
        cell=finding["cell"],
        at=at,
        column=own[column].title if column in own else None,
        found=found,
        says=finding["says_vi"],
        rule=finding["rule_code"],
        key=None if finding["severity_code"] == "ERROR" else finding["explanation_key"],
        beside=tuple(cell for cell in marks if cell != at) if at in marks else (),
        also=tuple((f"{letters[c]}{row_no}" if c in letters else None, says) for c, says in also),
    )


@cache
def _is_hidden_by(dataset: str, column: str, rule_code: str) -> bool:
    """Whether no rule saw a cell's value for this finding's sake: it could not be read, or cannot be."""
    schema = SCHEMAS[dataset]
    kind = meta(own_columns(schema)[column]).kind
    return rule_code == kind.rule or any(r.name == rule_code and column in r.unknown for r in rules_of(schema))


@cache
def _beside(dataset: str, column: str, rule_code: str, period: str, confirmed: frozenset[str] = frozenset()) -> tuple[tuple[str, str], ...]:
    """(column, sentence): the other cells of the row that a unit looks at when it corrects this one.

    A rule that needs a cell which cannot be read was not asked yet, and a corrected cell may contradict another: both are told
    in the same pass. So is what else the broken rule itself looks at.
    """
    schema = SCHEMAS[dataset]
    found: dict[str, str] = {}
    for r in rules_of(schema):
        read = [c for c in r.holds.meta.root_names() if c in own_columns(schema) and c != column]
        if r.weighs(confirmed) == "ERROR" and r.may_govern(*period_days(period)) and column in r.holds.meta.root_names():
            if r.on != column:
                found.setdefault(r.on, r.says)
            elif r.name == rule_code or _is_hidden_by(dataset, column, rule_code):
                found |= {c: "cùng quy tắc này." if r.name == rule_code else r.says for c in read if c not in found}
    if waits := card(schema).waits.get(column):
        found |= {waits: "chỉ đối chiếu được với tệp khác sau khi ô này đúng."} | dict(
            _beside(dataset, waits, rule_code, period, confirmed)
        )
    return tuple(found.items())
