-- The reverse of status_bars_rating: whoever is not rated for a status has it on the roster, where the roster would tell.
with
asked as (
    select
        {{ of_row('r', 'ratings') }},
        case
            when {{ has_status('law', 'r', 's') }} then 'PASSED'
            when not {{ has_status('law', 'r', 's') }} then 'FAILED'
            when s.person_key is null then 'NO_ROSTER'
            when (law.scope_code = 'EXEMPT' and not s.tells_exempt) or (law.scope_code = 'SUSPENDED' and not s.tells_suspended) then 'ROSTER_SAYS_NOTHING'
            else 'DAY_UNKNOWN'
        end as answer
    from {{ ref('rating_rows') }} as r
    inner join {{ ref('laws') }} as law
        on law.family_code = 'STATUS_BARS_RATING' and law.scope_code = r.not_rated_reason_code
        and {{ governs('law', 'r.period_to', 'r.rating_system_code') }}
    left join {{ ref('last_spells') }} as s on s.person_key = r.person_key and s.year = r.year
    where r.decided_level_code = 'NOT_RATED'
)

{{ answers('unrated_reason_is_on_roster', 'not_rated_reason_code') }}
