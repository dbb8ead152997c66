"""What two checkouts publish of the same raw files: every finding, fact and figure that differs, by rule and column, with its reason.

    mkdir /tmp/base && git archive 6aa01d6 | tar -x -C /tmp/base  # before the rule book; ea40e69: before cards and catalogues
    .venv/bin/python tests/differences.py /tmp/base [--raw DIR] [--as-of 2026-11-27] [--write FILE.md]

Without `--raw` both load a small sample city with planted faults, as the base makes it: it can read what its own makes. A difference for which REASONS has no word ends it with 1.
What does not belong here: tests, and judging which of the two is right.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from pipeline.paths import PROJECT, Home
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card

# Rule, table or table.column → why it differs, in the words of the issue that asked for it.
REASONS = {
    "excellent_within_cap": "counted where and when people were rated, with rows that wait, and told to whoever sent the rows",
    "no_move_during_discipline": "an error by the book (grade V); the file of the year before is asked for: without it the rule could not be asked",
    "suspended_member_not_rated": "asked on the rating's day and not at the period's end",
    "new_member_not_rated": "asked on the rating's day and not at the period's end",
    "disciplined_is_not_completed": "discipline of any system, leaders too, and a case counted once",
    "discipline_form_allowed": "removal needs a post or a seat; expulsion of a probationary member; dissolution of a person",
    "discipline_effect_ends_after_12_months": "which day counts is law with versions",
    "state_form_allowed": "asked of civil servants, and not of public employees where the law says so",
    "rotation_at_least_36_months": "months of days that are only a month or a year are a range",
    "secondment_at_most_36_months": "months of days that are only a month or a year are a range; an open one is overdue as of the load's day",
    "level_label_known_for_year": "new: a level that its year does not know",
    "leader_of_failed_unit_not_completed": "new: R12a",
    "unrated_reason_is_on_roster": "new: the reverse of the status rules",
    "state_effect_ends_after_12_months": "new: R18c",
    "score_not_below_level": "scores of civil servants and public employees too (R11b, R11c)",
    "score_not_above_level": "scores of civil servants and public employees too (R11e, R11f)",
    "rated_person_on_roster": "a row that its score sets aside is no longer asked for its roster",
    "most_rows_usable": "a file of 2016 has levels of its time, which nobody could read",
    "quality.loads": "a file of 2016 has levels of its time, which nobody could read",
    "core.dim_person": "people whose only row is set aside now, or was before",
    "rpt_discipline_summary": "removal from no post and no seat sets its row aside",
    **dict.fromkeys(("probationary_form_allowed", "job_change_needs_good_year", "no_job_change_during_discipline"), "new"),
    **dict.fromkeys(("position_training_forty_periods", "rotation_rated_each_year", "settled_rotation_is_closed"), "new"),
    "core.fct_discipline": "the last day of effect is derived where it is blank, and no decision lapses twice: status as of the load's day",
    "core.fct_rotation": "a secondment too long is marked and no longer set aside: whether it is a civil servant's only rosters say",
    "rpt_rotation_summary": "a secondment too long is marked and no longer set aside",
    "quality.rule_answers": "new: counts per submission, rule and version",
    "code_known": "the list of levels has the levels of other times too, so the sentence names them",
    "rpt_rating_summary": "people are rated where and when they were rated (left_after_rating); a file of 2016 is read, so its year is reported",
    "rpt_quota": "people are rated where and when they were rated; a file of 2016 is read, so its year is reported",
    "quality.rules": "a row per rule and version; file rules once; not applicable apart from could not be asked",
    "core.fct_ratings": "a level that its year does not know sets its row aside; facts know the rating's day",
    "quality.submissions": "rows and findings as counted above",
    "rpt_submission_status": "rows and findings as counted above",
    "core.dim_code": "levels of other times are codes of their own; codes of answers, and of what came later",
    "core.dim_rating_level": "levels of other times are codes of their own",
}
# What came after the book, each by its own decision.
KEPT = "a row without a number is kept (0028), and so is one under a unit that nobody knows (0029)"
UNKNOWN = "of whom nobody sent anything nothing is known: blank, and no nought (0008)"
LATER = {
    **dict.fromkeys(("person_identified", "person_named", "value_present"), KEPT),
    "unit_known": "a unit that nobody knows is told, and its row kept (0029)",
    "quality.not_of_record": KEPT,
    **dict.fromkeys(("core.fct_headcount", "core.fct_personnel", "core.fct_training", "rpt_training_summary"), KEPT),
    **dict.fromkeys(("is_unit_assumed",), "new: whether the row's unit is only assumed (0029)"),
    **dict.fromkeys(("is_told_apart", "rated_unlinked"), "new: whoever has no number and is linked to nobody (0028)"),
    **dict.fromkeys(("post_item_code", "from_post_item_code", "to_post_item_code", "core.dim_post"), "new: posts are words (0024)"),
    **dict.fromkeys(("programme_code", "provider_code", "core.dim_programme", "core.dim_provider"), "new: the city's catalogues (0023)"),
    **dict.fromkeys(("core.dim_unit_path", "quality.columns"), "new: wide views, and a dictionary of columns (0032)"),
    **dict.fromkeys(("quality.identity_confirmations", "quality.identity_links"), "new: one person, one number (0020, 0028)"),
    "note_vi": "new: what a version leaves open",
    "column_said_above": "new: what a title or a section says for all rows is read, and told (0027)",
    "core.fct_rotation.rotation_kind_code": "what a title or a section says for all rows is read (0027)",
    "change_on_last_year": UNKNOWN,
    "core.dim_unit_in_period": "new: metrics and wide views meet their units there (0032, 0033)",
    **dict.fromkeys(
        ("birth_band", "party_joined_band", "party_official_band", "service_joined_band"), "new: ages and service by ten years, and no day"
    ),
    **dict.fromkeys(
        ("person_no", "rating_no", "rotation_no", "training_no", "discipline_no", "submission_no"),
        "new: numbers for readers without keys (0032)",
    ),
    "units_without_answer": "new: of how many units nobody answered",
    "has_current": "new: whether an earlier version counts where a later one was refused",
    "staff_hours": "new: hours of officials alone",
    "rule_answer_key": "an answer is named by what it is of",
}
REASONS |= LATER | {f"core.fct_{fact}": f"{REASONS[f'core.fct_{fact}']}; {KEPT}" for fact in ("discipline", "ratings", "rotation")}
REASONS |= {
    f"rpt_{of}": f"{REASONS[f'rpt_{of}']}; {UNKNOWN}; {KEPT}"
    for of in ("rating_summary", "quota", "discipline_summary", "rotation_summary")
}
FINDING = ["submission_key", "sheet_no", "row_no", "column_name", "rule_code", "severity_code"]
AT_RUN = {"received_at", "started_at", "contract", "load_key"}  # what a run happened to be, and fingerprints of code
# Hashes that name rows and say nothing of them: since they are made otherwise (`keyed`), a fact is the same by all that it says.
KEYS = {card(schema).claim.key for schema in SCHEMAS.values()} | {"decision_key", "case_key", "sender_key"}


def made_by(checkout: Path, root: Path) -> Path:
    """The raw files of a small city with faults, as a checkout makes it."""
    words = "import sys; from pipeline.paths import Home; from pipeline.sample import make_city; from pathlib import Path"
    words += "; make_city(Home(Path(sys.argv[1])), size='small', faults=True)"
    own = {"PYTHONPATH": str(checkout), "PYTHONSAFEPATH": "1"}
    subprocess.run([sys.executable, "-c", words, str(root)], env=os.environ | own, check=True, stdout=subprocess.DEVNULL)
    return Home(root).raw


def published(checkout: Path, root: Path, raw: Path, as_of: str, key: str) -> dict[str, pl.DataFrame]:
    """Every published table of a load by a checkout of a copy of the raw files, under one key."""
    home = Home(root)
    shutil.copytree(raw, home.raw)
    own = {"PYTHONPATH": str(checkout), "PYTHONSAFEPATH": "1", "PERSONNEL_HOME": str(root), "PERSONNEL_AS_OF": as_of, "PERSONNEL_KEY": key}
    done = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", "load"],
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )
    if not home.published.exists():
        sys.exit(f"{checkout} could not load:\n{done.stdout}{done.stderr}")
    with duckdb.connect(str(home.published), read_only=True) as db:
        names = db.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
        return {name: db.execute(f"SELECT * FROM {name}").pl() for (name,) in sorted(names)}


def differences(base: dict[str, pl.DataFrame], here: dict[str, pl.DataFrame]) -> Iterator[tuple[str, str, int]]:
    """(what, how, how many): findings by rule, then tables and columns that came or went, then rows of tables by their columns."""
    one, other = (Counter(tables["quality.findings"].select(FINDING).rows()) for tables in (base, here))
    rule, weight = FINDING.index("rule_code"), FINDING.index("severity_code")
    gone, new = one - other, other - one
    places = [Counter(tuple(v for i, v in enumerate(f) if i != weight) for f in found.elements()) for found in (gone, new)]
    heavier = places[0] & places[1]
    at = rule  # the severity stands behind it, so that its place is the same without
    for how, found in (
        ("is a finding no more", places[0] - heavier),
        ("is a finding now", places[1] - heavier),
        ("weighs otherwise", heavier),
    ):
        for name, count in sorted(Counter(f[at] for f in found.elements()).items()):
            yield name, how, count
    for name in sorted(base.keys() | here.keys()):
        if name not in here or name not in base:
            yield name, "is a table now" if name in here else "is a table no more", 1
            continue
        if name == "quality.findings":
            continue
        columns = [c for c in base[name].columns if c in here[name].columns and c not in AT_RUN | KEYS]
        for c in sorted({*base[name].columns} ^ {*here[name].columns}):
            yield f"{name}.{c}", "is a column now" if c in here[name].columns else "is a column no more", 1
        rows = [Counter(tables[name].select(columns).rows()) for tables in (base, here)]
        lost, came = rows[0] - rows[1], rows[1] - rows[0]
        if not lost and not came:
            continue
        yield name, "rows of the base that are not here", lost.total()
        yield name, "rows here that are not of the base", came.total()
        for i, c in enumerate(columns):  # which columns say something else, where all others are the same
            without = [Counter(r[:i] + r[i + 1 :] for r in found.elements()) for found in (lost, came)]
            if same := (without[0] & without[1]).total():
                yield f"{name}.{c}", "says something else in rows that are the same otherwise", same


def reason(what: str) -> str:
    parts = what.split(".")
    return next((REASONS[key] for key in (what, parts[-1], ".".join(parts[:2]), *parts) if key in REASONS), "")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("base", type=Path, help="a checkout of the commit to compare with")
    asked.add_argument("--raw", type=Path, help="a data/raw to load; without it a small sample city is made")
    asked.add_argument("--as-of", default="2026-11-27")
    asked.add_argument("--write", type=Path, help="a file for the table in Markdown")
    said = asked.parse_args()
    key = secrets.token_hex(32)
    with tempfile.TemporaryDirectory() as folder:
        raw = said.raw
        if raw is None:
            raw = made_by(said.base.resolve(), Path(folder) / "made")
        base = published(said.base.resolve(), Path(folder) / "base", raw, said.as_of, key)
        here = published(PROJECT, Path(folder) / "here", raw, said.as_of, key)
    found = list(differences(base, here))
    lines = ["| what | differs | how often | reason |", "|---|---|---|---|"]
    lines += [f"| `{what}` | {how} | {count} | {reason(what) or '**none stated**'} |" for what, how, count in found]
    print("\n".join(lines))
    if said.write:
        said.write.write_text("\n".join(lines) + "\n", "utf-8")
    sys.exit(1 if any(not reason(what) for what, *_ in found) else 0)


if __name__ == "__main__":
    main()
