"""Columns of datasets: how one is written, those that several datasets have, and a dataset's schema made of them.

What does not belong here: any one dataset's column, what a kind of column is (kinds.py), and rules of rows (rules.py).
"""

from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl

from pipeline.frames import TO_JUDGE
from pipeline.schemas.card import Card
from pipeline.schemas.kinds import DATE, KINDS, WORDS, Meta, key_name, meta, words_name
from pipeline.schemas.rules import day_possible, in_range, is_a_persons_name, name_is_a_persons, rule, somebody_named

RATING_LEVELS = "rating_level"  # the list that may also be laid out as one column per level, with a mark
DISCIPLINE_FORMS = "discipline_form"  # and this one
Schema = pa.DataFrameSchema  # a dataset's, for rooms that do not know pandera

NAME_PARTS = (
    ("Họ đệm", "Họ và đệm", "Họ lót", "Họ và tên đệm", "Họ, tên đệm", "Họ và chữ đệm", "Họ, chữ đệm", "Họ và chữ lót", "Họ"),
    ("Tên",),
)

# Columns that every judged row carries besides the dataset's own: where it comes from, and its folder's period.
SYSTEM = dict(TO_JUDGE)


def column(header: str, *aliases: str, kind: str = "text", description: str, codes_of: str | None = None, **meta: Any) -> pa.Column:
    """A column of a dataset: pandera's own title and description, the rest in metadata."""
    info = Meta(kind=KINDS[kind], aliases=aliases, codes=codes_of, label=header, **meta)
    return pa.Column(info.kind.dtype, nullable=True, title=header, description=description, metadata={"meta": info})


def below(groups: tuple[str, ...], leaves: tuple[str, ...]) -> tuple[str, ...]:
    """Headers of two rows, read from above: each leaf below each group."""
    return tuple(f"{group} {leaf}" for group in groups for leaf in leaves)


# ── columns that several datasets have: one header, one set of aliases ───────────────────────────────────────────


def unit(description: str) -> pa.Column:
    """A row's unit: its code, or its name below the sender."""
    aliases = ("Chi bộ", "Đơn vị công tác", "Đơn vị báo cáo", "Phòng/Ban", "Mã đơn vị", "Tên đơn vị", "Nơi công tác", "Nơi sinh hoạt")
    offices = ("Khoa/Phòng", "Khoa, phòng, ban", "Phòng, ban, đơn vị", "Cơ quan, đơn vị", "Cơ quan công tác", "Cơ quan, đơn vị công tác")
    parts = ("Bộ phận công tác", "Bộ phận", "Phòng/bộ phận", "Phòng, bộ phận", "Phòng/Khoa/Bộ phận")
    of_party = ("Chi bộ sinh hoạt", "Sinh hoạt tại chi bộ", "Nơi sinh hoạt Đảng", "Tên chi bộ")
    return column("Đơn vị", *aliases, *offices, *parts, *of_party, kind="unit", ditto=True, decides=True, description=description)


def full_name(*aliases: str, wanted: bool, where: pl.Expr | None = None) -> pa.Column:
    """A person's name; `wanted`, `where`: as in `person`."""
    names = ("Họ tên", "Họ, tên", "Họ và tên khai sinh", "Họ tên khai sinh", "Họ, chữ đệm và tên", "Họ tên đầy đủ", *aliases)
    whose = (
        "đảng viên", "cán bộ", "công chức", "viên chức", "CBCC", "CBCCVC", "học viên", "đồng chí", "đ/c", "CB, CC, VC", "CB, CCVC", "CCVC",
        "cán bộ, công chức", "công chức, viên chức", "cán bộ, công chức, viên chức", "cán bộ, đảng viên", "cá nhân",
        "giáo viên", "nhân viên", "CBGV, NV", "CBVC",
    )  # fmt: skip
    names += tuple(f"{name} {of}" for name in ("Họ tên", "Họ và tên") for of in whose)
    # in full: “Tên CBCC” above names in letters of an old alphabet would be taken for such letters itself
    names += tuple(
        f"Tên {of}" for of in ("đảng viên", "cán bộ", "công chức", "viên chức", "học viên", "đồng chí", "giáo viên", "nhân viên")
    )
    words = "Full name as in the birth certificate."
    return column(
        "Họ và tên", *names, description=words, wanted=wanted, wanted_where=where, restricted=True, is_name=True, parts=NAME_PARTS
    )


