"""Every kind of dirt that office files carry: one short function a kind, which spoils a clean book and says what is due.

What does not belong here: reading, judging, and how well either did.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from random import Random
from typing import Any
from unicodedata import normalize

from book import EPOCH, Book, Cell, Due, Expected, Fault, Line, Sheet, Styled, letter, pick_rows, plain, write
from clean import MAKERS, Table, make_table, meta_of, text_of
from msoffcrypto.format.ooxml import OOXMLFile
from old_letters import NoSuchLetter, to_cp1258, to_tcvn3, to_tcvn3_capitals, to_viscii, to_vni

from pipeline.codes import INVISIBLE, code_lists
from pipeline.sample.office import headers

DATASETS = tuple(MAKERS)
LEVELS = {"EXCELLENT": "HTXSNV", "GOOD": "HTTNV", "COMPLETED": "HTNV", "NOT_COMPLETED": "KHTNV"}

# What each finding is called, once: kinds speak of these.
HIDDEN = ("row_shown", "column_shown", "sheet_shown")
LEGACY = ("text_in_unicode",)
UNKNOWN_COLUMN = ("column_known",)
UNTITLED_COLUMN = ("column_titled",)
ONE_MARK = ("one_level_marked", "value_present")
TOTAL = ("total_matches_details",)
REPAIRED = ("identity_number_repaired",)
DIGITS_LOST = ("identity_number_shape", "identity_digits_kept")
ERROR_CELL = (
    "no_formula_error",
    "code_known",
    "date_readable",
    "number_readable",
    "identity_number_shape",
    "identifier_shape",
    "period_readable",
)
LOOK_ALIKE = ("letters_of_one_alphabet",)
STRAY_QUOTES, COPIED, FILLED_IN = ("quotes_read_as_text",), ("sheet_counted_once",), ("row_filled_in",)
FILLED = ("cell_filled_down",)
EMPTY, PROTECTED, UNREADABLE = ("file_not_empty",), ("file_not_protected",), ("file_readable",)
TOO_LARGE, DOCUMENT, WEB_PAGE = ("file_size_in_bounds", "cells_in_bounds"), ("file_not_document",), ("file_not_web_page",)


@dataclass(frozen=True)
class Kind:
    """A kind of dirt: what it is called, which tables it needs, and how it spoils a book."""

    name: str
    group: str
    spoil: Callable[[Book, Random], None]
    datasets: tuple[str, ...]
    columns: frozenset[str]  # must be filled in
    is_deadly: bool  # may end the process that reads it


KINDS: dict[str, Kind] = {}


def kind(group: str, *datasets: str, columns: tuple[str, ...] = (), deadly: bool = False) -> Callable:
    def named(spoil: Callable[[Book, Random], None]) -> Callable[[Book, Random], None]:
        name = spoil.__name__.replace("_", " ").strip()
        KINDS[name] = Kind(name, group, spoil, datasets or DATASETS, frozenset(columns), deadly)
        return spoil

    return named


def table_for(name: str, rng: Random, rows: int = 6) -> Table:
    """A clean table that this kind of dirt can happen to."""
    return make_table(rng, rng.choice(KINDS[name].datasets), rows, KINDS[name].columns)


def spoiled(name: str, table: Table, rng: Random) -> tuple[str, bytes, Expected]:
    """The table in a file with this kind of dirt: the file's name, its bytes, and what they should give."""
    book = Book([plain(table)])
    KINDS[name].spoil(book, rng)
    return write(book)


# ── formats ──────────────────────────────────────────────────────────────────────────────────────────────────────


@kind("formats")
def xlsx(book: Book, rng: Random) -> None:
    pass


