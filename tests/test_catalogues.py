"""Programmes and providers are no people: the city's catalogues name them, and what they do not know yet is listed for the city alone; so are words that no
code list knows."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import PERSONNEL_HEADER, City, load, member, number, pipeline, write_csv, write_workbook

from pipeline import gate, nightly
from pipeline.judging.registry import RegistryProblem
from pipeline.ledger.find import find_registry
from pipeline.ledger.records import read_loads
from pipeline.paths import Home

HEADER = ["Họ và tên", "Số CCCD", "Chương trình", "Loại chương trình", "Cơ sở đào tạo", "Từ ngày", "Số tiết"]
NAME, SHORT, OTHER = "Bồi dưỡng ngạch chuyên viên", "BD chuyên viên", "Tập huấn Nguyễn Văn Canary"


def row(n: int, programme: str, hours: int = 40) -> list:
    return [f"Nguyễn Văn {chr(65 + n)}", number(n), programme, "Quản lý nhà nước", "Trường Chính trị", "01/04/2021", hours]


def catalogue(city: City, name: str, *rows: list) -> None:
    write_csv(city.home.registry / f"{name}.csv", [["Mã", "Tên", "Cách viết khác", "Thuộc"], *rows])


def ask(city: City, query: str) -> list[tuple]:
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        return db.execute(query).fetchall()


TAUGHT = """SELECT t.programme_code, p.programme_name, p.belongs_to, count(*), count(DISTINCT t.programme_key)
            FROM core.fct_training t LEFT JOIN core.dim_programme p USING (programme_code) GROUP BY ALL ORDER BY ALL NULLS LAST"""


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city that knew one spelling of a course at its first load, and places the other before its second."""
    city = City(tmp_path_factory.mktemp("placed") / "data")
    catalogue(city, "programmes", ["CV", NAME, "", "Quản lý nhà nước"])
    city.put("2021/Q01.002/dao-tao.csv", [HEADER, row(1, NAME.upper()), row(2, SHORT), row(3, OTHER)])
    city.put("2021/Q01.003/dao-tao.csv", [HEADER, row(1, SHORT), row(4, SHORT)])
    load(city.home)
    city.first = (ask(city, TAUGHT), pipeline(city.home, "catalogue", "programmes").stdout)
    catalogue(city, "programmes", ["CV", NAME, f"lớp chuyên viên; {SHORT}", "Quản lý nhà nước"])
    city.said = load(city.home)
    yield city


def test_a_word_of_the_catalogue_is_published_by_its_code_and_name_and_another_is_not(placed: City) -> None:
    before, _ = placed.first
    assert before == [("CV", NAME, "Quản lý nhà nước", 1, 1), (None, None, None, 4, 2)]


def test_unknown_words_are_listed_with_their_counts_and_the_nearest_name(placed: City) -> None:
    _, listed = placed.first
    line = next(line for line in listed.splitlines() if SHORT in line)
    assert all(part in line for part in (" 3 ", " 2 ", "CV", NAME))
    assert any(OTHER in line and " 1 " in line for line in listed.splitlines()) and NAME.upper() not in listed


def test_what_is_placed_heals_rows_that_landed_before_and_nothing_is_judged_again(placed: City) -> None:
    assert ask(placed, TAUGHT) == [("CV", NAME, "Quản lý nhà nước", 3, 1), (None, None, None, 1, 1)]
    assert read_loads(placed.home)[-1].lines == []
    assert len({load.contract for load in read_loads(placed.home)}) == 1


def test_two_spellings_of_one_course_are_one_fact(placed: City) -> None:
    """Somebody whom two units sent to the course under two spellings attended once."""
    assert ask(placed, "SELECT count(*), count(DISTINCT person_key) FROM core.fct_training") == [(4, 4)]
    told = ask(placed, "SELECT rule_code FROM quality.findings WHERE rule_code = 'one_row_per_fact'")
    assert len(told) == 1


