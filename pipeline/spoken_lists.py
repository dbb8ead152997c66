"""How offices make a dataset's lists and speak of them, as its card says; and which list names and titles call one, by these words.

What does not belong here: the words of any dataset (its card, schemas/<dataset>.py), and phrases of titles that do more than name a list (title_words.py).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.codes import fold
from pipeline.titles import ASIDE, NUMBERED, OFFICE

NEVER = re.compile(r"(?!)")  # in no text
REMEMBERED = 10_000  # texts: the same titles stand in many files


@dataclass(frozen=True)
class Spoken:
    """By what offices tell of a dataset, what a row of its lists is, and where besides its columns its rows say something. Patterns are of folded text. What
    a card leaves out is not read: then its files are told by their columns and names alone, and their rows are events."""

    calls: re.Pattern[str] = NEVER  # what calls a list one of it
    matter: re.Pattern[str] = NEVER  # what a column is called that is about such a fact, also in lists of others
    from_title: tuple[str, ...] = ()  # columns that a title says of all rows, where the list has no such column
    from_section: tuple[str, ...] = ()  # columns of codes that a section says of the rows below it; the first that it says is meant
    in_sections: re.Pattern[str] = NEVER  # what a section says besides
    undone: tuple[str, ...] | None = None  # of events: columns that, beside notes, may say that one did not come about
    became: str | None = None  # the column that says what became of one: where a list has it, a note leaves nobody out
    kind: str | None = None  # the column that says that a row is of the list, also below a section that names another matter
    # each row is somebody at the time that the list's titles say, and nobody has two; else it is an event, of which somebody may have several, and says its days
    one_row_each: bool = False
    # lists of two times are two, also where a line says nothing but a time; in other lists that may be of anything
    is_apart_by_time: bool = False
    kinds: str = ""  # a list of codes: lists whose titles say other ones of them are two


UNSPOKEN = Spoken()


class Lists:
    """Which dataset's list a name or a title calls one, by the words of the datasets' cards."""

    def __init__(self, spoken: Mapping[str, Spoken]):
        self._words = {dataset: of.calls for dataset, of in spoken.items()}
        self._asked: dict[tuple[str, bool], frozenset[str]] = {}

    def called(self, names: list[str], titles: list[str]) -> str | None:
        """The dataset that titles, else names of file and sheet, call a list; none where they speak of several. People alone are a roster."""
        for said in (self._of_any(titles, is_name=False), self._of_any(names, is_name=True)):
            of = said - {"personnel"} or said
            if said:
                return next(iter(of)) if len(of) == 1 else None
        return None

    def are_another(self, dataset: str, names: list[str], titles: list[str]) -> bool:
        """Whether a name, a title or a heading calls a list one of other datasets alone. A numeral before a heading is none of its words."""
        texts = [NUMBERED.sub("", fold(text)) for text in (*titles, *names)]
        said = [self._called(text, False) for text in texts if not OFFICE.match(text)]
        return any(said) and not any(dataset in of for of in said)

    def _of_any(self, texts: list[str], is_name: bool) -> frozenset[str]:
        return frozenset[str]().union(*(self._called(text, is_name) for text in texts))

    def _called(self, text: str, is_name: bool) -> frozenset[str]:
        """The datasets that a name or a title may call a list."""
        if (known := self._asked.get((text, is_name))) is not None:
            return known
        folded = fold(text) if is_name else ASIDE.split(fold(text))[0]
        is_office = not is_name and OFFICE.match(folded)
        said = frozenset[str]() if is_office else frozenset(dataset for dataset, words in self._words.items() if words.search(folded))
        if len(self._asked) >= REMEMBERED:
            self._asked.clear()
        self._asked[text, is_name] = said
        return said
