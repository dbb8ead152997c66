select
    f.training_key, f.person_key, f.programme_key, f.programme_type_code, f.provider_key, f.unit_key, f.unit_version_key, f.base_unit_key,
    cast(year(f.training_from) as integer) as training_from_year, f.training_from_precision_code,
    cast(year(f.training_to) as integer) as training_to_year, f.training_to_precision_code,
    {{ months_between('f.training_from', 'f.training_to') }} as training_months, f.hours, f.training_result_code,
    f.certificate_code, f.cost_bearer_code, f.submission_key, s.sheet_no, f.row_no
from {{ ref('whole_fct_training') }} as f
left join {{ source('landing', 'sheets') }} as s on s.submission_key = f.submission_key and s.sheet = f.sheet
