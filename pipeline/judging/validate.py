"""Parse, then judge: from text columns to accepted rows, findings and verdicts, one dataset of many submissions at a time.

What does not belong here: reading files, and rules that need another file or the registry (those are dbt models).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context

from pipeline import codes
from pipeline.schemas.columns import (
    LONGEST_LIFE,
    ONE_ALPHABET,
    ONE_LEVEL_MARKED,
    RATING_LEVELS,
    SYSTEM,
    Meta,
    Rule,
    expected,
    meta,
    own_columns,
    rules_of,
    severity,
    words_name,
)
from pipeline.schemas.files import FILE_RULES, IDENTITY_OF_A_PERSON, IDENTITY_REPAIRED
from pipeline.values import (
    FILLERS,
    LOST_ZERO,
    NOBODYS,
    SEVERAL,
    UNSAID,
    clean_text,
    has_foreign_letter,
    has_lost_letter,
    read_date,
    read_identity,
    read_number,
    read_period,
    read_shape,
    read_unit,
    read_words,
    says_nothing,
)

FINDING = {
    "submission_key": pl.String,
    "rule_code": pl.String,
    "version_code": pl.String,  # of a rule of law: the version that it was judged by
    "dataset_code": pl.String,
    "severity_code": pl.String,
    "sheet": pl.String,
    "row_no": pl.Int32,
    "column_name": pl.String,
    "says_vi": pl.String,
    "says_en": pl.String,
    "value_found": pl.String,  # restricted: never opened for dbt
}
Finding = dict[str, Any]  # by these columns
COUNT = {
    "submission_key": pl.String,
    "dataset_code": pl.String,
    "rule_code": pl.String,
    "version_code": pl.String,
    "asked_count": pl.Int64,
    "failed_count": pl.Int64,
    "not_asked_count": pl.Int64,  # rows that the rule speaks of, where what it needs to know is missing
    "not_applicable_count": pl.Int64,  # rows that it does not speak of
}
ROW = ["submission_key", "sheet", "row_no"]


@dataclass(frozen=True)
class Judged:
    """A dataset after validation."""

    typed: pl.DataFrame  # every row, in the order of the raw ones, as far as its cells could be read
    text: pl.DataFrame  # the clean text that it was read from
    is_faulty: pl.Series  # row by row; a faulty row is set aside, every other one is accepted
    findings: pl.DataFrame
    counts: pl.DataFrame
    other: pl.DataFrame  # columns that hold something else than their header says (submission_key, sheet, column_name): unknown in `typed`


@dataclass(frozen=True)
class Question:
    """What is asked of every row: a rule, the column that a finding points at, and the finding's words."""

    rule_code: str
    on: str
    severity: str
    says_vi: str
    says_en: str
    version_code: str | None = None


@dataclass(frozen=True)
class Answers:
    """Questions, and for each a column (its number): true, false, or null where it was not asked.

    Where a question speaks of some rows only, another column (SPEAKS and its number) says of which: false, or null where nobody can know.
    """

    questions: list[Question]
    frame: pl.DataFrame


SPEAKS = "speaks "  # before a question's number


def judge(
    schema: pa.DataFrameSchema,
    raw: pl.DataFrame,
    missing: pl.DataFrame | None = None,
    by_column: bool = False,
    confirmed: frozenset[str] = frozenset(),
) -> Judged:
    """Judge a dataset's rows: `raw` holds the system columns and whatever text columns were found.

    `missing` (submission_key, column_name): columns that a submission lacks. Its header says so once; of its rows only those rules
    are asked that do not need what is missing, so that everything else is told in the same pass. `by_column`: what plainly holds something
    else than its header says is told for the column, and no more for each of its cells. `confirmed`: versions of laws that somebody read.
    """
    typed, text, cells = parse(schema, raw)
    other = other_columns(schema, typed, text, cells) if by_column else pl.DataFrame(schema=OTHER)
    typed, cells = without_columns(typed, cells, other)
    with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY):
        schema.validate(typed)
    rows = ask_rules(schema, typed, cells, missing, other, confirmed)
    typed, rows = without_impossible(schema, typed, rows)
    reports = [report(schema.name, typed, answers, text) for answers in (cells, rows)]
    errors = [answers.frame[str(n)] for answers in (cells, rows) for n, q in enumerate(answers.questions) if q.severity == "ERROR"]
    is_faulty = pl.repeat(False, typed.height, eager=True)
    for holds in errors:
        if holds.all() is False:  # most of a city's hold for every row
            is_faulty |= holds.not_().fill_null(False)
    findings, counts = (pl.concat(parts) for parts in zip(*reports, strict=True))
    return Judged(typed, text, is_faulty, findings, counts, other)


