"""A night asked for: `load` and what it says, `receipts` made again, and the demonstration.

What does not belong here: work; each command calls one function and says what came of it. How a night is run stands in night.py.
"""

import dataclasses
import datetime as dt
import json
import time
from typing import Annotated, Any

import typer

from pipeline import gate
from pipeline.cli.night import NOTHING_SAID, busy, run_nightly
from pipeline.cli.words import command, last_load, log, out, published, stop
from pipeline.ledger.find import REGISTRY_FILES, passed_over
from pipeline.paths import Home

NOT_SHOWN, BEHIND = "PUBLISHED, BUT NOT SHOWN EVERYWHERE. The next load tries again.", 3


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
    with gate.alone(home, busy):
        look = gate.look(home, answers.as_of, take_back=answers.take_back)
        if look.last and answers.as_of and answers.as_of < look.as_of:
            raise stop(
                f"Load {look.last.load_id} stands for {look.as_of} already. If that day was wrong: pipeline load --as-of {answers.as_of} "
                "--take-back; then no load stands for a later day, and figures follow. Nothing was changed."
            )
        if look.closed and look.last:
            for name in passed_over(home):
                log.warning("registry/%s is none of %s: nobody reads it", name, ", ".join(REGISTRY_FILES))
            print(f"Nothing new: no file, no registry change, no due date passed. Load {look.last.load_id} stays published.")
            _show_elsewhere(home)
            return
        if look.doubt and look.reasons:
            raise stop(look.doubt)
        failed = run_nightly(home, look, answers)
    behind = [f for f in failed if f.startswith("surfaces:")]
    unanswered = [f for f in failed if f.startswith("receipts:")]
    if len(behind) + len(unanswered) < len(failed):
        raise stop("", "LOAD FAILED. What was published before stays as it was.", *failed)
    if unanswered:
        raise stop("", "PUBLISHED, BUT UNITS ARE NOT ANSWERED. The next load, or `pipeline receipts`, answers them.", *failed)
    _say_load(home)
    print(f"load_seconds: {time.perf_counter() - began:.1f}")
    if behind:
        raise stop("", NOT_SHOWN, *behind, code=BEHIND)


def _show_elsewhere(home: Home) -> None:
    """What the last night could not write elsewhere is tried again although nothing new was sent."""
    from pipeline.surfaces import due, notices

    done = due.write(home)
    for sentence in notices.send(home):
        print(sentence)
    for state in done:
        if state.is_written:
            print(state.said)
    if failed := due.failed(done):
        raise stop("", NOT_SHOWN, *failed, code=BEHIND)


def _say_load(home: Home) -> None:
    """What the load brought, and who must mend what."""
    from pipeline.warehouse import landing
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
        judged = landing.landed_by(home, landing.in_force(home), note["load_id"]).to_list()
        again = db.execute(
            """SELECT count(*), sum(s.rows_read), sum(s.rows_in_figures), sum(s.rows_kept_out), sum(s.rows_set_aside)
               FROM restricted.whole.submissions s WHERE s.newest_load_id <> ? AND list_contains(?, s.submission_key)""",
            [note["load_id"], judged],
        ).fetchone()
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
    if again and again[0]:  # a form was confirmed otherwise, or the rules changed
        count, read, inside, out_of, aside = again
        counts = f"rows read {read:9,} = in the figures {inside:9,} + kept out {out_of:7,} + set aside {aside:7,}"
        print(f"  again     {count:6,} submissions   {counts}: sent before, judged again in this load")
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
    from pipeline.answers.receipts.write import write_receipts

    home = Home.from_environment()
    published(home).close()
    with last_load(home, "A load is running; it answers units itself.") as load:
        written = write_receipts(home, load, only=unit, everything=True)
    if unit and not written.units:
        raise stop(f"Không có phiếu nào cho đơn vị “{unit}”: chưa nhận được tệp nào của đơn vị mang mã này.")
    _say_receipts(home, dataclasses.asdict(written))


@command(is_logged=False)  # the sample's people are nobody
def demo(
    faults: Annotated[bool, typer.Option(help="Gài một số lỗi đã biết vào các tệp mẫu.")] = False,
    seed: Annotated[int, typer.Option(help="Số gốc của bộ sinh dữ liệu mẫu.")] = 2021,
    forms: Annotated[bool, typer.Option(help="Một phần ba số tệp theo biểu riêng của các đơn vị.")] = False,
) -> None:
    """Tạo thành phố mẫu (627 tổ chức cơ sở, 53.895 đảng viên), nạp và in bảng số liệu của bài báo."""
    from pipeline.sample import A_THIRD, SampleError, make_city

    home = Home.from_environment()
    try:
        with out.status("Đang tạo thành phố mẫu …"):
            due_on = dt.date(dt.date.today().year, 12, 31)
            make_city(home, seed=seed, faults=faults, due_on=due_on, forms=A_THIRD if forms else 0.0)
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
        read = tables.forms(home, db) if forms else ""
    out.print(table)
    if not equal:
        raise stop("The warehouse does not report the article's figures: see the lines marked ✗.")
    for line in filter(None, (read, sentence)):
        print(line)
