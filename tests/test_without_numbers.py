"""People without a number: linked where exactly one fits and nothing contradicts, counted by themselves where nobody can say, and never lost."""

import datetime as dt
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from conftest import City, load, number, pipeline
from test_template import book, table

from pipeline import sample
from pipeline.paths import Home

ROSTER = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Số thẻ đảng viên", "Tình trạng đảng viên", "Từ ngày", "Ngày vào Đảng"]
RATED = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Số thẻ đảng viên", "Mức xếp loại"]
LEARNED = ["STT", "Họ và tên", "Năm sinh", "Số CCCD", "Chương trình", "Loại chương trình", "Từ ngày"]


def on_roster(
    name: str,
    born: str | None,
    identity: str | None = None,
    card: str | None = None,
    joined: str | None = "01/03/2010",
    since: str = "01/03/2010",
) -> list[Any]:
    return [1, name, born, None, identity, card, "Chính thức", since, joined]


def rated(name: str, born: str | None, identity: str | None = None, card: str | None = None) -> list[Any]:
    return [1, name, born, identity, card, "HTTNV"]


def ask(home: Home, query: str, *values: object) -> list[tuple]:
    with duckdb.connect(str(home.published), read_only=True) as db:
        return db.execute(query, list(values)).fetchall()


ROSTERED = [
    on_roster("Lê Thị Ngày", "05/02/1981", number(1)),
    on_roster("Lê Thị Năm", "06/02/1981", number(2)),
    on_roster("Lê Thị Số", None, number(3)),  # the number says 1980
    on_roster("Lê Văn Trùng", "01/01/1970", number(4)),
    on_roster("Lê Văn Trùng", "02/02/1970", number(5), "67.000.001"),
    on_roster("Lê Thị Tên", "03/03/1971", number(6)),
    on_roster("Lê Thị Khác", "04/03/1971", number(7)),
    on_roster("Lê Thị Cả", "05/03/1971"),
    on_roster("Trần Văn Hùng", "06/03/1971"),
    on_roster("Trần Văn Hưng", "06/03/1971"),
    on_roster("Trần Văn Hai", "07/03/1971"),
    on_roster("Trần Văn Hai", "07/03/1971"),
    on_roster("Lê Thị Vào", None, number(8), joined="19/05/2011"),
    on_roster("Lê Thị Một", None),
]
RATINGS = [
    rated("Lê Thị Ngày", "05/02/1981"),
    rated("LE THI NAM", "1981"),  # without marks, and only the year
    rated("Lê Thị Số", "08/09/1980"),
    rated("Lê Văn Trùng", "1970"),
    rated("Lê Văn Trùng", "1970", None, "67000001"),
    rated("Lê Thị Tên", None),
    rated("Lê Thị Khác", "04/03/1972"),
    rated("Lê Thị Cả", "05/03/1971"),
    rated("Trần Văn Hùng", "06/03/1971"),
    rated("Trần Văn Hưng", "06/03/1971"),
    rated("Trần Văn Hai", "07/03/1971"),
    rated("Lê Thị Một", None),
]
FOUND = {  # row of ratings → ground, reason why not, with a number, on the roster
    "Lê Thị Ngày": ("BIRTH_DAY", None, True, "ON_ROSTER"),
    "LE THI NAM": ("BIRTH_YEAR", None, True, "ON_ROSTER"),
    "Lê Thị Số": ("BIRTH_YEAR", None, True, "ON_ROSTER"),
    "Lê Văn Trùng": (None, "TWO_IN_ONE_LIST", False, "UNLINKED"),  # the other one has a card in this list
    "card": ("PARTY_CARD", None, True, "ON_ROSTER"),
    "Lê Thị Tên": (None, "NAME_ALONE", False, "UNLINKED"),
    "Lê Thị Khác": ("BIRTH_DAY", None, False, "OUTSIDE"),
    "Lê Thị Cả": ("BIRTH_DAY", None, False, "ON_ROSTER"),
    "Trần Văn Hùng": ("BIRTH_DAY", None, False, "ON_ROSTER"),
    "Trần Văn Hưng": ("BIRTH_DAY", None, False, "ON_ROSTER"),
    "Trần Văn Hai": (None, "SEVERAL_FIT", False, "UNLINKED"),
    "Lê Thị Một": (None, "NAME_ALONE", False, "UNLINKED"),
}


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> City:
    city = City(tmp_path_factory.mktemp("without") / "data")
    city.registry()
    city.put("2021/Q01.001/Nhân sự.csv", [ROSTER, *ROSTERED])
    city.put("2021/Q01.001/Xếp loại.csv", [RATED, *RATINGS])
    # another unit's people of the same names
    city.put(
        "2021/Q01.002/Nhân sự.csv",
        [ROSTER, on_roster("Lê Thị Cả", "05/03/1971", number(20)), on_roster("Lê Thị Tên", "03/03/1971", number(21))],
    )
    load(city.home, PERSONNEL_AS_OF="2021-12-20")
    return city


