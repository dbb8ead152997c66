"""Official reports: what each kind holds, in the form of its day, in three formats that say the same; what is refused, and in which words.

The article's figures are read back in test_city, of the whole city.
"""

import dataclasses
import datetime as dt
import io
import itertools
import json
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import polars as pl
import pytest
import yaml
from conftest import UNITS, City, load, pipeline, rating, ratings, write_csv
from libreoffice import SOFFICE, convert
from pypdf import PdfReader

from pipeline.judging.registry import RegistryProblem
from pipeline.judging.signers import signer_of
from pipeline.ledger.find import find_registry
from pipeline.nightly import check_registry
from pipeline.paths import PROJECT, Home
from pipeline.presentation import number
from pipeline.surfaces.reports.build import document
from pipeline.surfaces.reports.declared import instructions, kinds
from pipeline.surfaces.reports.document import HIDDEN, UNKNOWN, Column, Document, Mark, Row, Table, shown
from pipeline.surfaces.reports.docx import as_docx
from pipeline.surfaces.reports.figures import Figures, NotThere
from pipeline.surfaces.reports.fonts import LETTERS, font, has_all
from pipeline.surfaces.reports.letter import Signer
from pipeline.surfaces.reports.makers import WRITERS
from pipeline.surfaces.reports.pdf import as_pdf
from pipeline.surfaces.reports.text import Text
from pipeline.surfaces.reports.words import change, count, share
from pipeline.surfaces.reports.xlsx import as_xlsx
from pipeline.warehouse.door import Published, published

DAY = dt.date(2021, 12, 20)
SIGNER = Signer(
    side="PARTY", above="Thành ủy", issuer="Ban Tổ chức", number="05", sign="BTCTU", place="Cần Thơ", authority="T/M BAN THƯỜNG VỤ",
    post="PHÓ BÍ THƯ", name="Nguyễn Văn Mẫu", recipients="Thường trực Thành ủy; Lưu Văn phòng",
)  # fmt: skip
KINDS = list(kinds())


@pytest.fixture(scope="module")
def figures(small: Home) -> Iterator[Figures]:
    with published(small) as version:
        yield Figures(version, 2021)


def made(figures: Figures, kind: str = "RATINGS", unit: str | None = None, signer: Signer = SIGNER, day: dt.date = DAY) -> Document:
    return document(kinds()[kind], figures, figures.unit(unit), signer, day)


def text_of(form: str, data: bytes) -> str:
    """What somebody reads in a file, its lines joined."""
    if form == "pdf":
        words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    elif form == "docx":
        body = docx.Document(io.BytesIO(data)).element.body
        words = " ".join("".join(t.text or "" for t in p.iter() if t.tag.endswith("}t")) for p in body.iter() if p.tag.endswith("}p"))
    else:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        words = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
    return " ".join(words.split())


ARTICLE = (  # what was printed of 2021, in its order, and what each share is of
    "có 15 đảng bộ trực thuộc, 627 tổ chức cơ sở đảng, 38 đảng bộ bộ phận, 2.341 chi bộ trực thuộc đảng ủy cơ sở với 53.895 đảng viên",
    "Năm 2021, Đảng bộ thành phố Cần Thơ có 49.463 đảng viên được đánh giá, xếp loại chất lượng, kết quả cụ thể như sau",
    "có 47.284 đảng viên, chiếm tỷ lệ 95,6% số được xếp loại",
    "trong đó, hoàn thành xuất sắc nhiệm vụ 8.715, chiếm tỷ lệ 18,43% số hoàn thành tốt nhiệm vụ, gồm cả xuất sắc",
    "hoàn thành nhiệm vụ 2.013, chiếm tỷ lệ 4,07% số được xếp loại",
    "không hoàn thành nhiệm vụ 166, chiếm tỷ lệ 0,34% số được xếp loại",
    "Thành phố có 1.236 cán bộ lãnh đạo, quản lý được đánh giá, xếp loại",
    "Hoàn thành xuất sắc nhiệm vụ có 434 đồng chí",
    "hoàn thành tốt nhiệm vụ, không kể xuất sắc, 790 đồng chí",
    "hoàn thành nhiệm vụ 9 đồng chí",
    "không hoàn thành nhiệm vụ 3 đồng chí",
    "đã thi hành kỷ luật 127 đảng viên",
    "1 thành ủy viên, 1 huyện ủy viên và tương đương, 4 đảng ủy viên, 19 chi ủy viên",
    "tăng 59 đảng viên so với năm 2020",
)


def shares_of_members(folder: Path, of: str) -> dict[str, list[float]]:
    """The excellent of the city's members as each format has them, in its text and in the last line of its first table: found by the words that name
    what they are a share of."""
    head = {"good_inclusive": ("số hoàn thành tốt nhiệm vụ, gồm cả xuất sắc", "Tỷ lệ so với số hoàn thành tốt trở lên")}[of]
    found = {}
    for form in WRITERS:
        data = (folder / f"xep-loai-2021-CT.{form}").read_bytes()
        (in_text,) = {m.replace(",", ".") for m in re.findall(rf"tỷ lệ ([0-9,]+)% {head[0]}", text_of(form, data))}
        if form == "docx":
            rows = [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(data)).tables[2].rows]
            n = rows[1].index(head[1])
            in_table = float(rows[-1][n].rstrip("%").replace(",", "."))
        elif form == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Biểu số 1"]
            (place,) = [c for row in sheet.iter_rows() for c in row if c.value == head[1]]
            (last,) = [row for row in sheet.iter_rows(values_only=True) if "Tổng cộng" in row]
            in_table = round(100 * last[place.column - 1], 2)
        else:
            page = " ".join(PdfReader(io.BytesIO(data)).pages[1].extract_text().split())
            assert "số hoàn thành tốt trở lên" in page and "(8)=(7):(5)" in page
            in_table = float(re.search(r"Tổng cộng( [0-9.]+){3} [0-9,]+% [0-9.]+ ([0-9,]+)%", page)[2].replace(",", "."))
        found[form.upper()] = [float(in_text), in_table]
    return found


# ── what each holds ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
def test_three_formats_of_a_kind_say_the_same(kind: str, figures: Figures) -> None:
    report = made(figures, kind)
    found = {form: text_of(form, write(report)) for form, write in WRITERS.items()}
    for words in (
        report.letterhead.issuer,
        report.letterhead.number,
        report.letterhead.place_and_day,
        SIGNER.post,
        SIGNER.name,
        *report.about.split("\n"),
    ):
        assert all(words in said for said in found.values()), words
    for paragraph in report.paragraphs:
        assert all(" ".join(paragraph.split()) in said for said in found.values()), paragraph
    counts = {number(v) for t in report.tables for row in t.rows for v in row.values if isinstance(v, int) and v}
    assert all(n in found["pdf"] and n in found["docx"] for n in counts) and (counts or kind == "NARRATIVE")


