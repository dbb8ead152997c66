"""The whole way, as its users go it: files in, `pipeline load`, a published warehouse; and what happens when something breaks."""

import os
import shutil
import zipfile

import duckdb
import pytest
from conftest import AS_OF, City, differing, keyed, load, member, pipeline, rating, ratings, roster, tables
from filelock import FileLock

from pipeline.paths import Home


def test_a_second_load_says_that_nothing_changed(small: Home) -> None:
    assert load(small).startswith("Nothing new")


def test_deleting_everything_but_the_archive_gives_the_same_tables(mine: Home) -> None:
    file = next((mine.raw / "2021").rglob("*.xlsx"))
    with zipfile.ZipFile(file, "a") as book:
        book.comment = b"sent again"
    load(mine)
    before = tables(mine)
    assert before["quality.loads"].height == 2
    for place in (mine.restricted, mine.versions, mine.dagster):
        shutil.rmtree(place)
    mine.published.unlink()
    shutil.rmtree(mine.raw / "2021")
    load(mine)
    assert differing(before, tables(mine)) == []


def test_a_withdrawn_submission_is_current_no_more_and_nothing_is_lost(mine: Home) -> None:
    with duckdb.connect(str(mine.published), read_only=True) as db:
        sender = db.execute(
            "SELECT sender_code FROM quality.submissions WHERE dataset_code = 'ratings' AND is_current ORDER BY 1"
        ).fetchone()[0]
    (mine.registry / "withdrawals.csv").write_text(
        f"period,unit_code,dataset,withdrawn_on,reason\n2021,{sender},ratings,{AS_OF[8:]}/12/2021,sai\n", "utf-8"
    )
    load(mine)
    with duckdb.connect(str(mine.published), read_only=True) as db:
        query = "SELECT is_current, is_withdrawn FROM quality.submissions WHERE sender_code = ? AND dataset_code = 'ratings'"
        assert db.execute(query, [sender]).fetchall() == [(False, True)]


# ── what breaks ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_faulty_registry_stops_the_load_and_yesterday_stays(mine: Home) -> None:
    before, version = tables(mine), os.readlink(mine.current)
    (mine.registry / "units.xlsx").unlink()
    (mine.registry / "units.csv").write_text(
        "unit_id,unit_code,unit_name,unit_type_code,valid_from\nU1,CT,Thành phố,CITY,hôm qua\n", "utf-8"
    )
    done = pipeline(mine, "load")
    assert done.returncode == 1
    assert "units.csv, row 2: valid_from must be day/month/year" in done.stderr
    assert os.readlink(mine.current) == version and differing(before, tables(mine)) == []


def test_a_failed_build_leaves_yesterday_and_is_finished_later_while_a_reader_has_the_file_open(mine: Home) -> None:
    version = os.readlink(mine.current)
    newest = "SELECT max(load_id) FROM quality.loads"
    (mine.raw / "2021" / "lac.csv").write_text("x\n")
    with duckdb.connect(str(mine.published), read_only=True) as reader:
        assert reader.execute(newest).fetchone() == (1,)
        done = pipeline(mine, "load", PERSONNEL_DBT_MEMORY="1MB")
        assert done.returncode == 1 and "LOAD FAILED" in done.stderr and "dbt_models" in done.stderr.splitlines()[-1]
        assert os.readlink(mine.current) == version
        assert "Load 2 " in load(mine)
        assert reader.execute(newest).fetchone() == (1,)
    with duckdb.connect(str(mine.published), read_only=True) as reader:
        assert reader.execute(newest).fetchone() == (2,)


def test_one_load_at_a_time(mine: Home) -> None:
    with FileLock(mine.lock):
        done = pipeline(mine, "load")
    assert done.returncode == 1 and "Another load is running" in done.stderr


# ── bad files, by name ───────────────────────────────────────────────────────────────────────────────────────────


