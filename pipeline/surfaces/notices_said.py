"""What a notice says of a load: what came, what was refused, what is late, which figures of the city changed, what units mended. From the published
version alone: units by the registry's names, rules by their own; no person, no file, no word of a cell, and nothing that tells of one to four people.

What does not belong here: sending it (notices_ways.py), and which changed figures may be told (notices_changed.py).
"""

import datetime as dt
import json
from typing import Any

from pipeline.codes import labels
from pipeline.metrics import metrics_of
from pipeline.presentation import day, number
from pipeline.surfaces.declared import declared
from pipeline.surfaces.notices_changed import FEW, Figures, Tell, changed_of, is_few
from pipeline.warehouse.door import Published

LISTED = 50  # of refused submissions, and of changed figures; the pages have all
PARTS = ("rows_in_figures", "rows_kept_out", "rows_set_aside")  # of what was read
WITHHELD = f"  Không nêu số ở nơi mà số hoặc mức thay đổi có thể cho biết về dưới {FEW} người."
LOADED = """SELECT dataset_code, count(*) AS submissions, sum(rows_read) AS rows_read, sum(rows_in_figures) AS rows_in_figures,
    sum(rows_kept_out) AS rows_kept_out, sum(rows_set_aside) AS rows_set_aside
    FROM quality.submissions WHERE newest_load_id = $load_id AND verdict_code <> 'REFUSED' GROUP BY dataset_code ORDER BY dataset_code"""
REFUSED = """SELECT s.sender_code AS unit_code, u.unit_name, s.dataset_code, s.period, s.refusal_rule_code AS rule_code
    FROM quality.submissions AS s LEFT JOIN core.dim_unit AS u ON u.unit_key = s.sender_unit_key AND u.is_newest
    WHERE s.newest_load_id = $load_id AND s.verdict_code = 'REFUSED' AND NOT s.is_withdrawn ORDER BY ALL"""
LATE = """SELECT dataset_code, period, due_on, count(*) FILTER (timeliness_code = 'MISSING') AS missing, count(*) AS owed
    FROM reports.rpt_submission_status GROUP BY ALL HAVING count(*) FILTER (timeliness_code = 'MISSING') > 0 ORDER BY due_on, period, dataset_code"""
# What this load brought late: whose first version that counts came with it. The day does not say so, for several loads may stand for one.
CAME_LATE = """SELECT count(*) FROM reports.rpt_submission_status AS t JOIN (
        SELECT sender_unit_key, period, dataset_code,
            coalesce(min(first_load_id) FILTER (verdict_code <> 'REFUSED'), min(first_load_id)) AS load_id
        FROM quality.submissions WHERE NOT is_withdrawn GROUP BY ALL
    ) AS s ON (t.unit_key, t.period, t.dataset_code) = (s.sender_unit_key, s.period, s.dataset_code)
    WHERE t.timeliness_code = 'LATE' AND s.load_id = $load_id"""
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


def said_of(version: Published, before: Figures | None, told: Figures) -> tuple[dict[str, Any], Figures, Figures]:
    """The notice of a version, the figures that the next one is held against, and what was last told of each as a number; `before`, `told`: those
    of the last notice."""
    load_id, as_of = version.note["load_id"], version.note["as_of"]
    given = {"load_id": load_id, "as_of": as_of}

    def rows(query: str) -> list[dict[str, Any]]:
        return version.db.execute(query, {k: v for k, v in given.items() if f"${k}" in query}).pl().to_dicts()

    by_dataset, refused, late = rows(LOADED), rows(REFUSED), rows(LATE)
    figures, words, blocks = _figures(version)
    tell = changed_of(figures, before, told, words, blocks) if before is not None else Tell([], {})
    changed = tell.changed
    ((mended, new),) = version.db.execute(FINDINGS, {"load_id": load_id}).fetchall()
    ((came_late,),) = version.db.execute(CAME_LATE, {"load_id": load_id}).fetchall()
    notice = {
        "id": f"{version.note.get('city_key', '')[:12]}-load-{load_id}",
        **given,
        "loaded": _loaded([_plain(row) for row in by_dataset]),
        "refused": {"submissions": len(refused), "first": refused[:LISTED]},
        "late": {"overdue": sum(row["missing"] for row in late), "came_late": came_late, "by_dataset": [_plain(row) for row in late]},
        "closed": {"findings_mended": mended, "findings_new": new},
        "changed": {"figures": len(changed), "is_compared": before is not None, "first": changed[:LISTED]},
    }
    return notice | {"subject": _subject(notice), "text": _text(notice)}, figures, told | tell.told


