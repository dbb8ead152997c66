"""Law is data: what the seeds say of every rule of law, that schemas and models repeat none of it, and that a new version is a new row."""

import ast
import csv
import datetime as dt
import io
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from pipeline import codes, law
from pipeline.answers.template.people import Sender
from pipeline.answers.template.workbook import workbook
from pipeline.contract import catalogue, rules_page, said
from pipeline.intake.explanations import EXPLANATIONS
from pipeline.judging.ask import ask_rules
from pipeline.judging.told import report
from pipeline.judging.validate import judge
from pipeline.paths import DBT_PROJECT, PROJECT, SEEDS
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.days import DAY
from pipeline.schemas.files import LISTS_SHEET
from pipeline.schemas.kinds import meta
from pipeline.schemas.rules import PERIOD_END, Rule, rules_of
from tests.conftest import LONGEST, City, load, number, tables

DATED = dt.timedelta(days=1)
LAWFUL = [(name, rule) for name, schema in SCHEMAS.items() for rule in rules_of(schema) if rule.law]
NAMES = [rule.law.code for _, rule in LAWFUL]


def frame(name: str, *changes: dict[str, Any]) -> pl.DataFrame:
    """Rows of a folder of their own year: the schema's example, changed."""
    schema = SCHEMAS[name]
    types = {c: col.dtype.type for c, col in schema.columns.items()}
    rows = []
    for n, change in enumerate(changes, start=1):
        year = change.get("folder_year", 2021)
        folder = {"folder_period": str(year), "folder_year": year, "folder_from": DAY(year, 1, 1), "folder_to": DAY(year, 12, 31)}
        place = {"submission_key": "s", "sheet": "t", "row_no": n}
        rows.append(dict.fromkeys(types) | schema.metadata["example"] | folder | change | place)
    return pl.DataFrame(rows, schema=types)


# ── the book ─────────────────────────────────────────────────────────────────────────────────────────────────────


def spans() -> Iterator[tuple[str, str, list[law.Version]]]:
    """Rule, subject (or everybody), and the versions that speak of it, oldest first."""
    for rule_code, rows in groupby(law.book(), key=lambda v: v.rule_code):
        versions = list(rows)
        for subject in sorted({s for v in versions for s in v.subjects or ("everybody",)}):
            own = [v for v in versions if not v.subjects or subject in v.subjects]
            yield rule_code, subject, sorted(own, key=lambda v: v.first or dt.date.min)


def test_versions_of_a_rule_and_subject_do_not_overlap() -> None:
    assert [(a.code, b.code) for *_, own in spans() for a, b in pairwise(own) if not a.last or not b.first or b.first <= a.last] == []


SAYS_WHEN = re.compile(r"[Tt]rước|\b[Tt]ừ\b|[Ss]au đó")


def test_days_that_no_version_governs_are_stated() -> None:
    silent = []
    for rule_code, subject, own in spans():
        silent += [(rule_code, subject, "before", v.code) for v in own[:1] if v.first and not SAYS_WHEN.search(v.note)]
        silent += [(rule_code, subject, "after", v.code) for v in own[-1:] if v.last and not SAYS_WHEN.search(v.note)]
        silent += [
            (rule_code, subject, "between", b.code) for a, b in pairwise(own) if b.first - a.last != DATED and not SAYS_WHEN.search(b.note)
        ]
    assert silent == []


def test_every_version_has_an_address_or_a_reason_why_not() -> None:
    assert [v.code for v in law.book() if not v.address and "Chưa có địa chỉ để tra cứu" not in v.note] == []


def test_an_address_is_a_page_and_not_a_sites_front_door() -> None:
    """The government's own record is found by its number."""
    page = re.compile(r"https?://[^/\s]+/\S+|https://vanban\.chinhphu\.vn \(docid [0-9]+\)")
    assert [v.code for v in law.book() if v.address and not page.fullmatch(v.address)] == []


def test_a_versions_code_and_a_rules_name_mean_one_thing() -> None:
    assert [code for code, n in Counter(v.code for v in law.book()).items() if n > 1] == []
    with (SEEDS / "law_rules.csv").open(encoding="utf-8", newline="") as file:
        rules = Counter(row["rule_code"] for row in csv.DictReader(file))
    assert rules == Counter(dict.fromkeys((v.rule_code for v in law.book()), 1)), "a rule without a version, or named twice"


def test_only_grade_v_is_an_error_wherever_it_is_asked() -> None:
    assert [v.code for v in law.book() if v.grade == "V" and v.confirmed_severity != v.severity] == [], "nothing is left to confirm"
    assert [v.code for v in law.book() if v.severity == "ERROR" and v.grade != "V"] == []
    asked = csv.DictReader((SEEDS / "rules.csv").open(encoding="utf-8", newline=""))
    assert [r["version_code"] for r in asked if r["version_code"] and r["severity_code"] == "ERROR" and r["grade"] != "V"] == []


