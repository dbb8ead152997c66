"""The report tables as files for others: a workbook to read, CSV and Parquet to count with, and a page that says who took them, when, why and what is hidden.

Two kinds: the department's own, whole, and `public`, of which what would tell of few people is taken out (public.py). Who, when and why are given; the log
is written by whoever asks (cli/export.py). What does not belong here: deciding what may leave, and the workbook that every load publishes (warehouse).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline import codes, whole
from pipeline.presentation import day, header, number, percent, vietnamese, yes_or_no
from pipeline.surfaces import files
from pipeline.surfaces.declared import WITHHELD, Declared, declared
from pipeline.surfaces.public import Rules, public
from pipeline.warehouse.door import Published

HIDDEN = "(ẩn)"
NOTES = "Ghi chú"
README = "DOC-TRUOC.md"
WORKBOOK = "bao-cao.xlsx"
# Of a workbook one reads committees; what stands below them is in CSV and Parquet.
LEVELS_IN_WORKBOOK = ("CITY", "SUPERIOR", "BASE_COMMITTEE", "BASE_CELL")
WIDTHS = {"unit_name": 44.0, "unit_type_code": 30.0, "rating_system_code": 22.0}


@dataclass(frozen=True)
class About:
    """What is said of an export on its first page."""

    who: str
    at: dt.datetime
    why: str
    load_id: int
    as_of: dt.date
    rules: Rules | None  # None: the department's own


def tables(version: Published) -> dict[str, pl.DataFrame]:
    """The report tables whole, as the department takes them."""
    return {name: version.db.execute(f"SELECT * FROM reports.{name} ORDER BY ALL").pl() for name in declared()}


def public_tables(version: Published, rules: Rules) -> dict[str, pl.DataFrame]:
    """The report tables as they may leave."""
    units = version.db.execute("SELECT unit_key, parent_unit_key, valid_from, valid_to FROM core.dim_unit").pl()
    found = tables(version)
    left = public(found, units, declared(), rules)
    return {name: left[name] for name in found}


def hidden_shares(frames: Mapping[str, pl.DataFrame]) -> list[tuple[str, str, int, int]]:
    """(table, type of unit, figures of people, of these hidden)."""
    found = []
    for name, frame in frames.items():
        figures = [c for c in frame.columns if c in _figures(declared()[name])]
        if not figures or WITHHELD not in frame.columns:
            continue
        per_row = frame.select(
            "unit_type_code",
            hidden=pl.col(WITHHELD).str.split(", ").list.len().fill_null(0).cast(pl.Int64),
            told=pl.sum_horizontal(pl.col(figures).is_not_null().cast(pl.Int64)),
        )
        by_type = per_row.group_by("unit_type_code").agg(pl.sum("hidden"), pl.sum("told"))
        counted = {
            kind: (told + hidden, hidden) for kind, hidden, told in by_type.iter_rows() if told + hidden
        }  # none: nobody sent anything
        found += [(name, kind, *counted[kind]) for kind in codes.labels("unit_type") if kind in counted]
    return found


def _figures(own: Declared) -> set[str]:
    return {*own.sets, *own.along, *own.change, *(own.copies.columns if own.copies else ())}


def write(
    target: Path,
    frames: Mapping[str, pl.DataFrame],
    words: Mapping[str, Mapping[str, str]],
    about: About,
    beside: Callable[[Path], object] | None = None,
) -> None:
    """Everything into a folder that is not there yet, or is empty; whole or not at all. `beside`: writes what else belongs there. Raises FileExistsError."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    with whole.beside(target.parent, target.name) as part:
        for name, frame in frames.items():
            files.write(frame.columns, frame.iter_rows(), "csv", part / f"{name}.csv")
            frame.write_parquet(part / f"{name}.parquet")
        lines = notes(frames, words, about)
        (part / README).write_text(_page(lines), "utf-8")
        _workbook(part / WORKBOOK, frames, words, lines)
        if beside:
            beside(part)
        part.replace(target)


Lines = list[tuple[str, str]]  # what it is, what is said of it; without the second: a heading


