"""Forms that the city confirmed are read as it said, whoever sends them; what is not confirmed is used for nothing."""

import csv
import dataclasses
import datetime as dt
import io
import os
import shutil
from pathlib import Path
from typing import Any

import odd_files as odd
import openpyxl
import pytest
from conftest import PERSONNEL_HEADER, RATINGS_HEADER, City, load, member, number, rating, ratings, write_csv
from own_forms import lay, plan_of
from test_check import Said, nowhere
from test_formats import Deadly

from pipeline import gate, nightly
from pipeline.answers.forms.received import unknown_forms
from pipeline.answers.forms.workbook import ABOUT, FIRST, HEAD, SAID, VALUE
from pipeline.checking import forms as proposals
from pipeline.cli import form as of_forms
from pipeline.intake import workers
from pipeline.intake.explanations import FORM, INSTEAD, NO_COLUMN, READ_AS
from pipeline.intake.files import read_file
from pipeline.intake.forms import code_of_form, columns_of
from pipeline.intake.layout import Form, FormColumn, Layout, Part
from pipeline.intake.readings import Reading, Source, letter
from pipeline.judging import layouts
from pipeline.judging.layouts import layout_of
from pipeline.judging.registry import RegistryProblem, RegistryShrank
from pipeline.ledger.find import find_registry
from pipeline.paths import Home, bench
from pipeline.schemas import SCHEMAS
from pipeline.schemas.files import FILE_RULES
from pipeline.schemas.registry import FORMS
from pipeline.warehouse import landing

DAY = dt.date(2021, 12, 20)
HEADERS = ["STT", "Tên anh chị em", "Mã công dân", "Nhận định cuối năm", "Nhóm máu"]
CONFIRMED = [
    ["unit_code", "dataset", "header", "means", "confirmed_on"],
    ["Q01.001", "ratings", "Mã công dân", "Số CCCD", "10/12/2021"],
    ["Q01.001", "ratings", "Nhóm máu", "", "10/12/2021"],
    ["Q01.001", "ratings", "Nhận định cuối năm", "Mức xếp loại", ""],
]
# a form that nobody knows
HEAD_OF_FORM = [
    ["PHIẾU TỔNG KẾT NĂM 2021"],
    [],
    ["TT", "Anh chị em", "Mã công dân", "Hạng mục đạt được", None, "Nhóm máu"],
    [None, None, None, "Giỏi", "Khá", None],
]
MEANS = {  # what the city says of it: header → column, part, what a mark says
    "Anh chị em": ("Họ và tên", "", ""),
    "Mã công dân": ("Số CCCD", "", ""),
    "Hạng mục đạt được › Giỏi": ("Mức xếp loại", "Cột đánh dấu", "HTXSNV"),
    "Hạng mục đạt được › Khá": ("Mức xếp loại", "Cột đánh dấu", "Hoàn thành tốt nhiệm vụ"),
    "Nhóm máu": ("", "", ""),
}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def file_of(city: City, rows: int = 4) -> Path:
    table = [HEADERS, *[[n, f"Nguyễn Văn {n}", number(n), "HTTNV", "O"] for n in range(1, rows + 1)]]
    return city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": table})


def form_of(city: City, unit: str = "Q01.001", first: int = 1, name: str = "phieu.xlsx") -> Path:
    rows = [
        [n, f"Nguyễn Văn {'ABCDEFGHIKLMNOPQRSTU'[n]}", number(n), "x" if n % 2 else None, None if n % 2 else "x", "O"]
        for n in range(first, first + 6)
    ]
    return city.put(f"2021/{unit}/{name}", {"Phiếu": [*HEAD_OF_FORM, *rows]})


def unknown(home: Home, file: Path, unit: str = "Q01.001") -> set[str]:
    """Headers of a file that are not read."""
    return {
        p.column.header
        for form in proposals.propose_forms(home, file, unit).forms
        for p in form.columns
        if p.because in ("name", "content", "")
    }


def filled(proposal: Path, means: dict[str, tuple[str, str, str]] = MEANS, day: str | None = "10/12/2021") -> Path:
    """A proposal as the city corrects it."""
    book = openpyxl.load_workbook(proposal)
    sheet = book[FORM]
    sheet.cell(ABOUT[2][1] + 1, VALUE + 1).value = day
    at = {header: position for position, (header, _) in enumerate(HEAD, start=2)}
    for row in range(FIRST + 2, sheet.max_row + 1):
        own = means.get(sheet.cell(row, at["Tên cột trên biểu mẫu"]).value)
        for header, value in zip(("Nghĩa là cột", "Phần", "Dấu nghĩa là"), own or (), strict=False):
            sheet.cell(row, at[header]).value = value or None
    book.save(proposal)
    return proposal


def proposed(city: City, file: Path, *more: str) -> Path:
    said = Said(city.home, "form", str(file), "--dataset", "ratings", *more)
    assert said.code == 0, said.err
    (proposal,) = city.home.forms.iterdir()
    return proposal


