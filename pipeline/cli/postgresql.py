"""The published version in a PostgreSQL database: copied now, and the roles that it needs.

What does not belong here: work; the command calls one function and says what came of it.
"""

import os
from typing import Annotated

import typer

from pipeline.cli.words import command, stop
from pipeline.paths import Home


@command(is_logged=False)  # the department's own server; what is copied is published, and names nobody
def publish(
    to: Annotated[
        str | None, typer.Option(help="Cơ sở dữ liệu, dạng postgresql://người_chép@máy/tên; bỏ trống là PERSONNEL_POSTGRESQL.")
    ] = None,
    roles: Annotated[bool, typer.Option("--roles", help="In câu lệnh SQL tạo vai trò cho người quản trị máy chủ; không chép gì.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Chép cả khi cơ sở dữ liệu đang có bản sao từ kho của nơi khác.")] = False,
) -> None:
    """Chép số liệu đã công bố vào PostgreSQL cho nhiều người dùng: mỗi cấp ủy chỉ xem được phần của mình."""
    from pipeline.surfaces import address, due

    home, given = Home.from_environment(), to or os.environ.get(address.SETTING, "")
    if not given:
        raise stop(f"Hãy cho biết cơ sở dữ liệu: --to {address.EXAMPLE}, hoặc đặt {address.SETTING}.", code=2)
    try:
        if roles:
            print(due.module("postgresql").roles(home, given))
            return
        state = due.write_now(home, "postgresql", given, replaces=replace)
    except (address.NoAddress, due.NotWritten) as error:
        raise stop(f"Chưa làm được. ({error})") from None
    if not state.is_written:
        raise stop(f"Chưa chép được; bản sao cũ, nếu có, vẫn còn. ({state.said})")
    print(f"Đã chép số liệu đang công bố. ({state.said})")
