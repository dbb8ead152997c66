"""The whole way, as its users go it: files in, `pipeline load`, a published warehouse; and what happens when something breaks."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import duckdb
import polars as pl
import pytest
from conftest import City, rating, ratings
from filelock import FileLock

from pipeline.paths import Home
from pipeline.sample import make_city

AS_OF = "2021-12-20"


def pipeline(home: Home, *command: str, **extra: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PERSONNEL_HOME": str(home.root), "PERSONNEL_AS_OF": AS_OF, "COLUMNS": "200"} | extra
    return subprocess.run([sys.executable, "-m", "pipeline.cli", *command], env=environment, capture_output=True, text=True, timeout=300)


def load(home: Home, **extra: str) -> str:
    done = pipeline(home, "load", **extra)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tables(home: Home) -> dict[str, pl.DataFrame]:
    """Every published table, in one order, without the instants at which a run happened to take place."""
    found = {}
    with duckdb.connect(str(home.published), read_only=True) as db:
        for schema, table in db.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
            frame = db.execute(f"SELECT * FROM {schema}.{table}").pl()
            frame = frame.select([c for c in frame.columns if c not in ("received_at", "started_at")])
            found[f"{schema}.{table}"] = frame.sort(pl.all())
    return found


def differing(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> list[str]:
    assert one.keys() == other.keys()
    return [name for name in one if not one[name].equals(other[name])]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A loaded small city; tests that change it copy it first."""
    home = Home(tmp_path_factory.mktemp("small") / "data")
    make_city(home, size="small")
    load(home)
    return home


@pytest.fixture
def mine(small: Home, tmp_path: Path) -> Home:
    """The small city, loaded, to do with as a test likes."""
    target = tmp_path / "data"
    shutil.copytree(small.root, target, symlinks=True)
    return Home(target)


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


# ── what is published ────────────────────────────────────────────────────────────────────────────────────────────


def test_only_tables_of_three_schemas_are_published_with_words_on_all(small: Home) -> None:
    with duckdb.connect(str(small.published), read_only=True) as db:
        assert {r[0] for r in db.execute("SELECT DISTINCT schema_name FROM duckdb_tables()").fetchall()} == {"core", "quality", "reports"}
        assert db.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone() == (0,)
        assert db.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL OR comment NOT LIKE '%/%'").fetchall() == []
        assert (
            db.execute(
                "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND (comment IS NULL OR comment NOT LIKE '%/%')"
            ).fetchall()
            == []
        )


def test_every_table_is_exported(small: Home) -> None:
    with duckdb.connect(str(small.published), read_only=True) as db:
        names = {f"{s}/{t}.parquet" for s, t in db.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()}
    assert {p.relative_to(small.exports).as_posix() for p in small.exports.rglob("*.parquet")} == names
    assert zipfile.is_zipfile(small.exports / "reports.xlsx")


def test_older_clients_can_read_the_file(small: Home) -> None:
    """DuckDB writes the storage version behind its mark; 64 is that of 1.0."""
    head = small.published.read_bytes()[:20]
    assert head[8:12] == b"DUCK" and int.from_bytes(head[12:20], "little") == 64


def test_links_are_fixed_and_go_through_current(small: Home) -> None:
    assert os.readlink(small.published) == "versions/current/personnel.duckdb"
    assert os.readlink(small.exports) == "versions/current/exports"


def test_the_last_seven_versions_are_kept(mine: Home) -> None:
    for n in range(12):
        (mine.versions / f"0000{n:02}").mkdir(exist_ok=True)
    (mine.raw / "2021" / "lac.csv").write_text("x\n")
    load(mine)
    kept = [p for p in mine.versions.iterdir() if not p.is_symlink()]
    assert len(kept) == 7


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _words(home: Home) -> set[str]:
    """Names and identity numbers of everybody in the sample city."""
    people = pl.read_parquet(home.restricted / "landing" / "*" / "identities.parquet", columns=["full_name", "identity_number"])
    return set(people["full_name"]) | set(people["identity_number"])


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def test_no_name_and_no_identity_number_is_published_logged_or_kept_by_dagster(small: Home) -> None:
    words = _words(small)
    assert len(words) > 200
    seen: list[str] = []
    with duckdb.connect(str(small.published), read_only=True) as db:
        for (sql,) in db.execute("SELECT 'SELECT * FROM ' || schema_name || '.' || table_name FROM duckdb_tables()").fetchall():
            seen.append(db.execute(sql).pl().select(pl.col(pl.String)).write_csv())
    seen.append(small.published.read_bytes().decode("utf-8", "replace"))
    for file in small.exports.rglob("*.parquet"):
        seen.append(pl.read_parquet(file).select(pl.col(pl.String)).write_csv())
    with zipfile.ZipFile(small.exports / "reports.xlsx") as book:
        seen += [book.read(n).decode("utf-8", "replace") for n in book.namelist()]
    for file in small.dagster.rglob("*"):
        if file.suffix == ".db":
            with sqlite3.connect(file) as db:
                for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                    seen += [_text(v) for row in db.execute(f'SELECT * FROM "{table}"') for v in row if v is not None]
        elif file.is_file():
            seen.append(file.read_text("utf-8", "replace"))
    everything = "\n".join(seen)
    assert [w for w in words if w in everything] == []


