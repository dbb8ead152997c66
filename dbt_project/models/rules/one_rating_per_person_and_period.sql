with
asked as (
    select
        {{ of_row('c', 'ratings') }},
        case
            when c.is_of_record then 'PASSED'
            when c.reason_code = 'ANOTHER_ROW_IS_OF_RECORD' then 'FAILED'
            else 'NOT_ASKED'
        end as answer_code
    from {{ ref('choices') }} as c
    where c.dataset_code = 'ratings'
)

{{ answers('one_rating_per_person_and_period', 'period') }}
