"""What the archive lost and a backup still holds is brought back by the load itself, and told; nobody has to type a command."""

import shutil
from pathlib import Path

import pytest
from conftest import City, differing, load, pipeline, tables
from test_archive import ONE, TWO, flip, hash_of, object_of, senders, sent, version

from pipeline import keeping
from pipeline.ledger.archive import ArchiveProblem, blob
from pipeline.ledger.backups import remember
from pipeline.ledger.find import fingerprint
from pipeline.whole import lay_down


def fingerprint_of(file: Path) -> str:
    return fingerprint(file.read_bytes())


@pytest.fixture
def rotten(city: City, tmp_path: Path) -> City:
    """A city with a backup whose archive lost both versions since, and has to read them again; raw is empty."""
    sent(city).land()
    keeping.back_up(city.home, tmp_path / "backup")
    flip(blob(city.home, hash_of(city, ONE)))
    blob(city.home, hash_of(city, TWO)).unlink()
    shutil.rmtree(city.home.restricted)
    city.home.raw.joinpath("2021").rename(tmp_path / "2021")
    return city


def test_lost_bytes_come_back_and_are_told(city: City, tmp_path: Path) -> None:
    sent(city)
    load(city.home)
    before, data = tables(city.home), (city.home.raw / TWO).read_bytes()
    assert pipeline(city.home, "backup", str(tmp_path / "backup")).returncode == 0
    lost = hash_of(city, TWO)
    flip(blob(city.home, lost))
    shutil.rmtree(city.home.restricted)
    shutil.rmtree(city.home.raw / "2021")
    done = pipeline(city.home, "load")
    assert done.returncode == 0 and "1 files that the archive had lost came back" in done.stderr, done.stderr
    assert TWO not in done.stdout + done.stderr and version(city.home, lost) == data
    assert differing(before, tables(city.home)) == [] and keeping.verify(city.home).damages == []


def test_what_no_backup_at_hand_holds_stops_as_before_and_the_rest_comes_back(rotten: City, tmp_path: Path) -> None:
    lost = object_of(rotten.home, tmp_path / "backup", fingerprint_of(tmp_path / TWO))
    flip(lost)  # the backup lost one of them too
    with pytest.raises(ArchiveProblem) as error:
        rotten.land()
    assert str(error.value).count("its archived file") == 1 and senders(rotten) == ["Q01.002"]


def test_a_backup_that_is_not_mounted_or_is_damaged_brings_nothing_and_stops_nothing_else(rotten: City, tmp_path: Path) -> None:
    backup, away = tmp_path / "backup", tmp_path / "away"
    backup.rename(away)
    with pytest.raises(ArchiveProblem):
        rotten.land()
    shutil.copytree(away, backup)
    for file in (backup / "snapshots").iterdir():
        lay_down([(file, b"")])
    with pytest.raises(ArchiveProblem):
        rotten.land()
    shutil.rmtree(backup)
    backup.write_text("no folder")
    with pytest.raises(ArchiveProblem):
        rotten.land()
    backup.unlink()
    away.rename(backup)
    rotten.land()
    assert senders(rotten) == ["Q01.002", "Q01.003"]


def test_the_second_backup_gives_what_the_first_lost(rotten: City, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "backup", tmp_path / "second")
    remember(rotten.home, tmp_path / "second")
    flip(object_of(rotten.home, tmp_path / "backup", fingerprint_of(tmp_path / TWO)))
    rotten.land()
    assert senders(rotten) == ["Q01.002", "Q01.003"]


def test_an_encrypted_backup_asks_for_its_identity_by_the_command_alone(city: City, tmp_path: Path) -> None:
    pyrage = pytest.importorskip("pyrage")
    sent(city).land()
    keeping.back_up(city.home, tmp_path / "backup", [str(pyrage.x25519.Identity.generate().to_public())])
    blob(city.home, hash_of(city, TWO)).unlink()
    shutil.rmtree(city.home.restricted)
    shutil.rmtree(city.home.raw / "2021")
    with pytest.raises(ArchiveProblem):
        city.land()
    assert senders(city) == ["Q01.002"]


def test_what_was_erased_does_not_come_back_from_a_backup(rotten: City, tmp_path: Path) -> None:
    keeping.erase(rotten.home, fingerprint_of(tmp_path / TWO), "gửi nhầm")
    rotten.land()
    assert senders(rotten) == ["Q01.002"]
