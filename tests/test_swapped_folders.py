"""A folder on the way to a file changes while it is walked: what is read lies where it was found, or is not read."""

import os
import shutil
from pathlib import Path

import pytest
from conftest import City, rating, ratings

from pipeline.ledger.find import find, open_regular
from pipeline.ledger.records import read_loads

FILE, OTHERS = "2021/Q01.003/Xếp loại.csv", "2021/Q01.002/Xếp loại.csv"
# what takes the place of the unit's folder: a link to another unit's, to one that holds the same names elsewhere, or nothing at all
SWAPS = {
    "a link to another unit's folder": lambda folder, other: folder.symlink_to(other),
    "a relative link": lambda folder, other: folder.symlink_to(Path("..", other.parent.name, other.name)),
    "a file": lambda folder, other: folder.write_text("x"),
    "nothing": lambda folder, other: None,
}


@pytest.fixture(params=["raw is a folder", "raw is a link"])
def sent(request: pytest.FixtureRequest, city: City, tmp_path: Path) -> City:
    city.put(OTHERS, ratings([rating(n) for n in range(1, 4)]))
    city.put(FILE, ratings([rating(n) for n in range(5, 8)]))
    if request.param == "raw is a link":
        city.home.raw.rename(tmp_path / "elsewhere")
        city.home.raw.symlink_to(tmp_path / "elsewhere")
    return city


def at(moment: str, city: City, swap, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Have the unit's folder swapped once, at a moment of the walk; gives what tells that it was."""
    folder, other, done = (city.home.raw / FILE).parent, (city.home.raw / OTHERS).parent, []

    def swapped(path: object) -> None:
        if not done and str(path) == str({"listed": folder, "looked at": folder / Path(FILE).name, "opened": Path(FILE).name}[moment]):
            done.append(True)
            shutil.move(folder, city.home.root / "aside")
            swap(folder, other)

    name = {"listed": "scandir", "looked at": "lstat", "opened": "open"}[moment]
    really = getattr(os, name)
    if moment == "opened":  # the last but one step: its folder is open already
        monkeypatch.setattr(os, name, lambda path, *more, **by: (by.get("dir_fd") and swapped(path), really(path, *more, **by))[1])
    else:
        monkeypatch.setattr(os, name, lambda path, *more, **by: (swapped(path), really(path, *more, **by))[1])
    return done


@pytest.mark.parametrize("swap", SWAPS.values(), ids=SWAPS)
@pytest.mark.parametrize("moment", ["listed", "looked at"])
def test_nobodys_bytes_are_read_through_a_folder_that_became_another(
    moment: str, swap, sent: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = at(moment, sent, swap, monkeypatch)
    load = sent.land()
    assert done and {line.path for line in load.lines if not line.content_hash.startswith("not-read")} == {OTHERS}
    assert {row["sender_code"] for row in sent.landed("submissions").to_dicts() if row["verdict_code"] == "ACCEPTED"} == {"Q01.002"}


def test_what_went_away_is_told_and_taken_by_the_next_load(sent: City, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        done = at("looked at", sent, SWAPS["a link to another unit's folder"], patched)
        assert find(sent.home)[1] == [FILE] and done
    (sent.home.raw / FILE).parent.unlink()
    shutil.move(sent.home.root / "aside", (sent.home.raw / FILE).parent)
    assert {line.path for line in sent.land().lines} == {FILE, OTHERS}


def test_a_folder_that_is_swapped_when_it_is_open_gives_what_lay_in_it(sent: City, monkeypatch: pytest.MonkeyPatch) -> None:
    own = (sent.home.raw / FILE).read_bytes()
    done = at("opened", sent, SWAPS["a link to another unit's folder"], monkeypatch)
    with open_regular(sent.home.raw / FILE, below=str(sent.home.raw)) as opened:
        assert done and opened.read() == own


def test_no_folder_below_raw_is_entered_by_a_link_and_none_stays_open(sent: City) -> None:
    shutil.move((sent.home.raw / FILE).parent, sent.home.root / "aside")
    (sent.home.raw / FILE).parent.symlink_to(sent.home.root / "aside")
    before = len(os.listdir("/dev/fd"))
    for _ in range(20):
        with pytest.raises(FileNotFoundError):
            open_regular(sent.home.raw / FILE, below=str(sent.home.raw))
        with open_regular(sent.home.raw / OTHERS, below=str(sent.home.raw)) as opened:
            assert opened.read()
    assert len(os.listdir("/dev/fd")) == before


def test_a_linked_folder_is_a_finding_and_no_line_holds_its_bytes(sent: City) -> None:
    shutil.move((sent.home.raw / FILE).parent, sent.home.root / "aside")
    (sent.home.raw / FILE).parent.symlink_to((sent.home.raw / OTHERS).parent)
    sent.land()
    assert [line.path for line in read_loads(sent.home)[0].lines if line.period and not line.content_hash.startswith("not-read")] == [
        OTHERS
    ]
    assert sent.rules() == ["entry_is_a_file"]
