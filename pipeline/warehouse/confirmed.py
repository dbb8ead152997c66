"""What the city's confirmations of laws changed: what is about to be published, held against what is published.

What does not belong here: confirming (the registry), judging by it (law.py, dbt), publishing.
"""

from typing import Any

import duckdb


def changes(db: duckdb.DuckDBPyConnection, now: str, before: str) -> dict[str, Any]:
    """Versions confirmed and no longer confirmed since `before` was published, and what became of it; nothing where there are none.

    Counted in what is or was current. A finding is found again by its key, and what is set aside by its submission: other bytes are others.
    """
    turned = db.execute(f"""
        SELECT DISTINCT n.version_code, n.confirmed_on IS NOT NULL FROM {now}.quality.rules AS n
        LEFT JOIN {before}.quality.rules AS b USING (version_code)
        WHERE n.version_code IS NOT NULL AND (n.confirmed_on IS NULL) <> (b.confirmed_on IS NULL) ORDER BY ALL""").fetchall()
    if not turned:
        return {}
    versions = [version for version, _ in turned]
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE weighed AS
        SELECT n.submission_key, b.severity_code AS was, n.severity_code AS weighs
        FROM {now}.quality.findings AS n JOIN {before}.quality.findings AS b USING (finding_key)
        WHERE list_contains(?, n.version_code) AND n.severity_code <> b.severity_code AND (n.is_current OR b.is_current)""",
        [versions],
    )
    aside, back = db.execute(f"""
        SELECT coalesce(sum(greatest(moved, 0)), 0)::INT, coalesce(sum(greatest(-moved, 0)), 0)::INT
        FROM (
            SELECT n.rows_set_aside - b.rows_set_aside AS moved
            FROM {now}.quality.submissions AS n JOIN {before}.quality.submissions AS b USING (submission_key)
            WHERE submission_key IN (SELECT submission_key FROM weighed)
        )""").fetchone() or (0, 0)
    return {
        "confirmed": [version for version, is_confirmed in turned if is_confirmed],
        "no_longer": [version for version, is_confirmed in turned if not is_confirmed],
        "weighed": db.execute("SELECT was, weighs, count(*) FROM weighed GROUP BY ALL ORDER BY ALL").fetchall(),
        "set_aside": aside,
        "taken_back": back,
    }


def in_words(found: dict[str, Any]) -> list[str]:
    """
    >>> told = {"confirmed": ["N10", "R11c"], "no_longer": [], "weighed": [("WARNING", "ERROR", 3)], "set_aside": 2, "taken_back": 0}
    >>> in_words(told)
    ['laws confirmed since the last load: N10, R11c; findings that weigh otherwise: 3 WARNING → ERROR; rows newly set aside: 2']
    >>> in_words(told | {"confirmed": [], "no_longer": ["N10"], "weighed": [], "set_aside": 0, "taken_back": 1})
    ['laws no longer confirmed: N10; findings that weigh otherwise: none; rows newly set aside: 0; rows no longer set aside: 1']
    >>> in_words({})
    []
    """
    if not found:
        return []
    weighed = ", ".join(f"{count} {was} → {weighs}" for was, weighs, count in found["weighed"])
    said = [f"laws confirmed since the last load: {', '.join(found['confirmed'])}"] if found["confirmed"] else []
    said += [f"laws no longer confirmed: {', '.join(found['no_longer'])}"] if found["no_longer"] else []
    said += [f"findings that weigh otherwise: {weighed or 'none'}", f"rows newly set aside: {found['set_aside']}"]
    said += [f"rows no longer set aside: {found['taken_back']}"] if found["taken_back"] else []
    return ["; ".join(said)]
