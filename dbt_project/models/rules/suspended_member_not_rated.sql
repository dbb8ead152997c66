with
asked as (
    select
        {{ of_row('r', 'ratings') }},
        case
            when h.person_key is null then 'NOT_ASKED' -- no roster says so
            when h.is_suspended then 'FAILED'
            else 'PASSED'
        end as answer_code
    from {{ ref('rating_rows') }} as r
    left join {{ ref('whole_fct_headcount') }} as h on h.person_key = r.person_key and h.period = r.period
    where r.rating_system_code = 'PARTY_MEMBER' and r.decided_level_code <> 'NOT_RATED' and r.year >= 2019
)

{{ answers('suspended_member_not_rated', 'decided_level_code') }}
