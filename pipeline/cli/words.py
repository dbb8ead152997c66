"""What every command says with: the program itself, its screen, what may stand on it, and how it stops with a sentence.

What does not belong here: a command.
"""

import functools
import logging
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline import gate
from pipeline.ledger import lookups
from pipeline.ledger.records import Load, read_loads
from pipeline.paths import Home
from pipeline.presentation import number

if TYPE_CHECKING:
    from pipeline.warehouse.publish import Database

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Kho dữ liệu nhân sự: nhận bảng tính của các đơn vị, kiểm tra, tính số liệu và công bố.\n\n"
    "Lệnh thường dùng: `check` kiểm tra một tệp trước khi gửi; `load` nạp mọi tệp mới; `status` xem ai đã nộp; "
    "`findings` xem những gì một đơn vị phải sửa.",
)


def _say_version(is_asked: bool) -> None:
    from importlib.metadata import version

    if is_asked:
        print(f"personnel-pipeline {version('personnel-pipeline')}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[bool, typer.Option("--version", help="In tên và phiên bản.", callback=_say_version, is_eager=True)] = False,
) -> None:
    """The command line itself: what holds for every command."""


out = Console()


log = logging.getLogger("pipeline")


Work = Callable[..., None]
_due: list[tuple[str, dict[str, Any]]] = []  # the line of the log that is to be written before the first value is shown


def command(*about: str, is_logged: bool = True) -> Callable[[Work], Work]:
    """A function as a command of the program.

    Before it shows the first value (`shown`), who asked stands in the log of look-ups, with those of its options that `about` names. What is
    not logged so says why where it is declared.
    """

    def register(work: Work) -> Work:
        @functools.wraps(work)
        def run(**given: Any) -> None:
            _refuse_what_is_no_text(given)
            _due[:] = [(work.__name__, {name: given[name] for name in about})] if is_logged else []
            work(**given)

        return app.command()(run)

    return register


def _refuse_what_is_no_text(given: Mapping[str, Any]) -> None:
    """Ends the command where a word of it is not UTF-8: SQL, a log and a server take text alone. The name of a file may be any bytes, and is a Path."""
    for word in given.values():
        try:
            str.encode(word if isinstance(word, str) else "")
        except UnicodeEncodeError:
            raise stop(f"“{word}” không phải là văn bản UTF-8. (What was typed is not text in UTF-8.)", code=2) from None


def stop(*sentences: str, code: int = 1) -> typer.Exit:
    """What ends a command: sentences on the error stream, and an exit code; to be raised."""
    for line in "\n".join(sentences).split("\n"):
        print(harmless(line), file=sys.stderr)  # it may quote what was typed, or a word of the registry
    return typer.Exit(code)


def shown(value: object) -> str:
    """A value from a file, the archive or a path, as it may stand on a screen: a file may be called after somebody. The log has it before."""
    if _due:
        what, about = _due[0]
        home = Home.from_environment()
        if home.archive.exists() or home.restricted.exists():  # else there is nobody yet who could be shown
            lookups.note(home, what, **{name: given and str(given) for name, given in about.items()})
        _due.clear()
    return harmless(value)


def harmless(value: object) -> str:
    r"""What would steer the terminal is shown, not done.

    >>> harmless("Chi bộ [bold]1"), harmless("a\x1b[31mb"), harmless("x\ud800")
    ('Chi bộ [bold]1', 'a\\x1b[31mb', 'x\\ud800')
    """
    return "".join(repr(c)[1:-1] if unicodedata.category(c).startswith("C") else c for c in str(value))


def show(db: "Database", title: str, query: str) -> None:
    """A query's rows as a table, where there are any."""
    result = db.execute(query)
    rows = result.fetchall()
    if not rows:
        return
    table = Table(title=title, title_justify="left")
    for name, *_ in result.description:
        table.add_column(name, justify="right" if name.startswith(("Số", "Dòng")) else "left", overflow="fold")
    for row in rows:
        table.add_row(*(number(v) if isinstance(v, int) else Text("" if v is None else shown(v)) for v in row))
    out.print(table)


def published(home: Home) -> "Database":
    """The published file and, as `restricted`, what may not leave; or a sentence that there is none."""
    from pipeline.warehouse.publish import open_whole

    if home.published.exists() and not home.analyst.exists():
        raise stop(
            "Vừa có tệp bị xóa khỏi kho; hãy chạy `make load` để tính lại. (Something was erased since; what is published stays until then.)"
        )
    if not home.published.exists():
        raise stop("Chưa có gì được công bố. Hãy chạy `make load`. (Nothing is published yet.)")
    return open_whole(home)


@contextmanager
def last_load(home: Home, otherwise: str) -> Iterator[Load]:
    """The last load, published, while no other runs; or a sentence that it was not, or that one does."""
    with gate.alone(home, lambda: stop(otherwise)):
        load = read_loads(home)[-1]
        if gate.published_load(home) != load.load_id:
            raise stop("Lần nạp cuối chưa được công bố; hãy chạy `make load` trước. (The last load was never published.)")
        yield load
