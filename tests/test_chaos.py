"""A short `make chaos`: the harness itself, and a few trials of each kind that fail where the house does."""

from pathlib import Path

import chaos
import pytest


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> chaos.Trials:
    return chaos.Trials(tmp_path_factory.mktemp("chaos"))


def test_whatever_disturbs_a_load_the_next_one_brings_the_same_tables(trials: chaos.Trials) -> None:
    counts = chaos.Counts()
    for number in (2, trials.writes // 2, trials.writes - 3):
        trials.kill_after_write(number, counts)
    trials.full_disk(counts)
    trials.two_loads(counts)
    assert (counts.tries, counts.wrong, counts.errors) == (5, [], []) and counts.disturbed >= 3 and counts.reads


def test_every_mutated_file_gets_an_answer(tmp_path: Path) -> None:
    answered, answers = chaos.read_mutated(400, tmp_path)
    assert answered == 400 and answers["read"] and len(answers) > 3


def test_nights_leave_no_logs_open(tmp_path: Path) -> None:
    past = chaos.nights(3, tmp_path)
    assert past[-1].sizes["dagster"] < 20 and all(night.peak_mib > 0 for night in past)
