{{ config(materialized='view') }}
-- What rules of ratings are asked of: ratings of record, and rows that will be of record once what is told of them is corrected
-- (their unit, or why they were set aside).
with
waiting as (
    select
        c.submission_key, c.sheet, c.row_no, c.person_key, r.period, r.period_type_code, r.rating_system_code, r.decided_level_code,
        c.unit_key, c.base_unit_key
    from {{ ref('choices') }} as c
    inner join {{ ref('stg_ratings') }} as r on {{ same_row('r', 'c') }}
    where c.dataset_code = 'ratings' and not c.is_of_record and c.reason_code <> 'ANOTHER_ROW_IS_OF_RECORD'
    union all
    select
        submission_key, sheet, row_no, person_key, period, period_type_code, rating_system_code, decided_level_code,
        unit_key, base_unit_key
    from {{ ref('aside_places') }}
    where dataset_code = 'ratings' and decided_level_code is not null
)

select
    submission_key, sheet, row_no, person_key, period, period_type_code, year, rating_system_code, decided_level_code,
    unit_key, base_unit_key
from {{ ref('whole_fct_ratings') }}
union all
select
    w.submission_key, w.sheet, w.row_no, w.person_key, w.period, w.period_type_code, p.year, w.rating_system_code,
    w.decided_level_code, w.unit_key, w.base_unit_key
from waiting as w
inner join {{ ref('stg_periods') }} as p on p.period = w.period
-- a row of another year than its folder's says nothing until its period is corrected
inner join {{ ref('versions') }} as v on v.submission_key = w.submission_key and v.year = p.year
