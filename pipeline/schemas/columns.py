"""What the columns and rules of all datasets share: kinds, metadata, and how a rule is written.

What does not belong here: any one dataset's column, and reading or judging rows.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import pandera.polars as pa
import polars as pl

from pipeline import codes, law
from pipeline.law import Version
from pipeline.schemas.card import Card
from pipeline.values import SEVERAL_NAMED

DAY = dt.date
RATING_LEVELS = "rating_level"  # the list that may also be laid out as one column per level, with a mark
DISCIPLINE_FORMS = "discipline_form"  # and this one
Kind = Literal["text", "key", "identity", "shape", "code", "date", "number", "boolean", "unit", "period"]
Severity = Literal["ERROR", "WARNING", "QUERY"]
Schema = pa.DataFrameSchema  # a dataset's, for rooms that do not know pandera

DTYPES: dict[str, Any] = {"date": pl.Date, "number": pl.Float64, "boolean": pl.Boolean}

PERIOD_END = "folder_to"  # the column of the last day of a row's period
# Columns that every judged row carries besides the dataset's own: where it comes from, and its folder's period.
SYSTEM = {
    "submission_key": pl.String,
    "sheet": pl.String,
    "row_no": pl.Int32,
    "folder_period": pl.String,
    "folder_year": pl.Int32,
    "folder_from": pl.Date,
    "folder_to": pl.Date,
}


@dataclass(frozen=True)
class Meta:
    """What a pandera column cannot say of itself."""

    kind: Kind
    aliases: tuple[str, ...] = ()
    codes: str | None = None  # name of the code list
    # How much counting needs it (decision 0013). An unreadable cell of any other column is unknown, told, and kept.
    required: bool = False  # counting needs it: without its header the table is refused, without a value the row is set aside
    decides: bool = False  # who, where or when: blank has a meaning, but what cannot be read there sets the row aside
    decides_where: tuple[str, str] | None = None  # as `decides`, in rows whose (column) is (code)
    wanted: bool = False  # counting can do without, but its header and every cell of it are asked for
    default: str | None = None  # the code that a blank cell means
    beside: tuple[str, str] | None = None  # (column, code): a blank cell means the code where the other column says something
    restricted: bool = False  # never lands; lives in the restricted zone only
    ends: bool = False  # a month or a year here means its last day
    is_name: bool = False  # a person's name
    ditto: bool = False  # “nt” here means: as in the row above
    between: tuple[int, int] | None = None  # the smallest and the largest number that may stand here
    units: tuple[str, ...] = ()  # words that may stand behind a number
    of_age: int = 14  # how old whoever has such a day was on it, at the least; 0 for a birth date
    come_by: str | None = None  # the day has come so long after (before: a minus) the folder's last day: one of COME_BY
    catalogue: str | None = None  # the city's list of such things: what is there is published by its code and name
    label: str = ""

    @property
    def is_called(self) -> bool:
        """Whether its words name somebody or something that is found again by them: a letter too few makes another of it."""
        return self.is_name or self.kind == "key" or self.catalogue is not None

    @property
    def is_worded(self) -> bool:
        """Whether its code is what free words mean: they stand beside it, and none of them is a fault."""
        return self.kind == "code" and self.catalogue is not None


@dataclass(frozen=True)
class Rule:
    """One rule of one dataset. `holds` is true for a good row, false for a bad one, null where it is not asked.

    It is not asked of whom it does not speak of (`applies` is false), and where what it needs to know is missing.
    """

    name: str
    holds: pl.Expr
    on: str  # the column that the finding points at
    says: str  # the sentence that the unit reads: what is expected
    says_en: str
    severity: Severity = "ERROR"
    basis: str = "logic"
    grade: str = "V"
    applies: pl.Expr | None = None  # whom it speaks of; every row where none is given, null where that cannot be known
    law: Version | None = None  # of a rule of law: its version in the rule book
    unknown: tuple[str, ...] = ()  # columns whose value cannot be where this fails: it becomes unknown, and no other rule sees it
    good: dict[str, Any] = field(default_factory=dict)  # changes to the schema's example that keep it
    bad: dict[str, Any] = field(default_factory=dict)  # changes that break it

    @property
    def day(self) -> str:
        """Of a rule of law: the column whose day says which version holds."""
        assert self.law
        return PERIOD_END if self.law.judged_on == law.PERIOD_END else self.law.judged_on

    def weighs(self, confirmed: Collection[str]) -> str:
        """Its severity: of a law that somebody has read where it is written, what the law itself would have."""
        return self.law.confirmed_severity if self.law and self.law.code in confirmed else self.severity

    def may_govern(self, first: DAY, last: DAY) -> bool:
        """Whether it may be asked of a row of a period: a law, where a version of it holds."""
        return not self.law or self.law.may_govern(first, last)


def column(header: str, *aliases: str, kind: Kind = "text", description: str, codes_of: str | None = None, **meta: Any) -> pa.Column:
    """A column of a dataset: pandera's own title and description, the rest in metadata."""
    info = Meta(kind=kind, aliases=aliases, codes=codes_of, label=header, **meta)
    return pa.Column(DTYPES.get(kind, pl.String), nullable=True, title=header, description=description, metadata={"meta": info})