def test_whoever_alone_fits_is_linked_and_a_name_alone_links_nobody(lists: City) -> None:
    links = ask(
        lists.home,
        "SELECT l.row_no, l.identity_proof_code, l.unlinked_reason_code, l.is_numbered_person, f.roster_answer_code FROM quality.identity_links AS l "
        "JOIN core.fct_ratings AS f USING (submission_key, row_no) WHERE l.dataset_code = 'ratings' ORDER BY l.row_no",
    )
    assert [row[1:] for row in links] == list(FOUND.values())


def test_a_rating_that_is_linked_to_nobody_counts_once_and_says_so(lists: City) -> None:
    columns = "population, rated, rated_outside_roster, rated_unlinked, unexplained"
    counted = ask(
        lists.home, f"SELECT {columns} FROM reports.rpt_rating_summary WHERE unit_code = 'Q01.001' AND rating_system_code = 'PARTY_MEMBER'"
    )
    # one is outside the roster: another year of birth contradicts; four may be whoever the roster has under their names
    assert counted == [(14, 11, 1, 4, 3)]


def test_twins_stay_two_and_so_do_two_of_one_name_and_day(lists: City) -> None:
    people = ask(lists.home, "SELECT count(DISTINCT person_key) FROM core.fct_headcount WHERE unit_key = base_unit_key AND period = '2021'")
    assert people == [(16,)]
    told = ask(lists.home, "SELECT dataset_code, row_no FROM quality.findings WHERE rule_code = 'person_told_apart' ORDER BY ALL")
    assert told == [("personnel", 12), ("personnel", 13), ("ratings", 5), ("ratings", 12)]


def test_nobody_is_linked_to_another_organisations_namesake(lists: City) -> None:
    there = {
        key
        for (key,) in ask(
            lists.home, "SELECT person_key FROM core.fct_personnel JOIN core.dim_unit USING (unit_version_key) WHERE unit_code = 'Q01.002'"
        )
    }
    here = {key for (key,) in ask(lists.home, "SELECT person_key FROM quality.identity_links")}
    assert len(there) == 2 and not there & here


def test_who_is_not_told_apart_says_so_in_the_dimension(lists: City) -> None:
    unlinked = ask(lists.home, "SELECT count(*) FROM quality.identity_links WHERE unlinked_reason_code IS NOT NULL")
    assert ask(lists.home, "SELECT count(*) FROM core.dim_person WHERE NOT is_told_apart") == unlinked == [(6,)]


def test_a_missing_number_is_told_in_its_cell_and_sets_nobody_aside(lists: City) -> None:
    assert ask(lists.home, "SELECT sum(rows_set_aside) FROM quality.submissions") == [(0,)]
    blank = ask(
        lists.home,
        "SELECT dataset_code, count(*) FROM quality.findings WHERE rule_code = 'value_present' AND column_name = 'identity_number' GROUP BY ALL ORDER BY ALL",
    )
    assert blank == [("personnel", 6), ("ratings", 12)]


def test_a_link_is_taken_back_when_a_list_speaks_against_it(city: City) -> None:
    city.registry()
    city.put("2021/Q01.001/Nhân sự.csv", [ROSTER, on_roster("Lê Thị Ngày", "05/02/1981", number(1))])
    city.put("2021/Q01.001/Xếp loại.csv", [RATED, rated("Lê Thị Ngày", "1981")])
    load(city.home, PERSONNEL_AS_OF="2021-12-20")
    linked = "SELECT is_numbered_person, unlinked_reason_code FROM quality.identity_links"
    assert ask(city.home, linked) == [(True, None)]
    city.put(
        "2021/Q01.001/Nhân sự.csv",
        [ROSTER, on_roster("Lê Thị Ngày", "05/02/1981", number(1)), on_roster("Lê Thị Ngày", "06/02/1981", number(9))],
    )
    load(city.home, PERSONNEL_AS_OF="2021-12-20")
    assert ask(city.home, linked) == [(False, "SEVERAL_FIT")]


