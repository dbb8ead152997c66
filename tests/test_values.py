"""Text as Vietnamese offices write it becomes the value that they meant, or None; it never raises."""

import datetime as dt
import re
import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import codes
from pipeline.judging.parse import parse
from pipeline.judging.validate import Judged, judge
from pipeline.names_and_numbers import FILLERS, LOST_ZERO, NOBODYS, PROVINCES, read_identity, read_name
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import SYSTEM
from pipeline.schemas.kinds import KINDS, Meta
from pipeline.values import clean_text, has_foreign_letter, read_date, read_number, read_period, read_shape, read_words, says_nothing

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
    "text", [
        "13/13/2021", "31/02/2021", "2021/13/01", "31/2/21", "01/00/2021", "hôm qua", "٠٥/٠٢/1980", "０５/０２/１９８０", "01/02/1880", "4419",
        "64197", "5/2/19800", "5/2/0", "5/2/0000", "ngày 5 năm 1980", "tháng năm 1980", "6 tháng đầu năm 2025", "Năm học 2020-2021", "2020-2021",
        "2010-11", "Feb 5, 1980", "2/5/1980 12:00:00 AM", "05/02/1980 25:00", "04/02/1980 23:59:00", "1980-02-04T17:00:00Z", "10:12:30",
        "31021980", "02171980", "12345678", "1980?", "05/02/1980-06/02/1980", "1980 -", "30 Thg2 1980", "Thg2-80",
        "../05/02/1980", "../13/1980", "5/../1980", "x/y/1980",
    ],
)  # fmt: skip
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert read_date(text) == (None, None)


@pytest.mark.parametrize("text", [
    "05/02/1980 00:00:00", "05/02/1980 0:00", "5/2/1980 14:30", "05/02/1980 12:00:00 SA", "1980-02-05T00:00:00", "1980-02-05 00:00:00.000",
    "05 / 02 / 1980", "05 -02- 1980", "05–02–1980", "05\\02\\1980", "05 02 1980", "5.2.1980.", "1980/2/5", "05-Thg2-1980", "05-Th2-80",
    "05 Thg 2, 1980", "05-Feb-1980", "05-Feb-80", "5 February 1980", "5 Tháng Hai 1980", "ngày 5 tháng 2 năm 1980", "Ngày 05/02/1980",
    "5 tháng 2, 1980", "05/02 năm 1980", "05021980", "19800205",
])  # fmt: skip
def test_a_day_is_read_however_offices_and_programs_write_it(text: str) -> None:
    assert read_date(text) == (dt.date(1980, 2, 5), "DAY")


@pytest.mark.parametrize(
    "text", ["00/02/1980", "0/2/1980", "1980-02", "1980-02-00", "tháng 2/1980", "Tháng 2 năm 1980", "2 năm 1980", "Thg2-1980", "T2/1980", "tháng Hai năm 1980",
             "…/02/1980", "../02/1980", "--/2/1980", "__/02/1980", "?/2/1980", "xx/02/1980", "… / 02 / 1980"]
)  # fmt: skip
def test_a_month_is_read_however_it_is_written(text: str) -> None:
    assert read_date(text) == (dt.date(1980, 2, 1), "MONTH")
    assert read_date(text, ends=True) == (dt.date(1980, 2, 29), "MONTH")


@pytest.mark.parametrize(
    "text",
    [
        "1978",
        "00/00/1978",
        "0/0/1978",
        "năm 1978",
        "1978-00-00",
        "…/…/1978",
        "../../1978",
        "--/--/1978",
        "__/__/1978",
        "…/1978",
        "1978.0",
        "1978,0",
    ],
)
def test_a_year_whose_day_and_month_are_zero_is_a_year(text: str) -> None:
    assert read_date(text) == (dt.date(1978, 1, 1), "YEAR")


def test_the_last_minute_of_a_day_is_that_day_only_where_something_ends() -> None:
    assert read_date("31/12/2021 23:59:59", ends=True) == (dt.date(2021, 12, 31), "DAY")
    assert read_date("31/12/2021 23:59:59") == (None, None)


