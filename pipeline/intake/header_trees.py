"""A header of several rows: groups above their columns, levels to be marked, years and sexes side by side.

A leaf means below a known group what it means by itself.
What does not belong here: which rows are the header (header_search).
"""

import re
from collections.abc import Container, Sequence
from functools import lru_cache

from pipeline.codes import fold
from pipeline.intake.header_rows import reaching, without_how
from pipeline.intake.headers import MARKED, SEVERAL_TIMES, TIME, Header
from pipeline.intake.layout import Headers, Layout
from pipeline.intake.level_headers import level_column, time_in
from pipeline.intake.rows import Row, plain

Place = tuple[str, tuple[int, int]]  # a group's column, and the row and position of its text
CHOSEN = "đánh dấu"  # before a leaf that is marked and means no code: what the mark says cannot be read
OTHERS = {"khac", "dan toc khac", "loai khac"}  # where a text says what
OTHERWISE = f"{CHOSEN}: khác"
DAY_MONTH_YEAR = ("ngay", "thang", "nam")  # side by side below a column of days, in any order; folded
OF_MEMBERS = {"chinh thuc", "du bi"}  # above days they are those of the Party
MEN, WOMEN = "nam", "nữ"  # below a birth date: its column says the sex as well


def joined(rows: Sequence[Row], top: int, bottom: int, headers: Headers, dataset: str, layout: Layout) -> tuple[Header, int]:
    """The header of rows top..bottom as if it were a sheet's first rows, of each position the lowest text with the groups above it, else alone; and how many
    positions it explains. Not to be changed: thousands fill in one form, and its header is looked at once."""
    own = tuple(map(tuple, rows[top : bottom + 1]))
    found = headers.joined.get(own)
    if found is None:
        if len(headers.joined) >= FORMS:
            headers.joined.clear()
        made = _joined(own, headers, dataset, layout)
        found = headers.joined[own] = made, len(made)
    return found


A_VALUE = re.compile(r"(?!20[0-9]{2}\Z)'?[0-9][0-9./,-]*")  # of a person, and no header but a year
FORMS = 1_000  # headers that are remembered, of a dataset


