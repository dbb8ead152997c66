"""The wide views, the dictionary, and the shell that asks them: one row per fact, the figures of the reports, words on all, and nothing but reading."""

import csv
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import AS_OF, pipeline
from python_calamine import CalamineWorkbook

from pipeline.codes import code_list_of
from pipeline.contract import wide
from pipeline.paths import PROJECT, Home
from pipeline.presentation import header
from pipeline.schemas.files import FILE_RULES
from pipeline.surfaces import sql
from pipeline.warehouse import dictionary, transform

FACTS = {name: ("quality" if w.fact in ("findings", "submissions") else "core", w.fact) for name, w in wide.views().items()}


@pytest.fixture(scope="module")
def db(small: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file under another name than the one under which its views were made."""
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{small.published}' AS anything (READ_ONLY)")
        db.execute("USE anything")
        yield db


def rows(db: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return db.execute(query).fetchall()


# ── one row per fact ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("view", [v for v in FACTS if v != "submissions"])
def test_a_view_has_a_row_for_each_fact_and_no_other(view: str, db: duckdb.DuckDBPyConnection) -> None:
    schema, fact = FACTS[view]
    assert rows(db, f"SELECT count(*) FROM bi.{view}") == rows(db, f"SELECT count(*) FROM {schema}.{fact}")


@pytest.mark.parametrize("view", FACTS)
def test_what_makes_a_row_of_a_view_makes_no_second_one(view: str, db: duckdb.DuckDBPyConnection) -> None:
    """A load asks tables alone: views join by keys that it asked there, and by the line of units of a day."""
    grain = ", ".join(wide.views()[view].grain or (wide.views()[view].key,))
    assert rows(db, f"SELECT {grain}, count(*) FROM bi.{view} GROUP BY {grain} HAVING count(*) > 1") == []


def test_the_file_itself_answers_as_it_does_attached(small: Home, db: duckdb.DuckDBPyConnection) -> None:
    with duckdb.connect(str(small.published), read_only=True) as itself:
        for view in FACTS:
            asked = f"SELECT count(*), count(unit_code), count(COLUMNS('_label$')) FROM bi.{view}"
            assert rows(itself, asked) == rows(db, asked)


def test_every_label_stands_beside_its_code_with_its_order(db: duckdb.DuckDBPyConnection) -> None:
    for view in FACTS:
        columns = [name for name, *_ in rows(db, f"DESCRIBE bi.{view}")]
        for code in (c for c in columns if c.endswith("_code") and code_list_of(c)):
            stem = code.removesuffix("_code")
            assert {f"{stem}_label", f"{stem}_sort"} <= {*columns}, f"{view}.{code}"
            said = rows(db, f"SELECT DISTINCT {code}, {stem}_label, {stem}_sort FROM bi.{view} WHERE {code} IS NOT NULL")
            known = rows(db, f"SELECT code, label_vi, sort_order FROM core.dim_code WHERE code_list = '{code_list_of(code)}'")
            assert {*said} <= {*known}


# what a code of the rule book means is said in sentences
RULE_BOOK = {"rule_code", "version_code", "refusal_rule_code"}


def test_whatever_refuses_a_file_is_one_sentence_of_the_rule_book(db: duckdb.DuckDBPyConnection) -> None:
    """Which bi.submissions shows beside the code (its unit test)."""
    said = rows(db, "SELECT rule_code, says_vi FROM quality.rules WHERE step_code = 'FILE'")
    assert len(said) == len(dict(said)) and all(dict(said).values())
    assert {code for code, rule in FILE_RULES.items() if rule.refuses} <= dict(said).keys()


def test_no_code_stands_without_words_beside_it(db: duckdb.DuckDBPyConnection) -> None:
    for view in FACTS:
        columns = {name for name, *_ in rows(db, f"DESCRIBE bi.{view}")}
        bare = {c for c in columns if c.endswith("_code") and not {c.removesuffix("_code") + of for of in ("_label", "_name")} & columns}
        assert bare <= RULE_BOOK, view


def test_no_key_that_nobody_can_read_and_no_day_that_core_does_not_tell(db: duckdb.DuckDBPyConnection) -> None:
    everywhere = rows(db, "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'bi' AND database_name = 'anything'")
    assert {t for t, _ in everywhere} == {*FACTS} and [c for _, c in everywhere if c.endswith("_key")] == []
    for view, (schema, fact) in FACTS.items():
        columns = {name: kind for name, kind, *_ in rows(db, f"DESCRIBE bi.{view}")}
        texts = [c for c, kind in columns.items() if kind == "VARCHAR" and not c.startswith("says_")]
        hashes = " OR ".join(f"regexp_matches({c}, '[0-9a-f]{{16}}')" for c in texts)
        assert rows(db, f"SELECT count(*) FROM bi.{view} WHERE {hashes}") == [(0,)]
        days = {c for c, kind in columns.items() if kind in ("DATE", "TIMESTAMP")}
        told = {name for name, *_ in rows(db, f"DESCRIBE {schema}.{fact}")} | {"due_on", "received_on"}
        assert days <= told, f"{view}: {days - told}"


def test_a_number_is_one_persons_everywhere_and_leads_from_view_to_view_and_to_core(db: duckdb.DuckDBPyConnection) -> None:
    assert rows(db, "SELECT min(person_no), max(person_no), count(DISTINCT person_no) = count(*) FROM core.dim_person") == [(1, 724, True)]
    for view, (schema, fact) in FACTS.items():
        if "person_no" in {name for name, *_ in rows(db, f"DESCRIBE bi.{view}")}:
            told = f"SELECT person_no, count(*) FROM bi.{view} WHERE person_no IS NOT NULL GROUP BY 1"
            kept = f"SELECT person_no, count(*) FROM {schema}.{fact} JOIN core.dim_person USING (person_key) GROUP BY 1"
            assert rows(db, f"(({told}) EXCEPT ({kept})) UNION ALL (({kept}) EXCEPT ({told}))") == []
    asked = "SELECT count(*), count(s.submission_no) FROM bi.findings AS f LEFT JOIN bi.submissions AS s USING (submission_no)"
    assert rows(db, asked) == rows(db, "SELECT count(*), count(submission_key) FROM quality.findings")


def test_age_and_service_stand_in_bands_of_the_rows_year_and_age_where_it_tells_nobody_apart(db: duckdb.DuckDBPyConnection) -> None:
    asked = "SELECT count(age_band), count(party_age_band), count(service_band) FROM bi.{view} WHERE person_no IS NOT NULL"
    for view in ("ratings", "headcount", "rotation", "training", "discipline"):
        ((age, party, service),) = rows(db, asked.format(view=view))
        assert min(age, party, service) > 0, view
    asked = "SELECT DISTINCT birth_band, age_band FROM bi.headcount JOIN core.dim_person USING (person_no) WHERE year = 2021 AND age_band IS NOT NULL"
    decades = {"2000-2009": "12-21", "1990-1999": "22-31", "1980-1989": "32-41", "1970-1979": "42-51", "1960-1969": "52-61"}
    decades |= {"1950-1959": "62-71", "1940-1949": "72-81", "1930-1939": "82-91"}
    said = dict(rows(db, asked))
    assert len(said) > 4 and said.items() <= decades.items()
    told = """WITH known AS (
        SELECT DISTINCT person_key, f.year, coalesce(base_unit_key, unit_key) AS base, sex_code, f.party_joined_band, birth_band
        FROM core.fct_personnel AS f JOIN core.dim_person USING (person_key))
        SELECT count(DISTINCT p) FROM (SELECT min(person_key) AS p FROM known GROUP BY year, base, sex_code, party_joined_band {and_born} HAVING count(*) = 1)"""
    ((without,),), ((born,),) = rows(db, told.format(and_born="")), rows(db, told.format(and_born=", birth_band"))
    assert without <= born <= without + 1  # of 724: what is told of ages lets nearly nobody be found who was not found without it


# ── the figures of the reports ───────────────────────────────────────────────────────────────────────────────────────

RATED = """
    SELECT period, rating_system_code, {unit} AS unit_code,
           count(*) FILTER (is_counted AND is_rated) AS rated, count(*) FILTER (is_counted AND level_rank = 1) AS excellent,
           count(*) FILTER (is_counted AND level_rank <= 2) AS good_inclusive, count(*) FILTER (is_counted AND level_rank = 3) AS completed,
           count(*) FILTER (is_counted AND level_rank = 4) AS not_completed, count(*) FILTER (is_counted AND NOT is_rated) AS not_rated,
           count(*) FILTER (is_rated AND NOT is_counted) AS rated_outside_roster, count(*) FILTER (is_rated AND is_unlinked) AS rated_unlinked,
           count(*) FILTER (is_left_after_rating AND rating_system_code <> 'LEADER') AS left_after_rating
    FROM bi.ratings WHERE {unit} IS NOT NULL GROUP BY ALL"""
PLACES = [f"{place}_code" for place in wide.PLACES]


def ratings_differ(db: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Where plain counts of bi.ratings, by every level of the tree, are not the report's."""
    counted = " UNION ALL ".join(RATED.format(unit=unit) for unit in PLACES)
    measures = re.findall(r"AS (\w+)", RATED)[1:]
    reported = f"SELECT period, rating_system_code, unit_code, {', '.join(measures)} FROM reports.rpt_rating_summary"
    some = " + ".join(measures)
    return rows(
        db, f"(({counted}) EXCEPT ({reported})) UNION ALL (SELECT * FROM ({reported}) WHERE {some} > 0 EXCEPT (SELECT * FROM ({counted})))"
    )


def population_differs(db: duckdb.DuckDBPyConnection) -> list[tuple]:
    counted = " UNION ALL ".join(
        f"SELECT period, {unit} AS unit_code, count(*) AS population FROM bi.headcount WHERE is_member AND {unit} IS NOT NULL GROUP BY ALL"
        for unit in PLACES
    )
    reported = (
        "SELECT period, unit_code, population FROM reports.rpt_rating_summary WHERE rating_system_code = 'PARTY_MEMBER' AND population > 0"
    )
    return rows(db, f"({reported}) EXCEPT ({counted})")


def discipline_differs(db: duckdb.DuckDBPyConnection) -> list[tuple]:
    counted = " UNION ALL ".join(
        f"SELECT year, {unit} AS unit_code, count(DISTINCT person_no) FROM bi.discipline WHERE is_counted AND {unit} IS NOT NULL GROUP BY ALL"
        for unit in PLACES
    )
    reported = "SELECT year, unit_code, persons_disciplined FROM reports.rpt_discipline_summary WHERE persons_disciplined > 0"
    return rows(db, f"({reported}) EXCEPT ({counted})")


def running_differs(db: duckdb.DuckDBPyConnection) -> list[tuple]:
    counted = " UNION ALL ".join(
        f"SELECT y.year, {unit} AS unit_code, count(*) FROM (SELECT DISTINCT year FROM reports.rpt_rotation_summary) AS y JOIN bi.rotation AS r "
        f"ON r.is_of_limited_time AND r.year <= y.year AND coalesce(r.posting_to_year, 9999) > y.year WHERE {unit} IS NOT NULL GROUP BY ALL"
        for unit in PLACES
    )
    reported = "SELECT year, unit_code, running FROM reports.rpt_rotation_summary WHERE running > 0"
    return rows(db, f"({reported}) EXCEPT ({counted})")


DIFFER = (ratings_differ, population_differs, discipline_differs, running_differs)


@pytest.mark.parametrize("differ", DIFFER, ids=lambda f: f.__name__)
def test_plain_counts_of_a_view_are_the_figures_of_its_report_at_every_level(differ, db: duckdb.DuckDBPyConnection) -> None:
    assert differ(db) == []


def test_hours_of_a_view_are_those_of_the_report(db: duckdb.DuckDBPyConnection) -> None:
    counted = "SELECT year, city_code, sum(hours) FROM bi.training GROUP BY ALL"
    assert (
        rows(
            db,
            f"(SELECT year, unit_code, hours FROM reports.rpt_training_summary WHERE unit_type_code = 'CITY' AND hours > 0) EXCEPT ({counted})",
        )
        == []
    )


# ── the dictionary ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_persons_in_courses_are_the_reports_by_what_the_page_for_analysts_says(db: duckdb.DuckDBPyConnection) -> None:
    (said,) = re.findall(r"`(count\(DISTINCT person_no\) [^`]*)`", (PROJECT / "docs" / "analysts.md").read_text("utf-8"))
    told = db.execute("SELECT year, persons FROM reports.rpt_training_summary WHERE unit_type_code = 'CITY'").fetchall()
    assert told
    for year, persons in told:
        assert db.execute(f"SELECT {said.replace('2021', str(year))} FROM bi.training").fetchone() == (persons,), year


def test_the_dictionary_has_every_column_of_every_table_and_view_itself_among_them(db: duckdb.DuckDBPyConnection) -> None:
    there = rows(db, "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = 'anything' ORDER BY ALL")
    assert rows(db, "SELECT schema_name, table_name, column_name FROM quality.columns ORDER BY ALL") == there
    assert ("quality", "columns", "description_vi") in there
    assert rows(db, "SELECT DISTINCT schema_name, table_name FROM quality.columns WHERE is_view ORDER BY ALL") == rows(
        db, "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'anything' AND NOT internal ORDER BY ALL"
    )
    assert (
        rows(db, "SELECT column_name FROM quality.columns WHERE coalesce(description_vi, '') = '' OR coalesce(description_en, '') = ''")
        == []
    )


def test_the_dictionary_says_what_the_comments_say(db: duckdb.DuckDBPyConnection) -> None:
    comments = {
        tuple(where): said
        for *where, said in rows(
            db, "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() WHERE database_name = 'anything'"
        )
    }
    for schema, table, column, vi, en in rows(
        db, "SELECT schema_name, table_name, column_name, description_vi, description_en FROM quality.columns"
    ):
        assert " ".join(comments[schema, table, column].split()).replace("'", "’").rstrip(".") == f"{vi} / {en}"


def test_a_column_of_a_report_is_called_by_a_title_and_not_by_a_sentence(db: duckdb.DuckDBPyConnection) -> None:
    said = rows(db, "SELECT column_name, comment FROM duckdb_columns() WHERE database_name = 'anything' AND schema_name = 'reports'")
    titles = {column: header(text) for column, text in said}
    assert titles["over"] == "Số xuất sắc vượt tỷ lệ, theo các dòng đã được tính" and titles["hours"] == "Số giờ"
    assert {column: title for column, title in titles.items() if not title or set(title) & set(";:(")} == {}


def test_a_column_of_codes_holds_codes_of_the_list_that_the_dictionary_names(db: duckdb.DuckDBPyConnection) -> None:
    known = {*rows(db, "SELECT code_list, code FROM core.dim_code")}
    asked = rows(
        db,
        "SELECT schema_name, table_name, column_name, code_list FROM quality.columns WHERE code_list IS NOT NULL AND column_name <> 'code_list'",
    )
    assert len(asked) > 100
    for schema, table, column, code_list in asked:
        values = {v for (v,) in rows(db, f"SELECT DISTINCT {column} FROM {schema}.{table} WHERE {column} IS NOT NULL")}
        assert {(code_list, v) for v in values} <= known, f"{schema}.{table}.{column}"


def test_what_the_dictionary_promises_is_never_blank(db: duckdb.DuckDBPyConnection) -> None:
    for schema, table, column in rows(db, "SELECT schema_name, table_name, column_name FROM quality.columns WHERE NOT is_nullable"):
        assert rows(db, f"SELECT count(*) FROM {schema}.{table} WHERE {column} IS NULL") == [(0,)], f"{schema}.{table}.{column}"


def test_the_page_names_every_column_in_vietnamese_and_asks_no_other_machine(small: Home, db: duckdb.DuckDBPyConnection) -> None:
    page = (small.exports / "dictionary.html").read_text("utf-8")
    for schema, table, column in rows(db, "SELECT schema_name, table_name, column_name FROM quality.columns"):
        assert f'id="{schema}.{table}.{column}"' in page
    assert "default-src 'none'" in page and not re.findall(r"(?:src|href)=[\"'](?!#)", page)
    assert {*re.findall(r"https?://[^\s\"'<)]+", page)} <= {"http://www.w3.org/2000/svg"}
    assert "Mức xếp loại được quyết định" in page and '"bi.ratings": {"made_of"' in page


def test_the_page_is_made_once_for_each_state_of_the_project(small: Home, tmp_path: Path) -> None:
    manifest = transform.manifest_of(small)
    page = dictionary.written(manifest, "one", tmp_path)
    made = page.stat().st_ino
    assert dictionary.written(manifest, "one", tmp_path).stat().st_ino == made
    assert dictionary.written(manifest, "two", tmp_path) == page and 'content="two"' in page.read_text("utf-8")
    assert [*tmp_path.iterdir()] == [page]


# ── the shell ────────────────────────────────────────────────────────────────────────────────────────────────────────

COUNT = "SELECT level_label, count(*) AS n FROM bi.ratings GROUP BY level_sort, level_label ORDER BY level_sort"


def test_a_question_is_answered_as_a_table_and_as_text(small: Home) -> None:
    done = pipeline(small, "sql", "-c", COUNT)
    assert done.returncode == 0 and "Hoàn thành tốt nhiệm vụ" in done.stdout and "dòng)" in done.stdout
    lines = [*csv.reader(io.StringIO(pipeline(small, "sql", "-c", COUNT, "--format", "csv").stdout))]
    assert lines[0] == ["level_label", "n"] and lines[1][0] == "Hoàn thành xuất sắc nhiệm vụ"
    as_json = json.loads(pipeline(small, "sql", "-c", "SELECT 1.50 AS a, NULL AS b, DATE '2021-02-03' AS c;", "--format", "json").stdout)
    assert as_json == [{"a": 1.5, "b": None, "c": "2021-02-03"}]


def test_of_several_questions_at_once_the_last_ones_answer_does_not_stand_for_all(small: Home) -> None:
    done = pipeline(small, "sql", "-c", f"{COUNT}; SELECT 2")
    assert done.returncode == 1 and done.stdout == "" and "hãy hỏi từng câu" in done.stderr
    with sql.opened(small) as session:
        assert [*session.ask("PIVOT (SELECT 1 AS a, 'x' AS b) ON b USING sum(a);").rows] == [(1,)], "one question of two statements"


def test_an_answer_is_written_whole_with_the_mark_for_excel_and_never_over_another(small: Home, tmp_path: Path) -> None:
    target = tmp_path / "kết quả.csv"
    query = "SELECT 'Đảng bộ' AS a, 1.5 AS b, true AS c, NULL AS d, '=1+1' AS e, DATE '2021-02-03' AS f"
    assert pipeline(small, "sql", "-c", query, "--out", str(target)).returncode == 0
    assert target.read_bytes() == "\ufeffa,b,c,d,e,f\r\nĐảng bộ,1.5,TRUE,,'=1+1,2021-02-03\r\n".encode()
    again = pipeline(small, "sql", "-c", "SELECT 2", "--out", str(target))
    assert again.returncode == 1 and "không bị ghi đè" in again.stderr and target.stat().st_size > 20
    book = tmp_path / "a.xlsx"
    assert pipeline(small, "sql", "-c", query, "--format", "xlsx", "--out", str(book)).returncode == 0
    cells = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    assert cells[0] == ["a", "b", "c", "d", "e", "f"] and cells[1][:3] == ["Đảng bộ", 1.5, True] and cells[1][4] == "=1+1"
    assert f"{cells[1][5]:%Y-%m-%d}" == "2021-02-03"
    broken = pipeline(small, "sql", "-c", "SELECT cast(unit_name AS int) FROM core.dim_unit", "--out", str(tmp_path / "b.csv"))
    assert broken.returncode == 1 and sorted(p.name for p in tmp_path.iterdir()) == ["a.xlsx", "kết quả.csv"]


def test_r_reads_an_answer_in_csv(small: Home, tmp_path: Path) -> None:
    if not (rscript := shutil.which("Rscript")):
        pytest.skip("no R on this machine")
    target = tmp_path / "a.csv"
    assert pipeline(small, "sql", "-c", COUNT, "--out", str(target)).returncode == 0
    read = "a <- read.csv(commandArgs(TRUE)[1], fileEncoding = 'UTF-8-BOM'); cat(names(a), enc2utf8(a$level_label[1]), sep = '|')"
    done = subprocess.run([rscript, "-e", read, str(target)], capture_output=True, text=True, env=os.environ | {"LC_ALL": "C.UTF-8"})
    assert done.stdout == "level_label|n|Hoàn thành xuất sắc nhiệm vụ", done.stderr


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELEC 1", "Câu lệnh sai cú pháp"),
        ("SELECT nothing FROM bi.ratings", "Có tên cột"),
        ("SELECT * FROM bi.nothing", "Không có bảng"),
        ("SELECT cast('x' AS int)", "không đổi được"),
        ("SELECT * FROM read_text('/etc/hostname')", "chỉ đọc"),
        ("SELECT * FROM read_csv('/etc/passwd')", "chỉ đọc"),
        ("SELECT * FROM glob('/etc/*')", "chỉ đọc"),
        ("COPY (SELECT 1) TO '{tmp}/x.csv'", "chỉ đọc"),
        ("EXPORT DATABASE '{tmp}/x'", "chỉ đọc"),
        ("EXPORT DATABASE '.tmp'", "chỉ đọc"),
        ("COPY (SELECT 1) TO '{file}' (FORMAT csv, USE_TMP_FILE false)", "chỉ đọc"),  # what is asked itself, which DuckDB leaves open
        ("COPY (SELECT 1) TO '{file}.wal' (FORMAT csv, USE_TMP_FILE false)", "chỉ đọc"),
        ("SELECT * FROM read_blob('{file}')", "chỉ đọc"),
        (";", "Chưa có câu hỏi"),
        ("ATTACH '{tmp}/x.duckdb'", "chỉ đọc"),
        ("SET enable_external_access = true", "chỉ đọc"),
        ("RESET lock_configuration", "chỉ đọc"),
        ("LOAD excel", "chỉ đọc"),
        ("CREATE TABLE core.more AS SELECT 1", "chỉ đọc"),
        ("UPDATE core.dim_unit SET unit_name = 'x'", "chỉ đọc"),
        ("SELECT * FROM session", "Không có bảng"),  # none of the program's own variables
    ],
)
def test_what_is_no_question_is_refused_in_a_sentence(query: str, said: str, small: Home, tmp_path: Path) -> None:
    before = small.published.resolve().stat().st_mtime_ns
    with sql.opened(small) as session, pytest.raises(sql.NoAnswer, match=said):
        [*session.ask(query.format(tmp=tmp_path, file=small.published.resolve())).rows]
    assert not small.published.resolve().with_name("personnel.duckdb.wal").exists()
    assert [*tmp_path.iterdir()] == [] and small.published.resolve().stat().st_mtime_ns == before


