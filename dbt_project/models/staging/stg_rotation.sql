select
    submission_key, sheet, row_no, unit, unit_marked, identity_key, rotation_kind_code, from_unit, from_unit_marked,
    to_unit, to_unit_marked, from_post_code,
    to_post_code, posting_from, posting_from_precision_code, posting_to, posting_to_precision_code,
    rotation_end_reason_code, is_in_planning, planning_exception_code, decision_no, official_decision_no, decided_on,
    decided_on_precision_code,
    full_name_key, full_name_letters_key
from {{ source('landing', 'rotation') }}
