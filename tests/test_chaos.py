"""A short `make chaos`: mutated files. Kills stand in test_crash.py and test_archive.py; the long trials are chaos.py's own."""

from pathlib import Path

import chaos


def test_every_mutated_file_gets_an_answer(tmp_path: Path) -> None:
    answered, answers = chaos.read_mutated(400, tmp_path)
    assert answered == 400 and answers["read"] and len(answers) > 3