def _joined(rows: tuple[Row, ...], headers: Headers, dataset: str, layout: Layout) -> Header:
    marks, names = layout.marks.get(dataset, {}), tuple(name for name, of in layout.names.items() if of == dataset)
    parts, days, numbers = layout.parts.get(dataset, {}), layout.dates.get(dataset, frozenset()), layout.numbers.get(dataset, {})
    said_alone = (*marks.values(), *(first for first, _ in parts.values()))
    if not any(map(headers.may_say, rows)) and not any(fold(cell) in of for of in said_alone for row in rows for cell in row if cell):
        return Header(0, len(rows) - 1, {})  # titles: nothing of them is a header, a level, or a part of a name
    one_only = layout.needed.get(dataset, frozenset()) | layout.person.get(dataset, frozenset())
    decided = next(iter(marks), "")
    width, own, spread = _laid_out(rows)
    made = Header(0, len(rows) - 1, {})
    levels: dict[str, dict[int, str]] = {}
    choices: dict[Place, dict[int, str]] = {}  # below a group that names a column: a code of its list each
    unsaid: dict[Place, dict[int, str]] = {}  # below such a group: words that are no code
    strange: dict[str, dict[int, str]] = {}
    above_levels: list[Place] = []
    deep: dict[Place, int] = {}  # the row in which a group's codes stand
    rows_of: dict[int, int] = {}  # of words that are no code, their row
    for position in range(width):
        depth = max((i for i, row in enumerate(own) if row[position]), default=None)
        if depth is None or not (lowest := own[depth][position]):
            continue
        above = [g for row in spread[:depth] if (g := row[position])]
        if any(position in of for of in (*made.by_sex.values(), *made.by_day.values())) or position in made.beside.values():
            continue
        folded = fold(lowest)
        level = next((of[folded] for of in marks.values() if folded in of and (above or not _has_values(own[depth]))), None)
        group, at = _group_of(own, spread, depth, position, headers)
        right = own[depth][position + 1] if position + 1 < width else None
        rates = group if group in marks or not above else _rated_above(own, spread, depth, position, marks)
        level = level or (layout.label_of(dataset, rates, lowest) if rates else None)  # a letter alone only below its group
        if level:
            of = rates or next((headers[f] for f in map(fold, reversed(above)) if headers.get(f) in marks), decided)
            _take_time(made, of, above if rates != group else ())
            if above and of != group and of != rates:
                if not _is_known(own, depth, position, headers, names):
                    strange.setdefault(" ".join(above), {})[position] = of
                    continue
                made.groups[position] = " ".join(above)
            levels.setdefault(of, {})[position] = level
            made.marked_at[position] = _time_above(above)
            if group == of:
                above_levels.append((of, at))
                deep[of, at] = depth
        elif group and at[0] == depth - 1 and group not in marks and (label := layout.label_of(dataset, group, lowest)):
            choices.setdefault((group, at), {})[position] = label
            deep[group, at] = depth
        elif group in days and group not in made.columns and plain(lowest) == MEN and plain(right or "") == WOMEN:
            made.columns[group], made.by_sex[group] = position, (position, position + 1)
        elif (
            folded in DAY_MONTH_YEAR
            and (parted := _day_in_three(own[depth], position))
            and (of_day := _day_above(above, days, headers))
            and of_day not in made.columns
        ):
            made.columns[of_day], made.by_day[of_day] = position, parted
        elif both := next((c for c, (first, last) in parts.items() if folded in first and fold(right or "") in last), None):
            made.columns[both], made.beside[both] = position, position + 1
        elif found := _named(above, lowest, headers, group if group in numbers and group not in made.columns else None):
            column, cut = found
            text = " ".join(above) if cut == len(above) and group != column else ""
            if text and group in marks and column == decided:
                column = group  # “Tự đánh giá” over “Điểm” and “Xếp loại”: the level is that group's, and nothing else of it is known
                made.columns.setdefault(column, position)
            elif (
                text
                and not (group and group == decided)
                and (group in marks or not _is_known(own, depth, position, headers, names, column))
            ):
                made.foreign[position] = (column, text)
            elif (first := made.columns.setdefault(column, position)) == position:
                made.groups |= {position: text} if text else {}
            elif text and column in one_only and made.groups.get(first, text) != text:
                is_number = group in layout.numbers.get(dataset, ())  # a “Kết quả” below “Điểm”; else, whose of the two?
                made.foreign |= {p: (column, made.groups.get(p, text)) for p in ((position,) if is_number else (first, position))}
        elif group and TIME.fullmatch(folded):
            made.by_time.setdefault(group, {})[position] = lowest
        elif group and group in layout.lists.get(dataset, {}):
            unsaid.setdefault((group, at), {})[position] = OTHERWISE if folded in OTHERS else f"{CHOSEN}: {lowest}"
            rows_of[position] = depth
    made.columns = {column: position for column, position in made.columns.items() if position not in made.foreign}
    beside = {  # a telephone beside levels that stand below a group of their own is none of them
        place: {p: text for p, text in texts.items() if rows_of[p] == deep[place]}
        for place, texts in unsaid.items()
        if above_levels.count(place) > 1 or place in choices
    }
    _take_marks(made, levels, choices, beside)
    marked = {text: positions for text, positions in strange.items() if len(positions) >= MARKED}
    made.foreign |= {position: (column, text) for text, positions in marked.items() for position, column in positions.items()}
    made.spare = sum(len(positions) for c, positions in levels.items() if len(positions) >= MARKED and c in made.columns)
    of_marks = {column for positions in marked.values() for column in positions.values()}
    made.spare += sum(map(len, marked.values())) - len(of_marks - made.columns.keys() - made.marks.keys())  # which are counted as columns
    return made


@lru_cache(maxsize=100)  # asked once of each dataset
def _laid_out(rows: tuple[Row, ...]) -> tuple[int, tuple[Row, ...], tuple[Row, ...]]:
    """How wide rows are, what stands in their cells, and how far that reaches."""
    width = max(map(len, rows))
    own = tuple((*row, *[None] * (width - len(row))) for row in without_how(rows) if any(row))
    return width, own, tuple(map(tuple, reaching(own, width)))


