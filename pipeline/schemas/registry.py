"""The city's own registry: units, calendar, withdrawals, forms, confirmations, identities, who signs reports, catalogues. What does not belong here: checks across rows (pipeline.judging.registry)."""

from typing import Any

import pandera.polars as pa
import polars as pl

from pipeline.schemas.columns import column, dataset
from pipeline.schemas.days import DAY
from pipeline.schemas.rules import rule

c = pl.col

UNITS = dataset(
    "units",
    title="Đơn vị",
    description="Mỗi dòng là một đơn vị trong một thời gian có cùng mã, tên, loại và cấp trên.",
    columns={
        "unit_id": column(
            "Mã định danh", "unit_id", "Mã định danh đơn vị", required=True, description="The city's own identifier, never reused."
        ),
        "unit_code": column(
            "Mã đơn vị", "unit_code", "Mã", required=True, description="Code of the unit in this stretch; its folders' name."
        ),
        "unit_name": column("Tên đơn vị", "unit_name", "Tên", required=True, description="Name."),
        "unit_type_code": column(
            "Loại đơn vị", "unit_type", "unit_type_code", "Loại", kind="code", codes_of="unit_type", required=True, description="Type."
        ),
        "parent_unit_id": column(
            "Mã định danh cấp trên",
            "parent_unit_id",
            "parent",
            "Cấp trên",
            "Đơn vị cấp trên",
            description="unit_id of the parent; blank for the city.",
        ),
        "valid_from": column("Hiệu lực từ", "valid_from", "Từ ngày", kind="date", required=True, description="First day."),
        "valid_to": column("Hiệu lực đến", "valid_to", "Đến ngày", kind="date", ends=True, description="Last day; blank while it runs."),
        "successor_unit_id": column(
            "Đơn vị kế thừa",
            "successor_unit_id",
            "successor",
            "Mã định danh đơn vị kế thừa",
            description="unit_id of the unit that took over when this one ended; blank where none did.",
        ),
    },
    rules=[
        rule(
            "unit_code_is_folder_name",
            c("unit_code").str.contains(r"\A[0-9A-Za-z][0-9A-Za-z._-]{0,39}\z"),
            on="unit_code",
            says="Mã đơn vị chỉ gồm chữ không dấu, số, dấu chấm, gạch ngang (là tên thư mục).",
            says_en="A unit code is a folder's name: letters, digits, dot, hyphen, underscore.",
            bad={"unit_code": "Q 01/2"},
        ),
        rule(
            "unit_period_order",
            c("valid_to") >= c("valid_from"),
            on="valid_to",
            says="“Hiệu lực đến” phải bằng hoặc sau “Hiệu lực từ”.",
            says_en="A stretch ends on or after its first day.",
            good={"valid_to": DAY(2021, 1, 1)},
            bad={"valid_to": DAY(2009, 1, 1)},
        ),
        rule(
            "successor_of_what_ended",
            c("valid_to").is_not_null() | c("successor_unit_id").is_null(),
            on="successor_unit_id",
            says="Chỉ ghi “Đơn vị kế thừa” cho đơn vị đã kết thúc, có “Hiệu lực đến”.",
            says_en="Only a unit that ended has a successor.",
            good={"valid_to": DAY(2021, 1, 1), "successor_unit_id": "U2"},
            bad={"successor_unit_id": "U2"},
        ),
    ],
    example={
        "unit_id": "U1",
        "unit_code": "Q01.001",
        "unit_name": "Đảng bộ mẫu",
        "unit_type_code": "BASE_COMMITTEE",
        "parent_unit_id": "U0",
        "valid_from": DAY(2010, 1, 1),
    },
)

CALENDAR = dataset(
    "calendar",
    title="Lịch nộp",
    description="Loại đơn vị nào nộp bộ dữ liệu nào cho kỳ nào, hạn ngày nào.",
    columns={
        "dataset_code": column(
            "Bộ dữ liệu", "dataset", "dataset_code", kind="code", codes_of="dataset", required=True, description="Dataset owed."
        ),
        "unit_type_code": column(
            "Loại đơn vị",
            "unit_type",
            "unit_type_code",
            kind="code",
            codes_of="unit_type",
            required=True,
            description="Type of unit that owes it.",
        ),
        "period": column("Kỳ", "period", "Kỳ báo cáo", kind="period", required=True, description="Period owed."),
        "due_on": column("Hạn nộp", "due_on", "Ngày hết hạn", kind="date", required=True, description="Last day that is on time."),
    },
    rules=[],
    example={"dataset_code": "ratings", "unit_type_code": "BASE_CELL", "period": "2021", "due_on": DAY(2022, 1, 31)},
)

