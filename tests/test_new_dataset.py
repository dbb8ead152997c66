"""A new dataset by the steps of CONTRIBUTING's checklist, in a copy of the project: what is written by hand is counted, and all else follows."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from conftest import LONGEST, SAID, City, number, pipeline
from python_calamine import CalamineWorkbook

from pipeline.paths import PROJECT, SEEDS, Home

SCHEMA = '''"""`awards`: one row per person and award. What does not belong here: who may give which."""

import polars as pl

from pipeline.schemas.card import Card, Claim
from pipeline.schemas.columns import APART, NOTE, column, dataset, person, unit
from pipeline.schemas.days import DAY
from pipeline.schemas.rules import lawful, one_person_named, rule

c = pl.col

AWARDS = dataset(
    "awards",
    title="Khen thưởng",
    description="Khen thưởng: mỗi dòng là một người, một lần được khen.",
    columns={
        "unit": unit("Unit of the person: its code, or its name below the sender; blank is the sender."),
        **person(named=True, numbered=True),
        "awarded_on": column("Ngày khen thưởng", "Ngày quyết định", kind="date", wanted=True, description="Day of the decision."),
        "amount": column("Tiền thưởng", kind="number", description="Money, in million đồng."),
        **APART,
        "note": NOTE,
    },
    rules=[
        one_person_named(),
        rule(
            "award_not_negative",
            c("amount") >= 0,
            on="amount",
            says="Tiền thưởng không được âm.",
            says_en="Money is not negative.",
            severity="WARNING",
            unknown=("amount",),
            bad={"amount": -1.0},
        ),
        *lawful("award_within_limit", lambda law: c("amount") <= law["numerator"], on="amount", examples={"K01": ({}, {"amount": 60.0})}),
    ],
    example={"unit": None, "full_name": "Nguyễn Văn Mẫu", "identity_number": "092080000001", "awarded_on": DAY(2021, 9, 2), "amount": 5.0},
    card=Card(
        claim=Claim(key="award_key", by=("r.awarded_on",), on="coalesce(r.awarded_on, v.period_to)"),
        happened=("awarded_on",),
        plain_fact="Khen thưởng / Awards of record. One row per person × day.",
    ),
)
'''  # fmt: skip
RULE = (
    'award_within_limit,,,awards,awarded_on,"Tiền thưởng không được vượt {numerator} triệu đồng.","Money is {numerator} million đồng at most.",'
    "người được khen,persons awarded,,,,,\n"
)
VERSION = (
    "K01,award_within_limit,,2021-01-01,,WARNING,,S,NĐ 98/2023/NĐ-CP,Điều 54,,,,,,,50,,,,,"
    "Trước 2021: chưa đọc quy định nào. Chưa có địa chỉ để tra cứu,,,,\n"
)


SAMPLE = """

def _awards(people: Population, facts: Facts) -> None:
    for p in [p for ps in people.members.values() for p in ps][::9]:
        facts.add(
            "2021", p.home.base, "awards", p.home.unit, full_name=p.full_name, identity_number=p.identity_number,
            awarded_on=dt.date(2021, 9, 2), amount=5.0,
        )  # fmt: skip
"""
RECIPES = """def _awards() -> list[Recipe]:
    name = "awards"
    return [
        *_shared(name, person, "full_name", "identity_number", "awarded_on"),
        Recipe(name, "number_readable", "unreadable number", raw("amount", "ba tri\u1ec7u")),
        Recipe(name, "award_not_negative", "less than nothing", put(amount=-3.0)),
        Recipe(name, "award_within_limit", "too much", put(amount=80.0), version="K01"),
    ]


