"""Words for people: the command line. What does not belong here: work; each command calls one function and says what came of it."""

import dataclasses
import datetime as dt
import gc
import json
import logging
import os
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline import gate
from pipeline.intake.archive import ArchiveProblem
from pipeline.paths import Home
from pipeline.sealed import Broken, KeyProblem
from pipeline.sums import Damaged

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Kho dữ liệu nhân sự: nhận bảng tính của các đơn vị, kiểm tra, tính số liệu và công bố.\n\n"
    "Lệnh thường dùng: `check` kiểm tra một tệp trước khi gửi; `load` nạp mọi tệp mới; `status` xem ai đã nộp; "
    "`findings` xem những gì một đơn vị phải sửa.",
)
out = Console()
log = logging.getLogger("pipeline")
NOTHING_SAID = gate.Answers()


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    log.setLevel(logging.INFO)
    try:
        app()
    except (ArchiveProblem, KeyProblem, Damaged) as error:
        sys.exit("\n".join(map(_shown, str(error).splitlines())))
    except Broken as error:  # of the archive's files keepers tell; all else is made again
        sys.exit(f"{_shown(str(error))} Delete warehouse/restricted, which is made again: pipeline load.")
    finally:
        gc.freeze()  # the process ends: looking through all its objects once more would cost a second


def _stop(*sentences: str, code: int = 1) -> typer.Exit:
    for line in "\n".join(sentences).split("\n"):
        print(_shown(line), file=sys.stderr)  # it may name a file, a sheet or a word of the registry
    return typer.Exit(code)


# ── the city's side ──────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def load(
    as_of: Annotated[
        str | None, typer.Option(help="Ngày mà lần nạp này phản ánh, ví dụ 2026-01-31, khi đồng hồ máy bị nghi là sai.")
    ] = None,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="Cùng với --as-of: không lần nạp nào trước đây còn đứng sau ngày ấy.")
    ] = False,
    accept_registry: Annotated[
        bool, typer.Option("--accept-registry", help="Xác nhận rằng những đơn vị, hạn nộp không còn trong sổ đăng ký là đúng.")
    ] = False,
) -> None:
    """Nạp mọi tệp mới trong data/raw, kiểm tra, tính lại và công bố. Không có gì mới thì không làm gì."""
    try:
        day = dt.date.fromisoformat(as_of) if as_of else None
    except ValueError:
        raise _stop(f"--as-of must be a day like 2026-01-31, not {as_of!r}.", code=2) from None
    if take_back and not day:
        raise _stop("--take-back needs the day: --as-of 2026-01-31.", code=2)
    _load(Home.from_environment(), gate.Answers(day, take_back, accept_registry))


def _load(home: Home, answers: gate.Answers = NOTHING_SAID) -> None:
    began = time.perf_counter()
    if not home.raw.is_dir():
        raise _stop(f"There is no folder {home.raw}. Put submissions into <period>/<unit code>/ there, the registry into registry/.")
    from filelock import Timeout

    try:
        with gate.lock(home):
            look = gate.look(home, answers.as_of, take_back=answers.take_back)
            if answers.as_of and answers.as_of < look.as_of:
                raise _stop(
                    f"Load {look.last.load_id} stands for {look.as_of} already. If that day was wrong: pipeline load --as-of {answers.as_of} "
                    "--take-back; then no load stands for a later day, and figures follow. Nothing was changed."
                )
            if look.closed and look.last:
                print(f"Nothing new: no file, no registry change, no due date passed. Load {look.last.load_id} stays published.")
                return
            if look.doubt and look.reasons:
                raise _stop(look.doubt)
            try:
                failed = _run_nightly(home, look, answers)
            finally:
                shutil.rmtree(home.open, ignore_errors=True)
    except Timeout:
        raise _stop("Another load is running; this one stops. Nothing was changed.") from None
    if failed:
        if all(f.startswith("receipts:") for f in failed):
            raise _stop("", "PUBLISHED, BUT UNITS ARE NOT ANSWERED. The next load, or `pipeline receipts`, answers them.", *failed)
        raise _stop("", "LOAD FAILED. What was published before stays as it was.", *failed)
    _say_load(home)
    print(f"load_seconds: {time.perf_counter() - began:.1f}")


