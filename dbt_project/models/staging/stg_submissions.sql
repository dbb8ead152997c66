select
    submission_key, dataset_code, period, sender_code, content_hash, verdict_code, refusal_rule_code, is_nil,
    rows_read, rows_accepted, rows_set_aside
from {{ source('landing', 'submissions') }}
