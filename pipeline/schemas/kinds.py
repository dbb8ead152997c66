"""Kinds of columns: how a cell of each is read, what is said where it cannot be, and what lands of it. A kind is one object, and nothing else knows.

What does not belong here: any one column (columns.py), rules of rows (rules.py), and what a text says (pipeline.values).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pandera.polars as pa
import polars as pl

from pipeline import codes
from pipeline.names_and_numbers import FILLERS, LOST_ZERO, NO_NUMBER, NOBODYS, read_identity, read_own_number, read_party_card, read_unit
from pipeline.values import (
    SEVERAL,
    UNSAID,
    has_foreign_letter,
    has_lost_letter,
    read_date,
    read_number,
    read_period,
    read_shape,
    read_words,
    says_nothing,
)

Severity = Literal["ERROR", "WARNING", "QUERY"]
Column = pa.Column  # for rooms that do not know pandera
Sentence = tuple[str, str, str]  # a rule, and what it says in Vietnamese and in English
Reader = Callable[[str], tuple[Any, Any]]  # a clean text's value and a remark on it; a value of None: the cell cannot be read


@dataclass(frozen=True)
class Meta:
    """What a pandera column cannot say of itself."""

    kind: "Kind"
    aliases: tuple[str, ...] = ()
    codes: str | None = None  # name of the code list
    # How much counting needs it (decision 0013). An unreadable cell of any other column is unknown, told, and kept.
    required: bool = False  # counting needs it: without its header the table is refused, without a value the row is set aside
    decides: bool = False  # who, where or when: blank has a meaning, but what cannot be read there sets the row aside
    decides_where: tuple[str, str] | None = None  # as `decides`, in rows whose (column) is (code)
    wanted: bool = False  # counting can do without, but its header and every cell of it are asked for
    wanted_where: pl.Expr | None = None  # the rows of which a blank is told, where the table has the column
    default: str | None = None  # the code that a blank cell means
    beside: tuple[str, str] | None = None  # (column, code): a blank cell means the code where the other column says something
    assumed: tuple[str, str] = ("", "")  # what counts where nothing is said, for whoever left it out; in both languages
    is_besides: bool = False  # a list of another purpose may say it of its people: it tells no list, and no template or fact has it
    restricted: bool = False  # never lands; lives in the restricted zone only
    ends: bool = False  # a month or a year here means its last day
    is_name: bool = False  # a person's name
    ditto: bool = False  # “nt” here means: as in the row above
    between: tuple[int, int | None] | None = None  # the smallest and the largest number that may stand here; None: as large as it likes
    units: tuple[str, ...] = ()  # words that may stand behind a number
    of_age: int = 14  # how old whoever has such a day was on it, at the least; 0 for a birth date
    come_by: str | None = None  # the day has come so long after (before: a minus) the folder's last day: one of COME_BY
    catalogue: str | None = None  # the city's list of such things: what is there is published by its code and name
    is_exact: bool = False  # a code is written as in its list, and not in other words
    # How forms say it in other places than one column below its header (intake/readings of a header).
    flags: tuple[tuple[str, str, str | None], ...] = ()  # header of a column to be marked, code of whoever is marked, code of all others
    parts: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # headers of two columns that together are this one, from left to right
    # (column of days, months, code): where a table has no such column, whoever has such a day, not more than so many months before the period's
    # end, has the code; the first that says something.
    implied: tuple[tuple[str, int | None, str], ...] = ()
    until: str | None = None  # the column of the last day, where one cell says both: “từ 5/2023 đến nay”
    behind: str | None = None  # the column whose cells may hold this one's day behind their own text
    lesser: tuple[str, ...] = ()  # headers that mean it where no other column of the table does
    label: str = ""

    @property
    def is_called(self) -> bool:
        """Whether its words name somebody or something that is found again by them: a letter too few makes another of it."""
        return self.is_name or self.kind.is_found_again

    @property
    def code_list(self) -> str:
        """The list of its values; of a column without one, yes and no."""
        return self.codes or "boolean"

    @property
    def severity(self) -> Severity:
        """What a cell that cannot be read means for its row."""
        return "ERROR" if self.required or self.decides else "WARNING"

    def read(self) -> Reader:
        """What reads its clean texts."""
        return self.kind.reader(self)

    def asked(self) -> tuple["Asked", ...]:
        """What is asked of its cells, beside whether they can be read."""
        return self.kind.asked or ((ALPHABET,) if self.is_called else ())


@dataclass(frozen=True)
class Asked:
    """A question of a cell that could be read: what it says, how heavy it is (as the column is, where nothing is said), and the answer."""

    sentence: Sentence
    severity: Severity | None
    holds: Callable[[pl.Expr, pl.Expr], pl.Expr]  # of the cell's text and the reader's remark


@dataclass(frozen=True)
class Plain:
    """Texts that need no reader: what it would find is the text itself, without a remark, or a day as nearly all are written."""

    written: str  # a pattern
    never: frozenset[str | None] = frozenset()


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of column."""

    name: str
    reader: Callable[[Meta], Reader]
    rule: str  # of a cell that cannot be read
    says: Callable[[Meta], str]  # what a cell must hold, behind “phải”
    says_en: Callable[[Meta], str]  # behind “must”
    guides: Callable[[Meta], str] | None = None  # what a unit is told to write, where that is more than what must be
    dtype: Any = pl.String
    remarks: Any = pl.String  # the type of its reader's remarks
    asked: tuple[Asked, ...] = ()
    # whether a cell can be read, of its text, value and remark: null where that is not the question
    readable: Callable[[pl.Expr, pl.Expr, pl.Expr], pl.Expr] = lambda text, value, remark: value.is_not_null()
    nothing: Callable[[str, Meta], bool] = lambda text, info: says_nothing(text)  # whether a text that cannot be read stands for a blank
    beside: Callable[[str], str] | None = None  # the column that stands beside one of this name: what was remarked, or its words
    lands: Callable[[str], dict[str, Any]] | None = None  # its landed columns, where they are not the column itself
    is_keyed: bool = False  # what lands of it is a key, which leaves the restricted zone
    is_found_again: bool = False
    is_as_written: bool = False  # its words name a thing: folding them is for comparing only
    is_listed: bool = False  # its values are those of a list
    plain: Plain | None = None
    least_read: float | None = None  # a column of which no cell (0) or a smaller part can be read is none of its kind; None: nobody can say
    tells: Callable[[str, Meta], bool] | None = None  # whether a cell shows by itself that it is of this kind
    width: float = 26  # of its column in a workbook, in letters

    def __reduce__(self) -> tuple[Callable[[str], "Kind"], tuple[str]]:
        """There is one of each: copies of a schema have the same."""
        return _of_name, (self.name,)

    def landed(self, name: str) -> dict[str, Any]:
        """What lands of a column, with types."""
        return self.lands(name) if self.lands else {name: self.dtype}


