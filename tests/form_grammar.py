"""The grammar of offices' own forms, as data: what each dataset's lists show of a person, in which columns, under which headers; and the people.

A new kind is a line. A `Way` is one way to show a fact: its headers, its cells of a person, and what a reader of flesh and blood takes from them.
Headers are written as offices nest them: “Quyết định; Văn bản > Số; Số QĐ | Ngày; Ngày ký”: `>` stands above, `|` beside, `;` parts wordings.
What does not belong here: where cells come to stand (own_forms.py), and how anything is read.
"""

# ruff: noqa: E731, SIM905 (a grammar is read as lines of words)
# fmt: off

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any, NamedTuple

Person = dict[str, Any]
Truth = dict[str, str]


class Month(NamedTuple):
    """A day of which only month and year are written."""

    day: dt.date


class Year(NamedTuple):
    """A day of which only the year is written."""

    day: dt.date


class Digits(NamedTuple):
    """A number that Excel took for one: its first zero is lost."""

    text: str


Cell = str | int | float | bool | dt.date | Month | Year | Digits | None  # True is a mark


@dataclass(frozen=True)
class Way:
    """One way to show a fact. `place`: it stands in columns, or in rows between (section), names of sheets (sheet), lines above (title)."""

    kind: str
    heads: str
    cells: Callable[[Person], list[Cell]]
    truth: Callable[[Person], Truth]
    only: str = ""  # flavours of list that have it, if not all
    place: str = "columns"


@dataclass(frozen=True)
class Fact:
    """What a list may tell of a person: in how many of ten lists it does, and the ways."""

    name: str
    often: int
    ways: tuple[Way, ...]


def said(cell: Cell) -> str:
    """A cell as truth has it.

    >>> said(Month(dt.date(2023, 5, 1))), said(dt.date(2023, 5, 1)), said(None), said(8.0)
    ('2023-05', '2023-05-01', '', '8')
    """
    match cell:
        case Month(day):
            return f"{day:%Y-%m}"
        case Year(day):
            return f"{day:%Y}"
        case None:
            return ""
        case float():
            return f"{cell:g}"
    return str(getattr(cell, "text", cell))


def cut(precision: Callable[[dt.date], Cell], day: dt.date | None) -> Cell:
    return None if day is None else precision(day)


def col(kind: str, column: str, heads: str, get: Callable[[Person], Cell], only: str = "") -> Way:
    """One column, and what stands in it is the value."""
    return Way(kind, heads, lambda p: [get(p)], lambda p: {column: said(get(p))}, only)


def coded(kind: str, column: str, heads: str, words: str, code: str, only: str = "") -> Way:
    """One column of words, of which the person knows the meaning."""
    return Way(kind, heads, lambda p: [p[words]], lambda p: {column: p[code]}, only)


def marks(kind: str, column: str, heads: str, key: str, *leaves: str, blank: str = "", only: str = "") -> Way:
    """A column for each of some meanings (alternatives parted by |; * is whatever is left), one of them marked."""

    def which(p: Person) -> int | None:
        hits = [n for n, leaf in enumerate(leaves) if p[key] and (leaf[0] == "*" or set(p[key].split("|")) & set(leaf.split("|")))]
        return hits[0] if hits else None

    def truth(p: Person) -> Truth:
        n = which(p)
        return {column: blank if n is None else leaves[n].removeprefix("*")}

    return Way(kind, heads, lambda p: [True if which(p) == n else None for n in range(len(leaves))], truth, only)


def flag(kind: str, column: str, heads: str, test: Callable[[Person], bool], yes: str, no: str, only: str = "") -> Way:
    """One column that is marked or not."""
    return Way(kind, heads, lambda p: [test(p) or None], lambda p: {column: yes if test(p) else no}, only)


def spread(kind: str, columns: str, heads: str, *gets: Callable[[Person], Cell], only: str = "") -> Way:
    """Some columns below one header, each with its own value; a blank name is a column that means nothing to us."""
    names = columns.split(",")
    return Way(
        kind, heads, lambda p: [get(p) for get in gets], lambda p: {c: said(get(p)) for c, get in zip(names, gets, strict=True) if c}, only
    )


def told(kind: str, place: str, truth: Callable[[Person], Truth], only: str = "") -> Way:
    """What no column says: a section row, a sheet's name, the title."""
    return Way(kind, "", lambda p: [], truth, only, place)


# ── what a person is ─────────────────────────────────────────────────────────────────────────────────────────────

