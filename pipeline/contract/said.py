"""What a column and a rule say to people, in the units' words: for the two pages, and for the template.

What does not belong here: a page (units_page, rules_page), and a sentence about one dataset.
"""

import re
from typing import Any

import pandera.polars as pa

from pipeline import codes, law
from pipeline.presentation import day
from pipeline.schemas import SCHEMAS
from pipeline.schemas.columns import own_columns
from pipeline.schemas.kinds import Meta, meta
from pipeline.schemas.rules import Rule, rules_of

DOES_VI = {
    "file": "Lỗi: tệp không được nhận",
    "row": "Lỗi: dòng không được tính cho đến khi sửa",
    "ERROR": "Lỗi: dòng vẫn được tính, phải sửa",
    "WARNING": "Cảnh báo: dòng vẫn được tính, đề nghị xem lại hoặc giải trình",
    "QUERY": "Câu hỏi: dòng vẫn được tính, đề nghị giải trình",
}
OF_A_GROUP_VI = {  # the same of a share: no row is at fault
    "ERROR": "Lỗi của nhóm: mọi dòng vẫn được tính, đơn vị phải xem lại",
    "WARNING": "Cảnh báo cho nhóm: mọi dòng vẫn được tính, đề nghị xem lại hoặc giải trình",
    "QUERY": "Câu hỏi cho nhóm: mọi dòng vẫn được tính, đề nghị giải trình",
}
SEVERITY_VI = DOES_VI | {"ERROR": "Lỗi: dòng bị để lại"}  # the same of a rule of rows
COLUMN = re.compile(r"Cột “([^”]+)” (.+)", re.DOTALL)  # how a sentence about one column begins
BASES_VI = {"logic": "hợp lý", "form": "biểu mẫu", "registry": "sổ đăng ký"}  # what rules of form rest on


def does(words: dict[str, Any], severity_code: str) -> str:
    """What breaking a rule of the warehouse does, in the unit's words."""
    if words.get("asked_of") == "group":
        return OF_A_GROUP_VI[severity_code]
    if words.get("stops") == "row" and severity_code != "ERROR":
        return "Cảnh báo: dòng không được tính cho đến khi sửa"
    return "; ".join(filter(None, [DOES_VI[words.get("stops", severity_code)], words.get("else_vi")]))


def called(v: law.Version) -> list[str]:
    """Whom a version speaks of: its subjects, and what they are by the roster."""
    subjects, on_roster = (", ".join(labelled(v, some)) for some in (v.subjects, v.parameters.get("roster_codes", ())))
    return [*filter(None, [subjects]), *([f"chỉ người mà danh sách nhân sự ghi là: {on_roster}"] if on_roster else [])]


def labelled(v: law.Version, some: tuple[str, ...]) -> list[str]:
    """Labels of codes: of a list of one of the version's dataset's columns, or of another's."""
    own = [name for col in own_columns(SCHEMAS[v.dataset_code]).values() if (name := meta(col).codes)]
    labels = next((codes.labels(name) for name in (*own, *codes.code_lists()) if set(some) <= codes.labels(name).keys()), {})
    return [labels.get(code, code) for code in some]


def asked_of_rows(schema: pa.DataFrameSchema, of_law: bool | None = None) -> list[tuple[str, Rule]]:
    """A sentence for each thing that a schema's rules ask of a row; what is asked alike of many columns is said once."""
    alike: dict[tuple[str, ...], tuple[list[str], Rule]] = {}
    for r in rules_of(schema):
        if r.name == "value_present" or (of_law is not None and of_law != bool(r.law)):
            continue
        column, asks = begins.groups() if (begins := COLUMN.match(r.says)) else ("", r.says)
        alike.setdefault((r.name, asks, r.severity, basis(r), *(r.law.subjects if r.law else ())), ([], r))[0].append(column)
    said = []
    for (_, asks, *_), (columns, r) in alike.items():
        said.append((f"Cột {', '.join(f'“{c}”' for c in columns)} {asks}" if columns[0] else asks, r))
    return said


def is_asked_for(info: Meta) -> bool:
    """Whether a blank cell of the column is told."""
    return info.required or info.wanted


def when_blank(info: Meta) -> str:
    """What a blank cell does to its row, in the unit's words."""
    return "dòng bị để lại" if info.required else "nhắc, dòng vẫn được tính" if info.wanted or info.wanted_where is not None else "được"


def when_unread(schema: pa.DataFrameSchema, info: Meta) -> str:
    """What a cell that cannot be read does to its row, in the unit's words."""
    if info.decides_where:
        column, code = info.decides_where
        other = meta(schema.columns[column])
        return f"dòng bị để lại nếu {other.label} là {codes.labels(other.codes or '')[code]}"
    return "dòng bị để lại" if info.severity == "ERROR" else "nhắc, dòng vẫn được tính"


def content(col: pa.Column) -> str:
    """What a cell of the column holds, in the unit's words."""
    info = meta(col)
    says = (info.kind.guides or info.kind.says)(info)
    return f"{says}; để trống là {codes.labels(info.code_list)[info.default]}" if info.default else says


def basis(r: Rule) -> str:
    """What a rule rests on, and between which days it holds."""
    words = BASES_VI.get(r.basis, r.basis)
    first, last = (r.law.first, r.law.last) if r.law else (None, None)
    return f"{words}{f', từ {day(first)}' if first else ''}{f', đến {day(last)}' if last else ''}"
