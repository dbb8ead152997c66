"""Text of old encodings is turned into what was meant, or left and named; proper text is never touched."""

import csv
import io
import json
import os
import random
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.decoding import UndecodableText, decode
from pipeline.intake.encodings import LETTERS, old_encodings
from pipeline.intake.legacy import mend
from pipeline.intake.syllables import syllables

with LETTERS.open(encoding="utf-8", newline="") as file:
    TABLE = list(csv.DictReader(file))
TCVN3 = {row["char"]: chr(int(row["tcvn3"], 16)) for row in TABLE}
TYPED_TCVN3 = TCVN3 | {c: TCVN3[c.lower()] for c in TCVN3 if ord(TCVN3[c]) < 0xA1 or c in "ẰẲẴẮẦẨẪẤỀỂỄẾỒỔỖỐ"}  # fonts draw no such capital
VNI = {row["char"]: row["vni"] for row in TABLE}
VISCII = {row["char"]: chr(int(row["viscii"], 16)) for row in TABLE}
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows(text: str) -> str:
    """Codes as Windows shows them."""
    return "".join(c.encode("latin-1").decode("cp1252", errors="replace").replace("\ufffd", c) if ord(c) < 256 else c for c in text)


def by_table(table: dict[str, str]):
    return lambda text: "".join(table.get(c, c) for c in text)


def cp1258(text: str) -> bytes:
    codes = b""
    for letter in text:
        try:
            codes += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            (tone,) = (p for p in parts if p in TONES)
            codes += (unicodedata.normalize("NFC", parts.replace(tone, "")) + tone).encode("cp1258")
    return codes


# how a text looks in a cell, per encoding
SHOWN = {
    "TCVN3": by_table(TYPED_TCVN3),
    "VNI": by_table(VNI),
    "VISCII": lambda text: windows(by_table(VISCII)(text)),
    "CP1258": lambda text: cp1258(text).decode("cp1252"),
    "UTF8_TWICE": lambda text: windows(text.encode().decode("latin-1")),
}
BYTES = {
    "TCVN3": lambda text: by_table(TCVN3)(text).encode("latin-1"),
    "VNI": lambda text: by_table(VNI)(text).encode("latin-1"),
    "VISCII": lambda text: by_table(VISCII)(text).encode("latin-1"),
    "CP1258": cp1258,
}

SYLLABLES = sorted(syllables())
WORDS = st.sampled_from(SYLLABLES)
NAMES = st.lists(WORDS, min_size=2, max_size=4).map(lambda words: " ".join(w.capitalize() if w[0].isascii() else w for w in words))
HEADER = ["Họ và tên", "Đơn vị công tác", "Xếp loại chất lượng"]
BODY = [
    ["Nguyễn Thị Hường", "Phường Cái Khế", "Hoàn thành xuất sắc nhiệm vụ"],
    ["Đặng Văn Vững", "Xã Thới Hưng", "Hoàn thành tốt nhiệm vụ"],
    ["Trần Quốc Toản", "Quận Ô Môn", "Không hoàn thành nhiệm vụ"],
]


def column(cells: list[str | None], position: int = 0) -> list[list[str | None]]:
    return [[None] * position + [cell] for cell in cells]


# --- proper text --------------------------------------------------------------------------------------------------------------------

PROPER = """Nguyễn Đoàn René|Müller|Françoise|Björn Håkansson|Zoë|Noël|Großmann|Søren Kjær|Łukasz|Señor Peña Núñez|João Conceição|Citroën
K'Brêu|Đắk Lắk|Y Blôk Êban|H'Mông|KrôngÊ Na|Kpă Ksor|Điểu K'Ré|Huê|Thuỳ|Quý|Khoẻ|hoà hòa|thuý thúy|Ðà Nẵng|Ý|Á|Ơ|Út|QĐ-ĐU|ĐVHD|TP.HCM – Quận 1
5 µm|m²|25°C|© 2021|®|§ 5|«trích»|Nguyễn Văn “Tư”|½|10 ± 2|Nam·Nữ|1.236 × 3|¿|→|✓|an.nguyen@example.vn|à la carte|Vũ Thị Ê|Qưới""".replace(
    "\n", "|"
).split("|")


