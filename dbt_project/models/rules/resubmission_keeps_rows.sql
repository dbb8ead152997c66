with
asked as (
    select
        now.dataset_code, now.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no,
        cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when before.submission_key is null then 'NOTHING_TO_COMPARE'
            when now.rows_read * 3 < before.rows_read * 2 then 'FAILED'
            else 'PASSED'
        end as answer
    from {{ ref('versions') }} as now
    left join {{ ref('versions') }} as before
        on before.period = now.period and before.sender_code = now.sender_code
        and before.dataset_code = now.dataset_code and before.standing_no = 2
    where now.is_current
)

{{ answers('resubmission_keeps_rows') }}
