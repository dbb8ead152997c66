"""One entry never stops the city: whatever lies in a unit's folder is read, left alone, or told to its sender, and all others are counted."""

import os
import shutil
from pathlib import Path

import duckdb
import pytest
from conftest import City, load, member, opened, pipeline, rating, ratings, roster
from trials import sparse

from pipeline.checking import answer
from pipeline.judging.registry import RegistryProblem
from pipeline.ledger.archive import keep
from pipeline.ledger.find import find, printable
from pipeline.paths import Home

MINE = ratings([rating(n, "HTTNV") for n in range(1, 4)])
NOBODY = [4, "#REF!", None, None, "Chính thức", "01/03/2010", "01/03/2010"]  # a look-up that failed, and no number
SYSTEM = [
    "Desktop.ini",
    "THUMBS.DB",
    ".DS_Store",
    "~$Nhân sự.xlsx",
    "~WRL0003.tmp",
    "Nhân sự.xlsx:Zone.Identifier",
    "._Nhân sự.xlsx",
    ".~lock.a#",
]
ODD_HOME = "home nhân sự (cũ) {name} o'x, 100%"


def of(sender: str, city: City) -> list[tuple[str, str | None]]:
    return sorted((s["verdict_code"], s["refusal_rule_code"]) for s in city.landed("submissions").filter(sender_code=sender).to_dicts())


