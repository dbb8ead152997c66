"""The data dictionary as one page in Vietnamese, from what dbt knows of its own models: what there is, what it means, what it is made of.

It follows from the project alone, so it is made once for each state of it and copied to every version. It asks nothing of any other machine.
What does not belong here: the dictionary as a table (models/quality/quality_columns.sql), and how the page looks (dictionary.html).
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2

from pipeline.codes import Code, code_list_of, code_lists
from pipeline.paths import DICTIONARY_PAGE
from pipeline.presentation import DARK, FONT, LINES, PALE, both

HEAD = 500  # letters of the page within which it says of which state it is
# What each schema is, in the order in which the page has them.
ROOMS = {
    "bi": "Khung nhìn rộng cho phân tích: mỗi dòng một sự kiện, có nhãn tiếng Việt và mọi cấp trên; không phải ghép bảng.",
    "reports": "Báo cáo: số liệu mà Ban Tổ chức chịu trách nhiệm, theo từng đơn vị và từng kỳ.",
    "core": "Sự kiện và danh mục: nguyên liệu của các khung nhìn và báo cáo.",
    "quality": "Chất lượng: ai nộp gì, cái gì sai, dòng nào để lại hoặc chưa tính và vì sao.",
}
# What else a table may be made of; nobody reads it but the pipeline.
INSIDE = {
    "landing": "dòng đã nhận từ bảng tính của các đơn vị",
    "context": "sổ đăng ký và sổ cái của lần nạp",
    "seeds": "danh mục mã và sổ quy tắc",
    "record": "chọn dòng được tính, nhận ra người và đơn vị",
    "rules": "quy tắc",
    "whole": "sự kiện đủ ngày, không công bố",
    "restricted": "khóa của người, không công bố",
}


def written(manifest: dict[str, Any], state: str, folder: Path) -> Path:
    """The page of a state of the project (its fingerprint), made where the one that lies there is of another. It is replaced and never gone: loads
    of two homes may be at it."""
    page = folder / "dictionary.html"
    if not (page.exists() and f'content="{state}"' in page.read_text("utf-8")[:HEAD]):
        part = folder / f"{page.name}-{os.getpid()}.part"
        part.write_text(_text(manifest, state), "utf-8")
        part.replace(page)
    return page


def _text(manifest: dict[str, Any], state: str) -> str:
    tables = _tables(manifest)
    page = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    page.globals |= {"font": FONT, "dark": DARK, "pale": PALE, "lines": LINES}
    used = {column["codes"] for table in tables for column in table["columns"]}
    lists: dict[str, Sequence[Code]] = {name: codes for name, codes in sorted(code_lists().items()) if name in used}
    return page.from_string(DICTIONARY_PAGE.read_text("utf-8")).render(
        rooms=[(room, said, [t for t in tables if t["schema"] == room]) for room, said in ROOMS.items()],
        lists=lists, graph=_nodes(manifest), inside=INSIDE, count=len(tables), columns=sum(len(t["columns"]) for t in tables), state=state,
    )  # fmt: skip


def _tables(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Every published table and view, by its name."""
    models = [n for n in manifest["nodes"].values() if n["resource_type"] == "model" and n["schema"] in ROOMS]
    return [
        {
            "id": _called(model),
            "schema": model["schema"],
            "name": model["alias"],
            "is_view": model["config"]["materialized"] == "view",
            "grain": model["config"]["meta"].get("grain", []),
            "sql": model["raw_code"],
            "said": both(model["description"]),
            "columns": [
                {"name": c["name"], "type": c["data_type"], "said": both(c["description"]), "codes": code_list_of(c["name"]) or ""}
                for c in model["columns"].values()
            ],
        }
        for model in sorted(models, key=lambda model: model["alias"])
    ]


def _called(node: dict[str, Any]) -> str:
    return f"{node['schema']}.{node.get('alias') or node['name']}"


def _nodes(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every table, published or not, with what it is made of."""
    known = {i: n for i, n in (manifest["nodes"] | manifest["sources"]).items() if n["resource_type"] in ("model", "seed", "source")}
    names = {i: _called(n) if n["resource_type"] != "source" else f"{n['source_name']}.{n['name']}" for i, n in known.items()}
    return {
        names[i]: {
            "made_of": sorted({names[p] for p in n.get("depends_on", {}).get("nodes", []) if p in names}),
            "said": both(n["description"])[0],
        }
        for i, n in known.items()
    }
