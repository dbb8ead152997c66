"""`pipeline report`: official reports of a year as files that could be signed.

What does not belong here: work; the surface makes the files, this says for whom, who signs by the city's registry, and keeps what left.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import whole
from pipeline.cli.export import beside_earlier, k_of, keep
from pipeline.cli.words import command, shown, stop
from pipeline.ledger import lookups
from pipeline.ledger.find import find_registry, registry_name
from pipeline.ledger.sealed import seal_of
from pipeline.paths import Home, private
from pipeline.presentation import day as as_written
from pipeline.presentation import number

if TYPE_CHECKING:
    import polars as pl

    from pipeline.surfaces.reports.declared import Kind
    from pipeline.surfaces.reports.figures import Figures, Unit
    from pipeline.surfaces.reports.letter import Signer
    from pipeline.surfaces.reports.makers import Made

EVERY = "all"


def _folder(said: str) -> Path:
    """Where to write: said, and no file."""
    if not said.strip():
        raise stop("--to phải là một thư mục; để ghi vào warehouse/restricted/reports thì bỏ tham số này.", code=2)
    try:
        if (folder := Path(said)).is_file():
            raise stop(f"--to phải là một thư mục; {shown(said)} là một tệp.", code=2)
    except OSError as error:
        raise stop(f"Không ghi được vào {shown(said)}: {error.strerror}.", code=2) from None
    return folder


@command(is_logged=False)  # logged below, before a file is written
def report(
    year: Annotated[int, typer.Argument(help="Năm báo cáo, ví dụ 2021.")],
    unit: Annotated[str | None, typer.Option(help="Mã hoặc tên đầy đủ của đơn vị, ví dụ Q01; bỏ trống là cả thành phố.")] = None,
    kind: Annotated[str, typer.Option(help="Loại báo cáo, ví dụ discipline hoặc “Kỷ luật”; all là mọi loại.")] = "ratings",
    to: Annotated[
        Path | None,
        typer.Option(help="Thư mục để ghi; không ghi tham số này là warehouse/restricted/reports.", parser=_folder, metavar="DIRECTORY"),
    ] = None,
    form: Annotated[str, typer.Option("--format", help="Các dạng tệp, cách nhau bằng dấu phẩy.")] = "xlsx,docx,pdf",
    each: Annotated[bool, typer.Option("--each", help="Thêm một báo cáo cho từng đơn vị trực thuộc.")] = False,
    on: Annotated[
        str | None, typer.Option("--on", help="Ngày ghi trên báo cáo, ví dụ 2026-11-30; bỏ trống là ngày mà số liệu tính đến.")
    ] = None,
    is_public: Annotated[bool, typer.Option("--public", help="Bản được chuyển ra ngoài: ẩn những số cho biết về dưới k người.")] = False,
    why: Annotated[str, typer.Option(help="Với --public: lý do, người nhận; được ghi vào nhật ký.")] = "",
    despite_earlier: Annotated[
        bool,
        typer.Option("--despite-earlier", help="Với --public: vẫn làm khi số lệch với một bản đã chuyển ra ngoài trước đây."),
    ] = False,
) -> None:
    """Làm báo cáo của một năm (XLSX, DOCX, PDF) theo thể thức văn bản của ngày ký, từ bản đã công bố. Mỗi lần làm đều được ghi nhật ký."""
    from pipeline.surfaces import exports
    from pipeline.surfaces.declared import Undeclared
    from pipeline.surfaces.public import Rules, Unsafe
    from pipeline.surfaces.reports import makers
    from pipeline.surfaces.reports.figures import Figures, NotThere
    from pipeline.surfaces.reports.fonts import font
    from pipeline.surfaces.sql import NoAnswer
    from pipeline.warehouse.door import NothingPublished, published

    home = Home.from_environment()
    kinds, formats = _kinds(kind, is_public), [*dict.fromkeys(one.strip().lower() for one in form.split(",") if one.strip())]
    if wrong := [one for one in formats if one not in makers.WRITERS] or ([] if formats else [form]):
        raise stop(f"Không có dạng “{shown(wrong[0])}”. Hãy chọn: {', '.join(makers.WRITERS)}.", code=2)
    if is_public and not why.strip():
        raise stop('Bản chuyển ra ngoài phải ghi lý do: --why "…".', code=2)
    if despite_earlier and not is_public:
        raise stop("--despite-earlier chỉ dùng với --public.", code=2)
    rules = Rules(k_of(None), secret=seal_of(home).name_of("units hidden beside others")) if is_public else None
    frames: dict[str, pl.DataFrame] = {}
    try:
        with published(home) as version:
            day = _day(on, version.note["as_of"], year)
            frames = exports.public_tables(version, rules) if rules else {}
            figures = Figures(version, year, frames if rules else None)
            asked = figures.unit(unit)
            units = [asked, *figures.children(asked)] if each else [asked]
            files = [*makers.made(kinds, units, figures, _signers(home, year, day), day, formats)]
            load_id = version.note["load_id"]
    except NothingPublished:
        raise stop("Chưa có gì được công bố. Hãy chạy `make load`. (Nothing is published yet.)") from None
    except (NotThere, NoAnswer) as error:
        raise stop(str(error)) from None
    except (Undeclared, Unsafe) as error:
        raise stop(f"Không làm được bản chuyển ra ngoài. ({error})") from None
    differing = beside_earlier(home, frames, rules, load_id) if rules else {}
    if rules and differing and not despite_earlier:
        raise stop(
            f"Chưa làm: số đã đổi so với bản đã chuyển ra ngoài ({', '.join(differing)}); ai có cả hai bản có thể tính ra về dưới {rules.k} người.",
            "Hãy chờ đến kỳ mới hoặc, nếu chấp nhận điều đó: --despite-earlier; việc này được ghi nhật ký.",
        )
    target = to.resolve() if to else home.reports
    try:
        if to and (there := next((one.name for one in files if (target / one.name).exists()), None)):
            raise stop(f"Tệp {shown(target / there)} đã có và không bị ghi đè; hãy chọn thư mục khác.")
    except OSError as error:  # a folder that may not be looked into
        raise stop(f"Không ghi được vào {shown(target)}: {error.strerror}.") from None
    codes = ", ".join(one.code for one in kinds)
    lookups.note(
        home, "report", year=year, unit=asked.code, kind=codes, each="yes" if each else None, to=str(target), load_id=load_id,
        public="yes" if rules else "no", why=why.strip() or None,
        k=rules.k if rules else None, despite=sum(sum(t.values()) for t in differing.values()) or None,
    )  # fmt: skip
    kept = keep(home, _left(frames, figures), rules, load_id, dt.datetime.now().astimezone()) if rules else None
    try:
        _write(home, to, target, files)
    except OSError as error:
        if kept:
            shutil.rmtree(kept)  # it did not leave
        raise stop(f"Không ghi được vào {shown(target)}: {error.strerror}.") from None
    print(f"Đã ghi {number(len(files))} tệp vào {shown(target)}, số liệu của lần nạp {load_id}:")
    for one in files:
        print(f"  {shown(one.name)}")
    if "pdf" in formats and font().said:
        print(font().said)
    if not rules:
        print("Bản này có đủ mọi số, kể cả của nhóm rất ít người: chỉ dùng trong ban. Bản để chuyển ra ngoài: --public.")


def _kinds(asked: str, is_public: bool) -> "list[Kind]":
    """Kinds of reports, by code or by what they are called; or a sentence that there is none such."""
    from pipeline.codes import code_of, labels
    from pipeline.surfaces.reports.declared import kinds

    words = labels("report_kind")
    if asked.strip().lower() == EVERY:
        return [kind for kind in kinds().values() if kind.public or not is_public]
    code = code_of("report_kind", asked)
    if code is None:
        among = ", ".join(f"{code.lower()} ({label})" for code, label in words.items())
        raise stop(f"Không có loại báo cáo “{shown(asked)}”. Hãy chọn một trong: {among}, {EVERY}.", code=2)
    return [kinds()[code]]


def _day(on: str | None, as_of: str, year: int) -> dt.date:
    try:
        day = dt.date.fromisoformat(on or as_of)
    except ValueError:
        raise stop(f"--on phải là một ngày như 2026-11-30, không phải “{shown(on)}”.", code=2) from None
    if on and day.year < year:
        raise stop(f"Báo cáo của năm {year} không thể ghi một ngày trước năm ấy ({as_written(day)}).", code=2)
    return day


def _signers(home: Home, year: int, day: dt.date) -> "Callable[[Unit, Kind], Signer]":
    """Who signs which report, by the registry as it lies there; without such a list lines stay blank."""
    from pipeline import nightly
    from pipeline.judging.registry import RegistryProblem
    from pipeline.judging.signers import signer_of
    from pipeline.surfaces.reports.letter import Signer

    files = find_registry(home)
    if not any(registry_name(name) == "signers" for name in files):
        return lambda unit, kind: Signer()
    try:
        signers = nightly.check_registry(home, files).signers
    except RegistryProblem as error:
        raise stop(f"Danh mục của thành phố có chỗ phải sửa nên chưa làm báo cáo. ({error})", *error.rows[:50]) from None

    def signer(unit: "Unit", kind: "Kind") -> "Signer":
        row: dict[str, Any] = signer_of(signers, unit.code, kind.code, str(year), day)
        named = {"side": "report_side_code", "name": "signer", "number": "report_number"}
        own = {name: row.get(named.get(name, name)) for name in Signer.__dataclass_fields__}
        return Signer(**{name: value for name, value in own.items() if value})

    return signer


def _left(frames: "dict[str, pl.DataFrame]", figures: "Figures") -> "dict[str, pl.DataFrame]":
    """Of what may leave, what a report told: lines of its units; of the year before too, for the change gives them."""
    import polars as pl

    years = [figures.year - 1, figures.year]
    return {
        name: frames[name].filter(pl.col("unit_code").is_in(sorted(codes)) & pl.col("year").is_in(years))
        for name, codes in figures.left.items()
    }


def _write(home: Home, to: Path | None, target: Path, files: "Iterable[Made]") -> None:
    """Each file whole or not at all; into the restricted zone where no folder was said."""
    if to is None:
        private(home.restricted)
        private(target)
    target.mkdir(parents=True, exist_ok=True)
    with whole.beside(target, "bao-cao") as part:
        written = whole.lay_down((part / one.name, one.data) for one in files)
        for path in written:
            path.replace(target / path.name)
        whole.sync((target,))
