"""At rest: what the archive and the restricted zone hold of people is closed to whoever has the disk and not the key."""

import datetime as dt
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from conftest import City, member, pipeline, rating, ratings, roster
from conftest import load as load_city

from pipeline import keeping, nightly, whole
from pipeline.ledger import records, sealed, sealing, tombstones
from pipeline.ledger.archive import blob, read_version
from pipeline.ledger.backups import BackupProblem
from pipeline.ledger.find import fingerprint
from pipeline.ledger.records import read_loads
from pipeline.ledger.sealed import MARK, SUFFIX, Broken, KeyProblem, Seal, is_sealed, seal_of
from pipeline.paths import Home
from pipeline.warehouse import landing

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
    people_of = [
        [*people, "Đơn vị", "Tình trạng đảng viên", "Từ ngày", "Ngày vào Đảng", "Quê quán", "Ghi chú"],
        [*who, NAME, "Chính thức", "01/03/2010", NAME, NAME, f"{NAME} {NUMBER}"],
        [*aside, None, NAME, NUMBER, "01/03/2010", None, None],
    ]
    levels = [
        [*people, "Đơn vị", "Mức xếp loại", "Lý do không xếp loại", "Số quyết định", "Ngày quyết định", "Ghi chú"],
        [*who, None, "HTTNV", None, NUMBER, "10/12/2021", NAME],
        [*aside, None, NAME, None, f"12-QĐ/{NAME.replace(' ', '')}", NUMBER, NAME],
    ]
    city.put(f"2021/Q01.001/{NAME}.xlsx", {f"Nhân sự {NAME}": people_of, f"Xếp loại {NUMBER}": levels})
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
    city.put(f"2021/{NAME}/{NUMBER}.csv", people_of)
    city.registry(withdrawals=[("2021", "Q01.003", "ratings", "01/12/2021", f"{NAME} gửi nhầm")])
    load_city(city.home)
    levels[1][4] = "HTXSNV"
    city.put(f"2021/Q01.001/{NAME}.xlsx", {f"Nhân sự {NAME}": people_of, f"Xếp loại {NUMBER}": levels})
    load_city(city.home)
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
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            yield from (book.read(name).decode("utf-8", "replace") for name in book.namelist())


def in_clear(home: Home, canaries: tuple[str, ...] = CANARIES) -> dict[str, set[str]]:
    """File below the warehouse → the canaries that it shows, in its words or in its name."""
    found: dict[str, set[str]] = {}
    for file in sorted(f for f in home.warehouse.rglob("*") if f.is_file() and not any(p.is_symlink() for p in (f, *f.parents))):
        name = file.relative_to(home.warehouse).as_posix()
        if seen := {canary for text in (name, *text_of(file)) for canary in canaries if canary in text}:
            found[name] = seen
    return found


# ── at rest ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_at_rest_holds_an_identity_in_clear(planted: City) -> None:
    pipeline(planted.home, "template", "--unit", "Q01.001", "--period", "2022")
    found = in_clear(planted.home)
    assert {next((place for place in IN_CLEAR if name.startswith(f"{place}/")), name) for name in found} == IN_CLEAR.keys()


def test_no_plain_hash_of_what_units_sent_lies_anywhere(planted: City) -> None:
    """Whoever can list the folder could guess a short file and hash his guess."""
    hashes = {line.content_hash for one in read_loads(planted.home) for line in one.lines if len(line.content_hash) == 64}
    assert len(hashes) == 6 and in_clear(planted.home, tuple(hashes)) == {}


def test_what_a_load_has_open_holds_no_name_number_or_birth_date(city: City) -> None:
    """A kill leaves it until the next load: what dbt reads, without the words of people and of cells."""
    people = [[*roster([member(1)])[0], "Ngày sinh", "Ghi chú"], [*member(1), f"{BORN:%d/%m/%Y}", NAME]]
    people[1][1:3] = [NAME, NUMBER]
    city.put("2021/Q01.001/Nhân sự.csv", people)
    city.put("2021/Q01.001/Xếp loại.csv", ratings([[1, NAME, NUMBER, None, NAME, None], rating(2)]))
    city.land()
    landing.open_for_dbt(city.home)
    assert [pl.read_parquet(city.home.open_landing / "*" / f"{table}.parquet").height for table in ("personnel", "set_aside")] == [1, 1]
    assert NAME in city.landed("set_aside")["cells"][0] and NAME in city.landed("findings")["value_found"].to_list()
    assert in_clear(city.home) == {}


