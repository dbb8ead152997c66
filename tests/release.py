"""`make release VERSION=0.3.0`: the version and its chapter of the changelog, ready to be committed and tagged.

Refuses what is no release: a version that is not above the last one, changes that nobody committed, nothing to tell. What does not belong here:
proving that the release is good; `make lint && make test` do.
"""

import argparse
import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

from pipeline.paths import PROJECT

VERSION = re.compile(r'^version = "([0-9]+\.[0-9]+\.[0-9]+)"$', re.MULTILINE)
UNRELEASED = re.compile(r"^## Unreleased\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


class NoRelease(Exception):
    """Why this cannot be released."""


def release(project: Path, version: str, day: dt.date) -> None:
    """Write the version into pyproject.toml, and give the changelog's open chapter its name. Raises NoRelease, and then nothing was changed."""
    settings, changes = project / "pyproject.toml", project / "CHANGELOG.md"
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", version):
        raise NoRelease(f"A version is three numbers like 0.3.0, not {version!r}.")
    found = VERSION.search(settings.read_text("utf-8"))
    last = found[1] if found else "0.0.0"
    if _numbers(version) <= _numbers(last):
        raise NoRelease(f"{version} is not above {last}, the last one.")
    told = UNRELEASED.search(changes.read_text("utf-8"))
    if not told or not told[1].strip():
        raise NoRelease("CHANGELOG.md tells of nothing below “Unreleased”.")
    settings.write_text(VERSION.sub(f'version = "{version}"', settings.read_text("utf-8"), count=1), "utf-8")
    chapter = f"## Unreleased\n\n## {version} ({day})\n{told[1]}"
    changes.write_text(changes.read_text("utf-8").replace(told[0], chapter, 1), "utf-8")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("version")
    version = parser.parse_args().version
    if subprocess.run(["git", "status", "--porcelain"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.strip():
        sys.exit("There are changes that nobody committed. Commit them, or put them away.")
    try:
        release(PROJECT, version, dt.date.today())
    except NoRelease as error:
        sys.exit(str(error))
    print(f"Version {version}. Now: make lint && make test, then git commit -am 'Version {version}' and git tag v{version}.")


if __name__ == "__main__":
    main()
