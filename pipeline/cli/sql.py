"""`pipeline sql`: questions in SQL to what is published, in the terminal or as a file.

What does not belong here: answering (surfaces/sql.py).
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from pipeline.cli.words import command, harmless, out, stop
from pipeline.paths import Home, questions
from pipeline.presentation import number

if TYPE_CHECKING:
    from pipeline.surfaces.files import Notes
    from pipeline.surfaces.sql import Answer, Session

SHOWN = 200  # rows in a terminal; a file has all
HELP = """Mỗi câu hỏi kết thúc bằng dấu chấm phẩy.
  .tables [chữ]   các bảng (bi.* xem ngay, không phải ghép bảng)
  .columns BẢNG   các cột của một bảng, với ý nghĩa
  .help           những dòng này
  .quit           thoát (hoặc Ctrl+D)
Ví dụ:  SELECT superior_name, level_label, count(*) FROM bi.ratings WHERE period = '2021' AND is_counted GROUP BY ALL ORDER BY ALL;"""


@command(is_logged=False)  # what is published names nobody
def sql(
    query: Annotated[str | None, typer.Option("-c", help="Một câu hỏi; bỏ trống thì gõ từng câu, hoặc đọc từ đầu vào.")] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv, xlsx hoặc json.")] = "table",
    to: Annotated[
        Path | None, typer.Option("--out", help="Tệp để ghi: CSV có dấu UTF-8 cho Excel, XLSX hoặc JSON.", dir_okay=False)
    ] = None,
) -> None:
    """Hỏi bản đã công bố bằng SQL: chỉ đọc, không đụng đến tệp nào khác, chữ xếp theo thứ tự tiếng Việt."""
    from pipeline.surfaces.sql import opened

    form = form_of(form, to)
    with refusals(to), opened(Home.from_environment()) as session:
        if query is None and sys.stdin.isatty():
            if form != "table":
                raise stop('Để ghi ra tệp, hãy đưa câu hỏi bằng -c "…".', code=2)
            _talk(session)
        else:
            _answer(session, _read() if query is None else query, form, to)


def form_of(form: str, to: Path | None) -> str:
    """The form of an answer, which a file's name may say; or a sentence that there is none such."""
    from pipeline.surfaces.files import FORMATS

    named = to.suffix.lower()[1:] if to and to.suffix.lower()[1:] in FORMATS else form
    if form in ("table", named):
        form = named
    elif form in FORMATS and to:
        raise stop(f"Tên tệp {harmless(to)} là của dạng {named}, --format là {form}: hãy bỏ một trong hai.", code=2)
    if form not in ("table", *FORMATS):
        raise stop(f"Không có dạng “{form}”. Hãy chọn: table, {', '.join(FORMATS)}.", code=2)
    if to and form == "table":
        raise stop(f"Tệp cần một dạng: --format {', '.join(FORMATS)}.", code=2)
    if form == "xlsx" and not to:
        raise stop("Sổ Excel cần một tệp: --out KẾT_QUẢ.xlsx.", code=2)
    return form


@contextmanager
def refusals(to: Path | None) -> Iterator[None]:
    """What keeps an answer from being given, in a sentence."""
    from pipeline.surfaces.files import DoesNotFit
    from pipeline.surfaces.sql import NoAnswer
    from pipeline.warehouse.door import NothingPublished

    try:
        yield
    except NothingPublished:
        raise stop("Chưa có gì được công bố. Hãy chạy `pipeline load`. (Nothing is published yet.)") from None
    except (NoAnswer, DoesNotFit) as error:
        raise stop(str(error)) from None
    except FileExistsError as error:
        raise stop(f"Tệp {error} đã có và không bị ghi đè; hãy chọn tên khác.") from None
    except BrokenPipeError:  # whoever reads on has seen enough
        raise typer.Exit from None
    except OSError as error:
        raise stop(f"Không ghi được {to or error.filename or 'kết quả'}: {error.strerror}.") from None


