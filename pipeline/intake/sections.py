"""What a section row says: how it is numbered, how many it counts, whether it names a unit, people, a part of the list or an office.

What does not belong here: which rows are sections (classifier), and whose the rows below them are (surroundings, units).
"""

import re
from functools import lru_cache

from pipeline.intake.level_headers import says_not_decided
from pipeline.intake.rows import Filled, patterns, plain, says


def section_unit(cells: Filled) -> str | None:
    """The unit that a section row names, without its numeral: "II. Chi bộ Văn phòng" → "Chi bộ Văn phòng"."""
    return next((unit for _, cell in cells if (unit := _unit_in(cell))), None)


@lru_cache(maxsize=10_000)  # titles and sections, asked for several times and the same ones in many sheets
def _unit_in(cell: str) -> str | None:
    text = in_full(NUMERAL.sub("", cell).strip().strip("“”\"'"))
    text = text if NOT_ITS_NAME.search(text) else OF_A_CELL.sub("", text)
    if not says("UNIT", "start", plain(text)) or says_not_decided(text):  # “Chi bộ đề nghị” is a step
        return None
    return re.sub(r"\A[Đđ]ơn vị\s*:\s*", "", patterns()["COUNTED", "end"].sub("", text)).rstrip(":. ")


def in_full(text: str) -> str:
    """A cell as it is called, where an abbreviation plainly means one: before a number, or what a cell is called after. Else "CB" may be people.

    >>> in_full("CB Ấp 1"), in_full("CB2"), in_full("CB công chức"), in_full("CBCC")
    ('Chi bộ Ấp 1', 'Chi bộ 2', 'CB công chức', 'CBCC')
    """

    def of(found: re.Match[str]) -> str:
        rest = text[found.end() :]
        return "Chi bộ " if rest[0].isdigit() or (found[0][-1].isspace() and says("OFFICE", "start", plain(rest))) else found[0]

    return SHORT.sub(of, text) if "CB" in text.upper() else text


SHORT = re.compile(r"(?<![\w/.-])CB\s*(?=\w)", re.IGNORECASE)


def section_code(cells: Filled) -> str | None:
    """A unit's code in a section row, alone or beside its name: "Chi bộ 1 (Q01.001.01)" → "Q01.001.01"."""
    return next((found[0] for _, cell in cells if (found := CODE.search(cell))), None)


def section_words(cells: Filled) -> str | None:
    """What a section row says, without its numeral and its count."""
    texts = (patterns()["COUNTED", "end"].sub("", NUMERAL.sub("", cell).strip()).rstrip(":. ") for _, cell in cells)
    return next((text for text in texts if len(text) > 1 and not says("SECTION", "start", plain(text))), None)


CODE = re.compile(r"\b[A-Z]{1,4}[0-9]{1,4}(?:\.[0-9]{1,4})+\b")
NUMERAL = re.compile(
    r"\A(?:(?:[IVXivx]{1,5}|[A-Za-z]|\d{1,2}(?:\.\d{1,2})*)\s*[.)\-:/]|\((?:[IVXivx]{1,5}|[A-Za-z]|\d{1,2})\)|[-–+*•](?=\s))\s*"
)
# What stands before a cell's name where it says whose the people below are, and what makes a sentence of it.
OF_A_CELL = re.compile(r"\A(?:(?:danh sách|đảng viên|tên chi bộ\s*:|tại|thuộc|của)\s+)+(?=(?:chi bộ|tổ đảng)\s)", re.IGNORECASE)
NOT_ITS_NAME = re.compile(r"\b(?:năm|quý|tháng|kỳ|đợt|20[0-9]{2})\b", re.IGNORECASE)


def _begins(name: str, cells: Filled) -> bool:
    return any(says(name, "start", plain(NUMERAL.sub("", cell))) for _, cell in cells)


def section_of_people(cells: Filled) -> bool:
    """Does a section row part people within a unit? "a) Đảng viên nữ" says nothing of where they are."""
    return _begins("PEOPLE", cells)


def section_of_rows(cells: Filled) -> bool:
    """Does a section row part the list itself, "Khối trường học", "Đợt 2", and names nobody's unit?"""
    return _begins("GROUP", cells)


def section_of_sender(cells: Filled) -> bool:
    """Does a section row hold those who stand directly below the committee, in no cell of it?"""
    return _begins("SENDER", cells)


def section_of_office(cells: Filled) -> bool:
    """Does a section row name a place where people work? The registry may know it as a unit."""
    return _begins("OFFICE", cells)


def section_level(cells: Filled) -> str | None:
    """How a section row is numbered: "I" and "II" alike, "A" and "B", "a" and "b", "1" and "2"; None where it is not."""
    found = re.match(r"\A([IVX]{1,5}|[ivx]{1,5}|[A-Z]|[a-z]|[0-9]{1,2})(?:\s*[.)\-:/]|\Z)", cells[0][1].strip()) if cells else None
    if not found:
        return None
    sign = found[1]
    return (
        "1"
        if sign[0].isdigit()
        else ("I" if re.fullmatch("[IVX]+", sign) else "i" if re.fullmatch("[ivx]+", sign) else "A" if sign.isupper() else "a")
    )


DEPTHS = ("", "A", "I", "1", "i", "a")  # how sections are numbered, from the outermost


def section_count(cells: Filled) -> int | None:
    """How many people a section row says that it has: "Chi bộ 1 (03 đảng viên)" → 3."""
    found = next((m for _, cell in cells if (m := patterns()["COUNTED", "end"].search(plain(cell)))), None)
    return int(found[1] or found[2]) if found else None


def is_team(cells: Filled) -> bool:
    """Whether a section names a team below a cell (“Tổ đảng”)."""
    return plain(section_unit(cells) or "").startswith("tổ đảng")
