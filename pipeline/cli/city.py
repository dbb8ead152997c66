"""The city's commands: a load and what it says, receipts, the demonstration, templates, the state, who somebody is, Dagster's pages.

What does not belong here: work; each command calls one function and says what came of it.
"""

import dataclasses
import datetime as dt
import gc
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from pipeline import gate
from pipeline.cli.words import command, log, out, published, show, shown, stop
from pipeline.ledger.archive import ArchiveProblem
from pipeline.paths import Home
from pipeline.presentation import day

if TYPE_CHECKING:
    from dagster import DagsterEvent

NOTHING_SAID = gate.Answers()


@command(is_logged=False)  # names files by the ledger's line; that units are answered is logged where it is done
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
        raise stop(f"--as-of must be a day like 2026-01-31, not {as_of!r}.", code=2) from None
    if take_back and not day:
        raise stop("--take-back needs the day: --as-of 2026-01-31.", code=2)
    _load(Home.from_environment(), gate.Answers(day, take_back, accept_registry))


def _load(home: Home, answers: gate.Answers = NOTHING_SAID) -> None:
    began = time.perf_counter()
    if not home.raw.is_dir():
        raise stop(f"There is no folder {home.raw}. Put submissions into <period>/<unit code>/ there, the registry into registry/.")
    from filelock import Timeout

    try:
        with gate.lock(home):
            look = gate.look(home, answers.as_of, take_back=answers.take_back)
            if look.last and answers.as_of and answers.as_of < look.as_of:
                raise stop(
                    f"Load {look.last.load_id} stands for {look.as_of} already. If that day was wrong: pipeline load --as-of {answers.as_of} "
                    "--take-back; then no load stands for a later day, and figures follow. Nothing was changed."
                )
            if look.closed and look.last:
                print(f"Nothing new: no file, no registry change, no due date passed. Load {look.last.load_id} stays published.")
                return
            if look.doubt and look.reasons:
                raise stop(look.doubt)
            try:
                failed = _run_nightly(home, look, answers)
            finally:
                shutil.rmtree(home.open, ignore_errors=True)
    except Timeout:
        raise stop("Another load is running; this one stops. Nothing was changed.") from None
    if failed:
        if all(f.startswith("receipts:") for f in failed):
            raise stop("", "PUBLISHED, BUT UNITS ARE NOT ANSWERED. The next load, or `pipeline receipts`, answers them.", *failed)
        raise stop("", "LOAD FAILED. What was published before stays as it was.", *failed)
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
    from pipeline.warehouse.transform import BuildFailed

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
    seconds = {e.step_key: e.step_success_data.duration_ms / 1000 for e in result.all_events if e.is_step_success and e.step_key}
    log.info("seconds by step: %s", ", ".join(f"{step} {s:.1f}" for step, s in seconds.items()))
    if result.success:
        return []
    failures = [e for e in result.all_events if e.is_failure and e.step_key]
    return [f"{e.step_key}: {_words(e)}" for e in failures] or ["the run did not start"]


def _words(event: "DagsterEvent") -> str:
    data = event.event_specific_data
    failure = getattr(data, "user_failure_data", None)
    if failure and failure.description:
        return str(failure.description)
    error = getattr(data, "error", None)
    return str(error.message).strip() if error else event.message or ""


def _say_load(home: Home) -> None:
    """What the load brought, and who must mend what."""
    from pipeline.warehouse.recognised import in_words

    with published(home) as db:
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


def _say_receipts(home: Home, written: dict[str, Any]) -> None:
    print(
        f"  receipts  {written['units']:,} answers to units, {written['workbooks']:,} workbooks, {written['seconds']:.1f} s: {home.outbox}"
    )
    if written["failed"]:
        print(f"            {written['failed']} files could not be opened again: their units have the summary alone")