WITHDRAWALS = dataset(
    "withdrawals",
    title="Rút báo cáo",
    description="Báo cáo mà thành phố đã rút: kết thúc mọi bản đã nhận đến ngày đó.",
    columns={
        "period": column("Kỳ", "period", kind="period", required=True, description="Period."),
        "unit_code": column("Mã đơn vị", "unit_code", "Đơn vị", required=True, description="Sender whose submission is withdrawn."),
        "dataset_code": column(
            "Bộ dữ liệu", "dataset", "dataset_code", kind="code", codes_of="dataset", required=True, description="Dataset."
        ),
        "withdrawn_on": column(
            "Ngày rút", "withdrawn_on", "day", "Ngày", kind="date", required=True, description="Every version up to this day ends."
        ),
        "reason": column("Lý do", "reason", restricted=True, description="Why; free text."),
    },
    rules=[],
    example={"period": "2021", "unit_code": "Q01.001", "dataset_code": "ratings", "withdrawn_on": DAY(2022, 3, 1)},
)

FORMS = dataset(
    "forms",
    title="Biểu mẫu",
    description="Cột của một biểu mẫu, hay tên cột riêng của một đơn vị, nghĩa là cột nào; chỉ dòng có ngày xác nhận mới được dùng.",
    columns={
        "form_code": column(
            "Mã biểu mẫu", "form_code", description="The form, by what stands in its header; blank: wherever the unit writes the header so."
        ),
        "unit_code": column(
            "Mã đơn vị", "unit_code", "Đơn vị", description="Sender who writes the header so; blank of a form: whoever sends it."
        ),
        "dataset_code": column(
            "Bộ dữ liệu", "dataset", "dataset_code", kind="code", codes_of="dataset", required=True, description="Dataset."
        ),
        "place": column("Cột trên biểu mẫu", "place", "Cột", description="Letter of the form's column."),
        "header": column("Tên cột của đơn vị", "header", required=True, description="The header as it is written, below its groups."),
        "means": column(
            "Nghĩa là cột", "means", "column", description="Column that it means, by its title or name; blank: none, left out."
        ),
        "part_code": column(
            "Phần", "part", "part_code", kind="code", codes_of="form_part", default="WHOLE", description="What of that column stands there."
        ),
        "says": column("Dấu nghĩa là", "says", description="What a mark says: a code of that column's list, in words."),
        "otherwise": column("Không dấu nghĩa là", "otherwise", description="What all others are, where anybody is marked."),
        "confirmed_on": column("Ngày xác nhận", "confirmed_on", kind="date", description="Day on which the city confirmed it."),
    },
    rules=[
        rule(
            "form_or_unit_given",
            c("form_code").is_not_null() | c("unit_code").is_not_null(),
            on="form_code",
            says="Phải ghi mã biểu mẫu hoặc mã đơn vị.",
            says_en="A line is of a form or of a unit.",
            good={"form_code": "0123456789ab", "unit_code": None, "place": "C"},
            bad={"form_code": None, "unit_code": None},
        ),
        rule(
            "form_code_is_one",
            c("form_code").str.contains(r"\A[0-9a-f]{12}\z"),
            on="form_code",
            says="Mã biểu mẫu là 12 chữ số hoặc chữ a–f mà `pipeline form` đã ghi.",
            says_en="A form's code is what `pipeline form` wrote.",
            good={"form_code": "0123456789ab", "place": "C"},
            bad={"form_code": "../units", "place": "C"},
        ),
        rule(
            "place_of_form_given",
            c("place").fill_null("").str.contains(r"\A[A-Z]{1,3}\z") | c("form_code").is_null(),
            on="place",
            says="Cột của biểu mẫu ghi bằng chữ cái của cột, ví dụ C.",
            says_en="A form's column is given by its letter.",
            good={"form_code": "0123456789ab", "place": "AB"},
            bad={"form_code": "0123456789ab", "place": "4"},
        ),
    ],
    example={"unit_code": "Q01.001", "dataset_code": "ratings", "header": "KQ cuối năm", "means": "Mức xếp loại"},
)

CONFIRMATIONS = dataset(
    "confirmations",
    title="Xác nhận quy định",
    description="Ai đã đọc điều khoản của phiên bản quy định nào, ở đâu: từ lần nạp sau, phiên bản đó có mức “khi xác nhận”.",
    columns={
        "version_code": column(
            "Phiên bản",
            "version_code",
            "Phiên bản quy định",
            "Mã phiên bản",
            required=True,
            description="Version of a rule, as in docs/rules.md.",
        ),
        "confirmed_by": column(
            "Người xác nhận", "confirmed_by", "Người đọc", required=True, restricted=True, description="Who read the clause."
        ),
        "confirmed_on": column("Ngày xác nhận", "confirmed_on", kind="date", required=True, description="Day on which it was read."),
        "seen_at": column(
            "Nơi đọc", "seen_at", "Địa chỉ", required=True, description="Where it was read: an address, or the document on paper."
        ),
    },
    rules=[],
    example={
        "version_code": "R01",
        "confirmed_by": "Nguyễn Văn Mẫu",
        "confirmed_on": DAY(2026, 3, 2),
        "seen_at": "Công báo",
    },
)