def _run_nightly(home: Home, look: gate.Gate, answers: gate.Answers = NOTHING_SAID) -> list[str]:
    """Run Dagster's job here; returns what failed, in sentences. Its history is the one that `make dev` shows."""
    # a short-lived process that makes many objects and few cycles: a tenth of its time went into looking for cycles
    gc.disable()
    from pipeline import nightly

    nightly.read_ahead(home, look)
    from dagster import DagsterInstance

    from pipeline import history
    from pipeline.definitions import build_defs
    from pipeline.transform import BuildFailed

    history.prepare(home)
    with history.quick_sqlite(), DagsterInstance.from_config(str(home.dagster)) as instance:
        try:
            job = build_defs(home).resolve_job_def("nightly")
        except BuildFailed as error:
            nightly.stop_reading(home)
            return [str(error)]
        said = dataclasses.asdict(answers) | {"as_of": answers.as_of.isoformat() if answers.as_of else ""}
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}, "resources": {"answers": {"config": said}}},
        )
    nightly.stop_reading(home)
    seconds = {
        e.step_key: e.event_specific_data.duration_ms / 1000
        for e in result.all_events
        if e.event_type_value == "STEP_SUCCESS" and e.step_key
    }
    log.info("seconds by step: %s", ", ".join(f"{step} {s:.1f}" for step, s in seconds.items()))
    if result.success:
        return []
    failures = [e for e in result.all_events if e.is_failure and e.step_key]
    return [f"{e.step_key}: {_words(e)}" for e in failures] or ["the run did not start"]


def _words(event) -> str:
    data = event.event_specific_data
    failure = getattr(data, "user_failure_data", None)
    if failure and failure.description:
        return failure.description
    error = getattr(data, "error", None)
    return error.message.strip() if error else event.message


def _say_load(home: Home) -> None:
    """What the load brought, and who must mend what."""
    from pipeline.recognised import in_words

    with _published(home) as db:
        note = json.loads((home.current / "version.json").read_text("utf-8"))
        rows = db.execute(
            """SELECT s.verdict_code, count(*), sum(s.rows_read), sum(s.rows_in_figures), sum(s.rows_kept_out), sum(s.rows_set_aside)
               FROM restricted.whole.submissions s WHERE s.newest_load_id = ? GROUP BY 1 ORDER BY 1""",
            [note["load_id"]],
        ).fetchall()
        reasons = db.execute(
            """SELECT lower(d.label_en), count(*) FROM restricted.whole.not_of_record n
               JOIN restricted.whole.submissions s USING (submission_key)
               JOIN core.dim_code d ON d.code_list = 'kept_out_reason' AND d.code = n.reason_code
               WHERE s.newest_load_id = ? GROUP BY d.label_en, d.sort_order ORDER BY d.sort_order""",
            [note["load_id"]],
        ).fetchall()
        refused = db.execute(
            """SELECT newest_line_no, concat_ws('/', period, sender_code), coalesce(dataset_code, '-'), refusal_rule_code
               FROM quality.submissions WHERE verdict_code = 'REFUSED' AND newest_load_id = ? ORDER BY ALL LIMIT 50""",
            [note["load_id"]],
        ).fetchall()
    read, inside, out_of, aside = (sum(row[n] for row in rows) for n in range(2, 6))
    replaced = out_of - sum(count for _, count in reasons)
    why = "; ".join(f"{reason}: {count:,}" for reason, count in [*reasons, ("another version stands", replaced)] if count)
    print(
        f"Rows read {read:,} = in the figures {inside:,} + kept out of them {out_of:,}{f' ({why})' if why else ''} + set aside {aside:,}."
    )
    print(f"Load {note['load_id']} as of {note['as_of']} is published: {home.published}")
    for verdict, count, read, inside, out_of, aside in rows:
        counts = f"rows read {read:9,} = in the figures {inside:9,} + kept out {out_of:7,} + set aside {aside:7,}"
        print(f"  {verdict.lower():9} {count:6,} submissions   {counts}")
    for line, place, dataset, rule in refused:  # no names of files: what a load says is kept by logs
        print(f"  refused   line {line}{f' of {place}' if place else ''} [{dataset}]: {rule}")
    if refused:
        print("  `pipeline status` says which files these are.")
    for line in in_words(note["recognised"]):
        print(f"  {line}")
    _say_receipts(home, json.loads(home.answered.read_text("utf-8")))


def _say_receipts(home: Home, written: dict) -> None:
    print(f"  receipts  {written['units']:,} units answered, {written['workbooks']:,} workbooks, {written['seconds']:.1f} s: {home.outbox}")
    if written["failed"]:
        print(f"            {written['failed']} files could not be opened again: their units have the summary alone")