def test_words_of_the_book_are_codes_that_exist() -> None:
    weights, allowed = codes.labels("severity"), {c for labels in map(codes.labels, codes.code_lists()) for c in labels}
    for v in law.book():
        assert v.severity in weights and v.confirmed_severity in weights and v.grade in rules_page.GRADES_VI, v.code
        assert not {c for name in law.LISTS for c in v.parameters.get(name, ())} - allowed and not set(v.subjects) - allowed, v.code
        assert not set(v.parameters.get("post_codes", ())) - codes.labels("post").keys(), v.code


def test_codes_and_levels_of_a_version_have_words() -> None:
    told = {"allowed_codes": "allowed_vi", "level_code": "level_vi", "post_codes": "post_vi"}
    assert [v.code for v in law.book() for parameter, words in told.items() if parameter in v.parameters and not getattr(v, words)] == []


def test_every_number_of_a_version_stands_in_its_sentence() -> None:
    """Whoever reads the finding or docs/rules.md sees by what he was judged."""
    with (SEEDS / "law_rules.csv").open(encoding="utf-8", newline="") as file:
        asks = {row["rule_code"]: (row["asks_vi"], row["asks_en"]) for row in csv.DictReader(file)}
    numbers = {(v.rule_code, name) for v in law.book() for name in law.NUMBERS if name in v.parameters}
    assert [number for number in sorted(numbers) if not all(f"{{{number[1]}}}" in words for words in asks[number[0]])] == []


def test_every_rule_of_the_book_is_asked() -> None:
    asked = {r.name for _, r in LAWFUL} | {name for words in catalogue.warehouse_rules().values() for name in catalogue.laws_of(words)}
    assert {v.rule_code for v in law.book()} == asked


def test_the_page_of_rules_leads_from_a_number_to_every_version() -> None:
    """By number it lists each version once; below a dataset rules stand in the order of their numbers, those without one last."""
    _, by_number, *chapters = rules_page.rules_page().split("\n## ")
    listed = [code for line in by_number.splitlines()[4:] if line for code in line.split("|")[4].strip().split(", ")]
    assert Counter(listed) == Counter(v.code for v in law.book())
    for chapter in chapters:
        rules = re.findall(r"Mã quy tắc: `([a-z0-9_]+)`", chapter)
        numbers = [law.versions(rule)[0].number for rule in rules]
        assert numbers == sorted(numbers, key=lambda number: (not number, number)), chapter.partition("\n")[0]


def test_a_share_is_no_rows_fault_on_the_page_of_rules() -> None:
    (cap,) = re.findall(r"#### R09: .*?(?=\n#### |\n### )", rules_page.rules_page(), re.DOTALL)
    assert "dòng vẫn được tính, phải sửa" not in cap and "Lỗi của nhóm: mọi dòng vẫn được tính" in cap


# ── every version of a row's rule ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "rule"), LAWFUL, ids=NAMES)
def test_a_version_has_a_row_that_keeps_it_and_one_that_breaks_it_and_nothing_else(name: str, rule: Rule) -> None:
    rows = frame(name, rule.good, rule.bad)
    findings, _ = report(name, rows, ask_rules(SCHEMAS[name], rows), pl.DataFrame())
    assert rows.select(rule.holds).to_series().to_list() == [True, False]
    assert findings.select("row_no", "rule_code", "version_code").rows() == [(2, rule.name, rule.law.code)]


@pytest.mark.parametrize(("name", "rule"), LAWFUL, ids=NAMES)
def test_a_version_does_not_hold_on_the_day_before_it_nor_on_the_day_after(name: str, rule: Rule) -> None:
    days = [day for day in (rule.law.first and rule.law.first - DATED, rule.law.last and rule.law.last + DATED) if day]
    on = PERIOD_END if rule.law.judged_on == law.PERIOD_END else rule.law.judged_on
    rows = frame(name, rule.bad, *[rule.bad | {on: day} for day in days])
    assert rows.select(rule.holds).to_series().to_list() == [False, *[None for _ in days]]
    assert rows.select(rule.applies).to_series().to_list() == [True, *[False for _ in days]] if rule.applies is not None else not days