def test_what_a_load_had_open_is_cleared_away_whether_it_ends_well_or_not(planted: City, tmp_path: Path) -> None:
    assert not planted.home.open.exists()
    home = Home(tmp_path / "data")
    shutil.copytree(planted.home.root, home.root, symlinks=True)
    (home.raw / "2021" / "Q01.001" / f"{NAME}.xlsx").unlink()
    shutil.copy(home.raw / "2021" / "Q01.002" / "Đào tạo.csv", home.raw / "2021" / "Q01.003.csv")
    seen = Home(tmp_path / "seen")  # what stood open when it failed
    copied = [(str(one), str(other)) for one, other in ((home.open_landing, seen.open_landing), (home.context, seen.context))]
    first = f"import shutil, pipeline.warehouse.recognised as r; r.hold_to_bound = lambda found: [shutil.copytree(*pair) for pair in {copied}] and 1 / 0"
    done = pipeline(home, "load", first=first)
    assert done.returncode == 1 and not home.open.exists(), done.stdout + done.stderr
    assert set().union(*in_clear(seen).values()) == {
        "Canary",
        "canary",
        NUMBER,
    }  # paths, sheets, units' words, numbers of decisions as written
    assert [name for name in in_clear(home) if not name.startswith(tuple(IN_CLEAR))] == []


def test_damage_of_what_can_be_made_again_is_a_sentence(planted: City, tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    shutil.copytree(planted.home.root, home.root, symlinks=True)
    batch = sorted(home.landing_of(landing.in_force(home)).iterdir())[0]
    for file, command in (
        (batch / f"findings{SUFFIX}", ["findings", "Q01.001"]),  # a load makes it again by itself
        (home.people, ["who", "a", "--why", "b"]),
        (home.analyst, ["status"]),
    ):
        flip(file)
        done = pipeline(home, *command)
        assert done.returncode == 1 and "pipeline load" in done.stderr and "Traceback" not in done.stderr
        assert file.stem in done.stderr and ("Delete warehouse/restricted" in done.stderr) == (file.parent == home.restricted)


# ── a sealed file ────────────────────────────────────────────────────────────────────────────────────────────────

SEAL = Seal(b"1" * 64)
CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "a byte of the cipher": lambda data: data[:-20] + bytes([data[-20] ^ 1]) + data[-19:],
    "a byte of the nonce": lambda data: data[: len(MARK)] + bytes([data[len(MARK)] ^ 1]) + data[len(MARK) + 1 :],
    "a byte of the mark": lambda data: b"P" + data[1:],
    "the last byte gone": lambda data: data[:-1],
    "the last piece gone": lambda data: data[: len(MARK) + PIECES[0]],
    "two pieces changed places": lambda data: data[: len(MARK)] + data[len(MARK) + PIECES[0] : len(MARK) + 2 * PIECES[0]] + data[len(MARK) : len(MARK) + PIECES[0]] + data[len(MARK) + 2 * PIECES[0] :],
    "a piece twice": lambda data: data + data[-PIECES[0] :],
    "nothing but the mark": lambda data: data[: len(MARK)],
    "nothing": lambda data: b"",
}  # fmt: skip
PIECES = (16 + sealed.NONCE + sealed.TAG,)  # bytes of a sealed piece in these tests


def flip(file: Path, at: int = -1) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 32, 50])
def test_what_is_sealed_opens_again(size: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sealed, "PIECE", 16)
    data = bytes(range(size))
    assert SEAL.open(SEAL.close(data, "a"), "a") == data
    (tmp_path / "clear").write_bytes(data)
    SEAL.close_file(tmp_path / "clear", tmp_path / "file", "file")
    with SEAL.opened(tmp_path / "file") as file:
        assert file.read_bytes() == data
    with SEAL.opened_for_another(tmp_path / "file", "copy") as copy:
        assert copy.read_bytes() == data
    assert not copy.parent.exists()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_of_a_sealed_file_is_seen(change: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "PIECE", 16)
    with pytest.raises(Broken, match="a was changed"):
        SEAL.open(change(SEAL.close(bytes(40), "a")), "a")


def test_a_sealed_file_opens_by_its_name_and_its_key_alone() -> None:
    data = SEAL.close(b"x", "a")
    for seal, name in ((SEAL, "b"), (Seal(b"2" * 64), "a")):
        with pytest.raises(Broken):
            seal.open(data, name)
    assert "1" * 64 not in repr(SEAL)


def test_a_version_does_not_stand_for_another(city: City) -> None:
    city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(1)]))
    city.put("2021/Q01.002/Xếp loại.csv", ratings([rating(2)]))
    one, two = (line.content_hash for line in city.land().lines)
    shutil.copy(blob(city.home, one), blob(city.home, two))
    assert [d for d in keeping.verify(city.home).damages if "Q01.002" in d and "holds other bytes" in d]


