"""A folder that is written once holds the hashes of its files, so that a damaged one is seen before it is read.

In the form of `sha256sum -c`. What does not belong here: what is in a folder, and what to do where it is damaged.
"""

import hashlib
from pathlib import Path

from pipeline.whole import PART

SUMS = "SHA256SUMS"


class Damaged(Exception):
    """What lies in such a folder cannot be read. The words say how it is made again."""


def _sums(folder: Path) -> str:
    lines = []
    for file in sorted(folder.iterdir()):
        if file.name != SUMS:
            with file.open("rb") as opened:
                lines.append(f"{hashlib.file_digest(opened, 'sha256').hexdigest()}  {file.name}\n")
    return "".join(lines)


def write_sums(folder: Path) -> None:
    """The hashes of a folder's files, beside them."""
    (folder / SUMS).write_text(_sums(folder), "utf-8")


def is_whole(folder: Path) -> bool:
    """Whether a folder holds what it held when its hashes were written, and nothing else."""
    try:
        return (folder / SUMS).read_text("utf-8") == _sums(folder)
    except (OSError, UnicodeDecodeError):
        return False


def damaged(folder: Path) -> list[Path]:
    """Which of the folders in a folder are not whole; what is still being written (`.part`) is none."""
    return [one for one in sorted(folder.glob("*")) if one.is_dir() and one.suffix != PART and not is_whole(one)]