@pytest.mark.parametrize("kind", KINDS)
def test_every_share_names_what_it_divides(kind: str, figures: Figures) -> None:
    for asked in kinds()[kind].tables:
        for column in asked.columns:
            assert not column.share or "so với" in column.title, column.title
    for table in made(figures, kind).tables:
        for n, column in enumerate(table.columns):
            assert (column.shown_as == "share") == (column.of is not None)
            if column.of:
                assert table.numbers()[n].endswith(f"({column.of[0] + 1}):({column.of[1] + 1})")
                for row in table.rows:
                    value, above, below = row.values[n], row.values[column.of[0]], row.values[column.of[1]]
                    if isinstance(value, float):
                        assert value == pytest.approx(above / below)
    for part in re.findall(r"\d%[^;,.)]*", " ".join(made(figures, kind).paragraphs)):
        assert " số " in part, part


def test_the_figures_are_the_published_reports(figures: Figures, small: Home) -> None:
    table = next(t for t in made(figures).tables if "đảng viên" in t.title)
    with published(small) as version:
        for column in table.columns[2:]:
            asked = f"SELECT {column.name} FROM reports.rpt_rating_summary WHERE period = '2021' AND rating_system_code = 'PARTY_MEMBER' AND unit_type_code"
            below = version.db.execute(f"{asked} = 'SUPERIOR' ORDER BY unit_code").fetchall()
            whole = version.db.execute(f"{asked} = 'CITY'").fetchall()
            n = table.columns.index(column)
            assert [row.values[n] for row in table.rows] == [value for (value,) in below + whole]


def test_a_report_of_one_cell_has_one_line_and_no_sum(figures: Figures) -> None:
    cell = next(u for u in figures.units.values() if u.type == "CELL")
    report = made(figures, unit=cell.code)
    (table, *_) = report.tables
    assert [row.values[1] for row in table.rows] == [cell.name] and not table.rows[0].is_total
    for form, write in WRITERS.items():
        assert cell.name in text_of(form, write(report)) and "Tổng cộng" not in text_of(form, write(report))


@pytest.mark.parametrize("kind", KINDS)
def test_every_unit_of_every_type_has_a_report_of_every_kind(kind: str, figures: Figures) -> None:
    """No sentence breaks for want of a figure, and none says what no Vietnamese would."""
    few = {u.type: u.code for u in figures.units.values()}
    for code in few.values():
        said = " ".join(made(figures, kind, code).paragraphs)
        assert said.endswith(".") and "None" not in said and "có không" not in said and "  " not in said, said
        assert not re.search(r"(tăng|giảm) 0\b|\b0 (đảng viên|đồng chí|lượt|bản)|nào nào", said), said


def test_what_a_unit_has_beside_those_below_it_is_a_line_of_its_own(figures: Figures) -> None:
    """Leaders are rated at the base: its cells have none, so that its own line is all."""
    base = next(u for u in figures.units.values() if u.type == "BASE_COMMITTEE")
    for table in made(figures, unit=base.code).tables:
        for n, column in enumerate(table.columns):
            if column.shown_as == "count" and len(table.rows) > 1:
                assert table.sums(n), (table.title, column.title)


# ── words that fit ───────────────────────────────────────────────────────────────────────────────────────────────


def test_words_follow_the_figures() -> None:
    assert change(0, "đảng viên", "năm 2020", "") == "bằng năm 2020"
    assert change(1, "đảng viên", "năm 2020", "").startswith("tăng 1 ") and change(-1, "đảng viên", "năm 2020", "").startswith("giảm 1 ")
    assert change(Mark(UNKNOWN), "đảng viên", "năm 2020", " vì x") == "chưa so sánh được với năm 2020 vì x"
    assert share(Mark(UNKNOWN), "số được xếp loại") == "" and "99,996%" in share(0.99996, "số được xếp loại", 1)
    assert count(Mark(HIDDEN), "đảng viên") == "(ẩn) đảng viên"
    assert change(Mark(HIDDEN), "đảng viên", "năm 2020", " vì x") == "số tăng, giảm so với năm 2020 không công bố"
    assert share(0.0, "số bản phải nộp") == "", "nought of them is said before it"


NONE_RATED = {"rated": 0, "good_inclusive": 0, "excellent": 0, "completed": 0, "not_completed": 0}
QUOTA_OF_NOBODY = "không xếp đảng viên nào hoàn thành xuất sắc nhiệm vụ"


