-- Which day of a decision counts, and how long, the rule book says for the day of its signature; where it is silent, the announcement counts
-- and the end is what was told. A decision whose days nobody could read counts in the year that it was sent for. Of whom a law of the State
-- speaks, the roster knows; beside a decision of the Party in the same case the effect is counted from that.
with
decisions as (
    select
        c.fact_key as discipline_key, c.person_key, c.unit_key, c.unit_version_key, c.base_unit_key, c.is_unit_assumed, v.year as folder_year, r.*,
        case
            when law.scope_code = 'SIGNED' then {{ told_day('r.signed_on', 'r.announced_on') }}
            else {{ told_day('r.announced_on', 'r.signed_on') }}
        end as effective_on,
        case
            when law.scope_code = 'SIGNED' then {{ told_precision('r.signed_on', 'r.announced_on') }}
            else {{ told_precision('r.announced_on', 'r.signed_on') }}
        end as effective_on_precision_code,
        case when {{ one_of('r.discipline_form_code', 'law.allowed_codes') }} then law.months end as months_of_effect,
        law.scope_code as counts_from
    from {{ rows_of_record('discipline') }}
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
    left join {{ ref('roster_on_day') }} as s on s.fact_key = c.fact_key
    left join {{ ref('laws') }} as law
        on law.rule_code in ('discipline_effect_ends_after_12_months', 'state_effect_ends_after_12_months')
        and {{ governs('law', told_day('r.signed_on', 'r.announced_on'), 'r.discipline_system_code') }}
        and (law.roster_codes is null or {{ one_of('s.staff_kind_code', 'law.roster_codes') }})
),

of_party as (
    select person_key, case_no, min(effective_on) as effective_on
    from decisions
    where discipline_system_code = 'PARTY' and effective_on_precision_code = 'DAY' and case_no is not null and person_key is not null
    group by person_key, case_no
),

begun as (
    select
        d.*, coalesce(p.effective_on, d.effective_on) as begins_on,
        case when p.effective_on is not null then 'DAY' else d.effective_on_precision_code end as begins_on_precision_code
    from decisions as d
    left join of_party as p on p.person_key = case when d.counts_from = 'FROM_PARTY' then d.person_key end and p.case_no = d.case_no
),

ended as (
    select
        d.*,
        coalesce(
            d.effect_end_on,
            case d.begins_on_precision_code -- a month or a year ends with its last day
                when 'YEAR' then {{ year_end('year(' ~ add_months('d.begins_on', 'd.months_of_effect') ~ ')') }}
                when 'MONTH' then last_day({{ add_months('d.begins_on', 'd.months_of_effect') }})
                else {{ add_months('d.begins_on', 'd.months_of_effect') }}
            end
        ) as last_effect_on,
        case when d.effect_end_on is not null then d.effect_end_on_precision_code else d.begins_on_precision_code end as last_effect_on_precision_code
    from begun as d
)

select
    d.discipline_key, d.discipline_system_code, d.subject_kind_code, d.person_key,
    case when d.subject_kind_code <> 'PERSON' and not d.is_unit_assumed then d.unit_key end as subject_unit_key,
    d.unit_key, d.unit_version_key, d.base_unit_key, d.is_unit_assumed,
    d.discipline_form_code, d.violation_code, d.decision_no, d.official_decision_no, d.signed_on, d.signed_on_precision_code,
    d.announced_on, d.announced_on_precision_code,
    d.effective_on, d.effective_on_precision_code, cast(coalesce(year(d.effective_on), d.folder_year) as integer) as year,
    d.last_effect_on as effect_end_on, case when d.last_effect_on is not null then d.last_effect_on_precision_code end as effect_end_on_precision_code,
    d.case_no, d.official_case_no, coalesce(d.is_counted_elsewhere, false) as is_counted_elsewhere,
    d.committee_level_code, {{ group_of('post', 'd.post_code') }} as post_code, post.item_code as post_item_code,
    case when d.discipline_status_code = 'ACTIVE' and d.last_effect_on < run.as_of then 'LAPSED' else d.discipline_status_code end as discipline_status_code,
    d.submission_key, d.sheet, d.row_no
from ended as d
{{ found_in('posts', 'post', 'd.post_key') }}
cross join {{ source('context', 'run') }} as run
