"""The wide views for BI: a row per fact, labels and sort orders beside codes, the line of units above, what is known of the person.

What is said here of each: whose rows it has, which unit stands beside and on which day, and what else is joined. A dataset whose fact is plain gets its view by itself.
What does not belong here: the models that follow (wide_models.py), what a fact is (dbt_project/models/core), and what a column means (models/columns.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.contract.models import PlainFact, catalogue_things, item_name
from pipeline.schemas import SCHEMAS
from pipeline.schemas.card import card
from pipeline.schemas.columns import Schema

PLACES = ("city", "superior", "base", "section", "cell")


@dataclass(frozen=True)
class Wide:
    """A view. Words of SQL: `f` is the fact, `u` the line of its unit, `p` its person, and whatever `joins` names."""

    fact: str  # model that has its rows
    says: str
    key: str  # the number of its rows
    beside: tuple[str, ...] = ()  # what is joined before the line of units, which may ask it
    joins: tuple[str, ...] = ()
    unit: str = "f.unit_version_key"  # the unit whose line stands beside, and which of its keys that is
    by: str = "version"
    day: str = "{{ year_end('f.year') }}"  # on which the line is looked at
    first: tuple[str, ...] = ()  # columns of the fact that stand first
    renamed: Mapping[str, str] = field(default_factory=dict)  # its column → name
    more: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # column → SQL, type
    means: Mapping[str, str] = field(default_factory=dict)  # column → what models/columns.md calls its meaning, where not by its own name
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
        key="rating_no",
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
        grain=("person_no", "period_type_code", "period"),
        day="f.period_to",
        joins=("left join {{ published('fct_personnel') }} as s on s.spell_key = f.spell_key",),
        first=("member_status_code", "is_member", "staff_kind_code"),
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
        key="rotation_no",
        day="{{ year_end('coalesce(f.posting_from_year, sent.year)') }}",
        beside=(SENT,),
        joins=(
            found_unit("there", "f.from_unit_key", "{{ year_end('coalesce(f.posting_from_year, sent.year)') }}"),
            found_unit("here", "f.to_unit_key", "{{ year_end('coalesce(f.posting_from_year, sent.year)') }}"),
            *posts("from_", "to_"),
        ),
        first=("rotation_kind_code",),
        means={"year": "year_begun"},
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
        key="discipline_no",
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
        key="fault_no",
        unit="coalesce(f.unit_key, f.sender_unit_key)",
        by="unit",
        day=PERIOD_END,
        joins=(
            SENT,
            found_unit("sender", "f.sender_unit_key", PERIOD_END),
            "left join {{ published('quality_rules') }} as rule\n"
            "    on rule.rule_code = f.rule_code and rule.dataset_code = f.dataset_code and coalesce(rule.version_code, '') = coalesce(f.version_code, '')",
        ),
        first=("dataset_code", "rule_code", "severity_code", "is_current"),
        more={
            "year": ("{{ period_year('f.period') }}", "integer"),
            "submission_no": ("sent.submission_no", "integer"),
            "sender_name": ("sender.unit_name", "string"),
            "basis": ("rule.basis", "string"),
            "grade": ("rule.grade", "string"),
        },
    ),
    "submissions": Wide(
        fact="submissions",
        says="Mọi bản nộp, và mọi danh sách phải nộp mà chưa có / Every submission, and every list that is due and did not come. "
        "One row per submission, or per list that did not come.",
        key="submission_no",
        grain=("coalesce(cast(submission_no as string), concat_ws('|', unit_code, dataset_code, period))",),
        unit="coalesce(f.sender_unit_key, due.unit_key)",
        by="unit",
        day="{{ period_end('coalesce(f.period, due.period)') }}",
        beside=(
            "full join {{ published('rpt_submission_status') }} as due\n"
            "    on due.unit_key = f.sender_unit_key and due.period = f.period and due.dataset_code = f.dataset_code",
        ),
        joins=(
            "left join {{ published('quality_rules') }} as refusal\n"
            "    on refusal.rule_code = f.refusal_rule_code and refusal.step_code = 'FILE'",
        ),
        first=("dataset_code", "is_expected", "is_received", "timeliness_code", "due_on", "received_on", "verdict_code"),
        more={
            "period_type_code": ("coalesce(f.period_type_code, due.period_type_code)", "string"),
            "period": ("coalesce(f.period, due.period)", "string"),
            "year": ("coalesce(f.year, due.year)", "integer"),
            "dataset_code": ("coalesce(f.dataset_code, due.dataset_code)", "string"),
            "is_expected": ("due.unit_key is not null", "boolean"),
            "is_received": ("f.submission_key is not null", "boolean"),
            "sender_name": ("case when f.sender_unit_key is not null then u.unit_name end", "string"),
            "refusal_says_vi": ("refusal.says_vi", "string"),
            "is_newest": ("coalesce(f.is_newest, true)", "boolean"),
            **{flag: (f"coalesce(f.{flag}, false)", "boolean") for flag in ("is_current", "is_nil", "is_withdrawn")},
            "timeliness_code": ("due.timeliness_code", "string"),
            "due_on": ("due.due_on", "date"),
            "received_on": ("due.received_on", "date"),
        },
    ),
}


OF_ANOTHER_NAME = {"personnel": "headcount"}


def views() -> dict[str, Wide]:
    """Every view: those above, and one of each other dataset whose fact is plain. Raises LookupError where a dataset has none."""
    if silent := [n for n, s in SCHEMAS.items() if not card(s).plain_fact and OF_ANOTHER_NAME.get(n, n) not in WIDE]:
        raise LookupError(f"{', '.join(silent)}: say in pipeline/contract/wide.py what the wide view of such a fact shows.")
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
        key=fact.number,
        day=f"{{{{ year_end('{year}') }}}}",
        beside=(SENT,),
        joins=(*(f"left join {{{{ published('dim_{t}') }}}} as {t} on {t}.{item}_code = f.{item}_code" for t, item in things.items()),),
        means={"year": "year_begun"} if first_year else {},
        more={"year": (year, "integer"), "sent_year": ("sent.year", "integer")}
        | {f"{item}_name": (f"{t}.{item}_name", "string") for t, item in things.items()},
    )
