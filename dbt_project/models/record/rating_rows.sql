{{ config(materialized='view') }}
-- What rules of ratings are asked of: ratings of record, and rows that will be of record once what is told of them is corrected.
select
    submission_key, sheet, row_no, person_key, period, period_type_code, year, period_to, rated_from, rated_on, rating_system_code, decided_level_code,
    not_rated_reason_code, unit_key, base_unit_key, is_unit_assumed
from {{ ref('whole_fct_ratings') }}
union all
select
    submission_key, sheet, row_no, person_key, period, period_type_code, year, period_to, rated_from, rated_on, rating_system_code, decided_level_code,
    not_rated_reason_code, unit_key, base_unit_key, is_unit_assumed
from {{ ref('waiting_ratings') }}
where is_readable
