"""What a load would say of one file alone: judged as a load judges it and, where there is a registry, asked by the same models on the bench.

What does not belong here: words for people, and any rule.
"""

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from filelock import Timeout

from pipeline import gate, law, nightly
from pipeline.answers.read_as import ReadColumn
from pipeline.answers.receipts.to_mend import SAYS
from pipeline.checking.bench import lay, on_bench, registry_files
from pipeline.checking.rows import Place, classes_of, columns_of, rows_of, written_in
from pipeline.intake.readings import Source
from pipeline.intake.rows import RowClass
from pipeline.judging import layouts
from pipeline.judging.registry import RegistryProblem
from pipeline.ledger.archive import ArchiveProblem, Lost
from pipeline.ledger.find import NO_PLACE, fingerprint, period_days, printable, unread
from pipeline.ledger.records import Line
from pipeline.ledger.sealed import KeyProblem, load_key
from pipeline.paths import SEEDS, Home
from pipeline.schemas import SCHEMAS
from pipeline.warehouse import landing

ASKED = ("whole_submissions", "quality_rules", "whole_findings")  # the models in which all that is said of a file stands


@dataclass(frozen=True)
class Checked:
    """All that can be said of one file."""

    file: str
    submissions: list[dict[str, Any]]  # one per dataset; rows_in_figures and rows_kept_out are None where nobody could ask
    rows: dict[tuple[str, str], list[dict[str, Any]]]  # dataset, sheet → its rows, as the officer's other programs get them
    classes: dict[str, Counter[RowClass]]  # sheet → how many of its rows are what
    explained: list[tuple[str, int, RowClass, str]]  # sheet, row, class, text
    columns: list[tuple[ReadColumn, list[str]]]  # how each column was read, and some of what stands in it
    findings: pl.DataFrame
    not_asked: dict[str, str]  # rule → its sentence, where it needs what is not here
    alone: str | None = None  # why the registry's rules were not asked at all
    kept_out: dict[str, Counter[str]] = field(default_factory=dict)  # dataset → reason → rows

    @property
    def has_errors(self) -> bool:
        """Whether a file would be refused, a row set aside, or an error told."""
        lost = any(s["verdict_code"] == "REFUSED" or s["rows_set_aside"] for s in self.submissions)
        return lost or not self.findings.filter(severity_code="ERROR").is_empty()


class NotAsked(Exception):
    """The models could not be asked: our own fault. The words name nodes, never rows."""


def check(home: Home, file: Path, data: bytes, period: str, unit: str | None, within: str = "") -> Checked:
    """What a load would say of a file that this unit sends for this period, out of a folder `within` its own. Nothing is kept, and the city's
    archive is not touched."""
    try:
        registry = registry_files(home)
    except (OSError, ArchiveProblem, KeyProblem, Lost):
        return _alone(file, data, period, within, "REGISTRY_IS_FAULTY")
    if not registry:
        return _alone(file, data, period, within, "NO_REGISTRY")
    if not unit:
        return _alone(file, data, period, within, "NO_UNIT")
    if unit != Path(unit).name or unit.startswith("."):
        return _alone(file, data, period, within, "UNIT_IS_NO_CODE")
    try:
        return _asked_on_bench(registry, file, data, period, unit, within)
    except Timeout:
        return _alone(file, data, period, within, "BENCH_IS_BUSY")
    except OSError:
        return _alone(file, data, period, within, "NO_BENCH")