def test_the_scan_for_people_would_find_one(small: Home) -> None:
    """The scan is no blind one: a name that is there is found."""
    word = next(iter(_words(small)))
    assert word in f"…{word}…"


def test_who_answers_and_keeps_a_log(mine: Home) -> None:
    key = pl.read_parquet(mine.people)["person_key"][0]
    name = pl.read_parquet(mine.people).filter(person_key=key)["full_name"][0]
    done = pipeline(mine, "who", key, "--why", "đối chiếu hồ sơ")
    assert done.returncode == 0 and name in done.stdout
    entry = json.loads(mine.lookups.read_text("utf-8").splitlines()[-1])
    assert (entry["person_key"], entry["why"]) == (key, "đối chiếu hồ sơ") and name not in str(entry)


def test_who_wants_a_reason(mine: Home) -> None:
    assert pipeline(mine, "who", "abc", "--why", " ").returncode == 1
    assert not mine.lookups.exists()


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


def test_a_failed_build_leaves_yesterday_and_is_finished_later(mine: Home) -> None:
    version = os.readlink(mine.current)
    (mine.raw / "2021" / "lac.csv").write_text("x\n")
    done = pipeline(mine, "load", PERSONNEL_DBT_MEMORY="1MB")
    assert done.returncode == 1 and "LOAD FAILED" in done.stderr and "dbt_models" in done.stderr.splitlines()[-1]
    assert os.readlink(mine.current) == version
    assert "Load 2 " in load(mine)


def test_one_load_at_a_time(mine: Home) -> None:
    with FileLock(mine.lock):
        done = pipeline(mine, "load")
    assert done.returncode == 1 and "Another load is running" in done.stderr


def test_a_load_succeeds_while_a_reader_has_the_file_open(mine: Home) -> None:
    with duckdb.connect(str(mine.published), read_only=True) as reader:
        before = reader.execute("SELECT max(load_id) FROM quality.loads").fetchone()
        (mine.raw / "2021" / "lac.csv").write_text("x\n")
        load(mine)
        assert reader.execute("SELECT max(load_id) FROM quality.loads").fetchone() == before == (1,)
    with duckdb.connect(str(mine.published), read_only=True) as reader:
        assert reader.execute("SELECT max(load_id) FROM quality.loads").fetchone() == (2,)


class Reader(threading.Thread):
    """Asks again and again; remembers every error and every answer."""

    def __init__(self, home: Home):
        super().__init__(daemon=True)
        self.home, self.answers, self.errors, self.stop = home, set(), [], threading.Event()

    def run(self) -> None:
        # a process of its own each time, as a BI tool would be: one connection cache less to trust
        code = (
            "import duckdb, sys; db = duckdb.connect(sys.argv[1], read_only=True); "
            "print(db.execute('SELECT (SELECT max(load_id) FROM quality.loads), (SELECT count(*) FROM quality.submissions), "
            "(SELECT count(*) FROM core.fct_ratings), (SELECT count(*) FROM reports.rpt_rating_summary)').fetchone())"
        )
        while not self.stop.is_set():
            done = subprocess.run([sys.executable, "-c", code, str(self.home.published)], capture_output=True, text=True)
            (self.answers.add(done.stdout.strip()) if done.returncode == 0 else self.errors.append(done.stderr))
            self.stop.wait(0.5)


MOMENTS = {
    "reading": lambda home: (home.loads / "000002.json").exists(),
    "landing": lambda home: any(home.restricted.glob("landing-*/000002*")),
    "building": lambda home: home.build.exists() and home.build.stat().st_mtime > (home.loads / "000002.json").stat().st_mtime if (home.loads / "000002.json").exists() else False,
    "publishing": lambda home: any(home.versions.glob("000002*")),
}  # fmt: skip


