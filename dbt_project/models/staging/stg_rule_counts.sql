select
    submission_key, dataset_code, rule_code, version_code, asked_count, failed_count, not_asked_count, not_applicable_count
from {{ source('landing', 'rule_counts') }}
