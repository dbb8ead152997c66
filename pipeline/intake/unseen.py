"""What a sheet holds that its values do not show, whatever kind of file it stands in: the shape of it, and what a number's format says.

What does not belong here: how a kind of file is looked through (hidden_xlsx, hidden_ods, hidden_xls, hidden_xlsb).
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Generic, TypeVar

from pipeline.intake.cells import with_comma

DIGITS_BEFORE = re.compile(r'(?:\[[^\]]*\])*"([0-9]+)"(?=0)')  # that a format writes before every number
BUILT_IN = {9: "0%", 10: "0.00%", 11: "0.00E+00", 17: "mmm-yy", 48: "##0.0E+0"}  # formats that every workbook has without saying so
WRITTEN_OUT = 1e9  # smaller numbers in scientific writing lose no identity number's digits

Name = TypeVar("Name")  # what cells call a style by: its number or its name


@dataclass
class Unseen:
    """What a sheet holds that its values do not show. Rows are numbers from 1, columns positions from 0."""

    hidden_rows: list[tuple[int, int]] = field(default_factory=list)  # first and last; also filtered ones and those without height
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last
    struck: set[tuple[int, int]] = field(default_factory=set)  # cells whose text is struck through
    months: dict[tuple[int, int], str] = field(default_factory=dict)  # days that are shown as a month ("m") or a year ("y")
    uncalculated: set[tuple[int, int]] = field(default_factory=set)  # formulas whose value their writer did not know
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)  # how a number's format writes it, where that says more than the number
    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # first row and position, last ones, from 0; where the reader does not tell
    comments: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)  # who wrote it, and what
    extent: tuple[int, int] = (0, 0)  # rows and columns down to the last cell with a value

    def take_number(self, number: int, position: int, value: float, code: str) -> None:
        """A number, or a day, in a format that says more than it."""
        if part := dayless(code):
            self.months[number, position] = part
        elif text := shown(value, code):
            self.shown[number, position] = text


@dataclass(frozen=True)
class Styles(Generic[Name]):
    """Of a workbook's styles, by what cells call them: whose font is struck through, whose format says more than its number, every font."""

    struck: frozenset[Name] = frozenset()
    formats: dict[Name, str] = field(default_factory=dict)
    fonts: dict[Name, str] = field(default_factory=dict)

    @classmethod
    def of(cls, styles: Iterable[tuple[Name, str, bool, str]]) -> "Styles[Name]":
        """From each style's name or number, its format, whether its font is struck through, and the font's name."""
        styles = list(styles)
        formats = {name: code for name, code, _, _ in styles if says_more(code)}
        return cls(frozenset(name for name, _, struck, _ in styles if struck), formats, {name: font for name, _, _, font in styles})

    @cached_property
    def odd(self) -> frozenset[Name]:
        return self.struck.union(self.formats)

    def fonts_of(self, texts: Iterable[tuple[int, Name]]) -> dict[int, str]:
        """The font that most texts of a column are in, from each text's position and style."""
        counts: dict[int, Counter[str]] = {}
        for position, style in texts:
            if style in self.fonts:
                counts.setdefault(position, Counter())[self.fonts[style]] += 1
        return {position: count.most_common(1)[0][0] for position, count in counts.items()}


class Look:
    """What a look through a workbook found, without reading it. Each kind of file has its own."""

    unseen: dict[str, Unseen]  # by sheet's name

    @cached_property
    def is_1904(self) -> bool:
        """Whether a number that means a day counts from 1904."""
        raise NotImplementedError

    def sees(self, sheet: str) -> bool:
        """Whether a sheet was looked through: what a blind look did not find may be there all the same."""
        return sheet in self.unseen

    def fonts(self, sheet: str) -> dict[int, str]:
        """The font that most texts of a column are in, by position."""
        raise NotImplementedError


# ── what a number's format says ──────────────────────────────────────────────────────────────────────────────────


def says_more(code: str) -> bool:
    """Whether a format writes zeros in front, per cents, an exponent, or no day."""
    return bool(_zeros(code) or _is_percent(code) or _decimals(code) is not None or dayless(code))


def shown(value: float, code: str) -> str | None:
    """A number as its format writes it: with the zeros in front, in per cent, or with the exponent where digits are lost for good.

    Per cents keep the digits that the format rounds away.

    >>> shown(92080000001, "000000000000"), shown(92000000000, "0.00E+00"), shown(92080000001, "0.00E+00")
    ('092080000001', '9,20E+10', None)
    >>> shown(0.885, "0.0%"), shown(0.8853, "0%"), shown(1, "0%"), shown(80000001, '"092"000000000')
    ('88,5%', '88,53%', '100%', '092080000001')
    """
    value = float(value)
    if _is_percent(code):
        return with_comma(f"{round(value * 100, 10):.10f}".rstrip("0").rstrip(".")) + "%"
    zeros, decimals = _zeros(code), _decimals(code)
    if zeros and value.is_integer() and 0 <= value < 1e15:
        before = DIGITS_BEFORE.match(code)
        return (before[1] if before else "") + str(int(value)).zfill(zeros)
    if decimals is not None and abs(value) >= WRITTEN_OUT and float(written := f"{value:.{decimals}E}") == value:
        return with_comma(written)
    return None


def _plain(code: str) -> str:
    """A format's first section without colours, conditions, literal text and spacing."""
    return re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|\s', "", code.split(";")[0])


@cache
def dayless(code: str) -> str | None:
    """Which part of a day a format shows, where it does not show the day itself: "m" a month, "y" a year.

    >>> dayless("mmm-yy"), dayless("[$-42A]mm/yyyy"), dayless("yyyy-mm"), dayless("yyyy"), dayless("dd/mm/yyyy"), dayless("mm:ss")
    ('m', 'm', 'm', 'y', None, None)
    """
    written = re.fullmatch(r"(m{0,5})[-/.]?y{2,4}|y{2,4}[-/.]?(m{1,5})", _plain(code).lower())
    return written and ("m" if written[1] or written[2] else "y")


@cache
def _is_percent(code: str) -> bool:
    """
    >>> _is_percent("0.0%"), _is_percent('0" %"')
    (True, False)
    """
    return "%" in code and "%" in _plain(code)


@cache
def _zeros(code: str) -> int:
    """How many digits a format always writes; 0 where it is not for that.

    >>> _zeros("000000000000"), _zeros('000" "000" "000;@'), _zeros("0.00"), _zeros("0")
    (12, 9, 0, 0)
    """
    plain = re.sub(r"[\-()]", "", _plain(code))
    return len(plain) if re.fullmatch("0{2,}", plain) else 0


@cache
def _decimals(code: str) -> int | None:
    """Decimals of a format in scientific writing.

    >>> _decimals("0.00E+00"), _decimals("##0.0E+0"), _decimals("0.00")
    (2, 1, None)
    """
    match = re.fullmatch(r"[0#?]+(?:\.([0#?]*))?[eE][+\-][0#?]+", _plain(code))
    return len(match[1] or "") if match else None
