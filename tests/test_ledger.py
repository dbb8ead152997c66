"""The archive and the ledger: what was sent, when, and what a night has to do."""

import dataclasses
import datetime as dt
import stat
from collections.abc import Sequence

import polars as pl
import pytest
from conftest import CALENDAR, City, number, rating, ratings, write_csv
from odd_files import REFUSED
from test_identities import ONE, confirm, line, of_card, of_number

from pipeline import gate, nightly
from pipeline.intake import workers
from pipeline.intake.readings import Source
from pipeline.judging import validate
from pipeline.judging.registry import RegistryProblem, RegistryShrank
from pipeline.ledger.archive import blob, is_whole, read_version
from pipeline.ledger.find import find_registry
from pipeline.ledger.records import read_loads
from pipeline.ledger.sealed import KeyProblem, seal_of
from pipeline.nightly import batches, reading
from pipeline.nightly.registry import registry_of
from pipeline.warehouse import landing
from pipeline.whole import write_private

DAY = dt.date(2021, 12, 20)


def published(city: City, load_id: int) -> None:
    """As publishing and answering leave it, for the gate."""
    for folder, name in ((city.home.current, "version.json"), (city.home.outbox, city.home.answered.name)):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f'{{"load_id": {load_id}}}')


def test_a_ledger_line_is_written_when_a_path_holds_other_bytes(city: City) -> None:
    path = "2021/Q01.001/ratings.csv"
    contents = [ratings([rating(1)]), ratings([rating(1), rating(2)]), ratings([rating(1)])]
    for content in contents:
        city.put(path, content)
        city.land()
    hashes = [line.content_hash for load in read_loads(city.home) for line in load.lines]
    assert len(hashes) == 3 and hashes[0] == hashes[2] != hashes[1]
    # old bytes that come back are the same submission, not judged again
    assert city.landed("submissions").height == 2


def test_every_version_is_kept_by_its_hash(city: City, hashed) -> None:
    file = city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    data = file.read_bytes()
    city.land()
    file.unlink()
    assert read_version(blob(city.home, hashed(data)), hashed(data), seal_of(city.home)) == data


def test_a_file_that_disappears_withdraws_nothing(city: City) -> None:
    file = city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    city.land()
    published(city, 1)
    file.unlink()
    assert gate.look(city.home, DAY).closed


def test_a_second_load_of_one_day_takes_nothing_back(city: City) -> None:
    loads = []
    for n in (1, 2):
        city.put(f"2021/Q01.00{n}/ratings.csv", ratings([rating(n)]))
        loads.append(city.land())
    assert [load.load_id for load in loads] == [1, 2] and [load.accepted for load in loads] == [{}, {}]


def test_nothing_new_closes_the_gate(city: City) -> None:
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    city.land()
    published(city, 1)
    assert gate.look(city.home, DAY).closed


@pytest.mark.parametrize(("change", "reason"), [
    (lambda c: c.put("2021/Q01.002/ratings.csv", ratings([rating(3)])), "1 new or changed file(s)"),
    (lambda c: c.registry(calendar=[*CALENDAR, ("training", "BASE_CELL", "2021", "31/12/2021")]), "the registry changed"),
])  # fmt: skip
def test_what_opens_the_gate(city: City, change, reason: str) -> None:
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    city.land()
    published(city, 1)
    change(city)
    assert gate.look(city.home, DAY).reasons == [reason]


def test_where_the_registry_of_before_cannot_be_read_somebody_has_to_say_that_nothing_is_lost(city: City) -> None:
    before = city.land().registry
    blob(city.home, before["calendar.csv"]).unlink()
    registry_of.cache_clear()
    city.registry(calendar=CALENDAR[:3])
    with pytest.raises(RegistryShrank) as told:
        city.land()
    assert told.value.rows == ["The registry of load 1 can no longer be read, so that nothing can be compared with it."]


@pytest.mark.parametrize(("day", "is_after"), [("20/12/2021", False), ("21/12/2021", True)])
def test_what_the_city_confirms_on_the_day_of_a_load_holds_in_it_and_nothing_later(city: City, day: str, is_after: bool) -> None:
    write_csv(
        city.home.registry / "layouts.csv",
        [["unit_code", "dataset", "header", "means", "confirmed_on"], ["Q01.001", "ratings", "Hạng", "Mức xếp loại", day]],
    )
    if is_after:
        with pytest.raises(RegistryProblem) as told:
            city.land("2021-12-20")
        assert told.value.rows == ["forms: Q01.001 is confirmed by a day after 2021-12-20, for which this load stands."]
    else:
        assert city.land("2021-12-20").load_id == 1


@pytest.mark.parametrize(("day", "is_after"), [("20/12/2021", False), ("21/12/2021", True)])
def test_who_is_one_person_by_the_word_of_that_day_is_so_in_its_load(city: City, day: str, is_after: bool) -> None:
    confirm(city.home, line(of_number(number(1)), ONE, of_card("67000001"), day))
    if is_after:
        with pytest.raises(RegistryProblem) as told:
            city.land("2021-12-20")
        assert told.value.rows == ["identities: row 2 is confirmed by a day after 2021-12-20, for which this load stands."]
    else:
        assert city.land("2021-12-20").load_id == 1