FAMILY = "Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Thạch Lâm Châu Mai Cao Đoàn Trương Tô Hà Tạ Quách".split()
OF_MEN = "Văn Hữu Đức Minh Quốc Thành Trọng Công Hoàng".split(), "Hùng Dũng Sang Phúc Khoa Nghĩa Tín Vinh Thắng Long Nhân Toàn Bảo Hậu".split()
OF_WOMEN = ["Thị", "Thị Ngọc", "Thị Kim", "Thị Mỹ", "Bích", "Thu"], "Lan Hương Trang Diễm Nhung Thảo Loan Xuân Hạnh Phượng Tuyền Ngân".split()
UNITS = (
    "Chi bộ Khu vực 3;Chi bộ Trường Mầm non Họa Mi;Chi bộ Quân sự;Chi bộ Cơ quan Đảng, đoàn thể;Chi bộ Trạm Y tế;Chi bộ ấp Thới Bình;"
    "Chi bộ Trường Tiểu học Lê Lợi;Chi bộ Công an;Chi bộ Khối vận;Chi bộ 7"
).split(";")
OFFICES = "Phòng Kinh tế;Văn phòng HĐND và UBND;Phòng Văn hóa - Xã hội;Trung tâm Phục vụ hành chính công;Sở Y tế;Ban Tổ chức Thành ủy;UBND xã Thạnh An;Đảng ủy phường Bình Thủy;Sở Nông nghiệp và Môi trường;Ban Quản lý dự án;Trường THPT Thốt Nốt".split(";")
POSTS = [  # of the state: words, meaning
    *[("Chủ tịch UBND xã", "HEAD"), ("Phó Chủ tịch UBND xã", "DEPUTY_HEAD"), ("Phó Chủ tịch HĐND phường", "DEPUTY_HEAD")],
    *[("Giám đốc Trung tâm Y tế", "HEAD"), ("Phó Giám đốc", "DEPUTY_HEAD"), ("Hiệu trưởng", "HEAD"), ("Phó Hiệu trưởng", "DEPUTY_HEAD")],
    *[("Trưởng phòng Kinh tế", "DIVISION_HEAD"), ("Phó Trưởng phòng Văn hóa - Xã hội", "DEPUTY_DIVISION_HEAD"), ("Phó phòng", "DEPUTY_DIVISION_HEAD")],
    *[("Tổ trưởng Tổ Văn phòng", "DIVISION_HEAD"), ("Chuyên viên", "SPECIALIST"), ("Chuyên viên Phòng Kinh tế", "SPECIALIST"), ("Kế toán", "SPECIALIST")],
    *[("Văn thư, lưu trữ", "SPECIALIST"), ("Giáo viên tiểu học hạng III", "SPECIALIST"), ("Công chức Tư pháp - Hộ tịch", "SPECIALIST"), ("", "")],
]
OF_PARTY = [  # words, meaning, committee
    *[("Bí thư Đảng ủy", "HEAD", "BASE"), ("Phó Bí thư Đảng ủy", "DEPUTY_HEAD", "BASE"), ("Đảng ủy viên", "", "BASE"), ("Chi ủy viên", "", "CELL")],
    *[("Bí thư Chi bộ", "HEAD", "CELL"), ("Phó Bí thư Chi bộ", "DEPUTY_HEAD", "CELL"), ("Đảng viên", "", "NONE|"), *[("", "", "|NONE")] * 3],
]
OF_UNIONS = [("Chủ tịch Hội LHPN", "HEAD"), ("Phó Bí thư Đoàn phường", "DEPUTY_HEAD"), ("Ủy viên BCH Công đoàn", ""), *[("", "")] * 6]
RANKS = ("HEAD", "DEPUTY_HEAD", "DIVISION_HEAD", "DEPUTY_DIVISION_HEAD", "SPECIALIST", "")
DEGREES = [  # words, level, field, meaning
    *[("Đại học", "Luật", "UNIVERSITY"), ("ĐH", "Quản trị kinh doanh", "UNIVERSITY"), ("Cử nhân", "Kinh tế", "UNIVERSITY"), ("Kỹ sư", "Xây dựng", "UNIVERSITY")],
    *[("Thạc sĩ", "Quản lý công", "MASTER"), ("ThS.", "Luật", "MASTER"), ("Tiến sĩ", "Nông nghiệp", "DOCTOR"), ("Cao đẳng", "Sư phạm", "COLLEGE")],
    *[("CĐ", "Điều dưỡng", "COLLEGE"), ("Trung cấp", "Kế toán", "INTERMEDIATE"), ("TC", "Hành chính", "INTERMEDIATE"), ("Sơ cấp", "Tin học", "PRIMARY_VOC")],
]
THEORIES = [("Cao cấp", "ADVANCED"), ("Trung cấp", "INTERMEDIATE"), ("Sơ cấp", "ELEMENTARY"), ("Cử nhân", "BACHELOR"), ("", "|NONE")]
PEOPLES = [("Kinh", "KINH")] * 5 + [("Khmer", "KHMER"), ("Hoa", "HOA"), ("Chăm", "CHAM"), ("Tày", "TAY")]
LEVELS = {
    "words": ("Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ", "Không hoàn thành nhiệm vụ"),
    "abbreviations": ("HTXSNV", "HTTNV", "HTNV", "KHTNV"),
    "letters": ("A", "B", "C", "D"),
    "short words": ("Xuất sắc", "Tốt", "Hoàn thành", "Không hoàn thành"),
}
LEVEL_CODES = ("EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED")
REASONS = [("Mới kết nạp chưa đủ 6 tháng", "NEW_LT_6M"), ("Được miễn sinh hoạt", "EXEMPT"), ("Đang bị đình chỉ sinh hoạt đảng", "SUSPENDED")]
FORMS = {  # of discipline, per flavour
    "party": [("Khiển trách", "REPRIMAND"), ("Cảnh cáo", "WARNING"), ("Cách chức", "REMOVAL"), ("Khai trừ", "EXPULSION")],
    "state": [("Khiển trách", "REPRIMAND"), ("Cảnh cáo", "WARNING"), ("Cách chức", "REMOVAL"), ("Buộc thôi việc", "DISMISSAL")],
}
VIOLATIONS = [
    *[("Sinh con thứ ba, vi phạm chính sách dân số", "POPULATION"), ("Thiếu trách nhiệm trong thực hiện nhiệm vụ được giao", "DUTY")],
    *[("Vi phạm những điều đảng viên không được làm", "PROHIBITED_ACTS"), ("Vi phạm nguyên tắc tập trung dân chủ", "PRINCIPLE")],
    *[("Vi phạm về quản lý đất đai", "LAND_FINANCE"), ("Vi phạm đạo đức, lối sống", "LIFESTYLE"), ("Tham ô tài sản", "CORRUPTION")],
]
COURSES = [  # words, type, provider, first and last day, hours
    ("Trung cấp lý luận chính trị", "POL_THEORY", "Trường Chính trị thành phố", dt.date(2025, 3, 3), dt.date(2025, 9, 12), 1056),
    ("Bồi dưỡng kiến thức quốc phòng và an ninh đối tượng 4", "DEFENCE", "Ban Chỉ huy Quân sự phường", dt.date(2025, 4, 7), dt.date(2025, 4, 9), 24),
    ("Bồi dưỡng quản lý nhà nước ngạch chuyên viên chính", "STATE_MGMT", "Học viện Hành chính Quốc gia", dt.date(2025, 5, 12), dt.date(2025, 7, 4), 240),
    ("Bồi dưỡng kỹ năng chuyển đổi số", "DIGITAL", "Trường Đại học Cần Thơ", dt.date(2025, 6, 16), dt.date(2025, 6, 20), 40),
    ("Bồi dưỡng lãnh đạo, quản lý cấp phòng", "LEADERSHIP", "Trường Chính trị thành phố", dt.date(2025, 8, 4), dt.date(2025, 8, 29), 160),
]
TYPES = {"POL_THEORY": "Lý luận chính trị", "DEFENCE": "Quốc phòng, an ninh", "STATE_MGMT": "Quản lý nhà nước", "DIGITAL": "Chuyển đổi số", "LEADERSHIP": "Lãnh đạo, quản lý"}
RESULTS = [("Giỏi", "EXCELLENT"), ("Khá", "GOOD"), ("Đạt", "PASSED"), ("Trung bình", "PASSED"), ("Không đạt", "FAILED")]
PAPERS = [("Chứng chỉ", "CERTIFICATE"), ("Giấy chứng nhận", "ATTENDANCE"), ("Bằng tốt nghiệp", "DEGREE"), ("", "|NONE")]
PAYERS = [("Ngân sách nhà nước", "STATE_BUDGET"), ("Đơn vị", "UNIT"), ("Cá nhân", "SELF")]


def day(rng: Random, first: int, last: int) -> dt.date:
    return dt.date(rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28))


def year_after(when: dt.date, years: int = 1) -> dt.date:
    return when.replace(year=when.year + years)


def person(rng: Random, flavour: str, course: int) -> Person:
    """Somebody whom nobody knows, with all that any list may tell of them."""
    p: Person = {"sex": rng.choice(["MALE", "FEMALE"]), "flavour": flavour}
    is_man = p["sex"] == "MALE"
    middle, given = OF_MEN if is_man else OF_WOMEN
    p["family"], p["given"] = f"{rng.choice(FAMILY)} {rng.choice(middle)}", rng.choice(given)
    p["name"] = f"{p['family']} {p['given']}"
    p["born"] = day(rng, 1962, 1999)
    p["number"] = f"{rng.choice(['092', '093', '094', '091'])}{0 if is_man else 1}{p['born']:%y}{rng.randrange(10**6):06}"
    p["people"], p["ethnicity"] = rng.choice(PEOPLES)
    p["unit"], p["office"] = rng.choice(UNITS), rng.choice(OFFICES)
    p["post"], p["post_code"] = rng.choice(POSTS)
    p["party_post"], p["party_code"], p["committee"] = rng.choice(OF_PARTY)
    p["union_post"], p["union_code"] = rng.choice(OF_UNIONS)
    p["degree"], p["field"], p["education"] = rng.choice(DEGREES)
    p["theory"], p["theory_code"] = rng.choice(THEORIES)
    p["status"] = rng.choice(["FULL", "FULL", "FULL", "PROBATIONARY", *(["NONE"] if flavour in ("staff", "officials") else [])])
    p["joined"] = None if p["status"] == "NONE" else day(rng, 2025, 2025) if p["status"] == "PROBATIONARY" else day(rng, p["born"].year + 20, 2022)
    p["official"] = year_after(p["joined"]) if p["status"] == "FULL" else None
    if p["status"] == "NONE":
        p["party_post"], p["party_code"], p["committee"] = "", "", "|NONE"
    p["recruited"], p["came"] = day(rng, p["born"].year + 20, 2023), day(rng, 2019, 2024)
    p["staff"] = rng.choice(["CADRE", "CIVIL_SERVANT"])
    for step in ("self", "proposed", "decided"):
        p[step] = rng.choices(LEVEL_CODES, (3, 5, 2, 1))[0]
    p["reason"], p["reason_code"] = rng.choice(REASONS) if rng.random() < 0.15 else ("", "")
    least = {"EXCELLENT": 180, "GOOD": 140, "COMPLETED": 100, "NOT_COMPLETED": 70}[p["decided"]]  # of a level, in halves
    p["score"] = (least + rng.randrange(20)) / 2
    system = flavour if flavour in FORMS else "party"
    p["form"], p["form_code"] = rng.choice(FORMS[system])
    if p["form_code"] == "REMOVAL" and (not p["post"] or p["party_post"] in ("", "Đảng viên")):  # nobody is removed from no post
        p["form"], p["form_code"] = "Cảnh cáo", "WARNING"
    p["violation"], p["violation_code"] = rng.choice(VIOLATIONS)
    body = {"party": "UBKT", "state": "UBND"}.get(flavour, "TU" if flavour == "rotation" else "SNV")
    p["decision"], p["signed"] = f"{rng.randint(1, 980)}-QĐ/{body}", day(rng, 2025, 2025)
    p["from_post"], p["from_code"] = rng.choice(POSTS[:-1])
    p["to_post"], p["to_code"] = rng.choice(POSTS[:-1])
    p["from_office"], p["to_office"] = rng.sample(OFFICES, 2)
    p["since"] = year_after(p["signed"], -rng.choice([0, 0, 1])).replace(day=1)
    p["until"] = year_after(p["since"], 3) if rng.random() < 0.5 else None
    p["movement"], p["planned"] = rng.choice(["ROTATION", "TRANSFER", "SECONDMENT"]), rng.random() < 0.7
    p["course"], p["type"], p["provider"], p["start"], p["end"], p["hours"] = COURSES[course if course >= 0 else rng.randrange(len(COURSES))]
    p["result"], p["result_code"] = rng.choice(RESULTS)
    p["paper"], p["paper_code"] = rng.choice(PAPERS)
    p["payer"], p["payer_code"] = rng.choice(PAYERS)
    p["pick"] = rng.randrange(10**6)  # for columns that mean nothing to us
    return p


