with
sheets as (
    select
        n.dataset_code, n.submission_key, n.sheet,
        min(case when c.is_first_slip then c.row_no end) as first_slip,
        max(case when n.full_name_letters_key is not null then 1 else 0 end) as is_named
    from {{ ref('identity_names') }} as n
    left join {{ ref('identity_conflicts') }} as c on {{ same_row('c', 'n') }}
    group by n.dataset_code, n.submission_key, n.sheet
),

asked as (
    select
        dataset_code, submission_key, sheet, first_slip as row_no, cast(null as string) as unit_key, cast(null as string) as severity_code,
        case when first_slip is not null then 'FAILED' when is_named = 1 then 'PASSED' else 'NOT_ASKED' end as answer_code
    from sheets
)

{{ answers('numbers_beside_their_names', 'identity_number') }}
