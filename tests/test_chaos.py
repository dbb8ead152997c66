"""A short `make chaos`: a load disturbed in a handful of ways, some mutated files, three nights. The long trials are chaos.py's own."""

from pathlib import Path

import chaos
from mutated import read_mutated
from nights import nights
from trials import Counts, Trials


def test_a_load_that_was_killed_starved_and_doubled_brings_the_same_tables(tmp_path: Path) -> None:
    trials, counts = Trials(tmp_path), Counts()

    def write(*words: str) -> int:
        return next(n for n, what in enumerate(trials.writes, start=1) if all(word in what for word in words))

    with trials.trial(counts) as (home, happened):
        for number in (write("loads", ".part"), write("landing-", "set_aside"), write("rename", "versions")):
            trials.kill_after_write(home, counts, happened, number)
        trials.full_disk(home, counts, happened)
        trials.two_loads(home, counts, happened)
    assert (counts.wrong, counts.errors) == ([], []) and counts.reads
    assert len(happened) == 5, happened  # each of them was disturbed


def test_every_mutated_file_gets_an_answer(tmp_path: Path) -> None:
    ((files, answers),) = read_mutated(400, tmp_path)
    assert answers.total() == files == 400 and answers["read"] and len(answers) > 3


def test_a_night_adds_little_and_a_year_is_told(tmp_path: Path) -> None:
    past = [*nights(3, tmp_path)]
    assert past[2]["restricted_mib"] - past[1]["restricted_mib"] < 1 and past[2]["archive_files"] - past[1]["archive_files"] < 5
    run = chaos.Run(tmp_path / "run.json", seed=1)
    run.said |= {
        "nights": [past[n % 3] | {"night": n + 1} for n in range(63)],
        "trials": {"killed": vars(Counts(2, 2, ["a table"], 9))},
        "mutated": 3,
        "answers": {"read": 2},
    }
    assert chaos.wrong_in(run.said) == ["1 mutated files without an answer", "killed: a table"]
    page = chaos.page([run.said, run.said])
    assert "**4 kills, 6 mutated files, 63 nights**; 4 found wrong" in page and "\n| 365 | " in page