BIRTH_DATE = column(
    "Ngày sinh",
    "Năm sinh",
    "Ngày tháng năm sinh",
    "NTNS",
    "Ngày, tháng, năm sinh",
    "Sinh ngày",
    "Ngày, năm sinh",
    "Sinh năm",
    "Tháng, năm sinh",
    "Tháng/năm sinh",
    "Ngày/tháng/năm sinh",
    kind="date",
    of_age=0,
    come_by="-14y",
    description="Birth date, to the day, month or year.",
    restricted=True,
)
PARTY_CARD_NUMBER = column(
    "Số thẻ đảng viên",
    "Số thẻ Đảng",
    "Thẻ đảng viên",
    "Thẻ Đảng viên số",
    "Số thẻ ĐV",
    "Số TĐV",
    kind="card",
    description="Number of the Party card; only a key of it lands.",
    restricted=True,
)
STAFF_NUMBER = column(
    "Số hiệu công chức, viên chức",
    "Số hiệu cán bộ, công chức",
    "Số hiệu CBCCVC",
    "Số hiệu CCVC",
    "Số hiệu công chức",
    "Số hiệu viên chức",
    "Mã CBCCVC",
    "Mã cán bộ",
    "Mã nhân viên",
    "Mã NV",
    "Mã viên chức",
    "Mã công chức",
    kind="own",
    description="The employer's own number of a person; only a key of it lands.",
    restricted=True,
)


NUMBERS = {"party_card_number": PARTY_CARD_NUMBER, "staff_number": STAFF_NUMBER}
APART = {"birth_date": BIRTH_DATE, **NUMBERS}
WHO = ("full_name", "identity_number")  # one of them says whose a row is
BORN = pl.col("birth_date").is_not_null()  # whoever has one is a person, whatever is called a name


def person(*names: str, named: bool = False, numbered: bool = False, where: pl.Expr | None = None) -> dict[str, pa.Column]:
    """Whom a row is about: a name and a number. What else tells people of one name apart stands further behind (`APART`, decision 0028).

    `named`, `numbered`: the name, the number is asked for by its header; `where`: the rows that are a person's. There each is asked for in every
    row that has the other.
    """
    name, number = (pl.col(other).is_not_null() if where is None else where & pl.col(other).is_not_null() for other in WHO)
    return {
        "full_name": full_name(*names, wanted=named, where=number),
        "identity_number": identity_number(wanted=numbered, where=name & (BORN | is_a_persons_name(pl.col("identity_number").is_null()))),
    }


def identity_number(wanted: bool, where: pl.Expr | None = None) -> pa.Column:
    """A person's number; without one the row is linked by what else it says, or stays by itself."""
    aliases = ("CCCD/CMND", "CCCD", "Số định danh", "Số ĐDCN", "Căn cước", "Số định danh cá nhân", "Số CMND/CCCD", "Số CCCD/CMND")
    of_card = ("Căn cước công dân", "Số căn cước công dân", "Căn cước công dân số", "CCCD số", "Căn cước số")  # “Số” below “Căn cước”
    cards = ("Căn cước công dân", "Căn cước", "Thẻ căn cước", "Thẻ căn cước công dân", "CCCD", "Thẻ CCCD", "CMND/CCCD", "CCCD/CMND")
    beside = (
        *below(cards, ("số thẻ", "số")),
        "Mã định danh",
        "Mã số định danh",
        "Số CC/CCCD",
        "Số thẻ CCCD",
        "Số CMND/thẻ CCCD",
        "Số định danh/CCCD",
        "Số CCCD/Định danh",
        "Số thẻ căn cước",
        "Số căn cước",
        "CMND/CCCD",
        "CCCD hoặc CMND",
        "CMND hoặc CCCD",
        *(f"{number}{cards}/{last}" for number in ("", "Số ") for cards in ("CMND/CCCD", "CCCD/CMND") for last in ("Hộ chiếu", "HC")),
        *(f"{number}{cards}" for number in ("", "Số ") for cards in ("CCCD/Hộ chiếu", "CMND, CCCD", "CCCD, CMND", "CMND/Căn cước")),
    )
    words = "Personal identity number, 12 digits (9 on an old card)."
    return column(
        "Số CCCD",
        *aliases,
        *of_card,
        *beside,
        kind="identity",
        description=words,
        wanted=wanted,
        wanted_where=where,
        decides=True,
        restricted=True,
        lesser=OLD_CARDS,  # beside a new number an old one is another
    )


OLD_CARDS = (
    "Số CMND",
    "CMND",
    "Số CMTND",
    "CMTND",
    "Số CMT",
    "CMT",
    "Số chứng minh nhân dân",
    "Chứng minh nhân dân",
    "Số giấy CMND",
    "Giấy CMND",
)


