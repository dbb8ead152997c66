"""Files as units send them become rows, findings and verdicts; nothing is lost and nothing crashes."""

import datetime as dt
import io
import os

import polars as pl
import pytest
from conftest import RATINGS_HEADER, City, member, number, rating, ratings, roster, write_csv
from hypothesis import given
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

from pipeline.intake.files import read_chunk
from pipeline.intake.layout import Layout
from pipeline.intake.readings import Source
from pipeline.intake.workers import Readings
from pipeline.judging.layouts import layout_of
from pipeline.judging.submissions import judge_batch
from pipeline.ledger.records import Line
from pipeline.schemas import SCHEMAS

GOOD = ratings([rating(n) for n in range(1, 11)])


def test_header_is_found_below_titles_and_rows_keep_their_sheet_number(city: City) -> None:
    city.put("2021/Q01.001/bao-cao.xlsx", {"Xếp loại": GOOD})
    city.land()
    assert city.landed("ratings")["row_no"].to_list() == list(range(5, 15))
    assert city.verdicts() == {("Q01.001", "ratings"): ("ACCEPTED", None)}
    assert city.rules() == []


@pytest.mark.parametrize(
    "name", ["ratings", "Xếp loại", "xep-loai", "XEP LOAI", "Xếp_loại", "X\u00eap loa\u0323i".replace("\u00ea", "e\u0302\u0301")]
)
def test_sheet_names_are_known_in_english_and_vietnamese_with_or_without_marks(city: City, name: str) -> None:
    city.put("2021/Q01.001/bao-cao.xlsx", {name: GOOD})
    city.land()
    assert city.landed("ratings").height == 10


def test_file_name_names_the_dataset_where_the_sheet_does_not(city: City) -> None:
    city.put("2021/Q01.001/xep-loai.xlsx", {"Sheet1": GOOD})
    city.land()
    assert city.landed("ratings").height == 10


def test_csv_with_and_without_byte_order_mark_and_with_semicolons(city: City) -> None:
    for unit, encoding in (("Q01.001", "utf-8"), ("Q01.002", "utf-8-sig")):
        target = city.put(f"2021/{unit}/ratings.csv", b"")
        write_csv(target, GOOD, encoding)
    target = city.put("2021/Q01.003/ratings.csv", b"")
    target.write_text("\n".join(";".join(str(v or "") for v in row) for row in GOOD), "utf-8")
    city.land()
    assert city.landed("ratings").height == 30


def test_blank_rows_are_skipped_and_prefilled_row_numbers_are_blank_rows(city: City) -> None:
    rows = ratings([rating(1), [], rating(2), [3], [4]])
    city.put("2021/Q01.001/b.xlsx", {"ratings": rows})
    city.land()
    assert city.landed("submissions")["rows_read"].to_list() == [2]


def test_header_without_rows_is_a_nil_return(city: City) -> None:
    city.put("2021/Q01.001/b.xlsx", {"Kỷ luật": [["Họ và tên", "Số CCCD", "Hệ kỷ luật", "Hình thức kỷ luật", "Số quyết định", "Ngày ký"]]})
    city.land()
    nil = city.landed("submissions").row(0, named=True)
    assert (nil["verdict_code"], nil["is_nil"], nil["rows_read"]) == ("ACCEPTED", True, 0)


def protected() -> bytes:
    plain, locked = io.BytesIO(), io.BytesIO()
    import xlsxwriter

    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet("ratings").write(0, 0, "x")
    OOXMLFile(plain).encrypt("mật khẩu", locked)
    return locked.getvalue()