def confirm(city: City, file: Path, means: dict[str, tuple[str, str, str]] = MEANS) -> Said:
    return Said(city.home, "form", str(filled(proposed(city, file), means)), "--confirm")


def levels(city: City) -> dict[tuple[str, str], str]:
    sent = city.landed("submissions").select("submission_key", "sender_code")
    rows = city.landed("ratings").join(sent, on="submission_key")
    return {(r["sender_code"], r["row_no"]): r["decided_level_code"] for r in rows.to_dicts()}


# ── a form is confirmed once, for everybody ──────────────────────────────────────────────────────────────────────


def test_a_form_that_nobody_knew_is_read_from_whoever_sends_it_once_the_city_has_confirmed_it(city: City) -> None:
    file = form_of(city)
    form_of(city, "Q01.002", 8)
    city.land()
    assert {v[0] for v in city.verdicts().values()} == {"REFUSED"}
    assert confirm(city, file).code == 0
    city.land()
    assert city.verdicts() == {(unit, "ratings"): ("ACCEPTED", None) for unit in ("Q01.001", "Q01.002")}
    found = levels(city)
    assert len(found) == 12 and set(found.values()) == {"EXCELLENT", "GOOD"}
    assert all(level == ("EXCELLENT" if row % 2 else "GOOD") for (unit, row), level in found.items() if unit == "Q01.001")
    assert not {"column_known", "sheet_known"} & set(city.rules())  # what the city left out is asked of nobody


def test_next_years_print_of_a_form_is_the_same_form(city: City) -> None:
    confirm(city, form_of(city))
    rows = [[1, "Nguyễn Văn A", number(1), "x", None, "O"]]
    city.put("2022/Q01.002/phieu.xlsx", {"Phiếu": [["PHIẾU TỔNG KẾT NĂM 2022"], *HEAD_OF_FORM[2:], *rows]})
    city.land("2022-12-20")
    assert city.verdicts()["Q01.002", "ratings"] == ("ACCEPTED", None)


def test_another_order_of_columns_is_another_form(city: City) -> None:
    confirm(city, form_of(city))
    city.put("2021/Q01.002/phieu.xlsx", {"Phiếu": [["Anh chị em", "Nhóm máu", "Mã công dân"], ["Nguyễn Văn A", "O", number(1)]]})
    city.land()
    assert city.verdicts()["Q01.002", None][0] == "REFUSED"


def test_only_files_of_the_form_are_judged_again(city: City) -> None:
    file = form_of(city)
    city.put("2021/Q01.002/xep-loai.csv", ratings([rating(n) for n in range(20, 40)]))
    city.land()
    confirm(city, file)
    look = gate.look(city.home, DAY)
    assert not any("judged again" in reason for reason in look.reasons)
    load = nightly.open_load(city.home, look, nightly.check_registry(city.home, look.registry))
    done = nightly.judge_new(city.home, load)
    assert done.files == 1 and done.submissions["sender_code"].to_list() == ["Q01.001"]
    assert len(levels(city)) == 26
    look = gate.look(city.home, DAY)
    assert nightly.judge_new(city.home, nightly.open_load(city.home, look, nightly.check_registry(city.home, look.registry))).files == 0


def test_what_was_judged_again_is_what_a_new_city_would_have(city: City, tmp_path: Path) -> None:
    file = form_of(city)
    city.put("2021/Q01.002/xep-loai.csv", ratings([rating(n) for n in range(20, 40)]))
    city.land()
    confirm(city, file)
    city.land()
    new = City(tmp_path / "new" / "data")
    shutil.copytree(city.home.raw, new.home.raw, dirs_exist_ok=True)
    new.land()
    assert levels(new) == levels(city)
    for table in ("findings", "submissions", "letters", "forms"):
        left, right = (one.landed(table).drop("submission_key").rows() for one in (city, new))
        assert sorted(left, key=str) == sorted(right, key=str)


def test_a_kill_while_old_readings_are_let_go_loses_nothing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    file = form_of(city)
    city.put("2021/Q01.002/xep-loai.csv", ratings([rating(n) for n in range(20, 40)]))
    city.land()
    confirm(city, file)
    let_go = landing._let_go
    with monkeypatch.context() as killed:
        killed.setattr(landing, "_let_go", lambda batches, then=lambda: None: let_go(batches, lambda: 1 / 0))
        with pytest.raises(ZeroDivisionError):
            city.land()
    city.land()
    assert len(levels(city)) == 26


def test_a_form_without_a_day_does_nothing(city: City) -> None:
    file = form_of(city)
    said = Said(city.home, "form", str(filled(proposed(city, file), day=None)), "--confirm")
    assert said.code == 1 and "ngày xác nhận" in said.err and not (city.home.registry / "forms").exists()


