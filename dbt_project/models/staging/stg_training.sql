select
    submission_key, sheet, row_no, unit, unit_marked, identity_key, programme_key, programme_type_code, provider_key,
    training_from, training_from_precision_code, training_to, training_to_precision_code, hours,
    training_result_code, certificate_code, cost_bearer_code,
    full_name_key, full_name_letters_key
from {{ source('landing', 'training') }}
