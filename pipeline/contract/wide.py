"""The wide views for BI: a row per fact, labels and sort orders beside codes, the line of units above, what is known of the person.

Each follows from the fact's own columns (its model's YAML) and what is said here of it; a dataset whose fact is plain gets its view by itself.
What does not belong here: what a fact is (dbt_project/models/core), and what a column means (models/columns.md).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from pipeline.codes import PRECISION, code_list_of
from pipeline.contract.models import GENERATED, PlainFact, catalogue_things, item_name
from pipeline.paths import DBT_PROJECT
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card
from pipeline.schemas.columns import Schema

PLACES = ("city", "superior", "base", "section", "cell")
OF_UNIT = {
    "unit_code": "string",
    "unit_name": "string",
    "unit_type_code": "string",
    "unit_type_label": "string",
    "unit_type_sort": "integer",
}
PATH = OF_UNIT | {f"{place}_{what}": "string" for place in PLACES for what in ("code", "name")}
OF_PERSON = ("is_told_apart", "sex_code", "ethnicity_code", "education_code", "political_theory_code")
PUBLISHED = tuple(f"models/{room}/" for room in ("core", "quality", "reports", "bi"))


@dataclass(frozen=True)
class Wide:
    """A view. Words of SQL: `f` is the fact, `u` the line of its unit, `p` its person, and whatever `joins` names."""

    fact: str  # model that has its rows
    says: str
    key: str
    beside: tuple[str, ...] = ()  # what is joined before the line of units, which may ask it
    joins: tuple[str, ...] = ()
    unit: str = "f.unit_version_key"  # the unit whose line stands beside, and which of its keys that is
    by: str = "version"
    day: str = "{{ year_end('f.year') }}"  # on which the line is looked at
    first: tuple[str, ...] = ()  # columns of the fact that stand first
    renamed: Mapping[str, str] = field(default_factory=dict)  # its column → name
    hidden: tuple[str, ...] = ()  # its columns that are not shown
    more: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # column → SQL, type
    ranks: tuple[str, ...] = ()  # codes (as named here) whose rank stands beside
    grain: tuple[str, ...] = ()


def found_unit(alias: str, key: str, day: str) -> str:
    """A unit by its key, as it was on a day."""
    return (
        f"left join {{{{ published('dim_unit_path') }}}} as {alias}\n"
        f"    on {alias}.unit_key = {key} and {day} between {alias}.of_unit_from and {alias}.of_unit_to"
    )


def posts(*prefixes: str) -> tuple[str, ...]:
    """The posts that the city's catalogue names."""
    return tuple(
        f"left join {{{{ published('dim_post') }}}} as {prefix}item\n    on {prefix}item.post_item_code = f.{prefix}post_item_code"
        for prefix in prefixes
    )


SENT = "left join {{ published('submissions') }} as sent on sent.submission_key = f.submission_key"
PERIOD_END = "{{ period_end('f.period') }}"