# ── facts and ways ───────────────────────────────────────────────────────────────────────────────────────────────

NAME = Fact("name", 10, (
    col("name", "full_name", "Họ và tên; Họ tên; Họ, tên; HỌ VÀ TÊN; Họ và tên khai sinh; Họ và tên đồng chí", lambda p: p["name"]),
    col("name", "full_name", "Họ và tên; Họ tên; Họ và tên (ghi theo CCCD); Tên", lambda p: p["name"]),
    col("name by whose it is", "full_name", "Tên đảng viên; Họ tên đảng viên; Họ và tên đảng viên", lambda p: p["name"], "party"),
    Way("name in capitals", "Họ và tên; HỌ TÊN", lambda p: [p["name"].upper()], lambda p: {"full_name": f"{p['name'].upper()}|{p['name']}"}),
    Way("name: family | given", "Họ và tên; Họ tên > Họ đệm; Họ; Họ và chữ đệm | Tên; Tên; Tên", lambda p: [p["family"], p["given"]], lambda p: {"full_name": p["name"]}),
    Way("name: family, given, no header above", "Họ và tên đệm; Họ đệm; Họ lót | Tên", lambda p: [p["family"], p["given"]], lambda p: {"full_name": p["name"]}),
    Way("name under one header over two columns", "Họ và tên; HỌ VÀ TÊN > | ", lambda p: [p["family"], p["given"]], lambda p: {"full_name": p["name"]}),
))
SEXES = lambda get: lambda p: [get(p) if p["sex"] == s else None for s in ("MALE", "FEMALE")]
BIRTH = Fact("birth", 9, (
    col("birth date", "birth_date", "Ngày sinh; Ngày, tháng, năm sinh; Ngày tháng năm sinh; Sinh ngày; Ngày/tháng/năm sinh; NTNS", lambda p: p["born"]),
    col("birth date", "birth_date", "Ngày sinh; Ngày, tháng, năm sinh; Ngày/ tháng/ năm sinh; Ngày sinh (dd/mm/yyyy)", lambda p: p["born"]),
    col("birth year", "birth_date", "Năm sinh; Sinh năm", lambda p: Year(p["born"])),
    col("birth month", "birth_date", "Tháng, năm sinh; Tháng/năm sinh", lambda p: Month(p["born"])),
    Way("birth date below the sexes", "Ngày sinh; Ngày, tháng, năm sinh; Ngày tháng năm sinh > Nam | Nữ", SEXES(lambda p: p["born"]), lambda p: {"birth_date": said(p["born"]), "sex_code": p["sex"]}),
    Way("birth year below the sexes", "Năm sinh > Nam | Nữ", SEXES(lambda p: Year(p["born"])), lambda p: {"birth_date": said(Year(p["born"])), "sex_code": p["sex"]}),
    Way("birth date in three columns", "Ngày sinh; Ngày, tháng, năm sinh > Ngày | Tháng | Năm", lambda p: [p["born"].day, p["born"].month, p["born"].year], lambda p: {"birth_date": said(p["born"])}),
))
SEX = Fact("sex", 6, (
    Way("sex in words", "Giới tính; Phái; Nam/Nữ; Nam, nữ", lambda p: ["Nam" if p["sex"] == "MALE" else "Nữ"], lambda p: {"sex_code": p["sex"]}),
    marks("sex by marks", "sex_code", "Giới tính; Phái > Nam | Nữ", "sex", "MALE", "FEMALE"),
    marks("sex by marks, no header above", "sex_code", "Nam | Nữ", "sex", "MALE", "FEMALE"),
    flag("women marked", "sex_code", "Nữ; Phái nữ; Giới tính nữ; Nữ (đánh dấu x)", lambda p: p["sex"] == "FEMALE", "FEMALE", "MALE"),
))
NUMBER = Fact("number", 7, (
    col("identity number", "identity_number", "Số CCCD; CCCD; Số căn cước; Căn cước công dân; Số định danh cá nhân; CCCD/CMND; Mã định danh; Số CC/CCCD", lambda p: p["number"]),
    col("identity number of any card", "identity_number", "CMND/CCCD; Số CMND/CCCD/Hộ chiếu; Số CCCD/CMND/Hộ chiếu; CCCD hoặc CMND", lambda p: p["number"]),
    col("identity number that lost its zero", "identity_number", "Số CCCD; CCCD; Số căn cước; Số định danh cá nhân", lambda p: Digits(p["number"])),
    spread("identity number, its day and place", "identity_number,,", "Căn cước công dân; CCCD; Thẻ căn cước > Số; Số thẻ | Ngày cấp | Nơi cấp", lambda p: p["number"], lambda p: p["came"], lambda p: "Cục CSQLHC về TTXH"),
))
ETHNICITY = Fact("ethnicity", 5, (
    coded("ethnicity in words", "ethnicity_code", "Dân tộc; Thành phần dân tộc", "people", "ethnicity"),
    marks("ethnicity by marks", "ethnicity_code", "Dân tộc > Kinh | Khmer | Hoa | Khác", "ethnicity", "KINH", "KHMER", "HOA", "*OTHER|"),
    flag("minority marked", "ethnicity_code", "Dân tộc thiểu số; DTTS; Người DTTS; Dân tộc ít người", lambda p: p["ethnicity"] != "KINH", "|OTHER", "KINH|"),
))
WHERE = lambda key: lambda p: {"unit": p[key]}
UNIT = Fact("unit", 8, (
    Way("unit in a column", "Chi bộ; Sinh hoạt tại chi bộ; Đơn vị; Đơn vị công tác", lambda p: [p["unit"]], WHERE("unit")),
    Way("office in a column", "Đơn vị; Cơ quan, đơn vị; Đơn vị công tác; Nơi công tác; Phòng, ban; Phòng/bộ phận; Bộ phận công tác", lambda p: [p["office"]], WHERE("office"), "staff officials civil public leaders state training"),
    told("unit in section rows", "section", WHERE("unit")),
    told("unit in section rows", "section", WHERE("unit")),
    told("unit in sheets' names", "sheet", WHERE("unit"), "party"),
))


