"""What only the restricted zone holds, for the units that are answered: values found, letters of columns, reasons given, rows of two versions.

What does not belong here: what any of it means to a unit (faults.py, versions.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from pipeline.answers.receipts.gathered import Answer, Row
from pipeline.answers.receipts.versions import Values, changes
from pipeline.answers.returned.job import Change
from pipeline.intake.forms import marked_columns
from pipeline.ledger.records import Load
from pipeline.ledger.sealed import seal_of
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.warehouse import landing
from pipeline.warehouse.publish import open_whole


class Details:
    """What only the restricted zone holds, read for the units that are answered: values found, addresses, people, rows of two versions."""

    def __init__(self, home: Home, load: Load, answers: Iterable[Answer]):
        self.home, self.load, self.seal = home, load, seal_of(home)
        with open_whole(home) as db:
            confirmed = db.execute("SELECT DISTINCT version_code FROM quality.rules WHERE confirmed_on IS NOT NULL").fetchall()
        self.confirmed = frozenset(version for (version,) in confirmed)
        answers = list(answers)
        told = {f["submission_key"] for a in answers for f in a.findings}
        pairs = {s["submission_key"]: s["before_keys"] for a in answers for s in a.submissions if s["before_keys"]}
        both = set(pairs).union(*pairs.values())
        self.values = {(f["submission_key"], f["finding_no"]): f["value_found"] for f in self._landed("findings", told)}
        self.letters: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self.places: dict[tuple[str, str, int], dict[str, str]] = defaultdict(dict)  # of rows whose values stand elsewhere
        for row in self._landed("letters", told):
            at = (row["submission_key"], row["sheet"])
            of = self.letters[at] if row["row_no"] is None else self.places[(*at, row["row_no"])]
            of[row["column_name"]] = row["letter"]
        self.reasons = {(r["submission_key"], r["explanation_key"]): r["explanation"] for r in self._landed("explanations", told)}
        self.forms: dict[str, list[Row]] = defaultdict(list)
        for row in self._landed("forms", {s["submission_key"] for a in answers for s in a.submissions}):
            self.forms[row["submission_key"]].append(row)
        self.marks: dict[
            tuple[str, str], Mapping[str, Sequence[int]]
        ] = {}  # submission, sheet → column → positions of the columns to be marked for it
        for key in told:
            for row in self.forms.get(key, ()):
                self.marks.setdefault((key, row["sheet"]), marked_columns(row["columns"]))
        names: dict[Values, Row] = {}
        for row in self._landed("identities", both):
            names.setdefault(tuple(row[c] for c in landing.PERSON), row)
        aside: dict[str, set[str]] = defaultdict(set)
        for row in self._landed("set_aside", both):
            aside[row["submission_key"]].add(row["identity_key"])
        self.changes: dict[str, list[tuple[str, Change]]] = {}
        rows: dict[str, list[Row]] = defaultdict(list)
        for dataset in SCHEMAS:
            for row in self._landed(dataset, both):
                who = names.get(tuple(row.get(c) for c in landing.PERSON), {})
                own = {"full_name": who.get("full_name"), "birth_date": who.get("birth_date")} if row["identity_key"] else {}
                rows[row["submission_key"]].append(row | own)
        datasets = {s["submission_key"]: s["dataset_code"] for a in answers for s in a.submissions}
        for now, before in pairs.items():
            was, left = [row for key in before for row in rows[key]], {key for one in before for key in aside[one]}
            self.changes[now] = list(changes(datasets[now], rows[now], was, aside[now], left))

    def _landed(self, table: str, keys: set[str]) -> Iterable[Row]:
        """Rows of a landed table that belong to some submissions; nothing is read where none is asked for."""
        if not keys:
            return []
        found = landing.landed(self.home, self.load.contract, table)
        return found.filter(pl.col("submission_key").is_in(list(keys))).iter_rows(named=True)
