"""Headers among a sheet's rows, and what they say of it: which list it is, or that nobody knows.

What does not belong here: which rows a header has (header_spans), what its texts say (header_texts, header_trees), and rows below it.
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.codes import fold
from pipeline.intake.cells import Merge
from pipeline.intake.forms import confirmed, header_of, holds_values, unknown_header
from pipeline.intake.header_spans import NONE, best_header, groups_among, has_leaves_below
from pipeline.intake.header_texts import complete
from pipeline.intake.headers import MARKED, Header, unknown
from pipeline.intake.layout import Form, Layout
from pipeline.intake.level_sections import have_level_sections
from pipeline.intake.punished import DISCIPLINE, are_punished
from pipeline.intake.roster_words import OF_A_CAREER, OF_A_ROSTER, SAID_BESIDES, are_besides, says_pay
from pipeline.intake.rows import Row
from pipeline.intake.who_left import matters

ROSTER = "personnel"
THIN = 3  # columns of a roster all of whose columns are known: a name, and what a list of anybody says of him
OF_ANYBODY = re.compile(  # folded: what is said of people whatever a list is for
    r"que quan|que|noi sinh|noi o(?: hien nay)?|noi cu tru|cho o(?: hien nay)?|dia chi(?: thuong tru)?|ho khau(?: thuong tru)?|ton giao|tuoi(?: doi| dang)?|trinh do (?:van hoa|hoc van)|van hoa"
)
OWN = {ROSTER: 2}  # columns of one dataset alone that tell a list of it, though others are missing; of the other datasets one


def find_header(
    rows: Sequence[Row],
    start: int,
    dataset: str,
    layout: Layout,
    sender: str = "",
    spoken: dict[int, list[int]] | None = None,
    groups: Mapping[int, bool] = NONE,
) -> Header:
    """A dataset's header among rows, with all that its texts say. `spoken`, `groups`: as in `best_header`."""
    header = best_header(rows, start, dataset, layout, sender, spoken, groups)
    return complete(header, rows, dataset, layout, layout.headers_of(dataset, sender))


