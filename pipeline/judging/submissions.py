"""From readings of files to submissions: which rows are whose, verdicts, and the tables that land.

What does not belong here: reading, the rules themselves, how a row lands (without_people.py), and what only other files or the registry can say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from pipeline.codes import labels
from pipeline.frames import FINDINGS, MISSING, READ, TO_JUDGE
from pipeline.intake.forms import FormRead
from pipeline.intake.readings import Chunk, Note, Table
from pipeline.judging import validate
from pipeline.judging.others import rows_of
from pipeline.judging.recount import hold_against_cells
from pipeline.judging.titled import notes_of_titles
from pipeline.judging.told import Finding, file_finding
from pipeline.judging.without_people import left_aside, without_people, words_of
from pipeline.ledger.find import period_days
from pipeline.ledger.records import Line
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card
from pipeline.schemas.columns import own_columns
from pipeline.schemas.files import FILE_RULES
from pipeline.schemas.kinds import expected, meta
from pipeline.warehouse import landing_tables, people

ABSENT = (
    "required_column_present",
    "usual_column_present",
    "column_below_known_group",
    "one_column_of_levels",
)  # findings of a column that is not there, or not read


def submission_key(line: Line, dataset: str | None, key: bytes) -> str:
    """Period × sender × dataset × content. Keyed: who guesses a short file's rows must not see by its hash that he is right."""
    return people.key_of("|".join((line.period, line.sender_code, dataset or "~", line.content_hash)), key)


@dataclass
class _Submission:
    """A submission while its batch is judged."""

    line: Line
    dataset: str | None
    key: str
    rows_read: int = 0
    refused: str | None = None


