select period, rating_system_code, unit_key
from {{ ref('rpt_rating_summary') }}
where
    population + left_after_rating <> rated + not_rated + unexplained
    or good_inclusive + completed + not_completed <> rated
    or (unexplained is null) <> (population is null or rated is null)