def test_a_passed_due_date_opens_the_gate(city: City) -> None:
    city.land()
    published(city, 1)
    assert gate.look(city.home, dt.date(2021, 12, 31)).closed
    assert gate.look(city.home, dt.date(2022, 1, 1)).reasons == ["a due date or a withdrawal came into force"]


def test_a_changed_contract_judges_every_archived_version_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    city.land()
    published(city, 1)
    before = city.home.landing.resolve()
    monkeypatch.setattr(gate, "contract", lambda registry: "another")
    look = gate.look(city.home, DAY)
    assert look.reasons == ["what decides verdicts changed (code, or laws that the city confirmed): every archived version is judged again"]
    city.land()
    assert city.home.landing.resolve() != before
    assert city.landed("ratings").height == 1
    landing.clear_away(city.home, "another")
    assert not before.exists()


def test_verdicts_that_a_new_contract_changes_are_told(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    city.put("2021/Q01.002/ratings.csv", ratings([rating(2), rating(3)]))
    city.put("2021/Nguyễn Văn A/ratings.csv", ratings([rating(4), rating(5)]))  # a folder that is no unit's may bear anybody's name
    load = city.land()
    monkeypatch.setattr(validate, "refusal", lambda dataset, read, aside, of_year: "most_rows_usable" if read > 1 else None)
    changed = nightly.judge_new(city.home, dataclasses.replace(load, contract="another")).changed_verdicts
    changed = changed.select("sender_code", "verdict_before", "verdict_code").sort("sender_code")
    assert changed.rows() == [("Q01.002", "ACCEPTED", "REFUSED"), ("UNKNOWN", "ACCEPTED", "REFUSED")]


def test_a_night_that_brings_nothing_but_a_copy_of_what_landed_before_is_a_load_like_any_other(city: City) -> None:
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1), rating(2, "lạ")]))
    city.land()
    before = {table: city.landed(table) for table in ("ratings", "submissions", "findings")}
    city.put("2021/Q01.001/Bản sao.csv", ratings([rating(1), rating(2, "lạ")]))
    assert city.land().load_id == 2
    assert all(city.landed(table).equals(frame) for table, frame in before.items())
    assert sorted(city.landed("files")["path"]) == ["2021/Q01.001/Bản sao.csv", "2021/Q01.001/ratings.csv"]


