select
    f.discipline_key, {{ numbered('f.discipline_key') }} as discipline_no,
    f.discipline_system_code, f.subject_kind_code, f.person_key, f.subject_unit_key, f.unit_key, f.unit_version_key,
    f.base_unit_key, f.is_unit_assumed, f.discipline_form_code, f.violation_code, f.official_decision_no as decision_no,
    case when f.decision_no is not null then {{ keyed(['f.decision_no']) }} end as decision_key,
    f.signed_on, f.signed_on_precision_code, f.announced_on, f.announced_on_precision_code, f.effective_on, f.effective_on_precision_code, f.year,
    f.effect_end_on, f.effect_end_on_precision_code,
    f.official_case_no as case_no,
    case when f.case_no is not null then {{ keyed(['f.case_no']) }} end as case_key,
    f.is_counted_elsewhere, f.committee_level_code, f.post_code, f.post_item_code, f.discipline_status_code, f.submission_key, s.sheet_no, f.row_no
from {{ ref('whole_fct_discipline') }} as f
cross join {{ source('context', 'run') }} as run
left join {{ source('landing', 'sheets') }} as s on s.submission_key = f.submission_key and s.sheet = f.sheet
