"""Nothing is lost and nothing rots in silence: the archive over power cuts, flipped bytes, cut files, backups and what is let go."""

import datetime as dt
import json
import logging
import os
import shutil
import stat
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from conftest import AS_OF, City, differing, load, member, number, pipeline, rating, ratings, roster, tables, warm
from filelock import FileLock
from test_sealed import in_clear

from pipeline import gate, keeping, whole
from pipeline.answers.returned.job import Job
from pipeline.answers.returned.workbook import give_back
from pipeline.ledger import archive, lookups, records
from pipeline.ledger.archive import ArchiveProblem, blob, bring_back, keep, read_version
from pipeline.ledger.backups import Backup, BackupProblem
from pipeline.ledger.find import fingerprint
from pipeline.ledger.records import read_loads
from pipeline.ledger.sealed import is_sealed, seal_of
from pipeline.paths import Home
from pipeline.warehouse import landing

ONE, TWO = "2021/Q01.002/Xếp loại.csv", "2021/Q01.003/Xếp loại.csv"


def sent(city: City) -> City:
    """Two units, a version each."""
    city.put(ONE, ratings([rating(n, "HTTNV") for n in range(1, 4)]))
    city.put(TWO, ratings([rating(n, "HTXSNV") for n in range(11, 14)]))
    return city


def hash_of(city: City, path: str) -> str:
    return fingerprint((city.home.raw / path).read_bytes())


def flip(file: Path, at: int = 5) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


def version(home: Home, content_hash: str) -> bytes:
    return read_version(blob(home, content_hash), content_hash, seal_of(home))


def senders(city: City) -> list[str]:
    return sorted(city.landed("submissions")["sender_code"])


# ── a power cut ──────────────────────────────────────────────────────────────────────────────────────────────────