@pytest.mark.parametrize(
    ("kind", "unit", "row", "metrics", "says"),
    [
        ("RATINGS", "CELL", {"population": 0}, {}, "{name} không có đảng viên nào vào ngày cuối năm 2021."),
        ("RATINGS", "BASE_COMMITTEE", {"population": 0}, {}, "chi bộ trực thuộc đảng ủy cơ sở, không có đảng viên nào vào ngày cuối năm 2021."),
        (
            "RATINGS", "CELL", NONE_RATED | {"population": 1, "not_rated": 1, "unexplained": 0}, {},
            "Năm 2021, {name} không có đảng viên nào được đánh giá, xếp loại chất lượng. Có 1 đảng viên không xếp loại, có lý do.",
        ),
        (
            "RATINGS", "CELL", NONE_RATED | {"not_rated": 0, "unexplained": 9}, {},
            "Năm 2021, {name} không có đảng viên nào được đánh giá, xếp loại chất lượng. Có 9 đảng viên chưa có kết quả xếp loại.",
        ),
        ("QUOTA", "BASE_COMMITTEE", {}, {"quota_excellent": 13, "quota_allowed": 16, "quota_use": 13 / 16, "quota_over": 0},
         "{name} xếp 13 đảng viên hoàn thành xuất sắc nhiệm vụ, bằng 81,25% số tối đa 16 theo tỷ lệ của năm; không vượt mức."),
        ("QUOTA", "BASE_COMMITTEE", {}, {"quota_excellent": 0, "quota_allowed": 1, "quota_use": 0.0, "quota_over": 0},
         "{name} " + QUOTA_OF_NOBODY + " (số tối đa theo tỷ lệ của năm: 1); không vượt mức."),
        ("QUOTA", "CITY", {}, {"quota_excellent": 0, "quota_allowed": None}, "theo tổ chức cơ sở; các cơ sở " + QUOTA_OF_NOBODY + "."),
        ("QUOTA", "CELL", {"population": 5, "rated": 5, "not_rated": 0, "unexplained": 0, "left_after_rating": 0}, {},
         "Đối chiếu: 5 đảng viên cuối năm gồm 5 đảng viên được xếp loại; khớp, không còn ai chưa rõ."),
        ("QUOTA", "CELL", {"population": 5, "rated": 0, "not_rated": 0, "unexplained": 5, "left_after_rating": 0}, {},
         "Đối chiếu: 5 đảng viên cuối năm, chưa ai có kết quả xếp loại; còn 5 đảng viên chưa có dòng xếp loại nào."),
        ("QUOTA", "CELL", {"population": 0, "rated": 0, "not_rated": 0, "unexplained": 0, "left_after_rating": 0}, {},
         "Đối chiếu: cuối năm {name} không có đảng viên nào, cũng không có kết quả xếp loại nào."),
        ("SUBMISSIONS", "CITY", {}, {"submissions_due": 5, "submissions_came": 0, "submissions_in_time": 0}, "phải nộp 5 bản báo cáo; chưa nhận bản nào."),
        ("SUBMISSIONS", "CITY", {}, {"submissions_due": 5, "submissions_came": 4, "submissions_in_time": 0, "completeness": 0.8, "timeliness": 0.0},
         "phải nộp 5 bản báo cáo; đã nhận 4 bản, chiếm tỷ lệ 80,00% số bản phải nộp; không có bản nào đúng hạn."),
    ],
)  # fmt: skip
def test_nought_is_a_whole_sentence(
    kind: str,
    unit: str,
    row: dict[str, int],
    metrics: dict[str, int | float | None],
    says: str,
    small: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with published(small) as version:
        known = Figures(version, 2021)
        of = next(u for u in known.units.values() if u.type == unit and known.row("rpt_rating_summary", u, "PARTY_MEMBER"))
        known._table("rpt_rating_summary")[of.key, "PARTY_MEMBER"].update(row)
        asked = known.metric
        told = {name: Mark(UNKNOWN) if value is None else value for name, value in metrics.items()}
        monkeypatch.setattr(known, "metric", lambda name, *rest: told[name] if name in told else asked(name, *rest))
        said = " ".join(Text(known, of).paragraphs(kinds()[kind].text))
    assert says.format(name=of.name) in said and "có không" not in said and "xếp không" not in said, said


@pytest.mark.parametrize(
    ("above", "below", "says"),
    [(5, 32, "15,63%"), (1, 32, "3,13%"), (201, 20000, "1,01%"), (24999, 25000, "99,996%"), (1, 30000, "0,003%"), (3, 3, "100,00%")],
)
def test_a_share_is_the_same_in_every_format(above: int, below: int, says: str, figures: Figures, tmp_path: Path) -> None:
    """A workbook rounds a half away from nought, so the others do; and none writes a part as all."""
    columns = (Column("TT", 9, shown_as="text"), Column("Đơn vị", 52, shown_as="text"), Column("a", 20), Column("b", 20))
    columns += (Column("Tỷ lệ", 20, shown_as="share", of=(2, 3)),)
    table = Table("Biểu số 1", "Biểu", columns, (Row(("1", "Một", above, below, above / below)),))
    report = dataclasses.replace(made(figures), tables=(table,))
    assert shown(above / below, columns[-1]) == says and says in text_of("docx", as_docx(report))
    cell = next(
        c
        for row in openpyxl.load_workbook(io.BytesIO(as_xlsx(report)))["Biểu số 1"].iter_rows()
        for c in row
        if str(c.value).startswith("=IF(")
    )
    digits = len(cell.number_format.partition(".")[2].rstrip("%"))
    assert cell.number_format.endswith("%") and f"{as_a_workbook(above, below, digits)}%".replace(".", ",") == says


def as_a_workbook(above: int, below: int, digits: int) -> Decimal:
    """Hundredths as a workbook shows them: of 15 digits, halves away from nought (seen in LibreOffice and of Excel)."""
    return (Decimal(f"{above / below:.15g}") * 100).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def test_cells_below_a_section_are_not_the_bases(figures: Figures) -> None:
    section = next(u for u in figures.units.values() if u.type == "SECTION" and figures.children(u))
    assert "chi bộ trực thuộc đảng ủy bộ phận" in made(figures, unit=section.code).paragraphs[0]


@pytest.fixture(scope="module")
def partly(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Of four base organisations two sent ratings, one of them by a cell of its own; one sent none, and one a file that is refused. No rosters."""
    city = City(tmp_path_factory.mktemp("partly") / "data")
    more = [("U8", "Q02", "Đảng bộ quận Hai", "SUPERIOR", "U1", "01/01/2000", None)]
    more += [("U9", "Q02.001", "Chi bộ trường Bốn", "BASE_CELL", "U8", "01/01/2000", None)]
    city.registry(units=UNITS + more, calendar=[("ratings", "BASE_CELL", "2021", "31/12/2021")])
    city.put("2021/Q01.002/ratings.csv", ratings([rating(1), rating(2, "HTXSNV")]))
    city.put("2021/Q01.001.01/ratings.csv", ratings([rating(3)]))
    city.put("2021/Q01.003/ratings.csv", b"no list at all")
    load(city.home)
    return city.home


def test_who_said_that_there_are_no_ratings_is_believed_and_nothing_is_awaited(city: City) -> None:
    """A nil list speaks of every system."""
    for unit in ("Q01.001", "Q01.002"):
        city.put(f"2021/{unit}/ratings.csv", ratings([rating(int(unit[-1]))]))
    city.put("2021/Q01.003/ratings.csv", ratings([[None, "Không phát sinh"]]))
    load(city.home)
    with published(city.home) as version:
        known = Figures(version, 2021)
        nil, other = (" ".join(made(known, unit=code).paragraphs) for code in ("Q01.003", "Q01.002"))
    assert "không có đảng viên nào được đánh giá, xếp loại chất lượng" in nil and "hưa có kết quả đánh giá" not in nil, nil
    assert "Chưa có kết quả đánh giá, xếp loại cán bộ lãnh đạo quản lý" in other, other


def test_a_base_that_sent_no_ratings_is_unknown_in_every_table_and_those_above_say_so(partly: Home) -> None:
    with published(partly) as version:
        known = Figures(version, 2021)
        assert version.db.execute("SELECT verdict_code FROM quality.submissions WHERE sender_code = 'Q01.003'").fetchall() == [("REFUSED",)]
        whole, district, own, nobody = (made(known, unit=code) for code in (None, "Q01", "Q01.003", "Q02"))
        table = district.tables[0]
        names = [c.name for c in table.columns]
        rated, missing = names.index("rated"), names.index("units_without_answer")
        assert [row.values[rated] for row in table.rows] == [1, 2, Mark(UNKNOWN), 3]
        assert [row.values[missing] for row in table.rows] == [0, 0, 1, 1]
        results = (
            "good_inclusive",
            "good_inclusive_share_of_rated",
            "excellent",
            "excellent_share_of_good",
            "completed",
            "not_completed",
            "not_rated",
        )
        assert all(table.rows[2].values[names.index(name)] == Mark(UNKNOWN) for name in results)
        assert not any(table.sums(n) for n in range(len(names)) if names[n] in ("rated", *results)), "a sum over what is unknown"
        assert "Số đã biết; còn 1 tổ chức cơ sở chưa nộp xếp loại đảng viên." in table.notes
        assert (
            "có 3 đảng viên được đánh giá, xếp loại chất lượng (số đã biết; còn 1 tổ chức cơ sở chưa nộp xếp loại đảng viên)"
            in " ".join(district.paragraphs)
        )
        assert [row.values[rated] for row in whole.tables[0].rows] == [3, Mark(UNKNOWN), 3], "of the second district nobody sent any"
        assert not any(column.adds for column in whole.tables[0].columns[2:]), "known parts of two districts are not a whole either"
        assert "(số đã biết; còn 2 tổ chức cơ sở chưa nộp xếp loại đảng viên)" in " ".join(whole.paragraphs)
        for report, why in ((own, "vì đơn vị chưa nộp xếp loại đảng viên"), (nobody, "vì còn 1 tổ chức cơ sở chưa nộp xếp loại đảng viên")):
            assert why in " ".join(report.paragraphs) and not report.tables
        for form, write in WRITERS.items():
            said = text_of(form, write(district))
            assert "Số đã biết; còn 1 tổ chức cơ sở" in said and "(số đã biết; còn 1 tổ chức cơ sở" in said, form
        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(district)))["Biểu số 1"]
        assert not [c for row in book.iter_rows() for c in row if str(c.value).startswith("=SUM") and c.column == rated + 1]
        quota = made(known, "QUOTA", "Q01")
        for one in quota.tables:
            line = next(row for row in one.rows if row.values[1] == "Chi bộ trường Ba")
            told = [
                v for v, c in zip(line.values, one.columns, strict=True) if c.shown_as != "text" and not c.name.startswith("units_without")
            ]
            assert set(told) == {Mark(UNKNOWN)}, one.title


def test_what_is_published_and_what_leaves_hold_no_nought_for_who_sent_no_ratings(partly: Home) -> None:
    from pipeline.surfaces import exports
    from pipeline.surfaces.declared import declared
    from pipeline.surfaces.public import Rules

    blanks = declared()["rpt_rating_summary"].blanks
    with published(partly) as version:
        of = "period = '2021' AND rating_system_code = 'PARTY_MEMBER'"
        asked = version.db.execute(f"SELECT unit_code, rated, excellent, units_without_answer FROM reports.rpt_rating_summary WHERE {of}")
        assert {code: figures for code, *figures in asked.fetchall()} == {
            "CT": [3, 1, 2], "Q01": [3, 1, 1], "Q01.001": [1, 0, 0], "Q01.001.01": [1, 0, 0], "Q01.001.02": [0, 0, 0], "Q01.002": [2, 1, 0],
            "Q01.003": [None, None, 1], "Q02": [None, None, 1], "Q02.001": [None, None, 1],
        }  # fmt: skip
        quota = version.db.execute("SELECT unit_code, good_inclusive, excellent, allowed FROM reports.rpt_quota WHERE period = '2021'")
        assert {code for code, *figures in quota.fetchall() if figures == [None] * 3} == {"Q01.003", "Q02.001"}
        frames = exports.public_tables(version, Rules(5, secret="x"))
        nobody = pl.col("unit_code").is_in(["Q01.003", "Q02", "Q02.001"])
        left = frames["rpt_rating_summary"].filter(nobody)
        assert left.height and all(left[name].null_count() == left.height for name in blanks)
        assert frames["rpt_quota"].filter(nobody).select("good_inclusive", "excellent", "allowed", "over").null_count().row(0) == (
            2,
            2,
            2,
            2,
        )
        report = made(Figures(version, 2021, frames), unit="Q01.003")
        assert "chưa có kết quả đánh giá, xếp loại đảng viên của Chi bộ trường Ba" in " ".join(report.paragraphs) and not report.tables


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Of one district every base organisation sent ratings for two years; the other's for the second alone."""
    city = City(tmp_path_factory.mktemp("two") / "data")
    more = [("U8", "Q02", "Đảng bộ quận Hai", "SUPERIOR", "U1", "01/01/2000", None)]
    more += [("U9", "Q02.001", "Chi bộ trường Bốn", "BASE_CELL", "U8", "01/01/2000", None)]
    city.registry(units=UNITS + more, calendar=[("ratings", kind, "2021", "31/12/2021") for kind in ("BASE_CELL", "BASE_COMMITTEE")])
    for year, last in (("2020", [rating(4)]), ("2021", [rating(4), rating(5, "HTXSNV")])):
        city.put(f"{year}/Q01.001/ratings.csv", ratings([rating(3)], title=False))
        city.put(f"{year}/Q01.002/ratings.csv", ratings([rating(1), rating(2, "HTXSNV")], title=False))
        city.put(f"{year}/Q01.003/ratings.csv", ratings(last, title=False))
    city.put("2021/Q02.001/ratings.csv", ratings([rating(6)]))
    load(city.home)
    return city.home


def test_what_happened_before_a_unit_changed_its_committee_is_the_former_ones_and_tables_say_so(city: City) -> None:
    """In a year of a new division every base changes its committee: its line has the whole year, and a committee's total what happened under it."""
    more = [("U8", "Q02", "Đảng bộ quận Hai", "SUPERIOR", "U1", "01/01/2000", None)]
    came = [("U9", "Q01.009", "Chi bộ trường Chín", "BASE_CELL", "U2", "01/01/2000", "30/06/2021")]
    came += [("U9", "Q02.009", "Chi bộ trường Chín", "BASE_CELL", "U8", "01/07/2021", None)]
    city.registry(units=UNITS + more + came)
    head = ["Họ và tên", "Số CCCD", "Chương trình", "Loại chương trình", "Cơ sở đào tạo", "Từ ngày", "Số tiết"]
    rows = {
        n: [f"Nguyễn Văn {chr(65 + n)}", f"09208000000{n}", "Kỹ năng số", "Kỹ năng số", "Trường Chính trị", f"01/0{n}/2021", 8]
        for n in (3, 5, 9)
    }
    city.put("2021/Q02.009/Đào tạo.csv", [head, rows[3], rows[9]])
    city.put("2021/Q01.002/Đào tạo.csv", [head, rows[5]])
    load(city.home)
    with published(city.home) as version:
        known = Figures(version, 2021)
        new, old, whole = (made(known, "TRAINING", unit) for unit in ("Q02", "Q01", None))
        table = new.tables[0]
        at = [c.name for c in table.columns].index("attendances")
        assert [row.values[at] for row in table.rows] == [2, 1]
        said = "Chuyển đảng bộ cấp trên trong năm: Chi bộ trường Chín (Q02.009, ngày 01/07/2021). Dòng của đơn vị ấy tính cả năm; dòng cuối tính việc xảy ra khi đơn vị thuộc đảng bộ này."
        assert said in table.notes and any(said in t.notes for t in old.tables)
        assert not any("Chuyển đảng bộ" in note for t in whole.tables for note in t.notes)


def test_ratings_are_held_against_last_years_where_everybody_answered_for_both(two_years: Home, figures: Figures) -> None:
    with published(two_years) as version:
        now = Figures(version, 2021)
        district, city, new = (" ".join(made(now, "NARRATIVE", unit).paragraphs) for unit in ("Q01", None, "Q02.001"))
        assert (
            "So với năm 2020: số được xếp loại tăng 1 đảng viên; tỷ lệ hoàn thành tốt trở lên so với số được xếp loại không đổi; "
            "tỷ lệ hoàn thành xuất sắc so với số hoàn thành tốt trở lên tăng 15,00 điểm phần trăm." in district
        )
        unknown = "Chưa so sánh được với năm 2020 vì chưa đủ kết quả xếp loại của hai năm."
        assert unknown in city and unknown in new and "So với năm 2020" not in city + new
        first = " ".join(made(Figures(version, 2020), "NARRATIVE", "Q01").paragraphs)
        assert "Chưa so sánh được với năm 2019 vì chưa có số liệu của năm ấy." in first
    for kind in ("ROTATION", "TRAINING"):
        assert "o với năm 2020: số" in (said := " ".join(made(figures, kind).paragraphs)) or "Chưa so sánh được với năm 2020" in said


def test_where_every_base_sent_nothing_is_said_of_missing_ones(figures: Figures) -> None:
    for unit in figures.units.values():
        for report in (made(figures, kind, unit.code) for kind in ("RATINGS", "QUOTA")):
            assert "chưa nộp" not in " ".join(report.paragraphs) and not any("chưa nộp" in note for t in report.tables for note in t.notes)
            assert not any(c.name == "units_without_answer" for t in report.tables for c in t.columns)


def test_a_base_that_sent_no_list_is_spoken_of_as_itself(partly: Home) -> None:
    with published(partly) as version:
        said = " ".join(made(Figures(version, 2021), "QUOTA", "Q01.002").paragraphs)
        assert "vì đơn vị chưa gửi danh sách" in said and "còn 1 tổ chức cơ sở" not in said


def test_a_unit_that_did_not_answer_is_unknown_and_not_nought(partly: Home) -> None:
    with published(partly) as version:
        known = Figures(version, 2021)
        report = made(known)
        table = report.tables[0]
        population = [c.name for c in table.columns].index("population")
        assert table.rows[-1].values[population] == Mark(UNKNOWN) and any("không phải là số 0" in note for note in table.notes)
        said = " ".join(report.paragraphs)
        assert "Chưa rõ tổng số đảng viên vì còn 4 tổ chức cơ sở chưa có danh sách" in said
        assert "Chưa có báo cáo kỷ luật năm 2021" in said
        sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(report)))["Biểu số 1"]
        assert not any(str(c.value).startswith("=SUM") for row in sheet.iter_rows() for c in row if c.column == population + 1)
        with pytest.raises(NotThere, match="Năm 2019"):
            Figures(version, 2019)


