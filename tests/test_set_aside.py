"""Law 6: what sets a row aside, what is only unknown, and that an unknown value neither vanishes nor changes another figure."""

import datetime as dt
from typing import Any

import duckdb
import polars as pl
import pytest
from clean import meta_of, text_of
from conftest import City, load, member, number, rating, ratings, roster

from pipeline.frames import TO_JUDGE
from pipeline.judging.validate import judge
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.files import FILE_RULES
from pipeline.schemas.kinds import meta
from pipeline.schemas.rules import rules_of

FOLDER = {
    "submission_key": "s", "sheet": "t", "row_no": 1, "folder_period": "2021", "folder_year": 2021,
    "folder_from": dt.date(2021, 1, 1), "folder_to": dt.date(2021, 12, 31),
}  # fmt: skip
# Counting needs these: who, where, which period; and of a rating its level, or why there is none.
NEEDED = {
    ("personnel", "unit"), ("personnel", "identity_number"),
    ("ratings", "unit"), ("ratings", "identity_number"), ("ratings", "rating_system_code"), ("ratings", "period"),
    ("ratings", "decided_level_code"),
    ("rotation", "unit"), ("rotation", "identity_number"),
    ("training", "unit"), ("training", "identity_number"),
    ("discipline", "unit"), ("discipline", "identity_number"), ("discipline", "subject_kind_code"),
}  # fmt: skip
COLUMNS = [(name, column) for name, schema in SCHEMAS.items() for column in own_columns(schema)]
NO_WORD = "#REF!"  # of no list, no day, no number, no number of a decision
FROM_THE_FIRST_DAY = "được tính là có mặt từ ngày đầu của kỳ"


def judged(dataset: str, **cells: str | None) -> Any:
    """The schema's example, written as an office writes it, with some of its cells written otherwise."""
    schema = SCHEMAS[dataset]
    example = {c: schema.metadata["example"].get(c) for c in own_columns(schema)}
    text = {c: text_of(dataset, c, value) for c, value in example.items()} | cells
    types = {c: pl.String for c in text}
    return judge(schema, pl.DataFrame([FOLDER], schema=TO_JUDGE).with_columns([pl.lit(text[c], t).alias(c) for c, t in types.items()]))


def told(result: Any) -> list[tuple[str, str, str]]:
    return sorted(result.findings.select("rule_code", "column_name", "severity_code").rows())


@pytest.mark.parametrize(("dataset", "column"), COLUMNS)
def test_a_cell_that_cannot_be_read_stops_its_row_only_where_counting_needs_it(dataset: str, column: str) -> None:
    result = judged(dataset, **{column: NO_WORD})
    found = result.findings.filter(column_name=column)
    assert found.height == 1, told(result)
    assert result.is_faulty.to_list() == [(dataset, column) in NEEDED]
    assert found["severity_code"].to_list() == ["ERROR" if (dataset, column) in NEEDED else "WARNING"]
    # the period says its type as well: two rows of one period are never two facts
    assert result.typed[column].to_list() == ["YEAR" if column == "period_type_code" else None]


@pytest.mark.parametrize(("dataset", "column"), [(d, c) for d, c in COLUMNS if meta_of(d, c).default])
def test_a_blank_takes_its_default_and_an_unreadable_word_does_not(dataset: str, column: str) -> None:
    assert judged(dataset, **{column: None}).typed[column].to_list() == [meta_of(dataset, column).default]
    assert judged(dataset, **{column: "không rõ là gì"}).typed[column].to_list() == [None]


@pytest.mark.parametrize("dataset", SCHEMAS)
def test_only_a_blank_that_counting_needs_sets_a_row_aside(dataset: str) -> None:
    assert judged(dataset, full_name=None, identity_number=None).is_faulty.all()  # a number or a name says whose it is
    for column, col in own_columns(SCHEMAS[dataset]).items():
        result = judged(dataset, **{column: None})
        assert result.is_faulty.to_list() == [meta(col).required], column
        assert not (meta(col).wanted and result.findings.filter(column_name=column, severity_code="WARNING").is_empty()), column


