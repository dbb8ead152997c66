"""Clean tables: rows that keep every rule a file can answer alone, drawn from a `Random` (hypothesis can be one).

What does not belong here: how a table is written down, and dirt.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from pipeline import codes
from pipeline.codes import code_lists
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.kinds import Meta, meta

PERIOD = "2021"
Row = dict[str, Any]

_SURNAMES = "Nguyễn Trần Lê Phạm Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Lâm Mã Tạ Kiều Thạch Quách Nghị Trịnh"
_MIDDLE = "Văn Thị Hữu Đức Minh Ngọc Thanh Quốc Bảo Như Kỳ Thúy Mỹ Cẩm Hoàng"
_GIVEN = (
    "An Bình Châu Dũng Đạt Giàu Hằng Hòa Huệ Khải Khỏe Loan Mẫn Nghĩa Oanh Phượng Quý Quỳnh Rạng Sửu Thủy Tuấn Uyên Vượng Xuyến "
    "Yến Cộng Tổng Chi Hường Trưởng Tưởng Lễ Mỡ Nghệ Hiển Hoài Tý Tỵ Nở Thưởng"
)
# together they hold every letter of the alphabet with every tone
_WORDS = (
    "kỹ nghề sẵn lẳng thỏa khuỷu tỵ lẫy mẻ vẹn rễ đổi hỗ trợ lỡ ở nữ cử sự nghĩ chỉn tị rõ nhỏ cũng đủ phụ trẻ sẽ mẹ thể việc "
    "khẳng định mặt cẩn dẫn tập bảo xã hạn kỳ kỷ ý mà là cầu bằng chè về mì gò nhồi lời mùa từ dù lá nhất chắc mé tiết lí có tốt "
    "mới cú thứ gã bã xinh tính chuyển phòng quản lý nhà nước ăn bữa lên bổ hòm mộc chọn ngột đợi bỏ mũ tủ ngữ ứng cứng võ bõ lỗ dỡ "
    "mở đặc ưu sổ tử xỉnh kĩ"
)
SURNAMES, MIDDLE, GIVEN, WORDS = (words.split() for words in (_SURNAMES, _MIDDLE, _GIVEN, _WORDS))
UNITS = ["Chi bộ 1", "Chi bộ 2", "Chi bộ Trường Tiểu học Cái Khế", "Chi bộ Khu vực 5", "Đảng bộ phường Thới Hòa", "Q01.001.02"]
PLACES = ["Sở Nội vụ", "Trường Chính trị thành phố", "Huyện ủy Cờ Đỏ", "Ban Tổ chức", "Ngoài thành phố"]
PROVINCES = ["001", "002", "004", "006", "008", "010", "024", "079", "086", "092", "094", "096"]


@dataclass(frozen=True)
class Table:
    """What is true: typed values by column. A column that is not in `columns` is not in the file."""

    dataset: str
    columns: list[str]
    rows: list[Row]


def make_table(rng: Random, dataset: str, rows: int = 6, columns: set[str] = frozenset()) -> Table:
    """A clean table; `columns` are filled in every row, others that are optional may be blank or absent."""
    maker, groups = MAKERS[dataset]
    made = [maker(rng) for _ in range(rows)]
    for group in groups:
        if columns & set(group):
            continue
        absent = rng.random() < 0.4
        for row in made:
            if absent or rng.random() < 0.2:
                row |= dict.fromkeys(group)
    units = [row.get("unit") for row in made]
    if "unit" not in columns and any(units[:1]) and units.count(None) * 2 >= rows:
        made[0]["unit"] = None  # a unit and blanks below it may mean that it is theirs: a careful office does not write so
    own = [
        c
        for c in own_columns(SCHEMAS[dataset])
        if meta_of(dataset, c).required or meta_of(dataset, c).wanted or any(r.get(c) is not None for r in made)
    ]
    return Table(dataset, own, made)


def meta_of(dataset: str, column: str) -> Meta:
    return meta(own_columns(SCHEMAS[dataset])[column])


def text_of(dataset: str, column: str, value: Any) -> str | None:
    """A value as a careful office writes it."""
    info = meta_of(dataset, column)
    if value is None:
        return None
    if info.kind.name == "boolean":
        return "Có" if value else "Không"
    if info.codes:
        return codes.labels(info.codes)[value]
    if info.kind.name == "date":
        return f"{value.day:02}/{value.month:02}/{value.year}"
    if info.kind.name == "number":
        return f"{value:g}".replace(".", ",")
    return value


def read_as(dataset: str, row: Row) -> Row:
    """The row as it should be read: blanks mean their defaults, names of units and programmes are compared folded."""
    read = {}
    for column in own_columns(SCHEMAS[dataset]):
        info, value = meta_of(dataset, column), row.get(column)
        if info.kind.name in ("unit", "key") and value is not None:
            value = codes.fold(value)
        read[column] = info.default if value is None else value
        if info.kind.name == "date":
            precision = row.get(f"{column}_precision_code", "DAY")
            read[f"{column}_precision_code"] = None if value is None else precision
    if "period_type_code" in read:
        read["period"] = read["period"] or PERIOD
        read["period_type_code"] = read["period_type_code"] or ("QUARTER" if "-Q" in read["period"] else "YEAR")
    return read


@cache
def code_values(name: str) -> tuple[str, ...]:
    return tuple(c.code for c in code_lists()[name] if c.code not in ("CLEAN_STRONG", "LIMITED", "WEAK"))  # levels of other years


# ── how a row of each dataset is drawn ───────────────────────────────────────────────────────────────────────────


def _name(rng: Random) -> str:
    return f"{rng.choice(SURNAMES)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"


def _words(rng: Random) -> str:
    # the longest first: of a capital that stands alone nothing tells whether VISCII means it or Windows a dash
    return " ".join(sorted(rng.sample(WORDS, 3), key=len, reverse=True)).capitalize()


def _day(rng: Random, first: int, last: int) -> dt.date:
    return dt.date(rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28))


def _later(rng: Random, day: dt.date) -> dt.date:
    """A day of 2021 after this one, or the last of the year."""
    return min(max(day, dt.date(2021, 1, 1)) + dt.timedelta(days=rng.randint(1, 90)), dt.date(2021, 12, 31))


def _identity(rng: Random, male: bool, year: int) -> str:
    return f"{rng.choice(PROVINCES)}{0 if male else 1}{year % 100:02}{rng.randint(0, 999_999):06}"


def _decision(rng: Random) -> str:
    return f"{rng.randint(1, 300):02}-{rng.choice(['QĐ/ĐU', 'QĐ/UBKT', 'QĐ/BTCTU'])}"


def _code(rng: Random, name: str, *without: str) -> str:
    return rng.choice([c for c in code_values(name) if c not in without])


def _person(rng: Random) -> Row:
    male, year = rng.random() < 0.5, rng.randint(1955, 1999)
    birth = dt.date(year, rng.randint(1, 12), rng.randint(1, 28))
    return {
        "unit": rng.choice(UNITS),
        "full_name": _name(rng),
        "identity_number": _identity(rng, male, year),
        "note": _words(rng),
        "_birth": birth,
        "_male": male,
    }


def _ratings(rng: Random) -> Row:
    level = _code(rng, "rating_level")
    period = rng.choice([PERIOD, f"{PERIOD}-Q1", f"{PERIOD}-Q3"])
    return _person(rng) | {
        "rating_system_code": _code(rng, "rating_system", "COLLECTIVE"),
        "period_type_code": "QUARTER" if "-" in period else "YEAR",
        "period": period,
        "self_level_code": _code(rng, "rating_level", "NOT_RATED"),
        "proposed_level_code": _code(rng, "rating_level", "NOT_RATED"),
        "decided_level_code": level,
        "score": rng.randint(5, 400) / 4,
        "not_rated_reason_code": _code(rng, "not_rated_reason") if level == "NOT_RATED" else None,
        "decision_no": _decision(rng),
        "decided_on": _day(rng, 2021, 2021),
    }


def _personnel(rng: Random) -> Row:
    person = _person(rng)
    joined = _day(rng, person["_birth"].year + 19, min(2019, person["_birth"].year + 59))
    since = _day(rng, max(2000, person["_birth"].year + 19), 2020)  # most of a list were no children on that day
    status = _code(rng, "member_status")
    exempt, suspended = _day(rng, 2015, 2020), _day(rng, 2019, 2020)
    left = rng.random() < 0.3
    return person | {
        "birth_date": person["_birth"],
        "sex_code": "MALE" if person["_male"] else "FEMALE",
        "ethnicity_code": _code(rng, "ethnicity"),
        "spell_kind_code": _code(rng, "spell_kind"),
        "member_status_code": status,
        "staff_kind_code": _code(rng, "staff_kind"),
        "spell_from": since,
        "spell_to": _later(rng, since) if left else None,
        "leaving_reason_code": _code(rng, "leaving_reason") if left else None,
        "exempt_from": exempt,
        "exempt_to": _later(rng, exempt),
        "suspended_from": suspended,
        "suspended_to": _later(rng, suspended),
        "post_code": _code(rng, "post"),
        "committee_level_code": _code(rng, "committee_level"),
        "education_code": _code(rng, "education"),
        "political_theory_code": _code(rng, "political_theory"),
        "party_joined_on": None if status == "NONE" else joined,
        "party_official_on": joined.replace(year=joined.year + 1) if status == "FULL" else None,
        "service_joined_on": _day(rng, max(2000, person["_birth"].year + 18), 2020),
    }


def _rotation(rng: Random) -> Row:
    since = _day(rng, 2017, 2020)
    ended = rng.random() < 0.3
    return _person(rng) | {
        "rotation_kind_code": _code(rng, "rotation_kind"),
        "from_unit": rng.choice(PLACES),
        "to_unit": rng.choice(PLACES),
        "from_post_code": _code(rng, "post"),
        "to_post_code": _code(rng, "post"),
        "posting_from": since,
        "posting_to": _later(rng, since) if ended else None,
        "rotation_end_reason_code": _code(rng, "rotation_end_reason") if ended else None,
        "is_in_planning": rng.random() < 0.7,
        "planning_exception_code": _code(rng, "planning_exception"),
        "decision_no": _decision(rng),
        "decided_on": since - dt.timedelta(days=rng.randint(1, 20)),
    }


def _training(rng: Random) -> Row:
    since = dt.date(2021, rng.randint(1, 11), rng.randint(1, 28))
    return _person(rng) | {
        "programme": f"Bồi dưỡng {_words(rng).lower()}",
        "programme_type_code": _code(rng, "programme_type", "DIGITAL"),
        "provider": rng.choice(PLACES),
        "training_from": since,
        "training_to": _later(rng, since),
        "hours": float(rng.choice([8, 40, 60, 160, 240, 1236, 2400])),
        "training_result_code": _code(rng, "training_result"),
        "certificate_code": _code(rng, "certificate"),
        "cost_bearer_code": _code(rng, "cost_bearer"),
    }


def _discipline(rng: Random) -> Row:
    signed = dt.date(2021, rng.randint(1, 11), rng.randint(1, 28))
    announced = signed + dt.timedelta(days=rng.randint(0, 3))
    party = rng.random() < 0.7
    return _person(rng) | {
        "subject_kind_code": "PERSON",
        "discipline_system_code": "PARTY" if party else "STATE",
        "discipline_form_code": rng.choice(["REPRIMAND", "WARNING", "EXPULSION"] if party else ["REPRIMAND", "WARNING", "DISMISSAL"]),
        "violation_code": _code(rng, "violation"),
        "decision_no": _decision(rng),
        "signed_on": signed,
        "announced_on": announced,
        "effect_end_on": announced.replace(year=2022),
        "case_no": f"{rng.randint(1, 99):02}-2021",
        "is_counted_elsewhere": rng.random() < 0.5,
        "committee_level_code": _code(rng, "committee_level"),
        "post_code": _code(rng, "post"),
        "discipline_status_code": _code(rng, "discipline_status"),
    }


# Per dataset: how a row is drawn, and which columns may be blank or absent, together, without breaking a rule.
_ANY = [("unit",), ("note",)]
MAKERS = {
    "ratings": (
        _ratings,
        [*_ANY, ("rating_system_code",), ("period", "period_type_code"), ("self_level_code",), ("proposed_level_code",), ("score",),
         ("decision_no",), ("decided_on",)],
    ),
    "personnel": (
        _personnel,
        [*_ANY, ("ethnicity_code",), ("spell_kind_code",), ("staff_kind_code",), ("exempt_from", "exempt_to"),
         ("suspended_from", "suspended_to"), ("post_code",), ("committee_level_code",), ("education_code",), ("political_theory_code",),
         ("service_joined_on",)],
    ),
    "rotation": (
        _rotation,
        [*_ANY, ("from_unit",), ("to_unit",), ("from_post_code",), ("to_post_code",), ("planning_exception_code",), ("decided_on",)],
    ),
    "training": (
        _training,
        [*_ANY, ("provider",), ("training_to",), ("hours",), ("training_result_code",), ("certificate_code",), ("cost_bearer_code",)],
    ),
    "discipline": (
        _discipline,
        [*_ANY, ("subject_kind_code",), ("violation_code",), ("effect_end_on",), ("case_no",), ("is_counted_elsewhere",),
         ("committee_level_code",), ("post_code",), ("discipline_status_code",)],
    ),
}  # fmt: skip
