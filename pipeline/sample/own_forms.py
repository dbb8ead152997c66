"""Forms of their own that offices of the sample city send: ten kinds, a short declaration each. They say what the city knows of a row, in other places.

A column's headers are written as offices nest them: “Quyết định > Số | Ngày”: `>` stands above, `|` beside.
What does not belong here: templates (files.py), how an office spells (office.py), and how anything is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from random import Random

from pipeline.codes import labels
from pipeline.sample.facts import ALIASES, Row
from pipeline.sample.office import Cell, Office
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import template_columns

Merge = tuple[int, int, int, int]  # first row and column, last row and column


class Pen:
    """How one office writes, in lists of one dataset."""

    def __init__(self, office: Office, dataset: str, rng: Random):
        columns = [*template_columns(SCHEMAS[dataset])]
        self.office, self.mark = office, rng.choice("xxX")
        self._writers = dict(zip(columns, office.writers(dataset, columns), strict=True))

    def __call__(self, row: Row, column: str) -> Cell:
        """As the office writes it in a template; a unit always by name."""
        value = row.get(column)
        return getattr(value, "unit_name", value) if column.endswith("unit") else self._writers[column](row)

    def place(self, row: Row) -> str:
        """The unit that a row is of."""
        return row["unit"].unit_name if row["unit"] else self.office.unit.unit_name


@dataclass(frozen=True)
class Column:
    """A column, or some side by side: headers, what is told of a row in each, and the columns of the dataset that this says."""

    heads: str
    tells: tuple[str, ...]
    cells: Callable[[Row, Pen], list[Cell]]
    if_any: bool = False  # left out where it would be empty

    @property
    def paths(self) -> list[tuple[str, ...]]:
        """The headers above each of its cells, from the top.

        >>> plain("Quyết định > Số | Ngày", "decision_no", "signed_on").paths
        [('Quyết định', 'Số'), ('Quyết định', 'Ngày')]
        """
        *above, leaves = self.heads.split(" > ")
        return [(*above, leaf.strip()) for leaf in leaves.split(" | ")]


@dataclass(frozen=True)
class Form:
    """One list of a kind: whose rows stand in it, below which title, in which columns."""

    sheet: str
    title: str
    columns: tuple[Column, ...]
    of: Callable[[Row], bool] = lambda row: True
    sections: Callable[[Row, Pen], str] | None = None  # what the row of a section above a row says
    sheets: Callable[[Row, Pen], str] | None = None  # a sheet for each; its name
    letterhead: bool = True
    number_row: bool = False
    footer: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of form: together its lists hold every row of a dataset."""

    name: str
    dataset: str
    forms: tuple[Form, ...]

    @property
    def is_one_list(self) -> bool:
        """Whether it can be a CSV."""
        return len(self.forms) == 1 and self.forms[0].sheets is None


@dataclass(frozen=True)
class Laid:
    """A sheet as it was laid out."""

    name: str
    cells: list[list[Cell]]
    head: range  # rows of its header, and of its whole table
    table: range
    merges: list[Merge]
    people: int
    strange: int  # columns that say nothing of ours


# ── ways of writing ──────────────────────────────────────────────────────────────────────────────────────────────


def plain(heads: str, *columns: str, if_any: bool = False) -> Column:
    """Each column as the office writes it."""
    return Column(heads, columns, lambda row, pen: [pen(row, c) for c in columns], if_any)


def place(heads: str) -> Column:
    return Column(heads, ("unit",), lambda row, pen: [pen.place(row)])


def name_parts(heads: str) -> Column:
    return Column(heads, ("full_name",), lambda row, pen: [*str(pen(row, "full_name")).rsplit(" ", 1)])


def by_sex(heads: str) -> Column:
    """The birth date below Nam or Nữ."""
    return Column(
        heads, ("birth_date", "sex_code"), lambda row, pen: [pen(row, "birth_date") if row["sex_code"] == s else None for s in ("MALE", "FEMALE")]
    )  # fmt: skip


def in_three(heads: str, column: str) -> Column:
    """Day, month and year; blank what is not known."""

    def cells(row: Row, pen: Pen) -> list[Cell]:
        day, known = row[column], row[f"{column}_precision_code"]
        return [float(day.day) if known == "DAY" else None, float(day.month) if known != "YEAR" else None, float(day.year)]

    return Column(heads, (column,), cells)


