"""A second count of a city's figures: straight from the cells of raw files, with other readers and without a line of the project's own.

    .venv/bin/python tests/independent_count.py HOME      compares a loaded home, and prints what differs

Counted are decided levels by year and system, forms of discipline by year and system, and persons on the rosters by year. Left out are only
rows and files that the warehouse itself says it kept out (set aside, not of record, refused, replaced): whatever it does not tell of must be in
its figures. It knows how the sample city's offices write, and no more. What does not belong here: any import from `pipeline` but of
what opens the files in which the warehouse says what it kept out.
"""

import csv
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import duckdb
from openpyxl import load_workbook

from pipeline.ledger.sealed import seal_of
from pipeline.paths import Home
from pipeline.warehouse import landing

Place = tuple[str, str, int]  # path below raw, sheet ("" in a CSV), row

KINDS = {
    "ratings": ("xep loai", "danh gia", "rating"),
    "discipline": ("ky luat", "ki luat", "discipline"),
    "personnel": ("nhan su", "ho so", "danh sach", "dang vien", "personnel"),
}
LEVELS = {
    "EXCELLENT": (
        "hoan thanh xs nhiem vu",
        "hoan thanh xs nv",
        "hoan thanh xsnv",
        "ht xs nv",
        "ht xsnv",
        "hoan thanh xuat sac nhiem vu",
        "hoan thanh xuat sac",
        "xuat sac",
        "htxsnv",
        "htxs",
        "htsxnv",
        "xs",
        "a",
        "excellent",
        "hoan thanh xuat sac nv",
        "ht xuat sac nhiem vu",
        "ht xuat sac nv",
    ),
    "GOOD": (
        "hoan thanh tnv",
        "ht tnv",
        "hoan thanh tot nhiem vu",
        "hoan thanh tot",
        "tot",
        "httnv",
        "htt",
        "b",
        "good",
        "hoan thanh tot nv",
        "ht tot nhiem vu",
        "ht tot nv",
    ),
    "COMPLETED": ("hoan thanh nhiem vu", "hoan thanh", "htnv", "ht", "c", "completed", "hoan thanh nv", "ht nhiem vu"),
    "NOT_COMPLETED": (
        "khong ht nhiem vu",
        "khong ht nv",
        "khong htnv",
        "ko hoan thanh",
        "ko hoan thanh nhiem vu",
        "ko hoan thanh nv",
        "ko htnv",
        "khong ht",
        "khong hoan thanh nhiem vu",
        "khong hoan thanh",
        "khtnv",
        "kht",
        "d",
        "not completed",
        "khong hoan thanh nv",
    ),
    "CLEAN_STRONG": ("trong sach vung manh (den 2017)",),  # levels of earlier years, as the city's own lists offer them
    "LIMITED": ("hoan thanh nhiem vu nhung con han che ve nang luc (den 2019)",),
    "WEAK": ("yeu kem (den 2017)",),
    "NOT_RATED": (
        "ko xep loai",
        "ko xl",
        "khong xep loai",
        "khong phan loai",
        "kxl",
        "chua xep loai",
        "khong xl",
        "chua xl",
        "khong danh gia",
        "not rated",
    ),
}
SYSTEMS = {
    "PARTY_MEMBER": ("", "dang vien", "dv"),
    "LEADER": ("can bo lanh dao quan ly", "lanh dao quan ly", "lanh dao", "can bo lanh dao", "ldql"),
    "CADRE": ("can bo", "cb"),
    "CIVIL_SERVANT": ("cong chuc", "cc"),
    "PUBLIC_EMPLOYEE": ("vien chuc", "vc"),
    "COLLECTIVE": ("tap the", "to chuc dang", "tap the lanh dao", "tap the lanh dao quan ly"),
}
FORMS = {
    "REPRIMAND": ("khien trach", "kt"),
    "WARNING": ("canh cao", "cc"),
    "SALARY_DOWNGRADE": ("ha bac luong",),
    "DEMOTION": ("giang chuc",),
    "REMOVAL": ("cach chuc",),
    "RECALL": ("bai nhiem",),
    "DISMISSAL": ("buoc thoi viec",),
    "EXPULSION": ("khai tru", "khai tru khoi dang", "khai tru ra khoi dang"),
    "DISSOLUTION": ("giai tan",),
}
HEADERS = {
    "level": (
        "muc xep loai",
        "xep loai",
        "ket qua xep loai",
        "cap co tham quyen quyet dinh",
        "xep loai chat luong",
        "ket qua",
        "cap tren quyet dinh",
        "cap co tham quyen xep loai",
        "dang uy quyet dinh",
        "dang uy xep loai",
        "ket qua danh gia",
        "ket qua danh gia xep loai",
        "ket qua xep loai chat luong",
        "ket qua phan loai",
        "muc phan loai",
        "phan loai",
        "muc do hoan thanh nhiem vu",
    ),
    "system": ("he xep loai", "doi tuong xep loai", "doi tuong"),
    "period": ("ky xep loai", "ky danh gia", "ky", "nam", "nam xep loai"),
    "form": ("hinh thuc ky luat", "hinh thuc", "hinh thuc xu ly", "hinh thuc thi hanh ky luat", "hinh thuc xu ly ky luat", "muc ky luat"),
    "number": (
        "so cccd",
        "cccd/cmnd",
        "cccd",
        "so dinh danh",
        "so ddcn",
        "can cuoc",
        "so dinh danh ca nhan",
        "so cmnd/cccd",
        "can cuoc cong dan",
        "so can cuoc cong dan",
        "can cuoc cong dan so",
        "cccd so",
        "can cuoc so",
        "can cuoc cong dan so the",
        "can cuoc so the",
        "cccd so the",
        "ma dinh danh",
        "ma so dinh danh",
        "so cc/cccd",
        "so the cccd",
        "so cmnd/the cccd",
        "so dinh danh/cccd",
        "so cccd/dinh danh",
        "so the can cuoc",
        *(
            f"{card} {what}"
            for card in (
                "can cuoc cong dan",
                "can cuoc",
                "the can cuoc",
                "the can cuoc cong dan",
                "cccd",
                "the cccd",
                "cmnd/cccd",
                "cccd/cmnd",
            )
            for what in ("so the", "so")
        ),
        "so can cuoc",
        *(
            f"{so}{cards}"
            for so in ("", "so ")
            for cards in (
                *(f"{pair}{more}" for pair in ("cccd/cmnd", "cmnd/cccd") for more in ("", "/hc", "/ho chieu")),
                *("cccd/ho chieu", "cmnd/can cuoc", "cccd cmnd", "cmnd cccd", "cccd hoac cmnd", "cmnd hoac cccd"),
            )
        ),
    ),
}


