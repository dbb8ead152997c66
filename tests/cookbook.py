"""The page of questions: each query, where it is asked, and the answer that stands below it.

`python tests/cookbook.py CITY FAULTY` writes the answers of two loaded homes (the sample city, the small one with faults, as tests/test_city.py loads
them) into the page. What does not belong here: whether an answer is right, which the tests of reports say.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.paths import PROJECT, Home
from pipeline.surfaces import sql

PAGE = PROJECT / "docs" / "cookbook.md"
FEW, WIDE = 5, 60  # rows that stand in the page, letters of a value
BLOCK = re.compile(r"```sql\n(.*?)```\n(?:\n((?:\|[^\n]*\n)+\n\*[^\n]*\*\n))?", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """A question of the page."""

    number: int
    query: str
    answer: str  # as it stands there
    is_of_faults: bool


def questions(page: str) -> list[Question]:
    found = []
    for part in re.split(r"^## ", page, flags=re.MULTILINE):
        for number, rest in re.findall(r"^### (\d+)\.(.*?)(?=^### |\Z)", part, re.DOTALL | re.MULTILINE):
            (block,) = BLOCK.finditer(rest)
            found.append(Question(int(number), block[1], block[2] or "", "with faults" in part.partition("\n")[0]))
    return found


def answered(home: Home, query: str) -> str:
    """The answer as a table: its first rows, and how many there are."""
    with sql.opened(home) as session:
        answer = session.ask(query)
        rows = sql.cells(list(answer.rows))
    lines = [answer.columns, ["---"] * len(answer.columns), *([cell[:WIDE] for cell in row] for row in rows[:FEW])]
    count = f"{len(rows)} row{'s' if len(rows) != 1 else ''}"
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + f"\n*{count}*\n"


def with_answers(page: str, answer: Callable[[Question], str]) -> str:
    answers = iter([answer(question) for question in questions(page)])
    assert len(BLOCK.findall(page)) == len(questions(page))
    return BLOCK.sub(lambda block: f"```sql\n{block[1]}```\n\n{next(answers)}", page)


if __name__ == "__main__":
    city, faulty = (Home(Path(folder).resolve()) for folder in sys.argv[1:])
    said = with_answers(PAGE.read_text("utf-8"), lambda question: answered(faulty if question.is_of_faults else city, question.query))
    PAGE.write_text(said, "utf-8")
    print(f"{PAGE}: {len(questions(said))} answers, DuckDB {duckdb.__version__}")
