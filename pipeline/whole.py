"""Files that come onto the disk whole or not at all: data, then name, then folder. A reader never sees half of one, nor does a crash leave half.

What does not belong here: what is in a file and where it lies, in which order a folder's files come, and logs, which grow by lines.
"""

import ctypes
import glob
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.paths import private

PART = ".part"  # how the name ends of what is still being written
ASIDE = ".old"  # and of what another is taking the place of
FEW = 8


def part_of(target: Path) -> Path:
    """Where something is written before it has its name."""
    return target.with_name(target.name + PART)


def lay_down(files: Iterable[tuple[Path, bytes]]) -> list[Path]:
    """Write files so that none ever has its name before its data is on disk; when it returns, the names are there too."""
    targets = []
    for target, data in files:
        target.parent.mkdir(parents=True, exist_ok=True)
        part_of(target).write_bytes(data)
        targets.append(target)
    targets = list(dict.fromkeys(targets))  # the same bytes may come twice
    sync([part_of(target) for target in targets])
    for target in targets:
        part_of(target).replace(target)
    sync({folder for target in targets for folder in (target.parent, target.parent.parent)})
    return targets


def write_whole(target: Path, text: str) -> None:
    """The whole text or nothing: a reader never sees half of it, nor does a crash or a power cut leave half."""
    lay_down([(target, text.encode())])


def write_private(path: Path, data: bytes) -> None:
    """A small file of our own, whole and on disk when this returns."""
    private(path.parent)
    part = part_of(path)
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync((path.parent,))


@contextmanager
def beside(folder: Path, name: str) -> Iterator[Path]:
    """A folder for what is to come into `folder`, on the same disk and hidden. Nothing of it stays, however this ends: what a killed process left, the next
    one here takes away. It is known by its number (a number that was given anew keeps it a while longer); a disk that two machines share is not thought of."""
    for left in folder.glob(f".{glob.escape(name)}-*{PART}"):
        number = left.name[len(name) + 2 : -len(PART)]
        if number.isdecimal() and (int(number) == os.getpid() or not _runs(int(number))):
            shutil.rmtree(left, ignore_errors=True)
    part = folder / f".{name}-{os.getpid()}{PART}"
    part.mkdir()
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)  # or it has its name by now


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True


def take_place(part: Path, folder: Path) -> None:
    """Give a folder that was made beside another one its name. A kill between leaves the old one aside, where `bring_back` finds it."""
    old = folder.with_name(f".{folder.name}{ASIDE}")
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def bring_back(place: Path) -> None:
    """What a kill left aside in a place, as `take_place` found it: the old folder where nothing took its place, else nothing of it."""
    for old in place.glob(f".*{ASIDE}"):
        folder = old.with_name(old.name[1 : -len(ASIDE)])
        if folder.exists():
            shutil.rmtree(old)
        else:
            old.rename(folder)


def switch(link: Path, to: Path) -> None:
    """Point a link elsewhere in one step."""
    if link.is_symlink() and Path(os.readlink(link)) == to:
        return
    part = part_of(link)
    part.unlink(missing_ok=True)
    part.symlink_to(to)
    part.replace(link)


def sync(paths: Collection[Path]) -> None:
    """Have files or folders on disk, in one turn of it where they are many: 1,900 files take fsync one by one some 3 s, syncfs 0.1 s.

    Linux says of syncfs what it says of fsync: it waits until all is written, and tells of what could not be.
    """
    together = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None) if len(paths) > FEW else None
    for path in [*paths][:1] if together else paths:
        opened = os.open(path, os.O_RDONLY)
        try:
            if together is None:
                os.fsync(opened)
            elif together(opened):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        finally:
            os.close(opened)
