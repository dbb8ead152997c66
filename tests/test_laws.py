"""Laws over whole cities, from bytes to published tables: what may not matter does not, and one cell changes its row and nothing else.

What a law must leave out stands beside it, by name: NAMES says where a row stood and how it arrived, which is what a rewriting changes.
"""

import datetime as dt
import shutil
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import independent_count
import polars as pl
import pytest
from clean import UNITS, make_table
from conftest import pipeline, write_workbook
from conftest import tables as published
from dirt import KINDS, spoiled, table_for
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from pipeline import nightly
from pipeline.codes import code_lists, fold
from pipeline.intake.files import read_chunk
from pipeline.intake.readings import Source
from pipeline.judging.layouts import layout_of
from pipeline.judging.submissions import judge_batch
from pipeline.ledger.find import find_registry
from pipeline.ledger.records import Line, read_loads
from pipeline.ledger.sealed import load_key
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import catalogued, own_columns, template_columns
from pipeline.schemas.kinds import key_name, meta
from pipeline.schemas.landed import compared_keys, landed_columns
from pipeline.warehouse import landing, people
from pipeline.warehouse.publish import whose

Tables = dict[str, pl.DataFrame]
Rows = list[list[Any]]
# Where a row stood and how it came, and how many rows of this version are before it: all that a rewriting of the same rows may change.
NAMES = {
    "submission_key", "record_submission_key", "sheet_no", "record_sheet_no", "row_no", "record_row_no", "cell",
    "first_load_id", "newest_load_id", "newest_line_no", "line_count", "content_count", "submission_count", "registry_hash",
    "finding_key", "explanation_key", "fault_no", "submission_no", "person_no", "rating_no", "rotation_no", "training_no", "discipline_no",
}  # fmt: skip
UNIT = own_columns(SCHEMAS["ratings"])["unit"]
UNIT_HEADERS = {fold(header) for header in (UNIT.title, *meta(UNIT).aliases)}
# What the law decides (R18) where this is what was written: how long a decision is in effect, and that it has lapsed.
DECIDED = {"effect_end_on": None, "effect_end_on_precision_code": None, "discipline_status_code": "ACTIVE"}
# A dataset's own columns of which its facts hold no value: what only tells of a person stands with the person; places become keys.
NOT_IN_FACTS = {
    "personnel": {"birth_date", "sex_code", "ethnicity_code", "education_code", "political_theory_code"},
    "rotation": {"from_unit", "to_unit"},
}


def by_code(home: Home, frame: pl.DataFrame, dataset: str) -> pl.DataFrame:
    """Keys of words as they are published: where the city's catalogue knows the word, that of the thing's code."""
    key, known = load_key(home), nightly.check_registry(home, find_registry(home)).catalogue_words()
    for of in catalogued(SCHEMAS[dataset]):
        if of.key in frame.columns:
            own = known.filter(catalogue=of.catalogue)
            codes = pl.Series([fold(code) for code in own["item_code"]], dtype=pl.String)
            placed = dict(zip(people.keyed(own["word"], key), people.keyed(codes, key), strict=True))
            frame = frame.with_columns(pl.col(of.key).replace(placed))
    return frame


def without_names(whole: Tables) -> Tables:
    return {t: frame.drop([c for c in frame.columns if c in NAMES]).sort(pl.all()) for t, frame in whole.items() if t != "quality.loads"}


def differing(one: Tables, other: Tables) -> dict[str, int]:
    """Table → rows that only one of them has."""
    found = {}
    for name, frame in one.items():
        both = pl.concat([frame.with_columns(side=1), other[name].with_columns(side=-1)])
        left = both.group_by(frame.columns).agg(pl.col("side").sum()).filter(pl.col("side") != 0)
        if left.height:
            found[name] = left.height
    return found