# ── parse: text to types ─────────────────────────────────────────────────────────────────────────────────────────


def parse(schema: pa.DataFrameSchema, raw: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, Answers]:
    """Typed columns, the clean text that they come from, and whether each cell could be read.

    Each column's distinct values are read once, by plain functions; polars spreads the results over the rows.
    """
    own = own_columns(schema)
    text = raw.select([pl.col(c) if c in raw.columns else pl.lit(None, pl.String).alias(c) for c in own])
    plain = {name for name, col in own.items() if meta(col).kind != "date" and _are_plain(text[name], meta(col).kind).all()}
    read = {name: _read_words(text[name], meta(col)) for name, col in own.items() if name not in plain}
    text = text.with_columns(
        [pl.col(name).replace_strict(blank, default=pl.col(name), return_dtype=pl.String) for name, (blank, *_) in read.items() if blank]
    )
    remark_type = {name: pl.Boolean if meta(own[name]).kind in ("text", "key") or meta(own[name]).is_worded else pl.String for name in read}
    spread = [
        e.alias(what + name)
        for name, (_, values, remarks) in read.items()
        for of_plain, remark_of_plain in [_of_plain(name, meta(own[name]).kind)]
        for what, e in (
            (VALUE, _spread(name, values, own[name].dtype.type, of_plain)),
            (REMARK, _spread(name, remarks, remark_type[name], remark_of_plain)),
        )
    ]
    said = text.with_columns(spread)  # once: both the values and what is asked of them are made of it
    typed: dict[str, pl.Expr] = {}
    readable: list[pl.Expr] = []
    questions: list[Question] = []

    def ask(sentence: tuple[str, str, str], column: str, severity: str, holds: pl.Expr, applies: pl.Expr | None = None) -> None:
        speaks = [applies] if applies is not None else []
        if text[column].null_count():  # of a blank cell nothing is asked
            speaks.append(pl.col(column).is_not_null())
        if speaks:
            readable.append(pl.all_horizontal(speaks).alias(f"{SPEAKS}{len(questions)}"))
            holds = pl.when(*speaks).then(holds)
        readable.append(holds.alias(str(len(questions))))
        questions.append(Question(sentence[0], column, severity, *sentence[1:]))

    def ask_reading(name: str, holds: pl.Expr) -> None:
        """Could the cell be read? What that means for its row may hang on another of its values."""
        info = meta(own[name])
        if info.decides_where:
            column, code = info.decides_where
            deciding = (typed[column] == code).fill_null(False)
            ask(expected(name, own[name]), name, "ERROR", holds, deciding)
        ask(expected(name, own[name]), name, severity(info), holds, deciding.not_() if info.decides_where else None)

    for name, col in own.items():
        info = meta(col)
        if name in plain:
            typed[name] = pl.col(name)
            ask_reading(name, pl.lit(True))
            if info.is_name or info.kind == "identity":
                ask(ONE_ALPHABET if info.is_name else IDENTITY_REPAIRED, name, "WARNING", pl.lit(True))
            if info.kind == "identity":
                ask(IDENTITY_OF_A_PERSON, name, "ERROR", pl.lit(True))
            continue
        value, remark = pl.col(VALUE + name), pl.col(REMARK + name)
        typed[name] = value
        if info.default or info.beside:
            typed[name] = pl.when(pl.col(name).is_null()).then(blank_means(name, col, pl.col)).otherwise(value)
        if info.kind == "date":
            typed[f"{name}_precision_code"] = remark
        if info.is_worded:  # any words will do, whether or not they are understood
            typed[words_name(name)] = pl.when(remark.is_not_null()).then(pl.col(name))
            ask_reading(name, remark.is_not_null())
        elif info.codes == RATING_LEVELS:
            several = pl.col(name).str.contains(SEVERAL, literal=True)
            ask_reading(name, pl.when(several.not_()).then(value.is_not_null()))
            ask(ONE_LEVEL_MARKED, name, severity(info), several.not_())
        elif info.kind == "identity":
            is_nobodys = remark.eq_missing(NOBODYS)
            ask_reading(name, pl.when(is_nobodys.not_()).then(value.is_not_null()))
            ask(IDENTITY_REPAIRED, name, "WARNING", remark.ne_missing(LOST_ZERO))
            ask(IDENTITY_OF_A_PERSON, name, "ERROR", is_nobodys.not_())
        else:
            ask_reading(name, value.is_not_null())
        if info.is_called:
            ask(ONE_ALPHABET, name, "WARNING", remark.fill_null(False).not_())
    system = raw.select([pl.col(c).cast(t) for c, t in SYSTEM.items()])
    whole = pl.concat([system, said.select([value.alias(name) for name, value in typed.items()])], how="horizontal")
    for name in [c for c in ("period", "period_type_code") if c in own]:  # the type follows the period
        is_open = text[name].is_null() if name == "period" else pl.col(name).is_null()  # and where it cannot be read
        whole = whole.with_columns(pl.when(is_open).then(blank_means(name, own[name], pl.col)).otherwise(pl.col(name)).alias(name))
    answers = said.with_columns(readable).select([e.meta.output_name() for e in readable])  # with rows, though all be literals
    return whole.select(list(schema.columns)), text, Answers(questions, answers)


