"""Every rule of every schema has a row that keeps it and one that breaks it, and pandera agrees with our one select."""

from itertools import product

import pandera.polars as pa
import polars as pl
import pytest
from pandera.errors import SchemaErrors

from pipeline import codes
from pipeline.answers.template.columns import LOOKS
from pipeline.answers.template.faults import CHECKS, fault
from pipeline.frames import MISSING, TO_JUDGE, NotOfItsShape
from pipeline.judging.ask import ask_rules
from pipeline.judging.told import report
from pipeline.judging.validate import judge
from pipeline.judging.without_people import MADE
from pipeline.schemas import SCHEMAS, columns
from pipeline.schemas.columns import SYSTEM, own_columns
from pipeline.schemas.days import DAY
from pipeline.schemas.kinds import DATE, KINDS, meta
from pipeline.schemas.landed import landed_columns
from pipeline.schemas.registry import REGISTRY
from pipeline.schemas.rules import Rule, in_range, rules_of

EVERY = SCHEMAS | REGISTRY
FOLDER = {
    "submission_key": "s", "sheet": "t", "row_no": 1, "folder_period": "2021", "folder_year": 2021,
    "folder_from": DAY(2021, 1, 1), "folder_to": DAY(2021, 12, 31),
}  # fmt: skip
RULES = [(name, rule) for name, schema in EVERY.items() for rule in rules_of(schema)]


