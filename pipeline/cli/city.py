"""What the city asks and takes of what was loaded: the state, words that no catalogue has, templates, who somebody is, the analyst's file, and
Dagster's pages.

What does not belong here: work; each command calls one function and says what came of it.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from pipeline.cli.words import command, last_load, out, published, show, shown, stop
from pipeline.ledger.archive import ArchiveProblem
from pipeline.paths import Home
from pipeline.presentation import day
from pipeline.surfaces import due

if TYPE_CHECKING:
    from polars import DataFrame


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
        for state in due.states(home).values():
            if not state.is_written:
                print(f"Bản sao chưa theo kịp; lần nạp sau chép lại. {shown(state.said)}")
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
            db, "Xác nhận người (tệp identities của sổ đăng ký)",
            """SELECT r.label_vi AS "Quan hệ", o.label_vi AS "Kết quả", count(*) AS "Số dòng", string_agg(row_no, ', ' ORDER BY sheet_no, row_no) AS "Dòng"
               FROM quality.identity_confirmations c
               JOIN core.dim_code r ON r.code_list = 'identity_relation' AND r.code = c.identity_relation_code
               JOIN core.dim_code o ON o.code_list = 'identity_outcome' AND o.code = c.identity_outcome_code
               GROUP BY ALL ORDER BY min(o.sort_order), min(r.sort_order)""",
        )  # fmt: skip
        show(
            db, "Quy tắc sai nhiều nhất",
            """SELECT rule_code AS "Quy tắc", coalesce(d.label_vi, '') AS "Bộ dữ liệu", failed_count AS "Số lỗi", says_vi AS "Phải là"
               FROM quality.rules r LEFT JOIN core.dim_code d ON d.code_list = 'dataset' AND d.code = r.dataset_code
               WHERE failed_count > 0 ORDER BY failed_count DESC LIMIT 10""",
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
    name: Annotated[
        str | None, typer.Argument(help="Chỉ danh mục này, ví dụ programmes, units hoặc codes; bỏ trống là mọi danh mục.")
    ] = None,
) -> None:
    """Xem tên gọi (chương trình, cơ sở đào tạo, chức vụ, đơn vị) và từ trong các cột chọn theo danh mục mà thành phố và phần mềm chưa biết, và mục gần giống nhất."""
    from pipeline import nightly
    from pipeline.codes import labels
    from pipeline.judging.registry import RegistryProblem
    from pipeline.ledger.find import find_registry
    from pipeline.schemas.kinds import meta
    from pipeline.schemas.registry import CATALOGUES
    from pipeline.warehouse.catalogues import nearest_things, unknown_codes, unknown_units, unplaced

    home = Home.from_environment()
    others = ("units", "codes")
    if name and name not in (*CATALOGUES, *others):
        raise stop(f"Không có danh mục “{name}”. Hãy chọn một trong: {', '.join((*CATALOGUES, *others))}.")
    wanted = [one for one in ([name] if name else CATALOGUES) if one not in others]
    with published(home) as db:
        current = [key for (key,) in db.execute("SELECT submission_key FROM restricted.whole.submissions WHERE is_current").fetchall()]
    try:
        with last_load(home, "A load is running; ask again when it has ended."):
            known = nightly.check_registry(home, find_registry(home)).catalogue_words()
            found = {catalogue: unplaced(home, catalogue, known, current) for catalogue in wanted}
            if is_of_units := name in (None, "units"):
                with published(home) as db:
                    unknown = unknown_units(home, db).rows()
            if is_of_codes := name in (None, "codes"):
                words_of_codes = unknown_codes(home, current)
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
    if is_of_units:
        _show_unknown_units(unknown)
    if is_of_codes:
        _show_unknown_codes(words_of_codes)


def _show_unknown_units(units: list[tuple[object, ...]]) -> None:
    title = "Đơn vị (registry/units)"
    if not units:
        print(f"{title}: sổ đăng ký có mọi đơn vị mà các danh sách đang dùng.")
        return
    table = Table(title=title, title_justify="left")
    for column in ("Đơn vị gửi", "Đơn vị chưa có trong sổ đăng ký", "Số dòng", "Gần giống nhất"):
        table.add_column(column, justify="right" if column.startswith("Số") else "left", overflow="fold")
    for cells in units[:200]:
        table.add_row(*(Text(shown(cell if cell is not None else "")) for cell in cells))
    out.print(table)
    if len(units) > 200:
        print(f"… và {len(units) - 200} tên gọi nữa.")
    print("Các dòng này được tính cho đơn vị gửi. Thêm đơn vị còn thiếu vào registry/units, hoặc nhắc đơn vị gửi ghi tên trong sổ đăng ký.")


def _show_unknown_codes(words: "DataFrame") -> None:
    from pipeline.schemas.kinds import meta
    from pipeline.warehouse.catalogues import columns_of_codes, nearest_code

    title, columns = "Cột chọn theo danh mục", columns_of_codes()
    if words.is_empty():
        print(f"{title}: mọi từ trong các cột ấy đều có trong danh mục.")
        return
    table = Table(title=title, title_justify="left")
    for column in ("Cột", "Từ chưa có trong danh mục", "Số dòng", "Số đơn vị", "Có thể là mã", "Tên trong danh mục"):
        table.add_column(column, justify="right" if column.startswith("Số") else "left", overflow="fold")
    first = words.group_by("column_name", maintain_order=True).head(50)
    for column, word, rows, units in first.iter_rows():
        near = nearest_code(word, meta(columns[column]).code_list)
        table.add_row(*(Text(shown(cell)) for cell in (columns[column].title, word, rows, units, *(near or ("", "")))))
    out.print(table)
    if words.height > first.height:
        print(f"… và {words.height - first.height} từ nữa.")
    print(
        "Ô có từ này được hiểu là chưa rõ; dòng không rõ mức xếp loại thì chưa được tính. Nhắc đơn vị ghi theo danh mục, hoặc đề nghị người giữ phần mềm thêm cách viết vào danh mục."
    )


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
