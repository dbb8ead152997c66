"""The rule catalogue: one row per rule, dataset and version, with its words. What does not belong here: asking a rule."""

import csv
import io
from typing import Any

import yaml

from pipeline import law
from pipeline.paths import DBT_PROJECT
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.files import FILE_RULES
from pipeline.schemas.kinds import IDENTITY_GIVEN, IDENTITY_OF_A_PERSON, IDENTITY_REPAIRED, ONE_ALPHABET, ONE_LEVEL_MARKED, expected, meta
from pipeline.schemas.rules import rules_of

RULE_COLUMNS = [
    "rule_code", "version_code", "dataset_code", "severity_code", "confirmed_severity_code", "step_code", "says_vi", "says_en", "basis", "grade",
    "valid_from", "valid_to", "address", "note_vi",
]  # fmt: skip


def rule_catalogue() -> str:
    """One row per rule × dataset × version: rules of files (once, for they know no dataset), of cells, rows, and of the warehouse.

    A rule of law has a row for each of its versions in the rule book. A rule of many columns stops a row in some of them and only warns in
    others: its severity here is the heaviest.
    """
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}

    def add(rule_code: str, dataset_code: str, severity_code: str, step_code: str, says: tuple[str, str], **row: Any) -> None:
        row |= {"rule_code": rule_code, "dataset_code": dataset_code, "severity_code": severity_code, "step_code": step_code}
        row |= {"says_vi": says[0], "says_en": says[1]}
        key = rule_code, dataset_code, row.get("version_code", "")
        kept = rows.setdefault(key, {c: row.get(c) or "" for c in RULE_COLUMNS})
        if severity_code == "ERROR":
            kept["severity_code"] = "ERROR"

    def add_law(rule_code: str, dataset_code: str, step_code: str) -> None:
        for v in law.versions(rule_code):
            add(rule_code, dataset_code, v.severity, step_code, (v.asks_vi, v.asks_en), version_code=v.code, basis=v.basis, grade=v.grade,
                confirmed_severity_code=v.confirmed_severity, valid_from=v.first, valid_to=v.last, address=v.address, note_vi=v.note)  # fmt: skip

    for rule, of_file in FILE_RULES.items():
        add(rule, "", of_file.severity, "FILE", (of_file.says_vi, of_file.says_en), basis="form")
    for dataset, schema in SCHEMAS.items():
        for name, col in own_columns(schema).items():
            info = meta(col)
            weights = [(expected(name, col), info.severity), *((asked.sentence, asked.severity or info.severity) for asked in info.asked())]
            for of_cell, weight in [*weights, *([(expected(name, col), "ERROR")] if info.decides_where else [])]:
                add(of_cell[0], dataset, weight, "CELL", CELL_WORDS[of_cell[0]], basis="form")
        for r in rules_of(schema):
            if not r.law:
                add(r.name, dataset, r.severity, "ROW", CELL_WORDS.get(r.name, (r.says, r.says_en)), basis=r.basis)
        for name in dict.fromkeys(r.name for r in rules_of(schema) if r.law):
            add_law(name, dataset, "ROW")
    for words in warehouse_rules().values():
        for dataset in words["datasets"]:
            if "severity" in words:
                add(words["rule_code"], dataset, words["severity"], "WAREHOUSE", (words["says_vi"], words["says_en"]), basis=words["basis"])
            for name in laws_of(words, dataset):
                add_law(name, dataset, "WAREHOUSE")
    out = io.StringIO()
    writer = csv.DictWriter(out, RULE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.values())
    return out.getvalue()


# What a rule says without naming a column; a finding names it.
CELL_WORDS = {
    "value_present": ("Ô phải ghi không được để trống.", "A cell that is asked for must not be blank."),
    "day_possible": ("Ngày phải là ngày có thể có so với kỳ báo cáo.", "A day must be one that can be, seen from the period."),
    "date_readable": ("Ô ngày phải là ngày/tháng/năm, tháng/năm hoặc năm.", "A date is day/month/year, month/year or year."),
    "number_readable": ("Ô này phải là một con số.", "The cell must hold a number."),
    "identity_number_shape": ("Số CCCD phải có đúng 12 chữ số (CMND cũ: 9 chữ số).", "An identity number has 12 digits, an old one 9."),
    "own_number_shape": ("Số thẻ, mã số phải có chữ số, viết liền.", "A number of one's own holds digits and is written in one piece."),
    "identifier_shape": ("Số hiệu phải viết liền, ví dụ 12-QĐ/ĐU.", "An identifier has no spaces, like 12-QĐ/ĐU."),
    "period_readable": ("Kỳ phải là năm hoặc quý, ví dụ 2021 hoặc 2021-Q1.", "A period is a year or a quarter."),
    "code_known": ("Giá trị phải thuộc danh mục của cột.", "The value must be of the column's code list."),
    "no_formula_error": ("Ô không được là lỗi của công thức (#REF!, #N/A, …).", "A cell must not be a formula's error."),
    IDENTITY_REPAIRED[0]: IDENTITY_REPAIRED[1:],
    IDENTITY_OF_A_PERSON[0]: IDENTITY_OF_A_PERSON[1:],
    IDENTITY_GIVEN[0]: IDENTITY_GIVEN[1:],
    ONE_ALPHABET[0]: ONE_ALPHABET[1:],
    ONE_LEVEL_MARKED[0]: ONE_LEVEL_MARKED[1:],
}


def laws_of(words: dict[str, Any], *datasets: str) -> list[str]:
    """Which rules of law a model asks: its own, or all of its family; of some datasets only those."""
    if "family_code" in words:
        asked = (v for v in law.book() if v.family_code == words["family_code"])
        return list(dict.fromkeys(v.rule_code for v in asked if not datasets or v.dataset_code in datasets))
    return [] if "severity" in words else [words["rule_code"]]


def warehouse_rules() -> dict[str, dict[str, Any]]:
    """Model name → the meta of each rule model; the datasets that it speaks of by name."""
    found = {}
    for file in sorted((DBT_PROJECT / "models" / "rules").glob("*.yml")):
        for model in (yaml.safe_load(file.read_text("utf-8")) or {}).get("models", []):
            words = model.get("config", {}).get("meta", {})
            if "rule_code" in words or "family_code" in words:
                found[model["name"]] = words | {"datasets": _named(words["datasets"])}
    return found


def _named(datasets: list[str] | dict[str, list[str]] | str) -> list[str]:
    """
    >>> _named("all") == [*SCHEMAS], "ratings" in _named({"all_but": ["ratings"]}), _named(["ratings"])
    (True, False, ['ratings'])
    """
    if isinstance(datasets, list):
        return datasets
    return [name for name in SCHEMAS if isinstance(datasets, str) or name not in datasets["all_but"]]
