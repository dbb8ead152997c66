"""The models of the wide views, with their words: from the facts' own columns (their models' YAML), the code lists, and what wide.py says of each.

What does not belong here: anything about one view.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from pipeline.codes import code_list_of
from pipeline.contract.models import GENERATED
from pipeline.contract.wide import PLACES, Wide, views
from pipeline.paths import DBT_PROJECT
from pipeline.presentation import both

OF_UNIT = {
    "unit_code": "string",
    "unit_name": "string",
    "unit_type_code": "string",
    "unit_type_label": "string",
    "unit_type_sort": "integer",
}
PATH = OF_UNIT | {f"{place}_{what}": "string" for place in PLACES for what in ("code", "name")}
OF_PERSON = {
    "person_no": "integer",
    "is_told_apart": "boolean",
    **dict.fromkeys(("sex_code", "ethnicity_code", "education_code", "political_theory_code"), "string"),
}
AGES = {
    "age_band": "birth_band",
    "party_age_band": "party_joined_band",
    "service_band": "service_joined_band",
}  # in the fact's year, of a person's ten years
PUBLISHED = tuple(f"models/{room}/" for room in ("core", "quality", "reports", "bi"))


def generated(texts: Mapping[str, str]) -> dict[str, str]:
    """Models and their properties, and of which list each published column's codes are: path → text. `texts`: what else is generated."""
    docs = dict(
        re.findall(r"{% docs ([a-z_0-9]+) %}\n(.*?)\n{% enddocs %}", (DBT_PROJECT / "models" / "columns.md").read_text("utf-8"), re.DOTALL)
    )
    made, missing = {}, set()
    for name, wide in views().items():
        columns = _columns(wide, _properties(wide.fact, texts), docs)
        missing |= {column.name for column in columns if not column.says}
        made[f"models/bi/bi_{name}.sql"] = f"-- {GENERATED}\n{_sql(wide, columns)}"
        made[f"models/bi/bi_{name}.yml"] = f"# {GENERATED}\n{_yaml(name, wide, columns)}"
    if missing:
        raise LookupError(f"{', '.join(sorted(missing))}: say in dbt_project/models/columns.md what these columns of bi mean.")
    return made | {"macros/code_lists.sql": f"{{# {GENERATED} #}}\n{_code_lists({**texts, **made})}"}


def _code_lists(texts: Mapping[str, str]) -> str:
    """The list of each published column of codes, as a macro: what the data dictionary says of it."""
    by_hand = {f.relative_to(DBT_PROJECT).as_posix(): f.read_text("utf-8") for f in (DBT_PROJECT / "models").rglob("*.yml")}
    described = [text for path, text in sorted((by_hand | dict(texts)).items()) if path.startswith(PUBLISHED) and path.endswith(".yml")]
    named = sorted({name for text in described for name in re.findall(r"name: ([a-z_]+_code)\b", text)})
    lists = {name: found for name in named if (found := code_list_of(name))}
    lines = ",\n".join(f"        '{name}': '{found}'" for name, found in lists.items())
    return f"{{% macro code_lists() -%}}\n    {{{{ return({{\n{lines},\n    }}) }}}}\n{{%- endmacro %}}\n"


@dataclass(frozen=True)
class Shown:
    """A column of a view."""

    name: str
    sql: str
    kind: str
    says: str  # as the model's YAML has it
    code_list: str = ""  # whose label and order stand beside