def test_each_bad_kind_of_file_is_named_with_its_verdict_and_stops_nothing_else(city: City) -> None:
    from test_intake import protected

    good = ratings([rating(n) for n in range(1, 11)])
    city.put("2021/Q01.002/ratings.csv", good)
    city.put("2021/Q01.001/ratings.xlsx", b"")
    city.put("2021/Q01.001/training.xlsx", os.urandom(3000))
    city.put("2021/Q01.001/rotation.xlsx", protected())
    city.put("2021/Q01.001/discipline.csv", [["Cột", "Khác"], ["a", "b"]])
    city.put("2021/Q01.003/ratings.csv", ratings([rating(n, "HTTNV" if n % 3 == 0 else "giỏi lắm") for n in range(100)]))
    city.put("2021/Q77.777/ratings.csv", good)
    city.put("2020/Q01.002/ratings.csv", [["Họ và tên", "Số CCCD", "Mức xếp loại", "Kỳ"], ["Nguyễn Văn A", "092080000001", "HTT", "2019"]])
    city.put("2020/Q01.003/ratings.csv", ratings([rating(n) for n in range(1, 11)], title=False))
    city.put("2020/Q01.003/xep-loai.csv", ratings([rating(n) for n in range(11, 15)], title=False))
    city.put("2021/Q01.003/Kỷ luật.csv", [["Họ và tên", "Số CCCD", "Hệ kỷ luật", "Hình thức kỷ luật", "Số quyết định", "Ngày ký"]])
    said = load(city.home)
    shown = pipeline(city.home, "status").stdout  # names files, which a load's output, kept by timers and logs, does not
    for path, rule in {
        "2021/Q01.001/ratings.xlsx": "file_not_empty",
        "2021/Q01.001/training.xlsx": "file_readable",
        "2021/Q01.001/rotation.xlsx": "file_not_protected",
        "2021/Q01.001/discipline.csv": "required_column_present",
        "2021/Q01.003/ratings.csv": "most_rows_usable",
        "2021/Q77.777/ratings.csv": "sender_known",
        "2020/Q01.002/ratings.csv": "rating_of_folder_year_present",
        "2020/Q01.003/ratings.csv": "one_file_per_dataset",
        "2020/Q01.003/xep-loai.csv": "one_file_per_dataset",
    }.items():
        assert any(path in line and rule in line for line in shown.splitlines()), (path, rule, shown)
        assert rule in said and path not in said
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        assert db.execute("SELECT count(*) FROM core.fct_ratings").fetchone() == (10,)
        assert db.execute(
            "SELECT is_nil, verdict_code FROM quality.submissions WHERE dataset_code = 'discipline' AND verdict_code = 'ACCEPTED'"
        ).fetchall() == [(True, "ACCEPTED")]
        assert db.execute("SELECT count(*) FROM quality.submissions WHERE rows_read <> rows_accepted + rows_set_aside").fetchone() == (0,)


def test_a_quarters_list_is_no_answer_for_its_year(city: City) -> None:
    """Nobody disciplined from July to September is not nobody in 2021, and who was on the roster then is not who is there when the year ends."""
    nobody = [["STT", "Họ và tên", "Số CCCD", "Hình thức kỷ luật"], [None, "Không có"]]
    for unit, period in (("Q01.001", "2021-Q3"), ("Q01.002", "2021"), *(("Q01.003", f"2021-Q{q}") for q in range(1, 5))):
        city.put(f"{period}/{unit}/Kỷ luật.csv", nobody)
        if unit != "Q01.003" or period == "2021-Q4":
            n = 10 * int(unit[-1])
            city.put(f"{period}/{unit}/Nhân sự.csv", roster([member(n + m) for m in range(3)]))
        city.put(f"2021/{unit}/Xếp loại.csv", ratings([rating(10 * int(unit[-1]) + m) for m in range(3)]))
    load(city.home)
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        asked = "SELECT unit_code, persons_disciplined, units_without_answer FROM reports.rpt_discipline_summary WHERE year = 2021 AND unit_type_code LIKE 'BASE%' ORDER BY 1"
        assert db.execute(asked).fetchall() == [("Q01.001", 0, 1), ("Q01.002", 0, 0), ("Q01.003", 0, 0)]
        asked = "SELECT unit_code, population, rated, units_without_roster FROM reports.rpt_rating_summary WHERE period = '2021' AND rating_system_code = 'PARTY_MEMBER' AND unit_type_code LIKE 'BASE%' ORDER BY 1"
        assert db.execute(asked).fetchall() == [("Q01.001", None, 3, 1), ("Q01.002", 3, 3, 0), ("Q01.003", 3, 3, 0)]


def test_whom_a_committees_list_names_of_who_is_asked_itself_is_known_so_far_and_no_answer(city: City) -> None:
    """One line of a committee's roster is not the population of an organisation that has sent none; where the committee is asked, it speaks for it."""
    datasets = ("ratings", "personnel", "discipline")
    header = ["Họ và tên", "Số CCCD", "Đơn vị", "Hình thức kỷ luật", "Hệ kỷ luật", "Ngày ký", "Ngày công bố", "Số quyết định"]
    punished = ["Khiển trách", "Đảng", "10/05/2021", "12/05/2021", "7-QĐ/UBKT"]
    for sender, unit, n in (("Q01.001", "Q01.001", 1), ("Q01", "Q01.002", 2)):
        city.put(f"2021/{sender}/Kỷ luật.csv", [header, ["Nguyễn Văn B", member(n)[2], unit, *punished]])
        city.put(f"2021/{sender}/Nhân sự.csv", roster([member(n, unit)]))
        city.put(f"2021/{sender}/Xếp loại.csv", ratings([rating(n, unit=unit)]))
    punishments = "SELECT unit_code, persons_disciplined, units_without_answer FROM reports.rpt_discipline_summary WHERE year = 2021 AND unit_type_code <> 'CELL' ORDER BY 1"
    rated = "SELECT unit_code, population, rated, units_without_roster, units_without_answer FROM reports.rpt_rating_summary WHERE period = '2021' AND rating_system_code = 'PARTY_MEMBER' AND unit_type_code <> 'CELL' ORDER BY 1"
    own, above = [("Q01.001", 1, 0)], [("CT", 2, 2), ("Q01", 2, 2)]
    for asked, found, in_ratings in (
        (("BASE_COMMITTEE", "BASE_CELL"), [*above, *own, ("Q01.002", 1, 1), ("Q01.003", None, 1)], [("Q01.002", None, 1, 1, 1), ("Q01.003", None, None, 1, 1)]),
        (("SUPERIOR",), [("CT", 2, 0), ("Q01", 2, 0), *own, ("Q01.002", 1, 0), ("Q01.003", 0, 0)], [("Q01.002", 1, 1, 0, 0), ("Q01.003", None, 0, 1, 0)]),
    ):  # fmt: skip
        city.registry(calendar=[(dataset, unit_type, "2021", "31/12/2021") for dataset in datasets for unit_type in asked])
        done = pipeline(keyed(city.home), "load", "--accept-registry")
        assert done.returncode == 0, done.stdout + done.stderr
        with duckdb.connect(str(city.home.published), read_only=True) as db:
            assert db.execute(punishments).fetchall() == found, asked
            assert db.execute(rated).fetchall()[-2:] == in_ratings, asked