def test_a_refusal_ends_with_a_code_and_no_trace(small: Home, tmp_path: Path) -> None:
    done = pipeline(small, "sql", "-c", "SELECT * FROM read_text('/etc/hostname')")
    assert done.returncode == 1 and "chỉ đọc bản đã công bố" in done.stderr and "Traceback" not in done.stderr and done.stdout == ""
    for wrong in (
        ["--format", "pdf"],
        ["--format", "xlsx"],
        ["--out", "x.txt"],
        ["--out", str(tmp_path / "x.xlsx"), "--format", "csv"],
        [],
    ):
        done = pipeline(small, "sql", "-c", "SELECT 1" if wrong else " ", *wrong)
        assert done.returncode == 2 and "Traceback" not in done.stderr
    typed = "import io, sys; sys.stdin = io.TextIOWrapper(io.BytesIO(b'SELECT \\xff'))"
    done = pipeline(small, "sql", first=typed)
    assert done.returncode == 2 and "UTF-8" in done.stderr and "Traceback" not in done.stderr
    done = pipeline(Home(tmp_path), "sql", "-c", "SELECT 1")
    assert done.returncode == 1 and "Chưa có gì được công bố" in done.stderr


def test_words_are_sorted_as_in_vietnamese(small: Home) -> None:
    with sql.opened(small) as session:
        told = session.ask("SELECT x FROM (VALUES ('Đạt'), ('Ân'), ('Zen'), ('An'), ('Dũng'), ('Ăn'), ('Ơn')) AS t(x) ORDER BY x")
        assert [x for (x,) in told.rows] == ["An", "Ăn", "Ân", "Dũng", "Đạt", "Ơn", "Zen"]


