"""What the reader must know of the datasets: their headers, names and columns, and what units call them.

What does not belong here: what a schema says (judging/layouts.py makes a layout of them), and where a header stands.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from pipeline.codes import code_of, fold, labels, written
from pipeline.intake.rows import Row, plain
from pipeline.spoken_lists import UNSPOKEN, Lists, Spoken

WHO = {"danh sach", "dang vien", "danh sach dang vien", "ds dang vien", "ho so"}  # beside another dataset's name they only say whose
REMEMBERED = 10_000  # texts, of a dataset


# What brackets in a header say of how its cells are written, and not of what they are.
HOW_WRITTEN = re.compile(
    r"\s*\((?:\*+|x|[0-9]+ (?:chữ )?số|d{1,2}[/.-]m{1,2}[/.-]y{2,4}|ngày[ ,/]*tháng[ ,/]*năm|nếu có|ghi rõ|Đảng, chính quyền(?:, đoàn thể)?|(?:ghi )?theo (?:số )?(?:CCCD|CMND|căn cước|giấy khai sinh|khai sinh|hồ sơ|lý lịch)[^)]*|đánh dấu[^)]*|viết hoa|in hoa|bắt buộc)\)\s*",
    re.IGNORECASE,
)


class Headers(dict[str, str]):
    """Headers by their folded text, asked with the text as it stands: letters decide where a word without its marks is another one."""

    def __init__(self, headers: dict[str, str], unlike: frozenset[str], flags: dict[str, "Flag"] | None = None):
        super().__init__(headers)
        self.unlike = unlike  # words that are no header, although one is written with the same letters but for their marks
        self.flags = flags or {}  # written header → what a mark below it says
        self.flagged = frozenset(map(fold, self.flags))
        self._asked: dict[str, str | None] = {}  # a header and a title stand in many sheets, and are asked for several times in each
        self._matched: dict[tuple[str | None, ...], dict[str, int]] = {}
        self._words: dict[str, frozenset[str]] = {}
        self.joined: dict[Any, Any] = {}  # rows → their header (header_trees)

    def of(self, text: str) -> str | None:
        """The column that a text is a header of; None where it is none."""
        try:
            return self._asked[text]
        except KeyError:
            pass
        folded = fold(text)
        column = self.get(folded)
        if column is None and "(" in text and (bare := HOW_WRITTEN.sub(" ", text)) != text:
            return self.of(bare)
        column = None if column is None or plain(text) in self.unlike else column
        if column is None and folded in self.flagged and (flag := self.flags.get(written(text))):
            column = flag.column
        if len(self._asked) >= REMEMBERED:
            self._asked.clear()  # most are names of people, of whom a city has more than are worth remembering
        self._asked[text] = column
        return column

    @cached_property
    def _parts(self) -> frozenset[str]:
        """All that headers are made of: the words that stand side by side in any of them; and no word."""
        words = [header.split() for header in (*self, *self.flagged)]
        return frozenset(" ".join(of[i:j]) for of in words for i in range(len(of)) for j in range(i + 1, len(of) + 1)) | {""}

    @cached_property
    def titles(self) -> dict[str, str]:
        """Column → its first header, folded: what the template calls it."""
        return {column: header for header, column in reversed(self.items()) if column}

    def may_say(self, row: Row) -> bool:
        """Whether any cell of a row could be a header, or a part of one that goes over several cells."""
        return any("(" in cell or fold(cell) in self._parts for cell in row if cell)

    def named_at(self, row: Row, places: Iterable[int]) -> dict[str, int]:
        """Column → position, the first one where a header stands twice; of these places of a row."""
        found: dict[str, int] = {}
        for position in places:
            if (cell := row[position]) and (column := self.of(cell)):
                found.setdefault(column, position)
        return found

    def words_of(self, column: str) -> frozenset[str]:
        """The words of all headers that mean a column."""
        if column not in self._words:
            self._words[column] = frozenset(word for header, of in self.items() if of == column for word in header.split())
        return self._words[column]

    def matched(self, row: tuple[str | None, ...]) -> dict[str, int]:
        """Column → position, the first one where a header stands twice; not to be changed."""
        if row in self._matched:
            return self._matched[row]
        if found := self.named_at(row, range(len(row))):
            if len(self._matched) >= REMEMBERED:
                self._matched.clear()
            self._matched[row] = found
        return found


@dataclass(frozen=True)
class Flag:
    """What a column to be marked says: of whoever bears a mark, and of all others where anybody does."""

    column: str
    marked: str  # as a cell of the column would say it
    otherwise: str | None


BELOW = " › "  # between a group of a header and what stands below it


TO_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def short(said: object) -> str:
    """A short hash of what is said, for telling whether it is the same."""
    return hashlib.sha256(TO_JSON.encode(said).encode()).hexdigest()[:12]


class Part(StrEnum):
    """What of a dataset's column stands in a form's column (code list `form_part`)."""

    WHOLE = "WHOLE"
    FIRST = "FIRST"  # of two columns that together are one: “Họ và chữ đệm”, “Tên”
    LAST = "LAST"
    MEN = "MEN"  # a day, of men; it says the sex as well
    WOMEN = "WOMEN"
    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"
    MARK = "MARK"  # whoever is marked has the code `says`
    FLAG = "FLAG"  # as MARK, and where anybody is marked all others have another code
    PERIOD = "PERIOD"  # of the year or quarter that its header says
    NEXT = "NEXT"  # where the column before it that means the same is blank


@dataclass(frozen=True)
class FormColumn:
    """A column of a form. `means` None: nobody knows what it means; blank: the city said that it is left out."""

    position: int
    header: str  # with the groups above it
    means: str | None = None
    part: Part = Part.WHOLE
    says: str = ""  # the label of the code that a mark means; blank where it is no code: then a marked cell cannot be read, and is told
    otherwise: str = ""  # of a FLAG, the label of all others


@dataclass(frozen=True)
class Form:
    """A form whose meaning the city confirmed."""

    dataset: str
    columns: tuple[FormColumn, ...]

    @cached_property
    def meaning(self) -> str:
        """A short hash of what it means: files of the form are judged again when this is another."""
        return short([self.dataset, [asdict(c) for c in self.columns]])

    @cached_property
    def words(self) -> dict[str, str]:
        """Leaf, folded → the column that it means; of those that stand there once."""
        leaves = [fold(c.header.rsplit(BELOW, 1)[-1]) for c in self.columns]
        read = {Part.WHOLE, Part.FIRST, Part.FLAG}
        return {leaf: c.means or "" for leaf, c in zip(leaves, self.columns, strict=True) if leaves.count(leaf) == 1 and c.part in read}


@dataclass(frozen=True)
class Layout:
    """What the reader must know of the datasets, from the schemas; headers and names are folded."""

    names: dict[str, str]  # file or sheet name → dataset
    headers: dict[str, Headers]  # dataset → header → column
    required: dict[str, frozenset[str]]  # dataset → columns whose headers together say that a table is one
    # dataset → column → a level's spelling → its label; marks below no group's name are the first column's
    marks: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    anchors: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns that only a detail row fills
    person: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns that say who it is
    ditto: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns where “nt” means: as above
    dates: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns that hold days
    # dataset → column that can be added up → how its cells are read
    numbers: dict[str, dict[str, Callable[[str], float | None]]] = field(default_factory=dict)
    besides: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns that lists of any purpose may have
    needed: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → those of them without which a table is refused
    tells: dict[str, frozenset[str]] = field(
        default_factory=dict
    )  # dataset → columns of which its header has one at least, where any is said
    ours: frozenset[str] = frozenset()  # sheets that a template brings along: nothing of the unit's
    people: dict[str, frozenset[str]] = field(default_factory=dict)  # dataset → columns that hold a person's name
    words: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)  # dataset → code column → its words, folded
    lists: dict[str, dict[str, str]] = field(default_factory=dict)  # dataset → code column → its list
    parts: dict[str, dict[str, tuple[frozenset[str], frozenset[str]]]] = field(
        default_factory=dict
    )  # dataset → column → headers of its two
    until: dict[str, dict[str, str]] = field(
        default_factory=dict
    )  # dataset → column of first days → that of last ones, which one cell may say
    behind: dict[str, dict[str, str]] = field(default_factory=dict)  # dataset → column of days → the column in whose cells they may stand
    # dataset → code column → column of days, months before the period's end, label of whoever has such a day
    implied: dict[str, dict[str, tuple[tuple[str, int | None, str], ...]]] = field(default_factory=dict)
    spoken: dict[str, Spoken] = field(default_factory=dict)  # dataset → by which words offices tell of it
    lesser: dict[str, dict[str, str]] = field(default_factory=dict)  # dataset → header → column, where no other means it
    # What the city confirmed. Sender → dataset → its own header → column, "" for none; and forms by their code.
    own: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)

    @cached_property
    def of_people(self) -> frozenset[str]:
        """What lists of any purpose say of their people."""
        return frozenset({"birth_date"}).union(*self.besides.values())

    @cached_property
    def telling(self) -> dict[str, frozenset[str]]:
        """Dataset → columns that no other has and by which such a list is told, in words and not by a day."""
        found = {}
        for name, required in self.required.items():
            others = (set(headers.values()) for other, headers in self.headers.items() if other != name)
            told = required | self.tells.get(name, frozenset())
            found[name] = told.difference(self.dates.get(name, ()), self.person.get(name, ()), *others)
        return found

    @cached_property
    def by_words(self) -> Lists:
        """Which dataset's list names and titles call one."""
        return Lists(self.spoken)

    def spoken_of(self, dataset: str) -> Spoken:
        """By which words offices tell of a dataset."""
        return self.spoken.get(dataset, UNSPOKEN)

    @cached_property
    def bare_days(self) -> frozenset[str]:
        """Headers of the first or last day of something, of which lists of several kinds have one: “Từ ngày”."""
        said = {(h, column) for name, own in self.headers.items() for h, column in own.items() if column in self.dates.get(name, ())}
        ends = [h for h, column in said if column.endswith(("_from", "_to"))]
        return frozenset(h for h in ends if ends.count(h) > 1)

    @cached_property
    def with_days(self) -> dict[str, dict[str, str]]:
        """Dataset of events with such days → headers of what it alone is about → column. What a roster has besides, any list may say of people."""
        columns = {name: frozenset(own.values()) - self.besides.get(name, frozenset()) for name, own in self.headers.items()}
        events = [n for n, own in self.headers.items() if not self.tells.get(n) and not self.bare_days.isdisjoint(own)]
        return {
            name: {
                h: column
                for h, column in self.headers[name].items()
                if h not in self.bare_days and not any(column in of for other, of in columns.items() if other != name)
            }
            for name in events
        }

    @cached_property
    def known(self) -> frozenset[str]:
        """Every dataset's headers."""
        return frozenset().union(*self.headers.values())

    @cached_property
    def _flagged(self) -> frozenset[str]:
        return frozenset().union(*(headers.flagged for headers in self.headers.values()))

    @cached_property
    def _spoken(self) -> dict[str, bool]:
        return {}

    def may_name(self, row: Row) -> list[int]:
        """Which cells of a row could be a header of any dataset."""
        spoken, places = self._spoken, []
        for position, cell in enumerate(row):
            if not cell:
                continue
            if (may := spoken.get(cell)) is None:
                folded = fold(cell)
                if len(spoken) >= REMEMBERED:
                    spoken.clear()
                may = spoken[cell] = "(" in cell or folded in self.known or folded in self._flagged
            if may:
                places.append(position)
        return places

    @cached_property
    def whose(self) -> frozenset[str]:
        """Headers of the columns that say who it is."""
        return frozenset(h for name, own in self.headers.items() for h, column in own.items() if column in self.person.get(name, ()))

    @cached_property
    def levels(self) -> dict[str, str]:
        """A level's spelling → its label."""
        return {
            spelling: label for of in [*self.marks.values()][::-1] for labels in [*of.values()][::-1] for spelling, label in labels.items()
        }

    def label_of(self, dataset: str, column: str, text: str) -> str | None:
        """The label of the code of a column that a text is a spelling of."""
        code = code_of(name, text) if (name := self.lists.get(dataset, {}).get(column)) else None
        return labels(name)[code] if name and code else None

    @cached_property
    def codes(self) -> dict[str, frozenset[str]]:
        """Dataset → the words of all its code lists."""
        return {name: frozenset().union(*words.values()) for name, words in self.words.items()}

    def named(self, name: str) -> str | None:
        """The dataset that a file's or a sheet's name is."""
        return self.names.get(fold(name))

    def mentioned(self, name: str) -> str | None:
        """The dataset that a name speaks of among other words: "DS Xếp loại Q1"; none where it speaks of two."""
        text = f" {fold(name)} "
        said = {word for word in self.names if f" {word} " in text}
        found = {self.names[word] for word in said - WHO or said}
        return found.pop() if len(found) == 1 else None

    def headers_of(self, dataset: str, sender: str, form: Form | None = None) -> Headers:
        """Headers as this sender writes them, and as they stand in this form: what the city confirmed goes before what everybody means."""
        own = self.own.get(sender, {}).get(dataset, {}) | (form.words if form else {})
        headers = self.headers[dataset]
        return Headers(headers | own, headers.unlike - own.keys(), headers.flags) if own else headers

    def meaning(self, code: str, sender: str) -> str:
        """A short hash of what the city confirmed of a form and of a sender's own headers: what is read by it is read again when it is another."""
        form, own = self.forms.get(code), self.own.get(sender)
        return short([form and form.meaning, own]) if form or own else ""