def marks(heads: str, column: str, *codes: str, if_any: bool = False) -> Column:
    """A column for each code, one of them marked; below a last “Khác” stands the word."""

    def cells(row: Row, pen: Pen) -> list[Cell]:
        code = row.get(column)
        other = [pen(row, column) if code and code not in codes else None] if heads.endswith("| Khác") else []
        return [*(pen.mark if code == c else None for c in codes), *other]

    return Column(heads, (column,), cells, if_any)


def flag(head: str, column: str, code: str | bool) -> Column:
    return Column(head, (column,), lambda row, pen: [pen.mark if row[column] == code else None])


def words(head: str, column: str, said: dict[str, str]) -> Column:
    """Codes in words that this list uses, whatever the office does elsewhere."""
    return Column(head, (column,), lambda row, pen: [said.get(row.get(column) or "")])


def number_and_day(head: str, number: str, day: str) -> Column:
    return Column(head, (number, day), lambda row, pen: [f"{row[number]} ngày {row[day]:%d/%m/%Y}"])


def from_to(head: str, first: str, last: str) -> Column:
    def cells(row: Row, pen: Pen) -> list[Cell]:
        until = f"{row[last]:%d/%m/%Y}" if row[last] else "nay"
        return [f"{row[first]:%d/%m/%Y} - {until}"]

    return Column(head, (first, last), cells)


def strange(heads: str, *said: Callable[[Row], Cell]) -> Column:
    """Columns that say nothing of ours."""
    return Column(heads, (), lambda row, pen: [say(row) for say in said])


def one_of(*things: str) -> Callable[[Row], Cell]:
    """Something of somebody, always the same."""
    return lambda row: things[int(row["identity_number"][-3:]) % len(things)]


def phone(row: Row) -> Cell:
    return f"09{int(row['identity_number'][-6:]) * 97 % 10**8:08}"


def unit_section(row: Row, pen: Pen) -> str:
    return pen.place(row)


def rated(system: str) -> Callable[[Row], bool]:
    return lambda row: bool(row["rating_system_code"] == system)


def is_of_a_member(row: Row) -> bool:
    return (row["discipline_system_code"], row["subject_kind_code"]) == ("PARTY", "PERSON")


def course_section(row: Row, pen: Pen) -> str:
    """A course and who gave it, as headings are written: in full."""
    in_full = {short: name for name, short in ALIASES.items()}
    return f"{in_full.get(row['programme'], row['programme'])} ({in_full.get(row['provider'], row['provider'])})"


# ── the kinds ────────────────────────────────────────────────────────────────────────────────────────────────────

