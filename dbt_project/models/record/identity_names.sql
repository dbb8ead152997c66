-- Under which name and birth date each identity number stands, by keys; a date only in rosters.
select
    r.dataset_code, r.submission_key, r.sheet, r.row_no, v.year, r.identity_key, r.full_name_key, r.full_name_letters_key,
    r.birth_date_key, r.birth_date_year_key
from {{ ref('landed_people') }} as r
inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key and v.is_current
where r.is_numbered
