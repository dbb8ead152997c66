"""What a notice says of a load: what came, what was refused, what is late, which figures of the city changed, what units mended. From the published
version alone: units by the registry's names, rules by their own; no person, no file, no word of a cell, and no count of fewer than five people.

What does not belong here: sending it.
"""

import datetime as dt
import json
from typing import Any

from pipeline.codes import labels
from pipeline.metrics import metrics_of
from pipeline.presentation import day, figure, number, vietnamese
from pipeline.warehouse.door import Published

Figures = dict[str, float | None]  # “metric year” → the city's
LISTED = 50  # of refused submissions, and of changed figures; the pages have all
FEW = 5  # people: counts below are not sent over a network
TABLES = {  # whose lines of the city are compared, load by load
    "rpt_rating_summary": "period_type_code = 'YEAR' AND rating_system_code = 'PARTY_MEMBER'",
    "rpt_discipline_summary": "true",
    "rpt_rotation_summary": "true",
    "rpt_training_summary": "true",
}
LOADED = """SELECT dataset_code, count(*) AS submissions, sum(rows_read) AS rows_read, sum(rows_in_figures) AS rows_in_figures,
    sum(rows_kept_out) AS rows_kept_out, sum(rows_set_aside) AS rows_set_aside
    FROM quality.submissions WHERE newest_load_id = $load_id AND verdict_code <> 'REFUSED' GROUP BY dataset_code ORDER BY dataset_code"""
REFUSED = """SELECT s.sender_code AS unit_code, u.unit_name, s.dataset_code, s.period, s.refusal_rule_code AS rule_code
    FROM quality.submissions AS s LEFT JOIN core.dim_unit AS u ON u.unit_key = s.sender_unit_key AND u.is_newest
    WHERE s.newest_load_id = $load_id AND s.verdict_code = 'REFUSED' AND NOT s.is_withdrawn ORDER BY ALL"""
LATE = """SELECT dataset_code, period, due_on, count(*) FILTER (timeliness_code = 'MISSING') AS missing, count(*) AS owed
    FROM reports.rpt_submission_status GROUP BY ALL HAVING count(*) FILTER (timeliness_code = 'MISSING') > 0 ORDER BY due_on, period, dataset_code"""
CAME_LATE = "SELECT count(*) FROM reports.rpt_submission_status WHERE timeliness_code = 'LATE' AND received_on = $as_of"
# What the version before this load's was told of, and this one is not any more; and the other way round.
FINDINGS = """WITH came AS (
        SELECT sender_key, period, dataset_code FROM quality.submissions WHERE newest_load_id = $load_id AND is_current
    ), before AS (
        SELECT s.sender_key, s.period, s.dataset_code, max(s.newest_load_id) AS load_id
        FROM quality.submissions AS s SEMI JOIN came USING (sender_key, period, dataset_code)
        WHERE s.newest_load_id < $load_id AND s.verdict_code <> 'REFUSED' GROUP BY ALL
    ), earlier AS (
        SELECT s.submission_key FROM quality.submissions AS s JOIN before AS b
        ON (s.sender_key, s.period, s.dataset_code, s.newest_load_id) = (b.sender_key, b.period, b.dataset_code, b.load_id)
    ), said AS (SELECT DISTINCT explanation_key FROM quality.findings SEMI JOIN earlier USING (submission_key)),
    says AS (SELECT DISTINCT explanation_key FROM quality.findings SEMI JOIN came USING (sender_key, period, dataset_code) WHERE is_current)
    SELECT (SELECT count(*) FROM said ANTI JOIN says USING (explanation_key)), (SELECT count(*) FROM says ANTI JOIN said USING (explanation_key))"""


def said_of(version: Published, before: Figures | None) -> tuple[dict[str, Any], Figures]:
    """The notice of a version, and the figures that the next one is held against; `before`: those of the last notice."""
    load_id, as_of = version.note["load_id"], version.note["as_of"]
    given = {"load_id": load_id, "as_of": as_of}

    def rows(query: str) -> list[dict[str, Any]]:
        return version.db.execute(query, {k: v for k, v in given.items() if f"${k}" in query}).pl().to_dicts()

    by_dataset, refused, late = rows(LOADED), rows(REFUSED), rows(LATE)
    counts = ("submissions", "rows_read", "rows_in_figures", "rows_kept_out", "rows_set_aside")
    figures, words = _figures(version)
    changed = _changed(figures, before, words) if before is not None else []
    ((mended, new),) = version.db.execute(FINDINGS, {"load_id": load_id}).fetchall()
    ((came_late,),) = version.db.execute(CAME_LATE, {"as_of": as_of}).fetchall()
    notice = {
        "id": f"{version.note.get('city_key', '')[:12]}-load-{load_id}",
        **given,
        "loaded": {name: int(sum(row[name] or 0 for row in by_dataset)) for name in counts}
        | {"by_dataset": [_plain(r) for r in by_dataset]},
        "refused": {"submissions": len(refused), "first": refused[:LISTED]},
        "late": {"overdue": sum(row["missing"] for row in late), "came_late": came_late, "by_dataset": [_plain(row) for row in late]},
        "closed": {"findings_mended": mended, "findings_new": new},
        "changed": {"figures": len(changed), "is_compared": before is not None, "first": changed[:LISTED]},
    }
    return notice | {"subject": _subject(notice), "text": _text(notice)}, figures


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Days as text, whole numbers as such: what JSON takes."""

    def one(value: Any) -> Any:
        if isinstance(value, dt.date):
            return value.isoformat()
        return value if value is None or isinstance(value, str) else int(value)

    return {name: one(value) for name, value in row.items()}


def _figures(version: Published) -> tuple[Figures, dict[str, Any]]:
    """The city's figures of every year, by metric; and the metrics."""
    manifest = version.metrics()
    metrics = metrics_of(json.loads(manifest)) if manifest else {}
    found: Figures = {}
    for table, where in TABLES.items():
        lines = version.db.execute(f"SELECT * FROM reports.{table} WHERE unit_type_code = 'CITY' AND {where} ORDER BY year").pl()
        for name, metric in metrics.items():
            of, _, column = (metric.report or "").partition(".")
            if of == table:
                found |= {f"{name} {row['year']}": row[column] for row in lines.iter_rows(named=True)}
    return found, metrics


