"""The commands of whoever keeps the archive: `verify`, `backup`, `restore`, `erase`.

What does not belong here: work; each command calls one function and says what came of it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from pipeline import gate
from pipeline.cli.words import command, shown, stop
from pipeline.ledger.archive import ArchiveProblem
from pipeline.paths import Home

Done = TypeVar("Done")
Folder = Annotated[Path, typer.Argument(help="Thư mục sao lưu, nên ở một ổ đĩa khác.", file_okay=False)]


Identity = Annotated[
    Path | None, typer.Option(help="Tệp khóa riêng của age (age-keygen), nếu bản sao lưu đã mã hóa.", exists=True, dir_okay=False)
]


@command("source")
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


@command("folder")
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


@command("folder")
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


@command("why")
def erase(
    content_hash: Annotated[
        str,
        typer.Argument(
            metavar="HASH", help="SHA-256 của tệp (sha256sum TỆP), hoặc đường dẫn của tệp trong raw, ví dụ 2021/Q01.001/a.xlsx."
        ),
    ],
    why: Annotated[str, typer.Option(help="Lý do xóa; được ghi vào nhật ký.", prompt="Lý do xóa")],
) -> None:
    """Xóa hẳn một tệp gửi nhầm khỏi kho: chỗ của tệp chỉ còn ghi ai xóa, khi nào, vì sao. Lần nạp sau tính lại như chưa từng có tệp ấy."""
    from pipeline import keeping

    home = Home.from_environment()
    if not why.strip():
        raise stop('Phải ghi lý do xóa: --why "…".')
    try:
        with _alone(home):
            done = keeping.erase(home, content_hash.strip(), why.strip())
    except ArchiveProblem as error:
        raise stop(str(error)) from None
    for version in done.versions:
        print(f"Erased: {shown(version)}")
    print("Next: pipeline load makes tables, landing and receipts without it; until then readers see what was published before.")
    for place in done.backups:
        print(f"A backup still holds it: pipeline backup {place} takes it out there.")


def _alone(home: Home) -> AbstractContextManager[None]:
    """While no load runs, or a sentence that one does."""
    return gate.alone(home, lambda: stop("A load is running; try again when it has ended. Nothing was changed."))


def _kept(work: Callable[[], Done]) -> Done:
    from pipeline.ledger.backups import BackupProblem

    try:
        return work()
    except BackupProblem as error:
        raise stop(str(error)) from None


def _identities(file: Path | None) -> list[str]:
    lines = file.read_text("utf-8").splitlines() if file else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _say_damages(damages: list[str]) -> None:
    if damages:
        raise stop(f"{len(damages)} damage(s):", *map(shown, damages))


def _size(size: int) -> str:
    return f"{size / 2**20:,.1f} MB"
