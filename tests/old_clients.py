"""Asks other releases of DuckDB than the pinned one for every column of a published file: `python tests/old_clients.py [HOME]`, for docs/analysts.md.

Each is fetched from the package index into a folder that goes again. Those before 1.4 must refuse the file (which test_published.py asks of the file's mark alone,
without them); the others must say of each column what the pinned one says. What does not belong here: the suite's tests, which ask no other machine.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from pipeline.paths import Home

REFUSE = ("1.0.0", "1.1.3", "1.2.2", "1.3.0", "1.3.2")
READ = ("1.4.0", "1.4.4", "1.5.0")
WORDS = ["An", "Ăn", "Ân", "Dũng", "Đạt", "Zen"]
SAME = (
    """count(*), count({0}), count(DISTINCT {0}), min(CAST({0} AS VARCHAR)), max(CAST({0} AS VARCHAR)), sum(length(CAST({0} AS VARCHAR)))"""
)


def said(file: str) -> str:
    """What the DuckDB of this process says of a file: a refusal, or one hash over all columns of all tables and views, and how words are sorted."""
    import duckdb

    config = {"enable_external_access": False, "lock_configuration": True}  # as docs/analysts.md has it
    try:
        db = duckdb.connect(file, read_only=True, config=config)
    except duckdb.IOException as error:
        return f"refuses: {str(error).splitlines()[0][:110]}"
    columns = db.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY schema_name, table_name, column_index"
    ).fetchall()
    found = hashlib.sha256()
    for schema, table, column in columns:
        same = SAME.format(f'"{column}"')
        found.update(str(db.execute(f"SELECT {same} FROM {schema}.{table}").fetchone()).encode())
    db.close()
    db = duckdb.connect(file, read_only=True, config=config | {"default_collation": "vi"})
    words = db.execute("SELECT x FROM (VALUES ('Zen'), ('Đạt'), ('An'), ('Ân'), ('Dũng'), ('Ăn')) AS t(x) ORDER BY x").fetchall()
    order = "in Vietnamese order" if [x for (x,) in words] == WORDS else "NOT IN VIETNAMESE ORDER"
    return f"reads {len(columns)} columns, {found.hexdigest()[:16]}, {order}"


def main() -> None:
    file = str(Home(Path(sys.argv[1])).published.resolve()) if len(sys.argv) > 1 else str(Home.from_environment().published.resolve())
    ours = said(file)
    print(f"the pinned one: {ours}")
    is_wrong = False
    for release in (*REFUSE, *READ):
        with tempfile.TemporaryDirectory() as name:
            fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", name, f"duckdb=={release}"]
            subprocess.run(fetch, check=True, stderr=subprocess.DEVNULL)
            with zipfile.ZipFile(next(Path(name).glob("*.whl"))) as wheel:
                wheel.extractall(name)
            ask = f"import sys; sys.path[:0] = [{name!r}, {str(Path(__file__).parent)!r}]; import old_clients; print(old_clients.said({file!r}))"
            told = subprocess.run([sys.executable, "-c", ask], check=True, capture_output=True, text=True).stdout.strip()
        is_right = told.startswith("refuses") if release in REFUSE else told == ours
        is_wrong |= not is_right
        print(f"{release}: {told}{'' if is_right else '  WRONG'}", flush=True)
    raise SystemExit(is_wrong)


if __name__ == "__main__":
    main()
