"""What a clean writer wrote is what is read, whatever dirt came upon it; and the real files are read where they are there."""

import csv
import os
import time
from collections import Counter
from pathlib import Path
from random import Random
from unicodedata import normalize

import pytest
from book import Book, Due, plain, write
from clean import GIVEN, MAKERS, MIDDLE, SURNAMES, WORDS, make_table
from dirt import KINDS, spoiled, table_for
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from old_letters import TONES, VOWELS, to_cp1258, to_tcvn3, to_viscii, to_vni
from quality import MESSY, beside_a_clean_file, compare, judged, read_corpus

from pipeline.schemas.files import FILE_RULES

SHARED = Path(os.environ.get("PERSONNEL_SHARED_DATA", "/nowhere"))
COMMUNES = SHARED / "admin_units/sunshine-tech__VietnamProvinces/dev/seed-data/2025-07/BangChuyendoiĐVHCmoi_cu_khong_merge.csv"
LETTERS = SHARED / "encodings/derived_glibc/letters.csv"
DEADLY = [name for name, kind in KINDS.items() if kind.is_deadly]
SECONDS = 300  # a dangerous file is answered in a few; a busy machine may take longer, and for ever is longer still

# Random numbers that hypothesis draws: it looks for a table and a way to spoil it that go wrong, and makes both small.
RANDOMS = st.randoms(use_true_random=False)
SIZES = st.integers(5, 8)
READING = settings(
    max_examples=max(1, settings.default.max_examples // 5),  # each is a file written, read and judged
    phases=(Phase.reuse, Phase.generate, Phase.shrink),  # to explain would cost as much as to find
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("name", [name for name in KINDS if name not in DEADLY])
@READING
@given(rng=RANDOMS, rows=SIZES)
def test_what_was_written_is_read_cell_by_cell(name: str, tmp_path: Path, rng: Random, rows: int) -> None:
    """And what is clean beside it, in the same batch, stays as it is."""
    table = table_for(name, rng, rows)
    outcome = beside_a_clean_file(table.dataset, *spoiled(name, table, rng), tmp_path)
    assert not outcome.missed, outcome.missed
    assert not outcome.false, outcome.false
    assert not outcome.silent, outcome.silent


@pytest.mark.parametrize("name", DEADLY)
def test_a_dangerous_file_is_answered_in_time(name: str, tmp_path: Path) -> None:
    rng = Random(name)
    file, data, expected = spoiled(name, table_for(name, rng), rng)
    began = time.perf_counter()
    outcome = compare(expected, judged(file, data, tmp_path, in_own_process=True))
    assert outcome.is_right, outcome
    assert time.perf_counter() - began < SECONDS


@pytest.mark.parametrize("dataset", MAKERS)
@READING
@given(rng=RANDOMS)
def test_a_clean_table_gives_no_finding(dataset: str, tmp_path: Path, rng: Random) -> None:
    outcome = compare((written := write(Book([plain(make_table(rng, dataset))])))[2], judged(*written[:2], tmp_path))
    assert outcome.is_right, outcome


# ── the measure measures ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_that_is_wrong_gone_or_none_is_seen(tmp_path: Path) -> None:
    sheet = plain(make_table(Random(1), "ratings"))
    sheet.truth[0]["full_name"] = "Người Khác"
    sheet.due.append(Due(("code_known",), 1))
    name, data, expected = write(Book([sheet]))
    frames = judged(name, data, tmp_path)
    assert len(compare(expected, frames).missed) == 2
    frames["ratings"] = frames["ratings"].slice(2)
    assert len(compare(expected, frames).missed) == 3
    rows = dict(list(expected.rows.items())[:-1])
    assert len(compare(type(expected)(rows), frames).false) == 1


def test_a_finding_that_is_not_due_is_a_false_alarm(tmp_path: Path) -> None:
    sheet = plain(make_table(Random(1), "ratings"))
    sheet.add("Khác", "Khác", ["1"] * len(sheet.cells), at=0)
    name, data, expected = write(Book([sheet]))
    assert compare(expected, judged(name, data, tmp_path)).false == ["column_known at Xếp loại B1"]


def test_a_refusal_by_another_rule_is_missed(tmp_path: Path) -> None:
    _, _, expected = spoiled("password", table_for("password", Random(1)), Random(1))
    assert compare(expected, judged("ratings.xlsx", b"", tmp_path)).missed == ["refused by ['file_not_empty']"]


# ── the old alphabets ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_words_of_clean_tables_hold_every_letter() -> None:
    alphabet = {normalize("NFC", vowel + tone) for vowel in VOWELS for tone in ("", *TONES)} | {"đ"}
    assert not alphabet - set("".join([*WORDS, *SURNAMES, *MIDDLE, *GIVEN]).lower())


@pytest.mark.parametrize(
    ("text", "tcvn3", "vni"),
    [
        ("Xin chào các bạn", "Xin chµo c¸c b¹n", "Xin chaøo caùc baïn"),
        ("Tiếng Việt rất hay", "TiÕng ViÖt rÊt hay", "Tieáng Vieät raát hay"),
        ("Tôi đi học", "T«i ®i häc", "Toâi ñi hoïc"),
    ],
)
def test_old_letters_are_written_as_published(text: str, tcvn3: str, vni: str) -> None:
    assert (to_tcvn3(text), to_vni(text)) == (tcvn3, vni)


@pytest.mark.skipif(not LETTERS.exists(), reason="PERSONNEL_SHARED_DATA is not set")
def test_old_letters_agree_with_the_tables_of_glibc() -> None:
    for row in csv.DictReader(LETTERS.open(encoding="utf-8")):
        letter = row["char"]
        assert (to_viscii(letter).hex(), to_cp1258(letter).hex()) == (row["viscii_hex"], row["cp1258_hex"])
        if letter.islower():
            assert to_tcvn3(letter).encode("latin-1").hex() == row["tcvn5712_1_hex"]


# ── files that nobody here wrote ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not MESSY.exists(), reason="PERSONNEL_SHARED_DATA is not set")
def test_every_real_file_is_read_or_refused_by_name_and_in_memory() -> None:
    read = read_corpus(MESSY)
    assert not read.unanswered
    assert {rule for rule in read.refused.values() if rule} <= {name for name, rule in FILE_RULES.items() if rule.refuses}
    assert read.peak_mib < 1024


@pytest.mark.skipif(not COMMUNES.exists(), reason="PERSONNEL_SHARED_DATA is not set")
def test_the_official_table_of_communes_loses_no_row() -> None:
    """10,607 lines: two of a header, 34 with a province's name alone, 10,571 that say which commune became which.

    Six of those name a commune without an old code: five island districts that had no communes, and a tidal flat.
    """
    from pipeline.intake.classifier import classify
    from pipeline.intake.rows import RowClass
    from pipeline.intake.spreadsheets import read_cells

    rows = read_cells(COMMUNES.read_bytes())[0].rows
    classes = classify(rows)
    assert len(rows) == len(classes) == 10_607
    assert set(classes[:2]) <= {RowClass.TITLE, RowClass.HEADER}
    assert Counter(classes[2:]) == {RowClass.SECTION: 34, RowClass.DETAIL: 10_571}
    details = [row for row, one in zip(rows, classes, strict=True) if one == RowClass.DETAIL]
    assert sum(row[4] is None for row in details) == 6
    assert len({row[4] for row in details} - {None}) == 10_033
    assert len({row[2] for row in details}) == 3_321
