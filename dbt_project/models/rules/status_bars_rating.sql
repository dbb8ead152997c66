-- Who has the status that a law names is not rated. The roster knows it; `scope_code` of the law's version says which status.
with
statuses as (
    select
        r.submission_key, r.sheet, r.row_no, law.rule_code, law.version_code, law.severity_code, law.scope_code, s.person_key, s.tells_exempt,
        s.tells_suspended, {{ has_status('law', 'r', 's') }} as has_status
    from {{ ref('rating_rows') }} as r
    inner join {{ ref('laws') }} as law
        on law.family_code = 'STATUS_BARS_RATING' and {{ governs('law', 'r.period_to', 'r.rating_system_code') }}
    left join {{ ref('last_spells') }} as s on s.person_key = r.person_key and s.year = r.year
    where r.decided_level_code <> 'NOT_RATED'
),

asked as (
    select
        {{ of_law('s', 'ratings', 's') }},
        case
            when s.has_status then 'FAILED'
            when not s.has_status then 'PASSED'
            else {{ why_no_status('s') }}
        end as answer
    from statuses as s
)

{{ answers_of_law('decided_level_code') }}