@app.command()
def receipts(
    unit: Annotated[str | None, typer.Argument(help="Chỉ đơn vị này, ví dụ Q01.001; bỏ trống là mọi đơn vị.")] = None,
) -> None:
    """Làm lại phiếu trả lời đơn vị (tệp tô màu, giải trình, tóm tắt) của lần nạp gần nhất."""
    from filelock import Timeout

    from pipeline.intake.archive import read_loads
    from pipeline.receipts import write_receipts

    home = Home.from_environment()
    _published(home).close()
    load = read_loads(home)[-1]
    try:
        with gate.lock(home):
            if gate.published_load(home) != load.load_id:
                raise _stop("The last load was never published. Run `make load` first.")
            written = write_receipts(home, load, only=unit, everything=True)
    except Timeout:
        raise _stop("A load is running; it answers units itself.") from None
    _say_receipts(home, dataclasses.asdict(written))


@app.command()
def demo(
    faults: Annotated[bool, typer.Option(help="Gài một số lỗi đã biết vào các tệp mẫu.")] = False,
    seed: Annotated[int, typer.Option(help="Số gốc của bộ sinh dữ liệu mẫu.")] = 2021,
) -> None:
    """Tạo thành phố mẫu (627 tổ chức cơ sở, 53.895 đảng viên), nạp và in bảng số liệu của bài báo."""
    from pipeline.sample import SampleError, make_city

    home = Home.from_environment()
    try:
        with out.status("Đang tạo thành phố mẫu …"):
            make_city(home, seed=seed, faults=faults, due_on=dt.date(dt.date.today().year, 12, 31))
    except SampleError as error:
        raise _stop(str(error)) from None
    _load(home)
    from pipeline import demo as shown

    with _published(home) as db:
        if faults:
            table, sentence = shown.recall(home, db)
            equal = True
        else:
            table, equal = shown.article(db)
            sentence = shown.NEXT
    out.print(table)
    if not equal:
        raise _stop("The warehouse does not report the article's figures: see the lines marked ✗.")
    print(sentence)


@app.command()
def template(
    unit: Annotated[str, typer.Option(help="Mã đơn vị, ví dụ Q01.001.")],
    period: Annotated[str, typer.Option(help="Kỳ báo cáo, ví dụ 2021 hoặc 2021-Q1.")],
    dataset: Annotated[str | None, typer.Argument(help="Bộ dữ liệu, ví dụ ratings hoặc “Xếp loại”; bỏ trống là cả năm bộ.")] = None,
    to: Annotated[Path | None, typer.Option(help="Thư mục để ghi; bỏ trống là warehouse/restricted/templates.", file_okay=False)] = None,
) -> None:
    """Tạo biểu mẫu Excel cho một đơn vị: có sẵn danh sách người, danh mục để chọn, ô sai đổi màu đỏ ngay khi gõ."""
    from pipeline import nightly
    from pipeline import template as made
    from pipeline.codes import fold, spellings
    from pipeline.intake.find import PERIOD, find_registry
    from pipeline.registry import RegistryProblem
    from pipeline.schemas import SCHEMAS

    home = Home.from_environment()
    if not PERIOD.match(period):
        raise _stop("Hãy cho biết kỳ báo cáo: --period 2021 hoặc --period 2021-Q1.")
    chosen = spellings("dataset").get(fold(dataset)) if dataset else None
    if dataset and not chosen:
        raise _stop(f"Không có bộ dữ liệu “{dataset}”. Hãy chọn một trong: {', '.join(SCHEMAS)}.")
    try:
        units = nightly.check_registry(home, find_registry(home)).units
    except RegistryProblem as error:
        raise _stop(str(error), *error.rows[:50]) from None
    sender = made.find_sender(units, unit, period)
    if not sender:
        raise _stop(f"Sổ đăng ký không có đơn vị mang mã “{unit}” vào ngày cuối kỳ {period}.")
    roster = made.find_roster(home, units, sender, period)
    data = made.workbook({chosen: SCHEMAS[chosen]} if chosen else SCHEMAS, sender, period, roster)
    name = fold(SCHEMAS[chosen].title if chosen else "báo cáo").replace(" ", "-")
    try:
        path = made.write(home, to, f"mau-{name}-{period}-{sender.unit_code}.xlsx", data)
    except FileExistsError as error:
        raise _stop(f"Tệp {error.filename} đã có và không bị ghi đè; hãy chọn thư mục khác.") from None
    print(f"Đã ghi {_shown(path)}")
    if roster is None:
        print("Biểu mẫu chưa có danh sách người: chưa có lần nạp nào.")
    elif not roster.rows:
        print("Biểu mẫu chưa có danh sách người: chưa nhận được danh sách nhân sự của đơn vị.")
    else:
        print(f"Có sẵn {roster.people} người theo danh sách nhân sự năm {roster.year}. Tệp có dữ liệu cá nhân: chỉ gửi cho đơn vị này.")