def test_a_confirmed_form_that_is_gone_is_asked_about_and_then_taken_back(city: City) -> None:
    confirm(city, form_of(city))
    city.land()
    shutil.rmtree(city.home.registry / "forms")
    with pytest.raises(RegistryShrank) as caught:
        city.land()
    assert any(row.startswith("forms: ") for row in caught.value.rows)
    city.land(accept_registry=True)
    assert {v[0] for v in city.verdicts().values()} == {"REFUSED"}


def test_what_is_confirmed_later_goes_before(city: City) -> None:
    file = form_of(city)
    confirm(city, file)
    city.land()
    other = MEANS | {"Hạng mục đạt được › Khá": ("Mức xếp loại", "Cột đánh dấu", "HTNV")}
    for proposal in city.home.forms.iterdir():
        proposal.unlink()
    assert confirm(city, file, other).code == 0
    city.land()
    assert set(levels(city).values()) == {"EXCELLENT", "COMPLETED"}


def test_the_units_own_file_confirms_its_proposal(city: City) -> None:
    file = form_of(city)
    filled(proposed(city, file))
    said = Said(city.home, "form", str(file), "--confirm")
    assert said.code == 0 and len(list((city.home.registry / "forms").iterdir())) == 1


def test_a_proposal_writes_nothing_into_raw_and_a_confirmation_only_into_forms(city: City) -> None:
    file = form_of(city)
    before = {f: f.read_bytes() for f in city.home.raw.rglob("*") if f.is_file()}
    proposal = proposed(city, file)
    assert {f: f.read_bytes() for f in city.home.raw.rglob("*") if f.is_file()} == before
    assert oct(proposal.stat().st_mode)[-3:] == "600"
    Said(city.home, "form", str(filled(proposal)), "--confirm")
    new = {f for f in city.home.raw.rglob("*") if f.is_file()} - before.keys()
    assert {f.parent for f in new} == {city.home.registry / "forms"} and all(f.read_bytes() == content for f, content in before.items())
    assert "Nguyễn Văn" not in "".join(f.read_text("utf-8-sig") for f in new)  # examples stay in the restricted zone