@given(
    st.lists(st.lists(st.none() | NAMES | st.sampled_from(PROPER), min_size=1, max_size=3), max_size=30), st.sampled_from(["NFC", "NFD"])
)
def test_proper_text_is_left_as_it_is(rows: list, form: str) -> None:
    rows = [[cell and unicodedata.normalize(form, cell) for cell in row] for row in rows]
    mended = mend(rows, fonts=dict)
    assert mended.rows is rows and not mended.converted and not mended.unsure


@pytest.mark.parametrize("text", PROPER)
def test_one_foreign_word_is_no_sign(text: str) -> None:
    mended = mend([[text], ["Lê"]])
    assert not mended.converted and not mended.unsure


def test_fonts_are_not_asked_about_proper_text() -> None:
    mend([[text] for text in PROPER], fonts=lambda: pytest.fail("asked"))


def test_a_single_legacy_cell_does_not_move_a_column_of_proper_text() -> None:
    rows = column([f"Nguyễn {word.capitalize()}" for word in SYLLABLES[::500]] + ["V¨n ThÞ"])
    assert mend(rows).rows is rows and not mend(rows).unsure


def test_a_clean_sheet_costs_next_to_nothing() -> None:
    chance = random.Random(1)
    rows = [
        [str(n), " ".join(chance.sample(SYLLABLES, 3)).title(), f"{chance.randrange(10**11):012}", "01/02/1980", "Đảng viên", None] * 2
        for n in range(15_000)
    ]
    looks, reads = [], []
    for _ in range(3):
        start = time.process_time()
        assert mend(rows).rows is rows
        looked = time.process_time()
        assert all(c is None or c.strip() for row in rows for c in row)
        looks.append(looked - start)
        reads.append(time.process_time() - looked)
    assert min(looks) < 50 * min(reads)  # 180,000 cells; ten times as long as touching each of them once, when measured


# --- legacy text --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", SHOWN)
def test_a_small_sheet_of_an_old_encoding_is_read(encoding: str) -> None:
    rows = [HEADER, *BODY, ["", None], ["abc"]]
    mended = mend([[cell and SHOWN[encoding](cell) for cell in row] for row in rows])
    assert mended.rows == rows
    assert mended.converted == {0: encoding, 1: encoding, 2: encoding} and not mended.unsure


@pytest.mark.parametrize("encoding", SHOWN)
@given(st.lists(NAMES, min_size=1, max_size=12))
def test_what_is_converted_is_what_was_meant(encoding: str, names: list[str]) -> None:
    """However little text there is: right, or untouched."""
    rows = column([SHOWN[encoding](name) for name in names])
    mended = mend(rows)
    if mended.converted:
        assert mended.converted == {0: encoding} and mended.rows == column(names)
    else:
        assert mended.rows is rows


@pytest.mark.parametrize("encoding", SHOWN)
@given(
    st.lists(st.lists(WORDS.filter(lambda w: not w.isascii()), min_size=3, max_size=3).map(" ".join), min_size=15, max_size=40, unique=True)
)
def test_a_column_of_many_words_is_always_read(encoding: str, cells: list[str]) -> None:
    assert mend(column([SHOWN[encoding](cell) for cell in cells])).rows == column(cells)


@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "VISCII", "CP1258", "UTF8_TWICE"])
def test_few_words_are_left_and_named_unless_a_font_tells(encoding: str) -> None:
    rows = column([SHOWN[encoding]("Nguyễn Tuấn")], position=2)
    mended = mend(rows)
    assert mended.rows is rows and mended.unsure == {2} and not mended.converted
    font = {"TCVN3": ".VnTime", "VNI": "VNI-Times"}.get(encoding)
    if font:
        mended = mend(rows, fonts=lambda: {2: font})
        assert mended.rows == column(["Nguyễn Tuấn"], position=2) and mended.converted == {2: encoding} and not mended.unsure


