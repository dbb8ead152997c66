"""The shared cases of inputs that went wrong, where they are at hand: each in a unit's folder of its own, all in one load.

What a kind's README expects, or better; where it is not, `because` says why, and docs/quality.md lists it. Each kind has tests of its own
with inputs of their own; here nothing is made.
"""

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import City, load

from pipeline.paths import PROJECT
from pipeline.warehouse.publish import open_whole

CASES = Path(os.environ.get("PERSONNEL_SHARED_CASES", PROJECT.parent / "shared" / "cases"))
ALONE = ("f03", "f10")  # two files of one dataset, and of the same people: each in a folder and a year of its own
ELSEWHERE = {"86"}  # a home with an apostrophe: test_entries
# the cases share a few invented people, under numbers of their own, and a few invented numbers
ANYWHERE = {"one_person_per_identity_number", "one_primary_spell_per_day", "one_number_per_person"}
MERGED = {"37": "Chi bộ Cũ"}  # a cell that another took over from, as the city's registry would have it
LETTERHEADS = {"f03": "Chi bộ Văn phòng"}  # a cell that the letterhead names, as the city's registry would


@dataclass(frozen=True)
class Case:
    """`figures`: rows in the figures per dataset; `told`: the rules of all findings; `asks`: a query with `{unit}`, and its answer."""

    figures: dict[str, int]
    told: set[str] = field(default_factory=set)
    asks: tuple[str, list[tuple]] | None = None
    because: str = ""


