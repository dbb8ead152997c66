with
asked as (
    select
        n.dataset_code, n.submission_key, n.sheet, n.row_no, cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when c.is_first_slip then 'FAILED'
            when n.full_name_letters_key is null then 'VALUE_UNKNOWN'
            else 'PASSED'
        end as answer
    from {{ ref('identity_names') }} as n
    left join {{ ref('identity_conflicts') }} as c on {{ same_row('c', 'n') }}
)

{{ answers('numbers_beside_their_names', 'identity_number') }}
