"""Find and fingerprint what units sent. What does not belong here: opening a spreadsheet.

One entry never stops the city: a name that is no text, a link, a pipe, a folder where a file belongs, what may not be read or is too large is
found like any file, with a word in the place of its hash; it becomes one refused submission, and is looked at again every night.
"""

import datetime as dt
import errno
import hashlib
import io
import os
import pwd
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.paths import Home

PERIOD = re.compile(r"\A(20[0-9]{2})(-Q[1-4])?\Z")
REGISTRY_FILES = ("units", "calendar", "withdrawals", "forms", "confirmations", "identities", "signers", "programmes", "providers", "posts")
LARGEST_VARIABLE, LARGEST = "PERSONNEL_LARGEST_FILE", 200 * 2**20  # bytes
FORMS = "forms"  # of these many files, in a folder
# What systems and office programs lay beside files: nobody sent it.
OF_THE_SYSTEM = re.compile(
    r"\..*|~\$.*|~WRL\d+\.tmp|desktop\.ini|thumbs\.db|.*:zone\.identifier|__macosx|icon\r", re.IGNORECASE | re.DOTALL
)
SPREADSHEET = re.compile(r".*\.(?:xlsx?|xlsm|xlsb|ods|csv|tsv)", re.IGNORECASE | re.DOTALL)
NOT_READ = "not-read-"  # how the word in the place of a hash begins
NO_FILE, CLOSED, TOO_LARGE = "no-file", "closed", "too-large"  # and why: no regular file of the folder's own; no permission; size
ERASED = "erased"  # or: the archive put a tombstone in the place of these bytes
NO_PLACE = "no-place"  # or: it lies in a folder below a unit's
STRANGER = "stranger"  # somebody's who is not among the owners that a setting names
OWNERS_VARIABLE = "PERSONNEL_OWNERS"  # of submissions: names or numbers of users, parted by commas; unset: anybody


@dataclass(frozen=True)
class Found:
    """An entry below data/raw: its period and sender are the folders' names, blank where it lies elsewhere."""

    path: str  # below raw, with forward slashes, as it can be shown
    period: str
    sender_code: str
    content_hash: str  # or why there is none
    size: int
    file: str = ""  # how the system calls it


def find(home: Home) -> tuple[list[Found], list[str]]:
    """Every entry that units sent, by path; and the paths that went away while they were looked at.

    Only regular files without a second name (hard link) are read. Office locks, hidden files and the registry are not submissions.
    """
    found, gone, limit, owners = [], [], largest(), _owners()
    for full, why in _entries(home):
        parts = [printable(part) for part in os.path.relpath(full, home.raw).split(os.sep)]
        path, size, content_hash = "/".join(parts), 0, ""
        try:
            about = os.lstat(full)
            size, why = about.st_size, _no_place(parts) or why or _no_submission(about, limit, owners)
            if not why:
                content_hash = _hash_of(full, _seen(about), str(home.raw))
        except FileNotFoundError:
            gone.append(path)
            continue
        except OSError:
            why = CLOSED
        if why:
            content_hash = unread(path, why)
        # a unit's folder that cannot be entered is that unit's own entry, and so is what lies deeper
        is_of_unit = len(parts) > 2 or (len(parts) == 2 and why is not None)
        period, sender_code = parts[:2] if is_of_unit and PERIOD.match(parts[0]) else ("", "")
        found.append(Found(path, period, sender_code, content_hash, size, full))
    return found, gone


def _entries(home: Home) -> Iterator[tuple[str, str | None]]:
    """Whatever is no folder that we enter, in order; last, with the word for it, each folder that may not be entered."""
    closed: list[OSError] = []
    for folder, folders, names in os.walk(home.raw, onerror=closed.append):
        inside = len(os.path.relpath(folder, home.raw).split(os.sep)) >= 2
        entered = []
        for name in sorted(folders):
            full = os.path.join(folder, name)
            if OF_THE_SYSTEM.fullmatch(name) or full == str(home.registry):
                continue
            if os.path.islink(full) or (inside and SPREADSHEET.fullmatch(name)):
                yield full, None
            else:
                entered.append(name)
        folders[:] = entered
        for name in sorted(names):
            full = os.path.join(folder, name)
            if not OF_THE_SYSTEM.fullmatch(name) and full != str(home.sample_marker):
                yield full, None
    yield from ((path, CLOSED) for path in sorted(str(error.filename) for error in closed))


def largest() -> int:
    """Bytes that a file may have to be read."""
    given = os.environ.get(LARGEST_VARIABLE) or str(LARGEST)
    if not given.isascii() or not given.isdigit():
        raise SystemExit(f"{LARGEST_VARIABLE} must be a number of bytes like {LARGEST}, not {given!r}.")
    return int(given)


def _owners() -> frozenset[int] | None:
    """Numbers of the users whose files are submissions, or None for anybody's."""
    given = os.environ.get(OWNERS_VARIABLE, "").strip()
    if not given:
        return None
    try:
        return frozenset(int(name) if name.isdecimal() else pwd.getpwnam(name).pw_uid for name in map(str.strip, given.split(",")))
    except (KeyError, ValueError):
        raise SystemExit(f"{OWNERS_VARIABLE} must name users of this system, parted by commas; one of them is none.") from None


def _no_submission(about: os.stat_result, limit: int, owners: frozenset[int] | None) -> str | None:
    """Why an entry is not read, from what the system says of it: a pipe would wait for ever, a link may lead to another unit's people."""
    if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
        return NO_FILE
    if owners is not None and about.st_uid not in owners:
        return STRANGER
    return TOO_LARGE if about.st_size > limit else None


def _no_place(parts: list[str]) -> str | None:
    return NO_PLACE if len(parts) > 3 and PERIOD.match(parts[0]) else None


