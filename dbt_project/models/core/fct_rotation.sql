-- The day of the decision leaves; the posting itself by its years and whole months.
select
    f.rotation_key, {{ numbered('f.rotation_key') }} as rotation_no,
    f.person_key, f.rotation_kind_code, f.unit_key, f.unit_version_key, f.base_unit_key, f.is_unit_assumed, f.from_unit_key, f.to_unit_key,
    f.from_post_code, f.from_post_item_code, f.to_post_code, f.to_post_item_code,
    cast(year(f.posting_from) as integer) as posting_from_year, f.posting_from_precision_code,
    cast(year(f.posting_to) as integer) as posting_to_year, f.posting_to_precision_code, f.months,
    f.rotation_end_reason_code, f.is_in_planning, f.planning_exception_code, f.official_decision_no as decision_no,
    case when f.decision_no is not null then {{ keyed(['f.decision_no']) }} end as decision_key,
    f.decided_on, f.submission_key, s.sheet_no, f.row_no
from {{ ref('whole_fct_rotation') }} as f
cross join {{ source('context', 'run') }} as run
left join {{ source('landing', 'sheets') }} as s on s.submission_key = f.submission_key and s.sheet = f.sheet