def _loaded(by_dataset: list[dict[str, Any]]) -> dict[str, Any]:
    """How much came. None stands for one to four rows, and for what would give them by a subtraction: the sum of all where the rows of a dataset
    are not told; the parts of the rows, told of all datasets together, where a part of them is small."""
    whole = {name: sum(row[name] or 0 for row in by_dataset) for name in ("submissions", "rows_read", *PARTS)}
    is_told = not any(is_few(row["rows_read"] or 0) for row in (*by_dataset, whole))
    are_told = is_told and not any(is_few(whole[name]) for name in PARTS)
    rows = [
        {name: row[name] for name in ("dataset_code", "submissions")}
        | {"rows_read": None if is_few(row["rows_read"] or 0) else row["rows_read"] or 0}
        for row in by_dataset
    ]
    return {
        "submissions": whole["submissions"],
        "rows_read": whole["rows_read"] if is_told else None,
        **{name: whole[name] if are_told else None for name in PARTS},
        "by_dataset": rows,
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Days as text, whole numbers as such: what JSON takes."""

    def one(value: Any) -> Any:
        if isinstance(value, dt.date):
            return value.isoformat()
        return value if value is None or isinstance(value, str) else int(value)

    return {name: one(value) for name, value in row.items()}


def compared() -> dict[str, str]:
    """The reports whose lines of the city are compared, load by load, and which of several lines of a year: those that count people and copy no other."""
    one_line = {"period_type_code": "YEAR", "rating_system_code": "PARTY_MEMBER"}
    return {
        name: "".join(f" AND {column} = '{code}'" for column, code in one_line.items() if column in own.columns)
        for name, own in declared().items()
        if own.classes
    }


def _figures(version: Published) -> tuple[Figures, dict[str, Any], dict[str, str]]:
    """The city's figures of every year, by metric; the metrics; and of which table each is."""
    manifest = version.metrics()
    metrics = metrics_of(json.loads(manifest)) if manifest else {}
    found: Figures = {}
    blocks: dict[str, str] = {}
    for table, of_year in compared().items():
        lines = version.db.execute(f"SELECT * FROM reports.{table} WHERE unit_type_code = 'CITY'{of_year} ORDER BY year").pl()
        for name, metric in metrics.items():
            of, _, column = (metric.report or "").partition(".")
            if of == table:
                blocks[name] = table
                found |= {f"{name} {row['year']}": row[column] for row in lines.iter_rows(named=True)}
    return found, metrics, blocks


def _subject(notice: dict[str, Any]) -> str:
    return (
        f"Kho dữ liệu nhân sự: lần nạp {notice['load_id']}, {number(notice['loaded']['submissions'])} bản được nhận, "
        f"{number(notice['refused']['submissions'])} bị từ chối, {number(notice['late']['overdue'])} quá hạn"
    )


def _or_few(count: int | None) -> str:
    return f"dưới {FEW}" if count is None else number(count)


def _rows(loaded: dict[str, Any]) -> str:
    """How many rows came, as far as it may be told."""
    if loaded["rows_read"] is None:
        return f"; {_or_few(None)} dòng" if len(loaded["by_dataset"]) == 1 else ""
    rows, (used, kept, aside) = f"; {number(loaded['rows_read'])} dòng", (loaded[name] for name in PARTS)
    return rows if used is None else f"{rows} = {number(used)} được tính + {number(kept)} giữ lại, chưa tính + {number(aside)} để lại"


def _change(one: dict[str, Any]) -> str:
    if one["is_withheld"]:
        return "có thay đổi, không nêu số"
    return f"{one['before']} → {one['after']}{' (mẫu số: ' + one['denominator'].lower() + ')' if one['denominator'] else ''}"


def _text(notice: dict[str, Any]) -> str:
    """The same in Vietnamese sentences."""
    loaded, refused, late, changed, names = (*(notice[k] for k in ("loaded", "refused", "late", "changed")), labels("dataset"))
    lines = [
        f"Lần nạp {notice['load_id']}, số liệu tính đến ngày {day(dt.date.fromisoformat(notice['as_of']))}, đã công bố.",
        "",
        f"Được nhận: {number(loaded['submissions'])} bản{_rows(loaded)}.",
        *(
            f"  {names.get(r['dataset_code'], '')}: {number(r['submissions'])} bản, {_or_few(r['rows_read'])} dòng"
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
        *(f"  {c['label']} {c['year']}: {_change(c)}" for c in changed["first"]),
        *([WITHHELD] if any(c["is_withheld"] for c in changed["first"]) else []),
    ]
    return "\n".join(lines) + "\n"