class Disk:
    """What a power cut would leave at each moment: names that may have come to stay, with what of their data is surely there, and sure names."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, root: Path):
        self.root, self.data, self.names = root, set(), set()  # paths whose data, whose name is surely there
        self.moments: list[tuple[dict[Path, bytes], set[Path]]] = []
        self.replace_really = Path.replace
        monkeypatch.setattr(whole, "sync", self.sync)
        monkeypatch.setattr(Path, "replace", lambda source, target: self.replace(source, target))

    def sync(self, paths: Collection[Path]) -> None:
        for path in paths:
            if path.is_dir():
                self.names |= set(path.iterdir())
            else:
                self.data.add(path)
        self.moment()

    def replace(self, source: Path, target: Path) -> Path:
        self.data = self.data - {target} | ({target} if source in self.data else set())
        self.names.discard(target)
        done = self.replace_really(source, target)
        self.moment()
        return done

    def moment(self) -> None:
        there = [file for file in self.root.rglob("*") if file.is_file() and file.suffix != ".part"]
        self.moments.append(({file: file.read_bytes() if file in self.data else b"" for file in there}, set(self.names)))


@pytest.mark.parametrize("files", [2, 30])
def test_a_power_cut_never_leaves_a_record_without_its_bytes(city: City, monkeypatch: pytest.MonkeyPatch, files: int) -> None:
    for n in range(files):
        city.put(f"2021/Q01.002/{n}.csv", ratings([rating(n)]))
    city.home.warehouse.mkdir()
    disk = Disk(monkeypatch, city.home.warehouse)
    city.land()
    spoken, blobs = city.home.loads / "000001.json", [blob(city.home, line.content_hash) for line in read_loads(city.home)[0].lines]
    seal = seal_of(city.home)
    assert len(blobs) == files
    for data, names in disk.moments:
        for file, content in data.items():
            if file.parent.parent == city.home.blobs:  # a name that may survive stands for its bytes and no others
                assert seal.open(content, file.name)
        if spoken in data:  # as soon as the record may survive
            sure = {spoken.parent.parent, city.home.blobs, *blobs, *(b.parent for b in blobs)}
            assert data[spoken] and sure <= names
    assert any(spoken in data for data, _ in disk.moments)


def test_many_files_wait_for_the_disk_together_and_few_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda opened: (calls.append(opened), fsync(opened)))
    for n in range(20):
        (tmp_path / str(n)).write_bytes(b"x")
    whole.sync([tmp_path / "1", tmp_path / "2"])
    assert len(calls) == 2
    whole.sync([tmp_path / str(n) for n in range(20)])
    assert len(calls) == 2 or not hasattr(whole.ctypes.CDLL(None), "syncfs")


def test_what_a_killed_process_left_half_written_goes_and_what_a_running_one_writes_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(process: int, signal: int) -> None:
        assert signal == 0
        if process in errors:
            raise errors[process]

    errors = {11: ProcessLookupError(), 12: PermissionError()}
    monkeypatch.setattr(os, "kill", kill)
    for process in (11, 12, 13, os.getpid()):
        (tmp_path / f".báo cáo-{process}.part").mkdir()
    with whole.beside(tmp_path, "báo cáo"):
        assert {f.name for f in tmp_path.iterdir()} == {f".báo cáo-{process}.part" for process in (12, 13, os.getpid())}
    assert {f.name for f in tmp_path.iterdir()} == {".báo cáo-12.part", ".báo cáo-13.part"}


def test_damaged_bytes_that_lie_there_are_replaced_by_the_good_ones_that_come_in(city: City, caplog: pytest.LogCaptureFixture) -> None:
    sent(city)
    kept = blob(city.home, hash_of(city, ONE))
    for content in (b"", b"other bytes"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(content)  # as a power cut left it
        with caplog.at_level(logging.WARNING, "pipeline"):
            assert keep(city.home, [(city.home.raw / ONE, hash_of(city, ONE))]) == set()
        assert version(city.home, hash_of(city, ONE)) == (city.home.raw / ONE).read_bytes()
        assert "held other bytes" in caplog.text and hash_of(city, ONE) not in caplog.text
    city.land()
    assert senders(city) == ["Q01.002", "Q01.003"] and "file_not_empty" not in city.rules()


def test_a_landed_batch_is_on_disk_before_it_has_its_name(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    landing.open_landing(city.home, "contract")
    there = []
    monkeypatch.setattr(os, "sync", lambda: there.append(sorted(f.name for f in city.home.landing_of("contract").iterdir())))
    landing.write_batch(city.home, "contract", "1", {})
    assert there == [["1.part", landing.EMPTY]]


def test_a_full_disk_is_not_taken_for_a_file_that_went_away(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(city)

    def full(file: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        city.land()
    assert read_loads(city.home) == []


# ── bytes that rot ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("damage", [flip, Path.unlink], ids=["flipped", "missing"])
def test_a_lost_version_stops_only_itself_blames_no_unit_and_is_tried_again(city: City, damage: Callable[[Path], object]) -> None:
    lost = hash_of(sent(city), ONE)
    city.land()
    shutil.rmtree(city.home.restricted)
    data = (city.home.raw / ONE).read_bytes()
    (city.home.raw / ONE).unlink()
    damage(blob(city.home, lost))
    for _ in range(2):
        with pytest.raises(ArchiveProblem) as error:
            city.land()
        assert [line for line in str(error.value).splitlines() if line.startswith("Line ")] and lost not in str(error.value)
        said = keeping.lost_and_waiting(city.home)  # what `pipeline status` says
        assert len(said) == 1 and said[0].startswith(f"{ONE} of Q01.002, load 1: ") and lost in said[0] and "verify --from" in said[0]
        assert senders(city) == ["Q01.003"] and city.landed("files").height == 1 and city.rules() == []
    city.put(ONE, data)  # the unit's own copy, laid into raw again, under whatever name
    (city.home.raw / ONE).rename(city.home.raw / "2021/Q01.002/sao.csv")
    city.land()
    assert senders(city) == ["Q01.002", "Q01.003"] and version(city.home, lost) == data


def test_of_many_lost_files_a_failed_load_counts_up_twenty(city: City) -> None:
    for n in range(21):
        city.put(f"2021/Q01.001/{n}.csv", ratings([rating(n + 1)]))
    for lost in {line.content_hash for line in city.land().lines}:
        blob(city.home, lost).unlink()
    shutil.rmtree(city.home.restricted)
    shutil.rmtree(city.home.raw / "2021")
    with pytest.raises(ArchiveProblem) as error:
        city.land()
    said = str(error.value).splitlines()
    assert sum(line.startswith("Line ") for line in said) == 20 and said[-2] == "… and 1 more."


def test_lost_bytes_come_back_from_any_file_that_holds_them(city: City, tmp_path: Path) -> None:
    file = city.put("2021/Q01.001/ratings.csv", ratings([rating(1)]))
    data, content_hash = file.read_bytes(), city.land().lines[0].content_hash
    blob(city.home, content_hash).unlink()
    (tmp_path / "found").mkdir()
    (tmp_path / "found" / "another name.bin").write_bytes(data)
    (tmp_path / "found" / "other.csv").write_bytes(data + b"x")
    assert bring_back(city.home, {content_hash}, tmp_path / "found") == {content_hash}
    assert read_version(blob(city.home, content_hash), content_hash, seal_of(city.home)) == data


def test_bytes_that_rotted_after_they_were_judged_stop_nothing(city: City) -> None:
    sent(city).land()
    flip(blob(city.home, hash_of(city, ONE)))
    city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(21)]))
    city.land()
    assert senders(city) == ["Q01.001", "Q01.002", "Q01.003"]


def test_a_damaged_registry_version_is_mended_from_raw(city: City) -> None:
    sent(city).land()
    units = read_loads(city.home)[0].registry["units.csv"]
    flip(blob(city.home, units))
    city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(21)]))
    city.land()
    assert fingerprint(version(city.home, units)) == units


def test_a_workbook_is_not_given_back_from_other_bytes(tmp_path: Path) -> None:
    file = tmp_path / "blob"
    file.write_bytes(b"other bytes")
    with pytest.raises(archive.Lost):
        give_back(Job(file, "a.xlsx", tmp_path / "a.xlsx", (), (), content_hash=fingerprint(b"bytes")))


# ── a city that was loaded, for whoever asks the command line ────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two loads: what units sent, and a second version of one."""
    city = City(tmp_path_factory.mktemp("loaded") / "data")
    sent(city).put("2021/Q01.002/Nhân sự.csv", roster([member(n) for n in range(1, 4)]))
    city.land()
    city.put(ONE, ratings([rating(n, "HTNV" if n == 2 else "lạ") for n in range(1, 6)]))
    load(city.home)
    return city.home


