-- How long a decision of the State has effect, of whom its law speaks. It is counted from the decision, or where the law says so from that of the
-- Party; the forms do not say which of the Party's belongs to it, so any day of those is good enough.
with
decisions as (
    select
        d.discipline_key, d.submission_key, d.sheet, d.row_no, d.person_key, d.effective_on, d.effective_on_precision_code, d.signed_on,
        r.effect_end_on, r.effect_end_on_precision_code, law.rule_code, law.version_code, law.severity_code, law.months, law.scope_code,
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

-- days from which the effect may be counted
beginnings as (
    select discipline_key, effective_on as begins_on from decisions
    union all
    select discipline_key, signed_on as begins_on from decisions
    union all
    select d.discipline_key, p.effective_on as begins_on
    from decisions as d
    inner join {{ ref('whole_fct_discipline') }} as p
        on d.scope_code = 'FROM_PARTY' and p.person_key = d.person_key and p.discipline_system_code = 'PARTY'
),

ends as (
    select
        d.discipline_key,
        max(
            case
                when {{ add_months('b.begins_on', 'd.months') }} between d.effect_end_on and {{ add_days('d.effect_end_on', 1) }} then 1 else 0
            end
        ) = 1 as is_right
    from decisions as d
    inner join beginnings as b on b.discipline_key = d.discipline_key
    group by d.discipline_key
),

asked as (
    select
        {{ of_law('d', 'discipline', 'd') }},
        case
            when d.is_spoken_of <> 'YES' then d.is_spoken_of
            when not d.is_sure or d.effective_on_precision_code <> 'DAY' or d.effect_end_on_precision_code <> 'DAY' then 'DAY_UNKNOWN'
            when e.is_right then 'PASSED'
            else 'FAILED'
        end as answer
    from decisions as d
    left join ends as e on e.discipline_key = d.discipline_key
    where d.is_spoken_of <> 'NO'
)

{{ answers_of_law('effect_end_on') }}