SHORT = {"EXCELLENT": "HTXSNV", "GOOD": "HTTNV", "COMPLETED": "HTNV", "NOT_COMPLETED": "KHTNV"}
IN_FULL = {code: labels("rating_level")[code] for code in (*SHORT, "NOT_RATED")}
LEVELS = " | ".join(SHORT.values())
SIGNED = "NGƯỜI LẬP BIỂU|T/M CẤP ỦY"
STAYS = (
    plain("Thời gian sinh hoạt > Từ ngày | Đến ngày", "spell_from", "spell_to"),
    plain("Lý do rời", "leaving_reason_code", if_any=True),
    plain("Miễn sinh hoạt > Từ ngày | Đến ngày", "exempt_from", "exempt_to", if_any=True),
    plain("Đình chỉ sinh hoạt > Từ ngày | Đến ngày", "suspended_from", "suspended_to", if_any=True),
    plain("Loại sinh hoạt", "spell_kind_code", if_any=True),
)
KINDS = (
    Kind("sổ đảng viên theo chi bộ", "personnel", (Form(
        "Sổ ĐV", "SỔ THEO DÕI ĐẢNG VIÊN, CÁN BỘ, CÔNG CHỨC\nNăm {period}", (
            plain("Họ và tên", "full_name"), by_sex("Ngày, tháng, năm sinh > Nam | Nữ"), plain("Số CCCD", "identity_number"),
            marks("Dân tộc > Kinh | Khmer | Hoa | Khác", "ethnicity_code", "KINH", "KHMER", "HOA"),
            strange("Quê quán", one_of("Phong Điền, Cần Thơ", "Kế Sách, Sóc Trăng", "Châu Thành, Hậu Giang")),
            plain("Chức vụ > Chính quyền | Cấp ủy", "post_code", "committee_level_code"),
            plain("Ngày vào Đảng > Kết nạp | Chính thức", "party_joined_on", "party_official_on"),
            plain("Tình trạng đảng viên", "member_status_code"), plain("Đối tượng", "staff_kind_code", if_any=True), *STAYS,
        ), sections=unit_section, number_row=True, footer=(SIGNED,),
    ),)),
    Kind("trích ngang, dấu x", "personnel", (Form(
        "Trích ngang", "DANH SÁCH TRÍCH NGANG\nCÁN BỘ, CÔNG CHỨC, ĐẢNG VIÊN NĂM {period}", (
            name_parts("Họ và tên > Họ đệm | Tên"), in_three("Ngày sinh > Ngày | Tháng | Năm", "birth_date"), flag("Nữ", "sex_code", "FEMALE"),
            place("Chi bộ"), plain("Căn cước công dân", "identity_number"),
            marks("Đảng viên > Chính thức | Dự bị | Ngoài đảng", "member_status_code", "FULL", "PROBATIONARY", "NONE"),
            marks("Trình độ > Chuyên môn > ThS | ĐH | CĐ | TC | Khác", "education_code", "MASTER", "UNIVERSITY", "COLLEGE", "INTERMEDIATE"),
            marks("Trình độ > Lý luận chính trị > CC | TC | SC", "political_theory_code", "ADVANCED", "INTERMEDIATE", "ELEMENTARY"),
            plain("Ngày vào Đảng", "party_joined_on"), plain("Chức vụ, chức danh", "post_code"), plain("Đối tượng", "staff_kind_code", if_any=True), *STAYS,
        ), number_row=True, footer=("* Danh sách tính đến ngày 31/12/{period}", SIGNED),
    ),)),
    Kind("kết xuất từ phần mềm", "personnel", (Form(
        "Export", "", (
            strange("Mã hồ sơ", lambda row: f"HS{row['identity_number'][-6:]}"), plain("Họ và tên khai sinh", "full_name"),
            plain("Ngày sinh", "birth_date"), plain("Giới tính", "sex_code"), plain("Số định danh cá nhân", "identity_number"),
            strange("Số điện thoại", phone), plain("Dân tộc", "ethnicity_code"), strange("Tôn giáo", one_of("Không", "Không", "Phật giáo")),
            place("Nơi sinh hoạt"), plain("Loại đảng viên", "member_status_code"), plain("Ngày kết nạp Đảng", "party_joined_on"),
            plain("Ngày công nhận chính thức", "party_official_on"), plain("Chức vụ hiện tại", "post_code"), plain("Chức vụ Đảng", "committee_level_code"),
            strange("Hệ số lương", lambda row: 2.34 + int(row["identity_number"][-1]) * 0.33), plain("Trình độ chuyên môn", "education_code"),
            plain("LLCT", "political_theory_code"), strange("Trình độ văn hóa", one_of("12/12")), plain("Ngày tuyển dụng", "service_joined_on"),
            plain("Đối tượng", "staff_kind_code"), plain("Ngày chuyển đến", "spell_from"), plain("Ngày chuyển đi", "spell_to"),
            *STAYS[1:],
        ), letterhead=False,
    ),)),
    Kind("mỗi chi bộ một trang", "personnel", (Form(
        "", "DANH SÁCH ĐẢNG VIÊN, CÁN BỘ NĂM {period}\n{section}", (
            plain("Họ và tên", "full_name"), plain("Năm sinh", "birth_date"), plain("Giới tính", "sex_code"), plain("CCCD", "identity_number"),
            plain("Chức vụ", "post_code"), plain("Loại đảng viên", "member_status_code"), plain("Ngày vào Đảng", "party_joined_on"),
            plain("Đối tượng", "staff_kind_code", if_any=True), *STAYS,
        ), sheets=unit_section, footer=("Danh sách có {count} người",),
    ),)),
    Kind("xếp loại ba bước, dấu x", "ratings", (
        Form("XL đảng viên", "TỔNG HỢP KẾT QUẢ\nĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN NĂM {period}", (
            plain("Họ và tên", "full_name"), plain("Số CCCD", "identity_number"), plain("Điểm", "score", if_any=True),
            *(marks(f"{who} > {LEVELS}", f"{step}_level_code", *SHORT, if_any=step != "decided") for step, who in
              (("self", "Cá nhân tự xếp loại"), ("proposed", "Chi bộ đề nghị"), ("decided", "Đảng ủy quyết định"))),
            plain("Lý do không xếp loại", "not_rated_reason_code", if_any=True),
        ), of=rated("PARTY_MEMBER"), sections=unit_section, number_row=True, footer=("Tổng cộng: {count}", SIGNED)),
        Form("XL lãnh đạo", "KẾT QUẢ XẾP LOẠI CÁN BỘ LÃNH ĐẠO, QUẢN LÝ NĂM {period}", (
            plain("Họ và tên", "full_name"), plain("Số CCCD", "identity_number"), plain("Điểm", "score", if_any=True),
            words("Tự xếp loại", "self_level_code", SHORT), words("Kết quả xếp loại", "decided_level_code", SHORT),
        ), of=rated("LEADER"), footer=(SIGNED,)),
        Form("XL tập thể", "KẾT QUẢ XẾP LOẠI TẬP THỂ NĂM {period}", (
            plain("Tên tập thể", "full_name"), words("Hệ xếp loại", "rating_system_code", labels("rating_system")), plain("Điểm", "score", if_any=True),
            words("Kết quả xếp loại", "decided_level_code", IN_FULL),
        ), of=rated("COLLECTIVE"), footer=(SIGNED,)),
    )),
    Kind("xếp loại bằng chữ viết tắt", "ratings", (Form(
        "Bảng XL", "BẢNG TỔNG HỢP ĐÁNH GIÁ, XẾP LOẠI NĂM {period}\n(Kèm theo Quyết định số {decision_no} ngày {decided_on} của cấp ủy)", (
            plain("Họ và tên / Tập thể", "full_name"), words("Đối tượng xếp loại", "rating_system_code", labels("rating_system")), plain("CCCD", "identity_number"),
            place("Chi bộ"), words("Cá nhân tự nhận", "self_level_code", SHORT), words("Chi bộ đề xuất", "proposed_level_code", SHORT),
            words("Cấp có thẩm quyền xếp loại", "decided_level_code", SHORT | {"NOT_RATED": "Không XL"}), plain("Lý do", "not_rated_reason_code", if_any=True),
            plain("Tổng điểm", "score", if_any=True),
        ), footer=("Cộng: {count}",),
    ),)),
    Kind("theo dõi luân chuyển", "rotation", (Form(
        "DS cán bộ", "THEO DÕI CÁN BỘ ĐIỀU ĐỘNG, LUÂN CHUYỂN, BIỆT PHÁI\nNăm {period}", (
            plain("Họ và tên", "full_name"), plain("Số CCCD", "identity_number"),
            marks("Hình thức > Luân chuyển | Điều động | Biệt phái | Chuyển đổi vị trí", "rotation_kind_code", "ROTATION", "TRANSFER", "SECONDMENT", "POSITION_CHANGE"),
            plain("Nơi đi > Chức vụ | Đơn vị", "from_post_code", "from_unit"), plain("Nơi đến > Chức vụ | Đơn vị", "to_post_code", "to_unit"),
            plain("Quyết định > Số | Ngày ký", "decision_no", "decided_on"), from_to("Thời gian", "posting_from", "posting_to"),
            plain("Lý do kết thúc", "rotation_end_reason_code", if_any=True), plain("Trong quy hoạch", "is_in_planning", if_any=True),
            plain("Trường hợp ngoài quy hoạch", "planning_exception_code", if_any=True),
        ), number_row=True, footer=(SIGNED,),
    ),)),
    Kind("mỗi lớp một nhóm dòng", "training", (Form(
        "ĐTBD", "DANH SÁCH CỬ ĐI ĐÀO TẠO, BỒI DƯỠNG NĂM {period}", (
            plain("Họ và tên", "full_name"), plain("Số CCCD", "identity_number"), place("Đơn vị công tác"),
            plain("Loại hình bồi dưỡng", "programme_type_code"), plain("Thời gian > Từ ngày | Đến ngày", "training_from", "training_to"),
            plain("Số tiết", "hours"), plain("Kết quả", "training_result_code"), plain("Văn bằng, chứng chỉ", "certificate_code"),
            marks("Kinh phí > Ngân sách | Đơn vị | Cá nhân | Khác", "cost_bearer_code", "STATE_BUDGET", "UNIT", "SELF"),
        ), sections=course_section, footer=("Cộng: {count} lượt người", SIGNED),
    ),)),
    Kind("một bảng cho các lớp", "training", (Form(
        "Tổng hợp", "TỔNG HỢP KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG NĂM {period}", (
            name_parts("Họ và tên đệm | Tên"), plain("CCCD/CMND", "identity_number"), place("Đơn vị"), plain("Tên lớp bồi dưỡng", "programme"),
            plain("Loại chương trình", "programme_type_code"), plain("Cơ sở đào tạo, bồi dưỡng", "provider"),
            from_to("Thời gian học", "training_from", "training_to"), plain("Thời lượng (tiết)", "hours"), plain("KQ", "training_result_code"),
            plain("Chứng chỉ", "certificate_code"), plain("Nguồn kinh phí", "cost_bearer_code"),
        ), number_row=True,
    ),)),
    Kind("kỷ luật, dấu x", "discipline", (
        Form("KL Đảng", "DANH SÁCH ĐẢNG VIÊN BỊ THI HÀNH KỶ LUẬT NĂM {period}", (
            plain("Họ và tên", "full_name"), plain("Số CCCD", "identity_number"), place("Chi bộ"),
            plain("Chức vụ > Đảng | Chính quyền", "committee_level_code", "post_code"),
            marks("Hình thức kỷ luật > Khiển trách | Cảnh cáo | Cách chức | Khai trừ", "discipline_form_code", "REPRIMAND", "WARNING", "REMOVAL", "EXPULSION"),
            plain("Nội dung vi phạm", "violation_code"), number_and_day("Số, ngày quyết định", "decision_no", "signed_on"),
            plain("Ngày công bố", "announced_on"), plain("Tình trạng", "discipline_status_code", if_any=True),
            plain("Vụ việc", "case_no", if_any=True), plain("Đã tính ở năm khác", "is_counted_elsewhere", if_any=True),
        ), of=is_of_a_member, number_row=True, footer=(SIGNED,)),
        Form("KL khác", "THEO DÕI KỶ LUẬT NĂM {period}", (
            plain("Họ tên", "full_name"), plain("Cá nhân/Tổ chức", "subject_kind_code"), plain("Số CCCD", "identity_number"), place("Đơn vị"),
            plain("Hệ kỷ luật", "discipline_system_code"), plain("Hình thức xử lý", "discipline_form_code"), plain("Lý do kỷ luật", "violation_code"),
            plain("Quyết định > Số | Ngày", "decision_no", "signed_on"), plain("Ngày công bố", "announced_on"), plain("Vụ việc", "case_no", if_any=True),
            plain("Chức vụ Đảng", "committee_level_code"), plain("Chức vụ", "post_code"), plain("Tình trạng", "discipline_status_code", if_any=True),
        ), of=lambda row: not is_of_a_member(row)),
    )),
    Kind("sổ kỷ luật", "discipline", (Form(
        "Sổ KL", "SỔ THEO DÕI THI HÀNH KỶ LUẬT\nNăm {period}", (
            plain("Họ và tên", "full_name"), plain("Loại đối tượng", "subject_kind_code"), plain("CCCD", "identity_number"),
            plain("Hệ kỷ luật", "discipline_system_code"), plain("Hình thức", "discipline_form_code"), plain("Hành vi vi phạm", "violation_code"),
            plain("Văn bản > Số | Ngày, tháng, năm", "decision_no", "signed_on"), plain("Ngày công bố", "announced_on"),
            plain("Tình trạng", "discipline_status_code", if_any=True), plain("Vụ việc", "case_no", if_any=True),
            plain("Đã tính ở năm khác", "is_counted_elsewhere", if_any=True), plain("Cấp ủy viên", "committee_level_code"), plain("Chức danh", "post_code"),
        ), sections=unit_section,
    ),)),
)  # fmt: skip