@dataclass
class Counts:
    """What was counted: (year, system, level), (year, form), and the people on each year's rosters."""

    levels: Counter = field(default_factory=Counter)
    forms: Counter = field(default_factory=Counter)
    persons: dict[str, set[str]] = field(default_factory=dict)


@lru_cache(maxsize=10_000, typed=True)  # 1, 1.0 and True are one key otherwise
def plain(cell: object) -> str:
    """Lower case, no tones, single spaces, nothing that cannot be seen."""
    text = unicodedata.normalize("NFD", str("" if cell is None else cell).lower().replace("đ", "d"))
    text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(re.sub(r"[-_.,;:*]", " ", text).split())


def sheets(file: Path) -> Iterator[tuple[str, list[list[object]]]]:
    """Each sheet's name and rows; a CSV is one without a name."""
    if file.suffix == ".csv":
        text = file.read_text("utf-8-sig")
        delimiter = max(",;", key=lambda d: sum(line.count(d) for line in text.splitlines()))
        yield "", list(csv.reader(text.splitlines(), delimiter=delimiter))
    else:
        for sheet in load_workbook(file, data_only=True, read_only=False).worksheets:
            yield sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)]


def columns(rows: list[list[object]]) -> tuple[int, dict[str, int]]:
    """The header row, the first that names an identity number or a level among five cells, and where what stands."""
    for n, row in enumerate(rows[:15]):
        words = [re.sub(r"^(so dinh danh|so cccd).*", r"\1", plain(cell)) for cell in row]  # whatever is misspelled at its end
        if sum(map(bool, words)) >= 4 and any(w in HEADERS["number"] for w in words):
            return n, {what: next((words.index(h) for h in headers if h in words), -1) for what, headers in HEADERS.items()}
    return -1, {}


def code(words: dict[str, tuple[str, ...]], cell: object) -> str | None:
    said = plain(cell)
    return next((c for c, spelled in words.items() if said in spelled), None)


def digits(cell: object) -> str:
    """An identity number's digits; a number lost the zeros before it."""
    text = re.sub(r"\D", "", str(int(cell)) if isinstance(cell, float) else str(cell))
    return text.zfill(12) if len(text) > 9 else text


