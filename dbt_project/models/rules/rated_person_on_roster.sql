with
asked as (
    select
        {{ of_row('r', 'ratings') }},
        case r.roster_answer_code when 'ON_ROSTER' then 'PASSED' when 'OUTSIDE' then 'FAILED' else 'NOT_ASKED' end as answer_code
    from {{ ref('whole_fct_ratings') }} as r
    where r.rating_system_code <> 'COLLECTIVE'
)

{{ answers('rated_person_on_roster', 'identity_number') }}
