-- Who has the status that a law names is not rated. The roster knows it; `scope_code` of the law's version says which status.
with
-- everybody is looked up on the roster once, and the laws by kinds of ratings: three laws over each row took twice the time
rated as (
    select
        r.submission_key, r.sheet, r.row_no, r.rating_system_code, r.period_to, r.rated_from, r.rated_on, s.person_key, s.tells_exempt, s.tells_suspended,
        s.exempt_from, s.exempt_from_precision_code, s.exempt_to, s.exempt_to_precision_code, s.suspended_from, s.suspended_from_precision_code,
        s.suspended_to, s.suspended_to_precision_code, s.party_joined_on, s.party_joined_on_precision_code
    from {{ ref('rating_rows') }} as r
    left join {{ ref('last_spells') }} as s on s.person_key = r.person_key and s.year = r.year
    where r.decided_level_code <> 'NOT_RATED'
),

governing as (
    select k.rating_system_code, k.period_to, law.rule_code, law.version_code, law.severity_code, law.scope_code, law.months
    from (select distinct rating_system_code, period_to from rated) as k
    inner join {{ ref('laws') }} as law
        on law.family_code = 'STATUS_BARS_RATING' and {{ governs('law', 'k.period_to', 'k.rating_system_code') }}
),

statuses as (
    select
        r.submission_key, r.sheet, r.row_no, law.rule_code, law.version_code, law.severity_code, law.scope_code, r.person_key, r.tells_exempt,
        r.tells_suspended, {{ has_status('law', 'r', 'r') }} as has_status
    from rated as r
    inner join governing as law on law.rating_system_code = r.rating_system_code and law.period_to = r.period_to
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