@given(st.text(alphabet="0123456789/.-– ngàythángnămThgT:", max_size=20))
def test_a_day_that_was_read_is_read_back_the_same(text: str) -> None:
    day, precision = read_date(text)
    written = {None: None, "DAY": "%d/%m/%Y", "MONTH": "%m/%Y", "YEAR": "%Y"}[precision]
    assert (day is None) == (written is None)
    if day:
        assert read_date(day.strftime(written)) == (day, precision)


# ── identity numbers ─────────────────────────────────────────────────────────────────────────────────────────────

IDENTITIES = st.builds(
    "{}{}{:02}{:06}".format, st.sampled_from(sorted(PROVINCES)), st.integers(0, 3), st.integers(0, 99), st.integers(0, 999_999)
).filter(lambda number: number not in FILLERS)


@given(IDENTITIES, st.sampled_from(["", ".0", ".00", ",0", ",00"]))
def test_twelve_digits_are_kept_and_lost_zeros_come_back(number: str, fraction: str) -> None:
    assert read_identity(number + fraction) == (number, None)
    assert read_identity(str(int(number)) + fraction) == (number, LOST_ZERO)
    assert read_identity(f"{int(number):,}".replace(",", ".") + fraction) == (number, LOST_ZERO)
    for sign in " .,":
        assert read_identity(sign.join(number[n : n + 3] for n in (0, 3, 6, 9))) == (number, None)


@pytest.mark.parametrize(
    "text", [
        "9.2E+10", "9.208E+10", "9,20800300010E+10", "09208000000A", "0920800000012", "12345678", "092\u06600800000", "", "09208000001", "0123456789",
        "0912345678", "3080000001", "92080030001.5", "92080030001.05", "9208003000.10", "92080000.001", "920800000.001", "092080000.000", "05080000001", "92980000001",
        "０９２０８０００００００１",
    ],
)  # fmt: skip
def test_what_lost_digits_is_refused(text: str) -> None:
    assert read_identity(text) == (None, None)


@given(st.from_regex(r"[0-9]{1,4}([ .,]?[0-9]{1,4}){1,4}", fullmatch=True))
def test_no_digit_but_a_leading_zero_is_ever_added(text: str) -> None:
    number, remark = read_identity(text)
    typed = re.sub("[ .,]", "", text)
    kept = {typed.removesuffix(fraction) for fraction in ("", "0", "00")}
    assert number is None or number in ({digits.zfill(12) for digits in kept} if remark else kept)


@pytest.mark.parametrize(
    "number",
    ["000000000000", "111111111111", "123456789012", "012345678901", "987654321098", "999999999", "123456789", "000000000", "000080000001"],
)
def test_digits_that_fill_a_cell_are_nobodys(number: str) -> None:
    assert read_identity(number) == read_identity(f"{number}.0") == (None, NOBODYS)


# ── words, and cells that say nothing ────────────────────────────────────────────────────────────────────────────


@given(st.text(max_size=40))
def test_no_text_makes_a_reader_raise(text: str) -> None:
    clean = clean_text(text)
    assert clean is None or clean == clean_text(clean)
    for read in (read_date, read_identity, read_number, read_period, read_shape, read_words, says_nothing, codes.fold):
        read(text)


