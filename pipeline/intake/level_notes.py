"""What a note, or an unread column of opinions, says against the level of its row: another level, that nobody rated, another step, that it is twice there.

The level that stands in its column counts, and the cell is asked. What does not belong here: reasons that a note gives whoever has no level
(said_elsewhere), and who left (schemas/rules.py).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from pipeline.codes import code_of, fold, spellings
from pipeline.intake.readings import Note, Table, letter

LEVELS, NOT_RATED = "rating_level", "NOT_RATED"
# Folded; wherever they stand in a cell.
AGAINST = re.compile(
    r"\b(?:(?:khong|chua|ko|k) (?:duoc )?(?:xep loai|xep|danh gia|phan loai|xl|dg|binh xet|hop|xet|du (?:dieu kien|thoi gian|0?6 thang|nam))|kxl|mien (?:xep loai|danh gia|sinh hoat|"
    r"cong tac|shd?)|duoc mien|dien mien|dinh chi|bao luu|(?:duoi|moi) 0?6 thang|dieu chinh|(?:xep loai|danh gia|xet|xem xet|xl|binh xet) lai|xem lai|(?:ha|nang) (?:bac|muc|loai|xuong|len|xep loai)|"
    r"phuc tra|khieu nai|thay doi|trung (?:voi |dong|stt|ten|o )|trung lap|da (?:xep loai|danh gia|tinh) o|(?:xep loai|danh gia|xl|tinh) (?:o|tai) (?!don vi nay|chi bo nay)|"
    r"(?:khong|chua|ko) (?:dong y|nhat tri|thong nhat|cong nhan|phe duyet|chuan y|duyet)|noi khac|don vi (?:khac|cu)|cho (?:xem xet|ket qua|y kien|quyet dinh|qd|xet|phuc tra)|tam (?:xep|hoan)|chuyen xuong|huy (?:ket qua|xep loai)|sua (?:lai|thanh))\b"
)
A_YEAR_BEFORE = re.compile(r"\b(?:nam|ky) (?:truoc|ngoai|20[0-9]{2})\b")
BY_LETTER = re.compile(r"\bloai ([abcd])\b")
# Spellings that also mean something else than a level where more is said beside them: “Hoàn thành lớp bồi dưỡng”, “Sức khỏe tốt”.
LOOSE = frozenset(("hoan thanh", "tot", "xuat sac", "xs", "ht", "htt", "yeu kem"))
OF_OPINIONS = re.compile(
    r"\b(?:y kien|ket luan|xem xet|dieu chinh|phuc tra|ra soat|tham dinh|lai|lan 2|thay doi|chot|luu y|cong nhan|phe duyet|chuan y|dong y|nhat tri|thong nhat|nhan xet|ghi chu)\b"
)
SHORTEST = 3
LONGEST = 25  # words of a cell


@cache
def _phrases() -> re.Pattern[str]:
    said = (s for s in spellings(LEVELS) if len(s) >= SHORTEST and s not in LOOSE)
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, said), key=len, reverse=True))})\b")


@lru_cache(maxsize=10_000)  # notes of a city are mostly the same words
def levels_in(text: str) -> frozenset[str]:
    """The levels that a text says, each phrase as long as it goes.

    >>> [sorted(levels_in(t)) for t in ("Điều chỉnh xuống HTNV", "Không hoàn thành nhiệm vụ", "Hạ xuống loại C", "Hoàn thành lớp bồi dưỡng", "Tốt")]
    [['COMPLETED'], ['NOT_COMPLETED'], ['COMPLETED'], [], ['GOOD']]
    """
    if len(text.strip()) < SHORTEST:  # a letter beside a level is as often something else's
        return frozenset()
    if (code := code_of(LEVELS, text)) is not None:
        return frozenset([code])
    folded, known = fold(text), spellings(LEVELS)
    said = {known[found] for found in _phrases().findall(folded)}
    return frozenset(said | {known[found] for found in BY_LETTER.findall(folded)})


def speaks_against(text: str, level: str) -> bool:
    """Does a cell say something else than the level of its row?

    >>> [speaks_against(t, "GOOD") for t in ("Chưa họp xét", "HTXSNV", "HTTNV", "Trùng với dòng 1", "Đi học", "Bí thư", "Mới kết nạp")]
    [True, True, False, True, False, False, False]
    """
    folded = fold(text)
    return folded.count(" ") < LONGEST and (bool(levels_in(text) - {level}) or bool(AGAINST.search(folded)))


def ask_level_notes(table: Table, decided: str, left: Mapping[int, str]) -> None:
    """Tell each cell that speaks against the level of its row."""
    levels = [code_of(LEVELS, level) if level else None for level in table.values.get(decided, ())]
    for place, column, cells in _said(table, left):
        for (number, _), level, cell in zip(table.rows, levels, cells, strict=False):
            if cell and level and level != NOT_RATED and speaks_against(cell, level):
                table.notes.append(Note("note_agrees_with_level", table.sheet, number, column, f"{place}{number}", cell))


def _said(table: Table, left: Mapping[int, str]) -> Iterator[tuple[str, str | None, list[str | None]]]:
    if (notes := table.values.get("note")) is not None:
        yield table.letters["note"], "note", notes
    for position, header in left.items():
        folded = fold(header)
        if OF_OPINIONS.search(folded) and not A_YEAR_BEFORE.search(folded):
            yield letter(position), None, [row[position] if position < len(row) else None for _, row in table.rows]
