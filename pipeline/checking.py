"""What a load would say of one file alone: judged as a load judges it and, where there is a registry, asked by the same models; and what its
unknown headers may mean.

What does not belong here: words for people, and any rule. The registry's rules are asked on a bench: a home of its own that
holds the registry and this one file, is entered by one check at a time, and is empty again when the check is over.
"""

import csv
import datetime as dt
import math
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock, Timeout

from pipeline import gate, law, nightly
from pipeline.answers.forms.propose import Beginning, ProposedForm, beginnings_as
from pipeline.answers.read_as import ReadColumn, as_held, as_it_stands, examples, read_columns
from pipeline.answers.receipts.to_mend import SAYS
from pipeline.intake.layout import Layout
from pipeline.intake.readings import Reading, Source, position_of
from pipeline.intake.rows import RowClass
from pipeline.intake.workers import Readings
from pipeline.judging import layouts
from pipeline.judging.registry import RegistryProblem
from pipeline.ledger.archive import ArchiveProblem, Lost, blob, read_version
from pipeline.ledger.find import FORMS, NO_PLACE, find_registry, fingerprint, period_days, printable, registry_name, unread, why_not_read
from pipeline.ledger.records import Line, read_loads
from pipeline.ledger.sealed import KeyProblem, load_key, seal_of
from pipeline.paths import SEEDS, Home, bench, private
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.kinds import meta
from pipeline.warehouse import landing
from pipeline.whole import write_whole

ASKED = ("whole_submissions", "quality_rules", "whole_findings")  # the models in which all that is said of a file stands
PATIENCE = 60  # seconds to wait for another check
Row = tuple[str, str, int]  # dataset, sheet, row


@dataclass(frozen=True)
class Place:
    """Where a row came to stand in the registry's eyes."""

    in_figures: bool
    reason: str | None
    unit_codes: dict[str, str]  # column → code of the unit that it names
    is_unit_assumed: bool = False


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
        lost = any(s["verdict_code"] == "REFUSED" or s["rows_set_aside"] for s in self.submissions)
        return lost or not self.findings.filter(severity_code="ERROR").is_empty()


class NotAsked(Exception):
    """The models could not be asked: our own fault. The words name nodes, never rows."""


def check(home: Home, file: Path, data: bytes, period: str, unit: str | None, within: str = "") -> Checked:
    """What a load would say of a file that this unit sends for this period, out of a folder `within` its own. Nothing is kept, and the city's
    archive is not touched."""
    try:
        registry = _registry_files(home)
    except (OSError, ArchiveProblem, KeyProblem, Lost):
        return _alone(file, data, period, within, "REGISTRY_IS_FAULTY")
    if not registry:
        return _alone(file, data, period, within, "NO_REGISTRY")
    if not unit:
        return _alone(file, data, period, within, "NO_UNIT")
    if unit != Path(unit).name or unit.startswith("."):
        return _alone(file, data, period, within, "UNIT_IS_NO_CODE")
    try:
        return _on_bench(registry, file, data, period, unit, within)
    except Timeout:
        return _alone(file, data, period, within, "BENCH_IS_BUSY")
    except OSError:
        return _alone(file, data, period, within, "NO_BENCH")


@dataclass(frozen=True)
class Proposed:
    """What the columns of a file's forms mean or may mean; and the reading, which says whether there was any."""

    reading: Reading
    forms: list[ProposedForm]
    alone: str | None = None  # why what the city confirmed already is not known


def propose_forms(home: Home, file: Path, unit: str = "", dataset: str | None = None) -> Proposed:
    """Read the file as a load of this unit's would, within the same limits, and propose what is still unknown. `dataset`: which list sheets are
    that nobody knows."""
    layout, why = layouts.layout_of(SCHEMAS), None
    try:
        layout = _taught_layout(_registry_files(home), layout)
    except (ArchiveProblem, KeyProblem, Lost, RegistryProblem):
        why = "REGISTRY_IS_FAULTY"
    except Timeout:
        why = "BENCH_IS_BUSY"
    except OSError:
        why = "NO_BENCH"
    ((reading,),) = (chunk.readings for chunk in Readings([Source(0, file, file.name, unit)], layout, read=beginnings_as(dataset)))
    return Proposed(reading, reading.forms if isinstance(reading, Beginning) else [], why)


def confirm_forms(home: Home, forms: dict[str, bytes]) -> list[str]:
    """Lay what the city confirmed (form code → file) into registry/forms, as far as the registry then still holds; their paths there. Raises
    RegistryProblem with what is wrong; then nothing is written. Nothing else of raw is ever written but by those who send it."""
    names = {f"{FORMS}/{code}.csv": content for code, content in sorted(forms.items())}
    with _bench() as bench_home:
        _lay(_registry_files(home) | names, bench_home)
        nightly.check_registry(bench_home, find_registry(bench_home))
    for name, content in names.items():
        file = home.registry / name
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content.decode())
    return list(names)


def _taught_layout(registry: dict[str, bytes], layout: Layout) -> Layout:
    if not any(registry_name(name) == FORMS for name in registry):
        return layout
    with _bench() as home:
        _lay(registry, home)
        return nightly.taught_layout(home, find_registry(home))


def _lay(registry: dict[str, bytes], home: Home) -> None:
    home.registry.mkdir(parents=True)
    for name, content in registry.items():
        file = home.registry / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)


def _on_bench(registry: dict[str, bytes], file: Path, data: bytes, period: str, unit: str, within: str) -> Checked:
    """The file as the only one of a city with this registry."""
    with _bench() as home:
        _lay(registry, home)
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
        file.name, submissions, _rows(said, None), _classes(explained), explained.rows, _columns(said, explained), findings, not_asked, why
    )


