"""What titles and section rows say for the rows below them: whom a list rates, of which period, by which decision, what course people took.

Only a column that the table does not have is read from above, and only what one place says and no other contradicts.
What does not belong here: units (units, letterheads), and titles that say something else than the rows (judging/titled).
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile

from pipeline.codes import fold, labels, meaning_of, spellings
from pipeline.intake.readings import Note, Table
from pipeline.intake.sections import NUMERAL
from pipeline.spoken_lists import Spoken
from pipeline.title_words import of_lines, whom
from pipeline.titles import ASIDE, OFFICE, is_of_period, period_said, subject, systems_of_column, times_said
from pipeline.values import split_decision

Said = dict[str, str]  # column → its text


def read_titles(spoken: Spoken, titles: list[str]) -> Said:
    """What titles say of the columns of a dataset, whatever period they are of."""
    return _read(spoken.from_title, [], titles, "")


def _read(columns: Collection[str], names: list[str], titles: list[str], period: str) -> Said:
    said: Said = {}
    for own, read in READ:
        if not own.isdisjoint(columns):
            said |= {column: text for column, text in read(names, titles, period).items() if column in columns}
    return said


def take_above(
    table: Table,
    spoken: Spoken,
    names: list[str],
    sections: Sequence[tuple[int, str, tuple[int, int]]],
    period: str,
    before: Table | None = None,
) -> None:
    """Fill columns that the table does not have from what its titles say, and below each section from what that says. `before`: the table above with the
    same columns, whom it rates goes on where this one's titles are silent of it."""
    if not spoken.from_title or not table.row_count:
        return
    free = {c for c in spoken.from_title if not any(table.values.get(c, ()))}
    whole = _read(free, names, table.titles, period)
    if before and table.dataset == "ratings" and not whom(of_lines(table.titles, "ratings")):
        whole |= {c: text for c, text in before.said_above.items() if c == "rating_system_code" and c in free}
    if table.dataset == "ratings" and "rating_system_code" in free - whole.keys():
        whole |= _system_of_column(table, names)
    told = {c for c, text in whole.items() if c not in UNTOLD and text != USUAL.get(c)}
    if whole.get("period", period) != period:
        told.add("period")  # a quarter of the folder's year
    table.assumed |= whole.keys() & UNTOLD
    for column, text in whole.items():
        table.values[column] = [text] * table.row_count
        table.said_above[column] = text
    if table.dataset == "training":
        for _, heading, (first, last) in sections:
            for column, text in course_of(heading).items():
                if column in free:
                    values = table.values.setdefault(column, [None] * table.row_count)
                    table.values[column] = [*values[:first], *[text] * (last - first), *values[last:]]
                    told.add(column)
    if table.dataset == "ratings" and "period" in free:
        told |= _take_times(table, sections, period)
    if table.dataset == "rotation":
        _take_noted_kinds(table)
    for column in sorted(told):
        table.missing.pop(column, None)
        table.notes.append(Note("column_said_above", table.sheet, table.header_row, column))


def _system_of_column(table: Table, names: list[str]) -> Said:
    """The one system that the column of levels is called by, where no title, and no name, says whom the list rates."""
    known, said = labels("rating_system"), systems_of_column(table.rated)
    named = whom(of_lines([*names, *table.titles], "ratings"))
    return {"rating_system_code": known[code]} if (code := _one(said)) and code in known and named <= said else {}


def _take_noted_kinds(table: Table) -> None:
    """A note that begins with another kind of movement than the title's goes before it, as a column does."""
    kind, notes = table.said_above.get("rotation_kind_code"), table.values.get("note", [])
    if not kind:
        return
    noted = [_kind_noted(note) if note else None for note in notes]
    table.values["rotation_kind_code"] = [of or kind for of in noted] if noted else table.values["rotation_kind_code"]


@lru_cache(maxsize=10_000)  # the same notes in many rows
def _kind_noted(note: str) -> str | None:
    """The kind of movement that a note begins with, where it speaks of no other.

    >>> _kind_noted("Biệt phái 03 năm"), _kind_noted("Điều động"), _kind_noted("Từ biệt phái về"), _kind_noted("Luân chuyển, trước là điều động")
    ('Biệt phái', 'Điều động', None, None)
    """
    codes = codes_in("rotation_kind", note)
    words = " ".join(fold(note).split()[:2])
    first = spellings("rotation_kind").get(words)
    return labels("rotation_kind")[first] if first and codes == {first} else None