def notes(frames: Mapping[str, pl.DataFrame], words: Mapping[str, Mapping[str, str]], about: About) -> Lines:
    """What stands on the first sheet and on the page."""
    rules = about.rules
    lines: Lines = [
        ("SỐ LIỆU TỪ KHO DỮ LIỆU NHÂN SỰ" + (" – BẢN CÔNG KHAI" if rules else " – BẢN NỘI BỘ, KHÔNG CHUYỂN RA NGOÀI"), ""),
        ("Người xuất", about.who),
        ("Thời điểm", f"{about.at:%H:%M} ngày {day(about.at.date())}"),
        ("Lý do", about.why),
        ("Lần nạp dữ liệu", str(about.load_id)),
        ("Số liệu tính đến ngày", day(about.as_of)),
    ]
    if rules:
        lines += [
            ("Cách bảo vệ", ""),
            (
                "Ngưỡng k",
                f"{rules.k}: không cho biết số nào đếm từ 1 đến {rules.k - 1} người, kể cả bằng cách lấy tổng trừ đi các số khác.",
            ),
            (
                f"Ô “{HIDDEN}”",
                f"Số bị ẩn: hoặc đếm dưới {rules.k} người, hoặc nếu cho biết thì tính ra được một số như thế. Không được coi là 0, và không phải thiếu số "
                f"liệu. Trong tệp CSV và Parquet ô này để trống, và cột “{WITHHELD}” ghi tên các cột bị ẩn của dòng.",
            ),
            ("Ô trống", "Không có số liệu: không đơn vị nào báo cáo, hoặc chưa có danh sách để đếm."),
            ("Số 0", "Không có ai: được cho biết."),
            (
                "Tỷ lệ, tổng, trung vị",
                f"Chỉ có khi mọi số để tính ra nó đều có; trung vị khi có ít nhất {2 * rules.k} người; số giờ học khi mọi loại lớp đều có và không làm tròn.",
            ),
            (
                "Làm tròn",
                f"Mọi số đếm được làm tròn đến bội số gần nhất của {rules.round_to}; tỷ lệ tính từ số đã làm tròn; tổng các dòng có thể lệch với dòng tổng."
                if rules.round_to
                else "Không làm tròn: số nào có mặt là số đúng.",
            ),
            (
                "Không có trong bản này",
                "Số dòng và số lỗi của từng báo cáo, đảng viên chưa rõ lý do, chuyển đi sau khi xếp loại, ngoài danh sách, chưa đối chiếu được; số đơn vị "
                "không trả lời; đơn vị đã kết thúc hoạt động trước ngày cuối kỳ và, về kỷ luật, luân chuyển, đào tạo, đơn vị chưa có báo cáo được nhận (vẫn "
                "được tính ở cấp trên). Xếp loại của đơn vị chưa có báo cáo được nhận: để trống.",
            ),
            ("Tỷ lệ số bị ẩn", ""),
            *(
                (f"{declared()[name].sheet}: {codes.labels('unit_type')[kind]}", f"{percent(hidden / all_, 1)} của {number(all_)} số")
                for name, kind, all_, hidden in hidden_shares(frames)
            ),
        ]
    lines.append(("Mẫu số của các tỷ lệ", ""))
    for name, own in declared().items():
        lines += [
            (
                f"{own.sheet}: {share}",
                f"{vietnamese(words[name].get(share, ''))}; mẫu số là cột {below}: {vietnamese(words[name].get(below, ''))}",
            )
            for share, one in own.along.items()
            if one.share
            for _, below in (one.share,)
        ]
    lines.append(("Các trang", ""))
    lines += [(declared()[name].sheet, f"{name}.csv, {name}.parquet: {number(frame.height)} dòng") for name, frame in frames.items()]
    lines.append(("Trang tính", "Thành phố, cấp trên và tổ chức cơ sở; các chi bộ trực thuộc có trong tệp CSV và Parquet."))
    return lines


def _page(lines: Lines) -> str:
    """The same as a page of text."""
    text = ""
    for what, said in lines:
        text += f"- **{what}**: {' '.join(said.split())}\n" if said else f"\n## {what}\n\n" if text else f"# {what}\n\n"
    return text


def _workbook(target: Path, frames: Mapping[str, pl.DataFrame], words: Mapping[str, Mapping[str, str]], lines: Lines) -> None:
    with target.open("xb") as out, files.Book(out) as book:
        book.page(NOTES, lines)
        for name, frame in frames.items():
            _sheet(book, declared()[name].sheet, _to_read(frame), words[name])


def _to_read(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that a person reads, newest first. A row that is known to be all zeros is left out; of one that is hidden nobody knows."""
    frame = frame.filter(pl.col("unit_type_code").is_in(LEVELS_IN_WORKBOOK))
    if "rating_system_code" in frame.columns:
        frame = frame.filter(~((pl.col("rated") == 0) & (pl.col("not_rated") == 0)).fill_null(False))
    first = [c for c in ("year", "period", "rating_system_code", "dataset_code", "unit_code") if c in frame.columns]
    order = [
        pl.col(c).replace_strict({code: n for n, code in enumerate(codes.labels(c.removesuffix("_code")))}, default=None)
        if c in ("rating_system_code", "dataset_code")
        else pl.col(c)
        for c in first
    ]
    return frame.sort(order, descending=[c in ("year", "period") for c in first])


def _sheet(book: files.Book, name: str, frame: pl.DataFrame, said: Mapping[str, str]) -> None:
    told = {"period_type_code", "year", "period_to"} if "period" in frame.columns else set[str]()
    shown = [c for c in frame.columns if c != WITHHELD and c not in told and not c.endswith("_key")]
    columns = [files.Column(header(said.get(c, "")) or c, WIDTHS.get(c, 14), _style(c, frame.schema[c])) for c in shown]
    labels = [codes.labels(c.removesuffix("_code")) if c.removesuffix("_code") in codes.code_lists() else {} for c in shown]

    def rows() -> Iterator[list[Any]]:
        for row in frame.iter_rows(named=True):
            hidden = (row.get(WITHHELD) or "").split(", ")
            yield [_cell(row[c], words, c in hidden) for c, words in zip(shown, labels, strict=True)]

    book.sheet(name, columns, rows(), stays=shown.index("unit_name") + 1, head=76)


def _style(column: str, kind: pl.DataType) -> str:
    return "" if column == "year" or not kind.is_numeric() else "share" if "_share" in column else "count"


def _cell(value: Any, labels: Mapping[str, str], is_hidden: bool) -> Any:
    if value is None:
        return files.Aside(HIDDEN) if is_hidden else None
    if isinstance(value, bool):
        return yes_or_no(value)
    return labels.get(value, value) if isinstance(value, str) else value