def changed(
    version: Published, *, unit: str | None = None, table: str = "rpt_rating_summary", system: str = "", **columns: Any
) -> Document:
    """The report of a unit of whose row these columns say something else."""
    known = Figures(version, 2021)
    row = known.row(table, known.unit(unit), system)
    assert row is not None and row.keys() >= columns.keys()
    row |= columns
    return made(known, unit=unit)


def test_of_a_system_of_which_a_nil_list_came_alone_it_is_said_how_many_are_awaited(small: Home) -> None:
    nil = {"system": "PUBLIC_EMPLOYEE", "rated": 0, "not_rated": 0}
    with published(small) as version:
        said, whole = (" ".join(changed(version, **nil, units_without_answer=n).paragraphs) for n in (11, 0))
    assert "năm 2021 không có kết quả đánh giá, xếp loại viên chức (còn 11 tổ chức cơ sở chưa nộp)." in said
    assert "viên chức" not in whole, "where everybody said that there is none, none is awaited"


def test_that_nobody_disciplined_is_of_a_committee_is_not_said_where_no_list_may_have_said_who_is(small: Home) -> None:
    levels = {f"committee_{level}": 0 for level in ("central", "provincial", "superior_of_base", "base", "cell")}
    with published(small) as version:
        said = " ".join(changed(version, table="rpt_discipline_summary", persons_disciplined=3, committee_none=3, **levels).paragraphs)
    assert "đã thi hành kỷ luật 3 đảng viên, " in said and "cấp ủy viên" not in said, said


