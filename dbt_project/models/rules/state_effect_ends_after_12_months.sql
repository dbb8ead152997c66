-- How long a decision of the State has effect, of whom its law speaks. It is counted from the decision, or where the law says so from that of the
-- Party; the forms do not say which of the Party's belongs to it, so any day of those is good enough. Days that are a month, a year or blank
-- are a range; no announcement lies before its signature.
with
decisions as (
    select
        d.discipline_key, d.submission_key, d.sheet, d.row_no, d.person_key, d.signed_on, d.signed_on_precision_code, d.announced_on,
        d.announced_on_precision_code, r.effect_end_on as latest_end, {{ earliest_end('r.effect_end_on') }} as earliest_end,
        law.rule_code, law.version_code, law.severity_code, law.months, law.scope_code,
        {{ surely_governs('law', 'd.day_of_signature') }} as is_sure, {{ is_spoken_of('law', 's', 's.staff_kind_code', 'STAFF_KIND_UNKNOWN') }} as is_spoken_of
    from (
        select f.*, {{ day_of_signature('f') }}
        from {{ ref('whole_fct_discipline') }} as f
    ) as d
    inner join {{ source('landing', 'discipline') }} as r on {{ same_row('r', 'd') }} and r.effect_end_on is not null
    inner join {{ ref('laws') }} as law
        on law.rule_code = 'state_effect_ends_after_12_months' and {{ may_govern('law', 'd.day_of_signature', 'd.discipline_system_code') }}
        and {{ one_of('d.discipline_form_code', 'law.allowed_codes') }}
    left join {{ ref('roster_on_day') }} as s on s.fact_key = d.discipline_key
    where d.subject_kind_code = 'PERSON'
),

-- days from which the effect may be counted, the first and the last that each can be; blank where nobody knows
beginnings as (
    select discipline_key, signed_on as earliest_on, coalesce({{ latest_start('signed_on') }}, {{ latest_start('announced_on') }}) as latest_on
    from decisions
    union all
    select
        discipline_key,
        case
            when announced_on_precision_code = 'DAY' then announced_on
            else greatest(coalesce(announced_on, signed_on), coalesce(signed_on, announced_on))
        end as earliest_on,
        {{ latest_start('announced_on') }} as latest_on
    from decisions
    union all
    select d.discipline_key, p.effective_on as earliest_on, {{ latest_start('p.effective_on') }} as latest_on
    from decisions as d
    inner join {{ ref('whole_fct_discipline') }} as p
        on d.scope_code = 'FROM_PARTY' and p.person_key = d.person_key and p.discipline_system_code = 'PARTY'
),

ends as (
    select
        d.discipline_key,
        max(
            case
                when {{ add_months('b.earliest_on', 'd.months') }} >= d.latest_end
                    and {{ add_months('b.latest_on', 'd.months') }} <= {{ add_days('d.earliest_end', 1) }} then 1
                else 0
            end
        ) = 1 as is_right,
        max(
            case
                when {{ add_months('b.earliest_on', 'd.months') }} > {{ add_days('d.latest_end', 1) }}
                    or {{ add_months('b.latest_on', 'd.months') }} < d.earliest_end then 0
                else 1
            end
        ) = 1 as may_be_right
    from decisions as d
    inner join beginnings as b on b.discipline_key = d.discipline_key
    group by d.discipline_key
),

asked as (
    select
        {{ of_law('d', 'discipline', 'd') }},
        case
            when d.is_spoken_of <> 'YES' then d.is_spoken_of
            when not d.is_sure then 'DAY_UNKNOWN'
            when e.is_right then 'PASSED'
            when e.may_be_right then 'DAY_UNKNOWN'
            else 'FAILED'
        end as answer
    from decisions as d
    left join ends as e on e.discipline_key = d.discipline_key
    where d.is_spoken_of <> 'NO'
)

{{ answers_of_law('effect_end_on') }}