def both_ways() -> list[str]:
    """Words whose VISCII is a word of TCVN3, too."""
    convert, known = old_encodings()["TCVN3"].convert, syllables()
    twins = [w for w in SYLLABLES if not w.isascii() and convert(SHOWN["VISCII"](w)) in known and SHOWN["VISCII"](w) not in known]
    return twins[:: len(twins) // 12]


def test_many_words_that_two_encodings_read_are_unsure() -> None:
    rows = column([SHOWN["VISCII"](word) for word in both_ways()])
    mended = mend(rows)
    assert mended.rows is rows and mended.unsure == {0}


def test_bytes_that_two_encodings_read_are_refused() -> None:
    with pytest.raises(UndecodableText):
        decode(BYTES["VISCII"]("\n".join(both_ways())))


def test_a_font_that_contradicts_the_text_leaves_it_unsure() -> None:
    rows = [[SHOWN["VNI"](cell) for cell in row] for row in BODY]
    mended = mend(rows, fonts=lambda: dict.fromkeys(range(3), ".VnTime"))
    assert mended.rows is rows and mended.unsure == {0, 1, 2}


def test_the_rest_of_the_sheet_tells_what_a_column_of_one_word_is() -> None:
    rows = [[*row, "Nữ"] for row in BODY]
    mended = mend([[SHOWN["TCVN3"](cell) for cell in row] for row in rows])
    assert mended.rows == rows and mended.converted[3] == "TCVN3"


def test_words_that_are_proper_both_ways_follow_a_sheet_that_is_all_of_one_encoding() -> None:
    rows = [[*row, name] for row, name in zip(BODY, ["Dũng", "Tú", "Nam"], strict=True)]
    shown = [[SHOWN["TCVN3"](cell) for cell in row] for row in rows]
    assert [row[3] for row in shown] == ["Dòng", "Tó", "Nam"]
    assert mend(shown).rows == rows


def test_words_that_are_proper_both_ways_need_the_font_beside_a_proper_column() -> None:
    rows = [[*row, name, "Đảng viên dự bị"] for row, name in zip(BODY, ["Dũng", "Tú", "Nam"], strict=True)]
    shown = [[*(SHOWN["TCVN3"](cell) for cell in row[:4]), row[4]] for row in rows]
    mended = mend(shown)
    assert mended.unsure == {3} and [row[3] for row in mended.rows] == ["Dòng", "Tó", "Nam"]
    assert mend(shown, fonts=lambda: {3: ".VnArial"}).rows == rows


def test_a_proper_header_above_a_legacy_body_stays() -> None:
    names = ["Trần Văn Dũng", "Dũng", "Tú", "Nguyễn Ánh"]
    rows = [["Tên cán bộ", *HEADER], *([name, *row] for name, row in zip(names, [*BODY, BODY[0]], strict=True))]
    mended = mend([rows[0], *([SHOWN["TCVN3"](cell) for cell in row] for row in rows[1:])])
    assert [row[0] for row in mended.rows] == ["Tên cán bộ", "Trần Văn Dũng", "Dũng", "Tú", "Nguyễn ánh"]
    assert mended.rows[0] == rows[0] and mended.rows[2][1:] == rows[2][1:] and not mended.unsure


def test_proper_and_legacy_cells_in_turn_are_told_cell_by_cell_or_left() -> None:
    proper, legacy = ["Nguyễn Thị Hường", "Đặng Văn Vững"], ["Trần Quốc Toản", "Phạm Hồng Thắm", "Lý Thị Bưởi"]
    mixed = [legacy[0], proper[0], legacy[1], proper[1], legacy[2]]
    rows = column([SHOWN["TCVN3"](cell) if cell in legacy else cell for cell in mixed])
    assert mend(rows).rows == column(mixed)
    rows = [*rows, ["Dòng"]]  # Dòng, or Dũng
    assert mend(rows).rows is rows and mend(rows).unsure == {0}


def test_both_in_one_cell_is_unsure() -> None:
    rows = column([SHOWN["TCVN3"](row[2]) for row in BODY] + ["Nguyễn V¨n"])
    assert mend(rows).rows is rows and mend(rows).unsure == {0}


def test_a_font_of_capitals_makes_capitals() -> None:
    rows = column([SHOWN["TCVN3"](cell) for cell in ("nguyễn thị hường", "trần quốc toản", "lan", "Đặng Văn Vững")])
    mended = mend(rows, fonts=lambda: {0: ".VnTimeH"})
    assert mended.rows == column(["NGUYỄN THỊ HƯỜNG", "TRẦN QUỐC TOẢN", "LAN", "ĐẶNG VĂN VỮNG"])
    assert mend(rows, fonts=lambda: {0: ".VnTime"}).rows == column(["nguyễn thị hường", "trần quốc toản", "lan", "Đặng Văn Vững"])


@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "VISCII", "CP1258"])
def test_capitals_stay_capitals(encoding: str) -> None:
    cells = ["HỘI ĐỒNG NHÂN DÂN", "TRƯƠNG HỒ TÚ", "UBND xã Mỹ Lệ", "Hồ Vũ", "Đỗ Đức Ân"]
    assert mend(column([SHOWN[encoding](cell) for cell in cells])).rows == column(cells)


