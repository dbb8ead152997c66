"""What a unit must mend or explain: the versions that it is answered of, and all that was found in them. This is said here and nowhere else: answers
and `pipeline findings` ask it.

What does not belong here: what a finding means to a unit (faults.py), and rules.
"""

import polars as pl

from pipeline.warehouse.publish import Database

# The newest version of each dataset and whatever else came with it, and all parts of a list in several files; of files without a dataset, those of the
# last delivery. Beside each, those whose place it took.
ANSWERED = """
    WITH ranked AS (
        SELECT *,
            (SELECT coalesce(list(b.submission_key ORDER BY b.submission_key), []) FROM restricted.whole.submissions b
                WHERE b.replaced_by_key = s.submission_key) AS before_keys,
            max(newest_load_id) OVER (PARTITION BY period, sender_code, dataset_code) AS of_dataset,
            max(newest_load_id) OVER (PARTITION BY period, sender_code) AS of_sender,
            count_if(is_current) OVER (PARTITION BY period, sender_code, dataset_code) AS parts
        FROM restricted.whole.submissions s WHERE sender_unit_key IS NOT NULL OR verdict_code = 'REFUSED')
    SELECT r.submission_key, r.period, r.sender_code, r.sender_unit_key, r.dataset_code, r.content_hash, r.path, r.received_at,
        r.verdict_code, r.refusal_rule_code, r.is_nil, r.is_withdrawn, r.is_current, r.rows_read, r.rows_in_figures, r.rows_kept_out, r.rows_set_aside,
        CASE WHEN r.is_current THEN r.before_keys ELSE [] END AS before_keys,
        bool_or(r.is_current) OVER (PARTITION BY r.period, r.sender_code, r.dataset_code) AS has_current
    FROM ranked r
    WHERE r.period <> '' AND (
        r.newest_load_id = CASE WHEN r.dataset_code IS NULL THEN r.of_sender ELSE r.of_dataset END OR (r.parts > 1 AND r.is_current))"""
# The rule's sentence, and behind it the units that are called like a word that nobody knows: for the sender's eyes.
SAYS = "CASE WHEN nearest_units IS NULL THEN says_vi ELSE says_vi || ' Gần giống nhất: ' || nearest_units || '.' END"
_FOUND = f"""
    SELECT f.* EXCLUDE (is_current, sender_unit_key, says_en, nearest_units) REPLACE ({SAYS} AS says_vi) FROM restricted.whole.findings f SEMI JOIN ({ANSWERED}) s USING (submission_key)"""


def submissions(db: Database, unit: str | None = None, period: str | None = None) -> pl.DataFrame:
    """The versions that units are answered of, of all units and periods or of one."""
    return _of(db, ANSWERED, "period, sender_code, path, dataset_code", unit, period)


def findings(db: Database, unit: str | None = None, period: str | None = None) -> pl.DataFrame:
    """All that was found in those versions."""
    return _of(db, _FOUND, "sheet NULLS FIRST, row_no NULLS FIRST, column_name, rule_code", unit, period)


def _of(db: Database, query: str, order: str, unit: str | None, period: str | None) -> pl.DataFrame:
    asked = f"SELECT * FROM ({query}) WHERE coalesce(sender_code = $unit, true) AND coalesce(period = $period, true) ORDER BY {order}"
    return db.execute(asked, {"unit": unit, "period": period}).pl()