def test_a_day_that_is_only_a_year_leaves_open_which_version_holds() -> None:
    (rule,) = (r for _, r in LAWFUL if r.law.code == "N01")
    year = {"posting_from": DAY(2022, 1, 1), "posting_from_precision_code": "YEAR"}
    rows = frame(
        "rotation",
        rule.bad | year,
        rule.bad | year | {"posting_from": DAY(2021, 1, 1)},
        rule.bad | year | {"posting_from": DAY(2023, 1, 1)},
    )
    assert rows.select(rule.holds).to_series().to_list() == [None, None, False]
    assert rows.select(rule.applies).to_series().to_list() == [None, False, True]


def _cell(column: str, value: Any, info: Any) -> Any:
    if isinstance(value, bool):
        return codes.labels("boolean")["TRUE" if value else "FALSE"]
    return codes.labels(info.codes)[value] if info.codes and value else value


def test_every_version_is_found_in_a_file_of_its_year_and_nothing_else_is(city: City) -> None:
    """Recall over every version of every row's rule: workbooks of each year, a row that keeps the version and one that breaks it."""
    planted: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for year in sorted({change.get("folder_year", 2021) for _, r in LAWFUL for change in (r.good, r.bad)}):
        sheets, people = {}, 0
        for name, schema in SCHEMAS.items():
            own = own_columns(schema)
            rows = [[col.title for col in own.values()]]
            for rule in (r for n, r in LAWFUL if n == name and r.bad.get("folder_year", 2021) == year):
                for change, breaks in ((rule.good, False), (rule.bad, True)):
                    people += 1
                    (row,) = frame(name, change).to_dicts()
                    told = row["identity_number"] and row["identity_number"][:6]  # sex and birth year
                    who = {"identity_number": told and told + number(people)[6:]} | ({"unit": "Q01.002"} if name == "ratings" else {})
                    rows.append([_cell(c, (row | who)[c], meta(col)) for c, col in own.items()])
                    if breaks:
                        planted.setdefault((str(year), name), []).append((len(rows), rule.law.code))
            if len(rows) > 1:
                sheets[schema.title] = rows
        city.put(f"{year}/Q01.002/cua nam.xlsx", sheets)
    city.land("2027-01-20")
    found = city.landed("findings").join(city.landed("submissions").select("submission_key", "period"), on="submission_key")
    told = {
        key: rows.select("row_no", pl.coalesce("version_code", "rule_code")).sort("row_no").rows()
        for key, rows in found.group_by("period", "dataset_code")
    }
    assert told == planted
    assert sum(map(len, planted.values())) == len(LAWFUL)


# ── what is said of rows that a rule does not speak of ───────────────────────────────────────────────────────────


def counts(dataset: str, rule_code: str, *changes: dict[str, Any]) -> dict[str, tuple[int, int, int, int]]:
    """Version → passed, failed, not applicable, could not be asked."""
    rows = frame(dataset, *changes)
    _, counted = report(dataset, rows, ask_rules(SCHEMAS[dataset], rows), pl.DataFrame())
    of = counted.filter(rule_code=rule_code).to_dicts()
    return {
        r["version_code"]: (r["asked_count"] - r["failed_count"], r["failed_count"], r["not_applicable_count"], r["not_asked_count"])
        for r in of
    }


def test_counts_tell_whom_a_rule_does_not_speak_of_from_what_could_not_be_asked() -> None:
    of_2025 = {"folder_year": 2025, "period": "2025"}
    rows = [of_2025 | {"score": s} for s in (75.0, 60.0, None)]
    rows += [
        of_2025 | {"score": 60.0, "decided_level_code": None},
        of_2025 | {"score": 60.0, "rating_system_code": "CADRE"},
        {"score": 60.0},
    ]
    found = counts("ratings", "score_not_below_level", *rows)
    assert found["R11a"] == (1, 1, 3, 1)  # no score, a cadre, a year before the law; and a level that nobody knows
    assert found["R11b"] == (0, 0, 6, 0)


def test_a_kind_that_nobody_knows_is_no_row_that_the_rule_does_not_speak_of() -> None:
    found = counts(
        "rotation", "rotated_cadre_is_planned", {"folder_year": 2022, "posting_from": DAY(2022, 5, 1), "rotation_kind_code": None}
    )
    assert found["N01"] == (0, 0, 0, 1)


def test_what_is_counted_is_every_row_once() -> None:
    for name, schema in SCHEMAS.items():
        rows = frame(name, {}, *[change for r in rules_of(schema) for change in (r.good, r.bad)])
        _, counted = report(name, rows, ask_rules(schema, rows), pl.DataFrame())
        total = counted.select(pl.sum_horizontal("asked_count", "not_asked_count", "not_applicable_count")).to_series()
        times = Counter((r.name, r.law and r.law.code) for r in rules_of(schema))
        assert total.to_list() == [rows.height * times[key] for key in counted.select("rule_code", "version_code").rows()]


