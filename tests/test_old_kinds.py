"""What .xls, .xlsb and .ods hide is seen as it is in .xlsx, and what could not be looked for is told."""

import io
import zipfile
from pathlib import Path

import odd_files
import old_books
import polars as pl
import pytest
from conftest import PERSONNEL_HEADER, RATINGS_HEADER, member, rating
from old_books import MADE, Cell, Made
from quality import judged
from test_shown import rules, told

from pipeline.intake.cells import Sheet
from pipeline.intake.explanations import AUTHOR
from pipeline.intake.hidden_ods import SPREAD, OpenDocument
from pipeline.intake.kinds import Unreadable, kind_of
from pipeline.intake.spreadsheets import _look, read_cells

KINDS = pytest.mark.parametrize("kind", MADE)
RATINGS = [[*RATINGS_HEADER, "Điểm"], *([*rating(n, unit="Chi bộ 1"), 70.0] for n in range(1, 9))]
PEOPLE = [PERSONNEL_HEADER, *(member(n) for n in range(1, 9))]


def landed(kind: str, made: Made, folder: Path) -> dict[str, pl.DataFrame]:
    return judged(f"Xếp loại.{kind}", MADE[kind](made), folder)


def read(kind: str, made: Made) -> Sheet:
    [sheet] = read_cells(MADE[kind](made))
    return sheet


def with_cell(row: int, column: int, cell: Cell, rows: list[list] = RATINGS) -> Made:
    rows = [list(row) for row in rows]
    rows[row][column] = cell
    return Made(rows)


# ── what is seen ─────────────────────────────────────────────────────────────────────────────────────────────────


@KINDS
def test_a_clean_list_has_no_finding(kind: str, tmp_path: Path) -> None:
    frames = landed(kind, Made(RATINGS), tmp_path)
    assert frames["ratings"].height == 8 and not frames["findings"].height


@KINDS
@pytest.mark.parametrize("is_flat", [False, True], ids=["hidden", "no size"])
def test_hidden_and_flat_rows_and_columns_are_told(kind: str, is_flat: bool, tmp_path: Path) -> None:
    frames = landed(kind, Made(RATINGS, hidden_rows=(3, 5), hidden_columns=(3,), is_flat=is_flat), tmp_path)
    assert (told(frames, "row_shown"), told(frames, "column_shown")) == ([(4, None)], [(1, "unit")])
    assert frames["ratings"].height == 8


@KINDS
def test_a_person_struck_through_is_told(kind: str, tmp_path: Path) -> None:
    frames = landed(kind, with_cell(2, 1, Cell("Nguyễn Văn C", "struck")), tmp_path)
    assert told(frames, "row_not_struck") == [(3, "full_name")] and frames["findings"].height == 1


@KINDS
def test_a_comment_on_somebodys_cell_is_told(kind: str, tmp_path: Path) -> None:
    said = {(0, 2): ("An", "đã sửa"), (3, 2): ("An", "sai ngày sinh"), (5, 1): ("An", "đã chuyển sang chi bộ 2 từ tháng 5")}
    frames = landed(kind, Made(RATINGS, comments=said), tmp_path)
    found = frames["findings"].select("rule_code", "cell", "value_found").rows()
    assert found == [("cell_says_all", "C4", "sai ngày sinh")] and frames["ratings"].height == 8
    assert read(kind, Made(RATINGS, comments=said)).comments == {(r + 1, c): of for (r, c), of in said.items()}
    ours = {(3, 2): (f"{AUTHOR}|FFFFFF", "Phải sửa."), (4, 2): ("An", "Xem biên bản")}
    assert landed(kind, Made(RATINGS, comments=ours), tmp_path)["findings"].is_empty()


@KINDS
def test_a_score_in_per_cent_is_the_score_that_is_shown(kind: str, tmp_path: Path) -> None:
    frames = landed(kind, with_cell(1, 6, Cell(0.885, "percent")), tmp_path)
    assert frames["ratings"].sort("row_no")["score"].to_list()[:2] == [88.5, 70.0]


@KINDS
def test_a_number_has_the_zeros_of_its_format(kind: str) -> None:
    assert read(kind, Made([[Cell(92080000001.0, "zeros"), Cell(92080000001.0)]])).rows == [["092080000001", "92080000001"]]