def meta(col: pa.Column) -> Meta:
    """What a column says of itself beside its type."""
    info: Meta = col.metadata["meta"]
    return info


def expected(name: str, col: pa.Column) -> Sentence:
    """What a cell of a column must hold."""
    info = meta(col)
    return info.kind.rule, f"Cột “{col.title}” phải {info.kind.says(info)}.", f"{name} must {info.kind.says_en(info)}."


# ── what a cell says ─────────────────────────────────────────────────────────────────────────────────────────────


def is_worded(text: str) -> bool:
    """Whether a text is words that may name something: with a letter, and no formula's error."""
    return read_words(text) is not None and any(map(str.isalpha, text))


def _lacks_a_letter(text: str) -> bool | None:
    """Whether words hold a letter of another alphabet, or what is left of one; a formula's error is no word."""
    return (read_words(text) is not None and (has_foreign_letter(text) or has_lost_letter(text))) or None


def _by(read: Callable[[str], Any]) -> Callable[[Meta], Reader]:
    """A reader that remarks nothing."""
    return lambda info: lambda text: (read(text), None)


def _code(info: Meta) -> Reader:
    read = codes.code_of if info.is_exact else codes.meaning_of
    return lambda text: (read(info.code_list, text), None)


def _meaning(info: Meta) -> Reader:
    """What words mean, and whether they lack a letter; without a remark they are no words."""
    return lambda text: (codes.meaning_of(info.code_list, text), bool(_lacks_a_letter(text))) if is_worded(text) else (None, None)


