"""Files that LibreOffice wrote are read back as they were meant, in every format that it writes; and it opens the receipts of offices' own forms."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import City, load, write_workbook
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


# ── a fault in what several cells say, in a form of each kind of file ────────────────────────────────────────────

SENDERS = {"xls": "Q01.001", "ods": "Q01.002", "csv": "Q01.003"}
MARKED = {  # rule → the cells of its fault: a lost letter in a name of two cells, a day under one of two sexes, two levels marked
    "letters_of_one_alphabet": {"B6": "Nguy?n Văn"},
    "date_readable": {"D7": "31/02/1980"},
    "one_level_marked": {"G8": "x", "H8": "x"},
}


def form(first: int) -> list[list[Any]]:
    """A list of ratings as offices print it, without a merged cell; each with people of its own."""

    def row(n: int, *cells: Any, number: str) -> list[Any]:
        return [n, *cells[:4], f"{number}{first + n:05}", *cells[4:]]

    return [
        ["KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN NĂM 2021"],
        [],
        ["STT", "Họ đệm", "Tên", "Ngày sinh", None, "Số CCCD", "Mức xếp loại", None, None, None],
        [None, None, None, "Nam", "Nữ", None, "HTXSNV", "HTTNV", "HTNV", "KHTNV"],
        row(1, "Nguyễn Văn", "An", "05/02/1980", None, "x", None, None, None, number="0920800"),
        row(2, "Nguy?n Văn", "Bình", "06/03/1980", None, None, "x", None, None, number="0920800"),
        row(3, "Lê Văn", "Cường", "31/02/1980", None, None, "x", None, None, number="0920800"),
        row(4, "Phạm Thị", "Dung", None, "07/04/1981", "x", "x", None, None, number="0921810"),
        row(5, "Trần Thị", "Em", None, "08/05/1981", None, None, "x", None, number="0921810"),
        row(6, "Võ Văn", "Phúc", "09/06/1980", None, None, None, "x", None, number="0920800"),
    ]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    """By kind of file the receipt of such a form, as LibreOffice opened it and saved it again."""
    folder = tmp_path_factory.mktemp("answered")
    city = City(folder / "data")
    for n, (extension, sender) in enumerate(SENDERS.items()):
        write_workbook(source := folder / f"{extension}-xep-loai.xlsx", {"Xếp loại": form(10 * n)})
        (made,) = convert([source], extension, folder / extension)
        city.put(f"2021/{sender}/{made.name}", made.read_bytes())
    load(city.home)
    receipts = [city.home.outbox / "2021" / sender / f"{extension}-xep-loai.xlsx" for extension, sender in SENDERS.items()]
    return {of: load_workbook(file) for of, file in zip(SENDERS, convert(receipts, "xlsx", folder / "opened"), strict=True)}


@pytest.mark.parametrize("extension", SENDERS)
def test_a_fault_in_what_several_cells_say_is_marked_in_the_receipt_of_any_kind_of_file(
    extension: str, answered: dict[str, Workbook]
) -> None:
    book = answered[extension]
    assert READ_AS in book.sheetnames
    told = {row[8]: row for row in book[REMARKS].iter_rows(min_row=2, values_only=True)}
    for rule, cells in MARKED.items():
        sheet, cell = told[rule][2:4]
        assert cell == next(iter(cells))
        assert {at: (book[sheet][at].value, book[sheet][at].fill.fill_type) for at in cells} == {
            at: (v, "solid") for at, v in cells.items()
        }
