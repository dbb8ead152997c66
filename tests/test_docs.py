"""What the documentation shows works: every query runs, every connection connects, and what is generated is not stale."""

import json
import re
from pathlib import Path

import chaos
import duckdb
import mutate
import pytest
from sqlalchemy import create_engine, text

from pipeline.contract import written
from pipeline.paths import PROJECT, Home

ANALYSTS = (PROJECT / "docs" / "analysts.md").read_text("utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", ANALYSTS, re.DOTALL)
LOCKED = {"enable_external_access": False, "lock_configuration": True}


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: " ".join(q.split())[:60])
def test_query_runs(query: str, small: Home) -> None:
    with duckdb.connect(str(small.published), read_only=True, config=LOCKED) as db:
        db.execute(query).fetchall()


def test_no_question_of_the_cookbook_divides_by_nought() -> None:
    """PostgreSQL stops at one, and DuckDB says inf or nan."""
    questions = re.findall(r"```sql\n(.*?)```", (PROJECT / "docs" / "cookbook.md").read_text("utf-8"), re.DOTALL)
    assert len(questions) > 30
    divided = [below for query in questions for below in re.findall(r" / (\S+)", query)]
    assert len(divided) > 10 and not [below for below in divided if not below.startswith("nullif(") and not below[0].isdigit()]


def test_python_of_the_page_runs(small: Home) -> None:
    pinned = 0
    for code in re.findall(r"```python\n(.*?)```", ANALYSTS, re.DOTALL):
        names: dict = {}
        code = code.replace("data/warehouse/personnel.duckdb", str(small.published)).replace("data/warehouse/versions", str(small.versions))
        exec(code, names)
        if version := names.get("version"):
            pinned += 1
            assert version.parent == small.versions.resolve() and version.name.isdecimal() and names["exports"].is_dir()
            load_id = json.loads((version / "version.json").read_text("utf-8"))["load_id"]
            assert names["db"].execute("SELECT max(load_id) FROM quality.loads").fetchone() == (load_id,)
        if "engine" in names:
            names["engine"].dispose()
        else:
            names["db"].close()
    assert pinned == 1


def test_sqlalchemy_connects_read_only_and_locked_down(small: Home) -> None:
    engine = create_engine(f"duckdb:///{small.published}", connect_args={"read_only": True, "config": LOCKED})
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM reports.rpt_rating_summary")).scalar_one() > 0
        with pytest.raises(Exception, match=r"disabled by configuration|Permission"):
            connection.execute(text("SELECT * FROM read_text('/etc/hostname')")).fetchall()
    engine.dispose()


@pytest.mark.parametrize("path", written.generated(), ids=lambda p: p.name)
def test_generated_file_is_not_stale(path: Path) -> None:
    assert path.read_text("utf-8") == written.generated()[path], "run `make contract`"


def test_the_page_of_reliability_is_that_of_its_runs() -> None:
    runs = json.loads(chaos.RUNS.read_text("utf-8"))
    assert chaos.PAGE.read_text("utf-8") == chaos.page(runs), "run `tests/chaos.py --add`"


def test_the_changes_that_tests_notice_are_those_of_the_kept_run() -> None:
    page = mutate.PAGE.read_text("utf-8")
    assert mutate.put_into(page, mutate.section(json.loads(mutate.KEPT.read_text("utf-8")))) == page, "run `tests/mutate.py --write`"


def test_what_is_said_of_survivors_is_said_of_those_of_the_kept_run() -> None:
    """Of how many and of which day they were read; and in a table of rooms, whose columns “of …” are parts of others, how many of each."""
    kept = json.loads(mutate.KEPT.read_text("utf-8"))
    said = mutate.PAGE.read_text("utf-8").partition(f"{mutate.READ}\n")[2].partition("\n## ")[0]
    assert kept["day"] in said and re.search(rf"\b{len(kept['survivors'])}\b", said), "read the survivors of the last run"
    heads, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in said.splitlines() if line.startswith("|")] or [[]]
    read = {
        room: sum(int(n) for head, n in zip(heads[1:], counts, strict=True) if not head.startswith("of ")) for room, *counts in rows[1:]
    }
    assert not read or read == {room: counts["survived"] for room, counts in kept["rooms"].items()}


@pytest.mark.parametrize("page", sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]), ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
