"""Persons: names as they are in the Mekong delta, identity numbers, and what is known of a person.

What does not belong here: units' files, ratings, the numbers of the article. Every person is invented.
"""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from pipeline.sample.tree import Unit


def words(text: str) -> list[str]:
    """Names parted by spaces; an underscore is a space within a name."""
    return [word.replace("_", " ") for word in text.split()]


FAMILIES = {
    "Nguyễn": 290, "Trần": 125, "Lê": 110, "Phạm": 70, "Huỳnh": 62, "Võ": 52, "Phan": 45, "Trương": 32, "Bùi": 24, "Đặng": 26,
    "Đỗ": 18, "Ngô": 20, "Hồ": 22, "Dương": 20, "Lý": 12, "Lâm": 14, "Mai": 13, "Lương": 10, "Đoàn": 11, "Đinh": 11,
    "Cao": 11, "Tô": 8, "Châu": 8, "Thái": 8, "Hà": 9, "Trịnh": 9, "Đào": 8, "Lưu": 8, "Tạ": 5, "Quách": 4,
}  # fmt: skip
KHMER_FAMILIES = {"Thạch": 5, "Danh": 5, "Sơn": 4, "Kim": 4, "Kiên": 3, "Lâm": 2, "Châu": 2, "Lý": 2, "Trà": 1}
HOA_FAMILIES = {"Lý": 5, "Trần": 4, "Quách": 3, "Lâm": 3, "Vương": 3, "Mã": 2, "Tăng": 2, "La": 2, "Hứa": 2, "Trịnh": 2, "Khưu": 1}

MIDDLES = {
    "MALE": words(
        "Văn Văn Văn Văn Hoàng Minh Thanh Hữu Quốc Đức Ngọc Công Thành Tấn Trung Chí Phước Trọng Duy Anh Tuấn Hải Nhật Thái Vĩnh "
        "Xuân Phú Bá Gia Khánh Hồng Thiện Trường Quang Đình Tiến Việt Thế Nguyên Bảo Đăng Phúc Huy"
    ),
    "FEMALE": words(
        "Thị Thị Thị Thị Thị Ngọc Kim Thanh Mỹ Thu Hồng Thùy Bích Phương Cẩm Tuyết Kiều Diễm Trúc Minh Lan Xuân Ánh Huỳnh Thúy "
        "Hoàng Yến Quỳnh Mai Như Lệ Hoài Bảo Khánh Tú Thảo Hạnh Diệu Ái Tố Trà Vân Thị_Ngọc Thị_Kim Thị_Thu Thị_Mỹ Thị_Hồng"
    ),
}
GIVEN = {
    "MALE": words(
        "Tuấn Dũng Hùng Hải Sơn Nam Tâm Phúc Thành Minh Hoàng Khánh Long Trung Đức Hiếu Nghĩa Bình An Phong Phước Lợi Tài Thắng "
        "Cường Duy Huy Khoa Kiệt Lâm Lộc Luân Mẫn Nhân Nhựt Phát Phú Quân Quang Quốc Sang Sĩ Tân Thái Thiện Thịnh Thông Thuận "
        "Tín Toàn Trí Triều Trường Tùng Tường Vinh Vũ Xuyên Đạt Điền Đông Hậu Hiển Hòa Hưng Khải Khang Kha Khiêm Liêm Linh "
        "Ngọc Nguyên Nhã Oanh Phi Quí Tấn Thạnh Thanh Thuấn Tiến Tính Tới Trọng Út Văn Việt Vĩ Bảo Chí Chiến Công Danh"
    ),
    "FEMALE": words(
        "Anh Ánh Bích Châu Chi Cúc Diễm Diệp Diệu Dung Duyên Đào Điệp Giang Hà Hân Hằng Hạnh Hiền Hoa Hoài Hồng Huệ Hương "
        "Huyền Khanh Kiều Lan Lài Lệ Liên Liễu Linh Loan Ly Mai Mỹ My Nga Ngân Ngọc Nguyên Nguyệt Nhi Nhiên Nhung Như Nương "
        "Oanh Phụng Phương Phượng Quyên Quỳnh Sương Tâm Thắm Thảo Thi Thoa Thơ Thu Thúy Thùy Thủy Tiên Tiền Trâm Trân Trang "
        "Trinh Trúc Tuyền Tuyết Uyên Vân Vi Vy Xuân Xuyến Yến Yên Hậu Hòa Nữ Phúc Thư Thương Út Đoan Đông"
    ),
}
KHMER_GIVEN = {
    "MALE": words("Sô_Phal Sa_Rươl Sóc_Kha Đa_Ra Sa_Rết Rây Vuông Thươl Sà_Mết Hoàng_Na Sô_Thi Phiên Chanh_Đa Sa_Vuông Ra_Tha"),
    "FEMALE": words("Sô_Phi Sa_Ly Rọt_Tha Đa_Ni Sóc_Ly Sa_Rây Na_Ry Chanh_Thi Mô_Ly Sà_Riêm Thi_Đa Bô_Pha Sô_Phol"),
}
PROVINCES = {"092": 70, "093": 8, "094": 8, "086": 4, "089": 4, "087": 3, "091": 3, "095": 2, "096": 2, "079": 2, "083": 2}


