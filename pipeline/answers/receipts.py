"""Answers: after each load, what every unit gets back into `restricted/outbox/<period>/<unit code>/`, where anything changed for it.

What does not belong here: how a workbook is marked (returned.py), and any judgement: all of it was made before.
"""

import datetime as dt
import hashlib
import json
import logging
import os
import re
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import jinja2
import pebble
import polars as pl

from pipeline.answers.returned import LOST, Became, Change, Fault, Job, give_back
from pipeline.codes import code_lists, labels
from pipeline.gate import CITY_TIME
from pipeline.intake.workers import fall_silent
from pipeline.ledger import lookups
from pipeline.ledger.archive import Load, blob, write_whole
from pipeline.ledger.find import period_days
from pipeline.ledger.sealed import seal_of
from pipeline.paths import RECEIPT_PAGE, Home, private
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card
from pipeline.schemas.columns import catalogued, own_columns
from pipeline.schemas.files import FILE_RULES
from pipeline.schemas.kinds import key_name, meta
from pipeline.schemas.landed import compared_keys
from pipeline.schemas.rules import rules_of
from pipeline.warehouse import landing
from pipeline.warehouse.publish import open_whole

log = logging.getLogger("pipeline")

SUMMARY, FINGERPRINT = "tom-tat.html", ".fingerprint"
PATIENCE = 120  # seconds for one workbook; then its summary goes alone
PER_WORKER = 8  # so many workbooks are worth another process
SHOWN = 12  # places that a summary names for one rule
RATING_FIGURES = (
    "population", "left_after_rating", "rated", "excellent", "good_exclusive", "completed", "not_completed", "not_rated", "unexplained",
    "rated_outside_roster",
)  # fmt: skip

Progress = Callable[[int, int], None]
Unit = tuple[str, str]  # period, sender
Row = dict[str, Any]  # of a table, by its columns
Values = tuple[Any, ...]  # of some columns of a row


@dataclass(frozen=True)
class Written:
    """What a load answered; nothing of what it said."""

    load_id: int
    units: int
    workbooks: int
    failed: int
    seconds: float