def _take_times(table: Table, sections: Iterable[tuple[int, str, tuple[int, int]]], period: str) -> set[str]:
    """Below sections that speak of the list and one year or quarter the people's period is that; the columns that are told. Rows of another year than the
    folder's are set aside by their own rule."""
    told: set[str] = set()
    for _, heading, (first, last) in sections:
        years, parts = times_said([heading])
        of = _one(parts or years)
        if not is_of_period(heading) or not of or not A_PERIOD.fullmatch(of):
            continue
        of = of if of[0] == "2" else period[:4] + of
        for column, text in (("period", of), ("period_type_code", labels("period_type")["QUARTER" if parts else "YEAR"])):
            values = table.values.get(column, [None] * table.row_count)
            table.values[column] = [*values[:first], *[text] * (last - first), *values[last:]]
        told |= {"period"} if of != period else set()
    return told


A_PERIOD = re.compile(r"(?:20[0-9]{2})?(?:-Q[1-4])?")


# ── which of a list's codes a title speaks of ────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=10_000)
def codes_in(list_name: str, text: str) -> frozenset[str]:
    """The codes of a list whose spellings (of two words, or a long one) stand in a text; of two that overlap the longer one.

    >>> sorted(codes_in("rating_system", "XẾP LOẠI CÁN BỘ LÃNH ĐẠO, QUẢN LÝ")), sorted(codes_in("rating_system", "ĐÁNH GIÁ CÁN BỘ, CÔNG CHỨC"))
    (['LEADER'], ['CADRE', 'CIVIL_SERVANT'])
    """
    known = {word: code for word, code in spellings(list_name).items() if len(word) > SHORT}
    pattern = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return frozenset(known[found[0]] for found in re.finditer(rf"\b(?:{pattern})\b", ASIDE.split(fold(text))[0]))


SHORT = 4  # a word of so few letters is found in too many others


def _one_label(list_name: str, texts: Iterable[str]) -> str | None:
    """The label of the one code that texts speak of; none where there are several."""
    found = _one({code for text in texts for code in codes_in(list_name, text)})
    return labels(list_name)[found] if found else None


def _one(found: Iterable[str]) -> str | None:
    """What is found, where it is one thing."""
    said = {*found}
    return said.pop() if len(said) == 1 else None


def _system(names: list[str], titles: list[str], period: str) -> Said:
    spoken = [text for text in titles if any(word in fold(text) for word in ("xep loai", "danh gia", "phan loai"))]
    system = _one_label("rating_system", spoken)
    if system == USUAL["rating_system_code"] and whom(of_lines(titles, "ratings")) != {"PARTY_MEMBER"}:
        system = None  # members and others
    if system and system != labels("rating_system")["COLLECTIVE"] and not any(re.search(r"\bca nhan\b", fold(t)) for t in spoken):
        return {"rating_system_code": system}
    return {}


def _period(names: list[str], titles: list[str], period: str) -> Said:
    of = period_said(period, names, titles)
    return {"period": of, "period_type_code": labels("period_type")["QUARTER" if "-Q" in of else "YEAR"]} if of else {}


def _decision(names: list[str], titles: list[str], period: str) -> Said:
    found = {split for title in titles if "quyet dinh" in fold(title) and (split := split_decision(title.strip(" ()")))}
    number, day = next(iter(found)) if len(found) == 1 else ("", "")
    return {"decision_no": number, "decided_on": day} if number else {}


def _kind(names: list[str], titles: list[str], period: str) -> Said:
    kind = _one_label("rotation_kind", titles)  # files and sheets are called so whatever kinds they hold
    return {"rotation_kind_code": kind} if kind else {}


def _discipline(names: list[str], titles: list[str], period: str) -> Said:
    said: Said = {}
    spoken = " ".join(ASIDE.split(fold(t))[0] for t in titles if "ky luat" in fold(t))
    is_party, is_state = (
        "dang vien" in spoken or "ve dang" in spoken,
        bool(re.search(r"\b(?:cong chuc|vien chuc|chinh quyen|hanh chinh)\b", spoken)),
    )
    if is_party != is_state:
        said["discipline_system_code"] = labels("discipline_system")["PARTY" if is_party else "STATE"]
    if re.search(r"\b(?:dang vien|cong chuc|vien chuc|can bo|ca nhan)\b", spoken) and not re.search(
        r"\b(?:to chuc|tap the|chi bo)\b", spoken
    ):
        said["subject_kind_code"] = labels("subject_kind")["PERSON"]
    return said