def test_a_resubmission_that_loses_rows_or_people_warns(city: City) -> None:
    asked = "SELECT rule_code, severity_code FROM quality.findings WHERE rule_code LIKE 'resubmission%' ORDER BY 1"
    rows, people = ("resubmission_keeps_rows", "WARNING"), ("resubmission_keeps_people", "WARNING")
    city.put("2021/Q01.002/ratings.csv", ratings([rating(n) for n in range(30)]))
    city.land()
    for numbers, told in ((range(10), [people, rows]), (range(5, 15), []), (range(40, 50), [people])):
        city.put("2021/Q01.002/ratings.csv", ratings([rating(n) for n in numbers]))
        load(city.home)
        with duckdb.connect(str(city.home.published), read_only=True) as db:
            assert db.execute(asked).fetchall() == told, numbers
            assert db.execute("SELECT count(*) FROM core.fct_ratings").fetchone() == (len(numbers),)


def test_a_mended_registry_heals_a_unit(city: City) -> None:
    from conftest import UNITS

    city.put("2021/Q01.004/ratings.csv", ratings([rating(n) for n in range(5)]))
    assert "sender_known" in load(city.home)
    city.registry([*UNITS, ("U9", "Q01.004", "Chi bộ trường Bốn", "BASE_CELL", "U2", "01/01/2000", None)])
    load(city.home)
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        assert db.execute("SELECT verdict_code, is_current FROM quality.submissions").fetchall() == [("ACCEPTED", True)]
        assert db.execute("SELECT count(*) FROM core.fct_ratings").fetchone() == (5,)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """A year's ratings without a roster, a quarter's of leaders, a link that leads nowhere; loaded, and what the load said."""
    city = City(tmp_path_factory.mktemp("few") / "data")
    city.put("2021/Q01.002/ratings.csv", ratings([rating(n) for n in range(4)]))
    leaders = [["Nguyễn Văn A", f"0920800{n:05}", "Lãnh đạo", "HTTNV"] for n in range(3)]
    city.put("2021-Q1/Q01.003/xep-loai.csv", [["Họ và tên", "Số CCCD", "Đối tượng", "Mức xếp loại"], *leaders])
    (city.home.raw / "2021" / "Q01.002" / "xep-loai.xlsx").symlink_to("nowhere.xlsx")
    done = pipeline(city.home, "load")
    assert done.returncode == 0 and "Traceback" not in done.stderr
    return city.home, done.stdout


def test_a_quarter_is_a_period_of_its_own(few: tuple[Home, str]) -> None:
    with duckdb.connect(str(few[0].published), read_only=True) as db:
        quarter = "SELECT period, year, count(*) FROM core.fct_ratings WHERE period_type_code = 'QUARTER' GROUP BY ALL"
        assert db.execute(quarter).fetchall() == [("2021-Q1", 2021, 3)]
        query = "SELECT rated, population FROM reports.rpt_rating_summary WHERE period = '2021-Q1' AND unit_code = 'Q01' AND rating_system_code = 'LEADER'"
        assert db.execute(query).fetchall() == [(3, None)]


def test_without_a_roster_nobody_is_missing(few: tuple[Home, str]) -> None:
    """A rule that needs a roster says that it could not be asked; the population is unknown and not zero."""
    with duckdb.connect(str(few[0].published), read_only=True) as db:
        asked = "SELECT answer_code, sum(answer_count) FROM quality.rule_answers WHERE rule_code = 'rated_person_on_roster' AND period = '2021' GROUP BY ALL"
        assert db.execute(asked).fetchall() == [("NOT_ASKED", 4)]
        summary = "SELECT population, rated, rated_outside_roster, unexplained FROM reports.rpt_rating_summary WHERE unit_code = 'Q01.002' AND rating_system_code = 'PARTY_MEMBER' AND period = '2021'"
        assert db.execute(summary).fetchall() == [(None, 4, 0, None)]


def test_a_link_that_leads_nowhere_is_told_and_stops_nobody(few: tuple[Home, str]) -> None:
    _, said = few
    assert "refused   line 2 of 2021/Q01.002 [-]: entry_is_a_file" in said
    assert "accepted       2 submissions" in said
