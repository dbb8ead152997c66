-- A posting lasts no longer than the law says, a running one as of the load's day. Of one that ended for a reason in `allowed_codes` the law
-- does not speak; whether it does of one that ended for none that is told, nobody knows. Where only a month or a year is given, its ends are a
-- range.
with
postings as (
    select
        r.submission_key, r.sheet, r.row_no, law.rule_code, law.version_code, law.severity_code,
        case
            when law.allowed_codes is null then false
            when r.rotation_end_reason_code is not null then {{ one_of('r.rotation_end_reason_code', 'law.allowed_codes') }}
            when r.posting_to is null or r.posting_to > run.as_of then false
        end as is_excused,
        {{ add_months('r.posting_from', 'law.months') }} as earliest_limit, {{ add_months(latest_start('r.posting_from'), 'law.months') }} as latest_limit,
        coalesce({{ earliest_end('r.posting_to') }}, run.as_of) as earliest_to, coalesce(r.posting_to, run.as_of) as latest_to,
        {{ surely_governs('law', 'r.posting_from') }} as is_sure, {{ is_spoken_of('law', 's', 's.staff_kind_code', 'STAFF_KIND_UNKNOWN') }} as is_spoken_of
    from {{ ref('laws') }} as law
    cross join {{ source('context', 'run') }} as run
    inner join {{ ref('whole_fct_rotation') }} as r
        on law.family_code = 'LONGEST_PERIOD' and {{ may_govern('law', 'r.posting_from', 'r.rotation_kind_code') }}
    left join {{ ref('roster_on_day') }} as s on s.fact_key = r.rotation_key
),

asked as (
    select
        {{ of_law('p', 'rotation', 'p') }},
        case
            when not p.is_sure then 'DAY_UNKNOWN'
            when p.latest_to <= p.earliest_limit then 'PASSED'
            when p.is_spoken_of <> 'YES' then p.is_spoken_of
            when p.earliest_to <= p.latest_limit then 'DAY_UNKNOWN'
            when p.is_excused is null then 'VALUE_UNKNOWN'
            else 'FAILED'
        end as answer
    from postings as p
    where p.is_spoken_of <> 'NO' and not coalesce(p.is_excused, false)
)

{{ answers_of_law('posting_to') }}