@pytest.fixture(scope="module")
def second_load(small: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """What a second load gives when nobody kills it."""
    home = Home(tmp_path_factory.mktemp("whole") / "data")
    shutil.copytree(small.root, home.root, symlinks=True)
    _send_more(home)
    load(home)
    return tables(home)


def _send_more(home: Home) -> None:
    for n, file in enumerate(sorted((home.raw / "2021").rglob("*.xlsx"))[:3]):
        with zipfile.ZipFile(file, "a") as book:
            book.comment = f"sent again {n}".encode()
    (home.raw / "2021" / "Q99.999").mkdir()
    (home.raw / "2021" / "Q99.999" / "ratings.csv").write_text(
        "\n".join(",".join(str(v or "") for v in r) for r in ratings([rating(1)])), "utf-8"
    )


@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_and_load_again_gives_the_same_tables_and_readers_saw_nothing(
    moment: str, mine: Home, second_load: dict[str, pl.DataFrame]
) -> None:
    reader = Reader(mine)
    reader.start()
    _send_more(mine)
    environment = os.environ | {"PERSONNEL_HOME": str(mine.root), "PERSONNEL_AS_OF": AS_OF}
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "load"], env=environment, start_new_session=True, stderr=subprocess.DEVNULL
    )
    end = time.monotonic() + 120
    while not MOMENTS[moment](mine):
        assert process.poll() is None and time.monotonic() < end, f"the load never came to {moment}"
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    load(mine)
    time.sleep(0.6)
    reader.stop.set()
    reader.join()
    assert differing(second_load, tables(mine)) == []
    assert reader.errors == []
    first, last = "(1, ", "(2, "
    assert len(reader.answers) <= 2 and all(a.startswith((first, last)) for a in reader.answers), reader.answers


# ── bad files, by name ───────────────────────────────────────────────────────────────────────────────────────────


def test_each_bad_kind_of_file_is_named_with_its_verdict_and_stops_nothing_else(city: City) -> None:
    from test_intake import protected

    good = ratings([rating(n) for n in range(1, 11)])
    city.put("2021/Q01.002/ratings.csv", good)
    city.put("2021/Q01.001/ratings.xlsx", b"")
    city.put("2021/Q01.001/training.xlsx", os.urandom(3000))
    city.put("2021/Q01.001/rotation.xlsx", protected())
    city.put("2021/Q01.001/discipline.csv", [["Cột", "Khác"], ["a", "b"]])
    city.put("2021/Q01.003/ratings.csv", ratings([rating(n, "giỏi lắm") for n in range(100)]))
    city.put("2021/Q77.777/ratings.csv", good)
    city.put("2020/Q01.002/ratings.csv", [["Họ và tên", "Số CCCD", "Mức xếp loại", "Kỳ"], ["Nguyễn Văn A", "092080000001", "HTT", "2019"]])
    city.put("2020/Q01.003/ratings.csv", good)
    city.put("2020/Q01.003/xep-loai.csv", ratings([rating(n) for n in range(11, 15)]))
    city.put("2021/Q01.003/Kỷ luật.csv", [["Họ và tên", "Số CCCD", "Hệ kỷ luật", "Hình thức kỷ luật", "Số quyết định", "Ngày ký"]])
    said = load(city.home)
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
        assert any(path in line and rule in line for line in said.splitlines()), (path, rule, said)
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        assert db.execute("SELECT count(*) FROM core.fct_ratings").fetchone() == (10,)
        assert db.execute(
            "SELECT is_nil, verdict_code FROM quality.submissions WHERE dataset_code = 'discipline' AND verdict_code = 'ACCEPTED'"
        ).fetchall() == [(True, "ACCEPTED")]
        assert db.execute("SELECT count(*) FROM quality.submissions WHERE rows_read <> rows_accepted + rows_set_aside").fetchone() == (0,)


def test_a_resubmission_that_loses_a_third_of_its_rows_warns(city: City) -> None:
    city.put("2021/Q01.002/ratings.csv", ratings([rating(n) for n in range(30)]))
    load(city.home)
    city.put("2021/Q01.002/ratings.csv", ratings([rating(n) for n in range(10)]))
    load(city.home)
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        assert db.execute("SELECT severity_code FROM quality.findings WHERE rule_code = 'resubmission_keeps_rows'").fetchall() == [
            ("WARNING",)
        ]
        assert db.execute("SELECT count(*) FROM core.fct_ratings").fetchone() == (10,)


def test_a_mended_registry_heals_a_unit(city: City) -> None:
    from conftest import UNITS

    city.put("2021/Q01.004/ratings.csv", ratings([rating(n) for n in range(5)]))
    assert "sender_known" in load(city.home)
    city.registry([*UNITS, ("U9", "Q01.004", "Chi bộ trường Bốn", "BASE_CELL", "U2", "01/01/2000", None)])
    load(city.home)
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        assert db.execute("SELECT verdict_code, is_current FROM quality.submissions").fetchall() == [("ACCEPTED", True)]
        assert db.execute("SELECT count(*) FROM core.fct_ratings").fetchone() == (5,)