def _one_of(info: Meta) -> str:
    labels = list(codes.labels(info.code_list).values())
    return f"là một trong: {'; '.join(labels if len(labels) <= 12 else [*labels[:10], '…'])}"


IN_WORDS = (
    "no_formula_error",
    lambda info: "ghi bằng chữ, không được là lỗi của công thức (#REF!, #N/A, …)",
    lambda info: "be words, not a formula's error",
)
OF_A_LIST = ("code_known", _one_of, lambda info: f"be a code of the list {info.code_list}")
# What a name must be written in, a person's or another's; a code or a header is told all the same.
ONE_ALPHABET: Sentence = (
    "letters_of_one_alphabet",
    "Tên phải viết đủ chữ, bằng chữ cái tiếng Việt; có chữ bị mất (dấu ? hoặc �), dấu rời khỏi chữ, hoặc chữ của bảng chữ khác trông "
    "giống, hãy gõ lại.",
    "A name must be in Vietnamese letters; one is lost, of another alphabet, or a mark stands beside its letter.",
)
ALPHABET = Asked(ONE_ALPHABET, "WARNING", lambda text, remark: remark.fill_null(False).not_())
# What a row of the mark layout must hold: one column per level, one mark.
ONE_LEVEL_MARKED: Sentence = (
    "one_level_marked",
    "Mỗi dòng chỉ được đánh dấu đúng một mức xếp loại.",
    "Exactly one level is marked in a row.",
)
IDENTITY_REPAIRED: Sentence = (
    "identity_number_repaired",
    "Số CCCD đã mất số 0 ở đầu và được khôi phục; hãy định dạng cột này là Văn bản.",
    "A lost leading zero was restored; format the column as text.",
)
# A number that is typed where there is none; were it read, everybody who has none would be one person.
IDENTITY_OF_A_PERSON: Sentence = (
    "identity_number_is_a_persons",
    "Số CCCD phải là số thật của chính người đó, không phải dãy số điền cho đủ (000000000000, 123456789012, …); chưa có số thì hỏi lại người đó.",
    "An identity number must be a person's, not digits that fill the cell.",
)

# Whoever lost the card is somebody all the same.
IDENTITY_GIVEN: Sentence = (
    "identity_number_given",
    "Ô số CCCD phải ghi số; chữ ở ô này (mất, chưa cấp, x, …) không phải là số, nên dòng được hiểu là của người chưa ghi số. Hãy ghi số, hoặc để trống; nếu "
    "muốn nói người ấy đã mất hay đã chuyển, hãy ghi ở cột của mẫu.",
    "The cell of the identity number must hold a number; words in its place were taken for none.",
)


def _is_several(text: pl.Expr) -> pl.Expr:
    return text.str.contains(SEVERAL, literal=True)


# One word after another, in the letters of Vietnamese, the first no sign: nothing to clean.
LETTERS = "0-9A-Za-zÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ"
CLEAN = f"^[{LETTERS}][!-~{LETTERS}]*(?: [!-~{LETTERS}]+)*$"


# ── what lands ───────────────────────────────────────────────────────────────────────────────────────────────────


def key_name(name: str) -> str:
    """`identity_number` lands as `identity_key`, `provider` as `provider_key`, `post_text` as `post_key`."""
    return f"{name.removesuffix('_number').removesuffix('_text')}_key"


def words_name(name: str) -> str:
    """The words that `post_code` was read from are `post_text`."""
    return f"{name.removesuffix('_code')}_text"