class Search:
    """Headers among a sheet's rows, each looked for once: a sheet's own is asked for when it is told what it is, and when it is read."""

    def __init__(self, rows: Sequence[Row], layout: Layout, sender: str, merged: Sequence[Merge] = ()):
        self.rows, self.layout, self.sender = rows, layout, sender
        self._groups = groups_among(rows, merged, layout)
        self._found: dict[tuple[str, int, int], Header] = {}
        self._spoken: dict[int, list[int]] = {}  # number of a row → its cells that could name a column
        self._confirmed: tuple[Form, int, int] | None = None  # a form of another dataset than its header looks like; its first and last row

    def header(self, dataset: str, start: int = 0, end: int | None = None) -> Header:
        """The header of a dataset among the rows from `start` to `end`; not to be changed."""
        end = len(self.rows) if end is None else min(end, len(self.rows))
        found = self._found.get((dataset, start, end))
        if found is None:
            rows = self.rows if end == len(self.rows) else self.rows[:end]
            found = find_header(rows, start, dataset, self.layout, self.sender, self._spoken, self._groups)
            if (form := confirmed(rows, found, self.layout)) and form.dataset == dataset:
                found = header_of(form, self.rows, found.top, found.bottom)
            elif (own := self._confirmed) and own[0].dataset == dataset and start <= own[1] and own[2] < end:
                found = header_of(own[0], self.rows, own[1], own[2])
            self._found[dataset, start, end] = found
        return found

    def size(self, dataset: str, start: int = 0, end: int | None = None) -> int:
        """How many positions a dataset's header explains, without what lists of any purpose say of their people."""
        return self.header(dataset, start, end).size(self.layout.besides.get(dataset, frozenset()))

    def form(self, dataset: str | None) -> Form | None:
        """The form whose header the sheet has, taken for a list of this dataset or for nobody's, where the city confirmed what it means."""
        header = (self.header(dataset) if dataset else self.any_header()) if self.layout.forms else None
        if header is None:
            return None
        form = header.confirmed or confirmed(self.rows, header, self.layout)
        if form and not header.confirmed:
            self._confirmed = form, header.top, header.bottom
            self._found.clear()
        return form

    def most_like(self) -> str | None:
        """The dataset whose columns a header nobody knows has most of."""
        dataset = max(self.layout.required, key=self.size)
        return dataset if self.size(dataset) >= MARKED else None

    def any_header(self) -> Header | None:
        """Where the header of a list that nobody knows most likely stands."""
        header = max((self.header(dataset) for dataset in self.layout.required), key=len)
        if len(header) >= MARKED:
            return header
        found = unknown_header(self.rows)
        while found is not None and has_leaves_below(self.rows, found.bottom, self._groups) and found.bottom - found.top < MARKED:
            found.bottom += 1
        return None if found is None or holds_values(self.rows, found, self.layout.known) else found

    def forget(self) -> None:
        """The rows were changed."""
        self._found.clear()
        self._spoken.clear()

    def dataset(self, start: int = 0, end: int | None = None) -> str | None:
        """The dataset all of whose required headers stand in the first header; of several, the one with most; of equals, none."""
        fitting = {}
        for dataset, required in self.layout.required.items():
            header = self.header(dataset, start, end)
            if (size := self.size(dataset, start, end)) > 1 and header.knows(required):
                fitting[dataset] = (-header.top, size)
        best = [d for d, rank in fitting.items() if rank == max(fitting.values())]
        return best[0] if len(best) == 1 else None

    def likely(self, names: list[str], otherwise: str | None) -> str | None:
        """The dataset that titles above a header or the names of file and sheet call a list, where its columns bear that out.

        It says who its people are, something of it is that dataset's alone, and of five columns two or more are known. Voters, payrolls and families have such
        columns too: that something is a list calls it nothing. What its columns alone would make of it (`otherwise`) it is not even where it lacks
        what its own dataset needs: so it is refused for that.
        """
        dataset = self.layout.by_words.called(names, self.titles())
        if dataset is None:
            return None
        header, needed = self.header(dataset), self.layout.needed.get(dataset, frozenset())
        left = unknown(self.rows, header, self.layout.headers_of(dataset, self.sender))
        size = self.size(dataset)
        is_own = self._own(dataset) >= OWN.get(dataset, 1) and (len(left) + len(header) - size) * 2 <= size * 3
        strange = sum(not SAID_BESIDES.fullmatch(fold(text)) for text in left.values())  # what a list of events says besides is known
        is_own = is_own or (dataset != ROSTER and self._own(dataset) > 1 and strange * 2 <= size * 3)
        is_own = is_own or (dataset == ROSTER and (self._is_thin_roster(header, left) or self._is_full_roster(header, left)))
        if dataset == "ratings" and not header.knows(needed) and not header.levels and have_level_sections(self.rows[header.bottom + 1 :]):
            is_own, needed = True, frozenset()  # what it needs stands in its sections
        return (
            dataset if is_own and (otherwise or header.knows(needed)) and not header.said.isdisjoint(self.layout.person[dataset]) else None
        )

    def _is_thin_roster(self, header: Header, left: Mapping[int, str]) -> bool:
        """Does a list that its own title calls a roster say whose birth date or post stands beside each name, and nothing that is not understood? What a
        payroll, a list to be signed or a course has besides would be among the columns that are not."""
        says_who = "full_name" in header.columns and not header.said.isdisjoint(("birth_date", "post_code"))
        is_known = len(header) >= THIN and all(OF_ANYBODY.fullmatch(fold(text)) or matters(text) for text in left.values())
        return (
            says_who
            and is_known
            and self.layout.by_words.called([], self.titles()) == ROSTER
            and not have_level_sections(self.rows[header.bottom + 1 :])
        )

    def _is_full_roster(self, header: Header, left: Mapping[int, str]) -> bool:
        """Does a list that its own title calls a roster say what payrolls and lists for one occasion do not, and besides that nothing but what rosters say?"""
        is_paid = says_pay(left.values())
        says_who = {"full_name", "birth_date"} <= header.said and len(header.said & (OF_A_CAREER if is_paid else OF_A_ROSTER)) > 1
        return (
            says_who
            and are_besides([*left.values()], [text for _, text in header.texts(self.rows)])
            and self.layout.by_words.called([], self.titles()) == ROSTER
            and not have_level_sections(self.rows[header.bottom + 1 :])
        )

    def is_another(self, dataset: str, is_named: bool = False) -> bool:
        """Is a list that a name calls one of a dataset, and whose header does not say all that one should, another: by its title, or by more columns of its own?"""
        if self.header(dataset).knows(self.layout.required[dataset]):
            return False
        said, tells = self.layout.by_words.called([], self.titles()), self.layout.tells.get(dataset, frozenset())
        if said != dataset and (not self._own(dataset) or self.header(dataset).said.isdisjoint(tells)):
            return True
        alone = {other: len(self._alone(other)) for other in self.layout.required}
        most = max(count for other, count in alone.items() if other != dataset)
        return said not in (None, dataset) or (most > alone[dataset] if is_named else 0 < most >= alone[dataset])

    def _own(self, dataset: str) -> int:
        """How many columns a header says that no other dataset has."""
        besides = self.layout.besides
        of_others = ({*headers.values()} - besides.get(o, frozenset()) for o, headers in self.layout.headers.items() if o != dataset)
        return len((self.header(dataset).said - besides.get(dataset, frozenset())).difference(*of_others))

    def _alone(self, dataset: str) -> frozenset[int]:
        """The positions that mean something to one dataset alone: not a first day, a sex or a post, which lists of every kind have."""
        return self.header(dataset).positions.difference(*(self.header(o).positions for o in self.layout.required if o != dataset))

    def titles(self, dataset: str | None = None) -> list[str]:
        """What stands above the header that says most of any dataset, row by row; or above this dataset's, where that has all that it should."""
        if dataset is None or not (header := self.header(dataset)).knows(self.layout.required[dataset]):
            header = max((self.header(known) for known in self.layout.required), key=len)
        return [" ".join(cells) for row in self.rows[: header.top] if (cells := [cell for cell in row if cell])]

    def dataset_below(self, number: int, dataset: str) -> str | None:
        """The dataset of the header that begins at a row: the one that explains most of it, of equals the sheet's own."""
        own, other = self.header(dataset, number, number + 3), self.dataset(number, number + 3)
        is_most = other is None or self.size(dataset, number, number + 3) >= self.size(other, number, number + 3)
        if own.knows(self.layout.required[dataset]) and is_most:
            return dataset
        if other is None and dataset != DISCIPLINE and are_punished(self.header(DISCIPLINE, number, number + 3), self.rows):
            return DISCIPLINE
        return other