def test_a_copy_of_the_archive_mends_it(city: City, tmp_path: Path) -> None:
    city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(1)]))
    content_hash = city.land().lines[0].content_hash
    shutil.copytree(city.home.archive, tmp_path / "copy")
    flip(blob(city.home, content_hash))
    assert keeping.mend(city.home, tmp_path / "copy") == [content_hash] and keeping.verify(city.home).damages == []


# ── a home in clear ──────────────────────────────────────────────────────────────────────────────────────────────


def as_before(home: Home) -> None:
    """The archive and the restricted zone as versions before this one left them."""
    seal = seal_of(home)
    hashes = {h for one in read_loads(home) for h in (*(line.content_hash for line in one.lines), *one.registry.values())}
    for content_hash in hashes:
        place, clear = blob(home, content_hash), home.blobs / content_hash[:2] / content_hash
        clear.parent.mkdir(exist_ok=True)
        clear.write_bytes(read_version(place, content_hash, seal))
        place.unlink()
    for file in home.loads.glob("*.json"):
        body = seal.open(file.read_bytes(), file.name).decode().removeprefix("{")
        file.write_text(f'{records.IN_CLEAR}{fingerprint(body.encode())}",\n{body}', "utf-8")
    (home.loads / "000009.json.part").write_bytes(NAME.encode())
    shutil.rmtree(home.restricted)
    (home.restricted / "landing-0123456789ab" / "zero-rows").mkdir(parents=True)
    (home.restricted / "landing-0123456789ab" / "zero-rows" / "submissions.parquet").write_bytes(NAME.encode())
    home.landing.symlink_to("landing-0123456789ab")
    (home.restricted / "people.parquet").write_bytes(NAME.encode())
    (home.restricted / "build.duckdb").write_bytes(NAME.encode())


@pytest.fixture
def older(city: City) -> City:
    city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(n) for n in range(3)]))
    city.land()
    city.put("2021/Q01.001/Xếp loại.csv", ratings([[1, NAME, NUMBER, None, "HTTNV", None]]))
    city.land()
    as_before(city.home)
    return city


def test_an_archive_in_clear_is_read_and_sealed_by_the_next_load(older: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "AT_ONCE", 2)  # of several files
    home = older.home
    before = read_loads(home)
    assert keeping.verify(home).damages == [] and in_clear(home, (NAME,))
    older.put("2021/Q01.002/Xếp loại.csv", ratings([rating(4)]))
    load = older.land()
    assert read_loads(home)[:2] == before and (load.load_id, len(load.lines)) == (3, 1)
    assert older.landed("ratings").height == 5
    landing.clear_away(home, load.contract)
    assert in_clear(home, (NAME, NUMBER)) == {}
    assert all(is_sealed(f.read_bytes()) for folder in (home.blobs, home.loads) for f in folder.rglob("*") if f.is_file())
    assert keeping.verify(home).damages == [] and keeping.verify(home).strays == 0


def test_a_kill_while_an_archive_is_sealed_loses_nothing(older: City, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object, **__: object) -> None:
        raise Killed

    home, before = older.home, read_loads(older.home)
    for step in ("unlink", "replace"):  # sealed and still there in clear; neither has its name yet
        with monkeypatch.context() as patched:
            patched.setattr(Path, step, kill)
            with pytest.raises(Killed):
                sealing.seal_all(home)
        assert keeping.verify(home).damages == [] and read_loads(home) == before
    sealing.seal_all(home)
    assert sealing.seal_all(home) == 0
    assert in_clear(home.__class__(home.root), (NUMBER,)) == {} and keeping.verify(home).damages == []


def test_damaged_bytes_are_not_sealed_as_good_ones(older: City) -> None:
    damaged = next(f for f in older.home.blobs.glob("*/*") if NAME in f.read_text("utf-8"))
    damaged.write_bytes(b"other")
    sealing.seal_all(older.home)
    assert damaged.exists() and [d for d in keeping.verify(older.home).damages if "holds other bytes" in d]


def test_tombstones_of_before_are_sealed_too(older: City) -> None:
    home = older.home
    content_hash = read_loads(home)[0].lines[0].content_hash
    keeping.erase(home, content_hash, "gửi nhầm")
    assert not (home.blobs / content_hash[:2] / content_hash).exists()  # at once, and not with the next load
    line = json.loads(home.erased.read_text("utf-8")) | {"content_hash": content_hash}
    home.erased.write_text(json.dumps(line) + "\n", "utf-8")
    (home.blobs / content_hash[:2] / content_hash).write_text(json.dumps(line))
    blob(home, content_hash).unlink()
    assert tombstones.erased(home).keys() == {content_hash}
    sealing.seal_all(home)
    assert tombstones.erased(home) == {content_hash: line} and in_clear(home, (content_hash,)) == {}
    assert home.erased.stat().st_mode & 0o777 == 0o600  # and nobody else's
    looked = keeping.verify(home)
    assert (looked.tombstones, looked.damages) == (1, [])


