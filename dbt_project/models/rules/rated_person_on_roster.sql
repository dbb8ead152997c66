-- Who stands on the roster under another number is told of that.
with
of_two_numbers as (
    select * from {{ ref('one_number_per_person') }} where answer_code = 'FAILED'
),

asked as (
    select
        {{ of_row('r', 'ratings') }},
        case
            when r.roster_answer_code = 'ON_ROSTER' then 'PASSED'
            when r.roster_answer_code = 'OUTSIDE' and o.rule_code is null then 'FAILED'
            when r.roster_answer_code = 'OUTSIDE' then 'ANOTHER_RULE_TELLS'
            when r.roster_answer_code = 'UNLINKED' then 'PERSON_UNLINKED'
            else 'NO_ROSTER'
        end as answer
    from {{ ref('whole_fct_ratings') }} as r
    left join of_two_numbers as o on {{ same_row('o', 'r') }}
    where r.rating_system_code <> 'COLLECTIVE'
)

{{ answers('rated_person_on_roster', 'identity_number') }}
