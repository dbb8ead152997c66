with
counts as (
    select
        submission_key, {{ count_where("severity_code = 'ERROR'") }} as error_count,
        {{ count_where("severity_code = 'WARNING'") }} as warning_count, {{ count_where("severity_code = 'QUERY'") }} as query_count
    from {{ ref('findings') }}
    group by submission_key
)

select
    v.submission_key, v.period, v.period_type_code, v.year, v.sender_code, v.sender_unit_key, v.dataset_code, v.content_hash, v.path,
    v.first_load_id, v.newest_load_id, v.newest_line_no, v.received_at, v.received_as_of, v.verdict_code, v.refusal_rule_code,
    v.is_nil, v.is_withdrawn, v.is_current, v.is_newest, v.rows_read, v.rows_accepted, v.rows_set_aside,
    coalesce(c.error_count, 0) as error_count, coalesce(c.warning_count, 0) as warning_count, coalesce(c.query_count, 0) as query_count
from {{ ref('versions') }} as v
left join counts as c on c.submission_key = v.submission_key
