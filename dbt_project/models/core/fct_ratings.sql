with
-- many rows name one decision: its key is made once
decisions as (
    select d.decision_no, {{ keyed(['d.decision_no']) }} as decision_key
    from (select distinct decision_no from {{ ref('whole_fct_ratings') }} where decision_no is not null) as d
    cross join {{ source('context', 'run') }} as run
)

select
    f.rating_key, {{ numbered('f.rating_key') }} as rating_no,
    f.rating_system_code, f.subject_kind_code, f.person_key, f.subject_unit_key, f.period_type_code, f.period, f.year,
    f.period_to, f.unit_key, f.unit_version_key, f.base_unit_key, f.is_unit_assumed, f.self_level_code, f.proposed_level_code, f.decided_level_code, f.score,
    f.not_rated_reason_code, f.official_decision_no as decision_no, d.decision_key,
    f.decided_on, f.roster_answer_code, f.is_left_after_rating, f.headcount_unit_key, f.headcount_unit_version_key, f.submission_key, s.sheet_no, f.row_no
from {{ ref('whole_fct_ratings') }} as f
left join decisions as d on d.decision_no = f.decision_no
left join {{ source('landing', 'sheets') }} as s on s.submission_key = f.submission_key and s.sheet = f.sheet