@app.command()
def status() -> None:
    """Xem lần nạp gần nhất: ai đã nộp, ai trễ, tệp nào bị từ chối, quy tắc nào sai nhiều nhất."""
    home = Home.from_environment()
    _say_archive(home)
    with _published(home) as db:
        load_id, as_of = db.execute("SELECT load_id, as_of FROM quality.loads ORDER BY load_id DESC LIMIT 1").fetchone()
        print(f"Lần nạp {load_id}, số liệu tính đến {as_of:%d/%m/%Y}.")
        _show(
            db, "Tình hình nộp",
            """SELECT period AS "Kỳ", d.label_vi AS "Bộ dữ liệu", t.label_vi AS "Tình trạng", count(*) AS "Số đơn vị",
                      sum(rows_read) AS "Dòng đọc", sum(rows_in_figures) AS "Dòng được tính", sum(rows_kept_out) AS "Dòng chưa tính",
                      sum(rows_set_aside) AS "Dòng để lại"
               FROM reports.rpt_submission_status r
               JOIN core.dim_code d ON d.code_list = 'dataset' AND d.code = r.dataset_code
               JOIN core.dim_code t ON t.code_list = 'timeliness' AND t.code = r.timeliness_code
               GROUP BY ALL ORDER BY 1, min(d.sort_order), min(t.sort_order)""",
        )  # fmt: skip
        _show(
            db, "Tệp bị từ chối (bản mới nhất)",
            """SELECT s.path AS "Tệp", coalesce(d.label_vi, '') AS "Bộ dữ liệu", s.refusal_rule_code AS "Quy tắc"
               FROM restricted.whole.submissions s LEFT JOIN core.dim_code d ON d.code_list = 'dataset' AND d.code = s.dataset_code
               WHERE s.verdict_code = 'REFUSED' ORDER BY s.newest_load_id DESC, 1 LIMIT 30""",
        )  # fmt: skip
        _show(
            db, "Quy tắc sai nhiều nhất",
            """SELECT rule_code AS "Quy tắc", dataset_code AS "Bộ dữ liệu", failed_count AS "Số lỗi", says_vi AS "Phải là"
               FROM quality.rules WHERE failed_count > 0 ORDER BY failed_count DESC LIMIT 10""",
        )  # fmt: skip


def _say_archive(home: Home) -> None:
    """What keeps the last load from being finished, where the archive is not what it was."""
    from pipeline.keeping import lost_and_waiting

    try:
        lost = lost_and_waiting(home)
    except ArchiveProblem as error:
        lost = [str(error)]
    if lost:
        print("Kho lưu trữ bị hỏng; số liệu đã công bố vẫn như trước. Xem toàn bộ: `pipeline verify`.")
        for sentence in lost:
            print(f"  {_shown(sentence)}")


def _show(db, title: str, query: str) -> None:
    result = db.execute(query)
    rows = result.fetchall()
    if not rows:
        return
    table = Table(title=title, title_justify="left")
    for name, *_ in result.description:
        table.add_column(name, justify="right" if name.startswith(("Số", "Dòng")) else "left", overflow="fold")
    for row in rows:
        table.add_row(*(f"{v:,}".replace(",", ".") if isinstance(v, int) else Text("" if v is None else _shown(v)) for v in row))
    out.print(table)


def _published(home: Home):
    """The published file and, as `restricted`, what may not leave; or a sentence that there is none."""
    from pipeline.publish import open_whole

    if not (home.published.exists() and home.analyst.exists()):
        raise _stop("Chưa có gì được công bố. Hãy chạy `make load`. (Nothing is published yet.)")
    return open_whole(home)


# ── the unit's side ──────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
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
    from pipeline import checking
    from pipeline.intake.find import PERIOD

    data = _bytes_of(file)
    folder = file.resolve().parent
    if not unit and PERIOD.match(folder.parent.name):
        unit = folder.name
    period = period or next((p.name for p in folder.parents if PERIOD.match(p.name)), None)
    if not period or not PERIOD.match(period):
        raise _stop("Hãy cho biết kỳ báo cáo: --period 2021 hoặc --period 2021-Q1.", code=2)
    try:
        checked = checking.check(Home.from_environment(), file, data, period, unit)
    except checking.NotAsked as error:
        raise _stop("Không hỏi được các quy tắc của kho; đây không phải lỗi của tệp.", str(error), code=2) from None
    if as_json:
        print(json.dumps(checking.as_json(checked), allow_nan=False))  # in ASCII: half a character in a cell is still JSON
    else:
        _say_checked(checked, explain)
    raise typer.Exit(1 if checked.has_errors else 0)


