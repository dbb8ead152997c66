"""Imports go down only, and one library stays in its room."""

import ast
import re
import sys
import tomllib
from collections import Counter
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from pipeline.paths import DBT_PROJECT, PROJECT
from pipeline.schemas import SCHEMAS

PACKAGE = PROJECT / "pipeline"
# top to bottom; siblings on a floor do not import one another, unless the pair is named below
FLOORS = [
    {"cli"},
    {"definitions", "demo"},
    {"assets", "checking", "keeping"},
    {"nightly", "answers", "surfaces"},
    {"judging"},
    {"warehouse", "history", "contract"},
    {"intake", "gate", "sample"},
    {"schemas"},
    {"spans", "spoken_lists"},
    {"titles"},
    {"title_words", "spoken_time"},
    {"names_and_numbers"},
    {"values", "presentation", "metrics"},
    {"codes", "law", "ledger", "frames"},
    {"whole"},
    {"paths"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
SIBLINGS = {
    ("contract", "warehouse"): "sources are generated from what lands",
}
# What reading surfaces may see: what is published, and words; and how a file is written whole.
SEEN_BY_SURFACES = {
    "pipeline.warehouse.door", "pipeline.presentation", "pipeline.codes", "pipeline.paths", "pipeline.metrics", "pipeline.whole",
}  # fmt: skip
ROOMS = {
    "python_calamine": {"intake/spreadsheets.py"},
    "olefile": {"intake/hidden_xls.py"},
    "pebble": {"intake", "answers/receipts/workbooks.py"},
    "pandera": {"schemas", "judging/validate.py", "contract"},
    "dagster": {"assets.py", "definitions.py", "history.py", "cli/night.py"},
    "dagster_dbt": {"assets.py"},
    "dbt": {"warehouse/transform.py"},
    "metricflow": {"surfaces/metrics"},
    "metricflow_semantics": {"surfaces/metrics"},
    "sqlglot": {"surfaces/metrics/condition.py"},
    "openpyxl": {"answers/returned", "answers/forms/workbook.py"},
    "jinja2": {"answers/receipts/page.py", "surfaces/dashboards/in_superset", "warehouse/dictionary.py", "surfaces/pages"},
    "markupsafe": {"surfaces/pages"},
    "duckdb": {"warehouse", "demo.py"},
    "xlsxwriter": {
        "answers/template/workbook.py",
        "answers/forms/workbook.py",
        "sample",
        "surfaces/files.py",
        "surfaces/reports/xlsx.py",
    },
    "docx": {"surfaces/reports/docx.py"},
    "typst": {"surfaces/reports/pdf.py", "surfaces/reports/fonts.py"},
    "rustpy_xlsxwriter": {"warehouse/workbook.py"},
    "cryptography": {"ledger/sealed.py"},
    "typer": {"cli"},
    "rich": {"cli", "demo.py"},
    "psycopg": {"surfaces/postgresql.py", "surfaces/postgresql_connection.py", "surfaces/postgresql_swap.py"},
    "superset": {"surfaces/dashboards/in_superset"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def imports(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            is_room = PROJECT.joinpath(*node.module.split(".")).is_dir()
            names |= {f"{node.module}.{a.name}" for a in node.names} if is_room else {node.module}
    return names


def room(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def may_import(own: str, name: str) -> bool:
    """Whether a room may import a module of another (`pipeline.x.y`)."""
    other = name.split(".")[1]
    if own == "surfaces":
        return other == own or name in SEEN_BY_SURFACES
    return other == own or (own, other) in SIBLINGS or FLOOR[other] > FLOOR[own]


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_imports_go_down_only(file: Path) -> None:
    own = room(file)
    if own == "__init__":
        return
    for name in imports(file):
        if name.startswith("pipeline."):
            assert may_import(own, name), f"{own} imports {name}"


def test_the_table_of_floors_is_the_one_that_is_held() -> None:
    """CONTRIBUTING's table names every room, none above one that lies higher, and no module that is not there."""
    table = (PROJECT / "CONTRIBUTING.md").read_text("utf-8").partition("## Floors")[2].partition("\nA room's own modules")[0]
    rows = [re.findall(r"`([^`]+)`", line) for line in table.splitlines() if line.startswith("|")]
    row_of = {
        name: next((n for n, row in enumerate(rows) if f"{name}{'/' if (PACKAGE / name).is_dir() else '.py'}" in row), None)
        for name in FLOOR
    }
    assert [name for name, row in row_of.items() if row is None] == []
    floors = [FLOOR[name] for name in sorted(FLOOR, key=lambda name: (row_of[name], FLOOR[name]))]
    assert floors == sorted(floors)
    gone = []
    for row in rows:
        rooms = [PACKAGE / name for name in row if name.endswith("/") and (PACKAGE / name).is_dir()]
        gone += [name for name in row if not (list(PACKAGE.glob(name)) or any(list(room.rglob(name)) for room in rooms))]
    assert gone == []


PROJECT_FILE = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
IN_SUPERSET = PACKAGE / "surfaces" / "dashboards" / "in_superset"  # its libraries are in an environment of their own


def test_what_is_imported_is_declared() -> None:
    """No library is there only because another one brings it."""
    project = PROJECT_FILE["project"]
    of_choice = [line for name in ("age", "postgresql") for line in project["optional-dependencies"][name]]
    declared = {re.split(r"[\[<>=]", line)[0].lower() for line in [*project["dependencies"], *of_choice]}
    brings = packages_distributions()
    missing = {
        f"{file.relative_to(PACKAGE)}: {name}"
        for file in FILES
        if IN_SUPERSET not in file.parents
        for name in (name.split(".")[0] for name in imports(file))
        if name not in sys.stdlib_module_names and name != "pipeline" and declared.isdisjoint(d.lower() for d in brings.get(name, [name]))
    }
    assert missing == set()


def test_every_room_is_installed() -> None:
    rooms = {".".join(("pipeline", *file.parent.relative_to(PACKAGE).parts)) for file in FILES if file.name == "__init__.py"}
    setuptools = PROJECT_FILE["tool"]["setuptools"]
    assert rooms == {*setuptools["packages"]}
    lies = {f for f in PACKAGE.rglob("*") if f.is_file() and f.suffix not in (".py", ".pyc")}
    taken = {
        f for room, patterns in setuptools["package-data"].items() for p in patterns for f in PROJECT.joinpath(*room.split(".")).glob(p)
    }
    assert lies - taken == set()


def test_a_surface_will_see_only_what_is_published() -> None:
    assert may_import("surfaces", "pipeline.warehouse.door") and may_import("surfaces", "pipeline.presentation")
    for name in (
        "warehouse.publish",
        "warehouse.landing",
        "ledger.sealed",
        "judging.validate",
        "intake.files",
        "answers.receipts",
        "nightly",
    ):
        assert not may_import("surfaces", f"pipeline.{name}")


def test_no_modules_import_one_another_in_a_circle() -> None:
    names = {".".join(("pipeline", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): file for file in FILES}
    asked: dict[str, set[str]] = {}
    for name, file in names.items():
        found = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
        asked[name] = {m if m in names else str(node.module) for node in found for m in (f"{node.module}.{a.name}" for a in node.names)}
    TopologicalSorter(asked).prepare()  # raises CycleError, which names them


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_a_library_stays_in_its_room(file: Path) -> None:
    where = file.relative_to(PACKAGE).as_posix()
    for name in imports(file):
        allowed = ROOMS.get(name.split(".")[0])
        assert allowed is None or any(where == a or where.startswith(f"{a}/") for a in allowed), f"{where} imports {name}"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_a_module_says_what_it_is(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text("utf-8")))


def test_the_gate_is_light() -> None:
    """A quiet night imports nothing heavy."""
    import subprocess
    import sys

    heavy = "{'dagster', 'dbt', 'metricflow', 'pandera', 'polars', 'duckdb'}"
    code = f"import sys, pipeline.cli; from pipeline import gate; print({heavy} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT).stdout.strip() == "set()"


def test_what_decides_a_verdict_is_what_the_judges_import() -> None:
    """The contract's files, as Python itself imports them: nothing that judges is left out, no step of the night is in."""
    import subprocess
    import sys

    from pipeline import gate

    judges = ", ".join(f"pipeline.{name.removesuffix('.py').replace('/', '.')}" for name in gate.JUDGES)
    code = (
        f"import sys, {judges}; print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('pipeline.') and m.__file__), sep='\\n')"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=True).stdout.split("\n")
    imported = {Path(file).relative_to(PACKAGE).as_posix() for file in loaded if file}
    decides = {file.relative_to(PACKAGE).as_posix() for file in gate.judging()}
    assert imported - gate.KEEPERS == decides
    assert decides >= {
        "judging/validate.py",
        "judging/submissions.py",
        "judging/recount.py",
        "judging/layouts.py",
        "titles.py",
        "warehouse/people.py",
        "law.py",
        "warehouse/landing.py",
        "warehouse/landing_tables.py",
        "schemas/ratings.py",
    }
    assert decides.isdisjoint(
        {
            "nightly/batches.py",
            "judging/registry.py",
            "gate.py",
            "warehouse/publish.py",
            "assets.py",
            "answers/receipts/write.py",
            "ledger/archive.py",
            "whole.py",
        }
    )


def test_what_is_kept_for_the_next_who_asks_can_be_changed_by_nobody() -> None:
    """Two files that ask a kept function the same get one object: what one did to it would be read from the other."""
    changeable = []
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(re.match(r"(lru_)?cache\b", ast.unparse(d)) for d in node.decorator_list):
                returned = ast.unparse(node.returns) if node.returns else "nothing said"
                changeable += (
                    [f"{file.name}: {node.name} -> {returned}"] if re.search(r"\b(dict|list|set|Said|nothing)\b", returned) else []
                )
    assert not changeable


def test_what_makes_tables_of_what_landed_is_what_its_makers_import() -> None:
    """A change of any of it makes the tables anew: of how the registry is read, of what is written beside what landed, of what publishes."""
    from pipeline import gate

    makes = {file.relative_to(PACKAGE).as_posix() for file in gate.making()}
    assert makes >= {
        "judging/registry.py",
        "judging/unit_tree.py",
        "nightly/context.py",
        "nightly/identities.py",
        "presentation.py",
        "warehouse/afresh.py",
        "warehouse/dictionary.py",
        "warehouse/publish.py",
        "warehouse/recognised.py",
        "warehouse/transform.py",
        "warehouse/workbook.py",
    }
    assert makes.isdisjoint(file.relative_to(PACKAGE).as_posix() for file in gate.judging())
    assert makes.isdisjoint({"gate.py", "assets.py", "nightly/batches.py", "answers/receipts/write.py", "ledger/backups.py"})


def test_the_contract_knows_the_libraries_that_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another release of any may read a cell otherwise. Of these pebble reads nothing: it starts processes."""
    from pipeline import gate

    asked: list[str] = []
    monkeypatch.setattr(gate, "version", lambda name: asked.append(name) or "1")
    gate.contract({})
    used = {name.split(".")[0] for file in gate.judging() for name in imports(file)}
    brings = packages_distributions()
    judges = {d.lower() for name in used - {"pipeline", "pebble"} - sys.stdlib_module_names for d in brings[name]}
    assert {*asked} == judges


def test_a_day_a_decimal_a_format_of_excel_and_a_column_are_written_in_one_place() -> None:
    """Beside the home of what people see stands what reading makes of a cell, which must stay as it is whatever is shown: it is read again, and decides
    verdicts. The sample writes as offices do."""
    seen = {
        r"%d/%m/%Y|\.day:02\}/": {  # also a reader that knows the form of nearly all days, the look that holds it against its cell, settings of Superset
            "presentation.py",
            "intake/cells.py",
            "judging/parse.py",
            "judging/recount.py",
            "surfaces/dashboards/charts.py",
            "surfaces/dashboards/in_superset/superset_config.py",
        },
        r'replace\("\.", ","\)|maketrans\("[,.]{2}"': {"presentation.py", "intake/cells.py"},
        r'"#,##0"|"0\.00%"|[:=] "dd/mm/yyyy"': {
            "presentation.py",
            "intake/unseen.py",
        },  # there: formats that every workbook has without saying so
    }
    for pattern, homes in seen.items():
        found = {where(file) for file in FILES if room(file) != "sample" and re.search(pattern, file.read_text("utf-8"))}
        assert found == homes, pattern
    letters = re.compile(r"divmod\(.*, 26\)|\* 26 \+ ord\(")
    assert {where(file) for file in FILES if letters.search(file.read_text("utf-8"))} == {"intake/readings.py"}


# What says something of each dataset by its name, outside its card, which only a person can say: the chapters of the metrics' page, what a wide view of a fact
# that is more than its row says, which of a dataset's metrics a unit's page shows, and the sentences of reports. A dataset that none of them names is read,
# judged and published all the same, exported, compared by notices, and its metrics are asked and explained like all others.
OF_DATASETS = {
    "pipeline/contract/metrics_page.py": 1,
    "pipeline/contract/wide.py": 1,
    "pipeline/surfaces/pages/views.py": 1,
    "pipeline/surfaces/reports/text.py": 2,
}


def where(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def test_nothing_else_lists_the_datasets() -> None:
    """Three names of datasets, or of reports, in one list, set or table of Python, or in one model of SQL that nobody generates, are a list of them."""
    names, reports = set(SCHEMAS), {file.stem for file in (DBT_PROJECT / "models" / "reports").glob("*.sql")}
    found: Counter[str] = Counter()
    for file in (*(file for file in FILES if room(file) not in ("schemas", "sample")), PROJECT / "tests" / "mutate.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            parts = node.keys if isinstance(node, ast.Dict) else node.elts if isinstance(node, ast.Set | ast.List | ast.Tuple) else ()
            said = {part.value for part in parts if isinstance(part, ast.Constant)}
            found[file.relative_to(PROJECT).as_posix()] += max(len(names & said), len(reports & said)) >= 3
    assert {file: count for file, count in found.items() if count} == OF_DATASETS
    for file in (f for part in ("models", "macros", "tests") for f in (DBT_PROJECT / part).rglob("*.sql")):
        text = file.read_text("utf-8")
        named = [name for name in names if re.search(rf"(?<![a-z_]){name}(?![a-z_])", text)]
        assert len(named) < 3 or "Generated by pipeline/contract" in text.splitlines()[0], f"{file.name} lists {named}"