def give(answer: "Answer", form: str, to: Path | None, show: Callable[["Answer"], None], notes: "Notes" = ()) -> None:
    """An answer as it was asked for: a file, text for another program, or `show` on the screen. `notes`: what a workbook says of it besides."""
    from pipeline.surfaces.files import as_csv, as_json, write

    if to:
        write(answer.columns, answer.rows, form, to, notes)
        print(f"Đã ghi {harmless(to)}")
    elif form == "csv":
        as_csv(answer.columns, answer.rows, sys.stdout.buffer, for_excel=False)
    elif form == "json":
        as_json(answer.columns, answer.rows, sys.stdout.buffer)
    else:
        show(answer)


def _read() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise stop("Câu hỏi từ đầu vào phải là văn bản UTF-8.", code=2) from None


def _answer(session: "Session", query: str, form: str, to: Path | None) -> None:
    if not query.strip():
        raise stop('Chưa có câu hỏi nào: -c "SELECT …".', code=2)
    give(session.ask(query), form, to, _show)


def _show(answer: "Answer") -> None:
    from pipeline.surfaces.sql import cells

    rows = list(islice(answer.rows, SHOWN))
    if not answer.columns:
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for c, name in enumerate(answer.columns):
        is_number = any(isinstance(row[c], int | float | Decimal) and not isinstance(row[c], bool) for row in rows)
        table.add_column(Text(harmless(name)), justify="right" if is_number else "left", overflow="fold")
    for row in cells(rows):
        table.add_row(*(Text("\n".join(map(harmless, cell.splitlines()))) for cell in row))
    out.print(table)
    more = sum(1 for _ in answer.rows)
    count = f"{number(len(rows) + more)} dòng"
    print(f"({count}; {number(len(rows))} dòng đầu. Lấy tất cả: --format csv --out TỆP)" if more else f"({count})")


# ── question by question ─────────────────────────────────────────────────────────────────────────────────────────


def _talk(session: "Session") -> None:
    from pipeline.surfaces.sql import NoAnswer

    print(f"Bản công bố: {session.said}. Chỉ đọc. Gõ .help để xem cách dùng, .quit để thoát.")
    doing: dict[str, Callable[[str], None]] = {
        ".tables": lambda word: _show(session.tables(word)),
        ".columns": lambda word: _show(session.columns(word)),
        ".help": lambda _: print(HELP),
    }
    with _remembered(session.names()):
        for asked in _questions():
            word, _, rest = asked.partition(" ")
            if word in (".quit", ".exit"):
                return
            try:
                if not word.startswith("."):
                    _show(session.ask(asked))
                elif word in doing:
                    doing[word](rest.strip())
                else:
                    print(f"Không có lệnh {harmless(word)}; gõ .help.", file=sys.stderr)
            except NoAnswer as error:
                print("\n".join(map(harmless, str(error).splitlines())), file=sys.stderr)
            except KeyboardInterrupt:
                print("Đã dừng.", file=sys.stderr)


def _questions() -> Iterator[str]:
    """What is typed, until it is whole: a line that begins with a dot, or all up to a semicolon."""
    so_far = ""
    while True:
        try:
            line = input("sql> " if not so_far else "...> ")
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            print()
            so_far = ""
            continue
        so_far = f"{so_far}\n{line}" if so_far else line
        if not so_far.strip():
            so_far = ""
        elif so_far.startswith(".") or so_far.rstrip().endswith(";"):
            yield so_far.strip()
            so_far = ""


class _remembered:
    """What was asked before, by the arrow keys, and names of tables and columns, by the tabulator: where this system's Python has readline."""

    def __init__(self, names: list[str]):
        self.names, self.file = names, questions()

    def __enter__(self) -> None:
        with suppress(ImportError, OSError):
            import readline

            readline.set_completer(self.complete)
            readline.set_completer_delims(" \t\n,()=<>+-*/;'\"")
            readline.parse_and_bind("tab: complete")
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.touch(0o600)
            readline.read_history_file(self.file)

    def complete(self, text: str, which: int) -> str | None:
        """The name that begins so, one after another."""
        found = [name for name in self.names if name.startswith(text.lower())] if text else []
        return found[which] if which < len(found) else None

    def __exit__(self, *_: object) -> None:
        with suppress(ImportError, OSError):
            import readline

            readline.set_history_length(1000)
            readline.write_history_file(self.file)