def _placed(ask: Callable[[str], Any], name: str, period: str, said: nightly.Judgement, explained: nightly.Explained) -> Checked:
    """What the models said of the file: read from the build that they just made."""
    written = _written(said)
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
        name, submissions, _rows(said, places), _classes(explained), explained.rows, _columns(said, explained), findings, not_asked, kept_out=kept_out
    )  # fmt: skip


def _may_govern(rule_code: str, period: str) -> bool:
    """Whether a rule may be asked of a period: of a law, whether a version of it holds.

    >>> [_may_govern("rotated_cadre_is_planned", period) for period in ("2021", "2022")], _may_govern("unit_known", "2021")
    ([False, True], True)
    """
    versions = [v for v in law.book() if v.rule_code == rule_code]
    return not versions or any(v.may_govern(*period_days(period)) for v in versions)


# ── the bench ────────────────────────────────────────────────────────────────────────────────────────────────────


def _registry_files(home: Home) -> dict[str, bytes]:
    """The registry as it lies there, which the next load would take; else as the last load archived it. But not whom the city confirmed: that speaks
    of people of all units, and of more lists than one file."""
    if found := {name: h for name, h in find_registry(home).items() if registry_name(name) != "identities"}:
        if any(map(why_not_read, found.values())):
            raise Lost("cannot be read")
        return {name: (home.registry / name).read_bytes() for name in found}
    if not (loads := read_loads(home)):
        return {}
    seal = seal_of(home)
    return {
        name: read_version(blob(home, h, seal), h, seal) for name, h in loads[-1].registry.items() if registry_name(name) != "identities"
    }


@contextmanager
def _bench() -> Iterator[Home]:
    """A home for one file, left empty whatever happens; what a kill left there the next check clears away.

    Its place is always the same, because what dbt parses knows where it was parsed, and parsing takes as long as all the rest.
    """
    home = Home(private(bench()))
    with FileLock(home.root / "lock", timeout=PATIENCE):
        try:
            _clear(home)
            yield home
        finally:
            _clear(home)


def _clear(home: Home) -> None:
    """Everything but what dbt parsed, which knows no file; its log may quote one."""
    kept = {home.dbt_target}
    for folder in (home.raw, home.archive, home.dbt_target / "logs", *(home.restricted.glob("*") if home.restricted.exists() else ())):
        if folder in kept:
            continue
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _columns(said: nightly.Judgement, explained: nightly.Explained) -> list[tuple[ReadColumn, list[str]]]:
    found = []
    faults = said.frames["findings"].select("rule_code", "sheet", "cell").iter_rows()
    for c in as_held(read_columns(said.frames["forms"].iter_rows(named=True)), faults):
        position, rows = position_of(c.letter or None), explained.cells.get(c.sheet, [])
        shown = [c.said] if c.said else []
        found.append((as_it_stands(c, rows), shown if position is None else examples(position, rows[c.first_row - 1 :])))
    return found


def _classes(explained: nightly.Explained) -> dict[str, Counter[RowClass]]:
    counted: dict[str, Counter[RowClass]] = {}
    for sheet, _, kind, _ in explained.rows:
        counted.setdefault(sheet, Counter())[kind] += 1
    return counted


def _written(said: nightly.Judgement) -> dict[Row, dict[str, str]]:
    """What stands in each row, as its sender wrote it."""
    return {
        (dataset, sheet or "", row_no): text
        for dataset, judged in said.judged.items()
        for sheet, row_no, text in zip(judged.typed["sheet"], judged.typed["row_no"], judged.text.iter_rows(named=True), strict=True)
    }


def _rows(said: nightly.Judgement, places: dict[Row, Place] | None) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Every row taken for somebody, by dataset and sheet: what is written there in canonical values, and what is assumed besides."""
    refused = set(said.frames["submissions"].filter(verdict_code="REFUSED")["dataset_code"])
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {(t.dataset, t.sheet or ""): [] for t in said.reading.tables}
    for dataset, judged in said.judged.items():
        own = own_columns(SCHEMAS[dataset])
        for typed, text, is_faulty in zip(
            judged.typed.iter_rows(named=True), judged.text.iter_rows(named=True), judged.is_faulty, strict=True
        ):
            place = (places or {}).get((dataset, typed["sheet"] or "", typed["row_no"]))
            values: dict[str, Any] = {}
            assumed: dict[str, Any] = {}
            for column, col in own.items():
                into = values if text[column] is not None else assumed
                if (value := text[column] if meta(col).kind.is_as_written else _plain(typed[column])) is not None:
                    into[column] = value
                beside = meta(col).kind.beside
                if beside and typed[beside(column)] is not None:
                    into[beside(column)] = typed[beside(column)]
            for column, unit_code in place.unit_codes.items() if place else ():
                is_said = column in values and not (place and place.is_unit_assumed and column == "unit")
                (values if is_said else assumed)[f"{column}_code"] = unit_code
            row = {"row": typed["row_no"], "accepted": not is_faulty and dataset not in refused, "values": values, "assumed": assumed}
            row["in_figures"] = None if places is None else bool(place and place.in_figures)
            row["kept_out"] = place.reason if place else None
            rows.setdefault((dataset, typed["sheet"] or ""), []).append(row)
    return rows


def _plain(value: Any) -> Any:
    """A value as JSON has it: days in ISO, whole numbers without a point, and nothing that is no number.

    >>> _plain(dt.date(1980, 5, 1)), _plain(88.0), _plain(float("nan"))
    ('1980-05-01', 88, None)
    """
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return None if not math.isfinite(value) else int(value) if value.is_integer() else value
    return value


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
