"""What the demonstration shows: the article's table beside the warehouse's, how offices' own forms were read, or planted faults beside findings.

What does not belong here: making the city or loading it.
"""

import duckdb
import polars as pl
from rich.table import Table

from pipeline.paths import Home
from pipeline.presentation import number, percent
from pipeline.sample.recall import measure

NEXT = "Next: data/warehouse/exports/reports.xlsx; docs/analysts.md for SQL; `make dev` for lineage and history; `make load` again."
CITY = "unit_type_code = 'CITY' AND period = '2021' AND period_type_code = 'YEAR'"

# label, column, share, the article's words; the article rounds the first share to one digit and the others to two
Line = tuple[str, str, str | None, str]
MEMBERS: list[Line] = [
    ("Đảng viên", "population", None, "53.895"),
    ("Đảng viên được xếp loại", "rated", None, "49.463"),
    ("Hoàn thành tốt nhiệm vụ (gồm cả xuất sắc)", "good_inclusive", "good_inclusive_share_of_rated", "47.284 · 95,6%"),
    ("  trong đó hoàn thành xuất sắc (so với tốt)", "excellent", "excellent_share_of_good", "8.715 · 18,43%"),
    ("Hoàn thành nhiệm vụ", "completed", "completed_share_of_rated", "2.013 · 4,07%"),
    ("Không hoàn thành nhiệm vụ", "not_completed", "not_completed_share_of_rated", "166 · 0,34%"),
]
LEADERS: list[Line] = [
    ("Cán bộ lãnh đạo, quản lý được xếp loại", "rated", None, "1.236"),
    ("  xuất sắc", "excellent", None, "434"),
    ("  tốt", "good_exclusive", None, "790"),
    ("  hoàn thành", "completed", None, "9"),
    ("  không hoàn thành", "not_completed", None, "3"),
]
DISCIPLINED: list[Line] = [
    ("Đảng viên bị kỷ luật", "persons_disciplined", None, "127"),
    ("  tăng so với năm 2020", "change_on_last_year", None, "59"),
    ("  thành ủy viên", "committee_provincial", None, "1"),
    ("  huyện ủy viên và tương đương", "committee_superior_of_base", None, "1"),
    ("  đảng ủy viên", "committee_base", None, "4"),
    ("  chi ủy viên", "committee_cell", None, "19"),
]
PARTS: list[tuple[list[Line], str]] = [
    (MEMBERS, f"reports.rpt_rating_summary WHERE {CITY} AND rating_system_code = 'PARTY_MEMBER'"),
    (LEADERS, f"reports.rpt_rating_summary WHERE {CITY} AND rating_system_code = 'LEADER'"),
    (DISCIPLINED, "reports.rpt_discipline_summary WHERE unit_type_code = 'CITY' AND year = 2021"),
]


def article(db: duckdb.DuckDBPyConnection) -> tuple[Table, bool]:
    """The warehouse's figures beside the published ones, and whether all are equal as printed."""
    table = Table(title="Đảng bộ thành phố, năm 2021", title_justify="left")
    table.add_column("Nội dung")
    for name in ("Kho dữ liệu", "Bài báo", ""):
        table.add_column(name, justify="right")
    equal = True
    for lines, source in PARTS:
        row = db.execute(f"SELECT * FROM {source}").pl().row(0, named=True)
        for label, column, share, printed in lines:
            digits = len(printed.rsplit(",", 1)[1]) - 1 if share else 0
            ours = _number(row[column]) + (f" · {_percent(row[share], digits)}" if share else "")
            equal = equal and ours == printed
            table.add_row(label, ours, printed, "✓" if ours == printed else "✗")
        table.add_section()
    return table, equal


def _number(value: int | None) -> str:
    return "—" if value is None else number(value)


def _percent(share: float | None, digits: int) -> str:
    return "—" if share is None else percent(share, digits)


def recall(home: Home, db: duckdb.DuckDBPyConnection) -> tuple[Table, str]:
    """Planted faults beside findings, by rule and version of the law; and both figures in a sentence."""
    found = db.execute(
        "SELECT s.path, f.sheet, f.row_no, f.rule_code, f.version_code FROM restricted.whole.findings f JOIN restricted.whole.submissions s USING (submission_key)"
    ).pl()
    (as_of,) = db.execute("SELECT max(as_of) FROM quality.loads").fetchone() or ()
    result = measure(home.truth / "faults.csv", found, as_of)
    table = Table(title="Lỗi đã gài và lỗi tìm thấy", title_justify="left")
    for name in ("Quy tắc", "Bản luật", "Đã gài", "Tìm thấy", "Bỏ sót", "Báo nhầm"):
        table.add_column(name, justify="left" if name in ("Quy tắc", "Bản luật") else "right", no_wrap=True)
    for row in result.by_rule.iter_rows():
        table.add_row(*("" if v is None else str(v) for v in row))
    broken = result.by_rule.filter(pl.col("found") > 0)["version_code"].drop_nulls().n_unique()
    return (
        table,
        f"recall: {result.recall:.1%}   false alarms: {result.false_alarms}   versions of the law that were broken and found: {broken}",
    )


# What tells how a list was read; every other finding on it asks its office for something.
NOTICES = ("column_said_above", "column_follows_from_others", "unit_from_sheet")
LISTS = f"""
    SELECT path, dataset_code AS dataset, verdict_code = 'ACCEPTED' AND rows_set_aside + rows_kept_out = 0 AS is_whole, rows_read,
        (SELECT count(*) FILTER (rule_code NOT IN {(*NOTICES, "column_known")}) FROM restricted.whole.findings f WHERE f.submission_key = s.submission_key) AS asked,
        (SELECT count(*) FILTER (rule_code = 'column_known') FROM restricted.whole.findings f WHERE f.submission_key = s.submission_key) AS unread
    FROM restricted.whole.submissions s
    WHERE is_current
"""


def read_alone(home: Home, db: duckdb.DuckDBPyConnection) -> tuple[int, int, int, int]:
    """Files; those that came in forms of their offices' own; the kinds of these; and how many of these were read without anybody's help: every list
    accepted with all of its people, and nothing asked. The sample city's registry says nothing of any form."""
    lists, sent = db.execute(LISTS).pl(), pl.read_csv(home.truth / "forms.csv")
    is_alone = (
        pl.col("is_whole") & (pl.col("rows_read") == pl.col("people")) & (pl.col("asked") == 0) & (pl.col("unread") <= pl.col("strange"))
    )
    of = sent.join(lists, on=["path", "dataset"], how="left").group_by("path").agg(is_alone.fill_null(False).all().alias("is_alone"))
    return lists["path"].n_unique(), of.height, sent["kind"].n_unique(), int(of["is_alone"].sum())


def forms(home: Home, db: duckdb.DuckDBPyConnection) -> str:
    """`read_alone` in a sentence."""
    files, own, kinds, alone = read_alone(home, db)
    return f"{own:,} of {files:,} files came in forms of their offices' own, of {kinds} kinds; {alone:,} of them were read without anybody's help."