INVISIBLE = st.sampled_from([chr(point) for point, shown in codes.INVISIBLE.items() if shown is None])
SPACES = st.sampled_from([c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Zs"] + ["\u2800"])
SEEN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}  # signs of numbers in Arabic, Syriac and Kaithi


def test_every_format_character_of_unicode_is_invisible() -> None:
    formats = {point for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Cf"}
    assert formats - SEEN <= codes.INVISIBLE.keys()
    assert not SEEN & codes.INVISIBLE.keys()
    assert not [chr(point) for point in codes.INVISIBLE if unicodedata.category(chr(point))[0] in "PN"]


@given(st.text(alphabet=st.one_of(INVISIBLE, SPACES), max_size=10))
def test_a_cell_of_what_nobody_sees_is_blank(text: str) -> None:
    assert clean_text(text) is None
    assert codes.fold(text) == ""


@given(INVISIBLE, st.integers(0, 30))
def test_what_nobody_sees_changes_nothing(sign: str, at: int) -> None:
    for text in ("Hoàn thành xuất sắc nhiệm vụ", "05/02/1980", "092080000001", "Nguyễn Văn Đức"):
        strewn = text[:at] + sign + text[at:]
        assert clean_text(strewn) == text
        assert codes.fold(strewn) == codes.fold(text)


@given(SPACES)
def test_every_space_is_a_space(sign: str) -> None:
    assert clean_text(f"{sign}Nguyễn{sign}{sign}Văn An{sign}") == "Nguyễn Văn An"
    assert codes.fold(f"Hoàn{sign}thành") == "hoan thanh"


@pytest.mark.parametrize(("text", "clean"), [
    ('="092080000001"', "092080000001"), ('= "05/02/1980"', "05/02/1980"), ("'092080000001", "092080000001"), ('"Nguyễn Văn An"', "Nguyễn Văn An"),
    ("“Nguyễn Văn An”", "Nguyễn Văn An"), ('Trường "A"', 'Trường "A"'), ('"A" và "B"', '"A" và "B"'), ('=""', None), ("'", None),
    ('"nt"', '"nt"'), ('"', '"'),
])  # fmt: skip
def test_what_only_says_that_a_cell_is_text_is_no_part_of_it(text: str, clean: str | None) -> None:
    assert clean_text(text) == clean


def test_a_mark_that_no_letter_bears_is_told_and_not_dropped() -> None:
    assert clean_text("\u0301An") == "\u0301An"
    assert has_foreign_letter("Nguyễn \u0301An")
    assert not has_foreign_letter(unicodedata.normalize("NFC", unicodedata.normalize("NFD", "Nguyễn Thị Thưởng")))


@pytest.mark.parametrize(
    "text", ["-", "–", "…", "...", "/", "_", "#", "NULL", "null", "N/A", "n/a", "None", "none", r"\N", "(blank)", "(trống)"]
)
@pytest.mark.parametrize("kind", ["text", "unit", "code", "date", "number", "identity", "period"])
def test_a_dash_says_nothing_in_any_column(text: str, kind: str) -> None:
    assert KINDS[kind].nothing(text, Meta(KINDS[kind]))


@pytest.mark.parametrize(("text", "kind", "ends", "blank"), [
    ("nay", "date", True, True), ("Đến nay", "date", True, True), ("hiện tại", "date", True, True), ("nay", "date", False, False),
    ("0", "date", False, True), ("00/00/0000", "date", False, True), ("__/__/____", "date", False, True), ("00/00/0000 00:00:00", "date", False, True),
    ("không", "date", False, True), ("ko có", "date", False, True), ("chưa có", "identity", False, True), ("0", "identity", False, True),
    ("0", "number", False, False), ("không", "number", False, False), ("không", "code", False, False), ("không", "text", False, False),
    ("x", "date", False, False), ("?", "date", False, False), ("//", "date", True, False), ("nt", "identity", False, False),
    ("hôm qua", "date", True, False),
])  # fmt: skip
def test_what_says_nothing_depends_on_the_kind(text: str, kind: str, ends: bool, blank: bool) -> None:
    assert KINDS[kind].nothing(text, Meta(KINDS[kind], ends=ends)) == blank


def judged(dataset: str, *rows: dict[str, str | None]) -> Judged:
    """Rows of text, judged; the rest of each row is good."""
    good = {
        "personnel": {"full_name": "Nguyễn Văn An", "birth_date": "05/02/1980", "sex_code": "Nam", "identity_number": "092080000001",
                      "member_status_code": "Chính thức", "spell_from": "01/03/2010", "party_joined_on": "02/09/2012",
                      "party_official_on": "02/09/2013"},
        "rotation": {"full_name": "Nguyễn Văn An", "identity_number": "092080000001"},
        "ratings": {"full_name": "Nguyễn Văn An", "identity_number": "092080000001", "decided_level_code": "HTTNV"},
        "training": {"full_name": "Nguyễn Văn An", "identity_number": "092080000001", "programme": "Bồi dưỡng", "provider": "Trường Một"},
        "discipline": {"full_name": "Nguyễn Văn An", "identity_number": "092080000001"},
    }[dataset]  # fmt: skip
    folder = ["2021", 2021, dt.date(2021, 1, 1), dt.date(2021, 12, 31)]
    raw = [dict(zip(SYSTEM, ["s", "", n, *folder], strict=True)) | good | row for n, row in enumerate(rows, start=2)]
    columns = dict.fromkeys(key for row in raw for key in row)
    return judge(SCHEMAS[dataset], pl.DataFrame(raw, schema={c: SYSTEM.get(c, pl.String) for c in columns}))


@given(st.lists(st.from_regex("[0-9]{1,2}/[0-9]{1,2}/(19|20)[0-9]{2}", fullmatch=True) | st.text("0123456789/- ", max_size=10), min_size=1))
def test_days_read_all_at_once_are_what_each_says_by_itself(texts: list[str]) -> None:
    folder = ["2021", 2021, dt.date(2021, 1, 1), dt.date(2021, 12, 31)]
    raw = pl.DataFrame([("s", "", n, *folder) for n, _ in enumerate(texts)], schema=SYSTEM, orient="row").with_columns(
        birth_date=pl.Series(texts)
    )
    typed, _, _ = parse(SCHEMAS["personnel"], raw)
    said = [read_date(clean) if (clean := clean_text(text)) else (None, None) for text in texts]
    assert typed.select("birth_date", "birth_date_precision_code").rows() == said


def told(found: Judged) -> list[tuple[int, str, str]]:
    return sorted(found.findings.select("row_no", "column_name", "rule_code").rows())


def test_an_optional_day_of_dashes_or_nay_is_blank_and_no_finding() -> None:
    ends = ["-", "nay", "đến nay", "/", "không", "…", "0", "00/00/0000", "\u3164"]
    found = judged("personnel", *[{"spell_to": text} for text in ends])
    assert found.typed["spell_to"].null_count() == len(ends)
    assert told(found) == []


def test_a_placeholder_where_counting_needs_a_value_is_told_as_missing() -> None:
    found = judged("ratings", {"identity_number": "-"}, {"decided_level_code": "…"}, {"full_name": "NULL"}, {})
    assert told(found) == [
        (2, "identity_number", "value_present"),
        (3, "decided_level_code", "value_present"),
        (4, "full_name", "value_present"),
    ]
    assert found.is_faulty.to_list() == [False, True, False, False]  # who has a name or a number is counted


def test_a_word_for_none_that_is_a_code_stays_that_code() -> None:
    found = judged("personnel", {"post_code": "không", "political_theory_code": "Chưa", "education_code": "không"})
    assert found.typed.select("post_code", "political_theory_code").row(0) == ("NONE", "NONE")
    assert told(found) == [(2, "education_code", "code_known")]


def test_a_column_of_nothing_but_no_is_read() -> None:
    found = judged("rotation", {"is_in_planning": "Không"}, {"is_in_planning": "không"})
    assert found.typed["is_in_planning"].to_list() == [False, False]
    assert "code_known" not in [rule for _, _, rule in told(found)]


def test_digits_that_fill_a_cell_make_no_two_people_one() -> None:
    fillers = ["000000000000", "000000000000", "123456789012"]
    found = judged("ratings", *[{"identity_number": number} for number in fillers], {})
    assert told(found) == [(row, "identity_number", "identity_number_is_a_persons") for row in (2, 3, 4)]
    assert found.typed["identity_number"].to_list() == [None, None, None, "092080000001"]
    assert found.is_faulty.to_list() == [True, True, True, False]


def test_a_number_that_came_with_a_decimal_part_lost_its_zero_and_is_told() -> None:
    found = judged("ratings", {"identity_number": "92080030001.0"}, {"identity_number": "92080030001.5"})
    assert found.typed["identity_number"].to_list() == ["092080030001", None]
    assert told(found) == [(2, "identity_number", "identity_number_repaired"), (3, "identity_number", "identity_number_shape")]


@pytest.mark.parametrize("name", ["Nguyễn \u0301An", "Nguy\x8an An", "Nguyen\x07 An"])
def test_what_is_left_of_a_letter_in_a_name_is_told(name: str) -> None:
    assert told(judged("ratings", {"full_name": name})) == [(2, "full_name", "letters_of_one_alphabet")]


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Văn An, Trần Thị Bình",
        "Nguyễn Văn An và Trần Thị Bình",
        "NGUYỄN VĂN AN/TRẦN THỊ BÌNH",
        "Nguyễn Văn An (Bí thư), Trần Thị Bình (Phó bí thư)",
        "Nguyễn Văn An và 02 đồng chí khác",
        "03 đồng chí: Nguyễn Văn An",
        "đ/c An, đ/c Bình",
        "Nguyễn Văn An (sửa: Nguyễn Văn Ân)",
        "Nguyễn Văn An (đính chính: Ân)",
        "Nguyễn Văn An [đúng là Ân]",
        "Nguyễn Văn An (nay là Nguyễn Văn Ân)",
        "Nguyễn Văn An -> Nguyễn Văn Ân",
    ],
)
def test_two_people_in_one_cell_are_told_and_their_names_are_not_compared(name: str) -> None:
    assert told(judged("ratings", {"full_name": name})) == [(2, "full_name", "one_person_named")]
    assert read_name(name) == (None, None)