def _asked_on_bench(registry: dict[str, bytes], file: Path, data: bytes, period: str, unit: str, within: str) -> Checked:
    """The file as the only one of a city with this registry."""
    with on_bench() as home:
        lay(registry, home)
        sent = home.raw / period / unit / within / file.name
        sent.parent.mkdir(parents=True)
        sent.write_bytes(data)
        look = gate.look(home)
        if not look.files:
            return _alone(file, data, period, within, "FILE_IS_PASSED_OVER")
        try:
            units = nightly.check_registry(home, look.registry)
            load = nightly.open_load(home, look, units)
        except RegistryProblem:
            return _alone(file, data, period, within, "REGISTRY_IS_FAULTY")
        line = load.lines[0]
        layout = units.taught(layouts.layout_of(SCHEMAS))
        source = Source(0, sent, printable(file.name), unit, period=period)
        said = nightly.judge_file(source, line, layout, units.confirmed(), load_key(home))
        landing.open_landing(home, load.contract)
        landing.write_batch(home, load.contract, "1", said.frames)
        nightly.write_context(home, load, units)
        from pipeline.warehouse import transform  # dbt takes two seconds to import, and a file without a registry does not need it

        try:
            transform.build(home, only=ASKED)
        except transform.BuildFailed as error:
            raise NotAsked(str(error)) from None
        explained = nightly.explain_file(source, layout, said.reading)
        with transform.open_build(home) as db:
            return _placed(db.execute, file.name, period, said, explained)


def _alone(file: Path, data: bytes, period: str, within: str, why: str) -> Checked:
    """What the file says of itself."""
    source, layout = Source(0, file, printable(file.name), period=period), layouts.layout_of(SCHEMAS)
    content = unread(file.name, NO_PLACE) if within else fingerprint(data)
    said = nightly.judge_file(source, Line(printable(file.name), period, "", content, len(data), ""), layout)
    submissions = [s | {"rows_in_figures": None, "rows_kept_out": None} for s in said.frames["submissions"].iter_rows(named=True)]
    datasets = {s["dataset_code"] for s in submissions}
    with (SEEDS / "rules.csv").open(encoding="utf-8", newline="") as lines:
        rules = [r for r in csv.DictReader(lines) if r["step_code"] == "WAREHOUSE" and r["dataset_code"] in datasets]
    not_asked = {r["rule_code"]: r["says_vi"] for r in rules if _may_govern(r["rule_code"], period)}
    explained = nightly.explain_file(source, layout, said.reading)
    findings = said.frames["findings"]
    return Checked(
        file.name,
        submissions,
        rows_of(said, None),
        classes_of(explained),
        explained.rows,
        columns_of(said, explained),
        findings,
        not_asked,
        why,
    )


def _placed(ask: Callable[[str], Any], name: str, period: str, said: nightly.Judgement, explained: nightly.Explained) -> Checked:
    """What the models said of the file: read from the build that they just made."""
    written = written_in(said)
    submissions = ask("SELECT * FROM whole_draft.whole.submissions ORDER BY dataset_code").pl().to_dicts()
    places = {
        (dataset, sheet, row_no): Place(is_of_record, reason, {"unit": unit_code} if unit_code else {}, is_assumed)
        for dataset, sheet, row_no, is_of_record, reason, unit_code, is_assumed in ask(
            """SELECT c.dataset_code, coalesce(c.sheet, ''), c.row_no, c.is_of_record, c.reason_code, u.unit_code, c.is_unit_assumed
               FROM record.choices c LEFT JOIN draft.core.dim_unit u USING (unit_version_key)"""
        ).fetchall()
    }
    for column in ("from_unit", "to_unit"):
        for sheet, row_no, unit_code in ask(
            f"""SELECT coalesce(f.sheet, ''), f.row_no, u.unit_code FROM whole_draft.whole.fct_rotation f
                JOIN draft.core.dim_unit u ON u.unit_key = f.{column}_key
                AND coalesce(f.posting_from, DATE '{period_days(period)[0]}') BETWEEN u.valid_from AND coalesce(u.valid_to, DATE '9999-12-31')"""
        ).fetchall():
            places["rotation", sheet, row_no].unit_codes[column] = unit_code
    found = ask(
        f"""SELECT submission_key, finding_no, dataset_code, rule_code, severity_code, sheet, row_no, column_name, cell, {SAYS} AS says_vi
           FROM whole_draft.whole.findings
           ORDER BY dataset_code NULLS FIRST, sheet NULLS FIRST, row_no NULLS FIRST, column_name, rule_code, cell"""
    ).pl()
    rules = ask(
        """SELECT r.rule_code, min(r.says_vi) FROM draft.quality.rules r
           JOIN whole_draft.whole.submissions s USING (dataset_code)
           WHERE r.step_code = 'WAREHOUSE' AND s.verdict_code = 'ACCEPTED' GROUP BY 1 HAVING sum(r.asked_count) = 0 ORDER BY 1"""
    ).fetchall()
    in_rows = [
        written.get((f["dataset_code"], f["sheet"] or "", f["row_no"]), {}).get(f["column_name"]) for f in found.iter_rows(named=True)
    ]
    findings = landing.with_values(found, said.frames["findings"]).with_columns(
        pl.coalesce("value_found", pl.Series(in_rows, dtype=pl.String)).alias("value_found")
    )
    kept_out: dict[str, Counter[str]] = {}
    for (dataset, *_), place in places.items():
        if place.reason:
            kept_out.setdefault(dataset, Counter())[place.reason] += 1
    not_asked = {rule: says for rule, says in rules if _may_govern(rule, period)}
    return Checked(
        name, submissions, rows_of(said, places), classes_of(explained), explained.rows, columns_of(said, explained), findings, not_asked, kept_out=kept_out
    )  # fmt: skip


