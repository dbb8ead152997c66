"""`pipeline metric`: a figure that is defined once, asked of the published version.

What does not belong here: what a metric is (dbt's semantic models), and how it is answered (surfaces/metrics).
"""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from pipeline.cli.sql import form_of, give, refusals
from pipeline.cli.words import command, harmless, out
from pipeline.paths import Home
from pipeline.presentation import BLANK, both, day, figure, number, vietnamese

if TYPE_CHECKING:
    from pipeline.metrics import Metric
    from pipeline.surfaces import sql
    from pipeline.surfaces.metrics.answer import Answer as Figures
    from pipeline.warehouse.door import Published

SHOWN = 200  # lines on the screen; a file has all
HEADS = {"share": "Tỷ lệ", "months": "Tháng"}  # of the figures; the line above says which
LISTED = ("Chỉ tiêu", "Tên", "Name", "Nội dung", "Meaning", "Mẫu số", "Denominator", "Chiều")


@command(is_logged=False)  # what is published names nobody
def metric(
    name: Annotated[str | None, typer.Argument(help="Chỉ tiêu, ví dụ excellent_share_of_good; bỏ trống là danh sách mọi chỉ tiêu.")] = None,
    by: Annotated[str, typer.Option(help="Các chiều, cách nhau bằng dấu phẩy, ví dụ superior,year.")] = "",
    where: Annotated[str | None, typer.Option(help="Điều kiện trên các chiều, ví dụ \"year = 2021 AND superior = 'Q01'\".")] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv, xlsx hoặc json.")] = "table",
    to: Annotated[
        Path | None, typer.Option("--out", help="Tệp để ghi: CSV có dấu UTF-8 cho Excel, XLSX hoặc JSON.", dir_okay=False)
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="In câu SQL trả lời; câu này chạy được ở mọi nơi đọc bản công bố.")] = False,
) -> None:
    """Xem một chỉ tiêu (xếp loại, kỷ luật, luân chuyển, đào tạo, nộp báo cáo) theo đơn vị và năm; mỗi tỷ lệ nêu tên mẫu số."""
    from pipeline.surfaces.metrics.answer import ask, awaited, listed
    from pipeline.surfaces.sql import Answer
    from pipeline.warehouse.door import published

    form = form_of(form, to)
    with refusals(to), published(Home.from_environment()) as version:
        if name is None:
            give(Answer([*LISTED], map(_in_words, listed(version).values())), form, to, _list)
            return
        answer = ask(version, name, by.split(","), where)
        if explain:
            print(answer.sql)
            return
        so_far = awaited(version, answer, by.split(","), where)
        said = [*answer.said, *([so_far] if so_far else [])]
        give(Answer([*answer.columns], iter(answer.rows)), form, to, lambda _: _show(answer), _notes(answer.metric, said, version))
        for sentence in said:
            print(sentence, file=sys.stdout if form == "table" else sys.stderr)  # what another program reads is the answer alone


def _notes(metric: "Metric", said: list[str], version: "Published") -> list[tuple[str, str]]:
    """What stands behind the figures in a workbook: whoever is given it did not see the screen."""
    as_of = day(dt.date.fromisoformat(version.note["as_of"]))
    return [
        (vietnamese(metric.label), ""),
        ("Chỉ tiêu", metric.name),
        ("Nội dung", vietnamese(metric.description)),
        *([("Mẫu số", vietnamese(metric.denominator))] if metric.denominator else []),
        *(("Lưu ý", sentence) for sentence in said),
        ("Bản công bố", f"Lần nạp {version.note['load_id']}, số liệu tính đến ngày {as_of}."),
    ]


def _in_words(one: "Metric") -> tuple[str, ...]:
    said = map(both, (one.label, one.description, one.denominator))
    dimensions = ", ".join(d.name for d in one.dimensions.values() if not d.is_hidden)
    return (one.name, *(word for words in said for word in words), dimensions)


def _list(metrics: "sql.Answer") -> None:
    """What each is called, says, is a share of, and can be asked by."""
    for name, vi, en, says_vi, says_en, of_vi, of_en, dimensions in metrics.rows:
        lines = [f"[bold]{name}[/]  {vi} ({en})", f"  {says_vi} / {says_en}"]
        lines += [f"  Mẫu số: {of_vi} (denominator: {of_en})"] if of_vi else []
        out.print("\n".join([*lines, f"  --by {dimensions}\n"]), soft_wrap=True, highlight=False)


def _show(answer: "Figures") -> None:
    """The figures under heads of a word or two, so that a line is a line in 80 columns; what is the same in every line stands once, above."""
    columns = [*answer.columns]
    parts: list[tuple[str, list[int]]] = []  # what each dimension is called, and the places of its code and its words
    for place, column in enumerate(columns[:-1]):
        if f"{column}_label" in columns:
            continue  # a label says its code
        is_beside = column.endswith("_name") and column.removesuffix("_name") in columns
        if is_beside:
            parts[-1][1].append(place)
        else:
            parts.append((vietnamese(answer.columns[column]), [place]))
    same = [len(answer.rows) > 1 and all(len({row[place] for row in answer.rows}) == 1 for place in places) for _, places in parts]
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    shown = [part for part, is_same in zip(parts, same, strict=True) if not is_same]
    for label, places in shown:
        if len(places) > 1:
            table.add_column("Mã", no_wrap=True, overflow="fold")
        is_number = all(isinstance(row[places[-1]], int) for row in answer.rows)
        table.add_column(label, justify="right" if is_number else "left", overflow="fold")
    table.add_column(HEADS.get(answer.metric.shown_as, "Số"), justify="right", no_wrap=True)
    for row in answer.rows[:SHOWN]:
        words = [row[place] for _, places in shown for place in places]
        table.add_row(*(Text("" if word is None else harmless(word)) for word in words), figure(row[-1], answer.metric.shown_as))
    out.print(Text(f"{vietnamese(answer.metric.label)} ({answer.metric.name})", style="bold"))
    for (label, places), is_same in zip(parts, same, strict=True):
        if is_same:
            words = [answer.rows[0][place] for place in places if answer.rows[0][place] is not None]
            out.print(Text(f"{label}: {' '.join(map(harmless, words)) or BLANK}"))
    out.print(table)
    if answer.metric.denominator:
        print(f"Mẫu số: {vietnamese(answer.metric.denominator)}.")
    if len(answer.rows) > SHOWN:
        print(f"… và {number(len(answer.rows) - SHOWN)} dòng nữa. Lấy tất cả: --format csv --out TỆP")