def _has_values(row: Row) -> bool:
    """Does a row hold a number or a day, as somebody's own does? It may say three levels, too."""
    return any(cell and A_VALUE.fullmatch(cell) for cell in row)


RESULTS = {"ket qua", "kq"}


def _named(above: Sequence[str], lowest: str, headers: Headers, number: str | None) -> tuple[str, int] | None:
    """The column that a leaf means with most of what stands above it, and how much of that it means it without: “Miễn sinh hoạt từ ngày” before “Từ ngày”.
    `number`: the column of numbers that is above it; a “Kết quả” is one."""
    if number and fold(lowest) in RESULTS:
        return number, 0
    for cut in range(len(above) + 1):
        if column := headers.of(" ".join([*above[cut:], lowest])):
            return column, cut
    if above and (title := headers.titles.get(headers.of(above[-1]) or "")):  # “Chức vụ, chức danh” over “Chính quyền” as “Chức vụ” over it
        column = headers.of(f"{title} {lowest}")
        return (column, len(above) - 1) if column else None
    return None


def _take_marks(
    made: Header, levels: dict[str, dict[int, str]], choices: dict[Place, dict[int, str]], unsaid: dict[Place, dict[int, str]]
) -> None:
    """The columns that are laid out as marks; what a mark below an unknown word says cannot be read, and is told."""
    made.marks = {c: positions for c, positions in levels.items() if len(positions) >= MARKED and c not in made.columns}
    for (column, _), texts in unsaid.items():
        if column in made.marks:
            made.marks[column] |= texts
    for place, chosen in choices.items():
        if place[0] not in made.columns and place[0] not in made.marks:
            made.marks[place[0]] = chosen | unsaid.get(place, {})


def _day_in_three(row: Row, position: int) -> tuple[int, int, int] | None:
    """Where a day, its month and its year stand, side by side from a position on."""
    texts = [fold(text or "") for text in row[position : position + 3]]
    if sorted(texts) != sorted(DAY_MONTH_YEAR):
        return None
    day, month, year = (position + texts.index(part) for part in DAY_MONTH_YEAR)
    return day, month, year


def _day_above(above: Sequence[str], days: Container[str | None], headers: Headers) -> str | None:
    """The column of days that the groups above a leaf name, the most of them first."""
    for cut in range(len(above)):
        if (column := headers.of(" ".join(above[cut:]))) in days:
            return column
    return headers.of(f"Ngày vào Đảng {above[-1]}") if above and fold(above[-1]) in OF_MEMBERS else None


def _group_of(own: Sequence[Row], spread: Sequence[Row], depth: int, position: int, headers: Headers) -> tuple[str | None, tuple[int, int]]:
    """The column that the nearest known text above a leaf names, and the row and position of that text."""
    for number in range(depth - 1, -1, -1):
        if (text := spread[number][position]) and (column := headers.of(text)):
            return column, (number, max(p for p in range(position + 1) if own[number][p]))
    return None, (0, 0)


def _take_time(made: Header, column: str, above: Sequence[str]) -> None:
    """The year or quarter of which groups say that levels to be marked are."""
    if time := next(filter(None, map(time_in, above)), ""):
        made.marked_of[column] = time if made.marked_of.get(column, time) == time else SEVERAL_TIMES


def _time_above(above: Sequence[str]) -> str:
    """The year or quarter that the nearest group above a leaf says; blank where none does."""
    return next((t for g in reversed(above) if (t := fold(g) if TIME.fullmatch(fold(g)) else time_in(g))), "")


def _rated_above(own: Sequence[Row], spread: Sequence[Row], depth: int, position: int, marks: Container[str | None]) -> str | None:
    """The column of levels that a group above a leaf speaks of in words of its own. A text over all columns is a title."""
    for number in range(depth - 1, -1, -1):
        if (text := spread[number][position]) and (column := level_column(text)) in marks:
            begins = max(p for p in range(position + 1) if own[number][p])
            if any(row[p] for row in own[number:] for p in range(begins)):
                return column
    return None