def put_raw(folder: Path, name: bytes, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with open(os.path.join(os.fsencode(folder), name), "wb") as file:
        file.write(data)


def csv_bytes(city: City) -> bytes:
    return city.put("elsewhere.csv", MINE).read_bytes()


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A home with an odd name, one unit as it should be, and every odd entry that a folder can hold; loaded once, for real."""
    city = City(tmp_path_factory.mktemp("odd") / ODD_HOME)
    data = csv_bytes(city)
    (city.home.raw / "elsewhere.csv").unlink()
    good, odd = (city.home.raw / "2021" / unit for unit in ("Q01.002", "Q01.003"))
    city.put("2021/Q01.002/Xếp loại.csv", MINE)
    city.put("2021/Q01.002/Nhân sự.csv", roster([*(member(n) for n in range(1, 4)), NOBODY]))
    odd.mkdir(parents=True)
    for name in SYSTEM:
        (odd / name).write_bytes(b"x")
    put_raw(city.home.raw / "2021" / "Q01.001", "Xếp loại ".encode() + b"\xff\xfe.csv", data.replace(b"0920800", b"0920801"))
    put_raw(
        city.home.raw / "2021" / "Q01.001",
        "Nhân\nsự 2021\r.csv".encode(),
        (city.home.raw / "2021/Q01.002/Nhân sự.csv").read_bytes().replace(b"0920800", b"0920801"),
    )
    (odd / "ong.xlsx").symlink_to(good / "Xếp loại.csv")
    (odd / "vong.xlsx").symlink_to("vong.xlsx")
    os.link(good / "Nhân sự.csv", city.home.raw / "hai ten")  # below no unit: the good file has two names now
    (city.home.raw / "hai ten").unlink()
    shutil.copy(good / "Nhân sự.csv", odd / "hai.csv")
    os.link(odd / "hai.csv", odd / "ten.csv")
    os.mkfifo(odd / "cho.csv")
    (odd / "vo tan.csv").symlink_to("/dev/zero")
    sparse(odd / "lon.xlsx")
    (odd / "Đào tạo.xlsx").mkdir()
    (odd / ("d" * 251 + ".csv")).write_bytes(b"a,b\n1,2\n")
    city.put(f"2021/{'Q' * 255}/Xếp loại.csv", MINE)
    load(city.home)
    return city


def test_clean_units_are_counted_beside_every_odd_entry(odd: City) -> None:
    with duckdb.connect(str(odd.home.published), read_only=True) as db:
        counted = db.execute(
            "SELECT count(*) FROM core.fct_ratings JOIN quality.submissions USING (submission_key) WHERE sender_code = 'Q01.002'"
        )
        assert counted.fetchone() == (3,)
    assert of("Q01.002", odd) == [("ACCEPTED", None)] * 2


def test_a_row_that_names_nobody_is_told_and_stops_no_load(odd: City) -> None:
    [sent] = odd.landed("submissions").filter(sender_code="Q01.002", dataset_code="personnel").to_dicts()
    assert (sent["verdict_code"], sent["rows_read"], sent["rows_set_aside"]) == ("ACCEPTED", 4, 1)
    found = odd.landed("findings").filter(submission_key=sent["submission_key"], row_no=5)
    assert {"no_formula_error", "person_identified"} <= set(found["rule_code"])


def test_a_name_that_is_no_text_or_breaks_the_line_is_read_and_told_once(odd: City) -> None:
    assert of("Q01.001", odd) == [("ACCEPTED", None)] * 2
    with opened(odd.home, odd.home.analyst) as file, duckdb.connect(str(file), read_only=True) as db:
        told = db.execute(
            "SELECT dataset_code FROM whole.findings WHERE sender_code = 'Q01.001' AND rule_code = 'file_named_plainly' ORDER BY 1"
        ).fetchall()
        paths = db.execute("SELECT path FROM whole.submissions WHERE sender_code = 'Q01.001' ORDER BY 1").fetchall()
    assert told == [("personnel",), ("ratings",)]
    assert paths == [("2021/Q01.001/Nhân\\x0asự 2021\\x0d.csv",), ("2021/Q01.001/Xếp loại \\xff\\xfe.csv",)]


def test_links_pipes_and_folders_are_one_finding_each_and_never_read(odd: City) -> None:
    verdicts = of("Q01.003", odd)
    assert verdicts.count(("REFUSED", "entry_is_a_file")) == 7  # three links, two names, a pipe, a folder
    assert verdicts.count(("REFUSED", "file_not_too_large")) == 1  # 9 GiB that nobody reads
    assert ("REFUSED", "known_dataset_present") in verdicts and len(verdicts) == 9


def test_system_files_are_left_alone(odd: City) -> None:
    paths = {f.path.rsplit("/", 1)[-1] for f in find(odd.home)[0]}
    assert paths.isdisjoint(SYSTEM)


def test_the_next_night_has_nothing_new(odd: City) -> None:
    assert pipeline(odd.home, "load").stdout.startswith("Nothing new")


def test_every_unit_is_answered_however_long_its_names(odd: City) -> None:
    folders = {p.name for p in (odd.home.outbox / "2021").iterdir()}
    assert {"Q01.001", "Q01.002", "Q01.003"} < folders and all(len(name.encode()) < 240 for name in folders)


def test_two_names_never_become_one_path() -> None:
    names = [os.fsdecode(b"a\xff"), "a\\xff", "a\\\\xff", "a\n", "a\\x0a", "a\x00", "a"]
    assert len({printable(name) for name in names}) == len(names)
    assert all(printable(name).isprintable() for name in names)


def test_a_file_that_is_too_large_is_told_and_a_smaller_one_heals_it(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSONNEL_LARGEST_FILE", "100")
    city.put("2021/Q01.002/Xếp loại.csv", MINE)
    city.land()
    assert of("Q01.002", city) == [("REFUSED", "file_not_too_large")]
    monkeypatch.delenv("PERSONNEL_LARGEST_FILE")
    city.land()
    assert of("Q01.002", city) == [("ACCEPTED", None), ("REFUSED", "file_not_too_large")]


def test_what_may_not_be_read_is_told(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.ledger import find as module

    city.put("2021/Q01.002/Xếp loại.csv", MINE)
    closed = city.put("2021/Q01.003/Xếp loại.csv", MINE)
    read = module._hash_of

    def refuse(file: str, *more: object) -> str:  # root may read everything
        if file == str(closed):
            raise PermissionError(13, "Permission denied", file)
        return read(file, *more)

    monkeypatch.setattr(module, "_hash_of", refuse)
    city.land()
    assert of("Q01.003", city) == [("REFUSED", "file_may_be_read")]
    assert of("Q01.002", city) == [("ACCEPTED", None)]


def test_a_closed_folder_is_told_to_the_unit_whose_it_is(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.put("2021/Q01.002/Xếp loại.csv", MINE)
    closed = city.put("2021/Q01.003/Xếp loại.csv", MINE).parent
    scan = os.scandir

    def refuse(path: str) -> object:  # root may enter everything
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    city.land()
    assert of("Q01.003", city) == [("REFUSED", "file_may_be_read")]
    assert of("Q01.002", city) == [("ACCEPTED", None)]


def test_a_linked_unit_folder_is_told_and_not_entered(city: City) -> None:
    city.put("2021/Q01.002/Xếp loại.csv", MINE)
    (city.home.raw / "2021" / "Q01.003").symlink_to(city.home.raw / "2021" / "Q01.002")
    city.land()
    assert of("Q01.003", city) == [("REFUSED", "entry_is_a_file")]


def test_a_largest_size_that_is_no_number_is_a_sentence(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSONNEL_LARGEST_FILE", "200MB")
    with pytest.raises(SystemExit, match="must be a number of bytes"):
        find(city.home)


def test_a_pipe_in_the_registry_does_not_hang(city: City) -> None:
    (city.home.registry / "units.csv").unlink()
    os.mkfifo(city.home.registry / "units.csv")
    with pytest.raises(RegistryProblem) as error:
        city.land()
    assert error.value.rows == ["units.csv is no file that can be read."]


def refused(monkeypatch: pytest.MonkeyPatch, method: str, place: Path) -> None:
    """As for a user who may not: root may read everything."""
    really = getattr(Path, method)

    def refuse(self: Path, *more: object, **by_name: object) -> object:
        if self == place:
            raise PermissionError(13, "Permission denied", str(place))
        return really(self, *more, **by_name)

    monkeypatch.setattr(Path, method, refuse)


def test_a_registry_that_may_not_be_read_is_a_sentence(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for method, place in (("stat", city.home.registry / "units.csv"), ("iterdir", city.home.registry)):
        with monkeypatch.context() as patched, pytest.raises(RegistryProblem) as error:
            refused(patched, method, place)
            city.land()
        assert error.value.rows == [f"{place.name} may not be read by the user of this process."]


def test_a_registry_file_that_nobody_may_open_is_a_sentence(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    really = os.open

    def refuse(path: object, *more: object, **by_name: object) -> int:
        if str(path).endswith("registry/units.csv"):
            raise PermissionError(13, "Permission denied", str(path))
        return really(path, *more, **by_name)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(RegistryProblem) as error:
        city.land()
    assert error.value.rows == ["units.csv may not be read by the user of this process."]


def test_a_registry_of_nine_gigabytes_is_a_sentence(city: City) -> None:
    sparse(city.home.registry / "units.csv")
    with pytest.raises(RegistryProblem) as error:
        city.land()
    assert error.value.rows == ["units.csv is larger than a registry can be (200 MiB)."]


def test_a_check_does_not_wait_for_a_registry_that_cannot_be_read(city: City) -> None:
    file = city.put("2021/Q01.002/Xếp loại.csv", MINE)
    (city.home.registry / "units.csv").unlink()
    os.mkfifo(city.home.registry / "units.csv")
    assert answer.check(city.home, file, file.read_bytes(), "2021", "Q01.002").alone == "REGISTRY_IS_FAULTY"


def test_raw_may_be_a_link_and_the_registry_too(city: City, tmp_path: Path) -> None:
    city.put("2021/Q01.002/Xếp loại.csv", MINE)
    (city.home.registry / "units.csv").rename(tmp_path / "don vi.csv")
    (city.home.registry / "units.csv").symlink_to(tmp_path / "don vi.csv")
    city.home.raw.rename(tmp_path / "elsewhere")
    city.home.raw.symlink_to(tmp_path / "elsewhere")
    city.land()
    assert of("Q01.002", city) == [("ACCEPTED", None)] and city.landed("ratings").height == 3


# ── what a name leads to changes while it is looked at ──────────────────────────────────────────────────────────────

SWAPS = {
    "a pipe": lambda file, other: os.mkfifo(file),
    "a link to another unit's file": lambda file, other: file.symlink_to(other),
    "a link to what has no end": lambda file, other: file.symlink_to("/dev/zero"),
    "another unit's file by a second name": lambda file, other: os.link(other, file),
}


@pytest.mark.parametrize("swap", SWAPS.values(), ids=SWAPS)
@pytest.mark.parametrize("moment", ["looked at", "found"])
def test_what_is_no_longer_what_was_looked_at_is_not_read(moment: str, swap, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    other = city.put("2021/Q01.002/Xếp loại.csv", MINE)
    file = city.put("2021/Q01.003/Xếp loại.csv", ratings([rating(n) for n in range(5, 8)]))
    look, done = os.lstat, []

    def swapped() -> None:
        if not done:
            done.append(file.unlink())
            swap(file, other)

    if moment == "looked at":
        monkeypatch.setattr(os, "lstat", lambda path, **more: (look(path, **more), str(path) == str(file) and swapped())[0])
        found, gone = find(city.home)
        assert [f.path for f in found] == ["2021/Q01.002/Xếp loại.csv"] and gone == ["2021/Q01.003/Xếp loại.csv"]
    else:
        found, _ = find(city.home)
        swapped()
        missed = keep(city.home, [(Path(f.file), f.content_hash) for f in found])
        assert missed == {f.content_hash for f in found if f.file == str(file)}
    assert done


def test_a_registry_that_is_a_folder_stops_the_load_with_a_sentence(tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    City(home.root)
    (home.registry / "units.csv").unlink()
    (home.registry / "units.csv").mkdir()
    done = pipeline(home, "load")
    assert done.returncode == 1 and "units.csv is no file that can be read" in done.stderr and "Traceback" not in done.stderr