"""


def steps(project: Path) -> list[Path]:
    """Do what a person does by hand; gives the files that it takes."""
    schemas, seeds, models = project / "pipeline/schemas", project / "dbt_project/seeds", project / "dbt_project/models"
    sample = project / "pipeline/sample"

    def change(file: Path, pattern: str, by: str) -> Path:
        text, times = re.subn(pattern, by, file.read_text("utf-8"), count=1, flags=re.MULTILINE)
        assert times == 1, file
        file.write_text(text, "utf-8")
        return file

    def append(file: Path, line: str) -> Path:
        file.write_text(file.read_text("utf-8") + line, "utf-8")
        return file

    (schemas / "awards.py").write_text(SCHEMA, "utf-8")
    change(schemas / "__init__.py", r"^from pipeline.schemas.discipline", "from pipeline.schemas.awards import AWARDS\n\\g<0>")
    return [
        change(seeds / "codes.csv", r"^dataset,discipline,.*\n", "\\g<0>dataset,awards,Khen thưởng,Awards,Thi đua khen thưởng,6,\n"),
        schemas / "awards.py",
        change(schemas / "__init__.py", r"DISCIPLINE\)\}", "DISCIPLINE, AWARDS)}"),
        append(seeds / "law_rules.csv", RULE),
        append(seeds / "law_versions.csv", VERSION),
        change(
            models / "record/record.yml",
            r"^(      - input: \"source\('landing', 'discipline'\)\"\n(?:        .*\n)+)(?=    expect:)",
            "\\g<1>      - {input: \"source('landing', 'awards')\", rows: []}\n",
        ),
        append(change(sample / "facts.py", "^    return facts$", "    _awards(people, facts)\n\\g<0>"), SAMPLE),
        change(change(sample / "recipes.py", r"\*_discipline\(\)\)", "*_discipline(), *_awards())"), r"^RECIPES = ", f"{RECIPES}\\g<0>"),
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """The project with the dataset, and the files that a person wrote for it."""
    checkout = tmp_path_factory.mktemp("checkout")
    for folder in ("pipeline", "dbt_project"):
        shutil.copytree(PROJECT / folder, checkout / folder, ignore=shutil.ignore_patterns("target", "__pycache__"))
    (checkout / "docs").mkdir()
    shutil.copy(PROJECT / "pyproject.toml", checkout)
    return checkout, [file.relative_to(checkout) for file in steps(checkout)]


@pytest.fixture(scope="module")
def project(made: tuple[Path, list[Path]]) -> Path:
    assert contract(made[0]).returncode == 0
    return made[0]


def contract(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline.contract"]
    return subprocess.run(command, env=os.environ | own(project), capture_output=True, text=True, timeout=LONGEST)


def own(project: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(project), "PYTHONSAFEPATH": "1"}


@pytest.fixture(scope="module")
def loaded(project: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    city = City(tmp_path_factory.mktemp("new") / "data")
    rows = [
        ["Nguyễn Văn A", number(1), None, "02/09/2021", 5, None],
        ["Nguyễn Văn B", number(2), None, "03/2021", 60, None],
        ["Nguyễn Văn C", number(3), None, "02/09/2021", -2, "âm"],
        ["Nguyễn Văn D", number(4), "Chi bộ lạ", "02/09/2021", 1, None],
    ]
    city.put(
        "2021/Q01.002/Thi đua khen thưởng.xlsx",
        {"Khen thưởng": [["Họ và tên", "Số CCCD", "Đơn vị", "Ngày quyết định", "Tiền thưởng", "Ghi chú"], *rows]},
    )
    done = pipeline(city.home, "load", **own(project))
    assert done.returncode == 0, done.stdout + done.stderr
    return city


def ask(city: City, query: str) -> list[tuple]:
    with duckdb.connect(str(city.home.published), read_only=True) as db:
        return db.execute(query).fetchall()


def test_its_rows_are_facts_without_a_day_of_a_person(loaded: City) -> None:
    facts = ask(loaded, "SELECT awarded_on_year, awarded_on_precision_code, amount FROM core.fct_awards ORDER BY amount NULLS LAST")
    assert facts == [(2021, "DAY", 1.0), (2021, "DAY", 5.0), (2021, "MONTH", 60.0), (2021, "DAY", None)]
    comments = ask(loaded, "SELECT comment FROM duckdb_columns() WHERE table_name = 'fct_awards' AND column_name = 'amount'")
    assert comments == [("Tiền thưởng / Money, in million đồng.",)]
    keys = ask(loaded, "SELECT comment FROM duckdb_columns() WHERE table_name = 'fct_awards' AND column_name = 'award_key'")
    assert keys == [("Khóa của dòng Khen thưởng / Key of the row.",)]


def test_its_rows_stand_in_a_wide_view_with_its_words(loaded: City) -> None:
    seen = ask(loaded, "SELECT year, sent_year, unit_code, superior_code, amount FROM bi.awards WHERE amount > 1 ORDER BY amount")
    assert seen == [(2021, 2021, "Q01.002", "Q01", 5.0), (2021, 2021, "Q01.002", "Q01", 60.0)]
    assert ask(loaded, "SELECT description_vi, is_view FROM quality.columns WHERE table_name = 'awards' AND column_name = 'amount'") == [
        ("Tiền thưởng", True)
    ]


def test_its_rules_of_form_and_of_law_and_of_the_warehouse_are_asked(loaded: City) -> None:
    told = ask(
        loaded, "SELECT row_no, rule_code, version_code, severity_code FROM quality.findings WHERE dataset_code = 'awards' ORDER BY ALL"
    )
    assert set(told) == {
        (3, "award_within_limit", "K01", "WARNING"),
        (4, "award_not_negative", None, "WARNING"),
        (5, "unit_known", None, "WARNING"),
    }
    asked = ask(loaded, "SELECT count(*) FROM quality.rules WHERE dataset_code = 'awards' AND step_code = 'WAREHOUSE' AND asked_count > 0")
    assert asked[0][0] >= 8


def test_its_unit_gets_its_rows_back_marked(loaded: City) -> None:
    (book,) = (loaded.home.outbox / "2021" / "Q01.002").glob("*.xlsx")
    assert "Khen thưởng" in CalamineWorkbook.from_path(str(book)).sheet_names


def test_its_template_has_its_sheet(project: Path, loaded: City, tmp_path: Path) -> None:
    done = pipeline(loaded.home, "template", "--unit", "Q01.002", "--period", "2021", "--to", str(tmp_path), **own(project))
    assert done.returncode == 0, done.stdout + done.stderr
    (book,) = tmp_path.rglob("*.xlsx")
    sheet = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("Khen thưởng").to_python()
    assert {"Ngày khen thưởng", "Tiền thưởng"} <= {str(cell).removesuffix(" (*)") for row in sheet for cell in row}


def test_its_chapter_stands_in_the_units_page(project: Path) -> None:
    page = (project / "docs/units.md").read_text("utf-8")
    assert "## Khen thưởng (`awards`)" in page and "Tiền thưởng không được vượt 50 triệu đồng." in page
    assert "phải mang tên một bộ dữ liệu: Nhân sự, Xếp loại, Luân chuyển, Đào tạo, Kỷ luật, Khen thưởng." in page


def test_its_key_only_names_a_row_and_tells_nobody_apart(project: Path, loaded: City) -> None:
    run(project, loaded.home, "from pipeline.warehouse.recognised import OF_THE_ROW\nassert 'award_key' in OF_THE_ROW")


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("dbt_project/seeds/codes.csv", "dataset,awards,", "awards: a dataset stands both in schemas/__init__.py and"),
        ("dbt_project/seeds/law_rules.csv", "award_within_limit,", "seeds/law_rules.csv has no rule award_within_limit"),
        ("dbt_project/seeds/law_versions.csv", "K01,", "seeds/law_versions.csv has no version of award_within_limit."),
    ],
)
def test_what_was_forgotten_is_named_in_a_sentence(project: Path, tmp_path: Path, file: str, line: str, said: str) -> None:
    for folder in ("pipeline", "dbt_project", "docs"):
        shutil.copytree(project / folder, tmp_path / folder, ignore=shutil.ignore_patterns("target", "__pycache__"))
    rows = (tmp_path / file).read_text("utf-8").splitlines(keepends=True)
    (tmp_path / file).write_text("".join(row for row in rows if not row.startswith(line)), "utf-8")
    done = contract(tmp_path)
    assert done.returncode == 1 and done.stderr.startswith(said) and "Traceback" not in done.stderr


def test_what_was_generated_for_it_goes_when_it_goes(project: Path, tmp_path: Path) -> None:
    for folder in ("pipeline", "dbt_project", "docs"):
        shutil.copytree(project / folder, tmp_path / folder, ignore=shutil.ignore_patterns("target", "__pycache__"))
    shutil.rmtree(tmp_path / "pipeline" / "schemas")
    shutil.copytree(PROJECT / "pipeline" / "schemas", tmp_path / "pipeline" / "schemas")
    for seed in ("codes", "law_rules", "law_versions"):
        shutil.copy(SEEDS / f"{seed}.csv", tmp_path / "dbt_project" / "seeds")
    done = contract(tmp_path)
    assert done.returncode == 0 and "dbt_project/models/core/fct_awards.sql" in done.stdout
    assert not [*(tmp_path / "dbt_project").rglob("*awards*")]


BOOK = "not found_in_a_file and not one_row_and_one_load"  # all but what loads cities
OF_ALL_DATASETS = ("test_rule_book.py", "test_schemas.py", "test_titles.py")


def test_what_is_asked_of_every_dataset_and_law_is_asked_of_it_too(project: Path, tmp_path: Path) -> None:
    """No test lists the datasets where a further one would have to be named; and the law of the checklist is one that the rule book takes."""
    for folder in ("pipeline", "dbt_project", "docs"):
        shutil.copytree(project / folder, tmp_path / folder, ignore=shutil.ignore_patterns("target", "__pycache__"))
    shutil.copytree(PROJECT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "CONTRIBUTING.md"):
        shutil.copy(PROJECT / file, tmp_path / file)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", BOOK, *OF_ALL_DATASETS]
    own_tests = own(tmp_path) | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{tmp_path / 'tests'}"}
    done = subprocess.run(command, cwd=tmp_path / "tests", env=os.environ | own_tests, capture_output=True, text=True, timeout=LONGEST)
    assert done.returncode == 0, done.stdout[-3000:]


UNIT_TESTS = """
from pipeline import nightly
from pipeline.warehouse import transform
from pipeline.ledger.records import read_loads
from pipeline.paths import Home