def write_receipts(
    home: Home,
    load: Load,
    *,
    everything: bool = False,
    only: str | None = None,
    workers: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Written:
    """Answer each unit for which anything changed since its last answer; `everything` answers all of them again, `only` one.

    A folder is made beside the old one and takes its place: a kill leaves one, the other, or for a moment none. Repeated, it gives the same.
    From its beginning to its end units count as not answered: what a kill left is finished by the next load.
    """
    began = time.perf_counter()
    private(home.restricted)
    private(home.outbox)
    before = home.answered.read_bytes() if home.answered.exists() else None
    home.answered.unlink(missing_ok=True)
    _heal(home)
    answers, words = _answers(home)
    changed = {
        unit: answer
        for unit, answer in answers.items()
        if only in (None, unit[1]) and (everything or _last(home, unit) != answer.fingerprint)
    }
    if changed:
        lookups.note(home, "receipts", load=load.load_id, units=len(changed), unit=only, where=str(home.outbox))
    details = _Details(home, load, words, changed.values())
    jobs = {unit: details.jobs(answer, _part(home, unit)) for unit, answer in changed.items()}
    workbooks = failed = 0
    with _Workers(sum(map(len, jobs.values())), workers) as pool:
        waiting = {unit: [(job, pool.give_back(job)) for job in todo] for unit, todo in jobs.items()}
        for done, (unit, answer) in enumerate(changed.items(), start=1):
            part = private(_part(home, unit))
            lost, became = [], {}
            for job, future in waiting.pop(unit):
                if _came(job, future):
                    became[job.target.name] = future.result()
                else:
                    lost.append(job.name)
            failed += len(lost)
            workbooks += len(jobs[unit]) - len(lost)
            page = _page().render(details.summary(answer, jobs[unit], lost, became))
            (part / SUMMARY).write_text(page, "utf-8")
            (part / FINGERPRINT).write_text(answer.fingerprint)
            _switch(home, unit)
            progress(done, len(changed))
    written = Written(load.load_id, len(changed), workbooks, failed, round(time.perf_counter() - began, 1))
    if only is None:
        write_whole(home.answered, json.dumps(asdict(written)))
    elif before is not None:  # all others stand as they were answered
        write_whole(home.answered, before.decode())
    return written


# ── folders ──────────────────────────────────────────────────────────────────────────────────────────────────────


LONGEST = 200  # bytes of a name: a system holds 255, and ours add some


def _short(name: str) -> str:
    """A name that can be written, and told from others that begin alike."""
    if len(name.encode()) <= LONGEST:
        return name
    begin = name.encode()[: LONGEST - 20].decode(errors="ignore")
    return f"{begin}~{hashlib.sha256(name.encode()).hexdigest()[:8]}{Path(name).suffix[:6]}"


def folder_of(home: Home, unit: Unit) -> Path:
    return home.outbox / unit[0] / _short(unit[1])


def _part(home: Home, unit: Unit) -> Path:
    return home.outbox / unit[0] / f".{_short(unit[1])}.part"  # hidden: no unit's folder begins with a dot


def _last(home: Home, unit: Unit) -> str | None:
    try:
        return (folder_of(home, unit) / FINGERPRINT).read_text()
    except FileNotFoundError:
        return None


def _heal(home: Home) -> None:
    """What a kill left: half-made folders go; an old one that was pushed aside comes back."""
    for part in home.outbox.glob("*/.*.part"):
        shutil.rmtree(part)
    for old in home.outbox.glob("*/.*.old"):
        folder = old.with_name(old.name[1:-4])
        if folder.exists():
            shutil.rmtree(old)
        else:
            old.rename(folder)


def _switch(home: Home, unit: Unit) -> None:
    folder, part = folder_of(home, unit), _part(home, unit)
    old = part.with_suffix(".old")
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


# ── what there is to say ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Answer:
    """One unit's answer for one period, as far as tables hold it; the fingerprint is of exactly this."""

    unit: Unit
    unit_name: str | None
    submissions: list[Row]
    findings: list[Row]
    ratings: list[Row]
    figures: dict[str, Row]
    due: dict[str, dt.date]
    fingerprint: str = ""


# The newest version of each dataset and whatever else came with it; of files without a dataset, those of the last delivery.
# Beside each, the version that was accepted before it.
_SHOWN = """
    WITH ranked AS (
        SELECT *,
            max(newest_load_id) OVER (PARTITION BY period, sender_code, dataset_code) AS of_dataset,
            max(newest_load_id) OVER (PARTITION BY period, sender_code) AS of_sender
        FROM restricted.whole.submissions WHERE sender_unit_key IS NOT NULL OR verdict_code = 'REFUSED'),
    standing AS (
        SELECT submission_key, lag(submission_key) OVER (
            PARTITION BY period, sender_code, dataset_code ORDER BY newest_load_id, newest_line_no, submission_key) AS before_key
        FROM restricted.whole.submissions WHERE verdict_code = 'ACCEPTED' AND NOT is_withdrawn)
    SELECT r.submission_key, r.period, r.sender_code, r.sender_unit_key, r.dataset_code, r.content_hash, r.path, r.received_at,
        r.verdict_code, r.refusal_rule_code, r.is_nil, r.is_withdrawn, r.is_current, r.rows_read, r.rows_in_figures, r.rows_kept_out, r.rows_set_aside,
        CASE WHEN r.is_current THEN s.before_key END AS before_key,
        bool_or(r.is_current) OVER (PARTITION BY r.period, r.sender_code, r.dataset_code) AS has_current
    FROM ranked r LEFT JOIN standing s USING (submission_key)
    WHERE r.period <> '' AND r.newest_load_id = CASE WHEN r.dataset_code IS NULL THEN r.of_sender ELSE r.of_dataset END
    ORDER BY r.period, r.sender_code, r.path, r.dataset_code"""


def _answers(home: Home) -> tuple[dict[Unit, Answer], dict[str, str]]:
    """Every unit that sent something, from what is published and what stands beside it; and what its columns are called there."""
    with open_whole(home) as db:
        shown = _by_unit(db.execute(_SHOWN).pl())
        reasons = db.execute(f"""SELECT submission_key, reason_code, count(*) FROM restricted.whole.not_of_record SEMI JOIN ({_SHOWN}) s USING (submission_key) GROUP BY ALL ORDER BY ALL""").fetchall()  # fmt: skip
        kept_out: dict[str, dict[str, int]] = defaultdict(dict)
        for key, reason, count in reasons:
            kept_out[key][reason] = count
        for submission in (s for sent in shown.values() for s in sent):
            submission["kept_out"] = kept_out[submission["submission_key"]]
        findings = _by_unit(
            db.execute(
                f"""SELECT f.* EXCLUDE (is_current, sender_unit_key, says_en) FROM restricted.whole.findings f
                    SEMI JOIN ({_SHOWN}) s USING (submission_key) ORDER BY f.sheet NULLS FIRST, f.row_no NULLS FIRST, f.column_name, f.rule_code"""
            ).pl()
        )
        names = {
            (r["period"], r["sender_unit_key"]): r["unit_name"]
            for r in db.execute(
                f"""SELECT DISTINCT s.period, s.sender_unit_key, arg_max(u.unit_name, u.valid_from) AS unit_name
                    FROM ({_SHOWN}) s JOIN core.dim_unit u ON u.unit_key = s.sender_unit_key
                        AND year(u.valid_from) <= CAST(left(s.period, 4) AS INTEGER) GROUP BY ALL"""
            )
            .pl()
            .iter_rows(named=True)
        }
        ratings = defaultdict(list)
        columns = ", ".join(RATING_FIGURES)
        rated = db.execute(
            f"""SELECT r.period, r.unit_key, r.rating_system_code, {columns} FROM reports.rpt_rating_summary r
                JOIN core.dim_rating_system USING (rating_system_code)
                WHERE population > 0 OR rated > 0 OR not_rated > 0 ORDER BY sort_order"""
        ).pl()
        for row in rated.iter_rows(named=True):
            ratings[row.pop("period"), row.pop("unit_key")].append(row)
        figures: dict[Unit, dict[str, Row]] = defaultdict(dict)
        for dataset, wanted, report in (
            (name, own.receipt, next(iter(own.reports))) for name, schema in SCHEMAS.items() if (own := card(schema)).receipt
        ):
            query = f"SELECT CAST(year AS VARCHAR) AS period, unit_key, {', '.join(wanted)} FROM reports.{report}"
            for row in db.execute(query).pl().iter_rows(named=True):
                values = {c: row[c] for c in wanted if row[c]}
                if values:
                    figures[row["period"], row["unit_key"]][dataset] = values
        due: dict[Unit, dict[str, dt.date]] = defaultdict(dict)
        for period, unit_key, dataset, day in db.execute(
            "SELECT period, unit_key, dataset_code, due_on FROM reports.rpt_submission_status"
        ).fetchall():
            due[period, unit_key][dataset] = day
        words = dict(db.execute("SELECT column_name, comment FROM duckdb_columns() WHERE schema_name = 'reports'").fetchall())
    answers = {}
    for unit, submissions in shown.items():
        place = (unit[0], next((s["sender_unit_key"] for s in submissions if s["sender_unit_key"]), ""))
        said = (submissions, findings.get(unit, []), ratings.get(place, []), figures.get(place, {}), due.get(place, {}))
        told = json.dumps((names.get(place), *said), sort_keys=True, default=str)
        answers[unit] = Answer(unit, names.get(place), *said, fingerprint=hashlib.sha256(told.encode()).hexdigest())
    return answers, words


def _by_unit(frame: pl.DataFrame) -> dict[Unit, list[Row]]:
    found: dict[Unit, list[Row]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        found[row["period"], row["sender_code"]].append(row)
    return found


class _Details:
    """What only the restricted zone holds, read for the units that are answered: values found, addresses, people, rows of two versions."""

    def __init__(self, home: Home, load: Load, words: dict[str, str], answers: Iterable[Answer]):
        self.home, self.load, self.seal = home, load, seal_of(home)
        with open_whole(home) as db:
            confirmed = db.execute("SELECT DISTINCT version_code FROM quality.rules WHERE confirmed_on IS NOT NULL").fetchall()
        self.confirmed = frozenset(version for (version,) in confirmed)
        # a header is what the description says first
        self.titles = {c: re.split(r"[;:(]", text.split(" / ")[0])[0].strip() for c, text in words.items()}
        answers = list(answers)
        told = {f["submission_key"] for a in answers for f in a.findings}
        pairs = {s["submission_key"]: s["before_key"] for a in answers for s in a.submissions if s["before_key"]}
        both = set(pairs) | set(pairs.values())
        self.values = {(f["submission_key"], f["finding_no"]): f["value_found"] for f in self._landed("findings", told)}
        self.letters: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for row in self._landed("letters", told):
            self.letters[row["submission_key"], row["sheet"]][row["column_name"]] = row["letter"]
        self.reasons = {(r["submission_key"], r["explanation_key"]): r["explanation"] for r in self._landed("explanations", told)}
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
            self.changes[now] = list(_changes(datasets[now], rows[now], rows[before], aside[now], aside[before]))

    def _landed(self, table: str, keys: set[str]) -> Iterable[Row]:
        """Rows of a landed table that belong to some submissions; nothing is read where none is asked for."""
        if not keys:
            return []
        found = landing.landed(self.home, self.load.contract, table)
        return found.filter(pl.col("submission_key").is_in(list(keys))).iter_rows(named=True)

    def faults(self, finding: Row) -> Fault:
        key, sheet, row_no, column = (finding[c] for c in ("submission_key", "sheet", "row_no", "column_name"))
        letters = self.letters.get((key, sheet or ""), {})
        at = finding["cell"]
        if at is None and row_no and letters:
            at = f"{min(letters.values(), key=lambda letter: (len(letter), letter))}{row_no}"
        schema = SCHEMAS.get(finding["dataset_code"] or "")
        own = own_columns(schema) if schema is not None else {}
        found = self.values.get((key, finding["finding_no"]))
        must_change = finding["severity_code"] == "ERROR" and column in own and row_no and finding["rule_code"] not in FILE_RULES
        also = _beside(finding["dataset_code"], column, finding["rule_code"], finding["period"], self.confirmed) if must_change else ()
        return Fault(
            severity=finding["severity_code"],
            dataset=_dataset(finding["dataset_code"]),
            sheet=sheet or None,
            row_no=row_no,
            cell=finding["cell"],
            at=at,
            column=own[column].title if column in own else None,
            found=found,
            says=finding["says_vi"],
            rule=finding["rule_code"],
            key=None if finding["severity_code"] == "ERROR" else finding["explanation_key"],
            also=tuple((f"{letters[c]}{row_no}" if c in letters else None, says) for c, says in also),
        )

    def jobs(self, answer: Answer, part: Path) -> list[Job]:
        """The files to give back: all whose cells could be read."""
        files: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for s in answer.submissions:
            files[s["path"], s["content_hash"]].append(s)
        jobs, taken = [], set()
        for (path, content_hash), submissions in files.items():
            keys = {s["submission_key"] for s in submissions}
            found = [f for f in answer.findings if f["submission_key"] in keys]
            changes = [c for k in keys for _, c in self.changes.get(k, ())]
            was_read = any(s["rows_read"] or s["is_nil"] for s in submissions) or any(f["sheet"] for f in found)
            if not was_read:
                continue
            name = _short(path.rsplit("/", 1)[-1])
            new = f"{Path(name).stem}.xlsx"
            new = new if new.lower() not in taken else f"{name}.xlsx"
            taken.add(new.lower())
            faults = tuple(self.faults(f) for f in found)
            reasons = {f["explanation_key"]: r for f in found if (r := self.reasons.get((f["submission_key"], f["explanation_key"])))}
            place = blob(self.home, content_hash, self.seal)
            jobs.append(Job(place, name, part / new, faults, tuple(changes), reasons, content_hash, self.seal))
        return jobs

    def summary(self, answer: Answer, jobs: list[Job], lost: list[str], became: dict[str, Became]) -> dict[str, Any]:
        """What the page shows."""
        counts = Counter(f["severity_code"] for f in answer.findings if not f["is_explained"])
        refused = {s["dataset_code"] for s in answer.submissions if s["verdict_code"] == "REFUSED"}
        faulty = {f["dataset_code"] for f in answer.findings if f["severity_code"] == "ERROR"} | refused
        due = [answer.due[d] for d in faulty if d in answer.due]
        sent = {s["dataset_code"] for s in answer.submissions}
        notes = [f"Tệp gửi kèm: {', '.join(job.target.name for job in jobs if job.name not in lost)}."] if len(jobs) > len(lost) else []
        notes += [f"Tệp {name} quá lớn hoặc không mở lại được nên không gửi kèm bản tô màu; hãy sửa theo bảng trên." for name in lost]
        notes += [f"Trong tệp {name} gửi kèm, {LOST[word]}." for name, word in became.items() if word]
        aside = sum(s["rows_set_aside"] for s in answer.submissions if s["dataset_code"] == "personnel")
        if aside:
            notes.append(
                f"{aside} dòng Nhân sự bị để lại: xếp loại của những người ấy chỉ đối chiếu được với danh sách "
                "(miễn sinh hoạt, đình chỉ, mới kết nạp, có tên) sau khi các dòng này được sửa."
            )
        return {
            "period": answer.unit[0],
            "code": answer.unit[1],
            "unit_name": answer.unit_name,
            "load_id": self.load.load_id,
            "as_of": f"{self.load.as_of:%d/%m/%Y}",
            "errors": counts["ERROR"],
            "questions": counts["WARNING"] + counts["QUERY"],
            "returned": len(jobs) > len(lost),
            "due": f"{min(due):%d/%m/%Y}" if due else None,
            "sums": {c: sum(s[c] for s in answer.submissions) for c in ("rows_read", "rows_in_figures", "rows_kept_out", "rows_set_aside")},
            "reasons": _reasons(answer.submissions),
            "submissions": [_submission(s, answer.due) for s in answer.submissions],
            "owed": [{"dataset": _dataset(d), "due": f"{day:%d/%m/%Y}"} for d, day in sorted(answer.due.items()) if d not in sent],
            "rules": self._rules(answer),
            "notes": notes,
            "changes": [
                {"dataset": _dataset(s["dataset_code"])} | {k: n[k] for k in ("new", "changed", "gone", "aside")}
                for s in answer.submissions
                if s["before_key"]
                for n in [Counter(kind for kind, _ in self.changes[s["submission_key"]])]
            ],
            "ratings": {
                "systems": [labels("rating_system")[r["rating_system_code"]] for r in answer.ratings],
                "rows": [(self.titles[c], [r[c] for r in answer.ratings]) for c in RATING_FIGURES if any(r[c] for r in answer.ratings)],
            },
            "figures": [
                {"title": SCHEMAS[d].title, "shown": [(self.titles[c].lower(), v) for c, v in values.items()]}
                for d, values in answer.figures.items()
            ],
        }

    def _rules(self, answer: Answer) -> list[dict[str, Any]]:
        """Findings by rule, the worst first, with the first places of each."""
        groups: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
        for f in answer.findings:
            groups[f["severity_code"], f["dataset_code"] or "", f["rule_code"], f["says_vi"]].append(f)
        order = [c.code for c in code_lists()["severity"]]
        shown = []
        for (severity, dataset, rule, says), here in sorted(
            groups.items(), key=lambda g: (order.index(g[0][0]), g[0][1], -len(g[1]), g[0][2])
        ):
            places = dict.fromkeys(filter(None, (f["cell"] or (f"dòng {f['row_no']}" if f["row_no"] else f["sheet"]) for f in here)))
            more = len(places) - SHOWN
            text = ", ".join([*places][:SHOWN]) + (f" và {more} chỗ nữa" if more > 0 else "")
            shown.append(
                {"severity": severity, "label": labels("severity")[severity], "dataset": _dataset(dataset or None), "rule": rule, "says": says,
                 "count": len(here), "explained": sum(f["is_explained"] for f in here), "places": text or "cả tệp"}
            )  # fmt: skip
        return shown


def _submission(s: dict[str, Any], due: dict[str, dt.date]) -> dict[str, Any]:
    if s["is_withdrawn"]:
        verdict = "đã rút"
    elif s["verdict_code"] == "REFUSED":
        verdict = "bị từ chối"
    else:
        verdict = "không phát sinh" if s["is_nil"] else "được nhận" if s["is_current"] else "được nhận, có bản khác thay"
    note = "Bản được nhận trước đó vẫn được tính." if s["verdict_code"] == "REFUSED" and s["has_current"] else None
    day = due.get(s["dataset_code"])
    received = s["received_at"].replace(tzinfo=dt.UTC).astimezone(CITY_TIME)
    return {
        "dataset": _dataset(s["dataset_code"]),
        "file": s["path"].rsplit("/", 1)[-1],
        "received": f"{received:%d/%m/%Y %H:%M}",
        "verdict": verdict,
        "note": note,
        "due": f"{day:%d/%m/%Y}" if day else None,
        **{c: s[c] for c in ("rows_read", "rows_in_figures", "rows_kept_out", "rows_set_aside")},
    }


def _reasons(submissions: list[Row]) -> str:
    """Why rows are kept and not in the figures, each reason with its rows."""
    counts: Counter[str] = sum((Counter(s["kept_out"]) for s in submissions), Counter())
    replaced = sum(s["rows_kept_out"] for s in submissions) - counts.total()
    said = [f"{label.lower()}: {counts[reason]}" for reason, label in labels("kept_out_reason").items() if counts[reason]]
    return "; ".join([*said, *([f"bản khác đã thay hoặc đã rút: {replaced}"] if replaced else [])])


def _dataset(code: str | None) -> str:
    return SCHEMAS[code].title if code in SCHEMAS else "Tệp"


# Rules of the warehouse that know neither who nor in which system before these cells can be read, and the cell they point at.
_OF_WAREHOUSE = {("ratings", "identity_number"): "decided_level_code", ("ratings", "rating_system_code"): "decided_level_code"}


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
            elif r.name == rule_code:
                found |= {c: "cùng quy tắc này." for c in read if c not in found}
    if waits := _OF_WAREHOUSE.get((dataset, column)):
        found |= {waits: "chỉ đối chiếu được với tệp khác sau khi ô này đúng."} | dict(
            _beside(dataset, waits, rule_code, period, confirmed)
        )
    return tuple(found.items())


# ── what changed ─────────────────────────────────────────────────────────────────────────────────────────────────

_PLACE = ("submission_key", "sheet", "row_no")


def _changes(dataset: str, now: list[Row], before: list[Row], now_aside: set[str], before_aside: set[str]) -> Iterable[tuple[str, Change]]:
    """What differs between two versions, by person: rows that are equal are paired first, then those of a person that differ least."""
    passed_over = {*_PLACE, *(c for name, col in own_columns(SCHEMAS[dataset]).items() for c in compared_keys(name, meta(col)) or ())}
    columns = [c for c in dict.fromkeys(c for row in (*now, *before) for c in row) if c not in passed_over]

    def values(row: Row) -> Values:
        return tuple(row.get(c) for c in columns)

    def change(kind: str, says: str, row: Row, what: str = "", is_there: bool = True) -> tuple[str, Change]:
        sheet, row_no = (row["sheet"] or None, row["row_no"]) if is_there else (None, None)
        return kind, Change(_dataset(dataset), says, row.get("full_name"), sheet, row_no, what)

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
            shown = f"{_value(old.get(c), meta(col).codes)} → {_value(new.get(c), meta(col).codes)}" if c in own else "thay đổi"
            lines.setdefault(col.title, f"{col.title}: {shown}")
    return "\n".join(lines.values())


def _value(value: Any, code_list: str | None) -> str:
    if value is None:
        return "(trống)"
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return labels(code_list).get(value, str(value)) if code_list else str(value)


# ── the page, and the workers ────────────────────────────────────────────────────────────────────────────────────


@cache
def _page() -> jinja2.Template:
    page = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    page.filters["n"] = lambda value: f"{value:,.0f}".replace(",", ".") if isinstance(value, int | float) else str(value)
    return page.from_string(RECEIPT_PAGE.read_text("utf-8"))


class _Workers:
    """Processes that mark workbooks: one that dies or takes too long loses its one workbook."""

    def __init__(self, jobs: int, workers: int | None):
        count = workers or min(os.cpu_count() or 1, 8, -(-jobs // PER_WORKER))
        # spawn: a fork of a process in which polars has threads can hang
        self.pool = pebble.ProcessPool(count, initializer=fall_silent, context=get_context("spawn")) if jobs else None

    def __enter__(self) -> "_Workers":
        return self

    def __exit__(self, *error: object) -> None:
        if self.pool:
            self.pool.stop() if error[0] else self.pool.close()
            self.pool.join()

    def give_back(self, job: Job) -> Future[Became]:
        assert self.pool  # there is one where there are jobs
        private(job.target.parent)
        return self.pool.schedule(give_back, args=(job,), timeout=PATIENCE)


def _came(job: Job, future: Future[Became]) -> bool:
    """Whether the workbook was written. Whatever a unit's file did to its worker, its summary still goes, and everybody else's answer."""
    try:
        future.result()
    except Exception as error:  # its text may quote a cell: only its name is logged
        log.warning("a workbook could not be given back: %s", type(error).__name__)
        job.target.unlink(missing_ok=True)
        return False
    return True