# ── columns that several datasets have: one header, one set of aliases ───────────────────────────────────────────


def unit(description: str) -> pa.Column:
    aliases = ("Chi bộ", "Đơn vị công tác", "Đơn vị báo cáo", "Phòng/Ban", "Mã đơn vị", "Tên đơn vị", "Nơi công tác", "Nơi sinh hoạt")
    return column("Đơn vị", *aliases, kind="unit", ditto=True, decides=True, description=description)


def full_name(*aliases: str, wanted: bool) -> pa.Column:
    names = ("Họ tên", "Họ và tên khai sinh", "Họ, chữ đệm và tên", *aliases)
    words = "Full name as in the birth certificate."
    return column("Họ và tên", *names, description=words, wanted=wanted, restricted=True, is_name=True)


def identity_number(required: bool) -> pa.Column:
    aliases = ("CCCD/CMND", "CCCD", "Số định danh", "Số ĐDCN", "Căn cước", "Số định danh cá nhân", "Số CMND/CCCD", "Số CCCD/CMND")
    of_card = ("Căn cước công dân", "Số căn cước công dân", "Căn cước công dân số", "CCCD số", "Căn cước số")  # “Số” below “Căn cước”
    words = "Personal identity number, 12 digits (9 on an old card)."
    return column("Số CCCD", *aliases, *of_card, kind="identity", description=words, required=required, decides=True, restricted=True)


def decision_no(wanted: bool) -> pa.Column:
    words = "Number of the decision."
    return column("Số quyết định", "Quyết định số", "Số QĐ", kind="shape", wanted=wanted, ditto=True, description=words)


DECIDED_ON = column(
    "Ngày quyết định", "Ngày QĐ", "Quyết định ngày", kind="date", come_by="1y", ditto=True, description="Day of the decision."
)
NOTE = column("Ghi chú", description="Free text; stays in the restricted zone.", restricted=True)


def _holds(data: pa.PolarsData, rule: Rule) -> pl.LazyFrame:
    return data.lazyframe.select(rule.holds)


def rule(name: str, holds: pl.Expr, *, applies: pl.Expr | None = None, **words: Any) -> pa.Check:
    """A pandera check that carries its `Rule`."""
    if applies is not None:
        holds = pl.when(applies).then(holds)
    made = Rule(name=name, holds=holds.alias(name), applies=applies, **words)
    return pa.Check(_holds, name=name, error=made.says, description=made.says_en, rule=made)


def one_person_named(applies: pl.Expr | None = None) -> pa.Check:
    """A row is one person's, and is counted once. `applies`: where the name is a person's, and not that of an organisation."""
    return rule(
        "one_person_named",
        pl.col("full_name").str.contains(SEVERAL_NAMED).not_(),
        applies=applies,
        on="full_name",
        says="Ô họ và tên chỉ ghi tên một người; người khác ghi ở dòng riêng, chức vụ và ghi chú ở cột riêng.",
        says_en="A cell of names holds one person's; somebody else has a row of his own, a post or a note a column.",
        severity="WARNING",
        basis="form",
        bad={"full_name": "Nguyễn Văn An, Trần Thị Bình"},
    )