home = Home.from_environment()
load = read_loads(home)[-1]
nightly.write_context(home, load, nightly.check_registry(home, load.registry))
transform.build(home, unit_tests=True)
"""


def run(project: Path, home: Home, code: str) -> str:
    environment = os.environ | own(project) | {"PERSONNEL_HOME": str(home.root), "PERSONNEL_AS_OF": "2027-02-01"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=LONGEST)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def test_dbts_unit_tests_pass_with_it(project: Path, loaded: City) -> None:
    run(project, loaded.home, UNIT_TESTS)


FAULTS = """
import polars as pl
from pipeline import demo
from pipeline.warehouse import publish
from pipeline.cli import load
from pipeline.paths import Home
from pipeline.sample import make_city

home = Home.from_environment()
make_city(home, size="small", faults=True)
load._load(home)
with publish.open_whole(home) as db:
    print(demo.recall(home, db)[1])
    sent = "SELECT count(*) FROM core.fct_awards"
    print("awards", db.execute(sent).fetchone()[0])
"""


def test_the_sample_city_sends_it_and_its_planted_faults_are_found(project: Path, tmp_path: Path) -> None:
    planted = Home(tmp_path / "data")
    said = run(project, planted, FAULTS)
    assert "recall: 100.0%" in said, said
    faults = (planted.truth / "faults.csv").read_text("utf-8")
    assert all(rule in faults for rule in ("award_not_negative", "award_within_limit"))
    assert int(said.rpartition("awards ")[2]) > 100


def test_what_was_written_passes_lint(project: Path) -> None:
    for asked in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *asked, "--no-cache", "pipeline"]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=LONGEST)
        assert done.returncode == 0, done.stdout


def test_what_the_checklist_says_is_what_was_done(made: tuple[Path, list[Path]], record_property: Callable[[str, object], None]) -> None:
    """Each step takes some of the files by hand, or is `make contract`; none is taken that no step names; and they are eight."""
    _, by_hand = made
    record_property(SAID, f"files by hand for a new dataset: {len(by_hand)} ({', '.join(map(str, by_hand))})")
    said = (PROJECT / "CONTRIBUTING.md").read_text("utf-8").partition("## Add a dataset")[2].partition("\n## ")[0]
    *told, last = re.findall(r"^[0-9]\. .*\n(?:   .*\n)*", said, re.MULTILINE)
    names = {file: "/".join(file.parts[-2:]).replace("awards", "<name>") for file in by_hand}
    assert [step for step in told if not any(name in step for name in names.values())] == []
    assert [name for name in names.values() if not any(name in step for step in told)] == []
    assert last.startswith(f"{len(told) + 1}. `make contract`:")
    assert len(by_hand) == 8 and "eight by hand" in said