def hidden(version: Published, unit: str, system: str, *names: str) -> Document:
    """A report for outside of a unit of whose ratings these columns are hidden."""
    from pipeline.surfaces import exports
    from pipeline.surfaces.public import Rules

    frames = exports.public_tables(version, Rules(5, secret="x"))
    is_it = (pl.col("unit_code") == unit) & (pl.col("period") == "2021") & (pl.col("rating_system_code") == system)
    columns = [pl.when(~is_it).then(pl.col(name)).alias(name) for name in names]
    withheld = pl.when(is_it).then(pl.lit(", ".join(names))).otherwise(pl.col("withheld")).alias("withheld")
    frames["rpt_rating_summary"] = frames["rpt_rating_summary"].with_columns(*columns, withheld)
    return made(Figures(version, 2021, frames), unit=unit)


def test_what_is_hidden_is_no_nought_and_its_table_has_what_else_is_told(small: Home) -> None:
    with published(small) as version:
        table = hidden(version, "CT", "PARTY_MEMBER", "rated", "not_rated", "good_inclusive_share_of_rated").tables[0]
    told = dict(zip((c.name for c in table.columns), table.rows[-1].values, strict=True))
    assert "đảng viên" in table.title and told["rated"] == Mark("(ẩn)")
    assert isinstance(told["good_inclusive"], int) and isinstance(told["excellent_share_of_good"], float)


def test_where_nothing_of_a_system_is_told_it_is_not_said_that_any_were_rated(small: Home) -> None:
    results = [c.name for c in kinds()["RATINGS"].tables[0].columns if c.name not in ("population", "units_without_answer")]
    with published(small) as version:
        members, leaders = (
            " ".join(hidden(version, "Q01.001", system, *results, "good_exclusive").paragraphs) for system in ("PARTY_MEMBER", "LEADER")
        )
    assert re.search("kết quả đánh giá, xếp loại đảng viên của [^.]* không công bố", members) and "đảng viên được đánh giá" not in members
    assert re.search("Kết quả đánh giá, xếp loại [^.]*cán bộ lãnh đạo quản lý[^.]* không công bố", leaders), leaders
    assert "cán bộ lãnh đạo, quản lý được đánh giá" not in leaders


def test_whom_a_report_for_outside_does_not_tell_of_it_does_not_say_that_he_was_disciplined(small: Home) -> None:
    from pipeline.surfaces import exports
    from pipeline.surfaces.public import Rules

    with published(small) as version:
        outside = Figures(version, 2021, exports.public_tables(version, Rules(5, secret="x")))
        said = {u.code: made(outside, "DISCIPLINE", u.code).paragraphs[0] for u in outside.units.values()}
    assert not [one for one in said.values() if "đã thi hành kỷ luật (ẩn)" in one]
    assert sum(": số đảng viên bị thi hành kỷ luật không công bố" in one for one in said.values()) > 3


