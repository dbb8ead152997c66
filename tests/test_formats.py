"""Every kind of file gives the same cells; every trouble has a name; a reader's death is one file's."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import odd_files as odd
import psutil
import pytest
import xlsxwriter
from conftest import LONGEST

from pipeline.intake import workers
from pipeline.intake.cells import Sheet
from pipeline.intake.files import read_file
from pipeline.intake.kinds import Unreadable
from pipeline.intake.layout import Layout
from pipeline.intake.readings import Source
from pipeline.intake.spreadsheets import read_cells
from pipeline.intake.workers import Readings
from pipeline.judging.layouts import layout_of
from pipeline.schemas import SCHEMAS
from pipeline.schemas.files import FILE_RULES


def one(data: bytes) -> Sheet:
    [sheet] = read_cells(data)
    return sheet


# ── kinds ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", odd.READ)
def test_every_kind_gives_the_same_cells_whatever_its_name(name: str) -> None:
    assert one(odd.READ[name]()).rows == odd.TABLE


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_what_libreoffice_saved_gives_the_same_cells(kind: str, tmp_path: Path) -> None:
    assert one(odd.converted(odd.xlsx(), kind, tmp_path)).rows == odd.TABLE


@pytest.mark.parametrize("name", odd.REFUSED)
def test_every_trouble_has_a_name(name: str) -> None:
    make, rule = odd.REFUSED[name]
    with pytest.raises(Unreadable) as caught:
        read_cells(make())
    assert caught.value.rule == rule
    assert FILE_RULES[rule].refuses


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_cell_far_away_is_named_in_every_kind(kind: str, tmp_path: Path) -> None:
    data = odd.converted(odd.far_cell(60_000, 200), kind, tmp_path)
    with pytest.raises(Unreadable, match="cells_in_bounds"):
        read_cells(data)


def test_letters_that_no_encoding_explains_are_refused_by_name() -> None:
    with pytest.raises(Unreadable, match="text_encoding_certain"):
        read_cells(b"Ten,Diem\n\x81\x8d\x8f\x90\x9d\xff,8\n\x8d\x81\xfe\xf8\x90,7\n")


def test_no_zero_byte_stands_in_a_cell() -> None:
    assert one(odd.xlsb({(0, 0): "T\0ê\0n\0", (0, 1): "\0"})).rows == [["Tên", None]]


def test_the_delimiter_is_what_parts_lines_evenly_not_what_is_most_frequent() -> None:
    lines = ["Họ tên;Điểm;Ghi chú", "An;8,5;tốt, khá, giỏi", "Bình;7,25;khá, giỏi, tốt, đạt, chưa", "Chi;9;"]
    assert one("\n".join(lines).encode()).rows[2] == ["Bình", "7,25", "khá, giỏi, tốt, đạt, chưa"]


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("since_1904", [False, True])
def test_days_are_days_in_both_calendars(since_1904: bool) -> None:
    sheet = one(odd.days(since_1904))
    assert [row[0] for row in sheet.rows] == ["02/01/2021", "30/04/1975", "03/02/1930", "30:05:00", "1", "44000"]
    assert sheet.is_1904 is since_1904


def formatted(cells: list[tuple[object, str]]) -> bytes:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row, (value, code) in enumerate(cells):
            sheet.write(row, 0, value, book.add_format({"num_format": code}))

    return odd.xlsx(write)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (92080000001, "000000000000", "092080000001"),
        (92080000001, "000000000000;@", "092080000001"),
        (92080000001, '000" "000" "000" "000', "092080000001"),
        (92080000001, "000-000-000-000", "092080000001"),
        (92080000001, "0", "92080000001"),
        (92080000001, "General", "92080000001"),
        (92080000001, "0.00E+00", "92080000001"),  # shown rounded, kept whole
        (92100000000, "0.00E+00", "9,21E+10"),  # kept as shown: the digits are gone
        (9208000000123456, "000000000000", "9,20800000012346E+15"),
        (1, "00", "01"),
        (7.5, "00", "7,5"),
        (7.5, "0.00", "7,5"),
        (12, "0.00E+00", "12"),
        (-3, "000", "-3"),
        (5021980, "00\\/00\\/0000", "05021980"),
    ],
)
def test_a_number_reads_as_its_digits_are_shown_and_never_with_digits_it_lost(value: float, code: str, text: str) -> None:
    assert one(formatted([(value, code)])).rows == [[text]]


# ── what the fast reader hides ───────────────────────────────────────────────────────────────────────────────────


def test_errors_and_hidden_rows_columns_and_sheets_are_seen_where_they_are() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        first, second, third = (book.add_worksheet(n) for n in ("Xếp loại", "Ẩn", "Sạch"))
        for sheet in (first, third):
            sheet.write_row(0, 0, ["a", "b", "c"])
            sheet.write_row(1, 0, ["d", "e", "f"])
        first.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        first.write_formula(3, 0, "=A0", None, "#REF!")
        first.write(3, 1, "g")
        first.set_row(1, None, None, {"hidden": True})
        first.set_column(2, 16_383, None, None, {"hidden": True})
        second.write(0, 0, "h")
        second.hide()

    seen, hidden, clean = read_cells(odd.xlsx(write))
    assert seen.errors == {(3, 1): "#DIV/0!", (4, 0): "#REF!"}
    assert (seen.rows[2][1], seen.rows[3]) == (None, [None, "g", None])
    assert (seen.hidden_rows, seen.hidden_columns, seen.is_hidden) == ({2}, {2}, False)
    assert (hidden.is_hidden, hidden.rows) == (True, [["h"]])
    assert (clean.errors, clean.hidden_rows, clean.hidden_columns, clean.is_hidden) == ({}, frozenset(), frozenset(), False)


def test_they_are_seen_whatever_quotes_and_prefixes_the_writer_used() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")
        sheet.set_row(1, None, None, {"hidden": True})

    data = odd.xlsx(write)
    single = odd.changed(data, {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b'"', b"'")})
    prefixed = odd.changed(
        data,
        {
            "xl/worksheets/sheet1.xml": lambda xml: (
                xml.replace(b"</", b"</x:")
                .replace(b"<", b"<x:")
                .replace(b"<x:?", b"<?")
                .replace(b"<x:/x:", b"</x:")
                .replace(b"xmlns=", b"xmlns:x=")
            )
        },
    )
    for book in (data, single, prefixed):
        assert (one(book).errors, one(book).hidden_rows) == ({(2, 0): "#DIV/0!"}, {2})


def test_an_error_that_libreoffice_saved_is_seen(tmp_path: Path) -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")
        sheet.write(2, 0, 92080000001, book.add_format({"num_format": "000000000000"}))
        sheet.set_row(2, None, None, {"hidden": True})

    sheet = one(odd.converted(odd.xlsx(write), "xlsx", tmp_path))
    assert (sheet.errors, sheet.hidden_rows, sheet.rows[2]) == ({(2, 0): "#DIV/0!"}, {3}, ["092080000001"])


def test_fonts_are_told_by_column_when_asked() -> None:
    import io
    import zipfile

    from pipeline.intake.hidden_xlsx import LightPass

    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Xếp loại")
        old = book.add_format({"font_name": ".VnTime"})
        sheet.write_row(0, 0, ["Họ tên", "Tuổi", "Ghi chú"])
        for row in (1, 2):
            sheet.write(row, 0, "NguyÔn V¨n MÉu", old)
            sheet.write(row, 1, 30, old)
            sheet.write(row, 2, "không")

    look = LightPass(zipfile.ZipFile(io.BytesIO(odd.xlsx(write))), 1000)
    assert look.fonts("Xếp loại") == {0: ".VnTime", 1: "Calibri", 2: "Calibri"}


def test_text_in_an_old_font_is_told_by_the_font_and_flagged_by_column() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Xếp loại")
        old = book.add_format({"font_name": ".VnTimeH"})
        sheet.write_row(0, 0, ["Họ tên", "Ghi chú"])
        for row, name in enumerate(["NguyÔn V¨n MÉu", "TrÇn ThÞ Thö", "§ç §×nh Phóc"], start=1):
            sheet.write(row, 0, name, old)
            sheet.write(row, 1, "Hoàn thành tốt nhiệm vụ được giao")

    sheet = one(odd.xlsx(write))
    assert [row[0] for row in sheet.rows] == ["Họ tên", "NGUYỄN VĂN MẪU", "TRẦN THỊ THỬ", "ĐỖ ĐÌNH PHÚC"]
    assert (sheet.converted, sheet.unsure) == ({0: "TCVN3"}, frozenset())


def test_a_csv_in_an_old_code_page_is_converted_and_flagged_by_column() -> None:
    text = "Ho ten,Ma,Ghi chu\nNguye\u0302\u0303n Va\u0306n Ma\u0302\u0303u,1,kho\u0302ng\nTra\u0302\u0300n Thi\u0323 Thu\u031b\u0309,2,\u0111u\u0309\n"
    composed = text.replace("e\u0302", "ê").replace("a\u0306", "ă").replace("a\u0302", "â").replace("o\u0302", "ô").replace("u\u031b", "ư")
    sheet = one(composed.encode("cp1258"))
    assert [unicodedata.normalize("NFC", row[0]) for row in sheet.rows[1:]] == ["Nguyễn Văn Mẫu", "Trần Thị Thử"]
    assert sheet.converted == {0: "CP1258", 2: "CP1258"}


# ── workers ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Deadly(dict):
    """Names of datasets; asked for some of them, a worker comes to grief."""

    def get(self, name, default=None):
        if multiprocessing.parent_process() and name in GRIEF:
            GRIEF[name]()
        return super().get(name, default)


def hang() -> None:
    if there := os.environ.get("HANGS_AT"):
        Path(there).touch()
    time.sleep(3600)


GRIEF = {
    "exit": lambda: os._exit(1),
    "abort": os.abort,
    "hang": hang,
    "eat": lambda: bytearray(3_000_000_000),
}


@pytest.mark.parametrize(
    ("grief", "rule"),
    [("exit", "reader_survives"), ("abort", "file_read_in_memory"), ("hang", "file_read_in_time"), ("eat", "file_read_in_memory")],
)
@pytest.mark.parametrize("files", [1, 30])
def test_a_file_that_ends_its_reader_refuses_itself_and_nothing_else(
    grief: str, rule: str, files: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if grief == "hang":  # every other file takes milliseconds; a slow machine may take so many seconds for them
        monkeypatch.setattr(workers, "CHUNK_SECONDS", 8)
        monkeypatch.setattr(workers, "FILE_SECONDS", 8)
    layout = layout_of(SCHEMAS)
    (tmp_path / "ratings.csv").write_bytes(odd.delimited(","))
    sources = [Source(n, tmp_path / "ratings.csv", "ratings.csv" if n else f"{grief}.csv") for n in range(files)]
    readings = Readings(sources, Layout(Deadly(layout.names), layout.headers, layout.required))
    refused = {r.source.number: r.refused for chunk in readings for r in chunk.readings}
    assert refused == dict.fromkeys(range(files)) | {0: rule}
    assert FILE_RULES[rule].refuses


HANGING = """
import os, sys, time
from pathlib import Path
import odd_files, test_formats
from pipeline.intake.layout import Layout
from pipeline.intake.readings import Source
from pipeline.intake.workers import Readings
if __name__ == "__main__":
    layout = Layout(test_formats.Deadly(), {}, {})
    readings = Readings([Source(n, Path(__file__), "hang.csv") for n in range(30)], layout)
    while not Path(os.environ["HANGS_AT"]).exists():
        time.sleep(0.05)
    print("reading", flush=True)
    if sys.argv[1] == "leave":
        sys.exit()
    list(readings)