def test_a_blank_cell_is_nothing_to_read_and_an_unreadable_one_could_not_be_asked() -> None:
    schema = SCHEMAS["ratings"]
    rows = frame("ratings", {}, {}, {})
    raw = rows.with_columns(pl.col(list(own_columns(schema))).cast(pl.String)).with_columns(score=pl.Series([None, "88", "chín"]))
    counted = judge(schema, raw).counts
    (reading,) = counted.filter(rule_code="number_readable").to_dicts()
    assert (reading["asked_count"], reading["failed_count"], reading["not_applicable_count"], reading["not_asked_count"]) == (2, 1, 1, 0)
    (ranged,) = counted.filter(rule_code="score_in_range").to_dicts()
    assert (ranged["asked_count"], ranged["not_applicable_count"], ranged["not_asked_count"]) == (1, 1, 1)


def test_scopes_are_a_list_of_codes_and_each_is_known_to_a_question() -> None:
    """A slip of the pen must not turn one group into another."""
    files = [*DBT_PROJECT.glob("macros/*.sql"), *DBT_PROJECT.glob("models/*/*.sql"), *(PROJECT / "pipeline" / "schemas").glob("*.py")]
    asked = {code for name in ("discipline_system", "programme_type") for code in codes.labels(name)}
    asked |= set(re.findall(r"['\"]([A-Z0-9_]+)['\"]", "".join(file.read_text("utf-8") for file in files)))
    used = {v["scope_code"] for v in law.book() if v.parameters.get("scope_code")}
    assert used == set(codes.labels("law_scope"))
    assert used - {"PEER_GROUP"} <= asked  # no form asks who one's peers are


# ── removal needs something to be removed from ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("post", "seat", "holds"),
    [
        ("HEAD", None, True),
        (None, "CELL", True),
        ("HEAD", "NONE", True),
        ("NONE", "NONE", False),
        ("SPECIALIST", "NONE", False),
        ("NONE", None, None),
        (None, None, None),
    ],
)
def test_removal_needs_a_post_or_a_seat(post: str | None, seat: str | None, holds: bool | None) -> None:
    (rule,) = (r for _, r in LAWFUL if r.law.code == "R17a")
    row = {"discipline_form_code": "REMOVAL", "post_code": post, "committee_level_code": seat}
    assert frame("discipline", row).select(rule.holds).item() is holds


@pytest.mark.parametrize(("end", "holds"), [((2027, 8, 19), True), ((2027, 8, 20), True), ((2027, 8, 25), True), ((2027, 8, 27), False)])
def test_where_signatures_count_a_cells_announcement_still_does(end: tuple[int, int, int], holds: bool) -> None:
    """Signed on 20 August 2026 and announced on the 25th: the forms do not say who decided."""
    (rule,) = (r for _, r in LAWFUL if r.law.code == "R18b")
    row = rule.good | {"signed_on": DAY(2026, 8, 20), "announced_on": DAY(2026, 8, 25), "effect_end_on": DAY(*end)}
    days = dict.fromkeys(("signed_on_precision_code", "announced_on_precision_code", "effect_end_on_precision_code"), "DAY")
    assert frame("discipline", row | days).select(rule.holds).item() is holds


@pytest.mark.parametrize(
    ("since", "until", "precision", "holds"),
    [
        (DAY(2023, 1, 1), DAY(2025, 12, 31), "YEAR", None),  # 14 months, or 36
        (DAY(2022, 1, 1), DAY(2025, 12, 31), "YEAR", None),  # 26, or 48
        (DAY(2022, 6, 1), DAY(2026, 12, 31), "YEAR", True),
        (DAY(2023, 1, 1), DAY(2024, 12, 31), "YEAR", False),
        (DAY(2025, 12, 1), DAY(2028, 12, 31), "MONTH", None),  # 35 and a day, or 37
        (DAY(2025, 12, 1), DAY(2029, 1, 31), "MONTH", True),
        (DAY(2023, 5, 2), DAY(2026, 4, 30), "DAY", False),
    ],
)
def test_months_of_days_that_are_a_month_or_a_year_are_a_range(since: dt.date, until: dt.date, precision: str, holds: bool | None) -> None:
    (rule,) = (r for _, r in LAWFUL if r.law.code == "R19b")
    days = {"posting_from": since, "posting_to": until, "rotation_end_reason_code": "COMPLETED"}
    row = rule.good | days | dict.fromkeys(("posting_from_precision_code", "posting_to_precision_code"), precision)
    assert frame("rotation", row).select(rule.holds).item() is holds