# ── the form of the day ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("side", "day", "code", "number", "dated", "end"),
    [
        ("PARTY", dt.date(2026, 5, 26), "HD36", "Số 05-BC/BTCTU", "ngày 26 tháng 5 năm 2026", "21."),
        ("PARTY", dt.date(2026, 5, 27), "HD05", "Số 05-BC/BTCTU", "ngày 27 tháng 5 năm 2026", "21."),
        ("STATE", dt.date(2026, 2, 5), "ND30", "Số: 05/BC-BTCTU", "ngày 05 tháng 02 năm 2026", "./."),
    ],
)  # fmt: skip
def test_the_instruction_of_the_reports_day_decides_its_form(
    side: str, day: dt.date, code: str, number: str, dated: str, end: str, figures: Figures
) -> None:
    report = made(figures, "DISCIPLINE", signer=Signer(**{**SIGNER.__dict__, "side": side}), day=day)
    assert report.instruction.code == code and report.letterhead.number == number
    assert report.letterhead.place_and_day == f"Cần Thơ, {dated}" and report.last_words.endswith(end)
    motto = "ĐẢNG CỘNG SẢN VIỆT NAM" if side == "PARTY" else "Độc lập - Tự do - Hạnh phúc"
    for form, write in WRITERS.items():
        said = text_of(form, write(report))
        assert motto in said and report.last_words in said
        if side == "STATE":  # the mark stands once, behind all words and before those who get it
            assert said.count("./.") == 1 and said.index("./.") > max(said.index(" ".join(words.split())) for words in report.paragraphs)


@pytest.mark.parametrize(("side", "lines"), [("PARTY", ("- A,", "- B,", "- Lưu VP.")), ("STATE", ("- A;", "- B;", "- Lưu VP."))])
def test_who_gets_it_is_parted_as_the_side_has_it(side: str, lines: tuple[str, ...], figures: Figures) -> None:
    assert made(figures, signer=Signer(side=side, recipients="A; B; Lưu VP"), day=dt.date(2026, 2, 5)).signature.recipients == lines


@pytest.mark.parametrize(("number", "said"), [("5", "05"), ("05", "05"), ("5A", "05A"), ("15", "15"), ("105", "105")])
def test_a_number_below_ten_bears_a_nought(number: str, said: str, figures: Figures) -> None:
    for side, head in (("PARTY", f"Số {said}-BC/BTCTU"), ("STATE", f"Số: {said}/BC-BTCTU")):
        assert made(figures, signer=Signer(side=side, number=number, sign="BTCTU"), day=dt.date(2026, 2, 5)).letterhead.number == head


def test_letters_of_the_states_text_have_the_sizes_of_its_form(figures: Figures) -> None:
    report = made(figures, signer=dataclasses.replace(SIGNER, side="STATE"), day=dt.date(2026, 2, 5))
    text = docx.Document(io.BytesIO(as_docx(report)))
    runs = [r for p in [*text.paragraphs, *(p for t in text.tables[:2] for c in t.rows[0].cells for p in c.paragraphs)] for r in p.runs]
    sizes = {r.text: r.font.size.pt for r in runs}
    assert sizes[report.letterhead.number] == sizes[report.letterhead.place_and_day] == 13 and sizes[report.title] == 14
    to = next(r for r in runs if r.text == "Nơi nhận:")
    assert to.font.bold and to.font.italic
    fonts = [f.get_object()["/BaseFont"] for f in PdfReader(io.BytesIO(as_pdf(report))).pages[0]["/Resources"]["/Font"].values()]
    assert any("BoldItalic" in str(name).replace("-", "") for name in fonts), fonts


def test_a_long_issuer_has_the_height_of_its_lines_in_a_workbook(figures: Figures) -> None:
    long = "Ban Chấp hành Đảng bộ các cơ quan Đảng, đoàn thể và các đơn vị sự nghiệp trực thuộc thành phố"
    heights = []
    for issuer in ("Ban Tổ chức", long):
        for above in ("Thành ủy", ""):
            report = made(figures, signer=dataclasses.replace(SIGNER, issuer=issuer, above=above), unit=None)
            sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(report)))["Báo cáo"]
            row = next(c.row for r in sheet.iter_rows() for c in r if c.value == issuer.upper())
            heights.append(sheet.row_dimensions[row].height)
    assert max(heights[:2]) < 18 and min(heights[2:]) >= 3 * 14.5


def test_a_day_without_an_instruction_is_refused(figures: Figures) -> None:
    with pytest.raises(NotThere, match="Chưa có hướng dẫn"):
        made(figures, signer=Signer(side="STATE"), day=dt.date(2019, 1, 1))


def test_instructions_follow_one_another_without_a_gap() -> None:
    for side in ("PARTY", "STATE"):
        own = sorted((i for i in instructions() if i.side == side), key=lambda i: i.valid_from)
        assert own[-1].valid_to is None
        assert all(a.valid_to and a.valid_to + dt.timedelta(days=1) == b.valid_from for a, b in itertools.pairwise(own))


def test_where_nobody_is_named_lines_stay_blank(figures: Figures) -> None:
    report = made(figures, signer=Signer())
    for form, write in WRITERS.items():
        said = text_of(form, write(report))
        assert "……………………" in said and "ngày 20 tháng 12 năm 2021" in said


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", WRITERS)
def test_the_same_report_is_the_same_bytes(form: str, figures: Figures) -> None:
    report = made(figures)
    assert WRITERS[form](report) == WRITERS[form](report)


def test_a_workbook_reckons_on(figures: Figures) -> None:
    """Sums and shares are formulas with the published figures beside them; heads are merged, stand on every page, and the paper is A4."""
    report = made(figures)
    data = io.BytesIO(as_xlsx(report))
    live, cached = openpyxl.load_workbook(data)["Biểu số 1"], openpyxl.load_workbook(data, data_only=True)["Biểu số 1"]
    formulas = {c.coordinate: c.value for row in live.iter_rows() for c in row if isinstance(c.value, str) and c.value.startswith("=")}
    assert any(f.startswith("=SUM(") for f in formulas.values()) and any(f.startswith("=IF(") for f in formulas.values())
    assert all(isinstance(cached[place].value, int | float) for place in formulas)
    assert (
        live.print_title_rows and live.page_setup.paperSize == 9 and live.page_setup.orientation == "landscape" and live.merged_cells.ranges
    )
    values = {v for row in report.tables[0].rows for v in row.values if isinstance(v, int)}
    shown = {c.value for row in cached.iter_rows() for c in row}
    assert values <= shown


def test_a_sum_is_a_formula_only_where_it_comes_to_what_is_published() -> None:
    column = Column("Số", 20)
    rows = (Row((1,)), Row((2,)), Row((3,), is_total=True))
    assert Table("", "", (column,), rows).sums(0)
    for last, middle in ((4, 2), (3, Mark(UNKNOWN)), (3, Mark(HIDDEN))):
        assert not Table("", "", (column,), (Row((1,)), Row((middle,)), Row((last,), is_total=True))).sums(0)


def test_a_text_repeats_its_heads_and_parts_no_line(figures: Figures) -> None:
    table = docx.Document(io.BytesIO(as_docx(made(figures)))).tables[-1]
    marks = [[child.tag.rpartition("}")[2] for child in row._tr.get_or_add_trPr()] for row in table.rows]
    assert ["tblHeader" in one for one in marks][:4] == [True, True, True, False] and all("cantSplit" in one for one in marks)