def _bytes_of(file: Path) -> bytes:
    """What is in a file that somebody named, or a sentence and exit code 2."""
    try:
        return file.read_bytes()
    except IsADirectoryError:
        raise _stop(f"“{_shown(file)}” là một thư mục; hãy chỉ một tệp.", code=2) from None
    except FileNotFoundError:
        raise _stop(f"Không có tệp “{_shown(file)}”.", code=2) from None
    except (OSError, ValueError):
        raise _stop(f"Không mở được tệp “{_shown(file)}” để đọc; hãy xem quyền đọc tệp và tên tệp.", code=2) from None


def _say_checked(checked, explain: bool) -> None:
    from pipeline.intake.rows import LABELS
    from pipeline.schemas import SCHEMAS

    out.print(_sum_of(checked.submissions, checked.kept_out.values(), "Tệp"))
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
        out.print(Text.assemble((_shown(name), "bold"), " ", verdict))
    for sheet, counts in checked.classes.items():
        kinds = ", ".join(f"{number} {LABELS[kind].lower()}" for kind, number in sorted(counts.items(), key=lambda c: -c[1]))
        out.print(Text.assemble("Trang ", (f"“{_shown(sheet)}”", "bold"), f": {kinds}") if sheet else Text(kinds))
    if explain:
        _show_rows(checked.explained)
    _show_findings(checked.findings)
    if checked.alone:
        out.print(
            Text(f"{WHY_ALONE[checked.alone]} Chưa hỏi được đơn vị trong từng dòng và những gì phải đối chiếu với sổ đăng ký hay tệp khác.")
        )
    elif checked.not_asked:
        out.print(Text("Chưa hỏi được vì cần tệp khác:"))
    if checked.not_asked:
        out.print(Text(", ".join(sorted(checked.not_asked)), style="dim"))
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


def _sum_of(submissions: list[dict], kept_out, whose: str) -> Text:
    """What was read, and what became of it: in the figures, kept out of them and why, set aside."""
    read, aside = (sum(s[c] for s in submissions) for c in ("rows_read", "rows_set_aside"))
    if any(s["rows_in_figures"] is None for s in submissions):
        return Text(f"{whose}: đọc {read} dòng = nhận {read - aside} + để lại {aside}; chưa biết bao nhiêu dòng được tính vào số liệu.")
    inside, out_of = (sum(s[c] for s in submissions) for c in ("rows_in_figures", "rows_kept_out"))
    why = _reasons(kept_out)
    said = f"{whose}: đọc {read} dòng = tính vào số liệu {inside} + giữ nhưng chưa tính {out_of}{why} + để lại {aside}."
    return Text(said, style="bold red" if read and not inside else "bold")


def _reasons(kept_out) -> str:
    """Why rows are kept out of the figures, as it stands behind their number."""
    from pipeline.codes import labels

    counts: dict[str, int] = {}
    for reasons in kept_out:
        for reason, count in reasons.items():
            counts[reason] = counts.get(reason, 0) + count
    said = [f"{label.lower()}: {counts[reason]}" for reason, label in labels("kept_out_reason").items() if reason in counts]
    return f" ({'; '.join(said)})" if said else ""


def _shown(value: object) -> str:
    r"""A value from a file, registry or path, as it may stand on a screen: what would steer the terminal is shown, not done.

    >>> _shown("Chi bộ [bold]1"), _shown("a\x1b[31mb"), _shown("x\ud800")
    ('Chi bộ [bold]1', 'a\\x1b[31mb', 'x\\ud800')
    """
    return "".join(repr(c)[1:-1] if unicodedata.category(c).startswith("C") else c for c in str(value))


def _show_rows(rows: list[tuple[str, int, str, str]]) -> None:
    """What the reader takes each row for. Number and class stand at every width; the text takes what is left of it."""
    from pipeline.intake.rows import LABELS, RowClass

    wide, last = max(map(len, LABELS.values())), None
    for sheet, number, kind, text in rows:
        if kind is RowClass.BLANK:
            continue
        if sheet != last:
            out.print(Text(f"Trang “{_shown(sheet)}”" if sheet else "Các dòng", style="bold"))
            last = sheet
        line = Text(f"{number:>6}  {LABELS[kind]:<{wide}}  {_shown(text)}")
        line.truncate(max(out.width, 8 + wide), overflow="ellipsis")
        out.print(line, soft_wrap=True)