def test_a_person_is_not_dissolved_and_an_organisation_not_expelled() -> None:
    organisation = {"subject_kind_code": "ORGANISATION", "identity_number": None}
    rows = frame("discipline", {"discipline_form_code": "DISSOLUTION"}, organisation | {"discipline_form_code": "EXPULSION"})
    findings, _ = report("discipline", rows, ask_rules(SCHEMAS["discipline"], rows), pl.DataFrame())
    assert findings.select("row_no", "version_code", "severity_code").rows() == [(1, "R17a", "ERROR"), (2, "R17a-TC", "ERROR")]


# ── levels of other times ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "code"),
    [("Trong sạch vững mạnh", "CLEAN_STRONG"), ("Hoàn thành tốt", "GOOD"), ("Yếu kém", "WEAK"), ("Không hoàn thành", "NOT_COMPLETED")],
)
def test_levels_of_two_times_are_two_codes(written: str, code: str) -> None:
    assert codes.code_of("rating_level", written) == code


def test_a_level_of_another_time_stands_at_its_place_among_four() -> None:
    ranks = codes.ranks("rating_level")
    assert [ranks[c] for c in ("CLEAN_STRONG", "LIMITED", "WEAK", "NOT_RATED")] == [
        ranks["EXCELLENT"],
        ranks["COMPLETED"],
        ranks["NOT_COMPLETED"],
        None,
    ]


@pytest.mark.parametrize(("period", "offered"), [("2016", True), ("2021", False), ("2026", False)])
def test_a_template_offers_the_levels_that_its_year_knows(period: str, offered: bool) -> None:
    sender = Sender("U6", "Q01.002", "Chi bộ Hai", {"U6": "Q01.002"}, {"U6": "Chi bộ Hai"})
    book = openpyxl.load_workbook(io.BytesIO(workbook({"ratings": SCHEMAS["ratings"]}, sender, period, None)))
    (words,) = ({c.value for c in column if c.value} for column in book[LISTS_SHEET].columns if column[0].value == "rating_level")
    assert ("Trong sạch vững mạnh" in words) is offered
    assert {"Hoàn thành tốt nhiệm vụ", "Không xếp loại"} <= words


# ── no law is written anywhere else ──────────────────────────────────────────────────────────────────────────────

# (rule, number): why it is no law's
NUMBERS = {
    ("identity_number_agrees_with_sex", 2): "a sex is an even or an odd digit",
    ("identity_number_agrees_with_sex", 3): "the sex's place in an identity number",
    ("identity_number_agrees_with_sex", 12): "an identity number's digits",
    ("identity_number_agrees_with_birth_year", 12): "an identity number's digits",
    ("fourth_quarter_is_in_the_year", 4): "a quarter's name",
    ("identity_number_agrees_with_birth_year", 2): "a year's two digits",
    ("identity_number_agrees_with_birth_year", 4): "the year's place in an identity number",
}


def numbers_in(node: ast.AST) -> set[int]:
    prose = {n.value for n in ast.walk(node) if isinstance(n, ast.Expr)}
    said = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and n not in prose}
    numbers = {n for n in said if type(n) in (int, float)} | {
        int(n) for text in said if isinstance(text, str) for n in re.findall(r"\d+", text)
    }
    return numbers - {0, 1, -1}


def test_no_number_of_a_law_stands_in_a_schema() -> None:
    found = {(rule, n) for rule, part in asked_by_laws() for n in numbers_in(part)}
    assert {place for place in found if place not in NUMBERS} == set()
    said = {n.value for _, part in asked_by_laws() for n in ast.walk(part) if isinstance(n, ast.Constant)}
    assert said & set(codes.labels("severity")) == set()


def asked_by_laws() -> Iterator[tuple[str, ast.AST]]:
    """What a law is asked by: its `holds` and `applies`, and what they name of their module, however far that leads."""
    for file in sorted((PROJECT / "pipeline" / "schemas").glob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        own = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
        for n in (n for n in tree.body if isinstance(n, ast.Assign)):
            for target in n.targets:
                pairs = zip(target.elts, n.value.elts, strict=True) if isinstance(target, ast.Tuple) else [(target, n.value)]
                own |= {name.id: value for name, value in pairs if isinstance(name, ast.Name)}
        for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "lawful"):
            parts = [*call.args[1:], *(k.value for k in call.keywords if k.arg != "examples")]
            seen: set[str] = set()
            while parts:
                part = parts.pop()
                yield getattr(call.args[0], "value", file.stem), part
                named = {n.id for n in ast.walk(part) if isinstance(n, ast.Name)} & own.keys() - seen
                seen |= named
                parts += [own[name] for name in named]


