-- Ratings have a rule of their own. Where the record is of another period (a quarter's list, sent again with the year's), nobody is at fault.
with
record as (
    select fact_key, period from {{ ref('choices') }} where is_of_record
),

asked as (
    select
        c.dataset_code, c.submission_key, c.sheet, c.row_no, cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when c.is_of_record then 'PASSED'
            when c.reason_code = 'ANOTHER_ROW_IS_OF_RECORD' and r.period = c.period then 'FAILED'
            else 'NOT_ASKED'
        end as answer_code
    from {{ ref('choices') }} as c
    left join record as r on r.fact_key = c.fact_key
    where c.dataset_code <> 'ratings'
)

{{ answers('one_row_per_fact', 'identity_number') }}