VALUE, REMARK = "value of ", "remark of "  # before a column's name
Words = dict[str, Any]  # a cell's text → what it says: values are joined to cells by their text alone, never by an order


def _read_words(column: pl.Series, info: Meta) -> tuple[Words, Words, Words]:
    """Of a column's distinct texts: those that need cleaning with their clean text, and by clean text each value and remark.

    A text of nothing but invisible characters is cleaned to null: a blank cell. So is what cannot be read and says nothing. Plain texts
    are left out: what they say is said of all at once (_of_plain).
    """
    reader = _reader(info)
    texts = column.unique().drop_nulls()
    texts = texts.filter(~_are_plain(texts, info.kind))
    said = texts.to_list()
    # nearly all of a city's columns are clean, and polars sees that at once
    cleaned = {} if texts.str.contains(CLEAN).all() else {text: clean for text in said if (clean := clean_text(text)) != text}
    read = {word: reader(word) for word in {cleaned.get(text, text) for text in said} if word is not None}
    blank = {
        word for word, (value, remark) in read.items() if value is None and remark is None and says_nothing(word, info.kind, info.ends)
    }
    if blank:
        cleaned |= {text: None for text in said if cleaned.get(text, text) in blank}
    return cleaned, {word: value for word, (value, _) in read.items()}, {word: remark for word, (_, remark) in read.items()}


def _spread(name: str, words: Words, to: Any, otherwise: pl.Expr | None) -> pl.Expr:
    """Each cell's value, found by its text; `otherwise` is that of a text that is none of these words."""
    if not words:
        return pl.lit(None, to) if otherwise is None else otherwise
    if to == pl.String and all(word == value for word, value in words.items()):
        return pl.col(name)  # most text stands as it is
    if otherwise is None and all(value is None for value in words.values()):
        return pl.lit(None, to)
    return pl.col(name).replace_strict(words, default=otherwise, return_dtype=to)


