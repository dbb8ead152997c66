with
placed as (
    select dataset_code, submission_key, sheet, row_no, reason_code, true as is_day_sure from {{ ref('choices') }}
    union all
    select dataset_code, submission_key, sheet, row_no, reason_code, false as is_day_sure -- the day may be what could not be read
    from {{ ref('aside_places') }}
),

asked as (
    select
        dataset_code, submission_key, sheet, row_no, cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when reason_code in ('UNIT_UNKNOWN', 'UNIT_AMBIGUOUS') then 'UNIT_UNKNOWN'
            when reason_code = 'UNIT_NOT_VALID' then case when is_day_sure then 'FAILED' else 'DAY_UNKNOWN' end
            else 'PASSED'
        end as answer
    from placed
)

{{ answers('unit_valid_on_day', 'unit') }}
