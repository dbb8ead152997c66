"""What landed stays few batches however many nights there were, and a damaged one is judged again; rows stay the same."""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from conftest import City, rating, ratings
from test_ledger import published

from pipeline import gate
from pipeline.frames import NotOfItsShape
from pipeline.intake.files import read_chunk
from pipeline.intake.readings import Source
from pipeline.judging.layouts import layout_of
from pipeline.judging.submissions import judge_batch
from pipeline.ledger.records import Line
from pipeline.ledger.sealed import SUFFIX
from pipeline.ledger.sums import Damaged
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.warehouse import landing
from pipeline.warehouse.landing_tables import CONTEXT, tables

DAY = dt.date(2021, 12, 20)


def batches(city: City) -> list[str]:
    return sorted(f.name for f in city.home.landing.iterdir())


def rows(city: City) -> dict[str, pl.DataFrame]:
    return {table: city.landed(table).sort(pl.all()) for table in tables()}


def same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> bool:
    return all(one[table].equals(other[table]) for table in one)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Three nights, each a batch of its own."""
    city = City(tmp_path_factory.mktemp("nights") / "data")
    for number, (unit, first) in enumerate((("Q01.001", 1), ("Q01.002", 20), ("Q01.003", 40)), start=1):
        city.put(f"2021/{unit}/Xếp loại.csv", ratings([rating(n, "HTTNV") for n in range(first, first + 4)]))
        city.land()
        published(city, number)
    return city


@pytest.fixture
def own(loaded: City, tmp_path: Path) -> City:
    shutil.copytree(loaded.home.root, tmp_path / "own", symlinks=True)
    city = City.__new__(City)
    city.home = Home(tmp_path / "own")
    return city


def test_many_small_batches_become_one_with_the_same_rows(own: City, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(own)
    assert batches(own) == ["000001-1", "000002-1", "000003-1", landing.EMPTY]
    for many, left in ((3, 4), (2, 2), (1, 2)):
        monkeypatch.setattr(landing, "MANY", many)
        landing.open_landing(own.home, gate.look(own.home, DAY).contract)
        assert len(batches(own)) == left and same(rows(own), before)
    assert batches(own) == ["000003-1", landing.EMPTY] and gate.look(own.home, DAY).closed


def test_large_batches_are_never_rewritten(own: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "MANY", 1)
    monkeypatch.setattr(landing, "SMALL", 1)
    landing.open_landing(own.home, gate.look(own.home, DAY).contract)
    assert len(batches(own)) == 4


def test_what_a_load_judged_is_in_its_own_batches(loaded: City) -> None:
    contract = landing.in_force(loaded.home)
    of = [landing.landed_by(loaded.home, contract, number).to_list() for number in (1, 2, 3, 4)]
    senders = dict(loaded.landed("submissions").select("submission_key", "sender_code").iter_rows())
    assert [[senders[key] for key in keys] for keys in of] == [["Q01.001"], ["Q01.002"], ["Q01.003"], []]


def test_however_many_nights_are_few_batches(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sync", lambda: None)
    most = 0
    for number in range(40):
        landing.open_landing(city.home, "contract")
        keys = pl.DataFrame({"path": [f"{number}"], "content_hash": ["x"]})
        landing.write_batch(city.home, "contract", landing.free_name(city.home, "contract", number), {"files": keys})
        most = max(most, len(batches(city)))
    assert most <= landing.MANY + 2
    assert sorted(landing.landed(city.home, "contract", "files")["path"].cast(pl.Int64)) == [*range(40)]


@pytest.mark.parametrize("moment", [1, 3, 4, 5])
def test_a_crash_while_batches_become_one_loses_nothing_and_doubles_nothing(
    own: City, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    before, left = rows(own), [moment]

    def dying(call: Callable) -> Callable:
        def once_more(*args: object, **options: object) -> object:
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            return call(*args, **options)

        return once_more

    monkeypatch.setattr(landing, "MANY", 1)
    with monkeypatch.context() as crash:
        crash.setattr(Path, "rename", dying(Path.rename))
        crash.setattr(shutil, "rmtree", dying(shutil.rmtree))
        with pytest.raises(KeyboardInterrupt):
            landing.open_landing(own.home, gate.look(own.home, DAY).contract)
    own.land()
    assert same(rows(own), before)


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize(("damage", "what"), [
    (flip, "000002-1/ratings"),
    (lambda file: file.write_bytes(file.read_bytes()[:-9]), "000002-1/submissions"),
    (Path.unlink, "000002-1/files"),
    (flip, f"{landing.EMPTY}/ratings"),
], ids=["flipped", "cut", "gone", "of no rows"])  # fmt: skip
def test_a_damaged_batch_is_judged_again_by_the_next_load_although_nothing_is_new(
    own: City, damage: Callable[[Path], object], what: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = rows(own)
    assert gate.look(own.home, DAY).closed
    damage(own.home.landing / f"{what}{SUFFIX}")
    assert gate.look(own.home, DAY).unfinished
    own.land()
    assert same(rows(own), before) and "what they held is judged again" in caplog.text
    assert gate.look(own.home, DAY).closed


def test_landed_rows_that_cannot_be_read_are_a_sentence(own: City) -> None:
    (own.home.landing / "000001-1" / f"findings{SUFFIX}").write_bytes(b"Nguyen Van A")
    with pytest.raises(Damaged, match="`pipeline load` makes it again") as told:
        own.landed("findings")
    assert "Nguyen" not in str(told.value)


def test_what_lands_and_what_dbt_reads_is_of_its_types_before_it_is_written(city: City) -> None:
    """A load would cast it, and nobody would hear that a room hands on something else than is said."""
    whole_numbers = {"files": pl.DataFrame({"path": [1], "content_hash": ["x"]})}
    landing.open_landing(city.home, "contract")
    with pytest.raises(NotOfItsShape, match="path is Int64 and not String"):
        landing.write_batch(city.home, "contract", "1", whole_numbers)
    frames = {name: pl.DataFrame(schema=schema) for name, schema in CONTEXT.items()}
    with pytest.raises(NotOfItsShape, match="step is Int64 and not Int32"):
        landing.write_context(city.home, frames | {"heirs": frames["heirs"].cast({"step": pl.Int64})})


def test_what_reading_hands_to_judging_is_held_to_its_shape(city: City) -> None:
    file = city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(1, "HTTNV")]))
    chunk, line = read_chunk([Source(0, file, file.name, period="2021")], layout_of(SCHEMAS)), Line(file.name, "2021", "", "x", 1, "")
    assert judge_batch([chunk], [line], b"key", set())["ratings"].height == 1
    chunk.frames["ratings"] = chunk.frames["ratings"].cast({"number": pl.Int64})
    with pytest.raises(NotOfItsShape, match="number is Int64 and not Int32"):
        judge_batch([chunk], [line], b"key", set())
