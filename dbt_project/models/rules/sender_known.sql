with
asked as (
    select
        s.dataset_code, s.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no,
        cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when u.unit_key is not null then 'PASSED'
            when p.period is null and s.verdict_code = 'REFUSED' then 'ANOTHER_RULE_TELLS' -- not in a folder of a period
            else 'FAILED'
        end as answer
    from {{ source('landing', 'submissions') }} as s
    left join {{ source('context', 'periods') }} as p on p.period = s.period
    left join {{ ref('dim_unit') }} as u
        on u.unit_code = s.sender_code and {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
    where s.dataset_code is not null
)

{{ answers('sender_known') }}