def _properties(model: str, texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The columns of a published model, by its YAML."""
    for room in ("core", "quality"):
        path = f"models/{room}/{model}.yml"
        text = texts.get(path) or ((DBT_PROJECT / path).read_text("utf-8") if (DBT_PROJECT / path).exists() else "")
        if text:
            return {column["name"]: column for column in yaml.safe_load(text)["models"][0]["columns"]}
    raise LookupError(f"{model}.yml says nothing of a model that bi shows.")


def _columns(wide: Wide, fact: dict[str, dict[str, str]], docs: Mapping[str, str]) -> list[Shown]:
    """Every column of a view, in its order: numbers, when, where, what, of whom. No key: nobody can read one."""
    of_rows = {"sheet_no", "row_no"} if "person_key" in fact else set()
    own = {
        name: (f"f.{name}", column["data_type"], column["description"])
        for name, column in fact.items()
        if not name.endswith("_key") and name not in of_rows
    }
    sources = own | {name: (sql, kind, "") for name, (sql, kind) in wide.more.items()}
    if "person_key" in fact:
        sources |= {name: (f"p.{name}", kind, "") for name, kind in OF_PERSON.items()}
        sources |= {name: (f"{{{{ years_since('p.{band}', '{sources['year'][0]}') }}}}", "string", "") for name, band in AGES.items()}
    sources |= {name: (f"u.{name}", kind, "") for name, kind in PATH.items()}
    when = ("period_type_code", "period", "year", "period_to")
    order = dict.fromkeys((wide.key, "person_no", *when, *PATH, *wide.first, *sources))
    shown: list[Shown] = []
    for name in (n for n in order if n in sources):
        sql, kind, says = sources[name]
        column = wide.renamed.get(name, name)
        meaning = wide.means.get(name, name)
        says = says or (f"{{{{ doc('{meaning}') }}}}" if meaning in docs else "")
        codes = "" if name in PATH else code_list_of(name) or ""
        shown.append(Shown(column, sql, kind, says, codes))
        if codes:
            stem, (vi, en) = column.removesuffix("_code"), _two(_said(says, docs))
            shown.append(Shown(f"{stem}_label", f"{stem}_list.label_vi", "string", f"{vi}(nhãn) / {en} (Vietnamese label)."))
            shown.append(Shown(f"{stem}_sort", f"{stem}_list.sort_order", "integer", f"{vi}(thứ tự) / {en} (its place in the list)."))
            if column in wide.ranks:
                shown.append(
                    Shown(f"{stem}_rank", f"{stem}_list.rank", "integer", f"{vi}(bậc) / {en} (rank; codes of other times share one).")
                )
    return shown


def _said(says: str, docs: Mapping[str, str]) -> str:
    """A description as it is read: what it points to, or itself."""
    pointed = re.fullmatch(r"{{ doc\('([a-z_0-9]+)'\) }}", says)
    return docs[pointed[1]] if pointed else says


def _two(says: str) -> tuple[str, str]:
    """What a description says in Vietnamese, its title on a line of its own, and in English, up to the first pause of each."""
    vi, en = says.partition(" / ")[0].partition(";")[0].strip().rstrip("."), both(says)[1].partition(";")[0].strip().rstrip(".")
    return f"{vi} " if "\n" in vi else f"{vi}\n", en


def _sql(wide: Wide, columns: list[Shown]) -> str:
    joins = [
        *wide.beside,
        f"left join {{{{ published('dim_unit_path') }}}} as u\n    on u.unit_{'version_' if wide.by == 'version' else ''}key = {wide.unit}\n"
        f"    and {wide.day} between u.of_{wide.by}_from and u.of_{wide.by}_to",
        *wide.joins,
    ]
    if any(column.sql.startswith("p.") for column in columns):
        joins.append("left join {{ published('dim_person') }} as p on p.person_key = f.person_key")
    for column in columns:
        if column.code_list:
            alias = f"{column.name.removesuffix('_code')}_list"
            joins.append(
                f"left join {{{{ published('dim_code') }}}} as {alias}\n    on {alias}.code_list = '{column.code_list}' and {alias}.code = {column.sql}"
            )
    shown = ",\n    ".join(c.sql if c.sql.endswith(f".{c.name}") else f"{c.sql} as {c.name}" for c in columns)
    return f"select\n    {shown}\nfrom {{{{ published('{wide.fact}') }}}} as f\n" + "\n".join(joins) + "\n"


def _yaml(name: str, wide: Wide, columns: list[Shown]) -> str:
    model = {
        "name": f"bi_{name}",
        "description": wide.says,
        "config": {"meta": {"grain": [*(wide.grain or (wide.key,))]}},
        "columns": [{"name": c.name, "data_type": c.kind, "description": c.says} for c in columns],
    }
    return yaml.safe_dump({"models": [model]}, allow_unicode=True, sort_keys=False, width=140)