@dataclass(slots=True, eq=False)
class Spell:
    """A time in a unit. `base` is the base organisation whose roster lists it."""

    person: "Person"
    unit: Unit
    base: Unit
    spell_from: dt.date
    spell_to: dt.date | None = None
    reason: str | None = None
    kind: str = "PRIMARY"


@dataclass(slots=True, eq=False)
class Person:
    full_name: str
    sex: str
    birth: dt.date
    birth_precision: str
    identity_number: str
    ethnicity: str
    education: str = "SECONDARY"
    theory: str = "NONE"
    staff: str = "NONE"
    post: str = "NONE"
    post_before: str | None = None  # in rosters of the years before the post was lost
    committee: str = "NONE"
    joined: dt.date | None = None
    service: dt.date | None = None
    exempt: tuple[dt.date, dt.date | None] | None = None
    suspended: tuple[dt.date, dt.date | None] | None = None
    spells: list[Spell] = field(default_factory=list)

    @property
    def home(self) -> Spell:
        """The newest primary spell."""
        return self.spells[-1]

    @property
    def official(self) -> dt.date | None:
        """Full membership comes twelve months after admission (QĐ 29 điểm 4)."""
        return self.joined.replace(year=self.joined.year + 1) if self.joined else None

    def status(self, day: dt.date) -> str:
        """A code of `member_status`."""
        if self.joined is None or self.joined > day:
            return "NONE"
        return "FULL" if self.official and self.official <= day else "PROBATIONARY"


class Births:
    """Makes persons; no two share an identity number, in all copies of the city."""

    def __init__(self, rng: Random, taken: set[str]):
        self.rng, self.taken = rng, taken

    def person(self, first_year: int, last_year: int, share_of_women: float = 0.4) -> Person:
        rng = self.rng
        sex = "FEMALE" if rng.random() < share_of_women else "MALE"
        birth = dt.date(rng.randint(first_year, last_year), rng.randint(1, 12), rng.randint(1, 28))
        precision = "DAY"
        if birth.year < 1960 and rng.random() < 0.12:  # registered late, in wartime
            birth, precision = birth.replace(month=1, day=1), "YEAR"
        elif birth.year < 1965 and rng.random() < 0.02:
            birth, precision = birth.replace(day=1), "MONTH"
        ethnicity = rng.choices(("KINH", "KHMER", "HOA", "CHAM", "TAY", "NUNG"), (970, 17, 11, 0.7, 0.8, 0.5))[0]
        return Person(self.name(sex, ethnicity), sex, birth, precision, self.identity_number(sex, birth.year), ethnicity)

    def name(self, sex: str, ethnicity: str) -> str:
        rng = self.rng
        families = {"KHMER": KHMER_FAMILIES, "HOA": HOA_FAMILIES}.get(ethnicity, FAMILIES)
        family = rng.choices(list(families), list(families.values()))[0]
        if ethnicity == "KHMER" and rng.random() < 0.6:
            parts = (family, "Thị" if sex == "FEMALE" and rng.random() < 0.5 else "", rng.choice(KHMER_GIVEN[sex]))
        else:
            parts = (family, rng.choice(MIDDLES[sex]), rng.choice(GIVEN[sex]))
        return " ".join(p for p in parts if p)

    def identity_number(self, sex: str, year: int) -> str:
        """Province of birth registration, century and sex, year, six digits (NĐ 137/2015 Điều 13)."""
        rng = self.rng
        while True:
            province = rng.choices(list(PROVINCES), list(PROVINCES.values()))[0]
            century_and_sex = (0 if year < 2000 else 2) + (sex == "FEMALE")
            number = f"{province}{century_and_sex}{year % 100:02}{rng.randrange(1, 1_000_000):06}"
            if number not in self.taken:
                self.taken.add(number)
                return number