def test_every_rule_that_stops_a_row_is_law_or_speaks_of_what_counting_needs() -> None:
    another_period = {"spell_open_in_period", "rating_of_folder_year", "period_matches_type", "posting_open_in_year", "training_open_in_year", "row_of_folder_year"}  # fmt: skip
    who = {"person_identified", "name_is_a_persons", "value_present"}
    for schema in SCHEMAS.values():
        for rule in rules_of(schema):
            if rule.severity == "ERROR" and rule.basis in ("form", "logic"):
                assert rule.name in another_period | who, rule.name
            if rule.severity == "ERROR":
                assert not rule.unknown, rule.name


@pytest.mark.parametrize("dataset", SCHEMAS)
def test_a_row_whose_name_is_an_error_and_whose_number_is_blank_is_nobodys(dataset: str) -> None:
    """It would be in the figures as nobody, and a person's row without a person stops the load of the city."""
    result = judged(dataset, full_name="#REF!", identity_number=None)
    assert result.is_faulty.all() and ("person_identified", "full_name", "ERROR") in told(result)
    assert not judged(dataset, full_name="#REF!").is_faulty.any()


@pytest.mark.parametrize("name", ["?", "12", "***", "="])
def test_signs_are_nobodys_name(name: str) -> None:
    result = judged("personnel", full_name=name, identity_number=None, birth_date=None)
    assert result.is_faulty.all() and ("name_is_a_persons", "full_name", "ERROR") in told(result)
    born = judged("personnel", full_name=name, identity_number=None)
    assert not born.is_faulty.any() and told(born) == [("value_present", "identity_number", "WARNING")]


@pytest.mark.parametrize("dataset", SCHEMAS)
def test_a_row_below_a_column_of_names_that_holds_none_is_somebodys_by_its_number_alone(dataset: str) -> None:
    rows = pl.DataFrame({"full_name": ["12", "13", "14", "15"], "identity_number": ["092080000001", "092080000002", "092080000003", None]})
    raw = pl.concat([pl.DataFrame([FOLDER] * 4, schema=TO_JUDGE, orient="row"), rows], how="horizontal")
    result = judge(SCHEMAS[dataset], raw, by_column=True)
    assert result.other["column_name"].to_list() == ["full_name"]
    assert result.findings.filter(rule_code="person_identified").height == 1 and result.is_faulty[3]


def test_a_level_may_be_blank_beside_a_reason_and_its_reason_must_be_readable() -> None:
    unrated = judged("ratings", decided_level_code=None, not_rated_reason_code="Miễn sinh hoạt")
    assert unrated.typed["decided_level_code"].to_list() == ["NOT_RATED"] and told(unrated) == []
    unclear = judged("ratings", decided_level_code=None, not_rated_reason_code="bận việc nhà")
    assert told(unclear) == [("code_known", "not_rated_reason_code", "ERROR")] and unclear.is_faulty.all()
    rated = judged("ratings", not_rated_reason_code="bận việc nhà")
    assert told(rated) == [("code_known", "not_rated_reason_code", "WARNING")] and not rated.is_faulty.any()
    neither = judged("ratings", decided_level_code=None)
    assert told(neither) == [("value_present", "decided_level_code", "ERROR")]
    unread = judged("ratings", decided_level_code="tốt lắm", not_rated_reason_code="Miễn sinh hoạt")
    assert unread.typed["decided_level_code"].to_list() == [None] and unread.is_faulty.all()


def test_an_unreadable_period_is_not_the_folders() -> None:
    result = judged("ratings", period="cả hai năm")
    assert result.typed["period"].to_list() == [None] and result.is_faulty.all()
    assert told(result) == [("period_readable", "period", "ERROR")]


