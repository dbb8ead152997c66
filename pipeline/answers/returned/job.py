"""What is asked of whoever gives a workbook back: the file, what is said of its cells, and what may become of it.

What does not belong here: how a fault was found, and how it is written into a workbook.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pipeline.answers.read_as import ReadColumn
from pipeline.ledger.sealed import Seal


@dataclass(frozen=True)
class Fault:
    """A finding as its unit reads it."""

    severity: str
    dataset: str  # its label
    sheet: str | None
    row_no: int | None
    cell: str | None
    at: str | None  # where it is marked: the cell, or the row's first where the column is not there
    column: str | None  # its title
    found: str | None
    says: str
    rule: str
    key: str | None = None  # explanation key, where the unit may leave it as it is
    beside: tuple[
        str, ...
    ] = ()  # other cells that are marked with it: of a level that is marked in one of several columns, all of the row's
    also: tuple[tuple[str | None, str], ...] = ()  # cells whose rules could not be asked before this one is mended


@dataclass(frozen=True)
class Change:
    """A row that differs from the last accepted version."""

    dataset: str
    kind: str
    who: str | None
    sheet: str | None
    row_no: int | None
    what: str


@dataclass(frozen=True)
class Job:
    """A file to give back."""

    blob: Path
    name: str  # as its sender called it
    target: Path
    faults: tuple[Fault, ...]
    changes: tuple[Change, ...]
    reasons: dict[str, str] = field(default_factory=dict)  # explanations already given
    content_hash: str = ""  # what the blob's bytes must be
    seal: Seal | None = None  # what opens them
    columns: tuple[ReadColumn, ...] = ()  # how its forms were read, where there is anything to show of that


@dataclass(frozen=True)
class CellNote:
    """A note on a cell: who wrote it, what, and how large its box is."""

    author: str
    text: str
    width: int = 144
    height: int = 79


Notes = dict[str, CellNote]  # by address

# What became of a file besides its marks: nothing, values in the place of what led outside, or nothing left but its values.
Became = Literal["frozen", "values"] | None


@dataclass(frozen=True)
class Given:
    """A unit's workbook before anything is marked in it."""

    data: bytes
    became: Became = None
    notes: dict[str, Notes] = field(default_factory=dict)  # by sheet: theirs, which stand on no cell of `data` and are written with ours
    titles: dict[str, str] = field(default_factory=dict)  # the reader's name of a sheet → its title in `data`, where they differ


LOST = {
    "frozen": "công thức, danh sách chọn hoặc quy tắc tô màu lấy dữ liệu ngoài tệp hoặc dùng hàm không có trong danh mục cho phép đã được thay "
    "bằng giá trị hoặc bỏ đi",
    "values": "chỉ giá trị của các ô được giữ lại, không giữ định dạng và công thức",
}