def test_the_same_bytes_at_another_path_land_once_also_in_another_batch(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((workers, "CHUNK"), (batches, "FEWEST_ROWS"), (batches, "MOST_ROWS")):
        monkeypatch.setattr(module, name, 1)
    for name, n in (("a", 1), ("b", 2), ("c", 2), ("d", 3)):
        city.put(f"2021/Q01.001/{name}.csv", ratings([rating(n)]))
    look = gate.look(city.home, DAY)
    load = nightly.open_load(city.home, look, nightly.check_registry(city.home, look.registry))
    landed = nightly.judge_new(city.home, load)
    assert (landed.files, landed.submissions.height, city.landed("ratings").height) == (4, 3, 3)
    assert len([*city.home.landing.iterdir()]) > 2


def test_a_load_that_was_never_published_is_finished_under_its_number(city: City) -> None:
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    first = city.land()
    assert gate.look(city.home, DAY).unfinished
    again = city.land()
    assert again == first and len(read_loads(city.home)) == 1


def test_landing_is_the_same_after_everything_but_the_archive_is_deleted(city: City) -> None:
    import shutil

    city.put("2021/Q01.002/hỏng.ods", REFUSED["content that ends.ods"][0]())  # a version that nobody can read stops none
    for n in range(3):
        city.put("2021/Q01.001/ratings.csv", ratings([rating(i, "HTTNV" if i % 4 else "lạ") for i in range(n + 5)]))
        city.land()
    tables = ["ratings", "submissions", "findings", "set_aside", "identities", "rule_counts"]
    before = {t: city.landed(t).sort(pl.all()) for t in tables}
    shutil.rmtree(city.home.restricted)
    shutil.rmtree(city.home.raw / "2021")
    city.land()
    for table in tables:
        assert city.landed(table).sort(pl.all()).equals(before[table]), table
    assert before["submissions"].filter(sender_code="Q01.002")["refusal_rule_code"].to_list() == ["file_readable"]


def test_a_batch_that_a_crash_left_half_written_is_cleared(city: City) -> None:
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    city.land()
    half = city.home.landing_of(gate.contract(find_registry(city.home))) / "000009-0-1.part"
    half.mkdir()
    (half / "ratings.parquet").write_bytes(b"half")
    city.land()
    assert not half.exists()


def test_the_key_is_private_and_its_loss_stops_the_load(city: City) -> None:
    city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    city.land()
    assert stat.S_IMODE(city.home.key.stat().st_mode) == 0o600
    key = city.home.key.read_bytes()
    city.home.key.unlink()
    city.put("2021/Q01.002/ratings.csv", ratings([rating(2)]))
    with pytest.raises(KeyProblem):
        city.land()
    write_private(city.home.key, key[::-1])
    with pytest.raises(KeyProblem, match="not the one"):
        city.land()
    write_private(city.home.key, key)
    city.land()


def test_people_stand_only_in_the_restricted_tables(city: City) -> None:
    city.put("2021/Q01.001/ratings.csv", ratings([rating(n) for n in range(1, 4)]))
    city.land()
    for table in ("ratings", "submissions", "rule_counts"):
        text = city.landed(table).write_csv()
        assert "Nguyễn" not in text and "09208" not in text
    assert city.landed("identities").height == 3


def test_archive_and_restricted_are_closed_to_others(city: City) -> None:
    city.land()
    for folder in (city.home.archive, city.home.restricted):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_that_is_being_written_waits_for_the_next_load(city: City) -> None:
    file = city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    city.put("2021/Q01.002/ratings.csv", ratings([rating(2)]))
    look = gate.look(city.home, dt.date(2021, 12, 20))
    file.write_bytes(file.read_bytes() + b"2,half a line")  # between being found and being copied
    load = nightly.open_load(city.home, look, nightly.check_registry(city.home, look.registry))
    assert [line.path for line in load.lines] == ["2021/Q01.002/ratings.csv"]
    assert "2021/Q01.001/ratings.csv" in [f.path for f in gate.look(city.home, dt.date(2021, 12, 20)).files]


class Ahead:
    """What reads ahead, without its processes."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.is_closed = False

    def add(self, sources: Sequence[Source]) -> None:
        self.taken += [source.content_hash for source in sources]

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def ahead(city: City, monkeypatch: pytest.MonkeyPatch) -> Ahead:
    """Three files, of which two are taken at a time."""
    made = Ahead()
    monkeypatch.setattr(reading, "FILES_AHEAD", 2)
    monkeypatch.setattr(reading, "_readings", lambda home, files, registry: made.add(reading._sources(home, files)) or made)
    for n in (1, 2, 3):
        city.put(f"2021/Q01.00{n}/ratings.csv", ratings([rating(n)]))
    return made


def test_what_is_read_ahead_is_archived_before_and_let_go_where_nobody_takes_it(city: City, ahead: Ahead) -> None:
    look = gate.look(city.home, DAY)
    hashes = [found.content_hash for found in look.files]
    with pytest.raises(ZeroDivisionError), nightly.night(city.home, AssertionError):
        nightly.read_ahead(city.home, look)
        assert ahead.taken == hashes and len(hashes) == 3 and reading.laid_down_ahead(city.home) == {*hashes}
        assert all(is_whole(blob(city.home, of), of, seal_of(city.home)) for of in hashes)
        assert not ahead.is_closed
        raise ZeroDivisionError
    assert ahead.is_closed and reading.laid_down_ahead(city.home) == set()


def test_where_a_file_changes_meanwhile_nothing_counts_as_read_ahead(city: City, ahead: Ahead) -> None:
    look = gate.look(city.home, DAY)
    (city.home.raw / look.files[2].path).write_bytes(b"other")
    nightly.read_ahead(city.home, look)
    assert ahead.is_closed and reading.laid_down_ahead(city.home) == set()
    reading.stop_reading(city.home)


def test_where_the_first_file_changes_meanwhile_nothing_is_read_ahead_and_nothing_fails(city: City, ahead: Ahead) -> None:
    look = gate.look(city.home, DAY)
    (city.home.raw / look.files[0].path).write_bytes(b"other")
    nightly.read_ahead(city.home, look)
    assert ahead.taken == [] and not ahead.is_closed and reading.laid_down_ahead(city.home) == set()


def test_what_was_read_ahead_is_taken_for_the_same_files_alone(city: City, ahead: Ahead) -> None:
    look = gate.look(city.home, DAY)
    load = nightly.open_load(city.home, look, nightly.check_registry(city.home, look.registry))
    nightly.read_ahead(city.home, look)
    assert reading.readings_of(city.home, load.lines, look.registry) is ahead and not ahead.is_closed
    nightly.read_ahead(city.home, look)
    reading.readings_of(city.home, load.lines[:2], look.registry)
    assert ahead.is_closed


def test_a_file_of_the_registry_that_is_being_written_is_named_and_no_other(city: City) -> None:
    look = gate.look(city.home, DAY)
    calendar = city.home.registry / "calendar.csv"
    calendar.write_bytes(calendar.read_bytes() + b"ratings,BASE_CELL,2022,31/12/2022\n")
    with pytest.raises(RegistryProblem) as told:
        nightly.check_registry(city.home, look.registry)
    assert told.value.rows == ["calendar.csv is being written or has gone."]