def _is_known(own: Sequence[Row], depth: int, position: int, headers: Headers, names: tuple[str, ...], column: str = "") -> bool:
    """Is every group above a leaf known? A text that nothing stands below is a column of its own, and no group of those beside it; nor is a header
    of ours with one word below it: that one may be believed (`named_twice`)."""
    said = headers.words_of(column)
    leaf = own[depth][position] or ""
    for number, row in enumerate(own[:depth], start=1):
        at = max((p for p in range(position + 1) if row[p] is not None), default=None)
        if at is None or not (above := row[at]) or not any(lower[at] for lower in own[number:]):
            continue
        end = next((p for p in range(at + 1, len(row)) if row[p] is not None), len(row))
        is_column = headers.of(above) and sum(map(bool, own[depth][at:end])) == 1
        if not is_column and not is_known_group(above, leaf, names, said):
            return False
    return True


@lru_cache(maxsize=1_000)  # offices' forms differ, and are put together from the same words
def is_known_group(text: str, leaf: str, names: tuple[str, ...], said: frozenset[str] = frozenset()) -> bool:
    """Does a column mean below this text what it means by itself? So it does where the text adds nothing: the names of its dataset add nothing, nor
    do the words of its own headers (`said`) where the leaf says by itself what it is. A level has none.

    >>> is_known_group("Thông tin chung", "Từ ngày", ()), is_known_group("Thời gian giữ chức vụ", "Từ ngày", ())
    (True, False)
    >>> is_known_group("Thời gian luân chuyển", "Từ ngày", ("luan chuyen",)), is_known_group("Vợ (chồng)", "Ngày sinh", (), frozenset(["sinh"]))
    (True, False)
    >>> is_known_group("Kết nạp", "Ngày vào Đảng", (), frozenset(["ngay", "ket", "nap"])), is_known_group("Tự phân loại", "Mức xếp loại", ())
    (True, False)
    """
    added = f" {fold(text)} "
    for name in sorted(names, key=len, reverse=True):
        added = added.replace(f" {name} ", " ")
    own = "|".join(map(re.escape, sorted(said))) if fold(leaf) not in BARE else ""
    neutral = rf"(?>(?>{_NEUTRAL}|(?:{own})(?: |\Z))*)" if own else rf"(?>(?>{_NEUTRAL})*)"
    return SOMEBODY.isdisjoint(plain(text).split()) and bool(re.fullmatch(neutral, added.strip()))


# Headers that mean a column only by what stands above them, and what may stand above them without changing that.
BARE = {
    "tu",
    "den",
    "tu ngay",
    "den ngay",
    "so",
    "ngay",
    "so quyet dinh",
    "ngay quyet dinh",
    "so qd",
    "ngay qd",
    "diem",
    "tong diem",
    "diem so",
    "xep loai",
    "muc xep loai",
    "ket qua",
    "muc",
    "ly do",
}
_SAYS_NOTHING = (
    "thong tin|noi dung|chi tiet|chung|rieng|co ban|theo|trong|nam|quy|ho so|ly lich|so yeu|phan|thu nhat|thu hai|thu ba|thoi gian|ket qua|danh gia|xep loai|"
    "phan loai|chat luong|muc do|muc|tong|diem|hoan thanh|nhiem vu|cua|va|dang vien|ca nhan|tap the|can bo|cong chuc|vien chuc|dang uy|cap uy|cap|tham quyen|"
    "co tham quyen|quyet dinh|qd|cong tac|sinh hoat|tai chi bo|tai don vi|tai|don vi|dang|khoa hoc|khoa|lop|o|vao|tu|den|20[0-9]{2}|[0-9]|"
    "nguoi duoc|nguoi bi|nguoi hoc|nguoi lao dong|nguoi vi pham|hoc vien|nhan vien|nhan than|ban than|doi tuong|duoc|bi|"
    "trinh do ve|hien nay|hien tai|nam nay|ca nam|cap tren|dinh danh|giay to tuy than|trong do|chia ra|bao gom|so luong|tong so"
)
# the longest that fits is taken and never given back: a text made for it cannot make it slow
_NEUTRAL = rf"(?:{'|'.join(sorted(_SAYS_NOTHING.split('|'), key=len, reverse=True))})(?: |\Z)"
KIN = {"vợ", "chồng", "cha", "mẹ", "bố", "con"}  # as written: below them columns are not the person's own
SOMEBODY = {"tự", "tu", "bố", "má"}  # as written: who judges himself, and parents, whom only a mark tells from words that add nothing
