select
    submission_key, dataset_code, sheet, row_no, identity_key, unit, unit_marked, rating_system_code, period_type_code,
    period, decided_level_code, decided_on, decided_on_precision_code
from {{ source('landing', 'set_aside') }}
