"""The rows around a header: what each of them is, which are details, and where the next table begins.

What does not belong here: how a row is told by itself (classifier), what stands around details (surroundings), and the text of columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.codes import INVISIBLE, fold
from pipeline.intake.cells import Sheet
from pipeline.intake.classifier import Classifier
from pipeline.intake.counted import only_counts
from pipeline.intake.header_search import Search
from pipeline.intake.header_trees import is_known_group
from pipeline.intake.headers import IGNORED, Header, is_header, match, named_twice, names_again, repeats
from pipeline.intake.layout import Headers, Layout
from pipeline.intake.letterheads import cell_above
from pipeline.intake.level_headers import level_header
from pipeline.intake.own_titles import says_otherwise
from pipeline.intake.persons import Places, names_somebody
from pipeline.intake.readings import Note, letter
from pipeline.intake.remarks import column_at
from pipeline.intake.rows import DIGIT, Row, RowClass, filled, is_in_english, is_of_units
from pipeline.intake.sections import section_unit
from pipeline.intake.steps import step_in
from pipeline.intake.surroundings import Parts, first_title
from pipeline.intake.units import take_titles
from pipeline.titles import is_proposal, times_said

HIGHEST = 4  # rows of a header above those that say something


@dataclass
class Body:
    """What stands above a header and below it."""

    above: Sequence[Row]  # its titles
    titles: list[str]  # their text, row by row
    is_proposal: bool
    parts: Parts
    details: list[tuple[int, Row]]  # sheet row and cells
    notes: list[Note]
    following: int | None  # where the next table begins


def body_of(
    sheet: Sheet,
    rows: Sequence[Row],
    start: int,
    header: Header,
    headers: Headers,
    dataset: str,
    search: Search,
    places: Places,
    classes: list[RowClass],
) -> Body:
    """The rows of a table from `start` on, told apart in `classes`; `rows` end where another table is known to begin."""
    layout, end = search.layout, len(rows)
    anchors, numbers = places.anchors, places.numbers
    odd = _told_above(sheet, rows, start, header, headers, places, classes)
    above = rows[first_title(classes, start) : header.top]
    titles = _in_lines(above[:-1] if above and _are_groups(above[-1]) else above)
    is_proposed = dataset in layout.marks and _is_proposed(sheet.name, titles)
    classifier = Classifier(len(header), anchors, numbers, frozenset(header.columns.values()), places.words)
    details: list[tuple[int, Row]] = []
    who = who_columns(dataset, layout)
    printed = {tuple(rows[n]) for n in range(header.top, header.bottom + 1) if len(filled(rows[n])) > 1}
    titles_again = _printed_again(rows, header)
    own = [{fold(cell): p for p, cell in filled(row)} for row in rows[header.top : header.bottom + 1]]
    texts = {cell for row in rows[header.top : header.bottom + 1] for cell in row if cell}
    codes = layout.codes.get(dataset, frozenset())
    parts = Parts(codes, sections=cell_above(rows, header.top, classes))
    following = end if end < len(sheet.rows) else None
    for number in range(header.bottom + 1, end):
        row = rows[number]
        for position in anchors if parts.began else ():
            if position < len(row) and (cell := row[position]) and "0" <= cell[0] <= "9" and len(cell) > 6:
                break  # most rows: an identity number makes a detail, and nothing else has to be asked
        else:
            if all(not cell or not cell.translate(INVISIBLE).strip() for cell in row):
                continue  # nothing that anybody sees
            if number in titles_again or (not parts.began and (is_in_english(row) or is_of_units(row))):
                classes[number] = RowClass.HEADER
                printed.add(tuple(row))
                continue
            if parts.began and (begins := _begins_in_another_order(rows, number, own, texts)):
                following = begins  # what stands below is read by its own header
                break
            is_again, other = (True, None) if tuple(row) in printed else names_again(row, header, headers)
            again = _in_lines(rows[first_title(classes, number) : number]) if is_again and parts.began else []
            if again and _is_another_list(sheet.name, dataset, titles, again, layout):
                following = number
                break
            if is_again and (other is None or (number == header.bottom + 1 and who.isdisjoint(match(row, headers)))):
                if parts.began:
                    odd += take_titles(parts, sheet, rows[first_title(classes, number) : number], number, len(details))
                classes[number] = RowClass.HEADER  # of the columns above it; what it calls otherwise is asked
                if other is not None:
                    odd.append(Note("column_named_once", sheet.name, number + 1, None, f"{letter(other)}{number + 1}", row[other]))
                continue
            kind = _kind_of(row, rows[number + 1 : end], classifier, codes)
            if kind is RowClass.DETAIL and is_header(row, layout):
                if repeats(row, header, headers, layout):
                    kind = RowClass.HEADER  # printed again on the next page
                elif search.dataset_below(number, dataset):
                    following = number
                    break
            if kind is RowClass.DETAIL and _names_numbers(row):
                kind = RowClass.HEADER
            if kind is not RowClass.DETAIL:
                classes[number] = kind
                holds_somebody = places.may_hold_somebody(kind, row)
                if holds_somebody or names_somebody(kind, row):
                    odd.append(Note("row_is_no_person", sheet.name, number + 1))
                if kind is RowClass.COLUMN_NUMBERS:
                    printed.add(tuple(row))
                if holds_somebody and kind is RowClass.SECTION and not section_unit(filled(row)):
                    continue  # a person in one cell is no heading
                parts.take(kind, number, row, len(details), numbers)
                continue
        classes[number] = RowClass.DETAIL
        parts.began = True
        details.append((number + 1, row))
    return Body(above, titles, is_proposed, parts, details, odd, following)


def _is_another_list(sheet: str, dataset: str, titles: list[str], again: list[str], layout: Layout) -> bool:
    """Do titles above a header that is printed again begin another list: of another time, kind or system, or of another step; a proposal and what was decided
    are two lists."""
    if says_otherwise(dataset, layout.spoken_of(dataset), titles, again):
        return True
    if dataset not in layout.marks:
        return False
    step, step_again = step_in(titles, dataset), step_in(again, dataset)
    return _is_proposed(sheet, again) != _is_proposed(sheet, titles) or (None not in (step, step_again) and step != step_again)


def _kind_of(row: Row, below: Sequence[Row], classifier: Classifier, codes: frozenset[str]) -> RowClass:
    """What a row is, with what stands below it in view."""
    kind = classifier.kind(row)
    if kind is RowClass.DETAIL and len(alone := filled(row, classifier.numbers)) == 1 and only_counts(alone[0][1], codes):
        return RowClass.SECTION
    return RowClass.DETAIL if kind is RowClass.SECTION and classifier.is_row(row, below) else kind


def _names_numbers(row: Row) -> bool:
    """Does a row begin with the running numbers' name, and hold no number? Then it is of a header, whatever else of it was not understood, and nobody's."""
    cells = filled(row)
    return fold(cells[0][1]) in IGNORED and len(cells) > 1 and not any(DIGIT.search(cell) for _, cell in cells)


def _printed_again(rows: Sequence[Row], header: Header) -> set[int]:
    """Where a header is printed again on a next page, its rows of one text, and those above it: groups, or one that says nothing over all columns."""
    own = [filled(row) for row in rows[header.top : header.bottom + 1]]
    first = own[0][0][0] if own[0] else 0
    begins = rows[header.top][first : first + 1]  # looked at first: most rows are of people
    found: set[int] = set()
    for number in range(header.bottom + 1, len(rows) - len(own) + 1):
        if rows[number][first : first + 1] != begins or [*map(filled, rows[number : number + len(own)])] != own:
            continue
        found.update(number + n for n, cells in enumerate(own) if len(cells) == 1)  # by itself it could be a title, or somebody
        for up in range(1, min(HIGHEST, header.top) + 1):
            above, again = filled(rows[header.top - up]), filled(rows[number - up])
            if again != above or (len(above) == 1 and not is_known_group(above[0][1], "", ())):
                break
            found.update([number - up] if above else [])
    return found


SAME = 3  # texts of a header's row that make another row one, too


def _begins_in_another_order(rows: Sequence[Row], number: int, own: Sequence[dict[str, int]], texts: set[str]) -> int | None:
    """Where the header stands once more, with its columns in another order, if a row is of it. Of people's rows none says two of its texts."""
    depth = _depth_in_another_order(rows[number], own) if len(texts.intersection(rows[number])) > 1 else None
    return number - depth if depth is not None and _stand_above(rows, number, depth, own) else None