def posts(*keys: str) -> Callable[[Person], Truth]:
    """What posts together say: the highest, or that of the state; any of the words, or all."""

    def truth(p: Person) -> Truth:
        words = [p[f"{k}post"] for k in keys if p[f"{k}post"]]
        codes = [p[f"{k}code" if k else "post_code"] for k in keys if p[f"{k}post"]]
        filled = [c for c in codes if c]
        best = min(filled, key=RANKS.index) if filled else ""
        one = {best, p["post_code"]} - {""} if "" in keys else {best} - {""}
        own = "|".join(sorted(one)) if filled else "|NONE"
        if any(w in ("Ủy viên BCH Công đoàn", "Đảng ủy viên", "Chi ủy viên", "Đảng viên") for w in words):
            own += "|NONE" + ("" if filled else "|SPECIALIST")
        text = "|".join({*words, ", ".join(words), "; ".join(words), "; ".join(reversed(words)), ", ".join(reversed(words))})
        return {"post_code": own, "post_text": text + ("|" if not filled else "")} | ({"committee_level_code": p["committee"]} if "party_" in keys else {})

    return truth


def joined_posts(p: Person) -> list[Cell]:
    return [", ".join(w for w in (p["party_post"], p["post"]) if w) or None]


GOVERNMENT = posts("")
POST = Fact("post", 8, (
    Way("post in words", "Chức vụ; Chức danh; Chức vụ, chức danh; Chức vụ hiện nay; Chức vụ, vị trí việc làm; Chức danh, vị trí việc làm", lambda p: [p["post"] or None], GOVERNMENT),
    Way("posts: Party | government | unions", "Chức vụ; Chức vụ, chức danh > Đảng; Đảng; Trong Đảng | Chính quyền; CQ; Chính quyền | Đoàn thể; ĐT; Đoàn thể", lambda p: [p["party_post"] or None, p["post"] or None, p["union_post"] or None], posts("party_", "", "union_")),
    Way("posts: Party | government", "Chức vụ > Đảng | Chính quyền", lambda p: [p["party_post"] or None, p["post"] or None], posts("party_", "")),
    Way("posts in two columns", "Chức vụ Đảng; Chức vụ trong Đảng; Chức vụ đảng | Chức vụ chính quyền; Chức danh chuyên môn; Chức vụ CQ", lambda p: [p["party_post"] or None, p["post"] or None], posts("party_", "")),
    Way("posts in one cell", "Chức vụ (Đảng, chính quyền); Chức vụ Đảng, chính quyền, đoàn thể", joined_posts, lambda p: posts("party_", "")(p) | {"committee_level_code": f"{p['committee']}|"}),
))
EDUCATION = Fact("education", 7, (
    Way("degree in words", "Trình độ chuyên môn; Chuyên môn; Trình độ; Trình độ CM; Bằng cấp chuyên môn; Trình độ đào tạo", lambda p: [p["degree"].rstrip(".")], lambda p: {"education_code": p["education"]}),
    Way("degree and field in one cell", "Trình độ chuyên môn; Chuyên môn; Trình độ chuyên môn, nghiệp vụ; Chuyên môn nghiệp vụ", lambda p: [f"{p['degree']} {p['field']}"], lambda p: {"education_code": p["education"]}),
    Way("degree | field", "Trình độ chuyên môn; Chuyên môn > Trình độ; Bậc đào tạo; Trình độ | Chuyên ngành; Ngành; Ngành học", lambda p: [p["degree"].rstrip("."), p["field"]], lambda p: {"education_code": p["education"]}),
    marks("degree by marks", "education_code", "Trình độ chuyên môn; Chuyên môn > Tiến sĩ; TS | Thạc sĩ; ThS | Đại học; ĐH | Cao đẳng; CĐ | Trung cấp; TC | Sơ cấp; SC", "education", "DOCTOR", "MASTER", "UNIVERSITY", "COLLEGE", "INTERMEDIATE", "PRIMARY_VOC"),
    marks("degree by marks, two in one", "education_code", "Trình độ chuyên môn; Trình độ CM > Trên đại học; Sau ĐH | Đại học; ĐH | Cao đẳng, trung cấp; CĐ, TC | Sơ cấp; SC", "education", "MASTER|DOCTOR", "UNIVERSITY", "COLLEGE|INTERMEDIATE", "PRIMARY_VOC"),
    marks("degree by marks, no header above", "education_code", "Sau đại học; SĐH | Đại học; ĐH | Cao đẳng; CĐ | Trung cấp; TC", "education", "MASTER|DOCTOR", "UNIVERSITY", "COLLEGE", "INTERMEDIATE", blank="|PRIMARY_VOC|SECONDARY"),
))
THEORY = Fact("theory", 5, (
    coded("theory in words", "political_theory_code", "Lý luận chính trị; LLCT; Trình độ LLCT; Trình độ chính trị; Chính trị", "theory", "theory_code"),
    marks("theory by marks", "political_theory_code", "Lý luận chính trị; LLCT; Trình độ lý luận chính trị > Cử nhân; CN | Cao cấp; CC | Trung cấp; TC | Sơ cấp; SC", "theory_code", "BACHELOR", "ADVANCED", "INTERMEDIATE", "ELEMENTARY", blank="|NONE"),
    marks("theory by marks, two in one", "political_theory_code", "Lý luận chính trị; Chính trị > Cao cấp, cử nhân; CC, CN | Trung cấp; TC | Sơ cấp; SC", "theory_code", "ADVANCED|BACHELOR", "INTERMEDIATE", "ELEMENTARY", blank="|NONE"),
))
MEMBER = lambda p: {"member_status_code": p["status"] if p["status"] == "FULL" else f"{p['status']}|"}
PARTY_DAYS = Fact("party days", 7, (
    spread("joining: probationary | full", "party_joined_on,party_official_on", "Ngày vào Đảng; Ngày vào Đảng CSVN; Vào Đảng; Ngày, tháng, năm vào Đảng > Dự bị; Kết nạp | Chính thức", lambda p: p["joined"], lambda p: p["official"]),
    spread("joining in two columns", "party_joined_on,party_official_on", "Ngày kết nạp; Ngày kết nạp Đảng; Ngày vào Đảng; Ngày vào Đảng (dự bị) | Ngày chính thức; Ngày công nhận chính thức; Ngày chuyển chính thức; Ngày vào Đảng (chính thức)", lambda p: p["joined"], lambda p: p["official"]),
    col("joining day", "party_joined_on", "Ngày vào Đảng; Ngày kết nạp Đảng; Vào Đảng ngày; Ngày vào ĐCSVN", lambda p: p["joined"]),
    col("joining year", "party_joined_on", "Năm vào Đảng; Năm kết nạp", lambda p: cut(Year, p["joined"])),
))
STATUS = Fact("status", 3, (
    Way("status in words", "Loại đảng viên; Chính thức/dự bị; ĐV chính thức, dự bị", lambda p: ["Chính thức" if p["status"] == "FULL" else "Dự bị"], lambda p: {"member_status_code": p["status"]}, "party"),
    flag("probationary members marked", "member_status_code", "ĐV dự bị; Đảng viên dự bị; Dự bị; Đảng viên DB", lambda p: p["status"] == "PROBATIONARY", "PROBATIONARY", "FULL", "party"),
    marks("status by marks", "member_status_code", "Đảng viên; Loại đảng viên > Chính thức; CT | Dự bị; DB", "status", "FULL", "PROBATIONARY", blank="NONE|"),
    told("membership in section rows", "section", lambda p: {"member_status_code": p["status"]}),
    flag("members marked", "member_status_code", "Đảng viên; Là đảng viên; ĐV", lambda p: p["status"] != "NONE", "FULL|PROBATIONARY", "NONE", "staff officials"),
))
STAFF = Fact("staff kind", 4, (
    Way("staff kind in words", "Đối tượng; Cán bộ/công chức; Diện", lambda p: ["Cán bộ" if p["staff"] == "CADRE" else "Công chức"], lambda p: {"staff_kind_code": p["staff"]}, "officials"),
    marks("staff kind by marks", "staff_kind_code", "Đối tượng; Là > Cán bộ | Công chức | Viên chức", "staff", "CADRE", "CIVIL_SERVANT", "PUBLIC_EMPLOYEE", only="officials"),
))
RECRUITED = Fact("recruited", 3, (
    col("recruited on", "service_joined_on", "Ngày tuyển dụng; Ngày được tuyển dụng; Tuyển dụng ngày", lambda p: p["recruited"], "staff officials"),
    col("recruited in a month", "service_joined_on", "Thời gian tuyển dụng; Tháng, năm tuyển dụng", lambda p: Month(p["recruited"]), "staff officials"),
    col("recruited in a year", "service_joined_on", "Năm tuyển dụng; Tuyển dụng năm", lambda p: Year(p["recruited"]), "staff officials"),
))
CAME = Fact("came", 2, (
    col("came on", "spell_from", "Ngày về đơn vị; Ngày chuyển đến; Ngày chuyển sinh hoạt đến; Ngày về chi bộ", lambda p: p["came"]),
    col("came in a month", "spell_from", "Về đơn vị từ tháng, năm; Thời gian về đơn vị công tác", lambda p: Month(p["came"])),
))


