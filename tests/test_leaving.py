"""What may leave: of what is written anywhere, nothing that names a person or can be guessed and hashed stands in what is published."""

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from conftest import LONGEST, PERSONNEL_HEADER, RATINGS_HEADER, City, load, member, number, opened, pipeline, rating, tables, write_csv

from pipeline.ledger.records import read_loads
from pipeline.paths import Home
from pipeline.surfaces.pages.words import CITY_TIME
from pipeline.warehouse import recognised

NAME, SQUEEZED = "Hoàng Yến Canary", "HoangYenCanary"
NUMBERS = {  # as a cell may have them → what of it leaves
    "12-QĐ/TU": "12-QĐ/TU",
    "123/QĐ-UBND": "123/QĐ-UBND",
    "45/2021/QĐ-UBND": "45/2021/QĐ-UBND",
    "092.080.000.001": None,
    "05.02.1980": None,
    "2/1980": None,
    "05/2015": None,  # of a decision it may be a joining month
    f"12-QĐ/{SQUEEZED}": None,
}
CASES = ("2021-003", f"7-{SQUEEZED}")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A city with a name or a number of somebody in every place where a unit may write one."""
    city = City(tmp_path_factory.mktemp("leaving") / "data")
    sheet = f"Xếp loại {NAME}"
    rows = [[*RATINGS_HEADER, "Số quyết định"]] + [[*rating(n), text] for n, text in enumerate(NUMBERS, start=1)] + [[*rating(1), None]]
    city.put(f"2021/Q01.001/{NAME}.xlsx", {sheet: rows, f"Ghi chép {NAME}": [["a", "b"], [1, 2]]})
    city.put("2021/Q01.001/Nhân sự.xlsx", {"Nhân sự": [PERSONNEL_HEADER, *(member(n) for n in range(1, 10))]})
    city.put("2021/Q01.002/Luân chuyển.csv", [
        ["Họ và tên", "Số CCCD", "Hình thức", "Từ ngày", "Số quyết định"],
        *([NAME, number(20 + n), "Điều động", "01/02/2021", text] for n, text in enumerate(NUMBERS)),
    ])  # fmt: skip
    city.put("2021/Q01.002/Kỷ luật.csv", [
        ["Họ và tên", "Số CCCD", "Hệ kỷ luật", "Hình thức kỷ luật", "Số quyết định", "Ngày ký", "Mã vụ việc"],
        *([NAME, number(20 + n), "Đảng", "Khiển trách", f"{n}-QĐ/{SQUEEZED}", "01/02/2021", case] for n, case in enumerate(CASES)),
    ])  # fmt: skip
    city.put(f"2021/{NAME}/Xếp loại.csv", [RATINGS_HEADER, rating(1)])
    city.put(f"{NAME}.csv", [["a"], [1]])
    load(city.home)
    return city


def seen(home: Home) -> Iterator[str]:
    """All that anybody outside may read: every cell, and the bytes of every file."""
    for frame in tables(home).values():
        yield frame.write_csv()
    for file in home.current.resolve().rglob("*"):
        if file.is_file():
            yield file.read_bytes().decode("utf-8", "replace")
    with zipfile.ZipFile(home.exports / "reports.xlsx") as book:
        yield from (book.read(name).decode("utf-8", "replace") for name in book.namelist())


def ask(file: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as db:
        return db.execute(query).fetchall()


def ask_analyst(home: Home, query: str) -> list[tuple]:
    with opened(home, home.analyst) as file:
        return ask(file, query)


# ── free text ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_name_in_a_path_a_sheet_a_folder_or_a_number_leaves(planted: City) -> None:
    words = {"Canary", *(text for text, leaves in NUMBERS.items() if not leaves)}
    everything = "\n".join(seen(planted.home))
    assert [word for word in words if word in everything] == []
    assert 'Đảng bộ phường Một</a> <span class="no">' in everything  # its pages were read with it
    analyst = "\n".join(frame.write_csv() for frame in tables(planted.home, planted.home.analyst).values())
    assert [word for word in words if word not in analyst] == []  # they were planted, and whoever may finds them


def test_neither_in_the_city_s_own_pages_nor_in_public_ones_is_anybody_or_a_day_of_anybody(planted: City, tmp_path: Path) -> None:
    """Of days there are those of the calendar, of receipt and of the load."""
    done = pipeline(planted.home, "export", str(tmp_path / "out"), "--public", "--pages", "--why", "Trang")
    assert done.returncode == 0, done.stderr
    days = {
        row[0] for row in ask(planted.home.published, "SELECT DISTINCT unnest([due_on, received_on]) FROM reports.rpt_submission_status")
    }
    days |= {row[0] for row in ask(planted.home.published, "SELECT as_of FROM quality.loads")}
    of_nobody = {f"{day:%d/%m/%Y}" for day in days if day} | {f"{dt.datetime.now(CITY_TIME):%d/%m/%Y}"}
    for folder in (planted.home.pages.resolve(), tmp_path / "out" / "pages"):
        files = [*folder.rglob("*.html")]
        text = "\n".join(file.read_text("utf-8") for file in files)
        assert len(files) > 10 and [word for word in ("Canary", *NUMBERS, "0920800", "Nguyễn Văn") if word in text] == []
        assert set(re.findall(r"\d\d/\d\d/\d{4}", text)) <= of_nobody


def test_a_number_leaves_in_its_official_shape_and_any_other_as_a_key(planted: City) -> None:
    for table, count in (("fct_ratings", 8), ("fct_rotation", 8)):
        pairs = ask(planted.home.published, f"SELECT decision_no, decision_key FROM core.{table} ORDER BY row_no")
        assert [no for no, _ in pairs] == list(NUMBERS.values()) and len({key for _, key in pairs}) == count
    cases = ask(planted.home.published, "SELECT decision_no, case_no, length(case_key) FROM core.fct_discipline ORDER BY row_no")
    assert cases == [(None, "2021-003", 32), (None, None, 32)]


def test_a_decision_has_one_key_in_all_datasets(planted: City) -> None:
    keys = [set(ask(planted.home.published, f"SELECT decision_key FROM core.{t}")) for t in ("fct_ratings", "fct_rotation")]
    assert keys[0] == keys[1]


def test_sheets_leave_by_number_files_by_the_ledgers_line_and_strange_folders_as_unknown(planted: City) -> None:
    sheets = "SELECT DISTINCT sheet_no FROM quality.findings WHERE rule_code = 'sheet_known'"
    assert ask(planted.home.published, sheets) == [(2,)]
    senders = "SELECT sender_code, newest_load_id, newest_line_no FROM quality.submissions WHERE sender_unit_key IS NULL ORDER BY 3"
    strange = ask(planted.home.published, senders)
    assert {sender for sender, *_ in strange} == {"UNKNOWN"}
    lines = read_loads(planted.home)[0].lines
    assert {lines[line - 1].path for _, _, line in strange} == {f"2021/{NAME}/Xếp loại.csv", f"{NAME}.csv"}


def test_who_may_still_reads_names_of_files_and_sheets(planted: City) -> None:
    told = pipeline(planted.home, "findings", "Q01.001").stdout
    assert f"2021/Q01.001/{NAME}.xlsx" in told and f"Ghi chép {NAME}" in " ".join(told.split())
    assert f"2021/{NAME}/Xếp loại.csv" in pipeline(planted.home, "status").stdout
    entry = json.loads(planted.home.lookups.read_text("utf-8").splitlines()[-1])
    assert entry["what"] == "status" and entry["by"] and entry["at"]
    assert (planted.home.outbox / "2021" / "Q01.001" / f"{NAME}.xlsx").exists()
    assert (planted.home.outbox / "2021" / NAME / "tom-tat.html").exists()


# ── hashes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_published_hash_can_be_made_from_a_guess(planted: City) -> None:
    """The bytes of every file are known here, and so are a row's days and the sheets' names: none of their plain hashes is published."""
    guesses, hashed = set(), set()
    for line in (line for one in read_loads(planted.home) for line in one.lines):
        hashed.add(line.content_hash)
        guesses |= {line.path, line.sender_code}
        guesses |= {
            f"{line.period}|{line.sender_code}|{d}|{line.content_hash}" for d in ("~", "ratings", "personnel", "rotation", "discipline")
        }
    guesses.add(json.dumps(read_loads(planted.home)[0].registry, sort_keys=True))
    for person, unit in ask(planted.home.published, "SELECT person_key, unit_key FROM core.fct_personnel"):
        guesses |= {f"personnel|{person}|{unit}|2021|{kind}|2010-03-01" for kind in ("~", "PRIMARY")}
    for (person,) in ask(planted.home.published, "SELECT person_key FROM core.fct_rotation"):
        guesses |= {f"rotation|{person}|~|TRANSFER|2021-02-01|{text}" for text in NUMBERS}
    guesses |= {*NUMBERS, *CASES, NAME}
    hashed |= {made(text.encode()).hexdigest() for text in guesses for made in (hashlib.md5, hashlib.sha1, hashlib.sha256)}
    short = {h[:length] for h in hashed for length in (12, 16, 32)}
    published = {
        v for t in tables(planted.home).values() for c in t.select(pl.col(pl.String)) for v in c.drop_nulls().unique() if len(v) >= 12
    }
    assert published & (hashed | short) == set()


def test_the_same_key_gives_the_same_keys_and_another_key_gives_others(planted: City, tmp_path: Path) -> None:
    columns = {"quality.submissions": "submission_key", "core.fct_rotation": "rotation_key", "quality.loads": "registry_hash"}
    columns |= {"quality.findings": "finding_key", "core.fct_discipline": "case_key"}
    kept = {c: set(tables(planted.home)[t][c].drop_nulls()) for t, c in columns.items()}
    for name, key in (("same", planted.home.key.read_text()), ("other", "5" * 64)):
        city = City(tmp_path / name / "data")
        for file in planted.home.raw.rglob("*.*"):
            if file.is_file():
                target = city.home.raw / file.relative_to(planted.home.raw)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
        load(city.home, PERSONNEL_KEY=key)
        for table, column in columns.items():
            made = set(tables(city.home)[table][column].drop_nulls())
            assert (made == kept[column]) if name == "same" else not (made & kept[column]), column


# ── days ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# Days of decisions, of laws, of units, of periods and of what was received; and the calendar's.
OF_NOBODY = {
    "decided_on", "signed_on", "announced_on", "effective_on", "effect_end_on",
    "in_force_from", "in_force_to", "confirmed_on",
    "of_unit_from", "of_unit_to", "of_version_from", "of_version_to",  # of a unit
    "period_to", "valid_from", "valid_to", "date_on", "due_on", "received_on", "received_as_of", "as_of",
}  # fmt: skip


def test_no_day_of_a_person_leaves(planted: City) -> None:
    days = {c for frame in tables(planted.home).values() for c, t in frame.schema.items() if t in (pl.Date, pl.Datetime)}
    assert days <= OF_NOBODY
    assert not any("months_since" in c for frame in tables(planted.home).values() for c in frame.columns)
    whole = {c for frame in tables(planted.home, planted.home.analyst).values() for c, t in frame.schema.items() if t == pl.Date}
    assert {"spell_from", "party_joined_on", "posting_from", "training_from"} <= whole


def test_a_joining_day_leaves_as_ten_years_that_hold_it(planted: City) -> None:
    assert ask(planted.home.published, "SELECT DISTINCT party_joined_band, spell_from_year FROM core.fct_personnel") == [
        ("2010-2019", 2010)
    ]
    assert ask_analyst(planted.home, "SELECT DISTINCT year(party_joined_on) FROM whole.fct_personnel") == [(2010,)]


# ── the analyst's file ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_analysts_file_is_closed_to_others_and_has_words_on_all(planted: City) -> None:
    assert stat.S_IMODE(planted.home.analyst.stat().st_mode) == 0o600
    bare = "SELECT column_name FROM duckdb_columns() WHERE NOT internal AND (comment IS NULL OR comment NOT LIKE '%/%')"
    assert ask_analyst(planted.home, bare) == []


def test_opening_the_analysts_file_wants_a_reason_and_is_logged(planted: City) -> None:
    assert pipeline(planted.home, "analyst", "--why", " ").returncode == 1
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "analyst", "--why", "tính tuổi Đảng"]
    environment = os.environ | {"PERSONNEL_HOME": str(planted.home.root)}
    analyst = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    words = "".join(analyst.stdout.readline() for _ in range(5))
    entry = json.loads(planted.home.lookups.read_text("utf-8").splitlines()[-1])
    assert (entry["what"], entry["why"]) == ("analyst", "tính tuổi Đảng") and entry["by"] and entry["at"]
    names: dict = {}
    exec(words, names)
    assert names["db"].execute("SELECT count(spell_from) FROM restricted.whole.fct_personnel").fetchone() == (9,)
    file = Path(names["db"].execute("SELECT path FROM duckdb_databases() WHERE database_name = 'restricted'").fetchone()[0])
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700 and stat.S_IMODE(file.stat().st_mode) == 0o600
    names["db"].close()
    analyst.communicate("\n", timeout=LONGEST)
    assert analyst.returncode == 0 and not file.parent.exists()  # the open copy lives as long as the command


# ── who could be recognised ──────────────────────────────────────────────────────────────────────────────────────


def crowd(people: list[tuple], born: dict[str, str] | None = None) -> dict[str, recognised.Shares]:
    """The figures of a city of (person, base, sex, band), of whom the last is on no roster and everybody is rated."""
    db = duckdb.connect()
    db.execute("ATTACH ':memory:' AS draft; CREATE SCHEMA draft.core")
    db.execute(
        "CREATE TABLE draft.core.dim_person (person_key VARCHAR, person_no INTEGER, sex_code VARCHAR, ethnicity_code VARCHAR, education_code VARCHAR, "
        "political_theory_code VARCHAR, birth_band VARCHAR, party_joined_band VARCHAR, service_joined_band VARCHAR)"
    )
    unit = "year INTEGER, unit_key VARCHAR, base_unit_key VARCHAR"
    db.execute(f"CREATE TABLE draft.core.fct_personnel (spell_key VARCHAR, person_key VARCHAR, {unit}, party_joined_band VARCHAR)")
    db.execute(f"CREATE TABLE draft.core.fct_ratings (rating_key VARCHAR, person_key VARCHAR, {unit}, score DOUBLE)")
    for no, (person, sex) in enumerate({person: sex for person, _, sex, _ in people}.items()):
        told = [person, no, sex, (born or {}).get(person)]
        db.execute("INSERT INTO draft.core.dim_person (person_key, person_no, sex_code, birth_band) VALUES (?, ?, ?, ?)", told)
    db.execute("CREATE SCHEMA draft.bi")
    db.execute(
        "CREATE VIEW draft.bi.ratings AS SELECT person_no, f.year, score FROM draft.core.fct_ratings AS f JOIN draft.core.dim_person USING (person_key)"
    )
    for n, (person, base, _, band) in enumerate(people):
        if band:
            db.execute("INSERT INTO draft.core.fct_personnel VALUES (?, ?, 2021, 'u', ?, ?)", [f"s{n}", person, base, band])
        db.execute("INSERT INTO draft.core.fct_ratings VALUES (?, ?, 2021, 'u', ?, 80)", [f"r{n}", person, base])
    return recognised.shares(db, "draft")


def test_an_outsider_finds_who_is_alone_with_base_sex_and_joining_band() -> None:
    twins = [("a", "B1", "MALE", "2010-2019"), ("b", "B1", "MALE", "2010-2019")]
    alone = [("c", "B1", "FEMALE", "2010-2019"), ("d", "B1", "MALE", "1990-1999"), ("e", "B2", "MALE", "2010-2019")]
    found = crowd([*twins, *alone, ("f", "B3", None, None)])
    assert set(found) == {"bi.ratings", "core.dim_person", "core.fct_personnel", "core.fct_ratings"}
    assert found["bi.ratings"].outsider == found["core.fct_ratings"].outsider  # by its number as by his key
    assert (found["core.fct_personnel"].persons, found["core.fct_personnel"].outsider) == (5, 0.6)
    assert (found["core.fct_ratings"].persons, found["core.fct_ratings"].outsider) == (
        6,
        0.6667,
    )  # and who is alone in a base without a roster
    # everybody was rated alike: only base and sex tell them apart, and the key of a row tells nobody
    assert found["core.fct_ratings"].insider == 0.5 and found["core.fct_personnel"].insider == 0.6


def test_an_outsider_finds_whom_the_ten_years_of_birth_tell_apart_too() -> None:
    same = [(person, "B1", "MALE", "2010-2019") for person in "abcd"]
    assert crowd(same)["core.dim_person"].outsider == 0
    born = dict(zip("abcd", ("1970-1979", "1970-1979", "1980-1989", "1960-1969"), strict=True))
    found = crowd(same, born)
    assert {name: s.outsider for name, s in found.items()} == dict.fromkeys(found, 0.5)


def test_a_person_alone_in_one_year_is_counted_once() -> None:
    found = crowd([("a", "B1", "MALE", "2010-2019"), ("b", "B1", "MALE", "2010-2019"), ("a", "B2", "MALE", "2010-2019")])
    assert (found["core.fct_personnel"].persons, found["core.fct_personnel"].outsider) == (2, 0.5)


def test_above_the_bound_nothing_is_published_and_of_few_persons_it_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    many, few = recognised.Shares(1000, 0.051, 1.0), recognised.Shares(999, 0.9, 1.0)
    recognised.hold_to_bound({"core.few": few, "core.many": recognised.Shares(1000, 0.05, 1.0)})
    with pytest.raises(recognised.Recognisable, match=r"bound is 5 %: core\.many: 5\.1% of 1,000 persons"):
        recognised.hold_to_bound({"core.few": few, "core.many": many})
    monkeypatch.setenv(recognised.BOUND_VARIABLE, "5.1")
    recognised.hold_to_bound({"core.many": many})
    monkeypatch.setenv(recognised.BOUND_VARIABLE, "viel")
    with pytest.raises(recognised.Recognisable, match="must be a percentage"):
        recognised.hold_to_bound({})


def test_a_load_says_and_keeps_both_figures_of_every_table_with_persons(planted: City) -> None:
    kept = json.loads((planted.home.current / "version.json").read_text("utf-8"))["recognised"]
    holds = "SELECT schema_name || '.' || table_name FROM duckdb_columns() WHERE column_name IN ('person_key', 'person_no')"
    with_persons = {name for (name,) in ask(planted.home.published, holds)}
    assert set(kept) == with_persons and {frozenset(s) for s in kept.values()} == {frozenset(("persons", "outsider", "insider"))}


def test_a_load_above_the_bound_leaves_what_was_published(planted: City, tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    shutil.copytree(planted.home.root, home.root, symlinks=True)
    before, analyst = os.readlink(home.current), home.analyst.read_bytes()
    (home.raw / "2021" / "Q01.003").mkdir()
    write_csv(home.raw / "2021" / "Q01.003" / "Nhân sự.csv", [PERSONNEL_HEADER, member(50)])  # alone in a base
    done = pipeline(home, "load", first="import pipeline.warehouse.recognised as r; r.ASKED_FROM = 1")
    assert done.returncode == 1 and "Nothing was published" in done.stderr and recognised.BOUND_VARIABLE in done.stderr
    assert os.readlink(home.current) == before and home.analyst.read_bytes() == analyst
    said = load(home, PERSONNEL_LARGEST_OUTSIDER="100")
    assert os.readlink(home.current) != before
    assert "bound 100 %" in said
    kept = json.loads((home.current / "version.json").read_text("utf-8"))["recognised"]
    for table, figures in kept.items():  # a line for each, and the sums
        line = next(line for line in said.splitlines() if line.split()[:1] == [table])
        assert f"outsider {figures['outsider'] * 100:5.1f} %, insider {figures['insider'] * 100:5.1f} %" in line
