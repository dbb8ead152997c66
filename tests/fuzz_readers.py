"""`make fuzz-readers`: inputs made by atheris, guided by what they reach in our readers. `--write` puts the counts into docs/privacy.md.

Each reader (readers.py) is tried in a process of its own, which ends where it breaks: anything but its own refusal, more than 20 seconds, more than
a gibibyte. The input that broke it is kept. What does not belong here: what a reader must hold to.
"""

import argparse
import datetime as dt
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent
SECONDS, MEBIBYTES, LONGEST = 20, 1024, 20_000  # of one input; libFuzzer takes the last in bytes
DONE = re.compile(r"#(\d+)\s+(INITED|DONE)\s+cov: (\d+) ft: (\d+) corp: (\d+)/")


def tried(name: str) -> None:
    """This process becomes the fuzzer of one reader; it ends by itself. Our modules are looked into as they are imported."""
    import atheris

    with atheris.instrument_imports(include=["pipeline.intake", "pipeline.answers.harmless", "pipeline.answers.returned"]):
        import readers
    sys.argv = [sys.argv[0], *sys.argv[sys.argv.index("--") + 1 :]]
    reader = readers.READERS[name]
    atheris.Setup(sys.argv, reader.read)
    atheris.Fuzz()


def attempt(name: str, minutes: float, kept: Path, seed: int) -> tuple[str, bool]:
    """A reader's line of the page, and whether it held."""
    import readers

    with tempfile.TemporaryDirectory() as folder:
        corpus, words = Path(folder, "corpus"), Path(folder, "words")
        corpus.mkdir()
        for number, data in enumerate(readers.READERS[name].seeds()):
            corpus.joinpath(str(number)).write_bytes(data)
        words.write_text("\n".join(f'"{_escaped(word)}"' for word in readers.READERS[name].words))
        limits = [f"-max_total_time={60 * minutes:.0f}", f"-timeout={SECONDS}", f"-rss_limit_mb={MEBIBYTES}", f"-max_len={LONGEST}"]
        command = [sys.executable, __file__, "--reader", name, "--", *limits, f"-seed={seed}", f"-artifact_prefix={kept}/", str(corpus)]
        command += [f"-dict={words}"] if words.read_text() else []
        before = _core_seconds()
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=os.environ | {"TMPDIR": folder})
    (kept / f"{name}.log").write_text(done.stderr + done.stdout)
    stages = {stage: (int(n), int(edges), int(features)) for n, stage, edges, features, _ in DONE.findall(done.stderr)}
    took = _core_seconds() - before
    inputs, edges, features = stages.get("DONE", (0, 0, 0))
    began = stages.get("INITED", (0, 0, 0))
    said = "nothing" if done.returncode == 0 else f"{_why(done.stderr)}: see its log"
    return f"| {name} | {inputs:,} | {began[1]:,} → {edges:,} | {began[2]:,} → {features:,} | {took:,.0f} | {said} |", done.returncode == 0


def _core_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _escaped(word: str) -> str:
    """
    >>> _escaped("a<")
    '\\\\x61\\\\x3c'
    """
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


def _why(log: str) -> str:
    found = re.findall(r"=== Uncaught Python exception: ===\n([^\n:]+)|ERROR: libFuzzer: ([^\n(]+)", log)
    return " ".join("".join(one) for one in found[-1:]).strip() or "it ended"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10, help="for each reader")
    options.add_argument("--only", nargs="*", help="readers by name")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument(
        "--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-readers", help="where logs and breaking inputs stay"
    )
    options.add_argument("--write", action="store_true", help="write the section of docs/privacy.md")
    chosen = options.parse_args()
    import attack
    import readers

    chosen.keep.mkdir(parents=True, exist_ok=True)
    lines, held = [], True
    for name in chosen.only or readers.READERS:
        line, good = attempt(name, chosen.minutes, chosen.keep, chosen.seed)
        print(line, flush=True)
        lines.append(line)
        held &= good
    head = [
        f"`make fuzz-readers` tries on your machine. Tried on {dt.date.today()}: {attack.machine()}, seed {chosen.seed}. An input that takes more than "
        f"{SECONDS} seconds or {MEBIBYTES} MiB breaks its reader as an error does; so does a workbook that is passed on although another grammar "
        "(tests/active.py) finds something in it. What is reached is counted by atheris: branches, and how often each was taken.",
        "",
        "| reader | inputs | branches reached, first files → end | features | seconds of a core | broke by |",
        "|---|---:|---:|---:|---:|---|",
    ]
    if chosen.write:  # lines of readers that were not tried now stay
        page = attack.PAGE.read_text("utf-8") if attack.PAGE.exists() else ""
        kept = {name: line for name in readers.READERS for line in [*page.splitlines(), *lines] if line.startswith(f"| {name} | ")}
        attack.write("Readers, looked into", [*head, *kept.values()])
    if not held:
        raise SystemExit(f"A reader broke; its input is in {chosen.keep}.")


if __name__ == "__main__":
    if "--reader" in sys.argv:
        tried(sys.argv[sys.argv.index("--reader") + 1])
    else:
        main()