BAD_FILES = {
    "empty": (b"", "file_not_empty"),
    "blank": (b"\r\n \r\n", "file_not_empty"),
    "random bytes": (os.urandom(4000), "file_readable"),
    "random bytes that begin like a zip": (b"PK\x03\x04" + os.urandom(4000), "file_readable"),
    "password": (protected(), "file_not_protected"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_refused_by_name_and_stops_nobody_else(city: City, kind: str) -> None:
    data, rule = BAD_FILES[kind]
    city.put("2021/Q01.002/ratings.xlsx", data)
    city.put("2021/Q01.001/b.xlsx", {"ratings": GOOD})
    city.land()
    assert city.verdicts() == {("Q01.002", "ratings"): ("REFUSED", rule), ("Q01.001", "ratings"): ("ACCEPTED", None)}
    assert city.rules() == [rule]


def test_a_workbook_without_a_known_dataset_is_refused(city: City) -> None:
    city.put("2021/Q01.001/b.xlsx", {"Tờ trình": [["Kính gửi"], ["Nội dung"]]})
    city.land()
    assert city.verdicts() == {("Q01.001", None): ("REFUSED", "known_dataset_present")}
    assert sorted(city.rules()) == ["known_dataset_present", "sheet_known"]


def test_an_unknown_sheet_beside_a_known_one_is_a_finding(city: City) -> None:
    city.put("2021/Q01.001/b.xlsx", {"ratings": GOOD, "Tờ trình": [["Kính gửi"], ["Nội dung"]]})
    city.land()
    assert city.rules() == ["sheet_known"]


def test_a_list_that_goes_on_over_sheets_without_a_header_is_told_and_read_where_its_header_stands(city: City) -> None:
    city.put("2021/Q01.001/b.xlsx", {"Trang 1": ratings([rating(1), rating(2)]), "Trang 2": [rating(3), rating(4)]})
    city.land()
    assert city.rules() == ["sheet_known"] and city.landed("ratings")["row_no"].to_list() == [5, 6]


def test_a_missing_required_column_refuses_and_is_named_once(city: City) -> None:
    rows = [[r[0], r[1], r[2], r[3]] if len(r) > 3 else r for r in GOOD]
    city.put("2021/Q01.001/b.xlsx", {"ratings": rows})
    city.land()
    assert city.verdicts() == {("Q01.001", "ratings"): ("REFUSED", "required_column_present")}
    finding = city.landed("findings").row(0, named=True)
    assert "Mức xếp loại" in finding["says_vi"]
    assert city.rules() == ["required_column_present"]
    submission = city.landed("submissions").row(0, named=True)
    assert submission["rows_read"] == submission["rows_set_aside"] == 10
    assert city.landed("set_aside").height == 10


def test_an_unknown_column_is_a_finding_and_kept_out(city: City) -> None:
    city.put("2021/Q01.001/b.xlsx", {"ratings": [[*r, "Số điện thoại" if "STT" in r else "0900"] if len(r) > 3 else r for r in GOOD]})
    city.land()
    assert city.landed("findings").select("rule_code", "cell").rows() == [("column_known", "G4")]


def test_no_rating_of_the_folder_year_refuses(city: City) -> None:
    rows = [["Họ và tên", "Số CCCD", "Mức xếp loại", "Kỳ xếp loại"], *[["Nguyễn Văn A", number(n), "HTTNV", "2020"] for n in range(4)]]
    city.put("2021/Q01.001/b.xlsx", {"ratings": rows})
    city.land()
    assert city.verdicts()["Q01.001", "ratings"] == ("REFUSED", "rating_of_folder_year_present")


def test_rows_of_another_year_are_set_aside(city: City) -> None:
    rows = [
        ["Họ và tên", "Số CCCD", "Mức xếp loại", "Kỳ xếp loại"],
        *[["Nguyễn Văn A", number(n), "HTTNV", "2021" if n else 2020] for n in range(4)],
    ]
    city.put("2021/Q01.001/b.xlsx", {"ratings": rows})
    city.land()
    s = city.landed("submissions").row(0, named=True)
    assert (s["verdict_code"], s["rows_read"], s["rows_accepted"], s["rows_set_aside"]) == ("ACCEPTED", 4, 3, 1)


@pytest.mark.parametrize(("faulty", "verdict"), [(5, "ACCEPTED"), (6, "REFUSED")])
def test_over_half_the_rows_set_aside_refuses(city: City, faulty: int, verdict: str) -> None:
    city.put("2021/Q01.001/b.xlsx", {"ratings": ratings([rating(n, "rất tốt" if n <= faulty else "HTTNV") for n in range(1, 11)])})
    city.land()
    assert city.verdicts()["Q01.001", "ratings"][0] == verdict
    assert city.landed("ratings").height == (5 if verdict == "ACCEPTED" else 0)
    assert city.landed("set_aside").height == (5 if verdict == "ACCEPTED" else 10)


def test_a_lost_leading_zero_is_repaired_and_flagged(city: City) -> None:
    row = rating(1)
    row[2] = 92080000001
    city.put("2021/Q01.001/b.xlsx", {"ratings": ratings([row, rating(1)])})
    city.land()
    assert city.landed("ratings")["identity_key"].n_unique() == 1 or city.landed("identities")["identity_number"].to_list() == [
        "092080000001"
    ]
    assert city.landed("findings").select("rule_code", "severity_code", "cell").rows() == [("identity_number_repaired", "WARNING", "C5")]


def test_dates_are_day_first_with_their_precision(city: City) -> None:
    rows = roster([member(1, since="5/2/2010"), member(2, since="02/2010"), member(3, since="2010"), member(4)])
    rows[4][5] = dt.date(2010, 2, 5)
    city.put("2021/Q01.001/b.xlsx", {"personnel": rows})
    city.land()
    assert city.landed("personnel").select("spell_from", "spell_from_precision_code").rows() == [
        (dt.date(2010, 2, 5), "DAY"), (dt.date(2010, 2, 1), "MONTH"), (dt.date(2010, 1, 1), "YEAR"), (dt.date(2010, 2, 5), "DAY"),
    ]  # fmt: skip


def test_one_fault_is_one_finding(city: City) -> None:
    rows = ratings([rating(1, ""), rating(2, "rất tốt"), *[rating(n) for n in range(3, 9)]])
    city.put("2021/Q01.001/b.xlsx", {"ratings": rows})
    city.land()
    assert city.landed("findings").sort("row_no").select("rule_code", "cell").rows() == [("value_present", "E5"), ("code_known", "E6")]


def test_a_file_outside_a_unit_folder_is_named(city: City) -> None:
    city.put("2021/bao-cao.xlsx", {"ratings": GOOD})
    city.put("nam 2021/Q01.001/ratings.csv", GOOD)
    city.land()
    assert city.rules() == ["file_in_unit_folder"] * 2


def test_rows_read_are_accepted_or_set_aside_always(city: City) -> None:
    city.put(
        "2021/Q01.001/b.xlsx",
        {"ratings": ratings([rating(n, "x" if n % 3 == 0 else "HTT") for n in range(1, 40)]), "personnel": roster([member(1)])},
    )
    city.put("2021/Q01.002/ratings.csv", b"\xff\xfe\x00rubbish")
    city.land()
    for s in city.landed("submissions").to_dicts():
        assert s["rows_read"] == s["rows_accepted"] + s["rows_set_aside"]
    assert city.landed("ratings").height + city.landed("personnel").height == city.landed("submissions")["rows_accepted"].sum()
    assert city.landed("set_aside").height == city.landed("submissions")["rows_set_aside"].sum()


def test_a_file_that_kills_its_reader_refuses_itself_and_nothing_else(city: City) -> None:
    """A stray cell at the sheet's last corner makes the reader abort its process."""
    files = [city.put(f"2021/Q01.001/ratings-{n}.csv", GOOD) for n in range(3)]
    layout = layout_of(SCHEMAS)
    killer = Layout(_Deadly(layout.names), layout.headers, layout.required)
    sources = [Source(n, f, "ratings.csv" if n != 1 else "deadly.csv") for n, f in enumerate(files)]
    readings = {r.source.number: r.refused for chunk in Readings(sources, killer) for r in chunk.readings}
    assert readings == {0: None, 1: "reader_survives", 2: None}


class _Deadly(dict):
    """Names of datasets, one of which ends the worker that asks for it."""

    def get(self, name, default=None):
        if name == "deadly" and os.environ.get("PYTEST_CURRENT_TEST") and __import__("multiprocessing").parent_process():
            os._exit(1)
        return super().get(name, default)


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(-(10**13), 10**13).map(str),
    st.sampled_from(
        [
            "HTTNV",
            "Hoàn thành",
            "2021",
            "2020",
            "092080000001",
            "92080000001",
            "31/02/2021",
            "Không XL",
            "",
            " ",
            "\u200b",
            "=1+1",
            "12-QĐ/ĐU",
        ]
    ),
)


@given(rows=st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=12), blanks=st.integers(0, 3))
def test_whatever_stands_in_the_cells_every_row_is_accepted_or_set_aside(tmp_path_factory, rows: list, blanks: int) -> None:
    file = tmp_path_factory.mktemp("wild") / "ratings.csv"
    write_csv(file, [[]] * blanks + [RATINGS_HEADER] + rows)
    chunk = read_chunk([Source(0, file, file.name)], layout_of(SCHEMAS))
    landed = judge_batch([chunk], [Line(file.name, "2021", "Q01", "hash", 1, "")], b"key", set())
    one = landed["submissions"].row(0, named=True)
    accepted = landed["ratings"].height if "ratings" in landed else 0
    aside = landed["set_aside"].height if "set_aside" in landed else 0
    assert one["rows_read"] == one["rows_accepted"] + one["rows_set_aside"] == accepted + aside
    assert one["rows_accepted"] == accepted
    # whatever was set aside has a finding that says why, and nothing says it twice
    places = landed["findings"].filter(severity_code="ERROR").select("sheet", "row_no", "column_name", "rule_code")
    assert places.height == places.unique().height
    if one["verdict_code"] == "ACCEPTED":
        assert places.filter(pl.col("row_no").is_not_null())["row_no"].n_unique() >= one["rows_set_aside"]