@pytest.mark.parametrize(
    ("header", "own", "says"),
    [
        ("Anh chị em", ("Chiều cao", "", ""), "Cột B"),
        ("Anh chị em", ("Họ và tên", "Nửa ô", ""), "Cột B"),
        ("Hạng mục đạt được › Khá", ("Mức xếp loại", "Cột đánh dấu", "Rất giỏi"), "no code of decided_level_code"),
        ("Nhóm máu", ("Họ và tên", "Cả ô", ""), "full_name stands already"),
        ("Anh chị em", ("Họ và tên", "Phần đầu", ""), "full_name needs each of its 2 columns"),
        ("Anh chị em", ("Họ và tên", "Cột đánh dấu", ""), "full_name has no codes"),
        ("Anh chị em", ("Họ và tên", "Theo kỳ", ""), "says no year"),
        ("Nhóm máu", ("Ghi chú", "Khi ô trước để trống", ""), "no column before it is note"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence_and_nothing_is_written(city: City, header: str, own: tuple[str, str, str], says: str) -> None:
    said = confirm(city, form_of(city), MEANS | {header: own})
    assert said.code == 1 and says in said.err and "Traceback" not in said.err
    assert not (city.home.registry / "forms").exists()


def test_a_faulty_form_in_the_registry_stops_the_load_and_names_file_and_row(city: City) -> None:
    confirm(city, form_of(city))
    (file,) = (city.home.registry / "forms").iterdir()
    rows = [*csv.reader(io.StringIO(file.read_text("utf-8-sig")))]
    rows[1][5] = "Chiều cao"
    write_csv(file, rows)
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    assert f"forms/{file.name}, row 2" in caught.value.rows[0]


def test_forms_are_many_files_and_what_is_none_is_told(city: City) -> None:
    confirm(city, form_of(city))
    folder = city.home.registry / "forms"
    shutil.copy(next(folder.iterdir()), folder / "cũ.csv")
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    assert "stands already in another line" in caught.value.rows[0]
    (folder / "cũ.csv").rename(folder / "cũ.docx")
    (folder / "~$x.xlsx").write_bytes(b"")
    city.land()
    assert city.verdicts()["Q01.001", "ratings"] == ("ACCEPTED", None)


@pytest.mark.parametrize(
    ("row", "column", "value", "says"),
    [
        (ABOUT[0][1], VALUE, "../units", "Mã biểu mẫu không được sửa"),
        (ABOUT[0][1], VALUE, None, "Mã biểu mẫu không được sửa"),
        (ABOUT[1][1], VALUE, "Thực đơn", "chọn bộ dữ liệu"),
        (ABOUT[2][1], VALUE, "hôm nay", "phải là một ngày"),
        (ABOUT[2][1], VALUE, "05/12/2061", "chưa đến"),
        (FIRST, 2, "Khác", "đã bị cắt hoặc đổi cột"),
    ],
)
def test_a_spoiled_proposal_is_a_sentence_and_writes_nothing(city: City, row: int, column: int, value: str | None, says: str) -> None:
    proposal = filled(proposed(city, form_of(city)))
    book = openpyxl.load_workbook(proposal)
    book[FORM].cell(row + 1, column + 1).value = value
    book.save(proposal)
    before = sorted(city.home.raw.rglob("*"))
    said = Said(city.home, "form", str(proposal), "--confirm")
    assert said.code == 1 and says in said.err and "Traceback" not in said.err
    assert sorted(city.home.raw.rglob("*")) == before


def test_a_proposal_cut_to_a_few_rows_is_a_sentence(city: City) -> None:
    proposal = filled(proposed(city, form_of(city)))
    book = openpyxl.load_workbook(proposal)
    book[FORM].delete_rows(3, 100)
    book.save(proposal)
    said = Said(city.home, "form", str(proposal), "--confirm")
    assert said.code == 1 and "đã bị cắt" in said.err


def test_a_corrected_proposal_is_not_written_over_and_goes_once_it_is_taken(city: City) -> None:
    file = form_of(city)
    proposal = filled(proposed(city, file))
    content = proposal.read_bytes()
    said = Said(city.home, "form", str(file), "--dataset", "ratings")
    assert said.code == 1 and "chưa nhận" in said.err and proposal.read_bytes() == content
    assert Said(city.home, "form", str(proposal), "--confirm").code == 0 and not proposal.exists()


def test_a_list_without_a_header_is_no_form(city: City) -> None:
    """Its first person would be one, in clear."""
    city.put("2021/Q01.001/khong tieu de.xlsx", {"Tờ": [[f"Nguyễn Văn {c}", number(n), "Tổ một", "HTTNV"] for n, c in enumerate("ABC")]})
    city.land()
    assert city.landed("forms").is_empty()


def test_a_list_without_a_header_is_proposed_as_no_form(city: City) -> None:
    """Without a number or a day in its first row, too: its first person is told from a header by what stands below."""
    rows = [[f"Nguyễn Văn {c}", "Tổ một" if n % 2 else "Tổ hai", "Khá tốt"] for n, c in enumerate("ABCDEF")]
    file = city.put("2021/Q01.001/khong tieu de.xlsx", {"Tờ": rows})
    said = Said(city.home, "form", str(file), "--dataset", "ratings")
    assert said.code == 1 and "dòng tiêu đề" in said.err and not city.home.forms.exists()
    file = city.put("2021/Q01.001/co tieu de.xlsx", {"Tờ": [["Anh chị em", "Tổ đội", "Đạt loại"], *rows]})
    assert Said(city.home, "form", str(file), "--dataset", "ratings").code == 0


def test_a_form_that_is_confirmed_by_a_day_to_come_stops_the_load(city: City) -> None:
    confirm(city, form_of(city))
    (file,) = (city.home.registry / "forms").iterdir()
    rows = [*csv.reader(io.StringIO(file.read_text("utf-8-sig")))]
    at = rows[0].index("Ngày xác nhận")
    write_csv(file, [rows[0], *([*row[:at], "10/12/2031", *row[at + 1 :]] for row in rows[1:])])
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    assert caught.value.rows == [f"forms: {file.stem} is confirmed by a day after {DAY}, for which this load stands."]


def test_letters_decide_and_years_by_their_order(tmp_path: Path) -> None:
    assert code_of_form([("Nam", "Bố")]) != code_of_form([("Năm", "Bộ")])
    assert code_of_form([("Năm 2020", "Năm 2021")]) == code_of_form([("Năm 2021", "Năm 2022")]) != code_of_form([("Năm 2021", "Năm 2020")])


@pytest.mark.parametrize("years", [(2020, 2021), (2021, 2020)])
def test_years_side_by_side_are_each_prints_own(tmp_path: Path, years: tuple[int, int]) -> None:
    def file(city: City, period: str, first: int, second: int) -> Source:
        head = [["Họ và tên", "Số CCCD", "Mức xếp loại", None], [None, None, f"Năm {first}", f"Năm {second}"]]
        put = city.put(f"{period}/Q01.001/x.xlsx", {"Xếp loại": [*head, ["Nguyễn Văn A", number(1), "HTXSNV", "HTNV"]]})
        return Source(0, put, put.name, period=period)

    city, layout = City(tmp_path / "years"), layout_of(SCHEMAS)
    taught = confirmed(layout, read_file(file(city, "2021", 2020, 2021), layout))
    source = file(city, "2022", *(year + 1 for year in years))
    assert values(read_file(source, taught)) == values(read_file(source, layout))


def test_a_title_that_calls_the_list_otherwise_is_told(city: City) -> None:
    confirm(city, form_of(city))
    rows = [[1, "Nguyễn Văn A", number(1), "x", None, "O"]]
    city.put("2021/Q01.002/phieu.xlsx", {"Phiếu": [["DANH SÁCH ĐẢNG VIÊN BỊ KỶ LUẬT"], [], *HEAD_OF_FORM[2:], *rows]})
    city.land()
    assert "form_of_another_list" in city.rules()


# ── what may be meant ────────────────────────────────────────────────────────────────────────────────────────────


def confirmed(layout: Layout, reading: Reading) -> Layout:
    """A layout in which every form of a reading means what it was read as."""
    return dataclasses.replace(layout, forms={t.form.code: Form(t.dataset, columns_of(t.form.columns)) for t in reading.tables})


def values(reading: Reading) -> list[tuple[str, str, dict[str, list[str | None]]]]:
    return [(t.dataset, t.sheet, {c: v for c, v in sorted(t.values.items())}) for t in reading.tables]


@pytest.mark.parametrize("n", range(48))
def test_a_form_confirmed_as_it_was_read_gives_the_same_values(tmp_path: Path, n: int) -> None:
    """Whatever the reader can say of a form the registry can, too: marks, parts, sexes, days in three columns, years side by side."""
    form, layout = lay(plan_of(3, n)), layout_of(SCHEMAS)
    file = tmp_path / form.name
    file.write_bytes(form.data)
    source = Source(0, file, file.name, period="2025")
    once = read_file(source, layout)
    if len({t.form.code for t in once.tables}) < len({(t.form.code, t.dataset, t.form.columns) for t in once.tables}):
        pytest.skip("one header, read as two lists, or by what stands below it in two ways")
    again = read_file(source, confirmed(layout, once))
    assert values(again) == values(once)
    assert all(t.form.is_confirmed for t in again.tables)


def table_of(tmp_path: Path, columns: list[FormColumn], head: list[str | None], *rows: list[Any]) -> dict[str, list[str | None]]:
    """What a confirmed form gives for some rows."""
    city = City(tmp_path / "one")
    file = city.put("x.xlsx", {"Phiếu": [head, *rows]})
    layout, source = layout_of(SCHEMAS), Source(0, file, file.name, period="2021")
    unread = read_file(source, layout)
    (code,) = {f.code for f in [*unread.unread, *(t.form for t in unread.tables)]}
    (table,) = read_file(source, dataclasses.replace(layout, forms={code: Form("personnel", tuple(columns))})).tables
    return table.values


WHO = [FormColumn(0, "Ai", "full_name"), FormColumn(1, "Mã", "identity_number")]


def test_the_first_of_several_columns_that_says_something_is_taken(tmp_path: Path) -> None:
    columns = [
        *WHO,
        FormColumn(2, "Đảng", "post_code"),
        FormColumn(3, "Chính quyền", "post_code", Part.NEXT),
        FormColumn(4, "Đoàn", "post_code", Part.NEXT),
    ]
    rows = [
        ["Nguyễn Văn A", number(1), "Bí thư", "Trưởng phòng", None],
        ["Nguyễn Văn B", number(2), None, "Chuyên viên", "Bí thư Đoàn"],
        ["Nguyễn Văn C", number(3), None, None, "Bí thư Đoàn"],
    ]
    found = table_of(tmp_path, columns, ["Ai", "Mã", "Bên Đảng ấy", "Bên kia", "Bên nữa"], *rows)
    assert found["post_code"] == ["Bí thư", "Chuyên viên", "Bí thư Đoàn"]


def test_a_column_of_numbers_is_no_unit_whatever_the_city_confirmed(tmp_path: Path) -> None:
    rows = [[f"Nguyễn Văn {letter(n)}", number(n), unit] for n, unit in enumerate([101, 102, 101, 103], start=1)]
    assert table_of(tmp_path, [*WHO, FormColumn(2, "Chỗ", "unit")], ["Ai", "Mã", "Chỗ ấy"], *rows)["unit"] == [None] * 4


def test_a_mark_that_means_no_code_cannot_be_read(tmp_path: Path) -> None:
    columns = [*WHO, FormColumn(2, "Kinh", "ethnicity_code", Part.MARK, "Kinh"), FormColumn(3, "Lạ", "ethnicity_code", Part.MARK)]
    found = table_of(
        tmp_path, columns, ["Ai", "Mã", "Kinh ấy", "Lạ ấy"], ["Nguyễn Văn A", number(1), "x", None], ["Nguyễn Văn B", number(2), None, "x"]
    )
    assert found["ethnicity_code"][0] == "Kinh" and "Lạ" in found["ethnicity_code"][1]


def test_the_parts_of_forms_are_a_code_list() -> None:
    from pipeline.codes import labels

    assert list(labels("form_part")) == [part.value for part in Part]
    assert letter(0) == "A" and "part_code" in FORMS.columns


# ── one unit's own headers ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["layouts.csv", "forms.csv", "forms/Q01.001.csv"])
def test_what_is_confirmed_to_the_unit_is_understood_and_to_no_other(city: City, name: str) -> None:
    file = file_of(city)
    everything = unknown(city.home, file)
    assert {"Mã công dân", "Nhận định cuối năm", "Nhóm máu"} <= everything
    (city.home.registry / name).parent.mkdir(exist_ok=True)
    write_csv(city.home.registry / name, CONFIRMED)
    assert unknown(city.home, file) == everything - {"Mã công dân", "Nhóm máu"}
    assert unknown(city.home, file, "Q01.002") == everything


def test_a_column_that_is_confirmed_already_is_proposed_to_no_other_header(city: City) -> None:
    file = file_of(city)
    write_csv(city.home.registry / "layouts.csv", CONFIRMED)
    (form,) = proposals.propose_forms(city.home, file, "Q01.001").forms
    assert [p.column.header for p in form.columns if p.column.means == "identity_number"] == ["Mã công dân"]


def test_headers_that_nobody_knows_are_proposed_by_name_and_by_content(city: City) -> None:
    (form,) = proposals.propose_forms(city.home, file_of(city), "Q01.001").forms
    found = {p.column.header: (p.column.means, p.because) for p in form.columns}
    assert found["Mã công dân"] == ("identity_number", "content")
    assert found["Nhận định cuối năm"][1] == "content" and found["Nhận định cuối năm"][0] == "decided_level_code"
    assert found["Nhóm máu"][0] is None


def test_the_registry_of_the_last_load_is_asked_where_none_lies_in_raw_and_nothing_is_left_behind(city: City) -> None:
    file = file_of(city)
    write_csv(city.home.registry / "layouts.csv", CONFIRMED)
    city.land()
    for name in find_registry(city.home):
        (city.home.registry / name).unlink()
    before = sorted(city.home.root.rglob("*"))
    assert "Mã công dân" not in unknown(city.home, file)
    assert sorted(city.home.root.rglob("*")) == before
    assert not [f for f in bench().rglob("*") if f.is_file() and f.name != "lock"]


def test_a_registry_that_cannot_be_read_is_told_and_the_file_is_read_all_the_same(city: City) -> None:
    file = file_of(city)
    write_csv(city.home.registry / "layouts.csv", [CONFIRMED[0], ["Q01.001", "ratings", "KQ", "Chiều cao", "10/12/2021"]])
    said = Said(city.home, "form", str(file), "--unit", "Q01.001")
    assert said.code == 0 and "chưa được xét" in said.text and "Đã ghi đề xuất" in said.text


# ── how we read you ──────────────────────────────────────────────────────────────────────────────────────────────


def test_check_shows_how_each_column_of_a_form_was_read(city: City) -> None:
    said = Said(city.home, "check", str(file_of(city)), "--period", "2021", "--unit", "Q01.001", "--explain")
    shown = " ".join(said.text.split())
    assert "Tệp này được đọc như thế nào" in shown and "Nhóm máu" in shown and "(không đọc)" in shown
    answer = Said(city.home, "check", str(file_of(city)), "--period", "2021", "--unit", "Q01.001", "--json").json
    assert {(c["header"], c["read_as"]) for c in answer["columns"]} >= {
        ("Tên anh chị em", "Họ và tên"),
        ("Nhóm máu", "(không đọc)"),
    } or answer["columns"]


def sheets_of(city: City, unit: str = "Q01.001") -> dict[str, openpyxl.worksheet.worksheet.Worksheet]:
    (file,) = (city.home.outbox / "2021" / unit).glob("*.xlsx")
    return {sheet.title: sheet for sheet in openpyxl.load_workbook(file).worksheets}


def test_a_receipt_shows_how_a_form_was_read_and_a_no_comes_back_as_a_proposal(city: City) -> None:
    people = [[n, f"Nguyễn Văn {'ABCDEFGH'[n]}", number(n), "HTTNV", "O"] for n in range(1, 6)]
    city.put(
        "2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [["STT", "Họ tên đầy đủ", "Số định danh", "Kết quả xếp loại", "Nhóm máu"], *people]}
    )
    city.put("2021/Q01.002/xep-loai.xlsx", {"Xếp loại": ratings([rating(20, "giỏi lắm")])})
    head = ["Đảng viên" if column == "Tình trạng đảng viên" else column for column in PERSONNEL_HEADER]
    city.put("2021/Q01.003/nhan-su.xlsx", {"Nhân sự": [head, *(member(n) for n in range(30, 36))]})
    city.put("2021/Q01.004/nhan-su.xlsx", {"Nhân sự": [head, *(member(n, status="x" if n % 2 else None) for n in range(40, 46))]})
    load(city.home)
    assert READ_AS not in sheets_of(city, "Q01.002")  # each of its columns is called as we call it
    assert READ_AS not in sheets_of(city, "Q01.003")  # so it is where nobody is marked, and told where somebody is
    told = [row[8] for row in sheets_of(city, "Q01.004")[READ_AS].iter_rows(min_row=5, values_only=True) if row[3] == "Đảng viên"]
    assert told == ["đánh dấu là “Chính thức”; không đánh dấu là “Không là đảng viên”"]
    sheets = sheets_of(city)
    assert [*sheets][:2] == [READ_AS, "Xếp loại"]
    shown = {row[3]: row for row in sheets[READ_AS].iter_rows(min_row=5, values_only=True)}
    assert shown["Nhóm máu"][1:9] == ("Xếp loại", "E", "Nhóm máu", "O", None, None, "(không đọc)", "tên cột chưa rõ")
    assert shown["Số định danh"][2:8] == ("C", "Số định danh", number(1), number(2), number(3), "Số CCCD")
    head = [cell.value for cell in sheets[READ_AS][4]]
    row = next(r for r in sheets[READ_AS].iter_rows(min_row=5) if r[3].value == "Nhóm máu")
    row[head.index(INSTEAD)].value = "Ghi chú"
    sheets[READ_AS].parent.save(city.home.raw / "2021/Q01.001/xep-loai.xlsx")
    load(city.home)
    ((_, form, header, means),) = city.landed("objections").rows()
    assert (form, header, means) == (shown["Nhóm máu"][0], "Nhóm máu", "Ghi chú")
    assert "note" not in city.landed("letters")["column_name"].to_list()  # it is a proposal, and used for nothing
    said = " ".join(Said(city.home, "form").text.split())
    assert form in said and "“Nhóm máu” là “Ghi chú”" in said


def objected(city: City, header: str, means: str, file: str) -> None:
    """The receipt of Q01.001 comes again with a no to what one of its columns was read as."""
    sheets = sheets_of(city)
    head = [cell.value for cell in sheets[READ_AS][4]]
    row = next(r for r in sheets[READ_AS].iter_rows(min_row=5) if r[3].value == header)
    row[head.index(INSTEAD)].value = means
    sheets[READ_AS].parent.save(city.home.raw / "2021/Q01.001" / file)


def test_a_no_to_a_form_that_the_city_confirmed_comes_before_all_forms_until_it_is_followed(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = form_of(city)
    confirm(city, file)
    for n in (2, 3):  # another form, which more units use
        other = [HEADERS, *[[m, f"Nguyễn Văn {'ABCDEF'[m]}", number(10 * n + m), "HTTNV", "O"] for m in range(5)]]
        city.put(f"2021/Q01.00{n}/xep-loai.xlsx", {"Xếp loại": other})
    load(city.home)
    code = next((city.home.registry / "forms").iterdir()).stem
    assert code not in Said(city.home, "form").text
    objected(city, "Nhóm máu", "Ghi chú", "phieu.xlsx")
    city.land()
    monkeypatch.setattr(of_forms, "MOST", 0)
    said = " ".join(Said(city.home, "form").text.split())
    assert code in said and "đã xác nhận" in said and "“Ghi chú” (Q01.001)" in said and "và 1 biểu mẫu nữa" in said
    monkeypatch.undo()
    first, second = unknown_forms(city.home)
    assert (first.code, first.is_confirmed, first.unknown, second.files) == (code, True, [], 2)
    assert [(one.header, one.means, one.units) for one in first.objections] == [("Nhóm máu", "Ghi chú", ("Q01.001",))]
    proposal = proposed(city, file)
    rows = [*openpyxl.load_workbook(proposal)[FORM].iter_rows(min_row=FIRST + 1, values_only=True)]
    at, header = rows[0].index(SAID), rows[0].index("Tên cột trên biểu mẫu")
    assert {row[header]: row[at] for row in rows[1:] if row[at]} == {"Nhóm máu": "“Ghi chú” (Q01.001)"}
    assert Said(city.home, "form", str(filled(proposal, MEANS | {"Nhóm máu": ("Ghi chú", "", "")})), "--confirm").code == 0
    city.land()
    assert [one.code for one in unknown_forms(city.home)] == [second.code]


def test_a_receipt_shows_what_titles_said_what_was_not_used_and_a_no_to_either_comes_back(city: City) -> None:
    people = [[n, f"Nguyễn Văn {'ABCDEFGH'[n]}", number(n), "HTNV", "HTTNV", "Cần Thơ"] for n in range(1, 6)]
    rows = [
        ["KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG CÔNG CHỨC NĂM 2021"],
        [],
        ["STT", "Họ và tên", "Số CCCD", "Xếp loại năm 2020", "Xếp loại năm 2021", "Ngày sinh"],
    ]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [*rows, *people]})
    of_employees = [["KẾT QUẢ XẾP LOẠI VIÊN CHỨC NĂM 2021"], RATINGS_HEADER, *(rating(n) for n in range(20, 26))]
    city.put("2021/Q01.002/xep-loai.xlsx", {"Xếp loại": of_employees})
    without_status = ["Ngày chính thức" if column == "Tình trạng đảng viên" else column for column in PERSONNEL_HEADER]
    city.put("2021/Q01.003/nhan-su.xlsx", {"Nhân sự": [without_status, *(member(n, status="01/03/2011") for n in range(30, 36))]})
    load(city.home)
    for unit, column, value in (("Q01.002", "Hệ xếp loại", "Viên chức"), ("Q01.003", "Tình trạng đảng viên", "Chính thức")):
        of = [row[2:8] for row in sheets_of(city, unit)[READ_AS].iter_rows(min_row=5, values_only=True) if row[3] == NO_COLUMN]
        assert (None, NO_COLUMN, value, None, None, column) in of  # though each of its columns is called as we call it
    sheets = sheets_of(city)
    shown = {row[7] if row[3] == NO_COLUMN else row[3]: row for row in sheets[READ_AS].iter_rows(min_row=5, values_only=True)}
    assert shown["Hệ xếp loại"][2:9] == (None, NO_COLUMN, "Công chức", None, None, "Hệ xếp loại", shown["Hệ xếp loại"][8])
    assert shown["Xếp loại năm 2020"][7:9] == ("(không đọc)", "của kỳ khác")
    assert shown["Xếp loại năm 2021"][7] == "Mức xếp loại"
    assert shown["Ngày sinh"][7] == "(không đọc)" and "chưa rõ" in shown["Ngày sinh"][8]  # no cell of it holds a day
    head = [cell.value for cell in sheets[READ_AS][4]]
    row = next(r for r in sheets[READ_AS].iter_rows(min_row=5) if r[7].value == "Hệ xếp loại")
    row[head.index(INSTEAD)].value = "Đảng viên"
    sheets[READ_AS].parent.save(city.home.raw / "2021/Q01.001/xep-loai.xlsx")
    load(city.home)
    ((_, _, header, means),) = city.landed("objections").rows()
    assert (header, means) == (f"{NO_COLUMN} Hệ xếp loại", "Đảng viên")


def test_a_fault_in_a_level_to_be_marked_is_marked_in_all_of_the_rows_cells(city: City) -> None:
    head = [["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", None, None, None], [None, None, None, "HTXSNV", "HTTNV", "HTNV", "KHTNV"]]
    rows = [[1, "Nguyễn Văn A", number(1), "x", "x", None, None], [2, "Nguyễn Văn B", number(2), None, "x", None, None]]
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [*head, *rows]})
    load(city.home)
    sheet = sheets_of(city)["Xếp loại"]
    assert [bool(sheet[f"{letter}3"].comment) for letter in "CDEFGH"] == [False, True, True, True, True, False]
    assert not any(sheet[f"{letter}4"].comment for letter in "DEFG")
    assert sheet["D3"].fill.fgColor.rgb == sheet["G3"].fill.fgColor.rgb


