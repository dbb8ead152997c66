"""At rest: what the archive and the restricted zone hold of people is closed to whoever has the disk and not the key."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from conftest import City, load

from pipeline.paths import Home

NAME, NUMBER, BORN = "Hoàng Thị Canary", "092077123456", dt.date(1977, 3, 14)
FAULTY = "Trần Văn Canary"  # a row that is set aside
CANARIES = ("Canary", "canary", NUMBER, "092099654321", BORN.isoformat(), f"{BORN:%d/%m/%Y}")
OTHER = "092099654321"

# What may be read there in clear, and why (docs/operations.md says what to do about it).
IN_CLEAR = {
    "restricted/outbox": "what units are sent, who have no key",
    "restricted/templates": "the same",
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A city with a person in every place where a unit may write one."""
    city = City(tmp_path_factory.mktemp("sealed") / "data")
    people = ["Họ và tên", "Số CCCD", "Ngày sinh"]
    who = [NAME, NUMBER, f"{BORN:%d/%m/%Y}"]
    aside = [FAULTY, OTHER, f"{BORN:%d/%m/%Y}"]
    roster = [
        [*people, "Đơn vị", "Tình trạng đảng viên", "Từ ngày", "Ngày vào Đảng", "Quê quán", "Ghi chú"],
        [*who, NAME, "Chính thức", "01/03/2010", NAME, NAME, f"{NAME} {NUMBER}"],
        [*aside, None, NAME, NUMBER, "01/03/2010", None, None],
    ]
    ratings = [
        [*people, "Đơn vị", "Mức xếp loại", "Lý do không xếp loại", "Số quyết định", "Ngày quyết định", "Ghi chú"],
        [*who, None, "HTTNV", None, NUMBER, "10/12/2021", NAME],
        [*aside, None, NAME, None, f"12-QĐ/{NAME.replace(' ', '')}", NUMBER, NAME],
    ]
    city.put(f"2021/Q01.001/{NAME}.xlsx", {f"Nhân sự {NAME}": roster, f"Xếp loại {NUMBER}": ratings})
    city.put("2021/Q01.002/Luân chuyển.csv", [
        [*people, "Hình thức", "Từ ngày", "Số quyết định", "Từ chức vụ", "Đến chức vụ", "Đơn vị đi", "Đơn vị đến"],
        [*who, "Điều động", "01/02/2021", NUMBER, NAME, NAME, NAME, NAME],
    ])  # fmt: skip
    city.put("2021/Q01.002/Kỷ luật.csv", [
        [*people, "Hệ kỷ luật", "Hình thức kỷ luật", "Số quyết định", "Ngày ký", "Mã vụ việc", "Nội dung vi phạm"],
        [*who, "Đảng", "Khiển trách", f"5-QĐ/{NAME}", "01/02/2021", NUMBER, NAME],
    ])  # fmt: skip
    city.put("2021/Q01.002/Đào tạo.csv", [
        [*people, "Tên chương trình", "Loại chương trình", "Cơ sở đào tạo", "Từ ngày", "Đến ngày"],
        [*who, NAME, NAME, NAME, "01/02/2021", "05/02/2021"],
    ])  # fmt: skip
    city.put(f"2021/{NAME}/{NUMBER}.csv", roster)
    city.registry(withdrawals=[("2021", "Q01.003", "ratings", "01/12/2021", f"{NAME} gửi nhầm")])
    load(city.home)
    ratings[1][4] = "HTXSNV"
    city.put(f"2021/Q01.001/{NAME}.xlsx", {f"Nhân sự {NAME}": roster, f"Xếp loại {NUMBER}": ratings})
    load(city.home)
    return city


def text_of(file: Path) -> Iterator[str]:
    """Whatever can be read of a file without a key: its bytes, and the cells of what is a table."""
    data = file.read_bytes()
    yield data.decode("utf-8", "replace")
    if data[:4] == b"PAR1":
        yield pl.read_parquet(io.BytesIO(data)).write_csv()
    if data[8:12] == b"DUCK":
        with duckdb.connect(str(file), read_only=True) as db:
            for schema, table in db.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
                yield db.execute(f'SELECT * FROM "{schema}"."{table}"').pl().write_csv()


def in_clear(home: Home) -> dict[str, set[str]]:
    """File or folder below the warehouse → the canaries that it shows, in its words or in its name."""
    found: dict[str, set[str]] = {}
    for file in sorted(f for f in home.warehouse.rglob("*") if f.is_file() and not any(p.is_symlink() for p in (f, *f.parents))):
        name = file.relative_to(home.warehouse).as_posix()
        seen = {canary for text in (name, *text_of(file)) for canary in CANARIES if canary in text}
        if seen and not any(name.startswith(f"{place}/") for place in IN_CLEAR):
            found[name] = seen
    return found


def test_nothing_at_rest_holds_an_identity_in_clear(planted: City) -> None:
    assert in_clear(planted.home) == {}
