"""The sample city in its offices' own forms: what is reported is what templates say, and each kind is read without anybody's help."""

from pathlib import Path

import polars as pl
import pytest
from conftest import load, pipeline, tables
from openpyxl import load_workbook
from test_sample import hashes, landed

from pipeline import demo
from pipeline.paths import Home
from pipeline.sample import A_THIRD, SampleError, make_city
from pipeline.sample.form_kinds import KINDS
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.warehouse.publish import open_whole

# what some kinds of form have no column for; how receipts point at rows, and what differs with the key of a home
NOT_HELD = {
    "core.dim_person": {"ethnicity_code", "service_joined_band", "education_code", "political_theory_code"},
    "core.fct_headcount": {"committee_level_code"},
    "core.fct_personnel": {"committee_level_code", "party_official_band", "service_joined_band"},
    "core.fct_ratings": {"self_level_code", "proposed_level_code", "decision_no", "decided_on"},
    "reports.rpt_submission_status": {"warning_count"},
}
PLACES = {"sheet_no", "row_no"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small city, all of whose files are in offices' own forms, loaded."""
    home = Home(tmp_path_factory.mktemp("own") / "data")
    make_city(home, size="small", forms=1.0)
    load(home)
    return home


def counted(home: Home, name: str) -> pl.DataFrame:
    """A table without keys, numbers by the order of keys, places and what forms need not hold, in one order."""
    table = tables(home)[name]
    numbers = {f"{what}_no" for what in ("person", "rating", "rotation", "training", "discipline")}
    left = PLACES | NOT_HELD.get(name, set()) | numbers
    return table.select(c for c in table.columns if c not in left and not c.endswith("_key")).sort(pl.all())


@pytest.mark.parametrize(
    "name",
    [
        *(f"core.fct_{dataset}" for dataset in (*SCHEMAS, "headcount")), "core.dim_person", "reports.rpt_rating_summary", "reports.rpt_quota",
        "reports.rpt_discipline_summary", "reports.rpt_rotation_summary", "reports.rpt_training_summary", "reports.rpt_submission_status",
    ],
)  # fmt: skip
def test_own_forms_report_what_templates_report(small: Home, own: Home, name: str) -> None:
    assert counted(own, name).equals(counted(small, name))


def test_every_report_is_compared(small: Home) -> None:
    assert {name for name in tables(small) if name.startswith("reports.")} == {
        "reports.rpt_rating_summary", "reports.rpt_quota", "reports.rpt_discipline_summary", "reports.rpt_rotation_summary",
        "reports.rpt_training_summary", "reports.rpt_submission_status",
    }  # fmt: skip


def test_every_kind_of_form_is_sent_and_read_without_help(own: Home) -> None:
    sent = pl.read_csv(own.truth / "forms.csv")
    assert set(sent["kind"]) == {kind.name for kind in KINDS}
    assert set(sent["dataset"]) == set(SCHEMAS) and len(KINDS) >= 10
    with open_whole(own) as db:
        files, in_forms, kinds, alone = demo.read_alone(own, db)
    assert (in_forms, kinds, alone) == (files, len(KINDS), files)


@pytest.mark.parametrize("seed", [4, 7])  # cities with offices that send CSV: headers of several rows without merged cells
def test_a_form_is_read_from_csv_as_well(seed: int, tmp_path: Path) -> None:
    home = Home(tmp_path)
    make_city(home, seed=seed, size="small", forms=1.0)
    sent = pl.read_csv(home.truth / "forms.csv")
    assert sum(path.endswith(".csv") for path in sent["path"]) > 4
    found = landed(home)
    assert set(found["submissions"]["verdict_code"]) == {"ACCEPTED"}
    assert set(found["findings"]["rule_code"]) <= {*demo.NOTICES, "column_known"}
    for dataset in SCHEMAS:
        assert found[dataset].height == pl.read_parquet(home.truth / f"{dataset}.parquet").height


def test_nobody_had_said_what_a_form_means(own: Home) -> None:
    """No layout and no form of an office is in the registry."""
    assert {file.stem for file in own.registry.iterdir()} == {"units", "calendar", "programmes", "providers", "posts", "signers"}


def test_every_column_of_a_kind_is_its_datasets() -> None:
    for kind in KINDS:
        for form in kind.forms:
            told = {column for c in form.columns for column in c.tells}
            assert told <= own_columns(SCHEMAS[kind.dataset]).keys()


def test_a_third_of_the_files_is_in_own_forms_and_the_sentence_counts_those_that_were_read(tmp_path: Path) -> None:
    """A form that asks something, and one that lost a person, were not read without help."""
    home = Home(tmp_path / "data")
    make_city(home, size="small", forms=A_THIRD)
    sent = pl.read_csv(home.truth / "forms.csv")
    of = sent.filter(pl.col("path").str.ends_with(".xlsx"), pl.col("dataset") == "personnel", pl.col("kind") != "mỗi chi bộ một trang")
    asks, lost = of["path"].unique(maintain_order=True)[:2]
    for path, change in ((asks, _rename_a_column), (lost, _take_a_person)):
        book = load_workbook(home.raw / path)
        change(book)
        book.save(home.raw / path)
    load(home)
    with open_whole(home) as db:
        files, in_forms, _, alone = demo.read_alone(home, db)
        said = demo.forms(home, db)
    assert in_forms == sent["path"].n_unique() and 0.2 < in_forms / files < 0.5
    assert alone == in_forms - 2
    assert said.startswith(f"{in_forms} of {files} files came in forms of their offices' own") and f"; {alone} of them were read" in said


def _rename_a_column(book: object) -> None:
    _cell_of(book, "tình trạng đảng viên", "loại đảng viên", "ngày kết nạp đảng", "chính thức").value = "Mục 17b"


def _take_a_person(book: object) -> None:
    cell = _cell_of(book, "họ và tên", "họ và tên khai sinh")
    sheet = cell.parent
    last = max(row for row in range(cell.row, sheet.max_row + 1) if isinstance(sheet.cell(row, 1).value, int | float))
    sheet.delete_rows(last)


def _cell_of(book: object, *headers: str) -> object:
    cells = (cell for row in book.worksheets[0].iter_rows() for cell in row)
    return next(cell for cell in cells if str(cell.value).lower() in headers)


def test_same_seed_gives_the_same_forms(tmp_path: Path) -> None:
    one, two = Home(tmp_path / "a"), Home(tmp_path / "b")
    make_city(one, seed=5, size="small", forms=A_THIRD)
    make_city(two, seed=5, size="small", forms=A_THIRD)
    assert hashes(one) == hashes(two)


def test_files_that_are_no_forms_stay_as_they_were(tmp_path: Path) -> None:
    one, two = Home(tmp_path / "a"), Home(tmp_path / "b")
    make_city(one, size="small")
    make_city(two, size="small", forms=A_THIRD)
    sent = set(pl.read_csv(two.truth / "forms.csv")["path"])
    before, after = hashes(one), hashes(two)
    assert before.keys() == after.keys()
    assert {path.removeprefix("raw/") for path in before if before[path] != after[path]} == sent | {two.sample_marker.name}


def test_faults_and_forms_are_not_planted_together(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="choose faults or forms"):
        make_city(Home(tmp_path), size="small", faults=True, forms=A_THIRD)
    done = pipeline(Home(tmp_path), "demo", "--faults", "--forms")
    assert done.returncode == 1 and "choose faults or forms" in done.stdout + done.stderr