def test_a_backup_goes_on_when_its_archive_was_sealed(older: City, tmp_path: Path) -> None:
    keeping.back_up(older.home, tmp_path / "backup")
    sealing.seal_all(older.home)
    assert keeping.back_up(older.home, tmp_path / "backup").damages == []
    back = Home(tmp_path / "back")
    assert keeping.restore(back, tmp_path / "backup").damages == [] and read_loads(back) == read_loads(older.home)


def test_a_backup_in_clear_of_before_comes_back_sealed(older: City, tmp_path: Path) -> None:
    home, folder = older.home, tmp_path / "backup"
    files = {f.relative_to(home.archive).as_posix(): f.read_bytes() for f in home.archive.rglob("*") if f.is_file()}
    kept = {name: data for name, data in files.items() if not name.startswith("blobs/")}
    for data in files.values():
        target = folder / "objects" / fingerprint(data)[:2] / fingerprint(data)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    blobs = [Path(name).name for name in files if name.startswith("blobs/")]
    manifest = json.dumps({"made_at": "", "files": {n: fingerprint(d) for n, d in kept.items()}, "blobs": blobs, "lost": []}).encode()
    (folder / "snapshots").mkdir()
    (folder / "snapshots" / f"000001-{fingerprint(manifest)[:16]}.json").write_bytes(manifest)
    back = Home(tmp_path / "back")
    assert keeping.restore(back, folder).damages == [] and read_loads(back) == read_loads(home)
    assert not [f for f in back.blobs.rglob("*") if f.is_file() and f.suffix != SUFFIX]
    with pytest.raises(BackupProblem, match="in clear"):
        keeping.back_up(home, folder)


# ── the key ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_backup_without_the_key_says_what_it_needs(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(1)]))
    folder, key = tmp_path / "backup", "0123456789abcdef" * 4
    with monkeypatch.context() as given:
        given.setenv(sealed.KEY_VARIABLE, key)
        city.land()
        keeping.back_up(city.home, folder)
    assert not (folder / "identity.key").exists() and in_clear(city.home, (key,)) == {}
    with pytest.raises(BackupProblem, match=f"give the key in {sealed.KEY_VARIABLE}"):
        keeping.restore(Home(tmp_path / "back"), folder)
    monkeypatch.setenv(sealed.KEY_VARIABLE, key)
    assert keeping.restore(Home(tmp_path / "back"), folder).damages == []


def test_a_key_may_lie_elsewhere_and_stays_there(city: City, tmp_path: Path) -> None:
    whole.write_private(tmp_path / "key", b"0123456789abcdef" * 4)
    city.home.archive.mkdir(parents=True)
    city.home.key.symlink_to(tmp_path / "key")
    city.land()
    keeping.back_up(city.home, tmp_path / "backup")
    assert not (tmp_path / "backup" / "identity.key").exists()
    (tmp_path / "key").unlink()  # the disk is not there
    with pytest.raises(KeyProblem, match="missing"):
        read_loads(city.home)
    assert keeping.verify(city.home).damages[0].startswith("The archive holds loads but its key is missing")


def test_a_key_file_that_others_may_read_is_refused(city: City, tmp_path: Path) -> None:
    city.land()
    city.home.key.chmod(0o640)
    with pytest.raises(KeyProblem, match=f"chmod 600 {city.home.key.resolve()}"):
        read_loads(city.home)
    city.home.key.chmod(0o400)
    assert len(read_loads(city.home)) == 1
    city.home.key.rename(tmp_path / "key")
    city.home.key.symlink_to(tmp_path / "key")
    (tmp_path / "key").chmod(0o604)  # what the link leads to counts: a link has no mode of its own
    with pytest.raises(KeyProblem, match=f"chmod 600 {(tmp_path / 'key').resolve()}"):
        read_loads(city.home)


def test_another_key_opens_nothing_and_changes_nothing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(1)]))
    city.land()
    monkeypatch.setenv(sealed.KEY_VARIABLE, "0123456789abcdef" * 4)
    for question in (read_loads, keeping.lost_and_waiting, lambda home: nightly.check_registry(home, {})):
        with pytest.raises(KeyProblem, match="not the one"):
            question(city.home)
