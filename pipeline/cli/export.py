"""Figures as files for others: whole for the department, or what may leave.

What does not belong here: work; the surface makes the files, this says who asked and why, and keeps what left.
"""

import datetime as dt
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import whole
from pipeline.cli.words import command, shown, stop
from pipeline.ledger import lookups
from pipeline.ledger.sealed import seal_of
from pipeline.paths import Home, private
from pipeline.presentation import number, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from pipeline.surfaces.public import Rules
    from pipeline.warehouse.door import Published

K = "PERSONNEL_PUBLIC_K"


@command(is_logged=False)  # logged below, before a file is written
def export(
    folder: Annotated[Path, typer.Argument(help="Thư mục mới để ghi.", file_okay=False)],
    why: Annotated[str, typer.Option(help="Lý do, người nhận; được ghi vào nhật ký và vào tệp.", prompt="Lý do xuất")],
    is_public: Annotated[bool, typer.Option("--public", help="Bản được chuyển ra ngoài: ẩn những số cho biết về dưới k người.")] = False,
    k: Annotated[int | None, typer.Option("--k", help=f"Ngưỡng cao hơn ngưỡng của ban ({K}, mặc định 5).")] = None,
    round_to: Annotated[int, typer.Option("--round", help="Với --public: làm tròn mọi số đếm đến bội số này, ví dụ 5.", min=0)] = 0,
    despite_earlier: Annotated[
        bool,
        typer.Option("--despite-earlier", help="Vẫn xuất khi số lệch với một bản đã chuyển ra ngoài trước đây cho biết về dưới k người."),
    ] = False,
    with_pages: Annotated[
        bool, typer.Option("--pages", help="Thêm các trang HTML (pages/index.html) chỉ gồm những số của bản xuất này.")
    ] = False,
) -> None:
    """Xuất các bảng báo cáo (XLSX, CSV, Parquet) để dùng nội bộ hoặc, với --public, để chuyển ra ngoài. Mỗi lần xuất đều được ghi nhật ký."""
    from pipeline.surfaces import exports
    from pipeline.surfaces.declared import Undeclared
    from pipeline.surfaces.public import Rules, Unsafe
    from pipeline.warehouse.door import NothingPublished, published

    home = Home.from_environment()
    if not why.strip():
        raise stop('Phải ghi lý do xuất: --why "…".')
    if with_pages and not is_public:
        raise stop("--pages chỉ dùng với --public: các trang nội bộ đã có trong thư mục pages của kho.")
    if not is_public and (k is not None or round_to or despite_earlier):
        raise stop("--k, --round và --despite-earlier chỉ dùng với --public.")
    target = folder.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise stop(f"{shown(folder)} đã có và không trống: không có gì bị ghi đè; hãy chọn thư mục mới.")
    rules = Rules(k_of(k), round_to, secret=seal_of(home).name_of("units hidden beside others")) if is_public else None
    if rules and round_to >= 2 * rules.k:
        raise stop(f"--round tối đa là {2 * rules.k - 1}: lớn hơn thì đơn vị có người cũng thành số 0.")
    try:
        with published(home) as version:
            frames = exports.public_tables(version, rules) if rules else exports.tables(version)
            words = {name: version.words("reports", name) for name in frames}
            beside = _pages(version, frames, rules) if with_pages and rules else None
            load_id, as_of = version.note["load_id"], dt.date.fromisoformat(version.note["as_of"])
    except NothingPublished:
        raise stop("Chưa có gì được công bố. Hãy chạy `make load`. (Nothing is published yet.)") from None
    except (Undeclared, Unsafe) as error:
        raise stop(f"Không làm được bản chuyển ra ngoài. ({error})") from None
    differing = beside_earlier(home, frames, rules, load_id) if rules else {}
    if differing and not despite_earlier:
        for at, tables in differing.items():
            print(f"So với bản đã chuyển ra ngoài ({at}): " + ", ".join(f"{name} {number(n)} số" for name, n in tables.items()))
        raise stop(
            f"Chưa xuất: các số này đã đổi, hoặc chỉ một trong hai bản có; ai có cả hai bản có thể tính ra về dưới {k_of(k)} người đến hoặc đi.",
            "Hãy chờ đến kỳ mới, làm tròn mọi bản của kỳ đó (--round), hoặc nếu chấp nhận điều đó: --despite-earlier; việc này được ghi nhật ký.",
        )
    who = lookups.by()
    lookups.note(
        home, "export", why=why.strip(), to=str(target), load_id=load_id, public="yes" if rules else "no",
        k=rules.k if rules else None, round=rules.round_to or None if rules else None, despite=sum(sum(t.values()) for t in differing.values()) or None,
    )  # fmt: skip
    name = f"{who['by']} ({who['as']})" if who.get("as", who["by"]) != who["by"] else who["by"]
    now = dt.datetime.now().astimezone()
    kept = keep(home, frames, rules, load_id, now) if rules else None
    try:
        exports.write(target, frames, words, exports.About(name, now, why.strip(), load_id, as_of, rules), beside)
    except OSError as error:
        if kept:
            shutil.rmtree(kept)  # it did not leave
        raise stop(f"Không ghi được {shown(folder)}: {error.strerror}.") from None
    print(f"Đã ghi {shown(folder)}: {len(frames)} bảng của lần nạp {load_id}.")
    if not rules:
        print("Bản này có đủ mọi số, kể cả của nhóm rất ít người: chỉ dùng trong ban. Bản để chuyển ra ngoài: --public.")
        return
    for table, kind, all_, hidden in exports.hidden_shares(frames):
        print(f"{table} {kind}: ẩn {percent(hidden / all_, 1)} của {number(all_)} số")