@pytest.fixture
def own(loaded: Home, tmp_path: Path) -> Home:
    shutil.copytree(loaded.root, tmp_path / "own", symlinks=True)
    return Home(tmp_path / "own")


def of(home: Home, path: str, load_id: int = 1) -> str:
    return next(line.content_hash for line in read_loads(home)[load_id - 1].lines if line.path == path)


def test_a_whole_archive_is_looked_through_and_the_time_is_printed(loaded: Home) -> None:
    done = pipeline(loaded, "verify")
    assert done.returncode == 0, done.stderr
    assert "Looked at 2 records, 4 versions, 6 files" in done.stdout and "verify_seconds: " in done.stdout


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20])


@pytest.mark.parametrize(("what", "damage", "said"), [
    ("a version", lambda h: flip(blob(h, of(h, TWO))), f"{TWO} of Q01.003, load 1: its archived file holds other bytes"),
    ("a replaced version", lambda h: blob(h, of(h, ONE)).unlink(), f"{ONE} of Q01.002, load 1: its archived file is missing"),
    ("the registry", lambda h: flip(blob(h, read_loads(h)[0].registry["units.csv"])), "registry/units.csv, load 1: its archived file holds other bytes"),
    ("a stray", lambda h: (h.blobs / "ab").mkdir(exist_ok=True) or (h.blobs / "ab" / ("ab" * 32)).write_bytes(b"x"), "no load rests on it"),
    ("a record, empty", lambda h: (h.loads / "000002.json").write_text(""), "archive/loads/000002.json is empty, cut or changed"),
    ("a record, one letter", lambda h: flip(h.loads / "000002.json", at=-30), "archive/loads/000002.json is empty, cut or changed"),
    ("a record between", lambda h: (h.loads / "000001.json").unlink(), "archive/loads/000001.json is missing"),
    ("the key", lambda h: h.key.write_bytes(h.key.read_bytes()[::-1]), "key"),
    ("the key, gone", lambda h: h.key.unlink(), "key"),
    ("the log of look-ups", lambda h: h.lookups.write_text('{"at": '), "archive/lookups.jsonl, line 1"),
    ("a letter of the log", lambda h: lookups.note(h, "who") or h.lookups.write_bytes(h.lookups.read_bytes().replace(b"receipts", b"receipt5", 1)), "archive/lookups.jsonl, line 2"),
    ("a version's note", lambda h: (h.current / "version.json").write_text(""), "version.json is missing, empty or cut"),
    ("the published file", lambda h: cut(h.current / "personnel.duckdb") or (h.current / "personnel.duckdb").write_bytes(b""), "personnel.duckdb is missing, empty or cut"),
    ("an export", lambda h: cut(h.current / "exports/core/dim_unit.parquet"), "dim_unit.parquet is missing, empty or cut"),
    ("the answers' note", lambda h: h.answered.write_text("{"), "answered.json is empty or cut"),
], ids=lambda v: v.replace(" ", "-") if isinstance(v, str) else "")  # fmt: skip
def test_every_damage_is_one_sentence(own: Home, what: str, damage: Callable[[Home], object], said: str) -> None:
    damage(own)
    damages = keeping.verify(own).damages
    assert [d for d in damages if said in d] and len(damages) <= 2, damages
    assert not any("\n" in d for d in damages)


