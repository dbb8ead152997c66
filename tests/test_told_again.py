"""What a unit is told is true wherever it is told: by `check`, by `findings`, in its answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import AS_OF, RATINGS_HEADER, City, load, pipeline, rating
from openpyxl import load_workbook
from test_check import Said

from pipeline.intake.explanations import FINDINGS


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("PERSONNEL_AS_OF", AS_OF)
        yield


def test_two_columns_that_are_none_of_ours_are_told_each_with_its_own_words(city: City) -> None:
    header = [*RATINGS_HEADER, "Thứ nhất xa lạ", "Thứ hai xa lạ", "Đơn vị"]
    file = city.put("2021/Q01.001/xep-loai.xlsx", {"Xếp loại": [header, *[[*rating(n), "a", "b", None] for n in range(1, 7)]]})
    said = {("column_known", "G1", "Thứ nhất xa lạ"), ("column_known", "H1", "Thứ hai xa lạ"), ("column_once", "I1", "Đơn vị")}

    def of_headers(found: list[dict[str, Any]]) -> list[tuple]:
        return sorted((f["rule"], f["cell"], f["found"]) for f in found if f["rule"] in ("column_known", "column_once"))

    assert of_headers(Said(city.home, "check", str(file), "--json").json["findings"]) == sorted(said)
    load(city.home)
    shown = pipeline(city.home, "findings", "Q01.001", COLUMNS="400").stdout.splitlines()
    lines = [line for line in shown if any(f" {cell} " in line for _, cell, _ in said)]
    assert len(lines) == 3 and all(any(f" {cell} " in line and words in line for line in lines) for _, cell, words in said)
    answer = load_workbook(city.home.outbox / "2021/Q01.001/xep-loai.xlsx")[FINDINGS]
    told = {(cell, words) for row in answer.iter_rows(values_only=True) for _, cell, words in said if cell in row and words in row}
    assert told == {(cell, words) for _, cell, words in said}
