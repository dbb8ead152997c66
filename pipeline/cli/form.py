"""`form`: what the columns of an office's own form mean, proposed and confirmed.

What does not belong here: work; it calls one function and says what came of it.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from pipeline.cli.units import WHY_ALONE, bytes_of
from pipeline.cli.words import command, out, published, shown, stop
from pipeline.paths import Home


@command()  # its list shows headers of any unit; a proposal is logged again where it is written
def form(
    file: Annotated[
        Path | None, typer.Argument(help="Tệp của đơn vị, hoặc tệp đề xuất đã sửa (--confirm); bỏ trống để xem các biểu mẫu chưa rõ.")
    ] = None,
    unit: Annotated[str, typer.Option(help="Mã đơn vị gửi tệp, nếu đơn vị có tên cột riêng đã xác nhận.")] = "",
    dataset: Annotated[str | None, typer.Option(help="Bộ dữ liệu của trang chưa nhận ra, ví dụ ratings.")] = None,
    to: Annotated[Path | None, typer.Option(help="Thư mục ghi tệp đề xuất; bỏ trống là vùng hạn chế của kho.")] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Nhận những gì thành phố đã sửa và ghi ngày xác nhận trong tệp đề xuất.")
    ] = False,
) -> None:
    """Đề xuất từng cột của một biểu mẫu nghĩa là gì, thành tệp để thành phố sửa và xác nhận một lần cho mọi đơn vị dùng biểu mẫu đó."""
    from pipeline.schemas import SCHEMAS

    home = Home.from_environment()
    if dataset and dataset not in SCHEMAS:
        raise stop(f"Không có bộ dữ liệu “{dataset}”. Hãy chọn một trong: {', '.join(SCHEMAS)}.", code=2)
    if file is None:
        _say_unknown_forms(home)
    elif confirm:
        _confirm_forms(home, file, unit)
    else:
        _propose_forms(home, file, unit, dataset, to)


def _propose_forms(home: Home, file: Path, unit: str, dataset: str | None, to: Path | None) -> None:
    from pipeline.answers.forms.workbook import SAID, workbook
    from pipeline.checking.forms import propose_forms
    from pipeline.schemas import SCHEMAS
    from pipeline.schemas.files import FILE_RULES

    bytes_of(file)
    proposed = propose_forms(home, file, unit, dataset)
    if proposed.alone:
        print(f"{WHY_ALONE[proposed.alone]} Những gì thành phố đã xác nhận chưa được xét.")
    if not proposed.forms:
        why = FILE_RULES[proposed.reading.refused or "known_dataset_present"].says_vi
        raise stop(
            f"Không thấy bảng nào có dòng tiêu đề trong tệp này (ở trên người đầu tiên), nên không có biểu mẫu nào để đề xuất. {why}"
        )
    table = Table(show_lines=False)
    for name, right in (
        ("Trang", False),
        ("Biểu mẫu", False),
        ("Bộ dữ liệu", False),
        ("Đã hiểu", True),
        ("Đề xuất", True),
        ("Chưa rõ", True),
    ):
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for one in proposed.forms:
        kinds = [p.because for p in one.columns]
        new, unknown = sum(k in ("name", "content") for k in kinds), kinds.count("")
        title = SCHEMAS[one.dataset].title if one.dataset else "chưa rõ (dùng --dataset)"
        table.add_row(Text(shown(one.form.sheet)), one.form.code, title, *map(str, (len(kinds) - new - unknown, new, unknown)))
    out.print(table)
    if not to and (waiting := home.forms / f"{proposed.forms[0].form.code}.xlsx").is_file() and _is_dated(waiting):
        raise stop(
            f"Đề xuất cho biểu mẫu này đã được ghi ngày xác nhận mà chưa nhận: {shown(waiting)}. Hãy nhận (--confirm) hoặc xóa tệp ấy trước."
        )
    where = _write_proposal(
        home,
        to or (None if home.registry.exists() or home.restricted.exists() else Path.cwd()),
        proposed.forms[0].form.code,
        workbook(proposed.forms),
    )
    print(f"Đã ghi đề xuất: {shown(where)}")
    if count := sum(len(one.objections) for one in proposed.forms):
        print(f"Đơn vị nói khác về {count} cột: hãy xem cột “{SAID}” trong tệp đề xuất.")
    print(f"Hãy sửa, ghi ngày xác nhận, lưu lại rồi chạy: pipeline form {shown(where)} --confirm")


def _is_dated(proposal: Path) -> bool:
    from pipeline.answers.forms.workbook import NoProposal, confirmed

    try:
        return bool(confirmed(proposal.read_bytes()))
    except NoProposal:
        return True


def _write_proposal(home: Home, folder: Path | None, code: str, data: bytes) -> Path:
    from pipeline.answers.template.workbook import write

    return write(home, folder, f"{code}.xlsx", data, kind="form")


def _confirm_forms(home: Home, file: Path, unit: str) -> None:
    from pipeline.answers.forms.workbook import NoProposal, confirmed
    from pipeline.checking.forms import confirm_forms, propose_forms
    from pipeline.judging.registry import RegistryProblem

    try:
        found = confirmed(bytes_of(file))
        if not found:  # a unit's own file: its proposals lie where they were written
            codes = [one.form.code for one in propose_forms(home, file, unit).forms]
            for place in (home.forms / f"{code}.xlsx" for code in codes):
                found |= confirmed(place.read_bytes()) if place.is_file() else {}
        if not found:
            raise stop("Chưa có gì để xác nhận: hãy ghi ngày xác nhận vào tệp đề xuất (.xlsx) mà `pipeline form` đã ghi.")
        for name in confirm_forms(home, found):
            print(f"Đã ghi data/raw/registry/{name}.")
        for code in found:  # what was taken needs no examples any more
            (home.forms / f"{code}.xlsx").unlink(missing_ok=True)
    except NoProposal as error:
        raise stop(str(error)) from None
    except RegistryProblem as error:
        raise stop("Sổ đăng ký không nhận được những gì vừa xác nhận; chưa ghi gì.", *error.rows[:20]) from None
    except OSError as error:
        raise stop(f"Không ghi được vào data/raw/registry/forms: {error.strerror}.") from None
    print("Lần nạp sau đọc lại mọi tệp dùng biểu mẫu này, và chỉ những tệp đó.")


MOST = 100  # forms that are listed, besides those that units object to


def _say_unknown_forms(home: Home) -> None:
    """Forms of what was received that units say are read wrongly, and those that have columns nobody knows, the most used first."""
    from pipeline.answers.forms.received import unknown_forms
    from pipeline.codes import labels

    published(home).close()
    forms = unknown_forms(home)
    if not forms:
        print("Mọi cột trong các tệp đã nhận đều đã rõ.")
        return
    titles = labels("dataset")
    table = Table(show_lines=True)
    for name in ("Biểu mẫu", "Bộ dữ liệu", "Số tệp", "Số đơn vị", "Ví dụ (kỳ, đơn vị)", "Cột chưa rõ", "Đơn vị nói"):
        table.add_column(name, justify="right" if name.startswith("Số") else "left", overflow="fold")
    listed = [one for number, one in enumerate(forms) if number < MOST or one.objections]
    for one in listed:
        columns = "; ".join(one.unknown[:12]) + ("; …" if len(one.unknown) > 12 else "")
        cells = (
            f"{one.code} (thành phố đã xác nhận)" if one.is_confirmed else one.code,
            titles.get(one.dataset or "", "chưa rõ"),
            str(one.files),
            str(one.senders),
            one.example,
            columns,
            "; ".join(f"“{said.header}” là “{said.means}” ({said.who})" for said in one.objections),
        )
        table.add_row(*(Text(shown(cell)) for cell in cells))
    out.print(table)
    if len(forms) > len(listed):
        print(f"… và {len(forms) - len(listed)} biểu mẫu nữa.")
    print("Đề xuất cho một biểu mẫu: pipeline form TỆP_CỦA_ĐƠN_VỊ.")