def test_whose_key_it_is_can_be_asked_without_a_number(lists: City) -> None:
    key = ask(lists.home, "SELECT person_key FROM quality.identity_links WHERE dataset_code = 'ratings' AND row_no = 9")[0][0]
    said = pipeline(lists.home, "who", key, "--why", "kiểm tra")
    assert said.returncode == 0 and said.stdout.count("Lê Thị Cả") == 2


def test_a_template_brings_the_birth_date_of_whoever_has_no_number(lists: City, tmp_path: Path) -> None:
    done = pipeline(lists.home, "template", "ratings", "--unit", "Q01.001", "--period", "2021", "--to", str(tmp_path))
    assert done.returncode == 0, done.stderr
    rows = {row["Họ và tên"]: row for row in table(book(tmp_path / "mau-xep-loai-2021-Q01.001.xlsx")["Xếp loại"])}
    assert (rows["Lê Thị Cả"]["Số CCCD"], rows["Lê Thị Cả"]["Ngày sinh"]) == (None, "05/03/1971")
    assert (rows["Lê Thị Ngày"]["Số CCCD"], rows["Lê Thị Ngày"]["Ngày sinh"]) == (number(1), None)


# ── what must not be believed ────────────────────────────────────────────────────────────────────────────────────

N = number(50)  # of 1980
CASES = {  # roster, ratings, → of the last rating: proof, reason, roster
    "nothing in common but the name": (
        [on_roster("Lê Thị An", None, "361234567", joined=None)],
        [rated("Lê Thị An", "05/02/1980")],
        ("BIRTH_DAY", None, "OUTSIDE"),
    ),
    "a namesake by name alone": (
        [on_roster("Lê Thị An", None, joined=None), on_roster("Lê Thị An", "1980", N, joined=None)],
        [rated("Lê Thị An", "05/03/1980")],
        (None, "SEVERAL_FIT", "UNLINKED"),
    ),
    "another card": (
        [on_roster("Lê Thị An", "1980", N, "67000111")],
        [rated("Lê Thị An", "1980", None, "67000222")],
        ("PARTY_CARD", None, "OUTSIDE"),
    ),
    "a card of everybody": (
        [on_roster(name, None, number(60 + n), "67000000", joined=None) for n, name in enumerate(("Lê Thị An", "Lê Thị Bê", "Lê Thị Cúc"))],
        [rated(name, None, None, "67000000") for name in ("Lê Thị Cúc", "Lê Thị Bê", "Lê Thị An")],
        (None, "NAME_ALONE", "UNLINKED"),
    ),
    "a day in the place of a card": (
        [on_roster("Lê Thị An", None, N, "67000111", joined=None)],
        [rated("Lê Thị An", None, None, "03/02/2001")],
        (None, "NAME_ALONE", "UNLINKED"),
    ),
    "nobody of that name": ([on_roster("Lê Thị Bê", "1980", N)], [rated("Lê Thị An", None)], (None, "NAME_ALONE", "OUTSIDE")),
    "a second rating of one name in another list": (
        [on_roster("Lê Thị An", "1980", N)],
        [rated("Lê Thị An", "1980", N), rated("Lê Thị An", "1980")],
        (None, "TWO_IN_ONE_LIST", "UNLINKED"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_certain_is_not_believed(city: City, case: str) -> None:
    roster, ratings, found = CASES[case]
    rest = [
        [on_roster(f"Trần Văn {letter}", "1970", number(80 + n)) for n, letter in enumerate("ABCDE")],
        [rated(f"Trần Văn {letter}", "1970", number(80 + n)) for n, letter in enumerate("ABCDE")],
    ]
    city.registry()
    city.put("2021/Q01.001/Nhân sự.csv", [ROSTER, *rest[0], *roster])
    city.put("2021/Q01.001/Xếp loại.csv", [RATED, *rest[1], *ratings])
    load(city.home, PERSONNEL_AS_OF="2021-12-20")
    links = ask(
        city.home,
        "SELECT l.identity_proof_code, l.unlinked_reason_code, f.roster_answer_code FROM quality.identity_links AS l "
        "JOIN core.fct_ratings AS f USING (submission_key, row_no) WHERE l.dataset_code = 'ratings' ORDER BY l.row_no",
    )
    assert links[-1] == found


def test_a_chain_joins_nobody_who_cannot_be_one(city: City) -> None:
    """Two days of one year, and a course that says the year and one's card: it is found by the card, and the other is not."""
    city.registry()
    city.put("2021/Q01.001/Nhân sự.csv", [ROSTER, on_roster("Lê Văn An", "05/02/1980", N, "67000111", joined=None)])
    city.put("2021/Q01.001/Xếp loại.csv", [RATED, rated("Lê Văn An", "06/03/1980")])
    learned = [[*LEARNED, "Số thẻ đảng viên"], [1, "Lê Văn An", "1980", None, "Tin học", "Tin học", "01/04/2021", "67000111"]]
    city.put("2021/Q01.001/Đào tạo.csv", learned)
    load(city.home, PERSONNEL_AS_OF="2021-12-20")
    links = ask(city.home, "SELECT dataset_code, is_numbered_person, identity_proof_code FROM quality.identity_links ORDER BY 1")
    assert links == [("ratings", False, "BIRTH_DAY"), ("training", True, "PARTY_CARD")]
    assert ask(city.home, "SELECT roster_answer_code FROM core.fct_ratings") == [("OUTSIDE",)]


def test_whoever_died_is_not_there_a_year_later(city: City) -> None:
    city.registry(calendar=[("personnel", "BASE_CELL", "2020", "31/12/2020"), ("personnel", "BASE_CELL", "2021", "31/12/2021")])
    left = ["Đến ngày", "Lý do rời"]
    city.put("2020/Q01.001/Nhân sự.csv", [[*ROSTER, *left], [*on_roster("Lê Thị An", "1980"), "30/06/2020", "Từ trần"]])
    city.put("2021/Q01.001/Nhân sự.csv", [ROSTER, on_roster("Lê Thị An", "1980")])
    load(city.home, PERSONNEL_AS_OF="2021-12-20")
    assert ask(city.home, "SELECT count(DISTINCT person_key) FROM core.fct_personnel") == [(2,)]


def test_a_crowd_of_one_name_is_told_and_costs_nothing(city: City) -> None:
    """Pairs of pairs are looked at: of a list where everybody has one name nobody is linked."""
    city.registry()
    city.put(
        "2021/Q01.001/Nhân sự.csv", [ROSTER, *(on_roster("Lê Thị An", f"{n % 28 + 1}/{n % 12 + 1}/{1950 + n % 50}") for n in range(700))]
    )
    load(city.home, PERSONNEL_AS_OF="2021-12-20")
    assert ask(city.home, "SELECT unlinked_reason_code, count(*) FROM quality.identity_links GROUP BY 1") == [("SEVERAL_FIT", 700)]


# ── many namesakes ───────────────────────────────────────────────────────────────────────────────────────────────

FAMILY, GIVEN = ("Lê Thị", "Lê Thi", "Trần Văn", "Trần Thị", "Lê Văn"), ("Hoa", "Hòa", "Hóa", "Lan", "Lân", "Minh", "Dung", "Dũng")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_link_joins_two_people_where_every_roster_names_everybody(tmp_path: Path, seed: int) -> None:
    """A crowd of namesakes: whatever is left out of any row, no person of the warehouse is two people."""
    rng = Random(seed)
    people = [
        (f"{rng.choice(FAMILY)} {rng.choice(GIVEN)}", dt.date(rng.choice(range(1970, 1978)), rng.randint(1, 12), rng.randint(1, 3)))
        for _ in range(160)
    ]

    def born(day: dt.date) -> str:
        return rng.choice((f"{day:%d/%m/%Y}", f"{day:%m/%Y}", f"{day:%Y}"))

    def name(n: int) -> str:
        return people[n][0] if rng.random() < 0.8 else people[n][0].upper()

    rows: dict[str, list[list[Any]]] = defaultdict(list)
    truth: dict[tuple[str, int], int] = {}
    for dataset, header in (("personnel", ROSTER), ("ratings", RATED), ("training", LEARNED)):
        rows[dataset].append(header)
        for n, (_, day) in enumerate(people):
            identity = f"0920{day:%y}{n:06}" if rng.random() < 0.5 else None
            if dataset == "personnel":
                rows[dataset].append(on_roster(name(n), born(day), identity))
            elif rng.random() < 0.8:
                said = born(day) if rng.random() < 0.7 else None
                learned = [1, name(n), said, identity, "Tin học", "Tin học", f"{n % 28 + 1}/4/2021"]
                rows[dataset].append(rated(name(n), said, identity) if dataset == "ratings" else learned)
            else:
                continue
            truth[dataset, len(rows[dataset])] = n
    city = City(tmp_path / "data")
    city.registry()
    for dataset, called in (("personnel", "Nhân sự"), ("ratings", "Xếp loại"), ("training", "Đào tạo")):
        city.put(f"2021/Q01.001/{called}.csv", rows[dataset])
    load(city.home, PERSONNEL_AS_OF="2021-12-20")
    whose: dict[str, set[int]] = defaultdict(set)
    counted = 0
    for dataset in ("personnel", "ratings", "training"):
        for key, row_no in ask(city.home, f"SELECT person_key, row_no FROM core.fct_{dataset}"):
            whose[key].add(truth[dataset, row_no])
            counted += 1
    assert counted == len(truth), ask(
        city.home,
        "SELECT n.*, d.person_key FROM quality.not_of_record AS n LEFT JOIN quality.identity_links AS d USING (submission_key, row_no)",
    )
    wrong = {key for key, them in whose.items() if len(them) > 1}
    links = ask(city.home, "SELECT dataset_code, row_no, person_key, identity_proof_code, is_numbered_person FROM quality.identity_links")
    grounds = {(dataset, row): (proof, numbered) for dataset, row, _, proof, numbered in links}
    mistaken = {n for key in wrong for n in whose[key]}
    told = [
        (dataset, row, truth[dataset, row], rows[dataset][row - 1][1:5], grounds.get((dataset, row)))
        for dataset in rows
        for key, row in ask(city.home, f"SELECT person_key, row_no FROM core.fct_{dataset}")
        if truth[dataset, row] in mistaken
    ]
    assert not told, "\n".join(map(str, told))
    assert ask(city.home, "SELECT count(*) FROM core.fct_headcount WHERE period = '2021'") == [(len(people),)]
    reasons = dict(ask(city.home, "SELECT coalesce(unlinked_reason_code, 'LINKED'), count(*) FROM quality.identity_links GROUP BY 1"))
    assert min(reasons.get(c, 0) for c in ("LINKED", "SEVERAL_FIT", "NAME_ALONE")) > 5, "the crowd proves nothing"


# ── the figures of a city ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("dated", [True, False])
def test_figures_hold_when_a_tenth_of_a_citys_rows_has_no_number(
    tmp_path: Path, small: Home, monkeypatch: pytest.MonkeyPatch, dated: bool
) -> None:
    home, made = Home(tmp_path / "data"), sample.make_truth

    def without_numbers(*args: Any, **more: Any) -> sample.City:
        city, rng = made(*args, **more), Random(7)
        people = {p.identity_number: p for p in city.people}
        for (_, _, dataset), rows in city.rows.items():
            for row in rows:
                if (p := people.get(row.get("identity_number"))) and rng.random() < 0.1:
                    row["identity_number"] = None
                    if dated and dataset != "personnel":
                        row |= {"birth_date": p.birth, "birth_date_precision_code": p.birth_precision}
        return city

    monkeypatch.setattr(sample, "make_truth", without_numbers)
    sample.make_city(home, size="small")
    load(home)
    measures = "population, rated, excellent, good_inclusive, completed, not_completed, not_rated, unexplained, rated_outside_roster"
    every = f"SELECT period, rating_system_code, unit_code, {measures} FROM reports.rpt_rating_summary ORDER BY ALL"
    assert ask(home, every) == ask(small, every)
    heads = "SELECT period, base_unit_key, is_member, staff_kind_code, count(*) FROM core.fct_headcount GROUP BY ALL ORDER BY ALL"
    assert ask(home, heads) == ask(small, heads)
    assert ask(home, "SELECT count(*) > 50 FROM quality.identity_links") == [(True,)]
    assert ask(home, "SELECT sum(rated_unlinked) > 0 FROM reports.rpt_rating_summary WHERE unit_type_code = 'CITY'") == [(not dated,)]
