"""A process that has imported everything and forks once per command, so that the suite pays for imports once and not per load.

Each command still has a process of its own, with its own environment and streams. Lines of JSON in, lines of JSON out. What is started
anew on purpose (another hash seed, a kill) does not come here.
"""

import atexit
import importlib
import json
import os
import signal
import sys
import threading

# all but the command line itself, whose consoles look at their environment when they are made
IMPORTED = (
    "dagster", "dagster_dbt", "dbt.cli.main", "dbt.adapters.duckdb", "duckdb", "openpyxl", "pandera.polars", "pyarrow", "rich.console",
    "xlsxwriter", "pipeline.assets", "pipeline.checking.answer", "pipeline.checking.forms", "pipeline.demo", "pipeline.nightly", "pipeline.answers.receipts.write",
    "pipeline.answers.template.workbook", "pipeline.warehouse.transform",
)  # fmt: skip


def run(request: dict) -> int:
    """The command line, as `python -m pipeline.cli` would run it; gives its exit code."""
    os.environ.clear()
    os.environ.update(request["environment"])
    for stream, path in ((0, os.devnull), (1, request["out"]), (2, request["err"])):
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(file, stream)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = (
        open(n, mode, encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
        for n, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    sys.argv = ["pipeline", *request["command"]]
    code = 0
    try:
        exec(request["first"], {})
        from pipeline.cli import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def serve() -> None:
    for name in IMPORTED:
        importlib.import_module(name)
    importlib.import_module("pipeline.frames").Shape.are_asked = True
    # a fork of a process with threads can hang: here are none but what allocators keep, and nothing was read or asked yet
    assert threading.active_count() == 1
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            code = run(json.loads(line))
            threading._shutdown()  # what Python does at its end
            atexit._run_exitfuncs()
            os._exit(code)
        print(json.dumps({"pid": pid}), flush=True)
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve()
