"""The SQL travels: every model is written for DuckDB and for Spark, and what must differ stands in one macro file."""

import json
import re
from pathlib import Path

import pytest
import sqlglot
from conftest import City
from sqlglot import expressions as exp

from pipeline.paths import DBT_PROJECT
from pipeline.warehouse import transform

MODELS = sorted((DBT_PROJECT / "models").rglob("*.sql"))
# What Spark lacks, or means differently. Functions that sqlglot knows are expressions; others go by their name.
BANNED_NODES = {
    exp.Qualify: "QUALIFY", exp.GroupConcat: "string_agg", exp.Unnest: "unnest",
    exp.GenerateSeries: "generate_series", exp.StrToTime: "strptime", exp.TimeToStr: "strftime",
}  # fmt: skip
BANNED_NAMES = {"strftime", "strptime", "string_agg", "arg_max", "arg_min", "list", "generate_series", "range", "unnest", "epoch"}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Each model's SQL as dbt would run it."""
    city = City(tmp_path_factory.mktemp("sql") / "data")
    city.land()
    transform._invoke(city.home, "compile")
    manifest = json.loads((city.home.dbt_target / "manifest.json").read_text("utf-8"))
    return {n["name"]: n["compiled_code"] for n in manifest["nodes"].values() if n["resource_type"] == "model"}


def test_every_model_is_compiled(compiled: dict[str, str]) -> None:
    assert {m.stem for m in MODELS} == set(compiled)


@pytest.mark.parametrize("model", [m.stem for m in MODELS])
def test_model_travels(model: str, compiled: dict[str, str]) -> None:
    sql = compiled[model]
    tree = sqlglot.parse_one(sql, read="duckdb")
    found = [word for node, word in BANNED_NODES.items() if tree.find(node)]
    found += [f.name for f in tree.find_all(exp.Anonymous) if f.name.lower() in BANNED_NAMES]
    found += ["WITH RECURSIVE"] if any(w.args.get("recursive") for w in tree.find_all(exp.With)) else []
    found += ["EXCLUDE"] if any(s.args.get("except_") or s.args.get("except") for s in tree.find_all(exp.Star)) else []
    found += ["UNION BY NAME"] if any(u.args.get("by_name") for u in tree.find_all(exp.SetOperation)) else []
    found += [
        "a quote or backslash inside a literal" for lit in tree.find_all(exp.Literal) if lit.is_string and re.search(r"['\\\"]", lit.this)
    ]
    found += [f"row_number without NULLS stated: {o}" for o in _orders_without_nulls(sql)]
    assert found == []


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.stem)
def test_source_text_keeps_to_the_words_of_both_engines(model: Path) -> None:
    text = re.sub(r"--.*", "", model.read_text("utf-8"))
    found = [word for word in ("::", "varchar", "arg_max", "arg_min", "current_date", "now(", "today(") if word in text.lower()]
    assert found == []


def _orders_without_nulls(sql: str) -> list[str]:
    """Order keys of row_number that do not say where NULLs go: the engines differ in it."""
    keys = []
    for start in (m.end() for m in re.finditer(r"row_number\(\)\s+over\s*\(", sql)):
        depth, end = 1, start
        while depth:
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        inside = re.sub(r"\s+", " ", sql[start : end - 1])
        order = inside.split("order by ", 1)[1] if "order by " in inside else "(no order)"
        keys += [k.strip() for k in re.split(r",(?![^(]*\))", order)]
    return [k for k in keys if not re.search(r"nulls (first|last)$", k)]


def test_every_model_says_its_grain() -> None:
    manifest_texts = [f.read_text("utf-8") for f in (DBT_PROJECT / "models").rglob("*.yml")]
    described = "\n".join(manifest_texts)
    missing = [m.stem for m in MODELS if f"name: {m.stem}\n" not in described]
    assert missing == []


@pytest.mark.parametrize(
    "file", sorted(f for part in ("models", "macros", "tests") for f in (DBT_PROJECT / part).rglob("*.sql")), ids=lambda f: f.stem
)
def test_sql_is_written_in_one_style(file: Path) -> None:
    """Words of SQL in small letters, every join says which one it is, no line is longer than 160 letters, nothing stands behind a line's end."""
    text = file.read_text("utf-8")
    assert text.endswith("\n") and not text.endswith("\n\n")
    for number, line in enumerate(text.splitlines(), start=1):
        where = f"{file.name}:{number}"
        assert line == line.rstrip() and "\t" not in line, f"{where}: a blank behind the line, or a tab"
        assert len(line) <= 160, f"{where}: {len(line)} letters"
    bare = re.sub(r"--[^\n]*|\{#.*?#\}|'[^']*'|\"[^\"]*\"", "", text, flags=re.DOTALL)
    assert not re.findall(
        r"\b(?:SELECT|FROM|WHERE|JOIN|ON|GROUP|ORDER|BY|CASE|WHEN|THEN|ELSE|END|AND|OR|NOT|AS|WITH|UNION|NULL|IS|IN)\b", bare
    )
    assert not re.findall(
        r"(?<!inner )(?<!left )(?<!right )(?<!cross )(?<!full )(?<!semi )(?<!anti )\bjoin\b(?!\()", re.sub(r"\|\s*join", "", bare)
    )