# ── days that cannot be ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("dataset", "cells", "rule", "column"),
    [
        ("personnel", {"birth_date": "05/02/2080"}, "day_possible", "birth_date"),
        ("personnel", {"birth_date": "1905"}, "day_possible", "birth_date"),
        ("personnel", {"birth_date": "05/02/2080", "member_status_code": "Không"}, "day_possible", "birth_date"),
        ("personnel", {"birth_date": "05/02/19800"}, "date_readable", "birth_date"),
        ("personnel", {"party_joined_on": "01/03/2022"}, "day_possible", "party_joined_on"),
        ("personnel", {"party_joined_on": "01/03/1990"}, "admitted_at_18_or_older", "party_joined_on"),
        ("personnel", {"party_official_on": "01/03/2009"}, "official_after_joining", "party_official_on"),
        ("personnel", {"service_joined_on": "01/03/1990"}, "recruited_at_14_or_older", "service_joined_on"),
        ("personnel", {"spell_from": "11/07/1905"}, "day_possible", "spell_from"),
        ("personnel", {"spell_from": "01/03/1970"}, "day_possible", "spell_from"),  # before the birth date
        ("personnel", {"spell_to": "01/03/2080", "leaving_reason_code": "Chuyển đi"}, "day_possible", "spell_to"),
        ("rotation", {"posting_to": "01/03/2080"}, "day_possible", "posting_to"),
        ("personnel", {"spell_to": "01/03/2009", "leaving_reason_code": "Nghỉ hưu"}, "spell_period_order", "spell_to"),
        ("personnel", {"exempt_from": "01/06/2021", "exempt_to": "01/05/2021"}, "exempt_period_order", "exempt_to"),
        ("personnel", {"suspended_from": "01/06/2021", "suspended_to": "01/05/2021"}, "suspended_period_order", "suspended_to"),
        ("ratings", {"decided_on": "15/01/2023"}, "day_possible", "decided_on"),
        ("rotation", {"posting_from": "01/06/2021", "posting_to": "01/05/2021", "rotation_end_reason_code": "Hết thời hạn"}, "movement_period_order", "posting_to"),
        ("training", {"training_from": "01/06/2021", "training_to": "01/05/2021"}, "training_period_order", "training_to"),
        ("discipline", {"signed_on": "10/06/2080"}, "day_possible", "signed_on"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_told_once_and_unknown_and_the_row_stays(dataset: str, cells: dict, rule: str, column: str) -> None:
    result = judged(dataset, **cells)
    assert [f for f in told(result) if f[1] == column or f[2] == "ERROR"] == [(rule, column, "WARNING")], told(result)
    assert result.typed[column].to_list() == [None] and result.typed[f"{column}_precision_code"].to_list() == [None]
    assert not result.is_faulty.any()


def test_a_value_out_of_its_range_is_unknown() -> None:
    for dataset, column, text in (("ratings", "score", "188"), ("training", "hours", "-5")):
        result = judged(dataset, **{column: text})
        assert result.typed[column].to_list() == [None] and not result.is_faulty.any()
        assert told(result) == [(f"{column}_in_range", column, "WARNING")]


def test_days_that_can_be_are_not_told() -> None:
    """A rating decided in the next year; somebody of 100; a month or a year of admission that may lie after the 18th birthday."""
    assert told(judged("ratings", decided_on="28/02/2022")) == []
    old = judged("personnel", birth_date="05/02/1921", identity_number="092021000001", party_joined_on=None, party_official_on=None)
    assert "day_possible" not in [rule for rule, *_ in told(old)] and old.typed["birth_date"].to_list() == [dt.date(1921, 2, 5)]
    young = judged("personnel", birth_date="05/05/1980", party_joined_on="1998", party_official_on=None)
    assert told(young) == [] and young.typed["party_joined_on"].to_list() == [dt.date(1998, 1, 1)]


@pytest.mark.parametrize(("dataset", "what", "besides"), [
    ("personnel", "spell", {"leaving_reason_code": "Chuyển đi"}), ("personnel", "exempt", {}), ("personnel", "suspended", {}),
    ("rotation", "posting", {"rotation_end_reason_code": "Hết thời hạn"}), ("training", "training", {}),
])  # fmt: skip
def test_what_ends_on_its_first_day_lasts_that_day(dataset: str, what: str, besides: dict[str, str]) -> None:
    result = judged(dataset, **{f"{what}_from": "01/06/2021", f"{what}_to": "01/06/2021"}, **besides)
    assert [rule for rule, *_ in told(result) if rule.endswith("_period_order")] == []
    assert result.typed[f"{what}_to"].to_list() == [dt.date(2021, 6, 1)]


def test_only_the_row_of_the_impossible_day_changes() -> None:
    """The rows asked again go back to their places."""
    schema = SCHEMAS["training"]
    example = {c: text_of("training", c, schema.metadata["example"].get(c)) for c in own_columns(schema)}
    ends = ["01/05/2021", "01/05/2020", "03/05/2021", "", "05/05/2021", "01/04/1905"]
    rows = [FOLDER | example | {"row_no": n, "training_to": end or None} for n, end in enumerate(ends, start=1)]
    result = judge(schema, pl.DataFrame(rows, schema_overrides=TO_JUDGE | dict.fromkeys(example, pl.String)))
    assert result.typed["row_no"].to_list() == [1, 2, 3, 4, 5, 6]
    assert result.typed["training_to"].to_list() == [dt.date(2021, 5, 1), None, dt.date(2021, 5, 3), None, dt.date(2021, 5, 5), None]
    assert sorted(result.findings["row_no"].to_list()) == [2, 6]


# ── columns that every list has ──────────────────────────────────────────────────────────────────────────────────


def test_a_column_that_every_list_has_is_told_by_its_name_and_refuses_nothing(city: City) -> None:
    header = ["STT", "Họ và tên", "Số CCCD", "Tình trạng đảng viên", "Số điện thoại"]
    city.put("2021/Q01.001/Nhân sự.csv", [header, *([n, "Nguyễn Văn A", number(n), "Chính thức", "0912"] for n in range(3))])
    city.land()
    found = city.landed("findings").filter(pl.col("rule_code").str.ends_with("column_present"))
    assert found.select("rule_code", "severity_code", "column_name").rows() == [("usual_column_present", "WARNING", "spell_from")]
    assert "Thiếu cột “Từ ngày”." in found["says_vi"][0] and FROM_THE_FIRST_DAY in found["says_vi"][0]
    assert "column_known" in city.rules() and "value_present" not in city.rules()  # one fault, one finding; what is not read is told
    assert city.verdicts()["Q01.001", "personnel"] == ("ACCEPTED", None)
    assert city.landed("personnel")["spell_from"].to_list() == [None] * 3


def test_who_has_no_first_day_is_told_from_when_he_counts(city: City) -> None:
    city.put("2021/Q01.001/Nhân sự.csv", roster([member(1, since=""), *(member(n) for n in range(2, 6))]))
    city.land()
    found = city.landed("findings").filter(column_name="spell_from").select("rule_code", "row_no", "says_vi").rows()
    assert [(rule, row, FROM_THE_FIRST_DAY in says) for rule, row, says in found] == [("value_present", 2, True)]


def test_a_column_that_counting_needs_refuses_the_table(city: City) -> None:
    city.put("2021/Q01.001/Xếp loại.csv", [["STT", "Họ và tên", "Số CCCD", "Điểm"], [1, "Nguyễn Văn A", number(1), 80]])
    city.land()
    assert city.verdicts()["Q01.001", "ratings"] == ("REFUSED", "required_column_present")
    assert not FILE_RULES["usual_column_present"].refuses and FILE_RULES["required_column_present"].refuses


def test_a_header_with_none_of_the_columns_of_its_list_refuses_the_table(city: City) -> None:
    city.put("2021/Q01.001/Kỷ luật.csv", [["Cột", "Khác"], ["a", "b"]])
    city.land()
    assert city.verdicts()["Q01.001", "discipline"] == ("REFUSED", "required_column_present")


def test_posts_and_degrees_as_offices_write_them_lose_nobody(city: City) -> None:
    header = ["Họ và tên", "Số CCCD", "Tình trạng đảng viên", "Từ ngày", "Chức vụ", "Cấp ủy", "Trình độ"]
    words = ["Trưởng phòng Tổ chức - Hành chính", "Bí thư chi bộ khối", "Kỹ sư xây dựng"]
    city.put("2021/Q01.001/Nhân sự.csv", [header, *(["Nguyễn Văn A", number(n), "Chính thức", "03/2010", *words] for n in range(12))])
    city.land()
    landed = city.landed("submissions").select("verdict_code", "rows_read", "rows_accepted", "rows_set_aside").rows()
    assert landed == [("ACCEPTED", 12, 12, 0)]
    assert city.landed("findings")["severity_code"].unique().to_list() == ["WARNING"]


# ── and in the figures ───────────────────────────────────────────────────────────────────────────────────────────


def test_unknown_values_are_counted_told_and_change_no_other_figure(city: City) -> None:
    """One load: rosters without first days and statuses, ratings, courses, postings and decisions whose days nobody can read."""
    people = [member(1, since=NO_WORD), member(2, status="đang xem xét"), member(3), [*member(4)[:3], NO_WORD, *member(4)[4:]]]
    city.put("2021/Q01.001/Nhân sự.csv", roster([*people, member(5)]))
    city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(1), rating(2), rating(3, "HTNV"), rating(5, "", reason="Miễn sinh hoạt")]))
    city.put("2021/Q01.001/Đào tạo.csv", [
        ["Họ và tên", "Số CCCD", "Chương trình", "Loại chương trình", "Từ ngày", "Số tiết"],
        ["Nguyễn Văn B", number(1), "Lớp A", "gì đó", NO_WORD, 40], ["Nguyễn Văn C", number(2), "Lớp A", "Lý luận chính trị", "01/04/2021", 8],
    ])  # fmt: skip
    city.put("2021/Q01.001/Luân chuyển.csv", [
        ["Họ và tên", "Số CCCD", "Hình thức", "Từ ngày", "Đơn vị đến"],
        ["Nguyễn Văn B", number(1), "Luân chuyển", NO_WORD, "Q01"], ["Nguyễn Văn C", number(2), "đi xa", "01/02/2021", None],
    ])  # fmt: skip
    city.put("2021/Q01.001/Kỷ luật.csv", [
        ["Họ và tên", "Số CCCD", "Hệ kỷ luật", "Hình thức kỷ luật", "Số quyết định", "Ngày ký"],
        ["Nguyễn Văn G", number(6), "Đảng", "nhắc nhở", "không số", NO_WORD],
    ])  # fmt: skip
    load(city.home)
    with duckdb.connect(str(city.home.published), read_only=True) as db:

        def ask(query: str) -> list[tuple]:
            return db.execute(query).fetchall()

        assert ask("SELECT dataset_code, rows_read, rows_accepted, rows_set_aside FROM quality.submissions ORDER BY 1") == [
            ("discipline", 1, 1, 0), ("personnel", 5, 4, 1), ("ratings", 4, 4, 0), ("rotation", 2, 2, 0), ("training", 2, 2, 0),
        ]  # fmt: skip
        assert ask("SELECT count(*) FROM quality.not_of_record") == [(0,)]
        assumed = "SELECT spell_from_year, count(*) FROM core.fct_personnel WHERE spell_from_precision_code = 'ASSUMED' GROUP BY 1"
        assert ask(assumed) == [(2021, 1)]
        base = "unit_code = 'Q01.001'"
        summary = f"SELECT population, rated, completed, good_exclusive, not_rated, unexplained, rated_outside_roster FROM reports.rpt_rating_summary WHERE {base} AND rating_system_code = 'PARTY_MEMBER' AND period = '2021'"
        assert ask(summary) == [(4, 3, 1, 2, 1, 0, 0)]  # who is rated as a member counts as one where the roster does not tell
        assert ask(f"SELECT persons, attendances, hours FROM reports.rpt_training_summary WHERE {base}") == [(2, 2, 48.0)]
        assert ask(f"SELECT started, running, rotation_started FROM reports.rpt_rotation_summary WHERE {base}") == [(1, 1, 0)]
        assert ask("SELECT count(to_unit_key) FROM core.fct_rotation") == [(1,)]
        assert ask(f"SELECT persons_disciplined, reprimand FROM reports.rpt_discipline_summary WHERE {base}") == [(1, 0)]
        assert ask("SELECT year, effective_on FROM core.fct_discipline") == [(2021, None)]
        told = dict(ask("SELECT rule_code || ' ' || coalesce(column_name, ''), count(*) FROM quality.findings GROUP BY 1"))
        assert told == {
            "date_readable spell_from": 1, "code_known member_status_code": 1, "no_formula_error unit": 1,
            "date_readable training_from": 1, "code_known programme_type_code": 1, "date_readable posting_from": 1,
            "code_known rotation_kind_code": 1, "code_known discipline_form_code": 1, "identifier_shape decision_no": 1,
            "date_readable signed_on": 1,
        }  # fmt: skip


def test_an_event_after_the_load_that_first_saw_it_is_told_and_kept(city: City) -> None:
    course = ["Nguyễn Văn A", number(1), "Lớp A", "Lý luận chính trị"]
    header = ["Họ và tên", "Số CCCD", "Chương trình", "Loại chương trình", "Từ ngày"]
    city.put("2021/Q01.001/Đào tạo.csv", [header, [*course, "20/12/2021"], [*course, "21/12/2021"]])
    city.land("2021-12-20")
    load(city.home, PERSONNEL_AS_OF="2022-03-01")  # time passes, and it stays told: the file could not know
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        found = db.execute("SELECT rule_code, severity_code, row_no, column_name FROM quality.findings").fetchall()
        assert found == [("event_not_after_load", "WARNING", 3, "training_from")]
        assert db.execute("SELECT count(*) FROM core.fct_training").fetchone() == (2,)