@KINDS
def test_a_day_that_is_shown_as_a_month_is_a_month(kind: str) -> None:
    first_of_december = 44531.0
    rows = read(kind, Made([[Cell(first_of_december, "month"), Cell(first_of_december, "day")]])).rows
    assert rows == [["12/2021", "01/12/2021"]]


@KINDS
@pytest.mark.parametrize("is_formula", [False, True])
def test_an_error_is_no_blank_cell(kind: str, is_formula: bool, tmp_path: Path) -> None:
    frames = landed(kind, with_cell(2, 3, Cell("#REF!", formula=is_formula)), tmp_path)
    assert told(frames, "no_formula_error") == [(3, "unit")]


@KINDS
def test_a_formula_that_nobody_calculated_is_told(kind: str, tmp_path: Path) -> None:
    frames = landed(kind, with_cell(2, 6, Cell(None, formula=True)), tmp_path)
    assert told(frames, "formula_calculated") == [(3, "score")] and frames["ratings"].height == 8


@KINDS
def test_a_calculated_formula_is_its_value(kind: str, tmp_path: Path) -> None:
    frames = landed(kind, with_cell(2, 6, Cell(71.0, formula=True)), tmp_path)
    assert not frames["findings"].height and frames["ratings"].filter(row_no=3)["score"].to_list() == [71.0]


@KINDS
@pytest.mark.parametrize("is_1904", [False, True])
def test_days_since_1904_are_told_apart(kind: str, is_1904: bool) -> None:
    assert read(kind, Made([["Ngày", 44000.0]], is_1904=is_1904)).is_1904 is is_1904


# ── what only one of them has ────────────────────────────────────────────────────────────────────────────────────


def test_in_an_xls_that_somebody_calculated_nothing_is_a_value(tmp_path: Path) -> None:
    made = with_cell(2, 6, Cell(None, formula=True))
    made.rows[3][6] = Cell(71.0, formula=True)
    assert "formula_calculated" not in rules(landed("xls", made, tmp_path))


def test_a_formula_of_an_ods_that_came_to_nothing_is_blank(tmp_path: Path) -> None:
    """LibreOffice writes a line without text and no kind of value where IF(…;…;"") came to nothing."""
    blank, line = b'<table:table-cell table:formula="of:=1"/>', b'<table:table-cell table:formula="of:=1"><text:p/></table:table-cell>'
    data = MADE["ods"](with_cell(2, 6, Cell(None, formula=True)))
    calculated = odd_files.changed(data, {"content.xml": lambda xml: xml.replace(blank, line)})
    frames = judged("Xếp loại.ods", calculated, tmp_path)
    assert not frames["findings"].height and frames["ratings"].filter(row_no=3)["score"].to_list() == [None]


@pytest.mark.parametrize("page", [1252, 1258, 437])
def test_an_xls_of_unicode_letters_may_say_that_they_are_of_a_code_page(page: int, tmp_path: Path) -> None:
    """As JExcelAPI writes it."""
    sheet = read("xls", Made([["Nguyễn Văn Mẫu", Cell("Trần", "struck")]], page=page))
    assert (sheet.name, sheet.rows, sheet.struck, sheet.is_blind) == ("Xếp loại", [["Nguyễn Văn Mẫu", "Trần"]], {(1, 1)}, False)


FACE = """<style:font-face style:name="F1" svg:font-family="&apos;.VnTimeH&apos;" xmlns:svg="urn:svg"/><style:style style:name="f"
style:family="table-cell"><style:text-properties style:font-name="F1"/></style:style>"""


@pytest.mark.parametrize(
    ("data", "fonts"),
    [
        (old_books.xls(Made([["a", 1.0]])), {0: "Arial"}),
        (old_books.xlsb(Made([["a", 1.0]])), {0: "Arial"}),
        (
            old_books.book(
                '<table:table table:name="Xếp loại"><table:table-row>'
                + odd_files.ods_cell("a").replace("<table:table-cell", '<table:table-cell table:style-name="f"')
                + "</table:table-row></table:table>",
                FACE,
            ),
            {0: ".VnTimeH"},
        ),
    ],
    ids=MADE,
)
def test_fonts_are_told_by_column(data: bytes, fonts: dict[int, str]) -> None:
    look = _look(data, *kind_of(data))
    assert look and look.fonts("Xếp loại") == fonts and look.fonts("Khác") == {}


def row(*cells: str, said: str = "") -> str:
    return f"<table:table-row {said}>{''.join(cells)}</table:table-row>"