def test_two_people_on_two_lines_of_a_cell_are_told() -> None:
    assert told(judged("ratings", {"full_name": "Nguyễn Văn Ánh\nTrần Thị Bình"})) == [(2, "full_name", "one_person_named")]


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Trần Thị Bình",
        "Nguyễn Thị\nNgọc Ánh",
        "Nguyễn Văn An",
        "Lầu Và Dia",
        "VÀ BÁ XÀ",
        "Trần Thị Bình (Ba Bình)",
        "Trần Văn Đúng",
        "Trần Thị Sửa (Bí thư)",
        "Trần Thị Bình (Đúng)",
        "H'Hen Niê Kđăm",
        "Nguyễn Văn An-B",
    ],
)
def test_one_person_in_a_cell_is_no_several(name: str) -> None:
    assert "one_person_named" not in {rule for *_, rule in told(judged("ratings", {"full_name": name}))}


@pytest.mark.parametrize(
    ("dataset", "is_one"),
    [("ratings", {"rating_system_code": "COLLECTIVE"}), ("discipline", {"subject_kind_code": "ORGANISATION"})],
)
def test_an_organisation_may_be_called_after_several_things(dataset: str, is_one: dict) -> None:
    name = "Phòng Văn hóa, Khoa học và Thông tin"
    assert "one_person_named" not in {rule for *_, rule in told(judged(dataset, {"full_name": name, "identity_number": None} | is_one))}


@pytest.mark.parametrize("column", ["full_name", "programme", "provider"])
@pytest.mark.parametrize("text", ["B?i dưỡng", "Bồi dư\ufffdng", "Bồi dưỡng Vаn"])
def test_a_letter_that_is_lost_or_another_is_told_of_whatever_is_found_by_its_name(column: str, text: str) -> None:
    found = judged("training", {}, {column: text}, {column: "#NAME?"})
    assert [t for t in told(found) if t[1] == column] == [(3, column, "letters_of_one_alphabet"), (4, column, "no_formula_error")]


# ── numbers, periods, codes ──────────────────────────────────────────────────────────────────────────────────────


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
