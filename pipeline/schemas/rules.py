"""Rules of rows: how one is written, and the laws among them.

What does not belong here: columns and their cells (kinds.py, columns.py), what days can mean (days.py), and asking a rule (judging).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandera.polars as pa
import polars as pl

from pipeline import law
from pipeline.law import Version
from pipeline.names_and_numbers import SEVERAL_NAMED
from pipeline.schemas.days import DAY, latest
from pipeline.schemas.kinds import Severity, meta

PERIOD_END = "folder_to"  # the column of the last day of a row's period


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
    always: bool = False  # asked where its cell could not be read, too: no finding of a cell says that the row is nobody's
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
        says="Ô họ và tên chỉ ghi tên một người, tên đã sửa thì chỉ ghi tên đúng; người khác ghi ở dòng riêng, chức vụ và ghi chú ở cột riêng.",
        says_en="A cell of names holds one person's; somebody else has a row of his own, a post or a note a column.",
        severity="WARNING",
        basis="form",
        bad={"full_name": "Nguyễn Văn An, Trần Thị Bình"},
    )


def somebody_named(who: tuple[str, ...], applies: pl.Expr | None) -> pa.Check:
    """A row is somebody's: by a number, or by a name. `applies`: where the row is a person's."""
    return rule(
        "person_identified",
        pl.any_horizontal(pl.col(*who).is_not_null()),
        applies=applies,
        on=who[0],
        says="Dòng phải cho biết là ai: họ và tên, kèm số CCCD hoặc ít nhất ngày sinh để không lẫn với người trùng tên.",
        says_en="A row names somebody: by a name or by a number.",
        basis="form",
        always=True,
        bad=dict.fromkeys(who),
    )


# What stands in a column of names and names nobody: offices, posts, remarks, sums. Only asked of rows that say nothing else of their person.
NOBODY = (
    r"(?i)^(?:tập thể|phòng|ban|khoa|tổ|chi bộ|chi [uủ][ỷy]|đảng (?:[uủ][ỷy]|bộ)|ubnd|[uủ][ỷy] ban|hđnd|hội đồng|hội|mặt trận|đoàn (?:thanh niên|thể|trường|phường|xã)|"
    r"công (?:an|đoàn|ty|chức|nhân)|trạm|trung tâm|văn phòng|nhà trường|trường (?:thpt|thcs|tiểu|mầm|mẫu|đại|cao|trung|chính)|khu phố|khối|ấp|xã|phường|thị trấn|"
    r"quý (?:[ivx0-9]+)|năm|tháng|t[ỷỉ] lệ|bình quân|trung bình|ghi chú|xếp loại|ý kiến|trong đó|người (?:tổng hợp|lập|ký|duyệt|kiểm)|đồng chí|bí thư|phó bí thư|"
    r"(?:[0-9]+|một|hai|ba|bốn|các|những|số|một số) (?:đ/c|đồng chí|đảng viên|cán bộ|trường hợp|người)|theo|số liệu|căn cứ|vắng|lý do|lưu ý|tính đến|hiện (?:có|nay|tại)|chưa|không|xem|để|"
    r"nơi nhận|khuyết|họ (?:và )?tên|miễn|cộng|tổng|số lượng|kết quả|danh sách|như trên|viên chức|cán bộ)(?:[ :,.]|$)|^nt$|^\(|%|:$|^\P{L}+$"
)

SENTENCE = 6  # words


def is_a_persons_name(alone: pl.Expr) -> pl.Expr:
    """Whether the name of a row is one, asked of those rows alone; true of all others. A sentence is none: six words or more, not each with a capital."""
    name = pl.when(alone).then(pl.col("full_name"))
    is_sentence = (name.str.count_matches(" ") >= SENTENCE - 1) & (name.str.count_matches(r" \p{Ll}") > 1)
    return (name.str.contains(NOBODY) | is_sentence).not_().fill_null(True)


def name_is_a_persons(apart: tuple[str, ...], applies: pl.Expr | None) -> pa.Check:
    """Whoever is said by a name alone, without any of the columns `apart`, has a person's name. `applies`: where the row is a person's."""
    alone = pl.all_horizontal(pl.col(*apart).is_null()) & pl.col("full_name").is_not_null()
    return rule(
        "name_is_a_persons",
        is_a_persons_name(alone),
        applies=alone if applies is None else applies & alone,
        on="full_name",
        says="Dòng không có số CCCD và ngày sinh, mà ô họ và tên không ghi họ tên một người; nếu là một người, hãy ghi họ tên và số CCCD; nếu là tập thể, tổng "
        "số hay ghi chú, hãy để ngoài danh sách.",
        says_en="Whoever has neither a number nor a birth date has a person's name.",
        basis="form",
        good=dict.fromkeys(apart),
        bad=dict.fromkeys(apart) | {"full_name": "Phòng Tổ chức - Hành chính"},
    )


# How a remark says that somebody left; none of them says it of his kin or his papers, nor of what is yet to come.
_WHEN = r"(?: (?:từ )?(?:ngày|tháng|năm|hồi|do|vì)\b| ?[0-9().,;]|$)"
_WHAT = r"sinh hoạt đảng|sinh hoạt|công tác|SHĐ|SH đảng|SH|CT"
LEFT = (
    rf"(?i)\bđã chuyển(?: (?:đi|khỏi|sang|công tác|sinh hoạt|đơn vị|SHĐ?)\b|{_WHEN})|\bchuyển (?:(?:sinh hoạt|sinh hoạt đảng|công tác|SHĐ?) )?đi\b"
    rf"|\b(?:từ trần|qua đời|h[yi] sinh)\b|\bđã (?:mất|chết){_WHEN}|\b(?:khai trừ|x(?:óa|oá) tên)\b|\bra khỏi đảng\b"
    rf"|\b(?:đã|xin|buộc) (?:thôi|nghỉ) việc\b|^(?:thôi|nghỉ) việc{_WHEN}|^mất{_WHEN}"
    rf"|\bchuyển (?:{_WHAT}) (?:sang|về (?:nơi|địa phương|phường|xã|quận|huyện|tỉnh|thành phố|P\.|X\.|Q\.|TP))"
    r"|\bchuyển (?:sang|về|ra|lên|xuống) (?:nơi|địa phương|đảng (?:bộ|[uủ][ỷy])|chi bộ|đơn vị|cơ quan|công tác|sinh hoạt|phường|xã|quận|huyện|tỉnh|thành phố|TP|sở|trường|"
    r"công ty|doanh nghiệp|UBND|ban|phòng|tổ|khu phố|ấp|trung ương)(?:[ .,;]|$)"
    rf"|\b(?:làm|xong|hoàn tất|hoàn thành) thủ tục chuyển\b|\bthủ tục chuyển (?:đảng|{_WHAT}|đi)\b|^(?:đã )?chuyển (?:{_WHAT}|đảng|trường|đơn vị|cơ quan|chi bộ|ngành){_WHEN}"
    rf"|\bthuyên chuyển\b|\b(?:điều động|điều chuyển|luân chuyển) (?:đi|sang|về|công tác)\b|\b(?:{_WHAT}) đi(?: đơn vị| nơi| cơ quan|{_WHEN})"
    rf"|\brời (?:khỏi )?(?:chi bộ|đơn vị|cơ quan|đảng bộ|trường|tổ chức)\b|\bcắt (?:chuyển )?(?:{_WHAT}|đảng)\b|\bgiới thiệu (?:chuyển )?(?:{_WHAT}) (?:về|đi|sang|đến|ra)\b"
    r"|\b(?:ra|đi|sang) nước ngoài\b|\b(?:định cư|xuất cảnh)\b|\bkhông còn (?:là|công tác|làm việc|sinh hoạt|ở|tại|thuộc|trong)\b"
    r"|\bchấm dứt (?:hợp đồng|HĐ|HĐLĐ|HĐLV|sinh hoạt)\b|\b(?:hết|thanh lý) (?:hợp đồng|HĐ|HĐLĐ)\b"
    r"|\bnghỉ (?:(?:hưởng )?(?:BHXH|bảo hiểm|chế độ|hưởng)|(?:theo )?(?:nghị định|NĐ|tinh giản|đề án))\b"
    r"|^(?:đã |được )?nghỉ(?: (?:từ|ngày|tháng|năm|rồi|hẳn|luôn|công tác|làm)\b| ?[0-9().,;]|$)|^(?:đã |mới |được )?về hưu(?: (?:rồi|theo chế độ|trước tuổi)|$)"
)
LEFT_IN_BRACKETS = r"(?i)[(\[] ?(?:đã )?(?:mất\b|nghỉ (?:hưu|việc)|thôi việc|chuyển (?:công tác|sinh hoạt|đơn vị|SHĐ?|sang|khỏi|[0-9]))[^đ]*(?:đi\b[^đ]*)?[)\]]"
NOT_THEY = (
    r"(?i)\b(?:vợ|chồng|cha|mẹ|bố|má|con|anh|chị|em|thân nhân|thẻ|hồ sơ|giấy)\b(?: [^\s,;.]+){0,3}? (?:đã|bị|mất|từ trần|qua đời|h[yi] sinh|chuyển)\b"
    r"|\b(?:chưa|không|sẽ|dự kiến|xin|đề nghị|chờ)(?: [^\s,;.]+){0,3}? (?:chuyển|khai trừ|x(?:óa|oá) tên|thôi việc|nghỉ việc)\b|\b(?:thai sản|hộ sản|hai chiều|hộ chiếu|du lịch)\b"
)
RETIRED_IN = r"(?i)\b(?:nghỉ|về) hưu[^0-9]*(?:[0-9]{1,2}[/.\-]){0,2}((?:19|20)[0-9]{2})\b"  # who did long ago may well be there


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


EXEMPT = r"(?i)\b(?:miễn (?:công tác|sinh hoạt|SHĐ?)|đình chỉ (?:sinh hoạt|SHĐ?))\b"
NOT_EXEMPT = (
    r"(?i)\b(?:hết|thôi|không|chưa|hủy|huỷ|chấm dứt|xin|đề nghị|sẽ|dự kiến|đủ (?:điều kiện|tuổi))(?: [^\s,;.]+){0,3}? (?:miễn|đình chỉ)\b"
)


def exempt_in_its_column(holds: pl.Expr, **words: Any) -> pa.Check:
    """Whoever a note says to be exempt from party activity, or suspended, has it in the columns that are counted."""
    note = pl.col("note")
    said = (note.str.contains(EXEMPT) & note.str.contains(NOT_EXEMPT).not_()).fill_null(False)
    return rule("exempt_in_its_column", holds, applies=said, severity="WARNING", basis="form", **words)


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


def in_range(name: str, col: pa.Column, least: int, most: int | None) -> pa.Check:
    """A number's range stands in its column; this is the rule that follows."""
    return rule(
        f"{name}_in_range",
        pl.col(name) >= least if most is None else pl.col(name).is_between(least, most),
        applies=pl.col(name).is_not_null(),
        on=name,
        says=f"{col.title} phải từ {least} {'trở lên' if most is None else f'đến {most}'}.",
        says_en=f"{name} must be {f'{least} or more' if most is None else f'between {least} and {most}'}.",
        severity="WARNING",
        basis="form",
        unknown=(name,),
        good={name: float(least if most is None else most)},
        bad={name: float(least - 1 if most is None else most + 1)},
    )


