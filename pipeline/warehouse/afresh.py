"""A database file written by a process of its own, which has read nothing but what goes into it.

DuckDB writes the ends of blocks that are not full as they lie in memory (duckdb/duckdb#23382, open; seen with 1.5 in segments of words): what its process
held before stands in the file then, of rows that were never put into it. So what dbt made, beside what may not leave, goes over as values, by Parquet, and a
process that is begun for it (no fork, which would inherit the memory) writes what readers open. What does not belong here: which tables there are.
"""

import subprocess
import sys

import duckdb

OF_THE_MACHINE = (duckdb.IOException, duckdb.OutOfMemoryException)  # whose words are of paths and sizes, never of a cell


class NotWritten(Exception):
    """The process could not do it; in words without a value."""


def execute(script: str) -> None:
    """Run a script of SQL in a process that held nothing before. Raises NotWritten."""
    done = subprocess.run([sys.executable, "-m", __name__], input=script, text=True, encoding="utf-8", capture_output=True)
    if done.returncode:
        raise NotWritten(
            done.stderr.strip().splitlines()[-1] if done.returncode == 1 and done.stderr else f"it ended with {done.returncode}"
        )


def _main() -> None:
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        with duckdb.connect(config={"memory_limit": "1GB"}) as db:
            db.execute(sys.stdin.read())
    except duckdb.Error as error:
        sys.exit(f"{type(error).__name__}{f': {error}'.splitlines()[0] if isinstance(error, OF_THE_MACHINE) else ''}")


if __name__ == "__main__":
    _main()
