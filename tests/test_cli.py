"""Words for people: what each command says, in Vietnamese to units, without a trace for anybody's mistake."""

import os
from importlib.metadata import version
from pathlib import Path

from conftest import City, load, pipeline, rating, ratings

from pipeline.paths import Home

# ── the command line ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_program_says_which_version_it_is(tmp_path: Path) -> None:
    said = pipeline(Home(tmp_path / "nowhere"), "--version")
    assert (said.returncode, said.stdout) == (0, f"personnel-pipeline {version('personnel-pipeline')}\n")


def test_a_word_that_is_not_utf8_is_told_in_a_sentence_by_every_command_that_takes_text(tmp_path: Path) -> None:
    nowhere = Home(tmp_path / "nowhere")
    word = os.fsdecode(b"a\xff")
    for asked in (
        ["sql", "-c", word],
        ["metric", "rated", "--where", word],
        ["export", "x", "--why", word],
        ["publish", "--to", word],
        ["findings", word],
    ):
        done = pipeline(nowhere, *asked)
        assert (done.returncode, done.stdout) == (2, "") and "Traceback" not in done.stderr
        assert done.stderr == "“a\\udcff” không phải là văn bản UTF-8. (What was typed is not text in UTF-8.)\n"
    assert not (tmp_path / "nowhere").exists()


def test_a_file_may_be_called_by_any_bytes(city: City, tmp_path: Path) -> None:
    good = city.put("2021/Q01.001/tot.xlsx", {"Xếp loại": ratings([rating(n) for n in range(1, 11)])})
    file = good.rename(good.with_name(os.fsdecode(b"\xff.xlsx")))
    done = pipeline(Home(tmp_path / "nowhere"), "check", str(file))
    assert done.returncode == 0 and "Tệp không có lỗi" in done.stdout


def test_check_tells_a_unit_what_to_mend_without_a_warehouse(city: City, tmp_path: Path) -> None:
    good = city.put("2021/Q01.001/tot.xlsx", {"Xếp loại": ratings([rating(n) for n in range(1, 11)])})
    bad = city.put("2021/Q01.001/xau.xlsx", {"Xếp loại": ratings([rating(n, "giỏi" if n == 3 else "HTT") for n in range(1, 11)])})
    done = pipeline(Home(tmp_path / "nowhere"), "check", str(good))
    assert done.returncode == 0 and "Tệp không có lỗi" in done.stdout
    done = pipeline(Home(tmp_path / "nowhere"), "check", str(bad))
    assert done.returncode == 1
    assert "E7" in done.stdout and "Hoàn thành tốt nhiệm vụ" in done.stdout and "giỏi" in done.stdout
    assert not (tmp_path / "nowhere").exists()


def test_findings_and_status_speak_vietnamese(city: City) -> None:
    city.put("2021/Q01.002/ratings.csv", ratings([rating(n, "giỏi" if n == 3 else "HTT") for n in range(1, 11)]))
    load(city.home)
    done = pipeline(city.home, "findings", "Q01.002")
    assert done.returncode == 0 and "phải là một trong" in done.stdout and "giỏi" in done.stdout
    done = pipeline(city.home, "status")
    assert done.returncode == 0 and ("Chưa nộp" in done.stdout or "Chưa đến hạn" in done.stdout)
    for asked, said in ((["Q88"], "Không có đơn vị nào mang mã “Q88”"), (["Q01.002", "--period", "1999"], "Q01.002 cho kỳ 1999")):
        done = pipeline(city.home, "findings", *asked)
        assert done.returncode == 1 and said in done.stderr


def test_findings_speak_of_every_version_that_the_answer_speaks_of(city: City) -> None:
    for name, last in (("ratings.csv", 9), ("xep-loai.csv", 10)):
        city.put(f"2021/Q01.002/{name}", ratings([rating(n) for n in range(1, last)]))
    load(city.home)
    page = (city.home.outbox / "2021/Q01.002/tom-tat.html").read_text("utf-8")
    done = pipeline(city.home, "findings", "Q01.002", COLUMNS="400")
    for name in ("ratings.csv", "xep-loai.csv"):
        assert name in page and f"Xếp loại bị từ chối: 2021/Q01.002/{name}" in done.stdout


def test_a_missing_raw_folder_is_a_sentence_not_a_trace(tmp_path: Path) -> None:
    done = pipeline(Home(tmp_path / "nowhere"), "load")
    assert done.returncode == 1 and "There is no folder" in done.stderr and "Traceback" not in done.stderr


def test_demo_refuses_a_raw_folder_that_holds_anything_else(city: City) -> None:
    done = pipeline(city.home, "demo")
    assert done.returncode == 1 and "Traceback" not in done.stderr and done.stderr.strip()


def test_a_wrong_day_is_a_sentence(city: City) -> None:
    done = pipeline(city.home, "load", PERSONNEL_AS_OF="hôm qua")
    assert done.returncode == 1 and "PERSONNEL_AS_OF must be a day" in done.stderr and "Traceback" not in done.stderr


def test_a_home_that_is_a_pattern_is_a_sentence(tmp_path: Path) -> None:
    said = pipeline(Home(tmp_path / "nhà [1]"), "load")
    assert said.returncode == 1 and "PERSONNEL_HOME must not hold" in said.stderr and "Traceback" not in said.stderr
