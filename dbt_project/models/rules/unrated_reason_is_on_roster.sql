-- The reverse of status_bars_rating: whoever is not rated for a status has it on the roster, where the roster would tell.
with
statuses as (
    select
        r.submission_key, r.sheet, r.row_no, law.scope_code, s.person_key, s.tells_exempt, s.tells_suspended,
        {{ has_status('law', 'r', 's') }} as has_status
    from {{ ref('rating_rows') }} as r
    inner join {{ ref('laws') }} as law
        on law.family_code = 'STATUS_BARS_RATING' and law.scope_code = r.not_rated_reason_code
        and {{ governs('law', 'r.period_to', 'r.rating_system_code') }}
    left join {{ ref('last_spells') }} as s on s.person_key = r.person_key and s.year = r.year
    where r.decided_level_code = 'NOT_RATED'
),

asked as (
    select
        {{ of_row('s', 'ratings') }},
        case
            when s.has_status then 'PASSED'
            when not s.has_status then 'FAILED'
            else {{ why_no_status('s') }}
        end as answer
    from statuses as s
)

{{ answers('unrated_reason_is_on_roster', 'not_rated_reason_code') }}