def unread(path: str, why: str) -> str:
    """The word in the place of a hash."""
    return f"{NOT_READ}{why}-{fingerprint(path.encode())[:16]}"


def why_not_read(content_hash: str) -> str | None:
    """
    >>> why_not_read("not-read-no-file-0123456789abcdef"), why_not_read("e3b0c44298fc1c14")
    ('no-file', None)
    """
    return content_hash.removeprefix(NOT_READ).rpartition("-")[0] if content_hash.startswith(NOT_READ) else None


def printable(name: str) -> str:
    """A name as it can be shown, written down and told apart: what is no letter, sign or space stands as its bytes, and so does a backslash.

    >>> printable("Nhân sự.xlsx"), printable("a\\nb"), printable(os.fsdecode(b"\\xff.csv")), printable("a\\\\xff")
    ('Nhân sự.xlsx', 'a\\\\x0ab', '\\\\xff.csv', 'a\\\\x5cxff')
    """
    return "".join(c if c != "\\" and unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else _bytes(c) for c in name)


def _bytes(character: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(character))


def find_registry(home: Home) -> dict[str, str]:
    """The registry's files by name, with their hashes; a folder that may not be entered stands there by itself."""
    try:
        names = _registry_entries(home)
    except OSError:
        return {home.registry.name: f"{NOT_READ}{CLOSED}-{home.registry.name}"}
    return {name: _registry_hash(home.registry / name) for name in names if registry_name(name)}


def _registry_entries(home: Home) -> list[str]:
    """What lies in the registry and in its folder of forms, by its path there."""
    try:
        names = sorted(file.name for file in home.registry.iterdir())
        return [name for name in names if name != FORMS] + sorted(f"{FORMS}/{file.name}" for file in _folder_of_forms(home))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _folder_of_forms(home: Home) -> list[Path]:
    try:
        return list((home.registry / FORMS).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def registry_name(file: str) -> str | None:
    """Which of the registry's lists a file is, by its path there; None for any other file.

    >>> registry_name("units.xlsx"), registry_name("Programmes.CSV"), registry_name("programme.xlsx"), registry_name("units.pdf")
    ('units', 'programmes', None, None)
    >>> registry_name("forms/So-dang-vien.csv"), registry_name("layouts.csv"), registry_name("forms/readme.txt")
    ('forms', 'forms', None)
    """
    stem, _, suffix = file.lower().rpartition(".")
    is_form = stem.startswith(f"{FORMS}/") and not OF_THE_SYSTEM.fullmatch(file.removeprefix(f"{FORMS}/"))
    stem = FORMS if is_form or stem == "layouts" else stem  # as earlier versions called the headers of one unit
    return stem if stem in REGISTRY_FILES and suffix in ("xlsx", "csv") else None


def passed_over(home: Home) -> list[str]:
    """Files that lie in the registry and are none of its lists: whoever laid them there may think that they are read."""
    try:
        names = _registry_entries(home)
    except OSError:
        return []
    return [printable(name) for name in names if not registry_name(name) and not OF_THE_SYSTEM.fullmatch(name.removeprefix(f"{FORMS}/"))]


def _registry_hash(file: Path) -> str:
    """The city's own files may be links, have other names, and are none of those that a setting keeps small."""
    try:
        about = file.stat()
        why = TOO_LARGE if about.st_size > LARGEST else None
        if not why:
            with open_regular(file.resolve(), _seen(about)) as opened:
                return fingerprint(opened.read())
    except FileNotFoundError:
        why = NO_FILE
    except OSError:
        why = CLOSED
    return f"{NOT_READ}{why}-{file.name}"


def period_days(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of `2021` or `2021-Q1`.

    >>> period_days("2021-Q4")
    (datetime.date(2021, 10, 1), datetime.date(2021, 12, 31))
    """
    year, quarter = int(period[:4]), int(period[6]) if len(period) > 4 else None
    first, last = (quarter * 3 - 2, quarter * 3) if quarter else (1, 12)
    following = dt.date(year + last // 12, last % 12 + 1, 1)
    return dt.date(year, first, 1), following - dt.timedelta(days=1)


@cache  # a load looks twice: before it imports the frame, and when it records what it found
def _hash_of(file: str, as_it_was: tuple[int, ...], below: str) -> str:
    with open_regular(file, as_it_was, below) as opened:
        return fingerprint(opened.read())


def open_regular(file: str | Path, as_it_was: tuple[int, ...] | None = None, below: str = "") -> io.BufferedReader:
    """A regular file to read, the very one that was looked at. Its name, or that of a folder on the way to it from `below`, may lead elsewhere
    by now: to a pipe, which would wait for ever, or to another unit's people. Then it raises FileNotFoundError, for what was seen is there
    no more."""
    try:
        descriptor = _descriptor(file, below)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)) from None
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode) or as_it_was not in (None, _seen(about)):
        os.close(descriptor)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    return os.fdopen(descriptor, "rb")


def _descriptor(file: str | Path, below: str) -> int:
    """A file, opened from folder to folder: none but `below` itself, which may be a link or a mount, is entered by a link."""
    if not below:
        return os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    *folders, name = os.fspath(file).removeprefix(below + os.sep).split(os.sep)
    inside = os.open(below, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            outside, inside = inside, os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=inside)
            os.close(outside)
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=inside)
    finally:
        os.close(inside)


def _seen(about: os.stat_result) -> tuple[int, ...]:
    """What tells a file from any other, and from what it was before."""
    return about.st_dev, about.st_ino, about.st_nlink, about.st_size, about.st_mtime_ns, about.st_ctime_ns


def fingerprint(data: bytes) -> str:
    """The hash by which a file's bytes are known everywhere (SHA-256, hexadecimal)."""
    return hashlib.sha256(data).hexdigest()