def _changed(now: Figures, before: Figures, metrics: dict[str, Any]) -> list[dict[str, Any]]:
    """Figures that are not what they were, each with its words and what stands below its line."""
    found = []
    for key in sorted({*now, *before}, key=lambda key: (key.split()[1], key)):
        old, new = before.get(key), now.get(key)
        name, year = key.split()
        metric = metrics.get(name)
        if metric is None or (old is None and new is None) or (old is not None and new is not None and abs(old - new) < 1e-9):
            continue
        label, _, english = metric.label.partition(" / ")
        of = vietnamese(metric.denominator) if metric.denominator else None
        shown = [_shown(value, metric.shown_as) for value in (old, new)]
        found.append({"metric": name, "year": int(year), "label": label, "label_en": english, "denominator": of, "before": shown[0], "after": shown[1]})  # fmt: skip
    return found


def _shown(value: float | None, shown_as: str) -> str:
    if value is None:
        return "chưa có"
    return f"dưới {FEW}" if shown_as == "count" and 0 < abs(value) < FEW else figure(value, shown_as)


def _subject(notice: dict[str, Any]) -> str:
    return (
        f"Kho dữ liệu nhân sự: lần nạp {notice['load_id']}, {number(notice['loaded']['submissions'])} bản được nhận, "
        f"{number(notice['refused']['submissions'])} bị từ chối, {number(notice['late']['overdue'])} quá hạn"
    )


def _text(notice: dict[str, Any]) -> str:
    """The same in Vietnamese sentences."""
    loaded, refused, late, changed, names = (*(notice[k] for k in ("loaded", "refused", "late", "changed")), labels("dataset"))
    lines = [
        f"Lần nạp {notice['load_id']}, số liệu tính đến ngày {day(dt.date.fromisoformat(notice['as_of']))}, đã công bố.",
        "",
        f"Được nhận: {number(loaded['submissions'])} bản; {number(loaded['rows_read'])} dòng = {number(loaded['rows_in_figures'])} được tính + "
        f"{number(loaded['rows_kept_out'])} giữ lại, chưa tính + {number(loaded['rows_set_aside'])} để lại.",
        *(
            f"  {names.get(r['dataset_code'], '')}: {number(r['submissions'])} bản, {number(r['rows_read'])} dòng"
            for r in loaded["by_dataset"]
        ),
        f"Bị từ chối: {number(refused['submissions'])} bản.",
        *(
            f"  {r['unit_code']} {r['unit_name'] or ''}: {names.get(r['dataset_code'] or '', 'cả tệp')} {r['period'] or ''} ({r['rule_code']})"
            for r in refused["first"]
        ),
        f"Quá hạn chưa nộp: {number(late['overdue'])} bản; nộp trễ trong lần nạp này: {number(late['came_late'])} bản.",
        *(
            f"  {names.get(r['dataset_code'], '')} {r['period']}, hạn {day(dt.date.fromisoformat(r['due_on']))}: thiếu {number(r['missing'])} trên {number(r['owed'])} bản phải nộp"
            for r in late["by_dataset"]
        ),
        f"Đã khắc phục: {number(notice['closed']['findings_mended'])} điểm; mới phát hiện ở các bản vừa nộp: {number(notice['closed']['findings_new'])} điểm.",
        f"Số liệu toàn thành phố thay đổi so với thông báo trước: {number(changed['figures'])}."
        if changed["is_compared"]
        else "Đây là thông báo đầu tiên: chưa có số liệu trước để so.",
        *(
            f"  {c['label']} {c['year']}: {c['before']} → {c['after']}{' (mẫu số: ' + c['denominator'].lower() + ')' if c['denominator'] else ''}"
            for c in changed["first"]
        ),
    ]
    return "\n".join(lines) + "\n"
