select
    submission_key, sheet, row_no, unit, unit_marked, identity_key, rating_system_code, period_type_code, period,
    self_level_code, proposed_level_code, decided_level_code, score, not_rated_reason_code, decision_no, official_decision_no, decided_on,
    decided_on_precision_code,
    full_name_key, full_name_letters_key
from {{ source('landing', 'ratings') }}