WIDE: dict[str, Wide] = {
    "ratings": Wide(
        fact="fct_ratings",
        says="Xếp loại, mỗi dòng một kết quả, đơn vị là nơi được tính như trong báo cáo / Ratings, counted where reports count them. One row per rating system × subject × period.",
        key="rating_key",
        unit=(
            "case\n"
            "        when f.rating_system_code = 'PARTY_MEMBER' and f.roster_answer_code = 'ON_ROSTER' then f.headcount_unit_version_key\n"
            "        else f.unit_version_key\n"
            "    end"
        ),
        day="f.period_to",
        joins=(
            found_unit("own", "f.unit_key", "f.period_to"),
            found_unit("rater", "f.base_unit_key", "f.period_to"),
            found_unit("subject", "f.subject_unit_key", "f.period_to"),
        ),
        first=("rating_system_code", "subject_kind_code", "decided_level_code"),
        renamed={"decided_level_code": "level_code"},
        hidden=("headcount_unit_key",),
        ranks=("level_code",),
        more={
            "is_rated": ("f.decided_level_code <> 'NOT_RATED'", "boolean"),
            "is_counted": ("not (f.roster_answer_code = 'OUTSIDE' and f.rating_system_code <> 'LEADER')", "boolean"),
            "is_unlinked": (
                "(f.roster_answer_code = 'UNLINKED' or (f.roster_answer_code = 'NOT_ASKED' and {{ is_of_any_below('f') }}))\n"
                "        and f.rating_system_code not in ('LEADER', 'COLLECTIVE')",
                "boolean",
            ),
            "row_unit_code": ("own.unit_code", "string"),
            "row_unit_name": ("own.unit_name", "string"),
            "row_base_code": ("rater.unit_code", "string"),
            "row_base_name": ("rater.unit_name", "string"),
            "subject_unit_code": ("subject.unit_code", "string"),
            "subject_unit_name": ("subject.unit_name", "string"),
        },
    ),
    "headcount": Wide(
        fact="fct_headcount",
        says="Người có mặt cuối kỳ / Who was where on a period's last day. One row per person × period end.",
        key="",
        grain=("person_key", "period_type_code", "period"),
        day="f.period_to",
        joins=("left join {{ published('fct_personnel') }} as s on s.spell_key = f.spell_key",),
        first=("member_status_code", "is_member", "staff_kind_code"),
        hidden=("spell_key",),
        more={
            "is_unit_assumed": ("s.is_unit_assumed", "boolean"),
            "spell_from_year": ("s.spell_from_year", "integer"),
            "party_joined_band": ("s.party_joined_band", "string"),
            "party_official_band": ("s.party_official_band", "string"),
            "service_joined_band": ("s.service_joined_band", "string"),
        },
    ),
    "rotation": Wide(
        fact="fct_rotation",
        says="Luân chuyển, điều động, biệt phái, chuyển đổi vị trí / Postings. One row per person × kind × first day × decision.",
        key="rotation_key",
        day="{{ year_end('coalesce(f.posting_from_year, sent.year)') }}",
        beside=(SENT,),
        joins=(
            found_unit("there", "f.from_unit_key", "{{ year_end('coalesce(f.posting_from_year, sent.year)') }}"),
            found_unit("here", "f.to_unit_key", "{{ year_end('coalesce(f.posting_from_year, sent.year)') }}"),
            *posts("from_", "to_"),
        ),
        first=("rotation_kind_code",),
        more={
            "year": ("coalesce(f.posting_from_year, sent.year)", "integer"),
            "sent_year": ("sent.year", "integer"),
            "is_of_limited_time": ("f.rotation_kind_code in ('ROTATION', 'SECONDMENT')", "boolean"),
            "from_unit_code": ("there.unit_code", "string"),
            "from_unit_name": ("there.unit_name", "string"),
            "to_unit_code": ("here.unit_code", "string"),
            "to_unit_name": ("here.unit_name", "string"),
            "from_post_item_name": ("from_item.post_item_name", "string"),
            "to_post_item_name": ("to_item.post_item_name", "string"),
        },
    ),
    "discipline": Wide(
        fact="fct_discipline",
        says="Kỷ luật / Discipline. One row per subject × system × decision number × day signed.",
        key="discipline_key",
        day="coalesce(f.effective_on, {{ year_end('f.year') }})",
        joins=(found_unit("subject", "f.subject_unit_key", "coalesce(f.effective_on, {{ year_end('f.year') }})"), *posts("")),
        first=("discipline_system_code", "subject_kind_code", "discipline_form_code", "violation_code"),
        ranks=("discipline_form_code", "committee_level_code"),
        more={
            "is_counted": ("f.discipline_system_code = 'PARTY' and f.subject_kind_code = 'PERSON' and {{ stands('f') }}", "boolean"),
            "post_item_name": ("item.post_item_name", "string"),
            "subject_unit_code": ("subject.unit_code", "string"),
            "subject_unit_name": ("subject.unit_name", "string"),
        },
    ),
    "findings": Wide(
        fact="findings",
        says="Mọi phát hiện, với đơn vị của dòng, không rõ thì đơn vị gửi / Every finding, with the unit of its row, else the sender. One row per finding.",
        key="finding_key",
        unit="coalesce(f.unit_key, f.sender_unit_key)",
        by="unit",
        day=PERIOD_END,
        joins=(
            found_unit("sender", "f.sender_unit_key", PERIOD_END),
            "left join {{ published('quality_rules') }} as rule\n"
            "    on rule.rule_code = f.rule_code and rule.dataset_code = f.dataset_code and coalesce(rule.version_code, '') = coalesce(f.version_code, '')",
        ),
        first=("dataset_code", "rule_code", "severity_code", "is_current"),
        hidden=("explanation_key", "sender_key"),
        more={
            "year": ("{{ period_year('f.period') }}", "integer"),
            "sender_name": ("sender.unit_name", "string"),
            "basis": ("rule.basis", "string"),
            "grade": ("rule.grade", "string"),
        },
    ),
    "submissions": Wide(
        fact="submissions",
        says="Mọi bản nộp, và mọi danh sách phải nộp mà chưa có / Every submission, and every list that is due and did not come. "
        "One row per submission, or per list that did not come.",
        key="submission_key",
        grain=("coalesce(submission_key, concat_ws('|', unit_code, dataset_code, period))",),
        unit="coalesce(f.sender_unit_key, due.unit_key)",
        by="unit",
        day="{{ period_end('coalesce(f.period, due.period)') }}",
        beside=(
            "full join {{ published('rpt_submission_status') }} as due\n"
            "    on due.unit_key = f.sender_unit_key and due.period = f.period and due.dataset_code = f.dataset_code",
        ),
        first=("dataset_code", "is_expected", "is_received", "timeliness_code", "due_on", "received_on", "verdict_code"),
        hidden=("sender_key",),
        more={
            "period_type_code": ("coalesce(f.period_type_code, due.period_type_code)", "string"),
            "period": ("coalesce(f.period, due.period)", "string"),
            "year": ("coalesce(f.year, due.year)", "integer"),
            "dataset_code": ("coalesce(f.dataset_code, due.dataset_code)", "string"),
            "is_expected": ("due.unit_key is not null", "boolean"),
            "is_received": ("f.submission_key is not null", "boolean"),
            "is_newest": ("coalesce(f.is_newest, true)", "boolean"),
            **{flag: (f"coalesce(f.{flag}, false)", "boolean") for flag in ("is_current", "is_nil", "is_withdrawn")},
            "timeliness_code": ("due.timeliness_code", "string"),
            "due_on": ("due.due_on", "date"),
            "received_on": ("due.received_on", "date"),
        },
    ),
}


