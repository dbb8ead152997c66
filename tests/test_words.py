"""What letters, titles, headings and headers say beside the rows: of another level, year, system or time; nothing of it is taken silently."""

from typing import Any

import pytest
from conftest import PERSONNEL_HEADER, RATINGS_HEADER, City, member, number, rating, ratings, roster

from pipeline import codes

MARKED = ["STT", "Họ và tên", "Số CCCD", "HTXSNV", "HTTNV", "HTNV", "KHTNV"]


def told(city: City) -> list[tuple[str, str | None]]:
    """What a land tells of the files that lie there: rule and cell, or the row where it is of no cell."""
    city.land()
    found = city.landed("findings").sort("submission_key", "row_no", "cell").to_dicts()
    return [(f["rule_code"], f["cell"] or (f["row_no"] and str(f["row_no"]))) for f in found]


def marked(n: int, at: int, sign: str = "x") -> list[Any]:
    return [n, f"Nguyễn Văn {chr(65 + n)}", number(n), *[sign if at == column else None for column in range(4)]]


# ── letters ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("level", ["Đ", "đ", "Đ.", "Ä", "É"])
def test_a_letter_with_a_mark_is_no_level_of_another_letter(city: City, level: str) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": ratings([rating(1, level), *[rating(n) for n in range(2, 6)]])})
    assert told(city) == [("code_known", "E5")]


@pytest.mark.parametrize(
    ("words", "text", "code"),
    [
        ("rating_level", "d", "NOT_COMPLETED"),
        ("rating_level", "(B)", "GOOD"),
        ("education", "đh", "UNIVERSITY"),
        ("education", "DH", "UNIVERSITY"),
        ("education", "ĐĤ", None),
        ("sex", "Nữ", "FEMALE"),
        ("sex", "Nù", None),
        ("ethnicity", "Mạ", "MA"),
        ("ethnicity", "Mã", None),
        ("rating_level", "Hoan thành tôt nhiệm vụ", "GOOD"),
    ],
)
def test_marks_decide_where_a_spelling_is_short(words: str, text: str, code: str | None) -> None:
    assert codes.code_of(words, text) == code


@pytest.mark.parametrize("sign", ["Đ", "đ", "C", "HTTNV"])
def test_a_sign_in_a_mark_column_that_may_be_another_level_is_asked(city: City, sign: str) -> None:
    rows = [MARKED, marked(1, 0, sign), *[marked(n, 1) for n in range(2, 6)]]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": rows})
    assert told(city) == [("one_level_marked", "D2")]


@pytest.mark.parametrize(("sign", "level"), [("x", "EXCELLENT"), ("HTXSNV", "EXCELLENT"), ("Không xếp loại", None)])
def test_a_mark_column_that_names_its_own_level_or_none_of_the_others_is_read(city: City, sign: str, level: str | None) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [MARKED, marked(1, 0, sign), *[marked(n, 1) for n in range(2, 6)]]})
    rules = [rule for rule, _ in told(city)]
    assert rules == ([] if level else ["unrated_row_has_reason"])
    assert city.landed("ratings").sort("row_no")["decided_level_code"].to_list()[:1] == [level or "GOOD"]
