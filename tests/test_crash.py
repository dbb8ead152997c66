"""Killed at every step, run again: the same tables, and a reader never saw an error or half a load."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile

import polars as pl
import psutil
import pytest
from conftest import AS_OF, LONGEST, differing, load, rating, ratings, tables, warm

from pipeline.paths import Home


class Reader(threading.Thread):
    """Asks again and again; remembers every error and every answer."""

    def __init__(self, home: Home):
        super().__init__(daemon=True)
        self.home, self.answers, self.errors, self.stop = home, set(), [], threading.Event()

    def run(self) -> None:
        # a process of its own each time, as a BI tool would be: one connection cache less to trust
        code = (
            "import duckdb, sys; db = duckdb.connect(sys.argv[1], read_only=True); "
            "print(db.execute('SELECT (SELECT max(load_id) FROM quality.loads), (SELECT count(*) FROM quality.submissions), "
            "(SELECT count(*) FROM core.fct_ratings), (SELECT count(*) FROM reports.rpt_rating_summary)').fetchone())"
        )
        while not self.stop.is_set():
            done = subprocess.run([sys.executable, "-c", code, str(self.home.published)], capture_output=True, text=True)
            (self.answers.add(done.stdout.strip()) if done.returncode == 0 else self.errors.append(done.stderr))
            self.stop.wait(1)


MOMENTS = {
    "reading": lambda home: (home.loads / "000002.json").exists(),
    "landing": lambda home: any(home.restricted.glob("landing-*/000002*")),
    "building": lambda home: home.build.exists() and home.build.stat().st_mtime > (home.loads / "000002.json").stat().st_mtime if (home.loads / "000002.json").exists() else False,
    "publishing": lambda home: any(home.versions.glob("000002*")),
    "answering": lambda home: os.readlink(home.current).startswith("000002"),
}  # fmt: skip


@pytest.fixture(scope="module")
def second_load(small: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """What a second load gives when nobody kills it."""
    home = Home(tmp_path_factory.mktemp("whole") / "data")
    shutil.copytree(small.root, home.root, symlinks=True)
    _send_more(home)
    load(home)
    return tables(home)


def _send_more(home: Home) -> None:
    for n, file in enumerate(sorted((home.raw / "2021").rglob("*.xlsx"))[:3]):
        with zipfile.ZipFile(file, "a") as book:
            book.comment = f"sent again {n}".encode()
    (home.raw / "2021" / "Q99.999").mkdir()
    (home.raw / "2021" / "Q99.999" / "ratings.csv").write_text(
        "\n".join(",".join(str(v or "") for v in r) for r in ratings([rating(1)])), "utf-8"
    )


def test_killed_at_one_moment_after_another_the_next_load_gives_the_same_tables_and_readers_saw_nothing(
    mine: Home, second_load: dict[str, pl.DataFrame]
) -> None:
    """Each load finds what the one before it left and comes one step further; single kills at any write are test_chaos's."""
    reader = Reader(mine)
    reader.start()
    _send_more(mine)
    for moment, has_come in MOMENTS.items():
        assert not has_come(mine)
        pid = warm().start(["load"], os.environ | {"PERSONNEL_HOME": str(mine.root), "PERSONNEL_AS_OF": AS_OF})
        end = time.monotonic() + LONGEST
        while not has_come(mine):
            assert psutil.pid_exists(pid) and time.monotonic() < end, f"the load never came to {moment}"
            time.sleep(0.001)
        os.killpg(pid, signal.SIGKILL)
        assert warm().wait() == -signal.SIGKILL, moment
    load(mine)
    reader.stop.set()
    reader.join()
    assert differing(second_load, tables(mine)) == []
    assert json.loads(mine.answered.read_text("utf-8"))["load_id"] == 2 and not list(mine.outbox.rglob(".*.part"))
    assert reader.errors == []
    first, last = "(1, ", "(2, "
    assert len(reader.answers) <= 2 and all(a.startswith((first, last)) for a in reader.answers), reader.answers
