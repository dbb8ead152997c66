select
    f.finding_key, {{ numbered('f.finding_key') }} as fault_no,
    f.submission_key, f.period,
    case when f.sender_code is null or known.unit_code is not null then f.sender_code else 'UNKNOWN' end as sender_code,
    case when f.sender_code is not null then {{ keyed(['f.sender_code']) }} end as sender_key,
    f.sender_unit_key, f.dataset_code, f.rule_code, f.version_code, f.severity_code, s.sheet_no, f.row_no, f.column_name, f.cell, f.unit_key, f.says_vi,
    f.says_en, f.is_current,
    {{ keyed(['f.explanation_key']) }} as explanation_key, f.is_explained
from {{ ref('whole_findings') }} as f
cross join {{ source('context', 'run') }} as run
left join {{ source('landing', 'sheets') }} as s on s.submission_key = f.submission_key and s.sheet = f.sheet
left join (select distinct unit_code from {{ ref('dim_unit') }}) as known on known.unit_code = f.sender_code