# How a remark says that somebody left; none of them says it of his kin or his papers, nor of what is yet to come.
_WHEN = r"(?: (?:từ )?(?:ngày|tháng|năm|hồi|do|vì)\b| ?[0-9().,;]|$)"
LEFT = (
    rf"(?i)\bđã chuyển(?: (?:đi|khỏi|sang|công tác|sinh hoạt|đơn vị|SHĐ?)\b|{_WHEN})|\bchuyển (?:(?:sinh hoạt|sinh hoạt đảng|công tác|SHĐ?) )?đi\b"
    rf"|\b(?:từ trần|qua đời|h[yi] sinh)\b|\bđã (?:mất|chết){_WHEN}|\b(?:khai trừ|x(?:óa|oá) tên)\b|\bra khỏi đảng\b"
    r"|\b(?:đã|xin|buộc) (?:thôi|nghỉ) việc\b"
)
LEFT_IN_BRACKETS = r"(?i)[(\[] ?(?:đã )?(?:mất\b|nghỉ (?:hưu|việc)|thôi việc|chuyển (?:công tác|sinh hoạt|đơn vị|SHĐ?|sang|khỏi|[0-9]))[^đ]*(?:đi\b[^đ]*)?[)\]]"
NOT_THEY = (
    r"(?i)\b(?:vợ|chồng|cha|mẹ|bố|má|con|anh|chị|em|thân nhân|thẻ|hồ sơ|giấy)\b(?: [^\s,;.]+){0,3}? (?:đã|bị|mất|từ trần|qua đời|h[yi] sinh|chuyển)\b"
    r"|\b(?:chưa|không|sẽ|dự kiến|xin|đề nghị|chờ)(?: [^\s,;.]+){0,3}? (?:chuyển|khai trừ|x(?:óa|oá) tên|thôi việc|nghỉ việc)\b"
)
RETIRED_IN = r"(?i)\bnghỉ hưu[^0-9]*(?:[0-9]{1,2}[/.\-]){0,2}((?:19|20)[0-9]{2})\b"  # who did long ago may well be there


def leaving_in_its_column(holds: pl.Expr, **words: Any) -> pa.Check:
    """Whoever a remark says to have left, by the end of the folder's year, has it in the columns that are counted."""
    name, note, year = pl.col("full_name"), pl.col("note"), pl.col("folder_year")

    def by_then(text: pl.Expr) -> pl.Expr:
        return (text.str.extract(r"\b((?:19|20)[0-9]{2})\b").cast(pl.Int32) <= year).fill_null(True)

    bracketed = pl.when(name.str.contains(r"[(\[]")).then(name)  # few are: a search for two signs leaves all others out
    in_name = (name.str.contains(LEFT) | bracketed.str.contains(LEFT_IN_BRACKETS).fill_null(False)) & by_then(bracketed)
    in_note = note.str.contains(LEFT) & note.str.contains(NOT_THEY).not_() & by_then(note)
    retired = note.str.extract(RETIRED_IN).cast(pl.Int32) == year
    said = in_name.fill_null(False) | in_note.fill_null(False) | retired.fill_null(False)
    return rule("leaving_in_its_column", holds, applies=said, severity="WARNING", basis="form", **words)


def lawful(
    rule_code: str,
    holds: Callable[[Version], pl.Expr],
    *,
    on: str,
    examples: Mapping[str, tuple[dict[str, Any], dict[str, Any]]],
    subject: str | None = None,
    applies: pl.Expr | Callable[[Version], pl.Expr] | None = None,
    unknown: tuple[str, ...] = (),
) -> list[pa.Check]:
    """A rule of law: one check for each of its versions in the rule book, which gives days, weight, words and numbers.

    `holds` says how a version is asked, with the version's own numbers. It speaks of rows of its days, of its subjects (codes of the column
    `subject`), and of those that `applies` names. `examples`: for each version a row that keeps it and one that breaks it, as changes to the
    schema's example; a version that a city added has none until the suite asks for it.
    """
    return [
        rule(
            rule_code,
            holds(version),
            applies=_speaks_of(version, subject, applies(version) if callable(applies) else applies),
            on=on,
            says=version.asks_vi,
            says_en=version.asks_en,
            severity=version.severity,
            basis=version.basis,
            grade=version.grade,
            law=version,
            unknown=unknown,
            good=examples.get(version.code, ({}, {}))[0],
            bad=examples.get(version.code, ({}, {}))[1],
        )
        for version in law.versions(rule_code)
    ]


