"""What pages say in either language: words, numbers, days, labels of codes. Vietnamese is as everywhere (presentation.py); English stands beside it.

What does not belong here: what there is to say (figures.py), and how it looks (the templates).
"""

import csv
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from pipeline import codes
from pipeline.paths import PAGES
from pipeline.presentation import SEPARATORS, both, day, figure, number

CITY_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Language:
    """One language of the pages."""

    code: str
    folder: str  # where its tree of pages begins, below the first one's
    name: str

    @property
    def is_vietnamese(self) -> bool:
        return self.code == "vi"

    @property
    def words(self) -> Mapping[str, str]:
        """The pages' own words, by key."""
        return _words()[self.code]

    def number(self, value: float) -> str:
        """A whole number.

        >>> [language.number(53895) for language in LANGUAGES]
        ['53.895', '53,895']
        """
        return number(value) if self.is_vietnamese else number(value).translate(SEPARATORS)

    def figure(self, value: float | None, shown_as: str) -> str:
        """A metric's figure.

        >>> [language.figure(0.18431, "share") for language in LANGUAGES]
        ['18,43%', '18.43%']
        """
        text = figure(value, shown_as)
        return text if self.is_vietnamese else text.translate(SEPARATORS)

    def day(self, value: dt.date | None) -> str:
        """A day, or nothing.

        >>> [language.day(dt.date(2021, 2, 5)) for language in LANGUAGES]
        ['05/02/2021', '5 Feb 2021']
        """
        if value is None:
            return ""
        return day(value) if self.is_vietnamese else f"{value.day} {value:%b %Y}"

    def moment(self, value: dt.datetime) -> str:
        """An instant, by the city's clock."""
        local = value.astimezone(CITY_TIME)
        return f"{local:%H:%M} {self.words['on_day']} {self.day(local.date())}"

    def of(self, description: str) -> str:
        """Of words that stand as “Vietnamese / English”, this language's.

        >>> [language.of("Số người / Persons") for language in LANGUAGES]
        ['Số người', 'Persons']
        """
        vi, en = both(description)
        return vi if self.is_vietnamese else en or vi

    def heading(self, description: str) -> str:
        """What a description says first.

        >>> [language.heading("Đào tạo; chỉ nơi có báo cáo / Training; who answered. One row per unit.") for language in LANGUAGES]
        ['Đào tạo', 'Training']
        """
        return re.split(r"[;:.]", self.of(description))[0].strip()

    def label(self, code_list: str, code: str | None) -> str:
        """What a code means."""
        return _labels(self.code, code_list).get(code or "", code or "")


LANGUAGES = (Language("vi", "", "Tiếng Việt"), Language("en", "en/", "English"))


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    with (PAGES / "words.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    return {language: {row["key"]: row[language] for row in rows} for language in ("vi", "en")}


@cache
def _labels(language: str, code_list: str) -> Mapping[str, str]:
    return {code.code: code.label_vi if language == "vi" else code.label_en for code in codes.code_lists()[code_list]}
