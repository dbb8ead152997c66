with
placed as (
    select dataset_code, submission_key, sheet, row_no, reason_code from {{ ref('choices') }}
    union all
    select dataset_code, submission_key, sheet, row_no, reason_code from {{ ref('aside_places') }}
),

asked as (
    select
        dataset_code, submission_key, sheet, row_no, cast(null as string) as unit_key, cast(null as string) as severity_code,
        case when reason_code = 'UNIT_AMBIGUOUS' then 'FAILED' else 'PASSED' end as answer
    from placed
)

{{ answers('unit_name_is_one', 'unit') }}