"""


@pytest.mark.parametrize("end", ["leave", signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_an_abandoned_load(end: str | int, tmp_path: Path) -> None:
    script = tmp_path / "hanging.py"
    script.write_text(HANGING, "utf-8")
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    load = subprocess.Popen(
        [sys.executable, script, str(end)],
        env=os.environ | {"PYTHONPATH": path, "HANGS_AT": str(tmp_path / "hangs")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert load.stdout.readline() == "reading\n"
    children = psutil.Process(load.pid).children(recursive=True)
    assert len(children) >= 1
    if end == signal.SIGINT:
        os.killpg(load.pid, end)  # as Ctrl-C does: to all of them
    elif end != "leave":
        load.send_signal(end)
    load.wait(LONGEST)
    _, alive = psutil.wait_procs(children, timeout=LONGEST)
    assert alive == []
    assert "Signal 15" not in load.stderr.read()


LEFT_OPEN = """
import atexit
from pipeline.intake.workers import Readings
from pipeline.judging.layouts import layout_of
from pipeline.schemas import SCHEMAS
atexit.register(lambda: print(readings._pool._context.status.name))
readings = Readings([], layout_of(SCHEMAS))
"""


def test_readings_left_open_are_closed_before_the_interpreter_ends() -> None:
    """Not by pebble's own exit, while its thread may yet start a worker that nobody ends."""
    command = [sys.executable, "-c", LEFT_OPEN]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, cwd=Path(__file__).parents[1])
    assert done.stdout == "STOPPED\n", done.stderr


def test_addresses_with_a_comma_each_part_no_table_of_semicolons(tmp_path: Path) -> None:
    """More lines hold one comma than are rows of the table."""
    head = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Địa chỉ", "Điện thoại", "Ghi chú"]
    people = [[str(n), f"Nguyễn Văn {n}", f"09208000000{n}", "HTTNV", "Số 12, đường 30/4", "", ""] for n in range(1, 5)]
    lines = ["KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI ĐẢNG VIÊN NĂM 2021", "", *map(";".join, [head, *people]), "NGƯỜI LẬP, KÝ TÊN;;;;;BÍ THƯ"]
    file = tmp_path / "Book1.csv"
    file.write_bytes("\n".join(lines).encode())
    (table,) = read_file(Source(0, file, file.name, period="2021"), layout_of(SCHEMAS)).tables
    assert table.values["full_name"] == [f"Nguyễn Văn {n}" for n in range(1, 5)]