def test_no_age_of_a_law_stands_in_a_column() -> None:
    """What tells a column of days from another one asks the book how old a member is at the least."""
    calls = [n for f in (PROJECT / "pipeline" / "schemas").glob("*.py") for n in ast.walk(ast.parse(f.read_text("utf-8")))]
    ages = [k.value for n in calls if isinstance(n, ast.Call) for k in n.keywords if k.arg == "of_age"]
    assert len(ages) == 3 and [a.value for a in ages if isinstance(a, ast.Constant)] == [0]  # whose birth it is


def test_only_the_book_gives_a_basis() -> None:
    """A rule of form rests on the form, on the registry or on reason, in schemas and in the warehouse, and has no grade."""
    of_form = [r.basis for schema in SCHEMAS.values() for r in rules_of(schema) if not r.law]
    of_form += [words["basis"] for words in catalogue.warehouse_rules().values() if "severity" in words]
    assert set(of_form) <= said.BASES_VI.keys()
    asked = csv.DictReader((SEEDS / "rules.csv").open(encoding="utf-8", newline=""))
    assert [r["rule_code"] for r in asked if bool(r["version_code"]) != bool(r["grade"])] == []


def test_the_catalogue_says_of_each_version_where_it_can_be_read_or_why_nowhere() -> None:
    with (SEEDS / "rules.csv").open(encoding="utf-8", newline="") as file:
        said = {row["version_code"]: (row["address"], row["note_vi"]) for row in csv.DictReader(file) if row["version_code"]}
    assert said == {v.code: (v.address, v.note) for v in law.book()}
    assert [code for code, (address, note) in said.items() if bool(address) == ("Chưa có địa chỉ để tra cứu" in note)] == []


# (model, text): why it is no law's
SQL = {
    ("rpt_rating_summary", "2"): "a level's place among the list's",
    ("rpt_rating_summary", "3"): "a level's place among the list's",
    ("rpt_rating_summary", "4"): "a level's place among the list's",
    ("answered", "4"): "quarters of a year",
    ("rpt_discipline_summary", "'WARNING'"): "a form of discipline",
    ("days", "12"): "months of a year; its last day",
    ("days", "31"): "the last day of a year",
    ("days", "9999"): "no end",
    ("days", "9"): "the last of a band of ten years",
    ("days", "10"): "a band of ten years",
    ("days", "6"): "where the last year stands in a band's name",
    ("days", "2"): "digits of years, so that texts sort as numbers do",
    ("dim_person", "2"): "rounds in which ages that would tell somebody apart are left out",
    ("law", "12"): "the last day of a year",
    ("law", "31"): "the last day of a year",
    ("law", "9999"): "no end",
    **{("days", place): "where the year and the quarter stand in a period's name" for place in ("4", "7")},
    ("days", "3"): "months of a quarter",
    ("portable", "32"): "a key's letters",
    ("list_parts", "2"): "half of the names of the shorter list",
    **{(model, "5"): "levels of the tree" for model in ("bridge_unit_ancestor", "dim_unit_path")},
    ("identity_conflicts", "2"): "two names beside one number",
    ("identity_conflicts", "3"): "neighbouring rows that slipped",
    ("described_people", "60"): "a crowd of one name",
    ("confirmed_sides", "4"): "rounds in which groups become one",
    ("joined_numbers", "2"): "two numbers of one person",
    **{(model, "2"): "a rank among the meanings of a word" for model in ("places", "whole_fct_rotation")},
    ("places", "3"): "a rank among the meanings of a word",
    **{("places", rank): "a rank among the meanings of a word" for rank in ("4", "6", "7")},
    ("whole_fct_rotation", "2"): "a rank among the ways in which a word names a unit",
    ("places", "75"): "from how like on a name is worth naming",
    ("whole_findings", "'ERROR'"): "what no reason excuses",
    **{("whole_submissions", f"'{weight}'"): "what is counted" for weight in ("ERROR", "WARNING", "QUERY")},
    **{(model, day): "no end" for model in ("bridge_unit_ancestor", "dim_unit_path", "aside") for day in ("9999", "12", "31")},
}
LITERAL = re.compile(r"\b(?:[2-9]|[1-9][0-9]+)\b|'(?:ERROR|WARNING|QUERY)'|\b(?:QĐ|NĐ|HD|TT) ?[0-9]+|Điều")


def test_no_number_day_severity_or_basis_of_a_law_stands_in_sql() -> None:
    """In every model and macro, but for rules of form, which have numbers of their own, and the calendar."""
    found = {(model, text) for model, sql in _asks_laws().items() if model != "dim_date" for text in LITERAL.findall(sql)}
    assert {place for place in found if place not in SQL} == set() and SQL.keys() <= found