def _speaks_of(version: Version, subject: str | None, applies: pl.Expr | None) -> pl.Expr | None:
    """The rows that a version governs; None where it is every row. A day of which only the month or year is known may leave it open."""
    said = []
    if subject and version.subjects:
        said.append(pl.col(subject).is_in(version.subjects))
    if applies is not None:
        said.append(applies)
    if version.judged_on == law.PERIOD_END:
        begins = ends = pl.col(PERIOD_END)
    else:
        begins, ends = pl.col(version.judged_on), latest(version.judged_on)
    if version.first:
        said.append(pl.when(begins >= version.first).then(True).when(ends < version.first).then(False))
    if version.last:
        said.append(pl.when(ends <= version.last).then(True).when(begins > version.last).then(False))
    return pl.all_horizontal(said) if said else None


def _in_range(name: str, col: pa.Column, least: int, most: int) -> pa.Check:
    """A number's range stands in its column; this is the rule that follows."""
    return rule(
        f"{name}_in_range",
        pl.col(name).is_between(least, most),
        applies=pl.col(name).is_not_null(),
        on=name,
        says=f"{col.title} phải từ {least} đến {most}.",
        says_en=f"{name} must be between {least} and {most}.",
        severity="WARNING",
        basis="form",
        unknown=(name,),
        good={name: float(most)},
        bad={name: float(most + 1)},
    )


LONGEST_LIFE = 110  # years: nobody in service or in the Party has been older, and no day of a career lies further back
# How late a day may be, seen from the last day of the folder's period: (Vietnamese, English). A decision on a year may be signed in
# the next one; whoever is on a list of ours is 14 or older (the youngest member of the Youth Union is 16).
COME_BY = {
    "0d": ("không sau ngày cuối của kỳ báo cáo", "not after the period's last day"),
    "1y": ("không muộn hơn một năm sau ngày cuối của kỳ báo cáo", "at most a year after the period's last day"),
    "-14y": ("ít nhất 14 năm trước ngày cuối của kỳ báo cáo", "at least 14 years before the period's last day"),
}


def _possible(name: str, col: pa.Column) -> pa.Check:
    """A day that cannot be is no day: told, and unknown from there on."""
    come_by = meta(col).come_by
    says, says_en = COME_BY[come_by] if come_by else ("", "")
    holds = pl.col(name).dt.year() >= pl.col("folder_year") - LONGEST_LIFE
    if come_by:
        last = pl.col("folder_to") if come_by == "0d" else pl.col("folder_to").dt.offset_by(come_by)
        holds = holds & (pl.col(name) <= last)
    return rule(
        "day_possible",
        holds,
        applies=pl.col(name).is_not_null(),
        on=name,
        says=f"Cột “{col.title}” phải là ngày có thể có: không quá {LONGEST_LIFE} năm trước kỳ báo cáo{says and f' và {says}'}.",
        says_en=f"{name} must be at most {LONGEST_LIFE} years before the period{says_en and f' and {says_en}'}.",
        severity="WARNING",
        unknown=(name,),
        good={name: DAY(2005, 1, 1)},
        bad={name: DAY(1905, 6, 2)},
    )


def dataset(
    name: str,
    *,
    title: str,
    description: str,
    columns: dict[str, pa.Column],
    rules: list[pa.Check],
    example: dict[str, Any],
    card: Card | None = None,
) -> pa.DataFrameSchema:
    """A dataset's schema: its columns, the rules its rows can answer alone, and one example of a good row; and its card, where it is no file of
    the registry."""
    present = [
        rule(
            "value_present",
            pl.col(c).is_not_null(),
            on=c,
            says=f"Cột “{col.title}” không được để trống.",
            says_en=f"{c} must not be blank.",
            severity="ERROR" if meta(col).required else "WARNING",
            basis="form",
            bad={c: None},
        )
        for c, col in columns.items()
        if meta(col).required or meta(col).wanted
    ]
    possible = [_possible(c, col) for c, col in columns.items() if meta(col).kind == "date"]
    ranges = [_in_range(c, col, *between) for c, col in columns.items() if (between := meta(col).between)]
    whole = {**{c: pa.Column(t, nullable=c in ("sheet",)) for c, t in SYSTEM.items()}, **columns}
    beside = {f"{c}_precision_code" for c, col in columns.items() if meta(col).kind == "date"}
    beside |= {words_name(c) for c, col in columns.items() if meta(col).is_worded}
    return pa.DataFrameSchema(
        {**whole, **{c: pa.Column(pl.String, nullable=True) for c in sorted(beside)}},
        checks=present + possible + ranges + rules,
        name=name,
        title=title,
        description=description,
        strict=True,
        metadata={"example": example, "card": card},
    )


