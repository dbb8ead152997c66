"""Whole folders of odd files through the workers: none crashes, none hangs, all fit into a gibibyte, each refusal has a name.

The project's own set always; files that nobody here wrote where PERSONNEL_SHARED_DATA names the folder that holds `messy_files/`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import odd_files as odd
import pytest
from conftest import LONGEST

from pipeline.schemas.files import FILE_RULES

# In a process of its own, so that the peak is that of its workers and of nothing else.
READ_ALL = """
import json, resource, sys
from pathlib import Path
from pipeline.intake.readings import Source
from pipeline.intake.workers import Readings
from pipeline.judging.layouts import layout_of
from pipeline.schemas import SCHEMAS

if __name__ == "__main__":
    files = sorted(f for f in Path(sys.argv[1]).rglob("*") if f.is_file())
    chunks = Readings([Source(n, f, f.name) for n, f in enumerate(files)], layout_of(SCHEMAS))
    refused = {str(files[r.source.number]): r.refused for chunk in chunks for r in chunk.readings}
    print(json.dumps({"refused": refused, "peak": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}))
"""
UNSAFE = {"file_read_in_time", "file_read_in_memory", "reader_survives"}  # named as well, but only once a worker was lost


def read_all(folder: Path, tmp_path: Path) -> dict[str, str | None]:
    script = tmp_path / "read_all.py"
    script.write_text(READ_ALL, "utf-8")
    project = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, script, folder], env=os.environ | {"PYTHONPATH": project}, capture_output=True, text=True, timeout=LONGEST
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["peak"] < 1_048_576  # kilobytes
    assert all(FILE_RULES[rule].refuses for rule in said["refused"].values() if rule)
    assert len(said["refused"]) == sum(f.is_file() for f in folder.rglob("*"))
    return {Path(name).name: rule for name, rule in said["refused"].items()}


def test_every_odd_file_of_ours_is_read_or_refused_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for name, (make, _) in odd.REFUSED.items():
        (folder / name).write_bytes(make())
    for name, make in odd.READ.items():
        (folder / name).write_bytes(make())
    refused = read_all(folder, tmp_path)
    assert {name: refused[name] for name in odd.REFUSED} == {name: rule for name, (_, rule) in odd.REFUSED.items()}
    readable = {refused[name] for name in odd.READ}
    assert readable <= {None, "known_dataset_present"}


@pytest.mark.skipif("PERSONNEL_SHARED_DATA" not in os.environ, reason="the shared files are not here")
def test_every_messy_file_of_others_is_read_or_refused_by_a_name(tmp_path: Path) -> None:
    folder = Path(os.environ["PERSONNEL_SHARED_DATA"]) / "messy_files"
    refused = read_all(folder, tmp_path)
    assert not UNSAFE & set(refused.values())
    assert {refused[name] for name in ("pass_protected.xlsx", "pass_protected.ods", "pass_protected.xlsb")} == {"file_not_protected"}
    assert refused["issue_594_dos.ods"] == "cells_in_bounds"