SIGNERS = dataset(
    "signers",
    title="Người ký báo cáo",
    description="Ai ký báo cáo của đơn vị nào, và phần đầu báo cáo ghi gì; ô trống thì trên giấy để trống.",
    columns={
        "unit_code": column("Mã đơn vị", "unit_code", "Đơn vị", required=True, description="Unit whose reports are signed."),
        "report_kind_code": column(
            "Loại báo cáo",
            "report_kind",
            kind="code",
            codes_of="report_kind",
            is_exact=True,
            description="Kind of report; blank: every kind.",
        ),
        "report_year": column("Năm báo cáo", "report_year", "Năm", description="Year reported; blank: every year."),
        "report_side_code": column(
            "Bên ký",
            "report_side",
            kind="code",
            codes_of="report_side",
            required=True,
            description="Whose form it has: the Party's, the State's.",
        ),
        "above": column("Cơ quan cấp trên", "above", "Cơ quan chủ quản", description="Whom the issuer stands under, as it is printed."),
        "issuer": column("Cơ quan ban hành", "issuer", "Cơ quan", description="Who issues the report, as it is printed."),
        "report_number": column(
            "Số báo cáo", "report_number", "Số văn bản", description="Number of the report, like 05; blank: written by hand."
        ),
        "sign": column("Ký hiệu", "sign", "Ký hiệu cơ quan", description="Sign of the issuer behind the kind, like BTCTU."),
        "place": column("Địa danh", "place", "Nơi ban hành", description="Place, before the day."),
        "authority": column(
            "Quyền hạn ký", "authority", "Thẩm quyền ký", description="T/M, K/T and whose, a line each, parted by semicolons."
        ),
        "post": column("Chức vụ", "post", "Chức vụ người ký", description="Post of whoever signs."),
        "signer": column("Người ký", "signer", "Họ tên người ký", restricted=True, description="Who signs."),
        "recipients": column("Nơi nhận", "recipients", description="To whom it goes, parted by semicolons; the last keeps it."),
        "valid_from": column(
            "Hiệu lực từ", "valid_from", "Từ ngày", kind="date", required=True, description="First day of a report that they sign."
        ),
        "valid_to": column("Hiệu lực đến", "valid_to", "Đến ngày", kind="date", ends=True, description="Last day; blank while it runs."),
    },
    rules=[
        rule(
            "signer_period_order",
            c("valid_to") >= c("valid_from"),
            on="valid_to",
            says="“Hiệu lực đến” phải bằng hoặc sau “Hiệu lực từ”.",
            says_en="Whoever signs does so on or after the first day.",
            good={"valid_to": DAY(2021, 1, 1)},
            bad={"valid_to": DAY(2009, 1, 1)},
        ),
        rule(
            "report_number_is_digits",
            c("report_number").str.contains(r"\A[0-9]{1,5}[A-Z]?\z"),
            on="report_number",
            says="“Số báo cáo” chỉ ghi số thứ tự, ví dụ 05; ký hiệu ghi ở cột “Ký hiệu”.",
            says_en="A report's number is digits alone; its sign has a column of its own.",
            good={"report_number": "05"},
            bad={"report_number": "05-BC/TU"},
        ),
        rule(
            "report_year_is_a_year",
            c("report_year").str.contains(r"\A[0-9]{4}\z"),
            on="report_year",
            says="“Năm báo cáo” ghi một năm, ví dụ 2021.",
            says_en="A report is of a year.",
            good={"report_year": "2021"},
            bad={"report_year": "2021-Q1"},
        ),
    ],
    example={"unit_code": "CT", "report_side_code": "PARTY", "valid_from": DAY(2010, 1, 1)},
)

SIDES = {"one": "1", "other": "2"}  # of whom it is said


def _side(side: str, digit: str) -> dict[str, pa.Column]:
    """By what one of two is meant."""
    return {
        f"{side}_side_code": column(
            f"Căn cứ {digit}",
            f"{side}_side",
            kind="code",
            codes_of="identity_side",
            required=True,
            description="By what it is said who is meant.",
        ),
        f"{side}_value": column(
            f"Giá trị {digit}",
            f"{side}_value",
            required=True,
            restricted=True,
            description="The number, or the full name, as units write it.",
        ),
        f"{side}_birth_date": column(
            f"Ngày sinh {digit}",
            f"{side}_birth_date",
            kind="date",
            restricted=True,
            description="With a name: the birth date, to the day, or the year where lists say no more.",
        ),
        f"{side}_unit_code": column(
            f"Mã đơn vị {digit}",
            f"{side}_unit",
            description="With a name or a staff number: a unit of the organisation whose lists say it.",
        ),
    }


