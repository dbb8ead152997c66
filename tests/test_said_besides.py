"""What a list of another purpose says of its people besides: read, kept, used where no roster says anything, and held against rosters that do."""

from pathlib import Path

import polars as pl
import pytest
from conftest import PERSONNEL_HEADER, City, load, member, number, tables
from test_lists import LAYOUT

from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns, template_columns
from pipeline.schemas.kinds import meta

DAY = {"PERSONNEL_AS_OF": "2021-12-20"}
RATED = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại"]
BESIDES = ["Giới tính", "Dân tộc", "Chức vụ", "Ngày vào Đảng", "LLCT", "Quê quán"]
SAID = ["Nam", "Khmer", "Phó Trưởng phòng Tổ chức - Hành chính", "01/03/2010", "Trung cấp", "Cần Thơ"]
ROSTER = [[*PERSONNEL_HEADER, "Giới tính"], [*member(0), "Nam"], *([*member(n), None] for n in range(1, 6))]


def rows(besides: bool) -> list[list[str | int | None]]:
    """Six of the roster, the fifth without a number; and one whom no roster knows. The first's sex, the second's day of joining are others than the roster's."""
    found: list[list[str | int | None]] = [[*RATED, *(BESIDES if besides else [])]]
    for n in range(7):
        said = ["Nữ" if n == 0 else SAID[0], *SAID[1:3], "02/04/2011" if n == 1 else SAID[3], *SAID[4:]]
        found.append([n, f"Nguyễn Văn {chr(65 + n)}", None if n == 4 else number(n), "HTTNV", *(said if besides else [])])
    return found


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[City, dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """A city whose rating list says nothing besides, and then the same list that does."""
    city = City(tmp_path_factory.mktemp("besides") / "data")
    city.registry()
    city.put("2021/Q01.001/Nhân sự.csv", ROSTER)
    city.put("2021/Q01.001/Xếp loại.csv", rows(besides=False))
    load(city.home, **DAY)
    before = tables(city.home)
    city.put("2021/Q01.001/Xếp loại.csv", rows(besides=True))
    load(city.home, **DAY)
    return city, before, tables(city.home)


Loaded = tuple[City, dict[str, pl.DataFrame], dict[str, pl.DataFrame]]


def test_it_is_read_by_the_columns_kind(loaded: Loaded) -> None:
    landed = loaded[0].landed("ratings").filter(pl.col("sex_code").is_not_null()).sort("row_no")
    assert landed.height == 7 and set(landed["political_theory_code"]) == {"INTERMEDIATE"}
    assert set(landed["post_code"]) == {"DEPUTY_DIVISION_HEAD"} and landed["post_key"].n_unique() == 1
    assert landed["party_joined_on"].cast(pl.String).unique().sort().to_list() == ["2010-03-01", "2011-04-02"]
    assert {c["word"] for c in loaded[0].landed("catalogue_words").to_dicts()} == {SAID[2]}


def test_a_rating_list_is_no_roster(loaded: Loaded) -> None:
    _, before, after = loaded
    same = ["core.fct_headcount", "core.fct_personnel"]
    assert [name for name in same if not before[name].equals(after[name])] == []
    keys = ["person_key", "decided_level_code", "roster_answer_code"]
    of_numbers = [{*of["core.fct_ratings"].filter(pl.col("row_no") != 6).select(keys).rows()} for of in (before, after)]
    assert of_numbers[0] == of_numbers[1] and len(of_numbers[0]) == 6
    assert before["core.fct_ratings"].columns == after["core.fct_ratings"].columns


def test_people_are_as_rosters_say_and_else_as_other_lists_do(loaded: Loaded) -> None:
    _, before, after = loaded
    assert before["core.dim_person"]["sex_code"].drop_nulls().to_list() == ["MALE"]
    people = after["core.dim_person"].filter("is_told_apart")
    assert people["sex_code"].to_list() == ["MALE"] * 7  # of the first the roster's word stays
    assert set(people["ethnicity_code"]) == {"KHMER"} and set(people["political_theory_code"]) == {"INTERMEDIATE"}


def test_what_differs_from_a_roster_is_told_once_a_row(loaded: Loaded) -> None:
    _, before, after = loaded
    told = after["quality.findings"].filter(rule_code="person_as_on_rosters").sort("row_no")
    assert told.select("row_no", "column_name", "severity_code").rows() == [(2, "sex_code", "WARNING"), (3, "party_joined_on", "WARNING")]
    assert before["quality.findings"].filter(rule_code="person_as_on_rosters").is_empty()


def test_a_joining_day_links_whoever_has_no_number(loaded: Loaded) -> None:
    grounds = [of["quality.identity_links"].filter(dataset_code="ratings").to_dicts() for of in loaded[1:]]
    assert [(g["unlinked_reason_code"] is None) for (g,) in grounds] == [False, True]


@pytest.mark.parametrize("dataset", [name for name in SCHEMAS if name != "personnel"])
def test_what_is_said_besides_tells_no_list_and_is_asked_of_nobody(dataset: str) -> None:
    """A header of it alone is none; no cell of it sets a row aside, and no template has it."""
    besides = {c: col for c, col in own_columns(SCHEMAS[dataset]).items() if meta(col).is_besides}
    assert besides and besides.keys() == LAYOUT.besides[dataset] and besides.keys().isdisjoint(template_columns(SCHEMAS[dataset]))
    for column, col in besides.items():
        info, rosters = meta(col), meta(own_columns(SCHEMAS["personnel"])[column])
        assert not (info.required or info.wanted or info.decides) and info.severity == "WARNING"
        assert (info.aliases, info.codes, info.flags) == (rosters.aliases, rosters.codes, rosters.flags)  # written once
    assert LAYOUT.required[dataset].isdisjoint(besides)


def test_a_roster_with_a_level_in_it_stays_a_roster(tmp_path: Path) -> None:
    city = City(tmp_path / "roster")
    header = [*PERSONNEL_HEADER, "Giới tính", "Dân tộc", "Chức vụ", "LLCT", "Xếp loại"]
    city.put(
        "2021/Q01.001/danh sach.xlsx", {"Sheet1": [header, *([*member(n), "Nam", "Kinh", "Kế toán", "Sơ cấp", "HTTNV"] for n in range(6))]}
    )
    city.land()
    assert city.verdicts() == {("Q01.001", "personnel"): ("ACCEPTED", None)}