def views() -> dict[str, Wide]:
    """Every view: those above, and one of each other dataset whose fact is plain."""
    return WIDE | {name: _plain(name, schema) for name, schema in SCHEMAS.items() if card(schema).plain_fact and name not in WIDE}


def _plain(name: str, schema: Schema) -> Wide:
    """The year of the fact is that of its first day, else the one that it was sent for; things have the names of the city's catalogues."""
    fact = PlainFact(name, schema)
    first_year = next((column for column in fact.core_columns() if column.endswith("_year")), None)
    year = f"coalesce(f.{first_year}, sent.year)" if first_year else "sent.year"
    things = {of.thing: item_name(of.thing, of.group) for of in fact.named.values() if of.thing in catalogue_things().values()}
    return Wide(
        fact=f"fct_{name}",
        says=card(schema).plain_fact or "",
        key=fact.key,
        day=f"{{{{ year_end('{year}') }}}}",
        beside=(SENT,),
        joins=(*(f"left join {{{{ published('dim_{t}') }}}} as {t} on {t}.{item}_code = f.{item}_code" for t, item in things.items()),),
        more={"year": (year, "integer"), "sent_year": ("sent.year", "integer")}
        | {f"{item}_name": (f"{t}.{item}_name", "string") for t, item in things.items()},
    )


# ── what follows ─────────────────────────────────────────────────────────────────────────────────────────────────


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
    return f"{{% macro code_list_of(column) -%}}\n    {{{{ return({{\n{lines},\n    }}.get(column)) }}}}\n{{%- endmacro %}}\n"


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
    """Every column of a view, in its order: keys, when, where, what, of whom."""
    of_rows = {"sheet_no", "row_no"} if "person_key" in fact else set()
    own = {
        name: (f"f.{name}", column["data_type"], column["description"])
        for name, column in fact.items()
        if name in (wide.key, "person_key") or (not name.endswith("_key") and name not in of_rows)
    }
    person = {f"p.{c}": c for c in OF_PERSON} if "person_key" in fact else {}
    sources = own | {name: (sql, kind, "") for name, (sql, kind) in wide.more.items()}
    sources |= {name: (sql, "boolean" if name.startswith("is_") else "string", "") for sql, name in person.items()}
    sources |= {name: (f"u.{name}", kind, "") for name, kind in PATH.items()}
    when = ("period_type_code", "period", "year", "period_to")
    order = dict.fromkeys((wide.key, "person_key", *when, *PATH, *wide.first, *sources))
    shown: list[Shown] = []
    for name in (n for n in order if n in sources and n not in wide.hidden):
        sql, kind, says = sources[name]
        column = wide.renamed.get(name, name)
        says = says or (f"{{{{ doc('{name}') }}}}" if name in docs else "")
        codes = "" if name in PATH or name.endswith(PRECISION) else code_list_of(name) or ""
        shown.append(Shown(column, sql, kind, says, codes))
        if codes:
            stem, (vi, en) = column.removesuffix("_code"), _two(docs.get(name, says))
            shown.append(Shown(f"{stem}_label", f"{stem}_list.label_vi", "string", f"{vi} (nhãn) / {en} (Vietnamese label)."))
            shown.append(Shown(f"{stem}_sort", f"{stem}_list.sort_order", "integer", f"{vi} (thứ tự) / {en} (its place in the list)."))
            if column in wide.ranks:
                shown.append(
                    Shown(f"{stem}_rank", f"{stem}_list.rank", "integer", f"{vi} (bậc) / {en} (rank; codes of other times share one).")
                )
    return shown


def _two(says: str) -> tuple[str, str]:
    """What a description says in Vietnamese and in English, up to the first pause of each."""
    vi, _, en = says.partition(" / ")
    return vi.partition(";")[0].strip().rstrip("."), en.partition(";")[0].strip().rstrip(".")


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
