"""The page of an answer: what was received, what must be mended, what changed, and what the city counts.

What does not belong here: gathering what it says, and how it looks (page.html).
"""

import datetime as dt
from collections import Counter, defaultdict
from functools import cache
from typing import Any

import jinja2

from pipeline.answers.receipts.gathered import Answer, Row, title_of
from pipeline.answers.receipts.restricted import Details
from pipeline.answers.returned.job import LOST, Became, Job
from pipeline.codes import labels
from pipeline.gate import CITY_TIME
from pipeline.paths import RECEIPT_PAGE
from pipeline.presentation import DARK, FONT, PALE, SEVERITY_COLOURS, day, number, place, verdict, why_kept_out
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import Receipt, card

PLACES = 12  # places that a page names for one rule
COUNTS = ("rows_read", "rows_in_figures", "rows_kept_out", "rows_set_aside")


def page(answer: Answer, details: Details, titles: dict[str, str], jobs: list[Job], lost: list[str], became: dict[str, Became]) -> str:
    """The page of one answer; `titles` is what columns of reports are called, `lost` names files of which no workbook could be made."""
    return _page().render(_shown(answer, details, titles, jobs, lost, became))


@cache
def _page() -> jinja2.Template:
    page = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    page.filters["n"] = lambda value: number(value) if isinstance(value, int | float) else str(value)
    page.globals |= {"font": FONT, "dark": DARK, "pale": PALE, "colours": SEVERITY_COLOURS}
    return page.from_string(RECEIPT_PAGE.read_text("utf-8"))


def _shown(
    answer: Answer, details: Details, titles: dict[str, str], jobs: list[Job], lost: list[str], became: dict[str, Became]
) -> dict[str, Any]:
    load = details.load
    counts = Counter(f["severity_code"] for f in answer.findings if not f["is_explained"])
    refused = {s["dataset_code"] for s in answer.submissions if s["verdict_code"] == "REFUSED"}
    faulty = {f["dataset_code"] for f in answer.findings if f["severity_code"] == "ERROR"} | refused
    due = [answer.due[d] for d in faulty if d in answer.due]
    sent = {s["dataset_code"] for s in answer.submissions}
    notes = [f"Tệp gửi kèm: {', '.join(job.target.name for job in jobs if job.name not in lost)}."] if len(jobs) > len(lost) else []
    notes += [f"Tệp {name} quá lớn hoặc không mở lại được nên không gửi kèm bản tô màu; hãy sửa theo bảng trên." for name in lost]
    notes += [f"Trong tệp {name} gửi kèm, {LOST[word]}." for name, word in became.items() if word]
    parts = Counter(title_of(s["dataset_code"]) for s in answer.submissions if s["is_current"])
    notes += [
        f"{title}: {count} tệp, mỗi tệp là một phần của danh sách và cả {count} được tính. Tệp nào không còn đúng thì gửi lại đúng tên tệp ấy."
        for title, count in parts.items()
        if count > 1
    ]
    for dataset, schema in SCHEMAS.items():
        count = sum(s["rows_set_aside"] for s in answer.submissions if s["dataset_code"] == dataset)
        notes += [said.format(count=count)] if count and (said := card(schema).aside) else []
    return {
        "period": answer.unit[0],
        "code": answer.unit[1],
        "unit_name": answer.unit_name,
        "load_id": load.load_id,
        "as_of": day(load.as_of),
        "errors": counts["ERROR"],
        "questions": counts["WARNING"] + counts["QUERY"],
        "returned": len(jobs) > len(lost),
        "due": day(min(due)) if due else None,
        "sums": {c: sum(s[c] for s in answer.submissions) for c in COUNTS},
        "reasons": _reasons(answer.submissions),
        "submissions": [_submission(s, answer.due) for s in answer.submissions],
        "owed": [{"dataset": title_of(d), "due": day(due_on)} for d, due_on in sorted(answer.due.items()) if d not in sent],
        "rules": _rules(answer),
        "notes": notes,
        "changes": [
            {"dataset": title_of(s["dataset_code"])} | {k: n[k] for k in ("new", "changed", "gone", "aside")}
            for s in answer.submissions
            if s["before_keys"]
            for n in [Counter(kind for kind, _ in details.changes[s["submission_key"]])]
        ],
        "figures": [
            _counted(dataset, told, rows, titles) for dataset, rows in answer.figures.items() if (told := card(SCHEMAS[dataset]).receipt)
        ],
    }


def _counted(dataset: str, told: Receipt, rows: list[Row], titles: dict[str, str]) -> dict[str, Any]:
    """A dataset's figures that are not nought, beside one another for each code by which they are counted."""
    return {
        "title": SCHEMAS[dataset].title,
        "heads": [labels(told.by.removesuffix("_code"))[row[told.by]] for row in rows] if told.by else [],
        "rows": [(titles[c], [row[c] for row in rows]) for c in told.figures if any(row[c] for row in rows)],
    }


def _rules(answer: Answer) -> list[dict[str, Any]]:
    """Findings by rule, the worst first, with the first places of each."""
    groups: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for f in answer.findings:
        groups[f["severity_code"], f["dataset_code"] or "", f["rule_code"], f["says_vi"]].append(f)
    called = labels("severity")
    order = list(called)
    shown = []
    for (severity, dataset, rule, says), here in sorted(groups.items(), key=lambda g: (order.index(g[0][0]), g[0][1], -len(g[1]), g[0][2])):
        places = dict.fromkeys(filter(None, (place(f["cell"], f["row_no"]) or f["sheet"] for f in here)))
        more = len(places) - PLACES
        text = ", ".join([*places][:PLACES]) + (f" và {more} chỗ nữa" if more > 0 else "")
        shown.append(
            {"severity": severity, "label": called[severity], "dataset": title_of(dataset or None), "rule": rule, "says": says,
             "count": len(here), "explained": sum(f["is_explained"] for f in here), "places": text or "cả tệp"}
        )  # fmt: skip
    return shown


def _submission(s: dict[str, Any], due: dict[str, dt.date]) -> dict[str, Any]:
    note = "Bản được nhận trước đó vẫn được tính." if s["verdict_code"] == "REFUSED" and s["has_current"] else None
    due_on = due.get(s["dataset_code"])
    received = s["received_at"].replace(tzinfo=dt.UTC).astimezone(CITY_TIME)
    return {
        "dataset": title_of(s["dataset_code"]),
        "file": s["path"].rsplit("/", 1)[-1],
        "received": f"{day(received)} {received:%H:%M}",
        "verdict": verdict(s),
        "note": note,
        "due": day(due_on) if due_on else None,
        **{c: s[c] for c in COUNTS},
    }


def _reasons(submissions: list[Row]) -> str:
    """Why rows are kept and not in the figures, each reason with its rows."""
    counts: Counter[str] = sum((Counter(s["kept_out"]) for s in submissions), Counter())
    replaced = sum(s["rows_kept_out"] for s in submissions) - counts.total()
    return "; ".join([*why_kept_out(counts), *([f"bản khác đã thay hoặc đã rút: {replaced}"] if replaced else [])])
