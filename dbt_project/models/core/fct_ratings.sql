select
    f.rating_key, f.rating_system_code, f.subject_kind_code, f.person_key, f.subject_unit_key, f.period_type_code, f.period, f.year,
    f.period_to, f.unit_key, f.unit_version_key, f.base_unit_key, f.self_level_code, f.proposed_level_code, f.decided_level_code, f.score,
    f.not_rated_reason_code, f.official_decision_no as decision_no,
    case when f.decision_no is not null then {{ keyed(['f.decision_no']) }} end as decision_key,
    f.decided_on, f.roster_answer_code, f.is_left_after_rating, f.headcount_unit_key, f.headcount_unit_version_key, f.submission_key, s.sheet_no, f.row_no
from {{ ref('whole_fct_ratings') }} as f
cross join {{ ref('stg_run') }} as run
left join {{ ref('stg_sheets') }} as s on s.submission_key = f.submission_key and s.sheet = f.sheet
