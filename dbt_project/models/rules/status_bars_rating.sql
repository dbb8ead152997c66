-- Who has the status that a law names is not rated. The roster knows it; `scope_code` of the law's version says which status.
with
statuses as (
    select
        r.submission_key, r.sheet, r.row_no, law.rule_code, law.version_code, law.severity_code,
        case law.scope_code
            when 'EXEMPT' then h.is_exempt
            when 'SUSPENDED' then h.is_suspended
            when 'NEW' then h.months_since_joined < law.months
        end as has_status
    from {{ ref('rating_rows') }} as r
    inner join {{ ref('laws') }} as law
        on law.family_code = 'STATUS_BARS_RATING' and {{ governs('law', 'r.period_to', 'r.rating_system_code') }}
    left join {{ ref('whole_fct_headcount') }} as h on h.person_key = r.person_key and h.period = r.period
    where r.decided_level_code <> 'NOT_RATED'
),

asked as (
    select
        {{ of_law('s', 'ratings', 's') }},
        case
            when s.has_status is null then 'NOT_ASKED' -- no roster says so, or not since when
            when s.has_status then 'FAILED'
            else 'PASSED'
        end as answer_code
    from statuses as s
)

{{ answers_of_law('decided_level_code') }}