def test_a_word_that_no_catalogue_knows_stays_with_the_city(placed: City) -> None:
    for file in placed.home.current.resolve().rglob("*"):
        if file.is_file():
            assert b"Canary" not in file.read_bytes(), file.name
    assert "Canary" not in placed.said
    looked_up = placed.home.lookups.read_text("utf-8")
    assert '"what": "catalogue", "name": "programmes"' in looked_up and "Canary" not in looked_up


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            [["CV", NAME, SHORT, ""], ["CVC", "Chuyên viên chính", SHORT.lower(), ""]],
            "one of its spellings means CV already, in providers.csv, row 2",
        ),
        ([["CV", NAME, "", ""], ["cv", "Chuyên viên chính", "", ""]], "its code stands already in providers.csv, row 2"),
        ([["CV", None, "", ""]], "name must not be blank"),
        ([["CV", "*", "", ""]], "must hold a letter or a number"),
    ],
    ids=["a word of two things", "a code of two things", "no name", "a name of signs"],
)
def test_a_catalogue_in_doubt_stops_the_load_and_says_where(city: City, rows: list, says: str) -> None:
    catalogue(city, "providers", *rows)
    with pytest.raises(RegistryProblem) as stopped:
        nightly.check_registry(city.home, find_registry(city.home))
    assert [said for said in stopped.value.rows if says in said and said.startswith("providers.csv, row ")]
    assert not [said for said in stopped.value.rows if "chuyen vien" in said.lower()], "a word may be anybody's name"


def test_one_code_on_two_sheets_is_seen(city: City) -> None:
    sheets = {name: [["Mã chương trình", "Tên chương trình"], ["CV", title]] for name, title in (("a", "Chuyên viên"), ("b", "Tin học"))}
    write_workbook(city.home.registry / "programmes.xlsx", sheets)
    with pytest.raises(RegistryProblem) as stopped:
        nightly.check_registry(city.home, find_registry(city.home))
    assert stopped.value.rows == ["programmes.xlsx, sheet b, row 2: its code stands already in programmes.xlsx, sheet a, row 2."]


def test_check_finds_what_a_load_would(city: City) -> None:
    catalogue(city, "programmes", ["CV", NAME, SHORT, ""])
    file = city.put("2021/Q01.002/dao-tao.csv", [HEADER, row(1, NAME), row(1, SHORT), row(2, NAME)])
    answer = json.loads(pipeline(city.home, "check", str(file), "--unit", "Q01.002", "--period", "2021", "--json").stdout)
    assert [f["rule"] for f in answer["findings"]] == ["one_row_per_fact"]


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (["CVC", NAME, SHORT, ""], "programmes: 3 of the words that meant CV do so no more"),
        (["CV", "Bồi dưỡng QLNN", SHORT, ""], "programmes: 1 of the words that meant CV do so no more"),
        (["CV", NAME, "", ""], "programmes: 1 of the words that meant CV do so no more"),
        (["CV", "Bồi dưỡng QLNN", f"{SHORT}；{NAME}", ""], None),
    ],
    ids=["a code that left", "a name that was mended", "a spelling that left", "a former name that stays"],
)
def test_words_that_left_their_thing_are_asked_about(city: City, now: list, says: str | None) -> None:
    catalogue(city, "programmes", ["CV", NAME, SHORT, ""])
    city.land()
    catalogue(city, "programmes", now)
    look = gate.look(city.home, dt.date(2021, 12, 20))
    registry = nightly.check_registry(city.home, look.registry)
    if says is None:
        assert nightly.open_load(city.home, look, registry).load_id == 2
        return
    with pytest.raises(RegistryProblem) as stopped:
        nightly.open_load(city.home, look, registry)
    assert [row.partition(";")[0] for row in stopped.value.rows] == [says]


def test_a_name_that_is_mended_changes_no_key(placed: City) -> None:
    keys = "SELECT training_key, programme_key FROM core.fct_training ORDER BY ALL"
    before = ask(placed, keys)
    catalogue(placed, "programmes", ["CV", "Bồi dưỡng quản lý nhà nước", f"lớp chuyên viên; {SHORT}; {NAME}", "Quản lý nhà nước"])
    load(placed.home)
    assert ask(placed, keys) == before
    assert ask(placed, "SELECT programme_name FROM core.dim_programme") == [("Bồi dưỡng quản lý nhà nước",)]