def count(raw: Path, without: set[Place], without_files: set[str]) -> Counts:
    """Levels, forms and persons of all files below raw/<period>/<unit>/, without some rows and files."""
    counts = Counts()
    for file in sorted(p for p in raw.glob("20*/*/*") if p.suffix in (".xlsx", ".csv")):
        path = file.relative_to(raw).as_posix()
        if path in without_files:
            continue
        for name, rows in sheets(file):
            kind = next(
                (k for k, words in KINDS.items() for title in (name, file.stem) if any(w in plain(title) for w in words) and title), None
            )
            top, at = columns(rows)
            if kind is None or top < 0:
                continue
            marks = {c: n for n, head in enumerate(rows[top]) if (c := code(LEVELS, head))}  # a column for each level, with a mark
            for number, row in enumerate(rows[top + 1 :], start=top + 2):
                if (path, name, number) in without or not any(plain(cell) for cell in row[1:]):
                    continue
                _take(counts, kind, path[:4], row, at, marks)
    return counts


def _take(counts: Counts, kind: str, year: str, row: list[object], at: dict[str, int], marks: dict[str, int]) -> None:
    def cell(what: str) -> object:
        return row[at[what]] if 0 <= at[what] < len(row) else None

    level = code(LEVELS, cell("level")) if at["level"] >= 0 else next((c for c, n in marks.items() if n < len(row) and plain(row[n])), None)
    if kind == "ratings" and level:
        quarter = re.search(r"\bq(?:uy)? ?([1-4]|i{1,3}|iv)\b", plain(cell("period")))
        system = code(SYSTEMS, cell("system")) if at["system"] >= 0 else "PARTY_MEMBER"
        counts.levels[year, "QUARTER" if quarter else "YEAR", system, level] += 1
    elif kind == "discipline":
        counts.forms[year, code(FORMS, cell("form"))] += 1
    elif kind == "personnel":  # without a number a row is a person by itself
        counts.persons.setdefault(year, set()).add(digits(cell("number")) if cell("number") else " ".join(map(plain, row)))


# ── the warehouse's own ──────────────────────────────────────────────────────────────────────────────────────────


def kept_out(home: Path) -> tuple[set[Place], set[str]]:
    """Rows and files that the warehouse says are not in its figures."""
    sealed = Home(home)
    with seal_of(sealed).opened(sealed.analyst) as file, duckdb.connect(str(file), read_only=True) as db:
        rows = db.execute(
            "SELECT s.path, coalesce(n.sheet, ''), n.row_no FROM whole.not_of_record n JOIN whole.submissions s USING (submission_key)"
        ).fetchall()
        paths = dict(db.execute("SELECT submission_key, path FROM whole.submissions").fetchall())
        files = {p for (p,) in db.execute("SELECT path FROM whole.submissions GROUP BY path HAVING NOT bool_or(is_current)").fetchall()}
    aside = landing.landed(sealed, landing.in_force(sealed), "set_aside").select("submission_key", "sheet", "row_no")
    rows += [(paths[key], sheet or "", row) for key, sheet, row in aside.iter_rows()]
    return set(rows), files


def published(home: Path) -> Counts:
    with duckdb.connect(str(home / "warehouse/personnel.duckdb"), read_only=True) as db:
        levels = db.execute(
            "SELECT CAST(year AS VARCHAR), period_type_code, rating_system_code, decided_level_code, count(*) FROM core.fct_ratings GROUP BY ALL"
        ).fetchall()
        forms = db.execute("SELECT CAST(year AS VARCHAR), discipline_form_code, count(*) FROM core.fct_discipline GROUP BY ALL").fetchall()
        persons = db.execute("SELECT CAST(year AS VARCHAR), person_key FROM core.fct_personnel").fetchall()
    found = Counts(Counter({tuple(key): n for *key, n in levels}), Counter({tuple(key): n for *key, n in forms}))
    for year, person in persons:
        found.persons.setdefault(year, set()).add(person)
    return found


def both(home: Path) -> tuple[Counts, Counts]:
    """Counted from the cells, and published."""
    return count(home / "raw", *kept_out(home)), published(home)


def differences(home: Path) -> list[str]:
    """What the two counts do not agree on, a line each."""
    return told(*both(home))


def told(ours: Counts, theirs: Counts) -> list[str]:
    lines = []
    for name in ("levels", "forms"):
        one, other = getattr(ours, name), getattr(theirs, name)
        lines += [
            f"{name} {key}: cells {one[key]}, published {other[key]}" for key in sorted({*one, *other}, key=str) if one[key] != other[key]
        ]
    for year in sorted({*ours.persons, *theirs.persons}):
        counted = [len(c.persons.get(year, ())) for c in (ours, theirs)]
        lines += [f"persons {year}: cells {counted[0]}, published {counted[1]}"] if counted[0] != counted[1] else []
    return lines


if __name__ == "__main__":
    home = Path(sys.argv[1])
    different = differences(home)
    print("\n".join(different) or f"The two counts agree: {sum(published(home).levels.values())} ratings.")
    sys.exit(bool(different))