def test_what_would_steer_the_terminal_is_shown_and_not_done(small: Home) -> None:
    done = pipeline(small, "sql", "-c", "SELECT chr(27) || '[2J' AS a, '[bold]x' AS b")
    assert "\x1b[2J" not in done.stdout and "\\x1b[2J" in done.stdout and "[bold]x" in done.stdout


def test_a_question_that_was_stopped_does_not_hold_up_the_next(small: Home) -> None:
    with sql.opened(small) as session:
        stop = threading.Timer(1, signal.raise_signal, [signal.SIGINT])
        stop.start()
        with pytest.raises(KeyboardInterrupt):
            session.ask("SELECT sum(a.range * b.range) FROM range(10000000) AS a, range(1000000) AS b")
        give_up = threading.Timer(30, session._version.db.interrupt)
        give_up.start()
        assert [*session.ask("SELECT 1").rows] == [(1,)]
        give_up.cancel()


def test_in_a_terminal_questions_are_asked_one_after_another(small: Home, tmp_path: Path) -> None:
    """What a person types, in a terminal of its own."""
    typed = [
        ".tables bi\n",
        ".columns ratings\n",
        "SELECT count(*)\nFROM bi.ratings;\n",
        "SELECT nothing FROM bi.ratings;\n",
        ".other\n",
        ".quit\n",
    ]
    environment = os.environ | {
        "PERSONNEL_HOME": str(small.root),
        "PERSONNEL_AS_OF": AS_OF,
        "COLUMNS": "160",
        "XDG_CACHE_HOME": str(tmp_path),
    }
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(PROJECT)
        os.execve(sys.executable, [sys.executable, "-m", "pipeline.cli", "sql"], environment)
    seen, last = "", time.monotonic()
    while time.monotonic() - last < 60:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                got = os.read(terminal, 65536)
            except OSError:
                break
            if not got:
                break
            seen += got.decode("utf-8", "replace")
            if seen.rstrip().endswith(("sql>", "...>")) and typed:
                line, _, rest = typed[0].partition("\n")
                os.write(terminal, f"{line}\n".encode())
                typed[0] = rest
                if not rest:
                    del typed[0]
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    for said in ("bi.headcount", "Mức xếp loại được quyết định", "676", "Có tên cột", "Không có lệnh .other"):
        assert said in seen, seen
    assert "SELECT count(*)" in (tmp_path / "personnel-sql" / "questions").read_text("utf-8").replace("\\040", " ")
