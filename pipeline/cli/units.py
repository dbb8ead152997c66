"""What speaks of a unit's files: `check` before they are sent, `findings` after.

What does not belong here: work; each command calls one function and says what came of it.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from pipeline.cli.words import command, out, published, shown, stop
from pipeline.ledger.find import largest, open_regular
from pipeline.paths import Home
from pipeline.presentation import WHOLE_FILE, place, verdict, why_kept_out

if TYPE_CHECKING:
    from polars import DataFrame

    from pipeline.answers.read_as import ReadColumn
    from pipeline.checking.answer import Checked
    from pipeline.intake.rows import RowClass


@command(is_logged=False)  # shows whoever holds a file what is in it
def check(
    file: Annotated[Path, typer.Argument(help="Tệp bảng tính cần kiểm tra.")],
    period: Annotated[
        str | None, typer.Option(help="Kỳ báo cáo, ví dụ 2021 hoặc 2021-Q1; bỏ trống nếu tệp nằm trong thư mục của kỳ.")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="Mã đơn vị gửi, ví dụ Q01.001; bỏ trống nếu tệp nằm trong thư mục của đơn vị.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Cho xem từng dòng được hiểu là gì.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="In mọi điều đã hiểu, từng dòng, và mọi phát hiện, cho chương trình khác đọc.")
    ] = False,
) -> None:
    """Kiểm tra một tệp trước khi gửi; có sổ đăng ký thì hỏi cả các quy tắc của kho. Mã thoát 1 nếu tệp có lỗi."""
    from pipeline.checking import answer
    from pipeline.ledger.find import PERIOD

    data = bytes_of(file)
    folders, within = [*file.resolve().parent.parts], ""
    at = next((n for n in range(len(folders) - 2, -1, -1) if PERIOD.match(folders[n])), None)
    if not unit and at is not None and (at == len(folders) - 2 or not period):
        unit, within = folders[at + 1], "/".join(folders[at + 2 :])
    period = period or (folders[at] if at is not None else None)
    if not period or not PERIOD.match(period):
        raise stop("Hãy cho biết kỳ báo cáo: --period 2021 hoặc --period 2021-Q1.", code=2)
    try:
        checked = answer.check(Home.from_environment(), file, data, period, unit, within)
    except answer.NotAsked as error:
        raise stop("Không hỏi được các quy tắc của kho; đây không phải lỗi của tệp.", str(error), code=2) from None
    if as_json:
        print(json.dumps(answer.as_json(checked), allow_nan=False))  # in ASCII: half a character in a cell is still JSON
    else:
        _say_checked(checked, explain)
    raise typer.Exit(1 if checked.has_errors else 0)


def bytes_of(file: Path) -> bytes:
    """What is in a file that somebody named, or a sentence and exit code 2. A link is followed; a pipe or a device is not waited for."""
    from pipeline.schemas.files import FILE_RULES

    try:
        if file.is_dir():
            raise stop(f"“{shown(file)}” là một thư mục; hãy chỉ một tệp.", code=2)
        with open_regular(os.path.realpath(file)) as opened:
            if os.fstat(opened.fileno()).st_size > largest():
                raise stop(FILE_RULES["file_not_too_large"].says_vi, code=2)
            return opened.read()
    except FileNotFoundError:
        raise stop(f"Không có tệp “{shown(file)}”; hãy chỉ một tệp thường.", code=2) from None
    except (OSError, ValueError):
        raise stop(f"Không mở được tệp “{shown(file)}” để đọc; hãy xem quyền đọc tệp và tên tệp.", code=2) from None


def _say_checked(checked: "Checked", explain: bool) -> None:
    from pipeline.intake.rows import LABELS
    from pipeline.schemas import SCHEMAS

    out.print(_sum_of(checked.submissions, checked.kept_out.values(), WHOLE_FILE))
    for s in checked.submissions:
        name = SCHEMAS[s["dataset_code"]].title if s["dataset_code"] else checked.file
        if s["verdict_code"] == "REFUSED":
            verdict = ("sẽ bị từ chối", "bold red")
        elif s["is_nil"]:
            verdict = ("không phát sinh", "green")
        elif s["rows_accepted"] and s["rows_in_figures"] == 0:
            verdict = ("sẽ được nhận nhưng không dòng nào được tính vào số liệu", "bold red")
        else:
            verdict = ("sẽ được nhận", "green")
        out.print(Text.assemble((shown(name), "bold"), " ", verdict))
    for sheet, counts in checked.classes.items():
        kinds = ", ".join(f"{number} {LABELS[kind].lower()}" for kind, number in sorted(counts.items(), key=lambda c: -c[1]))
        out.print(Text.assemble("Trang ", (f"“{shown(sheet)}”", "bold"), f": {kinds}") if sheet else Text(kinds))
    if explain:
        _show_columns(checked.columns)
        _show_rows(checked.explained)
    _show_findings(checked.findings)
    if checked.alone:
        out.print(
            Text(f"{WHY_ALONE[checked.alone]} Chưa hỏi được đơn vị trong từng dòng và những gì phải đối chiếu với sổ đăng ký hay tệp khác.")
        )
    elif checked.not_asked:
        out.print(Text("Chưa hỏi được vì cần tệp khác:"))
        for sentence in dict.fromkeys(checked.not_asked.values()):
            out.print(Text(f"  – {sentence}", style="dim"))
    errors = checked.findings.filter(severity_code="ERROR").height
    if errors:
        out.print(f"Tệp có {errors} lỗi; hãy sửa rồi kiểm tra lại.")
    else:
        out.print("Tệp không có lỗi trong những gì hỏi được ở đây." if checked.not_asked or checked.alone else "Tệp không có lỗi.")


WHY_ALONE = {
    "NO_REGISTRY": "Ở đây không có sổ đăng ký.",
    "NO_UNIT": "Chưa biết đơn vị gửi (--unit).",
    "UNIT_IS_NO_CODE": "--unit phải là mã một đơn vị, ví dụ Q01.001.",
    "FILE_IS_PASSED_OVER": "Tệp mang tên mà lần nạp bỏ qua (tệp ẩn, tệp khóa của Office, tệp hệ thống).",
    "REGISTRY_IS_FAULTY": "Sổ đăng ký đang có lỗi, thành phố phải sửa trước.",
    "NO_BENCH": "Không có chỗ để thử như một lần nạp: thư mục tạm của người dùng (~/.cache) phải ghi được.",
    "BENCH_IS_BUSY": "Một lần kiểm tra khác đang chạy.",
}


def _sum_of(submissions: list[dict[str, Any]], kept_out: Iterable[Mapping[str, int]], whose: str) -> Text:
    """What was read, and what became of it: in the figures, kept out of them and why, set aside."""
    read, aside = (sum(s[c] for s in submissions) for c in ("rows_read", "rows_set_aside"))
    if any(s["rows_in_figures"] is None for s in submissions):
        return Text(f"{whose}: đọc {read} dòng = nhận {read - aside} + để lại {aside}; chưa biết bao nhiêu dòng được tính vào số liệu.")
    inside, out_of = (sum(s[c] for s in submissions) for c in ("rows_in_figures", "rows_kept_out"))
    why = _reasons(kept_out)
    said = f"{whose}: đọc {read} dòng = tính vào số liệu {inside} + giữ nhưng chưa tính {out_of}{why} + để lại {aside}."
    return Text(said, style="bold red" if read and not inside else "bold")


def _reasons(kept_out: Iterable[Mapping[str, int]]) -> str:
    """Why rows are kept out of the figures, as it stands behind their number."""
    counts: dict[str, int] = {}
    for reasons in kept_out:
        for reason, count in reasons.items():
            counts[reason] = counts.get(reason, 0) + count
    said = why_kept_out(counts)
    return f" ({'; '.join(said)})" if said else ""


def _show_columns(columns: "list[tuple[ReadColumn, list[str]]]") -> None:
    """How each column was read, as the first sheet of a receipt shows it."""
    if not columns:
        return
    from pipeline.intake.explanations import NO_COLUMN

    table = Table(title="Tệp này được đọc như thế nào", title_justify="left")
    for name in ("Trang", "Cột", "Tên cột trên tệp", "Ví dụ", "Được đọc là", "Cách đọc"):
        table.add_column(name, overflow="fold")
    for c, found in columns:
        cells = (c.sheet, c.letter, c.header or NO_COLUMN, "; ".join(found), c.means, c.how)
        table.add_row(*(Text(shown(cell)) for cell in cells), style="" if c.is_sure else "yellow")
    out.print(table)


def _show_rows(rows: list[tuple[str, int, "RowClass", str]]) -> None:
    """What the reader takes each row for. Number and class stand at every width; the text takes what is left of it."""
    from pipeline.intake.rows import LABELS, RowClass

    wide, last = max(map(len, LABELS.values())), None
    for sheet, number, kind, text in rows:
        if kind is RowClass.BLANK:
            continue
        if sheet != last:
            out.print(Text(f"Trang “{shown(sheet)}”" if sheet else "Các dòng", style="bold"))
            last = sheet
        line = Text(f"{number:>6}  {LABELS[kind]:<{wide}}  {shown(text)}")
        line.truncate(max(out.width, 8 + wide), overflow="ellipsis")
        out.print(line, soft_wrap=True)


@command("unit", "period")
def findings(
    unit: Annotated[str, typer.Argument(help="Mã đơn vị, ví dụ Q01.001.")],
    period: Annotated[str | None, typer.Option(help="Chỉ kỳ này.")] = None,
) -> None:
    """Xem những gì một đơn vị phải sửa và gửi lại (những bản mà phiếu trả lời gần nhất nói đến)."""
    import polars as pl

    from pipeline.answers.receipts import to_mend
    from pipeline.answers.receipts.gathered import title_of
    from pipeline.codes import labels
    from pipeline.ledger.records import read_loads
    from pipeline.warehouse import landing

    home = Home.from_environment()
    with published(home) as db:
        submissions, found = to_mend.submissions(db, unit, period), to_mend.findings(db, unit, period)
        ((versions,),) = db.execute("SELECT count(*) FROM core.dim_unit WHERE unit_code = ?", [unit]).fetchall()
    if submissions.is_empty():
        of_period = f" cho kỳ {shown(period)}" if period else ""
        missing = f"Chưa nhận được tệp nào của đơn vị {shown(unit)}{of_period}."
        raise stop(missing if versions else f"Không có đơn vị nào mang mã “{shown(unit)}” trong danh mục đơn vị.")
    found = landing.with_values(found, landing.landed(home, read_loads(home)[-1].contract, "findings"))
    order = {dataset: number for number, dataset in enumerate(labels("dataset"))}
    for s in sorted(submissions.to_dicts(), key=lambda s: (s["period"], s["path"], order.get(s["dataset_code"], len(order)))):
        became = (verdict(s), "bold red" if s["verdict_code"] == "REFUSED" else "green")
        counts = f"đọc {s['rows_read']} dòng = tính vào số liệu {s['rows_in_figures']} + giữ nhưng chưa tính {s['rows_kept_out']} + để lại {s['rows_set_aside']}"
        out.print(Text.assemble("\n", (title_of(s["dataset_code"]), "bold"), " ", became, f": {shown(s['path'])} ({counts})"))
        own = found.filter(pl.col("submission_key") == s["submission_key"])
        _show_findings(own.sort("sheet", "row_no", "cell", "rule_code", nulls_last=True))
        if own.is_empty():
            out.print("  Không có gì phải sửa.")


def _show_findings(findings: "DataFrame") -> None:
    from pipeline.codes import labels

    if findings.is_empty():
        return
    severities = labels("severity")
    table = Table(show_lines=False)
    for name in ("Mức", "Trang", "Ô", "Phải là", "Đang là"):
        table.add_column(name, overflow="fold")
    for f in findings.head(500).iter_rows(named=True):
        said = (severities[f["severity_code"]], f["sheet"] or "", place(f["cell"], f["row_no"]), f["says_vi"], f["value_found"] or "")
        table.add_row(*(Text(shown(cell)) for cell in said))
    out.print(table)
    if findings.height > 500:
        out.print(f"… và {findings.height - 500} điều nữa.")
