"""Titles of their own that stand between two tables of a sheet below one header printed twice: what they say otherwise governs the second table.

What does not belong here: what a title says of columns (above), where tables begin (details), and what is done about what titles say (purposes, judging/titled).
"""

import re

from pipeline.codes import fold
from pipeline.intake.above import codes_in, read_titles
from pipeline.spoken_lists import Spoken
from pipeline.title_words import STRICT, line, of_lines, whom
from pipeline.titles import is_bare_period, times_said

PERIOD = re.compile(
    r"\b(?:(?:qu[ýyíi]|q)\.? ?(?:iv|i{1,3}|[1-4])\b[ /,-]*)?(?:(?:cả |hết )?(?:năm học|niên học|năm|nam)\s*)?20[0-9]{2}\b(?:\s*[-–]\s*20[0-9]{2}\b)?",
    re.IGNORECASE,
)


def says_otherwise(dataset: str, spoken: Spoken, titles: list[str], own: list[str]) -> bool:
    """Whether what stands between two tables calls the second one another list than the titles of the first: of another time, system, kind, course, or
    of what did not happen. What it is silent of goes on.

    >>> says_otherwise("rotation", Spoken(kinds="rotation_kind"), ["DANH SÁCH CÁN BỘ LUÂN CHUYỂN"], ["DANH SÁCH CÁN BỘ BIỆT PHÁI"])
    True
    >>> ratings = Spoken(from_title=("period",), is_apart_by_time=True)
    >>> says_otherwise("ratings", ratings, ["XẾP LOẠI NĂM 2024"], ["NĂM 2025"]), says_otherwise("ratings", ratings, ["XẾP LOẠI NĂM 2025"], ["Chi bộ 2"])
    (True, False)
    >>> says_otherwise("ratings", ratings, ["XẾP LOẠI ĐẢNG VIÊN CHI BỘ 1"], ["XẾP LOẠI ĐẢNG VIÊN CHI BỘ 2"])
    False
    """
    if any(is_called(text, dataset, spoken) for text in own):
        first = _said(dataset, spoken, titles)
        if spoken.kinds and _kinds(spoken.kinds, titles) != _kinds(spoken.kinds, own):
            return True  # also of several kinds, or of what is none
        return any(text and text != first.get(about) for about, text in _said(dataset, spoken, own).items())
    own = [text for text in own if is_bare_period(text)]
    return spoken.is_apart_by_time and bool(own) and times_said(own) != times_said(titles)


def _kinds(codes: str, titles: list[str]) -> frozenset[str]:
    return frozenset[str]().union(*(codes_in(codes, text) for text in titles))


def is_called(text: str, dataset: str, spoken: Spoken) -> bool:
    """Does a line call a list something, say that it did not come about, or name the course that it is of?"""
    return bool(line(text, dataset).does("CALLS", "RATED", "UNDONE", "ENDED")) or "programme" in read_titles(spoken, [text])


def _said(dataset: str, spoken: Spoken, titles: list[str]) -> dict[str, object]:
    """What titles say, by what it is about."""
    words = of_lines(titles, dataset)
    strict = {does for of in words for does, *_ in of.said if does in STRICT}
    columns = {column: fold(text) for column, text in read_titles(spoken, titles).items()}
    times = times_said(titles)
    return {**columns, "time": times if any(times) else None, "whom": whom(words) if dataset == "ratings" else None, "strict": strict}


def going_on(before: list[str], own: list[str]) -> list[str]:
    """The titles of a table above that go on below lines that call the list nothing: without its time, where these say another.

    >>> going_on(["XẾP LOẠI VIÊN CHỨC NĂM 2024"], ["NĂM 2025"]), going_on(["XẾP LOẠI NĂM 2024"], ["Chi bộ 2"])
    (['XẾP LOẠI VIÊN CHỨC'], ['XẾP LOẠI NĂM 2024'])
    """
    if not any(map(is_bare_period, own)):
        return before
    return [left for text in before if (left := PERIOD.sub("", text).strip(" -–,"))]


def are_apart(titles: list[str], other: list[str], dataset: str, spoken: Spoken) -> bool:
    """Are two lists of two times, where that parts them, or is one list of what did not happen? Then they are never one."""
    if spoken.is_apart_by_time and times_said(titles) != times_said(other):
        return True
    one, two = ({does for at in of_lines(of, dataset) for does, *_ in at.said if does in STRICT} for of in (titles, other))
    return one != two
