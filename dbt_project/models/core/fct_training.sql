select
    f.training_key, f.person_key, f.programme_key, f.programme_type_code, f.provider_key, f.unit_key, f.unit_version_key, f.base_unit_key,
    f.training_from, f.training_from_precision_code, f.training_to, f.training_to_precision_code, f.hours, f.training_result_code,
    f.certificate_code, f.cost_bearer_code, f.submission_key, s.sheet_no, f.row_no
from {{ ref('whole_fct_training') }} as f
left join {{ ref('stg_sheets') }} as s on s.submission_key = f.submission_key and s.sheet = f.sheet