def precision_name(name: str) -> str:
    """Beside a day stands whether day, month or year was given."""
    return f"{name}_precision_code"


def marked_name(name: str) -> str:
    """Beside a unit's bare letters land its letters with their marks, where it bears any: two units may differ by those alone."""
    return f"{name}_marked"


def official_name(name: str) -> str:
    """`decision_no` is published as `official_decision_no` has it; what is written otherwise may name somebody."""
    return f"official_{name}"


def _key(name: str) -> dict[str, Any]:
    return {key_name(name): pl.String}


NUMBERED, BORN_BY_NUMBER, SEX_BY_NUMBER = "is_numbered", "number_year_key", "number_sex_code"  # beside the key of an identity number
BORN_BAND = "birth_band"  # ten years that hold the birth, as a list says it or else the number: all of it that lands in clear


def _identity(name: str) -> dict[str, Any]:
    """Whose row it is: the key of the number, or of the row itself; and what the number says of its person."""
    return _key(name) | {NUMBERED: pl.Boolean, BORN_BY_NUMBER: pl.Int64, SEX_BY_NUMBER: pl.String, BORN_BAND: pl.String}


# ── the kinds ────────────────────────────────────────────────────────────────────────────────────────────────────


def _nobodys_not(text: pl.Expr, value: pl.Expr, remark: pl.Expr) -> pl.Expr:
    return pl.when(remark.ne_missing(NOBODYS) & remark.ne_missing(NO_NUMBER)).then(value.is_not_null())


def _is_identity(text: str, info: Meta) -> bool:
    return read_identity(text)[0] is not None and read_date(text)[0] is None


def _is_of_list(text: str, info: Meta) -> bool:
    return codes.meaning_of(info.code_list, text) is not None


_none_given = partial(says_nothing, none_given=True)

