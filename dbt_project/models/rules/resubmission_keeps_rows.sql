with
asked as (
    select
        now.dataset_code, now.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no,
        cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when max(before.submission_key) is null then 'NOTHING_TO_COMPARE'
            when max(now.rows_read) * 3 < sum(before.rows_read) * 2 then 'FAILED'
            else 'PASSED'
        end as answer
    from {{ versions_and_before() }}
    where now.is_current
    group by now.dataset_code, now.submission_key
)

{{ answers('resubmission_keeps_rows') }}