def _asks_laws() -> dict[str, str]:
    """Models and macros without their comments, but for models of rules of form."""
    of_form = {model for model, words in catalogue.warehouse_rules().items() if "severity" in words}
    files = [*(DBT_PROJECT / "models").rglob("*.sql"), *(DBT_PROJECT / "macros").glob("*.sql")]
    return {f.stem: re.sub("--.*|(?s:{#.*?#})", "", f.read_text("utf-8")) for f in files if f.stem not in of_form}


# lists of what a law may speak of; (model, code): why it is no law's
OF_LAWS = (
    "rating_system", "rating_level", "not_rated_reason", "staff_kind", "member_status", "post", "committee_level", "rotation_kind",
    "rotation_end_reason", "programme_type", "discipline_system", "discipline_form", "violation",
)  # fmt: skip
KINDS = {
    **{(model, "NOT_RATED"): "no level" for model in ("disciplined_is_not_completed", "needs_rating", "status_bars_rating")},
    **{("share_within_cap", level): "what the family counts, as the reports do" for level in ("EXCELLENT", "GOOD")},
    ("disciplined_is_not_completed", "DUTY"): "what its scope is called",
    ("form_allowed", "REMOVAL"): "the form that needs something to be removed from",
    ("form_allowed", "PARTY"): "whom its roster codes speak of: members, else staff",
    ("state_effect_ends_after_12_months", "PARTY"): "what its scope speaks of",
    **{("law", status): "what its scope is called" for status in ("EXEMPT", "SUSPENDED", "NEW_LT_6M")},
}


def test_whom_and_what_a_law_speaks_of_stands_in_no_rules_sql() -> None:
    of_law = {"law", *(model for model, words in catalogue.warehouse_rules().items() if "severity" not in words)}
    known = {code for name in OF_LAWS for code in codes.labels(name)} - {"NONE", "OTHER"}
    found = {(model, c) for model, sql in _asks_laws().items() if model in of_law for c in re.findall("'([A-Z0-9_]+)'", sql) if c in known}
    assert found == KINDS.keys()


# (rule, code): why it is no law's
SAID = {
    **{(rule, "NOT_RATED"): "no level" for rule in (
        "level_label_known_for_year", "unrated_row_has_reason", "score_not_below_level", "score_not_above_level",
    )},
    ("discipline_form_allowed", "PARTY"): "whose decisions it speaks of",
    ("discipline_form_allowed", "REMOVAL"): "the form that needs something to be removed from",
}  # fmt: skip


def test_whom_and_what_a_law_speaks_of_stands_in_no_schema() -> None:
    known = {code for name in OF_LAWS for code in codes.labels(name)} - {"NONE", "OTHER"}
    said = {(rule, n.value) for rule, part in asked_by_laws() for n in ast.walk(part) if isinstance(n, ast.Constant) and n.value in known}
    assert said == SAID.keys()


# ── a law changes ────────────────────────────────────────────────────────────────────────────────────────────────


def _rows_of(seed: Path) -> list[dict[str, str]]:
    with seed.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(seed: Path, rows: list[dict[str, str]]) -> None:
    with seed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def change_the_law(checkout: Path) -> None:
    """From 2027 a score is excellent from 95 and not from 90, and the cap holds in each base organisation: one row each, where the old one ends.
    And a rule that nobody asked before, of a form that is known: nobody is seconded while disciplined.

    A rule that schemas ask has an example of each version.
    """
    seeds, schema = checkout / "dbt_project" / "seeds", checkout / "pipeline" / "schemas" / "ratings.py"
    seed, names = seeds / "law_versions.csv", seeds / "law_rules.csv"
    rows, rules = _rows_of(seed), _rows_of(names)
    (moved,) = (rule for rule in rules if rule["rule_code"] == "no_move_during_discipline")
    _write(names, [*rules, moved | {"rule_code": "no_secondment_during_discipline", "number": ""}])
    scored, capped = (row for row in rows if row["version_code"] in ("R11d", "R09d"))
    (moving,) = (row for row in rows if row["version_code"] == "R20a")
    new = [
        now | {"version_code": code, "valid_from": "2027-01-01", "severity_code": "QUERY", "confirmed_severity_code": ""} | says
        for now, code, says in (
            (scored, "R11x", {"points_excellent": "95"}),
            (capped, "R09x", {"scope_code": "BASE_ORGANISATION", "rounded_severity_code": ""}),
            (moving, "R20x", {"rule_code": "no_secondment_during_discipline", "subject_codes": "SECONDMENT", "valid_to": ""}),
        )
    ]
    scored["valid_to"] = capped["valid_to"] = "2026-12-31"
    _write(seed, [*rows, *new])
    text = schema.read_text("utf-8")
    example = '{**row, "score": 75.0}, {**row, "score": 95.0}) for v, row in SCORED["def"].items()}'
    in_2027 = 'IN_2026 | {"folder_year": 2027, "folder_to": DAY(2027, 12, 31), "period": "2027"'
    assert text.count(example) == 1
    schema.write_text(text.replace(example, f'{example} | {{"R11x": ({in_2027}, "score": 92.0}}, {in_2027}, "score": 96.0}})}}'), "utf-8")


