"""Courses, postings and punishments of which a note, a result or an unread column says that they did not come about, hold no more, or end otherwise.

Whoever did not go is in no list of those who did; what only may keep a row from being counted is asked. What does not belong here: titles that say so of
a whole list (purposes), and how a punishment ended (said_elsewhere).
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.codes import code_of, fold
from pipeline.intake.cells import Sheet
from pipeline.intake.details import Body
from pipeline.intake.header_rows import paths_of
from pipeline.intake.header_texts import forms_by_system
from pipeline.intake.header_trees import CHOSEN
from pipeline.intake.headers import Header
from pipeline.intake.layout import Layout
from pipeline.intake.readings import Note, letter
from pipeline.intake.rows import Row, RowClass
from pipeline.intake.section_codes import said
from pipeline.spoken_lists import Spoken
from pipeline.values import MARKS, is_mark, mark_of

_WHY = r"(?: (?:co|khong) (?:phep|ly do))?(?: (?:giua chung|tu (?:dau|ngay|thang)\b.*|do|vi|ly do|om|benh|ban|thai san)\b.*)?"
NOT_DONE = re.compile(  # folded; the whole of a cell, but for why
    r"(?:(?:da|xin|tam|con|moi|van|duoc|dang) )*(?:vang(?: mat)?|hoan(?: hoc| di| lai)?|(?:khong|chua) (?:tham gia|tham du|hoc|di hoc|du hoc|du|co mat|den|di|thuc hien|nhan nhiem vu|"
    r"dong y|chap hanh|luan chuyen|dieu dong|bo tri|trien khai|co quyet dinh)|bo hoc|bo thi|nghi hoc|thoi hoc|bo lop|rut(?: ten| quyet dinh| qd)?|tu choi|huy(?: bo)?(?: quyet dinh| qd| ket qua)?|"
    r"thu hoi(?: quyet dinh| qd)?|dang ky(?: hoc| di hoc| tham gia)?|du kien(?: cu di hoc)?|cho (?:quyet dinh|mo lop|khai giang|duyet|phe duyet)|de xuat|xem xet|trinh)"
    + _WHY
)
# Folded: what may keep a row from being counted as it is, wherever it stands in a cell; and what says that nothing is the matter.
DOUBTS = re.compile(
    r"\b(?:(?<!hang )(?<!phong )khong(?! (?:gian|quan)\b)|(?<!nha )chua(?! (?:chay|benh)\b)|bo (?:hoc|thi|lop)|nghi hoc|thoi hoc|vang(?: (?:mat|hoc|buoi|co|khong|\d+)|$)|hoan (?:hoc|lai|di|thi hanh)|rut|"
    r"tu choi|(?<!phat )huy(?! (?:hieu|chuong|dong)\b)|thu hoi|xoa(?! (?:doi|ngheo|mu)\b)|mien(?! (?:nui|tay|nam|bac|trung|dong|phi)\b)|dinh chi|tam (?:dung|hoan)|"
    r"giam(?! (?:doc|sat|dinh|khao|ngheo|ho)\b)|khieu nai|to cao|oan|sai|thay (?:doi|the)|dieu chinh|het (?:hieu luc|han|thoi)|cham dut|ket thuc|du kien|de (?:xuat|nghi)|dang ky|"
    r"xin (?:chuyen|doi|hoan|khong|lui|mien|nghi|phep|rut|thoi)|trinh (?:duyet|ky|phe)|cho (?:quyet dinh|duyet)|thi lai|hoc lai|chuyen (?:lop|truong))\b"
)
NO_DOUBT = re.compile(
    r"(?:khong|khong co|chua co|khong phat sinh|khong tap trung|chua het (?:han|hieu luc|thoi han)|khong (?:vi pham|khieu nai|co khieu nai)|vua lam vua hoc|khong chuyen trach)"
)
NO = ("khong", "k", "ko", "chua")  # folded cells, below a header that asks whether somebody was there
TOOK_PART = re.compile(r"(?:co |da )?(?:tham gia|tham du|du|di hoc|co mat|hoc|du hoc|thuc hien)(?: (?:hoc|lop|lop hoc|day du))?")
FORM = "discipline_form_code"
# Folded, the whole cell of a form of discipline: nobody was punished.
NOT_PUNISHED = re.compile(
    r"(?:(?:khong|ko|chua|duoc|dang|da|cho) )*(?:(?:mien|khong|ko|chua)(?: (?:bi|co|phai|den muc(?: phai)?))*|xem xet)(?: (?:thi hanh|xu ly|xem xet|xet|hinh thuc|trach nhiem|quyet dinh))*(?: (?:ky luat|ki luat))?"
)
LONGEST = 12  # words of a cell of which something is asked; a longer one tells its matter


def leave_not_done(body: Body, sheet: Sheet, header: Header, spoken: Spoken, left: Mapping[int, str], classes: list[RowClass]) -> None:
    """Whoever did not take a course, or did not go, is in no list of those who did: their row is not read, and told. What else a note or an unread
    column says against an event is told in its cell, and the row is read."""
    if spoken.undone is None or header.confirmed:
        return
    known = {header.columns[c]: c for c in (*spoken.undone, "note") if c in header.columns}
    forms = (forms_by_system(header, sheet.rows) or {header.columns[FORM]: ""}).keys() if FORM in header.columns else ()
    cells: dict[tuple[int, str], bool] = {}  # whether the row is left out
    for position, column in _marked_as_undone(header, sheet.rows, left, spoken.undone).items() if spoken.undone else ():
        marks = {cell for _, row in body.details if position < len(row) and (cell := row[position])}
        if all(mark_of(mark) in MARKS or not is_mark(mark) for mark in marks):
            known |= {position: column} if column else {}
            cells |= {(position, mark): True for mark in marks if is_mark(mark) and (column or not mark.isdecimal())}
    for position in sorted({*known, *left}):
        texts = {row[position] for _, row in body.details if position < len(row)}
        for text in filter(None, texts):
            folded = fold(text)
            if spoken.became is None and (
                NOT_DONE.fullmatch(folded) or (folded in NO and TOOK_PART.fullmatch(fold(left.get(position, ""))))
            ):
                cells[position, text] = True
            elif known.get(position, "note") == "note" and _is_doubt(folded):
                cells[position, text] = False
    nobody = {n for n, row in body.details if forms and _is_not_punished([row[p] for p in forms if p < len(row)])}
    if not cells and not nobody:
        return
    kept: list[tuple[int, Row]] = []
    for number, row in body.details:
        if number in nobody:
            form = min(p for p in forms if p < len(row) and row[p])
            classes[number - 1] = RowClass.NOTE
            body.notes.append(Note("event_took_place", sheet.name, number, FORM, f"{letter(form)}{number}", row[form]))
            continue
        places = [p for p in sorted({p for p, _ in cells}) if p < len(row) and (p, row[p]) in cells]
        at = min(places, key=lambda p: (not cells[p, row[p] or ""], p), default=None)
        if at is None or not cells[at, row[at] or ""]:
            kept.append((number, row))
        else:
            classes[number - 1] = RowClass.NOTE
        if at is not None and not (kept and kept[-1][0] == number and _is_settled(header, row, spoken.became)):
            rule = "event_took_place" if cells[at, row[at] or ""] else "event_holds"
            body.notes.append(Note(rule, sheet.name, number, known.get(at), f"{letter(at)}{number}", row[at]))
    if not kept:
        body.notes.append(Note("nil_says_only_so", sheet.name, body.details[0][0]))
    body.details[:] = kept


def _marked_as_undone(header: Header, rows: Sequence[Row], left: Mapping[int, str], undone: Sequence[str]) -> dict[int, str]:
    """Places in which whoever is marked did not take part: “Vắng” beside “Đạt” below the group of a result, or a column of that name that is not read;
    and the column that the group means. A number below a column of its own counts how often."""
    below = {p: (label, column) for column in undone for p, label in header.marks.get(column, {}).items()}
    unread = {p: (label.removeprefix(f"{CHOSEN}: "), column) for p, (label, column) in below.items() if label.startswith(CHOSEN)}
    paths = dict(paths_of(rows[header.top : header.bottom + 1]))
    said = {p: (" ".join(paths.get(p, (text,))), "") for p, text in left.items()} | unread  # “Có phép” below “Vắng”
    return {p: column for p, (text, column) in said.items() if NOT_DONE.fullmatch(fold(text))}


def leave_other_matters(body: Body, sheet: Sheet, header: Header, dataset: str, layout: Layout, classes: list[RowClass]) -> None:
    """Below a section that names a matter which no row of the list can be (“II. Nghỉ hưu” among rotations) nobody is read, and the section is told; but for
    who is of the list by a column of their own."""
    kind = layout.spoken_of(dataset).kind
    if kind is None or header.confirmed:
        return
    taken, kept = body.details, [True] * len(body.details)
    for number, text, (first, last) in body.parts.headings_of(len(taken)):
        if ("", "") not in said(dataset, text, layout):
            continue
        of_another = [
            n for n in range(first, last) if kept[n] and not _says_its_matter(header, taken[n][1], kind, layout.lists[dataset][kind])
        ]
        for n in of_another:
            kept[n] = False
            classes[taken[n][0] - 1] = RowClass.NOTE
        if of_another:
            body.notes.append(Note("rows_of_this_list", sheet.name, number, None, None, text))
    if not all(kept):
        if not any(kept):
            body.notes.append(Note("nil_says_only_so", sheet.name, taken[0][0]))
        body.details[:] = [detail for detail, is_kept in zip(taken, kept, strict=True) if is_kept]


def _says_its_matter(header: Header, row: Row, column: str, name: str) -> bool:
    """Does a row say in its list's own column, by a word or a mark, that it is of the list?"""
    at = header.columns.get(column)
    cell = row[at] if at is not None and at < len(row) else None
    marks = (mark for p in header.marks.get(column, ()) if p < len(row) and (mark := row[p]))
    return bool(cell and code_of(name, cell)) or any(mark_of(mark) in MARKS for mark in marks)


