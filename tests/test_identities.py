"""What the city says of whom is one person holds from the next load on, is taken back with its line, and never stands anywhere by a value."""

import datetime as dt
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest
from canaries import texts
from conftest import CALENDAR, City, differing, load, number, pipeline, tables, write_csv, write_workbook
from test_without_numbers import RATED, ROSTER, ask, on_roster, rated

from pipeline.judging.registry import RegistryProblem, RegistryShrank
from pipeline.ledger.records import read_loads
from pipeline.paths import Home
from pipeline.warehouse.publish import whose

HEADER = [
    "Căn cứ 1", "Giá trị 1", "Ngày sinh 1", "Mã đơn vị 1", "Căn cứ 2", "Giá trị 2", "Ngày sinh 2", "Mã đơn vị 2",
    "Quan hệ", "Ngày xác nhận", "Người xác nhận", "Lý do",
]  # fmt: skip
BY, WHY = "Hoàng Yến Xác Nhận", "Đã đối chiếu hồ sơ gốc của bà"
ONE, TWO = "Là một người", "Là hai người khác nhau"
Side = tuple[str, str, str | None, str | None]


def of_number(identity: str) -> Side:
    return ("Số CCCD", identity, None, None)


def of_card(card: str) -> Side:
    return ("Số thẻ đảng viên", card, None, None)


def of_staff(staff: str, unit: str = "Q01.001") -> Side:
    return ("Số hiệu công chức, viên chức", staff, None, unit)


def of_name(name: str, born: str, unit: str = "Q01.001") -> Side:
    return ("Họ tên, ngày sinh", name, born, unit)


def line(one: Side, relation: str, other: Side, day: str | None = "01/12/2021") -> list[Any]:
    return [*one, *other, relation, day, BY, WHY]


def confirm(home: Home, *lines: list[Any]) -> None:
    write_csv(home.registry / "identities.csv", [HEADER, *lines])


def person(city: City, dataset: str, name: str, period: str = "2021") -> set[str]:
    """The keys of whom a name's rows of record are; every name below stands for one situation."""
    rows = [n for n, row in enumerate(city.lists[period, dataset], start=1) if row[1] == name]
    return {
        key
        for (key,) in ask(
            city.home,
            f"SELECT person_key FROM core.fct_{dataset} JOIN quality.submissions AS s USING (submission_key) WHERE s.period = ? AND list_contains(?, row_no)",
            period,
            rows,
        )
    }


WITH_STAFF = [*RATED, "Số hiệu viên chức"]
OLD, OWN = "361234567", "361234599"  # nine digits
LISTS = {
    ("2020", "personnel"): [
        ROSTER,
        on_roster("Trần Thị Cũ", None, OLD, joined=None),
        on_roster("Trần Văn Đôi", "06/03/1975", number(7)),
        on_roster("Trần Văn Chuỗi", None, number(9), joined=None),
    ],
    ("2021", "personnel"): [
        ROSTER,
        on_roster("Trần Thị Cũ", None, number(1), joined=None),
        on_roster("Lê Thị Thẻ", None, number(2), joined=None),
        on_roster("Lê Thị Hiệu", None, number(3), joined=None),
        on_roster("Lê Thị Hai Thẻ", None, None, "67000011", joined=None),
        on_roster("Lê Thị Ngày", "05/02/1981", number(5)),
        on_roster("Trần Văn Khác", "08/08/1970", number(6)),
        on_roster("Trần Văn Đôi", "06/03/1975", number(8)),
        on_roster("Trần Văn Chuỗi", None, number(10), joined=None),
        on_roster("Trần Văn Một", None, number(11), joined=None),
        on_roster("Trần Văn Một", None, number(12), joined=None),
        on_roster("Trần Văn Nháp", None, number(13), joined=None),
        on_roster("Trần Văn Nhầm", None, number(14), "67000014", joined=None),
    ],
    ("2021", "ratings"): [
        WITH_STAFF,
        [*rated("LE THI THE", None, None, "67000002"), None],
        [*rated("Lê Thị Hiệu", None), "VC-0123"],
        [*rated("Lê Thị Hai Thẻ", None, None, "67000012"), None],
        [*rated("Lê Thị Ngày", "05/02/1982"), None],
        [*rated("Trần Văn Khác", "1970"), None],
        [*rated("Trần Văn Chuỗi", None, None, "67000010"), None],
        [*rated("Trần Văn Nháp", None, None, "67000013"), None],
        [*rated("Trần Văn Nhầm", None, None, "67000014"), None],
    ],
}
SAYS = [
    line(of_number(OLD), ONE, of_number(number(1))),
    line(of_card("67.000.002"), ONE, of_number(number(2))),
    line(of_number(number(3)), ONE, of_staff("vc 0123")),
    line(of_card("67000011"), ONE, of_card("67000012")),
    line(of_name("Lê Thị Ngày", "05/02/1982"), ONE, of_number(number(5))),
    line(of_name("TRAN VAN KHAC", "1970"), TWO, of_number(number(6))),
    line(of_number(number(7)), TWO, of_number(number(8))),
    line(of_number(number(9)), ONE, of_number(number(10))),
    line(of_number(number(10)), ONE, of_card("67000010")),
    line(of_number(number(11)), ONE, of_number(OWN)),
    line(of_number(OWN), ONE, of_number(number(12))),
    line(of_number(number(98)), ONE, of_number(number(99))),
    line(of_number(number(6)), TWO, of_number(number(97))),
    line(of_card("67000014"), TWO, of_number(number(14))),
]
OUTCOMES = [
    "HOLDS", "HOLDS", "HOLDS", "HOLDS", "HOLDS", "HOLDS", "HOLDS", "HOLDS", "HOLDS",
    "TWO_IN_ONE_LIST", "TWO_IN_ONE_LIST", "NOBODY_FOUND", "ONE_FOUND", "ROW_SAYS_BOTH",
]  # fmt: skip
DRAFT = line(of_number(number(13)), ONE, of_card("67000013"), None)
CALLED = {"personnel": "Nhân sự", "ratings": "Xếp loại"}
UNLINKED = "SELECT count(*) FROM quality.identity_links WHERE unlinked_reason_code IS NOT NULL"