def test_a_law_that_changes_is_one_row_and_one_load_and_old_years_keep_their_findings(city: City, tmp_path: Path) -> None:
    for year in ("2026", "2027"):
        rated = ((80, "HTT"), (92, "HTT"), (96, "HTT"), (98, "HTXS"))
        rows = [[f"Nguyễn Văn {n}", number(n), level, score] for n, (score, level) in enumerate(rated)]
        city.put(f"{year}/Q01.002/xep-loai.csv", [["Họ và tên", "Số CCCD", "Mức xếp loại", "Điểm"], *rows])
        _seconded_while_disciplined(city, year)
    load(city.home, PERSONNEL_AS_OF="2028-01-20")
    before = _told(city)
    for year in ("2026", "2027"):
        _explain_all(city, year)
    assert _told(city, "excellent_within_cap") == []  # of groups that no form asks for
    assert before == [
        ("2026", 3, "R11d", "WARNING"),
        ("2026", 4, "R11d", "WARNING"),
        ("2027", 3, "R11d", "WARNING"),
        ("2027", 4, "R11d", "WARNING"),
    ]
    checkout = tmp_path / "checkout"
    for folder in ("pipeline", "dbt_project"):
        shutil.copytree(PROJECT / folder, checkout / folder, ignore=shutil.ignore_patterns("target", "__pycache__"))
    (checkout / "docs").mkdir()
    change_the_law(checkout)
    own = {"PYTHONPATH": str(checkout), "PYTHONSAFEPATH": "1"}
    subprocess.run([sys.executable, "-m", "pipeline.contract"], env=os.environ | own, check=True, timeout=LONGEST)
    load(city.home, PERSONNEL_AS_OF="2028-01-20", **own)
    assert _told(city) == [*(finding for finding in before if finding[0] == "2026"), ("2027", 4, "R11x", "QUERY")]
    assert _told(city, "excellent_within_cap") == [("2027", None, "R09x", "QUERY")]
    assert _told(city, "no_secondment_during_discipline") == [("2027", 2, "R20x", "QUERY")]
    explained = tables(city.home)["quality.findings"].filter("is_explained").select("period", "row_no", "version_code").sort(pl.all())
    assert explained.rows() == [("2026", 3, "R11d"), ("2026", 4, "R11d")]  # what was said of R11d says nothing of R11x
    catalogue = tables(city.home)["quality.rules"].filter(rule_code="score_not_above_level")
    assert {(v, str(first), str(last)) for v, first, last in catalogue.select("version_code", "in_force_from", "in_force_to").rows()} >= {
        ("R11d", "2025-01-01", "2026-12-31"),
        ("R11x", "2027-01-01", "None"),
    }


def _seconded_while_disciplined(city: City, year: str) -> None:
    who = ["Trần Thị Bình", number(77)]
    punished = ["Họ và tên", "Số CCCD", "Hệ kỷ luật", "Hình thức kỷ luật", "Số quyết định", "Ngày ký", "Ngày công bố"]
    city.put(f"{year}/Q01.002/ky-luat.csv", [punished, [*who, "Đảng", "Cảnh cáo", "12-QĐ/ĐU", f"10/01/{year}", f"15/01/{year}"]])
    city.put(f"{year}/Q01.002/luan-chuyen.csv", [["Họ và tên", "Số CCCD", "Hình thức", "Từ ngày"], [*who, "Biệt phái", f"01/06/{year}"]])


def _explain_all(city: City, year: str) -> None:
    """The unit sends back what it was answered, with a reason for everything that it is asked."""
    book = openpyxl.load_workbook(city.home.outbox / year / "Q01.002" / "xep-loai.xlsx")
    for row in book[EXPLANATIONS].iter_rows(min_row=5):
        row[5].value = "Đã đối chiếu với biên bản"
    folder = city.home.raw / year / "Q01.002"
    (folder / "xep-loai.csv").unlink()
    book.save(folder / "xep-loai.xlsx")


def _told(city: City, rule_code: str = "score_not_above_level") -> list[tuple[str, int, str, str]]:
    found = tables(city.home)["quality.findings"].filter("is_current", rule_code=rule_code)
    return sorted(found.select("period", "row_no", "version_code", "severity_code").rows())
