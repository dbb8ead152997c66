"""Text as Vietnamese offices write it becomes the value that they meant, or None; it never raises."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import codes
from pipeline.values import clean_text, read_date, read_identity, read_number, read_period

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))


@given(DAYS, st.sampled_from("/-."), st.booleans())
def test_a_day_is_read_day_first(day: dt.date, sign: str, padded: bool) -> None:
    text = f"{day:%d{sign}%m{sign}%Y}" if padded else f"{day.day}{sign}{day.month}{sign}{day.year}"
    assert read_date(text) == (day, "DAY")


@given(DAYS)
def test_a_month_is_its_first_day_or_its_last_where_it_ends_something(day: dt.date) -> None:
    first, last = read_date(f"{day:%m/%Y}")[0], read_date(f"{day:%m/%Y}", ends=True)[0]
    assert first == day.replace(day=1)
    assert last.month == day.month and (last + dt.timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "text", ["13/13/2021", "31/02/2021", "2021/13/01", "31/2/21", "00/01/2021", "hôm qua", "٠٥/٠٢/1980", "01/02/1880", "4419", "64197"]
)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert read_date(text) == (None, None)


@given(st.integers(0, 10**12 - 1))
def test_twelve_digits_are_kept_and_one_lost_zero_comes_back(n: int) -> None:
    number = f"{n:012}"
    assert read_identity(number) == (number, False)
    if number[0] == "0" and number[1] != "0":
        assert read_identity(number[1:]) == (number, True)


@pytest.mark.parametrize("text", ["9.2E+10", "09208000000A", "0920800000012", "12345678", "092\u06600800000", ""])
def test_what_lost_digits_is_refused(text: str) -> None:
    assert read_identity(text)[0] is None


@given(st.text(max_size=40))
def test_no_text_makes_a_reader_raise(text: str) -> None:
    clean = clean_text(text)
    assert clean is None or clean == clean_text(clean)
    for read in (read_date, read_identity, read_number, read_period, codes.fold):
        read(text)


@given(st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 2)))
def test_vietnamese_numbers_read_back(value: float) -> None:
    plain = f"{value:,.2f}"
    vietnamese = plain.replace(",", "~").replace(".", ",").replace("~", ".")
    assert read_number(vietnamese) == value


@given(st.integers(2000, 2099), st.integers(1, 4))
def test_periods_read_back(year: int, quarter: int) -> None:
    assert read_period(str(year)) == str(year)
    assert {read_period(t) for t in (f"{year}-Q{quarter}", f"Quý {quarter}/{year}", f"Q{quarter} {year}")} == {f"{year}-Q{quarter}"}


@pytest.mark.parametrize(("text", "code"), [
    ("Không hoàn thành nhiệm vụ", "NOT_COMPLETED"), ("hoàn thành nhiệm vụ", "COMPLETED"), ("HTTNV", "GOOD"),
    ("  HOÀN  THÀNH XUẤT SẮC NHIỆM VỤ", "EXCELLENT"), ("Hoa\u0300n tha\u0300nh to\u0302\u0301t nhie\u0302\u0323m vu\u0323", "GOOD"), ("hoàn thành tốt", "GOOD"),
])  # fmt: skip
def test_level_labels_match_whole_and_never_by_their_parts(text: str, code: str) -> None:
    assert codes.spellings("rating_level").get(codes.fold(text)) == code


def test_half_a_label_is_no_label() -> None:
    assert codes.fold("không hoàn thành nhiệm vụ được giao") not in codes.spellings("rating_level")
