-- Ratings have a rule of their own, and so has a number of two people. Where the record is of another period (a
-- quarter's list, sent again with the year's), nobody is at fault.
with
contested as (
    select distinct fact_key from {{ ref('choices') }} where reason_code = 'ANOTHER_ROW_IS_OF_RECORD'
),

record as (
    select r.fact_key, r.period
    from {{ ref('choices') }} as r
    inner join contested as c on c.fact_key = r.fact_key
    where r.is_of_record
),

of_two_people as (
    select * from {{ ref('one_person_per_identity_number') }} where answer_code = 'FAILED'
),

asked as (
    select
        c.dataset_code, c.submission_key, c.sheet, c.row_no, cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when c.is_of_record then 'PASSED'
            when o.rule_code is not null then 'ANOTHER_RULE_TELLS'
            when c.reason_code = 'ANOTHER_ROW_IS_OF_RECORD' and r.period = c.period then 'FAILED'
            when c.reason_code = 'ANOTHER_ROW_IS_OF_RECORD' then 'NOTHING_TO_COMPARE'
            else 'UNIT_UNKNOWN'
        end as answer
    from {{ ref('choices') }} as c
    left join record as r on r.fact_key = c.fact_key
    left join of_two_people as o on {{ same_row('o', 'c') }}
    where c.dataset_code <> 'ratings'
)

{{ answers('one_row_per_fact', 'identity_number') }}
