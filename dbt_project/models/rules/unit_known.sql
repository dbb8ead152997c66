-- A word that nobody knows counts under the sender; where the sender itself was not there on the day, in no figure.
with
placed as (
    select dataset_code, submission_key, sheet, row_no, reason_code, is_unit_assumed, nearest_units from {{ ref('choices') }}
    union all
    select dataset_code, submission_key, sheet, row_no, reason_code, is_unit_assumed, nearest_units from {{ ref('aside_places') }}
),

asked as (
    select
        dataset_code, submission_key, sheet, row_no, cast(null as string) as unit_key,
        case when not is_unit_assumed then 'ERROR' end as severity_code, nearest_units,
        case
            when reason_code = 'UNIT_UNKNOWN' or is_unit_assumed then 'FAILED'
            else 'PASSED'
        end as answer
    from placed
)

{{ answers('unit_known', 'unit', nearest='nearest_units') }}