def only_in(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    return one.join(other, on=one.columns, how="anti", nulls_equal=True)


def load(home: Home, rows_per_batch: int = 250_000, files_per_task: int = 40, workers: int = 2, **extra: str) -> None:
    """`small` is loaded by one worker: its files are one task."""
    first = "import pipeline.intake.workers as w, pipeline.nightly.batches as n"
    first += f"; w.CHUNK, n.FEWEST_ROWS, n.MOST_ROWS = {files_per_task}, {rows_per_batch}, {rows_per_batch}"
    first += f"; w.os.cpu_count = lambda: {workers}"
    done = pipeline(home, "load", first=first, **extra)
    assert done.returncode == 0, done.stdout + done.stderr


def copy_raw(small: Home, root: Path) -> Home:
    """The small city's files alone, under the key that it has: the same people get the same keys."""
    home = Home(root / "data")
    shutil.copytree(small.raw, home.raw)
    home.archive.mkdir(parents=True)
    for file in (small.key, small.key.with_suffix(".check")):
        shutil.copy(file, home.archive)
    return home


def sheets_of(file: Path) -> dict[str, Rows]:
    """A workbook's cells, read by another reader than ours."""
    return {
        sheet.title: [[v.date() if isinstance(v, dt.datetime) else v for v in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in load_workbook(file, data_only=True).worksheets
    }


def header_of(rows: Rows) -> int:
    """The first row that names five columns: the titles above it fill fewer cells."""
    return next(n for n, row in enumerate(rows) if sum(cell is not None for cell in row) >= 5)


def workbooks(home: Home) -> list[Path]:
    return sorted(file for year in ("2020", "2021") for file in (home.raw / year).rglob("*.xlsx"))


@pytest.fixture(scope="module")
def as_it_is(small: Home) -> Tables:
    return without_names(published(small))


# ── what may not matter ──────────────────────────────────────────────────────────────────────────────────────────


def shuffled(rows: Rows, rng: Random) -> Rows:
    """Rows and columns in another order. Of two rows with one identity number the upper one stays above (it is the record); rows that name no
    unit go before those that do (blanks below a unit are asked about)."""
    top = header_of(rows)
    head, details = rows[top], [row for row in rows[top + 1 :] if any(cell is not None for cell in row)]
    number = next((n for n, cell in enumerate(head) if cell and any(w in cell for w in ("CCCD", "định danh", "ĐDCN", "Căn cước"))), 0)
    turn: dict[Any, float] = {}
    details.sort(key=lambda row: turn.setdefault(row[number], rng.random()))
    unit = next((n for n, cell in enumerate(head) if cell and fold(cell) in UNIT_HEADERS), 0)
    details.sort(key=lambda row: row[unit] is not None)
    order = list(range(1, len(head)))
    rng.shuffle(order)
    return [*rows[:top], *[[row[0], *(row[n] for n in order)] for row in (head, *details)]]


def test_order_of_rows_columns_and_files_batches_workers_and_hash_seeds_do_not_matter(
    small: Home, as_it_is: Tables, tmp_path: Path
) -> None:
    home, rng = copy_raw(small, tmp_path), Random(7)
    for file in workbooks(home):
        sheets = [(name, shuffled(rows, rng)) for name, rows in sheets_of(file).items()]
        rng.shuffle(sheets)
        write_workbook(file, dict(sheets))
        file.rename(file.with_name(f"{rng.randrange(1000):03} {file.name}"))
    assert len(workbooks(home)) > 2 * 3, "tasks enough for three workers"
    load(home, rows_per_batch=300, files_per_task=2, workers=3, PYTHONHASHSEED="17")
    assert differing(as_it_is, without_names(published(home))) == {}


def test_how_tables_are_parted_into_files_and_sheets_does_not_matter(small: Home, as_it_is: Tables, tmp_path: Path) -> None:
    """A file per dataset instead of a workbook, and one table over two sheets."""
    home = copy_raw(small, tmp_path)
    for file in workbooks(home):
        for name, rows in sheets_of(file).items():
            top = header_of(rows)
            half = top + 1 + (len(rows) - top) // 2
            parts = {"Trang 1": rows[:half], "Trang 2": [*rows[: top + 1], *rows[half:]]} if len(rows) > half else {name: rows}
            write_workbook(file.with_name(f"{name}.xlsx"), parts)
        file.unlink()
    load(home)
    assert differing(as_it_is, without_names(published(home))) == {}


# ── what one cell, row or file may change ────────────────────────────────────────────────────────────────────────


class Dirty:
    """The small city with one cell changed, two faulty rows added, and a district beside it whose offices send every kind of dirt."""

    def __init__(self, small: Home, root: Path):
        self.home = copy_raw(small, root)
        self._change_a_level("Q01.002")
        self._add_faulty_rows("Q01.003")
        self.sent = self._send_dirt("Q77")
        # a hundred offices of a handful of people: many of them stand alone
        load(self.home, rows_per_batch=900, files_per_task=9, PERSONNEL_LARGEST_OUTSIDER="100")
        self.tables, self.whole = published(self.home), published(self.home, self.home.analyst)

    def _file(self, unit: str) -> Path:
        return next((self.home.raw / "2021" / unit).glob("*.xlsx"))

    def _edit(self, unit: str, change: Callable[[dict[str, Rows]], None]) -> None:
        sheets = sheets_of(self._file(unit))
        change(sheets)
        write_workbook(self._file(unit), sheets)

    def _change_a_level(self, unit: str) -> None:
        """One member's decided level, from completed to not completed."""
        level = own_columns(SCHEMAS["ratings"])["decided_level_code"]
        called, completed = (
            {fold(h) for h in (level.title, *meta(level).aliases)},
            {fold(w) for c in code_lists()["rating_level"] if c.code == "COMPLETED" for w in (c.label_vi, c.label_en, *c.aliases)},
        )

        def change(sheets: dict[str, Rows]) -> None:
            for rows in sheets.values():
                top = header_of(rows)
                at = next((n for n, cell in enumerate(rows[top]) if cell and fold(cell) in called), None)
                row = next((r for r in rows[top + 1 :] if at is not None and fold(str(r[at])) in completed), None)
                if row:
                    row[at] = "Không hoàn thành nhiệm vụ"
                    return
            raise AssertionError("nobody there is rated so")

        self._edit(unit, change)

    def _add_faulty_rows(self, unit: str) -> None:
        """In every table its first row again, with letters in the identity number."""

        def change(sheets: dict[str, Rows]) -> None:
            for rows in sheets.values():
                top = header_of(rows)
                if len(rows) > top + 1:
                    rows.append([f"{c[:-1]}x" if isinstance(c, str) and len(c) == 12 and c.isdigit() else c for c in rows[top + 1]])

        self._edit(unit, change)

    def _send_dirt(self, district: str) -> dict[tuple[str, str], Any]:
        """A base organisation for each kind of dirt, with the cells that clean tables speak of. Gives what each file should yield."""
        units = sheets_of(self.home.registry / "units.xlsx")["Đơn vị"]
        city = next(row for row in units if row[0] and row[4] is None)
        since, types = city[5], {row[3] for row in units[1:]}
        superior, committee, cell = (
            next(t for t in types if words in t.lower()) for words in ("cấp trên", "đảng bộ cơ sở", "chi bộ trực thuộc")
        )
        units.append([district, district, "Đảng bộ quận Bảy Bảy", superior, city[0], since, None])
        sent = {}
        for n, name in enumerate(name for name, kind in KINDS.items() if not kind.is_deadly):
            unit, rng = f"{district}.{n:03}", Random(name)
            units.append([unit, unit, f"Đảng bộ cơ quan {n}", committee, district, since, None])
            units += [[f"{unit}.{i}", f"{unit}.{i}", words, cell, unit, since, None] for i, words in enumerate(UNITS[:5])]
            file, data, expected = spoiled(name, table_for(name, rng), rng)
            folder = self.home.raw / "2021" / unit
            folder.mkdir(parents=True)
            (folder / file).write_bytes(data)
            sent[unit, name] = expected
        write_workbook(self.home.registry / "units.xlsx", {"Đơn vị": units})
        return sent

    def landed(self, table: str) -> pl.DataFrame:
        return landing.landed(self.home, read_loads(self.home)[-1].contract, table)


@pytest.fixture(scope="module")
def dirty(small: Home, tmp_path_factory: pytest.TempPathFactory) -> Dirty:
    return Dirty(small, tmp_path_factory.mktemp("dirty"))


def test_one_cell_changes_its_row_and_what_is_counted_from_it(dirty: Dirty, as_it_is: Tables) -> None:
    """And a hundred dirty files and faulty rows of others change nothing of it: of the clean units' tables nothing else differs."""
    now = without_names(dirty.tables)
    units = dirty.tables["core.dim_unit"]
    strange = set(units.filter(pl.col("unit_code").str.starts_with("Q77"))["unit_key"])
    city = set(units.filter(unit_type_code="CITY")["unit_key"])
    above = units.filter(pl.col("unit_code").is_in(["Q01", "Q01.002"]) | pl.col("unit_code").str.starts_with("Q01.002."))
    found = {}
    for name, frame in as_it_is.items():
        schema, _, table = name.partition(".")
        if schema == "quality" or table in ("dim_unit", "bridge_unit_ancestor"):
            continue
        other = now[name]
        if "unit_key" in frame.columns:
            frame, other = (f.filter(~pl.col("unit_key").is_in([*strange, *city])) for f in (frame, other))
        if "period" in frame.columns:  # a quarter that somebody rates is a quarter for which everybody is counted
            other = other.filter(pl.col("period").is_in(frame["period"].unique().implode()))
        if table == "dim_person":
            other = other.filter(pl.col("person_key").is_in(frame["person_key"].implode()))
        gone, come = only_in(frame, other), only_in(other, frame)
        if gone.height or come.height:
            found[table] = (gone, come)
    assert set(found) <= {"fct_ratings", "rpt_rating_summary", "rpt_quota", "rpt_submission_status"}, found
    (gone, come) = found["fct_ratings"]
    assert gone["decided_level_code"].to_list() == ["COMPLETED"] and come["decided_level_code"].to_list() == ["NOT_COMPLETED"]
    same = [c for c in gone.columns if not c.endswith("level_code")]
    assert gone.select(same).equals(come.select(same))
    gone, come = found["rpt_rating_summary"]
    assert set(gone["unit_code"]) == set(come["unit_code"]) <= set(above["unit_code"])
    # the unit that added two faulty rows is told of them, and nothing else of it changes
    assert set(found.get("rpt_submission_status", (pl.DataFrame({"unit_code": []}),) * 2)[1]["unit_code"]) <= {"Q01.003"}


def test_what_is_said_of_the_other_senders_stays(small: Home, dirty: Dirty) -> None:
    """Their verdicts, counts and findings, and their rows that are not of record."""
    changed = pl.col("sender_code").is_in(["Q01.002", "Q01.003"]) | pl.col("sender_code").str.starts_with("Q77")
    said: list[Tables] = []
    for whole in (published(small), dirty.tables):
        senders = whole["quality.submissions"].select("submission_key", "sender_code").unique()
        of_rows = whole["quality.not_of_record"].join(senders, on="submission_key", how="left")
        tables = {t: whole[t] for t in ("quality.findings", "quality.submissions")} | {"quality.not_of_record": of_rows}
        said.append(without_names({t: frame.filter(~changed) for t, frame in tables.items()}))
    assert said[0]["quality.submissions"].height > 20 and differing(*said) == {}


def test_a_row_that_loses_to_another_of_its_period_is_told(dirty: Dirty) -> None:
    place = ["submission_key", "sheet", "row_no"]
    lost = dirty.whole["whole.not_of_record"].filter(reason_code="ANOTHER_ROW_IS_OF_RECORD")
    periods = dirty.whole["whole.submissions"].select("submission_key", "period")
    of_record = periods.rename({"submission_key": "record_submission_key", "period": "record_period"})
    lost = (
        lost.join(periods, on="submission_key")
        .join(of_record, on="record_submission_key")
        .filter(pl.col("period") == pl.col("record_period"))
    )
    assert lost.height and lost.join(dirty.whole["whole.findings"], on=place, how="anti", nulls_equal=True).is_empty()


def test_every_dirty_file_lands_as_its_writer_meant_it_beside_all_the_others(dirty: Dirty) -> None:
    key = load_key(dirty.home)
    submissions = dirty.landed("submissions")
    of_unit = {(s["sender_code"], s["dataset_code"]): s for s in submissions.to_dicts()}
    wrong = []
    for dataset, schema in SCHEMAS.items():
        rows = {(r["submission_key"], r["sheet"], r["row_no"]): r for r in dirty.landed(dataset).to_dicts()}
        own = own_columns(schema)
        columns = [c for c in landed_columns(schema) if c not in ("submission_key", "sheet", "row_no")]
        for (unit, name), expected in dirty.sent.items():
            submission = of_unit.get((unit, dataset))
            due = {place: row for place, row in expected.rows.items() if place[0] == dataset}
            if submission is None or submission["verdict_code"] == "REFUSED":
                wrong += [(name, "refused")] if due and not expected.or_refused else []
                continue
            landed = {place[1:]: row for place, row in rows.items() if place[0] == submission["submission_key"]}
            wrong += [(name, place, "is no row") for place in landed.keys() - {p[1:] for p in due}]
            for (_, sheet, row_no), row in due.items():
                typed = row | {key_name(c): row[c] and people.key_of(row[c], key) for c, col in own.items() if meta(col).kind.is_keyed}
                got = landed.get((sheet, row_no))
                wrong += [(name, row_no, c) for c in columns if got is None or (c in typed and got[c] != typed[c])]
    assert wrong == []


def test_every_landed_value_is_the_published_one_or_told_why_not(dirty: Dirty) -> None:
    """Each accepted row of a current submission is a fact with the same values, or stands in not_of_record."""
    place = ["submission_key", "sheet", "row_no"]
    current = dirty.whole["whole.submissions"].filter("is_current")["submission_key"]
    kept_out = dirty.whole["whole.not_of_record"].select(place)
    for dataset in SCHEMAS:
        landed = dirty.landed(dataset).filter(pl.col("submission_key").is_in(current.implode()))
        landed = by_code(dirty.home, landed, dataset)
        facts = dirty.whole[f"whole.fct_{dataset}"]
        missing = landed.select(place).join(facts, on=place, how="anti", nulls_equal=True)
        assert missing.join(kept_out, on=place, how="anti", nulls_equal=True).is_empty(), dataset
        same = [c for c in landed.columns if c in facts.columns and c not in place]
        assert len(same) > 5
        both = facts.select(*place, *same).join(landed.select(*place, *same), on=place, suffix=" landed", nulls_equal=True)
        assert both.height == facts.height
        for column in same:
            meant = pl.col(f"{column} landed")
            meant = meant.fill_null(False) if both.schema[column] == pl.Boolean and not facts[column].null_count() else meant
            by_law = meant.eq_missing(pl.lit(DECIDED[column])) if column in DECIDED else pl.lit(False)
            assert both.filter(pl.col(column).ne_missing(meant) & ~by_law).is_empty(), (dataset, column)


def test_every_value_that_was_written_is_published(small: Home) -> None:
    """The generator's own truth against the facts, row by row and column by column."""
    whole, key = published(small) | published(small, small.analyst), load_key(small)
    codes = whole["core.dim_unit"].select("unit_key", "unit_code").unique()
    persons = whose(small).select("person_key", identity_key=people.keyed(whose(small)["identity_number"], key)).unique()
    for dataset, schema in SCHEMAS.items():
        truth, facts, own = pl.read_parquet(small.truth / f"{dataset}.parquet"), whole[f"whole.fct_{dataset}"], template_columns(schema)
        for column, col in own.items():
            if meta(col).kind.is_keyed:
                text = (
                    truth[column]
                    if meta(col).kind.name == "identity"
                    else pl.Series(column, [v and fold(v) for v in truth[column]], pl.String)
                )
                truth = truth.with_columns(people.keyed(text, key).alias(key_name(column)))
            if meta(col).default:
                truth = truth.with_columns(pl.col(column).fill_null(meta(col).default))
            if meta(col).kind.name == "boolean" and not facts[column].null_count():
                truth = truth.with_columns(pl.col(column).fill_null(False))
        truth = by_code(small, truth, dataset)
        facts = facts.join(codes, on="unit_key", how="left").rename({"unit_code": "unit"}).join(persons, on="person_key", how="left")
        same = [c for c in truth.columns if c in facts.columns]
        landed = {key_name(c) if meta(col).kind.is_keyed else c for c, col in own.items()}
        assert landed - set(same) == {"full_name", "note", "birth_date", "party_card_key", "staff_key"} | NOT_IN_FACTS.get(dataset, set())
        written, stands = truth.select(same), facts.select(same).cast(dict(truth.select(same).schema))
        rest = [c for c in same if c not in DECIDED]
        assert written.sort(rest).select(rest).equals(stands.sort(rest).select(rest)), dataset
        for column in DECIDED.keys() & set(same):
            told = written.select(*rest, column).filter(pl.col(column).ne_missing(pl.lit(DECIDED[column])))
            assert told.join(stands, on=told.columns, how="anti", nulls_equal=True).is_empty(), (dataset, column)


# ── one cell, any character ──────────────────────────────────────────────────────────────────────────────────────


def judged(files: list[tuple[str, bytes]], folder: Path) -> dict[str, pl.DataFrame]:
    """A batch of files, each of a unit of its own."""
    lines, sources = [], []
    for n, (name, data) in enumerate(files):
        file = folder / f"{n}"
        file.write_bytes(data)
        lines.append(Line(f"2021/U{n}/{name}", "2021", f"U{n}", f"hash {n}", len(data), ""))
        sources.append(Source(n, file, name))
    return judge_batch([read_chunk(sources, layout_of(SCHEMAS))], lines, b"key", set())


def csv_of(dataset: str, rng: Random) -> tuple[list[str], list[list[str]]]:
    from book import plain

    sheet = plain(make_table(rng, dataset))
    head = [own_columns(SCHEMAS[dataset])[c].title for c in sheet.columns]
    return head, [["" if r.get(c) is None else f"{r[c]:g}".replace(".", ",") if isinstance(r[c], int | float) else str(r[c]) for c in sheet.columns] for r in sheet.cells]  # fmt: skip


def as_csv(head: list[str], rows: list[list[str]]) -> bytes:
    import csv
    import io

    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([head, *rows])
    return text.getvalue().encode("utf-8", "surrogatepass")


CELLS = ("ratings", "personnel", "training", "ratings")  # the datasets of a batch of four files


@cache
def batch_of_four(seed: int) -> tuple[list[tuple[list[str], list[list[str]]]], Tables]:
    """The tables of four files, and what is judged of them."""
    rng = Random(seed)
    made = [csv_of(dataset, rng) for dataset in CELLS]
    with TemporaryDirectory() as folder:
        return made, judged([(f"{SCHEMAS[d].title}.csv", as_csv(*m)) for d, m in zip(CELLS, made, strict=True)], Path(folder))


@settings(max_examples=settings.default.max_examples * 2)
@given(
    seed=st.integers(0, 19),
    place=st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 99)),
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    alone=st.booleans(),
)
def test_a_cell_with_any_characters_changes_no_other_cell(
    tmp_path_factory: pytest.TempPathFactory, seed: int, place: tuple[int, int, int], text: str, alone: bool
) -> None:
    """All other cells of its row, its file and its batch keep their values, and every other row its verdict."""
    folder = tmp_path_factory.mktemp("cells")
    made, before = deepcopy(batch_of_four(seed))
    file, row, column = place
    column %= len(made[file][0])
    cell = made[file][1][row][column]
    made[file][1][row][column] = text if alone else cell[: len(cell) // 2] + text + cell[len(cell) // 2 :]
    after = judged([(f"{SCHEMAS[d].title}.csv", as_csv(*m)) for d, m in zip(CELLS, made, strict=True)], folder)
    keys = {s["sender_code"]: s["submission_key"] for s in after["submissions"].to_dicts()}
    refused = set(after["submissions"].filter(verdict_code="REFUSED")["submission_key"])
    assert refused <= {keys[f"U{file}"]}, "a refusal is of the whole file, and of no other"
    for dataset in set(CELLS):
        found = (before[dataset], after.get(dataset, before[dataset].clear()))  # its only file may be refused
        old, new = (f.filter(~pl.col("submission_key").is_in(list(refused))) for f in found)
        other = (pl.col("submission_key") != keys[f"U{file}"]) | (pl.col("row_no") != row + 2)
        assert only_in(old.filter(other), new).is_empty() and only_in(new.filter(other), old).is_empty()
        title = made[file][0][column]
        touched = {c: meta(col) for c, col in own_columns(SCHEMAS[dataset]).items() if col.title == title}
        own = {"period_type_code"} if "period" in touched else set()  # says what the period says
        for c, info in touched.items():
            own |= {c, *info.kind.landed(c), *(compared_keys(c, info) or ())}
        rest = [c for c in old.columns if c not in own]
        both = (
            old.filter(~other)
            .select(rest)
            .join(new.filter(~other).select(rest), on=["submission_key", "sheet", "row_no"], how="semi", nulls_equal=True)
        )
        assert only_in(both, new.select(rest)).is_empty(), (dataset, title)


# ── counted again by somebody else ───────────────────────────────────────────────────────────────────────────────


def test_a_count_straight_from_the_cells_agrees_with_what_is_published(small: Home) -> None:
    assert independent_count.differences(small.root) == []


def test_a_count_straight_from_the_cells_sees_one_level_that_is_not_the_cells(mine: Home) -> None:
    good = {word for code in code_lists()["rating_level"] if code.code == "GOOD" for word in (code.label_vi, *code.aliases)}
    file, sheets, row = next(
        (file, sheets, row)
        for file in workbooks(mine)
        if file.parent.parent.name == "2021"
        for sheets in [sheets_of(file)]
        for rows in sheets.values()
        for row in reversed(rows)
        if good.intersection(row)
    )
    row[:] = ["Không hoàn thành nhiệm vụ" if cell in good else cell for cell in row]
    write_workbook(file, sheets)  # and nobody loads it
    assert len(independent_count.differences(mine.root)) == 2
