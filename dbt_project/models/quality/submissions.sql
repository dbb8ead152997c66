select
    f.submission_key, {{ numbered('f.submission_key') }} as submission_no,
    f.period, f.period_type_code, f.year,
    case when f.sender_code is null or known.unit_code is not null then f.sender_code else 'UNKNOWN' end as sender_code,
    case when f.sender_code is not null then {{ keyed(['f.sender_code']) }} end as sender_key,
    f.sender_unit_key, f.dataset_code, f.first_load_id, f.newest_load_id, f.newest_line_no, f.received_at, f.received_as_of,
    f.verdict_code, f.refusal_rule_code, f.is_nil, f.is_withdrawn, f.is_current, f.is_newest, f.rows_read, f.rows_accepted,
    f.rows_set_aside, f.rows_in_figures, f.rows_kept_out, f.error_count, f.warning_count, f.query_count
from {{ ref('whole_submissions') }} as f
cross join {{ source('context', 'run') }} as run
left join (select distinct unit_code from {{ ref('dim_unit') }}) as known on known.unit_code = f.sender_code
