"""The city's tree: units with names and codes as offices give them.

What does not belong here: people, and how the registry's files look.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from random import Random

from pipeline.codes import fold
from pipeline.sample.scale import Scale

RENAMED_ON = dt.date(2018, 7, 1)


@dataclass(frozen=True)
class Unit:
    """A unit as it is in 2020 and 2021; `former_name` is what it was called before 1 July 2018."""

    unit_id: str
    unit_code: str
    unit_name: str
    unit_type_code: str
    parent_unit_id: str | None
    valid_from: dt.date
    former_name: str | None = None


@dataclass
class Base:
    """A base organisation: its unit, what kind of office it is, and the units in which its members meet."""

    unit: Unit
    kind: str
    cells: list[Unit] = field(default_factory=list)

    @property
    def places(self) -> list[Unit]:
        """The units in which its members meet: its cells, or itself where it has none."""
        return self.cells or [self.unit]


@dataclass
class Tree:
    units: list[Unit]
    bases: list[Base]

    def of_type(self, unit_type_code: str) -> list[Unit]:
        return [u for u in self.units if u.unit_type_code == unit_type_code]


def listed(text: str) -> list[str]:
    return text.split(",")


DISTRICTS = (
    "quận Ninh Kiều", "quận Bình Thủy", "quận Cái Răng", "quận Ô Môn", "quận Thốt Nốt",
    "huyện Phong Điền", "huyện Cờ Đỏ", "huyện Thới Lai", "huyện Vĩnh Thạnh",
)  # fmt: skip
# superior committee → the kinds of its base organisations, by weight
SUPERIORS = [(d, {"ward": 9, "agency": 12, "school": 10, "health": 3, "company": 5}) for d in DISTRICTS] + [
    ("Khối các cơ quan và doanh nghiệp", {"agency": 30, "company": 12, "health": 6, "school": 4}),
    ("Quân sự", {"armed": 1}),
    ("Công an", {"armed": 1}),
    ("Trường Đại học Cần Thơ", {"faculty": 1}),
    ("Trường Đại học Y Dược Cần Thơ", {"faculty": 3, "health": 1}),
    ("các Khu chế xuất và công nghiệp", {"company": 1}),
]
PLACES = listed(
    "An Hòa,An Khánh,An Bình,An Cư,An Nghiệp,Cái Khế,Hưng Lợi,Tân An,Thới Bình,Xuân Khánh,Bình Thủy,Trà An,Trà Nóc,Thới An Đông,"
    "Long Hòa,Long Tuyền,Bùi Hữu Nghĩa,Lê Bình,Thường Thạnh,Phú Thứ,Tân Phú,Ba Láng,Hưng Phú,Hưng Thạnh,Châu Văn Liêm,Thới Hòa,"
    "Thới Long,Long Hưng,Thới An,Phước Thới,Trường Lạc,Trung Nhứt,Thạnh Hòa,Trung Kiên,Tân Lộc,Thuận An,Thới Thuận,Thuận Hưng,"
    "Nhơn Ái,Nhơn Nghĩa,Tân Thới,Giai Xuân,Mỹ Khánh,Trường Long,Trung An,Trung Thạnh,Thạnh Phú,Trung Hưng,Thới Hưng,Đông Hiệp,"
    "Đông Thắng,Thới Đông,Thới Xuân,Trường Xuân,Tân Thạnh,Định Môn,Trường Thành,Trường Thắng,Đông Thuận,Đông Bình,Vĩnh Bình,"
    "Thạnh Mỹ,Vĩnh Trinh,Thạnh An,Thạnh Tiến,Thạnh Thắng,Thạnh Lợi,Thạnh Qưới,Thạnh Lộc"
)
KINDS = {
    "ward": [],
    "agency": listed(
        "Văn phòng,Phòng Nội vụ,Phòng Tài chính - Kế hoạch,Phòng Giáo dục và Đào tạo,Phòng Tư pháp,Phòng Kinh tế,"
        "Phòng Quản lý đô thị,Phòng Văn hóa và Thông tin,Phòng Lao động - Thương binh và Xã hội,Thanh tra,Tòa án nhân dân,"
        "Viện kiểm sát nhân dân,Chi cục Thuế,Chi cục Thi hành án dân sự,Kho bạc Nhà nước,Bảo hiểm xã hội,Mặt trận Tổ quốc,"
        "Ban Tổ chức,Ban Tuyên giáo,Ủy ban Kiểm tra,Trung tâm Phát triển quỹ đất,Trung tâm Văn hóa - Thể thao"
    ),
    "school": [f"Trường {t} {p}" for t in ("THPT", "THCS", "Tiểu học") for p in PLACES],
    "health": listed(
        "Trung tâm Y tế,Bệnh viện Đa khoa,Bệnh viện Nhi đồng,Bệnh viện Phụ sản,Bệnh viện Mắt,Trung tâm Kiểm soát bệnh tật"
    ),
    "company": [
        f"Công ty {k} {n}" for k in ("Cổ phần", "TNHH MTV") for n in (
            "Cấp thoát nước", "Công trình đô thị", "Xăng dầu Miền Tây", "Lương thực Sông Hậu", "Thủy sản Cửu Long", "Dược Hậu Giang",
            "Xây dựng Tây Đô", "Vận tải Sông Tiền", "May Tây Đô", "Điện lực Hậu Giang", "Bia Sông Hậu", "In Tổng hợp", "Nông sản Tây Nam",
            "Xổ số kiến thiết", "Cảng Cái Cui", "Du lịch Phù Sa", "Phân bón Ô Môn", "Cơ khí Trà Nóc",
        )
    ],
    "armed": listed(
        "Phòng Tham mưu,Phòng Chính trị,Phòng Hậu cần,Phòng Kỹ thuật,Trung đoàn 932,Tiểu đoàn Thông tin,Phòng Cảnh sát giao thông,"
        "Phòng Cảnh sát hình sự,Phòng Hồ sơ,Trại tạm giam,Trường Quân sự,Phòng An ninh,Phòng Cảnh sát cơ động"
    ),
    "faculty": [
        f"Khoa {n}" for n in listed(
            "Nông nghiệp,Thủy sản,Công nghệ,Kinh tế,Luật,Sư phạm,Khoa học tự nhiên,Khoa học chính trị,Ngoại ngữ,Môi trường,Y,Dược,"
            "Răng Hàm Mặt,Điều dưỡng,Y tế công cộng,Khoa học cơ bản,Phát triển nông thôn,Sau đại học"
        )
    ],
}  # fmt: skip
CELLS = {
    "ward": ["Quân sự", "Công an", "Cơ quan", "Trạm Y tế", "Trường Tiểu học", "Trường Mầm non"] + [f"khu vực {n}" for n in range(1, 25)],
    "school": ["Hành chính", "Tổ Toán - Tin", "Tổ Văn", "Tổ Ngoại ngữ", "Tổ Lý - Hóa", "Tổ Sử - Địa", "Tổ Thể dục", "Học sinh - Sinh viên"],
    "health": ["Hành chính", "Khoa Nội", "Khoa Ngoại", "Khoa Nhi", "Khoa Sản", "Khoa Dược", "Cấp cứu", "Xét nghiệm", "Y tế dự phòng"],
    "faculty": ["Văn phòng", "Bộ môn 1", "Bộ môn 2", "Bộ môn 3", "Phòng thí nghiệm", "Sinh viên 1", "Sinh viên 2", "Sau đại học"],
    "agency": ["Văn phòng", "Tổ chức - Hành chính", "Kế hoạch - Tài chính", "Nghiệp vụ 1", "Nghiệp vụ 2", "Nghiệp vụ 3", "Thanh tra"],
    "company": ["Văn phòng", "Kinh doanh", "Kỹ thuật", "Phân xưởng 1", "Phân xưởng 2", "Phân xưởng 3", "Kho vận", "Bảo vệ"],
    "armed": ["Tham mưu", "Chính trị", "Hậu cần", "Đội 1", "Đội 2", "Đội 3", "Đội 4", "Đội 5"],
}


def shares(rng: Random, total: int, parts: int, least: int, spread: float) -> list[int]:
    """`total` cut into random parts of at least `least`."""
    weights = [rng.lognormvariate(0, spread) for _ in range(parts)]
    scale = (total - least * parts) / sum(weights)
    cut = [least + int(w * scale) for w in weights]
    for i in rng.sample(range(parts), total - sum(cut)):
        cut[i] += 1
    return cut


def make_tree(rng: Random, scale: Scale, copy: int = 0) -> Tree:
    """The tree of one city. A further copy hangs its own superior committees under the same city."""
    ids = (f"U{n:06}" for n in count(2 + copy * 10_000))
    city = Unit("U000001", "CT", "Đảng bộ thành phố Cần Thơ", "CITY", None, dt.date(2004, 1, 1))
    mark = f" {copy + 1}" if copy else ""
    superiors = [
        Unit(next(ids), f"Q{copy * scale.superiors + n + 1:02}", f"Đảng bộ {name}{mark}", "SUPERIOR", "U000001", dt.date(2004, 1, 1))
        for n, (name, _) in enumerate(SUPERIORS[: scale.superiors])
    ]
    bases = _bases(rng, scale, superiors, ids, mark)
    committees = [b for b in bases if b.unit.unit_type_code == "BASE_COMMITTEE"]
    sectioned = dict.fromkeys((id(b) for b in committees), 0)
    cells = dict(zip(sectioned, shares(rng, scale.cells, len(committees), 3, 0.6), strict=True))
    largest = sorted(committees, key=lambda b: -cells[id(b)])[: max(1, scale.sections * 2 // 3)]
    for n in range(scale.sections):
        sectioned[id(largest[n % len(largest)])] += 1
    below = [u for base in committees for u in _below(rng, base, sectioned[id(base)], cells[id(base)], ids)]
    return Tree([*([] if copy else [city]), *superiors, *(b.unit for b in bases), *below], bases)


def _bases(rng: Random, scale: Scale, superiors: list[Unit], ids: Iterator[str], mark: str) -> list[Base]:
    types = ["BASE_COMMITTEE"] * scale.base_committees + ["BASE_CELL"] * scale.base_cells
    rng.shuffle(types)
    counts = shares(rng, scale.bases, len(superiors), 4, 0.25)
    bases: list[Base] = []
    seen: set[str] = set()
    following = iter(types)
    for superior, number, (where, kinds) in zip(superiors, counts, SUPERIORS, strict=False):
        for n in range(1, number + 1):
            unit_type = next(following)
            kind = rng.choices(list(kinds), list(kinds.values()))[0]
            if unit_type == "BASE_CELL" and kind == "ward":
                kind = "agency"
            place = f"{'phường' if where.startswith('quận') else 'xã'} {rng.choice(PLACES)}" if kind == "ward" else rng.choice(KINDS[kind])
            if kind not in ("ward", "company", "school"):
                place = f"{place} {where}"
            stem = f"{'Đảng bộ' if unit_type == 'BASE_COMMITTEE' else 'Chi bộ'} {place}{mark}"
            name = next(t for t in chain([stem], (f"{stem} số {k}" for k in count(2))) if fold(t) not in seen)
            seen.add(fold(name))
            former = f"{name} (trước sáp nhập)" if rng.random() < 0.04 else None
            founded = dt.date(rng.randint(2005, 2015), rng.choice((1, 4, 7, 10)), 1)
            bases.append(Base(Unit(next(ids), f"{superior.unit_code}.{n:03}", name, unit_type, superior.unit_id, founded, former), kind))
    return bases


def _below(rng: Random, base: Base, sections: int, cells: int, ids: Iterator[str]) -> list[Unit]:
    """Sections and cells of a base committee; its first cells meet under sections, the others directly under it."""
    top = base.unit
    parents = [
        Unit(next(ids), f"{top.unit_code}.B{n}", f"Đảng bộ bộ phận {n}", "SECTION", top.unit_id, top.valid_from)
        for n in range(1, sections + 1)
    ]
    names = CELLS[base.kind]
    for n in range(1, cells + 1):
        parent = parents[n % sections] if n <= sections * 3 and n < cells else top
        name = f"Chi bộ {names[n - 1]}" if n <= len(names) else f"Chi bộ số {n}"
        founded = max(top.valid_from, dt.date(rng.randint(2005, 2018), 1, 1))
        base.cells.append(Unit(next(ids), f"{top.unit_code}.{n:02}", name, "CELL", parent.unit_id, founded))
    return [*parents, *base.cells]
