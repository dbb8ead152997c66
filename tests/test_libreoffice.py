"""Files that LibreOffice wrote are read back as they were meant, in every format that it writes; and it opens the receipts of offices' own forms."""

from pathlib import Path

import polars as pl
import pytest
from conftest import load
from libreoffice import FORMATS, SOFFICE, WRITTEN, Written, convert, written
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from quality import compare, judged

from pipeline.codes import labels
from pipeline.paths import Home
from pipeline.sample import make_city
from pipeline.sample.form_kinds import KINDS

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Written]]:
    return written(tmp_path_factory.mktemp("office"))


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("extension", FORMATS)
def test_what_libreoffice_wrote_is_read_cell_by_cell(extension: str, kind: str, files: dict[str, list[Written]], tmp_path: Path) -> None:
    ours = [file for file in files[extension] if file.kind == kind]
    assert ours
    for file in ours:
        outcome = compare(file.expected, judged(file.name, file.data, tmp_path))
        assert outcome.is_right, (file.name, outcome)


# ── receipts of offices' own forms ───────────────────────────────────────────────────────────────────────────────

REMARKS, READ_AS = "Kết quả kiểm tra", "Cách đọc tệp"
DATASETS = {label: code for code, label in labels("dataset").items()}
WRONG = "12345"  # no identity number
NUMBER = {"số cccd", "cccd", "căn cước công dân", "số định danh cá nhân", "cccd/cmnd"}


@pytest.fixture(scope="module")
def receipts(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, dict[str, Workbook]]:
    """What was sent in own forms, a wrong number in each list; and by path the receipts as LibreOffice opened them and saved them again."""
    folder = tmp_path_factory.mktemp("receipts")
    home = Home(folder / "data")
    make_city(home, size="small", forms=1.0)
    sent = pl.read_csv(home.truth / "forms.csv").filter(pl.col("people") > 0)
    for path in sent["path"].unique():
        book = load_workbook(home.raw / path)
        for sheet in book:
            _write_a_wrong_number(sheet)
        book.save(home.raw / path)
    load(home)
    sources = []
    for n, path in enumerate(paths := sent["path"].unique(maintain_order=True).to_list()):
        sources.append(folder / f"{n}.xlsx")
        sources[-1].write_bytes((home.outbox / path).read_bytes())
    opened = [load_workbook(file) for file in convert(sources, "xlsx", folder / "opened")]
    return sent, dict(zip(paths, opened, strict=True))


def _write_a_wrong_number(sheet: Worksheet) -> None:
    heads = [cell for row in sheet.iter_rows(max_row=12) for cell in row if str(cell.value).lower() in NUMBER]
    first = next((row for row in range(1, 40) if isinstance(sheet.cell(row, 1).value, int | float)), None)
    if heads and first:
        sheet.cell(first, heads[0].column).value = WRONG


def test_every_kind_of_form_has_a_receipt_that_libreoffice_opens(receipts: tuple[pl.DataFrame, dict[str, Workbook]]) -> None:
    sent, opened = receipts
    assert set(sent["kind"]) == {kind.name for kind in KINDS}
    assert all(book.active.title in (READ_AS, REMARKS) and REMARKS in book.sheetnames for book in opened.values())


def test_a_remark_leads_to_the_cell_of_the_form(receipts: tuple[pl.DataFrame, dict[str, Workbook]]) -> None:
    sent, opened = receipts
    told: set[str] = set()
    for path, book in opened.items():
        rows = [row for row in book[REMARKS].iter_rows(min_row=2, values_only=True) if row[6] == WRONG]
        for _, _, sheet, cell, dataset, *_ in rows:  # its first column is hidden
            form = book[sheet][cell]
            assert form.value == WRONG and form.fill.fill_type == "solid"
            told |= {f"{path} {DATASETS[dataset]}"}
    assert told == {f"{path} {dataset}" for path, dataset, _, _, _ in sent.iter_rows()}
