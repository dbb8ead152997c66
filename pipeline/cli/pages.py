"""What a load does after it has published, asked for at once: its pages, and its notices.

What does not belong here: work; each command calls one function and says what came of it.
"""

from typing import Annotated

import typer

from pipeline import gate
from pipeline.cli.words import command, stop
from pipeline.paths import Home

BUSY = "Đang có lần nạp chạy; nó tự làm việc này. (A load is running; it does this itself.)"


@command(is_logged=False)  # what is published names nobody
def pages() -> None:
    """Làm lại các trang HTML của bản đang công bố: tình trạng dữ liệu, số liệu, từng đơn vị."""
    from pipeline.surfaces import due

    home = Home.from_environment()
    if not home.current.exists():
        raise stop("Chưa có gì được công bố. Hãy chạy `make load`. (Nothing is published yet.)")
    with gate.alone(home, lambda: stop(BUSY)):
        state = due.write_now(home, "pages", "yes")
    if not state.is_written:
        raise stop(f"Chưa làm lại được các trang; các trang cũ vẫn còn. ({state.said})")
    print(f"Đã làm lại các trang: {home.pages / 'index.html'} ({state.said})")


@command(is_logged=False)  # says what became of a notice, which names nobody
def notify(
    again: Annotated[bool, typer.Option("--again", help="Gửi lại cả thông báo chưa rõ đã tới hay chưa.")] = False,
) -> None:
    """Gửi những thông báo sau lần nạp còn chờ (webhook, thư điện tử)."""
    from pipeline.surfaces import notices

    home = Home.from_environment()
    if not notices.turned_on():
        raise stop(f"Chưa đặt {' hoặc '.join(notices.SETTINGS)}: không có nơi nào để gửi.", code=2)
    with gate.alone(home, lambda: stop(BUSY)):
        said = notices.send(home, again)
    waiting, unsure = notices.waiting(home), notices.unsure(home)
    if not said and not waiting and not unsure:
        print("Không có thông báo nào chờ gửi.")
    if said:
        print("Đã thử gửi" + (":" if waiting or unsure else " và đã gửi hết:"))
    for sentence in said:
        print(f"({sentence})")  # as the log of a load has it
    if waiting:
        raise stop(f"Còn chờ gửi thông báo của lần nạp {', '.join(map(str, waiting))}.")
    if unsure:
        raise stop(f"Chưa rõ thông báo của lần nạp {', '.join(map(str, unsure))} đã tới hay chưa; gửi lại: pipeline notify --again.")