# ── the limits within which a file is read ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("make", [odd.bomb, odd.small_bomb, odd.lying_bomb, odd.far_cell])
def test_a_file_that_grows_beyond_all_bounds_is_a_sentence(make, tmp_path: Path) -> None:
    file = tmp_path / "Xếp loại.xlsx"
    file.write_bytes(make())
    said = Said(nowhere(tmp_path), "form", str(file))
    assert said.code == 1 and "Không thấy bảng nào" in said.err and "Traceback" not in said.text + said.err
    assert any(FILE_RULES[rule].says_vi in said.err for rule in ("file_size_in_bounds", "file_readable", "cells_in_bounds"))


@pytest.mark.parametrize(("grief", "rule"), [("hang", "file_read_in_time"), ("eat", "file_read_in_memory"), ("exit", "reader_survives")])
def test_a_file_that_ends_its_reader_is_a_sentence(grief: str, rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = layouts.layout_of(SCHEMAS)
    monkeypatch.setattr(workers, "FILE_SECONDS", 8 if grief == "hang" else workers.FILE_SECONDS)
    monkeypatch.setattr(layouts, "layout_of", lambda schemas: Layout(Deadly(layout.names), layout.headers, layout.required))
    file = tmp_path / f"{grief}.csv"
    file.write_bytes(odd.delimited(","))
    said = Said(nowhere(tmp_path), "form", str(file))
    assert said.code == 1 and FILE_RULES[rule].says_vi in said.err


@pytest.mark.parametrize("command", ["check", "form"])
def test_a_pipe_a_device_and_what_is_too_large_are_sentences(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = ["--period", "2021"] if command == "check" else ["--unit", "Q01.001"]
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    for file in (tmp_path / "pipe.csv", Path("/dev/zero"), tmp_path / "loop.csv"):
        said = Said(nowhere(tmp_path), command, str(file), *more)
        assert said.code == 2 and "tệp thường" in said.err, said.err
    with (tmp_path / "large.csv").open("wb") as large:
        large.truncate(9 * 2**30)
    said = Said(nowhere(tmp_path), command, str(tmp_path / "large.csv"), *more)
    assert said.code == 2 and said.err.strip() == FILE_RULES["file_not_too_large"].says_vi


def test_no_rows_leave_the_reader(city: City) -> None:
    file = file_of(city, rows=250)
    (table,) = proposals.propose_forms(city.home, file, "Q01.001").reading.tables
    assert table.rows == [] and table.values == {}