def severity(info: Meta) -> Severity:
    """What a cell that cannot be read means for its row."""
    return "ERROR" if info.required or info.decides else "WARNING"


def meta(col: pa.Column) -> Meta:
    info: Meta = col.metadata["meta"]
    return info


def own_columns(schema: pa.DataFrameSchema) -> dict[str, pa.Column]:
    """The columns that a unit fills in, without what the pipeline adds."""
    return {c: col for c, col in schema.columns.items() if col.metadata}


def rules_of(schema: pa.DataFrameSchema) -> list[Rule]:
    return [check._check_kwargs["rule"] for check in schema.checks]


def landed_columns(schema: pa.DataFrameSchema) -> dict[str, Any]:
    """What lands, with types: no restricted column; identities and free text that make a key land as that key.

    Names and restricted days land as keys too, for holding two rows of one identity number against each other (decision 0014).
    """
    landed: dict[str, Any] = {"submission_key": pl.String, "sheet": pl.String, "row_no": pl.Int32}
    for name, col in own_columns(schema).items():
        info = meta(col)
        if info.kind in ("identity", "key"):
            landed[key_name(name)] = pl.String
        elif info.is_worded:
            landed |= {name: pl.String, key_name(words_name(name)): pl.String}
        elif info.kind == "shape":
            landed |= {name: pl.String, official_name(name): pl.String}
        elif info.kind == "unit":
            landed |= {name: pl.String, marked_name(name): pl.String}
        elif keys := compared_keys(name, info):
            landed |= dict.fromkeys(keys, pl.Int64)
        elif not info.restricted:
            landed[name] = col.dtype.type
            if info.kind == "date":
                landed[f"{name}_precision_code"] = pl.String
    return landed


def key_name(name: str) -> str:
    """`identity_number` lands as `identity_key`, `provider` as `provider_key`, `post_text` as `post_key`."""
    return f"{name.removesuffix('_number').removesuffix('_text')}_key"


def words_name(name: str) -> str:
    """The words that `post_code` was read from are `post_text`."""
    return f"{name.removesuffix('_code')}_text"


@dataclass(frozen=True)
class Named:
    """How units name things of one of the city's catalogues in a column."""

    catalogue: str
    thing: str  # what it is in published columns: `programme`, `from_post`
    words: str  # the column of its words
    group: str | None  # the column of the code that the words mean

    @property
    def key(self) -> str:
        """The landed column of its words' key."""
        return key_name(self.words)


def catalogued(schema: pa.DataFrameSchema) -> list[Named]:
    """A dataset's columns of things that the city has a catalogue of."""
    return [
        Named(info.catalogue, name.removesuffix("_code"), words_name(name) if info.is_worded else name, name if info.is_worded else None)
        for name, col in own_columns(schema).items()
        if (info := meta(col)).catalogue
    ]


def marked_name(name: str) -> str:
    """Beside a unit's bare letters land its letters with their marks, where it bears any: two units may differ by those alone."""
    return f"{name}_marked"


def letters_and_marks(name: str) -> tuple[pl.Expr, pl.Expr]:
    """A unit's word (`values.read_unit`) as it lands.

    >>> pl.DataFrame({"unit": ["ap hoa|ấp hòa", "q01 001", None]}).select(letters_and_marks("unit")).rows()
    [('ap hoa', 'ap hoa|ấp hòa'), ('q01 001', None), (None, None)]
    """
    word = pl.col(name)
    return word.str.extract(r"\A([^|]*)"), pl.when(word.str.contains("|", literal=True)).then(word).alias(marked_name(name))


def official_name(name: str) -> str:
    """`decision_no` is published as `official_decision_no` has it; what is written otherwise may name somebody."""
    return f"official_{name}"


@cache
def _official_shape(name: str) -> str:
    """12-QĐ/TU, 123/QĐ-UBND, 12/2021/QĐ-UBND, 05-QĐ/UBKT.2021: a number, a year, a kind and a body of the lists. A case's may be 12/2021 or 2021-003
    too; of a decision that could be a joining month."""
    kind, body = (
        "|".join(sorted((s for c in codes.code_lists()[name] for s in (c.code, *c.aliases)), key=lambda s: (-len(s), s)))
        for name in ("decision_kind", "issuing_body")
    )
    year = "((?:19|20)[0-9]{2})"
    of_case = rf"|[0-9]{{1,3}}[-/]{year}|{year}[-/][0-9]{{1,3}}" if name == "case_no" else ""
    return rf"\A(?:[0-9]{{1,5}}[a-zA-Z]?[-/](?:{year}[-/])?(?:{kind})[-/](?:{body}){{1,2}}(?:[-/.]{year})?{of_case})\z"