def apply_rules(schema: pa.DataFrameSchema, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    return report(schema.name, rows, ask_rules(schema, rows), pl.DataFrame())


def frame(schema: pa.DataFrameSchema, *changes: dict) -> pl.DataFrame:
    """The schema's example, changed, one row per change."""
    base = dict.fromkeys(schema.columns) | FOLDER | schema.metadata["example"]
    types = {c: col.dtype.type for c, col in schema.columns.items()}
    return pl.DataFrame([{**base, **change, "row_no": n} for n, change in enumerate(changes, start=1)], schema=types)


@pytest.mark.parametrize(("name", "rule"), RULES, ids=[f"{n}-{r.name}-{r.on}" for n, r in RULES])
def test_rule_has_a_row_that_keeps_it_and_one_that_breaks_it(name: str, rule: Rule) -> None:
    answers = frame(EVERY[name], rule.good, rule.bad).select(rule.holds).to_series().to_list()
    assert answers == [True, False]


@pytest.mark.parametrize("name", EVERY)
def test_example_breaks_no_rule(name: str) -> None:
    findings, _ = apply_rules(EVERY[name], frame(EVERY[name], {}))
    assert findings.is_empty()


@pytest.mark.parametrize("name", SCHEMAS)
def test_one_select_blames_the_rows_that_pandera_blames(name: str) -> None:
    schema = SCHEMAS[name]
    rows = frame(schema, {}, *[r.bad for r in rules_of(schema)], *[r.good for r in rules_of(schema)])
    findings, _ = apply_rules(schema, rows)
    ours = set(findings.select(pl.col("row_no") - 1, "says_vi").rows())
    with pytest.raises(SchemaErrors) as caught:
        schema.validate(rows, lazy=True)
    theirs = caught.value.failure_cases.filter(pl.col("index").is_not_null())
    assert set(theirs.select(pl.col("index"), pl.col("check")).rows()) == ours


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_rule_ran(name: str) -> None:
    schema = SCHEMAS[name]
    _, counts = apply_rules(schema, frame(schema, *[r.good for r in rules_of(schema)]))
    asked = dict(counts.select("rule_code", "asked_count").rows())
    assert set(asked) == {r.name for r in rules_of(schema)}
    assert all(n > 0 for n in asked.values())


def test_rule_names_mean_one_thing_in_a_dataset() -> None:
    of_every_column = {"value_present", "day_possible"}
    for schema in SCHEMAS.values():
        named = [(r.name, r.law and r.law.code) for r in rules_of(schema) if r.name not in of_every_column]
        assert len(named) == len(set(named))


def test_only_grade_v_law_stops_a_row() -> None:
    lawful = {"logic", "form"}
    assert [r.name for _, r in RULES if r.severity == "ERROR" and r.basis not in lawful and r.grade != "V"] == []


@pytest.mark.parametrize("name", EVERY)
def test_a_header_means_one_column(name: str) -> None:
    seen: dict[str, str] = {}
    for column, col in own_columns(EVERY[name]).items():
        for header in (col.title, *meta(col).aliases):
            assert seen.setdefault(codes.fold(header), column) == column, header


@pytest.mark.parametrize("list_name", codes.code_lists())
def test_a_spelling_means_one_code(list_name: str) -> None:
    assert codes.spellings(list_name)


@pytest.mark.parametrize("table", [CHECKS, LOOKS, MADE], ids=["a formula of a template", "what may be chosen", "what lands"])
def test_every_kind_of_column_has_its_entry_where_kinds_differ(table: dict) -> None:
    assert {kind.name for kind in table} == KINDS.keys()


def test_every_coded_column_has_its_list() -> None:
    for schema in EVERY.values():
        for col in own_columns(schema).values():
            if meta(col).codes:
                assert meta(col).codes in codes.code_lists()
                assert meta(col).default in {None, *codes.labels(meta(col).codes)}


@pytest.mark.parametrize(
    ("name", "banned"), list(product(SCHEMAS, ["full_name", "identity_number", "birth_date", "note", "programme", "provider"]))
)
def test_people_and_free_text_never_land(name: str, banned: str) -> None:
    assert banned not in landed_columns(SCHEMAS[name])


def test_a_column_name_has_one_type_everywhere() -> None:
    types: dict[str, set] = {}
    for schema in SCHEMAS.values():
        for column, dtype in landed_columns(schema).items():
            types.setdefault(column, set()).add(dtype)
    assert {c: t for c, t in types.items() if len(t) > 1} == {}
    assert SYSTEM["submission_key"] == pl.String


def test_a_month_in_a_column_of_last_days_is_its_last_day_and_in_any_other_its_first() -> None:
    ends = {c: meta(col).ends for schema in SCHEMAS.values() for c, col in own_columns(schema).items() if meta(col).kind is DATE}
    assert ends == {c: c.endswith("_to") or c == "effect_end_on" for c in ends}


def test_a_frame_of_another_shape_goes_nowhere() -> None:
    folder = {"folder_period": "2021", "folder_year": 2021, "folder_from": DAY(2021, 1, 1), "folder_to": DAY(2021, 12, 31)}
    raw = pl.DataFrame(
        [{"submission_key": "s", "sheet": "", "row_no": 2, "full_name": "Nguyễn Văn An"} | folder],
        schema={**TO_JUDGE, "full_name": pl.String},
    )
    judge(SCHEMAS["ratings"], raw)
    for odd in (raw.drop("sheet"), raw.with_columns(pl.col("row_no").cast(pl.Int64)), raw.with_columns(more=pl.lit(1))):
        with pytest.raises(NotOfItsShape):
            judge(SCHEMAS["ratings"], odd)


def test_rules_of_other_columns_are_asked_where_one_is_missing_that_is_only_wanted() -> None:
    """Without the last days of spells a first day after the year is told all the same."""
    rows = frame(SCHEMAS["personnel"], {"spell_from": DAY(2022, 5, 1), "spell_to": None})
    missing = MISSING.hold(pl.DataFrame({"submission_key": ["s"], "column_name": ["spell_to"]}))
    findings, _ = report("personnel", rows, ask_rules(SCHEMAS["personnel"], rows, missing=missing), pl.DataFrame())
    assert "spell_open_in_period" in findings["rule_code"]


def test_a_number_may_have_a_smallest_and_no_largest() -> None:
    amount = columns.column("Tiền thưởng", kind="number", between=(0, None), description="Money.")
    of_form = in_range("amount", amount, 0, None)
    assert pl.DataFrame({"amount": [0.0, 1e9, -1.0]}).select(of_form._check_kwargs["rule"].holds).to_series().to_list() == [
        True,
        True,
        False,
    ]
    assert fault(meta(amount), "A2").count(">=0") == 1 and "<=" not in fault(meta(amount), "A2")