def _may_govern(rule_code: str, period: str) -> bool:
    """Whether a rule may be asked of a period: of a law, whether a version of it holds.

    >>> [_may_govern("rotated_cadre_is_planned", period) for period in ("2021", "2022")], _may_govern("unit_known", "2021")
    ([False, True], True)
    """
    versions = [v for v in law.book() if v.rule_code == rule_code]
    return not versions or any(v.may_govern(*period_days(period)) for v in versions)


def as_json(checked: Checked) -> dict[str, Any]:
    """The answer for other programs: one entry per dataset and sheet, every row, every finding."""
    of_dataset = {s["dataset_code"]: s for s in checked.submissions}
    parts = [*checked.rows, *((dataset, "") for dataset in of_dataset if dataset not in {d for d, _ in checked.rows})]
    datasets = [
        {
            "dataset": dataset,
            "sheet": sheet,
            "verdict": of_dataset[dataset]["verdict_code"],
            "refusal_rule": of_dataset[dataset]["refusal_rule_code"],
            "rows_by_class": {kind.lower(): count for kind, count in sorted(checked.classes.get(sheet, {}).items())},
            "rows": checked.rows.get((dataset, sheet), []),
        }
        for dataset, sheet in parts
    ]
    findings = [
        {
            "rule": f["rule_code"],
            "severity": f["severity_code"],
            "dataset": f["dataset_code"],
            "sheet": f["sheet"],
            "cell": f["cell"],
            "row": f["row_no"],
            "column": f["column_name"],
            "says_vi": f["says_vi"],
            "found": f["value_found"],
        }
        for f in checked.findings.iter_rows(named=True)
    ]
    counts = ("rows_read", "rows_in_figures", "rows_kept_out", "rows_set_aside")
    return {
        "file": checked.file,
        "accepted": any(s["verdict_code"] == "ACCEPTED" for s in checked.submissions),
        "counts": [
            {"dataset": s["dataset_code"]} | {c: s[c] for c in counts} | {"kept_out": dict(sorted(checked.kept_out.get(s["dataset_code"], {}).items()))}
            for s in checked.submissions
        ],
        "datasets": datasets,
        "columns": [
            {"sheet": c.sheet, "column": c.letter or None, "form": c.form_code, "header": c.header, "read_as": c.means, "how": c.how}
            for c, _ in checked.columns
        ],
        "findings": findings,
        "not_asked": sorted(checked.not_asked),
        "not_asked_because": checked.alone,
    }  # fmt: skip