def _people(names: list[str], titles: list[str], period: str) -> Said:
    said: Said = {}
    for column, name in (("staff_kind_code", "staff_kind"), ("member_status_code", "member_status")):
        if found := _one(code for title in titles if (code := spellings(name).get(subject(title)))):
            said[column] = labels(name)[found]
    return said


# ── courses ──────────────────────────────────────────────────────────────────────────────────────────────────────

A_DAY = r"[0-9]{1,2}\s*[/.\-]\s*[0-9]{1,2}\s*[/.\-]\s*[0-9]{4}"
DAYS = re.compile(
    rf"(?:từ\s+)?(?:ngày\s+)?(?P<first>{A_DAY}|[0-9]{{1,2}}/[0-9]{{1,2}}(?=\s*(?:đến|-|–)))\s*(?:đến|-|–)\s*(?:hết\s+)?(?:ngày\s+)?(?P<last>{A_DAY})",
    re.IGNORECASE,
)
A_COURSE = re.compile(
    r"\A(?:các\s+)?(?:lớp|khóa|khoá|chương trình|bồi dưỡng|đào tạo|tập huấn|trung cấp|cao cấp|sơ cấp|cử nhân|thạc sĩ|tiến sĩ|cao học|chuyên đề"
    r"|quốc phòng|ứng dụng công nghệ thông tin|tiếng (?:anh|pháp|nga|trung|khmer)|bd|[cts]c (?:llct|lý luận))\b",
    re.IGNORECASE,
)
CALLED = re.compile(r"\b(?:lớp|khóa|khoá)\s+(?:bồi dưỡng|đào tạo|tập huấn|trung cấp|cao cấp|sơ cấp|đối tượng|hoàn chỉnh).*", re.IGNORECASE)
A_SCHOOL = re.compile(r"\A(?:trường|học viện|trung tâm (?:bồi dưỡng|chính trị|gdtx)|đại học)\b", re.IGNORECASE)
WHO_TEACHES = re.compile(
    r"\A(?:trường|học viện|viện|trung tâm|đại học|sở|ban|bộ|cục|chi cục|công an|ubnd|đảng ủy|thành ủy|tỉnh ủy|hội)\b", re.IGNORECASE
)
NAME_ENDS = re.compile(
    r"\s*[(\[]|[\s,;:–-]+(?=(?:từ|ngày|mở từ)\s+(?:ngày\s+|tháng\s+)?[0-9]|tại\s|do\s)|\s*[;:–-]\s*(?=[0-9])", re.IGNORECASE
)
GIVEN_BY = re.compile(r"\b(?:tại\s+([^();]+)|do\s+([^();]+?)\s+(?:tổ chức|mở|giảng dạy|thực hiện|chủ trì|phối hợp)\b)", re.IGNORECASE)
YEAR_BEHIND = re.compile(r"[\s,(–-]*(?:năm\s+)?20[0-9]{2}\)?\Z", re.IGNORECASE)


@lru_cache(maxsize=10_000)
def course_of(text: str) -> Mapping[str, str]:
    """What a heading says of the course that everybody below it took.

    >>> course_of("I. Tập huấn kỹ năng số (từ 06/10/2025 đến 08/10/2025; Sở Nội vụ)")["provider"]
    'Sở Nội vụ'
    >>> course_of("Phòng Tổ chức")
    {}
    """
    heading = re.sub(r"\A[IVXivx]{1,5}\s+", "", NUMERAL.sub("", " ".join(text.split())))
    name = NAME_ENDS.split(heading, maxsplit=1)[0].strip(" .,;:-–")
    if not A_COURSE.search(name):
        return {}
    if "," in name and WHO_TEACHES.search(behind := name.rsplit(",", 1)[1].strip()):
        name = name.rsplit(",", 1)[0].rstrip()  # “…, Trường Chính trị thành phố”
        return {"programme": name, "provider": behind} | _type_of(name) | _days_in(heading)
    return {"programme": name} | _type_of(name) | _days_in(heading) | _provider_in(heading[len(name) :])


def _type_of(name: str) -> Said:
    code = meaning_of("programme_type", re.sub(r"\A(?:lớp|khóa|khoá)\s+", "", name, flags=re.IGNORECASE))
    return {"programme_type_code": labels("programme_type")[code]} if code else {}


def _days_in(text: str) -> Said:
    found = {(m["first"], m["last"]) for m in DAYS.finditer(text)}
    if len(found) != 1:
        return {}
    first, last = found.pop()
    return {"training_from": first if re.search(r"[0-9]{4}\Z", first) else f"{first}/{last[-4:]}", "training_to": last}