def judge_batch(
    chunks: list[Chunk],
    lines: list[Line],
    key: bytes,
    known: set[str],
    judged: dict[str, validate.Judged] | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> dict[str, pl.DataFrame]:
    """The landing tables of some readings. `known` are submissions that already landed: the same bytes at another path; `confirmed`
    are versions of laws that the city has read.

    `judged` takes each dataset's rows as they were understood, for whoever shows them to their sender.
    """
    submissions: dict[str, _Submission] = {}
    numbers: list[tuple[int, str, str]] = []  # file number, dataset → submission
    letters: dict[str, list[Any]] = {c: [] for c in landing_tables.LETTERS}  # submission, sheet, column, row → letter
    sheets: list[tuple[str, str, int]] = []  # submission, sheet → which of its file's
    found: list[Finding] = []  # findings on files, sheets and headers
    headers: dict[tuple[str, str], int] = {}  # submission, sheet → row of its first header
    reasons: list[tuple[str, str, str]] = []  # submission, explanation key → what the unit wrote
    forms: list[tuple[Any, ...]] = []  # rows of FORMS
    objections: list[tuple[str, str, str, str]] = []  # rows of OBJECTIONS
    readings = [reading for chunk in chunks for reading in chunk.readings]
    for reading in sorted(readings, key=lambda r: r.source.number):
        line = lines[reading.source.number]
        datasets: Iterable[str | None] = dict.fromkeys(t.dataset for t in reading.tables) or [reading.dataset]
        made = {d: _Submission(line, d, submission_key(line, d, key)) for d in datasets}
        made = {d: s for d, s in made.items() if s.key not in known and s.key not in submissions}
        for dataset, submission in made.items():
            submissions[submission.key] = submission
            numbers.append((reading.source.number, dataset or "", submission.key))
            sheets += [(submission.key, name, number) for name, number in reading.sheets.items()]
            reasons += [(submission.key, name, words) for name, words in reading.reasons.items()]
            if reading.refused:
                submission.refused = reading.refused
                found.append(file_finding(submission.key, reading.refused, dataset))
        with_rows = {table.dataset for table in reading.tables if table.row_count}
        for table in reading.tables:
            if owner := made.get(table.dataset):
                headers.setdefault((owner.key, table.sheet), table.header_row)
                if table.dataset in with_rows:  # beside a list with rows it is told, and refuses nothing
                    table.notes = [replace(n, rule="row_is_no_person") if n.rule == "nil_says_only_so" else n for n in table.notes]
                _take_table(owner, table.sheet, table, letters, found)
                if table.form:
                    forms.append((owner.key, table.dataset, *_landed(table.form, table.said_besides, table.aside)))
        if made:
            first = next(iter(made.values()))
            found += [_note(first, note) for note in reading.notes]
            objections += [(first.key, *said) for said in reading.objections]
            forms += [(first.key, None, *_landed(form, {}, ())) for form in reading.unread]
    owners = pl.DataFrame(numbers, schema={"number": pl.Int32, "dataset": pl.String, "submission_key": pl.String}, orient="row")
    return _land(submissions, owners, chunks, letters, headers, found, key, confirmed, {} if judged is None else judged) | {
        "files": pl.DataFrame(
            [(ln.path, ln.content_hash) for ln in (lines[r.source.number] for r in readings)], schema=landing_tables.FILES, orient="row"
        ),
        "sheets": pl.DataFrame(sheets, schema=landing_tables.SHEETS, orient="row"),
        "objections": pl.DataFrame(objections, schema=landing_tables.OBJECTIONS, orient="row"),
        "forms": pl.DataFrame(forms, schema=landing_tables.FORMS, orient="row"),
        "explanations": pl.DataFrame(reasons, schema=landing_tables.EXPLANATIONS, orient="row"),
    }


def _landed(form: FormRead, assumed: Mapping[str, str], aside: Sequence[int]) -> tuple[Any, ...]:
    """A form as it lands, behind its submission and dataset."""
    return (
        form.sheet,
        form.first_row,
        form.code,
        form.columns,
        sorted(form.guessed),
        aside,
        [*assumed],
        [*assumed.values()],
        form.is_confirmed,
        form.meaning,
    )


def _take_table(submission: _Submission, sheet: str, table: Table, letters: dict[str, list[Any]], found: list[Finding]) -> None:
    submission.rows_read += table.row_count
    letters["column_name"] += table.letters
    letters["row_no"] += [None] * len(table.letters)
    letters["letter"] += table.letters.values()
    for column, rows in table.places.items():
        letters["column_name"] += [column] * len(rows)
        letters["row_no"] += rows
        letters["letter"] += rows.values()
    for name, value in (("submission_key", submission.key), ("sheet", sheet)):
        letters[name] += [value] * (len(letters["letter"]) - len(letters[name]))
    own = own_columns(SCHEMAS[table.dataset]) if table.missing else {}
    # a header with none of the columns that every such list has is no header of one: its rows would be rows of nothing
    is_one = any((meta(col).required or meta(col).wanted) and c not in table.missing for c, col in own.items())
    tells = card(SCHEMAS[table.dataset]).tells
    is_one = is_one and not (tells and table.letters.keys().isdisjoint(tells))
    for column, likest in table.missing.items():
        needed = meta(own[column]).required or not is_one
        if not needed and not table.row_count:
            continue  # nobody's values are unknown
        rule, title = "required_column_present" if needed else "usual_column_present", own[column].title
        words, (assumed, assumed_en) = FILE_RULES[rule], meta(own[column]).assumed if not needed else ("", "")
        if words.refuses:
            submission.refused = rule
        found.append(
            file_finding(
                submission.key,
                rule,
                table.dataset,
                sheet=sheet,
                row_no=table.header_row,
                column_name=column,
                says_vi=f"{words.says_vi} Thiếu cột “{title}”. {assumed}".strip(),
                says_en=f"{words.says_en} Missing: {column}. {assumed_en}".strip(),
                value_found=likest,
            )
        )
    for note in (*table.notes, *notes_of_titles(submission.line, sheet, table)):
        found.append(_note(submission, note))
        if FILE_RULES[note.rule].refuses:
            submission.refused = note.rule


def _note(submission: _Submission, note: Note) -> Finding:
    words, label = FILE_RULES[note.rule], labels("dataset").get(note.about, "")
    says = (
        {"says_vi": f"{words.says_vi} Danh sách ấy là “{label}”.", "says_en": f"{words.says_en} It is: {note.about}."} if note.about else {}
    )
    return file_finding(
        submission.key,
        note.rule,
        submission.dataset,
        sheet=note.sheet,
        row_no=note.row_no,
        column_name=note.column,
        value_found=note.value,
        **says,
    ) | {"cell": note.cell}


def _land(
    submissions: dict[str, _Submission],
    owner: pl.DataFrame,
    chunks: list[Chunk],
    letters: dict[str, list[Any]],
    headers: dict[tuple[str, str], int],
    found: list[Finding],
    key: bytes,
    confirmed: frozenset[str],
    judged_of: dict[str, validate.Judged],
) -> dict[str, pl.DataFrame]:
    """Judge each dataset once over the batch, settle the verdicts, and shape what lands."""
    raws: dict[str, pl.DataFrame] = {}
    findings, counts, identities = [], [], []
    called: list[pl.DataFrame] = []
    aside: dict[str, int] = {}
    keeping: dict[str, int] = {}
    owner = owner.join(_folders(submissions), on="submission_key")
    absent = [(f["submission_key"], f["column_name"]) for f in found if f["rule_code"] in ABSENT and f["column_name"]]
    missing = pl.DataFrame(absent, schema=MISSING, orient="row") if absent else None
    for dataset, schema in SCHEMAS.items():
        raw = _with_owners([c.frames[dataset] for c in chunks if dataset in c.frames], owner.filter(dataset=dataset).drop("dataset"))
        if raw is None:
            continue
        judged = validate.judge(schema, raw, missing, by_column=True, confirmed=confirmed)
        for name, sheet, column in judged.other.iter_rows():
            col = own_columns(schema)[column]
            rule = "needed_column_holds_what_it_says" if meta(col).severity == "ERROR" else "column_holds_what_it_says"
            submissions[name].refused = submissions[name].refused or (rule if FILE_RULES[rule].refuses else None)
            _, says, says_en = expected(column, col)
            words = {"says_vi": f"{FILE_RULES[rule].says_vi} {says}", "says_en": f"{FILE_RULES[rule].says_en} {says_en}"}
            where = {"sheet": sheet, "row_no": headers[name, sheet], "column_name": column}
            found.append(file_finding(name, rule, dataset, **where, **words))
        raws[dataset], judged_of[dataset] = raw, judged
        findings.append(judged.findings)
        counts.append(judged.counts)
        aside |= dict(judged.typed["submission_key"].filter(judged.is_faulty).value_counts().iter_rows())
        if needs_one := card(schema).needs_one:
            breaking = judged.findings.filter(rule_code=needs_one[0]).group_by("submission_key").len()
            keeping |= {k: submissions[k].rows_read - n for k, n in breaking.iter_rows()}
    for name, submission in submissions.items():
        if not submission.refused and submission.dataset:
            rows = submission.rows_read
            submission.refused = validate.refusal(SCHEMAS[submission.dataset], rows, aside.get(name, 0), keeping.get(name, rows))
            if submission.refused:
                found.append(file_finding(name, submission.refused, submission.dataset))
    refused = pl.Series([k for k, s in submissions.items() if s.refused], dtype=pl.String)
    out: dict[str, pl.DataFrame] = {}
    left = []
    for dataset, judged in judged_of.items():
        is_left = judged.is_faulty | judged.typed["submission_key"].is_in(refused.implode()) if len(refused) else judged.is_faulty
        unknown = [
            judged.typed.filter(rows).select(validate.ROW).with_columns(column_name=pl.lit(c))
            for c, rows in rows_of(judged.typed, judged.other)
        ]
        told = pl.concat([judged.findings.select(*validate.ROW, "column_name"), *unknown])
        raw, accepted = raws.pop(dataset), judged.typed.filter(~is_left)
        hold_against_cells(SCHEMAS[dataset], raw, accepted, told)
        out[dataset], people_of = without_people(dataset, accepted, key)
        identities.append(people_of)
        called += words_of(dataset, raw, is_left, out[dataset])
        left.append(left_aside(raw.filter(is_left), judged.typed.filter(is_left), dataset, key))
    if left:
        out["set_aside"] = pl.concat(left)
        out["rule_counts"] = pl.concat(counts)
        out["identities"] = pl.concat(identities)
    if called:
        out["catalogue_words"] = pl.concat(called)
    out["letters"] = pl.DataFrame(letters, schema=landing_tables.LETTERS).unique(
        ["submission_key", "sheet", "column_name", "row_no"], keep="first", maintain_order=True
    )
    out["findings"] = _placed([pl.DataFrame(found, schema=FINDINGS | {"cell": pl.String}), *findings], out["letters"])
    out["submissions"] = _verdicts(submissions, aside)
    return out


def _with_owners(parts: list[pl.DataFrame], owner: pl.DataFrame) -> pl.DataFrame | None:
    """A dataset's rows with what is known of the submissions that they are of, found by their file's number; None without any.

    As a join would give them, without copying what all other columns hold.
    """
    if not any(part.height for part in parts):
        return None
    number = owner["number"]
    raw = pl.concat(map(READ.hold, parts), rechunk=True).filter(pl.col("number").is_in(number.implode()))
    if raw.is_empty():  # of what landed before by another path nothing is left to judge
        return None
    known = [pl.col("number").replace_strict(number, owner[c], return_dtype=t).alias(c) for c, t in owner.schema.items() if c != "number"]
    return raw.with_columns(known).drop("number")


def _folders(submissions: dict[str, _Submission]) -> pl.DataFrame:
    rows = [(k, s.line.period, int(s.line.period[:4]), *period_days(s.line.period)) for k, s in submissions.items() if s.line.period]
    schema = {c: TO_JUDGE[c] for c in ("submission_key", "folder_period", "folder_year", "folder_from", "folder_to")}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _placed(findings: list[pl.DataFrame], letters: pl.DataFrame) -> pl.DataFrame:
    """Findings with the address of their cell, numbered within their submission."""
    place = ["submission_key", "sheet", "column_name"]
    of_columns, of_rows = letters.filter(pl.col("row_no").is_null()).drop("row_no"), letters.filter(pl.col("row_no").is_not_null())
    everything = pl.concat(findings, how="diagonal").join(of_columns, on=place, how="left")
    joined = everything.join(of_rows, on=[*place, "row_no"], how="left", suffix="_of_row")
    address = pl.coalesce("letter_of_row", "letter") + pl.col("row_no").cast(pl.String)
    placed = joined.with_columns(cell=pl.coalesce("cell", address)).sort(
        "submission_key", "sheet", "row_no", "column_name", "rule_code", "version_code", "cell"
    )
    return placed.with_columns(finding_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("submission_key"))


def _verdicts(submissions: dict[str, _Submission], aside: dict[str, int]) -> pl.DataFrame:
    rows = []
    for name, s in submissions.items():
        lost = s.rows_read if s.refused else aside.get(name, 0)
        verdict = "REFUSED" if s.refused else "ACCEPTED"
        nil = not s.refused and s.rows_read == 0
        rows.append(
            (
                name,
                s.dataset,
                s.line.period,
                s.line.sender_code,
                s.line.content_hash,
                verdict,
                s.refused,
                nil,
                s.rows_read,
                s.rows_read - lost,
                lost,
            )
        )
    return pl.DataFrame(rows, schema=landing_tables.SUBMISSIONS, orient="row")
