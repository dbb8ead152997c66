"""What comes onto the disk whole or not at all, at every step at which a process may be killed."""

from pathlib import Path

import pytest

from pipeline.whole import ASIDE, bring_back, part_of, take_place


def answer(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "tom-tat.html").write_text(text)
    return folder


def test_a_folder_takes_the_place_of_another_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "Q01.001"
    for text in ("one", "two", "three"):
        take_place(answer(part_of(folder), text), folder)
        assert (folder / "tom-tat.html").read_text() == text and [*tmp_path.iterdir()] == [folder]


@pytest.mark.parametrize("step", [1, 2])
def test_a_kill_between_leaves_the_old_folder_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    folder, left, rename = answer(tmp_path / "Q01.001", "old"), [step], Path.rename

    def killed(self: Path, target: Path) -> Path:
        done = rename(self, target)
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as kill:
        kill.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            take_place(answer(part_of(folder), "new"), folder)
    assert [f.name for f in tmp_path.glob(f".*{ASIDE}")] == [f".Q01.001{ASIDE}"]
    bring_back(tmp_path)
    assert (folder / "tom-tat.html").read_text() == ["old", "new"][step - 1] and not [*tmp_path.glob(f".*{ASIDE}")]