LONGEST_LIFE = 110  # years: nobody in service or in the Party has been older, and no day of a career lies further back
# How late a day may be, seen from the last day of the folder's period: (Vietnamese, English). A decision on a year may be signed in
# the next one; whoever is on a list of ours is 14 or older (the youngest member of the Youth Union is 16).
COME_BY = {
    "0d": ("không sau ngày cuối của kỳ báo cáo", "not after the period's last day"),
    "1y": ("không muộn hơn một năm sau ngày cuối của kỳ báo cáo", "at most a year after the period's last day"),
    "-14y": ("ít nhất 14 năm trước ngày cuối của kỳ báo cáo", "at least 14 years before the period's last day"),
    "20y": ("không muộn hơn 20 năm sau ngày cuối của kỳ báo cáo", "at most 20 years after the period's last day"),  # an end that is planned
}


def day_possible(name: str, col: pa.Column, has_birth_date: bool) -> pa.Check:
    """A day that cannot be is no day: told, and unknown from there on. Of days of the Party and of recruitment laws ask how old somebody was."""
    come_by = meta(col).come_by or "20y"
    is_of_career = has_birth_date and not meta(col).come_by
    last = pl.col("folder_to") if come_by == "0d" else pl.col("folder_to").dt.offset_by(come_by)
    holds = (pl.col(name).dt.year() >= pl.col("folder_year") - LONGEST_LIFE) & (pl.col(name) <= last)
    if is_of_career:
        holds = holds & (latest(name) >= pl.col("birth_date")).fill_null(True)
    says, says_en = COME_BY[come_by]
    and_born, and_born_en = ("; không trước ngày sinh", ", and not before the birth date") if is_of_career else ("", "")
    return rule(
        "day_possible",
        holds,
        applies=pl.col(name).is_not_null(),
        on=name,
        says=f"Cột “{col.title}” phải là ngày có thể có: không quá {LONGEST_LIFE} năm trước kỳ báo cáo và {says}{and_born}.",
        says_en=f"{name} must be at most {LONGEST_LIFE} years before the period and {says_en}{and_born_en}.",
        severity="WARNING",
        unknown=(name,),
        good={name: DAY(2005, 1, 1)},
        bad={name: DAY(1905, 6, 2)},
    )


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


def rules_of(schema: pa.DataFrameSchema) -> list[Rule]:
    """A schema's rules of rows, in their order."""
    return [check._check_kwargs["rule"] for check in schema.checks]