def lay(city: City) -> None:
    city.registry(calendar=[*CALENDAR, ("personnel", "BASE_COMMITTEE", "2020", "31/12/2020")])
    city.lists = LISTS
    for (period, dataset), rows in LISTS.items():
        city.put(f"{period}/Q01.001/{CALLED[dataset]}.csv", rows)


@pytest.fixture(scope="module")
def unsaid(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Nothing is confirmed."""
    city = City(tmp_path_factory.mktemp("unsaid") / "data")
    lay(city)
    load(city.home)
    return city


@pytest.fixture(scope="module")
def said(unsaid: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The same city after a second load: it confirmed something."""
    city = City(tmp_path_factory.mktemp("said") / "data")
    shutil.rmtree(city.home.root)
    shutil.copytree(unsaid.home.root, city.home.root, symlinks=True)
    city.lists = LISTS
    confirm(city.home, *SAYS, DRAFT)
    city.told = pipeline(city.home, "load")
    assert city.told.returncode == 0, city.told.stdout + city.told.stderr
    yield city


# ── what becomes of it ───────────────────────────────────────────────────────────────────────────────────────────


def test_every_line_says_what_became_of_it_and_a_draft_does_nothing(said: City) -> None:
    lines = ask(said.home, "SELECT row_no, identity_outcome_code FROM quality.identity_confirmations ORDER BY row_no")
    assert lines == list(enumerate(OUTCOMES, start=2))
    counts = "9 HOLDS, 1 NOBODY_FOUND, 1 ONE_FOUND, 1 ROW_SAYS_BOTH, 2 TWO_IN_ONE_LIST"
    assert f"confirmations of people: {counts} (quality.identity_confirmations says which)" in said.told.stderr
    assert "Không bên nào có trong danh sách" in pipeline(said.home, "status").stdout
    assert person(said, "personnel", "Trần Văn Nháp") != person(said, "ratings", "Trần Văn Nháp")


def test_an_old_number_and_a_new_one_are_one_person(unsaid: City, said: City) -> None:
    both = [person(city, "personnel", "Trần Thị Cũ", "2020") | person(city, "personnel", "Trần Thị Cũ") for city in (unsaid, said)]
    assert list(map(len, both)) == [2, 1]


@pytest.mark.parametrize(
    ("on", "rated_as"), [("Lê Thị Thẻ", "LE THI THE"), ("Lê Thị Hiệu", "Lê Thị Hiệu"), ("Lê Thị Hai Thẻ", "Lê Thị Hai Thẻ"), ("Lê Thị Ngày", "Lê Thị Ngày")]
)  # fmt: skip
def test_a_rating_that_no_proof_links_is_whose_the_city_says(unsaid: City, said: City, on: str, rated_as: str) -> None:
    assert not person(unsaid, "personnel", on) & person(unsaid, "ratings", rated_as)
    assert len(person(said, "personnel", on) | person(said, "ratings", rated_as)) == 1


def test_the_ground_of_a_confirmed_link_is_the_citys_word(said: City) -> None:
    grounds = (
        "SELECT row_no, identity_proof_code, is_numbered_person FROM quality.identity_links WHERE dataset_code = 'ratings' ORDER BY row_no"
    )
    assert ask(said.home, grounds) == [
        (2, "CONFIRMED", True),
        (3, "CONFIRMED", True),
        (4, "CONFIRMED", False),
        (5, "CONFIRMED", True),
        (6, "FORBIDDEN", False),
        (7, "CONFIRMED", True),
        (8, "PARTY_CARD", False),  # a draft
        (9, "FORBIDDEN", False),
    ]


def test_whom_a_proof_would_link_is_told_apart_where_the_city_says_so(unsaid: City, said: City) -> None:
    assert person(unsaid, "personnel", "Trần Văn Khác") == person(unsaid, "ratings", "Trần Văn Khác")
    theirs = person(said, "ratings", "Trần Văn Khác")
    assert len(theirs) == 1 and not theirs & person(said, "personnel", "Trần Văn Khác")
    apart = "SELECT p.is_told_apart, r.roster_answer_code FROM core.fct_ratings AS r JOIN core.dim_person AS p USING (person_key) WHERE person_key = ?"
    assert ask(said.home, apart, *theirs) == [(True, "OUTSIDE")]


def test_a_card_that_a_list_writes_beside_anothers_number_is_not_his(unsaid: City, said: City) -> None:
    assert person(unsaid, "personnel", "Trần Văn Nhầm") == person(unsaid, "ratings", "Trần Văn Nhầm")
    assert not person(said, "personnel", "Trần Văn Nhầm") & person(said, "ratings", "Trần Văn Nhầm")


def test_numbers_that_were_joined_are_two_people_where_the_city_says_so(unsaid: City, said: City) -> None:
    both = [person(city, "personnel", "Trần Văn Đôi", "2020") | person(city, "personnel", "Trần Văn Đôi") for city in (unsaid, said)]
    assert list(map(len, both)) == [1, 2]


def test_a_chain_is_one_person(said: City) -> None:
    chain = [person(said, "personnel", "Trần Văn Chuỗi", period) for period in ("2020", "2021")]
    assert len(set.union(*chain, person(said, "ratings", "Trần Văn Chuỗi"))) == 1


def test_two_who_stand_in_one_list_at_one_time_stay_two_and_are_told(said: City) -> None:
    assert len(person(said, "personnel", "Trần Văn Một")) == 2


def test_what_the_city_says_judges_no_file_again_and_counts_nobody_less(unsaid: City, said: City) -> None:
    batches = [{f.name: f.stat().st_mtime_ns for f in city.home.landing.resolve().glob("*/*")} for city in (unsaid, said)]
    first, second = read_loads(said.home)
    assert batches[0].keys() == batches[1].keys() and first.contract == second.contract
    heads = "SELECT count(*) FROM core.fct_headcount WHERE unit_key = base_unit_key AND period = '2021'"
    assert ask(unsaid.home, heads) == ask(said.home, heads) == [(13 - 1,)]
    assert ask(unsaid.home, UNLINKED) > ask(said.home, UNLINKED)


def test_what_the_city_answered_is_not_asked_again(city: City) -> None:
    city.registry()
    twice = [on_roster("Lê Thị An", "05/02/1980", number(n)) for n in (1, 2)]
    city.put("2021/Q01.001/Nhân sự.csv", [ROSTER, *twice, *(on_roster(f"Trần Văn {c}", "1970", number(ord(c))) for c in "ABCDE")])
    load(city.home)
    told = "SELECT count(*) FROM quality.findings WHERE rule_code = 'one_number_per_person'"
    assert ask(city.home, told) == [(2,)]
    confirm(city.home, line(of_number(number(1)), TWO, of_number(number(2))))
    load(city.home)
    assert ask(city.home, told) == [(0,)]


# ── taken back ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_confirms_nothing_changes_nothing(unsaid: City, tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    shutil.copytree(unsaid.home.root, home.root, symlinks=True)
    confirm(home, DRAFT)
    load(home)
    assert differing(_lasting(unsaid.home), _lasting(home)) == []


def test_a_line_that_goes_is_asked_about_and_takes_its_link_along(unsaid: City, said: City, tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    shutil.copytree(said.home.root, home.root, symlinks=True)
    confirm(home, *SAYS[1:])
    stopped = pipeline(home, "load")
    assert stopped.returncode and "identities: what row 2 confirmed is not in the list any more." in stopped.stdout + stopped.stderr
    confirm(home, *([*row[:9], None, BY, WHY] for row in SAYS))  # the day is blanked: nobody asks
    load(home)
    assert differing(_lasting(unsaid.home), _lasting(home)) == []
    confirm(home, *SAYS)
    load(home)
    (home.registry / "identities.csv").unlink()
    load_accepting = pipeline(home, "load", "--accept-registry")
    assert load_accepting.returncode == 0, load_accepting.stderr
    assert differing(_lasting(unsaid.home), _lasting(home)) == []


def test_a_load_that_was_killed_is_finished_by_the_next_one_to_the_same_tables(unsaid: City, said: City, tmp_path: Path) -> None:
    city = City(tmp_path / "data")
    shutil.rmtree(city.home.root)
    shutil.copytree(unsaid.home.root, city.home.root, symlinks=True)
    confirm(city.home, *SAYS, DRAFT)
    assert city.land().load_id == 2  # on record, and nothing published
    load(city.home)
    assert differing(_lasting(said.home), _lasting(city.home)) == []


def _lasting(home: Home) -> dict[str, pl.DataFrame]:
    """What is published, but for the loads themselves."""
    return {name: frame for name, frame in tables(home).items() if name != "quality.loads"}


# ── what is faulty in itself ─────────────────────────────────────────────────────────────────────────────────────

FAULTS = {
    "a number that is none": (line(of_number("12345"), ONE, of_number(number(1))), "“Giá trị 1” cannot be read"),
    "a number that lost its zero": (line(of_number(number(2)[1:]), ONE, of_number(number(1))), "“Giá trị 1” cannot be read"),
    "a card that is none": (line(of_number(number(1)), ONE, of_card("03/02/2001")), "“Giá trị 2” cannot be read"),
    "a name alone": (line(("Họ tên, ngày sinh", "Lê Thị An", None, "Q01.001"), ONE, of_number(number(1))), "by a name alone"),
    "a name that lost a letter": (line(of_name("Lê Th? An", "1980"), ONE, of_number(number(1))), "“Giá trị 1” cannot be read"),
    "a staff number of nowhere": (line(of_number(number(1)), ONE, ("Số hiệu", "VC-0123", None, None)), "“Mã đơn vị 2” belongs to"),
    "an unknown unit": (line(of_number(number(1)), ONE, of_staff("VC-0123", "Q09")), "“Mã đơn vị 2” is no unit of the registry"),
    "a birth date of a number": (line(("Số CCCD", number(1), "05/02/1980", None), ONE, of_card("67000001")), "“Ngày sinh 1” belongs to"),
    "an unknown relation": (line(of_number(number(1)), "Vợ chồng", of_number(number(2))), "identity_relation_code must be a code"),
    "oneself": (line(of_number("092.080.000.001"), ONE, of_number(number(1))), "both sides are the same"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_line_stops_the_load_and_is_named_by_its_row_alone(city: City, fault: str) -> None:
    row, sentence = FAULTS[fault]
    confirm(city.home, line(of_number(number(50)), ONE, of_number(number(51))), row)
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    assert len(caught.value.rows) == 1 and caught.value.rows[0].startswith("identities.csv, row 3: ") and sentence in caught.value.rows[0]
    assert not any(str(value) in caught.value.rows[0] for value in (row[1], row[5], BY, WHY, "Lê Th"))
    assert read_loads(city.home) == []


def test_two_whom_other_lines_join_cannot_be_kept_apart(city: City) -> None:
    chain = [line(of_number(number(1)), ONE, of_card("67000001")), line(of_card("67.000001"), ONE, of_number(number(2)))]
    write_workbook(
        city.home.registry / "identities.xlsx",
        {BY: [HEADER, *chain], "Khác": [HEADER, line(of_number(number(2)), TWO, of_number(number(1)))]},
    )
    with pytest.raises(RegistryProblem) as caught:
        city.land()
    by = "identities.xlsx, sheet 1, row 2, identities.xlsx, sheet 1, row 3"
    assert caught.value.rows == [f"identities.xlsx, sheet 2, row 2: it says that these are two people; by {by} they are one."]


def test_a_line_without_a_day_contradicts_nobody(city: City) -> None:
    both = (of_number(number(1)), of_number(number(2)))
    confirm(city.home, line(both[0], ONE, both[1]), line(both[1], TWO, both[0], None))
    assert city.land().load_id == 1


def test_nothing_is_confirmed_by_a_day_to_come(city: City) -> None:
    confirm(city.home, line(of_number(number(1)), ONE, of_number(number(2)), "01/02/2022"))
    with pytest.raises(RegistryProblem) as stopped:
        city.land()
    assert stopped.value.rows == ["identities: row 2 is confirmed by a day after 2021-12-20, for which this load stands."]


def test_a_file_that_was_cut_is_asked_about(city: City) -> None:
    both = [line(of_number(number(n)), ONE, of_number(number(n + 1))) for n in (1, 3)]
    confirm(city.home, *both)
    city.land()
    confirm(city.home, line(of_number(number(2)), TWO, of_number(number(1))))  # the first says otherwise now, on purpose
    with pytest.raises(RegistryShrank) as stopped:
        city.land()
    assert stopped.value.rows == ["identities: what row 3 confirmed is not in the list any more."]


# ── nothing of it leaves ─────────────────────────────────────────────────────────────────────────────────────────


def test_no_value_of_it_stands_anywhere(said: City) -> None:
    """But for what lists hold themselves and units are sent: in what is published, said, kept by Dagster, laid open or sealed."""
    values = [OWN, number(98), number(99), number(97), "67000002", "67.000.002", BY, WHY, "vc 0123"]
    in_clear = [said.home.dagster, said.home.versions, said.home.archive, said.home.restricted]
    files = [f for folder in in_clear for f in folder.rglob("*") if f.is_file() and not {"outbox", "templates"} & set(f.parts)]
    everything = [said.told.stdout.encode(), said.told.stderr.encode(), *(text for file in files for text in texts(file))]
    assert len(everything) > 50
    assert [value for value in values if any(value.encode() in text for text in everything)] == []


def test_a_check_of_one_file_does_not_lay_it_down(said: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.checking import bench

    assert "units.csv" in bench.registry_files(said.home) and "identities.csv" not in bench.registry_files(said.home)
    monkeypatch.setattr(bench, "find_registry", lambda home: {})
    assert "units.csv" in bench.registry_files(said.home) and "identities.csv" not in bench.registry_files(said.home)


# ── whatever else the lists say ──────────────────────────────────────────────────────────────────────────────────

FAMILY, GIVEN = ("Lê Thị", "Trần Văn"), ("Hoa", "Hòa", "Lan", "Minh")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_forbidden_pair_is_never_one_person(tmp_path: Path, seed: int) -> None:
    """A crowd of namesakes with old and new numbers and cards, and a city that says right and wrong things of any two."""
    rng = Random(seed)
    people = [
        (f"{rng.choice(FAMILY)} {rng.choice(GIVEN)}", dt.date(rng.choice(range(1970, 1974)), rng.randint(1, 12), 1), f"670{n:05}")
        for n in range(1, 61)
    ]
    rows: dict[tuple[str, str], list[list[Any]]] = {}
    bears: dict[tuple[Any, ...], set[Side]] = {}  # an identity → by what it can be meant
    for period, dataset, header in (("2020", "personnel", ROSTER), ("2021", "personnel", ROSTER), ("2021", "ratings", RATED)):
        rows[period, dataset] = [header]
        for n, (name, day, card) in enumerate(people):
            identity = rng.choice((f"36{n:07}", f"0920{day:%y}{n:06}", f"0920{day:%y}{n:06}", None, None))
            born, shown = rng.choice((f"{day:%d/%m/%Y}", f"{day:%Y}", None)), rng.choice((card, None))
            row = on_roster(name, born, identity, shown) if dataset == "personnel" else rated(name, born, identity, shown)
            rows[period, dataset].append(row)
            key = ("number", identity) if identity else (period, dataset, len(rows[period, dataset]))
            bears.setdefault(key, set()).update(
                [of_number(identity)] if identity else [of_name(name, born)] if born else [], [of_card(shown)] if shown else []
            )
    sides = sorted({side for said in bears.values() for side in said}, key=repr)
    of_one = defaultdict(list)  # the sides of one of the people
    for key, said in sorted(bears.items(), key=repr):
        of_one[int(key[1][-6:]) if key[0] == "number" else key[2] - 2] += sorted(said, key=repr)
    lines, joined = [], {side: {side} for side in sides}
    for _ in range(25):
        mine = rng.choice(list(of_one.values()))
        one, other = rng.choice(sides), rng.choice(sides)
        if rng.random() < 0.6 and len(set(mine)) > 1:
            one, other = rng.sample(sorted(set(mine), key=repr), 2)
        if one == other or any(
            {one, other} == {a, b} or (a in joined[one] | joined[other] and b in joined[one] | joined[other]) for a, b, _ in lines
        ):
            continue
        relation = rng.choice((ONE, TWO))
        if relation == ONE:
            whole = joined[one] | joined[other]
            joined |= dict.fromkeys(whole, whole)
        elif other in joined[one]:
            continue
        lines.append((one, other, relation))
    city = City(tmp_path / "data")
    city.registry(calendar=[*CALENDAR, ("personnel", "BASE_COMMITTEE", "2020", "31/12/2020")])
    for (period, dataset), listed in rows.items():
        city.put(f"{period}/Q01.001/{CALLED[dataset]}.csv", listed)
    confirm(city.home, *(line(one, relation, other) for one, other, relation in lines))
    load(city.home)
    outcomes = [
        outcome for (outcome,) in ask(city.home, "SELECT identity_outcome_code FROM quality.identity_confirmations ORDER BY row_no")
    ]
    keys = _keys(city.home)
    told = []
    for (one, other, relation), outcome in zip(lines, outcomes, strict=True):
        first, second = (_bearing({side}, bears) for side in (one, other))
        whose_one, whose_other = first, second
        if relation == TWO and (wholes := [_whole(side, lines, bears) for side in (one, other)])[0] != wholes[1]:
            whose_one, whose_other = (_bearing(whole, bears) for whole in wholes)
        both = whose_one & whose_other
        assert (outcome == "ROW_SAYS_BOTH") is bool(both) or relation == ONE
        free = {k for k in first | second if k not in both}
        if relation == TWO and {keys[k] for k in first & free} & {keys[k] for k in second & free}:
            told.append((one, relation, other, outcome))
        if relation == ONE and outcome == "HOLDS" and len({keys[k] for k in first | second}) > 1:
            told.append((one, relation, other, outcome))
    assert not told
    assert {"HOLDS"} < set(outcomes), "the city proves nothing"


def _bearing(sides: set[Side], bears: dict[tuple[Any, ...], set[Side]]) -> set[tuple[Any, ...]]:
    return {key for key, said in bears.items() if said & sides}


def _whole(side: Side, lines: list[tuple[Side, Side, str]], bears: dict[tuple[Any, ...], set[Side]]) -> frozenset[Side]:
    """All sides that are one with this one, by what the city says, or by who bears two of which it says something."""
    pairs = [{one, other} for one, other, relation in lines if relation == ONE]
    said, whole = set().union(*pairs), {side}
    while more := {s for pair in pairs if pair & whole for s in pair} - whole:
        whole |= more
        whole |= {s for key in _bearing(whole, bears) for s in bears[key] & said} if side in said else set()
    return frozenset(whole)


def _keys(home: Home) -> dict[tuple[Any, ...], str]:
    """Whose each identity is: a number, or a row without one."""
    numbers = {("number", n): key for key, n in whose(home).select("person_key", "identity_number").unique().iter_rows() if n}
    with duckdb.connect(str(home.published), read_only=True) as db:
        linked = db.execute(
            "SELECT s.period, l.dataset_code, l.row_no, l.person_key FROM quality.identity_links AS l JOIN quality.submissions AS s USING (submission_key)"
        ).fetchall()
    return numbers | {(period, dataset, row): key for period, dataset, row, key in linked}
