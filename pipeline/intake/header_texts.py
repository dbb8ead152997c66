"""What single texts of a header say beside the column that they name: that its cells are marks, hold a part of it, or are of something else.

What does not belong here: which rows a header has (header_spans), and what several rows say together (header_trees).
"""

import re
from collections.abc import Sequence

from pipeline.codes import fold, written
from pipeline.intake.header_others import leave_of_others
from pipeline.intake.header_rows import paths_of
from pipeline.intake.header_trees import CHOSEN, OTHERWISE, is_known_group
from pipeline.intake.headers import MARKED, Header, unknown
from pipeline.intake.layout import Headers, Layout
from pipeline.intake.level_columns import find_levels
from pipeline.intake.level_headers import DECIDED, speak_of_ratings
from pipeline.intake.other_matters import leave_facts_of_others
from pipeline.intake.rows import DIGIT, HEADER_ROWS, Row, says_how
from pipeline.values import MARKS, mark_of


def complete(header: Header, rows: Sequence[Row], dataset: str, layout: Layout, headers: Headers) -> Header:
    """What single texts of a header say beside the column that they name: that its cells are marks, or hold a part of it."""
    lowest = dict(header.texts(rows))
    for column, position in header.columns.items():
        flag = headers.flags.get(written(lowest.get(position, "")))
        if flag and flag.column == column:
            header.flags[column] = flag
    for column, (first, last) in layout.parts.get(dataset, {}).items():
        at = next((p for p, text in lowest.items() if fold(text) in first and fold(lowest.get(p + 1, "")) in last), None)
        if at is not None and header.columns.setdefault(column, at) == at:
            header.beside[column] = at + 1
        if column not in header.columns and (at := _of_names(header, lowest, last, rows)) is not None:
            header.columns[column] = at
            header.guessed[at] = column
    for position, text in lowest.items() if layout.lesser.get(dataset) else ():
        lesser = layout.lesser[dataset].get(fold(text))
        if lesser and lesser not in header.said and position not in header.positions and headers.of(text) is None:
            header.columns[lesser] = position
    if FORM in headers.values() and FORM not in header.said and (systems := forms_by_system(header, rows)):
        if header.columns.get(SYSTEM) in systems:
            del header.columns[SYSTEM]
        header.columns[FORM], header.follows = min(systems), header.follows | {SYSTEM}
    header.marks = _without_words(header, rows)
    _take_lists(header, rows, dataset, layout, headers)
    find_levels(header, rows, dataset, layout, headers)
    leave_of_others(header, lowest, layout, headers)
    leave_facts_of_others(header, lowest, dataset, layout)
    return header


FORM, SYSTEM = "discipline_form_code", "discipline_system_code"
OF_GROUPS = re.compile(r"\b(?:ky luat|xu ly|hinh thuc|thi hanh|ve|noi dung|muc|bi|mat)\b")
OF_FORMS = re.compile(r"\b(?:hinh thuc|muc)\b")
OF_PUNISHMENT = re.compile(r"\b(?:ky luat|xu ly)\b")
SYSTEMS = {"PARTY": r"dang", "STATE": r"chinh quyen|hanh chinh|nha nuoc|cong chuc|vien chuc|cbcc|chuyen mon", "UNION": r"doan the|mat tran"}
OF_SYSTEM = re.compile(rf"\b(?:{'|'.join(SYSTEMS.values())})\b(?! vien)")


def forms_by_system(header: Header, rows: Sequence[Row]) -> dict[int, str]:
    """Where a form of discipline stands for each system that a header names: “Hình thức kỷ luật đảng”, “Hình thức kỷ luật chính quyền”."""
    if header.top >= len(rows):
        return {}
    paths = [*paths_of(rows[header.top : header.bottom + 1])]
    read = header.positions - {header.columns[c] for c in (FORM, SYSTEM) if c in header.columns} - {*header.then.get(FORM, ())}
    found = {p: code for p, path in paths if p not in read and (code := _system_said(path) or _system_by_itself(path))}
    if not found:  # “Kỷ luật Đảng” alone may be whose it is; beside “Kỷ luật chính quyền” it is its form
        alone = {p: code for p, path in paths if p not in read and (code := _system_said(("Hình thức", *path)))}
        found = alone if len({*alone.values()}) > 1 else {}
    return found if len({*found.values()}) > 1 or header.columns.get(SYSTEM) not in found else {}


def _system_by_itself(path: tuple[str, ...]) -> str | None:
    """What the lowest text says of it, where the groups above it add nothing: “Thông tin chung” over “Hình thức kỷ luật đảng”."""
    return None if any(OF_SYSTEM.search(fold(g)) or not is_known_group(g, "", ()) for g in path[:-1]) else _system_said(path[-1:])