def _pages(version: "Published", frames: "dict[str, pl.DataFrame]", rules: "Rules") -> "Callable[[Path], int]":
    """What writes the pages of these figures into the export's folder: the figures are read now, of this version."""
    from pipeline.surfaces import exports, pages
    from pipeline.surfaces.declared import declared

    try:
        edition = pages.public(version, frames, rules.k)
    except pages.NoMetrics:
        raise stop("Bản đang công bố chưa có chỉ tiêu nên chưa làm được trang. Hãy chạy `make load`.") from None
    files = [("readme", f"../{exports.README}"), ("workbook", f"../{exports.WORKBOOK}")]
    files += [(f"{declared()[name].sheet} (CSV)", f"../{name}.csv") for name in frames]
    return lambda folder: pages.write_pages(folder / pages.FOLDER, edition, files)


def k_of(given: int | None) -> int:
    """What the department set; whoever exports may only ask for more."""
    text = os.environ.get(K, "5")
    if not (text.isascii() and text.isdigit()):
        raise stop(f"{K} phải là một số nguyên, không phải “{shown(text)}”.")
    if given is not None and given < int(text):
        raise stop(f"--k không nhỏ hơn {text}, là ngưỡng của ban ({K}).")
    return given or int(text)


def beside_earlier(home: Home, frames: "dict[str, pl.DataFrame]", rules: "Rules", load_id: int) -> dict[str, dict[str, int]]:
    """What left before → per table, what it and these figures together would tell."""
    import json

    import polars as pl

    from pipeline.surfaces.declared import declared
    from pipeline.surfaces.earlier import Two, differing

    found = {}
    for note in sorted(f for f in home.left.glob("*/about.json") if f.parent.suffix != whole.PART):
        try:
            about = json.loads(note.read_text("utf-8"))
            two = Two(max(rules.k, about["k"]), (rules.round_to, about.get("round") or 0), is_one_load=about["load_id"] == load_id)
            before = {file.stem: pl.read_parquet(file) for file in note.parent.glob("*.parquet")}
        except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
            raise stop(
                f"archive/left/{note.parent.name} bị hỏng ({type(error).__name__}) nên không biết số nào đã ra ngoài; hãy khôi phục từ bản sao lưu. "
                "(It is cut or changed; bring it back from a backup.)"
            ) from None
        if tables := differing(frames, before, declared(), two):
            found[f"{note.parent.name}, lần nạp {about['load_id']}"] = tables
    return found


def keep(home: Home, frames: "dict[str, pl.DataFrame]", rules: "Rules", load_id: int, at: dt.datetime) -> Path:
    """Where what leaves is kept, so that the next time knows. Nothing lies here that is not outside already."""
    import io
    import json

    private(home.left)
    folder = home.left / f"{at:%Y%m%dT%H%M%S%f}"
    about = {"load_id": load_id, "k": rules.k, "round": rules.round_to}
    with whole.beside(home.left, "left") as part:
        files = [(part / "about.json", json.dumps(about).encode())]
        for name, frame in frames.items():
            data = io.BytesIO()
            frame.write_parquet(data)
            files.append((part / f"{name}.parquet", data.getvalue()))
        whole.lay_down(files)
        part.chmod(0o700)
        part.replace(folder)
    whole.sync((home.left,))
    return folder