def test_damages_are_printed_and_the_exit_code_says_so(own: Home) -> None:
    flip(blob(own, of(own, TWO)))
    done = pipeline(own, "verify")
    assert done.returncode == 1 and f"{TWO} of Q01.003, load 1" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("content", ["", '{"load_id": 2, "lines": ['])
@pytest.mark.parametrize("command", ["load", "status", "verify", "receipts"])
def test_a_cut_record_is_a_sentence_and_a_way_out_everywhere(own: Home, command: str, content: str) -> None:
    (own.loads / "000002.json").write_text(content)
    done = pipeline(own, command)
    said = done.stderr + done.stdout
    assert "archive/loads/000002.json is empty, cut or changed" in said and "verify --from" in said and "Traceback" not in said
    assert done.returncode == (0 if command == "status" else 1)


@pytest.mark.parametrize("note", ["answered", "version"])
def test_a_note_that_is_cut_is_made_again_by_the_next_load(own: Home, note: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSONNEL_AS_OF", AS_OF)
    assert gate.look(own).closed
    file = {"answered": own.answered, "version": own.current / "version.json"}[note]
    for content in ("", '{"load', "null", "{}"):
        file.write_text(content)
        look = gate.look(own)
        assert look.unfinished and not look.reasons
    for command in ("status", "findings Q01.002", "receipts"):
        assert "Traceback" not in pipeline(own, *command.split()).stderr


def test_figures_that_rest_on_a_lost_version_never_vanish_and_come_back_from_the_backup(own: Home, tmp_path: Path) -> None:
    before, version = tables(own), os.readlink(own.current)
    keeping.back_up(own, tmp_path / "backup")
    (tmp_path / "backup").rename(tmp_path / "elsewhere")  # its disk is not mounted
    lost = of(own, TWO)
    flip(blob(own, lost))
    shutil.rmtree(own.restricted)
    shutil.rmtree(own.raw / "2021")
    done = pipeline(own, "load")
    assert done.returncode == 1 and ": its archived file holds other bytes." in done.stderr and TWO not in done.stderr + done.stdout
    assert os.readlink(own.current) == version and differing(before, tables(own)) == []
    shown = pipeline(own, "status").stdout
    assert f"{TWO} of Q01.003" in " ".join(shown.split()) and lost in shown and "verify --from" in shown
    mended = pipeline(own, "verify", "--from", str(tmp_path / "elsewhere"))
    assert mended.returncode == 0 and f"Brought back: {lost}" in mended.stdout, mended.stderr
    load(own)
    assert differing(before, tables(own)) == [] and "verify --from" not in pipeline(own, "status").stdout


# ── backup and restore ───────────────────────────────────────────────────────────────────────────────────────────


def everything(home: Home) -> dict[str, bytes]:
    """The archive but for where its backups lie; what is sealed opened, for the same bytes are never sealed twice alike."""
    files = [f for f in home.archive.rglob("*") if f.is_file() and f.name != "backups.jsonl"]
    seal = seal_of(home)
    return {
        str(f.relative_to(home.archive)): seal.open(f.read_bytes(), f.name) if is_sealed(f.read_bytes()) else f.read_bytes() for f in files
    }


def object_of(home: Home, folder: Path, content_hash: str) -> Path:
    """Where a backup holds some bytes."""
    backup = Backup(folder, seal_of(home))
    backup.manifest()
    return backup.objects[backup._name(content_hash)]


def test_a_backup_beside_a_running_load_comes_back_with_the_same_tables(own: Home, tmp_path: Path) -> None:
    source = own.raw / "2021/Q01.001/Xếp loại.csv"
    source.parent.mkdir()
    shutil.copy(own.raw / TWO, source)
    folder = tmp_path / "backup"
    pid = warm().start(["load"], os.environ | {"PERSONNEL_HOME": str(own.root), "PERSONNEL_AS_OF": AS_OF})
    beside = [keeping.back_up(own, folder)]
    while not (own.loads / "000003.json").exists():
        beside.append(keeping.back_up(own, folder))
    beside.append(keeping.back_up(own, folder))
    assert not (own.versions / "000003").exists(), "the load had ended"
    assert pid and warm().wait() == 0
    assert not any(done.damages for done in beside)
    back = Home(tmp_path / "other machine" / "data")
    done = pipeline(back, "restore", str(folder))
    assert done.returncode == 0, done.stderr
    assert len(read_loads(back)) == 3 and not (back.raw / "2021").exists()
    assert load(back).startswith("Rows read")
    assert differing(tables(own), tables(back)) == []
    assert keeping.verify(back).damages == []
    assert pipeline(back, "load").stdout.startswith("Nothing new")


def test_every_snapshot_is_one_moment_of_the_ledger(own: Home, tmp_path: Path) -> None:
    first = keeping.back_up(own, tmp_path / "backup")
    later = own.loads / "000003.json"
    shutil.copy(own.loads / "000002.json", later)
    later.write_text("")  # half a record: not what a load leaves, but what a bad disk does
    second = keeping.back_up(own, tmp_path / "backup")
    assert first.damages == [] and len(second.damages) == 1 and "000003.json" in second.damages[0]
    back = Home(tmp_path / "back")
    keeping.restore(back, tmp_path / "backup")
    later.unlink()
    assert everything(back) == everything(own)


def test_a_second_backup_copies_only_what_is_new(own: Home, tmp_path: Path) -> None:
    first = keeping.back_up(own, tmp_path / "backup")
    assert (first.copied, first.verified) == (10, 0)  # six files of bytes, two records, the key's check, the log of look-ups
    again = keeping.back_up(own, tmp_path / "backup")
    assert (again.copied, again.verified) == (1, 6)  # where the backup lies
    (own.raw / TWO).write_bytes(b"something else")
    keep(own, [(own.raw / TWO, fingerprint(b"something else"))])
    third = keeping.back_up(own, tmp_path / "backup")
    assert (third.copied, third.size) == (1, len(b"something else"))
    assert len(list((tmp_path / "backup" / "snapshots").iterdir())) == 3


def test_a_backup_is_closed_to_others_and_lies_elsewhere(own: Home, tmp_path: Path) -> None:
    keeping.back_up(own, tmp_path / "backup")
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
    done = pipeline(own, "backup", str(own.root / "backup"))
    assert done.returncode == 1 and "another disk" in done.stderr


def test_a_damaged_object_of_a_backup_is_noticed_and_replaced(own: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    keeping.back_up(own, folder)
    lost = of(own, TWO)
    flip(object_of(own, folder, lost))
    with_damage = keeping.restore(Home(tmp_path / "one"), folder)
    assert len(with_damage.damages) == 1 and with_damage.damages[0].startswith(f"{TWO} of Q01.003, load 1")
    assert keeping.back_up(own, folder).copied == 2
    assert keeping.restore(Home(tmp_path / "two"), folder).damages == []


def test_a_backup_does_not_take_damaged_bytes_for_good_ones(own: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    keeping.back_up(own, folder)
    flip(blob(own, of(own, TWO)))  # the backup has it still
    assert keeping.back_up(own, folder).damages == []
    done = pipeline(own, "backup", str(tmp_path / "new"))
    assert done.returncode == 1 and f"{TWO} of Q01.003, load 1" in done.stderr
    back = Home(tmp_path / "back")
    assert keeping.restore(back, tmp_path / "new").damages[0].startswith(f"{TWO} of Q01.003, load 1")
    assert keeping.mend(back, folder) == [of(own, TWO)] and keeping.verify(back).damages == []


def test_a_backup_that_is_half_made_or_damaged_is_no_backup(own: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    first = keeping.back_up(own, folder).snapshot
    second = keeping.back_up(own, folder).snapshot
    cut(folder / "snapshots" / second)
    done = pipeline(Home(tmp_path / "back"), "restore", str(folder))
    assert done.returncode == 1 and second in done.stderr and first in done.stderr and "Traceback" not in done.stderr
    assert pipeline(Home(tmp_path / "back"), "restore", str(folder), "--snapshot", first).returncode == 0
    shutil.rmtree(folder / "snapshots")  # killed before the manifest was written
    done = pipeline(Home(tmp_path / "other"), "restore", str(folder))
    assert done.returncode == 1 and "never finished" in done.stderr


def test_a_backup_without_its_key_or_a_record_brings_nothing_back(own: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    keeping.back_up(own, folder)
    key = folder / own.key.name
    key.rename(tmp_path / "elsewhere")
    back = Home(tmp_path / "back")
    done = pipeline(back, "restore", str(folder))
    assert done.returncode == 1 and "give the key in PERSONNEL_KEY" in done.stderr and not back.archive.exists()
    (tmp_path / "elsewhere").rename(key)
    object_of(own, folder, fingerprint((own.loads / "000001.json").read_bytes())).unlink()
    done = pipeline(back, "restore", str(folder))
    assert done.returncode == 1 and "nothing was brought back" in done.stderr and not back.archive.exists()


def test_two_archives_have_two_backups(own: Home, city: City, tmp_path: Path) -> None:
    keeping.back_up(own, tmp_path / "backup")
    sent(city).land()
    with pytest.raises(BackupProblem, match="another archive"):
        keeping.back_up(city.home, tmp_path / "backup")


def test_two_backups_into_one_folder_do_not_meet(own: Home, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    with FileLock(tmp_path / "backup" / "lock"):
        done = pipeline(own, "backup", str(tmp_path / "backup"))
    assert done.returncode == 1 and "Another backup" in done.stderr


def test_the_newest_snapshot_is_the_last_one_whatever_the_clock_says(own: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ahead(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return dt.datetime(2091, 1, 1, tzinfo=tz)

    with monkeypatch.context() as ahead:
        ahead.setattr(dt, "datetime", Ahead)
        keeping.back_up(own, tmp_path / "backup")
    last = keeping.back_up(own, tmp_path / "backup").snapshot
    assert Backup(tmp_path / "backup", seal_of(own)).manifest().name == last


def test_a_snapshot_writes_nothing_outside_the_archive(own: Home, tmp_path: Path) -> None:
    backup = Backup(tmp_path / "backup", seal_of(own), key=b"names")
    backup.add([(fingerprint(b"x"), b"x")])
    backup.write({"made_at": "", "files": {"../../raw/x": fingerprint(b"x")}, "blobs": [], "lost": [], "key": backup.key.hex()})
    shutil.copy(own.key, tmp_path / "backup")
    with pytest.raises(BackupProblem, match="damaged"):
        keeping.restore(Home(tmp_path / "back"), tmp_path / "backup")


def test_restore_writes_over_no_archive(own: Home, tmp_path: Path) -> None:
    keeping.back_up(own, tmp_path / "backup")
    before = everything(own)
    done = pipeline(own, "restore", str(tmp_path / "backup"))
    assert done.returncode == 1 and "holds an archive" in done.stderr and everything(own) == before


def test_a_record_comes_back_from_the_backup(own: Home, tmp_path: Path) -> None:
    keeping.back_up(own, tmp_path / "backup")
    before = everything(own)
    (own.loads / "000001.json").write_text("")
    (own.loads / "000002.json").unlink()
    assert pipeline(own, "verify", "--from", str(tmp_path / "backup")).returncode == 0
    assert everything(own) == before


def test_an_encrypted_backup_opens_with_its_identity_alone_and_names_nothing(own: Home, tmp_path: Path) -> None:
    pyrage = pytest.importorskip("pyrage")
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    folder = tmp_path / "backup"
    first = keeping.back_up(own, folder, [str(mine.to_public())])
    again = keeping.back_up(own, folder, [str(mine.to_public())])
    assert first.copied == 11 and (again.copied, again.verified) == (1, 6)
    names = "\n".join(str(f) for f in folder.rglob("*"))
    assert of(own, TWO) not in names and not any(own.key.read_bytes() in f.read_bytes() for f in folder.rglob("*") if f.is_file())
    with pytest.raises(BackupProblem, match="--identity"):
        keeping.restore(Home(tmp_path / "none"), folder)
    with pytest.raises(BackupProblem, match="damaged"):
        keeping.restore(Home(tmp_path / "wrong"), folder, identities=[str(other)])
    back = Home(tmp_path / "back")
    assert keeping.restore(back, folder, identities=[str(mine)]).damages == []
    assert everything(back) == everything(own)
    with pytest.raises(BackupProblem, match="encrypted by age"):
        keeping.back_up(own, folder)


# ── what is let go ───────────────────────────────────────────────────────────────────────────────────────────────


def test_an_erased_file_was_never_there(loaded: Home, own: Home, tmp_path: Path) -> None:
    folder, wrong = tmp_path / "backup", "2021/Q01.003/Nhân sự.csv"
    before = tables(own)
    (own.raw / wrong).write_text(
        "\n".join(",".join(str(v or "") for v in row) for row in roster([member(n) for n in range(70, 75)])), "utf-8"
    )
    data = (own.raw / wrong).read_bytes()
    load(own)
    keeping.back_up(own, folder)
    content_hash = fingerprint(data)
    assert [name for name in in_clear(own, (number(70),)) if name.startswith("restricted/outbox/2021/Q01.003/")]
    (own.raw / wrong).unlink()
    assert pipeline(own, "erase", content_hash, "--why", " ").returncode == 1
    done = pipeline(own, "erase", content_hash, "--why", "của thành phố khác")
    assert done.returncode == 0 and f"Erased: {wrong} of Q01.003, load 3" in done.stdout and f"pipeline backup {folder}" in done.stdout, (
        done.stderr
    )
    stone = json.loads(blob(own, content_hash).read_text("utf-8"))
    assert (
        stone == json.loads(own.erased.read_text("utf-8"))
        and stone["why"] == "của thành phố khác"
        and {"content_hash", "at", "by"} < stone.keys()
    )
    load(own)
    after = tables(own)
    of_loads = {"quality.loads", "quality.submissions"}  # the third load took place, and saw nothing
    assert set(differing(before, after)) <= of_loads and after["quality.submissions"].height == before["quality.submissions"].height
    assert own.analyst.stat().st_mtime > own.erased.stat().st_mtime
    assert in_clear(own, tuple(map(number, range(70, 75)))) == {}  # receipts are workbooks, and followed
    held = landing.landed(own, landing.in_force(own), "files")["content_hash"]
    assert held.len() == 4 and content_hash not in held
    looked = keeping.verify(own)
    assert looked.tombstones == 1 and looked.damages == []
    held = object_of(own, folder, content_hash)
    took = keeping.back_up(own, folder)
    assert took.erased == 1 and not held.exists()
    back = Home(tmp_path / "back")
    assert keeping.restore(back, folder).damages == [] and len(read_loads(back)) == 3
    oldest = sorted((folder / "snapshots").iterdir())[0].name
    assert keeping.restore(Home(tmp_path / "old"), folder, oldest).damages == []


def test_erased_bytes_that_come_again_are_refused_and_not_archived(city: City) -> None:
    sent(city).land()
    data, content_hash = (city.home.raw / ONE).read_bytes(), hash_of(city, ONE)
    keeping.erase(city.home, content_hash, "gửi nhầm")
    assert stat.S_IMODE(city.home.erased.stat().st_mode) == 0o600
    city.put("2021/Q01.001/Xếp loại.csv", data)
    city.land()
    verdicts = city.landed("submissions").select("sender_code", "verdict_code", "refusal_rule_code").sort("sender_code").rows()
    assert verdicts == [("Q01.001", "REFUSED", "file_not_erased"), ("Q01.002", "REFUSED", "file_not_erased"), ("Q01.003", "ACCEPTED", None)]
    assert not [f for f in city.home.archive.rglob("*") if f.is_file() and data in f.read_bytes()]
    lines = len(read_loads(city.home)[-1].lines)
    assert city.land() and len(read_loads(city.home)[-1].lines) == lines  # told once


def test_an_earlier_version_stands_again_where_the_newer_one_was_erased(city: City) -> None:
    sent(city).land()
    old = hash_of(city, ONE)
    city.put(ONE, ratings([rating(n) for n in range(30, 33)]))
    new = hash_of(city, ONE)
    city.land()
    numbers = [line.number for line in read_loads(city.home)[0].lines]
    keeping.erase(city.home, new, "gửi nhầm")
    assert records.last_hashes(read_loads(city.home))[ONE] == old
    keeping.erase(city.home, old, "gửi nhầm")
    assert [line.number for line in read_loads(city.home)[0].lines] == numbers[1:]  # lines keep their numbers


def test_what_nobody_has_any_more_is_erased_by_its_path(city: City) -> None:
    sent(city).land()
    old = hash_of(city, ONE)
    city.put(ONE, ratings([rating(n) for n in range(30, 33)]))
    new = hash_of(city, ONE)
    city.land()
    with pytest.raises(archive.ArchiveProblem, match=rf"load 1: {old}\n  load 2: {new}"):
        keeping.erase(city.home, ONE, "gửi nhầm")
    keeping.erase(city.home, old, "gửi nhầm")
    assert len(keeping.erase(city.home, ONE, "gửi nhầm").versions) == 1
    assert ONE not in records.last_hashes(read_loads(city.home))


def test_a_tombstone_whose_line_is_cut_is_a_sentence(own: Home) -> None:
    own.erased.write_text('{"content_hash": "ab')
    done = pipeline(own, "load")
    assert done.returncode == 1 and "archive/erased.jsonl" in done.stderr and "Traceback" not in done.stderr
    assert any("erased.jsonl" in said for said in keeping.verify(own).damages)


def test_what_cannot_be_erased_is_a_sentence(own: Home) -> None:
    for content_hash, said in (("0" * 64, "No version on record"), (read_loads(own)[0].registry["units.csv"], "registry")):
        done = pipeline(own, "erase", content_hash, "--why", "thử")
        assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
    assert not own.erased.exists()