# One word after another, in the letters of Vietnamese, the first no sign: nothing to clean.
LETTERS = "0-9A-Za-zÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ"
CLEAN = f"^[{LETTERS}][!-~{LETTERS}]*(?: [!-~{LETTERS}]+)*$"
# These texts need no reader: what it would find is the text itself, without a remark, or a day as nearly all are written.
PLAIN = {
    "identity": ("^(?:[1-9][0-9]{2}|0[1-9][0-9]|00[1-9])[0-9]{9}$", FILLERS),
    "text": (CLEAN.replace("!-~", "!->@-~"), UNSAID),  # a question mark may be a lost letter
    "date": ("^[0-9]{1,2}/[0-9]{1,2}/(?:19|20)[0-9]{2}$", frozenset()),
}
A_DAY = "%d/%m/%Y"


def _are_plain(texts: pl.Series, kind: str) -> pl.Series:
    if kind not in PLAIN:
        return pl.repeat(False, len(texts), eager=True)
    written, never = PLAIN[kind]
    plain = texts.str.contains(written) & ~texts.is_in(sorted(never))
    return plain & texts.str.to_date(A_DAY, strict=False).is_not_null() if kind == "date" else plain


def _of_plain(name: str, kind: str) -> tuple[pl.Expr | None, pl.Expr | None]:
    """The value and the remark of a column's plain texts, where its kind has any."""
    text = pl.col(name)
    if kind == "date":
        return text.str.to_date(A_DAY, strict=False), pl.when(text.is_not_null()).then(pl.lit("DAY"))
    return (text, None) if kind in PLAIN else (None, None)


def blank_means(name: str, col: pa.Column, text_of: Callable[[str], pl.Expr]) -> pl.Expr:
    """What a blank cell of a column says: the folder's period and the type that follows, what a neighbour's text says, the default, nothing.

    Asked of rows with their typed period; `text_of` gives the text of another column.
    """
    if name == "period":
        return pl.col("folder_period")
    if name == "period_type_code":
        implied = pl.when(pl.col("period").str.contains("-Q")).then(pl.lit("QUARTER")).otherwise(pl.lit("YEAR"))
        return pl.when(pl.col("period").is_not_null()).then(implied)
    default = pl.lit(meta(col).default, col.dtype.type)
    if beside := meta(col).beside:
        return pl.when(text_of(beside[0]).is_not_null()).then(pl.lit(beside[1])).otherwise(default)
    return default


# Each reader gives (value, remark); a value of None means that the cell cannot be read.
Reader = Callable[[str], tuple[Any, Any]]


def reader_of(col: pa.Column) -> Callable[[str], tuple[Any, Any] | None]:
    """What a cell of a column says, from its text as it stands there: (value, remark), or None where that says nothing, as a blank does."""
    info = meta(col)
    read = _reader(info)

    def of(text: str) -> tuple[Any, Any] | None:
        clean = clean_text(text)
        if not clean:
            return None
        said = read(clean)
        return None if said == (None, None) and says_nothing(clean, info.kind, info.ends) else said

    return of


def _reader(info: Meta) -> Reader:
    if info.kind == "date":
        return lambda text: read_date(text, info.ends)
    if info.is_worded:
        return lambda text: (codes.meaning_of(info.codes or "", text), bool(_lacks_a_letter(text))) if is_worded(text) else (None, None)
    if info.kind == "code":
        return lambda text: (codes.code_of(info.codes or "", text), None)
    if info.kind == "boolean":
        return lambda text: ({"TRUE": True, "FALSE": False}.get(codes.code_of("boolean", text) or ""), None)
    return {
        "number": lambda text: (read_number(text, info.between, info.units), None),
        "identity": read_identity,
        "shape": lambda text: (read_shape(text), None),
        "period": lambda text: (read_period(text), None),
        "unit": lambda text: (read_unit(text), None),
        "key": lambda text: (codes.fold(read_words(text) or "") or None, _lacks_a_letter(text)),
        "text": lambda text: (read_words(text), _lacks_a_letter(text)),
    }[info.kind]


def is_worded(text: str) -> bool:
    """Whether a text is words that may name something: with a letter, and no formula's error."""
    return read_words(text) is not None and any(map(str.isalpha, text))


def _lacks_a_letter(text: str) -> bool | None:
    """Whether words hold a letter of another alphabet, or what is left of one; a formula's error is no word."""
    return (read_words(text) is not None and (has_foreign_letter(text) or has_lost_letter(text))) or None