def official(name: str) -> pl.Expr:
    """A decision's or a case's number where it has its official shape, else unknown.

    A year in it lies less than 14 years before the folder's: nobody on a list of ours was born in one (COME_BY).

    >>> numbers = ["12-QĐ/TU", "123/QĐ-UBND", "12/2021/QĐ-UBND", "092.080.000.001", "12-QĐ/NguyenVanAn", "03/1985", "05/2015", "2021-003"]
    >>> both = pl.DataFrame({"decision_no": numbers, "case_no": numbers, "folder_year": 2021}).select(official("decision_no"), official("case_no"))
    >>> both["decision_no"].to_list()
    ['12-QĐ/TU', '123/QĐ-UBND', '12/2021/QĐ-UBND', None, None, None, None, None]
    >>> both["case_no"].to_list()[3:]
    [None, None, None, '05/2015', '2021-003']
    """
    text, shape = pl.col(name), _official_shape(name)
    dated = pl.when(text.str.contains("(?:19|20)[0-9]{2}")).then(text)  # to take groups out is dear, and most numbers hold no year
    years = dated.str.extract_groups(shape).struct.unnest()
    year = pl.concat_list(years).list.drop_nulls().list.first().cast(pl.Int32)
    is_nobodys = year.is_null() | year.is_between(pl.col("folder_year") - 13, pl.col("folder_year") + 2)
    return pl.when(text.str.contains(shape) & is_nobodys).then(text)


def compared_keys(name: str, info: Meta) -> tuple[str, str] | None:
    """The two keys by which two rows of one person are held against each other: a name's words and letters, a day and its year."""
    if info.is_name:
        return f"{name}_key", f"{name}_letters_key"
    return (f"{name}_key", f"{name}_year_key") if info.kind == "date" and info.restricted else None


# What a name must be written in, a person's or another's; a code or a header is told all the same.
ONE_ALPHABET = (
    "letters_of_one_alphabet",
    "Tên phải viết đủ chữ, bằng chữ cái tiếng Việt; có chữ bị mất (dấu ? hoặc �), dấu rời khỏi chữ, hoặc chữ của bảng chữ khác trông "
    "giống, hãy gõ lại.",
    "A name must be in Vietnamese letters; one is lost, of another alphabet, or a mark stands beside its letter.",
)
# What a row of the mark layout must hold: one column per level, one mark.
ONE_LEVEL_MARKED = (
    "one_level_marked",
    "Mỗi dòng chỉ được đánh dấu đúng một mức xếp loại.",
    "Exactly one level is marked in a row.",
)


# What a cell of each kind must hold: (rule, Vietnamese sentence, English sentence). The only home of these words.
def expected(name: str, col: pa.Column) -> tuple[str, str, str]:
    info, title = meta(col), col.title
    if info.kind == "date":
        return (
            "date_readable",
            f"Cột “{title}” phải là ngày/tháng/năm (ví dụ 05/02/1980), tháng/năm hoặc năm.",
            f"{name} must be day/month/year, month/year or year.",
        )
    if info.kind == "number":
        return (
            "number_readable",
            f"Cột “{title}” phải là một con số, không tách hàng nghìn (ví dụ 1200 hoặc 88,5).",
            f"{name} must be a number, without a sign between thousands.",
        )
    if info.kind == "identity":
        return (
            "identity_number_shape",
            f"Cột “{title}” phải có đúng 12 chữ số (hoặc 9 chữ số nếu là CMND cũ), định dạng ô là Văn bản.",
            f"{name} must be 12 digits, or 9 for an old card, as text.",
        )
    if info.kind == "shape":
        return (
            "identifier_shape",
            f"Cột “{title}” phải là số hiệu viết liền (ví dụ 12-QĐ/ĐU).",
            f"{name} must be an identifier without spaces, like 12-QĐ/ĐU.",
        )
    if info.kind == "period":
        return (
            "period_readable",
            f"Cột “{title}” phải là năm hoặc quý (ví dụ 2021 hoặc 2021-Q1).",
            f"{name} must be a year or a quarter, like 2021 or 2021-Q1.",
        )
    if info.kind in ("code", "boolean") and not info.is_worded:
        labels = list(codes.labels(info.codes or "boolean").values())
        shown = "; ".join(labels if len(labels) <= 12 else [*labels[:10], "…"])
        return (
            "code_known",
            f"Cột “{title}” phải là một trong: {shown}.",
            f"{name} must be a code of the list {info.codes or 'boolean'}.",
        )
    return (
        "no_formula_error",
        f"Cột “{title}” phải ghi bằng chữ, không được là lỗi của công thức (#REF!, #N/A, …).",
        f"{name} must be words, not a formula's error.",
    )