def table(rows: str, columns: str = "") -> str:
    return f'<table:table table:name="Xếp loại">{columns}{rows}</table:table>'


def test_closed_groups_of_an_ods_are_hidden() -> None:
    [sheet] = read_cells(
        old_books.book(
            table(
                row(odd_files.ods_cell("a"), odd_files.ods_cell("b"))
                + f'<table:table-row-group table:display="false"><table:table-row-group>{row(odd_files.ods_cell("c"))}</table:table-row-group>'
                + f"{row(odd_files.ods_cell('d'))}</table:table-row-group>{row(odd_files.ods_cell('e'))}",
                '<table:table-column/><table:table-column-group table:display="false"><table:table-column/></table:table-column-group>',
            )
        )
    )
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2, 3}, {1})


def test_a_cell_of_an_ods_without_a_style_has_its_columns() -> None:
    style = '<style:style style:name="z" style:family="table-cell" style:data-style-name="Nzeros"/>'
    number = '<table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>'
    columns = '<table:table-column/><table:table-column table:number-columns-repeated="16383" table:default-cell-style-name="z"/>'
    [sheet] = read_cells(old_books.book(table(row(number, number), columns), old_books.NUMBERS + style))
    assert sheet.rows == [["7", "000000000007"]]


# ── what cannot be looked for, and what is made to mislead ───────────────────────────────────────────────────────

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]>"  # fmt: skip


@pytest.mark.parametrize("styles", [b"<a><b>", f"{BOMB}<a>&i;</a>".encode()], ids=["damaged", "a bomb"])
def test_an_ods_without_styles_that_can_be_read_is_told(styles: bytes, tmp_path: Path) -> None:
    rows = [row(*(odd_files.ods_cell(str(v)) for v in cells if v is not None)) for cells in RATINGS]
    frames = judged("Xếp loại.ods", old_books.book(table("".join(rows)), common=styles), tmp_path)
    assert "sheet_looked_into" in rules(frames) and frames["ratings"].height == 8


def test_an_ods_that_is_a_bomb_is_refused() -> None:
    data = odd_files.changed(odd_files.ods_table(), {"content.xml": lambda xml: BOMB.encode() + xml.replace(b"88,5", b"&i;")})
    with pytest.raises(Unreadable, match="file_readable"):
        read_cells(data)


STRUCK = '<style:style style:name="s" style:family="table-cell" style:parent-style-name="Crossed"/>'


def looked_at(rows: str) -> OpenDocument:
    return OpenDocument(zipfile.ZipFile(io.BytesIO(old_books.book(table(rows), STRUCK))))


def test_rows_and_cells_that_repeat_without_end_cost_nothing() -> None:
    endless = 'table:number-columns-repeated="99999999999"'
    rows = row(odd_files.ods_cell("a")) + row(
        f'<table:table-cell table:style-name="s" {endless}/>', said='table:number-rows-repeated="1048576" table:visibility="collapse"'
    )
    look = looked_at(rows)
    assert look.sees("Xếp loại") and look.unseen["Xếp loại"].hidden_rows == [] and look.unseen["Xếp loại"].extent == (1, 1)
    value = odd_files.ods_cell("b").replace("<table:table-cell", f'<table:table-cell table:style-name="s" {endless}')
    look = looked_at(rows + row(value, said='table:number-rows-repeated="1048576"'))
    assert not look.sees("Xếp loại") and not look.unseen["Xếp loại"].struck


@pytest.mark.parametrize(("times", "is_seen"), [(SPREAD, True), (SPREAD + 2, False)])
def test_so_many_odd_cells_may_repeat_and_no_more(times: int, is_seen: bool) -> None:
    value = odd_files.ods_cell("b").replace("<table:table-cell", '<table:table-cell table:style-name="s"')
    look = looked_at(row(value, said=f'table:number-rows-repeated="{times}"'))
    assert (look.sees("Xếp loại"), len(look.unseen["Xếp loại"].struck)) == (is_seen, times if is_seen else 0)


@pytest.mark.parametrize("kind", MADE)
def test_whatever_is_cut_off_is_read_or_refused(kind: str) -> None:
    whole = MADE[kind](Made(RATINGS, hidden_rows=(3,)))
    for end in range(0, len(whole), max(len(whole) // 40, 1)):
        try:
            read_cells(whole[:end])
        except Unreadable:
            continue