# ── what stands below a header is what it says ───────────────────────────────────────────────────────────────────

OTHER = {"submission_key": pl.String, "sheet": pl.String, "column_name": pl.String}
FEW = 3  # cells that say nothing of their column: each is asked by itself
SELDOM = 0.2  # a column of which fewer cells can be read is none of its kind
LETTER = r"\p{L}"


def other_columns(schema: pa.DataFrameSchema, typed: pl.DataFrame, text: pl.DataFrame, cells: Answers) -> pl.DataFrame:
    """Columns of a sheet that plainly hold something else than their header says, however that was understood, from their kind alone.

    Of identity numbers, days and numbers hardly any cell can be read; of codes none; names without a letter; days on which most of these people,
    by their birth date or their number, were children; birth dates on which most were grown up.
    """
    reading = {q.on: str(n) for n, q in reversed([*enumerate(cells.questions)])}  # a column's first question is whether it can be read
    whole = pl.concat([typed, text.select(pl.all().name.prefix(TEXT)), cells.frame.select(pl.all().name.prefix(READ))], how="horizontal")
    if "identity_number" in typed.columns:  # once for all of a row's days
        whole = whole.with_columns(_birth_year().alias(BORN))
    suspects: dict[str, list[tuple[pl.Expr, pl.Expr]]] = {}  # column → what was asked of its cells, and what it takes to be another
    for name, col in own_columns(schema).items():
        info = meta(col)
        if text[name].null_count() == text.height:
            continue
        if info.kind in ("identity", "date", "number", "period", "code", "boolean") and not info.decides_where:
            read = pl.col(READ + reading[name])
            few = read.sum() == 0 if info.kind in ("code", "boolean") else read.sum() < SELDOM * read.count()
            # where few rows say anything, each of their cells is asked by itself
            suspects.setdefault(name, []).append((read, few & (read.count() >= FEW) & (read.count() * 2 > pl.len())))
        if info.is_called:
            is_text = pl.col(TEXT + name).str.contains(LETTER)
            suspects.setdefault(name, []).append((is_text, _most(is_text) & (is_text.count() >= FEW)))
        if info.kind == "date" and "identity_number" in typed.columns:
            grown = _was_grown_up(name, info, typed)
            is_enough = grown.count() >= FEW
            if BIRTH in typed.columns:  # beside a birth date each row is asked by itself, too
                is_enough |= pl.col(BIRTH).is_null().all()
            suspects.setdefault(name, []).append((grown, _most(grown) & is_enough))
    asked = [(name, holds, is_other) for name, questions in suspects.items() for holds, is_other in questions]
    fails = (
        whole.select([holds.all().not_().alias(str(n)) for n, (_, holds, _) in enumerate(asked)]).row(0) if asked and whole.height else ()
    )
    asked = [about for about, failed in zip(asked, fails, strict=False) if failed]  # most of a city's columns hold what they say
    if not asked:
        return pl.DataFrame(schema=OTHER)
    place = ["submission_key", "sheet"]
    found = whole.group_by(place).agg([is_other.alias(str(n)) for n, (*_, is_other) in enumerate(asked)])
    told = [found.filter(pl.col(str(n))).select(*place, column_name=pl.lit(name)) for n, (name, *_) in enumerate(asked)]
    return pl.concat(told).unique().sort(pl.all())


TEXT, READ, BIRTH, BORN = "text of ", "read ", "birth_date", "born by number"


def _most(holds: pl.Expr) -> pl.Expr:
    """Whether most answers are no."""
    return holds.not_().sum() * 2 > holds.count()