@command(is_logged=False)  # as the load, which answers units too
def receipts(
    unit: Annotated[str | None, typer.Argument(help="Chỉ đơn vị này, ví dụ Q01.001; bỏ trống là mọi đơn vị.")] = None,
) -> None:
    """Làm lại phiếu trả lời đơn vị (tệp tô màu, giải trình, tóm tắt) của lần nạp gần nhất."""
    from filelock import Timeout

    from pipeline.answers.receipts.write import write_receipts
    from pipeline.ledger.archive import read_loads

    home = Home.from_environment()
    published(home).close()
    load = read_loads(home)[-1]
    try:
        with gate.lock(home):
            if gate.published_load(home) != load.load_id:
                raise stop("The last load was never published. Run `make load` first.")
            written = write_receipts(home, load, only=unit, everything=True)
    except Timeout:
        raise stop("A load is running; it answers units itself.") from None
    if unit and not written.units:
        raise stop(f"Không có phiếu nào cho đơn vị “{unit}”: chưa nhận được tệp nào của đơn vị mang mã này.")
    _say_receipts(home, dataclasses.asdict(written))


@command(is_logged=False)  # the sample's people are nobody
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
        raise stop(str(error)) from None
    _load(home)
    from pipeline import demo as tables

    with published(home) as db:
        if faults:
            table, sentence = tables.recall(home, db)
            equal = True
        else:
            table, equal = tables.article(db)
            sentence = tables.NEXT
    out.print(table)
    if not equal:
        raise stop("The warehouse does not report the article's figures: see the lines marked ✗.")
    print(sentence)


@command(is_logged=False)  # logged where the workbook is written, which holds a unit's people
def template(
    unit: Annotated[str, typer.Option(help="Mã đơn vị, ví dụ Q01.001.")],
    period: Annotated[str, typer.Option(help="Kỳ báo cáo, ví dụ 2021 hoặc 2021-Q1.")],
    dataset: Annotated[str | None, typer.Argument(help="Bộ dữ liệu, ví dụ ratings hoặc “Xếp loại”; bỏ trống là mọi bộ.")] = None,
    to: Annotated[Path | None, typer.Option(help="Thư mục để ghi; bỏ trống là warehouse/restricted/templates.", file_okay=False)] = None,
) -> None:
    """Tạo biểu mẫu Excel cho một đơn vị: có sẵn danh sách người, danh mục để chọn, ô sai đổi màu đỏ ngay khi gõ."""
    from pipeline import nightly
    from pipeline.answers.template.people import find_roster, find_sender
    from pipeline.answers.template.workbook import workbook, write
    from pipeline.codes import fold, spellings
    from pipeline.judging.registry import RegistryProblem
    from pipeline.ledger.find import PERIOD, find_registry
    from pipeline.schemas import SCHEMAS

    home = Home.from_environment()
    if not PERIOD.match(period):
        raise stop("Hãy cho biết kỳ báo cáo: --period 2021 hoặc --period 2021-Q1.")
    chosen = spellings("dataset").get(fold(dataset)) if dataset else None
    if dataset and not chosen:
        raise stop(f"Không có bộ dữ liệu “{dataset}”. Hãy chọn một trong: {', '.join(SCHEMAS)}.")
    try:
        units = nightly.check_registry(home, find_registry(home)).units
    except RegistryProblem as error:
        raise stop(str(error), *error.rows[:50]) from None
    sender = find_sender(units, unit, period)
    if not sender:
        raise stop(f"Sổ đăng ký không có đơn vị mang mã “{unit}” vào ngày cuối kỳ {period}.")
    roster = find_roster(home, units, sender, period)
    data = workbook({chosen: SCHEMAS[chosen]} if chosen else SCHEMAS, sender, period, roster)
    name = fold(SCHEMAS[chosen].title if chosen else "báo cáo").replace(" ", "-")
    try:
        path = write(home, to, f"mau-{name}-{period}-{sender.unit_code}.xlsx", data)
    except FileExistsError as error:
        raise stop(f"Tệp {error.filename} đã có và không bị ghi đè; hãy chọn thư mục khác.") from None
    print(f"Đã ghi {shown(path)}")
    if roster is None:
        print("Biểu mẫu chưa có danh sách người: chưa có lần nạp nào.")
    elif not roster.rows:
        print("Biểu mẫu chưa có danh sách người: chưa nhận được danh sách nhân sự của đơn vị.")
    else:
        print(f"Có sẵn {roster.people} người theo danh sách nhân sự năm {roster.year}. Tệp có dữ liệu cá nhân: chỉ gửi cho đơn vị này.")


