"""The reports for people without SQL: one workbook.

What does not belong here: making figures, and when and where the workbook is published.
"""

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl
import polars.selectors as cs
from rustpy_xlsxwriter import Format, write_worksheets

from pipeline import codes
from pipeline.presentation import COUNT_FORMAT, DAY_FORMAT, PALE, SHARE_FORMAT, day, header, vietnamese, yes_or_no

Words = dict[tuple[str, str], tuple[str, dict[str, str]]]  # (schema, table) → its description, and its columns'
# An officer's workbook shows committees, not every cell: those are in the database and in Parquet.
LEVELS_IN_WORKBOOK = ("CITY", "SUPERIOR", "BASE_COMMITTEE", "BASE_CELL")
COVER = "Giới thiệu"
_WIDTHS: dict[str, float] = {"unit_name": 44, "unit_type_code": 30, "rating_system_code": 22}


def write_workbook(db: duckdb.DuckDBPyConnection, words: Words, named: dict[str, str], target: Path, load_id: int, as_of: dt.date) -> None:
    """The reports of the database in use: a sheet each, `named` in its order, Vietnamese headers and labels, committees down to the base."""
    head = Format().set_bold().set_text_wrap().set_background_color(PALE).set_border("thin").set_align("center").set_align("vcenter")
    wrapped = Format().set_text_wrap().set_align("left").set_align("top")
    above = (
        ("BÁO CÁO TỪ KHO DỮ LIỆU NHÂN SỰ", Format().set_bold().set_font_size(14)),
        (f"Lần nạp dữ liệu: {load_id}", wrapped),
        (f"Số liệu tính đến ngày: {day(as_of)}", wrapped),
        ("Phạm vi: Thành phố, đảng bộ cấp trên và tổ chức cơ sở đảng; các chi bộ trực thuộc có trong cơ sở dữ liệu", wrapped),
    )
    cover = pl.DataFrame({"Trang": list(named.values()), "Nội dung": [vietnamese(words["reports", table][0]) for table in named]})
    columns = {table: _columns(words["reports", table][1]) for table in named}
    sheets = {title: _sheet(db, table, columns[table]) for table, title in named.items()}
    widths: dict[str, dict[str, float] | list[float]] = {
        title: [_WIDTHS.get(name, 14) for name in columns[table]] for table, title in named.items()
    }
    formats = {title: list(map(_format, columns[table], sheets[title].dtypes)) for table, title in named.items()}
    write_worksheets(
        [(COVER, cover), *sheets.items()],
        str(target),
        header_format={"general": head},
        header_row={COVER: len(above) + 1},
        merge_ranges={COVER: [(row, 0, row, 1, text, style) for row, (text, style) in enumerate(above)]},
        row_heights={title: {0: 76} for title in sheets},
        freeze_panes={title: {"row": 1, "col": [*columns[table]].index("unit_name") + 1} for table, title in named.items()},
        column_widths={COVER: [24, 100], **widths},
        column_formats={COVER: [wrapped, wrapped], **formats},
        autofilter=dict.fromkeys(sheets, True),
        dedupe_strings={"general": True},  # the same few names and labels stand in every sheet
    )


def _columns(said: dict[str, str]) -> dict[str, str]:
    """What a sheet shows of a report, column → header: what its description says first; the rest of it is in the database."""
    # a period says its year, its kind and its last day by itself
    told = {"period_type_code", "year", "period_to"} if "period" in said else set()
    return {name: header(text) for name, text in said.items() if not name.endswith("_key") and name not in told}


def _sheet(db: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> pl.DataFrame:
    labels = {n: codes.labels(n.removesuffix("_code")) for n in columns if n.removesuffix("_code") in codes.code_lists()}
    keys = [
        "year DESC",
        *("period" for _ in columns if _ == "period"),
        *(_in_order(n, labels[n]) for n in labels if n != "unit_type_code"),
        "unit_code",
    ]
    frame = db.execute(
        f"SELECT {', '.join(columns)} FROM draft.reports.{table} WHERE unit_type_code IN {LEVELS_IN_WORKBOOK} ORDER BY {', '.join(keys)}"
    ).pl()
    frame = _without_noughts(frame) if "population" in columns else frame
    said = labels | {n: {"true": yes_or_no(True), "false": yes_or_no(False)} for n, kind in frame.schema.items() if kind == pl.Boolean}
    return frame.with_columns(pl.col(name).cast(pl.String).replace(words) for name, words in said.items()).rename(columns)


def _without_noughts(ratings: pl.DataFrame) -> pl.DataFrame:
    """Without units of which it is known that a system has nobody there and of which no answer is awaited: 951 of the whole sample city's 7,716 lines.
    What is unknown stays, with blanks: whoever adds up a column sees whose figures are not in it."""
    return ratings.filter(pl.col("population").is_null() | (pl.max_horizontal(cs.integer()) > 0))


def _format(name: str, kind: pl.DataType) -> Format:
    if kind == pl.Date:
        return Format().set_num_format(DAY_FORMAT)
    if not kind.is_numeric() or name == "year":
        return Format()
    return Format().set_num_format(SHARE_FORMAT if "_share" in name else COUNT_FORMAT)


def _in_order(column: str, labels: dict[str, str]) -> str:
    """Codes in the order of their list, which is not that of the alphabet."""
    return f"list_position({list(labels)}, {column})"