DECISIONS = ("Quyết định", "QĐ", "Văn bản", "Quyết định của cấp có thẩm quyền", "Văn bản, quyết định")
OF_A_DECISION = below(DECISIONS, ("ngày", "ngày ký", "ngày, tháng, năm", "ngày tháng năm", "ngày ban hành"))  # its day


def decision_no(wanted: bool) -> pa.Column:
    """The number of a decision; `wanted`: a blank is told."""
    words = "Number of the decision."
    with_day = (
        *below(DECISIONS, ("số", "số quyết định", "số QĐ", "số, ký hiệu")),
        "QĐ số",
        "Số QĐ, ngày",
        "Quyết định số, ngày",
        "Số, ngày quyết định",
        "Số, ngày, tháng, năm quyết định",
        "Số QĐ, ngày QĐ",
        "Quyết định",
    )
    return column("Số quyết định", "Quyết định số", "Số QĐ", *with_day, kind="shape", wanted=wanted, ditto=True, description=words)


DAY_DECIDED = ("Ngày quyết định", "Ngày QĐ", "Quyết định ngày", "Ngày, tháng, năm quyết định", "Ngày ra quyết định", *OF_A_DECISION)
DECIDED_ON = column(
    *DAY_DECIDED,
    kind="date",
    come_by="1y",
    ditto=True,
    behind="decision_no",
    description="Day of the decision.",
)
NOTE = column("Ghi chú", description="Free text; stays in the restricted zone.", restricted=True)


# What a column of posts is called beside “Chức vụ”.
POSTS = (
    "Chức danh",
    "Chức vụ / Vị trí việc làm",
    "Chức vụ, chức danh",
    "Chức danh, chức vụ",
    "Chức vụ hiện nay",
    "Chức vụ hiện tại",
    "Chức vụ hiện giữ",
    "Chức vụ công tác",
    "Chức vụ chính quyền",
    "Chức vụ về chính quyền",
    "Chức vụ chuyên môn",
    "Chức vụ, vị trí công tác",
    "Chức vụ hoặc vị trí việc làm",
    "Chức vụ hoặc vị trí",
    "Chức vụ hoặc chức danh",
    "Chức danh, vị trí việc làm",
    "Chức danh nghề nghiệp/Chức vụ",
    "Nghề nghiệp, chức vụ",
    "Chức vụ, nghề nghiệp",
    "Chức vụ Đảng, chính quyền",
    "Chức vụ CQ",
    "Chức danh chuyên môn",
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
            says=f"Cột “{col.title}” không được để trống. {meta(col).assumed[0]}".strip(),
            says_en=f"{c} must not be blank. {meta(col).assumed[1]}".strip(),
            severity="ERROR" if meta(col).required else "WARNING",
            basis="form",
            applies=meta(col).wanted_where,
            bad={c: None},
        )
        for c, col in columns.items()
        if meta(col).required or meta(col).wanted or meta(col).wanted_where is not None
    ]
    apart = tuple(c for c in ("identity_number", "birth_date") if c in columns)
    somebody = [somebody_named(WHO, card.claim.is_persons), name_is_a_persons(apart, card.claim.is_persons)] if card else []
    possible = [day_possible(c, col, "birth_date" in columns) for c, col in columns.items() if meta(col).kind is DATE]
    ranges = [in_range(c, col, *between) for c, col in columns.items() if (between := meta(col).between)]
    whole = {**{c: pa.Column(t, nullable=c in ("sheet",)) for c, t in SYSTEM.items()}, **columns}
    beside = [of(c) for c, col in columns.items() if (of := meta(col).kind.beside)]
    return pa.DataFrameSchema(
        {**whole, **{c: pa.Column(pl.String, nullable=True) for c in beside}},
        checks=present + somebody + possible + ranges + rules,
        name=name,
        title=title,
        description=description,
        strict=True,
        metadata={"example": example, "card": card},
    )


def own_columns(schema: pa.DataFrameSchema) -> dict[str, pa.Column]:
    """The columns that a unit fills in, without what the pipeline adds."""
    return {c: col for c, col in schema.columns.items() if col.metadata}


def template_columns(schema: pa.DataFrameSchema) -> dict[str, pa.Column]:
    """Those of them that its template has: not what its list may say of people besides."""
    return {c: col for c, col in own_columns(schema).items() if not meta(col).is_besides}


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
        Named(
            info.catalogue,
            name.removesuffix("_code"),
            words_name(name) if info.kind is WORDS else name,
            name if info.kind is WORDS else None,
        )
        for name, col in own_columns(schema).items()
        if (info := meta(col)).catalogue
    ]