def test_a_vni_capital_with_a_small_sign_is_read() -> None:
    assert mend(column(["Aân Thò Oanh", "ÑAËNG VAÊN ÔÛ", "Tieáng Vieät raát hay", "Quyù baùo"])).rows == column(
        ["Ân Thị Oanh", "ĐẶNG VĂN Ở", "Tiếng Việt rất hay", "Quý báo"]
    )


def test_dashes_and_quotes_are_no_letters() -> None:
    cells = ["“Hoàn thành tốt nhiệm vụ”", "Đảng bộ – phường Cái Khế", "Nguyễn Thị Hường\u00a0", "3 • Trần Quốc Toản…"]
    for encoding in ("TCVN3", "VISCII"):
        table = by_table(TYPED_TCVN3 if encoding == "TCVN3" else VISCII)
        assert mend(column(["".join(windows(table(c)) for c in cell) for cell in cells])).rows == column(cells)


def test_what_word_makes_of_legacy_signs_is_read() -> None:
    shown = [SHOWN["TCVN3"](cell).replace("·", "∙").replace("µ", "μ") for cell in ("xã hội chủ nghĩa", "hoàn thành tốt", "đã duyệt")]
    assert mend(column(shown)).rows == column(["xã hội chủ nghĩa", "hoàn thành tốt", "đã duyệt"])


def test_text_encoded_twice_is_read_where_its_no_break_space_was_lost() -> None:
    cells = ["Hà", "Đào Thị Hà", "Bà Hà Nội", "và hoàng hôn", "Nguyễn Thị Hường", "Quận Ô Môn"]
    shown = [SHOWN["UTF8_TWICE"](cell).replace("\u00a0", " ").strip() for cell in cells]
    assert mend(column(shown)).rows == column(cells)
    vietnamese_windows = [text.replace("Ã", "Ă") for text in shown]
    assert mend(column(vietnamese_windows)).rows == column(cells)


@given(st.lists(st.lists(st.none() | st.text(st.characters(max_codepoint=0x2FF), max_size=12), max_size=4), max_size=12))
def test_whatever_stands_in_a_sheet_its_shape_stays(rows: list) -> None:
    mended = mend(rows, fonts=lambda: {0: ".VnTimeH", 1: "VNI-Times", 2: "Arial"})
    assert [len(row) for row in mended.rows] == [len(row) for row in rows]
    assert not mended.converted.keys() & mended.unsure
    for before, after in zip(rows, mended.rows, strict=True):
        for position, (old, new) in enumerate(zip(before, after, strict=True)):
            assert old == new or position in mended.converted


# --- bytes --------------------------------------------------------------------------------------------------------------------------

CSV = "\r\n".join(";".join(row) for row in [HEADER, *BODY]) + "\r\n"


@pytest.mark.parametrize("encoding", BYTES)
def test_a_csv_of_an_old_encoding_is_decoded(encoding: str) -> None:
    assert decode(BYTES[encoding](CSV)) == (CSV, encoding)


@pytest.mark.parametrize("encoding", BYTES)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=12).map("\n".join))
def test_bytes_are_decoded_rightly_or_refused(encoding: str, text: str) -> None:
    data = BYTES[encoding](text)
    try:
        assert decode(data)[0] == text
    except UndecodableText as error:
        assert not any(word in str(error) for word in text.split() if not word.isascii())