def _system_said(path: tuple[str, ...]) -> str | None:
    """The one system that a header of forms speaks of.

    >>> _system_said(("Hình thức kỷ luật đảng",)), _system_said(("Hình thức kỷ luật", "Chính quyền")), _system_said(("Hình thức kỷ luật",))
    ('PARTY', 'STATE', None)
    """
    text = fold(" ".join(path))
    if not OF_FORMS.search(text) or not OF_PUNISHMENT.search(text):
        return None
    bare = " ".join(OF_GROUPS.sub(" ", text).split())
    found = [code for code, words in SYSTEMS.items() if re.fullmatch(rf"(?:{words})(?: (?:{words}))*", bare)]
    return found[0] if len(found) == 1 else None


def _without_words(header: Header, rows: Sequence[Row]) -> dict[str, dict[int, str]]:
    """Marks without the columns of the same group that hold no marks: scores, remarks and addresses beside levels are columns of their own."""
    below = rows[header.bottom + 1 : header.bottom + 1 + HEADER_ROWS] if any(map(_are_unsaid, header.marks.values())) else ()
    return {
        column: {p: label for p, label in positions.items() if not (_are_unsaid({p: label}) and _are_words(p, below))}
        for column, positions in header.marks.items()
    }


def _are_unsaid(positions: dict[int, str]) -> bool:
    """Is any of these marks below a word that is no code?"""
    return any(label.startswith(CHOSEN) and label != OTHERWISE for label in positions.values())


def _are_words(position: int, below: Sequence[Row]) -> bool:
    """Do cells say something, and most of them not by a mark? The columns' numbers are none of them."""
    cells = [
        cell for row in below if position < len(row) and (cell := row[position]) and not COUNTED.fullmatch(cell) and not says_how(cell)
    ]
    return bool(cells) and sum(mark_of(cell) in MARKS for cell in cells) * 2 <= len(cells)


def _take_lists(header: Header, rows: Sequence[Row], dataset: str, layout: Layout, headers: Headers) -> None:
    """Codes of one list side by side, without a group that names it: “Đại học”, “Cao đẳng”, “Trung cấp” over marks and nothing else."""
    alone = {p: text for p, text in unknown(rows, header, headers).items() if header.leaf_of(rows, p) == header.top}
    below = rows[header.bottom + 1 : header.bottom + 1 + HEADER_ROWS]
    runs: list[list[int]] = []
    for position in sorted(alone):
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    for run in runs:
        if not MARKED <= len(run) <= HEADER_ROWS:
            continue
        cells = [cell for row in below for p in run if p < len(row) and (cell := row[p])]
        if not cells or any(mark_of(cell) not in MARKS for cell in cells):
            continue
        fitting = {}
        levels = {*layout.marks.get(dataset, {})}
        if speak_of_ratings([cell for row in rows[: header.top] for cell in row if cell]):
            levels -= {DECIDED}  # what else would letters be below such a title?
        for column in layout.lists.get(dataset, {}).keys() - header.said - levels:
            labels = {p: label for p in run if (label := layout.label_of(dataset, column, alone[p]))}
            if len(labels) == len(run) == len(set(labels.values())):
                fitting[column] = labels
        if len(fitting) == 1:  # of two lists nobody knows which is meant
            header.marks |= fitting


def _of_names(header: Header, lowest: dict[int, str], called: frozenset[str], rows: Sequence[Row]) -> int | None:
    """A column that is only called “Tên”, and holds whole names: most of its cells are two words or more, without a digit."""
    for position, text in lowest.items():
        if fold(text) in called and position not in header.columns.values():
            below = [
                row[position] or ""
                for row in rows[header.bottom + 1 : header.bottom + 1 + HEADER_ROWS]
                if position < len(row) and sum(map(bool, row)) > OF_A_SECTION
            ]
            # printed again on the next page, it is no name; nor is the column's number, nor how it is written
            cells = [cell for cell in below if cell and cell != text and not COUNTED.fullmatch(cell) and not says_how(cell)]
            if cells and sum(len(cell.split()) in WHOLE_NAME and not DIGIT.search(cell) for cell in cells) * 4 >= len(cells) * 3:
                return position
    return None


WHOLE_NAME = range(2, 6)  # words
OF_A_SECTION = 2  # cells that a heading among the rows fills, a numeral and a text, and nobody alone
COUNTED = re.compile(r"\(?[0-9]{1,2}\)?")