IDENTITIES = dataset(
    "identities",
    title="Xác nhận người",
    description="Hai căn cứ là của một người hay của hai người khác nhau; chỉ dòng có ngày xác nhận mới được dùng.",
    columns={
        **_side("one", SIDES["one"]),
        **_side("other", SIDES["other"]),
        "identity_relation_code": column(
            "Quan hệ", "relation", kind="code", codes_of="identity_relation", required=True, description="Whether both are one person."
        ),
        "confirmed_on": column("Ngày xác nhận", "confirmed_on", kind="date", description="Day on which the city confirmed it."),
        "confirmed_by": column("Người xác nhận", "confirmed_by", restricted=True, description="Who confirmed it."),
        "reason": column("Lý do", "reason", restricted=True, description="Why; free text."),
    },
    rules=[],
    example={
        "one_side_code": "IDENTITY_NUMBER",
        "one_value": "361234567",
        "other_side_code": "IDENTITY_NUMBER",
        "other_value": "092080000001",
        "identity_relation_code": "SAME",
        "confirmed_on": DAY(2026, 3, 2),
    },
)


def _catalogue(name: str, title: str, belongs: str, example: dict[str, Any], group_of: str | None = None) -> pa.DataFrameSchema:
    """Things that are no people: a code, a name, other ways to write it, what it belongs to (of `group_of` a code of that list), from when to when
    there is such a thing."""
    group: dict[str, Any] = {"kind": "code", "codes_of": group_of, "is_exact": True} if group_of else {}
    return dataset(
        name,
        title=title,
        description="Danh mục của thành phố: mỗi dòng là một mã, tên gọi và các cách viết khác.",
        columns={
            "code": column("Mã", "code", "Mã số", f"Mã {title.lower()}", required=True, description="Code, never used for another."),
            "name": column("Tên", "name", "Tên gọi", f"Tên {title.lower()}", required=True, description="Name, as it is published."),
            "aliases": column(
                "Cách viết khác", "aliases", "Tên khác", "Viết tắt", description="Other ways in which units write it, parted by semicolons."
            ),
            "belongs_to": column("Thuộc", "belongs_to", "Nhóm", description=belongs, **group),
            "valid_from": column(
                "Hiệu lực từ", "valid_from", "Từ ngày", kind="date", description="First day; blank where it is not known."
            ),
            "valid_to": column(
                "Hiệu lực đến", "valid_to", "Đến ngày", kind="date", ends=True, description="Last day; blank while it runs."
            ),
        },
        rules=[
            rule(
                "catalogue_period_order",
                c("valid_to") >= c("valid_from"),
                on="valid_to",
                says="“Hiệu lực đến” phải bằng hoặc sau “Hiệu lực từ”.",
                says_en="A thing ends on or after its first day.",
                good={"valid_from": DAY(2020, 1, 1), "valid_to": DAY(2021, 1, 1)},
                bad={"valid_from": DAY(2020, 1, 1), "valid_to": DAY(2009, 1, 1)},
            ),
        ],
        example=example,
    )


PROGRAMMES = _catalogue(
    "programmes",
    "Chương trình",
    "What it belongs to: a group of programmes.",
    {"code": "CV", "name": "Bồi dưỡng quản lý nhà nước ngạch chuyên viên", "aliases": "BD chuyên viên; Chuyên viên"},
)
PROVIDERS = _catalogue(
    "providers",
    "Cơ sở đào tạo",
    "What it belongs to: who runs it.",
    {"code": "TCT", "name": "Trường Chính trị thành phố", "aliases": "TCT TP"},
)
POSTS = _catalogue(
    "posts",
    "Chức vụ",
    "The post group that it belongs to; blank: what its words say.",
    {"code": "PTP", "name": "Phó Trưởng phòng", "aliases": "Phó phòng; PTP", "belongs_to": "DEPUTY_DIVISION_HEAD"},
    group_of="post",
)
CATALOGUES = {s.name: s for s in (PROGRAMMES, PROVIDERS, POSTS)}  # things that are no people, by which words of units are found

REGISTRY = {s.name: s for s in (UNITS, CALENDAR, WITHDRAWALS, FORMS, CONFIRMATIONS, IDENTITIES, SIGNERS, *CATALOGUES.values())}
