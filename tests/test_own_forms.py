"""Offices' own forms: the grammar draws what it says, the measure measures, and nothing is silently wrong."""

import copy
from pathlib import Path
from typing import Any

import pytest
from form_adversaries import ADVERSARIES
from form_grammar import DATASETS
from own_forms import Form, Plan, compare, lay, measured, plan_of

SEED = 1


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_nothing_is_silently_wrong(tmp_path: Path, seed: int) -> None:
    wrong, people, read = {}, 0, 0
    for n in range(32):
        plan = plan_of(seed, n)
        made, lines = measured(plan, tmp_path)
        people, read = people + made.people, read + made.read
        if made.silent:
            wrong[n] = [line for line in lines if "SILENTLY" in line]
    assert not wrong
    assert read > 0.8 * people  # nothing is silently wrong where nothing is read


def test_the_same_seed_gives_the_same_forms() -> None:
    for n in range(24):
        one, other = lay(plan_of(SEED, n)), lay(plan_of(SEED, n))
        assert (one.name, one.data, one.rows) == (other.name, other.data, other.rows)
    assert lay(plan_of(SEED, 0)).data != lay(plan_of(SEED + 1, 0)).data


def test_every_line_of_the_grammar_is_drawn() -> None:
    drawn = set().union(*(plan_of(SEED, n).kinds for n in range(3000)))
    due = {way.kind for facts in DATASETS.values() for fact in facts for way in fact.ways} | {f"adversary: {name}" for name in ADVERSARIES}
    assert sorted(due - drawn) == []


# ── the measure measures ─────────────────────────────────────────────────────────────────────────────────────────


def perfect(plan: Plan, form: Form) -> dict[str, Any]:
    """The answer of a reader who sees what a person sees."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for (sheet, number), truth in form.rows.items():
        values: dict[str, Any] = {}
        for column, true in truth.items():
            value = true.split("|")[0]
            if len(value) in (4, 7) and column.endswith(("_on", "_date", "_from", "_to")):
                values[f"{column}_precision_code"] = {4: "YEAR", 7: "MONTH"}[len(value)]
                value = f"{value}-01-01"[:10]
            values[column] = value or None
        rows.setdefault(sheet, []).append({"row": number, "accepted": True, "values": values})
    parts = [
        {"dataset": plan.dataset, "sheet": sheet, "verdict": "ACCEPTED", "refusal_rule": None, "rows": of} for sheet, of in rows.items()
    ]
    return {"datasets": parts, "findings": []}


@pytest.mark.parametrize("n", [n for n in range(16) if n % 8 != 7])
def test_a_perfect_answer_is_right_and_what_is_spoiled_is_seen(n: int) -> None:
    plan = plan_of(SEED, n)
    form = lay(plan)
    made, lines = compare(plan, form, perfect(plan, form))
    assert (made.outcomes, made.read, made.right, made.silent, made.strangers) == (1, made.people, made.values, 0, 0), lines

    def spoiled(**values: Any) -> dict[str, Any]:
        answer = copy.deepcopy(perfect(plan, form))
        answer["datasets"][0]["rows"][0]["values"] |= values
        return answer

    place = next(iter(form.rows))
    column = next(c for c, true in form.rows[place].items() if true and "" not in true.split("|"))
    assert compare(plan, form, spoiled(**{column: "sai"}))[0].silent == 1
    assert compare(plan, form, spoiled(**{column: None}))[0].missing == 1
    for absent in sorted(form.absent)[:1]:
        assert compare(plan, form, spoiled(**{absent: "2001-01-01"}))[0].silent == 1
    told = spoiled(**{column: "sai"})
    told["findings"] = [{"sheet": place[0], "row": place[1], "column": column, "cell": None, "severity": "WARNING", "rule": "code_known"}]
    assert (compare(plan, form, told)[0].silent, compare(plan, form, told)[0].told) == (0, 1)
    more = spoiled()
    more["datasets"][0]["rows"].append({"row": 999, "accepted": True, "values": {}})
    assert (compare(plan, form, more)[0].strangers, compare(plan, form, more)[0].silent) == (1, 1)  # a row of nobody, and no word of it
    refused = perfect(plan, form)
    for part in refused["datasets"]:
        part |= {"verdict": "REFUSED", "refusal_rule": "known_dataset_present"}
    assert (compare(plan, form, refused)[0].outcomes, compare(plan, form, refused)[0].read) == (0, 0)


def test_an_adversary_that_is_accepted_is_seen() -> None:
    plan = next(p for p in (plan_of(SEED, n) for n in range(7, 400, 8)) if p.adversary and p.adversary.name == "payroll")
    form = lay(plan)
    rows = [{"row": 9, "accepted": True, "values": {"full_name": "Ai đó"}}]
    part = {"dataset": "personnel", "sheet": plan.sheet, "verdict": "ACCEPTED", "refusal_rule": None, "rows": rows}
    made, _ = compare(plan, form, {"datasets": [part], "findings": []})
    assert (made.outcomes, made.strangers, made.silent) == (0, 1, 1)