@app.command()
def layout(
    file: Annotated[Path, typer.Argument(help="Tệp có tên cột riêng của đơn vị.")],
    unit: Annotated[str, typer.Option(help="Mã đơn vị gửi tệp.")],
) -> None:
    """Đề xuất tên cột riêng của một đơn vị nghĩa là cột nào. Thành phố xác nhận trong data/raw/registry/layouts.csv."""
    from pipeline.nightly import propose_layout
    from pipeline.schemas import SCHEMAS
    from pipeline.schemas.files import FILE_RULES

    _bytes_of(file)
    reading, proposals = propose_layout(file)
    if not reading.tables:
        why = FILE_RULES[reading.refused or "known_dataset_present"].says_vi
        raise _stop(f"Không nhận ra bảng nào trong tệp này, nên không có tên cột nào để đề xuất. {why}")
    for sheet in (note.sheet for note in reading.notes if note.rule == "sheet_known"):
        print(f"Không nhận ra trang “{_shown(sheet)}” là bộ dữ liệu nào; tên cột của trang này chưa được xem.")
    if not proposals:
        print("Mọi tên cột trong các bảng nhận ra được đều đã biết.")
        return
    table = Table(show_lines=False)
    for name in ("Bộ dữ liệu", "Tên cột của đơn vị", "Có thể nghĩa là", "Độ chắc", "Vì"):
        table.add_column(name, overflow="fold")
    lines = ["unit_code,dataset,header,means,confirmed_on"]
    for p in proposals:
        title = SCHEMAS[p.dataset].columns[p.column].title if p.column else ""
        why = {"name": "tên gần giống", "content": "nội dung của cột"}.get(p.because, "không rõ")
        table.add_row(SCHEMAS[p.dataset].title, Text(_shown(p.header)), title, f"{p.score:.0%}" if p.column else "", why)
        lines.append(",".join(_quoted(v) for v in (unit, p.dataset, p.header, title, "")))
    out.print(table)
    print("Nếu đúng, hãy thêm các dòng sau vào data/raw/registry/layouts.csv và ghi ngày xác nhận (cột nghĩa để trống là bỏ qua cột đó):")
    print("\n".join(map(_shown, lines)))


def _quoted(value: str) -> str:
    return '"' + " ".join(value.split()).replace('"', '""') + '"'


def _show_findings(findings) -> None:
    from pipeline.codes import labels

    if findings.is_empty():
        return
    severities = labels("severity")
    table = Table(show_lines=False)
    for name in ("Mức", "Trang", "Ô", "Phải là", "Đang là"):
        table.add_column(name, overflow="fold")
    for f in findings.head(500).iter_rows(named=True):
        where = f["cell"] or (f"dòng {f['row_no']}" if f["row_no"] else "")
        shown = (severities[f["severity_code"]], f["sheet"] or "", where, f["says_vi"], f["value_found"] or "")
        table.add_row(*(Text(_shown(cell)) for cell in shown))
    out.print(table)
    if findings.height > 500:
        out.print(f"… và {findings.height - 500} điều nữa.")


@app.command()
def findings(
    unit: Annotated[str, typer.Argument(help="Mã đơn vị, ví dụ Q01.001.")],
    period: Annotated[str | None, typer.Option(help="Chỉ kỳ này.")] = None,
) -> None:
    """Xem những gì một đơn vị phải sửa và gửi lại (các bản đang có hiệu lực và bản bị từ chối mới nhất)."""
    import polars as pl

    from pipeline import landing, lookups
    from pipeline.intake.archive import read_loads

    home = Home.from_environment()
    with _published(home) as db:
        submissions = db.execute(
            """SELECT s.submission_key, s.path, s.verdict_code, s.is_current, coalesce(d.label_vi, 'Tệp') AS dataset,
                      s.rows_read, s.rows_in_figures, s.rows_kept_out, s.rows_set_aside
               FROM restricted.whole.submissions s LEFT JOIN core.dim_code d ON d.code_list = 'dataset' AND d.code = s.dataset_code
               WHERE s.sender_code = ? AND (CAST(? AS VARCHAR) IS NULL OR s.period = ?)
               QUALIFY s.is_current OR (s.verdict_code = 'REFUSED' AND row_number() OVER (
                   PARTITION BY s.period, s.dataset_code ORDER BY s.newest_load_id DESC, s.newest_line_no DESC) = 1)
               ORDER BY s.period, s.path, d.sort_order""",
            [unit, period, period],
        ).pl()
        found = db.execute(
            "SELECT f.* FROM restricted.whole.findings f JOIN restricted.whole.submissions s USING (submission_key) WHERE s.sender_code = ?",
            [unit],
        ).pl()
    if submissions.is_empty():
        raise _stop(f"Chưa nhận được tệp nào của đơn vị {unit}.")
    lookups.note(home, "findings", unit=unit, period=period)
    values = landing.landed(home, read_loads(home)[-1].contract, "findings").select(
        "submission_key", "rule_code", "sheet", "row_no", "column_name", "value_found"
    )
    found = found.drop("value_found", strict=False).join(
        values, on=["submission_key", "rule_code", "sheet", "row_no", "column_name"], how="left", nulls_equal=True
    )
    for s in submissions.iter_rows(named=True):
        verdict = ("bị từ chối", "bold red") if s["verdict_code"] == "REFUSED" else ("được nhận", "green")
        counts = f"đọc {s['rows_read']} dòng = tính vào số liệu {s['rows_in_figures']} + giữ nhưng chưa tính {s['rows_kept_out']} + để lại {s['rows_set_aside']}"
        out.print(Text.assemble("\n", (s["dataset"], "bold"), " ", verdict, f": {_shown(s['path'])} ({counts})"))
        own = found.filter(pl.col("submission_key") == s["submission_key"])
        _show_findings(own.sort("sheet", "row_no", nulls_last=True))
        if own.is_empty():
            out.print("  Không có gì phải sửa.")


