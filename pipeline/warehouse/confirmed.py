"""What the city's confirmations of laws changed: what is about to be published, held against what is published. And what became of those of people.

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


def of_people(db: duckdb.DuckDBPyConnection, now: str) -> dict[str, int]:
    """How many lines of `registry/identities` came to which outcome."""
    asked = f"SELECT identity_outcome_code, count(*)::INT FROM {now}.quality.identity_confirmations GROUP BY ALL ORDER BY ALL"
    return dict(db.execute(asked).fetchall())


def people_in_words(found: dict[str, int]) -> list[str]:
    """
    >>> people_in_words({"HOLDS": 3, "NOBODY_FOUND": 1}), people_in_words({})
    (['confirmations of people: 3 HOLDS, 1 NOBODY_FOUND (quality.identity_confirmations says which)'], [])
    """
    said = ", ".join(f"{count} {outcome}" for outcome, count in found.items())
    return [f"confirmations of people: {said} (quality.identity_confirmations says which)"] if said else []


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
