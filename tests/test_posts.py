"""A post is written in words, and no words are a fault: their group follows by phrases that are data, and by the city's catalogue."""

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest
from conftest import City, load, number, pipeline, write_csv
from test_values import judged

from pipeline import codes, gate
from pipeline.answers.template.faults import fault
from pipeline.frames import FINDINGS
from pipeline.judging.parse import parse
from pipeline.judging.recount import NotAsRead, hold_against_cells
from pipeline.judging.validate import judge
from pipeline.ledger.find import find_registry, passed_over, registry_name
from pipeline.ledger.records import read_loads
from pipeline.nightly import check_registry
from pipeline.paths import PHRASES
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import SYSTEM, catalogued, own_columns

HEADER = ["Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Tình trạng đảng viên", "Từ ngày", "Chức vụ"]
UNSAID = "Phụ tá Nguyễn Văn Canary"  # no phrase knows it


def person(n: int, post: str | None) -> list:
    return [f"Nguyễn Văn {chr(65 + n)}", "05/02/1980", "Nam", number(n), "Chính thức", "01/03/2010", post]


def posts(city: City, *rows: list) -> None:
    write_csv(city.home.registry / "posts.csv", [["Mã", "Tên", "Cách viết khác", "Nhóm"], *rows])


HELD = """SELECT p.post_code, p.post_item_code, d.post_item_name, count(*)
          FROM core.fct_personnel p LEFT JOIN core.dim_post d USING (post_item_code) GROUP BY ALL ORDER BY ALL NULLS LAST"""


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city that knows one post at its first load, and places another word before its second."""
    city = City(tmp_path_factory.mktemp("posts") / "data")
    posts(city, ["TP", "Trưởng phòng Kinh tế", "", ""])
    said = ("Trưởng phòng Kinh tế", "TRƯỞNG PHÒNG KINH TẾ", "Bí thư Đảng ủy, Chủ tịch UBND phường", UNSAID, "Không", None, "Người đứng đầu")
    city.put("2021/Q01.002/nhan-su.csv", [HEADER, *(person(n, post) for n, post in enumerate(said, start=1))])
    city.said = load(city.home)
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        city.before = db.execute(HELD).fetchall()
        city.findings = db.execute(
            "SELECT rule_code, count(*) FROM quality.findings WHERE column_name = 'post_code' GROUP BY ALL"
        ).fetchall()
    city.listed = pipeline(city.home, "catalogue", "posts").stdout
    posts(city, ["TP", "Trưởng phòng Kinh tế", "", ""], ["PT", "Phụ tá", UNSAID, "Cấp phó của người đứng đầu"])
    city.said += load(city.home)
    yield city


# ── words that are data ──────────────────────────────────────────────────────────────────────────────────────────


def test_every_phrase_has_a_kind_that_is_asked_and_a_code_of_its_list() -> None:
    with PHRASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["kind"] for row in rows} <= {"MEANS", "ALONE", "IDLE", "BESIDE", "UNSURE", "BEFORE", "DOUBT", "BEHIND"}
    for row in rows:
        assert (row["code"] in codes.labels(row["list"])) == (row["kind"] in ("MEANS", "ALONE", "IDLE")), row
        if row["kind"] in ("MEANS", "ALONE", "IDLE"):
            assert codes.meaning_of(row["list"], row["phrase"]) == row["code"], row
            assert codes.meaning_of(row["list"], f"{row['phrase'].upper()} lý luận") in (row["code"], None), row
        elif row["kind"] in ("BESIDE", "UNSURE"):
            assert codes.meaning_of(row["list"], row["phrase"]) is None, row


def test_a_phrase_that_means_two_things_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = tmp_path / "phrases.csv"
    odd.write_text("list,kind,code,phrase\nodd,MEANS,HEAD,Giám đốc\nodd,BESIDE,,giam  doc\n", "utf-8")
    monkeypatch.setattr(codes, "PHRASES", odd)
    with pytest.raises(ValueError, match="means two things"):
        codes.meaning_of("odd", "giám đốc")


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("Phó Trưởng phòng Tổ chức - Hành chính", "DEPUTY_DIVISION_HEAD"),
        ("Chánh Văn phòng HĐND và UBND", "DIVISION_HEAD"),
        ("Phó Bí thư Đảng ủy, Chủ tịch UBND xã", "HEAD"),
        ("Bí thư chi đoàn, giáo viên", "SPECIALIST"),
        ("Đ/c Hiệu trưởng/Bí thư chi bộ", "HEAD"),
        ("Kế toán - Văn thư", "SPECIALIST"),
        ("Hưu trí", "NONE"),
        ("Hưu trí - Bí thư chi bộ", "HEAD"),
        ("Giáo viên kiêm nhiệm Phó Hiệu trưởng", "DEPUTY_HEAD"),
        ("Trưởng phòng Tài nguyên và Môi trường", "DIVISION_HEAD"),
        ("Giáo viên Phó Hiệu trưởng", None),
        ("Chuyên viên-Phó phòng", None),
        ("Chuyên viên, PTP", None),
        ("Chuyên viên (Giám đốc: Trần Văn B)", None),
        ("Lái xe Giám đốc và Phó Giám đốc", None),
        ("Trưởng phòng, nghỉ hưu", None),
        ("Giám đốc (2015-2020), Chuyên viên", None),
        ("Tổ trưởng tổ hòa giải", None),
        ("Cấp trưởng phòng", None),
        ("Điều dưỡng trưởng khoa Nội", None),
        ("Bí thư chi đoàn", None),
        ("Bí thư Thành đoàn", None),
        ("Chuyên viên, Chủ tịch Hội Chữ thập đỏ", None),
        ("Tổ trưởng tổ dân phố 5", None),
        ("Văn phòng, Giám đốc", None),
        ("Nguyên Giám đốc", None),
        ("Thư ký Giám đốc", None),
    ],
)
def test_the_group_of_a_post(words: str, group: str | None) -> None:
    assert codes.meaning_of("post", words) == group
    assert codes.meaning_of("post", words.upper()) == group


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_words_that_nobody_knows_are_no_fault_and_their_group_is_unknown() -> None:
    found = judged("personnel", {"post_code": UNSAID}, {"post_code": "  Trưởng   phòng "}, {"post_code": "-"})
    assert found.typed.select("post_code", "post_text").rows() == [(None, UNSAID), ("DIVISION_HEAD", "Trưởng phòng"), (None, None)]
    assert found.findings.is_empty() and not found.is_faulty.any()


@pytest.mark.parametrize(
    ("column", "words", "code"),
    [
        ("education_code", "ThS. Quản lý công", "MASTER"),
        ("education_code", "Đại học, Thạc sĩ", "MASTER"),
        ("education_code", "Thạc sĩ (đang học)", None),
        ("education_code", "Đại học/Cao đẳng", None),
        ("education_code", "Cử nhân cao đẳng", None),
        ("education_code", "Cử nhân LLCT", None),
        ("education_code", "CN lái xe", None),
        ("political_theory_code", "TC LLCT-HC", "INTERMEDIATE"),
        ("political_theory_code", "Cử nhân luật", None),
        ("political_theory_code", "Cao cấp, Cử nhân", None),
        ("political_theory_code", "CC tin học", None),
    ],
)
def test_degrees_in_words_are_read_where_nothing_speaks_against_it_and_told_elsewhere(column: str, words: str, code: str | None) -> None:
    found = judged("personnel", {column: words})
    assert found.typed[column].to_list() == [code]
    assert found.findings["rule_code"].to_list() == ([] if code else ["code_known"])


def test_people_in_a_column_of_posts_are_told_for_the_column() -> None:
    folder = ["2021", 2021, dt.date(2021, 1, 1), dt.date(2021, 12, 31)]
    rows = [dict(zip(SYSTEM, ["s", "", n, *folder], strict=True)) | {"post_code": f"Nguyễn Văn {chr(65 + n)}n"} for n in range(2, 7)]
    found = judge(SCHEMAS["personnel"], pl.DataFrame(rows, schema=SYSTEM | {"post_code": pl.String}), by_column=True)
    assert "post_code" in found.other["column_name"].to_list() and found.typed["post_text"].null_count() == 5


def test_one_key_has_one_meaning_and_a_code_is_no_spelling(city: City) -> None:
    posts(city, ["CV", "Chánh Văn phòng", "", "Trưởng phòng và tương đương"], ["BS", "Bác sĩ, Trưởng khoa", "Bác sĩ – Trưởng khoa", ""])
    words = check_registry(city.home, find_registry(city.home)).catalogue_words().filter(catalogue="posts")
    assert words["word"].to_list() == ["chanh van phong", "bac si|truong khoa"]
    posts(city, ["TP", "Trưởng phòng", "", "Cấp trưởng phòng"])
    with pytest.raises(Exception, match="problem"):
        check_registry(city.home, find_registry(city.home))


@pytest.mark.parametrize(
    ("cell", "rule"), [("01/03/2021", "no_formula_error"), ("#REF!", "no_formula_error"), ("Tr?ởng phòng", "letters_of_one_alphabet")]
)
def test_what_is_no_word_or_has_lost_a_letter_is_told_and_kept(cell: str, rule: str) -> None:
    found = judged("personnel", {"post_code": cell})
    assert found.findings.select("rule_code", "severity_code", "column_name").rows() == [(rule, "WARNING", "post_code")]
    assert not found.is_faulty.any()


@pytest.mark.parametrize("dataset", SCHEMAS)
def test_words_that_are_dealt_to_another_row_stop_the_load(dataset: str) -> None:
    worded = [of for of in catalogued(SCHEMAS[dataset]) if of.group]
    folder = ["2021", 2021, dt.date(2021, 1, 1), dt.date(2021, 12, 31)]
    raw = pl.DataFrame([("s", "", n, *folder) for n in (2, 3)], schema=SYSTEM, orient="row")
    raw = raw.with_columns([pl.Series(c, ["Giám đốc", "Hiệu trưởng"]) for c in own_columns(SCHEMAS[dataset])])
    typed, _, _ = parse(SCHEMAS[dataset], raw)
    told = pl.DataFrame(
        [("s", "", n, c) for n in (2, 3) for c in own_columns(SCHEMAS[dataset]) if c not in {of.group for of in worded}],
        schema={c: FINDINGS[c] for c in ("submission_key", "sheet", "row_no", "column_name")},
        orient="row",
    )
    hold_against_cells(SCHEMAS[dataset], raw, typed, told)
    for of in worded:
        with pytest.raises(NotAsRead, match=f"{of.words} 2"):
            hold_against_cells(SCHEMAS[dataset], raw, typed.with_columns(pl.col(of.words).reverse()), told)


# ── the city's catalogue ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_post_has_its_group_and_where_the_city_knows_it_its_name(placed: City) -> None:
    assert placed.before == [
        ("DIVISION_HEAD", "TP", "Trưởng phòng Kinh tế", 2),
        ("HEAD", None, None, 2),
        ("NONE", None, None, 1),
        (None, None, None, 2),
    ]
    assert placed.findings == []


def test_words_of_no_group_are_listed_first_and_groups_are_no_posts(placed: City) -> None:
    words = [line.split("│")[1].strip() for line in placed.listed.splitlines() if line.startswith("│")]
    assert UNSAID.split()[0] in words[0] and any("Bí thư" in word for word in words[1:])
    assert "chưa rõ" in placed.listed and "Người đứng đầu" not in {*words} and "Không" not in {*words}


def test_a_post_that_is_placed_heals_its_group_too_and_nothing_is_judged_again(placed: City) -> None:
    with duckdb.connect(str(placed.home.published), read_only=True) as db:
        assert ("DEPUTY_HEAD", "PT", "Phụ tá", 1) in db.execute(HELD).fetchall()
    assert read_loads(placed.home)[-1].lines == [] and len({load.contract for load in read_loads(placed.home)}) == 1


def test_words_of_posts_stay_with_the_city(placed: City) -> None:
    for file in placed.home.current.resolve().rglob("*"):
        if file.is_file() and file.name != "personnel.duckdb":
            assert b"Canary" not in file.read_bytes(), file.name
    with duckdb.connect(str(placed.home.published), read_only=True) as db:
        tables = db.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
        assert not [t for (t,) in tables if db.execute(f"SELECT 1 FROM {t} AS t WHERE t::VARCHAR LIKE '%Canary%'").fetchall()]
    assert "Canary" not in placed.said


def test_a_template_has_the_unit_s_own_words_and_takes_any(placed: City) -> None:
    done = pipeline(placed.home, "template", "personnel", "--unit", "Q01.002", "--period", "2022", "--to", str(placed.home.root / "out"))
    assert done.returncode == 0, done.stderr
    (file,) = (placed.home.root / "out").glob("*.xlsx")
    sheet = openpyxl.load_workbook(file).worksheets[0]
    shown = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {"Trưởng phòng Kinh tế", UNSAID, "Bí thư Đảng ủy, Chủ tịch UBND phường"} <= shown
    assert fault(own_columns(SCHEMAS["personnel"])["post_code"].metadata["meta"], "$A$1") is None


def test_a_group_that_is_none_stops_the_registry(city: City) -> None:
    posts(city, ["TP", "Trưởng phòng", "", "Trưởng"])
    with pytest.raises(Exception, match="problem") as stopped:
        check_registry(city.home, find_registry(city.home))
    assert "code of the list post" in stopped.value.rows[0] and stopped.value.rows[0].startswith("posts.csv, row 2")


# ── the registry's files ─────────────────────────────────────────────────────────────────────────────────────────


def test_capital_letters_make_no_other_list_and_what_is_none_is_named(city: City) -> None:
    posts(city, ["TP", "Trưởng phòng", "", ""])
    (city.home.registry / "posts.csv").rename(city.home.registry / "Posts.CSV")
    (city.home.registry / "programme.xlsx").write_bytes(b"no list of the registry")
    (city.home.registry / "Thumbs.db").write_bytes(b"")
    assert check_registry(city.home, find_registry(city.home)).posts["code"].to_list() == ["TP"]
    assert passed_over(city.home) == ["programme.xlsx"]
    done = pipeline(city.home, "load", "--as-of", "2021-12-20")
    assert done.returncode == 0 and "registry/programme.xlsx is none of units" in done.stderr, done.stderr


def test_confirmations_in_capital_letters_decide_as_others(city: City) -> None:
    before = gate.contract({"units.csv": "1"})
    assert gate.contract({"units.csv": "1", "Confirmations.CSV": "2"}) != before == gate.contract({"units.csv": "1", "posts.csv": "2"})
    assert registry_name("Confirmations.CSV") == "confirmations"