@app.command()
def who(
    key: Annotated[str, typer.Argument(help="person_key trong các bảng đã công bố.")],
    why: Annotated[str, typer.Option(help="Lý do tra cứu; được ghi vào nhật ký.", prompt="Lý do tra cứu")],
) -> None:
    """Tra một khóa là của ai. Mỗi lần tra đều được ghi nhật ký: ai tra, khi nào, vì sao."""
    from pipeline.people import who as look_up

    if not why.strip():
        raise _stop('Phải ghi lý do tra cứu: --why "…".')
    people = look_up(Home.from_environment(), key, why.strip())
    if not people:
        raise _stop("Không có ai mang khóa này.")
    table = Table()
    for name in ("Họ và tên", "Số CCCD", "Ngày sinh", "Đơn vị gửi", "Kỳ"):
        table.add_column(name)
    for p in people:
        table.add_row(*(Text(_shown(p[c] or "")) for c in ("full_name", "identity_number", "birth_date", "sender_code", "period")))
    out.print(table)


@app.command()
def analyst(
    why: Annotated[str, typer.Option(help="Lý do cần đến ngày; được ghi vào nhật ký.", prompt="Lý do mở")],
) -> None:
    """Mở tệp có đủ ngày, số quyết định, tên trang tính và đường dẫn, cho đến khi bấm Enter. Mỗi lần mở đều được ghi nhật ký."""
    from pipeline import lookups
    from pipeline.sealed import seal_of

    home = Home.from_environment()
    if not why.strip():
        raise _stop('Phải ghi lý do mở: --why "…".')
    _published(home).close()
    lookups.note(home, "analyst", why=why.strip())
    with seal_of(home).opened_for_another(home.analyst, "analyst.duckdb") as file:
        print(
            "import duckdb\n\n"
            f"db = duckdb.connect({str(home.published)!r}, read_only=True)\n"
            f"db.execute({f'ATTACH {chr(39)}{file}{chr(39)} AS restricted (READ_ONLY)'!r})\n"
            'db.sql("FROM restricted.whole.fct_personnel")',
            flush=True,
        )
        print("Bản mở này bị xóa khi bấm Enter. (This copy is deleted when you press Enter.)", file=sys.stderr, flush=True)
        sys.stdin.readline()


@app.command()
def ui() -> None:
    """Mở giao diện Dagster: sơ đồ dữ liệu, lịch sử các lần nạp, lịch chạy hằng đêm."""
    from pipeline import history

    home = Home.from_environment()
    history.prepare(home)
    os.environ["PERSONNEL_HOME"] = str(home.root)
    os.execv(sys.executable, [sys.executable, "-m", "dagster", "dev", "-m", "pipeline.definitions"])


# ── the archive's keeper ─────────────────────────────────────────────────────────────────────────────────────────

Folder = Annotated[Path, typer.Argument(help="Thư mục sao lưu, nên ở một ổ đĩa khác.", file_okay=False)]
Identity = Annotated[
    Path | None, typer.Option(help="Tệp khóa riêng của age (age-keygen), nếu bản sao lưu đã mã hóa.", exists=True, dir_okay=False)
]