TEXT = Kind(
    "text", lambda info: lambda text: (read_words(text), _lacks_a_letter(text)), *IN_WORDS, remarks=pl.Boolean, is_as_written=True,
    plain=Plain(CLEAN.replace("!-~", "!->@-~"), UNSAID),  # a question mark may be a lost letter
)  # fmt: skip
KEY = Kind(
    "key", lambda info: lambda text: (codes.fold(read_words(text) or "") or None, _lacks_a_letter(text)), *IN_WORDS, remarks=pl.Boolean,
    lands=_key, is_keyed=True, is_found_again=True, is_as_written=True, width=30,
)  # fmt: skip
IDENTITY = Kind(
    "identity", lambda info: read_identity, "identity_number_shape",
    lambda info: "có đúng 12 chữ số (hoặc 9 chữ số nếu là CMND cũ), định dạng ô là Văn bản",
    lambda info: "be 12 digits, or 9 for an old card, as text",
    asked=(
        Asked(IDENTITY_REPAIRED, "WARNING", lambda text, remark: remark.ne_missing(LOST_ZERO)),
        Asked(IDENTITY_OF_A_PERSON, "ERROR", lambda text, remark: remark.ne_missing(NOBODYS)),
        Asked(IDENTITY_GIVEN, "WARNING", lambda text, remark: remark.ne_missing(NO_NUMBER)),
    ),
    readable=_nobodys_not, nothing=lambda text, info: _none_given(text), lands=_identity, is_keyed=True, least_read=0.2, tells=_is_identity, width=16,
    plain=Plain("^(?:[1-9][0-9]{2}|0[1-9][0-9]|00[1-9])[0-9]{9}$", FILLERS),
)  # fmt: skip
SHAPE = Kind(
    "shape", _by(read_shape), "identifier_shape", lambda info: "là số hiệu viết liền (ví dụ 12-QĐ/ĐU)",
    lambda info: "be an identifier without spaces, like 12-QĐ/ĐU", nothing=lambda text, info: _none_given(text),
    lands=lambda name: {name: pl.String, official_name(name): pl.String}, width=17,
)  # fmt: skip
CODE = Kind("code", _code, *OF_A_LIST, is_listed=True, least_read=0, tells=_is_of_list)
LEVEL = Kind(  # a code that may also be laid out as one column per code, with a mark
    "level", _code, *OF_A_LIST, is_listed=True, least_read=0, tells=_is_of_list,
    asked=(Asked(ONE_LEVEL_MARKED, None, lambda text, remark: _is_several(text).not_()),),
    readable=lambda text, value, remark: pl.when(_is_several(text).not_()).then(value.is_not_null()),
)  # fmt: skip
WORDS = Kind(  # a code that free words mean: they stand beside it, and none of them is a fault
    "words", _meaning, *IN_WORDS, remarks=pl.Boolean,
    guides=lambda info: f"ghi bằng chữ như vẫn gọi, hoặc chọn {'; '.join(codes.labels(info.code_list).values())}",
    readable=lambda text, value, remark: remark.is_not_null(), beside=words_name,
    lands=lambda name: {name: pl.String} | _key(words_name(name)), is_found_again=True, is_listed=True, least_read=0,
    tells=_is_of_list,
)  # fmt: skip
DATE = Kind(
    "date", lambda info: lambda text: read_date(text, info.ends), "date_readable",
    lambda info: "là ngày/tháng/năm (ví dụ 05/02/1980), tháng/năm hoặc năm", lambda info: "be day/month/year, month/year or year",
    dtype=pl.Date, nothing=lambda text, info: _none_given(text, no_day=True, ends=info.ends), beside=precision_name,
    lands=lambda name: {name: pl.Date, precision_name(name): pl.String}, least_read=0.2, width=13,
    plain=Plain("^[0-9]{1,2}/[0-9]{1,2}/(?:19|20)[0-9]{2}$"),
)  # fmt: skip
NUMBER = Kind(
    "number", lambda info: lambda text: (read_number(text, info.between, info.units), None), "number_readable",
    lambda info: "là một con số, không tách hàng nghìn (ví dụ 1200 hoặc 88,5)",
    lambda info: "be a number, without a sign between thousands", dtype=pl.Float64, least_read=0.2, width=10,
)  # fmt: skip
BOOLEAN = Kind(
    "boolean", lambda info: lambda text: ({"TRUE": True, "FALSE": False}.get(codes.code_of("boolean", text) or ""), None), *OF_A_LIST,
    dtype=pl.Boolean, is_listed=True, least_read=0, width=12,
)  # fmt: skip
UNIT = Kind(
    "unit", _by(read_unit), *IN_WORDS, lands=lambda name: {name: pl.String, marked_name(name): pl.String}, is_as_written=True, width=24
)
PERIOD = Kind(
    "period", _by(read_period), "period_readable", lambda info: "là năm hoặc quý (ví dụ 2021 hoặc 2021-Q1)",
    lambda info: "be a year or a quarter, like 2021 or 2021-Q1", least_read=0.2, width=12,
)  # fmt: skip

CARD = Kind(
    "card", _by(read_party_card), "own_number_shape", lambda info: "là số thẻ đảng viên, có 8 chữ số (ví dụ 67.012345)",
    lambda info: "be the number of a Party card, 8 digits", nothing=lambda text, info: _none_given(text), lands=_key, is_keyed=True, width=14,
)  # fmt: skip
OWN = Kind(  # a number that an employer gave: digits, perhaps letters, with or without what stands between them
    "own", _by(read_own_number), "own_number_shape", lambda info: "là số hoặc mã có ít nhất ba chữ số (ví dụ VC-0123)",
    lambda info: "be a number, or letters and digits", nothing=lambda text, info: _none_given(text), lands=_key, is_keyed=True, width=14,
)  # fmt: skip

KINDS = {kind.name: kind for kind in (TEXT, KEY, IDENTITY, CARD, OWN, SHAPE, CODE, LEVEL, WORDS, DATE, NUMBER, BOOLEAN, UNIT, PERIOD)}


def _of_name(name: str) -> Kind:
    return KINDS[name]