ROSTER, BOTH, LIST = {"personnel": 6}, {"personnel": 6, "ratings": 6}, {"ratings": 6}
BY_UNIT = (
    "SELECT u.unit_name, count(*) FROM core.fct_personnel f JOIN quality.submissions s USING (submission_key) "
    "JOIN core.dim_unit u USING (unit_version_key) WHERE s.sender_code = '{unit}' GROUP BY 1 ORDER BY 1"
)
BY_PERSON = (
    "SELECT {columns} FROM restricted.whole.fct_personnel f JOIN quality.submissions s USING (submission_key) "
    "JOIN core.dim_person USING (person_key) WHERE s.sender_code = '{{unit}}' ORDER BY f.row_no"
)
THREE_EACH = (BY_UNIT, [("Chi bộ 1", 3), ("Chi bộ 2", 3)])
FORMS = "“Units' own forms” reads it; here nothing of it is silently wrong"
EXPECTED = {
    "01": Case(BOTH, asks=THREE_EACH),
    "03": Case(
        {"personnel": 0, "ratings": 6},
        {"formula_calculated", "no_formula_error", "date_readable", "column_holds_what_it_says", "most_rows_usable"},
    ),
    "04": Case(ROSTER),
    "05": Case(ROSTER, {"file_named_plainly"}),
    "07": Case(BOTH, {"column_holds_what_it_says"}),
    "08": Case(BOTH, {"day_possible", "rated_person_on_roster"}),
    "09": Case(ROSTER),
    "10": Case(
        BOTH,
        asks=(
            "SELECT min(score) > 1 FROM core.fct_ratings JOIN quality.submissions USING (submission_key) WHERE sender_code = '{unit}'",
            [(True,)],
        ),
    ),
    "17": Case(ROSTER, {"quotes_read_as_text"}),
    "18": Case({"personnel": 5, "ratings": 5}, {"identity_number_agrees_with_birth_year", "one_person_per_identity_number"}),
    "18c": Case(ROSTER, {"identity_number_agrees_with_birth_year", "one_person_per_identity_number"}),
    "19": Case({"personnel": 3000}),
    "21": Case(ROSTER, {"row_not_struck"}),
    "23": Case({"personnel": 0}, {"file_not_iwork"}),
    "23b": Case({"personnel": 0}, {"file_not_shortcut"}),
    "24": Case(ROSTER, {"row_shown", "column_shown"}),
    "25b": Case(ROSTER, {"letters_of_one_alphabet"}),
    "26": Case(ROSTER),
    "26c": Case(ROSTER),
    "26e": Case(ROSTER),
    "27": Case(ROSTER),
    "28": Case(ROSTER, asks=THREE_EACH),
    "29": Case(LIST, {"column_once"}, because="“Nam” says the sex of everybody and is read; “Nữ” beside it is told as said twice"),
    "30": Case(BOTH, {"identity_number_repaired"}),
    "31": Case(
        BOTH,
        {"day_without_time"},
        asks=(BY_PERSON.format(columns="spell_from, party_joined_on"), [(dt.date(2010, 3, 1), dt.date(2012, 9, 2))] * 6),
    ),
    "32": Case(ROSTER),
    "34": Case(ROSTER),
    "36": Case(BOTH, asks=THREE_EACH),
    "37": Case(
        BOTH,
        {"unit_valid_on_day"},
        asks=(
            "SELECT DISTINCT severity_code, u.unit_name, says_vi LIKE '%“Chi bộ Cũ” (C37.05) là “Chi bộ 1” (C37.01)%' "
            "FROM quality.findings f JOIN core.dim_unit u USING (unit_key) WHERE sender_code = '{unit}'",
            [("WARNING", "Chi bộ 1", True)],
        ),
    ),
    "44": Case({"personnel": 0}, {"formula_calculated", "no_formula_error", "column_holds_what_it_says", "most_rows_usable"}),
    "54": Case(ROSTER, {"identity_number_repaired"}),
    "55": Case(ROSTER, {"date_readable"}),
    "60": Case(ROSTER, {"sheet_counted_once", "copy_has_nobody_else"}),
    "62": Case(BOTH, {"sheet_is_a_list"}),
    "64": Case(ROSTER, {"row_filled_in"}),
    "68": Case({"personnel": 3, "ratings": 3}, {"identity_number_is_a_persons"}),
    "69": Case(ROSTER),
    "70": Case(
        {"ratings": 1},
        {"one_rating_per_person_and_period"},
        because="all three rows are read; without a column “Đơn vị” they speak of one unit, so two are kept out of the figures and told: "
        "a collective's name is not taken for a unit's",
    ),
    "70b": Case(
        {"ratings": 2},
        {"unit_known"},
        because="the code that the company's row names is in no registry here, which is told",
    ),
    "71": Case(ROSTER),
    "76": Case(
        ROSTER,
        asks=(
            BY_PERSON.format(columns="sex_code, member_status_code, spell_from"),
            [
                ("MALE", "FULL", dt.date(2010, 3, 1)),
                ("FEMALE", "FULL", dt.date(2015, 7, 1)),
                ("MALE", "PROBATIONARY", dt.date(2010, 3, 1)),
                ("FEMALE", "FULL", dt.date(2010, 3, 1)),
                ("MALE", "FULL", dt.date(2019, 9, 15)),
                ("FEMALE", "FULL", dt.date(2010, 3, 1)),
            ],
        ),
    ),
    "f01": Case({"personnel": 12}, {"code_known"}),
    "f02": Case({"personnel": 12}, {"unit_known"}),
    # some of its people stand in f13's list of the Party's discipline, whose system the title says
    "f03": Case(
        {"ratings": 50}, {"column_known", "disciplined_is_not_completed"}, because=f"a column that is none of ours is told: {FORMS}"
    ),
    "f03.2": Case({"ratings": 12}, {"column_known"}, because=f"a column that is none of ours is told: {FORMS}"),
    "f04": Case({"personnel": 12}),
    "f05": Case({"personnel": 12}, {"column_known"}, asks=(BY_PERSON.format(columns="education_code"), [("MASTER",)] * 12)),
    "f06": Case({"personnel": 12}),
    "f07": Case({"personnel": 12}, {"quotes_read_as_text"}),
    "f08": Case({"personnel": 12}),
    "f09": Case({"personnel": 12}, {"unit_known", "column_known"}),
    "f10": Case({"personnel": 4}, {"usual_column_present"}),
    "f10.2": Case({"personnel": 4}, {"usual_column_present", "title_of_folder_period"}),
    "f13": Case(
        {"discipline": 50},
        {"code_known", "column_known", "column_said_above"},
        because="the marks are read; the system is taken from the title and told, and so are words that no list knows and columns that are none of ours",
    ),
    "f17": Case(
        {"rotation": 50},
        {"column_known", "column_said_above", "ended_posting_has_reason", "no_move_during_discipline"},
        because="postings, days and decisions are read; what the title says, columns that are none of ours and what laws ask are told",
    ),
}