def _birth_year() -> pl.Expr:
    """The year of birth that an identity number of twelve digits holds."""
    number = pl.col("identity_number")
    century = 1900 + 100 * (number.str.slice(3, 1).cast(pl.Int32, strict=False) // 2)
    return pl.when(number.str.len_chars() == 12).then(century + number.str.slice(4, 2).cast(pl.Int32, strict=False))


def _was_grown_up(name: str, info: Meta, typed: pl.DataFrame) -> pl.Expr:
    """Whether a day lies when its person was old enough for it, whoever lives today taken into account; of a birth date, whether it is no such day."""
    by_number, year = pl.col(BORN), pl.col(name).dt.year()
    if not info.of_age:
        return year - by_number < 14
    born = (
        pl.coalesce(by_number, pl.col(BIRTH).dt.year()) if BIRTH in typed.columns else by_number
    )  # a column of birth dates may be the other one
    return (year - born >= info.of_age) & (year >= pl.col("folder_year") - LONGEST_LIFE + info.of_age)


def without_columns(typed: pl.DataFrame, cells: Answers, other: pl.DataFrame) -> tuple[pl.DataFrame, Answers]:
    """Rows as if nobody had looked into these columns: their values are unknown, and nothing is asked of their cells."""
    frame = cells.frame
    for name, rows in rows_of(typed, other):
        parts = [c for c in (name, f"{name}_precision_code", words_name(name)) if c in typed.columns]
        typed = typed.with_columns([pl.when(~rows).then(pl.col(c)).alias(c) for c in parts])
        frame = _only_where(~rows, frame, [n for n, q in enumerate(cells.questions) if q.on == name])
    return typed, Answers(cells.questions, frame)


def rows_of(typed: pl.DataFrame, other: pl.DataFrame) -> list[tuple[str, pl.Series]]:
    """Per column the rows of the sheets in which it holds something else."""
    if other.is_empty():
        return []
    place = typed.select(pl.struct("submission_key", "sheet")).to_series()
    return [
        (name, place.is_in(sheets.select(pl.struct("submission_key", "sheet")).to_series().implode()))
        for (name,), sheets in sorted(other.group_by("column_name"))
    ]


# ── judge: the schema's rules, all in one select ─────────────────────────────────────────────────────────────────


def ask_rules(
    schema: pa.DataFrameSchema,
    typed: pl.DataFrame,
    cells: Answers | None = None,
    missing: pl.DataFrame | None = None,
    other: pl.DataFrame | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> Answers:
    """The answers of a schema's own rules, all in one select.

    A full lazy `validate` blames the same rows (a test holds it so) but its report repeats every row of the frame; one
    select is as fast as plain polars. One fault is one finding: a cell that could not be read is not also blank.
    """
    rules = rules_of(schema)
    answers = typed.with_columns(_asked(rules, _asleep(rules, typed)))
    answers = answers.select(answers.columns[typed.width :])
    questions = [Question(r.name, r.on, r.weighs(confirmed), r.says, r.says_en, r.law.code if r.law else None) for r in rules]
    if cells:
        faulty = cells.frame.select([pl.col(str(n)).not_().any() for n in range(len(cells.questions))])
        read: dict[str, pl.Series] = {}  # column → which of its cells could be read; several questions are asked of one cell
        for i, q in enumerate(cells.questions):
            if faulty[str(i)][0]:
                readable = cells.frame[str(i)].fill_null(True) | typed[q.on].is_not_null()
                read[q.on] = read[q.on] & readable if q.on in read else readable
        for column, readable in read.items():
            answers = _only_where(readable, answers, [i for i, q in enumerate(questions) if q.on == column])
    for (column,), without in missing.group_by("column_name") if missing is not None else ():
        if column not in schema.columns:
            continue  # another dataset's
        has = typed["submission_key"].is_in(without["submission_key"].implode()).not_()
        # of a table that is refused only what does not need the column is asked; what is only wanted is a blank that is known
        needed = meta(schema.columns[column]).required
        needs = [i for i, r in enumerate(rules) if column in (r.on, *(r.holds.meta.root_names() if needed else ()))]
        answers = _only_where(has, answers, needs)
    for column, rows_of_it in rows_of(typed, other) if other is not None else ():
        answers = _only_where(~rows_of_it, answers, [i for i, r in enumerate(rules) if column in (r.on, *r.holds.meta.root_names())])
    return Answers(questions, answers)


def _asleep(rules: list[Rule], typed: pl.DataFrame) -> set[int]:
    """Rules that speak of no row: laws of other years, which are most of the book. Nothing is computed for them."""
    own = {r.day for r in rules if r.law} if typed.height else set()
    days = {
        day: (first, last.replace(month=12, day=31))
        for day in own
        if not typed[day].null_count()
        for first, last in typed.select(first=pl.col(day).min(), last=pl.col(day).max()).iter_rows()
    }
    return {i for i, r in enumerate(rules) if r.law and r.day in days and not r.law.holds_within(*days[r.day])}


def _asked(rules: list[Rule], asleep: Collection[int] = ()) -> list[pl.Expr]:
    holds = [(pl.lit(None, pl.Boolean) if i in asleep else r.holds).alias(str(i)) for i, r in enumerate(rules)]
    speaks = [(pl.lit(False) if i in asleep else r.applies).alias(f"{SPEAKS}{i}") for i, r in enumerate(rules) if r.applies is not None]
    return [*holds, *speaks]


def _only_where(rows: pl.Series, answers: pl.DataFrame, numbers: list[int]) -> pl.DataFrame:
    """Answers without those that these questions have in other rows: there they could not be asked."""
    columns = [c for i in numbers for c in (str(i), f"{SPEAKS}{i}") if c in answers.columns]
    return answers.with_columns([pl.when(rows).then(pl.col(c)).alias(c) for c in columns])


def without_impossible(schema: pa.DataFrameSchema, typed: pl.DataFrame, answers: Answers) -> tuple[pl.DataFrame, Answers]:
    """A value that cannot be becomes unknown; its row, which is rare, is asked again without it, so that one fault is one finding."""
    rules = rules_of(schema)
    forgetting = [(str(i), r) for i, r in enumerate(rules) if r.unknown]
    bad = answers.frame.select(pl.any_horizontal([pl.col(i).not_().fill_null(False) for i, _ in forgetting] or [pl.lit(False)])).to_series()
    if not bad.any():
        return typed, answers
    rows, before = typed.filter(bad), answers.frame.filter(bad)
    said: dict[str, pl.Series] = {}
    for i, r in forgetting:  # in their order: what one forgot, the next does not see
        holds = rows.select(pl.when(before[i].is_not_null()).then(r.holds)).to_series()
        said[i] = holds
        if holds.all() is False:
            parts = [c for name in r.unknown for c in (name, f"{name}_precision_code") if c in rows.columns]
            rows = rows.with_columns([pl.when(holds.fill_null(True)).then(pl.col(c)).alias(c) for c in parts])
    once = rows.select(_asked(rules))  # a question that was not asked before is not asked now
    asked = [pl.when(before[str(i)].is_not_null()).then(pl.col(str(i))).alias(str(i)) for i, r in enumerate(rules) if not r.unknown]
    again = once.with_columns(asked)
    for column in dict.fromkeys(r.on for _, r in forgetting):
        is_known = rows[column].is_not_null() | typed.filter(bad)[column].is_null()
        again = _only_where(is_known, again, [i for i, r in enumerate(rules) if not r.unknown and r.on == column])
    kept = [before[c] for i, _ in forgetting if (c := f"{SPEAKS}{i}") in before.columns]
    after = again.with_columns([*(s.alias(i) for i, s in said.items()), *kept]).select(before.columns)
    return _put_back(typed, rows, bad), Answers(answers.questions, _put_back(answers.frame, after, bad))


def _put_back(frame: pl.DataFrame, rows: pl.DataFrame, where: pl.Series) -> pl.DataFrame:
    """The frame with some of its rows changed, each in its place."""
    at = pl.int_range(frame.height, eager=True)
    order = pl.concat([at.filter(~where), at.filter(where)]).arg_sort()
    return pl.concat([frame.filter(~where), rows])[order]


def report(dataset: str, typed: pl.DataFrame, answers: Answers, text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Findings of the rows that failed, and how often each rule was asked, failed, could not be asked, by submission."""
    findings, counts = [pl.DataFrame(schema=FINDING)], [pl.DataFrame(schema=COUNT)]
    if not answers.questions or typed.is_empty():
        return findings[0], counts[0]
    failed = answers.frame.select([pl.col(str(n)).not_().any() for n in range(len(answers.questions))]).row(0)
    for number, question in enumerate(answers.questions):
        if failed[number]:
            bad = answers.frame[str(number)].not_().fill_null(False)
            made = typed.filter(bad).select(
                "submission_key",
                rule_code=pl.lit(question.rule_code),
                version_code=pl.lit(question.version_code, pl.String),
                dataset_code=pl.lit(dataset),
                severity_code=pl.lit(question.severity),
                sheet="sheet",
                row_no="row_no",
                column_name=pl.lit(question.on),
                says_vi=pl.lit(question.says_vi),
                says_en=pl.lit(question.says_en),
                value_found=text[question.on].filter(bad) if question.on in text.columns else pl.lit(None, pl.String),
            )
            findings.append(made.select(list(FINDING)))
    numbers = [str(number) for number in range(len(answers.questions))]
    # what is the same in every row is not counted row by row: most rules are asked of all rows, or of none
    holds = {n: answers.frame[n] for n in numbers}
    some = [n for n in numbers if 0 < holds[n].null_count() < typed.height]
    everywhere = [n for n in numbers if not holds[n].null_count()]
    speaks = {n: answers.frame[c] for n in numbers if (c := f"{SPEAKS}{n}") in answers.frame.columns}
    nobody = [n for n, rows in speaks.items() if not rows.null_count() and not rows.any()]
    few = [n for n, rows in speaks.items() if n not in nobody and not rows.all()]
    sums = (
        answers.frame.with_columns(typed["submission_key"])
        .group_by("submission_key")
        .agg(
            pl.len().cast(pl.Int64),
            *[pl.col(n).count().cast(pl.Int64).name.prefix("asked ") for n in some],
            *[pl.col(n).not_().sum().cast(pl.Int64).name.prefix("failed ") for n in numbers if failed[int(n)]],
            *[pl.col(f"{SPEAKS}{n}").not_().sum().cast(pl.Int64) for n in few],
        )
    )

    def sum_of(what: str, own: list[str], counted: list[str], whole: Collection[str] = ()) -> pl.Expr:
        """Of some questions: what was counted, and every row of those in `whole`."""
        return pl.sum_horizontal([pl.col("len") * sum(n in whole for n in own), *(f"{what}{n}" for n in own if n in counted)])

    for rule, version in dict.fromkeys((q.rule_code, q.version_code) for q in answers.questions):
        own = [n for n, q in zip(numbers, answers.questions, strict=True) if (q.rule_code, q.version_code) == (rule, version)]
        asked, silent = sum_of("asked ", own, some, everywhere), sum_of(SPEAKS, own, few, nobody)
        counts.append(
            sums.select(
                "submission_key",
                dataset_code=pl.lit(dataset),
                rule_code=pl.lit(rule),
                version_code=pl.lit(version, pl.String),
                asked_count=asked,
                failed_count=sum_of("failed ", own, [n for n in own if failed[int(n)]]),
                not_asked_count=pl.col("len") * len(own) - asked - silent,
                not_applicable_count=silent,
            )
        )
    return pl.concat(findings), pl.concat(counts)


# ── verdicts: what one submission shows of itself ────────────────────────────────────────────────────────────────


def refusal(dataset: str, rows_read: int, rows_set_aside: int, rows_of_year: int) -> str | None:
    """The rule for which a readable submission is refused whole, or None."""
    if dataset == "ratings" and rows_read and not rows_of_year:
        return "rating_of_folder_year_present"
    if rows_set_aside * 2 > rows_read:
        return "most_rows_usable"
    return None


def file_finding(submission_key: str, rule: str, dataset: str | None, **where: Any) -> Finding:
    """A finding on a file, a sheet or a header."""
    words = FILE_RULES[rule]
    return {
        "submission_key": submission_key,
        "rule_code": rule,
        "version_code": None,
        "dataset_code": dataset,
        "severity_code": words.severity,
        "sheet": None,
        "row_no": None,
        "column_name": None,
        "says_vi": words.says_vi,
        "says_en": words.says_en,
        "value_found": None,
    } | where
