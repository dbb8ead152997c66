select
    c.fact_key as training_key, c.person_key, r.programme_key, r.programme_type_code, r.provider_key,
    c.unit_key, c.unit_version_key, c.base_unit_key,
    r.training_from, r.training_from_precision_code, r.training_to, r.training_to_precision_code,
    r.hours, r.training_result_code, r.certificate_code, r.cost_bearer_code,
    r.submission_key, r.sheet, r.row_no
from {{ rows_of_record('training') }}