@pytest.mark.skipif(not SOFFICE, reason="no LibreOffice here: pages of texts are not drawn")
def test_however_long_its_words_are_a_text_has_no_empty_page_and_who_signs_stands_below_some_words(
    figures: Figures, tmp_path: Path
) -> None:
    """A section ends in a paragraph of its own, which stood alone on a page where words filled the one before; a name stood alone as well."""
    report = made(figures, "NARRATIVE")
    table = Table("Biểu số 1", "Biểu", (Column("TT", 9, shown_as="text"), Column("Đơn vị", 52, shown_as="text")), (Row(("1", "Một")),))
    texts, pages = [], []
    for lines in range(0, 20, 2):
        more = dataclasses.replace(report, paragraphs=report.paragraphs + ("Một dòng.",) * lines, tables=(table,))
        pages.append(as_pdf(more))
        texts.append(tmp_path / f"{lines}.docx")
        texts[-1].write_bytes(as_docx(more))
    for files in (pages, [file.read_bytes() for file in convert(texts, "pdf", tmp_path / "drawn")]):
        drawn = [[" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages][:-1] for data in files]
        assert {len(of) for of in drawn} == {1, 2}, "words fill one page, and go on to the next"
        for *_, last in drawn:
            assert "Số liệu từ kho dữ liệu" in last and last.endswith("Nguyễn Văn Mẫu"), last


def test_a_pdf_has_its_letters_in_it_and_all_of_vietnamese(figures: Figures) -> None:
    assert all(has_all(file) for file in font().files) and not has_all(PROJECT / "README.md")
    pages = PdfReader(io.BytesIO(as_pdf(made(figures)))).pages
    fonts = [f.get_object() for page in pages for f in page["/Resources"]["/Font"].values()]
    embedded = [d.get_object()["/FontDescriptor"] for f in fonts for d in f["/DescendantFonts"]]
    families = {str(d["/FontName"]).partition("+")[2].partition("-")[0] for d in embedded}
    assert families == {font().family.replace(" ", "")}, "letters of another font stand among them"
    assert all("/FontFile2" in d or "/FontFile3" in d for d in embedded)
    assert len({*LETTERS}) == len(LETTERS) == 2 * (12 * 6 + 1) + 4 and {*"ửỡậỹđĐẶ"} <= {*LETTERS}


def test_without_a_font_of_the_law_one_sentence_names_it(monkeypatch: pytest.MonkeyPatch, figures: Figures) -> None:
    from pipeline.surfaces.reports import fonts

    class Nothing:
        def fonts(self) -> list:
            return []

    monkeypatch.setattr(fonts.typst, "Fonts", Nothing)
    fonts.font.cache_clear()
    try:
        assert "Libertinus Serif" in fonts.font().said and "Times New Roman" in fonts.font().said
        assert "Đảng bộ" in text_of("pdf", as_pdf(made(figures, "NARRATIVE")))
    finally:
        fonts.font.cache_clear()


# ── who signs ────────────────────────────────────────────────────────────────────────────────────────────────────

HEADER = ["Mã đơn vị", "Loại báo cáo", "Năm báo cáo", "Bên ký", "Số báo cáo", "Ký hiệu", "Người ký", "Hiệu lực từ", "Hiệu lực đến"]


def signers(city: City, *rows: list) -> None:
    write_csv(city.home.registry / "signers.csv", [HEADER, *rows])


def test_the_row_that_names_kind_and_year_holds_before_the_others(city: City) -> None:
    signers(
        city,
        ["Q01", "", "", "Đảng", "", "QU", "A", "01/01/2020", ""],
        ["Q01", "Kỷ luật", "", "Đảng", "", "QU", "B", "01/01/2020", ""],
        ["Q01", "Kỷ luật", "2021", "Nhà nước", "07", "QU", "C", "01/01/2020", "31/12/2021"],
    )
    found = check_registry(city.home, find_registry(city.home)).signers
    day = dt.date(2021, 12, 31)
    assert [signer_of(found, "q01", *asked).get("signer") for asked in (
        ("RATINGS", "2021", day), ("DISCIPLINE", "2020", day), ("DISCIPLINE", "2021", day), ("DISCIPLINE", "2021", dt.date(2022, 1, 1)),
        ("DISCIPLINE", "2021", dt.date(2019, 1, 1)),
    )] == ["A", "B", "C", "B", None]  # fmt: skip
    assert signer_of(found, "Q01", "DISCIPLINE", "2021", day)["report_number"] == "07"
    assert signer_of(found, "CT", "RATINGS", "2021", day) == {}


@pytest.mark.parametrize("letter", ["\x1b", "\x07"])
def test_a_letter_that_no_document_can_hold_is_named_with_its_row(letter: str, city: City) -> None:
    signers(city, ["Q01", "", "", "Đảng", "", "QU", f"Nguyễn{letter}An", "01/01/2020", ""])
    with pytest.raises(RegistryProblem) as stopped:
        check_registry(city.home, find_registry(city.home))
    assert any("row 2" in problem and "control character" in problem and "Nguyễn" not in problem for problem in stopped.value.rows)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["Q99", "", "", "Đảng", "", "", "A", "01/01/2020", ""], "its unit is not in the registry"),
        (["Q01", "", "", "Đảng", "", "", "A", "01/06/2021", ""], "row 2 says already who signs"),
        (["CT", "", "", "Đảng", "05-BC/TU", "", "A", "01/01/2020", ""], "number is digits alone"),
        (["CT", "", "2021-Q1", "Đảng", "", "", "A", "01/01/2020", ""], "A report is of a year"),
    ],
)
def test_a_faulty_line_of_signers_stops_with_its_row(row: list, says: str, city: City) -> None:
    signers(city, ["Q01", "", "", "Đảng", "", "", "A", "01/01/2020", ""], row)
    with pytest.raises(RegistryProblem) as stopped:
        check_registry(city.home, find_registry(city.home))
    assert any("row 3" in problem and says in problem for problem in stopped.value.rows)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def asked(small: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("reports")
    done = pipeline(small, "report", "2021", "--each", "--to", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def test_the_command_writes_each_unit_in_three_formats_and_who_signs(asked: tuple[Path, str], figures: Figures) -> None:
    folder, said = asked
    codes = [figures.unit(None).code, *(u.code for u in figures.children(figures.unit(None)))]
    assert {f.name for f in folder.iterdir()} == {f"xep-loai-2021-{code}.{form}" for code in codes for form in WRITERS}
    assert f"Đã ghi {3 * len(codes)} tệp" in said and "chỉ dùng trong ban" in said
    own = text_of("pdf", (folder / f"xep-loai-2021-{codes[0]}.pdf").read_bytes())
    assert "PHÓ TRƯỞNG BAN" in own and "Nguyễn Văn Mẫu" in own and "-BC/BTCTU" in own


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["2019"], "Năm 2019 chưa có số liệu nào được công bố; có: 2020, 2021."),
        (["999999999"], "Năm 999999999 chưa có số liệu nào được công bố; có: 2020, 2021."),
        (["2021", "--to", ""], "--to phải là một thư mục"),
        (["2021", "--to", "/etc/passwd"], "--to phải là một thư mục; /etc/passwd là một tệp."),
        (["2021", "--unit", "Q99"], "Không có đơn vị nào mang mã hoặc tên “Q99” vào ngày cuối năm 2021. Các mã: pipeline catalogue units."),
        (["2021", "--kind", "tuyển dụng"], "Không có loại báo cáo “tuyển dụng”. Hãy chọn một trong: ratings (Tổng hợp xếp loại)"),
        (["2021", "--format", "odt"], "Không có dạng “odt”. Hãy chọn: xlsx, docx, pdf."),
        (["2021", "--on", "hôm nay"], "--on phải là một ngày như 2026-11-30"),
        (["2021", "--on", "2020-12-31"], "Báo cáo của năm 2021 không thể ghi một ngày trước năm ấy (31/12/2020)."),
        (["2021", "--to", "/proc/reports"], "Không ghi được vào /proc/reports"),
        (["2021", "--to", "a" * 300], "File name too long"),
        (["2021", "--public"], "Bản chuyển ra ngoài phải ghi lý do"),
        (["2021", "--public", "--why", "x", "--kind", "quota"], "mà bản công khai không có; chỉ làm được bản nội bộ"),
    ],
)
def test_a_mistake_is_one_sentence(words: list[str], says: str, small: Home) -> None:
    done = pipeline(small, "report", *words)
    assert done.returncode in (1, 2) and says in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_unit_is_found_by_its_code_or_its_whole_name_and_else_one_sentence_says_which_there_are(figures: Figures) -> None:
    of_district = next(u for u in figures.units.values() if u.type == "SUPERIOR")
    for said in (of_district.code.lower(), f" {of_district.code} ", of_district.name.upper()):
        assert figures.unit(said) == of_district
    assert figures.unit(" ").type == "CITY"
    with pytest.raises(NotThere, match=re.escape(f"{of_district.code} ({of_district.name})")):
        figures.unit(of_district.name[7:])
    names = [u.name for u in figures.units.values()]
    twice = next(name for name in names if names.count(name) > 1)
    with pytest.raises(NotThere, match=f"Có {names.count(twice)} đơn vị tên “{twice}” vào ngày cuối năm 2021; hãy ghi mã: "):
        figures.unit(twice)
    query = "SELECT unit_code, unit_name FROM core.dim_unit WHERE valid_to < DATE '2021-01-01' AND unit_code NOT IN (SELECT unit_code FROM core.dim_unit WHERE valid_to IS NULL)"
    for code, name in figures.version.db.execute(query).fetchall():
        with pytest.raises(NotThere, match=re.escape(f"Mã này là của {name}, từ ngày ")):
            figures.unit(code)


