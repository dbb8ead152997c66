"""What a unit is told is true wherever it is told: by `check`, by `findings`, in its answer."""

from typing import Any

import pytest
from conftest import RATINGS_HEADER, City, load, member, pipeline, rating, ratings, roster
from openpyxl import load_workbook
from test_check import Said

from pipeline.intake.explanations import FINDINGS
from pipeline.paths import Home
from pipeline.warehouse.publish import open_whole

pytestmark = pytest.mark.usefixtures("own_cache")

HEADER = [*RATINGS_HEADER, "Thứ nhất xa lạ", "Thứ hai xa lạ", "Đơn vị"]
EIGHT = ratings([rating(n) for n in range(11, 19)])


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Three units, each with something that it must be told, after one load."""
    city = City(tmp_path_factory.mktemp("sent") / "data")
    city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [HEADER, *[[*rating(n), "a", "b", None] for n in range(1, 7)]]})
    city.put("2021/Q01.002/Quý 4/xep-loai\u200e.csv", EIGHT)
    city.put("2022/Q01.003/xep-loai.csv", ratings([rating(n) for n in range(21, 29)], title=False))
    city.put("2022/Q01.002/nhan-su.csv", roster([member(n) for n in range(11, 19)]))
    city.put("2021/Q01.002/xep-loai\u200e.csv", EIGHT)
    load(city.home)
    return city


def verdicts(city: City) -> list[tuple]:
    with open_whole(city.home) as db:
        return db.execute(
            "SELECT period, sender_code, verdict_code, refusal_rule_code, path FROM restricted.whole.submissions ORDER BY ALL"
        ).fetchall()


def test_two_columns_that_are_none_of_ours_are_told_each_with_its_own_words(sent: City) -> None:
    said = {("column_known", "G1", "Thứ nhất xa lạ"), ("column_known", "H1", "Thứ hai xa lạ"), ("column_once", "I1", "Đơn vị")}

    def of_headers(found: list[dict[str, Any]]) -> list[tuple]:
        return sorted((f["rule"], f["cell"], f["found"]) for f in found if f["rule"] in ("column_known", "column_once"))

    file = sent.home.raw / "2021/Q01.001/xep-loai.xlsx"
    assert of_headers(Said(sent.home, "check", str(file), "--json").json["findings"]) == sorted(said)
    shown = pipeline(sent.home, "findings", "Q01.001", COLUMNS="400").stdout.splitlines()
    lines = [line for line in shown if any(f" {cell} " in line for _, cell, _ in said)]
    assert len(lines) == 3 and all(any(f" {cell} " in line and words in line for line in lines) for _, cell, words in said)
    answer = load_workbook(sent.home.outbox / "2021/Q01.001/xep-loai.xlsx")[FINDINGS]
    told = {(cell, words) for row in answer.iter_rows(values_only=True) for _, cell, words in said if cell in row and words in row}
    assert told == {(cell, words) for _, cell, words in said}


def test_a_file_of_a_period_that_has_not_begun_is_refused_and_told(sent: City) -> None:
    told = [v[1:4] for v in verdicts(sent) if v[0] == "2022"]
    assert told == [("Q01.002", "REFUSED", "period_begun"), ("Q01.003", "REFUSED", "period_begun")]
    assert "phải đã bắt đầu" in (sent.home.outbox / "2022/Q01.003/tom-tat.html").read_text("utf-8")
    answer = Said(sent.home, "check", str(sent.home.raw / "2022/Q01.003/xep-loai.csv"), "--json")
    assert answer.code == 1 and answer.json["datasets"][0]["refusal_rule"] == "period_begun"


def test_a_file_below_a_units_folder_is_refused_to_that_unit_and_replaces_nothing(sent: City) -> None:
    below, own = [v[2:] for v in verdicts(sent) if v[:2] == ("2021", "Q01.002")]
    if below[0] == "ACCEPTED":
        below, own = own, below
    assert below == ("REFUSED", "file_in_unit_folder", "2021/Q01.002/Quý 4/xep-loai\\xe2\\x80\\x8e.csv")
    assert own == ("ACCEPTED", None, "2021/Q01.002/xep-loai\\xe2\\x80\\x8e.csv")
    assert "thư mục &lt;kỳ&gt;/&lt;mã đơn vị&gt;/" in (sent.home.outbox / "2021/Q01.002/tom-tat.html").read_text("utf-8")
    for home in (sent.home, Home(sent.home.root / "nowhere")):
        answer = Said(home, "check", str(sent.home.raw / "2021/Q01.002/Quý 4/xep-loai\u200e.csv"), "--json")
        rules = {f["rule"] for f in answer.json["findings"]}
        assert answer.code == 1 and answer.json["datasets"][0]["refusal_rule"] == "file_in_unit_folder"
        assert {"file_in_unit_folder", "file_named_plainly"} <= rules


def test_a_name_that_a_load_finds_odd_is_told_by_check(sent: City) -> None:
    answer = Said(sent.home, "check", str(sent.home.raw / "2021/Q01.002/xep-loai\u200e.csv"), "--json")
    assert answer.code == 0 and "file_named_plainly" in {f["rule"] for f in answer.json["findings"]}