@app.command()
def verify(
    source: Annotated[
        Path | None,
        typer.Option("--from", help="Lấy lại những gì hỏng hoặc mất từ đây: bản sao lưu, hoặc thư mục có chính tệp ấy.", file_okay=False),
    ] = None,
    identity: Identity = None,
) -> None:
    """Kiểm tra toàn bộ kho lưu trữ: mọi tệp theo mã băm, sổ các lần nạp, khóa, các bản đã công bố. Mã thoát 1 nếu có gì hỏng."""
    from pipeline import keeping

    home = Home.from_environment()
    if source:
        with _alone(home):
            for name in _kept(lambda: keeping.mend(home, source, _identities(identity))):
                print(f"Brought back: {name}")
    looked = keeping.verify(home)
    print(
        f"Looked at {looked.records:,} records, {looked.versions:,} versions, {looked.files:,} files ({_size(looked.size)}), "
        f"{looked.tombstones:,} of them tombstones, {looked.strays:,} not on record; {looked.published:,} published versions. "
        f"verify_seconds: {looked.seconds:.1f}"
    )
    _say_damages(looked.damages)
    print("Everything is as it was written.")


@app.command()
def backup(
    folder: Folder,
    recipient: Annotated[
        list[str] | None, typer.Option(help="Mã hóa cho khóa công khai age1… này (có thể ghi nhiều lần); cần gói pyrage.")
    ] = None,
) -> None:
    """Sao lưu kho lưu trữ, kể cả khi đang nạp. Lần sau chỉ chép những gì mới và kiểm tra lại những gì đã chép."""
    from pipeline import keeping

    home = Home.from_environment()
    done = _kept(lambda: keeping.back_up(home, folder, recipient or []))
    print(
        f"Snapshot {done.snapshot}: {done.objects:,} files; copied {done.copied:,} ({_size(done.size)}), looked at {done.verified:,} that lay there, "
        f"took out {done.erased:,} that were erased. backup_seconds: {done.seconds:.1f}"
    )
    _say_damages(done.damages)


@app.command()
def restore(
    folder: Folder,
    snapshot: Annotated[str | None, typer.Option(help="Tên một bản trong snapshots/; bỏ trống là bản mới nhất.")] = None,
    identity: Identity = None,
) -> None:
    """Khôi phục kho lưu trữ từ bản sao lưu vào một PERSONNEL_HOME chưa có kho; sau đó chạy `pipeline load`."""
    from pipeline import keeping

    home = Home.from_environment()
    with _alone(home):
        done = _kept(lambda: keeping.restore(home, folder, snapshot, _identities(identity)))
    registry = f"; the registry lies in raw again: {', '.join(done.registry)}" if done.registry else ""
    print(
        f"Snapshot {done.snapshot}: {done.loads:,} loads, {done.versions:,} files of what was sent{registry}. restore_seconds: {done.seconds:.1f}"
    )
    _say_damages(done.damages)
    print("Next: pipeline load. What was sent after this snapshot lies in raw, if you still have it.")


@app.command()
def erase(
    content_hash: Annotated[str, typer.Argument(metavar="HASH", help="SHA-256 của tệp (sha256sum TỆP, hoặc tra trong archive/loads).")],
    why: Annotated[str, typer.Option(help="Lý do xóa; được ghi vào nhật ký.", prompt="Lý do xóa")],
) -> None:
    """Xóa hẳn một tệp gửi nhầm khỏi kho: thay bằng một bia ghi ai xóa, khi nào, vì sao. Lần nạp sau tính lại như chưa từng có tệp ấy."""
    from pipeline import keeping

    home = Home.from_environment()
    if not why.strip():
        raise _stop('Phải ghi lý do xóa: --why "…".')
    try:
        with _alone(home):
            done = keeping.erase(home, content_hash.strip().lower(), why.strip())
    except ArchiveProblem as error:
        raise _stop(str(error)) from None
    for version in done.versions:
        print(f"Erased: {_shown(version)}")
    print("Next: pipeline load makes tables, landing and receipts without it; until then readers see what was published before.")
    for place in done.backups:
        print(f"A backup still holds it: pipeline backup {place} takes it out there.")


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """While no load runs, or a sentence that one does."""
    from filelock import Timeout

    try:
        with gate.lock(home):
            yield
    except Timeout:
        raise _stop("A load is running; try again when it has ended. Nothing was changed.") from None


def _kept(work):
    from pipeline.keeping import BackupProblem

    try:
        return work()
    except BackupProblem as error:
        raise _stop(str(error)) from None


def _identities(file: Path | None) -> list[str]:
    lines = file.read_text("utf-8").splitlines() if file else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _say_damages(damages: list[str]) -> None:
    if damages:
        raise _stop(f"{len(damages)} damage(s):", *map(_shown, damages))


def _size(size: int) -> str:
    return f"{size / 2**20:,.1f} MB"


if __name__ == "__main__":
    main()
