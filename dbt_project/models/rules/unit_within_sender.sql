with
placed as (
    select dataset_code, submission_key, sheet, row_no, unit_key, reason_code, is_unit_assumed from {{ ref('choices') }}
    union all
    select dataset_code, submission_key, sheet, row_no, unit_key, reason_code, is_unit_assumed from {{ ref('aside_places') }}
),

asked as (
    select
        dataset_code, submission_key, sheet, row_no, unit_key, cast(null as string) as severity_code,
        case
            when reason_code = 'FOREIGN_UNIT' then 'FAILED'
            when reason_code in ('UNIT_UNKNOWN', 'UNIT_NOT_VALID', 'UNIT_AMBIGUOUS') or is_unit_assumed then 'UNIT_UNKNOWN'
            else 'PASSED'
        end as answer
    from placed
)

{{ answers('unit_within_sender', 'unit') }}