def _depth_in_another_order(row: Row, own: Sequence[dict[str, int]]) -> int | None:
    """Which row of the header (its texts with their positions) this is once more, with its columns in another order."""
    said = {fold(cell): p for p, cell in filled(row)}
    for depth, texts in enumerate(own):
        shared = said.keys() & texts.keys()
        is_row = len(shared) == len(said) > 1 or (len(shared) >= SAME and len(shared) * 2 > len(said))
        if is_row and any(said[text] != texts[text] for text in shared):
            return depth
    return None


def _stand_above(rows: Sequence[Row], number: int, depth: int, own: Sequence[dict[str, int]]) -> bool:
    """Do the header's rows before this one stand above a row?"""
    return all({fold(cell): p for p, cell in filled(rows[number - depth + n])} == own[n] for n in range(depth))


def who_columns(dataset: str, layout: Layout) -> set[str]:
    """The columns that only a detail fills."""
    return {"full_name", *layout.anchors.get(dataset, ())}


def _told_above(
    sheet: Sheet, rows: Sequence[Row], start: int, header: Header, headers: Headers, places: Places, classes: list[RowClass]
) -> list[Note]:
    """The classes of titles and of the header's rows; a title that may be a person, and columns of two names, are asked about."""
    odd: list[Note] = []
    for number in range(start, header.bottom + 1):
        classes[number] = RowClass.HEADER if number >= header.top else RowClass.TITLE if any(rows[number]) else RowClass.BLANK
        if classes[number] is RowClass.TITLE and places.may_hold_somebody(RowClass.TITLE, rows[number]):
            odd.append(Note("row_is_no_person", sheet.name, number + 1))
    odd += [
        Note("column_named_once", sheet.name, header.bottom + 1, column_at(header, p), f"{letter(p)}{header.bottom + 1}")
        for p in named_twice(rows, header, headers)
    ]
    return odd


def _in_lines(above: Sequence[Row]) -> list[str]:
    return [" ".join(cells) for row in above if (cells := [cell for cell in row if cell])]


def _are_groups(row: Row) -> bool:
    """Are the cells right above a header groups of its columns, and no title? “Thông tin đảng viên”, “Kết quả đánh giá, xếp loại”: a year among them is said of
    the list."""
    cells = [cell for cell in row if cell]
    if len(cells) < 2:
        return False
    are_known = [is_known_group(cell, "", ()) for cell in cells]
    are_of_levels = [(said := level_header((cell,))) is not None and not said.time for cell in cells]
    is_of_a_time = any(DIGIT.search(cell) or any(times_said([cell])) for cell in cells)
    return not is_of_a_time and any(are_known) and all(a or b for a, b in zip(are_known, are_of_levels, strict=True))


def _is_proposed(sheet: str, titles: list[str]) -> bool:
    return is_proposal(sheet, True) or any(is_proposal(title, False) for title in titles)
