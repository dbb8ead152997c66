select
    submission_key, sheet, row_no, unit, unit_marked, subject_kind_code, identity_key, discipline_system_code,
    discipline_form_code, violation_code, decision_no, official_decision_no, signed_on, signed_on_precision_code, announced_on,
    announced_on_precision_code, effect_end_on, effect_end_on_precision_code, case_no, official_case_no, is_counted_elsewhere,
    committee_level_code, post_code, discipline_status_code,
    full_name_key, full_name_letters_key
from {{ source('landing', 'discipline') }}
