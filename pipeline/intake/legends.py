"""What letters and numbers in a column of levels mean, where a list says so itself: “A: Hoàn thành tốt; B: Hoàn thành” above it, below it or in its header.

What does not belong here: what they mean where nobody says so (the code list), and marks below levels (header_trees).
"""

import re
from collections.abc import Iterable

from pipeline.codes import code_of, fold, labels
from pipeline.intake.level_headers import DECIDED
from pipeline.intake.readings import Note, Table
from pipeline.intake.rows import Row

LEVELS, LONGEST = "rating_level", 3  # letters of a sign
OF_LEVELS = ("self_level_code", "proposed_level_code", DECIDED)
UNKNOWN = "(không rõ)"  # behind a letter of which nobody knows what it means: no level, and told at its cell
PIECES = re.compile(r"[;,\n()\[\]]|\.\s")
SIGN = re.compile(
    r"\A\W*(?:(?:ghi chú|quy ước|chú thích|chú giải|ký hiệu|trong đó|mức xếp loại|xếp loại|loại|mức)\b[\s:]*)*"
    r"[\"“']?(?P<sign>[^\W\d_]{1,3}|[0-9])[\"”']?\s*(?:[:=]|[-–]|là\b|tương ứng(?: với)?\b)\s*(?:(?:xếp )?loại\s+|mức\s+)?(?P<level>.+)",
    re.IGNORECASE,
)


KIND = re.compile(r"\s*(?:xếp )?loại\s+[\"“']?([abcd])[\"”']?\s*\.?\s*", re.IGNORECASE)


def sign_of(text: str) -> str:
    """The sign alone, where a cell says of which kind somebody is.

    >>> sign_of("Loại A"), sign_of("xếp loại B"), sign_of("Loại giỏi"), sign_of("HTTNV")
    ('A', 'B', 'Loại giỏi', 'HTTNV')
    """
    return found[1] if (found := KIND.fullmatch(text)) else text


def take_legend(table: Table, rows: Iterable[Row]) -> None:
    """Levels as the list's own legend has them, where it gives a sign another meaning than it usually has, or one that has none."""
    columns = [c for c in OF_LEVELS if c in table.values]
    for column in columns if table.dataset == "ratings" else ():
        table.values[column] = [v and sign_of(v) for v in table.values[column]]
    signs = {fold(v) for c in columns for v in table.values[c] if v and len(v.strip()) <= LONGEST}
    if table.dataset != "ratings" or not signs:
        return
    said: dict[str, set[str]] = {}
    for row in rows:
        for sign, code in _pairs(row):
            said.setdefault(sign, set()).add(code)
            cells = [cell.strip() for cell in row if cell]
            table.legend |= {*cells, " ".join(cells)}
    other = {sign: codes for sign, codes in said.items() if sign in signs and codes != {code_of(LEVELS, sign)}}
    if not other:
        return
    texts = {sign: labels(LEVELS)[min(codes)] if len(codes) == 1 else None for sign, codes in other.items()}  # of two meanings none
    # beside letters that mean something else than they usually do, one that the legend leaves out means nobody knows what
    texts |= {sign: None for sign in signs - said.keys() if code_of(LEVELS, sign) and {*map(len, other)} == {1} == {len(sign)}}
    for column in columns:
        table.values[column] = [(texts.get(fold(v), v) or f"{v} {UNKNOWN}") if v else v for v in table.values[column]]
    table.notes.append(Note("levels_by_legend", table.sheet, table.header_row, next(iter(columns))))


def is_legend(text: str) -> bool:
    """Is a line the legend of a sign?

    >>> is_legend("A: Hoàn thành tốt"), is_legend("II. Hoàn thành tốt")
    (True, False)
    """
    return any(True for _ in _pairs([text]))


def _pairs(row: Row) -> Iterable[tuple[str, str]]:
    """The signs that a row says the meaning of, folded, and their levels."""
    cells = [cell.strip() for cell in row if cell and cell.strip()]
    texts = [f"{cells[0]}: {cells[1]}"] if len(cells) == 2 and len(cells[0]) <= LONGEST else cells
    for text in texts:
        for piece in PIECES.split(text):
            if (found := SIGN.match(piece.strip())) and (code := code_of(LEVELS, found["level"].strip(" .\"”'"))):
                yield fold(found["sign"]), code