@command()
def status() -> None:
    """Xem lần nạp gần nhất: ai đã nộp, ai trễ, tệp nào bị từ chối, quy tắc nào sai nhiều nhất."""
    home = Home.from_environment()
    _say_archive(home)
    with published(home) as db:
        ((load_id, as_of),) = db.execute("SELECT load_id, as_of FROM quality.loads ORDER BY load_id DESC LIMIT 1").fetchall()
        print(f"Lần nạp {load_id}, số liệu tính đến {day(as_of)}.")
        show(
            db, "Tình hình nộp",
            """SELECT period AS "Kỳ", d.label_vi AS "Bộ dữ liệu", t.label_vi AS "Tình trạng", count(*) AS "Số đơn vị",
                      sum(rows_read) AS "Dòng đọc", sum(rows_in_figures) AS "Dòng được tính", sum(rows_kept_out) AS "Dòng chưa tính",
                      sum(rows_set_aside) AS "Dòng để lại"
               FROM reports.rpt_submission_status r
               JOIN core.dim_code d ON d.code_list = 'dataset' AND d.code = r.dataset_code
               JOIN core.dim_code t ON t.code_list = 'timeliness' AND t.code = r.timeliness_code
               GROUP BY ALL ORDER BY 1, min(d.sort_order), min(t.sort_order)""",
        )  # fmt: skip
        show(
            db, "Tệp bị từ chối (bản mới nhất)",
            """SELECT s.path AS "Tệp", coalesce(d.label_vi, '') AS "Bộ dữ liệu", s.refusal_rule_code AS "Quy tắc"
               FROM restricted.whole.submissions s LEFT JOIN core.dim_code d ON d.code_list = 'dataset' AND d.code = s.dataset_code
               WHERE s.verdict_code = 'REFUSED' ORDER BY s.newest_load_id DESC, 1 LIMIT 30""",
        )  # fmt: skip
        show(
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
            print(f"  {shown(sentence)}")


@command("name")  # a word may be anybody's name, in the wrong column
def catalogue(
    name: Annotated[str | None, typer.Argument(help="Chỉ danh mục này, ví dụ programmes; bỏ trống là mọi danh mục.")] = None,
) -> None:
    """Xem tên gọi (chương trình, cơ sở đào tạo, chức vụ) mà danh mục của thành phố chưa có, và mục gần giống nhất."""
    from filelock import Timeout

    from pipeline import nightly
    from pipeline.codes import labels
    from pipeline.judging.registry import RegistryProblem
    from pipeline.ledger.archive import read_loads
    from pipeline.ledger.find import find_registry
    from pipeline.schemas.kinds import meta
    from pipeline.schemas.registry import CATALOGUES
    from pipeline.warehouse.catalogues import nearest_things, unplaced

    home = Home.from_environment()
    if name and name not in CATALOGUES:
        raise stop(f"Không có danh mục “{name}”. Hãy chọn một trong: {', '.join(CATALOGUES)}.")
    wanted = [name] if name else [*CATALOGUES]
    with published(home) as db:
        current = [key for (key,) in db.execute("SELECT submission_key FROM restricted.whole.submissions WHERE is_current").fetchall()]
    try:
        with gate.lock(home):
            if gate.published_load(home) != read_loads(home)[-1].load_id:
                raise stop("The last load was never published. Run `make load` first.")
            known = nightly.check_registry(home, find_registry(home)).catalogue_words()
            found = {catalogue: unplaced(home, catalogue, known, current) for catalogue in wanted}
    except Timeout:
        raise stop("A load is running; ask again when it has ended.") from None
    except RegistryProblem as error:
        raise stop(str(error), *error.rows[:50]) from None
    for catalogue, words in found.items():
        title = f"{CATALOGUES[catalogue].title} (registry/{catalogue})"
        if words.is_empty():
            print(f"{title}: danh mục có mọi tên gọi mà các đơn vị đang dùng.")
            continue
        table = Table(title=title, title_justify="left")
        groups = meta(CATALOGUES[catalogue].columns["belongs_to"]).codes
        of_group = ["Nhóm (theo chữ)"] if groups else []
        for column in ("Tên gọi chưa có trong danh mục", "Số dòng", "Số đơn vị", *of_group, "Có thể là mã", "Tên trong danh mục"):
            table.add_column(column, justify="right" if column.startswith("Số") else "left", overflow="fold")
        first = words.head(200)
        near = nearest_things(first["word"].to_list(), catalogue, known)
        for (word, rows, units, code), thing in zip(first.iter_rows(), near, strict=True):
            group = [labels(groups)[code] if code else "chưa rõ"] if groups else []
            # a semicolon parts the spellings of the registry, and stands for none of a name's letters
            table.add_row(*(Text(shown(cell)) for cell in (word.replace(";", ","), rows, units, *group, *(thing or ("", "")))))
        out.print(table)
        if words.height > 200:
            print(f"… và {words.height - 200} tên gọi nữa.")
    if not all(words.is_empty() for words in found.values()):
        print("Ghi tên gọi vào cột “Cách viết khác” của mục đúng, hoặc thêm mục mới; lần nạp sau áp dụng cho mọi năm.")


@command(is_logged=False)  # logged where it is looked up, before anything is opened
def who(
    key: Annotated[str, typer.Argument(help="person_key trong các bảng đã công bố.")],
    why: Annotated[str, typer.Option(help="Lý do tra cứu; được ghi vào nhật ký.", prompt="Lý do tra cứu")],
) -> None:
    """Tra một khóa là của ai. Mỗi lần tra đều được ghi nhật ký: ai tra, khi nào, vì sao."""
    from pipeline.warehouse.publish import who as look_up

    if not why.strip():
        raise stop('Phải ghi lý do tra cứu: --why "…".')
    people = look_up(Home.from_environment(), key, why.strip())
    if not people:
        raise stop("Không có ai mang khóa này.")
    table = Table()
    for name in ("Họ và tên", "Số CCCD", "Ngày sinh", "Đơn vị gửi", "Kỳ"):
        table.add_column(name)
    for p in people:
        table.add_row(*(Text(shown(p[c] or "")) for c in ("full_name", "identity_number", "birth_date", "sender_code", "period")))
    out.print(table)


@command(is_logged=False)  # logged below, before the copy is made
def analyst(
    why: Annotated[str, typer.Option(help="Lý do cần đến ngày; được ghi vào nhật ký.", prompt="Lý do mở")],
) -> None:
    """Mở tệp có đủ ngày, số quyết định, tên trang tính và đường dẫn, cho đến khi bấm Enter. Mỗi lần mở đều được ghi nhật ký."""
    from pipeline.ledger import lookups
    from pipeline.ledger.sealed import seal_of

    home = Home.from_environment()
    if not why.strip():
        raise stop('Phải ghi lý do mở: --why "…".')
    published(home).close()
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


@command(is_logged=False)  # Dagster's history has counts
def ui() -> None:
    """Mở giao diện Dagster: sơ đồ dữ liệu, lịch sử các lần nạp, lịch chạy hằng đêm."""
    from pipeline import history

    home = Home.from_environment()
    history.prepare(home)
    os.environ["PERSONNEL_HOME"] = str(home.root)
    os.execv(sys.executable, [sys.executable, "-m", "dagster", "dev", "-m", "pipeline.definitions"])
