"""A law that the city has read weighs what the law itself would, from the next load on."""

import pytest

from pipeline.judging.registry import RegistryProblem
from pipeline.warehouse.landing_tables import CONTEXT
from tests.conftest import City, load, number, pipeline, tables, write_csv

HEADER = ["Phiên bản", "Người xác nhận", "Ngày xác nhận", "Nơi đọc"]
ROTATION = ["STT", "Họ và tên", "Số CCCD", "Hình thức", "Từ ngày", "Số quyết định"]


def confirm(city: City, *rows: list[str]) -> None:
    write_csv(city.home.registry / "confirmations.csv", [HEADER, *rows])


def position_change_without_a_decision(city: City) -> None:
    kept = [[n, "Nguyễn Văn A", number(n), "Chuyển đổi vị trí", "01/03/2021", "12-QĐ/TU"] for n in (1, 2)]
    city.put("2021/Q01.002/luan-chuyen.csv", [ROTATION, *kept, [3, "Nguyễn Văn A", number(3), "Chuyển đổi vị trí", "01/03/2021", None]])


def test_a_confirmed_law_sets_aside_what_it_only_warned_of(city: City) -> None:
    position_change_without_a_decision(city)
    city.land()
    of_it = {"rule_code": "position_change_is_written", "version_code": "N10"}
    assert city.landed("findings").filter(**of_it)["severity_code"].to_list() == ["WARNING"]
    assert city.landed("submissions")["rows_set_aside"].to_list() == [0]
    confirm(city, ["N10", "Trần Thị B", "15/12/2021", "Công báo số 751"])
    city.land()
    assert city.landed("findings").filter(**of_it)["severity_code"].to_list() == ["ERROR"], "what was archived is judged again"
    assert city.landed("submissions")["rows_set_aside"].to_list() == [1]
    (city.home.registry / "confirmations.csv").unlink()
    city.land(accept_registry=True)
    assert city.landed("findings").filter(**of_it)["severity_code"].to_list() == ["WARNING"]


def test_the_catalogue_says_what_was_confirmed_and_nobody_by_name(city: City) -> None:
    position_change_without_a_decision(city)
    confirm(city, ["N10", "Trần Thị B", "15/12/2021", "Công báo số 751"])
    load(city.home)
    published = tables(city.home)
    rules = {r["version_code"]: r for r in published["quality.rules"].filter(rule_code="position_change_is_written").to_dicts()}
    assert (rules["N10"]["severity_code"], rules["N10"]["grade"], str(rules["N10"]["confirmed_on"])) == ("ERROR", "V", "2021-12-15")
    others = published["quality.rules"].filter(rule_code="excellent_within_cap")
    assert set(others["confirmed_on"].to_list()) == {None}
    assert not any("Trần Thị B" in str(row) for frame in published.values() for row in frame.rows())
    assert "confirmed_by" not in CONTEXT["confirmations"]


def test_a_confirmation_of_no_version_is_the_registrys_fault(city: City) -> None:
    confirm(city, ["R99z", "Trần Thị B", "15/12/2021", "Công báo"])
    with pytest.raises(RegistryProblem) as stopped:
        city.land()
    assert stopped.value.rows == ["confirmations.csv, row 2: “R99z” is no version of the rule book; docs/rules.md lists them."]


def test_nothing_is_confirmed_by_a_day_to_come(city: City) -> None:
    confirm(city, ["N10", "Trần Thị B", "01/02/2022", "Công báo"])
    with pytest.raises(RegistryProblem) as stopped:
        city.land()
    assert "N10 is confirmed by a day after 2021-12-20" in stopped.value.rows[0]


def test_a_confirmation_that_went_away_is_asked_about(city: City) -> None:
    confirm(city, ["N10", "Trần Thị B", "15/12/2021", "Công báo"], ["N10", "Lê Văn C", "16/12/2021", "Công báo"])
    city.land()
    (city.home.registry / "confirmations.csv").unlink()
    with pytest.raises(RegistryProblem) as stopped:
        city.land()
    assert "confirmations: N10 is not in the list any more." in stopped.value.rows


# ── what a load says ─────────────────────────────────────────────────────────────────────────────────────────────

ROSTER = ["Họ và tên", "Số CCCD", "Tình trạng đảng viên", "Đối tượng", "Từ ngày"]
PUNISHED = ["Họ và tên", "Số CCCD", "Hệ kỷ luật", "Hình thức kỷ luật", "Số quyết định", "Ngày ký", "Ngày công bố", "Ngày hết hiệu lực"]


def punished_for_two_years(city: City) -> None:
    """A public employee, by a decision of the State, whose effect lasts a year by R18c: a rule that needs the roster."""
    city.put("2026/Q01.002/nhan-su.csv", [ROSTER, ["Nguyễn Văn A", number(7), "Chính thức", "Viên chức", "01/03/2010"]])
    decision = ["Nguyễn Văn A", number(7), "Chính quyền", "Cảnh cáo", "12-QĐ/UBND", "10/07/2026", "10/07/2026", "10/07/2028"]
    city.put("2026/Q01.002/ky-luat.csv", [PUNISHED, decision])


def said_of_laws(city: City, *answers: str) -> list[str]:
    done = pipeline(city.home, "load", *answers, PERSONNEL_AS_OF="2027-02-01")
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in done.stderr.splitlines() if line.startswith("laws ")]


def test_a_load_says_what_confirmed_laws_changed(city: City) -> None:
    position_change_without_a_decision(city)
    punished_for_two_years(city)
    assert said_of_laws(city) == []
    read = [[version, "Trần Thị B", "15/01/2027", "Công báo số 751"] for version in ("N10", "R18c", "R11c")]
    confirm(city, *read)
    new = [[n, "Nguyễn Văn B", number(n), "Chuyển đổi vị trí", "01/03/2021", "12-QĐ/TU" if n < 13 else None] for n in (11, 12, 13)]
    city.put("2021/Q01.003/luan-chuyen.csv", [ROTATION, *new])  # a fault that no load has told of yet
    assert said_of_laws(city) == [
        "laws confirmed since the last load: N10, R11c, R18c; findings that weigh otherwise: 2 WARNING → ERROR; rows newly set aside: 1"
    ]
    found = tables(city.home)["quality.findings"].filter(severity_code="ERROR")
    assert sorted(found["version_code"].drop_nulls().to_list()) == ["N10", "N10", "R18c"]
    city.put("2021/Q01.003/xep-loai.csv", [["Họ và tên", "Số CCCD", "Mức xếp loại"], ["Nguyễn Văn B", number(11), "HTTNV"]])
    assert said_of_laws(city) == []
    confirm(city, *read[1:])
    assert said_of_laws(city, "--accept-registry") == [
        "laws no longer confirmed: N10; findings that weigh otherwise: 2 ERROR → WARNING; rows newly set aside: 0; rows no longer set aside: 2"
    ]