LEAVING = [  # a note, and what it says
    *[("", {})] * 5, ("Nghỉ việc 3/2025", {"spell_to": "2025-03", "leaving_reason_code": "RESIGNED"}),
    ("Chuyển sinh hoạt đi từ 12/5/2025", {"spell_to": "2025-05-12", "leaving_reason_code": "MOVED"}), ("Từ trần ngày 02/09/2025", {"spell_to": "2025-09-02", "leaving_reason_code": "DIED"}),
    ("Được miễn sinh hoạt từ 4/2025", {"exempt_from": "2025-04"}), ("Đình chỉ sinh hoạt từ ngày 15/8/2025", {"suspended_from": "2025-08-15"}),
]
LEFT = Fact("who left", 2, (Way(
    "who left in a note", "Ghi chú", lambda p: [LEAVING[p["pick"] % len(LEAVING)][0] or None],
    lambda p: dict.fromkeys(("spell_to", "leaving_reason_code", "exempt_from", "suspended_from"), "") | LEAVING[p["pick"] % len(LEAVING)][1],
),))


def rated(step: str) -> Callable[[Person], Truth]:
    return lambda p: {f"{step}_level_code": "|NOT_RATED" if p["reason"] else p[step]}


def level(step: str, heads: str, style: str) -> Way:
    """A level in one column, as words, abbreviations or letters."""
    words = dict(zip(LEVEL_CODES, LEVELS[style], strict=True))
    return Way(f"{step} level as {style}", heads, lambda p: [None if p["reason"] else words[p[step]]], rated(step))


def level_marks(step: str, above: str, style: str) -> Way:
    """A level as the one of four columns that is marked."""
    hits = lambda p: [True if not p["reason"] and p[step] == code else None for code in LEVEL_CODES]
    return Way(f"{step} level by marks under {style}", f"{above}{' | '.join(LEVELS[style])}", hits, rated(step))


