with
counts as (
    select
        submission_key, {{ count_where("severity_code = 'ERROR'") }} as error_count,
        {{ count_where("severity_code = 'WARNING'") }} as warning_count, {{ count_where("severity_code = 'QUERY'") }} as query_count
    from {{ ref('whole_findings') }}
    group by submission_key
),

places as (
    select submission_key, {{ count_where('is_of_record') }} as in_figures, {{ count_where('not is_of_record') }} as kept_out
    from {{ ref('choices') }}
    group by submission_key
)

select
    v.submission_key, v.period, v.period_type_code, v.year, v.sender_code, v.sender_unit_key, v.dataset_code, v.content_hash, v.path,
    v.first_load_id, v.newest_load_id, v.newest_line_no, v.received_at, v.received_as_of, v.verdict_code, v.refusal_rule_code,
    v.is_nil, v.is_withdrawn, v.is_current, v.is_newest, v.replaced_by_key, v.rows_read, v.rows_accepted, v.rows_set_aside,
    coalesce(p.in_figures, 0) as rows_in_figures,
    -- of a version that another one replaced, or that was withdrawn, every row
    case when v.is_current then coalesce(p.kept_out, 0) else v.rows_accepted end as rows_kept_out,
    coalesce(c.error_count, 0) as error_count, coalesce(c.warning_count, 0) as warning_count, coalesce(c.query_count, 0) as query_count
from {{ ref('versions') }} as v
left join counts as c on c.submission_key = v.submission_key
left join places as p on p.submission_key = v.submission_key