@pytest.mark.parametrize(
    ("codec", "mark", "name"),
    [
        ("utf-8", b"", None),
        ("utf-8-sig", b"", None),
        ("utf-16-le", b"", "UTF-16"),
        ("utf-16-be", b"", "UTF-16"),
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
    ],
)
def test_unicode_is_decoded_with_and_without_its_mark(codec: str, mark: bytes, name: str | None) -> None:
    assert decode(mark + CSV.encode(codec)) == (CSV, name)


def test_utf8_of_another_script_is_utf8() -> None:
    assert decode("Россия;Москва".encode()) == ("Россия;Москва", None)
    assert decode("Россия;Москва;1;2;3;4;5;6;7;8".encode("utf-16-le")) == ("Россия;Москва;1;2;3;4;5;6;7;8", "UTF-16")


def test_decomposed_utf8_is_left_decomposed() -> None:
    text = unicodedata.normalize("NFD", CSV)
    assert decode(text.encode()) == (text, None)


@pytest.mark.parametrize(
    "data",
    [
        "Thérèse;élève;français;garçon;Noël;à l'hôtel".encode("cp1252"),
        "Müller;Größe;Straße;für;über;schön".encode("cp1252"),
        cp1258("Lê;Vũ"),
        CSV.encode() + b"\xe1\xbb",  # cut within a letter
        CSV.encode("utf-16")[:-1],
        b"STT\0;ten",
        "Nguyễn\0".encode("utf-16"),
        bytes(range(1, 256)),
        BYTES["VISCII"]("Đỗ Huy Long"),  # in UTF-8 a Cyrillic letter
        CSV.encode("utf-32"),
    ],
)  # fmt: skip
def test_bytes_that_nobody_can_tell_are_refused(data: bytes) -> None:
    with pytest.raises(UndecodableText):
        decode(data)


@given(st.binary(max_size=200))
def test_no_bytes_make_decoding_raise_anything_else(data: bytes) -> None:
    try:
        text, _ = decode(data)
    except UndecodableText:
        return
    assert "\0" not in text


# --- the tables ---------------------------------------------------------------------------------------------------------------------


def test_every_letter_has_one_code_of_its_own() -> None:
    assert len(TABLE) == 134
    for name in ("char", "tcvn3", "vni", "viscii"):
        assert len({row[name] for row in TABLE}) == len(TABLE)


@pytest.fixture
def encodings() -> Path:
    """Byte tables and samples that this project's authors did not write."""
    if not os.environ.get("PERSONNEL_SHARED_DATA"):
        pytest.skip("PERSONNEL_SHARED_DATA is not set")
    return Path(os.environ["PERSONNEL_SHARED_DATA"]) / "encodings"


def test_the_tables_are_those_of_the_c_library(encodings: Path) -> None:
    with (encodings / "derived_glibc/letters.csv").open(encoding="utf-8", newline="") as file:
        theirs = {row["char"]: (row["tcvn5712_1_hex"], row["viscii_hex"]) for row in csv.DictReader(file)}
    assert {row["char"]: (row["tcvn3"], row["viscii"]) for row in TABLE} == theirs


def test_vni_and_tcvn3_read_as_another_converter_writes_them(encodings: Path) -> None:
    pairs = json.loads((encodings / "pairs_vni_tcvn3_viqr.json").read_text("utf-8"))["pairs"]
    assert pairs
    for pair in pairs:
        assert old_encodings()["VNI"].convert(pair["vni"]) == pair["unicode"]
        assert old_encodings()["TCVN3"].convert(pair["tcvn3"]) == pair["unicode"]
    for name in ("vni", "tcvn3"):
        assert mend(column([pair[name] for pair in pairs])).rows == column([pair["unicode"] for pair in pairs])


def test_the_six_samples_are_one_text(encodings: Path) -> None:
    expected = {
        "cp1258": "CP1258", "tcvn5712": "TCVN3", "utf16": "UTF-16", "utf8": None, "utf8_bom_nfd": None, "viscii": "VISCII",
    }  # fmt: skip
    found = {name: decode((encodings / f"derived_glibc/sample_{name}.csv").read_bytes()) for name in expected}
    assert {name: encoding for name, (_, encoding) in found.items()} == expected
    assert len({unicodedata.normalize("NFC", text) for text, _ in found.values()}) == 1
    rows = list(csv.reader(io.StringIO(found["utf8"][0]), delimiter=";"))
    assert mend(rows).rows is rows