LEVEL_IN_SECTIONS = "decided level in section rows"
RESULT = "Xếp loại; Kết quả xếp loại; Mức xếp loại; Xếp loại chất lượng; Kết quả đánh giá, xếp loại"
RATED_AS = "Xếp loại; Mức xếp loại chất lượng; Kết quả xếp loại; Phân loại; Mức độ hoàn thành > "
SELF, PROPOSED = "Cá nhân tự xếp loại; Tự xếp loại; Cá nhân tự nhận; Tự đánh giá, xếp loại", "Chi bộ đề xuất; Tập thể đề nghị; Đề nghị xếp loại; Chi bộ xếp loại"
DECIDED = "Cấp có thẩm quyền xếp loại; Đảng ủy xếp loại; Cấp trên quyết định; Cấp có thẩm quyền quyết định"
SELF_LEVEL = Fact("self level", 4, (level("self", SELF, "words"), level("self", SELF, "abbreviations"), level_marks("self", f"{SELF} > ", "abbreviations"), level_marks("self", f"{SELF} > ", "short words")))
PROPOSED_LEVEL = Fact("proposed level", 3, (level("proposed", PROPOSED, "words"), level("proposed", PROPOSED, "abbreviations"), level_marks("proposed", f"{PROPOSED} > ", "abbreviations")))
SPOKEN_OF = "Kết quả đánh giá, xếp loại chất lượng; Mức độ HTNV; Kết quả xếp loại CLĐV; Mức xếp loại chất lượng; Kết quả ĐGXL; Xếp loại của Đảng ủy; Kết quả xếp loại chính thức"
OF_THE_YEAR = "Xếp loại năm 2025; Kết quả xếp loại năm 2025; Xếp loại chất lượng 2025"
DECIDED_LEVEL = Fact("decided level", 10, (
    *(level("decided", heads, style) for style in LEVELS for heads in (RESULT, DECIDED)),
    *(level_marks("decided", f"{heads} > " if heads is DECIDED else heads, style) for style in LEVELS for heads in (RATED_AS, DECIDED)),
    level_marks("decided", "", "words"), level_marks("decided", "", "abbreviations"),
    *(level("decided", SPOKEN_OF, style) for style in LEVELS),
    *(level_marks("decided", f"{SPOKEN_OF} > ", style) for style in LEVELS),
    *(replace(level("decided", OF_THE_YEAR, style), kind="decided level of the year", only="party civil public") for style in ("words", "abbreviations")),
    Way("decided level: last year's | this year's", "Xếp loại; Kết quả đánh giá, xếp loại chất lượng > Năm 2024 | Năm 2025",
        lambda p: [LEVELS["abbreviations"][p["pick"] % 4], None if p["reason"] else LEVELS["abbreviations"][LEVEL_CODES.index(p["decided"])]],
        rated("decided"), "party civil public"),
    Way("decided levels of years side by side", "2023; Năm 2023 | 2024; Năm 2024 | 2025; Năm 2025",
        lambda p: [*(LEVELS["abbreviations"][p["pick"] // n % 4] for n in (1, 4)), None if p["reason"] else LEVELS["abbreviations"][LEVEL_CODES.index(p["decided"])]],
        rated("decided"), "party civil public"),
    Way("decided level, or why there is none", RESULT,
        lambda p: [f"Không xếp loại do {p['reason'].lower()}" if p["reason"] and p["pick"] % 2 else p["reason"] or LEVELS["words"][LEVEL_CODES.index(p["decided"])]],
        lambda p: {"decided_level_code": "NOT_RATED" if p["reason"] else p["decided"], "not_rated_reason_code": p["reason_code"]}, "party"),
    *[told(LEVEL_IN_SECTIONS, "section", lambda p: {"decided_level_code": p["decided"]}, "party civil public")] * 2,
))
SCORE = Fact("score", 4, (
    col("score", "score", "Điểm; Tổng điểm; Điểm đánh giá; Số điểm; Tổng số điểm", lambda p: p["score"]),
    spread("score: own | decided", ",score", "Điểm > Tự chấm; Cá nhân tự chấm | Cấp có thẩm quyền chấm; Tập thể chấm; Kết quả", lambda p: min(100.0, p["score"] + 2), lambda p: p["score"]),
))
REASON = Fact("reason", 3, (
    coded("reason of no rating", "not_rated_reason_code", "Lý do không xếp loại; Lý do chưa xếp loại; Không xếp loại (lý do)", "reason", "reason_code"),
    Way("no rating by a mark, and why", "Không xếp loại; Chưa xếp loại | Lý do", lambda p: [True if p["reason"] else None, p["reason"] or None], lambda p: {"not_rated_reason_code": p["reason_code"]}),
))
SYSTEMS = {"party": "PARTY_MEMBER", "civil": "CIVIL_SERVANT", "public": "PUBLIC_EMPLOYEE", "leaders": "LEADER"}
RATING_TITLE = Fact("said above", 10, (told("period and system in the title", "title", lambda p: {"rating_system_code": SYSTEMS[p["flavour"]], "period_type_code": "QUARTER" if p["flavour"] == "leaders" else "YEAR"}),))


def decided(day_column: str) -> tuple[Way, ...]:
    """A decision's number and day."""
    joined = {
        "number and day in one cell": lambda p: f"{p['decision']} ngày {p['signed']:%d/%m/%Y}",
        "number and day in one cell, short": lambda p: f"Số {p['decision']}, {p['signed'].day}/{p['signed'].month}/{p['signed'].year}",
    }
    heads = "Quyết định; Số, ngày quyết định; Số, ngày, tháng, năm quyết định; Quyết định số, ngày"
    truth = lambda p: {"decision_no": p["decision"], day_column: said(p["signed"])}
    pair = "Quyết định; Văn bản; Quyết định của cấp có thẩm quyền > Số; Số QĐ; Số quyết định | Ngày; Ngày ký; Ngày, tháng, năm"
    return (
        spread("decision: number | day", f"decision_no,{day_column}", pair, lambda p: p["decision"], lambda p: p["signed"]),
        spread("decision in two columns", f"decision_no,{day_column}", "Số quyết định; Số QĐ; QĐ số | Ngày quyết định; Ngày QĐ; Ngày ký", lambda p: p["decision"], lambda p: p["signed"]),
        *(Way(f"decision: {kind}", heads, lambda p, get=get: [get(p)], truth) for kind, get in joined.items()),
    )


def from_to(first: str, last: str, start: str, end: str, heads: str) -> tuple[Way, ...]:
    """A time: two columns below one header, or one cell."""
    month = lambda d: f"{d.month}/{d.year}"
    truth = lambda cut_: lambda p: {first: said(cut(cut_, p[start])), last: said(cut(cut_, p[end]))}
    whole = heads.split(" > ")[0]
    return (
        spread("time: from | to", f"{first},{last}", heads, lambda p: p[start], lambda p: p[end]),
        spread("time: from | to, in months", f"{first},{last}", heads, lambda p: Month(p[start]), lambda p: cut(Month, p[end])),
        Way("time in one cell", whole, lambda p: [f"từ {month(p[start])} đến {month(p[end]) if p[end] else 'nay'}"], truth(Month)),
        Way("time in one cell, of days", whole, lambda p: [f"{p[start]:%d/%m/%Y} - {f'{p[end]:%d/%m/%Y}' if p[end] else 'nay'}"], truth(lambda d: d)),
    )


MOVES = {"ROTATION": "Luân chuyển", "TRANSFER": "Điều động", "SECONDMENT": "Biệt phái"}


def move(side: str, heads: str) -> tuple[Way, ...]:
    """Where somebody came from or went to: post and unit."""
    post, unit = f"{side}_post", f"{side}_office"
    truth = lambda p: {f"{side}_post_code": p[f"{side}_code"], f"{side}_post_text": p[post], f"{side}_unit": p[unit]}
    pair, *two = heads.split(" / ")
    return (
        Way(f"{side}: post | unit", f"{pair} > Chức vụ; Chức danh | Đơn vị; Cơ quan, đơn vị; Nơi công tác", lambda p: [p[post], p[unit]], truth),
        Way(f"{side} post, {side} unit", " | ".join(two), lambda p: [p[post], p[unit]], truth),
    )


PLANNED = flag("planning marked", "is_in_planning", "Trong quy hoạch; Quy hoạch; Thuộc diện quy hoạch", lambda p: p["planned"], "TRUE", "FALSE|")
COURSE = lambda p: {"programme": f"{p['course']}|Lớp {p['course']}", "programme_type_code": f"{p['type']}|"}
WHOLE_COURSE = lambda p: COURSE(p) | {"provider": p["provider"], "training_from": said(p["start"]), "training_to": said(p["end"])}
DATASETS: dict[str, tuple[Fact, ...]] = {
    "personnel": (NAME, BIRTH, SEX, NUMBER, ETHNICITY, UNIT, POST, STAFF, EDUCATION, THEORY, PARTY_DAYS, STATUS, RECRUITED, CAME, LEFT),
    "ratings": (NAME, NUMBER, UNIT, SCORE, SELF_LEVEL, PROPOSED_LEVEL, DECIDED_LEVEL, REASON, Fact("decision", 2, decided("decided_on")), RATING_TITLE),
    "rotation": (
        NAME, NUMBER,
        Fact("kind", 10, (
            Way("kind of movement in words", "Hình thức; Loại hình; Hình thức luân chuyển, điều động", lambda p: [MOVES[p["movement"]]], lambda p: {"rotation_kind_code": p["movement"]}),
            marks("kind of movement by marks", "rotation_kind_code", "Hình thức; Loại > Luân chuyển | Điều động | Biệt phái", "movement", *MOVES),
            told("kind of movement in the title", "title", lambda p: {"rotation_kind_code": "ROTATION"}),
            told("kind of movement in section rows", "section", lambda p: {"rotation_kind_code": p["movement"]}),
        )),
        Fact("from", 10, move("from", "Trước khi luân chuyển; Nơi đi; Chức vụ, đơn vị cũ; Công tác trước khi điều động / Chức vụ cũ; Chức vụ trước khi luân chuyển; Chức vụ nơi đi / Đơn vị cũ; Đơn vị đi; Đơn vị trước khi luân chuyển")),
        Fact("to", 10, move("to", "Sau khi luân chuyển; Nơi đến; Chức vụ, đơn vị mới; Công tác được điều động đến / Chức vụ mới; Chức vụ sau khi luân chuyển; Chức vụ nơi đến / Đơn vị mới; Đơn vị đến; Đơn vị sau khi luân chuyển")),
        Fact("decision", 8, decided("decided_on")),
        Fact("time", 8, from_to("posting_from", "posting_to", "since", "until", "Thời gian; Thời gian luân chuyển; Thời hạn > Từ; Từ ngày; Từ tháng, năm | Đến; Đến ngày; Đến tháng, năm")),
        Fact("planning", 4, (PLANNED,)),
    ),
    "training": (
        NAME, NUMBER,
        Fact("course", 10, (
            Way("course in a column", "Tên lớp; Khóa học; Nội dung bồi dưỡng; Lớp đào tạo, bồi dưỡng; Nội dung đào tạo, bồi dưỡng; Chương trình", lambda p: [p["course"]], COURSE, "training"),
            *(told(f"course in section rows, with {how}", "section", WHOLE_COURSE, "training") for how in ("commas", "brackets", "words")),
            told("course in the title", "title", WHOLE_COURSE, "course"),
        )),
        Fact("unit", 8, (UNIT.ways[1], UNIT.ways[1], UNIT.ways[2])),
        Fact("type", 3, (Way("type of course in words", "Loại hình; Loại hình bồi dưỡng; Loại chương trình", lambda p: [TYPES[p["type"]]], lambda p: {"programme_type_code": p["type"]}), told("type of course in section rows", "section", lambda p: {"programme_type_code": p["type"]}, "training"))),
        Fact("provider", 6, (col("provider", "provider", "Cơ sở đào tạo; Đơn vị tổ chức; Nơi đào tạo; Cơ sở đào tạo, bồi dưỡng; Trường", lambda p: p["provider"]),)),
        Fact("time", 7, from_to("training_from", "training_to", "start", "end", "Thời gian; Thời gian học; Thời gian đào tạo > Từ; Từ ngày | Đến; Đến ngày")),
        Fact("hours", 3, (col("hours", "hours", "Số tiết; Thời lượng (tiết); Tổng số tiết", lambda p: p["hours"]),)),
        Fact("result", 8, (coded("result in words", "training_result_code", "Kết quả; Xếp loại; Kết quả học tập; Xếp loại tốt nghiệp; KQ", "result", "result_code"),)),
        Fact("paper", 5, (coded("certificate in words", "certificate_code", "Văn bằng, chứng chỉ; Chứng chỉ; Văn bằng/Chứng chỉ được cấp", "paper", "paper_code"),)),
        Fact("payer", 4, (
            coded("payer in words", "cost_bearer_code", "Nguồn kinh phí; Kinh phí; Nguồn kinh phí đào tạo", "payer", "payer_code"),
            marks("payer by marks", "cost_bearer_code", "Kinh phí; Nguồn kinh phí > Ngân sách; NSNN | Cơ quan; Đơn vị | Cá nhân; Tự túc", "payer_code", "STATE_BUDGET", "UNIT", "SELF"),
        )),
    ),
    "discipline": (
        NAME, NUMBER, UNIT,
        Fact("post", 5, POST.ways),
        Fact("form", 10, (
            coded("form in words", "discipline_form_code", "Hình thức kỷ luật; Hình thức; Hình thức xử lý; Hình thức thi hành kỷ luật", "form", "form_code"),
            Way("form in a column for each system", "Hình thức kỷ luật đảng; Hình thức kỷ luật về đảng | Hình thức kỷ luật chính quyền; Hình thức kỷ luật hành chính",
                lambda p: [p["form"] if p["flavour"] == of else None for of in ("party", "state")],
                lambda p: {"discipline_form_code": p["form_code"], "discipline_system_code": {"party": "PARTY", "state": "STATE"}[p["flavour"]]}),
            marks("form by marks", "discipline_form_code", "Hình thức kỷ luật; Hình thức > Khiển trách | Cảnh cáo | Cách chức | Khai trừ", "form_code", "REPRIMAND", "WARNING", "REMOVAL", "EXPULSION", only="party"),
            marks("form by marks", "discipline_form_code", "Hình thức kỷ luật; Hình thức xử lý > Khiển trách; KT | Cảnh cáo; CC | Cách chức; C.chức | Buộc thôi việc; BTV", "form_code", "REPRIMAND", "WARNING", "REMOVAL", "DISMISSAL", only="state"),
        )),
        Fact("violation", 8, (coded("violation in words", "violation_code", "Nội dung vi phạm; Lý do; Hành vi vi phạm; Lý do kỷ luật; Nội dung sai phạm", "violation", "violation_code"),)),
        Fact("decision", 9, decided("signed_on")),
        Fact("system", 9, (told("system in the title", "title", lambda p: {"discipline_system_code": {"party": "PARTY", "state": "STATE"}[p["flavour"]]}),)),
    ),
}
HEADINGS: dict[str, Callable[[Person], str]] = {  # what a section row says that names no unit and no course
    "kind of movement in section rows": lambda p: MOVES[p["movement"]],
    "type of course in section rows": lambda p: TYPES[p["type"]],
    "membership in section rows": lambda p: {"FULL": "Đảng viên chính thức", "PROBATIONARY": "Đảng viên dự bị", "NONE": "Quần chúng"}[p["status"]],
}
FLAVOURS = {"personnel": ("party", "party", "staff", "officials"), "ratings": ("party", "party", "civil", "public", "leaders"), "rotation": ("rotation",), "training": ("training", "course"), "discipline": ("party", "party", "state")}

# ── what any list may tell of its people besides ─────────────────────────────────────────────────────────────────

CARD = lambda p: f"{p['pick'] + 10**7:08}"
BESIDE = (Fact("party card", 2, (col("party card", "party_card_number", "Số thẻ đảng viên; Số thẻ Đảng", CARD),)), BIRTH, SEX, ETHNICITY, POST, EDUCATION, THEORY, PARTY_DAYS)

# ── columns that mean nothing to us: what they are called, and what stands there ─────────────────────────────────

WORDS = lambda *words: lambda p: words[p["pick"] % len(words)]
STRANGE: dict[str, tuple[Way, ...]] = {
    "anywhere": tuple(Way(f"strange: {kind}", heads, lambda p, get=get: [get(p)], lambda p: {}) for kind, heads, get in (
        ("phone", "Số điện thoại; Điện thoại; SĐT; Di động", lambda p: f"09{p['pick'] * 97 % 10**8:08}"),
        ("home", "Quê quán; Nguyên quán", WORDS("Phường Cái Răng, TP Cần Thơ", "Xã Phong Điền", "Vĩnh Long")),
        ("address", "Nơi ở hiện nay; Chỗ ở hiện nay; Thường trú; Địa chỉ", WORDS("Số 12, đường 30/4", "Ấp Thới Bình, xã Thới Lai", "KV 2, P. An Bình")),
        ("religion", "Tôn giáo", WORDS("Không", "Phật giáo", "Không", "Công giáo")),
        ("note", "Ghi chú; Ghi chú khác", WORDS("", "", "", "Đi học", "Nghỉ thai sản")),
        ("e-mail", "Email; Thư điện tử", lambda p: f"nv{p['pick']}@cantho.gov.vn"),
        ("age", "Tuổi; Tuổi đời", lambda p: 2025 - p["born"].year),
        ("birth place", "Nơi sinh", WORDS("Cần Thơ", "Hậu Giang", "Sóc Trăng")),
    )),
    "personnel": tuple(Way(f"strange: {kind}", heads, lambda p, get=get: get(p) if isinstance(get(p), list) else [get(p)], lambda p: {}) for kind, heads, get in (
        ("salary", "Hệ số lương; Lương hiện hưởng; HS lương", lambda p: round(2.34 + p["pick"] % 12 * 0.33, 2)),
        ("rank code", "Mã ngạch; Mã số ngạch; Mã số CDNN", WORDS("01.003", "01.002", "V.07.03.29")),
        ("salary group", "Lương; Lương hiện hưởng > Mã ngạch; Ngạch | Bậc | Hệ số; HSL", lambda p: ["01.003", p["pick"] % 9 + 1, round(2.34 + p["pick"] % 9 * 0.33, 2)]),
        ("raise", "Thời điểm nâng lương lần sau; Ngày hưởng", lambda p: dt.date(2024, p["pick"] % 12 + 1, 1)),
        ("appointed", "Ngày bổ nhiệm; Ngày bổ nhiệm chức vụ", lambda p: p["came"]),
        ("schooling", "Trình độ văn hóa; Giáo dục phổ thông; Trình độ phổ thông", WORDS("12/12", "12/12", "9/12")),
        ("state management", "Quản lý nhà nước; QLNN; Bồi dưỡng QLNN", WORDS("Chuyên viên", "CVC", "")),
        ("state management by marks", "Quản lý nhà nước; QLNN > CV cao cấp; CVCC | CV chính; CVC | Chuyên viên; CV", lambda p: [True if p["pick"] % 4 == n else None for n in range(3)]),
        ("languages", "Ngoại ngữ; Trình độ ngoại ngữ", WORDS("B1", "Anh B", "A2", "Đại học")),
        ("computers", "Tin học; Trình độ tin học", WORDS("CNTT cơ bản", "A", "B", "Trung cấp")),
        ("spouse", "Họ và tên vợ (chồng); Vợ/chồng", WORDS("Nguyễn Văn Tèo", "Lê Thị Mận", "")),
        ("insurance", "Số sổ BHXH; Mã số BHXH", lambda p: f"{p['pick'] + 9 * 10**9}"),
        ("years in the Party", "Tuổi Đảng", lambda p: 2025 - p["joined"].year if p["joined"] else None),
        ("parents", "Họ tên cha > Họ và tên | Năm sinh", lambda p: ["Trần Văn Lực", 1940 + p["pick"] % 9]),
        ("card issued", "Ngày cấp thẻ; Ngày cấp CCCD", lambda p: p["came"]),
    )),
    "ratings": tuple(Way(f"strange: {kind}", heads, lambda p, get=get: [get(p)], lambda p: {}) for kind, heads, get in (
        ("self score", "Điểm tự chấm; Cá nhân tự chấm điểm", lambda p: min(100.0, p["score"] + 3)),
        ("last year", "Xếp loại năm 2024; Kết quả năm trước", lambda p: LEVELS["abbreviations"][p["pick"] % 4]),
        ("votes", "Tỷ lệ phiếu; Tỷ lệ tán thành (%)", lambda p: 80.0 + p["pick"] % 20),
        ("strengths", "Ưu điểm; Ưu, khuyết điểm", WORDS("Hoàn thành nhiệm vụ", "Tích cực, gương mẫu", "")),
        ("award", "Đề nghị khen thưởng; Danh hiệu thi đua", WORDS("CSTĐ cơ sở", "LĐTT", "")),
    )),
    "rotation": tuple(Way(f"strange: {kind}", heads, lambda p, get=get: [get(p)], lambda p: {}) for kind, heads, get in (
        ("plan", "Dự kiến bố trí sau luân chuyển", WORDS("Phó Giám đốc Sở", "", "Bí thư Đảng ủy")),
    )),
    "training": tuple(Way(f"strange: {kind}", heads, lambda p, get=get: [get(p)], lambda p: {}) for kind, heads, get in (
        ("mark", "Điểm; Điểm trung bình", lambda p: 5.0 + p["pick"] % 50 / 10),
        ("conduct", "Rèn luyện", WORDS("Tốt", "Xuất sắc", "Khá")),
        ("certificate number", "Số hiệu; Số vào sổ", lambda p: f"{p['pick'] % 900 + 100}/2025"),
        ("signature", "Ký nhận; Ký tên", lambda p: None),
    )),
    "discipline": tuple(Way(f"strange: {kind}", heads, lambda p, get=get: [get(p)], lambda p: {}) for kind, heads, get in (
        ("who decided", "Cơ quan ban hành; Cấp quyết định; Cấp ra quyết định", WORDS("UBKT Đảng ủy", "Chi bộ", "Ban Thường vụ Đảng ủy")),
        ("complaint", "Khiếu nại", WORDS("Không", "")),
    )),
}
OVER = (("Trình độ; Trình độ đào tạo; Trình độ về", {"education", "theory", "strange: schooling", "strange: state management", "strange: languages", "strange: computers", "strange: state management by marks"}),)

GROUPS = {  # over groups, and saying nothing of what stands below them
    "personnel": ("Thông tin chung", "Thông tin cá nhân", "Thông tin đảng viên", "Sơ yếu lý lịch", "Nội dung"),
    "ratings": ("Thông tin đảng viên", "Thông tin cá nhân", "Kết quả đánh giá, xếp loại", "Đánh giá, xếp loại năm 2025", "Thông tin chung"),
    "rotation": ("Thông tin cán bộ", "Thông tin chung", "Nội dung luân chuyển", "Thông tin cá nhân"),
    "training": ("Thông tin học viên", "Thông tin cá nhân", "Thông tin khóa học", "Kết quả đào tạo, bồi dưỡng"),
    "discipline": ("Thông tin người vi phạm", "Thông tin cá nhân", "Nội dung kỷ luật", "Thông tin chung"),
}
WRITTEN: dict[type, str] = {  # below a leaf, how its cells are written
    dt.date: "(ngày/tháng/năm); (ngày, tháng, năm); (dd/mm/yyyy)", Month: "(tháng/năm); (mm/yyyy)", Year: "(năm)", bool: "(đánh dấu x); (x)", str: "(ghi rõ)",
}

# ── what stands above, and how a file and its sheets are called ──────────────────────────────────────────────────

TITLES: dict[tuple[str, str], tuple[str, ...]] = {
    ("personnel", "party"): ("DANH SÁCH ĐẢNG VIÊN NĂM {year}", "DANH SÁCH TRÍCH NGANG ĐẢNG VIÊN\n(Tính đến ngày 31/12/{year})", "DANH SÁCH ĐẢNG VIÊN ĐANG SINH HOẠT", "DANH SÁCH ĐẢNG VIÊN TOÀN ĐẢNG BỘ\n(Có mặt đến ngày 31/12/{year})"),
    ("personnel", "staff"): ("DANH SÁCH VIÊN CHỨC NĂM {year}", "DANH SÁCH TRÍCH NGANG VIÊN CHỨC\nCó mặt đến ngày 31/12/{year}"),
    ("personnel", "officials"): ("DANH SÁCH CÁN BỘ, CÔNG CHỨC\nTính đến tháng 12/{year}", "BIỂU CHẤT LƯỢNG ĐỘI NGŨ CÁN BỘ, CÔNG CHỨC NĂM {year}", "DANH SÁCH TRÍCH NGANG CÁN BỘ, CÔNG CHỨC"),
    ("ratings", "party"): ("KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN NĂM {year}", "BẢNG TỔNG HỢP\nXếp loại chất lượng đảng viên năm {year}", "TỔNG HỢP KẾT QUẢ XẾP LOẠI ĐẢNG VIÊN CUỐI NĂM {year}", "Biểu số 02\nKẾT QUẢ KIỂM ĐIỂM, ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG ĐẢNG VIÊN NĂM {year}\nKính gửi: Ban Tổ chức Thành ủy"),
    ("ratings", "civil"): ("KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG CÔNG CHỨC NĂM {year}", "DANH SÁCH CÔNG CHỨC ĐƯỢC ĐÁNH GIÁ, XẾP LOẠI\nNăm {year}"),
    ("ratings", "public"): ("KẾT QUẢ XẾP LOẠI CHẤT LƯỢNG VIÊN CHỨC NĂM {year}", "BẢNG TỔNG HỢP ĐÁNH GIÁ VIÊN CHỨC\nNăm {year}"),
    ("ratings", "leaders"): ("KẾT QUẢ XẾP LOẠI CÁN BỘ LÃNH ĐẠO, QUẢN LÝ\nQuý {quarter}/{year}", "TỔNG HỢP ĐÁNH GIÁ, XẾP LOẠI CÁN BỘ LÃNH ĐẠO, QUẢN LÝ QUÝ {quarter} NĂM {year}"),
    ("rotation", "rotation"): ("DANH SÁCH CÁN BỘ LUÂN CHUYỂN NĂM {year}", "THEO DÕI CÁN BỘ LUÂN CHUYỂN\nNăm {year}"),
    ("rotation", "mixed"): ("DANH SÁCH CÁN BỘ ĐIỀU ĐỘNG, LUÂN CHUYỂN, BIỆT PHÁI NĂM {year}",),
    ("training", "training"): ("DANH SÁCH CÁN BỘ, CÔNG CHỨC ĐƯỢC CỬ ĐI ĐÀO TẠO, BỒI DƯỠNG NĂM {year}", "TỔNG HỢP KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG NĂM {year}"),
    ("training", "course"): ("DANH SÁCH HỌC VIÊN\nLớp {course}\nThời gian: từ ngày {start} đến ngày {end}\nĐơn vị tổ chức: {provider}", "KẾT QUẢ HỌC TẬP LỚP {COURSE}\n(Từ ngày {start} đến ngày {end}, tại {provider})"),
    ("discipline", "party"): ("DANH SÁCH ĐẢNG VIÊN BỊ THI HÀNH KỶ LUẬT NĂM {year}", "THEO DÕI ĐẢNG VIÊN BỊ KỶ LUẬT\nNăm {year}", "KẾT QUẢ THI HÀNH KỶ LUẬT ĐẢNG VIÊN NĂM {year}\n(Biểu số 3)"),
    ("discipline", "state"): ("DANH SÁCH CÔNG CHỨC, VIÊN CHỨC BỊ KỶ LUẬT NĂM {year}", "TỔNG HỢP XỬ LÝ KỶ LUẬT CÔNG CHỨC, VIÊN CHỨC\nNăm {year}"),
}
SHEETS = {"personnel": ("DS", "Danh sách", "Trích ngang"), "ratings": ("XL 2025", "Tổng hợp"), "rotation": ("LC", "DS cán bộ"), "training": ("Danh sách lớp", "ĐTBD"), "discipline": ("KL", "Biểu 1")}
NO_NAMES = ("Sheet1", "Sheet1", "Trang_tính1")
HEADS = (
    ("ĐẢNG BỘ THÀNH PHỐ CẦN THƠ\nĐẢNG ỦY PHƯỜNG TÂN AN", "ĐẢNG CỘNG SẢN VIỆT NAM\nTân An, ngày 15 tháng 12 năm 2025"),
    ("UBND PHƯỜNG TÂN AN\nPHÒNG VĂN HÓA - XÃ HỘI", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"),
)