def _is_not_punished(cells: Sequence[str | None]) -> bool:
    """Do the cells of a row's forms say all that there was no punishment?

    >>> [_is_not_punished([cell]) for cell in ("Không kỷ luật", "Miễn kỷ luật", "Không", "Chưa xử lý kỷ luật", "Khiển trách", None)]
    [True, True, True, True, False, False]
    """
    said = [fold(cell) for cell in cells if cell and fold(cell)]
    return bool(said) and all(NOT_PUNISHED.fullmatch(cell) for cell in said)


def _is_doubt(folded: str) -> bool:
    """
    >>> [_is_doubt(said) for said in ("khong dat", "dang khieu nai", "vang 2 buoi", "huy quyet dinh", "khong", "hoc tai can tho")]
    [True, True, True, True, False, False]
    >>> [_is_doubt(said) for said in ("giam doc trung tam", "chuong trinh moi", "phong chay chua chay", "xoa doi giam ngheo", "hang khong")]
    [False, False, False, False, False]
    """
    return folded.count(" ") < LONGEST and bool(DOUBTS.search(folded)) and not NO_DOUBT.fullmatch(folded)


def _is_settled(header: Header, row: Row, became: str | None) -> bool:
    """Does the row say in the template's own column what became of it?"""
    at = header.columns.get(became) if became else None
    return at is not None and at < len(row) and bool(row[at])