# ── laying out ───────────────────────────────────────────────────────────────────────────────────────────────────


def kind_of(dataset: str, rng: Random, is_csv: bool) -> Kind:
    return rng.choice([k for k in KINDS if k.dataset == dataset and (k.is_one_list or not is_csv)])


def laid_out(kind: Kind, office: Office, period: str, rows: list[Row], rng: Random) -> list[Laid]:
    """A dataset's rows in forms of a kind; lists that would hold nobody are left out, but for the first where all would be."""
    pen = Pen(office, kind.dataset, rng)
    sheets: list[Laid] = []
    for form in kind.forms:
        ours = [row for row in rows if form.of(row)]
        for name, some in _groups(ours, form.sheets, pen) if form.sheets and ours else [(form.sheet or "Danh sách", ours)]:
            if some or (not rows and not sheets):
                sheets.append(_lay(form, pen, period, name, some))
    return sheets


def _groups(rows: list[Row], by: Callable[[Row, Pen], str], pen: Pen) -> Iterator[tuple[str, list[Row]]]:
    """Rows of one heading together, in the order in which headings first come."""
    first = {heading: n for n, heading in enumerate(dict.fromkeys(by(row, pen) for row in rows))}
    for heading, some in groupby(sorted(rows, key=lambda row: first[by(row, pen)]), lambda row: by(row, pen)):
        yield heading, [*some]