def _provider_in(text: str) -> Said:
    found = GIVEN_BY.search(text)
    pieces = [found[1] or found[2]] if found else [piece for piece in re.split(r"[();]|,\s", text) if WHO_TEACHES.search(piece.strip())]
    return {"provider": pieces[0].strip(" .,")} if len(pieces) == 1 else {}


def _course(names: list[str], titles: list[str], period: str) -> Said:
    """The one course that titles name in a line of its own, or behind “danh sách học viên”; its days and who gave it; and that it was not passed."""
    lines = [" ".join(title.split()) for title in titles]
    result = {"training_result_code": labels("training_result")["FAILED"]} if any(NOT_PASSED.search(line) for line in lines) else {}
    return _the_course(lines) | result


NOT_PASSED = re.compile(  # of whom a course is for, its own name may say such a thing
    r"\A(?:(?!\b(?:lớp|khóa|khoá|cho)\b).)*\b(?:không|chưa)\s+(?:đạt|hoàn thành)\b(?!\s+(?:chuẩn|tiêu chuẩn|trình độ|nhiệm vụ))"
    r"|[(–-]\s*(?:học viên\s+)?(?:không|chưa)\s+(?:đạt|hoàn thành)(?:\s+yêu cầu)?\s*\)?\Z",
    re.IGNORECASE,
)
BESIDE_A_HEAD = re.compile(  # what stands in the other half of a letterhead
    r"\s+(?:cộng\s+h(?:òa|oà)\s+xã\s+hội\s+chủ\s+nghĩa|đảng\s+cộng\s+sản\s+việt\s+nam|độc\s+lập\s*[-–.]\s*tự\s+do"
    r"|số\s*:?\s*[0-9./…-]|mẫu\s+(?:số\s+)?[0-9]).*\Z",
    re.IGNORECASE,
)


PLACE_AND_DAY = re.compile(r"\s*,\s*ngày\b.*\Z", re.IGNORECASE)


def _alone(line: str) -> str:
    """The office that a letterhead names, without what stands in its other half; nothing where a place and a day follow and the name does not end
    with its capitals, as nobody can say then where it ends.

    >>> _alone("TRƯỜNG CHÍNH TRỊ Cần Thơ, ngày 5 tháng 6 năm 2025"), _alone("TRƯỜNG CHÍNH TRỊ Độc lập - Tự do - Hạnh phúc")
    ('TRƯỜNG CHÍNH TRỊ', 'TRƯỜNG CHÍNH TRỊ')
    >>> _alone("Trường Chính trị Cần Thơ, ngày 5 tháng 6 năm 2025")
    ''
    """
    name = BESIDE_A_HEAD.sub("", line)
    before = PLACE_AND_DAY.sub("", name)
    return name if before == name else " ".join(takewhile(str.isupper, before.split()))


def _the_course(lines: list[str]) -> Said:
    called = {found[0] for line in lines if not OFFICE.match(fold(line)) for found in [CALLED.search(line)] if found}
    courses = called or {line for line in lines if A_COURSE.search(line) and not OFFICE.match(fold(line))}
    said: Said = {}
    if len(courses) == 1:
        heading = courses.pop()
        said = dict(course_of(heading))  # a copy: what this list's other lines say is no other list's
        if "programme" in said:
            said["programme"] = YEAR_BEHIND.sub("", said["programme"])
    if "programme" not in said:
        return {}
    said |= _days_in(" ; ".join(lines))
    if "provider" not in said:
        at = {of["provider"] for line in lines if "tại " in line.lower() and (of := _provider_in(line))}
        schools = {name for line in lines[:2] if A_SCHOOL.search(line) and (name := _alone(line))}
        if found := _one(at or schools):
            said["provider"] = found
    return said


READ: tuple[tuple[frozenset[str], Callable[[list[str], list[str], str], Said]], ...] = (
    (frozenset({"rating_system_code"}), _system),
    (frozenset({"period", "period_type_code"}), _period),
    (frozenset({"rotation_kind_code"}), _kind),
    (frozenset({"discipline_system_code", "subject_kind_code"}), _discipline),
    (frozenset({"staff_kind_code", "member_status_code"}), _people),
    (frozenset({"programme", "programme_type_code", "provider", "training_from", "training_to", "training_result_code"}), _course),
    (frozenset({"decision_no", "decided_on"}), _decision),
)  # columns, and what reads them from names and titles above a list
UNTOLD = {"period", "period_type_code", "subject_kind_code"}  # what is assumed anyhow
USUAL = {"rating_system_code": labels("rating_system")["PARTY_MEMBER"]}
