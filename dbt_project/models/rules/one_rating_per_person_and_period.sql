-- A number of two people has a rule of its own.
with
of_two_people as (
    select * from {{ ref('one_person_per_identity_number') }} where answer_code = 'FAILED'
),

asked as (
    select
        {{ of_law('c', 'ratings', 'law') }},
        case
            when c.is_of_record then 'PASSED'
            when o.rule_code is not null then 'ANOTHER_RULE_TELLS'
            when c.reason_code = 'ANOTHER_ROW_IS_OF_RECORD' then 'FAILED'
            else 'UNIT_UNKNOWN'
        end as answer
    from {{ ref('choices') }} as c
    inner join {{ ref('laws') }} as law on law.rule_code = 'one_rating_per_person_and_period'
    left join of_two_people as o on {{ same_row('o', 'c') }}
    where c.dataset_code = 'ratings'
)

{{ answers_of_law('period') }}