@kind("formats")
def xlsm(book: Book, rng: Random) -> None:
    book.extension = "xlsm"
    main = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    book.change = lambda data: _in_zip(data, "[Content_Types].xml", main, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")


@kind("formats")
def csv_with_commas(book: Book, rng: Random) -> None:
    _as_csv(book, ",")


@kind("formats")
def csv_with_semicolons(book: Book, rng: Random) -> None:
    _as_csv(book, ";")


@kind("formats")
def csv_with_tabs(book: Book, rng: Random) -> None:
    _as_csv(book, "\t")


@kind("formats")
def tsv(book: Book, rng: Random) -> None:
    _as_csv(book, "\t")
    book.extension = "tsv"


@kind("formats")
def csv_with_separator_line(book: Book, rng: Random) -> None:
    """Excel's own first line “sep=;”, which it never shows as a row."""
    _as_csv(book, ";")
    book.change = lambda data: b"sep=;\r\n" + data


@kind("formats")
def csv_in_utf_8_with_bom(book: Book, rng: Random) -> None:
    _as_csv(book, rng.choice(",;\t"), lambda text: text.encode("utf-8-sig"))


@kind("formats")
def csv_in_utf_16_le(book: Book, rng: Random) -> None:
    _as_csv(book, rng.choice(",;\t"), lambda text: ("\ufeff" + text).encode("utf-16-le"))


@kind("formats")
def csv_in_utf_16_be(book: Book, rng: Random) -> None:
    _as_csv(book, rng.choice(",;\t"), lambda text: ("\ufeff" + text).encode("utf-16-be"))


@kind("formats")
def csv_in_cp1258(book: Book, rng: Random) -> None:
    _as_csv(book, rng.choice(",;"), to_cp1258)
    book.sheet.due.append(Due(LEGACY, must=False))


@kind("formats")
def csv_in_tcvn3(book: Book, rng: Random) -> None:
    _as_csv(book, rng.choice(",;"), lambda text: text.encode("latin-1"))
    _in_letters(book.sheet, to_tcvn3)
    book.sheet.due.append(Due(LEGACY))


@kind("formats")
def csv_in_viscii(book: Book, rng: Random) -> None:
    _as_csv(book, rng.choice(",;"), to_viscii)
    book.sheet.due.append(Due(LEGACY))


@kind("formats")
def wrong_extension(book: Book, rng: Random) -> None:
    """What is inside decides."""
    if rng.random() < 0.5:
        _as_csv(book, rng.choice(",;"))
        book.extension = rng.choice(["xlsx", "xls", "txt"])
    else:
        book.extension = rng.choice(["xls", "csv", "ods", "xlsb"])


@kind("formats", columns=("decided_on", "spell_to", "training_to", "announced_on"))
def dates_since_1904(book: Book, rng: Random) -> None:
    book.is_1904 = True
    _days(book.sheet, lambda day: day)


# ── layout ───────────────────────────────────────────────────────────────────────────────────────────────────────


@kind("layout")
def title_block(book: Book, rng: Random) -> None:
    sheet = book.sheet
    lines: list[Line] = [
        ["THÀNH ỦY CẦN THƠ", None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"],
        ["ĐẢNG ỦY PHƯỜNG CÁI KHẾ", None, None, "Cần Thơ, ngày 20 tháng 12 năm 2021"],
        [None, "*"],
        [f"DANH SÁCH {sheet.name.upper()}"],
        ["Năm 2021"],
        ["(Kèm theo Báo cáo số 12-BC/ĐU ngày 20/12/2021)"],
    ]
    first = rng.randint(0, 4)
    sheet.above += [*lines[first : rng.randint(first + 2, 6)], *([[]] if rng.random() < 0.5 else [])]


@kind("layout")
def two_row_header(book: Book, rng: Random) -> None:
    """A title over some columns; the lower header alone is known."""
    sheet = book.sheet
    at = rng.randrange(len(sheet.columns) - 1)
    _group(sheet, sheet.columns[at : at + rng.randint(2, 3)], rng.choice(["Thông tin chung", "Nội dung", "Theo hồ sơ"]))


@kind("layout", "personnel", columns=("exempt_from", "exempt_to", "suspended_from", "suspended_to"))
def header_in_two_parts(book: Book, rng: Random) -> None:
    """“Miễn sinh hoạt” over “Từ ngày” and “Đến ngày”, which alone would mean something else."""
    for title, pair in (("Miễn sinh hoạt", ("exempt_from", "exempt_to")), ("Đình chỉ sinh hoạt", ("suspended_from", "suspended_to"))):
        _group(book.sheet, list(pair), title, dict(zip(pair, ("Từ ngày", "Đến ngày"), strict=True)))


@kind("layout", "ratings", "rotation", columns=("decision_no", "decided_on"))
def decision_over_number_and_day(book: Book, rng: Random) -> None:
    _group(book.sheet, ["decision_no", "decided_on"], "Quyết định", {"decision_no": "Số", "decided_on": "Ngày"})


@kind("layout")
def three_row_header(book: Book, rng: Random) -> None:
    sheet = book.sheet
    if len(sheet.columns) < 4:
        return
    at = rng.randrange(len(sheet.columns) - 3)
    four = sheet.columns[at : at + 4]
    leaves = sheet.head[0]
    others = {c: t for c, t in leaves.items() if c not in four}
    sheet.head = [
        others | {four[0]: "Nội dung chi tiết"},
        {four[0]: "Phần thứ nhất", four[2]: "Phần thứ hai"},
        {c: leaves[c] for c in four},
    ]
    sheet.merges = [(0, four[0], 0, four[3]), (1, four[0], 1, four[1]), (1, four[2], 1, four[3])]
    sheet.merges += [(0, c, 2, c) for c in others]


@kind("layout")
def column_numbers(book: Book, rng: Random) -> None:
    count = len(book.sheet.columns) + 1
    book.sheet.numbers = rng.choice(
        [
            [f"({n})" for n in range(1, count + 1)],
            list(range(1, count + 1)),
            [str(n) for n in range(1, count + 1)],
            ["A", "B", *range(1, count - 1)],
            ["(A)", "(B)", *(f"({n})" for n in range(1, count - 1))],
        ]
    )


@kind("layout")
def roman_sections(book: Book, rng: Random) -> None:
    for numeral, at, title in zip(("I", "II"), (0, rng.randint(1, 5)), ("Khối cơ quan chuyên trách", "Khối trường học"), strict=True):
        book.sheet.between[at] = [[numeral, title]]


@kind("layout", "ratings", "personnel", "training")
def cells_as_sections(book: Book, rng: Random) -> None:
    """A line with a cell's name says the unit of the rows below it."""
    sheet = book.sheet
    sheet.remove("unit")
    second = rng.randint(1, 5)
    style = rng.choice(["numeral", "letter", "alone", "first"])
    for numeral, name, rows in (("I", "Chi bộ 1", range(second)), ("II", "Chi bộ Khu vực 5", range(second, len(sheet.truth)))):
        first = {"numeral": numeral, "letter": "AB"[len(numeral) - 1], "alone": None, "first": name}[style]
        sheet.between[rows.start] = [[first, None if style == "first" else name]]
        for row in rows:
            sheet.truth[row]["unit"] = name


@kind("layout", "training", columns=("hours",))
def subtotals_and_totals(book: Book, rng: Random) -> None:
    _totals(book.sheet, rng, wrong=0)


@kind("layout", "training", columns=("hours",))
def total_that_does_not_add_up(book: Book, rng: Random) -> None:
    _totals(book.sheet, rng, wrong=rng.choice([-8, 1, 100]))
    book.sheet.due.append(Due(TOTAL))


@kind("layout")
def total_in_words(book: Book, rng: Random) -> None:
    sheet = book.sheet
    count = len(sheet.cells)
    words = rng.choice([f"Tổng cộng: {count} đồng chí", f"Tổng số: {count} người", f"Cộng: {count}", f"Danh sách có {count} người./."])
    sheet.between[count] = [[words] if rng.random() < 0.5 else [None, words]]


@kind("layout")
def signature_block(book: Book, rng: Random) -> None:
    right = rng.randint(2, len(book.sheet.columns))
    gap: Line = [None] * (right - 2)
    book.sheet.below += [
        [],
        [None, None, *gap, "Cần Thơ, ngày 20 tháng 12 năm 2021"],
        [
            None,
            rng.choice(["NGƯỜI LẬP BIỂU", "Người lập", "NGƯỜI LẬP BẢNG"]),
            *gap,
            rng.choice(["THỦ TRƯỞNG ĐƠN VỊ", "T/M ĐẢNG ỦY", "BÍ THƯ"]),
        ],
        [None, "(Ký, ghi rõ họ tên)", *gap, rng.choice(["(Ký tên, đóng dấu)", "(Ký, họ tên, đóng dấu)"])],
        [],
        [],
        [None, "Trần Thị Mẫu", *gap, "Lê Văn Mẫu"],
    ]


@kind("layout")
def notes_below(book: Book, rng: Random) -> None:
    book.sheet.below += [
        *([[]] if rng.random() < 0.5 else []),
        [rng.choice(["Ghi chú:", "* Ghi chú: ghi theo hồ sơ gốc.", "Lưu ý: không sửa mẫu."])],
        ["- Cột Số CCCD định dạng Văn bản."],
        *([["- Ngày tháng ghi theo ngày/tháng/năm."]] if rng.random() < 0.5 else []),
    ]


@kind("layout")
def blank_lines(book: Book, rng: Random) -> None:
    for at in pick_rows(rng, book.sheet, 3):
        book.sheet.between[at] = [[]] * rng.randint(1, 3)


@kind("layout")
def row_numbers_without_rows(book: Book, rng: Random) -> None:
    count = len(book.sheet.cells)
    book.sheet.below += [[n] for n in range(count + 1, count + rng.randint(2, 5))]


@kind("layout")
def hidden_rows(book: Book, rng: Random) -> None:
    book.sheet.hidden_rows = set(pick_rows(rng, book.sheet, 2))
    book.sheet.due.append(Due(HIDDEN))


@kind("layout")
def hidden_columns(book: Book, rng: Random) -> None:
    book.sheet.hidden_columns = {rng.choice(book.sheet.columns)}
    book.sheet.due.append(Due(HIDDEN))


@kind("layout")
def hidden_sheet(book: Book, rng: Random) -> None:
    book.sheets.append(_other(book, rng))
    book.sheets[1].hidden = True
    book.sheets[1].due.append(Due(HIDDEN))


@kind("layout")
def two_sheets(book: Book, rng: Random) -> None:
    book.sheets.append(_other(book, rng))


@kind("layout")
def two_tables_on_a_sheet(book: Book, rng: Random) -> None:
    sheet, second = book.sheet, _other(book, rng)
    sheet.above = [[f"I. DANH SÁCH {sheet.name.upper()}"]]
    second.above = [[], [f"II. DANH SÁCH {second.name.upper()}"]]
    sheet.name, sheet.under = "Tổng hợp", second


@kind("layout")
def shuffled_columns(book: Book, rng: Random) -> None:
    rng.shuffle(book.sheet.columns)


@kind("layout")
def unknown_columns(book: Book, rng: Random) -> None:
    sheet = book.sheet
    for title in rng.sample(["Số điện thoại", "Quê quán", "Thư điện tử", "Tôn giáo"], rng.randint(1, 2)):
        sheet.add(title, title, [rng.choice(["0292", "Cần Thơ", None]) for _ in sheet.cells], rng.randint(0, len(sheet.columns)))
        sheet.due.append(Due(UNKNOWN_COLUMN, "header", title))


@kind("layout")
def column_without_a_header(book: Book, rng: Random) -> None:
    sheet = book.sheet
    sheet.add("không tên", "", [rng.choice(["đã nộp", "Cần Thơ"]) for _ in sheet.cells], rng.randint(0, len(sheet.columns)))
    sheet.due.append(Due(UNTITLED_COLUMN, "header", "không tên"))


@kind("layout")
def header_aliases(book: Book, rng: Random) -> None:
    known = headers(book.sheet.dataset)
    book.sheet.head = [{c: rng.choice(known[c]) for c in book.sheet.columns}]


@kind("layout")
def header_spelling(book: Book, rng: Random) -> None:
    ways = (
        str.upper,
        str.lower,
        lambda t: f"{t} (*)",
        lambda t: f"{t}*",
        lambda t: t.replace(" ", "  "),
        lambda t: t.replace(" ", "\n"),
        lambda t: f" {t}:",
        lambda t: normalize("NFD", t),
        _old_tones,
    )
    book.sheet.head = [{c: rng.choice(ways)(t) for c, t in row.items()} for row in book.sheet.head]


@kind("layout", "ratings")
def marks(book: Book, rng: Random) -> None:
    _marked(book.sheet, rng)


@kind("layout", "ratings")
def marks_with_a_total(book: Book, rng: Random) -> None:
    """The count of marks under each level is no mark, even where it is 1."""
    sheet = book.sheet
    _marked(sheet, rng)
    counts = [sum(row["decided_level_code"] == c.removeprefix("mark ") for row in sheet.truth) for c in sheet.columns]
    cells: Line = [n if c.startswith("mark ") else None for c, n in zip(sheet.columns, counts, strict=True)]
    cells[0] = "Tổng cộng" if cells[0] is None else cells[0]
    sheet.between[len(sheet.cells)] = [[None, *cells]]


@kind("layout", "ratings")
def no_mark_or_two_marks(book: Book, rng: Random) -> None:
    sheet = book.sheet
    mark = _marked(sheet, rng)
    for row in pick_rows(rng, sheet, 2):
        level = sheet.truth[row]["decided_level_code"]
        if rng.random() < 0.5:
            sheet.cells[row][f"mark {level}"] = None
        else:
            sheet.cells[row][f"mark {rng.choice([other for other in LEVELS if other != level])}"] = mark
        sheet.due.append(Due(ONE_MARK, row, drops=True))


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@kind("text")
def decomposed_letters(book: Book, rng: Random) -> None:
    book.sheet.texts(lambda text: normalize("NFD", text))


@kind("text")
def mixed_forms(book: Book, rng: Random) -> None:
    book.sheet.texts(lambda text: "".join(normalize(rng.choice(["NFC", "NFD"]), c) for c in text))


@kind("text")
def icelandic_eth(book: Book, rng: Random) -> None:
    book.sheet.texts(lambda text: text.replace("đ", "ð").replace("Đ", "Ð"))


@kind("text")
def cyrillic_letters_in_a_label(book: Book, rng: Random) -> None:
    """Certain, since the label is known: read, perhaps with a remark."""
    for cells in book.sheet.cells:
        for column in book.sheet.columns:
            if meta_of(book.sheet.dataset, column).codes and cells[column]:
                cells[column] = "".join(CYRILLIC.get(c, c) if rng.random() < 0.5 else c for c in cells[column])
    book.sheet.due.append(Due(LOOK_ALIKE, must=False))


@kind("text")
def cyrillic_letters_in_a_name(book: Book, rng: Random) -> None:
    """Not certain: whose name it is would be anybody's guess, so it stays as written; the number says who it is."""
    sheet = book.sheet
    for row in pick_rows(rng, sheet, 2):
        sheet.cells[row]["full_name"] = "Сао " + sheet.cells[row]["full_name"].replace("a", "а").replace("o", "о")
        sheet.truth[row]["full_name"] = sheet.cells[row]["full_name"]
        sheet.due.append(Due(LOOK_ALIKE, row, "full_name"))


@kind("text")
def no_break_spaces(book: Book, rng: Random) -> None:
    book.sheet.texts(lambda text: rng.choice(["", "\u00a0"]) + text.replace(" ", rng.choice(["\u00a0", "\u00a0 ", "\u2007", "\u202f"])))


@kind("text")
def zero_width_characters(book: Book, rng: Random) -> None:
    def strewn(text: str) -> str:
        at = rng.randint(0, len(text))
        return text[:at] + rng.choice("\u200b\u200c\u200d\ufeff\u2060") + text[at:]

    book.sheet.texts(strewn)


@kind("text")
def cells_of_nothing_that_anybody_sees(book: Book, rng: Random) -> None:
    """A blank cell that holds only an invisible character: one of them once dealt a whole batch's values out to other rows."""
    for row in book.sheet.cells:
        for column in [c for c in book.sheet.columns if row.get(c) is None]:
            row[column] = rng.choice(["\u200b", "\ufeff", "\u2060\u200d", "\u00a0", "\u3164"])


@kind("text")
def line_breaks_in_cells(book: Book, rng: Random) -> None:
    book.sheet.texts(lambda text: text.replace(" ", rng.choice(["\n", "\r\n", " \n "]), 1))


@kind("text")
def old_tone_placement(book: Book, rng: Random) -> None:
    """Compared as if it were new, stored as given."""
    book.sheet.texts(_old_tones)
    _text_truth(book.sheet, _old_tones)


@kind("text")
def capital_letters(book: Book, rng: Random) -> None:
    book.sheet.texts(str.upper)
    _text_truth(book.sheet, str.upper)


@kind("text")
def tcvn3_font(book: Book, rng: Random) -> None:
    book.font = rng.choice([".VnTime", ".VnArial"])
    _in_letters(book.sheet, to_tcvn3)
    book.sheet.due.append(Due(LEGACY))


@kind("text")
def tcvn3_font_of_names_only(book: Book, rng: Random) -> None:
    for row, cells in enumerate(book.sheet.cells):
        _restyle(book.sheet, row, cells, ".VnTime", to_tcvn3)
    book.sheet.due.append(Due(LEGACY))


@kind("text")
def tcvn3_font_of_capitals(book: Book, rng: Random) -> None:
    for row, cells in enumerate(book.sheet.cells):
        book.sheet.truth[row]["full_name"] = book.sheet.truth[row]["full_name"].upper()
        _restyle(book.sheet, row, cells, ".VnTimeH", to_tcvn3_capitals)
    book.sheet.due.append(Due(LEGACY))
    book.or_refused = ("text_encoding_certain",)  # a column beside it may be called uncertain: asked, not guessed


@kind("text")
def vni_font(book: Book, rng: Random) -> None:
    book.font = rng.choice(["VNI-Times", "VNI-Helve"])
    _in_letters(book.sheet, to_vni)
    book.sheet.due.append(Due(LEGACY))


@kind("text")
def tcvn3_without_its_font(book: Book, rng: Random) -> None:
    _in_letters(book.sheet, to_tcvn3)
    book.sheet.due.append(Due(LEGACY))


@kind("text")
def vni_without_its_font(book: Book, rng: Random) -> None:
    _in_letters(book.sheet, to_vni)
    book.sheet.due.append(Due(LEGACY))


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────


@kind("values", "personnel", "rotation", "training", "discipline")
def days_without_zeros(book: Book, rng: Random) -> None:
    _days(book.sheet, lambda day: f"{day.day}{(sep := rng.choice('/-.'))}{day.month}{sep}{day.year}")


@kind("values", "personnel", "rotation", "training", "discipline")
def years_of_two_digits(book: Book, rng: Random) -> None:
    _days(book.sheet, lambda day: f"{day.day}/{day.month}/{day.year % 100:02}")


@kind("values", "personnel", "rotation", "training", "discipline")
def months_only(book: Book, rng: Random) -> None:
    _days(book.sheet, lambda day: f"{day.month:02}/{day.year}", "MONTH")


@kind("values", "personnel", "rotation", "training", "discipline")
def years_only(book: Book, rng: Random) -> None:
    _days(book.sheet, lambda day: rng.choice([day.year, str(day.year)]), "YEAR")


@kind("values", "personnel", "rotation", "training", "discipline")
def real_dates(book: Book, rng: Random) -> None:
    _days(book.sheet, lambda day: day)


@kind("values", "personnel", "rotation", "training", "discipline")
def dates_as_serial_numbers(book: Book, rng: Random) -> None:
    _days(book.sheet, lambda day: (day - EPOCH[False]).days)


@kind("values")
def leading_apostrophes(book: Book, rng: Random) -> None:
    for cells in book.sheet.cells:
        for column in book.sheet.columns:
            if meta_of(book.sheet.dataset, column).kind.name in ("date", "identity") and isinstance(cells[column], str):
                cells[column] = "'" + cells[column]


@kind("values", "ratings", "rotation", columns=("decision_no", "decided_on", "unit"))
def ditto_marks(book: Book, rng: Random) -> None:
    sheet = book.sheet
    mark = rng.choice(["nt", "//", "-nt-", '"', "như trên", "NT", "''"])
    for column in ("decision_no", "decided_on", "unit"):
        for row in pick_rows(rng, sheet, 3):
            if row:
                sheet.cells[row][column] = mark
        for row in range(1, len(sheet.cells)):
            if sheet.cells[row][column] == mark:
                sheet.truth[row][column] = sheet.truth[row - 1][column]
    sheet.due.append(Due(FILLED, must=False))


@kind("values")
def ditto_mark_for_a_person(book: Book, rng: Random) -> None:
    """Nobody has the identity number of the row above."""
    row = rng.randint(1, len(book.sheet.cells) - 1)
    book.sheet.cells[row]["identity_number"] = rng.choice(["nt", "//", "-nt-"])
    book.sheet.due.append(Due(("identity_number_shape",), row, "identity_number", drops=True))


@kind("values", "personnel", columns=("education_code",))
def ditto_mark_for_a_degree(book: Book, rng: Random) -> None:
    """Nor is a degree the one of the row above: nobody said so."""
    row = rng.randint(1, len(book.sheet.cells) - 1)
    book.sheet.cells[row]["education_code"] = rng.choice(["nt", "//", "-nt-"])
    book.sheet.truth[row]["education_code"] = None
    book.sheet.due.append(Due(("code_known",), row, "education_code"))


@kind("values", "training", columns=("hours",))
def dots_for_thousands(book: Book, rng: Random) -> None:
    for cells, row in zip(book.sheet.cells, book.sheet.truth, strict=True):
        row["hours"] = float(rng.randint(1000, 9999))
        cells["hours"] = f"{row['hours']:,.0f}".replace(",", ".")


@kind("values", "ratings", columns=("score",))
def decimal_commas(book: Book, rng: Random) -> None:
    _scores(book.sheet, rng, lambda score: f"{score:.2f}".replace(".", ","))


@kind("values", "ratings", columns=("score",))
def percent_signs(book: Book, rng: Random) -> None:
    _scores(book.sheet, rng, lambda score: f"{score:.2f}".replace(".", ",") + rng.choice(["%", " %"]))


@kind("values")
def identity_as_a_formatted_number(book: Book, rng: Random) -> None:
    for cells, row in zip(book.sheet.cells, book.sheet.truth, strict=True):
        number = row["identity_number"]
        cells["identity_number"] = Styled(int(number), (("num_format", "000000000000"),), number)
    book.sheet.due.append(Due(REPAIRED, must=False))


@kind("values")
def identity_without_its_zero(book: Book, rng: Random) -> None:
    for n, (cells, row) in enumerate(zip(book.sheet.cells, book.sheet.truth, strict=True)):
        number = int(row["identity_number"])
        cells["identity_number"] = rng.choice([number, str(number)])
        book.sheet.due.append(Due(REPAIRED, n, "identity_number"))


@kind("values")
def identity_with_digits_lost(book: Book, rng: Random) -> None:
    for row in pick_rows(rng, book.sheet, 2):
        number = int(book.sheet.truth[row]["identity_number"])
        book.sheet.cells[row]["identity_number"] = rng.choice([f"{number:.1E}", f"{number:.5E}".replace(".", ",")])
        book.sheet.due.append(Due(DIGITS_LOST, row, "identity_number", drops=True))


@kind("values")
def identity_with_spaces_and_dots(book: Book, rng: Random) -> None:
    for cells in book.sheet.cells:
        number, gap = cells["identity_number"], rng.choice([" ", ".", "\u00a0"])
        cells["identity_number"] = gap.join(number[n : n + 3] for n in range(0, 12, 3))


@kind("values")
def labels_and_abbreviations(book: Book, rng: Random) -> None:
    sheet = book.sheet
    for cells, row in zip(sheet.cells, sheet.truth, strict=True):
        for column in sheet.columns:
            info, value = meta_of(sheet.dataset, column), row.get(column)
            if info.kind.is_listed and value is not None:
                code = {True: "TRUE", False: "FALSE"}.get(value, value)
                known = next(c for c in code_lists()[info.codes or "boolean"] if c.code == code)
                said = rng.choice([known.label_vi, *known.aliases])
                cells[column] = rng.choice([said, said.upper(), said.lower(), f" {said} "])


@kind("values", "rotation", "training", "discipline", columns=("decided_on", "training_to", "announced_on"))
def error_cells(book: Book, rng: Random) -> None:
    """#REF! is no blank: the unit is told, and the value is unknown."""
    sheet = book.sheet
    column = next(c for c in ("decided_on", "training_to", "announced_on") if c in sheet.columns)
    for row in pick_rows(rng, sheet, 2):
        sheet.cells[row][column] = Fault(rng.choice(["#REF!", "#N/A", "#VALUE!", "#DIV/0!"]))
        sheet.truth[row][column] = None
        sheet.due.append(Due(ERROR_CELL, row, column))


# ── all at once ──────────────────────────────────────────────────────────────────────────────────────────────────

# habits that go together, in the order in which they can be put on: first values, then columns, then letters
GENTLE = (
    labels_and_abbreviations, days_without_zeros, identity_with_spaces_and_dots, shuffled_columns, unknown_columns, roman_sections,
    total_in_words, notes_below, icelandic_eth, decomposed_letters, no_break_spaces, zero_width_characters, header_spelling, column_numbers,
)  # fmt: skip


@kind("layout")
def many_habits_at_once(book: Book, rng: Random) -> None:
    title_block(book, rng)
    for habit in sorted(rng.sample(range(len(GENTLE)), 6)):
        GENTLE[habit](book, rng)


@kind("layout")
def many_habits_in_a_csv(book: Book, rng: Random) -> None:
    many_habits_at_once(book, rng)
    _as_csv(book, rng.choice(",;\t"), lambda text: text.encode("utf-8-sig"))


# ── unreadable ───────────────────────────────────────────────────────────────────────────────────────────────────


@kind("unreadable")
def no_bytes(book: Book, rng: Random) -> None:
    book.change, book.refused = lambda data: b"", EMPTY


@kind("unreadable")
def truncated(book: Book, rng: Random) -> None:
    part = rng.uniform(0.1, 0.9)
    book.change, book.refused = lambda data: data[: int(len(data) * part)], UNREADABLE


@kind("unreadable")
def password(book: Book, rng: Random) -> None:
    def locked(data: bytes) -> bytes:
        out = io.BytesIO()
        OOXMLFile(io.BytesIO(data)).encrypt("mật khẩu", out)
        return out.getvalue()

    book.change, book.refused = locked, PROTECTED


@kind("unreadable", deadly=True)
def zip_bomb(book: Book, rng: Random) -> None:
    book.change, book.refused = lambda data: _bomb(), TOO_LARGE


@kind("unreadable", deadly=True)
def zip_bomb_that_says_it_is_small(book: Book, rng: Random) -> None:
    book.change, book.refused = lambda data: _bomb(said=1000), (*TOO_LARGE, *UNREADABLE)


@kind("unreadable", deadly=True)
def dimension_that_lies(book: Book, rng: Random) -> None:
    said = b'<dimension ref="A1:%s"/>' % f"{letter(len(book.sheet.columns))}{len(book.sheet.cells) + 1}".encode()
    book.change = lambda data: _in_zip(data, "xl/worksheets/sheet1.xml", said, b'<dimension ref="A1:XFD1048576"/>')
    book.or_refused = TOO_LARGE


@kind("unreadable", deadly=True)
def cell_in_the_last_corner(book: Book, rng: Random) -> None:
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    book.change = lambda data: _in_zip(data, "xl/worksheets/sheet1.xml", b"</sheetData>", stray)
    book.or_refused = TOO_LARGE


@kind("unreadable")
def pdf_named_xlsx(book: Book, rng: Random) -> None:
    book.change, book.refused = lambda data: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n", DOCUMENT


@kind("unreadable")
def html_named_xlsx(book: Book, rng: Random) -> None:
    page = "<!DOCTYPE html><html><body><table><tr><td>Họ và tên</td><td>Mức xếp loại</td></tr></table></body></html>"
    book.change, book.refused = lambda data: page.encode(), WEB_PAGE


@kind("unreadable")
def docx_named_xlsx(book: Book, rng: Random) -> None:
    book.change, book.refused = lambda data: _docx(), DOCUMENT


# ── what is no list and nobody ───────────────────────────────────────────────────────────────────────────────────


@kind("layout", "ratings", "personnel", "rotation")
def stray_quotes_in_a_csv(book: Book, rng: Random) -> None:
    """Two quotation marks that open and never close: what stands between them looks like one cell."""
    _as_csv(book, ";", lambda text: _with_stray_quotes(text).encode())
    book.sheet.due.append(Due(STRAY_QUOTES))
    book.or_refused = ("quotes_in_pairs",)


@kind("layout")
def copy_of_the_sheet(book: Book, rng: Random) -> None:
    copied = deepcopy(book.sheet)
    copied.name = f"{book.sheet.name} (2)"
    copied.due = [Due(COPIED), *(Due(COPIED, n, drops=True, must=False) for n in range(len(copied.cells)))]
    book.sheets.insert(rng.randint(0, 1), copied)


@kind("layout", "personnel")
def defaults_filled_down(book: Book, rng: Random) -> None:
    sheet = book.sheet
    line = [text_of(sheet.dataset, c, "FULL") if c == "member_status_code" else None for c in sheet.columns]
    sheet.below = [[len(sheet.cells) + n, *line] for n in range(1, rng.randint(3, 9))]
    sheet.due.append(Due(FILLED_IN))


@kind("layout")
def header_in_english_below(book: Book, rng: Random) -> None:
    words = ["Full name", "Date of birth", "ID No.", "Unit", "Sex", "From", "To", "Remarks"]
    book.sheet.between[0] = [["No.", *[words[n % len(words)] for n, _ in enumerate(book.sheet.columns)]]]


@kind("layout", "ratings", "personnel", "training")
def sections_with_a_count(book: Book, rng: Random) -> None:
    sheet = book.sheet
    sheet.remove("unit")
    second = rng.randint(1, 4)
    for numeral, name, rows in (("I", "Chi bộ 1", range(second)), ("II", "Chi bộ Khu vực 5", range(second, len(sheet.truth)))):
        said = rng.choice(["{} ({:02} đảng viên)", "{}: {} đồng chí", "{} ({} người)"])
        sheet.between[rows.start] = [[numeral, said.format(name, len(rows))]]
        for row in rows:
            sheet.truth[row]["unit"] = name


# ── how ──────────────────────────────────────────────────────────────────────────────────────────────────────────

CYRILLIC = dict(zip("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ", strict=True))
OLD_TONE = re.compile("([oO])([\u0300\u0301\u0303\u0309\u0323])([aeAE])|([uU])([\u0300\u0301\u0303\u0309\u0323])([yY])")


def _with_stray_quotes(text: str) -> str:
    """A quotation mark before the second cell of two rows of a CSV."""
    lines = text.split("\r\n")
    for number in (2, 4):
        lines[number] = lines[number].replace(";", ';"', 1)
    return "\r\n".join(lines)


def _old_tones(text: str) -> str:
    """hòa → hoà, thủy → thuỷ."""
    return normalize("NFC", OLD_TONE.sub(r"\1\3\2\4\6\5", normalize("NFD", text)))


def _as_csv(book: Book, delimiter: str, encode: Callable[[str], bytes] = str.encode) -> None:
    book.is_csv, book.extension, book.delimiter, book.encode = True, "csv", delimiter, encode


def _text_truth(sheet: Sheet, change: Callable[[str], str]) -> None:
    for row in sheet.truth:
        for column in sheet.columns:
            if meta_of(sheet.dataset, column).kind.name in ("text", "shape") and row.get(column):
                row[column] = change(row[column])


def _writable(text: str, encode: Callable[[str], str]) -> str:
    """The text with small letters where the alphabet has no capital."""

    def letter_of(c: str) -> str:
        try:
            encode(c)
        except NoSuchLetter:
            return c.lower()
        return c

    return "".join(letter_of(c) for c in text)


def _in_letters(sheet: Sheet, encode: Callable[[str], str]) -> None:
    """Everything on the sheet in an old alphabet, and the truth in letters that it has."""
    sheet.texts(lambda text: encode(_writable(text, encode)))
    _text_truth(sheet, lambda text: _writable(text, encode))


def _restyle(sheet: Sheet, row: int, cells: dict[str, Cell], font: str, encode: Callable[[str], str]) -> None:
    sheet.truth[row]["full_name"] = _writable(sheet.truth[row]["full_name"], encode)
    said = encode(sheet.truth[row]["full_name"])
    cells["full_name"] = Styled(said, (("font_name", font),), said)


def _group(sheet: Sheet, columns: list[str], title: str, leaves: dict[str, str] | None = None) -> None:
    """A title over neighbouring columns; every other header spans both rows."""
    top, low = (sheet.head[0], {}) if len(sheet.head) == 1 else sheet.head
    low = low | {c: (leaves or top)[c] for c in columns}
    top = {c: t for c, t in top.items() if c not in columns} | {columns[0]: title}
    sheet.head = [top, low]
    sheet.merges = [m for m in sheet.merges if m[0] != m[2] or m[1] != m[3]]
    sheet.merges = [m for m in sheet.merges if m[2] == 0] + [(0, columns[0], 0, columns[-1])]
    sheet.merges += [(0, c, 1, c) for c in sheet.columns if c not in low]


def _totals(sheet: Sheet, rng: Random, wrong: int) -> None:
    """A subtotal under each of two parts and a total under all; the total may be wrong."""
    middle, count = rng.randint(2, 4), len(sheet.cells)
    hours = [row["hours"] for row in sheet.truth]

    def line(label: str, total: float) -> Line:
        cells = [total if c == "hours" else None for c in sheet.columns]
        cells[0] = label
        return [None, *cells]

    sheet.between[0] = [["I", "Đợt 1"]]
    sheet.between[middle] = [line("Cộng", sum(hours[:middle])), ["II", "Đợt 2"]]
    sheet.between[count] = [line("Cộng", sum(hours[middle:])), line(rng.choice(["Tổng cộng", "TỔNG SỐ"]), sum(hours) + wrong)]


def _marked(sheet: Sheet, rng: Random) -> Cell:
    """Four columns of levels in the place of one. Gives the mark that this office uses."""
    mark: Cell = rng.choice(["x", "X", "✓", "v", "1", 1, "●"])
    labels = LEVELS if rng.random() < 0.5 else {code: text_of(sheet.dataset, "decided_level_code", code) for code in LEVELS}
    sheet.remove("not_rated_reason_code")
    at = sheet.columns.index("decided_level_code")
    sheet.columns[at : at + 1] = [f"mark {code}" for code in LEVELS]
    for cells, row in zip(sheet.cells, sheet.truth, strict=True):
        if row["decided_level_code"] == "NOT_RATED":
            row["decided_level_code"] = "GOOD"
        cells[f"mark {row['decided_level_code']}"] = mark
    title = sheet.head[0].pop("decided_level_code")
    for code, label in labels.items():
        sheet.head[0][f"mark {code}"] = label
    if rng.random() < 0.5:
        _group(sheet, [f"mark {code}" for code in LEVELS], title)
    return mark


def _days(sheet: Sheet, written: Callable[[dt.date], Cell], precision: str = "DAY") -> None:
    """Every date written another way; a month or a year means its first day, or its last where the column ends something."""
    for cells, row in zip(sheet.cells, sheet.truth, strict=True):
        for column in sheet.columns:
            day = row.get(column)
            info: Any = meta_of(sheet.dataset, column) if isinstance(day, dt.date) else None
            if info is None:
                continue
            cells[column] = written(day)
            row[f"{column}_precision_code"] = precision
            if precision != "DAY":
                last = dt.date(day.year + 1, 1, 1) if precision == "YEAR" else dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
                first = day.replace(day=1) if precision == "MONTH" else dt.date(day.year, 1, 1)
                row[column] = last - dt.timedelta(days=1) if info.ends else first


def _scores(sheet: Sheet, rng: Random, written: Callable[[float], str]) -> None:
    for cells, row in zip(sheet.cells, sheet.truth, strict=True):
        row["score"] = rng.randint(101, 9999) / 100
        cells["score"] = written(row["score"])


def _other(book: Book, rng: Random) -> Sheet:
    """A table of another dataset."""
    return plain(make_table(rng, rng.choice([d for d in DATASETS if d != book.sheet.dataset]), 4))


def _in_zip(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with some bytes of one part replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        found = book.read(part)
    assert old in found, part
    return _with_part(data, part, [found.replace(old, new)])


def _with_part(data: bytes, part: str, content: Iterable[bytes], said: int | None = None) -> bytes:
    """The workbook with another part in the place of one; its directory may say that the part is of another size."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name in book.namelist():
            if name != part:
                made.writestr(name, book.read(name))
        with made.open(part, "w", force_zip64=True) as target:
            for piece in content:
                target.write(piece)
        made.getinfo(part).file_size = said or made.getinfo(part).file_size
    return out.getvalue()


@cache
def _bomb(said: int | None = None) -> bytes:
    """A sheet of 400 MiB in a file of two: the same row again and again."""
    head = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    rows = (b"<row>" + b'<c t="inlineStr"><is><t>xxxxxxxxxxxxxxxx</t></is></c>' * 16 + b"</row>") * 1100
    small = write(Book([plain(make_table(Random(0), "ratings"))]))[1]
    return _with_part(small, "xl/worksheets/sheet1.xml", chain([head], repeat(rows, 400), [b"</sheetData></worksheet>"]), said)


def _docx() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        made.writestr(
            "[Content_Types].xml", f'<Types xmlns="{types}"><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
        )
        made.writestr("word/document.xml", "<document>Báo cáo</document>")
    return out.getvalue()


# ── values that are readable, or say nothing, or fill a cell ─────────────────────────────────────────────────────


@kind("values", "personnel", "rotation", "training", "discipline")
def days_with_a_time(book: Book, rng: Random) -> None:
    forms = ["%d/%m/%Y 00:00:00", "%d/%m/%Y 0:00", "%Y-%m-%dT00:00:00", "%Y-%m-%d 00:00:00.000", "%d/%m/%Y 12:00:00 SA"]
    _days(book.sheet, lambda day: day.strftime(rng.choice(forms)))


@kind("values", "personnel", "rotation", "training", "discipline")
def spaces_and_long_dashes_in_days(book: Book, rng: Random) -> None:
    forms = ["%d / %m / %Y", "%d- %m -%Y", "%d–%m–%Y", "%d.%m.%Y.", "%d%m%Y", "%Y/%m/%d"]
    _days(book.sheet, lambda day: day.strftime(rng.choice(forms)))


@kind("values", "personnel", "rotation", "training", "discipline")
def months_by_name_in_days(book: Book, rng: Random) -> None:
    forms = [
        "{0.day:02}-Thg{0.month}-{0.year}",
        "{0.day}-Th{0.month}-{0.year}",
        "ngày {0.day} tháng {0.month} năm {0.year}",
        "{0:%d-%b-%Y}",
    ]
    _days(book.sheet, lambda day: rng.choice(forms).format(day))


@kind("values", "personnel", "rotation", "training", "discipline")
def months_without_a_day(book: Book, rng: Random) -> None:
    forms = ["tháng {0.month}/{0.year}", "Tháng {0.month} năm {0.year}", "00/{0.month:02}/{0.year}", "Thg{0.month}-{0.year}"]
    _days(book.sheet, lambda day: rng.choice(forms).format(day), "MONTH")


@kind("values", "personnel", "rotation", "training", "discipline")
def years_after_zeros(book: Book, rng: Random) -> None:
    _days(book.sheet, lambda day: f"{rng.choice(['00/00', '0/0'])}/{day.year}", "YEAR")


@kind("values")
def dashes_for_blanks(book: Book, rng: Random) -> None:
    """Whatever is blank is written out as a dash, dots, NULL; an end that has not come as “nay”. Dots below a unit are asked: perhaps it is that one."""
    sheet = book.sheet
    for cells in sheet.cells:
        for column in sheet.columns:
            if cells.get(column) is None:
                ends = meta_of(sheet.dataset, column).ends
                dots = ["…", "..."] if column != "unit" else []
                cells[column] = rng.choice(["-", "–", *dots, "/", "NULL", "n/a", *(["nay", "đến nay", "0", "00/00/0000"] if ends else [])])


@kind("values")
def identity_with_a_decimal_part(book: Book, rng: Random) -> None:
    _as_csv(book, ";")
    for n, (cells, row) in enumerate(zip(book.sheet.cells, book.sheet.truth, strict=True)):
        number = int(row["identity_number"])
        cells["identity_number"] = f"{number}{rng.choice(['.0', ',0', '.00'])}"
        book.sheet.due.append(Due(REPAIRED, n, "identity_number"))


@kind("values")
def identity_that_fills_the_cell(book: Book, rng: Random) -> None:
    """Two people with one placeholder would be one person."""
    filler = rng.choice(["000000000000", "111111111111", "123456789012", "999999999", "000000000000.0"])
    for row in pick_rows(rng, book.sheet, 2):
        book.sheet.cells[row]["identity_number"] = filler
        book.sheet.due.append(Due(("identity_number_is_a_persons",), row, "identity_number", drops=True))


@kind("values")
def text_as_a_formula(book: Book, rng: Random) -> None:
    """How a CSV keeps a zero at the front when Excel opens it: ="092…"."""
    _as_csv(book, rng.choice(",;"))
    book.sheet.texts(lambda text: f'="{text}"', head=False)


@kind("text")
def invisible_characters_of_every_kind(book: Book, rng: Random) -> None:
    signs = [chr(point) for point, shown in INVISIBLE.items() if point > 0xFF and shown is None]  # U+00AD is a letter of TCVN3
    book.sheet.texts(lambda text: (at := rng.randint(0, len(text)), text[:at] + rng.choice(signs) + text[at:])[1])


# ── what Excel shows ─────────────────────────────────────────────────────────────────────────────────────────────


@kind("shown", "personnel", "ratings", columns=("unit",))
def units_merged_over_rows(book: Book, rng: Random) -> None:
    """The unit stands in the first of the rows that it is merged over, and Excel shows it for all."""
    sheet, count = book.sheet, len(book.sheet.cells)
    half = rng.randint(2, count - 2)
    at = letter(sheet.columns.index("unit") + 1)
    for first, last in ((0, half), (half, count)):
        unit, shown = sheet.truth[first]["unit"], sheet.cells[first]["unit"]
        for n in range(first, last):
            sheet.truth[n]["unit"], sheet.cells[n]["unit"] = unit, shown if n == first else None
    ranges = "".join(f'<mergeCell ref="{at}{first + 2}:{at}{last + 1}"/>' for first, last in ((0, half), (half, count)))
    merged = f'</sheetData><mergeCells count="2">{ranges}</mergeCells>'.encode()
    book.change = lambda data: _in_zip(data, "xl/worksheets/sheet1.xml", b"</sheetData>", merged)


@kind("shown", "ratings", columns=("score",))
def scores_in_a_percent_format(book: Book, rng: Random) -> None:
    _scores(book.sheet, rng, str)
    for cells, row in zip(book.sheet.cells, book.sheet.truth, strict=True):
        cells["score"] = Styled(row["score"] / 100, (("num_format", rng.choice(["0%", "0.0%", "0.00%"])),), cells["score"])


@kind("shown", "personnel", columns=("birth_date",))
def days_a_minute_short(book: Book, rng: Random) -> None:
    for cells, row in zip(book.sheet.cells, book.sheet.truth, strict=True):
        serial = (row["birth_date"] - EPOCH[False]).days - rng.randint(1, 59) / 86_400
        cells["birth_date"] = Styled(serial, (("num_format", "dd/mm/yyyy"),), text_of("personnel", "birth_date", row["birth_date"]))
        row["birth_date_precision_code"] = "DAY"
    book.sheet.due.append(Due(("day_without_time",), 0, "birth_date"))


@kind("shown", "rotation", "training", "discipline", columns=("decided_on", "training_to", "announced_on"))
def formulas_that_nobody_calculated(book: Book, rng: Random) -> None:
    """A writer that cannot calculate leaves a 0 where Excel would show a day."""
    sheet = book.sheet
    column = next(c for c in ("decided_on", "training_to", "announced_on") if c in sheet.columns)
    rows = pick_rows(rng, sheet, 2)
    for row in rows:
        sheet.cells[row][column] = Fault(0)
        sheet.truth[row][column] = None
        sheet.due.append(Due(ERROR_CELL, row, column))
    sheet.due.append(Due(("formula_calculated",), rows[0], column))


@kind("shown", columns=("full_name",))
def people_struck_through(book: Book, rng: Random) -> None:
    for row in pick_rows(rng, book.sheet, 2):
        name = book.sheet.cells[row]["full_name"]
        book.sheet.cells[row]["full_name"] = Styled(name, (("font_strikeout", True),), name)
        book.sheet.due.append(Due(("row_not_struck",), row, "full_name"))


@kind("shown")
def rows_of_no_height(book: Book, rng: Random) -> None:
    book.sheet.hidden_rows = set(pick_rows(rng, book.sheet, 2))
    book.sheet.due.append(Due(HIDDEN))
    book.change = lambda data: _in_zip(data, "xl/worksheets/sheet1.xml", b'hidden="1"', b'ht="0" customHeight="1"')