# ── the command line ─────────────────────────────────────────────────────────────────────────────────────────────


def test_check_tells_a_unit_what_to_mend_without_a_warehouse(city: City, tmp_path: Path) -> None:
    good = city.put("2021/Q01.001/tot.xlsx", {"Xếp loại": ratings([rating(n) for n in range(1, 11)])})
    bad = city.put("2021/Q01.001/xau.xlsx", {"Xếp loại": ratings([rating(n, "giỏi" if n == 3 else "HTT") for n in range(1, 11)])})
    done = pipeline(Home(tmp_path / "nowhere"), "check", str(good))
    assert done.returncode == 0 and "Tệp không có lỗi" in done.stdout
    done = pipeline(Home(tmp_path / "nowhere"), "check", str(bad))
    assert done.returncode == 1
    assert "E7" in done.stdout and "Hoàn thành tốt nhiệm vụ" in done.stdout and "giỏi" in done.stdout
    assert not (tmp_path / "nowhere").exists()


def test_findings_and_status_speak_vietnamese(city: City) -> None:
    city.put("2021/Q01.002/ratings.csv", ratings([rating(n, "giỏi" if n == 3 else "HTT") for n in range(1, 11)]))
    load(city.home)
    done = pipeline(city.home, "findings", "Q01.002")
    assert done.returncode == 0 and "phải là một trong" in done.stdout and "giỏi" in done.stdout
    done = pipeline(city.home, "status")
    assert done.returncode == 0 and ("Chưa nộp" in done.stdout or "Chưa đến hạn" in done.stdout)
    assert pipeline(city.home, "findings", "Q88").returncode == 1


def test_a_missing_raw_folder_is_a_sentence_not_a_trace(tmp_path: Path) -> None:
    done = pipeline(Home(tmp_path / "nowhere"), "load")
    assert done.returncode == 1 and "There is no folder" in done.stderr and "Traceback" not in done.stderr


def test_demo_refuses_a_raw_folder_that_holds_anything_else(city: City) -> None:
    done = pipeline(city.home, "demo")
    assert done.returncode == 1 and "Traceback" not in done.stderr and done.stderr.strip()


def test_a_quarter_is_a_period_of_its_own(city: City) -> None:
    rows = [
        ["Họ và tên", "Số CCCD", "Đối tượng", "Mức xếp loại"],
        *[["Nguyễn Văn A", f"0920800{n:05}", "Lãnh đạo", "HTTNV"] for n in range(3)],
    ]
    city.put("2021-Q1/Q01.002/xep-loai.csv", rows)
    load(city.home)
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        assert db.execute("SELECT DISTINCT period_type_code, period, year FROM core.fct_ratings").fetchall() == [
            ("QUARTER", "2021-Q1", 2021)
        ]
        query = "SELECT rated, population FROM reports.rpt_rating_summary WHERE period = '2021-Q1' AND unit_code = 'Q01' AND rating_system_code = 'LEADER'"
        assert db.execute(query).fetchall() == [(3, None)]


def test_without_a_roster_nobody_is_missing(city: City) -> None:
    """A rule that needs a roster says that it could not be asked; the population is unknown and not zero."""
    city.put("2021/Q01.002/ratings.csv", ratings([rating(n) for n in range(4)]))
    load(city.home)
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        asked = "SELECT failed_count, not_asked_count FROM quality.rules WHERE rule_code = 'rated_person_on_roster' AND dataset_code = 'ratings'"
        assert db.execute(asked).fetchall() == [(0, 4)]
        summary = "SELECT population, rated, rated_outside_roster, unexplained FROM reports.rpt_rating_summary WHERE unit_code = 'Q01.002' AND rating_system_code = 'PARTY_MEMBER'"
        assert db.execute(summary).fetchall() == [(None, 4, 0, None)]


def test_a_file_that_the_system_does_not_let_us_read_waits_for_the_next_load(city: City) -> None:
    city.put("2021/Q01.002/ratings.csv", ratings([rating(1)]))
    (city.home.raw / "2021" / "Q01.002" / "xep-loai.xlsx").symlink_to("nowhere.xlsx")
    done = pipeline(city.home, "load")
    assert done.returncode == 0 and "2021/Q01.002/xep-loai.xlsx could not be read" in done.stderr and "Traceback" not in done.stderr


def test_a_wrong_day_is_a_sentence(city: City) -> None:
    done = pipeline(city.home, "load", PERSONNEL_AS_OF="hôm qua")
    assert done.returncode == 1 and "PERSONNEL_AS_OF must be a day" in done.stderr and "Traceback" not in done.stderr