def test_a_folder_that_may_not_be_looked_into_is_told_in_one_sentence(small: Home, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    refuses = "import pathlib\nwas = pathlib.Path.exists\n"
    refuses += (
        "def exists(self):\n    if self.parent.name == 'closed': raise PermissionError(13, 'Permission denied')\n    return was(self)\n"
    )
    done = pipeline(
        small, "report", "2021", "--kind", "narrative", "--format", "docx", "--to", str(tmp_path / "closed"),
        first=refuses + "pathlib.Path.exists = exists",
    )  # fmt: skip
    assert done.returncode == 1 and "Không ghi được vào" in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_format_that_is_asked_for_twice_is_made_once(small: Home, tmp_path: Path) -> None:
    done = pipeline(small, "report", "2021", "--kind", "narrative", "--format", "docx,DOCX", "--to", str(tmp_path / "out"))
    assert done.returncode == 0 and "Đã ghi 1 tệp" in done.stdout and done.stdout.count(".docx") == 1


def test_nothing_is_written_over(asked: tuple[Path, str], small: Home) -> None:
    done = pipeline(small, "report", "2021", "--format", "pdf", "--to", str(asked[0]))
    assert done.returncode == 1 and "đã có và không bị ghi đè" in done.stderr


KILLED = "import os\nfrom pipeline import whole\nwhole.sync = lambda paths: len(paths) == 3 and os.kill(os.getpid(), 9)"


@pytest.mark.parametrize("where", ["a folder", ""])
def test_of_a_killed_report_nothing_bears_its_name_and_the_next_one_takes_the_rest_away(where: str, mine: Home, tmp_path: Path) -> None:
    folder = tmp_path / where if where else mine.reports
    command = ("report", "2021", "--kind", "narrative", *(("--to", str(folder)) if where else ()))
    done = pipeline(mine, *command, first=KILLED)
    (part,) = folder.iterdir()
    assert done.returncode not in (0, 1) and part.name.startswith(".") and len([*part.iterdir()]) == 3, "it was killed while it wrote"
    done = pipeline(mine, *command)
    assert done.returncode == 0, done.stderr
    assert sorted(f.suffix for f in folder.iterdir()) == [".docx", ".pdf", ".xlsx"]


def test_a_report_for_outside_tells_what_a_public_export_tells(mine: Home, tmp_path: Path) -> None:
    from pipeline.surfaces import exports
    from pipeline.surfaces.public import Rules

    done = pipeline(mine, "report", "2021", "--kind", "all", "--public", "--why", "gửi báo", "--to", str(tmp_path / "out"))
    assert done.returncode == 0, done.stdout + done.stderr
    names = {f.name.rpartition("-2021")[0] for f in (tmp_path / "out").iterdir()}
    assert names == {kind.stem for kind in kinds().values() if kind.public}
    left = [f.stem for f in mine.left.glob("*/*.parquet")]
    assert sorted(left) == ["rpt_discipline_summary", "rpt_rating_summary", "rpt_rotation_summary", "rpt_training_summary"]
    with published(mine) as version:
        frames = exports.public_tables(version, Rules(5, secret="x"))
        known = Figures(version, 2021, frames)
        for kind in (kind for kind in kinds().values() if kind.public):
            for unit in known.units.values():
                report = document(kind, known, unit, SIGNER, DAY)
                few = [
                    v
                    for t in report.tables
                    for row in t.rows
                    for v, c in zip(row.values, t.columns, strict=True)
                    if c.name not in OF_UNITS and isinstance(v, int)
                ]
                assert all(v == 0 or abs(v) >= 5 for v in few), (kind.code, unit.code)
        with pytest.raises(NotThere):
            known.metric("quota_excellent", known.unit(None))
    again = pipeline(mine, "export", str(tmp_path / "all"), "--public", "--why", "gửi báo")
    assert again.returncode == 0, "the same load leaves again: " + again.stderr
    noted = [json.loads(line) for line in mine.lookups.read_text("utf-8").splitlines()]
    of_public = [one for one in noted if one["what"] == "report" and one["public"] == "yes"]
    assert [(one["k"], "despite" in one) for one in of_public][-1:] == [(5, False)]


OF_UNITS = ("units_without_roster", "units_without_answer", "change_on_last_year")


def test_what_kinds_there_are_is_the_code_list() -> None:
    from pipeline.codes import labels

    said = yaml.safe_load((PROJECT / "pipeline" / "surfaces" / "reports" / "kinds.yml").read_text("utf-8"))["kinds"]
    assert [*said] == [*labels("report_kind")]
