"""What `check` accepts, `load` keeps: the same rows in the figures, the same findings, and words on the screen that are true."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import PERSONNEL_HEADER, UNITS, City, load, member, number, opened, rating, ratings, roster, write_csv
from odd_files import REFUSED
from typer.testing import CliRunner

from pipeline.cli import app, words
from pipeline.paths import Home, bench

pytestmark = pytest.mark.usefixtures("own_cache")


class Said:
    """What a command printed, and its exit code."""

    def __init__(self, home: Home, *command: str, width: int = 200):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PERSONNEL_HOME", str(home.root))
            patch.setattr(words.out, "_width", width)
            done = CliRunner().invoke(app, [*command])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        self.code, self.text, self.err = done.exit_code, done.stdout, done.stderr

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.text)


def nowhere(tmp_path: Path) -> Home:
    return Home(tmp_path / "nowhere")


def found(answer: dict[str, Any]) -> set[tuple]:
    return {(f["dataset"], f["rule"], f["sheet"], f["row"], f["column"]) for f in answer["findings"]}


# ── the registry is asked ────────────────────────────────────────────────────────────────────────────────────────


def test_check_and_load_put_the_same_rows_into_the_figures(city: City) -> None:
    """A workbook with faults of every step: cells, rows, units, double rows, people who are on no roster."""
    people = [member(n, "Chi bộ trường Ba" if n < 3 else "Chi bộ 1" if n < 8 else None) for n in range(1, 13)]
    people += [member(9), member(20, status="lạ"), member(21, unit="Q01.002"), member(22, since="không rõ")]
    people += [[23, "Nguyễn Văn X", "09208000", None, "Chính thức", "01/03/2010", "01/03/2010"]]  # nobody can be counted by eight digits
    levels = [rating(n, "HTXSNV" if n < 6 else "HTT") for n in range(1, 13)] + [rating(3, "HTT"), rating(13, "giỏi"), rating(14)]
    file = city.put("2021/Q01.001/Báo cáo.xlsx", {"Nhân sự": roster(people), "Xếp loại": ratings(levels)})
    answer = Said(city.home, "check", str(file), "--json").json
    assert not city.home.warehouse.exists()  # nothing of the city's was touched
    out = load(city.home)
    rows = {(d["dataset"], d["sheet"], r["row"]) for d in answer["datasets"] for r in d["rows"] if r["in_figures"]}
    with opened(city.home, city.home.analyst) as clear, duckdb.connect(str(clear), read_only=True) as db:
        facts = {
            (dataset, *place)
            for dataset in ("personnel", "ratings")
            for place in db.execute(f"SELECT sheet, row_no FROM whole.fct_{dataset}").fetchall()
        }
        told = set(db.execute("SELECT dataset_code, rule_code, sheet, row_no, column_name FROM whole.findings").fetchall())
        sums = db.execute(
            "SELECT dataset_code, rows_read, rows_in_figures, rows_kept_out, rows_set_aside FROM whole.submissions"
        ).fetchall()
    assert rows == facts and facts
    assert found(answer) == told and told
    assert sorted(
        tuple(c[k] for k in ("dataset", "rows_read", "rows_in_figures", "rows_kept_out", "rows_set_aside")) for c in answer["counts"]
    ) == sorted(sums)
    for _, read, inside, kept_out, aside in sums:
        assert read == inside + kept_out + aside and kept_out and aside
    total = [sum(column) for column in list(zip(*sums, strict=True))[1:]]
    first = out.splitlines()[0]
    assert (
        first.startswith("Rows read {} = in the figures {} + kept out of them {} (".format(*total))
        and "unit outside the sender: 3" in first
    )
    page = (city.home.outbox / "2021" / "Q01.001" / "tom-tat.html").read_text("utf-8")
    first = re.search('<p class="say.*?</p>', page, re.DOTALL)[0]
    assert "<b>được tính vào số liệu {1}</b> + giữ nhưng chưa tính {2} (".format(*total) in first


def test_rows_of_units_that_the_registry_does_not_know_count_under_the_sender_and_are_told(city: City) -> None:
    file = city.put("2021/Q01.001/Nhân sự.xlsx", {"Nhân sự": roster([member(n, "Chi bô 11") for n in range(1, 6)])})
    said = Said(city.home, "check", str(file))
    assert said.code == 0 and "tính vào số liệu 5" in said.text.splitlines()[0]
    assert "Chi bô" in said.text and "Gần" in said.text
    answer = Said(city.home, "check", str(file), "--json").json
    (dataset,) = answer["datasets"]
    assert {(r["in_figures"], r["values"]["unit"], r["assumed"]["unit_code"]) for r in dataset["rows"]} == {(True, "Chi bô 11", "Q01.001")}
    assert all("unit_code" not in r["values"] for r in dataset["rows"])
    told = [(f["rule"], f["severity"], f["row"], f["column"]) for f in answer["findings"]]
    assert told == [("unit_known", "WARNING", n, "unit") for n in range(2, 7)]
    assert answer["findings"][0]["says_vi"].endswith(" Gần giống nhất: Chi bộ 1; Chi bộ 2.")


def test_a_roster_of_units_elsewhere_is_no_clean_file(city: City) -> None:
    file = city.put("2021/Q01.001/Nhân sự.xlsx", {"Nhân sự": roster([member(n, "Chi bộ trường Hai") for n in range(1, 6)])})
    said = Said(city.home, "check", str(file))
    assert said.code == 1 and "không dòng nào được tính vào số liệu" in said.text
    assert "tính vào số liệu 0 + giữ nhưng chưa tính 5 (đơn vị không thuộc đơn vị gửi: 5)" in said.text.splitlines()[0]


def test_a_former_name_is_told_with_the_unit_that_took_over(city: City) -> None:
    city.registry(units=[*UNITS, ("U9", "Q01.001.09", "Chi bộ Cũ", "CELL", "U3", "01/01/2000", "31/12/2015", "U4")])
    file = city.put("2021/Q01.001/Nhân sự.xlsx", {"Nhân sự": roster([member(1, "Chi bộ Cũ"), member(2), member(3)])})
    answer = Said(city.home, "check", str(file), "--json").json
    ((severity, says),) = [(f["severity"], f["says_vi"]) for f in answer["findings"] if f["rule"] == "unit_valid_on_day"]
    assert severity == "WARNING" and "“Chi bộ Cũ” (Q01.001.09) là “Chi bộ 1” (Q01.001.01)" in says
    (row, *_) = answer["datasets"][0]["rows"]
    assert row["in_figures"] and row["values"]["unit_code"] == "Q01.001.01"


def test_a_unit_that_ended_is_told(city: City) -> None:
    city.registry(units=[*UNITS, ("U9", "Q01.001.09", "Chi bộ Cũ", "CELL", "U3", "01/01/2000", "31/12/2015")])
    file = city.put("2021/Q01.001/Nhân sự.xlsx", {"Nhân sự": roster([member(1, "Chi bộ Cũ"), member(2), member(3)])})
    answer = Said(city.home, "check", str(file), "--json").json
    assert answer["counts"][0]["kept_out"] == {"UNIT_NOT_VALID": 1} and ("personnel", "unit_valid_on_day", "Nhân sự", 2, "unit") in found(
        answer
    )


def test_an_unknown_sender_is_refused_as_a_load_refuses_it(city: City, tmp_path: Path) -> None:
    file = city.put("2021/Q77/Nhân sự.xlsx", {"Nhân sự": roster([member(1)])})
    answer = Said(city.home, "check", str(file), "--json")
    assert answer.code == 1 and not answer.json["accepted"] and answer.json["datasets"][0]["refusal_rule"] == "sender_known"


def test_what_could_not_be_asked_is_said(city: City, tmp_path: Path) -> None:
    file = tmp_path / "Nhân sự.csv"
    city.put("2021/Q01.001/x.csv", roster([member(1)])).rename(file)
    for home, more, because in (
        (nowhere(tmp_path), ["--unit", "Q01.001"], "NO_REGISTRY"),
        (city.home, [], "NO_UNIT"),
        (city.home, ["--unit", "../.."], "UNIT_IS_NO_CODE"),
    ):
        answer = Said(home, "check", str(file), "--period", "2021", *more, "--json").json
        assert answer["not_asked_because"] == because and "unit_known" in answer["not_asked"]
        assert answer["counts"][0]["rows_in_figures"] is None
    assert "Chưa hỏi được" in Said(nowhere(tmp_path), "check", str(file), "--period", "2021").text
    answer = Said(city.home, "check", str(file), "--period", "2021", "--unit", "Q01.001", "--json").json
    assert answer["not_asked_because"] is None and "unit_known" not in answer["not_asked"]


def test_the_bench_keeps_nothing_of_a_file_and_nobody_else_may_enter(city: City) -> None:
    file = city.put("2021/Q01.001/Nhân sự.xlsx", {"Nhân sự": roster([member(1)])})
    left = bench() / "raw" / "2021" / "Q01.001"  # as a killed check left it
    left.mkdir(parents=True, exist_ok=True)
    (left / "Của người khác.csv").write_text("x")
    assert Said(city.home, "check", str(file), "--json").json["counts"][0]["rows_read"] == 1
    assert bench().stat().st_mode & 0o777 == 0o700
    kept = [p for p in bench().rglob("*") if p.is_file() and "dbt_target" not in p.parts]
    assert [p.name for p in kept] in (["lock"], [])
    bytes_of = b"".join(p.read_bytes() for p in bench().rglob("*") if p.is_file())
    assert number(1).encode() not in bytes_of and "Của người khác".encode() not in bytes_of


# ── the answer for other programs ────────────────────────────────────────────────────────────────────────────────


def test_values_are_canonical_and_what_is_assumed_stands_apart(city: City) -> None:
    header = [*PERSONNEL_HEADER, "Chức vụ", "Giới tính"]
    rows = [[*member(1, "chi bộ 1"), "Chuyên viên", "Nam"], [*member(2), None, None]]
    file = city.put("2021/Q01.001/Nhân sự.xlsx", {"Nhân sự": [header, *rows]})
    one, two = Said(city.home, "check", str(file), "--json").json["datasets"][0]["rows"]
    assert one["values"] | {"unit": "chi bộ 1", "unit_code": "Q01.001.01", "sex_code": "MALE", "post_text": "Chuyên viên"} == one["values"]
    assert one["values"]["post_code"] == "SPECIALIST"
    assert (one["values"]["spell_from"], one["values"]["spell_from_precision_code"]) == ("2010-03-01", "DAY")
    assert one["assumed"]["spell_kind_code"] == "PRIMARY" and "spell_kind_code" not in one["values"]
    assert two["assumed"]["unit_code"] == "Q01.001" and not {"unit", "unit_code", "post_text", "sex_code"} & two["values"].keys()


def test_posts_units_programmes_and_providers_stand_as_written_beside_their_codes(city: City) -> None:
    rotation = ["STT", "Họ và tên", "Số CCCD", "Đơn vị đi", "Chức vụ cũ", "Đơn vị đến", "Chức vụ mới", "Hình thức", "Từ ngày"]
    moved = [1, "Nguyễn Văn A", number(1), "Chi bộ 1", "Chuyên viên", "Chi bộ trường Hai", "Bí thư  chi bộ", "Luân chuyển", "01/03/2021"]
    training = ["STT", "Họ và tên", "Số CCCD", "Chương trình", "Cơ sở đào tạo", "Từ ngày"]
    taught = [1, "Nguyễn Văn A", number(1), "Bồi dưỡng Lý luận", "Trường Chính trị TỈNH", "01/03/2021"]
    file = city.put("2021/Q01.001/Báo cáo.xlsx", {"Luân chuyển": [rotation, moved], "Đào tạo": [training, taught]})
    answer = Said(city.home, "check", str(file), "--json").json
    rows = {d["dataset"]: d["rows"][0]["values"] for d in answer["datasets"]}
    written = {"from_post_text": "Chuyên viên", "to_post_text": "Bí thư chi bộ", "from_unit": "Chi bộ 1", "to_unit": "Chi bộ trường Hai"}
    written |= {"from_unit_code": "Q01.001.01", "to_unit_code": "Q01.002"}  # found in the whole city
    assert rows["rotation"] | written == rows["rotation"]
    assert (rows["rotation"]["from_post_code"], rows["training"]["programme"]) == ("SPECIALIST", "Bồi dưỡng Lý luận")
    assert rows["training"]["provider"] == "Trường Chính trị TỈNH"


def test_a_finding_says_where_how_heavy_and_what_is_expected(city: City) -> None:
    file = city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(1, "giỏi"), *(rating(n) for n in range(2, 6))], title=False))
    answer = Said(city.home, "check", str(file), "--json").json
    (of_it,) = [f for f in answer["findings"] if f["rule"] == "code_known"]
    expected = {
        "dataset": "ratings",
        "sheet": "",
        "row": 2,
        "column": "decided_level_code",
        "cell": "E2",
        "severity": "ERROR",
        "found": "giỏi",
    }
    assert of_it | expected == of_it
    assert of_it["says_vi"].startswith("Cột “Mức xếp loại” phải là một trong") and "giỏi" not in of_it["says_vi"]


def test_the_folders_period_is_assumed_where_no_title_says_it(city: City) -> None:
    for has_title, where, elsewhere in ((False, "assumed", "values"), (True, "values", "assumed")):
        file = city.put("2021/Q01.001/Xếp loại.csv", ratings([rating(1)], title=has_title))
        row = Said(city.home, "check", str(file), "--json").json["datasets"][0]["rows"][0]
        assert row[where]["period"] == "2021" and "period" not in row[elsewhere]


def test_the_answer_is_json_whatever_stands_in_the_cells(tmp_path: Path) -> None:
    file = tmp_path / "Nhân sự.csv"
    odd = 'Nguyễn "Văn" \\ [bold] \x1b[31m \u2028 \u202e 𝄞'
    file.write_text("Họ và tên,Số CCCD,Tình trạng đảng viên,Từ ngày,Ngày vào Đảng,Ghi chú\n", "utf-8")
    with file.open("a", encoding="utf-8") as lines:
        lines.write('"{}",{},Chính thức,01/03/2010,01/03/2010,"{}"\n'.format(odd.replace('"', '""'), number(1), "1e999"))
    row = Said(nowhere(tmp_path), "check", str(file), "--period", "2021", "--json").json["datasets"][0]["rows"][0]
    assert row["values"]["full_name"].startswith('Nguyễn "Văn" \\ [bold]')


def test_rows_are_counted_by_class_per_sheet(city: City, tmp_path: Path) -> None:
    file = city.put("2021/Q01.001/Xếp loại.xlsx", {"Xếp loại": [*ratings([rating(n) for n in range(1, 4)]), ["Tổng cộng: 3"]]})
    counts = Said(nowhere(tmp_path), "check", str(file), "--json").json["datasets"][0]["rows_by_class"]
    assert (counts["title"], counts["header"], counts["detail"], counts["total"]) == (2, 1, 3, 1)
    assert "3 dòng dữ liệu" in Said(nowhere(tmp_path), "check", str(file)).text


# ── words on the screen ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["[/i]", "[bold]Văn A", "[/red]", "a\x1b[31mb", "[link=file:///x]y[/link]"])
def test_what_stands_in_a_cell_is_text_on_the_screen(city: City, tmp_path: Path, text: str) -> None:
    rows = [rating(1), rating(2, level=text), rating(3), rating(4)]
    file = city.put("2021/Q01.001/Xếp loại.csv", ratings(rows, title=False))
    said = Said(nowhere(tmp_path), "check", str(file), "--explain")
    assert said.code == 1 and said.text.count(text.replace("\x1b", "\\x1b")) >= 2 and "\x1b" not in said.text


@pytest.mark.parametrize("width", [40, 120])
def test_explain_shows_row_and_class_at_every_width(city: City, tmp_path: Path, width: int) -> None:
    rows = [[*rating(n)[:5], "Lý do dài " * 40] for n in range(1, 4)]
    file = city.put("2021/Q01.001/a.xlsx", {"Xếp loại": ratings(rows)})
    lines = Said(nowhere(tmp_path), "check", str(file), "--explain", width=width).text.splitlines()
    assert "Trang “Xếp loại”" in lines
    for row, kind in ((1, "Tiêu đề"), (4, "Dòng tên cột"), (5, "Dòng dữ liệu"), (7, "Dòng dữ liệu")):
        assert any(line.split()[:1] == [str(row)] and kind in line for line in lines), (row, kind)
    assert max(map(len, lines)) <= width


def test_explain_takes_rows_for_what_they_were_judged_as_by_the_units_own_headers(city: City) -> None:
    own = {"Danh xưng": "Họ và tên", "Mã thẻ": "Số CCCD", "Bậc": "Mức xếp loại"}
    lines = [["Q01.001", "ratings", header, means, "05/12/2021"] for header, means in own.items()]
    write_csv(city.home.registry / "layouts.csv", [["unit_code", "dataset", "header", "means", "confirmed_on"], *lines])
    rows = [["Đảng bộ", "phường Một", "biểu", "số ba"], ["TT", *own], *([n, "Nguyễn Văn A", number(n), "HTTNV"] for n in (1, 2, 3))]
    file = city.put("2021/Q01.001/Xếp loại.xlsx", {"Xếp loại": rows})
    answer = Said(city.home, "check", str(file), "--json").json["datasets"][0]
    assert [row["row"] for row in answer["rows"]] == [3, 4, 5]
    assert answer["rows_by_class"] == {"title": 1, "header": 1, "detail": 3}


def test_form_says_that_nothing_was_recognised(tmp_path: Path) -> None:
    file = tmp_path / "Bảng lương.csv"
    file.write_text("Cột lạ,Cột khác\n1,2\n", "utf-8")
    said = Said(nowhere(tmp_path), "form", str(file), "--unit", "Q01.001")
    assert said.code == 1 and "Không thấy bảng nào" in said.err and "Đã ghi" not in said.text


@pytest.mark.parametrize("command", ["check", "form"])
def test_what_is_no_file_is_a_sentence(tmp_path: Path, command: str) -> None:
    more = ["--period", "2021"] if command == "check" else ["--unit", "Q01.001"]
    for file, says in ((tmp_path, "thư mục"), (tmp_path / "không có [/].xlsx", "Không có tệp"), (tmp_path / ("x" * 300), "Không mở được")):
        said = Said(nowhere(tmp_path), command, str(file), *more)
        assert said.code == 2 and says in said.err
    (tmp_path / "rỗng.xlsx").touch()
    assert Said(nowhere(tmp_path), command, str(tmp_path / "rỗng.xlsx"), *more).code == 1


def test_a_wrong_period_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    said = Said(nowhere(tmp_path), "check", str(tmp_path / "a.csv"), "--period", "năm ngoái")
    assert said.code == 2 and "--period 2021" in said.err


def test_bytes_that_nobody_can_read_are_a_finding(tmp_path: Path) -> None:
    for name in ("content that ends.ods", "no such encoding.ods"):
        (tmp_path / name).write_bytes(REFUSED[name][0]())
        said = Said(nowhere(tmp_path), "check", str(tmp_path / name), "--period", "2021", "--json")
        assert said.code == 1 and [f["rule"] for f in said.json["findings"]] == ["file_readable"]
        explained = Said(nowhere(tmp_path), "check", str(tmp_path / name), "--period", "2021", "--explain")
        assert explained.code == 1 and "Traceback" not in said.text + said.err + explained.text + explained.err