def _lay(form: Form, pen: Pen, period: str, name: str, rows: list[Row]) -> Laid:
    written = [(c, [c.cells(row, pen) for row in rows]) for c in form.columns]
    columns = [(c, cells) for c, cells in written if not c.if_any or any(v is not None for row in cells for v in row)]
    paths = [(pen.office.counter,), *(path for c, _ in columns for path in c.paths)]
    said = {"period": period, "section": name.upper(), "count": f"{len(rows):02}", **_decision(rows)}
    cells: list[list[Cell]] = _letterhead(pen, len(paths)) if form.letterhead else []
    titles = form.title.format(**said).splitlines()
    merges = [(r, 0, r, len(paths) - 1) for r in range(len(cells), len(cells) + len(titles))]
    above: list[list[Cell]] = [[line] for line in titles]
    cells += [*above, []] if above else []
    head = range(len(cells), len(cells) + max(map(len, paths)))
    merges += _head(paths, head, cells)
    if form.number_row:
        cells.append([f"({n})" for n in range(1, len(paths) + 1)])
    lines = [[value for _, of in columns for value in of[n]] for n in range(len(rows))]
    number = {id(row): line for row, line in zip(rows, lines, strict=True)}
    counted = 0
    parts = _groups(rows, form.sections, pen) if form.sections else [("", rows)]
    for n, (heading, some) in enumerate(parts, start=1):
        if heading:
            cells.append([TENS[n // 10] + ROMAN[n % 10], heading])
        for row in some:
            counted += 1
            cells.append([float(counted), *number[id(row)]])
    table = range(head.start, len(cells))
    for line in form.footer if rows else ("Không phát sinh",):
        cells += _footer(line.format(**said), len(paths))
    return Laid(name[:31], cells, head, table, merges, len(rows), sum(len(c.paths) for c, _ in columns if not c.tells))


ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
TENS = ("", "X", "XX", "XXX", "XL")


def _decision(rows: list[Row]) -> dict[str, str]:
    """The decision that all rows are of."""
    one = rows[0] if rows else {}
    return {"decision_no": one.get("decision_no") or "", "decided_on": f"{day:%d/%m/%Y}" if (day := one.get("decided_on")) else ""}


def _letterhead(pen: Pen, width: int) -> list[list[Cell]]:
    gap: list[Cell] = [None] * max(1, width // 2)
    return [[pen.office.above.upper(), *gap, "ĐẢNG CỘNG SẢN VIỆT NAM"], [pen.office.unit.unit_name.upper()], []]


def _head(paths: list[tuple[str, ...]], head: range, cells: list[list[Cell]]) -> list[Merge]:
    """Write the header's rows: what neighbours share stands once above them, what has nothing below it reaches down."""
    rows: list[list[Cell]] = [[None] * len(paths) for _ in head]
    merges: list[Merge] = []
    for depth, row in enumerate(rows):
        begin = 0
        for _, same in groupby(paths, lambda path, d=depth: path[: d + 1] if len(path) > d + 1 else id(path)):  # type: ignore[misc]
            last = begin + len([*same]) - 1
            path = paths[begin]
            if len(path) > depth:
                row[begin] = path[depth]
                bottom = head.stop - 1 if len(path) == depth + 1 else head.start + depth
                if (last, bottom) != (begin, head.start + depth):
                    merges.append((head.start + depth, begin, bottom, last))
            begin = last + 1
    cells += rows
    return merges


def _footer(line: str, width: int) -> list[list[Cell]]:
    """A line below the people; who signs, side by side."""
    left, _, right = line.partition("|")
    gap: list[Cell] = [None] * max(1, width // 2)
    return [[], [None, left, *gap, right]] if right else [[None, left]]