def sent() -> Iterator[tuple[str, str, list[Path]]]:
    """(case, period, its files)."""
    for folder in sorted(CASES.glob("*/")):
        name, period = folder.name.split("-")[0], "2025" if folder.name.startswith("f") else "2021"
        if name in ELSEWHERE:
            continue
        files = sorted(f for f in folder.iterdir() if f.name != "README.md")
        for n, some in enumerate([[f] for f in files] if name in ALONE else [files]):
            yield (f"{name}.{n + 1}", "2024", some) if n else (name, period, some)


def unit_of(case: str) -> str:
    return f"C{case.replace('.', '-')}"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> City:
    if not CASES.is_dir():
        pytest.skip("the shared cases are not at hand")
    city = City(tmp_path_factory.mktemp("cases") / "data")
    units = [
        ("U1", "CT", "Đảng bộ thành phố", "CITY", None, "01/01/2000", None),
        ("U2", "Q01", "Đảng bộ quận Một", "SUPERIOR", "U1", "01/01/2000", None),
    ]
    for case, period, files in sent():
        code = unit_of(case)
        units.append((code, code, f"Đảng bộ {code}", "BASE_COMMITTEE", "U2", "01/01/2000", None))
        units += [(f"{code}.{n}", f"{code}.0{n}", f"Chi bộ {n}", "CELL", code, "01/01/2000", None) for n in (1, 2, 3)]
        if case in LETTERHEADS:
            units.append((f"{code}.4", f"{code}.04", LETTERHEADS[case], "CELL", code, "01/01/2000", None))
        if case in MERGED:
            units.append((f"{code}.5", f"{code}.05", MERGED[case], "CELL", code, "01/01/2000", "30/06/2020", f"{code}.1"))
        folder = city.home.raw / period / code
        folder.mkdir(parents=True)
        for file in files:
            shutil.copy(file, folder)
        if case == "05":  # its README alone can be kept in a repository: a name that is no text
            whole = next(CASES.glob("76-*/*.xlsx"))
            shutil.copy(whole, os.fsdecode(os.fsencode(folder) + b"/Nh\xe2n s\xf9.xlsx"))
    city.registry(
        units=units, calendar=[(d, "BASE_COMMITTEE", y, f"31/12/{y}") for d in ("ratings", "personnel") for y in ("2021", "2024", "2025")]
    )
    load(city.home, PERSONNEL_AS_OF="2025-12-31")
    return city


@pytest.mark.parametrize("case", EXPECTED)
def test_each_case_gives_what_its_officer_expects(cases: City, case: str) -> None:
    expected, unit = EXPECTED[case], unit_of(case)
    with open_whole(cases.home) as db:
        rows = db.execute("SELECT dataset_code, rows_in_figures FROM quality.submissions WHERE sender_code = ?", [unit]).fetchall()
        told = {r for (r,) in db.execute("SELECT DISTINCT rule_code FROM quality.findings WHERE sender_code = ?", [unit]).fetchall()}
        assert dict(rows) == expected.figures
        assert told - (ANYWHERE - expected.told) == expected.told
        if expected.asks:
            query, answer = expected.asks
            assert db.execute(query.format(unit=unit)).fetchall() == answer


def test_no_case_is_forgotten(cases: City) -> None:
    assert {case for case, *_ in sent()} == set(EXPECTED)