def latest(day: str) -> pl.Expr:
    """The last day that a month or a year can mean; the day itself where it is given."""
    precision = pl.col(f"{day}_precision_code")
    whole = pl.when(precision == "YEAR").then(pl.date(pl.col(day).dt.year(), 12, 31))
    return whole.when(precision == "MONTH").then(pl.col(day).dt.month_end()).otherwise(pl.col(day))


def earliest(day: str) -> pl.Expr:
    """The first day that a month or a year can mean, where what is kept is its last one; the day itself where it is given."""
    precision = pl.col(f"{day}_precision_code")
    whole = pl.when(precision == "YEAR").then(pl.date(pl.col(day).dt.year(), 1, 1))
    return whole.when(precision == "MONTH").then(pl.col(day).dt.month_start()).otherwise(pl.col(day))


def _least_and_most(start: str, end: str) -> tuple[pl.Expr, pl.Expr]:
    """Between how many whole months a period may last: days that are only a month or a year leave it open."""
    return months_between(latest(start), earliest(end)), months_between(start, end)


def lasts_at_least(months: int, start: str, end: str) -> pl.Expr:
    """Null where both answers are possible, and while it runs."""
    least, most = _least_and_most(start, end)
    return pl.when(least >= months).then(True).when(most < months).then(False)


def months_between(start: str | pl.Expr, end: str | pl.Expr) -> pl.Expr:
    """Whole months from one day to another, both included (2021-01-01 to 2021-01-31 is one month): how long a period lasts, and no age."""
    first = pl.col(start) if isinstance(start, str) else start
    last = (pl.col(end) if isinstance(end, str) else end).dt.offset_by("1d")
    return (
        (last.dt.year() - first.dt.year()) * 12
        + (last.dt.month().cast(pl.Int32) - first.dt.month())
        - (last.dt.day() < first.dt.day()).cast(pl.Int32)
    )


def reached_age(years: int, birth: str, day: str) -> pl.Expr:
    """Whether somebody was so old on a day, as one is from a birthday on. Null where both answers are possible.

    Whoever was born on 29 February is so old on the 28th of a year without one: the kinder reading, where the law says nothing.

    >>> days = {"born": [DAY(2003, 5, 10), DAY(2003, 5, 10), DAY(2004, 2, 29)], "joined": [DAY(2021, 5, 9), DAY(2021, 5, 10), DAY(2022, 2, 28)]}
    >>> unsaid = [pl.lit(None, pl.String).alias(f"{day}_precision_code") for day in days]
    >>> pl.DataFrame(days).with_columns(unsaid).select(reached_age(18, "born", "joined")).to_series().to_list()
    [False, True, True]
    """
    surely = pl.col(day) >= latest(birth).dt.offset_by(f"{years}y")
    maybe = latest(day) >= pl.col(birth).dt.offset_by(f"{years}y")
    return pl.when(surely).then(True).when(maybe.not_()).then(False)


def belongs_to_folder_year(*days: str, bad: dict[str, Any]) -> pa.Check:
    """One of the days that are given lies in the folder's year; which of them counts, the law says."""
    return rule(
        "row_of_folder_year",
        pl.when(pl.any_horizontal(pl.col(*days).is_not_null())).then(
            pl.any_horizontal((pl.col(*days).dt.year() == pl.col("folder_year")).fill_null(False))
        ),
        on=days[0],
        says="Dòng này thuộc năm khác; hãy gửi trong thư mục của đúng năm.",
        says_en="The row must belong to the folder's year.",
        basis="form",
        bad=bad,
    )
