"""What a list of another purpose says of its people besides: read, kept, used where no roster says anything, and held against rosters that do."""

from pathlib import Path

import polars as pl
import pytest
from conftest import PERSONNEL_HEADER, City, load, member, number, tables
from test_lists import LAYOUT

from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns, template_columns
from pipeline.schemas.kinds import meta
from pipeline.schemas.rules import rules_of

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


APART = ["STT", "Họ và tên", "Số CCCD", "Ngày sinh", "Số thẻ đảng viên", "Giới tính", "Ngày vào Đảng", "Mức xếp loại"]
WITHOUT = {  # of the n-th of the roster, without his number: birth date, card, sex, day of joining → linked by, told in
    0: (["05/02/1980", None, "Nữ", "03/09/2010"], ("BIRTH_DAY", "sex_code")),  # both days are the roster's: a slip, and told
    1: (["05/02/1980", None, "Nữ", None], (None, "sex_code")),
    2: (["05/02/1980", None, "Nam", "02/04/2011"], (None, "party_joined_on")),
    3: (["1980", "67000003", "Nữ", "02/04/2011"], ("PARTY_CARD", "sex_code")),
    4: (["05/02/1980", None, "Nam", "03/09/2010"], ("BIRTH_DAY", None)),
    5: ([None, None, "Nữ", "03/09/2010"], (None, "sex_code")),
}


def test_a_cell_that_keeps_somebody_without_a_number_from_his_roster_is_named(tmp_path: Path) -> None:
    """Of whoever is not linked for one cell that cell is told; where a card, or both days, say that it is he, the cell is a slip and links as before."""
    city = City(tmp_path / "data")
    city.registry()
    header = [*PERSONNEL_HEADER, "Giới tính", "Số thẻ đảng viên", "Ngày sinh"]
    roster = [[*member(n)[:-1], "03/09/2010", "Nam", f"6700000{n}", "05/02/1980"] for n in range(6)]
    city.put("2021/Q01.001/Nhân sự.csv", [header, *roster])
    named = PERSONNEL_HEADER.index("Họ và tên")
    rated = [[n, roster[n][named], None, *said, "HTTNV"] for n, (said, _) in WITHOUT.items()]
    city.put("2021/Q01.001/Xếp loại.csv", [APART, *rated])
    load(city.home, **DAY)
    of = tables(city.home)
    links = of["quality.identity_links"].filter(dataset_code="ratings", is_numbered_person=True)
    linked = dict(links.select("row_no", "identity_proof_code").rows())
    findings = of["quality.findings"].filter(rule_code="person_as_on_rosters", dataset_code="ratings")
    told = dict(findings.select("row_no", "column_name").rows())
    assert {n: (linked.get(n + 2), told.get(n + 2)) for n in WITHOUT} == {n: found for n, (_, found) in WITHOUT.items()}
    assert findings.height == len(told)


@pytest.mark.parametrize("dataset", [name for name in SCHEMAS if name != "personnel"])
def test_what_a_number_says_itself_is_asked_of_every_list(dataset: str, tmp_path: Path) -> None:
    """Sex and year of birth against the number, and the days of the Party against each other, wherever both stand in a row."""
    names = {rule.name: rule.severity for rule in rules_of(SCHEMAS[dataset])}
    asked = ("identity_number_agrees_with_sex", "identity_number_agrees_with_birth_year", "official_after_joining")
    assert [names.get(name) for name in asked] == ["WARNING"] * 3
    if dataset == "ratings":
        city = City(tmp_path / "data")
        header = ["STT", "Họ và tên", "Số CCCD", "Mức xếp loại", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức"]
        rest = ["Nam", "05/02/1980", "01/03/2010", "01/03/2011"]
        wrong = [["Nữ", *rest[1:]], [rest[0], "05/02/1981", *rest[2:]], [*rest[:3], "01/03/2009"], [None] * 4]
        said = [*wrong, *([rest] * 4)]
        city.put(
            "2021/Q01.001/Xếp loại.csv", [header, *([n, f"Nguyễn Văn {chr(65 + n)}", number(n), "HTTNV", *s] for n, s in enumerate(said))]
        )
        city.land()
        found = city.landed("findings").filter(pl.col("rule_code").is_in(asked)).sort("row_no")
        assert found.select("row_no", "rule_code").rows() == [*enumerate(asked, start=2)]
        assert city.landed("ratings").height == 8


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