def test_what_was_not_published_is_not_listed_as_known(placed: City) -> None:
    placed.home.current.joinpath("version.json").write_text('{"load_id": 99}', "utf-8")
    done = pipeline(placed.home, "catalogue")
    assert done.returncode == 1 and "never published" in done.stderr


def test_the_sample_city_places_every_word(small: Path) -> None:
    with duckdb.connect(str(small.published), read_only=True) as db:
        assert db.execute(
            "SELECT count(*) > 20, count(programme_code) = count(*), count(provider_code) = count(*) FROM core.fct_training"
        ).fetchall() == [(True, True, True)]
        assert db.execute("SELECT count(DISTINCT programme_key) = count(DISTINCT programme_code) FROM core.fct_training").fetchall() == [
            (True,)
        ]


def test_the_sample_city_places_its_posts(mine: Home) -> None:
    """Whoever writes a post of the catalogue has it, in the group that it is of there; whoever writes another word has its group, and the city sees the word."""
    with duckdb.connect(str(mine.published), read_only=True) as db:
        for fact, post in (("personnel", "post"), ("discipline", "post"), ("rotation", "from_post"), ("rotation", "to_post")):
            placed, of_other_groups = db.execute(
                f"""SELECT count(*), count(*) FILTER (d.post_code <> f.{post}_code)
                    FROM core.fct_{fact} f JOIN core.dim_post d ON d.post_item_code = f.{post}_item_code"""
            ).fetchone()
            assert placed and not of_other_groups, (fact, post)
    said = pipeline(mine, "catalogue", "posts").stdout
    assert "Kế toán" in said and "chưa rõ" not in said


# ── words in columns of codes ────────────────────────────────────────────────────────────────────────────────────

DEGREE, NOBODYS = "Trình độ chuyên môn", "Trần Thị Canary"


def codes_listed(city: City) -> list[list[str]]:
    done = pipeline(city.home, "catalogue", "codes")
    assert done.returncode == 0 and "Người vận hành" not in done.stdout  # a post is no fault, and has a list of its own
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if line.startswith("│")]


def test_words_that_no_code_list_knows_are_listed_by_column_for_the_city_alone(city: City) -> None:
    head = [*PERSONNEL_HEADER, DEGREE, "Dân tộc", "Chức vụ"]
    of_one = [["Thạc sĩe", "Kinh"], ["THẠC  SĨE", "Dân tộc Khmer"], ["Đại học", NOBODYS], ["#REF!", None], ["Cao đẳng", "-"]]
    city.put("2021/Q01.002/nhan-su.csv", [head, *([*member(n), *words, "Người vận hành"] for n, words in enumerate(of_one, 1))])
    city.put("2021/Q01.003/nhan-su.csv", [head, [*member(8), "Thạc sĩe", "Kinh", None], [*member(9), "Đại học", "Kinh", None]])
    load(city.home)
    assert codes_listed(city) == [[DEGREE, "THẠC SĨE", "3", "2", "MASTER", "Thạc sĩ"], ["Dân tộc", NOBODYS, "1", "1", "", ""]]
    looked_up = city.home.lookups.read_text("utf-8")
    assert '"what": "catalogue", "name": "codes"' in looked_up and "Canary" not in looked_up
    assert not [file.name for file in city.home.current.resolve().rglob("*") if file.is_file() and b"Canary" in file.read_bytes()]
    city.put("2021/Q01.003/nhan-su.csv", [head, [*member(8), "Thạc sĩ", "Kinh", None], [*member(9), "Đại học", "Kinh", None]])
    load(city.home)  # what a newer list mended is not asked about any more
    assert codes_listed(city)[0] == [DEGREE, "THẠC SĨE", "2", "1", "MASTER", "Thạc sĩ"]
